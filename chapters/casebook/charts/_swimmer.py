"""Swimmer plots: the courses of many patients on one axis of days, each told by what has a day."""

from __future__ import annotations

from dataclasses import dataclass

import altair as alt
import numpy as np
import pandas as pd

from casebook import words
from casebook.charts._axis import ticks
from casebook.charts._house import INK, rounded
from casebook.charts._key import SOLID, entry, mark
from casebook.charts._pixels import dashes, figure, layer, named
from casebook.charts._type import cut, text_width, two_lines

# Pixels; `name`: of a line of a name; `type`: the size of its type; `about`, `fate`: where these stand, if they do.
DESK = {"plot": (366.0, 800.0), "width": 960, "name": 204.0, "type": 12, "zero": 366.0, "about": 214.0, "fate": 812.0}
PHONE = {"plot": (100.0, 276.0), "width": 276, "name": 98.0, "type": 11, "zero": 0.0}
HEADS = {"about": ("Disease, target, product", 144.0), "fate": ("Outcome", 148.0)}  # and how wide what they head is
CALLED = 84.0  # pixels of the word beside brackets
TOP, SLOT, REST = 48.0, 16.0, 10.0  # above the first patient; a line of marks; what a patient takes besides
MARK = 6.0  # half the width of a symbol
BESIDE = 5.0  # between a bracket and its word
LASTS = "M0,0L13,0M8,-4L13,0L8,4"
END = "M-4,-6L0,-6L0,6L-4,6"
EDGES = '<path d="M7,2H21M7,12H21" stroke-dasharray="1 4"/>'  # of a pair of brackets, in the key
DRAWN = {
    "day 0": "line at day 0",
    "window": "brackets",
    "lasted": "bar to its end",
    "goes on": "bar and arrow",
    "end": "bracket at its end",
}


def swimmer_chart(rows: pd.DataFrame, looks: pd.DataFrame, *, title: str, subtitle: str) -> alt.LayerChart:
    """Draw the courses of patients, one line a patient: what has a day or limits in days, and nothing else.

    A known day is a sign; limits are brackets with the word beside them, never a line; a bar is how
    long something lasted, with an arrow where it goes on. How long a patient was followed is not drawn:
    the last day that is known need not be the last of the observation. Events of one day stand one
    above the other.

    Parameters
    ----------
    rows : DataFrame
        From `individuals.swimmer_rows`, in the order of drawing.
    looks : DataFrame
        The table of the book: how each sign is drawn, and what the legend says of it.
    title, subtitle : str
        The message in a sentence; what is drawn, of how many, and its source.

    Returns
    -------
    altair.LayerChart
        Each event drawn by one mark; `usermeta.rows` holds what is drawn.

    Raises
    ------
    ValueError
        If no patient has a day besides day 0: there is nothing to draw.
    """
    marks = rows[rows["form"] != "no day"].reset_index(drop=True)
    marks["called"] = [cut(called, CALLED, 11) for called in marks["called"].fillna("").astype(str)]
    if not (marks["form"] != "day 0").any():
        raise ValueError(
            f"of {words.count(rows['case_id'].nunique(), 'patient')} no day is known besides day 0, so nothing can be "
            "drawn: add bounds in days, or leave the figure out"
        )
    marks = _placed(marks.assign(slot=_slots(marks, _plot(marks, PHONE))))
    signs = looks[looks["of"] == "sign"].sort_values("rank")
    marks["shape"] = marks["sign"].map(signs.set_index("look")["shape"])
    marks["basis"] = marks["basis"].fillna("")
    marks["words"] = marks["name"] + ", " + marks["label"] + ": " + marks["where"]
    title = named(title, marks["case_id"])
    key = _key(marks, signs)
    subtitle = f"{subtitle.rstrip('.')}. What has no day is not drawn."
    told = [
        f"{name}: " + "; ".join(f"{row.name}, {row.label}, {row.where}" for row in mine.itertuples(index=False))
        for name, mine in marks.groupby("name", sort=False)
    ]
    return figure(
        lambda look: _drawn(marks, look),
        (DESK, PHONE),
        title=title,
        subtitle=subtitle,
        told=f"Signs: {', '.join(line['said'] for line in key)}. {'. '.join(told)}.",
        marks=marks["words"],
        of=[f"events-{event_id}" for event_id in marks["event_id"]],
        rows=_printed(marks),
        legend=key,
    )


@dataclass(frozen=True)
class _Plot:
    """Where days lie: the first day, its place, and how many pixels a day takes."""

    low: float
    left: float
    scale: float
    right: float

    def at(self, day: float | pd.Series) -> float | pd.Series:
        return self.left + MARK + self.scale * (day - self.low)


