"""Which outcomes may be pooled: one rule, the same for all."""

import pandas as pd
import pytest
from casebook.evidence import cohorts, pooling
from made_up import live

ALIKE = {"outcome": "break", "called": "Breaks", **dict.fromkeys(pooling.CONDITIONS, "yes"), "because": "made up"}


@pytest.mark.parametrize("condition", pooling.CONDITIONS)
def test_each_condition_alone_forbids_pooling_and_one_that_is_not_told_does_not(condition):
    row = pd.DataFrame([ALIKE | {condition: "no"}])
    assert pooling.why_not(row, "break") == pooling.CONDITIONS[condition]
    assert pooling.why_not(pd.DataFrame([ALIKE | {condition: "not stated"}]), "break") == ""
    assert pooling.rule_table(row)["May be pooled"].tolist() == ["no"]


def test_the_table_says_of_each_outcome_what_the_rule_says():
    book = live()
    shown = pooling.rule_table(book.pooling).set_index("Outcome")["May be pooled"]
    for row in book.pooling.itertuples():
        assert (shown[row.called] == "yes") is (pooling.why_not(book.pooling, row.outcome) == "")
    assert set(shown) == {"yes", "no"}


def test_the_rule_was_applied_to_every_outcome_that_enough_series_count():
    book = live()
    for code in book.outcomes["outcome"].unique():
        rows = cohorts.candidates(book, code)
        rows = rows[rows["all_infused"].astype(bool)]
        if len(rows) >= cohorts.LEAST_TO_POOL and not rows["study_id"].duplicated().any():
            chosen = cohorts.choose_independent(rows, book.overlaps, book.categories).chosen
            if len(chosen) >= cohorts.LEAST_TO_POOL:
                assert code in set(book.pooling["outcome"]), code


def test_what_is_pooled_has_a_scale_that_is_alike_or_a_caveat():
    rules = live().pooling
    pooled = rules[[pooling.why_not(rules, code) == "" for code in rules["outcome"]]]
    assert len(pooled) == 3 and set(pooled["scale_alike"]) == {"not stated"}
