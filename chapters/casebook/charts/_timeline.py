"""The timeline: days that are known, partly known or not known at all, in the same lanes for every case."""

from __future__ import annotations

from itertools import pairwise

import altair as alt
import pandas as pd

from casebook import words
from casebook.charts._house import INK, rounded
from casebook.charts._timeline_layout import DESK, PHONE, Layout, layout
from casebook.charts._timeline_records import (
    LABEL_AT,
    describe,
    hatch,
    key_of,
    legend_of,
    marks_of,
    plot_of,
    printed_rows_of,
    records_of,
    silent_of,
)
from casebook.charts._type import BOLD, cut, text_width
from casebook.timeline import Course

LABEL = 124  # where the sign of a row stands
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
    made_up = course.cases["case_id"].str.startswith(words.MADE_UP) & course.cases["case_id"].isin(
        course.events["case_id"]
    )
    if made_up.any() and "made-up" not in title.lower():
        title = f"Made-up patient: {title}"
    placed = layout(course)
    records = records_of(course, placed)
    desk, phone = plot_of(records)
    silent = silent_of(placed, course)
    layers = [
        *_frame(placed, course, records, desk, phone),
        *_strips(silent, desk, phone),
        *_events(records),
        *_labels(records, silent),
    ]
    description = describe(records, silent, course, placed, title, subtitle)
    return (
        alt.layer(*layers)
        .properties(
            width=DESK["width"],
            height=rounded(placed.height),
            title=alt.TitleParams(text=title, subtitle=subtitle),
            description=description,
            usermeta={
                "rows": printed_rows_of(records, course),
                "marks": marks_of(records),
                **({} if turned is None else _turned(course, *turned)),
                "narrow": {"width": PHONE["width"], "height": rounded(placed.narrow_height)},
                "key": key_of(records),
                "legend": legend_of(records, placed),
            },
        )
        .add_params(alt.param(name="narrow", value=False))
    )


def _turned(course: Course, other: Course, figure: alt.LayerChart) -> dict:
    """The figure that a reader can switch to, and how day 0 is called here and there."""
    return {"turned": {"names": [course.zero, other.zero], "figure": figure.to_dict()}}


def _at(frame: pd.DataFrame, *, y: str = "y") -> alt.Chart:
    """A chart over a frame, with the places of a desk or of a phone."""
    return alt.Chart(frame).transform_calculate(X="narrow ? datum.nx : datum.x", Y=f"narrow ? datum.n{y} : datum.{y}")


def _xy(x: str = "X", y: str = "Y") -> dict:
    """Places in pixels: no scale, no axis."""
    return {
        "x": alt.X(f"{x}:Q", scale=None, axis=None),
        "y": alt.Y(f"{y}:Q", scale=None, axis=None),
    }


