"""A patient as a Phenopacket of the Global Alliance for Genomics and Health, version 2.

What is not known is left out; a time that is not known is "Not Reported" where the format asks for one. The
format has ages and dates and no "21 days after the infusion": windows, order and basis stand beside it.

References
----------
Jacobsen JOB, et al. The GA4GH Phenopacket schema defines a computable representation of clinical data.
Nat Biotechnol 2022;40:817-20.
"""

from __future__ import annotations

import re

import pandas as pd
from google.protobuf.json_format import MessageToDict, ParseDict, ParseError
from phenopackets.schema.v2 import phenopackets_pb2

from casebook import words
from casebook.exchange import packages
from casebook.exchange.packages import Export, Patient

VERSION = "2.0"
CURIE = re.compile(r"[A-Za-z]+:[A-Za-z0-9]+")
STATUS = {"alive": "ALIVE", "dead": "DECEASED"}
HELD = frozenset({"case_id", "diagnosis", "sex", "vital_status"})
# What the standard asks for, element by element; its protobuf schema has no way to say "required".
REQUIRED = {
    "Phenopacket": ("id", "metaData"),
    "Individual": ("id",),
    "MetaData": ("created", "createdBy", "resources", "phenopacketSchemaVersion"),
    "Resource": ("id", "name", "url", "version", "namespacePrefix", "iriPrefix"),
    "OntologyClass": ("id", "label"),
    "PhenotypicFeature": ("type",),
    "Disease": ("term",),
    "Interpretation": ("id", "progressStatus"),
    "Diagnosis": ("disease",),
    "Evidence": ("evidenceCode",),
    "Procedure": ("code",),
    "TherapeuticRegimen": ("regimenStatus",),
    "VitalStatus": ("status",),
}


def phenopacket(book, case_id: str, created: str) -> Export:
    """One patient as a phenopacket, and what the format could not hold.

    Parameters
    ----------
    book : Casebook
    case_id : str
    created : str
        The day that the packet is dated to, such as "2026-01-31".

    Returns
    -------
    Export

    Raises
    ------
    KeyError
        If the book has no such patient, or `codings` lacks what every packet needs.
    """
    one = packages.patient(book, case_id)
    unknown = {"ontologyClass": packages.term(book, "time")}
    features, actions, diseases, lost = [], [], [], packages.of_patient(one, HELD)
    for event in one.events.itertuples():
        lost += _beside(event)
        code = {"id": event.code, "label": event.code_label} if isinstance(event.code, str) else None
        if isinstance(event.ends, str):
            lost.append(
                (event.event_id, "end", event.label, f"the end of {event.ends} has no time that the format holds")
            )
            continue
        if event.tells_of != event.event_id:
            why = f"a later grade of {event.tells_of}: the format would count it as another"
            lost.append((event.event_id, event.kind_name, event.label, why))
            continue
        if event.element == "disease" and one.diagnosis:
            code = dict(zip(("id", "label"), one.diagnosis))
            if not diseases:
                diseases.append({"term": code, "onset": unknown})
                continue
        if event.element in ("vitalStatus", "timeAtLastEncounter"):
            continue
        if code is None or event.element not in ("phenotypicFeature", "procedure", "therapeuticRegimen"):
            lost.append((event.event_id, event.kind_name, event.label, _why_out(event)))
            continue
        if event.element == "phenotypicFeature":
            features.append({"type": code, "onset": unknown, **_evidence(book, one, event)})
        else:
            actions.append(_action(event, code, unknown, one.diagnosis))
    if one.diagnosis and not diseases:
        diseases.append({"term": dict(zip(("id", "label"), one.diagnosis)), "onset": unknown})
    if not one.diagnosis and isinstance(one.case["diagnosis"], str):
        lost.append(("", "diagnosis", one.case["diagnosis"], "no identifier among the concepts"))
    content = {"id": f"{case_id}.phenopacket", "subject": _subject(book, one, unknown)}
    if features:
        content["phenotypicFeatures"] = features
    if diseases:
        diagnosis = {"disease": diseases[0]["term"]}
        known = {"id": f"{case_id}.diagnosis", "progressStatus": "COMPLETED", "diagnosis": diagnosis}
        content |= {"interpretations": [known], "diseases": diseases}
    if actions:
        content["medicalActions"] = actions
    content["metaData"] = _about(content, one, created)
    return Export(case_id, content, packages.left(case_id, lost))


def _subject(book, one: Patient, unknown: dict) -> dict:
    subject = {"id": one.case["case_id"], "timeAtLastEncounter": unknown}
    if isinstance(one.case["vital_status"], str):
        subject["vitalStatus"] = {"status": STATUS[one.case["vital_status"]]}
    if isinstance(one.case["sex"], str):
        subject["sex"] = one.case["sex"].upper()
    return subject | {"taxonomy": packages.term(book, "taxonomy")}


def _evidence(book, one: Patient, event) -> dict:
    """What a stated row rests on; the format's evidence code says "stated by the authors", so no other row has it."""
    if event.basis != "stated" or not one.reference:
        return {}
    said = [text for text in (event.locator, event.wording) if isinstance(text, str)]
    reference = {"id": one.reference, "description": ": ".join(said)}
    return {"evidence": [{"evidenceCode": packages.term(book, "evidence"), "reference": reference}]}


