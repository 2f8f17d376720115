"""Where everything of a forest plot stands: frames of pixels and records, for a desk and for a phone."""

from __future__ import annotations

import math
from dataclasses import dataclass

import pandas as pd

from casebook.charts._axis import round_end, ticks
from casebook.charts._house import INK, rounded
from casebook.charts._type import BOLD, cut, text_width, wrapped

TOTAL, PHONE = 690, 300  # pixels: the whole drawing at a desk, and the plot on a phone
INDENT, GAP = 8, 10
LABEL, NOTE, SHARE, HEADING = 13, 12, 12, 13  # sizes of type
NOTE_WIDEST = 182  # pixels: the small words below a label
LABEL_WIDEST = 300  # pixels: a label that is longer is cut, and stands whole in the table of the rows
COUNT_WIDEST = 150  # pixels: a column of values
WIDEST = 800  # pixels: a drawing that is wider is shrunk on a tablet until its words are too small
SMALLEST, LARGEST = 30, 190  # areas of marks, in square pixels
FORMS = ("point", "diamond", "outline")
NUMBERS = ("estimate", "low", "high", "prediction_low", "prediction_high")


@dataclass(frozen=True)
class Layout:
    """A forest plot in frames.

    Attributes
    ----------
    records : DataFrame
        One record a row: its texts (`short`, `short_phone`: the label as it is drawn, cut where it is too
        long), numbers and look, how it is `drawn`, and its place in pixels at a desk (`…_wide`) and on a
        phone (`…_phone`): `label`, `note`, `values` and `mark`.
    headings : DataFrame
        `text_wide`, `text_phone` (in lines) and their places, `heading_wide` and `heading_phone`.
    spans : DataFrame
        `y`, `y2`: from where to where rows stand at a desk, without the headings.
    left, width, count_at, share_at : int
        At a desk, in pixels from the left end of the plot: how far labels reach to the left of it,
        how wide it is, where counts and shares begin.
    height, height_phone : int
        In pixels.
    axis : str
        What the axis counts.
    domain : tuple of float
        The ends of the axis.
    ticks : list of float
    """

    records: pd.DataFrame
    headings: pd.DataFrame
    spans: pd.DataFrame
    left: int
    width: int
    count_at: int
    share_at: int
    height: int
    height_phone: int
    axis: str
    domain: tuple[float, float]
    ticks: list[float]


def forest_layout(rows: pd.DataFrame, axis: str, until: float | None = None) -> Layout:
    """Lay out the rows of a forest plot.

    Parameters
    ----------
    rows : DataFrame
        With the columns `forest_rows.ROW`.
    axis : str
        What the axis counts.
    until : float, optional
        The last value of the axis; limits beyond it end in an arrow. By default the axis holds all.

    Returns
    -------
    Layout

    Raises
    ------
    ValueError
        If there is no row; if a row has no label, no place, or a form that is none; or if an estimate
        lies beyond `until`.
    """
    _check(rows, until)
    records = _records(rows)
    shown = records[list(NUMBERS)].astype(float)
    most = until if until is not None else round_end(shown.max().max())
    least = min(0.0, float(shown.min().min()))
    records["beyond"] = records["beyond"].where(shown["high"] > most, "")
    for name in ("high", "prediction_high"):
        records[name] = _numbers(shown[name].clip(upper=most))
    titled = (records["panel"] != "").any()
    indent = INDENT if titled else 0
    left = _width(records["short"], LABEL, indent, records["note"], NOTE)
    count, share = (
        min(_width(records[part], size), COUNT_WIDEST) for part, size in (("count", LABEL), ("share", SHARE))
    )
    right = GAP + count + 8 * bool(count) + share
    half = math.ceil(1.05 * (left + right))  # the plot is half of the drawing, if that stays readable on a tablet
    width = max(TOTAL - left - right, min(half, WIDEST - left - right))
    places, headings, spans, height, height_phone = _places(records, left + width)
    return Layout(
        records=records.assign(**places),
        headings=headings,
        spans=spans,
        left=left,
        width=width,
        count_at=width + GAP,
        share_at=width + GAP + count + 8 * bool(count),
        height=height,
        height_phone=height_phone,
        axis=axis,
        domain=(rounded(least), rounded(most)),
        ticks=ticks(least, most),
    )


