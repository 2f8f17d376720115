"""The figure language of the book: theme, renderer, tables and every kind of figure.

Importing this package puts the theme and the renderer in force. It draws; it computes nothing
that a chapter states.
"""

from casebook.charts._cards import cards, folded, slim
from casebook.charts._curves import curves_chart
from casebook.charts._flow import flow_chart
from casebook.charts._forest import forest_chart
from casebook.charts._house import render, theme
from casebook.charts._lights import lights_chart
from casebook.charts._matrix import matrix_chart
from casebook.charts._spread import spread_chart
from casebook.charts._stages import case_in_stages, to_grade
from casebook.charts._stations import stations
from casebook.charts._swimmer import swimmer_chart
from casebook.charts._table import Table, grading_card, table
from casebook.charts._timeline import timeline_chart
from casebook.charts._waiting import waiting_bars

__all__ = [
    "Table", "cards", "case_in_stages", "curves_chart", "flow_chart", "folded", "forest_chart", "grading_card",
    "lights_chart", "matrix_chart", "render", "slim", "spread_chart", "stations", "swimmer_chart", "table", "theme",
    "timeline_chart", "to_grade", "waiting_bars",
]  # fmt: skip
