"""The files that say how to cite and deposit the book say the same, in the terms of their formats."""

import json
import re

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
