"""What others read of a page: descriptions, citations, addresses; and what a page may load and run."""

import base64
import hashlib
import json
import re
from xml.etree import ElementTree

import pytest
import yaml
from conftest import PROJECT

from tools.build import builder, policy
from tools.project import identity

TOC = yaml.safe_load((PROJECT / "_toc.yml").read_text(encoding="utf-8"))
PAGES = [TOC["root"], *(chapter["file"] for part in TOC["parts"] for chapter in part["chapters"])]
BOOK = identity.citation(PROJECT)
AUTHORS = [author["name"] for author in BOOK["authors"]]
SITE = "https://example.org/book/"
HEAVIEST = 150_000  # bytes, compressed


def tags(page, name):
    return re.findall(rf'<meta (?:name|property)="{re.escape(name)}" content="([^"]*)">', page)


@pytest.fixture(scope="module")
def texts(site):
    """Every page of the site, by its name."""
    return {
        str(path.relative_to(site).with_suffix("")): path.read_text("utf-8") for path in sorted(site.rglob("*.html"))
    }


# ---------------------------------------------------------------- every page


def test_each_page_says_what_it_is_in_words_of_its_own(texts):
    titles = [re.search(r"<title>(.*?)</title>", texts[page], re.S)[1] for page in PAGES]
    about = [tags(texts[page], "description") for page in PAGES]
    assert len(set(titles)) == len(PAGES) and all(len(title) > 15 for title in titles)
    assert all(len(one) == 1 and len(one[0]) > 15 for one in about)
    assert len({one[0] for one in about}) == len(PAGES)
    for page in PAGES:
        assert len(re.findall('<meta name="viewport"', texts[page])) == 1
        assert '_static/favicon.svg"' in texts[page] and re.search(r'<html[^>]* lang="en"', texts[page])


def test_a_page_can_be_cited_as_part_of_the_book_by_its_contributors(texts):
    for page in PAGES:
        assert tags(texts[page], "citation_author") == tags(texts[page], "DC.creator") == AUTHORS
        assert tags(texts[page], "citation_publication_date") == [str(BOOK["date-released"]).replace("-", "/")]
        (cited,) = tags(texts[page], "DCTERMS.bibliographicCitation")
        assert BOOK["version"] in cited and BOOK["references"][0]["doi"] in cited
    front, case = (texts[f"chapters/{name}"] for name in ("index", "case-1"))
    assert tags(front, "citation_title") == [BOOK["title"]] and tags(front, "citation_inbook_title") == []
    assert tags(case, "citation_inbook_title") == [BOOK["title"]]


def test_every_page_says_below_its_text_what_the_book_is(texts):
    wanted = [identity.NO_ADVICE, identity.made_from(BOOK, linked=True), identity.read_until(BOOK)]
    for page in PAGES:
        notice = texts[page].partition('<div class="book-notice">')[2].partition("</div>")[0]
        assert all(one in notice for one in [*wanted, identity.licensed(BOOK)]), page


def test_without_an_address_nothing_is_said_that_would_need_one(texts, site):
    assert yaml.safe_load((PROJECT / "_config.yml").read_text())["html"]["baseurl"] == ""
    for text in texts.values():
        assert 'rel="canonical"' not in text and "og:image" not in text and "citation_public_url" not in text
    assert not (site / "sitemap.xml").exists() and (site / "404.html").exists()


def linked(text):
    found = re.findall(r'<script type="application/ld\+json">(.*?)</script>', text, re.S)
    return [json.loads(one) for one in found]


def test_book_and_data_are_told_in_the_words_of_schema_org(texts):
    (book,) = linked(texts["chapters/index"])
    (dataset,) = linked(texts["chapters/data-and-methods"])
    assert (book["@type"], dataset["@type"]) == ("Book", "Dataset")
    package = json.loads((PROJECT / "data" / "datapackage.json").read_text(encoding="utf-8"))
    assert dataset["description"] == package["description"] and dataset["license"] == package["licenses"][0]["path"]
    for one in (book, dataset):
        # The book is by its contributors; the authors of the article are those of the article.
        assert [author["name"] for author in one["author"]] == AUTHORS
        assert one["isBasedOn"]["identifier"].endswith(BOOK["references"][0]["doi"])
        assert one["isBasedOn"]["author"][0] == {
            "@type": "Person",
            "familyName": BOOK["references"][0]["authors"][0]["family-names"],
            "givenName": BOOK["references"][0]["authors"][0]["given-names"],
        }


def test_no_page_is_heavy(site):
    """What a page needs at first, compressed as hosts do, with scripts and with styles (which hold the font)."""
    import gzip

    for page in [*PAGES, "search"]:
        text = (site / f"{page}.html").read_text(encoding="utf-8")
        needed = set(re.findall(r'(?:src|href)="((?:\.\./)*_static/[^"?]+)', text))
        weight = len(gzip.compress(text.encode()))
        for address in needed:
            path = ((site / page).parent / address).resolve()
            assert path.is_file(), address
            weight += len(gzip.compress(path.read_bytes()))
        assert weight <= HEAVIEST, f"{page}: {weight} bytes"


