"""A case file taken up into the tables of a book: what somebody read in the article, all of it or nothing.

A cell that is blank is filled, a row that is new is appended, what says the same is left, and what says something
else is a conflict. Nothing is taken without the place where it was read.
"""

from __future__ import annotations

import csv
import io
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from casebook import data
from casebook.data.gaps import DAY
from casebook.exchange.case_compare import same_cell
from casebook.exchange.case_files import (
    KEYS,
    TABLES,
    CaseFile,
    CaseFileError,
    Row,
    described,
    in_sentences_of,
    row_name,
    rows_in,
)
from casebook.words import DAYS_IN, count, listed

APPENDED = ("events", "bounds", "measurements")
PLACE = ("read_in", "locator")
SAY_WHERE = "Give read_in and locator: in what it was read, and the section, figure or table."


@dataclass(frozen=True)
class Written:
    """What a case file brought into the tables.

    Attributes
    ----------
    said : tuple of str
        A line on each cell that was filled, and on each new row.
    recomputes : tuple of str
        What in the book changes by the gaps that are no longer open.
    unchanged : int
        How many cells of the file said what the tables said already.
    """

    said: tuple[str, ...]
    recomputes: tuple[str, ...]
    unchanged: int


@dataclass
class _Draft:
    """The tables as they would be: by table the header and the rows; what was done to them, and what is in the way."""

    columns: dict[str, list[str]]
    rows: dict[str, list[dict[str, str]]]
    said: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    touched: dict[str, None] = field(default_factory=dict)
    unchanged: int = 0

    def row(self, table: str, key: str) -> dict[str, str] | None:
        """The row of a name; None if there is none."""
        return next((row for row in self.rows.get(table, []) if row[KEYS[table]] == key), None)

    def fill(self, table: str, row: dict[str, str], column: str, text: str, where: str | None) -> None:
        """Put a text into a cell, unless something else stands there; without `where`, nothing is told of it."""
        of = f"{row_name(table, row)}, column {column}"
        if same_cell(row[column], text):
            self.unchanged += 1
        elif row[column]:
            mend = "Who is right is for a person to decide: correct the one or the other."
            self.wrong.append(f"{of}: found {text!r}, and {row[column]!r} in the table. {mend}")
        else:
            row[column] = text
            self.touched[table] = None
            self.said += [f"{of}: {text}{where}"] if where is not None else []


def fill_from(file: CaseFile, folder: Path, wrong_with: Callable[[Path], list[str]]) -> Written:
    """Take a case file up into the tables of a data package.

    Parameters
    ----------
    file : CaseFile
    folder : Path
        The folder of the data package; its files are written only if all holds.
    wrong_with : callable
        Says in lines what is wrong with a data package: it is given a copy that is filled.

    Returns
    -------
    Written

    Raises
    ------
    CaseFileError
        If a case or a gap is not in the tables, a cell says something else than the file, no place is given, or the
        book as it would be does not hold. All is named, and nothing written.
    """
    before = data.load(folder)
    draft = _draft(folder)
    known = {row["gap_id"]: row["fills"] for row in draft.rows.get("gaps", [])}
    gaps = {known.get(row["gap_id"]): row for row in file.rows.get("gaps", ())}
    cases = [row["case_id"] for row in draft.rows["cases"]]
    for table in TABLES:
        for number, row in enumerate(file.rows.get(table, ()), start=1):
            if row["case_id"] not in cases:
                wanted = f"a case of the book: {listed(cases, 'or')}" if len(cases) < 6 else "a case of the book"
                mend = "A file fills cases that are there: take the other out of it."
                draft.wrong.append(
                    f"{row_name(table, row, number)}: found {row['case_id']!r}; expected {wanted}. {mend}"
                )
            elif table == "gaps":
                _fill_gap(draft, row, file)
            elif (there := draft.row(table, row[KEYS[table]])) is not None:
                _fill_row(draft, table, there, row, gaps)
            else:
                _append(draft, table, row, number)
    if draft.wrong:
        raise CaseFileError(file.name, draft.wrong)
    with tempfile.TemporaryDirectory() as aside:
        copy = shutil.copytree(folder, Path(aside) / folder.name)
        _write(draft, copy)
        try:
            after = data.load(copy)
        except data.DataError as error:
            records = {
                name: [draft.columns[name], *map(list, map(dict.values, rows))] for name, rows in draft.rows.items()
            }
            raise CaseFileError(file.name, in_sentences_of(error, records, before.kinds["kind"])) from None
        if wrong := wrong_with(copy):
            raise CaseFileError(file.name, wrong)
    _write(draft, folder)
    return Written(tuple(draft.said), tuple(_recomputes(before, after)), draft.unchanged)


def _draft(folder: Path) -> _Draft:
    tables = described(folder)
    rows = {name: rows_in(folder / table.path) for name, table in tables.items()}
    columns = {name: list(mine[0]) if mine else [f.name for f in tables[name].fields] for name, mine in rows.items()}
    return _Draft(columns, rows)


def _place_of(row: Row) -> str:
    return f" ({row['locator']})"


def _has_place(row: Row | None) -> bool:
    return row is not None and all(row.get(column) for column in PLACE)


def _fill_row(draft: _Draft, table: str, there: dict[str, str], row: Row, gaps: Mapping[str, Row]) -> None:
    """Fill the blank cells of a row. Its own place is that of what stood there: a new fact has that of its gap."""
    placed_before = _has_place(there)
    for column in (column for column in draft.columns[table] if row.get(column)):
        cell = f"{table}/{row[KEYS[table]]}/{column.removesuffix('_unit').removesuffix('_is')}"
        place = gaps.get(cell) or (None if placed_before else row)
        if not there[column] and not _has_place(place):
            mend = f"Give it with its place in the gap that fills {cell}, or in a row of its own."
            draft.wrong.append(
                f"{row_name(table, row)}, column {column}: no place is given for {row[column]!r}. {mend}"
            )
        else:
            draft.fill(table, there, column, row[column], _place_of(place) if _has_place(place) else "")


