"""Try the exercises with nbgrader itself: make the students' edition, hand in three submissions, grade them.

PYTHONPATH=. python tests/making/try_nbgrader.py COURSE   # the folder `nbgrader` of the zip for teachers, unpacked

A right submission must get all points, and a wrong and an empty one none; the students' edition must hold no solution.
A submission with a copied cell must be found before it is graded.
Run by `make test-classroom` in an environment of its own, because nbgrader stays out of the book's.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat

from tools.classroom import check_submissions, workbook

ASSIGNMENT = "exercises"


def nbgrader(course: Path, command: str) -> None:
    """Run a command of nbgrader in the course.

    Raises
    ------
    SystemExit
        If it fails, with what it said.
    """
    run = [sys.executable, "-m", "nbgrader", command, ASSIGNMENT]
    done = subprocess.run(run, cwd=course, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"nbgrader {command} failed:\n{done.stdout[-2000:]}\n{done.stderr[-4000:]}")


def answered(released: Path, source: Path, which: str) -> nbformat.NotebookNode:
    """The released notebook with the answers of a right, a wrong or an empty submission."""
    _, found = workbook.exercises(nbformat.read(source, as_version=4))
    answers = {f"{one.name}-answer": {"right": one.solution, "wrong": one.wrong[0]}.get(which) for one in found}
    notebook = nbformat.read(released, as_version=4)
    for cell in notebook.cells:
        if answer := answers.get(cell.metadata.get("nbgrader", {}).get("grade_id")):
            cell.source = answer
    return notebook


def main(course: Path) -> int:
    """Try it, and say what each submission got."""
    # nbgrader calls tools of its own environment by their names.
    os.environ["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    from nbgrader.api import Gradebook

    nbgrader(course, "generate_assignment")
    released = course / "release" / ASSIGNMENT
    text = (released / "exercises.ipynb").read_text(encoding="utf-8")
    source = course / "source" / ASSIGNMENT / "exercises.ipynb"
    _, found = workbook.exercises(nbformat.read(source, as_version=4))
    kept = [mark for mark in (workbook.BEGIN, workbook.END, workbook.WRONG) if mark in text]
    if kept:
        raise SystemExit(f"the students' edition holds {', '.join(kept)}")
    for which in ("right", "wrong", "empty"):
        shutil.copytree(released, course / "submitted" / which / ASSIGNMENT)
        notebook = answered(released / "exercises.ipynb", source, which)
        nbformat.write(notebook, course / "submitted" / which / ASSIGNMENT / "exercises.ipynb")
    copied = course / "submitted" / "copied" / ASSIGNMENT
    shutil.copytree(course / "submitted" / "right" / ASSIGNMENT, copied)
    notebook = nbformat.read(copied / "exercises.ipynb", as_version=4)
    first = next(cell for cell in notebook.cells if cell.metadata.get("nbgrader", {}).get("solution"))
    notebook.cells.append(nbformat.from_dict(first | {"id": "pasted"}))
    nbformat.write(notebook, copied / "exercises.ipynb")
    if not check_submissions.main(course):
        raise SystemExit("a copied cell was not found")
    shutil.rmtree(copied.parent)
    if check_submissions.main(course):
        raise SystemExit("submissions without a copied cell were refused")
    nbgrader(course, "autograde")
    with Gradebook(f"sqlite:///{course / 'gradebook.db'}") as gradebook:
        for which in ("right", "wrong", "empty"):
            got = gradebook.find_submission(ASSIGNMENT, which)
            print(f"{which}: {got.score:g} of {got.max_score:g} points, {len(found)} exercises")
            if got.score != (got.max_score if which == "right" else 0):
                raise SystemExit(f"a {which} submission should have got {'all' if which == 'right' else 'no'} points")
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]).resolve()))
