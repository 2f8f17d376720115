"""A flow of sources: boxes that go on, boxes that stay, and the ends."""

from __future__ import annotations

from itertools import pairwise

import altair as alt
import pandas as pd

from casebook.charts._house import INK
from casebook.charts._pixels import figure, layer
from casebook.charts._type import BOLD, lines_in

DESK = {"width": 960.0, "main": (0.0, 380.0), "side": (430.0, 960.0), "trunk": 405.0, "step": 14.0}
DESK["beside"] = True  # whether what stays stands beside what it leaves, and the ends beside each other
PHONE = {"width": 290.0, "main": (0.0, 290.0), "side": (26.0, 290.0), "trunk": 12.0, "step": 10.0}
PHONE["beside"] = False
LINE, PAD = 15.0, 7.0  # pixels a line, and between a box and its text
ABOVE = 22.0  # pixels between a box and the next, for the arrow
HEAD = "M-4,-5L4,-5L0,1Z"


def flow_chart(boxes: pd.DataFrame, *, title: str, subtitle: str) -> alt.LayerChart:
    """Draw boxes that lead from all sources to what is counted.

    At a desk what stays stands at the right of the box that it leaves, and the ends beside each other; on a
    phone everything stands below each other, and what stays is indented.

    Parameters
    ----------
    boxes : DataFrame
        From `selection.flow`: `box`, `leaves`, `kind` (main, side, end), `n`, `text`, `detail`.
    title, subtitle : str
        The message in a sentence; what is drawn, and its source.

    Returns
    -------
    altair.LayerChart
        One mark a box; `usermeta.rows` holds them.

    Raises
    ------
    ValueError
        If there are no boxes.
    """
    if boxes.empty:
        raise ValueError("no box to draw: a flow needs at least the sources that were seen")
    boxes = boxes.assign(words=[": ".join(row) for row in zip(boxes["text"], boxes["detail"])])
    rows = [{"Row": row.text, "What it is": row.detail, "Sources": str(row.n)} for row in boxes.itertuples()]
    return figure(
        lambda look: _drawn(boxes, look),
        (DESK, PHONE),
        title=title,
        subtitle=subtitle,
        told=f"{'; '.join(boxes['words'].str.removesuffix(': '))}.",
        marks=boxes["words"],
        rows=rows,
    )


def _laid(boxes: pd.DataFrame, look: dict) -> tuple[pd.DataFrame, float]:
    """The place of every box and its text in lines, and the height of the whole."""
    places, y, beside = {}, 2.0, look["beside"]
    for main in boxes[boxes["kind"] == "main"].itertuples():
        y = _put(places, main, look["main"], y)
        side_y = places[main.Index]["y"] if beside else y + look["step"]
        for side in boxes[(boxes["leaves"] == main.box) & (boxes["kind"] == "side")].itertuples():
            side_y = _put(places, side, look["side"], side_y) + look["step"] * (0.5 if beside else 0.8)
        y = max(y, side_y) + ABOVE - (0 if beside else look["step"] * 0.8)
    ends = boxes[boxes["kind"] == "end"]
    below = y
    for place, end in enumerate(ends.itertuples()):
        wide = (look["width"] + look["step"]) / max(len(ends), 1)
        left = place * wide if beside else look["side"][0]
        right = left + wide - look["step"] if beside else look["side"][1]
        bottom = _put(places, end, (left, right), y)
        below = max(below, bottom)
        y = y if beside else bottom + look["step"]
    return boxes.join(pd.DataFrame.from_dict(places, orient="index").reindex(boxes.index)), below + 4


def _put(places: dict, row, ends: tuple[float, float], y: float) -> float:
    """Place one box; give where it ends."""
    room = ends[1] - ends[0] - 2 * PAD
    head, small = lines_in(row.text, room, BOLD * 13), lines_in(row.detail, room, 11)
    high = LINE * (len(head) + len(small)) + 2 * PAD - 3
    text = {"head": "\n".join(head), "head_y": y + PAD + 5}
    text |= {"small": "\n".join(small), "small_y": y + PAD + 5 + LINE * len(head)}
    places[row.Index] = {"x": ends[0], "x2": ends[1], "y": y, "y2": y + high} | text
    return y + high


def _lines(placed: pd.DataFrame, look: dict) -> pd.DataFrame:
    """Where lines run: down from box to box, and across to what stays.

    One row a straight line; at the end of one that `leads` on there is an arrow.
    """
    boxes, trunk = placed.set_index("box"), look["trunk"]
    fork = placed.loc[placed["kind"] == "end", "y"].min() - ABOVE / 2
    found = []
    for box in boxes.index[boxes["leaves"] != ""]:
        (left, right, top, bottom), (_, edge, above, below) = (
            boxes.loc[name, ["x", "x2", "y", "y2"]] for name in (box, boxes.loc[box, "leaves"])
        )
        kind, middle = boxes.loc[box, "kind"], (top + bottom) / 2
        leads = kind == "main" or (kind == "end" and look["beside"])
        if kind == "main":
            x = edge / 2 if look["beside"] else trunk
            corners = [(x, below), (x, top)]
        elif leads:
            x = (left + right) / 2
            corners = [(edge / 2, below), (edge / 2, fork), (x, fork), (x, top)]
        elif look["beside"]:
            beside = (above + below) / 2
            corners = [(edge, beside), (trunk, beside), (trunk, middle), (left, middle)]
        else:
            corners = [(trunk, below), (trunk, middle), (left, middle)]
        found += [(*one, *two, leads and two == corners[-1]) for one, two in pairwise(corners)]
    return pd.DataFrame(found, columns=["x", "y", "x2", "y2", "leads"])


def _drawn(boxes: pd.DataFrame, look: dict) -> tuple[list[alt.Chart], float, float]:
    """Lines, and the heads of those that lead on; one mark a box, with a pale line if it stays; its text."""
    placed, height = _laid(boxes, look)
    lines = _lines(placed, look)
    heads = lines[lines["leads"]].assign(x=lines["x2"], y=lines["y2"])
    pale = placed.assign(stroke_opacity=placed["kind"].map({"side": 0.5}).fillna(1.0))
    box = {"fill": "transparent", "stroke": INK, "strokeWidth": 1}
    layers = [
        *layer(lines, "rule", "x2", "y2", opacity=0.6),
        *layer(heads, "point", shape=HEAD, size=4, filled=True, color=INK, opacity=1),
        *layer(pale, "rect", "x2", "y2", "words", "stroke_opacity", **box),
    ]
    for part, more in (("head", {"fontSize": 13, "fontWeight": "bold"}), ("small", {"fontSize": 11})):
        told = placed[placed[part] != ""]
        told = told.assign(x=told["x"] + PAD, y=told[f"{part}_y"], text=told[part])
        layers += layer(told, "text", "text", align="left", lineBreak="\n", lineHeight=LINE, **more)
    return layers, look["width"], height
