"""Who is like the cases: a feature is shared only where it is told, and silence stays silence."""

import dataclasses

import pytest
from casebook import data, timeline
from casebook.patients import likeness, sharing
from made_up import doubles, live, patient
from made_up_patients import GRAFTED, INFUSED, together, told

BRIDGED = [("i", "h", 30, 30)]
CRS = {**INFUSED, "c": ("crs", "CRS", False)}
TRAITS = {"diagnosis": "T-ALL", "car_target": "CD7", "product_source": "autologous"}


def person(happened=INFUSED, known=(), case="made-up-p", grades=(), **values):
    """A published patient with the traits of the two cases, unless told otherwise."""
    book = told(patient(happened, known, case), role="comparator", **{**TRAITS, **values})
    grade = book.events["event_id"].map(dict(grades)).astype(object)
    return dataclasses.replace(book, events=book.events.assign(grade=grade))


def beside(*people):
    """The doubles of the two cases, and some published patients."""
    book = together(doubles(), *people)
    return timeline.course(book, "car_t_infusion"), book


def features(*people, case="made-up-p"):
    """What is told of one patient: the state and the words of each feature."""
    found = likeness.features_told(*beside(*people))
    return found[found["case_id"] == case].set_index("feature_id")[["state", "said"]]


def states(*people, case="made-up-p"):
    return features(*people, case=case)["state"].to_dict()


# ---------------------------------------------------------------- one feature


def test_the_features_of_a_case_are_computed_from_its_rows():
    found = likeness.features_told(*beside())
    of = {
        case: set(mine.loc[mine["state"] == "shared", "feature_id"])
        for case, mine in found.groupby("case_id")
    }  # fmt: skip
    common = {"disease", "cells", "bridge"}
    assert of["made-up-case-2"] == common
    assert of["made-up-case-1"] == common | {
        "severe-crs", "infection", "organ-toxicity", "hyperacute-gvhd", "ta-tma",
    }  # fmt: skip


def test_a_feature_that_no_case_has_is_no_feature():
    _, book = beside(person({**INFUSED, "n": ("infection", "infection", False)}))
    index = book.cases.loc[book.cases["role"] == "index", "case_id"]
    gone = book.events["kind"].eq("infection") & book.events["case_id"].isin(index)
    less = dataclasses.replace(book, events=book.events[~gone])
    found = set(likeness.features_told(timeline.course(less, "car_t_infusion"), less)["feature_id"])
    assert "infection" not in found and "ta-tma" in found


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({}, ("shared", "shared")),
        ({"diagnosis": "AML"}, ("otherwise", "shared")),
        ({"diagnosis": None}, ("silent", "shared")),
        ({"diagnosis": "T-ALL or T-LBL"}, ("in part", "shared")),
        ({"diagnosis": "T-LBL"}, ("in part", "shared")),
        ({"product_source": "donor"}, ("shared", "otherwise")),
        ({"product_source": None}, ("shared", "in part")),
        ({"product_source": None, "car_target": None}, ("shared", "silent")),
        ({"product_source": None, "car_target": "CD19"}, ("shared", "otherwise")),
    ],
)
def test_a_trait_is_shared_told_otherwise_or_not_told(values, expected):
    found = states(person(**values))
    assert (found["disease"], found["cells"]) == expected


@pytest.mark.parametrize(
    ("grade", "expected"),
    [("3", "shared"), ("2", "otherwise"), ("1-2", "otherwise"), ("2-4", "in part"), (None, "in part")],
)
def test_a_grade_is_shared_if_it_is_the_same_and_open_if_it_may_be(grade, expected):
    assert states(person(CRS, grades={"c": grade}))["severe-crs"] == expected


@pytest.mark.parametrize(
    ("kind", "expected"),
    [("hyperacute_gvhd", "shared"), ("gvhd", "in part"), ("acute_gvhd", "in part"), ("infection", "silent")],
)
def test_an_event_of_a_related_kind_is_something_of_it_and_no_silence(kind, expected):
    """GVHD of a type that is not given may have been hyperacute: the source is not silent, and does not say so."""
    told = person({**INFUSED, "g": (kind, "a made-up event", False)})
    assert states(told)["hyperacute-gvhd"] == expected


