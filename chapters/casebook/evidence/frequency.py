"""How often: the figure of a pooled outcome, its title and its sentences, from computed values only.

A title says what the rows say, for none, one or many of them. What an outcome is called comes
from the page; numbers, sources and what is missing come from the tables.
"""

from __future__ import annotations

import pandas as pd

from casebook import words
from casebook.evidence import certainty, cohorts, forest_rows, phrases, statements
from casebook.evidence.cohorts import PooledOutcome
from casebook.evidence.forest_rows import Figure
from casebook.statistics import MEAN_SD, Pooled

TOGETHER = "all series together"


def frequency_figure(book, subject: str, found: PooledOutcome, *reviews: str) -> Figure:
    """Make the figure of one outcome: series by group, the sum of each group, pooled figures.

    Parameters
    ----------
    book : Casebook
    subject : str
        What is counted; it stands before a colon in the title.
    found : PooledOutcome
        From `cohorts.pool_outcome`.
    *reviews : str
        Rows of `outcomes` that others pooled.

    Returns
    -------
    Figure
        Of rows of a forest plot. The groups that the patients of this book belong to come first; each group has its
        plain sum if it has several series. The title says how often it was counted: in all, and in the group of the
        cases.
    """
    rows = _rows(book, found, reviews)
    return Figure(rows, f"{subject}: {_message(book, found)}", _subtitle(found, rows))


def _rows(book, found: PooledOutcome, reviews: tuple[str, ...]) -> pd.DataFrame:
    mine = cohorts.groups_of_cases(book)
    groups = found.rows[cohorts.grouping(book)]
    first = groups.isin(mine)
    sums = cohorts.group_sums(book, found.rows, groups.dropna().unique())
    parts = [
        forest_rows.study_rows(book, found.rows[first]),
        forest_rows.study_rows(book, found.rows[~first]),
        forest_rows.sum_rows(book, sums[sums["series"] > 1]),
        *(
            _pooled_here(f"{group}, pooled", pool, forest_rows.said_groups(book, pd.Series([group]))[0])
            for group, pool in pooled_of_the_cases(book, found).items()
        ),
    ]
    # The rows of a group stand together, its sum last.
    rows = pd.concat(parts, ignore_index=True)
    parts = [rows.sort_values("panel", key=lambda panels: pd.factorize(panels)[0], kind="stable")]
    if found.pooled is not None:
        parts.append(_pooled_here("Pooled here", found.pooled, TOGETHER))
    if reviews:
        theirs = statements.with_labels(book, "outcomes", reviews).assign(
            note="pooled by others; n: patients in all", panel=TOGETHER, form="outline"
        )
        parts.append(forest_rows.printed_rows(theirs))
    return pd.concat([part for part in parts if len(part)] or parts, ignore_index=True)


def pooled_of_the_cases(book, found: PooledOutcome) -> dict[str, Pooled]:
    """Pool each group that the cases belong to, if the outcome may be pooled, by group; those with several series."""
    if found.pooled is None:
        return {}
    column = found.rows[cohorts.grouping(book)]
    pools = {group: cohorts.pooled(found.rows[column == group])[0] for group in cohorts.groups_of_cases(book)}
    return {group: pool for group, pool in pools.items() if pool is not None and pool.k < found.pooled.k}


def _pooled_here(label: str, pool: Pooled, panel: str) -> pd.DataFrame:
    pooled = forest_rows.pooled_rows({label: (phrases.said_series(pool.k), pool)}, panel=panel)
    return pooled.assign(count=f"n = {pool.n}")


def _message(book, found: PooledOutcome) -> str:
    if found.rows.empty:
        return "no series with a count was found"
    events, n = int(found.rows["events"].sum()), int(found.rows["n"].sum())
    if found.pooled is None or not events:
        said = f"{phrases.out_of(events, n)} in {phrases.said_series(len(found.rows))}"
        said += ", not pooled" * (found.pooled is None)
    elif found.pooled.estimate <= 0.5:
        said = f"about 1 in {words.fixed(1 / found.pooled.estimate)} patients ({events} of {n})"
    else:
        said = f"about {words.percent(found.pooled.estimate)} of patients ({events} of {n})"
    sums = cohorts.group_sums(book, found.rows, cohorts.groups_of_cases(book))
    sums = sums[sums["n"] < n]
    groups = forest_rows.said_groups(book, sums["group"])
    after = [f"; {group}s: {row.events or 'none'} of {row.n}" for row, group in zip(sums.itertuples(), groups)]
    return said + "".join(after)


def said_of_the_cases(book, outcome: str, found: PooledOutcome) -> str:
    """Say the plain sum of each group that the cases belong to, and how certain that is.

    Several series that may be pooled have a pooled figure beside the sum, because the exact interval of a sum
    knows of no difference between series; else the exact interval stands.
    """
    sums = cohorts.group_sums(book, found.rows, cohorts.groups_of_cases(book))
    pools = pooled_of_the_cases(book, found)
    said = [
        f"{phrases.out_of(row.events, row.n)} in {phrases.said_series(row.series)} "
        f"({_exact(row) if row.group not in pools else phrases.said_pool(pools[row.group])}"
        f"{certainty.after(book, outcome, row.group)})"
        for row in sums.itertuples()
    ]
    return words.listed(said) or "no series with a count"


def _exact(row) -> str:
    low, high = (words.fixed(100 * value) for value in (row.share_low, row.share_high))
    return f"exact 95% interval {low} to {high}%"


def said_inferred(book, found: PooledOutcome) -> str:
    """Say which series of the cases' groups have their group by inference, and why."""
    column = cohorts.grouping(book)
    mine = found.rows[column].isin(cohorts.groups_of_cases(book)) & found.rows["product_basis"].eq("inferred")
    caveats = book.studies.set_index("study_id")["caveat"].fillna(words.NOT_READ).str.rstrip(".")
    parts = [(row.label, caveats[row.study_id].split(". ")) for row in found.rows[mine].itertuples()]
    said = [f"{label}: {'; '.join(map(words.clause, caveat))}" for label, caveat in parts]
    return f"{phrases.said_series(len(said))}" + f" ({'; '.join(said)})" * bool(said)


def said_zero(found: PooledOutcome) -> str:
    """Say what the largest series without an event leaves possible."""
    none = found.rows[found.rows["events"] == 0].sort_values("n", ascending=False)
    if none.empty:
        return "each series here saw at least one event"
    row = none.iloc[0]
    left = words.percent(row["share_high"])
    return f"{phrases.out_of(0, row['n'])} in {row['label']} leaves up to {left} open"


def _subtitle(found: PooledOutcome, drawn: pd.DataFrame) -> str:
    """What is drawn, of how many, in what it was read, the priors of what is pooled, and the sources."""
    if found.rows.empty:
        return "Nothing is drawn"
    read_in = words.listed(f"{place}s" for place in sorted(found.rows["read_in"].unique()))
    n = words.count(int(found.rows["n"].sum()), "patient")
    said = [f"{phrases.said_series(len(found.rows))}, {n}, read in {read_in}", forest_rows.said_marks(drawn)]
    if found.pooled is not None:
        spread = found.pooled.tau2_method.replace("(", " (")
        said.append(f"priors on the log odds: mean normal (0, {MEAN_SD:g}), spread {spread}")
    return f"{'; '.join(filter(None, said))}. Source of each row: as named"
