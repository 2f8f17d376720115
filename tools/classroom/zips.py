"""The zips for a class, from the same data as the book.

python -m tools.classroom   # writes _build/classroom-student.zip, -teacher.zip, -instructor.zip, and PDFs beside them

All hold pages that need a browser alone (cases, drill, slides, handouts), notebooks with the library and its data,
and what to install. The zip for teachers has guide, rubric and notes as well, that for instructors the solutions, too:
it is not on the site. Two zips of one state are the same, byte for byte, but for the PDFs of another Chromium.
"""

import html
import re
import subprocess
import tempfile
from functools import lru_cache
from pathlib import Path

import nbformat
import pandas as pd
from markdown_it import MarkdownIt

from tools import PROJECT
from tools.classroom import slides, workbook
from tools.project import archive, chromium, identity, kernels

CHAPTERS = PROJECT / "chapters"
STUDENT, TEACHER, INSTRUCTOR = "classroom-student", "classroom-teacher", "classroom-instructor"
HELD = {STUDENT: (False, False), TEACHER: (True, False), INSTRUCTOR: (True, True)}  # with guide, with solutions
EXERCISES = "exercises.ipynb"
# What the notebooks of the zips import; the pins are those of the book.
NEEDED = ("pandas", "numpy", "scipy", "pybtex", "altair", "vl-convert-python", "ipykernel")
UNUSED = re.compile(r"(?m)^pages\.store\(.*\)\n")  # prose has no place in them
BEGIN = "from casebook import charts, data\nfrom casebook.classroom import unfolding, vignettes\n\nbook = data.load()"
DISCUSSION = "(discussion)="  # how the part of the practice begins that a class works in, in its notebook
TO_DISCUSS = "from casebook import charts, data\nfrom casebook.classroom import concordance\n\nbook = data.load()"
TO_GRADE = "Made-up patients to grade"


@lru_cache(maxsize=2)
def pages_of(book, *, paper: bool) -> dict[str, tuple[str, str]]:
    """Each case in stages, and the drill: caption and HTML by the name of the file; on paper without feedback."""
    from casebook import charts
    from casebook.classroom import vignettes

    drawn = {name: charts.case_in_stages(case, paper=paper) for name, case in _unfolded(book).items()}
    drawn["drill"] = charts.to_grade(vignettes.drill(book), TO_GRADE, paper=paper)
    return {name: (one.caption, one.html) for name, one in drawn.items()}


@lru_cache(maxsize=1)
def _unfolded(book) -> dict:
    from casebook.classroom import unfolding

    return {case_id: unfolding.unfold(book, case_id) for case_id in dict.fromkeys(book.stages["case_id"])}


def case_pages(book) -> dict[str, str]:
    """A page for each case in stages, and one for the drill, by file name."""
    found = pages_of(book, paper=False).items()
    script = (PROJECT / "_static" / "casebook-class.js").read_text(encoding="utf-8")
    pages = {f"{name}.html": _with_heading(caption, body, _look(), script) for name, (caption, body) in found}
    moves = (PROJECT / "_static" / "casebook-waiting.js").read_text(encoding="utf-8")
    return pages | {"who-lived-long-enough.html": _with_heading(*_waiting(), _look(), moves)}


def _waiting() -> tuple[str, str]:
    """The patients of `made-up-waiting.csv`, counted in two ways: caption and HTML."""
    from casebook import charts
    from casebook.classroom import immortal

    patients = immortal.read_waiting(CHAPTERS / "made-up-waiting.csv")
    drawn = charts.waiting_bars(patients, immortal.counted_both_ways(patients), immortal.AT)
    return drawn.caption, drawn.html


def handouts(project: Path, book) -> dict[str, str]:
    """Sheets for paper, without feedback: one a case, the drill, and the rules that `classroom/sheet.csv` names."""
    from casebook import charts
    from casebook.classroom import handouts

    made = pages_of(book, paper=True).items()
    found = {name: _with_heading(caption, body, _look("paper")) for name, (caption, body) in made}
    lines = pd.read_csv(project / "classroom" / "sheet.csv", dtype=str, keep_default_na=False)
    cards = handouts.grading_cards(book, lines).items()
    rules = "\n".join(charts.grading_card(card, title).html for title, card in cards)
    title = "The rules, as they are used here; for teaching with made-up findings"
    return found | {"rules": _with_heading(title, rules, _look("paper", "sheet"))}


