"""The modules of the engine as tests read them."""

import ast

import pytest
from conftest import PROJECT

CASEBOOK = PROJECT / "chapters" / "casebook"
MODULES = sorted(CASEBOOK.rglob("*.py"))
EACH = pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(CASEBOOK)))


def tree(path):
    return ast.parse(path.read_text(encoding="utf-8"))


def name_of(path):
    parts = path.relative_to(CASEBOOK.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
