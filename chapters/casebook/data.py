"""Load the tables of the book, checked against their schema.

This is the only module that touches files. The schema (`datapackage.json`, Frictionless)
says which tables and columns there are and of what type; the rules that a schema cannot
say (what a basis needs, which source exists) stand here.
"""

from __future__ import annotations

import csv
import io
import json
import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields, replace
from pathlib import Path

import pandas as pd
from frictionless import FrictionlessException, Package
from pybtex.database import parse_string
from pybtex.exceptions import PybtexError

DATA = Path(__file__).resolve().parents[2] / "data"
SCHEMA = "datapackage.json"
BIBLIOGRAPHY = "references.bib"
MADE_UP = "made-up-"

DTYPES = {"string": "str", "integer": "Int64", "number": "float64", "boolean": "bool"}
TYPE_WORDS = {
    "integer": "a whole number such as 4",
    "number": "a number such as 14 or 0.5",
    "boolean": "true or false",
}


@dataclass(frozen=True, order=True)
class Problem:
    """One thing that is wrong with the data, said so that it can be mended.

    Attributes
    ----------
    table : str
        The file's name without its ending, or the file's name.
    row : int
        The row in the file; the header is row 1; 0 means the whole file.
    column, value : str
        Where in the row, and what stands there.
    expected, mend : str
        What should stand there, and what to do.
    """

    table: str
    row: int
    column: str
    value: str
    expected: str
    mend: str

    def __str__(self) -> str:
        place = [self.table]
        if self.row:
            place.append(f"row {self.row}")
        if self.column:
            place.append(f"column {self.column}")
        found = f"found {self.value!r}; " if self.row or self.value else ""
        return f"{', '.join(place)}: {found}expected {self.expected}. {self.mend}"


class DataError(Exception):
    """The tables cannot be used; `problems` holds every problem that was found.

    Attributes
    ----------
    problems : tuple of Problem
        Sorted by table and row.
    """

    def __init__(self, problems: list[Problem]):
        self.problems = tuple(sorted(set(problems)))
        count = len(self.problems)
        lines = "\n".join(f"  {problem}" for problem in self.problems)
        super().__init__(f"{count} problem{'s' * (count != 1)} in the data:\n{lines}")


@dataclass(frozen=True)
class Casebook:
    """Everything that the book knows, one table an attribute.

    Every attribute is a DataFrame with the columns that `datapackage.json` gives it, typed
    by it: text as `str`, whole numbers as `Int64`, numbers as `float64`, truth values as
    `bool`; a blank cell is missing.

    Attributes
    ----------
    record : DataFrame
        The sentences of the index paper's public record, in our own words.
    cases, events, bounds : DataFrame
        Patients; what happened to them; what is known of the time between two events.
    definitions : DataFrame
        Terms as a source defines them, and the rivals.
    concepts, entities : DataFrame
        Terms with identifiers; what the hosting site's text mining found (third party).
    gaps, explanations, lessons : DataFrame
        What the record does not hold; what it cannot separate; what is to be learned.
    care : DataFrame
        The sub-items of the CARE guideline, and whether the record holds them.
    studies, outcomes, intervals, survival : DataFrame
        Published series, and what they report: counts, times, survival.
    overlaps, contradictions, left_out : DataFrame
        Studies that share patients; statements that do not fit together; sources that are known
        and not relied on.
    worked_counts, reference_intervals, reference_pooled : DataFrame
        Data sets on which the statistics are tried, and the values that they must meet.
    sources : DataFrame
        The bibliography: `source_id`, `type`, `title`, `year`, `doi`.
    dictionary : DataFrame
        The schema itself: `table`, `column`, `type`, `title`, `description`, `constraints`.
    """

    record: pd.DataFrame
    cases: pd.DataFrame
    events: pd.DataFrame
    bounds: pd.DataFrame
    definitions: pd.DataFrame
    concepts: pd.DataFrame
    entities: pd.DataFrame
    gaps: pd.DataFrame
    explanations: pd.DataFrame
    lessons: pd.DataFrame
    care: pd.DataFrame
    studies: pd.DataFrame
    outcomes: pd.DataFrame
    intervals: pd.DataFrame
    survival: pd.DataFrame
    overlaps: pd.DataFrame
    contradictions: pd.DataFrame
    left_out: pd.DataFrame
    worked_counts: pd.DataFrame
    reference_intervals: pd.DataFrame
    reference_pooled: pd.DataFrame
    sources: pd.DataFrame
    dictionary: pd.DataFrame


