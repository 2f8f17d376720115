"""What several chapters show: their tables, titles and sentences, made from computed values only.

No title and no sentence here says what was not computed: each is true, and in good grammar,
whatever days, grades and events the tables come to hold.
"""

from __future__ import annotations

import re
from collections.abc import Callable

import altair as alt
import numpy as np
import pandas as pd
from myst_nb import glue

from casebook import charts, words
from casebook.charts import Table
from casebook.patients import record
from casebook.timeline import Course, TwoMeanings, how_known, measured, two_meanings

FILLED_AT = "your-case.html#{}/{}"  # where a fact of a case is filled in, by its topic


def store(**values: object) -> None:
    """Store values under their names, so that the prose of the page can say them."""
    for name, value in values.items():
        glue(name, value, display=False)


def tally(course: Course, sign: str) -> pd.DataFrame:
    """How many events of one sign each case has, and of how many a day, or limits in days, are known.

    Parameters
    ----------
    course : Course
    sign : str
        What a figure of many patients shows such events by, as in `kinds`.

    Returns
    -------
    DataFrame
        One row a case, in the order of the course: `case_id`, `case` (its label), `named`, `dated`,
        `placed` (in order, or better), the three in words for the start of a sentence or the
        middle of one (`named_words`, `dated_words`, `placed_words`), two of them as sentences (`dated_said`,
        `placed_said`), and `labels`. An event that is told again, as a later grade of it, is counted once, and placed
        by whichever of its rows is. A filled gap that says yes counts as one, and `denied` counts those that say no.
    """
    mine = course.events[course.events["sign"].eq(sign) & course.events["ends"].isna()]
    known = how_known(course.windows)[mine.index]
    mine = mine.assign(day=known.eq("day"), place=known.ne("nothing"), again=mine["event_id"].ne(mine["tells_of"]))
    mine = mine.sort_values("again", kind="stable")
    rows = []
    for case in course.cases.itertuples():
        own = mine[mine["case_id"] == case.case_id].groupby("tells_of", sort=False)
        also = course.answers[course.answers["case_id"].eq(case.case_id) & course.answers["sign"].eq(sign)]
        denied, also = also[also["value"].eq("no")], also[also["value"].eq("yes")]
        counts = {
            "named": own.ngroups + len(also),
            "dated": int(own["day"].any().sum()),
            "placed": int(own["place"].any().sum()),
        }
        spoken = {
            "named_words": words.spelled(counts["named"]),
            "dated_words": _of_them(counts["dated"], counts["named"]),
            "placed_words": _of_them(counts["placed"], counts["named"]),
            "dated_said": f"{_have(counts['dated'], counts['named'])} a known day",
            "placed_said": f"{_have(counts['placed'], counts['named'])} a place in the order of events",
        }
        labels = words.listed([*(_with_later(told["label"].tolist()) for _, told in own), *also["said"]])
        who = {"case_id": case.case_id, "case": case.label}
        rows.append({**who, **counts, **spoken, "labels": labels, "denied": len(denied)})
    return pd.DataFrame(rows)


def _with_later(labels: list[str]) -> str:
    """Name an event, and how it is told again: "grade 1 CRS (later grade 3 CRS)"."""
    return f"{labels[0]} (later {', '.join(labels[1:])})" if labels[1:] else labels[0]


def _of_them(some: int, all_: int) -> str:
    """Begin a sentence such as "None has a day" or "Three of these have one"."""
    return "None" if some == 0 else "Each" if some == all_ else words.sentence(words.spelled(some))


def _have(some: int, all_: int) -> str:
    """Begin a sentence such as "None of them has" or "Two of them have"."""
    return f"{_of_them(some, all_)} of them {'have' if 1 < some < all_ else 'has'}"


def some(n: int, noun: str) -> str:
    """Name so many things, as in "The record names no complication": "no complication", "two complications"."""
    return words.counted(n, noun)


