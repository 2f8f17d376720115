"""Phenopackets of others: rows of a made-up patient that load, and a line for all that no row can hold."""

import json
import shutil

import pytest
from casebook import data, incoming, phenopacket
from casebook.__main__ import main, read_phenopacket
from conftest import PROJECT
from made_up import live

ABOUT = {"created": "2026-01-31T00:00:00Z"}


def packet(**more):
    return {"id": "x", "subject": {"id": "An infant"}, "metaData": ABOUT, **more}


def feature(label, onset=None, **more):
    return {"type": {"id": "HP:0000001", "label": label}, **({"onset": onset} if onset else {}), **more}


def age(period):
    return {"age": {"iso8601duration": period}}


def bounds(found):
    names = found.events.set_index("event_id")["label"]
    return {
        (names[row.from_event], names[row.to_event]): (row.min_days, row.max_days) for row in found.bounds.itertuples()
    }


def infusion(start):
    term = {"id": "NCIT:C126102", "label": "CAR T cells"}
    return {"therapeuticRegimen": {"ontologyClass": term, "startTime": start, "regimenStatus": "COMPLETED"}}


def test_an_infant_of_a_public_store_becomes_rows():
    # The shape of the infant among the cases of others: an age of 5 months, a fetal finding, excluded features.
    found = incoming.patient_of(
        packet(
            subject={"id": "infant", "sex": "MALE"},
            phenotypicFeatures=[
                feature("fetal chylothorax", {"gestationalAge": {"weeks": 21}}),
                feature("pulmonic stenosis", excluded=True),
                feature("hypertrophic cardiomyopathy", excluded=True),
            ],
            medicalActions=[infusion(age("P5M"))],
        ),
        live(),
    )
    case = found.cases.iloc[0]
    assert (case["case_id"], case["role"], case["sex"]) == ("made-up-infant", "made-up", "male")
    assert case["did_not_occur"] == "pulmonic stenosis; hypertrophic cardiomyopathy"
    assert bounds(found) == {("birth", "CAR T cells"): ("150", "183"), ("fetal chylothorax", "birth"): ("0", "")}
    assert found.events.set_index("label")["kind"].to_dict() == {
        "fetal chylothorax": "finding", "birth": "finding", "CAR T cells": "car_t_infusion",
    }  # fmt: skip
    assert list(found.not_held["what"]) == ["21 weeks and 0 days of gestation"]


@pytest.mark.parametrize(
    ("onset", "days"),
    [
        (age("P10Y"), ("3652", "4017")),
        ({"ageRange": {"start": {"iso8601duration": "P1M"}, "end": {"iso8601duration": "P2M"}}}, ("28", "91")),
        ({"timestamp": "2020-03-01T00:00:00Z"}, ("30", "30")),
        ({"interval": {"start": "2020-02-01T00:00:00Z", "end": "2020-02-03T00:00:00Z"}}, ("1", "1")),
    ],
)
def test_ages_ranges_and_dates_become_days_from_birth(onset, days):
    found = incoming.patient_of(
        packet(subject={"id": "a", "dateOfBirth": "2020-01-31T00:00:00Z"}, phenotypicFeatures=[feature("rash", onset)]),
        live(),
    )
    assert bounds(found) == {("birth", "rash"): days}
    assert "2020" not in found.events.to_csv() + found.bounds.to_csv(), "dates are not kept"


def test_without_a_birth_days_count_from_the_first_index_event():
    found = incoming.patient_of(
        packet(
            phenotypicFeatures=[feature("rash", {"timestamp": "2020-02-28T00:00:00Z"})],
            medicalActions=[infusion({"timestamp": "2020-03-02T00:00:00Z"})],
        ),
        live(),
    )
    assert bounds(found) == {("CAR T cells", "rash"): ("-3", "-3")}, "2020 is a leap year"


def test_days_from_day_0_are_read_where_there_is_a_day_0():
    onset = {"ontologyClass": {"id": "X:1", "label": "Day +21"}}
    found = incoming.patient_of(
        packet(phenotypicFeatures=[feature("rash", onset)], medicalActions=[infusion(None)]), live()
    )
    assert bounds(found) == {("CAR T cells", "rash"): ("21", "21")}
    before = {"ontologyClass": {"id": "X:1", "label": "day -5"}}
    found = incoming.patient_of(packet(phenotypicFeatures=[feature("rash", before)]), live())
    assert bounds(found) == {} and list(found.not_held["what"]) == ["day -5"]


def test_a_stage_of_life_has_no_days_and_an_unknown_time_is_no_loss():
    onsets = [{"ontologyClass": {"id": "HP:0003577", "label": "Congenital onset"}}]
    onsets.append({"ontologyClass": {"id": "NCIT:C43234", "label": "Not Reported"}})
    found = incoming.patient_of(packet(phenotypicFeatures=[feature("rash", onset) for onset in onsets]), live())
    assert bounds(found) == {} and list(found.not_held["what"]) == ["Congenital onset"]


def test_death_survival_ends_and_measurements_are_read():
    found = incoming.patient_of(
        packet(
            subject={"id": "a", "vitalStatus": {"status": "DECEASED", "survivalTimeInDays": 40}},
            diseases=[{"term": {"id": "NCIT:C3183", "label": "leukemia"}}],
            phenotypicFeatures=[feature("rash", age("P9D"), resolution=age("P12D"))],
            measurements=[{"assay": {"id": "L:1", "label": "ferritin"}, "value": {"quantity": {"value": 9.5}}}],
        ),
        live(),
    )
    assert found.cases["vital_status"].iloc[0] == "dead" and found.cases["diagnosis"].iloc[0] == "leukemia"
    assert bounds(found) == {
        ("birth", "rash"): ("9", "9"),
        ("birth", "rash ends"): ("12", "12"),
        ("leukemia", "death"): ("40", "40"),
    }
    events = found.events.set_index("label")
    assert events.loc["ferritin 9.5", "kind"] == "laboratory"
    assert events.loc["rash ends", "ends"] == events.loc["rash", "event_id"] and (events["ends"] != "").sum() == 1


