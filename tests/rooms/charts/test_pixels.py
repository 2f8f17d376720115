"""Layers in pixels: each column gives what it is named after; a figure is drawn for a desk and for a phone."""

import altair as alt
import pandas as pd
from casebook.charts import _pixels

FRAME = pd.DataFrame([{"x": 1, "y": 2, "text": "a", "words": "said", "turn": "left", "other": 9}])


def layer(*given, **more):
    [chart] = _pixels.layer(FRAME, *given, **more)
    return alt.layer(chart).to_dict()


def test_a_frame_without_rows_gives_no_layer():
    assert _pixels.layer(FRAME.head(0), "text", "text") == []


def test_only_what_is_named_travels():
    spec = layer("text", "text", "turn")
    [drawn], [rows] = spec["layer"], spec["datasets"].values()
    assert drawn["encoding"]["text"]["field"] == "text" and drawn["mark"]["align"] == {"expr": "datum.turn"}
    assert drawn["encoding"]["x"]["scale"] is None and set(rows[0]) == {"x", "y", "text", "turn"}


def test_a_mark_without_words_is_passed_over_by_a_screen_reader():
    assert layer("point")["layer"][0]["mark"]["aria"] is False
    [drawn] = layer("point", "words")["layer"]
    assert "aria" not in drawn["mark"] and drawn["encoding"]["description"]["field"] == "words"


def test_a_figure_has_a_drawing_of_its_own_for_a_phone():
    def draw(width):
        return _pixels.layer(FRAME, "text", "text", fontSize=width / 10), width, 2 * width

    given = {"title": "T", "subtitle": "s.", "told": "a.", "marks": ["said"], "rows": [{"Row": "a"}]}
    spec = _pixels.figure(draw, (200, 100), **given, of=["events-a"], key=[]).to_dict()
    drawn = [
        (one["width"], one["height"], one["layer"][0]["mark"]["fontSize"]) for one in (spec, spec["usermeta"]["narrow"])
    ]
    assert drawn == [(200, 400, 20), (100, 200, 10)]
    assert spec["description"] == "T. s. a." and spec["usermeta"]["key"] == []
    assert spec["usermeta"]["marks"] == [{"mark": "said", "row": "events-a"}]


def test_a_grid_places_its_cells_and_its_hairlines():
    grid = {"first": 5, "step": 10, "top": 20, "row": 14, "drop": 0, "width": 100}
    cells = _pixels.in_grid(pd.DataFrame({"a": [1]}), 1, 2, grid)
    assert cells[["x", "y"]].iloc[0].tolist() == [25, 41]
    cells = _pixels.in_grid(pd.DataFrame({"a": [1]}), 1, 2, grid | {"drop": 3})
    assert cells["y"].tolist() == [44] and _pixels.hairlines(cells, grid | {"drop": 3})["y"].tolist() == [48]
