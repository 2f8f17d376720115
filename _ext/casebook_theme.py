"""Fit the theme: what Jupyter Book hands it, what a page carries, what stands beside the pages."""

from __future__ import annotations

import base64
import html
import json
import re
import shutil
from pathlib import Path

from docutils import nodes

# Scripts and styles that extensions put into every page and that nothing in this book uses: buttons for
# a kernel on the network (whose address they keep), hidden cells, tabs, the look of another theme.
UNUSED = ("thebe", "togglebutton", "design-tabs", "sphinx-book-theme", "copybutton", "clipboard")
UNUSED += ("doctools", "documentation_options", "sphinx_highlight")
# What sphinx-thebe writes into the text of a page, to no use: an inline script the page's own policy refuses.
KERNELS = re.compile(r'<script type="text/x-thebe-config">.*?</script>|<script>kernelName = .*?</script>', re.S)
LOOKS, FONT, LATER = "casebook-looks.css", "casebook-font.js", "casebook-later"
# Text has a face of its own; figures, tables and tools have that of the drawings, whose widths are reckoned with it.
DRAWN, READ = "Liberation Sans", "Casebook Serif"
# Family, style, weight, file, and the names by which a reader's machine may have it.
FONTS = (
    (DRAWN, "normal", 400, "arimo-latin-400-normal", ("Liberation Sans", "Arimo")),
    (DRAWN, "normal", 700, "arimo-latin-700-normal", ("Liberation Sans Bold", "Arimo Bold")),
    (READ, "normal", 400, "casebook-serif-latin-400-normal", ()),
    (READ, "italic", 400, "casebook-serif-latin-400-italic", ()),
    (READ, "normal", 700, "casebook-serif-latin-600-normal", ()),
)
# Until the face of the text is unpacked, one that the machine has, made as wide: no line breaks anew. A share is the
# average width of our letters by that of theirs (capsize 3, xWidthAvg by unitsPerEm; DejaVu Serif measured).
STANDING_IN = ((("Georgia", "Gelasio"), 106), (("Times New Roman", "Liberation Serif", "Tinos"), 116))
STANDING_IN += ((("Noto Serif",), 98), (("DejaVu Serif",), 91))
HIGH = (103.6, 33.5)  # above and below the line, per cent of the size
FIRST = 3  # so many of them are there with the page; the others come when it has been drawn
# By the beginning of a name: what only some pages need, and by what such a page is known.
ONLY_WITH = {
    "casebook-figures.js": 'class="chart',
    "casebook-instruments.": 'id="instrument-rules"',
    "casebook-differential.": 'id="differential-rows"',
    "casebook-case": 'id="case-vocabulary"',
    "casebook-class-answers.": 'id="class-answers"',
    "casebook-class.": 'class="stage-feedback"',
    "casebook-waiting.": 'id="waiting-rows"',
}


def clear_theme_options(app, config):
    """Take away what Jupyter Book hands its own theme: this one would warn of each."""
    config.html_theme_options = {}


def darken_code(app):
    """Choose the colors of code in the dark; the theme asks for them when it starts, not in `_config.yml`."""
    if "pygments_dark_style" in app.config:
        app.config.pygments_dark_style = "a11y-high-contrast-dark"


def open_code(app, doctree):
    """Let the page, not each cell, say if code is shown: see `code_is_open` in the templates."""
    for node in doctree.findall(nodes.container):
        if node.get("hide_mode") == "input":
            del node["hide_mode"]


def tidy_page(app, pagename, templatename, context, doctree):
    """Say of each page what it is, mend what docutils writes, leave out what is not used."""
    if "body" in context:
        # docutils gives entries of the bibliography a role that ARIA has deprecated and a list may not hold.
        body = KERNELS.sub("", context["body"].replace('role="doc-biblioentry"', 'role="listitem"'))
        # The theme wraps a table and gives the wrapper the table's own id.
        context["body"] = re.sub(r'(<div class="table-wrapper[^"]*") id="[^"]*"', r"\1", body)
    for name in ("script_files", "css_files"):
        files = [file for file in context.get(name, []) if not _is_unused(file, pagename)]
        context[name] = [file for file in files if _is_wanted(file, context.get("body", ""))]
    for file in context.get("script_files", []):  # a page is drawn before its scripts run
        file.attributes["defer"] = "defer"
    context["about"] = description(doctree) if doctree else ""
    if "furo_navigation_tree" in context:  # Sphinx gives captions the role of a heading, and no level
        context["furo_navigation_tree"] = context["furo_navigation_tree"].replace(' role="heading"', "")
    source = app.env.doc2path(pagename) if pagename in app.env.found_docs else ""
    context["notebook"] = Path(source).name if str(source).endswith(".ipynb") else ""
    context["code_is_open"] = pagename in app.config.casebook_open_code


def _is_unused(file, pagename) -> bool:
    body = (getattr(file, "attributes", None) or {}).get("body") or ""
    name = str(getattr(file, "filename", file)).lower()
    if "casebook-search" in name and pagename != "search":
        return True
    return any(word in name for word in UNUSED) or "THEBE" in body or "toggle" in body


def _is_wanted(file, body) -> bool:
    name = str(getattr(file, "filename", file)).rpartition("/")[2]
    return all(held in body for begins, held in ONLY_WITH.items() if name.startswith(begins))


def description(doctree) -> str:
    """What a page is about, for search engines: its question, or its first paragraph, of a table what a row is."""
    paragraphs = [node.astext() for node in doctree.findall(nodes.paragraph)]
    for node in doctree.findall(nodes.raw):
        if 'class="data-page"' in node.astext():
            said = re.search("<p>(.*?)</p>", node.astext(), re.S)[1]
            paragraphs.insert(0, html.unescape(re.sub("<[^>]+>", "", said)))
    asked = [text.removeprefix("Question.").strip() for text in paragraphs if text.startswith("Question.")]
    return " ".join((asked or paragraphs or [""])[0].split())


