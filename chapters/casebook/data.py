"""Load the tables of the book, checked against their schema.

This is the only module that touches files: `schema` says what the tables may hold, `cells` reads
what stands in a cell, `checks` and `rules` say what is wrong.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable
from dataclasses import dataclass, fields, replace
from pathlib import Path

import pandas as pd
from pybtex.exceptions import PybtexError

from casebook import bibliography, checks, rules
from casebook.checks import DataError, Problem, Row
from casebook.schema import Table, expected, tables

__all__ = ["DATA", "Casebook", "DataError", "Problem", "load", "load_table", "select"]

DATA = Path(__file__).resolve().parents[2] / "data"
SCHEMA = "datapackage.json"
IN_PLACE_OF_A_FILE = "A folder has its name: put the file in its place."
SEPARATORS = {";": "semicolons", "\t": "tabs"}


@dataclass(frozen=True)
class Casebook:
    """Everything that the book knows, one table an attribute.

    Every attribute is a DataFrame with the columns that `datapackage.json` gives it, typed
    by it: text as `str`, whole numbers as `Int64`, numbers as `float64`, truth values as
    `bool`; a blank cell is missing. A length of time is `float64`, and a text column beside it
    keeps how it was published: `min_days` and `min_published`, `max_days` and `max_published`
    (blank for plain days), `age_years` and `age`.

    Attributes
    ----------
    record : DataFrame
        The sentences of the index paper's public record, in our own words.
    cases, events, bounds : DataFrame
        Patients; what happened to them; what is known of the time between two events.
    definitions, rival_bounds : DataFrame
        Terms as a source defines them, and the rivals; what would stand in the place of a bound under a rival.
    concepts, entities : DataFrame
        Terms with identifiers; what the hosting site's text mining found (third party).
    gaps, explanations, lessons : DataFrame
        What the record does not hold; what it cannot separate; what is to be learned.
    management, differential : DataFrame
        What guidelines, labels and series say of managing such patients; what else to think of.
    criteria_crs, criteria_ice, criteria_icans, criteria_gvhd_stage, criteria_gvhd_grade : DataFrame
        The rules of grading instruments, one condition a row.
    criteria_gvhd_onset, criteria_tma : DataFrame
        The same for early onset and for microangiopathy.
    phases, worked_patients, checklist : DataFrame
        The parts of the way; made-up patients beside lessons; what a report of such a case should tell.
    care : DataFrame
        The sub-items of the CARE guideline, and whether the record holds them.
    studies, outcomes, intervals, survival : DataFrame
        Published series, and what they report: counts, times, survival.
    prognosis, pretreatment, associations : DataFrame
        Which results say how patients did; how they were prepared for the graft; what went with complications.
    overlaps, contradictions, left_out : DataFrame
        Studies that share patients; statements that do not fit together; sources that are known
        and not relied on.
    eligibility, searches : DataFrame
        The question and what was taken in; what was looked for, and where.
    bias_items, bias, funding : DataFrame
        Questions of appraisal, the answers source by source, and ties to makers of products.
    pooling, held_back : DataFrame
        Which outcomes may be pooled, by one rule; counts that wait for their reference to be checked.
    certainty, certainty_reasons : DataFrame
        Statements whose certainty is judged, and the reasons, domain by domain.
    worked_counts, reference_intervals, reference_pooled : DataFrame
        Data sets on which the statistics are tried, and the values that they must meet.
    lanes, kinds, looks, basis_words : DataFrame
        The vocabulary of this book: lanes of a timeline, kinds of events, how things are drawn, and the
        words that say what a statement rests on.
    traits, features, categories, sentences : DataFrame
        How patients are told apart; what is looked for in them; which studies may be pooled; which published
        numbers stand in sentences.
    sources : DataFrame
        The bibliography: `source_id`, `type`, `title`, `year`, `doi`, and `lacks`, what was not read of author or
        group, year and identifier.
    dictionary : DataFrame
        The schema itself: `table`, `column`, `type`, `title`, `description`, `constraints`.
    """

    record: pd.DataFrame
    cases: pd.DataFrame
    events: pd.DataFrame
    bounds: pd.DataFrame
    rival_bounds: pd.DataFrame
    definitions: pd.DataFrame
    concepts: pd.DataFrame
    entities: pd.DataFrame
    gaps: pd.DataFrame
    explanations: pd.DataFrame
    lessons: pd.DataFrame
    management: pd.DataFrame
    differential: pd.DataFrame
    criteria_crs: pd.DataFrame
    criteria_ice: pd.DataFrame
    criteria_icans: pd.DataFrame
    criteria_gvhd_stage: pd.DataFrame
    criteria_gvhd_grade: pd.DataFrame
    criteria_gvhd_onset: pd.DataFrame
    criteria_tma: pd.DataFrame
    phases: pd.DataFrame
    worked_patients: pd.DataFrame
    checklist: pd.DataFrame
    care: pd.DataFrame
    studies: pd.DataFrame
    outcomes: pd.DataFrame
    intervals: pd.DataFrame
    survival: pd.DataFrame
    prognosis: pd.DataFrame
    pretreatment: pd.DataFrame
    associations: pd.DataFrame
    overlaps: pd.DataFrame
    contradictions: pd.DataFrame
    left_out: pd.DataFrame
    eligibility: pd.DataFrame
    searches: pd.DataFrame
    bias_items: pd.DataFrame
    bias: pd.DataFrame
    funding: pd.DataFrame
    pooling: pd.DataFrame
    held_back: pd.DataFrame
    certainty: pd.DataFrame
    certainty_reasons: pd.DataFrame
    worked_counts: pd.DataFrame
    reference_intervals: pd.DataFrame
    reference_pooled: pd.DataFrame
    lanes: pd.DataFrame
    kinds: pd.DataFrame
    looks: pd.DataFrame
    basis_words: pd.DataFrame
    traits: pd.DataFrame
    features: pd.DataFrame
    categories: pd.DataFrame
    sentences: pd.DataFrame
    sources: pd.DataFrame
    dictionary: pd.DataFrame


def load(path: str | Path | None = None) -> Casebook:
    """Read every table once, check it, and give one frozen record.

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
    schema = _schema(folder)
    names, wanted = {table.name for table in schema}, {field.name for field in fields(Casebook)}
    if odd := names ^ (wanted - {"sources", "dictionary"}):
        mend = f"Add or take out, here or there: {', '.join(sorted(odd))}."
        raise DataError([_file_problem(SCHEMA, "the tables that Casebook has", mend)])
    problems: list[Problem] = []
    sources = _sources(folder, problems)
    rows = {}
    for table in schema:
        if records := _records(folder / table.path, table, problems):
            rows[table.name] = checks.typed_rows(table, records, problems)
    problems.extend(checks.key_problems(schema, rows))
    problems.extend(rules.problems(rows, frozenset(sources["source_id"])))
    if problems:
        raise DataError(problems)
    frames = {table.name: _frame(table, rows[table.name]) for table in schema}
    events, kinds = frames["events"], frames["kinds"].set_index("kind")
    frames["events"] = events.assign(lane=events["lane"].fillna(events["kind"].map(kinds["lane"])))
    return Casebook(**frames, sources=sources, dictionary=_dictionary(schema))


