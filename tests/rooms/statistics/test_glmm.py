"""The binomial-normal model against an integration and a search of its own, and where it has to refuse."""

import itertools
import math

import numpy as np
import pytest
from casebook.statistics import _glmm, pool_proportions
from hypothesis import example, given, settings
from hypothesis import strategies as st
from scipy.integrate import quad
from scipy.optimize import approx_fprime, minimize, minimize_scalar
from scipy.special import gammaln, log_expit, logit
from scipy.stats import chi2, norm

pytestmark = pytest.mark.filterwarnings("error")

NODES, WEIGHTS = np.polynomial.legendre.leggauss(12)

TABLES = {  # events, totals: what makes each one hard
    "alike but for chance": ([2, 3, 1, 4], [12, 20, 15, 18]),
    "two studies": ([5, 116], [119, 170]),
    "two large studies": ([400_000, 402_500], [10**6, 10**6]),
    "a small one beside a large one": ([1, 300_000], [3, 10**6]),
    "rare beside common": ([3, 500_000, 200_000], [100, 10**6, 10**6]),
    "all, none and half": ([0, 1000, 500], [1000, 1000, 1000]),
    "mostly none": ([5, 0, 19, 0, 0], [5, 7, 20, 8, 21]),
    "all in one": ([15, 0, 0, 1, 0], [15, 18, 17, 3, 15]),
    "totals of one": ([0, 1, 1, 0, 7], [1, 1, 1, 1, 9]),
    "none of a million": ([0, 1], [10**6, 2]),
    "many studies that differ little": ([30, 45] * 7, [100, 100] * 7),
}


def counts(events, totals):
    return np.array(events, dtype=float), np.array(totals, dtype=float)


# ---------------------------------------------------------------- the likelihood


def number_of_ways(events, total):
    """The logarithm of the binomial coefficient, which the module leaves out."""
    return gammaln(total + 1) - gammaln(events + 1) - gammaln(total - events + 1)


def by_quadpack(events, total, mean, tau):
    """The likelihood of one study by adaptive integration, piece by piece round its peak."""

    ways = number_of_ways(events, total)

    def density(z):
        odds = mean + tau * z
        return math.exp(ways + events * log_expit(odds) + (total - events) * log_expit(-odds)) * norm.pdf(z)

    share = np.clip(events / total, 0.5 / total, 1 - 0.5 / total)
    peak = (np.log(share / (1 - share)) - mean) / tau
    width = 12 / (tau * np.sqrt(total * share * (1 - share)))
    points = np.unique([-12, *np.clip([peak - width, peak, peak + width], -12, 12), 12])
    return sum(quad(density, a, b, epsabs=1e-18, epsrel=1e-9, limit=200)[0] for a, b in itertools.pairwise(points))


@pytest.mark.parametrize(
    ("events", "total"), [(0, 1), (1, 1), (0, 9), (5, 9), (9, 9), (300, 3000), (3, 100_000), (0, 10**6), (10**6, 10**6)]
)
@pytest.mark.parametrize(
    ("mean", "tau"), [(-1.0, 0.01), (-1.0, 1.0), (0.5, 1.5), (-3.0, 3.0), (-6.0, 12.0), (5.0, 60.0), (5.0, 1e6)]
)
def test_the_likelihood_of_one_study(events, total, mean, tau):
    found = _glmm._point(*counts([events], [total]), mean, tau).value + number_of_ways(events, total)
    wanted = by_quadpack(events, total, mean, tau)
    if wanted > 1e-12:  # below, the other integration says nothing
        assert found == pytest.approx(math.log(wanted), abs=1e-6)


@pytest.mark.parametrize("tau", [0.3, 1.0, 8.0])
def test_slopes_and_curvature_are_those_of_the_likelihood(tau):
    x, n = counts([3, 0, 40, 12], [10, 12, 60, 12])
    at = _glmm._point(x, n, -0.4, tau)

    def value(place):
        return _glmm._point(x, n, place[0], math.exp(place[1])).value

    def slope(mean):
        return _glmm._point(x, n, float(mean[0]), tau).slope

    place = np.array([-0.4, math.log(tau)])
    assert [at.slope, at.rise] == pytest.approx(approx_fprime(place, value, 1e-6), abs=1e-4)
    assert -at.information == pytest.approx(approx_fprime(place[:1], slope, 1e-6)[0], rel=1e-4)


# ---------------------------------------------------------------- the maximum


