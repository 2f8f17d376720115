"""How much studies differ: Cochran's Q, the variance between them with its upper limit, I squared.

`y` are the effects of the studies on any scale, `v` the variances of them within each study,
arrays of one length.
"""

from __future__ import annotations

import numpy as np
from scipy.optimize import brentq, minimize_scalar
from scipy.special import chdtri


def cochran_q(y: np.ndarray, v: np.ndarray, between: float) -> float:
    """The weighted sum of squares around the weighted mean."""
    weights = 1 / (v + between)
    return float(weights @ (y - weights @ y / weights.sum()) ** 2)


def i_squared(v: np.ndarray, between: float, q: float, method: str) -> float:
    """The share of the variance that lies between the studies (see `Pooled.i2`)."""
    df = len(v) - 1
    if df == 0:
        return 0.0
    if method == "common":
        return float(max(0.0, (q - df) / q)) if q > 0 else 0.0
    weights = 1 / v
    typical = df * weights.sum() / (weights.sum() ** 2 - weights @ weights)
    return float(between / (between + typical))


def _restricted(y: np.ndarray, v: np.ndarray, between: float | np.ndarray) -> np.ndarray:
    """The restricted log-likelihood of the normal model, but for a constant; one value a variance."""
    weights = 1 / (v + np.asarray(between)[..., None])
    mean = (weights * y).sum(axis=-1, keepdims=True) / weights.sum(axis=-1, keepdims=True)
    q = (weights * (y - mean) ** 2).sum(axis=-1)
    return (np.log(weights).sum(axis=-1) - np.log(weights.sum(axis=-1)) - q) / 2


def _variances(y: np.ndarray, v: np.ndarray) -> np.ndarray:
    """Variances from nothing to far too large, close enough together for every top to show."""
    return np.concatenate([[0.0], np.geomspace(1e-8, 1e3, 111) * _scale(y, v)])


def _scale(y: np.ndarray, v: np.ndarray) -> float:
    return max(float(np.var(y)), float(v.max()))


def reml(y: np.ndarray, v: np.ndarray) -> float:
    """Restricted maximum likelihood; the global maximum, by a grid and then Brent's method."""

    def loss(between: float) -> float:
        return -float(_restricted(y, v, between))

    grid = _variances(y, v)
    best = int(np.argmax(_restricted(y, v, grid)))
    low, high = grid[max(best - 1, 0)], grid[min(best + 1, len(grid) - 1)]
    found = minimize_scalar(loss, bounds=(low, high), method="bounded", options={"xatol": 1e-12 * _scale(y, v)}).x
    return float(found) if loss(found) < loss(0.0) else 0.0


def upper_limit(y: np.ndarray, v: np.ndarray, level: float) -> float:
    """The largest variance that the likelihood-ratio test of the restricted likelihood does not reject."""
    best, grid = reml(y, v), _variances(y, v)
    floor = float(_restricted(y, v, best)) - chdtri(1, 1 - level) / 2

    def excess(between: float) -> float:
        return float(_restricted(y, v, between)) - floor

    low = max(best, grid[_restricted(y, v, grid) >= floor].max(initial=0.0))
    high = 2 * low + _scale(y, v)
    while excess(high) >= 0:
        low, high = high, 2 * high
    return float(brentq(excess, low, high, xtol=1e-14 * high, rtol=1e-12))


def dersimonian_laird(y: np.ndarray, v: np.ndarray) -> float:
    """The variance by the method of moments, zero at the least."""
    weights = 1 / v
    excess = cochran_q(y, v, 0.0) - (len(y) - 1)
    return float(max(0.0, excess / (weights.sum() - weights @ weights / weights.sum())))


def paule_mandel(y: np.ndarray, v: np.ndarray) -> float:
    """The variance at which Q equals its degrees of freedom; Q falls steadily with it."""

    def excess(between: float) -> float:
        return cochran_q(y, v, between) - (len(y) - 1)

    if excess(0.0) <= 0:
        return 0.0
    high = float(np.ptp(y) ** 2)  # there Q is at most k / 4 and so below k - 1 for k >= 2
    return float(brentq(excess, 0.0, high, xtol=1e-14 * max(high, 1.0), rtol=1e-12))


ESTIMATORS = {"reml": reml, "dl": dersimonian_laird, "pm": paule_mandel}
