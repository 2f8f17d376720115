"""Who is exported, under which identifiers, and what is told to be left behind."""

import dataclasses

import pandas as pd
import pytest
from casebook.exchange import packages
from made_up import doubles, whole_patient
from made_up_patients import told


def test_every_patient_with_an_event_is_exported_whether_it_has_an_identifier_or_not():
    only = whole_patient({"a": ("relapse", "relapse", False)}, [])
    assert packages.exported(only) == ["made-up-1"]
    assert packages.exported(only.with_tables(events=only.events.head(0))) == []


def test_a_patient_without_a_coded_diagnosis_or_a_source_has_no_identifier_of_them():
    other = packages.patient(whole_patient({"a": ("crs", "CRS", False)}, []), "made-up-1")
    assert other.diagnosis is None and other.reference == ""


def test_places_in_time_say_what_they_rest_on():
    events = packages.patient(doubles(), "made-up-case-1").events
    assert (
        packages.placed(events.loc["made-up-case-1-gvhd"])
        == "0 to 14 days after transplantation (defined: Saliba 2007)"
    )
    assert packages.placed(events.loc["made-up-case-1-infection"]) == "not in the record"


def test_what_is_said_of_the_whole_patient_is_listed_but_for_what_is_held():
    event = {"a": ("crs", "CRS", False)}
    values = {"sex": "male", "age": "10 years", "follow_up": 3.0, "follow_up_unit": "years", "follow_up_is": "at least"}
    one = packages.patient(told(whole_patient(event, []), product_source="donor", **values), "made-up-1")
    found = {what: value for _, what, value, _ in packages.of_patient(one, frozenset({"sex"}))}
    assert found["age"] == "10 years" and found["follow up"] == "at least 3 years" and "sex" not in found
    assert found["product source"] == "donor" and "locator" not in found
    assert "follow up" not in {what for _, what, _, _ in packages.of_patient(one, frozenset({"follow_up"}))}


def test_a_book_without_a_word_for_unknown_times_says_so():
    book = doubles()
    without = dataclasses.replace(book, codings=book.codings[book.codings["element"] != "time"])
    assert packages.term(book, "time") == {"id": "NCIT:C43234", "label": "Not Reported"}
    with pytest.raises(KeyError, match="no identifier for the element 'time'"):
        packages.term(without, "time")


def test_the_list_of_what_is_left_has_its_columns_when_nothing_is():
    assert list(packages.left("case-1", []).columns) == list(packages.NOT_HELD)
    assert isinstance(packages.left("case-1", [("", "a", "b", "c")]), pd.DataFrame)
