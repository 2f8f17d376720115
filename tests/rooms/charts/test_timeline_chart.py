"""The timeline as drawn: no mark says more than its row, and nothing is left out."""

import dataclasses
import re

import pandas as pd
import pytest
from casebook import charts, data, timeline, words
from casebook.charts import _timeline_layout, _timeline_records
from casebook.charts._axis import ticks
from made_up import doubles, live, patient

ONE, TWO = "made-up-case-1", "made-up-case-2"
HAPPENED = {
    "i": ("car_t_infusion", "CAR T cells", True), "c": ("crs", "CRS", False), "h": ("hsct", "graft", True),
    "g": ("gvhd", "GVHD", False), "n": ("infection", "infection", False),
}  # fmt: skip
NONE = [("i", "c", 0, None, "defined"), ("i", "h", 0, None, "stated"), ("h", "g", 0, 14, "defined")]
SOME = [*NONE, ("i", "h", 30, 30, "stated")]
EVERY = [("i", "c", 3, 3), ("i", "h", 30, 30), ("h", "g", 20, 20), ("i", "n", 9, 9)]


def drawn(known, happened=HAPPENED):
    one = timeline.course(patient(happened, known), "car_t_infusion")
    chart = charts.timeline_chart(one, title="Made-up patient", subtitle="made up").to_dict()
    return one, chart, {row["Event"]: row["Drawn as"] for row in chart["usermeta"]["rows"]}


def placed(known, happened=HAPPENED, look=_timeline_layout.DESK):
    return _timeline_layout.layout(timeline.course(patient(happened, known), "car_t_infusion"), look)


def both(anchor="car_t_infusion"):
    return timeline.course(timeline.as_stated(data.select(doubles(), ONE, TWO)), anchor)


def test_every_day_known_is_all_symbols_on_an_axis_of_days():
    _, chart, forms = drawn(EVERY)
    assert set(forms.values()) == {"symbol"}
    axis = placed(EVERY).axis
    assert axis.in_days and [text for _, text in axis.marks] == ["0", "14", "28", "42"]
    assert "days; day 0 is the infusion, days count forward" in str(chart)


def test_some_days_known_mixes_symbols_brackets_and_a_strip():
    _, _, forms = drawn(SOME)
    assert forms == {
        "CAR T cells": "symbol", "CRS": "brackets", "graft": "symbol", "GVHD": "brackets",
        "infection": "strip over the whole lane",
    }  # fmt: skip
    axis = placed(SOME).axis
    assert axis.zones == ((1 - _timeline_layout.OPEN, 1.0, "later"),)


def test_no_day_known_has_zones_and_no_scale():
    found = placed(NONE)
    assert not found.axis.in_days
    assert [text for *_, text in found.axis.zones] == ["before infusion", "between", "after transplantation"]
    assert "order only, not to scale" in drawn(NONE)[1]["description"]


def test_a_window_is_no_bar_and_no_line():
    """Brackets and two dotted edges: no piece along the lane is longer than a dot or a foot of a bracket."""
    rows = placed(SOME).rows
    for row in rows[rows["form"] == "window"].itertuples():
        path = _timeline_records._window_path(row, 300 * (row.right - row.left), 14)
        pieces = re.findall(r"M([\d.-]+),([\d.-]+)L([\d.-]+),([\d.-]+)(?=M|L|$)", path)
        along = [abs(float(x2) - float(x1)) for x1, y1, x2, y2 in pieces if y1 == y2]
        assert along and max(along) <= 7, row.event_id
    bars = [layer for layer in drawn(SOME)[1]["layer"] if layer["mark"]["type"] == "bar"]
    assert len(bars) == 1, "the strip of the event without a place"


def test_an_open_end_has_no_bracket_and_a_closed_one_has_the_look_of_its_basis():
    rows = placed(NONE).rows.set_index("event_id")
    assert rows.loc["c", ["left_open", "right_open", "left_basis"]].tolist() == [False, True, "defined"]
    assert rows.loc["g", ["left_open", "right_open", "right_basis"]].tolist() == [False, False, "defined"]
    brackets = {basis: _timeline_records._bracket(0.0, 7, 1, basis) for basis in words.BASES}
    assert len(set(brackets.values())) == 3
    width = 100.0
    open_, closed = (_timeline_records._window_path(rows.loc[event], width, 14).count("L0.0,7") for event in ("c", "g"))
    assert open_ == closed == 1
    assert f"L{width},7" not in _timeline_records._window_path(rows.loc["c"], width, 14)


