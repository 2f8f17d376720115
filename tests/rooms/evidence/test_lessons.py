"""What others say of managing such patients: the statements hold what their sources hold, and lead to them."""

import importlib
import re
from dataclasses import replace

import pandas as pd
import pytest
from casebook import data, instruments
from casebook.evidence import lessons
from chapters_text import CHAPTERS, collect, outputs, prose
from conftest import PROJECT
from pybtex.database import parse_string

PHASES = [
    "before infusion",
    "after infusion, CRS",
    "decision to transplant",
    "conditioning and graft",
    "day 0 to engraftment",
    "to day 100 and after",
]
MINE = ("lessons", "differential-diagnosis", "instruments", "background", "glossary", "gaps", "record")


@pytest.fixture(scope="module")
def book():
    return data.load()


# What some sources print, typed a second time from their abstracts.
PRINTED = {
    "tocilizumab-approval": ("August 30, 2017", "31 of 45", "69%", "53 to 82", "53% of 15"),
    "infection-with-severe-crs": ("133", "30 (23%)", "28 days", "6 days"),
    "scales-disagree": ("102", "99%", "25%"),
    "invasive-fungus": ("8 of 280", "2.9%", "day 100", "1.8%"),
    "interval-after-donor-cells": ("33.5 days", "30 to 55", "3 had acute GVHD"),
    "interval-after-cd19": ("32 adults", "72 days", "higher mortality"),
    "residual-disease": ("76.1%", "27.6%", "32.8%", "2 years"),
    "pooled-cd19": ("0.34", "0.16", "8%", "44%", "39%"),
    "crs-of-the-graft": ("98 of 169", "58%", "5 days"),
    "severe-crs-of-the-graft": ("19.5% with blood", "4.9% with marrow"),
    "hyperacute-gvhd": ("265", "27%", "14 days", "88%", "44%"),
    "gvhd-after-car-t": ("48.1 and 25.6%", "11.1 and 11.5%"),
    "engraftment-rule": ("first of 3 days", "500/µL", "20,000/µL", "7 days"),
    "microangiopathy-before-gvhd": ("22%", "day 180", "10 of 27", "day 100"),
    "microangiopathy-risk-after": ("26.9", "5.2", "5.1"),
    "eculizumab-trial": ("71% of 21", "6 months", "62%", "1 year"),
    "eculizumab-children": ("64 children", "66%", "16.7%"),
    "narsoplimab-approval": ("December 23, 2025", "61% of 28"),
    "ruxolitinib-approval": ("May 24, 2019", "age of 12", "57.1% of 49", "day 28"),
}


@pytest.mark.parametrize("statement", PRINTED)
def test_a_statement_holds_what_its_source_prints(statement, book):
    told = book.management.set_index("management_id").at[statement, "statement"]
    assert [value for value in PRINTED[statement] if value not in told] == []


# The same numbers stand in the tables of published series: both must say the same.
ROWS = {
    "gvhd-after-car-t": (
        "zhao2021-acute-gvhd-grade-2-or-more-after-car-t",
        "zhao2021-acute-gvhd-grade-3-or-more-after-car-t",
    ),
    "pooled-cd19": ("xu2021meta-transplant-related-mortality", "xu2021meta-acute-gvhd-any", "xu2021meta-infection-any"),
    "hyperacute-gvhd": ("saliba2007-hyperacute-gvhd",),
    "microangiopathy-before-gvhd": ("tma-vasu2022-tma",),
}


def test_statements_and_the_tables_of_series_agree(book):
    told = book.management.set_index("management_id")["statement"]
    values = book.outcomes.set_index("outcome_id")["value"]
    for statement, rows in ROWS.items():
        for row in rows:
            assert re.search(rf"(?<![\d.]){values[row]:g}(?![\d.])", told[statement]), row


def shares(text):
    """Every count with its percentage, as in "31 of 45 patients responded (69%)" or "Of 20 patients, 17 (85%)"."""
    told = re.findall(r"(\d+) of (\d+)[^.;%]*?\((\d+(?:\.\d+)?)%", text)
    return told + [
        (part, whole, percent) for whole, part, percent in re.findall(r"Of (\d+)[^.]*?, (\d+) \((\d+)%", text)
    ]


def test_every_percentage_is_that_of_its_count(book):
    texts = [*book.management["statement"], *book.differential["speaks_for"]]
    found = [share for text in texts for share in shares(text)]
    assert len(found) >= 5
    for part, whole, percent in found:
        digits = len(percent.partition(".")[2])
        assert f"{100 * int(part) / int(whole):.{digits}f}" == percent


def test_a_wrong_percentage_is_found():
    for text in ("In one series 31 of 45 patients responded (68%).", "Of 20 patients, 17 (84%) came back."):
        ((part, whole, percent),) = shares(text)
        assert f"{100 * int(part) / int(whole):.0f}" != percent


