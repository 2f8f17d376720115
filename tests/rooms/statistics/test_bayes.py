"""Pooling with priors, against a second integration, printed results of bayesmeta, and what must hold of any of it."""

import math

import numpy as np
import pandas as pd
import pytest
from casebook import statistics
from casebook.statistics import _bayes, chi_squared_test, holds_nearly_all, pool_proportions, pool_with_prior
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import quad
from scipy.optimize import minimize_scalar
from scipy.special import expit, logit
from scipy.stats import chi2_contingency, norm

pytestmark = pytest.mark.filterwarnings("error")

SPARSE = [7, 0, 6, 2], [60, 17, 55, 20]


# ---------------------------------------------------------------- a second integration


def on_a_grid(events, totals, tau_scale, mean_sd=2.0):
    """The same posterior, plainly: a fixed grid of means and taus, Gauss-Hermite for the intercepts of the studies."""
    means, taus = np.linspace(-11, 9, 401), np.linspace(0, 6 * tau_scale, 101)
    nodes, weights = np.polynomial.hermite_e.hermegauss(48)
    eta = means[:, None, None] + taus[None, :, None] * nodes
    logs = norm.logpdf(means, 0, mean_sd)[:, None] + norm.logpdf(taus, 0, tau_scale)
    for x, n in zip(events, totals):
        logs = logs + np.log(np.exp(x * eta - n * np.logaddexp(0, eta)) @ weights)
    mass = np.exp(logs - logs.max())
    mass[:, 0] /= 2  # trapezoids from tau = 0
    mass /= mass.sum()
    # A normal around each node stands for a new study; where tau is nothing, a step.
    new = means[:, None] + taus * nodes[:, None, None]
    return means, taus, mass, new, weights / weights.sum()


def quantile(values, mass, p):
    order = np.argsort(values, kind="stable")
    below = np.cumsum(mass[order]) - mass[order] / 2
    return np.interp(p, below, values[order])


@pytest.mark.parametrize("tau_scale", [0.5, 1.0])
@pytest.mark.parametrize("counts", [SPARSE, ([7, 0], [60, 17]), ([0, 0, 0], [9, 12, 20]), ([12, 8, 5], [12, 10, 30])])
def test_a_plain_grid_gives_the_same(counts, tau_scale):
    found = pool_with_prior(*counts, tau_scale)
    means, taus, mass, new, weights = on_a_grid(*counts, tau_scale)
    ours = logit([found.low, found.estimate, found.high])
    assert ours == pytest.approx(quantile(means, mass.sum(axis=1), [0.025, 0.5, 0.975]), abs=1e-2)
    spread = quantile(taus, mass.sum(axis=0), [0.5, 0.975])
    assert [found.tau2**0.5, found.tau2_high**0.5] == pytest.approx(spread, abs=2e-2)
    both = (new.transpose(1, 2, 0).ravel(), (mass[..., None] * weights).ravel())
    ends = logit([found.prediction_low, found.prediction_high])
    assert ends == pytest.approx(quantile(*both, [0.025, 0.975]), abs=2e-2)


@pytest.mark.parametrize(("x", "n", "mean", "tau"), [(3, 20, -1.0, 0.4), (0, 9, 0.5, 1.5), (12, 12, 8.0, 0.7)])
def test_the_likelihood_of_a_study_is_its_integral(x, n, mean, tau):
    model = _bayes.binomial(np.array([float(x)]), np.array([float(n)]))

    def integrand(z):
        return expit(mean + tau * z) ** x * expit(-mean - tau * z) ** (n - x) * norm.pdf(z)

    wanted = np.log(quad(integrand, -12, 12, epsabs=0, epsrel=1e-10, limit=200)[0])
    assert model.at(np.array([mean]), tau)[0][0] == pytest.approx(wanted, abs=1e-7)
    assert wanted <= model.most


# ---------------------------------------------------------------- printed results of bayesmeta


def normal(effects, errors):
    """The likelihood of normal effects."""
    y, s = np.array(effects), np.array(errors)

    def at(means, tau):
        v = s**2 + tau**2
        rest = y - means[:, None]
        return norm.logpdf(rest, 0, v**0.5).sum(axis=1), (rest / v).sum(axis=1), np.full(len(means), (1 / v).sum())

    return _bayes.Model(at, float(norm.logpdf(0, 0, s).sum()), float(s.min()), len(y))


def shortest(quantiles):
    """The shortest interval that holds 95%."""
    found = minimize_scalar(lambda p: np.diff(quantiles([p, p + 0.95]))[0], bounds=(1e-4, 0.0499), method="bounded")
    return quantiles([found.x, found.x + 0.95])


def crins():
    """Log odds ratios of Crins 2014, data CrinsEtAl2014 of bayesmeta, as metafor's escalc makes them."""
    a, n1 = np.array([14, 16, 3, 9, 4, 0.0]), np.array([61, 28, 18, 54, 36, 50.0])
    c, n2 = np.array([15, 19, 8, 29, 11, 3.0]), np.array([20, 28, 12, 54, 36, 34.0])
    half = 0.5 * (a == 0)
    cells = [a + half, n1 - a + half, c + half, n2 - c + half]
    return np.log(cells[0] * cells[3] / cells[1] / cells[2]), sum(1 / cell for cell in cells) ** 0.5


