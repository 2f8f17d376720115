"""The exercises: a solution passes its check, a stub and the usual wrong answers fail it with a word of help."""

import re

import nbformat
import pytest
from chapters_text import WORKBOOK

from tools.classroom import workbook

SOLVED = nbformat.read(WORKBOOK, as_version=4)
SETUP, EXERCISES = workbook.exercises(SOLVED)
KEYS = {"grade", "grade_id", "locked", "schema_version", "solution", "task"}


@pytest.fixture(scope="module")
def before():
    """The names that each exercise finds when it begins."""
    names, found = {}, {}
    for source in SETUP:
        exec(source, names)
    for one in EXERCISES:
        for source in one.given:
            exec(source, names)
        found[one.name] = dict(names)
    return found


def checked(one, answer, before):
    """What the check says of an answer; nothing if it is content."""
    names = dict(before[one.name])
    exec(answer, names)
    try:
        exec(one.check, names)
    except AssertionError as error:
        return str(error)
    return ""


EACH = pytest.mark.parametrize("one", EXERCISES, ids=lambda one: one.name)


def test_there_are_ten_or_more():
    assert len(EXERCISES) >= 10 and len({one.name for one in EXERCISES}) == len(EXERCISES)


@EACH
def test_the_solution_passes(one, before):
    assert checked(one, one.solution, before) == ""


@EACH
def test_the_stub_fails_politely(one, before):
    assert checked(one, one.stub, before).endswith(".")


@EACH
def test_usual_wrong_answers_fail_and_are_told_more_than_that_they_are_wrong(one, before):
    assert len(one.wrong) >= 2
    for answer in one.wrong:
        assert len(checked(one, answer, before).split()) > 4, answer


@EACH
def test_no_check_holds_its_answer_or_how_it_is_found(one):
    """What is right is computed behind a door: nobody reads it off the cell below, or off the error that it shows."""
    value = one.solution.splitlines()[-1].partition("=")[2].strip() or one.solution
    assert value not in one.check and "hint = hints." in one.check and "assert not hint, hint" in one.check
    before = one.check.partition("assert not hint, hint")[0]
    assert not re.search(
        r"windows\(|proportion_interval|pooled\(|graded|\.lt\(|isin|mean\(", before.replace("graded_by_hand", "")
    )


def test_the_format_is_that_of_nbgrader():
    ids = []
    for cell in SOLVED.cells:
        about = cell.metadata["nbgrader"]
        assert KEYS <= set(about) <= KEYS | {"points"} and about["schema_version"] == 3
        assert about["locked"] is not about["solution"] and not about["task"]
        assert ("points" in about) == about["grade"] and about.get("points", 1) > 0
        assert (workbook.BEGIN in cell.source) == about["solution"]
        ids.append(about["grade_id"])
    assert len(ids) == len(set(ids))


def test_what_is_stored_holds_no_error():
    stored = [output.output_type for cell in SOLVED.cells for output in cell.get("outputs", [])]
    assert stored and "error" not in stored


def test_every_exercise_has_an_objective_and_a_time():
    texts = [cell.source for cell in SOLVED.cells if cell.cell_type == "markdown"][1:]
    assert len(texts) == len(EXERCISES)
    for number, text in enumerate(texts, 1):
        assert text.startswith(f"## {number}. ") and "*After this you can " in text and " minutes.*" in text


def test_no_cell_carries_a_role_or_a_directive():
    for cell in SOLVED.cells:
        assert cell.cell_type == "code" or not any(mark in cell.source for mark in ("{", "```", ":::")), cell.source


def test_a_course_gets_the_solution_away():
    source = "a = None\n### BEGIN SOLUTION\na = 1\n# WRONG a = 2\n### END SOLUTION\n"
    assert workbook.without_solution(source) == "a = None"


@pytest.mark.parametrize("source", ["### BEGIN SOLUTION\na = 1", "a = 1\n### END SOLUTION", "### BEGIN SOLUTION\n" * 2])
def test_a_region_that_is_not_closed_is_refused(source):
    with pytest.raises(ValueError, match="### "):
        workbook.without_solution(source)


def test_an_answer_without_a_check_is_refused():
    cells = [cell for cell in SOLVED.cells if not cell.metadata["nbgrader"]["grade"]]
    with pytest.raises(
        ValueError, match="place-answer: an answer needs a solution, and the next cell must be its check"
    ):
        workbook.exercises(nbformat.v4.new_notebook(cells=cells))


def test_students_get_no_solution_no_output_and_checks_that_let_the_rest_run():
    made = workbook.for_students(SOLVED)
    code = [cell for cell in made.cells if cell.cell_type == "code"]
    assert not any(cell.outputs or cell.execution_count for cell in code)
    assert not any("SOLUTION" in cell.source or workbook.WRONG in cell.source for cell in code)
    for cell in code:
        assert (cell.metadata.get("tags") == ["raises-exception"]) == cell.metadata["nbgrader"]["grade"]
    assert any(cell.outputs for cell in SOLVED.cells if cell.cell_type == "code"), "the stored one is as it was"
