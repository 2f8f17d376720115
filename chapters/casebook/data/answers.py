"""What an answer to a topic may be: a number in its unit and limits, a choice, yes or no, a day that a bound gives.

A topic says it once, for what is typed in `gaps`, for the cells of cases that gaps name, and for the days between
events; the analytes say it for the values of `measurements`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from casebook.data.checks import Problem, Row, Rows, whole
from casebook.data.gaps import DAY, NAMED

# A number as a report gives it: "14 days", "<0.01 %", "5 × 10^6/kg".
NUMBER = re.compile(
    r"[<>≤≥]?\s*(?P<number>[-−]?[0-9]+(?:\.[0-9]+)?)(?:\s*[×x]\s*10\^(?P<power>-?[0-9]+))?\s*(?P<unit>.*)"
)
YES_NO = ("yes", "no")
LIST_TOPICS = ("checklist", "questions")
OTHER_TABLES = ("gaps", "topics")  # their own texts tell of no gap


def answer_problems(rows: Rows) -> Iterator[Problem]:
    """Say what is answered otherwise than it is asked; the rows of the tables that could be read go in."""
    topics = {row.value.get("topic"): row for row in whole(rows, "topics")}
    for topic in topics.values():
        yield from _topic_problems(topic)
    gaps = [(gap, topics[gap.value["topic"]]) for gap in whole(rows, "gaps") if gap.value.get("topic") in topics]
    for gap, topic in gaps:
        yield from _gap_problems(gap, topic)
        if topic.value.get("type") == DAY and gap.value.get("fills"):
            yield from _day_problems(gap.value["fills"].split("/")[1], topic, rows)
    columns = {gap.value["fills"].split("/")[2]: topic for gap, topic in gaps if _of_cases(gap)}
    for row in whole(rows, "cases"):
        for column, topic in columns.items():
            if row.text.get(column) and (wanted := _amiss(row.text[column], row.value.get(column), topic)):
                yield row.problem("cases", column, wanted, f"{topic.value['what']}: give it so, or leave it blank.")
    yield from _measured_problems(rows)
    yield from _listed_problems(rows, set(topics))
    yield from _named_problems(rows, {*topics, *(row.value.get("gap_id") for row in whole(rows, "gaps"))})


def _of_cases(gap: Row) -> bool:
    return (gap.value.get("fills") or "").startswith("cases/")


def _topic_problems(topic: Row) -> Iterator[Problem]:
    kind, least, most = (topic.value.get(name) for name in ("type", "least", "most"))
    if (kind == "choice") != bool(topic.value.get("choices")):
        wanted = "choices, parted by |, if and only if the type is choice"
        yield topic.problem("topics", "choices", wanted, "List what may be answered, or change the type.")
    if None not in (least, most) and least > most:
        yield topic.problem("topics", "least", f"at most {topic.text['most']} (most)", "Swap or correct the two.")


def _gap_problems(gap: Row, topic: Row) -> Iterator[Problem]:
    value, fills, kind = gap.value.get("value"), gap.value.get("fills"), topic.value.get("type")
    day = bool(fills) and fills.startswith("events/") and fills.endswith(f"/{DAY}")
    if (kind == DAY) != day:
        wanted = "events/<event>/day if and only if the type of the topic is day"
        yield gap.problem("gaps", "fills", wanted, "Name the event whose day is asked for, or correct the topic.")
    if value and gap.value.get("not_in"):
        wanted = "a blank cell, because value is filled"
        yield gap.problem("gaps", "not_in", wanted, "Keep the value, or say that it is not there.")
    if not value:
        return
    wanted = None if kind == DAY else _amiss(value, value, topic)
    if fills:
        wanted = f"a blank cell, which {fills} fills{f', with {wanted}' if wanted else ''}"
        yield gap.problem("gaps", "value", wanted, _where(*fills.split("/")))
    elif wanted:
        yield gap.problem("gaps", "value", wanted, f"{topic.value['what']}: give it so, or leave it blank.")


def _where(table: str, name: str, column: str) -> str:
    """Where a fact is typed, of which a gap names the cell."""
    if table == "measurements":
        return f"Add the values of {name} to measurements; the gap takes them from there."
    if (table, column) == ("events", DAY):
        return f"Add a row to bounds that gives the day of {name} from an index event; the gap takes it from there."
    return f"Fill column {column} of {name} in {table}; the gap takes its value from there."


def _amiss(text: str, value: object, topic: Row) -> str | None:
    """What was expected in place of an answer; None if it may stand. A number of a cell has its unit elsewhere."""
    asked = topic.value
    allowed = YES_NO if asked["type"] == "yes-no" else (asked.get("choices") or "").split("|")
    if asked["type"] in ("choice", "yes-no"):
        return None if text in allowed else f"one of {', '.join(allowed)}"
    if asked["type"] != "number":
        return None
    units, wanted = (asked.get("unit") or "").split("|"), _number_wanted(asked)
    if isinstance(value, str):
        match = NUMBER.fullmatch(text)
        if not match or match["unit"] not in units:
            return wanted
        value = float(match["number"].replace("−", "-")) * 10.0 ** int(match["power"] or 0)
    least, most = asked.get("least"), asked.get("most")
    inside = value is None or ((least is None or value >= least) and (most is None or value <= most))
    return None if inside else wanted


def _number_wanted(asked) -> str:
    unit = f" in {asked['unit'].replace('|', ' or ')}" if asked.get("unit") else ""
    limits = [f"{word} {asked[name]:g}" for word, name in (("at least", "least"), ("at most", "most"))
              if asked.get(name) is not None]  # fmt: skip
    return ", ".join([f"a number{unit}", *limits])


def _day_problems(event_id: str, topic: Row, rows: Rows) -> Iterator[Problem]:
    """A day that is counted from an index event of the patient lies within the limits of its topic."""
    index = {row.value.get("event_id") for row in whole(rows, "events") if row.value.get("index_event")}
    least, most = topic.value.get("least"), topic.value.get("most")
    wanted = f"{_number_wanted(topic.value)} for this topic ({topic.value['what']})"
    for row in whole(rows, "bounds"):
        start, end = row.value.get("from_event"), row.value.get("to_event")
        if end == event_id and start in index:
            sides = (("min_days", 1), ("max_days", 1))
        elif start == event_id and end in index and event_id not in index:
            sides = (("max_days", -1), ("min_days", -1))
        else:
            continue
        for column, sign in sides:
            days = row.value.get(column)
            outside = days is not None and (
                (least is not None and sign * days < least) or (most is not None and sign * days > most)
            )
            if outside:
                mend = "Correct the days, or the events that they lie between."
                yield row.problem("bounds", column, wanted, mend)


def _measured_problems(rows: Rows) -> Iterator[Problem]:
    """A value stands in a unit of its analyte, the same in all rows of a patient, on a day or with a limit of one."""
    units = {row.value.get("analyte"): row.value.get("units") or "" for row in whole(rows, "analytes")}
    first: dict[tuple[object, object], object] = {}
    for row in whole(rows, "measurements"):
        analyte, unit = row.value.get("analyte"), row.value.get("unit")
        allowed = units.get(analyte, "").split("|")
        one = first.setdefault((row.value.get("case_id"), analyte), unit)
        if analyte in units and unit not in allowed:
            wanted = f"a unit of {analyte}: {' or '.join(allowed)}"
            yield row.problem("measurements", "unit", wanted, "Correct it, or add the unit to analytes.")
        elif unit != one:
            wanted = f"{one}, in which the patient's first {analyte} stands"
            yield row.problem("measurements", "unit", wanted, "Give the values of one patient in one unit.")
        if row.value.get("min_days") is None and row.value.get("max_days") is None:
            wanted = "a day, or a limit of one, here or in max_days"
            yield row.problem("measurements", "min_days", wanted, "A value without any time makes no curve.")
        lower, upper = row.value.get("lower"), row.value.get("upper")
        if None not in (lower, upper) and lower > upper:
            wanted = f"at most upper ({row.text['upper']})"
            yield row.problem("measurements", "lower", wanted, "Swap or correct the two.")


def _listed_problems(rows: Rows, topics: set[object]) -> Iterator[Problem]:
    """What lists facts, parted by |, names them as the table of topics does."""
    for table in LIST_TOPICS if topics else ():
        for row in whole(rows, table):
            if odd := [name for name in (row.value.get("topics") or "").split("|") if name and name not in topics]:
                wanted = f"topics, parted by |, which {', '.join(odd)} is not"
                yield row.problem(table, "topics", wanted, "Correct the name, or add the topic.")


def _named_problems(rows: Rows, known: set[object]) -> Iterator[Problem]:
    """A gap that a text names in braces is one of the table, or a topic."""
    for table in rows.keys() - set(OTHER_TABLES) if "gaps" in rows else ():
        for row in whole(rows, table):
            for column, text in row.text.items():
                named = {name for match in NAMED.finditer(text) for name in match["names"].split(", ")}
                if odd := sorted(named - known):
                    wanted = f"gaps or topics in braces, which {', '.join(odd)} is not"
                    yield row.problem(table, column, wanted, "Correct the name, or add the gap.")
