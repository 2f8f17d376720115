"""What a site is made from, and whether one that is there was made from it."""

import hashlib
import importlib.metadata
import sys
from collections.abc import Iterable
from pathlib import Path

INPUTS = ("_config.yml", "_toc.yml", "requirements.in", "CITATION.cff", "_ext", "_static", "_templates")
INPUTS += ("chapters", "classroom", "data", "tools")
NOT = {"__pycache__", ".ipynb_checkpoints", ".git"}


def files(start: Path) -> list[Path]:
    """Every file below a folder, or the one file, but for what programs keep there for themselves."""
    return [path for path in sorted([start, *start.rglob("*")]) if path.is_file() and not NOT & set(path.parts)]


def programs() -> list[str]:
    """Give the version of Python, and the packages that are installed for it with theirs."""
    return [sys.version, *sorted(f"{one.name}=={one.version}" for one in importlib.metadata.distributions())]


def hash_of(texts: Iterable[str], project: Path, names: Iterable[str]) -> str:
    """A hash of some texts, and of files and folders of a project."""
    found = hashlib.sha256("\n".join(texts).encode())
    for path in (path for name in names for path in files(project / name)):
        content = path.read_bytes()
        found.update(f"{path.relative_to(project).as_posix()} {len(content)}\n".encode() + content)
    return found.hexdigest()


def fingerprint(project: Path) -> str:
    """A hash of all that a site is made from: files, packages and Python."""
    return hash_of(programs(), project, INPUTS)


def is_current(project: Path, output: Path) -> bool:
    """Whether `output` holds a site that was made from what `project` holds now."""
    state = output / "inputs.sha256"
    return state.exists() and (output / "html").exists() and state.read_text() == fingerprint(project)
