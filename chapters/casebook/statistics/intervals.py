"""One proportion and its interval, and whether several are compatible with one.

Proportions are fractions between 0 and 1. SciPy gives the quantiles; of it only `special` is asked, which is there
in a moment (`stats` takes half a second of every process).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from scipy.special import betaincinv, chdtrc, ndtri

from casebook.statistics import _given as given

INTERVALS = ("clopper-pearson", "wilson")
WIDE = 0.9  # an interval that holds so much of all proportions says nothing


def proportion_interval(
    events: int, total: int, method: str = "clopper-pearson", level: float = 0.95
) -> tuple[float, float]:
    """The confidence interval of one proportion.

    Parameters
    ----------
    events, total : int
        Patients with the event, and all patients.
    method : {"clopper-pearson", "wilson"}
        The exact interval, which never covers less than its level, or the score interval.
    level : float
        The level of confidence, between 0 and 1 (see `LEVELS`).

    Returns
    -------
    tuple of float
        Lower and upper limit, as fractions.

    Raises
    ------
    ValueError
        If the counts are no counts, or method or level is unknown.

    References
    ----------
    Clopper CJ, Pearson ES. Biometrika 1934;26:404-413.
    Wilson EB. J Am Stat Assoc 1927;22:209-212.
    """
    given.one_of("method", method, INTERVALS)
    given.check_level(level)
    (events,), (total,) = given.checked_counts([events], [total])
    x, n, tail = events, total, (1 - level) / 2
    if method == "clopper-pearson":
        low, high = betaincinv(x, n - x + 1, tail), betaincinv(x + 1, n - x, 1 - tail)
    else:
        z = -ndtri(tail)
        center, reach = x + z**2 / 2, z * np.sqrt(x * (n - x) / n + z**2 / 4)
        low, high = (center - reach) / (n + z**2), (center + reach) / (n + z**2)
    return (0.0 if x == 0 else float(low)), (1.0 if x == n else float(high))


def with_intervals(rows: pd.DataFrame, method: str = "clopper-pearson", level: float = 0.95) -> pd.DataFrame:
    """Add to each row its proportion and the interval of it.

    Parameters
    ----------
    rows : DataFrame
        `events` and `n`, none of them missing.
    method, level
        As in `proportion_interval`.

    Returns
    -------
    DataFrame
        The rows with `share`, `share_low`, `share_high`, as fractions.
    """
    if len(rows):
        given.checked_counts(rows["events"], rows["n"])  # names all wrong rows at once
    limits = [proportion_interval(events, n, method, level) for events, n in zip(rows["events"], rows["n"])]
    return rows.assign(
        share=[float(events / n) for events, n in zip(rows["events"], rows["n"])],
        share_low=[low for low, _ in limits],
        share_high=[high for _, high in limits],
    )


def holds_nearly_all(low: float, high: float) -> bool:
    """Say whether an interval of a proportion holds so much of 0 to 1 that it says nothing.

    Examples
    --------
    >>> holds_nearly_all(0.0, 0.9999), holds_nearly_all(0.05, 0.95), holds_nearly_all(0.0, 0.85)
    (True, True, False)
    """
    return bool(high - low >= WIDE - 1e-12)


def chi_squared_test(events: Sequence[int], totals: Sequence[int]) -> tuple[float, int, float]:
    """Test whether several studies are compatible with one proportion: Pearson's chi-squared test.

    Parameters
    ----------
    events, totals : sequence of int
        Patients with the event and all patients, one entry a study.

    Returns
    -------
    tuple
        Chi-squared, its degrees of freedom, and p; for one study 0, 0 and NaN. Where no patient or every
        patient has the event the studies agree: 0 and p = 1.

    Examples
    --------
    >>> chi_squared, df, p = chi_squared_test([10, 20], [50, 50])
    >>> round(chi_squared, 3), df, round(p, 3)
    (4.762, 1, 0.029)
    """
    x, n = given.checked_counts(events, totals)
    expected = n * x.sum() / n.sum()
    spread = expected * (1 - x.sum() / n.sum())
    chi_squared = float(((x - expected) ** 2 / spread).sum()) if x.sum() not in (0, n.sum()) else 0.0
    df = len(x) - 1
    return chi_squared, df, float(chdtrc(df, chi_squared)) if df else float("nan")
