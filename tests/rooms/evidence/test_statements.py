"""What published series say in words, on series that do not exist; and the numbers of the live sentences."""

import dataclasses
from types import SimpleNamespace

import pandas as pd
import pytest
from casebook import data, words
from casebook.evidence import phrases, statements
from made_up import live
from made_up_series import interval, outcome, series

# ---------------------------------------------------------------- times


def test_times_become_days_by_their_unit():
    rows = pd.DataFrame({"value": [2.0, 1.0, 3.0, 1.0], "low": None, "high": [None, 2.0, None, None]})
    found = phrases.in_days(rows.assign(unit=["days", "weeks", "months", "years"]))
    assert found["value_days"].tolist() == [2, 7, pytest.approx(91.32), 365.25]
    assert found["high_days"][1] == 14 and found["low_days"].isna().all()


def test_an_unknown_unit_is_named_with_those_that_are_known():
    with pytest.raises(ValueError, match="found fortnights; expected one of hours, days, weeks, months, years"):
        phrases.in_days(pd.DataFrame({"value": [1.0], "low": None, "high": None, "unit": "fortnights"}))


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (dict(value=33.5, low=30, high=55), "median 33.5 days (30 to 55)"),
        (dict(value=None, low=1, high=5), "1 to 5 days"),
        (dict(value=153, low=None, high=None), "median 153 days"),
        (dict(value=14, low=None, high=None, statistic="individual"), "14 days"),
        (dict(value=None, low=None, high=3), "up to 3 days"),
        (dict(value=None, low=80, high=None), "from 80 days"),
        (dict(value=None, low=0, high=2), "0 to 2 days"),
        (dict(value=None, low=None, high=None), "not in what was read"),
        (
            dict(value=8.5, low=6.1, high=15.6, limits="confidence interval"),
            "median 8.5 days (95% interval 6.1 to 15.6)",
        ),
    ],
)
def test_a_time_is_said_with_what_is_known_of_it_and_never_as_nan(row, said):
    assert phrases.said_time({"statistic": "median", "unit": "days", **row}) == said


# ---------------------------------------------------------------- what a sentence quotes


def test_contradictions_name_their_sources_or_what_was_left_out():
    row = statements.contradictions(series(), "sum").iloc[0]
    assert (row["source_a"], row["source_b"]) == ("Amber 2021", "A poster on splints")
    with pytest.raises(ValueError, match="no row some; it has sum"):
        statements.contradictions(series(), "some")


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (dict(events=5, n=55, value=9), "5 of 55 patients (9%)"),
        (dict(events=0, n=55), "0 of 55 patients (0%)"),
        (dict(events=1, n=1), "1 of 1 patient (100%)"),
        (dict(value=27, n=265), "27% of 265 patients"),
        (dict(events=27, n=119, value=22, measure="cumulative incidence", time_point="day 180"),
         "22% by day 180 (cumulative incidence, n = 119)"),
        (dict(n=119, value=22, measure="cumulative incidence"), "22% (cumulative incidence, n = 119)"),
        (dict(value=22, measure="cumulative incidence"), "22% (cumulative incidence, n not in what was read)"),
        (dict(n=200, value=12, measure="pooled proportion"), "12% (pooled proportion, n = 200)"),
        (dict(events=6), "6 of patients, their number not in what was read"),
        (dict(n=20), "not in what was read of 20 patients"),
    ],
)  # fmt: skip
def test_a_count_is_said_with_what_is_known_of_it(row, said):
    blank = dict(events=None, n=None, value=None, time_point=None, measure="proportion")
    assert phrases.said_count(pd.Series(blank | row)) == said


def named(**sentences):
    columns = ["sentence", "outcome_id", "pooled_outcome", "interval_id"]
    rows = [(name, *keys) for name, keys in sentences.items()]
    book = series(intervals=[interval("h", value=33.5, low=30.0, high=55.0, n=12)])
    book.sentences = pd.DataFrame(rows, columns=columns)
    return book


def test_numbers_in_sentences_come_from_the_rows_that_the_table_names():
    found = statements.named_numbers(
        named(count=("h-break", None, None), pooled=(None, "break", None), time=(None, None, "h-operation-walking"))
    )
    assert found["count"] == "4 of 40 patients (10%)"
    assert found["time"] == "median 33.5 days (30 to 55), 12 patients"
    assert found["pooled"].startswith("15 of 129 patients in 4 series (pooled 1")


@pytest.mark.parametrize(
    ("studies", "said"),
    [
        ("", "no series with a count"),
        ("h", "4 of 40 patients in one series (too few to pool)"),
        ("hb", "6 of 60 patients in 2 series (too few to pool)"),
    ],
)
def test_fewer_than_three_series_are_said_and_not_pooled(studies, said):
    book = named(pooled=(None, "break", None))
    book.outcomes = book.outcomes[book.outcomes["study_id"].isin(list(studies))]
    assert statements.named_numbers(book) == {"pooled": said}


@pytest.mark.parametrize(
    ("keys", "problem"),
    [
        (("lost", None, None), "row x, column outcome_id: no row lost"),
        ((None, None, "lost"), "row x, column interval_id: no row lost"),
        ((None, None, None), "must be given, not 0"),
        (("h-break", "break", None), "must be given, not 2"),
    ],
)
def test_a_sentence_without_its_row_is_one_clear_problem(keys, problem):
    with pytest.raises(ValueError, match=problem):
        statements.named_numbers(named(x=keys))


