"""Instruments of which a choice picks the rules, and ICANS in children: each limit from both sides, and vectors.

The expected values are typed from what was read a second time, not computed from the tables. `vectors.csv` has what
other programs give for findings that their authors made up, with the address of each.
"""

import functools
import json
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from casebook import instruments
from casebook.instruments import (
    ctcae_grade,
    engraftment_syndrome,
    icaht_grade,
    icans_child_grade,
    note_line,
    sos_diagnosis,
    sos_severity,
)
from hypothesis import given
from hypothesis import strategies as st

KNOWN = instruments.criteria()
MINE = ("icans_child", "icaht", "ctcae", "sos", "sos_severity", "engraftment")
VECTORS = pd.read_csv(Path(__file__).parent / "vectors.csv", dtype=str)


def by_day(low=0, very_low=0, high=2.0):
    """Neutrophils of days 0 to 30: so many days at 500/µL, of which so many at 100/µL, the others high."""
    return {day: 0.1 if day < very_low else 0.5 if day < low else high for day in range(31)}


def ctcae(analyte, value, wanted, **more):
    return ctcae_grade, (analyte, value), more, wanted


def icaht(phase, counts, wanted):
    return icaht_grade, (counts,), {"phase": phase}, wanted


def child(wanted, **more):
    well = {"capd": 5, "consciousness": "awake", "seizure": "none", "motor": False, "edema": "none"}
    return icans_child_grade, (), well | more, wanted


def adult_sos(wanted, **more):
    well = {"bilirubin_mg_dl": 1, "weight_gain_percent": 0, "painful_hepatomegaly": False, "ascites": False}
    well |= {"imaging_suggestive": False, "hvpg_mmhg": 5, "other_cause": False, "day": 12}
    return sos_diagnosis, (), {"age_group": "adult"} | well | more, wanted


def child_sos(wanted, **more):
    well = {"bilirubin_mg_dl": 1, "bilirubin_rise_days": 0, "weight_gain_percent": 0, "weight_gain_days": 0}
    signs = ("refractory_thrombocytopenia", "hepatomegaly_above_baseline", "ascites_above_baseline")
    well |= dict.fromkeys(signs, False) | {"other_cause": False, "day": 40}
    return sos_diagnosis, (), {"age_group": "child"} | well | more, wanted


def adult_severity(wanted, **more):
    # What gives one criterion each, none of a grade that another gives
    well = {"bilirubin_mg_dl": 1, "transaminases_x_uln": 3, "days_since_first_sign": 20, "creatinine_x_baseline": 1.6}
    well |= {"bilirubin_doubled_48h": False, "weight_gain_percent": 12, "multiorgan_dysfunction": False}
    return sos_severity, (), {"age_group": "adult"} | well | more, wanted


def child_severity(wanted, **more):
    well = {"liver_enzymes_x_uln": 1, "refractory_days": 0, "bilirubin_mg_dl": 1, "ascites_size": "none"}
    well |= {"clotting": "normal", "gfr_ml_min": 100, "oxygen_l_min": 0, "new_cognitive_impairment": False}
    return sos_severity, (), {"age_group": "child", "multiorgan_dysfunction": False} | well | more, wanted


def spitzer(wanted, **more):
    well = {"temp_c": 37, "infection_found": False, "rash_percent": 0, "rash_from_drug": False, "hypoxia": False}
    well |= {"noncardiogenic_edema": False, "bilirubin_mg_dl": 1, "transaminases_x_uln": 1, "creatinine_x_baseline": 1}
    well |= {"weight_gain_percent": 0, "unexplained_encephalopathy": False, "hours_from_engraftment": 20}
    return engraftment_syndrome, (), {"by": "spitzer"} | well | more, wanted


def maiolino(wanted, *signs, fever=True):
    well = {name: name in signs for name in ("rash", "infiltrates", "diarrhea")}
    return engraftment_syndrome, (), {"by": "maiolino", "noninfectious_fever": fever} | well, wanted


