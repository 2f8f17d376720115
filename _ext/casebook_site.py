"""What the site needs beyond Jupyter Book: two roles, the ledger of facts, a bibliography style.

``{basis}`stated` ``
    Marks on what a sentence rests on. The words are those of the tables; any other word is a
    warning, which fails the build.
``{fact}`case-1-crs` ``
    Says a fact in the words of its row, with its number, and leads to its place in the ledger;
    ``{fact}`other words <case-1-crs>` `` does the same in other words.
``{ledger}``
    The record sentence by sentence: the facts of each, their rows, and every place in the book
    that uses them.
"""

from __future__ import annotations

import sys
from functools import cache
from pathlib import Path

import vl_convert
from docutils import nodes
from docutils.parsers.rst import Directive
from pybtex.plugin import register_plugin
from pybtex.style.formatting.plain import Style as PlainStyle
from pybtex.style.sorting.author_year_title import SortingStyle

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "chapters"))
from casebook import data

WORDS = ("stated", "defined", "inferred", "not in the record", "published", "third-party", "made-up")
LEDGER_PAGE, TABLES_PAGE = "chapters/record", "chapters/data-and-methods"


@cache
def book():
    """The tables, read once a build."""
    return data.load()


@cache
def facts():
    """The facts on the index patients, by the name of their row."""
    return data.facts(book()).set_index("row_id")


# ---------------------------------------------------------------- roles


def basis_role(name, rawtext, text, lineno, inliner, options=None, content=None):
    """Show a basis word in the one look that it has in the whole book."""
    if text not in WORDS:
        return _problem(inliner, rawtext, lineno, f"unknown basis {text!r}: use one of {', '.join(WORDS)}")
    return [basis(text, rawtext)], []


def basis(word, rawtext=""):
    """A basis word as a node."""
    return nodes.inline(rawtext, word, classes=["basis", f"basis-{word.replace(' ', '-')}"])


def fact_role(name, rawtext, text, lineno, inliner, options=None, content=None):
    """Say a fact in the words of its row and lead to the ledger."""
    words, _, row = text.rpartition("<")
    fact = row.rstrip(">")
    if fact not in facts().index:
        return _problem(inliner, rawtext, lineno, f"unknown fact {fact!r}: name a row of cases, events or bounds")
    node = nodes.inline(rawtext, "", classes=["fact"])
    node["fact"], node["words"] = fact, words.strip()
    return [node], []


def _problem(inliner, rawtext, lineno, message):
    warning = inliner.reporter.warning(message, line=lineno)
    return [inliner.problematic(rawtext, rawtext, warning)], [warning]


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
        section = node
        while section is not None and not isinstance(section, nodes.section):
            section = section.parent
        if section is not None:
            place = (app.env.docname, section["ids"][0], section[0].astext())
            uses.setdefault(node["fact"], [])
            if place not in uses[node["fact"]]:
                uses[node["fact"]].append(place)


def _uses(env):
    if not hasattr(env, "casebook_uses"):
        env.casebook_uses = {}
    return env.casebook_uses


def forget_uses(app, env, docname):
    """A page is read anew: forget what it used."""
    for fact, places in _uses(env).items():
        _uses(env)[fact] = [place for place in places if place[0] != docname]


def fill_in(app, doctree, docname):
    """Turn facts into links, and write the ledger."""
    for node in _fact_nodes(doctree):
        row = facts().loc[node["fact"]]
        link = _link(app, docname, LEDGER_PAGE, f"fact-{node['fact']}", node["words"] or row["label"])
        link += nodes.superscript("", row["number"])
        node.append(link)
    for node in list(doctree.findall(LedgerNode)):
        node.replace_self(_ledger(app, docname))


def _link(app, docname, page, anchor, text):
    uri = app.builder.get_relative_uri(docname, page) if docname != page else ""
    return nodes.reference("", text, refuri=f"{uri}#{anchor}", internal=True)


