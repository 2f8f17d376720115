"""Windows: known answers worked by hand, and properties that hold for every network."""

import math

import numpy as np
import pandas as pd
import pytest
from casebook import data, timeline
from hypothesis import given
from hypothesis import strategies as st

INF = math.inf


def events(*ids, index=(), case="made-up-1"):
    """Events whose kind is their name; those in `index` are index events."""
    rows = [{"event_id": name, "case_id": case, "kind": name, "index_event": name in index} for name in ids]
    return pd.DataFrame(rows)


def bounds(*rows, case="made-up-1"):
    columns = ["from_event", "to_event", "min_days", "max_days", "basis"]
    frame = pd.DataFrame([(*row, *["stated"] * (5 - len(row))) for row in rows], columns=columns)
    return frame.assign(case_id=case)


def limits(result, event):
    row = result[result["event_id"] == event].iloc[0]
    return row["earliest"], row["latest"]


# ---------------------------------------------------------------- worked by hand


def test_a_chain_adds_up_and_names_its_rows():
    # infusion -(20..30)-> hsct -(0..14)-> gvhd: gvhd lies on day 20 to 44.
    result = timeline.windows(
        events("infusion", "hsct", "gvhd", index=("infusion",)),
        bounds(("infusion", "hsct", 20, 30), ("hsct", "gvhd", 0, 14, "defined")),
        "infusion",
    )
    assert limits(result, "hsct") == (20, 30)
    assert limits(result, "gvhd") == (20, 44)
    gvhd = result.iloc[2]
    assert gvhd["earliest_because"] == (0, 1) and gvhd["latest_because"] == (0, 1)
    assert gvhd["basis"] == "defined" and result.iloc[1]["basis"] == "stated"


def test_the_shorter_way_round_wins():
    # Two ways to the same event: 5..10 directly, and 3 + 4..6 = 7..9 by way of b: 7..9.
    result = timeline.windows(
        events("a", "b", "c", index=("a",)), bounds(("a", "c", 5, 10), ("a", "b", 3, 3), ("b", "c", 4, 6)), "a"
    )
    assert limits(result, "c") == (7, 9)
    assert result.iloc[2]["earliest_because"] == (1, 2)


def test_several_bounds_between_two_events_the_tightest_counts():
    result = timeline.windows(events("a", "b", index=("a",)), bounds(("a", "b", 0, 30), ("a", "b", 3, 28)), "a")
    assert limits(result, "b") == (3, 28)
    assert result.iloc[1]["earliest_because"] == (1,) == result.iloc[1]["latest_because"]


def test_after_is_zero_to_open_and_is_not_lost():
    # A bound of zero days is an edge of weight zero, which dense input to SciPy would drop.
    result = timeline.windows(events("a", "b", index=("a",)), bounds(("a", "b", 0, None)), "a")
    assert limits(result, "b") == (0, INF)
    back = timeline.windows(events("a", "b", index=("b",)), bounds(("a", "b", 0, None)), "b")
    assert limits(back, "a") == (-INF, 0)


def test_a_known_day_is_a_window_of_one_day():
    result = timeline.windows(events("a", "b", index=("a",)), bounds(("a", "b", 7, 7)), "a")
    assert limits(result, "b") == (7, 7)


def test_without_bounds_or_anchor_everything_is_open():
    result = timeline.windows(events("a", "b", index=("a",)), bounds(("a", "b", 1, 2)), "hsct")
    assert (result["earliest"] == -INF).all() and (result["latest"] == INF).all()
    assert result["earliest_because"].tolist() == [(), ()]
    assert result["basis"].isna().all()


def test_two_index_events_of_a_kind_are_an_error_that_names_them():
    two = events("h1", "h2", index=("h1", "h2")).assign(kind="hsct")
    with pytest.raises(ValueError, match=r"made-up-1 has 2 index events of the kind hsct .h1, h2"):
        timeline.windows(two, bounds(), "hsct")
    earlier = two.assign(index_event=[False, True])
    assert limits(timeline.windows(earlier, bounds(("h1", "h2", 100, 200)), "hsct"), "h1") == (-200, -100)


