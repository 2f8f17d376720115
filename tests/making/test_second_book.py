"""The engine knows no paper: a second book, of another disease with other anchors, needs no change of it.

Three made-up patients had their gallbladder taken out; the anchors are the surgery and the relapse.
"""

import dataclasses

import pytest
from casebook import charts, data, pages, timeline
from casebook.patients import record


@pytest.fixture
def second(small_data):
    """The book of `tests/data`, with its first patient as what the book is about."""
    book = data.load(small_data)
    index = book.cases["case_id"].isin(["made-up-ada", "made-up-ben"])
    return dataclasses.replace(book, cases=book.cases.assign(role=book.cases["role"].mask(index, "index")))


def test_its_timelines_are_counted_from_its_own_anchors(second):
    positions = timeline.course(second, "surgery").windows.set_index("event_id")["position"]
    assert positions["made-up-ada-fever"] == "day 1 to 4"
    assert positions["made-up-ben-relapse"] == "day 60.88 to 91.32", "two to three months of 30.44 days"
    found = timeline.course(data.select(second, "made-up-ben"), "relapse")
    assert found.zero == "the relapse"
    assert found.windows.set_index("event_id").loc["made-up-ben-surgery", "position"] == "day −91.32 to −60.88"


def test_its_figures_and_tables_speak_of_it(second):
    one = timeline.course(data.select(second, "made-up-ada", "made-up-ben"), "surgery")
    spec = pages.hero(one, "made up", sign="trouble").to_dict()
    assert spec["title"]["text"] == (
        "Made-up patient: Ada had one named trouble, without a day; Ben had one named trouble, without a day"
    )
    assert {row["Lane"] for row in spec["usermeta"]["rows"]} <= set(second.lanes["lane"])
    svg = charts.render(spec)["text/html"]
    assert "stones again" in svg and "infusion" not in svg
    assert "complications" in pages.sides_table(one_book(second), "Sides").html


def one_book(second):
    return data.select(second, "made-up-ada", "made-up-ben")


def test_its_facts_are_numbered_by_its_own_sentences(second):
    facts = record.facts(second).set_index("row_id")["number"]
    assert facts["made-up-ben-relapse"] == "2.1"


def test_the_command_checks_it(small_data, capsys):
    from casebook.__main__ import main

    assert main(str(small_data)) == 0
    assert "3 patients hold together" in capsys.readouterr().out
