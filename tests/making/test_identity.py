"""What the book is, in sentences: of this kind of book and of one that was made from no article."""

import json
import re
import sys

import pytest
from conftest import PROJECT

from tools.project import identity

sys.path.insert(0, str(PROJECT / "_ext"))
import casebook_web

MADE_UP = """
title: "Made-up stones: a book of made-up patients"
authors: [{name: Nobody}]
version: 1.0.0
date-released: "2026-01-31"
license: [MIT, CC-BY-4.0]
keywords: [made up]
"""
ARTICLE = """references:
  - {{type: article, title: Stones, authors: [{authors}], journal: Made-up, year: 2025, doi: 10.1/x{more}}}
"""


def book(folder, text="", package=None):
    (folder / "data").mkdir()
    (folder / "CITATION.cff").write_text(MADE_UP + text, encoding="utf-8")
    (folder / "data" / "datapackage.json").write_text(json.dumps(package or {"name": "stones"}), encoding="utf-8")
    return identity.citation(folder)


WHERE = "Made-up 2025, https://doi.org/10.1/x"


@pytest.mark.parametrize(
    ("authors", "more", "said"),
    [
        (["A"], "", f"Made from A, {WHERE}."),
        (["A", "B"], ", scope: summary", f"Made from the summary of A and B, {WHERE}, not from the paper."),
        (["A", "B", "C"], ", notes: read twice", f"Made from A et al., {WHERE}; read twice."),
    ],
)
def test_what_a_book_was_made_from_is_said_with_what_was_read_of_it(authors, more, said, tmp_path):
    names = ", ".join(f"{{family-names: {name}}}" for name in authors)
    found = book(tmp_path, ARTICLE.format(authors=names, more=more))
    assert identity.made_from(found) == said
    linked = identity.made_from(found, linked=True)
    assert '<a href="https://doi.org/10.1/x">' in linked
    assert re.sub("<[^>]+>", "", linked) == said.replace(f", {WHERE}", " 2025")


def test_a_book_of_no_article_says_none(tmp_path):
    found = book(tmp_path)
    assert identity.made_from(found) == identity.read_until(found) == "" and identity.heading(found) == "Made-up stones"
    tags = casebook_web.meta_tags(found, "Page", "About it", "", "", True)
    assert "DCTERMS.references" not in tags and "Nobody. Made-up stones: a book of made-up patients." in tags
    assert "isBasedOn" not in casebook_web.linked_data(found, {}, "", True)


def test_month_of_reading_and_licenses_are_said(tmp_path):
    found = book(tmp_path, package={"name": "stones", "read_until": "2026-01"})
    assert identity.read_until(found) == "The literature was read until January 2026."
    assert identity.licensed(found) == "Text and data CC BY 4.0, code MIT."


# ---------------------------------------------------------------- what is to be typed


TOLD = (
    "README.md",
    "CONTRIBUTING.md",
    "Makefile",
    *(f".github/workflows/{n}.yml" for n in ("publish", "release", "test")),
)


@pytest.mark.parametrize("name", TOLD)
def test_every_command_and_path_that_somebody_is_told_exists(name):
    text = (PROJECT / name).read_text(encoding="utf-8")
    for module in re.findall(r"-m (tools[\w.]*\w)", text):
        path = PROJECT / module.replace(".", "/")
        assert path.with_suffix(".py").exists() or (path / "__main__.py").exists(), module
    for path in re.findall(r"\b(?:tests|tools|chapters|classroom|_static|_ext)/[\w/.-]*\w", text):
        assert (PROJECT / path).exists(), path
