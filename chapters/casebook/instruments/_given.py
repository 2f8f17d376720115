"""What is handed to an instrument: taken if it can be, refused with what was given and what is allowed."""

from __future__ import annotations

import math
from collections.abc import Iterable
from numbers import Real

import numpy as np

from casebook import words

NOTHING = "or None if it was not assessed"


def truth(name: str, value: object) -> bool | None:
    """Take true, false or None."""
    if value is None or isinstance(value, (bool, np.bool_)):
        return None if value is None else bool(value)
    raise ValueError(f"{name} is {value!r}: give True or False, {NOTHING}")


def choice(name: str, value: object, allowed: Iterable[str]) -> str | None:
    """Take one of some words, or None."""
    allowed = tuple(allowed)
    if value is None or (isinstance(value, str) and value in allowed):
        return value
    raise ValueError(f"{name} is {value!r}: give {words.listed(allowed, 'or')}, {NOTHING}")


def measure(name: str, value: object, unit: str = "", low: float = 0, high: float = math.inf) -> float | None:
    """Take a finite number between limits that it may reach, or None."""
    if value is None:
        return None
    good = isinstance(value, Real) and not isinstance(value, (bool, np.bool_)) and math.isfinite(value)
    if not good or not low <= value <= high:
        raise ValueError(f"{name} is {value!r}: give {_between('a number', unit, low, high)}, {NOTHING}")
    return float(value)


def whole_number(name: str, value: object, unit: str = "", low: float = 0, high: float = math.inf) -> int | None:
    """Take a whole number between limits that it may reach, or None."""
    try:
        found = measure(name, value, unit, low, high)
    except ValueError:
        found = math.nan
    if found is None:
        return None
    if not found.is_integer():
        raise ValueError(f"{name} is {value!r}: give {_between('a whole number', unit, low, high)}, {NOTHING}")
    return int(found)


def _between(what: str, unit: str, low: float, high: float) -> str:
    of = f" ({unit})" if unit else ""
    if math.isinf(low):
        return f"{what}{of}"
    if math.isinf(high):
        return f"{what} of at least {words.number(low)}{of}"
    return f"{what} from {words.number(low)} to {words.number(high)}{of}"
