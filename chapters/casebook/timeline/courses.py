"""The course of each patient in the tightest words that are known, and how it is drawn.

A known distance is never told as unknown: where the days from day 0 are open, an event is placed
by whichever event of its case it is known to follow or precede by so many days.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from casebook import words
from casebook.timeline import network, placement
from casebook.timeline.answers import ANSWERED, answers_of
from casebook.timeline.network import Network

OTHERS = ["ends", "lasts", "same_as"]  # columns of `events` that name the event of which a row tells more


@dataclass(frozen=True)
class Course:
    """The courses of some patients, counted from one anchor: what figures and tables draw.

    Attributes
    ----------
    events : DataFrame
        The rows of `events` with what their kind says (`kind_name`, `verb`, `sign`, `judgment`),
        `sentence` (what the record says there, in our words, or blank),
        `reference` (how days are counted from it, as in "21 days after …"), `ends` (the event whose
        end, or whose going on, the row tells), `lasts` (True where it tells that it goes on), and
        `tells_of` (itself, or the event that it tells a later grade of: such rows are one event).
    windows : DataFrame
        One row an event, with the index of `events`: what `windows` and `neighbors` give, and
        `position`, `position_basis`, `if_defined_as`, `because` in words, with the rows of bounds that these rest on
        (`position_because`).
    cases : DataFrame
        `case_id`, `label`, and the look of each: `color`, `color_dark`, `shape`, `sign`.
    anchor : str
        The kind or the id of the event that is day 0.
    zero : str
        How day 0 is called; several names where cases have days of different events.
    lanes : DataFrame
        All lanes of the book, from above: `lane`, `title`, `asked` (the book asks for it of its index cases).
    answers : DataFrame
        What filled gaps say of kinds of which a case has no event (see `answers_of`).
    """

    events: pd.DataFrame
    windows: pd.DataFrame
    cases: pd.DataFrame
    anchor: str
    zero: str
    lanes: pd.DataFrame
    answers: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=ANSWERED, dtype="str"))


def course(book, anchor: str | Mapping[str, str], *, until_death: bool = True) -> Course:
    """The courses of the patients of a book (see `data.select`), counted from one event.

    Parameters
    ----------
    book : Casebook
        Its `cases`, `events`, `bounds`, `definitions`, `kinds`, `lanes` and `looks` are used; `gaps` if it has any.
    anchor : str or mapping of str to str
        As for `windows`, or the event of each case that is day 0. A case that has no such event is counted from the
        one that most of its days are known from, and its positions name that event.
    until_death : bool
        Whether what follows from a death is used (see `with_deaths`); false takes it away.

    Returns
    -------
    Course

    Raises
    ------
    ValueError, TimelineConflict
        As `windows`.
    """
    bounds = placement.labeled(with_deaths(book) if until_death else book.bounds)
    solved = network.solve(book.events, bounds)
    if isinstance(anchor, str):
        known = anchor in set(book.kinds["kind"])
        zeros = {} if known and anchor not in set(book.events["kind"]) else placement.anchors(book.events, anchor)
    else:
        zeros = dict(anchor)
    own = {case_id: _most_told(case) for case_id, case in solved.items() if case_id not in zeros}
    zeros |= {case_id: zero for case_id, zero in own.items() if zero is not None}
    events = _told(book.events, book.kinds)
    events["sentence"] = _sentences(events, book)
    limits = placement.limits(events, bounds, solved, zeros)
    beside = placement.neighbors(events, bounds, solved).drop(columns=["case_id", "event_id"])
    found = _in_words(limits.join(beside), events, bounds, book.definitions, own)
    names = dict(zip(zip(events["case_id"], events["event_id"]), events["reference"]))
    called = dict.fromkeys(names[key] for key in zeros.items())
    looks = book.looks[book.looks["of"] == "case"].set_index("look")[["color", "color_dark", "shape", "sign"]]
    return Course(
        events=events,
        windows=found,
        cases=book.cases[["case_id", "label", "role"]].join(looks, on="case_id").reset_index(drop=True),
        anchor=anchor if isinstance(anchor, str) else words.listed(dict.fromkeys(zeros.values()), "or"),
        zero=words.listed(called, "or"),
        lanes=book.lanes.sort_values("rank", ignore_index=True),
        answers=answers_of(book),
    )


def with_deaths(book) -> pd.DataFrame:
    """The bounds of a book, and what follows from each death: nothing of a patient lies later but follow-up.

    Parameters
    ----------
    book : Casebook
        Its `kinds` say which kind is death and which is follow-up (`life`): a blank cell there takes it away.

    Returns
    -------
    DataFrame
        Rows of `bounds`, with one more from each event of a patient to the death: defined, with its reason in
        words. Events that judge the whole course have none.
    """
    kinds = book.kinds.set_index("kind")
    deaths = set(kinds.index[kinds["life"].eq("death")])
    without = set(kinds.index[kinds["life"].notna() | kinds["judgment"].eq(True)])
    events = book.events[["case_id", "event_id", "kind"]]
    pairs = events[events["kind"].isin(deaths)].merge(events[~events["kind"].isin(without)], on="case_id")
    if pairs.empty:
        return book.bounds
    pairs = pairs.rename(columns={"event_id_x": "to_event", "event_id_y": "from_event"})
    pairs["bound_id"] = pairs["from_event"] + "-before-" + pairs["to_event"]
    pairs["statement"] = "Nothing but follow-up comes after " + pairs["kind_x"].map(kinds["name"]) + "."
    found = pairs.assign(min_days=0.0, basis="defined").set_index("bound_id", drop=False).rename_axis(None)
    return pd.concat([book.bounds, found])[list(book.bounds.columns)]


def _most_told(case: Network) -> str | None:
    """The event that most days of a case are known from: an index event if there is one; None if none is."""
    known = np.isfinite(case.most) & np.isfinite(case.most.T)
    told = known.sum(axis=1) - 1
    among = list(case.index_events) or list(range(len(case.nodes)))
    best = max(among, key=lambda number: (told[number], -number))
    return case.nodes[best] if told[best] > 0 or case.index_events else None


def _told(events: pd.DataFrame, kinds: pd.DataFrame) -> pd.DataFrame:
    """The events with what their kind says of them, and which of them tell more of another."""
    of_kind = kinds.set_index("kind")[["name", "said", "verb", "sign", "sign_again", "judgment"]]
    rows = events.join(of_kind.rename(columns={"name": "kind_name"}), on="kind")
    index = rows["index_event"].astype(bool)
    as_point = rows["said"].where(index, "the " + rows["label"]).where(rows["said"].notna(), rows["label"])
    again = ~index & rows["sign_again"].notna()
    other = rows.reindex(columns=OTHERS).astype("str")
    return rows.assign(
        reference=as_point,
        sign=rows["sign"].where(~again, rows["sign_again"]),
        judgment=rows["judgment"].fillna(False).astype(bool),
        ends=other["ends"].fillna(other["lasts"]),
        lasts=other["lasts"].notna(),
        tells_of=_first_told(rows, other["same_as"]),
    ).drop(columns=["said", "sign_again"])


def _sentences(events: pd.DataFrame, book) -> pd.Series:
    """What the sentence that each event was read in says, in our words; blank where none is kept."""
    record = getattr(book, "record", None)
    if record is None or "sentence_id" not in events:
        return pd.Series("", index=events.index, dtype="str")
    return events["sentence_id"].map(record.set_index("sentence_id")["paraphrase"]).fillna("").astype("str")


def _first_told(rows: pd.DataFrame, same_as: pd.Series) -> list[str]:
    """The event that each row is: its own, or the first of those that it tells a later grade of."""
    keys = list(zip(rows["case_id"], rows["event_id"]))
    earlier = {key: (key[0], other) for key, other in zip(keys, same_as) if isinstance(other, str)}
    for _ in earlier:  # as many steps as there can be; `rules` lets no circle through
        keys = [earlier.get(key, key) for key in keys]
    return [event_id for _, event_id in keys]


def _in_words(
    frame: pd.DataFrame,
    events: pd.DataFrame,
    bounds: pd.DataFrame,
    definitions: pd.DataFrame,
    own: dict[str, str | None],
) -> pd.DataFrame:
    """Add where each event lies in words, and what that rests on; `own` has the cases with a day 0 of their own."""
    names: dict[str, dict[str, str]] = {}
    for case_id, event_id, name in zip(events["case_id"], events["event_id"], events["reference"]):
        names.setdefault(case_id, {})[event_id] = name
    terms = dict(zip(definitions["definition_id"], definitions["label"]))
    columns = [*dict.fromkeys([*bounds.columns, "basis", "definition_id", "statement"])]
    of_label = {row.Index: row for row in bounds.reindex(columns=columns).itertuples()}
    said = []
    for row in frame.itertuples():
        text, used = position(row, names[row.case_id], own.get(row.case_id))
        rows = tuple(dict.fromkeys(label for part in used for label in getattr(row, f"{part}_because")))
        behind = [of_label[label] for label in rows]
        said.append(
            {
                "position": text,
                "position_because": rows,
                "position_basis": words.weakest(b.basis for b in behind) if "basis" in bounds else None,
                "if_defined_as": _joined(terms[b.definition_id] for b in behind if isinstance(b.definition_id, str)),
                "because": " ".join(f"{b.statement} ({b.basis})" for b in behind) if "statement" in bounds else "",
            }
        )
    columns = ["position", "position_because", "position_basis", "if_defined_as", "because"]
    return frame.join(pd.DataFrame(said, index=frame.index, columns=columns, dtype=object))


def _joined(items: Iterable[str]) -> str:
    return ", ".join(dict.fromkeys(items))


def position(window, names: dict[str, str], zero: str | None = None) -> tuple[str, tuple[str, ...]]:
    """Where one event lies, by the tightest that is known.

    Parameters
    ----------
    window : named tuple
        A row of `windows` joined with `neighbors`.
    names : dict
        How each event of the case is called when days are counted from it, by its id.
    zero : str, optional
        The event that is day 0, if it must be named.

    Returns
    -------
    tuple
        The words, and which parts of the row they use (of `WITH_ROWS`).
    """
    early, late = window.earliest, window.latest
    if zero is not None and zero != window.event_id and np.isfinite([early, late]).all():
        return _apart(early, late, names[zero]), ("earliest", "latest")
    if early == late:
        return f"day {words.number(early)}", ("earliest", "latest")
    near = None if window.near is None else _apart(window.near_min, window.near_max, names[window.near])
    if np.isfinite([early, late]).all():
        span = f"day {words.number(early)} to {words.number(late)}"
        if near and window.near_max - window.near_min < late - early:
            return f"{near} ({span})", ("near", "earliest", "latest")
        return span, ("earliest", "latest")
    if near and np.isfinite([window.near_min, window.near_max]).all():
        return near, ("near",)
    if zero is None and np.isfinite(early) and (early != 0 or window.since is None):
        return f"day {words.number(early)} or later", ("earliest",)
    if zero is None and np.isfinite(late) and (late != 0 or window.until is None):
        return f"day {words.number(late)} or earlier", ("latest",)
    if near:
        return near, ("near",)
    return _order(window, names)


def _apart(least: float, most: float, name: str) -> str:
    """So many days after or before another event."""
    if least == most == 0:
        return f"on the day of {name.removeprefix('the day of ')}"
    if least >= 0:
        return f"{words.days(least, most)} after {name}"
    if most <= 0:
        return f"{words.days(0.0 - most, 0.0 - least)} before {name}"
    return f"{words.days(0.0 - least, 0.0 - least)} before to {words.days(most, most)} after {name}"


def _order(window, names: dict[str, str]) -> tuple[str, tuple[str, ...]]:
    """Before and after which events: index events if there are any, else any."""
    for sides in (("since", "until"), ("after", "before")):
        since, until = (getattr(window, side) for side in sides)
        if since is not None and until is not None:
            return f"after {names[since]}, before {names[until]}", sides
        if since is not None:
            return f"after {names[since]}, no later limit", sides[:1]
        if until is not None:
            return f"before {names[until]}, no earlier limit", sides[1:]
    return words.NOT_IN_THE_RECORD, ()


def how_known(windows: pd.DataFrame) -> pd.Series:
    """How much is known of the time of each event.

    Parameters
    ----------
    windows : DataFrame
        From `course`, or `windows` joined with `neighbors`.

    Returns
    -------
    Series
        One word an event, with the index of `windows`: `day` (a single day, day 0 included, or an
        exact distance from another event), `limits` (a first or last day other than day 0, or a
        distance with limits), `order` (before or after some event), `nothing`.
    """
    limits = windows[["earliest", "latest"]]
    exact = (limits["earliest"] == limits["latest"]) | (windows["near_min"] == windows["near_max"])
    limited = (np.isfinite(limits) & (limits != 0)).any(axis="columns") | windows["near"].notna()
    ordered = windows[["since", "until", "after", "before"]].notna().any(axis="columns")
    return pd.Series(
        np.select([exact, limited, ordered], ["day", "limits", "order"], "nothing"), index=windows.index, dtype="str"
    )


def as_stated(book):
    """Take out the inferred bounds that narrow what a stated or defined one already places.

    Parameters
    ----------
    book : Casebook

    Returns
    -------
    Casebook
        Without the inferred bounds of events that stated and defined ones place, by whichever way, before or
        after an index event; an event that they do not place keeps them, and is marked. The default pictures
        draw this; the narrower reading is shown where it is discussed.
    """
    bounds = book.bounds
    inferred = bounds["basis"] == "inferred"
    placed, anchors = {}, {}
    for case_id, case in network.solve(book.events, placement.labeled(bounds[~inferred])).items():
        near = np.isfinite(case.most) | np.isfinite(case.most.T)
        near = near[:, list(case.index_events)].any(axis=1)
        placed[case_id] = {case.nodes[place] for place in np.flatnonzero(near)}
        anchors[case_id] = {case.nodes[place] for place in case.index_events}
    ends = zip(bounds["case_id"], bounds["from_event"], bounds["to_event"])
    others = [(case_id, set(pair) - anchors[case_id]) for case_id, *pair in ends]
    narrows = np.array([bool(pair) and pair <= placed[case_id] for case_id, pair in others], dtype=bool)
    return book.with_tables(bounds=bounds[~inferred | ~narrows])
