"""Load the tables of the book, checked against their schema, as one frozen record.

Tables are read here and nowhere else, the bibliography by `sources`; `schema` says what they may
hold, `cells` reads what stands in a cell, `checks` and `rules` say what is wrong.
"""

from __future__ import annotations

import contextlib
import csv
import hashlib
import io
import json
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, make_dataclass, replace
from functools import cache, lru_cache
from pathlib import Path

import pandas as pd
from pybtex.exceptions import PybtexError

from casebook import words
from casebook.data import checks, gaps, rules, sources
from casebook.data.checks import DataError, Problem, Row
from casebook.data.schema import BESIDE, CORE, Table, expected, tables
from casebook.data.sources import BIBLIOGRAPHY, DATA, SCHEMA

OF_CASES = ("cases", "events", "bounds", "gaps", "measurements")
IN_PLACE_OF_A_FILE = "A folder has its name: put the file in its place."
SEPARATORS = {";": "semicolons", "\t": "tabs"}


_USED: set[str] = set()  # which tables were read; a build asks for it
_TELLING: set[str] = set()  # in which of them a cell tells of a gap, which a table of the cases fills


class NoTable(AttributeError):
    """The data package has no table of that name."""


def used() -> list[str]:
    """Name the tables that were read since this was asked last: what a build makes again when one changes."""
    found = sorted(_USED | ({*OF_CASES, "topics"} if _USED & _TELLING else set()))
    _USED.clear()
    return found


@dataclass(frozen=True, eq=False)
class Casebook:
    """Everything that the book knows, one table of `datapackage.json` an attribute; `load` makes it.

    A table is a DataFrame with the columns that the descriptor gives it, typed by it: text as `str`, whole
    numbers as `Int64`, numbers as `float64`, truth values as `bool`; a blank cell is missing. A length of time
    is `float64`, and a text column beside it keeps how it was published (blank for plain days). `sources` is
    the bibliography; `dictionary` says of every column of every table what it holds.

    Raises
    ------
    NoTable
        By the name of a table that the descriptor lacks; the message says who needs it.
    """

    def __getattribute__(self, name: str):
        if not name.startswith("_"):
            _USED.add(name)
        return super().__getattribute__(name)

    def with_tables(self, **tables: pd.DataFrame) -> Casebook:
        """The same record with other tables in place of some."""
        return type(self)(**(vars(self) | tables))

    def __getattr__(self, name: str) -> pd.DataFrame:
        if name.startswith("__"):  # Python asks for these itself
            raise AttributeError(name)
        asking = sys._getframe(1).f_globals.get("__name__", "").split(".")
        who = f"the room {asking[1]}" if asking[0] == "casebook" and asking[1:] else "this code"
        said = f"the data package has no table {name!r}, which {who} needs: describe it in {SCHEMA} and put its file"
        raise NoTable(f"{said} beside it; with its header alone, if it has no row", name=name, obj=self)


@cache
def _record(names: tuple[str, ...]) -> type[Casebook]:
    """The record of a data package with these tables."""
    return make_dataclass(
        "Casebook", [(name, pd.DataFrame) for name in names], bases=(Casebook,), frozen=True, eq=False
    )


def load(path: str | Path | None = None, records: Mapping[str, list[list[str]]] | None = None) -> Casebook:
    """Read every table once, check it, and give one frozen record.

    Parameters
    ----------
    path : str or Path, optional
        The folder that holds `datapackage.json`; the book's own `data/` if left out.
    records : mapping of str to list of list of str, optional
        What is to stand in some tables in place of what their files hold: cells of text, the header first. Then only
        what is wrong with these is told: the others were checked with the rows that stood there, whose gaps their
        texts name, and stay as they are typed.

    Returns
    -------
    Casebook

    Raises
    ------
    DataError
        If anything is wrong; it names every problem at once.
    """
    folder = Path(path) if path is not None else DATA
    if records is not None:
        return _read(folder, records)
    book = _read_once(folder, _state(folder))
    # Frames of one's own, as pandas copies what is written to.
    return book.with_tables(**{name: frame.copy(deep=False) for name, frame in vars(book).items()})


