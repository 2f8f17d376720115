"""What must be true of the tables and what a schema cannot say: rows in, problems out.

What each basis needs, which sources exist, how counts, shares and limits fit together.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

from casebook.data import answers, cells, kind_rules
from casebook.data.checks import Problem, Row, Rows
from casebook.data.conditions import condition
from casebook.data.gaps import DAY, FILLED_BY
from casebook.data.sources import BIBLIOGRAPHY
from casebook.words import MADE_UP

# What a value needs beside it: its column, the value, the column that must be filled, what it is, how to mend it.
NEEDS = (
    ("basis", "stated", "locator", "the place in the source", "Say where in the source it is stated."),
    ("basis", "stated", "wording", "the source's own words", "Give the source's own few words, six at most."),
    ("basis", "defined", "definition_id", "the definition relied on", "Name a row of definitions."),
    ("basis", "inferred", "reason", "the reason of the reading", "Say why the curator reads it so."),
    ("answer", "yes", "shown_by", "the row that shows it, as table/row", "Name it, or answer that it is unclear."),
    ("answer", "no", "shown_by", "the row that shows it, as table/row", "Name it, or answer that it is unclear."),
)
ORDERED = (("low", "high"), ("min_days", "max_days"))  # the lesser column first
# The columns that hold keys of the bibliography, where they are not `source_id`.
SOURCES = {
    "studies": ("study_id",),
    "overlaps": ("study_a", "study_b"),
    "contradictions": ("source_a", "source_b"),
    "left_out": (),
    "bias_items": ("tool_source",),
}

TELLS_MORE = ("ends", "lasts", "same_as")  # columns of events that name the event of which a row tells more

# Tables of results, whose rows others name by the id alone, and the columns that hold it.
RESULTS = {"outcomes": "outcome_id", "survival": "survival_id", "intervals": "interval_id"}
NAMES_RESULTS = {"prognosis": "result", "contradictions": "results"}
# A place in an article: a numbered part ("Table S1", "p. 4", "3.1"), a section named as such, or a usual heading.
NUMBERED = (
    r"\b(?:table|tab|figure|fig|page|line|box|panel|file|sheet|case|patient)s?\.?\s*(?:[a-z]{0,2}\d|[ivx]+\b)"
    r"|\bpp?\.?\s*\d"
)
SECTION = r"(?:\b(?:sub)?(?:section|sec|heading|paragraph|para)\b\.?|§)\s*\S|\b\d+\.\d"
HEADINGS = (
    "appendix background caption case~description case~history case~presentation case~report case~series case~summary "
    "clinical~course clinical~finding complication conclusion consent diagnosis diagnostic~assessment discussion "
    "ethics~statement finding follow~up footnote graphical~abstract introduction intervention investigation legend "
    "material method outcome patient~information patient~perspective result supplement supplementary~material "
    "therapeutic~intervention timeline title treatment"
)
USUAL = rf"\b(?:{'|'.join(HEADINGS.split())})s?\b".replace("~", "[ -]")
PLACE = re.compile(f"{NUMBERED}|{SECTION}|{USUAL}", re.IGNORECASE)
PLACES = (
    'Name the place, as in "Table 2", "Figure 1B", "page 4", "Results, section 3.1" or "Case presentation, case 1"; '
    'before a heading that is not a usual one write the word section, as in "section Course after the graft".'
)

Said = Callable[[str, str, str], Problem]  # column, expected, mend


@dataclass(frozen=True)
class _Known:
    """What the rules need beyond the row: sources, patients by how they were read, rows of results."""

    sources: frozenset[str] | None
    left_out: frozenset[str]
    paraphrased: frozenset[str]
    own: frozenset[str]
    index: frozenset[str]
    cases: bool
    results: frozenset[str]


def problems(rows: Rows, sources: frozenset[str] | None) -> Iterator[Problem]:
    """Say what is wrong with the tables beyond their schema.

    Parameters
    ----------
    rows : mapping of str to list of Row
        The rows of the tables that could be read.
    sources : frozenset of str, or None
        The keys of the bibliography; None if it could not be read.
    """
    left_out = frozenset(row.value.get("source_id") for row in rows.get("left_out", []))
    results = frozenset(row.value.get(key) for table, key in RESULTS.items() for row in rows.get(table, []))
    told, own = _patients(rows, "comparator", "context", "own"), _patients(rows, "own")
    known = _Known(sources, left_out, told, own, _patients(rows, "index"), bool(rows.get("cases")), results)
    for table, found in rows.items():
        whole = [row for row in found if row.whole]
        for row in whole:
            for problem in _of_row(table, row, known):
                if problem.column in row.text:  # a column that is missing is reported already
                    yield problem
        if table == "events":
            yield from _told_again_problems(table, whole)
        if table == "overlaps":
            yield from _pair_problems(table, whole)
        yield from _together_problems(table, [row for row in whole if row.value.get("together")])
        if table == "gaps":
            yield from _cell_problems(rows, whole)
    yield from _shared_problems(rows)
    yield from kind_rules.kind_problems(rows)
    yield from answers.answer_problems(rows)
    yield from _contradicted_problems(rows)


def is_place(locator: str) -> bool:
    """Whether some words may be a place in an article.

    A part with its number, a section that is called one, and the usual heading of a section are places.

    Examples
    --------
    >>> is_place("Table S1"), is_place("case 1, Results 3.1"), is_place("Case presentation, case 1")
    (True, True, True)
    >>> is_place("section Course after the graft"), is_place("Course after the graft"), is_place("somewhere")
    (True, False, False)
    """
    return PLACE.search(locator) is not None


def _patients(rows: Rows, *roles: str) -> frozenset[str]:
    return frozenset(row.value.get("case_id") for row in rows.get("cases", []) if row.value.get("role") in roles)


def _of_row(table: str, row: Row, known: _Known) -> Iterator[Problem]:
    said = partial(row.problem, table)
    yield from _source_problems(table, row, known, said)
    if row.value.get("case_id") in known.index:
        yield from _place_problems(table, row, said)
    yield from _need_problems(row, known, said)
    yield from _order_problems(row, said)
    limited = (row.value.get("low"), row.value.get("high")) != (None, None)
    if limited and row.value.get("nature", "observed") == "observed" and row.text.get("limits") == "":
        yield said("limits", "what low and high are", "Say whether they are a confidence interval or a range.")
    if table in ("outcomes", "worked_counts", "held_back"):
        yield from _count_problems(row, said)
    if row.value.get("from_event") and row.value["from_event"] == row.value.get("to_event"):
        yield said("to_event", "another event than from_event", "Name the event that the days lead to.")
    if "operator" in row.value:
        yield from _condition_problems(row, said)
    if table == "cases":
        made_up = (row.value.get("case_id") or "").startswith(MADE_UP)
        if (row.value.get("role") == "made-up") != made_up:
            wanted = f"{MADE_UP}… if and only if the role is made-up"
            yield said("case_id", wanted, "Rename the patient, or change the role.")
    if table in NAMES_RESULTS:
        yield from _result_problems(row, NAMES_RESULTS[table], known, said)
    if table == "gaps" and row.value.get("value"):
        for column in ("read_in", "locator"):
            if not row.value.get(column):
                yield said(column, "where the value was read", "Give the paper's section, figure or table.")


def _source_problems(table: str, row: Row, known: _Known, said: Said) -> Iterator[Problem]:
    made_up = any((row.value.get(column) or "").startswith(MADE_UP) for column in ("case_id", "dataset"))
    if row.text.get("source_id") == "" and not made_up and row.value.get("case_id") not in known.own:
        yield said("source_id", f"a key of {BIBLIOGRAPHY}", "Name the source; only made-up and own patients have none.")
    if known.sources is None:
        return
    allowed = known.sources | (known.left_out if table in ("overlaps", "contradictions") else set())
    for column in SOURCES.get(table, ("source_id",)):
        if row.value.get(column) and row.value[column] not in allowed:
            yield said(column, f"a key of {BIBLIOGRAPHY}", "Correct the key, or add the source there.")


def _result_problems(row: Row, column: str, known: _Known, said: Said) -> Iterator[Problem]:
    names = (row.value.get(column) or "").split("|")
    if any(name and name not in known.results for name in names):
        yield said(column, f"rows of {', '.join(RESULTS)}", "Correct the name, or add the row there.")
    if "beside" in row.text and any(names) != bool(row.value.get("beside")):
        yield said("beside", "some words if and only if results are named", "Say what a figure has to say beside them.")


def _contradicted_problems(rows: Rows) -> Iterator[Problem]:
    """Like faults get like answers: what a source is told to contradict itself in, each appraisal must tell, too."""
    itself: dict[str, list[str]] = {}
    for row in rows.get("contradictions", []):
        if row.value.get("source_a") and row.value["source_a"] == row.value.get("source_b"):
            itself.setdefault(row.value["source_a"], []).append(f"contradictions/{row.value.get('contradiction_id')}")
    asked = {row.value.get("item_id") for row in rows.get("bias_items", []) if row.value.get("no_if_contradicted")}
    for row in rows.get("bias", []):
        shown = itself.get(row.value.get("source_id"), [])
        if not (row.whole and shown and row.value.get("item_id") in asked):
            continue
        mend = "Its own results do not fit together: answer as for every source of which that is so."
        if row.value.get("answer") != "no":
            yield row.problem("bias", "answer", f"no, shown by {' or '.join(shown)}", mend)
        elif row.value.get("shown_by") not in shown:
            yield row.problem("bias", "shown_by", " or ".join(shown), mend)


def _place_problems(table: str, row: Row, said: Said) -> Iterator[Problem]:
    """What is known of an index patient beyond the record has been read in the paper, at a place."""
    filled = table == "gaps" and row.value.get("value")
    if filled and row.value.get("read_in") not in (None, "paper"):
        wanted = "paper, because a gap is what the record does not hold"
        yield said("read_in", wanted, "Read the fact in the paper, or clear the value.")
        return
    place = row.text.get("locator") or ""
    said_already = not place and (table == "gaps" or row.value.get("basis") == "stated")
    if row.value.get("read_in") == "paper" and not is_place(place) and not said_already:
        yield said("locator", "a place in the paper, because the fact was read there", PLACES)


def _need_problems(row: Row, known: _Known, said: Said) -> Iterator[Problem]:
    for column, value, needed, wanted, mend in NEEDS:
        if needed == "wording" and (not known.cases or row.value.get("case_id") in known.paraphrased):
            continue  # a published patient was read in our own words; the source's are not at hand
        if row.value.get(column) == value and not row.text.get(needed):
            yield said(needed, f"{wanted}, because the {column} is {value}", mend)


def _order_problems(row: Row, said: Said) -> Iterator[Problem]:
    for less, more in ORDERED:
        low, high = row.value.get(less), row.value.get(more)
        if low is not None and high is not None and low > high:
            yield said(less, f"at most {more} ({row.text[more]})", "Swap or correct the two.")


def _count_problems(row: Row, said: Said) -> Iterator[Problem]:
    events, total = row.value.get("events"), row.value.get("n")
    if events is None or not total:
        return
    if events > total:
        yield said("events", f"at most n ({total})", "Correct one of the two.")
        return
    printed, caveat = row.value.get("value"), row.value.get("caveat") or ""
    if printed is None:
        return
    digits = cells.decimals(row.text["value"])
    share = 100 * events / total
    if abs(share - printed) > 0.5 * 10**-digits + 1e-9 and f"{share:.1f}%" not in caveat:
        yield said(
            "value",
            f"{share:.{digits}f}, which is {events} of {total}",
            f'Correct it, or say in the caveat that the count gives "{share:.1f}%" and why the source prints another.',
        )


def _condition_problems(row: Row, said: Said) -> Iterator[Problem]:
    if operator := row.value.get("operator"):
        try:
            condition(operator, row.value.get("threshold") or "")
        except ValueError as error:
            yield said("threshold", str(error), "Correct the threshold, or the condition beside it.")


def _together_problems(table: str, rows: list[Row]) -> Iterator[Problem]:
    """Conditions that hold only together make one rule: it decides one thing, gives one value and is used or not."""
    first: dict[str, Row] = {}
    for row in rows:
        one = first.setdefault(row.value["together"], row)
        for column in ("decides", "grade", "verified"):
            if column in row.text and row.text[column] != one.text[column]:
                wanted = f"{one.text[column]!r}, as in the first row of {row.value['together']!r} (together)"
                yield row.problem(table, column, wanted, "Give all rows of the name the same, or part them by name.")


def _cell_problems(rows: Rows, gaps: list[Row]) -> Iterator[Problem]:
    """The cell that a gap names is one of its own patient."""
    for gap in filter(lambda gap: gap.value.get("fills"), gaps):
        table, name, column = gap.value["fills"].split("/")
        key = FILLED_BY.get(table)
        if not key or table not in rows:
            continue  # an unknown or a missing table is reported already
        of = "cases" if key == "case_id" else table  # a patient has many values or none
        if of not in rows:
            continue
        found = [row for row in rows[of] if row.value.get(key) == name]
        if not found or found[0].value.get("case_id") != gap.value.get("case_id"):
            wanted, mend = f"a {key} of {of} that is {gap.value.get('case_id')}'s", "Correct the name of the row."
            yield gap.problem("gaps", "fills", wanted, mend)
        elif column not in found[0].text and (table, column) not in (("events", DAY), ("measurements", "value")):
            yield gap.problem("gaps", "fills", f"a column of {table}", "Correct the name of the column.")


def _pair_problems(table: str, rows: list[Row]) -> Iterator[Problem]:
    """Two studies share patients or do not, whichever is named first; the same way round is a key that stands twice."""
    seen: set[tuple[object, object]] = set()
    for row in rows:
        pair = row.value.get("study_a"), row.value.get("study_b")
        if None in pair:
            continue
        if pair[0] == pair[1]:
            yield row.problem(table, "study_b", "another study than study_a", "Name the other study.")
        elif pair[::-1] in seen:
            wanted = "two studies that stand together in one row only, whichever comes first"
            yield row.problem(table, "study_b", wanted, "Keep one of the two rows.")
        seen.add(pair)


def _shared_problems(rows: Rows) -> Iterator[Problem]:
    """An id of a result stands in one table only: `prognosis` names it without its table."""
    seen: dict[object, str] = {}
    for table, column in RESULTS.items():
        for row in rows.get(table, []):
            named = row.value.get(column)
            if named is not None and seen.setdefault(named, table) != table:
                wanted = f"an id that no other table of results has; {seen[named]} has it"
                yield row.problem(table, column, wanted, "Give the row a name of its own.")


def _told_again_problems(table: str, rows: list[Row]) -> Iterator[Problem]:
    """A row tells one thing more of one other event of its patient, which is an event of its own; no circle of them."""
    patient = {row.value.get("event_id"): row.value.get("case_id") for row in rows}
    told: dict[str, tuple[str, str]] = {}  # what each row tells more of, and in which column
    for row in rows:
        filled = [column for column in TELLS_MORE if row.value.get(column)]
        for column in filled[1:]:
            wanted = f"a blank cell, because {filled[0]} is filled"
            yield row.problem(table, column, wanted, "Keep one of the two: a row tells one thing of another event.")
        for column in filled[:1]:
            told[row.value["event_id"]] = row.value[column], column
    for row in rows:
        own = row.value.get("event_id")
        other, column = told.get(own, ("", ""))
        if other == own:
            yield row.problem(
                table, column, "another event than the row's own", "Name the other event, or leave blank."
            )
        elif patient.get(other, row.value.get("case_id")) != row.value.get("case_id"):
            yield row.problem(table, column, "an event of the same patient", "Correct the one or the other.")
        elif told.get(other, ("", ""))[1] in ("ends", "lasts"):
            wanted = f"an event of its own, which {other} is not: its {told[other][1]} is filled"
            yield row.problem(table, column, wanted, f"Name the event that {other} names.")
        elif own in told and own == min(_circle(told, own), default=None):
            around = " to ".join([*_circle(told, own), own])
            yield row.problem(
                table, column, f"no circle, as {around} is", "Leave it blank where the event is told first."
            )


def _circle(told: dict[str, tuple[str, str]], start: str | None) -> list[str]:
    """The events by which a row leads back to itself; none if it does not."""
    seen, at = [], start
    while at in told and at not in seen:
        seen.append(at)
        at = told[at][0]
    return seen if seen and at == start else []
