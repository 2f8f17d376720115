"""What the site needs beyond Jupyter Book: the role for basis words and a bibliography style.

The role ``{basis}`stated` `` marks on what a sentence rests on. The words are those of the
tables, and any other word is a warning, which fails the build.
"""

from __future__ import annotations

from docutils import nodes
from pybtex.plugin import register_plugin
from pybtex.style.formatting.plain import Style as PlainStyle
from pybtex.style.sorting.author_year_title import SortingStyle

WORDS = ("stated", "defined", "inferred", "not in the record", "published", "third-party", "made-up")


def basis_role(name, rawtext, text, lineno, inliner, options=None, content=None):
    """Show a basis word in the one look that it has in the whole book."""
    if text not in WORDS:
        message = inliner.reporter.warning(f"unknown basis {text!r}: use one of {', '.join(WORDS)}", line=lineno)
        return [inliner.problematic(rawtext, rawtext, message)], [message]
    return [nodes.inline(rawtext, text, classes=["basis", f"basis-{text.replace(' ', '-')}"])], []


class CasebookStyle(PlainStyle):
    """Plain references, sorted by author and year."""

    default_sorting_style = SortingStyle


def list_items(app, pagename, templatename, context, doctree):
    """Give the entries of the bibliography the role that their list asks for.

    docutils writes `doc-biblioentry`, which ARIA has deprecated and a list may not hold.
    """
    if "body" in context:
        context["body"] = context["body"].replace('role="doc-biblioentry"', 'role="listitem"')


def setup(app):
    """Register the role, the bibliography style and the correction of its markup."""
    app.connect("html-page-context", list_items)
    register_plugin("pybtex.style.formatting", "casebook", CasebookStyle)
    app.add_role("basis", basis_role)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
