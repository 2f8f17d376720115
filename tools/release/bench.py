"""How long things take on this machine: nothing fails for being slow.

Full clean build and strict nbval, in total and a notebook, and `windows` on made-up patients.
"""

import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pandas as pd
from casebook import timeline

from tools import PROJECT
from tools.build import builder

PATIENTS = (100, 1_000, 10_000)
EVENTS = 12


def timed(action) -> float:
    """Seconds that an action takes."""
    start = time.perf_counter()
    action()
    return time.perf_counter() - start


def made_up(patients: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Made-up patients of 12 events: a chain of bounds, and every third event bound to the first."""
    events, bounds = [], []
    for patient in range(patients):
        case_id = f"made-up-{patient}"
        for number in range(EVENTS):
            kind = "car_t_infusion" if number == 0 else "event"
            events.append((f"e{number}", case_id, kind, number == 0))
            if number:
                bounds.append((case_id, f"e{number - 1}", f"e{number}", 0, 10 + number, "stated"))
            if number and number % 3 == 0:
                bounds.append((case_id, "e0", f"e{number}", 5, None, "defined"))
    return (
        pd.DataFrame(events, columns=["event_id", "case_id", "kind", "index_event"]),
        pd.DataFrame(bounds, columns=["case_id", "from_event", "to_event", "min_days", "max_days", "basis"]),
    )


def main() -> None:
    """Measure and print."""
    notebooks = len(list((PROJECT / "chapters").glob("*.ipynb")))
    with tempfile.TemporaryDirectory() as folder:
        seconds = timed(lambda: builder.build(PROJECT, Path(folder)))
    print(
        f"clean build   {seconds:7.1f} s   {seconds / notebooks:5.1f} s a notebook ({notebooks} notebooks)", flush=True
    )
    command = [sys.executable, "-m", "pytest", "chapters"]
    seconds = timed(lambda: subprocess.run(command, cwd=PROJECT, check=False, stdout=subprocess.DEVNULL))
    print(f"strict nbval  {seconds:7.1f} s   {seconds / notebooks:5.1f} s a notebook", flush=True)
    for patients in PATIENTS:
        events, bounds = made_up(patients)
        seconds = timed(lambda events=events, bounds=bounds: timeline.windows(events, bounds, "car_t_infusion"))
        print(f"windows       {seconds:7.2f} s   {1000 * seconds / patients:5.2f} ms a patient ({patients} patients)")


if __name__ == "__main__":
    main()
