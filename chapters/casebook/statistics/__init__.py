"""One proportion with its interval, and several pooled.

`proportions` is what others use; behind it stand the scales (`_scales`), the variance between studies (`_between`)
and the binomial-normal models.
"""

from casebook.statistics.proportions import (
    INTERVALS,
    LEVELS,
    MEAN_SD,
    METHODS,
    PREDICTION,
    TAU2,
    TAU_SCALE,
    Pooled,
    against_intervals,
    against_pooled,
    chi_squared_test,
    holds_nearly_all,
    pool_proportions,
    pool_with_prior,
    proportion_interval,
    with_intervals,
)

__all__ = [
    "INTERVALS",
    "LEVELS",
    "MEAN_SD",
    "METHODS",
    "PREDICTION",
    "TAU2",
    "TAU_SCALE",
    "Pooled",
    "against_intervals",
    "against_pooled",
    "chi_squared_test",
    "holds_nearly_all",
    "pool_proportions",
    "pool_with_prior",
    "proportion_interval",
    "with_intervals",
]
