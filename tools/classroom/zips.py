"""The two zips for a class, from the same data as the book.

python -m tools.classroom.zips   # writes _build/classroom-student.zip and _build/classroom-instructor.zip

Both hold pages that need a browser alone (cases, drill, slides, handouts), notebooks with the library and its data,
and what to install. Solutions, guide, rubric and notes are in the zip for teachers only. Two zips of one state are the
same, byte for byte, but for the PDFs of another Chromium.
"""

import re
import subprocess
import sys
import tempfile
from pathlib import Path

import nbformat
from markdown_it import MarkdownIt

from tools import PROJECT
from tools.classroom import slides, workbook
from tools.editions import offline
from tools.project import archive, chromium

CHAPTERS = PROJECT / "chapters"
STUDENT, INSTRUCTOR = "classroom-student", "classroom-instructor"
# What the notebooks of the zips import; the pins are those of the book.
NEEDED = ("pandas", "numpy", "scipy", "pybtex", "altair", "vl-convert-python", "ipykernel")
UNUSED = re.compile(r"(?m)^(from casebook import .*), pages$|^pages\.store\(.*\)$")  # prose has no place in them
CASES = {"case-1": "case-1", "case-2": "case-2", "made-up-start-to-end": "made-up-patient"}
RULES = {
    "crs": "CRS (ASTCT 2019)",
    "icans": "ICANS (ASTCT 2019), where ICE is used: not below 12 years",
    "gvhd_stage": "Acute GVHD: stages of organs (MAGIC 2016)",
    "gvhd_grade": "Acute GVHD: overall grade",
    "tma": "TA-TMA (harmonized 2023)",
}


def case_pages(book) -> dict[str, str]:
    """A page for each case in stages, and one for the drill, by file name."""
    from casebook import charts
    from casebook.classroom import unfolding, vignettes

    found = {}
    for case_id, name in CASES.items():
        drawn = charts.case_in_stages(unfolding.unfold(book, case_id))
        found[f"{name}.html"] = slides.page(drawn.caption, f"<h1>{drawn.caption}</h1>\n{drawn.html}", style=_look())
    drawn = charts.to_grade(vignettes.drill(book), "Made-up patients to grade")
    return found | {"drill.html": slides.page(drawn.caption, f"<h1>{drawn.caption}</h1>\n{drawn.html}", style=_look())}


def handouts(book) -> dict[str, str]:
    """Sheets for paper, without feedback: one a case, the drill, and the rules."""
    from casebook import charts
    from casebook.classroom import handouts, unfolding, vignettes

    found = {}
    for case_id, name in CASES.items():
        drawn = charts.case_in_stages(unfolding.unfold(book, case_id), paper=True)
        found[name] = slides.page(drawn.caption, f"<h1>{drawn.caption}</h1>\n{drawn.html}", style=_look("paper"))
    drawn = charts.to_grade(vignettes.drill(book), "Made-up patients to grade", paper=True)
    found["drill"] = slides.page(drawn.caption, f"<h1>{drawn.caption}</h1>\n{drawn.html}", style=_look("paper"))
    rules = "\n".join(charts.table(handouts.sheet_of_rules(book, name), title).html for name, title in RULES.items())
    title = "The rules, as they are used here; for teaching with made-up findings"
    return found | {"rules": slides.page(title, f"<h1>{title}</h1>\n{rules}", style=_look("paper", "sheet"))}


def _look(*more: str) -> str:
    paths = [PROJECT / "_static" / "classroom.css", *(slides.PAGES / f"{name}.css" for name in more)]
    return "\n".join(path.read_text(encoding="utf-8") for path in paths)


