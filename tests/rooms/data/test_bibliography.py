"""What is known of a source, and what a reader would miss."""

import pytest
from casebook.data import bibliography
from pybtex.exceptions import PybtexError


def lacks(fields):
    return bibliography.sources(f"@article{{made-up, title = {{{{A title}}}}, {fields}}}")["lacks"].item()


WHO, WHEN, WHERE = "author = {Doe, Ann}", "year = {2020}", "doi = {10.1000/made-up}"


@pytest.mark.parametrize(
    ("fields", "missing"),
    [
        (f"{WHO}, {WHEN}, {WHERE}", ""),
        (f"{WHEN}, {WHERE}", "author or group"),
        (f"shorthand = {{A trial}}, {WHEN}, {WHERE}", ""),
        (f"{WHO}, {WHERE}", "year"),
        (f"{WHO}, {WHEN}", "identifier"),
        (f"{WHO}, {WHEN}, note = {{PMID: 1}}", ""),
        (f"{WHO}, {WHEN}, note = {{PMCID: PMC1}}", ""),
        (f"{WHO}, {WHEN}, howpublished = {{A meeting, abstract S240}}", ""),
        (f"{WHO}, {WHEN}, howpublished = {{A meeting, abstract}}", "identifier"),
        ("note = {read}", "author or group, year, identifier"),
    ],
)
def test_a_source_is_found_by_who_when_and_an_identifier(fields, missing):
    assert lacks(fields) == missing


def test_sources_keep_their_order_and_their_titles_without_braces():
    text = "@misc{made-up-b, title = {{Second, first}}}\n@article{made-up-a, title = {{A}}, year = {2020}}"
    found = bibliography.sources(text)
    assert found[["source_id", "type", "title", "year", "doi"]].to_numpy().tolist() == [
        ["made-up-b", "misc", "Second, first", "", ""],
        ["made-up-a", "article", "A", "2020", ""],
    ]
    assert bibliography.sources("").empty


def test_a_source_on_patients_says_so_in_its_keywords():
    text = "@misc{made-up-%s, title = {{A}}, keywords = {%s}}"
    found = bibliography.sources("\n".join(text % row for row in (("a", "patients"), ("b", "outpatients"), ("c", ""))))
    assert found["on_patients"].tolist() == [True, False, False]
    assert not bibliography.sources("@misc{made-up, title = {{A}}}")["on_patients"].item()


def test_what_is_no_bibliography_is_refused():
    with pytest.raises(PybtexError):
        bibliography.sources("@article{made-up, title = {A")
