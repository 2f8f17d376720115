"""Print the book on A4: `_build/NAME.pdf`, tagged, with outline, page numbers and running heads.

python -m tools.editions.pdf                   # the chapters
python -m tools.editions.pdf --with-tables     # and all that the contents say is not in it

Chromium prints one page that holds all chapters; it is printed twice, because the contents need page numbers.
The bytes are the same on the same system (Chromium and fonts); elsewhere text and outline are.
"""

import argparse
import html
import re
import sys
import tempfile
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from bs4 import BeautifulSoup, Tag
from playwright.sync_api import sync_playwright
from pypdf import PdfReader, PdfWriter
from pypdf.generic import (
    ArrayObject,
    BooleanObject,
    ByteStringObject,
    DictionaryObject,
    NameObject,
    TextStringObject,
)
from pypdf.xmp import XmpInformation

from tools.build import builder
from tools.editions import edition, epub
from tools.project import archive, chromium, identity

PROJECT = edition.PROJECT
CSS = Path(__file__).parent / "styles" / "pdf.css"
ANSWERS = "Answers"
APART = ("Classroom",)  # has handouts of its own
FOLDED = "details.chart-rows, details.folded, .instrument-rules"  # what the site folds, but for the answers
NOT_IN_IT = (
    "Not on paper, and on the site: the classroom (it has sheets of its own), what is folded there, "
    "the rows of the figures, the rules of the instruments and the tables of the data."
)
PLACE = re.compile(r"@p:([a-z0-9-]+)@")  # where the number of a page goes
MANY = ("aria-labelledby", "aria-describedby", "headers", "for", "aria-controls")


@dataclass
class Answer:
    """An answer that stands at the end: its place, its chapter, its question and its text."""

    place: str
    chapter: str
    question: str
    body: str


def on_paper(chapter: edition.Chapter, answers: list[Answer], names: dict[str, str], rows: bool) -> str:
    """The text of a chapter for one page with all others: ids of its own, answers put aside.

    Parameters
    ----------
    chapter : edition.Chapter
    answers : list
        What is asked in the chapter is added.
    names : dict
        The slug of each page.
    rows : bool
        Whether what the site folds, as the rows of a figure, stands on paper too.
    """
    body = chapter.body
    for element in body.select(".chart-narrow" if rows else f".chart-narrow, {FOLDED}"):
        element.decompose()
    _links(chapter, names)
    for_screen_readers(body)
    _own_ids(body, chapter.slug)
    for question in body.select("details.sd-dropdown"):
        _put_aside(question, chapter, answers)
    for details in body.find_all("details"):
        summary = details.find("summary")
        if summary is not None:
            summary.name, summary.attrs = "p", {"class": "summary"}
        details.name = "div"
        details.attrs.pop("open", None)
    return body.decode(formatter="minimal")


def for_screen_readers(body: Tag) -> None:
    """Let Chromium tag a page for who hears it: a drawing is the figure, and not what is round it; headers have scope.

    Raises
    ------
    builder.Failed
        If a figure has no text.
    """
    for element in body.find_all(["figure", "figcaption"]):
        element["role"] = "none"
    for cell in body.select("th:not([scope])"):
        cell["scope"] = "col" if cell.find_parent("thead") else "row"
    named = ("alt", "aria-label", "aria-labelledby")
    silent = [one for one in body.select("svg[role=img], img") if not any(map(one.get, named))]
    if silent:
        raise builder.Failed(f"{len(silent)} figures have no text for who cannot see them: give each a label.")


def _links(chapter: edition.Chapter, names: dict[str, str]) -> None:
    for link in chapter.body.find_all("a", href=True):
        there = edition.leads_to(link["href"], chapter.name)
        if there is None:
            told = link.get_text(strip=True).removeprefix("doi:") in link["href"]
            if link["href"].startswith("http") and not told and link.find_parent("table") is None:
                address = BeautifulSoup(f'<span class="address"> ({html.escape(link["href"])})</span>', "html.parser")
                link.insert_after(address)
        elif there[0] in names:
            slug = names[there[0]]
            link["href"] = f"#{slug}--{there[1]}" if there[1] else f"#{slug}"
        elif link.get("id"):
            del link["href"]
        else:
            link.unwrap()


