"""The timeline: days that are known, partly known or not known at all, in the same lanes for every case."""

from __future__ import annotations

from itertools import pairwise

import altair as alt
import pandas as pd

from casebook.charts._house import INK, rounded
from casebook.charts._pixels import dashes, figure, layer, named, on_both, own_of
from casebook.charts._timeline_layout import DESK, PHONE, Layout, layout
from casebook.charts._timeline_records import (
    LABEL_AT,
    describe,
    hatch,
    key_of,
    legend_of,
    plot_of,
    printed_rows_of,
    records_of,
    silent_of,
)
from casebook.charts._type import BOLD, cut, text_width
from casebook.timeline import Course

LABEL = 124  # where the sign of a row stands
AROUND = "M-8,-7L-11,-7L-11,7L-8,7M8,-7L11,-7L11,7L8,7"  # brackets around a sign
SILENT_AT = 122.0  # on a phone the hatching begins behind the words


def timeline_chart(
    course: Course, *, title: str, subtitle: str, turned: tuple[Course, alt.LayerChart] | None = None
) -> alt.LayerChart:
    """Draw the courses of patients whose days are known, partly known or not known at all.

    A known day is a symbol. A window of possible onset is a hollow zone between brackets, never a
    line; an open end has no bracket and thins out (PlanningLines, Aigner et al. 2005). A bar is
    how long something lasted, and nothing else is. What has no place in time is a pale strip over
    the whole lane, a judgment of the whole course is words, and a lane in which the record of a
    case is silent is hatched. If no day is known, zones show the order alone.

    Parameters
    ----------
    course : Course
        From `course.course`.
    title, subtitle : str
        The message in a sentence; what is drawn, and its source.
    turned : tuple of Course and LayerChart, optional
        The same patients counted from another event, and their figure: a reader can switch to it.

    Returns
    -------
    altair.LayerChart
        Each event drawn by one mark; `usermeta.rows` holds what is drawn, `usermeta.legend` the
        signs that occur.

    References
    ----------
    Aigner W et al. PlanningLines. Proc IV 2005:457-463.
    """
    title = named(title, set(course.cases["case_id"]) & set(course.events["case_id"]), own_of(course.cases))
    placed = layout(course)
    records = records_of(course, placed)
    plots = dict(zip(("", "n"), plot_of(records)))
    silent = silent_of(placed, course)
    return figure(
        [
            *_frame(placed, course, records, plots),
            *_strips(silent, plots),
            *_events(records),
            *_labels(records, silent),
        ],
        title=title,
        subtitle=subtitle,
        description=describe(records, silent, course, placed, title, subtitle),
        desk=(DESK["width"], rounded(placed.height)),
        phone=(PHONE["width"], rounded(placed.narrow_height)),
        marks=[{"mark": row.words, "row": f"events-{row.event_id}"} for row in records.itertuples()],
        rows=printed_rows_of(records, course),
        key=key_of(records),
        legend=legend_of(records, silent),
        **({} if turned is None else _turned(course, *turned)),
    )


def _turned(course: Course, other: Course, figure: alt.LayerChart) -> dict:
    """The figure that a reader can switch to, and how day 0 is called here and there."""
    return {"turned": {"names": [course.zero, other.zero], "figure": figure.to_dict()}}


def _frame(
    placed: Layout, course: Course, records: pd.DataFrame, plots: dict[str, tuple[float, float]]
) -> list[alt.Chart]:
    """Titles of the lanes, the lines of the index events or days, and the names of the zones."""
    axis, edge = placed.axis, {"x2": float(DESK["width"]), "nx2": float(PHONE["width"])}
    lanes = on_both(placed.lanes, x=0.0).assign(
        text=[cut(text, LABEL - 12, BOLD * 12) for text in placed.lanes["title"]]
    )
    above = lanes.assign(y=lanes["y"] - 3, ny=lanes["ny"] - 3, **edge)
    titles = lanes.assign(y=lanes["y"] + DESK["row"] / 2, ny=lanes["ny"] + PHONE["head"] / 2)

    def along(value: float, text: str, room: float, size: int) -> dict:
        """A text of the axis at its place, cut to a share of the plot at a desk and on a phone."""
        said = {f"{n}text": cut(text, width * room + 4, size) for n, (_, width) in plots.items()}
        return {**{f"{n}x": rounded(left + width * value) for n, (left, width) in plots.items()}, **said}

    # A text reaches as far as the edge of the plot, or half of the way to the next.
    at = [value for value, _ in axis.marks]
    halves = [(after - before) / 2 for before, after in pairwise(at)]
    rooms = [2 * min(pair) for pair in zip([*at[:1], *halves], [*halves, 1 - at[-1] if at else 0])]
    ticks = {"y": DESK["top"] - 12.0, "ny": PHONE["top"] - 12.0}
    marks = pd.DataFrame(
        [along(*mark, 1 if axis.in_days else room, 12) | ticks for mark, room in zip(axis.marks, rooms)]
    )
    # Beside days the zones' names stand in the line of the ticks; the words of the axis stand above.
    top = {"y": 12.0, "ny": 12.0}
    heads = [
        along((start + end) / 2, text, end - start, 11) | (ticks if axis.in_days else top)
        for start, end, text in axis.zones
    ]
    if axis.in_days:
        heads.append(along(0.5, f"days; day 0 is {course.zero}, days count forward", 1, 11) | top)
    return [
        *layer(above, "rule", "x2", opacity=0.18),
        *layer(titles, "text", "text", align="left", fontSize=12, fontWeight="bold"),
        *layer(
            _pieces(placed, records, marks), "rule", "y2", opacity=0.35, strokeDash=[1, 3] if axis.in_days else [1, 0]
        ),
        *layer(marks, "text", "text", fontSize=12, align="center"),
        *layer(pd.DataFrame(heads), "text", "text", fontSize=11, opacity=0.85),
    ]


