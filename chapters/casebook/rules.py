"""What must be true of the tables and what a schema cannot say: rows in, problems out.

What each basis needs, which sources exist, how counts, shares and limits fit together.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

from casebook import cells
from casebook.checks import Problem, Row, Rows
from casebook.conditions import condition
from casebook.words import MADE_UP

BIBLIOGRAPHY = "references.bib"
# What each basis needs: the basis, the column that must be filled, what it is, how to mend it.
BASIS_NEEDS = (
    ("stated", "locator", "the place in the source", "Say where in the source it is stated."),
    ("stated", "wording", "the source's own words", "Give the source's own few words, six at most."),
    ("defined", "definition_id", "the definition relied on", "Name a row of definitions."),
    ("inferred", "reason", "the reason of the reading", "Say why the curator reads it so."),
)
# The columns that hold keys of the bibliography, where they are not `source_id`.
SOURCES = {
    "studies": ("study_id",),
    "overlaps": ("study_a", "study_b"),
    "contradictions": ("source_a", "source_b"),
    "left_out": (),
    "bias_items": ("tool_source",),
}

Said = Callable[[str, str, str], Problem]  # column, expected, mend


@dataclass(frozen=True)
class _Known:
    """What the rules need to know beyond the row: sources, and the patients who were read in our own words."""

    sources: frozenset[str]
    left_out: frozenset[str]
    paraphrased: frozenset[str]


def problems(rows: Rows, sources: frozenset[str]) -> Iterator[Problem]:
    """Say what is wrong with the tables beyond their schema.

    Parameters
    ----------
    rows : mapping of str to list of Row
        The rows of the tables that could be read.
    sources : frozenset of str
        The keys of the bibliography; empty if it could not be read.
    """
    published = [row for row in rows.get("cases", []) if row.value.get("role") in ("comparator", "context")]
    left_out = frozenset(row.value.get("source_id") for row in rows.get("left_out", []))
    known = _Known(sources, left_out, frozenset(row.value.get("case_id") for row in published))
    for table, found in rows.items():
        whole = [row for row in found if row.whole]
        for row in whole:
            for problem in _of_row(table, row, known):
                if problem.column in row.text:  # a column that is missing is reported already
                    yield problem
        if table == "overlaps":
            yield from _pair_problems(table, whole)
    yield from _contradicted_problems(rows)


def _of_row(table: str, row: Row, known: _Known) -> Iterator[Problem]:
    said = partial(row.problem, table)
    yield from _source_problems(table, row, known, said)
    if "basis" in row.value:
        yield from _basis_problems(row, known, said)
    if "limits" in row.value or table == "survival":
        yield from _limits_problems(row, said)
    if table in ("outcomes", "worked_counts", "held_back"):
        yield from _count_problems(row, said)
    if table in ("bounds", "rival_bounds"):
        yield from _bound_problems(row, said)
    if "operator" in row.value:
        yield from _condition_problems(row, said)
    if table == "cases":
        made_up = (row.value.get("case_id") or "").startswith(MADE_UP)
        if (row.value.get("role") == "made-up") != made_up:
            wanted = f"{MADE_UP}… if and only if the role is made-up"
            yield said("case_id", wanted, "Rename the patient, or change the role.")
    if table == "bias" and row.value.get("answer") in ("yes", "no") and not row.value.get("shown_by"):
        yield said("shown_by", "the row that shows it, as table/row", "Name it, or answer that it is unclear.")
    if table == "gaps" and row.value.get("value"):
        for column in ("read_in", "locator"):
            if not row.value.get(column):
                yield said(column, "where the value was read", "Give the paper's section, figure or table.")


def _source_problems(table: str, row: Row, known: _Known, said: Said) -> Iterator[Problem]:
    made_up = any((row.value.get(column) or "").startswith(MADE_UP) for column in ("case_id", "dataset"))
    if row.text.get("source_id") == "" and not made_up:
        yield said("source_id", f"a key of {BIBLIOGRAPHY}", "Name the source; only what is made up has none.")
    allowed = known.sources | (known.left_out if table in ("overlaps", "contradictions") else set())
    for column in SOURCES.get(table, ("source_id",)):
        if row.value.get(column) and known.sources and row.value[column] not in allowed:
            yield said(column, f"a key of {BIBLIOGRAPHY}", "Correct the key, or add the source there.")


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


def _basis_problems(row: Row, known: _Known, said: Said) -> Iterator[Problem]:
    for basis, column, wanted, mend in BASIS_NEEDS:
        if column == "wording" and row.value.get("case_id") in known.paraphrased:
            continue  # a published patient was read in our own words; the source's are not at hand
        if row.value["basis"] == basis and not row.text.get(column):
            yield said(column, f"{wanted}, because the basis is {basis}", mend)


def _limits_problems(row: Row, said: Said) -> Iterator[Problem]:
    low, high = row.value.get("low"), row.value.get("high")
    if low is not None and high is not None and low > high:
        yield said("low", f"at most high ({row.text['high']})", "Swap or correct the two.")
    observed = row.value.get("nature", "observed") == "observed"
    if observed and (low, high) != (None, None) and row.text.get("limits") == "":
        yield said("limits", "what low and high are", "Say whether they are a confidence interval or a range.")


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


def _bound_problems(row: Row, said: Said) -> Iterator[Problem]:
    least, most = row.value.get("min_days"), row.value.get("max_days")
    if least is not None and most is not None and least > most:
        yield said("min_days", f"at most max_days ({row.text['max_days']})", "Swap or correct the two.")
    if row.value.get("from_event") and row.value["from_event"] == row.value.get("to_event"):
        yield said("to_event", "another event than from_event", "Name the event that the days lead to.")


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