def test_both_tables_go_through_the_phases_in_time(book):
    assert list(dict.fromkeys(book.management["phase"])) == PHASES
    order = [PHASES.index(phase) for phase in book.lessons["phase"]]
    assert order == sorted(order)


def test_no_lesson_stands_without_what_others_say(book):
    assert set(book.management["lesson_id"]) == set(book.lessons["lesson_id"])


def test_a_dose_is_told_only_by_who_may_tell_one(book):
    """A dose stands in guidelines, protocols, labels and trials; a series of patients is no ground for one."""
    dosed = book.management[book.management["statement"].str.contains(r"\d m?g\b(?!/dL)|mg/kg|g/kg")]
    assert len(dosed) >= 3
    assert set(dosed["strength"]) <= {
        "expert guideline", "expert consensus", "center protocol", "regulatory approval", "randomized trial",
        "trial with historical controls",
    }  # fmt: skip


def test_what_others_say_says_nothing_of_the_two_cases(book):
    for table in (book.management, book.differential):
        text = " ".join(str(value) for row in table.itertuples(index=False) for value in row)
        assert not re.search(r"\bcase[- ][12]\b", text, re.I)


def test_every_source_of_the_tables_is_cited_on_the_page(book):
    cited = {
        key.strip()
        for p in prose()
        if p.chapter in ("lessons", "differential-diagnosis")
        for name, content in p.roles
        if name.startswith("cite")
        for key in content.split(",")
    }
    assert set(book.management["source_id"]) | set(book.differential["source_id"]) <= cited


def test_a_source_is_called_in_the_tables_as_in_the_text(book, monkeypatch):
    monkeypatch.syspath_prepend(str(PROJECT / "_ext"))
    label = importlib.import_module("casebook_citations").label
    entries = parse_string((PROJECT / "data" / "references.bib").read_text(encoding="utf-8"), "bibtex").entries
    for table in (book.management, book.differential):
        called = {row.label: label(entries[row.source_id]) for row in table.itertuples()}
        assert {told: name for told, name in called.items() if told != name} == {}


def test_the_way_in_one_table_has_every_phase_and_dates_no_event(book):
    """An event of the cases stands beside the lesson that is drawn from it, with its basis."""
    way = lessons.along_the_way(book)
    assert way["Phase"].str.lower().tolist() == book.phases["label"].str.lower().tolist()
    assert book.phases["phase"].tolist() == PHASES
    cases = dict(zip(way["Phase"], way["What the two cases add"]))
    assert cases["Conditioning"] == "No lesson is drawn."
    assert "Watch for TA-TMA after transplantation. Drawn from: case 1, TA-TMA (stated)." in cases["Until day 100"]
    labels = book.events.set_index("event_id")["label"]
    for row, label in zip(book.phases.itertuples(), cases):
        drawn = book.lessons[book.lessons["phase"].eq(row.phase)]
        ids = [*drawn["case_1_event"].dropna(), *drawn["case_2_event"].dropna()]
        assert all(f"{labels[one]} (stated)" in cases[label] for one in ids)
        assert cases[label].count("Drawn from: ") == len(drawn)
    for phase, said in zip(PHASES, way["What others say"]):
        leads = book.management[book.management["phase"].eq(phase) & book.management["leads"]]
        assert 1 <= len(leads) <= 3
        assert all(text in said for column in ("statement", "label", "strength", "read_in") for text in leads[column])
    assert way["Not known"].notna().all() and (way["Instrument"].str.len() > 10).all()


def test_the_thresholds_of_the_way_are_those_of_the_rules(book):
    """What the table says of an instrument stands in the criteria, too."""
    told = book.phases.set_index("phase")["instrument"]
    for phase, thresholds, table in (
        ("after infusion, CRS", ("38.0", "6"), book.criteria[book.criteria["instrument"].eq("crs")]),
        ("to day 100 and after", ("4", "14"), book.criteria[book.criteria["instrument"].eq("tma")]),
    ):
        for threshold in thresholds:
            assert threshold in set(table["threshold"]) and re.search(rf"\b{threshold}\b", told[phase])


def test_made_up_patients_are_graded_by_hand_as_in_python(book):
    """The page stores what Python gave; the table holds what was found by hand."""
    (rows,) = [[row for html in outputs(CHAPTERS / "lessons.ipynb") for row in collect(html)[0]]]
    shown = {row[0]: row for row in rows if len(row) == 4}
    for made_up in book.worked_patients.itertuples():
        _, by_hand, in_python, rule = shown[made_up.told]
        assert by_hand == f"{made_up.value[0].upper()}{made_up.value[1:]}. {made_up.by_hand}"
        assert in_python.lower() == made_up.value and rule


