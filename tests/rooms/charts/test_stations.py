"""Stations of a treatment: a list of text that a wide screen draws as one line, and the times between them."""

import pandas as pd
import pytest
from bs4 import BeautifulSoup
from casebook import charts, words

STEPS = [("Out", "A leaves.", "out"), ("In", "B <comes>.", "in"), ("New", "C begins.", "new")]
TIMES = [
    ("In", "New", "In to new", "5 to 9 days", "Amber 2021; n = 3", "t.html#a"),
    ("In", "New", "In to new", "median 7 days", "Beryl 2022", ""),
    ("New", "New", "New to the end", "40 days", "Amber 2021", "t.html#b"),
]


def drawn(steps=STEPS, times=TIMES):
    columns = ["first", "last", "what", "said", "note", "address"]
    return charts.stations(
        pd.DataFrame(steps, columns=["station", "what", "sign"]),
        pd.DataFrame(times, columns=columns),
        title="Between",
        subtitle="Of others",
    )


def test_every_station_has_its_sign_and_its_words():
    page = BeautifulSoup(drawn().html, "html.parser")
    assert [one.get_text() for one in page.select("ol strong")] == ["Out", "In", "New"]
    assert page.select("ol span")[1].get_text() == "B <comes>."
    signs = page.select("ol svg")
    assert len(signs) == 3 == len({str(sign) for sign in signs})
    assert all(sign["aria-hidden"] == "true" for sign in signs), "the words say all; a sign says nothing more"


def test_a_time_spans_from_its_first_station_to_its_last_and_leads_to_its_row():
    page = BeautifulSoup(drawn().html, "html.parser")
    spans = page.select("ul li")
    assert [one["style"] for one in spans] == ["grid-column: 2 / 4", "grid-column: 3 / 4"]
    assert [one.get_text() for one in spans[0].select("strong")] == [
        words.unbroken("5 to 9 days"), words.unbroken("median 7 days"),
    ]  # fmt: skip
    assert [one["href"] for one in page.select("a")] == ["t.html#a", "t.html#b"]
    assert spans[0].select("small")[1].a is None


@pytest.mark.parametrize(
    ("steps", "times", "what"),
    [
        ([("Out", "A leaves.", "flying")], [], "flying"),
        (STEPS, [("In", "Nowhere", "x", "1 day", "", "")], "Nowhere"),
    ],
)
def test_what_has_no_sign_or_no_station_is_refused_by_name(steps, times, what):
    with pytest.raises(ValueError, match=f"called {what}: use "):
        drawn(steps, times)
