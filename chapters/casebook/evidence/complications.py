"""When complications began in others, and what went with them: rows for pages; an association is no cause."""

from __future__ import annotations

import pandas as pd

from casebook import words
from casebook.evidence import phrases

DIRECTIONS = {  # of an association, and the column that it stands in
    "more often": "More often with",
    "no association": "No association with",
    "more often in its course": "More often in its course",
}


def said_onset(book, kind: str) -> str:
    """Say the shortest and the longest published median until one kind of event, and of how many series."""
    found = book.intervals
    found = found[(found["to_event"] == kind) & (found["nature"] == "observed") & (found["statistic"] == "median")]
    days = phrases.in_days(found)["value_days"]
    if days.empty:
        return "no published median"
    low, high = words.number(days.min()), words.number(days.max())
    medians = f"a median of {low} days" if low == high else f"medians of {low} to {high} days"
    return f"{medians} in {phrases.said_series(len(days))}"


def associations_table(book) -> pd.DataFrame:
    """Make the table of what went with complications: a series a line.

    Returns
    -------
    DataFrame
        `Complication`, `Series, and population`, `More often with`, `No association with`, `More often in its
        course`, and `Read in, and caveat`, each caveat once; missing where nothing of a kind was found.
    """
    studies = book.studies.set_index("study_id")
    lines = []
    for (outcome, study_id), mine in book.associations.groupby(["outcome", "study_id"], sort=False):
        study = studies.loc[study_id]
        size = f"n = {study['n']}" if pd.notna(study["n"]) else f"n {words.NOT_READ}"
        read_in = words.sentence(words.listed(mine["read_in"].unique()))
        series = f"{study['label']}; {study['population']}; {size}"
        found = [_factors(mine[mine["direction"] == direction]) for direction in DIRECTIONS]
        lines.append((outcome, series, *found, " ".join([f"{read_in}.", *mine["caveat"].dropna().unique()])))
    columns = ["Complication", "Series, and population", *DIRECTIONS.values(), "Read in, and caveat"]
    return pd.DataFrame(lines, columns=columns)


def _factors(rows: pd.DataFrame) -> str | None:
    """Factors with the size of each, those of one model together, as such; None if there is none."""
    together = rows["model"].eq("multivariable")
    parts = [
        "; ".join(_factor(row) for row in mine.itertuples()) + note
        for mine, note in ((rows[together], " (in one model)"), (rows[~together], ""))
        if len(mine)
    ]
    return "; ".join(parts) or None


def _factor(row) -> str:
    if pd.isna(row.value):
        return row.factor
    limits = "" if pd.isna(row.low) or pd.isna(row.high) else f", {words.number(row.low)} to {words.number(row.high)}"
    return f"{row.factor} ({row.measure} {words.number(row.value)}{limits})"


def said_went_with(book, outcome: str, factor: str) -> str:
    """Say in how many of the series on one complication it was seen more often with a factor.

    Parameters
    ----------
    book : Casebook
    outcome : str
        A complication of `associations`.
    factor : str
        What the factor is called, or begins with.

    Examples of what it gives: "3 of 4 series"; "none of 2 series".
    """
    mine = book.associations[book.associations["outcome"] == outcome]
    more = mine[mine["direction"].eq("more often") & mine["factor"].str.startswith(factor)]
    of = phrases.said_series(mine["study_id"].nunique())
    return f"{more['study_id'].nunique() or 'none'} of {of}"
