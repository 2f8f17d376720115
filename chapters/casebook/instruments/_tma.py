"""Microangiopathy after transplantation: the harmonized criteria of 2023 (Schoettler et al. 2023)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from casebook import words
from casebook.data import all_hold, holds
from casebook.instruments._given import measure, truth
from casebook.instruments._rules import Criteria, Graded, Rule, criteria, ids, in_words

RISK = "risk_"
MET, NOT_MET, OPEN = "met", "not met", "undetermined"
# The criteria print no smallest distance; that one day is one time is the reading of this book.
ONE_DAY = "both on one day, which is one time"
LESS_THAN_A_DAY = "less than a day apart: one day is one time, two days are two"

Findings = Mapping[str, bool | None]


@dataclass(frozen=True)
class Diagnosis(Graded):
    """What the criteria give: beside a `Graded`, the risk where they are met.

    Attributes
    ----------
    risk : str
        "high", "standard", "undetermined", or "" where the criteria are not met.
    risk_rule : str
        Which feature decided.
    risk_missing : tuple of str
        The features that were not assessed.
    """

    risk: str = ""
    risk_rule: str = ""
    risk_missing: tuple[str, ...] = ()


def tma_criteria(
    first: Findings,
    second: Findings,
    *,
    days_apart,
    biopsy=False,
    high_risk: Findings | None = None,
    tables: object = None,
) -> Diagnosis:
    """Say whether the criteria of microangiopathy after transplantation are met.

    Parameters
    ----------
    first, second : mapping of str to bool or None
        At each of two times, for `anemia`, `thrombocytopenia`, `ldh`, `schistocytes`, `hypertension`,
        `sc5b9` and `proteinuria`: whether the criterion was met; None, or left out, is not assessed.
    days_apart : float or None
        Days between the two times. Twice on one day (0) is one time; no other smallest distance is printed.
    biopsy : bool or None
        Proof in tissue of kidney or gut, which is enough alone.
    high_risk : mapping of str to bool or None, optional
        Features of high risk: `sc5b9`, `proteinuria`, `ldh` (twice the upper limit), `acute_gvhd`
        (grade II to IV), `infection`, `organ_dysfunction`. The first two are taken from the times if left out.
    tables : Casebook, optional

    Returns
    -------
    Diagnosis
        `value` "met", "not met" or "undetermined": what was not assessed does not read as not met.

    Raises
    ------
    ValueError
        If a criterion is none of the seven, or a value cannot be.

    References
    ----------
    Schoettler et al. 2023, doi 10.1016/j.jtct.2022.11.015, read in its table 3 and in a reproduction.
    """
    known = criteria(tables)
    names = _names(known)
    times = [_checked("first", first, names), _checked("second", second, names)]
    proof, days = truth("biopsy", biopsy), measure("days_apart", days_apart, "days")
    by_parameter = {rule.parameter: rule for rule in known.of("criteria_tma", "conclusion")}
    clinical = {
        "criteria_met": _count(by_parameter["criteria_met"], times),
        "time_points": holds(by_parameter["time_points"].condition, _days_of(days)),
        "days_apart": holds(by_parameter["days_apart"].condition, days),
    }
    both = all_hold(clinical.values())
    lacking = dict.fromkeys(name for name in names for time in times if time[name] is None)
    given = {"days_apart": days, "biopsy": proof}
    missing = (*lacking, *(name for name, value in given.items() if value is None))
    counted = " and ".join(
        f"{sum(value is True for value in time.values())} of {len(names)} ({which})"
        for which, time in zip(("first time", "second time"), times)
    )
    if days is not None and days < 1:
        counted += f"; {ONE_DAY if days == 0 else LESS_THAN_A_DAY}"
    if proof:
        deciding: tuple[Rule, ...] = (by_parameter["biopsy"],)
        return Diagnosis(MET, in_words(deciding), missing, False, ids(deciding), *_risk(known, times, high_risk))
    if both:
        deciding = tuple(by_parameter[name] for name in clinical)
        rule = f"{in_words(deciding)}: {counted}"
        return Diagnosis(MET, rule, missing, False, ids(deciding), *_risk(known, times, high_risk))
    _risk(known, times, high_risk)  # what cannot be is refused here, too
    failing = tuple(by_parameter[name] for name, held in clinical.items() if held is False)
    if failing and proof is False:
        return Diagnosis(NOT_MET, f"not {in_words(failing)}: {counted}", missing, False, ids(failing))
    lacking_in_words = f"not assessed: {words.listed(missing)}; " if missing else ""
    return Diagnosis(OPEN, f"{lacking_in_words}{counted}", missing)


def _days_of(days: float | None) -> int | None:
    """Count the times that two samples are: one if they are of one day, unknown if they may be."""
    if days is None or days >= 1:
        return 2
    return 1 if days == 0 else None


def _names(known: Criteria) -> tuple[str, ...]:
    decided = dict.fromkeys(rule.decides for rule in known.of("criteria_tma"))
    return tuple(name for name in decided if name != "conclusion" and not name.startswith("risk"))


def _checked(which: str, given: Findings | None, names: tuple[str, ...]) -> dict[str, bool | None]:
    given = {} if given is None else given
    if not isinstance(given, Mapping):
        raise ValueError(f"{which} is {given!r}: give a mapping of {', '.join(names)} to True, False or None")
    if odd := sorted(set(given) - set(names), key=str):
        raise ValueError(f"{which} has {', '.join(map(repr, odd))}: give {', '.join(names)}")
    return {name: truth(f"{name} ({which})", given.get(name)) for name in names}


def _count(rule: Rule, times: list[dict[str, bool | None]]) -> bool | None:
    """Whether enough criteria were met at each time; open if those not assessed could make it so."""
    least = min(sum(value is True for value in time.values()) for time in times)
    most = min(sum(value is not False for value in time.values()) for time in times)
    if holds(rule.condition, least):
        return True
    return None if holds(rule.condition, most) else False


def _risk(known: Criteria, times: list[dict], given: Findings | None) -> tuple[str, str, tuple[str, ...]]:
    rules = {
        rule.decides.removeprefix(RISK): rule for rule in known.of("criteria_tma") if rule.decides.startswith(RISK)
    }
    features = _checked("high_risk", given, tuple(rules))
    for name in features:
        if name not in (given or {}) and name in ("sc5b9", "proteinuria"):
            seen = [time[name] for time in times]
            features[name] = True if True in seen else None if None in seen else False
    present = [rules[name] for name, value in features.items() if value]
    missing = tuple(name for name, value in features.items() if value is None)
    if present:
        return "high", in_words(present), missing
    if missing:
        return OPEN, f"not assessed: {words.listed(missing)}", missing
    return "standard", in_words(known.of("criteria_tma", "risk")), ()
