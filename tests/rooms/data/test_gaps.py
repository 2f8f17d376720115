"""Gaps: open ones say so, filled ones say what and where, and a fact that has a cell is typed once."""

import dataclasses
import sys

import pandas as pd
import pytest
from casebook.__main__ import main
from casebook.data import gaps, rules
from chapters_text import prose
from conftest import PROJECT
from made_up import doubles, with_day
from spoiling import change, problems, rewrite

sys.path.insert(0, str(PROJECT / "_ext"))
import casebook_site

ONE, TWO = "made-up-case-1", "made-up-case-2"
TABLES = ("topics", "cases", "events", "bounds", "kinds")


def completed(book):
    tables = {name: getattr(book, name) for name in TABLES}
    return dataclasses.replace(book, gaps=gaps.completed(book.gaps, tables))


def filled(book, gap_id, value):
    at = book.gaps["gap_id"].eq(gap_id)
    told = {"value": value, "read_in": "paper", "locator": "Table 2"}
    table = book.gaps.assign(**{column: book.gaps[column].mask(at, text) for column, text in told.items()})
    return dataclasses.replace(book, gaps=table)


def said(book, *names):
    return [(piece.names, piece.value) for piece in gaps.said_gaps(book, names)]


def test_an_open_gap_has_no_value_and_open_ones_are_told_together():
    assert said(doubles(), f"{ONE}-donor") == [("donor", "")]
    assert said(doubles(), f"{ONE}-interval", f"{ONE}-donor", f"{ONE}-dose") == [("interval, donor and dose", "")]


def test_a_filled_gap_has_its_value_and_place_and_what_is_open_stays_so():
    book = filled(doubles(), f"{ONE}-donor", "made up")
    assert said(book, f"{ONE}-donor") == [("donor", "made up (Table 2)")]
    assert said(book, f"{ONE}-dose", f"{ONE}-donor") == [("donor", "made up (Table 2)"), ("dose", "")]


def test_of_several_cases_it_is_told_of_which_only_where_they_differ():
    book = filled(doubles(), f"{ONE}-donor", "made up")
    assert said(doubles(), "donor", "dose") == [("donor and dose", "")]
    assert said(book, "donor", "dose") == [("donor of case 1", "made up (Table 2)"), ("donor of case 2 and dose", "")]
    assert said(doubles(), f"{TWO}-crs-grade", f"{ONE}-crs-scale") == [
        ("CRS of case 2 and scale of the CRS of case 1", "")
    ]


def test_an_unknown_gap_is_refused():
    with pytest.raises(ValueError, match="unknown gap 'weather': name a row or a topic of gaps"):
        gaps.said_gaps(doubles(), ["weather"])


@pytest.mark.parametrize(
    ("start", "end", "least", "most", "gap", "value"),
    [
        ("hsct", "ta-tma", 21, 21, "ta-tma-day", "21 days after transplantation"),
        ("hsct", "ta-tma", 0, 14, "ta-tma-day", "0 to 14 days after transplantation"),
        ("infusion", "infection", 1, 1, "infection-day", "1 day after the infusion"),
        ("infusion", "hsct", 40, 40, "interval", "40 days after the infusion"),
        ("disease", "infusion", 90, 90, "disease-day", "90 days before the infusion"),
        ("hsct", "infection", -7, -3, "infection-day", "3 to 7 days before transplantation"),
        ("crs", "infection", 3, 3, "infection-day", None),
    ],
)
def test_a_day_is_typed_once_and_fills_its_gap(start, end, least, most, gap, value):
    """A bound from an index event gives the day; one from another event does not."""
    book = completed(with_day(doubles(), f"{ONE}-{start}", f"{ONE}-{end}", least, most))
    mine = book.gaps.set_index("gap_id")["value"]
    assert (None if pd.isna(mine[f"{ONE}-{gap}"]) else mine[f"{ONE}-{gap}"]) == value
    assert mine.notna().sum() == (value is not None), "no other gap is filled by it"


