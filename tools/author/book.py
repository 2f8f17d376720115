"""Another book from the engine of this one: checked before anything is written, written whole or not at all."""

from __future__ import annotations

import json
import re
import shutil
import sys
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import yaml
from casebook import words
from pybtex.database import BibliographyData, Entry, parse_file
from pybtex.exceptions import PybtexError

from tools.author import engine, pages, tables
from tools.project import identity, processes
from tools.project.template import filled

AUTHORS = ("The authors of this book",)
NEEDED = ("title", "journal", "year", "doi")  # what is said of an article on every page
SHORT = 40  # letters of the name that files are called by
OWN = Entry("misc", [("title", "{Own patients}"), ("shorthand", "Own patients")])


@dataclass(frozen=True)
class Wish:
    """What somebody wants of a new book.

    Attributes
    ----------
    title : str
        Before and after a colon: the heading and what stands below it.
    given : dict of str to list of dict
        The rows of a case file.
    anchors, lanes, without : tuple of str
        As `tables.made` and `engine.contents` have them.
    authors : tuple of str
    sources : Path or None
        A file of BibTeX with sources that this book does not have.
    """

    title: str
    given: dict[str, tables.Rows]
    anchors: tuple[str, ...] = ()
    lanes: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    authors: tuple[str, ...] = AUTHORS
    sources: Path | None = None


class Refused(Exception):
    """There will be no new book; the message has every reason, a line each."""


def new(folder: Path, wish: Wish, project: Path, wrong: Iterable[str] = ()) -> None:
    """Write another book into a folder that is empty or not there yet, and run it once.

    Parameters
    ----------
    folder : Path
    wish : Wish
    project : Path
        The book whose engine and vocabulary it gets.
    wrong : iterable of str
        What is known to be wrong with the wish, to be said with all else.

    Raises
    ------
    Refused
        If anything of the wish cannot be; nothing is written then.
    """
    wrong = [*_refusals(folder, wish, project), *wrong]
    made = tables.made(project / "data", wish.given, list(wish.anchors), list(wish.lanes))
    sources, lost = _sources(made, wish, project)
    if wrong := [*wrong, *made.problems, *lost]:
        raise Refused("\n".join(wrong))
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix=f".{folder.name}-") as aside:
        work = Path(aside) / "book"
        _write(work, wish, made, sources, project)
        _run(work)
        if folder.exists():
            folder.rmdir()
        shutil.move(work, folder)


def _refusals(folder: Path, wish: Wish, project: Path) -> list[str]:
    """What is wrong with a wish before its patients are looked at."""
    found = []
    if folder.is_file() or (folder.is_dir() and any(folder.iterdir())):
        found.append(f"{folder}: expected an empty folder, or none; name another one")
    if not wish.title.strip():
        found.append("--title: expected the title of the book; give one in quotes")
    for room in wish.without:
        if room not in engine.ROOMS:
            found.append(f"--without {room}: expected one of {', '.join(engine.ROOMS)}; correct the name")
    for said in engine.rooms_needed(project, list(wish.without)):
        found.append(f"--without: {said}; leave both out, or neither")
    return found


def _sources(made: tables.Tables, wish: Wish, project: Path) -> tuple[BibliographyData, list[str]]:
    """The bibliography of the new book, and which sources are in none."""
    known, found, wrong = {}, {}, []
    for path in filter(None, (project / "data" / "references.bib", wish.sources)):
        try:
            known |= dict(parse_file(str(path), "bibtex").entries)
        except (OSError, PybtexError, UnicodeDecodeError) as error:
            wrong.append(f"{path}: expected a file of BibTeX; it says: {error}")
    for table in ("cases", "events", "bounds", "measurements", "definitions"):
        for key in made.having(table, "source_id"):
            if key in known:
                found[key] = known[key]
            elif key not in found:
                found[key] = None
                mend = f"give its entry in a file: --sources FILE.bib (it was named by {table})"
                wrong.append(f"source {key}: expected a key of {project.name}'s bibliography; {mend}")
    if any(row.get("role") == "own" for row in made.rows["cases"]):
        found["own-patients"] = OWN
    article = _article_key(made)
    if found.get(article):
        lacks = [name for name in NEEDED if not found[article].fields.get(name)]
        lacks += [] if found[article].persons.get("author") else ["author"]
        if lacks:
            wrong.append(f"source {article}: expected {', '.join(lacks)}, because the book is made from it; add these")
    return BibliographyData({key: entry for key, entry in found.items() if entry}), wrong


def _article_key(made: tables.Tables) -> str:
    """The key of what the book is made from: the source of its first patient that has one, of those it is about."""
    return next((row["source_id"] for row in _about(made) if row.get("source_id")), "")


def _about(made: tables.Tables) -> tables.Rows:
    """The patients that the book is about."""
    cases = made.rows["cases"]
    return [row for row, told in zip(cases, words.told_of(row.get("role") for row in cases)) if told]


