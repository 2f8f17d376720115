"""The binomial-normal model of several proportions, by maximum likelihood.

Each study has its own log odds, normal around a common mean; its count is binomial (Stijnen,
Hamza, Ozdemir, Stat Med 2010;29:3046-3067). Nothing is added to studies with no or all events.

With z the standard normal intercept of a study, given its count, the derivatives of the
log-likelihood are moments of z: E[z] / tau in the mean, (E[z^2] - 1) in log tau, and
(Var[z] - 1) / tau^2 twice in the mean. The likelihood is concave in the mean (it integrates a
log-concave function), so for each tau there is one best mean. What is left, the profile in log
tau, is searched from end to end: it can have more than one top.
"""

from __future__ import annotations

from itertools import pairwise
from typing import NamedTuple

import numpy as np
from scipy.optimize import brentq
from scipy.special import chdtri, expit, logit

REACH = 9.0  # the integrand falls at least as fast as a normal density: there it is below e^-40 of its peak
ALIKE = 1e-6  # a gain in log-likelihood below this is none
FARTHEST = 1e6  # tau beyond which the search for an upper limit ends
LARGEST = 1e7  # patients; beyond, rounding in the terms of a study begins to show

INSTEAD = 'show the studies side by side, use method="arcsine", or give the exact interval of the sum'


class Fit(NamedTuple):
    """The model at its maximum.

    Attributes
    ----------
    mean, se : float
        The mean log odds and its standard error, from the full observed information in the
        mean and log tau; where tau is zero, from the information in the mean alone.
    tau2 : float
        The variance between the studies, squared log odds.
    tau2_high : float
        The upper end of its profile-likelihood interval; infinite beyond `FARTHEST` squared,
        NaN for one study.
    """

    mean: float
    se: float
    tau2: float
    tau2_high: float


class _Point(NamedTuple):
    """The log-likelihood at one mean and tau, without the binomial coefficients."""

    mean: float
    tau: float
    value: float
    slope: float  # in the mean
    information: float  # in the mean: the second derivative with its sign turned
    rise: float  # the slope in log tau


def fit(events: np.ndarray, totals: np.ndarray, level: float = 0.95) -> Fit:
    """Fit the model.

    Parameters
    ----------
    events, totals : ndarray of float
        Checked counts, one entry a study.
    level : float
        The level of the profile-likelihood interval of the variance.

    Returns
    -------
    Fit
        One study gives back itself. A maximum that lies less than `ALIKE` above that of equal
        proportions counts as equal proportions.

    Raises
    ------
    ValueError
        Where there is no finite maximum: no events at all or nothing but events; studies of
        one patient each; studies with no events beside studies with nothing but events and no
        other. In all else there is one, for a study with both kinds of patients becomes
        impossible as tau grows. Also where the information is not positive definite.
    """
    x, n = events, totals
    _refuse(x, n)
    share = x.sum() / n.sum()
    information = float(n.sum() * share * (1 - share))
    value = float((x * np.log(share) + (n - x) * np.log1p(-share)).sum())
    equal = _Point(float(logit(share)), 0.0, value, 0.0, information, 0.0)
    if len(x) == 1:
        return Fit(equal.mean, information**-0.5, 0.0, float("nan"))
    points = _search(x, n, equal.mean)
    tops = [_top(x, n, before, after) for before, after in pairwise(points) if before.rise > 0 >= after.rise]
    best = max(tops, key=lambda point: point.value, default=equal)
    if best.value <= equal.value + ALIKE:
        best, error = equal, information**-0.5
    else:
        error = _standard_error(x, n, best)
    return Fit(best.mean, error, best.tau**2, _upper(x, n, points, best, level) ** 2)


