"""How often the intervals of pooling hold the truth: what `statistics.pool_with_prior` states, simulated again.

PYTHONPATH=chapters python tests/rooms/statistics/coverage.py   # takes minutes; fails if the coverage is another
"""

import sys

import numpy as np
from casebook.statistics import pool_with_prior
from scipy.special import expit, logit
from scipy.stats import norm

RUNS, MIDDLE, SMALLEST, LARGEST = 150, 0.12, 10, 60  # simulations of each kind; series of so many patients around it
# By series and true tau: how often, in percent, the 95% intervals of the pooled figure and of a new series hold it.
STATED = {(2, 0.0): (99.3, 100.0), (2, 0.8): (90.7, 86.0), (7, 0.3): (95.3, 97.7), (7, 0.8): (90.0, 85.9)}


def coverage(series: int, tau: float) -> tuple[float, float]:
    """Simulate how often the intervals of `pool_with_prior` hold the middle, and a new series, in percent."""
    draw, mean = np.random.default_rng(series * 1000 + round(10 * tau)), logit(MIDDLE)
    held = []
    for _ in range(RUNS):
        totals = draw.integers(SMALLEST, LARGEST + 1, series)
        events = draw.binomial(totals, expit(draw.normal(mean, tau, series)))
        found = pool_with_prior(events, totals)
        ends = logit([found.prediction_low, found.prediction_high])
        new = np.diff(norm.cdf(ends, mean, tau))[0] if tau else ends[0] <= mean <= ends[1]
        held.append((found.low <= MIDDLE <= found.high, new))
    return tuple(100 * np.mean(held, axis=0))


def main() -> int:
    """Simulate every kind that is stated, and say what differs by more than chance."""
    wrong = []
    for (series, tau), stated in STATED.items():
        found = coverage(series, tau)
        said = f"{series} series, tau {tau}: middle {found[0]:.1f}%, new series {found[1]:.1f}%"
        print(f"{said} (stated {stated[0]} and {stated[1]})", flush=True)
        if any(abs(one - two) > 0.6 for one, two in zip(found, stated)):
            wrong.append(said)
    if wrong:
        print("Not the coverage that statistics.pool_with_prior states:", *wrong, sep="\n", file=sys.stderr)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
