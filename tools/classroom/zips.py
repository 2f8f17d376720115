"""The two zips for a class, from the same data as the book.

python -m tools.classroom   # writes _build/classroom-student.zip and _build/classroom-instructor.zip

Both hold pages that need a browser alone (cases, drill, slides, handouts), notebooks with the library and its data,
and what to install. Solutions, guide, rubric and notes are in the zip for teachers only. Two zips of one state are the
same, byte for byte, but for the PDFs of another Chromium.
"""

import csv
import re
import subprocess
import tempfile
from pathlib import Path

import nbformat
from markdown_it import MarkdownIt

from tools import PROJECT
from tools.classroom import slides, workbook
from tools.project import archive, chromium, identity, kernels

CHAPTERS = PROJECT / "chapters"
STUDENT, INSTRUCTOR = "classroom-student", "classroom-instructor"
EXERCISES = "exercises.ipynb"
# What the notebooks of the zips import; the pins are those of the book.
NEEDED = ("pandas", "numpy", "scipy", "pybtex", "altair", "vl-convert-python", "ipykernel")
UNUSED = re.compile(r"(?m)^(from casebook import .*), pages$|^pages\.store\(.*\)$")  # prose has no place in them
BEGIN = "from casebook import charts, data\nfrom casebook.classroom import unfolding, vignettes\n\nbook = data.load()"
TO_GRADE = "Made-up patients to grade"


def pages_of(book, *, paper: bool) -> dict[str, tuple[str, str]]:
    """Each case in stages, and the drill: caption and HTML by the name of the file; on paper without feedback."""
    from casebook import charts
    from casebook.classroom import unfolding, vignettes

    cases = dict.fromkeys(book.stages["case_id"])
    drawn = {case_id: charts.case_in_stages(unfolding.unfold(book, case_id), paper=paper) for case_id in cases}
    drawn["drill"] = charts.to_grade(vignettes.drill(book), TO_GRADE, paper=paper)
    return {name: (one.caption, one.html) for name, one in drawn.items()}


def case_pages(book) -> dict[str, str]:
    """A page for each case in stages, and one for the drill, by file name."""
    found = pages_of(book, paper=False).items()
    return {f"{name}.html": _with_heading(caption, body, _look()) for name, (caption, body) in found}


def handouts(project: Path, book) -> dict[str, str]:
    """Sheets for paper, without feedback: one a case, the drill, and the rules that `classroom/sheet.csv` names."""
    from casebook import charts
    from casebook.classroom import handouts

    made = pages_of(book, paper=True).items()
    found = {name: _with_heading(caption, body, _look("paper")) for name, (caption, body) in made}
    with (project / "classroom" / "sheet.csv").open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    rules = "\n".join(charts.table(handouts.sheet_of_rules(book, row["instrument"]), row["title"]).html for row in rows)
    title = "The rules, as they are used here; for teaching with made-up findings"
    return found | {"rules": _with_heading(title, rules, _look("paper", "sheet"))}


def _with_heading(title: str, body: str, style: str) -> str:
    return slides.page(title, f"<h1>{title}</h1>\n{body}", style=style)


def _look(*more: str) -> str:
    paths = [PROJECT / "_static" / "classroom.css", *(slides.PAGES / f"{name}.css" for name in more)]
    return "\n".join(path.read_text(encoding="utf-8") for path in paths)


def notebooks(book) -> dict[str, nbformat.NotebookNode]:
    """Notebooks for JupyterLab: no roles and no directives, outputs left to whoever runs them."""

    def made(title: str, *sources: str) -> nbformat.NotebookNode:
        cells = [nbformat.v4.new_markdown_cell(f"# {title}\n\n{identity.NO_ADVICE}")]
        cells += [nbformat.v4.new_code_cell(source) for source in sources]
        return nbformat.v4.new_notebook(cells=cells)

    found = {
        name: made(caption, BEGIN, f'charts.case_in_stages(unfolding.unfold(book, "{name}"))')
        for name, (caption, _) in pages_of(book, paper=False).items()
    }
    found["drill"] = made("Grading drill", BEGIN, f'charts.to_grade(vignettes.drill(book), "{TO_GRADE}")')
    stored = nbformat.read(CHAPTERS / "script-concordance.ipynb", as_version=4)
    sources = [UNUSED.sub(r"\1", cell.source).rstrip() for cell in stored.cells if cell.cell_type == "code"]
    found["script-concordance"] = made("A discussion without a key", *sources)
    return found


def _written(notebook: nbformat.NotebookNode) -> bytes:
    return kernels.in_normal_form(notebook).encode()


def requirements(project: Path) -> str:
    """The pins of the packages that the notebooks of the zips import."""
    pins = dict(re.findall(r"(?m)^([\w.-]+)==([\w.]+)", (project / "requirements.in").read_text(encoding="utf-8")))
    head = "# For the notebooks. Besides, something that opens notebooks, such as JupyterLab (pip install jupyterlab)."
    return "\n".join([head, *(f"{name}=={pins[name]}" for name in NEEDED), ""])


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


def chapters_of(project: Path) -> list[Path]:
    """The notebooks whose results `contents` needs."""
    chapters, source = project / "chapters", (project / "classroom" / "slides.md").read_text(encoding="utf-8")
    return [*slides.chapters_of(source, chapters), chapters / EXERCISES]


