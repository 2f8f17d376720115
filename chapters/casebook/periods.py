"""How many days a period of ISO 8601 can have, and the day of a date.

An age is told in whole units: somebody of 5 months has lived at least five months and less than six, so that
an event at that age comes 150 to 183 days after birth, whichever months they were.
"""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date, datetime
from functools import cache

PERIOD = re.compile(
    r"(?P<minus>-?)P(?:(?P<years>\d+)Y)?(?:(?P<months>\d+)M)?(?:(?P<weeks>\d+)W)?(?:(?P<days>\d+)D)?(?:T[\dHMS.]+)?"
)


@cache
def _months(n: int) -> tuple[int, int]:
    """The fewest and the most days that n months in a row can have."""
    found = []
    for start in range(48):  # four years from any month hold a leap year, or not
        for first in (1999, 2001):
            days = 0
            for step in range(start, start + n):
                days += monthrange(first + step // 12, step % 12 + 1)[1]
            found.append(days)
    return min(found), max(found)


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
        "P1Y" 365 to 730, "P12D" 12.

    Raises
    ------
    ValueError
        If the text is no such period.
    """
    match = PERIOD.fullmatch(period)
    given = {
        unit: int(value) for unit, value in (match.groupdict() if match else {}).items() if value and unit != "minus"
    }
    if not given:
        raise ValueError(f"{period!r}: expected a period of ISO 8601 such as P5M or P12D")
    months = 12 * given.get("years", 0) + given.get("months", 0)
    rest = 7 * given.get("weeks", 0) + given.get("days", 0)
    least, most = (_months(months)[0] + rest, _months(months)[1] + rest)
    if "days" not in given and "weeks" in given:
        most += 6
    elif "days" not in given:
        most = _months(months + (1 if "months" in given else 12))[1] - 1
    return (-most, -least) if match["minus"] else (least, most)


def day_of(text: str) -> date:
    """The day of a date or a time of ISO 8601.

    Raises
    ------
    ValueError
        If the text is none.
    """
    try:
        return datetime.fromisoformat(text.replace("Z", "+00:00")).date()
    except ValueError as error:
        raise ValueError(f"{text!r}: expected a date of ISO 8601") from error
