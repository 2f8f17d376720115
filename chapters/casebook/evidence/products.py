"""What is known of each kind of product: one cell an aspect, with its number and its source, or nothing read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from casebook import words
from casebook.evidence import cohorts, phrases, prognosis

NO_COUNT = "—"  # no count of all who were treated was read; of the chosen there may be one


def known_by_product(book, aspects: Mapping[str, Sequence[str]], counted: Mapping[str, str]) -> pd.DataFrame:
    """Say, of each group of series, what was counted and by whom.

    Parameters
    ----------
    book : Casebook
    aspects : mapping
        Endpoints of `prognosis`, by what their row of the table is called.
    counted : mapping
        Outcomes of `outcomes`, of all who were treated, by what their row is called; these rows stand second.

    Returns
    -------
    DataFrame
        One row an aspect: `Aspect`, and a column a group, in the order of the looks. A cell holds every result of
        the group, as "12 of 20 (Alder 2001: grade 1 or 2)", or `NO_COUNT`; one that `prognosis` does not draw because
        another series of the same patients is drawn is left out. Nothing is added up.
    """
    column = cohorts.grouping(book)
    found = prognosis.outcomes(book)
    found = found[~found["why_not"].str.startswith(prognosis.SHARED) & found["unit"].eq(prognosis.PERCENT)]
    rows = {name: found[found["endpoint"].isin(list(endpoints))] for name, endpoints in aspects.items()}
    counts = {name: _independent(book, outcome) for name, outcome in counted.items()}
    first, *rest = rows
    rows = {first: rows[first], **counts, **{name: rows[name] for name in rest}}
    groups = cohorts.in_order(book, pd.concat([frame[[column, "n"]] for frame in rows.values()]).dropna())
    table = [
        {"Aspect": name}
        | {
            words.sentence(group): "; ".join(_said(row) for row in mine[mine[column] == group].itertuples()) or NO_COUNT
            for group in dict.fromkeys(groups[column])
        }
        for name, mine in rows.items()
    ]
    return pd.DataFrame(table)


def _independent(book, outcome: str) -> pd.DataFrame:
    rows = cohorts.candidates(book, outcome)
    rows = cohorts.choose_independent(rows[rows["all_infused"].astype(bool)], book.overlaps, book.categories).chosen
    count = rows["events"].astype(str) + " of " + rows["n"].astype(str)
    return rows.assign(count=count, what="", when="")


def _said(row) -> str:
    """Say a result with its source: a count as it is, an estimate with how many stand behind it."""
    number = row.count if " of " in row.count else f"{row.share}, {row.count or f'n {words.NOT_READ}'}"
    about = ", ".join(filter(None, (row.what, row.when)))
    return f"{number} ({row.label}{f': {about}' * bool(about)})"


def said_looked_at(found: pd.DataFrame, endpoint: str, what: str) -> str:
    """Say in how many patients something was looked for and told, as "22 patients of 2 series".

    Parameters
    ----------
    found : DataFrame
        From `prognosis.outcomes`; of series that share patients one counts.
    endpoint, what : str
        An endpoint of `prognosis`, and how what was counted begins.
    """
    mine = found["endpoint"].eq(endpoint) & found["what"].str.startswith(what)
    mine = found[mine & ~found["why_not"].str.startswith(prognosis.SHARED)].drop_duplicates("study_id")
    return f"{words.count(int(mine['n'].sum()), 'patient')} of {phrases.said_series(len(mine))}"
