"""`make book` and `make refresh` do what they say, also when they are hindered."""

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
import spreadsheet
from conftest import LEFT, PROJECT, STALE, run_tool, snapshot, write_page

from tools.build import builder
from tools.project import archive, processes, state


def test_a_notebook_that_raises_is_named_with_its_last_words_and_all_others_are_tried(small_book, capfd):
    before = snapshot(small_book / "_build" / "html")
    write_page(small_book, "1 / 0")
    for name in ("also", "well"):
        shutil.copy(small_book / "chapters" / "page.ipynb", small_book / "chapters" / f"{name}.ipynb")
    write_page(small_book, "import os; os._exit(1)")
    assert builder.build(small_book, small_book / "_build") == 1
    assert snapshot(small_book / "_build" / "html") == before and before
    said = capfd.readouterr().err
    assert "also.ipynb failed: ZeroDivisionError: division by zero" in said
    assert "well.ipynb failed: ZeroDivisionError: division by zero" in said
    assert "page.ipynb failed: Kernel died" in said
    assert said.endswith(f"The build failed. {LEFT}\n") and "Traceback" not in said


def test_a_warning_of_a_page_fails_the_build(small_book, capfd):
    before = snapshot(small_book / "_build" / "html")
    page = small_book / "chapters" / "references.md"
    write_page(small_book, "1 + 1")
    page.write_text(page.read_text() + "\n```{nonsense}\n```\n")  # which the check of tables and texts does not know
    assert builder.build(small_book, small_book / "_build") == 1
    assert snapshot(small_book / "_build" / "html") == before
    said = capfd.readouterr().err
    assert "references.md" in said and "nonsense" in said and LEFT in said


def test_a_mistake_in_the_data_stops_the_build_before_anything_is_run(small_book, capfd):
    before = snapshot(small_book / "_build" / "html")
    _, row = spreadsheet.add_patient(small_book / "data", "wrong", [("infusion", "hsct", 15, 14)])
    assert builder.build(small_book, small_book / "_build") == 1
    assert snapshot(small_book / "_build" / "html") == before
    said = capfd.readouterr()
    assert f"bounds, row {row}, column min_days: found '15'; expected at most max_days (14)" in said.err
    assert LEFT in said.err and "page.ipynb" not in said.out


def test_progress_is_told_as_it_is_made(built_book):
    said = (built_book / "said").read_text()
    steps = ["Running 1 notebooks, 2 at a time ...", " 1 of 1  page.ipynb", "Writing the pages ...", "Done. Open this"]
    places = [said.index(step) for step in steps]
    assert places == sorted(places)


def test_pages_are_made_from_fresh_results_and_not_from_stored_ones(built_book):
    assert STALE in (built_book / "chapters" / "page.ipynb").read_text()
    page = (built_book / "_build" / "html" / "chapters" / "page.html").read_text()
    assert ">Lessons</caption>" in page and STALE not in page


@pytest.fixture
def unchecked(monkeypatch):
    """A build that takes the tables as they are, for tests of its pages: the check takes as long as small pages do."""
    monkeypatch.setattr(builder, "check", lambda project: None)


def test_two_checkouts_in_different_folders_give_the_same_bytes(small_book, built_book, tmp_path, unchecked):
    project = tmp_path / "deep" / "er" / "A checkout with a päth of another length"
    shutil.copytree(small_book, project, ignore=shutil.ignore_patterns("_build", "__pycache__"))
    assert builder.build(project, project / "_build") == 0
    sites = [book / "_build" / "html" for book in (built_book, project)]
    one, two = map(snapshot, sites)
    assert one.keys() == two.keys() and len(one) > 50
    assert [path for path in one if one[path] != two[path]] == []
    assert not [path for path in one if path.suffix in (".pickle", ".doctree")]
    packed = [archive.pack(tmp_path / f"{number}.zip", archive.below(site)) for number, site in enumerate(sites)]
    assert archive.sha256(packed[0]) == archive.sha256(packed[1])


def test_the_first_edit_after_a_build_writes_no_page_that_stays_as_it_was(small_book, unchecked):
    """A page names what is numbered elsewhere: it is written again if a number has changed, and only then."""
    text = small_book / "chapters" / "references.md"
    text.write_text(text.read_text() + "\n```{table} Numbered\n\n| a |\n|---|\n| 1 |\n```\n")
    page = small_book / "_build" / "kept" / "pages" / "_build" / "html" / "chapters" / "page.html"
    written = []
    for more in ("", "\nOne sentence more.\n", "\n```{table} Another\n\n| a |\n|---|\n| 1 |\n```\n"):
        text.write_text(text.read_text() + more)
        assert builder.build(small_book, small_book / "_build") == 0
        written.append(page.stat().st_mtime_ns)
    assert written[0] == written[1] < written[2]


# ---------------------------------------------------------------- another checkout


