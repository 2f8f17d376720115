"""The flow of sources: each stands at one step, and the counts add up, counted a second time from the files."""

import csv
import re

import pandas as pd
import pytest
from casebook.evidence import cohorts, selection
from conftest import PROJECT
from made_up import live
from made_up_series import outcome, series


@pytest.fixture(scope="module")
def book():
    return live()


def made_up():
    """Eight splints of which four count, one plaster, two left out, one guideline, one series on care, two reports."""
    book = series()
    book.cases["source_id"] = ["own", "own"]
    report = {"case_id": "made-up-9", "label": "One, patient 1", "role": "comparator", "material": None,
              "bone": "tibia", "source_id": "report"}  # fmt: skip
    book.cases = pd.concat([book.cases, pd.DataFrame([report])], ignore_index=True)
    book.sources = pd.DataFrame({"source_id": [*"abcdefghx", "own", "report", "rule", "nursing"]})
    book.sources["on_patients"] = book.sources["source_id"] == "nursing"
    news = {"source_id": "news", "what": "News", "on_patients": False, "verdict": "to be checked", "reason": "News."}
    book.left_out = pd.concat([book.left_out, pd.DataFrame([news])], ignore_index=True)
    book.studies.loc[book.studies["study_id"] == "c", "design"] = "case reports"
    book.studies.loc[book.studies["study_id"] == "e", "all_infused"] = False
    book.studies.loc[book.studies["study_id"] == "f", "read_in"] = "news"
    book.outcomes.loc[book.outcomes["study_id"] == "g", "events"] = None
    book.outcomes = book.outcomes[book.outcomes["study_id"] != "a"].reset_index(drop=True)
    book.searches = pd.DataFrame({"lookups": [3, None]})
    return book


def test_each_source_stays_at_the_first_step_that_stops_it():
    at = selection.steps(made_up()).set_index("source_id")
    assert at["step"].to_dict() == {
        "a": "no result", "b": "counted", "c": "case reports", "d": "counted", "e": "selected", "f": "not read",
        "g": "no count", "h": "counted", "x": "beside", "own": "the article", "report": "single patients",
        "rule": selection.NOT_ON_PATIENTS, "news": selection.NOT_ON_PATIENTS, "nursing": "care", "lost": "left out",
    }  # fmt: skip
    assert at.loc["lost", "detail"] == "not citable" and at.loc["x", "detail"] == "context: plaster"
    assert (at.loc[list("bcdefgh"), "detail"] == "").all() and at.loc["a", "detail"] == "Amber 2021, n = 20"


def test_a_study_has_a_result_whichever_table_holds_it():
    book = made_up()
    book.survival = pd.DataFrame({"study_id": ["a"]})
    assert selection.steps(book).set_index("source_id").loc["a", "step"] == "no count"


def test_what_is_left_out_stays_out_whatever_else_is_known_of_it():
    book = made_up()
    book.left_out.loc[0, "source_id"] = "d"
    assert selection.steps(book).set_index("source_id").loc["d", "step"] == "left out"


def test_a_count_of_some_of_the_treated_is_no_count():
    book = made_up()
    some = [outcome(study, "break", 1, 5, outcome_id=f"{study}-some", all_infused=False) for study in "bg"]
    before = selection.outcomes_in_words(book)
    book.outcomes = pd.concat([book.outcomes, series(some).outcomes], ignore_index=True)
    assert selection.outcomes_in_words(book).equals(before)
    assert selection.steps(book).set_index("source_id").loc["g", "step"] == "no count"


def test_a_count_of_what_may_not_be_pooled_is_none():
    book = made_up()
    book.outcomes["outcome"] = "bend"
    assert not (selection.steps(book)["step"] == "counted").any()