HOT, RED = {"temp_c": 38.3}, {"rash_percent": 25.1}
EXAMPLES = [
    # Enzymes: the value on a limit is of the lower grade; an abnormal baseline takes the place of the limit
    *(ctcae(name, value, wanted, uln=40, baseline=30)
      for name in ("alt", "ast")
      for value, wanted in ((40, 0), (40.1, 1), (120, 1), (120.1, 2), (200, 2), (200.1, 3), (800, 3), (800.1, 4))),
    *(ctcae(name, value, wanted, uln=40, baseline=60)
      for name in ("alt", "ast")
      for value, wanted in ((50, 0), (89, 0), (90, 1), (180, 1), (181, 2), (300, 2), (301, 3), (1200, 3), (1201, 4))),
    *(ctcae("bilirubin", value, wanted, uln=1.2, baseline=1)
      for value, wanted in ((1.2, 0), (1.3, 1), (1.8, 1), (1.9, 2), (3.6, 2), (3.7, 3), (12, 3), (12.1, 4))),
    *(ctcae("bilirubin", value, wanted, uln=1.2, baseline=2)
      for value, wanted in ((1.5, 0), (2, 0), (2.1, 1), (3, 1), (3.1, 2), (6, 2), (6.1, 3), (20, 3), (20.1, 4))),
    # Creatinine: either limb, and no grade 4 by the baseline
    *(ctcae("creatinine", value, wanted, uln=1, baseline=1)
      for value, wanted in ((1, 0), (1.1, 1), (1.5, 1), (1.6, 2), (3, 2), (3.1, 3), (6, 3), (6.1, 4))),
    *(ctcae("creatinine", value, wanted, uln=1, baseline=0.3)
      for value, wanted in ((0.45, 0), (0.46, 2), (0.9, 2), (0.91, 3), (5, 3))),
    ctcae("creatinine", 5, 3, uln=1, baseline=3),
    ctcae("creatinine", 2, 2, uln=1, baseline=2),
    # Blood counts, in 10⁹/L
    *(ctcae("neutrophils", value, wanted, lln=1.8)
      for value, wanted in ((1.8, 0), (1.79, 1), (1.5, 1), (1.49, 2), (1, 2), (0.99, 3), (0.5, 3), (0.49, 4), (0, 4))),
    *(ctcae("platelets", value, wanted, lln=150)
      for value, wanted in ((150, 0), (149, 1), (75, 1), (74, 2), (50, 2), (49, 3), (25, 3), (24, 4))),
    ctcae("neutrophils", 1.4, 2, lln=1.3),
    # Early: days at 500/µL and at 100/µL
    *(icaht("early", by_day(low, very_low), wanted)
      for low, very_low, wanted in (
          (0, 0, 0), (1, 0, 1), (6, 6, 1), (7, 0, 2), (7, 6, 2), (13, 0, 2), (14, 0, 3), (30, 0, 3), (7, 7, 3),
          (13, 13, 3), (31, 0, 4), (14, 14, 4), (31, 31, 4))),
    icaht("early", by_day(7) | {0: 0.501}, 1),
    icaht("early", by_day(7, 7) | {0: 0.101}, 2),
    # Two days above belong to the stretch, three end it
    icaht("early", by_day(7) | {2: 3, 3: 3}, 2),
    icaht("early", by_day(8) | {2: 3, 3: 3, 4: 3}, 1),
    # Late: days after 30 alone, by the lowest count
    *(icaht("late", {30: 0.01, 40: value, 50: value}, wanted)
      for value, wanted in (
          (1.51, 0), (1.5, 1), (1.01, 1), (1, 2), (0.51, 2), (0.5, 3), (0.11, 3), (0.1, 4), (0, 4))),
    icaht("late", {31: 0.9, 60: 0.2, 90: 4}, 3),
    # ICANS in children: 9 itself is grade 3; consciousness tells grades 1 and 2 apart
    child(0), child(0, capd=8),
    child(1, capd=8, consciousness="spontaneous"),
    child(2, capd=8, consciousness="voice"),
    child(3, capd=9), child(3, capd=9, consciousness="spontaneous"), child(3, consciousness="tactile"),
    child(4, consciousness="unarousable"),
    child(3, seizure="rapid"), child(4, seizure="prolonged"), child(4, motor=True),
    child(3, edema="focal"), child(4, edema="diffuse"),
    # SOS in adults
    adult_sos("not met"),
    adult_sos("not met", bilirubin_mg_dl=2),
    adult_sos("probable", bilirubin_mg_dl=2, painful_hepatomegaly=True),
    adult_sos("not met", bilirubin_mg_dl=1.9, painful_hepatomegaly=True),
    adult_sos("probable", bilirubin_mg_dl=2, weight_gain_percent=5.1),
    adult_sos("not met", bilirubin_mg_dl=2, weight_gain_percent=5),
    adult_sos("probable", ascites=True, imaging_suggestive=True),
    adult_sos("clinical", bilirubin_mg_dl=2, painful_hepatomegaly=True, ascites=True),
    adult_sos("clinical", bilirubin_mg_dl=2, weight_gain_percent=6, ascites=True),
    adult_sos("clinical", bilirubin_mg_dl=2, weight_gain_percent=6, painful_hepatomegaly=True),
    adult_sos("probable", bilirubin_mg_dl=1.9, weight_gain_percent=6, painful_hepatomegaly=True),
    adult_sos("probable", bilirubin_mg_dl=2, imaging_suggestive=True, ascites=True),
    adult_sos("proven", tissue=True),
    adult_sos("proven", hvpg_mmhg=10), adult_sos("not met", hvpg_mmhg=9.9),
    *(adult_sos("not met", other_cause=True, **more)
      for more in ({"tissue": True}, {"hvpg_mmhg": 20}, {"ascites": True, "imaging_suggestive": True},
                   {"bilirubin_mg_dl": 5, "ascites": True, "painful_hepatomegaly": True})),
    # and in children: pain and bilirubin are not required
    child_sos("not met", refractory_thrombocytopenia=True),
    child_sos("met", refractory_thrombocytopenia=True, hepatomegaly_above_baseline=True),
    child_sos("met", ascites_above_baseline=True, weight_gain_days=3),
    child_sos("not met", ascites_above_baseline=True, weight_gain_days=2),
    child_sos("met", ascites_above_baseline=True, weight_gain_percent=5.1),
    child_sos("not met", ascites_above_baseline=True, weight_gain_percent=5),
    child_sos("met", ascites_above_baseline=True, bilirubin_rise_days=3),
    child_sos("not met", ascites_above_baseline=True, bilirubin_rise_days=2),
    child_sos("met", ascites_above_baseline=True, bilirubin_mg_dl=2),
    child_sos("not met", ascites_above_baseline=True, bilirubin_mg_dl=1.9),
    child_sos("not met", weight_gain_percent=9, weight_gain_days=5),
    child_sos("not met", ascites_above_baseline=True, bilirubin_mg_dl=9, other_cause=True),
    # Severity in adults: two criteria of a grade
    adult_severity("no grade"),
    adult_severity("mild", bilirubin_mg_dl=2), adult_severity("mild", bilirubin_mg_dl=2.9),
    adult_severity("moderate", bilirubin_mg_dl=3), adult_severity("moderate", bilirubin_mg_dl=4.9),
    adult_severity("severe", bilirubin_mg_dl=5), adult_severity("severe", bilirubin_mg_dl=7.9),
    adult_severity("very_severe", bilirubin_mg_dl=8),
    adult_severity("no grade", bilirubin_mg_dl=8, weight_gain_percent=9.9),
    adult_severity("mild", transaminases_x_uln=2), adult_severity("severe", transaminases_x_uln=5.1),
    adult_severity("very_severe", transaminases_x_uln=8.1), adult_severity("severe", transaminases_x_uln=8),
    adult_severity("moderate", days_since_first_sign=5), adult_severity("moderate", days_since_first_sign=7),
    adult_severity("severe", days_since_first_sign=4), adult_severity("no grade", days_since_first_sign=8),
    adult_severity("mild", creatinine_x_baseline=1.19), adult_severity("moderate", creatinine_x_baseline=1.2),
    adult_severity("very_severe", creatinine_x_baseline=2),
    adult_severity("severe", bilirubin_doubled_48h=True),
    adult_severity("very_severe", multiorgan_dysfunction=True),
    adult_severity("moderate", bilirubin_mg_dl=3, weight_gain_percent=2),
    adult_severity("no grade", days_since_first_sign=20, transaminases_x_uln=5, weight_gain_percent=2),
    adult_severity("moderate", transaminases_x_uln=5, bilirubin_mg_dl=3.5),
    # and in children: the most severe category
    child_severity("mild"),
    child_severity("mild", liver_enzymes_x_uln=2), child_severity("moderate", liver_enzymes_x_uln=2.1),
    child_severity("moderate", liver_enzymes_x_uln=5), child_severity("severe", liver_enzymes_x_uln=5.1),
    child_severity("moderate", refractory_days=3), child_severity("moderate", refractory_days=7),
    child_severity("mild", refractory_days=2), child_severity("severe", refractory_days=7.5),
    child_severity("severe", bilirubin_mg_dl=2), child_severity("mild", bilirubin_mg_dl=1.9),
    child_severity("mild", ascites_size="minimal"), child_severity("moderate", ascites_size="moderate"),
    child_severity("severe", ascites_size="drained"),
    child_severity("severe", clotting="impaired"), child_severity("very_severe", clotting="factors_needed"),
    child_severity("mild", gfr_ml_min=60), child_severity("moderate", gfr_ml_min=59),
    child_severity("moderate", gfr_ml_min=30), child_severity("severe", gfr_ml_min=29),
    child_severity("severe", gfr_ml_min=15), child_severity("very_severe", gfr_ml_min=14),
    child_severity("very_severe", new_cognitive_impairment=True),
    child_severity("very_severe", multiorgan_dysfunction=True),
    # What gives mild alone, one after the other
    *(child_severity(wanted, **{"liver_enzymes_x_uln": None, "bilirubin_mg_dl": None, "oxygen_l_min": 2} | more)
      for wanted, more in (("mild", {"liver_enzymes_x_uln": 1}), ("mild", {"bilirubin_mg_dl": 1}),
                           ("mild", {"oxygen_l_min": 1.9}), ("mild", {"refractory_days": 2}),
                           ("mild", {"ascites_size": "minimal"}), ("mild", {"gfr_ml_min": 89}),
                           (None, {"gfr_ml_min": 90}))),
    # Spitzer
    spitzer("not met", **HOT), spitzer("not met", **HOT, **RED),
    *(spitzer("met", **HOT, **RED, **more)
      for more in ({"bilirubin_mg_dl": 2}, {"transaminases_x_uln": 2}, {"creatinine_x_baseline": 2},
                   {"weight_gain_percent": 2.5}, {"unexplained_encephalopathy": True},
                   {"noncardiogenic_edema": True, "hypoxia": True})),
    *(spitzer("not met", **HOT, **RED, **more)
      for more in ({"bilirubin_mg_dl": 1.9}, {"transaminases_x_uln": 1.9}, {"creatinine_x_baseline": 1.9},
                   {"weight_gain_percent": 2.4}, {"noncardiogenic_edema": True}, {"hypoxia": True},
                   {"weight_gain_percent": 3, "hours_from_engraftment": 97})),
    spitzer("met", **HOT, **RED, weight_gain_percent=3, hours_from_engraftment=96),
    spitzer("not met", **HOT, **RED, noncardiogenic_edema=True, hypoxia=True, hours_from_engraftment=97),
    spitzer("not met", temp_c=38.2, **RED, weight_gain_percent=3),
    spitzer("not met", **HOT, **RED, infection_found=True, weight_gain_percent=3),
    spitzer("not met", **HOT, rash_percent=25, weight_gain_percent=3),
    spitzer("not met", **HOT, **RED, rash_from_drug=True, weight_gain_percent=3),
    spitzer("met", **RED, noncardiogenic_edema=True, hypoxia=True, weight_gain_percent=3),
    # Maiolino
    *(maiolino("met", sign) for sign in ("rash", "infiltrates", "diarrhea")),
    maiolino("not met"), maiolino("not met", "rash", "diarrhea", fever=False),
]  # fmt: skip


