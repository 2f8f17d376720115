"""A case file taken up into tables of made-up patients: all of it or nothing, each conflict by name."""

import csv
import json
import shutil

import pytest
from casebook import data, timeline
from casebook.__main__ import checked
from casebook.exchange import case_files, case_fill
from conftest import PROJECT, snapshot

# ruff: noqa: E501 (a table reads better with one row a line)

ADA, BEN, CLEO = ("made-up-ada", "made-up-ben", "made-up-cleo")
PLACE = {"read_in": "made up", "locator": "Table 2", "wording": "made up"}
BOOK = {"format": "casebook-case", "version": 1, "cases": [], "events": [], "bounds": []}
AGE = {
    "gap_id": "made-up-cleo-age",
    "case_id": CLEO,
    "topic": "age",
    "fills": f"cases/{CLEO}/age_years",
    "value": "52 years",
}
DOSE = {"gap_id": "made-up-ben-dose", "case_id": BEN, "topic": "dose"}
FEVER = {"event_id": "made-up-ben-fever", "case_id": BEN, "kind": "fever", "label": "fever"}
DAY = {
    "bound_id": "made-up-ben-fever-day", "case_id": BEN, "from_event": "made-up-ben-surgery", "to_event": "made-up-ben-fever",
    "min_days": 3, "max_days": 3, "statement": "Fever came 3 days after surgery.",
}  # fmt: skip
KNOWN = {"case_id": CLEO, "label": "Cleo", "role": "made-up"}


@pytest.fixture
def fill(small_data, tmp_path):
    """Fill the small book from a file of these tables; gives what was written."""

    def fill(**tables):
        path = tmp_path / "file.json"
        path.write_text(json.dumps(BOOK | {"cases": [KNOWN]} | tables), encoding="utf-8")
        file = case_files.read_case_file(path, small_data)
        return case_fill.fill_from(file, small_data, lambda copy: checked(copy, small_data / "no pages")[1])

    return fill


def rows(folder, table):
    with (folder / f"{table}.csv").open(newline="", encoding="utf-8") as file:
        return {next(iter(row.values())): row for row in csv.DictReader(file)}


def refused(fill, folder, **tables):
    """What is said of a file that is refused; nothing is written."""
    before = snapshot(folder)
    with pytest.raises(case_files.CaseFileError) as raised:
        fill(**tables)
    assert snapshot(folder) == before
    return raised.value.problems


def test_all_of_it_is_written_and_the_book_holds(fill, small_data):
    written = fill(events=[FEVER | PLACE], bounds=[DAY | PLACE], gaps=[AGE | PLACE, DOSE | {"not_in": "paper"}])
    book = data.load(small_data)
    assert book.cases.set_index("case_id").loc[CLEO, "age_years"] == 52
    places = timeline.places(book).rows.set_index("event_id")
    assert places.loc["made-up-ben-fever", "words"] == "day 3"
    gaps = book.gaps.set_index("gap_id")
    assert gaps.loc["made-up-ben-dose", "not_in"] == "paper"
    assert written.said == (
        "case made-up-ben, event made-up-ben-fever: a new row (Table 2): fever",
        "case made-up-ben, bound made-up-ben-fever-day: a new row (Table 2): Fever came 3 days after surgery.",
        "case made-up-cleo, column age_years: 52 (Table 2)",
        "case made-up-ben, gap made-up-ben-dose, column not_in: paper",
    )
    assert written.recomputes == ("made-up-cleo-age: the table of patients", "made-up-ben-dose: nothing")


def test_the_place_of_a_fact_is_that_of_its_gap_and_not_of_the_row_that_stood_there(fill, small_data):
    fill(gaps=[AGE | PLACE])
    assert rows(small_data, "cases")[CLEO]["locator"] == "" and rows(small_data, "cases")[CLEO]["age_years"] == "52"
    gap = rows(small_data, "gaps")["made-up-cleo-age"]
    assert (gap["value"], gap["locator"], gap["wording"]) == ("", "Table 2", "made up"), "a fact is typed once"
    told = data.load(small_data).gaps.set_index("gap_id").loc["made-up-cleo-age"]
    assert (told["value"], told["locator"], told["read_in"]) == ("52 years", "Table 2", "made up")


def test_a_new_row_stands_after_those_of_its_patient_and_no_other_line_changes(fill, small_data):
    before = (small_data / "bounds.csv").read_text(encoding="utf-8").splitlines()
    fill(events=[FEVER | PLACE], bounds=[DAY | PLACE])
    after = (small_data / "bounds.csv").read_text(encoding="utf-8").splitlines()
    assert [line for line in after if line not in before] == [
        "made-up-ben-fever-day,made-up-ben,made-up-ben-surgery,made-up-ben-fever,3,3,Fever came 3 days after surgery.,"
        "stated,,,,,Table 2,made up,made up"
    ]
    assert after.index(next(line for line in after if line.startswith("made-up-ben-fever-day"))) == 3
    assert [line for line in after if line in before] == before


