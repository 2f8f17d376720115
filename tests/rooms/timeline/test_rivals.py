"""A word that has two meanings, and the course under each: made-up doubles of the two patients."""

from casebook import data, timeline
from made_up import doubles, with_day

ONE, TWO = "made-up-case-1", "made-up-case-2"
GVHD = f"{ONE}-gvhd"


def read(book=None, anchor="hsct", case=ONE):
    return timeline.two_meanings(data.select(book or doubles(), case), anchor)


def test_the_word_its_two_meanings_and_the_limits_of_each_come_from_the_table():
    found = read()
    assert (found.word, found.meanings) == ("hyperacute", ("within 14 days", "before engraftment"))
    limits = [one.windows.set_index("event_id").loc[GVHD, ["earliest", "latest"]].tolist() for one in found.courses]
    assert limits == [[0, 14], [0, float("inf")]]


def test_only_what_lies_elsewhere_is_told_twice():
    found = read()
    twice = found.both.events[found.both.events["meaning"] != ""]
    assert twice["event_id"].tolist() == [GVHD, GVHD] and twice["rival"].tolist() == [False, True]
    assert len(found.both.events) == len(found.courses[0].events) + 1 == len(found.both.windows)
    assert found.both.windows.loc[twice.index, "position"].tolist() == [
        "day 0 to 14",
        "after transplantation, no later limit",
    ]
    assert found.both.windows.loc[twice.index, "if_defined_as"].tolist() == ["Saliba 2007", "Sohn et al."]


def test_a_known_day_leaves_no_two_meanings():
    assert read(with_day(doubles(), f"{ONE}-hsct", GVHD, 6, 6)) is None


def test_a_meaning_that_a_known_day_rules_out_is_none():
    """With CRS as the word, its rival lets it begin after the graft: not so if it began before."""
    book = doubles()
    rivals = book.rival_bounds[book.rival_bounds["definition_id"] == "crs-of-graft-shapiro-2023"]
    book = book.with_tables(
        rival_bounds=rivals.assign(word="CRS", meaning="of the cells", rival_meaning="of the graft")
    )
    book = with_day(book, f"{ONE}-infusion", f"{ONE}-hsct", 40, 40)
    assert read(book).meanings == ("of the cells", "of the graft")
    assert read(with_day(book, f"{ONE}-infusion", f"{ONE}-crs", 3, 3)) is None


def test_a_case_without_such_a_word_and_a_rival_without_a_word_have_no_switch():
    assert read(case=TWO) is None
    book = doubles()
    rivals = book.rival_bounds.assign(word=None)
    assert read(book.with_tables(rival_bounds=rivals)) is None
