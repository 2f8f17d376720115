"""Forest plots as the field knows them, of rows that are made up: sizes, diamonds, arrows, room, words."""

import re
from itertools import pairwise

import pandas as pd
import pytest
from casebook import charts
from casebook.charts import _forest_layout
from casebook.evidence import forest_rows
from hypothesis import given
from hypothesis import strategies as st


def row(label="made up", estimate=10.0, low=5.0, high=20.0, **more):
    blank = {"panel": "", "note": "", "count": "1 of 10", "share": "10%", "form": "point"}
    return blank | dict(label=label, estimate=estimate, low=low, high=high, n=10.0) | more


def frame(*given):
    return pd.DataFrame(list(given)).reindex(columns=forest_rows.ROW)


def layout(*given, **more):
    return _forest_layout.forest_layout(frame(*given), "axis", **more)


def drawn(*given, **more):
    """The specification, and the picture for a desk and for a phone."""
    spec = charts.forest_chart(frame(*given), title="Made up", subtitle="made up", axis="%", **more).to_dict()
    html = charts.render(spec)["text/html"]
    return spec, *re.findall(r"<svg .*?</svg>", html[: html.index("<details")], re.S)[:2]


def marks(svg):
    return re.findall(r'(?:path|line) aria-label="([^":]+)', svg)


# ---------------------------------------------------------------- what is drawn


def test_the_area_of_a_mark_grows_in_step_with_the_number_of_patients():
    area = layout(row(n=10), row(n=20), row(n=30), row(n=None), row(n=900, form="diamond")).records["area"]
    assert area[1] - area[0] == pytest.approx(area[2] - area[1], rel=1e-4) and area[0] < area[1]
    assert area[3] == _forest_layout.SMALLEST and area[2] == _forest_layout.LARGEST  # a pooled row sets no size


@pytest.mark.parametrize(
    ("given", "as_what"),
    [
        (row(), "mark with its interval"),
        (row(low=None, high=None), "hollow mark"),
        (row(low=None), "hollow mark"),
        (row(estimate=None), "line"),
        (row(form="diamond"), "filled diamond"),
        (row(form="outline"), "hollow diamond"),
        (row(form="outline", low=None, high=None), "hollow mark"),
    ],
)
def test_each_row_is_one_mark_and_the_table_says_which(given, as_what):
    spec, *pictures = drawn(given)
    assert [found["Drawn as"] for found in spec["usermeta"]["rows"]] == [as_what]
    assert [marks(picture) for picture in pictures] == [["made up"], ["made up"]]


def test_a_mark_without_an_interval_is_hollow_and_paler_than_one_with():
    _, desk, _ = drawn(row("with", color="#123456"), row("without", low=None, high=None, color="#123456"))
    with_, without = (re.search(rf'<path aria-label="{name}:[^>]*>', desk)[0] for name in ("with", "without"))
    assert 'fill="#123456"' in with_ and " fill=" not in without and '<g fill="none"' in desk
    assert 'opacity="0.65"' in without and 'opacity="0.65"' not in with_


@pytest.mark.parametrize("form", ["diamond", "outline"])
def test_a_diamond_is_as_wide_as_its_interval(form):
    _, desk, _ = drawn(row("wide", estimate=30, low=10, high=90, form=form, color="#123456"))
    _, line, _ = drawn(row("wide", estimate=None, low=10, high=90, color="#123456"))
    corners = re.search(r'aria-label="wide:[^>]* d="M([^"]+)Z"', desk)[1].split("L")
    xs = sorted(float(corner.split(",")[0]) for corner in corners)
    length = float(re.search(r'<line aria-label="wide:[^>]* x2="([\d.]+)"', line)[1])
    assert xs[-1] - xs[0] == pytest.approx(length, abs=0.01)
    look = re.search(r'<path aria-label="wide:[^>]*>', desk)[0]
    assert ('fill="#123456"' in look) is (form == "diamond")


