"""`data.load` says everything that is wrong at once, and where."""

import dataclasses
import json

import pytest
from casebook import data
from conftest import PROJECT


def test_every_table_of_the_schema_is_an_attribute_typed_by_it():
    book = data.load()
    package = json.loads((PROJECT / "data" / "datapackage.json").read_text())
    for resource in package["resources"]:
        frame = getattr(book, resource["name"])
        fields = resource["schema"]["fields"]
        assert list(frame.columns) == [field["name"] for field in fields]
        assert [str(t) for t in frame.dtypes] == [data.DTYPES[field["type"]] for field in fields]


def test_the_record_is_frozen():
    with pytest.raises(dataclasses.FrozenInstanceError):
        data.load().cases = None


def test_every_column_is_described():
    dictionary = data.load().dictionary
    assert (dictionary[["title", "description"]] != "").all(axis=None)


def change(folder, file, old, new):
    path = folder / file
    text = path.read_text(encoding="utf-8")
    assert old in text, f"{old!r} does not stand in {file}: the test would break nothing"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def remove(folder, file, old, new):
    (folder / file).unlink()


def latin_1(folder, file, old, new):
    text = (folder / file).read_text(encoding="utf-8").replace(old, new, 1)
    (folder / file).write_bytes(text.encode("latin-1", errors="replace"))


def header_only(folder, file, old, new):
    path = folder / file
    path.write_text(path.read_text(encoding="utf-8").splitlines()[0] + "\n", encoding="utf-8")


STATED = "false,infection,infection,,stated,,,pan2026,"
# how to break it: what it breaks, the file, what is replaced by what; then the place that the error must name
BREAKS = {
    "missing file": (remove, "gaps.csv", "", "", ("gaps", 0, "")),
    "missing column": (change, "lessons.csv", "cannot_say", "open", ("lessons", 1, "cannot_say")),
    "unknown column": (change, "lessons.csv", "cannot_say", "open", ("lessons", 1, "open")),
    "a column twice": (change, "lessons.csv", "strength", "lesson", ("lessons", 1, "lesson")),
    "wrong type, number": (change, "bounds.csv", ",0,14,", ",0,two weeks,", ("bounds", 5, "max_days")),
    "wrong type, truth": (change, "events.csv", ",false,", ",no,", ("events", 2, "index_event")),
    "value outside its list": (change, "events.csv", ",GVHD,", ",gvhd,", ("events", 8, "lane")),
    "broken key": (change, "events.csv", "case-1-crs,case-1", "case-1-crs,case-9", ("events", 4, "case_id")),
    "event of another case": (change, "bounds.csv", ",case-1-gvhd,", ",case-2-hsct,", ("bounds", 5, "to_event")),
    "unknown source": (change, "definitions.csv", "lee2019,", "lee2918,", ("definitions", 2, "source_id")),
    "duplicate id": (change, "record.csv", "abstract-2,", "abstract-1,", ("record", 9, "sentence_id")),
    "fact without basis": (change, "events.csv", STATED, STATED.replace("stated", ""), ("events", 5, "basis")),
    "inferred without a reason": (change, "events.csv", STATED, STATED.replace("stated", "inferred"), ("events", 5, "reason")),
    "stated without locator": (change, "events.csv", '"abstract, sentence 4",infection', ",infection", ("events", 5, "locator")),
    "stated without wording": (change, "events.csv", 'sentence 4",infection,', 'sentence 4",,', ("events", 5, "wording")),
    "defined without its definition": (change, "bounds.csv", "ta-tma-schoettler-2023", "", ("bounds", 6, "definition_id")),
    "wording of more than six words": (change, "events.csv", ",poor prognosis,abstract", ",a rather poor prognosis as it were,abstract", ("events", 10, "wording")),
    "not UTF-8": (latin_1, "definitions.csv", "Fever", "Fièvre", ("definitions", 2, "")),
    "empty table": (header_only, "explanations.csv", "", "", ("explanations", 0, "")),
    "min_days above max_days": (change, "bounds.csv", ",0,14,", ",15,14,", ("bounds", 5, "min_days")),
    "a cell too many": (change, "cases.csv", "case-1,case 1,", "case-1,case 1,extra,", ("cases", 2, "")),
    "a real patient named made-up": (change, "cases.csv", "case-1,case 1,index", "case-1,case 1,made-up", ("cases", 2, "case_id")),
    "a gap filled without its place": (change, "gaps.csv", "table of patients,,,", "table of patients,some value,,", ("gaps", 2, "locator")),
    "no bibliography": (remove, "references.bib", "", "", ("references.bib", 0, "")),
    "a number that is none": (change, "bounds.csv", ",0,14,", ",0,inf,", ("bounds", 5, "max_days")),
    "text that cannot be seen": (change, "events.csv", ",poor prognosis,,", ",\u200b,,", ("events", 10, "label")),
    "an event bound to itself": (change, "bounds.csv", ",case-1-hsct,case-1-gvhd,", ",case-1-gvhd,case-1-gvhd,", ("bounds", 5, "to_event")),
    "an unknown source of a patient's row": (change, "bounds.csv", ",pan2026,", ",pan1906,", ("bounds", 2, "source_id")),
    "more events than patients": (change, "outcomes.csv", ",18,20,90,", ",21,20,90,", ("outcomes", 2, "events")),
    "a percentage that is not its count's": (change, "outcomes.csv", ",18,20,90,", ",17,20,90,", ("outcomes", 2, "value")),
    "low above high": (change, "survival.csv", ",36.8,13.8,59.8,", ",36.8,63.8,59.8,", ("survival", 2, "low")),
    "limits of an unknown kind": (change, "intervals.csv", ",30,55,range,", ",30,55,,", ("intervals", 2, "limits")),
    "a study without a source": (change, "studies.csv", "pan2021,", "pan1921,", ("studies", 2, "study_id")),
    "an outcome of an unknown study": (change, "outcomes.csv", ",pan2021,", ",pan1921,", ("outcomes", 2, "study_id")),
    "an overlap of an unknown study": (change, "overlaps.csv", "pan2021,", "pan1921,", ("overlaps", 2, "study_a")),
    "a contradiction of an unknown source": (change, "contradictions.csv", ",pan2021,", ",pan1921,", ("contradictions", 2, "source_a")),
    "a made-up count that is not named so": (change, "worked_counts.csv", "made-up-sparse,1", "sparse,1", ("worked_counts", 16, "source_id")),
    "no schema": (remove, "datapackage.json", "", "", ("datapackage.json", 0, "")),
}  # fmt: skip
# ruff: noqa: E501 (a table reads better with one row a line)


