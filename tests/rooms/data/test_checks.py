"""Whatever breaks the schema is named with its place, once, and with what to do."""

import pytest
from casebook import data
from casebook.data import DataError
from casebook.data.checks import Problem
from frictionless import Package
from spoiling import append, change, places, problems, rewrite

# The file, what is replaced by what; then the one place that the error must name.
BROKEN_CELLS = {
    "a number that is none": ("outcomes.csv", ",3,20,15,", ",3,20,many,", ("outcomes", 2, "value")),
    "infinity": ("outcomes.csv", ",0.9,24,", ",0.9,inf,", ("outcomes", 3, "high")),
    "not a number": ("outcomes.csv", ",0.9,24,", ",nan,24,", ("outcomes", 3, "low")),
    "a number of 400 digits": ("survival.csv", "OS,24,", f"OS,{'9' * 400},", ("survival", 2, "months")),
    "a count that is not whole": ("outcomes.csv", ",1,8,", ",1,8.5,", ("outcomes", 4, "n")),
    "a number below its least": ("studies.csv", "people with stones,8,", "people with stones,0,", ("studies", 3, "n")),
    "a number above its most": ("survival.csv", "all,20,90,", "all,20,101,", ("survival", 2, "value")),
    "neither true nor false": ("events.csv", "surgery,true,", "surgery,surely,", ("events", 2, "index_event")),
    "neither true nor false, but blank": ("events.csv", "surgery,true,", "surgery,,", ("events", 2, "index_event")),
    "a word outside its list": ("survival.csv", ",OS,", ",os,", ("survival", 2, "endpoint")),
    "a form that is not the column's": ("looks.csv", "#123456", "blue", ("looks", 2, "color")),
    "a blank that is required": ("lessons.csv", "Look for stones again.", "", ("lessons", 2, "lesson")),
    "seven words": ("events.csv", "stones came back", "the stones have all come back again", ("events", 5, "wording")),
    "a time in days": ("bounds.csv", ",1,4,", ",1,four days,", ("bounds", 2, "max_days")),
    "an age below zero": ("cases.csv", ",41,", ",-41,", ("cases", 3, "age_years")),
    "an id twice": ("record.csv", "abstract-2,", "abstract-1,", ("record", 4, "sentence_id")),
    "two ids together twice": ("worked_counts.csv", "halves,2,", "halves,1,", ("worked_counts", 3, "dataset")),
    "an id that leads nowhere": ("gaps.csv", "dose,made-up-ben,", "dose,made-up-dan,", ("gaps", 3, "case_id")),
    "an event of another case": ("bounds.csv", ",made-up-ada-fever,1", ",made-up-ben-relapse,1", ("bounds", 2, "to_event")),
}  # fmt: skip
# ruff: noqa: E501 (a table reads better with one row a line)


@pytest.mark.parametrize("name", BROKEN_CELLS)
def test_a_broken_cell_is_one_problem_with_its_place(name, small_data):
    file, old, new, place = BROKEN_CELLS[name]
    if name == "an id twice":
        rewrite(small_data, "events.csv", lambda column, text: "" if column == "sentence_id" else text)
        rewrite(small_data, "bounds.csv", lambda column, text: "" if column == "sentence_id" else text)
    change(small_data, file, old, new)
    assert places(small_data) == [place]


def test_frictionless_finds_the_same_rows_wrong(small_data):
    """The standard's own checker refuses the same rows of the same tables, of many mistakes at once."""
    stricter_here = {"infinity", "not a number", "a number of 400 digits"}  # it takes NaN for a number
    broken = {place: cell for name, (*cell, place) in BROKEN_CELLS.items() if name not in stricter_here}
    for cell in broken.values():
        change(small_data, *cell)
    report = Package(str(small_data / "datapackage.json")).validate()
    theirs = {(task.name, error.row_number) for task in report.tasks for error in task.errors}
    assert len(broken) > 14 and {place[:2] for place in broken} <= theirs
    assert {(table, row) for table, row, _ in places(small_data)} == theirs


def test_a_mistake_in_many_cells_is_one_problem_with_its_count_and_first_place(small_data):
    rewrite(small_data, "events.csv", lambda column, text: "wahr" if text == "true" else text)
    (problem,) = problems(small_data)
    assert (problem.row, problem.column, problem.value, problem.cells, problem.others) == (
        2,
        "index_event",
        "wahr",
        4,
        (),
    )
    assert str(problem).startswith("events, in 4 rows, first row 2, column index_event: found 'wahr'; expected true or")


def test_different_mistakes_of_one_kind_are_one_problem_that_names_the_first_values(small_data):
    wrong = iter(["I", "II", "III", "IV"])
    for wanted in ("median", "range", "individual", "limit"):
        append(
            small_data,
            "intervals.csv",
            f"more-{wanted},alder2001,surgery,relapse,observed,{next(wrong)},,,,,days,,abstract,",
        )
    (problem,) = problems(small_data)
    assert (problem.row, problem.cells) == (3, 4)
    assert "found 'I', 'II', 'III', 1 more; expected one of median" in str(problem)


def test_the_error_counts_problems_and_places():
    cell = Problem("events", 2, "lane", "x", "a lane", "Mend it.")
    assert str(DataError([cell, cell])).startswith("1 problem in the data:\n  events, row 2, column lane: found 'x'")
    many = [Problem("events", row, "lane", "x", "a lane", "Mend it.") for row in (9, 3, 5)]
    whole = Problem("cases", 0, "", "", "a file", "Put it back.")
    error = DataError([*many, whole])
    assert str(error).startswith("2 problems in the data, in 4 places:\n  cases: expected a file. Put it back.\n")
    assert [problem.row for problem in error.problems] == [0, 3]


