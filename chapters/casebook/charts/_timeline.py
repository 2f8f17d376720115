"""The timeline: days that are known, partly known or not known at all."""

from __future__ import annotations

import json
import textwrap

import altair as alt
import numpy as np
import pandas as pd

from casebook.charts._house import (
    ANYWHERE,
    DAY_ZERO,
    INK,
    MADE_UP,
    NARROW,
    NOT_IN_THE_RECORD,
    labels,
    rounded,
    style,
    ticks,
)

WIDTH, STEP = 420, 46
VERBS = {"disease": "established", "recovery": "reached"}  # what happens at the start of an event
BASES = ("stated", "defined", "inferred")  # from strongest to weakest
CAPS = {  # the ends of a window, as paths
    "stated, left": "M0,-1L0,1",
    "stated, right": "M0,-1L0,1",
    "defined, left": "M0.5,-1L0,-1L0,1L0.5,1",
    "defined, right": "M-0.5,-1L0,-1L0,1L-0.5,1",
    "inferred, left": "M0,-1L0,-0.35M0,0.35L0,1",
    "inferred, right": "M0,-1L0,-0.35M0,0.35L0,1",
    "defined, around": "M-0.5,-1L-1,-1L-1,1L-0.5,1M0.5,-1L1,-1L1,1L0.5,1",
}


def timeline_chart(
    events: pd.DataFrame,
    windows: pd.DataFrame,
    *,
    anchor: str,
    title: str,
    subtitle: str,
    bands: pd.DataFrame | None = None,
) -> alt.VConcatChart:
    """Draw the courses of patients whose days are known, partly known or not known at all.

    A known day is a symbol. A window is a bracket that is labeled as possible onset; an open
    end has no cap and fades (PlanningLines, Aigner et al. 2005). What has no place at all
    stands in a box outside the axis. If no day is known the axis has no ticks and shows the
    order alone: index events at even steps, the same for every case.

    Parameters
    ----------
    events : DataFrame
        One row an event, in the order of the lanes: `event_id`, `case_id`, `kind`,
        `index_event`, `lane`, `label`, `basis`.
    windows : DataFrame
        From `timeline.windows` with the same `anchor`; `timeline.explain` adds the words
        that the rows and the description use.
    anchor : str
        The kind of event that is day 0.
    title, subtitle : str
        The message in a sentence; what is drawn, and its source.
    bands : DataFrame, optional
        From `timeline.published_bands`: ranges that were published of other patients. They lie
        behind the lane of an event, labeled with n, population and source, and are never the
        patient's value; where the axis shows order only they are not to scale.

    Returns
    -------
    altair.VConcatChart
        One panel a case, each event drawn by one mark; `usermeta.rows` holds what is drawn.

    References
    ----------
    Aigner W et al. PlanningLines. Proc IV 2005:457-463.
    """
    rows = _with_bands(_layout(events, windows), bands)
    in_days = bool(rows["in_days"].any())
    if rows["case_id"].str.startswith(MADE_UP).any() and "made-up" not in title.lower():
        title = f"Made-up patient: {title}"
    cases = rows["case_id"].unique().tolist()
    panels = []
    for case_id in cases:
        mine = rows[rows["case_id"] == case_id]
        heading = case_id.replace("-", " ") if len(cases) > 1 else None
        panels += _panels(mine, rows, case_id, anchor, in_days, heading)
    chart = alt.vconcat(*panels, spacing=14)
    return chart.properties(
        title=alt.TitleParams(text=title, subtitle=subtitle),
        description=_describe(rows, title, subtitle, in_days),
        usermeta={"rows": _printed_rows(rows), "narrow": {**NARROW, "step": 98} if bands is not None else NARROW},
    ).add_params(alt.param(name="narrow", value=False))


