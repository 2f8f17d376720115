"""Which pages an unchanged site need not read again: all but those whose results, or a table that they read, changed.

The library notes which tables are read (`data.used`). What a page read while it was made is kept with the pages,
with the hashes of these tables; a link that says a fact reads the tables of the patients. If a title or the number
of a figure changes, every page is written again, for each names them.
"""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

from casebook import data
from docutils import nodes

# What a role may say.
OF_A_FACT = {"basis_words", "bounds", "cases", "definitions", "events", "gaps", "measurements", "record", "topics"}
ALWAYS = ("chapters/record", "chapters/references")  # they list what other pages use


def begin(app, docname, source):
    """Forget which tables were read for the page before."""
    data.used()


def note(app, doctree):
    """Keep which tables were read for this page."""
    says_facts = any("fact" in node or "basis" in node["classes"] for node in doctree.findall(nodes.inline))
    kept(app.env, "tables")[app.env.docname] = set(data.used()) | (OF_A_FACT if says_facts else set())


def outdated(app, env, added, changed, removed):
    """Name the pages whose results or tables are no longer those that they were made from."""
    before = kept(env, "inputs")
    return [page for page in env.found_docs if page in before and before[page] != _inputs(app, page)]


def finish(app, env):
    """Keep what the pages were made from, and name those that are to be written though they were not read again.

    Sphinx numbers the figures last, when it asks which pages that changes: any earlier, these were the numbers of
    the build before.
    """
    before, now = kept(env, "inputs"), {page: _inputs(app, page) for page in env.found_docs}
    face = ({page: title.astext() for page, title in env.titles.items()}, dict(env.toc_fignumbers))
    same = kept(env, "face").get("face") == face
    env.casebook_inputs, env.casebook_face = now, {"face": face}
    if before == now and same:
        return []
    return [page for page in ALWAYS if page in env.found_docs] if same else list(env.found_docs)


def _inputs(app, page: str) -> list[str]:
    """Hashes of the results of a page, and of the tables that it read."""
    results = Path(os.environ.get("CASEBOOK_RESULTS", app.srcdir), f"{Path(page).name}.ipynb")
    tables = [Path(app.srcdir, "data", f"{name}.csv") for name in sorted(kept(app.env, "tables").get(page, ()))]
    return [hashlib.sha256(path.read_bytes()).hexdigest() for path in (results, *tables) if path.is_file()]


def kept(env, name: str) -> dict:
    """What is kept with the pages under a name."""
    name = f"casebook_{name}"
    if not hasattr(env, name):
        setattr(env, name, {})
    return getattr(env, name)


def setup(app):
    """Connect all of it."""
    app.connect("source-read", begin, priority=100)
    app.connect("doctree-read", note, priority=900)
    app.connect("env-get-outdated", outdated)
    app.connect("env-get-updated", finish, priority=900)
