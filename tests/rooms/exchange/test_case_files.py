"""Case files: read with all that is wrong named at once, written as they are read, described by a schema that is theirs."""

import copy
import json

import jsonschema
import pytest
from casebook import data, timeline
from casebook.exchange import case_files, case_format, placements
from casebook.words import MADE_UP
from conftest import PROJECT
from made_up import live

EXAMPLES = PROJECT / "tests" / "case_files"
SCHEMA = json.loads((PROJECT / "data" / "case-file.schema.json").read_text(encoding="utf-8"))
ONE = json.loads((EXAMPLES / "one-made-up.json").read_text(encoding="utf-8"))
TWO = json.loads((EXAMPLES / "two-made-up-of-another-field.json").read_text(encoding="utf-8"))
OWN = {"case_id": "own-1", "label": "patient 1", "role": "own", "center": "Hospital of Nowhere"}


@pytest.fixture
def write(tmp_path):
    def write(content):
        path = tmp_path / "file.json"
        path.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
        return path

    return write


def changed(table, number, content=ONE, **cells):
    """The example with some cells changed."""
    found = copy.deepcopy(content)
    found[table][number].update(cells)
    return found


def problems(path):
    with pytest.raises(case_files.CaseFileError) as raised:
        case_files.read_patients(path)
    return raised.value.problems


def days(path):
    book = case_files.read_patients(path)
    rows = timeline.places(book).rows
    return {row.event_id: (row.earliest, row.latest) for row in rows.itertuples()}


# ---------------------------------------------------------------- what is right


def test_the_examples_are_placed():
    found = days(EXAMPLES / "one-made-up.json")
    assert [first for first, last in found.values() if first == last] == [0, 2, 7, 42, 56, 42 + 365.25]
    found = days(EXAMPLES / "two-made-up-of-another-field.json")
    assert found["made-up-olga-surgery"] == (5, 9) and found["made-up-olga-palsy"] == (5.333333, 10)
    assert found["made-up-paul-bleed"] == (0, 12), "within 30.44 days of surgery, and before death"


def test_the_patients_of_a_file_stand_in_place_of_those_of_the_book():
    book = case_files.read_patients(EXAMPLES / "two-made-up-of-another-field.json")
    assert book.cases["case_id"].tolist() == ["made-up-olga", "made-up-paul"]
    assert len(book.kinds) == len(live().kinds) and not book.definitions.empty
    assert book.lessons.empty and book.stages.empty and book.rival_bounds.empty, "these tell of the book's own"


def test_what_the_role_says_need_not_be_written(write):
    book = case_files.read_patients(EXAMPLES / "one-made-up.json")
    for table in (book.cases, book.events, book.bounds):
        assert set(table["basis"]) == {"stated"} and set(table["read_in"]) == {"made up"} == set(table["locator"])
    assert book.events["index_event"].tolist() == [True, False, False, True, False, False]
    own = json.loads(json.dumps(ONE).replace("made-up-rosa", "own-1")) | {"cases": [OWN]}
    book = case_files.read_patients(write(own))
    assert set(book.bounds["read_in"]) == {"own patients"} and set(book.bounds["locator"]) == {"reported by the author"}
    assert book.cases["source_id"].isna().all() and book.bounds["wording"].isna().all()


def test_what_the_file_says_is_kept(write):
    said = {"basis": "inferred", "reason": "Made up.", "locator": "page 3"}
    row = case_files.read_patients(write(changed("bounds", 0, **said))).bounds.iloc[0]
    assert (row["basis"], row["locator"]) == ("inferred", "page 3") and row.isna()["wording"]


def test_cases_of_the_book_are_written_and_read_back_as_they_are(write):
    book = live()
    index = book.cases.loc[book.cases["role"] == "index", "case_id"]
    again = case_files.read_patients(write(case_format.case_file_of(book, *index)))
    for name in ("cases", "events", "bounds", "measurements"):
        table = getattr(data.select(book, *index), name)
        table = table[table["case_id"].isin(index)].reset_index(drop=True)
        assert getattr(again, name).equals(table), name
    assert again.gaps["gap_id"].tolist() == data.select(book, *index).gaps["gap_id"].tolist()


