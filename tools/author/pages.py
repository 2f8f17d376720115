"""The chapters of a new book, from templates: notebooks whose sentences are computed, pages of tables, contents.

A template is text: a line `+++ code`, `+++ figure NAME "CAPTION"` or `+++ text` begins a cell, `@name@` stands for what
differs from book to book.
"""

from __future__ import annotations

import re
import shlex

import nbformat
import yaml

from tools.author.tables import TEMPLATE
from tools.project.template import filled

CHAPTERS = TEMPLATE / "chapters"
CARD = "::::{{grid-item-card}} {title}\n:link: {page}\n:link-type: doc\n\n{said}\n::::\n"


def notebook(name: str, said: dict[str, str]) -> str:
    """A chapter as a notebook that was not run yet."""
    pieces = re.split(r"(?m)^\+\+\+ (.*)\n", filled(CHAPTERS / f"{name}.txt", said))
    cells = [nbformat.v4.new_markdown_cell(pieces[0].strip())]
    for head, source in zip(pieces[1::2], pieces[2::2]):
        kind, *rest = shlex.split(head)
        if kind == "text":
            cells.append(nbformat.v4.new_markdown_cell(source.strip()))
            continue
        cells.append(nbformat.v4.new_code_cell(source.strip(), metadata={"tags": ["hide-input"]}))
        if kind == "figure":
            cells[-1].metadata["mystnb"] = {"figure": {"name": rest[0], "caption": rest[1]}}
    for number, cell in enumerate(cells):
        cell["id"] = f"cell-{number:02d}"
    metadata = {"kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"}}
    return nbformat.writes(nbformat.v4.new_notebook(cells=cells, metadata=metadata))


def doors(pages: list[tuple[str, str, str]]) -> str:
    """The cards of the first page: page, title and a sentence of each."""
    return "\n".join(CARD.format(page=page, title=title, said=said) for page, title, said in pages).rstrip()


def contents(cases: list[str], behind: list[str], tables: list[str]) -> str:
    """The table of contents."""
    parts = [("The cases", cases), ("Behind the pages", behind), ("Data", [f"tables/{name}" for name in tables])]
    toc = {"format": "jb-book", "root": "chapters/index", "parts": []}
    for caption, names in parts:
        toc["parts"].append({"caption": caption, "chapters": [{"file": f"chapters/{name}"} for name in names]})
    return yaml.safe_dump(toc, sort_keys=False, allow_unicode=True)


def table_page(name: str) -> str:
    """The page of a table."""
    return f"# {name}\n\n```{{data-table}} {name}\n```\n"


def list_page() -> str:
    """The page that lists the tables, for the sidebar does not."""
    return "# The tables\n\nAll that this book knows stands in these tables.\n\n```{data-list}\n```\n"
