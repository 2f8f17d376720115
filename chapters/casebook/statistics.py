"""Proportions: their intervals, pooling them, and choosing studies that share no patients.

Proportions are fractions between 0 and 1 everywhere in this module. SciPy gives the exact
interval, the Wilson interval and the optimizers. The rest is our own: statsmodels has
DerSimonian-Laird without its floor at zero, a Paule-Mandel that a rounding error can send to
zero, and no binomial-normal model fitted by likelihood. What is our own is proved against
published values and against metafor (chapter *How the statistics are done*).

Pure functions over frames and numbers; nothing here reads a file or draws.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy.optimize import brentq, minimize_scalar
from scipy.special import expit, gammaln, logit
from scipy.stats import binomtest, norm
from scipy.stats import t as student_t

INTERVALS = {"clopper-pearson": "exact", "wilson": "wilson"}
METHODS = ("glmm", "logit", "arcsine", "freeman-tukey", "common")
TAU2 = ("reml", "dl", "pm")
CI = ("wald", "hartung-knapp")


# ---------------------------------------------------------------- one proportion


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
        The level of confidence, between 0 and 1.

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
    _one_of("method", method, tuple(INTERVALS))
    _check_level(level)
    (events,), (total,) = _counts([events], [total])
    found = binomtest(int(events), int(total)).proportion_ci(confidence_level=level, method=INTERVALS[method])
    return float(found.low), float(found.high)


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
    limits = [proportion_interval(events, n, method, level) for events, n in zip(rows["events"], rows["n"])]
    return rows.assign(
        share=[float(events / n) for events, n in zip(rows["events"], rows["n"])],
        share_low=[low for low, _ in limits],
        share_high=[high for _, high in limits],
    )


# ---------------------------------------------------------------- several proportions


@dataclass(frozen=True)
class Pooled:
    """A pooled proportion and what must come with it.

    Attributes
    ----------
    estimate, low, high : float
        The pooled proportion and its confidence interval, as fractions.
    prediction_low, prediction_high : float
        Where the proportion of a new study is expected, as fractions; NaN where the method has
        no prediction interval (`common`) and for one study.
    tau2, q : float
        Variance between the studies, and Cochran's Q, both on the scale of the method: log odds
        for `glmm`, `logit` and `common`, radians for `arcsine` and `freeman-tukey`.
    i2 : float
        Share of the variance that lies between the studies, as a fraction: tau2 over tau2 plus
        the typical variance within studies (Higgins and Thompson); for `common`, (Q - df) / Q.
    k, n : int
        Studies and patients.
    method, tau2_method, ci : str
        How it was pooled; `tau2_method` is "maximum likelihood" for `glmm`, "none" for `common`.
    level : float
        The level of both intervals.
    """

    estimate: float
    low: float
    high: float
    tau2: float
    i2: float
    q: float
    prediction_low: float
    prediction_high: float
    k: int
    n: int
    method: str
    tau2_method: str
    ci: str
    level: float


def pool_proportions(
    events: Sequence[int],
    totals: Sequence[int],
    method: str = "glmm",
    tau2: str = "reml",
    ci: str = "wald",
    level: float = 0.95,
) -> Pooled:
    """Pool the proportions of several studies.

    Parameters
    ----------
    events, totals : sequence of int
        Patients with the event and all patients, one entry a study; their order does not matter.
    method : {"glmm", "logit", "arcsine", "freeman-tukey", "common"}
        - `glmm`: binomial counts with a normal random intercept on the log odds, by maximum
          likelihood with adaptive Gauss-Hermite quadrature; the standard error is taken from the
          full observed information in the mean and the logarithm of tau. No correction of zeros.
        - `logit`, `arcsine`, `freeman-tukey`: inverse-variance random effects on that scale;
          Freeman-Tukey is transformed back with the harmonic mean of the totals, and can leave
          the range of its studies.
        - `common`: inverse-variance log odds with no variance between studies.
    tau2 : {"reml", "dl", "pm"}
        Restricted maximum likelihood, DerSimonian-Laird or Paule-Mandel; not used by `glmm` and
        `common`.
    ci : {"wald", "hartung-knapp"}
        Normal interval, or Student's t with the variance of Hartung and Knapp. With studies that
        agree to the last digit the latter has no width.
    level : float
        The level of both intervals.

    Returns
    -------
    Pooled
        One study gives back itself, with tau2 = 0 and no prediction interval. A half is added to
        events and non-events only of studies with no or all events, and only for `logit` and
        `common`. The prediction interval takes the quantile of the confidence interval on
        sqrt(tau2 + se2).

    Raises
    ------
    ValueError
        If the input is no set of counts; if `hartung-knapp` is asked of `glmm`, `common` or a
        single study; if `glmm` has no finite maximum (no events at all, nothing but events, or
        studies with none beside studies with all).

    References
    ----------
    Stijnen T, Hamza TH, Ozdemir P. Stat Med 2010;29:3046-3067 (binomial-normal model).
    DerSimonian R, Laird N. Control Clin Trials 1986;7:177-188.
    Viechtbauer W. J Stat Softw 2010;36(3) (metafor, whose conventions are followed).
    """
    _one_of("method", method, METHODS)
    _one_of("tau2", tau2, TAU2)
    _one_of("ci", ci, CI)
    _check_level(level)
    x, n = _counts(events, totals)
    if ci == "hartung-knapp" and method in ("glmm", "common"):
        raise ValueError(f'ci="hartung-knapp" does not go with method="{method}": use ci="wald"')
    if ci == "hartung-knapp" and len(x) < 2:
        raise ValueError('ci="hartung-knapp" needs at least two studies: use ci="wald"')
    # In one fixed order, so that not even the last bit depends on the order given.
    order = np.lexsort((x, n))
    x, n = x[order], n[order]
    y, v = _effects(x, n, method)
    q = _cochran_q(y, v, 0.0)
    if method == "glmm":
        center, se, between = _glmm(x, n)
    else:
        between = 0.0 if method == "common" or len(x) == 1 else _TAU2[tau2](y, v)
        weights = 1 / (v + between)
        center, se = float(weights @ y / weights.sum()), float(weights.sum() ** -0.5)
    quantile = norm.isf((1 - level) / 2)
    if ci == "hartung-knapp":
        se *= np.sqrt(_cochran_q(y, v, between) / (len(x) - 1))
        quantile = student_t.isf((1 - level) / 2, len(x) - 1)
    back = _BACK[method](n)
    reach = np.sqrt(between + se**2) if method != "common" and len(x) > 1 else np.nan
    return Pooled(
        estimate=back(center),
        low=back(center - quantile * se),
        high=back(center + quantile * se),
        tau2=float(between),
        i2=_i_squared(v, between, q, method),
        q=q,
        prediction_low=back(center - quantile * reach),
        prediction_high=back(center + quantile * reach),
        k=len(x),
        n=int(n.sum()),
        method=method,
        tau2_method={"glmm": "maximum likelihood", "common": "none"}.get(method, tau2),
        ci=ci,
        level=level,
    )


def _one_of(name: str, value: str, known: tuple[str, ...]) -> None:
    if value not in known:
        raise ValueError(f"{name}={value!r} is unknown: use one of {', '.join(known)}")


def _check_level(level: float) -> None:
    if not 0 < level < 1:
        raise ValueError(f"level={level!r} must lie between 0 and 1, such as 0.95")


def _counts(events: Sequence[int], totals: Sequence[int]) -> tuple[np.ndarray, np.ndarray]:
    """Both as float arrays; every problem is named at once, with its place."""
    x, n = (np.asarray(list(values), dtype=float) for values in (events, totals))
    if len(x) != len(n) or not len(x):
        raise ValueError(f"events and totals need one entry a study, and at least one: got {len(x)} and {len(n)}")
    wrong = [
        f"study {number}: {e:g} of {total:g}"
        for number, (e, total) in enumerate(zip(x, n), start=1)
        if not (0 <= e <= total and total >= 1 and e % 1 == 0 and total % 1 == 0)
    ]
    if wrong:
        raise ValueError(f"whole numbers are needed, 0 <= events <= total and total >= 1; not so: {'; '.join(wrong)}")
    return x, n


def _effects(x: np.ndarray, n: np.ndarray, method: str) -> tuple[np.ndarray, np.ndarray]:
    """Each study on the scale of the method: its effect and the variance of it."""
    if method == "arcsine":
        return np.arcsin(np.sqrt(x / n)), 1 / (4 * n)
    if method == "freeman-tukey":
        return (np.arcsin(np.sqrt(x / (n + 1))) + np.arcsin(np.sqrt((x + 1) / (n + 1)))) / 2, 1 / (4 * n + 2)
    half = 0.5 * ((x == 0) | (x == n))
    yes, no = x + half, n - x + half
    return np.log(yes / no), 1 / yes + 1 / no


def _cochran_q(y: np.ndarray, v: np.ndarray, between: float) -> float:
    weights = 1 / (v + between)
    return float(weights @ (y - weights @ y / weights.sum()) ** 2)


def _i_squared(v: np.ndarray, between: float, q: float, method: str) -> float:
    df = len(v) - 1
    if df == 0:
        return 0.0
    if method == "common":
        return float(max(0.0, (q - df) / q)) if q > 0 else 0.0
    weights = 1 / v
    typical = df * weights.sum() / (weights.sum() ** 2 - weights @ weights)
    return float(between / (between + typical))


# ---------------------------------------------------------------- variance between studies


def _reml(y: np.ndarray, v: np.ndarray) -> float:
    """Restricted maximum likelihood; the global maximum, by a grid and then Brent's method."""

    def loss(between: float) -> float:
        weights = 1 / (v + between)
        return (np.log(v + between).sum() + np.log(weights.sum()) + _cochran_q(y, v, between)) / 2

    scale = max(float(np.var(y)), float(v.max()))
    grid = np.concatenate([[0.0], np.geomspace(1e-8, 1e3, 111) * scale])
    best = int(np.argmin([loss(value) for value in grid]))
    low, high = grid[max(best - 1, 0)], grid[min(best + 1, len(grid) - 1)]
    found = minimize_scalar(loss, bounds=(low, high), method="bounded", options={"xatol": 1e-12 * scale}).x
    return float(found) if loss(found) < loss(0.0) else 0.0


