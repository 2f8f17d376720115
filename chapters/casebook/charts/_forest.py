"""Forest plots: values with their intervals, one row a series, a method, a patient or a pooled figure."""

from __future__ import annotations

import altair as alt
import numpy as np
import pandas as pd

from casebook import words
from casebook.charts._forest_layout import HEADING, INDENT, LABEL, NOTE, PHONE, SHARE, Layout, forest_layout
from casebook.charts._house import said_of_cases
from casebook.charts._key import drawn_signs
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
    until: float | None = None,
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
    until : float, optional
        The last value of the axis: a limit beyond it ends in an arrow, with what the row says of it
        (`beyond`). By default the axis holds everything.

    Returns
    -------
    altair.LayerChart
        One mark a row.

    Raises
    ------
    ValueError
        As `forest_layout`.
    """
    plan = forest_layout(rows, axis, until)
    records = plan.records
    described = f"{title}. {subtitle.rstrip('.')}. {'; '.join(records['words'])}."
    subtitle, signs = drawn_signs(subtitle)
    meta = {}
    if said is not None:
        meta["said"], spoken = said_of_cases(said)
        described += f" {spoken}"
    return figure(
        [*_grid(plan), *_words(plan), *_marks(plan), *_foot(plan)],
        title=title,
        subtitle=subtitle,
        description=described,
        desk=(plan.width, plan.height),
        phone=(PHONE, plan.height_phone),
        marks=[{"mark": words} for words in records["words"]],
        rows=_printed_rows(records),
        legend=signs,
        **meta,
    )


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
    axis = alt.Axis(
        title=plan.axis,
        orient="top",
        titleAnchor="start",
        titlePadding=6,
        labelPadding=4,
        values=plan.ticks,
        labelFlush=False,
        labelOverlap=False,
        grid=False,
        domain=False,
    )
    return {"scale": alt.Scale(domain=list(plan.domain), nice=False, zero=False, padding=8), "axis": axis}


def _at(frame: pd.DataFrame, name: str, **columns: str) -> pd.DataFrame:
    """The frame with its places by name, other ones at a desk than on a phone, and columns under other names."""
    named = {column: frame[source] for column, source in columns.items()}
    return frame.assign(y=frame[f"{name}_wide"], ny=frame[f"{name}_phone"], **named)


def _grid(plan: Layout) -> list[alt.Chart]:
    """A faint line at each tick: over all rows at a desk, at the marks alone on a phone; never through words."""
    ticks = pd.DataFrame({"tick": plan.ticks})
    at = plan.records["mark_phone"]
    top = at - np.where(plan.records["beyond"] != "", 3, 9)  # words stand above an arrow
    pieces = pd.DataFrame({"y": top, "y2": at + 9})
    scaled, look = {"x": alt.X("tick:Q", **_x(plan))}, {"opacity": 0.25, "strokeDash": [1, 3]}
    return [
        one
        for spans, where in ((plan.spans, "!narrow"), (pieces, "narrow"))
        for one in layer(spans.merge(ticks, how="cross"), "rule", "tick", "y2", where=where, scaled=scaled, **look)
    ]


def _foot(plan: Layout) -> list[alt.Chart]:
    """The numbers of the axis once more below a figure that fills more than a screen."""
    if len(plan.records) <= TALL:
        return []
    ticks = pd.DataFrame({"tick": plan.ticks, "text": [words.number(tick) for tick in plan.ticks]})
    ticks = ticks.assign(y=plan.height + 8, ny=plan.height_phone + 8)
    return layer(ticks, "text", "tick", "text", scaled={"x": alt.X("tick:Q", **_x(plan))}, fontSize=12)


def _words(plan: Layout) -> list[alt.Chart]:
    """Headings, labels, notes and printed values: in two columns at a desk, in one line on a phone."""
    indent = INDENT if len(plan.headings) else 0
    left, edge = ({"x": alt.value({"expr": f"narrow ? 0 : {indented - plan.left}"})} for indented in (indent, 0))
    records, look = plan.records, {"align": "left"}
    label = _at(records, "label", text="short", ntext="short_phone")
    note = _at(records[records["note"] != ""], "note", text="note")
    count, share, values = (_at(records, "values", text=text) for text in ("count", "share", "values_said"))
    layers = [
        *layer(label, "text", "text", scaled=left, fontSize=LABEL, **look),
        *layer(note, "text", "text", scaled=left, fontSize=NOTE, opacity=0.8, lineBreak="\n", lineHeight=12, **look),
    ]
    for frame, where, x, more in (
        (count, "!narrow", plan.count_at, {"align": "left", "fontSize": LABEL}),
        (share, "!narrow", plan.share_at, {"align": "left", "fontSize": SHARE}),
        (values, "narrow", PHONE, {"align": "right", "fontSize": SHARE}),
    ):
        layers += layer(frame, "text", "text", where=where, scaled={"x": alt.value(x)}, **more)
    if len(plan.headings):
        heading = _at(plan.headings, "heading", text="text_wide", ntext="text_phone")
        bold = {"fontSize": HEADING, "fontWeight": "bold", "lineBreak": "\n"}
        layers += layer(heading, "text", "text", scaled=edge, **bold, **look)
    return layers


def _marks(plan: Layout) -> list[alt.Chart]:
    """Prediction intervals, intervals, arrows, points and diamonds."""
    records, x = _at(plan.records, "mark"), _x(plan)
    hollow = records["drawn"] == "hollow mark"
    records["fill"] = records["color"].mask(hollow, "transparent")
    records["opacity"] = np.where(hollow, 0.65, 1.0)
    drawn = {name: mine for name, mine in records.groupby("drawn")}
    lined, alone = (drawn.get(name, records.head(0)) for name in ("mark with its interval", "line"))
    points = records[hollow | (records["drawn"] == "mark with its interval")]
    beyond = records[records["beyond"] != ""].assign(end=plan.domain[1], text=records["beyond"])

    def span(low: str, high: str) -> dict:
        return {"x": alt.X(f"{low}:Q", **x), "x2": f"{high}:Q"}

    predicted = records[records["prediction_low"].notna()]
    prediction, interval = ("prediction_low", "prediction_high"), ("low", "high")
    end = {"x": alt.X("end:Q", **x)}
    look = {"shape": "triangle-right", "size": 70, "filled": True, "opacity": 1}
    return [
        *layer(predicted, "rule", *prediction, "color", scaled=span(*prediction), strokeDash=[2, 3], strokeWidth=1.5),
        *layer(lined, "rule", *interval, "color", scaled=span(*interval), strokeWidth=1.8),
        *layer(alone, "rule", *interval, "color", "words", scaled=span(*interval), strokeWidth=1.8),
        *layer(beyond, "point", "end", "color", scaled=end, **look),
        *layer(beyond, "text", "end", "text", scaled=end, align="right", dy=-10, dx=4, fontSize=NOTE),
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
        parts = [
            mine.assign(corner=k, value=mine[name], y=mine["y"] + rise, ny=mine["ny"] + rise)
            for k, (name, rise) in enumerate(corners)
        ]
        frame = pd.concat(parts, ignore_index=True).sort_values(["row", "corner"], ignore_index=True)
        columns = ("value", "corner", "row", "color", "words")
        layers += layer(frame, "line", *columns, scaled=scaled, filled=drawn == "filled diamond", **look)
    return layers
