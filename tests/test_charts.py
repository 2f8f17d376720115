"""Figures and tables: they build, validate, say what they mean, and let nothing through unescaped."""

import html as html_text
import json
import re

import altair as alt
import pandas as pd
import pytest
from casebook import charts, data, timeline
from casebook.charts import _house, _timeline
from chapters_text import cells, collect, notebooks, outputs

EVIL = '<script>alert("x")</script><img src=x onerror=alert(1)> & "quotes"'


def specifications():
    """Every specification that a chapter shows, with the notebook it stands in."""
    pattern = re.compile(r'<script type="application/json" class="chart-specification">(.*?)</script>', re.S)
    return [
        (path.stem, number, json.loads(found), html)
        for path in notebooks()
        for number, html in enumerate(outputs(path))
        for found in pattern.findall(html)
    ]


def row_name(row):
    """What a row of a figure is called: its mark and the description begin with it."""
    return row.get("Event") or row["Row"]


ALL = pytest.mark.parametrize(
    ("spec", "html"), [pytest.param(s, h, id=f"{chapter}-{n}") for chapter, n, s, h in specifications()]
)


@ALL
def test_specifications_validate_and_round_trip(spec, html):
    again = alt.Chart.from_dict(spec, validate=True).to_dict()
    assert again == spec


@ALL
def test_each_figure_has_title_subtitle_description_rows_and_a_caption(spec, html):
    assert spec["title"]["text"] and spec["title"]["subtitle"]
    assert len(spec["description"]) > len(spec["title"]["text"])
    rows, titles = collect(html)
    assert titles == [spec["title"]["text"], spec["title"]["subtitle"]]
    assert [dict(zip(rows[0], row)) for row in rows[1:]] == spec["usermeta"]["rows"]
    for row in spec["usermeta"]["rows"]:
        assert row_name(row) in spec["description"]


@ALL
def test_one_mark_a_row_drawn(spec, html):
    # Drawn anew: nbval leaves the stored picture out, so that it says nothing of today's code.
    drawn = charts.render(spec)["text/html"]
    for half in drawn.split('class="chart-narrow"'):
        svg = half[half.index("<svg") : half.index("</svg>")]
        marks = re.findall(
            r'<path aria-label="([^"]+)" role="graphics-symbol"[^>]* d="M[^"]+"|<line aria-label="([^"]+)"', svg
        )
        marks = sorted(html_text.unescape(point or line) for point, line in marks)
        rows = sorted(f"{row_name(row)}: " for row in spec["usermeta"]["rows"])
        assert len(marks) == len(rows)
        assert all(mark.startswith(row) for mark, row in zip(marks, rows))


@ALL
def test_the_picture_has_a_role_a_title_and_a_description(spec, html):
    drawn = charts.render(spec)["text/html"]
    for svg in re.findall(r"<svg .*?</svg>", drawn, re.S):
        name = re.match(r'<svg role="img" aria-labelledby="(\S+)-title \1-description"', svg)[1]
        assert f'<title id="{name}-title">{html_text.escape(spec["title"]["text"])}</title>' in svg
        assert f'<desc id="{name}-description">{html_text.escape(spec["description"])}</desc>' in svg
    assert drawn.count("<svg ") == 2


def test_every_figure_of_every_chapter_has_a_caption_and_a_name():
    for path in notebooks():
        for cell in cells(path, "code"):
            if any('class="chart"' in "".join(o.get("data", {}).get("text/html", "")) for o in cell["outputs"]):
                figure = cell["metadata"]["mystnb"]["figure"]
                assert figure["caption"] and figure["name"].startswith("figure-"), path.name


@ALL
def test_ids_are_unique_and_nothing_points_elsewhere(spec, html):
    ids = re.findall(r'\bid="([^"]+)"', html)
    assert len(ids) == len(set(ids))
    for target in re.findall(r"url\(#([^)]+)\)", html):
        assert target in ids
    assert "http" not in re.sub(r'(xmlns(:\w+)?|\$schema)"?[=:] ?"[^"]+"', "", html)