def _dersimonian_laird(y: np.ndarray, v: np.ndarray) -> float:
    weights = 1 / v
    excess = _cochran_q(y, v, 0.0) - (len(y) - 1)
    return float(max(0.0, excess / (weights.sum() - weights @ weights / weights.sum())))


def _paule_mandel(y: np.ndarray, v: np.ndarray) -> float:
    """The variance at which Q equals its degrees of freedom; Q falls steadily with it."""

    def excess(between: float) -> float:
        return _cochran_q(y, v, between) - (len(y) - 1)

    if excess(0.0) <= 0:
        return 0.0
    high = float(np.ptp(y) ** 2)  # there Q is at most k / 4 and so below k - 1 for k >= 2
    return float(brentq(excess, 0.0, high, xtol=1e-14 * max(high, 1.0), rtol=1e-12))


_TAU2 = {"reml": _reml, "dl": _dersimonian_laird, "pm": _paule_mandel}


# ---------------------------------------------------------------- back to proportions


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


_BACK = {
    "glmm": _from_logit,
    "logit": _from_logit,
    "common": _from_logit,
    "arcsine": _from_arcsine,
    "freeman-tukey": _from_freeman_tukey,
}


# ---------------------------------------------------------------- the binomial-normal model

_NODES, _WEIGHTS = np.polynomial.hermite.hermgauss(40)
_LOG_WEIGHTS = np.log(_WEIGHTS) + _NODES**2
_TAUS = np.geomspace(0.01, 20, 24)


