"""An instrument that its rows say in full: inputs, what is asked first, rules, and how they make one value."""

from __future__ import annotations

from collections.abc import Mapping

from casebook.data import Value, tidy
from casebook.instruments._given import taken
from casebook.instruments._rules import (
    Criteria,
    Form,
    Graded,
    Rule,
    aside,
    criteria,
    decide,
    holding,
    in_words,
    missing_of,
    put_together,
)

Rules = tuple[Rule, ...]
DISPUTED = "disputed"


def grade(form: str, given: Mapping[str, object], tables: object = None) -> Graded:
    """Grade findings by what the tables `forms`, `inputs` and `criteria` say of an instrument.

    Parameters
    ----------
    form : str
        A row of `forms` that is put together by `max`, `sum` or `first`.
    given : mapping of str to object
        Findings by the names of its inputs; None is not assessed.
    tables : Casebook or Criteria, optional

    Raises
    ------
    ValueError
        If the tables have no such form, or a name or a value is none that they know.
    """
    known = criteria(tables)
    asked = known.form(form)
    findings = taken(asked, given)
    findings, told = _in_other_units(known.of(asked.instrument), findings)
    if asked.gate:
        scale = tuple(rule for rule in known.used if rule.decides == "scale")
        told += _allowed(asked, scale, findings)
        findings = {name: findings[name] for name in findings if name not in {rule.parameter for rule in scale}}
    return COMBINE[asked.combine](known, asked, findings, told)


def _in_other_units(rules: Rules, findings: dict) -> tuple[dict, Rules]:
    """Put a finding that was given in another unit in the place of the one that the rules ask for."""
    told: Rules = ()
    for rule in rules:
        if rule.condition.operator != "divide" or rule.parameter not in findings:
            continue
        value, name = findings[rule.parameter], rule.decides
        findings = {other: findings[other] for other in findings if other != rule.parameter}
        if value is None:
            continue
        if findings[name] is not None:
            raise ValueError(f"{name} and {rule.parameter} are both given: give one of them")
        findings[name], told = tidy(value / rule.condition.limits[0]), (*told, rule)
    return findings, told


def _allowed(asked: Form, scale: Rules, findings: Mapping[str, Value]) -> Rules:
    """Refuse whom another score is for; where sources differ, tell it."""
    held = holding(scale, findings)
    for rule in held:
        if rule.grade not in (asked.gate, DISPUTED):
            raise ValueError(
                f"{rule.parameter} is {findings[rule.parameter]:g}: {rule.says}, which is not computed here"
            )
    return tuple(rule for rule in held if rule.grade == DISPUTED)


def highest(rules: Rules, findings: Mapping[str, Value], told: Rules = (), unused: Rules = ()) -> Graded:
    """Give the highest grade among the rules that hold; `told` are rules that led to the findings."""
    found = decide(rules, findings)
    said = in_words((*told, *found.rules, *put_together(rules, findings, found.value)))
    left = aside(unused, findings)
    return Graded(found.value, f"{said}; {left}" if left else said, missing_of(findings), found.ceiling > found.value)


def _max(known: Criteria, asked: Form, findings: dict, told: Rules) -> Graded:
    mine = asked.instrument, *asked.decides
    return highest(known.of(*mine), findings, told, known.unused_of(*mine))


def _sum(known: Criteria, asked: Form, findings: dict, told: Rules) -> Graded:
    missing = missing_of(findings)
    counted = [rule for rule in known.of(asked.instrument, *asked.decides) if rule.parameter not in missing]
    total = sum(value for value in findings.values() if value is not None)
    return Graded(total, in_words((*told, *counted)), missing, bool(missing))


def _first(known: Criteria, asked: Form, findings: dict, told: Rules) -> Graded:
    rules, missing = known.of(asked.instrument, *asked.decides), missing_of(findings)
    if deciding := holding(rules, findings):
        return Graded(deciding[0].grade, in_words((*told, *deciding)), missing)
    return Graded(None, f"open until assessed: {', '.join(missing)}. {rules[0].says}", missing)


COMBINE = {"max": _max, "sum": _sum, "first": _first}
