"""The pages of the tables, and the one page that lists them.

``{data-table} events``
    One table of the book, every row in full. Its page is called what the schema calls the table.
``{data-list}``
    All tables that have a page, by what they hold, in the groups of the schema (`casebook:group` of a resource).

No kernel runs for them: the rows are those of the loaded book, title and description those of the schema.
The sidebar lists none of them, and no chapter has one before or after it.
"""

from __future__ import annotations

import html
import json
import posixpath
import re
from collections.abc import Container, Iterable

from casebook import data, words
from casebook.charts import cards, slim
from docutils import nodes
from docutils.parsers.rst import Directive

FOLDER = "chapters/tables/"
MOST_COLUMNS = 7  # more do not fit a page, on paper or on a screen: their rows are cards
FILES = {"sources": "references.bib", "dictionary": data.SCHEMA}  # what is no CSV of its own
OTHERS = "The bibliography and the columns"  # the group of what is no resource of the schema
KEYS = {"sources": ("source_id",), "dictionary": ("table", "column")}
WORDS = {
    "sources": (
        "Sources: the bibliography, row by row",
        "A row is a source of the bibliography. An identifier stands here only if it was read with the title.",
    ),
    "dictionary": ("Dictionary", "A row is a column of a table: what it holds, and what is asked of it."),
}


def page_html(book, name: str, printed: Container[str] | None = None) -> str:
    """Everything that the page of a table shows below its heading.

    Parameters
    ----------
    book : data.Casebook
    name : str
        An attribute of the book.
    printed : container of str, optional
        The tables that have a page, to which the dictionary may lead; all if left out.

    Returns
    -------
    str
        Each row has the id "<table>-<key>"; cells that name a row of another table lead to it.

    Raises
    ------
    ValueError
        If the book has no such table.
    """
    descriptor = _descriptor()
    resources = {resource["name"]: resource for resource in descriptor["resources"]}
    if name not in resources and name not in KEYS:
        raise ValueError(f"the book has no table {name}: name one of {', '.join([*resources, *KEYS])}")
    frame, tables = getattr(book, name), data.tables(descriptor)
    key = KEYS.get(name) or next(table.primary_key for table in tables if table.name == name)
    title, about = WORDS.get(name) or (resources[name]["title"], resources[name]["description"])
    file = FILES.get(name) or resources[name]["path"]
    places, links = _places(name, frame, key), _links(name, book, tables)
    titles = _titles(book, name)
    if name == "dictionary":
        body = _by_table(frame, places, titles, printed)
    else:
        form = cards if len(frame.columns) > MOST_COLUMNS else slim
        links = {titles.get(column, column): address for column, address in links.items()}
        body = form(frame.rename(columns=titles), title, places=places, links=links).html
    kind = file.rpartition(".")[2]
    columns = "" if name in KEYS else f'<a href="dictionary.html#dictionary-{name}">What the columns hold</a>'
    return (
        f'<div class="data-page">\n<p>{html.escape(about)}</p>\n'
        f'<div class="data-tools"><label class="data-filter" hidden>Filter <input type="search"></label>\n'
        f'<span class="data-count" role="status">{len(frame)} rows</span>\n'
        f'<a href="../../data/{file}" download>Download {"CSV" if kind == "csv" else file}</a>\n{columns}</div>\n'
        f"{body}\n</div>"
    )


def _descriptor() -> dict:
    return json.loads((data.DATA / data.SCHEMA).read_text(encoding="utf-8-sig"))


def _described() -> dict[str, tuple[str, str, str]]:
    """Title, what a row is, and group of all that may be printed, by name."""
    found = {
        one["name"]: (one["title"], one["description"], one.get("casebook:group", OTHERS))
        for one in _descriptor()["resources"]
    }
    return found | {name: (*said, OTHERS) for name, said in WORDS.items()}


def list_html(book, printed: Iterable[str], folder: str = "tables/") -> str:
    """The tables that have a page, by what they hold.

    Parameters
    ----------
    book : data.Casebook
    printed : iterable of str
        The tables that have a page, in the order of the list.
    folder : str
        The way from the page of the list to those of the tables.

    Returns
    -------
    str
        A heading and a list for each group.
    """
    groups: dict[str, list[str]] = {}
    described = _described()
    for name in printed:
        title, about, group = described[name]
        rows = words.count(len(getattr(book, name)), "row")
        item = f'<li><a href="{folder}{name}.html">{html.escape(title)}</a> ({rows}). {html.escape(about)}</li>'
        groups.setdefault(group, []).append(item)
    lists = {group: "\n".join(items) for group, items in groups.items()}
    return "\n".join(f"<h3>{html.escape(group)}</h3>\n<ul>\n{items}\n</ul>" for group, items in lists.items())


def name_page(app, docname, source):
    """Call the page of a table what the schema calls the table, not what its file is called."""
    name = docname.removeprefix(FOLDER)
    if docname.startswith(FOLDER) and name in (described := _described()):
        source[0] = re.sub(r"\A# .*", lambda _: f"# {described[name][0]}", source[0])


