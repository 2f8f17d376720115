"""Tables the house's way: nothing cut, text escaped, headers with their scope."""

from __future__ import annotations

import hashlib
import html
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import takewhile
from urllib.parse import quote, urlsplit

import numpy as np
import pandas as pd

NARROW = 3  # columns that fit a phone
SCHEMES = ("", "http", "https", "mailto")  # of an address that a cell may lead to
Links = dict[str, Callable[[str], str]]


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
    links: Links | None = None,
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
    links : dict, optional
        Columns whose cells are links: what gives the address of a cell, such as {"Chapter": "{}.html".format}.
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
    wide = len(frame.columns) > NARROW
    labels = labels_of(frame) if wide else [""] * len(frame.columns)
    told = [[(f"data-{key}", value) for key, value in one.items()] for one in marks or [{}] * len(frame)]
    heads, body = printed(frame, labels, told, missing=missing, links=links)
    name = "table-" + hashlib.sha256(f"{caption}\n{heads}\n{body}".encode()).hexdigest()[:12]
    return Table(
        f'<div class="table-scroll" role="region" aria-labelledby="{name}" tabindex="0">\n'
        f'<table class="casebook-table{" stacked" if wide else ""}">'
        f'<caption id="{name}">{html.escape(caption)}</caption>\n'
        f"<thead><tr>{heads}</tr></thead>\n<tbody>\n{body}\n</tbody></table></div>",
        caption,
    )


def labels_of(frame: pd.DataFrame) -> list[str]:
    """What each cell of a column says of its column where it stands alone."""
    return [f' data-label="{html.escape(str(column))}"' for column in frame.columns]


def printed(
    frame: pd.DataFrame,
    labels: list[str],
    about: Iterable[list[tuple[str, str]]],
    *,
    missing: str = "",
    links: Links | None = None,
) -> tuple[str, str]:
    """The headings and the rows of a table, each row with what is said `about` it: names and values of attributes."""
    heads = "".join(f'<th scope="col">{html.escape(str(column))}</th>' for column in frame.columns)
    lines = []
    for row, told in zip(frame.itertuples(index=False, name=None), about):
        cells = [
            linked_cell(cell_of(value, missing), (links or {}).get(name)) for value, name in zip(row, frame.columns)
        ]
        named = "".join(f' {key}="{html.escape(value)}"' for key, value in told if value)
        rest = "".join(f"<td{label}>{cell}</td>" for label, cell in zip(labels[1:], cells[1:]))
        lines.append(f'<tr{named}><th scope="row"{labels[0]}>{cells[0]}</th>{rest}</tr>')
    return heads, "\n".join(lines)


def linked_cell(cell: str, address: Callable[[str], str] | None) -> str:
    """A cell as a link to its address, if it has one."""
    text, there = html.escape(cell), address(cell).strip() if cell and address else ""
    if not there:
        return text
    # Browsers leave out blanks and control characters before they read what kind of address it is.
    if urlsplit(re.sub(r"[\x00-\x20]", "", there)).scheme.lower() not in SCHEMES:
        raise ValueError(
            f"a cell must not lead to {there!r}: use an address of this book, or one that begins with https"
        )
    return f'<a href="{html.escape(quote(there, safe="/#?=&:;,.@%+~_-"))}">{text}</a>'


def cell_of(value: object, missing: str = "") -> str:
    """What a cell says; several values are listed."""
    if isinstance(value, (set, frozenset)):
        value = sorted(value, key=str)
    if isinstance(value, (tuple, list, np.ndarray, pd.Series, pd.Index)):
        return ", ".join(cell_of(item, missing) for item in np.asarray(value, dtype=object).ravel())
    if value is None or pd.isna(value):
        return missing
    if isinstance(value, (bool, np.bool_)):
        return "yes" if value else "no"
    if isinstance(value, (float, np.floating)):
        return "open" if np.isinf(value) else f"{value + 0.0:.10g}"
    return str(value)


def grading_card(frame: pd.DataFrame, caption: str) -> Table:
    """Print rules as a grading card: what neighbors share, in a line or in a column, stands there once.

    Parameters
    ----------
    frame : DataFrame
        Its first column names the lines; the others are the grades, or one that has no name. A cell without a rule
        is blank.
    caption : str
        The name of the card.
    """
    heads = "".join(f'<th scope="col">{html.escape(head)}</th>' for head in frame.columns[1:])
    lines = frame.to_numpy().tolist()
    printed = []
    for at, (name, *cells) in enumerate(lines):
        row = f'<th scope="row">{html.escape(name)}</th>'
        if len(set(cells)) == 1:
            row += f'<td colspan="{len(cells)}">{html.escape(cells[0])}</td>'
        else:
            row += "".join(_in_column(lines, at, column) for column in range(1, len(cells) + 1))
        printed.append(f"<tr>{row}</tr>")
    head = f"<thead><tr><td></td>{heads}</tr></thead>\n" if any(frame.columns[1:]) else ""
    return Table(
        f'<table class="grading-card"><caption>{html.escape(caption)}</caption>\n'
        f"{head}<tbody>\n{chr(10).join(printed)}\n</tbody></table>",
        caption,
    )


def _in_column(lines: list[list[str]], at: int, column: int) -> str:
    """A cell of a card: as high as the lines below that say the same, and none where the line above does."""
    said = lines[at][column]
    if said and at and lines[at - 1][column] == said:
        return ""
    same = takewhile(lambda line: said and line[column] == said, lines[at:])
    high = sum(1 for _ in same)
    return f"<td{f' rowspan={chr(34)}{high}{chr(34)}' if high > 1 else ''}>{html.escape(said)}</td>"
