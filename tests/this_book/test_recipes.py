"""The recipes of the gap chapter: what should change does, and nothing else does.

Everything here is made up, for patients whose names begin with made-up-.
"""

import shutil

import pytest
from casebook import data, pages, timeline
from casebook.__main__ import main
from conftest import PROJECT
from spreadsheet import ALL_DAYS, CONTRADICTION, SOME_DAYS, add_patient, append

from tools.build import refresh
from tools.project import kernels

# What is stored of a notebook has no drawing: to draw it would be for nothing, but for how wide it is.
UNDRAWN = 'vl_convert.vegalite_to_svg = lambda spec: \'<svg width="0" height="0"></svg>\'\n'


@pytest.fixture
def project(tmp_path):
    """A copy of what the notebooks need."""
    for name in ("data", "chapters"):
        shutil.copytree(PROJECT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(PROJECT / "requirements.in", tmp_path)
    with (tmp_path / "chapters" / "casebook" / "charts" / "_house.py").open("a", encoding="utf-8") as file:
        file.write(UNDRAWN)
    return tmp_path


def told(project, *chapters):
    """What the chapters say of the tables as they are now: all of them, or some."""
    folder = project / "chapters"
    paths = [folder / f"{name}.ipynb" for name in chapters] or sorted(folder.glob("*.ipynb"))
    return {path.stem: refresh.as_stored(text) for path, text in kernels.run_all(paths).items()}


def changed(before, after):
    """The chapters that say something else; a figure whose width changes has another name, too."""
    return {name for name in after if after[name] != before[name].replace('"chart broad', '"chart')}


def drawn(project, case_id):
    one = timeline.course(data.select(data.load(project / "data"), case_id), "car_t_infusion")
    chart = pages.pair(one, "made up").to_dict()
    rows = {row["Event"]: (row["Drawn as"], row["Place in time"]) for row in chart["usermeta"]["rows"]}
    return chart["title"]["text"], rows


def test_what_is_added_changes_the_chapters_that_show_it_alone(project, subtests):
    stored = {path.stem: path.read_text(encoding="utf-8") for path in (project / "chapters").glob("*.ipynb")}
    tables = project / "data"

    with subtests.test("patients with all days and with some change the chapter of all patients alone"):
        every, _ = add_patient(tables, "with-every-day", ALL_DAYS)
        some, _ = add_patient(tables, "with-some-days", SOME_DAYS)
        title, rows = drawn(project, every)
        assert title.startswith("Made-up patient")
        assert rows == {"infusion": ("symbol", "day 0"), "crs": ("symbol", "day 2"), "hsct": ("symbol", "day 40")}
        before = drawn(project, some)[1]
        assert before["crs"] == ("brackets", "day 0 to 10") and before["hsct"][0] == "brackets"
        # That no other chapter says anything else is seen in the last step.
        with_patients = told(project, "data-and-methods", "gaps")
        assert changed(stored, with_patients) == {"data-and-methods"}

    with subtests.test("filling three gaps changes the tables, the windows and nothing else"):
        topics = ("comorbidity", "bridging", "donor")
        append(tables, "gaps", [{"case_id": some, "gap_id": f"{some}-{t}", "topic": t} for t in topics])
        with_gaps = told(project, "data-and-methods", "gaps")

        path = tables / "gaps.csv"
        text = path.read_text()
        for topic in topics:
            blank = f"{some},{topic},,,,,,"
            assert blank in text
            text = text.replace(blank, f"{some},{topic},,made-up value,,,made up,made up")
        path.write_text(text)
        bounds = tables / "bounds.csv"
        bounds.write_text(bounds.read_text().replace(f"{some}-hsct,0,,", f"{some}-hsct,33,33,"))

        after = drawn(project, some)[1]
        assert after["hsct"] == ("symbol", "day 33")
        assert {event for event in after if after[event] != before[event]} == {"hsct"}
        filled = told(project)
        assert changed(filled, with_gaps) == changed(stored, filled) == {"data-and-methods", "gaps"}


def test_a_patient_with_a_contradiction_stops_the_run_and_names_the_rows(project, capsys):
    case_id, _ = add_patient(project / "data", "contradiction", CONTRADICTION)
    assert main(str(project / "data")) == 1
    said = capsys.readouterr().err
    for number in range(3):
        assert f"{case_id}-{number}" in said
