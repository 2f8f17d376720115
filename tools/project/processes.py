"""Processes of the tools: one tool at a time in a folder, none that reads another checkout, none left when stopped."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

if os.name == "nt":
    import msvcrt

    def _lock(file) -> None:
        file.seek(1 << 20)  # beyond what is written: a locked place cannot be read on Windows
        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
else:
    import fcntl

    def _lock(file) -> None:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)


STOPPED = 130  # what a shell gives after Ctrl+C
PATIENCE = 10  # seconds that tidying up may take after a stop
STOPS = [getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)]


class UnderWay(Exception):
    """Another tool is at work in the same folder."""


@contextmanager
def only_one(folder: Path) -> Iterator[None]:
    """Hold a folder for one tool.

    The operating system lets go of the lock when the process ends, however it ends, so that no
    lock is ever left behind. On a file system that has no locks nothing is held.

    Raises
    ------
    UnderWay
        If another process holds the folder.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("a+", encoding="utf-8") as file:
        try:
            _lock(file)
        except (BlockingIOError, PermissionError):
            file.seek(0)
            holder = file.read().strip()
            process = f" (process {holder})" if holder else ""
            raise UnderWay(
                f"A build or a refresh is under way in this folder{process}: wait for it or stop it. "
                "This one has changed nothing."
            ) from None
        except OSError:
            pass
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        yield


def environment(project: Path, **more: str) -> dict[str, str]:
    """The variables for a process that must read this checkout and no other.

    Whatever steers Python itself (PYTHONPATH, PYTHONSTARTUP, PYTHONWARNINGS ...) stays out: a book
    must not depend on how somebody's shell is set up.
    """
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    return kept | {"PYTHONPATH": str(project / "chapters")} | more


def call(command: list[str], folder: Path, variables: dict[str, str]) -> int:
    """Run a command, of which only the errors are shown, and give its exit code.

    It runs in a group of its own: Ctrl+C reaches the tool alone, which ends the command and speaks for both.
    """
    process = subprocess.Popen(
        command,
        cwd=folder,
        env=variables,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        start_new_session=True,
        creationflags=getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0),
    )
    try:
        return process.wait()
    except BaseException:
        process.kill()
        process.wait()
        raise


def until_stopped(work: Callable[[], int], kept: str) -> int:
    """Do some work; Ctrl+C, a request to end and a closed terminal stop it in order and with one sentence.

    Parameters
    ----------
    work : callable
        Gives the exit code.
    kept : str
        What is still as it was if the work is stopped.

    Returns
    -------
    int
        The exit code. The process ends with it `PATIENCE` seconds after a stop at the latest.
    """
    said = []

    def say() -> None:
        if not said:
            said.append(True)
            print(f"\nStopped. {kept}", file=sys.stderr, flush=True)

    def give_up() -> None:
        say()
        os._exit(STOPPED)

    def stop(*_):
        for number in STOPS:  # once is enough: tidying up must not be stopped in its turn, but it has to end
            signal.signal(number, signal.SIG_IGN)
        latest = threading.Timer(PATIENCE, give_up)
        latest.daemon = True
        latest.start()
        raise KeyboardInterrupt

    with _handled(stop):
        try:
            return work()
        except KeyboardInterrupt:
            say()
            return STOPPED


def to_the_end():
    """Do what stands in this block whole: whoever wants to stop it is not heard."""
    return _handled(signal.SIG_IGN)


@contextmanager
def _handled(handler) -> Iterator[None]:
    # Who starts a tool with nohup or in the background has some of them ignored already: let it be so.
    before = {number: signal.getsignal(number) for number in STOPS}
    before = {number: earlier for number, earlier in before.items() if earlier != signal.SIG_IGN}
    for number in before:
        signal.signal(number, handler)
    try:
        yield
    finally:
        for number, earlier in before.items():
            signal.signal(number, earlier)
