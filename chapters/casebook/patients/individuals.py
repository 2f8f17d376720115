"""Published single patients: what became of each, how long each waited, and what a swimmer plot draws of them.

Patients are known by their `case_id`, events by `case_id` and `event_id`: ids that another
patient uses, too, never mix.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pandas as pd

from casebook import words
from casebook.timeline import Course

FORMS = ("day 0", "day", "window", "lasted", "goes on", "end", "no day")


def fates(cases: pd.DataFrame) -> pd.Series:
    """What became of each patient, where the source says it.

    Parameters
    ----------
    cases : DataFrame
        `vital_status`: alive, dead, or missing.

    Returns
    -------
    Series
        One of the values of `words.FATES` a case, with the index of `cases`.
    """
    return cases["vital_status"].map(words.FATES).fillna(words.FATES[""]).astype("str")


def traits_in_words(cases: pd.DataFrame, traits: pd.DataFrame) -> pd.Series:
    """The traits of each patient that are known, by their rank, such as "disease, target, product".

    Parameters
    ----------
    cases, traits : DataFrame
        The tables of the book.

    Returns
    -------
    Series
        One text a case, with the index of `cases`; "not in what was read" where no trait is known.
    """
    columns = traits.sort_values("rank")["column"]
    known = cases[list(columns)].apply(lambda row: ", ".join(row.dropna().astype(str)), axis="columns")
    return known.astype("str").where(known != "", words.NOT_READ)


def anchor_kinds(book) -> pd.DataFrame:
    """The kinds of events that days are counted from, in the order of the table: rows of `kinds`."""
    return book.kinds[book.kinds["anchor"].notna()].sort_values("anchor")


def index_events(course: Course, book, place: int) -> pd.DataFrame:
    """The one event of each patient that is its first, or second, anchor, with its window.

    Parameters
    ----------
    course : Course
    book : Casebook
    place : int
        1 or 2: the place of the kind among the anchors.

    Returns
    -------
    DataFrame
        Rows of `course.events` joined with `earliest`, `latest`, `position`, `position_basis`; none if the book has
        no such anchor.
    """
    kinds = anchor_kinds(book)["kind"].tolist()[place - 1 : place]
    mine = course.events[course.events["kind"].isin(kinds) & course.events["index_event"]]
    return mine.join(course.windows[["earliest", "latest", "position", "position_basis"]])


def waiting(course: Course, book) -> pd.DataFrame:
    """How long single patients waited from the first anchor to the second, where both days are known.

    Parameters
    ----------
    course : Course
        Counted from whichever event.
    book : Casebook
        Only the patients of its `cases` are told.

    Returns
    -------
    DataFrame
        One row a patient: the columns of `cases` and `days`, the shortest wait first.
    """
    day = {}
    for place in (1, 2):
        events = index_events(course, book, place)
        known = events[events["earliest"].eq(events["latest"]) & np.isfinite(events["earliest"])]
        day[place] = known.set_index("case_id")["earliest"]
    days = (day[2] - day[1]).dropna().rename("days")
    return book.cases.join(days, on="case_id", how="inner").sort_values("days", kind="stable", ignore_index=True)


def bridged(course: Course, book) -> set[str]:
    """The patients whose second anchor is known to follow their first.

    Parameters
    ----------
    course : Course
        Counted from the first anchor or from the second.
    book : Casebook

    Returns
    -------
    set of str
        Their `case_id`. Both on one day count as bridged.

    Raises
    ------
    ValueError
        If days are counted from another event: the order of the two cannot be told from those days.
    """
    kinds = anchor_kinds(book)["kind"].tolist()[:2]
    if course.anchor not in kinds:
        raise ValueError(
            f"anchor={course.anchor!r}: whether {words.listed(reversed(kinds))} follow each other is told by days "
            f"counted from {words.listed(kinds, 'or')}; give timeline.course(book, {kinds[0]!r})"
        )
    if len(kinds) < 2:
        return set()
    first, second = (index_events(course, book, place) for place in (1, 2))
    have_both = set(first["case_id"]) & set(second["case_id"])
    told = second[second["earliest"] >= 0] if course.anchor == kinds[0] else first[first["latest"] <= 0]
    return set(told["case_id"]) & have_both


def earlier(course: Course, book) -> set[str]:
    """The patients who had an event of the second anchor's kind before their first anchor.

    Parameters
    ----------
    course : Course
        Counted from the first anchor.
    book : Casebook

    Returns
    -------
    set of str
        Their `case_id`: by an event whose place is known, or because the table of cases says so.
    """
    kinds = anchor_kinds(book)["kind"].tolist()[1:2]
    before = course.events["kind"].isin(kinds) & ~course.events["index_event"] & (course.windows["latest"] <= 0)
    cases = book.cases.reindex(columns=["case_id", "prior_hsct"])
    said = cases.loc[cases["prior_hsct"].eq("yes"), "case_id"]
    return set(course.events.loc[before, "case_id"]) | set(said) & set(course.cases["case_id"])


def swimmer_rows(course: Course, book, order: Iterable[str] | None = None) -> pd.DataFrame:
    """The courses of published patients, as a swimmer plot draws them.

    Parameters
    ----------
    course : Course
        Its anchor is day 0.
    book : Casebook
        `cases`, `traits` and `kinds` are used; only the patients of its `cases` are told.
    order : iterable of str, optional
        The `case_id` of the patients from above; by default as in the course.

    Returns
    -------
    DataFrame
        One row an event whose kind has a sign, of the patients who have the anchor: `case_id`,
        `event_id`; `name`, `about`, `fate` of the patient; `sign`, `called` (the sign, and how this
        event of it is called), `label`; `form`, one of `FORMS`; `left`, `right` (days, missing
        where open); `basis` of the place; `of`, the event whose end a row tells; `where`, the place
        in words; `zero`, how day 0 is called.

        "lasted" is the time from `left` to `right`, "goes on" the same where it is told to last
        beyond (`right` is missing without a day), "end" the day of an end whose start has none.
    """
    zero = _zero_events(course)
    rows = course.events.join(course.windows[["earliest", "latest", "position", "position_basis"]])
    rows = rows[rows["case_id"].isin(set(zero["case_id"]) & set(book.cases["case_id"]))]
    if rows.empty:
        raise ValueError(f"of no patient a {course.anchor} is told, so no course can be counted from it")
    is_zero = pd.Series(list(zip(rows["case_id"], rows["event_id"])), index=rows.index).isin(
        list(zip(zero["case_id"], zero["event_id"]))
    )
    drawn = rows["sign"].notna() | is_zero
    rows, is_zero = rows[drawn], is_zero[drawn]
    about = book.cases.assign(about=traits_in_words(book.cases, book.traits), fate=fates(book.cases))
    about["about"] = about["about"].mask(about["role"] == "own", about["about"] + f"; {words.REPORTED}")
    about = about.set_index("case_id").rename(columns={"label": "name"})[["name", "about", "fate"]]
    form, left, right = zip(*[_form(row, rows) for row in rows.itertuples()])
    frame = rows[["case_id", "event_id", "sign", "label"]].join(about, on="case_id")
    frame = frame.assign(basis=rows["position_basis"], of=rows["ends"], where=rows["position"])
    frame = frame.assign(called=_called(rows, book), form=form, left=left, right=right)
    frame["zero"] = rows["case_id"].map(zero.set_index("case_id")["reference"])
    frame["form"] = frame["form"].mask(is_zero, "day 0").astype("str")
    lasts = (frame["form"] == "goes on") & frame["right"].isna()
    begun = "from day " + frame["left"].map(words.number, na_action="ignore") + " on"
    frame["where"] = frame["where"].mask(lasts, begun)
    place = {case_id: number for number, case_id in enumerate(order or course.cases["case_id"])}
    return frame.sort_values("case_id", key=lambda ids: ids.map(place), kind="stable").reset_index(drop=True)


def _zero_events(course: Course) -> pd.DataFrame:
    """The event of each patient that is day 0 and is the anchor."""
    index = course.events[(course.events["kind"] == course.anchor) & course.events["index_event"]]
    return index if len(index) else course.events[course.events["event_id"] == course.anchor]


def _called(rows: pd.DataFrame, book) -> pd.Series:
    """The sign of each event in words; one that came before the index event of its kind is an earlier one."""
    again = ~rows["index_event"] & rows["kind"].map(book.kinds.set_index("kind")["sign_again"]).notna()
    index = rows[rows["index_event"]].drop_duplicates(["case_id", "kind"]).set_index(["case_id", "kind"])["earliest"]
    than = pd.Series([index.get(key, 0.0) for key in zip(rows["case_id"], rows["kind"])], index=rows.index)
    before = again & (rows["latest"] <= than) & (rows["earliest"] < than)
    return ("earlier " + rows["kind_name"]).where(before, rows["sign"].fillna(rows["kind_name"]))


def _form(row, rows: pd.DataFrame) -> tuple[str, float, float]:
    """How an event is drawn, and from which day to which."""
    day = row.earliest if row.earliest == row.latest else np.nan
    if isinstance(row.ends, str):
        start = rows[(rows["case_id"] == row.case_id) & (rows["event_id"] == row.ends)]
        known = start[start["earliest"].eq(start["latest"])]["earliest"]
        begun = float(known.iloc[0]) if len(known) else np.nan
        if row.lasts:
            return ("goes on", begun, day) if np.isfinite(begun) else ("no day", np.nan, np.nan)
        if np.isfinite([begun, day]).all():
            return "lasted", begun, day
        return ("end", day, day) if np.isfinite(day) else ("no day", np.nan, np.nan)
    if np.isfinite(day):
        return "day", day, day
    if np.isfinite([row.earliest, row.latest]).all():
        return "window", row.earliest, row.latest
    return "no day", np.nan, np.nan


def with_days(rows: pd.DataFrame) -> pd.DataFrame:
    """The rows of the patients of whom a day, or limits in days, are known besides day 0.

    Parameters
    ----------
    rows : DataFrame
        From `swimmer_rows`.
    """
    dated = rows.loc[~rows["form"].isin(["day 0", "no day"]), "case_id"]
    return rows[rows["case_id"].isin(dated)].reset_index(drop=True)


def wait_title(waits: pd.DataFrame, book) -> str:
    """Say how long after the first anchor the second came, in those of whom it is known.

    Examples of what it gives: "Transplantation came 20 to 55 days after the infusion in the four
    published patients with a known day"; "No published patient has a known day of transplantation".
    """
    first, second = anchor_kinds(book).head(2).itertuples()
    if waits.empty:
        return f"No published patient has a known day of {second.name}"
    span = words.days(waits["days"].min(), waits["days"].max())
    who = words.counted(len(waits), "published patient with a known day", "published patients with a known day")
    after = first.said if isinstance(first.said, str) else first.name
    return words.sentence(f"{second.name} came {span} after {after} in the {who}")
