"""A chart that grows: on the day of a stage what was measured until then, a strip an analyte, on one axis of days.

It is a table, so that it reads as one with scripts off, on paper and to a screen reader. Its strips are drawn without
a specification, a path for all points: seven of them stand on a page. Their units across are days; what must not be
stretched with them (lines, points) keeps its width.
"""

from __future__ import annotations

import html
import math
from collections.abc import Callable

import pandas as pd

from casebook import words
from casebook.charts._axis import ticks
from casebook.charts._curves import JOINED, WIDE
from casebook.charts._house import rounded

HIGH, EDGE = 24.0, 4.0  # a strip, and what its highest and lowest value keep from its edges
BESIDE = 2.0  # days before the first and after the last
NOT_YET = 12.0  # days: what is to come must be that wide before it is called so


def strips(chart, label: str) -> str:
    """Draw what is known of a patient on one day.

    Parameters
    ----------
    chart : charted.Charted
    label : str
        What the patient is called.

    Returns
    -------
    str
        HTML: a table with a row for each analyte (its limits of normal, the strip, the last value) and one for each
        grade. Nothing of a later day is in it.
    """
    caption = f"{words.sentence(label)}, {chart.said}: what was measured until then, all made up"
    rows = [_grade(chart, *one) for one in chart.grades]
    rows += [_analyte(chart, mine) for _, mine in chart.values.groupby("analyte", sort=False)]
    head = '<th scope="col">Normal</th>', f'<td aria-hidden="true">{_axis(chart)}</td>', '<th scope="col">Last</th>'
    return (
        f'<table class="strips"><caption>{html.escape(words.unbroken(caption))}</caption>\n'
        f"<thead><tr>{''.join(head)}</tr></thead>\n<tbody>\n{chr(10).join(rows)}\n</tbody></table>"
    )


def measured_today(chart) -> str:
    """The values of the day of a stage, for a sheet: a line of numbers, with its names above it in the first stage."""
    mine = chart.values[chart.values["low"] == chart.day]
    names = [f"{row.name} {_unit(row.unit)}" for row in mine.itertuples()]
    wide = [max(map(len, name.split())) + 2 for name in names]
    columns = "".join(f'<col style="width: {100 * one / sum(wide):.1f}%">' for one in wide)
    seen = "" if chart.day == chart.low else ' class="visually-hidden"'
    heads = "".join(f'<th scope="col"{seen}>{html.escape(name)}</th>' for name in names)
    cells = "".join(f"<td>{html.escape(_value(row))}</td>" for row in mine.itertuples())
    return (
        f'<table class="values" aria-label="Measured, made up">{columns}<thead><tr>{heads}</tr></thead>'
        f"<tbody><tr>{cells}</tr></tbody></table>"
    )


def _analyte(chart, mine: pd.DataFrame) -> str:
    last = mine.iloc[-1]
    height = _scale(last["least"], last["most"])
    at = [(rounded(row.low), height(row.value), row) for row in mine.itertuples()]
    line, before = "", None
    for x, y, row in at:
        limit = isinstance(row.value_is, str)
        if not limit:
            line += f"{'M' if before is None or x - before > JOINED else 'L'}{x:g},{y:g}"
        before = None if limit else x
    tails = "".join(
        f"M{x:g},{y:g}V{0 if row.value_is == 'above' else HIGH:g}" for x, y, row in at if isinstance(row.value_is, str)
    )
    points = {True: "", False: ""}
    for x, y, _ in at:
        points[x == chart.day] += f"M{x:g},{y:g}h0"
    drawn = [_band(chart, last, height), _path("strip-line", line + tails), _path("strip-point", points[False]),
             _path("strip-now", points[True])]  # fmt: skip
    told = "; ".join(f"day {words.number(row.low)} {_value(row)}" for row in mine.itertuples())
    normal = f"{_normal(last)} {_unit(last['unit'])}".strip()
    when = "" if last["low"] == chart.day else f" <small>{html.escape(last['when'])}</small>"
    return _row(last["name"], normal, _picture(chart, drawn, f"{last['name']}: {told}"), f"{_value(last)}{when}")