def _layout(events: pd.DataFrame, windows: pd.DataFrame) -> pd.DataFrame:
    """Where each event is drawn: its form, its ends on the axis, and its words."""
    key = ["case_id", "event_id"]
    computed = ["earliest", "latest", "earliest_basis", "latest_basis", "basis", "since", "since_max"]
    computed += ["since_basis", "until", "until_basis"]
    computed += [column for column in ("position", "position_basis", "if_defined_as") if column in windows]
    windows = windows.set_index(key)[computed].rename(columns={"basis": "window_basis"})
    absent = sorted(set(zip(events["case_id"], events["event_id"])) - set(windows.index))
    if absent or not windows.index.is_unique:
        raise ValueError(f"each event needs one row of windows; not so: {absent or 'some events have several'}")
    # By name and not by place: events and windows may stand in another order.
    columns = [*key, "kind", "index_event", "lane", "label", "basis"]
    rows = events.reset_index(drop=True)[columns].join(windows, on=key)
    rows[["label", "basis"]] = rows[["label", "basis"]].fillna("")
    for column in ("since", "until", "since_basis", "until_basis", "window_basis", "earliest_basis", "latest_basis"):
        rows[column] = rows[column].astype(object).where(rows[column].notna(), None)
    for column in ("position", "position_basis", "if_defined_as"):
        rows[column] = rows[column].fillna("") if column in rows else ""
    finite = np.concatenate([rows["earliest"], rows["latest"]])
    finite = finite[np.isfinite(finite)]
    known = (rows["earliest"] == rows["latest"]) & ~rows["index_event"].astype(bool)
    in_days = bool(known.any() or (finite != 0).any())
    drawn = _in_days(rows, finite) if in_days else _in_order(rows)
    rows = rows.join(pd.DataFrame(drawn, index=rows.index))
    rows["in_days"] = in_days
    rows["name"] = rows["label"].astype(str)
    rows["note"] = [_note(row) for row in rows.itertuples()]
    names = {(row.case_id, row.event_id): DAY_ZERO.get(row.kind, row.label) for row in rows.itertuples()}
    rows["where"] = [row.position or _words(row, names) for row in rows.itertuples()]
    return rows


def _with_bands(rows: pd.DataFrame, bands: pd.DataFrame | None) -> pd.DataFrame:
    """Where a published range is drawn behind an event; beyond the scale, or where there is none, not to scale."""
    rows = rows.assign(band_left=np.nan, band_right=np.nan, band="")
    if bands is None:
        return rows
    ranges = bands.set_index("event_id")
    slots = {(row.case_id, row.event_id): row.left for row in rows.itertuples() if row.index_event}
    for row in rows[rows["event_id"].isin(ranges.index) & (rows["form"] != "box")].itertuples():
        found = ranges.loc[row.event_id]
        left, right, label = found["from_day"], found["to_day"], found["label"]
        if not row.in_days:
            zero = slots.get((row.case_id, found["anchor_event"]), row.left_edge)
            # An axis without a scale: the range goes beyond the symbol, which is nowhere in it.
            left, right, label = zero, max(row.left, zero) + 0.5, f"{label}; not to scale"
        elif left > row.high:
            left, right = row.high, row.right_edge
        if found["from_day"] == found["to_day"]:
            right = left  # a median is no range: the words stand without a band
        place = {"band_left": rounded(max(left, row.left_edge)), "band_right": rounded(min(right, row.right_edge))}
        rows.loc[row.Index, [*place, "band"]] = [*place.values(), label]
    return rows


def _in_days(rows: pd.DataFrame, finite: np.ndarray) -> list[dict]:
    """Days to scale; beyond the first and the last day that is known lie zones without a scale."""
    low, high = min(finite.min(), 0.0), max(finite.max(), 0.0)
    span = max(high - low, 1.0)
    placed = np.isfinite(rows["earliest"]) | np.isfinite(rows["latest"])
    zones = [
        0.35 * span if np.isinf(rows.loc[placed, column]).any() else 0.08 * span for column in ("earliest", "latest")
    ]
    ends = {"low": low, "high": high, "left_edge": low - zones[0], "right_edge": high + zones[1]}
    return [_drawn(row.earliest, row.latest, row.earliest_basis, row.latest_basis, ends) for row in rows.itertuples()]


def _index_kinds(rows: pd.DataFrame) -> list[str]:
    """The kinds of index events in the order that the bounds give them, which all cases must share."""
    index = rows[rows["index_event"].astype(bool)]
    kind_of = dict(zip(zip(rows["case_id"], rows["event_id"]), rows["kind"]))
    before = {kind: set() for kind in index["kind"]}
    for row in index.itertuples():
        if row.since:
            before[row.kind].add(kind_of[row.case_id, row.since])
        if row.until:
            before[kind_of[row.case_id, row.until]].add(row.kind)
    order: list[str] = []
    while len(order) < len(before):
        free = [kind for kind in before if kind not in order and before[kind] <= set(order)]
        if not free:
            raise ValueError("the cases have their index events in different orders: draw them in figures of their own")
        order.append(free[0])
    return order


