"""Proportions against published values, against metafor's, and against what must hold of any of them."""

import itertools
import math

import numpy as np
import pandas as pd
import pytest
from casebook import data, statistics
from casebook.statistics import choose_independent, pool_proportions, proportion_interval
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import quad
from scipy.special import expit
from scipy.stats import binom, norm

PRITZ = "16/17 10/12 4/8 43/58 10/10 25/42 13/14 12/12 22/41 4/5 5/6 18/23 58/68 6/10"
EVENTS, TOTALS = zip(*(map(int, pair.split("/")) for pair in PRITZ.split()))
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


def integrated(events, total, mean, tau):
    """The likelihood of one study by adaptive integration, piece by piece round its peak."""

    def density(z):
        return binom.pmf(events, total, expit(mean + tau * z)) * norm.pdf(z)

    share = np.clip(events / total, 0.5 / total, 1 - 0.5 / total)
    peak = (np.log(share / (1 - share)) - mean) / tau
    width = 12 / (tau * np.sqrt(total * share * (1 - share)))
    points = np.unique([-12, *np.clip([peak - width, peak, peak + width], -12, 12), 12])
    return sum(quad(density, a, b, limit=200)[0] for a, b in itertools.pairwise(points))


@pytest.mark.parametrize(("events", "total"), [(0, 9), (5, 9), (9, 9), (300, 3000), (1500, 2500), (3, 100_000)])
@pytest.mark.parametrize(("mean", "tau"), [(-1.0, 1.0), (0.5, 1.5), (-3.0, 3.0)])
def test_the_likelihood_is_right_for_small_and_for_large_studies(events, total, mean, tau):
    """Ordinary Gauss-Hermite nodes miss the peak of a large study."""
    found = statistics._log_likelihood(np.array([float(events)]), np.array([float(total)]), mean, tau)
    wanted = math.log(integrated(events, total, mean, tau))
    assert found.value == pytest.approx(wanted, abs=1e-5)


def test_gradient_and_hessian_agree_with_differences():
    x, n = np.array([3.0, 0.0, 40.0]), np.array([10.0, 12.0, 60.0])

    def gradient(a, b):
        return statistics._log_likelihood(x, n, a, b).gradient

    def value(a, b):
        return statistics._log_likelihood(x, n, a, b).value

    at, step = statistics._log_likelihood(x, n, -0.4, 0.9), 1e-4
    slopes = [value(-0.4 + step, 0.9) - value(-0.4 - step, 0.9), value(-0.4, 0.9 + step) - value(-0.4, 0.9 - step)]
    assert at.gradient == pytest.approx(np.array(slopes) / (2 * step), abs=1e-5)
    columns = [gradient(-0.4 + step, 0.9) - gradient(-0.4 - step, 0.9)]
    columns.append(gradient(-0.4, 0.9 + step) - gradient(-0.4, 0.9 - step))
    assert at.hessian == pytest.approx(np.array(columns) / (2 * step), abs=1e-4)


def test_reml_dl_and_pm_solve_their_own_equations():
    x, n = np.array(EVENTS, dtype=float), np.array(TOTALS, dtype=float)
    y, v = statistics._effects(x, n, "logit")
    dl, pm, reml = (statistics._TAU2[name](y, v) for name in ("dl", "pm", "reml"))
    weights = 1 / v
    expected = len(y) - 1 + dl * (weights.sum() - (weights**2).sum() / weights.sum())
    assert statistics._cochran_q(y, v, 0.0) == pytest.approx(expected)
    assert statistics._cochran_q(y, v, pm) == pytest.approx(len(y) - 1)
    w = 1 / (v + reml)  # the score of the restricted likelihood is zero
    rest = y - w @ y / w.sum()
    assert (w**2) @ rest**2 == pytest.approx(w.sum() - (w**2).sum() / w.sum(), rel=1e-5)


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


@given(studies(smallest=2))
def test_the_prediction_interval_is_no_narrower_than_the_confidence_interval(counts):
    for method in RANDOM:
        found = pool_proportions(*counts, method)
        assert found.prediction_low <= found.low + 1e-12 and found.high <= found.prediction_high + 1e-12


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
    collapsed = pool_proportions([3, 3], [10, 10], "logit", ci="hartung-knapp")
    assert collapsed.low == pytest.approx(0.3) and collapsed.high == pytest.approx(0.3)


