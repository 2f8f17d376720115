"""For those who check: intervals, methods, what was left out, of counts that are made up."""

import pandas as pd
import pytest
from casebook.evidence import cohorts, verification
from casebook.statistics import METHODS, against_intervals, against_pooled, pool_with_prior
from made_up import live
from made_up_series import series

COUNTS = pd.DataFrame({"study": list("abcde"), "events": [1, 9, 3, 14, 0], "n": [20, 20, 20, 20, 20]})


def test_the_rule_of_three_is_roughly_met():
    """With no event of n the exact upper limit is near 3.7 / n (97.5%, one-sided)."""
    table = verification.intervals_table([(0, 100), (1, 10)])
    assert table.iloc[0].tolist() == [0, 100, "0% (0 to 4)", "0% (0 to 4)"]
    assert table.iloc[1].tolist() == [1, 10, "10% (0 to 45)", "10% (2 to 40)"]


def figure(found, counts=COUNTS):
    return verification.methods_figure("Breaks", counts, found, "Made up")


def test_each_method_pools_the_same_counts():
    found = verification.by_method(COUNTS, also=True)
    assert list(found) == [*METHODS, "logit, Hartung-Knapp"]
    assert {(pool.k, pool.n) for pool in found.values()} == {(5, 100)}
    hartung, wald = found["logit, Hartung-Knapp"], found["logit"]
    assert hartung.estimate == wald.estimate and hartung.low != wald.low
    labels = figure(found).rows["label"].tolist()
    assert len(set(labels)) == len(found) and {"arcsine", "logit, Hartung-Knapp"} < set(labels) and "glmm" not in labels


def test_a_small_variance_between_studies_is_not_written_as_none():
    alike = pd.DataFrame({"study": list("abc"), "events": [20, 24, 30], "n": 100})
    found = verification.by_method(alike, ["arcsine"])
    assert 0 < found["arcsine"].tau2 < 0.005, "two decimals would say 0.00"
    note = figure(found).rows.loc[0, "note"]
    assert float(note.partition("τ² ")[2].partition(";")[0]) == pytest.approx(found["arcsine"].tau2, rel=0.05)


def test_a_method_that_cannot_pool_is_left_out():
    none = COUNTS.assign(events=0)
    assert "glmm" not in verification.by_method(none) and "arcsine" in verification.by_method(none)


@pytest.mark.parametrize(
    ("methods", "title"),
    [
        ((), "Breaks: no method can pool these counts"),
        (("common",), "Breaks: 1 method can pool these counts"),
    ],
)
def test_the_title_of_few_methods(methods, title):
    assert figure(verification.by_method(COUNTS, methods)).title == title


def test_the_title_of_several_methods_gives_the_lowest_and_the_highest():
    found = verification.by_method(COUNTS)
    shares = sorted(100 * pool.estimate for pool in found.values())
    assert figure(found).title == f"Breaks: 5 methods give {shares[0]:.1f} to {shares[-1]:.1f}%"
    same = {"a": found["glmm"], "b": found["glmm"]}
    assert verification.said_spread(same) == f"{100 * found['glmm'].estimate:.1f}%"


@pytest.mark.parametrize(
    ("events", "said"),
    [([1, 2, 3], "The same three studies; 6 of 30 patients with the event; "),
     ([0, 2, 3], "The same three studies; 5 of 30 patients with the event; one of them without any; "),
     ([0, 0, 3], "The same three studies; 3 of 30 patients with the event; two of them without any; ")],
)  # fmt: skip
def test_the_subtitle_counts_studies_patients_and_zeros(events, said):
    counts = pd.DataFrame({"events": events, "n": 10})
    subtitle = figure(verification.by_method(counts, ["common"]), counts).subtitle
    assert subtitle == f"{said}filled diamond: pooled, as wide as its 95% interval. Made up"


def test_pooling_with_priors_stands_first_with_the_name_of_its_prior():
    counts = pd.DataFrame({"events": [1, 2, 3], "n": 20})
    found = verification.by_method(counts, ["glmm"], priors=(0.5, 1.0))
    assert list(found) == ["prior 0.5", "prior 1.0", "glmm"]
    assert found["prior 1.0"] == pool_with_prior([1, 2, 3], [20] * 3, 1.0)
    assert figure(found).rows["note"].iloc[0].startswith("τ half-normal(0.5), τ² ")


def test_one_method_leaves_the_range_of_its_studies_and_the_others_do_not():
    counts = live().worked_counts
    counts = counts[counts["dataset"] == "made-up-unequal"]
    table = verification.beyond_its_studies(counts)
    percent = table["Percent"].astype(float)
    lowest = percent[table["What"].str.startswith("study")].min()
    pooled = percent[table["What"].str.startswith("pooled")].set_axis(METHODS)
    assert pooled.index[pooled < lowest].tolist() == ["freeman-tukey"]


