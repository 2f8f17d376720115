"""A flow of sources: boxes that go on, boxes that stay, and the ends."""

from __future__ import annotations

import textwrap

import altair as alt
import pandas as pd

from casebook.charts._house import INK
from casebook.charts._pixels import at, spread, xy, xy2

DESK = {"width": 680.0, "main": (0.0, 300.0), "side": (340.0, 680.0), "trunk": 320.0, "step": 14.0}
PHONE = {"width": 290.0, "main": (0.0, 290.0), "side": (26.0, 290.0), "trunk": 12.0, "step": 10.0}
BOLD, SMALL = 7.1, 6.1  # pixels a letter of 13 and of 11 pixels
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
    lines = _lines(placed)
    described = f"{title}. {subtitle.rstrip('.')}. {'; '.join(placed['words'].str.removesuffix(': '))}."
    rows = [{"Row": row.text, "What it is": row.detail, "Sources": str(row.n)} for row in placed.itertuples()]
    return (
        alt.layer(*_rules(lines), _heads(lines), _boxes(placed), *_texts(placed))
        .properties(
            width=DESK["width"],
            height=heights[""],
            title=alt.TitleParams(text=title, subtitle=subtitle),
            description=described,
            usermeta={
                "rows": rows,
                "marks": [{"mark": words} for words in placed["words"]],
                "narrow": {"width": PHONE["width"], "height": heights["n"]},
            },
        )
        .add_params(alt.param(name="narrow", value=False))
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
    head, small = _wrap(row.text, room / BOLD), _wrap(row.detail, room / SMALL)
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


def _wrap(text: str, letters: float) -> list[str]:
    return textwrap.wrap(text, max(int(letters), 1), break_on_hyphens=False) if text else []


def _lines(placed: pd.DataFrame) -> pd.DataFrame:
    """Where lines run: down from box to box, and across to what stays. `head` is where an arrow ends."""
    found = []
    by_box = placed.set_index("box", drop=False)
    for row in placed[placed["leaves"] != ""].itertuples():
        before = by_box.loc[row.leaves]
        ends = placed[placed["kind"] == "end"]
        segment = {}
        for n, look in (("", DESK), ("n", PHONE)):
            top, middle = getattr(row, f"{n}y"), (getattr(row, f"{n}y") + getattr(row, f"{n}y2")) / 2
            bottom, right = before[f"{n}y2"], before[f"{n}x2"]
            if row.kind == "main" or (row.kind == "end" and not n):
                x = look["trunk"] if n else (row.x + row.x2) / 2 if row.kind == "end" else right / 2
                down = [(x, bottom if row.kind == "main" else ends["y"].min() - ABOVE / 2, x, top)]
                across = [] if row.kind == "main" else [(right / 2, down[0][1], x, down[0][1])]
                across += [] if row.kind == "main" else [(right / 2, bottom, right / 2, down[0][1])]
                arrow = (x, top)
            else:
                x = look["trunk"]
                start = (before["y"] + before["y2"]) / 2 if not n else bottom
                down = [(x, min(start, middle), x, max(start, middle))]
                across = [(x, middle, getattr(row, f"{n}x"), middle)]
                across += [(right, start, x, start)] if not n else []
                arrow = (float("nan"), float("nan"))
            parts = (down + across + [(float("nan"),) * 4] * 3)[:3]
            segment[n] = parts, arrow
        for (x, y, x2, y2), (nx, ny, nx2, ny2), last in zip(segment[""][0], segment["n"][0], (True, False, False)):
            head = dict(zip(("hx", "hy", "nhx", "nhy"), (*segment[""][1], *segment["n"][1]))) if last else {}
            found.append({"x": x, "y": y, "x2": x2, "y2": y2, "nx": nx, "ny": ny, "nx2": nx2, "ny2": ny2, **head})
    columns = ["x", "y", "x2", "y2", "nx", "ny", "nx2", "ny2", "hx", "hy", "nhx", "nhy"]
    return pd.DataFrame(found, columns=columns)


def _rules(lines: pd.DataFrame) -> list[alt.Chart]:
    frame = lines[["x", "y", "x2", "y2", "nx", "ny", "nx2", "ny2"]]
    return [spread(frame).transform_filter("isValid(datum.X)").mark_rule(opacity=0.6, aria=False).encode(**xy2())]


def _heads(lines: pd.DataFrame) -> alt.Chart:
    """The heads of the arrows that lead on."""
    frame = lines[["hx", "hy", "nhx", "nhy"]].set_axis(["x", "y", "nx", "ny"], axis="columns")
    frame = frame.dropna(how="all")
    look = {"shape": HEAD, "size": 4, "filled": True, "color": INK, "opacity": 1, "aria": False}
    return at(frame).transform_filter("isValid(datum.X)").mark_point(**look).encode(**xy())


def _boxes(placed: pd.DataFrame) -> alt.Chart:
    """One mark a box: what goes on has a full line, what stays a pale one."""
    frame = placed[["x", "y", "x2", "y2", "nx", "ny", "nx2", "ny2", "words", "kind"]]
    pale = alt.condition("datum.kind == 'side'", alt.value(0.5), alt.value(1))
    return (
        spread(frame)
        .mark_rect(fill="transparent", stroke=INK, strokeWidth=1)
        .encode(**xy2(), strokeOpacity=pale, description="words:N")
    )


def _texts(placed: pd.DataFrame) -> list[alt.Chart]:
    """The text of each box: its first lines larger."""
    look = {"align": "left", "baseline": "middle", "aria": False, "lineBreak": "\n", "lineHeight": LINE}
    layers = []
    for part, place, size in (("head", "hy", 13), ("small", "sy", 11)):
        frame = placed[placed["text" if part == "head" else "detail"] != ""]
        frame = frame[["x", f"{place}", part, "nx", f"n{place}", f"n{part}"]]
        frame = frame.set_axis(["x", "y", "text", "nx", "ny", "ntext"], axis="columns")
        frame = frame.assign(x=frame["x"] + PAD, nx=frame["nx"] + PAD)
        text = at(frame).transform_calculate(TEXT="narrow ? datum.ntext : datum.text")
        weight = {"fontWeight": "bold"} if part == "head" else {}
        layers.append(text.mark_text(fontSize=size, **weight, **look).encode(**xy(), text="TEXT:N"))
    return layers
