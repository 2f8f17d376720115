"""The search: from disk and over HTTP, every page once, with the sentence around what was looked for."""

import functools
import http.server
import json
import re
import sys
import threading

import pytest
import yaml
from conftest import PROJECT

sys.path.insert(0, str(PROJECT / "_ext"))
import casebook_search

TOC = yaml.safe_load((PROJECT / "_toc.yml").read_text(encoding="utf-8"))
PAGES = [TOC["root"], *(chapter["file"] for part in TOC["parts"] for chapter in part["chapters"])]
DESK = {"width": 1280, "height": 900}


# ---------------------------------------------------------------- what is kept of a page

PAGE = """<nav>menu</nav><article role="main"><section id="top"><h1>One<a class="headerlink" href="#">#</a></h1>
<p>First, with <b>bold</b> words. Second.</p>
<div class="cell_input"><pre>code = 1</pre></div><script>let x = 1;</script><svg><text>drawn</text></svg>
<section id="under"><h2>Two</h2><ul><li id="item">An item<p>of two parts</p></li></ul>
<table><thead><tr><th>A</th></tr></thead><tbody><tr id="row-1"><th>a</th><td>b</td></tr></tbody></table>
<p>After the row.</p><template><p>turned</p></template></section>
<dl class="glossary"><dt id="term-x">X</dt><dd><p>What x is.</p></dd></dl></section></article><footer>foot</footer>"""


def test_a_page_is_kept_piece_by_piece_with_the_nearest_place_and_heading():
    found = casebook_search.read(PAGE)
    assert found.title == "One"
    assert found.pieces == [
        ["top", "One", "First, with bold words. Second."],
        ["item", "Two", "An item of two parts"],
        ["row-1", "Two", "a · b"],
        ["under", "Two", "After the row."],
    ]
    assert found.terms == [["term-x", "X", "What x is."]]


def kept(site):
    return json.loads((site / casebook_search.FILE).read_text(encoding="utf-8").partition("= ")[2].rstrip(";\n"))


def test_every_page_is_kept_once_and_every_place_exists(site):
    pages = kept(site)["pages"]
    assert sorted(page["address"] for page in pages) == sorted(f"{page}.html" for page in PAGES)
    for page in pages:
        text = (site / page["address"]).read_text(encoding="utf-8")
        ids = set(re.findall(r'\bid="([^"]+)"', text))
        assert {anchor for anchor, *_ in page["pieces"]} <= ids and page["title"] and page["pieces"]


# ---------------------------------------------------------------- the search page


class Quiet(http.server.SimpleHTTPRequestHandler):
    """Serves a folder and keeps silent."""

    def log_message(self, *_):
        """Say nothing."""


@pytest.fixture(scope="module")
def served(site):
    """The site over HTTP on this machine."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=site))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()


@pytest.fixture(scope="module")
def searched(browser, site, served):
    """Look for words as a reader does, from disk or over HTTP."""
    contexts = {"disk": browser.new_context(viewport=DESK, offline=True), "http": browser.new_context(viewport=DESK)}
    pages = {way: context.new_page() for way, context in contexts.items()}
    for page in pages.values():
        page.wrong = []
        page.on("pageerror", lambda error, page=page: page.wrong.append(str(error)))
        page.on("console", lambda line, page=page: page.wrong.append(line.text) if line.type == "error" else None)
        page.on("requestfailed", lambda request, page=page: page.wrong.append((request.url, request.failure)))

    def search(words, way="disk"):
        page = pages[way]
        if not page.url.startswith(("file", "http")):
            page.goto(f"{site.as_uri() if way == 'disk' else served}/chapters/references.html")
        field = page.locator(".search-again input, .sidebar-search").last
        field.fill(words)
        field.press("Enter")
        page.wait_for_url("**/search.html?q=*")
        page.wait_for_function(
            "words => document.querySelector('.search-count').textContent.includes(words) "
            "|| document.querySelector('.search-count').textContent.startsWith('No page')",
            arg=words,
        )
        # What was broken off because the reader had gone on to the next page has not failed.
        page.wrong[:] = [found for found in page.wrong if found[1:] != ("net::ERR_ABORTED",)]
        return page

    yield search
    for context in contexts.values():
        context.close()


def test_each_page_is_found_once_with_what_was_looked_for_in_a_sentence(searched):
    page = searched("hyperacute")
    titles = page.locator(".search-page h2").all_inner_texts()
    assert len(titles) == len(set(titles)) > 5
    assert page.locator(".search-count").inner_text() == f"{len(titles)} pages for “hyperacute”"
    for entry in page.locator(".search-page").all():
        marks = [mark.lower() for mark in entry.locator("mark").all_inner_texts()]
        assert marks and all(mark.startswith("hyperacute") for mark in marks)
        assert 1 <= entry.locator(".search-line").count() <= 3
        assert all(len(line) < 450 for line in entry.locator(".search-line").all_inner_texts())
    assert page.wrong == []


def test_the_definition_of_a_term_stands_on_top(searched):
    page = searched("TA-TMA")
    first = page.locator(".search-results > *").first
    assert first.locator("dt").first.inner_text() == "TA-TMA" and len(first.locator("dd").first.inner_text()) > 20
    assert first.locator("a").first.get_attribute("href") == "./chapters/glossary.html#term-TA-TMA"


def test_an_abbreviation_is_not_stemmed_and_a_word_is(searched):
    marks = {mark.lower() for mark in searched("CRS").locator("mark").all_inner_texts()}
    assert marks == {"crs"}
    marks = {mark.lower() for mark in searched("complications").locator("mark").all_inner_texts()}
    assert {"complication", "complications"} <= marks


def test_words_in_quotes_stand_together_and_several_words_on_one_page(searched):
    marks = {mark.lower() for mark in searched('"day 0"').locator("mark").all_inner_texts()}
    assert marks == {"day 0"}
    page = searched("vasopressor microangiopathy")
    assert page.locator(".search-page").count() >= 1
    for entry in page.locator(".search-page").all():
        address = entry.locator("h2 a").get_attribute("href")
        assert address.startswith("./chapters/")


def test_what_is_nowhere_is_said_to_be_nowhere(searched):
    page = searched("xylophone")
    assert "No page says “xylophone”" in page.locator(".search-count").inner_text()
    assert page.locator(".search-page").count() == 0


def test_over_http_the_same_is_found_as_from_disk(searched):
    texts = [searched("engraftment", way).locator(".search-results").inner_text() for way in ("disk", "http")]
    assert texts[0] == texts[1] != "" and searched("engraftment", "http").wrong == []


def test_a_result_leads_to_its_place(searched):
    page = searched("infection")
    link = page.locator(".search-line a").first
    anchor = link.get_attribute("href").partition("#")[2]
    link.click()
    page.wait_for_url(f"**#{anchor}")
    assert page.locator(f'[id="{anchor}"]').count() == 1