def test_the_result_keeps_order_and_index_of_the_events_of_several_cases():
    one, two = events("a", "b", index=("a",)), events("b", "a", index=("a",), case="made-up-2")
    mixed = pd.concat([one, two]).iloc[[2, 0, 3, 1]].set_axis([10, 20, 30, 40])
    limit = pd.concat([bounds(("a", "b", 1, 1)), bounds(("a", "b", 2, 2), case="made-up-2")], ignore_index=True)
    result = timeline.windows(mixed, limit, "a")
    assert result.index.tolist() == [10, 20, 30, 40]
    assert list(zip(result["case_id"], result["event_id"])) == list(zip(mixed["case_id"], mixed["event_id"]))
    assert result["earliest"].tolist() == [2, 0, 0, 1]


def test_a_conflict_names_its_rows_wherever_they_are():
    # The contradiction lies away from the anchor, in the second case, and among rows that are fine.
    one = events("a", "b", index=("a",))
    two = events("a", "b", "x", "y", "z", index=("a",), case="made-up-2")
    limit = pd.concat(
        [
            bounds(("a", "b", 1, 2)),
            bounds(("a", "b", 3, 4), ("x", "y", 5, 9), ("y", "z", 5, 9), ("x", "z", 0, 9), case="made-up-2"),
        ],
        ignore_index=True,
    )
    with pytest.raises(timeline.TimelineConflict) as raised:
        timeline.windows(pd.concat([one, two]), limit, "a")
    assert set(raised.value.rows) == {2, 3, 4}
    assert "made-up-2, row 4" in str(raised.value)


def test_every_contradiction_is_named():
    frames = [events("a", "b", index=("a",), case=f"made-up-{n}") for n in (1, 2)]
    limit = pd.concat(
        [bounds(("a", "b", 5, 5), ("b", "a", 5, 5), case=f"made-up-{n}") for n in (1, 2)], ignore_index=True
    )
    with pytest.raises(timeline.TimelineConflict) as raised:
        timeline.windows(pd.concat(frames), limit, "a")
    assert sorted(map(sorted, raised.value.conflicts)) == [[0, 1], [2, 3]]


def test_two_contradictions_that_hang_together_are_both_named():
    limit = bounds(("a", "b", 5, 5), ("b", "a", 5, 5), ("b", "c", 0, 5), ("c", "d", 5, 5), ("d", "c", 5, 5))
    with pytest.raises(timeline.TimelineConflict) as raised:
        timeline.windows(events("a", "b", "c", "d", index=("a",)), limit, "a")
    assert sorted(map(sorted, raised.value.conflicts)) == [[0, 1], [3, 4]]


@pytest.mark.parametrize("row", [("a", "a", 5, None), ("a", "a", 3, -4)])
def test_an_event_before_itself_is_a_contradiction(row):
    with pytest.raises(timeline.TimelineConflict) as raised:
        timeline.windows(events("a", "b", index=("a",)), bounds(("a", "b", 0, 1), row), "a")
    assert raised.value.rows == (1,)


def test_tenths_of_days_add_up_as_people_add_them():
    # In binary 0.1 + 0.2 is not 0.3; each of these once hung, or was a contradiction that is none.
    for rows in (
        [("b", "a", -2.9, None), ("c", "b", 0.8, 0.8)],
        [("a", "c", 0.2, 0.2), ("a", "b", -2.6, -2.6)],
        [("b", "a", -4.3, None), ("c", "b", 2.7, None), ("c", "a", -1.6, -1.6)],
    ):
        timeline.windows(events("a", "b", "c", index=("a",)), bounds(*rows), "a")
    sums = timeline.windows(
        events("a", "b", "c", index=("a",)), bounds(("a", "b", 0.1, 0.1), ("b", "c", 0.2, 0.2)), "a"
    )
    assert limits(sums, "c") == (0.3, 0.3)


