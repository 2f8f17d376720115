"""Case files: what somebody knows of some patients, in one file of JSON whose rows are those of the tables.

A file holds made-up patients, own ones, or index cases of the book. It is read with all that is wrong with it named
at once; the format is `data/case-file.schema.json`, which is made from the descriptor of the tables.
"""

from __future__ import annotations

import csv
import difflib
import io
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from casebook import data
from casebook.exchange import _refused
from casebook.exchange._case_rows import KEYS, TABLES, in_sentences_of, in_short, row_name, told_by_days
from casebook.exchange.packets import read_json
from casebook.words import MADE_UP, REPORTED, count, listed

FORMAT, VERSION = "casebook-case", 1
# What the role of a patient says of each row of it, so that a file need not.
SAID_BY_ROLE = {
    "made-up": {"basis": "stated", "locator": "made up", "wording": "made up", "read_in": "made up"},
    "own": {"basis": "stated", "locator": REPORTED, "read_in": "own patients"},
}
BY_DEFAULT = (
    "basis",
    "read_in",
    "index_event",
    "statement",
)  # columns that must be filled, and that a file may leave out

Row = Mapping[str, str]


@dataclass(frozen=True)
class CaseFile:
    """What a case file holds.

    Attributes
    ----------
    name : str
        What the file is called.
    rows : dict of str to tuple
        By table its rows: by column what stands in each cell, as text; "" where it is blank.
    """

    name: str
    rows: dict[str, tuple[Row, ...]]


class CaseFileError(ValueError):
    """A case file cannot be used; `problems` holds a sentence on each thing that is wrong with it."""

    def __init__(self, name: str, problems: Iterable[str]):
        self.problems = tuple(dict.fromkeys(problems))
        lines = "\n".join(f"  {problem}" for problem in self.problems)
        super().__init__(f"{name}: {count(len(self.problems), 'problem')}, and nothing was done:\n{lines}")


# ---------------------------------------------------------------- reading


def read_case_file(path: str | Path, folder: str | Path | None = None) -> CaseFile:
    """Read a case file, whose rows need not fit together.

    Parameters
    ----------
    path : str or Path
    folder : str or Path, optional
        The data package that the format is that of; the book's own by default.

    Returns
    -------
    CaseFile

    Raises
    ------
    CaseFileError
        If it is no JSON, of another format or version, has a table, a column or a type of value that the format has
        not, or holds what no case file may (see `_refused`).
    """
    file, wrong = _read(path, folder)
    if wrong:
        raise CaseFileError(file.name, wrong)
    return file


def read_patients(path: str | Path, folder: str | Path | None = None):
    """Read a case file as the book with its patients in place of those of the book.

    Parameters
    ----------
    path : str or Path
    folder : str or Path, optional
        The data package whose kinds, lanes, definitions and sources count; the book's own by default.

    Returns
    -------
    Casebook
        Tables that tell of the patients of the book itself have no row.

    Raises
    ------
    CaseFileError
        As `read_case_file`; or if a patient is neither made-up, nor own, nor an index case of the book, or if the
        rows break what holds for the tables: types, keys, what each basis needs. All is named at once.
    """
    file, wrong = _read(path, folder)
    book, more = _book_of(file, Path(folder or data.DATA))
    said = {sentence.partition(": ")[0] for sentence in wrong}  # a cell that is wrong in two ways is named once
    if wrong := [*wrong, *(sentence for sentence in more if sentence.partition(": ")[0] not in said)]:
        raise CaseFileError(file.name, wrong)
    return book


def _read(path: str | Path, folder: str | Path | None) -> tuple[CaseFile, list[str]]:
    """What a file holds, and what is wrong with its form; a file that has no rows to be read is refused."""
    name = Path(path).name
    try:
        content = read_json(path)
    except ValueError as error:
        raise CaseFileError(name, [str(error).removeprefix(f"{path}: ")]) from None
    tables = described(folder)
    if wrong := _envelope_problems(content, tables):
        raise CaseFileError(name, wrong)
    rows = {}
    for table in tables.values():
        found = content.get(table.name) or []
        rows[table.name] = tuple(_row(table, number, row, wrong) for number, row in enumerate(found, start=1))
    return CaseFile(name, rows), [*wrong, *_key_problems(rows), *_refused_problems(rows)]