def test_every_patient_of_the_book_can_be_written(write):
    file = case_files.read_case_file(write(case_format.case_file_of(live())))
    assert len(file.rows["cases"]) == len(live().cases) and len(file.rows["bounds"]) == len(live().bounds)
    months = [row for row in file.rows["bounds"] if row["max_days"].endswith("months")]
    assert months, "a time stays as it was published"


# ---------------------------------------------------------------- what is wrong

DATE, NAME = "expected no calendar date", "expected no name of a person"
NUMBER, ADDRESS = "expected no number of a record or a person", "expected no address and no telephone number"
OLD = "expected no age above 89"
BOUND = "case made-up-rosa, bound made-up-rosa-1, column"
CASE = "case made-up-rosa, column"
EVENT = "case made-up-rosa, event made-up-rosa-crs, column"
WRONG = {
    "an unknown kind": (changed("events", 1, kind="crss"), [f"{EVENT} kind: found 'crss'; expected a kind", "Write crs"]),
    "own words without a lane": (changed("events", 1, kind="other"), [f"{EVENT} lane: found ''; expected a lane"]),
    "own words of more than 40 letters": (
        changed("events", 1, kind="other", lane="organ", label="x" * 41), [f"{EVENT} label: ", "40 letters at most"],
    ),
    "an unknown lane": (changed("events", 1, lane="liver"), [f"{EVENT} lane: found 'liver'; expected a lane"]),
    "an unknown column": (changed("events", 1, laane="organ"), [f"{EVENT} laane: expected no such column. Write lane"]),
    "a number where text is wanted": (changed("events", 1, grade=3), [f"{EVENT} grade: found 3; expected text in quotes"]),
    "text where a truth value is wanted": (changed("events", 1, index_event="yes"), [f"{EVENT} index_event: found 'yes'"]),
    "a list in a cell": (changed("bounds", 0, min_days=[2]), [f"{BOUND} min_days: found [2]; expected a number"]),
    "days that are no number": (changed("bounds", 0, min_days="two"), [f"{BOUND} min_days: found 'two'; expected a number"]),
    "a truth value for days": (changed("bounds", 0, max_days=True), [f"{BOUND} max_days: found true; expected a number"]),
    "about so many days": (changed("bounds", 0, min_days="about 2"), [f"{BOUND} min_days: ", "fewest and the most days"]),
    "about, in a sentence": (changed("bounds", 0, statement="On day ~ 2."), [f"{BOUND} statement: ", "limits"]),
    "the least above the most": (changed("bounds", 0, min_days=5), [f"{BOUND} min_days: found '5'; expected at most max_days"]),
    "an event that is not there": (changed("bounds", 0, to_event="x"), [f"{BOUND} to_event: found 'x'"]),
    "a bound of an event to itself": (
        changed("bounds", 0, to_event="made-up-rosa-infusion"), [f"{BOUND} to_event: ", "another event than from_event"],
    ),
    "an unknown basis": (changed("bounds", 0, basis="sure"), [f"{BOUND} basis: found 'sure'; expected one of stated"]),
    "an unknown definition": (
        changed("bounds", 0, basis="defined", definition_id="x"), [f"{BOUND} definition_id: found 'x'"],
    ),
    "a reading without its reason": (changed("bounds", 0, basis="inferred"), [f"{BOUND} reason: "]),
    "an age above 89": (changed("cases", 0, age_years=90), [f"{CASE} age_years: found \"90\"; {OLD}"]),
    "an age in words": (changed("cases", 0, caveat="A man aged 93."), [f"{CASE} caveat: ", OLD]),
    "a date": (changed("events", 1, label="CRS of 2024-05-03"), [f"{EVENT} label: ", DATE, "Count days"]),
    "a month": (changed("cases", 0, caveat="Seen in May 2024."), [f"{CASE} caveat: ", DATE]),
    "a day of a month": (changed("cases", 0, caveat="Seen on 3 March."), [f"{CASE} caveat: ", DATE]),
    "a date as elsewhere": (changed("cases", 0, caveat="Seen on 3.5.2024."), [f"{CASE} caveat: ", DATE]),
    "a date in an id": (changed("cases", 0, diagnosis="made-up-20240503"), [f"{CASE} diagnosis: ", DATE]),
    "a name": (changed("cases", 0, caveat="Seen by Dr. Nobody."), [f"{CASE} caveat: ", NAME]),
    "a number of a record": (changed("cases", 0, label="MRN 1234"), [f"{CASE} label: ", NUMBER]),
    "a long number": (changed("cases", 0, label="Rosa 12345678"), [f"{CASE} label: ", NUMBER]),
    "an address": (changed("cases", 0, center="me@nowhere.org"), [f"{CASE} center: ", ADDRESS]),
    "a sex that nobody listed": (changed("cases", 0, sex="f"), [f"{CASE} sex: found 'f'; expected one of male, female"]),
    "a published patient": (changed("cases", 0, role="comparator"), [f"{CASE} role: found 'comparator'; expected made-up"]),
    "an own patient with the id of a made-up one": (changed("cases", 0, role="own"), [f"{CASE} case_id: "]),
    "no name of a row": (changed("bounds", 0, bound_id=""), ["case made-up-rosa, row 1 of bounds, column bound_id: "]),
    "one name twice": (changed("bounds", 0, bound_id="made-up-rosa-2"), ["case made-up-rosa, bound made-up-rosa-2, column bound_id: ", "twice"]),
}  # fmt: skip
# ruff: noqa: E501 (a table reads better with one row a line)


