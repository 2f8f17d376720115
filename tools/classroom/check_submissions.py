"""Look through what students handed in before nbgrader grades it: each answer once, and none taken out.

python check_submissions.py   # in the folder of the course, before `nbgrader autograde exercises`

A cell that a student copied keeps its name for nbgrader. nbgrader then gives the student no points, speaks of an old
version of the metadata, and leaves out whoever comes after. This says who, and which cells; it changes nothing.
It needs Python alone.
"""

import json
import sys
from pathlib import Path


def names(path: Path) -> list[tuple[int, str]]:
    """The cells that nbgrader knows: the place of each, counted from 1, and its name.

    Raises
    ------
    ValueError
        If the file is no notebook.
    """
    try:
        cells = json.loads(path.read_text(encoding="utf-8-sig"))["cells"]
        known = [(number, cell["metadata"].get("nbgrader", {})) for number, cell in enumerate(cells, start=1)]
        return [(number, about["grade_id"]) for number, about in known if about.get("grade_id")]
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        raise ValueError("it cannot be read as a notebook: ask for it again") from None


def problems(path: Path, wanted: list[str]) -> list[str]:
    """What must be mended in one notebook before it is graded.

    Parameters
    ----------
    path : Path
    wanted : list of str
        The names of the cells of the source.
    """
    try:
        found = names(path)
    except ValueError as error:
        return [str(error)]
    said = []
    for name in dict.fromkeys(one for _, one in found):
        places = [str(number) for number, one in found if one == name]
        if len(places) > 1:
            where = f"{', '.join(places[:-1])} and {places[-1]}"
            said.append(f"{name} stands in cells {where}: keep the one that answers, and take out the others")
    lost = [name for name in wanted if name not in {one for _, one in found}]
    return said + [f"{name} is missing: put the cell back from the assignment, or give no points" for name in lost]


def main(course: Path) -> int:
    """Say of every submission what must be mended; 1 if anything must, or nothing was handed in."""
    wrong = handed_in = 0
    for source in sorted(course.glob("source/*/*.ipynb")):
        wanted = [name for _, name in names(source)]
        for path in sorted(course.glob(f"submitted/*/{source.parent.name}/{source.name}")):
            handed_in += 1
            for said in problems(path, wanted):
                wrong += 1
                print(f"{path.relative_to(course).parts[1]}, {path.name}: {said}.")
    if not handed_in:
        print("Nothing was found in the folder `submitted`: submitted/STUDENT/exercises/exercises.ipynb is looked for.")
    elif not wrong:
        print(f"{handed_in} submissions: each cell once. They can be graded.")
    return 1 if wrong or not handed_in else 0


if __name__ == "__main__":
    sys.exit(main(Path.cwd()))
