"""What the book is made from: its sources, and what of each was not read; its packages; the day of its release."""

from __future__ import annotations

import json
import re
from functools import lru_cache
from pathlib import Path

import pandas as pd
from pybtex.database import parse_string

SCHEMA, BIBLIOGRAPHY = "datapackage.json", "references.bib"


def _data_folder(chapters: Path) -> Path:
    """The tables stand beside the chapters; in a folder that a course hands out, beside the notebooks."""
    within = chapters / "data"
    return within if (within / SCHEMA).is_file() else chapters.parent / "data"


CHAPTERS = Path(__file__).resolve().parents[2]
DATA = _data_folder(CHAPTERS)
FIELDS = ("title", "year", "doi")
IDENTIFIER = re.compile(r"\bPM(?:ID|CID)\b|\babstract \w*\d|\bhal-\d|\bApplication \w*\d")  # where there is no DOI


def sources(text: str) -> pd.DataFrame:
    """Give the sources of a bibliography.

    Parameters
    ----------
    text : str
        BibTeX.

    Returns
    -------
    DataFrame
        One row a source, in their order: `source_id`, `type`, `title`, `year`, `doi`, `lacks`, what a reader
        needs to find it and was not read, in words, or nothing; and `on_patients`, whether its keywords say that
        it tells of patients of its own.

    Raises
    ------
    pybtex.exceptions.PybtexError
        If the text is no BibTeX.
    """
    columns = ["source_id", "type", *FIELDS, "lacks"]
    return pd.DataFrame(_entries(text), columns=[*columns, "on_patients"]).astype(
        dict.fromkeys(columns, "str") | {"on_patients": "bool"}
    )


@lru_cache(maxsize=2)
def _entries(text: str) -> tuple[tuple, ...]:
    """The rows of `sources`; a text that was read is not read again."""
    rows = []
    for key, entry in parse_string(text, "bibtex").entries.items():
        told = [entry.fields.get(field, "").strip("{}") for field in FIELDS]
        on_patients = "patients" in re.split(r"\W+", entry.fields.get("keywords", ""))
        rows.append((key, entry.type, *told, ", ".join(_lacks(entry)), on_patients))
    return tuple(rows)


def _lacks(entry) -> list[str]:
    """What a reader needs to find a source and was not read: who, when, under which identifier."""
    told = " ".join(entry.fields.get(field, "") for field in ("note", "howpublished"))
    found = {
        "author or group": bool(entry.persons.get("author") or entry.fields.get("shorthand")),
        "year": bool(entry.fields.get("year")),
        "identifier": bool(entry.fields.get("doi") or IDENTIFIER.search(told)),
    }
    return [what for what, known in found.items() if not known]


def requirements() -> pd.DataFrame:
    """What the book needs, from the project's `requirements.in`: `package`, `version`, `why`."""
    pattern = r"^(?P<package>[\w-]+)==(?P<version>\S+)\s+# (?P<why>.*)$"
    lines = pd.Series((CHAPTERS.parent / "requirements.in").read_text(encoding="utf-8").splitlines())
    return lines.str.extract(pattern).dropna().reset_index(drop=True)


def released() -> str:
    """The day of the release that the data belong to, such as "2026-01-31", from `datapackage.json`."""
    return json.loads((DATA / SCHEMA).read_text(encoding="utf-8-sig"))["created"][:10]
