"""The page of your case: ``{your-case}`` prints where the page's scripts work, and a blank for readers without them.

The vocabulary (kinds, lanes, definitions and what each implies, terms of a phenopacket), the examples and the form of
each index case come from the tables, inlined as JSON; the page knows no other.
"""

from __future__ import annotations

import html
import json
from itertools import chain

import pandas as pd
from casebook import data
from casebook.data import gaps
from casebook.exchange import case_files, case_format, packages
from docutils import nodes
from docutils.parsers.rst import Directive

# In the order in which they need each other.
SCRIPTS = tuple(f"casebook-case{name}.js" for name in ("", "-sentences", "-picture", "-files", "-page"))
KIND = ("name", "said", "lane", "verb", "anchor", "judgment", "life")
LOOK = ("color", "color_dark", "shape", "sign")
TOPIC = ("group", "what", "type", "unit", "least", "most", "choices", "recomputes")
GAP = ("gap_id", "topic", "fills", "value", "not_in", "locator")
ROLES = ("made-up", "own")
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
        asked of each index case), `analytes`, `anchors`, `roles`, `refused` and `about` (what no cell may hold),
        `terms`, `codes`, `unreported` and `namespaces` (of a phenopacket).
    """
    index = list(book.cases.loc[book.cases["role"] == "index", "case_id"])
    looks = book.looks[book.looks["of"] == "case"].set_index("look")[list(LOOK)]
    forms = {case_id: gaps.form(book, case_id) for case_id in index}
    schema = case_format.case_file_schema(json.loads((data.DATA / data.SCHEMA).read_text("utf-8-sig")))
    dictionary = book.dictionary.groupby("table", sort=False)["column"]
    return {
        "kinds": {row["kind"]: _told(row, KIND) for row in book.kinds.to_dict("records")},
        "lanes": book.lanes.sort_values("rank")[["lane", "title", "asked"]].values.tolist(),
        "looks": dict(zip(index, looks.to_dict("records"))),
        "labels": dict(zip(book.definitions["definition_id"], book.definitions["label"])),
        "defined": defined(book),
        "columns": {name: list(dictionary.get_group(name)) for name in case_files.TABLES},
        "examples": {case_id: _example(book, case_id) for case_id in [*_made_up(book), *index]},
        "topics": {row["topic"]: _told(row, TOPIC) for row in chain(*forms.values())},
        "forms": {case_id: [_told(row, GAP) for row in form] for case_id, form in forms.items()},
        "analytes": [
            {"analyte": row["analyte"], "name": row["name"], "units": row["units"].split("|")}
            for row in book.analytes.to_dict("records")
        ],
        "anchors": list(book.kinds.dropna(subset="anchor").sort_values("anchor")["kind"]),
        "roles": list(ROLES),
        "refused": schema["casebook:refused"],
        "about": schema["casebook:about"],
        **_terms(book),
    }


def _made_up(book) -> list[str]:
    """The made-up patient of whom most events are told: the example that the page opens with."""
    made_up = book.cases.loc[book.cases["role"] == "made-up", "case_id"]
    return list(book.events.loc[book.events["case_id"].isin(made_up), "case_id"].value_counts().index[:1])


def _example(book, case_id: str) -> dict:
    """One patient of the book as a case file, without open gaps and without the lanes that kinds have anyway."""
    found = json.loads(case_format.case_file_of(book, case_id))
    lanes = dict(zip(book.kinds["kind"], book.kinds["lane"]))
    found["gaps"] = [row for row in found.get("gaps", []) if "value" in row or "not_in" in row]
    for event in found["events"]:
        if event.get("lane") == lanes[event["kind"]]:
            del event["lane"]
    return {name: rows for name, rows in found.items() if rows}


def _terms(book) -> dict:
    """The identifiers of a phenopacket by kind of event, and the kinds by identifier."""
    rows = packages.coded(book)
    rows = rows[rows["code"].notna() & rows["kind"].notna()]
    terms = {row.kind: {"element": row.element, "id": row.code, "label": row.code_label} for row in rows.itertuples()}
    exact = rows[rows["relation"].eq("exact")]
    return {
        "terms": terms,
        "codes": dict(zip(exact["code"], exact["kind"])),
        "unreported": packages.term(book, "time"),
        "namespaces": packages.NAMESPACES,
    }


def defined(book) -> list[dict]:
    """What follows from each word if it is used as a definition says: once a kind, a kind to count from and limits."""
    kinds = book.events.set_index("event_id")["kind"]
    ids = set(book.definitions["definition_id"])
    index = set(book.cases.loc[book.cases["role"] == "index", "case_id"])
    mine = book.bounds[book.bounds["case_id"].isin(index) & book.bounds["basis"].eq("defined")]
    found = {}
    for row in pd.concat([mine, book.rival_bounds]).itertuples():
        if row.definition_id in ids:
            limits = {"min_days": row.min_days, "max_days": row.max_days}
            said = {"definition_id": row.definition_id, "statement": row.statement}
            one = {"kind": kinds[row.to_event], "from": kinds[row.from_event], **said}
            one |= {name: value for name, value in limits.items() if pd.notna(value)}
            found.setdefault((one["kind"], row.definition_id), one)
    return list(found.values())


def _told(row: dict, names: tuple[str, ...]) -> dict:
    """Those cells of a row that hold something."""
    cells = {name: row[name] for name in names}
    return {
        name: value
        for name, value in cells.items()
        if (isinstance(value, list) and value) or not (isinstance(value, list) or pd.isna(value) or value is False)
    }


def vocabulary_json(book) -> str:
    """The vocabulary for a script element."""
    told = json.dumps(vocabulary(book), ensure_ascii=False, allow_nan=False, separators=(",", ":"), default=float)
    return told.replace("<", "\\u003c")


def blank_html(book) -> str:
    """The sheet to fill by hand: lanes and the headings of the tables, for paper and for readers without scripts."""
    heads = (
        "Event",
        "When: days, after or before which event",
        "Stated, by definition, or our reading",
        "Place in the source",
    )
    head = "".join(f'<th scope="col">{text}</th>' for text in heads)
    lanes = book.lanes.sort_values("rank")
    rows = "".join(
        f'<tr><th scope="row">{html.escape(title)}</th><td></td><td></td><td></td><td></td></tr>' * BLANK_ROWS
        for title in lanes.loc[lanes["asked"], "title"]
    )
    return (
        '<div class="case-blank"><table class="casebook-table"><caption>A blank to fill by hand: days only, no date, '
        "no name</caption>"
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
