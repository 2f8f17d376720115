"""Published single patients: fates, waits, bridges, and what a swimmer plot is given. All patients here are made up."""

import numpy as np
import pandas as pd
import pytest
from casebook import data, timeline
from casebook.patients import individuals
from made_up import live, patient
from made_up_patients import DAYS, GRAFTED, INFUSED, REINFUSED, together, told


def rows(happened, known, anchor="car_t_infusion"):
    book = patient(happened, known)
    return individuals.swimmer_rows(timeline.course(book, anchor), book).set_index("event_id")


# ---------------------------------------------------------------- fates and traits


def test_a_fate_is_told_only_where_the_source_tells_it():
    cases = pd.DataFrame({"vital_status": ["alive", "dead", None]})
    assert individuals.fates(cases).tolist() == ["alive at the last report", "died", "not in what was read"]


def test_the_traits_that_are_known_are_told_by_rank():
    cases = pd.DataFrame({"a": ["x", None, None], "b": [None, "y", None]})
    traits = pd.DataFrame({"column": ["b", "a"], "rank": [2, 1]})
    assert individuals.traits_in_words(cases, traits).tolist() == ["x", "y", "not in what was read"]


# ---------------------------------------------------------------- waits and bridges


def test_a_wait_is_the_days_from_the_first_anchor_to_the_second():
    book = patient(GRAFTED, [("i", "h", 41, 41)])
    for anchor in ("car_t_infusion", "hsct"):
        assert individuals.waiting(timeline.course(book, anchor), book)["days"].tolist() == [41]


@pytest.mark.parametrize("known", [[("i", "h", 0, None)], [("i", "h", 30, 55)], []])
def test_a_wait_without_one_known_day_is_none(known):
    book = patient(GRAFTED, known)
    assert individuals.waiting(timeline.course(book, "car_t_infusion"), book).empty


def test_the_shortest_wait_comes_first():
    book = together(
        patient(GRAFTED, [("i", "h", 50, 50)], "made-up-1"), patient(GRAFTED, [("i", "h", 8, 8)], "made-up-2")
    )
    found = individuals.waiting(timeline.course(book, "car_t_infusion"), book)
    assert found[["case_id", "days"]].to_numpy().tolist() == [["made-up-2", 8], ["made-up-1", 50]]


@pytest.mark.parametrize(
    ("known", "is_bridged"),
    [
        ([("i", "h", 0, None)], True),
        ([("i", "h", 12, 30)], True),
        ([("h", "i", 0, None)], False),
        ([("h", "i", 90, 90)], False),
        ([], False),
    ],
)
def test_bridged_is_who_is_known_to_have_had_the_second_anchor_after_the_first(known, is_bridged):
    book = patient(GRAFTED, known)
    for anchor in ("car_t_infusion", "hsct"):
        assert individuals.bridged(timeline.course(book, anchor), book) == ({"made-up-1"} if is_bridged else set()), (
            anchor
        )


def test_a_graft_of_somebody_without_cells_is_no_bridge():
    book = together(
        patient(
            {"d": ("disease", "diagnosis", False), "h": ("hsct", "graft", True)}, [("d", "h", 60, 60)], "made-up-2"
        ),
        patient(INFUSED, []),
    )
    assert individuals.bridged(timeline.course(book, "car_t_infusion"), book) == set()


def test_ids_that_another_patient_uses_too_never_mix():
    """Both have an event h; only the first patient's is a graft that followed the cells, on day 20."""
    first = patient(GRAFTED, [("i", "h", 20, 20)], "made-up-1")
    other = patient({**INFUSED, "h": ("relapse", "relapse", False)}, [("i", "h", 7, 7)], "made-up-2")
    book = together(first, other)
    found = timeline.course(book, "car_t_infusion")
    assert individuals.bridged(found, book) == {"made-up-1"}
    assert individuals.waiting(found, book)[["case_id", "days"]].to_numpy().tolist() == [["made-up-1", 20]]
    drawn = individuals.swimmer_rows(found, book).set_index(["case_id", "event_id"])
    assert drawn.loc[("made-up-1", "h"), ["called", "left"]].tolist() == ["transplantation", 20]
    assert drawn.loc[("made-up-2", "h"), ["called", "left"]].tolist() == ["relapse", 7]


def test_bridged_asks_for_days_from_one_of_the_two_anchors():
    book = patient({**GRAFTED, "n": ("infection", "infection", False)}, [])
    with pytest.raises(
        ValueError, match=r"counted from car_t_infusion or hsct; give timeline.course\(book, 'car_t_inf"
    ):
        individuals.bridged(timeline.course(book, "n"), book)


