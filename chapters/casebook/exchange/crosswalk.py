"""One patient in every format, side by side with the rows of the tables, and back again."""

from __future__ import annotations

import pandas as pd

from casebook import words
from casebook.exchange import fhir, incoming, packages, phenopacket

NOWHERE = "left out"


def side_by_side(book, case_id: str, created: str) -> pd.DataFrame:
    """What each format makes of each event of a patient.

    Parameters
    ----------
    book : Casebook
    case_id : str
    created : str
        The day that the phenopacket is dated to.

    Returns
    -------
    DataFrame
        One row an event: `event` (its label), `basis`, `place` (its place in time in this book), `packet` (where
        a phenopacket holds it, under which identifier), `resource` (the same in FHIR), `time` (how FHIR tells
        its time).
    """
    one = packages.patient(book, case_id)
    packet = phenopacket.phenopacket(book, case_id, created).content
    held = set(phenopacket.codes(packet))
    bundle = fhir.bundle(book, case_id)
    resources = {entry["resource"]["id"]: entry["resource"] for entry in bundle.content["entry"]}
    times = fhir.times(bundle)
    names = one.events["label"].to_dict()
    rows = []
    for event in one.events.itertuples():
        code = one.diagnosis[0] if event.element == "disease" and one.diagnosis else event.code
        in_packet = isinstance(code, str) and code in held and isinstance(event.element, str)
        resource = resources[event.event_id]
        coding = resource["code"].get("coding", [{}])[0].get("code", "as text")
        time = times.get(event.event_id, "no time: it judges the whole course")
        for other, name in names.items():
            time = time.replace(f"{fhir.resource_name(one.events.loc[other])}/{other}", name)
        packed = f"{event.element}: {code}" if in_packet else NOWHERE
        coded = f"{resource['resourceType']}: {coding}"
        rows.append((event.label, event.basis, packages.placed(event), packed, coded, time))
    return pd.DataFrame(rows, columns=["event", "basis", "place", "packet", "resource", "time"])


def not_held(book, case_id: str, created: str) -> pd.DataFrame:
    """What each format could not hold of a patient.

    Returns
    -------
    DataFrame
        One row a fact: `format`, `of` (the event's label, or "the patient"), `what`, `value`, `why`.
    """
    labels = book.events.set_index("event_id")["label"]
    exports = {"phenopacket": phenopacket.phenopacket(book, case_id, created), "FHIR": fhir.bundle(book, case_id)}
    parts = [export.not_held.assign(format=name) for name, export in exports.items()]
    found = pd.concat(parts, ignore_index=True)
    found.insert(0, "of", found["event_id"].map(labels).fillna("the patient"))
    return found[["format", "of", "what", "value", "why"]]


def back(book, case_id: str, created: str) -> pd.DataFrame:
    """What is left of a patient's events after the way into a phenopacket and back.

    Returns
    -------
    DataFrame
        One row an event of the packet: `event` (its label now), `kind` (as it is read), `time` (what is known of
        its time: nothing, unless the packet has ages or dates).
    """
    found = incoming.patient_of(phenopacket.phenopacket(book, case_id, created).content, book)
    kinds = book.kinds.set_index("kind")["name"]
    bounded = set(found.bounds["to_event"]) | set(found.bounds["from_event"])
    events = found.events
    time = events["event_id"].map(lambda name: "from birth or a date" if name in bounded else words.NOT_IN_THE_RECORD)
    return pd.DataFrame({"event": events["label"], "kind": events["kind"].map(kinds), "time": time})