def _own_ids(body: Tag, slug: str) -> None:
    for element in body.find_all(True):
        for name, value in list(element.attrs.items()):
            if name == "id":
                element["id"] = f"{slug}--{value}"
            elif name in MANY:
                ids = value if isinstance(value, list) else value.split()
                element[name] = " ".join(f"{slug}--{one}" for one in ids)
            elif isinstance(value, str) and "url(#" in value:
                element[name] = re.sub(r"url\(#", f"url(#{slug}--", value)
            elif (name == "xlink:href" or (element.name == "use" and name == "href")) and value.startswith("#"):
                element[name] = f"#{slug}--{value[1:]}"


def _put_aside(question: Tag, chapter: edition.Chapter, answers: list[Answer]) -> None:
    """Leave the question where it is, and its answer for the end of the book."""
    number = len(answers) + 1
    place, back = f"answer-{number}", f"question-{number}"
    summary = question.find("summary")
    asked = " ".join(summary.get_text(" ", strip=True).split())
    summary.extract()
    answers.append(Answer(place, chapter.title, asked, question.decode_contents(formatter="minimal")))
    left = f'<p class="summary" id="{back}">{html.escape(asked)}</p>'
    left += f'<p class="answer-at"><a href="#{place}">Answer {number}, page @p:{place}@</a></p>'
    question.replace_with(BeautifulSoup(left, "html.parser"))


def answers_chapter(answers: list[Answer]) -> str:
    """The answers, chapter by chapter."""
    parts, last = [], None
    for number, one in enumerate(answers, start=1):
        if one.chapter != last:
            parts.append(f"<h2>{html.escape(one.chapter)}</h2>")
            last = one.chapter
        parts.append(
            f'<div class="answer" id="{one.place}"><p class="summary">{number}. {html.escape(one.question)}</p>'
            f'<p class="question-at"><a href="#question-{number}">Asked on page @p:question-{number}@</a></p>'
            f"{one.body}</div>"
        )
    return f"<section><h1>{ANSWERS}</h1>{''.join(parts)}</section>"


def one_page(project: Path, pages: Path, chapters: list[edition.Chapter], colors: list[str]) -> tuple[str, list]:
    """The whole book as one HTML page, with marks where page numbers go.

    Returns
    -------
    tuple
        The page, and its chapters as (slug, title, part).
    """
    book = identity.citation(project)
    answers: list[Answer] = []
    names = {chapter.name: chapter.slug for chapter in chapters}
    rows = any(chapter.name.startswith(edition.TABLES) for chapter in chapters)
    parts = [(c.slug, c.title, c.part, on_paper(c, answers, names, rows)) for c in chapters]
    if answers:
        at = next((n for n, part in enumerate(parts) if chapters[n].name.startswith(edition.TABLES)), len(parts))
        parts.insert(at, ("answers", ANSWERS, "", answers_chapter(answers)))
    listed = [part[:3] for part in parts]
    # A part begins a page and names it; its chapters follow one another, so that no page is left half empty.
    begins = {part or title: slug for slug, title, part in reversed(listed)}
    heads = "".join(_running(slug, name, identity.heading(book)) for name, slug in begins.items())
    texts = "".join(
        f'<div class="chapter" id="{slug}" style="page: of-{begins[part or title]}">'
        f'<div class="page-text">{text}</div></div>'
        for slug, title, part, text in parts
    )
    contents = _contents(listed, "" if rows else NOT_IN_IT)
    styles = "".join(f'<link rel="stylesheet" href="{address}">' for address in stylesheets(pages))
    title = html.escape(book["title"])
    return (
        f'<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>{title}</title>{styles}'
        f"<style>{CSS.read_text(encoding='utf-8')}{heads}</style></head>"
        f'<body data-theme="light"><article role="main">{_cover(book, colors)}{contents}{texts}'
        "</article></body></html>",
        listed,
    )


def _running(slug: str, title: str, book: str) -> str:
    title = "" if title.startswith(book) else title  # the front page is the book's
    font = 'font: 9pt "Liberation Sans", sans-serif; color: #333;'
    left, right = (text.replace("\\", "").replace('"', "\\22 ") for text in (book, title))
    return (
        f'@page of-{slug} {{ @top-left {{ content: "{left}"; {font} }} @top-right {{ content: "{right}"; {font} }} }}\n'
    )


