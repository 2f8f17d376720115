"""A patient as a collection Bundle of FHIR R4: a Patient, and one Condition, Procedure or Observation an event.

FHIR holds what a phenopacket cannot: the days between two events, by the extension `cqf-relativeDateTime`
(an offset, or a range of offsets, from an event), and why a value is absent, by `data-absent-reason`.

References
----------
HL7 International. FHIR Release 4 (v4.0.1), extensions cqf-relativeDateTime and data-absent-reason.
"""

from __future__ import annotations

import html
import math
import uuid

import numpy as np
from fhir.resources.R4B.bundle import Bundle
from pydantic import ValidationError

from casebook import words
from casebook.exchange import packages
from casebook.exchange.packages import Export, Patient

RELATIVE = "http://hl7.org/fhir/StructureDefinition/cqf-relativeDateTime"
ABSENT = "http://hl7.org/fhir/StructureDefinition/data-absent-reason"
UNKNOWN = {"extension": [{"url": ABSENT, "valueCode": "unknown"}]}
UCUM = {"system": "http://unitsofmeasure.org", "code": "d", "unit": "d"}
# How FHIR names the vocabularies; an identifier of another one stays out.
SYSTEMS = {
    "NCIT": "http://ncicb.nci.nih.gov/xml/owl/EVS/Thesaurus.owl",
    "MONDO": "http://purl.obolibrary.org/obo/mondo.owl",
    "HP": "http://human-phenotype-ontology.org",
}
# Where each resource has its time: the element, and its name without the type.
TIMES = {
    "Condition": ("onsetDateTime", "onset"),
    "Procedure": ("performedDateTime", "performed"),
    "Observation": ("effectiveDateTime", "effective"),
}
DAY_0 = "day 0"
# Resources have no address on the web: their names are made of type and id, so that they are the same each time.
NAMES = uuid.uuid5(uuid.NAMESPACE_URL, "http://hl7.org/fhir")
XHTML = "http://www.w3.org/1999/xhtml"
HELD = frozenset({"case_id", "sex", "vital_status"})


def bundle(book, case_id: str) -> Export:
    """One patient as a FHIR Bundle, and what the format could not hold.

    Parameters
    ----------
    book : Casebook
    case_id : str

    Returns
    -------
    Export

    Raises
    ------
    KeyError
        If the book has no such patient.
    """
    one = packages.patient(book, case_id)
    # What stands as an event, too, such as an outcome, is held there.
    lost = [row for row in packages.of_patient(one, HELD) if row[2] not in set(one.events["label"])]
    resources = [_patient(one)]
    kinds = {event.event_id: resource_name(event) for event in one.events.itertuples()}
    if not one.events["element"].eq("disease").any() and isinstance(one.case["diagnosis"], str):
        resources.append(_diagnosis(one))
    for event in one.events.itertuples():
        resources.append(_resource(one, event, kinds))
        place = (event.event_id, "place in time", packages.placed(event))
        if event.since is not None and event.until is not None and event.near is None:
            lost.append((*place, "one relative time an element"))
        if _relative(event, kinds) is None and event.position not in (words.NOT_IN_THE_RECORD, DAY_0):
            lost.append((*place, "days before and after at once"))
        if event.position == DAY_0 and not event.index_event:
            lost.append((*place, "no day is counted from itself"))
        if isinstance(event.code, str) and event.code.partition(":")[0] not in SYSTEMS:
            lost.append((event.event_id, "identifier", event.code, "no address for this vocabulary was found"))
    entry = [{"fullUrl": address(held["resourceType"], held["id"]), "resource": _narrated(held)} for held in resources]
    content = {"resourceType": "Bundle", "id": case_id, "type": "collection", "entry": entry}
    return Export(case_id, content, packages.left(case_id, lost))


def address(kind: str, name: str) -> str:
    """What a resource is referred to by, within its bundle and everywhere: the same for the same type and id."""
    return f"urn:uuid:{uuid.uuid5(NAMES, f'{kind}/{name}')}"


def _narrated(resource: dict) -> dict:
    """The same with a narrative, which every resource should have (dom-6): what it is, and its note."""
    named = resource.get("code", {}).get("text", resource["id"])
    said = [named, resource.get("valueString"), *(note["text"] for note in resource.get("note", []))]
    said += [tag["display"] for tag in resource.get("meta", {}).get("tag", [])]
    told = html.escape(". ".join(filter(None, said)), quote=False)
    text = {"status": "generated", "div": f'<div xmlns="{XHTML}"><p>{told}</p></div>'}
    first = {key: resource[key] for key in ("resourceType", "id", "meta") if key in resource}
    return first | {"text": text} | resource


def _patient(one: Patient) -> dict:
    found = {"resourceType": "Patient", "id": one.case["case_id"]}
    if said := packages.reported(one):
        found["meta"] = {"tag": [{"display": said.removeprefix("A ").removesuffix(".")}]}
    if isinstance(one.case["sex"], str):
        found["gender"] = one.case["sex"]
    if isinstance(one.case["vital_status"], str):
        found["deceasedBoolean"] = one.case["vital_status"] == "dead"
    return found


def _coding(code: str, label: str) -> dict:
    prefix, _, number = code.partition(":")
    return {"system": SYSTEMS[prefix], "code": number if prefix == "NCIT" else code, "display": label}


def _concept(text: str, code, label) -> dict:
    held = isinstance(code, str) and code.partition(":")[0] in SYSTEMS
    return ({"coding": [_coding(code, label)]} if held else {}) | {"text": text}


def _diagnosis(one: Patient) -> dict:
    found = {"resourceType": "Condition", "id": f"{one.case['case_id']}-diagnosis", "subject": _subject(one)}
    code = _concept(one.case["diagnosis"], *(one.diagnosis or (None, None)))
    return found | {"code": code, "_onsetDateTime": UNKNOWN}


