"""Run every notebook from the top and store the results, normalized.

All notebooks are run before any is written, so that a failure leaves every stored notebook
as it was. What changes from machine to machine or from run to run is left out.
"""

import sys
from pathlib import Path

import build
import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError

CHAPTERS = Path(__file__).resolve().parents[1] / "chapters"


def run(path: Path) -> str:
    """Execute one notebook in its own folder and give its text, normalized."""
    notebook = nbformat.read(path, as_version=4)
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    NotebookClient(
        notebook, timeout=180, kernel_name="python3", record_timing=False, resources={"metadata": {"path": path.parent}}
    ).execute()
    notebook.metadata = {
        "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
        "language_info": {"name": "python"},
    }
    for number, cell in enumerate(notebook.cells):
        cell.id = f"cell-{number:02d}"
        cell.metadata.pop("execution", None)
    return nbformat.writes(notebook, indent=1, ensure_ascii=False) + "\n"


def main() -> int:
    """Refresh every notebook, or none."""
    if not build.sound(CHAPTERS.parent):
        print("No notebook was changed.", file=sys.stderr)
        return 1
    done = {}
    for path in sorted(CHAPTERS.glob("*.ipynb")):
        print(f"Running {path.name} ...", flush=True)
        try:
            done[path] = run(path)
        except CellExecutionError as error:
            message = f"{path.name} failed; no notebook was changed.\n{build.last_words(str(error))}"
            print(message, file=sys.stderr)
            return 1
    for path, text in done.items():
        if path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8")
            print(f"Stored {path.name}")
    print("All notebooks are stored as one clean run.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