def test_an_earlier_graft_is_told_by_its_place_or_by_the_table_of_cases():
    before = {**INFUSED, "e": ("hsct", "first graft", False)}
    book = together(
        patient(before, [("e", "i", 0, None)], "made-up-1"),
        told(patient(INFUSED, [], "made-up-2"), prior_hsct="yes"),
        told(patient(before, [("i", "e", 0, None)], "made-up-3"), prior_hsct="no"),
        patient(INFUSED, [], "made-up-4"),
    )
    assert individuals.earlier(timeline.course(book, "car_t_infusion"), book) == {"made-up-1", "made-up-2"}


# ---------------------------------------------------------------- what a swimmer draws


def test_relapse_a_second_infusion_and_the_end_of_crs_each_have_a_sign_of_their_own():
    found = rows(REINFUSED, [("i", name, day, day) for name, day in DAYS.items()])
    assert found["called"].to_dict() == {
        "i": "infusion", "c": "complication", "c-end": "complication", "r": "response", "i-2": "another infusion",
        "x": "relapse", "d": "death",
    }  # fmt: skip
    assert found.loc["c-end", ["form", "of", "left", "right"]].tolist() == ["lasted", "c", 3, 8]
    assert (found["form"] == "day").sum() == 5, "the end of the CRS is no second complication"
    assert found.loc["i", "form"] == "day 0" and found["zero"].unique().tolist() == ["the infusion"]


@pytest.mark.parametrize(
    ("tells", "known", "expected"),
    [
        ("ends", [("i", "c", 3, 3), ("i", "e", 9, 9)], ("lasted", 3, 9)),
        ("ends", [("i", "c", 3, 3), ("c", "e", 0, None)], ("no day", np.nan, np.nan)),
        ("ends", [("i", "c", 1, 4), ("i", "e", 9, 9)], ("end", 9, 9)),
        ("lasts", [("i", "c", 3, 3), ("i", "e", 20, 20)], ("goes on", 3, 20)),
        ("lasts", [("i", "c", 3, 3)], ("goes on", 3, np.nan)),
        ("lasts", [], ("no day", np.nan, np.nan)),
    ],
)
def test_what_lasts_is_a_bar_only_where_the_days_are_known(tells, known, expected):
    happened = {**INFUSED, "c": ("crs", "CRS", False), "e": ("crs", "a row", False, {tells: "c"})}
    found = rows(happened, known).loc["e", ["form", "left", "right"]].tolist()
    assert found[0] == expected[0] and np.array_equal(found[1:], expected[1:], equal_nan=True)


def test_limits_that_are_both_known_are_a_window_and_an_open_one_has_no_day():
    happened = {**INFUSED, "n": ("infection", "infection", False), "x": ("relapse", "relapse", False)}
    found = rows(happened, [("i", "n", 5, 12, "inferred"), ("i", "x", 30, None)])
    assert found.loc["n", ["form", "left", "right", "basis"]].tolist() == ["window", 5, 12, "inferred"]
    assert found.loc["x", "form"] == "no day" and found.loc["x", "where"] == "day 30 or later"


def test_a_day_after_the_graft_is_told_from_the_graft_while_the_wait_is_open():
    happened = {**GRAFTED, "t": ("ta_tma", "TA-TMA", False)}
    known = [("i", "h", 0, None), ("h", "t", 33, 33)]
    assert rows(happened, known).loc["t", ["form", "where"]].tolist() == ["no day", "33 days after transplantation"]
    assert rows(happened, known, "hsct").loc["t", ["form", "left"]].tolist() == ["day", 33]


def test_a_graft_before_the_cells_is_called_an_earlier_one_and_one_after_the_graft_another():
    happened = {**GRAFTED, "e": ("hsct", "first graft", False), "a": ("hsct", "third graft", False)}
    known = [("e", "i", 400, 400), ("i", "h", 30, 30), ("h", "a", 100, 100)]
    found = rows(happened, known)
    assert found.loc[["e", "h", "a"], "called"].tolist() == [
        "earlier transplantation", "transplantation", "another transplantation",
    ]  # fmt: skip
    assert found.loc["e", "left"] == -400
    again = rows(
        {**GRAFTED, "i-2": ("car_t_infusion", "cells again", False)}, [("i", "i-2", 9, 9), ("i", "h", 30, 30)], "hsct"
    )
    assert again.loc["i-2", "called"] == "another infusion", "it came before day 0, and after the first infusion"


