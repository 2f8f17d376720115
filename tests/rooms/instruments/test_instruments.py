"""Grades of made-up findings: every rule that was read decides somewhere, and each limit falls on the right side.

The expected values are typed from the criteria a second time, not computed from the tables: `graded.csv` has them.
"""

import json
import math
import re
from dataclasses import FrozenInstanceError, replace
from pathlib import Path

import pandas as pd
import pytest
from casebook import data, instruments
from casebook.data import conditions
from casebook.instruments import (
    Graded,
    category,
    crs_grade,
    easix,
    gvhd_grade,
    gvhd_onset,
    gvhd_stage,
    icans_grade,
    ice_score,
    recovery_day,
    tma_criteria,
)
from hypothesis import given
from hypothesis import strategies as st
from made_up import live

RULES = live().criteria.set_index("rule_id")
HERE = ("crs", "ice", "icans", "gvhd_stage", "gvhd_grade", "gvhd_onset", "tma")  # the others: test_picked


def read(text):
    """A finding as the table of examples writes it: a word, or true, false, null or a number as JSON does."""
    return json.loads(text) if re.fullmatch(r"true|false|null|-?[\d.]+", text) else text


def example(row):
    """A row of `graded.csv` as a call: function, arguments, findings, and what they give."""
    told = [one.partition("=") for one in row["findings"].split("; ") if one]
    well = WELL if row["function"] == "icans_grade" else {}
    findings = well | {name: read(value) for name, _, value in told}
    rules, missing = (tuple(row[column].split()) for column in ("rules", "missing"))
    of = [read(one) for one in row["of"].split()]
    return getattr(instruments, row["function"]), of, findings, read(row["value"]), rules, missing


WELL = {"ice": 10, "consciousness": "awake", "seizure": "none", "motor": False, "edema": "none"}
GRADED_BY_HAND = pd.read_csv(Path(__file__).parent / "graded.csv", dtype=str, keep_default_na=False)
SEVEN = ("anemia", "thrombocytopenia", "ldh", "schistocytes", "hypertension", "sc5b9", "proteinuria")


def at_a_time(met, open_=0):
    """Criteria at one time: so many met, so many not assessed, the rest not met."""
    return dict(zip(SEVEN, [True] * met + [None] * open_ + [False] * (7 - met - open_)))


def tma(value, first, second, *rules, missing=(), days_apart=7, **more):
    return tma_criteria, (first, second), {"days_apart": days_apart, **more}, value, rules, missing


EXAMPLES = [
    *map(example, GRADED_BY_HAND.to_dict("records")),
    tma("met", at_a_time(4), at_a_time(4), "tma-count", "tma-times", "tma-window", days_apart=14),
    tma("met", at_a_time(7), at_a_time(4), "tma-count"),
    tma("not met", at_a_time(4), at_a_time(4), "tma-window", days_apart=15),
    tma("not met", at_a_time(7), at_a_time(7), "tma-times", days_apart=0),
    tma("met", at_a_time(4), at_a_time(4), "tma-times", days_apart=1),
    tma("undetermined", at_a_time(4), at_a_time(4), days_apart=0.5),
    tma("not met", at_a_time(4), at_a_time(3), "tma-count", days_apart=0.5),
    tma("met", at_a_time(0), at_a_time(0), "tma-biopsy", days_apart=0, biopsy=True),
    tma("not met", at_a_time(4), at_a_time(3), "tma-count"),
    tma("not met", at_a_time(3), at_a_time(7), "tma-count"),
    tma("not met", at_a_time(2, 1), at_a_time(7), "tma-count", missing=("ldh",)),
    tma("undetermined", at_a_time(3, 1), at_a_time(4), missing=("schistocytes",)),
    tma("undetermined", at_a_time(4), {}, missing=SEVEN),
    tma("undetermined", at_a_time(4), at_a_time(4), days_apart=None, missing=("days_apart",)),
    tma("undetermined", at_a_time(0), at_a_time(0), biopsy=None, missing=("biopsy",)),
    tma("met", at_a_time(0), at_a_time(0), "tma-biopsy", biopsy=True),
]  # fmt: skip


@pytest.mark.parametrize(("function", "given_", "findings", "value", "rules", "missing"), EXAMPLES)
def test_a_made_up_patient_is_graded_as_the_criteria_say(function, given_, findings, value, rules, missing):
    result = function(*given_, **findings)
    assert (result.value, result.missing, result.at_least) == (value, missing, bool(missing) and function is ice_score)
    assert all(RULES["says"][rule] in result.rule for rule in rules), result.rule


