"""Where everything of a forest plot stands: frames of pixels and records, for a desk and for a phone."""

from __future__ import annotations

import math
from dataclasses import dataclass

import pandas as pd

from casebook.charts._axis import powers, round_end, ticks
from casebook.charts._house import INK, rounded
from casebook.charts._type import BOLD, cut, text_width, wrapped

TOTAL, PHONE = 960, 300  # pixels: the whole drawing at a desk, and the plot on a phone
BESIDE = 740  # pixels: the drawing at a desk that has words beside it
INDENT, GAP = 8, 10
LABEL, NOTE, SHARE, HEADING = 13, 12, 12, 13  # sizes of type
NOTES = (182, 250, 320, 400)  # pixels: the small words below a label, as wide as they need for two lines
LABEL_WIDEST = 300  # pixels: a label that is longer is cut, and stands whole in the table of the rows
COUNT_WIDEST = 150  # pixels: a column of values
SLIDE, SLIDE_LABEL = 585, 200  # pixels: the whole drawing on a slide, which shows it twice as large, and a label in it
SMALLEST, LARGEST = 30, 190  # areas of marks, in square pixels
FORMS = ("point", "diamond", "outline")
NUMBERS = ("estimate", "low", "high", "prediction_low", "prediction_high")


@dataclass(frozen=True)
class Layout:
    """A forest plot in frames, at a desk or on a phone.

    Attributes
    ----------
    records : DataFrame
        One record a row: its texts (`short`: the label as it is drawn, cut where it is too long), numbers and look,
        how it is `drawn`, and how high its parts stand: `label_y`, `note_y`, `values_y` and `mark_y`.
    headings : DataFrame
        `text` (in lines) and `y`.
    spans : DataFrame
        `y`, `y2`: from where to where the grid is seen, without the headings.
    left, width, count_at, share_at : int
        In pixels from the left end of the plot: how far labels reach to the left of it, how wide it is, where counts
        and shares begin at a desk.
    height : int
    axis : str
        What the axis counts.
    domain : tuple of float
        The ends of the axis.
    ticks : list of float
    log : bool
    narrow : bool
    """

    records: pd.DataFrame
    headings: pd.DataFrame
    spans: pd.DataFrame
    left: int
    width: int
    count_at: int
    share_at: int
    height: int
    axis: str
    domain: tuple[float, float]
    ticks: list[float]
    log: bool
    narrow: bool


def forest_layout(
    rows: pd.DataFrame, axis: str, *, log: bool = False, narrow: bool = False, total: int = TOTAL
) -> Layout:
    """Lay out the rows of a forest plot.

    Parameters
    ----------
    rows : DataFrame
        With the columns `forest_rows.ROW`.
    axis : str
        What the axis counts.
    log : bool
        Whether the axis counts in powers of ten.
    narrow : bool
        Whether it is for a phone.
    total : int
        How wide the drawing is at a desk, in pixels; `SLIDE` on a slide.

    Returns
    -------
    Layout

    Raises
    ------
    ValueError
        If there is no row; if a row has no label, no place, or a form that is none; or if something has no place
        among powers of ten.
    """
    _check(rows, log)
    records = _records(
        rows,
        PHONE if narrow else SLIDE_LABEL if total == SLIDE else LABEL_WIDEST,
        NOTES[:1] if narrow or total < TOTAL else NOTES,
    )
    shown = records[list(NUMBERS)].astype(float)
    least, most = float(shown.min().min()), float(shown.max().max())
    marked = powers(least, most) if log else ticks(min(0.0, least), round_end(most))
    ends = (marked[0], marked[-1]) if log else (min(0.0, least), round_end(most))
    left, width, count_at, share_at = (0, PHONE, 0, 0) if narrow else _columns(records, total)
    places, headings, spans, height = (_on_a_phone if narrow else _at_a_desk)(records, left + width)
    return Layout(
        records.join(places), headings, spans, left, width, count_at, share_at, height, axis,
        (rounded(ends[0]), rounded(ends[1])), marked, log, narrow,
    )  # fmt: skip


def _columns(records: pd.DataFrame, total: int) -> tuple[int, int, int, int]:
    """How far labels reach to the left of the plot at a desk, how wide it is, and where counts and shares begin."""
    indent = INDENT if (records["panel"] != "").any() else 0
    left = _width(records["short"], LABEL, indent, records["note"], NOTE)
    sizes = (("count", LABEL), ("share", SHARE))
    count, share = (min(_width(records[part], size), COUNT_WIDEST) for part, size in sizes)
    right = GAP + count + 8 * bool(count) + share
    width = total - left - right
    return left, width, width + GAP, width + GAP + count + 8 * bool(count)


def _check(rows: pd.DataFrame, log: bool) -> None:
    if rows.empty:
        raise ValueError("a forest plot needs at least one row: leave the figure out where there is none")
    wrong = rows["label"].isna() | ~rows["form"].isin(FORMS)
    wrong |= rows["estimate"].isna() & (rows["low"].isna() | rows["high"].isna())
    if wrong.any():
        raise ValueError(
            f"a row of a forest plot needs a label, a form of {', '.join(FORMS)}, and an estimate or both limits; "
            f"not so: {', '.join(map(str, rows.loc[wrong, 'label']))}"
        )
    below = (rows[list(NUMBERS)].astype(float) <= 0).any(axis="columns") & log
    if below.any():
        names = ", ".join(rows.loc[below, "label"])
        raise ValueError(f"log=True has no place for what is 0 or less: {names}; leave it out, or draw all without log")