@pytest.mark.parametrize(("function", "told", "more", "wanted"), EXAMPLES)
def test_a_made_up_patient_is_graded_as_was_read(function, told, more, wanted):
    result = function(*told, **more)
    assert result.value == wanted, result
    assert note_line(result)


READ = [rule for rule in KNOWN.used if rule.instrument in MINE and rule.condition.operator != "note"]


@functools.cache
def answers():
    """What each made-up patient is told by all rules."""
    return [function(*told, **more) for function, told, more, _ in [*EXAMPLES, *TOLD]]


@pytest.mark.parametrize("name", dict.fromkeys(rule.together or rule.rule_id for rule in READ))
def test_without_a_rule_an_answer_changes(name):
    """Every rule that was read is used: some made-up patient is told otherwise if it is taken away."""
    less = replace(KNOWN, used=tuple(rule for rule in KNOWN.used if name not in (rule.together, rule.rule_id)))
    for (function, told, more, _), whole in zip([*EXAMPLES, *TOLD], answers()):
        try:
            changed = function(*told, **more, tables=less) != whole
        except (KeyError, ValueError):
            changed = True
        if changed:
            return
    pytest.fail("no answer changes")


TOLD = [  # what is said beside a value, and what a limit that is missing leaves open
    adult_sos("not met", day=21),
    adult_sos("not met", day=22),
    adult_sos("not met", hvpg_mmhg=None),
    ctcae("alt", 121, 2, uln=40),
    spitzer("not met", temp_c=38.3),
    child_severity("moderate", refractory_days=7),
    icaht("late", {40: 1, 50: 2}, 2),
]


