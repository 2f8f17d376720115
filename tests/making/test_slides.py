"""The deck: every slide is read, a changed datum changes it, and what is said is shown to teachers alone."""

import dataclasses
import html
import re

import pytest
from chapters_text import CHAPTERS
from conftest import PROJECT
from made_up import live

from tools.classroom import slides

SOURCE = (PROJECT / "classroom" / "slides.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def deck(executed):
    return slides.deck(SOURCE, live(), executed, notes=True)


def test_every_slide_has_a_title_and_something_to_say():
    found = slides.read(SOURCE)
    assert len(found) >= 8
    assert all(re.match(r"# \S", one.shown) and one.said for one in found)


def test_figures_are_those_of_the_book_and_numbers_those_of_the_tables(deck):
    assert deck.count('<svg role="img"') == SOURCE.count("{{figure: ")
    known = slides.values(live())
    named = [known[name] for name in re.findall(r"\{\{(\w+)\}\}", SOURCE) if name not in ("lessons", "objectives")]
    assert named and all(html.escape(said, quote=False) in deck for said in named) and "{{" not in deck
    text = re.sub(r"(?s)\{\{.*?\}\}|https?:\S+|Exercise \d+|exercise \d+", "", SOURCE)
    assert re.findall(r"\d+", re.sub(r"case-?\s?\d|case \d", "", text)) == [], "numbers come from the tables"


def test_a_changed_datum_changes_the_slide(deck):
    gaps = live().gaps
    first = gaps.index == gaps["value"].isna().idxmax()
    filled = dataclasses.replace(live(), gaps=gaps.assign(value=gaps["value"].mask(first, "made up")))
    assert slides.values(filled)["n_open"] == str(int(slides.values(live())["n_open"]) - 1)


def test_what_is_said_is_in_the_teachers_deck_alone(deck, executed):
    plain = slides.deck(SOURCE, live(), executed, notes=False)
    assert deck.count('<aside class="notes">') == len(slides.read(SOURCE))
    assert "<aside" not in plain and "Usual misreading" in deck and "Usual misreading" not in plain


def test_the_deck_asks_for_nothing_beyond_itself(deck):
    assert not re.search(r'\b(?:src|href)="(?!data:)[^#"]', deck) and not re.search(r"url\((?!\"data:)", deck)
    assert "chart-specification" not in deck.replace(".chart-specification", "")


def test_only_the_chapters_whose_figures_are_shown_are_run():
    deck = "{{figure: figure-case-1}}\n\n{{figure: figure-both-courses}}"
    assert [path.stem for path in slides.chapters_of(deck, CHAPTERS)] == ["case-1", "index"]
    assert slides.chapters_of("# No figure", CHAPTERS) == []


def test_an_unknown_figure_and_an_unknown_value_are_refused():
    with pytest.raises(ValueError, match="no chapter has a figure of this name"):
        slides.figure("figure-nothing", ['{"cells": []}'])
    with pytest.raises(ValueError, match=r"\{\{nothing\}\}: no such value"):
        slides.filled("{{nothing}}", {"n_open": "1"})


def test_the_script_is_short():
    assert len((slides.PAGES / "slides.js").read_text(encoding="utf-8").splitlines()) <= 100


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
