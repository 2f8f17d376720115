"""Made-up patients to grade: findings are read as they stand, and every answer follows from the rules."""

import dataclasses

import pytest
from casebook.classroom import vignettes
from casebook.instruments import crs_grade
from made_up import live


def with_row(**changes):
    """The book with one vignette, changed."""
    row = live().vignettes.iloc[[0]].assign(**changes)
    return dataclasses.replace(live(), vignettes=row)


def graded(**changes):
    book = with_row(**changes)
    return vignettes.vignette(book, book.vignettes["vignette_id"].iloc[0])


def test_a_changed_finding_changes_the_answer():
    found = "temp_c=38.5; hypotension={}; hypoxia=none"
    answers = [graded(instrument="crs_grade", findings=found.format(one)).answer for one in ("none", "one_vasopressor")]
    assert answers == ["1", "3"]


def test_a_finding_by_what_it_was_measured_by_is_the_finding():
    one = graded(instrument="crs_grade", findings="temp_c=38.5; hypotension=none; hypoxia.device=room_air")
    assert one.graded == crs_grade(temp_c=38.5, hypotension="none", hypoxia="none")


def test_a_stage_that_may_be_higher_leaves_the_grade_open():
    found = "skin.bsa_percent=60; liver.bilirubin_mg_dl=1; upper_gi.persistent_symptoms=false; "
    found += (
        "lower_gi.weight_kg=60; lower_gi.stool_ml_per_day=0; lower_gi.severe_pain=false; lower_gi.gross_blood=false"
    )
    one = graded(instrument="gvhd_grade", findings=found)  # bullae and desquamation were not looked at
    assert one.graded.missing == ("skin",) and "skin at least 3" in one.because.lower()


def test_a_score_with_a_blank_is_no_score():
    one = graded(instrument="icans_grade", findings="ice.orientation=4; consciousness=awake; seizure=none; motor=false")
    assert "ice" in one.graded.missing and "ICE score at least 4" in one.because


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("temp_c", "expected name=value"),
        ("=3", "expected name=value"),
        ("temp_c=", "expected name=value"),
        ("ice=3; ice=4", "stands twice"),
        ("ice=3; ice.naming=4", "stands twice"),
    ],
)
def test_findings_that_cannot_be_read_are_refused(text, wrong):
    with pytest.raises(ValueError, match=wrong):
        vignettes.findings(text)


@pytest.mark.parametrize(
    ("instrument", "text", "wrong"),
    [
        ("crs_grade", "fewer=true", "fewer"),
        ("crs_grade", "temp_c=120; hypotension=none", "temp_c"),
        ("gvhd_grade", "bone.bsa_percent=3", "begin each with one of skin, liver"),
    ],
)
def test_a_row_whose_findings_cannot_be_is_named(instrument, text, wrong):
    with pytest.raises(ValueError, match=rf"^vignettes, made-up-ward-day-3, findings: .*{wrong}"):
        graded(instrument=instrument, findings=text)


def test_an_unknown_vignette_is_refused():
    with pytest.raises(ValueError, match="no row 'made-up-nobody'"):
        vignettes.vignette(live(), "made-up-nobody")
