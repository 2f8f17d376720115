"""`data.load` reads every table as its schema says, or says everything that is wrong at once, and where."""

import dataclasses
import json
import shutil

import pandas as pd
import pytest
from casebook import data, pages, timeline
from casebook.__main__ import main
from casebook.data import schema
from casebook.patients import record
from conftest import PROJECT
from made_up import live
from made_up_strokes import AGE, ANN, BEA, ROWS, write_strokes
from spoiling import append, change, places, problems, rewrite

DURATION = "casebook:duration"


@pytest.mark.parametrize("where", ["book", "small"])
def test_every_table_of_the_schema_is_an_attribute_typed_by_it(where, small_data):
    """The columns are the fields; after a length of time stands a column with the words it was published in."""
    types = {"string": "str", "integer": "Int64", "number": "float64", "boolean": "bool"}
    book = data.load(small_data) if where == "small" else live()
    package = json.loads((PROJECT / "data" / "datapackage.json").read_text(encoding="utf-8"))
    names = [resource["name"] for resource in package["resources"]]
    assert [field.name for field in dataclasses.fields(book)] == [*names, "sources", "dictionary"]
    for resource in package["resources"]:
        wanted = {}
        for field in resource["schema"]["fields"]:
            wanted[field["name"]] = "float64" if DURATION in field else types[field["type"]]
            if DURATION in field:
                wanted[field["casebook:published"]] = "str"
        frame = getattr(book, resource["name"])
        assert {column: str(dtype) for column, dtype in frame.dtypes.items()} == wanted
        assert list(frame.columns) == list(wanted)


def test_every_cell_of_the_book_is_loaded_as_it_stands():
    """The texts of all tables, read a second time by pandas alone, but for what is a number or a truth value.

    Cells that name a gap in braces hold what is known of it in its place.
    """
    book = live()
    for table in book.dictionary["table"].unique():
        plain = pd.read_csv(PROJECT / "data" / f"{table}.csv", dtype="str", keep_default_na=False, na_values=[""])
        loaded = getattr(book, table)
        assert len(plain) == len(loaded)
        texts = set(book.dictionary.loc[book.dictionary["type"].eq("string"), "column"]) & set(plain)
        for column in sorted(texts - {"lane", "look"}):
            if str(loaded[column].dtype) == "str":
                as_it_stands = plain[column].fillna("").map(lambda text: data.gaps.in_text(text, book))
                assert loaded[column].fillna("").equals(as_it_stands), f"{table}.{column}"


def test_numbers_and_truth_values_are_read_as_what_they_mean(small_data):
    book = data.load(small_data)
    assert book.outcomes["value"].tolist() == [15, 4, 12.5] and book.outcomes["events"].tolist() == [3, 1, 1]
    assert book.studies["all_infused"].tolist() == [True, False]
    assert book.cases["follow_up"].isna().tolist() == [False, True, True]
    assert book.record["count"].tolist() == [3, 3, 1]


def test_times_are_days_and_stay_as_they_were_published(small_data):
    """Ben's stones were back 2 to 3 months after surgery: 60.88 to 91.32 days, and still 2 to 3 months."""
    bounds = data.load(small_data).bounds
    assert bounds["min_days"].tolist() == [1, pytest.approx(60.88), 0]
    assert bounds["max_days"].tolist() == [4, pytest.approx(91.32), 2.5]
    assert bounds["min_published"].fillna("").tolist() == ["", "2 months", ""]
    assert bounds["max_published"].fillna("").tolist() == ["", "3 months", ""]


def test_ages_are_years_and_stay_as_they_were_published(small_data):
    """Ada is five months old, Ben 41; Cleo's age is not told."""
    cases = data.load(small_data).cases
    assert cases["age_years"].tolist()[:2] == [pytest.approx(5 / 12), 41] and cases["age_years"].isna()[2]
    assert cases["age"].fillna("").tolist() == ["5 months", "41 years", ""]
    assert cases["age_years"].lt(18).tolist() == [True, False, False]


def test_an_event_is_in_the_lane_of_its_kind_unless_its_row_names_another(small_data):
    lanes = data.load(small_data).events.set_index("event_id")["lane"]
    assert lanes["made-up-ada-fever"] == "complication"
    assert lanes["made-up-ben-relapse"] == "outcome"


