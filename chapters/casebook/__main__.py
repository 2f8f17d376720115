"""Work with the tables from a shell.

python -m casebook [FOLDER]                       checks the tables and the timelines of a data package,
                                                  and what the pages beside it ask of it
python -m casebook read PHENOPACKET [FOLDER]      makes a made-up patient's rows out of a phenopacket
"""

import sys
import tempfile
from pathlib import Path

import pandas as pd

from casebook import data, timeline, words

TABLES = ("cases", "events", "bounds")


def main(folder: str | None = None) -> int:
    """Say what is wrong, or that nothing is; the exit code is 0 only if nothing is.

    The tables of a book, which has pages beside them, are checked against what its pages ask of them. No mistake
    is, and is named: a table without a row that a page reads.
    """
    place = Path(folder).resolve() if folder else data.DATA
    pages = place.parent / "chapters"
    try:
        book = data.load(place)
        for anchor in book.kinds.dropna(subset="anchor").sort_values("anchor")["kind"]:
            timeline.course(book, anchor)
    except (data.DataError, ValueError) as error:
        print(error, file=sys.stderr)
        return 1
    missing, empty = data.chapters.lacking(book, pages)
    if pages.is_dir():
        missing += data.chapters.dangling(book, pages, place)
    if missing:
        print(f"The pages ask for what the book lacks, {len(missing)} times:", *missing, sep="\n  ", file=sys.stderr)
        return 1
    print(f"The tables and timelines of {len(book.cases)} patients hold together.")
    print("".join(f"  {said}\n" for said in empty), end="")
    return 0


def read_phenopacket(path: str | None = None, folder: str | None = None) -> int:
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

    if path is None:
        print("Which file? python -m casebook read PHENOPACKET [FOLDER]", file=sys.stderr)
        return 2
    try:
        book = data.load()
        found = incoming.read_file(path, book)
        case_id = found.cases["case_id"].iloc[0]
        target = Path(folder) if folder else Path(case_id)
        _write({name: getattr(found, name) for name in TABLES}, book.dictionary, target)
    except (data.DataError, ValueError, OSError) as error:
        print(error, file=sys.stderr)
        return 1
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


if __name__ == "__main__":
    arguments = sys.argv[1:]
    sys.exit(read_phenopacket(*arguments[1:3]) if arguments[:1] == ["read"] else main(*arguments[:1]))
