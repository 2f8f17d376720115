"""The book on paper, in an e-reader and as one release: made of three of its pages, so that it is quick."""

import hashlib
import json
import re
import zipfile
from xml.etree import ElementTree

import pytest
from bs4 import BeautifulSoup
from casebook import data
from casebook.exchange import packages
from conftest import PROJECT
from pypdf import PdfReader

from tools.build import builder
from tools.editions import edition, epub, pdf
from tools.project import archive, identity
from tools.release import crate, dist, exports

PAGES = [("chapters/index", ""), ("chapters/case-1", "The two cases"), ("chapters/lessons", "For the ward")]
XHTML = "{http://www.w3.org/1999/xhtml}"
SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture
def few(site, monkeypatch):
    """Three chapters, made anew for whoever asks: a binder changes what it binds."""
    monkeypatch.setattr(edition, "contents", lambda project: PAGES)
    return lambda: edition.chapters(PROJECT, site)


@pytest.fixture
def bound(few):
    return epub.bind(PROJECT, few(), ["#D55E00", "#0072B2"])


# ---------------------------------------------------------------- what both are made of


def test_the_chapters_are_those_of_the_contents_with_their_parts():
    found = edition.contents(PROJECT)
    assert found[0] == ("chapters/index", "") and ("chapters/case-1", "The two cases") in found
    assert found[-1] == ("chapters/tables/dictionary", "Data")


def test_nothing_is_left_that_needs_a_screen(few):
    for chapter in few():
        assert chapter.body.select("script, button, .headerlink, .cell_input") == []
        assert all("viewBox" in svg.attrs for svg in chapter.body.find_all("svg"))


@pytest.mark.parametrize(
    ("address", "there"),
    [
        ("record.html#fact-1", ("chapters/record", "fact-1")),
        ("tables/cases.html", ("chapters/tables/cases", "")),
        ("../data/cases.csv", ("", "")),
        ("#here", ("chapters/index", "here")),
        ("https://doi.org/10.1/2", None),
        ("mailto:a@example.org", None),
    ],
)
def test_links_lead_within_the_book_or_out_of_it(address, there):
    assert edition.leads_to(address, "chapters/index") == there


# ---------------------------------------------------------------- for e-readers


def test_every_page_is_xml_with_a_title_and_every_figure_tells_what_it_shows(bound):
    pages = {name: ElementTree.fromstring(text) for name, text in bound.items() if name.endswith(".xhtml")}
    assert len(pages) == 5
    for name, page in pages.items():
        assert page.find(f"{XHTML}head/{XHTML}title").text, name
        assert page.get("lang") == "en"
        for picture in page.iter(f"{SVG}svg"):
            named = (
                picture.get("role") == "img" and picture.find(f"{SVG}title").text and picture.find(f"{SVG}desc").text
            )
            assert named or picture.get("aria-hidden") == "true", name
        assert all(image.get("alt") for image in page.iter(f"{XHTML}img"))
        assert not list(page.iter(f"{XHTML}script")), "it reads with scripts off"
    assert sum(1 for page in pages.values() for _ in page.iter(f"{SVG}title")) >= 2


def test_every_link_of_the_epub_leads_somewhere(bound):
    pages = {name.removeprefix("book/"): text.decode() for name, text in bound.items() if name.endswith(".xhtml")}
    ids = {name: set(re.findall(r'\bid="([^"]+)"', text)) for name, text in pages.items()}
    for name, text in pages.items():
        assert len(re.findall(r'\bid="', text)) == len(ids[name]), "each id once"
        for address in re.findall(r'<a [^>]*href="([^"]+)"', text):
            file, _, place = address.partition("#")
            if not address.startswith(("http", "mailto")):
                assert (file or name) in pages and (not place or place in ids[file or name]), (name, address)


def test_the_package_has_cover_title_authors_contents_and_every_file(bound):
    package = bound["book/package.opf"].decode()
    ElementTree.fromstring(package)
    book = identity.citation(PROJECT)
    assert f"<dc:title>{book['title']}</dc:title>" in package
    assert f"<dc:creator>{book['authors'][0]['name']}</dc:creator>" in package
    assert 'href="cover.png" media-type="image/png" properties="cover-image"' in package
    assert 'properties="nav"' in package and "<dc:language>en</dc:language>" in package
    listed = set(re.findall(r'href="([^"]+)" media-type', package))
    assert {f"book/{name}" for name in listed} == {n for n in bound if n.startswith("book/")} - {"book/package.opf"}
    assert bound["book/cover.png"].startswith(b"\x89PNG")
    contents = bound["book/contents.xhtml"].decode()
    assert contents.index("index.xhtml") < contents.index("case-1.xhtml") < contents.index("lessons.xhtml")