class _Likelihood(NamedTuple):
    value: float
    gradient: np.ndarray  # in mean and tau
    hessian: np.ndarray


def _glmm(x: np.ndarray, n: np.ndarray) -> tuple[float, float, float]:
    """Mean and its standard error on the log odds, and the variance between studies."""
    total, events = n.sum(), x.sum()
    if events in (0, total):
        which = "no study has an event" if events == 0 else "all patients of all studies have the event"
        raise ValueError(
            f'{which}, so the log odds have no finite estimate: use method="arcsine", '
            "or the exact interval of the sum (proportion_interval)"
        )
    share = events / total
    center, information = float(logit(share)), float(total * share * (1 - share))
    if len(x) == 1:
        return center, information**-0.5, 0.0
    flat = float(x @ np.full(len(x), np.log(share)) + (n - x) @ np.full(len(x), np.log1p(-share)) + _choose(x, n))
    starts = [(_profile(x, n, tau, center), tau) for tau in _TAUS]
    values = [_log_likelihood(x, n, mean, tau).value for mean, tau in starts]
    best = int(np.argmax(values))
    rises_at_zero = ((x - n * share) ** 2 - n * share * (1 - share)).sum() > 0
    if values[best] <= flat and not rises_at_zero:
        return center, information**-0.5, 0.0
    mean, tau = _climb(x, n, *starts[best])
    if tau > _TAUS[-1]:
        raise ValueError(
            "the studies lie so far apart (some with no events, some with nothing but events) that the "
            'variance between them has no finite estimate: show them side by side, or use method="arcsine"'
        )
    found = _log_likelihood(x, n, mean, tau)
    if found.value <= flat:
        return center, information**-0.5, 0.0
    return mean, float(np.sqrt(np.linalg.inv(-found.hessian)[0, 0])), tau**2


