"""What is imported is asked for, what is asked for is used, and the lock holds it."""

import ast
import json
import re
import sys
from functools import cache
from importlib import metadata

from conftest import PROJECT

CODE = ("_ext", "chapters", "tests", "tools")
# Used by their commands, as a plugin, a theme or a kernel: no line of ours imports them.
NOT_IMPORTED = {"codespell", "furo", "ipykernel", "jupyter-book", "ruff", "sphinx-basic-ng"}
ELSEWHERE = {"nbgrader"}  # requirements-classroom.txt: an environment of its own
LINES = [line for line in (PROJECT / "requirements.in").read_text().splitlines() if line and not line.startswith("#")]
ASKED_FOR = {line.partition("==")[0] for line in LINES}


@cache
def distributions():
    """Which packages bring what can be imported."""
    return metadata.packages_distributions()


def normal(name):
    return re.sub(r"[-_.]+", "-", name).lower()


def sources():
    """Every text of Python code of ours, cells of notebooks included, with the name of its file."""
    for folder in CODE:
        for path in sorted((PROJECT / folder).rglob("*.py")):
            yield path.relative_to(PROJECT), path.read_text(encoding="utf-8")
        for path in sorted((PROJECT / folder).glob("*.ipynb")):
            for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
                if cell["cell_type"] == "code":
                    yield path.relative_to(PROJECT), "".join(cell["source"])


def imported(code):
    """The packages that some code imports, by their first names."""
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            yield node.module.partition(".")[0]


@cache
def used():
    """Who imports what, but for Python's own modules and ours: a package's first name and the files."""
    ours = {path.stem for folder in ("_ext", "tests") for path in (PROJECT / folder).rglob("*.py")} | set(CODE)
    ours |= {path.parent.name for folder in CODE for path in (PROJECT / folder).glob("*/__init__.py")}
    found = {}
    for file, code in sources():
        for name in set(imported(code)) - ours - set(sys.stdlib_module_names):
            found.setdefault(name, set()).add(str(file))
    return found


def test_every_package_that_is_imported_is_asked_for():
    missing = {
        name: sorted(files)
        for name, files in used().items()
        if name not in ELSEWHERE and not ASKED_FOR & set(map(normal, distributions().get(name, [name])))
    }
    assert missing == {}, "name these in requirements.in, with the version of the lock and a reason"


def test_every_package_that_is_asked_for_is_used():
    found = {normal(one) for name in used() for one in distributions().get(name, [name])}
    assert ASKED_FOR - found == NOT_IMPORTED


def test_the_lock_holds_exactly_what_is_asked_for():
    lock = (PROJECT / "requirements.txt").read_text()
    locked = {line.split(" ")[0] for line in lock.splitlines() if "==" in line}
    assert {line.split("#")[0].strip() for line in LINES} <= locked
    assert all(re.fullmatch(r"[\w-]+==\S+ +# \S.*", line) for line in LINES), "pinned, with a reason each"
    assert len(ASKED_FOR) == len(LINES)


def test_the_lock_names_no_address_and_hashes_everything():
    lock = (PROJECT / "requirements.txt").read_text()
    assert "://" not in lock and "--index" not in lock and "--find-links" not in lock
    packages = re.split(r"\n(?=\S)", lock.strip())
    assert len(packages) > len(LINES)
    assert [package for package in packages if "--hash=sha256:" not in package] == []
