"""Published patients beside the index cases: which features they share, and what else differs.

A feature is a row of `features`; which index case it is of is computed from that case's rows.
Nobody is scored: patients are put in an order for reading, and what is silent stays silent.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

import pandas as pd

from casebook import words
from casebook.patients import individuals
from casebook.timeline import Course

SHARED, OTHER, PART, SILENT = "shared", "otherwise", "in part", "silent"


def features_told(course: Course, book) -> pd.DataFrame:
    """Which features are told of which patient.

    Parameters
    ----------
    course : Course
        Of the index cases and the published patients, counted from the first anchor.
    book : Casebook
        `cases`, `features`, `traits` and `kinds` are used.

    Returns
    -------
    DataFrame
        One row a patient and feature, features that no index case has left out: `case_id`,
        `case` (its label), `role`, `feature_id`, `feature`; `state`: "shared" (every condition of
        the feature is told), "otherwise" (one is told to be another), "in part" (a value that is close, or
        what would decide is not told: a condition, a grade, a type, an order) or "silent"; `said`, what
        is told in words.
    """
    second = individuals.index_events(course, book, 2)
    second = second[second["case_id"].isin(individuals.bridged(course, book))]
    after = {row.case_id: row for row in second.iloc[::-1].itertuples()}
    second_name = next(iter(individuals.anchor_kinds(book)["name"].iloc[1:2]), None)
    kinds = book.kinds.set_index("kind")
    rows = []
    for case in book.cases[book.cases["case_id"].isin(course.cases["case_id"])].itertuples():
        mine = course.events[(course.events["case_id"] == case.case_id) & course.events["ends"].isna()]
        nothing = words.NOT_IN_THE_RECORD if case.role == "index" else words.NOT_READ
        for feature in book.features.itertuples():
            found = [_trait(case, feature, column) for column in book.traits["column"]]
            found.append(_bridge(case, feature, after, second_name))
            found.append(_event(case, feature, mine, kinds))
            state, said = _all_of([one for one in found if one is not None])
            who = {"case_id": case.case_id, "case": case.label, "role": case.role}
            what = {"feature_id": feature.feature_id, "feature": feature.feature}
            rows.append({**who, **what, "state": state, "said": said or nothing})
    told = pd.DataFrame(rows)
    kept = told.loc[(told["role"] == "index") & (told["state"] == SHARED), "feature_id"]
    return told[told["feature_id"].isin(kept)].reset_index(drop=True)


def _all_of(found: list[tuple[str, str]]) -> tuple[str, str]:
    """Every condition must be told; one that is told otherwise is enough for the whole."""
    states = {state for state, _ in found}
    state = OTHER if OTHER in states else PART if len(states) > 1 else next(iter(states), SHARED)
    return state, ", ".join(text for _, text in found if text)


def _trait(case, feature, column: str) -> tuple[str, str] | None:
    wanted, value = getattr(feature, column, None), getattr(case, column)
    if not isinstance(wanted, str):
        return None
    if not isinstance(value, str):
        return SILENT, ""
    if value == wanted:
        return SHARED, value
    close = feature.close.split("|") if isinstance(feature.close, str) else []
    return (PART if wanted in value.split(" or ") or value in close else OTHER), value


def _bridge(case, feature, after: dict, second: str | None) -> tuple[str, str] | None:
    if not feature.bridged:
        return None
    if case.case_id not in after:
        absent = {second} & _denied(case)
        return (OTHER, f"no {second}") if absent else (SILENT, "")
    row = after[case.case_id]
    ours = row.earliest <= 0 and row.position_basis == "inferred"  # that it came after, and not with it, is our reading
    return (PART if ours else SHARED), f"{row.label}, {row.position}"


def _event(case, feature, mine: pd.DataFrame, kinds: pd.DataFrame) -> tuple[str, str] | None:
    if not isinstance(feature.kind, str):
        return None
    related = mine[mine["kind"].isin(feature.related.split("|"))] if isinstance(feature.related, str) else mine[:0]
    mine = mine[mine["kind"] == feature.kind]
    if mine.empty and len(related):
        return PART, "; ".join(related["label"])
    if mine.empty:
        kind = kinds.loc[feature.kind]
        absent = {feature.feature, kind["name"], kind["lane"]} & _denied(case)
        return (OTHER, f"no {sorted(absent)[0]}") if absent else (SILENT, "")
    if not isinstance(feature.grade, str):
        return SHARED, "; ".join(mine["label"])
    graded = mine[mine["grade"].eq(feature.grade)]
    if len(graded):
        return SHARED, "; ".join(graded["label"])
    open_ = mine["grade"].isna() | mine["grade"].fillna("").map(lambda grade: _spans(grade, feature.grade))
    return (PART if open_.any() else OTHER), "; ".join(mine["label"])


def _said(value: object) -> bool:
    return isinstance(value, str)


def _denied(case) -> set[str]:
    """What the source says did not occur, one by one."""
    said = case.did_not_occur
    return set(re.split(r"\s*(?:,|;|\band\b|\bor\b)\s*", said)) if _said(said) else set()


def _spans(grade: str, wanted: str) -> bool:
    """Whether a grade such as "3-4" leaves open if it is the one that is asked for."""
    ends = [int(end) for end in re.findall(r"\d+", grade)]
    return wanted.isdigit() and len(ends) > 1 and min(ends) <= int(wanted) <= max(ends)


# ---------------------------------------------------------------- who is near


def in_order_of_likeness(told: pd.DataFrame, book) -> list[str]:
    """The published patients: most traits shared first, then those of the higher rank, then most features.

    Parameters
    ----------
    told : DataFrame
        From `features_told`.
    book : Casebook
        A trait is shared if its value is that of an index case; "a or b" counts half. Ties stay
        in the order of `cases`.

    Returns
    -------
    list of str
        `case_id`, the index cases left out.
    """
    own = _own_values(book)
    shared = told[told["state"] == SHARED].groupby("case_id").size()

    def rank(case) -> tuple:
        each = [_shares(getattr(case, column), values) for column, values in own.items()]
        return (-sum(each), *(-one for one in each), -shared.get(case.case_id, 0))

    others = book.cases[book.cases["case_id"].isin(told["case_id"]) & (book.cases["role"] != "index")]
    return [case.case_id for case in sorted(others.itertuples(), key=rank)]


def _own_values(book) -> dict[str, set[str]]:
    """The values that the index cases have of each trait, by its rank; traits that none of them has are left out."""
    index = book.cases[book.cases["role"] == "index"]
    columns = book.traits.sort_values("rank")["column"]
    return {column: values for column in columns if (values := set(index[column].dropna()))}


def _shares(value: object, own: set[str]) -> float:
    if not isinstance(value, str):
        return 0.0
    return 1.0 if value in own else 0.5 if own & set(value.split(" or ")) else 0.0


def sharing(told: pd.DataFrame) -> pd.DataFrame:
    """Who shares each feature: names only.

    Parameters
    ----------
    told : DataFrame
        From `features_told`.

    Returns
    -------
    DataFrame
        One row a feature: `feature`, `of` (the index cases that have it), `n`, `shared_by` (labels, or
        "nobody who was found").
    """
    rows = []
    for feature, mine in told[told["state"] == SHARED].groupby("feature", sort=False):
        of, others = mine[mine["role"] == "index"]["case"], mine[mine["role"] != "index"]["case"]
        named = "; ".join(others) or "nobody who was found"
        rows.append({"feature": feature, "of": words.listed(of), "n": len(others), "shared_by": named})
    order = {feature: place for place, feature in enumerate(told["feature"].unique())}
    found = pd.DataFrame(rows, columns=["feature", "of", "n", "shared_by"])
    return found.sort_values("feature", key=lambda names: names.map(order), ignore_index=True)


def differences(course: Course, book) -> pd.DataFrame:
    """What of the traits and of the order of anchors is known to differ from the index cases, once a patient.

    Parameters
    ----------
    course : Course
        As for `features_told`.
    book : Casebook

    Returns
    -------
    DataFrame
        One row a patient who is no index case: `case_id`, `differs` in words; a trait that is not
        known is named as such, and an earlier event of the second anchor's kind is told.
    """
    index = set(book.cases.loc[book.cases["role"] == "index", "case_id"])
    after, before = individuals.bridged(course, book), individuals.earlier(course, book)
    kinds = list(individuals.anchor_kinds(book).itertuples())
    traits = list(book.traits.sort_values("rank").itertuples())
    own, rows = _own_values(book), []
    for case in book.cases[book.cases["case_id"].isin(course.cases["case_id"])].itertuples():
        if case.case_id in index:
            continue
        found = _of_traits(case, traits, own)
        if index & after and case.case_id not in after:
            reported = "" if kinds[1].name in _denied(case) else " reported"
            found.append(f"no {kinds[1].name}{reported} after the {kinds[0].name}")
        if case.case_id in before:
            found.append(f"an earlier {kinds[1].name}")
        nothing = f"nothing of {words.listed(trait.called for trait in traits)}"
        rows.append({"case_id": case.case_id, "differs": "; ".join(found) or nothing})
    return pd.DataFrame(rows, columns=["case_id", "differs"])


def _of_traits(case, traits: list, own: dict[str, set[str]]) -> list[str]:
    """The traits that are told otherwise, and, in one, those that are not told."""
    mine = [(trait, getattr(case, trait.column)) for trait in traits if trait.column in own]
    found = [trait.phrase.format(value) for trait, value in mine if _said(value) and value not in own[trait.column]]
    silent = [trait.called for trait, value in mine if not _said(value)]
    return found + ([f"{words.listed(silent)} {words.NOT_READ}"] if silent else [])


def feature_by_feature(told: pd.DataFrame, case_ids: Iterable[str]) -> pd.DataFrame:
    """What is told of some patients, feature by feature: `feature`, and one column a patient (named by its label)."""
    wide = told.pivot(index="feature", columns="case_id", values="said").reindex(told["feature"].unique())
    names = told.drop_duplicates("case_id").set_index("case_id")["case"]
    return wide[list(case_ids)].rename(columns=names).rename_axis(columns=None).reset_index()


# ---------------------------------------------------------------- in sentences


def in_common(told: pd.DataFrame) -> list[str]:
    """The features that all index cases have."""
    index = told[told["role"] == "index"]
    return [name for name, mine in index.groupby("feature", sort=False) if (mine["state"] == SHARED).all()]


def together(told: pd.DataFrame) -> str:
    """Say how many published patients are known to have had every feature that all index cases had."""
    index, others = told[told["role"] == "index"], told[told["role"] != "index"]
    cases = list(index["case"].unique())
    common, total = in_common(told), others["case_id"].nunique()
    if not common:
        return f"{words.sentence(words.listed(cases))} have no feature in common"
    if not total:
        return f"No published patient stands beside {words.listed(cases)}"
    mine = others[others["feature"].isin(common)]
    had = f"{words.listed(common)}, as {words.listed(cases)} did"
    n = int((mine["state"] == SHARED).groupby(mine["case_id"]).all().sum())
    if total == 1:
        return f"The one published patient is {'' if n else 'not '}known to have had {had}"
    of = f"{words.sentence(words.spelled(n)) if n else 'None'} of {total} published patients"
    return f"{of} {'are' if n > 1 else 'is'} known to have had {had}"


def told_of_none(told: pd.DataFrame) -> str:
    """Name the features that are told of no published patient; blank if each is told of some."""
    others = told[told["role"] != "index"]
    shared = set(others.loc[others["state"] == SHARED, "feature"])
    none = [feature for feature in told["feature"].unique() if feature not in shared]
    if not none or others.empty:
        return ""
    near = others[others["feature"].isin(none) & others["state"].eq(PART)]["case_id"].nunique()
    kind = f", and something of the kind in {words.spelled(near)}" if near else ""
    return f"{words.listed(none)} {'was' if len(none) == 1 else 'were'} reported in none{kind}"


def share_of_own(told: pd.DataFrame, case_id: str, among: Iterable[str]) -> str:
    """Say how many of some patients share a feature that is told of one index case alone, and who.

    Examples of what it gives: "one of 7 shares a feature named only for case 1: patient A (infection)"; "none of 7
    shares a feature named only for case 1".

    Parameters
    ----------
    told : DataFrame
        From `features_told`.
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
