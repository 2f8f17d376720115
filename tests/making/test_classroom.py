"""The two zips: no solution is anywhere in the students', all of it in the teachers', and both open from disk."""

import io
import json
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import nbformat
import pytest
from casebook.classroom import handouts
from chapters_text import CHAPTERS, WORKBOOK
from conftest import PROJECT, copy_project
from made_up import live
from pypdf import PdfReader
from site_pages import PAGES

from tools.build import downloads
from tools.classroom import slides, workbook, zips
from tools.project import archive, chromium, kernels

# Planted in everything that is for teachers alone.
CANARY = "canary-of-the-teacher"


@pytest.fixture(scope="module")
def planted(tmp_path_factory, executed):
    """Both editions of a project with a canary in solutions, wrong answers, outputs, guide and notes."""
    project = copy_project(tmp_path_factory.mktemp("planted") / "book", ignore=["*.ipynb"])
    for name in ("classroom", "LICENSE", "requirements-classroom.txt"):
        source = PROJECT / name
        if source.is_dir():
            (project / name).mkdir()
            for path in source.iterdir():
                (project / name / path.name).write_text(path.read_text(encoding="utf-8"), encoding="utf-8")
        else:
            (project / name).write_text(source.read_text(encoding="utf-8"), encoding="utf-8")
    for path in CHAPTERS.glob("*.ipynb"):
        (project / "chapters" / path.name).write_bytes(path.read_bytes())
    results = {project / "chapters" / path.name: text for path, text in executed.items()}
    solved = nbformat.read(WORKBOOK, as_version=4)
    for cell in solved.cells:
        if workbook.BEGIN in cell.source:
            lines = [f'canary = "{CANARY}"', f"# WRONG {CANARY}"]
            cell.source = cell.source.replace(workbook.END, "\n".join([*lines, workbook.END]))
            cell.outputs = [nbformat.v4.new_output("stream", text=CANARY)]
    results[project / "chapters" / "exercises.ipynb"] = nbformat.writes(solved)
    guide, deck = project / "classroom" / "instructor-guide.md", project / "classroom" / "slides.md"
    guide.write_text(f"{guide.read_text(encoding='utf-8')}\n{CANARY}\n", encoding="utf-8")
    deck.write_text(deck.read_text(encoding="utf-8").replace("???\n", f"???\n{CANARY}\n"), encoding="utf-8")
    return {
        edition: zips.contents(project, results, live(), edition=edition, pdf={"case-1": b"%PDF"})
        for edition in zips.HELD
    }


@pytest.fixture(scope="module")
def editions(executed):
    return {edition: zips.contents(PROJECT, executed, live(), edition=edition) for edition in zips.HELD}


def test_no_canary_is_anywhere_in_the_students_edition(planted):
    found = [name for name, content in planted[zips.STUDENT].items() if CANARY.encode() in content]
    assert found == []
    holding = {name for name, content in planted[zips.INSTRUCTOR].items() if CANARY.encode() in content}
    assert {"notebooks/solutions.ipynb", "instructor-guide.html", "instructor-guide.md", "slides.html",
            "nbgrader/source/exercises/exercises.ipynb"} == holding  # fmt: skip


def test_no_solution_is_anywhere_in_the_students_edition(editions):
    _, found = workbook.exercises(nbformat.read(WORKBOOK, as_version=4))
    marks = [workbook.BEGIN, workbook.END, workbook.WRONG, *(one.solution for one in found)]
    marks += [said.said.splitlines()[0] for said in slides.read((PROJECT / "classroom/slides.md").read_text())]
    for name, content in editions[zips.STUDENT].items():
        text = content.decode("utf-8", "replace")
        if name.endswith(".ipynb"):
            text = "\n".join("".join(cell["source"]) for cell in json.loads(text)["cells"]) + text
        assert not [mark for mark in marks if mark in text], name


