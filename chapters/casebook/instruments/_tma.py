"""Microangiopathy after transplantation: the harmonized criteria of 2023 (Schoettler et al. 2023)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from casebook import words
from casebook.data import all_hold, holds
from casebook.instruments._given import taken
from casebook.instruments._line import with_line
from casebook.instruments._rules import Graded, Rule, criteria, in_words
from casebook.instruments._said import SAYS

RISK = "risk_"
OWN_FEATURES = ("sc5b9", "proteinuria")  # criteria whose limit is that of high risk, too
MET, NOT_MET, OPEN = "met", "not met", "undetermined"

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
    given = {"first": first, "second": second, "days_apart": days_apart, "biopsy": biopsy, "high_risk": high_risk}
    form = known.form("tma_criteria")
    return with_line(form, _diagnosed(known.of(form.instrument), taken(form, given), set(high_risk or {})))


def _diagnosed(rules: tuple[Rule, ...], asked: Mapping, told: set[str]) -> Diagnosis:
    """Say whether the criteria are met; of the features of high risk, `told` names those that were given."""
    times, days, proof = [asked["first"], asked["second"]], asked["days_apart"], asked["biopsy"]
    by_parameter = {rule.parameter: rule for rule in rules if rule.decides == "conclusion"}
    clinical = {
        "criteria_met": _count(by_parameter["criteria_met"], times),
        "time_points": holds(by_parameter["time_points"].condition, _days_of(days)),
        "days_apart": holds(by_parameter["days_apart"].condition, days),
    }
    lacking = [name for name in asked["first"] if None in (time[name] for time in times)]
    missing = (*lacking, *(name for name in ("days_apart", "biopsy") if asked[name] is None))
    counted = " and ".join(
        f"{sum(value is True for value in time.values())} of {len(time)} ({which} time)"
        for which, time in zip(("first", "second"), times)
    )
    if days is not None and days < 1:
        counted += f"; {SAYS['one_day' if days == 0 else 'less_than_a_day']}"
    # A feature that is left out is taken from the times; one that is None was not assessed.
    risk = _risk(rules, times, {name: asked["high_risk"][name] for name in told})
    if proof:
        return Diagnosis(MET, in_words([by_parameter["biopsy"]]), missing, False, *risk)
    if all_hold(clinical.values()):
        return Diagnosis(MET, f"{in_words(by_parameter[name] for name in clinical)}: {counted}", missing, False, *risk)
    failing = [by_parameter[name] for name, held in clinical.items() if held is False]
    if failing and proof is False:
        return Diagnosis(NOT_MET, f"not {in_words(failing)}: {counted}", missing)
    lacking_in_words = f"not assessed: {words.listed(missing)}; " if missing else ""
    return Diagnosis(OPEN, f"{lacking_in_words}{counted}", missing)


def _days_of(days: float | None) -> int | None:
    """Count the times that two samples are: one if they are of one day, unknown if they may be."""
    if days is None or days >= 1:
        return 2
    return 1 if days == 0 else None


def _count(rule: Rule, times: list[dict[str, bool | None]]) -> bool | None:
    """Whether enough criteria were met at each time; open if those not assessed could make it so."""
    least = min(sum(value is True for value in time.values()) for time in times)
    most = min(sum(value is not False for value in time.values()) for time in times)
    if holds(rule.condition, least):
        return True
    return None if holds(rule.condition, most) else False


def _risk(used: tuple[Rule, ...], times: list[dict], given: Findings) -> tuple[str, str, tuple[str, ...]]:
    rules = {rule.decides.removeprefix(RISK): rule for rule in used if rule.decides.startswith(RISK)}
    features = {name: given[name] if name in given else _ever(name, times) for name in rules}
    present = [rules[name] for name, value in features.items() if value]
    missing = tuple(name for name, value in features.items() if value is None)
    if present:
        return "high", in_words(present), missing
    if missing:
        return OPEN, f"not assessed: {words.listed(missing)}", missing
    return "standard", in_words(rule for rule in used if rule.decides == "risk"), ()


def _ever(name: str, times: list[dict]) -> bool | None:
    """Whether a feature that is a criterion, too, was met at a time; LDH is asked for anew, with another limit."""
    if name not in OWN_FEATURES:
        return None
    seen = [time[name] for time in times]
    return True if True in seen else None if None in seen else False
