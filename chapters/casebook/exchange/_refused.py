"""What a case file may not say of a patient: calendar dates, names, numbers of records, ages above 89.

This is no de-identification: what these patterns do not know they let through. They are written so that Python and
the page's script read them alike; the JSON schema of the format hands them on.

References
----------
Code of Federal Regulations, title 45, section 164.514(b)(2): the identifiers that are to be removed.
"""

from __future__ import annotations

import re
from functools import cache

OLDEST = 89  # years
MONTH = (
    "(?:[Jj]an(?:uary)?|[Ff]eb(?:ruary)?|Mar(?:ch)?|[Aa]pr(?:il)?|May|[Jj]une?|[Jj]uly?|[Aa]ug(?:ust)?|"
    "[Ss]ept?(?:ember)?|[Oo]ct(?:ober)?|[Nn]ov(?:ember)?|[Dd]ec(?:ember)?)"
)
YEAR, NTH = "(?:19|20)[0-9]{2}", "(?:0?[1-9]|[12][0-9]|3[01])"
DAYS_INSTEAD = "Count days from an event of the patient instead."
DATES = (
    rf"\b{YEAR}[-/.](?:0?[1-9]|1[0-2])[-/.]{NTH}\b",
    rf"\b{NTH}[-/.]{NTH}[-/.]{YEAR}\b",
    rf"\b{NTH}/{NTH}/[0-9]{{2}}\b",
    rf"\b{YEAR}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])\b",
    rf"\b{MONTH}\.?,? (?:{NTH}(?:[snrt][tdh])?,? )?{YEAR}\b",
    rf"\b{MONTH}\.? {NTH}(?:[snrt][tdh])?\b",
    rf"\b{NTH}(?:[snrt][tdh])?\.? (?:of )?{MONTH}\b",
    "[0-9]{4} ?年|[0-9]{1,2} ?月 ?[0-9]{1,2} ?日",
)
# What a cell may not hold, as patterns; what it is called; and what to do.
REFUSED = (
    ("|".join(DATES), "no calendar date", DAYS_INSTEAD),
    (
        r"\b(?:Mrs?|Ms|Miss|Dr|Prof)\b\.? ?[A-Z]",
        "no name of a person",
        "Say what they were to the patient, or nothing.",
    ),
    (
        r"\b(?:MRN|NHS|SSN|[Rr]ecord|[Hh]ospital|[Aa]dmission|[Ii]nsurance)(?: [Nn]umber| [Nn]o\.?| ID|)[ :#]*"
        r"[0-9]{3,}|\b(?![0-9]*000\b)[0-9]{7,}\b",
        "no number of a record or a person",
        "Take it out.",
    ),
    (r"[^ @]+@[^ @]+\.[^ @]+|\+[0-9][0-9 ()-]{7,}", "no address and no telephone number", "Take it out."),
    (
        r"\b(?:9[0-9]|1[0-4][0-9])[- ](?:years?[- ]old|year-old)\b|\b[Aa]ged? (?:9[0-9]|1[0-4][0-9])\b",
        f"no age above {OLDEST}",
        "Leave the age out.",
    ),
)
ABOUT = r"(?:\b(?:about|approximately|approx\.|around|circa|ca\.|roughly|nearly|almost)|~|≈) ?[0-9]"
LIMITS_INSTEAD = "Give the fewest and the most days that it can have been."


@cache
def _compiled() -> tuple[tuple[re.Pattern, str, str], ...]:
    return tuple((re.compile(pattern), wanted, mend) for pattern, wanted, mend in REFUSED)


def refused(text: str) -> tuple[str, str] | None:
    """What a text holds and may not, as what was expected, and what to do about it; None if it may stand."""
    return next(((wanted, mend) for pattern, wanted, mend in _compiled() if pattern.search(text)), None)


def without_limits(text: str) -> bool:
    """Whether a text gives a number as "about" so much."""
    return re.search(ABOUT, text) is not None


def too_old(text: str) -> bool:
    """Whether an age in years, as a cell gives it, is above 89."""
    found = re.match(r"\s*([0-9]+(?:\.[0-9]+)?)\s*(?:years?)?\s*$", text)
    return found is not None and float(found[1]) > OLDEST