def test_a_known_limit_is_said_whatever_else_is_open():
    known = events("i", "x", index=("i",))
    none = data.load().definitions
    for row, words in ((("i", "x", None, 14), "day 14 or earlier"), (("i", "x", -5, None), "day -5 or later")):
        limit = bounds(row).assign(statement="-", definition_id=None)
        said = timeline.explain(timeline.windows(known, limit, "i"), known, limit, none)
        assert said["position"].tolist() == ["day 0", words]


def test_bounds_whose_index_repeats_are_taken_by_their_place():
    twice = pd.concat([bounds(("a", "b", 1, 1)), bounds(("b", "c", 2, 2))])
    result = timeline.windows(events("a", "b", "c", index=("a",)), twice, "a")
    assert limits(result, "c") == (3, 3) and result.iloc[2]["earliest_because"] == (0, 1)


def test_a_bound_to_an_event_of_no_case_is_an_error():
    with pytest.raises(ValueError, match="row 0"):
        timeline.windows(events("a"), bounds(("a", "b", 0, 1)), "a")
    with pytest.raises(ValueError, match="made-up-9"):
        timeline.windows(events("a"), bounds(("a", "a", 0, 1), case="made-up-9"), "a")


def test_since_and_until_name_the_nearest_index_events():
    result = timeline.windows(
        events("infusion", "hsct", "crs", "gvhd", "free", index=("infusion", "hsct")),
        bounds(
            ("infusion", "hsct", 0, None),
            ("infusion", "crs", 0, None),
            ("hsct", "gvhd", 0, 14),
            ("crs", "hsct", 0, None),
        ),
        "infusion",
    ).set_index("event_id")
    assert (result.loc["crs", "since"], result.loc["crs", "until"]) == ("infusion", "hsct")
    assert (result.loc["gvhd", "since"], result.loc["gvhd", "since_max"]) == ("hsct", 14)
    assert result.loc["gvhd", "until"] is None
    assert result.loc["free", "since"] is None and result.loc["free", "until"] is None
    assert timeline.knowledge(result).to_dict() == {
        "infusion": "day", "hsct": "order", "crs": "order", "gvhd": "order", "free": "nothing",
    }  # fmt: skip


# ---------------------------------------------------------------- the two cases


@pytest.fixture(scope="module")
def book():
    return data.load()


def test_the_two_cases_counted_from_the_infusion(book):
    result = timeline.windows(book.events, book.bounds, "car_t_infusion").set_index("event_id")
    for event in ("case-1-crs", "case-1-hsct", "case-1-ta-tma", "case-2-recovery", "case-2-hsct"):
        assert tuple(result.loc[event, ["earliest", "latest"]]) == (0, INF), event
    for event in ("case-1-infection", "case-1-organ-toxicity", "case-2-inflammation-control"):
        assert tuple(result.loc[event, ["earliest", "latest"]]) == (-INF, INF), event


def test_the_two_cases_counted_from_transplantation(book):
    result = timeline.windows(book.events, book.bounds, "hsct").set_index("event_id")
    expected = {
        "case-1-gvhd": (0, 14), "case-1-ta-tma": (0, INF), "case-1-infusion": (-INF, 0),
        "case-1-crs": (-INF, INF), "case-2-recovery": (-INF, 0), "case-2-infusion": (-INF, 0),
    }  # fmt: skip
    for event, limit in expected.items():
        assert tuple(result.loc[event, ["earliest", "latest"]]) == limit, event
    assert result.loc["case-2-recovery", "basis"] == "inferred"


def test_explain_says_the_definition_and_the_reason(book):
    windows = timeline.windows(book.events, book.bounds, "hsct")
    said = timeline.explain(windows, book.events, book.bounds, book.definitions).set_index("event_id")
    assert said.loc["case-1-gvhd", "position"] == "day 0 to 14"
    assert said.loc["case-1-gvhd", "if_defined_as"] == "Saliba 2007"
    assert "(defined)" in said.loc["case-1-gvhd", "because"]
    assert said.loc["case-1-infection", "position"] == "not in the record"
    assert said.loc["case-2-recovery", "position"] == "after the infusion, before transplantation"


