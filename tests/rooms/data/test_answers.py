"""What may be answered: each topic refuses what it does not allow, names the place, and lets the rest pass."""

import shutil

import pytest
from casebook import data
from conftest import PROJECT
from spoiling import append, change, problems

CLEO = "cases/made-up-cleo/age_years"
TOPICS = {
    "number": "dose,product,2,number,mg/kg|mg,0,100,,Dose,,nothing,",
    "choice": "dose,product,2,choice,,,,low|high,Dose,,nothing,",
    "yes-no": "dose,product,2,yes-no,,,,,Dose,,nothing,",
    "text": "dose,product,2,text,,,,,Dose,,nothing,",
}
TEXT = TOPICS["text"]


@pytest.fixture
def answered(small_data):
    """Gives what is wrong if the dose of Ben is of a type and is answered so; nothing, if it may be."""

    def answer(kind, value):
        change(small_data, "topics.csv", TEXT, TOPICS[kind])
        change(small_data, "gaps.csv", "dose,,,,,,", f'dose,,"{value}",,,made up,made up')
        try:
            data.load(small_data)
        except data.DataError as error:
            return [(one.table, one.row, one.column, one.expected) for one in error.problems]
        return []

    return answer


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("number", "5 mg/kg"), ("number", "0 mg"), ("number", "100 mg"), ("number", "<0.5 mg"),
        ("number", "1 × 10^1 mg"), ("choice", "low"), ("choice", "high"), ("yes-no", "yes"), ("yes-no", "no"),
        ("text", "TEST 99"),
    ],
)  # fmt: skip
def test_what_a_type_allows_passes(answered, kind, value):
    assert answered(kind, value) == []


@pytest.mark.parametrize(
    ("kind", "value", "wanted"),
    [
        ("number", "TEST 99", "a number in mg/kg or mg, at least 0, at most 100"),
        ("number", "5", "a number in mg/kg or mg, at least 0, at most 100"),
        ("number", "5 stones", "a number in mg/kg or mg, at least 0, at most 100"),
        ("number", "−1 mg", "a number in mg/kg or mg, at least 0, at most 100"),
        ("number", "101 mg", "a number in mg/kg or mg, at least 0, at most 100"),
        ("number", "5 × 10^6 mg", "a number in mg/kg or mg, at least 0, at most 100"),
        ("choice", "medium", "one of low, high"),
        ("yes-no", "perhaps", "one of yes, no"),
    ],
)
def test_what_a_type_does_not_allow_is_refused(answered, kind, value, wanted):
    assert answered(kind, value) == [("gaps", 3, "value", wanted)]


def test_a_cell_is_held_to_the_topic_of_a_gap_that_names_it(small_data):
    """Cleo's gap asks for an age of at most 120 years; so nobody is older."""
    change(small_data, "cases.csv", "41,male", "121,male")
    (problem,) = problems(small_data)
    assert (problem.table, problem.row, problem.column, problem.value) == ("cases", 3, "age_years", "121")
    assert problem.expected == "a number in years, at least 0, at most 120"


@pytest.mark.parametrize(
    ("cells", "column", "wanted"),
    [
        (f"{CLEO},30 years,,,made up,made up", "value", f"a blank cell, which {CLEO} fills"),
        (f"{CLEO},TEST 99,,,made up,made up", "value", f"a blank cell, which {CLEO} fills, with a number in years"),
        (",30 years,,paper,made up,made up", "not_in", "a blank cell, because value is filled"),
    ],
)
def test_a_fact_is_typed_in_one_place(small_data, cells, column, wanted):
    change(small_data, "gaps.csv", f"{CLEO},,,,,", cells)
    (problem,) = problems(small_data)
    assert (problem.table, problem.row, problem.column) == ("gaps", 2, column)
    assert problem.expected.startswith(wanted)


@pytest.fixture
def the_book(tmp_path):
    """A copy of the book's own tables, with a gap that asks for the day of the transplantation of a made-up patient."""
    return shutil.copytree(PROJECT / "data", tmp_path / "data")


DAYS = "made-up-start-to-end-6,made-up-start-to-end,made-up-start-to-end-infusion,made-up-start-to-end-graft,"
GAP = "made-up-wait,made-up-start-to-end,interval,events/made-up-start-to-end-graft/day"


def test_a_graft_does_not_come_before_the_infusion_that_it_followed(the_book):
    append(the_book, "gaps.csv", f"{GAP},,,,,")
    assert data.load(the_book).gaps.set_index("gap_id").at["made-up-wait", "value"] == "45 days after the infusion"
    change(the_book, "bounds.csv", f"{DAYS}45,45", f"{DAYS}-5,-5")
    found = [(one.table, one.column, one.value) for one in problems(the_book)]
    assert found == [("bounds", "max_days", "-5"), ("bounds", "min_days", "-5")]
    assert "at least 0" in problems(the_book)[0].expected


