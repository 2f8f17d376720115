"""Cytokine release syndrome, the ICE score and neurotoxicity (ICANS) after ASTCT 2019 (Lee et al. 2019)."""

from __future__ import annotations

from functools import partial

from casebook.data import Value
from casebook.instruments._given import taken
from casebook.instruments._graded import grade
from casebook.instruments._line import with_line
from casebook.instruments._rules import Graded, Rule, criteria, decide, groups, in_words, missing_of, put_together
from casebook.instruments._said import SAYS


def crs_grade(*, tables: object = None, **findings: Value) -> Graded:
    """Grade a cytokine release syndrome after ASTCT 2019.

    Parameters
    ----------
    **findings
        By name; what is left out was not assessed.
    fever : bool, optional
        Fever now, without another cause; taken from `temp_c` if left out. False beside a high temperature
        says that another cause explains it.
    temp_c : float, optional
        Temperature in °C, 25 to 45; fever from 38.0.
    hypotension : {"none", "fluids_only", "one_vasopressor", "multiple_vasopressors"}, optional
        Vasopressin is not counted.
    hypoxia : {"none", "low_flow", "high_flow", "positive_pressure"}, optional
        Low flow is up to and with 6 L/min by nasal cannula, or blow-by; masks count as high flow.
    fever_waived : bool or None
        Antipyretics, anticytokine drugs or steroids were given: whoever had fever needs it no longer.
    fever_earlier : bool or None
        Fever without another cause earlier in this episode. The waiver is for those who had it.
    tables : Casebook, optional

    Returns
    -------
    Graded
        `value` 0 to 4; 0 where there is neither fever nor waiver, and where fever is waived and there is
        neither hypotension nor hypoxia: no grade now, while the highest grade of the episode stands.
        Organ toxicity is no item.

    Raises
    ------
    ValueError
        If a value cannot be.

    References
    ----------
    Lee et al. 2019, doi 10.1016/j.bbmt.2018.12.758, read in reproductions of its table.
    """
    known = criteria(tables)
    form = known.form("crs_grade")
    signs, of = taken(form, findings), partial(known.of, form.instrument)
    ((heat, hot),) = groups(of("fever"), signs)
    cause = f"{in_words(heat)} that another cause explains" if signs["fever"] is False and hot else ""
    signs["fever"] = hot if signs["fever"] is None else signs["fever"]
    gates = [group for group, held in groups(of("gate"), signs) if held]
    opened = next((group for group in gates if group[0].grade == "open"), ())
    closed = next((group for group in gates if group[0].grade == "closed"), ())
    rules = of("grade")
    found = decide(rules, signs)
    least = min(int(rule.grade) for rule in rules if rule.grade) if signs["fever"] else 0
    value = max(found.value, least) if opened else 0
    ceiling = 0 if closed else found.ceiling
    axes = {name: signs[name] for name in ("hypotension", "hypoxia")}
    gate_missing = _gate_missing(signs, opened, closed, found.value)
    if signs["fever"] is False and set(axes.values()) == {"none"} and (signs["fever_earlier"] or not closed):
        parts = [cause, in_words(opened) if opened else "", SAYS["nothing_now"]]
    elif closed:
        parts = [f"{cause}: it does not open the grading" if cause else in_words(closed)]
    elif opened:
        parts = [cause, in_words((*opened, *found.rules, *put_together(rules, axes, value)))]
    else:
        parts = [cause, f"open until assessed: {', '.join(gate_missing)}"]
    said = "; ".join(filter(None, parts))
    return with_line(form, Graded(value, said, gate_missing + missing_of(axes), ceiling > value))


def _gate_missing(signs: dict[str, Value], opened: tuple[Rule, ...], closed: tuple[Rule, ...], by_axes: int) -> tuple:
    """Name what was not assessed of fever and its waiver, where it could still open or close the grading."""
    if signs["fever"] or closed or (opened and by_axes):
        return ()
    waiver = ("fever_waived", "fever_earlier")
    asked = ("fever",) if opened or False in (signs[name] for name in waiver) else ("fever", *waiver)
    return tuple(name for name in asked if signs[name] is None)


def ice_score(*, tables: object = None, **findings: Value) -> Graded:
    """Add up the ICE score.

    Parameters
    ----------
    **findings
        By name; what is left out was not assessed.
    orientation, naming, commands, writing, attention : int, optional
        Points: at most 4, 3, 1, 1 and 1.
    age_years : float, optional
        Refused below 12, where another score takes its place; at 12 sources differ, and the answer says so.
    tables : Casebook, optional

    Returns
    -------
    Graded
        `value` 0 to 10, the points that are known.

    Raises
    ------
    ValueError
        If points are not whole, negative, or more than there are, or if the age is below 12.

    References
    ----------
    Lee et al. 2019, doi 10.1016/j.bbmt.2018.12.758, read in a reproduction of its table.
    """
    return grade("ice_score", findings, tables)


def icans_grade(*, tables: object = None, **findings: Value) -> Graded:
    """Grade neurotoxicity (ICANS) after ASTCT 2019, where the ICE score is used.

    Parameters
    ----------
    **findings
        By name; what is left out was not assessed.
    ice : int, optional
        ICE score, 0 to 10.
    consciousness : {"awake", "spontaneous", "voice", "tactile", "unarousable"}, optional
        What the patient awakens to.
    seizure : {"none", "rapid", "prolonged"}, optional
    motor : bool, optional
        Deep focal weakness.
    edema : {"none", "focal", "diffuse"}, optional
        Cerebral edema; "diffuse" also stands for the signs of raised pressure.
    age_years : float, optional
        Refused below 12, where another score takes the place of ICE; at 12 sources differ, and the answer says so.
    tables : Casebook, optional

    Returns
    -------
    Graded
        `value` 0 to 4, that of the worst domain.

    Raises
    ------
    ValueError
        If a value cannot be, or if the age is below 12.

    References
    ----------
    Lee et al. 2019, doi 10.1016/j.bbmt.2018.12.758, read in reproductions of its table.
    """
    return grade("icans_grade", findings, tables)


def icans_child_grade(*, tables: object = None, **findings: Value) -> Graded:
    """Grade neurotoxicity (ICANS) after ASTCT 2019 in children, where CAPD takes the place of the ICE score.

    Parameters
    ----------
    **findings
        By name; what is left out was not assessed.
    capd : int, optional
        Score of the CAPD, as a number: its form is protected, and none of its items stands in this book.
    consciousness, seizure, motor, edema : optional
        As for `icans_grade`.
    tables : Casebook, optional

    Returns
    -------
    Graded
        `value` 0 to 4, that of the worst domain, which is printed for adults; the answer says so where it matters.
        A score below 9 gives nothing alone: who awakens spontaneously is of grade 1, who awakens to voice of 2.

    Raises
    ------
    ValueError
        If a value cannot be.

    References
    ----------
    Lee et al. 2019, doi 10.1016/j.bbmt.2018.12.758, read in a news report that lists the grades for children.
    """
    return grade("icans_child_grade", findings, tables)