# ---------------------------------------------------------------- the timeline


def course(bounds, **changes):
    """A made-up patient, and the windows that some bounds give."""
    events = pd.DataFrame(
        {
            "event_id": ["i", "c", "h", "g", "n"],
            "kind": ["car_t_infusion", "crs", "hsct", "gvhd", "infection"],
            "label": ["infusion", "CRS", "HSCT", "GVHD", "infection"],
            "lane": ["infusion", "inflammation", "transplantation", "GVHD", "infection"],
            "index_event": [True, False, True, False, False],
            "basis": "stated",
            "case_id": "made-up-1",
        }
    ).assign(**changes)
    columns = ["from_event", "to_event", "min_days", "max_days", "basis"]
    frame = pd.DataFrame(bounds, columns=columns).assign(case_id="made-up-1")
    return events, timeline.windows(events, frame, "car_t_infusion")


NONE = [("i", "c", 0, None, "defined"), ("i", "h", 0, None, "stated"), ("h", "g", 0, 14, "defined")]
SOME = NONE + [("i", "h", 30, 30, "stated")]
EVERY = SOME + [("i", "c", 3, 3, "stated"), ("h", "g", 20, 20, "stated"), ("i", "n", 9, 9, "stated")]
EVERY[2] = ("h", "g", 0, None, "defined")


def drawn(bounds, **changes):
    chart = charts.timeline_chart(
        *course(bounds, **changes), anchor="car_t_infusion", title="Made-up patient", subtitle="made up"
    ).to_dict()
    forms = {row["Event"]: row["Drawn as"] for row in chart["usermeta"]["rows"]}
    return chart, forms


def axes(chart):
    return [
        layer["encoding"]["x"]["axis"]
        for panel in chart["vconcat"]
        for layer in panel["layer"]
        if "axis" in layer["encoding"].get("x", {})
    ]


def test_every_day_known_is_all_symbols_on_an_axis_of_days():
    chart, forms = drawn(EVERY)
    assert set(forms.values()) == {"symbol"}
    assert "day 0 is the infusion" in axes(chart)[0]["title"][0] and axes(chart)[0]["values"] == [0, 14, 28, 42]


def test_what_lies_beyond_the_known_days_has_no_scale():
    chart, _ = drawn(SOME)
    axis = axes(chart)[0]
    assert axis["title"][1] == "beyond the line: no scale" and "'later'" in axis["labelExpr"]
    assert max(axis["values"]) > 44  # the label of the zone, beyond day 30 + 14


def test_some_days_known_mixes_symbols_brackets_and_the_box():
    _, forms = drawn(SOME)
    assert forms == {
        "infusion": "symbol", "CRS": "bracket", "HSCT": "symbol", "GVHD": "bracket", "infection": "in the box",
    }  # fmt: skip


def test_no_day_known_has_no_ticks_and_says_order_only():
    chart, forms = drawn(NONE)
    assert forms == {
        "infusion": "symbol", "CRS": "bracket", "HSCT": "symbol", "GVHD": "bracket", "infection": "in the box",
    }  # fmt: skip
    for axis in axes(chart):
        assert axis["title"] == "order only, not to scale" and axis["ticks"] is False


def test_with_nothing_known_at_all_everything_but_the_anchor_is_in_the_box():
    _, forms = drawn([])
    assert forms.pop("infusion") == "symbol" and set(forms.values()) == {"in the box"}


def test_an_open_end_fades_and_has_no_cap():
    rows = _timeline._layout(*course(NONE))
    caps = _timeline._caps(rows)
    assert caps[caps["event_id"] == "c"]["cap"].tolist() == ["defined, left"]
    assert caps[caps["event_id"] == "g"]["cap"].tolist() == ["defined, left", "defined, right"]
    fades = _timeline._fades(rows, _timeline._records(rows))
    assert set(fades["event_id"]) == {"c"}


