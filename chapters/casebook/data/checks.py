"""Whether the tables hold what their schema says: records of text in, rows and problems out."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from casebook.data import cells
from casebook.data.schema import Field, Table, expected

INVISIBLE = ("Cc", "Cf", "Zl", "Zp")  # Unicode categories of characters that nobody sees
SHOWN = 60  # so many letters of a cell are shown in a message
NAMED = 3  # so many different values are named in a message


@dataclass(frozen=True, order=True)
class Problem:
    """One thing that is wrong with the data, said so that it can be mended.

    Attributes
    ----------
    table : str
        The file's name without its ending, or the file's name.
    row : int
        The row in the file; the header is row 1; 0 means the whole file. Of several rows the first.
    column, value : str
        Where in the row, and what stands there.
    expected, mend : str
        What should stand there, and what to do.
    cells : int
        In how many cells of the column the same is wrong.
    others : tuple of str
        What else stands in these cells.
    """

    table: str
    row: int
    column: str
    value: str
    expected: str
    mend: str
    cells: int = 1
    others: tuple[str, ...] = ()

    def __str__(self) -> str:
        place = [self.table]
        if self.row:
            place.append(f"row {self.row}" if self.cells == 1 else f"in {self.cells} rows, first row {self.row}")
        if self.column:
            place.append(f"column {self.column}")
        values = (self.value, *self.others)
        named = [repr(value if len(value) <= SHOWN else value[: SHOWN - 1] + "…") for value in values[:NAMED]]
        if len(values) > NAMED:
            named.append(f"{len(values) - NAMED} more")
        found = f"found {', '.join(named)}; " if self.row or self.value else ""
        return f"{', '.join(place)}: {found}expected {self.expected}. {self.mend}"


class DataError(Exception):
    """The tables cannot be used; `problems` holds every problem that was found.

    Attributes
    ----------
    problems : tuple of Problem
        Sorted by table and row; a mistake that was made in many cells of a column is one.
    """

    def __init__(self, problems: Iterable[Problem]):
        groups: dict[tuple[str, ...], list[Problem]] = {}
        for problem in sorted(set(problems)):
            kind = (problem.table, problem.column, problem.expected, problem.mend)
            groups.setdefault(kind, []).append(problem)
        self.problems = tuple(sorted(_as_one(group) for group in groups.values()))
        count, places = len(self.problems), sum(problem.cells for problem in self.problems)
        places = f", in {places} places" if places > count else ""
        lines = "\n".join(f"  {problem}" for problem in self.problems)
        super().__init__(f"{count} problem{'s' * (count != 1)} in the data{places}:\n{lines}")


def _as_one(group: list[Problem]) -> Problem:
    first, *others = dict.fromkeys(problem.value for problem in group)
    return replace(group[0], value=first, cells=len(group), others=tuple(others))


@dataclass(frozen=True)
class Row:
    """A row of a table.

    Attributes
    ----------
    number : int
        Its place in the file; the header is row 1.
    text : dict of str to str
        What stands in each cell, by column.
    value : dict of str to str, int, float, bool or None
        What it says; None where it is blank or cannot be read. A length of time stands twice: as a
        number, and under the name of its second column as it was published.
    whole : bool
        Whether it has as many cells as the header. If not, cells may have shifted: it is not
        checked, and other tables may name it.
    """

    number: int
    text: dict[str, str]
    value: dict[str, cells.Value]
    whole: bool = True

    def problem(self, table: str, column: str, expected: str, mend: str) -> Problem:
        """Say what is wrong in a cell of the row."""
        return Problem(table, self.number, column, self.text.get(column, ""), expected, mend)


def typed_rows(table: Table, records: list[list[str]], problems: list[Problem]) -> list[Row] | None:
    """Read the cells of a table.

    Parameters
    ----------
    table : Table
    records : list of list of str
        The lines of the file, the header first, each a list of cells; a blank line is an empty list.
    problems : list of Problem
        What is wrong is added here.

    Returns
    -------
    list of Row, or None
        Without blank lines; a table may have no row. None if it has no header.
    """
    header = [_shown(name.strip()) for name in records[0]]
    if problem := _no_header(table, header, records):
        problems.append(problem)
        return None
    problems.extend(_header_problems(table, header))
    rows = []
    for number, record in enumerate(records[1:], start=2):
        texts = [cell.strip() for cell in record]
        if not any(texts):
            continue
        if texts == header:
            problems.append(Problem(table.name, number, "", texts[0], "a row of values", "Take out the second header."))
            continue
        text = dict(zip(header, texts))
        row = Row(number, text, {}) if len(texts) == len(header) else Row(number, text, dict(text), whole=False)
        rows.append(row)
        if not row.whole:
            mend = "Add or take out commas; put text that holds a comma in quotes."
            found = f"{len(texts)} cells"
            problems.append(Problem(table.name, number, "", found, f"{len(header)} cells, as the header has", mend))
            continue
        for field in table.fields:
            if field.name in row.text:
                problems.extend(_cell_problems(table.name, field, row))
        if row.text.get(""):
            problems.append(
                row.problem(table.name, "", "no cell without a name", "Name its column, or clear the cell.")
            )
    return rows


def _shown(text: str) -> str:
    """Write bytes that are no UTF-8, which reading kept as lone surrogates, so that they can be printed."""
    return text if text.isprintable() else text.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")


def _no_header(table: Table, header: list[str], records: list[list[str]]) -> Problem | None:
    """Say that the first row is no header, if no cell of it is the name of a column: a title, or a row of values."""
    fields = {field.name for field in table.fields}
    if fields & {_plain(name) for name in header}:
        return None
    lines = (number for number, record in enumerate(records, start=1) if fields & {cell.strip() for cell in record})
    place = next(lines, 0)
    mend = (
        f"The header stands in row {place}: take out what is above it." if place else "Put the header above the rows."
    )
    wanted = f"the header: {', '.join(field.name for field in table.fields)}"
    return Problem(table.name, 1, "", ", ".join(filter(None, header)), wanted, mend)


def _plain(name: str) -> str:
    """A name of a column as people write it, as the schema does: "Case ID" is case_id."""
    return re.sub(r"[\s_-]+", "_", name.casefold())


def _header_problems(table: Table, header: list[str]) -> Iterator[Problem]:
    fields = [field.name for field in table.fields]
    written = {_plain(name): name for name in header if name not in fields}
    if odd := {column: written.pop(column) for column in fields if column not in header and column in written}:
        mend = "Write them so: in lower case, with an underscore for a blank."
        yield Problem(table.name, 1, "", ", ".join(odd.values()), f"the names {', '.join(odd)}", mend)
    for column in fields:
        if column not in header and column not in odd:
            mend = "Add the column, separated by commas."
            yield Problem(table.name, 1, column, ", ".join(header), f"a column {column}", mend)
    for column in filter(None, dict.fromkeys(header)):  # a spreadsheet may leave blank columns at the right
        if column in written.values():
            yield Problem(table.name, 1, column, column, "a column that the schema knows", "Rename it, or take it out.")
        elif column in fields and header.count(column) > 1:
            yield Problem(table.name, 1, column, column, "each column once", "Take one of them out.")


def _cell_problems(table: str, field: Field, row: Row) -> Iterator[Problem]:
    """Read one cell into the row's values, and say what is wrong with it."""
    text = row.text[field.name]
    row.value[field.name] = None
    if text != _shown(text):
        mend = "Save the file as CSV in UTF-8."
        yield Problem(table, row.number, field.name, _shown(text), "text in UTF-8", mend)
        return
    if not text.isprintable() and any(unicodedata.category(c) in INVISIBLE and c not in "\r\n\t" for c in text):
        mend = "Delete what is in the cell and type it again."
        yield row.problem(table, field.name, "text that can be seen, or a blank cell", mend)
        return
    try:
        value, published = cells.value_of(field, text)
    except ValueError as error:
        yield row.problem(table, field.name, str(error), f"{field.title}: {field.description}")
        return
    row.value[field.name] = value
    if field.published:
        row.value[field.published] = published
    if field.type == "string" and not field.duration and cells.is_formula(text):
        mend = "Put an apostrophe before it, or begin with another word."
        yield row.problem(table, field.name, "text that no spreadsheet takes for a formula", mend)
        return
    if not _allowed(field, value):
        yield row.problem(table, field.name, expected(field), f"{field.title}: {field.description}")


