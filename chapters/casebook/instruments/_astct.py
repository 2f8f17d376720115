"""Cytokine release syndrome, the ICE score and neurotoxicity (ICANS) after ASTCT 2019 (Lee et al. 2019)."""

from __future__ import annotations

from casebook.instruments._given import choice, measure, truth, whole_number
from casebook.instruments._rules import (
    Criteria,
    Graded,
    Rule,
    aside,
    criteria,
    decide,
    groups,
    ids,
    in_words,
    missing_of,
    worst_of,
)

HYPOTENSION = ("none", "fluids_only", "one_vasopressor", "multiple_vasopressors")
HYPOXIA = ("none", "low_flow", "high_flow", "positive_pressure")
CONSCIOUSNESS = ("awake", "spontaneous", "voice", "tactile", "unarousable")
SEIZURE = ("none", "rapid", "prolonged")
EDEMA = ("none", "focal", "diffuse")
COLDEST, HOTTEST = 25, 45  # °C; what lies beyond is a slip of the pen or another unit
# That no grade fits follows from the table; when an episode is over was read nowhere, so it is not said.
NOTHING_NOW = (
    "no fever, hypotension or hypoxia that counts: no grade now; the episode's highest grade stands; "
    "whether the episode is over is a clinical call"
)


def crs_grade(
    *,
    fever=None,
    temp_c=None,
    hypotension=None,
    hypoxia=None,
    fever_waived=False,
    fever_earlier=None,
    tables: object = None,
) -> Graded:
    """Grade a cytokine release syndrome after ASTCT 2019.

    Parameters
    ----------
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
    temp_c = measure("temp_c", temp_c, "°C", COLDEST, HOTTEST)
    ((heat, hot),) = groups(known.of("criteria_crs", "fever"), {"temp_c": temp_c})
    fever = truth("fever", fever)
    explained = heat if fever is False and hot else ()
    gate = {
        "fever": hot if fever is None else fever,
        "fever_waived": truth("fever_waived", fever_waived),
        "fever_earlier": truth("fever_earlier", fever_earlier),
    }
    axes = {
        "hypotension": choice("hypotension", hypotension, HYPOTENSION),
        "hypoxia": choice("hypoxia", hypoxia, HYPOXIA),
    }
    gates = groups(known.of("criteria_crs", "gate"), gate)
    opened = [rules for rules, held in gates if held and rules[0].grade == "open"]
    closed = [rules for rules, held in gates if held and rules[0].grade == "closed"]
    rules = known.of("criteria_crs", "grade")
    signs = {"fever": gate["fever"], **axes}
    found = decide(rules, signs)
    least = min(int(rule.grade) for rule in rules if rule.grade) if gate["fever"] else 0
    value = max(found.value, least) if opened else 0
    ceiling = 0 if closed else found.ceiling
    missing = _gate_missing(gate, bool(opened), bool(closed), found.value) + missing_of(axes)
    well = gate["fever"] is False and set(axes.values()) == {"none"}
    cause = f"{in_words(explained)} that another cause explains" if explained else ""
    deciding: tuple[Rule, ...] = ()
    if well and (gate["fever_earlier"] or not closed):
        deciding = tuple(rule for rules in opened[:1] for rule in rules)
        parts = [cause, in_words(deciding) if deciding else "", NOTHING_NOW]
    elif closed:
        deciding = closed[0]
        parts = [f"{cause}: it does not open the grading" if cause else in_words(deciding)]
    elif opened:
        deciding = (*opened[0], *found.rules, *worst_of(rules, axes))
        parts = [cause, in_words(deciding)]
    else:
        parts = [cause, f"open until assessed: {', '.join(name for name in missing if name in gate)}"]
    rule = "; ".join(filter(None, parts))
    return Graded(value, rule, missing, ceiling > value, ids((*explained, *deciding)))


def _gate_missing(gate: dict, opened: bool, closed: bool, by_axes: int) -> tuple[str, ...]:
    """Name what was not assessed of fever and its waiver, where it could still open or close the grading."""
    if gate["fever"] or closed or (opened and by_axes):
        return ()
    waiver = ("fever_waived", "fever_earlier")
    asked = ("fever",) if opened or False in (gate[name] for name in waiver) else tuple(gate)
    return tuple(name for name in asked if gate[name] is None)


def _scale(age_years: float | None, known: Criteria) -> tuple[Rule, ...]:
    """Say what the age means for the ICE score: a child of another score is refused, the disputed age is told."""
    age = measure("age_years", age_years, "years")
    held = [
        rule for group, held in groups(known.of("criteria_ice", "scale"), {"age_years": age}) if held for rule in group
    ]
    for rule in held:
        if rule.grade not in ("ICE", "disputed"):
            raise ValueError(f"age_years is {age_years!r}: {rule.says}, which is not computed here")
    return tuple(rule for rule in held if rule.grade == "disputed")


def ice_score(
    *,
    orientation=None,
    naming=None,
    commands=None,
    writing=None,
    attention=None,
    age_years=None,
    tables: object = None,
) -> Graded:
    """Add up the ICE score.

    Parameters
    ----------
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
    tasks = {
        "orientation": orientation,
        "naming": naming,
        "commands": commands,
        "writing": writing,
        "attention": attention,
    }
    known = criteria(tables)
    disputed = _scale(age_years, known)
    rules = known.of("criteria_ice", "points", "total")
    most = {rule.parameter: rule.condition.limits[1] for rule in rules}
    points = {name: whole_number(name, value, "points", 0, most[name]) for name, value in tasks.items()}
    missing = missing_of(points)
    total = sum(value for value in points.values() if value is not None)
    deciding = (*disputed, *(rule for rule in rules if rule.parameter not in missing))
    return Graded(total, in_words(deciding), missing, bool(missing), ids(deciding))


def icans_grade(
    *,
    ice=None,
    consciousness=None,
    seizure=None,
    motor=None,
    edema=None,
    age_years=None,
    tables: object = None,
) -> Graded:
    """Grade neurotoxicity (ICANS) after ASTCT 2019, where the ICE score is used.

    Parameters
    ----------
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
    known = criteria(tables)
    disputed = _scale(age_years, known)
    findings = {
        "ice": whole_number("ice", ice, "points", 0, 10),
        "consciousness": choice("consciousness", consciousness, CONSCIOUSNESS),
        "seizure": choice("seizure", seizure, SEIZURE),
        "motor": truth("motor", motor),
        "edema": choice("edema", edema, EDEMA),
    }
    rules = known.of("criteria_icans", "grade")
    found = decide(rules, findings)
    deciding = (*disputed, *found.rules, *worst_of(rules, findings))
    left = aside(known.unused["criteria_icans"], findings)
    rule = in_words(deciding) + (f"; {left}" if left else "")
    return Graded(found.value, rule, missing_of(findings), found.ceiling > found.value, ids(deciding))
