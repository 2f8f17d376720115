"""One condition of a rule that stands in a table: how it is read, and whether it holds.

What was not assessed is None, and a condition on it holds neither way: missing is never zero.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass

COMPARE = {
    ">=": lambda value, limit: value >= limit,
    ">": lambda value, limit: value > limit,
    "<=": lambda value, limit: value <= limit,
    "<": lambda value, limit: value < limit,
}
TELL = ("max", "note")  # they say how rules are put together, and compare nothing
MAKE = ("divide", "taken", "count", "longest", "lowest")  # they make a finding of others, and compare nothing
NUMBER = r"-?(?:[0-9]+\.?[0-9]*|\.[0-9]+)"
NAME = re.compile(r"(?!nan$|inf$)[a-z][a-z0-9_]*")
INTERVAL = re.compile(rf"([\[(])\s*({NUMBER})\s*,\s*({NUMBER})\s*([\])])")

Value = bool | int | float | str | range | None


@dataclass(frozen=True)
class Condition:
    """How a finding is compared, and with what.

    `limits` are numbers for `within` (two, with `closed` for each end), for the four comparisons
    and for `divide`, `taken`, `longest` and `lowest` (one); `choices` are the values that `is` and `in` allow, what
    `count` counts, and the finding that `divide` divides by.
    """

    operator: str
    limits: tuple[float, ...] = ()
    closed: tuple[bool, ...] = ()
    choices: tuple[Value, ...] = ()


def condition(operator: str, threshold: str) -> Condition:
    """Read a condition as it stands in a table.

    Parameters
    ----------
    operator : str
        One of `is`, `in`, `within`, `>=`, `>`, `<=`, `<`, `divide`, `taken`, `count`, `longest`, `lowest`, `max`,
        `note`.
    threshold : str
        A number; for `within` an interval such as "[25,50)", whose square bracket holds its limit and whose
        round one does not; for `is` a number, true, false or a word; for `in` several of them, parted by bars, and
        for `count` words; for `divide` a number, or the name of a finding.

    Raises
    ------
    ValueError
        If the threshold does not fit the operator; its text is what was expected.

    Examples
    --------
    >>> condition("within", "[25,50)").limits
    (25.0, 50.0)
    >>> condition("is", "true").choices
    (True,)
    """
    if operator in TELL:
        return Condition(operator)
    if operator in ("is", "in", "count") or (operator == "divide" and NAME.fullmatch(threshold)):
        parts = threshold.split("|") if operator in ("in", "count") else [threshold]
        if not all(part.strip() for part in parts):
            raise ValueError("true, false, a number or a word; several, parted by |, after in and count")
        return Condition(operator, choices=tuple(_choice(part.strip()) for part in parts))
    if operator == "within":
        match = INTERVAL.fullmatch(threshold)
        limits, closed = match and (float(match[2]), float(match[3])), match and (match[1] == "[", match[4] == "]")
        if not match or limits[0] > limits[1]:
            raise ValueError('an interval of two numbers such as "[25,50)", its lower limit first')
        if limits[0] == limits[1] and not all(closed):
            raise ValueError('an interval that holds a number: "[25,25]" holds one, "[25,25)" none')
        return Condition(operator, limits, closed)
    if operator not in (*COMPARE, *MAKE):
        raise ValueError(f"one of is, in, within, {', '.join((*COMPARE, *MAKE, *TELL))}")
    limit = _number(threshold)
    if limit is None or (operator == "divide" and limit <= 0):
        more = ", above 0, or a finding" if operator == "divide" else ""
        raise ValueError(f"a finite number such as 17.1 after {operator}{more}")
    return Condition(operator, (limit,))


def _number(text: str) -> float | None:
    """What is written as a number, with a point and no other sign; None for all else."""
    return float(text) if re.fullmatch(rf"\s*{NUMBER}\s*", text) else None


def _choice(text: str) -> Value:
    if text in ("true", "false"):
        return text == "true"
    if (number := _number(text)) is not None:
        return number
    if not re.match(r"[^\W\d]", text) or text.lower() in ("true", "false", "nan", "inf", "infinity"):
        raise ValueError("true or false in small letters, a finite number such as 17.1, or a word")
    return text


def holds(asked: Condition, value: Value) -> bool | None:
    """Say whether a finding meets a condition.

    Parameters
    ----------
    asked : Condition
    value : bool, int, float, str, range or None
        None is not assessed; a range is a count of which the least and the most are known.

    Returns
    -------
    bool or None
        None if the finding was not assessed, or if it depends on which number of the range it is.

    Raises
    ------
    ValueError
        If the condition compares nothing.

    Examples
    --------
    >>> holds(condition("within", "[25,50)"), 25), holds(condition("within", "[25,50)"), 50)
    (True, False)
    >>> holds(condition(">", "50"), None) is None
    True
    >>> holds(condition(">=", "2"), range(1, 3)) is None
    True
    """
    if asked.operator in (*TELL, *MAKE):
        raise ValueError(f"a condition that compares, not {asked.operator}")
    if value is None:
        return None
    if isinstance(value, range):
        found = {holds(asked, one) for one in value}
        return found.pop() if len(found) == 1 else None
    if asked.operator in ("is", "in"):
        # Python takes True for 1; here a truth value is no number.
        return any(isinstance(value, bool) == isinstance(one, bool) and value == one for one in asked.choices)
    if asked.operator == "within":
        (low, high), (from_low, to_high) = asked.limits, asked.closed
        return (low <= value if from_low else low < value) and (value <= high if to_high else value < high)
    return COMPARE[asked.operator](value, asked.limits[0])


def all_hold(parts: Iterable[bool | None]) -> bool | None:
    """Say whether several hold together: one that fails settles it, one that is not assessed leaves it open.

    Examples
    --------
    >>> all_hold([True, None]) is None, all_hold([False, None]), all_hold([True, True])
    (True, False, True)
    """
    found = list(parts)
    return False if False in found else None if None in found else True


def tidy(value: float) -> float:
    """Take away what a division leaves in the last bits: 51.3 divided by 17.1 is 3.

    Examples
    --------
    >>> tidy(51.3 / 17.1)
    3.0
    """
    return math.floor(value * 1e9 + 0.5) / 1e9
