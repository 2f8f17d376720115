"""The pages of the site, and what is asked of several of them."""

import json
import re

import yaml
from conftest import PROJECT

TOC = yaml.safe_load((PROJECT / "_toc.yml").read_text(encoding="utf-8"))
PAGES = [TOC["root"], *(chapter["file"] for part in TOC["parts"] for chapter in part["chapters"])]
TABLE_PAGES = [page for page in PAGES if page.startswith("chapters/tables/")]
READING = [page for page in PAGES if page not in TABLE_PAGES]
# The pages of the tables are of one make: three of them, narrow, wide and grouped, stand for all where it takes long.
LOOKED_AT_LONG = {*READING, "chapters/tables/bounds", "chapters/tables/lanes", "chapters/tables/dictionary"}
DESK, PHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 844}
SMALL = {"width": 320, "height": 700}
# A4 has 210 mm; with margins of 15 mm at 96 pixels an inch.
PAPER = {"width": 680, "height": 960}
CONTENT = "article"

# Each color and size of text, with words in it.
# No text for the eye: signs beside a name, and the link that makes a card one button.
TEXT_STYLES = """() => {
  const other = 'svg, script, style, .visually-hidden, [aria-hidden=true], .sd-stretched-link';
  const found = new Map(), walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const text = walker.currentNode, one = text.parentElement;
    if (!text.data.trim() || one.closest(other) || !one.checkVisibility()) continue;
    const style = getComputedStyle(one);
    const look = [style.color, parseFloat(style.fontSize)];
    if (!found.has(String(look))) found.set(String(look), [...look, text.data.trim().slice(0, 40)]);
  }
  return [...found.values()];
}"""


# How an element is made: its tag with its attributes, but for what may differ from one to the next of its kind.
MADE = """const made = html => html.replace(
    / (href|id|title|for|headers|name|value|d|x|y|transform|aria-[a-z]+|data-[a-z-]+)="([^"]*)"/g,
    (_, name, value) => ` ${name}=${Boolean(value.trim())}`
  ).replace(/>([^<]*)/g, (_, text) => `>${Boolean(text.trim())}`);
  const within = one => one ? `${made(one.cloneNode(false).outerHTML)} ${within(one.parentElement)}` : '';"""
# Takes away what is made as two others before it in the same place: rows of a table, cards, entries of a list,
# paragraphs, words of code. What they say may differ, but not their elements and classes, nor what is blank.
ALIKE = f"""() => {{
  {MADE}
  const seen = {{}};
  const repeated = 'tbody tr, .card, li, .citation, option, fieldset > p, section > p, pre > span';
  for (const one of document.querySelectorAll(repeated)) {{
    if (one.closest('.case-tool')) continue; // its script draws each anew and would miss it
    const make = made(one.outerHTML) + within(one.parentElement);
    seen[make] = (seen[make] || 0) + 1;
    if (seen[make] > 2) one.remove();
  }}
}}"""


def answered(page, function, given):
    """What a function of the page makes of much: given and taken as text, or Playwright looks at each part of it."""
    return json.loads(page.evaluate(f"text => JSON.stringify(({function})(JSON.parse(text)))", json.dumps(given)))


def hexadecimal(color):
    """A color as a browser says it (`rgb(…)`), as `#rrggbb`."""
    return "#" + "".join(f"{int(part):02x}" for part in re.findall(r"\d+", color)[:3])


def luminance(parts):
    """Relative luminance of red, green and blue, 0 to 255 each (WCAG 2.2)."""
    shares = [part / 255 for part in parts]
    shares = [share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4 for share in shares]
    return 0.2126 * shares[0] + 0.7152 * shares[1] + 0.0722 * shares[2]


def contrast(one, other):
    """Contrast ratio of two colors `#rrggbb` (WCAG 2.2): 1 to 21."""
    return ratio(*([int(color[at : at + 2], 16) for at in (1, 3, 5)] for color in (one, other)))


def ratio(one, other):
    """As `contrast`, of red, green and blue."""
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)
