"""What hangs on which series: the same counts pooled again, with some left out and some taken in."""

import pandas as pd
import pytest
from casebook.evidence import cohorts, sensitivity
from casebook.statistics import pool_proportions, pool_with_prior
from made_up import live
from made_up_series import outcome, series

PRIORS = sensitivity.WIDER, sensitivity.WITHOUT_PRIOR
SHARING = "without Gorse 2023, which may share patients with Hazel 2020"


def test_series_are_left_out_and_taken_in_and_the_result_itself_comes_first():
    book = series()
    book.outcomes["derived"] = book.outcomes["study_id"].isin(["d"])
    found = sensitivity.sensitivity(book, "break").set_index("what")
    assert found["k"].to_dict() == {
        "by the rule": 4, **dict.fromkeys(PRIORS, 4), SHARING: 3,
        "without counts that were worked out": 3, "with one series held back": 5,
        "without Hazel 2020": 3, "without Birch 2023": 3, "without Dill 2023": 3, "without Gorse 2023": 3,
    }  # fmt: skip
    assert found["events"].tolist()[2:6] == [15, 15, 6, 16] and found["n"].tolist()[2:6] == [129, 120, 69, 159]
    assert repr(found.loc[PRIORS[0], "pooled"]) == repr(pool_with_prior([4, 2, 9, 0], [40, 20, 60, 9], 1.0))
    assert found.loc[PRIORS[1], "pooled"] == pool_proportions([4, 2, 9, 0], [40, 20, 60, 9])
    assert found.loc["without Dill 2023", "pooled"].estimate == pool_with_prior([4, 2, 0], [40, 20, 9]).estimate
    held = pool_with_prior([4, 2, 9, 0, 1], [40, 20, 60, 9, 30])
    assert found.loc["with one series held back", "pooled"].estimate == held.estimate
    assert repr(found.loc["by the rule", "pooled"]) == repr(cohorts.pool_outcome(book, "break").pooled)


def test_of_two_that_may_share_patients_the_larger_or_later_stays():
    book = series()
    book.overlaps = pd.DataFrame(
        [("g", "h", "possible"), ("h", "d", "possible")], columns=["study_a", "study_b", "certainty"]
    )
    found = sensitivity.sensitivity(book, "break", each=False)
    without = "without Gorse 2023 and Hazel 2020, which may share patients with Hazel 2020 and Dill 2023"
    assert found["what"].tolist()[3] == without and found["n"].tolist()[3] == 263 - 9 - 40
    book.overlaps = book.overlaps.head(0)
    assert not found["what"].isin(sensitivity.sensitivity(book, "break", each=False)["what"]).all()


def test_without_each_in_turn_only_if_it_is_asked_and_what_is_too_little_is_not_pooled():
    book = series()
    book.outcomes = book.outcomes[book.outcomes["study_id"].isin(list("bdh"))]
    assert not sensitivity.sensitivity(book, "break")["pooled"].isna().any()
    book.outcomes["derived"] = book.outcomes["study_id"].isin(["d", "b"])
    again = sensitivity.sensitivity(book, "break", each=False).set_index("what")["pooled"].isna()
    assert again.index[again].tolist() == ["without counts that were worked out"]
    book.outcomes = book.outcomes[book.outcomes["study_id"] == "b"]
    assert set(sensitivity.sensitivity(book, "break")["what"]).isdisjoint(PRIORS)
    book.held_back = book.held_back.assign(outcome="bend")
    assert sensitivity.sensitivity(book, "break", each=False)["what"].str.contains("held back").sum() == 0


def test_rows_stand_under_their_outcome_with_their_counts_and_predict_nothing():
    book = series()
    figure = sensitivity.sensitivity_figure(book, {"Breaks": "break"})
    drawn = figure.rows
    assert set(drawn["panel"]) == {"Breaks"} and drawn["prediction_low"].isna().all()
    choices = ["without Gorse 2023", "without counts that were worked out", "with one series held back"]
    assert drawn["label"].tolist() == ["by the rule", *PRIORS, *choices]
    assert drawn["note"].tolist()[2:4] == ["15 of 129 in 4 series", "15 of 120 in 3 series; may share patients with "
                                          "Hazel 2020"]  # fmt: skip
    low, high = drawn["estimate"].min(), drawn["estimate"].max()
    assert figure.title == f"Pooled estimates in 6 choices of series or prior: Breaks {low:.1f} to {high:.1f}%"


def test_one_choice_is_said_in_words():
    book = series()
    pooled = pool_with_prior([4, 2, 9, 0, 1], [40, 20, 60, 9, 30])
    said = sensitivity.said_again(book, "break", "with")
    assert said.startswith(f"16 of 159 patients, pooled {100 * pooled.estimate:.1f}%, 95% interval ")
    with pytest.raises(ValueError, match="2 choices begin with 'without'; the choices are: by the rule"):
        sensitivity.said_again(book, "break", "without")
    book = series([outcome(study, "break", 0, 10**8) for study in "bdh"])
    book.held_back["events"] = 0
    said = sensitivity.said_again(book, "break", "with")
    assert said.startswith("none of ") and said.endswith(" patients, not pooled")


# ---------------------------------------------------------------- the live tables


def test_without_the_smaller_series_of_one_hospital_and_with_those_held_back():
    """Worked out a second time, by hand: 25 of 212, less 2 of 20, and with 1 of 14."""
    found = sensitivity.sensitivity(live(), "crs_grade_3_or_more", each=False).set_index("what")
    assert found.loc["by the rule", ["k", "events", "n"]].tolist() == [8, 25, 212]
    without = found[found.index.str.startswith("without Pan 2021")].iloc[0]
    assert without[["k", "events", "n"]].tolist() == [7, 23, 192]
    held = found.loc["with one series held back"]
    assert held[["k", "events", "n"]].tolist() == [9, 26, 226]
    said = [f"{100 * getattr(held['pooled'], end):.1f}" for end in ("estimate", "low", "high")]
    assert said == ["11.3", "6.8", "17.0"]  # with the priors of the book


def test_what_is_held_back_stands_in_no_result_and_shares_no_patient_with_what_is_pooled():
    book = live()
    held = set(book.held_back["left_out_id"])
    assert held <= set(book.left_out["source_id"]) and not held & set(book.studies["study_id"])
    for outcome_code in book.held_back["outcome"].unique():
        chosen = set(cohorts.pool_outcome(book, outcome_code).rows["study_id"])
        pairs = book.overlaps[["study_a", "study_b"]].apply(set, axis="columns")
        assert not [pair for pair in pairs if pair & held and pair & chosen]


def test_what_is_held_back_saw_severe_crs_less_often_than_the_pooled_figure_says():
    """As the page on how the literature was read says; if it changes, the sentence must, too."""
    book = live()
    held = book.held_back[book.held_back["outcome"] == "crs_grade_3_or_more"]
    pooled = cohorts.pool_outcome(book, "crs_grade_3_or_more").pooled.estimate
    assert len(held) and (held["events"] / held["n"] < pooled).all()
