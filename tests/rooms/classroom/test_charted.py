"""The chart of a stage: what was measured and graded until its day, drawn on one axis, and nothing of a later day."""

import dataclasses
import re
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest
from casebook.charts._strips import measured_today, strips
from casebook.classroom.charted import charted

sys.path.insert(0, str(Path(__file__).parents[1] / "timeline"))
from test_values import CASE, with_values

KNOWN = [("i", "g", 40, 40)]
ROWS = (
    ("i", -10, -10, "ldh", 200, {"upper": 250}),
    ("i", 0, 0, "ldh", 300, {"upper": 250}),
    ("g", 5, 5, "ldh", 900, {"upper": 250}),
    ("g", 5, 5, "ferritin", 40000, {"lower": 30, "upper": 300}),
)
GRADED = [SimpleNamespace(answer="first"), SimpleNamespace(answer="second")]


def charts(*rows, events=("i", "g"), graded=GRADED, known=KNOWN):
    return charted(with_values(*rows, known=known), CASE, list(events), graded)


def told(chart):
    return list(zip(chart.values["analyte"], chart.values["low"], chart.values["value"]))


def test_a_stage_knows_what_was_measured_until_its_day_and_no_more():
    first, second = charts(*ROWS)
    assert told(first) == [("ldh", -10, 200), ("ldh", 0, 300)] == told(second), "day 45 is after the last stage"
    (late,) = charts(*ROWS, ("g", 0, 0, "ldh", 7), events=["g"], graded=[None])
    assert ("ldh", 40, 7) in told(late)


def test_the_axis_and_the_scales_are_the_same_in_every_stage():
    first, second = charts(*ROWS)
    assert (first.low, first.high) == (second.low, second.high) == (-10, 40)
    assert first.values["least"].unique() == [200] and first.values["most"].unique() == [900]


def test_days_are_counted_from_the_last_anchor_that_has_passed():
    first, second = charts(*ROWS)
    assert first.said == "day 0" and second.said == "day 0 after graft"
    assert list(first.values["when"]) == ["day 10 before cells", "day 0"]
    assert first.anchors == (("cells", 0.0),) and second.anchors == (("cells", 0.0), ("graft", 40.0))


def test_a_grade_is_told_from_the_next_stage_on():
    first, second = charts(*ROWS)
    assert first.grades == (("cells", 0.0, ""),)
    assert second.grades == (("cells", 0.0, "first"), ("graft", 40.0, ""))


def test_a_case_of_the_record_has_no_chart_and_a_stage_without_a_day_none_either():
    assert charts(*ROWS, events=["", ""]) == [None, None]
    first, second = charts(*ROWS, events=["", "g"])
    assert first is None and second.grades == (("graft", 40.0, ""),)


def test_what_has_no_known_day_is_refused():
    with pytest.raises(ValueError, match="stages, made-up-1, event_id: g has no known day"):
        charts(*ROWS, known=[("i", "g", 30, 40)])
    with pytest.raises(ValueError, match="measurements, made-up-0: a chart in stages needs a known day"):
        charts(("i", 1, 4, "ldh", 5))


def drawn(*rows, **known):
    return [strips(one, "made-up patient X") for one in charts(*rows, **known)]


def path(html, kind):
    return re.findall(rf'class="strip-{kind}" d="([^"]+)"', html)


def test_nothing_of_a_later_day_stands_in_a_chart():
    first, second = drawn(*ROWS, ("g", 0, 0, "ferritin", 40000))
    assert "40000" not in first and "erritin" not in first and "graft" not in first and "not yet" in first
    assert "40000" in second and "graft" in second and "not yet" not in second


def test_a_later_stage_only_adds():
    first, second = drawn(*ROWS, ("i", 20, 20, "ldh", 400))
    assert path(first, "line")[0] in path(second, "line")[0] and path(first, "line") != path(second, "line")


def test_it_says_that_it_is_made_up_with_the_patient_and_the_day():
    assert (
        "<caption>Made-up patient X, day\xa00: what was measured until then, all made up</caption>" in drawn(*ROWS)[0]
    )


def test_the_last_value_stands_beside_its_strip_and_an_older_one_says_its_day():
    first, second = drawn(*ROWS)
    assert "<td>300</td>" in first and "<td>300 <small>day 0</small></td>" in second
    assert "up to 250 made up" in first and "ldh" not in first, "an analyte is called by its name"


def test_points_of_today_are_marked_and_near_ones_joined():
    (chart,) = drawn(("i", 0, 0, "ldh", 5), ("i", 7, 7, "ldh", 6), ("i", 15, 15, "ldh", 7), ("i", 40, 40, "ldh", 8),
                     events=["g"], graded=[None])  # fmt: skip
    assert path(chart, "line")[0] == "M0,20L7,14.7M15,9.3M40,4"
    assert path(chart, "now") == ["M40,4h0"]


def test_a_limit_is_an_open_tail_joined_to_nothing():
    (chart,) = drawn(("i", 0, 0, "ldh", 5, {"value_is": "below"}), ("i", 2, 2, "ldh", 9), ("i", 3, 3, "ldh", 1),
                     ("i", 4, 4, "ldh", 9, {"value_is": "above"}), events=["g"], graded=[None])  # fmt: skip
    assert path(chart, "line")[0] == "M2,4L3,20M0,12V24M4,4V0" and "over 9" in chart and "day 0 under 5" in chart


def test_a_wide_scale_counts_in_powers_of_ten():
    narrow, wide = (
        path(drawn(*rows, events=["g"], graded=[None])[0], "point")
        for rows in (
            [("i", day, day, "ldh", value) for day, value in enumerate((1, 10, 40))],
            [("i", day, day, "ldh", value) for day, value in enumerate((1, 10, 100))],
        )
    )
    assert narrow == ["M0,20h0M1,16.3h0M2,4h0"] and wide == ["M0,20h0M1,12h0M2,4h0"]


def test_the_band_of_normal_ends_today():
    (band,) = path(drawn(*ROWS)[0], "band")
    assert "H0V" in band and band.startswith("M-12,")


def test_a_sheet_has_the_values_of_the_day_in_a_line_and_their_names_once():
    first, _ = charts(*ROWS)
    line = measured_today(first)
    assert "<tr><td>300</td></tr>" in line and ">lactate dehydrogenase made up</th>" in line and "made up" in line
    assert 'class="visually-hidden"' in line
    assert 'class="visually-hidden"' not in measured_today(dataclasses.replace(first, low=first.day))
