"""Courses: a known distance is never told as unknown, whichever event gives it."""

import dataclasses

import pandas as pd
import pytest
from casebook import timeline
from made_up import CASE, doubles, patient, with_day

INFUSION = ("car_t_infusion", "first infusion", True)
GRAFT = ("hsct", "allo-HSCT", True)


def told(book, anchor="car_t_infusion"):
    found = timeline.course(book, anchor)
    return found.windows.set_index("event_id")["position"].to_dict(), found


# Each is a patient that nobody is: what happened, what is known, and where an event then lies.
POSITIONS = {
    "a day": ([("i", "x", 7, 7)], "day 7"),
    "limits": ([("i", "x", 2, 9)], "day 2 to 9"),
    "after the graft, whose day is open": ([("i", "h", 0, None), ("h", "x", 21, 21)], "21 days after transplantation"),
    "before the graft": ([("i", "h", 0, None), ("x", "h", 7, 7)], "7 days before transplantation"),
    "on the day of the graft": ([("i", "h", 0, None), ("h", "x", 0, 0)], "on the day of transplantation"),
    "some days before the graft": ([("i", "h", 0, None), ("x", "h", 3, 5)], "3 to 5 days before transplantation"),
    "around the graft": ([("i", "h", 0, None), ("h", "x", -2, 5)], "2 days before to 5 days after transplantation"),
    "within days of a second infusion": (
        [("i", "j", 60, None), ("j", "x", 0, 14)], "0 to 14 days after the second infusion"),
    "after another event, any": ([("y", "x", 33, 33)], "33 days after diagnosis"),
    "narrower from the graft than from the infusion": (
        [("i", "h", 30, 46), ("h", "x", 0, 14)], "0 to 14 days after transplantation (day 30 to 60)"),
    "at least so many days after the graft": ([("i", "h", 0, None), ("h", "x", 100, None)], "day 100 or later"),
    "at least so many days before the graft": (
        [("i", "h", 0, None), ("x", "h", 8, None)], "8 days or more before transplantation"),
    "one day": ([("i", "h", 0, None), ("h", "x", 1, 1)], "1 day after transplantation"),
    "a great number": ([("i", "x", 1234567, 1234567)], "day 1234567"),
    "before day zero": ([("x", "i", 12, 12)], "day −12"),
    "between": (
        [("i", "h", 0, None), ("i", "x", 0, None), ("x", "h", 0, None)], "after the infusion, before transplantation"),
    "after, open": ([("i", "x", 0, None)], "after the infusion, no later limit"),
    "before, open": ([("x", "i", 0, None)], "before the infusion, no earlier limit"),
    "no later than": ([("i", "x", None, 14)], "day 14 or earlier"),
    "after another event of any kind": ([("y", "x", 0, None)], "after diagnosis, no later limit"),
    "nothing": ([], "not in the record"),
}  # fmt: skip
HAPPENED = {
    "i": INFUSION, "h": GRAFT, "j": ("car_t_infusion", "second infusion", False), "y": ("disease", "diagnosis", False),
    "x": ("ta_tma", "TA-TMA", False),
}  # fmt: skip


@pytest.mark.parametrize("name", POSITIONS)
def test_the_tightest_that_is_known_is_told(name):
    known, words = POSITIONS[name]
    positions, _ = told(patient(HAPPENED, known))
    assert positions["x"] == words


def test_no_position_holds_a_raw_id():
    for known, _ in POSITIONS.values():
        positions, _ = told(patient({f"raw-{name}": what for name, what in HAPPENED.items()},
                                    [(f"raw-{a}", f"raw-{b}", low, high) for a, b, low, high in known]))  # fmt: skip
        assert not any("raw-" in words for words in positions.values())


def test_a_patient_without_infusion_or_graft_is_counted_from_what_is_known_best():
    happened = {
        "d": ("disease", "diagnosis", False), "s": ("treatment", "surgery", False), "e": ("death", "death", False),
    }  # fmt: skip
    positions, found = told(patient(happened, [("d", "s", 33, 33), ("d", "e", 400, 410)]))
    assert found.zero == "diagnosis"
    assert positions == {"d": "day 0", "s": "33 days after diagnosis", "e": "400 to 410 days after diagnosis"}


def test_a_patient_without_the_anchor_is_counted_from_the_index_event_it_has():
    positions, found = told(patient({"h": GRAFT, "x": ("gvhd", "GVHD", False)}, [("h", "x", 5, 5)]))
    assert found.zero == "transplantation" and positions["x"] == "5 days after transplantation"


