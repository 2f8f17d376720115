"""The files that say what the book is say the same, in the terms of their formats, and the engine says none of it."""

import json
import re

import pytest
import yaml
from conftest import PROJECT

from tools.project import identity

BOOK = identity.citation(PROJECT)
DEPOSIT = json.loads((PROJECT / ".zenodo.json").read_text(encoding="utf-8"))
PACKAGE = json.loads((PROJECT / "data" / "datapackage.json").read_text(encoding="utf-8"))


def test_title_version_day_and_keywords_are_the_same_everywhere():
    assert DEPOSIT["title"] == BOOK["title"]
    assert DEPOSIT["version"] == PACKAGE["version"] == str(BOOK["version"])
    assert DEPOSIT["publication_date"] == PACKAGE["created"][:10] == str(BOOK["date-released"])
    assert DEPOSIT["keywords"] == BOOK["keywords"]
    assert [one["name"] for one in DEPOSIT["creators"]] == [one["name"] for one in BOOK["authors"]]
    assert [one["title"] for one in PACKAGE["contributors"]] == [one["name"] for one in BOOK["authors"]]


def test_both_lead_to_the_article():
    dois = [one["doi"] for one in BOOK["references"]]
    assert [one["identifier"] for one in DEPOSIT["related_identifiers"]] == dois
    assert all(re.fullmatch(r"10\.\d{4,9}/\S+", doi) for doi in dois)


def test_the_citation_file_has_what_its_format_requires():
    assert set(BOOK) >= {"cff-version", "message", "title", "authors"} and BOOK["cff-version"] == "1.2.0"
    assert BOOK["type"] in ("software", "dataset")
    assert set(BOOK["license"]) == set(identity.LICENSES)
    for person in BOOK["references"][0]["authors"]:
        assert set(person) == {"family-names", "given-names"}


def test_the_configuration_names_the_book_as_its_citation_does():
    config = yaml.safe_load((PROJECT / "_config.yml").read_text(encoding="utf-8"))
    sphinx = config["sphinx"]["config"]
    assert {config["title"], sphinx["project"], sphinx["html_title"]} == {identity.heading(BOOK)}
    assert [config["author"]] == [one["name"] for one in BOOK["authors"]]
    assert config["copyright"] == str(BOOK["date-released"])[:4]


ENGINE = ("chapters/casebook", "_ext", "_static", "_templates", "tools")
TEXTS = (".py", ".js", ".css", ".html", ".svg")


def said_of_the_book():
    """What would have to be changed if the engine served another book."""
    article = identity.article(BOOK)
    found = [identity.heading(BOOK), BOOK["name"], article["title"], article["doi"], article["journal"]]
    found += [identity.authors(article), identity.read_until(BOOK), *(one["name"] for one in BOOK["authors"])]
    return [one.casefold().rstrip(".") for one in found]


def named_in(text):
    return [one for one in said_of_the_book() if one in text.casefold()]


@pytest.mark.parametrize("folder", ENGINE)
def test_the_engine_says_nothing_of_which_book_it_serves(folder):
    files = [path for path in sorted((PROJECT / folder).rglob("*")) if path.suffix in TEXTS]
    said = {path.name: named_in(path.read_text(encoding="utf-8")) for path in files}
    assert files and {name: found for name, found in said.items() if found} == {}, "take it from tools.project.identity"


@pytest.mark.parametrize("text", ["two-courses.epub", "TWO COURSES after anti-CD7 CAR T cells", "by Pan et al. 2026"])
def test_the_search_for_the_book_in_the_engine_can_fail(text):
    assert named_in(text)