@pytest.mark.parametrize("name", BREAKS)
def test_each_kind_of_bad_input_is_named_with_its_place(name, data_copy):
    how, file, old, new, place = BREAKS[name]
    how(data_copy, file, old, new)
    with pytest.raises(data.DataError) as raised:
        data.load(data_copy)
    places = [(problem.table, problem.row, problem.column) for problem in raised.value.problems]
    assert place in places
    found = raised.value.problems[places.index(place)]
    assert found.expected and found.mend
    assert str(found) in str(raised.value)


def test_a_printed_percentage_may_differ_if_the_caveat_says_so(data_copy):
    """22% is a cumulative incidence, and the count gives 22.7%: the row stands because its caveat names both."""
    change(data_copy, "outcomes.csv", "27 of 119 is 22.7%; the", "The")
    with pytest.raises(data.DataError) as raised:
        data.load(data_copy)
    (problem,) = raised.value.problems
    assert problem.column == "value" and "22.7%" in problem.mend


def test_all_problems_come_at_once_and_each_names_its_value(data_copy):
    change(data_copy, "bounds.csv", ",0,14,", ",99,14,")
    change(data_copy, "events.csv", ",GVHD,", ",gvhd,")
    remove(data_copy, "concepts.csv", "", "")
    with pytest.raises(data.DataError) as raised:
        data.load(data_copy)
    text = str(raised.value)
    assert len(raised.value.problems) == 3
    assert all(word in text for word in ("'99'", "'gvhd'", "concepts.csv", "at most max_days (14)"))


def test_byte_order_mark_and_windows_line_ends_are_accepted(data_copy):
    for path in data_copy.glob("*.csv"):
        text = path.read_text(encoding="utf-8")
        path.write_bytes(b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode())
    here, there = data.load(), data.load(data_copy)
    for field in dataclasses.fields(data.Casebook):
        assert getattr(here, field.name).equals(getattr(there, field.name)), field.name


def test_what_is_right_is_not_refused(data_copy):
    """A known day, a negative limit and blank lines are all in order."""
    change(data_copy, "bounds.csv", ",0,14,", ",7,7,")
    path = data_copy / "bounds.csv"
    path.write_text(path.read_text().replace("case-1-crs,0,,", "case-1-crs,,-5,") + "\n,,,,,,,,,,,,,,\n\n")
    bounds = data.load(data_copy).bounds
    assert len(bounds) == len(data.load().bounds)
    assert bounds.loc[3, ["min_days", "max_days"]].tolist() == [7, 7] and bounds.loc[2, "max_days"] == -5


def folder_for(name):
    def spoil(folder):
        (folder / name).unlink()
        (folder / name).mkdir()

    return spoil


def schema_with(old, new):
    return lambda folder: change(folder, "datapackage.json", old, new)


@pytest.mark.parametrize(
    "spoil",
    [
        folder_for("references.bib"),
        folder_for("datapackage.json"),
        lambda folder: (folder / "references.bib").write_text("garbage"),
        lambda folder: (folder / "datapackage.json").write_text("{"),
        schema_with('"name": "lessons"', '"name": "morals"'),
        schema_with('"pattern": "[a-z0-9-]+"', '"pattern": "["'),
    ],
)
def test_whatever_is_broken_the_error_is_a_data_error_and_short(spoil, data_copy):
    spoil(data_copy)
    with pytest.raises(data.DataError) as raised:
        data.load(data_copy)
    assert 1 <= len(raised.value.problems) <= 2


def test_columns_may_stand_in_another_order(data_copy):
    path = data_copy / "lessons.csv"
    data.pd.read_csv(path).iloc[:, ::-1].to_csv(path, index=False)
    assert data.load(data_copy).lessons.equals(data.load().lessons)


def test_select_keeps_the_rows_of_the_cases_asked_for():
    book = data.load()
    one = data.select(book, "case-1")
    assert set(one.events["case_id"]) == set(one.bounds["case_id"]) == set(one.gaps["case_id"]) == {"case-1"}
    assert one.record is book.record
    with pytest.raises(KeyError, match="case-9"):
        data.select(book, "case-9")