def test_a_second_infusion_can_be_day_zero_and_is_named_so():
    positions, found = told(patient(HAPPENED, [("i", "j", 98, 98), ("j", "x", 3, 3)]), "j")
    assert found.zero == "the second infusion" and positions["x"] == "day 3" and positions["i"] == "day −98"


def test_what_a_row_tells_of_another_stands_in_the_table_and_is_never_read_out_of_a_label():
    happened = {
        "i": INFUSION, "c": ("crs", "grade 2 CRS begins", False), "e": ("crs", "afebrile", False, {"ends": "c"}),
        "n": ("crs", "CRS never resolved", False), "g": ("gvhd", "GVHD", False),
        "o": ("gvhd", "GVHD on day 90", False, {"lasts": "g"}), "p": ("gvhd", "GVHD persists", False),
        "a": ("treatment", "anakinra started", False), "x": ("treatment", "dexamethasone stopped", False),
        "r": ("relapse", "relapse", False), "j": ("car_t_infusion", "second infusion", False),
    }  # fmt: skip
    rows = timeline.course(patient(happened, []), "car_t_infusion").events.set_index("event_id")
    assert rows["ends"].dropna().to_dict() == {"e": "c", "o": "g"}
    assert rows["lasts"].to_dict() == dict.fromkeys(rows.index, False) | {"o": True}
    assert rows["sign"].dropna().to_dict() == {
        "i": "infusion", "c": "complication", "e": "complication", "n": "complication", "g": "complication",
        "o": "complication", "p": "complication", "r": "relapse", "j": "another infusion",
    }  # fmt: skip


def test_a_later_grade_is_the_event_that_was_told_first_however_long_the_chain_and_wherever_it_stands():
    happened = {
        "i": INFUSION, "z": ("crs", "grade 3 CRS", False, {"same_as": "d"}), "c": ("crs", "grade 1 CRS", False),
        "d": ("crs", "grade 2 CRS", False, {"same_as": "c"}), "e": ("crs", "CRS over", False, {"ends": "z"}),
    }  # fmt: skip
    rows = timeline.course(patient(happened, []), "car_t_infusion").events.set_index("event_id")
    assert rows["tells_of"].to_dict() == {"i": "i", "z": "c", "c": "c", "d": "c", "e": "e"}


def test_the_position_of_case_1_names_the_definition_it_hangs_on():
    found = timeline.course(doubles(), "hsct").windows.set_index("event_id")
    assert found.loc["made-up-case-1-gvhd", ["position", "if_defined_as"]].tolist() == ["day 0 to 14", "Saliba 2007"]
    assert "(defined)" in found.loc["made-up-case-1-gvhd", "because"]
    assert found.loc["made-up-case-1-infection", "position"] == "not in the record"
    assert found.loc["made-up-case-2-recovery", "position"] == "after the infusion, before transplantation"


def test_the_default_reading_takes_out_only_what_narrows_a_stated_place():
    strict = timeline.as_stated(doubles())
    positions, _ = told(strict)
    assert positions["made-up-case-2-recovery"] == "after the infusion, no later limit"
    assert positions["made-up-case-1-disease"] == "before the infusion, no earlier limit"
    gone = set(doubles().bounds["bound_id"]) - set(strict.bounds["bound_id"])
    assert gone == {"made-up-case-2-recovery-before-hsct"}


def test_the_default_reading_keeps_what_alone_ties_an_event_to_an_anchor():
    """A relapse after an earlier graft is near no anchor by that: only that it came before the cells places it."""
    happened = {"i": INFUSION, "d": ("disease", "leukemia", False), "g": ("hsct", "earlier graft", False),
                "r": ("relapse", "relapse", False), "n": ("infection", "infection", False)}  # fmt: skip
    known = [("d", "g", 0, None), ("g", "r", 270, 270), ("r", "i", 0, None, "inferred"), ("i", "n", 3, 9),
             ("n", "i", -5, None, "inferred"), ("n", "r", None, 0, "inferred")]  # fmt: skip
    kept = timeline.as_stated(patient(happened, known)).bounds
    assert kept.index.tolist() == [0, 1, 2, 3, 5], "the infection has limits that are stated; the others have none"
    whole = timeline.as_stated(patient(happened, [*known, ("d", "i", 0, None)])).bounds
    assert whole.index.tolist() == [0, 1, 2, 3, 5, 6], "the leukemia is placed now, and the relapse is not"