def test_every_rule_that_was_read_decides_somewhere():
    """In the words of its row; a rule whose words stand in those of another is named by an example, too."""
    told = [(function(*given_, **findings).rule, rules) for function, given_, findings, _, rules, _ in EXAMPLES]
    standard = tma_criteria(at_a_time(4), at_a_time(4), days_apart=1, high_risk=dict.fromkeys(RISKS, False))
    assert standard.risk == "standard" and "standard risk" in standard.risk_rule
    read = RULES[RULES["verified"].eq("yes") & RULES["operator"].ne("note") & RULES["instrument"].isin(HERE)]
    read = read.drop("tma-risk-standard")
    for rule, says in read["says"].items():
        within = any(says != other and says in other for other in read["says"])
        assert any(says in text and (not within or rule in rules) for text, rules in told), rule


def changed(rule, **columns):
    """The book with one rule written otherwise."""
    mine = live().criteria["rule_id"].eq(rule)
    values = {column: live().criteria[column].mask(mine, value) for column, value in columns.items()}
    return replace(live(), criteria=live().criteria.assign(**values))


def test_a_rule_that_was_not_read_decides_nowhere():
    """A row that is read only in part is told beside the answer, and gives no grade."""
    findings = {"ice": 10, "consciousness": "spontaneous", "seizure": "none", "motor": False, "edema": "none"}
    result = icans_grade(**findings, tables=changed("icans-spontaneous", verified="partial"))
    assert result.value == 0
    assert "told and not used, because it was read only in part: awakens spontaneously" in result.rule
    assert icans_grade(**findings).value == 1


def test_if_a_rule_is_withdrawn_the_grade_changes():
    """The rules are the tables': nothing of them stands in the code."""
    assert icans_grade(motor=True).value == 4
    assert icans_grade(motor=True, tables=changed("icans-motor", verified="no")).value == 0
    moved = changed("gvhd-skin-2", threshold="[20,50]")
    assert gvhd_stage("skin", bsa_percent=22, tables=moved).value == 2
    assert gvhd_stage("skin", bsa_percent=22).value == 1


def test_rows_alone_make_an_instrument(small_data):
    """The small book has a made-up scale, of which no line of code knows."""
    book = data.load(small_data)
    assert str(instruments.grade("stones", {"stones": 3, "shells": 0}, book)) == "1: three stones or more"
    assert instruments.grade("stones", {"stones": 4, "shells": None}, book) == Graded(
        1, "three stones or more", ("shells",), True
    )
    with pytest.raises(ValueError, match=r"stones is 10: give a whole number from 0 to 9 \(stones\)"):
        instruments.grade("stones", {"stones": 10}, book)
    lost = replace(book, forms=book.forms.assign(decides="stage"))
    with pytest.raises(ValueError, match="forms, stones: criteria has no rule of 'stones' that decides stage"):
        instruments.criteria(lost)
    with pytest.raises(ValueError, match="no form 'apgar': give stones"):
        instruments.grade("apgar", {}, book)
    with pytest.raises(ValueError, match="no form 'crs_grade': give stones"):
        crs_grade(fever=True, tables=book)


def test_the_answer_is_frozen_and_says_itself():
    result = crs_grade(fever=True, hypotension="fluids_only")
    with pytest.raises(FrozenInstanceError):
        result.value = 1
    assert str(result) == (
        "at least 2 (not assessed: hypoxia): fever of 38.0 °C or more without another cause; "
        "hypotension that needs no vasopressor"
    )
    assert str(gvhd_onset(None)).startswith("undetermined (not assessed: day)")


# ---------------------------------------------------------------- not assessed


