"""Proportions against published values, against metafor's, and against what must hold of any of them."""

import math
from fractions import Fraction

import numpy as np
import pandas as pd
import pytest
from casebook import data, statistics
from casebook.statistics import _between, _scales, pool_proportions, proportion_interval
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.linalg import null_space
from scipy.special import expit, logit
from scipy.stats import binom, chi2, multivariate_normal, norm
from scipy.stats import t as student_t

pytestmark = pytest.mark.filterwarnings("error")

PRITZ = "16/17 10/12 4/8 43/58 10/10 25/42 13/14 12/12 22/41 4/5 5/6 18/23 58/68 6/10"
EVENTS, TOTALS = zip(*(map(int, pair.split("/")) for pair in PRITZ.split()))
PROMETAR = [12, 25, 18, 40], [100, 150, 120, 200]
RANDOM = ("glmm", "logit", "arcsine", "freeman-tukey")
SCALES = ("logit", "arcsine", "freeman-tukey")


# ---------------------------------------------------------------- published values


@pytest.mark.parametrize(
    ("events", "total", "exact", "wilson"),
    [
        (81, 263, (0.2527, 0.3676), (0.2553, 0.3662)),
        (15, 148, (0.0578, 0.1617), (0.0624, 0.1605)),
        (0, 20, (0.0, 0.1684), (0.0, 0.1611)),
    ],
)
def test_intervals_of_newcombe_1998(events, total, exact, wilson):
    assert proportion_interval(events, total) == pytest.approx(exact, abs=5e-5)
    assert proportion_interval(events, total, "wilson") == pytest.approx(wilson, abs=5e-5)


@pytest.mark.parametrize(
    ("method", "ci", "wanted"),
    [
        ("logit", "wald", (0.757, 0.661, 0.834, 0.466, 0.918)),
        ("logit", "hartung-knapp", (0.757, 0.648, 0.841)),
        ("glmm", "wald", (0.798, 0.692, 0.875)),
        ("freeman-tukey", "wald", (0.803, 0.702, 0.889)),
    ],
)
def test_pooling_of_pritz_1997(method, ci, wanted):
    found = pool_proportions(EVENTS, TOTALS, method, ci=ci)
    numbers = (found.estimate, found.low, found.high, found.prediction_low, found.prediction_high)
    assert numbers[: len(wanted)] == pytest.approx(wanted, abs=5e-4)
    assert (found.k, found.n) == (14, 326)


@pytest.mark.parametrize(
    ("source", "events", "totals", "method", "wanted"),
    [
        ("issue 35 of meta for R", [5, 116], [119, 170], "glmm", {"estimate": 0.2355, "low": 0.0191, "high": 0.8297}),
        (
            "vignette of ProMetaR",
            *PROMETAR,
            "logit",
            {"low": 0.1361, "high": 0.2034, "prediction_low": 0.1292, "prediction_high": 0.2134}
            | {"tau2": 0.0086, "q": 3.3643},
        ),
        ("Miller 1978, on the site of metafor", [3], [11], "freeman-tukey", {"estimate": 0.27273}),
        ("Miller 1978, on the site of metafor", [1], [6], "freeman-tukey", {"estimate": 0.16667}),
        ("r-sig-meta-analysis, July 2017", [4], [10], "freeman-tukey", {"estimate": 0.4}),
    ],
)
def test_results_that_others_published(source, events, totals, method, wanted):
    found = pool_proportions(events, totals, method)
    for name, value in wanted.items():
        assert getattr(found, name) == pytest.approx(value, abs=5e-5), f"{name} of {source}"


def reference_rows():
    book = data.load()
    counts = {name: rows for name, rows in book.worked_counts.groupby("dataset")}
    return [
        pytest.param(counts[row.dataset], row, id=f"{row.dataset}-{row.method}-{row.tau2_method}-{row.ci}")
        for row in book.reference_pooled.itertuples()
    ]


@pytest.mark.parametrize(("counts", "row"), reference_rows())
def test_every_reference_value_of_the_book_is_met(counts, row):
    tau2 = row.tau2_method if row.tau2_method in statistics.TAU2 else "reml"
    found = pool_proportions(counts["events"], counts["n"], row.method, tau2, row.ci)
    for name in ("estimate", "low", "high", "prediction_low", "prediction_high", "tau2"):
        wanted = getattr(row, name)
        assert math.isnan(wanted) or getattr(found, name) == pytest.approx(wanted, abs=1e-4), name