def test_the_record_is_frozen_and_a_copy_may_hold_another_table(small_data):
    book = data.load(small_data)
    with pytest.raises(dataclasses.FrozenInstanceError):
        book.cases = None
    other = dataclasses.replace(book, cases=book.cases.head(1))
    assert isinstance(other, data.Casebook) and type(other) is type(book)
    assert len(other.cases) == 1 and other.events is book.events


def test_every_column_is_described():
    assert (live().dictionary[["title", "description"]] != "").all(axis=None)


def test_the_dictionary_holds_every_column_with_what_a_cell_may_hold(small_data):
    dictionary = data.load(small_data).dictionary.set_index(["table", "column"])
    assert dictionary.loc[("bounds", "max_days"), "type"] == "time in days"
    assert dictionary.loc[("cases", "age_years"), "type"] == "time in years"
    assert dictionary.loc[("survival", "value"), "constraints"].endswith("at least 0, at most 100")
    assert dictionary.loc[("cases", "label"), "constraints"] == "text, not blank"
    assert dictionary.loc[("cases", "caveat"), "constraints"] == ""


def test_every_source_is_read_with_its_title_and_year(small_data):
    sources = data.load(small_data).sources
    assert sources[["source_id", "title", "year"]].to_numpy().tolist() == [
        ["alder2001", "A made-up series", "2001"], ["birch2002", "Another made-up series", "2002"],
    ]  # fmt: skip


# ---------------------------------------------------------------- as spreadsheets save them


def same(after, before):
    for field in dataclasses.fields(before):
        pd.testing.assert_frame_equal(getattr(after, field.name), getattr(before, field.name))


def as_a_spreadsheet(kind, decimal, pad):
    """Write a cell as a spreadsheet of some country does."""

    def cell(column, text):
        if kind.get(column) == "boolean":
            text = text.upper()
        elif kind.get(column) == "integer" and text:
            text = f"{text}.0"
        elif kind.get(column) in ("number", "time in days", "time in years"):
            text = text.replace(".", decimal).replace("-", "\u2212").replace(" ", "\u00a0")
        return f"{pad}{text}{pad}" if text else text

    return cell


@pytest.mark.parametrize("pad", ["", "\u00a0"], ids=["plain", "padded"])
@pytest.mark.parametrize("decimal", [".", ","], ids=["point", "comma"])
def test_tables_that_a_spreadsheet_saved_are_the_same_tables(decimal, pad, small_data):
    append(
        small_data,
        "bounds.csv",
        "made-up-ben-before,made-up-ben,made-up-ben-relapse,made-up-ben-surgery,-95.5,-7,Surgery came before.,"
        "stated,,,,,made up,made up,made up",
    )
    before = data.load(small_data)
    for table in schema.tables(json.loads((small_data / "datapackage.json").read_text(encoding="utf-8"))):
        kinds = {field.name: field.kind for field in table.fields}
        rewrite(small_data, table.path, as_a_spreadsheet(kinds, decimal, pad))
    same(data.load(small_data), before)


def test_tables_that_pandas_saved_are_the_same_tables(small_data):
    """It writes True and False, and 3.0 for a count where one is missing; a grade is text, and kept as text."""
    change(
        small_data, "left_out.csv", ",2\n", ",2\ndogwood2005,Another series,false,to be checked,It was not found.,\n"
    )
    before = data.load(small_data)
    for path in small_data.glob("*.csv"):
        pd.read_csv(path, dtype={"grade": "str"}).to_csv(path, index=False)
    assert ",True," in (small_data / "events.csv").read_text() and ",2.0\n" in (small_data / "left_out.csv").read_text()
    same(data.load(small_data), before)


def test_byte_order_mark_and_line_ends_of_windows_are_accepted(small_data):
    before = data.load(small_data)
    for path in small_data.glob("*.csv"):
        text = path.read_text(encoding="utf-8")
        path.write_bytes(b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode())
    same(data.load(small_data), before)


def test_blank_lines_are_no_facts(small_data):
    before = data.load(small_data)
    append(small_data, "bounds.csv", f"\n{',' * 14}\n \u00a0{',' * 14}\n")
    assert data.load(small_data).bounds.equals(before.bounds)


def test_columns_may_stand_in_another_order(small_data):
    before = data.load(small_data)
    path = small_data / "lessons.csv"
    pd.read_csv(path).iloc[:, ::-1].to_csv(path, index=False)
    assert data.load(small_data).lessons.equals(before.lessons)


# ---------------------------------------------------------------- files that cannot be read


def remove(name):
    return lambda folder: (folder / name).unlink()


