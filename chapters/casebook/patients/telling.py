"""What any book of patients says of its own, in sentences that hold whatever its tables come to hold.

True with no patient, one or many; with no day known, some or all.
"""

from __future__ import annotations

import pandas as pd

from casebook import data, timeline, words
from casebook.patients import record
from casebook.timeline import Course


def about(book, place: int | None = None):
    """The same record with the patients alone that the book is about.

    Parameters
    ----------
    book : Casebook
    place : int, optional
        Which of them, counted from 1; all if left out. Where there are not so many, none is left.
    """
    ids = book.cases.loc[words.told_of(book.cases["role"]), "case_id"]
    return data.select(book, *(ids if place is None else ids.iloc[place - 1 : place]))


def counted_from(book) -> list[str]:
    """The events that the days of all of a book's patients can be counted from, the first one first.

    These are the kinds of index events that every patient with events has; of one patient who has no index event, the
    first event. There is none where there is no event, or none that all have.
    """
    index = book.events[book.events["index_event"]]
    of_all = index.groupby("kind")["case_id"].nunique().eq(book.events["case_id"].nunique())
    kinds = book.kinds.dropna(subset="anchor").sort_values("anchor")["kind"]
    shared = [kind for kind in dict.fromkeys([*kinds, *index["kind"]]) if of_all.get(kind, False)]
    alone = book.events["event_id"].iloc[:1] if book.events["case_id"].nunique() == 1 else []
    return shared or [*alone]


def no_days(book) -> str:
    """Say why the days of a book's patients are counted from no event."""
    if book.events.empty:
        return "The tables hold no event yet"
    return "These patients have no event in common from which days could be counted: each has a chapter of its own"


def courses(book) -> tuple[Course | None, Course | None]:
    """The courses of a book's patients as stated, from the first two of `counted_from`; None where there is none."""
    found = [timeline.course(timeline.as_stated(book), kind) for kind in counted_from(book)[:2]]
    first, second = [*found, None, None][:2]
    return first, second


def whose(book, cited: str) -> str:
    """Where the facts on the patients of a book come from, for the foot of a figure.

    Parameters
    ----------
    book : Casebook
    cited : str
        How the source is cited, such as "Ada et al. 2026".
    """
    said = {"made-up": lambda row: "made up", "own": lambda row: words.own_source(row.center)}
    read = [
        said.get(row.role, lambda row: f"{record.read_in(book)} of {cited}")(row) for row in book.cases.itertuples()
    ]
    return words.listed(dict.fromkeys(read))


def patients(book) -> str:
    """Say of whom a book tells: "two made-up patients: Olga and Paul"."""
    made_up = "made-up " if book.cases["role"].eq("made-up").any() else ""
    if book.cases.empty:
        return "no patient yet"
    return f"{words.counted(len(book.cases), f'{made_up}patient', f'{made_up}patients')}: {words.listed(names(book))}"


def names(book) -> list[str]:
    """What the patients of a book are called."""
    return book.cases["label"].to_list()


def glance(book) -> pd.DataFrame:
    """What the rows of `cases` say of each patient of a book, side by side.

    Returns
    -------
    DataFrame
        One row a fact that is known of some patient, and one for how many events there are: `What is known`, and one
        column a patient, called by its label; missing where nothing is known.
    """
    called = dict(zip(book.dictionary["column"], book.dictionary["title"]))
    rows = {}
    for column in ("diagnosis", "disease_status", "age_years", "sex", "outcome", "vital_status", "did_not_occur"):
        said = book.cases[column] if column in book.cases else pd.Series(dtype="str")
        if said.notna().any():
            rows[called[column]] = [_cell(one) for one in said]
    counts = book.events["case_id"].value_counts()
    rows["Events in the tables"] = [words.number(counts.get(case_id, 0)) for case_id in book.cases["case_id"]]
    found = pd.DataFrame.from_dict(rows, orient="index", columns=names(book))
    return found.rename_axis("What is known").rename(columns=words.sentence).reset_index()


def _cell(value: object) -> str | None:
    if pd.isna(value):
        return None
    return value if isinstance(value, str) else words.number(value)


def outcome(book) -> str:
    """Say how the course of the one patient of a book ended, in the words of its source."""
    said = book.cases["outcome"].dropna()
    return f"The outcome is called “{said.iloc[0]}”" if len(said) else f"The outcome is {words.NOT_IN_THE_RECORD}"


def left_open(book) -> str:
    """Say what a reader would want of a book's patients and the record does not hold, by what each fact is called."""
    asked = data.gaps.asked(book)
    left = asked[asked["value"].isna()]
    called = left["called"].fillna(left["what"]).drop_duplicates()
    if left.empty:
        return "Every fact that was asked for is there" if len(asked) else "No list of what is open has been made"
    return f"Of what a reader would want, {words.listed(called)} {'is' if len(called) == 1 else 'are'} still open"