def contents(
    project: Path, executed: dict[Path, str], *, instructor: bool, pdf: dict[str, bytes] | None = None
) -> dict[str, bytes]:
    """All files of an edition by their names, without the folder that holds them.

    Parameters
    ----------
    project : Path
    executed : dict of Path to str
        The texts of executed notebooks, at least of those in `chapters_of`.
    instructor : bool
        With solutions, guide, rubric and notes.
    pdf : dict of str to bytes, optional
        What `printed` gives for `handouts`.
    """
    from casebook import data

    book = data.load()
    solved = nbformat.reads(executed[project / "chapters" / EXERCISES], as_version=4)
    held = {name: page.encode() for name, page in case_pages(book).items()}
    source = (project / "classroom" / "slides.md").read_text(encoding="utf-8")
    held["slides.html"] = slides.deck(source, book, executed, notes=instructor).encode()
    held |= {f"handouts/{name}.html": page.encode() for name, page in handouts(project, book).items()}
    held |= {f"handouts/{name}.pdf": content for name, content in (pdf or {}).items()}
    held |= {f"notebooks/{name}.ipynb": _written(notebook) for name, notebook in notebooks(book).items()}
    held["notebooks/exercises.ipynb"] = _written(workbook.for_students(solved))
    held["notebooks/made-up-class.csv"] = (CHAPTERS / "made-up-class.csv").read_bytes()
    library = archive.below(CHAPTERS / "casebook", CHAPTERS) | archive.below(project / "data", project)
    held |= {f"notebooks/{name}": content for name, content in library.items()}
    held["requirements.txt"] = requirements(project).encode()
    held |= archive.below(project / "LICENSE", project)
    if instructor:
        guide = (project / "classroom" / "instructor-guide.md").read_text(encoding="utf-8")
        body = MarkdownIt("commonmark").enable("table").render(guide)
        held["instructor-guide.html"] = slides.page("Guide for teachers", body).encode()
        held["instructor-guide.md"] = guide.encode()
        held["notebooks/solutions.ipynb"] = _written(solved)
        held["requirements-classroom.txt"] = (project / "requirements-classroom.txt").read_bytes()
        held |= course(identity.citation(project)["name"], solved, library)
    held["start.html"] = _start(project, book, sorted(held), instructor).encode()
    return held


def course(name: str, solved: nbformat.NotebookNode, library: dict[str, bytes]) -> dict[str, bytes]:
    """A course of one assignment for nbgrader: source, library, data, and what looks through submissions."""
    unrun = workbook.unrun(solved)
    found = {"nbgrader/source/exercises/exercises.ipynb": _written(unrun)}
    found |= {f"nbgrader/source/exercises/{name}": content for name, content in library.items()}
    check = "check_submissions.py"
    found[f"nbgrader/{check}"] = Path(__file__).with_name(check).read_bytes()
    found["nbgrader/nbgrader_config.py"] = (
        f'c = get_config()\nc.CourseDirectory.course_id = "{name}"\n'
        'c.ClearSolutions.code_stub = {"python": "# your answer takes the place of None"}\n'
    ).encode()
    return found


def _start(project: Path, book, names: list[str], instructor: bool) -> str:
    """What to click."""
    told = {f"{name}.html": caption for name, (caption, _) in pages_of(book, paper=False).items()}
    told |= {
        "slides.html": "Slides: arrows go on and back" + "; N shows the notes" * instructor,
        "instructor-guide.html": "Guide: objectives, plans, what to print, rubric",
    }
    links = "\n".join(f'<li><a href="{name}">{said}</a></li>' for name, said in told.items() if name in names)
    sheets = [name for name in names if name.startswith("handouts/")]
    printed_ = "\n".join(f'<li><a href="{name}">{name.removeprefix("handouts/")}</a></li>' for name in sheets)
    whose = "teachers" if instructor else "students"
    title = f"{identity.heading(identity.citation(project))}: for {whose}"
    solutions = ", or with <code>solutions.ipynb</code>" if instructor else ""
    how = "<p>Install Python 3.11 or later and the packages of <code>requirements.txt</code>, open the folder "
    how += f"<code>notebooks</code> in JupyterLab, and begin with <code>exercises.ipynb</code>{solutions}.</p>"
    body = f"<h1>{title}</h1>\n<p>No network is needed for these pages.</p>\n<ul>{links}</ul>\n"
    body += f"<h2>To print</h2>\n<ul>{printed_}</ul>\n<h2>Notebooks</h2>\n{how}"
    return slides.page(title, body)


def write(project: Path, folder: Path, *, paper: bool = True) -> list[Path]:
    """Write both zips into a folder; `paper`: whether handouts are printed, too, which needs Chromium."""
    from casebook import data

    pdf = printed(handouts(project, data.load())) if paper else {}
    executed = kernels.results(chapters_of(project))
    return [
        archive.pack(folder / f"{name}.zip", contents(project, executed, instructor=instructor, pdf=pdf), name)
        for name, instructor in ((STUDENT, False), (INSTRUCTOR, True))
    ]


def main() -> int:
    """Write both zips, and say where they are."""
    folder = PROJECT / "_build"
    folder.mkdir(exist_ok=True)
    for target in write(PROJECT, folder):
        size = target.stat().st_size / 1e6
        print(f"Done. {size:.1f} MB, to be unpacked anywhere and opened at start.html:\n  {target}")
    return 0