def test_side_by_side_counts_the_cases_and_keeps_silence_missing(book):
    book = data.select(book, "case-1", "case-2")
    sides = timeline.side_by_side(book.events, book.cases).set_index("lane")
    assert sides.loc["inflammation", "in_record"] == 2
    assert sides.loc["GVHD", "in_record"] == 1 and pd.isna(sides.loc["GVHD", "case 2"])


# ---------------------------------------------------------------- properties


@st.composite
def true_courses(draw, most=8):
    """A patient with true days, and bounds that hold those days. The first event is the anchor."""
    size = draw(st.integers(2, most))
    # Tenths of days: whole numbers alone would hide what binary fractions do to sums.
    days = [day / 10 for day in draw(st.lists(st.integers(-4000, 4000), min_size=size, max_size=size))]
    names = [f"e{n}" for n in range(size)]
    place = st.integers(0, size - 1)
    slack = st.one_of(st.none(), st.integers(0, 600).map(lambda tenths: tenths / 10))
    rows = []
    for start, end, below, above in draw(st.lists(st.tuples(place, place, slack, slack), max_size=16)):
        gap = days[end] - days[start]
        rows.append(
            (
                names[start],
                names[end],
                None if below is None else round(gap - below, 1),
                None if above is None else round(gap + above, 1),
            )
        )
    return events(*names, index=(names[0],)), bounds(*rows), np.round(np.array(days, dtype=float) - days[0], 1)


@given(true_courses())
def test_networks_of_true_days_are_consistent_and_their_windows_hold_those_days(course):
    known, limit, days = course
    result = timeline.windows(known, limit, "e0")
    assert (result["earliest"].to_numpy() <= days).all() and (days <= result["latest"].to_numpy()).all()


@given(true_courses(), st.data())
def test_adding_a_bound_never_widens_a_window(course, drawn):
    known, limit, _ = course
    count = drawn.draw(st.integers(0, len(limit)))
    wide = timeline.windows(known, limit.iloc[:count], "e0")
    narrow = timeline.windows(known, limit, "e0")
    assert (narrow["earliest"] >= wide["earliest"]).all() and (narrow["latest"] <= wide["latest"]).all()


@given(true_courses())
def test_anchors_shift_consistently(course):
    # Seen from b, a lies where b lies seen from a, mirrored.
    known, limit, _ = course
    for other in known["event_id"][1:]:
        from_other = timeline.windows(known.assign(index_event=known["event_id"] == other), limit, other)
        from_first = timeline.windows(known, limit, "e0")
        low, high = limits(from_first, other)
        assert limits(from_other, "e0") == (0.0 - high, 0.0 - low)


@given(true_courses())
def test_the_rows_on_the_path_alone_give_the_same_limit(course):
    known, limit, _ = course
    result = timeline.windows(known, limit, "e0")
    for row in result.itertuples():
        early = timeline.windows(known, limit.loc[list(row.earliest_because)], "e0")
        late = timeline.windows(known, limit.loc[list(row.latest_because)], "e0")
        assert limits(early, row.event_id)[0] == row.earliest
        assert limits(late, row.event_id)[1] == row.latest


@given(true_courses(), st.integers(1, 50))
def test_a_cycle_that_cannot_be_is_always_found(course, days):
    known, limit, true_days = course
    gap = true_days[1] - true_days[0]
    wrong = bounds(("e0", "e1", gap, gap), ("e1", "e0", days - gap, None))
    with pytest.raises(timeline.TimelineConflict) as raised:
        timeline.windows(known, pd.concat([limit, wrong], ignore_index=True), "e0")
    rows = pd.concat([limit, wrong], ignore_index=True).loc[list(raised.value.rows)]
    with pytest.raises(timeline.TimelineConflict):
        timeline.windows(known, rows, "e0")