def _frame(
    placed: Layout, course: Course, records: pd.DataFrame, desk: tuple[float, float], phone: tuple[float, float]
) -> list[alt.Chart]:
    """Titles of the lanes, the lines of the index events or days, and the names of the zones."""
    titles = [cut(title, LABEL - 12, BOLD * 12) for title in placed.lanes["title"]]
    lanes = placed.lanes.assign(title=titles, x=0.0, nx=0.0, below=placed.lanes["y"] - 3, nbelow=placed.lanes["ny"] - 3)
    lanes["y"], lanes["ny"] = lanes["y"] + DESK["row"] / 2, lanes["ny"] + PHONE["head"] / 2
    width = {"expr": f"narrow ? {PHONE['width']} : {DESK['width']}"}
    layers = [
        _at(lanes, y="below").mark_rule(opacity=0.18, aria=False).encode(**_xy(), x2=alt.value(width)),
        _at(lanes)
        .mark_text(align="left", baseline="middle", fontSize=12, fontWeight="bold", aria=False)
        .encode(**_xy(), text="title:N"),
    ]

    def along(value: float) -> dict:
        return {"x": rounded(desk[0] + desk[1] * value), "nx": rounded(phone[0] + phone[1] * value)}

    def named(text: str, room: float, size: int = 12) -> dict:
        """A text of the axis, cut to a share of the plot at a desk and on a phone."""
        return {n + "text": cut(text, width * room + 4, size) for n, (_, width) in (("", desk), ("n", phone))}

    # A text reaches as far as the edge of the plot, or half of the way to the next.
    at = [value for value, _ in placed.axis.marks]
    halves = [(after - before) / 2 for before, after in pairwise(at)]
    rooms = [2 * min(pair) for pair in zip([*at[:1], *halves], [*halves, 1 - at[-1] if at else 0])]
    marks = pd.DataFrame(
        [
            {**along(value), **named(text, 1 if placed.axis.in_days else room)}
            for (value, text), room in zip(placed.axis.marks, rooms)
        ]
    )
    if len(marks):
        pieces = _pieces(placed, records, marks)
        dash = [1, 3] if placed.axis.in_days else [1, 0]
        layers += [
            _at(pieces)
            .transform_calculate(END="narrow ? datum.nend : datum.end")
            .mark_rule(opacity=0.35, strokeDash=dash, aria=False)
            .encode(**_xy(), y2=alt.Y2("END:Q")),
            _at(marks.assign(y=DESK["top"] - 12.0, ny=PHONE["top"] - 12.0))
            .transform_calculate(TEXT="narrow ? datum.ntext : datum.text")
            .mark_text(fontSize=12, aria=False, align="center")
            .encode(**_xy(), text="TEXT:N"),
        ]
    # Beside days the zones' names stand in the line of the ticks; the words of the axis stand above.
    y = DESK["top"] - 12.0 if placed.axis.in_days else 12.0
    ny = PHONE["top"] - 12.0 if placed.axis.in_days else 12.0
    heads = [
        {**along((start + end) / 2), "y": y, "ny": ny, **named(text, end - start, 11)}
        for start, end, text in placed.axis.zones
    ]
    if placed.axis.in_days:
        said = f"days; day 0 is {course.zero}, days count forward"
        heads.append({**along(0.5), "y": 12.0, "ny": 12.0, **named(said, 1, 11)})
    if heads:
        layers.append(
            _at(pd.DataFrame(heads))
            .transform_calculate(TEXT="narrow ? datum.ntext : datum.text")
            .mark_text(fontSize=11, opacity=0.85, aria=False)
            .encode(**_xy(), text="TEXT:N")
        )
    return layers


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
            place = {"x": mark.x, "y": top, "end": foot, "nx": mark.nx, "ny": narrow_top, "nend": narrow_foot}
            pieces.append(place)
    return pd.DataFrame(pieces, columns=["x", "y", "end", "nx", "ny", "nend"]).map(rounded)


def _strips(silent: pd.DataFrame, desk: tuple[float, float], phone: tuple[float, float]) -> list[alt.Chart]:
    """Hatched where the record is silent."""
    if silent.empty:
        return []
    frame = silent.assign(
        x=desk[0],
        nx=SILENT_AT,
        path=hatch(desk[1], DESK["row"] - 5),
        npath=hatch(phone[1] - SILENT_AT, PHONE["row"] - 4),
    )[["x", "nx", "y", "ny", "path", "npath"]]
    shape = alt.Shape("PATH:N", scale=None, legend=None)
    return [
        _at(frame)
        .transform_calculate(PATH="narrow ? datum.npath : datum.path")
        .mark_point(size=4, filled=False, color=INK, strokeWidth=0.8, opacity=0.45, aria=False)
        .encode(**_xy(), shape=shape)
    ]


def _events(records: pd.DataFrame) -> list[alt.Chart]:
    """One mark an event."""
    layers = []
    color = alt.Color("color:N", scale=None, legend=None)
    anywhere = records[records["form"] == "anywhere"]
    if len(anywhere):
        layers.append(_bars(anywhere, color, tall=(DESK["row"] - 5, PHONE["row"] - 4), opacity=0.16))
        told = anywhere.assign(x=anywhere["x"] + 8, nx=anywhere["nx"] + 8)
        layers.append(
            _at(told[["x", "nx", "y", "ny", "placed", "nplaced"]])
            .transform_calculate(TEXT="narrow ? datum.nplaced : datum.placed")
            .mark_text(align="left", baseline="middle", fontSize=11, fontStyle="italic", aria=False)
            .encode(**_xy(), text="TEXT:N")
        )
    lasting = records[records["form"] == "end"]
    if len(lasting):
        layers.append(_bars(lasting, color, tall=(8, 7), opacity=0.75))
    going_on = lasting[lasting["lasts"]]
    if len(going_on):
        layers.append(
            _at(going_on.assign(x=going_on["x2"], nx=going_on["nx2"])[["x", "nx", "y", "ny", "color"]])
            .mark_point(shape="triangle-right", size=90, filled=True, opacity=1, aria=False)
            .encode(**_xy(), color=color)
        )
    spans = records[records["form"] == "window"]
    if len(spans):
        layers.append(
            _at(spans)
            .transform_calculate(PATH="narrow ? datum.npath : datum.path")
            .mark_point(size=4, filled=False, strokeWidth=1.6, opacity=1)
            .encode(
                **_xy(),
                color=color,
                shape=alt.Shape("PATH:N", scale=None, legend=None),
                description="words:N",
            )
        )
    days = records[records["form"] == "day"]
    if len(days):
        layers.append(
            _at(days)
            .mark_point(size=110, strokeWidth=2, opacity=1)
            .encode(
                **_xy(),
                color=color,
                shape=alt.Shape("shape:N", scale=None, legend=None),
                fill=alt.condition(
                    "datum.basis == 'inferred'", alt.value("transparent"), alt.Fill("color:N", scale=None)
                ),
                strokeDash=alt.condition("datum.basis == 'inferred'", alt.value([3, 2]), alt.value([1, 0])),
                description="words:N",
            )
        )
        around = days[days["basis"] == "defined"]
        if len(around):
            layers.append(
                _at(around)
                .mark_point(size=4, shape="M-8,-7L-11,-7L-11,7L-8,7M8,-7L11,-7L11,7L8,7", filled=False, aria=False)
                .encode(**_xy(), color=color)
            )
    return layers


