"""Pages for everybody: by keyboard alone, to a checker, in colors of the reader's own, at any size of text."""

import itertools
import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from site_pages import ALIKE, DESK, READING, ratio

# Tables share one mechanism: cards, slim rows and the page with groups stand for all of them.
TABLES = ["chapters/tables/looks", "chapters/tables/lanes"]
OWN = ["search", "genindex", "404"]  # pages of the site that are no chapter
READ = [*READING, *TABLES, *OWN]
EACH = pytest.mark.parametrize("name", READ)
NARROW = {"width": 320, "height": 640}

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


@pytest.fixture(scope="module")
def page(browser, site):
    """One page for all tests of a module, from disk."""
    context = browser.new_context(offline=True, viewport=DESK, reduced_motion="reduce")
    opened = context.new_page()
    opened.address = lambda name: (site / f"{name}.html").as_uri() + ("?q=CRS" if name == "search" else "")

    def show(name):
        opened.goto(opened.address(name))
        if name == "search":
            opened.wait_for_selector(".search-page")

    opened.show = show
    yield opened
    context.close()


def violations(page, **options):
    result = Axe().run(page, options={"resultTypes": ["violations"], "preload": False, **options})
    return [(one["id"], one["nodes"][0]["html"]) for one in result.response["violations"]]


def reached(page, expected):
    """The stops of the Tab key, until it has left what is read; each press notes where the one before it has led to."""
    page.evaluate(f"window.stops = []; addEventListener('keydown', () => stops.push(({STOP})()), true)")
    stops = []
    while len(stops) < expected + 40:
        for _ in range(10):
            page.keyboard.press("Tab")
        stops = page.evaluate("stops.slice(1)")
        for at, stop in enumerate(stops):
            if stop is None or (at and not stop["inside"] and stops[at - 1]["inside"]):
                return stops[:at]
    return stops


@EACH
def test_a_page_for_everybody(name, page, subtests):
    """One page opened once, and all that can be asked of it."""
    page.emulate_media(color_scheme="dark", forced_colors="none", media="screen")
    page.set_viewport_size(DESK)
    page.show(name)

    with subtests.test("language, one title, headings in order"):
        assert page.get_attribute("html", "lang") == "en" and len(page.title()) > 12
        levels = page.eval_on_selector_all(
            "h1, h2, h3, h4", "all => all.filter(one => one.checkVisibility()).map(one => +one.tagName[1])"
        )
        assert levels[0] == 1 and levels.count(1) == 1
        assert all(after <= before + 1 for before, after in itertools.pairwise(levels)), levels

    with subtests.test("a keyboard reaches everything, sees where it is, and gets out"):
        if name != "404":
            page.keyboard.press("Tab")
            assert "Skip to content" in page.evaluate(STOP)["what"]
            page.keyboard.press("Enter")
        stops = reached(page, expected := page.evaluate(STOPS))
        inside = [stop for stop in stops if stop["inside"]]
        assert len(inside) >= expected > 0 or name == "404", (len(inside), expected)
        assert [stop["what"] for stop in stops if not (stop["seen"] and stop["marked"] and stop["named"])] == []

    with subtests.test("text of twice the size does not run out of the page"):
        twice = page.add_style_tag(content="html { font-size: 200% !important; }")
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth + 1")
        twice.evaluate("style => style.remove()")

    with subtests.test("at 400 percent, a window of 320 pixels, nothing scrolls sideways"):
        page.set_viewport_size(NARROW)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth + 1")
        page.set_viewport_size(DESK)

    with subtests.test("axe finds no violation on the whole page, in the dark"):
        # The dark changes colors alone: all other rules are asked in the light (test_site), or of a page at rest.
        only = {} if name in OWN else {"runOnly": ["color-contrast"]}
        if name in OWN:
            page.show(name)
        page.evaluate(ALIKE)
        assert violations(page, **only) == []


@pytest.mark.parametrize("name", ["chapters/index", "chapters/tables/lanes", "search"])
def test_axe_finds_no_violation_on_the_whole_page_in_the_light_at_any_width(name, page):
    page.emulate_media(color_scheme="light")
    for size in (DESK, {"width": 900, "height": 700}, NARROW):
        page.set_viewport_size(size)
        page.goto(page.address(name))
        assert violations(page) == []


