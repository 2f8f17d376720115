"""The timeline: days that are known, partly known or not known at all, in the same lanes for every case."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise

import altair as alt
import pandas as pd

from casebook.charts._house import INK, rounded
from casebook.charts._pixels import dashes, figure, layer, named, own_of
from casebook.charts._timeline_layout import DESK, PHONE, SLIDE, Layout, layout
from casebook.charts._timeline_records import (
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
from casebook.words import unbroken

AROUND = "M-8,-7L-11,-7L-11,7L-8,7M8,-7L11,-7L11,7L8,7"  # brackets around a sign
SILENT_AT = 122.0  # on a phone the hatching begins behind the words


def timeline_chart(
    course: Course,
    *,
    title: str,
    subtitle: str,
    turned: tuple[Course, alt.LayerChart] | None = None,
    read: tuple[str, list[str]] | None = None,
    tiles: dict | None = None,
    lanes: Iterable[str] | None = None,
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
    read : tuple of str and list of str, optional
        Where `course` tells an event twice (see `two_meanings`): the word that has two meanings, and the title of the
        figure under each.
    tiles : dict, optional
        What is not known of the patients, for `render`.
    lanes : iterable of str, optional
        For a slide: these lanes alone, in larger type.

    Returns
    -------
    altair.LayerChart
        Each event drawn by one mark; `usermeta.rows` holds what is drawn, `usermeta.legend` the
        signs that occur.

    References
    ----------
    Aigner W et al. PlanningLines. Proc IV 2005:457-463.
    """
    shown, own = set(course.cases["case_id"]) & set(course.events["case_id"]), own_of(course.cases)
    title = named(title, shown, own)
    desk = DESK if lanes is None else SLIDE | {"lanes": tuple(lanes)}
    laid = _laid(course, desk)
    placed, records, silent, _ = laid
    return figure(
        lambda laid: _drawn(course, *laid),
        (laid, _laid(course, PHONE)),
        title=title,
        subtitle=subtitle,
        told=describe(records, silent, course, placed),
        marks=records["words"],
        of=[f"events-{event_id}" for event_id in records["event_id"]],
        rows=printed_rows_of(records, course),
        key=key_of(records),
        legend=legend_of(records, silent),
        lanes=True,
        columns=["Case", "Event", "Place in time", "Why this place", "Place rests on"],
        sentences=_sentences(course),
        **({} if turned is None else _turned(course, *turned)),
        **({} if read is None else _read(records, read[0], [named(one, shown, own) for one in read[1]])),
        **({} if tiles is None else {"tiles": tiles}),
    )


def _laid(course: Course, look: dict) -> tuple[Layout, pd.DataFrame, pd.DataFrame, dict]:
    """Where everything stands, the records of the events and the silent lanes, and for what it is laid out."""
    placed = layout(course, look)
    return placed, records_of(course, placed, look), silent_of(placed, course), look


def _drawn(
    course: Course, placed: Layout, records: pd.DataFrame, silent: pd.DataFrame, look: dict
) -> tuple[list[alt.Chart], float, float]:
    plot = plot_of(records["said"], look)
    layers = [
        *_frame(placed, course, records, plot, look),
        *_strips(silent, plot, look),
        *_events(records, look),
        *_labels(records, silent, look),
    ]
    return layers, look["width"], rounded(placed.height)


def _turned(course: Course, other: Course, figure: alt.LayerChart) -> dict:
    """The figure that a reader can switch to, and how day 0 is called here and there."""
    return {"turned": {"names": [course.zero, other.zero], "figure": figure.to_dict()}}


def _sentences(course: Course) -> dict[str, str]:
    """What the record says at each place in it that an event was read at."""
    if "sentence" not in course.events:
        return {}
    told = course.events[course.events["sentence"] != ""]
    return dict(zip(told["locator"], told["sentence"]))


def _read(records: pd.DataFrame, word: str, titles: list[str]) -> dict:
    """What a switch between the two meanings of a word needs to know of each: its words, title and marks."""
    twice = records[records["meaning"] != ""]
    meanings = [
        {
            "name": mine["meaning"].iloc[0],
            "title": unbroken(title),
            "marks": mine["words"].tolist(),
            "told": [f"{row.name}, {row.told}" for row in mine.itertuples(index=False)],
        }
        for title, (_, mine) in zip(titles, twice.groupby("rival"))
    ]
    return {"meanings": {"word": word, "of": meanings}}


