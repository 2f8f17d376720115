"""The grid of the differential: which rows a day and findings touch, in Python and on the page."""

import random

import pytest
from casebook import data
from casebook.evidence import differential
from casebook.evidence.differential import SIGNS

ROWS = [
    {"condition": "chill", "cells": {"fever": {}, "test": {}}, "days": [0, 5]},
    {"condition": "itch", "cells": {"rash": {}, "fever": {}}, "days": [3, None]},
    {"condition": "thirst", "cells": {"kidney": {}}, "days": None},
]


@pytest.fixture(scope="module")
def book():
    return data.load()


@pytest.mark.parametrize(
    ("day", "places"),
    [
        (None, ["", "", ""]),
        (0, ["within", "outside", "no limits read"]),
        (3, ["within", "within", "no limits read"]),
        (5, ["within", "within", "no limits read"]),
        (6, ["outside", "within", "no limits read"]),
    ],
)
def test_a_day_lies_within_both_ends_and_an_open_end_has_none(day, places):
    assert [one["day"] for one in differential.touched(ROWS, day)] == places


def test_findings_touch_the_rows_that_have_them_and_no_row_moves():
    found = differential.touched(ROWS, findings=["rash", "fever"])
    assert [one["condition"] for one in found] == ["chill", "itch", "thirst"]
    assert [one["signs"] for one in found] == [["fever"], ["fever", "rash"], []]


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({}, "No day and no finding is set. Nothing is ranked, and nothing is excluded."),
        ({"day": 4}, "Day 4 lies within the published days of 2 of 2 conditions with limits. Nothing is ranked"),
        ({"findings": ["fever"]}, "Fever touches 2 of 3 rows; the test is not done in 2 of them. Nothing"),
        (
            {"day": 9, "findings": ["kidney", "rash"], "done": ["itch", "chill"]},
            "Day 9 lies within the published days of 1 of 2 conditions with limits. "
            "Rash and kidney touch 2 of 3 rows; the test is not done in 1 of them. Nothing",
        ),
    ],
)
def test_what_is_touched_is_said(asked, said):
    assert differential.said_touched(ROWS, **asked).startswith(said)


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({"day": -1}, "day is −1: give a whole number of days from the graft, 0 or more"),
        ({"day": 1.5}, "day is 1.5: give a whole number"),
        ({"findings": ["fever", "thirst"]}, "findings has thirst: give some of fever, rash"),
    ],
)
def test_what_cannot_be_is_refused(asked, words):
    with pytest.raises(ValueError, match=words):
        differential.touched(ROWS, **asked)


def test_every_condition_has_a_test_and_every_cell_a_source_of_its_condition(book):
    entries = book.differential.set_index("differential_id")["condition"]
    for row in differential.grid(book):
        assert "test" in row["cells"], row["condition"]
        assert set(row["cells"]) - {"days", "test"}, row["condition"]
    for cell in book.signs.itertuples():
        assert entries[cell.differential_id].split(",")[0] == cell.condition, cell.sign_id


def test_limits_are_told_in_the_words_of_their_cell(book):
    """A limit of days stands in what the cell says, but for 0 and for months in days."""
    days = book.signs[book.signs["sign"].eq("days")]
    for name in ("from_day", "to_day"):
        for cell in days[days[name].gt(0)].itertuples():
            end = int(getattr(cell, name))
            assert str(end) in cell.says or f"{round(end / 30.44)} " in cell.says, cell.sign_id


def test_chance_never_excludes_a_row(book):
    rows, rng = differential.grid(book), random.Random(23)
    for _ in range(50):
        findings = rng.sample(list(SIGNS), rng.randrange(len(SIGNS)))
        found = differential.touched(rows, rng.choice([None, rng.randrange(400)]), findings)
        assert [one["condition"] for one in found] == [row["condition"] for row in rows]