@pytest.mark.parametrize(("name", "box"), [("Chapters", "__navigation"), ("On this page", "__toc")])
def test_a_keyboard_opens_and_closes_the_drawers_of_a_narrow_window(name, box, page):
    page.emulate_media(color_scheme="light")
    page.set_viewport_size(NARROW)
    page.goto(page.address("chapters/case-1"))
    drawer = page.locator(".sidebar-drawer" if box == "__navigation" else ".toc-drawer")
    assert drawer.evaluate("drawer => getComputedStyle(drawer).visibility") == "hidden"
    handle = page.locator(f'label[for="{box}"]:not(.overlay) .icon:visible')
    handle.focus()
    page.keyboard.press("Enter")
    page.wait_for_function("name => document.activeElement.closest(name)", arg="aside")
    assert handle.get_attribute("aria-expanded") == "true"
    page.keyboard.press("Escape")
    assert handle.get_attribute("aria-expanded") == "false"
    assert handle.evaluate("handle => handle === document.activeElement")


# ---------------------------------------------------------------- contrast inside figures

SHOWN = """() => [...document.querySelectorAll('.chart-view svg[role=img]')].filter(
    one => one.checkVisibility()).flatMap(svg => [...svg.querySelectorAll('text, [role=graphics-symbol]')].map(one => {
        const look = getComputedStyle(one), text = one.tagName === 'text';
        const ink = text || look.stroke === 'none' ? look.fill : look.stroke;
        return [text ? 'text' : 'mark', ink, parseFloat(look.opacity) * parseFloat(text ? look.fillOpacity : 1)];
    }))"""


def channels(color):
    return [float(part) for part in re.findall(r"[\d.]+", color)][:3]


def contrast(ink, ground, opacity):
    seen = [opacity * one + (1 - opacity) * other for one, other in zip(ink, ground)]
    return ratio(seen, ground)


def test_contrast_is_what_its_definition_says():
    assert contrast([0, 0, 0], [255, 255, 255], 1) == pytest.approx(21)
    assert contrast([0, 0, 0], [255, 255, 255], 0) == pytest.approx(1)


@pytest.mark.parametrize("scheme", ["light", "dark", "print"])
@pytest.mark.parametrize("name", ["chapters/index", "chapters/who-else", "chapters/evidence", "chapters/glossary"])
def test_words_and_marks_of_a_figure_stand_out_from_the_page(name, scheme, page):
    page.set_viewport_size(DESK)
    page.emulate_media(
        color_scheme="light" if scheme == "print" else scheme, media="print" if scheme == "print" else "screen"
    )
    page.goto(page.address(name))
    ground = channels(page.evaluate("getComputedStyle(document.body).backgroundColor"))
    found = page.evaluate(SHOWN)
    assert len(found) > 20
    faint = {
        (kind, ink, opacity)
        for kind, ink, opacity in found
        # What lies wide and pale over a lane says its words in it; a mark without an interval is paler by design.
        if opacity > 0.2 and contrast(channels(ink), ground, opacity) < (4.5 if kind == "text" else 2.2)
    }
    page.emulate_media(media="screen")
    assert faint == set()


def test_a_reader_s_own_colors_are_kept_and_choices_stay_to_be_seen(page):
    page.set_viewport_size(DESK)
    page.emulate_media(forced_colors="active", color_scheme="dark", media="screen")
    page.goto(page.address("chapters/case-1"))
    colors = page.evaluate(
        """() => { const probe = document.body.appendChild(document.createElement('p'));
            probe.style.cssText = 'color: CanvasText; background: Canvas; forced-color-adjust: none';
            const look = getComputedStyle(probe); return [look.color, look.backgroundColor]; }"""
    )
    inks = page.eval_on_selector_all(
        ".chart-wide svg text", "all => [...new Set(all.map(one => getComputedStyle(one).fill))]"
    )
    assert inks == [colors[0]] and colors[0] != colors[1]
    pressed, other = (
        page.locator(f".chart-switch button[aria-pressed={state}]").first.evaluate(
            "button => getComputedStyle(button).backgroundColor"
        )
        for state in ("true", "false")
    )
    assert pressed != other
    page.emulate_media(forced_colors="none")