@pytest.mark.parametrize(
    ("result", "value", "at_least", "missing"),
    [
        (crs_grade(), 0, True, ("fever", "hypotension", "hypoxia")),
        (crs_grade(hypotension="multiple_vasopressors", hypoxia="none"), 0, True, ("fever",)),
        (crs_grade(fever=True), 1, True, ("hypotension", "hypoxia")),
        (crs_grade(fever=True, hypotension="multiple_vasopressors"), 4, False, ("hypoxia",)),
        (crs_grade(fever=False), 0, False, ("hypotension", "hypoxia")),
        (
            crs_grade(fever=False, fever_waived=None, hypotension="none", hypoxia="none"),
            0,
            False,
            ("fever_waived", "fever_earlier"),
        ),
        (
            crs_grade(fever=False, fever_waived=None, hypotension="fluids_only", hypoxia="none"),
            0,
            True,
            ("fever_waived", "fever_earlier"),
        ),
        (
            crs_grade(fever=False, fever_waived=True, hypotension="one_vasopressor", hypoxia="none"),
            0,
            True,
            ("fever_earlier",),
        ),
        (
            crs_grade(fever=False, fever_earlier=True, fever_waived=None, hypoxia="low_flow"),
            0,
            True,
            ("fever_waived", "hypotension"),
        ),
        (crs_grade(fever_waived=True, hypoxia="low_flow"), 0, True, ("fever", "fever_earlier", "hypotension")),
        (crs_grade(fever_waived=True, fever_earlier=False), 0, True, ("fever", "hypotension", "hypoxia")),
        (crs_grade(fever_waived=True, fever_earlier=True, hypoxia="low_flow"), 2, True, ("hypotension",)),
        (crs_grade(fever_waived=True, fever_earlier=True, hypotension="none", hypoxia="none"), 0, True, ("fever",)),
        (crs_grade(fever=False, fever_waived=True, fever_earlier=True), 0, True, ("hypotension", "hypoxia")),
        (icans_grade(ice=10), 0, True, ("consciousness", "seizure", "motor", "edema")),
        (icans_grade(ice=10, seizure="none", motor=False, edema="none"), 0, True, ("consciousness",)),
        (icans_grade(ice=0, seizure="none", motor=False, edema="none"), 3, True, ("consciousness",)),
        (icans_grade(), 0, True, ("ice", "consciousness", "seizure", "motor", "edema")),
        (icans_grade(seizure="rapid"), 3, True, ("ice", "consciousness", "motor", "edema")),
        (icans_grade(motor=True), 4, False, ("ice", "consciousness", "seizure", "edema")),
        (ice_score(), 0, True, ("orientation", "naming", "commands", "writing", "attention")),
        (gvhd_stage("skin", bsa_percent=60), 3, True, ("bullae", "desquamation_percent")),
        (gvhd_stage("skin", bsa_percent=40), 2, False, ("bullae", "desquamation_percent")),
        (gvhd_stage("skin", bullae=True), 0, True, ("bsa_percent", "desquamation_percent")),
        (gvhd_stage("liver"), 0, True, ("bilirubin_mg_dl",)),
        (gvhd_stage("upper_gi"), 0, True, ("persistent_symptoms",)),
        (gvhd_stage("lower_gi", weight_kg=20), 0, True, ("stool_ml_per_day", "severe_pain", "gross_blood")),
        (gvhd_stage("lower_gi", weight_kg=70, gross_blood=True), 4, False, ("stool_ml_per_day", "severe_pain")),
        (gvhd_grade(None, None, None, None), 0, True, ("skin", "liver", "upper_gi", "lower_gi")),
        (gvhd_grade(2, None, 0, 0), 1, True, ("liver",)),
        (gvhd_grade(None, 0, 0, 4), 4, False, ("skin",)),
        (gvhd_grade(0, 2, None, 0), 3, False, ("upper_gi",)),
        (gvhd_onset(None), None, False, ("day",)),
        (easix(None, 1, 50), None, False, ("ldh_u_l",)),
        (recovery_day({}, cell="neutrophil"), None, False, ("values_by_day",)),
        (recovery_day({10: 0.6, 11: 0.7, 12: 0.8}, cell="neutrophil"), None, False, ("nadir",)),
        (recovery_day({10: 21, 11: 22, 12: 23}, cell="platelet"), 10, True, ("last_transfusion_day",)),
    ],
)
def test_what_was_not_assessed_is_named_and_never_zero(result, value, at_least, missing):
    assert (result.value, result.at_least, result.missing) == (value, at_least, missing)


def test_without_fever_and_waiver_another_cause_is_to_be_looked_for():
    for result in (crs_grade(fever=False, hypotension="one_vasopressor"), crs_grade(temp_c=37.9)):
        assert result.rule == "no fever and no waiver: not CRS by ASTCT: look for another cause"
    assert crs_grade().rule == "open until assessed: fever"


def test_without_signs_there_is_no_grade_now_and_nobody_says_that_it_is_over():
    now = "no grade now; the episode's highest grade stands; whether the episode is over is a clinical call"
    well = {"temp_c": 36.8, "hypotension": "none", "hypoxia": "none"}
    for drugs in (True, False):
        result = crs_grade(**well, fever_earlier=True, fever_waived=drugs)
        assert result.value == 0 and not result.at_least and result.rule.endswith(now)
    assert "look for another cause" in crs_grade(**well, fever_earlier=False, fever_waived=True).rule
    still = crs_grade(**well | {"temp_c": 38.3}, fever_earlier=True, fever_waived=True)
    assert still.value == 1 and "no grade now" not in still.rule


def test_a_fever_with_another_cause_is_no_fever_and_no_refusal():
    findings = {"fever": False, "temp_c": 38.6, "hypotension": "one_vasopressor", "hypoxia": "none"}
    result = crs_grade(**findings)
    assert (result.value, result.at_least) == (0, False)
    assert "another cause explains" in result.rule and "look for another cause" not in result.rule
    later = crs_grade(**findings, fever_waived=True, fever_earlier=True)
    assert later.value == 3 and "another cause explains" in later.rule


