"""How certain a statement is: the word follows from the reasons, and every number at the head of a page has one."""

import json
import re
from types import SimpleNamespace

import pandas as pd
import pytest
from casebook.evidence import certainty, cohorts, frequency, statements
from conftest import PROJECT
from made_up import live
from made_up_series import outcome, series


def made_up(**concerns):
    domains = dict.fromkeys(certainty.DOMAINS, "no concern") | concerns
    reasons = [("s", domain, concern, f"About {domain}.") for domain, concern in domains.items() if concern]
    return SimpleNamespace(
        certainty=pd.DataFrame(
            [("s", "Splints break.", "page.breaks")], columns=["statement_id", "statement", "said_at"]
        ).assign(pooled_outcome=None, group=None),
        certainty_reasons=pd.DataFrame(reasons, columns=["statement_id", "domain", "concern", "because"]),
    )


@pytest.mark.parametrize(
    ("concerns", "word"),
    [
        ({}, "high"),
        ({"imprecision": "not assessable"}, "high"),
        ({"imprecision": "serious"}, "moderate"),
        ({"imprecision": "very serious"}, "low"),
        ({"imprecision": "serious", "inconsistency": "serious"}, "low"),
        ({"imprecision": "very serious", "inconsistency": "serious"}, "very low"),
        ({"imprecision": "very serious", "inconsistency": "very serious"}, "very low"),
    ],
)
def test_observational_evidence_begins_as_high_and_each_concern_takes_its_levels(concerns, word):
    """Iorio 2015 and Foroutan 2020: a body of observational evidence on prognosis begins as high certainty."""
    assert certainty.said(made_up(**concerns), "s") == f"{word} certainty"


def test_the_reasons_of_concern_are_told_and_no_others():
    book = made_up(imprecision="very serious", indirectness="serious", inconsistency="not assessable")
    row = certainty.certainty_table(book).iloc[0]
    assert row.tolist() == ["Splints break.", "very low", "indirectness; imprecision, two levels",
                            "Indirectness: About indirectness. Imprecision: About imprecision."]  # fmt: skip
    assert certainty.said_levels(book) == "1 very low"


def test_a_domain_that_was_not_judged_and_a_statement_that_is_not_there_are_refused():
    with pytest.raises(ValueError, match="statement s: nothing is judged of inconsistency"):
        certainty.graded(made_up(inconsistency=None))
    with pytest.raises(ValueError, match="certainty has no row t; it has s"):
        certainty.said(made_up(), "t")


def counted(*counts, concern="no concern", group=None):
    """A book whose statement on breaks is judged, by the series of `counts`."""
    book = series([outcome(study, "break", *count) for study, count in zip("hbd", counts)])
    judged = made_up(inconsistency=concern)
    book.certainty = judged.certainty.assign(pooled_outcome="break", group=group)
    book.certainty_reasons = judged.certainty_reasons
    return book


ALIKE, APART = [(4, 40), (2, 20), (6, 60)], [(4, 40), (2, 20), (20, 60)]


def test_inconsistency_is_judged_by_the_rule_and_by_nothing_else():
    assert certainty.consistencies(counted(*ALIKE))["s"].concern == "no concern"
    found = certainty.consistencies(counted(*APART))["s"]
    assert (found.concern, found.k, found.df) == ("serious", 3, 2) and found.p < 0.02
    assert certainty.said(counted(*ALIKE), "s") == "high certainty"
    assert certainty.said(counted(*APART, concern="serious"), "s") == "moderate certainty"
    with pytest.raises(
        ValueError, match=r"statement s, inconsistency: found 'no concern', and the rule gives 'serious'"
    ):
        certainty.graded(counted(*APART))
    with pytest.raises(ValueError, match="found 'serious', and the rule gives 'no concern'"):
        certainty.graded(counted(*ALIKE, concern="serious"))


@pytest.mark.parametrize(("p", "concern"), [(0.0999, "serious"), (0.1001, "no concern")])
def test_the_limit_of_the_rule_is_a_tenth(monkeypatch, p, concern):
    monkeypatch.setattr(certainty, "chi_squared_test", lambda events, n: (1.0, 1, p))
    assert certainty.consistency(pd.DataFrame({"events": [1, 2], "n": [9, 9]})).concern == concern


def test_the_rule_is_applied_to_the_group_that_the_statement_is_on():
    found = certainty.consistencies(counted(*APART, group="steel"))["s"]
    assert (found.k, found.concern) == (2, "no concern")
    assert certainty.consistencies(counted(*APART, group="glass"))["s"].concern == "not assessable"


def test_the_numbers_of_the_rule_stand_beside_the_reason():
    row = certainty.certainty_table(counted(*APART, concern="serious")).iloc[0]
    assert re.fullmatch(r"Inconsistency \(χ² [\d.]+ on 2 degrees of freedom, p [=<] [\d.]+\): About .*", row["Because"])
    assert certainty.said_consistency(certainty.consistency(pd.DataFrame({"events": [1], "n": [9]}))) == "1 series"


def test_the_word_travels_with_the_number():
    book = counted(*APART, concern="serious")
    assert certainty.after(book, "break") == "; moderate certainty" and certainty.after(book, "bend") == ""
    assert certainty.after(book, "break", "steel") == ""
    assert statements.said_pooled(book, "break", cohorts.pool_outcome(book, "break")).endswith("; moderate certainty)")
    steel = counted(*APART, group="steel")
    said = frequency.said_of_the_cases(steel, "break", cohorts.pool_outcome(steel, "break"))
    assert said.endswith("; high certainty)") and certainty.after(steel, "break") == ""


# ---------------------------------------------------------------- the live tables


def at_a_glance(chapter):
    """The stored values that the head of a chapter says."""
    cells = json.loads((PROJECT / "chapters" / f"{chapter}.ipynb").read_text(encoding="utf-8"))["cells"]
    text = "\n".join("".join(cell["source"]) for cell in cells if cell["cell_type"] == "markdown")
    return re.findall(r"\{glue:text\}`(\w+)`", re.search(r"## At a glance(.*?)\n## ", text, re.S)[1])


def test_every_published_number_at_the_head_of_a_page_has_its_certainty_said_beside_it():
    said = [place for places in live().certainty["said_at"].dropna() for place in places.split("; ")]
    assert len(said) == len(set(said))
    for chapter, sure in (("evidence", "_sure"), ("index", "_sure")):
        values = at_a_glance(chapter)
        # What was or was not found is no estimate: its certainty is not judged.
        numbers = {value for value in values if not value.endswith(sure) and value not in ("wait_mine", "unread_n")}
        if chapter == "index":
            numbers = {value for value in numbers if value.startswith("severe")}  # the others are of the two cases
        assert numbers == {place.partition(".")[2] for place in said if place.startswith(f"{chapter}.")}
        # A pooled number brings its word along (`certainty.after`); of the others it is a value of its own.
        alone = {value for value in numbers if not value.startswith("severe")}
        assert sum(value.endswith(sure) for value in values) == len(alone)
    assert {place.partition(".")[0] for place in said} >= {"evidence", "index"}


def test_every_statement_is_judged_in_every_domain():
    book = live()
    assert len(certainty.graded(book)) == len(book.certainty)
    counted = book.certainty_reasons.groupby("statement_id")["domain"].agg(set)
    assert (counted == set(certainty.DOMAINS)).all() and set(counted.index) == set(book.certainty["statement_id"])


def test_nothing_that_rests_on_abstracts_of_small_series_is_called_more_than_low():
    levels = set(certainty.graded(live())["level"])
    assert levels == {"low", "very low"}
