"""What the words of a record imply about time, and nothing more.

A record says that one event came after another, or within so many days of it. Such bounds
form a simple temporal problem (Dechter, Meiri and Pearl 1991): events are nodes, and a bound
"b comes `min` to `max` days after a" is an edge from a to b of weight `max` and an edge from
b to a of weight `-min`. The shortest path from a to b is then the largest number of days by
which b can follow a, and a negative cycle is a contradiction.

Pure functions over frames; nothing here reads a file or draws.
"""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from itertools import pairwise

import networkx as nx
import numpy as np
import pandas as pd
from scipy.sparse.csgraph import NegativeCycleError, csgraph_from_dense, shortest_path

BASES = ("stated", "defined", "inferred")  # from strongest to weakest

DAYS = ("earliest", "latest", "since_min", "since_max")
COLUMNS = (
    *("case_id", "event_id", "earliest", "latest"),
    *("earliest_because", "latest_because", "earliest_basis", "latest_basis", "basis"),
    *("since", "since_min", "since_max", "since_because", "since_basis"),
    *("until", "until_because", "until_basis"),
)
NOT_IN_THE_RECORD = "not in the record"
LANES = (  # in clinical order, which is no order in time
    *("disease", "infusion", "inflammation", "infection", "organ"),
    *("transplantation", "GVHD", "microangiopathy", "response", "outcome"),
)
INDEX_EVENT_NAMES = {"car_t_infusion": "the infusion", "hsct": "transplantation"}


MICRO = 1e6  # days are added up as whole millionths, so that 0.1 + 0.2 is 0.3


class TimelineConflict(ValueError):
    """Bounds contradict each other.

    Attributes
    ----------
    rows : tuple
        Index labels of the rows of `bounds` that cannot all be true.
    conflicts : tuple of tuple
        The same rows, one tuple a contradiction.
    """

    def __init__(self, conflicts: list[tuple[Hashable, ...]], bounds: pd.DataFrame):
        self.conflicts = tuple(conflicts)
        self.rows = tuple(dict.fromkeys(row for conflict in conflicts for row in conflict))
        lines = [
            f"  {row.case_id}, {getattr(row, 'bound_id', f'row {row.Index}')}: {row.to_event} comes "
            f"{_days(row.min_days, row.max_days)} after {row.from_event}"
            for row in bounds.loc[list(self.rows)].itertuples()
        ]
        super().__init__("these bounds cannot all be true; correct at least one:\n" + "\n".join(lines))


@dataclass(frozen=True)
class _Network:
    """One case as a network: `limits[i, j]` is the most by which event j can follow event i (micro-days)."""

    nodes: list[str]
    index_events: list[int]
    limits: np.ndarray
    rows: dict[tuple[int, int], Hashable]  # the tightest row behind each edge


