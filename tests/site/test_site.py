"""The built pages as a reader has them: from disk, without a network, in a real Chromium.

Each page is opened once and looked at from every side: at a desk, in the dark, on a phone, on paper, by keyboard.
"""

import re
from functools import cache
from pathlib import Path
from urllib.parse import unquote

import pytest
from casebook import data
from chapters_text import CHAPTERS, notebooks, outputs
from everybody import faint, for_everybody, violations
from site_pages import (
    ALIKE,
    DESK,
    LOOKED_AT_LONG,
    MADE,
    PAGES,
    PAPER,
    PHONE,
    READING,
    SMALL,
    TEXT_STYLES,
    contrast,
    hexadecimal,
)

# Tables share one mechanism: cards and slim rows stand for all of them where a page is worked by keyboard.
WORKED = {*READING, "chapters/tables/looks", "chapters/tables/lanes"}
FURNITURE = ".sidebar-drawer, .toc-drawer, .mobile-header, .page-tools, .related-pages, .cell_input, .data-tools"


def charts_in(name):
    path = CHAPTERS / f"{name.partition('/')[2]}.ipynb"
    return sum('<div class="chart' in html for html in outputs(path)) if path in notebooks() else 0


def test_every_chapter_is_in_the_table_of_contents():
    paths = [
        path
        for path in CHAPTERS.rglob("*")
        if path.suffix in (".md", ".ipynb") and ".ipynb_checkpoints" not in str(path)
    ]
    files = {f"chapters/{path.relative_to(CHAPTERS).with_suffix('').as_posix()}" for path in paths}
    assert files - {"chapters/exercises"} == set(PAGES), "the exercises hold their solutions and are no page"


def test_the_front_door_leads_to_the_first_page(view):
    page = view("index", viewport=DESK)
    page.wait_for_url("**/chapters/index.html")
    assert "Two courses" in page.title()


@cache
def leads_somewhere(link, site):
    """Whether a link leads out by a safe way, or to a place that exists."""
    if not link.startswith("file:"):
        return link.startswith(("https://", "mailto:"))
    path, _, anchor = unquote(link.removeprefix("file://")).partition("#")
    path = Path(path.partition("?")[0])
    return path.is_relative_to(site) and path.is_file() and (not anchor or anchor in ids(path) | asked_for(path.stem))


@cache
def asked_for(page):
    """The places of a page that its script makes: the lines of the forms of the page of a case."""
    return {f"{row.case_id}/{row.topic}" for row in data.load().gaps.itertuples()} if page == "your-case" else set()


@cache
def ids(path):
    """Every id of a page."""
    return set(re.findall(r'\bid="([^"]+)"', path.read_text(encoding="utf-8")))


# Every way in which an element is made and stands on a page, and those that this process has looked at.
WAYS = f"() => {{ {MADE} return [...new Set([...document.querySelectorAll('article *')].map(within))]; }}"
LOOKED_AT = set()


def axe(page, name):
    """No violation on the whole page; what is made alike is asked twice, and a page of a table if any of it is new."""
    # Only axe's rule on sound that plays by itself asks for what axe would fetch beforehand, in vain from disk.
    assert page.locator("audio[autoplay], video[autoplay]").count() == 0
    page.evaluate(
        "document.querySelectorAll('.data-page').forEach(one =>"
        " [...one.querySelectorAll('.card, tbody tr')].slice(5).forEach(row => row.remove()))"
    )
    page.evaluate(ALIKE)
    ways = set(page.evaluate(WAYS))
    if name in LOOKED_AT_LONG or not ways <= LOOKED_AT:
        LOOKED_AT.update(ways)
        assert faint(page) == violations(page, None if name in READING else {"exclude": [[".sidebar-drawer"]]}) == []


def too_small(page):
    return [text for _, size, text in page.evaluate(TEXT_STYLES) if size < 11]


TWICE = """() => {
  const seen = new Set(), all = [...document.querySelectorAll('[id]')].map(one => one.id);
  return all.filter(one => seen.has(one) || !seen.add(one));
}"""
# What paper shows: drawings a figure, furniture, what is folded and has no height (not in a picture turned away), and
# what would leave a hole on the page before it, for it is held in one piece.
ON_PAPER = """(furniture) => {
  const seen = one => one.checkVisibility({visibilityProperty: true}) && one.getClientRects().length > 0;
  const all = (query, of = document) => [...of.querySelectorAll(query)];
  const folded = all('article details').filter(one => one.parentElement.checkVisibility()).filter(one => {
    const last = all('table, p', one).filter(part => !part.closest('summary')).at(-1);
    return !last || last.getBoundingClientRect().height <= 0;
  });
  return {
    drawings: all('.chart').map(one => all('svg[role=img]', one).filter(seen).length),
    furniture: all(furniture).filter(seen).map(one => one.outerHTML.slice(0, 80)),
    notice: all('.book-notice').some(seen),
    folded: folded.map(one => one.textContent.slice(0, 80)),
    holes: all('article *').filter(one => {
      const look = getComputedStyle(one), tall = one.getBoundingClientRect().height > innerHeight / 3;
      const whole = 'figure, tr, p, .card, .instrument, .sheet, .strips, .waiting-way';
      return tall && look.breakInside === 'avoid' && !one.closest(whole);
    }).map(one => one.outerHTML.slice(0, 80)),
    cut: all('article table, article .card').filter(one => one.getBoundingClientRect().right > innerWidth + 1).length,
  };
}"""