def test_the_age_decides_whether_it_is_this_score():
    points = {"orientation": 4, "naming": 3, "commands": 1, "writing": 1, "attention": 1}
    for age in (12, 12.9):
        assert "sources differ" in ice_score(**points, age_years=age).rule
        assert "sources differ" in icans_grade(ice=7, age_years=age).rule
    for age in (None, 13, 40):
        assert ice_score(**points, age_years=age) == ice_score(**points)
        assert icans_grade(ice=7, age_years=age) == icans_grade(ice=7)


def test_stool_says_that_the_weight_decides_and_what_the_other_bands_give():
    gut = {"stool_ml_per_day": 900, "severe_pain": False, "gross_blood": False}
    light = gvhd_stage("lower_gi", weight_kg=45, adult=True, **gut)
    assert light.value == 2 and "by weight: below 50 kg" in light.rule and "by the adult bands stage 1" in light.rule
    heavy = gvhd_stage("lower_gi", weight_kg=60, adult=False, **gut)
    assert heavy.value == 1 and "by weight: above 50 kg" in heavy.rule and "by the child bands stage 1" in heavy.rule
    for weight, grown in ((45, False), (45, None), (60, True), (60, None)):
        plain = gvhd_stage("lower_gi", weight_kg=weight, adult=grown, **gut)
        assert "by weight" in plain.rule and "bands stage" not in plain.rule and plain.missing == ()
    assert "50 kg itself is open" in gvhd_stage("lower_gi", weight_kg=50, **gut).rule


def test_the_rule_says_the_rival_definition():
    for day in (3, 30, None):
        rule = gvhd_onset(day).rule
        assert "14 days" in rule and "Saliba et al. 2007" in rule and "before engraftment" in rule


# ---------------------------------------------------------------- risk


RISKS = ("sc5b9", "proteinuria", "ldh", "acute_gvhd", "infection", "organ_dysfunction")


@pytest.mark.parametrize("feature", RISKS)
def test_one_feature_of_high_risk_is_enough(feature):
    features = dict.fromkeys(RISKS, False)
    result = tma_criteria(at_a_time(4), at_a_time(4), days_apart=1, high_risk=features | {feature: True})
    assert result.risk == "high" and result.risk_rule.startswith("high risk: ") and result.risk_missing == ()
    lacking = tma_criteria(at_a_time(4), at_a_time(4), days_apart=1, high_risk=features | {feature: None})
    assert (lacking.risk, lacking.risk_missing) == ("undetermined", (feature,))


def test_two_criteria_are_features_of_high_risk_themselves():
    times = at_a_time(4) | {"sc5b9": False, "proteinuria": False}
    others = dict.fromkeys(RISKS[2:], False)
    assert tma_criteria(times, times, days_apart=1, high_risk=others).risk == "standard"
    assert tma_criteria(times, times | {"proteinuria": True}, days_apart=1).risk == "high"
    assert tma_criteria(times, times | {"sc5b9": None}, days_apart=1, high_risk=others).risk == "undetermined"
    assert tma_criteria(at_a_time(3), at_a_time(7), days_apart=1).risk == ""


# ---------------------------------------------------------------- counts


def test_neutrophils_recover_on_the_first_of_three_days_after_the_fall():
    before = {-7: 4.0, -3: 2.0, 0: 1.0}
    after = {10: 0.49, 11: 0.5, 12: 0.6, 13: 0.4, 14: 0.5, 16: 0.7, 19: 0.9}
    assert recovery_day(before | after, cell="neutrophils").value == 14
    assert recovery_day({**after, 15: None}, cell="neutrophil").missing == ("day 15",)
    assert recovery_day({10: 0.1, 11: 0.5, 12: 0.6}, cell="neutrophil").value is None
    assert recovery_day({10: 0.5, 11: 0.5, 12: 0.6}, cell="neutrophil").missing == ("nadir",), "0.5 is no fall"
    assert recovery_day({-4: 0.4, -3: 0.5, -2: 0.6, -1: 0.7}, cell="neutrophil").value is None
    assert recovery_day({19: 0.9, 10: 0.49, 12: 0.6, 11: 0.5}, cell="neutrophil").value == 11, "whatever the order"


