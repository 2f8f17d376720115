"""Risk of bias: each answer leads to the row that shows it, and what is unclear is never counted as bad or good."""

import pandas as pd
import pytest
from casebook.evidence import bias, cohorts
from made_up import live
from made_up_series import series

ITEM = ["item_id", "tool", "number", "short", "question", "tool_source"]
ANSWER = ["source_id", "item_id", "answer", "because", "shown_by"]


@pytest.fixture(scope="module")
def book():
    return live()


def made_up(*answers):
    book = series()
    book.cases["source_id"] = "own"
    book.bias_items = pd.DataFrame(
        [("all", "A tool", "1", "All", "Is all told?", None), ("long", "A tool", "2", "Long", "Long enough?", None)],
        columns=ITEM,
    )
    book.bias = pd.DataFrame(list(answers), columns=ANSWER)
    book.funding = pd.DataFrame([("a", None, None, None), ("own", "A maker of splints.", None, "paper")],
                                columns=["source_id", "ties", "declared", "read_in"])  # fmt: skip
    return book


TWO = [("b", "long", "unclear", "Not told.", None), ("b", "all", "no", "Half.", "studies/b"),
       ("a", "all", "yes", "All.", "studies/a"), ("a", "long", "unclear", "Not told.", None),
       ("own", "all", "not applicable", "Nobody asks.", None)]  # fmt: skip


def test_answers_stand_in_the_order_of_the_sources_and_of_the_questions():
    found = bias.answers(made_up(*TWO))
    assert found[["label", "number"]].values.tolist() == [
        ["Birch 2023", "1"], ["Birch 2023", "2"], ["Amber 2021", "1"], ["Amber 2021", "2"],
        ["the article on case 1 and case 2", "1"],
    ]  # fmt: skip


def test_the_title_counts_what_is_unclear_of_what_was_asked():
    found = bias.answers(made_up(*TWO))
    assert bias.bias_figure(found).title == "2 of 4 answers are unclear, and one question is answered for no source"
    assert bias.said_answers(found, "yes") == "1 of 4 answers"
    assert bias.bias_figure(bias.answers(made_up(TWO[2]))).title == "None of 1 answer is unclear"
    assert bias.bias_figure(found.head(0)).title == "No source was appraised"
    assert bias.bias_figure(found).subtitle == "3 sources, appraised by what was read of them; A tool: 2 questions"


def test_a_question_to_which_all_leave_the_answer_open_is_named():
    assert bias.never_told(bias.answers(made_up(*TWO))) == ["Long"]
    asked_of_two = ("own", "long", "not applicable", "Nobody asks.", None)
    assert bias.never_told(bias.answers(made_up(*TWO, asked_of_two))) == ["Long"]
    assert bias.never_told(bias.answers(made_up(*TWO, ("own", "long", "no", "Short.", "studies/a")))) == []


def test_the_tables_count():
    book = made_up(*TWO)
    shown = bias.items_table(book)
    assert shown[["Yes", "No", "Unclear"]].values.tolist() == [[1, 1, 0], [0, 0, 2]]
    assert bias.funding_table(book)["Source"].tolist() == ["Amber 2021", "the article on case 1 and case 2"]
    assert bias.said_funding(book) == "1 of 2 sources"


# ---------------------------------------------------------------- the live tables


def test_every_series_that_is_pooled_has_an_answer_to_every_question_for_series(book):
    asked = set(book.bias_items.loc[~book.bias_items["tool"].str.startswith("Murad"), "item_id"])
    assert len(asked) == 14
    for code in ("crs_grade_3_or_more", "crs_any", "icans_any"):
        for study in cohorts.pool_outcome(book, code).rows["study_id"]:
            mine = book.bias[book.bias["source_id"] == study]
            assert set(mine["item_id"]) == asked and len(mine) == len(asked), study


def test_each_tool_has_the_questions_that_its_source_has(book):
    """JBI, case series: ten (Munn 2020); Murad 2018: eight, in four domains."""
    counts = book.bias_items.groupby("tool_source").size()
    assert counts.to_dict() == {"munn2020": 10, "murad2018": 8}
    assert {"munn2020", "murad2018"} <= set(book.sources["source_id"])


def test_each_yes_and_no_leads_to_a_row_that_exists_and_an_unclear_to_none(book):
    for row in book.bias.itertuples():
        if row.answer in ("yes", "no"):
            table, _, key = row.shown_by.partition("/")
            frame = getattr(book, table)
            assert key in set(frame[frame.columns[0]]), row.shown_by
        else:
            assert pd.isna(row.shown_by)
    assert {"yes", "no", "unclear", "not applicable"} == set(book.bias["answer"])


def test_the_answers_agree_with_the_rows_that_they_rest_on(book):
    studies = book.studies.set_index("study_id")
    rows = book.bias.set_index(["source_id", "item_id"])["answer"]
    for study in set(book.bias["source_id"]) & set(studies.index):
        told = rows[study, "denominator"]
        assert told == "unclear" or (told == "yes") is bool(studies.loc[study, "all_infused"]), study
        design = studies.loc[study, "design_detail"]
        if rows[study, "prospective"] == "yes":
            assert "phase" in design or "trial" in design, study
        if rows[study, "prospective"] == "no":
            assert "retrospective" in design, study


def test_what_is_pooled_has_everybody_in_the_denominator_by_its_appraisal_too(book):
    answers = book.bias.set_index(["source_id", "item_id"])["answer"]
    for code in ("crs_grade_3_or_more", "crs_any", "icans_any"):
        for study in cohorts.pool_outcome(book, code).rows["study_id"]:
            assert answers[study, "denominator"] == "yes", study


def test_what_is_said_of_funding_names_in_what_it_was_read(book):
    told = book.funding[["ties", "declared"]].notna().any(axis="columns")
    assert book.funding["read_in"].notna().equals(told)
    assert set(book.funding["source_id"]) == set(book.bias["source_id"])
