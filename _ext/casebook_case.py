"""The page of your case: ``{your-case}`` prints where the page's scripts work, and a blank for readers without them.

The vocabulary (kinds, lanes, definitions and what each implies, terms of a phenopacket), the examples and the form of
each index case come from the tables, inlined as JSON; the page knows no other.
"""

from __future__ import annotations

import html
import json
from itertools import chain

import pandas as pd
from casebook.data import gaps
from casebook.exchange import packages
from docutils import nodes
from docutils.parsers.rst import Directive

SCRIPTS = ("casebook-case.js", "casebook-case-picture.js", "casebook-case-files.js", "casebook-case-page.js")
TABLES = ("cases", "events", "bounds")
KIND = ("name", "said", "lane", "verb", "anchor", "judgment", "life")
ROLES = ("made-up", "own")
EXAMPLE = "made-up-start-to-end"
BLANK_ROWS = 2  # lines of each lane on the sheet to fill by hand


def vocabulary(book) -> dict:
    """What the page's scripts know.

    Parameters
    ----------
    book : Casebook

    Returns
    -------
    dict
        `kinds`, `lanes`, `looks` (of the index cases), `labels` (of definitions), `defined` (what follows from a word
        if it is used as defined), `columns` (of each table), `examples` (case files), `topics` and `forms` (what is
        asked of each index case), `analytes`, `terms` and `codes` (of a phenopacket), `anchors`, `roles`.
    """
    kinds = {row["kind"]: _told(row, KIND) for row in book.kinds.to_dict("records")}
    looks = book.looks[book.looks["of"] == "case"].set_index("look")
    index = list(book.cases.loc[book.cases["role"] == "index", "case_id"])
    named = book.cases.set_index("case_id")["look"] if "look" in book.cases else None
    names = list(named[index]) if named is not None else list(looks.index[: len(index)])
    examples = [EXAMPLE, *index] if EXAMPLE in set(book.cases["case_id"]) else index
    forms = {case_id: gaps.form(book, case_id) for case_id in index}
    return {
        "kinds": kinds,
        "lanes": book.lanes.sort_values("rank")[["lane", "title", "asked"]].values.tolist(),
        "looks": {case_id: looks.loc[name, ["color", "color_dark", "shape", "sign"]].to_dict() for case_id, name in zip(index, names)},
        "labels": dict(zip(book.definitions["definition_id"], book.definitions["label"])),
        "defined": defined(book),
        "columns": {name: _columns(book, name) for name in (*TABLES, "gaps", "measurements")},
        "examples": {case_id: case_file(book, case_id) for case_id in examples},
        "topics": {row["topic"]: _told(row, ("group", "what", "type", "unit", "least", "most", "choices", "recomputes")) for row in chain(*forms.values())},
        "forms": {case_id: [_told(row, ("gap_id", "topic", "fills", "value", "not_in", "locator")) for row in form] for case_id, form in forms.items()},
        "analytes": [{"analyte": row.analyte, "name": row.name, "units": row.units.split("|")} for row in book.analytes.itertuples(index=False)],
        "anchors": list(book.kinds.dropna(subset="anchor").sort_values("anchor")["kind"]),
        "roles": list(ROLES),
        **_terms(book),
    }  # fmt: skip


def _terms(book) -> dict:
    """The identifiers of a phenopacket by kind of event, and the kinds by identifier."""
    rows = packages.coded(book)
    rows = rows[rows["code"].notna() & rows["kind"].notna()]
    terms = {row.kind: {"element": row.element, "id": row.code, "label": row.code_label} for row in rows.itertuples()}
    exact = rows[rows["relation"].eq("exact")]
    return {"terms": terms, "codes": dict(zip(exact["code"], exact["kind"])), "unreported": packages.term(book, "time")}