def test_nothing_counts_before_the_fall():
    """Values right after the graft fall yet: the three in a row come after the lowest."""
    before = {-5: 0.3, 0: 0.8, 1: 0.7, 2: 0.6, 5: 0.1, 14: 0.5, 15: 0.6, 16: 0.9}
    assert recovery_day(before, cell="neutrophil").value == 14
    twice = {0: 0.4, 1: 0.6, 2: 0.6, 3: 0.7, 6: 0.1, 10: 0.0, 14: 0.5, 15: 0.6, 16: 0.9}
    result = recovery_day(twice, cell="neutrophil")
    assert result.value == 14 and "days 1, 2 and 3 came before the lowest count" in result.rule
    low_before_alone = {-2: 0.2, 0: 0.6, 1: 0.7, 2: 0.8}
    assert recovery_day(low_before_alone, cell="neutrophil").missing == ("nadir",)
    yet = {1: 0.6, 2: 0.6, 3: 0.7, 6: 0.1, 10: 0.5}
    assert recovery_day(yet, cell="neutrophil").value is None
    platelets = {0: 90, 1: 60, 2: 40, 6: 8, 15: 25, 16: 30, 17: 41, 18: 52}
    assert recovery_day(platelets, cell="platelet", last_transfusion_day=-20).value == 15
    assert recovery_day(platelets, cell="platelet").value == 15
    assert recovery_day(platelets, cell="platelet", last_transfusion_day=9).value == 16


def test_a_later_fall_is_said_and_takes_no_day_back():
    after = {5: 0.1, 11: 0.5, 12: 0.7, 13: 0.9, 40: 0.1, 50: 0.6, 51: 0.6, 52: 0.6}
    result = recovery_day(after, cell="neutrophil")
    assert result.value == 11 and "counts fell again on day 40" in result.rule
    assert "fell again" not in recovery_day({5: 0.1, 11: 0.5, 12: 0.7, 13: 0.9}, cell="neutrophil").rule


@pytest.mark.parametrize(
    ("days", "gap", "far"),
    [
        ((12, 13, 14), "1 day", False),
        ((12, 13, 16), "3 days", False),
        ((12, 13, 17), "4 days", True),
        ((12, 20, 28), "8 days", True),
    ],
)
def test_in_a_row_names_the_gap_and_warns_where_it_is_long(days, gap, far):
    result = recovery_day({5: 0.1, **dict.fromkeys(days, 0.6)}, cell="neutrophil")
    assert result.value == 12 and f"at most {gap} apart" in result.rule
    assert ("longer than the 3 that this book takes" in result.rule) == far


class Pairs(dict):
    """A mapping that holds a key twice, as that of a web form."""

    def items(self):
        return [(9, 0.1), (10, 0.5), (10, 0.2), (11, 0.6), (12, 0.7)]


def test_a_day_has_one_count():
    with pytest.raises(ValueError, match=r"day 10 has two counts, 0.5 and 0.2"):
        recovery_day(Pairs(), cell="neutrophil")


# A registry's manual works this example: the last transfusion on day 0, 23 on day 6 and 25 on day 7.
REGISTRY = {0: 10, 1: 30, 2: 25, 3: 10, 4: 15, 5: 19, 6: 23, 7: 25, 8: 40, 9: 50, 10: 56, 11: 65, 12: 72}


def test_platelets_recover_seven_days_after_the_last_transfusion():
    """The registry reports day 7, not day 6: six days after a transfusion are too few."""
    assert recovery_day(REGISTRY, cell="platelet", last_transfusion_day=0).value == 7
    assert recovery_day(REGISTRY, cell="platelets", last_transfusion_day=1).value == 8
    assert recovery_day(REGISTRY, cell="platelet", last_transfusion_day=4).value is None
    assert recovery_day({20: 19, 21: 20, 22: 20, 23: 20}, cell="platelet", last_transfusion_day=9).value == 21


def test_the_limits_of_recovery_are_those_of_its_definition():
    told = live().definitions.set_index("term")["definition"]
    assert "0.5 × 10⁹/L" in told["neutrophil recovery"] and "first of 3" in told["neutrophil recovery"]
    assert "20 × 10⁹/L" in told["platelet recovery"] and "7 days" in told["platelet recovery"]
    assert recovery_day(REGISTRY, cell="platelet", last_transfusion_day=0).rule.endswith(told["platelet recovery"])
    assert easix(1, 1, 1).rule == told["EASIX"]


def test_easix_doubles_with_ldh_and_halves_with_platelets():
    assert easix(240, 0.8, 60).value == pytest.approx(3.2)
    assert easix(480, 0.8, 60).value == pytest.approx(6.4)
    assert easix(240, 0.8, 120).value == pytest.approx(1.6)
    assert easix(0, 0.8, 120).value == 0


# ---------------------------------------------------------------- what cannot be


