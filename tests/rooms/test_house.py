"""The house: one concern a module, arrows one way, true examples, short cells.

What a newcomer is promised by the README and by the docstring of the package is checked here.
"""

import ast
import doctest
import importlib
import json
import re
from collections import Counter
from pathlib import Path

import casebook
import pytest
from chapters_text import cells, notebooks
from conftest import PROJECT
from engine import CASEBOOK, EACH, MODULES, name_of, tree

LONGEST_MODULE, LONGEST_CELL, USUAL_CELL = 350, 15, 8


def imported(path):
    """The modules of ours that a module imports."""
    ours, found = {name_of(module) for module in MODULES}, set()
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("casebook"):
            found |= {f"{node.module}.{alias.name}" for alias in node.names} & ours or {node.module}
        elif isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names} & ours
    return found - {name_of(path)}


@EACH
def test_no_module_is_too_long(path):
    assert len(path.read_text(encoding="utf-8").splitlines()) <= LONGEST_MODULE


@EACH
def test_every_example_in_a_docstring_is_true(path):
    if path.stem != "__main__":
        assert doctest.testmod(importlib.import_module(name_of(path))).failed == 0


def test_no_two_public_functions_share_a_name():
    names = Counter(
        node.name
        for path in MODULES
        for node in tree(path).body
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_") and node.name != "main"
    )
    assert [name for name, count in names.items() if count > 1] == []


def test_imports_run_one_way():
    arrows = {name_of(path): imported(path) for path in MODULES}
    arrows = {name: {target for target in targets if target != "casebook"} for name, targets in arrows.items()}
    while arrows:
        free = {name for name, targets in arrows.items() if not targets & set(arrows)}
        assert free, f"a circle among {sorted(arrows)}"
        arrows = {name: targets for name, targets in arrows.items() if name not in free}


# ---------------------------------------------------------------- rooms and doors

MAY_USE = {
    "words": set(),
    "data": {"words"},
    "timeline": {"words"},
    "statistics": set(),
    "charts": {"words", "timeline"},
    "patients": {"words", "data", "timeline"},
    "evidence": {"words", "data", "timeline", "statistics", "patients"},
    "instruments": {"words", "data"},
    "exchange": {"words", "data", "timeline"},
    "classroom": {
        "words",
        "data",
        "timeline",
        "statistics",
        "charts",
        "patients",
        "evidence",
        "instruments",
        "exchange",
    },
    "pages": {"words", "data", "timeline", "charts", "patients"},
    "__main__": {"words", "data", "timeline", "exchange"},
}
OUTSIDE = [*sorted((PROJECT / "_ext").glob("*.py")), *sorted((PROJECT / "tools").rglob("*.py"))]


def room_of(path):
    """The room that a file stands in; nothing outside the library."""
    if CASEBOOK not in path.parents:
        return None
    return path.relative_to(CASEBOOK).with_suffix("").parts[0]


def uses(code):
    """What a module imports from the library: pairs of room and the rest, `("evidence", ["cohorts", "grouping"])`."""
    found = []
    for node in ast.walk(code):
        names = []
        if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "casebook":
            names = [f"{node.module}.{alias.name}" for alias in node.names]
        elif isinstance(node, ast.Import):
            names = [alias.name for alias in node.names if alias.name.startswith("casebook.")]
        found += [(parts[1], parts[2:]) for parts in (name.split(".") for name in names) if len(parts) > 1]
    return found


def handed_out(room):
    """What the door of a room names, and which of these are modules."""
    door = CASEBOOK / room / "__init__.py"
    if not door.exists():
        return None, set()
    names = next(
        {element.value for element in node.value.elts}
        for node in tree(door).body
        if isinstance(node, ast.Assign) and node.targets[0].id == "__all__"
    )
    return names, {name for name in names if (door.parent / f"{name}.py").exists()}


def past_a_door(code, here=None):
    """The imports that reach past the door of a room other than `here`."""
    wrong = []
    for room, rest in uses(code):
        names, modules = handed_out(room)
        if room == here or names is None or not rest:
            continue
        if rest[0] not in names or (len(rest) > 1 and rest[0] not in modules):
            wrong.append(".".join([room, *rest]))
    return wrong


def test_a_name_from_before_the_rooms_leads_to_where_it_stands_now():
    from casebook import bundle, course

    assert callable(bundle.bundle) and callable(course.course)
    for name in casebook.MOVED:
        assert getattr(casebook, name).__name__ == f"casebook.{casebook.MOVED[name]}"
    with pytest.raises(ImportError):
        from casebook import nowhere  # noqa: F401


def test_the_rooms_are_those_of_the_table():
    rooms = {path.name for path in CASEBOOK.iterdir() if (path / "__init__.py").exists()}
    assert rooms | {"words", "pages", "__main__"} == set(MAY_USE)


@EACH
def test_a_room_uses_only_what_it_may(path):
    here = room_of(path)
    if here != "__init__":
        used = {room for room, _ in uses(tree(path))} - {here}
        assert used <= MAY_USE[here], f"{here} uses {sorted(used - MAY_USE[here])}"


@pytest.mark.parametrize("path", [*MODULES, *OUTSIDE], ids=lambda path: str(path.relative_to(PROJECT)))
def test_nobody_reaches_past_a_door(path):
    assert past_a_door(tree(path), room_of(path)) == []