def _choose(x: np.ndarray, n: np.ndarray) -> float:
    return float((gammaln(n + 1) - gammaln(x + 1) - gammaln(n - x + 1)).sum())


def _log_likelihood(x: np.ndarray, n: np.ndarray, mean: float, tau: float) -> _Likelihood:
    """The marginal log-likelihood, its gradient and its Hessian (Louis' formula), by quadrature.

    The nodes are centered at each study's mode and spread by its curvature: with ordinary nodes
    the peak of a large study falls between two of them.
    """
    mode = _modes(x, n, mean, tau)
    p = expit(mean + tau * mode)
    spread = 1 / np.sqrt(1 + tau**2 * n * p * (1 - p))
    z = mode[:, None] + np.sqrt(2) * spread[:, None] * _NODES
    eta = mean + tau * z
    count, size = x[:, None], n[:, None]
    terms = count * eta - size * np.logaddexp(0, eta) - z**2 / 2 + _LOG_WEIGHTS
    peak = terms.max(axis=1, keepdims=True)
    weights = np.exp(terms - peak)
    mass = weights.sum(axis=1, keepdims=True)
    value = float((peak + np.log(mass)).sum() + np.log(spread / np.sqrt(np.pi)).sum() + _choose(x, n))
    weights /= mass
    p = expit(eta)
    rest, curve = count - size * p, size * p * (1 - p)
    scores = np.stack([rest, rest * z])
    means = (weights * scores).sum(axis=2)
    mixed = np.einsum("kj,akj,bkj->abk", weights, scores, scores) - np.einsum("ak,bk->abk", means, means)
    second = np.stack([(weights * curve * z**power).sum(axis=1) for power in (0, 1, 2)])
    hessian = mixed.sum(axis=2) - np.array([[second[0].sum(), second[1].sum()], [second[1].sum(), second[2].sum()]])
    return _Likelihood(value, means.sum(axis=1), hessian)


def _modes(x: np.ndarray, n: np.ndarray, mean: float, tau: float) -> np.ndarray:
    """Where each study's random intercept is likeliest: Newton's method, kept inside its bracket."""
    low, high = tau * (x - n), tau * x
    z = np.clip(np.zeros_like(x), low, high)
    for _ in range(200):
        p = expit(mean + tau * z)
        slope = tau * (x - n * p) - z
        low, high = np.where(slope > 0, z, low), np.where(slope > 0, high, z)
        step = z + slope / (1 + tau**2 * n * p * (1 - p))
        after = np.where((step > low) & (step < high), step, (low + high) / 2)
        if np.abs(after - z).max() < 1e-12:
            return after
        z = after
    return z


def _profile(x: np.ndarray, n: np.ndarray, tau: float, start: float) -> float:
    """The best mean for one tau; the likelihood is concave in the mean, so Newton's method climbs."""
    mean = start
    for _ in range(50):
        at = _log_likelihood(x, n, mean, tau)
        step = float(np.clip(-at.gradient[0] / at.hessian[0, 0], -1, 1))
        mean += step
        if abs(step) < 1e-6:
            break
    return mean


def _climb(x: np.ndarray, n: np.ndarray, mean: float, tau: float) -> tuple[float, float]:
    """From a good start to the maximum in mean and log tau, by Newton steps that never descend."""
    at = _log_likelihood(x, n, mean, tau)
    for _ in range(200):
        slope = at.gradient * [1, tau]
        bend = at.hessian * np.outer([1, tau], [1, tau]) + np.diag([0, tau * at.gradient[1]])
        if np.linalg.eigvalsh(bend).max() >= 0:  # not yet near a maximum: a plain ascent instead
            bend = -np.diag(np.abs(np.diag(bend)) + np.abs(slope) + 1e-6)
        step = np.clip(np.linalg.solve(-bend, slope), -1, 1)
        while np.abs(step).max() > 1e-11:
            there = _log_likelihood(x, n, mean + step[0], tau * np.exp(step[1]))
            if there.value >= at.value:
                break
            step /= 2
        else:
            return mean, tau
        mean, tau, at = mean + step[0], tau * np.exp(step[1]), there
        if np.abs(step).max() < 1e-10 or tau > 2 * _TAUS[-1] or tau < 1e-6:
            break
    return mean, tau