def by_panels(events, totals, mean, tau):
    """The log-likelihood, integrated over the log odds in many small panels."""
    total = 0.0
    for x, n in zip(events, totals):
        share = (x + 0.5) / (n + 1)
        width = (n * share * (1 - share)) ** -0.5
        edges = [mean + tau * np.linspace(-11, 11, 34), logit(share) + width * np.linspace(-12, 12, 37)]
        edges = np.concatenate([*edges, np.arange(-24, 25, 1.5)])
        edges = np.unique(np.clip(edges, mean - 11 * tau, mean + 11 * tau))
        half = np.diff(edges)[:, None] / 2
        odds = edges[:-1, None] + half * (1 + NODES)
        log = -x * np.logaddexp(0, -odds) - (n - x) * np.logaddexp(0, odds) + norm.logpdf(odds, mean, tau)
        total += log.max() + np.log((np.exp(log - log.max()) * half * WEIGHTS).sum())
    return total


def equal(events, totals):
    share = events.sum() / totals.sum()
    return (events * np.log(share) + (totals - events) * np.log1p(-share)).sum()


def searched(events, totals, starts):
    """The maximum in mean and log tau by simplex search from the best of several starts."""

    def loss(place):
        return -by_panels(events, totals, place[0], math.exp(min(max(place[1], -12), 12)))

    start = min(starts, key=loss)
    return minimize(loss, start, method="Nelder-Mead", options={"xatol": 1e-7, "fatol": 1e-11, "maxiter": 2000})


def starts_for(events, totals):
    odds = logit((events + 0.5) / (totals + 1))
    centers = (odds.mean(), np.median(odds), logit(events.sum() / totals.sum()))
    return [(center, math.log(tau)) for center in centers for tau in (0.002, 0.03, 0.3, 1, 4, 12)]


@pytest.mark.parametrize("name", TABLES)
def test_estimate_error_and_variance_against_another_integration_and_search(name):
    """The standard error is held against the inverted curvature in both, by differences."""
    x, n = counts(*TABLES[name])
    found, best = _glmm.fit(x, n), searched(x, n, starts_for(x, n))
    if -best.fun <= equal(x, n) + 1e-6:
        assert found.tau2 == 0
        assert found.mean == pytest.approx(logit(x.sum() / n.sum()))
        assert found.se == pytest.approx((1 / x.sum() + 1 / (n - x).sum()) ** 0.5)
        return
    mean, tau = best.x[0], math.exp(best.x[1])
    assert found.mean == pytest.approx(mean, abs=1e-3 * max(1, tau / 10))
    assert found.tau2 == pytest.approx(tau**2, rel=1e-3)
    steps = np.diag([0.02 * found.se, 0.02])
    place = np.array([found.mean, math.log(found.tau2) / 2])

    def second(i, j):
        signs = itertools.product((1, -1), repeat=2)
        around = {
            (a, b): by_panels(x, n, m, math.exp(t)) for a, b in signs for m, t in [place + a * steps[i] + b * steps[j]]
        }
        return (around[1, 1] - around[1, -1] - around[-1, 1] + around[-1, -1]) / (4 * steps[i, i] * steps[j, j])

    curvature = -np.array([[second(i, j) for j in (0, 1)] for i in (0, 1)])
    assert found.se == pytest.approx(np.linalg.inv(curvature)[0, 0] ** 0.5, rel=0.01)


@pytest.mark.parametrize("level", [0.8, 0.95])
@pytest.mark.parametrize("name", [name for name in TABLES if name != "none of a million"])
def test_the_upper_limit_of_tau_is_where_the_ratio_of_likelihoods_rejects(name, level):
    x, n = counts(*TABLES[name])
    found = _glmm.fit(x, n, level)
    tau = math.sqrt(found.tau2_high)
    wide = (found.mean - 3 - 3 * tau, found.mean + 3 + 3 * tau)
    there = -minimize_scalar(lambda mean: -by_panels(x, n, mean, tau), bounds=wide, method="bounded").fun
    top = by_panels(x, n, found.mean, math.sqrt(found.tau2)) if found.tau2 else equal(x, n)
    assert found.tau2_high > found.tau2
    assert 2 * (top - there) == pytest.approx(chi2.ppf(level, 1), abs=1e-4)


@st.composite
def hard_tables(draw):
    """Few studies of any size up to a million, each with none, all or any number of events."""
    size = st.one_of(st.just(1), st.integers(2, 30), st.integers(1, 10**6), st.just(10**6))
    totals = draw(st.lists(size, min_size=2, max_size=5))
    events = [draw(st.one_of(st.just(0), st.just(total), st.integers(0, total))) for total in totals]
    return events, totals


@settings(max_examples=25)
@given(hard_tables())
@example(([0, 0, 1], [1, 1, 1]))
@example(([0, 10, 0, 10], [10, 10, 10, 10]))
@example(([1, 0], [2, 1]))
@example(([1, 999_999], [10**6, 10**6]))
def test_any_table_has_the_highest_likelihood_or_is_refused(table):
    """Refused exactly where no study has both kinds of patients: only there tau has no best value."""
    x, n = counts(*table)
    if not ((x > 0) & (x < n)).any():
        with pytest.raises(ValueError, match="show the studies side by side, use method"):
            _glmm.fit(x, n)
        return
    found = _glmm.fit(x, n)
    assert np.isfinite(found).all() and found.se > 0 and 0 <= found.tau2 < found.tau2_high
    ours = by_panels(x, n, found.mean, math.sqrt(found.tau2)) if found.tau2 else equal(x, n)
    best = searched(x, n, starts_for(x, n)[::2])
    assert ours >= max(-best.fun, equal(x, n)) - 2e-6