@pytest.mark.parametrize(
    ("function", "given_", "findings", "words"),
    [
        (crs_grade, (), {"temp_c": 100.4}, r"temp_c is 100.4: give a number from 25 to 45 \(°C\).*100.4 fits °F"),
        (crs_grade, (), {"fever_earlier": "yes"}, "fever_earlier is 'yes'"),
        (icans_grade, (), {"ice": 8, "age_years": 11.9}, r"age_years is 11.9: below 12 years another score \(CAPD\)"),
        (ice_score, (), {"age_years": 3}, "age_years is 3: below 12 years another score"),
        (ice_score, (), {"age_years": 200}, "200 fits months or days"),
        (gvhd_stage, ("liver",), {"bilirubin_mg_dl": 51}, r"bilirubin_mg_dl is 51: .*\(mg/dL\).*51 fits µmol/L"),
        (gvhd_stage, ("liver",), {"bilirubin_umol_l": 1.2}, "1.2 fits mg/dL"),
        (gvhd_stage, ("lower_gi",), {"weight_kg": 3700}, "3700 fits g"),
        (gvhd_stage, ("lower_gi",), {"weight_kg": 60, "adult": 40}, "adult is 40"),
        (recovery_day, ({10: 12000, 11: 15000, 12: 18000},), {"cell": "platelet"}, "12000 fits counts per µL"),
        (recovery_day, ({10: 0.1, 11: 500},), {"cell": "neutrophil"}, r"\(10⁹/L\).*500 fits counts per µL"),
        (easix, (300, 88, 100), {}, "creatinine_mg_dl is 88: .*88 fits µmol/L"),
        (easix, (300, 0.09, 100), {}, "0.09 fits mmol/L"),
        (easix, (3.9, 1, 100), {}, "3.9 fits µkat/L"),
        (easix, (300, 1, 90000), {}, "90000 fits counts per µL"),
        (category, ("ldh",), {"ldh_x_uln": 450}, "450 fits U/L"),
        (category, ("sc5b9",), {"sc5b9_x_uln": 244}, "244 fits ng/mL"),
        (category, ("proteinuria",), {"protein_creatinine_mg_mg": 1300}, "1300 fits mg/g"),
        (category, ("anemia",), {"hemoglobin_fall_g_dl": 15}, "15 fits g/L"),
        (category, ("thrombocytopenia",), {"platelet_fall_percent": 0.6}, "0.6 fits a share of 1"),
        (category, ("hypertension",), {"age_years": 30, "systolic_mmhg": 20}, "20 fits kPa"),
        (crs_grade, (), {"fevr": True}, "crs_grade has no finding fevr: give temp_c, fever"),
        (instruments.sos_diagnosis, (), {"age_group": "adult", "tisue": True}, "sos_diagnosis has no finding tisue"),
        (crs_grade, (), {"temp_c": 24.9}, "from 25 to 45"),
        (crs_grade, (), {"temp_c": math.nan}, "temp_c is nan"),
        (crs_grade, (), {"temp_c": "38"}, "temp_c is '38'"),
        (crs_grade, (), {"fever": 1}, "fever is 1: give True or False, or None if it was not assessed"),
        (crs_grade, (), {"hypotension": "two"}, "none, fluids_only, one_vasopressor or multiple_vasopressors"),
        (icans_grade, (), {"ice": 11}, "ice is 11: give a whole number from 0 to 10"),
        (icans_grade, (), {"ice": 4.5}, "ice is 4.5: give a whole number from 0 to 10"),
        (icans_grade, (), {"ice": True}, "ice is True"),
        (icans_grade, (), {"consciousness": "asleep"}, "awake, spontaneous, voice, tactile or unarousable"),
        (ice_score, (), {"orientation": 5}, "orientation is 5: give a whole number from 0 to 4"),
        (gvhd_stage, ("lung",), {}, "organ is 'lung': give skin, liver, upper_gi, lower_gi"),
        (gvhd_stage, ("skin",), {"bilirubin_mg_dl": 2}, "skin has no finding bilirubin_mg_dl: give bsa_percent"),
        (gvhd_stage, ("skin",), {"bsa_percent": 101}, "from 0 to 100"),
        (gvhd_stage, ("liver",), {"bilirubin_mg_dl": -0.1}, "at least 0"),
        (gvhd_stage, ("liver",), {"bilirubin_mg_dl": 2, "bilirubin_umol_l": 34}, "give one of them"),
        (gvhd_stage, ("lower_gi",), {"stool_ml_per_day": 600}, "weight_kg is None: give a number above 0"),
        (gvhd_stage, ("lower_gi",), {"weight_kg": 0}, "weight_kg is 0"),
        (gvhd_stage, ("lower_gi",), {"weight_kg": 70, "stool_episodes_per_day": 4.5}, "a whole number"),
        (gvhd_grade, (5, 0, 0, 0), {}, "skin is 5: give a whole number from 0 to 4"),
        (gvhd_grade, (0, 0, 2, 0), {}, "upper_gi is 2: give a whole number from 0 to 1"),
        (gvhd_onset, (-1,), {}, "day is -1"),
        (gvhd_onset, ("day 3",), {}, "day is 'day 3'"),
        (tma_criteria, ({"platelets": True}, {}), {"days_apart": 1}, "first has no finding platelets: give anemia"),
        (tma_criteria, ({}, {"ldh": 300}), {"days_apart": 1}, r"ldh \(second\) is 300"),
        (tma_criteria, ({}, [True]), {"days_apart": 1}, "second is"),
        (tma_criteria, ({}, {}), {"days_apart": -1}, "days_apart is -1"),
        (tma_criteria, ({}, {}), {"days_apart": 1, "biopsy": "kidney"}, "biopsy is 'kidney'"),
        (
            tma_criteria,
            ({}, {}),
            {"days_apart": 1, "high_risk": {"age": True}},
            "high_risk has no finding age: give sc5b9",
        ),
        (recovery_day, ({1: 0.1},), {"cell": "lymphocyte"}, "give neutrophil or platelet"),
        (recovery_day, ({1: 0.1},), {"cell": None}, "cell is None"),
        (recovery_day, ({1: -0.1},), {"cell": "neutrophil"}, "the count of day 1 is -0.1"),
        (recovery_day, ({1.5: 1},), {"cell": "neutrophil"}, "a day is 1.5"),
        (recovery_day, ({None: 1},), {"cell": "neutrophil"}, "a day is None"),
        (recovery_day, ([0.1, 0.5],), {"cell": "neutrophil"}, "values_by_day is"),
        (recovery_day, ({1: 30},), {"cell": "platelet", "last_transfusion_day": 2.5}, "last_transfusion_day is 2.5"),
        (easix, (300, 1, 0), {}, "platelets_1e9_l is 0: give a number above 0"),
        (easix, (300, 1, -5), {}, "platelets_1e9_l is -5"),
        (category, ("rash",), {}, "finding is 'rash': give fever, hypoxia"),
        (category, ("grade",), {}, "finding is 'grade'"),
        (category, ("ldh",), {"ldh": 2}, "ldh is not measured by ldh: give ldh_x_uln"),
        (category, ("ldh",), {"ldh_x_uln": -2}, "ldh_x_uln is -2"),
        (category, ("hypoxia",), {"device": "tent"}, "device is 'tent': give room_air"),
        (category, ("anemia",), {"new_red_cell_dependence": "no"}, "new_red_cell_dependence is 'no'"),
    ],
)
def test_what_cannot_be_is_refused_with_what_is_allowed(function, given_, findings, words):
    with pytest.raises(ValueError, match=words):
        function(*given_, **findings)