# ---------------------------------------------------------------- against reference values


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


# ---------------------------------------------------------------- which studies may be pooled


class Choice(NamedTuple):
    """What may be pooled together, and what was left out and why.

    Attributes
    ----------
    chosen : DataFrame
        The rows of the input that may be pooled, in its order and with its columns.
    left_out : DataFrame
        `study_id` and `because`, one row for each row that was left out.
    """

    chosen: pd.DataFrame
    left_out: pd.DataFrame


def candidates(outcomes: pd.DataFrame, studies: pd.DataFrame, outcome: str) -> pd.DataFrame:
    """The rows of one outcome that have a count, with what `choose_independent` asks of their study.

    Parameters
    ----------
    outcomes : DataFrame
        `outcome_id`, `study_id`, `outcome`, `all_infused`, `measure`, `events`, `n`, `read_in`, ….
    studies : DataFrame
        `study_id`, `label`, `year`, `category`, `design`, `product_source`, `product_basis`.
    outcome : str
        A code of the table, such as "crs_any".

    Returns
    -------
    DataFrame
        The rows of `outcomes` with `events` and `n`, joined with the columns of `studies`.
    """
    rows = outcomes[(outcomes["outcome"] == outcome) & outcomes["events"].notna() & outcomes["n"].notna()]
    about = studies[["study_id", "label", "year", "category", "design", "product_source", "product_basis"]]
    return rows.merge(about, on="study_id", how="left", validate="many_to_one")


def choose_independent(studies: pd.DataFrame, overlaps: pd.DataFrame) -> Choice:
    """Choose rows that share no patients, by a rule that does not look at the results.

    A row may be pooled if its study is a cohort of the kind in question, all who were infused
    are in the denominator, and it was read in an abstract or a paper. Of several such studies
    that certainly or very probably share patients (`same` or `nested`, also by way of a third) the
    largest is taken, and of equally large ones the latest. That a source may be cited is
    checked when the tables are loaded: none other gets into them.

    Parameters
    ----------
    studies : DataFrame
        One row a study: `study_id`, `n`, `year`, `category`, `design`, `all_infused`,
        `read_in`; the table `studies`, or rows of `candidates`.
    overlaps : DataFrame
        `study_a`, `study_b`, `certainty` (same, nested, possible).

    Returns
    -------
    Choice
        Order of the rows does not matter for what is chosen.

    Raises
    ------
    ValueError
        If a study stands in two rows: which of them counts is not for this rule to say.
    """
    twice = sorted(studies.loc[studies["study_id"].duplicated(), "study_id"].unique())
    if twice:
        raise ValueError(f"one row a study is needed; several rows have {', '.join(twice)}: filter them first")
    because = pd.Series("", index=studies.index, dtype="str")
    for fails, reason in (
        (studies["category"] != "CD7 cohort", "not a cohort of CD7 CAR T cells"),
        (studies["design"] == "case reports", "case reports: selected patients are no rate"),
        (~studies["all_infused"].astype(bool), "not all who were infused"),
        (~studies["read_in"].isin(["abstract", "paper"]), "read in neither abstract nor paper"),
        (studies["n"].isna(), "no number of patients"),
    ):
        because = because.where((because != "") | ~fails, reason)
    fit = studies[because == ""]
    group = _groups(overlaps)
    # Largest first, then latest, then by name, so that the order of the rows decides nothing.
    ranked = fit.sort_values(["n", "year", "study_id"], ascending=[False, False, True], na_position="last")
    taken: dict[str, str] = {}
    for row in ranked.itertuples():
        mine = group.get(row.study_id, row.study_id)
        if mine in taken:
            because[row.Index] = f"shares patients with {taken[mine]}, which is larger or later"
        else:
            taken[mine] = row.study_id
    left_out = studies[["study_id"]].assign(because=because)[because != ""].reset_index(drop=True)
    return Choice(studies[because == ""], left_out)