def test_two_bindings_are_the_same_bytes(bound, few, tmp_path):
    again = epub.bind(PROJECT, few(), ["#D55E00", "#0072B2"])
    paths = [archive.pack(tmp_path / name, files, first="mimetype") for name, files in (("a", bound), ("b", again))]
    assert paths[0].read_bytes() == paths[1].read_bytes()
    with zipfile.ZipFile(paths[0]) as file:
        first = file.infolist()[0]
        assert (first.filename, first.compress_type) == ("mimetype", zipfile.ZIP_STORED)
        assert file.read("mimetype") == b"application/epub+zip"


# ---------------------------------------------------------------- on paper


def test_answers_stand_at_the_end_and_not_beside_their_questions(few, site):
    text, listed = pdf.one_page(PROJECT, site, few(), ["#D55E00", "#0072B2"])
    assert [title for _, title, _ in listed][-1] == pdf.ANSWERS
    answer = "A single count that is low before engraftment proves nothing"
    assert text.count(answer) == 1 and text.index(answer) > text.index(f"<h1>{pdf.ANSWERS}</h1>")
    assert text.index("Why is TA-TMA looked for twice?") < text.index(f"<h1>{pdf.ANSWERS}</h1>")
    assert "<details" not in text and "chart-narrow" not in re.sub(r"(?s)<style>.*?</style>", "", text)
    ids = re.findall(r'\bid="([^"]+)"', text)
    assert len(ids) == len(set(ids)), "each id once, though all pages are one"
    for place in set(re.findall(r'\baria-labelledby="([^"]+)"', text)):
        assert set(place.split()) <= set(ids)


def test_the_pdf_is_tagged_named_and_its_outline_is_its_contents(few, site, browser, tmp_path):
    text, listed = pdf.one_page(PROJECT, site, few(), ["#D55E00", "#0072B2"])
    # So large that headings go on in the next line, where Chromium loses a blank of the outline.
    text = text.replace("h1 { font-size: 20pt", "h1 { font-size: 34pt")
    pdf.print_page(browser, text, tmp_path / "raw.pdf")
    pdf.finish(tmp_path / "raw.pdf", tmp_path / "book.pdf", PROJECT, pdf.headings(text))
    reader = PdfReader(tmp_path / "book.pdf")
    root = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"] and root["/Lang"] == "en-US"
    assert root["/ViewerPreferences"]["/DisplayDocTitle"] == True  # noqa: E712 (an object of the PDF)
    assert reader.metadata.title == identity.citation(PROJECT)["title"]
    titles = [title for _, title, _ in listed]
    outline = [one for one in reader.outline if not isinstance(one, list)]
    assert [one.title for one in outline] == ["Contents", *titles]
    pages = [" ".join(page.extract_text().split()) for page in reader.pages]
    for one, title in zip(outline[1:], titles):
        number = reader.get_destination_page_number(one) + 1
        assert f"{title} {number}" in pages[1], "the contents have its page"
        assert title in pages[number - 1]
    assert "The course of case 1." in " ".join(pages)
    assert all(float(page.mediabox.width) < 596 and float(page.mediabox.height) < 843 for page in reader.pages)
    for font in fonts(reader):
        assert any(key.startswith("/FontFile") for key in font["/FontDescriptor"]), font["/FontName"]


TAGGED = """<!DOCTYPE html><html lang="en"><head><title>x</title></head><body><div id="a"><h1>One</h1>
<figure><div><svg role="img" aria-label="Bars" width="90" height="30"><rect width="9" height="9"/></svg></div>
<figcaption>Words</figcaption></figure><table><thead><tr><th colspan="2">Who</th></tr><tr><th>A</th><th>B</th></tr>
</thead><tbody><tr><th>Ada</th><td>2</td></tr></tbody></table><a href="#a">up</a></div></body></html>"""


def tags(node):
    """An element of the tag tree, and all below it."""
    below = node.get("/K")
    below = below.get_object() if hasattr(below, "get_object") else below
    yield node
    for one in below if isinstance(below, list) else [below]:
        one = one.get_object() if hasattr(one, "get_object") else one
        if hasattr(one, "get") and "/S" in one:
            yield from tags(one)


def test_every_figure_of_the_pdf_has_its_text_every_header_its_scope_and_programs_its_title(browser, tmp_path):
    page = BeautifulSoup(TAGGED, "html.parser")
    pdf.for_screen_readers(page)
    pdf.print_page(browser, str(page), tmp_path / "raw.pdf")
    pdf.finish(tmp_path / "raw.pdf", tmp_path / "book.pdf", PROJECT, pdf.headings(TAGGED))
    reader = PdfReader(tmp_path / "book.pdf")
    root = reader.trailer["/Root"]
    found = list(tags(root["/StructTreeRoot"]))
    assert [one.get("/Alt") for one in found if one.get("/S") == "/Figure"] == ["Bars"]
    assert "/Caption" not in {one.get("/S") for one in found}
    heads = [
        {key: value for about in one["/A"] for key, value in about.items()} for one in found if one.get("/S") == "/TH"
    ]
    assert [one["/Scope"] for one in heads] == ["/Column", "/Column", "/Column", "/Row"] and heads[0]["/ColSpan"] == 2
    assert root.get_object()["/Metadata"]["/Subtype"] == "/XML"
    assert reader.xmp_metadata.dc_title["x-default"] == identity.citation(PROJECT)["title"]
    assert reader.xmp_metadata.dc_language == ["en-US"]


