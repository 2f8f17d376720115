"""Compare a list of identifiers, such as a new search gives, with what the book knows: `make evidence-diff FILE=…`.

An identifier is a DOI, a PMID, a PMCID or a number of a trial register. The book has included it (the bibliography or
a registration holds it), left it out (the reason names it), seen it (a query gave it), or never seen it.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pandas as pd
from casebook import data

BIBLIOGRAPHY = "references.bib"
KINDS = {  # in the order in which they are looked for: a DOI may hold what looks like another
    "DOI": re.compile(r"\b10\.\d{4,9}/[^\s\"'<>;,|}]+"),
    "PMCID": re.compile(r"\bPMC\d+\b", re.I),
    "register": re.compile(r"\b(?:NCT\d{8}|ISRCTN\d+|CRD\d{8,})\b", re.I),
    "PMID": re.compile(r"\bPMID:?\s*(\d+)\b|(?<![\w./-])(\d{7,8})(?![\w./-])", re.I),
}
INCLUDED, LEFT_OUT, SEEN, UNSEEN = "included", "left out", "seen", "unseen"


def identifiers(text: str) -> dict[str, str]:
    """Find the identifiers of a text, each once: what kind it is, by the identifier as it is compared.

    Examples
    --------
    >>> identifiers("doi:10.1000/ABC.1). PMID: 123; see pmc77 and 12345678")
    {'10.1000/abc.1': 'DOI', 'PMC77': 'PMCID', '123': 'PMID', '12345678': 'PMID'}
    """
    found = {}
    for kind, pattern in KINDS.items():
        for match in pattern.finditer(text):
            named = next(filter(None, match.groups()), match[0])
            found[named.rstrip(".)]").lower() if kind == "DOI" else named.upper()] = kind
        text = pattern.sub(" ", text)
    return found


def known(book, bibliography: str) -> dict[str, str]:
    """What the book knows of each identifier that its tables and its bibliography name; the strongest word counts."""
    texts = {
        SEEN: book.queries["identifiers"],
        LEFT_OUT: book.left_out["what"] + " " + book.left_out["reason"],
        INCLUDED: [bibliography, *book.studies["registration"].dropna()],
    }
    cells = [(word, cell) for word, mine in texts.items() for cell in pd.Series(mine).dropna()]
    return {name: word for word, cell in cells for name in identifiers(cell)}


def compare(book, bibliography: str, text: str) -> pd.DataFrame:
    """Say of each identifier of a text what the book knows of it.

    Parameters
    ----------
    book : Casebook
        Its `queries`, `left_out` and `studies` are used.
    bibliography : str
        BibTeX.
    text : str
        Whatever a search gave.

    Returns
    -------
    DataFrame
        `identifier`, `kind`, `known` ("included", "left out", "seen", "unseen"), the unseen first.

    Raises
    ------
    ValueError
        If the text holds no identifier.
    """
    found, mine = identifiers(text), known(book, bibliography)
    if not found:
        raise ValueError("no identifier was found: give DOIs, PMIDs, PMCIDs or numbers of a trial register")
    rows = pd.DataFrame([(name, kind, mine.get(name, UNSEEN)) for name, kind in found.items()])
    rows.columns = ["identifier", "kind", "known"]
    order = [UNSEEN, SEEN, LEFT_OUT, INCLUDED]
    return rows.sort_values("known", key=lambda words: words.map(order.index), kind="stable", ignore_index=True)


def main(path: str = "") -> int:
    """Print the comparison; the exit code is 0 if there was something to compare."""
    file = Path(path)
    if not path or not file.is_file():
        print(f"make evidence-diff FILE=…: {path or 'no file'} is no file to read", file=sys.stderr)
        return 2
    try:
        bibliography = (data.DATA / BIBLIOGRAPHY).read_text(encoding="utf-8")
        rows = compare(data.load(), bibliography, file.read_text(encoding="utf-8"))
    except ValueError as error:
        print(f"{path}: {error}", file=sys.stderr)
        return 1
    print(rows.to_string(index=False))
    print("; ".join(f"{word}: {n}" for word, n in rows["known"].value_counts(sort=False).items()))
    return 0


if __name__ == "__main__":
    raise SystemExit(main(*sys.argv[1:]))
