"""What a timeline draws, as frames: the words, the look and the places of every event."""

from __future__ import annotations

import numpy as np
import pandas as pd

from casebook import words
from casebook.charts._house import NEUTRAL, rounded
from casebook.charts._key import SOLID, entry, signs_beside
from casebook.charts._timeline_layout import DESK, Layout
from casebook.charts._type import cut, text_width
from casebook.timeline import Course

LEGEND = {  # what a sign says, and how it is drawn; `placed` has the shapes of the cases
    "placed": ("a filled sign: its place is known", ""),
    "window": (
        "it began somewhere in here, however long it lasted; an open end has no bracket",
        '<path d="M5,1H2V13H5"/><path d="M7,1H27M7,13H27" stroke-dasharray="2 3"/>',
    ),
    "defined": ("long feet: if the word is used as defined", '<path d="M12,1H5V13H12M16,1H23V13H16"/>'),
    "inferred": ("broken: our reading", '<path d="M14,1V5M14,9V13"/>'),
    "lasted": ("how long it lasted", f'<path d="M1,3H27V11H1z" {SOLID} opacity=".75"/>'),
    "goes on": ("it goes on", f'<path d="M1,3H20V11H1zM20,0L27,7L20,14z" {SOLID} opacity=".75"/>'),
    "anywhere": ("somewhere in the course", f'<path d="M0,2H28V12H0z" {SOLID} opacity=".2"/>'),
    "silent": ("not in the record: silence, not absence", '<path d="M0,13L12,1M8,13L20,1M16,13L28,1"/>'),
}


OTHERS = {"triangle-up": "▲", "square": "■", "triangle-down": "▼", "cross": "✚", "triangle-right": "▶"}


def looks_of(course: Course) -> pd.DataFrame:
    """The look of each case that has an event: no two have one mark, and who has no look of its own is named.

    Returns
    -------
    DataFrame
        By `case_id`: `label`, `color`, `shape`, `sign`, and `called`, what stands before the words of its rows.
    """
    looks = course.cases.set_index("case_id")[["label", "color", "shape", "sign"]]
    looks = looks[looks.index.isin(course.events["case_id"])]
    other = looks["shape"].isna()
    free = [shape for shape in OTHERS if shape not in set(looks["shape"])]
    shapes = pd.Series([free[number % len(free)] for number in range(other.sum())], index=looks.index[other])
    looks["color"] = looks["color"].fillna(NEUTRAL)
    looks["sign"] = looks["sign"].fillna(shapes.map(OTHERS))
    looks["shape"] = looks["shape"].fillna(shapes)
    looks["called"] = (looks["label"] + ": ").where(other & (len(looks) > 1), "")
    return looks


def plot_of(said: pd.Series, look: dict) -> tuple[float, float]:
    """Left edge and width of the plot, beside what is said of the rows or below it."""
    if look["narrow"]:
        return 0.0, float(look["width"])
    widest = max(text_width(one, look["type"]) for one in [*said, words.NOT_IN_THE_RECORD])
    left = min(max(look["words"] + 1.05 * widest + 12, look["plot"]), 500)
    return rounded(left), rounded(look["width"] - left)


def records_of(course: Course, placed: Layout, look: dict = DESK) -> pd.DataFrame:
    """One record an event: its words, its look, and its place at a desk or on a phone."""
    rows = placed.rows
    mine = looks_of(course).loc[rows["case_id"]].set_axis(rows.index)
    each = list(rows.itertuples())
    same = {"event_id", "case_id", "lane", "form", "lasts", "if_defined_as", "y", "meaning", "rival"}
    records = rows[[column for column in rows if column in same]].assign(
        **({} if "rival" in rows else {"meaning": "", "rival": False}),
        case=mine["label"], color=mine["color"], shape=mine["shape"], sign=mine["sign"],
        name=rows["label"].astype(str), said=mine["called"] + rows["label"].astype(str),
        where=[_where(row) for row in each],
        told=[", ".join(filter(None, (_where(row), _condition(row)))) for row in each],
        notes=[_notes(row) for row in each],
        placed=[_somewhere(row) for row in each],
        event_basis=rows["basis"], place_basis=rows["position_basis"].fillna(""),
        basis=[_drawn_basis(row) for row in each],
    )  # fmt: skip
    left, width = plot_of(records["said"], look)
    paths = [
        _window_path(row, width * (row.right - row.left), look["row"] - (1 if rival else 5))
        if row.form == "window"
        else "M0,0"
        for row, rival in zip(each, records["rival"])
    ]
    records = records.assign(
        words=records["case"] + ", " + records["name"] + ": " + records["told"],
        x=(left + width * rows["left"]).map(rounded),
        x2=(left + width * rows["right"]).map(rounded),
        path=paths,
        placed=[_fits(text, width - 16, look["small"]) for text in records["placed"]],
    )
    return _labeled(records, look) if look["narrow"] else _with_notes(records, left, left + width, look)