def test_the_boxes_of_a_made_up_book():
    boxes = selection.flow(made_up())
    assert boxes["text"].tolist() == [
        "13 sources on patients", "1 left out",
        "12 sources remain", "1 the article on the patients of this book", "1 on single patients",
        "1 on care or diagnosis in other patients", "1 beside the question",
        "8 sources are in question", "1 of selected patients", "1 of which no result could be read",
        "1 not of all who were treated", "1 read in neither abstract nor paper",
        "1 without a count that may be pooled",
        "3 sources count all who were treated", "Breaks: 3 of 3 sources pooled",
    ]  # fmt: skip
    assert boxes["detail"].iloc[-1] == "120 patients"
    assert boxes.set_index("box").loc["no result", "detail"] == "Amber 2021, n = 20"
    assert selection.said_largest_at(made_up(), "no result") == "Amber 2021 (20 patients, steel)"
    assert selection.said_largest_at(made_up(), "nowhere") == "none whose size is known"
    assert boxes.set_index("box").loc["left out", "detail"] == "not citable (1)"
    figure = selection.flow_figure(made_up())
    assert figure.title == "Of 13 sources on patients in the tables, 3 count all who were treated; at most 3 are pooled"
    assert "not kept for 1 of 2 searches" in figure.subtitle
    book = made_up()
    book.pooling = book.pooling.assign(event_alike="no")
    assert selection.flow_figure(book).title.endswith("none count all who were treated; none is pooled")


def test_the_table_of_outcomes_says_why_nothing_is_pooled():
    book = made_up()
    book.outcomes = pd.concat([book.outcomes, series([outcome(s, "bend", 1, 20) for s in "bh"]).outcomes])
    book.outcomes = book.outcomes.reset_index(drop=True)
    shown = selection.outcomes_in_words(book).set_index("Outcome")
    assert shown.loc["Breaks"].tolist() == [3, 0, "3 (120 patients)", "yes"]
    assert shown.loc["Bends", "Pooled"] == "no: not the same event and not the same window of time"
    book.outcomes = book.outcomes[~book.outcomes["study_id"].isin(["a", "b", "d"])]
    assert selection.outcomes_in_words(book).set_index("Outcome").loc["Breaks", "Pooled"] == "no: too few to pool"


# ---------------------------------------------------------------- the live tables


def test_every_source_of_the_files_stands_at_one_step(book):
    """Counted a second time, without the library: the keys of the bibliography, and what was left out."""
    keys = set(re.findall(r"^@\w+\{(.+),$", (PROJECT / "data" / "references.bib").read_text(encoding="utf-8"), re.M))
    with (PROJECT / "data" / "left_out.csv").open(encoding="utf-8", newline="") as file:
        keys |= {row["source_id"] for row in csv.DictReader(file)}
    at = selection.steps(book)
    assert set(at["source_id"]) == keys and at["source_id"].is_unique
    assert set(at["step"]) <= {*selection.LEAVES, selection.NOT_ON_PATIENTS}


def test_a_source_whose_patients_a_statement_rests_on_is_in_the_flow(book):
    """Statements from series and trials rest on patients: their source says so in its keywords, or is a study."""
    on_patients = r"cohort|series|trial|validation|meta-analysis|case report"
    resting = book.management[book.management["strength"].str.contains(on_patients)]
    at = selection.steps(book).set_index("source_id")["step"]
    lost = sorted({source for source in resting["source_id"] if at[source] == selection.NOT_ON_PATIENTS})
    assert not lost, f"references.bib: give {', '.join(lost)} keywords = {{patients}}"


def test_the_counts_of_the_flow_add_up(book):
    boxes = selection.flow(book)
    main = boxes[boxes["kind"] == "main"].reset_index(drop=True)
    for number, row in main.iloc[:-1].iterrows():
        stays = boxes.loc[(boxes["leaves"] == row["box"]) & (boxes["kind"] == "side"), "n"].sum()
        assert row["n"] == stays + main.loc[number + 1, "n"], row["box"]
    assert main.loc[0, "n"] == (selection.steps(book)["step"] != selection.NOT_ON_PATIENTS).sum()
    for row in boxes.itertuples():
        assert re.search(rf"\b{row.n}\b", row.text)


def test_what_the_flow_pools_is_what_is_pooled(book):
    boxes = selection.flow(book).set_index("box")
    ends = boxes[boxes["kind"] == "end"]
    assert set(ends.index) == {"crs_grade_3_or_more", "crs_any", "icans_any"}
    at = selection.steps(book).set_index("source_id")["step"]
    for code, row in ends.iterrows():
        found = cohorts.pool_outcome(book, code)
        assert row["n"] == found.pooled.k and f"{found.pooled.n} patients" in row["detail"]
        assert set(found.rows["study_id"].map(at)) == {"counted"}
    assert (ends["n"] <= boxes.loc["counted", "n"]).all()
