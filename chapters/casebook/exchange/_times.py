"""The times of a packet: how each is told, which event is day 0, and what the times say as bounds."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from casebook import timeline
from casebook.exchange.packets import NUMBER, OTHER_TYPE, Part, Place, text_of

DAY = re.compile(r"day ?([+\u2212-]?)([0-9]{1,5})", re.IGNORECASE)  # days counted from day 0, as a label
BIRTH, DATE, DAY_0 = "birth", "date", "day 0"  # what the days of a time are counted from
AFTER = "An end does not come before its beginning."
BEFORE_DEATH = "What happened to the patient did not come after death."


@dataclass(frozen=True)
class Time:
    """When something happened: the earliest and the latest day, None where it is open.

    Attributes
    ----------
    axis : str
        What the days are counted from: birth, day 0, or the first day of the calendar.
    least, most : int or None
    part : Part
        Where it stands in the packet.
    places : tuple of tuple
        What of the packet is read once the time has a bound.
    """

    axis: str
    least: int | None
    most: int | None
    part: Part
    places: tuple[Place, ...]

    def leave(self, why: str) -> None:
        """Say why it has no bound."""
        self.part.leave(why)

    def later(self, days: int) -> Time:
        """The same so many days later."""
        least, most = (None if day is None else day + days for day in (self.least, self.most))
        return replace(self, least=least, most=most)

    def ends(self) -> tuple[float, float]:
        """The two days, an open one as infinite."""
        return -math.inf if self.least is None else self.least, math.inf if self.most is None else self.most


@dataclass(frozen=True)
class Event:
    """Something that happened; `of` says in which element it stands, `ends` whether the event before it ended so."""

    of: str
    kind: str
    where: str
    label: str
    time: Time | None = None
    ends: bool = False


@dataclass(frozen=True)
class Bound:
    """At least and at most so many days from one event of the list to another; None is open."""

    start: int
    end: int
    least: int | None
    most: int | None
    reason: str = ""


def apart(first: Time | None, second: Time | None) -> tuple[float, float]:
    """The fewest and the most days from one time to another; anything, if they are counted from different days."""
    if first is None or second is None or first.axis != second.axis:
        return -math.inf, math.inf
    (least, most), (later_least, later_most) = first.ends(), second.ends()
    return later_least - most, later_most - least


def days_0(events: list[Event], anchors: list[str]) -> tuple[list[int], list[list[int]]]:
    """Which event of each kind days are counted from: the earliest, wherever it stands in the list.

    Parameters
    ----------
    events : list of Event
    anchors : list of str
        The kinds that days are counted from, in their order.

    Returns
    -------
    index : list of int
        The index events, in the order of their kinds.
    undecided : list of list of int
        Events of one kind of which none is known to be the earliest.
    """
    index, undecided = [], []
    for kind in anchors:
        own = [number for number, event in enumerate(events) if event.kind == kind and not event.ends]
        first = [
            one
            for one in own
            if all(one == other or apart(events[one].time, events[other].time)[0] >= 0 for other in own)
        ]
        index += first[:1]
        undecided += [own] if own and not first else []
    return index, undecided


def from_birth(events: list[Event], born: int) -> list[Event]:
    """The same with the dates as days from a date of birth."""
    dated = [event.time is not None and event.time.axis == DATE for event in events]
    return [
        replace(event, time=replace(event.time.later(-born), axis=BIRTH)) if has_date else event
        for event, has_date in zip(events, dated)
    ]


def bounds_of(events: list[Event], index: list[int]) -> list[Bound]:
    """What the times say, as bounds; a time that is counted from nothing stays in the packet, with the reason."""
    found = []
    for axis in (BIRTH, DATE, DAY_0):
        timed = [number for number, event in enumerate(events) if event.time is not None and event.time.axis == axis]
        zero, shift, why = _zero(axis, events, timed, index)
        for number in timed:
            time = events[number].time
            if zero is None or (number == zero and (time.least, time.most) != (shift, shift)):
                time.leave(why)
                continue
            time.part.taken.update(time.places)
            if number != zero:
                since = time.later(-shift)
                found.append(Bound(zero, number, since.least, since.most))
    return found


def _zero(axis: str, events: list[Event], timed: list[int], index: list[int]) -> tuple[int | None, int, str]:
    """The event that an axis begins with, its day on it, and why there is none."""
    if axis == BIRTH:
        return next((number for number, event in enumerate(events) if event.of == BIRTH), None), 0, ""
    if axis == DAY_0:
        why = "days are counted from it" if index else "no event that days are counted from"
        return (index[0] if index else None), 0, why
    exact = [number for number in timed if events[number].time.least == events[number].time.most]
    exact.sort(key=lambda number: (number not in index, events[number].time.least))
    if len(timed) < 2 or not exact:
        return None, 0, "dates are not kept, and there is no date of birth and no other day to count it from"
    return exact[0], events[exact[0]].time.least, ""


def in_any_case(events: list[Event], dead: int | None) -> Iterator[Bound]:
    """What cannot be otherwise: an end after its beginning, and nothing after death."""
    for number, event in enumerate(events):
        if event.ends:
            yield Bound(number - 1, number, 0, None, AFTER)
        if dead is not None and number != dead and event.time is not None:
            yield Bound(number, dead, 0, None, BEFORE_DEATH)


def time_of(part: Part, silent: frozenset[str]) -> Time | None:
    """What a time element says, of version 2 or 1; what cannot be read stays in it, with the reason.

    Parameters
    ----------
    part : Part
        The element.
    silent : frozenset of str
        The identifiers that say that the time is not known.
    """
    if not part:
        return None
    try:
        return _age(part) or _date(part) or _in_words(part, silent)
    except ValueError as error:
        part.leave(str(error))
        return None


def _age(part: Part) -> Time | None:
    def told(*keys: str) -> tuple[tuple[int, int], tuple] | None:
        for more in ((), ("iso8601duration",), ("age",)):
            if isinstance(text := part.at(*keys, *more), str):
                return timeline.days_of(text), (*part.path, *keys, *more)
        return None

    if one := told("age"):
        return Time(BIRTH, *one[0], part, (one[1],))
    keys = ("ageRange",) if "ageRange" in part else ()
    if "ageRange" not in part and not isinstance(part.at("start"), dict) and not isinstance(part.at("end"), dict):
        return None
    start, end = told(*keys, "start"), told(*keys, "end")
    return _range(BIRTH, part, start and start[0][0], end and end[0][1], [one[1] for one in (start, end) if one])


def _date(part: Part) -> Time | None:
    def told(*keys: str) -> tuple[int | None, list]:
        text = part.at(*keys)
        return (timeline.day_of(text).toordinal(), [(*part.path, *keys)]) if isinstance(text, str) else (None, [])

    day, places = told("timestamp")
    if day is not None:
        return Time(DATE, day, day, part, tuple(places))
    (start, first), (end, last) = told("interval", "start"), told("interval", "end")
    return _range(DATE, part, start, end, first + last) if first or last else None


def _range(axis: str, part: Part, least: int | None, most: int | None, places: list) -> Time | None:
    if least is not None and most is not None and least > most:
        raise ValueError("the range ends before it begins")
    return Time(axis, least, most, part, tuple(places)) if places else None


def _in_words(part: Part, silent: frozenset[str]) -> Time | None:
    """A day counted from day 0, a stage of life, or weeks before birth."""
    weeks = part.part("gestationalAge")
    if weeks:
        if not any(weeks.get(unit, NUMBER) for unit in ("weeks", "days")):
            return None  # 0 weeks and 0 days are what programs write where nothing is known
        weeks.leave("before birth is read; days since conception have no place in the tables")
        return Time(BIRTH, None, 0, part, ())
    term = part if "label" in part or "id" in part else part.part("ontologyClass")
    label, code = term.get("label") or "", term.get("id") or ""
    places = tuple((*term.path, key) for key in ("id", "label"))
    if code in silent:
        term.note(("id",), ("label",))
    elif match := DAY.fullmatch(text_of(label)):
        day = int(match[2]) * (1 if match[1] in ("", "+") else -1)
        return Time(DAY_0, day, day, part, places)
    elif code in timeline.STAGES:
        return Time(BIRTH, *timeline.STAGES[code], part, places)
    else:
        (term or part).leave("no days are known for it" if term else OTHER_TYPE)
    return None


def first_dose(action: Part) -> Time | None:
    """The earliest day that a dose was given, wherever it stands in the list."""
    action.leave("the first day is read; doses have no rows", "doseIntervals")
    found = []
    for dose in action.parts("doseIntervals"):
        start = dose.at("interval", "start")
        try:
            day = timeline.day_of(start).toordinal() if isinstance(start, str) else None
        except ValueError as error:
            dose.leave(str(error), "interval")
            continue
        if day is not None:
            found.append(Time(DATE, day, day, dose, ((*dose.path, "interval", "start"),)))
    return min(found, key=lambda time: time.least, default=None)
