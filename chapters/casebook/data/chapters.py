"""What the pages of a book ask of its tables: rows and pages by their prose, tables by their code.

Sphinx finds all of this, too, after every notebook was run; here it takes a second, and runs nothing.
"""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from casebook.words import listed, told_of

CONTENTS = "_toc.yml"
LIBRARY = Path(__file__).resolve().parents[1]
ROLE = re.compile(r"\{(fact|gap|basis|cite(?::\w+)?)\}`([^`]+)`")
LINK = re.compile(r"\]\(([^()\s#:]+\.(?:md|ipynb))(?:#[^()\s]*)?\)")
TABLE = re.compile(r"^[`:]{3,} *\{data-table\} *(\S+)", re.MULTILINE)
PAGE = re.compile(r"^[ -]*(?:file|root): *(\S+)", re.MULTILINE)
# What the site computes of the tables for the roles of a page.
BY_ROLE = {
    "fact": "casebook.patients.record.facts",
    "basis": "casebook.patients.record.facts",
    "gap": "casebook.data.gaps.said_gaps",
}
BOOKS = ("book", "tables")  # what a record is called in code
LOADING = "casebook.data.loading.load"  # takes the tables that are there, and asks for no other


def dangling(book, chapters: Path, tables: Path) -> list[str]:
    """What the prose of a book names and the book lacks, a sentence each, with file and line.

    Parameters
    ----------
    book : Casebook
    chapters : Path
        The folder of the pages; `_toc.yml` beside it says which they are; without it, all are.
    tables : Path
        The folder of the tables, whose texts may hold roles and links as pages do.

    Returns
    -------
    list of str
        Unknown facts, gaps, bases and sources; links to pages that are not there; tables that are to be printed
        and are not in the data package.
    """
    known, printed = _known(book), set(book.dictionary["table"]) | {"sources", "dictionary"}
    pages, found = _pages(chapters), []
    there = {page.resolve() for page in pages}
    csv = [tables / f"{name}.csv" for name in book.dictionary["table"].unique()]
    for path in [*pages, *filter(Path.exists, csv)]:
        folder = chapters if path.suffix == ".csv" else path.parent
        for text, line in _texts(path):
            for match, said in [*_unknown(text, known), *_leading_nowhere(text, printed, folder, there)]:
                place = line + text.count("\n", 0, match.start())
                found.append(f"{path.relative_to(chapters.parent)}, line {place}: {said}")
    text = _contents(chapters)
    for match in PAGE.finditer(text):
        if _file(chapters.parent / match[1]) is None:
            place = text.count("\n", 0, match.start()) + 1
            found.append(f"{CONTENTS}, line {place}: no page {match[1]}; write it, or take it out")
    return found


def _contents(chapters: Path) -> str:
    path = chapters.parent / CONTENTS
    return path.read_text(encoding="utf-8") if path.exists() else ""


def _file(page: Path) -> Path | None:
    """The file of a page, which the table of contents may name without its ending."""
    return next(filter(Path.is_file, (Path(f"{page}{ending}") for ending in ("", ".md", ".ipynb"))), None)


def _pages(chapters: Path) -> list[Path]:
    named = [_file(chapters.parent / name) for name in PAGE.findall(_contents(chapters))]
    return sorted(filter(None, named)) or sorted([*chapters.glob("*.md"), *chapters.glob("*.ipynb")])


def _known(book) -> dict[str, set[str]]:
    """What each role may name."""
    index = book.cases.loc[told_of(book.cases["role"]), "case_id"]
    facts = set()
    for table, key in (("cases", "case_id"), ("events", "event_id"), ("bounds", "bound_id")):
        rows = getattr(book, table)
        facts |= set(rows.loc[rows["case_id"].isin(index), key])
    gaps = set()
    if hasattr(book, "gaps"):
        gaps = set(book.gaps["gap_id"]) | set(book.gaps.loc[book.gaps["case_id"].isin(index), "topic"].dropna())
    words = facts | set(book.basis_words["word"])
    return {"fact": facts, "gap": gaps, "basis": words, "cite": set(book.sources["source_id"])}


def _texts(path: Path) -> Iterator[tuple[str, int]]:
    """The prose of a file, in pieces, each with the line that it begins in."""
    whole = path.read_text(encoding="utf-8-sig")
    if path.suffix != ".ipynb":
        yield whole, 1
        return
    lines, at = [line.strip().rstrip(",") for line in whole.splitlines()], 0
    for cell in json.loads(whole)["cells"]:
        text = "".join(cell["source"])
        if cell["cell_type"] != "markdown":
            text = cell["metadata"].get("mystnb", {}).get("figure", {}).get("caption", "")
        if text:
            first = json.dumps(text.splitlines(keepends=True)[0], ensure_ascii=False)
            at = next((number for number in range(at, len(lines)) if lines[number].endswith(first)), at)
            yield text, at + 1


def _unknown(text: str, known: dict[str, set[str]]) -> Iterator[tuple[re.Match, str]]:
    """The rows and sources that roles name and that are not there."""
    wanted = {
        "fact": "name a row of cases, events or bounds of an index case",
        "gap": "name a row or a topic of gaps",
        "basis": f"use one of {', '.join(sorted(known['basis'] - known['fact']))}, or name rows of an index case",
        "cite": "name a source of the bibliography",
    }
    for match in ROLE.finditer(text):
        role, said = match[1].partition(":")[0], match[2]
        names = [said.rpartition("<")[2].rstrip(">")] if role == "fact" else re.split(r",\s*", said)
        if role == "basis" and said in known["basis"]:
            continue
        for name in names:
            if name.strip() not in known[role]:
                yield match, f"unknown {'source' if role == 'cite' else role} {name.strip()!r}; {wanted[role]}"


