"""Our intervals and pooled figures beside those of others."""

from __future__ import annotations

import numpy as np
import pandas as pd

from casebook.statistics.intervals import proportion_interval
from casebook.statistics.pooling import TAU2, pool_proportions


def against_intervals(reference: pd.DataFrame) -> pd.DataFrame:
    """Our intervals of one proportion beside published ones.

    Parameters
    ----------
    reference : DataFrame
        `events`, `n`, `method`, `low`, `high`.

    Returns
    -------
    DataFrame
        The rows with `our_low`, `our_high` and `difference`, the larger of the two differences.
    """
    ours = [proportion_interval(row.events, row.n, row.method) for row in reference.itertuples()]
    found = reference.assign(our_low=[low for low, _ in ours], our_high=[high for _, high in ours])
    low, high = (found["our_low"] - found["low"]).abs(), (found["our_high"] - found["high"]).abs()
    return found.assign(difference=np.maximum(low, high))


def against_pooled(reference: pd.DataFrame, counts: pd.DataFrame) -> pd.DataFrame:
    """Our pooled proportions beside those of another program.

    Parameters
    ----------
    reference : DataFrame
        `dataset`, `method`, `tau2_method`, `ci`, and the values to meet: `estimate`, `low`,
        `high`, `prediction_low`, `prediction_high`, `tau2` (missing where there is none).
    counts : DataFrame
        `dataset`, `events`, `n`.

    Returns
    -------
    DataFrame
        The rows with `pooled` (our `Pooled`) and `difference`, the largest of all differences.
    """
    names = ["estimate", "low", "high", "prediction_low", "prediction_high", "tau2"]
    pooled = []
    for row in reference.itertuples():
        mine = counts[counts["dataset"] == row.dataset]
        tau2 = row.tau2_method if row.tau2_method in TAU2 else "reml"
        pooled.append(pool_proportions(mine["events"], mine["n"], row.method, tau2, row.ci))
    ours = pd.DataFrame([[getattr(found, name) for name in names] for found in pooled], reference.index, names)
    return reference.assign(pooled=pooled, difference=(ours - reference[names]).abs().max(axis="columns"))
