"""The deck: every slide is read from afar, a changed datum changes it, and what is said is shown to teachers alone."""

import dataclasses
import html
import io
import re

import pytest
from conftest import PROJECT
from made_up import live
from pypdf import PdfReader

from tools.classroom import slides

SOURCE = (PROJECT / "classroom" / "slides.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def deck():
    return slides.deck(SOURCE, live(), notes=True)


def test_every_slide_has_a_title_and_something_to_say():
    found = slides.read(SOURCE)
    assert len(found) >= 8
    assert all(re.match(r"# \S", one.shown) and one.said for one in found)


def test_figures_are_those_of_the_book_and_numbers_those_of_the_tables(deck):
    assert deck.count('<svg role="img"') == len(slides.CELL.findall(SOURCE)) >= 4
    known = slides.values(live())
    named = [known[name] for name in re.findall(r"\{\{(\w+)\}\}", SOURCE) if name not in ("lessons", "objectives")]
    assert named and all(html.escape(said, quote=False) in deck for said in named) and "{{" not in deck
    text = re.sub(r"(?s)\{\{.*?\}\}|https?:\S+|Exercise \d+|exercise \d+", "", slides.CELL.sub("", SOURCE))
    assert re.findall(r"\d+", re.sub(r"case-?\s?\d|case \d", "", text)) == [], "numbers come from the tables"


def test_a_changed_datum_changes_the_slide(deck):
    gaps = live().gaps
    first = gaps.index == gaps["value"].isna().idxmax()
    filled = dataclasses.replace(live(), gaps=gaps.assign(value=gaps["value"].mask(first, "made up")))
    assert slides.values(filled)["n_open"] == str(int(slides.values(live())["n_open"]) - 1)


def test_what_is_said_is_in_the_teachers_deck_alone(deck):
    plain = slides.deck(SOURCE, live(), notes=False)
    assert deck.count('<aside class="notes">') == len(slides.read(SOURCE))
    assert "<aside" not in plain and "Usual misreading" in deck and "Usual misreading" not in plain


def test_the_deck_asks_for_nothing_beyond_itself(deck):
    assert not re.search(r'\b(?:src|href)="(?!data:)[^#"]', deck) and not re.search(r"url\((?!\"data:)", deck)
    assert "chart-specification" not in deck.replace(".chart-specification", "")


def test_a_cell_may_set_names_for_the_next_and_draws_what_it_gives_last():
    names = {"rows": [1, 2]}
    assert slides.drawn("n = len(rows)\n", names) == "" and names["n"] == 2
    with pytest.raises(NameError, match="nothing"):
        slides.drawn("nothing\n", names)


def test_an_unknown_value_is_refused():
    with pytest.raises(ValueError, match=r"\{\{nothing\}\}: no such value"):
        slides.filled("{{nothing}}", {"n_open": "1"})


def test_the_script_is_short():
    assert len((slides.PAGES / "slides.js").read_text(encoding="utf-8").splitlines()) <= 100


SIZES = """() => [...document.querySelectorAll("body *")].flatMap((one) => {
  const own = [...one.childNodes].filter((node) => node.nodeType === 3 && node.data.trim());
  if (!own.length || one.closest("script, style, title, desc") || !one.checkVisibility()) return [];
  const drawn = one.closest("svg") ? one.getScreenCTM().a : 1;
  return [[parseFloat(getComputedStyle(one).fontSize) * drawn, own[0].data.trim(), Boolean(one.closest("svg"))]];
})"""


@pytest.mark.parametrize("size", [(1280, 720), (1280, 900)])
def test_a_slide_is_read_from_the_last_row_and_fits_the_screen(browser, deck, tmp_path, size):
    """No text is under 20 pixels and none of a figure under 24, as they are drawn; nothing is to be scrolled to."""
    path = tmp_path / "slides.html"
    path.write_text(deck, encoding="utf-8")
    page = browser.new_page(viewport={"width": size[0], "height": size[1]})
    page.goto(path.as_uri())
    for number in range(1, len(slides.read(SOURCE)) + 1):
        found = page.evaluate(SIZES)
        small = [(round(px, 1), text) for px, text, in_figure in found if px < (24 if in_figure else 20)]
        assert found and small == [], number
        high, wide = page.evaluate("[document.documentElement.scrollHeight, document.documentElement.scrollWidth]")
        assert (wide, high) == size, number
        page.keyboard.press("ArrowRight")
    page.close()


def test_controls_are_seen_when_the_mouse_moves(browser, deck, tmp_path):
    path = tmp_path / "slides.html"
    path.write_text(deck, encoding="utf-8")
    page = browser.new_page()
    page.goto(path.as_uri())
    assert not page.locator("nav.deck").is_visible()
    page.mouse.move(300, 300)
    assert page.get_by_role("button", name="Next").is_visible()
    page.keyboard.press("ArrowRight")
    assert page.locator("nav.deck").is_hidden()
    page.keyboard.press("Tab")
    assert page.get_by_role("button", name="Back").is_visible()
    page.close()


def test_on_paper_each_slide_is_a_page_without_notes(browser, deck, tmp_path):
    path = tmp_path / "slides.html"
    path.write_text(deck, encoding="utf-8")
    page = browser.new_page()
    page.goto(path.as_uri())
    pages = PdfReader(io.BytesIO(page.pdf(prefer_css_page_size=True))).pages
    page.close()
    text = [one.extract_text() for one in pages]
    assert len(text) == len(slides.read(SOURCE)) and {tuple(one.mediabox[2:]) for one in pages} == {(960, 540)}
    assert "Two courses" in text[0] and "no clinical advice" in text[0] and "Usual misreading" not in " ".join(text)


def test_a_teacher_goes_on_and_back_by_keyboard_and_shows_the_notes(browser, deck, tmp_path):
    path = tmp_path / "slides.html"
    path.write_text(deck, encoding="utf-8")
    page = browser.new_page()
    wrong = []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("console", lambda line: wrong.append(line.text) if line.type == "error" else None)
    page.goto(path.as_uri())
    heading = page.locator(".slide:visible h1")
    assert heading.count() == 1
    first = heading.inner_text()
    page.keyboard.press("ArrowRight")
    assert heading.inner_text() != first and not page.locator(".notes:visible").count()
    page.keyboard.press("n")
    assert page.locator(".notes:visible").count() == 1
    page.keyboard.press("ArrowLeft")
    assert heading.inner_text() == first
    page.keyboard.press("End")
    assert "To take along" in heading.inner_text()
    page.close()
    still = browser.new_page(java_script_enabled=False)
    still.goto(path.as_uri())
    assert still.locator(".slide:visible").count() == len(slides.read(SOURCE)) and wrong == []
    still.close()
