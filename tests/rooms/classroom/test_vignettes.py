"""Made-up patients to grade: findings are read as they stand, and every answer follows from the rules."""

import dataclasses
import doctest

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


# Graded by hand with the printed rules.
BY_HAND = {
    "ward-day-3": "3", "ward-day-6": "2", "ward-graft-day-9": "3", "ward-graft-day-46": "Met; risk high",
    "drill-fever-alone": "1", "drill-six-liters": "2", "drill-mask": "3", "drill-waived": "2",
    "drill-no-signs": "0", "drill-never-febrile": "0", "drill-spontaneous": "1", "drill-one-day": "Not met",
    "drill-oxygen-open": "At least 2", "drill-kidney": "1", "drill-ice-six": "2", "drill-seizure": "3",
    "drill-ice-zero": "3", "drill-skin-alone": "2", "drill-gut-alone": "3", "drill-child": "2",
    "drill-liver-open": "At least 1", "drill-five-days": "Met; risk undetermined", "drill-three-weeks": "Not met",
    "drill-no-schistocytes": "Met; risk undetermined", "drill-not-measured": "Undetermined",
}  # fmt: skip


def test_every_vignette_is_what_one_finds_by_hand():
    found = {name: vignettes.vignette(live(), name).answer for name in live().vignettes["vignette_id"]}
    assert found == {f"made-up-{name}": answer for name, answer in BY_HAND.items()}


def test_the_drill_has_twelve_or_more_of_all_four_instruments_and_is_made_up():
    drill = vignettes.drill(live())
    assert len(drill) >= 12 and all(one.vignette_id.startswith("made-up-") for one in drill)
    asked = live().vignettes.set_index("vignette_id").loc[[one.vignette_id for one in drill], "instrument"]
    assert set(asked) == set(vignettes.BY_NAME)
    assert not {one.vignette_id for one in drill} & set(live().stages["vignette_id"].dropna())


def test_no_answer_is_typed():
    """No column holds one, and no text of a vignette tells a grade."""
    assert set(live().vignettes) == {"vignette_id", "asks", "told", "instrument", "findings", "teaches", "drill"}
    assert not live().vignettes["told"].str.contains(r"grade|stage \d|met\b", case=False).any()


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


def test_what_was_not_assessed_is_said_once():
    said = {one: vignettes.vignette(live(), one).because.lower() for one in live().vignettes["vignette_id"]}
    assert max(text.count("not assessed") for text in said.values()) == 1
    assert "not assessed: hypoxia" in said["made-up-drill-oxygen-open"]
    assert "not assessed: liver" in said["made-up-drill-liver-open"]
    assert said["made-up-drill-not-measured"].startswith("not assessed: sc5b9 and proteinuria")


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


def test_the_key_has_one_row_a_patient():
    key = vignettes.key(vignettes.drill(live()))
    assert list(key.columns) == ["Made-up patient", "Instrument", "Answer", "Because", "The trap"]
    assert len(key) == live().vignettes["drill"].sum() and key["Answer"].ne("").all()


def test_the_examples_of_the_module_are_right():
    assert doctest.testmod(vignettes).failed == 0
