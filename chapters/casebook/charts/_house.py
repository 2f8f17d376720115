"""The house's figure language: theme, renderer, and what every kind of figure shares.

Importing this module puts the theme and the renderer in force, so that one place decides
how charts look and how they reach a page.
"""

from __future__ import annotations

import hashlib
import html
import json
import re

import altair as alt
import pandas as pd
import vl_convert
from altair.utils import schemapi

from casebook import words
from casebook.charts._key import legend
from casebook.charts._table import table
from casebook.charts._tiles import tiles

INK = "#1b1b1b"  # replaced by the page's text color when drawn: light, dark, print
NEUTRAL = "#6b6b6b"
SEEN = 5  # columns of the rows that a page shows
BROAD = 800  # pixels: a drawing that is wider gives way to the one for phones as soon as its type would shrink
FONT = "Liberation Sans"  # vl-convert brings it along, so that text is as wide everywhere

schemapi.disable_debug_mode()  # a figure is held against the schema as a whole, not each of its parts before that


@alt.theme.register("casebook", enable=True)
def theme() -> alt.theme.ThemeConfig:
    """No background, ink that follows the page, one font, a faint grid."""
    text = {"labelColor": INK, "titleColor": INK, "labelFontSize": 12, "titleFontSize": 12, "titleFontWeight": "normal"}
    grid = {"gridColor": INK, "gridOpacity": 0.25, "gridDash": [1, 3], "domainColor": INK, "tickColor": INK}
    return {
        "config": {
            "background": "transparent",
            # A phone has no pixel to give away; what reaches over the edge is shown, not cut.
            "padding": {"left": 0, "right": 0, "top": 5, "bottom": 5},
            "font": FONT,
            "view": {"stroke": None},
            "title": {"color": INK, "subtitleColor": INK, "anchor": "start", "fontSize": 14},
            "axis": {
                **text,
                **grid,
                "labelPadding": 7,
                "aria": False,
            },  # a mark is a row of the figure, an axis is none
            "legend": text,
            "header": text,
            "text": {"color": INK, "fontSize": 12},
            "rule": {"color": INK},
        }
    }


