"""One condition: an interval holds the limits that its brackets say, and what was not assessed holds neither way."""

import pytest
from casebook.data import all_hold, condition, holds, tidy
from hypothesis import given
from hypothesis import strategies as st

TRI = st.sampled_from([True, False, None])


@pytest.mark.parametrize(
    ("operator", "threshold", "inside", "outside"),
    [
        (">=", "38.0", [38.0, 41], [37.9, 37.999]),
        (">", "6", [6.1, 7], [6, 5]),
        ("<=", "6", [6, 0], [6.1, 7]),
        ("<", "2", [1.9, 0], [2, 3]),
        ("within", "[25,50]", [25, 30, 50], [24.9, 50.1]),
        ("within", "(0,25)", [0.1, 24.9], [0, 25]),
        ("within", "(3,6]", [3.05, 6], [3, 6.1]),
        ("within", "[10,20)", [10, 19.9], [9.9, 20]),
        ("within", "[-3, 3]", [-3, 0], [-4]),
        ("within", "[3,3]", [3], [2, 4]),
        ("within", "[.5,1.)", [0.5, 0.9], [0.4, 1]),
        ("is", "true", [True], [False, 1, "true"]),
        ("is", "3", [3, 3.0], [2, True, "3"]),
        ("is", "1", [1], [True]),
        ("is", "none", ["none"], ["low_flow", 0]),
        ("in", "cpap|bipap", ["cpap", "bipap"], ["venturi", "cpap|bipap"]),
        ("in", "1 | 2", [1, 2], [3, True]),
    ],
)
def test_a_condition_holds_inside_and_not_outside(operator, threshold, inside, outside):
    asked = condition(operator, threshold)
    assert all(holds(asked, value) is True for value in inside)
    assert all(holds(asked, value) is False for value in outside)
    assert holds(asked, None) is None


@pytest.mark.parametrize(
    ("operator", "threshold", "wanted"),
    [
        (">=", "", "number such as 17.1 after >="),
        (">", "six", "number such as 17.1 after >"),
        ("<", "inf", "finite"),
        ("<=", "nan", "finite"),
        (">", "1e999", "finite"),
        (">", "1.2.3", "finite"),
        (">", "1_000", "finite"),
        ("divide", "nan", "above 0"),
        ("divide", "0", "above 0"),
        ("divide", "-2", "or a finding"),
        ("taken", "", "number such as 17.1 after taken"),
        ("longest", "long", "number such as 17.1 after longest"),
        ("count", "rash||fever", "several, parted by |"),
        ("within", "25-50", "an interval"),
        ("within", "[50,25]", "lower limit first"),
        ("within", "[1.2.3,5)", "two numbers"),
        ("within", "[.,5)", "two numbers"),
        ("within", "[nan,5)", "two numbers"),
        ("within", "[0,inf)", "two numbers"),
        ("within", "[,5)", "two numbers"),
        ("within", "", "two numbers"),
        ("within", "[25,25)", "holds a number"),
        ("within", "(25,25)", "holds a number"),
        ("is", "nan", "a finite number"),
        ("is", "-inf", "a finite number"),
        ("is", "1.2.3", "a finite number"),
        ("is", "True", "small letters"),
        ("in", "1|infinity", "a finite number"),
        ("is", " ", "a number or a word"),
        ("in", "a||b", "parted by"),
        ("about", "3", "one of is, in, within"),
    ],
)
def test_a_condition_that_cannot_be_read_is_refused(operator, threshold, wanted):
    with pytest.raises(ValueError, match=wanted):
        condition(operator, threshold)


@pytest.mark.parametrize(("operator", "threshold"), [("max", "a|b"), ("note", ""), ("divide", "17.1")])
def test_what_compares_nothing_cannot_hold(operator, threshold):
    with pytest.raises(ValueError, match=f"not {operator}"):
        holds(condition(operator, threshold), 1)


@given(st.lists(TRI))
def test_several_hold_together_only_if_each_does(parts):
    certain = all(part is True for part in parts)
    possible = all(part is not False for part in parts)
    assert all_hold(parts) is (True if certain else None if possible else False)


@given(st.integers(1, 400))
def test_a_limit_in_another_unit_is_still_that_limit(milligrams):
    assert tidy(milligrams * 17.1 / 17.1) == milligrams
    assert tidy(round(milligrams * 17.1, 1) / 17.1) == milligrams
