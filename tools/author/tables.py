"""The tables of a new book: those that every book has, the vocabulary that it needs, and the rows of its patients.

What the engine brings (`template/data`) comes first; of the vocabulary of the book that makes the new one only what
its patients or its options name goes along.
"""

from __future__ import annotations

import csv
import io
import json
import re
from dataclasses import dataclass, field
from pathlib import Path

TEMPLATE = Path(__file__).parent / "template"
# The tables that every new book has, in their order; those of the vocabulary are filled, the others wait for patients.
TABLES = (
    *("record", "cases", "events", "bounds", "rival_bounds", "measurements", "gaps", "topics", "definitions"),
    *("lanes", "kinds", "looks", "basis_words", "traits", "analytes", "concepts", "codings"),
)
OF_ROOM = {"codings": "exchange", "concepts": "exchange"}  # the tables that one room alone reads
OF_CASES = ("cases", "events", "bounds", "gaps", "measurements")  # what a case file holds
# What is asked of each patient from the beginning, and the cell that fills it.
ASKED = {"age": "age_years", "sex": "sex", "vital-status": "vital_status", "follow-up": "follow_up"}
OWN = "other"  # the kind of an event that has its own words
DEMO = TEMPLATE / "demo.json"

Rows = list[dict[str, str]]


@dataclass
class Tables:
    """The rows of the tables of a book by their names, all cells as text; and what is wrong with what was asked for."""

    rows: dict[str, Rows] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)

    def having(self, table: str, column: str) -> list[str]:
        """The values of a column, each once, in their order; blank ones left out."""
        return [one for one in dict.fromkeys(row.get(column, "") for row in self.rows.get(table, [])) if one]


def read(path: Path) -> Rows:
    """The rows of a table as they stand in its file; none where there is no file."""
    if not path.exists():
        return []
    with path.open(newline="", encoding="utf-8-sig") as file:
        return list(csv.DictReader(file))


def name_of(label: str, known: set[str], begins: str = "own") -> str:
    """A name that a table can have for words of an author: letters, digits and underscores, none of `known`."""
    plain = re.sub(r"[^a-z0-9]+", "_", label.lower()).strip("_") if label.isascii() else ""
    found = plain or begins
    return next(name for name in (found, *(f"{found}_{n}" for n in range(2, 1000))) if name not in known)


def made(source: Path, given: dict[str, Rows], anchors: list[str], lanes: list[str]) -> Tables:
    """The tables of a book of some patients.

    Parameters
    ----------
    source : Path
        The data package of the book that makes the new one; only its vocabulary is used.
    given : dict of str to list of dict
        Rows of `OF_CASES`, as a case file has them.
    anchors : list of str
        The kinds of events that days are counted from, or labels of events in the author's own words.
    lanes : list of str
        The lanes that are asked of each patient, as `lane` or `lane=title`.

    Returns
    -------
    Tables
    """
    base = TEMPLATE / "data"
    found = Tables({name: [dict(row) for row in given.get(name, [])] for name in OF_CASES})
    for name in ("basis_words", "looks", "topics"):
        found.rows[name] = read(base / f"{name}.csv")
    vocabulary = {name: read(source / f"{name}.csv") for name in TABLES}
    kinds = {row["kind"]: row for row in [*vocabulary["kinds"], *read(base / "kinds.csv")]}
    drawn = {row["lane"]: row for row in _ranked(vocabulary["lanes"], read(base / "lanes.csv"))}
    _kinds(found, kinds, anchors, [row["kind"] for row in read(base / "kinds.csv")])
    _lanes(found, drawn, lanes)
    _looks(found, vocabulary["looks"])
    _definitions(found, vocabulary)
    _gaps(found, vocabulary["topics"])
    _codings(found, vocabulary)
    used = found.having("measurements", "analyte")
    found.rows["analytes"] = [row for row in vocabulary["analytes"] if row["analyte"] in used]
    return found


