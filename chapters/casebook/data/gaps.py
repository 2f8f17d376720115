"""What a reader would want of the cases and the record does not hold: open, or filled from the paper.

What is asked is a topic, defined once; a gap is a topic of one patient. A gap may name the cell that fills it; its
value is then that of the cell, so that a fact is typed once.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import pandas as pd

from casebook import words

DAY = "day"  # events/<event>/day is filled by a row of bounds that gives the event's day
# The tables whose cells fill gaps, and the column by which a gap names a row of them.
FILLED_BY = {"cases": "case_id", "events": "event_id", "measurements": "case_id"}
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
    """

    names: str
    value: str
    gap_id: str


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
    for row in bounds[known & bounds[["min_days", "max_days"]].notna().all(axis="columns")].itertuples():
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


def without_cell(book) -> pd.DataFrame:
    """The gaps that were filled by hand while the cell that they name is blank: no figure knows of them."""
    tables = {name: getattr(book, name) for name in ("cases", "events", "bounds", "kinds")}
    blank = [pd.notna(gap.fills) and in_cell(gap.fills, tables) is None for gap in book.gaps.itertuples()]
    return book.gaps[pd.Series(blank, index=book.gaps.index, dtype=bool) & book.gaps["value"].notna()]


def untold(book) -> list[str]:
    """A sentence on each such gap: what stands there, and which cell to fill."""
    said = []
    for gap in without_cell(book).itertuples():
        table, name, column = gap.fills.split("/")
        day = f"add a row to bounds that gives the day of {name} from an index event"
        mend = day if (table, column) == ("events", DAY) else f"fill column {column} of {name} in {table}"
        said.append(
            f"gaps, {gap.gap_id}, column value: found {gap.value!r}, which no timeline and no other table knows; "
            f"{mend}. The gap may then stay blank: it takes its value from there."
        )
    return said


def said_gaps(book, names: Iterable[str]) -> tuple[Piece, ...]:
    """Say what is known of some gaps: the filled ones one by one, then all that are open.

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
    wanted = _rows(book, names)
    cases = book.cases.set_index("case_id")["label"]
    asked_of = wanted["case_id"].nunique()
    filled = wanted["value"].notna()
    pieces, open_ = [], {}
    for row in wanted.itertuples():
        called = row.called if isinstance(row.called, str) else words.clause(row.what)
        name = f"{called} of {cases[row.case_id]}" if asked_of > 1 else called
        if filled[row.Index]:
            pieces.append(Piece(name, f"{row.value} ({row.locator})", row.gap_id))
        else:
            same = wanted["topic"] == row.topic
            everywhere = same.sum() == asked_of and not filled[same].any()
            open_.setdefault(called if everywhere else name, row.gap_id)
    if open_:
        pieces.append(Piece(words.listed(open_), "", next(iter(open_.values()))))
    return tuple(pieces)


def _rows(book, names: Iterable[str]) -> pd.DataFrame:
    index = set(book.cases.loc[book.cases["role"] == "index", "case_id"])
    every, found = asked(book), []
    for name in names:
        one = every["gap_id"].eq(name)
        mine = every[one if one.any() else every["topic"].eq(name) & every["case_id"].isin(index)]
        if mine.empty:
            raise ValueError(f"unknown gap {name!r}: name a row or a topic of gaps")
        found.append(mine)
    return pd.concat(found)


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
