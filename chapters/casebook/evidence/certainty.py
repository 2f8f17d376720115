"""How certain a statement is: one word, from what is judged of it domain by domain.

As GRADE does for questions of prognosis: a body of observational evidence begins as high, and each
domain of concern takes one level from it, or two (Iorio et al., BMJ 2015;350:h870; Foroutan et al., J Clin
Epidemiol 2020;121:62-70). What cannot be assessed takes none, and is named.

Whether the series of a pooled proportion are inconsistent is no opinion: it is judged by one rule, computed from
their counts. The concern is serious if Pearson's test of one proportion for all gives p below `INCONSISTENT`,
which is wider than the usual 0.05 because the test finds little among few series; one series cannot be assessed.
"""

from __future__ import annotations

from typing import NamedTuple

import pandas as pd

from casebook import words
from casebook.evidence import cohorts
from casebook.statistics import chi_squared_test

LEVELS = ("high", "moderate", "low", "very low")
TAKES = {"no concern": 0, "not assessable": 0, "serious": 1, "very serious": 2}
INCONSISTENT = 0.1  # p
DOMAINS = ("risk of bias", "inconsistency", "indirectness", "imprecision", "publication bias")


def level(concerns) -> str:
    """Give the level that is left.

    Examples
    --------
    >>> level(["no concern"] * 5), level(["serious", "not assessable"]), level(["very serious", "serious", "serious"])
    ('high', 'moderate', 'very low')
    """
    return LEVELS[min(sum(TAKES[concern] for concern in concerns), len(LEVELS) - 1)]


class Consistency(NamedTuple):
    """Whether some series are compatible with one proportion.

    Attributes
    ----------
    k : int
        Series.
    chi_squared : float
    df : int
    p : float
        NaN for fewer than two series.
    concern : str
        One of `TAKES`, by the rule.
    """

    k: int
    chi_squared: float
    df: int
    p: float
    concern: str


def consistency(rows: pd.DataFrame) -> Consistency:
    """Judge by the rule whether some series are inconsistent.

    Parameters
    ----------
    rows : DataFrame
        `events` and `n`, a series a row.

    Examples
    --------
    >>> consistency(pd.DataFrame({"events": [4, 11], "n": [20, 20]})).concern
    'serious'
    >>> consistency(pd.DataFrame({"events": [4, 5], "n": [20, 20]})).concern
    'no concern'
    >>> consistency(pd.DataFrame({"events": [4], "n": [20]})).concern
    'not assessable'
    """
    if len(rows) < 2:
        return Consistency(len(rows), 0.0, 0, float("nan"), "not assessable")
    chi_squared, df, p = chi_squared_test(rows["events"], rows["n"])
    return Consistency(len(rows), chi_squared, df, p, "serious" if p < INCONSISTENT else "no concern")


def consistencies(book) -> dict[str, Consistency]:
    """Judge each statement on a pooled proportion by the rule.

    Parameters
    ----------
    book : Casebook
        Its `certainty` names the outcome that is pooled, and the group of series (see `cohorts.grouping`), if it
        is of one.

    Returns
    -------
    dict of Consistency
        By `statement_id`; statements on nothing that is pooled are left out.
    """
    return _by_rule(book, book.certainty)


def _by_rule(book, statements: pd.DataFrame) -> dict[str, Consistency]:
    named = statements[statements["pooled_outcome"].notna()]
    found = {}
    for row in named.itertuples():
        rows = cohorts.choose(book, cohorts.candidates(book, row.pooled_outcome)).chosen
        mine = rows if pd.isna(row.group) else rows[rows[cohorts.grouping(book)] == row.group]
        found[row.statement_id] = consistency(mine)
    return found


def said_consistency(found: Consistency) -> str:
    """Say what the rule was computed from, such as "χ² 14.4 on 6 degrees of freedom, p = 0.026"."""
    degrees = words.count(found.df, "degree of freedom", "degrees of freedom")
    p = "p < 0.001" if found.p < 0.001 else f"p = {words.fixed(found.p, 3)}"
    chi_squared = f"χ² {words.fixed(found.chi_squared, 1)} on {degrees}, {p}"
    return chi_squared if found.df else words.count(found.k, "series", "series")


