"""Phenopackets: valid by the schema and the standard's words, with nothing that the rows do not say."""

import dataclasses
import json
import re

import pytest
from casebook import words
from casebook.exchange import phenopacket
from made_up import doubles, whole_patient
from made_up_patients import REINFUSED

DAY = "2026-01-31"


@pytest.fixture(scope="module")
def packets():
    """The packets of the doubles of the two cases, who have what the abstract tells."""
    return {one: phenopacket.phenopacket(doubles(), one, DAY) for one in doubles().cases["case_id"]}


@pytest.mark.parametrize(
    ("path", "value", "said"),
    [
        (("subject", "sex"), "WOMAN", "not by the schema"),
        (("subject", "nickname"), "Ada", "not by the schema"),
        (("subject", "sex"), "UNKNOWN_SEX", "round trip"),
        (("id",), "", "phenopacket.id is missing"),
        (("metaData", "createdBy"), "", "phenopacket.metaData.createdBy is missing"),
        (("metaData", "resources"), [], "does not name the vocabulary NCIT"),
        (("diseases", 0, "term", "id"), "leukemia", "an identifier is prefix:number"),
        (("diseases", 0, "term", "label"), "", "phenopacket.diseases[0].term.label is missing"),
    ],
)
def test_what_is_wrong_with_a_packet_is_found(packets, path, value, said):
    content = json.loads(json.dumps(packets["made-up-case-1"].content))
    inner = content
    for step in path[:-1]:
        inner = inner[step]
    inner[path[-1]] = value
    assert any(said in problem for problem in phenopacket.packet_problems(content))


def test_of_the_index_cases_nothing_is_said_that_is_not_in_the_record(packets):
    for content in (packet.content for packet in packets.values()):
        subject = content["subject"]
        assert set(subject) == {"id", "timeAtLastEncounter", "taxonomy"}
        text = json.dumps(content)
        assert "age" not in re.findall(r'"(\w+)":', text) and "timestamp" not in text and "UNKNOWN" not in text
        assert text.count("NCIT:C43234") == len(content.get("phenotypicFeatures", [])) + 4


def test_time_grade_and_broader_names_stand_beside_the_packet(packets):
    one = packets["made-up-case-1"]
    rows = one.not_held.set_index(["event_id", "what"])["value"]
    assert rows["made-up-case-1-crs", "grade"] == "3"
    assert rows["made-up-case-1-gvhd", "place in time"].startswith("0 to 14 days after transplantation")
    assert rows["made-up-case-1-gvhd", "name"] == "hyperacute GVHD"
    assert ("made-up-case-1-infection", "place in time") not in rows.index, "nothing is known, so nothing is lost"
    assert words.NOT_IN_THE_RECORD not in set(one.not_held["value"])


def test_only_a_stated_row_has_the_evidence_code_of_authors():
    double = doubles()
    content = phenopacket.phenopacket(double, "made-up-case-1", DAY).content
    assert all(
        feature["evidence"][0]["reference"]["id"].startswith("DOI:") for feature in content["phenotypicFeatures"]
    )
    ours = double.events["event_id"].eq("made-up-case-1-crs")
    read = dataclasses.replace(double, events=double.events.assign(basis=double.events["basis"].mask(ours, "inferred")))
    export = phenopacket.phenopacket(read, "made-up-case-1", DAY)
    features = export.content["phenotypicFeatures"]
    assert [("evidence" in one, one["type"]["id"] == "NCIT:C78251") for one in features].count((False, True)) == 1
    assert sum("evidence" in one for one in features) == len(features) - 1
    assert "basis" in set(export.not_held["what"])


def test_took_place_is_completed_and_began_is_started():
    one = whole_patient(
        {"a": ("car_t_infusion", "CAR T cells", True), "b": ("conditioning", "conditioning", False)}, []
    )
    actions = phenopacket.phenopacket(one, "made-up-1", DAY).content["medicalActions"]
    assert [action["therapeuticRegimen"]["regimenStatus"] for action in actions] == ["COMPLETED", "STARTED"]


def test_an_end_is_no_second_complication_and_made_up_patients_say_so():
    export = phenopacket.phenopacket(whole_patient(REINFUSED, [("c", "c-end", 5, 5)]), "made-up-1", DAY)
    labels = [feature["type"]["label"] for feature in export.content["phenotypicFeatures"]]
    assert labels.count("cytokine release syndrome") == 1
    assert "end" in set(export.not_held["what"])
    assert "made-up" in export.content["metaData"]["externalReferences"][0]["description"]


def test_a_later_grade_is_no_second_feature_and_is_told_as_not_held():
    one = whole_patient(
        {"a": ("car_t_infusion", "CAR T cells", True), "c": ("crs", "grade 1 CRS", False),
         "d": ("crs", "grade 3 CRS", False, {"same_as": "c"})}, []
    )  # fmt: skip
    found = phenopacket.phenopacket(one, "made-up-1", DAY)
    assert len(found.content["phenotypicFeatures"]) == 1
    assert found.not_held.loc[found.not_held["event_id"] == "d", "why"].str.startswith("a later grade of c").any()


def test_the_summary_has_a_row_an_element(packets):
    found = phenopacket.summary(packets["made-up-case-1"])
    assert list(found["element"]) == ["diseases", *["phenotypicFeatures"] * 5, "medicalActions", "medicalActions"]
    assert found["label"].iloc[-1] == "allogeneic hematopoietic stem cell transplantation"