def _cover(book: dict, colors: list[str]) -> str:
    from casebook import words  # the library lives with the chapters: `case_colors` has found it

    title, _, below = words.unbroken(book["title"]).partition(": ")
    signs = "".join(f'<span style="color: {color}">{sign}</span> ' for color, sign in zip(colors, "◆●"))
    return (
        f'<div class="cover-page"><p class="cover-title">{html.escape(title)}</p><p>{html.escape(below)}</p>'
        f'<p class="cover-signs" aria-hidden="true">{signs}</p>'
        f"<p>{html.escape(identity.cited(book))}</p>"
        f"<p>{identity.NO_ADVICE} {identity.licensed(book)}</p></div>"
    )


def _contents(listed: list, left_out: str) -> str:
    rows, last = [], None
    for slug, title, part in listed:
        if part and part != last:
            rows.append(f'<li class="part">{html.escape(part)}</li>')
        last = part or last
        number = f'<span class="number">@p:{slug}@</span>'
        rows.append(
            f'<li><a href="#{slug}"><span>{html.escape(title)}</span><span class="dots"></span>{number}</a></li>'
        )
    left = f'<p class="left-out">{left_out}</p>' if left_out else ""
    return f'<nav class="book-contents" id="contents"><h1>Contents</h1><ol>{"".join(rows)}</ol>{left}</nav>'


def stylesheets(pages: Path) -> list[str]:
    """The addresses of the site's stylesheets, in their order."""
    page = BeautifulSoup((pages / "chapters" / "index.html").read_text(encoding="utf-8"), "html.parser")
    found = []
    for link in page.find_all("link", rel="stylesheet", href=True):
        path = (pages / "chapters" / link["href"].partition("?")[0]).resolve()
        if path.is_file():
            found.append(path.as_uri())
    # What scripts bring once a page is drawn: none runs on paper.
    return found + [path.as_uri() for path in (pages / "_static").glob("casebook-later.css")]


def print_page(browser, text: str, target: Path) -> None:
    """Print a page twice: the second time contents and answers have the numbers of pages that the first one had.

    Parameters
    ----------
    browser : Browser
        A Chromium that Playwright has launched.
    text : str
    target : Path

    Raises
    ------
    builder.Failed
        If a place has no page, or another one each time.
    """
    numbers = dict.fromkeys(PLACE.findall(text), 0)
    with tempfile.TemporaryDirectory() as folder:
        page = Path(folder) / "book.html"
        for _ in range(3):
            page.write_text(_numbered(text, numbers), encoding="utf-8")
            tab = browser.new_page()
            tab.goto(page.as_uri())
            tab.evaluate("document.fonts.ready")
            tab.pdf(path=target, prefer_css_page_size=True, print_background=True, tagged=True, outline=True)
            tab.close()
            found = pages_of(target, list(numbers))
            if found == numbers:
                return
            numbers = found
    raise builder.Failed("The contents do not settle: the numbers of pages change each time.")


def _numbered(text: str, numbers: dict) -> str:
    return PLACE.sub(lambda found: str(numbers[found[1]]), text)


def pages_of(path: Path, slugs: list[str]) -> dict[str, int]:
    """The page of each place, counted from 1."""
    reader = PdfReader(path)
    places = reader.named_destinations
    lost = [slug for slug in slugs if f"/{slug}" not in places and slug not in places]
    if lost:
        raise builder.Failed(f"No place in the PDF for {', '.join(lost)}.")
    get = {slug: places.get(f"/{slug}") or places[slug] for slug in slugs}
    return {slug: reader.get_destination_page_number(one) + 1 for slug, one in get.items()}


def headings(text: str) -> list[str]:
    """Every heading of a page, in its order, with plain hyphens, so that it is found by who types it."""
    found = BeautifulSoup(text, "html.parser").find_all(re.compile(r"^h[1-6]$"))
    return [" ".join(one.get_text().split()).replace("\u2011", "-") for one in found]


