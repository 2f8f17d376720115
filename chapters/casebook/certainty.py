"""How certain a statement is: one word, from what is judged of it domain by domain.

As GRADE does for questions of prognosis: a body of observational evidence begins as high, and each
domain of concern takes one level from it, or two (Iorio et al., BMJ 2015;350:h870; Foroutan et al., J Clin
Epidemiol 2020;121:62-70). What cannot be assessed takes none, and is named.
"""

from __future__ import annotations

import pandas as pd

from casebook import words

LEVELS = ("high", "moderate", "low", "very low")
TAKES = {"no concern": 0, "not assessable": 0, "serious": 1, "very serious": 2}
DOMAINS = ("risk of bias", "inconsistency", "indirectness", "imprecision", "publication bias")


def level(concerns) -> str:
    """Give the level that is left.

    Examples
    --------
    >>> level(["no concern"] * 5), level(["serious", "not assessable"]), level(["very serious", "serious", "serious"])
    ('high', 'moderate', 'very low')
    """
    return LEVELS[min(sum(TAKES[concern] for concern in concerns), len(LEVELS) - 1)]


def graded(book) -> pd.DataFrame:
    """Give the certainty of every statement.

    Parameters
    ----------
    book : Casebook
        Its `certainty` and `certainty_reasons` are used.

    Returns
    -------
    DataFrame
        The rows of `certainty` with `level`, and `lowered`: the domains of concern, in words.

    Raises
    ------
    ValueError
        If a domain of a statement is not judged.
    """
    reasons = book.certainty_reasons
    found = []
    for row in book.certainty.itertuples():
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
    return book.certainty.assign(level=[one for one, _ in found], lowered=[two for _, two in found])


def said(book, statement_id: str) -> str:
    """Say the certainty of one statement, such as "low certainty".

    Raises
    ------
    ValueError
        If there is no such statement.
    """
    levels = graded(book).set_index("statement_id")["level"]
    if statement_id not in levels:
        raise ValueError(f"certainty has no row {statement_id}; it has {', '.join(levels.index)}")
    return f"{levels[statement_id]} certainty"


def certainty_table(book) -> pd.DataFrame:
    """Make the table of statements, the word for each, and why it is not higher."""
    found, reasons = graded(book), book.certainty_reasons
    because = [
        " ".join(
            f"{words.sentence(row.domain)}: {row.because}"
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
