"""Small curves under a timeline: a strip an analyte, with points on known days and brackets where a day has limits."""

from __future__ import annotations

import math

import altair as alt
import numpy as np
import pandas as pd

from casebook import words
from casebook.charts._axis import ticks
from casebook.charts._house import INK, rounded
from casebook.charts._key import SOLID, entry
from casebook.charts._pixels import figure, layer, named, own_of
from casebook.charts._timeline_records import looks_of
from casebook.charts._type import cut
from casebook.timeline import Course

TOP, FOOT = 40.0, 6.0  # pixels above the first strip, and below the last
DESK = {"width": 960.0, "left": 210.0, "label": 0.0, "strip": 46.0, "narrow": False}
PHONE = {"width": 312.0, "left": 44.0, "label": 16.0, "strip": 46.0, "narrow": True}
EDGE = 6.0  # pixels between the edge of a strip and its highest or lowest value
JOINED = 7  # days: points that lie farther apart are not joined, for nobody looked between them
BEYOND = 2.0  # days beside the scale, where an end is open
WIDE = 50  # how many times the least value the greatest may be before a strip counts in powers of ten
SHAPES = {"below": "triangle-down", "above": "triangle-up"}
LEGEND = {
    "normal": ("pale band: normal, by the limits of the source", f'<path d="M0,2H28V12H0z" {SOLID} opacity=".15"/>'),
    "limits": ("brackets: its day has limits; an open end has no bracket", '<path d="M8,2H5V12H8M20,2H23V12H20"/>'),
    "below": ("hollow, downward: below the value", '<path d="M9,3H19L14,12z"/>'),
    "above": ("hollow, upward: above the value", '<path d="M9,12H19L14,3z"/>'),
    "joined": (f"joined: at most {JOINED} days apart", '<path d="M2,11L26,3"/>'),
}  # fmt: skip


def curves_chart(values: pd.DataFrame, course: Course, *, title: str, subtitle: str) -> alt.LayerChart:
    """Draw what was measured in some patients, one strip a patient and analyte, over one axis of days.

    Parameters
    ----------
    values : DataFrame
        What `timeline.measured` gives.
    course : Course
        The same patients, counted from the same day 0.
    title, subtitle : str
        The message in a sentence; what is drawn, and its source.

    Returns
    -------
    altair.LayerChart
        Each value drawn by one mark; a day that nobody measured on has none.

    Raises
    ------
    ValueError
        If there is no value, or none has a day or a limit of one.
    """
    days = values[["low", "high"]].to_numpy(dtype=float)
    if not np.isfinite(days).any():
        raise ValueError("curves need at least one value with a day, or with a limit of one")
    low, high = (float(end(days[np.isfinite(days)], initial=0.0)) for end in (np.min, np.max))
    low, high = low - BEYOND * np.isinf(days[:, 0]).any(), max(high + BEYOND * np.isinf(days[:, 1]).any(), low + 1.0)
    strips = _strips(values, course)
    points = _points(values, strips, course)
    return figure(
        lambda look: _drawn(strips, points, course, low, high, look),
        (DESK, PHONE),
        title=named(title, values["case_id"], own_of(course.cases)),
        subtitle=subtitle,
        told=f"{'; '.join(points['words'])}.",
        marks=points["words"],
        of=[f"measurements-{measurement_id}" for measurement_id in points["measurement_id"]],
        rows=[
            {"Case": row.case, "Analyte": row.name, "Day": row.day, "Value": row.said, "Unit": row.unit,
             "Normal": row.normal, "Rests on": row.basis}
            for row in points.itertuples(index=False)
        ],
        key=looks_of(course).rename(columns={"label": "case"})[["case", "color", "sign"]].to_dict("records"),
        legend=_legend(points),
    )  # fmt: skip


def _drawn(
    strips: pd.DataFrame, points: pd.DataFrame, course: Course, low: float, high: float, look: dict
) -> tuple[list[alt.Chart], float, float]:
    each = look["strip"] + look["label"]
    strips = strips.assign(top=[TOP + number * each + look["label"] for number in range(len(strips))])
    own = {(strip.case_id, strip.analyte): strip for strip in strips.itertuples()}
    placed = points.assign(
        x=[_across(day, low, high, look) for day in points["low"]],
        x2=[_across(day, low, high, look) for day in points["high"]],
        y=[_height(row.value, own[row.case_id, row.analyte], look) for row in points.itertuples()],
    )
    layers = [*_frame(strips, course, low, high, look), *_bands(points, own, low, high, look), *_marks(placed)]
    return layers, look["width"], TOP + len(strips) * each + FOOT