def test_what_is_there_already_is_left(fill, small_data):
    tables = {"events": [FEVER | PLACE], "bounds": [DAY | PLACE], "gaps": [AGE | PLACE]}
    fill(**tables)
    before = snapshot(small_data)
    again = fill(**tables | {"bounds": [DAY | PLACE | {"min_days": 3.0, "max_days": "3"}]})
    assert again.said == () and again.unchanged > 20 and snapshot(small_data) == before
    assert case_fill.filled_in_words(again)[0].startswith("Nothing is new: ")


def test_a_conflict_is_named_with_both_values(fill, small_data):
    cases = [{"case_id": ADA, "label": "Ada", "role": "made-up", "sex": "male"}]
    bounds = [{"bound_id": "made-up-ada-fever-after-surgery", "case_id": ADA, "from_event": "made-up-ada-surgery"}]
    told = refused(fill, small_data, cases=cases, bounds=[bounds[0] | {"max_days": 5}], gaps=[AGE | PLACE])
    assert [one.partition(". ")[0] for one in told] == [
        "case made-up-ada, column sex: found 'male', and 'female' in the table",
        "case made-up-ada, bound made-up-ada-fever-after-surgery, column max_days: found '5', and '4' in the table",
    ]


WITHOUT_A_PLACE = {
    "an event": {"events": [FEVER]},
    "a sentence": {"events": [FEVER | PLACE], "bounds": [DAY | {"read_in": "made up"}]},
    "a gap": {"gaps": [AGE]},
    "a cell of a patient": {"cases": [{"case_id": ADA, "label": "Ada", "role": "made-up", "dose": "made up"}]},
    "a cell whose row has a place of its own": {
        "cases": [{"case_id": ADA, "label": "Ada", "role": "made-up", "dose": "made up", "read_in": "made up"}],
    },
}  # fmt: skip


@pytest.mark.parametrize("name", WITHOUT_A_PLACE)
def test_nothing_is_taken_without_its_place(name, fill, small_data):
    (said,) = refused(fill, small_data, **WITHOUT_A_PLACE[name])
    assert "no place is given" in said


def test_a_cell_of_a_patient_is_taken_with_the_place_that_its_gap_gives(fill, small_data):
    fill(cases=[KNOWN | {"age_years": "52"}], gaps=[AGE | PLACE | {"value": ""}])
    assert rows(small_data, "cases")[CLEO]["age_years"] == "52"
    assert rows(small_data, "gaps")["made-up-cleo-age"]["locator"] == "Table 2"


OTHERS = {
    "a case that is not there": (
        {"cases": [{"case_id": "made-up-dora", "label": "Dora", "role": "made-up"}]},
        "case made-up-dora: found 'made-up-dora'; expected a case of the book: made-up-ada, made-up-ben or made-up-cleo.",
    ),
    "a gap that is not there": ({"gaps": [AGE | PLACE | {"gap_id": "made-up-cleo-sex"}]}, "the tables have no such gap"),
    "a gap both told and not": ({"gaps": [AGE | PLACE | {"not_in": "paper"}]}, "that the article does not say it either"),
    "an unknown kind": ({"events": [FEVER | PLACE | {"kind": "fevr"}]}, "column kind: found 'fevr'; expected a kind"),
    "an age that is none": ({"gaps": [AGE | PLACE | {"value": "old"}]}, "case made-up-cleo, column age_years: found 'old'"),
    "an event of nobody": ({"bounds": [DAY | PLACE]}, "column to_event: found 'made-up-ben-fever'; expected a case_id and"),
}  # fmt: skip


@pytest.mark.parametrize("name", OTHERS)
def test_what_does_not_fit_the_tables_is_named_and_nothing_written(name, fill, small_data):
    tables, wanted = OTHERS[name]
    assert any(wanted in said for said in refused(fill, small_data, **tables))


def test_what_contradicts_a_timeline_is_refused(fill, small_data):
    late = {
        "bound_id": "made-up-ada-late",
        "case_id": ADA,
        "from_event": "made-up-ada-surgery",
        "to_event": "made-up-ada-fever",
    }
    late |= {"min_days": 9, "max_days": 9, "statement": "Fever came 9 days after surgery."}
    (said,) = refused(fill, small_data, bounds=[late | PLACE], gaps=[AGE | PLACE])
    assert "these bounds cannot all be true" in said and "made-up-ada-late" in said


