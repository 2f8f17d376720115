"""Make one release: site, offline zip, PDF, EPUB, exports, data, zips for a class, with sums and a manifest.

python -m tools.release   # writes _build/dist

Two people who build the same commit compare `SHA256SUMS`: all but the PDF, and the zips for a
class that hold PDFs, are the same bytes anywhere with the same Python minor version; these are the same on the same
system (Chromium and fonts).
"""

import argparse
import json
import platform
import shutil
import sys
from importlib.util import find_spec
from pathlib import Path

from tools.build import builder, downloads
from tools.editions import edition, epub, offline, pdf
from tools.project import archive, identity, state
from tools.release import crate

PROJECT = edition.PROJECT
SUMS, MANIFEST = "SHA256SUMS", downloads.MANIFEST
WHAT = {
    "site.zip": "The site: unpack it and open index.html.",
    "offline.zip": "The site and all that it takes to make it again, for a stick.",
    "classroom-slides.pdf": "The slides for a class, without notes.",
    "-sheet.pdf": "A sheet for a class, one side of A4.",
    ".pdf": "The chapters on A4.",
    ".epub": "The book for e-readers; the tables are in data.zip and on the site.",
    "classroom-student.zip": "Cases in stages, exercises, handouts and slides for a class, without solutions.",
    "classroom-teacher.zip": "The same for teachers, with guide and notes.",
    "classroom-instructor.zip": "The same for those who grade exercises, with solutions, guide and notes.",
    "exports.zip": "Patients as phenopackets and FHIR bundles, with what the formats cannot hold.",
    "data.zip": "The data package: tables, schema, bibliography.",
    "CITATION.cff": "How to cite the book and the article.",
    crate.NAME: "What all of this is, by whom, under which license (RO-Crate).",
}


def make(project: Path, output: Path, paper: bool = True) -> Path:
    """Make all editions in `output/dist`, from the site that is built there if it is of today's state.

    Parameters
    ----------
    project, output : Path
    paper : bool
        Whether the PDF is made, which needs Chromium.

    Returns
    -------
    Path
        The folder of the release.

    Raises
    ------
    builder.Failed
        If the site cannot be built or the PDF not printed.
    ValueError
        If an export is not valid.
    """
    pages = edition.site(project)
    work, book = output / "dist.part", identity.citation(project)
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir(parents=True)
    name = f"{book['name']}-{book['version']}"
    archive.pack(work / f"{name}-site.zip", downloads.without(archive.below(pages)), name)
    if find_spec("casebook.exchange"):  # a book may leave the room out
        from tools.release import exports

        exports.write(output / "exports")
        archive.pack(work / f"{name}-exports.zip", archive.below(output / "exports", prefix=f"{name}-exports/"))
    archive.pack(work / f"{name}-data.zip", archive.below(project / "data", prefix=f"{name}-data/"))
    colors = epub.case_colors(project)
    bound = epub.bind(project, edition.chapters(project, pages, tables=False), colors)
    archive.pack(work / f"{name}.epub", bound, first="mimetype")
    if paper:
        pdf.make(project, pages, work / f"{name}.pdf")
    offline.write(project, pages, work / f"{name}-offline.zip")
    if (project / "classroom").exists():
        from tools.classroom import zips

        zips.write(project, work, paper=paper)
    shutil.copy(project / "CITATION.cff", work)
    crate.describe(project, work)
    account(project, work)
    target = output / "dist"
    shutil.rmtree(target, ignore_errors=True)
    work.rename(target)
    return target


def account(project: Path, folder: Path) -> None:
    """Write the sums of all files, as `sha256sum -c` reads them, and a manifest that says what each is."""
    files = sorted(path for path in folder.iterdir() if path.name not in (SUMS, MANIFEST))
    listed = []
    for path in files:
        what = next(said for end, said in WHAT.items() if path.name.endswith(end))
        held = {"bytes": path.stat().st_size, "sha256": archive.sha256(path), "what": what}
        listed.append({"name": path.name} | held)
    book = identity.citation(project)
    about = {"title": book["title"], "version": str(book["version"]), "released": str(book["date-released"])}
    about |= {"inputs": state.fingerprint(project)}
    about |= {"commit": commit(project), "python": ".".join(platform.python_version_tuple()[:2]), "files": listed}
    (folder / MANIFEST).write_text(json.dumps(about, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    sums = [f"{one['sha256']}  {one['name']}" for one in listed]
    sums.append(f"{archive.sha256(folder / MANIFEST)}  {MANIFEST}")
    (folder / SUMS).write_text("\n".join(sums) + "\n", encoding="utf-8")


def commit(project: Path) -> str:
    """The commit that is built, marked where files differ from it; blank where there is no history."""
    return archive.git(project, "describe", "--always", "--dirty", "--abbrev=40", "--exclude=*")


def main() -> int:
    """Make the release and say where it is."""
    parser = argparse.ArgumentParser("python -m tools.release", description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("--without-pdf", action="store_true", help="where there is no Chromium")
    parser.add_argument("--site", action="store_true", help="put the files on the site, too, as downloads")
    given = parser.parse_args()
    try:
        target = make(PROJECT, PROJECT / "_build", paper=not given.without_pdf)
    except (builder.Failed, ValueError) as error:
        print(f"{error}\nThere is no new release; an earlier one is left as it was.".lstrip(), file=sys.stderr)
        return 1
    if given.site:
        output = PROJECT / "_build"
        put = downloads.add(output / "html", target, (output / "inputs.sha256").read_text())
        print(f"Done. The site has {len(put)} downloads:\n  {output / 'html' / 'index.html'}")
    print(f"Done. Compare these sums with those of somebody else who built this commit:\n  {target / SUMS}")
    print((target / SUMS).read_text(encoding="utf-8"), end="")
    return 0
