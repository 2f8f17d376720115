"""How tests break a copy of the data, and what the loader then says."""

import csv

import pytest
from casebook import data


def change(folder, file, old, new, count=1):
    """Replace the first of something that must be there."""
    path = folder / file
    text = path.read_text(encoding="utf-8")
    assert old in text, f"{old!r} does not stand in {file}: the test would break nothing"
    path.write_text(text.replace(old, new, count), encoding="utf-8")


def append(folder, file, line):
    """Add a row."""
    path = folder / file
    path.write_text(path.read_text(encoding="utf-8") + line + "\n", encoding="utf-8")


def rewrite(folder, file, cell_of):
    """Write every cell anew: `cell_of(column, text)` gives its text."""
    path = folder / file
    with path.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    with path.open("w", encoding="utf-8", newline="") as lines:
        writer = csv.DictWriter(lines, rows[0])
        writer.writeheader()
        writer.writerows({column: cell_of(column, text) for column, text in row.items()} for row in rows)


def problems(folder):
    """What the loader says of a folder; it must say something."""
    with pytest.raises(data.DataError) as raised:
        data.load(folder)
    assert all(problem.expected and problem.mend for problem in raised.value.problems)
    assert all(str(problem) in str(raised.value) for problem in raised.value.problems)
    return raised.value.problems


def places(folder):
    """Where the loader finds problems: table, row and column of each."""
    return [(problem.table, problem.row, problem.column) for problem in problems(folder)]
