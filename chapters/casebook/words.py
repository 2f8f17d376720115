"""The words that every room of the book uses, and the grammar of counts and days.

This module imports none of ours. What belongs to an article, a disease or a product is no
word of the house: it stands in `data/`.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal

BASES = ("stated", "defined", "inferred")  # from strongest to weakest
UNKNOWN_BASIS = "basis unknown"
MADE_UP = "made-up-"
REPORTED = "reported by the author"  # of a patient whose source is nobody else
NOT_IN_THE_RECORD = "not in the record"
NOT_IN_THE_ARTICLE = "not in the article either"  # somebody looked
NOT_READ = "not in what was read"
ANYWHERE = "somewhere in the course"
FATES = {"alive": "alive at the last report", "dead": "died", "": NOT_READ}
ABOUT = (("index", "own"), ("comparator",), ("made-up",))  # the roles of the patients that a book is about
DAYS_IN = {"hour": 1 / 24, "day": 1.0, "week": 7.0, "month": 30.44, "year": 365.25}


def weakest(bases: Iterable[str | None]) -> str | None:
    """Give the weakest of some basis words.

    Parameters
    ----------
    bases : iterable of str
        Basis words; a word that is missing or unknown makes the whole unknown, because what
        nobody gave a basis must not look stronger than what somebody did.

    Returns
    -------
    str or None
        One of `BASES`, `UNKNOWN_BASIS`, or None where there are no words at all.

    Examples
    --------
    >>> weakest(["stated", "inferred", "defined"])
    'inferred'
    >>> weakest(["stated", None])
    'basis unknown'
    """
    found = list(bases)
    if not found:
        return None
    if any(basis not in BASES for basis in found):
        return UNKNOWN_BASIS
    return max(found, key=BASES.index)


def number(value: float) -> str:
    """Write a number in plain digits, with at most two decimals, no exponent and a true minus.

    Examples
    --------
    >>> number(1234567.0), number(33.5), number(0.1 + 0.2), number(-0.0), number(-3.0)
    ('1234567', '33.5', '0.3', '0', '−3')
    """
    text = f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text.replace("-", "−")


def told_of(roles: Iterable[str | None]) -> list[bool]:
    """Say of each patient whether the book is about it, by the roles of all: index cases and the author's own.

    A book that has neither is about its published patients, and one that has none of these about its made-up ones.

    Examples
    --------
    >>> told_of(["index", "made-up", "context"]), told_of(["made-up", "context"])
    ([True, False, False], [True, False])
    """
    found = list(roles)
    about = next((roles for roles in ABOUT if set(found) & set(roles)), ())
    return [role in about for role in found]


def own_source(center: str | None) -> str:
    """The source of patients whom their author reports.

    Examples
    --------
    >>> own_source("Hospital of Nowhere"), own_source(None)
    ('own patients, Hospital of Nowhere', 'own patients')
    """
    return f"own patients, {center}" if isinstance(center, str) and center else "own patients"


SPELLED = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")


def spelled(n: int) -> str:
    """Spell a small number, as the start of a phrase such as "five complications" or "no complication".

    Examples
    --------
    >>> spelled(0), spelled(5), spelled(13)
    ('no', 'five', '13')
    """
    return SPELLED[n] if n < len(SPELLED) else str(n)


def sentence(text: str) -> str:
    """Begin a text with a capital letter.

    Examples
    --------
    >>> sentence("case 1 had one"), sentence("")
    ('Case 1 had one', '')
    """
    return text[:1].upper() + text[1:]


def clause(text: str) -> str:
    """Put a sentence into the middle of another; an abbreviation keeps its capitals.

    Examples
    --------
    >>> clause("Half were told"), clause("CRS was told"), clause("65 enrolled"), clause("")
    ('half were told', 'CRS was told', '65 enrolled', '')
    """
    return text if text[1:2].isupper() else text[:1].lower() + text[1:]


TOGETHER = (  # what is read as one, and what takes the place of the break
    (re.compile(r"(?<=\w)-(?=[A-Z0-9])|(?<=\b[A-Z])-(?=\w)|(?<=\b[nN]on)-(?=\w)"), "\u2011"),
    (re.compile(r"(?<=\d)(%?) (to|and|or|of) (?=\d)"), "\\1\u00a0\\2\u00a0"),
    (re.compile(r"(?<=\d)(%?) (?=(?:days?|weeks?|months?|years?)\b)"), "\\1\u00a0"),
    (
        re.compile(r"\b(cases?|patient|days?|months?|grades?|stages?|age|version|table|figure|Fig\.) (?=\d)", re.I),
        "\\1\u00a0",
    ),
    (re.compile(r"\bn = (?=\d)"), "n\u00a0=\u00a0"),
)


def unbroken(text: str) -> str:
    r"""Let no line break within what is read as one: by no-break spaces and hyphens, for a page and not for a search.

    Examples
    --------
    >>> unbroken("between day 0 and 14 of case 2").split(" ")
    ['between', 'day\xa00\xa0and\xa014', 'of', 'case\xa02']
    >>> unbroken("TA-TMA, made-up, 42% to 64%, 7 days, non-relapse, n = 8").split(" ")
    ['TA‑TMA,', 'made-up,', '42%\xa0to\xa064%,', '7\xa0days,', 'non‑relapse,', 'n\xa0=\xa08']
    """
    parts = re.split(r"(\S*(?:://|\b10\.\d{4})\S*)", text)  # an address stays what it is
    for pattern, instead in TOGETHER:
        parts[::2] = [pattern.sub(instead, part) for part in parts[::2]]
    return "".join(parts)


def count(n: int, one: str, many: str | None = None, *, none: str = "no") -> str:
    """Count things in good grammar; a word in angle brackets, `<has|have>`, follows the number.

    Parameters
    ----------
    n : int
        How many.
    one : str
        What is counted, in the singular, with what is said of it.
    many : str, optional
        The same in the plural; by default the first word of `one` with an s.
    none : str
        What stands for 0.

    Examples
    --------
    >>> count(0, "event <has|have> a day"), count(1, "event <has|have> a day"), count(2, "event <has|have> a day")
    ('no event has a day', '1 event has a day', '2 events have a day')
    >>> count(2, "body was found", "bodies were found")
    '2 bodies were found'
    """
    text = one
    if n > 1:
        first, _, rest = one.partition(" ")
        text = many if many is not None else " ".join(filter(None, (f"{first}s", rest)))
    while "<" in text:
        before, _, rest = text.partition("<")
        choice, _, after = rest.partition(">")
        singular, _, plural = choice.partition("|")
        text = before + (plural if n > 1 else singular) + after
    return f"{n or none} {text}"


def counted(n: int, one: str, many: str | None = None) -> str:
    """As `count`, with the number spelled.

    Examples
    --------
    >>> counted(5, "complication"), counted(0, "complication <has|have> a day")
    ('five complications', 'no complication has a day')
    """
    digits = count(n, one, many, none="no")
    return f"{spelled(n)} {digits.partition(' ')[2]}"


def days(least: float, most: float) -> str:
    """Say a span of days whose ends may be open; both are at least 0.

    Examples
    --------
    >>> days(21, 21), days(0, 14), days(1, 1), days(7, math.inf), days(0, math.inf), days(2.5, 4)
    ('21 days', '0 to 14 days', '1 day', '7 days or more', 'some time', '2.5 to 4 days')
    """
    if math.isinf(most):
        return f"{number(least)} {_day(least)} or more" if math.isfinite(least) and least > 0 else "some time"
    if math.isinf(least):
        return f"at most {number(most)} {_day(most)}"
    return f"{number(most)} {_day(most)}" if least == most else f"{number(least)} to {number(most)} {_day(most)}"


def _day(value: float) -> str:
    return "day" if number(value) == "1" else "days"


def listed(items: Iterable[str], word: str = "and") -> str:
    """Join items as a sentence does.

    Examples
    --------
    >>> listed([]), listed(["a"]), listed(["a", "b"]), listed(["a", "b", "c"])
    ('', 'a', 'a and b', 'a, b and c')
    """
    *most, last = list(items) or [""]
    return f"{', '.join(most)} {word} {last}" if most else last


def fixed(value: float, digits: int = 0) -> str:
    """Write a number with so many decimals; a half goes up, as readers round it, and not to the even digit.

    Examples
    --------
    >>> fixed(12.5), fixed(13.5), fixed(100 * 29 / 200), fixed(6.25, 1), fixed(0.0, 1)
    ('13', '14', '15', '6.3', '0.0')
    """
    # Nine decimals first: 29 of 200 is 14.499999999999998 percent to the machine.
    return str(Decimal(f"{value:.9f}").quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP))


def percent(share: float, low: float | None = None, high: float | None = None, digits: int = 0) -> str:
    """Write a fraction as a percentage, with its limits where there are any.

    Examples
    --------
    >>> percent(0.125), percent(0.125, 0.086, 0.178, digits=1)
    ('13%', '12.5% (8.6 to 17.8)')
    """
    text, *limits = (fixed(100 * value, digits) for value in (share, low, high) if value is not None)
    return f"{text}% ({' to '.join(limits)})" if len(limits) == 2 else f"{text}%"
