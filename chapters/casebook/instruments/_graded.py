"""An instrument that its rows say in full: inputs, what is asked first, rules, and how they make one value.

A form may ask first which of its rules are meant: those that decide what was picked. Only what they ask for is then
looked at, and what a `<picked>_tells` decides is said beside the value.
"""

from __future__ import annotations

from collections.abc import Mapping

from casebook.data import Value
from casebook.instruments._given import picked, taken
from casebook.instruments._line import with_line
from casebook.instruments._made import in_other_units, made, reached
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
from casebook.instruments._said import SAYS

Rules = tuple[Rule, ...]
DISPUTED = "disputed"


def grade(form: str, given: Mapping[str, object], tables: object = None) -> Graded:
    """Grade findings by what the tables `forms`, `inputs` and `criteria` say of an instrument.

    Parameters
    ----------
    form : str
        A row of `forms` that is put together by `max`, `certain`, `sum` or `first`.
    given : mapping of str to object
        Findings by the names of its inputs; None is not assessed.
    tables : Casebook or Criteria, optional

    Raises
    ------
    ValueError
        If the tables have no such form, or a name or a value is none that they know.
    """
    known = criteria(tables)
    asked, given = picked(known, known.form(form), given)
    findings, told = in_other_units(known.of(asked.instrument), taken(asked, given))
    if asked.gate:
        scale = tuple(rule for rule in known.used if rule.decides == "scale")
        told += _allowed(asked, scale, findings)
        findings = {name: findings[name] for name in findings if name not in {rule.parameter for rule in scale}}
    return with_line(asked, COMBINE[asked.combine](known, asked, findings, told))


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


def _certain(known: Criteria, asked: Form, findings: dict, told: Rules) -> Graded:
    (mine,), missing = asked.decides, missing_of(findings)
    rules, tells = known.of(asked.instrument, mine), known.of(asked.instrument, f"{mine}_tells")
    every = known.of(asked.instrument)
    findings, counted = made(every, findings, reached(every, (*rules, *tells)))
    found = decide(rules, findings, asked.values)
    beside = (*told, *counted, *holding(tells, findings))
    undecided = not found.rules and found.is_open
    if undecided:
        said = f"open until assessed: {', '.join(missing)}"
    else:
        said = in_words(found.rules) if found.rules else SAYS["none_holds"]
    value = None if undecided else asked.values[found.value] if asked.values else found.value
    parts = (said, *dict.fromkeys(rule.says for rule in beside), _aside(known, asked, findings))
    return Graded(value, "; ".join(filter(None, parts)), missing, not undecided and found.ceiling > found.value)


def _aside(known: Criteria, asked: Form, findings: Mapping[str, Value]) -> str:
    """Say which rules of what was picked, or of what it counts, would hold and are not used."""
    (mine,) = asked.decides
    return aside((rule for rule in known.unused_of(asked.instrument) if rule.decides.startswith(mine)), findings)


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


COMBINE = {"max": _max, "certain": _certain, "sum": _sum, "first": _first}