def described(folder: str | Path | None = None) -> dict:
    """The tables of a case file as the descriptor of a data package has them, by name."""
    path = Path(folder or data.DATA) / data.SCHEMA
    return {table.name: table for table in data.tables(json.loads(path.read_text("utf-8-sig"))) if table.name in TABLES}


def _envelope_problems(content: object, tables: Mapping) -> list[str]:
    if not isinstance(content, dict) or content.get("format") != FORMAT:
        found = content.get("format") if isinstance(content, dict) else None
        said = f"found {found!r}" if found is not None else "found none"
        wanted = f'an object with "format": "{FORMAT}"'
        return [f"format: {said}; expected {wanted}. A phenopacket is read by `python -m casebook read`."]
    version = content.get("version")
    if version is True or version != VERSION:
        mend = "It was written by another edition of the book: open it there, or get the edition that wrote it."
        return [f"version: found {version!r}; expected {VERSION}. {mend}"]
    wrong = []
    for key in content:
        if key not in (*tables, "format", "version"):
            wrong.append(f"{key}: expected no such key. {_meant(key, tables)}")
        elif key in tables and content[key] is not None and not isinstance(content[key], list):
            wrong.append(f"{key}: found {in_short(content[key])}; expected a list of rows. Put them between [ and ].")
    if not wrong and not content.get("cases"):
        wrong.append("cases: found none; expected a row for each patient. Add one, with case_id, label and role.")
    return wrong


def _row(table, number: int, row: object, wrong: list[str]) -> Row:
    """One row as text, all columns of the table; what is wrong is added to `wrong`."""
    if not isinstance(row, dict):
        mend = "Write it as an object, with a key for each column."
        wrong.append(f"{table.name}, row {number}: found {in_short(row)}; expected a row. {mend}")
        return {}
    fields = {field.name: field for field in table.fields}
    of = row_name(table.name, row, number)
    wrong += [f"{of}, column {key}: expected no such column. {_meant(key, fields)}" for key in row if key not in fields]
    found = {}
    for name, field in fields.items():
        try:
            found[name] = _text(field, row.get(name))
        except ValueError as error:
            found[name] = ""
            wrong.append(f"{of}, column {name}: found {in_short(row[name])}; expected {error}")
    return found