@pytest.mark.parametrize("name", WRONG)
def test_what_is_wrong_is_one_sentence_with_its_place(name, write):
    content, said = WRONG[name]
    (found,) = problems(write(content))
    assert found.startswith(said[0]) and all(part in found for part in said)


def test_what_a_patient_has_is_no_number_of_a_record(write):
    fine = {
        "caveat": "Ferritin 12000 of 2000000 cells; grade 3 may be told: section 3.1.12, p. 1/2.",
        "dose": "5000000/kg",
    }
    assert case_files.read_patients(write(changed("cases", 0, age_years=89, **fine))).cases["age_years"].tolist() == [
        89
    ]
    case_files.read_patients(write(changed("bounds", 0, max_days=3, statement="About 2 days after the infusion.")))


def test_all_that_is_wrong_is_named_at_once(write):
    content = changed("events", 1, kind="crss", label="3 May 2024", index_event="yes")
    content["bounds"][0] |= {"min_days": "about 2", "to_event": "nowhere", "hobby": 1}
    content["cases"].append({"case_id": "max-1", "label": "Max", "role": "index", "age_years": 95})
    found = "\n".join(problems(write(content)))
    for part in (
        "kind",
        "label",
        "index_event",
        "min_days",
        "to_event",
        "hobby",
        "case max-1, column role",
        "age_years",
    ):
        assert part in found
    assert len(problems(write(content))) == 8


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("{", "expected JSON in UTF-8"),
        ('{"format": "casebook-case", "version": 1, "version": 1}', "stands twice"),
        ("[]", 'format: found none; expected an object with "format": "casebook-case"'),
        ({"format": "phenopacket"}, "python -m casebook read"),
        (ONE | {"version": 2}, "version: found 2; expected 1"),
        (ONE | {"version": True}, "version: found True; expected 1"),
        (ONE | {"case": []}, "case: expected no such key. Write cases"),
        (ONE | {"events": {"a": 1}}, 'events: found {"a": 1}; expected a list of rows'),
        (ONE | {"cases": []}, "cases: found none; expected a row for each patient"),
    ],
)
def test_what_is_no_case_file_is_refused_in_a_sentence(content, said, write):
    (found,) = problems(write(content))
    assert said in found


def test_a_row_that_is_no_object_is_named(write):
    assert problems(write(ONE | {"gaps": ["age"]})) == (
        'gaps, row 1: found "age"; expected a row. Write it as an object, with a key for each column.',
    )


def test_an_own_patient_takes_no_id_of_the_book(write):
    book_s = live().cases["case_id"].iloc[0]
    content = {
        "format": "casebook-case",
        "version": 1,
        "cases": [OWN | {"case_id": book_s}],
        "events": [],
        "bounds": [],
    }
    assert problems(write(content))[0].startswith(f"case {book_s}, column case_id: expected an id that no case")


