"""nbval compares what it is given: these tests make sure that it is given everything, and that notebooks run alike."""

import json
import os
import shutil
import subprocess
import sys

import nbformat
import pytest
from chapters_text import WORKBOOK, cells, notebooks
from conftest import PROJECT

from tools.build import refresh
from tools.project import kernels

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


def nbval(folder, **variables):
    command = [sys.executable, "-m", "pytest", "chapters/lessons.ipynb"]
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
    assert nbval(small_project).returncode == 0
    path.write_text(stored.replace("'x': [1]", "'x': [2]"), encoding="utf-8")
    assert nbval(small_project).returncode == 1


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


def test_refresh_changes_no_byte_of_what_is_stored():
    path = PROJECT / "chapters" / "lessons.ipynb"
    assert refresh.run(path) == path.read_text(encoding="utf-8")


@pytest.fixture
def a_few(tmp_path, monkeypatch):
    """Writes notebooks of one cell, and runs them one after the other in one kernel: gives the cell of each."""
    monkeypatch.setattr(kernels, "AT_ONCE", 1)
    (tmp_path / "chapters").mkdir()

    def run(*sources):
        paths = [tmp_path / "chapters" / f"{number}.ipynb" for number in range(len(sources))]
        # The largest is run first, and they shall be run in the order that they are given in.
        for number, (path, source) in enumerate(zip(paths, sources)):
            padding = nbformat.v4.new_markdown_cell(" " * 1000 * (len(sources) - number))
            nbformat.write(nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source), padding]), path)
        return [nbformat.reads(text, as_version=4).cells[0] for text in kernels.run_all(paths).values()]

    return run


def test_a_notebook_finds_nothing_that_another_left_in_the_kernel(a_few):
    first, second = a_few(
        "left = 1; _", "import os; print('left' in globals(), 'Out' in globals(), len(In), os.getpid())"
    )
    assert first.execution_count == second.execution_count == 1
    assert second.outputs[0].text.startswith("False True 2 ")


def test_one_kernel_runs_several_notebooks(a_few):
    first, second = a_few("import os; os.getpid()", "import os; os.getpid()")
    assert first.outputs[0].data == second.outputs[0].data


def test_a_notebook_that_fails_or_ends_its_kernel_does_not_keep_others_from_running(a_few, capfd):
    with pytest.raises(kernels.NotebooksFailed) as raised:
        a_few("1 / 0", "import os; os._exit(1)", "print('fine')")
    said = str(raised.value).splitlines()
    assert said[0] == "0.ipynb failed: ZeroDivisionError: division by zero"
    assert said[1].startswith("1.ipynb failed: Kernel died")
    assert len(said) == 2 and " 3 of 3  2.ipynb" in capfd.readouterr().out


def test_a_result_that_cannot_be_shown_fails_its_notebook(a_few):
    shown = "class Shown:\n    def _repr_html_(self):\n        return 1 / 0\nShown()"
    with pytest.raises(kernels.NotebooksFailed, match=r"0\.ipynb failed: ZeroDivisionError: division by zero, while"):
        a_few(shown)


def test_somebodys_profile_and_path_do_not_reach_the_kernels(a_few, tmp_path, monkeypatch):
    startup = tmp_path / "profile" / "profile_default" / "startup"
    startup.mkdir(parents=True)
    (startup / "mine.py").write_text("mine = 1")
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path / "profile"))
    monkeypatch.setenv("PYTHONPATH", str(tmp_path / "theirs"))
    monkeypatch.setenv("PYTHONWARNINGS", "error")
    (cell,) = a_few("import sys; print('mine' in globals(), *sys.path, *sys.warnoptions, sep='\\n')")
    lines = cell.outputs[0].text.splitlines()
    assert lines[0] == "False" and str(tmp_path / "chapters") in lines
    assert not [line for line in lines if "theirs" in line or line == "error"]


def test_a_failing_notebook_leaves_every_stored_one_as_it_was(small_project, capsys):
    chapters = small_project / "chapters"
    good, bad = chapters / "lessons.ipynb", chapters / "raises.ipynb"
    good.write_text(good.read_text().replace('"execution_count": 1', '"execution_count": 7'))
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("1 / 0")])
    nbformat.write(notebook, bad)
    before = good.read_bytes(), bad.read_bytes()
    assert refresh.refresh(chapters) == 1
    assert (good.read_bytes(), bad.read_bytes()) == before
    said = capsys.readouterr().err
    assert said == "raises.ipynb failed: ZeroDivisionError: division by zero\nNo notebook was changed.\n"
