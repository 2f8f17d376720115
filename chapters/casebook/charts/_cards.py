"""Rows too wide for a table as cards: a name and a list of fields each, on a phone and on paper, too."""

from __future__ import annotations

import html
from collections.abc import Callable

import pandas as pd

from casebook.charts._table import Table, _cell, _linked

Links = dict[str, Callable[[str], str]]

LONG = 60  # characters from which a field takes the whole width of its card


def cards(frame: pd.DataFrame, caption: str, *, places: list[str] | None = None, links: Links | None = None) -> Table:
    """Print each row as a card; a blank cell is left out.

    Parameters
    ----------
    frame : DataFrame
        Its columns are the names of the fields; the first is the name of the card.
    caption : str
        What the cards show.
    places : list of str, optional
        The id of each row.
    links : dict, optional
        Columns whose cells are links: what gives the address of a cell, or "" if it leads nowhere.

    Returns
    -------
    Table
    """
    entries = []
    for place, row in zip(places or [""] * len(frame), frame.itertuples(index=False, name=None)):
        name, *fields = zip(frame.columns, [_cell(value, "") for value in row])
        listed = "".join(_field(column, cell, (links or {}).get(column)) for column, cell in fields if cell)
        entries.append(f'<li class="card"{_named(place)}><p class="card-name">{html.escape(name[1])}</p>')
        entries.append(f"<dl>{listed}</dl></li>" if listed else "</li>")
    body = "\n".join(entries)
    return Table(f'<ul class="cards" aria-label="{html.escape(caption)}">\n{body}\n</ul>', caption)


def slim(
    frame: pd.DataFrame,
    caption: str,
    *,
    places: list[str] | None = None,
    links: Links | None = None,
    titled: bool = False,
) -> Table:
    """Print a table that becomes a list of cards where the screen is narrow.

    Parameters are those of `cards`, and `titled`: whether the caption is seen, or heard only.
    """
    heads = "".join(f'<th scope="col">{html.escape(str(column))}</th>' for column in frame.columns)
    hidden = "" if titled else ' class="visually-hidden"'
    lines = []
    for place, row in zip(places or [""] * len(frame), frame.itertuples(index=False, name=None)):
        cells = [_cell(value, "") for value in row]
        first = f'<th scope="row">{html.escape(cells[0])}</th>'
        rest = "".join(
            f'<td data-label="{html.escape(str(column))}">{_led(cell, (links or {}).get(column))}</td>'
            for column, cell in zip(frame.columns[1:], cells[1:])
        )
        lines.append(f"<tr{_named(place)}>{first}{rest}</tr>")
    body = "\n".join(lines)
    return Table(
        f'<table class="casebook-table slim"><caption{hidden}>{html.escape(caption)}</caption>\n'
        f"<thead><tr>{heads}</tr></thead>\n<tbody>\n{body}\n</tbody></table>",
        caption,
    )


def folded(tables: dict[str, Table]) -> Table:
    """Fold tables away under their names; paper opens them."""
    parts = [
        f'<details class="folded"><summary>{html.escape(name)}</summary>\n{one.html}\n</details>'
        for name, one in tables.items()
    ]
    return Table("\n".join(parts), "; ".join(tables))


def _named(place: str) -> str:
    return f' id="{html.escape(place)}"' if place else ""


def _led(cell: str, address: Callable[[str], str] | None) -> str:
    return _linked(cell, address(cell) if address else None)


def _field(column: str, cell: str, address: Callable[[str], str] | None) -> str:
    wide = ' class="long"' if len(cell) > LONG else ""
    return f"<div{wide}><dt>{html.escape(str(column))}</dt><dd>{_led(cell, address)}</dd></div>"