def test_a_figure_without_any_text_is_not_printed_in_silence():
    silent = BeautifulSoup(TAGGED.replace(' aria-label="Bars"', ""), "html.parser")
    with pytest.raises(builder.Failed, match="1 figures have no text for who cannot see them"):
        pdf.for_screen_readers(silent)


def fonts(reader):
    """The fonts of all pages, each as its descendant that holds the file."""
    for page in reader.pages:
        for font in (page["/Resources"].get("/Font") or {}).values():
            whole = font.get_object()
            yield (whole.get("/DescendantFonts") or [whole])[0].get_object()


# ---------------------------------------------------------------- for other programs


def test_exports_are_written_checked_and_described(tmp_path, monkeypatch):
    monkeypatch.setattr(packages, "exported", lambda book: ["case-1"])
    monkeypatch.setattr(exports, "package_problems", lambda folder: [])  # test_data checks the package
    made = exports.write(tmp_path / "exports")
    assert made == {"phenopackets": 1, "fhir": 1, "tables": len(list(data.DATA.glob("*.csv")))}
    first = {p.relative_to(tmp_path): p.read_bytes() for p in sorted((tmp_path / "exports").rglob("*")) if p.is_file()}
    exports.write(tmp_path / "exports")
    again = {p.relative_to(tmp_path): p.read_bytes() for p in sorted((tmp_path / "exports").rglob("*")) if p.is_file()}
    assert first == again
    graph = json.loads((tmp_path / "exports" / crate.NAME).read_text(encoding="utf-8"))["@graph"]
    entities = {entity["@id"]: entity for entity in graph}
    root = entities["./"]
    assert root["license"] == {"@id": identity.LICENSES["CC-BY-4.0"][1]} and root["author"] == {"@id": "#contributors"}
    assert root["about"] == [{"@id": f"https://doi.org/{identity.article(identity.citation(PROJECT))['doi']}"}]
    assert entities["#code"]["license"] == {"@id": identity.LICENSES["MIT"][1]}
    packet = (tmp_path / "exports" / "phenopackets" / "case-1.json").read_bytes()
    assert entities["phenopackets/case-1.json"]["sha256"] == hashlib.sha256(packet).hexdigest()
    assert {entity["@id"] for entity in root["hasPart"]} == {
        path.relative_to("exports").as_posix() for path in first if path.name != crate.NAME
    }


def test_what_is_not_valid_leaves_the_earlier_exports(tmp_path, monkeypatch):
    (tmp_path / "exports").mkdir()
    (tmp_path / "exports" / "earlier").write_text("earlier")
    monkeypatch.setattr(packages, "exported", lambda book: ["case-1"])
    monkeypatch.setattr(exports, "package_problems", lambda folder: ["data package: broken"])
    with pytest.raises(exports.Invalid, match="broken"):
        exports.write(tmp_path / "exports")
    assert [path.name for path in (tmp_path / "exports").iterdir()] == ["earlier"]
    assert [path.name for path in tmp_path.iterdir()] == ["exports"]


# ---------------------------------------------------------------- one release


def test_an_archive_has_no_trace_of_who_made_it_and_when(tmp_path):
    one = archive.pack(tmp_path / "one.zip", {"b": b"2", "a": b"1"})
    two = archive.pack(tmp_path / "two.zip", {"a": b"1", "b": b"2"})
    assert one.read_bytes() == two.read_bytes()
    with zipfile.ZipFile(one) as file:
        assert [entry.filename for entry in file.infolist()] == ["a", "b"]
        assert {entry.date_time for entry in file.infolist()} == {archive.EARLIEST}


def test_sums_and_manifest_name_every_file_of_a_release(tmp_path):
    for name in ("made-up-1-data.zip", "made-up-1.epub", "CITATION.cff"):
        (tmp_path / name).write_bytes(name.encode())
    dist.account(PROJECT, tmp_path)
    lines = (tmp_path / dist.SUMS).read_text(encoding="utf-8").splitlines()
    sums = dict(reversed(line.split("  ")) for line in lines)
    assert set(sums) == {path.name for path in tmp_path.iterdir()} - {dist.SUMS}
    for name, said in sums.items():
        assert said == hashlib.sha256((tmp_path / name).read_bytes()).hexdigest()
    about = json.loads((tmp_path / dist.MANIFEST).read_text(encoding="utf-8"))
    assert about["version"] == str(identity.citation(PROJECT)["version"])
    assert [one["name"] for one in about["files"]] == sorted(set(sums) - {dist.MANIFEST})


def test_where_there_is_no_history_dates_are_those_of_the_release(tmp_path):
    (tmp_path / "CITATION.cff").write_text("date-released: 2026-01-31\n", encoding="utf-8")
    assert archive.moment(tmp_path).strftime("%Y-%m-%d %H:%M") == "2026-01-31 00:00"
