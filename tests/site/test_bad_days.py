"""Bad days: each ends with one clear message and a non-zero exit, and harms nothing that was good."""

import csv
import json
import re
import shutil
import subprocess
import sys

import pandas as pd
import pytest
import spreadsheet
from casebook import data
from conftest import LEFT, PROJECT, run_tool, snapshot

EVIL = '"><script>document.title = "evil"</script><img src="http://evil.example/x.png" onerror="document.title=1">'
FORMULA = '=HYPERLINK("http://evil.example","click")'


LEADS_AWAY = re.compile(r'<(?:img|a)(?:\s+[\w-]+="[^"]*")*?\s+(?:src|href)="[^"]*evil')
# What an attack did to a page, and how often its text is shown.
FOUND = """(texts) => ({
  title: document.title,
  elements: document.querySelectorAll("img[src*=evil], a[href*=evil]").length,
  shown: texts.map((text) => document.body.textContent.split(text).length - 1),
})"""


def semicolons(folder):
    path = folder / "events.csv"
    path.write_text(path.read_text().replace(",", ";"))
    return ["events, row 1", "cells separated by commas, not by semicolons"]


def dates_for_numbers(folder):
    _, row = spreadsheet.add_patient(folder, "date", [("infusion", "crs", 0, "14-Jan")])
    return [f"bounds, row {row}, column max_days: found '14-Jan'", "a number such as 14"]


def lost_zeros(folder):
    path = folder / "concepts.csv"
    text, count = re.subn(r"MONDO:0+(\d+)", r"MONDO:\1", path.read_text(), count=1)
    assert count
    path.write_text(text)
    found = re.search(r"MONDO:[1-9]\d*", text)[0]
    return [f"column mondo: found '{found}'", "MONDO:[0-9]{7}"]


def missing(folder):
    (folder / "lessons.csv").unlink()
    return ["lessons: expected a file lessons.csv"]


def unreadable(folder):
    (folder / "lessons.csv").unlink()
    (folder / "lessons.csv").mkdir()
    return ["lessons: expected a file lessons.csv that can be read"]


def contradicting_day(folder):
    case_id, _ = spreadsheet.add_patient(folder, "contradiction", spreadsheet.CONTRADICTION)
    return ["these bounds cannot all be true", *(f"{case_id}-{number}" for number in range(3))]


def term_without_a_source(folder):
    path = folder / "definitions.csv"
    with path.open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    rows[0]["source_id"] = ""
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, rows[0])
        writer.writeheader()
        writer.writerows(rows)
    return ["definitions, row 2, column source_id: found ''"]


DAYS = {
    "semicolons": semicolons,
    "dates for numbers": dates_for_numbers,
    "lost leading zeros": lost_zeros,
    "a missing file": missing,
    "an unreadable file": unreadable,
    "a contradicting day": contradicting_day,
    "a term without a source": term_without_a_source,
}


@pytest.mark.parametrize("day", DAYS)
def test_bad_data_end_with_a_clear_message_and_no_traceback(day, data_copy):
    words = DAYS[day](data_copy)
    command = [sys.executable, "-m", "casebook", str(data_copy)]
    result = subprocess.run(command, cwd=PROJECT / "chapters", capture_output=True, text=True, check=False)
    assert result.returncode == 1 and result.stdout == ""
    for word in words:
        assert word in result.stderr
    assert "Traceback" not in result.stderr


def test_good_data_are_said_to_be_good():
    command = [sys.executable, "-m", "casebook"]
    result = subprocess.run(command, cwd=PROJECT / "chapters", capture_output=True, text=True, check=True)
    assert "hold together" in result.stdout


def test_semicolons_are_one_problem_and_not_one_a_column(data_copy):
    semicolons(data_copy)
    with pytest.raises(data.DataError) as raised:
        data.load(data_copy)
    assert len([problem for problem in raised.value.problems if problem.table == "events"]) == 1


