"""What leaves the book for other programs: which patients and events, under which identifiers, and what stays.

What both formats share (`phenopacket`, `bundle`). Which kind of event stands where, and under whose
identifier, is data: the table `codings`.
"""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from casebook import data, timeline, words

# The vocabularies of the columns of `concepts`, as each format names them; neither belongs to an article.
NAMESPACES = {
    "MONDO": ("mondo", "Mondo Disease Ontology", "http://purl.obolibrary.org/obo/mondo.owl"),
    "MESH": ("mesh", "Medical Subject Headings", "https://id.nlm.nih.gov/mesh/"),
    "NCIT": ("ncit", "NCI Thesaurus", "http://purl.obolibrary.org/obo/ncit.owl"),
    "HP": ("hp", "Human Phenotype Ontology", "http://purl.obolibrary.org/obo/hp.owl"),
    "ECO": ("eco", "Evidence and Conclusion Ontology", "http://purl.obolibrary.org/obo/eco.owl"),
    "NCBITaxon": ("ncbitaxon", "NCBI organismal classification", "http://purl.obolibrary.org/obo/ncbitaxon.owl"),
}
# Columns of `cases` that say what a row is and where it was read, and nothing of the patient.
OF_THE_ROW = frozenset(
    {"case_id", "label", "role", "basis", "definition_id", "reason", "source_id", "sentence_id", "locator", "wording"}
    | {"read_in", "consent", "follow_up", "follow_up_unit", "follow_up_is", "absent_kinds"}
)
WHY_NOT = {"age": "it is not said when the patient had this age", "did_not_occur": "words without identifiers"}
NOT_HELD = ("case_id", "event_id", "what", "value", "why")


@dataclass(frozen=True)
class Export:
    """One patient in one format.

    Attributes
    ----------
    case_id : str
    content : dict
        What is written as JSON.
    not_held : DataFrame
        What of the patient's rows the format could not hold, one row a fact: `case_id`, `event_id` (blank
        for what is said of the whole patient), `what`, `value`, `why`.
    """

    case_id: str
    content: dict
    not_held: pd.DataFrame


@dataclass(frozen=True)
class Patient:
    """What is exported of one patient.

    Attributes
    ----------
    case : Series
        The row of `cases`.
    events : DataFrame
        The patient's events in their order, with `event_id` as index: the columns of `events`, of `codings`
        (`element`, `resource`, `relation`), the identifier (`code`, `code_label`) where there is one, and
        what is known of the time (`position`, `position_basis`, `if_defined_as`, `near`, `near_min`,
        `near_max`, `since`, `until`).
    diagnosis : tuple of str or None
        The identifier and the label of the diagnosis.
    reference : str
        The DOI of the patient's source, or its key in the bibliography, or blank.
    """

    case: pd.Series
    events: pd.DataFrame
    diagnosis: tuple[str, str] | None
    reference: str


def identifiers(book) -> pd.DataFrame:
    """Every identifier that an export may use.

    Returns
    -------
    DataFrame
        One row an identifier: `concept_id`, `system` (the column of `concepts`), `code` (with its prefix),
        `label`.
    """
    concepts = book.concepts.rename(columns={"preferred_label": "label"})
    systems = ["mondo", "mesh", "ncit", "hpo", "other"]
    long = concepts.melt(["concept_id", "label"], systems, "system", "code").dropna(subset="code", ignore_index=True)
    return long.assign(code=long["code"].where(long["system"] != "mesh", "MESH:" + long["code"]))


def coded(book) -> pd.DataFrame:
    """The rows of `codings` with the identifier of each, where it has one: `code`, `code_label`."""
    known = identifiers(book).rename(columns={"label": "code_label"})
    return book.codings.merge(known, how="left", on=["concept_id", "system"])


