"""Forest plots: values with their intervals, one row a series, a method, a patient or a pooled figure."""

from __future__ import annotations

import altair as alt
import numpy as np
import pandas as pd

from casebook import words
from casebook.charts._forest_layout import (
    BESIDE,
    HEADING,
    INDENT,
    LABEL,
    NOTE,
    SHARE,
    SLIDE,
    TOTAL,
    Layout,
    forest_layout,
)
from casebook.charts._house import said_of_cases
from casebook.charts._key import drawn_signs, forest_signs
from casebook.charts._pixels import figure, layer

DIAMOND = 12  # pixels: how high a diamond is
TALL = 15  # rows that one screen shows


def forest_chart(
    rows: pd.DataFrame,
    *,
    title: str,
    subtitle: str,
    axis: str,
    said: pd.DataFrame | None = None,
    log: bool = False,
    slide: bool = False,
) -> alt.LayerChart:
    """Draw values with their intervals on one axis.

    The area of a mark grows with the number of patients; a mark without an interval is hollow and
    pale; a diamond is as wide as its interval. Headings, names and printed values stand beside the
    plot at a desk and above each mark on a phone.

    Parameters
    ----------
    rows : DataFrame
        In the order of drawing, with the columns `forest_rows.ROW`; the rows of a panel stand together.
    title, subtitle : str
        The message in a sentence; what is drawn, of how many, and its source. What the subtitle says of signs
        ("line: 95% interval") is drawn in the key.
    axis : str
        What the axis counts.
    said : DataFrame, optional
        `case_id` and `said`: what the record says of each case, in words beside the drawing. A
        single patient has no place on an axis of proportions, and no value none on an axis of days.
    log : bool
        Whether the axis counts in powers of ten, and says so.
    slide : bool
        For a slide: the same type in a smaller drawing, for three to five rows.

    Returns
    -------
    altair.LayerChart
        One mark a row.

    Raises
    ------
    ValueError
        As `forest_layout`.
    """
    axis, total = f"{axis} (log scale)" if log else axis, SLIDE if slide else TOTAL if said is None else BESIDE
    plans = [forest_layout(rows, axis, log=log, narrow=narrow, total=total) for narrow in (False, True)]
    records = plans[0].records
    told, meta = f"{'; '.join(records['words'])}.", {}
    if said is not None:
        meta["said"], spoken = said_of_cases(said)
        told += f" {spoken}"
    shapes = records.loc[~records["drawn"].str.endswith("diamond"), "shape"].tolist()
    left, signs = drawn_signs(subtitle, forest_signs("square" if "square" in shapes or not shapes else shapes[0]))
    return figure(
        _drawn,
        plans,
        title=title,
        subtitle=left,
        told=told,
        described=f"{title}. {subtitle.rstrip('.')}.",
        marks=records["words"],
        rows=_printed_rows(records),
        legend=signs,
        **meta,
    )


def _drawn(plan: Layout) -> tuple[list[alt.Chart], float, float]:
    return [*_grid(plan), *_words(plan), *_marks(plan), *_foot(plan)], plan.width, plan.height


def _printed_rows(records: pd.DataFrame) -> list[dict]:
    several = (records["panel"] != "").any()
    return [
        {
            "Row": row.label,
            **({"Panel": row.panel} if several else {}),
            "About it": row.note.replace("\n", " "),
            "Count": row.counted,
            "Value and interval": row.share,
            "Drawn as": row.drawn,
        }
        for row in records.rename(columns={"count": "counted"}).itertuples()
    ]


def _x(plan: Layout) -> dict:
    """The scale, with room at both ends, and the axis."""
    look = {"orient": "top", "titleAnchor": "start", "titlePadding": 6, "labelPadding": 4, "labelFlush": False}
    look |= {"labelOverlap": False, "grid": False, "domain": False}
    kind = {"type": "log"} if plan.log else {"zero": False}
    scale = alt.Scale(domain=list(plan.domain), nice=False, padding=8, **kind)
    return {"scale": scale, "axis": alt.Axis(title=plan.axis, values=plan.ticks, **look)}


def _grid(plan: Layout) -> list[alt.Chart]:
    """A faint line at each tick: over all rows at a desk, at the marks alone on a phone; never through words."""
    lines = plan.spans.merge(pd.DataFrame({"tick": plan.ticks}), how="cross")
    return layer(
        lines, "rule", "tick", "y2", scaled={"x": alt.X("tick:Q", **_x(plan))}, opacity=0.25, strokeDash=[1, 3]
    )