def test_a_hand_that_errs_is_told(book):
    wrong = book.worked_patients.assign(value="4")
    mine = replace(book, worked_patients=wrong[wrong["worked_id"].eq("made-up-alt")])
    found = instruments.crs_grade(temp_c=38.4, hypotension="none", hypoxia="none")
    with pytest.raises(ValueError, match="made-up-alt: by hand '4', in Python '1'"):
        lessons.worked(mine, "name-the-drug", found)
    with pytest.raises(ValueError, match="1 rows for 'name-the-drug', and 2 results"):
        lessons.worked(book, "name-the-drug", found, found)


def test_every_lesson_is_worked_on_somebody_made_up(book):
    assert set(book.worked_patients["lesson_id"]) == set(book.lessons["lesson_id"])
    titles = [html for html in outputs(CHAPTERS / "lessons.ipynb") if "Made-up patient" in html]
    assert len(titles) == len(book.lessons)
    assert all(re.search(r"<caption[^>]*>A made-up patient", html) for html in titles)


@pytest.mark.parametrize("part", ["The record:", "The term:", "Published:", "Not shown:"])
def test_every_lesson_has_the_same_parts(part, book):
    told = [p.text for p in prose() if p.chapter == "lessons" and p.text.startswith(part)]
    assert len(told) == len(book.lessons)


def test_the_differential_holds_what_comes_in_the_first_weeks(book):
    conditions = " ".join(book.differential["condition"])
    for condition in (
        "infection", "CRS of the CAR T cells", "CRS of the graft", "IEC-HS", "engraftment syndrome", "hyperacute GVHD",
        "sinusoidal obstruction", "drug-induced liver injury", "drug eruption", "TA-TMA", "cytopenia",
    ):  # fmt: skip
        assert condition in conditions


# ---------------------------------------------------------------- the definitions


def test_the_criteria_of_microangiopathy_are_told_with_their_thresholds(book):
    told = book.definitions.set_index("definition_id").at["ta-tma-schoettler-2023", "definition"]
    for threshold in (
        "at least 4 of 7", "two consecutive occasions", "14-day window", "at any time after transplantation",
        "at least 1 g/dL", "at least 50%", "140 mmHg", "90 mmHg", "99th percentile", "1 mg/mg",
        "twice the upper limit", "grade II to IV",
    ):  # fmt: skip
        assert threshold in told
    assert "first 14 days" not in told


def test_no_day_is_taken_from_the_scale_of_crs(book):
    row = book.definitions.set_index("definition_id").loc["crs-lee-2019"]
    assert "no limit in days" in row["relied_on_for"] and "haploidentical" in row["rivals"]
    bounds = book.bounds[book.bounds["definition_id"] == "crs-lee-2019"]
    assert bounds["max_days"].isna().all()


# ---------------------------------------------------------------- the module


def test_reports_are_of_one_lesson(book):
    row = book.management.iloc[[0]]
    made_up = [("sleep", "A."), ("eat", "B."), ("sleep", "C.")]
    rows = [row.assign(lesson_id=lesson, statement=statement, caveat=None) for lesson, statement in made_up]
    small = replace(book, management=pd.concat(rows))
    assert lessons.reports(small, "sleep")["What it says"].tolist() == ["A.", "C."]
    assert lessons.reports(small, "eat")["Read in, and caveat"].tolist() == ["Abstract."]
    with pytest.raises(ValueError, match="no row for the lesson 'walk'; it has some for sleep, eat"):
        lessons.reports(small, "walk")


# ---------------------------------------------------------------- the pages


@pytest.mark.parametrize(
    ("chapter", "most"),
    [
        ("lessons", 1200),
        ("differential-diagnosis", 400),
        ("instruments", 900),
        ("background", 900),
        ("gaps", 650),
    ],
)
def test_a_chapter_is_short(chapter, most):
    assert sum(len(p.text.split()) for p in prose() if p.chapter == chapter) <= most


@pytest.mark.parametrize("chapter", MINE)
def test_no_table_is_wider_than_a_phone_can_show(chapter):
    """But for tables whose rows become cards where the screen is narrow, and for the rows of a figure."""
    for html in outputs(CHAPTERS / f"{chapter}.ipynb"):
        if 'class="casebook-table slim"' in html or '<div class="chart' in html:
            continue
        assert all(len(row) <= 4 for row in collect(html)[0])


def test_the_gaps_are_listed_once_fact_by_case(book):
    table, _ = outputs(CHAPTERS / "gaps.ipynb")  # the other is the checklist
    facts = [row[0] for row in collect(table)[0][1:]]
    index = book.gaps[book.gaps["case_id"].isin(book.cases.loc[book.cases["role"] == "index", "case_id"])]
    assert len(facts) == len(set(facts)) == index["topic"].nunique()