def test_how_well_each_event_is_known():
    known = [("i", "h", 0, None), ("h", "x", 21, 21), ("i", "j", 2, 9), ("i", "y", 0, None)]
    happened = HAPPENED | {"z": ("infection", "infection", False)}
    found = timeline.course(patient(happened, known), "car_t_infusion")
    assert timeline.how_known(found.windows.set_index("event_id")).to_dict() == {
        "i": "day", "h": "order", "x": "day", "j": "limits", "y": "order", "z": "nothing",
    }  # fmt: skip


def test_cases_whose_ids_repeat_do_not_borrow_each_other_s_names():
    one = patient({"i": INFUSION, "h": GRAFT, "x": ("gvhd", "GVHD", False)}, [("h", "x", 1, 1)])
    two = patient({"i": INFUSION, "h": ("treatment", "surgery", False), "x": ("gvhd", "GVHD", False)},
                  [("h", "x", 2, 2)], case="made-up-2")  # fmt: skip
    both = dataclasses.replace(
        one, **{name: pd.concat([getattr(one, name), getattr(two, name)], ignore_index=True)
                for name in ("cases", "events", "bounds")}
    )  # fmt: skip
    found = timeline.course(both, "car_t_infusion").windows
    assert found.loc[found["event_id"] == "x", "position"].tolist() == [
        "1 day after transplantation", "2 days after surgery",
    ]  # fmt: skip


def test_a_filled_day_moves_what_hangs_on_it_and_nothing_else():
    book = doubles()
    before, _ = told(book)
    after, _ = told(with_day(book, "made-up-case-1-infusion", "made-up-case-1-hsct", 40, 40))
    moved = {event for event in after if after[event] != before[event]}
    assert moved == {"made-up-case-1-hsct", "made-up-case-1-gvhd", "made-up-case-1-ta-tma"}
    assert after["made-up-case-1-gvhd"] == "day 40 to 54" and after["made-up-case-1-ta-tma"] == "day 40 or later"


def test_the_case_of_a_made_up_patient_is_its_own():
    assert CASE.startswith("made-up-")


DEATH = {"i": INFUSION, "n": ("infection", "infection", False), "f": ("last_follow_up", "alive", False),
         "o": ("outcome", "poor course", False), "d": ("death", "death", False)}  # fmt: skip


def test_nothing_but_follow_up_lies_later_than_a_death_which_is_defined_and_says_so():
    book = patient(DEATH, [("i", "n", 0, None), ("i", "d", 30, 30)])
    found = timeline.course(book, "car_t_infusion").windows.set_index("event_id")
    assert found.loc["n", ["position", "position_basis"]].tolist() == ["day 0 to 30", "defined"]
    assert "Nothing but follow-up comes after death. (defined)" in found.loc["n", "because"]
    assert found.loc[["f", "o"], "latest"].tolist() == [float("inf")] * 2


def test_what_follows_from_a_death_can_be_taken_away_by_a_switch_or_a_blank_cell():
    book = patient(DEATH, [("i", "n", 0, None), ("i", "d", 30, 30)])
    blank = dataclasses.replace(book, kinds=book.kinds.assign(life=None))
    for without in (
        timeline.course(book, "car_t_infusion", until_death=False),
        timeline.course(blank, "car_t_infusion"),
    ):
        assert without.windows.set_index("event_id").loc["n", "position"] == "after the infusion, no later limit"
        assert len(without.windows) == len(DEATH)


def test_an_event_that_is_told_to_follow_a_death_is_a_contradiction_that_names_it():
    book = patient(DEATH, [("i", "d", 30, 30), ("i", "n", 31, 31)])
    with pytest.raises(timeline.TimelineConflict, match="n-before-d: d comes some time after n"):
        timeline.course(book, "car_t_infusion")


def test_the_death_of_one_patient_ends_no_other_s_course():
    one, two = patient(DEATH, [("i", "d", 30, 30)]), patient(HAPPENED, [("i", "x", 0, None)], case="made-up-2")
    both = dataclasses.replace(
        one, **{name: pd.concat([getattr(one, name), getattr(two, name)], ignore_index=True)
                for name in ("cases", "events", "bounds")}
    )  # fmt: skip
    found = timeline.course(both, "car_t_infusion").windows.set_index("event_id")["latest"]
    assert found["x"] == float("inf") and found["n"] == 30