def _in_order(rows: pd.DataFrame) -> list[dict]:
    """Even steps for the index events, in the order of the lanes; not to scale."""
    kinds = _index_kinds(rows)
    ends = {
        "low": 1.0,
        "high": float(max(len(kinds), 1)),
        "left_edge": 0.0,
        "right_edge": len(kinds) + 1.0,
    }
    slots = {
        (row.case_id, row.event_id): kinds.index(row.kind) + 1.0
        for row in rows.itertuples()
        if row.index_event and (row.since or row.until or row.earliest == row.latest)
    }
    drawn = []
    for row in rows.itertuples():
        slot = slots.get((row.case_id, row.event_id))
        if slot is not None:
            drawn.append(_drawn(slot, slot, None, None, ends))
            continue
        left = slots.get((row.case_id, row.since), -np.inf)
        right = slots.get((row.case_id, row.until), np.inf)
        if row.since and np.isinf(right) and row.since_max < np.inf:
            right = left + 0.5  # so many days after the index event: a cap, not to scale
        drawn.append(_drawn(left, right, row.since_basis, row.until_basis or row.since_basis, ends))
    return drawn


def _drawn(
    left: float,
    right: float,
    left_basis: str | None,
    right_basis: str | None,
    ends: dict,
) -> dict:
    if np.isinf(left) and np.isinf(right):
        form = "box"
    elif left == right:
        form = "day"
    else:
        form = "window"
    return {
        **ends,
        "form": form,
        "left": rounded(max(left, ends["left_edge"])),
        "right": rounded(min(right, ends["right_edge"])),
        "left_open": bool(np.isinf(left)),
        "right_open": bool(np.isinf(right)),
        "left_basis": left_basis or "stated",
        "right_basis": right_basis or "stated",
    }


def _note(row) -> str:
    """The small line at a row: what the event rests on, and what its place rests on."""
    if row.form == "day" and row.index_event and not row.window_basis:
        return row.basis  # day 0 itself
    if row.if_defined_as:
        return f"{row.basis}; position if defined as {row.if_defined_as}"
    place = row.position_basis or row.window_basis
    if row.form == "box" and not place:
        return f"{row.basis}; position {NOT_IN_THE_RECORD}"
    return f"{row.basis}; position {place}" if place else row.basis


def _words(row, names: dict[tuple[str, str], str]) -> str:
    """Where an event lies, if nobody said it better (`timeline.explain` does)."""
    if row.form == "box":
        return NOT_IN_THE_RECORD
    if row.earliest == row.latest:
        return f"day {row.earliest:g}"
    if row.in_days:
        low = "open" if row.left_open else f"day {row.left:g}"
        return f"{low} to {'open' if row.right_open else f'day {row.right:g}'}"
    sides = (("after", row.since), ("before", row.until))
    return ", ".join(f"{word} {names[row.case_id, event]}" for word, event in sides if event)


def _panels(rows, all_rows, case_id, anchor, in_days, heading) -> list[alt.LayerChart]:
    color, shape = style(case_id)
    placed, boxed = rows[rows["form"] != "box"], rows[rows["form"] == "box"]
    panels = []
    if len(placed):
        edges = [rounded(rows["left_edge"].iloc[0]), rounded(rows["right_edge"].iloc[0])]
        axis = {
            "scale": alt.Scale(domain=edges, nice=False, zero=False),
            "axis": _axis(all_rows, rows, anchor, in_days),
        }
        panels.append(_axis_panel(placed, axis, color, shape, heading))
        heading = None
    if len(boxed):
        panels.append(_box_panel(boxed, color, shape, heading))
    return panels


