"""The rows of a case file in words: what each is called, what a bound says, what is wrong with a row."""

from __future__ import annotations

import difflib
import json
from collections.abc import Iterable, Iterator, Mapping

from casebook import data
from casebook.words import count

TABLES = ("cases", "events", "bounds", "gaps", "measurements")
KEYS = {"cases": "case_id", "events": "event_id", "bounds": "bound_id", "gaps": "gap_id"}
KEYS |= {"measurements": "measurement_id"}
ONE = {"cases": "case", "events": "event", "bounds": "bound", "gaps": "gap", "measurements": "value"}

Row = Mapping[str, str]


def in_short(value: object) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 60 else f"{text[:59]}…"


def row_name(table: str, row: Mapping, number: int = 0) -> str:
    """What a row is called in a sentence: its case, and its own name."""
    own, case = row.get(KEYS[table]), row.get("case_id")
    if not isinstance(own, str) or not own:
        return f"case {case}, row {number} of {table}" if isinstance(case, str) and case else f"{table}, row {number}"
    return f"case {own}" if table == "cases" else f"case {case or '(none)'}, {ONE[table]} {own}"


def told_by_days(bounds: Iterable[Row], events: Iterable[Row]) -> list[Row]:
    """The bounds of a file, each with what it says in words: its own, or else its days."""
    labels = {row["event_id"]: row["label"] for row in events if row}
    return [{**row, "statement": row["statement"] or _sentence(row, labels)} for row in bounds]


def _sentence(row: Row, labels: Mapping[str, str]) -> str:
    """What a bound says in words, where its file does not.

    Examples
    --------
    >>> bound = {"from_event": "a", "to_event": "b", "min_days": "3", "max_days": "5"}
    >>> _sentence(bound, {"a": "the infusion", "b": "CRS"})
    'CRS: 3 to 5 days after the infusion.'
    >>> _sentence(bound | {"max_days": ""}, {})
    'b: at least 3 days after a.'
    """
    least, most = row["min_days"], row["max_days"]
    between = f"{least} to {most}" if least and most != least else most or least
    if least and not most:
        between = f"at least {least}"
    elif most and not least:
        between = f"at most {most}"
    unit = (
        "" if not between or between[-1].isalpha() else " day" if between.endswith(" 1") or between == "1" else " days"
    )
    start, end = (labels.get(row[event], row[event]) for event in ("from_event", "to_event"))
    return f"{end}: {between or 'at some time'}{unit} after {start}."


def in_sentences_of(
    error: data.DataError, records: Mapping[str, list[list[str]]], kinds: Iterable[str]
) -> Iterator[str]:
    """Say what is wrong with some tables by the names of rows, which a file has, and not by their numbers.

    Parameters
    ----------
    error : DataError
        From `data.load`.
    records : mapping of str to list of list of str
        What was given to it.
    kinds : iterable of str
        The kinds of events that there are.
    """
    for problem in error.problems:
        lines = records.get(problem.table, [])
        if problem.table not in TABLES or not 2 <= problem.row <= len(lines):
            yield str(problem)
            continue
        row = dict(zip(lines[0], lines[problem.row - 1]))
        more = f" and {count(problem.cells - 1, 'row')} more" if problem.cells > 1 else ""
        mend = problem.mend
        if (problem.table, problem.column) == ("events", "kind"):
            near = difflib.get_close_matches(problem.value, list(kinds), n=1)
            first = f"Write {near[0]}, if that is meant, or take" if near else "Take"
            mend = f"{first} the kind other, with a lane and a label of your own."
        of, column = row_name(problem.table, row, problem.row - 1), f", column {problem.column}" * bool(problem.column)
        values = ", ".join(repr(value) for value in (problem.value, *problem.others)[:3])
        yield f"{of}{more}{column}: found {values}; expected {problem.expected}. {mend}"