def load(path: str | Path | None = None) -> Casebook:
    """Read every table, check it, and give one frozen record.

    Parameters
    ----------
    path : str or Path, optional
        The folder that holds `datapackage.json`; the book's own `data/` if left out.

    Returns
    -------
    Casebook

    Raises
    ------
    DataError
        If anything is wrong; it names every problem at once.
    """
    folder = Path(path) if path is not None else DATA
    package = _package(folder)
    tables = {field.name for field in fields(Casebook)} - {"sources", "dictionary"}
    if set(package.resource_names) != tables:
        odd = ", ".join(sorted(tables ^ set(package.resource_names)))
        raise DataError(
            [_file_problem(SCHEMA, "the tables that Casebook has", f"Add or take out, here or there: {odd}.")]
        )
    problems: list[Problem] = []
    sources = _sources(folder, problems)
    rows = {}
    for resource in package.resources:
        columns = [field.name for field in resource.schema.fields]
        table = _raw_rows(folder / resource.path, resource.name, columns, problems)
        if table is not None:
            rows[resource.name] = table
            problems.extend(_cell_problems(resource, table))
    problems.extend(_schema_problems(package, rows))
    known = _Known.of(rows, set(sources["source_id"]))
    for name, table in rows.items():
        problems.extend(_house_problems(name, table, known))
    if problems:
        raise DataError(problems)
    frames = {resource.name: _frame(resource) for resource in package.resources}
    return Casebook(**frames, sources=sources, dictionary=_dictionary(package))


def select(book: Casebook, *case_ids: str) -> Casebook:
    """The same record with the patients, events, bounds and gaps of some cases only.

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
    tables = {name: getattr(book, name) for name in ("cases", "events", "bounds", "gaps")}
    return replace(book, **{name: table[table["case_id"].isin(case_ids)] for name, table in tables.items()})


def facts(book: Casebook) -> pd.DataFrame:
    """Every fact about the patients of the index paper, numbered by the sentence that it stands in.

    Parameters
    ----------
    book : Casebook

    Returns
    -------
    DataFrame
        One row a fact: `number` ("4.1": sentence 4, first fact; "paper.1" for what was read in
        the paper itself), `table`, `row_id`, `case_id`, `sentence_id`, `label`, `basis`.
    """
    index = book.cases[book.cases["role"] == "index"]
    said = index.assign(label=index["diagnosis"] + ", " + index["disease_status"])
    names = (("cases", "case_id", "label"), ("events", "event_id", "label"), ("bounds", "bound_id", "statement"))
    parts = []
    for table, key, label in names:
        rows = said if table == "cases" else getattr(book, table)
        rows = rows[rows["case_id"].isin(index["case_id"])]
        columns = {"row_id": rows[key], "case_id": rows["case_id"], "sentence_id": rows["sentence_id"]}
        parts.append(pd.DataFrame({"table": table, **columns, "label": rows[label], "basis": rows["basis"]}))
    found = pd.concat(parts, ignore_index=True)
    sentence = found["sentence_id"].str.removeprefix("abstract-").fillna("paper")
    number = sentence + "." + (found.groupby(sentence).cumcount() + 1).astype("str")
    found.insert(0, "number", number)
    return found


def requirements() -> pd.DataFrame:
    """What the book needs, from the project's `requirements.in`: `package`, `version`, `why`."""
    pattern = r"^(?P<package>[\w-]+)==(?P<version>\S+)\s+# (?P<why>.*)$"
    lines = pd.Series((DATA.parent / "requirements.in").read_text(encoding="utf-8").splitlines())
    return lines.str.extract(pattern).dropna().reset_index(drop=True)


def _package(folder: Path) -> Package:
    try:
        descriptor = json.loads((folder / SCHEMA).read_text(encoding="utf-8-sig"))
        return Package.from_descriptor(descriptor, basepath=str(folder))
    except FileNotFoundError:
        problem = _file_problem(
            SCHEMA,
            "a file that describes the tables",
            "Put it back from the repository.",
        )
    except (ValueError, OSError, FrictionlessException) as error:
        problem = _file_problem(SCHEMA, "a valid Frictionless data package", f"It says: {error}")
    raise DataError([problem]) from None


def _file_problem(name: str, expected: str, mend: str) -> Problem:
    return Problem(name, 0, "", "", expected, mend)


