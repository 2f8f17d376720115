"""The built pages as a reader has them: from disk, without a network, in a real Chromium."""

import re
from functools import cache
from pathlib import Path
from urllib.parse import unquote

import pytest
import yaml
from axe_playwright_python.sync_playwright import Axe
from chapters_text import CHAPTERS, notebooks, outputs
from conftest import PROJECT

TOC = yaml.safe_load((PROJECT / "_toc.yml").read_text())
PAGES = [TOC["root"], *(chapter["file"] for part in TOC["parts"] for chapter in part["chapters"])]
EACH_PAGE = pytest.mark.parametrize("name", PAGES)
DESK, PHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 844}
CONTENT = "article"


def charts_in(name):
    path = CHAPTERS / f"{name.partition('/')[2]}.ipynb"
    return sum('class="chart"' in html for html in outputs(path)) if path in notebooks() else 0


# Rows that are shown in tables and figures and in no sentence of their own.
UNUSED = {
    "fact-case-1-disease-before-infusion",
    "fact-case-2-disease-before-infusion",
    "fact-case-2-infusion-before-hsct",
}


class View:
    """One page, opened from disk; it remembers what was asked for and what went wrong."""

    def __init__(self, browser, url, **options):
        self.context = browser.new_context(offline=True, **options)
        self.page = self.context.new_page()
        self.requests, self.errors = [], []
        self.page.on("request", lambda request: self.requests.append(request.url))
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.on("console", lambda line: self.errors.append(line.text) if line.type == "error" else None)
        self.page.goto(url)
        self.page.wait_for_load_state()


@pytest.fixture
def view(browser, site):
    opened = []

    def open_page(name, **options):
        opened.append(View(browser, (site / f"{name}.html").as_uri(), **options))
        return opened[-1]

    yield open_page
    for one in opened:
        one.context.close()


def test_every_chapter_is_in_the_table_of_contents():
    paths = [
        path
        for path in CHAPTERS.rglob("*")
        if path.suffix in (".md", ".ipynb") and ".ipynb_checkpoints" not in str(path)
    ]
    files = {f"chapters/{path.relative_to(CHAPTERS).with_suffix('').as_posix()}" for path in paths}
    assert files == set(PAGES)


def test_the_front_door_leads_to_the_first_page(view):
    opened = view("index", viewport=DESK)
    opened.page.wait_for_url("**/chapters/index.html")
    assert "Two courses" in opened.page.title()


@EACH_PAGE
def test_a_page_at_a_desk(name, view, site, subtests):
    """One page opened once, and everything that can be asked of it there."""
    opened = view(name, viewport=DESK, color_scheme="light")
    page = opened.page

    with subtests.test("no internal link is broken"):
        links = page.eval_on_selector_all("a[href]", "links => links.map(link => link.href)")
        assert links
        broken = [link for link in links if not leads_somewhere(link, site)]
        assert broken == []

    with subtests.test("the footer says what the book is"):
        footer = page.inner_text(".book-notice")
        assert "no clinical advice" in footer and "literature was read until" in footer

    with subtests.test("every figure has a number and a caption"):
        assert page.locator("figcaption .caption-number").count() == charts_in(name)

    with subtests.test("axe finds no violation inside the content"):
        # Only axe's rule on sound that plays by itself asks for what axe would fetch beforehand, in vain from disk.
        assert page.locator("audio[autoplay], video[autoplay]").count() == 0
        result = Axe().run(page, context=CONTENT, options={"resultTypes": ["violations"], "preload": False})
        assert result.violations_count == 0, result.generate_report()

    with subtests.test("no request leaves the disk and nothing goes wrong"):
        assert [url for url in opened.requests if not url.startswith(("file:", "data:"))] == []
        assert opened.errors == []
        text = page.inner_text(CONTENT)
        assert "Traceback" not in text and "{glue" not in text and "Error" not in text.replace("DataError", "")


