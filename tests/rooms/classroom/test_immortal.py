"""Who lived long enough: a patient who is moved leaves the days of waiting, and nothing else, to the other group."""

import pytest
from casebook import charts
from casebook.classroom import immortal
from casebook.classroom.immortal import Waiting

# By hand, to day 100. With a graft c died of two, without one a died of two.
FOUR = (
    Waiting("made-up-a", None, 10, True),
    Waiting("made-up-b", None, 200, False),
    Waiting("made-up-c", 20, 50, True),
    Waiting("made-up-d", 60, 200, False),
)

# 98% and 97% alive, once the one who had the graft late is moved.
NARROW = (
    Waiting("made-up-a", 100, 150, False),
    Waiting("made-up-z", None, 50, True),
    *(Waiting(f"made-up-{n}", None, 200, False) for n in range(98)),
)


def percents(moved):
    return [group.percent for group in immortal.compared(FOUR, moved, 100)]


def test_by_ever_having_a_graft_everybody_counts_from_day_0():
    assert percents(()) == [50, 50]
    first, other = immortal.compared(FOUR, (), 100)
    assert (first.days, first.deaths, first.patients) == (250, 1, 2)
    assert (other.days, other.deaths, other.patients) == (210, 1, 2)


def test_from_the_day_of_the_graft_the_days_of_waiting_go_over():
    """On day 10 four waited; on day 50 c alone had a graft, and died."""
    first, other = immortal.compared(FOUR, {"made-up-c", "made-up-d"}, 100)
    assert (first.percent, other.percent) == (0, 75)
    assert (first.days, other.days) == (250 - 80, 210 + 80) and (first.deaths, other.deaths) == (1, 1)


def test_one_patient_is_moved_alone():
    assert percents({"made-up-d"}) == [0, 67] and percents({"made-up-c"}) == [50, 67]


def test_who_enters_on_the_day_of_a_death_was_not_there_yet():
    some = [("a", 0, 10, True), ("a", 0, 20, False), ("a", 10, 30, False)]
    assert immortal.survival(some, 10) == 0.5 and immortal.survival(some, 9) == 1.0


def test_halves_are_rounded_upward():
    assert immortal.Group("x", 8, 1, 7, 0.125).percent == 13


def test_what_is_said_names_how_many_how_long_and_by_how_much():
    assert "All 2 count as with a graft from day 0: 80 days of waiting" in immortal.said_moved(FOUR, (), 100)
    assert immortal.said_moved(FOUR, {"made-up-d"}, 100) == (
        "1 of 2 count from the day of the graft: 60 days of waiting went to those without one, where the "
        "deaths of that time are. Those with a graft are behind by 67 percentage points; counted the other way they "
        "were level with the others."
    )
    assert "ahead by 1 percentage point;" in immortal.said_moved(NARROW, {"made-up-a"}, 100)


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("ada,,10,yes", "column patient: 'ada'"),
        ("made-up-a,,10,perhaps", "column died: 'perhaps'"),
        ("made-up-a,,soon,yes", "column last_day: 'soon'; expected a day"),
        ("made-up-a,,inf,yes", "column last_day: 'inf'"),
        ("made-up-a,40,40,yes", "column grafted_on: '40'; expected a day before the last, 40"),
        ("made-up-a,40", "2 cells; expected 4"),
    ],
)
def test_a_row_that_cannot_be_is_named(tmp_path, row, said):
    path = tmp_path / "some.csv"
    path.write_text(f"patient,grafted_on,last_day,died\n{row}\n")
    with pytest.raises(ValueError, match=r"some\.csv, row 2") as refused:
        immortal.read_waiting(path)
    assert said in str(refused.value)


def test_another_file_and_a_patient_twice_are_refused(tmp_path):
    path = tmp_path / "some.csv"
    path.write_text("person,answer\n")
    with pytest.raises(ValueError, match="row 1: 'person, answer'; expected the columns patient"):
        immortal.read_waiting(path)
    path.write_text("patient,grafted_on,last_day,died\nmade-up-a,,10,yes\nmade-up-a,5,20,no\n")
    with pytest.raises(ValueError, match="row 3, column patient: 'made-up-a'"):
        immortal.read_waiting(path)


def test_both_ways_stand_side_by_side_and_say_that_they_are_made_up():
    drawn = charts.waiting_bars(FOUR, immortal.counted_both_ways(FOUR, 100), 100)
    assert "made-up patients" in drawn.caption and "Made up: nobody had these courses." in drawn.html
    ever, since = drawn.html.split('data-way="from"')
    assert ever.count('class="waiting-ever"') == 2 and "waiting-ever" not in since
    assert "50% alive on day 100" in ever and "75% alive on day 100" in since