def test_the_reference_data_are_those_that_were_published():
    counts = data.load().worked_counts
    pritz = counts[counts["dataset"] == "pritz1997"]
    assert (tuple(pritz["events"]), tuple(pritz["n"])) == (EVENTS, TOTALS)


# ---------------------------------------------------------------- definitions


@given(st.integers(0, 60), st.integers(1, 60), st.sampled_from([0.8, 0.95]))
def test_the_exact_interval_inverts_two_binomial_tests(events, total, level):
    events = min(events, total)
    low, high = proportion_interval(events, total, level=level)
    tail = (1 - level) / 2
    assert low == 0 if events == 0 else binom.sf(events - 1, total, low) == pytest.approx(tail, rel=1e-6)
    assert high == 1 if events == total else binom.cdf(events, total, high) == pytest.approx(tail, rel=1e-6)


@given(st.integers(0, 60), st.integers(1, 60))
def test_the_wilson_interval_solves_its_equation(events, total):
    events, z = min(events, total), norm.isf(0.025)
    for limit in proportion_interval(events, total, "wilson"):
        assert (events / total - limit) ** 2 == pytest.approx(z**2 * limit * (1 - limit) / total, abs=1e-9)


@pytest.mark.parametrize("counts", [(EVENTS, TOTALS), PROMETAR])
def test_reml_dl_and_pm_solve_their_own_equations(counts):
    """Of studies that differ much, and of some that differ hardly more than by chance."""
    x, n = np.array(counts, dtype=float)
    y, v = _scales.effects(x, n, "logit")
    dl, pm, reml = (_between.ESTIMATORS[name](y, v) for name in ("dl", "pm", "reml"))
    weights = 1 / v
    expected = len(y) - 1 + dl * (weights.sum() - (weights**2).sum() / weights.sum())
    assert _between.cochran_q(y, v, 0.0) == pytest.approx(expected)
    assert _between.cochran_q(y, v, pm) == pytest.approx(len(y) - 1)
    w = 1 / (v + reml)  # the score of the restricted likelihood is zero
    rest = y - w @ y / w.sum()
    assert (w**2) @ rest**2 == pytest.approx(w.sum() - (w**2).sum() / w.sum(), rel=1e-5)


def restricted(y, v, between):
    """The restricted log-likelihood as the density of contrasts, which do not see the mean."""
    contrasts = null_space(np.ones((1, len(y)))).T
    return multivariate_normal.logpdf(contrasts @ y, cov=contrasts @ np.diag(v + between) @ contrasts.T)


@pytest.mark.parametrize("level", statistics.LEVELS)
@pytest.mark.parametrize("counts", [([1, 2, 3], [10, 12, 15]), ([2, 9, 1], [10, 12, 15]), ([0, 1, 2], [7, 8, 60])])
def test_the_nearest_levels_to_0_and_1_are_computed(counts, level):
    """Where the best variance is zero the limit of a small level lies below every point that is looked at."""
    for method in statistics.INTERVALS:
        low, high = proportion_interval(counts[0][0], counts[1][0], method, level)
        assert 0 <= low <= high <= 1
    for method in statistics.METHODS:
        found = pool_proportions(*counts, method, level=level, prediction="profile")
        assert 0 <= found.low <= found.estimate <= found.high <= 1
        assert method == "common" or found.tau2_high >= found.tau2


@pytest.mark.parametrize("method", SCALES)
@pytest.mark.parametrize("level", [0.8, 0.95])
@pytest.mark.parametrize("counts", [(EVENTS, TOTALS), ([3, 6, 9], [10, 20, 30]), ([0, 9], [12, 14])])
def test_the_upper_limit_of_the_variance_is_where_the_ratio_of_likelihoods_rejects(counts, level, method):
    y, v = _scales.effects(*np.array(counts, dtype=float), method)
    found = pool_proportions(*counts, method, level=level)
    drop = restricted(y, v, found.tau2) - restricted(y, v, found.tau2_high)
    assert found.tau2_high > found.tau2
    assert 2 * drop == pytest.approx(chi2.ppf(level, 1), abs=1e-6)
    assert pool_proportions(*counts, method, "dl", level=level).tau2_high == pytest.approx(found.tau2_high)