LEAST_TO_POOL, LEAST_TO_PREDICT = 3, 5  # studies


class PooledOutcome(NamedTuple):
    """An outcome pooled over studies that share no patients, and how it came about.

    Attributes
    ----------
    rows : DataFrame
        The rows that were pooled, with `share`, `share_low`, `share_high`, in the order of
        product and size.
    left_out : DataFrame
        As in `Choice`.
    pooled : Pooled or None
        None below `LEAST_TO_POOL` studies; without a prediction interval below
        `LEAST_TO_PREDICT`.
    possible : DataFrame
        Pairs among the rows that may share patients.
    """

    rows: pd.DataFrame
    left_out: pd.DataFrame
    pooled: Pooled | None
    possible: pd.DataFrame


PRODUCTS = ("autologous", "donor", "universal", "mixed")


def pool_outcome(
    outcomes: pd.DataFrame, studies: pd.DataFrame, overlaps: pd.DataFrame, outcome: str, method: str = "glmm"
) -> PooledOutcome:
    """Choose the studies that may be pooled for an outcome, and pool them, all products together.

    Parameters
    ----------
    outcomes, studies, overlaps : DataFrame
        The tables of the book.
    outcome : str
        A code of `outcomes`.
    method : str
        As in `pool_proportions`.

    Returns
    -------
    PooledOutcome
    """
    chosen, left_out = choose_independent(candidates(outcomes, studies, outcome), overlaps)
    rows = by_product(with_intervals(chosen))
    pooled = pool_proportions(rows["events"], rows["n"], method) if len(rows) >= LEAST_TO_POOL else None
    if pooled is not None and len(rows) < LEAST_TO_PREDICT:
        pooled = replace(pooled, prediction_low=float("nan"), prediction_high=float("nan"))
    return PooledOutcome(rows, left_out, pooled, possible_overlaps(rows, overlaps))


def by_product(rows: pd.DataFrame) -> pd.DataFrame:
    """Rows in the order of the products (autologous, donor, universal, mixed, not said), the largest first."""
    rank = rows["product_source"].map({name: number for number, name in enumerate(PRODUCTS)}).fillna(len(PRODUCTS))
    return (
        rows.assign(rank=rank).sort_values(["rank", "n"], ascending=[True, False], kind="stable").drop(columns="rank")
    )


def side_by_side(
    outcomes: pd.DataFrame, studies: pd.DataFrame, overlaps: pd.DataFrame, codes: Sequence[str]
) -> pd.DataFrame:
    """The counts of outcomes that are not pooled: one row a cohort, none with patients of another.

    Parameters
    ----------
    outcomes, studies, overlaps : DataFrame
        The tables of the book.
    codes : sequence of str
        Codes of `outcomes`; where a study has several, the first of them is taken, then the row
        on all who were infused, then the largest.

    Returns
    -------
    DataFrame
        Rows of `candidates` with intervals, of cohorts of CD7 CAR T cells read in abstracts or
        papers; of studies that certainly or very probably share patients the largest, in the order of the products.
    """
    found = pd.concat([candidates(outcomes, studies, code) for code in codes], ignore_index=True)
    read = found["read_in"].isin(["abstract", "paper"])
    found = found[(found["category"] == "CD7 cohort") & (found["design"] == "cohort") & read]
    first = found["outcome"].map({code: number for number, code in enumerate(codes)})
    found = found.assign(first=first).sort_values(["first", "all_infused", "n"], ascending=[True, False, False])
    found = found.drop_duplicates("study_id")
    group = _groups(overlaps)
    found = found.assign(group=found["study_id"].map(lambda study: group.get(study, study)))
    found = found.sort_values(["n", "year", "study_id"], ascending=[False, False, True]).drop_duplicates("group")
    return by_product(with_intervals(found.drop(columns=["first", "group"])))


def possible_overlaps(chosen: pd.DataFrame, overlaps: pd.DataFrame) -> pd.DataFrame:
    """The pairs among chosen studies that may share patients: for a sensitivity line.

    Parameters
    ----------
    chosen : DataFrame
        `study_id`.
    overlaps : DataFrame
        `study_a`, `study_b`, `certainty`.

    Returns
    -------
    DataFrame
        The rows of `overlaps` with certainty `possible` of which both studies are chosen.
    """
    ids = chosen["study_id"]
    both = overlaps["study_a"].isin(ids) & overlaps["study_b"].isin(ids)
    return overlaps[both & (overlaps["certainty"] == "possible")]