def windows(events: pd.DataFrame, bounds: pd.DataFrame, anchor: str) -> pd.DataFrame:
    """Earliest and latest day of every event, counted from one event of its case.

    Parameters
    ----------
    events : DataFrame
        One row an event: `event_id`, `case_id`, `kind`, `index_event`.
    bounds : DataFrame
        One row a bound: `case_id`, `from_event`, `to_event`, `min_days`, `max_days`
        (days; blank is open), and, where it is known, `basis`.
    anchor : str
        A kind of event such as `car_t_infusion` or `hsct`: day 0 is the case's one event of
        this kind with `index_event` true. A case without one gets open windows.

    Returns
    -------
    DataFrame
        One row an event, in the order and with the index of `events`:

        - `case_id`, `event_id`;
        - `earliest`, `latest`: days, floats, −inf and inf where open;
        - `earliest_because`, `latest_because`: tuples of index labels of `bounds`, the rows
          on the path from the anchor to the event;
        - `earliest_basis`, `latest_basis`, `basis`: the weakest basis on either path and on
          both (None where there is no path);
        - `since`, `until`: the nearest index event of the case known to lie not after the
          event, and the nearest known to lie not before it (None if there is none);
          `since_min`, `since_max`: by how many days it follows `since`; with the rows and
          the weakest basis of each. They do not depend on the anchor.

    Raises
    ------
    ValueError
        If a case has two index events of the kind `anchor`, or a bound names an event that
        its case does not have.
    TimelineConflict
        If bounds contradict each other, in whichever case.

    References
    ----------
    Dechter R, Meiri I, Pearl J. Temporal constraint networks. Artif Intell 1991;49:61-95.
    """
    bounds = bounds.assign(**{name: pd.to_numeric(bounds[name]).astype(float) for name in ("min_days", "max_days")})
    if not bounds.index.is_unique:
        bounds = bounds.reset_index(drop=True)
    cases = _by_case(events, ("event_id", "kind", "index_event"))
    anchors = {case_id: _anchor(case_id, rows, anchor) for case_id, rows in cases.items()}
    micro = {"least": -bounds["min_days"], "most": bounds["max_days"]}
    micro = bounds.assign(**{name: np.ceil(np.round(days * MICRO, 3)) for name, days in micro.items()})
    limits = _by_case(micro, ("from_event", "to_event", "least", "most"))
    unknown = sorted(set(limits) - set(cases))
    if unknown:
        raise ValueError(f"bounds name cases that have no events: {', '.join(unknown)}")
    bases = bounds["basis"].to_dict() if "basis" in bounds else {}
    found, conflicts = {}, []
    for case_id, rows in cases.items():
        network = _network(case_id, rows, limits.get(case_id, []))
        try:
            found.update(_case_windows(case_id, network, anchors[case_id], bases))
        except NegativeCycleError:
            conflicts.extend(_conflicts(case_id, rows, limits.get(case_id, [])))
    if conflicts:
        raise TimelineConflict(conflicts, bounds)
    rows = [found[key] for key in zip(events["case_id"], events["event_id"])]
    # As objects, so that what is not known stays None.
    result = pd.DataFrame(rows, index=events.index, columns=COLUMNS, dtype=object)
    return result.astype({"case_id": "str", "event_id": "str", **dict.fromkeys(DAYS, float)})


def _by_case(frame: pd.DataFrame, columns: tuple[str, ...]) -> dict[str, list[tuple]]:
    """The rows of each case, each with its index label first, as plain tuples."""
    cases: dict[str, list[tuple]] = {}
    for case_id, *row in zip(frame["case_id"], frame.index, *(frame[column] for column in columns)):
        cases.setdefault(case_id, []).append(tuple(row))
    return cases


def _anchor(case_id: str, events: list[tuple], anchor: str) -> str | None:
    ids = [event_id for _, event_id, kind, index_event in events if kind == anchor and index_event]
    if len(ids) > 1:
        raise ValueError(
            f"{case_id} has {len(ids)} index events of the kind {anchor} ({', '.join(ids)}): "
            "day 0 must be one event; set index_event to false for the others"
        )
    return ids[0] if ids else None


def _network(case_id: str, events: list[tuple], bounds: list[tuple]) -> _Network:
    nodes = [event_id for _, event_id, _, _ in events]
    index_events = [number for number, (*_, index_event) in enumerate(events) if index_event]
    place = {event_id: number for number, event_id in enumerate(nodes)}
    limits = np.full((len(nodes), len(nodes)), np.inf)
    np.fill_diagonal(limits, 0.0)
    rows: dict[tuple[int, int], Hashable] = {}
    for row, start, end, least, most in bounds:
        if start not in place or end not in place:
            raise ValueError(f"bounds row {row}: {start} and {end} must both be events of {case_id}")
        for source, target, weight in (
            (place[start], place[end], most),
            (place[end], place[start], least),
        ):
            # Of several bounds between two events the tightest counts; SciPy would add them up.
            if weight < limits[source, target]:  # false where blank
                limits[source, target] = weight
                rows[source, target] = row
    return _Network(nodes, index_events, limits, rows)


def _conflicts(case_id: str, events: list[tuple], bounds: list[tuple]) -> list[tuple[Hashable, ...]]:
    """The rows of each contradiction: find one, put its rows aside, and look again."""
    found = []
    while conflict := _conflict(_network(case_id, events, bounds)):
        found.append(conflict)
        bounds = [bound for bound in bounds if bound[0] not in conflict]
    return found


