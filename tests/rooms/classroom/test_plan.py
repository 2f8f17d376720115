"""Plans of a class: slots that follow one another, pages by the name of where they are read, sheets once."""

import pytest
from casebook import data
from casebook.classroom import handouts


@pytest.fixture
def book(small_data):
    return data.load(small_data)


def test_a_plan_is_a_row_a_slot(book):
    rows = handouts.plan(book, 10)
    assert list(rows["Minutes"]) == ["0 to 4", "4 to 10"] and list(rows["Slide"]) == [1, 2]
    assert list(rows["Page"].dropna()) == ["a page"] and handouts.page_addresses(book) == {"a page": "a-page.html"}
    part = book.with_tables(plan=book.plan.replace({"page": {"a-page": "a-page#one-part"}}))
    assert handouts.page_addresses(part) == {"one part": "a-page.html#one-part"}
    assert list(handouts.plan(book, 10, in_zip=True)["Page"].dropna()) == ["made-up-1"]


def test_a_plan_that_is_not_there_is_named_with_those_that_are(book):
    with pytest.raises(ValueError, match=r"none of 30 minutes; there are plans of 10 minutes"):
        handouts.plan(book, 30)


@pytest.mark.parametrize(("column", "row", "minute"), [("start", 0, 1), ("end", 0, 5), ("start", 1, 5), ("end", 1, 9)])
def test_slots_leave_no_time_out_and_use_none_twice(book, column, row, minute):
    broken = book.plan.copy()
    broken.iloc[row, broken.columns.get_loc(column)] = minute
    with pytest.raises(ValueError, match="leave a time out or use it twice"):
        handouts.plan(book.with_tables(plan=broken), 10)


def test_each_sheet_of_a_plan_is_printed_once(book):
    twice = book.plan.assign(sheet="made-up-1")
    assert handouts.said_to_print(book.with_tables(plan=twice)) == "for 10 minutes made-up-1"
