"""The figure language of the book: theme, renderer, tables and every kind of figure.

Importing this package puts the theme and the renderer in force. It draws; it computes nothing
that a chapter states.
"""

from casebook.charts._forest import (
    forest_chart,
    interval_rows,
    percent,
    pooled_rows,
    printed_rows,
    study_rows,
    waiting_rows,
)
from casebook.charts._house import render, theme
from casebook.charts._swimmer import swimmer_chart
from casebook.charts._table import Table, table
from casebook.charts._timeline import timeline_chart

__all__ = [
    "Table",
    "forest_chart",
    "interval_rows",
    "percent",
    "pooled_rows",
    "printed_rows",
    "render",
    "study_rows",
    "swimmer_chart",
    "table",
    "theme",
    "timeline_chart",
    "waiting_rows",
]
