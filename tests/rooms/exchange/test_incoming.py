"""Phenopackets of others: rows of a made-up patient that load, and a line for all that no row can hold."""

import copy
import functools
import json
import shutil

import pytest
from casebook import data
from casebook.__main__ import main, read_phenopacket
from casebook.exchange import incoming, packets, phenopacket
from conftest import PROJECT
from made_up import doubles, live

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


def said(**more):
    """What is read of a packet; what is not held of it, by its place; and what a person must look at."""
    found = incoming.patient_of(packet(**more), live())
    return found, dict(zip(found.not_held["where"], found.not_held["what"])), list(found.to_check["what"])


def rash(onset, **more):
    return {"phenotypicFeatures": [feature("rash", onset)], **more}


def labeled(label, code="X:1"):
    return {"ontologyClass": {"id": code, "label": label}}


def between(key, start, end):
    return {key: {"start": start, "end": end}}


def at(day):
    return {"timestamp": f"{day}T00:00:00Z"}


def iso(period):
    return {"iso8601duration": period}


BORN = {"subject": {"id": "a", "dateOfBirth": "2020-01-31T00:00:00Z"}}
GRAFT = {"therapeuticRegimen": {"ontologyClass": {"id": "NCIT:C15431", "label": "graft"}, "regimenStatus": "COMPLETED"}}
ONSET = ["phenotypicFeatures[0].onset"]


@pytest.mark.parametrize(
    ("content", "days", "lost"),
    [
        # Ages, ranges and dates, from birth.
        (rash(age("P10Y")), {("birth", "rash"): ("3652", "4017")}, []),
        (rash(between("ageRange", iso("P1M"), iso("P2M"))), {("birth", "rash"): ("28", "91")}, []),
        (rash(at("2020-03-01"), **BORN), {("birth", "rash"): ("30", "30")}, []),
        (
            rash(between("interval", "2020-02-01T00:00:00Z", "2020-02-03T00:00:00Z"), **BORN),
            {("birth", "rash"): ("1", "3")},
            [],
        ),
        (
            {
                "subject": {"id": "a", "ageAtCollection": {"age": "P27Y3M"}},
                "phenotypicFeatures": [{"type": {"id": "X:1", "label": "rash"}, "ageOfOnset": {"age": "P7D"}}],
                "diseases": [
                    {"term": {"label": "x"}, "ageRangeOfOnset": {"start": {"age": "P1Y"}, "end": {"age": "P2Y"}}}
                ],
                "genes": [{"id": "HGNC:1", "symbol": "A"}],
            },  # as in version 1
            {
                ("birth", "rash"): ("7", "7"),
                ("birth", "x"): ("365", "1095"),
                ("birth", "data collected"): ("9951", "9984"),
            },
            ["genes[0]"],
        ),
        # Without a birth, from the first index event: 2020 is a leap year.
        (
            rash(at("2020-02-28"), medicalActions=[infusion(at("2020-03-02"))]),
            {("CAR T cells", "rash"): ("-3", "-3")},
            [],
        ),
        # A label, where there is a day 0: the first anchor.
        (rash(labeled("Day +21"), medicalActions=[infusion(None)]), {("CAR T cells", "rash"): ("21", "21")}, []),
        (rash(labeled("Day 21"), medicalActions=[GRAFT, infusion(None)]), {("CAR T cells", "rash"): ("21", "21")}, []),
        (rash(labeled("day -5")), {}, ONSET),
        # A stage of life; one without days is named, and an unknown time is no loss.
        (rash(labeled("a stage", "HP:0003577")), {("birth", "rash"): ("0", "0")}, []),
        (rash(labeled("a stage", "HP:0003623")), {("birth", "rash"): ("0", "28")}, []),
        (rash(labeled("a stage", "HP:0003593")), {("birth", "rash"): ("28", "366")}, []),
        (rash(labeled("a stage", "HP:0003584")), {("birth", "rash"): ("21915", "")}, []),
        (rash(labeled("a stage", "HP:0011461")), {("rash", "birth"): ("0", "")}, []),
        (rash(labeled("Puerpural onset", "HP:4000040")), {}, ONSET),
        (rash(labeled("Not Reported", "NCIT:C43234")), {}, []),
        # A time that cannot be.
        (rash(between("ageRange", iso("P50Y"), iso("P40Y"))), {}, ONSET),
        (rash(between("interval", "2020-02-03T00:00:00Z", "2020-02-01T00:00:00Z")), {}, ONSET),
        (rash(age("P900Y")), {}, ONSET),
        (rash(at("2024-03-01")), {}, ONSET),
        # The order of two times is that of their instants: the first is later by eight hours.
        (
            {
                "phenotypicFeatures": [
                    feature("a", {"timestamp": "2000-01-05T23:00:00-10:00"}),
                    feature("b", at("2000-01-06")),
                ]
            },
            {("a", "b"): ("0", "0")},
            [],
        ),
    ],
)
def test_a_time_becomes_days_or_is_named(content, days, lost):
    found, named, _ = said(**content)
    assert {pair: limits for pair, limits in bounds(found).items() if "graft" not in pair} == days
    assert list(named) == lost
    assert "2020" not in found.events.to_csv() + found.bounds.to_csv(), "dates are not kept"


