"""Case files that chance made up, and where Python places what is in them: for whatever else must place it so, too."""

import math
import random

import pandas as pd
from casebook import timeline
from casebook.timeline import network
from casebook.timeline.courses import with_deaths
from casebook.timeline.places import first_to_ask, zero_of
from casebook.words import DAYS_IN
from made_up import live

# Days, and lengths as articles give them; thirds of a day, and hours that end in a 5 at the third decimal.
LENGTHS = ["0", "1", "2", "3", "7", "28", "0.125", "0.375", "1.005", "0.333333", "0.666667", "2.5", "10.375"]
LENGTHS += ["3 hours", "36 hours", "8 hours", "1 week", "3 weeks", "1 month", "2 months", "1.5 months", "1 year"]
TIMES = [0, 0, 1, 3, 7.5, 10, 1 / 3, 2 / 3, 28, 30.44, 60.88]
# What chance seldom makes up: from a to d leads a way by b and one by c, and both contradict the last row.
TIE = [("a", "c", "5"), ("c", "d", "5"), ("a", "b", "5"), ("b", "d", "5"), ("d", "a", "0")]
ANCHORS = ["car_t_infusion", "hsct"]


def network_of(case_id, rng):
    """Events and bounds of one made-up patient: most bounds are true of some days, the others are anything."""
    kinds = [*live().kinds["kind"]]
    events, seen = [], set()
    for number in range(rng.randint(2, 9)):
        kind = rng.choice(ANCHORS if rng.random() < 0.35 else kinds)
        index = kind in ANCHORS and kind not in seen and rng.random() < 0.9
        seen |= {kind} if index else set()
        event = {"event_id": f"e{number}", "case_id": case_id, "kind": kind, "index_event": index}
        event |= {"label": f"thing {number}", "basis": "stated"}
        if number and rng.random() < 0.15:
            event["ends"] = f"e{rng.randrange(number)}"
        events.append(event)
    days = [rng.choice(TIMES) + rng.choice([0, rng.randint(0, 40)]) for _ in events]
    bounds = []
    for number in range(rng.randint(1, int(1.7 * len(events)))):
        start, end = rng.choices(range(len(events)), k=2) if rng.random() < 0.03 else rng.sample(range(len(events)), 2)
        least, most = _true(days[end] - days[start], rng) if rng.random() < 0.8 else _anything(rng)
        bound = {"bound_id": f"b{number}", "case_id": case_id, "from_event": f"e{start}", "to_event": f"e{end}"}
        bound |= {"min_days": least, "max_days": most, "statement": f"Sentence {number}."}
        bound["basis"] = rng.choice(["stated", "stated", "defined", "inferred"])
        if bound["basis"] == "defined":
            bound["definition_id"] = "crs-lee-2019"
        bounds.append(bound)
    return events, bounds


def _true(apart, rng):
    exact = f"{apart:.6f}".rstrip("0").rstrip(".")
    order = ("0", "") if apart >= 0 else ("", "0")
    return rng.choice([(exact, exact), order, (f"{math.floor(apart - 2)}", f"{math.ceil(apart + 3)}"), (exact, "")])


def _anything(rng):
    length = rng.choice([*LENGTHS, str(rng.randint(0, 60))])
    minus = length if length == "0" else f"-{length}"
    return rng.choice([(length, length), ("0", length), (length, ""), (minus, ""), (minus, minus), ("", length)])


def case_file(n, seed=20):
    """A case file of so many made-up patients, and of one with a tie."""
    rng, found = random.Random(seed), {"format": "casebook-case", "version": 1, "cases": [], "events": [], "bounds": []}
    for number in range(n):
        case_id = f"made-up-{number}"
        events, bounds = network_of(case_id, rng)
        found["cases"].append({"case_id": case_id, "label": case_id, "role": "made-up"})
        found["events"] += events
        found["bounds"] += bounds
    case_id = "made-up-tie"
    found["cases"].append({"case_id": case_id, "label": case_id, "role": "made-up"})
    one = {"case_id": case_id, "basis": "stated"}
    found["events"] += [
        one | {"event_id": name, "kind": "finding", "label": name, "index_event": False} for name in "abcd"
    ]
    found["bounds"] += [
        one | {"bound_id": start + end, "from_event": start, "to_event": end, "min_days": least, "max_days": ""}
        | {"statement": f"{end} comes after {start}."}
        for start, end, least in TIE
    ]  # fmt: skip
    return found


def _days(cell):
    number, _, unit = cell.partition(" ")
    return float(number) * DAYS_IN[unit.rstrip("s") or "day"] if number else math.nan


def placed(file):
    """What `python -m casebook place FILE --json` prints of such a file, all cases at once."""
    book = live()
    blank = dict.fromkeys(["grade", "ends", "lasts", "same_as", "lane"])
    events = pd.DataFrame([blank | event for event in file["events"]])
    bounds = pd.DataFrame(file["bounds"]).set_index(["case_id", "bound_id"], drop=False).rename_axis([None, None])
    bounds = bounds.assign(min_days=bounds["min_days"].map(_days), max_days=bounds["max_days"].map(_days))
    book = book.with_tables(cases=pd.DataFrame(file["cases"]), events=events, bounds=bounds)
    try:
        network.solve(events, _labeled(with_deaths(book)))
        conflicts = ()
    except timeline.TimelineConflict as conflict:
        conflicts = conflict.conflicts
    torn = {rows[0][0] for rows in conflicts}
    whole = book.with_tables(events=events[~events["case_id"].isin(torn)], bounds=bounds[~bounds["case_id"].isin(torn)])
    zeros = {case_id: zero_of(mine, book.kinds) for case_id, mine in whole.events.groupby("case_id", sort=False)}
    kept = _labeled(with_deaths(whole))
    windows = timeline.course(whole.with_tables(bounds=kept), zeros, until_death=False).windows
    solved = network.solve(whole.events, kept)
    asked = {case_id: first_to_ask(solved[case_id], zero) for case_id, zero in zeros.items()}
    rows = [
        {
            "case": row.case_id, "event": row.event_id, "label": whole.events.loc[row.Index, "label"],
            "earliest": _finite(row.earliest), "latest": _finite(row.latest), "words": row.position,
            "basis": row.position_basis, "because": [bound for _, bound in row.position_because],
            "reasons": row.because,
        }
        for row in windows.itertuples()
    ]  # fmt: skip
    return {
        "format": "casebook-placement",
        "version": 1,
        "rows": rows,
        "open": [row["event"] for row in rows if row["earliest"] is None or row["earliest"] != row["latest"]],
        "ask_first": [{"case": case, "event": first[0], "narrows": first[1]} for case, first in asked.items() if first],
        "contradictions": [{"case": found[0][0], "bounds": [bound for _, bound in found]} for found in conflicts],
    }


def _labeled(bounds):
    """Rows by case and name: those that follow from a death have none but their own name."""
    return bounds.set_axis(list(zip(bounds["case_id"], bounds["bound_id"])))


def _finite(day):
    return day if math.isfinite(day) else None
