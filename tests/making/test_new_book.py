"""A book of one's own: from an empty folder to a whole book of other patients, in which nothing of this one is left."""

import json
import os
import re
import shutil
import subprocess
import sys

import pytest
from conftest import PROJECT

from tools.author import book, commands, engine, tables

CASES = PROJECT / "tests" / "cases"
STROKES, SONG, IDA = (CASES / f"{name}.json" for name in ("made-up-strokes", "song-2024", "made-up-all-days"))
# What could stand in no book of two strokes.
FIRST_BOOK = re.compile(
    r"\bCAR\b|\bCRS\b|cytokine|GVHD|\bTMA\b|HSCT|leuk|infusion|transplant|T-ALL|CD7|\bgraft|Pan et al|wo courses|tumor"
)
# Each is a command of its own, as whose main module it is run; one process imports what they share once.
EDITIONS = """
import runpy, sys
for name in ("offline", "epub", "pdf"):
    try:
        runpy.run_module(f"tools.editions.{name}", run_name="__main__", alter_sys=True)
    except SystemExit as end:
        if end.code:
            sys.exit(f"{name} ended with {end.code}")
"""
TITLE = "Two strokes: a made-up case report"


def rows_of(path):
    from casebook.exchange import case_files

    return case_files.completed_rows(case_files.read_case_file(path))


def made(path, anchors=(), lanes=()):
    return tables.made(PROJECT / "data", rows_of(path), list(anchors), list(lanes))


def in_book(folder, *arguments):
    """Run a command in a book, as its Makefile does."""
    command = [sys.executable, *arguments]
    variables = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    return subprocess.run(command, cwd=folder, env=variables, capture_output=True, text=True, check=False)


@pytest.fixture(scope="session")
def strokes(tmp_path_factory):
    """The book of two strokes, made by the command and run once; not to be changed."""
    folder = tmp_path_factory.mktemp("made") / "strokes"
    assert commands.main(["new", str(folder), "--title", TITLE, "--from", str(STROKES)]) == 0
    return folder


@pytest.fixture
def copied(strokes, tmp_path):
    """A copy of it that a test may break."""
    return shutil.copytree(strokes, tmp_path / "strokes", ignore=shutil.ignore_patterns("_build", "__pycache__"))


def texts(folder):
    """Every text of a book outside its engine."""
    account = engine.account_of(folder)
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        apart = engine.APART & set(path.relative_to(folder).parts)
        if path.is_file() and not apart and name != engine.NAME and name not in account.files:
            yield name, path.read_text(encoding="utf-8")


def test_no_word_of_this_book_stands_in_it_outside_the_engine(strokes):
    found = {name: set(FIRST_BOOK.findall(text)) for name, text in texts(strokes)}
    assert len(found) > 20 and {name: words for name, words in found.items() if words} == {}
    assert engine.leftovers(strokes) == [] and engine.changed(strokes, engine.account_of(strokes)) == []


def test_it_is_built_opened_without_a_network_exported_and_passes_its_own_tests(strokes):
    """Its tests open each page with the network off, follow every link, and check the exports."""
    said = in_book(strokes, "-m", "tools.build")
    assert said.returncode == 0, said.stderr
    said = in_book(strokes, "-m", "pytest", "-n", "0")
    assert said.returncode == 0, said.stdout
    said = in_book(strokes, "-c", EDITIONS)
    assert said.returncode == 0, said.stderr
    built = {path.name for path in (strokes / "_build").iterdir()}
    assert {"two-strokes-offline.zip", "two-strokes.epub", "two-strokes.pdf"} <= built
    index = (strokes / "_build" / "html" / "chapters" / "index.html").read_text(encoding="utf-8")
    assert "Olga had one named complication, with a day; Paul had one" in index
    assert "#D55E00" in index and "#0072B2" in index, "each patient has a color of its own"
    pages = (strokes / "_build" / "html").rglob("*.html")
    shown = {path.name: re.sub(r"(?s)<(script|style).*?</\1>|<[^>]*>", " ", path.read_text("utf-8")) for path in pages}
    assert {name: FIRST_BOOK.findall(text) for name, text in shown.items() if FIRST_BOOK.search(text)} == {}


def test_a_book_without_a_patient_and_without_any_room_that_can_be_left_out_is_built(tmp_path):
    folder = tmp_path / "bare"
    without = ",".join(engine.ROOMS)
    assert commands.main(["new", str(folder), "--title", "病例", "--without", without]) == 0
    rooms = {path.name for path in (folder / "chapters" / "casebook").iterdir() if path.is_dir()}
    assert rooms.isdisjoint(engine.ROOMS) and engine.account_of(folder).without == list(engine.ROOMS)
    said = in_book(folder, "-m", "tools.build")
    assert said.returncode == 0, said.stderr
    page = (folder / "_build" / "html" / "chapters" / "case-1.html").read_text(encoding="utf-8")
    assert "The tables hold no event yet<" in page and '<div class="chart' not in page


def test_the_page_for_authors_tells_every_option_of_the_command():
    page = (PROJECT / "chapters" / "make-a-book.ipynb").read_text(encoding="utf-8")
    new = commands.parser()._subparsers._group_actions[0].choices["new"]
    options = {one for action in new._actions for one in action.option_strings if one.startswith("--")}
    assert options - {"--help"} == {one for one in re.findall(r"--[a-z]+", page)} & options
    assert options >= set(re.findall(r"`(--[a-z]+)", page))


