"""Who lived long enough: the same patients, counted by who ever had a graft, or from its day.

Who has a graft on day 60 could not die before. Counted as with a graft from day 0, such a patient brings sixty
days without a death into that group, and those who died while waiting are left to the other (immortal-time bias).
The page has the same functions under the same names.
"""

from __future__ import annotations

import csv
import math
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from casebook import words

COLUMNS = ["patient", "grafted_on", "last_day", "died"]
GROUPS = ("with a graft", "without a graft")
AT = 180  # the day on which survival is told


@dataclass(frozen=True)
class Waiting:
    """A made-up patient: with a graft on a day or never, and dead or alive on the last one; days from day 0."""

    patient: str
    grafted_on: float | None
    last_day: float
    died: bool


@dataclass(frozen=True)
class Group:
    """What a group of patients has: how many were ever in it, their days in it, deaths, and the share alive."""

    name: str
    patients: int
    days: float
    deaths: int
    alive: float

    @property
    def percent(self) -> int:
        """The share alive in whole percent, halves upward."""
        return math.floor(100 * self.alive + 0.5)


def read_waiting(path: str | Path) -> tuple[Waiting, ...]:
    """Read some made-up patients.

    Parameters
    ----------
    path : str or Path
        A CSV file in UTF-8 with the columns `patient`, `grafted_on` (blank: never), `last_day`, `died` (yes or no).

    Raises
    ------
    ValueError
        If the file is another, or a row cannot be; the message names row, column, value and what is expected.
    """
    with Path(path).open(newline="", encoding="utf-8-sig") as file:
        header, *rows = list(csv.reader(file)) or [[]]
    name, found = Path(path).name, []
    if header != COLUMNS:
        raise ValueError(f"{name}, row 1: {', '.join(header)!r}; expected the columns {', '.join(COLUMNS)}")
    for number, row in enumerate(rows, 2):
        at = f"{name}, row {number}"
        if len(row) != len(COLUMNS):
            raise ValueError(f"{at}: {len(row)} cells; expected {len(COLUMNS)}")
        patient, grafted_on, last_day, died = row
        if not patient.startswith(words.MADE_UP) or patient in {one.patient for one in found}:
            raise ValueError(f"{at}, column patient: {patient!r}; expected a name of its own, from {words.MADE_UP}")
        if died not in ("yes", "no"):
            raise ValueError(f"{at}, column died: {died!r}; expected yes or no")
        last, graft = _day(last_day, f"{at}, column last_day"), None
        if grafted_on:
            graft = _day(grafted_on, f"{at}, column grafted_on")
            if graft >= last:
                raise ValueError(f"{at}, column grafted_on: {grafted_on!r}; expected a day before the last, {last_day}")
        found.append(Waiting(patient, graft, last, died == "yes"))
    return tuple(found)


def _day(text: str, at: str) -> float:
    try:
        day = float(text)
    except ValueError:
        day = math.nan
    if not 0 < day < math.inf:
        raise ValueError(f"{at}: {text!r}; expected a day after day 0, such as 40")
    return day


def spells(patients: Collection[Waiting], moved: Collection[str]) -> list[tuple[str, float, float, bool]]:
    """Say in which group a patient was, from which day to which, and whether it ended in death.

    Parameters
    ----------
    patients : collection of Waiting
    moved : collection of str
        Who counts as with a graft from its day on, and before it as without; the others count by ever having one.

    Returns
    -------
    list of tuple
        Group, first day, last day, died; a patient who is moved has two.
    """
    made = []
    for one in patients:
        if one.grafted_on is None:
            made.append((GROUPS[1], 0.0, one.last_day, one.died))
        elif one.patient in moved:
            made.append((GROUPS[1], 0.0, one.grafted_on, False))
            made.append((GROUPS[0], one.grafted_on, one.last_day, one.died))
        else:
            made.append((GROUPS[0], 0.0, one.last_day, one.died))
    return made


def survival(some: list[tuple[str, float, float, bool]], at: float) -> float:
    """The share alive on a day, by Kaplan and Meier among those who were there on the day of each death.

    Who enters late is counted from then on (Simon and Makuch 1984); with all from day 0 it is the usual estimate.

    Examples
    --------
    >>> survival([("a", 0, 10, True), ("a", 0, 20, False)], 15)
    0.5
    """
    alive = 1.0
    for day in sorted({last for _, _, last, died in some if died and last <= at}):
        there = sum(first < day <= last for _, first, last, _ in some)
        dead = sum(died and last == day for _, _, last, died in some)
        alive *= 1 - dead / there
    return alive


def compared(patients: Collection[Waiting], moved: Collection[str], at: float = AT) -> tuple[Group, Group]:
    """Both groups, those with a graft first, as `spells` counts them, with the share alive on a day."""
    made = spells(patients, moved)
    groups = []
    for name in GROUPS:
        mine = [one for one in made if one[0] == name]
        days = sum(last - first for _, first, last, _ in mine)
        groups.append(Group(name, len(mine), days, sum(died for *_, died in mine), survival(mine, at)))
    return groups[0], groups[1]


def said_moved(patients: Collection[Waiting], moved: Collection[str], at: float = AT) -> str:
    """Say in a sentence what moving some patients changed, and why."""
    grafted = [one for one in patients if one.grafted_on is not None]
    mine = [one for one in grafted if one.patient in moved]
    before, now = compared(patients, (), at), compared(patients, moved, at)
    if not mine:
        days = words.number(sum(one.grafted_on for one in grafted))
        return (
            f"All {len(grafted)} count as with a graft from day 0: {days} days of waiting, in which none of them could "
            "die, stand in their group; who died waiting stands in the other. This is immortal-time bias."
        )
    days = words.number(sum(one.grafted_on for one in mine))
    some = f"All {len(grafted)}" if len(mine) == len(grafted) else f"{len(mine)} of {len(grafted)}"
    return (
        f"{some} count from the day of the graft: {days} days of waiting went to those without one, "
        f"where the deaths of that time are. Those with a graft are {_lead(now)}; counted the other way they were "
        f"{_lead(before)}."
    )


def counted_both_ways(patients: Collection[Waiting], at: float = AT) -> dict[str, tuple]:
    """Who is moved, both groups, and what is said of it: by ever having a graft (`ever`), and `from` that day on."""
    everybody = frozenset(one.patient for one in patients)
    ways = {"ever": frozenset(), "from": everybody}
    return {way: (moved, compared(patients, moved, at), said_moved(patients, moved, at)) for way, moved in ways.items()}


def _lead(groups: tuple[Group, Group]) -> str:
    gap = groups[0].percent - groups[1].percent
    points = f"{abs(gap)} percentage {'point' if abs(gap) == 1 else 'points'}"
    return f"ahead by {points}" if gap > 0 else f"behind by {points}" if gap else "level with the others"
