"""What several tests share: the project, copies to break, a small book, a browser, the built site."""

import csv
import os
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from hypothesis import settings
from xdist.scheduler import LoadScopeScheduling

from tools.build import builder
from tools.project import chromium, state

PROJECT = Path(__file__).resolve().parents[1]
FIREFOXES = ("firefox-esr", "firefox")
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
# No test may fail for being slow; what a hundred examples find here, forty find.
settings.register_profile("book", deadline=None, max_examples=40)
settings.load_profile("book")
HOW_TO_GET_FIREFOX = "install it (Debian: apt-get install firefox-esr)"
HOW_TO_GET_ONE = "install Chromium (Debian: apt-get install chromium) or set CHROMIUM to the path of one"
# A page of the small book; what is stored with it is wrong, so that it would be seen if it were shown.
PAGE = """from casebook import charts, data
book = data.load()
charts.table(book.lessons, "Lessons")"""
STALE = "results of long ago"
LEFT = "A site that was built before is left as it was."

# What takes seconds to make for all tests of a file would be made by each process; such a file is handed out whole.
TOGETHER = (
    *("test_build.py", "test_bad_days.py", "test_classroom.py", "test_firefox.py", "test_literature.py"),
    *("test_exports.py", "test_offline.py", "test_slides.py"),
)
FIRST = ("test_recipes.py", "test_filled_day.py", "test_new_book.py")  # of single tests: else one process waits


class Shares(LoadScopeScheduling):
    """Hands tests to processes one by one, but together what shares work, as a notebook's cells or the small book."""

    def _split_scope(self, nodeid):
        path = nodeid.partition("::")[0]
        return path if path.endswith((".ipynb", *TOGETHER)) else nodeid


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config, log):
    """Share the tests among processes by what they share."""
    return Shares(config, log)


def pytest_configure(config):
    """Refuse to start without a browser where one is required."""
    if os.environ.get("REQUIRE_BROWSER") == "1" and not chromium.find():
        raise pytest.UsageError(f"REQUIRE_BROWSER=1, but no Chromium was found: {HOW_TO_GET_ONE}")


def pytest_collection_modifyitems(config, items):
    """Put what takes long first; leave tests out whose browser is not there, and remember how many."""
    items.sort(key=lambda item: item.path.name not in FIRST)
    absent = {}
    if not any(map(shutil.which, FIREFOXES)):
        absent["firefox"] = f"no Firefox was found. To run them, {HOW_TO_GET_FIREFOX}"
    if not chromium.find():
        absent["browser"] = f"no Chromium was found. To run them, {HOW_TO_GET_ONE}"
    config.left_out = []
    for fixture, why in absent.items():
        left_out = [item for item in items if fixture in getattr(item, "fixturenames", ())]
        items[:] = [item for item in items if item not in left_out]
        config.hook.pytest_deselected(items=left_out)
        if left_out:
            config.left_out.append(f"{len(left_out)} {fixture} tests were LEFT OUT: {why}.")
    if hasattr(config, "workeroutput"):
        config.workeroutput["left_out"] = config.left_out


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node):
    """Where several processes share the tests, each has left out the same ones."""
    node.config.left_out = getattr(node, "workeroutput", {}).get("left_out", [])


def pytest_terminal_summary(terminalreporter, config):
    """Say aloud what was left out."""
    for said in getattr(config, "left_out", []):
        terminalreporter.write_line(said, yellow=True)