# ---------------------------------------------------------------- properties

# What worsens from the first choice to the last, from no to yes, from low to high (but a score); the rest is set.
GRADED = ("crs_grade", "icans_grade", "gvhd_stage_skin", "gvhd_stage_liver", "gvhd_stage_upper_gi",
          "gvhd_stage_lower_gi", "gvhd_grade")  # fmt: skip
SET = {"gvhd_stage_lower_gi": {"weight_kg": 70}}
LEFT_OUT = {"temp_c", "fever_waived", "fever_earlier", "age_years", "bilirubin_umol_l", "weight_kg", "adult",
            "stool_episodes_per_day"}  # fmt: skip
HIGHEST = {"bilirubin_mg_dl": 20, "stool_ml_per_day": 3000}


def scale_of(one):
    """Every value of a finding, from its best to its worst."""
    if one.kind == "truth":
        return [False, True]
    if one.kind == "choice":
        return [name for name, _ in one.choices]
    high = int(HIGHEST.get(one.name) or one.high)
    steps = list(range(high + 1)) if one.kind == "whole" else [step / 10 for step in range(high * 10 + 1)]
    return steps[::-1] if one.name == "ice" else steps


SCALES = {
    name: {one.name: scale_of(one) for one in instruments.criteria().forms[name].inputs if one.name not in LEFT_OUT}
    for name in GRADED
}


def run(which, findings):
    form = instruments.criteria().forms[which]
    organ = {"organ": form.organ} if form.organ else {}
    return getattr(instruments, form.function)(**organ, **findings, **SET.get(which, {}))


def drawn(draws, which):
    return {name: draws.draw(st.sampled_from(scale)) for name, scale in SCALES[which].items()}


@given(st.data(), st.sampled_from(GRADED))
def test_a_worse_finding_never_lowers_a_grade(draws, which):
    findings = drawn(draws, which)
    name = draws.draw(st.sampled_from(sorted(findings)))
    scale = SCALES[which][name]
    other = findings | {name: draws.draw(st.sampled_from(scale))}
    better, worse = sorted((findings, other), key=lambda one: scale.index(one[name]))
    assert run(which, worse).value >= run(which, better).value


@given(st.data(), st.sampled_from(GRADED))
def test_more_information_never_lowers_at_least(draws, which):
    findings = drawn(draws, which)
    hidden = draws.draw(st.sets(st.sampled_from(sorted(findings))))
    partly = {name: None if name in hidden else value for name, value in findings.items()}
    less, all_ = run(which, partly), run(which, findings)
    assert set(less.missing) == hidden and all_.missing == ()
    assert less.value <= all_.value and (less.at_least or less.value == all_.value) and not all_.at_least


