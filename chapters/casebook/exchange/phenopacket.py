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
from collections.abc import Iterator

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
    features, actions, named, lost = [], [], False, packages.of_patient(one, HELD)
    for event in one.events.itertuples():
        lost += _beside(event)
        coded, which = isinstance(event.code, str), (event.event_id, event.kind_name, event.label)
        code = {"id": event.code, "label": event.code_label}
        if isinstance(event.ends, str):
            why = f"the end of {event.ends} has no time that the format holds"
            lost.append((event.event_id, "end", event.label, why))
        elif event.tells_of != event.event_id:
            lost.append((*which, f"a later grade of {event.tells_of}: the format would count it as another"))
        elif event.element == "disease" and one.diagnosis and not named:
            named = True  # the diagnosis of the patient, which has its element below
        elif event.element in ("vitalStatus", "timeAtLastEncounter"):
            pass  # they stand in the subject
        elif coded and event.element == "phenotypicFeature":
            features.append({"type": code, "onset": unknown, **_evidence(book, one, event)})
        elif coded and event.element in ("procedure", "therapeuticRegimen"):
            actions.append(_action(event, code, unknown, one.diagnosis))
        else:
            lost.append((*which, _why_out(event)))
    if not one.diagnosis and isinstance(one.case["diagnosis"], str):
        lost.append(("", "diagnosis", one.case["diagnosis"], "no identifier among the concepts"))
    content = {"id": f"{case_id}.phenopacket", "subject": _subject(book, one, unknown)}
    content |= {"phenotypicFeatures": features} if features else {}
    if one.diagnosis:
        disease = _term(one.diagnosis)
        known = {"id": f"{case_id}.diagnosis", "progressStatus": "COMPLETED", "diagnosis": {"disease": disease}}
        content |= {"interpretations": [known], "diseases": [{"term": disease, "onset": unknown}]}
    content |= {"medicalActions": actions} if actions else {}
    content["metaData"] = _about(content, one, created)
    return Export(case_id, content, packages.left(case_id, lost))


def _term(named: tuple[str, str]) -> dict:
    """An identifier and its label as the format has them."""
    return dict(zip(("id", "label"), named))


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
    return action | ({} if diagnosis is None else {"treatmentTarget": _term(diagnosis)})


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
        rows.append(("place in time", packages.placed(event), "the format has ages and dates only"))
    if isinstance(event.grade, str):
        rows.append(("grade", event.grade, "a severity needs an identifier, and a grade needs its scale"))
    if event.basis != "stated":
        rows.append(("basis", event.basis, "the evidence code is for what authors state"))
    if event.relation == "broad":
        rows.append(("name", event.label, f"the identifier is broader: {event.code_label}"))
    elif isinstance(event.code, str) and event.label.casefold() != event.code_label.casefold():
        rows.append(("name", event.label, f"the identifier's own label stands: {event.code_label}"))
    return [(event.event_id, *row) for row in rows]


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


def terms(content) -> Iterator[dict]:
    """Every term of an ontology in a packet, `id` and `label`, in its order."""
    if isinstance(content, dict):
        if set(content) == {"id", "label"}:
            yield content
        content = list(content.values())
    for item in content if isinstance(content, list) else []:
        yield from terms(item)


def codes(content) -> list[str]:
    """Every identifier of an ontology in a packet, in its order."""
    return [term["id"] for term in terms(content)]


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
    lost = "a round trip through a message changes it: a value that is 0, empty or unknown is left out instead"
    found = [lost] * (MessageToDict(again) != content) + _missing(message)
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
    elements = ("diseases", "phenotypicFeatures", "medicalActions")
    items = [(element, item) for element in elements for item in export.content.get(element, [])]
    rows = [(element, *next(terms(item)).values()) for element, item in items]
    return pd.DataFrame(rows, columns=["element", "code", "label"])
