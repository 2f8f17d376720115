"""One stylesheet for all pages, with the rules that some page can use.

Theme and extensions bring a sheet each, for every book that there could be. A browser shows no word before it has
all of them, and on a phone each is a way to the server and back.
"""

import hashlib
import re
from pathlib import Path

import tinycss2

LINK = re.compile(r'\s*<link rel="stylesheet"[^>]*?href="(?P<address>[^"?]+)[^"]*"[^>]*>')
SHEET = "book.css"
NESTED = {"media", "supports", "container", "layer"}


def one_sheet(site: Path) -> None:
    """Write `_static/book.css` and let every page of a site load it in place of its sheets.

    Parameters
    ----------
    site : Path
        The built site; its pages and `_static` are changed in place.

    Raises
    ------
    ValueError
        If a page loads a sheet that is not there, two pages load sheets in two orders, or a sheet asks for files.
    """
    pages = {path: path.read_text(encoding="utf-8") for path in sorted(site.rglob("*.html"))}
    order: list[Path] = []
    for path, page in pages.items():
        sheets = [(path.parent / link["address"]).resolve() for link in LINK.finditer(page)]
        if any(not sheet.is_file() for sheet in sheets):
            raise ValueError(f"{path.relative_to(site)} loads a stylesheet that is not there: {sheets}")
        order = merged(order, sheets)
    scripts = [path.read_text(encoding="utf-8") for path in sorted((site / "_static").rglob("*.js"))]
    known = names(pages.values(), scripts)
    text = "".join(kept(sheet.read_text(encoding="utf-8"), known) for sheet in order)
    asked = [*re.findall(r"url\(\s*[\"']?([^)\"']{1,60})", text), *re.findall(r"@import[^;]*", text)]
    if beside := [one for one in asked if not one.startswith(("data:", "#"))]:
        raise ValueError(f"a stylesheet asks for other files, which one sheet would look for elsewhere: {beside}")
    (site / "_static" / SHEET).write_text(text, encoding="utf-8")
    version = hashlib.sha256(text.encode()).hexdigest()[:8]
    for path, page in pages.items():
        root = "../" * len(path.relative_to(site).parent.parts)
        tag = f'\n<link rel="stylesheet" type="text/css" href="{root}_static/{SHEET}?v={version}">'
        path.write_text(_in_place_of_the_first(page, tag), encoding="utf-8")
    for sheet in order:
        sheet.unlink()


def _in_place_of_the_first(page: str, tag: str) -> str:
    first = True

    def put(_):
        nonlocal first
        first, text = False, tag if first else ""
        return text

    return LINK.sub(put, page)


def merged(order: list, more: list) -> list:
    """Both lists as one that keeps the order of each: what comes later in the cascade still does.

    Raises
    ------
    ValueError
        If there is no such order.
    """
    found = list(order)
    place = 0
    for one in more:
        if one in found:
            if found.index(one) < place:
                raise ValueError(f"{one.name} is loaded in two orders: {order} and {more}")
            place = found.index(one) + 1
        else:
            found.insert(place, one)
            place += 1
    return found


def names(pages, scripts) -> set[str]:
    """Classes and ids that pages have or that a script could give: every word of a script may be one."""
    found = set()
    for page in pages:
        for value in re.findall(r'\s(?:class|id)="([^"]*)"', page):
            found.update(value.split())
    for script in scripts:
        found.update(re.findall(r"[\w-]+", script))
    return found


def kept(sheet: str, known: set[str]) -> str:
    """The rules of a sheet whose classes and ids are known, in their order and without comments.

    Parameters
    ----------
    sheet : str
        CSS.
    known : set of str
        Names of classes and ids.
    """
    rules = tinycss2.parse_stylesheet(sheet, skip_comments=True, skip_whitespace=True)
    return "".join(_rules_kept(rules, known))


def _rules_kept(rules, known):
    for rule in rules:
        if rule.type == "error":
            raise ValueError(f"a stylesheet cannot be read: line {rule.source_line}: {rule.message}")
        if rule.type == "qualified-rule":
            selectors = [one for one in _selectors(rule.prelude) if _is_usable(one, known)]
            if selectors:
                head = ",".join(tinycss2.serialize(one).strip() for one in selectors)
                yield f"{head}{{{tinycss2.serialize(rule.content).strip()}}}\n"
        elif rule.at_keyword in NESTED and rule.content is not None:
            within = tinycss2.parse_rule_list(rule.content, skip_comments=True, skip_whitespace=True)
            inner = "".join(_rules_kept(within, known))
            if inner:
                yield f"@{rule.at_keyword}{tinycss2.serialize(rule.prelude)}{{{inner}}}\n"
        else:
            yield rule.serialize() + "\n"


def _selectors(prelude) -> list[list]:
    found: list[list] = [[]]
    for token in prelude:
        if token == ",":
            found.append([])
        else:
            found[-1].append(token)
    return found


def _is_usable(selector, known: set[str]) -> bool:
    """Whether all classes and ids that a selector asks for are known; what it excludes may be anything."""
    for before, token in zip([None, *selector], selector):
        if token.type == "hash" and token.value not in known:
            return False
        if token.type == "ident" and before == "." and token.value not in known:
            return False
        if token.type == "function" and token.lower_name in {"is", "where"}:
            one_of = _selectors(token.arguments)
            if not any(_is_usable(one, known) for one in one_of):
                return False
    return True