def test_what_a_definition_gives_or_an_open_end_fills_no_gap():
    assert completed(doubles()).gaps["value"].isna().all(), "GVHD has limits in days by definition alone"
    book = with_day(doubles(), f"{ONE}-infusion", f"{ONE}-infection", 2, float("nan"))
    assert completed(book).gaps["value"].isna().all()


def test_a_bound_of_the_paper_fills_its_gap_though_its_basis_was_left():
    book = doubles()
    at = book.bounds["bound_id"].eq(f"{ONE}-ta-tma-after-hsct")
    known = {"min_days": 21.0, "max_days": 21.0, "read_in": "paper", "locator": "Results, section 3.1"}
    table = book.bounds.assign(**{column: book.bounds[column].mask(at, value) for column, value in known.items()})
    (piece,) = gaps.said_gaps(completed(dataclasses.replace(book, bounds=table)), [f"{ONE}-ta-tma-day"])
    assert piece.value == "21 days after transplantation (Results, section 3.1)"


def test_a_cell_of_the_patient_fills_its_gap_with_its_unit():
    book = doubles()
    at = book.cases["case_id"].eq(ONE)
    told = {"age_years": 30.0, "sex": "female", "follow_up": 3.0, "follow_up_unit": "months", "read_in": "paper"}
    cases = book.cases.assign(**{column: book.cases[column].mask(at, value) for column, value in told.items()})
    mine = completed(dataclasses.replace(book, cases=cases)).gaps.set_index("gap_id")
    got = mine.loc[[f"{ONE}-age", f"{ONE}-sex", f"{ONE}-follow-up"], "value"].tolist()
    assert got == ["30 years", "female", "3 months"]
    assert mine["value"].notna().sum() == 3 and mine.loc[f"{ONE}-age", "read_in"] == "paper"


def test_a_gap_is_not_filled_beside_its_cell(small_data, capsys):
    change(small_data, "gaps.csv", "age_years,,,,,", "age_years,30 years,,,paper,Table 1")
    assert main(str(small_data)) == 1
    told = capsys.readouterr().err
    assert "gaps, row 2, column value: found '30 years'; expected a blank cell" in told
    assert "Fill column age_years of made-up-cleo in cases" in told


@pytest.mark.parametrize(
    ("cell", "column", "wanted"),
    [
        ("cases/made-up-dan/age_years", "fills", "a case_id of cases that is made-up-cleo's"),
        ("cases/made-up-ada/age_years", "fills", "a case_id of cases that is made-up-cleo's"),
        ("cases/made-up-cleo/weight", "fills", "a column of cases"),
        ("stages/made-up-cleo/age_years", "fills", "text"),
    ],
)
def test_a_gap_names_a_cell_of_its_own_patient(small_data, cell, column, wanted):
    change(small_data, "gaps.csv", "cases/made-up-cleo/age_years", cell)
    (problem,) = problems(small_data)
    assert (problem.table, problem.row, problem.column) == ("gaps", 2, column)
    assert wanted.partition("(")[0].strip().split()[0] in problem.expected or wanted in problem.expected


# ---------------------------------------------------------------- as a sentence says it


@pytest.fixture
def printed(monkeypatch):
    """What a role prints for some gaps of the doubles, each with the same words."""

    def print_role(book, text):
        monkeypatch.setattr(casebook_site, "book", lambda: book)
        found, wrong = casebook_site.gap_role("gap", text, text, 1, None)
        assert not wrong
        return "".join(node["words"] if "gap" in node.attributes else node.astext() for node in map(_inline, found))

    return print_role


def _inline(node):
    """A text has no attributes: put it into a node that has some."""
    return node if hasattr(node, "attributes") else casebook_site.nodes.inline("", node.astext())


def test_one_gap_is_its_value_or_the_badge_and_several_have_names(printed):
    book = filled(doubles(), f"{ONE}-donor", "made up")
    assert printed(doubles(), f"{ONE}-donor") == "not in the record"
    assert printed(book, f"{ONE}-donor") == "made up (Table 2)"
    assert printed(book, f"{ONE}-donor, {ONE}-dose") == "donor: made up (Table 2); dose: not in the record"
    assert printed(doubles(), "donor") == "donor: not in the record"


