"""Submissions are looked through before they are graded: a copied cell is named, with who copied it."""

import nbformat
import pytest
from conftest import PROJECT

from tools.classroom import check_submissions, workbook

SOURCE = nbformat.read(PROJECT / "chapters" / "exercises.ipynb", as_version=4)
FIRST = next(n for n, cell in enumerate(SOURCE.cells) if cell.metadata.get("nbgrader", {}).get("solution"))
NAME = SOURCE.cells[FIRST].metadata["nbgrader"]["grade_id"]


@pytest.fixture
def course(tmp_path):
    """A course in which two students have handed in what they were given."""
    for place in ("source", "submitted/ada", "submitted/ben"):
        folder = tmp_path / place / "exercises"
        folder.mkdir(parents=True)
        nbformat.write(workbook.for_students(SOURCE), folder / "exercises.ipynb")
    return tmp_path


def hand_in(course, student, change):
    path = course / "submitted" / student / "exercises" / "exercises.ipynb"
    notebook = nbformat.read(path, as_version=4)
    change(notebook.cells)
    nbformat.write(notebook, path)


def copy(cell):
    """A cell as Jupyter pastes it: with its metadata, and an id of its own."""
    return nbformat.from_dict(cell | {"id": "pasted"})


def test_each_cell_once_can_be_graded(course, capsys):
    assert check_submissions.main(course) == 0
    assert capsys.readouterr().out == "2 submissions: each cell once. They can be graded.\n"


@pytest.mark.parametrize("at", [0, FIRST + 1, -1])
def test_a_copied_cell_is_named_with_its_student_wherever_it_was_pasted(at, course, capsys):
    hand_in(course, "ben", lambda cells: cells.insert(at if at >= 0 else len(cells), copy(cells[FIRST])))
    assert check_submissions.main(course) == 1
    said = capsys.readouterr().out
    assert said.startswith(f"ben, exercises.ipynb: {NAME} stands in cells ") and said.count("\n") == 1


def test_a_cell_that_was_taken_out_is_named(course, capsys):
    hand_in(course, "ada", lambda cells: cells.pop(FIRST))
    assert check_submissions.main(course) == 1
    assert capsys.readouterr().out.startswith(f"ada, exercises.ipynb: {NAME} is missing")


@pytest.mark.parametrize("text", ["", "{", "[]", '{"cells": 3}', '{"cells": [{}]}', '{"cells": [[]]}'])
def test_what_is_no_notebook_is_said_and_stops_nobody_else(text, course, capsys):
    (course / "submitted" / "ada" / "exercises" / "exercises.ipynb").write_text(text)
    hand_in(course, "ben", lambda cells: cells.append(copy(cells[FIRST])))
    assert check_submissions.main(course) == 1
    ada, ben = capsys.readouterr().out.splitlines()
    assert ada == "ada, exercises.ipynb: it cannot be read as a notebook: ask for it again." and ben.startswith("ben, ")


def test_where_nothing_was_handed_in_it_is_said(tmp_path, capsys):
    assert check_submissions.main(tmp_path) == 1
    assert "Nothing was found" in capsys.readouterr().out
