"""The deck of slides: `classroom/slides.md`, with figures and numbers from the tables, as one page for a browser.

python -m tools.classroom.slides   # writes _build/classroom/slides.html, with notes

In the source `---` parts slides, `???` what is shown from what is said, and `{{name}}` takes a value. What its cells of
Python give last is drawn: figures are made for a slide, by the functions that make those of the book, with fewer rows.
A changed datum changes the slide.
"""

import ast
import base64
import hashlib
import html
import re
import sys
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from markdown_it import MarkdownIt

from tools import PROJECT
from tools.project import identity, template

PAGES = Path(__file__).parent / "pages"
CELL = re.compile(r"(?ms)^```python\n(.*?)^```$")
LARGER = 2  # a slide shows a drawing, whose smallest type has 12 pixels, so much larger

# What a slide has no use for: what figures are drawn from, those for a phone, their rows.
NOT_SHOWN = re.compile(
    r'(?s)<script\b.*?</script>|<details class="chart-rows">.*?</details>'
    r'|<div class="chart-narrow" hidden>.*?</svg></div>'
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


def drawn(source: str, known: dict[str, object]) -> str:
    """Run a cell, and draw what its last line gives, if that is a figure; names that it sets stay in `known`."""
    from casebook import charts

    *before, last = ast.parse(source).body
    exec(compile(ast.Module(before, []), "slides.md", "exec"), known)
    if not isinstance(last, ast.Expr):
        exec(compile(ast.Module([last], []), "slides.md", "exec"), known)
        return ""
    found = eval(compile(ast.Expression(last.value), "slides.md", "eval"), known)
    made = NOT_SHOWN.sub("", charts.render(found.to_dict())["text/html"])
    return re.sub(
        r'(<svg role="img"[^>]*?) width="([\d.]+)" height="([\d.]+)"',
        lambda size: f'{size[1]} width="{LARGER * float(size[2]):g}" height="{LARGER * float(size[3]):g}"',
        made,
    )


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


@lru_cache(maxsize=1)
def _figures(source: str, book) -> list[list[str]]:
    """The figures of each slide: with notes they are what they are without."""
    names = {"book": book}
    return [[drawn(cell, names) for cell in CELL.findall(slide.shown)] for slide in read(source)]


def deck(source: str, book, *, notes: bool) -> str:
    """The deck as one page; with `notes`, what is said stands below what is shown, and N shows it."""
    known, markdown = values(book), MarkdownIt("commonmark")
    sections = []
    for number, (slide, figures) in enumerate(zip(read(source), _figures(source, book)), 1):
        shown = markdown.render(filled(CELL.sub("<!-- figure -->", slide.shown), known))
        for figure in figures:
            shown = shown.replace("<!-- figure -->", figure, 1)
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
    target.write_text(deck(source, data.load(), notes=True), encoding="utf-8")
    print(f"Done. Open this in a browser; arrows go on and back, N shows the notes:\n  {target}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
