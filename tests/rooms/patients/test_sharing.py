"""Who shares what is counted and named in good grammar: on small tables of who is told to have had what."""

import pandas as pd
import pytest
from casebook.patients import sharing

FEATURES = ("gallstones", "surgery", "fever", "rash")
STATES = {"x": "shared", "o": "otherwise", "~": "in part", "-": "silent"}
ADA, BEN = ("Ada", "xxx-"), ("Ben", "xx-x")


def told(*others, index=(ADA, BEN), features=FEATURES):
    """One letter of `STATES` a feature; the cases first."""
    rows = [
        {"case_id": f"made-up-{name.lower()}", "case": name, "role": role, "feature_id": feature, "feature": feature,
         "state": STATES[state]}
        for role, people in (("index", index), ("comparator", others))
        for name, states in people
        for feature, state in zip(features, states)
    ]  # fmt: skip
    return pd.DataFrame(rows)


BOTH = "known to have had gallstones and surgery, as Ada and Ben did"
TOGETHER = {
    "nobody": ([], "No published patient stands beside Ada and Ben"),
    "one without": ([("Cleo", "x~xx")], f"The one published patient is not {BOTH}"),
    "one with": ([("Cleo", "xx--")], f"The one published patient is {BOTH}"),
    "none of two": ([("Cleo", "x-xx"), ("Dan", "-xxx")], f"None of 2 published patients is {BOTH}"),
    "one of two": ([("Cleo", "xx--"), ("Dan", "ox--")], f"One of 2 published patients is {BOTH}"),
    "two of three": ([("Cleo", "xx--"), ("Dan", "xx--"), ("Eve", "----")], f"Two of 3 published patients are {BOTH}"),
}


@pytest.mark.parametrize("name", TOGETHER)
def test_who_had_all_that_the_cases_had_in_common_is_counted_in_good_grammar(name):
    people, sentence = TOGETHER[name]
    assert sharing.in_sentences(told(*people)).together == sentence


def test_cases_with_nothing_in_common_are_told_so():
    found = sharing.in_sentences(told(("Cleo", "xxxx"), index=(("Ada", "x---"), ("Ben", "-xxx"))))
    assert found.together == found.title == "Ada and Ben have no feature in common"


@pytest.mark.parametrize(
    ("people", "of_none"),
    [
        ([("Cleo", "xxxx")], ""),
        ([("Cleo", "xxx-")], "rash was reported in none"),
        ([("Cleo", "xx-~"), ("Dan", "xxo-")], "fever and rash were reported in none, and something of the kind in one"),
        ([("Cleo", "xx~~"), ("Dan", "xx-~")], "fever and rash were reported in none, and something of the kind in two"),
        ([], ""),
    ],
)
def test_what_is_told_of_none_is_named_and_what_is_near_it_counted(people, of_none):
    assert sharing.in_sentences(told(*people)).of_none == of_none


@pytest.mark.parametrize(
    ("index", "people", "title"),
    [
        ((ADA, BEN), [("Cleo", "xxxx")],
         "gallstones was reported in 1 of 1 published patient, surgery in 1, both in 1"),
        ((ADA, BEN), [("Cleo", "x-xx"), ("Dan", "-xx-")],
         "gallstones was reported in 1 of 2 published patients, surgery in 1, both in none"),
        ((ADA, ("Ben", "xxx-")), [("Cleo", "xxx-"), ("Dan", "--xo")],
         "gallstones was reported in 1 of 2 published patients, surgery in 1, fever in 2, all three in 1; "
         "rash was reported in none"),
        ((ADA, ("Ben", "x---")), [("Cleo", "oxxx")],
         "gallstones was reported in none of 1 published patient; gallstones was reported in none"),
    ],
)  # fmt: skip
def test_the_title_counts_each_feature_in_common_all_of_them_and_what_is_told_of_none(index, people, title):
    assert sharing.in_sentences(told(*people, index=index)).title == title


ONES = (("Ada", "xxx-"), ("Ben", "x--x"))
FOUR = (("Cleo", "xxx-"), ("Dan", "x--x"), ("Eve", "o~~-"), ("Fay", "--x-"))


@pytest.mark.parametrize(
    ("among", "said"),
    [
        ("", "nobody shares a feature named only for Ada"),
        ("dan", "the one shares no feature named only for Ada"),
        ("fay", "the one shares a feature named only for Ada: Fay (fever)"),
        ("dan eve", "none of 2 shares a feature named only for Ada"),
        ("cleo eve", "one of 2 shares a feature named only for Ada: Cleo (surgery and fever)"),
        ("cleo dan eve fay", "two of 4 share a feature named only for Ada: Cleo (surgery and fever); Fay (fever)"),
    ],
)
def test_a_feature_of_one_case_alone_is_counted_among_those_who_are_asked_for(among, said):
    among = [f"made-up-{name}" for name in among.split()]
    assert sharing.share_of_own(told(*FOUR, index=ONES), "made-up-ada", among) == said


@pytest.mark.parametrize("among", [[], ["made-up-cleo"]])
def test_who_is_no_index_case_has_no_feature_of_its_own(among):
    with pytest.raises(ValueError, match=r"case_id='made-up-cleo' is no index case.*made-up-ada and made-up-ben"):
        sharing.share_of_own(told(*FOUR), "made-up-cleo", among)


def test_a_choice_holds_the_cases_and_who_shares_the_feature_and_may_be_empty():
    found = {one.feature: one for one in sharing.matrix_choices(told(*FOUR))}
    assert list(found) == list(FEATURES)
    assert found["fever"].case_ids == ("made-up-ada", "made-up-ben", "made-up-cleo", "made-up-fay")
    assert found["fever"].n == 2
    assert found["fever"].title == "Fever: reported in 2 of 4 published patients"
    nobody = {one.feature: one for one in sharing.matrix_choices(told())}
    assert nobody["fever"].n == 0 and nobody["fever"].title == "Fever: reported in none of 0 published patient"