def _foot(plan: Layout) -> list[alt.Chart]:
    """The numbers of the axis once more below a figure that fills more than a screen."""
    if len(plan.records) <= TALL:
        return []
    ticks = pd.DataFrame({"tick": plan.ticks, "text": [words.number(tick) for tick in plan.ticks]})
    return layer(
        ticks.assign(y=plan.height + 8), "text", "tick", "text", scaled={"x": alt.X("tick:Q", **_x(plan))}, fontSize=12
    )


def _words(plan: Layout) -> list[alt.Chart]:
    """Headings, labels, notes and printed values: in two columns at a desk, in one line on a phone."""
    records, look = plan.records, {"align": "left", "lineBreak": "\n"}
    indent = 0 if plan.narrow or plan.headings.empty else INDENT
    left, edge = ({"x": alt.XValue(indented - plan.left)} for indented in (indent, 0))
    label = records.assign(y=records["label_y"], text=records["short"])
    note = records[records["note"] != ""]
    note = note.assign(y=note["note_y"], text=note["note"])
    columns = [("count", plan.count_at, "left", LABEL), ("share", plan.share_at, "left", SHARE)]
    columns = [("values", plan.width, "right", SHARE)] if plan.narrow else columns
    layers = [
        *layer(label, "text", "text", scaled=left, fontSize=LABEL, align="left"),
        *layer(note, "text", "text", scaled=left, fontSize=NOTE, opacity=0.8, lineHeight=12, **look),
    ]
    for column, x, align, size in columns:
        values = records.assign(y=records["values_y"], text=records[column])
        layers += layer(values, "text", "text", scaled={"x": alt.XValue(x)}, align=align, fontSize=size)
    return layers + layer(plan.headings, "text", "text", scaled=edge, fontSize=HEADING, fontWeight="bold", **look)


def _marks(plan: Layout) -> list[alt.Chart]:
    """Prediction intervals, intervals, points and diamonds."""
    records, x = plan.records.assign(y=plan.records["mark_y"]), _x(plan)
    hollow = records["drawn"] == "hollow mark"
    records["fill"] = records["color"].mask(hollow, "transparent")
    records["opacity"] = np.where(hollow, 0.65, 1.0)
    drawn = {name: mine for name, mine in records.groupby("drawn")}
    lined, alone = (drawn.get(name, records.head(0)) for name in ("mark with its interval", "line"))
    points = records[hollow | (records["drawn"] == "mark with its interval")]

    def span(low: str, high: str) -> dict:
        return {"x": alt.X(f"{low}:Q", **x), "x2": alt.X2(f"{high}:Q")}

    predicted = records[records["prediction_low"].notna()]
    prediction, interval = ("prediction_low", "prediction_high"), ("low", "high")
    return [
        *layer(predicted, "rule", *prediction, "color", scaled=span(*prediction), strokeDash=[2, 3], strokeWidth=1.5),
        *layer(lined, "rule", *interval, "color", scaled=span(*interval), strokeWidth=1.8),
        *layer(alone, "rule", *interval, "color", "words", scaled=span(*interval), strokeWidth=1.8),
        *layer(
            points, "point", "estimate", "area", "shape", "color", "fill", "opacity", "words",
            scaled={"x": alt.X("estimate:Q", **x)}, strokeWidth=1.6,
        ),
        *_diamonds(records, x),
    ]  # fmt: skip


def _diamonds(records: pd.DataFrame, x: dict) -> list[alt.Chart]:
    """Diamonds as wide as the intervals: filled, or hollow."""
    corners = [("low", 0), ("estimate", -DIAMOND / 2), ("high", 0), ("estimate", DIAMOND / 2)]
    scaled = {"x": alt.X("value:Q", **x), "order": "corner:Q", "detail": "row:N"}
    look = {"interpolate": "linear-closed", "strokeWidth": 1.6, "strokeJoin": "round"}
    layers = []
    for drawn, mine in records[records["drawn"].str.endswith("diamond")].groupby("drawn", sort=False):
        parts = [mine.assign(corner=k, value=mine[name], y=mine["y"] + rise) for k, (name, rise) in enumerate(corners)]
        frame = pd.concat(parts, ignore_index=True).sort_values(["row", "corner"], ignore_index=True)
        columns = ("value", "corner", "row", "color", "words")
        layers += layer(frame, "line", *columns, scaled=scaled, filled=drawn == "filled diamond", **look)
    return layers
