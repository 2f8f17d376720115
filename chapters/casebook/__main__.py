"""Work with the tables from a shell.

python -m casebook [FOLDER]                       checks the tables and the timelines of a data package
python -m casebook read PHENOPACKET [FOLDER]      makes a made-up patient's rows out of a phenopacket
"""

import sys
import tempfile
from pathlib import Path

from casebook import course, data, gaps, words

TABLES = ("cases", "events", "bounds")


def main(folder: str | None = None) -> int:
    """Say what is wrong, or that nothing is; the exit code is 0 only if nothing is.

    A gap that was filled while its cell is blank is no mistake, and is named.
    """
    try:
        book = data.load(folder)
        for anchor in book.kinds.dropna(subset="anchor").sort_values("anchor")["kind"]:
            course.course(book, anchor)
    except (data.DataError, ValueError) as error:
        print(error, file=sys.stderr)
        return 1
    print(f"The tables and timelines of {len(book.cases)} patients hold together.")
    print("".join(f"  {said}\n" for said in gaps.untold(book)), end="")
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
    from casebook import incoming

    if path is None:
        print("Which file? python -m casebook read PHENOPACKET [FOLDER]", file=sys.stderr)
        return 2
    try:
        book = data.load()
        found = incoming.read_file(path, book)
        target = Path(folder) if folder else Path(found.cases["case_id"].iloc[0])
        there = [f"{name}.csv" for name in TABLES if (target / f"{name}.csv").exists()]
        if there:
            raise ValueError(f"{target}/ holds {words.listed(there)} already: name a folder that does not")
        target.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=target) as aside:  # all of them, or none
            for name in TABLES:
                columns = book.dictionary.loc[book.dictionary["table"] == name, "column"]
                frame = getattr(found, name).reindex(columns=columns)
                frame.to_csv(Path(aside, f"{name}.csv"), index=False, lineterminator="\n")
            for name in TABLES:
                Path(aside, f"{name}.csv").rename(target / f"{name}.csv")
    except (data.DataError, ValueError, OSError) as error:
        print(error, file=sys.stderr)
        return 1
    print(f"{found.cases['case_id'].iloc[0]}: {len(found.events)} events and {len(found.bounds)} bounds, in {target}/.")
    print(
        "Append their rows to the tables of the same name in a copy of data/, and check it: python -m casebook FOLDER"
    )
    for row in found.not_held.itertuples():
        print(f"Not held: {row.where}: {row.what} ({row.why}).")
    if found.not_held.empty:
        print("Everything that the packet says of the patient has a row.")
    return 0


if __name__ == "__main__":
    arguments = sys.argv[1:]
    sys.exit(read_phenopacket(*arguments[1:3]) if arguments[:1] == ["read"] else main(*arguments[:1]))