def test_i_squared_is_the_excess_of_q():
    """For `common` by definition, for DerSimonian-Laird as it follows from both definitions."""
    q = 3.3643  # four studies of the vignette of ProMetaR, as published
    for found in (pool_proportions(*PROMETAR, "common"), pool_proportions(*PROMETAR, "logit", "dl")):
        assert found.i2 == pytest.approx((q - 3) / q, abs=1e-4)
    assert pool_proportions([3, 6], [10, 20], "common").i2 == 0


@pytest.mark.parametrize(
    ("method", "ci"), [("glmm", "wald"), ("logit", "wald"), ("logit", "hartung-knapp"), ("arcsine", "wald")]
)
@pytest.mark.parametrize("level", [0.8, 0.95])
def test_each_prediction_interval_is_its_quantile_on_its_spread(method, ci, level):
    """On the scale of the method, half as wide as its definition says."""
    counts = ([16, 10, 4, 43, 25, 22, 5], [37, 12, 8, 58, 42, 41, 26])
    to_scale = logit if method != "arcsine" else lambda share: np.arcsin(np.sqrt(share))
    tail = (1 - level) / 2
    quantile = student_t.isf(tail, 6) if ci == "hartung-knapp" else norm.isf(tail)
    for prediction in statistics.PREDICTION:
        found = pool_proportions(*counts, method, "reml", ci, level, prediction)
        se = (to_scale(found.high) - to_scale(found.low)) / (2 * quantile)
        taken = student_t.isf(tail, 5) if prediction == "t" else quantile
        variance = found.tau2_high if prediction == "profile" else found.tau2
        ends = to_scale(found.estimate) + np.array([-1, 1]) * taken * math.sqrt(variance + se**2)
        if method == "arcsine":
            ends = np.clip(ends, 0, np.pi / 2)
        assert to_scale(np.array([found.prediction_low, found.prediction_high])) == pytest.approx(ends, abs=1e-6)
        assert found.prediction == prediction and found.tau2 > 0


def test_only_the_profile_covers_new_series_as_often_as_it_says():
    """Seven small series that differ, simulated: how much of their distribution each interval holds."""
    random, mean, tau = np.random.default_rng(7), logit(0.12), math.sqrt(0.2)
    held = {name: [] for name in statistics.PREDICTION}
    for _ in range(100):
        totals = random.integers(10, 61, 7)
        events = random.binomial(totals, expit(random.normal(mean, tau, 7)))
        for name, shares in held.items():
            found = pool_proportions(events, totals, "logit", prediction=name)
            below, above = norm.cdf(logit([found.prediction_low, found.prediction_high]), mean, tau)
            shares.append(above - below)
    wald, t, profile = (np.mean(held[name]) for name in ("wald", "t", "profile"))
    assert wald < t < 0.9 and profile > 0.95


# ---------------------------------------------------------------- what must hold of any


@st.composite
def studies(draw, smallest=1):
    totals = draw(st.lists(st.integers(2, 400), min_size=smallest, max_size=7))
    return [draw(st.integers(1, total - 1)) for total in totals], totals


METHOD = st.sampled_from([*(m for m in statistics.METHODS if m != "freeman-tukey")])


@settings(max_examples=60)
@given(studies(), METHOD, st.sampled_from(statistics.TAU2))
def test_the_estimate_lies_within_the_range_of_its_studies(counts, method, tau2):
    events, totals = counts
    shares = [e / n for e, n in zip(events, totals)]
    found = pool_proportions(events, totals, method, tau2)
    assert min(shares) - 1e-9 <= found.estimate <= max(shares) + 1e-9
    assert 0 <= found.low <= found.estimate <= found.high <= 1
    assert found.tau2 >= 0 and 0 <= found.i2 < 1


@settings(max_examples=40)
@given(studies(smallest=2), st.sampled_from(statistics.METHODS), st.randoms(use_true_random=False))
def test_the_order_of_the_studies_does_not_matter(counts, method, random):
    pairs = list(zip(*counts))
    random.shuffle(pairs)
    assert repr(pool_proportions(*counts, method)) == repr(pool_proportions(*zip(*pairs), method))