def _sources(folder: Path, problems: list[Problem]) -> pd.DataFrame:
    columns = ["source_id", "type", "title", "year", "doi"]
    try:
        text = (folder / BIBLIOGRAPHY).read_text(encoding="utf-8-sig")
        entries = parse_string(text, "bibtex").entries
    except FileNotFoundError:
        problems.append(_file_problem(BIBLIOGRAPHY, "the bibliography", "Put it back from the repository."))
        return pd.DataFrame(columns=columns)
    except (UnicodeDecodeError, OSError, PybtexError) as error:
        problems.append(_file_problem(BIBLIOGRAPHY, "a BibTeX file in UTF-8", f"It says: {error}"))
        return pd.DataFrame(columns=columns)
    if not entries:
        problems.append(_file_problem(BIBLIOGRAPHY, "at least one source", "Put it back from the repository."))
    return pd.DataFrame(
        [
            [
                key,
                entry.type,
                *(entry.fields.get(name, "").strip("{}") for name in columns[2:]),
            ]
            for key, entry in entries.items()
        ],
        columns=columns,
        dtype="str",
    )


Row = tuple[int, dict[str, str]]


def _raw_rows(path: Path, name: str, fields: list[str], problems: list[Problem]) -> list[Row] | None:
    """Read a CSV as text, with row numbers as a spreadsheet shows them; None if it cannot be read."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        problems.append(
            _file_problem(
                name,
                f"a file {path.name}",
                "Put it back, or take it out of the schema.",
            )
        )
        return None
    except UnicodeDecodeError as error:
        byte = path.read_bytes()[error.start]
        where = path.read_bytes()[: error.start].count(b"\n") + 1
        problems.append(
            Problem(
                name,
                where,
                "",
                f"byte 0x{byte:02x}",
                "text in UTF-8",
                "Save the file as CSV in UTF-8.",
            )
        )
        return None
    except OSError as error:
        problems.append(
            _file_problem(
                name,
                f"a file {path.name} that can be read",
                f"It says: {error.strerror}.",
            )
        )
        return None
    try:
        lines = list(csv.reader(io.StringIO(text, newline="")))
    except csv.Error as error:
        problems.append(_file_problem(name, "comma-separated values", f"It says: {error}."))
        return None
    header = lines[0] if lines else []
    if len(header) == 1 and len(fields) > 1 and ";" in header[0]:
        mend = "A spreadsheet saved it so: save it as CSV, comma-separated, in UTF-8."
        problems.append(Problem(name, 1, "", header[0], "cells separated by commas, not by semicolons", mend))
        return None
    for column in fields:
        if column not in header:
            problems.append(
                Problem(
                    name,
                    1,
                    column,
                    ", ".join(header),
                    f"a column {column}",
                    "Add the column, separated by commas.",
                )
            )
    for column in header:
        if column not in fields:
            problems.append(
                Problem(
                    name,
                    1,
                    column,
                    column,
                    "a column that the schema knows",
                    "Rename it, or take it out.",
                )
            )
        elif header.count(column) > 1:
            problems.append(Problem(name, 1, column, column, "each column once", "Take one of them out."))
    body = [(number, dict(zip(header, cells))) for number, cells in enumerate(lines[1:], start=2) if any(cells)]
    if not body:
        problems.append(
            _file_problem(
                name,
                "at least one row",
                "Add a row, or take the table out of the schema.",
            )
        )
    return body


NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?")
INVISIBLE = ("Cc", "Cf", "Zl", "Zp")  # Unicode categories of characters that nobody sees


def _cell_problems(resource, rows: list[Row]) -> Iterator[Problem]:
    """What Frictionless lets through: numbers that are none, and text that cannot be seen."""
    numbers = {field.name for field in resource.schema.fields if field.type in ("number", "integer")}
    for number, row in rows:
        for column, cell in row.items():
            hidden = [c for c in cell if unicodedata.category(c) in INVISIBLE and c not in "\r\n\t"]
            if cell and (hidden or not cell.strip()):
                mend = "Delete what is in the cell and type it again."
                yield Problem(resource.name, number, column, cell, "text that can be seen, or a blank cell", mend)
            elif cell and column in numbers and _number(cell) is not None and not NUMBER.fullmatch(cell):
                yield Problem(resource.name, number, column, cell, "a number in plain digits", "Write it as 14 or 0.5.")


def _schema_problems(package: Package, rows: dict[str, list[Row]]) -> Iterator[Problem]:
    """What Frictionless finds, told the house's way. Unreadable files are already reported."""
    for resource in package.resources:
        # Columns are matched by name, so that one column too many does not shift all the others.
        resource.schema.fields_match = "partial"
    try:
        tasks = package.validate(limit_errors=100_000).tasks
    except Exception as error:  # whatever a broken schema makes Frictionless raise
        yield _file_problem(SCHEMA, "a schema that can be applied", f"It says: {error}")
        return
    for task in tasks:
        if task.name not in rows:
            continue
        schema = package.get_resource(task.name).schema
        cells = dict(rows[task.name])
        for error in task.errors:
            yield from _schema_problem(task.name, schema, cells, rows, error)


