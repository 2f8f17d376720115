"""One proportion with its interval, and several pooled.

`intervals` and `pooling` are what others use, `reference` sets them beside the values of others; behind them stand the
scales (`_scales`), the variance between studies (`_between`) and the binomial-normal models (`_glmm`, `_bayes`).
"""

from casebook.statistics._given import LEVELS
from casebook.statistics.intervals import (
    INTERVALS,
    chi_squared_test,
    holds_nearly_all,
    proportion_interval,
    with_intervals,
)
from casebook.statistics.pooling import (
    MEAN_SD,
    METHODS,
    PREDICTION,
    TAU2,
    TAU_SCALE,
    Pooled,
    pool_proportions,
    pool_with_prior,
)
from casebook.statistics.reference import against_intervals, against_pooled

__all__ = [
    "INTERVALS", "LEVELS", "MEAN_SD", "METHODS", "PREDICTION", "TAU2", "TAU_SCALE", "Pooled", "against_intervals",
    "against_pooled", "chi_squared_test", "holds_nearly_all", "pool_proportions", "pool_with_prior",
    "proportion_interval", "with_intervals",
]  # fmt: skip
