"""What search engines, reference managers and other sites read of a page, and what stands beside the pages for them.

The book describes itself in `CITATION.cff` (`tools.project.identity`), its data in `data/datapackage.json`: nothing is
typed here a second time.
The address of the site is `html: baseurl` in `_config.yml`. While it is empty, what needs a full address
(canonical links, sitemap, social card) is left out.
"""

from __future__ import annotations

import html
import json
import re
import sys
import textwrap
from functools import cache
from pathlib import Path

import vl_convert
from docutils import nodes

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from tools.project import identity
from tools.project.template import filled

CARD, TEMPLATES = "social-card.png", Path(__file__).resolve().parents[1] / "_templates"
AFTER = re.compile(r'\s*<meta name="viewport" content="width=device-width, initial-scale=1" />')  # the theme has it


def foot(book: dict, package: dict) -> str:
    """What stands below a figure that leaves the book: what it was made from, and of which book it is.

    Parameters
    ----------
    book, package : dict
        From `identity.citation`; the description of the data.
    """
    made_from = "; ".join(f"{source['title']}, {source['path']}" for source in package.get("sources", ()))
    licenses = ", ".join(one["name"] for one in package["licenses"])
    said = f"{identity.names(book)}: {book['title']}, version {book['version']}, {licenses}."
    return f"Made from: {made_from}. {said}" if made_from else said


@cache
def described(source: Path) -> dict:
    """What `data/datapackage.json` says of the data."""
    return json.loads((source / "data" / "datapackage.json").read_text(encoding="utf-8"))


def meta_tags(book: dict, title: str, description: str, address: str, site: str, front: bool) -> str:
    """The tags of one page: description, citation (Highwire and Dublin Core), social card.

    Parameters
    ----------
    book : dict
        From `identity.citation`.
    title, description : str
        Of the page.
    address, site : str
        The full addresses of page and site; empty while the book has none.
    front : bool
        Whether it is the first page, which stands for the book.

    Returns
    -------
    str
        HTML.
    """
    day = str(book["date-released"])
    tags = [
        ("description", description),
        ("citation_title", book["title"] if front else title),
        *([] if front else [("citation_inbook_title", book["title"])]),
        *(("citation_author", author["name"]) for author in book["authors"]),
        ("citation_publication_date", day.replace("-", "/")),
        ("citation_language", "en"),
        *([("citation_public_url", address)] if address else []),
        ("DC.title", book["title"] if front else title),
        *(("DC.creator", author["name"]) for author in book["authors"]),
        ("DC.date", day),
        ("DC.language", "en"),
        ("DC.rights", identity.LICENSES[book["license"][-1]][1]),
        *(("DCTERMS.references", f"https://doi.org/{one['doi']}") for one in book.get("references", [])),
        ("DCTERMS.bibliographicCitation", identity.cited(book)),
        ("twitter:card", "summary_large_image" if site else "summary"),
    ]
    graph = [
        ("og:type", "book" if front else "article"),
        ("og:title", title),
        ("og:description", description),
        *([("og:url", address), ("og:image", f"{site}_static/{CARD}")] if site else []),
        *([("og:image:alt", f"{book['title']}. Two lines of signs.")] if site else []),
    ]
    lines = [f'<meta name="{name}" content="{html.escape(said)}">' for name, said in tags if said]
    lines += [f'<meta property="{name}" content="{html.escape(said)}">' for name, said in graph if said]
    return "\n".join(["", *lines])


def linked_data(book: dict, package: dict, site: str, front: bool) -> str:
    """The book, or its data, in the words of schema.org, as a script element of data."""
    by = [{"@type": "Organization", "name": author["name"]} for author in book["authors"]]
    shared = {"@context": "https://schema.org", "inLanguage": "en", "author": by, "version": str(book["version"])}
    shared |= {"datePublished": str(book["date-released"])}
    if article := identity.article(book):
        shared["isBasedOn"] = _work(article)
    if front:
        found = {"@type": "Book", "name": book["title"], "bookFormat": "https://schema.org/EBook"}
        found |= {"license": [identity.LICENSES[name][1] for name in book["license"]], "keywords": book["keywords"]}
        found |= {"learningResourceType": "case report", "isAccessibleForFree": True}
    else:
        found = {"@type": "Dataset", "name": package["title"], "description": package["description"]}
        found |= {"license": package["licenses"][0]["path"], "isAccessibleForFree": True}
        if site:
            files = {"contentUrl": f"{site}data/datapackage.json", "encodingFormat": "application/json"}
            found["distribution"] = [{"@type": "DataDownload", **files}]
    if site:
        found["url"] = site if front else f"{site}chapters/data-and-methods.html"
    text = json.dumps(shared | found, ensure_ascii=False, sort_keys=True).replace("<", "\\u003c")
    return f'\n<script type="application/ld+json">{text}</script>'