@settings(max_examples=25)
@given(hard_tables())
def test_events_and_their_absence_are_mirror_images(table):
    x, n = counts(*table)
    if ((x > 0) & (x < n)).any():
        found, mirrored = _glmm.fit(x, n), _glmm.fit(n - x, n)
        assert mirrored.mean == pytest.approx(-found.mean, abs=1e-5 * (1 + found.se))
        assert mirrored[1:] == pytest.approx(found[1:], rel=1e-4, abs=1e-9)


def test_twice_the_studies_leave_the_estimate_and_halve_its_variance():
    x, n = counts([16, 10, 4, 43, 25, 13, 22], [17, 12, 8, 58, 42, 14, 41])
    once, twice = _glmm.fit(x, n), _glmm.fit(np.tile(x, 2), np.tile(n, 2))
    assert [twice.mean, twice.tau2] == pytest.approx([once.mean, once.tau2], rel=1e-6)
    assert twice.se == pytest.approx(once.se / math.sqrt(2), rel=1e-6)
    assert twice.tau2_high < once.tau2_high


@pytest.mark.parametrize(
    ("events", "totals", "higher"),
    [
        ([273_992, 268_254, 1, 10, 3], [10**6, 10**6, 3, 10, 3], "second"),
        ([9, 26_785, 268_423, 269_828], [10, 10**5, 10**6, 10**6], "first"),
    ],
)
def test_of_two_tops_the_higher_is_taken(events, totals, higher):
    """Large studies that nearly agree and small ones far off: the profile rises twice."""
    x, n = counts(events, totals)
    rises = [_glmm._profile(x, n, tau, -1.0).rise > 0 for tau in np.geomspace(0.0005, 20, 60)]
    assert sum(before and not after for before, after in itertools.pairwise(rises)) == 2
    tau = math.sqrt(_glmm.fit(x, n).tau2)
    assert tau == pytest.approx(math.exp(searched(x, n, starts_for(x, n)).x[1]), rel=1e-3)
    assert (tau > 0.1) is (higher == "second")


# ---------------------------------------------------------------- where there is none


@pytest.mark.parametrize(
    ("events", "totals", "words"),
    [
        ([0, 0, 0], [5, 9, 12], "no study has an event"),
        ([0], [5], "no study has an event"),
        ([5, 9, 12], [5, 9, 12], "all patients of all studies have the event"),
        ([0, 0, 1], [1, 1, 1], "every study has one patient"),
        ([1, 0, 0, 0, 0], [1, 1, 1, 1, 1], "every study has one patient"),
        ([0, 10, 0, 10], [10, 10, 10, 10], "so far apart"),
        ([0, 1], [10**6, 1], "so far apart"),
        ([3, 10**7], [9, 10**8], "a study has 100000000 patients"),
    ],
)
def test_what_has_no_maximum_is_refused_with_what_to_do_instead(events, totals, words):
    with pytest.raises(ValueError, match=words) as refusal:
        pool_proportions(events, totals, "glmm")
    for way in ("side by side", 'method="arcsine"', "exact interval of the sum"):
        assert way in str(refusal.value)


def test_the_likelihood_of_single_patients_does_not_depend_on_tau():
    """Why studies of one patient are refused."""
    x, n = counts([0, 0, 1], [1, 1, 1])
    tops = [
        -minimize_scalar(lambda m, tau=tau: -by_panels(x, n, m, tau), bounds=(-40, 9), method="bounded").fun
        for tau in (0.1, 1, 6)
    ]
    assert tops == pytest.approx([equal(x, n)] * 3, abs=1e-6)


def test_a_place_that_curves_upward_has_no_standard_error():
    """Below its top the profile begins as a hollow: there the information is not positive definite."""
    x, n = counts(*TABLES["rare beside common"])
    with pytest.raises(ValueError, match="not positive definite"):
        _glmm._standard_error(x, n, _glmm._profile(x, n, 0.002, 0.0))


def test_one_study_gives_back_itself():
    found = _glmm.fit(*counts([3], [12]))
    assert found[:3] == pytest.approx((math.log(3 / 9), math.sqrt(1 / 3 + 1 / 9), 0)) and math.isnan(found.tau2_high)


def test_the_search_for_an_upper_limit_ends():
    assert _glmm.fit(*counts([0, 1], [10**6, 2]), 1 - 1e-12).tau2_high == math.inf