def leads_somewhere(link, site):
    """Whether a link leads out by a safe way, or to a place that exists."""
    if not link.startswith("file:"):
        return link.startswith(("https://", "mailto:"))
    path, _, anchor = unquote(link.removeprefix("file://")).partition("#")
    path = Path(path.partition("?")[0])
    return path.is_relative_to(site) and path.is_file() and (not anchor or anchor in ids(path))


@cache
def ids(path):
    """Every id of a page."""
    return set(re.findall(r'\bid="([^"]+)"', path.read_text(encoding="utf-8")))


@EACH_PAGE
def test_every_figure_is_visible_with_scripts_off(name, view, subtests):
    page = view(name, viewport=DESK, java_script_enabled=False).page
    for width, viewport in {"desk": DESK, "phone": PHONE}.items():
        page.set_viewport_size(viewport)
        with subtests.test(width):
            figures = page.locator(".chart")
            assert figures.count() == charts_in(name)
            for figure in figures.all():
                shown = [svg for svg in figure.locator("svg[role=img]").all() if svg.is_visible()]
                assert len(shown) == 1
                marks = shown[0].locator("[role=graphics-symbol][aria-label]")
                assert marks.count() == figure.locator(".chart-rows tbody tr").count() > 2
                assert shown[0].get_attribute("role") == "img"
                box = shown[0].bounding_box()
                assert box["height"] > 100 and 200 < box["width"] <= viewport["width"]
                # As drawn, not shrunk: text of 11 pixels stays readable on a phone.
                natural = float(shown[0].get_attribute("width"))
                assert box["width"] >= 0.85 * natural


@EACH_PAGE
def test_a_page_on_a_phone_and_in_the_dark(name, view, subtests):
    page = view(name, viewport=PHONE, color_scheme="dark").page

    with subtests.test("a phone does not scroll sideways"):
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth + 1")

    page.set_viewport_size(DESK)
    with subtests.test("ink follows the page in the dark"):
        assert page.evaluate("getComputedStyle(document.body).backgroundColor") != "rgb(255, 255, 255)"
        ink = page.evaluate(
            """() => [...document.querySelectorAll('.chart-wide svg text')].map(text =>
                getComputedStyle(text).fill === getComputedStyle(document.querySelector('article p')).color)"""
        )
        assert all(ink) and bool(ink) == bool(charts_in(name))


def test_two_clicks_lead_from_a_sentence_to_its_place_in_the_record_and_to_its_row(view):
    page = view("chapters/case-1", viewport=DESK).page
    page.locator(f"{CONTENT} .fact a", has_text="grade 3 CRS").first.click()
    page.wait_for_url("**/record.html#fact-case-1-crs")
    fact = page.locator("#fact-case-1-crs")
    assert "grade 3 CRS" in fact.inner_text() and "used in" in fact.inner_text()
    assert page.locator("#sentence-abstract-4 #fact-case-1-crs").count() == 1
    fact.get_by_role("link", name="row", exact=True).click()
    page.wait_for_url("**/tables/events.html#events-case-1-crs")
    row = page.locator("#events-case-1-crs").inner_text()
    assert "grade 3 cytokine release syndrome (CRS)" in row and "abstract, sentence 4" in row


def test_every_fact_about_the_patients_is_used_somewhere(view):
    page = view("chapters/record", viewport=DESK).page
    facts = page.locator("[id^=fact-case-]")
    unused = [fact.get_attribute("id") for fact in facts.all() if "used in" not in fact.inner_text()]
    # What the cases table repeats in one row stands as facts of its own below it.
    assert set(unused) <= {"fact-case-1", "fact-case-2"} | UNUSED


def test_a_reader_opens_the_rows_by_keyboard(view):
    page = view(PAGES[0], viewport=DESK).page
    page.locator(".chart-rows summary").first.focus()
    page.keyboard.press("Enter")
    assert page.locator(".chart-rows table").first.is_visible()
