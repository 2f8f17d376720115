"""An answer as a line for a note: scale, value and rule, with the findings called as the form calls them."""

from __future__ import annotations

import math
import re
from dataclasses import replace

from casebook.instruments._rules import Form, Graded

ARGUMENT = re.compile(r"\b[a-z][a-z0-9]*(?:_[a-z0-9]+)+\b")


def note_line(answer: Graded) -> str:
    """Give the answer of an instrument as a line for a note.

    Parameters
    ----------
    answer : Graded
        What an instrument gave, such as `crs_grade`.

    Returns
    -------
    str
        Scale with its year, value, the rule that decided, and what was not assessed.

    Raises
    ------
    ValueError
        If it is no answer of an instrument.

    Examples
    --------
    >>> from casebook.instruments import crs_grade
    >>> note_line(crs_grade(fever=True, hypotension="fluids_only", hypoxia="none"))[:70]
    'ASTCT 2019 CRS grade 2: fever of 38.0 °C or more without another cause'
    """
    if not getattr(answer, "line", ""):
        raise ValueError(f"{answer!r} is no answer of an instrument: give what one of them gave")
    return answer.line


def with_line(form: Form, answer: Graded, picked: str = "") -> Graded:
    """Give the answer with its line; `picked` is by what the form calls it, where that differs."""
    called = {one.name: _called(one.label) for one in reversed(form.inputs)}
    begins = dict(form.line)[picked]
    at_least = "at least " if answer.at_least else ""
    rule = ARGUMENT.sub(lambda found: called.get(found[0], found[0]), answer.rule).replace("_", " ")
    missing = ", ".join(dict.fromkeys(called.get(name, name).replace("_", " ") for name in answer.missing))
    line = f"{begins} {at_least}{_shown(answer.value)}: {rule.removesuffix('.')}."
    return replace(answer, line=f"{line} Not assessed: {missing}." if missing else line)


def _called(label: str) -> str:
    """What a form calls a finding inside a sentence: "Temperature (°C)" is temperature, ICE remains ICE."""
    short = re.sub(r" \(.*$", "", label).removeprefix("or ")
    return short[0].lower() + short[1:] if re.match("[A-Z][a-z]", short) else short


def _shown(value: float | str | None) -> str:
    if value is None:
        return "undetermined"
    if isinstance(value, str):
        return value.replace("_", " ")
    rounded = math.floor(value * 1e4 + 0.5) / 1e4
    return str(int(rounded)) if rounded.is_integer() else str(rounded)