def _records(rows: pd.DataFrame, widest: int, rooms: tuple[int, ...]) -> pd.DataFrame:
    texts = {name: rows[name].fillna("").astype("str").to_list() for name in ("panel", "note", "count", "share")}
    bare = rows["low"].isna() | rows["high"].isna()
    frame = pd.DataFrame(
        {
            "row": [f"{number:02d}" for number in range(len(rows))],
            "label": rows["label"].to_list(),
            **texts,
            "drawn": _drawn(rows, bare),
            "color": [color if isinstance(color, str) else INK for color in rows["color"]],
            "shape": [shape if isinstance(shape, str) else "square" for shape in rows["shape"]],
            "area": _areas(rows["n"].where(rows["form"] == "point")),
            **{name: _numbers(rows[name]) for name in NUMBERS},
        }
    )
    parts = zip(frame["panel"], frame["note"], frame["count"], frame["share"])
    said = [", ".join(filter(None, both)) for both in zip(frame["count"], frame["share"])]
    words = [f"{label}: {'; '.join(filter(None, row))}" for label, row in zip(frame["label"], parts)]
    for room in rooms:
        lines = [wrapped(note, room, NOTE) for note in frame["note"]]
        if max(note.count("\n") for note in lines) < 2:
            break
    short = [cut(label, widest, LABEL) for label in frame["label"]]
    return frame.assign(words=words, values=said, note=lines, short=short)


def _drawn(rows: pd.DataFrame, bare: pd.Series) -> list[str]:
    """How each row is drawn, in the words of the table below the figure."""
    named = {"diamond": "filled diamond", "outline": "hollow diamond", "point": "mark with its interval"}
    drawn = rows["form"].map(named).mask(bare & (rows["form"] != "diamond"), "hollow mark")
    return drawn.mask(rows["estimate"].isna(), "line").to_list()


def _areas(n: pd.Series) -> list[float]:
    """Areas that grow with the number of patients; the smallest where it is not known."""
    most = n.max()
    if pd.isna(most):
        return [float(SMALLEST)] * len(n)
    return [rounded(SMALLEST + (LARGEST - SMALLEST) * value / most) for value in n.fillna(0)]


def _numbers(values: pd.Series) -> list[float | None]:
    """As objects, so that what is missing stays None in the specification."""
    return pd.Series([None if pd.isna(value) else rounded(float(value)) for value in values], dtype=object).to_list()


# ---------------------------------------------------------------- places


def _at_a_desk(records: pd.DataFrame, room: int) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame, int]:
    """The middle of every line of type and of every mark, from the top down; headings; spans; the height."""
    places, headings, spans, at = [], [], [], 6
    for row, begins in zip(records.itertuples(), _begins(records)):
        if begins:
            at = _headed(headings, row.panel, room, at)
        lines = row.note.count("\n") + 1 if row.note else 0
        step = 26 + 4 * bool(lines) + 12 * max(lines - 1, 0)
        middle = at + step // 2
        first = middle - 6 * lines
        places.append((first, first + 13, middle, middle))
        spans.append((at, at + step))
        at += step
    return _frames(records, places, headings, spans, at)


def _on_a_phone(records: pd.DataFrame, room: int) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame, int]:
    """The same where values stand at the right of the label, or of the note, or below both, and marks below them."""
    places, headings, spans, at = [], [], [], 6
    for row, begins in zip(records.itertuples(), _begins(records)):
        if begins:
            at = _headed(headings, row.panel, room, at)
        texts = [row.short, *row.note.split("\n")] if row.note else [row.short]
        widths = [text_width(text, LABEL) + 12 + text_width(row.values, SHARE) for text in texts]
        free = next((k for k, width in enumerate(widths) if width <= room), len(texts))
        mark = at + 28 + 13 * max(len(texts) - 1, free)
        places.append((at + 10, at + 24, at + 10 + 14 * free, mark))
        spans.append((mark - 9, mark + 9))
        at = mark + 16
    return _frames(records, places, headings, spans, at)


def _begins(records: pd.DataFrame) -> pd.Series:
    """Whether a row is the first of its panel."""
    return records["panel"].ne(records["panel"].shift(fill_value=""))


def _headed(headings: list, panel: str, room: int, at: int) -> int:
    """Put a heading, and give how high the rows below it begin."""
    text = wrapped(panel, room, BOLD * HEADING)
    top = at + 8 * (at > 6)
    headings.append((text, top + 10))
    return top + 22 + 15 * text.count("\n")


def _frames(records: pd.DataFrame, places: list, headings: list, spans: list, height: int) -> tuple:
    found = pd.DataFrame(places, columns=["label_y", "note_y", "values_y", "mark_y"], index=records.index)
    return found, pd.DataFrame(headings, columns=["text", "y"]), pd.DataFrame(spans, columns=["y", "y2"]), height


def _width(texts: pd.Series, size: int, indent: int = 0, notes: pd.Series | None = None, small: int = 0) -> int:
    """The widest of some texts, each of which may have lines, and of the notes below them."""
    found = [text_width(line, size) for text in texts for line in text.split("\n")]
    found += [text_width(line, small) for note in (() if notes is None else notes) for line in note.split("\n")]
    widest = max(found, default=0.0)
    return math.ceil(widest) + indent + (GAP if indent or notes is not None else 0) if widest else 0
