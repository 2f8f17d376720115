"""Bounds between the events of a case, solved as a simple temporal problem.

A record says that one event came after another, or within so many days of it. Such bounds
form a simple temporal problem (Dechter, Meiri and Pearl 1991): events are nodes, and a bound
"b comes `min` to `max` days after a" is an edge from a to b of weight `max` and an edge from
b to a of weight `-min`. The shortest path from a to b is then the largest number of days by
which b can follow a, and a negative cycle is a contradiction.
"""

from __future__ import annotations

import math
from collections.abc import Hashable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from casebook import words

MICRO = 1e6  # days are added up as whole millionths, so that 0.1 + 0.2 is 0.3; what is none is rounded outward
MOST_DAYS = 1e9  # beyond it a sum of millionths is no longer exact

Row = tuple[Hashable, str, str, float, float]  # label of the row, from, to, -least and most in micro-days


class TimelineConflict(ValueError):
    """Bounds contradict each other.

    Attributes
    ----------
    rows : tuple
        Index labels of the rows of `bounds` that cannot all be true.
    conflicts : tuple of tuple
        The same rows, one tuple a contradiction: the fewest that contradict each other, as they lead
        from the first of their events back to it.
    """

    def __init__(self, conflicts: list[tuple[Hashable, ...]], bounds: pd.DataFrame):
        self.conflicts = tuple(conflicts)
        self.rows = tuple(dict.fromkeys(row for conflict in conflicts for row in conflict))
        lines = [
            f"  {row.case_id}, {getattr(row, 'bound_id', f'row {row.Index}')}: {row.to_event} comes "
            f"{_span(row.min_days, row.max_days)} {row.from_event}"
            for row in bounds.loc[list(self.rows)].itertuples()
        ]
        super().__init__("these bounds cannot all be true; correct at least one:\n" + "\n".join(lines))


def _span(least: float, most: float) -> str:
    if math.isnan(least) and math.isnan(most):
        return "at some time relative to"
    if math.isnan(most):
        return f"{words.days(least, math.inf)} after" if least >= 0 else f"{words.number(least)} days or later after"
    if math.isnan(least):
        return f"at most {words.number(most)} days after"
    return f"{words.number(least)} to {words.number(most)} days after" if least != most else f"{_day(most)} after"


def _day(value: float) -> str:
    return words.days(value, value) if value >= 0 else f"{words.number(value)} days"


@dataclass(frozen=True)
class Network:
    """The solved network of one case.

    Attributes
    ----------
    nodes : tuple of str
        The ids of its events, in their order.
    index_events : tuple of int
        The places of those that days are counted from.
    most : ndarray
        `most[i, j]`: the most days by which event j can follow event i; inf where open.
    before : ndarray
        The last node before j on the shortest path from i; -1 where there is no path.
    rows : dict
        The row of `bounds` behind each edge.
    """

    nodes: tuple[str, ...]
    index_events: tuple[int, ...]
    most: np.ndarray
    before: np.ndarray
    rows: dict[tuple[int, int], Hashable]

    def least(self, start: int, end: int) -> float:
        """The fewest days by which one event follows another; -inf where open."""
        return 0.0 - self.most[end, start]

    def path(self, start: int, end: int) -> tuple[Hashable, ...]:
        """The rows on the shortest path, from its start to its end; none if there is no path."""
        found = [self.rows[step] for step in _steps(self.before, start, end)]
        return tuple(found)


