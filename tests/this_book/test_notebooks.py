"""nbval compares what it is given: these tests make sure that it is given everything, and that notebooks run alike."""

import json
import os
import re
import shutil
import subprocess
import sys

import nbformat
import pytest
from chapters_text import WORKBOOK, cells, notebooks
from conftest import PROJECT

from tools.build import refresh

NOTEBOOKS = pytest.mark.parametrize("path", [*notebooks(), WORKBOOK], ids=lambda path: path.name)


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


def nbval(folder, *more, **variables):
    command = [sys.executable, "-m", "pytest", "chapters/lessons.ipynb", *more]
    environment = {**os.environ, **variables}
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)


@pytest.fixture
def small_project(tmp_path):
    """A copy of the project with one notebook."""
    for name in ("data", "chapters/casebook"):
        shutil.copytree(PROJECT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "tests/nbval-sanitize.cfg", "chapters/lessons.ipynb"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        shutil.copy(PROJECT / name, tmp_path / name)
    return tmp_path


def test_a_changed_fact_and_a_changed_stored_output_fail_the_notebook_that_shows_them(small_project):
    lessons, path = small_project / "data" / "lessons.csv", small_project / "chapters" / "lessons.ipynb"
    lessons.write_text(lessons.read_text().replace("Watch for TA-TMA", "Wait for TA-TMA"))
    path.write_text(path.read_text().replace("Plan the two treatments as one", "Plan the two treatments as two"))
    result = nbval(small_project)
    assert result.returncode == 1
    assert "Wait for TA-TMA" in result.stdout and "Plan the two treatments as two" in result.stdout


def test_a_changed_figure_fails_though_its_drawing_is_not_compared(small_project):
    path = small_project / "chapters" / "lessons.ipynb"
    cells = [nbformat.v4.new_code_cell(source) for source in (
        "import altair as alt\nimport pandas as pd\nfrom casebook import charts",
        "alt.Chart(pd.DataFrame({'x': [1]}), title={'text': 'Made up', 'subtitle': ['made up']}, description='Made up')"
        ".mark_point().encode(x='x')",
    )]  # fmt: skip
    nbformat.write(nbformat.v4.new_notebook(cells=cells), path)
    stored = refresh.run(path)
    assert "<svg" not in stored and "chart-specification" not in stored and "(picture)" in stored
    path.write_text(stored, encoding="utf-8")
    changed = path.with_name("changed.ipynb")
    changed.write_text(stored.replace("'x': [1]", "'x': [2]"), encoding="utf-8")
    result = nbval(small_project, f"chapters/{changed.name}")
    assert result.returncode == 1 and set(re.findall(r"(?m)^FAILED chapters/(\w+)", result.stdout)) == {"changed"}


def test_the_chapters_refuse_the_library_of_another_checkout(small_project):
    other = small_project / "other"
    shutil.copytree(PROJECT / "chapters" / "casebook", other / "casebook")
    result = nbval(small_project, PYTHONPATH=str(other))
    assert result.returncode == 1
    assert f"{other / 'casebook'} was found before {small_project / 'chapters' / 'casebook'}" in result.stdout


def test_what_the_site_shows_is_what_is_stored(site):
    results = {path.name: path for path in (site.parent / "notebooks").iterdir()}
    assert set(results) == {path.name for path in [*notebooks(), WORKBOOK]}
    different = [
        path.name
        for path in [*notebooks(), WORKBOOK]
        if path.read_text(encoding="utf-8") != refresh.as_stored(results[path.name].read_text(encoding="utf-8"))
    ]
    assert different == [], "run `make refresh`"


def test_stored_notebooks_can_be_read_in_a_review():
    paths = [*notebooks(), WORKBOOK]
    assert sum(path.stat().st_size for path in paths) <= 1_000_000
    assert max(path.stat().st_size for path in paths) <= 150_000


def test_a_failing_notebook_leaves_every_stored_one_as_it_was(small_project, capsys):
    chapters = small_project / "chapters"
    (chapters / "lessons.ipynb").unlink()
    good, bad = chapters / "fine.ipynb", chapters / "raises.ipynb"
    for path, source in ((good, "1 + 1"), (bad, "1 / 0")):
        nbformat.write(nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source, execution_count=7)]), path)
    before = good.read_bytes(), bad.read_bytes()
    assert refresh.refresh(chapters) == 1
    assert (good.read_bytes(), bad.read_bytes()) == before
    said = capsys.readouterr().err
    assert said == "raises.ipynb failed: ZeroDivisionError: division by zero\nNo notebook was changed.\n"