def test_another_checkout_on_the_path_is_not_read(built_book, other_checkout, small_book):
    path = str(other_checkout / "chapters")
    # Where there is no other library nearby, that one is found and says OTHER: it could have been seen.
    code = "from casebook import data; print(*data.load().lessons['lesson'])"
    environment = {**os.environ, "PYTHONPATH": path}
    command = [sys.executable, "-P", "-c", code]
    theirs = subprocess.run(command, cwd=PROJECT, env=environment, capture_output=True, text=True, check=True)
    assert "OTHER" in theirs.stdout
    built = (built_book / "_build" / "html" / "chapters" / "page.html").read_text()
    assert ">Lessons</caption>" in built and "OTHER" not in built
    assert run_tool(small_book, tool="build.refresh", PYTHONPATH=path).returncode == 0
    stored = (small_book / "chapters" / "page.ipynb").read_text()
    assert ">Lessons</caption>" in stored and "OTHER" not in stored


def test_chapters_refuse_the_library_of_another_checkout(other_checkout, small_book):
    # -P: the folder of the chapters does not come first, as in a kernel.
    command = [sys.executable, "-P", "-c", "import casebook"]
    theirs, ours = other_checkout / "chapters", small_book / "chapters"

    def imported(path):
        environment = {**os.environ, "PYTHONPATH": str(path)}
        return subprocess.run(command, cwd=ours, env=environment, capture_output=True, text=True, check=False)

    refused = imported(theirs)
    assert refused.returncode == 1
    last = refused.stderr.splitlines()[-1]
    assert f"{theirs / 'casebook'} was found before {ours / 'casebook'}" in last and "unset PYTHONPATH" in last
    assert imported(ours).returncode == 0


# ---------------------------------------------------------------- stopped, hindered, at the same time

WAITS = "import os, pathlib, time; pathlib.Path('../waits').write_text(str(os.getpid())); time.sleep(3600)"


def wait_in_notebook(project):
    write_page(project, WAITS)


def wait_in_pages(project):
    write_page(project, "1 + 1")
    extension = project / "_ext" / "casebook_site.py"
    extension.write_text(extension.read_text() + f"\nos.chdir(os.environ['CASEBOOK_RESULTS'] + '/..')\n{WAITS}\n")


@contextlib.contextmanager
def started(project, tool="build"):
    """A tool that waits in the middle of its work; gives it and the id of the process that waits."""
    process = subprocess.Popen(
        [sys.executable, "-m", f"tools.{tool}"],
        cwd=project,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # a shell's background job would not heed it
    )
    signs = project / "waits", project / "_build" / "waits"
    try:
        while not (found := [int(sign.read_text()) for sign in signs if sign.exists() and sign.read_text()]):
            assert process.poll() is None, process.communicate()
            time.sleep(0.02)
        yield process, found[0]
    finally:
        process.kill()
        process.communicate()
        for sign in signs:
            sign.unlink(missing_ok=True)


def is_alive(number):
    try:
        os.kill(number, 0)
    except ProcessLookupError:
        return False
    # One that has ended and that nobody has asked about is not alive.
    state = Path(f"/proc/{number}/stat")
    return not (state.exists() and state.read_text().rpartition(")")[2].split()[0] == "Z")


@pytest.mark.parametrize(
    "wait, number",
    [(wait_in_notebook, signal.SIGINT), (wait_in_notebook, signal.SIGTERM), (wait_in_pages, signal.SIGINT)],
    ids=["Ctrl+C in a notebook", "SIGTERM in a notebook", "Ctrl+C while pages are written"],
)
def test_a_stopped_build_says_one_sentence_and_leaves_the_earlier_site(wait, number, small_book):
    before = snapshot(small_book / "_build" / "html")
    wait(small_book)
    with started(small_book) as (process, waiting):
        os.killpg(process.pid, number)  # as a terminal does
        out, err = process.communicate()
    assert process.returncode == 130
    assert err.strip() == f"Stopped. {LEFT}" and "Traceback" not in out
    assert not is_alive(waiting)
    assert snapshot(small_book / "_build" / "html") == before
    assert not (small_book / "_build" / "next").exists()


def test_a_stop_that_is_asked_for_twice_lets_no_other_notebook_begin(small_book):
    """nbclient takes a stop for the death of a kernel: the tool would go on to the next notebook, and hear nobody."""
    wait_in_notebook(small_book)
    page, begun = small_book / "chapters" / "page.ipynb", small_book / "begun"
    text = page.read_text().replace("import os,", "open('../begun', 'a').write('x'); import os,")
    for name in "abc":
        page.with_name(f"{name}.ipynb").write_text(text.replace("'../waits'", "'../o'"))  # shorter, so it comes later
    page.write_text(text)
    with started(small_book) as (process, waiting):
        for _ in range(2):
            os.killpg(process.pid, signal.SIGTERM)
        _, err = process.communicate()
    assert process.returncode == 130 and err.strip() == f"Stopped. {LEFT}"
    assert not is_alive(waiting) and len(begun.read_text()) <= 2