def test_what_has_no_row_is_told_line_by_line():
    found = incoming.patient_of(
        packet(
            biosamples=[{"id": "b"}],
            interpretations=[{"id": "i"}],
            phenotypicFeatures=[feature("rash", age("five months"))],
            medicalActions=[
                {"radiationTherapy": {"fractions": 3}},
                {"treatment": {"agent": {"label": "drug"}, "route": 1}},
            ],
        ),
        live(),
    )
    actions = {"medicalActions[0]", "medicalActions[1].treatment.route"}
    rest = {"biosamples", "interpretations", "phenotypicFeatures[0].onset"}
    assert set(found.not_held["where"]) == rest | actions


def test_only_the_first_event_of_an_anchor_is_an_index_event():
    found = incoming.patient_of(packet(medicalActions=[infusion(age("P5M")), infusion(age("P9M"))]), live())
    assert list(found.events.loc[found.events["kind"] == "car_t_infusion", "index_event"]) == ["true", "false"]


def test_the_way_out_and_back_keeps_what_an_identifier_says_exactly():
    content = phenopacket.phenopacket(live(), "case-1", "2026-01-31").content
    kinds = list(incoming.patient_of(content, live()).events["kind"])
    assert kinds == ["disease", "crs", "infection", "finding", "acute_gvhd", "tma", "car_t_infusion", "hsct"]


@pytest.mark.parametrize("content", [[], {}, {"id": "x"}, {"metaData": {}, "subject": 3}])
def test_what_is_no_phenopacket_is_refused(content):
    with pytest.raises(ValueError, match="no phenopacket"):
        incoming.patient_of(content, live())


def test_the_command_writes_rows_that_load(tmp_path, capsys):
    path = tmp_path / "in.json"
    path.write_text(json.dumps(packet(medicalActions=[infusion(age("P5M"))], files=[{"uri": "x"}])), encoding="utf-8")
    assert read_phenopacket(str(path), str(tmp_path / "rows")) == 0
    said = capsys.readouterr().out
    assert "made-up-an-infant: 2 events and 1 bounds" in said and "Not held: files" in said
    shutil.copytree(PROJECT / "data", tmp_path / "data")
    for name in ("cases", "events", "bounds"):
        header, *rows = (tmp_path / "rows" / f"{name}.csv").read_text(encoding="utf-8").splitlines(keepends=True)
        table = tmp_path / "data" / f"{name}.csv"
        assert table.read_text(encoding="utf-8").startswith(header)
        table.write_text(table.read_text(encoding="utf-8") + "".join(rows), encoding="utf-8")
    assert main(str(tmp_path / "data")) == 0
    assert "made-up-an-infant" in set(data.load(tmp_path / "data").cases["case_id"])


def test_the_command_says_what_is_wrong_with_a_file(tmp_path, capsys):
    (tmp_path / "in.json").write_text("no JSON", encoding="utf-8")
    assert read_phenopacket(str(tmp_path / "in.json")) == 1 and "expected JSON in UTF-8" in capsys.readouterr().err
    assert read_phenopacket(str(tmp_path / "nowhere.json")) == 1 and "nowhere.json" in capsys.readouterr().err
    assert read_phenopacket() == 2


# ---------------------------------------------------------------- packets that are not as they should be


def test_a_folder_that_holds_tables_is_left_as_it_is(tmp_path, capsys):
    path, folder = tmp_path / "in.json", tmp_path / "rows"
    path.write_text(json.dumps(packet(phenotypicFeatures=[feature("fever")])), encoding="utf-8")
    folder.mkdir()
    (folder / "events.csv").write_text("mine")
    assert read_phenopacket(str(path), str(folder)) == 1
    assert "holds events.csv already" in capsys.readouterr().err
    assert [one.name for one in folder.iterdir()] == ["events.csv"] and (folder / "events.csv").read_text() == "mine"


@pytest.mark.parametrize("word", ["excluded", "negated"])
def test_what_is_denied_did_not_happen_in_version_1_and_2(word):
    found = incoming.patient_of(packet(phenotypicFeatures=[feature("fever", **{word: True})]), live())
    assert found.events.empty and found.cases.loc[0, "did_not_occur"] == "fever"


def test_null_is_nothing_and_a_value_of_another_type_is_said_to_be_so():
    odd = [feature("fever", "P5M"), {"type": "rash"}, feature("chills", {"timestamp": 5})]
    found = incoming.patient_of(packet(phenotypicFeatures=odd, diseases=None), live())
    said = found.not_held.set_index("where")["why"]
    assert set(said) == {incoming.OTHER_TYPE}
    assert list(said.index) == ["phenotypicFeatures[0].onset", "phenotypicFeatures[1]", "phenotypicFeatures[2].onset"]
    with pytest.raises(ValueError, match=r"no phenopacket of version 2: .*subject"):
        incoming.patient_of(packet(subject={"id": 7}), live())


def test_days_of_a_label_count_from_the_first_anchor():
    term = {"id": "NCIT:C15431", "label": "graft"}
    graft = {"therapeuticRegimen": {"ontologyClass": term, "regimenStatus": "COMPLETED"}}
    later = feature("fever", {"ontologyClass": {"id": "X:1", "label": "Day 21"}})
    found = incoming.patient_of(packet(phenotypicFeatures=[later], medicalActions=[graft, infusion(None)]), live())
    assert [pair for pair in bounds(found) if pair[1] == "fever"] == [("CAR T cells", "fever")]
