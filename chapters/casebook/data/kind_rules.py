"""What must be true of kinds of events and of looks: each index case has a look, each kind that is listed is known."""

from __future__ import annotations

from collections.abc import Iterator

from casebook.data.checks import Problem, Rows

LONGEST = 40  # letters of a label that says in own words what happened
LISTS_OF_KINDS = {"cases": "absent_kinds", "features": "related"}  # parted by |


def kind_problems(rows: Rows) -> Iterator[Problem]:
    """Say what is wrong with them; the rows of the tables that could be read go in."""
    yield from _looks_problems(rows)
    yield from _kinds_problems(rows)
    yield from _own_words_problems(rows)


def _looks_problems(rows: Rows) -> Iterator[Problem]:
    """Each index case has a look of its own: the first that of rank 1, the second that of rank 2."""
    if "looks" not in rows:
        return
    ranks: set[object] = set()
    for row in (row for row in rows["looks"] if row.value.get("of") == "case"):
        if row.value.get("rank") in ranks:
            yield row.problem("looks", "rank", "a rank that no other case has", "Number the looks of cases from 1.")
        ranks.add(row.value.get("rank"))
    index = [row for row in rows.get("cases", []) if row.value.get("role") == "index"]
    for place, row in enumerate(index, start=1):
        if place not in ranks:
            wanted = f"at most {place - 1} index cases, because looks has no case of rank {place}"
            yield row.problem("cases", "role", wanted, "Add a row to looks, with a color and a shape of its own.")


def _kinds_problems(rows: Rows) -> Iterator[Problem]:
    """What lists kinds names them as the table of kinds does; what did not occur has no event."""
    known = {row.value.get("kind") for row in rows.get("kinds", [])}
    happened = {(row.value.get("case_id"), row.value.get("kind")) for row in rows.get("events", [])}
    for table, column in LISTS_OF_KINDS.items():
        for row in rows.get(table, []):
            listed = (row.value.get(column) or "").split("|")
            if odd := [kind for kind in listed if kind and kind not in known]:
                wanted = f"kinds, parted by |, which {', '.join(odd)} is not"
                yield row.problem(table, column, wanted, "Correct the name, or add the kind.")
            if table == "cases" and (odd := [kind for kind in listed if (row.value.get("case_id"), kind) in happened]):
                wanted = f"no {', '.join(odd)}, of which the patient has an event"
                yield row.problem(table, column, wanted, "Take it out here, or correct the event.")


def _own_words_problems(rows: Rows) -> Iterator[Problem]:
    """An event of a kind that has no lane says itself where it is drawn, and in few words what it is."""
    without = {row.value.get("kind") for row in rows.get("kinds", []) if row.whole and not row.value.get("lane")}
    for row in rows.get("events", []):
        if not row.whole or row.value.get("kind") not in without:
            continue
        if not row.value.get("lane"):
            wanted = f"a lane, because the kind {row.value['kind']} has none"
            yield row.problem("events", "lane", wanted, "Say in which lane it is drawn, or take a kind that has one.")
        if len(row.value.get("label") or "") > LONGEST:
            wanted = f"{LONGEST} letters at most, because the kind is {row.value['kind']}"
            yield row.problem("events", "label", wanted, "Say it in fewer words.")
