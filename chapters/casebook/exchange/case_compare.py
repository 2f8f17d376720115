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
    where : str
        Its row and its column, in words.
    state : str
        One of `AGREE`, `ONLY_A`, `ONLY_B`, `DIFFER`.
    first, second : str
        What stands there.
    """

    where: str
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
            yield Cell(f"{of}, column {column}", AGREE if same_cell(a, b) else state, a, b)


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
    lines = []
    for state in (DIFFER, ONLY_A, ONLY_B):
        mine = [cell for cell in cells if cell.state == state]
        lines += [f"{cell.where}: {_said(cell, first.name, second.name)}" for cell in mine]
    told = ", ".join(
        f"{sum(cell.state == state for cell in cells)} {state}" for state in (AGREE, ONLY_A, ONLY_B, DIFFER)
    )
    return [*lines, f"Cells: {told}."], any(cell.state == DIFFER for cell in cells)


def _said(cell: Cell, first: str, second: str) -> str:
    if cell.state == DIFFER:
        return f"{cell.first!r} in {first}, {cell.second!r} in {second}"
    return f"{cell.first!r}, only in {first}" if cell.state == ONLY_A else f"{cell.second!r}, only in {second}"