def test_both_cases_have_the_same_spacing_where_no_day_is_known():
    book = data.select(data.load(), "case-1", "case-2")
    windows = timeline.windows(book.events, book.bounds, "car_t_infusion")
    rows = _timeline._layout(book.events, windows)
    marks = rows[rows["kind"].isin(["car_t_infusion", "hsct"])].groupby("case_id")["left"].agg(list)
    assert marks["case-1"] == marks["case-2"]


def test_windows_are_found_by_name_and_not_by_place():
    events, windows = course(SOME)
    rows = _timeline._layout(events.iloc[::-1], windows).set_index("event_id")
    assert rows.loc["h", "left"] == 30 and rows.loc["n", "form"] == "box"
    with pytest.raises(ValueError, match="one row of windows"):
        _timeline._layout(events, windows.iloc[1:])


def test_order_follows_the_bounds_and_not_the_lanes():
    # Made up: the transplantation came before the infusion, and CRS between the two.
    rows = _timeline._layout(
        *course([("h", "i", 0, None, "stated"), ("h", "c", 0, None, "stated"), ("c", "i", 0, None, "stated")])
    )
    left = rows.set_index("event_id")["left"]
    assert left["h"] < left["i"] and left["h"] == left["c"]


def test_a_day_is_drawn_no_better_known_than_it_is():
    events, windows = course([*NONE, ("i", "n", 9, 9, "inferred")])
    records = _timeline._records(_timeline._layout(events, windows)).set_index("event_id")
    assert records.loc["n", "basis"] == "inferred"


@pytest.mark.parametrize(("low", "high"), [(0, 0.5), (0, 6), (-56, 65), (-3000, 4000), (0, 1e9)])
def test_axes_have_a_readable_number_of_ticks(low, high):
    ticks = _house.ticks(low, high)
    assert 2 <= len(ticks) <= 8 and all(low <= tick <= high for tick in ticks)


def test_a_made_up_patient_is_named_in_the_title_and_looks_like_nobody_else():
    events, windows = course(SOME)
    chart = charts.timeline_chart(events, windows, anchor="car_t_infusion", title="A course", subtitle="-").to_dict()
    assert chart["title"]["text"] == "Made-up patient: A course"
    assert _house.style("made-up-1") not in (_house.style("case-1"), _house.style("case-2"))


def test_a_chart_without_description_or_title_is_refused():
    chart = alt.Chart(pd.DataFrame({"a": [1]})).mark_point()
    with pytest.raises(ValueError, match="description"):
        charts.render(chart.to_dict())
    with pytest.raises(ValueError, match="title"):
        charts.render(chart.properties(description="one point").to_dict())


# ---------------------------------------------------------------- text out of a CSV


def test_text_is_escaped_in_tables_and_figures():
    printed = charts.table(pd.DataFrame({EVIL: [EVIL]}), EVIL).html
    events, windows = course(SOME, label=["infusion", EVIL, "HSCT", "GVHD", "infection"])
    chart = charts.timeline_chart(events, windows, anchor="car_t_infusion", title=EVIL, subtitle=EVIL)
    shown = charts.render(chart.to_dict())["text/html"]
    for html in (printed, shown):
        assert "<script>alert" not in html and "<img" not in html and "&lt;script&gt;alert" in html


def test_tables_cut_nothing_and_give_headers_their_scope():
    long = "x" * 500
    html = charts.table(pd.DataFrame({"a": range(200), "b": long}), "A long table").html
    rows, _ = collect(html)
    assert len(rows) == 201 and rows[-1] == ("199", long)
    assert html.count('scope="row"') == 200 and html.count('scope="col"') == 2


def test_tables_say_what_a_missing_cell_means():
    frame = pd.DataFrame({"a": ["x", None], "b": [float("inf"), 1.5], "c": [True, False]})
    rows, _ = collect(charts.table(frame, "c", missing="not in the record").html)
    assert rows[1:] == [("x", "open", "yes"), ("not in the record", "1.5", "no")]
    rows, _ = collect(charts.table(pd.DataFrame({"a": [1234567.0], "b": [("x", 0.1 + 0.2)], "c": [EVIL]}), "n").html)
    assert rows[1] == ("1234567", "x, 0.3", EVIL)
