"""What came out: comparisons and tables of results as they were reported, from computed values only."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import pandas as pd

from casebook import words
from casebook.evidence import cohorts, forest_rows, phrases, statements
from casebook.evidence.forest_rows import Figure

# ---------------------------------------------------------------- two figures of one series


def pairs_figure(book, pairs: Mapping[str, Mapping[str, str]], subject: str, first: str, limit: str) -> Figure:
    """Make the figure of comparisons that were reported, each under its heading.

    Parameters
    ----------
    book : Casebook
    pairs : mapping
        By endpoint, the name of a row (of `outcomes` or `survival`) by what its group is called. The
        heading is the series, the endpoint, and when.
    subject : str
        What is compared; it stands before a colon in the title.
    first : str
        What the first rows have in common, such as "with treatment".
    limit : str
        Why it is no measure of effect.

    Returns
    -------
    Figure
        Of rows of a forest plot, in percent; nothing is computed between the rows.
    """
    found = [
        statements.told(book, name) | {"endpoint": endpoint, "called": called, "note": ""}
        for endpoint, names in pairs.items()
        for called, name in names.items()
    ]
    columns = ["label", "endpoint", "when", "called", "note", "n", "value", "low", "high", "count", "share"]
    frame = pd.DataFrame(found, columns=columns)
    parts = zip(frame["label"], frame["endpoint"], frame["when"])
    panel = [f"{label}: {', '.join(filter(None, said))}" for label, *said in parts]
    rows = forest_rows.printed_rows(frame.assign(panel=panel, label=frame["called"]))
    drawn = words.count(rows["panel"].nunique(), "comparison <is|are> drawn as reported, none randomized")
    marks = forest_rows.said_marks(rows, "95% interval, printed or exact of a count")
    return Figure(rows, f"{subject}: {said_pairs(rows, first)}; {limit}", f"{drawn}; {marks}")


def said_pairs(drawn: pd.DataFrame, first: str) -> str:
    """Say in how many comparisons the first of two figures is the higher one.

    Parameters
    ----------
    drawn : DataFrame
        Rows of `pairs_figure`.
    first : str
        As there.
    """
    values = drawn.groupby("panel", sort=False)["estimate"].agg(list)
    values = values[[len(pair) > 1 for pair in values]]
    higher = sum(pair[0] > max(pair[1:]) for pair in values)
    if values.empty:
        return f"not given {first} and without"
    if len(values) == 1:
        return f"{'higher' if higher else 'not higher'} {first} in the one series that gives both"
    if higher == len(values):
        return f"higher {first} in {'both' if higher == 2 else f'each of the {higher}'} series that give it"
    return f"higher {first} in {higher or 'none'} of {len(values)} series"


def said_share(book, name: str) -> str:
    """Say a printed share with the number of patients behind it, as in "60% of 5 patients"; an estimate is none.

    Examples of what it gives: "60% of 5 patients"; "32% (19 to 54; cumulative incidence, n = 34)".
    """
    found = statements.told(book, name)
    if found["kind"]:
        return phrases.said_estimate(found["share"], found["kind"], found["n"])
    return f"{found['share']} of {words.count(found['n'], 'patient')}" if pd.notna(found["n"]) else found["share"]


# ---------------------------------------------------------------- tables


def compare_table(book, lines: Mapping[str, Iterable[str]], heads: Iterable[str]) -> pd.DataFrame:
    """Make a table of two groups as one source prints them: an endpoint a line, its caveats at the end.

    Parameters
    ----------
    book : Casebook
    lines : mapping
        By endpoint, the names of one row a group.
    heads : iterable of str
        What the groups are called.

    Returns
    -------
    DataFrame
        `Endpoint`, one column a group with its n in the heading where it has one n, and `Note`.
    """
    found = {line: [statements.told(book, name) for name in names] for line, names in lines.items()}
    columns = {}
    for place, head in enumerate(heads):
        sizes = {row[place]["n"] for row in found.values() if pd.notna(row[place]["n"])}
        columns[f"{head}, n = {sizes.pop()}" if len(sizes) == 1 else head] = [
            row[place]["said"] for row in found.values()
        ]
    notes = ["; ".join(_caveats(book, names)) for names in lines.values()]
    return pd.DataFrame({"Endpoint": list(found), **columns, "Note": notes})


def _caveats(book, names: Iterable[str]) -> list[str]:
    tables = (book.outcomes, book.survival)
    caveats = pd.concat([table.set_index(table.columns[0])["caveat"] for table in tables])
    return caveats.reindex(list(names)).dropna().str.rstrip(".").to_list()


def counts_table(book, columns: Mapping[str, Iterable[str]]) -> pd.DataFrame:
    """Make a table of outcomes that are not pooled: a series a line, an outcome a column.

    Parameters
    ----------
    book : Casebook
    columns : mapping
        By heading, codes of `outcomes` as for `cohorts.not_pooled`.

    Returns
    -------
    DataFrame
        `Series`, the group, and one column an outcome: the count, of whom if not of all who were treated, and
        when; missing where the series gives none.
    """
    cells = {}
    for heading, codes in columns.items():
        found = cohorts.not_pooled(book, list(codes))
        of_whom = found["subgroup"].where(~found["all_infused"].astype(bool))
        when = [", ".join(filter(pd.notna, both)) for both in zip(of_whom, found["time_point"])]
        said = [f"{row.events} of {row.n}" + f" ({note})" * bool(note) for row, note in zip(found.itertuples(), when)]
        cells[heading] = dict(zip(found["study_id"], said))
    return _by_series(book, cells)


def _by_series(book, cells: Mapping[str, Mapping[str, str]]) -> pd.DataFrame:
    named = {study for column in cells.values() for study in column}
    studies = cohorts.in_order(book, book.studies[book.studies["study_id"].isin(named)])
    column = cohorts.grouping(book)
    group = studies[column].where(
        studies["product_basis"] != "inferred", "inferred to be " + studies[column].astype("str")
    )
    trait = book.traits.set_index("column").loc[column, "called"]
    found = {heading: studies["study_id"].map(dict(column)) for heading, column in cells.items()}
    return pd.DataFrame({"Series": studies["label"], trait.capitalize(): group, **found}).reset_index(drop=True)