def _schema_problem(table, schema, cells, rows, error) -> Iterator[Problem]:
    row = getattr(error, "row_number", None)
    if error.type in ("blank-row", "source-error", "blank-label", "duplicate-label") or row is None:
        # A blank line is no fact; labels and whole files are reported by `_raw_rows`.
        return
    if error.type == "foreign-key":
        target = error.reference_name
        known = rows.get(target) or []
        if not known or not set(error.reference_field_names) <= set(known[0][1]):
            return  # the table or its column is missing, which is reported already
        column = error.field_names[-1]
        value = cells.get(row, {}).get(column, "")
        yield Problem(
            table,
            row,
            column,
            value,
            f"a {' and '.join(error.reference_field_names)} that stands in {target}",
            f"Correct it, or add the row to {target}.",
        )
    elif error.type == "primary-key":
        column = schema.primary_key[0]
        value = cells.get(row, {}).get(column, "")
        if value:
            yield Problem(
                table,
                row,
                column,
                value,
                "an id that no other row has",
                "Give the row a name of its own.",
            )
    elif error.type in ("type-error", "constraint-error"):
        field = schema.get_field(error.field_name)
        yield Problem(
            table,
            row,
            field.name,
            error.cell or "",
            _expected(field),
            f"{field.title}: {field.description}",
        )
    elif error.type in ("missing-cell", "extra-cell"):
        yield Problem(
            table,
            row,
            error.field_name or "",
            "",
            "as many cells as the header has",
            "Add or take out commas; put text that holds a comma in quotes.",
        )
    else:
        yield Problem(table, row, getattr(error, "field_name", ""), "", error.type, error.message)


def _expected(field) -> str:
    constraints = field.constraints
    if "enum" in constraints:
        return f"one of {', '.join(constraints['enum'])}"
    if field.name == "wording":
        return "six words at most"
    parts = [TYPE_WORDS.get(field.type, "text")]
    if constraints.get("required"):
        parts.append("not blank")
    if "minimum" in constraints:
        parts.append(f"at least {constraints['minimum']}")
    if "pattern" in constraints:
        parts.append(f"of the form {constraints['pattern']}")
    return ", ".join(parts)


# What each basis needs: the basis, the column that must be filled, what it is, how to mend it.
BASIS_NEEDS = (
    (
        "stated",
        "locator",
        "the place in the source",
        "Say where in the source it is stated.",
    ),
    (
        "stated",
        "wording",
        "the source's own words",
        "Give the source's own few words, six at most.",
    ),
    (
        "defined",
        "definition_id",
        "the definition relied on",
        "Name a row of definitions.",
    ),
    (
        "inferred",
        "reason",
        "the reason of the reading",
        "Say why the curator reads it so.",
    ),
)


@dataclass(frozen=True)
class _Known:
    """What the rules need to know beyond the row: sources, and the patients who were read in our own words."""

    sources: set[str]
    left_out: set[str]
    paraphrased: set[str]

    @classmethod
    def of(cls, rows: dict[str, list[Row]], sources: set[str]) -> _Known:
        left_out = {row.get("source_id", "") for _, row in rows.get("left_out", [])}
        published = ("comparator", "context")
        paraphrased = {row.get("case_id", "") for _, row in rows.get("cases", []) if row.get("role") in published}
        return cls(sources, left_out, paraphrased)


