"""Write the patients for other programs, with the tables and a description of the whole.

python -m tools.release.exports   # writes _build/exports

In it: `phenopackets/` and `fhir/` (one file a patient, and beside each a list of what it could not hold), `data/`
(the data package) and `ro-crate-metadata.json`. Everything is checked before it takes the place of an earlier one.
"""

import argparse
import json
import shutil
import sys
from pathlib import Path

import frictionless
from casebook import data
from casebook.exchange import fhir, packages, phenopacket
from frictionless import system

from tools import PROJECT
from tools.release import crate


class Invalid(ValueError):
    """An export is not what its format asks for; the message says which and why."""


def write(folder: Path, source: Path = data.DATA) -> dict[str, int]:
    """Write and check all exports.

    Parameters
    ----------
    folder : Path
        Where they go; what is there is replaced, if all is well.
    source : Path
        The data package.

    Returns
    -------
    dict
        How many files of each kind there are.

    Raises
    ------
    Invalid
        If any export, or the data package, is not valid.
    """
    work = folder.with_name(folder.name + ".part")
    shutil.rmtree(work, ignore_errors=True)
    book = data.load(source)
    wrong, made = [], {"phenopackets": 0, "fhir": 0}
    for case_id in packages.exported(book):
        packet = phenopacket.phenopacket(book, case_id, data.released())
        wrong += [f"{case_id}, phenopacket: {one}" for one in phenopacket.packet_problems(packet.content)]
        held = fhir.bundle(book, case_id)
        wrong += [f"{case_id}, FHIR: {one}" for one in fhir.bundle_problems(held.content)]
        for kind, export in (("phenopackets", packet), ("fhir", held)):
            _store(work / kind, export)
            made[kind] += 1
    shutil.copytree(source, work / "data")
    wrong += package_problems(work / "data")
    if wrong:
        shutil.rmtree(work)
        raise Invalid("\n".join(wrong))
    crate.describe(PROJECT, work)
    shutil.rmtree(folder, ignore_errors=True)
    work.rename(folder)
    return made | {"tables": len(list((folder / "data").glob("*.csv")))}


def _store(folder: Path, export: packages.Export) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    text = json.dumps(export.content, indent=2, ensure_ascii=False)
    (folder / f"{export.case_id}.json").write_text(text + "\n", encoding="utf-8")
    safe = export.not_held.map(lambda cell: data.for_spreadsheet(cell) if isinstance(cell, str) else cell)
    safe.to_csv(folder / f"{export.case_id}.not-held.csv", index=False, lineterminator="\n")


def package_problems(folder: Path) -> list[str]:
    """What the standard's own checker says of a data package; nothing if it is valid."""
    with system.use_context(trusted=False):
        report = frictionless.validate(str(folder / "datapackage.json"))
    return [f"data package: {' '.join(map(str, row))}" for row in report.flatten(["title", "rowNumber", "message"])]


def main() -> int:
    """Write, check and say what was made."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--output", type=Path, default=PROJECT / "_build" / "exports")
    given = parser.parse_args()
    given.output.parent.mkdir(parents=True, exist_ok=True)
    try:
        made = write(given.output)
    except (Invalid, data.DataError, ValueError) as error:
        print(f"{error}\nThere are no new exports; earlier ones are left as they were.", file=sys.stderr)
        return 1
    print(f"Done. {', '.join(f'{n} {kind}' for kind, n in made.items())}, all of them valid:\n  {given.output}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
