"""Tables the house's way: nothing cut, text escaped, headers with their scope."""

from __future__ import annotations

import hashlib
import html
from dataclasses import dataclass

import numpy as np
import pandas as pd


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
    frame: pd.DataFrame, caption: str, *, missing: str = "", anchor: str = "", links: dict[str, str] | None = None
) -> Table:
    """Print a table: nothing cut, text escaped, a caption, headers with their scope.

    Parameters
    ----------
    frame : DataFrame
        Its columns are the headings; the first is the heading of each row.
    caption : str
        What the table shows, in a sentence.
    missing : str
        What stands where a cell is missing, such as "not in the record".
    anchor : str
        If given, each row can be linked to as "<anchor>-<first cell>".
    links : dict, optional
        Columns whose cells are links: the address by column, with {} for the cell, such as
        {"Chapter": "{}.html"}.

    Returns
    -------
    Table
    """
    name = "table-" + hashlib.sha256(caption.encode()).hexdigest()[:12]
    heads = "".join(f'<th scope="col">{html.escape(str(column))}</th>' for column in frame.columns)
    lines = []
    for row in frame.itertuples(index=False, name=None):
        first, *rest = [
            _linked(_cell(value, missing), (links or {}).get(column)) for column, value in zip(frame.columns, row)
        ]
        place = f' id="{html.escape(anchor)}-{first}"' if anchor else ""
        lines.append(f'<tr{place}><th scope="row">{first}</th>{"".join(f"<td>{cell}</td>" for cell in rest)}</tr>')
    body = "\n".join(lines)
    return Table(
        f'<div class="table-scroll" role="region" aria-labelledby="{name}" tabindex="0">\n'
        f'<table class="casebook-table"><caption id="{name}">{html.escape(caption)}</caption>\n'
        f"<thead><tr>{heads}</tr></thead>\n<tbody>\n{body}\n</tbody></table></div>",
        caption,
    )


def _linked(cell: str, address: str | None) -> str:
    return f'<a href="{html.escape(address.format(cell))}">{cell}</a>' if cell and address else cell


def _cell(value: object, missing: str) -> str:
    if isinstance(value, (tuple, list)):
        return ", ".join(_cell(item, missing) for item in value)
    if value is None or pd.isna(value):
        return html.escape(missing)
    if isinstance(value, (bool, np.bool_)):
        return "yes" if value else "no"
    if isinstance(value, (float, np.floating)):
        return "open" if np.isinf(value) else f"{value + 0.0:.10g}"
    return html.escape(str(value))