def test_work_that_does_not_end_when_it_is_stopped_is_ended():
    code = """if True:
    import os, signal, time
    from tools.project import processes
    processes.PATIENCE = 0.1
    def work():
        try:
            os.kill(os.getpid(), signal.SIGTERM)
        except KeyboardInterrupt:
            os.kill(os.getpid(), signal.SIGTERM)
        while True:
            time.sleep(1)
    processes.until_stopped(work, "Nothing was changed.")
    """
    result = subprocess.run([sys.executable, "-c", code], cwd=PROJECT, capture_output=True, text=True, check=False)
    assert result.returncode == 130 and result.stderr == "\nStopped. Nothing was changed.\n"


def test_a_stopped_refresh_says_one_sentence_and_leaves_every_notebook(small_book):
    wait_in_notebook(small_book)
    before = snapshot(small_book / "chapters")
    with started(small_book, "build.refresh") as (process, waiting):
        os.killpg(process.pid, signal.SIGINT)
        _, err = process.communicate()
    assert process.returncode == 130 and err.strip() == "Stopped. No notebook was changed."
    assert not is_alive(waiting)
    after = snapshot(small_book / "chapters")
    assert {path: after[path] for path in before} == before


def test_a_second_build_at_the_same_time_says_one_sentence_and_does_nothing(small_book):
    wait_in_notebook(small_book)
    with started(small_book) as (process, waiting):
        for tool in ("build", "build.refresh"):
            second = run_tool(small_book, tool=tool)
            assert second.returncode == 1
            assert second.stderr.count("\n") == 1
            assert f"under way in this folder (process {process.pid})" in second.stderr
        assert process.poll() is None and is_alive(waiting)
        assert (small_book / "_build" / "next").exists(), "the first one's work was taken away"
    # Killed without a word: nothing is left behind that would hinder the next.
    with processes.only_one(small_book / "_build"):
        assert (small_book / "_build" / "lock").read_text() == str(os.getpid())


def test_a_build_that_ended_between_two_sites_gives_the_earlier_one_back(small_book):
    output = small_book / "_build"
    before = snapshot(output / "html")
    (output / "html").rename(output / "old")
    spreadsheet.add_patient(small_book / "data", "wrong", [("infusion", "hsct", 15, 14)])
    assert builder.build(small_book, output) == 1
    assert snapshot(output / "html") == before and not (output / "old").exists()


def test_a_site_that_cannot_be_put_in_place_gives_the_earlier_one_back(small_book, monkeypatch, capfd):
    output = small_book / "_build"
    before = snapshot(output / "html")
    rename = Path.rename

    def written(project, work):
        shutil.copytree(output / "html", work / "html")

    def refuses(self, target):
        if self == output / "next" / "html":
            raise PermissionError("held by another program")
        return rename(self, target)

    monkeypatch.setattr(builder, "_write", written)
    monkeypatch.setattr(Path, "rename", refuses)
    assert builder.build(small_book, output) == 1
    assert snapshot(output / "html") == before
    assert f"held by another program\nThe build failed. {LEFT}" in capfd.readouterr().err


# ---------------------------------------------------------------- what a site was made from


def test_a_site_is_current_until_one_of_its_inputs_changes(small_book):
    output = small_book / "_build"
    assert state.is_current(small_book, output)
    (small_book / "chapters" / "casebook" / "__pycache__").mkdir(exist_ok=True)
    (small_book / "chapters" / "casebook" / "__pycache__" / "data.pyc").write_text("made by Python")
    assert state.is_current(small_book, output)
    for path in sorted(small_book.iterdir()):
        if path.name in ("_build", "said", "tests"):  # no page is made of these
            continue
        path = path if path.is_file() else state.files(path)[0]
        before = path.read_bytes()
        path.write_bytes(before + b"\n")
        assert not state.is_current(small_book, output), path
        path.write_bytes(before)
    assert state.is_current(small_book, output)
    shutil.rmtree(output / "html")
    assert not state.is_current(small_book, output)


def test_a_python_that_is_too_old_is_told_so():
    code = "import sys, runpy; sys.version_info = (3, 10, 0, 'final', 0); runpy.run_path('tools/build/check_python.py')"
    result = subprocess.run([sys.executable, "-c", code], cwd=PROJECT, capture_output=True, text=True, check=False)
    assert result.returncode == 1 and "needs Python 3.11 to 3.14, and this is Python 3.10" in result.stderr


@pytest.mark.parametrize("options", [["--collect-only"], ["-n", "1"]], ids=["one process", "shared"])
def test_without_a_browser_the_browser_tests_are_left_out_aloud_or_refused(options):
    command = [sys.executable, "-m", "pytest", *options, "tests/site/test_site.py"]
    nowhere = {"PATH": "/nowhere"}
    left_out = subprocess.run(command, cwd=PROJECT, env=nowhere, capture_output=True, text=True, check=False)
    assert "browser tests were LEFT OUT: no Chromium was found" in left_out.stdout
    refused = subprocess.run(
        command, cwd=PROJECT, env=nowhere | {"REQUIRE_BROWSER": "1"}, capture_output=True, text=True, check=False
    )
    assert refused.returncode == pytest.ExitCode.USAGE_ERROR
    assert "REQUIRE_BROWSER=1, but no Chromium was found" in refused.stderr