def notebooks() -> dict[str, nbformat.NotebookNode]:
    """Notebooks for JupyterLab: no roles and no directives, outputs left to whoever runs them."""

    def made(title: str, *sources: str) -> nbformat.NotebookNode:
        cells = [nbformat.v4.new_markdown_cell(f"# {title}\n\nTeaching material, no clinical advice.")]
        cells += [nbformat.v4.new_code_cell(source) for source in sources]
        return _in_order(nbformat.v4.new_notebook(cells=cells))

    begin = "from casebook import charts, concordance, data, unfolding, vignettes\n\nbook = data.load()"
    found = {
        name: made(f"{name.replace('-', ' ').capitalize()} in stages",
                   begin, f'charts.case_in_stages(unfolding.unfold(book, "{case_id}"))')
        for case_id, name in CASES.items()
    }  # fmt: skip
    found["drill"] = made("Grading drill", begin, 'charts.to_grade(vignettes.drill(book), "Made-up patients to grade")')
    stored = nbformat.read(CHAPTERS / "script-concordance.ipynb", as_version=4)
    sources = [cell.source for cell in stored.cells if cell.cell_type == "code"]
    sources = [
        re.sub(r"(?m)^(from casebook import .*), pages$|^pages\.store\(.*\)$", r"\1", source).rstrip()
        for source in sources
    ]
    found["script-concordance"] = made("A discussion without a key", *sources)
    return found


def _in_order(notebook: nbformat.NotebookNode) -> nbformat.NotebookNode:
    for number, cell in enumerate(notebook.cells):
        cell.id = f"cell-{number:02d}"
    notebook.metadata = {
        "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
        "language_info": {"name": "python"},
    }
    return notebook


def _written(notebook: nbformat.NotebookNode) -> bytes:
    return (nbformat.writes(notebook, indent=1, ensure_ascii=False) + "\n").encode()


def requirements(project: Path) -> str:
    """The pins of the packages that the notebooks of the zips import."""
    pins = dict(re.findall(r"(?m)^([\w.-]+)==([\w.]+)", (project / "requirements.in").read_text(encoding="utf-8")))
    head = (
        "# For the notebooks. Besides, something that opens notebooks, such as JupyterLab (pip install jupyterlab).\n"
    )
    return head + "".join(f"{name}=={pins[name]}\n" for name in NEEDED)


def printed(pages: dict[str, str]) -> dict[str, bytes]:
    """Pages as PDF, by a Chromium; nothing where there is none."""
    browser = chromium.find()
    if not browser:
        print("No Chromium was found: the handouts are in the zips as pages, and not as PDF.")
        return {}
    found = {}
    with tempfile.TemporaryDirectory() as folder:
        for name, page in pages.items():
            source, target = Path(folder, f"{name}.html"), Path(folder, f"{name}.pdf")
            source.write_text(page, encoding="utf-8")
            command = [browser, "--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking"]
            command += ["--no-pdf-header-footer", f"--user-data-dir={folder}/profile", f"--print-to-pdf={target}"]
            subprocess.run([*command, source.as_uri()], check=True, capture_output=True, timeout=120)
            # When it was printed is no part of the sheet.
            found[name] = re.sub(rb"\(D:\d{14}", b"(D:20260101000000", target.read_bytes())
    return found


def contents(
    project: Path, *, instructor: bool, pdf: dict[str, bytes] | None = None, results: Path | None = None
) -> dict[str, bytes]:
    """All files of an edition by their names, without the folder that holds them.

    Parameters
    ----------
    project : Path
    instructor : bool
        With solutions, guide, rubric and notes.
    pdf : dict of str to bytes, optional
        What `printed` gives for `handouts`.
    results : Path, optional
        Where executed notebooks stand; as they are stored if left out.
    """
    from casebook import data

    book = data.load()
    solved = nbformat.read(project / "chapters" / "exercises.ipynb", as_version=4)
    held = {name: page.encode() for name, page in case_pages(book).items()}
    source = (project / "classroom" / "slides.md").read_text(encoding="utf-8")
    held["slides.html"] = slides.deck(source, book, results or project / "chapters", notes=instructor).encode()
    for name, page in handouts(book).items():
        held[f"handouts/{name}.html"] = page.encode()
    held |= {f"handouts/{name}.pdf": content for name, content in (pdf or {}).items()}
    held |= {f"notebooks/{name}.ipynb": _written(notebook) for name, notebook in notebooks().items()}
    held["notebooks/exercises.ipynb"] = _written(workbook.for_students(solved))
    held["notebooks/made-up-class.csv"] = (CHAPTERS / "made-up-class.csv").read_bytes()
    library = offline.files(CHAPTERS / "casebook", "") | offline.files(project / "data", "")
    held |= {f"notebooks/{name}": content for name, content in library.items()}
    held["requirements.txt"] = requirements(project).encode()
    held |= offline.files(project / "LICENSE", "")
    if instructor:
        guide = (project / "classroom" / "instructor-guide.md").read_text(encoding="utf-8")
        body = MarkdownIt("commonmark").enable("table").render(guide)
        held["instructor-guide.html"] = slides.page("Guide for teachers", body).encode()
        held["instructor-guide.md"] = guide.encode()
        held["notebooks/solutions.ipynb"] = _written(solved)
        held["requirements-classroom.txt"] = (project / "requirements-classroom.txt").read_bytes()
        held |= course(solved, library)
    held["start.html"] = _start(sorted(held), instructor).encode()
    return held


