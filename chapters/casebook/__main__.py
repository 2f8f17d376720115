"""Work with the tables, and with case files, from a shell: `python -m casebook --help`."""

import argparse
import difflib
import json
import sys
import tempfile
from pathlib import Path

import pandas as pd

from casebook import data, timeline, words

TABLES = ("cases", "events", "bounds")
WRONG, MISUSED = 1, 2  # exit codes: what was given does not hold; the command was not understood


def main(folder: str | None = None) -> int:
    """Say what is wrong, or that nothing is; the exit code is 0 only if nothing is.

    The tables of a book, which has pages beside them, are checked against what its pages ask of them. No mistake
    is, and is named: a table without a row that a page reads.
    """
    place = Path(folder).resolve() if folder else data.DATA
    book, wrong, empty = checked(place, place.parent / "chapters")
    if wrong:
        print(*wrong, sep="\n", file=sys.stderr)
        return WRONG
    print(f"The tables and timelines of {len(book.cases)} patients hold together.")
    print("".join(f"  {said}\n" for said in empty), end="")
    return 0


def checked(place: Path, pages: Path):
    """Check the tables and timelines of a data package, and what pages ask of it.

    Parameters
    ----------
    place : Path
        The folder of the data package.
    pages : Path
        That of the pages; it may be none.

    Returns
    -------
    tuple
        The book, or None; what is wrong, and which tables without a row a page reads, in lines.
    """
    try:
        book = data.load(place)
        for anchor in book.kinds.dropna(subset="anchor").sort_values("anchor")["kind"]:
            timeline.course(book, anchor)
    except (data.DataError, ValueError) as error:
        return None, [str(error)], []
    missing, empty = data.chapters.lacking(book, pages)
    if pages.is_dir():
        missing += data.chapters.dangling(book, pages, place)
    told = [f"The pages ask for what the book lacks, {len(missing)} times:", *(f"  {one}" for one in missing)]
    return book, told if missing else [], empty


def place_file(path: str, as_json: bool = False, start: str | None = None) -> int:
    """Say where the events of a case file lie, counted from `start` where a case has it; 1 if any contradict."""
    from casebook.exchange import case_files, placements

    try:
        book = case_files.read_patients(path)
        places = timeline.places(book, start)
    except (data.DataError, ValueError) as error:
        print(error, file=sys.stderr)
        return WRONG
    if as_json:
        print(json.dumps(placements.placement_of(places), ensure_ascii=False, indent=1))
    else:
        print(*placements.placement_in_words(book, places), sep="\n")
    return WRONG if places.contradictions else 0


def fill_tables(path: str, folder: str | None = None) -> int:
    """Take a case file up into the tables of a book, all of it or nothing, and say what to do next."""
    from casebook.exchange import case_files, case_fill

    place = Path(folder).resolve() if folder else data.DATA
    try:
        filled = case_fill.fill_from(
            case_files.read_case_file(path, place),
            place,
            lambda copy: checked(copy, place.parent / "chapters")[1],
        )
    except (data.DataError, ValueError, OSError) as error:
        print(error, file=sys.stderr)
        return WRONG
    print(*case_fill.filled_in_words(filled), sep="\n")
    return 0


def compare_files(first: str, second: str) -> int:
    """Lay two case files beside each other, cell by cell; 1 if they differ."""
    from casebook.exchange import case_compare, case_files

    try:
        files = [case_files.read_case_file(path) for path in (first, second)]
    except (data.DataError, ValueError) as error:
        print(error, file=sys.stderr)
        return MISUSED
    lines, differ = case_compare.comparison_in_words(*files)
    print(*lines, sep="\n")
    return WRONG if differ else 0


def read_phenopacket(path: str, folder: str | None = None) -> int:
    """Write the rows of a phenopacket as `cases.csv`, `events.csv` and `bounds.csv`, and say what no row can hold.

    Parameters
    ----------
    path : str
        The phenopacket.
    folder : str, optional
        Where to write; by default a folder of the new patient's name beside the caller.

    Returns
    -------
    int
        The exit code: 0 if the rows were written.
    """
    from casebook.exchange import incoming

    try:
        book = data.load()
        found = incoming.read_file(path, book)
        case_id = found.cases["case_id"].iloc[0]
        target = Path(folder) if folder else Path(case_id)
        _write({name: getattr(found, name) for name in TABLES}, book.dictionary, target)
    except (data.DataError, ValueError, OSError) as error:
        print(error, file=sys.stderr)
        return WRONG
    print(f"{case_id}: {len(found.events)} events and {len(found.bounds)} bounds, in {target}/.")
    print(
        "Append their rows to the tables of the same name in a copy of data/, and check it: python -m casebook FOLDER"
    )
    for row in found.to_check.itertuples():
        print(f"To check: {row.where}: {row.what} ({row.why}).")
    for row in found.not_held.itertuples():
        print(f"Not held: {row.where}: {row.what} ({row.why}).")
    if found.not_held.empty:
        print("Everything that the packet says of the patient has a row.")
    return 0


