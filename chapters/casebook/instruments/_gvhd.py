"""Acute graft-versus-host disease: organ stages and overall grade after MAGIC, and early onset."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from casebook.data import Value, tidy
from casebook.instruments._given import measure, truth, whole_number
from casebook.instruments._rules import Criteria, Graded, Rule, criteria, decide, groups, ids, in_words, missing_of

FINDINGS = {
    "skin": ("bsa_percent", "bullae", "desquamation_percent"),
    "liver": ("bilirubin_mg_dl", "bilirubin_umol_l"),
    "upper_gi": ("persistent_symptoms",),
    "lower_gi": ("stool_ml_per_day", "stool_episodes_per_day", "weight_kg", "adult", "severe_pain", "gross_blood"),
}
HIGHEST = {"skin": 4, "liver": 4, "upper_gi": 1, "lower_gi": 4}
HEAVIEST = 500  # kg
BANDS = {"adult": "lower_gi_adult", "child": "lower_gi_child"}
OTHER_BANDS = "the table that was read goes by weight alone, whatever the age"


def gvhd_stage(organ: str, *, tables: object = None, **findings: Value) -> Graded:
    """Stage one organ in acute graft-versus-host disease after MAGIC 2016.

    Parameters
    ----------
    organ : {"skin", "liver", "upper_gi", "lower_gi"}
    tables : Casebook, optional
    **findings
        skin: `bsa_percent` (rash, % of body surface), `bullae` (bool), `desquamation_percent`;
        liver: `bilirubin_mg_dl` or `bilirubin_umol_l`;
        upper_gi: `persistent_symptoms` (bool: nausea, vomiting or anorexia);
        lower_gi: `weight_kg` (required: above 50 kg the adult bands), `stool_ml_per_day` or
        `stool_episodes_per_day` (used where the volume was not measured), `severe_pain`, `gross_blood` (bool),
        and `adult` (bool): the weight decides, as printed; for an adult whom it puts among the children, or
        a child among the adults, the answer says what the other bands give.

    Returns
    -------
    Graded
        `value` 0 to 4, for the upper gut 0 or 1.

    Raises
    ------
    ValueError
        If the organ or a finding is none of these, or a value cannot be.

    References
    ----------
    Harris et al. 2016, read in reproductions of its table.
    """
    if organ not in FINDINGS:
        raise ValueError(f"organ is {organ!r}: give {', '.join(FINDINGS)}")
    odd = sorted(set(findings) - set(FINDINGS[organ]))
    if odd:
        raise ValueError(f"{organ} has no finding {', '.join(odd)}: give {', '.join(FINDINGS[organ])}")
    asked = {name: findings.get(name) for name in FINDINGS[organ]}
    known = criteria(tables)
    rules = known.of("criteria_gvhd_stage", organ)
    extra: tuple[Rule, ...] = ()
    if organ == "skin":
        given = _skin(asked)
    elif organ == "liver":
        given, extra = _liver(asked, known)
    elif organ == "upper_gi":
        given = {"persistent_symptoms": truth("persistent_symptoms", asked["persistent_symptoms"])}
    else:
        return _lower_gi(asked, known)
    return _staged(given, rules, extra)


def _staged(given: Mapping[str, Value], rules: tuple[Rule, ...], extra: tuple[Rule, ...] = ()) -> Graded:
    """Give the stage by the findings of one organ; `extra` are rules that led to them."""
    found = decide([rule for rule in rules if rule.grade.isdigit()], given)
    deciding = (*extra, *found.rules)
    missing = tuple(name.replace("_per_kg", "") for name in missing_of(given))
    return Graded(found.value, in_words(deciding), missing, found.ceiling > found.value, ids(deciding))


def _skin(asked: Mapping[str, Value]) -> dict[str, Value]:
    return {
        "bsa_percent": measure("bsa_percent", asked["bsa_percent"], "% of body surface", 0, 100),
        "bullae": truth("bullae", asked["bullae"]),
        "desquamation_percent": measure(
            "desquamation_percent", asked["desquamation_percent"], "% of body surface", 0, 100
        ),
    }


def _liver(asked: Mapping[str, Value], known: Criteria) -> tuple[dict[str, Value], tuple[Rule, ...]]:
    milligrams = measure("bilirubin_mg_dl", asked["bilirubin_mg_dl"], "mg/dL")
    micromoles = measure("bilirubin_umol_l", asked["bilirubin_umol_l"], "µmol/L")
    if micromoles is None:
        return {"bilirubin_mg_dl": milligrams}, ()
    if milligrams is not None:
        raise ValueError(f"bilirubin is {milligrams:g} mg/dL and {micromoles:g} µmol/L: give one of them")
    unit = known.of("criteria_gvhd_stage", "bilirubin_mg_dl")
    return {"bilirubin_mg_dl": tidy(micromoles / unit[0].condition.limits[0])}, unit


def _lower_gi(asked: Mapping[str, Value], known: Criteria) -> Graded:
    """Stage the lower gut by the bands of the weight; where the age would take other bands, their stage is said."""
    weight = measure("weight_kg", asked["weight_kg"], "kg", 0, HEAVIEST)
    if not weight:
        raise ValueError(f"weight_kg is {asked['weight_kg']!r}: give a number above 0 (kg); the bands depend on it")
    volume = measure("stool_ml_per_day", asked["stool_ml_per_day"], "mL/day")
    episodes = whole_number("stool_episodes_per_day", asked["stool_episodes_per_day"], "stools/day")
    grown = truth("adult", asked["adult"])
    whatever = {name: truth(name, asked[name]) for name in ("severe_pain", "gross_blood")}
    switches = groups(known.of("criteria_gvhd_stage", "lower_gi"), {"weight_kg": weight})
    ((switch,),) = [group for group, held in switches if held and not group[0].grade.isdigit()]

    def by(bands: str, extra: tuple[Rule, ...] = ()) -> Graded:
        rules = known.of("criteria_gvhd_stage", "lower_gi", bands)
        given: dict[str, Value] = {}
        if volume is None and episodes is not None:
            given["stool_episodes_per_day"] = episodes
            rules = tuple(rule for rule in rules if not rule.parameter.startswith("stool_ml"))
        elif bands == BANDS["adult"]:
            given["stool_ml_per_day"] = volume
        else:
            given["stool_ml_per_kg_per_day"] = None if volume is None else tidy(volume / weight)
        return _staged(given | whatever, tuple(rule for rule in rules if rule.parameter in given | whatever), extra)

    mine = switch.grade.removesuffix(" bands")
    staged = by(BANDS[mine], (switch,))
    other = "child" if mine == "adult" else "adult"
    if grown is not (other == "adult"):
        return staged
    stage = by(BANDS[other])
    at_least = "at least " if stage.at_least else ""
    said = f"{staged.rule}; by the {other} bands stage {at_least}{stage.value}: {OTHER_BANDS}"
    return replace(staged, rule=said)


def gvhd_grade(skin, liver, upper_gi, lower_gi, *, tables: object = None) -> Graded:
    """Give the overall grade of acute graft-versus-host disease after MAGIC 2016.

    Parameters
    ----------
    skin, liver, lower_gi : int or None
        Stages, 0 to 4; None is not assessed.
    upper_gi : int or None
        Stage, 0 or 1.
    tables : Casebook, optional

    Returns
    -------
    Graded
        `value` 0 to 4. It is not the highest stage: skin at stage 3 alone is II, lower gut at stage 2 alone III.

    Raises
    ------
    ValueError
        If a stage cannot be.

    References
    ----------
    Harris et al. 2016; the rules were read in third-party code.
    """
    given = {"skin": skin, "liver": liver, "upper_gi": upper_gi, "lower_gi": lower_gi}
    stages = {name: whole_number(name, value, "stage", 0, HIGHEST[name]) for name, value in given.items()}
    rules = criteria(tables).of("criteria_gvhd_grade")
    found = decide(rules, stages)
    highest = max((stage for stage in stages.values() if stage is not None), default=found.value)
    caution = tuple(rule for rule in rules if rule.condition.operator == "max" and highest != found.value)
    deciding = (*found.rules, *caution)
    return Graded(found.value, in_words(deciding), missing_of(stages), found.ceiling > found.value, ids(deciding))


def gvhd_onset(day, *, tables: object = None) -> Graded:
    """Say whether acute graft-versus-host disease began hyperacutely.

    Parameters
    ----------
    day : float or None
        Day of onset, counted from transplantation.
    tables : Casebook, optional

    Returns
    -------
    Graded
        `value` "hyperacute" or "later", None if the day is not known; `rule` has the definition and its rival.

    Raises
    ------
    ValueError
        If the day is no number, or lies before the transplantation.

    References
    ----------
    Saliba et al. 2007, doi 10.1182/blood-2006-07-034348, read in its abstract.
    """
    given = {"day": measure("day", day, "days after the graft")}
    rules = criteria(tables).of("criteria_gvhd_onset")
    deciding = [rule for group, held in groups(rules, given) if held for rule in group]
    if not deciding:
        return Graded(None, f"open until assessed: day. {rules[0].says}", missing_of(given))
    return Graded(deciding[0].grade, in_words(deciding), (), False, ids(deciding))