def load_table(name: str, path: str | Path, folder: str | Path | None = None) -> pd.DataFrame:
    """Read one table from a file anywhere, checked against the schema of the book.

    Parameters
    ----------
    name : str
        Which table of the schema it is, such as "checklist".
    path : str or Path
        The CSV file.
    folder : str or Path, optional
        The folder that holds `datapackage.json`; the book's own `data/` if left out.

    Raises
    ------
    DataError
        If anything is wrong; it names every problem at once.
    ValueError
        If the schema has no such table.
    """
    known = {table.name: table for table in _schema(Path(folder) if folder is not None else DATA)}
    if name not in known:
        raise ValueError(f"the schema has no table {name!r}: name one of {', '.join(known)}")
    problems: list[Problem] = []
    records = _records(Path(path), known[name], problems)
    rows = checks.typed_rows(known[name], records, problems) if records else []
    problems.extend(checks.key_problems([replace(known[name], foreign_keys=())], {name: rows}))
    if problems:
        raise DataError(problems)
    return _frame(known[name], rows)


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


def _sources(folder: Path, problems: list[Problem]) -> pd.DataFrame:
    name, found = rules.BIBLIOGRAPHY, bibliography.sources("")
    try:
        found = bibliography.sources((folder / name).read_text(encoding="utf-8-sig"))
        if found.empty:
            problems.append(_file_problem(name, "at least one source", "Put it back from the repository."))
    except FileNotFoundError:
        problems.append(_file_problem(name, "the bibliography", "Put it back from the repository."))
    except (UnicodeDecodeError, OSError, PybtexError) as error:
        problems.append(_file_problem(name, "a BibTeX file in UTF-8", f"It says: {error}"))
    return found


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
        return refuse("a header and at least one row", "The file is empty: put it back from the repository.")
    header = records[0]
    for separator, name in SEPARATORS.items():
        if len(header) == 1 < len(table.fields) and separator in header[0]:
            mend = "A spreadsheet saved it so: save it as CSV, comma-separated, in UTF-8."
            return refuse(f"cells separated by commas, not by {name}", mend, row=1, value=header[0])
    return records


def _frame(table: Table, rows: Iterable[Row]) -> pd.DataFrame:
    columns = {}
    for field in table.fields:
        columns[field.name] = pd.Series([row.value[field.name] for row in rows], dtype=field.dtype)
        if field.published:
            columns[field.published] = pd.Series([row.value[field.published] for row in rows], dtype="str")
    return pd.DataFrame(columns)


def _dictionary(schema: Iterable[Table]) -> pd.DataFrame:
    rows = [
        {
            "table": table.name,
            "column": field.name,
            "type": field.kind,
            "title": field.title,
            "description": field.description,
            "constraints": expected(field) if field.constrained else "",
        }
        for table in schema
        for field in table.fields
    ]
    return pd.DataFrame(rows, dtype="str")