def _frame(
    placed: Layout, course: Course, records: pd.DataFrame, plot: tuple[float, float], look: dict
) -> list[alt.Chart]:
    """Titles of the lanes, the lines of the index events or days, and the names of the zones."""
    axis, (left, width), top = placed.axis, plot, look["top"] - 12.0
    lanes = placed.lanes.assign(
        x=0.0,
        text=[cut(text, look.get("title", DESK["title"]) - 12, BOLD * look["type"]) for text in placed.lanes["title"]],
    )
    above = lanes.assign(y=lanes["y"] - 3, x2=float(look["width"]))
    titles = lanes.assign(y=lanes["y"] + (look["head"] or look["row"]) / 2)

    def along(value: float, text: str, room: float, size: int, y: float) -> dict:
        """A text of the axis at its place, cut to a share of the plot."""
        room = width * room + 4
        text = text if text_width(text, size) <= room else text.partition(" ")[0]  # such as "before"
        return {"x": rounded(left + width * value), "y": y, "text": cut(text, room, size)}

    # A text reaches as far as the edge of the plot, or half of the way to the next.
    at = [value for value, _ in axis.marks]
    halves = [(after - before) / 2 for before, after in pairwise(at)]
    rooms = [2 * min(pair) for pair in zip([*at[:1], *halves], [*halves, 1 - at[-1] if at else 0])]
    rooms = [1] * len(at) if axis.in_days else rooms
    marks = pd.DataFrame([along(*mark, room, look["type"], top) for mark, room in zip(axis.marks, rooms)])
    # Beside days the zones' names stand in the line of the ticks; the words of the axis stand above.
    zones = [
        (end / 2 + start / 2, text, end - start, look["small"], top if axis.in_days else 12.0)
        for start, end, text in axis.zones
    ]
    said = [(0.5, f"days; day 0 is {course.zero}, days count forward", 1, look["small"], 12.0)] if axis.in_days else []
    heads = pd.DataFrame([along(*one) for one in (*zones, *said)])
    dotted = [1, 3] if axis.in_days else [1, 0]
    return [
        *layer(above, "rule", "x2", opacity=0.18),
        *layer(titles, "text", "text", align="left", fontSize=look["type"], fontWeight="bold"),
        *layer(_pieces(placed, records, marks, look), "rule", "y2", opacity=0.35, strokeDash=dotted),
        *layer(marks, "text", "text", fontSize=look["type"], align="center"),
        *layer(heads, "text", "text", fontSize=look["small"], opacity=0.85),
    ]


def _pieces(placed: Layout, records: pd.DataFrame, marks: pd.DataFrame, look: dict) -> pd.DataFrame:
    """The line of each index event or day, row by row: none runs through words."""
    notes = records[records["noted"] != ""]
    words_at: dict[float, list[tuple[float, float]]] = {}  # from where to where words stand in a row
    for row in notes.itertuples():
        long = text_width(row.noted, look["small"]) + 4
        reach = (row.note_x - long, row.note_x) if row.turn == "right" else (row.note_x - 2, row.note_x + long)
        words_at.setdefault(row.y, []).append(reach)
    plain = set(records.loc[records["form"].isin(["anywhere", "judgment"]), "y"])
    pieces, half, last = [], look["row"] / 2, placed.strips["lane"].ne(placed.strips["lane"].shift(-1))
    for strip, closes in zip(placed.strips.itertuples(), last):
        between = 0 if look["narrow"] else look["lane"] * closes
        for x in () if strip.y in plain else marks.get("x", ()):
            foot = strip.y + half + between
            if look["narrow"]:
                hidden = strip.silent and x < SILENT_AT
            else:
                hidden = any(start <= x <= end for start, end in words_at.get(strip.y, []))
            pieces.append({"x": x, "y": strip.y - half, "y2": strip.y - half if hidden else foot})
    return pd.DataFrame(pieces, columns=["x", "y", "y2"]).map(rounded)


