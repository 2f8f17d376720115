"""One patient in every format, side by side."""

from casebook.exchange import crosswalk
from made_up import doubles


def test_each_event_has_a_row_and_each_format_its_word():
    found = crosswalk.side_by_side(doubles(), "made-up-case-1", "2026-01-31").set_index("event")
    assert len(found) == (doubles().events["case_id"] == "made-up-case-1").sum()
    gvhd = found.loc["hyperacute GVHD"]
    assert gvhd["packet"] == "phenotypicFeature: MONDO:0020546" and gvhd["resource"] == "Condition: MONDO:0020546"
    assert gvhd["time"] == "0 to 14 days after allo-HSCT"
    assert found.loc["poor prognosis", "packet"] == crosswalk.NOWHERE
    assert found.loc["drug-related organ toxicity", "resource"] == "Condition: as text"


def test_what_is_lost_names_its_format_and_its_event():
    found = crosswalk.not_held(doubles(), "made-up-case-1", "2026-01-31")
    assert set(found["format"]) == {"phenopacket", "FHIR"}
    assert {"the patient", "hyperacute GVHD"} <= set(found["of"])
    assert not ((found["format"] == "FHIR") & (found["what"] == "place in time")).any()


def test_nothing_comes_back_that_did_not_go_out():
    found = crosswalk.back(doubles(), "made-up-case-1", "2026-01-31")
    assert len(found) == 8 and set(found["time"]) == {"not in the record"}
