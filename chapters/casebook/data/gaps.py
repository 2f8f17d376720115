"""What a reader would want of the cases and the record does not hold: open, or filled from the paper.

What is asked is a topic, defined once; a gap is a topic of one patient. A gap may name the cell that fills it; its
value is then that of the cell, so that a fact is typed once.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import SimpleNamespace

import numpy as np
import pandas as pd

from casebook import words

DAY = "day"  # events/<event>/day is filled by a row of bounds that gives the event's day
# The tables whose cells fill gaps, and the column by which a gap names a row of them.
FILLED_BY = {"cases": "case_id", "events": "event_id", "measurements": "case_id"}
# Gaps that a cell names, as {case-1-donor} or {case-1-donor | words while it is open | words once it is filled}.
NAMED = re.compile(r"\{(?P<names>[a-z0-9-]+(?:, [a-z0-9-]+)*)(?: \| (?P<open>[^{}|]*) \| (?P<filled>[^{}|]*))?\}")
FORM = ["gap_id", "topic", "group", "what", "type", "unit", "least", "most", "choices", "fills", "value", "not_in",
        "locator", "recomputes"]  # fmt: skip


@dataclass(frozen=True)
class Piece:
    """A piece of what is said of some gaps.

    Attributes
    ----------
    names : str
        What is open or filled, as in "donor and conditioning".
    value : str
        The fact with its place; empty if these are open.
    gap_id : str
        The gap of the value; of open ones the first.
    open : str
        How open ones are: not in the record, or not in the article either; empty if there is a value.
    """

    names: str
    value: str
    gap_id: str
    open: str = ""


def completed(gaps: pd.DataFrame, tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Fill each open gap whose cell is filled.

    Parameters
    ----------
    gaps : DataFrame
        The table as it was read.
    tables : mapping of str to DataFrame
        `cases`, `events`, `bounds`, `kinds`; `measurements` and `analytes` where a book has them.

    Returns
    -------
    DataFrame
        The same gaps; `value`, `read_in` and `locator` are those of the cell where the gap had no value; the place
        is the gap's own where it has one.
    """
    rows = []
    for gap in gaps.itertuples():
        found = None if pd.notna(gap.value) else in_cell(gap.fills, tables)
        if found and pd.notna(gap.locator):  # a row of a patient has one place, and its cells were read in several
            found = found[0], gap.read_in, gap.locator
        rows.append(found or (gap.value, gap.read_in, gap.locator))
    filled = pd.DataFrame(rows, index=gaps.index, columns=["value", "read_in", "locator"], dtype="str")
    return gaps.assign(**filled)


def asked(book) -> pd.DataFrame:
    """The gaps, each with what its topic says: the columns of both tables, one row a gap, in the order of `gaps`."""
    return book.gaps.join(book.topics.set_index("topic"), on="topic")


def in_cell(fills: str | None, tables: Mapping[str, pd.DataFrame]) -> tuple[str, str, str] | None:
    """What stands in the cell that a gap names, in what it was read, and where; None if the cell is blank."""
    if not isinstance(fills, str):
        return None
    table, key, column = fills.split("/")
    frame = tables.get(table)
    if frame is None:
        return None
    rows = frame[frame[FILLED_BY[table]] == key]
    if rows.empty:
        return None
    row = rows.iloc[0]
    if (table, column) == ("events", DAY):
        return _day(row, tables)
    if table == "measurements":
        names = tables["analytes"].set_index("analyte")["name"]
        said = words.listed(names[analyte] for analyte in rows["analyte"].unique())
        return f"{words.number(len(rows))} values of {said}", row["read_in"], row["locator"]
    value = row[column]
    if pd.isna(value):
        return None
    said = value if isinstance(value, str) else words.number(value)
    unit = row.get(f"{column}_unit", column.rpartition("_")[2])
    said = f"{said} {unit}" if str(unit).rstrip("s") in words.DAYS_IN else said
    return said, row["read_in"], row["locator"]


def _day(event: pd.Series, tables: Mapping[str, pd.DataFrame]) -> tuple[str, str, str] | None:
    """The days between an event and an index event of its case, if a bound read or stated gives them on both sides."""
    events = tables["events"].set_index("event_id")
    index = set(events.index[events["index_event"].astype(bool) & events["case_id"].eq(event["case_id"])])
    bounds = tables["bounds"]
    known = bounds["basis"].eq("stated") | bounds["read_in"].eq("paper")
    known &= bounds["min_days"].notna() & bounds["max_days"].notna()
    for row in bounds.loc[known, ["from_event", "to_event", "min_days", "max_days", "read_in", "locator"]].itertuples():
        least, most, other = row.min_days, row.max_days, row.from_event
        if row.from_event == event["event_id"]:
            if row.to_event in index and event["event_id"] in index:
                continue  # of two index events, the days are those of the later one
            least, most, other = -most, -least, row.to_event
        elif row.to_event != event["event_id"]:
            continue
        if other in index:
            return _apart(least, most, _called(events.loc[other], tables["kinds"])), row.read_in, row.locator
    return None


def _called(event: pd.Series, kinds: pd.DataFrame) -> str:
    said = kinds.set_index("kind")["said"].get(event["kind"])
    return said if isinstance(said, str) else event["label"]