def _where(row) -> str:
    if row.form == "judgment":
        return f"{row.basis}, of the whole course"
    if row.position == words.NOT_IN_THE_RECORD:
        return f"{row.basis}, place in time {words.NOT_IN_THE_RECORD}"
    return row.position


def _somewhere(row) -> str:
    """What stands in the strip of an event that has no place on this axis."""
    if row.position == words.NOT_IN_THE_RECORD:
        return f"{words.ANYWHERE}; when is {words.NOT_IN_THE_RECORD}"
    return ", ".join(filter(None, (row.position, _condition(row))))


def _fits(text: str, room: float, size: int) -> str:
    """A text in its room: without what follows a semicolon if that has none."""
    return cut(text if text_width(text, size) <= room else text.partition(";")[0], room, size)


def _condition(row) -> str:
    """On what a place hangs that the source does not state: a definition, or our reading; blank if on nothing."""
    if row.if_defined_as:
        return f"if {row.if_defined_as} is meant"
    return "our reading" if row.position_basis == "inferred" else ""


def _drawn_basis(row) -> str:
    """An event is no better known than its place is."""
    return words.weakest(basis for basis in (row.basis, row.window_basis) if basis) or row.basis


def _notes(row) -> tuple[str, ...]:
    """What stands beside a mark, from long to short: how many days, and on what the place rests where it deviates."""
    if getattr(row, "meaning", ""):
        return (row.meaning,)
    if row.form == "day" and row.earliest == row.latest != 0:
        return (row.position,)
    if row.form not in ("window", "end"):
        return ()
    long = row.position if any(letter.isdigit() for letter in row.position) else ""
    if row.form == "end":
        return (f"{row.label}: {long}", long)
    short = long.partition(" after ")[0].partition(" before ")[0]
    found = [", ".join(filter(None, (distance, _condition(row)))) for distance in (long, short, "")]
    return tuple(dict.fromkeys(filter(None, found)))


def _window_path(row, width: float, tall: float) -> str:
    """A hollow zone: two dotted edges that thin out toward an open end, and a bracket at a closed one."""
    half = rounded(tall / 2)
    left = 0.0
    dots, at, step = [], 3.0, 6.0
    reach = 0.45 * width
    while at < width - 2:
        near_open = (row.left_open and at < reach) or (row.right_open and at > width - reach)
        to_go = min(at if row.left_open else width, width - at if row.right_open else width)
        gap = step + (10.0 * (1 - to_go / max(reach, 1)) if near_open else 0.0)
        dots += [f"M{at:.0f},{sign * half}L{at + 2:.0f},{sign * half}" for sign in (-1, 1)]
        at += gap
    ends = [] if row.left_open else [_bracket(left, half, 1, row.left_basis)]
    ends += [] if row.right_open else [_bracket(rounded(width), half, -1, row.right_basis)]
    return "".join(dots + ends) or "M0,0"


def _bracket(x: float, half: float, turn: int, basis: str) -> str:
    """Stated is a bar with short feet, defined a bracket with long ones, inferred a broken bar."""
    if basis == "inferred":
        return f"M{x},{-half}L{x},{rounded(-half / 3)}M{x},{rounded(half / 3)}L{x},{half}"
    feet = rounded(turn * (7 if basis == "defined" else 3))
    return f"M{rounded(x + feet)},{-half}L{x},{-half}L{x},{half}L{rounded(x + feet)},{half}"


def _with_notes(records: pd.DataFrame, start: float, end: float, look: dict) -> pd.DataFrame:
    """Where a note has room at a desk: inside its window, else beside it, else in the table."""
    places = []
    with_bar = set(records.loc[records["form"] == "end", "y"])  # there the note of the end has the room
    read_so = {row.y: row for row in records.itertuples() if row.meaning and not row.rival}
    for row in records.itertuples():
        gap = 11 if row.form == "day" else 6
        rooms = [
            (row.x2 - row.x - 18, row.x + 11, "left"),
            (end - row.x2 - gap, row.x2 + gap, "left"),
            (row.x - start - gap, row.x - gap, "right"),
        ]
        if row.rival:  # of two brackets the second is named where it reaches beyond the first, else behind its words
            one = read_so[row.y]
            rooms = [(row.x2 - one.x2, one.x2 + gap, "left")]
            rooms.append((end, one.x + 25 + text_width(one.meaning, look["small"]), "left"))
        notes = () if row.form == "day" and row.y in with_bar else row.notes
        fits = (
            (note, x, turn) for note in notes for room, x, turn in rooms if text_width(note, look["small"]) + 6 < room
        )
        places.append(next(fits, ("", row.x, "left")))
    noted, at, turn = zip(*places)
    label = [cut(said, start - look["words"] - 12, look["type"]) for said in records["said"]]
    return records.assign(noted=noted, note_x=[rounded(x) for x in at], turn=turn, label=label)