def folder_for(name):
    def spoil(folder):
        (folder / name).unlink()
        (folder / name).mkdir()

    return spoil


def write(name, content):
    return lambda folder: (folder / name).write_bytes(content)


def separated_by(separator):
    def spoil(folder):
        path = folder / "events.csv"
        path.write_text(path.read_text().replace(",", separator))

    return spoil


def in_utf_16(folder):
    path = folder / "events.csv"
    path.write_bytes(path.read_text().encode("utf-16"))


def a_quote_left_open(folder):
    change(folder, "record.csv", ",All three had", ',"All three had')


UNREADABLE = {
    "missing": (remove("gaps.csv"), "gaps", 0, "a file gaps.csv"),
    "a folder": (folder_for("gaps.csv"), "gaps", 0, "a file gaps.csv that can be read"),
    "empty": (write("gaps.csv", b""), "gaps", 0, "a header"),
    "blank lines": (write("gaps.csv", b"\xef\xbb\xbf\r\n , ,\r\n"), "gaps", 0, "a header"),
    "semicolons": (separated_by(";"), "events", 1, "cells separated by commas, not by semicolons"),
    "tabs": (separated_by("\t"), "events", 1, "cells separated by commas, not by tabs"),
    "UTF-16": (in_utf_16, "events", 0, "text in UTF-8, not in UTF-16"),
    "an open quote": (a_quote_left_open, "record", 3, "comma-separated values"),
    "no bibliography": (remove("references.bib"), "references.bib", 0, "the bibliography"),
    "a folder for the bibliography": (folder_for("references.bib"), "references.bib", 0, "a BibTeX file"),
    "a bibliography that is none": (write("references.bib", b"garbage"), "references.bib", 0, "sources in BibTeX"),
    "a bibliography in Latin-1": (write("references.bib", b"\xe9"), "references.bib", 0, "a BibTeX file in UTF-8"),
    "no schema": (remove("datapackage.json"), "datapackage.json", 0, "a file that describes the tables"),
    "a folder for the schema": (folder_for("datapackage.json"), "datapackage.json", 0, "a valid Frictionless data package"),
    "a schema that is no JSON": (write("datapackage.json", b"{"), "datapackage.json", 0, "a valid Frictionless data package"),
    "a schema of nothing": (write("datapackage.json", b"{}"), "datapackage.json", 0, "a valid Frictionless data package"),
}  # fmt: skip
# ruff: noqa: E501 (a table reads better with one row a line)


@pytest.mark.parametrize("name", UNREADABLE)
def test_a_file_that_cannot_be_read_is_one_problem(name, small_data):
    spoil, table, row, expected = UNREADABLE[name]
    spoil(small_data)
    of_the_file = [problem for problem in problems(small_data) if problem.table == table]
    assert [(problem.row, problem.column) for problem in of_the_file] == [(row, "")]
    assert expected in of_the_file[0].expected


def test_a_missing_table_is_not_blamed_on_the_rows_that_name_it(small_data):
    (small_data / "cases.csv").unlink()
    (small_data / "references.bib").unlink()
    assert places(small_data) == [("cases", 0, ""), ("references.bib", 0, "")]


def test_a_path_that_is_no_folder_is_one_problem_that_names_the_folder(small_data):
    (problem,) = problems(small_data / "datapackage.json")
    assert str(small_data) in problem.mend and "folder that holds datapackage.json" in problem.expected
    (problem,) = problems(small_data / "nowhere")
    assert "nowhere" in problem.table and "no such folder" in problem.mend
    shutil.rmtree(small_data)
    small_data.mkdir()
    (problem,) = problems(small_data)
    assert problem.table == "datapackage.json"


# ---------------------------------------------------------------- tables that are empty or not there


def test_two_patients_with_a_stroke_and_an_operation_need_a_dozen_tables(tmp_path):
    """None of a disease, a product or a literature: only what they had, and words for it."""
    book = data.load(write_strokes(tmp_path / "strokes"))
    assert len(dataclasses.fields(book)) - 2 == len(ROWS) <= 12
    course = timeline.course(book, "surgery")
    positions = course.windows.set_index("event_id")["position"]
    assert positions[f"{ANN}-stroke"] == "day −9 to −3" and positions[f"{BEA}-stroke"] == "not in the record"
    assert "Ann" in pages.hero(course, "made up", sign="trouble").to_dict()["title"]["text"]


