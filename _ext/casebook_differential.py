"""The grid of the differential diagnosis: ``{differential-grid}`` prints it, with switches that a script shows.

Without scripts the grid stands alone, and each cell leads to the entry of the table that it rests on. The script of
the page does what `casebook.evidence.differential` does, with the same rows, inlined as JSON.
"""

from __future__ import annotations

import html
import json

from casebook.evidence import differential
from casebook.evidence.differential import SIGNS
from docutils import nodes
from docutils.parsers.rst import Directive

HEADS = {"days": "Days from graft", **SIGNS, "test": "The deciding test"}
CAPTION = "What else to think of: usual days and signs, as published"


def grid_json(book) -> str:
    """What the page's script needs, as JSON for a script element: the rows of the grid, and the names of signs."""
    found = {"conditions": differential.grid(book), "signs": SIGNS}
    return json.dumps(found, ensure_ascii=False, allow_nan=False).replace("<", "\\u003c")


def form_html() -> str:
    """The switches, hidden until a script shows them."""
    ticks = "".join(
        f'<label><input type="checkbox" name="finding" value="{sign}"> {html.escape(name)}</label>'
        for sign, name in SIGNS.items()
    )
    return (
        '<form class="instrument differential" id="differential-form" aria-label="Day and findings" autocomplete="off" '
        'hidden>\n<p><label for="differential-day">Day from the graft</label> '
        '<input type="number" id="differential-day" name="day" min="0" step="1"></p>\n'
        f'<fieldset><legend>Findings</legend>{ticks}</fieldset>\n<p role="status" data-part="said"></p>\n'
        '<p class="instrument-foot"><button type="reset">Clear</button> '
        "<span>For teaching, not for patient care.</span></p>\n</form>"
    )


def grid_html(book) -> str:
    """The grid as a table, a condition a row; a box for its test stands where a script shows it."""
    heads = "".join(f'<th scope="col">{html.escape(head)}</th>' for head in ("Condition", *HEADS.values()))
    lines = []
    for number, row in enumerate(differential.grid(book)):
        cells = "".join(_cell(row, sign, head) for sign, head in HEADS.items())
        name = html.escape(row["condition"][:1].upper() + row["condition"][1:])
        lines.append(f'<tr data-row="{number}"><th scope="row">{name}</th>{cells}</tr>')
    body = "\n".join(lines)
    return (
        f'<div class="table-scroll" role="region" aria-label="{CAPTION}" tabindex="0">\n'
        f'<table class="casebook-table slim grid"><caption class="visually-hidden">{CAPTION}</caption>\n'
        f"<thead><tr>{heads}</tr></thead>\n<tbody>\n{body}\n</tbody></table></div>"
    )


def _cell(row: dict, sign: str, head: str) -> str:
    cell = row["cells"].get(sign)
    if not cell:
        return f'<td data-label="{head}"></td>'
    said = f'<a href="#source-{html.escape(cell["source"])}">{html.escape(cell["says"])}</a>'
    if sign == "test":
        name = html.escape(f"{row['condition']}: test done")
        said += f' <span class="done" hidden><input type="checkbox" name="done" aria-label="{name}"></span>'
    return f'<td data-label="{head}" data-sign="{sign}">{said}</td>'


def setup(app, book):
    """Register the directive; `book` is what gives the tables."""

    class Grid(Directive):
        """``{differential-grid}``: switches and grid."""

        def run(self):
            """Print both, and the rows for the script."""
            inlined = f'<script type="application/json" id="differential-rows">{grid_json(book())}</script>'
            return [nodes.raw("", f"{form_html()}\n{grid_html(book())}\n{inlined}", format="html")]

    app.add_directive("differential-grid", Grid)