def test_an_interval_is_not_typed_without_its_bound(the_book):
    append(the_book, "gaps.csv", f"{GAP},45 days,,,made up,made up")
    (problem,) = problems(the_book)
    assert (problem.table, problem.column, problem.value) == ("gaps", "value", "45 days")
    assert "Add a row to bounds that gives the day of made-up-start-to-end-graft from an index event" in problem.mend


@pytest.mark.parametrize(
    ("file", "old", "new", "place"),
    [
        ("topics.csv", TEXT, TOPICS["choice"].replace("low|high", ""), ("topics", 3, "choices")),
        ("topics.csv", TEXT, TOPICS["number"].replace("0,100", "100,0"), ("topics", 3, "least")),
        ("topics.csv", TEXT, TEXT.replace("text", "day"), ("gaps", 3, "fills")),
        ("measurements.csv", "mg/L,,9", "stones,,9", ("measurements", 2, "unit")),
        ("measurements.csv", "mg/L,,9", "mg/L,10,9", ("measurements", 2, "lower")),
        ("measurements.csv", "surgery,2,2,", "surgery,,,", ("measurements", 2, "min_days")),
        ("questions.csv", "stones", "weather", ("questions", 3, "topics")),
    ],
)
def test_what_else_does_not_fit_is_named(small_data, file, old, new, place):
    change(small_data, file, old, new)
    assert [(one.table, one.row, one.column) for one in problems(small_data)] == [place]


def test_one_patient_s_values_of_an_analyte_stand_in_one_unit(small_data):
    row = "made-up-ben-again,made-up-ben,made-up-ben-surgery,3,3,moonglow,7,,{},,9,stated,,,,,made up,made up,made up"
    append(small_data, "measurements.csv", row.format("mg/L"))
    assert len(data.load(small_data).measurements) == 2
    append(small_data, "measurements.csv", row.format("g/L").replace("again", "third"))
    (problem,) = problems(small_data)
    assert (problem.row, problem.column) == (4, "unit") and problem.expected.startswith("mg/L")


# ---------------------------------------------------------------- gaps that a text names


def test_a_gap_in_braces_is_told_in_its_place(small_data):
    text = "Her age: {made-up-cleo-age}. {made-up-cleo-age | Open. | Known.}"
    change(small_data, "checklist.csv", "Nobody said.", text)
    assert data.load(small_data).checklist["because"].tolist() == ["Her age: not in the record. Open."]
    change(small_data, "cases.csv", "found by chance,,,,,,", "found by chance,,,,,37,")
    (said,) = data.load(small_data).checklist["because"]
    assert said.startswith("Her age: 37 years (") and said.endswith("Known.")


def test_who_reads_a_table_that_tells_of_a_gap_reads_what_fills_it(small_data):
    change(small_data, "checklist.csv", "Nobody said.", "Her age: {made-up-cleo-age}.")
    book = data.load(small_data)
    data.used()
    assert len(book.checklist) == 1
    assert {"checklist", "cases", "bounds", "gaps", "topics"} <= set(data.used())


def test_an_unknown_gap_in_braces_is_named(small_data):
    change(small_data, "checklist.csv", "Nobody said.", "Her age: {made-up-cleo-weight}.")
    (problem,) = problems(small_data)
    assert (problem.table, problem.row, problem.column) == ("checklist", 2, "because")
    assert "made-up-cleo-weight is not" in problem.expected


def test_what_was_looked_for_and_is_not_there_says_so(small_data):
    change(small_data, "gaps.csv", "dose,,,,,,", "dose,,,,paper,,")
    book = data.load(small_data)
    assert data.gaps.gaps_in_words(book, ["made-up-ben-dose"]) == "not in the article either"
    assert data.gaps.gaps_in_words(book, ["made-up-ben-dose", "made-up-cleo-age"]) == (
        "age of Cleo: not in the record; dose of Ben: not in the article either"
    )


def test_a_form_asks_in_the_order_of_a_report(small_data):
    (asked,) = data.gaps.form(data.load(small_data), "made-up-cleo")
    assert list(asked) == data.gaps.FORM
    assert (asked["type"], asked["unit"], asked["least"], asked["most"]) == ("number", ["years"], 0.0, 120.0)
    assert (asked["choices"], asked["value"], asked["fills"]) == ([], None, CLEO)
    groups = [one["group"] for one in data.gaps.form(data.load(), "case-1")]
    assert groups == sorted(groups, key=list(dict.fromkeys(data.load().topics.sort_values("rank")["group"])).index)