def test_a_bar_runs_from_a_known_start_to_a_known_end_and_only_then():
    happened = HAPPENED | {"e": ("crs", "CRS ends", False, {"ends": "c"})}
    _, _, forms = drawn([*EVERY, ("i", "e", 9, 9)], happened)
    assert forms["CRS"] == "symbol" and forms["CRS ends"] == "bar to its end"
    rows = placed([*EVERY, ("i", "e", 9, 9)], happened).rows.set_index("event_id")
    assert rows.loc["e", "left"] == rows.loc["c", "right"] < rows.loc["e", "right"]
    assert rows.loc["e", "y"] == rows.loc["c", "y"]
    _, _, forms = drawn([*EVERY, ("i", "e", 4, 9)], happened)
    assert forms["CRS ends"] == "brackets"
    _, chart, forms = drawn([*EVERY, ("i", "e", 9, 9)], HAPPENED | {"e": ("crs", "CRS goes on", False, {"lasts": "c"})})
    assert forms["CRS goes on"] == "bar with an arrow" and "triangle-right" in str(chart["layer"])


def test_both_cases_have_the_same_lanes_and_silence_is_hatched():
    for anchor in ("car_t_infusion", "hsct"):
        found = _timeline_layout.layout(both(anchor))
        lanes = found.strips.groupby("case_id")["lane"].agg(lambda lane: sorted(set(lane)))
        assert lanes[ONE] == lanes[TWO] == sorted(live().lanes["lane"])
        silent = found.strips[found.strips["silent"]].groupby("case_id")["lane"].agg(set)
        assert silent[TWO] == {"infection", "organ", "GVHD", "microangiopathy", "response"}
        assert silent[ONE] == {"recovery", "response"}


def test_both_cases_have_the_same_spacing_where_no_day_is_known():
    rows = _timeline_layout.layout(both()).rows
    marks = rows[rows["index_event"]].groupby("case_id")["left"].agg(list)
    assert marks[ONE] == marks[TWO]


def test_judgments_are_words_and_no_marks_in_time():
    rows = {row["Event"]: row for row in charts.timeline_chart(both(), title="t", subtitle="s").usermeta["rows"]}
    for judgment in ("poor prognosis", "favorable course"):
        assert rows[judgment]["Drawn as"] == "words at the edge"
        assert rows[judgment]["Place in time"] == "stated, of the whole course"


@pytest.mark.parametrize("anchor", ["car_t_infusion", "hsct"])
def test_no_description_joins_a_stated_event_to_a_bare_silence(anchor):
    chart = charts.timeline_chart(both(anchor), title="A title", subtitle="A source")
    for row in chart.usermeta["rows"]:
        assert row["Place in time"] != words.NOT_IN_THE_RECORD
        assert f"{row['Event']}, {words.NOT_IN_THE_RECORD}" not in chart.description
    assert "infection, stated, place in time not in the record" in chart.description
    assert "Nothing is in the record of case 2 on infection, organs, GVHD" in chart.description


def test_crs_of_case_1_does_not_read_as_lasting():
    rows = _timeline_layout.layout(both()).rows.set_index("event_id")
    assert rows.loc["made-up-case-1-crs", ["form", "right_open"]].tolist() == ["window", True]


def test_the_default_picture_does_not_close_what_is_not_stated():
    rows = _timeline_layout.layout(both()).rows.set_index("event_id")
    assert rows.loc["made-up-case-2-recovery", "right_open"]


def test_order_follows_the_bounds_and_not_the_lanes():
    rows = placed([("h", "i", 0, None), ("h", "c", 0, None), ("c", "i", 0, None)]).rows.set_index("event_id")
    assert rows.loc["h", "left"] < rows.loc["i", "left"] and rows.loc["h", "left"] == rows.loc["c", "left"]