# ---------------------------------------------------------------- vectors


def of_vector(row):
    """The call for a vector: its inputs are named as the program that it comes from names them."""
    told = json.loads(row.inputs)
    name = row.instrument
    if name.startswith("CTCAE"):
        limits = {"uln": told.get("upper_limit"), "lln": told.get("lower_limit"), "baseline": told.get("baseline")}
        return ctcae_grade(name.split()[-1], told.get("value", told.get("value_10e9_l")), **limits)
    if name == "ICAHT early":
        return icaht_grade(by_day(told["days_anc_500"], told["days_anc_100"]), phase="early")
    if name == "ICAHT late":
        counts = [told["lowest_anc"], told["second_lowest_anc"]]
        return icaht_grade(
            {31 + at: None if one is None else one / 1000 for at, one in enumerate(counts)}, phase="late"
        )
    return instruments.crs_grade(**told)


@pytest.mark.parametrize("row", list(VECTORS.itertuples()), ids=lambda row: f"{row.instrument} {row.inputs}")
def test_other_programs_give_the_same(row):
    assert str(of_vector(row).value) == row.expected.replace("not graded", "None")


def test_the_vectors_are_there():
    assert VECTORS["instrument"].nunique() == 9 and len(VECTORS) > 60


# ---------------------------------------------------------------- what is missing


