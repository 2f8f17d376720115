"""Figures that are laid out in pixels: each thing has one place at a desk and one on a phone."""

from __future__ import annotations

from collections.abc import Iterable

import altair as alt
import pandas as pd

from casebook import words

CHANNELS = {  # what a column of a frame gives to a mark: places in pixels and looks as they are, without a scale
    "x": ("x", lambda field: alt.X(f"{field}:Q", scale=None, axis=None)),
    "y": ("y", lambda field: alt.Y(f"{field}:Q", scale=None, axis=None)),
    "x2": ("x2", lambda field: alt.X2(f"{field}:Q")),
    "y2": ("y2", lambda field: alt.Y2(f"{field}:Q")),
    "text": ("text", lambda field: alt.Text(f"{field}:N")),
    "words": ("description", lambda field: alt.Description(f"{field}:N")),
    "color": ("color", lambda field: alt.Color(f"{field}:N", scale=None, legend=None)),
    "fill": ("fill", lambda field: alt.Fill(f"{field}:N", scale=None, legend=None)),
    "shape": ("shape", lambda field: alt.Shape(f"{field}:N", scale=None, legend=None)),
    "path": ("shape", lambda field: alt.Shape(f"{field}:N", scale=None, legend=None)),
    "dash": ("strokeDash", lambda field: alt.StrokeDash(f"{field}:N", scale=None, legend=None)),
    "stroke_opacity": ("strokeOpacity", lambda field: alt.StrokeOpacity(f"{field}:Q", scale=None, legend=None)),
    "area": ("size", lambda field: alt.Size(f"{field}:Q", scale=None, legend=None)),
    "opacity": ("opacity", lambda field: alt.Opacity(f"{field}:Q", scale=None, legend=None)),
}


def layer(
    frame: pd.DataFrame, kind: str, *columns: str, where: str = "", scaled: dict | None = None, **look
) -> list[alt.Chart]:
    """Draw the rows of a frame as marks of one kind.

    Parameters
    ----------
    frame : DataFrame
        With the places `x`, `y` and what `columns` names. A column that has a twin with an n before it (`nx`)
        is for a desk, and its twin for a phone.
    kind : str
        A mark of Vega-Lite: point, text, rule, rect, bar.
    *columns : str
        Names of `CHANNELS` besides `x` and `y`; `turn`: to which side a text is aligned; or what `scaled` reads.
        Marks without `words` are passed over by a screen reader.
    where : str
        Which rows are drawn, such as "!narrow".
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
    twins = [column for column in columns if f"n{column}" in frame and where != "!narrow"]
    chart = alt.Chart(frame[[*columns, *(f"n{column}" for column in twins)]])
    chart = chart.transform_calculate(**{twin.upper(): f"narrow ? datum.n{twin} : datum.{twin}" for twin in twins})
    chart = chart.transform_filter(where) if where else chart
    field = {column: column.upper() if column in twins else column for column in columns}
    if turn := field.pop("turn", ""):
        look["align"] = {"expr": f"datum.{turn}"}
    if "words" not in columns:
        look["aria"] = False
    channels = {CHANNELS[one][0]: CHANNELS[one][1](name) for one, name in field.items() if one in CHANNELS}
    return [getattr(chart, f"mark_{kind}")(**look).encode(**channels, **(scaled or {}))]


def on_both(frame: pd.DataFrame, **places) -> pd.DataFrame:
    """The frame with places that are the same at a desk and on a phone: `y=12` gives `y` and `ny`."""
    return frame.assign(**places, **{f"n{name}": value for name, value in places.items()})


def dashes(broken: pd.Series) -> list[list[int]]:
    """The line of each mark: broken or not."""
    return [[3, 2] if one else [1, 0] for one in broken]


def figure(
    layers: list[alt.Chart],
    *,
    title: str,
    subtitle: str,
    description: str,
    desk: tuple[float, float],
    phone: tuple[float, float],
    marks: list[dict],
    **meta,
) -> alt.LayerChart:
    """Put layers together to a figure of so many pixels at a desk and on a phone, with what `render` is told of it."""
    return (
        alt.layer(*layers)
        .properties(
            width=desk[0],
            height=desk[1],
            title=alt.TitleParams(text=title, subtitle=subtitle),
            description=description,
            usermeta={"marks": marks, "narrow": {"width": phone[0], "height": phone[1]}, **meta},
        )
        .add_params(alt.param(name="narrow", value=False))
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


def in_grid(frame: pd.DataFrame, line, column, grids: dict[str, dict]) -> pd.DataFrame:
    """The frame with the places of its cells, by the line and the column of each.

    `grids` says of a desk ("") and of a phone ("n") where the first column stands (`first`), how far the next one
    is (`step`), where the first line begins (`top`), how high each one is (`row`), and how far below the middle of
    its line a cell stands (`drop`).
    """
    places = {
        f"{n}{axis}": place
        for n, grid in grids.items()
        for axis, place in (
            ("x", grid["first"] + grid["step"] * column),
            ("y", grid["top"] + grid["row"] * (line + 0.5) + grid["drop"]),
        )
    }
    return frame.assign(**places)


def hairlines(cells: pd.DataFrame, grids: dict[str, dict]) -> pd.DataFrame:
    """Where a hairline runs below the line of each cell, from edge to edge."""
    lines = on_both(pd.DataFrame(index=cells.index), x=0.0)
    for n, grid in grids.items():
        lines[f"{n}y"] = lines[f"{n}y2"] = cells[f"{n}y"] - grid["drop"] + grid["row"] / 2
        lines[f"{n}x2"] = grid["width"]
    return lines