def test_an_infant_of_a_public_store_becomes_rows():
    # The shape of the infant among the cases of others: an age of 5 months, a fetal finding, excluded features.
    found = said(
        subject={"id": "infant", "sex": "MALE"},
        phenotypicFeatures=[
            feature("fetal chylothorax", {"gestationalAge": {"weeks": 21}}),
            feature("pulmonic stenosis", excluded=True),
            feature("hypertrophic cardiomyopathy", excluded=True),
        ],
        medicalActions=[infusion(age("P5M"))],
    )[0]
    case = found.cases.iloc[0]
    assert (case["case_id"], case["role"], case["sex"]) == ("made-up-infant", "made-up", "male")
    assert case["did_not_occur"] == "pulmonic stenosis; hypertrophic cardiomyopathy"
    assert bounds(found) == {("birth", "CAR T cells"): ("150", "183"), ("fetal chylothorax", "birth"): ("0", "")}
    assert found.events.set_index("label")["kind"].to_dict() == {
        "fetal chylothorax": "finding", "birth": "finding", "CAR T cells": "car_t_infusion",
    }  # fmt: skip
    assert list(found.not_held["what"]) == ["gestationalAge: weeks: 21"]


def test_death_survival_ends_and_measurements_are_read():
    found = said(
        subject={"id": "a", "vitalStatus": {"status": "DECEASED", "survivalTimeInDays": 40}},
        diseases=[{"term": {"id": "NCIT:C3183", "label": "leukemia"}}],
        phenotypicFeatures=[feature("rash", age("P9D"), resolution=age("P12D"))],
        measurements=[{"assay": {"id": "L:1", "label": "ferritin"}, "value": {"quantity": {"value": 9.5}}}],
    )[0]
    assert found.cases["vital_status"].iloc[0] == "dead" and found.cases["diagnosis"].iloc[0] == "leukemia"
    assert bounds(found) == {
        ("birth", "rash"): ("9", "9"),
        ("birth", "rash ends"): ("12", "12"),
        ("leukemia", "death"): ("40", "40"),
        ("rash", "rash ends"): ("0", ""),
        ("rash", "death"): ("0", ""),
        ("rash ends", "death"): ("0", ""),
    }
    events = found.events.set_index("label")
    assert events.loc["ferritin 9.5", "kind"] == "laboratory"
    assert events.loc["rash ends", "ends"] == events.loc["rash", "event_id"] and (events["ends"] != "").sum() == 1


def test_what_has_no_row_is_told_line_by_line():
    found = said(
        biosamples=[{"id": "b"}],
        interpretations=[{"id": "i"}],
        phenotypicFeatures=[feature("rash", age("five months"))],
        medicalActions=[
            {"radiationTherapy": {"fractions": 3}},
            {"treatment": {"agent": {"label": "drug"}, "route": 1}},
        ],
    )[0]
    actions = {"medicalActions[0]", "medicalActions[1].treatment.route"}
    rest = {"biosamples[0]", "interpretations[0]", "phenotypicFeatures[0].onset"}
    assert set(found.not_held["where"]) == rest | actions