def test_sheets_for_paper_hold_no_feedback(editions):
    said = set(live().options["feedback"])
    for name, content in editions[zips.STUDENT].items():
        if name.startswith("handouts/"):
            text = content.decode()
            assert "<details" not in text and not [one for one in said if len(one.split()) > 6 and one in text], name


def test_the_site_links_the_zips_that_hold_no_solution(site):
    page = (site / "chapters" / "classroom.html").read_text(encoding="utf-8")
    zips_of_site = ["classroom-student.zip", "classroom-teacher.zip"]
    assert all(f'href="../{name}"' in page for name in zips_of_site)
    assert "make classroom" in re.sub("<[^>]+>", "", page)
    assert sorted(path.name for path in site.glob("*.zip")) == zips_of_site
    for zip_ in zips_of_site:
        with zipfile.ZipFile(site / zip_) as file:
            for name in file.namelist():
                assert workbook.BEGIN.encode() not in file.read(name), name
            assert f"{Path(zip_).stem}/start.html" in file.namelist()
            assert (f"{Path(zip_).stem}/instructor-guide.html" in file.namelist()) == ("teacher" in zip_)


def test_plans_slides_and_sheets_agree(site, editions):
    book, sheets = live(), {path.stem for path in (site / "class" / "handouts").glob("*.html")}
    deck = slides.read((PROJECT / "classroom/slides.md").read_text(encoding="utf-8"))
    shown = set(book.plan["slide"].dropna())
    assert set(book.plan["sheet"].dropna()) <= sheets and shown <= set(range(1, len(deck) + 1))
    for minutes in set(book.plan["plan"]):
        rows = handouts.plan(book, minutes)
        assert rows["Slide"].dropna().is_monotonic_increasing and rows["If late"].notna().any()
        assert rows["What"].str.startswith("Slack").sum() == 1
        for page in rows["Page"].dropna():
            name, _, part = handouts.page_addresses(book)[page].partition("#")
            assert f'id="{part}"' in (site / "chapters" / name).read_text(encoding="utf-8") or not part, page
    # The longest plan shows every slide: between two of its slots lie slides of the first.
    starts = sorted({1, *book.plan[book.plan["plan"] == 90]["slide"].dropna()})
    assert max(late - early for early, late in zip(starts, [*starts[1:], len(deck) + 1])) <= 3
    # It has what no other class has; the shorter one has one of the two.
    assert {"your case", "who lived long enough"} <= set(handouts.plan(book, 90)["Page"])
    assert "who-lived-long-enough" in set(handouts.plan(book, 60, in_zip=True)["Page"])
    guide = editions[zips.TEACHER]["instructor-guide.html"].decode()
    for link in re.findall(r'href="([^"#]+)', guide):
        assert link in editions[zips.TEACHER], link


def test_the_site_holds_no_solution(site):
    _, found = workbook.exercises(nbformat.read(WORKBOOK, as_version=4))
    for path in site.rglob("*"):
        if path.suffix in (".html", ".js", ".ipynb", ".json", ".csv", ".txt"):
            text = path.read_text(encoding="utf-8")
            assert workbook.BEGIN not in text and "canary" not in text.lower(), path.name
            assert found[0].solution not in text, path.name
    assert not list(site.rglob("exercises*")) and "chapters/exercises" not in PAGES


def test_both_editions_have_what_a_class_needs(editions):
    cases = live().stages["case_id"].unique()
    both = {"start.html", "drill.html", "who-lived-long-enough.html"}
    both |= {"slides.html", "handouts/rules.html", "requirements.txt", "LICENSE",
            "notebooks/exercises.ipynb", "notebooks/discussion.ipynb", "notebooks/made-up-class.csv",
            "notebooks/casebook/__init__.py", "notebooks/data/datapackage.json"}  # fmt: skip
    both |= {name.format(case) for case in cases for name in ("{}.html", "handouts/{}.html", "notebooks/{}.ipynb")}
    assert both <= set(editions[zips.STUDENT]) and both <= set(editions[zips.INSTRUCTOR])
    assert set(editions[zips.STUDENT]) < set(editions[zips.INSTRUCTOR])
    for names in (set(editions[zips.STUDENT]), set(editions[zips.INSTRUCTOR])):
        assert not [name for name in names if "__pycache__" in name or name.startswith(("/", ".."))]


