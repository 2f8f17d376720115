"""What the exercises say of an answer: each wrong turn has its own word of help, and what is right has none."""

import altair as alt
import pandas as pd
import pytest
from casebook.classroom import hints

KINDS = ["infusion", "graft", "rash"]
EVENTS = pd.DataFrame({"event_id": KINDS, "kind": KINDS, "index_event": [True, True, False], "case_id": "made-up-x"})
TOLD = [("infusion", "graft", 40, 40), ("graft", "rash", 3, 14)]
COLUMNS = ["from_event", "to_event", "min_days", "max_days"]
BOUNDS = pd.DataFrame(TOLD, columns=COLUMNS, index=["a", "b"]).assign(case_id="made-up-x")
GROUPS = pd.DataFrame(
    {"group": ["with", "without"], "alive_percent": [80.0, 50.0], "alive": [4, 2], "patients": [5, 4]}
)


@pytest.mark.parametrize(
    ("days", "said"),
    [((43, 54), ""), ((None, 54), "two numbers"), ((43, 50), "width"), ((3, 14), "from the infusion"),
     ((44, 55), "to both limits")],
)  # fmt: skip
def test_the_days_of_a_window(days, said):
    hint = hints.in_window(*days, EVENTS, BOUNDS, "rash", "infusion")
    assert said in hint and bool(hint) == bool(said)


def test_what_contradicts_is_the_smallest_set():
    more = pd.DataFrame([("infusion", "rash", 0, 5), ("infusion", "rash", 0, 90)], columns=COLUMNS, index=["c", "d"])
    rows = pd.concat([BOUNDS, more.assign(case_id="made-up-x")])

    def hint(names):
        return hints.contradicting(names, EVENTS, rows, "infusion")

    assert hint({"a", "b", "c"}) == "" and "can go" in hint({"a", "b", "c", "d"})
    assert "at once" in hint({"a", "b", "d"}) and "set of row names" in hint(["a"]) and "row names" in hint({"z"})


def test_an_upper_limit_is_a_percentage_and_exact():
    """None of 12: 26.5%, by hand 1 - 0.025^(1/12)."""
    assert hints.upper_percent(26.5, 0, 12) == "" and "Give a number" in hints.upper_percent(None, 0, 12)
    assert "fraction" in hints.upper_percent(0.265, 0, 12) and "rule of three" in hints.upper_percent(25.0, 0, 12)
    assert "missed" in hints.upper_percent(0, 0, 12)


def test_overlap_is_certain_in_both_columns():
    pairs = pd.DataFrame(
        [("a", "b", "same"), ("c", "a", "nested"), ("a", "d", "possible")],
        columns=["study_a", "study_b", "certainty"],
    )
    assert hints.sharing_for_certain({"b", "c"}, pairs, "a") == ""
    for names, said in (({"b"}, "One more"), ({"b", "c", "d"}, "may share"), ({"a", "b", "c"}, "itself"), ("b", "set")):
        assert said in hints.sharing_for_certain(names, pairs, "a")


def test_a_landmark_is_neither_the_naive_comparison_nor_any_other():
    people = pd.DataFrame({"died_on": [10, 100, 400, 400, 400], "graft_on": [50, 120, 30, 40, 200]})
    people["alive_365"], people["grafted"] = people["died_on"] > 365, people["graft_on"] < people["died_on"]
    assert hints.by_landmark(50.0, people, 60) == "", "both of two, and one of two"
    assert "naive" in hints.by_landmark(100.0, people, 60) and "alive on day 60" in hints.by_landmark(20.0, people, 60)
    assert "Give a number" in hints.by_landmark(None, people, 60)


def test_bounds_are_compared_without_being_told():
    wanted = {"graft": hints.sealed("graft", 40.0, 40.0), "rash": hints.sealed("rash", 40.0, float("inf"))}

    def hint(*rows):
        return hints.encoded(list(rows), EVENTS, "infusion", wanted)

    graft, rash = ("infusion", "graft", 40, 40), ("graft", "rash", 0, None)
    assert hint(graft, rash) == "" and "Give a list" in hint()
    assert "rash: the text has no latest day" in hint(graft, ("graft", "rash", 0, 90))
    assert "graft: does the text give this one day" in hint(("infusion", "graft", 37, 37), rash)
    assert "graft: the text gives another day" in hint(("infusion", "graft", 30, 50), rash)


def shown(low=(28.4, 6.8), high=(99.5, 93.2), **more):
    """A chart of the two groups: limits by Clopper and Pearson, in percent, of 4 of 5 and 2 of 4."""
    drawn = GROUPS.assign(low=low, high=high)
    given = {"x": "low", "x2": "high", "y": "group", "size": "patients", "color": "alive_percent"} | more
    return alt.Chart(drawn).mark_rule().encode(**{name: one for name, one in given.items() if one})


def test_a_share_is_drawn_with_its_interval_and_its_number():
    assert hints.shares_drawn(shown(), GROUPS) == "" and "chart of Altair" in hints.shares_drawn(None, GROUPS)
    assert "limits yet: high, low" in hints.shares_drawn(alt.Chart(GROUPS).mark_bar().encode(x="alive_percent"), GROUPS)
    assert "Of how many" in hints.shares_drawn(shown(size=None), GROUPS)
    assert "Draw the share" in hints.shares_drawn(shown(color=None), GROUPS)
    assert "limits without are not" in hints.shares_drawn(shown(high=(99.5, 90.0)), GROUPS)
    assert "limits with are not" in hints.shares_drawn(shown(low=(0.284, 0.068)), GROUPS)
    layered = shown(size=None) + alt.Chart(GROUPS).mark_text().encode(x="alive_percent", y="group", text="patients")
    assert hints.shares_drawn(layered, GROUPS) == "", "a number that is written is shown, too"


def test_one_bound_is_filled_and_no_other():
    bounds = BOUNDS.assign(bound_id=["a", "b"]).reset_index(drop=True)
    filled = bounds.copy()
    filled.loc[0, ["min_days", "max_days"]] = 50
    assert hints.filled_alone(filled, bounds, "a", 50) == ""
    assert "earlier" in hints.filled_alone(bounds, bounds, "a", 50)
    assert "later" in hints.filled_alone(filled.assign(max_days=[60, 14]), bounds, "a", 50)
    assert "Only one bound" in hints.filled_alone(filled.assign(max_days=[50, 20]), bounds, "a", 50)
