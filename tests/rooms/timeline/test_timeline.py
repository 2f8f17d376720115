"""Windows and neighbors of the two cases and of made-up patients."""

import math

import pytest
from casebook import timeline
from casebook.timeline import network, placement
from made_up import bounds, doubles, events

INF = math.inf


def limits(anchor):
    book = doubles()
    result = timeline.windows(book.events, book.bounds, anchor).set_index("event_id")
    result.index = result.index.str.removeprefix("made-up-")
    return {event: (row.earliest, row.latest) for event, row in result.iterrows()}, result


def test_the_two_cases_counted_from_the_infusion():
    days, _ = limits("car_t_infusion")
    for event in ("case-1-crs", "case-1-hsct", "case-1-ta-tma", "case-2-recovery", "case-2-hsct"):
        assert days[event] == (0, INF), event
    for event in ("case-1-infection", "case-1-organ-toxicity", "case-2-inflammation-control"):
        assert days[event] == (-INF, INF), event


def test_the_two_cases_counted_from_transplantation():
    days, result = limits("hsct")
    expected = {
        "case-1-gvhd": (0, 14), "case-1-ta-tma": (0, INF), "case-1-infusion": (-INF, 0),
        "case-1-crs": (-INF, INF), "case-2-recovery": (-INF, 0), "case-2-infusion": (-INF, 0),
    }  # fmt: skip
    assert {event: days[event] for event in expected} == expected
    assert result.loc["case-2-recovery", "basis"] == "inferred"


def neighbors(known, *rows):
    limits = bounds(*rows)
    return placement.neighbors(known, limits, network.solve(known, limits)).set_index("event_id")


def test_since_and_until_name_the_nearest_index_events():
    result = neighbors(
        events("infusion", "hsct", "crs", "gvhd", "free", index=("infusion", "hsct")),
        ("infusion", "hsct", 0, None), ("infusion", "crs", 0, None),
        ("hsct", "gvhd", 0, 14), ("crs", "hsct", 0, None),
    )  # fmt: skip
    assert (result.loc["crs", "since"], result.loc["crs", "until"]) == ("infusion", "hsct")
    assert (result.loc["gvhd", "since"], result.loc["gvhd", "until"]) == ("hsct", None)
    assert result.loc["free", ["since", "until", "near", "after", "before"]].isna().all()


def test_the_best_known_distance_wins_and_an_index_event_breaks_a_tie():
    result = neighbors(
        events("a", "b", "c", "d", index=("a", "b")),
        ("a", "d", 10, 20), ("b", "d", 3, 4), ("c", "d", 0, 9), ("a", "c", 0, None),
    )  # fmt: skip
    assert tuple(result.loc["d", ["near", "near_min", "near_max"]]) == ("b", 3, 4)
    assert result.loc["d", "near_because"] == (1,) and result.loc["d", "near_basis"] == "stated"
    tie = neighbors(events("a", "x", "d", index=("a",)), ("a", "d", 5, 5), ("x", "d", 2, 2))
    assert tie.loc["d", "near"] == "a"


def test_a_distance_that_is_only_bounded_below_counts_for_a_neighbor_alone():
    result = neighbors(
        events("relapse", "a", "b", index=("a", "b")), ("relapse", "a", 0, None), ("a", "b", 30, None)
    )  # fmt: skip
    assert result.loc["relapse", "near"] is None and result.loc["relapse", "until"] == "a"
    assert tuple(result.loc["b", ["near", "near_min"]]) == ("a", 30)


def test_without_index_events_any_event_tells_the_order():
    result = neighbors(events("x", "y", "z"), ("x", "y", 0, None), ("y", "z", 0, None))
    assert tuple(result.loc["y", ["since", "until", "after", "before"]]) == (None, None, "x", "z")


def test_the_basis_of_a_path_is_its_weakest():
    result = timeline.windows(
        events("a", "b", "c", index=("a",)), bounds(("a", "b", 1, 1, "stated"), ("b", "c", 1, 1, "inferred")), "a"
    ).set_index("event_id")
    assert result["basis"].tolist() == [None, "stated", "inferred"]


def test_an_unknown_or_missing_basis_never_strengthens():
    rows = bounds(("a", "b", 1, 1, "stated"), ("b", "c", 1, 1, None), ("c", "d", 1, 1, "guess"))
    result = timeline.windows(events("a", "b", "c", "d", index=("a",)), rows, "a").set_index("event_id")
    assert result["basis"].tolist() == [None, "stated", "basis unknown", "basis unknown"]


@pytest.mark.parametrize("anchor", ["h2", "b"])
def test_any_event_can_be_day_zero_by_its_id(anchor):
    known = events("h1", "h2", "b", index=("h1",)).assign(kind=["hsct", "hsct", "gvhd"])
    result = timeline.windows(known, bounds(("h1", "h2", 100, 100), ("h2", "b", 7, 9)), anchor).set_index("event_id")
    assert result.loc[anchor, "earliest"] == 0 == result.loc[anchor, "latest"]
    assert result.loc["h1", "latest"] == {"h2": -100, "b": -107}[anchor]
