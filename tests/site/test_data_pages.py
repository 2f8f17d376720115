"""The pages of the tables: every row in full, each a place to link to."""

import html
import re
import sys

import pandas as pd
import pytest
import yaml
from casebook import data
from conftest import PROJECT
from site_pages import PAGES, TABLE_PAGES

sys.path.insert(0, str(PROJECT / "_ext"))
import casebook_tables


@pytest.fixture(scope="module")
def book():
    return data.load()


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


def test_the_list_names_every_table_by_what_it_holds(book):
    listed = casebook_tables.list_html(book, ["bounds", "lanes", "sources"])
    assert re.findall(r"<h3>(.*?)</h3>", listed) == [
        "The record and the patients", "Words and drawing", casebook_tables.OTHERS,
    ]  # fmt: skip
    assert re.findall(r'<a href="([^"]+)">([^<]+)</a> \((\d+) rows\)', listed)[0] == (
        "tables/bounds.html", "Bounds: what is known between two events", str(len(book.bounds)),
    )  # fmt: skip


TREE = """<p class="caption"><span class="caption-text">Read</span></p>
<ul><li class="toctree-l1"><a class="reference internal" href="{way}one.html">One</a></li>
</ul>
<p class="caption"><span class="caption-text">Data</span></p>
<ul><li class="toctree-l1{now}"><a class="reference internal" href="{first}">Lanes</a></li>
<li class="toctree-l1"><a class="reference internal" href="{tables}kinds.html">Kinds</a></li></ul>"""


@pytest.mark.parametrize(
    ("page", "way", "tables", "first", "now"),
    [
        ("chapters/two", "", "tables/", "tables/lanes.html", ""),
        ("chapters/tables/lanes", "../", "", "#", " current current-page"),
    ],
)
def test_the_sidebar_has_no_table_and_no_empty_part(page, way, tables, first, now):
    shown = casebook_tables.without_tables(TREE.format(way=way, tables=tables, first=first, now=now), page)
    assert re.findall(r'href="([^"]*)"', shown) == [f"{way}one.html"] and "Data" not in shown


def test_the_current_page_stays_in_its_sidebar():
    here = '<li class="toctree-l1 current-page"><a href="#">One</a></li>'
    tree = f'<p class="caption"><span>Read</span></p>\n<ul>{here}</ul>'
    assert casebook_tables.without_tables(tree, "chapters/one") == tree


def test_no_sidebar_is_longer_than_thirty_links_and_no_chapter_leads_on_to_a_table(site):
    for name in PAGES:
        page = (site / f"{name}.html").read_text(encoding="utf-8")
        sidebar = page.partition('<aside class="sidebar-drawer"')[2].partition("</aside>")[0]
        assert 20 < sidebar.count("<a ") <= 30, name
        beside = page.partition('<nav class="related-pages"')[2].partition("</nav>")[0]
        assert "href" in beside
        assert "../" not in beside if name in TABLE_PAGES else "tables/" not in beside, name


def test_an_old_address_leads_on_to_a_page_and_a_part_that_are_there(site):
    config = yaml.safe_load((PROJECT / "_config.yml").read_text(encoding="utf-8"))
    for old, target in config["sphinx"]["config"]["casebook_moved"].items():
        page = (site / f"{old}.html").read_text(encoding="utf-8")
        assert f"url={target}" in page and f'<a href="{target}">' in page and old not in PAGES
        name, _, part = target.partition("#")
        there = (site / "chapters" / name).read_text(encoding="utf-8")
        assert not part or f'id="{part}"' in there, target
