"""Where everything of each patient lies, case by case: what a case file is answered with.

One case that contradicts itself hides nothing of the others.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from casebook import words
from casebook.timeline import network, placement
from casebook.timeline.courses import course, with_deaths
from casebook.timeline.network import MICRO, Network, TimelineConflict

PLACED = ["case_id", "event_id", "label", "earliest", "latest", "words", "basis", "because", "reasons"]
OF_A_CASE = ("cases", "events", "bounds")


@dataclass(frozen=True)
class Places:
    """Where the events of some patients lie.

    Attributes
    ----------
    rows : DataFrame
        One row an event, in the order of `cases` and `events`: `case_id`, `event_id`, `label`; `earliest`, `latest`
        (days from day 0, −inf and inf where open); `words` (where it lies), the weakest `basis` of these, the ids of
        the bounds that they rest on (`because`), and these bounds in sentences (`reasons`). A case that contradicts
        itself has none.
    zeros : dict
        The event of each case that is day 0.
    ask_first : dict
        The event of a case whose day would narrow the most other windows, and how many; a case of which no day would
        narrow any has none.
    contradictions : tuple of tuple
        The case, and the ids of bounds of it that cannot all be true, the smallest such set first.
    statements : dict
        These bounds in sentences, by their ids.
    """

    rows: pd.DataFrame
    zeros: dict[str, str]
    ask_first: dict[str, tuple[str, int]]
    contradictions: tuple[tuple[str, tuple[str, ...]], ...]
    statements: dict[str, str]


def places(book, start: str | None = None) -> Places:
    """Place every event of every patient of a book, counted from a day 0 of each case's own.

    Parameters
    ----------
    book : Casebook
        As for `course`.
    start : str, optional
        A kind, or the id of an event: it is day 0 of the cases that have it (see `zero_of`).

    Returns
    -------
    Places

    Raises
    ------
    ValueError
        If no event has the kind or the id `start`.
    """
    if start is not None and not book.events[["kind", "event_id"]].eq(start).any(axis=None):
        kinds = words.listed(sorted(book.events["kind"].dropna().unique()))
        raise ValueError(f"no event has the kind or the id {start!r} to count days from: the kinds are {kinds}")
    found, zeros, asked, contradictions, statements = [], {}, {}, [], {}
    for case_id in book.cases["case_id"]:
        mine = book.with_tables(**{name: _of(getattr(book, name), case_id) for name in OF_A_CASE})
        if (events := mine.events).empty:
            continue
        zeros[case_id] = zero_of(events, book.kinds, start)
        bounds = placement.labeled(with_deaths(mine))
        ids = bounds["bound_id"].to_dict()
        try:
            windows = course(mine, {case_id: zeros[case_id]}).windows
        except TimelineConflict as conflict:
            contradictions += [(case_id, tuple(ids[row] for row in rows)) for rows in conflict.conflicts]
            statements |= {ids[row]: bounds["statement"][row] for row in conflict.rows}
            continue
        found.extend(_rows(events, windows, ids))
        if (first := first_to_ask(network.solve(events, bounds)[case_id], zeros[case_id])) is not None:
            asked[case_id] = first
    return Places(pd.DataFrame(found, columns=PLACED), zeros, asked, tuple(contradictions), statements)


def _of(table: pd.DataFrame, case_id: str) -> pd.DataFrame:
    return table[table["case_id"] == case_id]


def _rows(events: pd.DataFrame, windows: pd.DataFrame, ids: dict) -> Iterator[tuple]:
    for row in windows.assign(label=events["label"]).itertuples():
        because = tuple(ids[label] for label in row.position_because)
        where = row.earliest, row.latest, row.position, row.position_basis
        yield row.case_id, row.event_id, row.label, *where, because, row.because


def zero_of(events: pd.DataFrame, kinds: pd.DataFrame, start: str | None = None) -> str:
    """The event of a case that days are counted from.

    Parameters
    ----------
    events : DataFrame
        The events of one case.
    kinds : DataFrame
        `kind`, and `anchor`: the place of a kind among those that days are counted from.
    start : str, optional
        The kind of an index event, or the id of an event, to count from if the case has it.

    Returns
    -------
    str
        Else the index event of the kind that comes first among them, else the first index event, else the first event.
    """
    index = events[events["index_event"].astype(bool)]
    asked = [*index.loc[index["kind"] == start, "event_id"], *events.loc[events["event_id"] == start, "event_id"]]
    if asked:
        return asked[0]
    rank = index["kind"].map(kinds.set_index("kind")["anchor"]).astype("Float64").astype(float).fillna(math.inf)
    if len(index):
        return index["event_id"].iloc[int(rank.to_numpy().argmin())]
    return events["event_id"].iloc[0]


def first_to_ask(case: Network, zero: str) -> tuple[str, int] | None:
    """The event whose day would narrow the windows of the most others, if it were known.

    Parameters
    ----------
    case : Network
    zero : str
        The event that is day 0.

    Returns
    -------
    tuple
        Its id, and how many windows its day would narrow, on whichever day of its own window it were; of events that
        would narrow equally many the first. None if no day narrows any other window.
    """
    most = np.rint(case.most * MICRO)
    start = case.nodes.index(zero)
    earliest, latest = -most[:, start], most[start, :]
    open_ = [at for at in range(len(case.nodes)) if at != start and earliest[at] < latest[at]]
    counts = {}
    for at in open_:
        others = [other for other in open_ if other != at]
        with np.errstate(invalid="ignore"):  # no limit, less no limit, narrows nothing: a comparison with NaN is false
            later = earliest[at] + most[at, others] < latest[others]
            earlier = latest[at] - most[others, at] > earliest[others]
        counts[at] = int((later | earlier).sum())
    best = max(counts, key=counts.__getitem__, default=None)
    return (case.nodes[best], counts[best]) if best is not None and counts[best] else None