def _run(work: Path) -> None:
    """Check the tables of a book that was written, and run its notebooks."""
    variables = processes.environment(work)
    if processes.call([sys.executable, "-m", "tools.build.refresh"], work, variables):
        raise Refused("The new book does not run: what is wrong with it stands above. Nothing was written.")


# ---------------------------------------------------------------- what is written


def _write(work: Path, wish: Wish, made: tables.Tables, sources: BibliographyData, project: Path) -> None:
    """Write all of a book."""
    held = engine.contents(project, list(wish.without))
    engine.write(work, held, project)
    texts = _identity(wish, made, sources, project) | _data(wish, made, sources, project)
    texts |= _chapters(wish, made, sources, project)
    for name, text in texts.items():
        (work / name).parent.mkdir(parents=True, exist_ok=True)
        (work / name).write_text(text, encoding="utf-8")
    identity.citation.cache_clear()
    mine = {one.casefold() for one in engine.named(work)}
    others = engine.account_of(project)
    others = [*(others.others if others else []), *engine.named(project)]
    others = [one for one in dict.fromkeys(others) if one.casefold() not in mine]
    (work / engine.NAME).write_text(engine.account(held, list(wish.without), others), encoding="utf-8")


def short_name(title: str) -> str:
    """What the files of a book are called by: its heading in small letters, digits and hyphens.

    Examples
    --------
    >>> short_name("Two strokes: a case report"), short_name("病例")
    ('two-strokes', 'case-report')
    """
    plain = re.sub(r"[^a-z0-9]+", "-", title.partition(": ")[0].lower()).strip("-")
    return plain[:SHORT].rpartition("-")[0] if len(plain) > SHORT else plain or "case-report"


def _identity(wish: Wish, made: tables.Tables, sources: BibliographyData, project: Path) -> dict[str, str]:
    """The files that say what the book is, each derived from what was given."""
    day = date.today().isoformat()
    article = _reference(made, sources)
    message = "For anything that is said of the patients cite the article below; for what this book adds cite the book."
    cff = {
        "cff-version": "1.2.0",
        "message": message if article else "If you use this book, cite it as below.",
        "title": wish.title,
        "type": "software",
        "authors": [{"name": one} for one in wish.authors],
        "version": "0.1.0",
        "date-released": day,
        "license": ["MIT", "CC-BY-4.0"],
        "keywords": ["case report"],
    }
    if article:
        cff["references"] = [article]
    zenodo = {
        "title": wish.title,
        "description": f"<p>{wish.title}.</p>",
        "creators": [{"name": one} for one in wish.authors],
        "upload_type": "publication",
        "publication_type": "book",
        "access_right": "open",
        "license": "cc-by-4.0",
        "language": "eng",
        "version": "0.1.0",
        "publication_date": day,
        "keywords": cff["keywords"],
        "notes": "Code: MIT. Text and data: CC BY 4.0.",
    }
    if article:
        related = {"identifier": article["doi"], "relation": "isDerivedFrom"}
        zenodo["related_identifiers"] = [related | {"resource_type": "publication-article"}]
    heading = json.dumps(wish.title.partition(": ")[0], ensure_ascii=False)
    said = {"title": heading, "project": heading, "html_title": heading, "copyright": f'"{day[:4]}"'}
    said |= {"author": json.dumps("; ".join(wish.authors), ensure_ascii=False)}
    said |= {"casebook_open_code": "[]", "casebook_moved": "{}"}
    config = (project / "_config.yml").read_text(encoding="utf-8")
    for name, value in said.items():
        config = re.sub(rf"(?m)^( *{name}): .*$", lambda found, value=value: f"{found[1]}: {value}", config)
    settings = (project / "pyproject.toml").read_text(encoding="utf-8")
    settings = re.sub(r'(?m)^(ignore-words-list = )"(.*)"$', _without_names, settings)
    return {
        "CITATION.cff": yaml.safe_dump(cff, sort_keys=False, allow_unicode=True),
        ".zenodo.json": json.dumps(zenodo, indent=2, ensure_ascii=False) + "\n",
        "_config.yml": config,
        "pyproject.toml": settings,
        "README.md": filled(tables.TEMPLATE / "README.md", {"title": wish.title, "name": short_name(wish.title)}),
    }


def _without_names(found: re.Match) -> str:
    """The words that are no mistake without the names among them, which are of the authors of another book."""
    return f'{found[1]}"{",".join(word for word in found[2].split(",") if word.islower())}"'


def _reference(made: tables.Tables, sources: BibliographyData) -> dict | None:
    """What the book is made from, as `CITATION.cff` has it; None if it is no article."""
    entry = sources.entries.get(_article_key(made))
    if entry is None:
        return None
    people = entry.persons["author"]
    names = [(" ".join([*one.prelast_names, *one.last_names]), " ".join([*one.first_names, *one.middle_names]))
             for one in people]  # fmt: skip
    read = {row.get("read_in") for table in ("cases", "events", "bounds") for row in made.rows[table]}
    return {
        "type": "article",
        "title": _plain(entry.fields["title"]),
        "authors": [{"family-names": family, "given-names": given} for family, given in names],
        "journal": _plain(entry.fields["journal"]),
        "year": int(entry.fields["year"]),
        "doi": entry.fields["doi"],
    } | ({"scope": "abstract"} if read == {"abstract"} else {})


