"""The first recipe of CONTRIBUTING, done on a copy: a day of case 1 as if it had been read in the paper, and all facts.

What is typed stands in the copy alone and says that it is made up. Run on the copy are the check of the tables,
notebooks that show the bounds and gaps of the cases, and from there the tests that read both the rows and what is
said of them. No text of a chapter changes, so the tests of the texts alone are not run again; all other tests of
words run on the frozen doubles, and nbval compares a notebook with what a refresh stored, which is this same run.
"""

import shutil
import subprocess
import sys

import pytest
from casebook import data
from casebook.__main__ import main
from casebook.patients import record
from conftest import PROJECT
from filling import DAY, PAPER, denials, everything, rewrite

from tools.project import kernels

# One day shows what is mixed, known and unknown, where it is drawn; everything is shown by all.
SHOWN = {
    "a_day": ("case-1", "comparison"),
    "everything": ("case-1", "case-2", "comparison", "evidence", "gaps", "index", "record", "who-else"),
}
TESTS = ("test_record.py", "test_what_is_said.py")


def a_day(project):
    """TA-TMA of case 1, as in CONTRIBUTING: one row."""
    told = {**PAPER, **DAY, "statement": "Made up for a test."}
    rewrite(project, "bounds", lambda row: row.update(told) if row["bound_id"] == "case-1-ta-tma-after-hsct" else None)


@pytest.mark.parametrize("recipe", [a_day, everything])
def test_a_filled_day_leaves_all_green_and_no_page_denies_it(recipe, tmp_path, capsys):
    for name in ("data", "chapters", "tests", "tools", "_ext", "classroom"):
        shutil.copytree(PROJECT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "requirements.in", "CITATION.cff", "README.md", "_config.yml", "_toc.yml"):
        shutil.copy(PROJECT / name, tmp_path)
    recipe(tmp_path)
    assert main(str(tmp_path / "data")) == 0, capsys.readouterr().err
    book = data.load(tmp_path / "data")
    assert book.gaps.set_index("gap_id").at["case-1-ta-tma-day", "value"].endswith("after transplantation")
    assert record.facts(book)["number"].str.startswith("paper.").any()
    for path, text in kernels.run_all(
        [tmp_path / "chapters" / f"{name}.ipynb" for name in SHOWN[recipe.__name__]]
    ).items():
        path.write_text(text, encoding="utf-8")
    command = [sys.executable, "-m", "pytest", "-n0", "-q", "-o", "addopts=-p no:cacheprovider"]
    done = subprocess.run(
        [*command, *(f"tests/this_book/{name}" for name in TESTS)], cwd=tmp_path, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout[-6000:]
    if recipe is everything:
        assert book.gaps["value"].notna().all()
        assert not (left := denials(tmp_path, book, SHOWN["everything"])), "\n".join(map(str, left))
