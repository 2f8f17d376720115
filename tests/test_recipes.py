"""The recipes of the gap chapter: what should change does, and nothing else does.

Everything here is made up, for patients whose names begin with made-up-.
"""

import csv
import shutil

import pytest
import refresh
from casebook import charts, data, timeline
from conftest import PROJECT
from nbclient.exceptions import CellExecutionError

MADE_UP = {"basis": "stated", "locator": "made up", "wording": "made up", "read_in": "made up"}
EVENTS = [
    ("infusion", "car_t_infusion", "infusion"),
    ("crs", "crs", "inflammation"),
    ("hsct", "hsct", "transplantation"),
]
ALL_DAYS = [("infusion", "crs", 2, 2), ("infusion", "hsct", 40, 40)]
SOME_DAYS = [("infusion", "crs", 0, 10), ("infusion", "hsct", 0, "")]
CONTRADICTION = [("infusion", "hsct", 40, 40), ("crs", "hsct", 50, ""), ("infusion", "crs", 0, "")]


@pytest.fixture
def project(tmp_path):
    """A copy of what the notebooks need."""
    for name in ("data", "chapters"):
        shutil.copytree(PROJECT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(PROJECT / "requirements.in", tmp_path)
    return tmp_path


def append(project, table, rows):
    """What a person does in a spreadsheet: add rows at the end of a table."""
    path = project / "data" / f"{table}.csv"
    with path.open(newline="", encoding="utf-8") as file:
        columns = next(csv.reader(file))
    with path.open("a", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, columns, lineterminator="\n")
        writer.writerows({column: row.get(column, "") for column in columns} for row in rows)


def add_patient(project, name, bounds):
    case_id = f"made-up-{name}"
    case = {
        "case_id": case_id,
        "label": case_id,
        "role": "made-up",
        "diagnosis": "made up",
        "disease_status": "made up",
    }
    append(project, "cases", [{**case, "product_source": "none", **MADE_UP}])
    append(
        project,
        "events",
        [
            {"event_id": f"{case_id}-{event}", "case_id": case_id, "kind": kind, "lane": lane, "label": event}
            | {"index_event": "false" if kind == "crs" else "true"} | MADE_UP
            for event, kind, lane in EVENTS
        ],
    )  # fmt: skip
    append(
        project,
        "bounds",
        [
            {"bound_id": f"{case_id}-{number}", "case_id": case_id, "min_days": low, "max_days": high}
            | {"from_event": f"{case_id}-{start}", "to_event": f"{case_id}-{end}", "statement": "Made up."} | MADE_UP
            for number, (start, end, low, high) in enumerate(bounds)
        ],
    )  # fmt: skip
    return case_id


def changed(project):
    """The chapters whose stored results are no longer what the data say."""
    paths = sorted((project / "chapters").glob("*.ipynb"))
    return {path.stem for path in paths if refresh.run(path) != path.read_text(encoding="utf-8")}


def drawn(project, case_id):
    book = data.select(data.load(project / "data"), case_id)
    windows = timeline.windows(book.events, book.bounds, "car_t_infusion")
    chart = charts.timeline_chart(
        book.events, windows, anchor="car_t_infusion", title="A course", subtitle="-"
    ).to_dict()
    return chart["title"]["text"], {
        row["Event"]: (row["Drawn as"], row["Position"]) for row in chart["usermeta"]["rows"]
    }


def test_a_patient_with_all_days_and_one_with_some_change_the_chapter_of_all_patients_alone(project):
    every, some = add_patient(project, "all-days", ALL_DAYS), add_patient(project, "some-days", SOME_DAYS)
    title, rows = drawn(project, every)
    assert title.startswith("Made-up patient")
    assert rows == {"infusion": ("symbol", "day 0"), "crs": ("symbol", "day 2"), "hsct": ("symbol", "day 40")}
    assert drawn(project, some)[1]["crs"] == ("bracket", "day 0 to day 10")
    assert drawn(project, some)[1]["hsct"][0] == "bracket"
    assert changed(project) == {"data-and-methods"}


def test_a_patient_with_a_contradiction_stops_the_run_and_names_the_rows(project):
    case_id = add_patient(project, "contradiction", CONTRADICTION)
    with pytest.raises(CellExecutionError) as raised:
        refresh.run(project / "chapters" / "data-and-methods.ipynb")
    for number in range(3):
        assert f"{case_id}-{number}" in str(raised.value)


def test_filling_three_gaps_changes_the_tables_the_windows_and_nothing_else(project):
    case_id = add_patient(project, "gaps", SOME_DAYS)
    gap = {"case_id": case_id, "recomputes": "made up"}
    topics = ("dose", "interval", "donor")
    append(project, "gaps", [gap | {"gap_id": f"{case_id}-{t}", "topic": t, "what": f"Made-up {t}"} for t in topics])
    for path in (project / "chapters").glob("*.ipynb"):
        path.write_text(refresh.run(path), encoding="utf-8")
    before = drawn(project, case_id)[1]

    path = project / "data" / "gaps.csv"
    text = path.read_text()
    for topic in topics:
        assert f",Made-up {topic},made up,,," in text
        text = text.replace(f",Made-up {topic},made up,,,", f",Made-up {topic},made up,made-up value,made up,made up")
    path.write_text(text)
    bounds = project / "data" / "bounds.csv"
    bounds.write_text(bounds.read_text().replace(f"{case_id}-hsct,0,,", f"{case_id}-hsct,33,33,"))

    after = drawn(project, case_id)[1]
    assert before["hsct"][0] == "bracket" and after["hsct"] == ("symbol", "day 33")
    assert {event for event in after if after[event] != before[event]} == {"hsct"}
    assert changed(project) == {"data-and-methods", "gaps"}