def _conflict(network: _Network) -> tuple[Hashable, ...]:
    """The rows of one negative cycle; NetworkX names it, where SciPy only says that there is one."""
    for (source, target), row in network.rows.items():
        if source == target:  # an event before itself
            return (row,)
    graph = nx.DiGraph()
    graph.add_weighted_edges_from((i, j, network.limits[i, j]) for i, j in sorted(network.rows))
    for component in nx.strongly_connected_components(graph):
        try:
            cycle = nx.find_negative_cycle(graph.subgraph(component), min(component))
        except nx.NetworkXError:  # this part holds none
            continue
        return tuple(dict.fromkeys(network.rows[edge] for edge in pairwise(cycle)))
    return ()


def _case_windows(case_id: str, network: _Network, anchor: str | None, bases: dict) -> dict:
    if (network.limits.diagonal() < 0).any():
        raise NegativeCycleError  # SciPy does not look at the diagonal
    graph = csgraph_from_dense(network.limits, null_value=np.inf)
    most, before = shortest_path(graph, method="FW", return_predecessors=True)
    most = most / MICRO + 0.0  # no minus zero
    zero = network.nodes.index(anchor) if anchor is not None else None
    result = {}
    for number, event_id in enumerate(network.nodes):
        earliest, latest, early, late = -np.inf, np.inf, (), ()
        if zero is not None:
            earliest, latest = 0.0 - most[number, zero], most[zero, number]
            early = _path(network, before, number, zero)[::-1]
            late = _path(network, before, zero, number)
        since, until = _neighbors(network, most, number)
        since_rows = () if since is None else _path(network, before, number, since)[::-1]
        until_rows = () if until is None else _path(network, before, until, number)[::-1]
        result[case_id, event_id] = {
            "case_id": case_id,
            "event_id": event_id,
            "earliest": earliest,
            "latest": latest,
            "earliest_because": early,
            "latest_because": late,
            "earliest_basis": weakest(bases.get(row) for row in early),
            "latest_basis": weakest(bases.get(row) for row in late),
            "basis": weakest(bases.get(row) for row in early + late),
            "since": None if since is None else network.nodes[since],
            "since_min": np.nan if since is None else 0.0 - most[number, since],
            "since_max": np.nan if since is None else most[since, number],
            "since_because": since_rows,
            "since_basis": weakest(bases.get(row) for row in since_rows),
            "until": None if until is None else network.nodes[until],
            "until_because": until_rows,
            "until_basis": weakest(bases.get(row) for row in until_rows),
        }
    return result


def _path(network: _Network, before: np.ndarray, start: int, end: int) -> tuple[Hashable, ...]:
    """The rows on the shortest path, from its start to its end; none if there is no path."""
    rows = []
    while end != start and before[start, end] >= 0:
        step = before[start, end]
        rows.append(network.rows[step, end])
        end = step
    return tuple(rows[::-1])


def _neighbors(network: _Network, most: np.ndarray, number: int) -> tuple[int | None, int | None]:
    """The nearest index events on either side that the bounds fix."""
    others = [n for n in network.index_events if n != number]
    earlier = [n for n in others if most[number, n] <= 0]
    later = [n for n in others if most[n, number] <= 0]
    # Nearest: the one beyond which no other of its side is known to lie.
    since = next((n for n in earlier if all(most[n, m] <= 0 for m in earlier)), None)
    until = next((n for n in later if all(most[m, n] <= 0 for m in later)), None)
    return since, until


def weakest(bases) -> str | None:
    """The weakest of some basis words (None where there is none): stated, defined, inferred."""
    known = [basis for basis in bases if basis in BASES]
    return max(known, key=BASES.index) if known else None