def _leading_nowhere(text: str, printed: set[str], folder: Path, there: set[Path]) -> Iterator[tuple[re.Match, str]]:
    """The links to pages, and the tables to be printed, that are not there."""
    for match in LINK.finditer(text):
        if (folder / match[1]).resolve() not in there:
            yield match, f"a link to {match[1]}, which is no page of this book; write it, or take the link out"
    for match in TABLE.finditer(text):
        if match[1] not in printed:
            yield match, f"a table {match[1]}, which the data package lacks; describe it there, or take the page out"


# ---------------------------------------------------------------- what code asks for


def needs(chapters: Path) -> dict[str, dict[str, str]]:
    """Which tables each page needs, by its code and by the functions of the library that it calls.

    Parameters
    ----------
    chapters : Path

    Returns
    -------
    dict of str to dict of str to str
        For each page the tables, and the first function that asks for each ("" where the page itself does).
    """
    library = _library()
    paths = sorted({*_pages(chapters), *chapters.glob("*.ipynb")})  # every notebook is run, whether it is a page or not
    return {path.name: asked for path in paths if (asked := _asked(path, library))}


@dataclass(frozen=True)
class _Asks:
    """What some code asks for: tables of a record (`book.cases`, `course.book.cases`), and names, all dotted."""

    tables: tuple[str, ...]
    names: tuple[str, ...]


def _asks(code: ast.AST, module: str) -> _Asks:
    nodes = list(ast.walk(code))
    called = {id(node.func) for node in nodes if isinstance(node, ast.Call)}
    dotted = [node for node in nodes if isinstance(node, ast.Attribute)]
    held = [one for one in dotted if getattr(one.value, "id", getattr(one.value, "attr", "")) in BOOKS]
    names = {ast.unparse(node) for node in nodes if isinstance(node, (ast.Name, ast.Attribute))}
    tables = {one.attr for one in held if id(one) not in called}
    return _Asks(tuple(sorted(tables)), tuple(f"{module}.{name}" for name in sorted(names)))


@cache
def _library() -> dict[str, _Asks | str]:
    """Every name of the library, with what it asks for, or with the other name that it stands for."""
    found: dict[str, _Asks | str] = {}
    for path in LIBRARY.rglob("*.py"):
        parts = path.relative_to(LIBRARY.parent).with_suffix("").parts
        module = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
        code = ast.parse(path.read_text(encoding="utf-8"))
        found |= _imported(code, module)
        for node in code.body:
            if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
                found[f"{module}.{node.name}"] = _asks(node, module)
            elif isinstance(node, ast.Assign):
                asked = _asks(node, module)
                found |= {f"{module}.{one.id}": asked for one in node.targets if isinstance(one, ast.Name)}
    return found


def _imported(code: ast.Module, module: str) -> dict[str, str]:
    """What stands in a module under a name of its own, and is the thing of another."""
    found = {}
    for node in ast.walk(code):
        if isinstance(node, ast.ImportFrom) and node.module:
            found |= {f"{module}.{one.asname or one.name}": f"{node.module}.{one.name}" for one in node.names}
    return {name: of for name, of in found.items() if name != of}


def _asked(path: Path, library: dict[str, _Asks | str]) -> dict[str, str]:
    """The tables that a page asks for: walk from its code along what is used there."""
    roots = {BY_ROLE[role] for text, _ in _texts(path) for role, _ in ROLE.findall(text) if role in BY_ROLE}
    code = ast.Module([], [])
    if path.suffix == ".ipynb":
        cells = json.loads(path.read_text(encoding="utf-8-sig"))["cells"]
        code = ast.parse("\n".join("".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"))
    library, own = library | _imported(code, "page"), _asks(code, "page")
    asked, seen = dict.fromkeys(own.tables, ""), {LOADING}
    waiting = [*own.names, *sorted(roots)]
    while waiting:
        name = _meant(waiting.pop(), library)
        here = library.get(name)
        if name not in seen and here is not None:
            seen.add(name)
            waiting += here.names
            for table in here.tables:
                asked.setdefault(table, name.removeprefix("casebook."))
    return asked


def _meant(name: str, library: dict[str, _Asks | str]) -> str:
    """A dotted name as the library has it, each part of it followed to where it was imported from."""
    found = ""
    for part in name.split("."):
        found = f"{found}.{part}".removeprefix(".")
        while isinstance(other := library.get(found), str):
            found = other
    return found


def lacking(book, chapters: Path) -> tuple[list[str], list[str]]:
    """Sentences on the tables that pages need: those that are not in the data package, and those without a row."""
    by_table: dict[str, dict[str, str]] = {}
    for page, asked in needs(chapters).items():
        for table, function in asked.items():
            by_table.setdefault(table, {})[page] = function
    missing, empty = [], []
    for table, pages in sorted(by_table.items()):
        rooms = sorted({function.rpartition(".")[0] for function in pages.values()} - {""})
        who = f"{listed(sorted(pages))}{f' (by {listed(rooms)})' if rooms else ''}"
        if not hasattr(book, table):
            mend = "describe it in datapackage.json, with its header alone if it has no row, or take the page out"
            missing.append(f"{table}: not in the data package, and needed by {who}; {mend}.")
        elif getattr(book, table).empty:
            empty.append(f"{table}: has no row, and is read by {who}.")
    return missing, empty
