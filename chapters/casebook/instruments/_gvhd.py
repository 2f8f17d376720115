"""Acute graft-versus-host disease: organ stages and overall grade after MAGIC, and early onset."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from casebook.data import Value, tidy
from casebook.instruments._given import taken
from casebook.instruments._graded import grade, highest
from casebook.instruments._line import with_line
from casebook.instruments._rules import Criteria, Form, Graded, Rule, criteria, holding
from casebook.instruments._said import SAYS

BANDS = "lower_gi_"


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
    known = criteria(tables)
    forms = {form.organ: form for form in known.forms.values() if form.function == "gvhd_stage"}
    if organ not in forms:
        raise ValueError(f"organ is {organ!r}: give {', '.join(forms)}")
    form = forms[organ]
    if form.combine == "own":
        return with_line(form, _lower_gi(form, findings, known))
    return grade(form.form, findings, known)


def _lower_gi(form: Form, findings: Mapping[str, Value], known: Criteria) -> Graded:
    """Stage the lower gut by the bands of the weight; where the age would take other bands, their stage is said."""
    asked = taken(form, findings)
    if not asked["weight_kg"]:
        given = findings.get("weight_kg")
        raise ValueError(f"weight_kg is {given!r}: give a number above 0 (kg); the bands depend on it")
    (switch,) = holding(known.of("gvhd_stage", "lower_gi"), {"weight_kg": asked["weight_kg"]})
    mine = switch.grade.removesuffix(" bands")
    staged = _by_bands(mine, asked, known, (switch,))
    other = "child" if mine == "adult" else "adult"
    if asked["adult"] is not (other == "adult"):
        return staged
    stage = _by_bands(other, asked, known)
    at_least = "at least " if stage.at_least else ""
    said = f"{staged.rule}; by the {other} bands stage {at_least}{stage.value}: {SAYS['other_bands']}"
    return replace(staged, rule=said)


def _by_bands(bands: str, asked: Mapping[str, Value], known: Criteria, told: tuple[Rule, ...] = ()) -> Graded:
    """Stage by the bands of adults or of children: by volume, or by stools where no volume was measured."""
    volume, episodes = asked["stool_ml_per_day"], asked["stool_episodes_per_day"]
    if volume is None and episodes is not None:
        given = {"stool_episodes_per_day": episodes}
    elif bands == "adult":
        given = {"stool_ml_per_day": volume}
    else:
        given = {"stool_ml_per_kg_per_day": None if volume is None else tidy(volume / asked["weight_kg"])}
    given |= {name: asked[name] for name in ("severe_pain", "gross_blood")}
    rules = tuple(rule for rule in known.of("gvhd_stage", "lower_gi", BANDS + bands) if rule.parameter in given)
    staged = highest(rules, given, told)
    return replace(staged, missing=tuple(name.replace("_per_kg", "") for name in staged.missing))


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
    return grade("gvhd_grade", given, tables)


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
    return grade("gvhd_onset", {"day": day}, tables)
