"""The stations of a treatment, with the published times between them: a list that a wide screen draws as one line."""

from __future__ import annotations

import html

import pandas as pd

from casebook import words
from casebook.charts._table import Table

# What a sign is drawn with, on a field of 48 by 48: cells are circles, a receptor is a fork, what is gone is dashed.
SIGNS = {
    "out": '<circle cx="17" cy="24" r="11"/><path d="M24 24H44M38 18L44 24L38 30"/>',
    "made": '<circle cx="24" cy="28" r="11"/><path d="M24 17V9M24 9L19 4M24 9L29 4M14 21L7 16M34 21L41 16"/>',
    "in": '<circle cx="31" cy="24" r="11"/><path d="M4 24H24M18 18L24 24L18 30"/>',
    "looked at": '<circle cx="21" cy="21" r="12"/><circle class="full" cx="21" cy="21" r="3"/><path d="M30 30L42 42"/>',
    "cleared": '<circle cx="24" cy="24" r="15" stroke-dasharray="4 4"/>',
    "new": '<circle class="full" cx="24" cy="24" r="15"/><path class="bare" d="M24 16V32M16 24H32"/>',
}


def stations(steps: pd.DataFrame, times: pd.DataFrame, *, title: str, subtitle: str) -> Table:
    """Draw the stations in their order, and below them what was published of the time between two.

    Parameters
    ----------
    steps : DataFrame
        `station`, `what` (happens there) and `sign` (of `SIGNS`), one row a station.
    times : DataFrame
        `first` and `last` (stations, or the same one twice for a time that leads on from it), `what` (from where to
        where), `said` (the time), `note` (who, how many) and `address` (of the row that it stands in; may be "").
    title, subtitle : str
        The message in a sentence; whose times they are.

    Returns
    -------
    Table
        Two lists of text, which a narrow screen, paper and a screen reader have as they stand; a wide one sets the
        stations beside each other and spans each time from its first to its last.

    Raises
    ------
    ValueError
        If a sign or a station is unknown.
    """
    unknown = {*steps["sign"]} - {*SIGNS} | {*times["first"], *times["last"]} - {*steps["station"]}
    if unknown:
        known = words.listed([*SIGNS, *steps["station"]])
        raise ValueError(f"no sign and no station is called {words.listed(sorted(unknown))}: use {known}")
    at = {station: place for place, station in enumerate(steps["station"], start=1)}
    drawn = "\n".join(
        f'<li><svg viewBox="0 0 48 48" aria-hidden="true">{SIGNS[row.sign]}</svg>'
        f"<strong>{html.escape(row.station)}</strong> <span>{html.escape(row.what)}</span></li>"
        for row in steps.itertuples()
    )
    spans = "\n".join(
        f'<li style="grid-column: {at[first]} / {at[last] + 1}"><span>{html.escape(what)}</span>{_said(mine)}</li>'
        for (first, last, what), mine in times.groupby(["first", "last", "what"], sort=False)
    )
    return Table(
        f'<div class="stations" style="--stations: {len(steps)}">\n<p class="chart-title">{html.escape(title)}</p>\n'
        f'<p class="chart-subtitle">{html.escape(subtitle)}</p>\n<ol>\n{drawn}\n</ol>\n'
        f'<ul aria-label="Published times between the stations">\n{spans}\n</ul>\n</div>',
        title,
    )


def _said(times: pd.DataFrame) -> str:
    """The times of one span: each with its note, which leads to the row."""
    said = []
    for row in times.itertuples():
        note = html.escape(row.note)
        linked = f'<a href="{html.escape(row.address)}">{note}</a>' if row.address else note
        said.append(f" <strong>{html.escape(words.unbroken(row.said))}</strong> <small>{linked}</small>")
    return "".join(said)