def _axis(rows: pd.DataFrame, mine: pd.DataFrame, anchor: str, in_days: bool) -> alt.Axis:
    if in_days:
        low, high = _known_days(mine)
        zones = _zones(mine)
        names = [f"datum.value == {place} ? '{word}'" for place, word in zones]
        in_zone = " || ".join(f"datum.value == {place}" for place, _ in zones) or "false"
        return alt.Axis(
            orient="top",
            values=ticks(low, high) + [place for place, _ in zones],
            labelExpr=" : ".join([*names, "datum.label"]),
            title=[
                f"days; day 0 is the {DAY_ZERO.get(anchor, anchor)}, days count forward",
                *["beyond the line: no scale"] * bool(zones),
            ],
            labelOverlap=False,
            titleAnchor="start",
            titlePadding=10,
            domain=False,
            tickOpacity=alt.condition(in_zone, alt.value(0), alt.value(1)),
            gridOpacity=alt.condition(in_zone, alt.value(0), alt.value(0.25)),
        )
    kinds = _index_kinds(rows)
    names = " : ".join(
        f"datum.value == {n} ? {json.dumps(DAY_ZERO.get(kind, kind))}" for n, kind in enumerate(kinds, 1)
    )
    return alt.Axis(
        orient="top",
        values=list(range(1, len(kinds) + 1)),
        labelExpr=f"{names} : ''" if names else "''",
        title="order only, not to scale",
        titleAnchor="start",
        ticks=False,
        domain=False,
    )


def _known_days(rows: pd.DataFrame) -> tuple[float, float]:
    """The first and the last day of a case that are known or limited: the part that has a scale."""
    finite = np.concatenate([rows["earliest"], rows["latest"], [0.0]])
    finite = finite[np.isfinite(finite)]
    return rounded(finite.min()), rounded(finite.max())


def _zones(rows: pd.DataFrame) -> list[tuple[float, str]]:
    """Where the zones without a scale are labeled, if anything of the case reaches into them."""
    first, windows = rows.iloc[0], rows[rows["form"] == "window"]
    zones = [
        (windows["left_open"].any(), (first["left_edge"] + first["low"]) / 2, "earlier"),
        (windows["right_open"].any(), (first["high"] + first["right_edge"]) / 2, "later"),
    ]
    return [(rounded(place), word) for reached, place, word in zones if reached]


def _records(rows: pd.DataFrame) -> pd.DataFrame:
    """One record an event: its mark, its words, and where the words stand."""
    span = rows["right_edge"] - rows["left_edge"]
    fade = np.minimum(0.16 * span, 0.5 * (rows["right"] - rows["left"]))
    phrases = [_phrase(row) for row in rows.itertuples()]
    # A phrase begins at the window's left end if there is room for it, else it ends at the right end.
    room = (rows["right_edge"] - rows["left"]) / span * WIDTH
    align = np.where(room >= [5.1 * len(phrase) for phrase in phrases], "left", "right")
    phrase_x = np.where(align == "left", rows["left"], rows["right"])
    return pd.DataFrame(
        {
            "event_id": rows["event_id"],
            "name": rows["name"],
            "note": rows["note"],
            "words": rows["name"] + ": " + rows["where"],
            "form": rows["form"],
            # A day is no better known than its place is.
            "basis": [
                max((b for b in (row.basis, row.window_basis) if b in BASES), key=BASES.index, default="")
                for row in rows.itertuples()
            ],
            "left": rows["left"],
            "solid_left": [rounded(v) for v in rows["left"] + fade * rows["left_open"]],
            "solid_right": [rounded(v) for v in rows["right"] - fade * rows["right_open"]],
            "line": [
                "inferred" if "inferred" in (row.left_basis, row.right_basis) else "stated" for row in rows.itertuples()
            ],
            "phrase": phrases,
            "phrase_x": [rounded(v) for v in phrase_x],
            "phrase_align": align,
        }
    )


def _phrase(row) -> str:
    verb = "took place" if row.index_event else VERBS.get(row.kind, "began")
    if not row.in_days and row.since_max < np.inf:
        return f"{verb} at most {row.since_max:g} days after"
    return f"{verb} somewhere in here"


def _fades(rows: pd.DataFrame, records: pd.DataFrame) -> pd.DataFrame:
    """The open ends of windows, in three steps that grow fainter; broken where the line is."""
    pieces = []
    for row, record in zip(rows.itertuples(), records.itertuples()):
        ends = [(record.solid_left, row.left)] * row.left_open + [(record.solid_right, row.right)] * row.right_open
        for inner, outer in ends if row.form == "window" else []:
            points = [rounded(point) for point in np.linspace(inner, outer, 4)]
            steps = zip(points, points[1:], (0.65, 0.35, 0.12))
            pieces += [(row.event_id, record.line, *step) for step in steps]
    return pd.DataFrame(pieces, columns=["event_id", "line", "start", "end", "opacity"])


