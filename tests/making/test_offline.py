"""The zip for a stick: everything is in it, it opens from any folder, and it says itself if a file was changed."""

import subprocess
import sys
import zipfile

import pytest
from conftest import PROJECT

from tools.editions import offline

# Blanks, letters that are not ASCII, and two signs that mean something in an address.
AWKWARD = "a stick with päper, 100% #1"


@pytest.fixture(scope="module")
def zipped(site, tmp_path_factory):
    return offline.write(PROJECT, site, tmp_path_factory.mktemp("zip") / "book.zip")


@pytest.fixture(scope="module")
def unpacked(zipped, tmp_path_factory):
    """The zip where a reader might unpack it."""
    folder = tmp_path_factory.mktemp("stick") / AWKWARD
    with zipfile.ZipFile(zipped) as file:
        file.extractall(folder)
    return folder / offline.name(PROJECT)


def went_wrong(request):
    """Whether it failed for another reason than that the reader had gone on to the next page."""
    return request.failure != "net::ERR_ABORTED"


@pytest.fixture(scope="module")
def page(browser):
    """A page without a network that remembers what it asked for and what went wrong."""
    context = browser.new_context(offline=True)
    opened = context.new_page()
    opened.asked, opened.wrong = [], []
    opened.on("request", lambda request: opened.asked.append(request.url))
    opened.on("requestfailed", lambda request: opened.wrong.append(request.url) if went_wrong(request) else None)
    opened.on("pageerror", lambda error: opened.wrong.append(str(error)))
    opened.on("console", lambda line: opened.wrong.append(line.text) if line.type == "error" else None)
    yield opened
    context.close()


def test_site_data_notebooks_library_and_lock_are_in_it(zipped, site):
    with zipfile.ZipFile(zipped) as file:
        names = {name.removeprefix(f"{offline.name(PROJECT)}/") for name in file.namelist()}
        run = file.getinfo(f"{offline.name(PROJECT)}/project/.ci/run")
    assert run.external_attr >> 16 == 0o755
    assert {f"site/{path.relative_to(site).as_posix()}" for path in site.rglob("*") if path.is_file()} <= names
    for path in (
        "requirements.txt",
        "Makefile",
        "data/events.csv",
        "chapters/case-1.ipynb",
        "chapters/casebook/timeline/__init__.py",
    ):
        assert f"project/{path}" in names
    assert {"start.html", "check.html", "check.js"} <= names
    assert not [name for name in names if "__pycache__" in name or "/.git/" in name or name.endswith(".pyc")]


def test_two_zips_of_one_state_are_the_same(zipped, site, tmp_path):
    assert offline.write(PROJECT, site, tmp_path / "again.zip").read_bytes() == zipped.read_bytes()


def test_the_library_in_it_runs_where_it_was_unpacked(unpacked):
    command = [sys.executable, "-P", "-m", "casebook"]
    chapters = unpacked / "project" / "chapters"
    result = subprocess.run(
        command, cwd=chapters, env={"PYTHONPATH": str(chapters)}, capture_output=True, text=True, check=False
    )
    assert result.returncode == 0, result.stderr


def test_a_reader_gets_everywhere_from_an_awkward_folder(unpacked, page):
    page.goto((unpacked / "start.html").as_uri())
    page.get_by_role("link", name="Read the book").click()
    page.wait_for_url("**/chapters/index.html")
    assert page.locator(".chart-detail").first.inner_text().startswith("Point at a mark")
    assert page.evaluate("document.fonts.ready.then(() => getComputedStyle(document.body).fontFamily)")
    page.locator(".sidebar-search").fill("hyperacute")
    page.keyboard.press("Enter")
    page.wait_for_selector(".search-page")
    page.locator(".search-page h2 a").first.click()
    page.wait_for_url("**/chapters/**")
    page.goto((unpacked / "site" / "chapters" / "case-1.html").as_uri())
    notebook = page.get_by_role("link", name="Download notebook").get_attribute("href")
    assert (unpacked / "site" / "chapters" / notebook).is_file()
    assert page.wrong == [] and all(url.startswith(("file:", "data:", "blob:")) for url in page.asked)


def checked(page, unpacked):
    page.goto((unpacked / "check.html").as_uri())
    page.locator("#folder").set_input_files(unpacked)
    page.wait_for_function("() => !/Nothing|Checked/.test(document.getElementById('result').textContent)")
    return page.inner_text("#result"), page.locator("#wrong li").all_inner_texts()


def test_the_self_check_finds_nothing_and_then_every_change(unpacked, page):
    said, wrong = checked(page, unpacked)
    assert said.startswith("All ") and wrong == []
    assert "nothing beyond this disk" in page.inner_text("#asked")
    assert "Version " in page.inner_text("main") and page.wrong == []
    changed, gone, added = (
        unpacked / name for name in ("site/data/events.csv", "project/requirements.txt", "site/more.txt")
    )
    kept = changed.read_bytes(), gone.read_bytes()
    changed.write_bytes(kept[0].replace(b"case-1", b"case-2", 1))
    gone.unlink()
    added.write_text("made up")
    said, wrong = checked(page, unpacked)
    assert said == f"2 of {said.split()[2]} files are missing or changed. 1 more file was added since."
    assert sorted(wrong) == [
        "changed: site/data/events.csv",
        "missing: project/requirements.txt",
        "not from here: site/more.txt",
    ]
    changed.write_bytes(kept[0])
    gone.write_bytes(kept[1])
    added.unlink()