# ---------------------------------------------------------------- the schema


def test_the_schema_is_made_from_the_descriptor():
    descriptor = json.loads((PROJECT / "data" / "datapackage.json").read_text(encoding="utf-8"))
    made = case_format.case_file_schema(descriptor)
    mend = "make it anew: write exchange.case_format.case_file_schema of datapackage.json there"
    assert made == SCHEMA, mend
    jsonschema.Draft202012Validator.check_schema(SCHEMA)


def said_by_schema(content):
    return [list(error.absolute_path) for error in jsonschema.Draft202012Validator(SCHEMA).iter_errors(content)]


def test_the_schema_takes_what_is_read():
    assert said_by_schema(ONE) == said_by_schema(TWO) == []
    assert said_by_schema(json.loads(case_format.case_file_of(live()))) == []
    assert said_by_schema(changed("bounds", 0, min_days="", max_days=None, basis=None)) == []


@pytest.mark.parametrize(
    ("content", "place"),
    [
        (changed("events", 1, grade=3), ["events", 1, "grade"]),
        (changed("events", 1, index_event="yes"), ["events", 1, "index_event"]),
        (changed("bounds", 0, min_days="two"), ["bounds", 0, "min_days"]),
        (changed("cases", 0, hobby=1), ["cases", 0]),
        (changed("cases", 0, sex="f"), ["cases", 0, "sex"]),
        (ONE | {"version": 2}, ["version"]),
        (ONE | {"case": []}, []),
    ],
)
def test_the_schema_refuses_what_is_not(content, place, write):
    assert said_by_schema(content) == [place]
    assert problems(write(content))


# ---------------------------------------------------------------- what is answered


def test_an_answer_holds_days_that_are_known_and_says_which_are_open():
    book = case_files.read_patients(EXAMPLES / "two-made-up-of-another-field.json")
    found = json.loads(json.dumps(placements.placement_of(timeline.places(book))))
    rows = {row["event"]: row for row in found["rows"]}
    assert (found["format"], found["version"]) == ("casebook-placement", 1)
    last = rows["made-up-olga-recovery"]
    assert (last["earliest"], last["latest"]) == (5.333333, None)
    assert rows["made-up-paul-death"]["because"] == ["made-up-paul-2"]
    assert found["open"] == [event for event, row in rows.items() if row["earliest"] != row["latest"]]
    assert found["ask_first"] == [{"case": "made-up-olga", "event": "made-up-olga-surgery", "narrows": 2}]
    assert found["contradictions"] == []


def test_the_answer_in_words_says_who_tells_of_the_patient(write):
    own = json.loads(json.dumps(ONE).replace("made-up-rosa", "own-1")) | {"cases": [OWN]}
    for content, said in ((ONE, "(made-up-rosa, made up)"), (own, "(own-1, reported by the author)")):
        book = case_files.read_patients(write(content))
        first, *lines = placements.placement_in_words(book, timeline.places(book))
        assert said in first and first.endswith("day 0 is CAR T cells.")
        assert (MADE_UP in "".join([first, *lines])) == (content is ONE)


def test_a_bound_without_a_sentence_is_told_by_its_days(tmp_path):
    file = {
        "format": "casebook-case",
        "version": 1,
        "cases": [{"case_id": "made-up-x", "label": "X", "role": "made-up"}],
    }
    file["events"] = [
        {"event_id": e, "case_id": "made-up-x", "kind": "other", "lane": "organ", "label": e} for e in "ab"
    ]
    spans = [(3, 5), (1, 1), (3, None), (None, 5), (None, None), ("2 weeks", None)]
    file["bounds"] = [
        {
            "bound_id": str(n),
            "case_id": "made-up-x",
            "from_event": "a",
            "to_event": "b",
            "min_days": least,
            "max_days": most,
        }
        for n, (least, most) in enumerate(spans)
    ]
    path = tmp_path / "case.json"
    path.write_text(json.dumps(file))
    said = list(case_files.read_patients(path).bounds["statement"])
    times = ["3 to 5 days", "1 day", "at least 3 days", "at most 5 days", "at some time", "at least 2 weeks"]
    assert said == [f"b: {time} after a." for time in times]