def _house_problems(table: str, rows: list[Row], known: _Known) -> Iterator[Problem]:
    """The rules that a schema cannot say."""
    for number, row in rows:

        def problem(column: str, expected: str, mend: str, number=number, row=row) -> Problem:
            return Problem(table, number, column, row.get(column, ""), expected, mend)

        yield from _source_problems(table, row, known, problem)
        if "basis" in row:
            yield from _basis_problems(row, known, problem)
        if "limits" in row or table == "survival":
            yield from _limits_problems(row, problem)
        if table in ("outcomes", "worked_counts"):
            yield from _count_problems(row, problem)
        if table == "bounds":
            least, most = _number(row.get("min_days")), _number(row.get("max_days"))
            if least is not None and most is not None and least > most:
                yield problem("min_days", f"at most max_days ({row['max_days']})", "Swap or correct the two.")
            if row.get("from_event") and row.get("from_event") == row.get("to_event"):
                yield problem("to_event", "another event than from_event", "Name the event that the days lead to.")
        if table == "cases" and (row.get("role") == "made-up") != row.get("case_id", "").startswith(MADE_UP):
            yield problem(
                "case_id",
                f"{MADE_UP}… if and only if the role is made-up",
                "Rename the patient, or change the role.",
            )
        if table == "gaps" and row.get("value"):
            for column in ("read_in", "locator"):
                if not row.get(column):
                    yield problem(
                        column,
                        "where the value was read",
                        "Give the paper's section, figure or table.",
                    )


Said = Callable[[str, str, str], Problem]


def _source_problems(table: str, row: dict[str, str], known: _Known, problem: Said) -> Iterator[Problem]:
    made_up = any(row.get(column, "").startswith(MADE_UP) for column in ("case_id", "dataset"))
    if "source_id" in row and not row["source_id"] and not made_up:
        yield problem("source_id", f"a key of {BIBLIOGRAPHY}", "Name the source; only what is made up has none.")
    columns = {"studies": ("study_id",), "overlaps": ("study_a", "study_b"), "left_out": ()}
    columns |= {"contradictions": ("source_a", "source_b")}
    allowed = known.sources | (known.left_out if table in ("overlaps", "contradictions") else set())
    for column in columns.get(table, ("source_id",)):
        if row.get(column) and known.sources and row[column] not in allowed:
            yield problem(column, f"a key of {BIBLIOGRAPHY}", "Correct the key, or add the source there.")


def _limits_problems(row: dict[str, str], problem: Said) -> Iterator[Problem]:
    low, high = _number(row.get("low")), _number(row.get("high"))
    if low is not None and high is not None and low > high:
        yield problem("low", f"at most high ({row['high']})", "Swap or correct the two.")
    observed = row.get("nature", "observed") == "observed"
    if (row.get("low") or row.get("high")) and observed and row.get("limits") == "":
        yield problem("limits", "what low and high are", "Say whether they are a confidence interval or a range.")


def _count_problems(row: dict[str, str], problem: Said) -> Iterator[Problem]:
    events, total = _number(row.get("events")), _number(row.get("n"))
    if events is None or not total:
        return
    if events > total:
        yield problem("events", f"at most n ({row['n']})", "Correct one of the two.")
        return
    printed, caveat = row.get("value") or "", row.get("caveat") or ""
    if not NUMBER.fullmatch(printed):
        return
    digits = len(printed.partition(".")[2])
    share = 100 * events / total
    if abs(share - float(printed)) > 0.5 * 10**-digits + 1e-9 and f"{share:.1f}%" not in caveat:
        yield problem(
            "value",
            f"{share:.{digits}f}, which is {row['events']} of {row['n']}",
            f'Correct it, or say in the caveat that the count gives "{share:.1f}%" and why the source prints another.',
        )


def _basis_problems(row: dict[str, str], known: _Known, problem: Said) -> Iterator[Problem]:
    for basis, column, expected, mend in BASIS_NEEDS:
        if column == "wording" and row.get("case_id") in known.paraphrased:
            continue  # a published patient was read in our own words; the source's are not at hand
        if row["basis"] == basis and not (row.get(column) or "").strip():
            yield problem(column, f"{expected}, because the basis is {basis}", mend)


def _number(text: str | None) -> float | None:
    try:
        return float(text) if text else None
    except ValueError:
        return None  # reported as a wrong type


def _frame(resource) -> pd.DataFrame:
    rows = [row.to_dict() for row in resource.read_rows()]
    rows = [row for row in rows if any(cell is not None for cell in row.values())]  # blank lines are no facts
    return pd.DataFrame(
        {
            field.name: pd.Series([row[field.name] for row in rows], dtype=DTYPES[field.type])
            for field in resource.schema.fields
        }
    )


def _dictionary(package: Package) -> pd.DataFrame:
    return pd.DataFrame(
        [
            {
                "table": resource.name,
                "column": field.name,
                "type": field.type,
                "title": field.title,
                "description": field.description,
                "constraints": _expected(field) if field.constraints else "",
            }
            for resource in package.resources
            for field in resource.schema.fields
        ],
        dtype="str",
    )