@pytest.mark.parametrize("tool", ["build", "build.refresh"])
def test_the_tools_stop_at_bad_data_and_leave_site_and_notebooks(tool, small_book):
    shutil.copytree(
        PROJECT / "data", small_book / "data", dirs_exist_ok=True
    )  # its days are those of this book's kinds
    words = contradicting_day(small_book / "data")
    site = small_book / "_build" / "html"
    before = snapshot(small_book / "chapters"), snapshot(site)
    result = run_tool(small_book, tool=tool)
    assert result.returncode == 1
    for word in words:
        assert word in result.stderr
    assert "Traceback" not in result.stderr
    assert (snapshot(small_book / "chapters"), snapshot(site)) == before


@pytest.mark.parametrize("most", [20_000, 200], ids=["while pages are written", "while notebooks are run"])
def test_a_full_disk_while_building_leaves_the_earlier_site(most, small_book):
    import resource  # not on Windows, where this test cannot run

    def full():
        # No file may grow beyond this: writing fails as it does on a full disk.
        resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))

    site = small_book / "_build" / "html"
    before = snapshot(site)
    result = run_tool(small_book, preexec_fn=full)
    assert result.returncode != 0
    assert LEFT in result.stderr
    assert snapshot(site) == before


def keys():
    """Table and column of everything that names a row or a source, or that is asked for by name: no free text."""
    found = {("certainty", "group"), ("prognosis", "endpoint")}
    for table in json.loads((PROJECT / "data" / "datapackage.json").read_text(encoding="utf-8"))["resources"]:
        name, schema = table["name"], table["schema"]
        found |= {(name, column) for column in schema.get("primaryKey", [])}
        found |= {
            (name, field["name"]) for field in schema["fields"] if re.search(r"_id$|^source_|_source$", field["name"])
        }
        for key in schema.get("foreignKeys", []):
            found |= {(name, column) for column in key["fields"]}
            found |= {(key["reference"]["resource"] or name, column) for column in key["reference"]["fields"]}
    return found


def test_html_script_and_formula_text_in_any_field_reach_no_page_unescaped(whole_project, browser):
    """Every field of free text holds an attack; the pages show it as text."""
    dictionary = data.load().dictionary
    is_key = [key in keys() for key in zip(dictionary["table"], dictionary["column"])]
    free = dictionary[(dictionary["type"] == "string") & ~pd.Series(is_key, dictionary.index)]
    free = free[~free["constraints"].str.contains("one of|of the form|six words")]
    of_a_type = [("cases", "dose"), ("measurements", "unit")]  # what no such text can stand in
    free = free[[key not in of_a_type for key in zip(free["table"], free["column"])]]
    for table, columns in free.groupby("table")["column"]:
        path = whole_project / "data" / f"{table}.csv"
        frame = pd.read_csv(path, dtype="str")
        for column in columns:
            frame[column] = frame[column].where(frame[column].isna(), frame[column] + EVIL + FORMULA)
        frame.to_csv(path, index=False)
    result = run_tool(whole_project)
    assert result.returncode == 0, result.stderr
    pages = sorted((whole_project / "_build" / "html" / "chapters").rglob("*.html"))
    assert len(pages) > 10
    shown, attacks, seen = 0, 0, set()
    context = browser.new_context(offline=True, viewport={"width": 320, "height": 200})
    page, asked = context.new_page(), []
    page.on("request", lambda request: asked.append(request.url))
    for path in pages:
        source = path.read_text(encoding="utf-8")
        assert EVIL not in source and "<script>document.title" not in source, path.name
        assert not LEADS_AWAY.search(source), path.name
        # Scripts go by classes: the page of a table that has none which others had not gives them nothing new.
        classes = set(re.findall(r' class="([^"]*)"', source))
        if 'http-equiv="refresh"' in source or (path.parent.name == "tables" and classes <= seen):
            continue
        seen |= classes
        page.goto(path.as_uri())
        found = page.evaluate(FOUND, [FORMULA, EVIL])
        assert found["title"] not in ("evil", "1") and found["elements"] == 0, path.name
        assert not [url for url in asked if "evil" in url], path.name
        shown, attacks = shown + found["shown"][0], attacks + found["shown"][1]
    context.close()
    assert shown > 100 and attacks > 100, "the attack did not reach the pages"
