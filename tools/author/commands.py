"""The commands of an author: what is asked for is read here, and what went wrong is said."""

from __future__ import annotations

import argparse
import sys
from importlib.util import find_spec
from pathlib import Path

from tools import PROJECT
from tools.author import book, engine, tables


def main(arguments: list[str]) -> int:
    """Do what a command says; the exit code is 0 only if all went well."""
    given = parser().parse_args(arguments)
    return given.does(given)


def parser() -> argparse.ArgumentParser:
    """What the commands are called, and what they take."""
    found = argparse.ArgumentParser("python -m casebook", description="Make a book of your own.")
    of = found.add_subparsers(required=True, metavar="COMMAND")
    new = of.add_parser("new", help="write another book, with the engine of this one")
    new.add_argument("folder", type=Path, help="an empty folder, or one that is not there yet")
    new.add_argument("--title", required=True, help="title of the book; what stands behind a colon is its subtitle")
    new.add_argument("--from", dest="file", type=Path, metavar="CASE.json", help="patients of a case file")
    new.add_argument("--demo", action="store_true", help="add a made-up patient")
    new.add_argument(
        "--author", action="append", default=[], help="an author, as a reference names one; again for more"
    )
    new.add_argument("--anchors", type=_listed, default=(), help="kinds of events that days are counted from: a,b")
    new.add_argument("--lanes", type=_listed, default=(), help="lanes that are asked of each patient: a,b=title")
    new.add_argument("--without", type=_listed, default=(), help=f"rooms to leave out: {','.join(engine.ROOMS)}")
    new.add_argument("--sources", type=Path, metavar="FILE.bib", help="sources that this book does not have")
    new.set_defaults(does=_new)
    left = of.add_parser("leftovers", help="name what another book has left in this one")
    left.set_defaults(does=_leftovers)
    whole = of.add_parser("engine", help="compare the engine with its hashes, or take that of another book")
    whole.add_argument("--from", dest="source", type=Path, metavar="PATH", help="the folder of the other book")
    whole.set_defaults(does=_engine)
    return found


def _listed(text: str) -> tuple[str, ...]:
    return tuple(one.strip() for one in text.split(",") if one.strip())


def _new(given: argparse.Namespace) -> int:
    wrong, rows = [], {}
    for path in filter(None, (given.file, tables.DEMO if given.demo else None)):
        try:
            for name, more in _patients(path).items():
                rows[name] = rows.get(name, []) + more
        except ValueError as error:
            wrong.append(str(error))
    wish = book.Wish(
        title=given.title,
        given=rows,
        anchors=given.anchors,
        lanes=given.lanes,
        without=given.without,
        authors=tuple(given.author) or book.AUTHORS,
        sources=given.sources,
    )
    folder = given.folder.resolve()
    try:
        book.new(folder, wish, PROJECT, wrong)
    except book.Refused as refused:
        print(refused, file=sys.stderr)
        return 1
    print(f"Done. The book stands in {folder}: `make book` builds it, `make test` checks it.")
    return 0


def _patients(path: Path) -> dict[str, tables.Rows]:
    """The rows of a case file; a ValueError says what is wrong with it."""
    if find_spec("casebook.exchange") is None:
        raise ValueError(
            f"{path}: this book has left out the room exchange, which reads case files; call another's `new`"
        )
    from casebook.exchange import case_files

    return case_files.completed_rows(case_files.read_case_file(path))


def _leftovers(given: argparse.Namespace) -> int:
    found = engine.leftovers(PROJECT)
    print(*found or ["Nothing of another book is left in this one."], sep="\n", file=sys.stderr if found else None)
    return int(bool(found))


def _engine(given: argparse.Namespace) -> int:
    if given.source is not None:
        wrong = engine.replace(PROJECT, given.source.resolve())
        print(*wrong or ["The engine is that of the other book now: `make refresh`, look, `make test`."], sep="\n",
              file=sys.stderr if wrong else None)  # fmt: skip
        return int(bool(wrong))
    told = engine.account_of(PROJECT)
    if told is None:
        print(f"This book has no {engine.NAME}: it was not made from another.")
        return 0
    wrong = engine.changed(PROJECT, told)
    print(*wrong or [f"All {len(told.files)} files of the engine are as they were made."], sep="\n")
    return int(bool(wrong))