def test_own_words_that_days_are_counted_from_become_kinds():
    found = made(STROKES)
    kinds = {row["kind"]: row for row in found.rows["kinds"]}
    assert found.problems == [] and {"crs", "hsct"}.isdisjoint(kinds)
    assert [kinds[kind]["anchor"] for kind in ("stroke", "carotid_operation", "death")] == ["1", "2", ""]
    assert kinds["carotid_operation"]["said"] == "the carotid operation"
    asked = {row["lane"]: row["asked"] for row in found.rows["lanes"]}
    assert asked == dict.fromkeys(("disease", "treatment", "complications", "outcome"), "true") | {"recovery": "false"}
    turned = made(STROKES, anchors=["carotid operation"], lanes=["outcome", "brain=the brain"])
    assert [row["kind"] for row in turned.rows["kinds"] if row["anchor"] == "1"] == ["carotid_operation"]
    assert [row["title"] for row in turned.rows["lanes"] if row["asked"] == "true"] == ["outcome", "the brain"]


def test_published_patients_bring_their_source_their_kinds_and_what_their_disease_needs():
    found = made(SONG)
    assert [row["kind"] for row in found.rows["kinds"] if row["anchor"]] == ["car_t_infusion", "hsct"]
    assert {row["concept_id"] for row in found.rows["concepts"]} >= {"t-all", "human"}
    wish = book.Wish(title="Two children", given=rows_of(SONG))
    sources, wrong = book._sources(found, wish, PROJECT)
    assert wrong == [] and list(sources.entries) == ["song2024"]
    article = book._reference(found, sources)
    assert article["doi"] == "10.3389/fimmu.2024.1333037" and article["scope"] == "abstract"
    package = json.loads((PROJECT / "data" / "datapackage.json").read_text(encoding="utf-8"))

    def columns(tables_):
        held = book.tables.described(package, {}, tables_, [])
        return {one["name"] for one in held["resources"][1]["schema"]["fields"]}

    assert {"product_source", "car_target"} <= columns(found)
    assert not columns(made(IDA)) & {"product_source", "car_target", "prior_hsct", "dose"}


def test_all_that_is_wrong_with_a_wish_is_said_at_once_and_nothing_is_written(tmp_path, capsys):
    folder = tmp_path / "full"
    folder.mkdir()
    (folder / "thesis.txt").write_text("mine")
    arguments = [str(folder), "--title", " ", "--from", str(tmp_path / "nowhere.json"), "--lanes", "nowhere"]
    assert commands.main(["new", *arguments, "--anchors", "nothing", "--without", "evidence,kitchen"]) == 1
    said = capsys.readouterr().err
    for part in ("full: expected an empty folder", "--title", "nowhere.json", "--lanes nowhere", "--anchors nothing"):
        assert part in said
    assert "--without kitchen" in said and "classroom uses evidence" in said
    assert [path.name for path in tmp_path.rglob("*")] == ["full", "thesis.txt"]


def test_a_source_that_is_in_no_bibliography_is_asked_for(tmp_path):
    given = rows_of(SONG)
    for name in ("cases", "events", "bounds"):
        given[name] = [row | {"source_id": "ada2025"} for row in given[name]]
    found = tables.made(PROJECT / "data", given, [], [])
    _, wrong = book._sources(found, book.Wish("x", given), PROJECT)
    assert len(wrong) == 1 and "ada2025" in wrong[0] and "--sources" in wrong[0]
    path = tmp_path / "more.bib"
    path.write_text("@article{ada2025, author = {Lee, Ada}, title = {Stones}, year = 2025}")
    _, wrong = book._sources(found, book.Wish("x", given, sources=path), PROJECT)
    assert wrong == ["source ada2025: expected journal, doi, because the book is made from it; add these"]


# ---------------------------------------------------------------- the engine


def test_a_changed_file_of_the_engine_is_named_and_nothing_is_replaced(copied):
    path = copied / "_static" / "casebook.css"
    path.write_text(path.read_text() + "/* mine */")
    before = {name: (copied / name).read_bytes() for name in engine.account_of(copied).files}
    assert engine.replace(copied, PROJECT)[0] == "_static/casebook.css: changed"
    assert {name: (copied / name).read_bytes() for name in before} == before


def test_an_engine_is_replaced_whole(copied, tmp_path):
    newer = shutil.copytree(
        PROJECT, tmp_path / "newer", ignore=shutil.ignore_patterns(".git", ".venv", "_build", "evidence", "*.ipynb")
    )
    (newer / "_ext" / "casebook_new.py").write_text('"""New."""\n')
    (newer / "_ext" / "casebook_again.py").unlink()
    tables_before = (copied / "data" / "cases.csv").read_bytes()
    assert engine.replace(copied, newer) == []
    assert (copied / "_ext" / "casebook_new.py").exists() and not (copied / "_ext" / "casebook_again.py").exists()
    account = engine.account_of(copied)
    assert "_ext/casebook_new.py" in account.files and engine.changed(copied, account) == []
    assert (copied / "data" / "cases.csv").read_bytes() == tables_before


@pytest.mark.parametrize("left", ["as Pan et al. found", "doi 10.3389/FONC.2026.1766948", "see two-courses"])
def test_what_names_another_book_is_found_outside_the_engine(left, copied):
    (copied / "chapters" / "notes.md").write_text(f"# Notes\n\n{left}\n")
    (said,) = engine.leftovers(copied)
    assert said.startswith("chapters/notes.md, line 3: ")


def test_this_book_was_made_from_no_other(capsys):
    assert engine.leftovers(PROJECT) == [] and commands.main(["engine"]) == 0
    assert "has no ENGINE" in capsys.readouterr().out