@given(st.data())
def test_more_information_settles_microangiopathy_and_never_turns_it(draws):
    tri = st.sampled_from([True, False, None])
    times = [{name: draws.draw(tri) for name in SEVEN} for _ in range(2)]
    days, biopsy = draws.draw(st.sampled_from([None, 0, 14, 15])), draws.draw(tri)
    before = tma_criteria(*times, days_apart=days, biopsy=biopsy).value
    told = [{name: draws.draw(st.booleans()) if one[name] is None else one[name] for name in SEVEN} for one in times]
    after = tma_criteria(*told, days_apart=3 if days is None else days, biopsy=bool(biopsy)).value
    assert after != "undetermined" and before in (after, "undetermined")
    enough = all(sum(one.values()) >= 4 for one in told) and (days is None or days <= 14)
    twice = days != 0
    assert (after == "met") == ((enough and twice) or bool(biopsy))


@given(st.integers(0, 4), st.integers(0, 4), st.integers(0, 1), st.integers(0, 4))
def test_the_overall_grade_is_that_of_the_published_rules(skin, liver, upper, lower):
    """The rules typed a second time, from IV down."""
    if 4 in (skin, liver, lower):
        wanted = 4
    elif liver >= 2 or lower >= 2:
        wanted = 3
    elif skin == 3 or 1 in (liver, upper, lower):
        wanted = 2
    else:
        wanted = 1 if skin else 0
    assert gvhd_grade(skin, liver, upper, lower).value == wanted


# ---------------------------------------------------------------- the house


def test_no_grade_of_an_instrument_becomes_a_finding_of_the_cases():
    """The grade of case 1 names no scale, so nothing is derived from it."""
    book = live()
    definitions = set(book.bounds["definition_id"].dropna())
    assert not definitions & {
        "crs-grade-3-lee-2019",
        "neutrophil-recovery-2024",
        "platelet-recovery-2024",
        "easix-2017",
    }
    text = book.criteria.to_csv()
    assert "case-1" not in text and "case 1" not in text and "case 2" not in text
    assert not set(book.events["source_id"].dropna()) & {"harris2016", "luft2017"}


def test_every_instrument_says_where_it_was_read_and_ends_with_what_is_not_used():
    for instrument, rows in live().criteria.groupby("instrument"):
        used = rows["verified"].eq("yes").tolist()
        assert used == sorted(used, reverse=True), instrument
        assert not rows.loc[rows["verified"].eq("yes"), "read_in"].eq("memory").any()
        assert rows.groupby("decides")["scale"].nunique().eq(1).all(), instrument
    assert set(live().forms["instrument"].dropna()) == set(live().criteria["instrument"])


def test_points_are_asked_for_as_the_rules_count_them():
    for one in instruments.criteria().forms["ice_score"].inputs[:-1]:
        (rule,) = (rule for rule in instruments.criteria().of("ice", "points") if rule.parameter == one.name)
        assert rule.condition.limits == (one.low, one.high)


@pytest.mark.parametrize("form", instruments.criteria().forms.values(), ids=lambda form: form.form)
def test_what_rules_ask_for_may_be_chosen(form):
    asked = {one.name: {name for name, _ in one.choices} for one in form.inputs if one.kind == "choice"}
    for rule in instruments.criteria().of(form.instrument):
        assert set(rule.condition.choices) <= asked.get(rule.parameter, set(rule.condition.choices)), rule.rule_id


def test_a_threshold_that_cannot_be_read_is_a_problem_of_its_row(small_data):
    path = small_data / "criteria.csv"
    path.write_text(path.read_text().replace(">=,3", ">=,three"))
    with pytest.raises(data.DataError, match=r"criteria.*threshold.*three"):
        data.load(small_data)


def bands():
    """The rules of one finding that stand alone, by finding and by what they decide."""
    frame = live().criteria[live().criteria["instrument"].eq("gvhd_stage")]
    alone = frame[frame["verified"].eq("yes") & frame["together"].isna() & frame["operator"].isin(["<", "within", ">"])]
    return {key: mine for key, mine in alone.groupby(["parameter", "decides"]) if mine["grade"].nunique() > 1}


@pytest.mark.parametrize("key", sorted(bands()), ids=" ".join)
def test_the_bands_of_a_finding_do_not_overlap(key):
    """A value is of one stage: two bands of different stages that claim it were copied wrongly from the table."""
    mine = bands()[key]
    asked = [(conditions.condition(row.operator, row.threshold), row.grade) for row in mine.itertuples()]
    for step in range(4001):
        claimed = {grade for one, grade in asked if conditions.holds(one, step / 2) is True}
        assert len(claimed) <= 1, f"{key} {step / 2} is of stages {claimed}"