@pytest.mark.parametrize(("events", "said"), [(6, "6"), (None, "not in what was read")])
def test_a_number_without_a_percentage_is_no_percentage(events, said):
    book = series([outcome("h", "break", events)])
    found = statements.told(book, "h-break")
    assert (found["said"], found["count"]) == (said, "") and pd.isna(found["value"])


def test_one_number_is_told_from_whichever_table_has_it():
    survival = {"survival_id": "h-alive", "study_id": "h", "endpoint": "OS", "months": 12.0, "n": 40}
    book = series(
        [outcome("h", "break", 4, 40, time_point="day 9"), outcome("d", "bend", n=60, value=12.5, low=5.0)],
        intervals=[interval("b", value=3.0)],
        survival=[survival | {"value": 60.0, "low": 40.0, "high": 80.0}],
    )
    counted = statements.told(book, "h-break")
    assert (counted["count"], counted["share"], counted["when"]) == ("4 of 40", "10% (3 to 24)", "day 9")
    assert counted["said"] == "4 of 40, 10% (3 to 24)" and counted["value"] == 10
    assert statements.told(book, "d-bend")["said"] == "12.5%"
    alive = statements.told(book, "h-alive")
    assert (alive["said"], alive["when"], alive["count"]) == ("60% (40 to 80)", "at 12 months", "n = 40")
    time = statements.told(book, "b-operation-walking")
    assert (time["said"], time["value"], time["label"]) == ("median 3 days", None, "Birch 2023")
    with pytest.raises(ValueError, match="no row lost is in outcomes, survival or intervals"):
        statements.told(book, "lost")


def test_an_estimate_is_no_count_though_heads_were_counted_beside_it():
    row = dict(value=22.0, low=15.0, high=30.0, measure="cumulative incidence", time_point="day 180")
    found = statements.told(series([outcome("h", "break", 27, 119, **row)]), "h-break")
    assert (found["count"], found["share"], found["kind"]) == ("n = 119", "22% (15 to 30)", "cumulative incidence")
    assert statements.told(series(), "h-break")["kind"] == ""


def test_what_stands_beside_a_result_comes_from_every_contradiction_that_names_it():
    rows = [("a|b", "too high"), (None, None), ("b", "too low")]
    book = series(contradictions=pd.DataFrame(rows, columns=["results", "beside"]))
    assert statements.misfits(book) == {"a": "too high", "b": "too high; too low"}


# ---------------------------------------------------------------- the live sentences


def studies(**registrations):
    book = series()
    book.studies["registration"] = book.studies["study_id"].map(registrations)
    return book


def test_one_study_is_said_with_what_was_not_read_of_it():
    book = studies(a="NCT1; NCT2", g="NCT3")
    book.studies.loc[book.studies["study_id"] == "g", ["n", "year"]] = None
    found = statements.said_of_study(book, "a")
    assert (found["registration"], found["n"], type(found["n"])) == ("NCT1 and NCT2", 20, int)
    lost = statements.said_of_study(book, "g")
    assert lost["n"] == lost["year"] == words.NOT_READ and lost["registration"] == "NCT3"
    assert statements.said_of_study(book, "b")["registration"] == words.NOT_READ
    with pytest.raises(ValueError, match="studies, column study_id: no row z"):
        statements.said_of_study(book, "z")


def test_a_chain_of_shared_patients_is_said_by_group():
    """a and b are the same, h and g may be; of glass c, d, e and f hang together."""
    book = series()
    assert statements.said_linked(book, "steel") == "2 of 3 series (Amber 2021 and Birch 2023)"
    assert statements.said_linked(book, "glass") == "all 4 series (Cedar 2022, Dill 2023, Elder 2024 and Fern 2025)"
    book.overlaps = book.overlaps.head(0)
    assert statements.said_linked(book, "glass") == statements.said_linked(book, "tin") == "no two series"


@pytest.mark.parametrize(
    ("n", "said"),
    [
        (120, "that the series pooled here for breaks hold 120, too, is chance"),
        (60, "that the series pooled here for bends and cracks hold 60, too, is chance"),
        (61, "no pooled outcome here holds as many"),
    ],
)
def test_equal_numbers_of_patients_are_chance(n, said):
    pools = {"breaks": [60, 60], "bends": [20, 40], "cracks": [60]}
    found = {called: SimpleNamespace(rows=pd.DataFrame({"n": sizes})) for called, sizes in pools.items()}
    assert statements.said_same_n(found, n) == said


def test_the_live_sentences_are_what_was_published():
    """Typed a second time from the abstracts: NCT04689659 (grade 5 infection), Saliba 2007, PMID 36427783."""
    found = statements.named_numbers(live())
    assert found["infection_deaths"] == "5 of 55 patients (9%)"
    assert found["hyperacute_biopsy"] == "27% of 265 patients"
    assert found["wait_donor"] == "median 33.5 days (30 to 55), 12 patients"


def test_a_lost_row_of_a_live_sentence_is_found_when_the_tables_are_used():
    book = live()
    row = book.sentences["outcome_id"].dropna().iloc[0]
    without = dataclasses.replace(book, outcomes=book.outcomes[book.outcomes["outcome_id"] != row])
    with pytest.raises(ValueError, match=f"no row {row}"):
        statements.named_numbers(without)
    assert isinstance(book, data.Casebook)