def _refuse(x: np.ndarray, n: np.ndarray) -> None:
    if x.sum() in (0, n.sum()):
        which = "no study has an event" if x.sum() == 0 else "all patients of all studies have the event"
        raise ValueError(f"{which}, so the log odds have no finite estimate: {INSTEAD}")
    if len(x) == 1:
        return
    if n.max() > LARGEST:
        raise ValueError(f"a study has {n.max():.15g} patients; this model is right up to {LARGEST:.15g}: {INSTEAD}")
    if n.max() == 1:
        raise ValueError(f"every study has one patient, so nothing tells how much the studies differ: {INSTEAD}")
    if ((x == 0) | (x == n)).all():
        raise ValueError(
            "the studies lie so far apart (some with no events, all others with nothing but events) that "
            f"the variance between them has no finite estimate: {INSTEAD}"
        )


# ---------------------------------------------------------------- the likelihood


def _point(x: np.ndarray, n: np.ndarray, mean: float, tau: float) -> _Point:
    value, slope, information, rise = (float(found[0]) for found in points(x, n, np.array([mean]), tau))
    return _Point(mean, tau, value, slope, information, rise)


def points(x: np.ndarray, n: np.ndarray, means: np.ndarray, tau: float) -> tuple[np.ndarray, ...]:
    """The log-likelihood at several means and one tau, with its slope and information in the mean and its rise.

    Integrates over the intercept of each study, by the trapezoid rule in t where z = center + scale sinh(t).
    For an analytic function that vanishes at both ends the error falls geometrically with the
    number of nodes; they are doubled until half of them give the same. Nodes are dense where
    the integrand bends: at its peak, or, for a study with no (or all) events whose peak lies
    where the binomial part is level, at the edge where that part falls off.
    """
    x, n = x[:, None], n[:, None]
    mode, spread = _modes(x, n, means, tau)
    sign = np.where(x == 0, 1.0, -1.0)
    edge = (-sign * np.log(n) - means) / tau
    ahead = sign * (edge - mode)
    at_edge = ((x == 0) | (x == n)) & (ahead > 0) & (ahead < REACH)
    center, scale = np.where(at_edge, edge, mode)[..., None], np.where(at_edge, min(1.0, 1 / tau), spread)[..., None]
    low, high = (np.arcsinh((mode[..., None] + end - center) / scale) for end in (-REACH, REACH))
    for intervals in 2 ** np.arange(7, 15):
        t = low + (high - low) * np.linspace(0, 1, intervals + 1)
        z = center + scale * np.sinh(t)
        eta = means[:, None] + tau * z
        # The logarithms of expit(eta) and expit(-eta), with what both have in common made once.
        common = -np.log1p(np.exp(-np.abs(eta)))
        binomial = x[..., None] * (common + np.minimum(eta, 0)) + (n - x)[..., None] * (common - np.maximum(eta, 0))
        terms = binomial - z**2 / 2 + np.log(scale * np.cosh(t))
        peak = terms.max(axis=-1, keepdims=True)
        weights = np.exp(terms - peak)
        mass = weights.sum(axis=-1, keepdims=True)
        if np.abs(2 * weights[..., ::2].sum(axis=-1, keepdims=True) / mass - 1).max() < 1e-9:
            break
    else:
        raise ValueError(f"the likelihood at mean {means.mean():g} and tau {tau:g} cannot be integrated: {INSTEAD}")
    value = (peak + np.log(mass * (high - low) / intervals))[..., 0].sum(axis=0) - len(x) * np.log(2 * np.pi) / 2
    weights /= mass
    first = (weights * z).sum(axis=-1, keepdims=True)
    variance = (weights * (z - first) ** 2).sum(axis=-1)
    first = first[..., 0]
    return value, first.sum(axis=0) / tau, (1 - variance).sum(axis=0) / tau**2, (variance + first**2 - 1).sum(axis=0)


