"""Figures and tables: they build, validate, say what they mean, and let nothing through unescaped."""

import functools
import html as html_text
import json
import re

import altair as alt
import pandas as pd
import pytest
from casebook import charts, data, timeline, words
from chapters_text import cells, collect, notebooks, outputs
from made_up import patient

BOOK = data.load()
EVIL = '<script>alert("x")</script><img src=x onerror=alert(1)> & "quotes"'


SPECIFICATION = re.compile(r'<script type="application/json" class="chart-specification">(.*?)</script>', re.S)


@functools.cache
def html_of(text):
    """Every HTML result of an executed notebook that holds a figure."""
    shown = [
        "".join(output["data"]["text/html"])
        for cell in json.loads(text)["cells"]
        if cell["cell_type"] == "code"
        for output in cell["outputs"]
        if "text/html" in output.get("data", {})
    ]
    return [html for html in shown if SPECIFICATION.search(html)]


@pytest.fixture
def html(place, executed):
    """A figure as the site was made with it."""
    path, number = place
    return html_of(executed[path])[number]


@pytest.fixture
def spec(html):
    return json.loads(SPECIFICATION.search(html)[1])


@pytest.fixture
def drawn(html):
    return drawn_anew(html)


@functools.cache
def drawn_anew(html):
    """A figure drawn again: nbval leaves the stored picture out, so that it says nothing of today's code."""
    return charts.render(json.loads(SPECIFICATION.search(html)[1]))["text/html"].partition("<template")[0]


def row_name(row):
    """What a row of a figure is called: the words of its mark begin with it."""
    if "Analyte" in row:
        return f"{row['Analyte']}, {row['Day']}"
    return f"{row['Case']}, {row['Event']}" if "Case" in row else row.get("Event") or row["Row"]


# Stored notebooks hold no specification, but the place of each.
ALL = pytest.mark.parametrize(
    "place",
    [
        pytest.param((path, number), id=f"{path.stem}-{number}")
        for path in notebooks()
        for number, _ in enumerate(html for html in outputs(path) if "(specification)" in html)
    ],
)


@ALL
def test_specifications_validate_and_round_trip(spec, html):
    again = alt.Chart.from_dict(spec, validate=True).to_dict(validate=False)
    assert again == spec, "and so it is valid as well"


@ALL
def test_each_figure_has_title_subtitle_description_rows_and_a_caption(spec, html):
    assert spec["title"]["text"] and spec["title"]["subtitle"]
    assert len(spec["description"]) > len(spec["title"]["text"])
    rows, titles = collect(html.partition("<template")[0])
    sources = [
        html_text.unescape(one) for one in re.findall(r'class="chart-source">(.*?)</p>', html.partition("<template")[0])
    ]
    subtitle = words.unbroken(spec["title"]["subtitle"])
    assert titles[0] == words.unbroken(spec["title"]["text"]) and len(titles) == 2
    assert subtitle.startswith(titles[1]) and subtitle.endswith("".join(sources))
    assert set(subtitle[len(titles[1]) : len(subtitle) - len("".join(sources))]) <= set(".; "), (
        "nothing is lost between"
    )
    assert not titles[1].startswith("Source") or sources == []
    assert [dict(zip(rows[0], row)) for row in rows[1:]] == spec["usermeta"]["rows"]
    for row in spec["usermeta"]["rows"]:
        assert (row.get("Event") or row.get("Analyte") or row["Row"]) in spec["description"]


@ALL
def test_one_mark_a_row_drawn(spec, drawn):
    for half in drawn.split('class="chart-narrow"'):
        start = half.index('<svg role="img"')
        svg = half[start : half.index("</svg>", start)]
        marks = re.findall(r'<(?:path|line|text) aria-label="([^"]+)" role="graphics-symbol"', svg)
        marks = sorted(map(html_text.unescape, marks))
        rows = sorted(f"{row_name(row)}: " for row in spec["usermeta"]["rows"])
        assert len(marks) == len(rows)
        assert all(mark.startswith(row) for mark, row in zip(marks, rows))


