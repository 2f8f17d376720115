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
from casebook.charts._pixels import figure, layer, named, on_both
from casebook.charts._timeline_records import looks_of
from casebook.charts._type import cut
from casebook.timeline import Course

TOP, FOOT = 40.0, 6.0  # pixels above the first strip, and below the last
DESK = {"width": 720.0, "left": 190.0, "label": 0.0, "strip": 46.0}
PHONE = {"width": 312.0, "left": 44.0, "label": 16.0, "strip": 46.0}
PLACES = {"": DESK, "n": PHONE}
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
    points = _points(values, strips, course, low, high)
    height = {n: TOP + len(strips) * (place["strip"] + place["label"]) + FOOT for n, place in PLACES.items()}
    return figure(
        [*_frame(strips, course, low, high), *_bands(points, strips, low, high), *_marks(points)],
        title=named(title, values["case_id"]),
        subtitle=subtitle,
        description=f"{title}. {subtitle.rstrip('.')}. {'; '.join(points['words'])}.",
        desk=(DESK["width"], height[""]),
        phone=(PHONE["width"], height["n"]),
        marks=[{"mark": row.words, "row": f"measurements-{row.measurement_id}"} for row in points.itertuples()],
        rows=[
            {"Case": row.case, "Analyte": row.name, "Day": row.day, "Value": row.said, "Unit": row.unit,
             "Normal": row.normal, "Rests on": row.basis}
            for row in points.itertuples(index=False)
        ],
        key=looks_of(course).rename(columns={"label": "case"})[["case", "color", "sign"]].to_dict("records"),
        legend=_legend(points),
    )  # fmt: skip


def _strips(values: pd.DataFrame, course: Course) -> pd.DataFrame:
    """One row a patient and analyte: what it is called, its scale, and where it stands."""
    rows = []
    looks = looks_of(course)
    for number, ((case_id, analyte), mine) in enumerate(values.groupby(["case_id", "analyte"], sort=False)):
        scale = mine[["value", "lower", "upper"]].to_numpy(dtype=float)
        least, most = np.nanmin(scale), np.nanmax(scale)
        powers = least > 0 and most / least > WIDE
        name = mine["name"].iloc[0]
        who = f"{looks.loc[case_id, 'label']}: " if values["case_id"].nunique() > 1 else ""
        unit = mine["unit"].iloc[0] + (", log scale" if powers else "")
        rows.append({"case_id": case_id, "analyte": analyte, "label": f"{who}{name}", "unit": unit, "least": least,
                     "most": most, "powers": powers, **_tops(number)})  # fmt: skip
    return pd.DataFrame(rows)


def _tops(number: int) -> dict[str, float]:
    """Where a strip begins, below its words on a phone."""
    return {f"{n}top": TOP + number * (place["strip"] + place["label"]) + place["label"] for n, place in PLACES.items()}


def _height(value: float, strip, n: str) -> float:
    """Where a value stands in its strip."""
    of = math.log10 if strip.powers else float
    least, most = of(strip.least), of(strip.most)
    share = (of(value) - least) / (most - least) if most > least else 0.5
    tall = PLACES[n]["strip"]
    return rounded(getattr(strip, f"{n}top") + tall - EDGE - share * (tall - 2 * EDGE))


def _across(day: float, low: float, high: float, n: str) -> float:
    """Where a day stands; what is open lies at the edge of the plot."""
    place = PLACES[n]
    share = min(max((day - low) / (high - low), 0.0), 1.0)
    return rounded(place["left"] + 8 + share * (place["width"] - place["left"] - 16))


