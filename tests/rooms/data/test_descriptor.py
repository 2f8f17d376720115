"""What the book is made with is read from the file that says it."""

from casebook.data import descriptor
from conftest import PROJECT


def test_every_pinned_package_is_listed_with_its_reason():
    lines = [line for line in (PROJECT / "requirements.in").read_text(encoding="utf-8").splitlines() if "==" in line]
    listed = descriptor.requirements()
    assert [f"{row.package}=={row.version}" for row in listed.itertuples()] == [line.split()[0] for line in lines]
    assert all(reason and reason in line for reason, line in zip(listed["why"], lines))
