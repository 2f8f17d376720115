"""Networks of bounds: known answers worked by hand, odd input refused, and contradictions named."""

import itertools
import math

import numpy as np
import pandas as pd
import pytest
from casebook import timeline
from casebook.timeline import network
from hypothesis import given
from hypothesis import strategies as st
from made_up import bounds, events

INF = math.inf


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
    other = events("hsct", index=("hsct",), case="made-up-2")
    result = timeline.windows(
        pd.concat([events("a", "b", index=("a",)), other]), bounds(("a", "b", 1, 2)), "hsct"
    ).iloc[:2]
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
    with pytest.raises(network.TimelineConflict) as raised:
        timeline.windows(pd.concat([one, two]), limit, "a")
    assert set(raised.value.rows) == {2, 3, 4}
    assert "made-up-2, row 4" in str(raised.value)


def test_every_contradiction_is_named():
    frames = [events("a", "b", index=("a",), case=f"made-up-{n}") for n in (1, 2)]
    limit = pd.concat(
        [bounds(("a", "b", 5, 5), ("b", "a", 5, 5), case=f"made-up-{n}") for n in (1, 2)], ignore_index=True
    )
    with pytest.raises(network.TimelineConflict) as raised:
        timeline.windows(pd.concat(frames), limit, "a")
    assert sorted(map(sorted, raised.value.conflicts)) == [[0, 1], [2, 3]]


def test_two_contradictions_that_hang_together_are_both_named():
    limit = bounds(("a", "b", 5, 5), ("b", "a", 5, 5), ("b", "c", 0, 5), ("c", "d", 5, 5), ("d", "c", 5, 5))
    with pytest.raises(network.TimelineConflict) as raised:
        timeline.windows(events("a", "b", "c", "d", index=("a",)), limit, "a")
    assert sorted(map(sorted, raised.value.conflicts)) == [[0, 1], [3, 4]]


def conflicts(ids, *rows):
    with pytest.raises(network.TimelineConflict) as raised:
        timeline.windows(events(*ids, index=ids[:1]), bounds(*rows), ids[0])
    return raised.value.conflicts


def test_of_two_contradictions_the_smaller_is_named_first():
    # Around a, b, c, d by four rows, which stand first; and around c and e by two.
    around = [("a", "b", 5, None), ("b", "c", 5, None), ("c", "d", 5, None), ("d", "a", 5, None)]
    assert conflicts("abcde", *around, ("c", "e", 9, None), ("e", "c", 9, None)) == ((5, 4), (3, 2, 1, 0))


def test_what_shares_a_row_with_a_smaller_contradiction_is_put_aside_with_it():
    # b lies on day 5 to 6; that c lies after b and before a contradicts it, and that b lies before a does so alone.
    rows = [("a", "b", 5, 6), ("b", "c", 0, None), ("c", "a", 0, None), ("b", "a", 0, None)]
    assert conflicts("abc", *rows) == ((3, 0),)


def test_of_equal_contradictions_that_of_the_first_event_and_the_first_row_is_named_first():
    late = [("c", "d", 5, None), ("d", "c", 5, None)]
    early = [("a", "b", 5, None), ("b", "a", 5, None)]
    assert conflicts("abcd", *late, *early) == ((3, 2), (1, 0))
    twice = [("a", "b", 5, None), ("a", "b", 5, None), ("b", "a", 0, None)]
    assert conflicts("ab", *twice) == ((2, 0),)
    by_either = [
        ("a", "c", 5, None),
        ("c", "d", 5, None),
        ("a", "b", 5, None),
        ("b", "d", 5, None),
        ("d", "a", 0, None),
    ]
    assert conflicts("abcd", *by_either)[0] == (4, 3, 2)


def subsets_that_cannot_all_be_true(ids, rows):
    """By trying: how many rows the smallest set of them has that cannot all be true; 0 if all can."""
    known, told = events(*ids, index=ids[:1]), bounds(*rows)
    for size in range(1, len(rows) + 1):
        for chosen in itertools.combinations(range(len(rows)), size):
            try:
                network.solve(known, told.iloc[list(chosen)])
            except network.TimelineConflict:
                return size
    return 0


@given(
    st.lists(
        st.tuples(st.sampled_from("abcd"), st.sampled_from("abcd"), st.integers(-4, 4), st.integers(0, 4)).map(
            lambda row: (row[0], row[1], row[2], row[2] + row[3])
        ),
        min_size=2,
        max_size=7,
    )
)
def test_no_smaller_set_of_rows_contradicts_itself(rows):
    rows = [row for row in rows if row[0] != row[1]]
    smallest = subsets_that_cannot_all_be_true("abcd", rows)
    assert len(conflicts("abcd", *rows)[0]) == smallest if smallest else True


