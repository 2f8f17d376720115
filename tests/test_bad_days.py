"""Bad days: each ends with one clear message and a non-zero exit, and harms nothing that was good."""

import html
import subprocess
import sys

import pytest
from casebook import data
from conftest import PROJECT
from test_build import snapshot

EVIL = '"><script>document.title = "evil"</script><img src="http://evil.example/x.png" onerror="document.title=1">'
FORMULA = '=HYPERLINK("http://evil.example","click")'


def semicolons(folder):
    path = folder / "events.csv"
    path.write_text(path.read_text().replace(",", ";"))


def dates_for_numbers(folder):
    path = folder / "bounds.csv"
    path.write_text(path.read_text().replace(",0,14,", ",0,14-Jan,"))


def lost_zeros(folder):
    path = folder / "concepts.csv"
    path.write_text(path.read_text().replace("MONDO:0013730", "MONDO:13730"))


def missing(folder):
    (folder / "lessons.csv").unlink()


def unreadable(folder):
    (folder / "lessons.csv").unlink()
    (folder / "lessons.csv").mkdir()


def contradicting_day(folder):
    path = folder / "bounds.csv"
    first, *rest = path.read_text().splitlines()
    wrong = "case-1-wrong,case-1,case-1-hsct,case-1-infusion,5,5,A contradiction.,inferred,,a test,pan2026,,,,abstract"
    path.write_text("\n".join([first, *rest, wrong]) + "\n")


def term_without_a_source(folder):
    path = folder / "definitions.csv"
    path.write_text(path.read_text().replace(",lee2019,", ",,", 1))


DAYS = {
    "semicolons": (semicolons, ["events, row 1", "cells separated by commas, not by semicolons"]),
    "dates for numbers": (dates_for_numbers, ["bounds, row 5, column max_days: found '14-Jan'", "a number such as 14"]),
    "lost leading zeros": (lost_zeros, ["column mondo: found 'MONDO:13730'", "MONDO:[0-9]{7}"]),
    "a missing file": (missing, ["lessons: expected a file lessons.csv"]),
    "an unreadable file": (unreadable, ["lessons: expected a file lessons.csv that can be read"]),
    "a contradicting day": (contradicting_day, ["these bounds cannot all be true", "case-1-wrong"]),
    "a term without a source": (term_without_a_source, ["definitions, row 2, column source_id: found ''"]),
}


@pytest.mark.parametrize("day", DAYS)
def test_bad_data_end_with_a_clear_message_and_no_traceback(day, data_copy):
    spoil, words = DAYS[day]
    spoil(data_copy)
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


@pytest.mark.parametrize("tool", ["build.py", "refresh.py"])
def test_the_tools_stop_at_bad_data_and_leave_site_and_notebooks(tool, whole_project):
    site = whole_project / "_build" / "html"
    site.mkdir(parents=True)
    (site / "index.html").write_text("an earlier good site")
    contradicting_day(whole_project / "data")
    before = snapshot(whole_project / "chapters"), snapshot(site)
    command = [sys.executable, f"tools/{tool}"]
    result = subprocess.run(command, cwd=whole_project, capture_output=True, text=True, check=False)
    assert result.returncode == 1
    assert "these bounds cannot all be true" in result.stderr and "Traceback" not in result.stderr
    assert (snapshot(whole_project / "chapters"), snapshot(site)) == before


def test_a_full_disk_while_building_leaves_the_earlier_site(whole_project):
    site = whole_project / "_build" / "html"
    site.mkdir(parents=True)
    (site / "index.html").write_text("an earlier good site")

    import resource  # not on Windows, where this test cannot run

    def full():
        # No file may grow beyond this: writing fails as it does on a full disk.
        resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))

    command = [sys.executable, "tools/build.py"]
    result = subprocess.run(command, cwd=whole_project, capture_output=True, text=True, check=False, preexec_fn=full)
    assert result.returncode != 0
    assert "A site that was built before is left as it was." in result.stderr
    assert (site / "index.html").read_text() == "an earlier good site"


@pytest.mark.browser
def test_html_script_and_formula_text_in_any_field_reach_no_page_unescaped(whole_project, browser):
    """Every field of free text holds an attack; the pages show it as text."""
    dictionary = data.load().dictionary
    keys = r"_id$|^item$|_event$|_[ab]$"
    free = dictionary[(dictionary["type"] == "string") & ~dictionary["column"].str.contains(keys)]
    free = free[~free["constraints"].str.contains("one of|of the form|six words")]
    for table, columns in free.groupby("table")["column"]:
        path = whole_project / "data" / f"{table}.csv"
        frame = data.pd.read_csv(path, dtype="str")
        for column in columns:
            frame[column] = frame[column].where(frame[column].isna(), frame[column] + EVIL + FORMULA)
        frame.to_csv(path, index=False)
    result = subprocess.run(
        [sys.executable, "tools/build.py"], cwd=whole_project, capture_output=True, text=True, check=False
    )
    assert result.returncode == 0, result.stderr
    pages = sorted((whole_project / "_build" / "html" / "chapters").glob("*.html"))
    assert len(pages) > 10
    shown = 0
    for path in pages:
        context = browser.new_context(offline=True)
        page, asked = context.new_page(), []
        page.on("request", lambda request, asked=asked: asked.append(request.url))
        page.goto(path.as_uri())
        page.wait_for_load_state()
        assert page.title() not in ("evil", "1"), path.name
        assert not [url for url in asked if "evil" in url], path.name
        assert page.locator("img[src*=evil], a[href*=evil]").count() == 0, path.name
        shown += page.inner_text("body").count(FORMULA)
        source = path.read_text(encoding="utf-8")
        assert EVIL not in source and "<script>document.title" not in source, path.name
        context.close()
    assert shown > 100 and html.escape(EVIL)
