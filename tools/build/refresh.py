"""Run every notebook from the top and store the results, normalized.

All notebooks are run before any is written, so that a failure leaves every stored notebook
as it was. What changes from machine to machine or from run to run is left out.
"""

import sys
from pathlib import Path

from tools import PROJECT
from tools.build import builder
from tools.project import processes

# `kernels` is imported where it is used: it takes a second, in which Ctrl+C would end with a traceback.

CHAPTERS = PROJECT / "chapters"
LEFT = "No notebook was changed."


def run(path: Path) -> str:
    """Execute one notebook in its own folder and give its text, normalized."""
    from tools.project import kernels

    return kernels.run_all([path])[path]


def refresh(chapters: Path) -> int:
    """Refresh every notebook, or none; the exit code is 0 if all ran."""
    from tools.project import kernels

    paths = sorted(chapters.glob("*.ipynb"))
    try:
        with processes.only_one(chapters.parent / "_build"):
            builder.check(chapters.parent)
            print(f"Running {len(paths)} notebooks, {kernels.AT_ONCE} at a time ...", flush=True)
            done = kernels.run_all(paths)
            changed = [path for path in paths if path.read_text(encoding="utf-8") != done[path]]
            with processes.to_the_end():
                for path in changed:
                    path.write_text(done[path], encoding="utf-8")
    except processes.UnderWay as under_way:
        print(under_way, file=sys.stderr)
        return 1
    except (builder.Failed, kernels.NotebooksFailed) as failure:
        print(f"{failure}\n{LEFT}".lstrip(), file=sys.stderr)
        return 1
    for path in changed:
        print(f"Stored {path.name}")
    print("All notebooks are stored as one clean run.")
    return 0


if __name__ == "__main__":
    sys.exit(processes.until_stopped(lambda: refresh(CHAPTERS), LEFT))
