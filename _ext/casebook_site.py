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


def setup(app):
    """Register the role, the bibliography style and the mending of the pages."""
    register_plugin("pybtex.style.formatting", "casebook", CasebookStyle)
    app.add_role("basis", basis_role)
    app.connect("html-page-context", tidy_page, priority=900)  # after the extensions that add scripts
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
