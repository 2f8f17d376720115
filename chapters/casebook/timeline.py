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


def in_words(events: pd.DataFrame, cases: pd.DataFrame, kinds: tuple[str, ...], gaps: pd.DataFrame) -> pd.DataFrame:
    """What the record says of each case about some kinds of events, for a place beside an axis.

    Parameters
    ----------
    events : DataFrame
        `case_id`, `kind`, `label`, `grade`.
    cases : DataFrame
        `case_id`: one row of the result each.
    kinds : tuple of str
        Kinds of events, such as ("crs",).
    gaps : DataFrame
        `case_id`, `topic`, `value`: an open gap "crs-scale" says that the scale of a grade is
        not in the record.

    Returns
    -------
    DataFrame
        `case_id` and `said`: the labels of the events, or "not in the record".
    """
    open_scale = set(gaps.loc[(gaps["topic"] == "crs-scale") & gaps["value"].isna(), "case_id"])
    said = []
    for case_id in cases["case_id"]:
        mine = events[(events["case_id"] == case_id) & events["kind"].isin(kinds)]
        words = "; ".join(mine["label"]) or NOT_IN_THE_RECORD
        unscaled = mine["grade"].notna().any() and case_id in open_scale
        said.append(f"{words}; its scale is {NOT_IN_THE_RECORD}" if unscaled else words)
    return pd.DataFrame({"case_id": cases["case_id"].to_list(), "said": said})


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


# ---------------------------------------------------------------- published courses

SHOWN = {  # what a published course is told by, and what it is called
    "car_t_infusion": "infusion",
    "hsct": "transplantation",
    "remission": "response",
    "mrd_negative": "response",
    **dict.fromkeys(("crs", "hlh", "icans", "cytopenia", "infection", "organ_toxicity"), "complication"),
    **dict.fromkeys(("hyperacute_gvhd", "acute_gvhd", "gvhd", "ta_tma", "tma"), "complication"),
    "death": "death",
    "last_follow_up": "last follow-up",
}
FATES = ("alive at the last report", "died", "not in what was read")


def fates(cases: pd.DataFrame) -> pd.Series:
    """What became of each patient, where the source says it.

    Parameters
    ----------
    cases : DataFrame
        `vital_status`: alive, dead, or missing.

    Returns
    -------
    Series
        One of `FATES` a case, with the index of `cases`.
    """
    named = {"alive": FATES[0], "dead": FATES[1]}
    return cases["vital_status"].map(named).fillna(FATES[2]).astype("str")


def courses(cases: pd.DataFrame, events: pd.DataFrame, windows: pd.DataFrame) -> pd.DataFrame:
    """The courses of published patients, as a swimmer plot draws them.

    Parameters
    ----------
    cases : DataFrame
        `case_id`, `label`, `diagnosis`, `car_target`, `product_source`, `vital_status`.
    events : DataFrame
        `event_id`, `case_id`, `kind`, `index_event`, `label`.
    windows : DataFrame
        From `windows`, with some anchor: it sets where day 0 is.

    Returns
    -------
    DataFrame
        One row an event of a kind in `SHOWN`, earlier transplantations left out: `case_id`,
        `name` (of the patient), `about`, `fate`, `target`, `product`, `event_id`, `shown` (the
        word of `SHOWN`), `label`, `form` ("day", "window" where both limits are known, else
        "no day"), `left`, `right` (days), and `last_day`, the last day of the case that is known
        (missing where none is).
    """
    rows = events.merge(windows[["case_id", "event_id", "earliest", "latest"]], on=["case_id", "event_id"])
    rows = rows[rows["kind"].isin(list(SHOWN)) & (rows["index_event"] | ~rows["kind"].isin(["hsct"]))]
    about = cases.assign(fate=fates(cases)).set_index("case_id")
    rows = rows[rows["case_id"].isin(about.index)]
    finite = np.isfinite(rows["earliest"]) & np.isfinite(rows["latest"])
    form = np.select([finite & (rows["earliest"] == rows["latest"]), finite], ["day", "window"], "no day")
    unread = FATES[2]
    columns = {"diagnosis": "disease", "car_target": "target", "product_source": "product"}
    told = about[list(columns)].fillna(unread).rename(columns=columns)
    words = (told["disease"] + "; " + told["target"] + "; " + told["product"]).str.replace(f"; {unread}", "")
    last = rows["earliest"].where(form == "day").groupby(rows["case_id"]).max()
    return pd.DataFrame(
        {
            "case_id": rows["case_id"],
            "name": rows["case_id"].map(about["label"]),
            "about": rows["case_id"].map(words).str.replace(unread, "disease not in what was read"),
            "fate": rows["case_id"].map(about["fate"]),
            "target": rows["case_id"].map(told["target"]),
            "product": rows["case_id"].map(told["product"]),
            "event_id": rows["event_id"],
            "shown": rows["kind"].map(SHOWN),
            "label": rows["label"],
            "form": form,
            "left": rows["earliest"],
            "right": rows["latest"],
            "last_day": rows["case_id"].map(last),
        }
    ).reset_index(drop=True)