@pytest.mark.parametrize(
    ("answer", "value", "at_least", "missing"),
    [
        (ctcae_grade("alt", None, uln=40, baseline=30), None, False, ("value",)),
        (ctcae_grade("alt", 90, baseline=30), None, False, ("uln",)),
        (ctcae_grade("alt", 801, uln=40), 4, False, ("baseline",)),
        (ctcae_grade("platelets", 75), None, False, ("lln",)),
        (ctcae_grade("platelets", 74), 2, False, ("lln",)),
        (ctcae_grade("creatinine", 1, uln=1), 0, True, ("baseline",)),
        (ctcae_grade("creatinine", 5, uln=1), 3, False, ("baseline",)),
        (ctcae_grade("creatinine", 2, baseline=1), 2, True, ("uln",)),
        (ctcae_grade("creatinine", 1, baseline=1), None, False, ("uln",)),
        (icans_child_grade(consciousness="voice"), 2, True, ("capd", "seizure", "motor", "edema")),
        (sos_diagnosis(age_group="adult", day=None, tissue=True), None, False, None),
        (sos_diagnosis(age_group="adult", day=3, tissue=True, other_cause=False), "proven", False, None),
        (sos_diagnosis(age_group="adult", day=3, bilirubin_mg_dl=3, ascites=True, other_cause=False), "probable", True,
         ("weight_gain_percent", "painful_hepatomegaly", "imaging_suggestive", "hvpg_mmhg")),
        (sos_diagnosis(age_group="child", day=3, other_cause=True), "not met", False, None),
        (engraftment_syndrome(by="maiolino", noninfectious_fever=True), None, False,
         ("rash", "infiltrates", "diarrhea")),
        (engraftment_syndrome(by="maiolino", noninfectious_fever=True, rash=True), "met", False,
         ("infiltrates", "diarrhea")),
        (engraftment_syndrome(by="maiolino", noninfectious_fever=False), "not met", False, None),
        (sos_severity(age_group="adult", bilirubin_mg_dl=9), None, False, None),
        (sos_severity(age_group="adult", bilirubin_mg_dl=3, transaminases_x_uln=3), "moderate", True, None),
    ],
)  # fmt: skip
def test_what_was_not_assessed_stays_open(answer, value, at_least, missing):
    assert (answer.value, answer.at_least) == (value, at_least), answer
    assert missing is None or answer.missing == missing


