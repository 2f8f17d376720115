"""Bind the book for e-readers: `_build/NAME.epub`, the same bytes from the same commit.

python -m tools.editions.epub                     # the chapters
python -m tools.editions.epub --with-tables       # and a page of each table

It reads with scripts off. `epubcheck` is run over it where that is installed (it needs Java).
"""

import argparse
import html
import shutil
import subprocess
import sys
import textwrap
import uuid
from pathlib import Path
from xml.etree import ElementTree

import vl_convert
from bs4 import Tag

from tools.build import builder
from tools.editions import edition
from tools.project import archive, identity
from tools.project.template import filled

PROJECT = edition.PROJECT
CSS, PAGES = Path(__file__).parent / "styles" / "epub.css", Path(__file__).parent / "pages"
MIMETYPE = b"application/epub+zip"


def page(title: str, body: str, kind: str = "bodymatter") -> bytes:
    """A page of XHTML."""
    return filled(PAGES / "page.xhtml", {"title": html.escape(title), "body": body, "kind": kind}).encode()


def for_reader(chapter: edition.Chapter, names: dict[str, str]) -> str:
    """The text of a chapter as XHTML: links within the book lead to its files, others out, the rest is text.

    Parameters
    ----------
    chapter : edition.Chapter
    names : dict
        The file of each page.
    """
    body = chapter.body
    for chart in body.select("div.chart"):
        narrow, wide = chart.select_one(".chart-narrow"), chart.select_one(".chart-wide")
        if narrow is not None and narrow.find("svg") and wide is not None:
            wide.decompose()  # one picture a figure, and the one for small screens
    for link in body.find_all("a"):
        there = edition.leads_to(link["href"], chapter.name) if link.get("href") else ("", "")
        if there is None:
            continue
        page_, place = there
        if file := names.get(page_):
            file = "" if page_ == chapter.name and place else file
            link["href"] = f"{file}#{place}" if place else file
        elif link.get("id"):
            link.name, link.attrs = "span", {"id": link["id"]}
        else:
            link.unwrap()
    _plain(body)
    return body.decode(formatter="minimal")


def _plain(body: Tag) -> None:
    """What XHTML, or the rules of an EPUB, do not know."""
    for element in body.find_all(True):
        unknown = [key for key in element.attrs if key.startswith(("data-", "aria-roledescription")) or key == "align"]
        unknown += ["role"] if str(element.get("role", "")).startswith(("graphics-", "main")) else []
        for name in unknown:
            del element[name]
    # A place that is led to must be there: what led to a part of a page that is for screens leads to the page.
    ids = {element["id"] for element in body.find_all(id=True)}
    for link in body.find_all("a", href=True):
        if link["href"].startswith("#") and link["href"][1:] not in ids:
            link.unwrap()


def cover(book: dict, colors: list[str]) -> bytes:
    """The cover as PNG: title, authors, and the signs of the two cases."""
    lines = textwrap.wrap(identity.heading(book), 16, break_on_hyphens=False)
    title = "".join(f'<text x="90" y="{330 + 120 * n}">{html.escape(line)}</text>' for n, line in enumerate(lines))
    said = {"title": title, "below": str(330 + 120 * len(lines)), "subtitle": html.escape(identity.subtitle(book))}
    said |= {"first": colors[0], "second": colors[1], "author": html.escape(book["authors"][0]["name"])}
    said |= {"notice": identity.NO_ADVICE.rstrip(".")}
    return vl_convert.svg_to_png(filled(PAGES / "cover.svg", said))


def contents_page(chapters: list[edition.Chapter]) -> bytes:
    """The table of contents, part by part."""
    parts: dict[str, list[str]] = {}
    for chapter in chapters:
        item = f'<li><a href="{chapter.slug}.xhtml">{html.escape(chapter.title)}</a></li>'
        parts.setdefault(chapter.part, []).append(item)
    items = "".join(
        f"<li><span>{html.escape(part)}</span><ol>{''.join(rows)}</ol></li>" if part else "".join(rows)
        for part, rows in parts.items()
    )
    first = f'<li><a epub:type="bodymatter" href="{chapters[0].slug}.xhtml">Start</a></li>'
    cover = '<li><a epub:type="cover" href="cover.xhtml">Cover</a></li>'
    toc = '<li><a epub:type="toc" href="#toc">Contents</a></li>'
    tables = any(chapter.name.startswith(edition.TABLES) for chapter in chapters)
    left_out = "" if tables else "<p>The tables of the data are on the site.</p>\n"
    return page(
        "Contents",
        f'<nav epub:type="toc" id="toc"><h1>Contents</h1><ol>{items}</ol></nav>\n{left_out}'
        f'<nav epub:type="landmarks" hidden="hidden"><h2>Landmarks</h2><ol>{cover}{toc}{first}</ol></nav>',
        "frontmatter",
    )