def test_every_link_of_the_first_page_leads_somewhere(editions):
    for held in editions.values():
        links = re.findall(r'href="([^"]+)"', held["start.html"].decode())
        assert len(links) > 8 and set(links) <= set(held)


def test_the_pages_are_those_of_the_same_data_as_the_book(editions, executed):
    stored = nbformat.reads(executed[CHAPTERS / "practice.ipynb"], as_version=4)
    outputs = [o.get("data", {}).get("text/html", "") for c in stored.cells for o in c.get("outputs", [])]
    drawn = [one for one in outputs if 'class="unfolding' in one]
    assert len(drawn) == 3
    for name, shown in zip(("case-1", "case-2", "drill"), drawn):
        assert shown in editions[zips.STUDENT][f"{name}.html"].decode()


def test_notebooks_for_students_carry_no_roles_and_no_outputs(editions):
    for name, content in editions[zips.STUDENT].items():
        if name.endswith(".ipynb"):
            notebook = nbformat.reads(content.decode(), as_version=4)
            nbformat.validate(notebook)
            for cell in notebook.cells:
                assert cell.cell_type == "code" or not re.search(r"\{\w+[:\w]*\}`|^:::|^```\{", cell.source, re.M)
                assert not cell.get("outputs"), name


def test_what_is_installed_is_what_the_book_was_checked_with():
    pins = dict(line.split("==") for line in zips.requirements(PROJECT).splitlines() if "==" in line)
    lock = (PROJECT / "requirements.txt").read_text(encoding="utf-8")
    assert set(pins) == set(zips.NEEDED)
    assert all(re.search(rf"(?m)^{name}=={re.escape(version)}\b", lock) for name, version in pins.items())
    assert "nbgrader" not in lock and "nbgrader==" in (PROJECT / "requirements-classroom.txt").read_text()


def unpacked(editions, folder):
    """The students' notebooks in a folder, with the library and the data beside them."""
    for name, content in editions[zips.STUDENT].items():
        if name.startswith("notebooks/"):
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
    return folder / "notebooks"


def test_the_library_finds_the_data_beside_it(editions, tmp_path):
    folder = unpacked(editions, tmp_path)
    code = "from casebook import data; from casebook.classroom import unfolding; "
    code += "print(data.DATA, len(unfolding.unfold(data.load(), 'case-1').stages))"
    said = subprocess.run([sys.executable, "-c", code], cwd=folder, capture_output=True, text=True, check=True).stdout
    assert said.split() == [str(folder / "data"), "4"]


def test_the_notebooks_run_from_top_to_bottom(editions, tmp_path):
    """All of the students' notebooks in a kernel: checks of exercises fail politely, and nothing else does."""
    paths = sorted(unpacked(editions, tmp_path).glob("*.ipynb"))
    for path, text in kernels.run_all(paths).items():
        errors = [o for c in nbformat.reads(text, as_version=4).cells if c.cell_type == "code"
                  for o in c.outputs if o.output_type == "error"]  # fmt: skip
        assert {error.ename for error in errors} <= {"AssertionError"}, path.name
        assert bool(errors) == (path.name == "exercises.ipynb")


def test_the_same_files_make_the_same_zip(editions, tmp_path):
    one = archive.pack(tmp_path / "one.zip", editions[zips.STUDENT], "classroom-student")
    again = archive.pack(tmp_path / "two.zip", dict(reversed(editions[zips.STUDENT].items())), "classroom-student")
    assert one.read_bytes() == again.read_bytes()
    with zipfile.ZipFile(one) as file:
        assert {name.partition("/")[0] for name in file.namelist()} == {"classroom-student"}