@pytest.mark.parametrize("row", [("a", "a", 5, None), ("a", "a", 3, -4)])
def test_an_event_before_itself_is_a_contradiction(row):
    with pytest.raises(network.TimelineConflict) as raised:
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


def test_bounds_whose_index_repeats_are_taken_by_their_place():
    twice = pd.concat([bounds(("a", "b", 1, 1)), bounds(("b", "c", 2, 2))])
    result = timeline.windows(events("a", "b", "c", index=("a",)), twice, "a")
    assert limits(result, "c") == (3, 3) and result.iloc[2]["earliest_because"] == (0, 1)


def test_a_bound_to_an_event_of_no_case_is_an_error():
    with pytest.raises(ValueError, match="row 0, to_event: b must be an event of made-up-1"):
        timeline.windows(events("a"), bounds(("a", "b", 0, 1)), "a")
    with pytest.raises(ValueError, match="made-up-9 has no events"):
        timeline.windows(events("a"), bounds(("a", "a", 0, 1), case="made-up-9"), "a")


def broken(column, value, frame="events"):
    """Two events and a bound with one cell changed."""
    tables = {"events": events("a", "b", index=("a",)), "bounds": bounds(("a", "b", 1, 2))}
    changed = tables[frame].astype({column: object})
    changed.loc[0, column] = value
    return tables | {frame: changed}


@pytest.mark.parametrize(
    ("frame", "column", "value", "words"),
    [
        ("events", "index_event", "false", "events row 0, index_event: found 'false'; expected True or False"),
        ("events", "index_event", None, "events row 0, index_event: found None"),
        ("events", "index_event", math.nan, "events row 0, index_event: found nan"),
        ("events", "index_event", pd.NA, "events row 0, index_event: found <NA>"),
        ("events", "event_id", None, "events row 0, event_id: an id is missing"),
        ("events", "event_id", "b", "event_id: b stands twice in made-up-1"),
        ("events", "case_id", math.nan, "events row 0, case_id: an id is missing"),
        ("bounds", "min_days", INF, "bounds row 0, min_days: found inf; expected a number of days, or blank"),
        ("bounds", "max_days", -INF, "bounds row 0, max_days: found -inf"),
        ("bounds", "min_days", "two weeks", "bounds row 0, min_days: found 'two weeks'"),
        ("bounds", "max_days", 1e10, "bounds row 0, max_days: found 10000000000"),
        ("bounds", "from_event", None, "bounds row 0, from_event: None must be an event of made-up-1"),
        ("bounds", "case_id", math.nan, "bounds row 0, case_id: nan has no events"),
        ("bounds", "case_id", 7, "bounds row 0, case_id: 7 has no events"),
    ],
)
def test_odd_input_is_refused_with_its_row_and_value(frame, column, value, words):
    with pytest.raises(ValueError) as raised:
        tables = broken(column, value, frame)
        timeline.windows(tables["events"], tables["bounds"], "a")
    assert words in str(raised.value)


def test_all_that_is_wrong_is_named_at_once():
    tables = broken("index_event", "true")
    odd = tables["bounds"].assign(min_days=INF, to_event="c")
    with pytest.raises(ValueError) as raised:
        network.solve(tables["events"], odd)
    assert str(raised.value).count("\n") == 3


@pytest.mark.parametrize("blank", [None, math.nan, pd.NA])
def test_every_kind_of_blank_is_open(blank):
    tables = broken("max_days", blank, "bounds")
    assert limits(timeline.windows(tables["events"], tables["bounds"], "a"), "b") == (1, INF)


def test_an_anchor_that_nothing_has_is_no_silence():
    with pytest.raises(ValueError, match="anchor='infusoin': no event has this kind or id; the kinds are a and b"):
        timeline.windows(events("a", "b", index=("a",)), bounds(("a", "b", 0, 1)), "infusoin")


@pytest.mark.parametrize("parts", [3, 6, 7, 9, 11, 24, 1440])
def test_parts_of_days_add_up_and_a_known_day_stays_one_day(parts):
    """A third of a day and a third are two thirds, said or computed, and three times a third are one day."""
    for first in range(1, min(parts, 12)):
        rows = [("a", "b", first / parts, first / parts), ("b", "c", 1 / parts, 1 / parts)]
        whole = [("c", "d", (parts - first - 1) / parts, (parts - first - 1) / parts)]
        said = [("a", "c", (first + 1) / parts, (first + 1) / parts)]
        for known in ([*rows, *whole], [*rows, *said, *whole]):
            result = timeline.windows(events("a", "b", "c", "d", index=("a",)), bounds(*known), "a")
            assert limits(result, "d") == (1, 1)
            early, late = limits(result, "c")
            assert early == late == pytest.approx((first + 1) / parts, abs=2e-6)