def _plain(text: str) -> str:
    return re.sub(r"[{}]", "", text)


def _data(wish: Wish, made: tables.Tables, sources: BibliographyData, project: Path) -> dict[str, str]:
    """The data package, with the schema of its case files."""
    package = json.loads((project / "data" / "datapackage.json").read_text(encoding="utf-8"))
    article, day = _reference(made, sources), date.today().isoformat()
    about = {
        "name": short_name(wish.title),
        "title": f"{wish.title.partition(': ')[0]}: the patients as data",
        "description": "What is known of the patients and what is not. Every row names its source.",
        "version": "0.1.0",
        "created": f"{day}T00:00:00Z",
        "licenses": package["licenses"],
        "contributors": [{"title": one, "role": "author"} for one in wish.authors],
    }
    if article:
        where = f"{identity.authors(article)}, {article['journal']} {article['year']}"
        about["sources"] = [{"title": where, "path": f"https://doi.org/{article['doi']}"}]
    held = tables.described(package, about, made, list(wish.without))
    texts = {f"data/{one['path']}": tables.written(one, made.rows.get(one["name"], [])) for one in held["resources"]}
    texts["data/datapackage.json"] = json.dumps(held, indent=1, ensure_ascii=False) + "\n"
    if "exchange" not in wish.without:
        from casebook.exchange import case_format  # this book may lack the room

        schema = case_format.case_file_schema(held)
        texts["data/case-file.schema.json"] = json.dumps(schema, indent=2, ensure_ascii=False) + "\n"
    return texts | {"data/references.bib": sources.to_string("bibtex") if sources.entries else ""}


def _chapters(wish: Wish, made: tables.Tables, sources: BibliographyData, project: Path) -> dict[str, str]:
    """The chapters, with the table of contents."""
    about, article = _about(made), _reference(made, sources)
    labels = [_titled(row) for row in about] or ["Patient 1", "Patient 2"]
    cited = f"{identity.authors(article)} {article['year']}" if article else ""
    said = {"heading": wish.title.partition(": ")[0], "cited": cited, "made_from": _made_from(made, article)}
    cases = [f"case-{place}" for place in range(1, len(labels) + 1)]
    doors = [(f"case-{place}", label, "The course, day by day.") for place, label in enumerate(labels, 1)]
    texts = {}
    for place, label in enumerate(labels, start=1):
        texts[f"chapters/case-{place}.ipynb"] = pages.notebook("case", said | {"case": label, "place": str(place)})
    if len(labels) > 1:
        cases.append("comparison")
        doors.append(("comparison", "Side by side", "What differed, and what cannot be told."))
        texts["chapters/comparison.ipynb"] = pages.notebook("comparison", said)
    behind = ["gaps"]
    doors.append(("gaps", "What is open", "What is not in the record, and how to fill it."))
    texts["chapters/gaps.ipynb"] = pages.notebook("gaps", said)
    if "exchange" not in wish.without:
        behind.append("your-case")
        doors.append(("your-case", "Your case", "Place the events of another patient in time."))
        texts["chapters/your-case.md"] = (pages.CHAPTERS / "your-case.txt").read_text(encoding="utf-8")
    if sources.entries:
        behind.append("references")
        texts["chapters/references.md"] = (pages.CHAPTERS / "references.txt").read_text(encoding="utf-8")
    shown = [name for name in tables.TABLES if made.rows.get(name) and tables.OF_ROOM.get(name) not in wish.without]
    shown += ["sources"] * bool(sources.entries) + ["dictionary"]
    texts |= {f"chapters/tables/{name}.md": pages.table_page(name) for name in shown}
    behind.append("data")
    texts["chapters/data.md"] = pages.list_page()
    texts["chapters/index.ipynb"] = pages.notebook("index", said | {"doors": pages.doors(doors)})
    return texts | {"_toc.yml": pages.contents(cases, behind, shown)}


def _titled(row: dict[str, str]) -> str:
    """What the chapter of a patient is called."""
    made_up = ", a made-up patient" if row["role"] == "made-up" and "made-up" not in row["label"].lower() else ""
    return f"{words.sentence(row['label'])}{made_up}"


def _made_from(made: tables.Tables, article: dict | None) -> str:
    """What the first page says under its question: where the patients come from."""
    about = _about(made)
    if article:
        what = f"the {article['scope']} of " if "scope" in article else ""
        rest = ", not from the paper" if what else ""
        return f"Made from {what}{{cite:t}}`{_article_key(made)}`{rest}: [read the paper](https://doi.org/{article['doi']})."
    if not about:
        return "The tables wait for their first patient."
    if any(row["role"] == "own" for row in about):
        return "Reported by the authors of this book, of patients of their own."
    return "Every patient of this book is made up."