def _subject(one: Patient) -> dict:
    return {"reference": address("Patient", one.case["case_id"])}


def resource_name(event) -> str:
    """Which resource holds an event: as `codings` says, or else an Observation."""
    return event.resource if isinstance(event.resource, str) else "Observation"


def _resource(one: Patient, event, kinds: dict[str, str]) -> dict:
    kind, code, label = kinds[event.event_id], event.code, event.code_label
    if event.element == "disease" and one.diagnosis:
        code, label = one.diagnosis
    found = {"resourceType": kind, "id": event.event_id, "subject": _subject(one)}
    if kind == "Observation":
        found |= {"status": "final", "code": _concept(event.kind_name, code, label), "valueString": event.label}
    else:
        found["code"] = _concept(event.label, code, label)
    if kind == "Procedure":
        found["status"] = "completed" if event.verb == "took place" else "unknown"
    if kind == "Condition" and isinstance(event.grade, str):
        found["stage"] = [{"summary": {"text": f"grade {event.grade}"}}]
    if not event.judgment:
        found[f"_{TIMES[kind][0]}"] = _relative(event, kinds) or UNKNOWN
    found["note"] = [{"text": _said(one, event)}]
    return found


def _said(one: Patient, event) -> str:
    """What a row rests on, in words: a note is the one place that every resource has for it."""
    parts = [event.basis]
    parts += [f"{name}: {value}" for name, value in (
        ("place", event.locator), ("in the source's words", event.wording), ("reason", event.reason),
        ("if defined as", event.definition_id), ("source", one.reference or None), ("read in", event.read_in),
    ) if isinstance(value, str)]  # fmt: skip
    return "; ".join([*parts, f"place in time: {packages.placed(event)}"])


def _relative(event, kinds: dict[str, str]) -> dict | None:
    """The time of an event from another one; None for day 0, where nothing is known, or both signs are possible."""
    if event.position == DAY_0:
        return None  # what the others are counted from is not counted from them
    known = ((event.near, event.near_min, event.near_max), (event.since, 0.0, math.inf), (event.until, -math.inf, 0.0))
    target, least, most = next((one for one in known if one[0] is not None), (None, 0.0, 0.0))
    if target is None or least < 0 < most:
        return None
    relation = "after" if least >= 0 else "before"
    if relation == "before":
        least, most = 0.0 - most, 0.0 - least
    offset = {"url": "offset"}
    if least == most:
        offset["valueDuration"] = {"value": _number(least), **UCUM}
    else:
        ends = {"low": least, "high": most}
        offset["valueRange"] = {end: {"value": _number(v), **UCUM} for end, v in ends.items() if np.isfinite(v)}
    kind = kinds[target]
    parts = [
        {"url": "target", "valueReference": {"reference": address(kind, target)}},
        {"url": "targetPath", "valueString": TIMES[kind][1]},
        {"url": "relationship", "valueCode": relation},
        offset,
    ]
    return {"extension": [{"url": RELATIVE, "extension": parts}]}


def _number(days: float) -> int | float:
    return int(days) if float(days).is_integer() else round(float(days), 2)


def bundle_problems(content: dict) -> list[str]:
    """What is wrong with a bundle by FHIR R4 and within itself; nothing if nothing is.

    Parameters
    ----------
    content : dict
        A bundle as its JSON says it.

    Returns
    -------
    list of str
        Types and required elements (package `fhir.resources`), ids and addresses that stand twice, resources
        without a narrative, and references that lead to no entry by the rules for bundles.
    """
    try:
        Bundle.model_validate(content)
    except ValidationError as error:
        return [f"{'.'.join(map(str, one['loc']))}: {one['msg']}" for one in error.errors()]
    ids = [f"{entry['resource']['resourceType']}/{entry['resource']['id']}" for entry in content["entry"]]
    addresses = [entry["fullUrl"] for entry in content["entry"]]
    found = [f"{one} stands twice" for one in sorted(set(ids)) if ids.count(one) > 1]
    found += [
        f"{name} has no narrative" for name, entry in zip(ids, content["entry"]) if "text" not in entry["resource"]
    ]
    return found + [f"{one} is referred to and not there" for one in sorted(set(_references(content)) - set(addresses))]


def _references(content) -> list[str]:
    if isinstance(content, list):
        return [one for item in content for one in _references(item)]
    if not isinstance(content, dict):
        return []
    own = [content["reference"]] if isinstance(content.get("reference"), str) else []
    return own + [one for value in content.values() for one in _references(value)]


def times(export: Export) -> dict[str, str]:
    """How a bundle tells the time of each event, in words: "Procedure/a after, 0 to 14 d"; by event id."""
    entries = {entry["fullUrl"]: entry["resource"] for entry in export.content["entry"]}
    names = {address: f"{resource['resourceType']}/{resource['id']}" for address, resource in entries.items()}
    found = {}
    for resource in entries.values():
        held = resource.get(f"_{TIMES.get(resource['resourceType'], ('',))[0]}")
        if held is None:
            continue
        if held == UNKNOWN:
            found[resource["id"]] = "absent: unknown"
            continue
        parts = {part["url"]: part for part in held["extension"][0]["extension"]}
        offset, target = parts["offset"], parts["target"]["valueReference"]["reference"]
        span = offset.get("valueRange") or {"low": offset["valueDuration"], "high": offset["valueDuration"]}
        open_ = {"low": -math.inf, "high": math.inf}
        days = words.days(*(span[end]["value"] if end in span else limit for end, limit in open_.items()))
        found[resource["id"]] = f"{days} {parts['relationship']['valueCode']} {names[target]}"
    return found
