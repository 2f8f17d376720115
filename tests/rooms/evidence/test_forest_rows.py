"""The rows of forest plots: right words for what is missing, never nan, and the look of each group."""

import pandas as pd
import pytest
from casebook.evidence import cohorts, forest_rows, phrases
from casebook.statistics import pool_proportions
from made_up_series import interval, outcome, series


def said(frame):
    """Every text of some rows, and that none of them is nan."""
    texts = frame[["panel", "label", "note", "count", "share", "form"]]
    assert texts.map(lambda text: isinstance(text, str) and "nan" not in text.lower()).all(axis=None)
    assert list(frame.columns) == list(forest_rows.ROW)
    return [tuple(filter(None, row)) for row in texts[["panel", "label", "note", "count", "share"]].to_numpy()]


def test_series_stand_under_their_group_with_what_deviates():
    book = series()
    book.outcomes["derived"] = book.outcomes["study_id"].eq("b")
    frame = forest_rows.study_rows(book, cohorts.pool_outcome(book, "break").rows)
    assert said(frame) == [
        ("steel splint", "Hazel 2020", "4 of 40", "10% (3 to 24)"),
        ("steel splint", "Birch 2023", "2 of 20†", "10% (1 to 32)"),
        ("glass splint", "Dill 2023", "inferred to be glass", "9 of 60", "15% (7 to 27)"),
        ("material not in what was read", "Gorse 2023", "0 of 9", "0% (0 to 34)"),
    ]
    assert frame[["estimate", "n"]].values.tolist() == [[10, 40], [10, 20], [15, 60], [0, 9]]
    assert frame["low"].tolist()[3] == 0 and frame["high"].tolist()[3] == pytest.approx(33.627, abs=1e-3)
    assert frame["color"].where(frame["color"].notna(), None).tolist() == ["#111111", "#111111", "#222222", None]
    assert frame.loc[2, ["color_dark", "shape"]].tolist() == ["#dddddd", "triangle-up"]


def test_in_what_a_row_was_read_is_said_where_rows_differ():
    book = series()
    found = cohorts.pool_outcome(book, "break").rows
    assert not any("abstract" in " ".join(row) for row in said(forest_rows.study_rows(book, found)))
    found["read_in"] = ["paper", "abstract", "abstract", "abstract"]
    assert [row[2] for row in said(forest_rows.study_rows(book, found))][:2] == ["paper", "abstract"]


def test_a_sum_is_an_outline_with_the_look_of_its_group():
    book = series()
    sums = cohorts.group_sums(book, cohorts.pool_outcome(book, "break").rows, ["steel"])
    frame = forest_rows.sum_rows(book, sums)
    assert said(frame) == [("steel splint", "steel, added up", "2 series", "6 of 60", "10% (4 to 21)")]
    assert frame.loc[0, ["form", "color"]].tolist() == ["outline", "#111111"]


def test_a_pooled_row_says_where_a_new_series_is_expected():
    wide = pool_proportions([1, 9, 3, 14, 2], [20, 20, 20, 20, 20])
    frame = forest_rows.pooled_rows({"Pooled": ("5 series", wide)}, panel="all")
    low, high = (f"{100 * end:.0f}" for end in (wide.prediction_low, wide.prediction_high))
    assert frame.loc[0, "note"] == f"5 series; new series {low} to {high}%"
    assert frame.loc[0, "prediction_low"] == 100 * wide.prediction_low and frame.loc[0, "form"] == "diamond"
    assert frame.loc[0, "share"] == f"{100 * wide.estimate:.1f}% ({100 * wide.low:.1f} to {100 * wide.high:.1f})"


def test_a_prediction_as_wide_as_the_interval_is_said_and_not_drawn():
    same = pool_proportions([2, 2, 2, 2, 2], [20, 20, 20, 20, 20])
    assert (same.prediction_low, same.prediction_high) == (same.low, same.high)
    frame = forest_rows.pooled_rows({"Pooled": ("", same)})
    assert frame.loc[0, "note"] == "new series the same" and frame["prediction_low"].isna().all()
    common = pool_proportions([2, 3], [20, 20], "common")
    assert forest_rows.pooled_rows({"Pooled": ("", common)}).loc[0, "note"] == ""


def test_what_says_nothing_is_told_so_and_the_widest_range_is_no_interval_of_its_level():
    useless = pool_proportions([5, 0, 19, 0, 0], [5, 7, 20, 8, 21])
    said = "an interval which says nothing; new series the same"
    assert forest_rows.pooled_rows({"Pooled": ("", useless)}).loc[0, "note"] == said
    vague = pool_proportions([1, 19], [20, 20], prediction="profile")
    assert forest_rows.pooled_rows({"": ("", vague)}).loc[0, "note"].endswith("at widest 0 to 100%, which says nothing")
    drawn = forest_rows.pooled_rows({"Pooled": ("", pool_proportions([1, 9, 3], [20] * 3, prediction="profile"))})
    assert drawn.loc[0, "note"].startswith("new series at widest ") and "an interval" not in drawn.loc[0, "note"]
    marks = forest_rows.said_marks(drawn)
    assert "95% prediction interval" not in marks and marks.endswith("which covers 99 to 100%")


def test_percentages_have_one_decimal_where_series_are_pooled():
    pooled = pool_proportions([1, 9, 3, 14, 2], [20] * 5)
    assert (
        forest_rows.pooled_rows({"Pooled": ("", pooled)}).loc[0, "share"].startswith(f"{100 * pooled.estimate:.1f}% (")
    )


