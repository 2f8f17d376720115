"""What a reader does with a page: follow a fact, open the code, filter a table, print, go by keyboard."""

import re

import pytest
from casebook import data
from conftest import PROJECT
from site_pages import CONTENT, DESK, PAGES, TABLE_PAGES

# Rows that are shown in tables and figures and in no sentence of their own.
UNUSED = {
    "fact-case-1-disease-before-infusion",
    "fact-case-2-disease-before-infusion",
    "fact-case-2-infusion-before-hsct",
}


@pytest.fixture(scope="module")
def book():
    return data.load()


def test_two_clicks_lead_from_a_sentence_to_its_place_in_the_record_and_to_its_row(view):
    page = view("chapters/case-1", viewport=DESK)
    page.locator(f"{CONTENT} .fact a", has_text="grade 3 CRS").first.click()
    page.wait_for_url("**/record.html#fact-case-1-crs")
    fact = page.locator("#fact-case-1-crs")
    said = fact.inner_text().replace("\xa0", " ")  # a unit stays together in its line
    assert "grade 3 CRS" in said and "used in" in said
    assert page.locator("#sentence-abstract-4 #fact-case-1-crs").count() == 1
    fact.get_by_role("link", name="row", exact=True).click()
    page.wait_for_url("**/tables/events.html#events-case-1-crs")
    row = page.locator("#events-case-1-crs").inner_text().replace("\xa0", " ")
    assert "grade 3 cytokine release syndrome (CRS)" in row and "abstract, sentence 4" in row


def test_every_fact_about_the_patients_is_used_somewhere(view):
    page = view("chapters/record", viewport=DESK)
    facts = page.locator("[id^=fact-case-]")
    unused = [fact.get_attribute("id") for fact in facts.all() if "used in" not in fact.inner_text()]
    # What the cases table repeats in one row stands as facts of its own below it.
    assert set(unused) <= {"fact-case-1", "fact-case-2"} | UNUSED


def test_a_reader_opens_the_rows_by_keyboard(view):
    page = view(PAGES[0], viewport=DESK)
    page.get_by_role("tab", name="Figure").first.focus()
    page.keyboard.press("ArrowRight")
    assert page.locator(".chart-rows table").first.is_visible()


def test_what_was_opened_for_paper_is_closed_again(view):
    page = view("chapters/case-1", viewport=DESK)
    count = "document.querySelectorAll('details[open]').length"
    before = page.evaluate(count)
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert page.evaluate("document.querySelectorAll('details:not([open])').length") == 0
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert page.evaluate(count) == before


def test_code_is_closed_until_the_switch_is_pressed_and_the_choice_is_kept(view):
    page = view("chapters/case-1", viewport=DESK)
    cells, switch = page.locator(".cell_input"), page.get_by_role("button", name="Show code")
    assert cells.count() > 0 and not any(cell.is_visible() for cell in cells.all())
    switch.focus()
    page.keyboard.press("Enter")
    assert all(cell.is_visible() for cell in cells.all()) and switch.get_attribute("aria-pressed") == "true"
    page.reload()
    assert all(cell.is_visible() for cell in page.locator(".cell_input").all())
    page.get_by_role("button", name="Show code").click()
    assert not any(cell.is_visible() for cell in page.locator(".cell_input").all())


def test_without_scripts_the_notebook_leads_to_the_code(view, site):
    page = view("chapters/case-1", viewport=DESK, java_script_enabled=False)
    assert not page.get_by_role("button", name="Show code").is_visible()
    link = page.get_by_role("link", name="Download notebook")
    assert link.is_visible() and link.get_attribute("href") == "case-1.ipynb"
    assert (site / "chapters" / "case-1.ipynb").read_bytes() == (PROJECT / "chapters" / "case-1.ipynb").read_bytes()


@pytest.mark.parametrize("name", ["chapters/data-and-methods", "chapters/methods-statistics"])
def test_chapters_on_method_show_their_code(name, view):
    page = view(name, viewport=DESK)
    assert page.locator(".cell_input").count() > 0
    assert all(cell.is_visible() for cell in page.locator(".cell_input").all())


@pytest.mark.parametrize("table", ["events", "categories"])
def test_a_table_is_filtered_as_one_types(table, view, book):
    page, frame = view(f"chapters/tables/{table}", viewport=DESK), getattr(book, table)
    rows = page.locator(".card, .slim tbody tr")
    word = frame.iloc[0, 0]
    page.get_by_label("Filter").fill(word)
    left = [row for row in rows.all() if row.is_visible()]
    assert 0 < len(left) < len(frame) and all(word in row.text_content() for row in left)
    assert page.get_by_role("status").inner_text() == f"{len(left)} of {len(frame)} rows"
    page.get_by_label("Filter").fill("")
    assert all(row.is_visible() for row in rows.all())


def test_a_table_can_be_downloaded_as_it_is_read(site):
    for table in TABLE_PAGES:
        page = (site / f"{table}.html").read_text(encoding="utf-8")
        (address,) = re.findall(r'<a href="([^"]+)" download>', page)
        target = (site / table).parent / address
        assert target.read_bytes() == (PROJECT / "data" / target.name).read_bytes()


def test_usual_words_are_heard_and_not_seen(view):
    page = view("chapters/case-1", viewport=DESK)
    words = page.locator("article .visually-hidden", has_text=re.compile("^ ?(stated|published)$"))
    assert words.count() > 0
    assert all(word.bounding_box()["width"] <= 1 for word in words.all())
    assert page.locator("article .basis", has_text=re.compile("^(stated|published)$")).count() == 0
    assert page.locator("article .basis-defined, article .basis-not-in-the-record").first.is_visible()
    assert page.locator(".fact sup").count() == 0


def test_a_reader_with_a_keyboard_can_skip_the_navigation(view):
    page = view("chapters/case-1", viewport=DESK)
    skip = page.get_by_role("link", name="Skip to content")
    skip.focus()
    page.keyboard.press("Enter")
    assert page.url.endswith("#furo-main-content")
    outline = page.evaluate(
        "() => { const link = document.querySelector('article a'); link.focus({focusVisible: true});"
        " return getComputedStyle(link).outlineStyle; }"
    )
    assert outline == "solid"


def test_citations_name_author_and_year(view):
    page = view("chapters/case-1", viewport=DESK)
    links = page.locator("article a[href*='references.html#id']")
    assert links.count() > 3
    assert {"Pan et al. 2026", "Lee et al. 2019"} <= {link.inner_text() for link in links.all()}
