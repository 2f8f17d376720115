"""Places: each case from a day 0 of its own, contradictions that hide no other case, and the day to ask for first."""

import dataclasses

import pandas as pd
import pytest
from casebook import timeline
from casebook.timeline import network
from casebook.timeline.places import first_to_ask, zero_of
from hypothesis import given
from hypothesis import strategies as st
from made_up import bounds, events, live, patient

HAPPENED = {
    "d": ("disease", "diagnosis", False), "i": ("car_t_infusion", "first infusion", True),
    "h": ("hsct", "allo-HSCT", True), "g": ("gvhd", "GVHD", False), "x": ("ta_tma", "TA-TMA", False),
}  # fmt: skip


def placed(happened, known, start=None, case="made-up-1"):
    return timeline.places(named(patient(happened, known, case)), start)


def named(book):
    """The same with a name for each bound: b0, b1, …"""
    return dataclasses.replace(book, bounds=book.bounds.assign(bound_id=[f"b{n}" for n in range(len(book.bounds))]))


def where(found):
    return dict(zip(found.rows["event_id"], found.rows["words"]))


def test_an_event_has_its_limits_its_words_and_the_bounds_behind_them():
    found = placed(HAPPENED, [("i", "h", 20, 30), ("h", "g", 0, 14, "defined"), ("d", "i", 0, None)])
    row = found.rows.set_index("event_id").loc["g"]
    assert (row["earliest"], row["latest"], row["label"], row["basis"]) == (20, 44, "GVHD", "defined")
    assert row["words"] == "0 to 14 days after transplantation (day 20 to 44)"
    assert row["because"] == ("b1", "b0") and row["reasons"] == "Made up. (defined) Made up. (stated)"
    assert where(found)["d"] == "before the infusion, no earlier limit" and where(found)["x"] == "not in the record"
    assert found.rows["event_id"].tolist() == list(HAPPENED)


def test_day_0_is_the_index_event_of_the_first_kind_that_days_are_counted_from():
    later_first = {name: HAPPENED[name] for name in ("h", "i", "x")}
    known = [("i", "h", 20, 20), ("h", "x", 3, 3)]
    assert where(placed(later_first, known)) == {"h": "day 20", "i": "day 0", "x": "day 23"}
    assert where(placed(later_first, known, "hsct")) == {"h": "day 0", "i": "day −20", "x": "day 3"}
    assert where(placed(later_first, known, "x")) == {"h": "day −3", "i": "day −23", "x": "day 0"}


def test_a_case_without_such_an_event_is_counted_from_its_first_index_event_or_its_first():
    kinds = live().kinds
    made = pd.DataFrame({"event_id": ["a", "b", "c"], "kind": ["other", "recovery", "other"]})
    assert zero_of(made.assign(index_event=[False, True, True]), kinds) == "b"
    assert zero_of(made.assign(index_event=False), kinds) == "a"
    assert zero_of(made.assign(index_event=[False, True, True]), kinds, "other") == "c", "an index event of the kind"


def test_an_event_whose_id_is_the_name_of_a_kind_is_taken_for_itself():
    happened = {"hsct": ("gvhd", "GVHD", False), "i": HAPPENED["i"], "h": HAPPENED["h"]}
    found = placed(happened, [("i", "h", 9, 9), ("i", "hsct", 12, 12)])
    assert found.zeros == {"made-up-1": "i"} and where(found)["hsct"] == "day 12"


def test_a_day_0_that_nobody_has_is_refused_in_words():
    with pytest.raises(ValueError, match=r"no event has the kind or the id 'stroke'.*the kinds are car_t_infusion, "):
        placed(HAPPENED, [], "stroke")


