"""Build the site beside the old one and put it in its place only if all went well.

python -m tools.build                   # builds _build/html
python -m tools.build --output FOLDER   # builds FOLDER/html

First the notebooks are run, side by side; then Jupyter Book writes the pages from their results
(`_ext` hands them over), never from results that are stored.
"""

import argparse
import shutil
import sys
from pathlib import Path

from tools import PROJECT
from tools.build import policy, styles
from tools.project import archive, processes, state

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
    from tools.project import kernels

    shutil.rmtree(work, ignore_errors=True)
    results = work / "notebooks"
    results.mkdir(parents=True)
    (work / "inputs.sha256").write_text(state.fingerprint(project))
    check(project)
    paths = sorted((project / "chapters").glob("*.ipynb"))
    print(f"Running {len(paths)} notebooks, {kernels.AT_ONCE} at a time ...", flush=True)
    executed = kernels.run_all(paths)
    for path, text in executed.items():
        (results / path.name).write_text(text, encoding="utf-8")
    print("Writing the pages ...", flush=True)
    # Dates that a build writes come from here, so that two builds of one state are the same.
    variables = processes.environment(project, SOURCE_DATE_EPOCH="1767225600", CASEBOOK_RESULTS=str(results))
    command = [sys.executable, "-c", "from jupyter_book.cli.main import main; main()", "build", str(project)]
    command += ["-n", "-W", "--keep-going", "--quiet", "--path-output", str(work)]
    if processes.call(command, project, variables) or not (work / "_build" / "html" / "index.html").exists():
        raise Failed
    # Sphinx notes there whether a later build may go on from this one, with a hash that holds the path; none does.
    (work / "_build" / "html" / ".buildinfo").unlink(missing_ok=True)
    styles.one_sheet(work / "_build" / "html")
    policy.finish(work / "_build" / "html")
    if (project / "classroom").exists():
        _add_the_students_zip(project, executed, work / "_build" / "html")
    (work / "_build" / "html").rename(work / "html")


def _add_the_students_zip(project: Path, executed: dict[Path, str], site: Path) -> None:
    """What a class needs, for the page that links it; without PDFs, so that no browser is needed to build."""
    from tools.classroom import zips

    held = zips.contents(project, executed, instructor=False)
    archive.pack(site / f"{zips.STUDENT}.zip", held, zips.STUDENT)


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