def _labeled(records: pd.DataFrame, look: dict) -> pd.DataFrame:
    """The words of each row on a phone, with the longest note that has room behind them; of two meanings, both."""
    room, labels, noted, at = look["width"] - 18, [], [], []
    x = {row.y: 15 + text_width(row.said, look["type"]) + 8 for row in records.itertuples() if row.meaning}
    for row in records.itertuples():
        longer = () if row.meaning else (f"{row.said}, {note}" for note in row.notes)
        fits = (told for told in longer if text_width(told, look["type"]) < room)
        labels.append(next(fits, cut(row.said, room, look["type"])))
        noted.append(("or " if row.rival else "") + row.meaning)
        at.append(rounded(x.get(row.y, 0.0)))
        x[row.y] = at[-1] + text_width(noted[-1], look["small"]) + 6
    return records.assign(noted=noted, note_x=at, turn="left", label=labels)


def silent_of(placed: Layout, course: Course) -> pd.DataFrame:
    """One row a lane and case without an event: `answered` where a filled gap says something, else silence."""
    silent = placed.strips[placed.strips["silent"]]
    looks = looks_of(course)[["label", "color", "shape", "called"]]
    silent = silent.join(looks, on="case_id").merge(placed.lanes[["lane", "title"]], on="lane")
    answers = course.answers.groupby(["case_id", "lane"])["said"].agg("; ".join)
    told = pd.Series([answers.get(key) for key in zip(silent["case_id"], silent["lane"])], silent.index, dtype="str")
    answer = told.fillna(words.NOT_IN_THE_RECORD)
    return silent.assign(answered=told.notna(), answer=answer, said=silent["called"] + answer)


def hatch(width: float, tall: float) -> str:
    """Diagonals over a strip, as one path."""
    half, lines = tall / 2, []
    for start in np.arange(-tall, width, 8):
        left, right = max(start, 0.0), min(start + tall, width)
        if right - left > 1:
            high, low = half - (left - start), half - (right - start)
            lines.append(f"M{rounded(left)},{rounded(high)}L{rounded(right)},{rounded(low)}")
    return "".join(lines)


def describe(records: pd.DataFrame, silent: pd.DataFrame, course: Course, placed: Layout) -> str:
    """The long description, made from the same rows: a stated fact without a day is never "not in the record" alone."""
    scale = f"The axis counts days; day 0 is {course.zero}."
    scale = scale if placed.axis.in_days else "The zones show order only, not to scale."
    told = []
    for case_id, label in course.cases.set_index("case_id")["label"].items():
        mine = records[records["case_id"] == case_id]
        nothing = silent.loc[(silent["case_id"] == case_id) & ~silent["answered"], "title"]
        answers = silent.loc[(silent["case_id"] == case_id) & silent["answered"], "answer"]
        if len(mine):
            text = f"{label}: " + "; ".join(f"{row.name}, {row.told}" for row in mine.itertuples(index=False))
            quiet = f". Nothing is in the record of {label} on {words.listed(nothing)}" if len(nothing) else ""
            told.append(". ".join([text, *answers]) + quiet)
    return f"{scale} {'. '.join(told)}."


def printed_rows_of(records: pd.DataFrame, course: Course) -> list[dict]:
    """What is drawn, in words: with the source's own, and the rows that make each window what it is."""
    drawn = {"day": "symbol", "window": "brackets", "end": "bar to its end", "goes on": "bar with an arrow"}
    drawn |= {"anywhere": "strip over the whole lane", "judgment": "words at the edge"}
    behind = course.events.join(course.windows["because"]).loc[records.index]
    behind = behind.reindex(columns=["wording", "locator", "because"]).fillna("")
    return [
        {
            "Case": row.case,
            "Event": row.name,
            "In the source's words": of.wording,
            "Where it says so": of.locator,
            "Lane": row.lane,
            "Event rests on": row.event_basis,
            "Place in time": row.where,
            "Why this place": "" if row.form == "judgment" else of.because,
            "Place rests on": row.place_basis,
            "If defined as": row.if_defined_as,
            "Drawn as": drawn["goes on" if row.form == "end" and row.lasts else row.form],
        }
        for row, of in zip(records.itertuples(index=False), behind.itertuples(index=False))
    ]


def legend_of(records: pd.DataFrame, silent: pd.DataFrame) -> list[dict[str, str]]:
    """Which signs occur, for the legend below the figure."""
    there = {{"day": "placed", "end": "lasted"}.get(form, form) for form in records["form"]} | set(records["basis"])
    there |= {"goes on"} if (records["form"].eq("end") & records["lasts"]).any() else set()
    there |= {"silent"} if (~silent["answered"]).any() else set()
    days = records[records["form"] == "day"].drop_duplicates("case_id").sort_values("case")
    own = signs_beside(list(zip(days["shape"], days["color"])))
    return [entry(sign or own, said) for name, (said, sign) in LEGEND.items() if name in there]


def key_of(records: pd.DataFrame) -> list[dict]:
    """Which sign and color each case has."""
    return records.drop_duplicates("case_id")[["case", "color", "sign"]].sort_values("case").to_dict("records")
