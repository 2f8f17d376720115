"""Tiles: one a fact, hatched while it is open, and every one is a link that names its fact."""

import re

from casebook.charts._tiles import tiles
from casebook.patients import record
from made_up import doubles

ONE, TWO = "made-up-case-1", "made-up-case-2"


def test_each_fact_has_one_tile_with_its_name_and_address_in_the_order_of_a_report():
    book = doubles()
    found = record.blanks(book, "there.html#{}/{}")
    asked = record.asked_of(book)
    assert len(asked) == len(book.gaps) and found["title"].startswith(
        f"{len(asked)} facts that a reader would want are"
    )
    every = [tile for group in found["groups"] for case in group["cases"] for tile in case["tiles"]]
    assert sorted(tile["href"] for tile in every) == sorted(
        f"there.html#{row.case_id}/{row.topic}" for row in asked.itertuples()
    )
    assert [group["name"] for group in found["groups"]] == list(dict.fromkeys(asked["group"]))
    assert all([case["case"] for case in group["cases"]] == ["case 1", "case 2"] for group in found["groups"])
    age = found["groups"][0]["cases"][0]["tiles"][0]
    assert age == {"name": "age", "state": "open", "href": f"there.html#{ONE}/age"}


def test_a_filled_fact_is_counted_no_more_and_one_that_the_article_lacks_is_neither():
    book = doubles()
    gaps = book.gaps.copy()
    gaps.loc[gaps["gap_id"] == f"{ONE}-age", "value"] = "1"
    gaps.loc[gaps["gap_id"] == f"{TWO}-age", "not_in"] = "paper"
    found = record.blanks(book.with_tables(gaps=gaps), "#{}/{}")
    patient = found["groups"][0]
    assert [case["tiles"][0]["state"] for case in patient["cases"]] == ["filled", "sought"]
    before = record.blanks(book, "#{}/{}")["groups"][0]["n"]
    assert patient["n"] == before - 2
    page = tiles(found)
    assert page.count('class="filled"') == page.count('class="sought"') == 1
    assert len(re.findall(r"<a ", page)) == len(gaps)


def test_a_book_that_asks_nothing_has_no_tiles():
    book = doubles()
    assert record.blanks(book.with_tables(gaps=book.gaps.iloc[:0]), "{}{}") is None


def test_what_comes_from_a_table_is_text_and_color_and_sign_tell_cases_apart():
    tile = {"name": 'a "b" <i>', "state": "open", "href": "x.html#a&b"}
    case = {"case": "case 1", "color": "#123456", "sign": "◆", "tiles": [tile]}
    page = tiles({"title": "One fact", "groups": [{"name": "<group>", "n": 1, "cases": [case]}]})
    assert "<i>" not in page and "&lt;group&gt;" in page and 'href="x.html#a&amp;b"' in page
    assert ">◆</i>" in page and 'style="color: #123456"' in page and 'aria-label="case 1"' in page
