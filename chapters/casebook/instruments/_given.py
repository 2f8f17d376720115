"""What is handed to an instrument: taken if it can be, refused with what was given and what is allowed."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from numbers import Real

import numpy as np

from casebook import words

NOTHING = "or None if it was not assessed"


@dataclass(frozen=True)
class OtherUnit:
    """Another unit that a value was likely given in: between the two limits it makes sense there, and here none."""

    unit: str
    above: float = 0
    below: float = math.inf


# By what is measured: a number that no patient has in the unit asked for, and many have in another one, is refused.
# The limits are this book's own, from no source: they lie beyond what patients have, and decide no grade.
OTHER_UNITS = {
    "temp_c": (OtherUnit("°F", 45, 115),),
    "neutrophil": (OtherUnit("counts per µL", 50),),
    "platelet": (OtherUnit("counts per µL", 1000),),
    "platelets_1e9_l": (OtherUnit("counts per µL", 1000),),
    "creatinine_mg_dl": (OtherUnit("µmol/L", 20), OtherUnit("mmol/L", 0, 0.1)),
    "ldh_u_l": (OtherUnit("µkat/L", 1, 20),),
    "bilirubin_mg_dl": (OtherUnit("µmol/L", 40),),
    "bilirubin_umol_l": (OtherUnit("mg/dL", 0, 2),),
    "weight_kg": (OtherUnit("g", 500),),
    "age_years": (OtherUnit("months or days", 120),),
    "flow_l_min": (OtherUnit("mL/min", 100),),
    "hemoglobin_fall_g_dl": (OtherUnit("g/L", 8),),
    "platelet_fall_percent": (OtherUnit("a share of 1", 0, 1),),
    "ldh_x_uln": (OtherUnit("U/L", 50),),
    "sc5b9_x_uln": (OtherUnit("ng/mL", 50),),
    "protein_creatinine_mg_mg": (OtherUnit("mg/g or mg/mmol", 50),),
    "systolic_mmhg": (OtherUnit("kPa", 5, 40),),
    "diastolic_mmhg": (OtherUnit("kPa", 2, 20),),
}


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


def measure(
    name: str, value: object, unit: str = "", low: float = 0, high: float = math.inf, kind: str = ""
) -> float | None:
    """Take a finite number between limits that it may reach, or None; one that fits another unit is refused.

    `kind` is what is measured, by its name in `OTHER_UNITS`; the name itself if left out.
    """
    if value is None:
        return None
    good = isinstance(value, Real) and not isinstance(value, (bool, np.bool_)) and math.isfinite(value)
    others = [one.unit for one in OTHER_UNITS.get(kind or name, ()) if good and one.above < value < one.below]
    if not good or not low <= value <= high or others:
        fits = f"; {words.number(value)} fits {others[0]}" if others else ""
        raise ValueError(f"{name} is {value!r}: give {_between('a number', unit, low, high)}, {NOTHING}{fits}")
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
