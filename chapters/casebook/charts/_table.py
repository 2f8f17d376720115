"""Tables the house's way: nothing cut, text escaped, headers with their scope."""

from __future__ import annotations

import hashlib
import html
import re
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import quote, urlsplit

import numpy as np
import pandas as pd

NARROW = 3  # columns that fit a phone
SCHEMES = ("", "http", "https", "mailto")  # of an address that a cell may lead to


@dataclass(frozen=True)
class Table:
    """A table as it reaches a page: `html` for browsers, `caption` for everything else."""

    html: str
    caption: str

    def _repr_html_(self) -> str:
        return self.html

    def __repr__(self) -> str:
        return self.caption


def table(
    frame: pd.DataFrame,
    caption: str,
    *,
    missing: str = "",
    anchor: str = "",
    links: dict[str, str] | None = None,
    marks: list[dict[str, str]] | None = None,
) -> Table:
    """Print a table: nothing cut, text escaped, a caption, headers with their scope.

    A table of many columns becomes a list of its rows where the screen is narrow.

    Parameters
    ----------
    frame : DataFrame
        Its columns are the headings; the first is the heading of each row. A cell may hold several values.
    caption : str
        What the table shows, in a sentence.
    missing : str
        What stands where a cell is missing, such as "not in the record".
    anchor : str
        If given, each row can be linked to as "<anchor>-<first cell>"; rows that share their first
        cell as "<anchor>-<first cell>-<second cell>".
    links : dict, optional
        Columns whose cells are links: the address by column, with {} for the cell, such as
        {"Chapter": "{}.html"}.
    marks : list of dict, optional
        Of each row: `mark`, the name of the mark of a figure that draws it, and `row`, the row of the data
        behind it, as "<table>-<key>", if there is one.

    Returns
    -------
    Table
        Its id is made of caption and rows, so that two tables of one caption differ.

    Raises
    ------
    ValueError
        If a cell would lead to an address that a page must not lead to, such as a script.
    """
    heads = "".join(f'<th scope="col">{html.escape(str(column))}</th>' for column in frame.columns)
    wide = len(frame.columns) > NARROW
    printed = [[_cell(value, missing) for value in row] for row in frame.itertuples(index=False, name=None)]
    places = _places(printed, anchor) if anchor else [""] * len(printed)
    labels = [f' data-label="{html.escape(str(column))}"' if wide else "" for column in frame.columns]
    lines = []
    for row, place, about in zip(printed, places, marks or [{}] * len(printed)):
        first, *rest = [_linked(cell, (links or {}).get(column)) for cell, column in zip(row, frame.columns)]
        named = f' id="{html.escape(place)}"' if place else ""
        named += "".join(f' data-{key}="{html.escape(value)}"' for key, value in about.items() if value)
        cells = [f"<td{label}>{cell}</td>" for label, cell in zip(labels[1:], rest)]
        lines.append(f'<tr{named}><th scope="row"{labels[0]}>{first}</th>{"".join(cells)}</tr>')
    body = "\n".join(lines)
    name = "table-" + hashlib.sha256(f"{caption}\n{heads}\n{body}".encode()).hexdigest()[:12]
    return Table(
        f'<div class="table-scroll" role="region" aria-labelledby="{name}" tabindex="0">\n'
        f'<table class="casebook-table{" stacked" if wide else ""}">'
        f'<caption id="{name}">{html.escape(caption)}</caption>\n'
        f"<thead><tr>{heads}</tr></thead>\n<tbody>\n{body}\n</tbody></table></div>",
        caption,
    )


def _places(rows: list[list[str]], anchor: str) -> list[str]:
    """The id of each row: by its first cell, by two where rows share the first, numbered where they share both."""
    firsts = [row[0] for row in rows]
    found: dict[str, None] = {}
    for row in rows:
        cells = row[:2] if firsts.count(row[0]) > 1 else row[:1]
        place = name = re.sub(r"\s+", "-", "-".join([anchor, *cells]).strip())
        number = 1
        while place in found:
            number += 1
            place = f"{name}--{number}"
        found[place] = None
    return list(found)


def _linked(cell: str, address: str | None) -> str:
    text = html.escape(cell)
    if not cell or not address:
        return text
    there = address.replace("{}", cell).strip()
    # Browsers leave out blanks and control characters before they read what kind of address it is.
    if urlsplit(re.sub(r"[\x00-\x20]", "", there)).scheme.lower() not in SCHEMES:
        raise ValueError(
            f"a cell must not lead to {there!r}: use an address of this book, or one that begins with https"
        )
    return f'<a href="{html.escape(quote(there, safe="/#?=&:;,.@%+~_-"))}">{text}</a>'


def _cell(value: object, missing: str) -> str:
    if isinstance(value, (set, frozenset)):
        value = sorted(value, key=str)
    if isinstance(value, (tuple, list, np.ndarray, pd.Series, pd.Index)):
        return ", ".join(_cell(item, missing) for item in _items(value))
    if value is None or pd.isna(value):
        return missing
    if isinstance(value, (bool, np.bool_)):
        return "yes" if value else "no"
    if isinstance(value, (float, np.floating)):
        return "open" if np.isinf(value) else f"{value + 0.0:.10g}"
    return str(value)


def _items(values) -> Iterable:
    return values.ravel() if isinstance(values, np.ndarray) else values
