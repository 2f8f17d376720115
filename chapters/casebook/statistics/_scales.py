"""The scales on which proportions are pooled: to them, and back to proportions."""

from __future__ import annotations

import numpy as np
from scipy.special import expit


def effects(x: np.ndarray, n: np.ndarray, method: str) -> tuple[np.ndarray, np.ndarray]:
    """Each study on the scale of the method: its effect and the variance of it."""
    if method == "arcsine":
        return np.arcsin(np.sqrt(x / n)), 1 / (4 * n)
    if method == "freeman-tukey":
        return (np.arcsin(np.sqrt(x / (n + 1))) + np.arcsin(np.sqrt((x + 1) / (n + 1)))) / 2, 1 / (4 * n + 2)
    half = 0.5 * ((x == 0) | (x == n))
    yes, no = x + half, n - x + half
    return np.log(yes / no), 1 / yes + 1 / no


def _from_logit(n: np.ndarray):
    return lambda value: float(expit(value))


def _from_arcsine(n: np.ndarray):
    return lambda value: float(np.sin(np.clip(value, 0.0, np.pi / 2)) ** 2)


def _from_freeman_tukey(n: np.ndarray):
    """Miller's inverse at the harmonic mean of the totals; beyond what a study can reach, 0 or 1."""
    m = 1 / np.mean(1 / n)
    ends = [(np.arcsin(np.sqrt(a / (m + 1))) + np.arcsin(np.sqrt((a + 1) / (m + 1)))) / 2 for a in (0.0, m)]

    def back(value: float) -> float:
        if np.isnan(value):
            return float("nan")
        if not ends[0] < value < ends[1]:
            return 0.0 if value <= ends[0] else 1.0
        sine = np.sin(2 * value)
        root = np.sqrt(max(0.0, 1 - (sine + (sine - 1 / sine) / m) ** 2))
        return float((1 - np.sign(np.cos(2 * value)) * root) / 2)

    return back


BACK = {
    "glmm": _from_logit,
    "logit": _from_logit,
    "common": _from_logit,
    "arcsine": _from_arcsine,
    "freeman-tukey": _from_freeman_tukey,
}
