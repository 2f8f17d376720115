"""The colors of the figures, on light and on dark pages."""

import sys

import pandas as pd
import pytest
from casebook import data
from conftest import PROJECT
from site_pages import contrast

sys.path.insert(0, str(PROJECT / "_ext"))
import casebook_theme


@pytest.fixture(scope="module")
def book():
    return data.load()


def test_marks_stand_out_from_light_and_dark_pages(book):
    for look in book.looks.dropna(subset="color").itertuples():
        assert contrast(look.color, "#ffffff") >= 3, look.look
        assert contrast(look.color_dark, "#131416") >= 3, look.look


def test_colors_in_the_dark_are_those_of_the_table():
    looks = pd.DataFrame(
        {"look": ["one", "two"], "color": ["#000001", "#000002"], "color_dark": ["#FFFFFE", "#000002"]}
    )
    css = casebook_theme.looks_css(looks)
    assert '.chart [fill="#000001" i] { fill: #FFFFFE; }' in css and '[fill="#000002"' not in css
    assert css.index(".of-two { --look: #000002; }") < css.index("@media not print")