def contrast_title(course: Course, sign: str, noun: str) -> str:
    """Say how many events of a sign the record names of each case, and how many of them have a day.

    Examples of what it gives: "Case 1 had five named complications, none with a day; of case 2 the
    record names none and does not say that there were none".
    """
    told, silent, denied = [], [], []
    for row in tally(course, sign).itertuples():
        if row.named:
            days = _with_a_day(row.named, row.dated)
            told.append(f"{row.case} had {words.counted(row.named, f'named {noun}', f'named {noun}s')}, {days}")
        else:
            (denied if row.denied else silent).append(row.case)
    parts = ["; ".join(told)] if told else []
    if denied:
        parts.append(f"of {words.listed(denied, 'and')} its gaps say which {noun}s there were not")
    if silent:
        of = f"of {words.listed(silent, 'or')} the record names"
        parts.append(
            f"{of} none and does not say that there were none"
            if told
            else f"{of} no {noun} and does not say that there was none"
        )
    return words.sentence("; ".join(parts))


def _with_a_day(named: int, dated: int) -> str:
    if not dated:
        return "none with a day" if named > 1 else "without a day"
    if dated == named:
        return "each with a day" if named > 1 else "with a day"
    return f"{words.spelled(dated)} of them with a day"


def limits_title(course: Course) -> str:
    """Say which days of a course are known, and which limits there are, day 0 left out.

    What hangs on a definition is no known day: it is told last, and as what would follow.

    Examples of what it gives: "No day is known; hyperacute GVHD would lie in days 0 to 14 if Saliba's
    definition is meant"; "CRS began on day 2; no other day is known"; "No day is known: only the order of
    events can be told".
    """
    windows, events = course.windows, course.events
    how = how_known(windows)
    others = events[_besides_zero(course)]
    timed = others[how[others.index].isin(["day", "limits"])]
    if timed.empty:
        return "No day is known: only the order of events is known"
    if len(timed) > 3:
        some, all_ = (len(rows[["case_id", "tells_of"]].drop_duplicates()) for rows in (timed, others))
        of = "every event has" if some == all_ else f"{some} of {all_} events have"
        by = int(windows.loc[timed.index, "if_defined_as"].ne("").sum())
        return words.sentence(f"{of} a day or limits in days{f', {by} of them by a definition' if by else ''}")
    names = course.cases.set_index("case_id")["label"]
    told = names[names.index.isin(others["case_id"])]
    days, limits = [], []
    for row in timed.itertuples():
        window = windows.loc[row.Index]
        of = f" of {names[row.case_id]}" if len(told) > 1 else ""
        if window.if_defined_as:
            limits.append(
                f"{row.label}{of} would lie {_within(window.position)} if {meant(window.if_defined_as)} meant"
            )
        else:
            verb = "" if pd.notna(row.ends) else f"{row.verb} "
            said = f"{row.label}{of} {verb}{_when(window.position)}"
            (days if how[row.Index] == "day" else limits).append(said)
    whose = f" of {words.listed(told, 'or')}" if len(told) > 1 else ""
    every = days and len(timed) == len(others)
    rest = [] if every else [f"no {'other ' * bool(days)}day is known{whose}"]
    return words.sentence("; ".join([*days, *rest, *limits]))


def _besides_zero(course: Course) -> pd.Series:
    """Which events have a place in time, day 0 left out."""
    zero = course.windows["earliest"].eq(0) & course.windows["earliest_because"].map(len).eq(0)
    return ~zero & ~course.events["judgment"]