def test_cases_in_different_orders_are_not_drawn_as_one():
    one = patient(HAPPENED, [("i", "h", 0, None)])
    two = patient(HAPPENED, [("h", "i", 0, None)], case="made-up-2")
    frames = {name: pd.concat([getattr(one, name), getattr(two, name)], ignore_index=True)
              for name in ("cases", "events", "bounds")}  # fmt: skip
    with pytest.raises(ValueError, match="different orders"):
        _timeline_layout.layout(timeline.course(dataclasses.replace(one, **frames), "car_t_infusion"))


def test_a_day_is_drawn_no_better_known_than_it_is():
    one = timeline.course(patient(HAPPENED, [*EVERY[:3], ("i", "n", 9, 9, "inferred")]), "car_t_infusion")
    records = _timeline_records.records_of(one, _timeline_layout.layout(one)).set_index("event_id")
    assert records.loc["n", "basis"] == "inferred" and records.loc["g", "basis"] == "stated"


def test_of_several_events_on_one_day_each_has_its_row():
    happened = HAPPENED | {"r": ("remission", "remission", False), "m": ("gvhd", "skin GVHD", False)}
    known = [("i", event, 28, 28) for event in ("h", "r", "g", "m", "n")]
    for look in (_timeline_layout.DESK, _timeline_layout.PHONE):
        assert placed(known, happened, look).rows["y"].is_unique


def test_a_known_distance_stands_beside_its_brackets():
    _, chart, _ = drawn([("i", "h", 0, None), ("h", "g", 21, 21)])
    assert "21 days after transplantation" in str(chart["datasets"])


@pytest.mark.parametrize(("low", "high"), [(0, 0.5), (0, 6), (-56, 65), (-3000, 4000), (0, 1e9), (0, 1e14)])
def test_axes_have_a_readable_number_of_ticks(low, high):
    found = ticks(low, high, of="days")
    assert 2 <= len(found) <= 8 and all(low <= tick <= high for tick in found)


def test_a_made_up_patient_is_named_in_the_title_and_looks_like_nobody_else():
    one = timeline.course(patient(HAPPENED, SOME), "car_t_infusion")
    assert charts.timeline_chart(one, title="A course", subtitle="-").title.text == "Made-up patient: A course"
    records = _timeline_records.records_of(one, _timeline_layout.layout(one))
    looks = live().looks
    assert not set(records["color"]) & set(looks.loc[looks["of"] == "case", "color"])
    assert not set(records["shape"]) & set(looks.loc[looks["of"] == "case", "shape"])


def test_a_course_without_events_is_refused_in_words():
    one = timeline.course(patient(HAPPENED, []), "car_t_infusion")
    with pytest.raises(ValueError, match="at least one event"):
        _timeline_layout.layout(dataclasses.replace(one, events=one.events.iloc[:0]))


def test_a_lane_that_is_not_asked_for_is_drawn_where_an_event_lies_and_is_never_silent():
    one = both()
    less = one.lanes["lane"].isin(["GVHD", "response"])
    strips = _timeline_layout.layout(dataclasses.replace(one, lanes=one.lanes.assign(asked=~less))).strips
    assert "response" not in set(strips["lane"])
    assert strips.loc[strips["lane"] == "GVHD", ["case_id", "silent"]].values.tolist() == [["made-up-case-1", False]]
    assert strips.loc[strips["lane"] == "infection", "silent"].tolist() == [False, True]


def test_two_patients_without_a_look_of_their_own_have_two_marks_and_each_row_names_its_own():
    two = patient(HAPPENED, [], case="made-up-2")
    one = patient(HAPPENED, [])
    frames = {name: pd.concat([getattr(one, name), getattr(two, name)], ignore_index=True)
              for name in ("cases", "events", "bounds")}  # fmt: skip
    course = timeline.course(dataclasses.replace(one, **frames), "car_t_infusion")
    records = _timeline_records.records_of(course, _timeline_layout.layout(course))
    assert records.groupby("case_id")[["shape", "sign"]].nunique().eq(1).all(axis=None)
    assert records["shape"].nunique() == records["sign"].nunique() == 2
    assert all(row.said == f"{row.case}: {row.name}" for row in records.itertuples(index=False))
    alone = timeline.course(one, "car_t_infusion")
    alone = _timeline_records.records_of(alone, _timeline_layout.layout(alone))
    assert (alone["said"] == alone["name"]).all()
