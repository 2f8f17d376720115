"""The pages as they reach readers: on a screen of any width, on paper, in the dark, with and without code.

Also what stands behind them: the pages of the tables, the names of the sources, the colors of the figures.
"""

import html
import re
import sys

import pandas as pd
import pytest
import yaml
from casebook import data
from conftest import PROJECT
from pybtex.database import parse_string

sys.path.insert(0, str(PROJECT / "_ext"))
import casebook_citations
import casebook_tables
import casebook_theme

TOC = yaml.safe_load((PROJECT / "_toc.yml").read_text(encoding="utf-8"))
PAGES = [TOC["root"], *(chapter["file"] for part in TOC["parts"] for chapter in part["chapters"])]
TABLE_PAGES = [page for page in PAGES if page.startswith("chapters/tables/")]
READING = [page for page in PAGES if page not in TABLE_PAGES]
EACH_PAGE = pytest.mark.parametrize("name", PAGES)
A_FEW = pytest.mark.parametrize(
    "name", [*READING, "chapters/tables/bounds", "chapters/tables/lanes", "chapters/tables/dictionary"]
)
DESK, SMALL = {"width": 1280, "height": 900}, {"width": 320, "height": 700}


@pytest.fixture(scope="module")
def book():
    return data.load()


@pytest.fixture
def view(browser, site):
    """Open a page from disk; the page remembers what was asked for and what went wrong."""
    contexts = []

    def open_page(name, **options):
        contexts.append(browser.new_context(offline=True, **options))
        page = contexts[-1].new_page()
        page.asked, page.wrong = [], []
        page.on("request", lambda request: page.asked.append(request.url))
        page.on("pageerror", lambda error: page.wrong.append(str(error)))
        page.on("console", lambda line: page.wrong.append(line.text) if line.type == "error" else None)
        page.goto((site / f"{name}.html").as_uri())
        page.wait_for_load_state()
        return page

    yield open_page
    for context in contexts:
        context.close()


# ---------------------------------------------------------------- sources


def source(fields, authors="Author = {Doe, Ann},"):
    text = f"@article{{made-up, {authors} title = {{{{A title}}}}, {fields}}}"
    return parse_string(text, "bibtex").entries["made-up"]


@pytest.mark.parametrize(
    ("authors", "name"),
    [
        ("Doe, Ann", "Doe 2020"),
        ("Doe, Ann and Roe, Bo", "Doe and Roe 2020"),
        ("Doe, Ann and Roe, Bo and Poe, Cy", "Doe et al. 2020"),
        ("Doe, Ann and others", "Doe et al. 2020"),
        ("de Boer, Ann", "de Boer 2020"),
        ("{The House Group}", "The House Group 2020"),
        ('W{\\"o}lfl, Ann', "Wölfl 2020"),
    ],
)
def test_a_source_is_named_by_author_or_consortium_and_year(authors, name):
    assert casebook_citations.label(source("year = {2020}", f"author = {{{authors}}},")) == name


def test_a_shorthand_names_what_has_no_author_or_year():
    assert casebook_citations.label(source("shorthand = {A trial, PMID 1}", "")) == "A trial, PMID 1"


@pytest.mark.parametrize(("fields", "authors"), [("year = {2020}", ""), ("", "author = {Doe, Ann},")])
def test_a_source_without_author_or_year_must_be_given_a_name(fields, authors):
    with pytest.raises(ValueError, match="shorthand"):
        casebook_citations.label(source(fields, authors))


def test_every_source_has_a_short_name_of_its_own():
    text = (PROJECT / "data" / "references.bib").read_text(encoding="utf-8")
    entries = parse_string(text, "bibtex").entries
    names = {key: casebook_citations.label(entry) for key, entry in entries.items()}
    assert len(set(names.values())) == len(names)
    for key, name in names.items():
        title = entries[key].fields["title"].strip("{}")
        assert len(name) <= 50 and "n.d." not in name and title not in name, name
        # It can be looked up: by a year, an identifier, or words that say what is to be found out.
        assert re.search(r"\d{4}|PMID|DOI|HAL|criteria|to be checked", name), name


# ---------------------------------------------------------------- tables