@ALL
def test_the_picture_has_a_role_a_title_and_a_description(spec, drawn):
    for svg in re.findall(r'<svg role="img" .*?</svg>', drawn, re.S):
        name = re.match(r'<svg role="img" aria-labelledby="(\S+)-title \1-description"', svg)[1]
        assert f'<title id="{name}-title">{html_text.escape(spec["title"]["text"])}</title>' in svg
        assert f'<desc id="{name}-description">{html_text.escape(spec["description"])}</desc>' in svg
    assert drawn.count('<svg role="img"') == 2


@ALL
def test_each_row_names_its_mark_and_where_its_fact_is_kept(spec, drawn):
    named = [html_text.unescape(name) for name in re.findall(r'<tr data-mark="([^"]+)"', drawn)]
    marks = [html_text.unescape(name) for name in re.findall(r'aria-label="([^"]+)" role="graphics-symbol"', drawn)]
    assert len(named) == len(spec["usermeta"]["rows"]) and sorted(2 * named) == sorted(marks)
    keys = {"events": set(BOOK.events["event_id"]), "cases": set(BOOK.cases["case_id"])}
    keys["measurements"] = set(BOOK.measurements["measurement_id"])
    for table, key in re.findall(r'<tr data-mark="[^"]+" data-row="(\w+)-([^"]+)"', drawn):
        assert key in keys[table]


def test_a_timeline_can_be_turned_to_its_other_day_0_and_draws_the_same_events(executed):
    specs = [json.loads(SPECIFICATION.search(html)[1]) for text in executed.values() for html in html_of(text)]
    turned = [spec["usermeta"] for spec in specs if "turned" in spec.get("usermeta", {})]
    assert len(turned) >= 4
    for meta in turned:
        here, there = meta["turned"]["names"]
        assert {here, there} == {"the infusion", "transplantation"}
        other = meta["turned"]["figure"]["usermeta"]
        for name in ("Case", "Event"):
            assert sorted(row[name] for row in meta["rows"]) == sorted(row[name] for row in other["rows"])
        assert [row["Place in time"] for row in meta["rows"]] != [row["Place in time"] for row in other["rows"]]


def test_every_figure_of_every_chapter_has_a_caption_and_a_name():
    for path in notebooks():
        for cell in cells(path, "code"):
            if any('<div class="chart' in "".join(o.get("data", {}).get("text/html", "")) for o in cell["outputs"]):
                figure = cell["metadata"]["mystnb"]["figure"]
                assert figure["caption"] and figure["name"].startswith("figure-"), path.name


@ALL
def test_ids_are_unique_and_nothing_points_elsewhere(spec, html):
    ids = re.findall(r'\bid="([^"]+)"', html)
    assert len(ids) == len(set(ids))
    for target in re.findall(r"url\(#([^)]+)\)", html):
        assert target in ids
    assert "http" not in re.sub(r'(xmlns(:\w+)?|\$schema)"?[=:] ?"[^"]+"', "", html)


def test_a_chart_without_description_or_title_is_refused():
    chart = alt.Chart(pd.DataFrame({"a": [1]})).mark_point()
    with pytest.raises(ValueError, match="description"):
        charts.render(chart.to_dict())
    with pytest.raises(ValueError, match="title"):
        charts.render(chart.properties(description="one point").to_dict())


# ---------------------------------------------------------------- text out of a CSV


def test_text_is_escaped_in_tables_and_figures():
    printed = charts.table(pd.DataFrame({EVIL: [EVIL]}), EVIL).html
    happened = {"i": ("car_t_infusion", EVIL, True), "c": ("crs", EVIL, False)}
    one = timeline.course(patient(happened, [("i", "c", 2, 5)]), "car_t_infusion")
    shown = charts.render(charts.timeline_chart(one, title=EVIL, subtitle=EVIL).to_dict())["text/html"]
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