def term(book, element: str) -> dict:
    """The identifier and the label that stand in one element of every phenopacket, such as `time`.

    Raises
    ------
    KeyError
        If `codings` has no row with an identifier for it.
    """
    rows = coded(book)
    rows = rows[(rows["element"] == element) & rows["code"].notna() & rows["kind"].isna()]
    if rows.empty:
        raise KeyError(
            f"codings has no identifier for the element {element!r}: add a row with a concept and its column"
        )
    return {"id": rows["code"].iloc[0], "label": rows["code_label"].iloc[0]}


def exported(book) -> list[str]:
    """Ids of the patients who have an event: what of it a format cannot hold is named beside the export."""
    return [case_id for case_id in book.cases["case_id"] if case_id in set(book.events["case_id"])]


def patient(book, case_id: str) -> Patient:
    """One patient with identifiers and times.

    Raises
    ------
    KeyError
        If the book has no such patient.
    ValueError
        If the author reports the patient, and does not say where, or how consent was given.
    """
    one = data.select(book, case_id)
    case = one.cases.iloc[0]
    if lacks := [column for column in ("center", "consent") if case["role"] == "own" and pd.isna(case.get(column))]:
        raise ValueError(
            f"{case_id}: an own patient leaves the book with {words.listed(lacks)} alone; fill it in cases"
        )
    anchor = book.kinds.dropna(subset="anchor").sort_values("anchor")["kind"].iloc[0]
    told = timeline.course(one, anchor)
    rows = coded(book).dropna(subset="kind").drop_duplicates("kind")
    rows = rows[["kind", "element", "resource", "relation", "code", "code_label"]]
    columns = ["position", "position_basis", "if_defined_as", "near", "near_min", "near_max", "since", "until"]
    time = told.windows.set_index("event_id")[columns]
    events = told.events.merge(rows, how="left", on="kind").set_index("event_id", drop=False).join(time)
    known = identifiers(book)
    concept = book.concepts.loc[book.concepts["abbreviation"].eq(case["diagnosis"]), "concept_id"]
    found = known[known["concept_id"].isin(concept) & known["system"].isin(["ncit", "mondo"])].sort_values("system")
    source = book.sources.set_index("source_id")
    reference = "" if pd.isna(case["source_id"]) else case["source_id"]
    if reference in source.index and source.loc[reference, "doi"]:
        reference = f"DOI:{source.loc[reference, 'doi']}"
    diagnosis = None if found.empty else (found["code"].iloc[-1], found["label"].iloc[-1])
    return Patient(case, events, diagnosis, reference)


def reported(one: Patient) -> str | None:
    """What an export says of a patient who has no source: that nobody has it, or that the author reports it."""
    if one.case["role"] == "made-up":
        return "A made-up patient: nobody's data."
    if one.case["role"] == "own":
        return f"{words.sentence(words.REPORTED)}: {words.own_source(one.case['center'])}. {one.case['consent']}"
    return None


def left(case_id: str, rows: list[tuple]) -> pd.DataFrame:
    """The table of what a format could not hold, from `(event_id, what, value, why)`."""
    return pd.DataFrame([(case_id, *row) for row in rows], columns=list(NOT_HELD), dtype="str")


def of_patient(one: Patient, held: frozenset[str]) -> list[tuple]:
    """What is said of the whole patient and has no place in a format.

    Parameters
    ----------
    one : Patient
    held : frozenset of str
        The columns of `cases` that the format holds.
    """
    found = [
        ("", column.replace("_", " "), value, WHY_NOT.get(column, "no element"))
        for column, value in one.case.items()
        if column not in held | OF_THE_ROW and isinstance(value, str) and value
    ]
    if pd.notna(one.case["follow_up"]) and "follow_up" not in held:
        said = f"{one.case['follow_up_is']} {words.number(one.case['follow_up'])} {one.case['follow_up_unit']}"
        found.append(("", "follow up", said, "it is not said what it counts from"))
    return found


def placed(event) -> str:
    """Where an event lies in words, with what that rests on: "0 to 14 days after transplantation (defined: …)"."""
    if not isinstance(event.position_basis, str):
        return event.position
    terms = f": {event.if_defined_as}" if event.if_defined_as else ""
    return f"{event.position} ({event.position_basis}{terms})"
