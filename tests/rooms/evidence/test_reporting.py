"""The checklist for reports: the template is a table of the book, and a filled one is checked as one."""

import csv

import pytest
from casebook import data
from casebook.evidence import reporting
from conftest import PROJECT
from made_up import live

TEMPLATE = PROJECT / "data" / "checklist.csv"


def filled(path, **answers):
    """The template with answers, as somebody fills it in."""
    with TEMPLATE.open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, rows[0])
        writer.writeheader()
        writer.writerows({**row, "answer": answers.get(row["item_id"], "")} for row in rows)
    return path


def test_the_template_leaves_everything_open():
    template = reporting.read(TEMPLATE)
    assert template.equals(live().checklist)
    assert reporting.still_open(template, live().checklist)["item_id"].tolist() == template["item_id"].tolist()
    assert template["answer"].isna().all() and template["place"].isna().all()


def test_what_was_answered_is_no_longer_open(tmp_path):
    read = reporting.read(filled(tmp_path / "mine.csv", icans="none, looked for daily", graft="sibling"))
    left = reporting.still_open(read, live().checklist)["item_id"]
    assert not {"icans", "graft"} & set(left) and len(left) == len(read) - 2
    shorter = read[read["item_id"].ne("end")]
    assert "end" in set(reporting.still_open(shorter, live().checklist)["item_id"])


def test_a_filled_template_is_checked_as_a_table_of_the_book(tmp_path):
    path = filled(tmp_path / "mine.csv")
    path.write_text(path.read_text().replace("day-zero", "Day Zero").replace("icans,", "product,"))
    with pytest.raises(data.DataError) as raised:
        reporting.read(path)
    said = str(raised.value)
    assert "checklist" in said and "Day Zero" in said and "no other row has" in said


def test_a_file_that_is_not_there_and_a_table_that_is_none_are_refused(tmp_path):
    with pytest.raises(data.DataError, match=r"a file nothing\.csv"):
        reporting.read(tmp_path / "nothing.csv")
    with pytest.raises(ValueError, match="no table 'recipes'"):
        data.load_table("recipes", TEMPLATE)


def test_the_sheet_to_print_has_every_item_and_room_to_write():
    sheet = reporting.sheet(live().checklist)
    assert len(sheet) == len(live().checklist) and sheet["On page"].eq("").all()
    assert all(item in told for item, told in zip(live().checklist["item"], sheet["What to report"]))


def test_every_fact_that_the_book_asks_for_is_asked_of_a_report_once():
    asked = [topic for topics in live().checklist["topics"] for topic in topics.split("|")]
    assert sorted(asked) == sorted(live().topics["topic"])


def test_the_checklist_asks_for_scale_definition_and_both_days():
    told = " ".join(live().checklist["item"]).lower()
    for word in (
        "scale",
        "criteria",
        "from the infusion",
        "from the graft",
        "hyperacute",
        "conditioning",
        "not measured",
    ):
        assert word in told


def test_the_checklist_is_a_sheet_of_its_own_on_paper(browser, site):
    """A4 leaves 680 by 960 pixels within margins of 15 mm."""
    context = browser.new_context(offline=True, viewport={"width": 680, "height": 960})
    page = context.new_page()
    page.goto((site / "chapters/gaps.html").as_uri())
    page.emulate_media(media="print")
    sheet = page.locator("#the-checklist-to-print")
    assert 400 < sheet.bounding_box()["height"] < 960
    breaks = "section => getComputedStyle(section).breakBefore"
    assert sheet.evaluate(breaks) == page.locator("#the-template").evaluate(breaks) == "page"
    context.close()