def package(project: Path, files: dict[str, bytes], order: list[str]) -> bytes:
    """The package document: who, what, which files, in which order."""
    book = identity.citation(project)
    name = uuid.uuid5(uuid.NAMESPACE_URL, f"{book['title']} {book['version']}")
    modified = archive.moment(project).strftime("%Y-%m-%dT%H:%M:%SZ")
    kinds = {"css": "text/css", "xhtml": "application/xhtml+xml", "png": "image/png"}
    special = {"cover.png": "cover-image", "contents.xhtml": "nav"}
    items = []
    for file in sorted(files):
        properties = [special[file]] if file in special else []
        if file.endswith(".xhtml") and b"<svg" in files[file]:
            properties.append("svg")
        with_properties = f' properties="{" ".join(properties)}"' if properties else ""
        kind = kinds[file.rpartition(".")[2]]
        items.append(f'<item id="{file.replace(".", "-")}" href="{file}" media-type="{kind}"{with_properties}/>')
    made_from = [one["doi"] for one in book.get("references", [])]
    said = {
        "name": str(name),
        "title": html.escape(book["title"]),
        "creators": "".join(f"<dc:creator>{html.escape(one['name'])}</dc:creator>" for one in book["authors"]),
        "date": str(book["date-released"]),
        "rights": html.escape(identity.licensed(book).rstrip(".")),
        "sources": "".join(f"<dc:source>https://doi.org/{doi}</dc:source>" for doi in made_from),
        "modified": modified,
        "manifest": "".join(items),
        "spine": "".join(f'<itemref idref="{file.replace(".", "-")}"/>' for file in order),
    }
    return filled(PAGES / "package.opf", said).encode()


def bind(project: Path, chapters: list[edition.Chapter], colors: list[str]) -> dict[str, bytes]:
    """All files of the EPUB by their names.

    Raises
    ------
    ElementTree.ParseError
        If a page is no well-formed XML.
    """
    book = identity.citation(project)
    names = {chapter.name: f"{chapter.slug}.xhtml" for chapter in chapters}
    alt = f"Cover: {book['title']}, by {book['authors'][0]['name'].lower()}"
    files = {
        "epub.css": CSS.read_bytes(),
        "cover.png": cover(book, colors),
        "cover.xhtml": page(
            "Cover", f'<div class="cover"><img src="cover.png" alt="{html.escape(alt)}"/></div>', "cover"
        ),
        "contents.xhtml": contents_page(chapters),
    }
    for chapter in chapters:
        files[names[chapter.name]] = page(chapter.title, for_reader(chapter, names))
    for name, content in files.items():
        if name.endswith(".xhtml"):
            ElementTree.fromstring(content)
    order = ["cover.xhtml", "contents.xhtml", *names.values()]
    held = {f"book/{name}": content for name, content in files.items()}
    held["book/package.opf"] = package(project, files, order)
    return held | {"mimetype": MIMETYPE, "META-INF/container.xml": (PAGES / "container.xml").read_bytes()}


def case_colors(project: Path) -> list[str]:
    """The colors of the cases, as every figure has them."""
    from casebook import data

    looks = data.load(project / "data").looks
    return looks.loc[looks["of"] == "case", "color"].to_list()


def checked(target: Path) -> int | None:
    """What epubcheck says: the exit code, or None where it is not installed."""
    command = shutil.which("epubcheck", path=f"{Path(sys.executable).parent}:{shutil.os.environ.get('PATH', '')}")
    if command is None or shutil.which("java") is None:
        return None
    return subprocess.run([command, str(target)], check=False).returncode


def main() -> int:
    """Bind, check and say where it is."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    name = f"{identity.citation(PROJECT)['name']}.epub"
    parser.add_argument("--output", type=Path, default=PROJECT / "_build" / name)
    parser.add_argument("--with-tables", action="store_true")
    given = parser.parse_args()
    try:
        pages = edition.site()
    except builder.Failed:
        return 1
    chapters = edition.chapters(PROJECT, pages, tables=given.with_tables)
    target = archive.pack(given.output, bind(PROJECT, chapters, case_colors(PROJECT)), first="mimetype")
    code = checked(target)
    said = "not checked: epubcheck or Java is not installed" if code is None else "checked by epubcheck"
    if code:
        print(f"epubcheck found errors in {target}.", file=sys.stderr)
        return 1
    print(f"Done. {len(chapters)} chapters, {target.stat().st_size / 1e6:.1f} MB, {said}:\n  {target}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
