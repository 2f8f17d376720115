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
    second_kind = next(iter(individuals.anchor_kinds(book)["kind"].iloc[1:2]), None)
    kinds = book.kinds.set_index("kind")
    rows = []
    for case in book.cases[book.cases["case_id"].isin(course.cases["case_id"])].itertuples():
        mine = course.events[(course.events["case_id"] == case.case_id) & course.events["ends"].isna()]
        nothing = words.NOT_IN_THE_RECORD if case.role == "index" else words.NOT_READ
        for feature in book.features.itertuples():
            found = [_trait(case, feature, column) for column in book.traits["column"]]
            found.append(_bridge(case, feature, after, _denied(case, second_kind, kinds)))
            found.append(_event(case, feature, mine, kinds, course.answers))
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
    return (PART if wanted in value.split(" or ") or value in _parts(feature.close) else OTHER), value


def _bridge(case, feature, after: dict, denied: str) -> tuple[str, str] | None:
    if not feature.bridged:
        return None
    if case.case_id not in after:
        return (OTHER, denied) if denied else (SILENT, "")
    row = after[case.case_id]
    ours = row.earliest <= 0 and row.position_basis == "inferred"  # that it came after, and not with it, is our reading
    return (PART if ours else SHARED), f"{row.label}, {row.position}"


def _event(case, feature, mine: pd.DataFrame, kinds: pd.DataFrame, answers: pd.DataFrame) -> tuple[str, str] | None:
    if not isinstance(feature.kind, str):
        return None
    related = mine[mine["kind"].isin(_parts(feature.related))]
    mine = mine[mine["kind"] == feature.kind]
    if mine.empty and len(related):
        return PART, "; ".join(related["label"])
    if mine.empty:
        denied = _denied(case, feature.kind, kinds)
        asked = answers["kind"].isin([feature.kind, *_parts(feature.related)]) & answers["case_id"].eq(case.case_id)
        told = "; ".join(answers.loc[asked, "said"])
        return (OTHER, denied) if denied else (PART, told) if told else (SILENT, "")
    if not isinstance(feature.grade, str):
        return SHARED, "; ".join(mine["label"])
    graded = mine[mine["grade"].eq(feature.grade)]
    if len(graded):
        return SHARED, "; ".join(graded["label"])
    open_ = mine["grade"].isna() | mine["grade"].fillna("").map(lambda grade: _spans(grade, feature.grade))
    return (PART if open_.any() else OTHER), "; ".join(mine["label"])


def _denied(case, kind: str | None, kinds: pd.DataFrame) -> str:
    """Say that a kind of event, or a wider one, did not occur, where the source says so; blank where it is silent."""
    absent, seen = _parts(case.absent_kinds), set()
    while isinstance(kind, str) and kind not in seen:
        if kind in absent:
            return f"no {kinds.loc[kind, 'name']}"
        seen.add(kind)
        kind = kinds.loc[kind, "kind_of"]
    return ""


def _parts(cell: object) -> list[str]:
    """What a cell lists, parted by |."""
    return cell.split("|") if isinstance(cell, str) else []


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
    return 1.0 if value in own else 0.5 if isinstance(value, str) and own & set(value.split(" or ")) else 0.0


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
            reported = "" if kinds[1].kind in _parts(case.absent_kinds) else " reported"
            found.append(f"no {kinds[1].name}{reported} after the {kinds[0].name}")
        if case.case_id in before:
            found.append(f"an earlier {kinds[1].name}")
        nothing = f"nothing of {words.listed(trait.called for trait in traits)}"
        rows.append({"case_id": case.case_id, "differs": "; ".join(found) or nothing})
    return pd.DataFrame(rows, columns=["case_id", "differs"])


def _of_traits(case, traits: list, own: dict[str, set[str]]) -> list[str]:
    """The traits that are told otherwise, and, in one, those that are not told."""
    mine = [(trait, getattr(case, trait.column)) for trait in traits if trait.column in own]
    known = [(trait, value) for trait, value in mine if isinstance(value, str)]
    found = [trait.phrase.format(value) for trait, value in known if value not in own[trait.column]]
    silent = [trait.called for trait, value in mine if not isinstance(value, str)]
    return found + ([f"{words.listed(silent)} {words.NOT_READ}"] if silent else [])


def feature_by_feature(told: pd.DataFrame, case_ids: Iterable[str]) -> pd.DataFrame:
    """What is told of some patients, feature by feature: `feature`, and one column a patient (named by its label)."""
    wide = told.pivot(index="feature", columns="case_id", values="said").reindex(told["feature"].unique())
    names = told.drop_duplicates("case_id").set_index("case_id")["case"]
    return wide[list(case_ids)].rename(columns=names).rename_axis(columns=None).reset_index()


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
    cases = book.cases.set_index("case_id", drop=False)
    ours = cases["role"] == "index"
    order = [*cases.index[ours], *in_order_of_likeness(told, book)]
    looks = book.looks[book.looks["of"] == "case"].set_index("look")[["color", "shape"]]
    about = individuals.traits_in_words(cases, book.traits).mask(ours, "")
    outcome = individuals.fates(cases).mask(ours, cases["outcome"].fillna(words.NOT_IN_THE_RECORD))
    found = told.join(pd.DataFrame({"about": about, "outcome": outcome}), on="case_id").join(looks, on="case_id")
    return found.sort_values("case_id", key=lambda ids: ids.map(order.index), kind="stable", ignore_index=True)
