"""What the site needs beyond Jupyter Book: two roles, the ledger of facts, and the rooms beside this one.

``{basis}`stated` ``
    Marks on what a sentence rests on. The words are those of the tables; any other word is a
    warning, which fails the build. The two usual words are there for screen readers only.
    The name of a row of cases, events or bounds stands for the basis of that row; of several, for the weakest.
``{gap}`case-1-donor` ``
    While the gap is open, the words for what is not in the record; once it is filled, the fact and its place.
    Of several, by id or by topic, also what each is called: "donor: … (Table 1); dose and conditioning: not in
    the record".
``{fact}`case-1-crs` ``
    Says a fact in the words of its row and leads to its place in the ledger;
    ``{fact}`other words <case-1-crs>` `` does the same in other words.
``{at-root}`the zip <name.zip>` ``
    Leads to a file that the build puts beside the pages.
``{ledger}``
    The record sentence by sentence: the facts of each, their rows, and every place in the book
    that uses them.

`casebook_theme` fits the theme, `casebook_tables` prints the tables, `casebook_instruments` the grading
page, `casebook_case` the page of your case, `casebook_differential` the grid of the differential diagnosis,
`casebook_citations` names the sources, `casebook_search` keeps the text of the pages for the search, `casebook_web`
says of each page what others ask of it.

`tools.build` runs the notebooks beforehand, side by side, and says in CASEBOOK_RESULTS where their
results are; without it Jupyter Book runs them itself, one after the other.
"""

from __future__ import annotations

import os
import re
import sys
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

from docutils import nodes
from docutils.parsers.rst import Directive

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "chapters"))
import casebook_again
import casebook_citations
import casebook_search
import casebook_tables
import casebook_theme
import casebook_web
from casebook import data, words
from casebook.data import gaps
from casebook.patients import record

LEDGER_PAGE, TABLES = "chapters/record", "chapters/tables"
USUAL = ("stated", "published")  # what a sentence rests on unless it is marked; a link or a citation shows it


@cache
def book():
    """The tables, read once a build."""
    return data.load()


@cache
def facts():
    """The facts on the index patients, by the name of their row."""
    return record.facts(book()).set_index("row_id")


# ---------------------------------------------------------------- notebooks


def run_nothing(app, config):
    """Where there are results of notebooks, none is run again."""
    if "CASEBOOK_RESULTS" in os.environ:
        config.nb_execution_mode = "off"


def take_results(app, docname, source):
    """Read a notebook with its results in place of the stored one."""
    if "CASEBOOK_RESULTS" in os.environ and app.env.doc2path(docname).endswith(".ipynb"):
        path = Path(os.environ["CASEBOOK_RESULTS"], f"{Path(docname).name}.ipynb")
        source[0] = without_specifications(path.read_text(encoding="utf-8"))


def without_specifications(notebook: str) -> str:
    """A notebook, as its file has it, without what its figures are drawn from: a page has no use for that."""
    return re.sub(r'<script type=\\"application/json\\" class=\\"chart-specification\\">.*?</script>', "", notebook)


# ---------------------------------------------------------------- roles


def basis_role(name, rawtext, text, lineno, inliner, options=None, content=None):
    """Show a basis word in the one look that it has in the whole book."""
    known = list(book().basis_words["word"])
    rows = re.split(r",\s*", text)
    if text not in known and not set(rows) <= set(facts().index):
        wanted = f"use one of {', '.join(known)}, or name rows of cases, events or bounds"
        return _problem(inliner, rawtext, lineno, f"unknown basis {text!r}: {wanted}")
    return [basis(text if text in known else words.weakest(facts()["basis"].loc[rows]), rawtext)], []


def basis(word, rawtext=""):
    """A basis word as a node."""
    look = words.NOT_IN_THE_RECORD if word == words.NOT_IN_THE_ARTICLE else word
    return nodes.inline(rawtext, word, classes=["basis", f"basis-{look.replace(' ', '-')}"])


def quiet_usual_words(app, doctree):
    """Keep the usual words for screen readers, except where the word itself is meant."""
    if app.env.docname == LEDGER_PAGE:
        return
    for node in list(doctree.findall(nodes.inline)):
        if "basis" not in node["classes"] or node.astext() not in USUAL or isinstance(node.parent, nodes.term):
            continue
        at = node.parent.index(node)
        before = node.parent[at - 1] if at else None
        node["classes"] = ["visually-hidden"]
        if isinstance(before, nodes.Text) and before.endswith(" "):  # or a blank would stand before the period
            node.parent[at - 1] = nodes.Text(before[:-1])
            node.insert(0, nodes.Text(" "))


