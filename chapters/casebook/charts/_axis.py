"""Where the ticks of an axis stand."""

from __future__ import annotations

import math
from typing import Literal

from casebook.charts._house import rounded

DAYS = (0.1, 0.25, 0.5, 1, 2, 7, 14, 28, 50, 100, 200, 365, 730, 1825)  # steps that people count days in
ROUND = (1, 2, 5, 10)  # steps of other numbers, times a power of ten


def ticks(low: float, high: float, *, of: Literal["days", "numbers"] = "numbers") -> list[float]:
    """Give about seven ticks, the ends included where they are round.

    Examples
    --------
    >>> ticks(0, 70), ticks(0, 100, of="days")
    ([0.0, 10.0, 20.0, 30.0, 40.0, 50.0, 60.0, 70.0], [0.0, 28.0, 56.0, 84.0])
    """
    step = days_step((high - low) / 6) if of == "days" else round_step((high - low) / 7)
    return [rounded(step * number) for number in range(math.ceil(low / step), math.floor(high / step) + 1)]


def powers(low: float, high: float) -> list[float]:
    """Give 1, 2, 5, 10, … from the last that is not above `low` to the first that is not below `high`.

    Examples
    --------
    >>> powers(26, 322), powers(1, 1)
    ([20.0, 50.0, 100.0, 200.0, 500.0], [1.0])
    """
    least, most = math.floor(math.log10(low)), math.ceil(math.log10(high))
    steps = [rounded(factor * 10.0**power) for power in range(least, most + 1) for factor in ROUND[:-1]]
    first = max(step for step in steps if step <= low * (1 + 1e-9))
    return [step for step in steps if first <= step <= round_step(high)]


def days_step(least: float) -> float:
    """The smallest step of days that is not below `least`: beyond five years, decades."""
    beyond = 3650 * 10 ** max(0, math.ceil(math.log10(least / 3650))) if least > DAYS[-1] else 0
    return next((step for step in DAYS if least <= step), beyond)


def round_step(least: float) -> float:
    """The smallest of 1, 2, 5, 10, … that is not below `least`."""
    power = 10.0 ** math.floor(math.log10(least)) if least > 0 else 1.0
    return next(power * factor for factor in ROUND if power * factor >= least * (1 - 1e-9))


def round_end(most: float) -> float:
    """The first round value that is not below `most`."""
    step = round_step(most / 7) if most > 0 else 1.0
    return rounded(step * math.ceil(most / step - 1e-9)) or 1.0
