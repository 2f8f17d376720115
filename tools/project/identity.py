"""What the book is: title, authors, license, what it was made from and until when it was read.

All of it stands in `CITATION.cff`, but for the short name and the month of reading, which the data package has
(`name`, `read_until`). Pages, footers, covers and names of files take it from here; nothing is typed a second time.
"""

import html
import json
from datetime import date
from functools import cache
from pathlib import Path

import yaml

NO_ADVICE = "Teaching material, no clinical advice."
LICENSES = {
    "MIT": ("MIT", "https://opensource.org/license/mit"),
    "CC-BY-4.0": ("CC BY 4.0", "https://creativecommons.org/licenses/by/4.0/"),
}


@cache
def citation(project: Path) -> dict:
    """What `CITATION.cff` says, with `name` and `read_until` of the data package.

    The first of `references` is what the book was made from: `scope` is the part of it that was read, if not all,
    and `notes` what else is to be said of it. The first of `license` is that of the code, the second that of text and
    data.
    """
    book = yaml.safe_load((project / "CITATION.cff").read_text(encoding="utf-8"))
    package = project / "data" / "datapackage.json"
    described = json.loads(package.read_text(encoding="utf-8")) if package.exists() else {}
    return book | {key: described.get(key, "") for key in ("name", "read_until")}


def heading(book: dict) -> str:
    """The title of the book without what stands behind its colon."""
    return book["title"].partition(": ")[0]


def subtitle(book: dict) -> str:
    """What stands behind the colon of its title."""
    return book["title"].partition(": ")[2]


def article(book: dict) -> dict | None:
    """What the book was made from; None if it was made from no publication."""
    return next(iter(book.get("references", [])), None)


def authors(source: dict) -> str:
    """The authors of a reference, as text names them.

    Examples
    --------
    >>> authors({"authors": [{"family-names": "Ada"}, {"family-names": "Ben"}, {"family-names": "Cleo"}]})
    'Ada et al.'
    """
    names = [one["family-names"] for one in source["authors"]]
    return f"{names[0]} et al." if len(names) > 2 else " and ".join(names)


def made_from(book: dict, linked: bool = False) -> str:
    """What the book was made from, in a sentence; blank if it was made from no publication.

    Parameters
    ----------
    book : dict
        From `citation`.
    linked : bool
        Whether it is HTML, in which the source is a link.
    """
    source = article(book)
    if source is None:
        return ""
    address = f"https://doi.org/{source['doi']}"
    if linked:
        said = f'<a href="{address}">{html.escape(authors(source))} {source["year"]}</a>'
    else:
        said = f"{authors(source)}, {source['journal']} {source['year']}, {address}"
    said = f"the {source['scope']} of {said}, not from the paper" if "scope" in source else said
    return f"Made from {said}" + (f"; {source['notes']}" if "notes" in source else "") + "."


def cited(book: dict) -> str:
    """The book as a reference, with what it was made from."""
    said = f"{names(book)}. {book['title']}. Version {book['version']}, {str(book['date-released'])[:4]}."
    return f"{said} {made_from(book)}".rstrip()


def names(book: dict) -> str:
    """Who the book is by."""
    return "; ".join(author["name"] for author in book["authors"])


def read_until(book: dict) -> str:
    """Until when the literature was read, in a sentence; blank where the data package does not say."""
    if not book["read_until"]:
        return ""
    return f"The literature was read until {date.fromisoformat(book['read_until'] + '-01'):%B %Y}."


def licensed(book: dict) -> str:
    """Under which licenses the book stands, in a sentence."""
    code, text = (LICENSES[name][0] for name in book["license"])
    return f"Text and data {text}, code {code}."
