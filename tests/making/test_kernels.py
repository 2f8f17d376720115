"""Notebooks of one cell, run one after the other in one kernel: nothing is left behind, and what fails is named."""

import nbformat
import pytest

from tools.project import kernels


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