def _pieces(placed: Layout, records: pd.DataFrame, marks: pd.DataFrame) -> pd.DataFrame:
    """The line of each index event or day, row by row: none runs through words."""
    words_at = {row.y: (row.note_x, row.noted, row.turn) for row in records.itertuples()}
    plain = set(records.loc[records["form"].isin(["anywhere", "judgment"]), "y"])
    pieces = []
    last = placed.strips["lane"].ne(placed.strips["lane"].shift(-1))
    for strip, closes in zip(placed.strips.itertuples(), last):
        at, note, turn = words_at.get(strip.y, (0.0, "", "left"))
        long = text_width(note, 11) + 4
        start, end = (at - long, at) if turn == "right" else (at - 2, at + long)
        for mark in marks.itertuples():
            if strip.y in plain:
                continue
            top, foot = strip.y - DESK["row"] / 2, strip.y + DESK["row"] / 2 + DESK["lane"] * closes
            narrow_top, narrow_foot = strip.ny - PHONE["row"] / 2, strip.ny + PHONE["row"] / 2
            if note and start <= mark.x <= end:
                foot = top
            if strip.silent and mark.nx < SILENT_AT:
                narrow_foot = narrow_top
            place = {"x": mark.x, "y": top, "y2": foot, "nx": mark.nx, "ny": narrow_top, "ny2": narrow_foot}
            pieces.append(place)
    return pd.DataFrame(pieces, columns=["x", "y", "y2", "nx", "ny", "ny2"]).map(rounded)


def _strips(silent: pd.DataFrame, plots: dict[str, tuple[float, float]]) -> list[alt.Chart]:
    """Hatched where the record is silent."""
    (left, width), (_, phone) = plots.values()
    paths = {"path": hatch(width, DESK["row"] - 5), "npath": hatch(phone - SILENT_AT, PHONE["row"] - 4)}
    look = {"size": 4, "filled": False, "color": INK, "strokeWidth": 0.8, "opacity": 0.45}
    quiet = silent[~silent["answered"]]
    return layer(quiet.assign(x=left, nx=SILENT_AT, **paths), "point", "path", **look)


def _events(records: pd.DataFrame) -> list[alt.Chart]:
    """One mark an event."""
    of = {form: mine for form, mine in records.groupby("form")}
    anywhere, lasting, spans, days = (of.get(form, records.head(0)) for form in ("anywhere", "end", "window", "day"))
    told = anywhere.assign(
        x=anywhere["x"] + 8, nx=anywhere["nx"] + 8, text=anywhere["placed"], ntext=anywhere["nplaced"]
    )
    going_on = lasting[lasting["lasts"]]
    reading = days["basis"] == "inferred"
    signs = days.assign(fill=days["color"].mask(reading, "transparent"), dash=dashes(reading))
    bar = {"height": {"expr": "narrow ? 7 : 8"}, "opacity": 0.75}
    strip = {"height": {"expr": f"narrow ? {PHONE['row'] - 4} : {DESK['row'] - 5}"}, "opacity": 0.16}
    return [
        *layer(anywhere, "bar", "x2", "color", "words", **strip),
        *layer(told, "text", "text", align="left", fontSize=11, fontStyle="italic"),
        *layer(lasting, "bar", "x2", "color", "words", **bar),
        *layer(
            going_on.assign(x=going_on["x2"], nx=going_on["nx2"]), "point", "color",
            shape="triangle-right", size=90, filled=True, opacity=1,
        ),
        *layer(spans, "point", "color", "path", "words", size=4, filled=False, strokeWidth=1.6, opacity=1),
        *layer(signs, "point", "color", "shape", "fill", "dash", "words", size=110, strokeWidth=2, opacity=1),
        *layer(days[days["basis"] == "defined"], "point", "color", size=4, shape=AROUND, filled=False),
    ]  # fmt: skip


def _labels(records: pd.DataFrame, silent: pd.DataFrame) -> list[alt.Chart]:
    """The sign of the case and the words of each row: left of the plot at a desk, above the strip on a phone."""
    own = records[~records["form"].isin(["end", "judgment"])]
    judged = records[records["form"] == "judgment"]
    called = [said.removesuffix(name) for said, name in zip(judged["said"], judged["name"])]
    quoted = "{}“{}”, said of the whole course"
    room = PHONE["width"] - 15 - text_width(quoted.format("", ""), 12)
    told = own.assign(text=own["label"], ntext=own["phone_label"], ny=own["ny"] - (PHONE["label"] + PHONE["row"]) / 2)
    quiet = silent.assign(text=silent["said"], ntext=silent["answer"])
    told = pd.concat([told.assign(opacity=1.0), quiet.assign(opacity=0.75)], ignore_index=True)
    spoken = judged.assign(
        text=[quoted.format(who, cut(name, room, 12)) for who, name in zip(called, judged["name"])],
        ny=judged["ny"] - PHONE["label"] / 2 - 1,
    )
    signs = pd.concat([told, spoken], ignore_index=True).assign(x=LABEL, nx=5)
    noted = records[records["noted"] != ""]
    noted = noted.assign(x=noted["note_x"], text=noted["noted"])
    look = {"align": "left", "fontSize": 12}
    return [
        *layer(signs, "point", "color", "shape", size=42, filled=True, opacity=1),
        *layer(told.assign(x=LABEL_AT, nx=15), "text", "text", "opacity", **look),
        *layer(spoken.assign(x=LABEL_AT, nx=15), "text", "text", "words", fontStyle="italic", **look),
        *layer(noted, "text", "text", "turn", where="!narrow", fontSize=11),
    ]
