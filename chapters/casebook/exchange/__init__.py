"""Patients for other programs, out and in.

`packages` says who goes out, under which identifiers; `phenopacket` and `fhir` write; `incoming` reads a phenopacket;
`crosswalk` shows one fact in every format.
"""

from casebook.exchange import crosswalk, fhir, incoming, packages, phenopacket

__all__ = ["crosswalk", "fhir", "incoming", "packages", "phenopacket"]
