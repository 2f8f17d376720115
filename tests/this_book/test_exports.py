"""The patients of this book in every format: each valid, each event in it or named beside it."""

import json

import pytest
from casebook import data
from casebook.exchange import fhir, packages, phenopacket
from made_up import live

DAY = "2026-01-31"


def test_identifiers_are_those_of_the_concepts_with_their_prefix():
    found = packages.identifiers(live())
    held = set(live().concepts[["mondo", "ncit", "hpo", "other"]].stack().dropna()) | set(
        "MESH:" + live().concepts["mesh"].dropna()
    )
    assert set(found["code"]) == held
    assert set(found["code"].str.partition(":")[0]) <= set(packages.NAMESPACES)


def test_every_coding_that_names_a_concept_finds_an_identifier():
    rows = packages.coded(live())
    assert rows.loc[rows["concept_id"].notna(), "code"].notna().all()
    assert len(rows) == len(live().codings)


def test_every_kind_of_event_has_one_coding_but_for_what_is_read():
    kinds = live().codings.dropna(subset="kind")
    kinds = kinds[kinds["element"] != "birth"]["kind"]
    assert set(live().kinds["kind"]) - set(kinds) == {
        "car_t_peak", "engraftment_neutrophil", "engraftment_platelet", "chimerism", "inflammation_control",
        "recovery", "remission", "mrd_negative", "outcome", "other",
    }  # fmt: skip
    assert kinds.is_unique


def test_the_case_has_the_identifier_of_its_diagnosis_and_the_doi_of_the_article():
    one = packages.patient(live(), "case-1")
    assert one.diagnosis == ("NCIT:C3183", "T-cell acute lymphoblastic leukemia")
    assert one.reference == "DOI:10.3389/fonc.2026.1766948"


@pytest.fixture(scope="module")
def patients():
    found = packages.exported(live())
    assert {"case-1", "case-2"} <= set(found) and len(found) > 25
    return found


@pytest.fixture(scope="module")
def packets(patients):
    return {one: phenopacket.phenopacket(live(), one, DAY) for one in patients}


@pytest.fixture(scope="module")
def bundles(patients):
    return {one: fhir.bundle(live(), one) for one in patients}


def test_every_packet_and_every_bundle_is_valid_and_whole(packets, bundles):
    found = {one: phenopacket.packet_problems(export.content) for one, export in packets.items()}
    assert {one: problems for one, problems in found.items() if problems} == {}
    found = {one: fhir.bundle_problems(json.loads(json.dumps(export.content))) for one, export in bundles.items()}
    assert {one: problems for one, problems in found.items() if problems} == {}


def test_every_identifier_is_one_of_the_concepts(packets):
    known = set(packages.identifiers(live())["code"])
    for export in packets.values():
        assert set(phenopacket.codes(export.content)) <= known


def test_what_authors_of_other_patients_state_is_kept(packets):
    subject = packets["song2024-p1"].content["subject"]
    assert subject["sex"] == "MALE" and subject["vitalStatus"] == {"status": "ALIVE"}


def test_every_event_is_in_the_packet_or_beside_it(packets):
    for case, export in packets.items():
        events = data.select(live(), case).events
        beside = set(export.not_held["event_id"])
        codes = set(phenopacket.codes(export.content))
        for event in packages.patient(live(), case).events.itertuples():
            in_packet = event.code in codes or event.element in ("disease", "vitalStatus", "timeAtLastEncounter")
            assert in_packet or event.event_id in beside, event.event_id
        assert set(beside) <= {"", *events["event_id"]}


def test_every_event_is_a_resource(bundles):
    for case, export in bundles.items():
        ids = {entry["resource"]["id"] for entry in export.content["entry"]}
        assert set(data.select(live(), case).events["event_id"]) <= ids


def test_a_diagnosis_without_an_event_is_a_condition(bundles):
    ids = [entry["resource"]["id"] for entry in bundles["li2024-p1"].content["entry"]]
    assert ids[1] == "li2024-p1-diagnosis"
    assert "case-1-diagnosis" not in [entry["resource"]["id"] for entry in bundles["case-1"].content["entry"]]