def _strips(values: pd.DataFrame, course: Course) -> pd.DataFrame:
    """One row a patient and analyte: what it is called, and its scale."""
    rows = []
    looks = looks_of(course)
    for (case_id, analyte), mine in values.groupby(["case_id", "analyte"], sort=False):
        scale = mine[["value", "lower", "upper"]].to_numpy(dtype=float)
        least, most = np.nanmin(scale), np.nanmax(scale)
        powers = least > 0 and most / least > WIDE
        name = mine["name"].iloc[0]
        who = f"{looks.loc[case_id, 'label']}: " if values["case_id"].nunique() > 1 else ""
        unit = mine["unit"].iloc[0] + (", log scale" if powers else "")
        rows.append({"case_id": case_id, "analyte": analyte, "label": f"{who}{name}", "unit": unit, "least": least,
                     "most": most, "powers": powers})  # fmt: skip
    return pd.DataFrame(rows)


def _height(value: float, strip, look: dict) -> float:
    """Where a value stands in its strip."""
    of = math.log10 if strip.powers else float
    least, most = of(strip.least), of(strip.most)
    share = (of(value) - least) / (most - least) if most > least else 0.5
    return rounded(strip.top + look["strip"] - EDGE - share * (look["strip"] - 2 * EDGE))


def _across(day: float, low: float, high: float, look: dict) -> float:
    """Where a day stands; what is open lies at the edge of the plot."""
    share = min(max((day - low) / (high - low), 0.0), 1.0)
    return rounded(look["left"] + 8 + share * (look["width"] - look["left"] - 16))


def _points(values: pd.DataFrame, strips: pd.DataFrame, course: Course) -> pd.DataFrame:
    """One row a value: its look and its words."""
    own = {(strip.case_id, strip.analyte): strip for strip in strips.itertuples()}
    looks, rows = looks_of(course), []
    for row in values.itertuples():
        strip = own[row.case_id, row.analyte]
        said = f"{row.value_is} " * isinstance(row.value_is, str) + words.number(row.value)
        day, normal = _day(row.low, row.high), _normal(row)
        rows.append(
            {
                **row._asdict(),
                "case": looks.loc[row.case_id, "label"],
                "color": looks.loc[row.case_id, "color"],
                "shape": SHAPES.get(row.value_is, looks.loc[row.case_id, "shape"]),
                "known": row.low == row.high,
                "fill": "transparent" if isinstance(row.value_is, str) else looks.loc[row.case_id, "color"],
                "day": day,
                "said": said,
                "normal": normal,
                "words": f"{strip.label}, {day}: {said} {row.unit}{f', normal {normal}' if normal else ''}",
            }
        )
    return pd.DataFrame(rows)


def _day(low: float, high: float) -> str:
    if low == high:
        return f"day {words.number(low)}"
    if np.isfinite([low, high]).all():
        return f"day {words.number(low)} to {words.number(high)}"
    if np.isfinite(low):
        return f"day {words.number(low)} or later"
    return f"day {words.number(high)} or earlier" if np.isfinite(high) else words.NOT_IN_THE_RECORD


def _normal(row) -> str:
    lower, upper = (words.number(value) if np.isfinite(value) else "" for value in (row.lower, row.upper))
    return f"{lower} to {upper}" if lower and upper else f"up to {upper}" if upper else f"from {lower}" * bool(lower)


