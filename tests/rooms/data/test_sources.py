"""What is known of a source, and what a reader would miss; what the book is made with."""

import pytest
from casebook.data import sources
from conftest import PROJECT
from pybtex.exceptions import PybtexError


def lacks(fields):
    return sources.sources(f"@article{{made-up, title = {{{{A title}}}}, {fields}}}")["lacks"].item()


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
    found = sources.sources(text)
    assert found[["source_id", "type", "title", "year", "doi"]].to_numpy().tolist() == [
        ["made-up-b", "misc", "Second, first", "", ""],
        ["made-up-a", "article", "A", "2020", ""],
    ]
    assert sources.sources("").empty


def test_a_source_on_patients_says_so_in_its_keywords():
    text = "@misc{made-up-%s, title = {{A}}, keywords = {%s}}"
    found = sources.sources("\n".join(text % row for row in (("a", "patients"), ("b", "outpatients"), ("c", ""))))
    assert found["on_patients"].tolist() == [True, False, False]
    assert not sources.sources("@misc{made-up, title = {{A}}}")["on_patients"].item()


def test_what_is_no_bibtex_is_refused():
    with pytest.raises(PybtexError):
        sources.sources("@article{made-up, title = {A")


def test_every_pinned_package_is_listed_with_its_reason():
    lines = [line for line in (PROJECT / "requirements.in").read_text(encoding="utf-8").splitlines() if "==" in line]
    listed = sources.requirements()
    assert [f"{row.package}=={row.version}" for row in listed.itertuples()] == [line.split()[0] for line in lines]
    assert all(reason and reason in line for reason, line in zip(listed["why"], lines))
