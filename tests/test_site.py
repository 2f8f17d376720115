"""The built pages as a reader has them: from disk, without a network, in a real Chromium."""

import re
from urllib.parse import unquote

import pytest
import yaml
from axe_playwright_python.sync_playwright import Axe
from chapters_text import CHAPTERS, notebooks, outputs
from conftest import PROJECT

pytestmark = pytest.mark.browser

TOC = yaml.safe_load((PROJECT / "_toc.yml").read_text())
PAGES = [TOC["root"], *(chapter["file"] for part in TOC["parts"] for chapter in part["chapters"])]
EACH_PAGE = pytest.mark.parametrize("name", PAGES)
DESK, PHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 844}
CONTENT = "article.bd-article"


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
    files = {f"chapters/{path.stem}" for path in CHAPTERS.iterdir() if path.suffix in (".md", ".ipynb")}
    assert files == set(PAGES)


def test_the_front_door_leads_to_the_first_page(view):
    opened = view("index", viewport=DESK)
    opened.page.wait_for_url("**/chapters/index.html")
    assert "Two courses" in opened.page.title()


@EACH_PAGE
def test_no_request_leaves_the_disk_and_nothing_goes_wrong(name, view):
    opened = view(name, viewport=DESK)
    opened.page.wait_for_timeout(300)
    assert [url for url in opened.requests if not url.startswith(("file:", "data:"))] == []
    assert opened.errors == []
    text = opened.page.inner_text(CONTENT)
    assert "Traceback" not in text and "{glue" not in text and "Error" not in text.replace("DataError", "")


@EACH_PAGE
@pytest.mark.parametrize("viewport", [DESK, PHONE], ids=["desk", "phone"])
def test_every_figure_is_visible_with_scripts_off(name, viewport, view):
    opened = view(name, viewport=viewport, java_script_enabled=False)
    figures = opened.page.locator(".chart")
    assert figures.count() == charts_in(name)
    for figure in figures.all():
        shown = [svg for svg in figure.locator("svg").all() if svg.is_visible()]
        assert len(shown) == 1
        marks = shown[0].locator("path[role=graphics-symbol][aria-label], line[role=graphics-symbol][aria-label]")
        assert marks.count() == figure.locator(".chart-rows tbody tr").count() > 2
        assert shown[0].get_attribute("role") == "img"
        box = shown[0].bounding_box()
        assert box["height"] > 100 and 200 < box["width"] <= viewport["width"]
        # As drawn, not shrunk: text of 11 pixels stays readable on a phone.
        natural = float(shown[0].get_attribute("width"))
        assert box["width"] >= 0.85 * natural


@EACH_PAGE
def test_a_phone_does_not_scroll_sideways(name, view):
    page = view(name, viewport=PHONE).page
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth + 1")


@EACH_PAGE
def test_ink_follows_the_page_in_the_dark(name, view):
    page = view(name, viewport=DESK, color_scheme="dark").page
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"
    ink = page.evaluate(
        """() => [...document.querySelectorAll('.chart-wide svg text')].map(text =>
            getComputedStyle(text).fill === getComputedStyle(document.querySelector('.bd-article p')).color)"""
    )
    slabs = page.evaluate(
        """() => [...document.querySelectorAll('.cell_output .text_html')].map(
            slab => getComputedStyle(slab).backgroundColor)"""
    )
    assert all(ink) and bool(ink) == bool(charts_in(name))
    assert set(slabs) <= {"rgba(0, 0, 0, 0)"}


@EACH_PAGE
def test_no_internal_link_is_broken(name, view, site):
    page = view(name, viewport=DESK).page
    links = page.eval_on_selector_all("a[href]", "links => links.map(link => link.href)")
    assert links
    for link in links:
        if not link.startswith("file:"):
            assert link.startswith(("https://", "mailto:")), link
            continue
        path, _, anchor = unquote(link.removeprefix("file://")).partition("#")
        path = path.partition("?")[0]
        assert path.startswith(str(site)), link
        with open(path, encoding="utf-8") as file:
            html = file.read()
        assert not anchor or re.search(rf'\bid="{re.escape(anchor)}"', html), f"{link}: no such place"


@EACH_PAGE
def test_axe_finds_no_violation_inside_the_content(name, view):
    page = view(name, viewport=DESK, color_scheme="light").page
    result = Axe().run(page, context=CONTENT)
    assert result.violations_count == 0, result.generate_report()


