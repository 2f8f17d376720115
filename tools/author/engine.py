"""The engine of a book: which files it is, whether they are as they were made, and a newer one in its place.

`ENGINE` stands at the top of a book that was made by `new`. It has the hash of every file of the engine, as
`sha256sum -c` reads them, the rooms that were left out, and the strings that name other books.
"""

from __future__ import annotations

import ast
import hashlib
import re
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

from casebook import words

from tools.author.tables import TEMPLATE, read
from tools.project import identity, state

NAME = "ENGINE"
PARTS = (
    *("chapters/casebook", "_ext", "_static", "_templates", "tools", ".github", ".ci", "Makefile", "LICENSE"),
    *(".gitignore", "requirements.in", "requirements.txt", "requirements-classroom.txt", "tests/nbval-sanitize.cfg"),
)
ROOMS = ("exchange", "instruments", "classroom", "evidence")  # what a book can do without
# What serves one room alone, besides its folder.
SERVE = {
    "instruments": ("_ext/casebook_instruments.py", "_static/casebook-instruments.js"),
    "classroom": ("tools/classroom", "_static/classroom.css", "requirements-classroom.txt"),
    "exchange": (
        *("tools/release/exports.py", "_ext/casebook_case.py", "_static/casebook-case.css", "_static/casebook-case.js"),
        *(f"_static/casebook-case-{part}.js" for part in ("picture", "files", "page")),
    ),
}
NOT_TEXT = {".woff2", ".png", ".zip", ".pdf"}
APART = {".git", ".venv", "_build", "__pycache__", ".ipynb_checkpoints", ".ruff_cache", ".hypothesis", ".pytest_cache"}
FIRST = "# The engine of this book, by SHA-256 and path; `python -m casebook engine` compares them."
LEFT_OUT, OF_ANOTHER = "# Left out: ", "# Of another book: "


@dataclass(frozen=True)
class Engine:
    """What `ENGINE` says.

    Attributes
    ----------
    files : dict of str to str
        The hash of every file, by its path.
    without : list of str
        The rooms that were left out.
    others : list of str
        What names another book, and must stand nowhere but in the engine.
    """

    files: dict[str, str]
    without: list[str]
    others: list[str]


def contents(project: Path, without: list[str]) -> dict[str, bytes]:
    """Every file of the engine of a book by its path, without what serves the rooms that are left out.

    The tests of the new book are templates here, and stand in `tests` there.
    """
    left = [path for room in without for path in (f"chapters/casebook/{room}", *SERVE.get(room, ()))]
    found = {
        path.relative_to(project).as_posix(): path.read_bytes()
        for part in PARTS
        for path in state.files(project / part)
    }
    found |= {f"tests/{path.name}": path.read_bytes() for path in state.files(TEMPLATE / "tests")}
    return {name: held for name, held in found.items() if not any(_within(name, one) for one in left)}


def _within(name: str, folder: str) -> bool:
    return name == folder or name.startswith(f"{folder}/")


def rooms_needed(project: Path, without: list[str]) -> list[str]:
    """Which rooms that stay use one that is left out, a sentence each."""
    found = []
    for room in ROOMS:
        folder = project / "chapters" / "casebook" / room
        used = {name for path in folder.rglob("*.py") for name in _used(path)} if room not in without else set()
        found += [f"{room} uses {one}" for one in sorted(used & set(without))]
    return found


def _used(path: Path) -> set[str]:
    names = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "casebook":
            names |= {f"{node.module}.{one.name}".split(".")[1] for one in node.names}
    return names


def account(files: dict[str, bytes], without: list[str], others: list[str]) -> str:
    """The text of `ENGINE`."""
    said = [*(LEFT_OUT + room for room in without), *(OF_ANOTHER + one for one in others)]
    return "\n".join([FIRST, *said, *(f"{_hash(held)}  {name}" for name, held in sorted(files.items()))]) + "\n"


def _hash(held: bytes) -> str:
    return hashlib.sha256(held).hexdigest()


