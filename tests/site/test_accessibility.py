"""Pages for everybody: by keyboard alone, to a checker, in colors of the reader's own, at any size of text."""

import re

import pytest
from everybody import faint, for_everybody, violations
from site_pages import ALIKE, DESK, ratio

OWN = ["search", "genindex", "404"]  # pages of the site that are no chapter
NARROW = {"width": 320, "height": 640}


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


@pytest.mark.parametrize("name", OWN)
def test_a_page_that_is_no_chapter_is_for_everybody(name, page, subtests):
    """As of every chapter (test_site)."""
    page.emulate_media(color_scheme="dark", forced_colors="none", media="screen")
    page.set_viewport_size(DESK)
    page.show(name)
    for_everybody(name, page, subtests)
    with subtests.test("at 400 percent, a window of 320 pixels, nothing scrolls sideways"):
        page.set_viewport_size(NARROW)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth + 1")
        page.set_viewport_size(DESK)
    with subtests.test("axe finds no violation on the whole page, in the dark"):
        page.show(name)
        page.evaluate(ALIKE)
        assert faint(page) == violations(page) == []


@pytest.mark.parametrize("name", ["chapters/index", "chapters/tables/lanes", "search"])
def test_axe_finds_no_violation_on_the_whole_page_in_the_light_at_any_width(name, page):
    page.emulate_media(color_scheme="light")
    for size in (DESK, {"width": 900, "height": 700}, NARROW):
        page.set_viewport_size(size)
        page.goto(page.address(name))
        assert faint(page) == violations(page) == []


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