def _ledger(app, docname):
    entries = nodes.definition_list()
    for sentence in book().record.itertuples():
        heading = f"{sentence.part}: {sentence.locator}" if sentence.part not in sentence.locator else sentence.locator
        term = nodes.term("", heading)
        third_party = sentence.part == "third-party summary"
        if third_party:
            term += [nodes.Text(" "), basis("third-party")]
        body = nodes.definition("", nodes.paragraph("", sentence.paraphrase), ids=[f"sentence-{sentence.sentence_id}"])
        if isinstance(sentence.wording, str):
            body += nodes.paragraph("", f"In the record's words: “{sentence.wording}”.")
        if isinstance(sentence.note, str):
            body += nodes.paragraph("", sentence.note)
        row = nodes.paragraph()
        row += _link(app, docname, TABLES_PAGE, f"record-{sentence.sentence_id}", "Row of the table")
        body += row
        mine = facts()[facts()["sentence_id"] == sentence.sentence_id]
        if len(mine):
            body += nodes.bullet_list("", *(_ledger_fact(app, docname, fact) for fact in mine.itertuples()))
        entries += nodes.definition_list_item("", term, body)
    return entries


def _ledger_fact(app, docname, fact):
    text = nodes.paragraph("", "", nodes.strong("", fact.number), nodes.Text(f" {fact.case_id.replace('-', ' ')}: "))
    text += [nodes.Text(f"{fact.label} "), basis(fact.basis), nodes.Text(" ")]
    text += _link(app, docname, TABLES_PAGE, f"{fact.table}-{fact.Index}", "row")
    places = [place for place in _uses(app.env).get(fact.Index, []) if place[0] != docname]
    if places:
        text += nodes.Text("; used in ")
        for number, (page, anchor, title) in enumerate(sorted(places)):
            text += nodes.Text(", " if number else "")
            text += _link(app, docname, page, anchor, f"{app.env.titles[page].astext()}: {title}")
    return nodes.list_item("", text, ids=[f"fact-{fact.Index}"])


# ---------------------------------------------------------------- pages


class CasebookStyle(PlainStyle):
    """Plain references, sorted by author and year."""

    default_sorting_style = SortingStyle


def tidy_page(app, pagename, templatename, context, doctree):
    """Mend what the theme and docutils write into every page.

    - docutils gives entries of the bibliography the role `doc-biblioentry`, which ARIA has
      deprecated and a list may not hold.
    - sphinx-thebe adds its script twice, which is an error in the console, and keeps an
      address on the network in every page; this book has no button that would use it.
    """
    if "body" in context:
        context["body"] = context["body"].replace('role="doc-biblioentry"', 'role="listitem"')
    context["script_files"] = [script for script in context.get("script_files", []) if not _is_thebe(script)]


def _is_thebe(script) -> bool:
    body = (getattr(script, "attributes", None) or {}).get("body") or ""
    return "thebe" in str(getattr(script, "filename", script)).lower() or "THEBE" in body


def bring_vega(app, error):
    """Put Vega beside the scripts of the site, out of the locked package: nothing to fetch, nothing to vendor."""
    if error is None and app.builder.format == "html":
        # In a function of its own, or its short names would meet those of other scripts on the page.
        script = f"(() => {{{vl_convert.javascript_bundle()}\n}})();\n"
        (Path(app.outdir) / "_static" / "vega-bundle.js").write_text(script, encoding="utf-8")


def setup(app):
    """Register the roles, the ledger, the bibliography style, the scripts and the mending of the pages."""
    register_plugin("pybtex.style.formatting", "casebook", CasebookStyle)
    app.add_role("basis", basis_role)
    app.add_role("fact", fact_role)
    app.add_node(LedgerNode)
    app.add_directive("ledger", Ledger)
    app.connect("doctree-read", note_uses)
    app.connect("env-purge-doc", forget_uses)
    app.connect("doctree-resolved", fill_in)
    app.connect("build-finished", bring_vega)
    app.connect("html-page-context", tidy_page, priority=900)  # after the extensions that add scripts
    return {"version": "1", "parallel_read_safe": False, "parallel_write_safe": True}