@EACH_PAGE
def test_the_footer_says_what_the_book_is(name, view):
    footer = view(name, viewport=DESK).page.inner_text("footer.bd-footer-content, .bd-footer-content")
    assert "no clinical advice" in footer and "literature was read until" in footer


def test_figures_are_numbered_and_captioned(view):
    for name in PAGES:
        captions = view(name, viewport=DESK).page.locator("figcaption .caption-number")
        assert captions.count() == charts_in(name), name


def test_two_clicks_lead_from_a_sentence_to_its_place_in_the_record_and_to_its_row(view):
    page = view("chapters/case-1", viewport=DESK).page
    page.locator(f"{CONTENT} .fact a", has_text="grade 3 CRS").first.click()
    page.wait_for_url("**/record.html#fact-case-1-crs")
    fact = page.locator("#fact-case-1-crs")
    assert "grade 3 CRS" in fact.inner_text() and "used in" in fact.inner_text()
    assert page.locator("#sentence-abstract-4 #fact-case-1-crs").count() == 1
    fact.get_by_role("link", name="row", exact=True).click()
    page.wait_for_url("**/data-and-methods.html#events-case-1-crs")
    row = page.locator("#events-case-1-crs").inner_text()
    assert "grade 3 cytokine release syndrome (CRS)" in row and "abstract, sentence 4" in row


def test_every_fact_about_the_patients_is_used_somewhere(view):
    page = view("chapters/record", viewport=DESK).page
    facts = page.locator("[id^=fact-case-]")
    unused = [fact.get_attribute("id") for fact in facts.all() if "used in" not in fact.inner_text()]
    # What the cases table repeats in one row stands as facts of its own below it.
    assert set(unused) <= {"fact-case-1", "fact-case-2"} | UNUSED


MARKS = ".chart-live path[role=graphics-symbol][aria-label], .chart-live line[role=graphics-symbol][aria-label]"


@pytest.mark.parametrize("viewport", [DESK, PHONE], ids=["desk", "phone"])
def test_published_patients_can_be_filtered(viewport, view):
    opened = view("chapters/who-else", viewport=viewport)
    opened.page.wait_for_selector(".chart.is-live select")
    figure = opened.page.locator(".chart.is-live").first
    rows = figure.locator(".chart-rows tbody tr").count()
    assert figure.locator(MARKS).count() == rows and not figure.locator(".chart-wide svg").is_visible()
    figure.get_by_role("combobox", name="Target").select_option(label="CLL-1")
    opened.page.wait_for_function(
        f"document.querySelector('.chart.is-live').querySelectorAll('{MARKS}').length < {rows}"
    )
    left = {mark.get_attribute("aria-label").partition(",")[0] for mark in figure.locator(MARKS).all()}
    assert left == {"Miao 2024", "Zhao 2024", "Meng 2025"}
    figure.get_by_role("combobox", name="Outcome").select_option(label="died")
    opened.page.wait_for_function(f"document.querySelector('.chart.is-live').querySelectorAll('{MARKS}').length === 0")
    assert opened.errors == []


def test_if_vega_cannot_be_had_the_picture_stays(view):
    opened = view("chapters/who-else", viewport=DESK)
    opened.page.route("**/vega-bundle.js", lambda route: route.abort())
    opened.page.reload()
    opened.page.wait_for_timeout(500)
    assert opened.page.locator(".chart.is-live").count() == 0
    assert all(svg.is_visible() for svg in opened.page.locator(".chart .chart-wide svg").all())


def test_a_live_figure_takes_the_ink_of_the_page(view):
    page = view("chapters/who-else", viewport=DESK, color_scheme="dark").page
    page.wait_for_selector(".chart.is-live svg text")
    fills = page.eval_on_selector_all(
        ".chart-live svg text", "texts => [...new Set(texts.map(text => getComputedStyle(text).fill))]"
    )
    assert fills == [page.evaluate("getComputedStyle(document.querySelector('.bd-article p')).color")]


def test_pages_without_such_a_figure_load_no_vega(view):
    opened = view("chapters/case-1", viewport=DESK)
    opened.page.wait_for_timeout(300)
    assert not [url for url in opened.requests if "vega" in url]


def test_a_reader_opens_the_rows_by_keyboard(view):
    page = view(PAGES[0], viewport=DESK).page
    page.locator(".chart-rows summary").first.focus()
    page.keyboard.press("Enter")
    assert page.locator(".chart-rows table").first.is_visible()
