"""Findings that rules make of others: a change of unit, a ratio, what stands for what was not given, a count."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from casebook.data import MAKE, Value, tidy
from casebook.instruments._rules import Rule, groups

Rules = tuple[Rule, ...]


def reached(rules: Rules, wanted: Iterable[Rule]) -> set[str]:
    """Name the findings that some rules look at, and those of which these are made."""
    found: set[str] = set()
    more = {rule.parameter for rule in wanted}
    while more:
        found |= more
        makers = [rule for rule in rules if rule.condition.operator in MAKE and rule.decides in more]
        more = {name for rule in makers for name in _parts(rule, rules)} - found
    return found


def _parts(maker: Rule, rules: Rules) -> list[str]:
    if maker.condition.operator == "count":
        return [rule.parameter for rule in rules if rule.decides == maker.parameter]
    return [maker.parameter, *map(str, maker.condition.choices)]


def in_other_units(rules: Rules, findings: Mapping[str, Value]) -> tuple[dict, Rules]:
    """Put a finding that was given in another unit in the place of the one that the rules ask for."""
    found, told = dict(findings), ()
    for rule in rules:
        if rule.condition.operator != "divide" or not rule.condition.limits or rule.parameter not in found:
            continue
        value, name = found.pop(rule.parameter), rule.decides
        if value is None:
            continue
        if found[name] is not None:
            raise ValueError(f"{name} and {rule.parameter} are both given: give one of them")
        found[name], told = tidy(value / rule.condition.limits[0]), (*told, rule)
    return found, told


def made(rules: Rules, findings: Mapping[str, Value], wanted: set[str]) -> tuple[dict, Rules]:
    """Add what rules make of findings, in the order of the table.

    Parameters
    ----------
    rules : tuple of Rule
    findings : mapping of str to value
        What was asked for, by name.
    wanted : set of str
        The findings that are needed: nothing else is made.

    Returns
    -------
    dict, tuple of Rule
        The findings with those that were made, and the rules that are to be told with them. A count is a range: the
        least is what holds for certain, the most what is possible.

    Raises
    ------
    ValueError
        If a finding is 0 by which another is divided.
    """
    found, told = dict(findings), ()
    for rule in (one for one in rules if one.decides in wanted):
        asked, name = rule.condition, rule.decides
        if asked.operator == "divide":
            found[name] = _ratio(found, rule)
        elif asked.operator == "taken" and found[rule.parameter] is None and found[name] is None:
            found[name], told = asked.limits[0], (*told, rule)
        elif asked.operator == "count":
            found[name], says = _counted(rule, rules, found)
            told = (*told, replace(rule, says=says))
    return found, told


def _ratio(found: Mapping[str, Value], rule: Rule) -> float | None:
    value, over = found[rule.parameter], rule.condition.choices[0]
    if found[over] == 0:
        raise ValueError(f"{over} is 0: give a number above 0; nothing can be divided by it")
    return None if None in (value, found[over]) else tidy(value / found[over])


def _counted(maker: Rule, rules: Rules, found: Mapping[str, Value]) -> tuple[range, str]:
    """Count the things named that hold in one way or another, from what is certain to what is possible; say which."""
    ways = groups((rule for rule in rules if rule.decides == maker.parameter), found)
    held = {name: {held for group, held in ways if group[0].grade == name} for name in maker.condition.choices}
    certain = [name for name in held if True in held[name]]
    undecided = sum(True not in one and None in one for one in held.values())
    which, left = f" ({', '.join(certain)})" * bool(certain), f", {undecided} not assessed" * bool(undecided)
    says = f"{len(certain)} of {len(held)} {maker.says.partition(':')[0]}{which}{left}"
    return range(len(certain), len(certain) + undecided + 1), says
