"""Windows: every day that agrees with what is known of an event, and no other.

Pure functions over frames: they know neither paper nor page.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from casebook import words
from casebook.timeline import network
from casebook.timeline.network import Network


def windows(events: pd.DataFrame, bounds: pd.DataFrame, anchor: str) -> pd.DataFrame:
    """Earliest and latest day of every event, counted from one event of its case.

    Parameters
    ----------
    events : DataFrame
        One row an event: `event_id`, `case_id`, `kind`, `index_event` (bool).
    bounds : DataFrame
        One row a bound: `case_id`, `from_event`, `to_event`, `min_days`, `max_days`
        (days; blank is open), and, where it is known, `basis`.
    anchor : str
        A kind of event: day 0 is the case's one event of this kind with `index_event` true. Or
        the id of an event. A case without one gets open windows.

    Returns
    -------
    DataFrame
        One row an event, in the order and with the index of `events`: `case_id`, `event_id`;
        `earliest`, `latest` (days, −inf and inf where open), each with the rows of `bounds` that
        make it so (`earliest_because`) and the weakest basis among them (`earliest_basis`);
        `basis`, the weakest of both.

    Raises
    ------
    ValueError
        If no event has the kind or the id `anchor`, if a case has two index events of that kind,
        or as `network.solve`.
    TimelineConflict
        If bounds contradict each other, in whichever case.
    """
    bounds = labeled(bounds)
    return limits(events, bounds, network.solve(events, bounds), anchors(events, anchor))


def labeled(bounds: pd.DataFrame) -> pd.DataFrame:
    """Bounds with an index in which no label stands twice: theirs, or else their places."""
    return bounds if bounds.index.is_unique else bounds.reset_index(drop=True)


def anchors(events: pd.DataFrame, anchor: str) -> dict[str, str]:
    """The event of each case that is day 0, where it has one."""
    by_kind, by_id = events[events["kind"] == anchor], events[events["event_id"] == anchor]
    if by_kind.empty and by_id.empty:
        kinds = words.listed(sorted(events["kind"].dropna().unique()))
        raise ValueError(f"anchor={anchor!r}: no event has this kind or id; the kinds are {kinds}")
    index = by_kind[by_kind["index_event"].isin([True])]
    found: dict[str, str] = {} if len(index) else dict(zip(by_id["case_id"], by_id["event_id"]))
    for case_id, ids in index.groupby("case_id")["event_id"]:
        if len(ids) > 1:
            raise ValueError(
                f"{case_id} has {len(ids)} index events of the kind {anchor} ({', '.join(ids)}): day 0 must be one "
                "event; set index_event to false for the others, or give the id of one of them as the anchor"
            )
        found[case_id] = ids.iloc[0]
    return found


def _frame(events: pd.DataFrame, rows: dict, bounds: pd.DataFrame, numbers: tuple[str, ...]) -> pd.DataFrame:
    """The rows in the order of `events`, with the weakest basis behind each set of rows."""
    keys = list(zip(events["case_id"], events["event_id"]))
    found = {name: [rows[key][name] for key in keys] for name in (rows[keys[0]] if keys else ())}
    bases = bounds["basis"].to_dict() if "basis" in bounds else {}
    for column in [name for name in found if name.endswith("_because")]:
        basis = [words.weakest(bases.get(row) for row in because) for because in found[column]]
        found[column.replace("_because", "_basis")] = basis
    types = {"case_id": "str", "event_id": "str", **dict.fromkeys(numbers, float)}
    # As objects, so that what is not known stays None.
    typed = {name: pd.Series(told, events.index, types.get(name, object)) for name, told in found.items()}
    return pd.DataFrame(typed, index=events.index)


def limits(
    events: pd.DataFrame, bounds: pd.DataFrame, solved: dict[str, Network], zeros: dict[str, str]
) -> pd.DataFrame:
    """As `windows`, for networks that are solved; `zeros` has the event of each case that is day 0."""
    rows = {}
    for case_id, case in solved.items():
        zero = case.nodes.index(zeros[case_id]) if case_id in zeros else None
        for number, event_id in enumerate(case.nodes):
            found = {"case_id": case_id, "event_id": event_id, "earliest": -np.inf, "latest": np.inf}
            found |= {"earliest_because": (), "latest_because": ()}
            if zero is not None:
                found |= {"earliest": case.least(zero, number), "latest": case.most[zero, number]}
                found |= {"earliest_because": case.path(number, zero)[::-1], "latest_because": case.path(zero, number)}
            rows[case_id, event_id] = found
    found = _frame(events, rows, bounds, ("earliest", "latest"))
    both = zip(found["earliest_basis"], found["latest_basis"])
    weakest = [words.weakest(basis for basis in pair if basis is not None) for pair in both]
    return found.assign(basis=pd.Series(weakest, index=events.index, dtype=object))


def neighbors(events: pd.DataFrame, bounds: pd.DataFrame, solved: dict[str, Network]) -> pd.DataFrame:
    """What each event is known to follow or precede; it does not depend on an anchor.

    Parameters
    ----------
    events, bounds : DataFrame
        As for `windows`.
    solved : dict
        Their networks, from `network.solve`.

    Returns
    -------
    DataFrame
        One row an event, in the order and with the index of `events`, with ids of events of the
        same case (None where there is none), each with `…_because` and `…_basis`:

        - `since`, `until`: the nearest index event known to lie not after, and not before it;
        - `near`, `near_min`, `near_max`: the event from which its distance in days is known best,
          and that distance (negative: so many days before it);
        - `after`, `before`: as `since` and `until`, among all events.
    """
    rows = {}
    for case_id, case in solved.items():
        for number, event_id in enumerate(case.nodes):
            others = [n for n in range(len(case.nodes)) if n != number]
            index = [n for n in others if n in case.index_events]
            since, until = _on_either_side(case, number, index)
            after, before = _on_either_side(case, number, others)
            sides = (since, until) if (since, until) != (None, None) else (after, before)
            near = _best_known(case, number, index if number in case.index_events else others, sides)
            found = {"case_id": case_id, "event_id": event_id, "near_min": np.nan, "near_max": np.nan}
            if near is not None:
                found |= {"near_min": case.least(near, number), "near_max": case.most[near, number]}
            named = {"since": since, "until": until, "near": near, "after": after, "before": before}
            for name, other in named.items():
                found[name] = None if other is None else case.nodes[other]
                found[f"{name}_because"] = () if other is None else _because(case, name, other, number)
            rows[case_id, event_id] = found
    return _frame(events, rows, bounds, ("near_min", "near_max"))


def _because(case: Network, name: str, other: int, number: int) -> tuple:
    """The rows that fix one event relative to another."""
    early, late = case.path(number, other)[::-1], case.path(other, number)
    if name in ("since", "after"):
        return early
    return late[::-1] if name in ("until", "before") else tuple(dict.fromkeys(early + late))


def _on_either_side(case: Network, number: int, others: list[int]) -> tuple[int | None, int | None]:
    """The nearest of some events that the bounds fix on either side."""
    earlier = [n for n in others if case.most[number, n] <= 0]
    later = [n for n in others if case.most[n, number] <= 0]
    # Nearest: the one beyond which no other of its side is known to lie.
    since = next((n for n in earlier if all(case.most[n, m] <= 0 for m in earlier)), None)
    until = next((n for n in later if all(case.most[m, n] <= 0 for m in later)), None)
    return since, until


def _best_known(case: Network, number: int, others: list[int], sides: tuple[int | None, int | None]) -> int | None:
    """The event from which the distance is known best: the narrowest span, then an index event, then the nearest."""

    def rank(other: int) -> tuple[float, bool, float]:
        least, most = case.least(other, number), case.most[other, number]
        return most - least, other not in case.index_events, min(abs(least), abs(most))

    spans = [n for n in others if np.isfinite([case.least(n, number), case.most[n, number]]).all()]
    if spans:
        return min(spans, key=rank)
    # Else a neighbor that it is known to follow, or to precede, by at least so many days.
    known = [n for n in sides if n is not None]
    return next((n for n in known if case.least(n, number) > 0 or case.most[n, number] < 0), None)