def _work(article: dict) -> dict:
    authors = [
        {"@type": "Person", "familyName": one["family-names"], "givenName": one["given-names"]}
        for one in article["authors"]
    ]
    found = {"@type": "ScholarlyArticle", "name": article["title"], "author": authors}
    found |= {"isPartOf": {"@type": "Periodical", "name": article["journal"]}, "datePublished": str(article["year"])}
    return found | {"identifier": f"https://doi.org/{article['doi']}"}


def describe(app, pagename, templatename, context, doctree):
    """Give a page its tags, and its footer what the book is; `casebook_theme` has said before what it is about."""
    book = identity.citation(Path(app.srcdir))
    said = (identity.made_from(book, linked=True), identity.read_until(book), identity.licensed(book))
    context["no_advice"], context["notice"] = identity.NO_ADVICE, "\n  ".join(filter(None, said))
    site = app.config.html_baseurl
    front = pagename == app.config.root_doc
    title = re.sub(r"<[^>]+>", "", html.unescape(context.get("title") or book["title"]))
    about = context.get("about") or f"{title}, of the book “{book['title']}”."
    address = f"{site}{pagename}.html" if site else ""
    package = described(Path(app.srcdir))
    tags = meta_tags(book, title, about, address, site, front)
    tags += f'\n<meta name="casebook:foot" content="{html.escape(foot(book, package))}">'
    if front or pagename == "chapters/data-and-methods":
        tags += linked_data(book, package, site, front)
    context["metatags"] = AFTER.sub("", context.get("metatags", "")) + tags


# ---------------------------------------------------------------- beside the pages


def not_found(book: dict, site: str) -> str:
    """The page for an address that does not exist; it needs no other file, for it may stand at any depth."""
    home = html.escape(f"{site or '/'}chapters/index.html")
    return filled(TEMPLATES / "404.html", {"home": home, "title": html.escape(book["title"])})


def card(book: dict, colors: list[str]) -> bytes:
    """A picture for those who share a link: title, and the signs of two courses; 1200 by 630 pixels."""
    lines = textwrap.wrap(identity.heading(book), 26, break_on_hyphens=False)
    title = "".join(f'<text x="80" y="{170 + 84 * at}">{html.escape(one)}</text>' for at, one in enumerate(lines))
    said = {"title": title, "below": str(190 + 84 * len(lines)), "subtitle": html.escape(identity.subtitle(book))}
    said |= {"author": html.escape(identity.names(book)), "first": colors[0], "last": colors[-1]}
    return vl_convert.svg_to_png(filled(TEMPLATES / "social-card.svg", said))


def _colors(looks) -> list[str]:
    return looks.loc[looks["of"] == "case", "color"].to_list()


def moved(app, out: Path, title: str) -> None:
    """Let the addresses of pages that are no more (`casebook_moved` in `_config.yml`) lead on."""
    for old, target in app.config.casebook_moved.items():
        page = filled(TEMPLATES / "moved.html", {"title": html.escape(title), "target": html.escape(target)})
        (out / f"{old}.html").write_text(page, encoding="utf-8")


def write(app, error, tables):
    """Write the page for lost addresses, those that lead on, and the card; with an address the sitemap, too."""
    if error is not None or app.builder.format != "html":
        return
    out, site = Path(app.outdir), app.config.html_baseurl
    book = identity.citation(Path(app.srcdir))
    (out / "404.html").write_text(not_found(book, site), encoding="utf-8")
    moved(app, out, book["title"])
    (out / "_static" / CARD).write_bytes(card(book, _colors(tables().looks)))
    if site:
        entries = "".join(
            f"<url><loc>{html.escape(f'{site}{name}.html')}</loc></url>\n" for name in sorted(app.env.found_docs)
        )
        head = '<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n'
        (out / "sitemap.xml").write_text(f"{head}{entries}</urlset>\n", encoding="utf-8")
        (out / "robots.txt").write_text(f"User-agent: *\nAllow: /\nSitemap: {site}sitemap.xml\n", encoding="utf-8")


def with_slash(app, config):
    """Let an address end with a slash, as what is joined to it expects."""
    if config.html_baseurl:
        config.html_baseurl = f"{config.html_baseurl.rstrip('/')}/"


def cited_role(name, rawtext, text, lineno, inliner, options=None, content=None):
    """Say how the book is cited, in one line to copy."""
    return [nodes.literal(rawtext, identity.cited(identity.citation(Path(inliner.document.settings.env.srcdir))))], []


def setup(app, tables):
    """Connect all of it; `tables` is what gives the tables."""
    app.add_config_value("casebook_moved", {}, "html", types=[dict])
    app.add_role("cited", cited_role)
    app.connect("config-inited", with_slash)
    app.connect("html-page-context", describe, priority=950)  # after the theme has said what a page is about
    app.connect("build-finished", lambda app, error: write(app, error, tables))