def waiting(cases: pd.DataFrame, events: pd.DataFrame, windows: pd.DataFrame) -> pd.DataFrame:
    """How long single patients waited from infusion to transplantation, where the day is known.

    Parameters
    ----------
    cases : DataFrame
        `case_id`, `label`, `diagnosis`, `car_target`, `product_source`.
    events : DataFrame
        `event_id`, `kind`, `index_event`.
    windows : DataFrame
        From `windows`, counted from the infusion.

    Returns
    -------
    DataFrame
        One row a patient whose transplantation has one known day: the columns of `cases` and
        `days`, the shortest wait first.
    """
    known = windows[(windows["earliest"] == windows["latest"])]
    known = known[known["event_id"].isin(_index_transplantations(events))].rename(columns={"earliest": "days"})
    return cases.merge(known[["case_id", "days"]], on="case_id").sort_values("days", ignore_index=True)


def bridged(events: pd.DataFrame, windows: pd.DataFrame) -> set[str]:
    """The patients whose transplantation is known to follow their infusion.

    Parameters
    ----------
    events : DataFrame
        `event_id`, `kind`, `index_event`.
    windows : DataFrame
        From `windows`, counted from the infusion.

    Returns
    -------
    set of str
        Their `case_id`.
    """
    after = windows["event_id"].isin(_index_transplantations(events)) & (windows["earliest"] >= 0)
    return set(windows.loc[after, "case_id"])


def _index_transplantations(events: pd.DataFrame) -> pd.Series:
    return events.loc[(events["kind"] == "hsct") & events["index_event"], "event_id"]


FEATURES = (  # what the record names: how it is called, of which case, and how it is found in the tables
    ("T-ALL", "both", "diagnosis", "T-ALL"),
    ("autologous anti-CD7 CAR T cells", "both", "product", "autologous CD7"),
    ("allo-HSCT after CAR T cells", "both", "bridge", ""),
    ("grade 3 CRS", "case 1", "crs", "3"),
    ("infection", "case 1", "infection", ""),
    ("drug-related organ toxicity", "case 1", "organ_toxicity", ""),
    ("hyperacute GVHD", "case 1", "hyperacute_gvhd", ""),
    ("TA-TMA", "case 1", "ta_tma", ""),
)


def shared_features(
    index: pd.DataFrame,
    index_events: pd.DataFrame,
    cases: pd.DataFrame,
    events: pd.DataFrame,
    bridged_cases: set[str],
) -> pd.DataFrame:
    """Which published patients share a feature that the record names, and what else differs.

    Parameters
    ----------
    index, index_events : DataFrame
        The two cases and their events: a feature is listed only while their rows hold it.
    cases, events : DataFrame
        Published patients: `case_id`, `label`, `diagnosis`, `car_target`, `product_source`, `prior_hsct`; their
        events with `kind` and `grade`.
    bridged_cases : set of str
        From `bridged`.

    Returns
    -------
    DataFrame
        `feature`, `of` (which case), `shared_by` (labels, or "nobody who was found"), `differs`
        (one clause a patient). Nobody is scored.
    """
    rows = []
    for feature, of, kind, value in FEATURES:
        if not _holders(kind, value, index, index_events, set(index["case_id"])):
            continue
        mine = cases[cases["case_id"].isin(_holders(kind, value, cases, events, bridged_cases))]
        differs = [f"{case.label}: {_other(case, kind, bridged_cases)}" for case in mine.itertuples()]
        shared = "; ".join(mine["label"]) or "nobody who was found"
        rows.append({"feature": feature, "of": of, "shared_by": shared, "differs": ". ".join(differs)})
    return pd.DataFrame(rows, columns=["feature", "of", "shared_by", "differs"])