def test_a_baseline_that_was_not_given_is_said_to_be_taken_as_normal():
    assert "was not given and is taken as normal" in ctcae_grade("alt", 121, uln=40).rule
    assert "taken as normal" not in ctcae_grade("alt", 121, uln=40, baseline=30).rule
    assert "taken as normal" not in ctcae_grade("alt", 121, baseline=30).rule
    assert "taken as normal" not in ctcae_grade("creatinine", 121, uln=40).rule


def test_an_answer_says_what_it_counts_and_where_sources_differ():
    adult = sos_diagnosis(age_group="adult", day=30, other_cause=False, bilirubin_mg_dl=3, ascites=True)
    assert "2 of 5 signs (bilirubin, ascites), 3 not assessed" in adult.rule
    assert "late: after day 21" in adult.rule and "classical" not in adult.rule
    assert "no limit of time" in sos_diagnosis(age_group="child", day=30).rule
    assert "another cause explains" in sos_diagnosis(age_group="child", day=30, other_cause=True).rule
    grown = sos_diagnosis(age_group="child", day=30, weight_gain_percent=6)
    assert "1 of 5 signs (weight), 4 not assessed" in grown.rule, "one of its two ways is enough"
    hot = engraftment_syndrome(by="spitzer", temp_c=38.3)
    assert "at 38.3 °C itself copies differ" in hot.rule
    low = ctcae_grade("creatinine", 0.6, uln=1, baseline=0.3)
    assert low.value == 2 and "the baseline alone makes the grade" in low.rule
    heavy = sos_severity(age_group="adult", bilirubin_mg_dl=3, transaminases_x_uln=3, weight_gain_percent=6)
    assert "told and not used, because it was read only in part: weight gain of 5 to less than 10%" in heavy.rule


# ---------------------------------------------------------------- days of low counts


