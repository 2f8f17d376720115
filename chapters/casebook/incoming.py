"""A phenopacket of somebody else, read as the rows of a made-up patient, and what of it no row can hold.

Ages become bounds from birth (see `periods`). Dates are not kept: only the days between them are.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pandas as pd

from casebook import exchange, periods, phenopacket
from casebook.words import MADE_UP

DAY = re.compile(r"day ?([+\u2212-]?)([0-9]+)", re.IGNORECASE)  # days counted from day 0, as a label
SEX = {"MALE": "male", "FEMALE": "female"}
VITAL = {"ALIVE": "alive", "DECEASED": "dead"}
MADE = {"basis": "stated", "wording": "made up", "read_in": "made up"}
OTHER_TYPE = "the standard gives another type for it, so that it cannot be read"
READ = frozenset({"id", "subject", "phenotypicFeatures", "measurements", "diseases", "medicalActions", "metaData"})


@dataclass(frozen=True)
class Incoming:
    """The rows that a phenopacket gives.

    Attributes
    ----------
    cases, events, bounds : DataFrame
        Rows for the tables of the same name: text, as it is typed there.
    not_held : DataFrame
        What the packet says and no row can hold: `where`, `what`, `why`.
    """

    cases: pd.DataFrame
    events: pd.DataFrame
    bounds: pd.DataFrame
    not_held: pd.DataFrame


def patient_of(packet: dict, book, case_id: str | None = None) -> Incoming:
    """Make the rows of a made-up patient out of a phenopacket.

    Parameters
    ----------
    packet : dict
        A phenopacket, version 2, as its JSON says it; the envelope of a family or a store may be around it.
    book : Casebook
        Its `codings` say what each element and identifier is read as.
    case_id : str, optional
        The id of the new patient; by default the packet's own, with the prefix of what is made up.

    Returns
    -------
    Incoming

    Raises
    ------
    ValueError
        If it is no phenopacket.
    """
    packet = _told(packet.get("phenopacket", packet)) if isinstance(packet, dict) else {}
    if not isinstance(packet, dict) or "metaData" not in packet or not isinstance(packet.get("subject", {}), dict):
        raise ValueError("no phenopacket: expected an object with `id`, `subject` and `metaData`")
    try:
        reader = _Reader(packet, book, case_id)
        reader.everything()
    except (AttributeError, TypeError) as error:
        raise ValueError(f"no phenopacket of version 2: {phenopacket.misfit(packet) or error}") from error
    return reader.done()


def read_file(path: str | Path, book, case_id: str | None = None) -> Incoming:
    """As `patient_of`, from a file.

    Raises
    ------
    ValueError
        If the file is no JSON, or no phenopacket.
    """
    try:
        packet = json.loads(Path(path).read_text(encoding="utf-8-sig"))
    except (UnicodeDecodeError, json.JSONDecodeError) as error:
        raise ValueError(f"{path}: expected JSON in UTF-8: {error}") from error
    return patient_of(packet, book, case_id)


def _told(value):
    """The same without what is null: as if it were not there."""
    if isinstance(value, dict):
        return {key: _told(one) for key, one in value.items() if one is not None}
    return [_told(one) for one in value if one is not None] if isinstance(value, list) else value


def _slug(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-") or "patient"


class _Reader:
    """Goes through a packet once, and notes what it finds."""

    def __init__(self, packet: dict, book, case_id: str | None):
        self.packet, self.subject = packet, packet.get("subject", {})
        name = _slug(case_id or self.subject.get("id") or packet.get("id") or "patient")
        self.case_id = name if name.startswith(MADE_UP) else MADE_UP + name
        rows = exchange.coded(book)
        exact = rows[rows["code"].notna() & rows["kind"].notna() & rows["relation"].eq("exact")]
        # Every identifier of a concept is read, whichever of them is written.
        known = exchange.identifiers(book).merge(exact[["concept_id", "kind"]], on="concept_id")
        self.kinds = dict(zip(known["code"], known["kind"]))
        self.defaults = dict(rows.loc[rows["reads"], ["element", "kind"]].dropna().itertuples(index=False))
        self.anchors = book.kinds.dropna(subset="anchor").sort_values("anchor")["kind"].to_list()
        self.silent = {exchange.term(book, "time")["id"]} if (rows["element"] == "time").any() else set()
        self.events: list[dict] = []
        self.bounds: list[dict] = []
        self.lost: list[tuple[str, str, str]] = []
        self.absent: list[str] = []
        self.dates: dict[str, date] = {}
        self.relative: list[tuple[str, str, int]] = []
        self.birth: str | None = None

    def everything(self) -> None:
        """Read every element that the tables have a place for, and note every other one."""
        for name, read in (
            ("diseases", lambda where, item: self._thing("disease", where, item, item.get("term"))),
            ("phenotypicFeatures", lambda where, item: self._thing("phenotypicFeature", where, item, item.get("type"))),
            ("measurements", self._measurement),
            ("medicalActions", self._action),
        ):
            for number, item in enumerate(self.packet.get(name, [])):
                try:
                    read(f"{name}[{number}]", item)
                except (AttributeError, TypeError):  # text in place of an object, or the other way round
                    self.lost.append((f"{name}[{number}]", _short(item), OTHER_TYPE))
        self._end()
        for name in sorted(set(self.packet) - READ):
            self.lost.append((name, _short(self.packet[name]), "no table has a place for it"))
        for name in sorted(
            set(self.subject) - {"id", "sex", "vitalStatus", "timeAtLastEncounter", "dateOfBirth", "taxonomy"}
        ):
            self.lost.append((f"subject.{name}", _short(self.subject[name]), "no column has a place for it"))
        self._days_between_dates()
        self._days_from_day_0()

    def _thing(self, element: str, where: str, item: dict, term: dict | None) -> None:
        label = (term or {}).get("label") or (term or {}).get("id") or "no name"
        if item.get("excluded") or item.get("negated"):  # as version 1 has it
            self.absent.append(label)
            return
        beside = [words for key in ("severity", "modifiers") for words in _labels(item.get(key))]
        event = self._event(element, where, ", ".join([label, *beside]), (term or {}).get("id"))
        self._time(where + ".onset", event, item.get("onset"))
        if "resolution" in item:
            end = self._event(element, where + ".resolution", f"{label} ends", (term or {}).get("id"), event)
            self._time(where + ".resolution", end, item["resolution"])
        for name in sorted(
            set(item) - {"type", "term", "onset", "resolution", "excluded", "negated", "severity", "modifiers"}
        ):
            self.lost.append((f"{where}.{name}", _short(item[name]), "no column has a place for it"))

    def _measurement(self, where: str, item: dict) -> None:
        value = item.get("value", {})
        quantity = value.get("quantity", {})
        said = [str(quantity["value"]), *_labels(quantity.get("unit"))] if "value" in quantity else _labels(value)
        label = " ".join([*_labels(item.get("assay")), *said]) or "measurement"
        event = self._event("measurement", where, label, (item.get("assay") or {}).get("id"))
        self._time(where + ".timeObserved", event, item.get("timeObserved"))
        for name in sorted(set(item) - {"assay", "value", "timeObserved"}):
            self.lost.append((f"{where}.{name}", _short(item[name]), "no column has a place for it"))

    def _action(self, where: str, item: dict) -> None:
        places = {
            "procedure": ("code", "performed"),
            "treatment": ("agent", ""),
            "therapeuticRegimen": ("ontologyClass", "startTime"),
        }
        element = next((name for name in places if name in item), None)
        if element is None:
            self.lost.append((where, _short(item), "no kind of event for such an action"))
            return
        action, (name, time) = item[element], places[element]
        term = action.get(name) or {}
        label = term.get("label") or action.get("externalReference", {}).get("description") or term.get("id") or element
        event = self._event(element, where, label, term.get("id"))
        self._time(f"{where}.{element}.{time or 'doseIntervals'}", event, self._start(action, time))
        if "endTime" in action:
            end = self._event(element, where + ".endTime", f"{label} ends", term.get("id"), event)
            self._time(where + ".endTime", end, action["endTime"])
        for key in sorted(set(action) - {name, time, "endTime", "regimenStatus"}):
            why = (
                "its first day is read; doses have no rows"
                if key == "doseIntervals"
                else "no column has a place for it"
            )
            self.lost.append((f"{where}.{element}.{key}", _short(action[key]), why))
        for key in sorted(set(item) - {element}):
            self.lost.append((f"{where}.{key}", _short(item[key]), "no column has a place for it"))

    @staticmethod
    def _start(action: dict, time: str) -> dict | None:
        if time:
            return action.get(time)
        first = next(iter(action.get("doseIntervals", [])), {}).get("interval", {}).get("start")
        return {"timestamp": first} if first else None

    def _end(self) -> None:
        status = self.subject.get("vitalStatus", {})
        if status.get("status") == "DECEASED":
            event = self._event(
                "vitalStatus", "subject.vitalStatus", ", ".join(["death", *_labels(status.get("causeOfDeath"))])
            )
            self._time("subject.vitalStatus.timeOfDeath", event, status.get("timeOfDeath"))
            known = [row["event_id"] for row in self.events if row["kind"] == self.defaults.get("disease")]
            if "survivalTimeInDays" in status and known:
                self._bound(known[0], event, status["survivalTimeInDays"], status["survivalTimeInDays"])
        if self._is_told(self.subject.get("timeAtLastEncounter")):
            event = self._event("timeAtLastEncounter", "subject.timeAtLastEncounter", "last encounter")
            self._time("subject.timeAtLastEncounter", event, self.subject["timeAtLastEncounter"])

    def _is_told(self, time: dict | None) -> bool:
        if not isinstance(time, dict):
            return bool(time)
        return bool(time) and time.get("ontologyClass", {}).get("id") not in self.silent

    def _event(self, element: str, where: str, label: str, code: str | None = None, ends: str = "") -> str:
        kind = self.kinds.get(code or "") or self.defaults.get(element) or self.defaults.get("phenotypicFeature")
        if kind is None:
            raise ValueError(f"codings has no row that reads the element {element}: set `reads` to true in one")
        number = len(self.events) + 1
        index = kind in self.anchors and not any(row["kind"] == kind for row in self.events)
        event_id = f"{self.case_id}-{number}"
        row = {"event_id": event_id, "case_id": self.case_id, "kind": kind, "index_event": str(index).lower()}
        self.events.append(row | {"label": label, "ends": ends} | MADE | {"locator": where})
        return event_id

    def _born(self) -> str:
        if self.birth is None:
            self.birth = self._event("birth", "subject", "birth")
        return self.birth

    def _time(self, where: str, event: str, time: dict | None) -> None:
        """Bounds of an event from birth, or its date for later; what is neither is noted."""
        if not self._is_told(time):
            return
        try:
            if "age" in time:
                self._bound(self._born(), event, *periods.days_of(time["age"].get("iso8601duration", "")))
            elif "ageRange" in time:
                ends = [
                    periods.days_of(time["ageRange"].get(end, {}).get("iso8601duration", ""))
                    for end in ("start", "end")
                ]
                self._bound(self._born(), event, ends[0][0], ends[1][1])
            elif "timestamp" in time:
                self.dates[event] = periods.day_of(time["timestamp"])
            elif "interval" in time:
                self.dates[event] = periods.day_of(time["interval"].get("start", ""))
                self.lost.append(
                    (f"{where}.interval.end", "the end of an interval", "an event has one time; its start is read")
                )
            elif "gestationalAge" in time:
                weeks, days = (time["gestationalAge"].get(unit, 0) for unit in ("weeks", "days"))
                self._bound(event, self._born(), 0, None)
                why = "before birth is read; days since conception have no place in the tables"
                self.lost.append((where, f"{weeks} weeks and {days} days of gestation", why))
            elif match := DAY.fullmatch((time.get("ontologyClass") or {}).get("label", "")):
                day = int(match[2]) * (1 if match[1] in ("", "+") else -1)
                self.relative.append((where, event, day))
            else:
                said = _labels(time.get("ontologyClass")) or [_short(time)]
                self.lost.append((where, ", ".join(said), "a stage of life has no days"))
        except ValueError as error:
            self.lost.append((where, _short(time), str(error)))
        except (AttributeError, TypeError):
            self.lost.append((where, _short(time), OTHER_TYPE))

    def _bound(self, start: str, end: str, least: int, most: int | None) -> None:
        if start == end:
            return
        names = {row["event_id"]: row["label"] for row in self.events}
        span = f"{least} days" if least == most else f"{least} to {most} days" if most is not None else "some time"
        self.bounds.append(
            {
                "bound_id": f"{start}-to-{end.removeprefix(self.case_id + '-')}", "case_id": self.case_id,
                "from_event": start, "to_event": end, "min_days": str(least),
                "max_days": "" if most is None else str(most),
                "statement": f"{names[end]}: {span} after {names[start]}.",
            }
            | MADE | {"locator": "phenopacket"}
        )  # fmt: skip

    def _days_between_dates(self) -> None:
        if not self.dates:
            return
        born = self.subject.get("dateOfBirth")
        if born:
            start, zero = self._born(), periods.day_of(born)
        else:
            indexes = [
                row["event_id"] for row in self.events if row["index_event"] == "true" and row["event_id"] in self.dates
            ]
            start = (indexes or sorted(self.dates, key=self.dates.get))[0]
            zero = self.dates[start]
        for event, day in self.dates.items():
            self._bound(start, event, (day - zero).days, (day - zero).days)

    def _days_from_day_0(self) -> None:
        first = [row["event_id"] for kind in self.anchors for row in self.events if row["kind"] == kind][:1]
        for where, event, day in self.relative:
            if first:
                self._bound(first[0], event, day, day)
            else:
                self.lost.append((where, f"day {day}", "no event that days are counted from"))

    def done(self) -> Incoming:
        """The rows, with the columns of the tables."""
        diseases = [row["label"] for row in self.events if row["kind"] == self.defaults.get("disease")]
        case = {
            "case_id": self.case_id, "label": self.case_id.removeprefix(MADE_UP), "role": "made-up",
            "diagnosis": "; ".join(dict.fromkeys(diseases)),
            "vital_status": VITAL.get(self.subject.get("vitalStatus", {}).get("status"), ""),
            "sex": SEX.get(self.subject.get("sex"), ""), "did_not_occur": "; ".join(self.absent),
        } | MADE | {"locator": "phenopacket"}  # fmt: skip
        event = ["event_id", "case_id", "kind", "index_event", "label", "ends", *MADE, "locator"]
        bound = ["bound_id", "case_id", "from_event", "to_event", "min_days", "max_days", "statement", *MADE, "locator"]
        return Incoming(
            pd.DataFrame([case]),
            pd.DataFrame(self.events, columns=event),
            pd.DataFrame(self.bounds, columns=bound),
            pd.DataFrame(self.lost, columns=["where", "what", "why"]),
        )


def _labels(value) -> list[str]:
    items = value if isinstance(value, list) else [value] if value else []
    return [item["label"] for item in items if isinstance(item, dict) and "label" in item] or [
        label
        for item in items
        if isinstance(item, dict) and "label" not in item
        for label in _labels(list(item.values()))
    ]


def _short(value) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 80 else f"{text[:77]}..."