def _outline(writer: PdfWriter, wanted: list[str]) -> None:
    """Give the outline the words of the headings.

    Chromium loses a blank where a heading goes on in the next line, and says twice what it moves to the next page.
    """
    known = {"".join(one.split()) * times: one for one in wanted for times in (1, 2)}

    def rename(item) -> None:
        while item is not None:
            item = item.get_object()
            said = str(item["/Title"])
            item[NameObject("/Title")] = TextStringObject(known.get("".join(said.split()).replace("\u2011", "-"), said))
            rename(item.get("/First"))
            item = item.get("/Next")

    rename(writer.root_object["/Outlines"].get_object().get("/First"))


def _xmp(book: dict, moment: datetime) -> XmpInformation:
    """What the PDF is, as programs that index files read it (XMP)."""
    about = XmpInformation.create()
    about.dc_format, about.dc_language = "application/pdf", ["en-US"]
    about.dc_title, about.dc_description = {"x-default": book["title"]}, {"x-default": book["message"]}
    about.dc_creator, about.dc_subject = [book["authors"][0]["name"]], book["keywords"]
    about.xmp_creator_tool, about.xmp_create_date, about.xmp_modify_date = "Chromium", moment, moment
    return about


def finish(raw: Path, target: Path, project: Path, wanted: list[str]) -> None:
    """Say in the PDF what it is: title, authors, language, dates of the commit; its outline in whole words; its tags.

    Parameters
    ----------
    raw, target : Path
        As it was printed, and as it shall be.
    project : Path
    wanted : list of str
        Its headings, in their order.
    """
    book = identity.citation(project)
    writer = PdfWriter(clone_from=raw)
    moment = archive.moment(project)
    day = moment.strftime("D:%Y%m%d%H%M%SZ")
    about = {"/Title": book["title"], "/Author": book["authors"][0]["name"], "/Subject": book["message"]}
    about |= {"/Creator": "Chromium", "/Keywords": ", ".join(book["keywords"])}
    writer.add_metadata(about | {"/CreationDate": day, "/ModDate": day})
    writer.xmp_metadata = _xmp(book, moment)
    kind = {NameObject("/Type"): NameObject("/Metadata"), NameObject("/Subtype"): NameObject("/XML")}
    writer.root_object["/Metadata"].get_object().update(kind)
    root = writer.root_object
    root[NameObject("/Lang")] = TextStringObject("en-US")
    shows = DictionaryObject({NameObject("/DisplayDocTitle"): BooleanObject(True)})
    root[NameObject("/ViewerPreferences")] = shows
    root[NameObject("/PageMode")] = NameObject("/UseOutlines")
    _outline(writer, wanted)
    name = ByteStringObject(day.encode().ljust(16)[:16])
    writer._ID = ArrayObject([name, name])
    with target.open("wb") as file:
        writer.write(file)


def make(project: Path, pages: Path, target: Path, tables: bool = False) -> int:
    """Print the book.

    Returns
    -------
    int
        How many chapters it has.

    Raises
    ------
    builder.Failed
        If there is no Chromium, or it does not print what it should.
    """
    raw = target.with_name(target.name + ".part")
    executable = chromium.find()
    if executable is None:
        raise builder.Failed("Printing needs Chromium (Debian: apt-get install chromium), and none was found.")
    chapters = [one for one in edition.chapters(project, pages, tables) if tables or one.part not in APART]
    text, listed = one_page(project, pages, chapters, epub.case_colors(project))
    try:
        with sync_playwright() as engine:
            browser = engine.chromium.launch(executable_path=executable, args=["--no-sandbox", "--disable-gpu"])
            print_page(browser, text, raw)
            browser.close()
        finish(raw, target, project, headings(text))
    finally:
        raw.unlink(missing_ok=True)
    return len(listed)


def main() -> int:
    """Print and say where it is."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    name = f"{identity.citation(PROJECT)['name']}.pdf"
    parser.add_argument("--output", type=Path, default=PROJECT / "_build" / name)
    parser.add_argument("--with-tables", action="store_true")
    given = parser.parse_args()
    try:
        chapters = make(PROJECT, edition.site(), given.output, given.with_tables)
    except builder.Failed as failure:
        print(f"{failure}\nThere is no new PDF.".lstrip(), file=sys.stderr)
        return 1
    n = len(PdfReader(given.output).pages)
    print(f"Done. {chapters} chapters on {n} pages, {given.output.stat().st_size / 1e6:.1f} MB:\n  {given.output}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