def test_both_readings_of_the_duration_are_said_where_they_differ():
    counts = by_day(5) | dict.fromkeys(range(9, 14), 0.4)
    answer = icaht_grade(counts, phase="early")
    assert answer.value == 1
    assert "days at 500/µL or less: 5 in the longest stretch, 10 in all" in answer.rule
    assert "by the days of all stretches grade 2" in answer.rule
    assert "in all" not in icaht_grade(by_day(5), phase="early").rule


def test_days_without_a_count_are_those_beside_them_for_a_week():
    weekly = icaht_grade({0: 0.3, 8: 0.3, 9: 2, 16: 2, 24: 2, 30: 2}, phase="early")
    assert (weekly.value, weekly.missing, weekly.at_least) == (2, (), False)
    assert "a day without a count is taken as the counts beside it" in weekly.rule
    longer = icaht_grade({0: 0.3, 9: 0.3, 10: 2, 17: 2, 25: 2, 30: 2}, phase="early")
    assert (longer.value, longer.missing, longer.at_least) == (1, ("days 1 to 8",), True)
    between = icaht_grade(by_day(5) | {5: None, 6: None}, phase="early")
    assert (between.value, between.missing, between.at_least) == (1, ("days 5 to 6",), True)
    assert icaht_grade({day: 0.3 for day in range(1, 30)}, phase="early").value == 4


def test_a_phase_without_counts_or_that_goes_on_is_open():
    assert icaht_grade({}, phase="late") == instruments.Graded(
        None, "no count was given of after day 30", ("anc_by_day",)
    )
    assert icaht_grade({-3: 0.1, 31: 0.1, 4: None}, phase="early").missing == ("day 4", "anc_by_day")
    dies = icaht_grade({day: 0.05 for day in range(13)}, phase="early")
    assert (dies.value, dies.at_least, dies.missing) == (3, True, ("days 13 to 30",))
    assert "told and not used, because it was read only in part: neutropenia that starts on days 0 to 3" in dies.rule
    assert "told and not used" not in icaht_grade(by_day(13), phase="early").rule
    once = icaht_grade({40: 0.9}, phase="late")
    assert once.value == 2 and "at least two counts are asked for, and one was given" in once.rule
    assert "second lowest count above 1500/µL" in icaht_grade({40: 0.9, 41: 1.6}, phase="late").rule
    assert "told" not in icaht_grade({40: 0.9, 41: 1.5}, phase="late").rule


@given(st.dictionaries(st.integers(0, 30), st.sampled_from([0.05, 0.1, 0.3, 0.5, 0.6, 2]), min_size=1))
def test_days_that_were_open_and_low_give_no_less_and_none_that_is_named_gives_more_than_was_said(counts):
    told = icaht_grade(counts, phase="early")
    filled = icaht_grade({day: counts.get(day, 0.05) for day in range(31)}, phase="early")
    assert filled.value >= told.value and not filled.at_least
    if not told.at_least:
        names = [name.removeprefix("days ").removeprefix("day ").split(" to ") for name in told.missing]
        opened = {day for name in names for day in range(int(name[0]), int(name[-1]) + 1)}
        assert icaht_grade(counts | dict.fromkeys(opened, 0.05), phase="early").value == told.value