def without_tables(tree: str, page: str) -> str:
    """A sidebar without the pages of the tables, and without a heading that nothing stands under.

    Parameters
    ----------
    tree : str
        HTML: a caption and a list for each part of the book.
    page : str
        The page that the sidebar stands beside, such as "chapters/index".
    """

    def kept(item):
        link = re.search(r'href="([^"#]*)', item[0])
        leads = posixpath.normpath(posixpath.join(posixpath.dirname(page), link[1])) if link and link[1] else page
        return "" if leads.startswith(FOLDER) else item[0]

    tree = re.sub(r'<li class="toctree-l1[^"]*">(?:(?!<li ).)*?</li>\s*', kept, tree, flags=re.S)
    return re.sub(r'<p class="caption"(?:(?!<p ).)*?</p>\s*<ul[^>]*>\s*</ul>\s*', "", tree, flags=re.S)


def keep_apart(app, pagename, templatename, context, doctree):
    """Leave the pages of the tables out of the sidebar and out of the row of chapters."""
    if "furo_navigation_tree" in context:
        context["furo_navigation_tree"] = without_tables(context["furo_navigation_tree"], pagename)
    of_table = pagename.startswith(FOLDER)
    for name in ("prev", "next"):
        beside = context.get(name)
        leads = posixpath.normpath(posixpath.join(posixpath.dirname(pagename), beside["link"])) if beside else ""
        if leads and leads.startswith(FOLDER) != of_table:
            context[name] = None


def _places(name, frame, key) -> list[str]:
    keys = frame[list(key)].astype("str").agg("-".join, axis=1)
    return [_anchor(name, one) for one in keys]


def _titles(book, name) -> dict[str, str]:
    """What the schema calls each column, where that tells them apart."""
    mine = book.dictionary[book.dictionary["table"] == name].set_index("column")["title"]
    columns = list(getattr(book, name).columns)
    titles = {column: mine.get(column) or column.replace("_", " ").capitalize() for column in columns}
    return titles if len(set(titles.values())) == len(columns) else {column: column for column in columns}


def _links(name, book, tables):
    """Where the cells of a column lead: to the row of another table, if there is one."""
    if name == "sources":
        return {"doi": "https://doi.org/{}".format}
    by_source = [column for column in getattr(book, name).columns if re.fullmatch(r"source_(id|[ab])", column)]
    targets = dict.fromkeys(by_source, ("sources", "source_id"))
    keyed_by = {table.name: table.primary_key for table in tables}
    for key in next((table.foreign_keys for table in tables if table.name == name), ()):
        if keyed_by[key.target] == key.target_columns[-1:]:
            targets[key.columns[-1]] = key.target, key.target_columns[-1]
    return {column: _to(target, set(getattr(book, target)[key])) for column, (target, key) in targets.items()}


def _to(target, keys):
    def address(cell):
        return f"{target}.html#{_anchor(target, cell)}" if cell in keys else ""

    return address


def _anchor(name, key) -> str:
    return re.sub(r"\s+", "-", f"{name}-{key}")


def _by_table(frame, places, titles, printed) -> str:
    parts = []
    at = dict(zip(frame.index, places))
    for table, mine in frame.groupby("table", sort=False):
        shown = mine.drop(columns="table").rename(columns=titles)
        listed = slim(shown, f"The columns of {table}", places=[at[row] for row in mine.index]).html
        led = printed is None or table in printed
        head = f'<h2><a href="{table}.html">{table}</a></h2>' if led else f"<h2>{table}</h2>"
        parts.append(f'<section class="data-group" id="dictionary-{table}">{head}\n{listed}</section>')
    return "\n".join(parts)


def setup(app, book):
    """Register the directive; `book` is what gives the tables."""

    class DataTable(Directive):
        """``{data-table} events``: the rows of one table."""

        required_arguments = 1

        def run(self):
            """Print the table as it is loaded now."""
            try:
                pages = self.state.document.settings.env.found_docs
                printed = {page.removeprefix(FOLDER) for page in pages if page.startswith(FOLDER)}
                return [nodes.raw("", page_html(book(), self.arguments[0], printed), format="html")]
            except ValueError as error:
                raise self.error(str(error)) from None

    class DataList(Directive):
        """``{data-list}``: the tables by what they hold."""

        def run(self):
            """List the tables that have a page."""
            pages = self.state.document.settings.env.external_site_map  # in the order of the contents
            printed = [page.removeprefix(FOLDER) for page in pages if page.startswith(FOLDER)]
            return [nodes.raw("", list_html(book(), printed), format="html")]

    app.add_directive("data-table", DataTable)
    app.add_directive("data-list", DataList)
    app.connect("source-read", name_page)
    app.connect("html-page-context", keep_apart, priority=800)
