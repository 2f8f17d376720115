"""Figures that are laid out in pixels: each thing has one place at a desk and one on a phone."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable

import altair as alt
import pandas as pd

from casebook import words

LETTER = 5.5  # pixels a letter of small text


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


def lines_of(name: str, letters: int) -> list[str]:
    """A name in lines of so many letters; one that is longer breaks at its first comma."""
    first, comma, rest = name.partition(", ")
    parts = [name] if len(name) <= letters or not comma else [f"{first},", rest]
    return [line for part in parts for line in textwrap.wrap(part, letters)]
