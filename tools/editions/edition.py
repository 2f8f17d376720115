"""The text of the book as its site has it, for paper and for e-readers: one piece a page, without what needs a screen.

Both editions are made from the built pages, so that no number can differ: `epub` and `pdf` bind what this gives.
"""

import re
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import yaml
from bs4 import BeautifulSoup, Tag

from tools import PROJECT
from tools.build import builder
from tools.project import state

TABLES = "chapters/tables/"
# What only a screen with scripts can use, and the code: the notebooks hold it.
ON_SCREEN_ONLY = (
    "script, style, noscript, button, input, template, form, .headerlink, .page-tools, .cell_input, .data-tools, "
    ".chart-specification, .chart-tools, .downloads ul.files, "
    ".sd-summary-state-marker"
)
# Names that SVG writes with capitals and that a reader of HTML makes small.
CAPITALS = (
    *("viewBox", "preserveAspectRatio", "textLength", "lengthAdjust", "gradientUnits", "gradientTransform"),
    *("patternUnits", "patternTransform", "clipPathUnits", "markerWidth", "markerHeight", "refX", "refY"),
)
TAGS = ("clipPath", "linearGradient", "radialGradient", "textPath", "foreignObject")


@dataclass(frozen=True)
class Chapter:
    """One page of the site.

    Attributes
    ----------
    name : str
        As the table of contents names it, such as "chapters/case-1".
    title : str
    part : str
        The part of the book that it belongs to; blank for the first page.
    body : Tag
        Its text, tidied; the caller may change it.
    """

    name: str
    title: str
    part: str
    body: Tag

    @property
    def slug(self) -> str:
        """Its name as part of an id or of a file's name."""
        return re.sub(r"[^a-z0-9]+", "-", self.name.removeprefix("chapters/").lower()).strip("-")


def site(project: Path = PROJECT) -> Path:
    """The folder of the pages, built if it is not of today's state.

    Raises
    ------
    builder.Failed
        If it cannot be built.
    """
    output = project / "_build"
    if not state.is_current(project, output) and builder.build(project, output):
        raise builder.Failed
    return output / "html"


def contents(project: Path) -> list[tuple[str, str]]:
    """The pages in their order, each with its part."""
    toc = yaml.safe_load((project / "_toc.yml").read_text(encoding="utf-8"))
    found = [(toc["root"], "")]
    for part in toc["parts"]:
        found += [(one["file"], part["caption"]) for one in part["chapters"]]
    return found


def chapters(project: Path, pages: Path, tables: bool = True) -> list[Chapter]:
    """Every page of the book, tidied for paper.

    Parameters
    ----------
    project : Path
        Where `_toc.yml` is.
    pages : Path
        The built site.
    tables : bool
        Whether the pages of the full tables are wanted.
    """
    found = []
    for name, part in contents(project):
        if name.startswith(TABLES) and not tables:
            continue
        text = (pages / f"{name}.html").read_text(encoding="utf-8")
        body = BeautifulSoup(text, "html.parser").find("div", class_="page-text")
        tidy(body)
        title = " ".join(body.find("h1").get_text().split()).replace("\u2011", "-")  # to be found, and in any font
        found.append(Chapter(name, title, part, body))
    return found


def tidy(body: Tag) -> None:
    """Take out what needs a screen, and write SVG as XML has it."""
    for element in body.select(ON_SCREEN_ONLY):
        element.decompose()
    for element in body.select("div.cell"):
        if not element.get_text(strip=True) and not element.find(["svg", "img", "table"]):
            element.decompose()
    for element in body.select("[hidden]"):
        del element["hidden"]
    for tile in body.select(".chart-tiles a"):  # its place is a line of a form, which only a screen has
        tile.name = "span"
        del tile["href"]
    for element in body.select("[tabindex]"):
        del element["tabindex"]
    for element in body.find_all("svg"):
        _as_xml(element)


def _as_xml(svg: Tag) -> None:
    names = {name.lower(): name for name in CAPITALS}
    tags = {name.lower(): name for name in TAGS}
    svg["xmlns"] = "http://www.w3.org/2000/svg"
    if "xlink" in str(svg):
        svg["xmlns:xlink"] = "http://www.w3.org/1999/xlink"
    for element in [svg, *svg.find_all(True)]:
        element.name = tags.get(element.name, element.name)
        for old in [key for key in element.attrs if key in names]:
            element[names[old]] = element.attrs.pop(old)


def leads_to(address: str, page: str) -> tuple[str, str] | None:
    """Which page and which place an address of a page leads to.

    Parameters
    ----------
    address : str
        As it stands in a link.
    page : str
        The page that it stands on, such as "chapters/tables/cases".

    Returns
    -------
    tuple of str or None
        Page and id (blank: the whole page); None if it leads out of the book.

    Examples
    --------
    >>> leads_to("../record.html#fact-1", "chapters/tables/cases")
    ('chapters/record', 'fact-1')
    >>> leads_to("#here", "chapters/record"), leads_to("https://doi.org/1", "chapters/record")
    (('chapters/record', 'here'), None)
    """
    parts = urlsplit(address)
    if parts.scheme or parts.netloc:
        return None
    if not parts.path:
        return page, parts.fragment
    steps = [*page.split("/")[:-1], *parts.path.split("/")]
    kept: list[str] = []
    for step in steps:
        if step == "..":
            kept = kept[:-1]
        elif step != ".":
            kept.append(step)
    return ("/".join(kept).removesuffix(".html"), parts.fragment) if parts.path.endswith(".html") else ("", "")


def fonts(pages: Path) -> dict[str, bytes]:
    """The book's fonts, by their names."""
    return {path.name: path.read_bytes() for path in sorted((pages / "_static" / "fonts").glob("*.woff2"))}
