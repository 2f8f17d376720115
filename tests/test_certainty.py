"""How certain a statement is: the word follows from the reasons, and every number at the head of a page has one."""

import doctest
import json
import re
from types import SimpleNamespace

import pandas as pd
import pytest
from casebook import certainty
from conftest import PROJECT
from made_up import live


def made_up(**concerns):
    domains = dict.fromkeys(certainty.DOMAINS, "no concern") | concerns
    reasons = [("s", domain, concern, f"About {domain}.") for domain, concern in domains.items() if concern]
    return SimpleNamespace(
        certainty=pd.DataFrame(
            [("s", "Splints break.", "page.breaks")], columns=["statement_id", "statement", "said_at"]
        ),
        certainty_reasons=pd.DataFrame(reasons, columns=["statement_id", "domain", "concern", "because"]),
    )


def test_the_examples_in_the_docstrings_hold():
    assert doctest.testmod(certainty).failed == 0


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
        assert sum(value.endswith(sure) for value in values) == len(numbers)
    assert {place.partition(".")[0] for place in said} >= {"evidence", "index"}


def test_every_statement_is_judged_in_every_domain():
    book = live()
    assert len(certainty.graded(book)) == len(book.certainty)
    counted = book.certainty_reasons.groupby("statement_id")["domain"].agg(set)
    assert (counted == set(certainty.DOMAINS)).all() and set(counted.index) == set(book.certainty["statement_id"])


def test_nothing_that_rests_on_abstracts_of_small_series_is_called_more_than_low():
    levels = set(certainty.graded(live())["level"])
    assert levels == {"low", "very low"}
