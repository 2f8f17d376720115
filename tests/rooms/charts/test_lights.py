"""Answers to an appraisal: four signs that differ in form, and nothing told by color alone."""

import html
import re

import pandas as pd
import pytest
from casebook import charts
from casebook.charts import _lights
from casebook.evidence import bias
from made_up import live

ANSWERS = pd.DataFrame(
    [
        ("Amber 2021", "1", "All", "Is all told?", "yes", "Made up."),
        ("Amber 2021", "2", "Long", "Long enough?", "unclear", "Not told."),
        ("Birch 2023", "1", "All", "Is all told?", "no", "Half."),
        ("Birch 2023", "2", "Long", "Long enough?", "not applicable", "No."),
    ],
    columns=["label", "number", "short", "question", "answer", "because"],
)


def drawn(answers=ANSWERS):
    return charts.lights_chart(answers, title="One of three answers is unclear", subtitle="Made up").to_dict()


def svg_of(spec, half):
    return re.search(rf'class="chart-{half}".*?(<svg .*?</svg>)', charts.render(spec)["text/html"], re.S)[1]


def test_every_answer_has_a_form_of_its_own_so_that_gray_loses_nothing():
    forms = {(shape, filled) for shape, _, filled, _ in _lights.SIGNS.values()}
    names = {name for *_, name in _lights.SIGNS.values()}
    assert len(forms) == len(names) == len(_lights.SIGNS) == 4
    assert set(_lights.SIGNS) == set(live().bias["answer"])


@pytest.mark.parametrize("half", ["wide", "narrow"])
def test_one_mark_an_answer_hollow_where_it_is_unclear(half):
    svg = svg_of(drawn(), half)
    marks = {
        html.unescape(words): "filled" if ' fill="#' in attributes else "hollow"
        for words, attributes in re.findall(r'<path aria-label="([^"]+)"([^>]*)>', svg)
    }
    assert marks == {
        "Amber 2021, 1: Is all told? yes. Made up.": "filled",
        "Amber 2021, 2: Long enough? unclear. Not told.": "hollow",
        "Birch 2023, 1: Is all told? no. Half.": "filled",
        "Birch 2023, 2: Long enough? not applicable. No.": "filled",
    }
    assert min(map(float, re.findall(r'font-size="([\d.]+)px"', svg))) >= 11
    assert {">1 All</text>" in svg, ">2 Long</text>" in svg} == {True}, "a column says in words what was asked"


def test_the_key_draws_the_signs_that_occur_and_no_others():
    whole = drawn()
    assert [line["said"] for line in whole["usermeta"]["legend"]] == ["yes", "no", "unclear", "not applicable"]
    assert len({line["sign"] for line in whole["usermeta"]["legend"]}) == 4
    assert "Filled circle: yes; cross: no; hollow circle: unclear; bar: not applicable" in whole["description"]
    only = drawn(ANSWERS[ANSWERS["answer"] == "unclear"])
    assert [line["said"] for line in only["usermeta"]["legend"]] == ["unclear"]
    assert "circle" not in only["title"]["subtitle"], "a sign is drawn, not told in words"


def test_the_rows_and_the_description_tell_every_answer():
    spec = drawn()
    for row in spec["usermeta"]["rows"]:
        assert f"{row['Row']}: {row['Answer']}" in spec["description"]
    assert [row["Drawn as"] for row in spec["usermeta"]["rows"]] == ["filled circle", "hollow circle", "cross", "bar"]


def test_signs_stand_in_a_grid_with_room_at_a_desk_and_on_a_phone():
    found = bias.answers(live())
    found = found[found["tool"] != "Murad, single patients"]
    for look in (_lights.DESK, _lights.PHONE):
        placed = _lights._placed(found, look)
        assert placed["x"].max() + 8 <= look["width"] and look["step"] > 16
        assert not placed.duplicated(["x", "y"]).any()
        assert placed.groupby("number")["x"].nunique().eq(1).all()
    longest = found["label"].map(len).max()
    assert 6.5 * longest <= _lights.DESK["first"] - 10


def test_no_answer_is_an_error_in_words():
    with pytest.raises(ValueError, match="no answer to draw"):
        drawn(ANSWERS.head(0))