def _holders(kind: str, value: str, cases: pd.DataFrame, events: pd.DataFrame, bridged_cases: set[str]) -> set[str]:
    if kind == "diagnosis":
        return set(cases.loc[cases["diagnosis"] == value, "case_id"])
    if kind == "product":
        return set(cases.loc[cases["product_source"] + " " + cases["car_target"] == value, "case_id"])
    if kind == "bridge":
        return set(cases["case_id"]) & bridged_cases
    mine = events[events["kind"] == kind]
    return set(mine.loc[mine["grade"].eq(value) if value else mine["kind"].notna(), "case_id"])


def _other(case, kind: str, bridged_cases: set[str]) -> str:
    """What of disease, product and order is known to differ from the two cases, or is not known."""
    unread = "not in what was read"
    found = []
    if case.case_id in bridged_cases and case.prior_hsct == "yes":
        found.append("a second transplantation")
    if kind != "diagnosis" and case.diagnosis != "T-ALL":
        found.append(case.diagnosis if isinstance(case.diagnosis, str) else f"disease {unread}")
    if kind != "product":
        if case.car_target != "CD7":
            found.append(case.car_target if isinstance(case.car_target, str) else f"target {unread}")
        if case.product_source != "autologous":
            found.append(
                f"{case.product_source} product" if isinstance(case.product_source, str) else f"product {unread}"
            )
    if kind != "bridge" and case.case_id not in bridged_cases:
        found.append("no transplantation after the CAR T cells told")
    return ", ".join(found) or "nothing of disease, target, product and order"


TIMED = {"crs": ("car_t_infusion", "crs_onset"), "hsct": ("car_t_infusion", "hsct"), "ta_tma": ("hsct", "ta_tma")}
DAYS_A_MONTH = 30.44


def in_days(intervals: pd.DataFrame) -> pd.DataFrame:
    """Published times turned into days, for axes of days; a month is taken as 30.44 days.

    Parameters
    ----------
    intervals : DataFrame
        `value`, `low`, `high` in the `unit` of the row (days or months).

    Returns
    -------
    DataFrame
        The rows with `value_days`, `low_days`, `high_days`.
    """
    scale = intervals["unit"].map({"days": 1.0, "months": DAYS_A_MONTH})
    return intervals.assign(**{f"{name}_days": intervals[name] * scale for name in ("value", "low", "high")})


def published_bands(events: pd.DataFrame, intervals: pd.DataFrame, studies: pd.DataFrame, anchor: str) -> pd.DataFrame:
    """Published ranges of the time from an anchor to events of these kinds, to lie behind their lanes.

    Parameters
    ----------
    events : DataFrame
        `event_id`, `case_id`, `kind`, `index_event`.
    intervals, studies : DataFrame
        The tables of the book. Of several observed intervals one of a cohort of CD7 CAR T cells is
        taken, then the one with most patients; opinions, thresholds and protocols never are.
    anchor : str
        The kind of event that is day 0.

    Returns
    -------
    DataFrame
        `event_id`, `anchor_event`, `from_day`, `to_day` (equal where only a median is known),
        `label` with n, population and source.
    """
    zero = events[(events["kind"] == anchor) & events["index_event"]].set_index("case_id")["event_id"]
    intervals, rows = in_days(intervals), []
    for event in events.itertuples():
        start, end = TIMED.get(event.kind, ("", ""))
        known = intervals[(intervals["from_event"] == start) & (intervals["to_event"] == end)]
        known = known[known["nature"] == "observed"].merge(studies, on="study_id", suffixes=("", "_of_study"))
        if start != anchor or known.empty or event.case_id not in zero:
            continue
        known = known.assign(context=known["category"] != "CD7 cohort")
        found = known.sort_values(["context", "n"], ascending=[True, False]).iloc[0]
        low, high = (found["value"] if pd.isna(found[side]) else found[side] for side in ("low", "high"))
        days = [found["value_days"] if pd.isna(found[side]) else found[side] for side in ("low_days", "high_days")]
        span = f"{low:g} to {high:g}" if high > low else f"median {low:g}"
        who = f"{found['product_source']} CD7 product" if not found["context"] else f"{found['population']}, no CAR-T"
        of = ", any grade" if event.kind == "crs" else ""  # the source does not count by grade
        n = f"{found['n_of_study']} infused" if pd.isna(found["n"]) else found["n"]
        rows.append(
            {
                "event_id": event.event_id,
                "anchor_event": zero[event.case_id],
                "from_day": days[0],
                "to_day": days[1],
                "label": f"others{of}: {span} {found['unit']}, n = {n}, {who} ({found['label']})",
            }
        )
    return pd.DataFrame(rows, columns=["event_id", "anchor_event", "from_day", "to_day", "label"])
