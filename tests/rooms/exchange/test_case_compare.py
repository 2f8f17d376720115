"""Two readers' case files beside each other, cell by cell."""

from casebook.exchange import case_compare
from casebook.exchange.case_files import CaseFile

DAY = {"bound_id": "b", "case_id": "made-up-1", "min_days": "3", "max_days": "3", "locator": "Table 2"}
AGE = {"gap_id": "g", "case_id": "made-up-1", "value": "52", "locator": ""}


def file(name, **rows):
    return CaseFile(name, {"cases": (), "events": (), "bounds": (), "gaps": ()} | rows)


def compared(one, other):
    return case_compare.comparison_in_words(file("a.json", **one), file("b.json", **other))


def test_files_that_say_the_same_agree():
    lines, differ = compared({"bounds": (DAY,)}, {"bounds": (DAY | {"min_days": "3.0"},)})
    assert lines == ["Cells: 4 agree, 0 only in the first, 0 only in the second, 0 differ."] and not differ


def test_what_differs_is_named_with_both_values():
    lines, differ = compared({"bounds": (DAY,)}, {"bounds": (DAY | {"min_days": "2"},)})
    assert lines == [
        "case made-up-1, bound b, column min_days: '3' in a.json, '2' in b.json",
        "Cells: 3 agree, 0 only in the first, 0 only in the second, 1 differ.",
    ]
    assert differ


def test_what_is_in_one_alone_is_named_and_no_difference():
    lines, differ = compared({"gaps": (AGE,)}, {"bounds": (DAY,), "gaps": (AGE | {"locator": "Table 1"},)})
    assert lines == [
        "case made-up-1, bound b: only in b.json",
        "case made-up-1, gap g, column locator: 'Table 1', only in b.json",
        "Cells: 2 agree, 0 only in the first, 5 only in the second, 0 differ.",
    ]
    assert not differ


def test_a_cell_is_the_same_if_its_number_is():
    same = case_compare.same_cell
    assert same("3", "3.0") and same("", "") and same("made up", "made up")
    assert not same("3", "4") and not same("3", "") and not same("3 days", "3") and not same("a", "b")