def test_printed_limits_count_only_if_both_are_printed():
    frame = pd.DataFrame({"label": ["a", "b", "c"], "note": ["", "kept", None], "n": [9, None, None]})
    frame = frame.assign(value=[67.25, 60.0, 5.0], low=[51.9, 1.0, None], high=[82.4, None, None])
    printed = forest_rows.printed_rows(frame.astype({"n": "Int64"}))
    assert said(printed) == [
        ("a", "n = 9", "67.25% (51.9 to 82.4)"),
        ("b", "kept; no interval printed", "60%"),
        ("c", "no interval printed", "5%"),
    ]
    assert printed["low"].notna().tolist() == printed["high"].notna().tolist() == [True, False, False]


def test_no_rows_are_a_frame_with_every_column():
    book = series([])
    assert said(forest_rows.study_rows(book, cohorts.pool_outcome(book, "break").rows)) == []
    assert said(forest_rows.pooled_rows({})) == []


# ---------------------------------------------------------------- waits


def waits(*given, studies="hdgx"):
    """The rows of intervals joined with their studies, in days."""
    book = series(intervals=[interval(study, **row) for study, row in zip(studies, given)])
    return book, phrases.in_days(book.intervals).merge(book.studies, on="study_id", suffixes=("", "_of_study"))


def test_a_wait_is_printed_in_its_unit_and_drawn_in_days():
    book, frame = waits(dict(value=1.5, low=1.0, high=10.5, unit="months", n=19))
    drawn = forest_rows.interval_rows(book, frame)
    assert said(drawn) == [("Splints", "Hazel 2020", "steel splint; n = 19", "1.5 months (1 to 10.5)")]
    assert drawn.loc[0, ["estimate", "low", "high"]].tolist() == [1.5 * 30.44, 30.44, 10.5 * 30.44]


def test_a_range_without_a_median_is_a_line_and_a_median_without_a_range_says_so():
    book, frame = waits(dict(value=None, low=30.0, high=55.0), dict(value=61.0))
    drawn = forest_rows.interval_rows(book, frame)
    assert said(drawn) == [
        ("Splints", "Hazel 2020", "steel splint", "30 to 55 days"),
        ("Splints", "Dill 2023", "glass splint; no range printed", "61 days"),
    ]
    assert drawn["estimate"].isna().tolist() == [True, False]


def test_a_series_without_its_group_says_so_and_context_comes_last_without_a_look():
    book, frame = waits(dict(value=9.0, n=80), dict(value=3.0, low=1.0, high=5.0), studies="xg")
    drawn = forest_rows.interval_rows(book, frame)
    assert said(drawn) == [
        ("Splints", "Gorse 2023", "material not in what was read", "3 days (1 to 5)"),
        ("context: plaster", "Ivy 2019", "n = 80; no range printed", "9 days"),
    ]
    assert drawn["color"].isna().all()


def test_a_single_patient_has_every_trait_said_and_no_interval():
    book = series()
    frame = pd.DataFrame(
        {"label": ["One", "Two"], "bone": ["tibia", None], "material": ["glass", None], "days": [1, 26.0]}
    )
    drawn = forest_rows.waiting_rows(book, frame, panel="Single")
    assert said(drawn) == [
        ("Single", "One", "tibia; glass splint", "1 day"),
        ("Single", "Two", "bone not in what was read; material not in what was read", "26 days"),
    ]
    assert drawn["low"].isna().all() and drawn["n"].tolist() == [1, 1] and drawn.loc[0, "shape"] == "triangle-up"


@pytest.mark.parametrize(
    ("low", "high", "powers"),
    [(30.0, 60.0, False), (30.0, 110.0, False), (30.0, 111.0, True), (30.0, 322.0, True), (0.0, 322.0, False)],
)
def test_an_axis_counts_in_powers_only_if_a_limit_lies_far_beyond_the_rest_and_all_is_above_0(low, high, powers):
    book, frame = waits(dict(value=33.0, low=low, high=high), dict(value=55.0))
    assert forest_rows.in_powers(forest_rows.interval_rows(book, frame)) is powers


def test_an_axis_of_nothing_counts_in_no_powers():
    book = series([])
    assert forest_rows.in_powers(forest_rows.study_rows(book, cohorts.pool_outcome(book, "break").rows)) is False


# ---------------------------------------------------------------- what the marks mean


def test_only_marks_that_are_drawn_are_explained():
    book = series([outcome("h", "break", 4, 40)])
    one = forest_rows.study_rows(book, cohorts.pool_outcome(book, "break").rows)
    assert forest_rows.said_marks(one) == "line: exact 95% interval"
    several = series()
    drawn = forest_rows.study_rows(several, cohorts.pool_outcome(several, "break").rows)
    assert forest_rows.said_marks(drawn, "range") == "mark: larger with more patients; line: range"
    pooled = forest_rows.pooled_rows({"Pooled": ("", pool_proportions([1, 9, 3, 14, 2], [20] * 5))})
    assert forest_rows.said_marks(pooled) == (
        "filled diamond: pooled, as wide as its 95% interval; broken line: 95% prediction interval of a new series"
    )
    printed = pd.DataFrame(
        {"label": ["a", "b"], "note": "", "n": [1, 2], "value": 5.0, "low": [1.0, None], "high": 9.0}
    )
    assert "hollow mark: no interval" in forest_rows.said_marks(forest_rows.printed_rows(printed))
