"""The pages of the tables: every row in full, each a place to link to."""

import html
import re
import sys

import pandas as pd
import pytest
from casebook import data
from conftest import PROJECT
from site_pages import TABLE_PAGES

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
