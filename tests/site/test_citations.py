"""How the sources are named in the text."""

import re
import sys

import pytest
from conftest import PROJECT
from pybtex.database import parse_string

sys.path.insert(0, str(PROJECT / "_ext"))
import casebook_citations


def source(fields, authors="Author = {Doe, Ann},"):
    text = f"@article{{made-up, {authors} title = {{{{A title}}}}, {fields}}}"
    return parse_string(text, "bibtex").entries["made-up"]


@pytest.mark.parametrize(
    ("authors", "name"),
    [
        ("Doe, Ann", "Doe 2020"),
        ("Doe, Ann and Roe, Bo", "Doe and Roe 2020"),
        ("Doe, Ann and Roe, Bo and Poe, Cy", "Doe et al. 2020"),
        ("Doe, Ann and others", "Doe et al. 2020"),
        ("de Boer, Ann", "de Boer 2020"),
        ("{The House Group}", "The House Group 2020"),
        ('W{\\"o}lfl, Ann', "Wölfl 2020"),
    ],
)
def test_a_source_is_named_by_author_or_consortium_and_year(authors, name):
    assert casebook_citations.label(source("year = {2020}", f"author = {{{authors}}},")) == name


def test_a_shorthand_names_what_has_no_author_or_year():
    assert casebook_citations.label(source("shorthand = {A trial, PMID 1}", "")) == "A trial, PMID 1"


@pytest.mark.parametrize(("fields", "authors"), [("year = {2020}", ""), ("", "author = {Doe, Ann},")])
def test_a_source_without_author_or_year_must_be_given_a_name(fields, authors):
    with pytest.raises(ValueError, match="shorthand"):
        casebook_citations.label(source(fields, authors))


def test_every_source_has_a_short_name_of_its_own():
    text = (PROJECT / "data" / "references.bib").read_text(encoding="utf-8")
    entries = parse_string(text, "bibtex").entries
    names = {key: casebook_citations.label(entry) for key, entry in entries.items()}
    assert len(set(names.values())) == len(names)
    for key, name in names.items():
        title = entries[key].fields["title"].strip("{}")
        assert len(name) <= 50 and "n.d." not in name and title not in name, name
        # It reads like a citation: it is no count of patients, and no PMID stands where a year does.
        assert not re.search(r"\d+ patients", name) and not (
            re.search(r"\b(?:19|20)\d\d\b", name) and "PMID" in name
        ), name
        # It can be looked up: by a year, an identifier, or words that say what is to be found out.
        assert re.search(r"\d{4}|PMID|DOI|HAL|criteria|to be checked", name), name
