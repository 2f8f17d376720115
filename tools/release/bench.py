"""How long things take on this machine, and how often the intervals of pooling hold the truth.

Full clean build and strict nbval, in total and a notebook, and `windows` on made-up patients: nothing fails for
being slow. The coverage that `statistics.pool_with_prior` states is simulated again, and fails if it is another;
`--coverage` does that alone.
"""

import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import pandas as pd
from casebook import timeline
from casebook.statistics import pool_with_prior
from scipy.special import expit, logit
from scipy.stats import norm

from tools import PROJECT
from tools.build import builder

PATIENTS = (100, 1_000, 10_000)
EVENTS = 12
RUNS, MIDDLE, SMALLEST, LARGEST = 150, 0.12, 10, 60  # simulations of each kind; series of so many patients around it
# By series and true tau: how often, in percent, the 95% intervals of the pooled figure and of a new series hold it.
STATED = {(2, 0.0): (99.3, 100.0), (2, 0.8): (90.7, 86.0), (7, 0.3): (95.3, 97.7), (7, 0.8): (90.0, 85.9)}


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


def coverage(series: int, tau: float, runs: int = RUNS) -> tuple[float, float]:
    """Simulate how often the intervals of `pool_with_prior` hold the middle, and a new series, in percent."""
    draw, mean = np.random.default_rng(series * 1000 + round(10 * tau)), logit(MIDDLE)
    held = []
    for _ in range(runs):
        totals = draw.integers(SMALLEST, LARGEST + 1, series)
        events = draw.binomial(totals, expit(draw.normal(mean, tau, series)))
        found = pool_with_prior(events, totals)
        ends = logit([found.prediction_low, found.prediction_high])
        new = np.diff(norm.cdf(ends, mean, tau))[0] if tau else ends[0] <= mean <= ends[1]
        held.append((found.low <= MIDDLE <= found.high, new))
    return tuple(100 * np.mean(held, axis=0))


def check_coverage() -> None:
    """Simulate every kind that is stated; exit with what differs by more than chance."""
    wrong = []
    for (series, tau), stated in STATED.items():
        found = coverage(series, tau)
        said = f"{series} series, tau {tau}: middle {found[0]:.1f}%, new series {found[1]:.1f}%"
        print(f"coverage      {said} (stated {stated[0]} and {stated[1]})", flush=True)
        if any(abs(one - two) > 0.6 for one, two in zip(found, stated)):
            wrong.append(said)
    if wrong:
        raise SystemExit("Not the coverage that statistics.pool_with_prior states:\n" + "\n".join(wrong))


def main() -> None:
    """Measure and print."""
    if sys.argv[1:] == ["--coverage"]:
        return check_coverage()
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
    check_coverage()


if __name__ == "__main__":
    main()