def defined(book) -> list[dict]:
    """What follows from each word if it is used as a definition says: once a kind, a kind to count from and limits."""
    kinds = book.events.set_index("event_id")["kind"]
    ids = set(book.definitions["definition_id"])
    index = set(book.cases.loc[book.cases["role"] == "index", "case_id"])
    mine = book.bounds[book.bounds["case_id"].isin(index) & book.bounds["basis"].eq("defined")]
    found = {}
    for row in pd.concat([mine, book.rival_bounds]).itertuples():
        if row.definition_id in ids:
            one = {
                "kind": kinds[row.to_event],
                "from": kinds[row.from_event],
                "min_days": _cell(row.min_days),
                "max_days": _cell(row.max_days),
                "definition_id": row.definition_id,
                "statement": row.statement,
            }
            found.setdefault((one["kind"], row.definition_id), {key: value for key, value in one.items() if value != ""})
    return list(found.values())


def case_file(book, case_id: str) -> dict:
    """One patient of the book as a case file: cells as they are typed in the tables, what is blank left out."""
    found = {"format": "casebook-case", "version": 1}
    for name in TABLES:
        frame = getattr(book, name)
        rows = frame[frame["case_id"] == case_id].to_dict("records")
        found[name] = [_row(row, _columns(book, name)) for row in rows]
    return found


def _row(row: dict, columns: list[str]) -> dict:
    cells = {}
    for column in columns:
        published = row.get(column.replace("_days", "_published")) if column.endswith("_days") else None
        value = _cell(published if isinstance(published, str) else row[column])
        if value != "":
            cells[column] = value
    return cells


def _cell(value):
    """A cell as it is typed; blank where it is."""
    if isinstance(value, bool):
        return value
    if value is None or (not isinstance(value, (list, str)) and pd.isna(value)):
        return ""
    return f"{value:.15g}" if isinstance(value, float) else value


def _told(row: dict, names: tuple[str, ...]) -> dict:
    """Those cells of a row that are not blank, numbers as numbers."""
    cells = {name: row[name] for name in names}
    kept = {name: value for name, value in cells.items() if isinstance(value, list) or not (value is None or pd.isna(value))}
    return {name: value for name, value in kept.items() if value not in (False, [], "")}


def _columns(book, name: str) -> list[str]:
    return list(book.dictionary.loc[book.dictionary["table"] == name, "column"])


def vocabulary_json(book) -> str:
    """The vocabulary for a script element."""
    return json.dumps(vocabulary(book), ensure_ascii=False, allow_nan=False, separators=(",", ":"), default=float).replace("<", "\\u003c")


def blank_html(book) -> str:
    """The sheet to fill by hand: lanes and the headings of the tables, for paper and for readers without scripts."""
    heads = ("Event", "When: days, after or before which event", "Stated, by definition, or our reading", "Place in the source")
    head = "".join(f'<th scope="col">{text}</th>' for text in heads)
    lanes = book.lanes.sort_values("rank")
    rows = "".join(
        f'<tr><th scope="row">{html.escape(title)}</th><td></td><td></td><td></td></tr>' * BLANK_ROWS
        for title in lanes.loc[lanes["asked"], "title"]
    )
    return (
        '<div class="case-blank"><table class="casebook-table"><caption>A blank to fill by hand: made-up or own patient, '
        "days only, no date and no name</caption>"
        f'<thead><tr><th scope="col">Lane</th>{head}</tr></thead><tbody>{rows}</tbody></table></div>'
    )


def in_order(app, pagename, templatename, context, doctree):
    """Load the scripts in the order in which they need each other."""
    files = context.get("script_files", [])
    names = {str(getattr(file, "filename", file)).rpartition("/")[2]: file for file in files}
    if all(name in names for name in SCRIPTS):
        mine = [names[name] for name in SCRIPTS]
        context["script_files"] = [file for file in files if file not in mine] + mine


def setup(app, book):
    """Register the directive; `book` is what gives the tables."""

    class YourCase(Directive):
        """``{your-case}``: the tool, and the blank."""

        def run(self):
            """Print both."""
            data = f'<script type="application/json" id="case-vocabulary">{vocabulary_json(book())}</script>'
            tool = '<div class="case-tool" id="case-tool" hidden></div>'
            return [nodes.raw("", f"{data}\n{tool}\n{blank_html(book())}", format="html")]

    app.add_directive("your-case", YourCase)
    app.connect("html-page-context", in_order, priority=910)  # after the theme has left out what a page does not need