def solve(events: pd.DataFrame, bounds: pd.DataFrame) -> dict[str, Network]:
    """Solve the network of every case.

    Parameters
    ----------
    events : DataFrame
        One row an event: `event_id`, `case_id`, `kind`, `index_event` (bool).
    bounds : DataFrame
        One row a bound: `case_id`, `from_event`, `to_event`, `min_days`, `max_days` (days; blank
        is open); its index has no label twice.

    Returns
    -------
    dict
        By `case_id`, in the order of `events`.

    Raises
    ------
    ValueError
        If an id or a truth value is missing or no such thing, an id stands twice in a case, a number of days
        is none or infinite, or a bound names an event that its case does not have. All are named at once.
    TimelineConflict
        If bounds contradict each other, in whichever case: the smallest contradiction first, then, without its rows,
        the next.

    References
    ----------
    Dechter R, Meiri I, Pearl J. Temporal constraint networks. Artif Intell 1991;49:61-95.
    Floyd RW. Algorithm 97: shortest path. Communications of the ACM 1962;5:345.
    """
    least, most, wrong = _days(bounds)
    wrong = _event_problems(events) + _bound_problems(events, bounds) + wrong
    if wrong:
        raise ValueError("the timeline cannot be computed:\n" + "\n".join(f"  {problem}" for problem in wrong))
    known: dict[str, list[tuple]] = {}
    for case_id, event_id, index_event in zip(events["case_id"], events["event_id"], events["index_event"]):
        known.setdefault(case_id, []).append((event_id, bool(index_event)))
    rows: dict[str, list[Row]] = {}
    for case_id, *row in zip(
        bounds["case_id"], bounds.index, bounds["from_event"], bounds["to_event"], least.tolist(), most.tolist()
    ):
        rows.setdefault(case_id, []).append(tuple(row))
    solved, conflicts = {}, []
    for case_id, mine in known.items():
        left = rows.get(case_id, [])
        network, conflict = _solve(mine, left)
        while conflict:  # put its rows aside, and look for the next
            conflicts.append(conflict)
            left = [row for row in left if row[0] not in conflict]
            network, conflict = _solve(mine, left)
        solved[case_id] = network
    if conflicts:
        raise TimelineConflict(conflicts, bounds.assign(min_days=-least / MICRO, max_days=most / MICRO))
    return solved


def _event_problems(events: pd.DataFrame) -> list[str]:
    wrong = []
    for column in ("case_id", "event_id"):
        missing = [row for row, value in zip(events.index, events[column]) if pd.isna(value)]
        wrong += [f"events row {row}, {column}: an id is missing" for row in missing]
    for row, value in zip(events.index, events["index_event"]):
        if not isinstance(value, (bool, np.bool_)):
            wrong.append(f"events row {row}, index_event: found {value!r}; expected True or False")
    seen = set()
    for row, *key in zip(events.index, events["case_id"], events["event_id"]):
        if tuple(key) in seen:
            wrong.append(f"events row {row}, event_id: {key[1]} stands twice in {key[0]}")
        seen.add(tuple(key))
    return wrong


def _bound_problems(events: pd.DataFrame, bounds: pd.DataFrame) -> list[str]:
    wrong = []
    have = set(zip(events["case_id"], events["event_id"]))
    cases = set(events["case_id"].dropna())
    ends = ("from_event", "to_event")
    for row, case_id, *ids in zip(bounds.index, bounds["case_id"], *(bounds[column] for column in ends)):
        if pd.isna(case_id) or case_id not in cases:
            wrong.append(f"bounds row {row}, case_id: {case_id} has no events")
            continue
        for column, event_id in zip(ends, ids):
            if pd.isna(event_id) or (case_id, event_id) not in have:
                wrong.append(f"bounds row {row}, {column}: {event_id} must be an event of {case_id}")
    return wrong


def _days(bounds: pd.DataFrame) -> tuple[np.ndarray, np.ndarray, list[str]]:
    """The weights of both edges of each bound in micro-days, not yet whole (NaN where open), and what is wrong."""
    found, wrong = {}, []
    for column in ("min_days", "max_days"):
        told = bounds[column]
        numbers = told if told.dtype == float else pd.to_numeric(told, errors="coerce").astype("Float64").astype(float)
        found[column] = numbers.to_numpy()
        odd = told.notna().to_numpy() & ~(np.abs(found[column]) <= MOST_DAYS)  # no number is not below it either
        wrong += [
            f"bounds row {row}, {column}: found {value!r}; expected a number of days, or blank where it is open"
            for row, value in (told[odd].items() if odd.any() else ())
        ]
    least, most = -found["min_days"] * MICRO, found["max_days"] * MICRO
    return least.round(3), most.round(3), wrong  # without what binary numbers add in the last digits


