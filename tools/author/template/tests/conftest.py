"""What the tests of a book share: the built site, and a browser without a network."""

import os
from pathlib import Path

import pytest
from xdist.scheduler import LoadFileScheduling

from tools.build import builder
from tools.project import chromium, state

PROJECT = Path(__file__).resolve().parents[1]
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
HOW = "install Chromium (Debian: apt-get install chromium) or set CHROMIUM to the path of one"


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config, log):
    """The cells of a notebook run in one process, one after the other."""
    return LoadFileScheduling(config, log)


def pytest_configure():
    """Refuse to start without a browser where one is required."""
    if os.environ.get("REQUIRE_BROWSER") == "1" and not chromium.find():
        raise pytest.UsageError(f"REQUIRE_BROWSER=1, but no Chromium was found: {HOW}")


def pytest_collection_modifyitems(config, items):
    """Leave tests out whose browser is not there."""
    config.left_out = []
    if not chromium.find():
        config.left_out = [item for item in items if "view" in getattr(item, "fixturenames", ())]
        items[:] = [item for item in items if item not in config.left_out]
        config.hook.pytest_deselected(items=config.left_out)


def pytest_terminal_summary(terminalreporter, config):
    """Say aloud what was left out."""
    if getattr(config, "left_out", []):
        terminalreporter.write_line(f"The pages were not opened: no Chromium was found; {HOW}.", yellow=True)


@pytest.fixture(scope="session")
def site(tmp_path_factory):
    """The site as it is now: the one that stands there if it is that, else built anew."""
    output = PROJECT / "_build"
    if not state.is_current(PROJECT, output):
        output = tmp_path_factory.mktemp("site")
        assert builder.build(PROJECT, output) == 0, "the book does not build"
    return output / "html"


@pytest.fixture(scope="session")
def view(site):
    """Open a page from disk, all in one tab; it remembers what was asked for and what went wrong since."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium.find(), args=FLAGS)
        page = browser.new_context(offline=True).new_page()
        page.asked, page.wrong = [], []
        page.on("request", lambda request: page.asked.append(request.url))
        page.on("pageerror", lambda error: page.wrong.append(str(error)))
        page.on("console", lambda line: page.wrong.append(line.text) if line.type == "error" else None)

        def open_page(path):
            page.goto("about:blank")
            page.asked.clear()
            page.wrong.clear()
            page.goto((site / path).as_uri())
            page.wait_for_load_state()
            return page

        yield open_page
        browser.close()