def looks_css(looks) -> str:
    """The colors of the table `looks` as a stylesheet: each gives way to its dark one in the dark.

    Parameters
    ----------
    looks : DataFrame
        `look`, `of`, `color`, `color_dark`.
    """
    looks = looks.dropna(subset=["color", "color_dark"])
    light = [f".of-{row.look} {{ --look: {row.color}; }}" for row in looks.itertuples()]
    dark = [f".of-{row.look} {{ --look: {row.color_dark}; }}" for row in looks.itertuples()]
    for row in looks[looks["color"] != looks["color_dark"]].itertuples():
        dark += [f'.chart [{part}="{row.color}" i] {{ {part}: {row.color_dark}; }}' for part in ("fill", "stroke")]
        dark.append(f'.chart [style="color: {row.color}" i] {{ color: {row.color_dark} !important; }}')
    chosen = "\n".join(f"  body[data-theme=dark] {rule}" for rule in dark)
    by_machine = "\n".join(f"    body:not([data-theme=light]) {rule}" for rule in dark)
    light_rules = "\n".join(light)
    return (
        f"{light_rules}\n@media not print {{\n{chosen}\n"
        f"  @media (prefers-color-scheme: dark) {{\n{by_machine}\n  }}\n}}\n"
    )


def fonts_css(folder: Path, fonts: tuple = FONTS) -> str:
    """The fonts of the book as a stylesheet that holds them: they are there with the page, so that no line jumps.

    Parameters
    ----------
    folder : Path
        Where the fonts lie.
    fonts : tuple, optional
        Some of `FONTS`; by default all of them.
    """
    faces = (
        f'@font-face {{ font-family: "{name}"; font-style: {style}; font-weight: {weight}; src: {source}; }}\n'
        for name, style, weight, source in held_fonts(folder, fonts)
    )
    return "".join(faces)


def fonts_js(folder: Path, fonts: tuple) -> str:
    """The same as a script, which adds each when it is unpacked: by a stylesheet, lines break anew until it is."""
    faces = [
        [name, held, {"style": style, "weight": weight}] for name, style, weight, held in held_fonts(folder, fonts)
    ]
    return (
        f"for (const it of {json.dumps(faces)}) new FontFace(...it).load().then((face) => document.fonts.add(face));\n"
    )


def held_fonts(folder: Path, fonts: tuple) -> list[tuple]:
    """Family, style, weight and source of each font, which holds its letters."""
    found = []
    for name, style, weight, file, here in fonts:
        held = base64.b64encode((folder / f"{file}.woff2").read_bytes()).decode()
        source = "".join(f'local("{one}"), ' for one in here) + f'url("data:font/woff2;base64,{held}") format("woff2")'
        found.append((name, style, str(weight), source))
    return found


def standing_in_css() -> str:
    """Faces of the machine as wide and high as the face of the text, one family after the other: see `STANDING_IN`."""
    faces = []
    for names, share in STANDING_IN:
        here = ", ".join(f'local("{name}")' for name in names)
        above, below = (f"{100 * part / share:.1f}%" for part in HIGH)
        faces.append(
            f'@font-face {{ font-family: "{READ} {names[0]}"; src: {here}; size-adjust: {share}%; '
            f"ascent-override: {above}; descent-override: {below}; line-gap-override: 0%; }}\n"
        )
    return "".join(faces)


def bring_files(app, error, book):
    """Put beside the pages what they lead to: notebooks and tables."""
    if error is not None or app.builder.format != "html":
        return
    out, source = Path(app.outdir), Path(app.srcdir)
    for page in sorted(app.env.found_docs):
        path = Path(app.env.doc2path(page))
        if path.suffix == ".ipynb":
            shutil.copyfile(path, out / f"{page}.ipynb")
    (out / "data").mkdir(exist_ok=True)
    for path in sorted((source / "data").iterdir()):
        shutil.copyfile(path, out / "data" / path.name)


def setup(app, book):
    """Connect all of it; `book` is what gives the tables."""

    def write_looks(app):
        if app.builder.format == "html":
            folder = Path(app.outdir) / "_static"
            folder.mkdir(parents=True, exist_ok=True)
            looks = looks_css(book().looks)
            lie = Path(app.srcdir) / "_static" / "fonts"
            (folder / LOOKS).write_text(fonts_css(lie, FONTS[:FIRST]) + standing_in_css() + looks, encoding="utf-8")
            # Until they are there, browsers slant and thicken upright letters, which are as wide. Paper takes the CSS.
            (folder / f"{LATER}.js").write_text(fonts_js(lie, FONTS[FIRST:]), encoding="utf-8")
            (folder / f"{LATER}.css").write_text(fonts_css(lie, FONTS[FIRST:]), encoding="utf-8")
            drawn = fonts_css(lie, tuple(one for one in FONTS if one[0] == DRAWN))
            # A picture that is saved sees no stylesheet of the page: the script that saves it brings the font.
            (folder / FONT).write_text(f"window.casebookFont = {json.dumps(drawn)};\n", encoding="utf-8")

    app.add_config_value("casebook_open_code", [], "html", types=[list])
    app.add_css_file(LOOKS, priority=900)
    app.connect("config-inited", clear_theme_options, priority=900)
    app.connect("builder-inited", darken_code, priority=100)  # before the theme reads it
    app.connect("builder-inited", write_looks)
    app.connect("doctree-read", open_code)
    app.connect("html-page-context", tidy_page, priority=900)  # after the extensions that add scripts
    app.connect("build-finished", lambda app, error: bring_files(app, error, book))