def test_one_event_of_the_grade_is_enough_and_an_end_is_no_event():
    twice = {**CRS, "c-2": ("crs", "second CRS", False)}
    assert states(person(twice, grades={"c": "1", "c-2": "3"}))["severe-crs"] == "shared"
    ended = {**CRS, "c-2": ("crs", "CRS ends", False, {"ends": "c"})}
    assert states(person(ended, grades={"c": "1", "c-2": "3"}))["severe-crs"] == "otherwise"


@pytest.mark.parametrize(
    ("absent", "expected"),
    [
        (None, ("silent", "silent", "silent")),
        ("gvhd", ("otherwise", "silent", "silent")),
        ("relapse|gvhd", ("otherwise", "silent", "silent")),
        ("hyperacute_gvhd|tma", ("otherwise", "otherwise", "silent")),
        ("ta_tma|acute_gvhd", ("silent", "otherwise", "silent")),
    ],
)
def test_a_kind_that_did_not_occur_is_told_otherwise_with_all_that_it_is_wider_than(absent, expected):
    found = states(person(absent_kinds=absent))
    assert (found["hyperacute-gvhd"], found["ta-tma"], found["infection"]) == expected


def test_words_alone_deny_no_kind():
    """The words are for the reader: severe infection is no infection that did not occur."""
    found = states(person(did_not_occur="severe infection, GVHD"))
    assert found["infection"] == found["hyperacute-gvhd"] == "silent"


def test_a_bridge_is_a_graft_known_to_follow_the_cells():
    assert features(person(GRAFTED, BRIDGED)).loc["bridge"].tolist() == ["shared", "graft, day 30"]
    assert states(person(GRAFTED, [("h", "i", 0, None)]))["bridge"] == "silent"
    assert states(person())["bridge"] == "silent", "a graft that is not told may still have been done"
    denied = features(person(absent_kinds="hsct")).loc["bridge"]
    assert denied.tolist() == ["otherwise", "no transplantation"]


def test_a_graft_that_came_after_the_cells_or_with_them_only_by_our_reading_is_no_bridge_told():
    book = person(GRAFTED, [("i", "h", 0, None)])
    assert states(book)["bridge"] == "shared"
    ours = dataclasses.replace(book, bounds=book.bounds.assign(basis="inferred"))
    assert states(ours)["bridge"] == "in part"
    later = person(GRAFTED, [("i", "h", 11, None)])
    later = dataclasses.replace(later, bounds=later.bounds.assign(basis="inferred"))
    assert states(later)["bridge"] == "shared", "eleven days after is after, whoever reads it"


def test_ids_that_another_patient_uses_too_never_mix():
    sick = person({**INFUSED, "n": ("infection", "infection", False)}, case="made-up-a")
    well = person({**INFUSED, "n": ("remission", "remission", False)}, case="made-up-b")
    assert states(sick, well, case="made-up-a")["infection"] == "shared"
    assert states(sick, well, case="made-up-b")["infection"] == "silent"


def test_what_is_silent_says_so_in_the_words_of_its_source():
    assert features(person()).loc["infection", "said"] == "not in what was read"
    assert features(case="made-up-case-2").loc["infection", "said"] == "not in the record"


# ---------------------------------------------------------------- who is near


def test_a_value_that_may_be_shared_counts_less_than_one_that_is():
    one, book = beside(
        person(case="made-up-half", diagnosis="T-ALL or T-LBL", car_target="CD19"),
        person(case="made-up-whole", car_target="CD19"),
    )
    order = likeness.in_order_of_likeness(likeness.features_told(one, book), book)
    assert order == ["made-up-whole", "made-up-half"]


