"""Which series may be pooled, and what is pooled, on series that do not exist."""

from dataclasses import astuple

import hypothesis.strategies as st
import pandas as pd
import pytest
from casebook.evidence import cohorts
from casebook.statistics import pool_with_prior, proportion_interval
from hypothesis import given
from made_up_series import COUNTS, outcome, series


def ids(rows):
    return rows["study_id"].tolist()


def choose(book):
    return cohorts.choose_independent(book.studies, book.overlaps, book.categories)


# ---------------------------------------------------------------- which series count


def test_one_of_each_group_is_chosen_the_largest_then_the_latest():
    book = series()
    chosen, left_out = choose(book)
    assert ids(chosen) == ["b", "d", "g", "h"]
    because = dict(zip(left_out["study_id"], left_out["because"]))
    assert because["a"] == "shares patients with Birch 2023, which is larger or later"
    assert because["x"] == "not a cohort of splints"
    assert set(because) == {"a", "c", "e", "f", "x"} and "with Dill 2023" in because["f"]
    assert left_out.set_index("study_id")["label"]["f"] == "Fern 2025"


@given(st.randoms(use_true_random=False))
def test_the_order_of_rows_and_of_pairs_decides_nothing(random):
    book = series()
    rows, pairs = list(range(len(book.studies))), list(range(len(book.overlaps)))
    random.shuffle(rows)
    random.shuffle(pairs)
    shuffled = book.overlaps.iloc[pairs]
    swapped = shuffled.rename(columns={"study_a": "study_b", "study_b": "study_a"})
    for overlaps in (shuffled, swapped):
        found = cohorts.choose_independent(book.studies.iloc[rows], overlaps, book.categories)
        assert set(ids(found.chosen)) == {"b", "d", "g", "h"}


@given(
    st.lists(st.tuples(st.sampled_from("abcdefgh"), st.sampled_from("abcdefgh")), max_size=12),
    st.lists(st.integers(1, 90), min_size=8, max_size=8),
)
def test_no_two_that_share_patients_are_chosen_and_each_group_has_one(pairs, sizes):
    book = series()
    studies = book.studies[book.studies["study_id"] != "x"].assign(n=pd.array(sizes, dtype="Int64"))
    overlaps = pd.DataFrame(pairs, columns=["study_a", "study_b"]).assign(certainty="nested")
    chosen, left_out = cohorts.choose_independent(studies, overlaps, book.categories)
    group = {study: {study} for study in "abcdefgh"}
    for one, other in pairs:
        union = group[one] | group[other]
        group |= dict.fromkeys(union, union)
    for members in group.values():
        mine = [study for study in ids(chosen) if study in members]
        assert len(mine) == 1
        assert studies.set_index("study_id")["n"][mine[0]] == max(studies.set_index("study_id")["n"][list(members)])
    assert len(chosen) + len(left_out) == len(studies)


@pytest.mark.parametrize(
    ("column", "value", "words"),
    [
        ("category", "plaster", "not a cohort of splints"),
        ("design", "case reports", "selected patients are no rate"),
        ("all_infused", False, "not all who were treated"),
        ("read_in", "news", "read in neither abstract nor paper"),
        ("n", pd.NA, "no number of patients"),
    ],
)
def test_what_may_not_be_pooled_makes_room_for_the_next_of_its_group(column, value, words):
    book = series()
    book.studies.loc[book.studies["study_id"] == "d", column] = value
    chosen, left_out = choose(book)
    assert ids(chosen) == ["b", "f", "g", "h"]
    assert words in left_out.set_index("study_id").loc["d", "because"]


def test_a_study_in_two_rows_is_refused():
    book = series()
    twice = pd.concat([book.studies, book.studies.head(1)], ignore_index=True)
    with pytest.raises(ValueError, match="several rows have a"):
        cohorts.choose_independent(twice, book.overlaps, book.categories)


def test_an_index_label_at_several_rows_is_refused():
    book = series()
    with pytest.raises(ValueError, match="index label 0 stands at several rows"):
        cohorts.choose_independent(book.studies.set_axis([0] * len(book.studies)), book.overlaps, book.categories)


@pytest.mark.parametrize("value", [True, False])
def test_one_category_and_one_trait_must_be_in_question(value):
    book = series()
    with pytest.raises(ValueError, match="one row must have may_be_pooled true"):
        cohorts.in_question(book.categories.assign(may_be_pooled=value))
    book.traits["groups_series"] = value
    with pytest.raises(ValueError, match="one row must have groups_series true"):
        cohorts.grouping(book)


def test_a_row_without_a_count_is_no_candidate():
    book = series([outcome("a", "break", 1, 20), outcome("b", "break", None, 20), outcome("d", "break", 2, None)])
    assert ids(cohorts.candidates(book, "break")) == ["a"]
    assert cohorts.candidates(book, "bend").empty


def test_possible_overlaps_are_named_among_the_chosen():
    book = series()
    pairs = cohorts.possible_overlaps(book.studies[book.studies["study_id"].isin(["g", "h"])], book.overlaps)
    assert pairs[["study_a", "study_b"]].values.tolist() == [["h", "g"]]
    only = book.studies[book.studies["study_id"].isin(["a", "b", "h"])]
    assert cohorts.possible_overlaps(only, book.overlaps).empty


def test_a_cumulative_incidence_is_no_count_to_be_pooled():
    rows = [outcome("d", "break", 9, 60), outcome("h", "break", 4, 40, measure="cumulative incidence")]
    assert cohorts.candidates(series(rows), "break")["study_id"].tolist() == ["d"]


