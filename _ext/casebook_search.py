"""The text of all pages for the search page: one script beside the pages, so that it is read from disk, too.

Each page stands in it once, piece by piece: a piece is a paragraph, an item or a row, with the nearest
place that can be linked to and the heading above it. The search page cuts sentences out of it.
"""

from __future__ import annotations

import hashlib
import json
import re
from html.parser import HTMLParser
from pathlib import Path

FILE = "search-text.js"
BLOCKS = {"p", "li", "tr", "dt", "dd", "figcaption", "caption", "h1", "h2", "h3", "h4", "pre", "summary"}
HEADINGS = {"h1", "h2", "h3", "h4"}
LEFT_OUT = {"script", "style", "template", "svg", "nav", "thead", "button", "label"}
LEFT_OUT_CLASSES = {"headerlink", "cell_input", "chart-rows", "data-tools", "chart-legend"}
LEFT_OUT_CLASSES |= {"visually-hidden", "backrefs"}
EMPTY = {"br", "hr", "img", "input", "meta", "link", "col", "wbr", "path", "circle", "line", "use", "rect"}
APART = {"dd", "p", "li", "br", "div"}  # no two of these run together in one piece
CELLS = {"td", "th", "dt"}  # a sign stands between two of these
PLACES = {"section", "tr", "li", "dt", "figure"}  # what a result leads to


class Pieces(HTMLParser):
    """Read the article of a page into pieces of text.

    Attributes
    ----------
    title : str
        The first heading.
    pieces : list of [str, str, str]
        Anchor, heading and text.
    terms : list of [str, str, str]
        Anchor, term and definition of a glossary.
    """

    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.title, self.pieces, self.terms = "", [], []
        self.inside, self.stack, self.hidden = False, [], 0
        self.anchor, self.heading, self.text, self.block = "", "", [], None

    def handle_starttag(self, tag, attributes):
        """Open an element: a block begins a piece, unless one is open already."""
        found = dict(attributes)
        if tag == "article":
            self.inside = True
        if not self.inside:
            return
        classes = set((found.get("class") or "").split())
        leaves_out = tag in LEFT_OUT or bool(classes & LEFT_OUT_CLASSES)
        if tag in APART | CELLS:
            self.text.append(" · " if tag in CELLS else " ")
        if tag in EMPTY:
            return
        self.stack.append((tag, leaves_out, "glossary" in classes, self.anchor))
        self.hidden += leaves_out
        if self.hidden:
            return
        if found.get("id") and (tag in PLACES or "citation" in classes):
            self.anchor = found["id"]
        if tag in BLOCKS and self.block is None:
            self.block, self.text = len(self.stack), []

    def handle_endtag(self, tag):
        """Close an element, and with its block the piece."""
        if not self.inside or not any(tag == open_[0] for open_ in self.stack):
            self.inside = self.inside and tag != "article"
            return
        while self.stack:
            name, leaves_out, _, before = self.stack[-1]
            if self.block == len(self.stack):
                self._close(name)
            self.stack.pop()
            self.hidden -= leaves_out
            self.anchor = before
            if name == tag:
                break
        self.inside = self.inside and tag != "article"

    def handle_data(self, data):
        """Take text, if it is in a block."""
        if self.inside and not self.hidden and self.block is not None:
            self.text.append(data.replace("\u2011", "-"))  # a search is typed with the plain sign

    def _close(self, tag):
        text = re.sub(r"\s+([.,;:)])", r"\1", " ".join("".join(self.text).split())).strip(" ·")
        text = re.sub(r"( ·)+(?= ·)", "", text)
        self.block, self.text = None, []
        if not text:
            return
        if tag in HEADINGS:
            self.heading = text
            self.title = self.title or text
        elif any(glossary for _, _, glossary, _ in self.stack) and tag in ("dt", "dd", "p"):
            if tag == "dt":
                self.terms.append([self.anchor, text, ""])
            elif self.terms:
                self.terms[-1][2] = f"{self.terms[-1][2]} {text}".strip()
        else:
            self.pieces.append([self.anchor, self.heading, text])


def read(page: str) -> Pieces:
    """The pieces of a page.

    Parameters
    ----------
    page : str
        HTML.

    Returns
    -------
    Pieces
    """
    pieces = Pieces()
    pieces.feed(page)
    pieces.close()
    return pieces


def write(app, error):
    """Write the text of all pages beside them, each page once; a page that stayed as it was is not read again."""
    if error is not None or app.builder.format != "html":
        return
    out, kept = Path(app.outdir), Path(app.doctreedir, "casebook-search.json")
    before = json.loads(kept.read_text(encoding="utf-8")) if kept.exists() else {}
    known = {}
    pages, terms = [], []
    for name in sorted(app.env.found_docs):
        page = (out / f"{name}.html").read_text(encoding="utf-8")
        state = hashlib.sha256(page.encode()).hexdigest()
        if before.get(name, {}).get("state") == state:
            known[name] = before[name]
        else:
            found = read(page)
            known[name] = {"state": state, "title": found.title, "pieces": found.pieces, "terms": found.terms}
        title = known[name]["title"]
        title = f"{title} (table)" if "/tables/" in name else title
        pages.append({"address": f"{name}.html", "title": title, "pieces": known[name]["pieces"]})
        terms += [[f"{name}.html#{anchor}", term, said] for anchor, term, said in known[name]["terms"]]
    kept.write_text(json.dumps(known, ensure_ascii=False), encoding="utf-8")
    text = json.dumps({"pages": pages, "terms": terms}, ensure_ascii=False, separators=(",", ":"))
    (out / FILE).write_text(f"window.casebookText = {text};\n", encoding="utf-8")


def without_index(app, doctree):
    """Keep the words of a page out of the index that Sphinx makes: no page here reads it."""
    app.env.metadata[app.env.docname]["nosearch"] = True


def setup(app):
    """Write the text once all pages stand."""
    app.connect("doctree-read", without_index)
    app.connect("build-finished", write)
