"""The chapters as tests see them: prose, roles and outputs. Read once, used by several tests."""

import functools
import json
import re
from dataclasses import dataclass, field
from html.parser import HTMLParser

import pandas as pd
from conftest import PROJECT
from markdown_it import MarkdownIt
from mdit_py_plugins.colon_fence import colon_fence_plugin
from mdit_py_plugins.deflist import deflist_plugin
from mdit_py_plugins.myst_role import myst_role_plugin

from tools.project import kernels

CHAPTERS = PROJECT / "chapters"
MARKDOWN = MarkdownIt("commonmark").use(myst_role_plugin).use(colon_fence_plugin).use(deflist_plugin)


WORKBOOK = CHAPTERS / "exercises.ipynb"  # for a class: run and stored as a chapter is, and no page of the site


def notebooks():
    """The chapters, which are what the table of contents names."""
    return sorted(path for path in CHAPTERS.glob("*.ipynb") if path != WORKBOOK)


def cells(path, kind):
    return [cell for cell in json.loads(path.read_text(encoding="utf-8"))["cells"] if cell["cell_type"] == kind]


@dataclass(frozen=True)
class Paragraph:
    """A paragraph, heading, list item or caption: its words without roles, links and code.

    `marked` is the same text with the linked terms left in, in double brackets.
    """

    chapter: str
    text: str
    roles: tuple = field(default=())
    marked: str = ""
    heading: bool = False

    @property
    def marks(self):
        """The basis words that the paragraph carries; a gap carries, while it is open, that it is not in the record."""
        gaps = {"not in the record" for name, _ in self.roles if name == "gap"}
        return gaps | {content for name, content in self.roles if name == "basis"}


def paragraphs(chapter, markdown):
    """Every piece of prose in a text, those inside directives included."""
    found = []
    markdown = re.sub(r"^\([\w-]+\)=$", "", markdown, flags=re.M)  # names of places, not prose
    before = None
    for token in MARKDOWN.parse(markdown):
        if token.type == "inline":
            found.append(Paragraph(chapter, *_words(token.children), heading=before == "heading_open"))
        elif token.type in ("colon_fence", "fence") and token.info.startswith("{"):
            title = token.info.partition("}")[2].strip() if not token.info.startswith("{grid}") else ""  # columns
            body = "\n".join(line for line in token.content.splitlines() if not re.match(r":[\w-]+:", line))
            inside = paragraphs(chapter, body)
            if title and inside:
                # A directive's title and its text are one thing: a question and its answer.
                words, roles, marked = _words(MARKDOWN.parseInline(title)[0].children)
                first = inside[0]
                inside[0] = Paragraph(
                    chapter, f"{words}\n{first.text}", roles + first.roles, f"{marked}\n{first.marked}"
                )
            found += inside
        before = token.type
    return found


def _words(children):
    text, roles, marked, in_link = [], [], [], False
    for child in children:
        if child.type in ("link_open", "link_close"):
            in_link = child.type == "link_open"
            if in_link:
                roles.append(("link", child.attrs["href"]))
        elif child.type == "myst_role":
            roles.append((child.meta["name"], child.content))
            if child.meta["name"] == "term":
                marked.append(f"[[{child.content.rpartition('<')[2].rstrip('>')}]]")
        elif child.type == "softbreak":
            text.append("\n")
            marked.append("\n")
        elif child.type == "text" and not in_link:
            text.append(child.content)
            marked.append(child.content)
    return "".join(text), tuple(roles), "".join(marked)


@functools.cache
def prose(captions=True):
    """The prose of all chapters, with or without the captions of their figures. It is read once."""
    found = []
    for path in notebooks():
        for cell in cells(path, "markdown"):
            found += paragraphs(path.stem, "".join(cell["source"]))
        for cell in cells(path, "code"):
            caption = cell["metadata"].get("mystnb", {}).get("figure", {}).get("caption")
            if captions and caption:
                found += paragraphs(path.stem, caption)
    for path in sorted(CHAPTERS.glob("*.md")):
        found += paragraphs(path.stem, path.read_text(encoding="utf-8"))
    return tuple(found)


def of_chapters():
    """The prose without captions, chapter by chapter."""
    return {
        chapter: [p for p in prose(captions=False) if p.chapter == chapter]
        for chapter in dict.fromkeys(p.chapter for p in prose())
    }


def outputs(path, of=None):
    """The HTML outputs of a notebook, as text: as they are stored, or of other cells."""
    return [
        "".join(output["data"]["text/html"])
        for cell in of or cells(path, "code")
        for output in cell["outputs"]
        if "text/html" in output.get("data", {})
    ]


class _Collector(HTMLParser):
    def __init__(self):
        super().__init__()
        self.rows, self.row, self.cell, self.titles, self.title = [], None, None, [], None

    def handle_starttag(self, tag, attributes):
        if tag == "tr":
            self.row = []
        elif tag in ("td", "th"):
            self.cell = ""
        elif dict(attributes).get("class") in ("chart-title", "chart-subtitle"):
            self.title = ""

    def handle_endtag(self, tag):
        if tag == "tr":
            self.rows.append(tuple(self.row))
        elif tag in ("td", "th"):
            self.row.append(self.cell)
            self.cell = None
        elif tag == "p" and self.title is not None:
            self.titles.append(self.title)
            self.title = None

    def handle_data(self, text):
        if self.cell is not None:
            self.cell += text
        elif self.title is not None:
            self.title += text


def collect(html):
    """The table rows and the figure titles of some HTML."""
    collector = _Collector()
    collector.feed(html)
    return collector.rows, collector.titles


@functools.cache
def executed(path):
    """The cells of a notebook with all its results: of the site that stands there if it is of today, or run now."""
    return [cell for cell in json.loads(kernels.results([path])[path])["cells"] if cell["cell_type"] == "code"]


def figures(path):
    """The specification of every figure of a notebook, by its name, with plain spaces."""
    found = {}
    for cell in executed(path):
        name = cell["metadata"].get("mystnb", {}).get("figure", {}).get("name", "").removeprefix("figure-")
        for output in cell["outputs"]:
            html = "".join(output.get("data", {}).get("text/html", ""))
            if '<div class="chart' in html:
                text = re.search(r'class="chart-specification">(.*?)</script>', html, re.S)[1]
                found[name] = json.loads(text.replace("\\u00a0", " ").replace("\u00a0", " "))
    return found


def table_of(stem, caption):
    """The rows of a printed table, by heading."""
    for html in outputs(CHAPTERS / f"{stem}.ipynb"):
        if f">{caption}</caption>" in html:
            head, *body = collect(html)[0]
            return pd.DataFrame(body, columns=head)
    raise AssertionError(f"{stem} has no table {caption!r}")
