"""The commands of the README do what it says, also on a bad day."""

import shutil
import subprocess
import sys

import build
import nbformat
import pytest
from conftest import PROJECT


@pytest.fixture
def small_book(tmp_path):
    """A copy of the project with two pages, to build quickly."""
    project = tmp_path / "book"
    ignore = shutil.ignore_patterns("__pycache__", "*.ipynb")
    for name in ("data", "chapters", "_ext", "_static"):
        shutil.copytree(PROJECT / name, project / name, ignore=ignore)
    shutil.copy(PROJECT / "_config.yml", project)
    shutil.copy(PROJECT / "chapters" / "lessons.ipynb", project / "chapters")
    shutil.copy(PROJECT / "chapters" / "comparison.ipynb", project / "chapters")
    everything = "# All\n\n" + "".join(f"{{cite}}`{key}`\n" for key in ("pan2026", "lee2019"))
    (project / "chapters" / "references.md").write_text(everything + "\n```{bibliography}\n```\n")
    (project / "_toc.yml").write_text("format: jb-book\nroot: chapters/references\nchapters:\n- file: chapters/page\n")
    write(project, "1 + 1")
    return project


def write(project, *sources):
    cells = [nbformat.v4.new_markdown_cell("# Page"), *map(nbformat.v4.new_code_cell, sources)]
    nbformat.write(nbformat.v4.new_notebook(cells=cells), project / "chapters" / "page.ipynb")


def snapshot(folder):
    return {path.relative_to(folder): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


@pytest.mark.parametrize("trouble", ["a notebook that raises", "an unknown basis word", "a contradiction in the data"])
def test_a_failed_build_says_so_and_leaves_the_earlier_site(trouble, small_book, tmp_path, capfd):
    output = tmp_path / "out"
    assert build.build(small_book, output) == 0
    before = snapshot(output / "html")
    assert before
    if trouble == "a notebook that raises":
        write(small_book, "1 / 0")
    elif trouble == "an unknown basis word":
        page = small_book / "chapters" / "references.md"
        page.write_text(page.read_text() + "\n{basis}`guessed`\n")
    else:
        path = small_book / "data" / "bounds.csv"
        path.write_text(path.read_text().replace(",0,14,", ",15,14,"))
        write(small_book, "from casebook import data\ndata.load()")
    assert build.build(small_book, output) != 0
    assert snapshot(output / "html") == before
    said = capfd.readouterr().err
    assert "A site that was built before is left as it was." in said
    wanted = {
        "a notebook that raises": "ZeroDivisionError",
        "an unknown basis word": "unknown basis 'guessed'",
        "a contradiction in the data": "bounds, row 5, column min_days: found '15'; expected at most max_days (14)",
    }
    assert wanted[trouble] in said


def test_two_builds_of_one_state_are_the_same(small_book, tmp_path):
    assert build.build(small_book, tmp_path / "one") == 0
    assert build.build(small_book, tmp_path / "two") == 0
    assert snapshot(tmp_path / "one" / "html") == snapshot(tmp_path / "two" / "html")


def test_the_lock_holds_exactly_what_is_asked_for():
    wanted = {
        line.split("#")[0].strip()
        for line in (PROJECT / "requirements.in").read_text().splitlines()
        if line.split("#")[0].strip()
    }
    lock = (PROJECT / "requirements.txt").read_text()
    locked = {line.split(" ")[0] for line in lock.splitlines() if "==" in line}
    assert wanted <= locked
    assert all("==" in line and "#" in line for line in _requirements()), "pinned, with a reason each"
    assert "--hash=sha256:" in lock and "://" not in lock


def _requirements():
    lines = (PROJECT / "requirements.in").read_text().splitlines()
    return [line for line in lines if line and not line.startswith("#")]


def test_a_python_that_is_too_old_is_told_so(monkeypatch):
    code = (
        "import sys; sys.version_info = (3, 10, 0, 'final', 0); import runpy; runpy.run_path('tools/check_python.py')"
    )
    result = subprocess.run([sys.executable, "-c", code], cwd=PROJECT, capture_output=True, text=True, check=False)
    assert result.returncode == 1 and "needs Python 3.11 to 3.14, and this is Python 3.10" in result.stderr


def test_without_a_browser_the_browser_tests_are_left_out_aloud_or_refused():
    command = [sys.executable, "-m", "pytest", "--collect-only", "tests/test_site.py"]
    nowhere = {"PATH": "/nowhere"}
    left_out = subprocess.run(command, cwd=PROJECT, env=nowhere, capture_output=True, text=True, check=False)
    assert "browser tests were LEFT OUT: no Chromium was found" in left_out.stdout
    refused = subprocess.run(
        command, cwd=PROJECT, env=nowhere | {"REQUIRE_BROWSER": "1"}, capture_output=True, text=True, check=False
    )
    assert refused.returncode != 0 and "REQUIRE_BROWSER=1, but no Chromium was found" in refused.stderr + refused.stdout
