"""Several proportions with a prior: the binomial-normal model of `_glmm`, its posterior by a grid.

The mean of the log odds has a normal prior around 0, the spread tau between the studies a half-normal one, so
there is an answer for few studies, too, and for studies without any event.

For each tau the posterior of the mean is log-concave: it has one top, and beyond it falls at least as fast as the
prior. Nodes lie there in v, where mean = top + width sinh(v), and for tau at the middles of steps in t, where
tau = unit sinh(t): the posterior is an even function of t, so the midpoint rule converges geometrically. What is
known of the mean, and of the true value of a new study, is the mixture over tau of what is known for each.

The integration takes any likelihood with a mean and a spread (`Model`), so that it can be held against printed
results of the R package bayesmeta, whose effects are normal (Röver, J Stat Softw 2020;93(6)).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from scipy.interpolate import CubicSpline
from scipy.optimize import brentq
from scipy.special import xlogy

from casebook.statistics import _glmm

REACH = 9.0  # standard deviations of the prior beyond the top: there nothing is left
NOTHING = 40.0  # what lies so far below the top in log is not looked at
STEP = 0.2  # between nodes, in v and at most in t
CROWDED = 0.1  # the sum of squared weights above which too few nodes carry the posterior of tau


class Model(NamedTuple):
    """A likelihood of a mean and a spread.

    Attributes
    ----------
    at : callable
        Of means (one dimension) and one tau: the log-likelihood, its slope and its information in the mean.
    most : float
        What the log-likelihood never exceeds.
    unit : float
        A tau that is small beside the standard errors of all studies, or as large as the smallest.
    k : int
        Studies.
    """

    at: Callable[[np.ndarray, float], tuple[np.ndarray, np.ndarray, np.ndarray]]
    most: float
    unit: float
    k: int


class _Slice(NamedTuple):
    """The posterior of the mean for one tau."""

    tau: float
    log_mass: float
    top: float
    width: float
    last: float  # v at both ends, with opposite signs
    below: CubicSpline  # the share of the mass below a v

    def share_below(self, mean: np.ndarray) -> np.ndarray:
        return self.below(np.clip(np.arcsinh((mean - self.top) / self.width), -self.last, self.last))


class Posterior(NamedTuple):
    """Quantiles of what is known.

    Attributes
    ----------
    mean, new, tau : ndarray
        The mean, the true value of a new study, and the spread, at the probabilities that were asked for.
    """

    mean: np.ndarray
    new: np.ndarray
    tau: np.ndarray


def binomial(events: np.ndarray, totals: np.ndarray) -> Model:
    """The binomial-normal model of some checked counts, on the log odds."""
    x, n = events, totals
    if n.max() > _glmm.LARGEST:
        raise ValueError(f"a study has {n.max():.15g} patients; this model is right up to {_glmm.LARGEST:.15g}")
    own = (x + 0.5) / (n + 1)
    return Model(
        at=lambda means, tau: _glmm.points(x, n, means, tau)[:3],
        most=float((xlogy(x, x / n) + xlogy(n - x, 1 - x / n)).sum()),
        unit=float((n * own * (1 - own)).max() ** -0.5),
        k=len(x),
    )


def half_normal(scale: float) -> Callable[[float], float]:
    """The logarithm of a half-normal density of tau, but for a constant."""
    return lambda tau: -((tau / scale) ** 2) / 2


def posterior(
    model: Model, mean_sd: float, log_prior: Callable[[float], float], probabilities: np.ndarray
) -> Posterior:
    """Give quantiles of the mean, of a new study and of the spread.

    Parameters
    ----------
    model : Model
    mean_sd : float
        The standard deviation of the normal prior of the mean, around 0.
    log_prior : callable
        The logarithm of the prior density of tau: even, and nowhere rising.
    probabilities : ndarray
    """
    step = STEP
    slices, weights = _slices(model, mean_sd, log_prior, step)
    # Many studies, or a prior that the counts contradict, leave tau within less than a step.
    while weights @ weights > CROWDED:
        step /= 2
        slices, weights = _slices(model, mean_sd, log_prior, step)
    ends = [part.top + side * REACH * (mean_sd + part.tau) for part in slices for side in (-1, 1)]
    seen = [(weight, part) for weight, part in zip(weights, slices) if weight > 1e-12]

    def mean_below(value: float) -> float:
        return sum(weight * part.share_below(value) for weight, part in seen)

    # Fine enough for the posterior of the mean, which is at least tau / sqrt(k + (tau / mean_sd)^2) wide.
    nodes = [
        np.linspace(-8, 8, 1 + 16 * int(np.ceil((model.k + (part.tau / mean_sd) ** 2) ** 0.5))) for _, part in seen
    ]
    densities = [np.exp(-(z**2) / 2) / np.exp(-(z**2) / 2).sum() for z in nodes]

    def new_below(value: float) -> float:
        return sum(
            weight * (density @ part.share_below(value - part.tau * z))
            for (weight, part), z, density in zip(seen, nodes, densities)
        )

    t = step * (np.arange(len(weights)) + 0.5)
    half = CubicSpline(np.concatenate([-t[::-1], t]), np.concatenate([weights[::-1], weights]) / step).antiderivative()

    def tau_below(value: float) -> float:
        return float(half(np.arcsinh(value / model.unit)) - half(0.0))

    def quantiles(below: Callable[[float], float], low: float, high: float) -> np.ndarray:
        return np.array([brentq(lambda value, p=p: below(value) - p, low, high, xtol=1e-9) for p in probabilities])

    return Posterior(
        mean=quantiles(mean_below, min(ends), max(ends)),
        new=quantiles(new_below, min(ends), max(ends)),
        tau=quantiles(tau_below, 0.0, slices[-1].tau),
    )


def _slices(model: Model, mean_sd: float, log_prior: Callable, step: float) -> tuple[list[_Slice], np.ndarray]:
    """The posterior at one tau after the other, until no larger one can matter, and the weight of each."""
    slices: list[_Slice] = []
    logs: list[float] = []
    most = model.most + np.log(mean_sd * np.sqrt(2 * np.pi))  # of the mass for one tau
    while not logs or most + log_prior(slices[-1].tau) + np.log(np.cosh(step * len(logs))) > max(logs) - NOTHING:
        t = step * (len(logs) + 0.5)
        slices.append(_slice(model, mean_sd, model.unit * np.sinh(t), slices[-1].top if slices else 0.0))
        logs.append(slices[-1].log_mass + log_prior(slices[-1].tau) + float(np.log(np.cosh(t))))
    weights = np.exp(np.array(logs) - max(logs))
    return slices, weights / weights.sum()


def _slice(model: Model, mean_sd: float, tau: float, start: float) -> _Slice:
    """The top by Newton's method, kept inside its bracket; then the mass around it."""
    low, high, top = -40 - 10 * tau, 40 + 10 * tau, start
    for number in range(200):
        _, slope, information = (float(found[0]) for found in model.at(np.array([top]), tau))
        slope, information = slope - top / mean_sd**2, information + mean_sd**-2
        low, high = (top, high) if slope > 0 else (low, top)
        move = slope / information
        if abs(move) < 1e-3 * information**-0.5:  # the nodes need no better
            break
        inside = low < top + move < high and number % 4 != 3  # steps could go back and forth for ever
        top = top + move if inside else (low + high) / 2
    width = information**-0.5
    steps = int(np.ceil(np.arcsinh(REACH * mean_sd / width) / STEP))
    v = STEP * np.arange(-steps, steps + 1)
    means = top + width * np.sinh(v)
    logs = model.at(means, tau)[0] - (means / mean_sd) ** 2 / 2 + np.log(width * np.cosh(v))
    density = np.exp(logs - logs.max())
    mass = float(density.sum() * STEP)
    below = CubicSpline(v, density / mass).antiderivative()
    return _Slice(tau, float(logs.max() + np.log(mass)), top, width, float(v[-1]), below)