def _frame(strips: pd.DataFrame, course: Course, low: float, high: float, look: dict) -> list[alt.Chart]:
    """The days above, their lines, and beside each strip its name, unit, and least and greatest value."""
    at, narrow, room = ticks(low, high, of="days"), look["narrow"], DESK["left"] - 60
    across = [_across(day, low, high, look) for day in at]
    days = pd.DataFrame({"text": [words.number(day) for day in at], "x": across, "y": TOP - 12})
    lines = days.assign(y=TOP - 4, y2=strips["top"].max() + look["strip"])
    said = f"days; day 0 is {course.zero}, days count forward"
    head = pd.DataFrame({"text": [said], "x": [0.0 if narrow else look["left"]], "y": [12.0]})
    called = strips["label"] + ", " + strips["unit"] if narrow else [cut(one, room, 12) for one in strips["label"]]
    names = strips.assign(x=0.0, y=strips["top"] + (-8 if narrow else 16), text=called)
    units = strips.assign(x=0.0, y=strips["top"] + 32, text=[cut(unit, room, 11) for unit in strips["unit"]])
    above = strips.assign(x=0.0, y=strips["top"] - look["label"], x2=look["width"])
    ends = pd.concat(
        strips.assign(
            text=[words.number(value) for value in strips[end]],
            y=[_height(getattr(strip, end), strip, look) for strip in strips.itertuples()],
        )
        for end in ("least", "most")
    ).drop_duplicates(["case_id", "analyte", "text"])
    return [
        *layer(above, "rule", "x2", opacity=0.18),
        *layer(lines, "rule", "y2", opacity=0.35, strokeDash=[1, 3]),
        *layer(days, "text", "text", fontSize=12, align="center"),
        *layer(head, "text", "text", fontSize=11, opacity=0.85, align="left"),
        *layer(names, "text", "text", fontSize=12, fontWeight="bold", align="left"),
        *([] if narrow else layer(units, "text", "text", fontSize=11, align="left")),
        *layer(ends.assign(x=look["left"] - 2), "text", "text", fontSize=11, align="right"),
    ]


def _bands(points: pd.DataFrame, own: dict, low: float, high: float, look: dict) -> list[alt.Chart]:
    """The limits of normal as a pale band: over the whole strip, or over the days of which the source gives them."""
    rows = []
    for key, mine in points.dropna(subset=["lower", "upper"], how="all").groupby(["case_id", "analyte"], sort=False):
        groups = list(mine.fillna({"lower": -np.inf, "upper": np.inf}).groupby(["lower", "upper"], sort=False))
        for (lower, upper), some in groups:
            start, end = (low, high) if len(groups) == 1 else (some["low"].min(), some["high"].max())
            levels = {"y": max(lower, own[key].least), "y2": min(upper, own[key].most)}
            sides = {"x": _across(start, low, high, look), "x2": _across(end, low, high, look)}
            rows.append(sides | {side: _height(level, own[key], look) for side, level in levels.items()})
    return layer(pd.DataFrame(rows), "rect", "x2", "y2", color=INK, opacity=0.1) if rows else []


def _marks(points: pd.DataFrame) -> list[alt.Chart]:
    """Points on known days, joined where they lie near; brackets where a day has limits."""
    known, between = points[points["known"]], points[~points["known"]]
    return [
        *layer(_joined(known), "rule", "x2", "y2", "color", opacity=0.7, strokeWidth=1.4),
        *layer(known, "point", "color", "shape", "fill", "words", size=34, strokeWidth=1.4, opacity=1),
        *layer(
            between.assign(shape=_brackets(between)),
            "point", "color", "shape", "words", size=4, filled=False, strokeWidth=1.6, opacity=1,
        ),
    ]  # fmt: skip


def _joined(known: pd.DataFrame) -> pd.DataFrame:
    """From each point to the next of its strip, if both are values and no more than `JOINED` days lie between."""
    after = known.groupby(["case_id", "analyte"], sort=False)[["low", "value_is", *"xy"]].shift(-1)
    near = (after["low"] - known["low"]).le(JOINED) & known["value_is"].isna() & after["value_is"].isna()
    return known.assign(x2=after["x"], y2=after["y"])[near]


def _brackets(between: pd.DataFrame) -> list[str]:
    """A bracket at each end that is known, as one path from the place of the first."""
    paths = []
    for row in between.itertuples():
        wide = rounded(row.x2 - row.x)
        left = "M3,-6L0,-6L0,6L3,6" if np.isfinite(row.low) else ""
        right = f"M{wide - 3},-6L{wide},-6L{wide},6L{wide - 3},6" if np.isfinite(row.high) else ""
        paths.append(left + right or "M0,0")
    return paths


def _legend(points: pd.DataFrame) -> list[dict[str, str]]:
    there = {
        "normal": points["normal"].ne("").any(),
        "limits": (~points["known"]).any(),
        "below": points["value_is"].eq("below").any(),
        "above": points["value_is"].eq("above").any(),
        "joined": len(_joined(points[points["known"]].assign(x=0.0, y=0.0))) > 0,
    }
    return [entry(sign, said) for name, (said, sign) in LEGEND.items() if there[name]]
