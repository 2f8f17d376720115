"""The notebook of exercises: what stands in it, and how the edition for students is made of it.

One source, `chapters/exercises.ipynb`, in nbgrader's format. A cell for an answer holds a stub, and between
`### BEGIN SOLUTION` and `### END SOLUTION` the solution and, as comments that begin with `# WRONG `, usual wrong
answers. Students get the stub alone.
"""

from __future__ import annotations

import copy
from dataclasses import dataclass

import nbformat

BEGIN, END, WRONG = "### BEGIN SOLUTION", "### END SOLUTION", "# WRONG "


@dataclass(frozen=True)
class Exercise:
    """One exercise: the cells given before it, its stub, its solution, wrong answers, and its check."""

    name: str
    given: tuple[str, ...]
    stub: str
    solution: str
    wrong: tuple[str, ...]
    check: str


def without_solution(source: str) -> str:
    """A cell as students get it.

    Raises
    ------
    ValueError
        If a region is opened and not closed, or closed and not opened.
    """
    kept, inside = [], False
    for line in source.splitlines():
        if line.strip() in (BEGIN, END):
            if inside == (line.strip() == BEGIN):
                raise ValueError(f"{line.strip()} does not stand in turn with its other half")
            inside = not inside
        elif not inside:
            kept.append(line)
    if inside:
        raise ValueError(f"{BEGIN} has no {END}")
    return "\n".join(kept).rstrip()


def exercises(notebook: nbformat.NotebookNode) -> tuple[tuple[str, ...], tuple[Exercise, ...]]:
    """The setup cells of a notebook, and its exercises.

    Raises
    ------
    ValueError
        If an answer has no solution or no check.
    """
    setup, found, given = [], [], []
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    for at, cell in enumerate(code):
        about = cell.metadata["nbgrader"]
        if about["solution"]:
            after = code[at + 1] if at + 1 < len(code) else None
            if BEGIN not in cell.source or after is None or not after.metadata["nbgrader"]["grade"]:
                raise ValueError(
                    f"{about['grade_id']}: an answer needs a solution, and the next cell must be its check"
                )
            inside = cell.source.partition(BEGIN)[2].partition(END)[0].splitlines()
            solution = "\n".join(line for line in inside if not line.startswith(WRONG)).strip()
            wrong = tuple(line.removeprefix(WRONG) for line in inside if line.startswith(WRONG))
            name = about["grade_id"].removesuffix("-answer")
            found.append(Exercise(name, tuple(given), without_solution(cell.source), solution, wrong, after.source))
            given = []
        elif not about["grade"]:
            (given if found or setup else setup).append(cell.source)
    return tuple(setup), tuple(found)


def unrun(notebook: nbformat.NotebookNode) -> nbformat.NotebookNode:
    """The same notebook without outputs: what nbgrader takes as its source."""
    made = copy.deepcopy(notebook)
    for cell in made.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    return made


def for_students(notebook: nbformat.NotebookNode) -> nbformat.NotebookNode:
    """The edition for students: no solution, no output; a check that fails lets the cells below it run."""
    made = unrun(notebook)
    for cell in made.cells:
        if cell.cell_type == "code":
            cell.source = without_solution(cell.source)
            if cell.metadata.get("nbgrader", {}).get("grade"):
                cell.metadata["tags"] = ["raises-exception"]
    return made
