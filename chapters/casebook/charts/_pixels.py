"""Figures that are laid out in pixels: each thing has one place at a desk and one on a phone."""

from __future__ import annotations

from collections.abc import Iterable

import altair as alt
import pandas as pd

from casebook import words
from casebook.charts._type import cut, text_width, wrapped


def at(frame: pd.DataFrame) -> alt.Chart:
    """A chart over a frame with the places `x`, `y` at a desk and `nx`, `ny` on a phone."""
    return alt.Chart(frame).transform_calculate(X="narrow ? datum.nx : datum.x", Y="narrow ? datum.ny : datum.y")


def spread(frame: pd.DataFrame) -> alt.Chart:
    """As `at`, with an end `x2`, `y2` (`nx2`, `ny2` on a phone)."""
    return at(frame).transform_calculate(X2="narrow ? datum.nx2 : datum.x2", Y2="narrow ? datum.ny2 : datum.y2")


def xy() -> dict:
    """Places in pixels: no scale, no axis."""
    return {"x": alt.X("X:Q", scale=None, axis=None), "y": alt.Y("Y:Q", scale=None, axis=None)}


def xy2() -> dict:
    """As `xy`, with an end."""
    return {**xy(), "x2": alt.X2("X2:Q"), "y2": alt.Y2("Y2:Q")}


def path_of(column: str) -> alt.Shape:
    """A column of paths, drawn as they are."""
    return alt.Shape(f"{column}:N", scale=None, legend=None)


def named(title: str, case_ids: Iterable[str]) -> str:
    """A title that says so where a patient is made up."""
    made_up = any(str(case_id).startswith(words.MADE_UP) for case_id in case_ids)
    return f"Made-up patient: {title}" if made_up and "made-up" not in title.lower() else title


def lines_of(name: str, width: float, size: float = 11) -> str:
    """A name in two lines at most of so many pixels; one that is longer breaks at its first comma if it can."""
    first, comma, rest = name.partition(", ")
    if comma and text_width(name, size) > width >= text_width(f"{first},", size):
        return f"{first},\n{cut(rest, width, size)}"
    return wrapped(name, width, size, 2)