@pytest.mark.parametrize("name", PAGES)
def test_a_page(name, turned, site, subtests):
    """One page opened once, and everything that can be asked of it there: first of all of it, then of what differs."""
    page = turned(name)

    with subtests.test("no internal link is broken"):
        links = page.evaluate("[...new Set([...document.querySelectorAll('a[href]')].map(link => link.href))]")
        assert links
        assert [link for link in links if not leads_somewhere(link, site)] == []

    with subtests.test("the footer says what the book is"):
        footer = page.inner_text(".book-notice")
        assert "no clinical advice" in footer and "literature was read until" in footer

    with subtests.test("every figure has a number and a caption"):
        others = page.locator(".stations").count()
        assert page.locator("figcaption .caption-number").count() == charts_in(name) + others

    with subtests.test("an id stands once"):
        assert page.evaluate(TWICE) == []

    with subtests.test("no text is too small at a desk"):
        assert too_small(page) == []

    with subtests.test("no raw value shows"):
        no_raw_value(page, name)

    with subtests.test("a phone does not scroll sideways, and no text on it is too small"):
        for viewport in (PHONE, SMALL):
            page.set_viewport_size(viewport)
            assert page.evaluate("document.documentElement.scrollWidth") <= viewport["width"]
        assert too_small(page) == []

    page.set_viewport_size(DESK)
    if name in LOOKED_AT_LONG:
        for scheme in ("light", "dark"):
            with subtests.test(f"paper from {scheme} is white, its ink dark"):
                page.emulate_media(media="print", color_scheme=scheme)
                paper_is_white(page)
        with subtests.test("paper has each figure once, no furniture, and what is folded"):
            paper_is_whole(page)

    page.emulate_media(media="screen", color_scheme="dark")
    with subtests.test("ink follows the page in the dark"):
        assert page.evaluate("getComputedStyle(document.body).backgroundColor") != "rgb(255, 255, 255)"
        ink = page.evaluate(
            """() => [...new Set([...document.querySelectorAll('.chart-wide svg text')].map(text =>
                getComputedStyle(text).fill === getComputedStyle(document.querySelector('article p')).color))]"""
        )
        assert ink == [True] * bool(charts_in(name))

    if name in WORKED:
        for_everybody(name, page, subtests)
        with subtests.test("axe finds nothing faint in the dark"):
            assert faint(page) == []

    page.emulate_media(color_scheme="light")
    with subtests.test("axe finds no violation"):
        axe(page, name)

    with subtests.test("no request leaves the disk and nothing goes wrong"):
        assert [url for url in page.asked if not url.startswith(("file:", "data:"))] == []
        assert page.wrong == []


# The words of what is read: names of columns may stand in code, in recipes.
WORDS = """() => {
  const code = [...document.querySelectorAll('article :is(code, pre)')];
  code.forEach(one => { one.hidden = true; });
  const words = [...new Set(document.querySelector('article').innerText.split(/[\\s,;()]+/))];
  code.forEach(one => { one.hidden = false; });
  return words;
}"""


def no_raw_value(page, name):
    found = set(page.evaluate(WORDS))
    assert not found & {"nan", "NaN", "NaT", "<NA>", "n.d.", "Traceback"}
    assert [word for word in found if "{glue" in word or "Error" in word.replace("DataError", "")] == []
    assert page.locator("article :is(td, th, dd)").get_by_text("None", exact=True).count() == 0
    if name in READING and name != "chapters/data-and-methods":
        assert [word for word in found if re.fullmatch(r"[a-z0-9]+(_[a-z0-9]+)+|case-[12]-[a-z-]+", word)] == []


def paper_is_white(page):
    assert hexadecimal(page.evaluate("getComputedStyle(document.body).backgroundColor")) == "#ffffff"
    pale = {
        (color, text) for color, _, text in page.evaluate(TEXT_STYLES) if contrast(hexadecimal(color), "#ffffff") < 4.5
    }
    assert pale == set()
    inks = page.evaluate("[...document.querySelectorAll('.chart-wide svg')].map(svg => getComputedStyle(svg).color)")
    assert {hexadecimal(ink) for ink in inks} <= {"#000000"}


def paper_is_whole(page):
    """As printed on A4: the emulation of print must be on."""
    page.set_viewport_size(PAPER)
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    shown = page.evaluate(ON_PAPER, FURNITURE)
    fine = {"furniture": [], "notice": True, "folded": [], "holes": [], "cut": 0}
    assert shown == {"drawings": [1] * len(shown["drawings"]), **fine}
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    page.set_viewport_size(DESK)


# Of each figure: how many drawings are seen, and of the one its marks, the rows of its table, and its size.
DRAWN = """() => [...document.querySelectorAll('.chart')].map(figure => {
  const seen = [...figure.querySelectorAll('svg[role=img]')].filter(one => one.checkVisibility());
  const box = seen[0].getBoundingClientRect();
  return {
    seen: seen.length,
    marks: seen[0].querySelectorAll('[role=graphics-symbol][aria-label]').length,
    rows: figure.querySelectorAll('.chart-rows tbody tr').length,
    height: box.height, width: box.width, natural: +seen[0].getAttribute('width'),
  };
})"""


@pytest.mark.parametrize("name", [name for name in READING if charts_in(name)])
def test_every_figure_is_visible_with_scripts_off(name, view, subtests):
    page = view(name, viewport=DESK, java_script_enabled=False)
    for width, viewport in {"desk": DESK, "phone": PHONE}.items():
        page.set_viewport_size(viewport)
        with subtests.test(width):
            figures = page.evaluate(DRAWN)
            assert len(figures) == charts_in(name)
            for one in figures:
                assert one["seen"] == 1 and one["marks"] == one["rows"] > 2
                assert one["height"] > 100 and 200 < one["width"] <= viewport["width"]
                # As drawn, not shrunk: text of 11 pixels stays readable on a phone.
                assert one["width"] >= 0.85 * one["natural"]
