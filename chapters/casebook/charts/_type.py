"""How wide a line of type is, how it breaks, and where it is cut: no label runs over what it stands beside."""

from __future__ import annotations

import unicodedata
from bisect import bisect_right
from collections.abc import Iterator
from functools import cache

from casebook import words

# Of 1000 units, as Helvetica and what is as wide as it; all other letters of an alphabet are taken as 556.
LETTERS = {222: "ijl'|", 278: " .,:;/!tfI[]", 333: "r()-", 500: "ckvxyzsJ", 611: "TFZ", 667: "ABEKPSVXY&"}
LETTERS |= {722: "CDHNRUw", 778: "GOQ", 860: "mM%", 944: "W", 1000: "…—", 1015: "@"}
WIDTHS = {letter: width for width, letters in LETTERS.items() for letter in letters}
OTHER_SCRIPTS = "\u0370"  # from here on the fonts that stand in are wider
BOLD = 1.08  # how much wider bold type is


def text_width(text: str, size: float) -> float:
    """Give the width of a line of type in pixels, for layout.

    Examples
    --------
    >>> text_width("", 12), text_width("W", 10) > text_width("i", 10), text_width("\u764c", 10)
    (0.0, True, 10.0)
    """
    return sum(map(_width, text)) * size / 1000


@cache
def _width(letter: str) -> int:
    """A sign of Chinese, Japanese or Korean is as wide as it is high; an accent that joins a letter takes no room."""
    if letter in WIDTHS:
        return WIDTHS[letter]
    if unicodedata.category(letter) in ("Mn", "Me", "Cf"):
        return 0
    if unicodedata.east_asian_width(letter) in "WF":
        return 1000
    return 556 if letter < OTHER_SCRIPTS else 640


def cut(text: str, width: float, size: float) -> str:
    """Cut a line of type that is wider than so many pixels, and say so by three dots.

    Examples
    --------
    >>> cut("a short line", 100, 12), cut("a line that is longer", 60, 12)
    ('a short line', 'a line th…')
    """
    text = " ".join(text.split())
    if text_width(text, size) <= width:
        return text
    shorter = range(1, len(text))  # how much can be kept: the more, the wider
    kept = bisect_right(shorter, width, key=lambda kept: text_width(text[:kept].rstrip() + "…", size))
    return text[:kept].rstrip() + "…"


def lines_in(text: str, width: float, size: float) -> list[str]:
    """Break a line of type into lines that are no wider than so many pixels, within a word if it is wider itself.

    Examples
    --------
    >>> lines_in("a long line", 40, 12), lines_in("up to day 28", 60, 12), lines_in("\u764c" * 5, 25, 12)
    (['a long', 'line'], ['up to', 'day 28'], ['癌癌', '癌癌', '癌'])
    """
    lines: list[str] = []
    for word in _unbroken(text, width, size):
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and text_width(longer, size) <= width:
            lines[-1] = longer
            continue
        *whole, word = _pieces(word, width, size)
        lines += [*whole, word]
    return lines


def _unbroken(text: str, width: float, size: float) -> Iterator[str]:
    """The words of a text; what is read as one, such as "day 28", is one word as long as it has room."""
    for kept in words.unbroken(" ".join(text.split())).split(" "):
        plain = kept.replace("\u00a0", " ").replace("\u2011", "-")
        yield from [plain] if text_width(plain, size) <= width else plain.split()


def _pieces(word: str, width: float, size: float) -> list[str]:
    pieces = [""]
    for letter in word:
        if pieces[-1] and text_width(pieces[-1] + letter, size) > width:
            pieces.append("")
        pieces[-1] += letter
    return pieces


def wrapped(text: str, width: float, size: float, most: int | None = None) -> str:
    """Give `lines_in` as one text; of more lines than `most`, the last one that is kept is cut.

    Examples
    --------
    >>> wrapped("a long line", 40, 12).splitlines(), wrapped("a long line of words", 40, 12, 2).splitlines()
    (['a long', 'line'], ['a long', 'line…'])
    """
    lines = lines_in(text, width, size)
    if most is not None and len(lines) > most:
        lines = [*lines[: most - 1], cut(" ".join(lines[most - 1 :]), width, size)]
    return "\n".join(lines)


def two_lines(name: str, width: float, size: float = 11) -> str:
    """A name in two lines at most of so many pixels; one that is longer breaks at its first comma if it can."""
    first, comma, rest = name.partition(", ")
    if comma and text_width(name, size) > width >= text_width(f"{first},", size):
        return f"{first},\n{cut(rest, width, size)}"
    return wrapped(name, width, size, 2)