def gap_role(name, rawtext, text, lineno, inliner, options=None, content=None):
    """Say what is known of some gaps, or that it is not in the record."""
    names = re.split(r",\s*", text)
    try:
        pieces = gaps.said_gaps(book(), names)
    except ValueError as error:
        return _problem(inliner, rawtext, lineno, str(error))
    alone = len(names) == 1 and names[0] in set(book().gaps["gap_id"])
    found = []
    for number, piece in enumerate(pieces):
        if not alone:
            found.append(nodes.Text(f"{'; ' if number else ''}{piece.names}: "))
        if piece.value:
            found.append(nodes.inline(rawtext, "", classes=["gap"], gap=piece.gap_id, words=piece.value))
        else:
            found.append(basis(piece.open, rawtext))
    return found, []


def fact_role(name, rawtext, text, lineno, inliner, options=None, content=None):
    """Say a fact in the words of its row and lead to the ledger."""
    said, _, row = text.rpartition("<")
    fact = row.rstrip(">")
    if fact not in facts().index:
        return _problem(inliner, rawtext, lineno, f"unknown fact {fact!r}: name a row of cases, events or bounds")
    node = nodes.inline(rawtext, "", classes=["fact"])
    node["fact"], node["words"] = fact, said.strip()
    return [node], []


def at_root_role(name, rawtext, text, lineno, inliner, options=None, content=None):
    """Lead to a file at the root of the site."""
    said, _, file = text.rpartition("<")
    up = "../" * inliner.document.settings.env.docname.count("/")
    return [nodes.reference(rawtext, said.strip(), refuri=f"{up}{file.rstrip('>')}", internal=False)], []


def _problem(inliner, rawtext, lineno, message):
    warning = inliner.reporter.warning(message, line=lineno)
    return [inliner.problematic(rawtext, rawtext, warning)], [warning]


COMPUTED = ("pasted-text", "pasted-inline")


WITH_HYPHEN = re.compile(r"(\w*(?:\u2011\w+)+)")


def keep_together(app, doctree, docname):
    """Let no line break within a unit, in prose and in what the cells of a page computed; code stays as it is.

    A hyphen that a reader may copy or look for stays the one that was typed, in a span that does not break;
    headings and captions, which other pages repeat as bare text, have hyphens that do not.
    """
    if app.builder.format != "html":
        return
    for node in list(doctree.findall(nodes.Text)):
        if isinstance(node.parent, (nodes.raw, nodes.FixedTextElement, nodes.literal)):
            continue
        together = words.unbroken(str(node))
        if together == node:
            continue
        around = list(above(node, nodes.section))
        if any(isinstance(one, nodes.literal) for one in around):
            continue
        pieces = [nodes.Text(together)]
        if not any(map(_holds_a_unit, around)):
            pieces = [_piece(part, unit=at % 2) for at, part in enumerate(WITH_HYPHEN.split(together)) if part]
        node.parent.replace(node, pieces)


def _piece(part: str, *, unit: int):
    return nodes.inline("", part.replace("\u2011", "-"), classes=["unit"]) if unit else nodes.Text(part)


def _holds_a_unit(node) -> bool:
    return isinstance(node, (nodes.title, nodes.caption)) or not set(COMPUTED).isdisjoint(node.get("classes", ()))


def above(node, *last):
    """What a node stands in, from within, up to the first that is one of some kinds."""
    while node.parent is not None:
        node = node.parent
        yield node
        if isinstance(node, last):
            return


def _fact_nodes(doctree):
    return [node for node in doctree.findall(nodes.inline) if "fact" in node]


# ---------------------------------------------------------------- the ledger


class LedgerNode(nodes.General, nodes.Element):
    """Stands where the ledger will be, until all pages have been read."""


class Ledger(Directive):
    """``{ledger}``: the record sentence by sentence."""

    def run(self):
        """Leave a place for the ledger."""
        return [LedgerNode()]


def note_uses(app, doctree):
    """Remember in which section of which page each fact is used."""
    uses = _uses(app.env)
    for node in _fact_nodes(doctree):
        *_, section = above(node, nodes.section)
        if isinstance(section, nodes.section):
            place = (app.env.docname, section["ids"][0], section[0].astext())
            known = uses.setdefault(node["fact"], [])
            known += [] if place in known else [place]


def _uses(env):
    return casebook_again.kept(env, "uses")


def forget_uses(app, env, docname):
    """A page is read anew: forget what it used."""
    for fact, places in _uses(env).items():
        _uses(env)[fact] = [place for place in places if place[0] != docname]