def _ranked(theirs: Rows, ours: Rows) -> Rows:
    """Lanes in their order: what the engine brings stands around those of a book."""
    known = {row["lane"] for row in ours}
    others = [row | {"rank": str(int(row["rank"]) + 10)} for row in theirs if row["lane"] not in known]
    return sorted([*ours, *others], key=lambda row: int(row["rank"]))


def _kinds(found: Tables, known: dict[str, dict], anchors: list[str], always: list[str]) -> None:
    """The kinds that the patients have and those that days are counted from; an author's own words become a kind."""
    events = found.rows["events"]
    own = {row["label"]: row for row in events if row["kind"] == OWN}
    named = {one: one for one in anchors if one in known}
    for label in dict.fromkeys([*anchors, *(one for one, row in own.items() if row.get("index_event") == "true")]):
        if label in own and label not in known:
            name = name_of(label, set(known))
            lane = own[label].get("lane") or "disease"
            known[name] = dict.fromkeys(known[OWN], "") | {"kind": name, "name": label, "said": f"the {label}"}
            known[name] |= {"lane": lane, "verb": "took place", "judgment": "false"}
            named[label] = name
            for row in events:
                if row["kind"] == OWN and row["label"] == label:
                    row["kind"], row["lane"] = name, ""
        elif label not in known:
            wanted = f"a kind of event ({', '.join(known)}), or the label of an event of the case file"
            found.problems.append(f"--anchors {label}: expected {wanted}; correct the name")
    happened = {row["kind"] for row in events}
    ranked = sorted((row["anchor"], kind) for kind, row in known.items() if row["anchor"] and kind in happened)
    first = [named[one] for one in anchors if one in named] or [kind for _, kind in ranked]
    first += [kind for kind in named.values() if kind not in first]
    first = first or list(dict.fromkeys(row["kind"] for row in events if row.get("index_event") == "true"))
    kept = [kind for kind in known if kind in {*always, *happened, *first}]
    kept += [row["kind_of"] for row in (known[kind] for kind in kept) if row["kind_of"] and row["kind_of"] not in kept]
    rank = {kind: str(place) for place, kind in enumerate(first, start=1)}
    found.rows["kinds"] = [known[kind] | {"anchor": rank.get(kind, "")} for kind in dict.fromkeys(kept)]


def _lanes(found: Tables, known: dict[str, dict], asked: list[str]) -> None:
    """The lanes of the kinds; asked for are those that were named, else those in which something lies."""
    titles = dict(one.partition("=")[::2] for one in asked)
    for lane, title in titles.items():
        if title:
            known[lane] = known.get(lane, {"lane": lane, "rank": str(len(known) + 100)}) | {"title": title}
        elif lane not in known:
            wanted = f"one of {', '.join(known)}, or a lane of your own as name=title"
            found.problems.append(f"--lanes {lane}: expected {wanted}; correct the name")
    of_kind = {row["kind"]: row["lane"] for row in found.rows["kinds"]}
    lie = {row.get("lane") or of_kind.get(row["kind"], "") for row in found.rows["events"]}
    for lane in sorted(lie - set(known) - {""}):
        found.problems.append(f"events, lane {lane}: expected one of {', '.join(known)}, or a lane named in --lanes")
    order = [*titles, *(lane for lane in known if lane not in titles)]
    kept = [known[lane] for lane in order if lane in {*of_kind.values(), *lie, *titles} and lane in known]
    about = set(titles) or lie or {"disease", "treatment", "outcome"}
    found.rows["lanes"] = [
        row | {"rank": str(place), "asked": "true" if row["lane"] in about else "false"}
        for place, row in enumerate(kept, start=1)
    ]


def _looks(found: Tables, theirs: Rows) -> None:
    """A look for every patient, and one for every sign of a kind."""
    looks, wanted = found.rows["looks"], [*found.having("kinds", "sign"), *found.having("kinds", "sign_again")]
    have = {row["look"] for row in looks}
    more = [row for row in theirs if row["of"] == "sign" and row["look"] in set(wanted) - have]
    signs = sum(row["of"] == "sign" for row in looks)
    looks += [row | {"rank": str(signs + place)} for place, row in enumerate(more, start=1)]
    of_cases = sum(row["of"] == "case" for row in looks)
    if len(found.rows["cases"]) > of_cases:
        found.problems.append(
            f"cases: expected at most {of_cases} patients, whose signs and colors can be told apart, and there are "
            f"{len(found.rows['cases'])}; take the others into a second book, or add rows to looks afterwards"
        )


