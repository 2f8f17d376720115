"""FHIR bundles: valid by their types, whole in themselves, and true to the days and the order that are known."""

import json
import uuid
from xml.etree import ElementTree

import pytest
from casebook.exchange import fhir
from made_up import doubles, whole_patient
from made_up_patients import told


@pytest.fixture(scope="module")
def double():
    """The bundle of the double of case 1, who has what the abstract tells."""
    return fhir.bundle(doubles(), "made-up-case-1")


def test_what_is_wrong_with_a_bundle_is_found(double):
    text = json.dumps(double.content)
    assert fhir.bundle_problems(json.loads(text.replace('"collection"', "7")))
    assert fhir.bundle_problems(json.loads(text.replace('"code": {"coding"', '"cod": {"coding"')))
    graft, nowhere = fhir.address("Procedure", "made-up-case-1-hsct"), fhir.address("Procedure", "nowhere")
    lost = json.loads(text.replace(f'"reference": "{graft}"', f'"reference": "{nowhere}"'))
    assert fhir.bundle_problems(lost) == [f"{nowhere} is referred to and not there"]
    relative = json.loads(text.replace(f'"reference": "{graft}"', '"reference": "Procedure/made-up-case-1-hsct"'))
    assert fhir.bundle_problems(relative) == ["Procedure/made-up-case-1-hsct is referred to and not there"]
    silent = json.loads(text)
    del silent["entry"][0]["resource"]["text"]
    assert fhir.bundle_problems(silent) == ["Patient/made-up-case-1 has no narrative"]
    twice = json.loads(text)
    twice["entry"].append(twice["entry"][1])
    assert fhir.bundle_problems(twice) == [f"Condition/{twice['entry'][1]['resource']['id']} stands twice"]


def test_days_from_another_event_are_told_as_they_are_known(double):
    times = fhir.times(double)
    assert times["made-up-case-1-gvhd"] == "0 to 14 days after Procedure/made-up-case-1-hsct"
    assert times["made-up-case-1-hsct"] == "some time after Procedure/made-up-case-1-infusion"
    assert times["made-up-case-1-infection"] == times["made-up-case-1-infusion"] == "absent: unknown"
    assert "made-up-case-1-outcome" not in times


@pytest.mark.parametrize(
    ("least", "most", "said"),
    [
        (21, 21, "21 days after Procedure/a"),
        (-7, -3, "3 to 7 days before Procedure/a"),
        (-7, None, "absent: unknown"),
        (2.5, 4, "2.5 to 4 days after Procedure/a"),
        (-2, 3, "absent: unknown"),
        (None, 0, "some time before Procedure/a"),
    ],
)
def test_an_offset_has_its_sign_and_its_ends(least, most, said):
    one = whole_patient(
        {"a": ("car_t_infusion", "CAR T cells", True), "b": ("crs", "CRS", False)}, [("a", "b", least, most)]
    )
    export = fhir.bundle(one, "made-up-1")
    assert fhir.times(export)["b"] == said
    assert fhir.bundle_problems(export.content) == []
    lost = set(export.not_held["why"])
    both_signs = least is not None and least < 0 and (most is None or most > 0)
    assert ("days before and after at once" in lost) is both_signs


def test_an_unknown_time_says_why_it_is_absent_and_a_judgment_has_none(double):
    resources = {entry["resource"]["id"]: entry["resource"] for entry in double.content["entry"]}
    absent = resources["made-up-case-1-infection"]["_onsetDateTime"]["extension"][0]
    assert absent == {"url": fhir.ABSENT, "valueCode": "unknown"}
    assert resources["made-up-case-1-outcome"]["valueString"] == "poor prognosis"
    assert not [key for key in resources["made-up-case-1-outcome"] if key.startswith("_")]
    assert set(resources["made-up-case-1"]) == {"resourceType", "id", "text"}, "neither sex nor fate is in the record"


def test_basis_place_and_condition_stand_in_the_note(double):
    resources = {entry["resource"]["id"]: entry["resource"] for entry in double.content["entry"]}
    said = resources["made-up-case-1-gvhd"]["note"][0]["text"]
    assert said.startswith("stated; place: abstract, sentence 4") and "(defined: Saliba 2007)" in said
    assert resources["made-up-case-1-crs"]["stage"] == [{"summary": {"text": "grade 3"}}]
    assert resources["made-up-case-1-organ-toxicity"]["code"] == {"text": "drug-related organ toxicity"}


def test_fate_sex_diagnosis_and_what_is_made_up_are_told():
    book = told(whole_patient({"c": ("crs", "CRS", False)}, []), sex="male", vital_status="alive")
    export = fhir.bundle(book, "made-up-1")
    one, diagnosis, event = (entry["resource"] for entry in export.content["entry"])
    assert one["gender"] == "male" and one["deceasedBoolean"] is False
    assert "made-up" in one["meta"]["tag"][0]["display"]
    assert (diagnosis["id"], event["id"]) == ("made-up-1-diagnosis", "c"), "no event is the diagnosis"
    assert export.content["type"] == "collection"


def test_what_took_place_is_completed_and_what_began_is_not_known_to_be():
    one = whole_patient(
        {"a": ("car_t_infusion", "CAR T cells", True), "b": ("conditioning", "conditioning", False)}, []
    )
    made = [entry["resource"] for entry in fhir.bundle(one, "made-up-1").content["entry"]]
    assert {item["id"]: item["status"] for item in made if "status" in item} == {"a": "completed", "b": "unknown"}


def test_addresses_are_the_same_each_time_and_differ_by_type_and_id():
    assert fhir.address("Patient", "a") == fhir.address("Patient", "a")
    assert len({fhir.address(*one) for one in (("Patient", "a"), ("Patient", "b"), ("Condition", "a"))}) == 3
    assert str(uuid.UUID(fhir.address("Patient", "a").removeprefix("urn:uuid:"))) in fhir.address("Patient", "a")


def test_a_narrative_is_xhtml_whatever_stands_in_a_label():
    one = whole_patient({"a": ("car_t_infusion", "<b>CAR & T</b>", True)}, [])
    for entry in fhir.bundle(one, "made-up-1").content["entry"]:
        text = entry["resource"]["text"]
        assert text["status"] == "generated"
        assert ElementTree.fromstring(text["div"]).tag == f"{{{fhir.XHTML}}}div" and "<b>" not in text["div"]