def render(spec: dict) -> dict[str, str]:
    """Draw a Vega-Lite specification for a page that has no scripts and no network.

    Parameters
    ----------
    spec : dict
        A specification with a `description` and a title. `usermeta` may hold `rows` (what
        the figure draws, printed below it as a table), `marks` (which mark and which row of the
        data belong to each of these rows, see `table`), `key` and `legend` (whose sign is which, and what each sign
        says: see `_key`), `narrow` (the specification of the drawing for phones), `turned` (`names`: how day 0 is
        called here and there; `figure`: the specification of the same figure counted from there) and
        `choices` (which lines of the drawing a reader may choose to see: see `matrix_chart`), `meanings` (which marks
        a reader may choose between: see `timeline_chart`), `tiles` (what is not known: see `tiles`), `sentences`
        (what the record says, by the place in it), `columns` (which of those of the rows a page shows where scripts
        run, by default the first five; a file has all) and `lanes` (all but the lane that is meant steps back).
        A drawing as wide as a page gives way to the one for phones earlier than others.

    Returns
    -------
    dict
        `text/html`: a figure with the title as text, the drawing as inline SVG, the rows
        and the specification, and its turned figure as a template, which no reader without scripts
        meets; `text/plain`: the description.

    Raises
    ------
    ValueError
        If the description or the title is empty.
    """
    description = (spec.get("description") or "").strip()
    title = spec.get("title") or {}
    if not description:
        raise ValueError("a chart needs a description for readers who cannot see it: set its description")
    if not isinstance(title, dict) or not title.get("text"):
        raise ValueError("a chart's title says its message: set its title")
    meta = spec.get("usermeta", {})
    source = json.dumps(spec, sort_keys=True, ensure_ascii=False, allow_nan=False)
    name = "chart-" + hashlib.sha256(source.encode()).hexdigest()[:12]
    subtitle, source_line = _and_source(one_line(title.get("subtitle", "")))
    drawn = {key: value for key, value in spec.items() if key not in ("title", "usermeta", "description")}
    wide = _svg(drawn, f"{name}-wide", title, description)
    kinds = " broad" * (float(re.search(r'\bwidth="([\d.]+)"', wide)[1]) > BROAD) + " lanes" * bool(meta.get("lanes"))
    parts = [
        f'<div class="chart{kinds}" id="{name}">',
        '<div class="chart-picture">',  # on paper it stays in one piece
        f'<p class="chart-title"{_first(meta)}>{_spoken(title["text"])}</p>',
        f'<p class="chart-subtitle">{_spoken(subtitle)}</p>',
    ]
    if len(meta.get("key") or []) > 1:  # of one patient the title tells
        signs = [_signed(entry, ' class="chart-sign"') for entry in meta["key"]]
        parts.append(f'<p class="chart-key">{" &ensp; ".join(signs)}</p>')
    drawings = [f'<div class="chart-wide">{wide}</div>']
    if "narrow" in meta:
        narrow = _svg(meta["narrow"], f"{name}-narrow", title, description)
        drawings.append(f'<div class="chart-narrow" hidden>{narrow}</div>')
    if meta.get("said"):
        drawings = ['<div class="chart-body">', *drawings, _beside(meta["said"]), "</div>"]
    parts += drawings
    if meta.get("tiles"):
        parts.append(tiles(meta["tiles"]))
    if meta.get("legend"):
        parts.append(legend(meta["legend"]))
    parts.append("</div>")
    if meta.get("rows"):
        caption = f"Rows of the figure: {words.unbroken(one_line(title['text']))}"
        rows = table(pd.DataFrame(meta["rows"]), caption, marks=meta.get("marks"))
        seen = meta.get("columns") or list(meta["rows"][0])[:SEEN]
        printed = re.sub(
            r'<th scope="col">(.*?)</th>',
            lambda head: head[0] if html.unescape(head[1]) in seen else head[0].replace(">", ' class="rest">', 1),
            rows.html,
        )
        parts.append(f'<details class="chart-rows"><summary>The rows of this figure</summary>{printed}</details>')
    if source_line:
        parts.append(f'<p class="chart-source">{_spoken(source_line)}</p>')
    parts.append(_data("chart-specification", source))
    if meta.get("turned"):
        here, there = (html.escape(name) for name in meta["turned"]["names"])
        turned = _beyond(render(meta["turned"]["figure"])["text/html"], "\n".join(parts))
        parts.append(f'<template class="chart-turned" data-here="{here}" data-there="{there}">{turned}</template>')
    for one in ("choices", "meanings", "sentences"):
        if meta.get(one):
            parts.append(_data(f"chart-{one}", json.dumps(meta[one], ensure_ascii=False)))
    parts.append("</div>")
    return {"text/html": "\n".join(parts), "text/plain": description}


def _first(meta: dict) -> str:
    """The title of the state that a script shows first, so that its room is kept from the start."""
    return f' data-first="{html.escape(meta["meanings"]["of"][0]["title"])}"' if meta.get("meanings") else ""


def _and_source(subtitle: str) -> tuple[str, str]:
    """A subtitle without what it ends with on its sources, and that, for the line below the figure.

    Examples
    --------
    >>> _and_source("2 patients. Source: abstract of an article")
    ('2 patients', 'Source: abstract of an article')
    """
    found = re.match(r"(.*?)[.;]? ?\b(Sources?\b[^:.;]*: .*)$", subtitle)
    return (found[1], found[2]) if found else (subtitle, "")


def _data(name: str, source: str) -> str:
    """JSON for scripts; "<" is written as an escape, so that no text of a table can end the element."""
    escaped = source.replace("<", "\\u003c")
    return f'<script type="application/json" class="{name}">{escaped}</script>'