def _apart(least: float, most: float, called: str) -> str:
    if least >= 0:
        return f"{words.days(least, most)} after {called}"
    if most <= 0:
        return f"{words.days(-most, -least)} before {called}"
    return f"from {words.days(-least, -least)} before to {words.days(most, most)} after {called}"


def said_gaps(book, names: Iterable[str]) -> tuple[Piece, ...]:
    """Say what is known of some gaps: the filled ones one by one, then all that are open, then what nobody told.

    Parameters
    ----------
    book : Casebook
    names : iterable of str
        Ids of gaps, or topics: a topic stands for the gaps of all index cases.

    Returns
    -------
    tuple of Piece
        Their names tell of which case they are where the gaps are of several.

    Raises
    ------
    ValueError
        If a name is neither a gap nor a topic of the index cases.
    """
    wanted = _rows(book, names).join(book.topics.set_index("topic")[["what", "called"]], on="topic")
    cases = book.cases.set_index("case_id")["label"]
    asked_of = wanted["case_id"].nunique()
    filled = wanted["value"].notna()
    looked = wanted["not_in"].notna() & ~filled
    pieces, open_ = [], {words.NOT_IN_THE_RECORD: {}, words.NOT_IN_THE_ARTICLE: {}}
    for row in wanted[["case_id", "topic", "gap_id", "value", "locator", "what", "called"]].itertuples():
        called = row.called if isinstance(row.called, str) else words.clause(row.what)
        name = f"{called} of {cases[row.case_id]}" if asked_of > 1 else called
        if filled[row.Index]:
            pieces.append(Piece(name, f"{row.value} ({row.locator})", row.gap_id))
        else:
            same = wanted["topic"] == row.topic
            everywhere = same.sum() == asked_of and not filled[same].any() and looked[same].nunique() == 1
            how = words.NOT_IN_THE_ARTICLE if looked[row.Index] else words.NOT_IN_THE_RECORD
            open_[how].setdefault(called if everywhere else name, row.gap_id)
    pieces += [Piece(words.listed(some), "", next(iter(some.values())), how) for how, some in open_.items() if some]
    return tuple(pieces)


def gaps_in_words(book, names: Iterable[str]) -> str:
    """The same in one line of text: "not in the record", or "donor: a sister (Table 2); dose: not in the record"."""
    names = list(names)
    pieces = said_gaps(book, names)
    alone = len(names) == 1 and book.gaps["gap_id"].eq(names[0]).any()
    return "; ".join(("" if alone else f"{piece.names}: ") + (piece.value or piece.open) for piece in pieces)


def in_text(text: str, book) -> str:
    """A text in which gaps stand in braces, with what is known of them in their place.

    `{case-1-donor, case-1-dose}` becomes what `gaps_in_words` gives; `{case-1-donor | nobody knows | known}` the
    first words while all of these are open, and the last as soon as one is filled.
    """

    def one(match: re.Match[str]) -> str:
        names = match["names"].split(", ")
        if match["open"] is None:
            return gaps_in_words(book, names)
        return match["filled"] if _rows(book, names)["value"].notna().any() else match["open"]

    return NAMED.sub(one, text)


def told_in(tables: Mapping[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    """The tables in whose texts gaps stand in braces, with what is known of these gaps in their place."""
    book, found = SimpleNamespace(**tables), {}
    for name, frame in tables.items():
        for column in frame.columns[frame.dtypes == "str"]:
            at = np.array(["{" in str(text) for text in frame[column]], dtype=bool)
            if not at.any():
                continue
            filled = frame.loc[at, column].map(lambda text: in_text(text, book))
            if not filled.equals(frame.loc[at, column]):
                frame = found[name] = frame.assign(**{column: frame[column].mask(at, filled)})
    return found


def _rows(book, names: Iterable[str]) -> pd.DataFrame:
    index = set(book.cases.loc[words.told_of(book.cases["role"]), "case_id"])
    ids, found = book.gaps["gap_id"].tolist(), []
    topics = [topic if case in index else None for topic, case in zip(book.gaps["topic"], book.gaps["case_id"])]
    for name in names:
        mine = [at for at, other in enumerate(ids if name in ids else topics) if other == name]
        if not mine:
            raise ValueError(f"unknown gap {name!r}: name a row or a topic of gaps")
        found += mine
    return book.gaps.iloc[found]


def form(book, case_id: str) -> list[dict[str, object]]:
    """The gaps of a case as a form asks for them, in the order in which a report is read.

    Parameters
    ----------
    book : Casebook
    case_id : str

    Returns
    -------
    list of dict
        One a gap: `gap_id`, `topic`, `group`, `what`, `type` (number, text, choice, day, yes-no), `unit` and
        `choices` (lists of str), `least` and `most` (float), `fills`, `value`, `not_in`, `locator`, `recomputes`;
        None where nothing stands.
    """
    mine = asked(book).loc[book.gaps["case_id"] == case_id].sort_values("rank")[FORM]
    rows = mine.astype(object).where(mine.notna(), None).to_dict("records")
    return [row | {name: row[name].split("|") if row[name] else [] for name in ("unit", "choices")} for row in rows]
