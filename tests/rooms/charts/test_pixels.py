"""Layers in pixels: each column gives what it is named after, at a desk and on a phone."""

import altair as alt
import pandas as pd
from casebook.charts import _pixels

FRAME = pd.DataFrame([{"x": 1, "y": 2, "nx": 3, "ny": 4, "text": "a", "words": "said", "turn": "left", "other": 9}])


def layer(*given, **more):
    [chart] = _pixels.layer(FRAME, *given, **more)
    return alt.layer(chart).add_params(alt.param(name="narrow", value=False)).to_dict()


def test_a_frame_without_rows_gives_no_layer():
    assert _pixels.layer(FRAME.head(0), "text", "text") == []


def test_a_twin_is_for_the_phone_and_only_what_is_named_travels():
    spec = layer("text", "text", "turn")
    [drawn], [rows] = spec["layer"], spec["datasets"].values()
    assert {one["as"]: one["calculate"] for one in drawn["transform"]} == {
        "X": "narrow ? datum.nx : datum.x",
        "Y": "narrow ? datum.ny : datum.y",
    }
    assert drawn["encoding"]["text"]["field"] == "text" and drawn["mark"]["align"] == {"expr": "datum.turn"}
    assert set(rows[0]) == {"x", "y", "nx", "ny", "text", "turn"}


def test_at_a_desk_alone_the_twins_stay_behind():
    [drawn] = layer("text", "text", where="!narrow")["layer"]
    assert drawn["transform"] == [{"filter": "!narrow"}] and drawn["encoding"]["x"]["field"] == "x"


def test_a_mark_without_words_is_passed_over_by_a_screen_reader():
    assert layer("point")["layer"][0]["mark"]["aria"] is False
    [drawn] = layer("point", "words")["layer"]
    assert "aria" not in drawn["mark"] and drawn["encoding"]["description"]["field"] == "words"


def test_a_grid_places_each_cell_and_a_hairline_below_it():
    grid = {"first": 10, "step": 5, "top": 20, "row": 8, "drop": 1, "width": 99}
    cells = _pixels.in_grid(FRAME, 2, 3, {"": grid, "n": {**grid, "first": 0}})
    assert cells[["x", "nx", "y", "ny"]].iloc[0].tolist() == [25, 15, 41, 41]
    lines = _pixels.hairlines(cells, {"": grid, "n": grid})
    assert lines[["x", "x2", "y", "y2"]].iloc[0].tolist() == [0, 99, 44, 44]
