"""A new list of identifiers beside what the book knows."""

import doctest
from types import SimpleNamespace

import pandas as pd
import pytest

from tools.project import evidence_diff

BOOK = SimpleNamespace(
    queries=pd.DataFrame({"identifiers": ["PMID 11 (10.1000/eleven); NCT00000011", None]}),
    left_out=pd.DataFrame({"what": ["Stones"], "reason": ["Known from PMID 12 only (DOI 10.1000/Twelve)."]}),
    studies=pd.DataFrame({"registration": ["NCT00000013; NCT00000014", None]}),
)
BIB = "@article{a, doi = {10.1000/Thirteen}, note = {PMID: 13. PMCID: PMC13}}"


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("PMID: 11", "seen"),
        ("https://doi.org/10.1000/ELEVEN.", "seen"),
        ("nct00000011", "seen"),
        ("PMID 12", "left out"),
        ("10.1000/twelve", "left out"),
        ("doi:10.1000/thirteen", "included"),
        ("pmc13", "included"),
        ("NCT00000014", "included"),
        ("12345678", "unseen"),
        ("PMID: 14", "unseen"),
    ],
)
def test_each_identifier_gets_its_word(text, word):
    (row,) = evidence_diff.compare(BOOK, BIB, text).itertuples()
    assert row.known == word


def test_what_was_seen_and_is_included_is_included_and_the_unseen_come_first():
    rows = evidence_diff.compare(BOOK, f"{BIB} PMID: 11", "PMID 11, PMID 12\nPMID 99, PMID 99")
    assert rows["identifier"].tolist() == ["99", "12", "11"]
    assert rows["known"].tolist() == ["unseen", "left out", "included"]


def test_a_text_without_identifiers_is_refused():
    with pytest.raises(ValueError, match="no identifier was found: give DOIs"):
        evidence_diff.compare(BOOK, BIB, "stones, 2025-11-01, pages 12 to 14")


def test_the_book_knows_its_own(tmp_path, capsys):
    mine = tmp_path / "new.txt"
    mine.write_text("PMID 36151216\nPMID 42229585\nNCT04004637\nPMID 99999999\n")
    assert evidence_diff.main(str(mine)) == 0
    told = capsys.readouterr().out
    for line in ("36151216", "included"), ("42229585", "left out"), ("NCT04004637", "seen"), ("99999999", "unseen"):
        assert any(all(part in row for part in line) for row in told.splitlines()), line


def test_no_file_is_said(capsys):
    assert evidence_diff.main("") == 2 and "no file" in capsys.readouterr().err


def test_the_examples_are_true():
    assert doctest.testmod(evidence_diff).failed == 0