def test_what_the_pages_ask_is_asked_before_anything_is_written(small_data, tmp_path):
    path = tmp_path / "file.json"
    path.write_text(json.dumps(BOOK | {"cases": [KNOWN], "gaps": [AGE | PLACE]}), encoding="utf-8")
    file, seen = case_files.read_case_file(path, small_data), []
    before = snapshot(small_data)

    def wrong(copy):
        seen.append(rows(copy, "cases")[CLEO]["age_years"])
        return ["the pages ask for what is not there"]

    with pytest.raises(case_files.CaseFileError, match="the pages ask for what is not there"):
        case_fill.fill_from(file, small_data, wrong)
    assert seen == ["52"] and snapshot(small_data) == before


def test_if_one_table_cannot_be_written_none_is(fill, small_data, monkeypatch):
    write = case_fill.Path.write_text

    def full(path, *given, **named):
        if path.parent == small_data and path.name == "cases.csv":
            raise OSError("no space left on device")
        return write(path, *given, **named)

    monkeypatch.setattr(case_fill.Path, "write_text", full)
    before = snapshot(small_data)
    with pytest.raises(OSError, match="no space left"):
        fill(events=[FEVER | PLACE], gaps=[AGE | PLACE])
    assert snapshot(small_data) == before


# ---------------------------------------------------------------- the book, with made-up doubles of its cases


@pytest.fixture
def doubled(data_copy):
    """The live tables with made-up doubles of the two cases among them."""
    for path in (PROJECT / "tests" / "doubles").glob("*.csv"):
        if path.stem not in ("cases", "events", "bounds", "gaps"):
            continue
        with (data_copy / path.name).open(newline="", encoding="utf-8") as file:
            columns = next(csv.reader(file))
        with path.open(newline="", encoding="utf-8") as file:
            found = [row | ({"role": "made-up"} if path.stem == "cases" else {}) for row in csv.DictReader(file)]
        with (data_copy / path.name).open("a", newline="", encoding="utf-8") as file:
            csv.DictWriter(file, columns, restval="", lineterminator="\n").writerows(found)
    return data_copy


def test_a_day_is_filled_by_a_sentence_and_a_follow_up_with_its_unit(doubled, tmp_path):
    case = "made-up-case-1"
    day = {"bound_id": f"{case}-gvhd-day", "case_id": case, "from_event": f"{case}-hsct", "to_event": f"{case}-gvhd"}
    day |= {
        "min_days": 9,
        "max_days": 9,
        "statement": "Made up.",
        "read_in": "paper",
        "locator": "Table 2",
        "wording": "made up",
    }
    place = {"read_in": "paper", "locator": "Table 1", "wording": "made up"}
    gaps = [
        {"gap_id": f"{case}-gvhd-day", "case_id": case, "topic": "gvhd-day", "value": "9 days", **place},
        {"gap_id": f"{case}-follow-up", "case_id": case, "topic": "follow-up", "value": "11 months", **place},
    ]
    cases = [{"case_id": case, "label": "case 1", "role": "made-up"}]
    path = tmp_path / "file.json"

    def fill(**tables):
        path.write_text(json.dumps(BOOK | {"cases": cases} | tables), encoding="utf-8")
        file = case_files.read_case_file(path, doubled)
        return case_fill.fill_from(file, doubled, lambda copy: checked(copy, doubled / "no pages")[1])

    with pytest.raises(
        case_files.CaseFileError, match="a row of bounds that tells it of made-up-case-1-gvhd, from an index"
    ):
        fill(gaps=gaps)
    written = fill(gaps=gaps, bounds=[day])
    book = data.load(doubled)
    assert rows(doubled, "bounds")[f"{case}-gvhd-day"]["source_id"] == "pan2026", "the article is that of the case"
    row = book.cases.set_index("case_id").loc[case]
    assert (row["follow_up"], row["follow_up_unit"]) == (11, "months")
    told = book.gaps.set_index("gap_id")["value"]
    assert told[f"{case}-gvhd-day"] == "9 days after transplantation" and told[f"{case}-follow-up"] == "11 months"
    assert [one.partition(":")[0] for one in written.recomputes] == [f"{case}-follow-up", f"{case}-gvhd-day"] or (
        [one.partition(":")[0] for one in written.recomputes] == [f"{case}-gvhd-day", f"{case}-follow-up"]
    )


def test_the_folder_is_left_alone_but_for_its_tables(fill, small_data):
    shutil.copy(small_data / "cases.csv", small_data / "note.txt")
    names = sorted(path.name for path in small_data.iterdir())
    fill(gaps=[AGE | PLACE])
    assert sorted(path.name for path in small_data.iterdir()) == names