def _points(values: pd.DataFrame, strips: pd.DataFrame, course: Course, low: float, high: float) -> pd.DataFrame:
    """One row a value: its place, its look and its words."""
    own = {(strip.case_id, strip.analyte): strip for strip in strips.itertuples()}
    looks, rows = looks_of(course), []
    for row in values.itertuples():
        strip = own[row.case_id, row.analyte]
        said = f"{row.value_is} " * isinstance(row.value_is, str) + words.number(row.value)
        day, normal = _day(row.low, row.high), _normal(row)
        places = {f"{n}x": _across(row.low, low, high, n) for n in PLACES}
        places |= {f"{n}x2": _across(row.high, low, high, n) for n in PLACES}
        places |= {f"{n}y": _height(row.value, strip, n) for n in PLACES}
        rows.append(
            {
                **row._asdict(),
                **places,
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


def _frame(strips: pd.DataFrame, course: Course, low: float, high: float) -> list[alt.Chart]:
    """The days above, their lines, and beside each strip its name, unit, and least and greatest value."""
    at = ticks(low, high, of="days")
    foot = {f"{n}y2": strips[f"{n}top"].max() + place["strip"] for n, place in PLACES.items()}
    days = on_both(pd.DataFrame({"text": [words.number(day) for day in at]}), y=TOP - 12)
    for n in PLACES:
        days[f"{n}x"] = [_across(day, low, high, n) for day in at]
    lines = on_both(days, y=TOP - 4).assign(**foot)
    head = on_both(pd.DataFrame({"text": [f"days; day 0 is {course.zero}, days count forward"]}), x=0.0, y=12.0)
    head = head.assign(x=DESK["left"])
    names = strips.assign(
        x=0.0, nx=0.0, y=strips["top"] + 16, ny=strips["ntop"] - 8,
        text=[cut(label, DESK["left"] - 60, 12) for label in strips["label"]],
        ntext=strips["label"] + ", " + strips["unit"],
    )  # fmt: skip
    room = DESK["left"] - 60
    units = strips.assign(x=0.0, y=strips["top"] + 32, text=[cut(unit, room, 11) for unit in strips["unit"]])
    above = strips.assign(x=0.0, nx=0.0, y=strips["top"], ny=strips["ntop"] - PHONE["label"], x2=DESK["width"],
                          nx2=PHONE["width"])  # fmt: skip
    ends = pd.concat(
        [
            strips.assign(text=[words.number(value) for value in strips[end]], **{
                f"{n}y": [_height(getattr(strip, end), strip, n) for strip in strips.itertuples()] for n in PLACES
            })
            for end in ("least", "most")
        ]
    ).drop_duplicates(["case_id", "analyte", "text"])  # fmt: skip
    ends = ends.assign(**{f"{n}x": place["left"] - 2 for n, place in PLACES.items()})
    return [
        *layer(above, "rule", "x2", opacity=0.18),
        *layer(lines, "rule", "y2", opacity=0.35, strokeDash=[1, 3]),
        *layer(days, "text", "text", fontSize=12, align="center"),
        *layer(head, "text", "text", fontSize=11, opacity=0.85, align="left"),
        *layer(names, "text", "text", fontSize=12, fontWeight="bold", align="left"),
        *layer(units, "text", "text", fontSize=11, align="left", where="!narrow"),
        *layer(ends, "text", "text", fontSize=11, align="right"),
    ]


def _bands(points: pd.DataFrame, strips: pd.DataFrame, low: float, high: float) -> list[alt.Chart]:
    """The limits of normal as a pale band: over the whole strip, or over the days of which the source gives them."""
    own = {(strip.case_id, strip.analyte): strip for strip in strips.itertuples()}
    rows = []
    for key, mine in points.dropna(subset=["lower", "upper"], how="all").groupby(["case_id", "analyte"], sort=False):
        groups = list(mine.fillna({"lower": -np.inf, "upper": np.inf}).groupby(["lower", "upper"], sort=False))
        for (lower, upper), some in groups:
            strip = own[key]
            start, end = (low, high) if len(groups) == 1 else (some["low"].min(), some["high"].max())
            sides = {"x": start, "x2": end}
            levels = {"y": max(lower, strip.least), "y2": min(upper, strip.most)}
            across = {f"{n}{at}": _across(day, low, high, n) for n in PLACES for at, day in sides.items()}
            rows.append(across | {f"{n}{at}": _height(level, strip, n) for n in PLACES for at, level in levels.items()})
    return layer(pd.DataFrame(rows), "rect", "x2", "y2", color=INK, opacity=0.1) if rows else []


def _marks(points: pd.DataFrame) -> list[alt.Chart]:
    """Points on known days, joined where they lie near; brackets where a day has limits."""
    known, between = points[points["known"]], points[~points["known"]]
    return [
        *layer(_joined(known), "rule", "x2", "y2", "color", opacity=0.7, strokeWidth=1.4),
        *layer(known, "point", "color", "shape", "fill", "words", size=34, strokeWidth=1.4, opacity=1),
        *layer(
            between.assign(path=_brackets(between, ""), npath=_brackets(between, "n")),
            "point", "color", "path", "words", size=4, filled=False, strokeWidth=1.6, opacity=1,
        ),
    ]  # fmt: skip


def _joined(known: pd.DataFrame) -> pd.DataFrame:
    """From each point to the next of its strip, if both are values and no more than `JOINED` days lie between."""
    places = [f"{n}{axis}" for n in PLACES for axis in "xy"]
    after = known.groupby(["case_id", "analyte"], sort=False)[["low", "value_is", *places]].shift(-1)
    near = (after["low"] - known["low"]).le(JOINED) & known["value_is"].isna() & after["value_is"].isna()
    ends = {f"{place}2": after[place] for place in places}
    return known.assign(**ends)[near]


def _brackets(between: pd.DataFrame, n: str) -> list[str]:
    """A bracket at each end that is known, as one path from the place of the first."""
    paths = []
    for row in between.itertuples():
        wide = rounded(getattr(row, f"{n}x2") - getattr(row, f"{n}x"))
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
        "joined": len(_joined(points[points["known"]])) > 0,
    }
    return [entry(sign, said) for name, (said, sign) in LEGEND.items() if there[name]]
