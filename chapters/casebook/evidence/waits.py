"""How long: the published waits between two events, their figure and its sentences, from computed values only."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

import pandas as pd

from casebook import data, words
from casebook.evidence import cohorts, forest_rows, phrases, statements
from casebook.evidence.bias import source_labels
from casebook.evidence.forest_rows import Figure
from casebook.patients import individuals, record
from casebook.timeline import course, how_known


class Waits(NamedTuple):
    """The published waits between two events that stand in a figure.

    Attributes
    ----------
    patients, series : DataFrame
        Single patients (`days` and the columns of `traits`), and what was observed in series, in
        days, with the columns of `studies`.
    limits : DataFrame
        What was set or advised and not observed, or has nothing to draw: for words.
    """

    patients: pd.DataFrame
    series: pd.DataFrame
    limits: pd.DataFrame


def published_waits(book, alike: Iterable[str] = ()) -> Waits:
    """Gather the published waits from the first anchor to the second.

    Parameters
    ----------
    book : Casebook
    alike : iterable of str
        Traits in which a single patient must be like a patient of this book.

    Returns
    -------
    Waits
    """
    start, end = individuals.anchor_kinds(book)["kind"].head(2)
    index = book.cases[book.cases["role"] == "index"]
    others = data.select(book, *book.cases.loc[book.cases["role"] == "comparator", "case_id"])
    single = individuals.waiting(course(others, start), others)
    for column in alike:
        single = single[single[column].isin(index[column].dropna())]
    between = book.intervals[(book.intervals["from_event"] == start) & (book.intervals["to_event"] == end)]
    between = phrases.in_days(between).merge(book.studies, on="study_id", how="left", suffixes=("", "_of_study"))
    placed = between["value"].notna() | (between["low"].notna() & between["high"].notna())
    shown = (between["nature"] == "observed") & placed
    return Waits(single.reset_index(drop=True), between[shown], between[~shown])


def waits_figure(book, found: Waits, after: str, until: str) -> Figure:
    """Make the figure of waits: series of the category in question, single patients, other series.

    Parameters
    ----------
    book : Casebook
    found : Waits
    after, until : str
        The events between which the interval lies.

    Returns
    -------
    Figure
        Of rows of a forest plot, in days. The title says the interval in others, and whether any is known of what the
        cases had; the subtitle how other units become days.
    """
    ours = _ours(book, found)
    parts = [
        forest_rows.interval_rows(book, ours),
        forest_rows.waiting_rows(book, found.patients, panel=f"Single patients after {after}"),
        forest_rows.interval_rows(book, found.series.drop(ours.index)),
    ]
    rows = pd.concat([part for part in parts if len(part)] or parts[:1], ignore_index=True)
    span = "no published one was found"
    if len(ours) or len(found.patients):
        span = f"{said_span(book, found)} in others; {waits_of_the_cases(book, found)}"
    return Figure(rows, f"Interval from {after} to {until}: {span}", _subtitle(found))


def said_span(book, found: Waits) -> str:
    """Say the shortest and the longest wait of the category in question, each in the unit of its source."""
    ends = [(days, words.days(days, days)) for days in found.patients["days"]]
    for row in _ours(book, found).to_dict("records"):
        known = [name for name in ("low", "value", "high") if pd.notna(row[name])]
        ends += [(row[f"{name}_days"], f"{words.number(row[name])} {row['unit']}") for name in known]
    if not ends:
        return "no known time"
    shortest, longest = min(ends)[1], max(ends)[1]
    return shortest if shortest == longest else f"{shortest} to {longest}"


def _ours(book, found: Waits) -> pd.DataFrame:
    return found.series[found.series["category"] == cohorts.in_question(book.categories)[0]]


def said_sharing(book, found: Waits) -> str:
    """Say which sources of the figure may share patients, so that nobody counts them as independent.

    Parameters
    ----------
    book : Casebook
    found : Waits
    """
    labels, single = source_labels(book), book.cases["case_id"].isin(found.patients["case_id"])
    drawn = {*found.series["study_id"], *book.cases.loc[single, "source_id"]}
    pairs = book.overlaps[book.overlaps["study_a"].isin(drawn) & book.overlaps["study_b"].isin(drawn)]
    said = [f"{labels[one]} and {labels[two]}" for one, two in zip(pairs["study_a"], pairs["study_b"])]
    return f"{words.counted(len(said), 'pair')} may share patients" + f" ({'; '.join(said)})" * bool(said)


def said_of_waits(book) -> pd.DataFrame:
    """Say of each case what the record says of its second anchor and of the days until it, for a place beside an axis.

    Returns
    -------
    DataFrame
        As from `record.said_of`.
    """
    start, end = individuals.anchor_kinds(book)["kind"].head(2)
    said = record.said_of(book, (end,))
    index = data.select(book, *said["case_id"])
    ends = index.events["kind"].eq(end) & index.events["index_event"]
    if not ends.any():
        return said
    windows = course(index, start).windows[ends]
    told = how_known(windows).isin(["day", "limits"])
    days = windows["position"].where(told, f"its day is {words.NOT_IN_THE_RECORD}").set_axis(windows["case_id"])
    both = [f"{row.said}; {days[row.case_id]}" if row.case_id in days else row.said for row in said.itertuples()]
    return said.assign(said=both)


def waits_of_the_cases(book, found: Waits) -> str:
    """Say how many intervals are known in the groups that the cases belong to."""
    column, mine = cohorts.grouping(book), cohorts.groups_of_cases(book)
    known = sum(int(frame[column].isin(mine).sum()) for frame in (found.patients, _ours(book, found)))
    groups = words.listed((f"{group}s" for group in forest_rows.said_groups(book, pd.Series(mine, dtype="str"))), "or")
    said = words.count(known, "observed interval was found", "observed intervals were found")
    return f"{said} for {groups or 'what the cases had'}"


def _subtitle(found: Waits) -> str:
    series = phrases.said_series(len(found.series))
    parts = [f"{series} and {words.count(len(found.patients), 'single patient', 'single patients')}"]
    if len(found.series):
        parts.append(
            "mark: median, larger with more patients; line: range; hollow mark: one patient, or no range printed"
        )
    units = sorted(set(found.series["unit"].str.removesuffix("s")) - {"day"})
    parts += [f"a {unit} is drawn as {words.number(words.DAYS_IN[unit])} days" for unit in units]
    return "; ".join(parts)


def published_times(book, spans: dict[tuple[str, str, str], list[str]]) -> pd.DataFrame:
    """Make what `charts.stations` draws below its stations: published times, each with who was counted.

    Parameters
    ----------
    book : Casebook
    spans : dict
        Names of rows of `intervals` by first station, last station, and what lies between.

    Returns
    -------
    DataFrame
        `first`, `last`, `what`, `said`, `note` (series, population, n) and `address` (the row of the table).

    Raises
    ------
    ValueError
        If no table has a row of that name.
    """
    population = book.studies.set_index("study_id")["population"]
    rows = [
        (*span, told["said"], told, f"tables/intervals.html#intervals-{name}")
        for span, names in spans.items()
        for name, told in ((name, statements.told(book, name)) for name in names)
    ]
    found = pd.DataFrame(rows, columns=["first", "last", "what", "said", "note", "address"])
    return found.assign(note=[_who(told, population) for told in found["note"]])


def _who(told: dict, population: pd.Series) -> str:
    counted = "" if pd.isna(told["n"]) else f"n = {told['n']}"
    return "; ".join(filter(None, (told["label"], population.get(told["study_id"], ""), counted)))