@given(studies(), st.sampled_from([m for m in statistics.METHODS if m != "freeman-tukey"]))
def test_one_study_gives_back_itself(counts, method):
    events, total = counts[0][0], counts[1][0]
    found = pool_proportions([events], [total], method)
    assert found.estimate == pytest.approx(events / total)
    assert (found.tau2, found.i2, found.k) == (0, 0, 1) and math.isnan(found.prediction_low)


@st.composite
def hard_tables(draw):
    """Studies of one to a million patients, each with none, all or any number of events."""
    size = st.one_of(st.just(1), st.integers(2, 30), st.integers(1, 10**6))
    totals = draw(st.lists(size, min_size=2, max_size=5))
    return [draw(st.one_of(st.just(0), st.just(total), st.integers(0, total))) for total in totals], totals


@settings(max_examples=30)
@given(
    hard_tables(), st.sampled_from(statistics.METHODS), st.sampled_from(statistics.TAU2), st.sampled_from([0.5, 0.99])
)
def test_every_number_is_one_and_intervals_hold_each_other(counts, method, tau2, level):
    """Of any counts: from no NaN to the wider predictions; `common` has none."""
    predictions = [name for name in statistics.PREDICTION if len(counts[0]) > 2 or name != "t"]
    if method == "glmm" and not any(0 < e < n for e, n in zip(*counts)):
        with pytest.raises(ValueError, match="side by side"):
            pool_proportions(*counts, method)
        return
    found = {name: pool_proportions(*counts, method, tau2, "wald", level, name) for name in predictions}
    wald = found["wald"]
    for pooled in found.values():
        assert 0 <= pooled.low <= pooled.estimate <= pooled.high <= 1
        assert (pooled.low, pooled.high, pooled.tau2) == (wald.low, wald.high, wald.tau2)
        if method == "common":
            assert math.isnan(pooled.prediction_low) and math.isnan(pooled.tau2_high)
            continue
        assert 0 <= pooled.prediction_low <= wald.prediction_low + 1e-12 <= wald.low + 2e-12
        assert wald.high - 2e-12 <= wald.prediction_high - 1e-12 <= pooled.prediction_high <= 1
        assert 0 <= pooled.tau2 <= pooled.tau2_high


@pytest.mark.parametrize("total", [1, 2, 7, 10, 33, 1000])
def test_freeman_tukey_gives_none_and_all_back(total):
    assert pool_proportions([0], [total], "freeman-tukey").estimate == pytest.approx(0, abs=1e-9)
    assert pool_proportions([total], [total], "freeman-tukey").estimate == pytest.approx(1)


def test_freeman_tukey_can_leave_the_range_of_its_studies():
    """Two large studies with one percent, a tiny one with five: less than either is given back."""
    counts = data.load().worked_counts
    mine = counts[counts["dataset"] == "made-up-unequal"]
    shares = (mine["events"] / mine["n"]).tolist()
    assert shares == [0.01, 0.01, 0.05]
    assert pool_proportions(mine["events"], mine["n"], "freeman-tukey").estimate < 0.5 * min(shares)
    assert pool_proportions(mine["events"], mine["n"]).estimate == pytest.approx(0.01, abs=1e-4)


# ---------------------------------------------------------------- the edges


def test_no_heterogeneity_is_a_defined_result():
    for method in RANDOM:
        found = pool_proportions([3, 6, 9], [10, 20, 30], method)
        assert (found.tau2, found.i2) == (0, 0) and found.estimate == pytest.approx(0.3, abs=0.01)
        assert found.prediction_low == pytest.approx(found.low)
        profile = pool_proportions([3, 6, 9], [10, 20, 30], method, prediction="profile")
        assert profile.prediction_low < found.low - 0.05 and profile.prediction_high > found.high + 0.05
    collapsed = pool_proportions([3, 3], [10, 10], "logit", ci="hartung-knapp")
    assert collapsed.low == pytest.approx(0.3) and collapsed.high == pytest.approx(0.3)


@pytest.mark.parametrize("events", [[0, 0, 0], [5, 9, 12]])
def test_nothing_but_zeros_or_nothing_but_events(events):
    for method in ("logit", "arcsine", "freeman-tukey", "common"):
        found = pool_proportions(events, [5, 9, 12], method)
        assert all(0 <= value <= 1 for value in (found.estimate, found.low, found.high))
        assert (found.estimate < 0.1) is (events[0] == 0)