def copy_project(folder, ignore=()):
    """A copy of all that a build needs."""
    for name in ("data", "chapters", "_ext", "_static", "_templates", "tools"):
        shutil.copytree(PROJECT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__", *ignore))
    (folder / "tests").mkdir()
    for name in ("_config.yml", "_toc.yml", "requirements.in", "CITATION.cff", "tests/nbval-sanitize.cfg"):
        shutil.copy(PROJECT / name, folder / name)
    return folder


def write_page(project, *sources):
    """Give the small book a page with these cells."""
    stale = [nbformat.v4.new_output("stream", name="stdout", text=STALE)]
    codes = [nbformat.v4.new_code_cell(source, outputs=stale, execution_count=1) for source in sources]
    cells = [nbformat.v4.new_markdown_cell("# Page"), *codes]
    nbformat.write(nbformat.v4.new_notebook(cells=cells), project / "chapters" / "page.ipynb")


def snapshot(folder):
    """Every file of a folder with its bytes, but for what Python keeps there for itself."""
    files = [path for path in sorted(folder.rglob("*")) if path.is_file() and path.parent.name != "__pycache__"]
    return {path.relative_to(folder): path.read_bytes() for path in files}


@pytest.fixture
def data_copy(tmp_path):
    """A copy of data/ that a test may break."""
    return shutil.copytree(PROJECT / "data", tmp_path / "data")


@pytest.fixture
def small_data(tmp_path):
    """A small book of made-up patients and studies, described by the schema of the book: to break, or to read."""
    folder = shutil.copytree(PROJECT / "tests" / "data", tmp_path / "small")
    shutil.copy(PROJECT / "data" / "datapackage.json", folder)
    return folder


@pytest.fixture
def whole_project(tmp_path):
    """A copy of all that a build needs."""
    return copy_project(tmp_path / "project")


def run_tool(project, tool="build", preexec_fn=None, **variables):
    """Run a tool as `make` does, with more environment variables."""
    return subprocess.run(
        [sys.executable, "-m", f"tools.{tool}"],
        cwd=project,
        env={**os.environ, **variables},
        preexec_fn=preexec_fn,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture(scope="session")
def other_checkout(tmp_path_factory):
    """Another checkout of the book, in which every lesson begins with OTHER."""
    other = copy_project(tmp_path_factory.mktemp("other") / "book", ignore=["*.ipynb"])
    path = other / "data" / "lessons.csv"
    with path.open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, rows[0])
        writer.writeheader()
        writer.writerows({**row, "lesson": f"OTHER {row['lesson']}"} for row in rows)
    return other


@pytest.fixture(scope="session")
def built_book(tmp_path_factory, other_checkout):
    """The project with two pages, to build quickly: built once, to be copied and not to be changed.

    It is built as `make book` does, with another checkout on the path; `said` holds what the build printed.
    """
    project = copy_project(tmp_path_factory.mktemp("built") / "book", ignore=["*.ipynb", "tables"])
    shutil.copytree(PROJECT / "tests" / "data", project / "data", dirs_exist_ok=True)
    everything = "# All\n\n" + "".join(f"{{cite}}`{key}`\n" for key in ("alder2001", "birch2002"))
    (project / "chapters" / "references.md").write_text(everything + "\n```{bibliography}\n```\n")
    (project / "_toc.yml").write_text("format: jb-book\nroot: chapters/references\nchapters:\n- file: chapters/page\n")
    write_page(project, PAGE)
    result = run_tool(project, PYTHONPATH=str(other_checkout / "chapters"))
    assert result.returncode == 0, f"the small book does not build: {result.stderr}"
    (project / "said").write_text(result.stdout)
    return project


@pytest.fixture
def small_book(built_book, tmp_path):
    """A copy of the small book, with its site, that a test may break."""
    return shutil.copytree(built_book, tmp_path / "book")


@pytest.fixture(scope="session")
def site(tmp_path_factory):
    """The site, made from the work tree as it is now: the one that stands there if it is that, else built anew."""
    output = PROJECT / "_build"
    if not state.is_current(PROJECT, output):
        output = tmp_path_factory.mktemp("site")
        assert builder.build(PROJECT, output) == 0, "the book does not build"
    return output / "html"


@pytest.fixture(scope="session")
def executed(site):
    """The texts of the notebooks as the site was made from them, by where they stand among the chapters."""
    results = site.parent / "notebooks"
    return {PROJECT / "chapters" / path.name: path.read_text("utf-8") for path in sorted(results.glob("*.ipynb"))}


WHOLE = """const all = new CSSStyleSheet();
all.replaceSync('section { content-visibility: visible !important }');
document.adoptedStyleSheets = [all];"""


@pytest.fixture(scope="session")
def browser():
    """A real Chromium without a network."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=chromium.find(), args=FLAGS)
        as_it_is = opened.new_context

        def whole(near_only=False, **options):
            """A window whose pages are laid out to their end; with `near_only` as a reader has them, from the top."""
            context = as_it_is(**options)
            if not near_only:
                context.add_init_script(WHOLE)
            return context

        opened.new_context = whole
        yield opened
        opened.close()


def listened(page):
    """A page that remembers what was asked for and what went wrong."""
    page.asked, page.wrong = [], []
    page.on("request", lambda request: page.asked.append(request.url))
    page.on("pageerror", lambda error: page.wrong.append(str(error)))
    page.on("console", lambda line: page.wrong.append(line.text) if line.type == "error" else None)
    return page


@pytest.fixture
def view(browser, site):
    """Open a page from disk; the page remembers what was asked for and what went wrong."""
    contexts = []

    def open_page(name, **options):
        contexts.append(browser.new_context(offline=True, **options))
        page = listened(contexts[-1].new_page())
        page.goto((site / f"{name}.html").as_uri(), wait_until="load")
        return page

    yield open_page
    for context in contexts:
        context.close()


@pytest.fixture(scope="session")
def tab(browser):
    """One tab for all pages that are only looked at: to open a browser's window takes as long as to read a page."""
    context = browser.new_context(offline=True, reduced_motion="reduce")
    yield listened(context.new_page())
    context.close()


@pytest.fixture
def turned(tab, site):
    """Turn to a page in the one tab, at a desk and in the light; it remembers what was asked for since."""

    def turn_to(name, query=""):
        tab.set_viewport_size({"width": 1280, "height": 900})
        tab.emulate_media(media="screen", color_scheme="light", forced_colors="none")
        tab.goto("about:blank")
        tab.asked.clear()
        tab.wrong.clear()
        tab.goto((site / f"{name}.html").as_uri() + query, wait_until="load")
        return tab

    return turn_to
