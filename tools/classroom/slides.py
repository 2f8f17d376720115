"""The deck of slides: `classroom/slides.md`, with the figures of the book and its numbers, as one page for a browser.

python -m tools.classroom.slides   # writes _build/classroom/slides.html, with notes

In the source `---` parts slides, `???` what is shown from what is said, `{{figure: name}}` takes the figure of that
name as a run of its chapter draws it, and `{{name}}` a value. A changed datum changes the slide.
"""

import base64
import hashlib
import html
import json
import re
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from markdown_it import MarkdownIt

from tools import PROJECT
from tools.project import identity, kernels, template

PAGES = Path(__file__).parent / "pages"

# What a slide has no use for: what figures are drawn from, turned and narrow ones, their rows.
NOT_SHOWN = re.compile(
    r'(?s)<script\b.*?</script>|<template\b.*?</template>|<details class="chart-rows">.*?</details>'
    r'|<div class="chart-narrow" hidden>.*?</svg></div>|<div class="chart-tiles">.*?</ul></div>'
)


@dataclass(frozen=True)
class Slide:
    """What is shown and what is said, as Markdown."""

    shown: str
    said: str


def read(text: str) -> tuple[Slide, ...]:
    """The slides of a source."""
    parts = (part.partition("\n???\n") for part in re.split(r"(?m)^---$", text))
    return tuple(Slide(shown.strip(), said.strip()) for shown, _, said in parts)


def values(book) -> dict[str, str]:
    """What may stand in double braces: published numbers, and what the tables count."""
    from casebook.evidence import statements
    from casebook.patients import record

    lessons = "\n".join(f"- {lesson}" for lesson in book.lessons["lesson"])
    objectives = "\n".join(f"- {one};" for one in book.objectives["objective"])
    told = {"n_open": str(record.count_open(book)), "lessons": lessons, "objectives": f"{objectives[:-1]}."}
    return statements.named_numbers(book) | told


def filled(text: str, known: dict[str, str]) -> str:
    """Put values in their places.

    Raises
    ------
    ValueError
        If a name is unknown.
    """

    def value(found: re.Match) -> str:
        if found[1] not in known:
            raise ValueError(f"slides, {{{{{found[1]}}}}}: no such value; known are {', '.join(sorted(known))}")
        return known[found[1]]

    return re.sub(r"\{\{(\w+)\}\}", value, text)


def figures(notebook: str) -> dict[str, dict]:
    """The cells of a notebook (its text) that make a figure, by the name of the figure."""
    cells = json.loads(notebook)["cells"]
    named = {cell["metadata"].get("mystnb", {}).get("figure", {}).get("name"): cell for cell in cells}
    return {name: cell for name, cell in named.items() if name}


def chapters_of(source: str, chapters: Path) -> list[Path]:
    """The notebooks that make the figures of a deck."""
    wanted = set(re.findall(r"\{\{figure: ([\w-]+)\}\}", source))
    return [path for path in sorted(chapters.glob("*.ipynb")) if wanted & set(figures(path.read_text("utf-8")))]


def figure(name: str, executed: Iterable[str]) -> str:
    """A figure as executed notebooks have it, without what a slide has no use for.

    Raises
    ------
    ValueError
        If no chapter has a figure of that name.
    """
    for cell in (figures(notebook).get(name) for notebook in executed):
        if cell:
            (output,) = (one for one in cell["outputs"] if "text/html" in one.get("data", {}))
            return NOT_SHOWN.sub("", "".join(output["data"]["text/html"]))
    raise ValueError(f"slides, figure {name!r}: no chapter has a figure of this name")


def page(title: str, body: str, *, style: str = "", script: str = "") -> str:
    """A page that needs no network and no other file, and runs no script but the one that it is given."""
    book = identity.citation(PROJECT)
    notice = f"{identity.NO_ADVICE} {identity.made_from(book)} Made-up patients are nobody's. {identity.licensed(book)}"
    allowed = f"'sha256-{base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()}'" if script else "'none'"
    after = f"<script>{script}</script>" if script else ""
    said = {"title": html.escape(title), "body": body, "style": style, "after": after, "script": allowed}
    said["notice"] = html.escape(notice, quote=False)
    return template.filled(PAGES / "page.html", said)


def fonts() -> str:
    """The font that figures were drawn with, in the page itself, so that no label is wider than its room."""
    faces = []
    for weight in (400, 700):
        content = (PROJECT / "_static" / "fonts" / f"arimo-latin-{weight}-normal.woff2").read_bytes()
        address = f"data:font/woff2;base64,{base64.b64encode(content).decode()}"
        faces.append(f'@font-face {{ font-family: "Liberation Sans"; font-weight: {weight}; src: url("{address}"); }}')
    return "\n".join(faces) + "\n"


def deck(source: str, book, executed: dict[Path, str], *, notes: bool) -> str:
    """The deck as one page; with `notes`, what is said stands below what is shown, and N shows it.

    Parameters
    ----------
    source : str
    book : Casebook
    executed : dict of Path to str
        The texts of executed notebooks, at least of those in `chapters_of`.
    notes : bool
    """
    known, markdown = values(book), MarkdownIt("commonmark")
    sections = []
    for number, slide in enumerate(read(source), 1):
        shown = markdown.render(filled(slide.shown, known))
        shown = re.sub(r"<p>\{\{figure: ([\w-]+)\}\}</p>", lambda found: figure(found[1], executed.values()), shown)
        said = f'<aside class="notes">{markdown.render(filled(slide.said, known))}</aside>' if notes else ""
        sections.append(f'<section class="slide" id="{number}" tabindex="-1">\n{shown}{said}</section>')
    controls = '<nav class="deck" aria-label="Slides"><button id="back">Back</button> <span id="place"></span> '
    controls += '<button id="on">Next</button></nav>'
    style = fonts() + (PAGES / "slides.css").read_text(encoding="utf-8")
    script = (PAGES / "slides.js").read_text(encoding="utf-8")
    body = controls + "\n" + "\n".join(sections)
    title = f"{identity.heading(identity.citation(PROJECT))}: slides"
    return page(title, body, style=style, script=script)


def main() -> int:
    """Write the deck with notes."""
    from casebook import data

    target = PROJECT / "_build" / "classroom" / "slides.html"
    target.parent.mkdir(parents=True, exist_ok=True)
    source = (PROJECT / "classroom" / "slides.md").read_text(encoding="utf-8")
    executed = kernels.results(chapters_of(source, PROJECT / "chapters"))
    target.write_text(deck(source, data.load(), executed, notes=True), encoding="utf-8")
    print(f"Done. Open this in a browser; arrows go on and back, N shows the notes:\n  {target}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