def explain(
    windows: pd.DataFrame,
    events: pd.DataFrame,
    bounds: pd.DataFrame,
    definitions: pd.DataFrame,
) -> pd.DataFrame:
    """Say each window in words, for tables and figures.

    Parameters
    ----------
    windows : DataFrame
        From `windows`.
    events, bounds, definitions : DataFrame
        The tables that the windows were computed from; `bounds` with `statement`, `basis`
        and `definition_id`, `definitions` with `label`.

    Returns
    -------
    DataFrame
        `windows` with four columns more: `position` (in days where days are known or
        limited, else by the nearest index events), `position_basis` (the weakest basis
        behind it), `if_defined_as` (labels of the definitions behind it, joined; empty if
        none), `because` (the statements behind it, each with its basis).
    """
    names = dict(
        zip(
            events["event_id"],
            events["kind"].map(INDEX_EVENT_NAMES).fillna(events["event_id"]),
        )
    )
    terms = dict(zip(definitions["definition_id"], definitions["label"]))
    rows = [
        bounds.loc[list(dict.fromkeys(w.earliest_because + w.latest_because + w.since_because + w.until_because))]
        for w in windows.itertuples()
    ]
    return windows.assign(
        position=[position(window, names) for window in windows.itertuples()],
        position_basis=[weakest(table["basis"]) for table in rows],
        if_defined_as=[", ".join(terms[name] for name in table["definition_id"].dropna().unique()) for table in rows],
        because=[" ".join(f"{b.statement} ({b.basis})" for b in table.itertuples()) for table in rows],
    )


def position(window, names: dict[str, str]) -> str:
    """Where one event lies, in words: in days, or by the nearest index events (`names` of them)."""
    early, late = window.earliest, window.latest
    since = names.get(window.since)
    until = names.get(window.until)
    if early == late:
        return f"day {early:g}"
    if np.isfinite(early) and np.isfinite(late):
        return f"day {early:g} to {late:g}"
    if np.isfinite(early) and (early != 0 or not since):
        return f"day {early:g} or later"
    if np.isfinite(late) and (late != 0 or not until):
        return f"day {late:g} or earlier"
    if since and window.since_max < np.inf:
        return f"{_days(window.since_min, window.since_max)} after {since}"
    if since and until:
        return f"after {since}, before {until}"
    if since:
        return f"after {since}, no later limit"
    if until:
        return f"before {until}, no earlier limit"
    return NOT_IN_THE_RECORD


def _days(least: float, most: float) -> str:
    if np.isfinite(least) and np.isfinite(most):
        return f"{most:g} days" if least == most else f"{least:g} to {most:g} days"
    if np.isfinite(most):
        return f"at most {most:g} days"
    return f"{least:g} days or more" if np.isfinite(least) and least != 0 else "some time"


def knowledge(windows: pd.DataFrame) -> pd.Series:
    """How much is known of the time of each event.

    Parameters
    ----------
    windows : DataFrame
        From `windows`.

    Returns
    -------
    Series
        One word an event, with the index of `windows`: `day` (a single day, the anchor's own
        day 0 included), `limits` (a first or last day other than day 0), `order` (before or
        after some index event), `nothing`.
    """
    limits = windows[["earliest", "latest"]]
    day = limits["earliest"] == limits["latest"]
    limited = (np.isfinite(limits) & (limits != 0)).any(axis="columns")
    ordered = windows["since"].notna() | windows["until"].notna()
    return pd.Series(
        np.select([day, limited, ordered], ["day", "limits", "order"], "nothing"), index=windows.index, dtype="str"
    )


def side_by_side(events: pd.DataFrame, cases: pd.DataFrame) -> pd.DataFrame:
    """What the record says of each case, dimension by dimension.

    Parameters
    ----------
    events : DataFrame
        `case_id`, `lane`, `label`.
    cases : DataFrame
        `case_id`, `label`; its order is the order of the columns.

    Returns
    -------
    DataFrame
        One row a lane that occurs, in clinical order: `lane`, one column a
        case (named by its label; missing where the record says nothing), and `in_record`,
        the number of cases of which it says something.
    """
    names = cases.set_index("case_id")["label"]
    wide = (
        events.assign(case=events["case_id"].map(names))
        .groupby(["lane", "case"], sort=False)["label"]
        .agg("; ".join)
        .unstack("case")
        .reindex(index=[lane for lane in LANES if lane in set(events["lane"])], columns=names.tolist())
    )
    wide["in_record"] = wide.notna().sum(axis="columns")
    return wide.rename_axis(index="lane", columns=None).reset_index()
