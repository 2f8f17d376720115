"""A phenopacket of somebody else, read as the rows of a made-up patient, and what of it no row can hold.

Ages and stages of life become bounds from birth (see `periods`). Dates are not kept: only the days between them
are. The order of a list says nothing. What is read is noted (see `packets`), so that all the rest is named.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from casebook import data, timeline
from casebook.exchange import _times
from casebook.exchange._elements import ABSENT, VITAL, Terms, fate, happened, terms_of
from casebook.exchange._times import BIRTH, DATE, Bound, Event
from casebook.exchange.packets import NUMBER, Part, packet_of, read_json, text_of
from casebook.words import MADE_UP, listed

SEX = {"MALE": "male", "FEMALE": "female"}
MADE = {"basis": "stated", "wording": "made up", "read_in": "made up"}
OF_THE_FILE = ("created", "createdBy", "submittedBy", "updates", "resources", "phenopacketSchemaVersion")
LONGEST_ID, LONGEST_TIME = 40, 366 * timeline.OLDEST  # letters, and days
TOLD = ["where", "what", "why"]
EVENT = ["event_id", "case_id", "kind", "index_event", "label", "ends", *MADE, "locator"]
BOUND = ["bound_id", "case_id", "from_event", "to_event", "min_days", "max_days", "statement"]
BOUND += [*MADE, "reason", "locator"]


@dataclass(frozen=True)
class Incoming:
    """The rows that a phenopacket gives.

    Attributes
    ----------
    cases, events, bounds : DataFrame
        Rows for the tables of the same name: text, as it is typed there.
    not_held : DataFrame
        What the packet says and no row can hold: `where`, `what`, `why`; every key that was not read is in it.
    to_check : DataFrame
        What the rows hold and a person must look at, with the same columns.
    """

    cases: pd.DataFrame
    events: pd.DataFrame
    bounds: pd.DataFrame
    not_held: pd.DataFrame
    to_check: pd.DataFrame


def patient_of(packet: dict, book, case_id: str | None = None) -> Incoming:
    """Make the rows of a made-up patient out of a phenopacket.

    Parameters
    ----------
    packet : dict
        A phenopacket, version 2 or 1, as its JSON says it. Of a family the proband is read; the envelope of a store
        may be around it.
    book : Casebook
        Its `codings` say what each element and identifier is read as.
    case_id : str, optional
        The id of the new patient; by default the subject's own, with the prefix of what is made up. An id that
        loses letters on the way gets a suffix, so that two subjects never get the same.

    Returns
    -------
    Incoming

    Raises
    ------
    ValueError
        If it is no phenopacket, a cohort, one of no patient, or one of an animal.
    """
    root = Part(packet_of(packet) if isinstance(packet, dict) else {})
    if "members" in root:
        raise ValueError("a cohort, and no patient: give the phenopacket of one of its `members`")
    body = next((root.part(key) for key in ("phenopacket", "proband") if key in root), root)
    if "metaData" not in root and "metaData" not in body:
        raise ValueError("no phenopacket: expected an object with `id`, `subject` and `metaData`")
    subject = body.part("subject")
    if not subject:
        raise ValueError("no patient: the phenopacket has no `subject`, or one of which it says nothing")
    for part in (root, body):
        part.note(("id",), *(("metaData", key) for key in OF_THE_FILE))
    terms = terms_of(book)
    _refuse_an_animal(subject, terms)
    return _rows(root, body, [*happened(body, terms), *fate(subject, terms)], terms, case_id)


def read_file(path: str | Path, book) -> Incoming:
    """As `patient_of`, from a file.

    Raises
    ------
    ValueError
        If the file is no JSON, or no phenopacket of a patient; in one sentence.
    """
    packet = read_json(path)
    try:
        return patient_of(packet, book)
    except ValueError as error:
        raise ValueError(f"{path}: {error}") from None


def _refuse_an_animal(subject: Part, terms: Terms) -> None:
    said = subject.part("taxonomy")
    code, label = said.get("id") or "", said.get("label") or ""
    if not terms.human:
        return
    if code and not re.search(rf"(?:^|[^0-9]){terms.human['id'].partition(':')[2]}$", code):
        raise ValueError(
            f"no patient: the subject is of the taxon {text_of(label or code)}, not {terms.human['label']}"
        )
    said.note(("id",), *([("label",)] if label == terms.human["label"] else []))


# ---------------------------------------------------------------- the rows


def _rows(root: Part, body: Part, found: list[Event], terms: Terms, case_id: str | None) -> Incoming:
    subject = body.part("subject")
    events = _from_birth(subject, [one for one in found if one.of != ABSENT], terms)
    index, undecided = _times.days_0(events, terms.anchors)
    dead = next((number for number, event in enumerate(events) if event.of == "vitalStatus"), None)
    ordered = list(_times.in_any_case(events, dead))
    bounds = [*_times.bounds_of(events, index), *_survived(subject.part("vitalStatus"), events, dead, terms), *ordered]
    name = case_id or subject.get("id") or body.get("id") or "patient"
    if name == subject.get("id"):
        subject.note(("id",))
    made_up = id_of(name)
    label = data.for_spreadsheet(text_of(name).removeprefix(MADE_UP) or made_up)
    absent = [data.for_spreadsheet(one.label) for one in found if one.of == ABSENT]
    diseases = [event.label for event in events if event.kind == terms.defaults.get("disease") and not event.ends]
    case = {
        "case_id": made_up, "label": label, "role": "made-up",
        "diagnosis": "; ".join(dict.fromkeys(diseases)),
        "vital_status": VITAL.get(subject.part("vitalStatus").get("status"), ""),
        "sex": SEX.get(subject.get("sex"), ""), "did_not_occur": "; ".join(absent),
    } | MADE | {"locator": "phenopacket"}  # fmt: skip
    if case["sex"]:
        subject.note(("sex",))
    subject.leave("the column has male and female, and no other word", "sex")
    ids = [f"{made_up}-{number}" for number in range(1, len(events) + 1)]
    event_rows = [
        (ids[number], made_up, event.kind, str(number in index).lower(), event.label,
         ids[number - 1] if event.ends else "", *MADE.values(), event.where)
        for number, event in enumerate(events)
    ]  # fmt: skip
    bound_rows = [_bound(number, bound, events, ids, made_up) for number, bound in enumerate(bounds, start=1)]
    check = [*_odd_order(events, ordered), *_undecided(events, undecided), *_computed(events, absent, label)]
    tables = ((event_rows, EVENT), (bound_rows, BOUND), (list(root.left()), TOLD), (check, TOLD))
    return Incoming(pd.DataFrame([case]), *(pd.DataFrame(rows, columns=columns) for rows, columns in tables))


def _from_birth(subject: Part, events: list[Event], terms: Terms) -> list[Event]:
    """The same with the dates as days from birth, if its date is told, and with birth, if anything counts from it."""
    born, timed = subject.get("dateOfBirth"), [event.time.axis for event in events if event.time]
    if born:
        try:
            day = timeline.day_of(born).toordinal()
            if DATE in timed:
                subject.note(("dateOfBirth",))
                events = _times.from_birth(events, day)
            subject.leave("dates are not kept, and there is no other to count from it", "dateOfBirth")
        except ValueError as error:
            subject.leave(str(error), "dateOfBirth")
    if any(event.time and event.time.axis == BIRTH for event in events):
        return [terms.event(BIRTH, subject, "birth"), *events]
    return events


def _survived(status: Part, events: list[Event], dead: int | None, terms: Terms) -> list[Bound]:
    """The days from the disease to death, if both are there and no other time contradicts them."""
    days = status.get("survivalTimeInDays", NUMBER)
    kind = terms.defaults.get("disease")
    diseases = [number for number, event in enumerate(events) if event.kind == kind and not event.ends]
    if days is None:
        return []
    if days == 0:
        why = "0 is what programs write where nothing is known"
    elif dead is None:
        why = "a time from the disease to death, and the packet does not say that the patient died"
    elif len(diseases) != 1:
        why = f"it counts from the disease, and the packet has {len(diseases) or 'none'}"
    else:
        least, most = _times.apart(events[diseases[0]].time, events[dead].time)
        if max(least, 1) <= days <= min(most, LONGEST_TIME) and days == int(days):
            status.note(("survivalTimeInDays",))
            return [Bound(diseases[0], dead, int(days), int(days))]
        why = "it does not fit the other times"
    status.leave(why, "survivalTimeInDays")
    return []


def _bound(number: int, bound: Bound, events: list[Event], ids: list[str], case_id: str) -> tuple:
    start, end, least, most = bound.start, bound.end, bound.least, bound.most
    if least is None and most is not None:  # "before" is "after" the other way round
        start, end, least, most = end, start, -most, None
    if most is None:
        span = f"{least} days or more after" if least else "not before"
    else:
        span = f"{least} days after" if least == most else f"{least} to {most} days after"
    days = ["" if one is None else str(one) for one in (least, most)]
    statement = f"{events[end].label}: {span} {events[start].label}."
    made = MADE | ({"basis": "inferred", "wording": ""} if bound.reason else {})
    name = f"{case_id}-bound-{number}"
    return (name, case_id, ids[start], ids[end], *days, statement, *made.values(), bound.reason, "phenopacket")


def id_of(name: str) -> str:
    """The id of a made-up patient; where letters of the name are lost, with a suffix made of the whole name.

    Examples
    --------
    >>> id_of("infant-1"), id_of("made-up-2")
    ('made-up-infant-1', 'made-up-2')
    """
    bare = name.removeprefix(MADE_UP)
    slug = re.sub(r"[^a-z0-9]+", "-", bare.lower())[:LONGEST_ID].strip("-")
    suffix = [] if slug == bare else [hashlib.sha256(bare.encode()).hexdigest()[:8]]
    return MADE_UP + "-".join([slug or "patient", *suffix])


# ---------------------------------------------------------------- what a person must look at


def _odd_order(events: list[Event], ordered: list[Bound]) -> Iterator[tuple[str, str, str]]:
    for bound in ordered:
        first, second = events[bound.start], events[bound.end]
        if _times.apart(first.time, second.time)[1] < 0:
            why = f"it comes before {first.label}: a check of the tables refuses the patient"
            yield second.where, second.label, why


def _undecided(events: list[Event], undecided: list[list[int]]) -> Iterator[tuple[str, str, str]]:
    for numbers in undecided:
        names = listed([events[number].label for number in numbers])
        yield events[numbers[0]].where, names, "which comes first is not told: set index_event of the one that is day 0"


def _computed(events: list[Event], absent: list[str], label: str) -> Iterator[tuple[str, str, str]]:
    why = "a spreadsheet would compute it: an apostrophe stands before it"
    told = [(event.where, event.label) for event in events] + [("did_not_occur", one) for one in absent]
    for where, text in [*told, ("subject.id", label)]:
        if text.startswith("'") and data.is_formula(text[1:]):
            yield where, text, why
