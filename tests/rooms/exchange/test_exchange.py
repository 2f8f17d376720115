"""Who is exported, under which identifiers, and what is told to be left behind."""

import dataclasses

import pandas as pd
import pytest
from casebook import data, exchange
from made_up import doubles, live, whole_patient


def test_identifiers_are_those_of_the_concepts_with_their_prefix():
    found = exchange.identifiers(live())
    held = set(live().concepts[["mondo", "ncit", "hpo", "other"]].stack().dropna()) | set(
        "MESH:" + live().concepts["mesh"].dropna()
    )
    assert set(found["code"]) == held
    assert set(found["code"].str.partition(":")[0]) <= set(exchange.NAMESPACES)


def test_every_coding_that_names_a_concept_finds_an_identifier():
    rows = exchange.coded(live())
    assert rows.loc[rows["concept_id"].notna(), "code"].notna().all()
    assert len(rows) == len(live().codings)


def test_every_kind_of_event_has_one_coding_but_for_what_is_read():
    kinds = live().codings.dropna(subset="kind")
    kinds = kinds[kinds["element"] != "birth"]["kind"]
    assert set(live().kinds["kind"]) - set(kinds) == {
        "car_t_peak", "engraftment_neutrophil", "engraftment_platelet", "chimerism", "inflammation_control",
        "recovery", "remission", "mrd_negative", "outcome",
    }  # fmt: skip
    assert kinds.is_unique


def test_patients_without_a_coded_event_are_not_exported(small_data):
    assert exchange.exported(data.load(small_data)) == []
    only = whole_patient({"a": ("relapse", "relapse", False)}, [])
    assert exchange.exported(only) == []
    assert exchange.exported(whole_patient({"a": ("crs", "CRS", False)}, [])) == ["made-up-1"]


def test_a_patient_has_the_identifier_of_the_diagnosis_and_the_doi_of_the_source():
    one = exchange.patient(live(), "case-1")
    assert one.diagnosis == ("NCIT:C3183", "T-cell acute lymphoblastic leukemia")
    assert one.reference == "DOI:10.3389/fonc.2026.1766948"
    other = exchange.patient(whole_patient({"a": ("crs", "CRS", False)}, []), "made-up-1")
    assert other.diagnosis is None and other.reference == ""


def test_places_in_time_say_what_they_rest_on():
    events = exchange.patient(doubles(), "made-up-case-1").events
    assert (
        exchange.placed(events.loc["made-up-case-1-gvhd"])
        == "0 to 14 days after transplantation (defined: Saliba 2007)"
    )
    assert exchange.placed(events.loc["made-up-case-1-infection"]) == "not in the record"


def test_what_is_said_of_the_whole_patient_is_listed_but_for_what_is_held():
    one = exchange.patient(live(), "song2024-p1")
    found = {what: value for _, what, value, _ in exchange.of_patient(one, frozenset({"sex"}))}
    assert found["age"] == "10 years" and found["follow up"] == "at least 3 years" and "sex" not in found
    assert found["product source"] == "donor" and "locator" not in found
    assert "follow up" not in {what for _, what, _, _ in exchange.of_patient(one, frozenset({"follow_up"}))}


def test_a_book_without_a_word_for_unknown_times_says_so():
    book = live()
    without = dataclasses.replace(book, codings=book.codings[book.codings["element"] != "time"])
    assert exchange.term(book, "time") == {"id": "NCIT:C43234", "label": "Not Reported"}
    with pytest.raises(KeyError, match="no identifier for the element 'time'"):
        exchange.term(without, "time")


def test_the_list_of_what_is_left_has_its_columns_when_nothing_is():
    assert list(exchange.left("case-1", []).columns) == list(exchange.NOT_HELD)
    assert isinstance(exchange.left("case-1", [("", "a", "b", "c")]), pd.DataFrame)