# ---------------------------------------------------------------- what cannot be


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: ctcae_grade("glucose", 90), "analyte is 'glucose': give alt, ast, bilirubin, creatinine, neutrophil"),
        (lambda: ctcae_grade(None, 90), "analyte is None: give alt"),
        (lambda: ctcae_grade("alt", -1, uln=40), "value is -1: give a number of at least 0"),
        (lambda: ctcae_grade("alt", True, uln=40), "value is True"),
        (lambda: ctcae_grade("alt", 90, uln=0), "uln is 0: give a number above 0"),
        (lambda: ctcae_grade("creatinine", 90, uln=40, baseline=0), "baseline is 0: give a number above 0"),
        (
            lambda: ctcae_grade("neutrophils", 1200, lln=1.8),
            r"value is 1200: give a number of at least 0 \(10⁹/L\).*per",
        ),
        (lambda: ctcae_grade("platelets", 60, lln=150000), "lln is 150000.*fits counts per µL"),
        (lambda: icaht_grade({1: 0.2}, phase="middle"), "phase is 'middle': give early or late"),
        (lambda: icaht_grade({1: 0.2}, phase=None), "phase is None: give early or late"),
        (lambda: icaht_grade([0.2], phase="early"), r"anc_by_day is \[0.2\]: give counts"),
        (lambda: icaht_grade({1: 300}, phase="early"), "the count of day 1 is 300.*fits counts per µL"),
        (lambda: icaht_grade({1.5: 0.3}, phase="early"), "a day is 1.5"),
        (lambda: icans_child_grade(capd=8.5), "capd is 8.5: give a whole number"),
        (lambda: icans_child_grade(consciousness="asleep"), "consciousness is 'asleep'"),
        (lambda: sos_diagnosis(age_group="teen", day=1), "age_group is 'teen': give adult or child"),
        (lambda: sos_diagnosis(age_group="adult", day=-1), "day is -1"),
        (lambda: sos_diagnosis(age_group="adult", day=1, bilirubin_mg_dl=90), "90 fits µmol/L"),
        (lambda: engraftment_syndrome(by="spitzer", temp_c=101), "101 fits °F"),
        (lambda: engraftment_syndrome(by="spitzer", hours_from_engraftment=-5), "hours_from_engraftment is -5"),
        (lambda: note_line("grade 2"), "is no answer of an instrument"),
        (lambda: note_line(instruments.category("fever", temp_c=39)), "is no answer of an instrument"),
    ],
)
def test_what_cannot_be_is_refused(call, words):
    with pytest.raises(ValueError, match=words):
        call()


def test_what_belongs_to_another_choice_is_not_looked_at():
    with_more = sos_diagnosis(age_group="adult", day=3, weight_gain_days=-9, ascites_above_baseline=True)
    assert with_more == sos_diagnosis(age_group="adult", day=3)
    assert ctcae_grade("neutrophils", 0.7, uln=0, lln=1.8, baseline=0.1) == ctcae_grade("neutrophils", 0.7, lln=1.8)


# ---------------------------------------------------------------- a line for a note


@pytest.mark.parametrize(
    ("answer", "line"),
    [
        (instruments.crs_grade(fever=True, hypotension="one_vasopressor", hypoxia="none"), "ASTCT 2019 CRS grade 3: "),
        (instruments.gvhd_stage("skin", bsa_percent=30), "MAGIC 2016 GVHD skin stage 2: "),
        (instruments.gvhd_stage("lower_gi", weight_kg=70), "MAGIC 2016 GVHD lower gut stage at least 0: "),
        (instruments.tma_criteria({}, {}, days_apart=1, biopsy=True), "TA-TMA 2023 harmonized criteria met: "),
        (instruments.recovery_day({9: 0.2, 10: 1, 11: 1, 12: 1}, cell="neutrophils"), "Neutrophil recovery day 10: "),
        (instruments.easix(300, 1, 90), "EASIX 3.3333: "),
        (ctcae_grade("AST", 121, uln=40, baseline=30), "CTCAE 5.0 AST grade 2: "),
        (icaht_grade({1: 0.2}, phase="early"), "EHA/EBMT 2023 early ICAHT grade at least 1: "),
        (sos_severity(age_group="child", gfr_ml_min=9), "EBMT 2018 SOS/VOD (children) severity very severe: "),
    ],
)
def test_an_answer_is_a_line_for_a_note(answer, line):
    assert note_line(answer).startswith(line) and note_line(answer).endswith(".")


def test_a_line_calls_findings_as_the_form_does():
    line = note_line(sos_diagnosis(age_group="adult", day=None, tissue=None))
    assert "_" not in line and line.count("hepatic venous pressure gradient") == 2
    assert "Not assessed: " not in note_line(instruments.gvhd_grade(1, 0, 0, 0))