def meant(definitions: str) -> str:
    """Name definitions, as the middle of "if … meant", by their authors where they are called after some.

    Examples
    --------
    >>> meant("Saliba 2007"), meant("Sohn et al."), meant("Lee 2019, Saliba 2007"), meant("the consensus of 2020")
    ("Saliba's definition is", "Sohn's definition is", "Lee's and Saliba's definitions are", 'the consensus of 2020 is')
    """
    found = [re.fullmatch(r"([A-Z][\w'’-]+)(?: et al\.)?(?: \d{4}\w?)?", label) for label in definitions.split(", ")]
    if not all(found):
        return f"{definitions} is"
    authors = words.listed(f"{label[1]}'s" for label in found)
    return f"{authors} {'definition is' if len(found) == 1 else 'definitions are'}"


def _within(position: str) -> str:
    """Where something lies: in which days, or on which."""
    if position.startswith("day ") and " to " in position:
        return f"in days {position.removeprefix('day ')}"
    return _when(position)


def _when(position: str) -> str:
    if position.startswith("day ") and " to " in position:
        return f"between {position.replace(' to ', ' and ', 1)}"
    return f"on {position}" if position.startswith("day ") else position


def source_line(course: Course, source: str) -> str:
    """What every timeline says below its title: of how many patients, counted from what, and the source."""
    patients = words.count(int(course.cases["case_id"].isin(course.events["case_id"]).sum()), "patient")
    return f"{words.sentence(patients)}. The order of the lanes is no order in time. Source: {source}"


def close_up(
    course: Course, source: str, sign: str = "complication", *, turned: Course | None = None, book=None
) -> alt.LayerChart:
    """The course of one case, under a title that tells days where there are any, else what is named of it.

    `turned` is the same course counted from another event: a reader can switch to it. With its `book` a reader can
    also switch between the two meanings of a word, where one has two.
    """

    def title(course: Course) -> str:
        if not how_known(course.windows)[~course.events["index_event"]].isin(["day", "limits"]).any():
            return contrast_title(course, sign, sign)
        case = words.listed(course.cases.loc[course.cases["case_id"].isin(course.events["case_id"]), "label"])
        return f"{words.sentence(case)}: {words.clause(limits_title(course))}"

    return _timeline(course, source, title, turned, book, sign)


def pair(course: Course, source: str, *, turned: Course | None = None) -> alt.LayerChart:
    """Several cases in the same lanes, under a title that tells which days are known; `turned` as for `close_up`."""
    return _timeline(course, source, limits_title, turned)


def hero(
    course: Course, source: str, sign: str = "complication", *, turned: Course | None = None, book=None
) -> alt.LayerChart:
    """Several cases in the same lanes, under a title that tells what is named of each, or the days where nothing is.

    `turned` and `book` as for `close_up`; with its `book` a tile for each fact that is not known stands below.
    """
    named = course.events["sign"].eq(sign).any()

    def title(course: Course) -> str:
        return contrast_title(course, sign, sign) if named else limits_title(course)

    return _timeline(
        course, source, title, turned, book, sign, None if book is None else record.blanks(book, FILLED_AT)
    )


def curves(book, course: Course, source: str) -> alt.LayerChart | None:
    """What was measured in the patients of a course, as small curves over its days; None if none has a day."""
    values = measured(book, course)
    told = values[["low", "high"]].to_numpy(dtype=float)
    if not np.isfinite(told).any():
        return None
    first, last = (words.number(end(told[np.isfinite(told)])) for end in (np.min, np.max))
    analytes = words.counted(values["analyte"].nunique(), "analyte")
    days = f"day {first}" if first == last else f"days {first} to {last}"
    title = f"{words.sentence(analytes)} measured, {words.count(len(values), 'value')}, {days}"
    subtitle = f"Each strip has a scale of its own. Source: {source}"
    return charts.curves_chart(values, course, title=title, subtitle=subtitle)


