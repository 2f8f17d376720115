"""Where everything of a timeline stands: frames in pixels, for a desk and for a phone.

One lane holds all cases, one below the other, and every case has the same lanes. What happens
along a lane is placed by a unit coordinate: 0 is the left edge of the plot and 1 the right.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from casebook import words
from casebook.charts._axis import ticks
from casebook.timeline import Course

# Pixels: of a row, between lanes, of the title of a lane and of the words of a row where these stand above it.
DESK = {"width": 960, "row": 20, "lane": 5, "head": 0, "label": 0, "top": 42, "narrow": False, "type": 13, "small": 12}
DESK |= {"title": 142, "words": 156, "plot": 340}  # where the sign of a row stands, its words, the plot at the earliest
SLIDE = DESK | {"width": 590, "row": 19, "title": 112, "words": 124, "plot": 260}
PHONE = {
    "width": 312,
    "row": 15,
    "lane": 7,
    "head": 14,
    "label": 14,
    "top": 44,
    "narrow": True,
    "type": 12,
    "small": 11,
}
BEFORE = 0.6  # how wide the zone before the first anchor is, where another is 1
TOLD = ("case_id", "lane", "event_id", "judgment", "form")  # what decides where a row stands
OPEN = 0.16  # of the plot: how wide a zone without a scale is, beside days


@dataclass(frozen=True)
class Axis:
    """Where days or index events stand along the plot.

    Attributes
    ----------
    in_days : bool
        Whether there is a scale of days; else the zones show order alone.
    marks : tuple of (float, str)
        Unit coordinate and words of ticks, or of the index events.
    zones : tuple of (float, float, str)
        Where a zone begins and ends, and what is written over it.
    slots : dict
        The unit coordinate of each index event, by case and event; empty where the axis counts days.
    low, high : float
        The first and the last day of the scale; the zones beyond have none.
    """

    in_days: bool
    marks: tuple[tuple[float, str], ...]
    zones: tuple[tuple[float, float, str], ...]
    slots: dict[tuple[str, str], float]
    low: float = 0.0
    high: float = 0.0

    def place(self, day: float) -> float:
        """The unit coordinate of a day; beyond the scale lie the zones."""
        inner = OPEN + (1 - 2 * OPEN) * (day - self.low) / (self.high - self.low)
        return float(np.clip(inner, 0.0, 1.0))


@dataclass(frozen=True)
class Layout:
    """What is drawn, in pixels, at a desk or on a phone.

    Attributes
    ----------
    rows : DataFrame
        One row an event: `form` (day, window, bar, end, anywhere, judgment), `left`, `right` (unit
        coordinates), `left_open`, `right_open`, `y`, and its words.
    strips : DataFrame
        One row a case and lane: `y`, `silent` (nothing is in the record).
    lanes : DataFrame
        One row a lane: its title and where it stands.
    axis : Axis
    height : float
    """

    rows: pd.DataFrame
    strips: pd.DataFrame
    lanes: pd.DataFrame
    axis: Axis
    height: float


def layout(course: Course, look: dict = DESK) -> Layout:
    """Place every event of a course, or those of the `lanes` of a look alone.

    Raises
    ------
    ValueError
        If there is nothing to draw, if the cases are counted from different events on an axis of days, or if
        their index events stand in different orders.
    """
    if course.events.empty:
        raise ValueError("a timeline needs at least one event")
    rows = course.events.join(course.windows.drop(columns=["case_id", "event_id", "basis"]))
    rows["window_basis"] = course.windows["basis"]
    axis = _axis(course, rows)
    rows = pd.concat([rows, pd.DataFrame([_form(row, axis) for row in rows.itertuples()], index=rows.index)], axis=1)
    rows = _with_bars(rows)
    if "lanes" in look:  # the axis is that of all events
        rows = rows[rows["lane"].isin(look["lanes"])]
        course = replace(course, lanes=course.lanes[course.lanes["lane"].isin(look["lanes"])])
    lanes, strips, rows, height = _stack(course, rows, look)
    return Layout(rows, strips, lanes, axis, height)


def _axis(course: Course, rows: pd.DataFrame) -> Axis:
    limits = rows.loc[~rows["judgment"], ["earliest", "latest"]].to_numpy(dtype=float)
    finite = limits[np.isfinite(limits)]
    if not (finite != 0).any() and not (rows["earliest"].eq(rows["latest"]) & ~rows["index_event"]).any():
        return _order_axis(course, rows)
    if " or " in course.zero and course.zero not in set(course.events["reference"]):
        raise ValueError(f"these cases are counted from {course.zero}: draw them in figures of their own")
    low, high = min(finite.min(), 0.0), max(finite.max(), 0.0)
    axis = Axis(True, (), (), {}, low, high if high > low else low + 1.0)
    marks = tuple((axis.place(day), words.number(day)) for day in ticks(low, high, of="days"))
    reach = rows[np.isfinite(rows["earliest"]) ^ np.isfinite(rows["latest"])]
    open_ends = {"earliest": (0.0, OPEN, "earlier"), "latest": (1 - OPEN, 1.0, "later")}
    zones = tuple(zone for end, zone in open_ends.items() if np.isinf(reach[end]).any())
    return replace(axis, marks=marks, zones=zones)


def _order_axis(course: Course, rows: pd.DataFrame) -> Axis:
    """Zones between the index events, the same for every case; nothing is to scale."""
    kinds = index_kinds(rows)
    names = rows.drop_duplicates("kind").set_index("kind")["kind_name"]
    edges = [0.0, *np.cumsum([BEFORE, *[1.0] * len(kinds)])] if kinds else [0.0, 1.0]
    edges = [float(edge / edges[-1]) for edge in edges]
    called = [names[kind] for kind in kinds]
    heads = [f"before {called[0]}", *["between"] * (len(kinds) - 1), f"after {called[-1]}"] if kinds else [""]
    slots = {
        (row.case_id, row.event_id): edges[kinds.index(row.kind) + 1]
        for row in rows.itertuples()
        if row.index_event and (row.since or row.until or row.earliest == row.latest)
    }
    marks = tuple((edges[number + 1], name) for number, name in enumerate(called))
    return Axis(False, marks, tuple(zip(edges, edges[1:], heads)), slots)


def index_kinds(rows: pd.DataFrame) -> list[str]:
    """The kinds of index events in the order that the bounds give them, which all cases must share."""
    index = rows[rows["index_event"].astype(bool)]
    kind_of = dict(zip(zip(rows["case_id"], rows["event_id"]), rows["kind"]))
    before: dict[str, set[str]] = {kind: set() for kind in index["kind"]}
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


def _form(row, axis: Axis) -> dict:
    """How an event is drawn, and between which unit coordinates."""
    if row.judgment:
        return _placed("judgment", 0.0, 1.0)
    if axis.in_days:
        early, late, bases = row.earliest, row.latest, (row.earliest_basis, row.latest_basis)
        ends = [axis.place(day) if np.isfinite(day) else None for day in (early, late)]
        if early == late:
            return _placed("day", ends[0], ends[0], bases)
        left = ends[0]
    else:
        slot = axis.slots.get((row.case_id, row.event_id))
        if slot is not None:
            return _placed("day", slot, slot)
        ends = [axis.slots.get((row.case_id, other)) for other in (row.since, row.until)]
        bases = (row.since_basis, row.until_basis)
        left = ends[0]
        if ends == [left, None] and left is not None and row.near == row.since and np.isfinite(row.near_max):
            # So many days after the index event: an end in the middle of the zone, not to scale.
            ends[1] = left + 0.5 * min(edge - left for edge in [*axis.slots.values(), 1.0] if edge > left)
            bases = (row.near_basis, row.near_basis)
    if ends == [None, None]:
        return _placed("anywhere", 0.0, 1.0)
    return _placed("window", left, ends[1], bases)


def _placed(form: str, left: float | None, right: float | None, bases: tuple = (None, None)) -> dict:
    found = {"form": form, "left": 0.0 if left is None else left, "right": 1.0 if right is None else right}
    found |= {"left_open": left is None, "right_open": right is None}
    return found | {"left_basis": bases[0] or "stated", "right_basis": bases[1] or "stated"}


def _with_bars(rows: pd.DataFrame) -> pd.DataFrame:
    """Where start and end of an event are known days, a bar from the one to the other stands for both."""
    starts = dict(zip(zip(rows["case_id"], rows["event_id"]), rows.index))
    rows = rows.copy()
    ends = rows.loc[rows["ends"].notna() & (rows["form"] == "day"), ["case_id", "ends", "left"]]
    for row in ends.itertuples():
        start = starts.get((row.case_id, row.ends))
        if start is not None and rows.loc[start, "form"] == "day" and rows.loc[start, "left"] <= row.left:
            rows.loc[row.Index, ["form", "left", "lane"]] = ["end", *rows.loc[start, ["left", "lane"]]]
    return rows


def _stack(course: Course, rows: pd.DataFrame, look: dict) -> tuple:
    """Lanes from above, in each lane the cases, in each case its events; every case has each lane asked for."""
    cases = [case_id for case_id in course.cases["case_id"] if (rows["case_id"] == case_id).any()]
    told_of = course.cases.set_index("case_id").loc[cases, "color"].notna().all()  # who has a look of its own
    judged = set(rows.loc[rows["judgment"], "lane"])
    asked = dict(zip(course.lanes["lane"], course.lanes["asked"]))
    order = [lane for lane in asked if (told_of and asked[lane]) or lane in set(rows["lane"])]
    order = [lane for lane in order if lane not in judged] + [lane for lane in order if lane in judged]
    titles = course.lanes.set_index("lane")["title"]
    of: dict[tuple, dict] = {}  # what is told twice has one row
    for *key, event_id, judgment, form in zip(*(rows[name] for name in TOLD)):
        if form != "end":
            of.setdefault(tuple(key), {}).setdefault(event_id, judgment)
    lanes, strips, places, y = [], [], {}, float(look["top"])
    for lane in order:
        lanes.append({"lane": lane, "title": titles[lane], "y": y})
        y += look["head"]
        for case_id in cases:
            own = list(of.get((case_id, lane), {}).items())
            if not own and not asked[lane]:
                continue  # nobody asked: that is no silence
            for event_id, words_alone in own or [(None, lane in judged)]:
                # On a phone words that judge stand above their strip.
                row = 2 if look["narrow"] and words_alone else look["row"]
                y += look["label"] if event_id is not None else 0
                strips.append({"lane": lane, "case_id": case_id, "y": y + row / 2, "silent": event_id is None})
                places[case_id, event_id] = y + row / 2
                y += row
        y += look["lane"]
    columns = (rows[name] for name in ("case_id", "event_id", "ends", "form"))
    at = [places[case_id, ends if form == "end" else event_id] for case_id, event_id, ends, form in zip(*columns)]
    rows = rows.assign(y=at).sort_values(["y", "form"], kind="stable")
    return pd.DataFrame(lanes), pd.DataFrame(strips), rows, y