def test_a_prediction_interval_is_a_broken_line_where_there_is_one():
    assert "stroke-dasharray" not in re.sub(r"<g[^>]*mark-rule.*?</g>", "", drawn(row())[1], flags=re.S)
    spec, *_ = drawn(row(form="diamond", prediction_low=2, prediction_high=40))
    broken = [layer for layer in spec["layer"] if "prediction_low" in str(layer.get("encoding", {}).get("x"))]
    assert len(broken) == 1 and broken[0]["mark"]["strokeDash"]


# ---------------------------------------------------------------- the axis


@given(
    st.lists(st.tuples(st.floats(0, 1000), st.floats(0, 1000), st.floats(0, 1000)), min_size=1, max_size=8),
    st.floats(0, 1000),
)
def test_the_axis_holds_everything_and_ends_soon_after(values, prediction):
    given = [row(estimate=sorted(three)[1], low=min(three), high=max(three)) for three in values]
    plan = layout(*given, row(form="diamond", prediction_high=prediction, prediction_low=0.0))
    most = max([20.0, prediction, *(max(three) for three in values)])
    low, high = plan.domain
    assert low == 0 and most <= high * (1 + 1e-5) and high <= 1.5 * most
    assert 2 <= len(plan.ticks) <= 9 and plan.ticks[0] == 0 and plan.ticks[-1] <= high * (1 + 1e-5)


def test_on_a_log_axis_ten_times_is_as_far_everywhere_and_the_axis_says_so():
    given = row("near", estimate=33, low=26, high=61), row("far", estimate=40, low=30, high=322)
    plan = layout(*given, log=True)
    assert plan.ticks == [20, 50, 100, 200, 500] and plan.domain == (20, 500)
    _, desk, phone = drawn(*given, log=True)
    assert all("% (log scale)" in picture for picture in (desk, phone))
    at = dict(re.findall(r"translate\(([\d.]+),[^>]*>(20|50|200|500)</text>", desk))
    x = {int(tick): float(place) for place, tick in at.items()}
    assert x[500] - x[50] == pytest.approx(x[200] - x[20], abs=1)


def test_what_is_0_has_no_place_on_a_log_axis():
    with pytest.raises(ValueError, match="log=True has no place for what is 0 or less: none; leave it out"):
        layout(row("some"), row("none", estimate=0, low=0), log=True)


@pytest.mark.parametrize(("n_words", "widest"), [(3, 200), (9, 300), (24, 420)])
def test_notes_get_the_room_that_they_need_for_two_lines(n_words, widest):
    plan = layout(row(note=" ".join(["word"] * n_words), estimate=10, low=5, high=20))
    assert plan.left <= widest and plan.records["note"].iloc[0].count("\n") <= 1
    right = plan.left + plan.width
    assert right < _forest_layout.TOTAL == 960


def test_the_ends_of_the_axis_have_room_and_the_outer_labels_are_centered():
    spec, desk, _ = drawn(row(estimate=0, low=0, high=100))
    axis = [layer["encoding"]["x"]["axis"] for layer in spec["layer"] if "axis" in layer["encoding"].get("x", {})]
    scale = [layer["encoding"]["x"]["scale"] for layer in spec["layer"] if "scale" in layer["encoding"].get("x", {})]
    assert axis and all(found["labelFlush"] is False and found["grid"] is False for found in axis)
    assert all(found["padding"] == 8 for found in scale)
    anchors = re.findall(r'text-anchor="(\w+)"[^>]*>(?:0|100)</text>', desk)
    assert anchors == ["middle", "middle"]


# ---------------------------------------------------------------- room and words


@pytest.mark.parametrize("label", ["short", "a label of a good length, 12 patients"])
def test_the_plot_takes_at_least_half_of_the_drawing(label):
    _, desk, _ = drawn(row(label, note="a note of some words below it"), row("other", share="12.5% (8.6 to 17.8)"))
    width = float(re.search(r'viewBox="0 0 ([\d.]+)', desk)[1])
    plan = layout(row(label, note="a note of some words below it"), row("other", share="12.5% (8.6 to 17.8)"))
    assert plan.width >= 0.49 * width and width == pytest.approx(_forest_layout.TOTAL, abs=4)