# ---------------------------------------------------------------- what the page on the literature rests on


def test_the_first_line_of_the_sensitivity_is_the_result_itself():
    book = series()
    table = verification.sensitivity_table(book, "break")
    pooled = cohorts.pool_outcome(book, "break").pooled
    assert table.iloc[0].tolist()[:3] == ["by the rule", 4, "15 of 129"]
    assert table.iloc[0, 3].startswith(f"{100 * pooled.estimate:.1f}% (")
    book.outcomes["derived"] = book.outcomes["study_id"] != "d"
    table = verification.sensitivity_table(book, "break").set_index("Series")["Pooled (95% interval)"]
    assert table["without counts that were worked out"] == "not pooled"


def test_what_was_left_out_is_named_by_its_label():
    book = series()
    table = verification.left_out_table(cohorts.pool_outcome(book, "break"))
    assert table["Series"].tolist() == ["Amber 2021", "Cedar 2022", "Elder 2024", "Fern 2025"]
    chosen = verification.chosen_table(book, cohorts.choose_independent(book.studies, book.overlaps, book.categories))
    labels = book.studies.set_index("study_id")["label"]
    assert chosen.columns.tolist() == ["Series", "Patients", "Material"]
    assert chosen["Series"].tolist() == labels[["b", "d", "g", "h"]].tolist()


def test_contradictions_are_printed_with_both_statements():
    table = verification.contradictions_table(series())
    assert table.iloc[0].tolist() == [
        "A sum",
        "Amber 2021",
        "3 of 20.",
        "A poster on splints",
        "Four of twenty.",
        "A misprint.",
    ]


@pytest.mark.parametrize(
    ("pairs", "said"),
    [
        ([], "no pair of these series is suspected to share patients"),
        ([("h", "g")], "one pair of these series is suspected to share patients (Hazel 2020 and Gorse 2023)"),
        ([("h", "g"), ("b", "d")], "two pairs of these series are suspected to share patients "
                                   "(Hazel 2020 and Gorse 2023; Birch 2023 and Dill 2023)"),
    ],
)  # fmt: skip
def test_pairs_that_may_share_patients_are_counted_once(pairs, said):
    book = series()
    book.overlaps = pd.DataFrame(pairs, columns=["study_a", "study_b"]).assign(certainty="possible", reason="made up")
    found = cohorts.pool_outcome(book, "break")
    assert verification.possible_sharing([found, found]) == said


def test_each_pooled_series_stands_with_all_that_may_share_its_patients():
    """Also what was left out, by what it is; the pair counts for both of its series."""
    book = series()
    book.studies = book.studies.assign(registration=None, follow_up="years")
    book.studies.loc[book.studies["study_id"] == "h", "registration"] = "NCT1"
    lost = pd.DataFrame([("lost", "h", "nested", "made up")], columns=book.overlaps.columns)
    book.overlaps = pd.concat([book.overlaps, lost], ignore_index=True)
    book.cases["source_id"] = None
    table = verification.sharing_table(book, [cohorts.pool_outcome(book, "break")]).set_index("Series")
    with_ = table["Shares, or may share, patients with"]
    assert with_["Hazel 2020"] == "Gorse 2023 (possible); A poster on splints (nested)"
    assert with_["Dill 2023"] == "Elder 2024 (nested); Cedar 2022 (nested)"
    assert table.loc["Hazel 2020", ["Patients", "Product", "Trial", "When"]].tolist() == [40, "steel", "NCT1", "years"]
    book.overlaps = book.overlaps.head(0)
    assert verification.sharing_table(book, [cohorts.pool_outcome(book, "break")])[with_.name].isna().all()


def test_what_is_held_back_is_named_as_what_it_is():
    book = series()
    assert verification.held_back(book) == "A poster on splints"
    book.held_back = book.held_back.head(0)
    assert verification.held_back(book) == "none"


# ---------------------------------------------------------------- others' values beside ours


def test_the_printed_values_of_others_are_theirs():
    book = live()
    shown = verification.checked_intervals(against_intervals(book.reference_intervals))
    assert (shown["Low"] - shown["Ours"]).abs().max() < 1e-4 and len(shown) == len(book.reference_intervals)
    against = against_pooled(book.reference_pooled, book.worked_counts)
    pooled, theirs = verification.checked_pooled(against), book.reference_pooled
    theirs = theirs[theirs["method"] == "glmm"]
    rest = against[against["method"] != "glmm"]
    assert verification.said_others(against) == f"{len(rest)} more, largest difference {rest['difference'].max():.5f}"
    given = theirs["estimate"].map("{:.4f}".format)
    assert pooled["Estimate"].str.extract(r"\((.*)\)")[0].tolist() == given.tolist()
    assert pooled["τ²"].eq("").tolist() == theirs["tau2"].isna().tolist()
