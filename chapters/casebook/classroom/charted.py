"""What stands on the chart of a made-up patient on the day of a stage: values until then, and grades until then."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from casebook import data, words
from casebook.classroom.vignettes import Vignette
from casebook.patients import individuals
from casebook.timeline import course, measured


@dataclass(frozen=True)
class Charted:
    """What is known on one day of a patient, and nothing of a later day.

    Attributes
    ----------
    day : float
        The day of the stage, counted from the first anchor of the patient.
    said : str
        That day in words, counted from the last anchor that has passed.
    low, high : float
        The first day of any value, and the day of the last stage: the same in all stages of a patient.
    values : DataFrame
        What `timeline.measured` gives, as far as its day is past, with `when`, its day in words, and `least` and
        `most`, the ends of the scale of its analyte: of the whole course, so that no point moves while it grows.
    anchors : tuple of (str, float)
        What days are counted from and has passed: its label and day.
    grades : tuple of (str, float, str)
        What was graded until then: the event, its day, and the answer; blank for what this stage asks for.
    """

    day: float
    said: str
    low: float
    high: float
    values: pd.DataFrame
    anchors: tuple[tuple[str, float], ...]
    grades: tuple[tuple[str, float, str], ...]


def charted(book, case_id: str, events: list[str], graded: list[Vignette | None]) -> list[Charted | None]:
    """The chart of a patient on the day of each stage.

    Parameters
    ----------
    book : Casebook
    case_id : str
    events : list of str
        Of each stage, in order, the event on whose day it stands; blank for none.
    graded : list of Vignette or None
        What is graded in each.

    Returns
    -------
    list of Charted or None
        None for a stage that stands on no day.

    Raises
    ------
    ValueError
        If the day of such an event, or of a value, is not known.
    """
    if not any(events):
        return [None] * len(events)
    one = data.select(book, case_id)
    kinds = individuals.anchor_kinds(book)["kind"].tolist()
    rows = one.events[one.events["index_event"] & one.events["kind"].isin(kinds)]
    seen = course(one, min(rows["kind"], key=kinds.index))
    known = seen.windows[seen.windows["earliest"].eq(seen.windows["latest"])].set_index("event_id")["earliest"]
    needed = dict.fromkeys([*filter(None, events), *rows["event_id"]])
    if left := [event for event in needed if event not in known.index]:
        raise ValueError(f"stages, {case_id}, event_id: {words.listed(left)} has no known day; "
                         "give its day in bounds, or name another event")  # fmt: skip
    labels = seen.events.set_index("event_id")["label"]
    anchors = sorted(((labels[event], float(known[event])) for event in rows["event_id"]), key=lambda one: one[1])
    values = measured(one, seen)
    if (values["low"] != values["high"]).any():
        wrong = values.loc[values["low"] != values["high"], "measurement_id"].iloc[0]
        raise ValueError(
            f"measurements, {wrong}: a chart in stages needs a known day; give min_days and max_days alike"
        )
    ends = values[["value", "lower", "upper"]].agg(["min", "max"], axis="columns").groupby(values["analyte"])
    values = values.assign(
        when=[_said(day, anchors) for day in values["low"]],
        least=ends["min"].transform("min"),
        most=ends["max"].transform("max"),
    )
    days = [float(known[event]) if event else None for event in events]
    known_days = [day for day in days if day is not None]
    low, high = min([*values["low"], *known_days]), max(known_days)
    made: list[Charted | None] = []
    for at, day in enumerate(days):
        if day is None:
            made.append(None)
            continue
        until = list(zip(events, days, graded))[: at + 1]
        grades = tuple(
            (labels[event], then, one.answer if then < day else "") for event, then, one in until if one and event
        )
        passed = tuple(one for one in anchors if one[1] <= day)
        made.append(Charted(day, _said(day, anchors), low, high, values[values["low"] <= day], passed, grades))
    return made


def _said(day: float, anchors: list[tuple[str, float]]) -> str:
    """A day in words, counted from the last anchor before it, or back from the first."""
    first = anchors[0]
    label, start = next((one for one in reversed(anchors) if one[1] <= day), first)
    if day < first[1]:
        return f"day {words.number(first[1] - day)} before {label}"
    return f"day {words.number(day - start)}" + f" after {label}" * (label != first[0])