def _definitions(found: Tables, vocabulary: dict[str, Rows]) -> None:
    """The definitions that rows of the patients rely on, with what relies on them here."""
    for row in vocabulary["definitions"]:
        users = [
            one.get("statement") or one.get("label") or ""
            for table in ("cases", "events", "bounds", "measurements")
            for one in found.rows.get(table, [])
            if one.get("definition_id") == row["definition_id"]
        ]
        if users:
            mine = row | {"relied_on_for": " ".join(dict.fromkeys(users)), "in_record": "true"}
            found.rows.setdefault("definitions", []).append(mine)


def _gaps(found: Tables, theirs: Rows) -> None:
    """What was asked for, with its topics; and what is asked of every patient, where nothing else asks for it."""
    topics, gaps = found.rows["topics"], found.rows["gaps"]
    have, asked = {row["topic"] for row in topics}, {(row["case_id"], row["topic"]) for row in gaps}
    more = [row for row in theirs if row["topic"] in {row["topic"] for row in gaps} - have]
    topics += [row | {"rank": str(len(topics) + place)} for place, row in enumerate(more, start=1)]
    for case in found.rows["cases"]:
        for topic, column in ASKED.items():
            if (case["case_id"], topic) not in asked:
                gap = {"gap_id": f"{case['case_id']}-{topic}", "case_id": case["case_id"], "topic": topic}
                gaps.append(gap | {"fills": f"cases/{case['case_id']}/{column}"})


def _codings(found: Tables, vocabulary: dict[str, Rows]) -> None:
    """The identifiers of the kinds and of the diagnoses, and those that stand in every export."""
    kinds = set(found.having("kinds", "kind"))
    codings = [row for row in vocabulary["codings"] if not row["kind"] or row["kind"] in kinds]
    wanted = {row["concept_id"] for row in codings}
    diagnoses = set(found.having("cases", "diagnosis"))
    found.rows["codings"] = codings
    found.rows["concepts"] = [
        row for row in vocabulary["concepts"] if row["concept_id"] in wanted or row["abbreviation"] in diagnoses - {""}
    ]


# ---------------------------------------------------------------- the data package


def described(package: dict, about: dict, tables: Tables, without: list[str]) -> dict:
    """The descriptor of the new tables: what of the schema they need, under what the new book says of itself.

    Parameters
    ----------
    package : dict
        The descriptor of the book that makes the new one.
    about : dict
        What stands above its tables: `name`, `title` and the like.
    tables : Tables
    without : list of str
        The rooms that the new book leaves out.
    """
    wanted = [name for name in TABLES if OF_ROOM.get(name) not in without]
    by_name = {one["name"]: json.loads(json.dumps(one)) for one in package["resources"]}
    resources = [by_name[name] for name in wanted if name in by_name]
    for one in resources:
        fields = one["schema"]["fields"]
        filled = {name for row in tables.rows.get(one["name"], []) for name, value in row.items() if value}
        # What belongs to one disease goes along only where a patient has it.
        kept = [each for each in fields if not each.get("casebook:own") or each["name"] in filled]
        one["schema"]["fields"] = kept
    kept_keys = {"$schema": package["$schema"], "profile": package["profile"]}
    return kept_keys | about | {"resources": resources}


def written(resource: dict, rows: Rows) -> str:
    """A table as its file has it, with the columns that the descriptor names."""
    names = [one["name"] for one in resource["schema"]["fields"]]
    out = io.StringIO()
    writer = csv.DictWriter(out, names, lineterminator="\n", extrasaction="ignore")
    writer.writeheader()
    required = {one["name"] for one in resource["schema"]["fields"] if one["type"] == "boolean"}
    for row in rows:
        writer.writerow({name: row.get(name) or ("false" if name in required else "") for name in names})
    return out.getvalue()