@pytest.mark.parametrize(
    ("first", "second", "index"),
    [
        (age("P5M"), age("P9M"), ["true", "false"]),
        (age("P9M"), age("P5M"), ["false", "true"]),
        ({"timestamp": "2024-06-01T00:00:00Z"}, {"timestamp": "2024-03-01T00:00:00Z"}, ["false", "true"]),
        (age("P34Y"), age("P34Y"), ["false", "false"]),
        (None, age("P34Y"), ["false", "false"]),
    ],
)
def test_days_count_from_the_earliest_event_wherever_it_stands(first, second, index):
    found = said(medicalActions=[infusion(first), infusion(second)])[0]
    assert list(found.events.loc[found.events["kind"] == "car_t_infusion", "index_event"]) == index
    assert found.to_check.empty is ("true" in index), (
        "if none is known to be the earliest, it is asked which one counts"
    )


def test_the_way_out_and_back_keeps_what_an_identifier_says_exactly():
    content = phenopacket.phenopacket(doubles(), "made-up-case-1", "2026-01-31").content
    found = incoming.patient_of(content, live())
    assert set(found.not_held["where"].str.partition("[")[0]) <= {
        "phenotypicFeatures", "metaData.externalReferences", "medicalActions",
    }  # fmt: skip
    kinds = ["disease", "crs", "infection", "finding", "acute_gvhd", "tma", "car_t_infusion", "hsct"]
    assert list(found.events["kind"]) == kinds


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ([], "no phenopacket"),
        ({"id": "x"}, "no phenopacket"),
        ({"metaData": ABOUT}, "no patient"),
        ({"metaData": ABOUT, "subject": {"sex": "UNKNOWN_SEX"}}, "no patient"),
        ({"metaData": ABOUT, "subject": 3}, "no patient"),
        ({"metaData": ABOUT, "members": [packet(), packet()]}, "a cohort"),
        (packet(subject={"id": "a", "taxonomy": {"id": "NCBITaxon:9615", "label": "Canis"}}), "taxon Canis"),
        (packet(subject={"id": "a", "taxonomy": {"id": "NCBITaxon:19606", "label": "x"}}), "taxon x"),
    ],
)
def test_what_is_no_phenopacket_of_a_patient_is_refused(content, said):
    with pytest.raises(ValueError, match=said):
        incoming.patient_of(content, live())


def test_the_command_writes_rows_that_load(tmp_path, capsys):
    path = tmp_path / "in.json"
    path.write_text(json.dumps(packet(medicalActions=[infusion(age("P5M"))], files=[{"uri": "x"}])), encoding="utf-8")
    assert read_phenopacket(str(path), str(tmp_path / "rows")) == 0
    said = capsys.readouterr().out
    assert f"{incoming.id_of('An infant')}: 2 events and 1 bounds" in said and "Not held: files" in said
    shutil.copytree(PROJECT / "data", tmp_path / "data")
    for name in ("cases", "events", "bounds"):
        header, *rows = (tmp_path / "rows" / f"{name}.csv").read_text(encoding="utf-8").splitlines(keepends=True)
        table = tmp_path / "data" / f"{name}.csv"
        assert table.read_text(encoding="utf-8").startswith(header)
        table.write_text(table.read_text(encoding="utf-8") + "".join(rows), encoding="utf-8")
    assert main(str(tmp_path / "data")) == 0
    assert incoming.id_of("An infant") in set(data.load(tmp_path / "data").cases["case_id"])


def test_the_command_says_what_is_wrong_with_a_file(tmp_path, capsys):
    (tmp_path / "in.json").write_text("no JSON", encoding="utf-8")
    assert read_phenopacket(str(tmp_path / "in.json")) == 1 and "expected JSON in UTF-8" in capsys.readouterr().err
    assert read_phenopacket(str(tmp_path / "nowhere.json")) == 1 and "nowhere.json" in capsys.readouterr().err


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
    found = said(phenotypicFeatures=[feature("fever", **{word: True})])[0]
    assert found.events.empty and found.cases.loc[0, "did_not_occur"] == "fever"