@pytest.mark.parametrize("path", notebooks(), ids=lambda path: path.name)
def test_no_chapter_reaches_past_a_door(path):
    code = ast.parse("\n".join("".join(cell["source"]) for cell in cells(path, "code")))
    assert past_a_door(code) == []


@pytest.mark.parametrize(
    ("source", "wrong"),
    [
        ("from casebook.timeline import network", ["timeline.network"]),
        ("from casebook.evidence.cohorts import grouping", []),
        ("from casebook.data.schema import Field", ["data.schema.Field"]),
        ("import casebook.statistics._glmm", ["statistics._glmm"]),
        ("from casebook import data, words\nfrom casebook.data import load", []),
    ],
)
def test_a_way_past_a_door_would_be_seen(source, wrong):
    assert past_a_door(ast.parse(source)) == wrong
    assert (
        past_a_door(ast.parse(source), room_of(CASEBOOK / (wrong[0].split(".")[0] if wrong else "data") / "x.py")) == []
    )


TOOLS = ["project", "classroom", "build", "editions", "release", "author"]  # no room of the tools knows a later one


@pytest.mark.parametrize("path", sorted((PROJECT / "tools").rglob("*.py")), ids=lambda path: str(path.name))
def test_no_tool_knows_a_later_room(path):
    here = path.relative_to(PROJECT / "tools").parts[0]
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("tools."):
            assert here in TOOLS and TOOLS.index(node.module.split(".")[1]) <= TOOLS.index(here), node.module


# ---------------------------------------------------------------- the chapters

NOTEBOOKS = pytest.mark.parametrize("path", notebooks(), ids=lambda path: path.name)


def sources(path):
    return ["".join(cell["source"]) for cell in cells(path, "code")]


@NOTEBOOKS
def test_cells_are_short_and_define_no_function(path):
    for source in sources(path):
        lines = [line for line in source.splitlines() if line.strip()]
        assert len(lines) <= LONGEST_CELL, source
        kinds = (ast.FunctionDef, ast.Lambda, ast.ClassDef)
        assert not any(isinstance(node, kinds) for node in ast.walk(ast.parse(source))), source


def test_most_cells_are_very_short():
    lengths = [len(source.splitlines()) for path in notebooks() for source in sources(path)]
    assert sum(length <= USUAL_CELL for length in lengths) > 0.75 * len(lengths)


def stored(source):
    """The names that a cell stores for the prose, and whether any is made in a loop."""
    code, names, looped = ast.parse(source), [], False
    loops = [node for node in ast.walk(code) if isinstance(node, (ast.For, ast.While, ast.comprehension))]
    for node in ast.walk(code):
        if isinstance(node, ast.Call) and getattr(node.func, "attr", getattr(node.func, "id", "")) in ("store", "glue"):
            names += [keyword.arg for keyword in node.keywords if keyword.arg != "display"]
            names += [argument.value for argument in node.args[:1] if isinstance(argument, ast.Constant)]
            looped |= any(node in ast.walk(loop) for loop in loops) or None in names
    return names, looped


@NOTEBOOKS
def test_every_stored_value_is_used_every_used_one_stored_and_none_in_a_loop(path):
    names, looped = [], False
    for source in sources(path):
        more, loop = stored(source)
        names, looped = names + more, looped or loop
    text = "\n".join("".join(cell["source"]) for cell in cells(path, "markdown"))
    used = set(re.findall(r"\{glue:\w+\}`([^`:]+?)(?::[^`]*)?`", text))
    assert not looped and len(names) == len(set(names)), path.name
    assert set(names) == used, f"{path.name}: stored and not used, or used and not stored"


@pytest.mark.parametrize(
    ("source", "names", "looped"),
    [
        ("pages.store(a=1, b=2)", ["a", "b"], False),
        ('glue("a", 1, display=False)', ["a"], False),
        ("for n in x:\n    pages.store(a=n)", ["a"], True),
        ("pages.store(**values)", [None], True),
    ],
)
def test_the_search_for_stored_values_can_fail(source, names, looped):
    assert stored(source) == (names, looped)


# ---------------------------------------------------------------- the map


def test_the_readme_and_the_package_show_the_same_map():
    package = ast.get_docstring(tree(CASEBOOK / "__init__.py"))
    readme = (PROJECT / "README.md").read_text(encoding="utf-8")
    drawn = re.search(r"(?ms)^    data/\*\.csv.*?(?=^\S|\Z)", package)[0].strip()
    assert " ".join(drawn.split()) in " ".join(readme.split())
    modules = {path.stem for path in MODULES if path.parent == CASEBOOK and not path.stem.startswith("__")}
    assert {name for name in modules if not re.search(rf"\b{name}\b", package)} == set()


def test_the_configuration_lists_every_module_s_tests():
    tests = {path.stem for path in Path(__file__).parent.rglob("test_*.py")}
    public = {path.stem for path in CASEBOOK.glob("*.py") if not path.stem.startswith("_")}
    assert {name for name in public if f"test_{name}" not in tests} == set()


def test_notebooks_are_what_they_seem():
    for path in notebooks():
        assert json.loads(path.read_text(encoding="utf-8"))["nbformat"] == 4
