"""What is handed to an instrument: taken if it can be, refused with what was given and what is allowed."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace
from numbers import Real

import numpy as np

from casebook import words
from casebook.data import Value
from casebook.instruments._made import reached
from casebook.instruments._rules import Criteria, Form, Input

NOTHING = "or None if it was not assessed"


def picked(known: Criteria, form: Form, given: Mapping[str, object]) -> tuple[Form, Mapping[str, object]]:
    """Narrow a form to what its choice picks: the rules that decide it, and the findings that these look at.

    What belongs to another choice is not looked at, as the page hides its fields.

    Raises
    ------
    ValueError
        If nothing was picked, or what cannot be.
    """
    if not form.picks:
        return form, given
    inputs = {one.name: one for one in form.inputs}
    pick = take(inputs[form.picks], given.get(form.picks))
    if pick is None:
        raise ValueError(f"{form.picks} is None: give {words.listed(dict(inputs[form.picks].choices), 'or')}")
    rules = known.of(form.instrument)
    asked = {form.picks, *reached(rules, known.of(form.instrument, pick, f"{pick}_tells"))}
    kept = {name: given[name] for name in given if name in asked or name not in inputs}
    mine = tuple(_measured(one, known.inputs.get(pick)) for one in form.inputs if one.name in asked)
    return replace(form, decides=(pick,), inputs=mine, line=(("", dict(form.line)[pick]),)), kept


def _measured(one: Input, kind: Input | None) -> Input:
    """A number without a unit is measured as what was picked is, where the table says how that is."""
    if kind is None or {one.kind, kind.kind} != {"number"} or one.unit:
        return one
    return replace(one, unit=kind.unit, low=kind.low, high=kind.high, other_units=kind.other_units)


def taken(form: Form, given: Mapping[str, object]) -> dict:
    """Check what a form was given, input by input in the order of the table.

    Parameters
    ----------
    form : Form
    given : mapping of str to object
        By the names of the inputs; what belongs to a part is a mapping by the name of the part. An answer that is
        left out is the one that the form begins with.

    Returns
    -------
    dict
        Every input, None where it was not assessed; parts as dictionaries.

    Raises
    ------
    ValueError
        If a name or a value is none that the table knows.
    """
    found: dict = {}
    parts = [name for name, _ in form.parts]
    for part in parts:
        asked = {one.name: one for one in form.inputs if part in one.parts}
        values = given.get(part) if part else {name: given[name] for name in given if name not in parts}
        values = {} if values is None else values
        if not isinstance(values, Mapping):
            raise ValueError(f"{part} is {values!r}: give a mapping of {', '.join(asked)} to True, False or None")
        if odd := sorted(map(str, set(values) - set(asked))):
            of = part or form.organ or form.form
            raise ValueError(f"{of} has no finding {', '.join(odd)}: give {', '.join(asked)}")
        where = f" ({part})" if part else ""
        first = {name: False for name, one in asked.items() if one.kind == "truth" and one.begins == "false"}
        values = first | dict(values)
        checked = {name: take(one, values.get(name), f"{name}{where}") for name, one in asked.items()}
        found |= {part: checked} if part else checked
    return found


def take(asked: Input, value: object, name: str = "") -> Value:
    """Take a value if it can be, or None; `name` is what a refusal calls it, if not as the table does."""
    if value is None or asked.kind == "counts":
        return value
    allowed = _allowed(asked)
    if asked.kind == "truth":
        good, fits = isinstance(value, (bool, np.bool_)), ""
    elif asked.kind == "choice":
        good, fits = isinstance(value, str) and value in dict(asked.choices), ""
    else:
        good = isinstance(value, Real) and not isinstance(value, (bool, np.bool_)) and math.isfinite(value)
        fits = next((one[0] for one in asked.other_units if good and _between(value, *one[1:])), "")
        good = good and not fits and asked.low <= value and (asked.high is None or value <= asked.high)
        good = good and (asked.kind == "number" or float(value).is_integer())
    if not good:
        told = f"; {words.number(value)} fits {fits}" if fits else ""
        raise ValueError(f"{name or asked.name} is {value!r}: give {allowed}, {NOTHING}{told}")
    return {"truth": bool, "choice": str, "number": float, "whole": int}[asked.kind](value)


def _between(value: float, above: float, below: float | None) -> bool:
    return above < value and (below is None or value < below)


def _allowed(asked: Input) -> str:
    if asked.kind == "truth":
        return "True or False"
    if asked.kind == "choice":
        return words.listed(dict(asked.choices), "or")
    number = "a number" if asked.kind == "number" else "a whole number"
    low = words.number(asked.low)
    limits = f"of at least {low}" if asked.high is None else f"from {low} to {words.number(asked.high)}"
    return f"{number} {limits}" + (f" ({asked.unit})" if asked.unit else "")