def _action(event, code: dict, unknown: dict, diagnosis: tuple[str, str] | None) -> dict:
    if event.element == "procedure":
        action = {"procedure": {"code": code, "performed": unknown}}
    else:
        # What took place is completed; of what began it is not known whether it was.
        status = {"took place": "COMPLETED"}.get(event.verb, "STARTED")
        action = {"therapeuticRegimen": {"ontologyClass": code, "startTime": unknown, "regimenStatus": status}}
    target = {} if diagnosis is None else {"treatmentTarget": dict(zip(("id", "label"), diagnosis))}
    return action | target


def _why_out(event) -> str:
    if event.judgment:
        return "a judgment of the whole course"
    if not isinstance(event.element, str):
        return "no element for such an event, or no identifier among the concepts"
    return "no identifier among the concepts"


def _beside(event) -> list[tuple]:
    """What of one event no element holds: time, grade, basis, and the part of its name that an identifier drops."""
    rows = []
    if not event.judgment and event.position != words.NOT_IN_THE_RECORD:
        rows.append((event.event_id, "place in time", packages.placed(event), "the format has ages and dates only"))
    if isinstance(event.grade, str):
        rows.append(
            (event.event_id, "grade", event.grade, "a severity needs an identifier, and a grade needs its scale")
        )
    if event.basis != "stated":
        rows.append((event.event_id, "basis", event.basis, "the evidence code is for what authors state"))
    if event.relation == "broad":
        rows.append((event.event_id, "name", event.label, f"the identifier is broader: {event.code_label}"))
    elif isinstance(event.code, str) and event.label.casefold() != event.code_label.casefold():
        rows.append((event.event_id, "name", event.label, f"the identifier's own label stands: {event.code_label}"))
    return rows


def _about(content: dict, one: Patient, created: str) -> dict:
    prefixes = sorted({code.partition(":")[0] for code in codes(content)})
    resources = []
    for prefix in prefixes:
        name, title, url = packages.NAMESPACES[prefix]
        iri = url if prefix == "MESH" else f"http://purl.obolibrary.org/obo/{prefix}_"
        resource = {"id": name, "name": title, "url": url, "version": "not recorded"}
        resources.append(resource | {"namespacePrefix": prefix, "iriPrefix": iri})
    about = {"created": f"{created}T00:00:00Z", "createdBy": "the contributors of the book", "resources": resources}
    about["phenopacketSchemaVersion"] = VERSION
    if one.reference:
        about["externalReferences"] = [{"id": one.reference, "description": f"read in: {one.case['read_in']}"}]
    elif said := packages.reported(one):
        about["externalReferences"] = [{"id": one.case["case_id"], "description": said}]
    return about


def codes(content) -> list[str]:
    """Every identifier of an ontology in a packet, in its order."""
    if isinstance(content, list):
        return [code for item in content for code in codes(item)]
    if not isinstance(content, dict):
        return []
    own = [content["id"]] if set(content) == {"id", "label"} else []
    return own + [code for value in content.values() for code in codes(value)]


def packet_problems(content: dict) -> list[str]:
    """What is wrong with a packet by the standard; nothing if nothing is.

    Its schema is the protobuf definition (package `phenopackets`): no unknown element, type or word, and the
    same again after a round trip through a message. Then what the standard requires in words: `REQUIRED`
    elements, and a resource for each prefix.

    Parameters
    ----------
    content : dict
        A packet as its JSON says it.

    Returns
    -------
    list of str
    """
    try:
        message = ParseDict(content, phenopackets_pb2.Phenopacket())
    except ParseError as error:
        return [f"not by the schema: {error}"]
    again = phenopackets_pb2.Phenopacket.FromString(message.SerializeToString())
    found = []
    if MessageToDict(again) != content:
        found.append(
            "a round trip through a message changes it: a value that is 0, empty or unknown is left out instead"
        )
    found += _missing(message)
    declared = {resource.namespace_prefix for resource in message.meta_data.resources}
    for code in codes(content):
        if not CURIE.fullmatch(code):
            found.append(f"{code}: an identifier is prefix:number")
        elif code.partition(":")[0] not in declared:
            found.append(f"{code}: metaData.resources does not name the vocabulary {code.partition(':')[0]}")
    return found


def _missing(message, path: str = "phenopacket") -> list[str]:
    held = {field.json_name: value for field, value in message.ListFields()}
    name = message.DESCRIPTOR.name
    found = [f"{path}.{wanted} is missing" for wanted in REQUIRED.get(name, ()) if wanted not in held]
    for field, value in message.ListFields():
        if field.message_type is None or field.message_type.full_name.startswith("google."):
            continue
        items = enumerate(value) if field.is_repeated else [(None, value)]
        for number, item in items:
            if hasattr(item, "DESCRIPTOR"):
                place = field.json_name if number is None else f"{field.json_name}[{number}]"
                found += _missing(item, f"{path}.{place}")
    return found


def summary(export: Export) -> pd.DataFrame:
    """What stands in a packet, one row an identifier: `element`, `code`, `label`."""
    rows = []
    for element in ("diseases", "phenotypicFeatures", "medicalActions"):
        for item in export.content.get(element, []):
            first = codes(item)[0]
            rows.append((element, first, _label(item, first)))
    return pd.DataFrame(rows, columns=["element", "code", "label"])


def _label(item, code: str) -> str:
    if isinstance(item, dict):
        if item.get("id") == code and "label" in item:
            return item["label"]
        return next((found for value in item.values() if (found := _label(value, code))), "")
    return next((found for value in item if (found := _label(value, code))), "") if isinstance(item, list) else ""
