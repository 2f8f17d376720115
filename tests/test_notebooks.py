"""nbval compares what it is given: these tests make sure that it is given everything."""

import json
import shutil
import subprocess
import sys

import nbformat
import pytest
import refresh
from chapters_text import cells, notebooks
from conftest import PROJECT

NOTEBOOKS = pytest.mark.parametrize("path", notebooks(), ids=lambda path: path.name)


@NOTEBOOKS
def test_stored_as_one_clean_run_from_the_top(path):
    # nbval passes cells that were never run, without comparing anything.
    counts = [cell["execution_count"] for cell in cells(path, "code")]
    assert counts and counts == list(range(1, len(counts) + 1)), f"{path.name}: run `make refresh`"


@NOTEBOOKS
def test_no_cell_is_taken_out_of_the_comparison(path):
    for cell in cells(path, "code"):
        tags = set(cell["metadata"].get("tags", []))
        assert tags <= {"hide-input"}, f"{path.name} has a cell tagged {tags}"
        assert not any("NBVAL" in line for line in cell["source"])


@NOTEBOOKS
def test_stored_in_normal_form(path):
    notebook = json.loads(path.read_text(encoding="utf-8"))
    assert notebook["metadata"]["language_info"] == {"name": "python"}
    assert [cell["id"] for cell in notebook["cells"]] == [f"cell-{n:02d}" for n in range(len(notebook["cells"]))]
    assert not any("execution" in cell["metadata"] for cell in notebook["cells"])
    nbformat.validate(notebook)


def nbval(folder):
    command = [sys.executable, "-m", "pytest", "chapters/lessons.ipynb"]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


@pytest.fixture
def small_project(tmp_path):
    """A copy of the project with one notebook."""
    for name in ("data", "chapters/casebook"):
        shutil.copytree(PROJECT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "tests/nbval-sanitize.cfg", "chapters/lessons.ipynb"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        shutil.copy(PROJECT / name, tmp_path / name)
    return tmp_path


def test_a_changed_fact_fails_the_notebooks_that_show_it(small_project):
    assert nbval(small_project).returncode == 0
    lessons = small_project / "data" / "lessons.csv"
    lessons.write_text(lessons.read_text().replace("Watch for TA-TMA", "Wait for TA-TMA"))
    result = nbval(small_project)
    assert result.returncode == 1 and "Wait for TA-TMA" in result.stdout


def test_a_changed_stored_output_fails(small_project):
    path = small_project / "chapters" / "lessons.ipynb"
    path.write_text(path.read_text().replace("Plan the two treatments as one", "Plan the two treatments as two"))
    assert nbval(small_project).returncode == 1


def test_the_sanitizer_takes_out_the_picture_alone():
    config = (PROJECT / "tests" / "nbval-sanitize.cfg").read_text()
    assert config.count("regex:") == 1 and "(?s)<svg .*?</svg>" in config


def test_refresh_changes_no_byte_of_what_is_stored():
    path = PROJECT / "chapters" / "lessons.ipynb"
    assert refresh.run(path) == path.read_text(encoding="utf-8")


def test_a_failing_notebook_leaves_every_stored_one_as_it_was(small_project, monkeypatch, capsys):
    chapters = small_project / "chapters"
    good, bad = chapters / "lessons.ipynb", chapters / "raises.ipynb"
    good.write_text(good.read_text().replace('"execution_count": 1', '"execution_count": 7'))
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("1 / 0")])
    nbformat.write(notebook, bad)
    before = good.read_bytes(), bad.read_bytes()
    monkeypatch.setattr(refresh, "CHAPTERS", chapters)
    assert refresh.main() == 1
    assert (good.read_bytes(), bad.read_bytes()) == before
    assert "raises.ipynb failed; no notebook was changed" in capsys.readouterr().err
