"""What the exercises say of an answer: a word of help, or nothing if it is right.

Each function computes what is right from what the exercise was given, so that no answer stands beside its question;
the cell below an answer shows the help alone.
"""

from __future__ import annotations

import hashlib

import altair as alt
import numpy as np
import pandas as pd

from casebook import statistics, timeline
from casebook.classroom import vignettes
from casebook.evidence import cohorts

CERTAIN = ("same", "nested")


def in_window(earliest, latest, events: pd.DataFrame, bounds: pd.DataFrame, event: str, anchor: str) -> str:
    """Whether these are the first and the last day of an event, counted from an anchor."""
    if None in (earliest, latest):
        return "Give two numbers of days."
    window = timeline.windows(events, bounds, anchor).set_index("event_id").loc[event]
    if latest - earliest != window["latest"] - window["earliest"]:
        return "The width of the window comes from the second bound alone."
    if earliest < window["earliest"]:
        return f"The {event} is counted from another event; you are asked to count from the {anchor}."
    return "" if earliest == window["earliest"] else "Add the days up to the graft to both limits."


def contradicting(names, events: pd.DataFrame, bounds: pd.DataFrame, anchor: str) -> str:
    """Whether these rows contradict each other, and none of them can go."""
    if not isinstance(names, set) or not names <= set(bounds.index):
        return "Give a set of row names, such as {'a', 'd'}."
    if not _conflict(names, events, bounds, anchor):
        return "These rows can all be true at once: add up the least days of the others."
    if any(_conflict(names - {one}, events, bounds, anchor) for one in names):
        return "One of these rows can go, and the rest still contradict each other."
    return ""


def _conflict(names: set, events: pd.DataFrame, bounds: pd.DataFrame, anchor: str) -> bool:
    try:
        timeline.windows(events, bounds[bounds.index.isin(names)], anchor)
    except timeline.TimelineConflict:
        return True
    return False


def upper_percent(upper, events: int, n: int) -> str:
    """Whether this is the upper limit of the Clopper–Pearson interval, in percent."""
    if upper is None:
        return "Give a number."
    if upper <= 0:
        return "None seen is not none possible: how rare must it be to be missed every time?"
    exact = 100 * statistics.proportion_interval(events, n)[1]
    if abs(100 * upper - exact) < 1:
        return "In percent, not as a fraction."
    close = "Close, perhaps: the rule of three is an approximation for large n. Give the exact limit."
    return "" if abs(upper - exact) < 0.06 else close


def pooled_without(estimate, rows: pd.DataFrame) -> str:
    """Whether this is what is pooled, in percent, without the series in which it was most frequent."""
    if estimate is None:
        return "Give a number."
    every, rest = (100 * cohorts.pooled(some)[0].estimate for some in (rows, rows.drop(_share(rows).idxmax())))
    if abs(100 * estimate - rest) < 1:
        return "In percent, not as a fraction."
    if abs(estimate - every) < 0.06:
        return "This is the estimate of all series."
    return "" if abs(estimate - rest) < 0.06 else "Another series was left out, or it was pooled in another way."


def _share(rows: pd.DataFrame) -> pd.Series:
    return rows["events"] / rows["n"]


def sharing_for_certain(names, overlaps: pd.DataFrame, study_id: str) -> str:
    """Whether these are the series that share patients with one, and not only perhaps."""
    if not isinstance(names, set):
        return "Give a set of study names, such as {'pan2021'}."
    if study_id in names:
        return "A series shares its patients with itself; name the others."
    pairs = overlaps[overlaps["certainty"].isin(CERTAIN)]
    certain = {*pairs.loc[pairs["study_a"] == study_id, "study_b"], *pairs.loc[pairs["study_b"] == study_id, "study_a"]}
    if names - certain:
        return "One of these may share patients; whether it does is neither said nor excluded."
    return "" if names == certain else "One more shares patients for certain; look at both columns."


def graded_by_hand(book, answers: dict[str, object], help_: dict[str, str]) -> str:
    """Whether made-up patients have these grades: the help of the first who has not (both by vignette)."""
    if None in answers.values():
        return "Give three whole numbers."
    wrong = [name for name, said in answers.items() if said != vignettes.vignette(book, name).graded.value]
    return help_[wrong[0]] if wrong else ""