def _text(field, value: object) -> str:
    """What would stand in a cell of the table; a ValueError says which type was expected."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, bool):
        if field.type == "boolean":
            return str(value).lower()
    elif isinstance(value, (int, float)) and (field.duration or field.type in ("number", "integer")):
        return format(Decimal(repr(value + 0)), "f") if value else "0"
    types = {"boolean": "true or false", "number": "a number", "integer": "a whole number"}
    wanted = "a number, or one with its unit in quotes" if field.duration else types.get(field.type, "text in quotes")
    raise ValueError(f"{wanted}. Write that, or leave the column out")


def _meant(key: str, known: Iterable[str]) -> str:
    near = difflib.get_close_matches(key, list(known), n=1)
    return f"Write {near[0]}, if that is meant, or take it out." if near else "Take it out."


def _key_problems(rows: Mapping[str, tuple[Row, ...]]) -> Iterator[str]:
    """Every row has a name, and no two of a table the same."""
    for table, found in rows.items():
        key, seen = KEYS[table], set()
        for number, row in enumerate(found, start=1):
            of = f"{row_name(table, row, number)}, column {key}"
            if row and not row[key]:
                yield f"{of}: found none; expected the name of the row. Give it one that no other row has."
            elif row and row[key] in seen:
                yield f"{of}: found {row[key]!r} twice; expected an id that no other row has. Give one another name."
            seen.add(row.get(key))


def _refused_problems(rows: Mapping[str, tuple[Row, ...]]) -> Iterator[str]:
    for table, mine in rows.items():
        for number, row in enumerate(mine, start=1):
            of = row_name(table, row, number)
            for column, text in row.items():
                if found := _refused.refused(text):
                    yield f"{of}, column {column}: found {in_short(text)}; expected {'. '.join(found)}"
            age = row.get("age_years") or (row.get("value") if row.get("fills", "").endswith("/age_years") else "")
            if age and _refused.too_old(age):
                column = "age_years" if table == "cases" else "value"
                wanted = f"no age above {_refused.OLDEST}"
                yield f"{of}, column {column}: found {in_short(age)}; expected {wanted}. Leave the age out."
            for column in _without_limits(row):
                wanted = f"limits where the days are not known exactly. {_refused.LIMITS_INSTEAD}"
                yield f"{of}, column {column}: found {in_short(row[column])}; expected {wanted}"


def _without_limits(row: Row) -> Iterator[str]:
    """The columns of a row that say "about" so many days, where no limits stand beside it."""
    columns = ["min_days", "max_days"]
    if row.get("min_days") == row.get("max_days"):
        columns.append("statement")
    yield from (column for column in columns if _refused.without_limits(row.get(column, "")))


# ---------------------------------------------------------------- the patients of a file


def _book_of(file: CaseFile, folder: Path):
    """The book with the patients of a file in place of its own, or None; and what does not fit together."""
    schema = data.tables(json.loads((folder / data.SCHEMA).read_text("utf-8-sig")))
    known = data.load(folder)
    unknown = dict(_role_problems(file, known.cases.set_index("case_id")["role"].to_dict()))
    roles = {row["case_id"]: row["role"] for row in file.rows["cases"] if row}
    records = {}
    for table in schema:
        columns = [field.name for field in table.fields]
        if table.name in TABLES:
            found = [_completed(row, columns, roles) for row in file.rows[table.name] if row]
            found = told_by_days(found, file.rows["events"]) if table.name == "bounds" else found
            records[table.name] = [columns, *([row[column] for column in columns] for row in found)]
        elif _hangs_on(table.name, schema):
            records[table.name] = [columns]
    try:
        return data.load(folder, records), list(unknown.values())
    except data.DataError as error:
        of_others = tuple(f"case {case}," for case in unknown)  # what is wrong with them is that they are here
        told = in_sentences_of(error, records, known.kinds["kind"])
        return None, [*unknown.values(), *(one for one in told if not one.startswith(of_others))]


def rows_in(path: Path) -> list[dict[str, str]]:
    """The rows of a table as text, by column; blank lines are left out."""
    lines = csv.reader(io.StringIO(path.read_bytes().decode("utf-8-sig"), newline=""))
    header, *rest = ([cell.strip() for cell in line] for line in lines)
    return [dict(zip(header, line)) for line in rest if any(line)]


def _role_problems(file: CaseFile, known: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """The cases that no file may hold, each with a sentence on why."""
    index = [case for case, role in known.items() if role == "index"]
    for row in filter(None, file.rows["cases"]):
        case, role = row["case_id"], row["role"]
        wanted = f"made-up (the id begins with {MADE_UP}), own, or index for {listed(index, 'or')}"
        if role == "own" and case in known:
            yield case, f"case {case}, column case_id: expected an id that no case of the book has. Give it another."
        elif role not in ("made-up", "own") and not (role == "index" and case in index):
            yield case, f"case {case}, column role: found {role!r}; expected {wanted}. Say which it is."


def _completed(row: Row, columns: Iterable[str], roles: Mapping[str, str]) -> dict[str, str]:
    """A row with what its file may leave out: what its patient's role says, and that an event is no index event."""
    said = SAID_BY_ROLE.get(roles.get(row.get("case_id", ""), ""), {}) if "topic" not in row or row["value"] else {}
    stated = {"index_event": "false"} | {
        column: text for column, text in said.items() if column == "read_in" or row.get("basis", "") in ("", "stated")
    }
    return {column: row.get(column) or stated.get(column, "") for column in columns}


def completed_rows(file: CaseFile, folder: str | Path | None = None) -> dict[str, list[dict[str, str]]]:
    """The rows of a file by table, with what its patients' roles say of each row, so that a file need not."""
    columns = {name: [field.name for field in table.fields] for name, table in described(folder).items()}
    roles = {row["case_id"]: row["role"] for row in file.rows["cases"]}
    rows = {name: [_completed(row, columns[name], roles) for row in found] for name, found in file.rows.items()}
    return rows | {"bounds": told_by_days(rows["bounds"], file.rows["events"])}


def _hangs_on(name: str, schema: Iterable, of: Iterable[str] = TABLES) -> bool:
    """Whether a table has a key that leads to the patients of the book, by way of whichever table."""
    targets = next({key.target for key in table.foreign_keys} for table in schema if table.name == name) - {name}
    return any(target in of or _hangs_on(target, schema, of) for target in targets)