def _plot(marks: pd.DataFrame, look: dict) -> _Plot:
    """A plot as wide as there is room for, with room for the word beside each pair of brackets."""
    left, right = look["plot"]
    low = min(0.0, float(marks["left"].min()))
    high = max(float(marks[["left", "right"]].max(axis="columns").max()), low + 1)
    scale = (right - left - 2 * MARK - (14 if (marks["form"] == "goes on").any() else 0)) / (high - low)
    for row in marks[marks["form"] == "window"].itertuples():
        word = text_width(row.called, 11) + BESIDE
        before, beyond = MARK + scale * (row.left - low), MARK + scale * (row.right - low)
        if before < word and left + beyond + word > right and row.right > low:
            scale = min(scale, (right - left - word - MARK) / (row.right - low))
    return _Plot(low, left, scale, right)


def _slots(marks: pd.DataFrame, plot: _Plot) -> pd.Series:
    """The line of each mark within its patient: the first on which it touches no other, by the width of a phone."""
    rooms = {}
    for row in marks.itertuples():
        end = row.left if pd.isna(row.right) else row.right
        room = [plot.at(row.left) - MARK, plot.at(end) + MARK + (14 if row.form == "goes on" else 0)]
        if row.form == "window":
            word = text_width(row.called, 11) + BESIDE
            room = [room[0], room[1] + word] if _fits(plot, end, word) else [room[0] - word, room[1]]
        start = (row.case_id, row.of)
        if row.form in ("lasted", "goes on") and start in rooms:  # on the line of its start
            rooms[start][1] = max(rooms[start][1], room[1])
        elif row.form != "day 0":  # what stands at day 0 does not hide its line
            rooms[row.case_id, row.event_id] = room
    slots, taken = {}, {}
    for key, (start, end) in sorted(rooms.items(), key=lambda item: item[1][0]):
        lines = taken.setdefault(key[0], [])
        slots[key] = next((n for n, last in enumerate(lines) if last <= start), len(lines))
        lines[slots[key] :] = [end, *lines[slots[key] + 1 :]]
    keys = [(row.case_id, row.of if row.form in ("lasted", "goes on") else row.event_id) for row in marks.itertuples()]
    return pd.Series([slots.get(key, 0) for key in keys], index=marks.index)


def _fits(plot: _Plot, day: float, word: float) -> bool:
    """Whether a word has room right of a day."""
    return plot.at(day) + word <= plot.right


def _placed(marks: pd.DataFrame) -> pd.DataFrame:
    """How high each mark stands, and the patient it belongs to."""
    tall = REST + SLOT * (marks.groupby("case_id")["slot"].max() + 1)
    tall = tall.reindex(marks["case_id"].unique())
    top = TOP + tall.cumsum() - tall
    of = marks["case_id"]
    found = marks.assign(tall=of.map(tall), top=of.map(top), middle=of.map(top + tall / 2))
    return found.assign(y=found["top"] + REST / 2 + SLOT * (found["slot"] + 0.5))


def _drawn(marks: pd.DataFrame, look: dict) -> tuple[list[alt.Chart], float, float]:
    plot, people = _plot(marks, look), marks.drop_duplicates("case_id")
    height = rounded(people["tall"].sum() + TOP)
    last = marks["right"].fillna(marks["left"])
    marks = marks.assign(x=plot.at(marks["left"]).map(rounded), x2=plot.at(last).map(rounded))
    layers = [*_axis(marks, plot, height, look), *_people(people, look), *_events(marks, plot)]
    return layers, look["width"], height


def _axis(marks: pd.DataFrame, plot: _Plot, height: float, look: dict) -> list[alt.Chart]:
    """Days above the first patient, dotted lines through all, and what day 0 is."""
    last = float(marks[["left", "right"]].max(axis="columns").max())
    days = pd.Series(ticks(plot.low, max(last, plot.low + 1), of="days"))
    x = plot.at(days).map(rounded)
    frame = pd.DataFrame({"text": days.map(words.number), "x": x, "x2": x, "y2": height})
    said = f"days; day 0 is {words.listed(marks['zero'].unique(), 'or')}, days count forward"
    head = pd.DataFrame([{"x": look["zero"], "y": 12, "text": said}])
    return [
        *layer(frame.assign(y=TOP - 4), "rule", "x2", "y2", opacity=0.3, strokeDash=[1, 3]),
        *layer(frame.assign(y=TOP - 14), "text", "text", fontSize=11),
        *layer(head, "text", "text", align="left", fontSize=11),
    ]


def _people(people: pd.DataFrame, look: dict) -> list[alt.Chart]:
    """The names of the patients; at a desk their traits and fates, too, under headings."""
    text = [two_lines(name, look["name"], look["type"]) for name in people["name"]]
    names = people.assign(x=0, text=text, y=people["middle"] - 6 * pd.Series(text, index=people.index).str.count("\n"))
    lines = people.assign(x=0, x2=look["width"], y=people["top"], y2=people["top"])
    type_ = {"align": "left", "lineBreak": "\n", "lineHeight": 12}
    layers, about = [], []
    for name, (head, room) in HEADS.items():
        if name in look:
            told = people[name].mask(people[name] == words.NOT_READ, "–") if name == "fate" else people[name]
            told = [cut(text, room, 11) for text in told.fillna("")]
            heading = pd.DataFrame([{"x": look[name], "y": TOP - 14, "text": head}])
            layers += layer(heading, "text", "text", fontSize=11, **type_)
            told = people.assign(x=look[name], y=people["middle"], text=told)
            about += layer(told, "text", "text", fontSize=11, **type_)
    return [
        *layer(lines, "rule", "x2", "y2", opacity=0.15),
        *layers,
        *layer(names, "text", "text", fontSize=look["type"], **type_),
        *about,
    ]