def shares_drawn(chart, groups: pd.DataFrame) -> str:
    """Whether a chart shows of each group the share, its Clopper–Pearson interval in percent, and of how many."""
    if not isinstance(chart, alt.TopLevelMixin):
        return "Give a chart of Altair."
    spec = chart.to_dict()
    parts = [spec, *spec.get("layer", [])]
    channels = {name for one in parts for name in one.get("encoding", {})}
    drawn = {part["field"] for one in parts for part in one.get("encoding", {}).values() if "field" in part}
    if lacking := {"low", "high"} - drawn:
        return f"How certain is each share? No axis shows the limits yet: {', '.join(sorted(lacking))}."
    if "patients" not in drawn:
        return "Of how many? The reader cannot see that one group has five patients: encode it, or write it."
    if "alive_percent" not in drawn or "group" not in drawn or not {"x2", "y2"} & set(channels):
        return "Draw the share of each group, and a rule from its low to its high limit (x and x2)."
    rows = {row.get("group"): row for some in spec.get("datasets", {}).values() for row in some if "low" in row}
    for one in groups.itertuples():
        exact = 100 * np.array(statistics.proportion_interval(one.alive, one.patients))
        if one.group not in rows or np.abs(exact - [rows[one.group]["low"], rows[one.group]["high"]]).max() > 0.1:
            return f"The limits {one.group} are not those of Clopper and Pearson in percent: alive of patients."
    return ""


def died_waiting(names, patients: pd.DataFrame, day: float) -> str:
    """Whether these are the patients who died before a day."""
    if not isinstance(names, set) or not names <= set(patients["patient"]):
        return "Give a set of names, such as {'made-up-1'}."
    early = set(patients.loc[patients["died_on"] < day, "patient"])
    if names - early:
        return f"One of these lived to day {day:g}: nothing kept this patient from the graft."
    return "" if names == early else "Someone else died before the graft could be given."


def by_landmark(difference, people: pd.DataFrame, day: float) -> str:
    """Whether this is the difference among those alive on a day, by what they had until then, in percentage points."""
    if difference is None:
        return "Give a number of percentage points."
    naive = _difference(people, people["grafted"])
    there = people[people["died_on"] > day]
    exact = _difference(there, there["graft_on"] <= day)
    if abs(difference - naive) < 0.05:
        return "This is the naive comparison: who died early still counts against the group without a graft."
    only = f"Take only those who were alive on day {day:g}, and group them by what they had by that day."
    return "" if abs(difference - exact) < 0.05 else only


def _difference(people: pd.DataFrame, had: pd.Series) -> float:
    return 100 * (people.loc[had, "alive_365"].mean() - people.loc[~had, "alive_365"].mean())


def encoded(rows, events: pd.DataFrame, anchor: str, wanted: dict[str, str]) -> str:
    """Whether bounds say what a text tells: where each event lies is compared, however the bounds were written.

    `wanted` names, for each event, what `sealed` gives of the days on which the text lets it lie.
    """
    if not rows:
        return "Give a list of rows."
    typed = pd.DataFrame(rows, columns=["from_event", "to_event", "min_days", "max_days"])
    typed = typed.assign(case_id=events["case_id"].iloc[0]).astype({"min_days": float, "max_days": float})
    found = timeline.windows(events, typed, anchor).set_index("event_id")
    for event, seal in wanted.items():
        early, late = found.loc[event, ["earliest", "latest"]]
        if sealed(event, early, late) == seal:
            continue
        if sealed(event, early, np.inf) == seal:
            return f"{event}: the text has no latest day. Leave it open."
        if early == late:
            return f"{event}: does the text give this one day? A midpoint is nobody's day."
        return f"{event}: the text gives another day, or other limits. Read what it counts from."
    return ""


def sealed(event: str, early: float, late: float) -> str:
    """The days on which an event may lie, so that they can be compared and not read."""
    return hashlib.sha256(f"{event} {early:g} {late:g}".encode()).hexdigest()[:12]


def filled_alone(filled: pd.DataFrame, bounds: pd.DataFrame, bound_id: str, day: float) -> str:
    """Whether one bound has a day, and all others are as they were."""
    row = filled.set_index("bound_id").loc[bound_id]
    if row["min_days"] != day:
        return f"The graft may still come earlier than on day {day:g}."
    if row["max_days"] != day:
        return f"The graft may still come later than on day {day:g}."
    others = [one[one["bound_id"] != bound_id][["min_days", "max_days"]].astype(float) for one in (filled, bounds)]
    return "" if others[0].equals(others[1]) else "Only one bound was to be changed: the others are not what they were."