def test_the_example_of_roever_2020_is_met():
    """J Stat Softw 93(6), sections 3.3 and 3.4: half-normal(0.5), and N(0, 4) on the mean."""

    def at(p):
        return _bayes.posterior(normal(*crins()), 4.0, _bayes.half_normal(0.5), np.array(p))

    found = at([0.5, 0.005, 0.995])
    assert [found.tau[0], found.mean[0], found.new[0]] == pytest.approx([0.34450, -1.57348, -1.57017], abs=2e-4)
    assert found.tau[1:] == pytest.approx([0.003547657, 1.205400562], abs=2e-4)
    assert shortest(lambda p: at(p).mean) == pytest.approx([-2.23113, -0.92631], abs=1e-3)
    # Printed from bayesmeta's approximation, which holds 95.02%; the exact mixture of normals gives the second pair.
    assert shortest(lambda p: at(p).new) == pytest.approx([-2.76613, -0.40730], abs=3e-3)
    assert shortest(lambda p: at(p).new) == pytest.approx([-2.76444, -0.40890], abs=1e-4)


def test_the_eight_schools_of_the_vignette_are_met():
    """Vignette of bayesmeta: half-Cauchy(25), and N(0, 50) on the mean."""
    schools = normal(
        [28.39, 7.94, -2.75, 6.82, -0.64, 0.63, 18.01, 12.16], [14.9, 10.2, 16.3, 11.0, 9.4, 11.4, 10.4, 17.6]
    )

    def cauchy(tau):
        # The tails of a half-Cauchy never end: cut where nothing is left of the posterior.
        return -math.log1p((tau / 25) ** 2) - (0 if tau < 2000 else math.inf)

    found = _bayes.posterior(schools, 50.0, cauchy, np.array([0.5, 0.025, 0.975, 0.95]))
    assert [found.mean[0], found.new[0], found.tau[0]] == pytest.approx([7.962961, 7.926819, 4.758539], abs=2e-3)
    assert found.tau[1:3] == pytest.approx([0.2199559, 18.0531718], abs=2e-3)
    assert found.mean[3] == pytest.approx(16.11009, abs=2e-3)


# ---------------------------------------------------------------- what must hold


@settings(max_examples=12)
@given(st.lists(st.tuples(st.integers(0, 40), st.integers(1, 40)), min_size=1, max_size=5))
def test_limits_lie_in_order_mirror_and_depend_on_no_order(pairs):
    x, n = zip(*((min(pair), max(pair)) for pair in pairs))
    found = pool_with_prior(x, n)
    ends = [found.prediction_low, found.low, found.estimate, found.high, found.prediction_high]
    assert ends == sorted(ends) and ends[0] > 0 and ends[-1] < 1 and found.tau2 < found.tau2_high
    mirrored = pool_with_prior([b - a for a, b in zip(x, n)], n)
    assert [mirrored.low, mirrored.estimate] == pytest.approx([1 - found.high, 1 - found.estimate], abs=1e-5)
    assert repr(pool_with_prior(x[::-1], n[::-1])) == repr(found)


def test_a_wider_prior_gives_wider_limits_and_its_name():
    near, far = pool_with_prior(*SPARSE), pool_with_prior(*SPARSE, 1.0)
    assert (
        far.prediction_low < near.prediction_low < near.low and near.high < near.prediction_high < far.prediction_high
    )
    assert (near.tau2_method, far.tau2_method, near.method) == ("half-normal(0.5)", "half-normal(1)", "bayes")
    assert pool_with_prior(*SPARSE, level=0.5).high < near.high
    assert (near.k, near.n, near.level, near.q) == (4, 152, 0.95, pool_proportions(*SPARSE).q)


@pytest.mark.parametrize(
    ("x", "n"),
    [([0, 3444, 2, 10984, 0], [344, 3444, 2, 10984, 326988]), ([0, 10**6] * 3, [10**6] * 6), ([7, 2], [52, 25])],
)
def test_counts_that_the_prior_does_not_expect_are_still_answered(x, n):
    """Here the posterior of tau is narrower than a step, or far beyond what the prior expects."""
    found = pool_with_prior(x, n, 0.1, 0.999)
    assert found.prediction_low < found.low < found.estimate < found.high < found.prediction_high
    assert found.tau2 > 0.001


@pytest.mark.parametrize("scale", [0, -1, float("nan"), float("inf"), "half", True])
def test_a_prior_that_is_none_is_refused(scale):
    with pytest.raises(ValueError, match=r"must be a number above 0, such as 0\.5"):
        pool_with_prior([1], [2], scale)


def test_more_patients_than_the_model_is_right_for_are_refused():
    with pytest.raises(ValueError, match="a study has 10000001 patients"):
        pool_with_prior([1], [10**7 + 1])


def test_an_interval_that_holds_nearly_all_says_nothing():
    """No zero to one hundred percent without a word: right, and useless."""
    assert pool_proportions([5, 0, 19, 0, 0], [5, 7, 20, 8, 21]).says_nothing
    assert not pool_proportions(*SPARSE).says_nothing and not pool_with_prior(*SPARSE).says_nothing
    assert [holds_nearly_all(*ends) for ends in ((0.05, 0.95), (0.06, 0.95), (0, 0.9))] == [True, False, True]


@pytest.mark.parametrize("counts", [SPARSE, ([55, 13, 54, 20], [60, 17, 55, 20]), ([3, 8], [9, 10])])
def test_the_test_of_one_proportion_is_pearsons(counts):
    x, n = map(np.array, counts)
    wanted = chi2_contingency([x, n - x], correction=False)
    assert chi_squared_test(*counts) == pytest.approx((wanted.statistic, wanted.dof, wanted.pvalue))


def test_studies_that_agree_to_the_last_patient_do_not_differ():
    assert chi_squared_test([0, 0], [5, 9]) == (0.0, 1, 1.0) and chi_squared_test([5, 9], [5, 9]) == (0.0, 1, 1.0)
    assert math.isnan(chi_squared_test([1], [5])[2])
    assert pd.notna(statistics.TAU_SCALE) and (statistics.MEAN_SD, statistics.TAU_SCALE) == (2.0, 0.5)