def test_a_long_text_is_cut_in_the_message_and_kept_in_the_problem(small_data):
    change(small_data, "studies.csv", ",cohort,", f",{'word ' * 100},")
    (problem,) = problems(small_data)
    assert len(problem.value) > 400 and len(str(problem)) < 400 and "word…'" in str(problem)


@pytest.mark.parametrize(
    ("text", "found"),
    [(",surgery,\n", "14 cells"), (",surgery,,,,,,,,,,,,,,,,,,,\n", "20 cells")],
    ids=["short", "long"],
)
def test_a_row_of_another_length_is_one_problem_and_its_id_stays_known(text, found, small_data):
    """Nothing else is said of cells that may have shifted, nor of the rows that name the event."""
    path = small_data / "events.csv"
    lines = path.read_text().splitlines(keepends=True)
    wide = lines[1].rstrip("\n").split(",")
    lines[1] = ",".join(wide[:8]) + text
    path.write_text("".join(lines))
    (problem,) = problems(small_data)
    assert (problem.table, problem.row, problem.column) == ("events", 2, "")
    wanted = f"{lines[0].count(',') + 1} cells"
    assert problem.value.endswith("cells") and wanted in problem.expected and "quotes" in problem.mend


def test_columns_that_are_missing_unknown_or_named_twice(small_data):
    change(small_data, "lessons.csv", "cannot_say", "open")
    change(small_data, "survival.csv", "group", "n")
    assert places(small_data) == [
        ("lessons", 1, "cannot_say"), ("lessons", 1, "open"), ("survival", 1, "group"), ("survival", 1, "n"),
    ]  # fmt: skip


def test_blank_columns_at_the_right_are_no_mistake_until_something_stands_in_them(small_data):
    path = small_data / "care.csv"
    path.write_text("".join(f"{line},,\n" for line in path.read_text().splitlines()))
    assert len(data.load(small_data).care) == 1
    change(small_data, "care.csv", "record,record,,,", "record,record,,,stray")
    (problem,) = problems(small_data)
    assert (problem.table, problem.row, problem.value) == ("care", 2, "stray")


@pytest.mark.parametrize("text", ["\u200b", "surgery\u200b", "sur\x00gery", "sur\u00adgery"])
def test_what_cannot_be_seen_is_refused(text, small_data):
    change(small_data, "events.csv", "true,,surgery,", f"true,,{text},")
    (problem,) = problems(small_data)
    assert (problem.row, problem.column, problem.value) == (2, "label", text)
    assert text not in str(problem), "the message makes it visible"


def test_a_byte_that_is_not_utf_8_is_named_with_its_row_and_column(small_data):
    """The row is the record's: a text of several lines before it does not shift it."""
    path = small_data / "definitions.csv"
    change(small_data, "definitions.csv", "Fever within 60 hours of surgery.", '"Fever\nwithin\n60 hours"')
    line = "late-fever,Birch 2002,late fever,Fièvre,birch2002,abstract,Nothing.,None.,true\n"
    path.write_bytes(path.read_bytes() + line.encode("latin-1"))
    (problem,) = problems(small_data)
    assert (problem.table, problem.row, problem.column) == ("definitions", 3, "definition")
    assert problem.value == r"Fi\xe8vre" and "UTF-8" in problem.expected
    str(problem).encode("utf-8")


def test_a_header_that_is_not_utf_8_can_be_printed(small_data):
    path = small_data / "care.csv"
    path.write_bytes(path.read_bytes().replace(b"note", "Fièvre".encode("latin-1"), 1))
    for problem in problems(small_data):
        str(problem).encode("utf-8")


def test_ids_that_stand_twice_are_told_in_the_words_of_their_key(small_data):
    change(small_data, "studies.csv", "birch2002,Birch", "alder2001,Birch")
    change(small_data, "worked_counts.csv", "halves,2,", "halves,1,")
    said = {problem.table: problem.expected for problem in problems(small_data)}
    assert said["studies"] == "an id that no other row has"
    assert said["worked_counts"] == "dataset and study that no other row has together"


def test_a_wrong_case_is_said_once_and_not_again_for_each_of_its_events(small_data):
    change(small_data, "bounds.csv", "surgery,made-up-ada,", "surgery,made-up-dan,")
    assert places(small_data) == [("bounds", 2, "case_id")]


def lines(folder, edit):
    path = folder / "events.csv"
    path.write_text(edit(path.read_text(encoding="utf-8")), encoding="utf-8")
    return problems(folder)


def titled(text):
    return f"Events of our patients,,,\n\n{text}"


def shouted(text):
    header, rows = text.split("\n", 1)
    return f"{header.title().replace('_', ' ')}\n{rows}"


@pytest.mark.parametrize(
    ("edit", "said"),
    [
        (titled, "The header stands in row 3"),
        (lambda text: text.split("\n", 1)[1], "Put the header above the rows"),
        (shouted, "in lower case"),
        (lambda text: text.split("\n", 1)[0] + "\n" + text, "second header"),
    ],
    ids=["a title", "no header", "another spelling", "a header twice"],
)
def test_one_cause_is_one_message(edit, said, small_data):
    (problem,) = lines(small_data, edit)
    assert said in problem.mend


def test_a_title_above_the_cases_says_nothing_of_their_events(data_copy):
    path = data_copy / "cases.csv"
    path.write_text("Cases\n" + path.read_text(encoding="utf-8"), encoding="utf-8")
    assert places(data_copy) == [("cases", 1, "")]


def test_a_text_that_a_spreadsheet_computes_is_refused(small_data):
    change(small_data, "lessons.csv", "Look for stones again.", "=HYPERLINK(1)")
    assert places(small_data) == [("lessons", 2, "lesson")]