def _allowed(field: Field, value: cells.Value) -> bool:
    if value is None:
        return not field.required
    if field.enum and value not in field.enum:
        return False
    if field.pattern and not field.duration and not re.fullmatch(field.pattern, value):
        return False
    return (field.minimum is None or value >= field.minimum) and (field.maximum is None or value <= field.maximum)


Rows = Mapping[str, list[Row]]


def key_problems(tables: Iterable[Table], rows: Rows) -> Iterator[Problem]:
    """Say which ids stand twice, and which cells name a row that is not there.

    Parameters
    ----------
    tables : iterable of Table
    rows : mapping of str to list of Row
        The rows of the tables that could be read. A key into one of them that has no row leads nowhere, too.
    """
    for table in tables:
        yield from _primary_problems(table, whole(rows, table.name))
        wrong: set[tuple[int, str]] = set()
        for key in sorted(table.foreign_keys, key=lambda key: len(key.columns)):
            targets = rows.get(key.target)
            if targets is None or (targets and not set(key.target_columns) <= targets[0].text.keys()):
                continue  # the file or its column is missing, which is reported already
            known = {tuple(row.value.get(column) for column in key.target_columns) for row in targets}
            column, names = key.columns[-1], " and ".join(key.target_columns)
            mend = f"Correct it, or add the row to {key.target}{'' if targets else ', which has none'}."
            for row in whole(rows, table.name):
                named = tuple(row.value.get(part) for part in key.columns)
                # A case that is unknown makes its events unknown, too: it is said once.
                told = any((row.number, part) in wrong for part in key.columns)
                if None not in named and named not in known and not told:
                    wrong.add((row.number, column))
                    yield row.problem(table.name, column, f"a {names} that stands in {key.target}", mend)


def whole(rows: Rows, table: str) -> list[Row]:
    """Give the rows of a table that have a cell for each column."""
    return [row for row in rows.get(table, []) if row.whole]


def _primary_problems(table: Table, rows: list[Row]) -> Iterator[Problem]:
    seen = set()
    for row in rows:
        named = tuple(row.value.get(column) for column in table.primary_key)
        if not named or None in named:
            continue
        if named in seen:
            alone = len(named) == 1
            names = " and ".join(table.primary_key)
            wanted = "an id that no other row has" if alone else f"{names} that no other row has together"
            mend = "Give the row a name of its own." if alone else "Keep one of the rows."
            yield row.problem(table.name, table.primary_key[0], wanted, mend)
        seen.add(named)