def test_no_sentence_of_a_chapter_denies_a_gap_that_is_filled(printed):
    """Every gap of the doubles is filled: no role of any chapter prints the badge any more."""
    book = doubles()
    told = {"value": "made up", "read_in": "paper", "locator": "Table 2"}
    full = dataclasses.replace(book, gaps=book.gaps.assign(**told))
    texts = {content for p in prose() for name, content in p.roles if name == "gap"}
    assert len(texts) > 20
    for text in sorted(texts):
        doubled = text.replace("case-1-", f"{ONE}-").replace("case-2-", f"{TWO}-")
        assert "not in the record" in printed(book, doubled) and "not in the record" not in printed(full, doubled)


def test_a_basis_may_be_that_of_its_rows(monkeypatch):
    rows = pd.DataFrame({"basis": ["stated", "defined"]}, index=["a", "b"])
    monkeypatch.setattr(casebook_site, "facts", lambda: rows)
    said = [casebook_site.basis_role("basis", "", text, 1, None)[0][0].astext() for text in ("a", "a, b", "published")]
    assert said == ["stated", "defined", "published"]


# ---------------------------------------------------------------- places in the paper

PLACES = (
    "case 1, Results 3.1", "Case presentation, case 1", "Results, section 3.1", "Table 2", "table II", "Tab. 1",
    "Fig. 1B", "fig 2a", "Figure S3", "p. 4", "pp. 3-4", "page 12", "§2", "3.1", "Supplementary Table 1", "Results",
    "Case description", "Discussion, paragraph 2", "legend of figure 2", "Clinical course", "CASE REPORT", "Case 2",
    "section Course after the graft", "Appendix", "Supplementary material", "Treatment and outcome",
)  # fmt: skip
NO_PLACES = (
    "somewhere", "made up", "the paper", "article", "unknown", "n/a", "?", "see paper", "table", "figure", "section",
    "abstract", "abstract, sentence 4", "a talk", "personal communication", "pan2026", "21", "in the text",
)  # fmt: skip


@pytest.mark.parametrize("place", PLACES)
def test_a_plausible_place_of_an_article_passes(place):
    assert rules.is_place(place)


@pytest.mark.parametrize("place", NO_PLACES)
def test_what_names_no_place_does_not(place):
    assert not rules.is_place(place)


def index_patient(folder):
    """Make Ada of the small book what the book is about."""
    for path in folder.glob("*.csv"):
        rewrite(folder, path.name, lambda column, text: text.replace("made-up-ada", "ada"))
    change(folder, "cases.csv", "ada,Ada,made-up", "ada,Ada,index")
    for file in ("cases.csv", "events.csv", "bounds.csv"):
        rewrite(folder, file, lambda column, text: "alder2001" if column == "source_id" else text)


@pytest.mark.parametrize("locator", ["somewhere", "Case presentation"])
def test_a_fact_read_in_the_paper_needs_a_place_there(small_data, locator):
    index_patient(small_data)
    change(small_data, "bounds.csv", "made up,fever,made up", f"{locator},fever,paper")
    if locator != "somewhere":
        assert problems_or_none(small_data) is None
        return
    (problem,) = problems(small_data)
    assert (problem.table, problem.row, problem.column, problem.value) == ("bounds", 2, "locator", "somewhere")
    assert "a place in the paper" in problem.expected and '"Table 2"' in problem.mend and "section" in problem.mend


def problems_or_none(folder):
    return None if main(str(folder)) == 0 else problems(folder)


def test_a_gap_of_an_index_patient_is_filled_from_the_paper_alone(small_data):
    index_patient(small_data)
    change(small_data, "gaps.csv", "made-up-ben-dose,made-up-ben,", "made-up-ben-dose,ada,")
    for read_in, locator, column in (("abstract", "Table 1", "read_in"), ("paper", "somewhere", "locator")):
        text = (small_data / "gaps.csv").read_text()
        change(small_data, "gaps.csv", "dose,,,,,,", f"dose,,3 mg,,,{read_in},{locator}")
        (problem,) = problems(small_data)
        assert (problem.table, problem.row, problem.column) == ("gaps", 3, column)
        (small_data / "gaps.csv").write_text(text)
