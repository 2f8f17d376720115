"""Run notebooks from the top, two side by side, and give their texts in normal form.

To set a kernel up (start, imports, first figure) takes longer than most notebooks do. So a kernel
runs several of them, each in an empty namespace. What a notebook might leave behind in a module is
not wiped away; it cannot go unseen: nbval runs every notebook in a kernel of its own and compares
with what is stored, and a test compares what the site was built from with the same.
"""

import ast
import asyncio
import re
import tempfile
import warnings
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import nbformat
from jupyter_client import AsyncKernelManager
from jupyter_client.kernelspec import KernelSpecManager
from nbclient import NotebookClient

from tools.project import state
from tools.project.processes import environment

AT_ONCE = 2
TIMEOUT = 180  # seconds a cell


USED = "__import__('casebook.data').data.used()"  # asked after each notebook


@dataclass(frozen=True)
class Ran:
    """An executed notebook: its text in normal form, and the tables that it read."""

    text: str
    tables: list[str]


class NotebooksFailed(Exception):
    """One notebook or more did not run to its end; the message says which, and their last words."""


def run_all(paths: list[Path]) -> dict[Path, str]:
    """Execute notebooks as `run_and_note` does, and give their texts alone."""
    return {path: ran.text for path, ran in run_and_note(paths).items()}


def run_and_note(paths: list[Path]) -> dict[Path, Ran]:
    """Execute notebooks of one folder in that folder, and say so as each is finished.

    Parameters
    ----------
    paths : list of Path
        The notebooks.

    Returns
    -------
    dict of Path to Ran
        What changes from machine to machine or from run to run is left out of the texts.

    Raises
    ------
    NotebooksFailed
        After all were tried, if any failed.
    """
    done, failed = {}, {}
    # The largest first, so that no kernel is left with a long one at the end.
    waiting = sorted(paths, key=lambda path: (-path.stat().st_size, path.name))

    async def work(profile: str) -> None:
        kernel = None
        try:
            while waiting:
                path = waiting.pop(0)
                kernel = kernel or _Kernel(path.parent, profile)
                try:
                    done[path] = await kernel.run(path)
                except Exception as error:  # whatever it was, it is why this notebook failed
                    failed[path] = last_words(str(error)) or type(error).__name__
                    await kernel.end()
                    kernel = None
                print(f"  {len(done) + len(failed):2d} of {len(paths)}  {path.name}", flush=True)
        finally:
            if kernel:
                await kernel.end()

    async def all_at_once() -> None:
        # Not the profile of whoever is at the machine: its startup files would run in every kernel.
        with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
            await asyncio.gather(*(work(profile) for _ in range(AT_ONCE)))

    def to_the_end() -> None:
        # On Windows the usual event loop cannot listen to kernels.
        with asyncio.Runner(loop_factory=asyncio.SelectorEventLoop) as runner:
            try:
                runner.run(all_at_once())
            except BaseException:
                waiting.clear()  # nbclient takes a stop for the death of a kernel: let no other notebook begin
                runner.get_loop().set_exception_handler(lambda *_: None)  # what was stopped has nothing to say
                warnings.filterwarnings("ignore", "coroutine .* was never awaited", RuntimeWarning)
                raise

    _in_a_loop_of_its_own(to_the_end)
    if failed:
        raise NotebooksFailed("\n".join(f"{path.name} failed: {failed[path]}" for path in sorted(failed)))
    return done


def _in_a_loop_of_its_own(work: Callable[[], None]) -> None:
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        work()
        return
    # Called from a notebook or beside a browser: a thread has one event loop at a time.
    with ThreadPoolExecutor(1) as thread:
        thread.submit(work).result()


def results(paths: list[Path]) -> dict[Path, str]:
    """The texts of executed notebooks of the chapters: of the site that stands there if it is of today, or run now."""
    output = paths[0].parents[1] / "_build" if paths else Path()
    if paths and state.is_current(output.parent, output):
        return {path: (output / "notebooks" / path.name).read_text(encoding="utf-8") for path in paths}
    return run_all(paths)


class _Kernel:
    """A kernel of this Python that runs one notebook after the other."""

    def __init__(self, folder: Path, profile: str):
        self.folder, self.profile = folder, profile
        # The kernel of this environment, whatever kernels are installed beside it.
        self.manager = AsyncKernelManager(kernel_spec_manager=KernelSpecManager(kernel_dirs=[]))
        self.client = None

    async def run(self, path: Path) -> Ran:
        notebook = nbformat.read(path, as_version=4)
        for cell in notebook.cells:
            if cell.cell_type == "code":
                cell.outputs, cell.execution_count = [], None
        if self.client is None:
            await self._start()
        client = _Client(notebook, km=self.manager, timeout=TIMEOUT, record_timing=False)
        client.kc = self.client
        await client.async_execute()
        _look_for_errors(notebook)
        asked = self.client.execute(
            "get_ipython().reset()", silent=True, store_history=False, user_expressions={"used": USED}
        )
        reply = await client.async_wait_for_reply(asked)
        said = reply["content"]["user_expressions"]["used"]
        # A notebook that does without the library has read no table.
        tables = ast.literal_eval(said["data"]["text/plain"]) if said["status"] == "ok" else []
        return Ran(in_normal_form(notebook), tables)

    async def _start(self) -> None:
        variables = environment(self.folder.parent, IPYTHONDIR=self.profile)
        await self.manager.start_kernel(
            cwd=str(self.folder), env=variables, extra_arguments=["--HistoryManager.hist_file=:memory:"]
        )
        self.client = self.manager.client()
        self.client.start_channels()
        await self.client.wait_for_ready(timeout=TIMEOUT)
        self.client.allow_stdin = False

    async def end(self) -> None:
        if self.client:
            self.client.stop_channels()
        if self.manager.has_kernel:
            await self.manager.shutdown_kernel(now=True)


class _Client(NotebookClient):
    """Runs a notebook in a kernel that is there already, and leaves kernel and signals to whoever started it."""

    @asynccontextmanager
    async def async_setup_kernel(self, **_):
        yield


def _look_for_errors(notebook: nbformat.NotebookNode) -> None:
    """A cell whose result cannot be shown says why and goes on, as if it had succeeded: here it has not."""
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            if output.output_type == "error" and "raises-exception" not in cell.metadata.get("tags", []):
                raise ValueError(f"{output.ename}: {output.evalue}, while the result of a cell was shown")


def in_normal_form(notebook: nbformat.NotebookNode) -> str:
    """The text of an executed notebook as it is stored."""
    notebook.metadata = {
        "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
        "language_info": {"name": "python"},
    }
    for number, cell in enumerate(notebook.cells):
        cell.id = f"cell-{number:02d}"
        cell.metadata.pop("execution", None)
    return nbformat.writes(notebook, indent=1, ensure_ascii=False) + "\n"


def last_words(traceback: str) -> str:
    """What a notebook's error says, without the way there."""
    lines = re.sub(r"\x1b\[[0-9;]*m", "", traceback).rstrip().splitlines()
    starts = [number for number, line in enumerate(lines) if re.match(r"[\w.]+(: |$)", line)]
    return "\n".join(lines[starts[-1] if starts else -1 :])
