"""What else to think of, as a grid: conditions by days and signs, and which of them somebody's findings touch.

The page has the same functions under the same names in plain script, with the same table; a test holds the two
together. Conditions keep their order: nothing is ranked, and nothing is excluded.
"""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from casebook import words

SIGNS = {  # the columns of the grid between the days and the test
    "fever": "Fever", "rash": "Rash", "liver": "Liver", "counts": "Counts", "lungs": "Lungs", "kidney": "Kidney",
    "gut": "Gut", "brain": "Brain",
}  # fmt: skip
WITHIN, OUTSIDE, NO_LIMITS = "within", "outside", "no limits read"


def grid(book) -> list[dict]:
    """Give the grid, condition by condition, as the page is told it.

    Parameters
    ----------
    book : Casebook
        Its `signs` are used.

    Returns
    -------
    list of dict
        `condition`; `cells`, by sign what its source says and which entry of `differential` that is; `days`, the
        first and the last of the published days from the graft, an open end as None, or None where no limits were
        read.
    """
    found = []
    for condition, mine in book.signs.groupby("condition", sort=False):
        cells = {row.sign: {"says": row.says, "source": row.differential_id} for row in mine.itertuples()}
        limits = mine.loc[mine["sign"].eq("days"), ["from_day", "to_day"]].dropna(how="all")
        days = None
        if len(limits):
            first, last = (None if pd.isna(end) else int(end) for end in limits.iloc[0])
            days = [first or 0, last]
        found.append({"condition": condition, "cells": cells, "days": days})
    return found


def touched(conditions: list[dict], day: int | None = None, findings: Iterable[str] = ()) -> list[dict]:
    """Say of each condition whether a day lies within its published days, and which findings are among its signs.

    Parameters
    ----------
    conditions : list of dict
        From `grid`.
    day : int, optional
        Days from the graft; None if it is not told.
    findings : iterable of str
        Of `SIGNS`.

    Returns
    -------
    list of dict
        In the order of the grid: `condition`; `day`, "within", "outside", "no limits read", or empty if no day was
        told; `signs`, the findings that it shares, in the order of `SIGNS`.

    Raises
    ------
    ValueError
        If the day is no whole number from 0, or a finding has no column.
    """
    given = list(findings)
    if day is not None and (day != int(day) or day < 0):
        raise ValueError(f"day is {words.number(day)}: give a whole number of days from the graft, 0 or more")
    unknown = [name for name in given if name not in SIGNS]
    if unknown:
        raise ValueError(f"findings has {', '.join(unknown)}: give some of {', '.join(SIGNS)}")
    return [
        {
            "condition": one["condition"],
            "day": "" if day is None else _place(one["days"], day),
            "signs": [sign for sign in SIGNS if sign in given and sign in one["cells"]],
        }
        for one in conditions
    ]


def _place(days: list | None, day: int) -> str:
    if days is None:
        return NO_LIMITS
    return WITHIN if days[0] <= day and (days[1] is None or day <= days[1]) else OUTSIDE


def said_touched(
    conditions: list[dict], day: int | None = None, findings: Iterable[str] = (), done: Iterable[str] = ()
) -> str:
    """Say in words what `touched` gives, and how many of the touched rows have a test that is not done.

    Parameters
    ----------
    conditions, day, findings
        As for `touched`.
    done : iterable of str
        Conditions whose test is done.
    """
    found, given = touched(conditions, day, findings), [sign for sign in SIGNS if sign in set(findings)]
    parts = []
    if day is not None:
        known = [one for one in found if one["day"] != NO_LIMITS]
        within = sum(one["day"] == WITHIN for one in known)
        parts.append(f"Day {day} lies within the published days of {within} of {len(known)} conditions with limits")
    if given:
        rows = [one for one in found if one["signs"]]
        left = sum(one["condition"] not in set(done) for one in rows)
        names = words.listed(SIGNS[sign].lower() for sign in given)
        parts.append(
            f"{words.sentence(names)} {'touches' if len(given) == 1 else 'touch'} {len(rows)} of {len(found)} rows; "
            f"the test is not done in {left} of them"
        )
    return ". ".join([*(parts or ["No day and no finding is set"]), "Nothing is ranked, and nothing is excluded."])
