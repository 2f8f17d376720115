"""The matrix of patients by features: its cells, its title, and its smaller pictures of those who share a feature."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from casebook import words
from casebook.patients import individuals, likeness


@dataclass(frozen=True)
class Choice:
    """Those published patients who share one feature, beside the index cases.

    Attributes
    ----------
    feature_id, feature : str
        What they share.
    n : int
        How many they are.
    case_ids : tuple of str
        They and the index cases.
    title : str
        What the picture of these says.
    """

    feature_id: str
    feature: str
    n: int
    case_ids: tuple[str, ...]
    title: str


def matrix_cells(told: pd.DataFrame, book) -> pd.DataFrame:
    """Patients by features, as a figure draws them: the index cases first, then by likeness.

    Parameters
    ----------
    told : DataFrame
        From `features_told`.
    book : Casebook

    Returns
    -------
    DataFrame
        The rows of `told` in the order of drawing, with `about` (traits in words; blank for an index
        case), `outcome` in words, and `color` and `shape` of an index case.
    """
    index = book.cases.loc[book.cases["role"] == "index", "case_id"]
    place = {case_id: number for number, case_id in enumerate([*index, *likeness.in_order_of_likeness(told, book)])}
    cases = book.cases.set_index("case_id", drop=False)
    ours = cases["role"] == "index"
    looks = book.looks[book.looks["of"] == "case"].set_index("look")
    about = individuals.traits_in_words(cases, book.traits).mask(ours, "")
    outcome = individuals.fates(cases).mask(ours, cases["outcome"].fillna(words.NOT_IN_THE_RECORD))
    found = told.assign(
        about=told["case_id"].map(about),
        outcome=told["case_id"].map(outcome),
        color=told["case_id"].map(looks["color"]),
        shape=told["case_id"].map(looks["shape"]),
    )
    return found.sort_values("case_id", key=lambda ids: ids.map(place), kind="stable", ignore_index=True)


def matrix_title(told: pd.DataFrame) -> str:
    """Say of how many published patients the features are told that the index cases have in common, and what of none.

    Examples of what it gives: "T-ALL was reported in 8 of 25 published patients, CD7 cells in 2, both in none; TA-TMA
    was reported in none".
    """
    common, others = likeness.in_common(told), told[told["role"] != "index"]
    total = others["case_id"].nunique()
    if not common or not total:
        return likeness.together(told)
    mine = others.assign(has=others["state"] == likeness.SHARED)[others["feature"].isin(common)]
    counts = mine.groupby("feature")["has"].sum()
    parts = [f"{feature} in {counts[feature] or 'none'}" for feature in common[1:]]
    if len(common) > 1:
        of_all = int(mine.groupby("case_id")["has"].all().sum())
        parts.append(f"{'both' if len(common) == 2 else f'all {words.spelled(len(common))}'} in {of_all or 'none'}")
    first = f"{common[0]} was {_reported(counts[common[0]], total)}"
    return "; ".join(filter(None, [", ".join([first, *parts]), likeness.told_of_none(told)]))


def _reported(n: int, total: int) -> str:
    return f"reported in {n or 'none'} of {total} published patient{'s' if total > 1 else ''}"


def matrix_choices(told: pd.DataFrame) -> list[Choice]:
    """For each feature, the published patients who share it; an empty choice is one, too.

    Parameters
    ----------
    told : DataFrame
        From `likeness.features_told`.
    """
    index, total = told["role"].eq("index"), told.loc[told["role"].ne("index"), "case_id"].nunique()
    cases = tuple(told.loc[index, "case_id"].unique())
    found = []
    for (feature_id, feature), rows in told.groupby(["feature_id", "feature"], sort=False):
        who = tuple(rows.loc[rows["state"].eq(likeness.SHARED) & rows["role"].ne("index"), "case_id"])
        title = f"{words.sentence(feature)}: {_reported(len(who), total)}"
        found.append(Choice(feature_id, feature, len(who), cases + who, title))
    return found
