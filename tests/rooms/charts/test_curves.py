"""Small curves: points on known days alone, brackets where a day has limits, gaps where nobody measured."""

import sys
from pathlib import Path

import pytest
from casebook import charts, pages, timeline

sys.path.insert(0, str(Path(__file__).parents[1] / "timeline"))
from test_values import with_values


def drawn(*rows, **known):
    book = with_values(*rows, **known)
    chart = pages.curves(book, timeline.course(book, "car_t_infusion"), "made up")
    return None if chart is None else chart.to_dict()


def marks(spec, kind, channel):
    """The rows of each layer of one kind of mark that has a channel."""
    layers = [one for one in spec["layer"] if one["mark"]["type"] == kind and channel in one["encoding"]]
    return [row for one in layers for row in spec["datasets"][one["data"]["name"]]]


def joined(spec):
    return marks(spec, "rule", "color")


def test_without_a_value_there_is_no_figure():
    assert drawn(("i", 1, 1, "ldh", 5)) is not None
    book = with_values(("i", 1, 1, "ldh", 5))
    none = book.with_tables(measurements=book.measurements.head(0))
    assert pages.curves(none, timeline.course(none, "car_t_infusion"), "made up") is None


def test_points_that_lie_more_than_a_week_apart_are_not_joined():
    spec = drawn(("i", 0, 0, "ldh", 5), ("i", 7, 7, "ldh", 6), ("i", 15, 15, "ldh", 7))
    (line,) = joined(spec)
    assert line["x"] < line["x2"] and line["y"] > line["y2"], "it rises from day 0 to day 7"
    assert len(spec["usermeta"]["rows"]) == 3


def test_a_limit_is_hollow_and_joined_to_nothing():
    spec = drawn(("i", 0, 0, "ldh", 5, {"value_is": "below"}), ("i", 2, 2, "ldh", 6))
    assert joined(spec) == []
    shapes = {row["words"]: (row["shape"], row["fill"]) for row in marks(spec, "point", "fill")}
    assert shapes["lactate dehydrogenase, day 0: below 5 made up"] == ("triangle-down", "transparent")


def test_a_day_with_limits_is_a_bracket_and_no_point():
    spec = drawn(("i", 0, 0, "ldh", 5), ("i", 2, 6, "ldh", 6), ("i", 8, None, "ldh", 6))
    assert len(marks(spec, "point", "fill")) == 1 and joined(spec) == []
    between, open_ = (row["shape"] for row in marks(spec, "point", "description") if row["shape"].startswith("M"))
    assert between.count("M") == 2 and open_.count("M") == 1
    assert [row["Day"] for row in spec["usermeta"]["rows"]] == ["day 0", "day 2 to 6", "day 8 or later"]


def test_the_limits_of_normal_are_a_band_within_the_strip():
    spec = drawn(("i", 0, 0, "ldh", 5, {"lower": 1, "upper": 3}), ("i", 1, 1, "ldh", 2, {"lower": 1, "upper": 3}))
    (band,) = marks(spec, "rect", "x2")
    first, second = (row["y"] for row in sorted(marks(spec, "point", "fill"), key=lambda row: row["x"]))
    assert first < band["y2"] < second < band["y"], "5 lies above 1 to 3, and 2 within; pixels count downward"
    assert spec["usermeta"]["rows"][0]["Normal"] == "1 to 3"


def test_it_says_that_it_is_made_up_and_counts_what_it_shows():
    spec = drawn(("i", 0, 0, "ldh", 5), ("i", 4, 4, "ferritin", 5000), ("i", 5, 5, "ferritin", 50))
    assert spec["title"]["text"] == "Made-up patient: Two analytes measured, 3 values, days 0 to 5"
    assert "ferritin, day 4: 5000 made up" in spec["description"]
    assert "log scale" in charts.render(spec)["text/html"], "from 50 to 5000 is more than a strip can show"


def test_what_has_no_place_in_time_cannot_be_drawn():
    assert drawn(("g", 3, 3, "ferritin", 9)) is None
    book = with_values(("g", 3, 3, "ferritin", 9))
    course = timeline.course(book, "car_t_infusion")
    with pytest.raises(ValueError, match="at least one value with a day"):
        charts.curves_chart(timeline.measured(book, course), course, title="x", subtitle="y")
