"""What several tests share: the project, a copy of the data to break, a browser, the built site."""

import os
import shutil
from pathlib import Path

import build
import pytest
from hypothesis import settings

PROJECT = Path(__file__).resolve().parents[1]
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
settings.register_profile("book", deadline=None)  # no test may fail for being slow
settings.load_profile("book")
HOW_TO_GET_ONE = "install Chromium (Debian: apt-get install chromium) or set CHROMIUM to the path of one"


def find_browser():
    """The path of a Chromium, or None."""
    return os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, BROWSERS)), None)


def pytest_collection_modifyitems(config, items):
    """Leave browser tests out where no browser is, and remember how many."""
    if find_browser():
        return
    left_out = [item for item in items if item.get_closest_marker("browser")]
    if left_out and os.environ.get("REQUIRE_BROWSER") == "1":
        raise pytest.UsageError(f"REQUIRE_BROWSER=1, but no Chromium was found: {HOW_TO_GET_ONE}")
    items[:] = [item for item in items if item not in left_out]
    config.hook.pytest_deselected(items=left_out)
    config.left_out = len(left_out)


def pytest_terminal_summary(terminalreporter, config):
    """Say aloud what was left out."""
    if getattr(config, "left_out", 0):
        terminalreporter.write_line(
            f"{config.left_out} browser tests were LEFT OUT: no Chromium was found. To run them, {HOW_TO_GET_ONE}.",
            yellow=True,
        )


@pytest.fixture
def data_copy(tmp_path):
    """A copy of data/ that a test may break."""
    return shutil.copytree(PROJECT / "data", tmp_path / "data")


@pytest.fixture
def whole_project(tmp_path):
    """A copy of all that a build needs."""
    ignore = shutil.ignore_patterns("__pycache__")
    for name in ("data", "chapters", "_ext", "_static", "tools"):
        shutil.copytree(PROJECT / name, tmp_path / "project" / name, ignore=ignore)
    for name in ("_config.yml", "_toc.yml", "requirements.in"):
        shutil.copy(PROJECT / name, tmp_path / "project")
    return tmp_path / "project"


@pytest.fixture(scope="session")
def site(tmp_path_factory):
    """The site, built anew from the work tree."""
    output = tmp_path_factory.mktemp("site")
    assert build.build(PROJECT, output) == 0, "the book does not build"
    return output / "html"


@pytest.fixture(scope="session")
def browser():
    """A real Chromium without a network."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=find_browser(), args=FLAGS)
        yield chromium
        chromium.close()