def test_every_table_may_have_no_row(tmp_path):
    book = data.load(write_strokes(tmp_path / "nobody", **dict.fromkeys(ROWS, ())))
    assert all(getattr(book, name).empty for name in ROWS) and book.sources.empty
    assert book.events["index_event"].dtype == bool and record.facts(book).empty


@pytest.mark.parametrize("name", ["cases", "events", "kinds", "lanes", "definitions", "record"])
def test_a_key_into_an_empty_table_leads_nowhere(name, tmp_path):
    named = {"definition_id": "stroke"} if name == "definitions" else {}
    named |= {"sentence_id": "one"} if name == "record" else {}
    bounds = [ROWS["bounds"][0] | named]
    found = problems(write_strokes(tmp_path / "strokes", **{"bounds": bounds, name: []}))
    assert found and all(problem.mend.endswith(f"add the row to {name}, which has none.") for problem in found)


def test_a_source_of_an_empty_bibliography_is_unknown(tmp_path):
    folder = write_strokes(tmp_path / "strokes", cases=[row | {"source_id": "doe2020"} for row in ROWS["cases"]])
    assert places(folder) == [("cases", 2, "source_id")]


def test_a_gap_cannot_name_a_cell_of_an_empty_table(tmp_path):
    gap = {"gap_id": "made-up-age", "case_id": ANN, "topic": "age"}
    folder = write_strokes(
        tmp_path / "strokes", events=[], bounds=[], topics=[AGE], gaps=[gap | {"fills": f"events/{ANN}-stroke/grade"}]
    )
    assert places(folder) == [("gaps", 2, "fills")]


@pytest.mark.parametrize("name", ["bounds", "basis_words"])
def test_what_every_book_has_must_be_described(name, tmp_path):
    (problem,) = problems(write_strokes(tmp_path / "strokes", **{name: None}))
    assert problem.expected == f"the table {name}, which every book has" and "a header alone" in problem.mend


@pytest.mark.parametrize(("name", "mend"), [("cases", "as every book does"), ("definitions", "or take the key out")])
def test_a_key_into_a_table_that_is_not_described_is_said(name, mend, tmp_path):
    (problem,) = problems(write_strokes(tmp_path / "strokes", **{name: None}))
    assert f"leads to {name}, which is not among the tables" in problem.mend and mend in problem.mend


def test_who_asks_for_a_table_that_is_not_there_is_told_so(tmp_path):
    book = data.load(write_strokes(tmp_path / "strokes", gaps=None))
    assert not hasattr(book, "gaps") and data.select(book, ANN).cases["case_id"].tolist() == [ANN]
    with pytest.raises(data.NoTable, match="no table 'vignettes', which this code needs: describe it"):
        book.vignettes  # noqa: B018
    with pytest.raises(data.NoTable, match="no table 'gaps', which the room data needs"):
        record.open_gaps(book)
    assert main(str(tmp_path / "strokes")) == 0


# ---------------------------------------------------------------- select


def test_select_keeps_the_rows_of_the_cases_asked_for(small_data):
    book = data.load(small_data)
    one = data.select(book, "made-up-ada")
    assert set(one.events["case_id"]) == set(one.bounds["case_id"]) == set(one.cases["case_id"]) == {"made-up-ada"}
    assert one.gaps.empty and one.record is book.record
    with pytest.raises(KeyError, match="made-up-dan"):
        data.select(book, "made-up-dan")


def test_looks_go_by_the_rank_of_the_index_case_and_not_by_its_name(data_copy):
    def looks():
        found = data.load(data_copy).looks.query("of == 'case'")
        return dict(zip(found["look"], found["rank"]))

    assert looks() == {"case-1": 1, "case-2": 2}
    header, one, two, *others = (data_copy / "cases.csv").read_text(encoding="utf-8").splitlines(keepends=True)
    (data_copy / "cases.csv").write_text("".join([header, two, one, *others]), encoding="utf-8")
    assert looks() == {"case-2": 1, "case-1": 2}


def test_tables_are_read_anew_when_a_file_has_changed_and_nobody_s_frame_is_another_s(small_data):
    one = data.load(small_data)
    one.lessons.loc[:, "lesson"] = "made up"
    path = small_data / "lessons.csv"
    again = data.load(small_data)
    assert "made up" not in set(again.lessons["lesson"])
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace(again.lessons["lesson"].iloc[0], "Made up anew."), encoding="utf-8")
    assert data.load(small_data).lessons["lesson"].iloc[0] == "Made up anew."