def _caps(rows: pd.DataFrame) -> pd.DataFrame:
    """The closed ends: a bar where stated, a bracket where defined, a broken bar where inferred."""
    pieces = []
    for row in rows.itertuples():
        if row.form == "window" and not row.left_open:
            pieces.append((row.event_id, row.left, f"{row.left_basis}, left"))
        if row.form == "window" and not row.right_open:
            pieces.append((row.event_id, row.right, f"{row.right_basis}, right"))
        if row.form == "day" and "defined" in (row.basis, row.window_basis):
            pieces.append((row.event_id, row.left, "defined, around"))
    return pd.DataFrame(pieces, columns=["event_id", "day", "cap"])


def _symbols(base: alt.Chart, x: object, color: str, shape: str) -> alt.Chart:
    """Stated is solid, inferred is open and dashed."""
    return base.mark_point(size=170, color=color, shape=shape, strokeWidth=2, opacity=1).encode(
        x=x,
        fill=alt.condition("datum.basis == 'inferred'", alt.value("transparent"), alt.value(color)),
        strokeDash=alt.condition("datum.basis == 'inferred'", alt.value([3, 2]), alt.value([1, 0])),
        description="words:N",
    )


def _axis_panel(rows: pd.DataFrame, axis: dict, color: str, shape: str, heading: str | None) -> alt.LayerChart:
    records, caps = _records(rows), _caps(rows)
    order = records["event_id"].tolist()
    y = alt.Y("event_id:N", sort=order, axis=None)
    base = alt.Chart(records).encode(y=y)
    spans = base.transform_filter("datum.form == 'window'")
    layers = [
        *_bands(rows, y, axis),
        *_scale_line(rows),
        base.mark_rule(opacity=0.2, strokeDash=[1, 3], aria=False).encode(x=alt.value(0), x2=alt.value("width")),
        *labels(base),
    ]
    # A layer without rows is left out: Vega would draw an empty group that screen readers announce.
    if (records["form"] == "day").any():
        points = base.transform_filter("datum.form == 'day'")
        layers.append(_symbols(points, alt.X("left:Q", **axis), color, shape))
    if (records["form"] == "window").any():
        spans = base.transform_filter("datum.form == 'window'")
        look = {"color": color, "strokeWidth": 1.8}
        dash = alt.condition("datum.line == 'inferred'", alt.value([5, 4]), alt.value([1, 0]))
        # A window is one mark; its fading ends, its caps and its phrase are silent.
        line = spans.mark_rule(**look).encode(
            x=alt.X("solid_left:Q", **axis),
            x2="solid_right:Q",
            strokeDash=dash,
            description="words:N",
        )
        phrase = spans.mark_text(
            dy={"expr": "narrow ? 18 : -14"}, fontSize=11, align={"expr": "datum.phrase_align"}, aria=False
        ).encode(x="phrase_x:Q", text="phrase:N")
        layers += [line, phrase]
        fades = _fades(rows, records)
        if len(fades):
            opacity = alt.Opacity("opacity:Q", scale=None)
            faint = alt.Chart(fades).mark_rule(aria=False, **look)
            layers.append(faint.encode(y=y, x="start:Q", x2="end:Q", opacity=opacity, strokeDash=dash))
    if len(caps):
        layers.append(
            alt.Chart(caps)
            .mark_point(
                size=260,
                filled=False,
                color=color,
                strokeWidth=2,
                opacity=1,
                aria=False,
            )
            .encode(
                y=y,
                x="day:Q",
                shape=alt.Shape(
                    "cap:N",
                    scale=alt.Scale(domain=list(CAPS), range=list(CAPS.values())),
                    legend=None,
                ),
            )
        )
    chart = alt.layer(*layers).properties(width=WIDTH, height=alt.Step(STEP))
    return chart.properties(title=heading) if heading else chart