def _events(marks: pd.DataFrame, plot: _Plot) -> list[alt.Chart]:
    """One mark an event."""
    of = {form: mine for form, mine in marks.groupby("form")}
    zero, ends, spans, days = (of.get(form, marks.head(0)) for form in ("day 0", "end", "window", "day"))
    zero = zero.assign(y=zero["middle"] - zero["tall"] / 2 + 2, y2=zero["middle"] + zero["tall"] / 2 - 2)
    bars = marks[marks["form"].isin(["lasted", "goes on"])]
    bars = bars.assign(y=bars["y"] - 3, y2=bars["y"] + 3)
    on = bars[bars["form"] == "goes on"]
    spans = spans.assign(shape=[_brackets(*one) for one in zip(spans["basis"], spans["x2"] - spans["x"])])
    reading = days["basis"] == "inferred"
    days = days.assign(fill=reading.map({True: "transparent", False: INK}), dash=dashes(reading))
    sign = {"size": 4, "filled": False, "strokeWidth": 1.6, "opacity": 1, "color": INK}
    return [
        *layer(zero, "rule", "x2", "y2", "words", strokeWidth=2.5),
        *layer(bars, "rect", "x2", "y2", "words", color=INK, opacity=0.6),
        *layer(on.assign(x=on["x2"], y=on["y"] + 3), "point", shape=LASTS, **sign),
        *layer(ends, "point", "words", shape=END, **sign),
        *layer(spans, "point", "shape", "words", **sign),
        *layer(_beside(spans, plot), "text", "text", "turn", fontSize=11),
        *layer(days, "point", "shape", "fill", "dash", "words", size=75, strokeWidth=1.2, opacity=1, stroke=INK),
    ]


def _brackets(basis: str, width: float) -> str:
    """A pair of brackets that two dotted edges hold together; broken where the limits are our reading."""
    right = rounded(width)
    edges = "".join(f"M{at},{y}L{at + 1},{y}" for at in range(6, int(width) - 4, 5) for y in (-5, 5))
    if basis == "inferred":
        return f"M0,-6L0,-2M0,2L0,6M{right},-6L{right},-2M{right},2L{right},6{edges}"
    return f"M4,-5L0,-5L0,5L4,5M{rounded(width - 4)},-5L{right},-5L{right},5L{rounded(width - 4)},5{edges}"


def _beside(spans: pd.DataFrame, plot: _Plot) -> pd.DataFrame:
    """What lies between two brackets, right of them, or left where there is no room."""
    wide = spans["called"].map(lambda called: text_width(called, 11)) + BESIDE
    fits = plot.at(spans["right"]) + wide <= plot.right
    x = (spans["x2"] + BESIDE).where(fits, spans["x"] - BESIDE).map(rounded)
    return spans.assign(text=spans["called"], x=x, turn=np.where(fits, "left", "right"))


def _key(marks: pd.DataFrame, signs: pd.DataFrame) -> list[dict]:
    """What the signs mean that occur."""
    forms = set(marks["form"])
    drawn = set(marks.loc[marks["form"] == "day", "sign"])
    hollow = (marks["basis"] == "inferred") & marks["form"].isin(["day", "window"])
    key = [entry(mark(look.shape), look.said) for look in signs.itertuples() if look.look in drawn]
    if "window" in forms:
        key.append(entry(f'<path d="M7,2H3V12H7M21,2H25V12H21"/>{EDGES}', "it began on one of the days between"))
    if forms & {"lasted", "goes on"}:
        key.append(entry(f'<path d="M1,4H27V10H1z" {SOLID} opacity=".6"/>', "how long it lasted"))
    if "goes on" in forms:
        key.append(entry('<path d="M3,7H25M19,2L25,7L19,12"/>', "it goes on"))
    if hollow.any():
        key.append(entry(f'<path d="M3,1V5M3,9V13M25,1V5M25,9V13"/>{EDGES}', "our reading"))
    if marks["fate"].eq(words.NOT_READ).any():
        key.append(entry('<path d="M9,7H19"/>', words.NOT_READ))
    return key


def _printed(marks: pd.DataFrame) -> list[dict]:
    drawn = marks["form"].map(DRAWN).fillna(marks["called"])
    shown = {"Event": marks["name"] + ", " + marks["label"], "Patient": marks["name"], "Position": marks["where"]}
    return pd.DataFrame(shown | {"Drawn as": drawn}).to_dict("records")