def test_disease_target_and_product_come_first_then_features():
    people = [
        person(case="made-up-none", diagnosis="AML", car_target="CD19", product_source="donor"),
        person(case="made-up-target", diagnosis="AML", product_source="donor"),
        person(case="made-up-product", diagnosis="AML", car_target="CD19"),
        person(case="made-up-half", diagnosis="T-ALL or T-LBL", product_source="donor"),
        person(case="made-up-two", product_source="donor"),
        person(GRAFTED, BRIDGED, case="made-up-two-bridged", product_source="donor"),
        person(case="made-up-all"),
        person(GRAFTED, BRIDGED, case="made-up-silent", diagnosis=None, car_target=None, product_source=None),
    ]
    one, book = beside(*people)
    order = likeness.in_order_of_likeness(likeness.features_told(one, book), book)
    assert [name.removeprefix("made-up-") for name in order] == [
        "all", "two-bridged", "two", "half", "target", "product", "silent", "none",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("one", "differs"),
    [
        (person(GRAFTED, BRIDGED), "nothing of disease, target and product"),
        (person(GRAFTED, BRIDGED, product_source="donor"), "donor product"),
        (person(diagnosis="AML"), "AML; no transplantation reported after the infusion"),
        (person(absent_kinds="hsct"), "no transplantation after the infusion"),
        (person(GRAFTED, BRIDGED, prior_hsct="yes"), "an earlier transplantation"),
        (person(GRAFTED, BRIDGED, prior_hsct="no"), "nothing of disease, target and product"),
        (person(GRAFTED, BRIDGED, diagnosis=None, car_target=None), "disease and target not in what was read"),
        (person(GRAFTED, BRIDGED, diagnosis="T-ALL or T-LBL"), "T-ALL or T-LBL"),
    ],
)
def test_what_differs_is_told_against_the_values_of_the_cases(one, differs):
    assert likeness.differences(*beside(one))["differs"].tolist() == [differs]


def test_what_differs_follows_the_cases_and_no_word_of_the_engine():
    course_, book = beside(person(GRAFTED, BRIDGED))
    index = book.cases["role"] == "index"
    other = dataclasses.replace(book, cases=book.cases.assign(diagnosis=book.cases["diagnosis"].mask(index, "B-ALL")))
    assert likeness.differences(course_, other)["differs"].tolist() == ["T-ALL"]


def test_two_patients_stand_feature_by_feature():
    told_of = likeness.features_told(*beside(person(diagnosis="AML")))
    found = likeness.feature_by_feature(told_of, ["made-up-case-1", "made-up-p"]).set_index("feature")
    assert list(found.columns) == ["case 1", "made-up-p"]
    assert found.loc["T-ALL"].tolist() == ["T-ALL", "AML"]
    assert found.loc["infection"].tolist() == ["infection", "not in what was read"]


def test_the_cells_of_the_figure_hold_the_cases_first_with_their_looks():
    one, book = beside(person(GRAFTED, BRIDGED, vital_status="dead"))
    cells = likeness.matrix_cells(likeness.features_told(one, book), book)
    assert cells["case_id"].unique().tolist() == ["made-up-case-1", "made-up-case-2", "made-up-p"]
    own, other = cells.iloc[0], cells.iloc[-1]
    assert own["color"] == "#D55E00" and own["about"] == "" and own["outcome"] == "poor prognosis"
    assert other["about"] == "T-ALL, CD7, autologous" and other["outcome"] == "died"


# ---------------------------------------------------------------- the book's own, and another book's


def test_the_published_patients_share_what_their_rows_hold():
    """Typed a second time from the table of events."""
    book = live()
    book = data.select(book, *book.cases.loc[book.cases["role"].isin(["index", "comparator"]), "case_id"])
    found = likeness.features_told(timeline.course(book, "car_t_infusion"), book)
    found = found[found["state"].eq("shared") & found["role"].ne("index")].groupby("feature")["case"].agg(set)
    assert found["autologous anti-CD7 CAR T cells"] == {"Oh 2024, first patient", "Li 2024", "Cao 2022"}
    assert found["grade 3 CRS"] == {"Dai 2022", "Cao 2022", "GC027 2021, patient A", "GC027 2021, patient B"}
    assert not {"hyperacute GVHD", "TA-TMA"} & set(found.index)


def test_a_second_book_has_its_own_features_and_traits(small_data):
    book = data.load(small_data)
    index = book.cases["case_id"].eq("made-up-ada")
    book = dataclasses.replace(book, cases=book.cases.assign(role=book.cases["role"].mask(index, "index")))
    one = timeline.course(book, "surgery")
    found = likeness.features_told(one, book).set_index("case_id")["state"]
    assert found.to_dict() == {"made-up-ada": "shared", "made-up-ben": "silent", "made-up-cleo": "shared"}
    assert likeness.in_order_of_likeness(likeness.features_told(one, book), book) == ["made-up-cleo", "made-up-ben"]
    assert sharing.in_sentences(likeness.features_told(one, book)).together == (
        "One of 2 published patients is known to have had fever, as Ada did"
    )
    assert likeness.differences(one, book)["differs"].unique().tolist() == ["nothing of disease"]