def _state(folder: Path) -> str:
    """A hash of all files of a folder."""
    found = hashlib.sha256()
    for path in sorted(path for path in folder.glob("*") if path.is_file()):
        with contextlib.suppress(OSError):  # who reads it says why not
            found.update(f"{path.name} {path.stat().st_size} ".encode() + path.read_bytes())
    return found.hexdigest()


@lru_cache(maxsize=2)
def _read_once(folder: Path, state: str) -> Casebook:
    """The record of a folder, whose files have not changed since if they are of one state."""
    return _read(folder)


def _read(folder: Path, records: Mapping[str, list[list[str]]] | None = None) -> Casebook:
    schema = _schema(folder)
    if lost := [name for name in CORE if name not in {table.name for table in schema}]:
        mend = "Describe it there, and put its file beside it: a header alone will do."
        raise DataError([_file_problem(SCHEMA, f"the table {name}, which every book has", mend) for name in lost])
    problems: list[Problem] = []
    found = _sources(folder / BIBLIOGRAPHY, problems)
    rows = {}
    for table in schema:
        lines = (records or {}).get(table.name) or _records(folder / table.path, table, problems)
        if lines and (typed := checks.typed_rows(table, lines, problems)) is not None:
            rows[table.name] = typed
    problems.extend(checks.key_problems(schema, rows))
    problems.extend(rules.problems(rows, None if found is None else frozenset(found["source_id"])))
    if told := [one for one in problems if records is None or one.table in records]:
        raise DataError(told)
    frames = {table.name: _frame(table, rows[table.name]) for table in schema}
    events, kinds = frames["events"], frames["kinds"].set_index("kind")
    frames["events"] = events.assign(lane=events["lane"].fillna(events["kind"].map(kinds["lane"])).astype("str"))
    if "looks" in frames:
        frames["looks"] = _of_cases(frames["looks"], frames["cases"])
    if "gaps" in frames:
        frames["gaps"] = gaps.completed(frames["gaps"], frames)
        if records is None:
            frames |= (telling := gaps.told_in(frames))
            _TELLING.update(telling)
    return _record((*frames, *BESIDE))(**frames, sources=found, dictionary=_dictionary(schema))


def load_table(name: str, path: str | Path) -> pd.DataFrame:
    """Read one table from a file anywhere, checked against the schema of the book.

    Parameters
    ----------
    name : str
        Which table of the schema it is, such as "checklist".
    path : str or Path
        The CSV file.

    Raises
    ------
    DataError
        If anything is wrong; it names every problem at once.
    ValueError
        If the schema has no such table.
    """
    known = {table.name: table for table in _schema(DATA)}
    if name not in known:
        raise ValueError(f"the schema has no table {name!r}: name one of {', '.join(known)}")
    problems: list[Problem] = []
    records = _records(Path(path), known[name], problems)
    rows = (records and checks.typed_rows(known[name], records, problems)) or []
    problems.extend(checks.key_problems([replace(known[name], foreign_keys=())], {name: rows}))
    if problems:
        raise DataError(problems)
    return _frame(known[name], rows)


def select(book: Casebook, *case_ids: str) -> Casebook:
    """The same record with the patients, events, bounds, gaps and measurements of some cases only.

    Parameters
    ----------
    book : Casebook
    *case_ids : str
        Which cases, such as "case-1".

    Returns
    -------
    Casebook
        The other tables are as they were; the rows keep their index.

    Raises
    ------
    KeyError
        If a case is not in the book.
    """
    unknown = sorted(set(case_ids) - set(book.cases["case_id"]))
    if unknown:
        raise KeyError(f"no such case: {', '.join(unknown)}; the book has {', '.join(book.cases['case_id'])}")
    tables = {name: getattr(book, name) for name in OF_CASES if hasattr(book, name)}
    return book.with_tables(**{name: table[table["case_id"].isin(case_ids)] for name, table in tables.items()})


def _of_cases(looks: pd.DataFrame, cases: pd.DataFrame) -> pd.DataFrame:
    """The looks, those of cases by the id of the case that has each: the first that is told of has that of rank 1."""
    by_rank = dict(enumerate(cases.loc[words.told_of(cases["role"]), "case_id"], start=1))
    called = [by_rank.get(row.rank, row.look) if row.of == "case" else row.look for row in looks.itertuples()]
    return looks.assign(look=pd.Series(called, index=looks.index, dtype="str"))


