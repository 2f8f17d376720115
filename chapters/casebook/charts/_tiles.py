"""What is not known, one tile a fact: hatched while it is open, filled once it is known."""

from __future__ import annotations

import html

from casebook import words

# How a tile is marked, by what is known of its fact; an open one is the rule and has no mark.
MARKS = {"open": "", "filled": ' class="filled"', "sought": ' class="sought"'}


def tiles(meta: dict) -> str:
    """The tiles below a drawing: group by group, a row a case, each a link that names its fact.

    Parameters
    ----------
    meta : dict
        `title`, and `groups`: of each `name`, `n` (how many are open), and `cases`: of each `case`, `color`, `sign`
        and `tiles`: of each `name`, `href` and `state`, one of `MARKS`.

    Returns
    -------
    str
        HTML that needs no script: the hatching is a style.
    """
    groups = "".join(
        f"<li><p>{_spoken(group['name'])} <b>{group['n']}</b></p>{''.join(map(_row, group['cases']))}</li>"
        for group in meta["groups"]
    )
    return f'<div class="chart-tiles"><p>{_spoken(meta["title"])}</p><ul>{groups}</ul></div>'


def _row(case: dict) -> str:
    links = "".join(
        f'<a{MARKS[tile["state"]]} href="{html.escape(tile["href"])}" title="{html.escape(tile["name"])}"></a>'
        for tile in case["tiles"]
    )
    color, sign = html.escape(case["color"]), html.escape(case["sign"])
    who = f'role="group" aria-label="{html.escape(case["case"])}"'
    return f'<div {who} style="color: {color}"><i aria-hidden="true">{sign}</i>{links}</div>'


def _spoken(text: str) -> str:
    return html.escape(words.unbroken(text))