# ---------------------------------------------------------------- with an address


def test_with_an_address_pages_name_it_and_there_is_a_sitemap(small_book):
    config = small_book / "_config.yml"
    config.write_text(config.read_text().replace('baseurl: ""', f'baseurl: "{SITE.rstrip("/")}"'))
    assert builder.build(small_book, small_book / "_build") == 0
    site = small_book / "_build" / "html"
    page = (site / "chapters" / "page.html").read_text()
    address = f"{SITE}chapters/page.html"
    assert f'<link rel="canonical" href="{address}">' in page
    assert tags(page, "citation_public_url") == tags(page, "og:url") == [address]
    (picture,) = tags(page, "og:image")
    card = (site / picture.removeprefix(SITE)).read_bytes()
    assert card.startswith(b"\x89PNG") and [int.from_bytes(card[at : at + 4]) for at in (16, 20)] == [1200, 630]
    found = ElementTree.parse(site / "sitemap.xml").iter("{http://www.sitemaps.org/schemas/sitemap/0.9}loc")
    assert sorted(one.text for one in found) == [address, f"{SITE}chapters/references.html"]
    assert f'href="{SITE}chapters/index.html"' in (site / "404.html").read_text()
    assert f'<link rel="canonical" href="{SITE}chapters/references.html">' in (site / "index.html").read_text()
    assert f"Sitemap: {SITE}sitemap.xml" in (site / "robots.txt").read_text()


# ---------------------------------------------------------------- what a page may do


def test_every_page_carries_a_policy_that_allows_its_own_scripts_and_no_other(texts):
    assert set(PAGES) < set(texts)
    for name, text in texts.items():
        head, _, rest = text.partition('<meta http-equiv="Content-Security-Policy" content="')
        rules = dict(rule.split(" ", 1) for rule in rest.partition('"')[0].split("; "))
        assert "<script" not in head and "<link" not in head, f"{name}: something stands before the policy"
        assert (
            rules["default-src"] == "'none'"
            and "unsafe" not in rules["script-src"]
            and "*" not in rest.partition('"')[0]
        )
        assert not re.search(r"<[^>]+\son\w+=", re.sub(r"<pre.*?</pre>", "", text, flags=re.S)), (
            f"{name}: an inline handler"
        )


def test_an_inline_script_is_allowed_by_its_hash_and_data_need_none():
    script = "let x = 1;\n"
    page = f'<meta charset="utf-8"><script>{script}</script><script src="a.js"></script>'
    page += '<script type="application/json">{"a": 1}</script><!-- <script>no</script> -->'
    page += "<template><script>t</script></template>"
    expected = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    assert re.findall(r"'sha256-([^']+)'", policy.policy(page)) == [expected]
    assert policy.protected(page).index("Content-Security-Policy") < policy.protected(page).index("<script")
    with pytest.raises(ValueError, match="charset"):
        policy.protected("<p>no head</p>")


def test_a_page_from_disk_runs_nothing_that_was_slipped_in_and_asks_for_nothing_elsewhere(browser, site):
    context = browser.new_context()
    page = context.new_page()
    page.goto((site / "chapters" / "case-1.html").as_uri())
    assert page.locator(".chart-tools").count() == page.locator(".chart").count() > 0, "its own scripts run"
    refused = page.evaluate(
        """async () => {
            const script = document.createElement('script');
            script.textContent = 'window.slipped = true';
            const refused = [];
            document.addEventListener('securitypolicyviolation', (event) => refused.push(event.effectiveDirective));
            document.head.append(script);
            await fetch('https://example.org/').catch(() => 0);
            const picture = new Image();
            picture.src = 'https://example.org/a.png';
            await new Promise((done) => { picture.onerror = done; });
            await new Promise((done) => setTimeout(done, 50));
            return [window.slipped, refused.sort()];
        }"""
    )
    assert refused == [None, ["connect-src", "img-src", "script-src-elem"]]
    context.close()


# ---------------------------------------------------------------- workflows


@pytest.mark.parametrize("path", sorted((PROJECT / ".github" / "workflows").glob("*.yml")), ids=lambda path: path.stem)
def test_a_workflow_runs_what_everybody_runs_with_pinned_actions_and_few_rights(path):
    text = path.read_text(encoding="utf-8")
    flow = yaml.safe_load(text)
    assert flow["permissions"] == {"contents": "read"}
    steps = [step for job in flow["jobs"].values() for step in job["steps"]]
    for step in steps:
        assert "uses" not in step or re.fullmatch(r"actions/[\w-]+@[0-9a-f]{40}", step["uses"])
        assert "${{" not in step.get("run", ""), "text of others would be run as a command"
    runs = [step["run"] for step in steps if "run" in step]
    assert runs.index("make book") < runs.index("make test")
    makefile = (PROJECT / "Makefile").read_text(encoding="utf-8")
    for target in re.findall(r"make (\w+)", "\n".join(runs)):
        assert re.search(rf"^{target}:", makefile, re.M)