def _file_problem(name: str, expected: str, mend: str) -> Problem:
    return Problem(name, 0, "", "", expected, mend)


def _schema(folder: Path) -> tuple[Table, ...]:
    path = folder / SCHEMA
    wanted = "a valid Frictionless data package"
    if not folder.is_dir():
        mend = f"Give the folder that it is in: {folder.parent}." if folder.exists() else "There is no such folder."
        problem = _file_problem(str(folder), f"a folder that holds {SCHEMA}", mend)
    elif not path.exists():
        problem = _file_problem(SCHEMA, "a file that describes the tables", "Put it back from the repository.")
    elif path.is_dir():
        problem = _file_problem(SCHEMA, wanted, IN_PLACE_OF_A_FILE)
    else:
        try:
            return tables(json.loads(path.read_text(encoding="utf-8-sig")))
        except OSError as error:
            problem = _file_problem(SCHEMA, wanted, f"It says: {error.strerror}.")
        except ValueError as error:
            problem = _file_problem(SCHEMA, wanted, f"It says: {error}.")
    raise DataError([problem])


def _sources(path: Path, problems: list[Problem]) -> pd.DataFrame | None:
    """The bibliography, which may be empty; None, and a problem, if it cannot be read."""
    try:
        text = path.read_text(encoding="utf-8-sig")
        found = sources.sources(text)
    except FileNotFoundError:
        problems.append(
            _file_problem(path.name, "the bibliography", "Put it back: an empty file, if it has no source.")
        )
    except (UnicodeDecodeError, OSError, PybtexError) as error:
        problems.append(_file_problem(path.name, "a BibTeX file in UTF-8", f"It says: {error}"))
    else:
        if len(found) or not text.strip():
            return found
        problems.append(_file_problem(path.name, "sources in BibTeX", "Put it back, or empty the file."))
    return None


def _records(path: Path, table: Table, problems: list[Problem]) -> list[list[str]]:
    """Read a CSV as text, the header first; nothing, and a problem, if it cannot be read at all."""

    def refuse(expected: str, mend: str, row: int = 0, value: str = "") -> list[list[str]]:
        problems.append(Problem(table.name, row, "", value, expected, mend))
        return []

    try:
        raw = path.read_bytes()
    except FileNotFoundError:
        return refuse(f"a file {path.name}", "Put it back, or take it out of the schema.")
    except OSError as error:
        mend = IN_PLACE_OF_A_FILE if path.is_dir() else f"It says: {error.strerror}."
        return refuse(f"a file {path.name} that can be read", mend)
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        return refuse("text in UTF-8, not in UTF-16", "Save the file as CSV in UTF-8.")
    # Bytes that are no UTF-8 are kept, so that their row can be named.
    text, records = raw.decode("utf-8-sig", "surrogateescape"), []
    try:
        for record in csv.reader(io.StringIO(text, newline=""), strict=True):
            records.append(record)
    except csv.Error as error:
        mend = f"Close each quote, and double one within a quoted text. It says: {error}."
        return refuse("comma-separated values", mend, row=len(records) + 1)
    if not any(cell.strip() for record in records for cell in record):
        header = ",".join(field.name for field in table.fields)
        return refuse("a header", f"The file is empty: put it back, or write the header alone: {header}")
    header = records[0]
    for separator, name in SEPARATORS.items():
        if len(header) == 1 < len(table.fields) and separator in header[0]:
            mend = "A spreadsheet saved it so: save it as CSV, comma-separated, in UTF-8."
            return refuse(f"cells separated by commas, not by {name}", mend, row=1, value=header[0])
    return records


def _frame(table: Table, rows: Iterable[Row]) -> pd.DataFrame:
    columns = {}
    for field in table.fields:
        columns[field.name] = pd.array([row.value[field.name] for row in rows], dtype=field.dtype)
        if field.published:
            columns[field.published] = pd.array([row.value[field.published] for row in rows], dtype="str")
    return pd.DataFrame(columns)


def _dictionary(schema: Iterable[Table]) -> pd.DataFrame:
    rows = [
        (table.name, one.name, one.kind, one.title, one.description, expected(one) if one.constrained else "")
        for table in schema
        for one in table.fields
    ]
    return pd.DataFrame(rows, columns=["table", "column", "type", "title", "description", "constraints"], dtype="str")
