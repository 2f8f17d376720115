"""What must hold of the book, whatever its tables and chapters say. The engine has tests of its own, at its home."""

import importlib.util
import json
import re
from functools import cache
from pathlib import Path
from urllib.parse import unquote

import pytest
import yaml
from casebook import data
from casebook.__main__ import main
from conftest import PROJECT

from tools.author import engine
from tools.project import identity

TOC = yaml.safe_load((PROJECT / "_toc.yml").read_text(encoding="utf-8"))
PAGES = [TOC["root"], *(chapter["file"] for part in TOC["parts"] for chapter in part["chapters"])]
NOTEBOOKS = sorted((PROJECT / "chapters").glob("*.ipynb"))


def test_the_tables_hold_together(capsys):
    assert main() == 0, capsys.readouterr().err


def test_nothing_of_another_book_is_left():
    assert engine.leftovers(PROJECT) == []


def test_the_book_is_called_the_same_everywhere():
    book = identity.citation(PROJECT)
    deposit = json.loads((PROJECT / ".zenodo.json").read_text(encoding="utf-8"))
    package = json.loads((PROJECT / "data" / "datapackage.json").read_text(encoding="utf-8"))
    config = yaml.safe_load((PROJECT / "_config.yml").read_text(encoding="utf-8"))
    sphinx = config["sphinx"]["config"]
    assert deposit["title"] == book["title"]
    assert {config["title"], sphinx["project"], sphinx["html_title"]} == {identity.heading(book)}
    assert deposit["version"] == package["version"] == str(book["version"])
    assert deposit["publication_date"] == package["created"][:10] == str(book["date-released"])
    authors = [one["name"] for one in book["authors"]]
    assert [one["name"] for one in deposit["creators"]] == [one["title"] for one in package["contributors"]] == authors
    assert config["author"] == "; ".join(authors)


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.name)
def test_every_cell_was_run_in_order(path):
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    counts = [cell["execution_count"] for cell in cells if cell["cell_type"] == "code"]
    assert counts == list(range(1, len(counts) + 1)), "make refresh"


def test_every_patient_goes_out_in_valid_formats(tmp_path):
    if importlib.util.find_spec("casebook.exchange"):
        from tools.release import exports

        book, made = data.load(), exports.write(tmp_path / "exports")
        having = book.cases["case_id"].isin(book.events["case_id"]).sum()
        assert made["phenopackets"] == made["fhir"] == having


@cache
def ids(path):
    """Every id of a page."""
    return set(re.findall(r'\bid="([^"]+)"', path.read_text(encoding="utf-8")))


def leads_somewhere(link, site):
    """Whether a link leads out by a safe way, or to a place that exists."""
    if not link.startswith("file:"):
        return link.startswith(("https://", "mailto:"))
    path, _, anchor = unquote(link.removeprefix("file://")).partition("#")
    path = Path(path.partition("?")[0])
    return path.is_relative_to(site) and path.is_file() and (not anchor or anchor in ids(path))


@pytest.mark.parametrize("name", [*PAGES, "search"])
def test_a_page_opens_without_a_network_and_leads_somewhere(name, view, site):
    page = view(f"{name}.html")
    links = page.eval_on_selector_all("a[href]", "links => links.map(link => link.href)")
    assert [link for link in links if not leads_somewhere(link, site)] == []
    assert [url for url in page.asked if not url.startswith(("file:", "data:"))] == page.wrong == []
    text = page.inner_text("article")
    assert "Traceback" not in text and "{glue" not in text and not set(text.split()) & {"nan", "NaN", "<NA>", "NaT"}
    assert "None" not in page.locator("article :is(td, th, dd)").all_inner_texts()
    if name != "search":
        assert "no clinical advice" in page.inner_text(".book-notice")
