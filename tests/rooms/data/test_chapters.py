"""What pages ask of the tables and a book lacks is found before anything is run, with file and line."""

import dataclasses

import nbformat
import pytest
from casebook import data
from casebook.__main__ import main
from casebook.data import chapters
from conftest import PROJECT
from made_up import live
from made_up_strokes import AGE, ANN, BEA, write_strokes


@pytest.fixture
def folder(tmp_path):
    """A book of two made-up patients without a page."""
    write_strokes(tmp_path / "data")
    (tmp_path / "chapters" / "tables").mkdir(parents=True)
    (tmp_path / "_toc.yml").write_text("root: chapters/index\nchapters:\n- file: chapters/page\n")
    (tmp_path / "chapters" / "index.md").write_text("# Index\n")
    return tmp_path


def book_of(folder):
    """The two patients as what the book is about, with a gap and a source."""
    book = data.load(folder / "data")
    gap = {"gap_id": f"{ANN}-age", "case_id": ANN, "topic": "age"}
    rows = {"topics": [AGE], "gaps": [gap], "sources": [{"source_id": "doe2020"}]}
    more = {name: getattr(book, name).reindex([0]).assign(**row[0]) for name, row in rows.items()}
    return dataclasses.replace(book, cases=book.cases.assign(role="index"), **more)


def found(folder, text, name="page.md"):
    path = folder / "chapters" / name
    if name.endswith(".ipynb"):
        cells = [nbformat.v4.new_code_cell("x = 1"), nbformat.v4.new_markdown_cell(text)]
        nbformat.write(nbformat.v4.new_notebook(cells=cells), path)
    else:
        path.write_text(text)
    return chapters.dangling(book_of(folder), folder / "chapters", folder / "data")


RIGHT = [
    f"{{fact}}`{ANN}-stroke`", f"{{fact}}`the wait <{ANN}-wait>`", f"{{fact}}`{ANN}`",
    f"{{gap}}`{ANN}-age`", f"{{gap}}`age, {ANN}-age`",
    "{basis}`stated`", f"{{basis}}`{ANN}-stroke, {BEA}-surgery`",
    "{cite:p}`doe2020`", "[index](index.md)", "[index](index.md#top)", "[a place](a-place)",
    "[far](https://example.org/page.md)", "```{data-table} events\n```", "```{data-table} sources\n```",
]  # fmt: skip
WRONG = [
    ("{fact}`the stroke <made-up-cy-stroke>`", "unknown fact 'made-up-cy-stroke'; name a row of cases, events or bounds"),
    ("{fact}`{ANN}`", "unknown fact '{ANN}'"),
    (f"{{gap}}`{ANN}-age, weather`", "unknown gap 'weather'; name a row or a topic of gaps"),
    ("{basis}`guessed`", "unknown basis 'guessed'; use one of stated, or name rows"),
    ("{cite:p}`doe2020, roe2021`", "unknown source 'roe2021'"),
    ("[there](there.ipynb)", "a link to there.ipynb, which is no page of this book"),
    ("[there](tables/there.md#row)", "a link to tables/there.md, which is no page"),
    ("```{data-table} morals\n```", "a table morals, which the data package lacks"),
]  # fmt: skip
# ruff: noqa: E501 (a table reads better with one row a line)


@pytest.mark.parametrize("name", ["page.md", "page.ipynb"])
def test_what_a_page_names_and_the_book_has_is_let_through(name, folder):
    assert found(folder, "\n\n".join(RIGHT), name) == []


@pytest.mark.parametrize(("text", "said"), WRONG)
@pytest.mark.parametrize("name", ["page.md", "page.ipynb"])
def test_what_a_page_names_and_the_book_lacks_is_told_with_its_place(name, text, said, folder):
    (sentence,) = found(folder, f"# Page\n\nA line.\n{text}\n", name)
    lines = (folder / "chapters" / name).read_text().splitlines()
    place, _, told = sentence.partition(": ")
    number = int(place.removeprefix(f"chapters/{name}, line "))
    assert said in told and text.splitlines()[0] in lines[number - 1]


