"""The engine knows no paper: a second book, of another disease with other anchors, needs no change of it.

Two made-up patients had a stroke and a carotid operation. `tests/second_book` has the tables that tell of them;
its descriptor is that of the first book without the tables and columns that it has no use for.
"""

import csv
import dataclasses
import json
import re
import shutil

import pytest
from casebook import charts, data, pages, timeline
from casebook.__main__ import main
from casebook.patients import individuals, likeness, record, sharing
from conftest import PROJECT

FIRST_BOOK = re.compile(
    r"CAR\b|CRS|cytokine|GVHD|TMA|HSCT|leuk|infusion|transplant|T-ALL|CD7|graft|Pan et al|case [12]\b|tumou?r"
)


@pytest.fixture
def folder(tmp_path):
    """The tables of the second book, and a descriptor of these alone."""
    made = shutil.copytree(PROJECT / "tests" / "second_book", tmp_path / "data")
    columns = {path.stem: next(csv.reader(path.open(encoding="utf-8"))) for path in made.glob("*.csv")}
    package = json.loads((PROJECT / "data" / "datapackage.json").read_text(encoding="utf-8"))
    package["resources"] = [table for table in package["resources"] if table["name"] in columns]
    for table in package["resources"]:
        kept = columns[table["name"]]
        table["schema"]["fields"] = [field for field in table["schema"]["fields"] if field["name"] in kept]
    (made / "datapackage.json").write_text(json.dumps(package), encoding="utf-8")
    assert len(package["resources"]) == 13
    return made


@pytest.fixture
def second(folder):
    return data.load(folder)


@pytest.fixture
def about(second):
    """The same, if the book were about its two patients."""
    return dataclasses.replace(second, cases=second.cases.assign(role="index"))


def positions(book, anchor):
    return timeline.course(book, anchor).windows.set_index("event_id")["position"].to_dict()


def test_the_command_checks_it_and_finds_what_is_wrong_with_it(folder, capsys):
    assert main(str(folder)) == 0
    assert "2 patients hold together" in capsys.readouterr().out
    with (folder / "bounds.csv").open("a", encoding="utf-8") as file:
        file.write("wrong,made-up-paul,paul-death,paul-bleed,1,,Later.,stated,,,,,made up,later,made up\n")
    assert main(str(folder)) == 1
    assert "paul-bleed-before-paul-death" in capsys.readouterr().err, "nothing comes after death"


def test_its_timelines_are_counted_from_its_own_anchors(second):
    assert positions(second, "stroke") == {
        "olga-stroke": "day 0", "olga-surgery": "day 9", "olga-palsy": "day 10", "olga-palsy-over": "day 30",
        "olga-outcome": "not in the record", "paul-stroke": "day 0",
        "paul-surgery": "after the stroke, no later limit", "paul-death": "12 days after surgery",
        "paul-hyperperfusion": "0 to 12 days after surgery", "paul-bleed": "0 to 12 days after surgery",
    }  # fmt: skip
    from_surgery = positions(second, "endarterectomy")
    assert from_surgery["olga-stroke"] == "day −9" and from_surgery["paul-death"] == "day 12"
    assert from_surgery["paul-stroke"] == "before surgery, no earlier limit"
    alone = timeline.course(second, "endarterectomy", until_death=False).windows.set_index("event_id")["position"]
    assert alone[["paul-bleed", "paul-hyperperfusion"]].tolist() == ["after surgery, no later limit", "day 0 to 30"]


def test_its_first_picture_names_its_complications_and_hatches_only_what_it_asks_for(second, about):
    spec = pages.hero(timeline.course(about, "stroke"), "Rowan 2010").to_dict()
    assert spec["title"]["text"] == (
        "Made-up patient: Olga had one named complication, with a day; Paul had two named complications, none with a "
        "day"
    )
    assert spec["title"]["subtitle"].endswith("Source: Rowan 2010")
    assert "hyperperfusion syndrome, 0 to 12 days after surgery, if Rowan 2010 is meant" in spec["description"]
    silent = "Nothing is in the record of {} on the artery"
    assert silent.format("Olga") in spec["description"] and silent.format("Paul") in spec["description"]
    assert "nerves" not in re.findall(r"Nothing is in the record of Paul on ([^.]*)", spec["description"])[0]
    svg = charts.render(spec)["text/html"]
    assert "Olga: palsy of a cranial nerve" in svg and "heart" not in svg
    lanes = {row["Lane"] for row in pages.hero(timeline.course(second, "stroke"), "x").to_dict()["usermeta"]["rows"]}
    assert lanes == {"brain", "surgery", "nerves", "outcome"}, "of others than its cases nothing is asked"


def test_its_other_titles_are_computed_from_its_rows(second):
    one = timeline.course(data.select(second, "made-up-paul"), "endarterectomy")
    assert pages.close_up(one, "made up").to_dict()["title"]["text"] == (
        "Made-up patient: Paul: death took place on day 12; no other day is known; hyperperfusion syndrome would lie "
        "in days 0 to 12 if Rowan's definition is meant; intracranial hemorrhage began between day 0 and 12"
    )
    assert pages.days_sentence(one) == "Of 4 events, one has a known day"
    both = timeline.course(second, "stroke")
    assert pages.pair(both, "made up").title.text.endswith("6 of 7 events have a day or limits in days, 1 of them "
                                                           "by a definition")  # fmt: skip
    assert individuals.wait_title(individuals.waiting(both, second), second) == (
        "Endarterectomy came 9 days after the stroke in the one published patient with a known day"
    )


def test_what_its_patients_share_and_what_did_not_occur_is_told_by_its_own_kinds(second):
    cases = second.cases.assign(role=["index", "comparator"])
    book = dataclasses.replace(second, cases=cases)
    one = timeline.course(book, "stroke")
    told = likeness.features_told(one, book).set_index(["case_id", "feature_id"])
    assert told.loc[("made-up-paul", "surgery"), "state"] == "shared"
    assert told.loc[("made-up-paul", "palsy"), ["state", "said"]].tolist() == ["otherwise", "no nerve palsy"]
    assert sharing.in_sentences(told.reset_index()).of_none == "nerve palsy was reported in none"
    assert likeness.differences(one, book)["differs"].tolist() == ["nothing of disease"]


def test_its_facts_are_numbered_and_its_gaps_told(about):
    facts = record.facts(about).set_index("row_id")["number"]
    assert facts["paul-bleed"].startswith("3.") and record.count_open(about) == 1
    assert record.read_in(about) == "made up"


def test_no_word_of_the_first_book_stands_in_any_of_it(about):
    said = []
    for anchor in ("stroke", "endarterectomy"):
        one = timeline.course(about, anchor)
        said += [charts.render(chart.to_dict())["text/html"] for chart in (pages.hero(one, "x"), pages.pair(one, "x"))]
        said += [pages.why_table(one, "Why").html, pages.sides_table(about, "Sides").html]
    said += [pages.gaps_table(about, "Gaps").html]
    text = " ".join(re.sub(r"<[^>]*>", " ", one) for one in said)
    assert "carotid endarterectomy" in text and FIRST_BOOK.findall(text) == []