def test_every_slide_and_exercise_that_the_guide_names_exists():
    guide = (PROJECT / "classroom" / "instructor-guide.md").read_text(encoding="utf-8")
    _, found = workbook.exercises(nbformat.read(WORKBOOK, as_version=4))
    deck = slides.read((PROJECT / "classroom" / "slides.md").read_text(encoding="utf-8"))
    for word, most in (("exercise", len(found)), ("slide", len(deck))):
        named = [
            int(n)
            for run in re.findall(rf"{word}s? ((?:\d+(?:, | and | to )?)+)", guide)
            for n in re.findall(r"\d+", run)
        ]
        assert named and max(named) <= most, word
    for minutes in (30, 60, 90):
        assert f"## {minutes} minutes" in guide


def test_pdfs_are_made_where_a_browser_is(browser):
    pdf = zips.printed({"one": slides.page("One", "<h1>One</h1>"), "rules": zips.handouts(PROJECT, live())["rules"]})
    assert all(one.startswith(b"%PDF") and b"D:20260101000000" in one for one in pdf.values())
    assert len(PdfReader(io.BytesIO(pdf["rules"])).pages) == 1


def test_papers_are_slides_without_notes_and_every_sheet(editions):
    papers = zips.papers(PROJECT, live())
    assert set(papers) == {"slides", *(Path(name).stem for name in editions[zips.STUDENT] if "handouts/" in name)}
    assert "<aside" not in papers["slides"]


def test_slides_and_sheets_are_listed_where_the_classroom_has_room_for_them(tmp_path):
    release, site = tmp_path / "dist", tmp_path / "html"
    files = {"book-1.pdf": "The book.", "classroom-slides.pdf": "Slides.", "classroom-rules-sheet.pdf": "Rules."}
    for folder in (release, site):
        folder.mkdir()
    for name in files:
        (release / name).write_bytes(b"%PDF")
    listed = [{"name": name, "bytes": 4, "what": what} for name, what in files.items()]
    told = {"inputs": "now", "released": "2026-01-01", "files": listed}
    (release / downloads.MANIFEST).write_text(json.dumps(told), encoding="utf-8")
    page = f"{downloads.ROOM}\n<p>a</p></div>{downloads.ROOM_OF_CLASS}\n<p>b</p></div>"
    (site / "index.html").write_text(page, encoding="utf-8")
    assert downloads.add(site, release, "now") == list(files)
    made = (site / "index.html").read_text(encoding="utf-8")
    book, class_ = made.split(downloads.ROOM_OF_CLASS)
    assert "book-1.pdf" in book and "book-1.pdf" not in class_
    assert class_.count("<li>") == 2 and "classroom-slides.pdf" in class_ and "classroom" not in book
    assert downloads.without({"index.html": made.encode()})["index.html"].decode() == page


SMALLEST = """() => Math.min(...[...document.querySelectorAll("body *")].filter((one) => one.checkVisibility()
  && !one.closest("script, style") && [...one.childNodes].some((node) => node.nodeType === 3 && node.data.trim()))
  .map((one) => parseFloat(getComputedStyle(one).fontSize) * 0.75))"""


def test_each_sheet_is_one_side_of_paper_in_type_of_nine_points(browser, tmp_path):
    found = {}
    for name, sheet in zips.handouts(PROJECT, live()).items():
        path = tmp_path / f"{name}.html"
        path.write_text(sheet, encoding="utf-8")
        page = browser.new_page()
        page.emulate_media(media="print")
        page.goto(path.as_uri())
        found[name] = round(page.evaluate(SMALLEST), 1)
        pages = PdfReader(io.BytesIO(page.pdf(prefer_css_page_size=True))).pages
        assert [tuple(round(side) for side in one.mediabox[2:]) for one in pages] == [(595, 842)], name
        page.close()
    assert len(found) == 5 and min(found.values()) >= 9, found


def test_without_a_browser_the_zips_are_made_all_the_same(monkeypatch, capsys):
    monkeypatch.setattr(chromium, "find", lambda: None)
    assert zips.printed({"one": "<p>"}) == {} and "not as PDF" in capsys.readouterr().out