def _modes(x: np.ndarray, n: np.ndarray, mean: float, tau: float) -> tuple[np.ndarray, np.ndarray]:
    """Where each study's intercept is likeliest, and how narrowly: Newton's method, kept inside its bracket.

    Far out the steps can go back and forth between two places for ever, so every fourth halves the bracket.
    """
    low, high = tau * (x - n), tau * x
    z = np.clip((logit((x + 0.5) / (n + 1)) - mean) / tau, np.maximum(low, -REACH), np.minimum(high, REACH))
    for number in range(200):
        p = expit(mean + tau * z)
        slope = tau * (x - n * p) - z
        spread = 1 / np.sqrt(1 + tau**2 * n * p * (1 - p))
        low, high = np.where(slope > 0, z, low), np.where(slope > 0, high, z)
        step = z + slope * spread**2
        far = np.abs(step - z) > 0.01 * spread  # the nodes need no better
        if not far.any():
            break
        inside = (step > low) & (step < high) & (number % 4 != 3)
        z = np.where(far, np.where(inside, step, (low + high) / 2), z)
    return z, spread


# ---------------------------------------------------------------- the profile in log tau


def _profile(x: np.ndarray, n: np.ndarray, tau: float, start: float) -> _Point:
    """The best mean for one tau: Newton's method, kept inside its bracket."""
    low, high = -40 - 10 * tau, 40 + 10 * tau
    mean = start
    for _ in range(200):
        at = _point(x, n, mean, tau)
        low, high = (mean, high) if at.slope > 0 else (low, mean)
        step = at.slope / at.information
        if abs(step) < 1e-10 * (1 + tau):
            break
        mean = mean + step if low < mean + step < high else (low + high) / 2
    return at


def _search(x: np.ndarray, n: np.ndarray, start: float) -> list[_Point]:
    """The profile from a tau too small to be seen, upward until it falls for good."""
    own = (x + 0.5) / (n + 1)
    tau = 0.01 * float((n * own * (1 - own)).max() ** -0.5)
    points = [_profile(x, n, tau, start)]
    while points[-1].tau < 30 or points[-1].rise > 0:
        points.append(_profile(x, n, 1.5 * points[-1].tau, points[-1].mean))
    return points


def _top(x: np.ndarray, n: np.ndarray, before: _Point, after: _Point) -> _Point:
    """The top of the profile between two points, at which it rises and falls."""

    def rise(log_tau: float) -> float:
        return _profile(x, n, np.exp(log_tau), before.mean).rise

    log_tau = brentq(rise, np.log(before.tau), np.log(after.tau), xtol=1e-10)
    return _profile(x, n, float(np.exp(log_tau)), before.mean)


def _standard_error(x: np.ndarray, n: np.ndarray, best: _Point) -> float:
    """Of the mean: its variance were tau known, and what not knowing tau adds.

    This is the first entry of the inverted information of both, written with the profile: its
    curvature in log tau, and how much the best mean moves with log tau.
    """
    step = 1e-3
    below, above = (_profile(x, n, best.tau * np.exp(side), best.mean) for side in (-step, step))
    curvature = (below.rise - above.rise) / (2 * step)
    if curvature <= 0 or best.information <= 0:
        raise ValueError(f"the information is not positive definite, so the mean has no standard error: {INSTEAD}")
    moves = (above.mean - below.mean) / (2 * step)
    return float(np.sqrt(1 / best.information + moves**2 / curvature))


def _upper(x: np.ndarray, n: np.ndarray, points: list[_Point], best: _Point, level: float) -> float:
    """The largest tau that the likelihood-ratio test does not reject."""
    floor = best.value - chdtri(1, 1 - level) / 2
    low = max([best.tau, *(point.tau for point in points if point.value >= floor)])
    if low == 0:  # none but the best, which is at zero: the limit lies below the first point
        low = min(point.tau for point in points if point.tau > 0)
        while _profile(x, n, low, best.mean).value < floor:
            low /= 2
    while (high := _profile(x, n, 1.5 * low, best.mean)).value >= floor:
        low = high.tau
        if low > FARTHEST:
            return float("inf")

    def excess(log_tau: float) -> float:
        return _profile(x, n, np.exp(log_tau), high.mean).value - floor

    return float(np.exp(brentq(excess, np.log(low), np.log(high.tau), xtol=1e-10)))
