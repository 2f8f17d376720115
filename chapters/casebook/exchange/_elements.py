"""The elements of a phenopacket as events: under which name, and when."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from casebook import data
from casebook.exchange import _times, packages
from casebook.exchange._times import Event, Time, time_of
from casebook.exchange.packets import NUMBER, OTHER_TYPE, Part, text_of

VITAL = {"ALIVE": "alive", "DECEASED": "dead"}
BEGAN = frozenset({"STARTED", "COMPLETED"})  # statuses that say no more than that it took place
ENDED = frozenset({"COMPLETED", "SOLVED"})  # interpretations that end with a diagnosis
ONSET = ("onset", "ageOfOnset", "ageRangeOfOnset", "classOfOnset")  # of version 2, and the three of version 1
LAST = ("timeAtLastEncounter", "ageAtCollection", "ageRangeAtCollection")  # the same
# What names an action, and when it was; a treatment has doses.
ACTIONS = {"procedure": ("code", "performed"), "treatment": ("agent", "")}
ACTIONS |= {"therapeuticRegimen": ("ontologyClass", "startTime")}
NO_NAME, ABSENT = "it has no name", "absent"


@dataclass(frozen=True)
class Terms:
    """What the tables read each element and each identifier as."""

    kinds: dict[str, str]
    defaults: dict[str, str]
    anchors: list[str]
    silent: frozenset[str]
    human: dict[str, str]

    def event(
        self, of: str, part: Part, label: str, code: str = "", time: Time | None = None, ends: bool = False
    ) -> Event:
        other = "treatment" if of in ACTIONS else "phenotypicFeature"
        kind = self.kinds.get(code) or self.defaults.get(of) or self.defaults.get(other)
        if kind is None:
            raise ValueError(f"codings has no row that reads the element {of}: set `reads` to true in one")
        codes = ", ".join(part.codes())
        where = f"{part.where} ({codes})" if codes else part.where
        return Event(of, kind, text_of(where), data.for_spreadsheet(text_of(label)), time, ends)


def terms_of(book) -> Terms:
    rows = packages.coded(book)
    exact = rows[rows["code"].notna() & rows["kind"].notna() & rows["relation"].eq("exact")]
    # Every identifier of a concept is read, whichever of them is written.
    known = packages.identifiers(book).merge(exact[["concept_id", "kind"]], on="concept_id")
    has = set(rows["element"].dropna())
    return Terms(
        kinds=dict(zip(known["code"], known["kind"])),
        defaults=dict(rows.loc[rows["reads"], ["element", "kind"]].dropna().itertuples(index=False)),
        anchors=book.kinds.dropna(subset="anchor").sort_values("anchor")["kind"].to_list(),
        silent=frozenset({packages.term(book, "time")["id"]} if "time" in has else ()),
        human=packages.term(book, "taxonomy") if "taxonomy" in has else {},
    )


def happened(body: Part, terms: Terms) -> Iterator[Event]:
    diseases = body.parts("diseases")
    for part in diseases:
        yield from _thing("disease", part, part.part("term"), terms)
    told = [part.part("term") for part in diseases if not part.at("excluded")]
    yield from _diagnoses(body, {one.get(key) for one in told for key in ("id", "label")} - {None}, terms)
    for part in body.parts("phenotypicFeatures"):
        yield from _thing("phenotypicFeature", part, part.part("type"), terms)
    for part in body.parts("measurements"):
        yield from _measurement(part, terms)
    for part in body.parts("medicalActions"):
        yield from _action(part, terms)


def _thing(of: str, part: Part, term: Part, terms: Terms) -> Iterator[Event]:
    denied = [part.get(key, bool) for key in ("excluded", "negated") if key in part]  # of version 2 and of version 1
    if None in denied or not (term.get("label") or term.get("id")):
        part.leave(OTHER_TYPE if None in denied or "type" in part or "term" in part else NO_NAME)
        return
    part.note(("excluded",), ("negated",))
    label, code = _name(term)
    if any(denied):
        part.leave("what did not occur has a name, and no more")
        yield Event(ABSENT, "", part.where, text_of(label))
        return
    beside = [_name(one)[0] for one in (part.part("severity"), *part.parts("modifiers")) if one]
    whole = ", ".join(filter(None, [label, *beside]))
    yield terms.event(of, part, whole, code, time_of(part.first(*ONSET), terms.silent))
    if "resolution" in part:
        yield terms.event(of, part, f"{label} ends", code, time_of(part.part("resolution"), terms.silent), ends=True)


def _diagnoses(body: Part, known: set[str], terms: Terms) -> Iterator[Event]:
    """The diseases that stand in an interpretation alone."""
    for part in body.parts("interpretations"):
        disease = part.part("diagnosis").part("disease")
        if not disease or part.get("progressStatus") not in ENDED:
            continue
        part.note(("id",), ("progressStatus",))
        told = [key for key in ("id", "label") if disease.get(key) in known]
        disease.note(*((key,) for key in told))
        if not told and (disease.get("label") or disease.get("id")):
            label, code = _name(disease)
            known = known | {label, code} - {""}
            yield terms.event("disease", disease, label, code)


def _measurement(part: Part, terms: Terms) -> Iterator[Event]:
    (name, code), value = _name(part.part("assay")), part.part("value")
    several = part.part("complexValue") or value.part("complexValue")
    said = [_quantity(value.part("quantity")), _name(value.part("ontologyClass"))[0]]
    each = [(_name(one.part("type"))[0], _quantity(one.part("quantity"))) for one in several.parts("typedQuantities")]
    said += [" ".join(one) for one in each]
    label = " ".join(filter(None, [name, ", ".join(filter(str.strip, said))]))
    if label:
        yield terms.event("measurement", part, label, code, time_of(part.part("timeObserved"), terms.silent))
    else:
        part.leave(NO_NAME)


def _quantity(part: Part) -> str:
    value = part.take("value", NUMBER)
    if value is None:
        return ""
    unit, within = _name(part.part("unit"))[0], part.part("referenceRange")
    low, high = within.get("low", NUMBER), within.get("high", NUMBER)
    said = f"{_digits(value)} {unit}".strip()
    if low is None and high is None:
        return said
    if low is not None and high is not None and low > high:
        within.leave("the range ends before it begins")
        return said
    within.note(("low",), ("high",))
    ends = f"from {_digits(low)}" if high is None else f"{'up' if low is None else _digits(low)} to {_digits(high)}"
    return f"{said} (reference {ends} {_name(within.part('unit'))[0]}".rstrip() + ")"


def _action(part: Part, terms: Terms) -> Iterator[Event]:
    of = next((name for name in ACTIONS if name in part), None)
    if of is None:
        part.leave("no kind of event for such an action")
        return
    action, (name, when) = part.part(of), ACTIONS[of]
    status = action.get("regimenStatus")
    if status is not None and status not in BEGAN | {"DISCONTINUED"}:
        part.leave(f"{text_of(status)} does not say that it took place: no event")
        return
    label, code = _name(action.part(name))
    label = label or text_of(action.part("externalReference").take("description") or "")
    if not label:
        part.leave(NO_NAME)
        return
    if status in BEGAN:
        action.note(("regimenStatus",))
    time = time_of(action.part(when), terms.silent) if when else _times.first_dose(action)
    yield terms.event(of, part, label, code, time)
    if "endTime" in action:
        yield terms.event(of, action, f"{label} ends", code, time_of(action.part("endTime"), terms.silent), ends=True)


def fate(subject: Part, terms: Terms) -> Iterator[Event]:
    status = subject.part("vitalStatus")
    if status.get("status") in VITAL:
        status.note(("status",))
    if status.get("status") == "DECEASED":
        cause = _name(status.part("causeOfDeath"))[0]
        label = f"death, {cause}" if cause else "death"
        yield terms.event("vitalStatus", status, label, time=time_of(status.part("timeOfDeath"), terms.silent))
    time = time_of(subject.first(*LAST), terms.silent)
    if time is not None:
        label = "last encounter" if time.part.path[-1] == LAST[0] else "data collected"
        yield terms.event("timeAtLastEncounter", subject, label, time=time)


def _name(part: Part) -> tuple[str, str]:
    """The label of a term, or else its identifier; and the identifier."""
    label, code = part.take("label"), part.take("id")
    return text_of(label or code or ""), text_of(code or "")


def _digits(value: float) -> str:
    whole = isinstance(value, int) or (value.is_integer() and abs(value) < 1e15)
    return str(int(value)) if whole else repr(value)