def _write(frames: dict[str, pd.DataFrame], dictionary: pd.DataFrame, target: Path) -> None:
    """Write all of the tables into a folder, or none: nothing that is there is written over."""
    if target.exists() and not target.is_dir():
        raise ValueError(f"{target} is a file: name a folder")
    if there := [f"{name}.csv" for name in frames if (target / f"{name}.csv").exists()]:
        raise ValueError(f"{target}/ holds {words.listed(there)} already: name a folder that does not")
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=target.parent) as aside:
        for name, frame in frames.items():
            columns = dictionary.loc[dictionary["table"] == name, "column"]
            frame.reindex(columns=columns).to_csv(Path(aside, f"{name}.csv"), index=False, lineterminator="\n")
        target.mkdir(exist_ok=True)
        for name in frames:
            Path(aside, f"{name}.csv").rename(target / f"{name}.csv")


# ---------------------------------------------------------------- the shell

COMMANDS = {
    "check": "check the tables and timelines of a data package, and what the pages beside it ask of it",
    "read": "make a made-up patient's rows out of a phenopacket",
    "place": "say where the events of a case file lie, and because of what",
    "fill": "take a case file up into the tables: all of it, or nothing",
    "compare": "lay two case files beside each other, cell by cell",
    "new": "write another book, with the engine of this one",
    "leftovers": "name what another book has left in this one",
    "engine": "compare the engine with its hashes, or take that of another book",
}
OF_AN_AUTHOR = ("new", "leftovers", "engine")  # these are tools, which stand beside the chapters


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m casebook",
        description="Work with the tables, and with case files. Without a command the tables are checked.",
    )
    commands = parser.add_subparsers(dest="command", metavar="COMMAND")
    of = {name: commands.add_parser(name, help=said, description=said) for name, said in COMMANDS.items()}
    of["check"].add_argument("folder", nargs="?", help="the data package; the book's own by default")
    of["read"].add_argument("path", metavar="PHENOPACKET")
    of["read"].add_argument("folder", nargs="?", help="where to write; by default beside you, by the patient's name")
    of["place"].add_argument("path", metavar="FILE", help="a case file, as the page Your case saves it")
    of["place"].add_argument("--json", action="store_true", help="print JSON, for other programs")
    of["place"].add_argument("--from", dest="start", metavar="X", help="count from a kind of event, or from an event")
    of["fill"].add_argument("path", metavar="FILE", help="a case file")
    of["fill"].add_argument("folder", nargs="?", help="the data package; the book's own by default")
    of["compare"].add_argument("first", metavar="A", help="a case file")
    of["compare"].add_argument("second", metavar="B", help="another one")
    return parser


def run(arguments: list[str]) -> int:
    """Do what a command line asks for: a command, or the check of a folder."""
    if arguments[:1] and arguments[0] in OF_AN_AUTHOR:
        sys.path.insert(0, str(data.DATA.parent))
        from tools.author import commands

        return commands.main(arguments)
    parser = _parser()
    if not arguments or (arguments[0] not in COMMANDS and not arguments[0].startswith("-")):
        near = difflib.get_close_matches(arguments[0], COMMANDS, n=1) if arguments else []
        if near and not Path(arguments[0]).exists():
            parser.error(f"no command and no folder {arguments[0]!r}: is {near[0]} meant?")
        arguments = ["check", *arguments]
    given = parser.parse_args(arguments)
    match given.command:
        case "read":
            return read_phenopacket(given.path, given.folder)
        case "place":
            return place_file(given.path, given.json, given.start)
        case "fill":
            return fill_tables(given.path, given.folder)
        case "compare":
            return compare_files(given.first, given.second)
    return main(given.folder)


if __name__ == "__main__":
    sys.exit(run(sys.argv[1:]))
