"""How many days an age can be, between which days a stage of life lies, and the day of a date.

An age is told in whole units: somebody of 5 months has lived at least five months and less than six, so that
an event at that age comes 150 to 183 days after birth, whichever months they were.

References
----------
Gargano MA, et al. The Human Phenotype Ontology in 2024. Nucleic Acids Res 2024;52:D1333-46. Its definitions of
the stages of onset were read in copies of them in public programs (pyphetools, phenol), not in the ontology.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from functools import cache

PERIOD = re.compile(
    r"(?P<minus>-?)P(?:(?P<years>[0-9]{1,6})Y)?(?:(?P<months>[0-9]{1,6})M)?(?:(?P<weeks>[0-9]{1,6})W)?"
    r"(?:(?P<days>[0-9]{1,6})D)?(?:T(?:(?P<hours>[0-9]{1,6})H)?(?:[0-9]{1,6}M)?(?:[0-9.]{1,12}S)?)?"
)
OLDEST = 150  # years; nobody has grown so old


def _first(year: int, months: int) -> date:
    """The first day of the month that lies so many months after the January of a year."""
    return date(year + months // 12, months % 12 + 1, 1)


@cache
def _months(n: int) -> tuple[int, int]:
    """The fewest and the most days that n months in a row can have."""
    # Four years from any month hold a leap year, or not.
    begins = [(year, month) for year in (1999, 2001) for month in range(48)]
    found = [(_first(year, month + n) - _first(year, month)).days for year, month in begins]
    return min(found), max(found)


def _from(years: int) -> int:
    return _months(12 * years)[0]


def _to(years: int) -> int:
    return _months(12 * years)[1]


# Days from birth of each stage of onset, the least and the most. "1 to 5 years" reaches to the fifth birthday,
# "under 19 years" ends before it; "5 to 15 years" takes in those of 15, because adults begin at 16.
STAGES: dict[str, tuple[int | None, int | None]] = {
    "HP:0030674": (None, 0),  # antenatal
    "HP:0011460": (None, 0),  # embryonal
    "HP:0011461": (None, 0),  # fetal
    "HP:0034199": (None, 0),  # late first trimester
    "HP:0034198": (None, 0),  # second trimester
    "HP:0034197": (None, 0),  # third trimester
    "HP:0003577": (0, 0),  # congenital: present at birth
    "HP:0003623": (0, 28),  # neonatal: the first 28 days
    "HP:0003593": (28, _to(1)),  # infantile: 28 days to one year
    "HP:0011463": (_from(1), _to(5)),  # childhood: 1 to 5 years
    "HP:0003621": (_from(5), _to(16) - 1),  # juvenile: 5 to 15 years
    "HP:0410280": (28, _to(16) - 1),  # pediatric: before 16 years, neither congenital nor neonatal
    "HP:0003581": (_from(16), None),  # adult: 16 years or later
    "HP:0011462": (_from(16), _to(40)),  # young adult: 16 to 40 years
    "HP:0025708": (_from(16), _to(19) - 1),  # early young adult: 16 to under 19 years
    "HP:0025709": (_from(19), _to(25) - 1),  # intermediate young adult: 19 to under 25 years
    "HP:0025710": (_from(25), _to(40) - 1),  # late young adult: 25 to under 40 years
    "HP:0003596": (_from(40), _to(60)),  # middle age: 40 to 60 years
    "HP:0003584": (_from(60), None),  # late: after 60 years
}


def days_of(period: str) -> tuple[int, int]:
    """How many days somebody of such an age has lived: the least and the most.

    Parameters
    ----------
    period : str
        A period of ISO 8601, such as "P5M", "P10Y2M", "P3W" or "P12D"; a minus counts backward.

    Returns
    -------
    tuple of int
        For the last unit that is given the next whole one is not reached: "P5M" is 150 to 183 days,
        "P1Y" 365 to 730, "P12D" 12, "PT36H" 1.

    Raises
    ------
    ValueError
        If the text is no such period, or longer than anybody has lived.
    """
    match = PERIOD.fullmatch(period)
    if not match or not any(character.isdigit() for character in period):
        raise ValueError(f"{period[:40]!r}: expected a period of ISO 8601 such as P5M or P12D")
    given = {unit: int(value) for unit, value in match.groupdict().items() if value and unit != "minus"}
    months = 12 * given.get("years", 0) + given.get("months", 0)
    rest = 7 * given.get("weeks", 0) + given.get("days", 0) + given.get("hours", 0) // 24
    if months > 12 * OLDEST or rest > 366 * OLDEST:
        raise ValueError(f"{period!r}: expected an age of at most {OLDEST} years")
    least, most = (_months(months)[0] + rest, _months(months)[1] + rest)
    if "days" not in given and "T" not in period and "weeks" in given:
        most += 6
    elif "days" not in given and "T" not in period:
        most = _months(months + (1 if "months" in given else 12))[1] - 1
    return (-most, -least) if match["minus"] else (least, most)


def day_of(text: str) -> date:
    """The day of a date or a time of ISO 8601, in universal time: what has no zone is taken for it.

    Raises
    ------
    ValueError
        If the text is none.
    """
    try:
        time = datetime.fromisoformat(text.replace("Z", "+00:00"))
        return (time.astimezone(UTC) if time.tzinfo else time).date()
    except (ValueError, OverflowError) as error:
        raise ValueError(f"{text[:40]!r}: expected a date of ISO 8601") from error