def account_of(project: Path) -> Engine | None:
    """What `ENGINE` says of a book; None where a book has none, because it was not made from another."""
    path = project / NAME
    if not path.exists():
        return None
    lines = path.read_text(encoding="utf-8").splitlines()
    said = [[line.removeprefix(one) for line in lines if line.startswith(one)] for one in (LEFT_OUT, OF_ANOTHER)]
    hashes = [line.split("  ", 1) for line in lines if line and not line.startswith("#")]
    return Engine({name: held for held, name in hashes}, *said)


def changed(project: Path, engine: Engine) -> list[str]:
    """The files of a book's engine that are not as they were made: changed, or gone."""
    there = {name: project / name for name in engine.files}
    return [
        f"{name}: {'changed' if path.exists() else 'not there'}"
        for name, path in there.items()
        if not path.exists() or _hash(path.read_bytes()) != engine.files[name]
    ]


def replace(project: Path, source: Path) -> list[str]:
    """Put the engine of another book in the place of this one's, whole or not at all.

    Returns
    -------
    list of str
        What stands in the way; nothing if it was replaced.
    """
    engine = account_of(project)
    if engine is None:
        return [f"{project} has no {NAME}: it was not made by `python -m casebook new`"]
    if not (source / "chapters" / "casebook" / "__init__.py").is_file():
        return [f"{source}: expected the folder of a book, with chapters/casebook in it"]
    if wrong := changed(project, engine):
        return [*wrong, "Put these back, or carry the change over by hand: it would be lost"]
    held = contents(source, engine.without)
    held |= {f"tests/{path.name}": path.read_bytes() for path in state.files(source / "tools/author/template/tests")}
    with tempfile.TemporaryDirectory(dir=project) as aside:
        for name, content in held.items():
            _write(Path(aside, name), content, source / name)
        for name in engine.files:
            (project / name).unlink()
        for name in held:
            (project / name).parent.mkdir(parents=True, exist_ok=True)
            Path(aside, name).rename(project / name)
    others = [one for one in dict.fromkeys([*engine.others, *named(source)]) if one not in named(project)]
    (project / NAME).write_text(account(held, engine.without, others), encoding="utf-8")
    return []


def _write(target: Path, content: bytes, like: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(content)
    if like.exists():
        shutil.copystat(like, target)


def write(folder: Path, files: dict[str, bytes], source: Path) -> None:
    """Write the files of an engine into a folder, each as it may be run in `source`."""
    for name, content in files.items():
        _write(folder / name, content, source / name)


# ---------------------------------------------------------------- what names a book


def named(project: Path) -> list[str]:
    """The strings that name a book: its titles, its short name, what it was made from and the keys of these sources."""
    book = identity.citation(project)
    found = [book["title"], identity.heading(book), book["name"]]
    if article := identity.article(book):
        found += [article["title"], article.get("doi", ""), identity.authors(article)]
    cases = read(project / "data" / "cases.csv")
    told = words.told_of(row.get("role") for row in cases)
    found += [row["source_id"] for row, of in zip(cases, told) if of]
    return [one for one in dict.fromkeys(found) if len(one) > 3]


def leftovers(project: Path) -> list[str]:
    """What names another book outside the engine of this one: file, line and string, a sentence each."""
    engine = account_of(project)
    if engine is None or not engine.others:
        return []
    strings = re.compile("|".join(rf"(?<!\w){re.escape(one)}(?!\w)" for one in engine.others), re.IGNORECASE)
    found = []
    for path in sorted(project.rglob("*")):
        name = path.relative_to(project)
        if not path.is_file() or APART & set(name.parts) or path.suffix in NOT_TEXT:
            continue
        if name.as_posix() == NAME or name.as_posix() in engine.files:
            continue
        for number, line in enumerate(path.read_text(encoding="utf-8", errors="replace").splitlines(), start=1):
            found += [f"{name}, line {number}: {one[0]!r} is of another book" for one in strings.finditer(line)]
    return found
