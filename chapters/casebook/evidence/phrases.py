"""How one published number is said: a time, a count, a percentage, a pooled figure, and in what it was read."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from casebook import words
from casebook.statistics import Pooled

SAYS_NOTHING = "which says nothing"
COUNTED = "proportion"  # the measure that counts heads


def in_days(intervals: pd.DataFrame) -> pd.DataFrame:
    """Turn published times into days, for axes of days, by `words.DAYS_IN`.

    Parameters
    ----------
    intervals : DataFrame
        `value`, `low`, `high` in the `unit` of the row, such as days or months.

    Returns
    -------
    DataFrame
        The rows with `value_days`, `low_days`, `high_days`.

    Raises
    ------
    ValueError
        If a unit is none that days are known of.
    """
    scale = intervals["unit"].str.removesuffix("s").map(words.DAYS_IN)
    odd = sorted(intervals.loc[scale.isna(), "unit"].astype("str").unique())
    if odd:
        known = ", ".join(f"{unit}s" for unit in words.DAYS_IN)
        raise ValueError(f"intervals, column unit: found {', '.join(odd)}; expected one of {known}")
    return intervals.assign(**{f"{name}_days": intervals[name] * scale for name in ("value", "low", "high")})


def said_time(row) -> str:
    """Say a published time with what is known of it: a median, limits, both, or neither.

    Parameters
    ----------
    row : Series
        `statistic`, `value`, `low`, `high`, `unit`, and, if it is known, `limits`.

    Examples
    --------
    >>> row = {"statistic": "median", "value": 33.5, "low": 30, "high": 55, "unit": "days"}
    >>> said_time(row)
    'median 33.5 days (30 to 55)'
    >>> said_time(row | {"value": None}), said_time(row | {"low": None, "high": None})
    ('30 to 55 days', 'median 33.5 days')
    """
    low, high = (None if pd.isna(row[end]) else words.number(row[end]) for end in ("low", "high"))
    limits = f"{low} to {high}" if low and high else f"from {low}" if low else f"up to {high}" if high else ""
    if pd.isna(row["value"]):
        return f"{limits} {row['unit']}" if limits else words.NOT_READ
    middle = f"{'median ' if row['statistic'] == 'median' else ''}{words.number(row['value'])} {row['unit']}"
    kind = "95% interval " if row.get("limits") == "confidence interval" else ""
    return f"{middle} ({kind}{limits})" if limits else middle


def said_series(n: int) -> str:
    """Count series.

    Examples
    --------
    >>> said_series(0), said_series(1), said_series(7)
    ('no series', 'one series', '7 series')
    """
    return f"{words.spelled(n) if n < 2 else n} series"


def said_pool(pool: Pooled) -> str:
    """Say a pooled figure and its interval, and where the interval is so wide that it says nothing."""
    estimate, low, high = (words.fixed(100 * value, 1) for value in (pool.estimate, pool.low, pool.high))
    nothing = f", {SAYS_NOTHING}" if pool.says_nothing else ""
    return f"pooled {estimate}%, 95% interval {low} to {high}{nothing}"


def said_percent(value: float, low: float, high: float) -> str:
    """Say a printed percentage with its limits, if both are printed.

    Examples
    --------
    >>> said_percent(67.2, 51.9, 82.4), said_percent(60.0, float("nan"), float("nan"))
    ('67.2% (51.9 to 82.4)', '60%')
    """
    if pd.isna(low) or pd.isna(high):
        return f"{words.number(value)}%"
    return f"{words.number(value)}% ({words.number(low)} to {words.number(high)})"


def said_range(shares: Iterable[float]) -> str:
    """Say between which percentages some shares lie.

    Examples
    --------
    >>> said_range([0.12, 0.091]), said_range([0.12])
    ('9.1 to 12.0%', '12.0%')
    """
    found = list(shares)
    low, high = (words.fixed(100 * end(found), 1) for end in (min, max))
    return f"{low}%" if low == high else f"{low} to {high}%"


def said_count(row) -> str:
    """Say a count, or the percentage that is printed in its place, and of how many patients.

    Parameters
    ----------
    row : Series
        A row of `outcomes`: `measure`, `time_point`, `events`, `n`, `value`.

    Examples
    --------
    >>> row = {"measure": "proportion", "time_point": None, "events": 5, "n": 55, "value": 9}
    >>> said_count(row), said_count(row | {"events": None})
    ('5 of 55 patients (9%)', '9% of 55 patients')
    >>> said_count(row | {"measure": "cumulative incidence", "time_point": "day 180"})
    '9% by day 180 (cumulative incidence, n = 55)'
    """
    patients = f"patients, their number {words.NOT_READ}" if pd.isna(row["n"]) else words.count(row["n"], "patient")
    printed = words.NOT_READ if pd.isna(row["value"]) else f"{words.number(row['value'])}%"
    if row["measure"] != COUNTED:  # an estimate is no share of heads, whatever was counted beside it
        when = f" by {row['time_point']}" if pd.notna(row["time_point"]) else ""
        return said_estimate(f"{printed}{when}", row["measure"], row["n"])
    if pd.isna(row["events"]):
        return f"{printed} of {patients}"
    share = "" if pd.isna(row["n"]) else f" ({words.percent(row['events'] / row['n'])})"
    return f"{row['events']} of {patients}{share}"


def said_estimate(printed: str, kind: str, n) -> str:
    """Say a percentage that is no share of heads, with what it is and how many stand behind it.

    Examples
    --------
    >>> said_estimate("32% (19 to 54)", "cumulative incidence", 34), said_estimate("60%", "estimate", None)
    ('32% (19 to 54; cumulative incidence, n = 34)', '60% (estimate, n not in what was read)')
    """
    about = f"{kind}, n {words.NOT_READ if pd.isna(n) else f'= {n}'}"
    return f"{printed[:-1]}; {about})" if printed.endswith(")") else f"{printed} ({about})"


def out_of(events: int, n: int, one: str = "patient") -> str:
    """Say how many of how many.

    Examples
    --------
    >>> out_of(5, 55), out_of(0, 1, "answer")
    ('5 of 55 patients', 'none of 1 answer')
    """
    return f"{int(events) or 'none'} of {words.count(int(n), one)}"


def read_in_words(rows: pd.DataFrame) -> pd.Series:
    """Say in what each row was read, and its caveat if it has one.

    Examples
    --------
    >>> read_in_words(pd.DataFrame({"read_in": ["abstract", "label"], "caveat": ["Small.", None]})).tolist()
    ['Abstract. Small.', 'Label.']
    """
    return (rows["read_in"].map(words.sentence) + ". " + rows["caveat"].fillna("")).str.strip()