def test_a_case_that_contradicts_itself_hides_no_other():
    wrong = named(patient(HAPPENED, [("i", "x", 5, 5), ("x", "i", 0, None), ("i", "h", 9, 9)], "made-up-1"))
    right = named(patient({"a": HAPPENED["i"], "b": HAPPENED["g"]}, [("a", "b", 4, 4)], "made-up-2"))
    both = {name: pd.concat([getattr(wrong, name), getattr(right, name)]) for name in ("cases", "events", "bounds")}
    found = timeline.places(dataclasses.replace(wrong, **both))
    assert where(found) == {"a": "day 0", "b": "day 4"}
    assert found.contradictions == (("made-up-1", ("b1", "b0")),) and set(found.statements) == {"b0", "b1"}


def test_what_follows_from_a_death_is_a_reason_with_a_name():
    happened = {"i": HAPPENED["i"], "g": HAPPENED["g"], "e": ("death", "death", False)}
    found = placed(happened, [("i", "g", 0, None), ("i", "e", 30, 30)])
    row = found.rows.set_index("event_id").loc["g"]
    assert (row["earliest"], row["latest"]) == (0, 30) and row["because"] == ("b0", "b1", "g-before-e")
    assert "Nothing but follow-up comes after death. (defined)" in row["reasons"]
    late = placed(happened, [("i", "g", 40, 40), ("i", "e", 30, 30)])
    assert late.statements["g-before-e"].startswith("Nothing but follow-up")


def asked(ids, *rows, zero=None):
    case = network.solve(events(*ids, index=ids[:1]), bounds(*rows))["made-up-1"]
    return first_to_ask(case, zero or ids[0])


def test_the_day_that_narrows_most_windows_is_asked_for_first():
    # c and d hang on b, which lies on day 0 to 10: its day would narrow both; that of c narrows b and d.
    chain = [("a", "b", 0, 10), ("b", "c", 0, 5), ("b", "d", 0, 5)]
    assert asked("abcd", *chain) == ("b", 2), "of equals the first"
    # The day of the graft narrows everything that hangs on it, and nothing narrows it.
    assert asked("ahgx", ("a", "h", 0, None), ("h", "g", 0, 14), ("h", "x", 0, None)) == ("h", 2)


def test_nothing_is_asked_for_where_no_day_narrows_another():
    assert asked("ab", ("a", "b", 0, 10)) is None
    assert asked("abc", ("a", "b", 1, 1), ("a", "c", 2, 2)) is None, "all days are known"
    assert asked("abc", ("a", "b", 0, 10), ("a", "c", 0, 10)) is None, "neither hangs on the other"
    assert asked("abc") is None, "nothing is known"
    # On day 0.7 b would leave c to day 0.8, which is known already; in binary 0.7 and 0.1 are less.
    assert asked("abc", ("a", "b", 0.7, 2), ("b", "c", None, 0.1), ("a", "c", None, 0.8)) is None


@given(st.data())
def test_a_day_that_is_asked_for_narrows_as_many_windows_as_was_said(draw):
    """By trying: the event is put on the first and on the last day of its window, and the windows are counted."""
    ids = "abcde"
    rows = [
        (one, other, low, low + draw.draw(st.integers(0, 6)))
        for one, other in zip("aabbc", "bccde")
        for low in [draw.draw(st.integers(-3, 6))]
    ]
    try:
        first = timeline.windows(events(*ids, index="a"), bounds(*rows), "a")
    except timeline.TimelineConflict:
        return
    found = asked(ids, *rows)
    open_ = first[(first["earliest"] < first["latest"])]
    tried = {}
    for row in open_.itertuples():
        narrowed = set()
        for day in (row.earliest, row.latest):
            after = timeline.windows(events(*ids, index="a"), bounds(*rows, ("a", row.event_id, day, day)), "a")
            less = (after["earliest"] > first["earliest"]) | (after["latest"] < first["latest"])
            narrowed |= set(after.loc[less, "event_id"]) - {row.event_id}
        tried[row.event_id] = len(narrowed & set(open_["event_id"]))
    best = max(tried.values(), default=0)
    assert found == (next(one for one, n in tried.items() if n == best), best) if best else found is None