def test_null_is_nothing_and_a_value_of_another_type_is_said_to_be_so():
    odd = [feature("fever", "P5M"), {"type": "rash"}, feature("chills", {"timestamp": 5})]
    found = said(phenotypicFeatures=odd, diseases=None)[0]
    why = found.not_held.set_index("where")["why"]
    assert set(why) == {packets.OTHER_TYPE}
    assert list(why.index) == ["phenotypicFeatures[0].onset", "phenotypicFeatures[1]", "phenotypicFeatures[2].onset"]
    found = said(subject={"id": 7})[0]
    assert list(found.not_held["where"]) == ["subject.id"] and found.cases["case_id"].iloc[0] == "made-up-x"


# ---------------------------------------------------------------- nothing is lost without a word


def dead(**more):
    return {"id": "a", "vitalStatus": {"status": "DECEASED", **more}}


LEUKEMIA = {"term": {"id": "NCIT:C3183", "label": "leukemia"}, "onset": age("P30Y")}


@pytest.mark.parametrize(
    ("subject", "diseases"),
    [
        ({"id": "a", "vitalStatus": {"status": "ALIVE", "survivalTimeInDays": 180}}, [LEUKEMIA]),
        ({"id": "a", "vitalStatus": {"survivalTimeInDays": 180}}, [LEUKEMIA]),
        (dead(survivalTimeInDays=180), []),
        (dead(survivalTimeInDays=180), [LEUKEMIA, LEUKEMIA]),
        (dead(survivalTimeInDays=0, timeOfDeath=age("P34Y")), [LEUKEMIA]),
        (dead(survivalTimeInDays=180, timeOfDeath=age("P34Y")), [LEUKEMIA]),
        (dead(survivalTimeInDays=-3), [LEUKEMIA]),
        (dead(survivalTimeInDays=10**9), [LEUKEMIA]),
    ],
    ids=["alive", "not said", "no disease", "two", "0", "another age", "negative", "too long"],
)
def test_a_survival_that_counts_from_nothing_or_contradicts_is_named(subject, diseases):
    found, lost, _ = said(subject=subject, diseases=diseases)
    assert [where for where in lost if where.startswith("subject.vitalStatus")]
    assert not [pair for pair, days in bounds(found).items() if pair == ("leukemia", "death") and days[1]]


def test_of_the_subject_all_is_held_or_named():
    subject = {"id": "a", "sex": "OTHER_SEX", "dateOfBirth": "2000-01-01", "gender": {"id": "X:1", "label": "man"}}
    _, lost, _ = said(subject=subject | {"taxonomy": {"id": "NCBITaxon:9606", "label": "Homo sapiens"}})
    assert set(lost) == {"subject.sex", "subject.dateOfBirth", "subject.gender"}


def test_numbers_of_a_measurement_are_in_its_label():
    unit = {"id": "X:1", "label": "mmHg"}
    pair = [
        {"type": {"label": name}, "quantity": {"value": v, "unit": unit}} for name, v in (("high", 125.0), ("low", 75))
    ]
    between = {
        "value": 410,
        "unit": {"label": "U/L"},
        "referenceRange": {"low": 120, "high": 246, "unit": {"label": "U/L"}},
    }
    turned = {"value": 1.5, "referenceRange": {"low": 9, "high": 2}}
    found, lost, _ = said(
        measurements=[
            {"assay": {"label": "pressure"}, "value": {"complexValue": {"typedQuantities": pair}}},
            {"assay": {"label": "pressure"}, "complexValue": {"typedQuantities": pair}},
            {"assay": {"label": "LDH"}, "value": {"quantity": between}},
            {"assay": {"label": "x"}, "value": {"quantity": turned}},
        ]
    )
    labels = ["pressure high 125 mmHg, low 75 mmHg"] * 2 + ["LDH 410 U/L (reference 120 to 246 U/L)", "x 1.5"]
    assert list(found.events["label"]) == labels
    assert lost == {"measurements[3].value.quantity.referenceRange": "low: 9; high: 2"}


