"""Low neutrophils after immune effector cells (ICAHT), early and late, after EHA/EBMT 2023 (Rejeski et al. 2023)."""

from __future__ import annotations

from collections.abc import Mapping

from casebook.data import holds
from casebook.instruments._counts import by_day
from casebook.instruments._given import picked, taken
from casebook.instruments._line import with_line
from casebook.instruments._rules import Criteria, Graded, Rule, aside, criteria, decide, in_words
from casebook.instruments._said import COUNTS, SAYS


def icaht_grade(anc_by_day: Mapping[int, float | None], *, phase, tables: object = None) -> Graded:
    """Grade low neutrophils after immune effector cells, early or late.

    Early: by the longest stretch of days at or below 500/µL and 100/µL. Days above belong to a stretch if they are
    fewer than 3. Another reading sums all stretches; where it differs, the answer says its days and its grade.
    A day without a count is taken as the counts beside it where they agree, up to 7 days in a row; where they differ,
    or for longer, it is open. Late: by the lowest count.

    Parameters
    ----------
    anc_by_day : mapping of int to float or None
        Neutrophils in 10⁹/L by day after the infusion, as for `recovery_day`: days of the other phase and before the
        infusion are allowed and do not count. None is not measured. One count a day.
    phase : {"early", "late"}
        Days 0 to 30, or after day 30.
    tables : Casebook, optional

    Returns
    -------
    Graded
        `value` 0 to 4, None if the phase has no count.

    Raises
    ------
    ValueError
        If the phase is another, a day is not whole or stands twice, or a count is negative or fits another unit.

    References
    ----------
    Rejeski et al. 2023, doi 10.1182/blood.2023020578: the periods were read in its abstract, the rules in the open
    grader of Liang, which cites it. What that adds to them is told and not used.

    Examples
    --------
    >>> icaht_grade({day: 0.3 if day < 8 else 2 for day in range(31)}, phase="early").value
    2
    """
    known = criteria(tables)
    form, given = picked(known, known.form("icaht_grade"), {"anc_by_day": anc_by_day, "phase": phase})
    phase = taken(form, given)["phase"]
    days = by_day(known, anc_by_day, "neutrophil", "anc_by_day")
    (window,) = (rule for rule in known.of("icaht", "period") if rule.grade == phase)
    mine = {day: count for day, count in days.items() if holds(window.condition, day)}
    counts = {day: count for day, count in mine.items() if count is not None}
    blank = set(mine) - set(counts)
    if not counts:
        missing = (*map(_named, sorted((day, day) for day in blank)), "anc_by_day")
        return with_line(form, Graded(None, f"no count was given of {window.says}", missing))
    if phase == "late":
        return with_line(form, _late(known, counts, blank))
    first, last = map(int, window.condition.limits)
    return with_line(form, _early(known, counts, range(first, last + 1), blank))


def _late(known: Criteria, counts: Mapping[int, float], blank: set[int]) -> Graded:
    """Grade by the lowest count."""
    lowest = sorted(counts.values())
    places = {rule.decides: int(rule.condition.limits[0]) - 1 for rule in _makers(known, "lowest")}
    findings = {name: lowest[place] for name, place in places.items() if place < len(lowest)}
    found = decide(known.of("icaht", "late"), findings)
    left = aside(known.unused_of("icaht", "late"), findings | {"counts": len(counts)})
    said = "; ".join(filter(None, (in_words(found.rules), left)))
    return Graded(found.value, said, tuple(_named((day, day)) for day in sorted(blank)))


def _early(known: Criteria, counts: Mapping[int, float], days: range, blank: set[int]) -> Graded:
    """Grade by how long counts stayed low: for certain, at most, and by the days of all stretches together."""
    mine, longest, most, summed, told = known.of("icaht", "early"), {}, {}, {}, []
    beside, to_the_end, makers = False, None, _makers(known, "longest")
    limits = [maker.condition.limits[0] for maker in makers]
    lows = [_filled({day: count <= limit for day, count in counts.items()}, days) for limit in limits]
    opened = {day for low in lows for day in days if low[day] is None}  # at one limit: it may be below any other
    for maker, low in zip(makers, lows):
        spans = _stretches([day for day in days if low[day]])
        lengths, name = [last - first + 1 for first, last in spans], maker.decides
        possible = _stretches([day for day in days if low[day] or day in opened])
        longest[name], summed[name] = max(lengths, default=0), sum(lengths)
        most[name] = max((last - first + 1 for first, last in possible), default=0)
        told.append(f"{maker.says}: {longest[name]}{SAYS['in_all'].format(summed[name]) if spans[1:] else ''}")
        beside = beside or any(low[day] is not None for day in set(days) - set(counts))
        if to_the_end is None and spans and spans[-1][1] >= max(counts):
            to_the_end = spans[-1][0]
    found, rival = decide(mine, longest), decide(mine, summed)
    if rival.value != found.value:
        told.append(f"by the days of all stretches grade {rival.value}: {in_words(rival.rules)}")
    if beside:
        told.append(SAYS["between"])
    unused = (rule for rule in known.unused_of("icaht", "early") if int(rule.grade) > found.value)
    left = aside(unused, {"low_to_the_end_from": to_the_end})
    missing = tuple(map(_named, _together(sorted(opened | blank), 1)))
    said = "; ".join(filter(None, (in_words(found.rules), *told, left)))
    return Graded(found.value, said, missing, decide(mine, most).value > found.value)


def _makers(known: Criteria, operator: str) -> list[Rule]:
    return [rule for rule in known.of("icaht") if rule.condition.operator == operator]


def _filled(low: Mapping[int, bool], days: range) -> dict[int, bool | None]:
    """Say of each day whether its count was low: without a count, as the counts beside it; None where it is open."""
    found: dict[int, bool | None] = {day: low.get(day) for day in days}
    for first, last in _together([day for day in days if day not in low], 1):
        sides = {low[day] for day in (first - 1, last + 1) if day in low}
        if len(sides) == 1 and last - first < COUNTS["longest_blank"]:
            found |= dict.fromkeys(range(first, last + 1), *sides)
    return found


def _stretches(low: list[int]) -> list[tuple[int, int]]:
    """Join days of low counts where fewer days lie between them than make a recovery."""
    return _together(low, COUNTS["in_a_row"])


def _together(days: list[int], apart: int) -> list[tuple[int, int]]:
    """Put days together that follow each other by at most so many: the first and the last day of each set."""
    spans: list[tuple[int, int]] = []
    for day in days:
        if spans and day - spans[-1][1] <= apart:
            spans[-1] = (spans[-1][0], day)
        else:
            spans.append((day, day))
    return spans


def _named(span: tuple[int, int]) -> str:
    return f"day {span[0]}" if span[0] == span[1] else f"days {span[0]} to {span[1]}"
