"""What any book says of its patients, true with none, one or many, with no day, one or all."""

import pytest
from casebook import pages, timeline
from casebook.patients import telling
from made_up import patient
from made_up_patients import GRAFTED, INFUSED, together, told

EMPTY = ("cases", "events", "bounds", "gaps", "measurements")


def empty():
    book = patient(INFUSED, [])
    return book.with_tables(**{name: getattr(book, name).head(0) for name in EMPTY})


def test_a_book_without_a_patient_says_so():
    book = telling.about(empty())
    assert telling.patients(book) == "no patient yet" and telling.courses(book) == (None, None)
    assert telling.no_days(book) == "The tables hold no event yet"
    assert telling.left_open(book) == "No list of what is open has been made"
    assert telling.glance(book)["What is known"].tolist() == ["Events in the tables"]
    assert telling.about(book, 1).cases.empty


def test_the_patients_that_a_book_is_about_are_those_of_the_first_role_that_it_has():
    ann, ben = patient(INFUSED, [], "made-up-ann"), patient(GRAFTED, [], "made-up-ben")
    both = together(ann, ben)
    assert telling.about(both).cases["case_id"].tolist() == ["made-up-ann", "made-up-ben"]
    assert telling.about(both, 2).cases["case_id"].tolist() == ["made-up-ben"] and telling.about(both, 3).cases.empty
    own = told(both, role=["made-up", "own"])
    assert telling.about(own).cases["case_id"].tolist() == ["made-up-ben"]
    assert telling.patients(both) == "two made-up patients: made-up-ann and made-up-ben"
    assert telling.patients(telling.about(own)) == "one patient: made-up-ben"
    assert telling.whose(telling.about(own), "Ada 2025") == "own patients" and telling.whose(both, "x") == "made up"


def test_days_are_counted_from_what_all_patients_have():
    ann, ben = patient(INFUSED, [], "made-up-ann"), patient(GRAFTED, [], "made-up-ben")
    assert telling.counted_from(ben) == ["car_t_infusion", "hsct"]
    assert telling.counted_from(together(ann, ben)) == ["car_t_infusion"]
    only = patient({"g": ("hsct", "graft", True)}, [], "made-up-cleo")
    apart = together(ann, only)
    assert telling.counted_from(apart) == [] and "no event in common" in telling.no_days(apart)
    none = patient({"x": ("relapse", "relapse", False)}, [])
    assert telling.counted_from(none) == ["x"] and telling.courses(none)[0].zero == "relapse"


@pytest.mark.parametrize(
    ("known", "said"),
    [
        ([], "The one event has no known day"),
        ([("i", "h", 30, 30)], "The one event has a known day"),
    ],
)
def test_how_many_days_are_known_is_said_whatever_is_known(known, said):
    assert pages.days_sentence(telling.courses(patient(GRAFTED, known))[0]) == said


def test_day_0_alone_leaves_nothing_to_count():
    assert pages.days_sentence(telling.courses(patient(INFUSED, []))[0]).startswith("Besides day 0")


def test_an_end_is_told_without_the_verb_of_a_beginning():
    happened = INFUSED | {"c": ("crs", "CRS", False), "e": ("crs", "CRS over", False, {"ends": "c"})}
    one = timeline.course(patient(happened, [("i", "c", 2, 2), ("i", "e", 9, 9)]), "car_t_infusion")
    assert pages.limits_title(one) == "CRS began on day 2; CRS over on day 9"


def test_the_first_figure_tells_complications_where_there_are_any_else_days():
    with_one = INFUSED | {"c": ("crs", "CRS", False)}
    for happened, title in ((with_one, "had one named complication"), (GRAFTED, "Graft took place on day 5")):
        book = patient(happened, [("i", name, 5, 5) for name in happened if name != "i"])
        assert title in pages.hero(telling.courses(book)[0], "x").to_dict()["title"]["text"]


def test_cells_stand_side_by_side_and_what_is_not_known_is_missing():
    both = together(patient(INFUSED, [], "made-up-ann"), patient(GRAFTED, [], "made-up-ben"))
    book = told(both, sex=["female", None], age_years=[71.0, None], outcome=["home", None])
    shown = telling.glance(book).set_index("What is known")
    assert shown.loc["Age (years)"].dropna().tolist() == ["71"] and shown.loc["Sex", "Made-up-ann"] == "female"
    assert shown.loc["Events in the tables"].tolist() == ["1", "2"] and "Vital status" not in shown.index
    assert telling.outcome(telling.about(book, 1)) == "The outcome is called “home”"
    assert telling.outcome(telling.about(book, 2)) == "The outcome is not in the record"
