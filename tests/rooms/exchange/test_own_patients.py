"""Own patients: reported by the author, never as made up, and out of the book only with center and consent.

The patient of these tests is made up; his role is what is tried.
"""

import json

import pytest
from casebook import charts, data, timeline
from casebook.exchange import case_files, fhir, phenopacket
from conftest import PROJECT

EXAMPLE = (PROJECT / "tests" / "case_files" / "one-made-up.json").read_text(encoding="utf-8")
TOLD = {"center": "Hospital of Nowhere", "consent": "Consent is made up."}


@pytest.fixture
def own(tmp_path):
    """The example as a book of one own patient of these cells."""

    def own(**cells):
        content = json.loads(EXAMPLE.replace("made-up-rosa", "own-1"))
        content["cases"][0] |= {"label": "patient 1", "role": "own", **cells}
        path = tmp_path / "own.json"
        path.write_text(json.dumps(content), encoding="utf-8")
        return case_files.read_patients(path)

    return own


def test_an_own_patient_needs_no_source_and_no_words_of_one(own):
    book = own()
    assert book.cases["source_id"].isna().all() and book.bounds["wording"].isna().all()
    assert data.select(book, "own-1").cases["role"].tolist() == ["own"]


def test_the_title_of_a_figure_says_who_reports_the_patient(own):
    course = timeline.course(own(), "car_t_infusion")
    title = charts.timeline_chart(course, title="A course", subtitle="-").title.text
    assert title == "Reported by the author: A course"


@pytest.mark.parametrize(
    ("cells", "lacking"), [({}, "center and consent"), ({"center": "x"}, "consent"), ({"consent": "x"}, "center")]
)
def test_no_own_patient_leaves_the_book_without_center_and_consent(own, cells, lacking):
    for write in (
        lambda book: phenopacket.phenopacket(book, "own-1", "2026-01-31"),
        lambda book: fhir.bundle(book, "own-1"),
    ):
        with pytest.raises(ValueError, match=f"own-1: an own patient leaves the book with {lacking} alone"):
            write(own(**cells))


def test_an_export_says_that_the_author_reports_the_patient(own):
    book = own(**TOLD)
    said = "Reported by the author: own patients, Hospital of Nowhere. Consent is made up."
    packet = phenopacket.phenopacket(book, "own-1", "2026-01-31")
    assert packet.content["metaData"]["externalReferences"] == [{"id": "own-1", "description": said}]
    bundle = fhir.bundle(book, "own-1").content
    patient = next(item["resource"] for item in bundle["entry"] if item["resource"]["resourceType"] == "Patient")
    assert patient["meta"] == {"tag": [{"display": said.removesuffix(".")}]}
    assert "made-up" not in json.dumps([packet.content, bundle])
