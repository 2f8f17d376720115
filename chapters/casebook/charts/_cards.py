"""Rows too wide for a table as cards: a name and a list of fields each, on a phone and on paper, too."""

from __future__ import annotations

import html

import pandas as pd

from casebook.charts._table import Links, Table, cell_of, labels_of, linked_cell, printed

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
        name, *fields = zip(frame.columns, map(cell_of, row))
        listed = "".join(_field(column, cell, (links or {}).get(column)) for column, cell in fields if cell)
        named = f' id="{html.escape(place)}"' if place else ""
        entries.append(f'<li class="card"{named}><p class="card-name">{html.escape(name[1])}</p>')
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
    hidden = "" if titled else ' class="visually-hidden"'
    others = {column: address for column, address in (links or {}).items() if column != frame.columns[0]}
    about = [[("id", place)] for place in places or [""] * len(frame)]
    heads, body = printed(frame, ["", *labels_of(frame)[1:]], about, links=others)
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


def _field(column: str, cell: str, address) -> str:
    wide = ' class="long"' if len(cell) > LONG else ""
    return f"<div{wide}><dt>{html.escape(str(column))}</dt><dd>{linked_cell(cell, address)}</dd></div>"