def test_a_disease_that_stands_in_an_interpretation_alone_is_the_diagnosis():
    def interpretation(status, label):
        disease = {
            "disease": {"id": "OMIM:1", "label": label},
            "genomicInterpretations": [{"gene": {"symbol": "MADEUP1"}}],
        }
        return {"id": "i", "progressStatus": status, "diagnosis": disease}

    found, lost, _ = said(interpretations=[interpretation("SOLVED", "made-up syndrome")])
    assert found.cases["diagnosis"].iloc[0] == "made-up syndrome" and "MADEUP1" in "".join(lost.values())
    found, lost, _ = said(interpretations=[interpretation("UNSOLVED", "made-up syndrome")])
    assert found.cases["diagnosis"].iloc[0] == "" and "made-up syndrome" in lost["interpretations[0]"]
    one = {"term": {"id": "OMIM:1", "label": "made-up syndrome"}}
    found, _, _ = said(diseases=[one], interpretations=[interpretation("SOLVED", "made-up syndrome")])
    assert list(found.events["label"]) == ["made-up syndrome"], "it is told once"


def test_of_what_did_not_occur_the_rest_is_named():
    more = {
        "modifiers": [{"id": "X:1", "label": "Severe"}],
        "evidence": [{"evidenceCode": {"id": "E:1", "label": "x"}}],
    }
    found, lost, _ = said(phenotypicFeatures=[feature("Seizure", age("P5Y"), excluded=True, **more)])
    assert found.cases["did_not_occur"].iloc[0] == "Seizure"
    assert [where.partition(".")[2] for where in lost] == ["onset", "modifiers[0]", "evidence[0]"]


@pytest.mark.parametrize(
    ("status", "events", "named"),
    [("COMPLETED", 1, 0), ("UNKNOWN_STATUS", 1, 0), ("DISCONTINUED", 1, 1), ("NOT_STARTED", 0, 1), ("PLANNED", 0, 1)],
)
def test_a_regimen_that_did_not_start_is_no_event(status, events, named):
    one = {"therapeuticRegimen": {"ontologyClass": {"id": "X:1", "label": "drug"}, "regimenStatus": status}}
    found, lost, _ = said(medicalActions=[one])
    assert (len(found.events), len(lost)) == (events, named)
    assert status in "".join(lost.values()) or not named


def test_a_family_gives_its_proband_and_names_the_others():
    family = {"id": "f", "proband": packet(phenotypicFeatures=[feature("Seizure")]), "metaData": ABOUT}
    found = incoming.patient_of(
        family | {"relatives": [packet(subject={"id": "mother"})], "pedigree": {"persons": [{"individualId": "p"}]}},
        live(),
    )
    assert list(found.events["label"]) == ["Seizure"] and found.cases["label"].iloc[0] == "An infant"
    assert set(found.not_held["where"]) == {"relatives[0]", "pedigree"}


def refused(found, folder):
    """What the check of the tables says of a patient, once the rows stand in a copy of them."""
    shutil.copytree(PROJECT / "data", folder)
    for name in ("cases", "events", "bounds"):
        table = folder / f"{name}.csv"
        header = table.read_text(encoding="utf-8").splitlines()[0].split(",")
        text = getattr(found, name).reindex(columns=header).to_csv(index=False, header=False, lineterminator="\n")
        table.write_text(table.read_text(encoding="utf-8") + text, encoding="utf-8")
    return main(str(folder)) != 0


@pytest.mark.parametrize(
    ("content", "contradiction"),
    [
        ({"phenotypicFeatures": [feature("rash", age("P10D"), resolution=age("P5D"))]}, True),
        ({"phenotypicFeatures": [feature("rash", age("P34Y"))], "subject": dead(timeOfDeath=age("P30Y"))}, True),
        ({"medicalActions": [infusion(age("P34Y")), infusion(age("P34Y"))]}, False),
        ({"phenotypicFeatures": [feature("=1+1", age("P34Y")), feature("rash", excluded=True)]}, False),
    ],
    ids=["an end before its beginning", "after death", "two at one age", "a formula"],
)
def test_a_contradiction_is_said_and_the_tables_refuse_it(content, contradiction, tmp_path, capsys):
    found, lost, check = said(**content)
    assert check and not lost
    assert refused(found, tmp_path / "data") is contradiction, capsys.readouterr().err


@pytest.mark.parametrize("label", ["=1+1", "@SUM(1)", "+1 spleen", "-x", "\uff1dA1", " =1"])
def test_a_label_that_a_spreadsheet_computes_is_written_safe_and_said(label):
    found, _, check = said(phenotypicFeatures=[feature(label, age("P5M")), feature(label, excluded=True)])
    safe = f"'{label.strip()}"
    assert found.events["label"].iloc[1] == safe and found.bounds["statement"].iloc[0].startswith(safe)
    assert found.cases["did_not_occur"].iloc[0] == safe and check == [safe, safe]


