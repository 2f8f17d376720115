"""Cytokine release syndrome, the ICE score and neurotoxicity (ICANS) after ASTCT 2019 (Lee et al. 2019)."""

from __future__ import annotations

from casebook.instruments._given import choice, measure, truth, whole_number
from casebook.instruments._rules import (
    Graded,
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


def crs_grade(
    *, fever=None, temp_c=None, hypotension=None, hypoxia=None, fever_waived=False, tables: object = None
) -> Graded:
    """Grade a cytokine release syndrome after ASTCT 2019.

    Parameters
    ----------
    fever : bool, optional
        Fever without another cause, now or earlier; taken from `temp_c` if left out.
    temp_c : float, optional
        Temperature in °C, 25 to 45; fever from 38.0.
    hypotension : {"none", "fluids_only", "one_vasopressor", "multiple_vasopressors"}, optional
        Vasopressin is not counted.
    hypoxia : {"none", "low_flow", "high_flow", "positive_pressure"}, optional
        Low flow is up to and with 6 L/min by nasal cannula; masks count as high flow.
    fever_waived : bool
        Antipyretics, anticytokine drugs or steroids were given: fever is then no longer required.
    tables : Casebook, optional

    Returns
    -------
    Graded
        `value` 0 to 4; 0 where there is neither fever nor waiver. Organ toxicity is no item.

    Raises
    ------
    ValueError
        If a value cannot be, or if there is no fever at 38.0 °C or more.

    References
    ----------
    Lee et al. 2019, doi 10.1016/j.bbmt.2018.12.758, read in reproductions of its table.
    """
    known = criteria(tables)
    fever, waived = truth("fever", fever), truth("fever_waived", fever_waived)
    temp_c = measure("temp_c", temp_c, "°C", COLDEST, HOTTEST)
    ((_, hot),) = groups(known.of("criteria_crs", "fever"), {"temp_c": temp_c})
    if fever is False and hot:
        raise ValueError(
            f"fever is False and temp_c is {temp_c}: give fever=True, or a temperature below fever; "
            "where another cause explains it, leave temp_c out"
        )
    fever = hot if fever is None else fever
    axes = {
        "hypotension": choice("hypotension", hypotension, HYPOTENSION),
        "hypoxia": choice("hypoxia", hypoxia, HYPOXIA),
    }
    gate = {"fever": fever, "fever_waived": waived}
    # Fever and its waiver stand for each other: where one is there, the other is not asked for.
    missing = (() if fever or waived else missing_of(gate)) + missing_of(axes)
    gates = groups(known.of("criteria_crs", "gate"), gate)
    for rules, held in gates:
        if rules[0].grade == "closed" and held is not False:
            rule = in_words(rules) if held else f"open until assessed: {', '.join(missing_of(gate))}"
            return Graded(0, rule, missing, held is None, ids(rules) if held else ())
    opened = tuple(rule for rules, held in gates if held for rule in rules)[:1]
    rules = known.of("criteria_crs", "grade")
    found = decide(rules, axes)
    least = min(int(rule.grade) for rule in rules if rule.grade)
    deciding = (*opened, *found.rules, *worst_of(rules, axes))
    value = max(found.value, least)
    return Graded(value, in_words(deciding), missing, found.ceiling > value, ids(deciding))


def ice_score(
    *, orientation=None, naming=None, commands=None, writing=None, attention=None, tables: object = None
) -> Graded:
    """Add up the ICE score (above 12 years only).

    Parameters
    ----------
    orientation, naming, commands, writing, attention : int, optional
        Points: at most 4, 3, 1, 1 and 1.
    tables : Casebook, optional

    Returns
    -------
    Graded
        `value` 0 to 10, the points that are known.

    Raises
    ------
    ValueError
        If points are not whole, negative, or more than there are.

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
    rules = criteria(tables).of("criteria_ice")
    most = {rule.parameter: rule.condition.limits[1] for rule in rules}
    points = {name: whole_number(name, value, "points", 0, most[name]) for name, value in tasks.items()}
    missing = missing_of(points)
    total = sum(value for value in points.values() if value is not None)
    deciding = [rule for rule in rules if rule.parameter not in missing]
    return Graded(total, in_words(deciding), missing, bool(missing), ids(deciding))


def icans_grade(*, ice=None, consciousness=None, seizure=None, motor=None, edema=None, tables: object = None) -> Graded:
    """Grade neurotoxicity (ICANS) after ASTCT 2019, above 12 years.

    Parameters
    ----------
    ice : int, optional
        ICE score, 0 to 10; for patients above 12 years (not checked: no age is asked for).
    consciousness : {"awake", "spontaneous", "voice", "tactile", "unarousable"}, optional
        What the patient awakens to. The rule on "spontaneous" was read only in part and gives no grade.
    seizure : {"none", "rapid", "prolonged"}, optional
    motor : bool, optional
        Deep focal weakness.
    edema : {"none", "focal", "diffuse"}, optional
        Cerebral edema; "diffuse" also stands for the signs of raised pressure.
    tables : Casebook, optional

    Returns
    -------
    Graded
        `value` 0 to 4, that of the worst domain.

    Raises
    ------
    ValueError
        If a value cannot be.

    References
    ----------
    Lee et al. 2019, doi 10.1016/j.bbmt.2018.12.758, read in reproductions of its table.
    """
    known = criteria(tables)
    findings = {
        "ice": whole_number("ice", ice, "points", 0, 10),
        "consciousness": choice("consciousness", consciousness, CONSCIOUSNESS),
        "seizure": choice("seizure", seizure, SEIZURE),
        "motor": truth("motor", motor),
        "edema": choice("edema", edema, EDEMA),
    }
    rules = known.of("criteria_icans", "grade")
    found = decide(rules, findings)
    deciding = (*found.rules, *worst_of(rules, findings))
    left = aside(known.unused["criteria_icans"], findings)
    rule = in_words(deciding) + (f"; {left}" if left else "")
    return Graded(found.value, rule, missing_of(findings), found.ceiling > found.value, ids(deciding))