def _strips(silent: pd.DataFrame, plot: tuple[float, float], look: dict) -> list[alt.Chart]:
    """Hatched where the record is silent; on a phone behind the words."""
    left = SILENT_AT if look["narrow"] else plot[0]
    path = hatch(sum(plot) - left, look["row"] - (4 if look["narrow"] else 5))
    quiet = silent[~silent["answered"]]
    sign = {"size": 4, "filled": False, "color": INK, "strokeWidth": 0.8, "opacity": 0.45}
    return layer(quiet.assign(x=left, shape=path), "point", "shape", **sign)


def _events(records: pd.DataFrame, look: dict) -> list[alt.Chart]:
    """One mark an event."""
    of = {form: mine for form, mine in records.groupby("form")}
    anywhere, lasting, spans, days = (of.get(form, records.head(0)) for form in ("anywhere", "end", "window", "day"))
    told = anywhere.assign(x=anywhere["x"] + 8, text=anywhere["placed"])
    going_on = lasting[lasting["lasts"]]
    reading = days["basis"] == "inferred"
    signs = days.assign(fill=days["color"].mask(reading, "transparent"), dash=dashes(reading))
    bar = {"height": 7 if look["narrow"] else 8, "opacity": 0.75}
    strip = {"height": look["row"] - (4 if look["narrow"] else 5), "opacity": 0.16}
    arrow = {"shape": "triangle-right", "size": 90, "filled": True, "opacity": 1}
    sign = {"size": 4, "filled": False, "strokeWidth": 1.6, "opacity": 1}
    return [
        *layer(anywhere, "bar", "x2", "color", "words", **strip),
        *layer(told, "text", "text", align="left", fontSize=look["small"], fontStyle="italic"),
        *layer(lasting, "bar", "x2", "color", "words", **bar),
        *layer(going_on.assign(x=going_on["x2"]), "point", "color", **arrow),
        *layer(spans.assign(shape=spans["path"]), "point", "color", "shape", "words", **sign),
        *layer(signs, "point", "color", "shape", "fill", "dash", "words", size=110, strokeWidth=2, opacity=1),
        *layer(days[days["basis"] == "defined"], "point", "color", size=4, shape=AROUND, filled=False),
    ]


def _labels(records: pd.DataFrame, silent: pd.DataFrame, look: dict) -> list[alt.Chart]:
    """The sign of the case and the words of each row: left of the plot at a desk, above the strip on a phone."""
    own = records[~records["form"].isin(["end", "judgment"]) & ~records["rival"]]
    judged = records[records["form"] == "judgment"]
    called = [said.removesuffix(name) for said, name in zip(judged["said"], judged["name"])]
    quoted = "{}“{}”, said of the whole course"
    room = PHONE["width"] - 15 - text_width(quoted.format("", ""), 12)
    quotes = [quoted.format(who, cut(name, room, 12)) for who, name in zip(called, judged["name"])]
    spoken, told = judged.assign(text=quotes), own.assign(text=own["label"], opacity=1.0)
    noted = records[records["noted"] != ""]
    if look["narrow"]:
        spoken["y"] -= look["label"] / 2 + 1
        told["y"] -= (look["label"] + look["row"]) / 2
        noted = noted.assign(y=noted["y"] - (look["label"] + look["row"]) / 2)
    quiet = silent.assign(text=silent["answer" if look["narrow"] else "said"], opacity=0.75)
    told = pd.concat([told, quiet], ignore_index=True)
    signs = pd.concat([told, spoken], ignore_index=True).assign(x=5 if look["narrow"] else look["title"])
    at, line = 15 if look["narrow"] else look["words"], {"align": "left", "fontSize": look["type"]}
    noted = noted.assign(x=noted["note_x"], text=noted["noted"])
    written = layer(noted, "text", "text", "turn", fontSize=look["small"])
    return [
        *layer(signs, "point", "color", "shape", size=42, filled=True, opacity=1),
        *layer(told.assign(x=at), "text", "text", "opacity", **line),
        *layer(spoken.assign(x=at), "text", "text", "words", fontStyle="italic", **line),
        *written,
    ]
