"""How many days an age can be."""

from datetime import date, timedelta

import pytest
from casebook.timeline import periods
from hypothesis import given
from hypothesis import strategies as st


@pytest.mark.parametrize(
    ("period", "days"),
    [
        ("P5M", (150, 183)),
        ("P12D", (12, 12)),
        ("P3W", (21, 27)),
        ("P1W2D", (9, 9)),
        ("P1Y", (365, 730)),
        ("P0D", (0, 0)),
        ("P96Y", (35063, 35429)),  # or over a 2100, which has no leap day
        ("P2Y6M", (911, 945)),
        ("P1M3D", (31, 34)),
        ("-P7D", (-7, -7)),
        ("P1DT12H", (1, 1)),
    ],
)
def test_an_age_is_the_days_that_it_can_be(period, days):
    assert periods.days_of(period) == days


@given(st.dates(date(1950, 1, 1), date(2040, 1, 1)), st.integers(0, 20_000))
def test_whoever_lived_so_many_days_is_within_the_days_of_the_age(born, lived):
    now = born + timedelta(days=lived)
    months = 12 * (now.year - born.year) + now.month - born.month - (now.day < born.day)
    for period in (
        f"P{months // 12}Y",
        f"P{months}M",
        f"P{months // 12}Y{months % 12}M",
        f"P{lived // 7}W",
        f"P{lived}D",
    ):
        least, most = periods.days_of(period)
        assert least - 3 <= lived <= most + 3, "days at the end of a short month may count either way"


@pytest.mark.parametrize("text", ["", "P", "5 months", "P5X", "10", "-P"])
def test_what_is_no_period_is_refused(text):
    with pytest.raises(ValueError, match="period of ISO 8601"):
        periods.days_of(text)


def test_a_day_is_read_from_dates_and_times():
    assert periods.day_of("2020-03-18T12:00:00Z") == periods.day_of("2020-03-18") == date(2020, 3, 18)
    with pytest.raises(ValueError, match="date of ISO 8601"):
        periods.day_of("March")
