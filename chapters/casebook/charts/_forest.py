"""Forest plots: values with their intervals, one row a series, a method, a patient or a pooled figure."""

from __future__ import annotations

import altair as alt
import numpy as np
import pandas as pd

from casebook import words
from casebook.charts._forest_layout import HEADING, INDENT, LABEL, NOTE, PHONE, SHARE, Layout, forest_layout
from casebook.charts._house import said_of_cases
from casebook.charts._key import drawn_signs

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
    meta = {"legend": signs, "narrow": {"width": PHONE, "height": plan.height_phone}, "rows": _printed_rows(records)}
    meta["marks"] = [{"mark": words} for words in records["words"]]
    if said is not None:
        meta["said"], spoken = said_of_cases(said)
        described += f" {spoken}"
    return (
        alt.layer(*_grid(plan), *_words(plan), *_marks(plan), *_foot(plan))
        .properties(
            width=plan.width,
            height=plan.height,
            title=alt.TitleParams(text=title, subtitle=subtitle),
            description=described,
            usermeta=meta,
        )
        .add_params(alt.param(name="narrow", value=False))
    )


def _printed_rows(records: pd.DataFrame) -> list[dict]:
    several = (records["panel"] != "").any()
    return [
        {
            "Row": row.label,
            **({"Panel": row.panel} if several else {}),
            "About it": row.note.replace("\n", " "),
            "Count": row.count,
            "Value and interval": row.share,
            "Drawn as": row.drawn,
        }
        for row in records.rename(columns={"count": "counted"}).rename(columns={"counted": "count"}).itertuples()
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


def _at(base: alt.Chart, name: str) -> alt.Chart:
    """Place a layer by pixels from the top, other ones at a desk than on a phone."""
    return base.transform_calculate(at=f"narrow ? datum.{name}_phone : datum.{name}_wide").encode(
        y=alt.Y("at:Q", scale=None, axis=None)
    )


def _grid(plan: Layout) -> list[alt.Chart]:
    """A faint line at each tick: over all rows at a desk, at the marks alone on a phone; never through words."""
    ticks = pd.DataFrame({"tick": plan.ticks})
    whole = plan.spans.merge(ticks, how="cross")
    top = plan.records["mark_phone"] - np.where(plan.records["beyond"] != "", 3, 9)  # words stand above an arrow
    pieces = pd.DataFrame({"top": top, "bottom": plan.records["mark_phone"] + 9}).merge(ticks, how="cross")
    return [
        alt.Chart(frame[["tick", "top", "bottom"]])
        .transform_filter(where)
        .mark_rule(opacity=0.25, strokeDash=[1, 3], aria=False)
        .encode(x=alt.X("tick:Q", **_x(plan)), y=alt.Y("top:Q", scale=None, axis=None), y2="bottom:Q")
        for frame, where in ((whole, "!narrow"), (pieces, "narrow"))
    ]


def _foot(plan: Layout) -> list[alt.Chart]:
    """The numbers of the axis once more below a figure that fills more than a screen."""
    if len(plan.records) <= TALL:
        return []
    ticks = pd.DataFrame({"tick": plan.ticks, "text": [words.number(tick) for tick in plan.ticks]})
    ticks = ticks.assign(foot_wide=plan.height + 8, foot_phone=plan.height_phone + 8)
    return [
        _at(alt.Chart(ticks), "foot")
        .mark_text(aria=False, fontSize=12, baseline="middle")
        .encode(x=alt.X("tick:Q", **_x(plan)), text="text:N")
    ]


def _words(plan: Layout) -> list[alt.Chart]:
    """Headings, labels, notes and printed values."""
    base, look = alt.Chart(plan.records), {"aria": False, "baseline": "middle"}
    titled = len(plan.headings) > 0
    indent = INDENT if titled else 0
    left = alt.value({"expr": f"narrow ? 0 : {indent - plan.left}"})
    layers = [
        _at(base.transform_calculate(named="narrow ? datum.short_phone : datum.short"), "label")
        .mark_text(align="left", fontSize=LABEL, **look)
        .encode(x=left, text="named:N"),
        _at(base.transform_filter("datum.note != ''"), "note")
        .mark_text(align="left", fontSize=NOTE, opacity=0.8, lineBreak="\n", lineHeight=12, **look)
        .encode(x=left, text="note:N"),
        *_values(plan, base, look),
    ]
    if titled:
        heading = alt.Chart(plan.headings).transform_calculate(text="narrow ? datum.text_phone : datum.text_wide")
        heading = heading.mark_text(align="left", fontSize=HEADING, fontWeight="bold", lineBreak="\n", **look)
        edge = alt.value({"expr": f"narrow ? 0 : {-plan.left}"})
        layers.append(_at(heading, "heading").encode(x=edge, text="text:N"))
    return layers


def _values(plan: Layout, base: alt.Chart, look: dict) -> list[alt.Chart]:
    """Count and share, in two columns at a desk and in one line on a phone."""
    wide = _at(base.transform_filter("!narrow"), "values")
    return [
        wide.mark_text(align="left", fontSize=LABEL, **look).encode(x=alt.value(plan.count_at), text="count:N"),
        wide.mark_text(align="left", fontSize=SHARE, **look).encode(x=alt.value(plan.share_at), text="share:N"),
        _at(base.transform_filter("narrow"), "values")
        .mark_text(align="right", fontSize=SHARE, **look)
        .encode(x=alt.value(PHONE), text="values_said:N"),
    ]


# ---------------------------------------------------------------- marks


def _marks(plan: Layout) -> list[alt.Chart]:
    """Prediction intervals, intervals, arrows, points and diamonds; a layer without rows is left out."""
    records = plan.records
    x, color = _x(plan), alt.Color("color:N", scale=None)
    lined = records[records["drawn"] == "mark with its interval"]
    alone = records[records["drawn"] == "line"]
    points = records[records["drawn"].isin(["mark with its interval", "hollow mark"])]
    diamonds = records[records["drawn"].isin(["filled diamond", "hollow diamond"])]
    predicted = records[records["prediction_low"].notna()]
    beyond = records[records["beyond"] != ""]
    layers = []
    if len(predicted):
        layers.append(
            _at(alt.Chart(predicted), "mark")
            .mark_rule(strokeDash=[2, 3], strokeWidth=1.5, aria=False)
            .encode(x=alt.X("prediction_low:Q", **x), x2="prediction_high:Q", color=color)
        )
    for frame, spoken in ((lined, {"aria": False}), (alone, {})):
        if len(frame):
            rule = _at(alt.Chart(frame), "mark").mark_rule(strokeWidth=1.8, **spoken)
            rule = rule.encode(x=alt.X("low:Q", **x), x2="high:Q", color=color)
            layers.append(rule if spoken else rule.encode(description="words:N"))
    if len(beyond):
        layers += _arrows(plan, beyond, x, color)
    if len(points):
        hollow = "datum.drawn == 'hollow mark'"
        layers.append(
            _at(alt.Chart(points), "mark")
            .mark_point(strokeWidth=1.6)
            .encode(
                x=alt.X("estimate:Q", **x),
                size=alt.Size("area:Q", scale=None),
                shape=alt.Shape("shape:N", scale=None),
                stroke=alt.Stroke("color:N", scale=None),
                fill=alt.condition(hollow, alt.value("transparent"), alt.Fill("color:N", scale=None)),
                opacity=alt.condition(hollow, alt.value(0.65), alt.value(1)),
                description="words:N",
            )
        )
    if len(diamonds):
        layers += _diamonds(diamonds, x)
    return layers


def _arrows(plan: Layout, beyond: pd.DataFrame, x: dict, color: alt.Color) -> list[alt.Chart]:
    """The end of an interval that goes on beyond the axis, with the words for it above the line."""
    ends = _at(alt.Chart(beyond.assign(end=plan.domain[1])), "mark")
    at = alt.X("end:Q", **x)
    return [
        ends.mark_point(shape="triangle-right", size=70, filled=True, opacity=1, aria=False).encode(x=at, color=color),
        ends.mark_text(align="right", dy=-10, dx=4, fontSize=NOTE, aria=False).encode(x=at, text="beyond:N"),
    ]


def _diamonds(rows: pd.DataFrame, x: dict) -> list[alt.Chart]:
    """Diamonds as wide as the intervals: filled, or hollow."""
    corners = [("low", 0), ("estimate", -DIAMOND / 2), ("high", 0), ("estimate", DIAMOND / 2)]
    kept = ["row", "mark_wide", "mark_phone", "words", "color"]
    layers = []
    for drawn, mine in rows.groupby("drawn", sort=False):
        parts = [mine[kept].assign(corner=k, value=mine[name], rise=up) for k, (name, up) in enumerate(corners)]
        frame = pd.concat(parts, ignore_index=True).sort_values(["row", "corner"], ignore_index=True)
        filled = drawn == "filled diamond"
        layers.append(
            alt.Chart(frame)
            .transform_calculate(at="datum.rise + (narrow ? datum.mark_phone : datum.mark_wide)")
            .mark_line(interpolate="linear-closed", filled=filled, strokeWidth=1.6, strokeJoin="round")
            .encode(
                x=alt.X("value:Q", **x),
                y=alt.Y("at:Q", scale=None, axis=None),
                color=alt.Color("color:N", scale=None),
                order="corner:Q",
                detail="row:N",
                description="words:N",
            )
        )
    return layers