def test_the_correction_is_made_only_where_it_is_needed():
    y, v = _scales.effects(np.array([0.0, 4.0, 9.0]), np.array([9.0, 9.0, 9.0]), "logit")
    assert y == pytest.approx([np.log(0.5 / 9.5), np.log(4 / 5), np.log(9.5 / 0.5)])
    assert v[1] == pytest.approx(1 / 4 + 1 / 5)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (dict(events=[1], totals=[2, 3]), "one entry a study"),
        (dict(events=[], totals=[]), "at least one"),
        (dict(events=[5, -1, 2], totals=[4, 3, 2.5]), "study 1: 5 of 4; study 2: -1 of 3; study 3: 2 of 2.5"),
        (dict(events=[1], totals=[2], method="mean"), "use one of glmm"),
        (dict(events=[1], totals=[2], tau2="ml"), "use one of reml"),
        (dict(events=[0, 1], totals=[0, 2]), "not so: study 1: 0 of 0"),
        (dict(events=[1], totals=[2], level=0), "between 0 and 1"),
        (dict(events=[1], totals=[2], level=95), "between 0 and 1"),
        (dict(events=[1], totals=[2], level="0.95"), "level='0.95' must be a number between 0 and 1"),
        (dict(events=[1], totals=[2], level=pd.NA), "level=<NA> must be a number"),
        (dict(events=[1], totals=[2], level=True), "level=True must be a number"),
        (dict(events=[1], totals=[2], level=1e-12), "level=1e-12 is too near to 0 or 1"),
        (dict(events=[1], totals=[2], level=1 - 1e-12), "is too near to 0 or 1"),
        (dict(events=[1], totals=[2], level=math.nan), "level=nan must be a number between 0 and 1"),
        (dict(events=[1], totals=[2], prediction="k-2"), "use one of wald, t, profile"),
        (dict(events=[1, 1], totals=[2, 3], prediction="t"), 'none for two studies: use prediction="profile"'),
        (dict(events=pd.Series([1, pd.NA], dtype="Int64"), totals=[2, 3]), "not so: study 2: <NA> of 3"),
        (dict(events=[None, 1], totals=[2, math.nan]), "not so: study 1: None of 2; study 2: 1 of nan"),
        (dict(events=["1", 1], totals=[2, math.inf]), "not so: study 1: '1' of 2; study 2: 1 of inf"),
        (dict(events=[True, 1], totals=[2, 10**13]), "not so: study 1: True of 2; study 2: 1 of 10000000000000"),
        (dict(events=3, totals=10), "lists with one entry a study: got 3 and 10"),
        (dict(events="12", totals="34"), "lists with one entry a study: got '12' and '34'"),
        (dict(events=[1, 1], totals=[2, 3], method="glmm", ci="hartung-knapp"), "does not go with"),
        (dict(events=[1, 1], totals=[2, 3], method="common", ci="hartung-knapp"), "does not go with"),
        (dict(events=[1], totals=[2], method="logit", ci="hartung-knapp"), "at least two studies"),
    ],
)
def test_what_cannot_be_done_is_said(arguments, words):
    with pytest.raises(ValueError, match=words):
        pool_proportions(**arguments)


def test_an_interval_of_no_counts_is_refused():
    for arguments in [(3, 2), (-1, 2), (0, 0), (pd.NA, 2), (1, "2"), (1, 2, "wald"), (1, 2, "wilson", 1.0)]:
        with pytest.raises(ValueError):
            proportion_interval(*arguments)


def test_all_wrong_rows_of_a_table_are_named_at_once():
    rows = pd.DataFrame({"events": pd.Series([1, pd.NA, 9], dtype="Int64"), "n": [4, 5, 6]})
    with pytest.raises(ValueError, match="study 2: <NA> of 5; study 3: 9 of 6"):
        statistics.with_intervals(rows)
    assert statistics.with_intervals(rows.head(0))["share"].empty
    assert statistics.with_intervals(rows.head(1))["share"].tolist() == [0.25]


def test_whole_numbers_of_any_kind_are_counts():
    wanted = pool_proportions([3, 4], [10, 20])
    for kind in (float, np.int64, np.float32, Fraction):
        assert pool_proportions(map(kind, [3, 4]), [kind(10), kind(20)]) == wanted
    assert pool_proportions(pd.Series([3, 4], dtype="Int64"), np.array([10, 20])) == wanted