def _signed(entry: dict, kind: str = "") -> str:
    """A case in words, after its sign in its color."""
    color, sign = html.escape(entry["color"]), html.escape(entry["sign"])
    return f'<span{kind} aria-hidden="true" style="color: {color}">{sign}</span> {_spoken(entry["case"])}'


def _beside(said: list[dict]) -> str:
    """The column of words beside a drawing: each case in its color, with its sign."""
    entries = [f"<dt>{_signed(entry)}</dt><dd>{_spoken(entry['said'])}</dd>" for entry in said]
    return f'<div class="chart-said"><p>What the record says</p><dl>{"".join(entries)}</dl></div>'


def one_line(text: str | list[str]) -> str:
    return text if isinstance(text, str) else " ".join(text)


def _spoken(text: str | list[str]) -> str:
    """A text of a figure for its page: no unit breaks across lines."""
    return html.escape(words.unbroken(one_line(text)))


def _svg(spec: dict, name: str, title: dict, description: str) -> str:
    svg = vl_convert.vegalite_to_svg(json.dumps(spec))
    # vl-convert counts its ids on from drawing to drawing: here they hang on the drawing alone.
    for number, old in enumerate(dict.fromkeys(re.findall(r'\bid="([^"]+)"', svg)), 1):
        svg = svg.replace(f'id="{old}"', f'id="{name}-{number}"').replace(f"#{old})", f"#{name}-{number})")
    svg = _once(svg.replace(f'"{INK}"', '"currentColor"'), name)
    label = html.escape(one_line(title["text"]))
    head = (
        f'<svg role="img" aria-labelledby="{name}-title {name}-description" '
        f'style="max-width: 100%; height: auto; overflow: visible" '
    )
    texts = f'<title id="{name}-title">{label}</title><desc id="{name}-description">{html.escape(description)}</desc>'
    return re.sub(r"<svg ([^>]*)>", lambda found: f"{head}{found[1]}>{texts}", svg, count=1)


MARKS = re.compile(r'<g class="mark-[^"]*_marks"[^>]*>.*?</g>', re.S)


def _beyond(turned: str, here: str) -> str:
    """Of a turned figure what differs: marks that are drawn here alike are named by their place, for the script."""
    at = {marks: place for place, marks in enumerate(MARKS.findall(here))}
    return MARKS.sub(lambda found: f'<g data-same="{at[found[0]]}"></g>' if found[0] in at else found[0], turned)


def _once(svg: str, name: str) -> str:
    """The same drawing in fewer letters: lines along the page, and each long path that it repeats, written once."""
    svg = re.sub(r"(M[\d.-]+,([\d.-]+)L)([\d.-]+),\2(?=[ML\"])", lambda found: f"{found[1][:-1]}H{found[3]}", svg)
    found = re.findall(r'<path (?=[^>]*aria-hidden|transform)[^>]*?\bd="([^"]{300,})"', svg)
    for number, path in enumerate(one for one in dict.fromkeys(found) if found.count(one) > 1):
        here = f"{name}-path-{number}"
        svg = re.sub(rf'<path ([^>]*?)d="{re.escape(path)}"([^>]*)/>', rf'<use \1href="#{here}"\2/>', svg)
        svg = svg.replace("><g ", f'><defs><path id="{here}" d="{path}"/></defs><g ', 1)
    return svg


alt.renderers.register("casebook", render)
alt.renderers.enable("casebook")


# ---------------------------------------------------------------- what figures share


def rounded(value: float) -> float:
    """Six significant digits: a last bit would change the specification's hash."""
    return float(f"{value:.6g}")


def said_of_cases(said: pd.DataFrame) -> tuple[list[dict], str]:
    """What the record says of each case (from `record.said_of`): for `usermeta`, and as a sentence."""
    entries = said[["case", "said", "color", "sign"]].fillna({"color": NEUTRAL, "sign": "■"}).to_dict("records")
    spoken = "; ".join(f"{entry['case']}: {entry['said']}" for entry in entries)
    return entries, f"What the record says: {spoken}."