def _with_heading(title: str, body: str, style: str, script: str = "") -> str:
    return slides.page(title, f"<h1>{title}</h1>\n{body}", style=style, script=script)


def _look(*more: str) -> str:
    paths = [PROJECT / "_static" / "classroom.css", *(slides.PAGES / f"{name}.css" for name in more)]
    own = slides.fonts() if "paper" in more else ""  # a sheet is one side on every machine
    return own + "\n".join(path.read_text(encoding="utf-8") for path in paths)


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
    stored = nbformat.read(CHAPTERS / "practice.ipynb", as_version=4).cells
    begin = next(at for at, cell in enumerate(stored) if cell.source.startswith(DISCUSSION))
    sources = [UNUSED.sub("", cell.source).rstrip() for cell in stored[begin:] if cell.cell_type == "code"]
    found["discussion"] = made("A discussion without a key", TO_DISCUSS, *sources)
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


def contents(
    project: Path, executed: dict[Path, str], book, *, edition: str, pdf: dict[str, bytes] | None = None
) -> dict[str, bytes]:
    """All files of an edition by their names, without the folder that holds them.

    Parameters
    ----------
    project : Path
    executed : dict of Path to str
        The texts of executed notebooks, at least that of the exercises.
    book : Casebook
        What is drawn of it for one edition is there for the others.
    edition : str
        A key of `HELD`: with guide, rubric and notes or not; with solutions or not.
    pdf : dict of str to bytes, optional
        What `printed` gives for `papers`.
    """
    guided, solutions = HELD[edition]
    solved = nbformat.reads(executed[project / "chapters" / EXERCISES], as_version=4)
    held = {name: page.encode() for name, page in case_pages(book).items()}
    source = (project / "classroom" / "slides.md").read_text(encoding="utf-8")
    held["slides.html"] = slides.deck(source, book, notes=guided).encode()
    held |= {f"handouts/{name}.html": page.encode() for name, page in handouts(project, book).items()}
    held |= {f"{'' if name == 'slides' else 'handouts/'}{name}.pdf": one for name, one in (pdf or {}).items()}
    held |= {f"notebooks/{name}.ipynb": _written(notebook) for name, notebook in notebooks(book).items()}
    held["notebooks/exercises.ipynb"] = _written(workbook.for_students(solved))
    held["notebooks/made-up-class.csv"] = (CHAPTERS / "made-up-class.csv").read_bytes()
    library = archive.below(CHAPTERS / "casebook", CHAPTERS) | archive.below(project / "data", project)
    held |= {f"notebooks/{name}": content for name, content in library.items()}
    held["requirements.txt"] = requirements(project).encode()
    held |= archive.below(project / "LICENSE", project)
    if guided:
        written = (project / "classroom" / "instructor-guide.md").read_text(encoding="utf-8")
        guide = slides.filled(written, plans(book))
        body = MarkdownIt("commonmark").enable("table").render(guide)
        held["instructor-guide.html"] = slides.page("Guide for teachers", body).encode()
        held["instructor-guide.md"] = guide.encode()
    if solutions:
        held["notebooks/solutions.ipynb"] = _written(solved)
        held["requirements-classroom.txt"] = (project / "requirements-classroom.txt").read_bytes()
        held |= course(identity.citation(project)["name"], solved, library)
    held["start.html"] = _start(project, book, sorted(held)).encode()
    return held


def plans(book) -> dict[str, str]:
    """What the guide of a zip takes from the tables, as Markdown: objectives, and the plans with links."""
    from casebook.classroom import handouts

    known = {"objectives": _markdown(book.objectives[["objective", "level", "where"]])}
    for minutes in dict.fromkeys(book.plan["plan"]):
        rows = handouts.plan(book, minutes, in_zip=True)
        rows["Slide"] = [None if pd.isna(n) else f"[{n}](slides.html#{n})" for n in rows["Slide"]]
        rows["Page"] = rows["Page"].map(lambda name: f"[{name}]({name}.html)", na_action="ignore")
        rows["Sheet"] = rows["Sheet"].map(lambda name: f"[{name}](handouts/{name}.html)", na_action="ignore")
        known[f"plan_{minutes}"] = _markdown(rows)
    known["to_print"] = handouts.said_to_print(book)
    return known