@pytest.mark.parametrize("events", [[0, 0, 0], [5, 9, 12]])
def test_nothing_but_zeros_or_nothing_but_events(events):
    totals = [5, 9, 12]
    with pytest.raises(ValueError, match="no finite estimate"):
        pool_proportions(events, totals, "glmm")
    for method in ("logit", "arcsine", "freeman-tukey", "common"):
        found = pool_proportions(events, totals, method)
        assert all(0 <= value <= 1 for value in (found.estimate, found.low, found.high))
        assert (found.estimate < 0.1) is (events[0] == 0)


def test_studies_with_nothing_beside_studies_with_everything():
    with pytest.raises(ValueError, match="so far apart"):
        pool_proportions([0, 10, 0, 10], [10, 10, 10, 10], "glmm")


def test_the_correction_is_made_only_where_it_is_needed():
    y, v = statistics._effects(np.array([0.0, 4.0, 9.0]), np.array([9.0, 9.0, 9.0]), "logit")
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
        (dict(events=[1], totals=[2], level=95), "between 0 and 1"),
        (dict(events=[1, 1], totals=[2, 3], method="glmm", ci="hartung-knapp"), "does not go with"),
        (dict(events=[1, 1], totals=[2, 3], method="common", ci="hartung-knapp"), "does not go with"),
        (dict(events=[1], totals=[2], method="logit", ci="hartung-knapp"), "at least two studies"),
    ],
)
def test_what_cannot_be_done_is_said(arguments, words):
    with pytest.raises(ValueError, match=words):
        pool_proportions(**arguments)


def test_an_interval_of_no_counts_is_refused():
    for arguments in [(3, 2), (-1, 2), (0, 0), (1, 2, "wald"), (1, 2, "wilson", 1.0)]:
        with pytest.raises(ValueError):
            proportion_interval(*arguments)


# ---------------------------------------------------------------- which studies may be pooled


def made_up_studies():
    """Studies that do not exist: a and b the same, c inside d, e by way of d with f, and g alone."""
    frame = pd.DataFrame(
        {
            "study_id": list("abcdefg"),
            "n": [20, 20, 30, 60, 34, 50, 9],
            "year": [2021, 2023, 2022, 2023, 2024, 2025, 2023],
            "category": "CD7 cohort",
            "design": "cohort",
            "all_infused": True,
            "read_in": "abstract",
        }
    ).astype({"year": "Int64", "n": "Int64"})
    pairs = [("a", "b", "same"), ("c", "d", "nested"), ("d", "e", "nested"), ("e", "f", "same"), ("a", "g", "possible")]
    return frame, pd.DataFrame(pairs, columns=["study_a", "study_b", "certainty"])


def test_one_of_each_group_is_chosen_the_largest_then_the_latest():
    frame, overlaps = made_up_studies()
    chosen, left_out = choose_independent(frame, overlaps)
    assert list(chosen["study_id"]) == ["b", "d", "g"]
    because = dict(zip(left_out["study_id"], left_out["because"]))
    assert because["a"] == "shares patients with b, which is larger or later"
    assert set(because) == {"a", "c", "e", "f"} and "with d" in because["f"]
    again = choose_independent(frame.sample(frac=1, random_state=3), overlaps.iloc[::-1])
    assert set(again.chosen["study_id"]) == {"b", "d", "g"}


@pytest.mark.parametrize(
    ("column", "value", "words"),
    [
        ("category", "context: CD5", "not a cohort of CD7"),
        ("design", "case reports", "selected patients are no rate"),
        ("all_infused", False, "not all who were infused"),
        ("read_in", "news", "neither abstract nor paper"),
        ("n", pd.NA, "no number of patients"),
    ],
)
def test_what_may_not_be_pooled_makes_room_for_the_next_of_its_group(column, value, words):
    frame, overlaps = made_up_studies()
    frame.loc[frame["study_id"] == "d", column] = value
    chosen, left_out = choose_independent(frame, overlaps)
    assert list(chosen["study_id"]) == ["b", "f", "g"]
    assert words in left_out.set_index("study_id").loc["d", "because"]


def test_a_study_in_two_rows_is_refused():
    frame, overlaps = made_up_studies()
    with pytest.raises(ValueError, match="several rows have a"):
        choose_independent(pd.concat([frame, frame.head(1)], ignore_index=True), overlaps)


def test_possible_overlaps_are_named_among_the_chosen():
    frame, overlaps = made_up_studies()
    pairs = statistics.possible_overlaps(frame[frame["study_id"].isin(["a", "g"])], overlaps)
    assert pairs[["study_a", "study_b"]].values.tolist() == [["a", "g"]]
    assert statistics.possible_overlaps(frame[frame["study_id"].isin(["a", "b"])], overlaps).empty
