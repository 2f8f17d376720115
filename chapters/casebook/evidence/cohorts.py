"""Which published series count, and what they say.

Many series hold the same patients. Of each group at most one counts, by a rule that does not
look at results; what is pooled and what stands beside each other unpooled comes from here.
Which category of studies is in question, and by what series are grouped, the tables say.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import pandas as pd

from casebook.evidence import pooling
from casebook.statistics import TAU_SCALE, Pooled, pool_with_prior, with_intervals

LEAST_TO_POOL = 3  # series of an outcome
LEAST_OF_GROUP = 2  # series of a group, or of another choice, for one has its own exact interval
TOO_FEW = "too few to pool"
READ_IN = ("abstract", "paper")  # what must have been read before a count may be pooled
CERTAIN = ("same", "nested")


class Choice(NamedTuple):
    """What may be pooled together, and what was left out and why.

    Attributes
    ----------
    chosen : DataFrame
        The rows of the input that may be pooled, in its order and with its columns.
    left_out : DataFrame
        `study_id`, `label` and `because`, one row for each row that was left out.
    """

    chosen: pd.DataFrame
    left_out: pd.DataFrame


class PooledOutcome(NamedTuple):
    """An outcome pooled over series that share no patients, and how it came about.

    Attributes
    ----------
    rows : DataFrame
        The rows that were chosen, with `share`, `share_low`, `share_high`, in the order of
        group and size.
    left_out : DataFrame
        As in `Choice`.
    pooled : Pooled or None
        None if it cannot be pooled.
    why_not : str
        Why it is not pooled; empty if it is.
    possible : DataFrame
        Pairs among the rows that may share patients.
    """

    rows: pd.DataFrame
    left_out: pd.DataFrame
    pooled: Pooled | None
    why_not: str
    possible: pd.DataFrame


# ---------------------------------------------------------------- which series count


def grouping(book) -> str:
    """Give the column by which series are grouped; a `ValueError` if not exactly one trait says so."""
    found = book.traits.loc[book.traits["groups_series"], "column"].tolist()
    if len(found) != 1:
        raise ValueError(
            f"traits: one row must have groups_series true, and {len(found)} have ({', '.join(found) or 'none'}): "
            "set it in one row"
        )
    return found[0]


def in_question(categories: pd.DataFrame) -> tuple[str, str]:
    """Give the category that may be pooled, and what a sentence calls it; a `ValueError` if it is not just one."""
    found = categories[categories["may_be_pooled"]]
    if len(found) != 1:
        raise ValueError(
            f"categories: one row must have may_be_pooled true, and {len(found)} have "
            f"({', '.join(found['category']) or 'none'}): set it in one row"
        )
    return found["category"].item(), found["called"].item()


def groups_of_cases(book) -> list[str]:
    """Give the groups that the patients of this book are known to belong to, in the order of their looks."""
    mine = book.cases.loc[book.cases["role"] == "index", grouping(book)].dropna().unique()
    rank = _ranks(book)
    return sorted(mine, key=lambda group: (rank.get(group, len(rank)), group))


def candidates(book, outcome: str) -> pd.DataFrame:
    """Give the rows of one outcome that have a count, with what `choose_independent` asks of their study.

    Parameters
    ----------
    book : Casebook
        Its `outcomes`, `studies` and `traits` are used.
    outcome : str
        A code of the table `outcomes`.

    Returns
    -------
    DataFrame
        The rows of `outcomes` with `events` and `n`, joined with `label`, `year`, `category`,
        `design`, the column of `grouping` and its basis, of `studies`.
    """
    rows = book.outcomes
    # A cumulative incidence is no count, whatever was counted beside it.
    counted = rows["measure"].eq("proportion") & rows["events"].notna() & rows["n"].notna()
    rows = rows[(rows["outcome"] == outcome) & counted]
    about = ["study_id", "label", "year", "category", "design", grouping(book), "product_basis"]
    return rows.merge(book.studies[about], on="study_id", how="left", validate="many_to_one")


def choose_independent(rows: pd.DataFrame, overlaps: pd.DataFrame, categories: pd.DataFrame) -> Choice:
    """Choose rows that share no patients, by a rule that does not look at the results.

    A row may be pooled if its study is a cohort of the category in question, all who were treated
    are in the denominator, and it was read in an abstract or a paper. Of several such studies
    that certainly or very probably share patients (`same` or `nested`, also by way of a third) the
    largest is taken, and of equally large ones the latest. That a source may be cited is
    checked when the tables are loaded: none other gets into them.

    Parameters
    ----------
    rows : DataFrame
        One row a study: `study_id`, `label`, `n`, `year`, `category`, `design`, `all_infused`,
        `read_in`; the table `studies`, or rows of `candidates`.
    overlaps : DataFrame
        `study_a`, `study_b`, `certainty` (same, nested, possible).
    categories : DataFrame
        `category`, `may_be_pooled`, `called`.

    Returns
    -------
    Choice
        Order of the rows does not matter for what is chosen.

    Raises
    ------
    ValueError
        If a study stands in two rows (which of them counts is not for this rule to say), or two
        rows have one index label.
    """
    _one_row_each(rows)
    category, called = in_question(categories)
    because = pd.Series("", index=rows.index, dtype="str")
    for fails, reason in (
        (rows["category"] != category, f"not {called}"),
        (rows["design"] == "case reports", "case reports: selected patients are no rate"),
        (~rows["all_infused"].astype(bool), "not all who were treated"),
        (~rows["read_in"].isin(READ_IN), f"read in neither {' nor '.join(READ_IN)}"),
        (rows["n"].isna(), "no number of patients"),
    ):
        because = because.where((because != "") | ~fails, reason)
    group = linked(overlaps, CERTAIN)
    taken: dict[str, str] = {}
    for row in ranked(rows[because == ""]).itertuples():
        mine = group.get(row.study_id, row.study_id)
        if mine in taken:
            because[row.Index] = f"shares patients with {taken[mine]}, which is larger or later"
        else:
            taken[mine] = row.label
    left_out = rows[["study_id", "label"]].assign(because=because)[because != ""].reset_index(drop=True)
    return Choice(rows[because == ""], left_out)


def choose(book, rows: pd.DataFrame) -> Choice:
    """Choose as `choose_independent` does, by the tables of a book."""
    return choose_independent(rows, book.overlaps, book.categories)


def _one_row_each(rows: pd.DataFrame) -> None:
    twice = sorted(rows.loc[rows["study_id"].duplicated(), "study_id"].unique())
    if twice:
        raise ValueError(f"one row a study is needed; several rows have {', '.join(twice)}: filter them first")
    if not rows.index.is_unique:
        again = rows.index[rows.index.duplicated()].unique()
        raise ValueError(
            f"index label {', '.join(map(str, again))} stands at several rows: call reset_index(drop=True) first"
        )


def ranked(rows: pd.DataFrame) -> pd.DataFrame:
    """Sort rows: largest first, then latest, then by name, so that the order of the rows decides nothing."""
    return rows.sort_values(["n", "year", "study_id"], ascending=[False, False, True], na_position="last")


def linked(overlaps: pd.DataFrame, certainty: Iterable[str] | None = None) -> dict[str, str]:
    """Give the name of the group of each study that shares patients with another, also by way of a third.

    Parameters
    ----------
    overlaps : DataFrame
        `study_a`, `study_b`, `certainty`.
    certainty : iterable of str, optional
        Which certainties count as a link; all if left out.
    """
    links = overlaps if certainty is None else overlaps[overlaps["certainty"].isin(certainty)]
    group: dict[str, str] = {}
    for pair in zip(links["study_a"], links["study_b"]):
        names = {group.get(study, study) for study in pair}
        name = min(names)
        group.update({study: name for study in pair})
        group = {study: name if old in names else old for study, old in group.items()}
    return group


def possible_overlaps(chosen: pd.DataFrame, overlaps: pd.DataFrame) -> pd.DataFrame:
    """Give the pairs among chosen studies that may share patients: for a sensitivity line.

    Parameters
    ----------
    chosen : DataFrame
        `study_id`.
    overlaps : DataFrame
        `study_a`, `study_b`, `certainty`.

    Returns
    -------
    DataFrame
        The rows of `overlaps` with certainty `possible` of which both studies are chosen.
    """
    ids = chosen["study_id"]
    both = overlaps["study_a"].isin(ids) & overlaps["study_b"].isin(ids)
    return overlaps[both & (overlaps["certainty"] == "possible")]


def _ranks(book) -> dict[str, int]:
    looks = book.looks[book.looks["of"] == "product"]
    return dict(zip(looks["look"], looks["rank"]))


def in_order(book, rows: pd.DataFrame, size: str = "n") -> pd.DataFrame:
    """Sort rows by the rank of their group (without a look, or not known, last), the largest first by `size`."""
    ranks = _ranks(book)
    rows = rows.assign(rank=rows[grouping(book)].map(ranks).fillna(len(ranks) + 1))
    return rows.sort_values(["rank", size], ascending=[True, False], kind="stable").drop(columns="rank")


# ---------------------------------------------------------------- what they say together


def pool_outcome(book, outcome: str) -> PooledOutcome:
    """Choose the series that may be pooled for an outcome, and pool them, all groups together, if the rule allows it.

    Parameters
    ----------
    book : Casebook
        Its `outcomes`, `studies`, `overlaps`, `categories`, `traits`, `looks` and `pooling` are used.
    outcome : str
        A code of `outcomes`.

    Returns
    -------
    PooledOutcome
    """
    choice = choose(book, candidates(book, outcome))
    rows = in_order(book, with_intervals(choice.chosen))
    # Too few to pool says more than what they would differ in.
    refused = pooling.why_not(book.pooling, outcome) if len(rows) >= LEAST_TO_POOL else TOO_FEW
    found, why_not = (None, refused) if refused else pooled(rows)
    return PooledOutcome(rows, choice.left_out, found, why_not, possible_overlaps(rows, book.overlaps))


def pooled(rows: pd.DataFrame, tau_scale: float = TAU_SCALE) -> tuple[Pooled | None, str]:
    """Pool the `events` of `n` of some rows; None, and why, where they cannot be pooled."""
    if len(rows) < LEAST_OF_GROUP:
        return None, TOO_FEW
    try:
        return pool_with_prior(rows["events"], rows["n"], tau_scale), ""
    except ValueError as error:
        return None, str(error)


def group_sums(book, rows: pd.DataFrame, groups: Iterable[str]) -> pd.DataFrame:
    """Add up the counts of the series of some groups, with the exact interval of the sum; nothing is compared.

    Parameters
    ----------
    book : Casebook
    rows : DataFrame
        As `PooledOutcome.rows`.
    groups : iterable of str
        Values of the column of `grouping`; a group without rows has no sum.

    Returns
    -------
    DataFrame
        `group`, `series`, `events`, `n`, `inferred` (patients whose group is inferred), `share`, `share_low`,
        `share_high`.
    """
    rows = rows.assign(group=rows[grouping(book)], inferred=rows["n"].where(rows["product_basis"] == "inferred", 0))
    by_group = rows.groupby("group", sort=False)
    sums = by_group.agg(series=("n", "size"), events=("events", "sum"), n=("n", "sum"), inferred=("inferred", "sum"))
    return with_intervals(sums.reindex([group for group in groups if group in sums.index]).reset_index())


def not_pooled(book, codes: Sequence[str]) -> pd.DataFrame:
    """Give the counts of outcomes that are not pooled: one row a cohort, none with patients of another.

    Parameters
    ----------
    book : Casebook
        As in `pool_outcome`.
    codes : sequence of str
        Codes of `outcomes`; where a study has several, the first of them is taken, then the row
        on all who were treated, then the largest.

    Returns
    -------
    DataFrame
        Rows of `candidates` with intervals, of cohorts of the category in question that were read
        in an abstract or a paper; of studies that certainly or very probably share patients the
        largest, in the order of the groups.

    Raises
    ------
    ValueError
        If no code is given.
    """
    if not codes:
        raise ValueError("codes is empty: name at least one code of the table outcomes")
    found = pd.concat([candidates(book, code) for code in codes], ignore_index=True)
    category, _ = in_question(book.categories)
    found = found[(found["category"] == category) & (found["design"] == "cohort") & found["read_in"].isin(READ_IN)]
    found = found.assign(place=found["outcome"].map(list(codes).index))
    found = found.sort_values(["place", "all_infused", "n", "outcome_id"], ascending=[True, False, False, True])
    found = ranked(found.drop_duplicates("study_id").drop(columns="place"))
    group = linked(book.overlaps, CERTAIN)
    shared = found["study_id"].map(lambda study: group.get(study, study))
    return in_order(book, with_intervals(found[~shared.duplicated()]))