def course(solved: nbformat.NotebookNode, library: dict[str, bytes]) -> dict[str, bytes]:
    """A course of one assignment for nbgrader: source, library, data, and what looks through submissions."""
    unrun = workbook.unrun(solved)
    found = {"nbgrader/source/exercises/exercises.ipynb": _written(unrun)}
    found |= {f"nbgrader/source/exercises/{name}": content for name, content in library.items()}
    check = "check_submissions.py"
    found[f"nbgrader/{check}"] = Path(__file__).with_name(check).read_bytes()
    found["nbgrader/nbgrader_config.py"] = (
        b'c = get_config()\nc.CourseDirectory.course_id = "two-courses"\n'
        b'c.ClearSolutions.code_stub = {"python": "# your answer takes the place of None"}\n'
    )
    return found


def _start(names: list[str], instructor: bool) -> str:
    """What to click."""
    told = {
        "case-1.html": "Case 1 in stages: the record's",
        "case-2.html": "Case 2 in stages: the record's",
        "made-up-patient.html": "A patient from start to end: made up",
        "drill.html": "Grading drill: made up",
        "slides.html": "Slides: arrows go on and back" + "; N shows the notes" * instructor,
        "instructor-guide.html": "Guide: objectives, plans, what to print, rubric",
    }
    links = "\n".join(f'<li><a href="{name}">{said}</a></li>' for name, said in told.items() if name in names)
    sheets = [name for name in names if name.startswith("handouts/")]
    printed_ = "\n".join(f'<li><a href="{name}">{name.removeprefix("handouts/")}</a></li>' for name in sheets)
    title = "Two courses after anti-CD7 CAR T cells: for " + ("teachers" if instructor else "students")
    how = (
        "<p>Install Python 3.11 or later and the packages of <code>requirements.txt</code>, open the folder "
        "<code>notebooks</code> in JupyterLab, and begin with <code>exercises.ipynb</code>"
        + (", or with <code>solutions.ipynb</code>" if instructor else "")
        + ".</p>"
    )
    body = f"<h1>{title}</h1>\n<p>No network is needed for these pages.</p>\n<ul>{links}</ul>\n"
    body += f"<h2>To print</h2>\n<ul>{printed_}</ul>\n<h2>Notebooks</h2>\n{how}"
    return slides.page(title, body)


def write(project: Path, folder: Path, *, paper: bool = True) -> list[Path]:
    """Write both zips into a folder; `paper`: whether handouts are printed, too, which needs Chromium."""
    from casebook import data

    pdf, targets = printed(handouts(data.load())) if paper else {}, []
    for name, instructor in ((STUDENT, False), (INSTRUCTOR, True)):
        targets.append(folder / f"{name}.zip")
        held = contents(project, instructor=instructor, pdf=pdf)
        archive.pack(targets[-1], held, name)
    return targets


def main() -> int:
    """Write both zips, and say where they are."""
    folder = PROJECT / "_build"
    folder.mkdir(exist_ok=True)
    for target in write(PROJECT, folder):
        size = target.stat().st_size / 1e6
        print(f"Done. {size:.1f} MB, to be unpacked anywhere and opened at start.html:\n  {target}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