def test_a_row_takes_26_to_30_pixels_and_a_heading_less():
    plan = layout(row(), row(note="a note"), row())
    assert plan.records["mark_y"].diff().dropna().tolist() == [28, 28] and plan.height - 6 == 26 + 30 + 26


def overlapping(plan):
    """Whether any line of type, or any mark, lies on another below or above it."""
    places = []
    for found in plan.records.itertuples():
        lines = found.note.count("\n") + 1 if found.note else 0
        places += [(found.label_y, 13)] + [(found.note_y + 12 * k, 11) for k in range(lines)]
        if plan.narrow:
            beside = [found.label_y, *[found.note_y + 12 * k for k in range(lines)]]
            apart = min(abs(found.values_y - place) for place in beside) > 2
            places += [(found.mark_y, 18)] + [(found.values_y, 12)] * apart
    for heading in plan.headings.itertuples():
        places += [(heading.y + 15 * k, 13) for k in range(heading.text.count("\n") + 1)]
    places.sort()
    return any(lower - higher < (a + b) / 2 - 2 for (higher, a), (lower, b) in pairwise(places))


TEXT = st.text("abcdefgh ilW", min_size=1, max_size=60).map(str.strip).filter(bool)


@given(
    st.lists(
        st.tuples(TEXT, TEXT, TEXT, st.sampled_from(["", "first", "second and very long " * 4])), min_size=1, max_size=6
    )
)
def test_no_line_of_type_lies_on_another(texts):
    texts = sorted(texts, key=lambda four: four[3])
    rows = [row(label, note=note, share=share, panel=panel) for label, note, share, panel in texts]
    desk, phone = (layout(*rows, narrow=narrow) for narrow in (False, True))
    assert not overlapping(desk) and not overlapping(phone) and phone.height >= desk.height


def test_on_a_phone_values_stand_beside_the_label_the_note_or_below():
    long = "a label that is very long, with 12 patients"
    plan = layout(row("short"), row(long, note="a note"), row(long), row(long, note="first words " * 3), narrow=True)
    places = (plan.records["values_y"] - plan.records["label_y"]).tolist()
    assert places[:3] == [0, 14, 14] and plan.records["note"][1] == "a note"
    assert (plan.records["mark_y"] - plan.records["values_y"] >= 14).all()


def test_headings_stand_once_and_only_where_panels_are_named():
    plan = layout(row(panel="one"), row(panel="one"), row(panel="two"))
    assert plan.headings["text"].tolist() == ["one", "two"]
    assert layout(row(), row()).headings.empty


def test_grid_lines_run_through_no_heading():
    plan = layout(row(panel="one"), row(panel="two"))
    for place in plan.headings["y"]:
        assert not ((plan.spans["y"] < place + 6) & (plan.spans["y2"] > place - 6)).any()


def test_words_of_the_cases_stand_beside_and_no_mark_of_theirs_is_drawn():
    said = pd.DataFrame(
        {
            "case_id": ["made-up-1"],
            "case": ["case 1"],
            "said": ["not in the record"],
            "color": ["#123456"],
            "sign": ["◆"],
        }
    )
    spec, desk, phone = drawn(row(), said=said)
    assert spec["usermeta"]["said"][0]["said"] == "not in the record" and "not in the record" in spec["description"]
    assert marks(desk) == marks(phone) == ["made up"]


@pytest.mark.parametrize(
    ("given", "problem"),
    [
        ([], "at least one row"),
        ([row(label=None)], "needs a label"),
        ([row("bare", estimate=None, low=None)], "not so: bare"),
        ([row("odd", form="circle")], "not so: odd"),
    ],
)
def test_what_cannot_be_drawn_is_refused_by_name(given, problem):
    with pytest.raises(ValueError, match=problem):
        charts.forest_chart(frame(*given), title="t", subtitle="s", axis="%")


def test_a_figure_taller_than_a_screen_has_its_numbers_at_both_ends():
    few, many = (drawn(*(row(f"made up {at}") for at in range(n)))[1:] for n in (3, 30))
    assert [svg.count(">20</text>") for svg in (*few, *many)] == [1, 1, 2, 2]
