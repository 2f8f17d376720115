"""The findings that other rules use, out of what was measured: oxygen by device and flow, a criterion by its number."""

from __future__ import annotations

from itertools import chain

from casebook import words
from casebook.data import Value
from casebook.instruments._given import take
from casebook.instruments._rules import Criteria, Graded, Input, Rule, criteria, groups, in_words

OUTCOMES = ("gate", "risk", "period")  # beside what forms give and what is counted for it


def category(finding: str, *, tables: object = None, **measured: Value) -> Graded:
    """Say what a finding is by what was measured.

    Parameters
    ----------
    finding : str
        What the tables decide for use in other rules: "fever", "hypoxia", "seizure", one of the seven
        criteria of microangiopathy, or one of its features of high risk, such as "risk_ldh".
    tables : Casebook, optional
    **measured
        By the names in the tables, such as `device` and `flow_l_min`, or `ldh_x_uln`.

    Returns
    -------
    Graded
        `value` is the category ("low_flow"), or True or False; None if it cannot be said.

    Raises
    ------
    ValueError
        If the finding, a name or a value is none that the tables know.

    Examples
    --------
    >>> category("hypoxia", device="nasal_cannula", flow_l_min=6).value
    'low_flow'
    >>> category("ldh", ldh_x_uln=1).value
    False
    """
    known = criteria(tables)
    outcomes = {*OUTCOMES, *chain.from_iterable(form.decides for form in known.forms.values())}
    outcomes |= {rule.parameter for rule in known.used if rule.condition.operator == "count"}
    outcomes |= {f"{one}_tells" for one in outcomes}
    categories = [
        rule for rule in known.used if rule.decides not in outcomes and rule.grade and not rule.grade.isdigit()
    ]
    rules = [rule for rule in categories if rule.decides == finding]
    if not rules:
        names = dict.fromkeys(rule.decides for rule in categories)
        raise ValueError(f"finding is {finding!r}: give {words.listed(names, 'or')}")
    parameters = list(dict.fromkeys(rule.parameter for rule in rules))
    if odd := sorted(set(measured) - set(parameters)):
        raise ValueError(f"{finding} is not measured by {', '.join(odd)}: give {', '.join(parameters)}")
    given = {name: take(_asked(name, rules, known), measured.get(name)) for name in parameters}
    found = groups(rules, given)
    holding = [group for group, held in found if held]
    undecided = [rule.parameter for group, held in found if held is None for rule in group]
    missing = tuple(name for name in parameters if name in undecided and given[name] is None)
    deciding = [rule for group in holding for rule in group]
    yes_or_no = {rule.grade for rule in rules} == {"true"}
    if holding:
        value: Value = True if yes_or_no else holding[0][0].grade
    else:
        value = False if yes_or_no and not missing else None
    says = in_words(deciding) if holding else f"not met: {in_words(rules)}" if value is False else "not assessed"
    return Graded(value, says, () if holding else missing)


def _asked(name: str, rules: list[Rule], known: Criteria) -> Input:
    """What may be given: a number, or one of the words that the rules name."""
    mine = [rule.condition for rule in rules if rule.parameter == name]
    if any(one.limits for one in mine):
        return known.inputs.get(name, Input(name))
    choices = [one for asked in mine for one in asked.choices]
    if all(isinstance(one, bool) for one in choices):
        return Input(name, "truth")
    return Input(name, "choice", choices=tuple((str(one), str(one)) for one in choices))
