"""Figures that are laid out in pixels, and drawn twice: for a desk and for a phone."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import altair as alt
import pandas as pd

from casebook import words

CHANNELS = {  # what a column of a frame gives to a mark: places in pixels and looks as they are, without a scale
    "x": alt.X("x:Q", scale=None, axis=None),
    "y": alt.Y("y:Q", scale=None, axis=None),
    "x2": alt.X2("x2:Q"),
    "y2": alt.Y2("y2:Q"),
    "text": alt.Text("text:N"),
    "words": alt.Description("words:N"),
    "color": alt.Color("color:N", scale=None, legend=None),
    "fill": alt.Fill("fill:N", scale=None, legend=None),
    "shape": alt.Shape("shape:N", scale=None, legend=None),
    "dash": alt.StrokeDash("dash:N", scale=None, legend=None),
    "stroke_opacity": alt.StrokeOpacity("stroke_opacity:Q", scale=None, legend=None),
    "area": alt.Size("area:Q", scale=None, legend=None),
    "opacity": alt.Opacity("opacity:Q", scale=None, legend=None),
}


def layer(frame: pd.DataFrame, kind: str, *columns: str, scaled: dict | None = None, **look) -> list[alt.Chart]:
    """Draw the rows of a frame as marks of one kind.

    Parameters
    ----------
    frame : DataFrame
        With the places `x`, `y` and what `columns` names.
    kind : str
        A mark of Vega-Lite: point, text, rule, rect, bar.
    *columns : str
        Names of `CHANNELS` besides `x` and `y`; `turn`: to which side a text is aligned; or what `scaled` reads.
        Marks without `words` are passed over by a screen reader.
    scaled : dict, optional
        The channels of a figure with a scale, in place of `x`.
    **look
        Properties of the mark, which all of its rows share.

    Returns
    -------
    list of Chart
        One layer; none if there is no row.
    """
    if frame.empty:
        return []
    columns = ("y", *columns) if scaled else ("x", "y", *columns)
    look |= {"align": {"expr": "datum.turn"}} if "turn" in columns else {}
    look |= {} if "words" in columns else {"aria": False}
    chart = getattr(alt.Chart(frame[list(columns)]), f"mark_{kind}")(**look)
    return [chart.encode(*(CHANNELS[one] for one in columns if one in CHANNELS), **(scaled or {}))]


def dashes(broken: pd.Series) -> list[list[int]]:
    """The line of each mark: broken or not."""
    return [[3, 2] if one else [1, 0] for one in broken]


def figure(
    draw: Callable[..., tuple[list[alt.Chart], float, float]],
    looks: Iterable,
    *,
    title: str,
    subtitle: str,
    told: str,
    marks: Iterable[str],
    rows: list[dict],
    described: str = "",
    **meta,
) -> alt.LayerChart:
    """Draw a figure for a desk and for a phone, with what `render` is told of it.

    Parameters
    ----------
    draw : callable
        Gives the layers, the width and the height in pixels for one of the `looks`.
    looks : iterable
        What `draw` is told of a desk, and of a phone.
    title, subtitle : str
    told : str
        What is drawn, in words: the description goes on with it.
    marks : iterable of str
        The words of each mark that a row is of, in the order of the rows.
    rows : list of dict
        What is drawn, as a table.
    described : str
        How the description begins; by default with title and subtitle.
    **meta
        What else `render` knows: `key`, `legend`, `choices`, `said`, `turned`, and `of`, the rows of the data that
        marks belong to.
    """
    (desk, width, height), (layers, *size) = map(draw, looks)
    phone = alt.layer(*layers, **dict(zip(("width", "height"), size)))
    described = described or f"{title}. {subtitle.rstrip('.')}."
    behind = meta.pop("of", None)
    listed = [{"mark": one} for one in marks]
    if behind is not None:
        listed = [one | {"row": row} for one, row in zip(listed, behind)]
    return alt.layer(
        *desk,
        width=width,
        height=height,
        title=alt.TitleParams(text=title, subtitle=subtitle),
        description=f"{described} {told}",
        usermeta={"marks": listed, "rows": rows, "narrow": phone.to_dict(), **meta},
    )


def named(title: str, case_ids: Iterable[str], own: Iterable[str] = ()) -> str:
    """A title that says so where a patient is made up, or reported by the author (`own`) and by nobody else."""
    shown, own = set(case_ids), set(own)
    if any(str(case_id).startswith(words.MADE_UP) for case_id in shown) and "made-up" not in title.lower():
        title = f"Made-up patient: {title}"
    if shown & own and words.REPORTED not in title.lower():
        said = words.REPORTED if shown <= own else f"in part {words.REPORTED}"
        title = f"{words.sentence(said)}: {title}"
    return title


def own_of(patients: pd.DataFrame) -> set[str]:
    """The patients among some whom their author reports: those of the role `own`."""
    return set(patients.loc[patients["role"] == "own", "case_id"])


# ---------------------------------------------------------------- a grid: a line a patient or a source


def in_grid(frame: pd.DataFrame, line, column, grid: dict) -> pd.DataFrame:
    """The frame with the places of its cells, by the line and the column of each.

    `grid` says where the first column stands (`first`), how far the next one is (`step`), where the first line
    begins (`top`), how high each one is (`row`), and how far below the middle of its line a cell stands (`drop`).
    """
    y = grid["top"] + grid["row"] * (line + 0.5) + grid["drop"]
    return frame.assign(x=grid["first"] + grid["step"] * column, y=y)


def hairlines(cells: pd.DataFrame, grid: dict) -> pd.DataFrame:
    """Where a hairline runs below the line of each cell, from edge to edge."""
    below = cells["y"] - grid["drop"] + grid["row"] / 2
    return pd.DataFrame({"x": 0.0, "x2": grid["width"], "y": below, "y2": below}, index=cells.index)
