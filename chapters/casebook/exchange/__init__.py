"""Patients for other programs, out and in.

`packages` says who goes out, under which identifiers; `phenopacket` and `fhir` write; `incoming` reads a phenopacket;
`crosswalk` shows one fact in every format.
"""

from casebook.exchange import crosswalk, fhir, incoming, phenopacket
from casebook.exchange.packages import (
    NAMESPACES,
    NOT_HELD,
    Export,
    coded,
    exported,
    identifiers,
    left,
    of_patient,
    patient,
    placed,
    term,
)

__all__ = [
    "NAMESPACES",
    "NOT_HELD",
    "Export",
    "coded",
    "crosswalk",
    "exported",
    "fhir",
    "identifiers",
    "incoming",
    "left",
    "of_patient",
    "patient",
    "phenopacket",
    "placed",
    "term",
]
