"""What is asked of every page for everybody: by keyboard alone, at any size of text, to a checker."""

import itertools
import json

from axe_playwright_python.base import AXE_SCRIPT
from site_pages import ALIKE, MADE

# The stop of the keyboard: what it is, if it can be seen, and if its focus can.
STOP = """() => {
    const stop = document.activeElement;
    if (!stop || stop === document.body) return null;
    // A card is one link: its text is nowhere, and the card shows the focus.
    const shown = stop.matches('.sd-stretched-link') ? stop.closest('.sd-card') : stop;
    const box = shown.getBoundingClientRect(), look = getComputedStyle(shown);
    return {
        what: `${stop.tagName} ${stop.className} ${(stop.getAttribute('aria-label') || stop.textContent).slice(0, 60)}`,
        seen: box.width > 0 && box.height > 0 && box.bottom > 0 && box.top < innerHeight && box.right > 0
            && box.left < innerWidth && look.visibility === 'visible',
        marked: look.outlineStyle !== 'none' && parseFloat(look.outlineWidth) >= 2,
        named: Boolean((stop.getAttribute('aria-label') || stop.textContent || '').trim() || stop.labels?.length),
        inside: Boolean(stop.closest('article, .search-results')),
    };
}"""
STOPS = """() => [...document.querySelectorAll(
    'article a[href], article button, article input, article summary, article [tabindex="0"]'
)].filter(one => one.checkVisibility({visibilityProperty: true}) && one.tabIndex >= 0).filter(
    // A group of choices is one stop; arrow keys go on inside it.
    (one, at, all) => one.type !== 'radio' || all.findIndex(other => other.name === one.name) === at).length"""


# What is wrong and no more of it: to hand all that was looked at to Python takes longer than to look.
FOUND = """async ([context, options]) =>
    (await axe.run(context ?? document, options)).violations.map(one => [one.id, one.nodes[0].html])"""
# Contrast follows from an element, from those that it stands in, and odd or even: two of each stand for all.
CONTRAST = ["color-contrast", "link-in-text-block"]
FAINT = f"""async () => {{
  {MADE}
  const seen = {{}}, include = [];
  for (const one of document.body.querySelectorAll('*')) {{
    if (![...one.childNodes].some(node => node.nodeType === Node.TEXT_NODE && node.data.trim())) continue;
    const make = within(one);
    seen[make] = (seen[make] || 0) + 1;
    if (seen[make] <= 2) include.push(one);
  }}
  return ({FOUND})([{{ include }}, {{ resultTypes: ['violations'], preload: false, runOnly: {json.dumps(CONTRAST)} }}]);
}}"""


def has_axe(page):
    """The checker is in the page from here on."""
    if not page.evaluate("Boolean(window.axe)"):
        page.evaluate(AXE_SCRIPT)


def violations(page, context=None):
    """What axe finds wrong in all but contrast, of which `faint` tells: the rule, and the first element of it."""
    has_axe(page)
    rules = {rule: {"enabled": False} for rule in CONTRAST}
    return page.evaluate(FOUND, [context, {"resultTypes": ["violations"], "preload": False, "rules": rules}])


def faint(page):
    """What axe finds too faint in the colors that the page has now."""
    has_axe(page)
    return page.evaluate(FAINT)


def reached(page, expected):
    """The stops of the Tab key, until it has left what is read; each press notes where the one before it has led to."""
    page.evaluate(f"window.stops = []; addEventListener('keydown', () => stops.push(({STOP})()), true)")
    stops = []
    while len(stops) < expected + 40:
        for _ in range(10):
            page.keyboard.press("Tab")
        stops += page.evaluate("at => stops.slice(at)", len(stops) + 1)
        for at, stop in enumerate(stops):
            if stop is None or (at and not stop["inside"] and stops[at - 1]["inside"]):
                return stops[:at]
    return stops


def for_everybody(name, page, subtests):
    """A page as it was opened: its title and headings, its text at twice the size, the stops of what differs in it."""
    with subtests.test("language, one title, headings in order"):
        assert page.get_attribute("html", "lang") == "en" and len(page.title()) > 12
        levels = page.eval_on_selector_all(
            "h1, h2, h3, h4", "all => all.filter(one => one.checkVisibility()).map(one => +one.tagName[1])"
        )
        assert levels[0] == 1 and levels.count(1) == 1
        assert all(after <= before + 1 for before, after in itertools.pairwise(levels)), levels

    with subtests.test("text of twice the size does not run out of the page"):
        twice = page.add_style_tag(content="html { font-size: 200% !important; }")
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth + 1")
        twice.evaluate("style => style.remove()")

    page.evaluate(ALIKE)
    with subtests.test("a keyboard reaches everything, sees where it is, and gets out"):
        if name != "404":
            page.keyboard.press("Tab")
            assert "Skip to content" in page.evaluate(STOP)["what"]
            page.keyboard.press("Enter")
        stops = reached(page, expected := page.evaluate(STOPS))
        inside = [stop for stop in stops if stop["inside"]]
        assert len(inside) >= expected > 0 or name == "404", (len(inside), expected)
        assert [stop["what"] for stop in stops if not (stop["seen"] and stop["marked"] and stop["named"])] == []

    page.evaluate("scrollTo(0, 0)")  # so that what follows finds the page as it was opened, without a way to its top
    page.wait_for_function("!document.documentElement.classList.contains('show-back-to-top')")
