"""The key of a figure, drawn with the signs of the figure: on the page, and in every picture that is saved of it."""

from __future__ import annotations

import html
import re

from casebook import words

WIDE, HIGH = 28, 14  # pixels: the room of a sign
CIRCLE = "M0,-1A1,1,0,1,1,0,1A1,1,0,1,1,0,-1Z"
BARRED = "M0,-1A1,1,0,1,1,0,1A1,1,0,1,1,0,-1M0,-1L0,1"
CROSS = "M-1,-0.6L-0.6,-1L0,-0.4L0.6,-1L1,-0.6L0.4,0L1,0.6L0.6,1L0,0.4L-0.6,1L-1,0.6L-0.4,0Z"
BAR = "M-0.8,-0.15L0.8,-0.15L0.8,0.15L-0.8,0.15Z"
# The shapes that Vega draws by name, in a square from -1 to 1; any other shape is a path already.
PATHS = {
    "circle": CIRCLE,
    "square": "M-0.9,-0.9L0.9,-0.9L0.9,0.9L-0.9,0.9Z",
    "diamond": "M-1,0L0,-1L1,0L0,1Z",
    "triangle-up": "M-1,0.87L0,-0.87L1,0.87Z",
    "triangle-down": "M-1,-0.87L0,0.87L1,-0.87Z",
    "triangle-right": "M-0.87,-1L0.87,0L-0.87,1Z",
    "cross": "M-1,-0.4L-0.4,-0.4L-0.4,-1L0.4,-1L0.4,-0.4L1,-0.4L1,0.4L0.4,0.4L0.4,1L-0.4,1L-0.4,0.4L-1,0.4Z",
}
SOLID = 'fill="currentColor" stroke="none"'


def mark(shape: str, color: str = "currentColor", *, filled: bool = True, x: float = WIDE / 2, size: float = 5) -> str:
    """One sign of a figure, by the shape that Vega draws it with, as SVG for the room of a sign.

    Parameters
    ----------
    shape : str
        A name of `PATHS`, or a path in a square from -1 to 1.
    color : str
    filled : bool
    x, size : float
        Its middle and half of its width, in pixels.
    """
    fill, line = (color if filled else "none"), 1.4 / size
    return (
        f'<path transform="translate({x:g},{HIGH / 2:g}) scale({size:g})" d="{html.escape(PATHS.get(shape, shape))}" '
        f'fill="{html.escape(fill)}" stroke="{html.escape(color)}" stroke-width="{line:g}"/>'
    )


def signs_beside(looks: list[tuple[str, str]], **more) -> str:
    """Up to three signs in the room of one: of each its shape and its color."""
    shown = looks[:3]
    more.setdefault("size", 4 if len(shown) > 1 else 5)
    return "".join(
        mark(shape, color, x=WIDE * (at + 0.5) / len(shown), **more) for at, (shape, color) in enumerate(shown)
    )


def entry(sign: str, said: str) -> dict[str, str]:
    """A line of the key: a sign as SVG, and what it says."""
    return {"sign": sign, "said": said}


def forest_signs(shape: str) -> dict[str, str]:
    """How each sign of a forest plot is drawn, by what a subtitle calls it; its marks have one of the plot's shapes."""
    return {
        "mark": mark(shape, x=7, size=2.5) + mark(shape, x=20),
        "line": '<path d="M1,7H27"/>' + mark(shape, size=3.5),
        "hollow mark": f'<g opacity=".65">{mark(shape, filled=False, size=4)}</g>',
        "filled diamond": f'<path d="M3,7L14,2L25,7L14,12z" {SOLID}/>',
        "hollow diamond": '<path d="M3,7L14,2L25,7L14,12z"/>',
        "broken line": '<path d="M1,7H27" stroke-dasharray="2 3"/>',
    }


def drawn_signs(subtitle: str, signs: dict[str, str]) -> tuple[str, list[dict[str, str]]]:
    """Take out of a subtitle what it says of signs, so that the key can show them.

    Parameters
    ----------
    subtitle : str
        Parts that end in semicolons or periods; one that begins with the name of a sign tells what it says.
    signs : dict
        How each sign is drawn, by its name.

    Returns
    -------
    tuple
        The subtitle without these parts, and the lines of the key.

    Examples
    --------
    >>> drawn_signs("3 series; line: range; in days. Source: a", {"line": "<path/>"})
    ('3 series; in days. Source: a', [{'sign': '<path/>', 'said': 'range'}])
    """
    kept, entries = [], []
    for part, end in re.findall(r"(.+?)(; |\. |\.?$)", subtitle):
        name, colon, said = part.partition(": ")
        if colon and name.lower() in signs:
            entries.append(entry(signs[name.lower()], said))
            if kept and end != "; ":
                kept[-1] = (kept[-1][0], end)
        else:
            kept.append((part, end))
    left = "".join(part + end for part, end in kept).rstrip("; ")
    return words.sentence(left) if entries else subtitle, entries


def legend(entries: list[dict[str, str]]) -> str:
    """The signs that occur, each once, as a list below the drawing."""
    lines = [
        f'<li><svg width="{WIDE}" height="{HIGH}" viewBox="0 0 {WIDE} {HIGH}" aria-hidden="true" fill="none" '
        f'stroke="currentColor" stroke-width="1.4">{line["sign"]}</svg> '
        f"{html.escape(words.unbroken(line['said']))}</li>"
        for line in entries
    ]
    return f'<ul class="chart-legend">{"".join(lines)}</ul>'
