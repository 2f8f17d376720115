"""What is computed from blood values: the day when neutrophils or platelets recover, and EASIX."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import pairwise

from casebook import words
from casebook.instruments._given import take, taken
from casebook.instruments._line import with_line
from casebook.instruments._rules import Criteria, Graded, criteria, missing_of
from casebook.instruments._said import COUNTS, SAYS


def recovery_day(
    values_by_day: Mapping[int, float | None], *, cell: str, last_transfusion_day=None, tables: object = None
) -> Graded:
    """Give the day when neutrophils or platelets recovered.

    Neutrophils: the first of 3 measurements in a row, on different days, of at least 0.5 × 10⁹/L, after they
    had fallen below. Platelets: the first of 3 in a row of at least 20 × 10⁹/L, at least 7 days after the last
    platelet transfusion.

    The fall is that after day 0, and its end the lowest count (the first of several): what lies before does
    not count. Of platelets it is looked for only where no transfusion after day 0 tells of it. The answer says
    where counts fell again, and where measurements lie more than 3 days apart, which is this book's own limit.

    Parameters
    ----------
    values_by_day : mapping of int to float or None
        Counts in 10⁹/L by day from transplantation; days before 0 are allowed and do not count.
        None is not measured: the day is left out and named. One count a day.
    cell : {"neutrophil", "platelet"}
        The plural does as well.
    last_transfusion_day : int, optional
        Day of the last platelet transfusion; if it is not known, the day found is the earliest possible.
        For neutrophils it is not asked for.
    tables : Casebook, optional

    Returns
    -------
    Graded
        `value` is the day, or None if there is none yet.

    Raises
    ------
    ValueError
        If the cell is another, a day is not whole or stands twice, or a count is negative or fits another unit.

    References
    ----------
    Sureda et al. 2024, doi 10.1038/s41409-024-02251-0, table 1.

    Examples
    --------
    >>> recovery_day({9: 0.2, 10: 0.4, 11: 0.5, 12: 0.7, 13: 1.1}, cell="neutrophil").value
    11
    """
    known = criteria(tables)
    given = {"cell": cell.removesuffix("s") if isinstance(cell, str) else cell, "values_by_day": values_by_day}
    form = known.form("recovery_day")
    asked = taken(form, given | {"last_transfusion_day": last_transfusion_day})
    kind, last = asked["cell"], asked["last_transfusion_day"]
    if kind is None:
        raise ValueError(f"cell is None: give {words.listed(COUNTS['least'], 'or')}")
    days = by_day(known, values_by_day, kind, "values_by_day")
    return with_line(form, _recovered(known, days, kind, last), kind)


def by_day(known: Criteria, given: object, kind: str, name: str) -> dict[int, float | None]:
    """Check counts by day, in the order of days; `name` is what a refusal calls them."""
    if not isinstance(given, Mapping):
        raise ValueError(f"{name} is {given!r}: give counts (10⁹/L) by day, such as {{10: 0.4}}")
    days: dict[int, float | None] = {}
    for day, value in given.items():
        if (found := take(known.inputs["day"], day, "a day")) is None:
            raise ValueError("a day is None: give a whole number (days from the graft)")
        if found in days:
            raise ValueError(f"day {found} has two counts, {days[found]} and {value}: give one of them")
        days[found] = take(known.inputs[kind], value, f"the count of day {found}")
    return {day: days[day] for day in sorted(days)}


def _recovered(known: Criteria, days: Mapping[int, float | None], kind: str, last: int | None) -> Graded:
    """Find the day of recovery in counts that were checked."""
    least = COUNTS["least"][kind]
    definition = known.definitions.get(f"{kind} recovery", "")
    missing = [f"day {day}" for day in days if days[day] is None]
    counts = {day: count for day, count in days.items() if count is not None}
    if kind == "platelet" and last is None:
        missing.append("last_transfusion_day")
    if not counts:
        return Graded(None, f"no count was given. {definition}", (*missing, "values_by_day"))
    after = {day: count for day, count in counts.items() if day >= 0}
    low = [day for day, count in after.items() if count < least]
    nadir = None
    if low and (kind == "neutrophil" or last is None or last < 0):
        nadir = min(low, key=after.get)
    elif kind == "neutrophil":
        return Graded(None, f"no count below the limit was given. {definition}", (*missing, "nadir"))
    start = max(nadir or 0, last + COUNTS["days_without_transfusion"] if kind == "platelet" and last is not None else 0)
    rows = [row for row in _in_a_row(after) if all(after[day] >= least for day in row)]
    told = []
    if nadir is not None and rows and rows[0][0] < nadir:
        told.append(f"days {words.listed(map(str, rows[0]))} came before the lowest count and do not count")
    row = next((row for row in rows if row[0] >= start), None)
    if row is None:
        told.insert(0, f"not {COUNTS['in_a_row']} counts in a row yet")
        return Graded(None, f"{'; '.join(told)}. {definition}", tuple(missing))
    gap = max(other - one for one, other in pairwise(row))
    named = f"days {words.listed(map(str, row))}, at most {gap} {'day' if gap == 1 else 'days'} apart"
    told.insert(0, named + SAYS["far_apart"] * (gap > COUNTS["longest_gap"]))
    if again := [day for day in low if day > row[-1]]:
        told.append(f"counts fell again on day {again[0]}")
    at_least = kind == "platelet" and last is None
    return Graded(row[0], f"{'; '.join(told)}. {definition}", tuple(missing), at_least)


def _in_a_row(days: Iterable[int]) -> Iterator[tuple[int, ...]]:
    """Give each set of measurements that follow on each other, as many as are asked for."""
    every = tuple(days)
    return zip(*(every[at:] for at in range(COUNTS["in_a_row"])))


def easix(ldh_u_l, creatinine_mg_dl, platelets_1e9_l, *, tables: object = None) -> Graded:
    """Give the Endothelial Activation and Stress Index: LDH times creatinine, divided by platelets.

    Parameters
    ----------
    ldh_u_l : float or None
        Lactate dehydrogenase in U/L.
    creatinine_mg_dl : float or None
        Creatinine in mg/dL.
    platelets_1e9_l : float or None
        Platelets in 10⁹/L, above 0.
    tables : Casebook, optional

    Returns
    -------
    Graded
        `value` is the index, None if a value is missing. It is no diagnosis, and means little
        while platelets are low from myeloablative conditioning.

    Raises
    ------
    ValueError
        If a value is negative or fits another unit (creatinine in µmol/L), or platelets are 0.

    References
    ----------
    EASIX in acute graft-versus-host disease, Lancet Haematology 2017, read in its abstract.

    Examples
    --------
    >>> easix(300, 1.0, 100).value
    3.0
    """
    known = criteria(tables)
    given = {"ldh_u_l": ldh_u_l, "creatinine_mg_dl": creatinine_mg_dl, "platelets_1e9_l": platelets_1e9_l}
    form = known.form("easix")
    asked = taken(form, given)
    if asked["platelets_1e9_l"] == 0:
        raise ValueError("platelets_1e9_l is 0: give a number above 0 (10⁹/L); nothing can be divided by it")
    missing = missing_of(asked)
    value = None if missing else asked["ldh_u_l"] * asked["creatinine_mg_dl"] / asked["platelets_1e9_l"]
    return with_line(form, Graded(value, known.definitions.get("EASIX", ""), missing))