def fill_in(app, doctree, docname):
    """Turn facts into links, and write the ledger."""
    for node in _fact_nodes(doctree):
        row = facts().loc[node["fact"]]
        link = _link(app, docname, LEDGER_PAGE, f"fact-{node['fact']}", node["words"] or row["label"])
        node.append(link)
    for node in [node for node in doctree.findall(nodes.inline) if "gap" in node]:
        node.append(_row(app, docname, "gaps", node["gap"], node["words"]))
    for node in list(doctree.findall(LedgerNode)):
        node.replace_self(_ledger(app, docname))


def _link(app, docname, page, anchor, text):
    uri = app.builder.get_relative_uri(docname, page) if docname != page else ""
    return nodes.reference("", text, refuri=f"{uri}#{anchor}", internal=True)


def _row(app, docname, table, key, text):
    return _link(app, docname, f"{TABLES}/{table}", f"{table}-{key}", text)


def _ledger(app, docname):
    entries = nodes.definition_list()
    for sentence in book().record.itertuples():
        heading = f"{sentence.part}: {sentence.locator}" if sentence.part not in sentence.locator else sentence.locator
        term = nodes.term("", heading)
        third_party = sentence.part == "third-party summary"
        if third_party:
            term += [nodes.Text(" "), basis("third-party")]
        body = nodes.definition("", nodes.paragraph("", sentence.paraphrase), ids=[f"sentence-{sentence.sentence_id}"])
        if isinstance(sentence.note, str):
            body += nodes.paragraph("", sentence.note)
        row = nodes.paragraph()
        if isinstance(sentence.wording, str):
            row += nodes.Text(f"In the record's words: “{sentence.wording}”. ")
        row += _row(app, docname, "record", sentence.sentence_id, "Row of the table")
        body += row
        mine = facts()[facts()["sentence_id"] == sentence.sentence_id]
        if len(mine):
            body += nodes.bullet_list("", *(_ledger_fact(app, docname, fact) for fact in mine.itertuples()))
        entries += nodes.definition_list_item("", term, body)
    for place, mine in facts().groupby("place", sort=False):
        told = nodes.bullet_list("", *(_ledger_fact(app, docname, fact) for fact in mine.itertuples()))
        entries += nodes.definition_list_item("", nodes.term("", f"paper: {place}"), nodes.definition("", told))
    return entries


def _ledger_fact(app, docname, fact):
    text = nodes.paragraph("", "", nodes.strong("", fact.number), nodes.Text(f" {fact.case_id.replace('-', ' ')}: "))
    text += [nodes.Text(f"{fact.label} "), basis(fact.basis), nodes.Text(" ")]
    text += _row(app, docname, fact.table, fact.Index, "row")
    places = [place for place in _uses(app.env).get(fact.Index, []) if place[0] != docname]
    if places:
        text += nodes.Text("; used in ")
        for number, (page, anchor, title) in enumerate(sorted(places)):
            text += nodes.Text(", " if number else "")
            text += _link(app, docname, page, anchor, f"{app.env.titles[page].astext()}: {title}")
    return nodes.list_item("", text, ids=[f"fact-{fact.Index}"])


OF_ROOMS = {
    "instruments": "casebook_instruments",
    "exchange": "casebook_case",
    "evidence": "casebook_differential",
}  # pages that one room alone needs


def _set_up(room: str, app) -> None:
    """Set up what a room brings to the site, if the book has that room."""
    if find_spec(f"casebook.{room}"):
        import_module(OF_ROOMS[room]).setup(app, book)


def setup(app):
    """Register the roles and the ledger, and set up the rooms beside this one."""
    casebook_again.setup(app)
    casebook_theme.setup(app, book)
    casebook_tables.setup(app, book)
    _set_up("instruments", app)
    _set_up("exchange", app)
    _set_up("evidence", app)
    casebook_citations.setup()
    casebook_search.setup(app)
    casebook_web.setup(app, book)
    app.add_role("basis", basis_role)
    app.add_role("gap", gap_role)
    app.add_role("fact", fact_role)
    app.add_role("at-root", at_root_role)
    app.add_node(LedgerNode)
    app.add_directive("ledger", Ledger)
    app.connect("config-inited", run_nothing)
    app.connect("source-read", take_results)
    app.connect("doctree-read", note_uses)
    app.connect("doctree-read", quiet_usual_words)
    app.connect("env-purge-doc", forget_uses)
    app.connect("doctree-resolved", fill_in)
    app.connect("doctree-resolved", keep_together, priority=900)
    return {"version": "2", "parallel_read_safe": False, "parallel_write_safe": True}
