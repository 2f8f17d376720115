"""Two case files beside each other, cell by cell: what two readers of one article found."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from casebook.exchange.case_files import KEYS, TABLES, CaseFile, Row, row_name

AGREE, ONLY_A, ONLY_B, DIFFER = "agree", "only in the first", "only in the second", "differ"


@dataclass(frozen=True)
class Cell:
    """A cell of one of two files, or of both.

    Attributes
    ----------
    row, column : str
        Its row in words, and its column.
    state : str
        One of `AGREE`, `ONLY_A`, `ONLY_B`, `DIFFER`.
    first, second : str
        What stands there.
    """

    row: str
    column: str
    state: str
    first: str
    second: str


def cells_of_both(first: CaseFile, second: CaseFile) -> Iterator[Cell]:
    """Compare two case files.

    Parameters
    ----------
    first, second : CaseFile

    Returns
    -------
    iterator of Cell
        Every cell that is filled in either, but for the keys of rows; rows are the same if their keys are.
    """
    for table in TABLES:
        sides = [{row[KEYS[table]]: row for row in file.rows.get(table, ())} for file in (first, second)]
        for key in dict.fromkeys([*sides[0], *sides[1]]):
            yield from _cells(table, key, *(side.get(key, {}) for side in sides))


def _cells(table: str, key: str, one: Row, other: Row) -> Iterator[Cell]:
    of = row_name(table, {**other, **one})
    for column in dict.fromkeys([*one, *other]):
        a, b = one.get(column, ""), other.get(column, "")
        if column != KEYS[table] and (a or b):
            state = DIFFER if a and b else ONLY_A if a else ONLY_B
            yield Cell(of, column, AGREE if same_cell(a, b) else state, a, b)


def same_cell(one: str, other: str) -> bool:
    """Whether two cells say the same: the same text, or the same number."""
    if one == other:
        return True
    try:
        return float(one) == float(other)
    except ValueError:
        return False


def comparison_in_words(first: CaseFile, second: CaseFile) -> tuple[list[str], bool]:
    """Lines that say where two files agree and differ, and whether they differ.

    Parameters
    ----------
    first, second : CaseFile
    """
    cells = list(cells_of_both(first, second))
    states: dict[str, set[str]] = {}
    for cell in cells:
        states.setdefault(cell.row, set()).add(cell.state)
    lines = []
    for state, of in ((DIFFER, ""), (ONLY_A, first.name), (ONLY_B, second.name)):
        for cell in (cell for cell in cells if cell.state == state):
            said = f"{cell.row}, column {cell.column}: " if len(states[cell.row]) > 1 or not of else f"{cell.row}: "
            lines.append(said + _said(cell, first.name, second.name, len(states[cell.row]) == 1))
    lines = list(dict.fromkeys(lines))
    told = ", ".join(
        f"{sum(cell.state == state for cell in cells)} {state}" for state in (AGREE, ONLY_A, ONLY_B, DIFFER)
    )
    return [*lines, f"Cells: {told}."], any(cell.state == DIFFER for cell in cells)


def _said(cell: Cell, first: str, second: str, whole: bool) -> str:
    """What stands on either side; a row that is in one file alone is told as a whole."""
    if cell.state == DIFFER:
        return f"{cell.first!r} in {first}, {cell.second!r} in {second}"
    of, text = (first, cell.first) if cell.state == ONLY_A else (second, cell.second)
    return f"only in {of}" if whole else f"{text!r}, only in {of}"