def _markdown(frame: pd.DataFrame) -> str:
    lines = [frame.columns, ["---"] * len(frame.columns), *frame.astype(object).fillna("").itertuples(index=False)]
    return "\n".join("| " + " | ".join(map(str, line)) + " |" for line in lines)


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


def _start(project: Path, book, names: list[str]) -> str:
    """What to read, project, open, print and run: the guide first, where there is one."""
    guided, solutions = "instructor-guide.html" in names, "notebooks/solutions.ipynb" in names
    cases = {f"{name}.html": caption for name, (caption, _) in pages_of(book, paper=False).items()}
    cases["who-lived-long-enough.html"] = _waiting()[0]
    begin = "solutions.ipynb" if solutions else "exercises.ipynb"
    parts = {
        "Read first": {"instructor-guide.html": "Guide: objectives, plans, what to print, rubric"} if guided else {},
        "Project": {"slides.html": "Slides: arrows go on and back" + "; N shows the notes" * guided},
        "Open": {name: caption for name, caption in cases.items() if name in names},
        "Print": {name: f"{sheet_title(book, Path(name).stem)} ({Path(name).suffix[1:].upper()})"
                  for name in names if name.startswith("handouts/") or name == "slides.pdf"},
    }  # fmt: skip
    title = f"{identity.heading(identity.citation(project))}: for {'teachers' if guided else 'students'}"
    body = f"<h1>{title}</h1>\n<p>No network is needed for these pages.</p>\n"
    for heading, links in parts.items():
        items = "\n".join(f'<li><a href="{name}">{html.escape(said)}</a></li>' for name, said in links.items())
        body += f"<h2>{heading}</h2>\n<ul>{items}</ul>\n" * bool(links)
    body += (
        "<h2>Run</h2>\n<p>Install Python 3.11 or later and the packages of <code>requirements.txt</code>, open the "
        f"folder <code>notebooks</code> in JupyterLab, and begin with <code>{begin}</code>.</p>"
    )
    return slides.page(title, body)


def sheet_title(book, name: str) -> str:
    """What is on a sheet, by the name of its file."""
    captions = {one: caption for one, (caption, _) in pages_of(book, paper=True).items()}
    return captions.get(name, {"slides": "The slides, without notes"}.get(name, "The rules for grading"))


def for_site(project: Path, executed: dict[Path, str], folder: Path) -> None:
    """Write what a class and its teacher find on the site: slides, guide, sheets, and the zips without solutions."""
    from casebook import data

    book = data.load()
    for edition in (STUDENT, TEACHER):
        kept = contents(project, executed, book, edition=edition)
        archive.pack(folder / f"{edition}.zip", kept, edition)
    for name in kept:
        if name in ("slides.html", "instructor-guide.html") or name.startswith("handouts/"):
            target = folder / "class" / name
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(kept[name])


def papers(project: Path, book) -> dict[str, str]:
    """What a class has on paper, as pages to be printed: the sheets, and the slides without notes."""
    source = (project / "classroom" / "slides.md").read_text(encoding="utf-8")
    return handouts(project, book) | {"slides": slides.deck(source, book, notes=False)}


def write(project: Path, folder: Path, *, paper: bool = True) -> list[Path]:
    """Write the zips into a folder, and beside them, with `paper`, slides and sheets as PDF, which needs Chromium."""
    from casebook import data

    book = data.load()
    pdf = printed(papers(project, book)) if paper else {}
    for name, content in pdf.items():
        (folder / f"classroom-{name}{'-sheet' * (name != 'slides')}.pdf").write_bytes(content)
    executed = kernels.results([project / "chapters" / EXERCISES])
    return [
        archive.pack(folder / f"{name}.zip", contents(project, executed, book, edition=name, pdf=pdf), name)
        for name in HELD
    ]


def main() -> int:
    """Write the zips, and say where they are."""
    folder = PROJECT / "_build"
    folder.mkdir(exist_ok=True)
    for target in write(PROJECT, folder):
        size = target.stat().st_size / 1e6
        print(f"Done. {size:.1f} MB, to be unpacked anywhere and opened at start.html:\n  {target}")
    return 0