def _groups(overlaps: pd.DataFrame) -> dict[str, str]:
    """The name of the group of each study that shares patients for certain with another."""
    certain = overlaps[overlaps["certainty"].isin(["same", "nested"])]
    group: dict[str, str] = {}
    for pair in zip(certain["study_a"], certain["study_b"]):
        names = {group.get(study, study) for study in pair}
        name = min(names)
        group.update({study: name for study in pair})
        group = {study: name if old in names else old for study, old in group.items()}
    return group


# ---------------------------------------------------------------- published numbers in sentences

SENTENCES = {  # the name of a number in a sentence, and the row of `outcomes` that it is
    "infection_early": "donorph2-2025-infection-grade1-2",
    "infection_3": "donorph2-2025-infection-grade3",
    "infection_4": "donorph2-2025-infection-grade4",
    "infection_deaths": "donorph2-2025-death-infection",
    "liver_deaths": "donorph2-2025-death-hepatic-failure",
    "went_on": "zhang2023ajh-proceeded-to-hsct",
    "acute_gvhd": "pmid36427783-acute-gvhd-any",
    "tma_adults": "tma-vasu2022-tma",
    "tma_children": "tma-uk2020-tma",
    "tma_deaths": "donorph2-2025-death-tma",
    "tma_deaths_cd5": "cd5car2024-death-tma",
    "went_on_oh": "oh2024-proceeded-to-hsct",
    "hyperacute_biopsy": "saliba2007-hyperacute-gvhd",
    "remission": "oh2024-mrd-negative-complete-remission",
}
POOLED_SENTENCES = {"severe_crs": "crs_grade_3_or_more", "any_crs": "crs_any", "any_icans": "icans_any"}
TIMES = {  # the name of a time, and the row of `intervals`
    "crs_onset": "becar7-2025-infusion-to-crs-onset",
    "wait_donor": "pmid36427783-infusion-to-hsct",
    "wait_donor_longer": "donorph2-2025-infusion-to-hsct",
    "tma_onset": "tma-uk2020-hsct-to-ta-tma",
}


def published_in_words(
    outcomes: pd.DataFrame, studies: pd.DataFrame, overlaps: pd.DataFrame, intervals: pd.DataFrame
) -> dict[str, str]:
    """The published frequencies and times that stand in sentences beside the two cases.

    Parameters
    ----------
    outcomes, studies, overlaps, intervals : DataFrame
        The tables of the book.

    Returns
    -------
    dict of str
        By the names of `SENTENCES`, `POOLED_SENTENCES` and `TIMES`, such as "5 of 55 patients
        (9%)", "25 of 200 patients in 7 series (pooled 12.5%, 95% interval 8.6 to 17.8)" or
        "median 33.5 days (30 to 55), 12 patients".
    """
    words = {}
    rows = outcomes.set_index("outcome_id")
    for name, row in SENTENCES.items():
        found = rows.loc[row]
        if pd.isna(found["events"]):
            words[name] = f"{found['value']:g}% of {found['n']} patients"
        elif found["measure"] == "cumulative incidence":
            words[name] = f"{found['value']:g}% by {found['time_point']} ({found['events']} of {found['n']} patients)"
        else:
            share = 100 * found["events"] / found["n"]
            words[name] = f"{found['events']} of {found['n']} patients ({share:.0f}%)"
    for name, code in POOLED_SENTENCES.items():
        found = pool_outcome(outcomes, studies, overlaps, code)
        pooled = found.pooled
        limits = f"95% interval {100 * pooled.low:.1f} to {100 * pooled.high:.1f}"
        words[name] = (
            f"{found.rows['events'].sum()} of {pooled.n} patients in {pooled.k} series "
            f"(pooled {100 * pooled.estimate:.1f}%, {limits})"
        )
    times = intervals.set_index("interval_id")
    for name, row in TIMES.items():
        time = times.loc[row]
        span = "" if pd.isna(time["low"]) else f"{time['low']:g} to {time['high']:g}"
        middle = "" if pd.isna(time["value"]) else f"median {time['value']:g} {time['unit']}"
        said = f"{middle} ({span})" if middle and span else middle or f"{span} {time['unit']}"
        words[name] = said if pd.isna(time["n"]) else f"{said}, {time['n']} patients"
    return words