def test_one_more_infusion_that_may_have_been_the_first_or_the_last_is_no_earlier_one():
    happened = {**GRAFTED, "i-2": ("car_t_infusion", "cells again", False)}
    found = rows(happened, [("i", "h", 30, 30), ("i-2", "h", 0, None)], "hsct")
    assert found.loc["i-2", "called"] == "another infusion"


def test_the_end_of_what_lasted_is_found_in_its_own_patient():
    happened = {**INFUSED, "c": ("crs", "CRS", False), "e": ("crs", "CRS ends", False, {"ends": "c"})}
    book = together(
        patient(happened, [("i", "c", 2, 2), ("i", "e", 5, 5)], "made-up-1"),
        patient(happened, [("i", "c", 10, 10), ("i", "e", 17, 17)], "made-up-2"),
    )
    found = individuals.swimmer_rows(timeline.course(book, "car_t_infusion"), book)
    assert found.loc[found["form"] == "lasted", ["left", "right"]].to_numpy().tolist() == [[2, 5], [10, 17]]


def test_a_patient_without_the_anchor_is_left_out_and_the_days_are_never_shifted():
    other = patient(
        {"d": ("disease", "diagnosis", False), "x": ("death", "death", False)}, [("d", "x", 900, 900)], "made-up-2"
    )
    book = together(patient(REINFUSED, [("i", "d", 199, 199)]), other)
    found = individuals.swimmer_rows(timeline.course(book, "car_t_infusion"), book)
    assert set(found["case_id"]) == {"made-up-1"} and 900 not in found["left"].tolist()
    alone = individuals.swimmer_rows(timeline.course(other, "d"), other)
    assert alone.set_index("event_id").loc[["d", "x"], ["form", "left"]].to_numpy().tolist() == [
        ["day 0", 0],
        ["day", 900],
    ]


def test_patients_stand_in_the_order_that_is_asked_for():
    book = together(patient(INFUSED, [], "made-up-1"), patient(INFUSED, [], "made-up-2"))
    one = timeline.course(book, "car_t_infusion")
    assert individuals.swimmer_rows(one, book)["case_id"].tolist() == ["made-up-1", "made-up-2"]
    assert individuals.swimmer_rows(one, book, ["made-up-2", "made-up-1"])["case_id"].tolist() == [
        "made-up-2",
        "made-up-1",
    ]


def test_only_the_patients_of_the_book_are_told():
    book = together(*(patient(GRAFTED, [("i", "h", 30, 30)], f"made-up-{n}") for n in (1, 2)))
    one, less = timeline.course(book, "car_t_infusion"), data.select(book, "made-up-2")
    assert individuals.swimmer_rows(one, less)["case_id"].unique().tolist() == ["made-up-2"]
    assert individuals.waiting(one, less)["case_id"].tolist() == ["made-up-2"]


def test_who_has_days_is_who_has_one_besides_day_0():
    happened = {**INFUSED, "x": ("relapse", "relapse", False)}
    book = together(
        patient(happened, [("i", "x", 60, 60)], "made-up-1"),
        patient(happened, [("i", "x", 60, 90)], "made-up-2"),
        patient(happened, [("i", "x", 60, None)], "made-up-3"),
    )
    found = individuals.with_days(individuals.swimmer_rows(timeline.course(book, "car_t_infusion"), book))
    assert set(found["case_id"]) == {"made-up-1", "made-up-2"}


@pytest.mark.parametrize(
    ("days", "title"),
    [
        ([], "No published patient has a known day of transplantation"),
        ([1], "Transplantation came 1 day after the infusion in the one published patient with a known day"),
        (
            [8, 50.5, 9],
            "Transplantation came 8 to 50.5 days after the infusion in the three published patients with a known day",
        ),
    ],
)  # fmt: skip
def test_the_title_says_how_long_was_waited_by_how_many(days, title):
    assert individuals.wait_title(pd.DataFrame({"days": np.array(days, dtype=float)}), live()) == title


def test_a_second_book_has_its_own_anchors_and_words(small_data):
    book = data.load(small_data)
    found = timeline.course(book, "surgery")
    assert individuals.bridged(found, book) == {"made-up-ben"}
    drawn = individuals.swimmer_rows(found, book).set_index("event_id")
    assert drawn.loc["made-up-ada-fever", ["called", "form", "left", "right"]].tolist() == ["trouble", "window", 1, 4]
    assert (
        individuals.wait_title(individuals.waiting(found, book), book)
        == "No published patient has a known day of relapse"
    )


def test_every_published_death_is_a_death_and_nobody_else_s():
    book = live()
    deaths = set(book.events.loc[book.events["kind"] == "death", "case_id"])
    assert deaths == set(book.cases.loc[individuals.fates(book.cases) == "died", "case_id"])
