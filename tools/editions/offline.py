"""One zip that holds the whole book, for a stick: the site, and all that it takes to make it again.

python -m tools.editions.offline   # writes _build/NAME-offline.zip, NAME being that of the data package

In it: `start.html` (what to click), `site/` (the pages, their data and notebooks), `project/` (data, chapters,
library, tools, tests: the book to run again) and `check.html`, which compares every file with the hash that
it had when the zip was made. The zip of one state is the same byte for byte, whoever makes it.
"""

import hashlib
import html
import json
import sys
from pathlib import Path

from tools import PROJECT
from tools.build import builder, downloads
from tools.project import archive, identity, state
from tools.project.template import filled

REST = ("Makefile", "README.md", "CONTRIBUTING.md", "LICENSE", "requirements.txt", "requirements-classroom.txt")
REST += ("pyproject.toml", "tests", ".ci", ".zenodo.json", ".github")


def name(project: Path) -> str:
    """The name of the zip, and of the folder in it."""
    return f"{identity.citation(project)['name']}-offline"


def contents(project: Path, site: Path) -> dict[str, bytes]:
    """All files of the zip by their names, without the folder that holds them.

    Parameters
    ----------
    project : Path
    site : Path
        The built pages.

    Returns
    -------
    dict
        Names with slashes, and bytes.
    """
    book = identity.citation(project)
    day = archive.moment(project).strftime("%Y-%m-%d")
    held = {f"site/{name}": content for name, content in downloads.without(archive.below(site)).items()}
    for one in (*state.INPUTS, *REST):
        held |= archive.below(project / one, project, "project/")
    held["check.js"] = (Path(__file__).parent / "pages" / "check.js").read_bytes()
    hashes = {name: hashlib.sha256(content).hexdigest() for name, content in sorted(held.items())}
    policy = "default-src 'none'; script-src 'self'; style-src 'unsafe-inline'; form-action 'none'; base-uri 'none'"
    said = {
        "policy": policy,
        "title": html.escape(book["title"]),
        "version": html.escape(str(book["version"])),
        "day": day,
        "n": str(len(hashes)),
        "hashes": json.dumps(hashes, indent=0).replace("<", "\\u003c"),
    }
    for one in ("start.html", "check.html"):
        held[one] = filled(Path(__file__).parent / "pages" / one, said).encode()
    return held


def write(project: Path, site: Path, target: Path) -> Path:
    """Write the zip.

    Returns
    -------
    Path
        Where it stands.
    """
    return archive.pack(target, contents(project, site), name(project), programs=("project/.ci/run",))


def main() -> int:
    """Build the site if it is not of today's state, and write the zip."""
    output = PROJECT / "_build"
    if not state.is_current(PROJECT, output) and (code := builder.build(PROJECT, output)):
        return code
    target = write(PROJECT, output / "html", output / f"{name(PROJECT)}.zip")
    print(f"Done. {target.stat().st_size / 1e6:.1f} MB, to be unpacked anywhere and opened at start.html:\n  {target}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
