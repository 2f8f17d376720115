"""Read the cells of a table as people and spreadsheets write them: text in, values out.

What can only mean one thing is read as that. What may mean two is refused, with the words that
say what to type.
"""

from __future__ import annotations

import re

from casebook.data.schema import Field, expected
from casebook.words import DAYS_IN

THIN = "\u00a0\u2007\u2009\u200a\u202f"  # blanks that group the digits of a number
NUMBER = re.compile(rf"(?P<minus>[-\u2010-\u2013\u2212]?)[ {THIN}]*(?P<whole>[0-9]+)([.,](?P<part>[0-9]+))?")
GROUPED = re.compile(rf"(?<![0-9])[0-9]{{1,3}}([{THIN}][0-9]{{3}})+(?![0-9])")
THOUSANDS = re.compile(rf"(?<![0-9{THIN}])[1-9][0-9]{{0,2}}(,[0-9]{{3}})+(\.[0-9]+)?$")
DURATION = re.compile(rf"(?P<amount>.*?)\s*(?P<unit>{'|'.join(DAYS_IN)})s?", re.IGNORECASE)
DIGITS = 15  # so many digits of a number are kept exactly
# What a spreadsheet takes for the begin of a formula, in the forms of East Asian keyboards, too; no number is one.
FORMULA = re.compile(r"\s*([=@\uff1d\uff20]|[+\-\uff0b\uff0d](?![0-9.,]+\s*$))|[\t\r\n]")

Value = str | int | float | bool | None


def value_of(field: Field, text: str) -> tuple[Value, str | None]:
    """Read a cell.

    Parameters
    ----------
    field : Field
        The column.
    text : str
        What stands in the cell, without blanks around it.

    Returns
    -------
    value : str, int, float, bool or None
        None where the cell is blank; a length of time in the unit of the column: 30.44 days are
        a month and 365.25 a year (see `words.DAYS_IN`), and 12 months are a year.
    published : str or None
        A length of time as it was published ("2 months"); None for what was given in plain days.

    Raises
    ------
    ValueError
        If the cell cannot be read; its text is what was expected.
    """
    if not text:
        return None, None
    if field.duration:
        return _duration(field, text)
    if field.type == "string":
        return text, None
    if field.type == "boolean":
        if text in (*field.true, *field.false):
            return text in field.true, None
        raise ValueError(expected(field))
    return _number(field, text), None


def is_formula(text: str) -> bool:
    """Whether a spreadsheet may compute a text instead of showing it.

    References
    ----------
    Open Worldwide Application Security Project. CSV injection.

    Examples
    --------
    >>> is_formula("=1+1"), is_formula("+1 spleen"), is_formula("-3.5"), is_formula("CRS")
    (True, True, False, False)
    """
    return FORMULA.match(text) is not None


def for_spreadsheet(text: str) -> str:
    """The same text, with an apostrophe before what a spreadsheet would compute.

    Examples
    --------
    >>> for_spreadsheet("@SUM(1)"), for_spreadsheet("CRS")
    ("'@SUM(1)", 'CRS')
    """
    return f"'{text}" if is_formula(text) else text


def decimals(text: str) -> int:
    """How many digits a number has after its point: they say how it was rounded."""
    match = _digits(text)
    return len(match["part"] or "") if match else 0


def _digits(text: str) -> re.Match[str] | None:
    return NUMBER.fullmatch(GROUPED.sub(lambda group: re.sub(f"[{THIN}]", "", group[0]), text))


def _number(field: Field, text: str) -> int | float:
    if THOUSANDS.search(text):
        raise ValueError(f"{expected(field)}, in plain digits: a comma may part thousands or decimals")
    match = _digits(text)
    if not match:
        raise ValueError(expected(field))
    sign, whole, part = "-" if match["minus"] else "", match["whole"], match["part"] or "0"
    if len(whole.lstrip("0")) > DIGITS:
        raise ValueError(f"{expected(field)}, of {DIGITS} digits at most")
    if field.type != "integer":
        return float(f"{sign}{whole}.{part}") + 0.0
    if part.strip("0"):
        raise ValueError(expected(field))
    return int(sign + whole)


def _duration(field: Field, text: str) -> tuple[float, str | None]:
    match = DURATION.fullmatch(text)
    unit = match["unit"].lower() if match else field.duration
    amount = _number(field, match["amount"] if match else text)
    plain = f"{amount:.15g}"
    published = f"{plain} {unit}" if abs(amount) == 1 else f"{plain} {unit}s"
    if not re.fullmatch(field.pattern or ".*", published):
        raise ValueError(expected(field))
    if unit == "month" and field.duration == "year":
        length = amount / 12  # a year has twelve months, however many days a month is taken for
    else:
        length = amount * DAYS_IN[unit] / DAYS_IN[field.duration]
    return length, published if match or field.duration != "day" else None