def _grade(chart, event: str, day: float, answer: str) -> str:
    x, y = rounded(day), HIGH / 2
    drawn = [_path("strip-now" if day == chart.day else "strip-point", f"M{x:g},{y:g}h0")]
    said = answer or "to be graded"
    return _row(event, "by the rules", _picture(chart, drawn, f"{event}: {said}"), html.escape(said))


def _row(name: str, normal: str, picture: str, last: str) -> str:
    head = f"{html.escape(words.sentence(name))} <small>{html.escape(normal)}</small>"
    return f'<tr><th scope="row">{head}</th><td>{picture}</td><td>{last}</td></tr>'


def _value(row) -> str:
    sign = {"below": "under ", "above": "over "}.get(row.value_is, "")
    return f"{sign}{words.number(row.value)}"


def _unit(unit: str) -> str:
    return unit.replace("10^9", "10⁹")


def _normal(row) -> str:
    lower, upper = (words.number(end) if pd.notna(end) else "" for end in (row["lower"], row["upper"]))
    return f"{lower} to {upper}" if lower and upper else f"up to {upper}" if upper else f"from {lower}" * bool(lower)


def _scale(least: float, most: float) -> Callable[[float], float]:
    """Where a value stands in its strip, from end to end of its scale; in powers of ten where that is wide."""
    of = math.log10 if least > 0 and most / least > WIDE else float
    wide = of(most) - of(least) or 1.0
    return lambda value: round(HIGH - EDGE - (of(value) - of(least)) / wide * (HIGH - 2 * EDGE), 1)


def _band(chart, last, height) -> str:
    """The limits of normal over the days that have passed; what has none on one side goes on to that edge."""
    if pd.isna(last["lower"]) and pd.isna(last["upper"]):
        return ""
    top = height(last["upper"]) if pd.notna(last["upper"]) else 0.0
    low = height(last["lower"]) if pd.notna(last["lower"]) else HIGH
    return _path("strip-band", f"M{chart.low - BESIDE:g},{top:g}H{chart.day:g}V{low:g}H{chart.low - BESIDE:g}z")


def _path(kind: str, path: str) -> str:
    return f'<path class="{kind}" d="{path}"/>' if path else ""


def _picture(chart, drawn: list[str], said: str) -> str:
    days = "".join(f"M{rounded(day):g},0V{HIGH:g}" for _, day in chart.anchors)
    wide = rounded(chart.high - chart.low + 2 * BESIDE)
    return (
        f'<svg role="img" aria-label="{html.escape(said)}" viewBox="{chart.low - BESIDE:g} 0 {wide:g} {HIGH:g}" '
        f'preserveAspectRatio="none">{_path("strip-day", days)}{"".join(drawn)}</svg>'
    )


def _axis(chart) -> str:
    """The days above the strips, what they are counted from, and where nothing has happened yet."""

    def across(day: float) -> str:
        return f"{rounded(100 * (day - chart.low + BESIDE) / (chart.high - chart.low + 2 * BESIDE)):g}%"

    said = [f'<text x="{across(day)}" y="38">{words.number(day)}</text>' for day in _ticks(chart)]
    said += [
        f'<text x="{across(day)}" y="{10 + 14 * (number % 2)}">{html.escape(label)}</text>'
        for number, (label, day) in enumerate(chart.anchors)
    ]
    if chart.high - chart.day >= NOT_YET:
        said.append(f'<text x="{across((chart.day + chart.high) / 2)}" y="38" class="strip-later">not yet</text>')
    return f"<svg>{''.join(said)}</svg>"


def _ticks(chart) -> list[float]:
    """Round days that have passed, few enough for a phone; the first day of all in place of one close to it."""
    wide = (chart.high - chart.low) / 12
    later = [day for day in ticks(chart.low, chart.high, of="days") if chart.low + wide < day <= chart.day]
    return [chart.low, *later]