def test_subjects_whose_names_have_no_latin_letters_stay_apart_and_keep_their_names():
    found = [said(subject={"id": name})[0].cases.iloc[0] for name in ("患者甲", "患者乙")]
    assert [one["label"] for one in found] == ["患者甲", "患者乙"]
    assert found[0]["case_id"] != found[1]["case_id"] and found[0]["case_id"].startswith("made-up-")
    names = ["a b", "a-b", "A-b", "ä", "a.b", "x" * 100, "x" * 101]
    assert len({incoming.id_of(name) for name in names}) == len(names)


def test_nothing_is_half_written(tmp_path, capsys):
    (tmp_path / "in.json").write_text(json.dumps(packet(subject={})), encoding="utf-8")
    assert read_phenopacket(str(tmp_path / "in.json"), str(tmp_path / "rows")) == 1
    assert capsys.readouterr().err.count("\n") == 1 and not (tmp_path / "rows").exists()
    (tmp_path / "in.json").write_text(json.dumps(packet()), encoding="utf-8")
    assert read_phenopacket(str(tmp_path / "in.json"), str(tmp_path / "in.json")) == 1
    assert "is a file" in capsys.readouterr().err
    assert read_phenopacket(str(tmp_path / "in.json"), str(tmp_path / "rows")) == 0
    assert sorted(path.name for path in tmp_path.iterdir()) == ["in.json", "rows"]


RICH = packet(
    subject=dead(timeOfDeath=age("P34Y"), causeOfDeath={"id": "X:9", "label": "sepsis"}) | {"alternateIds": ["b"]},
    diseases=[LEUKEMIA | {"diseaseStage": [{"id": "X:2", "label": "stage two"}]}],
    phenotypicFeatures=[
        feature("rash", age("P31Y"), severity={"id": "X:3", "label": "Mild"}, description="on the arms")
    ],
    measurements=[
        {"assay": {"id": "X:4", "label": "LDH"}, "value": {"quantity": {"value": 410, "unit": {"label": "U/L"}}}}
    ],
    medicalActions=[infusion({"timestamp": "2024-03-01T00:00:00Z"}), {"treatment": {"agent": {"label": "drug"}}}],
    biosamples=[{"id": "s", "sampledTissue": {"id": "X:5", "label": "marrow"}}],
)


def places(value, path=()):
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, one in items:
        yield (*path, key)
        yield from places(one, (*path, key))


def changed(content, path, value):
    content = copy.deepcopy(content)
    above = functools.reduce(lambda one, key: one[key], path[:-1], content)
    above[path[-1]] = value
    return content


@pytest.fixture
def terms(monkeypatch):
    """The tables are looked up once: what is read of a packet does not change them."""
    known = incoming.terms_of(live())
    monkeypatch.setattr(incoming, "terms_of", lambda book: known)


@pytest.mark.usefixtures("terms")
@pytest.mark.parametrize(
    "odd", ["odd words", [{"unknown": "odd words"}], {"unknown": "odd words"}], ids=["text", "list", "object"]
)
def test_whatever_stands_anywhere_is_held_or_named(odd):
    for path in places(RICH):
        if (path[0] == "metaData" and path[-1] in ("metaData", "created")) or path == ("id",):
            continue  # said of the file, not of the patient
        try:
            found = incoming.patient_of(changed(RICH, path, odd), live())
        except ValueError:
            continue
        everything = "".join(frame.to_csv() for frame in (found.cases, found.events, found.bounds, found.not_held))
        assert "odd words" in everything, path


@pytest.mark.usefixtures("terms")
def test_every_text_of_a_rich_packet_is_held_or_named():
    found = incoming.patient_of(RICH, live())
    everything = "".join(frame.to_csv() for frame in (found.cases, found.events, found.not_held))
    texts = ["sepsis", "X:9", "leukemia", "NCIT:C3183", "stage two", "rash", "Mild", "X:3", "on the arms", "LDH", "X:4"]
    assert [
        text for text in [*texts, "410 U/L", "drug", "marrow", "X:5", "2024-03-01", "b"] if text not in everything
    ] == []
