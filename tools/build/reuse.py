"""What of the last build still holds: results of notebooks, and pages, whose inputs are what they were.

A notebook runs again if its text or a table that it read last time has changed; a page is written again if it,
its results or such a table has. What concerns all of them (library, extension, styles, configuration, packages,
bibliography, schema) makes everything anew, and so does a build that failed: a page that is not read again
would not give its warning again.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import nbformat

from tools.project import state
from tools.project.kernels import Ran

RECORD = "notebooks.json"
OF_ALL = ("requirements.in", "data/datapackage.json", "data/references.bib", "chapters/casebook")
OF_PAGES = ("_config.yml", "_toc.yml", "CITATION.cff", "_ext", "_static", "_templates")


@dataclass(frozen=True)
class Inputs:
    """Hashes of what a site is made from: of all notebooks, of all pages beyond that, and table by table."""

    engine: str
    pages: str
    tables: dict[str, str]


def inputs(project: Path) -> Inputs:
    """Take the hashes of a project as it is now."""
    beside = [path.relative_to(project).as_posix() for path in sorted((project / "chapters").glob("*.csv"))]
    engine = state.hash_of(state.programs(), project, (*OF_ALL, *beside))
    tables = {
        path.stem: state.hash_of([], project, [f"data/{path.name}"])
        for path in sorted((project / "data").glob("*.csv"))
    }
    return Inputs(engine, state.hash_of([engine], project, OF_PAGES), tables)


def why_anew(paths: Iterable[Path], kept: Path, now: Inputs) -> dict[Path, str]:
    """Name the notebooks that have to run, each with the reason.

    Parameters
    ----------
    paths : iterable of Path
        Notebooks.
    kept : Path
        The folder of `keep`.
    now : Inputs
    """
    known = json.loads((kept / RECORD).read_text(encoding="utf-8")) if (kept / RECORD).exists() else {}
    reasons = {path: _reason(path, kept, known.get(path.name), now) for path in paths}
    return {path: why for path, why in reasons.items() if why}


def _reason(path: Path, kept: Path, before: dict | None, now: Inputs) -> str:
    if before is None or not (kept / path.name).exists():
        return "it has no results yet"
    if before["engine"] != now.engine:
        return "the library, the schema, the bibliography or a package has changed"
    if before["text"] != text_of(path):
        return "its text has changed"
    changed = sorted(name for name, known in before["tables"].items() if now.tables.get(name) != known)
    return f"{', '.join(f'data/{name}.csv' for name in changed)} has changed" if changed else ""


def text_of(path: Path) -> str:
    """The hash of what somebody wrote into a notebook: its cells without their results."""
    cells = nbformat.read(path, as_version=4).cells
    written = [(cell.cell_type, cell.source, cell.metadata) for cell in cells]
    return hashlib.sha256(json.dumps(written, sort_keys=True).encode()).hexdigest()


def keep(done: dict[Path, Ran], kept: Path, now: Inputs) -> None:
    """Keep the results of notebooks, and what they were made from.

    Parameters
    ----------
    done : dict of Path to Ran
    kept : Path
    now : Inputs
        As it was when they ran.
    """
    kept.mkdir(parents=True, exist_ok=True)
    record = kept / RECORD
    known = json.loads(record.read_text(encoding="utf-8")) if record.exists() else {}
    for path, ran in done.items():
        (kept / path.name).write_text(ran.text, encoding="utf-8")
        tables = {name: now.tables[name] for name in ran.tables if name in now.tables}
        known[path.name] = {"engine": now.engine, "text": text_of(path), "tables": tables}
    record.write_text(json.dumps(known, indent=1, sort_keys=True), encoding="utf-8")


def of_class(project: Path, results: Path, now: Inputs) -> str:
    """The hash of what a class gets: what is computed, what notebooks show, and what is written for a class."""
    shown = [
        json.dumps([cell.get("outputs") for cell in nbformat.read(path, as_version=4).cells], sort_keys=True)
        for path in sorted(results.glob("*.ipynb"))
    ]
    exercises = [path.read_text(encoding="utf-8") for path in sorted(results.glob("exercises.ipynb"))]
    return state.hash_of(
        [now.pages, *now.tables.values(), *shown, *exercises], project, ["classroom", "tools", "LICENSE"]
    )
