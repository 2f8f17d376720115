"""Run every notebook from the top and store what is to be compared and read of the results.

All notebooks are run before any is written, so that a failure leaves every stored notebook
as it was. What changes from machine to machine or from run to run is left out, and so is what nbval
does not compare: drawings, and what they are drawn from, can be made again.
"""

import re
import sys
from functools import cache
from pathlib import Path

from tools import PROJECT
from tools.build import builder
from tools.project import processes

# `kernels` is imported where it is used: it takes a second, in which Ctrl+C would end with a traceback.

CHAPTERS = PROJECT / "chapters"
NOT_COMPARED = PROJECT / "tests" / "nbval-sanitize.cfg"
LEFT = "No notebook was changed."


def run(path: Path) -> str:
    """Execute one notebook in its own folder and give its text as it is stored."""
    from tools.project import kernels

    return as_stored(kernels.run_all([path])[path])


def as_stored(text: str) -> str:
    """A notebook's text without what nbval leaves out of the comparison.

    Parameters
    ----------
    text : str
        An executed notebook in normal form.
    """
    import nbformat

    from tools.project import kernels

    notebook = nbformat.reads(text, as_version=4)
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            for kind, content in output.get("data", {}).items():
                if isinstance(content, str):
                    output.data[kind] = _compared(content)
    return kernels.in_normal_form(notebook)


def _compared(content: str) -> str:
    for pattern, replacement in _not_compared():
        content = pattern.sub(replacement, content)
    return content


@cache
def _not_compared() -> list[tuple[re.Pattern, str]]:
    """The patterns that nbval is given, read as it reads them."""
    from nbval.plugin import get_sanitize_patterns

    found = get_sanitize_patterns(NOT_COMPARED.read_text(encoding="utf-8"))
    return [(re.compile(pattern), replacement) for pattern, replacement in found]


def refresh(chapters: Path) -> int:
    """Refresh every notebook, or none; the exit code is 0 if all ran."""
    from tools.project import kernels

    paths = sorted(chapters.glob("*.ipynb"))
    try:
        with processes.only_one(chapters.parent / "_build"):
            builder.check(chapters.parent)
            print(f"Running {len(paths)} notebooks, {kernels.AT_ONCE} at a time ...", flush=True)
            done = {path: as_stored(text) for path, text in kernels.run_all(paths).items()}
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