def _timeline(
    course: Course,
    source: str,
    title: Callable[[Course], str],
    turned: Course | None,
    book=None,
    sign: str = "",
    tiles: dict | None = None,
) -> alt.LayerChart:
    two = None if book is None else two_meanings(book, course.anchor)
    other = None if turned is None else (turned, _timeline(turned, source, title, None, book, sign))
    told = {"subtitle": source_line(course, source), "turned": other, "tiles": tiles}
    if two is None:
        return charts.timeline_chart(course, title=title(course), **told)
    # What hangs on the word is told of the word: the title begins with what does not.
    head = contrast_title(course, sign, sign)
    unread = f"{head}. “{words.sentence(two.word)}” can mean {words.listed(two.meanings, 'or')}"
    titles = [f"{head}. {words.sentence(one)}" for one in _read_so(two)]
    return charts.timeline_chart(two.both, title=unread, read=(two.word, titles), **told)


def _read_so(two: TwoMeanings) -> list[str]:
    """Where events lie under each meaning of a word: "if “early” means in the morning, fever of Ann lies on day 0"."""
    twice = two.both.events.index[two.both.events["meaning"] != ""]
    events = two.both.events.loc[twice].join(two.both.windows["position"])
    names = two.both.cases.set_index("case_id")["label"]
    said = []
    for rival, meaning in enumerate(two.meanings):
        places = [
            f"{row.label} of {names[row.case_id]} lies {_within(row.position)}"
            for row in events[events["rival"] == bool(rival)].itertuples()
        ]
        said.append(f"if “{two.word}” means {meaning}, {words.listed(places, 'and')}")
    return said


def why_table(course: Course, caption: str) -> Table:
    """For each event where it lies, and the rows of the data that make it so."""
    shown = course.windows.assign(label=course.events["label"], judgment=course.events["judgment"])
    shown = shown[~shown["judgment"]][["label", "position", "because", "if_defined_as", "position_basis"]]
    shown.columns = ["Event", f"Place in time, from {course.zero}", "Because", "If defined as", "Weakest basis"]
    return charts.table(shown, caption)


def sides_table(book, caption: str) -> Table:
    """What the record says of each case, lane by lane; every case has every lane."""
    sides = record.by_lane(book).drop(columns=["lane", "in_record"]).rename(columns={"title": "lane"})
    return charts.table(sides.rename(columns=words.sentence), caption, missing=words.NOT_IN_THE_RECORD)


def gaps_table(book, caption: str) -> Table:
    """What is open, fact by case; a cell is blank where a fact is not asked of a case."""
    open_ = record.open_gaps(book).drop(columns=["topic", "recomputes"]).rename(columns={"what": "Fact"})
    return charts.table(open_.rename(columns=words.sentence), caption)


def explanations_table(book, caption: str) -> Table:
    """What may have made the difference: for whom the fact is open, and what would tell it from the others."""
    shown = record.explanations(book)[["explanation", "status", "what_would_tell"]]
    shown["status"] = shown["status"].str.removeprefix(f"{words.NOT_IN_THE_RECORD} for ")
    shown.columns = ["What may have differed", "Open for", "What would tell it from the others"]
    return charts.table(shown, caption)


def days_sentence(course: Course) -> str:
    """Say of how many events a day is known, day 0 and judgments left out: "Of 11 events, none has a known day"."""
    others = _besides_zero(course)
    total, dated = int(others.sum()), int((how_known(course.windows)[others] == "day").sum())
    if total < 2:
        one = f"The one event has {'a' if dated else 'no'} known day"
        return one if total else "Besides day 0 the tables hold no event with a place in time"
    have = "have" if 1 < dated < total else "has"
    return f"Of {total} events, {_of_them(dated, total).lower()} {have} a known day"


def as_sentence(text: str) -> str:
    """Make a sentence of a clause; nothing of nothing."""
    return f"{words.sentence(text)}." if text else ""


def under_a_lesson(reports: pd.DataFrame, worked: pd.DataFrame, title: str) -> Table:
    """What stands folded under a lesson: what others say, counted, and the lesson worked on made-up patients."""
    said = words.sentence(f"{words.counted(len(reports), 'statement')} of others")
    return charts.folded({said: charts.table(reports, said), title: charts.slim(worked, title, titled=True)})
