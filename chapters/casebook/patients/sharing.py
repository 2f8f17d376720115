"""Who shares which feature of the index cases, by name, as a choice of a figure, and in sentences.

All start from `likeness.features_told`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import pandas as pd

from casebook import words
from casebook.patients.likeness import PART, SHARED


def who_shares(told: pd.DataFrame) -> pd.DataFrame:
    """Who shares each feature: names only.

    Parameters
    ----------
    told : DataFrame

    Returns
    -------
    DataFrame
        One row a feature: `feature`, `of` (the index cases that have it), `n`, `shared_by` (labels, or
        "nobody who was found").
    """
    shared, rows = dict(list(told[told["state"] == SHARED].groupby("feature"))), []
    for feature, mine in ((one, shared[one]) for one in told["feature"].unique() if one in shared):
        of, others = mine[mine["role"] == "index"]["case"], mine[mine["role"] != "index"]["case"]
        named = "; ".join(others) or "nobody who was found"
        rows.append({"feature": feature, "of": words.listed(of), "n": len(others), "shared_by": named})
    return pd.DataFrame(rows, columns=["feature", "of", "n", "shared_by"])


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


def matrix_choices(told: pd.DataFrame) -> list[Choice]:
    """For each feature of `features_told`, the published patients who share it; an empty choice is one, too."""
    index = told["role"].eq("index")
    cases, total = tuple(told.loc[index, "case_id"].unique()), told.loc[~index, "case_id"].nunique()
    found = []
    for (feature_id, feature), rows in told.groupby(["feature_id", "feature"], sort=False):
        who = tuple(rows.loc[rows["state"].eq(SHARED) & rows["role"].ne("index"), "case_id"])
        title = f"{words.sentence(feature)}: {_reported(len(who), total)}"
        found.append(Choice(feature_id, feature, len(who), cases + who, title))
    return found


@dataclass(frozen=True)
class Sentences:
    """What is said of the features of the index cases in published patients.

    Attributes
    ----------
    together : str
        How many are known to have had every feature that all index cases had.
    of_none : str
        The features that are told of none; blank if each is told of some.
    title : str
        Both, feature by feature.
    """

    together: str
    of_none: str
    title: str


def in_sentences(told: pd.DataFrame) -> Sentences:
    """Say of how many published patients the features of the index cases are told.

    Examples of what it gives as a title: "T-ALL was reported in 8 of 25 published patients, CD7 cells in 2, both in
    none; TA-TMA was reported in none".

    Parameters
    ----------
    told : DataFrame
    """
    index, others = told[told["role"] == "index"], told[told["role"] != "index"]
    cases, total = words.listed(index["case"].unique()), others["case_id"].nunique()
    common = [name for name, mine in index.groupby("feature", sort=False) if (mine["state"] == SHARED).all()]
    if not common or not total:
        alone = f"No published patient stands beside {cases}" if common else f"{cases} have no feature in common"
        return Sentences(words.sentence(alone), _of_none(others), words.sentence(alone))
    has = others.pivot(index="case_id", columns="feature", values="state").eq(SHARED)
    every, counts = int(has[common].all(axis="columns").sum()), has.sum()
    had = f"known to have had {words.listed(common)}, as {cases} did"
    if total == 1:
        together = f"The one published patient is {'' if every else 'not '}{had}"
    else:
        of = words.sentence(words.spelled(every)) if every else "None"
        together = f"{of} of {total} published patients {'are' if every > 1 else 'is'} {had}"
    parts = [f"{common[0]} was {_reported(counts[common[0]], total)}"]
    parts += [f"{feature} in {counts[feature] or 'none'}" for feature in common[1:]]
    if len(common) > 1:
        all_ = "both" if len(common) == 2 else f"all {words.spelled(len(common))}"
        parts.append(f"{all_} in {every or 'none'}")
    return Sentences(together, _of_none(others), "; ".join(filter(None, [", ".join(parts), _of_none(others)])))


def _of_none(others: pd.DataFrame) -> str:
    """Name the features that are told of no published patient."""
    shared = set(others.loc[others["state"] == SHARED, "feature"])
    none = [feature for feature in others["feature"].unique() if feature not in shared]
    if not none:
        return ""
    near = others[others["feature"].isin(none) & others["state"].eq(PART)]["case_id"].nunique()
    kind = f", and something of the kind in {words.spelled(near)}" if near else ""
    return f"{words.listed(none)} {'was' if len(none) == 1 else 'were'} reported in none{kind}"


def _reported(n: int, total: int) -> str:
    return f"reported in {n or 'none'} of {total} published patient{'s' if total > 1 else ''}"


def share_of_own(told: pd.DataFrame, case_id: str, among: Iterable[str]) -> str:
    """Say how many of some patients share a feature that is told of one index case alone, and who.

    Examples of what it gives: "one of 7 shares a feature named only for case 1: patient A (infection)"; "none of 7
    shares a feature named only for case 1".

    Parameters
    ----------
    told : DataFrame
    case_id : str
        The index case.
    among : iterable of str
        The `case_id` of the patients who are counted.

    Raises
    ------
    ValueError
        If `case_id` is no index case of `told`.
    """
    index = told[told["role"] == "index"]
    if case_id not in set(index["case_id"]):
        known = words.listed(index["case_id"].unique()) or "there is none"
        raise ValueError(f"case_id={case_id!r} is no index case of which features are told: {known}")
    index = index[index["state"] == SHARED]
    alone = index[~index["feature"].duplicated(keep=False) & (index["case_id"] == case_id)]
    among = list(among)
    mine = told[told["case_id"].isin(among) & told["feature"].isin(alone["feature"]) & (told["state"] == SHARED)]
    who = [f"{case} ({words.listed(rows['feature'])})" for case, rows in mine.groupby("case", sort=False)]
    name = told.loc[told["case_id"] == case_id, "case"].iloc[0]
    if len(among) < 2:
        some = "no" if among and not who else "a"
        said = f"{'the one' if among else 'nobody'} shares {some} feature named only for {name}"
    else:
        some = words.spelled(len(who)) if who else "none"
        said = f"{some} of {len(among)} {'share' if len(who) > 1 else 'shares'} a feature named only for {name}"
    return f"{said}: {'; '.join(who)}" if who else said