def graded(book) -> pd.DataFrame:
    """Give the certainty of every statement.

    Parameters
    ----------
    book : Casebook
        Its `certainty` and `certainty_reasons` are used, and for the rule on inconsistency the tables of series.

    Returns
    -------
    DataFrame
        The rows of `certainty` with `level`, and `lowered`: the domains of concern, in words.

    Raises
    ------
    ValueError
        If a domain of a statement is not judged, or the inconsistency of a pooled proportion is judged otherwise
        than by the rule.
    """
    return _graded(book, book.certainty)


def _graded(book, statements: pd.DataFrame) -> pd.DataFrame:
    reasons = book.certainty_reasons
    _check_rule(book, statements)
    found = []
    for row in statements.itertuples():
        mine = reasons[reasons["statement_id"] == row.statement_id].set_index("domain")["concern"]
        open_ = [domain for domain in DOMAINS if domain not in mine]
        if open_:
            raise ValueError(
                f"certainty_reasons, statement {row.statement_id}: nothing is judged of {words.listed(open_)}; "
                "add a row for each, if only to say that it is not assessable"
            )
        lowered = [f"{domain}, two levels" if TAKES[mine[domain]] > 1 else domain for domain in DOMAINS
                   if TAKES[mine[domain]]]  # fmt: skip
        found.append((level(mine), "; ".join(lowered)))
    return statements.assign(level=[one for one, _ in found], lowered=[two for _, two in found])


def _check_rule(book, statements: pd.DataFrame) -> None:
    judged = book.certainty_reasons[book.certainty_reasons["domain"] == "inconsistency"]
    judged = judged.set_index("statement_id")["concern"]
    wrong = [
        f"statement {name}, inconsistency: found {judged[name]!r}, and the rule gives {one.concern!r} "
        f"({said_consistency(one)}): write that, and in because what it means"
        for name, one in _by_rule(book, statements).items()
        if name in judged and judged[name] != one.concern
    ]
    if wrong:
        raise ValueError("certainty_reasons: " + "; ".join(wrong))


def after(book, outcome: str, group: str | None = None) -> str:
    """Say the certainty of a pooled outcome after its number, such as "; low certainty"; empty if none is judged.

    Parameters
    ----------
    book : Casebook
    outcome : str
        A code of `outcomes`.
    group : str, optional
        A group of series (see `cohorts.grouping`); by default all series together.
    """
    named = book.certainty[book.certainty["pooled_outcome"] == outcome]
    named = named[named["group"].isna() if group is None else named["group"] == group]
    return "".join(f"; {said(book, statement)}" for statement in named["statement_id"])


def said(book, statement_id: str) -> str:
    """Say the certainty of one statement, such as "low certainty".

    Raises
    ------
    ValueError
        If there is no such statement.
    """
    mine = book.certainty[book.certainty["statement_id"] == statement_id]
    if mine.empty:
        raise ValueError(f"certainty has no row {statement_id}; it has {', '.join(book.certainty['statement_id'])}")
    return f"{_graded(book, mine)['level'].iloc[0]} certainty"


def certainty_table(book) -> pd.DataFrame:
    """Make the table of statements, the word for each, and why it is not higher."""
    found, reasons, by_rule = graded(book), book.certainty_reasons, consistencies(book)
    counted = {(name, "inconsistency"): f" ({said_consistency(one)})" for name, one in by_rule.items()}
    because = [
        " ".join(
            f"{words.sentence(row.domain)}{counted.get((statement, row.domain), '')}: {row.because}"
            for row in reasons[reasons["statement_id"] == statement].itertuples()
            if TAKES[row.concern]
        )
        for statement in found["statement_id"]
    ]
    shown = found[["statement", "level", "lowered"]].assign(because=because)
    return shown.set_axis(["Statement", "Certainty", "Lowered for", "Because"], axis="columns")


def said_levels(book) -> str:
    """Say how many statements are of which certainty, such as "5 low and 6 very low"."""
    counts = graded(book)["level"].value_counts()
    return words.listed(f"{counts[one]} {one}" for one in LEVELS if one in counts)