def _append(draft: _Draft, table: str, row: Row, number: int) -> None:
    of = row_name(table, row, number)
    if table not in APPENDED:
        draft.wrong.append(f"{of}: the tables have no such row. Correct its name, or add the row by hand.")
    elif not _has_place(row):
        draft.wrong.append(f"{of}: no place is given. {SAY_WHERE}")
    else:
        case = draft.row("cases", row["case_id"])
        default = {"index_event": "false", "basis": "stated", "source_id": case.get("source_id", "")}
        new = {column: row.get(column) or default.get(column, "") for column in draft.columns[table]}
        rows = draft.rows[table]
        last = max((at for at, one in enumerate(rows) if one["case_id"] == row["case_id"]), default=len(rows) - 1)
        rows.insert(last + 1, new)
        draft.touched[table] = None
        draft.said.append(
            f"{of}: a new row{_place_of(row)}: {row.get('statement') or row.get('label') or row['value']}"
        )


def _fill_gap(draft: _Draft, row: Row, file: CaseFile) -> None:
    """Fill a gap: in its cell, if it names one; by rows that are in the file; or in its own value."""
    of, there = row_name("gaps", row), draft.row("gaps", row["gap_id"])
    if there is None:
        draft.wrong.append(f"{of}: the tables have no such gap. Correct its name.")
        return
    table, name, column = (there["fills"] or "//").split("/")
    by_rows = table == "measurements" or (table, column) == ("events", DAY)
    if row["value"] and row.get("not_in"):
        mend = "Clear the one or the other."
        draft.wrong.append(f"{of}: found {row['value']!r}, and that the article does not say it either. {mend}")
    elif row["value"] and not _has_place(row):
        draft.wrong.append(f"{of}: no place is given for {row['value']!r}. {SAY_WHERE}")
    elif row["value"] and by_rows and not any(_tells(one, table, name) for one in file.rows.get(_by(table), ())):
        wanted = f"a row of {_by(table)} that tells it of {name}" + ", from an index event" * (table == "events")
        draft.wrong.append(
            f"{of}: found {row['value']!r} alone; expected {wanted}. Add the row: it is drawn from there."
        )
    else:
        cells = dict(_cells(draft, table, name, column, row["value"])) if row["value"] and table and not by_rows else {}
        for cell, text in cells.items():
            draft.fill(table, draft.row(table, name), cell, text, _place_of(row))
        for own in (one for one in draft.columns["gaps"] if row.get(one)):
            if not (own == "value" and (cells or by_rows)):
                told = {"value": _place_of(row), "not_in": ""}.get(own)
                draft.fill("gaps", there, own, row[own], told)


def _by(table: str) -> str:
    return "bounds" if table == "events" else table


def _tells(row: Row, table: str, name: str) -> bool:
    return name in ((row.get("from_event"), row.get("to_event")) if table == "events" else (row.get("case_id"),))


def _cells(draft: _Draft, table: str, name: str, column: str, value: str) -> Iterator[tuple[str, str]]:
    """The cells of a row that a value fills: a number and its unit, where the unit has a cell of its own."""
    amount, _, unit = value.partition(" ")
    if f"{column}_unit" in draft.columns[table] and unit:
        yield column, amount
        yield f"{column}_unit", unit
    elif unit.rstrip("s") in DAYS_IN and column.endswith(f"_{unit.rstrip('s')}s"):
        yield column, amount  # the column is in that unit already
    else:
        yield column, value


def _write(draft: _Draft, folder: Path) -> None:
    """Write the tables that were touched, all of them or none."""
    old, paths = {}, {name: folder / table.path for name, table in described(folder).items()}
    try:
        for name in draft.touched:
            text = io.StringIO()
            writer = csv.DictWriter(text, draft.columns[name], lineterminator="\n")
            writer.writeheader()
            writer.writerows(draft.rows[name])
            old[name] = paths[name].read_bytes()
            paths[name].write_text(text.getvalue(), encoding="utf-8", newline="")
    except OSError:
        for name, content in old.items():
            paths[name].write_bytes(content)
        raise


def _recomputes(before, after) -> Iterator[str]:
    """What changes by each gap that a value came into, or of which the article is known to say nothing."""
    if not hasattr(before, "gaps"):
        return
    asked = data.gaps.asked(after)
    for old, new in zip(before.gaps.itertuples(), asked.itertuples()):
        for column in ("value", "not_in"):
            was, now = getattr(old, column, None), getattr(new, column, None)
            if isinstance(now, str) and not isinstance(was, str):
                yield f"{new.gap_id}: {new.recomputes}"


def filled_in_words(written: Written) -> list[str]:
    """What was written, what recomputes, and what to do next, in lines.

    Parameters
    ----------
    written : Written
    """
    same = f"{count(written.unchanged, 'cell')} said what the tables say already."
    if not written.said:
        return [f"Nothing is new: {same}"]
    changes = ["What changes:", *(f"  {one}" for one in written.recomputes)] if written.recomputes else []
    return [
        f"Written, {count(len(written.said), 'time')}:", *(f"  {one}" for one in written.said), same, *changes,
        "Next: `make refresh`; read the difference (`git diff`); `make test`; commit.",
    ]  # fmt: skip
