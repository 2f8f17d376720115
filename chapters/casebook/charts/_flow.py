"""A flow of sources: boxes that go on, boxes that stay, and the ends."""

from __future__ import annotations

from itertools import pairwise

import altair as alt
import pandas as pd

from casebook.charts._house import INK
from casebook.charts._pixels import figure, layer
from casebook.charts._type import BOLD, lines_in

DESK = {"width": 680.0, "main": (0.0, 300.0), "side": (340.0, 680.0), "trunk": 320.0, "step": 14.0}
PHONE = {"width": 290.0, "main": (0.0, 290.0), "side": (26.0, 290.0), "trunk": 12.0, "step": 10.0}
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
    placed = boxes.assign(words=[": ".join(row) for row in zip(boxes["text"], boxes["detail"])])
    heights = {}
    for n, look in (("", DESK), ("n", PHONE)):
        placed, heights[n] = _laid(placed, look, n, beside=not n)
    described = f"{title}. {subtitle.rstrip('.')}. {'; '.join(placed['words'].str.removesuffix(': '))}."
    rows = [{"Row": row.text, "What it is": row.detail, "Sources": str(row.n)} for row in placed.itertuples()]
    return figure(
        [*_arrows(placed), *_boxes(placed)],
        title=title,
        subtitle=subtitle,
        description=described,
        desk=(DESK["width"], heights[""]),
        phone=(PHONE["width"], heights["n"]),
        marks=[{"mark": words} for words in placed["words"]],
        rows=rows,
    )


def _laid(boxes: pd.DataFrame, look: dict, n: str, *, beside: bool) -> tuple[pd.DataFrame, float]:
    """The place of every box and its text in lines, at a desk or on a phone ("n"), and the height of the whole."""
    places, y = {}, 2.0
    for main in boxes[boxes["kind"] == "main"].itertuples():
        y = _put(places, main, look["main"], y)
        side_y = places[main.Index][f"{n}y"] if beside else y + look["step"]
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
    found = pd.DataFrame.from_dict(places, orient="index").reindex(boxes.index)
    return boxes.join(found.add_prefix(n) if n else found), below + 4


def _put(places: dict, row, ends: tuple[float, float], y: float) -> float:
    """Place one box; give where it ends."""
    room = ends[1] - ends[0] - 2 * PAD
    head, small = lines_in(row.text, room, BOLD * 13), lines_in(row.detail, room, 11)
    high = LINE * (len(head) + len(small)) + 2 * PAD - 3
    places[row.Index] = {
        "x": ends[0],
        "x2": ends[1],
        "y": y,
        "y2": y + high,
        "head": "\n".join(head),
        "small": "\n".join(small),
        "hy": y + PAD + 5,
        "sy": y + PAD + 5 + LINE * len(head),
    }
    return y + high


def _lines(placed: pd.DataFrame, look: dict, n: str) -> pd.DataFrame:
    """Where lines run, at a desk or on a phone ("n"): down from box to box, and across to what stays.

    One row a straight line; at the end of one that `leads` on there is an arrow.
    """
    boxes = placed.set_index("box")
    fork = placed.loc[placed["kind"] == "end", f"{n}y"].min() - ABOVE / 2
    found = []
    for box in boxes.index[boxes["leaves"] != ""]:
        (left, right, top, bottom), (_, edge, above, below) = (
            boxes.loc[name, [f"{n}x", f"{n}x2", f"{n}y", f"{n}y2"]] for name in (box, boxes.loc[box, "leaves"])
        )
        kind, middle, trunk = boxes.loc[box, "kind"], (top + bottom) / 2, look["trunk"]
        leads = kind == "main" or (kind == "end" and not n)
        if kind == "main":
            x = trunk if n else edge / 2
            corners = [(x, below), (x, top)]
        elif leads:
            x = (left + right) / 2
            corners = [(edge / 2, below), (edge / 2, fork), (x, fork), (x, top)]
        elif n:
            corners = [(trunk, below), (trunk, middle), (left, middle)]
        else:
            beside = (above + below) / 2
            corners = [(edge, beside), (trunk, beside), (trunk, middle), (left, middle)]
        found += [(*one, *two, leads and two == corners[-1]) for one, two in pairwise(corners)]
    return pd.DataFrame(found, columns=["x", "y", "x2", "y2", "leads"])


def _arrows(placed: pd.DataFrame) -> list[alt.Chart]:
    """Lines, and the heads of those that lead on."""
    layers = []
    for n, look, where in (("", DESK, "!narrow"), ("n", PHONE, "narrow")):
        lines = _lines(placed, look, n)
        heads = lines[lines["leads"]].assign(x=lines["x2"], y=lines["y2"])
        layers += layer(lines, "rule", "x2", "y2", where=where, opacity=0.6)
        layers += layer(heads, "point", where=where, shape=HEAD, size=4, filled=True, color=INK, opacity=1)
    return layers


def _boxes(placed: pd.DataFrame) -> list[alt.Chart]:
    """One mark a box, what stays with a pale line; in it the text, its first lines larger."""
    pale = placed.assign(stroke_opacity=placed["kind"].map({"side": 0.5}).fillna(1.0))
    layers = layer(pale, "rect", "x2", "y2", "words", "stroke_opacity", fill="transparent", stroke=INK, strokeWidth=1)
    look = {"align": "left", "lineBreak": "\n", "lineHeight": LINE}
    for part, place, more in (
        ("head", "hy", {"fontSize": 13, "fontWeight": "bold"}),
        ("small", "sy", {"fontSize": 11}),
    ):
        frame = placed[placed[part] != ""]
        frame = frame.assign(
            x=frame["x"] + PAD,
            nx=frame["nx"] + PAD,
            **{f"{n}{to}": frame[f"{n}{name}"] for n in ("", "n") for to, name in (("y", place), ("text", part))},
        )
        layers += layer(frame, "text", "text", **more, **look)
    return layers
