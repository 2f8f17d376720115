"""A term used as in a rival definition: other bounds, and so another timeline."""

from __future__ import annotations

from dataclasses import dataclass, replace

import pandas as pd

from casebook.timeline.courses import Course, course
from casebook.timeline.network import TimelineConflict


@dataclass(frozen=True)
class TwoMeanings:
    """A course in which one word can be read in two ways, and what each way gives.

    Attributes
    ----------
    word : str
        The word of the record.
    meanings : tuple of str
        What it means under the definition that is relied on, and under the rival one, in short.
    courses : tuple of Course
        The course under each.
    both : Course
        The one course with every event that lies elsewhere under the rival definition told twice: its `events`
        have `meaning` (blank where both agree) and `rival` (whether it lies there under the rival definition).
    """

    word: str
    meanings: tuple[str, str]
    courses: tuple[Course, Course]
    both: Course


def two_meanings(book, anchor: str) -> TwoMeanings | None:
    """The courses of a book under both meanings of the first word that `rival_bounds` gives two meanings.

    Parameters
    ----------
    book : Casebook
    anchor : str
        As for `course`.

    Returns
    -------
    TwoMeanings or None
        None if no word of these cases has two, if what is known rules one of them out, or if both agree.
    """
    rows = book.rival_bounds
    rows = rows[rows["word"].notna() & rows["bound_id"].isin(book.bounds["bound_id"])]
    if rows.empty:
        return None
    row = rows.iloc[0]
    here = course(book, anchor)
    try:
        there = course(under_definition(book, row["definition_id"]), anchor)
    except TimelineConflict:
        return None
    apart = here.windows["position"] != there.windows["position"]
    if not apart.any():
        return None
    meanings = (row["meaning"], row["rival_meaning"])
    once = here.events.assign(meaning=apart.map({True: meanings[0], False: ""}), rival=False)
    again = there.events[apart].assign(meaning=meanings[1], rival=True)
    both = replace(
        here,
        events=pd.concat([once, again], ignore_index=True),
        windows=pd.concat([here.windows, there.windows[apart]], ignore_index=True),
    )
    return TwoMeanings(row["word"], meanings, (here, there), both)


def under_definition(book, definition_id: str):
    """The same book if a term is used as in a rival definition: its bounds stand in the place of the others.

    Parameters
    ----------
    book : Casebook
        Its `bounds` and `rival_bounds` are used.
    definition_id : str
        A definition that `rival_bounds` names.

    Returns
    -------
    Casebook
        Each bound that the rival replaces has its events, days and words, and names it; no other changes.

    Raises
    ------
    ValueError
        If the rival would change no bound of this book.
    """
    rivals = book.rival_bounds[book.rival_bounds["definition_id"] == definition_id].set_index("bound_id")
    bounds = book.bounds.set_index("bound_id", drop=False)
    rivals = rivals[rivals.index.isin(bounds.index)]
    if rivals.empty:
        known = ", ".join(book.rival_bounds["definition_id"].unique())
        raise ValueError(f"rival_bounds has no bound of these cases for {definition_id}; it has {known}")
    for column in ("from_event", "to_event", "min_days", "max_days", "statement", "definition_id"):
        bounds.loc[rivals.index, column] = rivals[column]
    bounds.loc[rivals.index, ["min_published", "max_published"]] = None
    return book.with_tables(bounds=bounds.set_axis(book.bounds.index))