def test_days_that_do_not_add_up_are_a_contradiction_still():
    for wrong in (0.667, 0.6666, 2 / 3 + 1e-5):
        rows = [("a", "b", 1 / 3, 1 / 3), ("b", "c", 1 / 3, 1 / 3), ("a", "c", wrong, wrong)]
        with pytest.raises(network.TimelineConflict):
            timeline.windows(events("a", "b", "c", index=("a",)), bounds(*rows), "a")


def test_limits_a_few_millionths_apart_that_were_given_so_stay_two():
    result = timeline.windows(events("a", "b", index=("a",)), bounds(("a", "b", 0.5, 0.500002)), "a")
    assert limits(result, "b") == (0.5, 0.500002)


def test_numpy_truth_values_and_days_are_as_good_as_python_s():
    known = events("a", "b", index=("a",)).astype({"index_event": bool})
    limit = bounds(("a", "b", np.int64(3), np.float64(4)))
    assert limits(timeline.windows(known, limit, "a"), "b") == (3, 4)


def test_the_message_of_a_contradiction_says_the_days_of_each_row():
    rows = [("a", "b", 5, 5), ("b", "a", -3, None), ("a", "c", None, 2), ("c", "b", 1, 2)]
    with pytest.raises(network.TimelineConflict) as raised:
        timeline.windows(events("a", "b", "c", index=("a",)), bounds(*rows), "a")
    text = str(raised.value)
    assert "row 0: b comes 5 days after a" in text or "row 2: c comes at most 2 days after a" in text


@pytest.mark.parametrize("size", [2, 5, 9])
def test_the_paths_are_as_short_as_scipy_s(size):
    from scipy.sparse.csgraph import csgraph_from_dense, shortest_path

    random = np.random.default_rng(size)
    days = random.uniform(-50, 50, size)
    names = [f"e{n}" for n in range(size)]
    rows = []
    for _ in range(3 * size):
        start, end = random.choice(size, 2, replace=False)
        gap = days[end] - days[start]
        rows.append(
            (names[start], names[end], round(gap - random.uniform(0, 20), 1), round(gap + random.uniform(0, 20), 1))
        )
    solved = network.solve(events(*names, index=("e0",)), bounds(*rows))["made-up-1"]
    dense = np.full((size, size), np.inf)
    for start, end, least, most in rows:
        a, b = names.index(start), names.index(end)
        dense[a, b], dense[b, a] = min(dense[a, b], most), min(dense[b, a], -least)
    expected = shortest_path(csgraph_from_dense(dense, null_value=np.inf), method="FW")
    assert solved.most == pytest.approx(expected)


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
    found = network.solve(known, limit)["made-up-1"].most
    assert (-found[:, 0] <= days).all() and (days <= found[0]).all()


@given(true_courses(), st.data())
def test_adding_a_bound_never_widens_a_window(course, drawn):
    known, limit, _ = course
    count = drawn.draw(st.integers(0, len(limit)))
    wide, narrow = (network.solve(known, rows)["made-up-1"].most for rows in (limit.iloc[:count], limit))
    assert (narrow <= wide).all()


@given(true_courses(), st.data())
def test_anchors_shift_consistently(course, drawn):
    # Seen from b, a lies where b lies seen from a, mirrored.
    known, limit, _ = course
    other = drawn.draw(st.sampled_from(known["event_id"].tolist()[1:]))
    low, high = limits(timeline.windows(known, limit, "e0"), other)
    assert limits(timeline.windows(known, limit, other), "e0") == (0.0 - high, 0.0 - low)


@given(true_courses(), st.data())
def test_the_rows_on_the_path_alone_give_the_same_limit(course, drawn):
    known, limit, _ = course
    whole = network.solve(known, limit)["made-up-1"]
    end = drawn.draw(st.integers(0, len(known) - 1))
    early, late = (network.solve(known, limit.loc[list(because)])["made-up-1"]
                   for because in (whole.path(end, 0), whole.path(0, end)))  # fmt: skip
    assert early.least(0, end) == whole.least(0, end) and late.most[0, end] == whole.most[0, end]


@given(true_courses(), st.integers(1, 50))
def test_a_cycle_that_cannot_be_is_always_found(course, days):
    known, limit, true_days = course
    gap = true_days[1] - true_days[0]
    wrong = bounds(("e0", "e1", gap, gap), ("e1", "e0", days - gap, None))
    with pytest.raises(network.TimelineConflict) as raised:
        network.solve(known, pd.concat([limit, wrong], ignore_index=True))
    rows = pd.concat([limit, wrong], ignore_index=True).loc[list(raised.value.rows)]
    with pytest.raises(network.TimelineConflict):
        network.solve(known, rows)