def _solve(events: list[tuple[str, bool]], bounds: list[Row]) -> tuple[Network | None, tuple[Hashable, ...]]:
    """Floyd and Warshall's algorithm; in the second place the rows of the smallest negative cycle, if there is one."""
    nodes = tuple(event_id for event_id, _ in events)
    place = {event_id: number for number, event_id in enumerate(nodes)}
    size = len(nodes)
    most = np.full((size, size), np.inf)
    np.fill_diagonal(most, 0.0)
    before = np.full((size, size), -1)
    rows: dict[tuple[int, int], Hashable] = {}
    rounded = 0
    for row, start, end, least, latest in bounds:
        for source, target, exact in ((place[start], place[end], latest), (place[end], place[start], least)):
            weight = np.ceil(exact)
            rounded += weight > exact
            if weight < most[source, target]:  # the tightest counts; false where blank
                if source == target:  # an event before itself
                    return None, (row,)
                most[source, target], before[source, target] = weight, source
                rows[source, target] = row
    direct = most
    for by in range(size):
        through = most[:, by, None] + most[None, by, :]
        shorter = through < most
        if (through.diagonal() < 0).any():
            return None, tuple(dict.fromkeys(rows[step] for step in _smallest_cycle(direct)))
        most = np.where(shorter, through, most)
        before = np.where(shorter, before[by][None, :], before)
    index_events = tuple(number for number, (_, index_event) in enumerate(events) if index_event)
    return Network(nodes, index_events, _known_days(most, 2 * rounded) / MICRO + 0.0, before, rows), ()


def _smallest_cycle(direct: np.ndarray) -> list[tuple[int, int]]:
    """The edges of the negative cycle that has the fewest, from the first node by which one of them leads.

    Walks grow by one edge, the shortest to each node first, until one comes back below 0: there must be one. What is
    equally short leads by the first node.
    """
    edges = np.where(np.eye(len(direct), dtype=bool), np.inf, direct)
    walk, last = edges, []
    while not (walk.diagonal() < 0).any():
        longer, before = np.full_like(walk, np.inf), np.zeros(walk.shape, dtype=int)
        for by in range(len(walk)):
            through = walk[:, by, None] + edges[None, by, :]
            before = np.where(through < longer, by, before)
            longer = np.minimum(through, longer)
        last.append(before)
        walk = longer
    start = int(np.flatnonzero(walk.diagonal() < 0)[0])
    nodes = [start]
    for before in reversed(last):
        nodes.append(int(before[start, nodes[-1]]))
    nodes.append(start)
    return list(zip(nodes[:0:-1], nodes[-2::-1]))


def _known_days(most: np.ndarray, slack: int) -> np.ndarray:
    """Make one day again of what rounding outward drew apart: the one of fewest digits that lies between.

    `slack` is how far apart, in micro-days, rounding can have drawn the two limits of a day.
    """
    apart = most + most.T
    middle = np.where(np.isfinite(apart), most, 0.0)
    middle = (middle - middle.T) / 2
    open_ = (apart > 0) & (apart <= slack)
    for digits in range(7):
        days = np.round(middle / MICRO, digits) * MICRO
        fits = open_ & (abs(days - middle) <= apart / 2)
        most, open_ = np.where(fits, days.round(), most), open_ & ~fits
    return most


def _steps(before: np.ndarray, start: int, end: int) -> list[tuple[int, int]]:
    """The edges of the shortest path from start to end, in their order."""
    steps = []
    while end != start and before[start, end] >= 0:
        steps.append((before[start, end], end))
        end = before[start, end]
    return steps[::-1]