def test_every_table_has_a_page_and_every_page_a_table(book):
    tables = [*book.dictionary["table"].unique(), "sources", "dictionary"]
    assert sorted(TABLE_PAGES) == sorted(f"chapters/tables/{table}" for table in tables)
    for table in tables:
        text = (PROJECT / "chapters" / "tables" / f"{table}.md").read_text(encoding="utf-8")
        assert text.startswith(f"# {table}\n") and f"```{{data-table}} {table}\n" in text


def shown(value):
    if pd.isna(value):
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:.10g}" if isinstance(value, float) else str(value)


def rows_of(page):
    """The rows of a printed table by their ids: all the texts of each."""
    found = {}
    for id_, row in re.findall(r'<(?:tr|li class="card") id="([^"]*)">(.*?)</(?:tr|li)>', page, re.S):
        assert id_ not in found, f"two rows have the id {id_}"
        found[html.unescape(id_)] = [html.unescape(text) for text in re.findall(r">([^<]+)<", row)]
    return found


def test_every_row_of_every_table_is_printed_in_full(book):
    for table in [*book.dictionary["table"].unique(), "sources", "dictionary"]:
        frame = getattr(book, table)
        rows = list(rows_of(casebook_tables.page_html(book, table)).values())
        assert len(rows) == len(frame)
        for printed, row in zip(rows, frame.itertuples(index=False)):
            # The dictionary says the table once, above its columns.
            cells = [shown(value) for value in row][table == "dictionary" :]
            assert set(filter(None, cells)) <= set(printed), f"{table}: {row[0]}"


def test_wide_tables_are_cards_and_each_row_can_be_linked_to(book):
    page = casebook_tables.page_html(book, "events")
    assert 'class="cards"' in page and "<table" not in page
    assert {f"events-{event}" for event in book.events["event_id"]} == set(rows_of(page))
    assert "<table" in casebook_tables.page_html(book, "lanes")


def test_a_cell_that_names_a_row_leads_to_it(book):
    rows = {}
    for table in [*book.dictionary["table"].unique(), "sources", "dictionary"]:
        rows[table] = rows_of(casebook_tables.page_html(book, table))
    links = 0
    for table in rows:
        for target, anchor in re.findall(r'href="(\w+)\.html#([^"]+)"', casebook_tables.page_html(book, table)):
            assert anchor in rows[target] or anchor == f"dictionary-{table}", f"{table} leads to {target}#{anchor}"
            links += 1
    assert links > len(book.events)


def test_an_unknown_table_is_refused(book):
    with pytest.raises(ValueError, match="no table nonsense"):
        casebook_tables.page_html(book, "nonsense")


# ---------------------------------------------------------------- colors


def luminance(color):
    parts = [int(color[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    parts = [part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]


def contrast(one, other):
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def test_marks_stand_out_from_light_and_dark_pages(book):
    for look in book.looks.dropna(subset="color").itertuples():
        assert contrast(look.color, "#ffffff") >= 3, look.look
        assert contrast(look.color_dark, "#131416") >= 3, look.look


def test_colors_in_the_dark_are_those_of_the_table():
    looks = pd.DataFrame(
        {"look": ["one", "two"], "color": ["#000001", "#000002"], "color_dark": ["#FFFFFE", "#000002"]}
    )
    css = casebook_theme.looks_css(looks)
    assert '.chart [fill="#000001" i] { fill: #FFFFFE; }' in css and '[fill="#000002"' not in css
    assert css.index(".of-two { --look: #000002; }") < css.index("@media not print")


# ---------------------------------------------------------------- pages


TEXT_STYLES = """() => {
  const found = [], walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const text = walker.currentNode, one = text.parentElement;
    if (!text.data.trim() || one.closest('svg, script, style, .visually-hidden') || !one.checkVisibility()) continue;
    const style = getComputedStyle(one);
    found.push([style.color, parseFloat(style.fontSize), text.data.trim().slice(0, 40)]);
  }
  return found;
}"""


def hexadecimal(color):
    return "#" + "".join(f"{int(part):02x}" for part in re.findall(r"\d+", color)[:3])


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
        (address,) = re.findall(r'<a [^>]*href="([^"]+)"[^>]*>\s*Download[^<]*CSV', page)
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