def _bands(rows: pd.DataFrame, y: alt.Y, axis: dict) -> list[alt.Chart]:
    """Published ranges, faint and behind everything, with n, population and source below the line."""
    behind = rows[rows["band"] != ""]
    if behind.empty:
        return []
    room = (behind["right_edge"] - behind["band_left"]) / (behind["right_edge"] - behind["left_edge"]) * WIDTH
    fits = room >= [4.7 * len(label) for label in behind["band"]]
    frame = pd.DataFrame(
        {
            "event_id": behind["event_id"],
            "start": behind["band_left"],
            "end": behind["band_right"],
            "band": behind["band"],
            "lines": ["\n".join(textwrap.wrap(label, 58)) for label in behind["band"]],
            "at": behind["band_left"].where(fits, behind["right_edge"].map(rounded)),
            "turn": np.where(fits, "left", "right"),
        }
    )
    base = alt.Chart(frame).encode(y=y)
    # At a phone the label begins at the left edge, in lines.
    edge = rounded(rows["left_edge"].iloc[0])
    told = base.transform_calculate(
        place=f"narrow ? {edge} : datum.at", said="narrow ? datum.lines : datum.band"
    ).mark_text(
        fontSize=10,
        fontStyle="italic",
        lineBreak="\n",
        lineHeight=11,
        aria=False,
        align={"expr": "narrow ? 'left' : datum.turn"},
        dy={"expr": "narrow ? 30 : 17"},
    )
    ranges = base.transform_filter("datum.end > datum.start")
    return [
        ranges.mark_bar(height=22, opacity=0.13, color=INK, aria=False).encode(x=alt.X("start:Q", **axis), x2="end:Q"),
        told.encode(x=alt.X("place:Q", **axis), text="said:N"),
    ]


def _scale_line(rows: pd.DataFrame) -> list[alt.Chart]:
    """The line of the axis, drawn only as far as the scale goes."""
    low, high = _known_days(rows)
    if not rows["in_days"].any() or low == high:
        return []
    line = alt.Chart(pd.DataFrame({"low": [low], "high": [high]})).mark_rule(strokeWidth=1, aria=False)
    return [line.encode(x="low:Q", x2="high:Q", y=alt.value(0))]


def _box_panel(rows: pd.DataFrame, color: str, shape: str, heading: str | None) -> alt.LayerChart:
    """What has no place: a box outside the axis."""
    records = _records(rows).assign(
        sign=[
            "said of the whole course" if row.lane == "outcome" else _anywhere(row.where) for row in rows.itertuples()
        ]
    )
    base = alt.Chart(records).encode(y=alt.Y("event_id:N", sort=records["event_id"].tolist(), axis=None))
    layers = [
        _symbols(base, alt.value(16), color, shape),
        base.mark_text(fontSize=11, align="left", dx=14, aria=False).encode(x=alt.value(16), text="sign:N"),
        *labels(base, indent=8),
    ]
    box = alt.ViewBackground(stroke=INK, strokeOpacity=0.5, strokeDash=[2, 3], cornerRadius=6)
    chart = alt.layer(*layers).properties(width=WIDTH, height=alt.Step(STEP), view=box)
    return chart.properties(title=heading) if heading else chart


def _anywhere(where: str) -> str:
    return ANYWHERE if where == NOT_IN_THE_RECORD else f"{ANYWHERE}: {where}"


def _describe(rows: pd.DataFrame, title: str, subtitle: str, in_days: bool) -> str:
    scale = "The axis counts days." if in_days else "The axis shows order only, not to scale."
    courses = [
        f"{case_id.replace('-', ' ')}: " + "; ".join(f"{row.name}, {row.where}" for row in mine.itertuples(index=False))
        for case_id, mine in rows.groupby("case_id", sort=False)
    ]
    return f"{title}. {subtitle.rstrip('.')}. {scale} " + ". ".join(courses) + "."


def _printed_rows(rows: pd.DataFrame) -> list[dict]:
    behind = (rows["band"] != "").any()
    forms = {"day": "symbol", "window": "bracket", "box": "in the box"}
    return [
        {
            "Event": row.name,
            "Case": row.case_id.replace("-", " "),
            "Lane": row.lane,
            "Event rests on": row.basis,
            "Position": row.where,
            "Position rests on": row.position_basis or row.window_basis or "",
            "If defined as": row.if_defined_as,
            "Drawn as": forms[row.form],
            **({"Published of others": row.band} if behind else {}),
        }
        for row in rows.itertuples(index=False)
    ]