def test_captions_of_figures_and_texts_of_tables_are_read_too(folder):
    (folder / "chapters" / "page.ipynb").write_text(nbformat.writes(nbformat.v4.new_notebook(cells=[
        nbformat.v4.new_code_cell("x = 1", metadata={"mystnb": {"figure": {"caption": "See {fact}`cy`."}}}),
    ])))  # fmt: skip
    path = folder / "data" / "lanes.csv"
    path.write_text(path.read_text().replace("vessels", "[vessels](there.md)"))
    caption, cell = chapters.dangling(book_of(folder), folder / "chapters", folder / "data")
    assert "unknown fact 'cy'" in caption and caption.startswith("chapters/page.ipynb, line ")
    assert cell.startswith("data/lanes.csv, line 2: a link to there.md")


def test_the_pages_of_a_book_are_those_of_its_contents(folder):
    """A file beside them is no page: nobody is led to it, and nothing is said of what it names."""
    assert len(found(folder, "[there](there.md) [nowhere](nowhere.md)")) == 2
    (folder / "chapters" / "there.md").write_text("{fact}`cy`")
    assert len(found(folder, "[there](there.md)")) == 1
    (folder / "_toc.yml").unlink()
    assert "unknown fact 'cy'" in "".join(found(folder, "[there](there.md)"))
    (folder / "_toc.yml").write_text("root: chapters/index\nchapters:\n- file: chapters/nowhere\n")
    assert found(folder, "") == ["_toc.yml, line 3: no page chapters/nowhere; write it, or take it out"]


def code(folder, *sources):
    cells = [nbformat.v4.new_code_cell(source) for source in sources]
    nbformat.write(nbformat.v4.new_notebook(cells=cells), folder / "chapters" / "page.ipynb")


def test_a_page_needs_the_tables_of_what_it_calls_and_no_others(folder):
    code(
        folder,
        "from casebook import data, timeline\nbook = data.load()\nbook.traits",
        "timeline.course(book, 'surgery')",
    )
    asked = chapters.needs(folder / "chapters")["page.ipynb"]
    assert asked["traits"] == "" and asked["lanes"] == "timeline.courses.course"
    assert "gaps" not in asked and "vignettes" not in asked
    code(
        folder,
        "from casebook.classroom import vignettes as cards\ncards.vignette",
        "book.cases",
        "tables = {}\ntables.items()",
    )
    asked = chapters.needs(folder / "chapters")["page.ipynb"]
    assert asked["vignettes"] == "classroom.vignettes.vignette" and asked["cases"] == "" and "items" not in asked


def test_a_role_needs_the_tables_that_the_site_reads_for_it(folder):
    (folder / "chapters" / "page.md").write_text("{gap}`age`")
    assert set(chapters.needs(folder / "chapters")["page.md"]) == {"cases", "gaps", "topics"}


def test_a_table_that_a_room_needs_is_told_before_anything_is_run(folder, capsys):
    code(folder, "from casebook.classroom import vignettes\nvignettes.vignette(book, 'one')\nbook.traits")
    assert main(str(folder / "data")) == 1
    said = capsys.readouterr().err
    assert "vignettes: not in the data package, and needed by page.ipynb (by classroom.vignettes); describe it" in said
    code(folder, "book.traits")
    assert main(str(folder / "data")) == 0
    assert "traits: has no row, and is read by page.ipynb." in capsys.readouterr().out
    (folder / "chapters" / "index.md").write_text("{fact}`made-up-cy`")
    assert main(str(folder / "data")) == 1
    assert "chapters/index.md, line 1: unknown fact 'made-up-cy'" in capsys.readouterr().err


def test_the_book_lacks_nothing_that_its_pages_ask_for():
    missing, _ = chapters.lacking(live(), PROJECT / "chapters")
    assert missing == [] == chapters.dangling(live(), PROJECT / "chapters", PROJECT / "data")
    asked = chapters.needs(PROJECT / "chapters")
    assert len(asked) > 20 and "vignettes" in asked["practice.ipynb"] and "vignettes" not in asked["outcomes.ipynb"]
