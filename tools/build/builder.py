"""Build the site beside the old one and put it in its place only if all went well.

python -m tools.build                   # builds _build/html
python -m tools.build --output FOLDER   # builds FOLDER/html

First the notebooks are run, side by side; then Jupyter Book writes the pages from their results
(`_ext` hands them over), never from results that are stored. What a build made is kept in `kept`, and the
next makes again what has changed since (`reuse`); take the folder away to build from nothing.
"""

import argparse
import shutil
import sys
from pathlib import Path

from tools import PROJECT
from tools.build import downloads, policy, reuse, styles
from tools.project import processes, state

# `kernels` is imported where it is used: it takes a second, in which Ctrl+C would end with a traceback.

LEFT = "A site that was built before is left as it was."


class Failed(Exception):
    """There will be no new site; the message says why, if that is not said already."""


def build(project: Path, output: Path) -> int:
    """Build `project` into `output/html`; on failure leave an earlier site as it was.

    Returns
    -------
    int
        The exit code: 0 if the site was built.
    """
    from tools.project import kernels

    work = output / "next"
    try:
        with processes.only_one(output):
            _bring_back(output)
            try:
                _write(project, work)
                with processes.to_the_end():
                    _put_in_place(work, output)
            finally:
                shutil.rmtree(work, ignore_errors=True)
    except processes.UnderWay as under_way:
        print(under_way, file=sys.stderr)
        return 1
    except (Failed, kernels.NotebooksFailed, OSError) as error:
        print(f"{error}\nThe build failed. {LEFT}".lstrip(), file=sys.stderr)
        return 1
    return 0


def _write(project: Path, work: Path) -> None:
    """Make all of a site in `work`: the results of the notebooks, the pages, and the state that they came from."""
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir(parents=True)
    made_from = state.fingerprint(project)
    (work / "inputs.sha256").write_text(made_from)
    check(project)
    kept, now = work.parent / "kept", reuse.inputs(project)
    paths = sorted((project / "chapters").glob("*.ipynb"))
    results = _results(paths, kept / "notebooks", now)
    (work / "notebooks").mkdir()
    for path in paths:
        shutil.copyfile(results / path.name, work / "notebooks" / path.name)
    print("Writing the pages ...", flush=True)
    site = work / "html"
    shutil.copytree(_pages(project, kept / "pages", results, now), site)
    # One holds a hash of the path, so that two folders would give two sites; of the other no page has a use.
    for name in (".buildinfo", "searchindex.js"):
        (site / name).unlink(missing_ok=True)
    styles.one_sheet(site)
    policy.finish(site)
    if (project / "classroom").exists():
        shutil.copytree(_for_a_class(project, results, kept / "classroom", now), site, dirs_exist_ok=True)
    downloads.add(site, work.parent / "dist", made_from)


def _results(paths: list[Path], kept: Path, now: reuse.Inputs) -> Path:
    """Run the notebooks whose inputs have changed, say why, and give the folder that holds the results of all."""
    from tools.project import kernels

    anew = reuse.why_anew(paths, kept, now)
    same = f"; {len(paths) - len(anew)} are as they were" if len(anew) < len(paths) else ""
    print(f"Running {len(anew)} notebooks, {kernels.AT_ONCE} at a time{same} ...", flush=True)
    if same:
        for path, why in anew.items():
            print(f"  {path.name}: {why}")
    reuse.keep(kernels.run_and_note(list(anew)), kept, now)
    return kept


def _pages(project: Path, kept: Path, results: Path, now: reuse.Inputs) -> Path:
    """Let Jupyter Book write what has to be written again, and give the folder of all pages."""
    seal, html = kept / "inputs.sha256", kept / "_build" / "html"
    if not seal.exists() or seal.read_text() != now.pages:
        shutil.rmtree(kept, ignore_errors=True)
    kept.mkdir(parents=True, exist_ok=True)
    seal.unlink(missing_ok=True)  # it comes back if all goes well: a page that failed must be read again
    # Dates that a build writes come from here, so that two builds of one state are the same.
    variables = processes.environment(project, SOURCE_DATE_EPOCH="1767225600", CASEBOOK_RESULTS=str(results))
    command = [sys.executable, "-c", "from jupyter_book.cli.main import main; main()", "build", str(project)]
    command += ["-n", "-W", "--keep-going", "--quiet", "--path-output", str(kept)]
    if processes.call(command, project, variables) or not (html / "index.html").exists():
        raise Failed
    seal.write_text(now.pages)
    return html


def _for_a_class(project: Path, results: Path, kept: Path, now: reuse.Inputs) -> Path:
    """The folder of what a class needs, for the page that links it; without PDFs, so that none needs a browser."""
    from tools.classroom import zips

    seal, folder = kept / "inputs.sha256", kept / "files"
    wanted = reuse.of_class(project, results, now)
    if not (folder.exists() and seal.exists() and seal.read_text() == wanted):
        shutil.rmtree(kept, ignore_errors=True)
        folder.mkdir(parents=True)
        executed = {
            project / "chapters" / path.name: path.read_text(encoding="utf-8") for path in results.glob("*.ipynb")
        }
        zips.for_site(project, executed, folder)
        seal.write_text(wanted)
    return folder


def _put_in_place(work: Path, output: Path) -> None:
    """The old site goes only when the new one stands beside it."""
    (output / "inputs.sha256").unlink(missing_ok=True)
    shutil.rmtree(output / "old", ignore_errors=True)
    try:
        if (output / "html").exists():
            (output / "html").rename(output / "old")
        (work / "html").rename(output / "html")
    except OSError:
        _bring_back(output)
        raise
    shutil.rmtree(output / "old", ignore_errors=True)
    shutil.rmtree(output / "notebooks", ignore_errors=True)
    (work / "notebooks").rename(output / "notebooks")
    (work / "inputs.sha256").rename(output / "inputs.sha256")


def _bring_back(output: Path) -> None:
    """If a build was ended between the two renamings, the old site is still there under its other name."""
    if (output / "old").exists() and not (output / "html").exists():
        (output / "old").rename(output / "html")


def check(project: Path) -> None:
    """Check tables and timelines first: their message is plainer than that of a notebook that trips over them.

    Raises
    ------
    Failed
        If they do not hold together; what is wrong has been printed by then.
    """
    variables = processes.environment(project)
    if processes.call([sys.executable, "-m", "casebook"], project / "chapters", variables):
        raise Failed


def main() -> int:
    """Build and say where to click."""
    parser = argparse.ArgumentParser("python -m tools.build", description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("--output", type=Path, default=PROJECT / "_build")
    output = parser.parse_args().output.resolve()
    code = build(PROJECT, output)
    if code == 0:
        print(f"Done. Open this in a browser (no network needed):\n  {output / 'html' / 'index.html'}")
    return code
