"""The vocabulary: a basis that is missing never strengthens."""

import pytest
from casebook import words


@pytest.mark.parametrize(
    ("bases", "weakest"),
    [
        ([], None),
        (["stated"], "stated"),
        (["defined", "stated"], "defined"),
        (["stated", "inferred", "defined"], "inferred"),
        (["stated", None], "basis unknown"),
        (["guess", "stated"], "basis unknown"),
        ([float("nan")], "basis unknown"),
    ],
)
def test_the_weakest_basis(bases, weakest):
    assert words.weakest(bases) == weakest


def test_a_month_and_a_year_are_what_astronomy_says_to_two_digits():
    assert words.DAYS_IN["month"] == pytest.approx(365.2425 / 12, abs=0.005)
    assert words.DAYS_IN["year"] == pytest.approx(365.2425, abs=0.01)
    assert words.DAYS_IN["week"] == 7
