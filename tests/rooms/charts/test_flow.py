"""The flow figure: no box over another, no text over its box, at a desk and on a phone."""

import html
import re

import pandas as pd
import pytest
from casebook import charts
from casebook.charts import _flow, _type
from casebook.evidence import selection
from made_up import live

BOXES = pd.DataFrame(
    [
        ("all", "", "main", 9, "9 sources were seen", ""),
        ("stays", "all", "side", 4, "4 for other things", "of many kinds and some more of which there is a lot to say"),
        ("stays-too", "all", "side", 1, "1 left out", ""),
        ("rest", "all", "main", 4, "4 sources count", "for one outcome"),
        ("end", "rest", "end", 3, "Breaks: 3 of 4 sources pooled", "120 patients"),
    ],
    columns=["box", "leaves", "kind", "n", "text", "detail"],
)


def drawn(boxes=BOXES):
    return charts.flow_chart(boxes, title="Of 9 sources 3 are pooled", subtitle="Made up").to_dict()


@pytest.mark.parametrize("boxes", [BOXES, "live"])
@pytest.mark.parametrize("look", [_flow.DESK, _flow.PHONE])
def test_no_box_lies_over_another_or_beyond_the_edge_and_its_text_fits(boxes, look):
    boxes = selection.flow(live()) if isinstance(boxes, str) else boxes
    placed, height = _flow._laid(boxes, look)
    found = placed[["x", "x2", "y", "y2"]].to_numpy()
    for number, (x, x2, y, y2) in enumerate(found):
        assert 0 <= x < x2 <= look["width"] and 0 <= y < y2 <= height
        for left, right, top, bottom in found[number + 1 :]:
            assert min(x2, right) <= max(x, left) or min(y2, bottom) <= max(y, top)
    for row in placed.itertuples():
        heads, smalls, room = row.head.split("\n"), row.small.split("\n"), row.x2 - row.x - 2 * _flow.PAD
        for lines, size in ((heads, _type.BOLD * 13), (smalls, 11)):
            assert max(_type.text_width(line, size) for line in lines) <= room
        assert " ".join(heads) == row.text and " ".join(smalls) == row.detail


def test_boxes_go_on_from_above_to_below_and_the_ends_come_last():
    placed, _ = _flow._laid(BOXES, _flow.DESK)
    assert placed["y"].tolist()[0] == placed["y"].tolist()[1] < placed["y"].tolist()[2] < placed["y"].tolist()[3]
    assert placed["y"].iloc[4] > placed["y2"].iloc[3]


def test_one_mark_and_one_row_a_box_and_all_of_it_is_said():
    spec = drawn()
    assert [row["Row"] for row in spec["usermeta"]["rows"]] == BOXES["text"].tolist()
    assert all(text in spec["description"] for text in BOXES["text"])
    page = charts.render(spec)["text/html"]
    for half in ("wide", "narrow"):
        svg = re.search(rf'class="chart-{half}".*?(<svg .*?</svg>)', page, re.S)[1]
        marks = re.findall(r'<path aria-label="([^"]+)"', svg)
        assert sorted(html.unescape(mark) for mark in marks) == sorted(
            f"{row.text}: {row.detail}" for row in BOXES.itertuples()
        )
        assert min(map(float, re.findall(r'font-size="([\d.]+)px"', svg))) >= 11


def test_every_box_is_reached_by_a_line_and_only_what_goes_on_by_an_arrow():
    (placed, _), (below, _) = (_flow._laid(BOXES, look) for look in (_flow.DESK, _flow.PHONE))
    lines = _flow._lines(placed, _flow.DESK)
    assert lines.loc[lines["leads"], "y2"].tolist() == placed.loc[placed["kind"] != "side", "y"].tolist()[1:]
    on_phone = _flow._lines(below, _flow.PHONE)
    assert on_phone["leads"].sum() == (placed["kind"] == "main").sum() - 1
    for row in placed[placed["kind"] == "side"].itertuples():
        middle = (row.y + row.y2) / 2
        assert ((lines["x2"] == row.x) & (lines["y2"] == middle)).any()


def test_no_box_is_an_error_in_words():
    with pytest.raises(ValueError, match="no box to draw"):
        drawn(BOXES.head(0))
