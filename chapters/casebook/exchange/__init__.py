"""Patients for other programs, out and in.

`packages` says who goes out, under which identifiers; `phenopacket` and `fhir` write; `incoming` reads a phenopacket;
`crosswalk` shows one fact in every format. `case_files` reads the book's own format and `case_format` describes it;
`placements` answers such a file, `case_fill` takes it up into the tables, `case_compare` lays two beside each other.
"""

__all__ = [
    "case_compare", "case_files", "case_fill", "case_format", "crosswalk", "fhir", "incoming", "packages",
    "phenopacket", "placements",
]  # fmt: skip
