"""How long: waits of made-up patients and series, and what the record says of the cases."""

import dataclasses

import pandas as pd
import pytest
from casebook.evidence import phrases, waits
from made_up import doubles, live, with_day
from made_up_series import interval, series

PATIENTS = pd.DataFrame({"label": ["One", "Two"], "bone": "tibia", "material": ["glass", "wood"], "days": [26.0, 55.0]})


def found(*intervals, patients=PATIENTS, book=None):
    """Waits as `published_waits` gives them, of single patients that are given."""
    book = book or series(intervals=list(intervals))
    book.cases = book.cases.assign(role="index")
    between = phrases.in_days(book.intervals).merge(book.studies, on="study_id", suffixes=("", "_of_study"))
    shown = between["nature"] == "observed"
    return book, waits.Waits(patients, between[shown], between[~shown])


NONE = PATIENTS.head(0)
ONE = interval("d", value=33.5, low=30.0, high=55.0, n=12)
LONG = interval("h", value=1.3, low=1.0, high=10.6, unit="months", n=19)
CONTEXT = interval("x", value=5.0, n=52)


@pytest.mark.parametrize(
    ("intervals", "patients", "title"),
    [
        ((), NONE, "Interval from splints to walking: no published one was found"),
        ((CONTEXT,), NONE, "Interval from splints to walking: no published one was found"),
        ((), PATIENTS.head(1),
         "Interval from splints to walking: 26 days in others; no observed interval was found for steel splints"),
        ((ONE, CONTEXT), PATIENTS,
         "Interval from splints to walking: 26 days to 55 days in others; "
         "no observed interval was found for steel splints"),
        ((ONE, LONG), PATIENTS,
         "Interval from splints to walking: 26 days to 10.6 months in others; "
         "1 observed interval was found for steel splints"),
        ((LONG,), PATIENTS.assign(material="steel"),
         "Interval from splints to walking: 26 days to 10.6 months in others; "
         "3 observed intervals were found for steel splints"),
    ],
)  # fmt: skip
def test_the_title_says_how_long_and_whether_any_was_like_the_cases(intervals, patients, title):
    book, gathered = found(*intervals, patients=patients)
    assert waits.waits_figure(book, gathered, "splints", "walking").title == title


def test_cases_of_no_known_group_have_nothing_to_be_compared_with():
    book, gathered = found(ONE, book=series(intervals=[ONE], cases=(None,)))
    assert waits.waits_of_the_cases(book, gathered) == "no observed interval was found for what the cases had"


def test_sources_that_may_share_patients_are_named_so_that_nobody_counts_them_twice():
    people = PATIENTS.assign(case_id=["made-up-8", "made-up-9"])
    book, gathered = found(ONE, LONG, patients=people)
    book.cases = pd.concat([book.cases.assign(source_id=None), people.assign(role="comparator", source_id="e")])
    book.overlaps = pd.concat([book.overlaps, book.overlaps.head(1).assign(study_a="e", study_b="h")])
    # Elder tells of single patients and shares them with Dill for certain, with Hazel by the new row.
    assert waits.said_sharing(book, gathered) == (
        "two pairs may share patients (Dill 2023 and Elder 2024; Elder 2024 and Hazel 2020)"
    )
    book.overlaps = book.overlaps.head(0)
    assert waits.said_sharing(book, gathered) == "no pair may share patients"


def test_series_come_first_then_single_patients_then_context():
    book, gathered = found(CONTEXT, ONE)
    drawn = waits.waits_figure(book, gathered, "splints", "walking").rows
    assert drawn["panel"].tolist() == ["Splints", *["Single patients after splints"] * 2, "context: plaster"]
    assert drawn["low"].notna().tolist() == [True, False, False, False]


def test_no_wait_at_all_is_no_row():
    book, gathered = found(patients=NONE)
    assert waits.waits_figure(book, gathered, "splints", "walking").rows.empty
    assert waits.said_span(book, gathered) == "no known time"


@pytest.mark.parametrize(
    ("intervals", "patients", "subtitle"),
    [
        ((), NONE, "no series and no single patient"),
        ((), PATIENTS.head(1), "no series and 1 single patient"),
        ((ONE,), PATIENTS, "one series and 2 single patients; mark: median, larger with more patients; line: range; "
                           "hollow mark: one patient, or no range printed"),
        ((LONG,), NONE, "one series and no single patient; mark: median, larger with more patients; line: range; "
                        "hollow mark: one patient, or no range printed; a month is drawn as 30.44 days"),
    ],
)  # fmt: skip
def test_the_subtitle_counts_and_says_how_months_become_days(intervals, patients, subtitle):
    assert waits.waits_figure(*found(*intervals, patients=patients), "splints", "walking").subtitle == subtitle


# ---------------------------------------------------------------- from the tables


def test_only_observed_times_with_a_place_are_drawn_the_rest_is_for_words():
    gathered = waits.published_waits(live())
    assert (gathered.series["nature"] == "observed").all() and not (gathered.limits["nature"] == "observed").any()
    both = set(gathered.series["interval_id"]) | set(gathered.limits["interval_id"])
    table = live().intervals
    assert both == set(table.loc[table["to_event"].eq("hsct"), "interval_id"])


def test_single_patients_are_alike_if_it_is_asked():
    everyone = waits.published_waits(live()).patients
    alike = waits.published_waits(live(), alike=["car_target"]).patients
    assert set(everyone["car_target"]) > {"CD7"} == set(alike["car_target"])
    assert alike["days"].is_monotonic_increasing


def test_what_the_record_says_of_each_wait_stands_in_words():
    said = waits.said_of_waits(doubles())["said"].tolist()
    assert said == ["allo-HSCT; its day is not in the record", 'allo-HSCT, "timely"; its day is not in the record']
    book = with_day(doubles(), "made-up-case-2-infusion", "made-up-case-2-hsct", 33, 33)
    said = waits.said_of_waits(book)["said"].tolist()
    assert said[1] == 'allo-HSCT, "timely"; day 33' and said[0].endswith("not in the record")
    limited = with_day(doubles(), "made-up-case-2-infusion", "made-up-case-2-hsct", 30, 40)
    assert waits.said_of_waits(limited)["said"][1] == 'allo-HSCT, "timely"; day 30 to 40'
    book = doubles()
    without = dataclasses.replace(book, events=book.events[book.events["kind"] != "hsct"], bounds=book.bounds.head(0))
    assert waits.said_of_waits(without)["said"].tolist() == ["not in the record"] * 2


def test_a_published_time_names_who_was_counted_and_its_row():
    book = series(intervals=[interval("d", value=30.0, low=20.0, high=55.0, n=12), interval("h", value=9.0)])
    spans = {("Operation", "Walking", "Until walking"): ["d-operation-walking", "h-operation-walking"]}
    times = waits.published_times(book, spans)
    assert times[["first", "last", "what"]].drop_duplicates().values.tolist() == [list(*spans)]
    assert times["said"].tolist() == ["median 30 days (20 to 55)", "median 9 days"]
    assert times["note"].tolist() == ["Dill 2023; adults; n = 12", "Hazel 2020; adults"]
    assert times["address"].iloc[1] == "tables/intervals.html#intervals-h-operation-walking"
    with pytest.raises(ValueError, match="no row nowhere"):
        waits.published_times(book, {("a", "b", "c"): ["nowhere"]})
