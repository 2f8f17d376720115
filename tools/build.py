"""Build the site beside the old one and put it in its place only if all went well.

python tools/build.py                   # builds _build/html
python tools/build.py --output FOLDER   # builds FOLDER/html
"""

import argparse
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

LEFT = "A site that was built before is left as it was."
PROJECT = Path(__file__).resolve().parents[1]


def build(project: Path, output: Path) -> int:
    """Build `project` into `output/html`; on failure leave an earlier site as it was.

    Returns
    -------
    int
        The exit code: 0 if the site was built.
    """
    work = output / "next"
    shutil.rmtree(work, ignore_errors=True)
    if not sound(project):
        print(LEFT, file=sys.stderr)
        return 1
    # Dates that a build writes come from here, so that two builds of one state are the same.
    environment = {"SOURCE_DATE_EPOCH": "1767225600", **os.environ}
    command = [sys.executable, "-c", "from jupyter_book.cli.main import main; main()", "build", str(project)]
    command += ["-n", "-W", "--keep-going", "--quiet", "--path-output", str(work)]
    result = subprocess.run(command, cwd=project, env=environment, check=False, stdout=subprocess.PIPE, text=True)
    code = result.returncode
    built = work / "_build" / "html"
    if code or not (built / "index.html").exists():
        for log in sorted(work.glob("_build/**/reports/**/*.err.log")):
            print(f"\n{log.stem.removesuffix('.err')}: {last_words(log.read_text(encoding='utf-8'))}", file=sys.stderr)
        print(f"The build failed. {LEFT}", file=sys.stderr)
        return code or 1
    # The old site goes only when the new one stands beside it.
    old = output / "old"
    shutil.rmtree(old, ignore_errors=True)
    if (output / "html").exists():
        (output / "html").rename(old)
    built.rename(output / "html")
    shutil.rmtree(old, ignore_errors=True)
    shutil.rmtree(work)
    return 0


def sound(project: Path) -> bool:
    """Check tables and timelines first: their message is plainer than that of a notebook that trips over them."""
    command = [sys.executable, "-m", "casebook"]
    check = subprocess.run(command, cwd=project / "chapters", check=False, stdout=subprocess.DEVNULL)
    return check.returncode == 0


def last_words(traceback: str) -> str:
    """What a notebook's error says, without the way there."""
    lines = re.sub(r"\x1b\[[0-9;]*m", "", traceback).rstrip().splitlines()
    starts = [number for number, line in enumerate(lines) if re.match(r"[\w.]+(: |$)", line)]
    return "\n".join(lines[starts[-1] if starts else -1 :])


def main() -> int:
    """Build and say where to click."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--output", type=Path, default=PROJECT / "_build")
    output = parser.parse_args().output.resolve()
    print("Building the book: running all notebooks, then writing the pages ...", flush=True)
    code = build(PROJECT, output)
    if code == 0:
        print(f"Done. Open this in a browser (no network needed):\n  {output / 'html' / 'index.html'}")
    return code


if __name__ == "__main__":
    sys.exit(main())