def _check(rows: pd.DataFrame, until: float | None) -> None:
    if rows.empty:
        raise ValueError("a forest plot needs at least one row: leave the figure out where there is none")
    wrong = rows["label"].isna() | ~rows["form"].isin(FORMS)
    wrong |= rows["estimate"].isna() & (rows["low"].isna() | rows["high"].isna())
    if wrong.any():
        raise ValueError(
            f"a row of a forest plot needs a label, a form of {', '.join(FORMS)}, and an estimate or both limits; "
            f"not so: {', '.join(map(str, rows.loc[wrong, 'label']))}"
        )
    beyond = rows["estimate"] > (math.inf if until is None else until)
    if beyond.any():
        names = ", ".join(rows.loc[beyond, "label"])
        raise ValueError(f"until={until} leaves the estimate of {names} outside of the axis: choose a later end")


def _records(rows: pd.DataFrame) -> pd.DataFrame:
    texts = {
        name: rows[name].fillna("").astype("str").to_list() for name in ("panel", "note", "count", "share", "beyond")
    }
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
    lines = [wrapped(note, NOTE_WIDEST, NOTE) for note in frame["note"]]
    short = [[cut(label, width, LABEL) for label in frame["label"]] for width in (LABEL_WIDEST, PHONE)]
    return frame.assign(words=words, values_said=said, note=lines, short=short[0], short_phone=short[1])


def _drawn(rows: pd.DataFrame, bare: pd.Series) -> list[str]:
    """How each row is drawn, in the words of the table below the figure."""
    named = {"diamond": "filled diamond", "outline": "hollow diamond", "point": "mark with its interval"}
    return [
        "line"
        if pd.isna(row.estimate)
        else ("filled diamond" if row.form == "diamond" else "hollow mark")
        if no_interval
        else named[row.form]
        for row, no_interval in zip(rows.itertuples(), bare)
    ]


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


def _places(records: pd.DataFrame, room: int) -> tuple:
    """The middle of every line of type and of every mark, from the top down; headings; spans; heights."""
    names = ("label", "note", "values", "mark")
    places: dict[str, list[int]] = {f"{name}_{at}": [] for name in names for at in ("wide", "phone")}
    headings, spans, wide, phone, panel = [], [], 6, 6, ""
    for row in records.itertuples():
        if row.panel != panel:
            panel = row.panel
            space = 8 if places["mark_wide"] else 0
            texts = wrapped(panel, room, BOLD * HEADING), wrapped(panel, PHONE, BOLD * HEADING)
            headings.append((*texts, wide + space + 10, phone + space + 10))
            wide, phone = (at + space + 22 + 15 * text.count("\n") for at, text in zip((wide, phone), texts))
        lines = row.note.count("\n") + 1 if row.note else 0
        step = 26 + 4 * bool(lines) + 12 * max(lines - 1, 0)
        middle = wide + step // 2
        first = middle - 6 * lines
        for name, place in (("label", first), ("note", first + 13), ("values", middle), ("mark", middle)):
            places[f"{name}_wide"].append(place)
        # On a phone the values stand at the right of the label, or of the note, or below both.
        texts = [row.short_phone, *row.note.split("\n")] if row.note else [row.short_phone]
        widths = [text_width(text, LABEL) + 12 + text_width(row.values_said, SHARE) for text in texts]
        free = next((k for k, width in enumerate(widths) if width <= PHONE), len(texts))
        mark = phone + 28 + 13 * max(len(texts) - 1, free)
        values = phone + 10 + 14 * free
        for name, place in (("label", phone + 10), ("note", phone + 24), ("values", values), ("mark", mark)):
            places[f"{name}_phone"].append(place)
        spans.append((middle - 3 if row.beyond else wide, wide + step))  # words stand above an arrow
        wide, phone = wide + step, mark + 16
    columns = ["text_wide", "text_phone", "heading_wide", "heading_phone"]
    named = pd.DataFrame(headings, columns=columns)
    return places, named, pd.DataFrame(spans, columns=["y", "y2"]), wide, phone


def _width(texts: pd.Series, size: int, indent: int = 0, notes: pd.Series | None = None, small: int = 0) -> int:
    """The widest of some texts, each of which may have lines, and of the notes below them."""
    found = [text_width(line, size) for text in texts for line in text.split("\n")]
    found += [text_width(line, small) for note in (() if notes is None else notes) for line in note.split("\n")]
    widest = max(found, default=0.0)
    return math.ceil(widest) + indent + (GAP if indent or notes is not None else 0) if widest else 0