def test_groups_of_the_cases_are_in_the_order_of_their_looks():
    assert cohorts.groups_of_cases(series(cases=("glass", "steel", None, "glass"))) == ["steel", "glass"]
    assert cohorts.groups_of_cases(series(cases=(None,))) == []
    assert cohorts.groups_of_cases(series(cases=("wood", "steel"))) == ["steel", "wood"]


# ---------------------------------------------------------------- what they say together


def test_an_outcome_is_pooled_over_the_chosen_series_in_the_order_of_groups_and_size():
    found = cohorts.pool_outcome(series(), "break")
    assert ids(found.rows) == ["h", "b", "d", "g"]
    by_hand = pool_with_prior([4, 2, 9, 0], [40, 20, 60, 9])
    assert astuple(found.pooled)[:3] == astuple(by_hand)[:3] and (found.pooled.k, found.pooled.n) == (4, 129)
    assert found.why_not == "" and ids(found.left_out) == ["a", "c", "e", "f"]
    assert found.possible["study_a"].tolist() == ["h"]
    share = found.rows.set_index("study_id")["share_high"]
    assert share["g"] == pytest.approx(1 - 0.025 ** (1 / 9))  # no event of 9: the exact upper limit


@pytest.mark.parametrize(("k", "pooled"), [(0, False), (1, False), (2, False), (3, True)])
def test_below_three_series_no_outcome_is_pooled_and_of_three_a_new_one_is_predicted(k, pooled):
    names = list("bdghc")[:k]
    book = series([outcome(study, "break", 2, 20) for study in names])
    book.overlaps = book.overlaps.head(0)
    found = cohorts.pool_outcome(book, "break")
    assert len(found.rows) == k and (found.pooled is not None) is pooled
    assert found.why_not == ("" if pooled else "too few to pool")
    assert pooled is False or found.pooled.prediction_low < found.pooled.low
    assert pooled is False or repr(found.pooled) == repr(pool_with_prior([2] * k, [20] * k, 0.5))
    wider, _ = cohorts.pooled(found.rows, 1.0)
    assert pooled is False or wider.prediction_low < found.pooled.prediction_low


def test_a_choice_of_two_series_is_pooled_and_of_one_is_not():
    rows = series().outcomes.head(2)
    assert repr(cohorts.pooled(rows)[0]) == repr(pool_with_prior(rows["events"], rows["n"]))
    assert cohorts.pooled(rows.head(1)) == (None, "too few to pool")


def test_an_outcome_that_the_rule_forbids_or_does_not_know_is_not_pooled_and_says_why():
    book = series([outcome(study, code, 2, 20) for study in "bdh" for code in ("bend", "snap")])
    found = cohorts.pool_outcome(book, "bend")
    assert found.pooled is None and found.why_not == "not the same event and not the same window of time"
    assert cohorts.pool_outcome(book, "snap").why_not == "the rule of pooling was not applied to it"
    book.outcomes = book.outcomes[book.outcomes["study_id"] != "h"]
    assert cohorts.pool_outcome(book, "bend").why_not == "too few to pool"


def test_what_the_model_cannot_fit_is_not_pooled_and_says_why():
    found = cohorts.pool_outcome(series([outcome(study, "break", 0, 10**8) for study in "bdh"]), "break")
    assert found.pooled is None and "a study has 100000000 patients" in found.why_not
    none = cohorts.pool_outcome(series([outcome(study, "break", 0, 20) for study in "bdh"]), "break").pooled
    assert 0 < none.low < none.estimate < 0.05


def test_a_sum_adds_counts_and_has_the_exact_interval():
    book = series()
    found = cohorts.group_sums(book, cohorts.pool_outcome(book, "break").rows, ["steel", "glass", "wood"])
    counted = found[["group", "series", "events", "n", "inferred"]].values.tolist()
    assert counted == [["steel", 2, 6, 60, 0], ["glass", 1, 9, 60, 60]]
    assert found.loc[0, ["share_low", "share_high"]].tolist() == list(proportion_interval(6, 60))
    assert cohorts.group_sums(book, cohorts.pool_outcome(book, "break").rows, []).empty


def test_what_is_not_pooled_shows_no_patient_twice_and_takes_the_first_code():
    rows = [outcome(study, "break", *count) for study, count in COUNTS.items()]
    rows += [outcome("b", "bend", 7, 20), outcome("h", "bend", 7, 40, all_infused=False, subgroup="some")]
    book = series(rows)
    found = cohorts.not_pooled(book, ["bend", "break"])
    assert ids(found) == ["h", "b", "d", "g"]
    assert found.set_index("study_id")["outcome"].to_dict() == dict(h="bend", b="bend", d="break", g="break")
    with pytest.raises(ValueError, match="name at least one code"):
        cohorts.not_pooled(book, [])
    assert cohorts.not_pooled(book, ["snap"]).empty


def test_what_is_not_pooled_is_of_all_who_were_treated_if_it_can_be_and_of_cohorts_that_were_read():
    rows = [
        outcome("b", "break", 1, 50, outcome_id="b-some", all_infused=False),
        outcome("b", "break", 2, 20),
        outcome("d", "break", 2, 20, read_in="news"),
        outcome("x", "break", 2, 20),
    ]
    found = cohorts.not_pooled(series(rows), ["break"])
    assert found["outcome_id"].tolist() == ["b-break"]