def _bars(frame: pd.DataFrame, color: alt.Color, *, tall: tuple[int, int], opacity: float) -> alt.Chart:
    return (
        _at(frame)
        .transform_calculate(X2="narrow ? datum.nx2 : datum.x2")
        .mark_bar(height={"expr": f"narrow ? {tall[1]} : {tall[0]}"}, opacity=opacity)
        .encode(**_xy(), x2=alt.X2("X2:Q"), color=color, description="words:N")
    )


def _labels(records: pd.DataFrame, silent: pd.DataFrame) -> list[alt.Chart]:
    """The sign of the case and the words of each row: left of the plot at a desk, above the strip on a phone."""
    own = records[~records["form"].isin(["end", "judgment"])]
    above = (PHONE["label"] + PHONE["row"]) / 2
    columns = ["color", "shape", "text", "phone_text", "y", "ny"]
    told = pd.concat(
        [
            own.assign(text=own["label"], phone_text=own["phone_label"], ny=own["ny"] - above)[columns],
            silent.assign(text=silent["said"], phone_text=words.NOT_IN_THE_RECORD).reindex(columns=columns),
        ],
        ignore_index=True,
    )
    told = told.assign(quiet=[False] * len(own) + [True] * len(silent))
    judged = records[records["form"] == "judgment"]
    called = [said.removesuffix(name) for said, name in zip(judged["said"], judged["name"])]
    room = PHONE["width"] - 15 - text_width("“”, said of the whole course", 12)
    spoken = judged.assign(
        text=[f"{who}“{cut(name, room, 12)}”, said of the whole course" for who, name in zip(called, judged["name"])],
        ny=judged["ny"] - PHONE["label"] / 2 - 1,
    )[["color", "shape", "text", "y", "ny", "words"]]
    signs = pd.concat([told, spoken], ignore_index=True).assign(x=LABEL, nx=5)
    color = alt.Color("color:N", scale=None, legend=None)
    look = {"align": "left", "baseline": "middle", "fontSize": 12}
    layers = [
        _at(signs[["x", "nx", "y", "ny", "color", "shape"]])
        .mark_point(size=42, filled=True, opacity=1, aria=False)
        .encode(**_xy(), color=color, shape=alt.Shape("shape:N", scale=None, legend=None)),
        _at(told.assign(x=LABEL_AT, nx=15))
        .transform_calculate(TEXT="narrow ? datum.phone_text : datum.text")
        .mark_text(aria=False, **look)
        .encode(**_xy(), text="TEXT:N", opacity=alt.condition("datum.quiet", alt.value(0.75), alt.value(1))),
    ]
    if len(spoken):
        layers.append(
            _at(spoken.assign(x=LABEL_AT, nx=15))
            .mark_text(fontStyle="italic", **look)
            .encode(**_xy(), text="text:N", description="words:N")
        )
    noted = records[records["noted"] != ""]
    if len(noted):
        layers.append(
            _at(noted.assign(x=noted["note_x"], nx=-1000)[["x", "nx", "y", "ny", "noted", "turn"]])
            .transform_filter("!narrow")
            .mark_text(align={"expr": "datum.turn"}, baseline="middle", fontSize=11, aria=False)
            .encode(**_xy(), text="noted:N")
        )
    return layers
