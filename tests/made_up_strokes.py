"""A whole data package of two made-up patients with a stroke and an operation: a dozen tables, most without a row."""

import csv
import json

from conftest import PROJECT

PACKAGE = PROJECT / "data" / "datapackage.json"
MADE_UP = {"basis": "stated", "locator": "made up", "wording": "made up", "read_in": "made up"}
ANN, BEA = "made-up-ann", "made-up-bea"
AGE = {"topic": "age", "group": "patient", "rank": 1, "type": "text", "what": "Age.", "recomputes": "Nothing."}
ROWS = {
    "lanes": [{"lane": "vessel", "rank": 1, "title": "vessels"}, {"lane": "operation", "rank": 2, "title": "surgery"}],
    "kinds": [
        {"kind": "stroke", "name": "stroke", "said": "the stroke", "lane": "vessel", "verb": "began", "anchor": 2},
        {"kind": "surgery", "name": "surgery", "said": "surgery", "lane": "operation", "verb": "was done", "anchor": 1},
    ],
    "looks": [
        {"look": name, "of": "case", "rank": rank, "shape": shape, "sign": sign}
        for name, rank, shape, sign in ((ANN, 1, "circle", "●"), (BEA, 2, "square", "■"))
    ],
    "basis_words": [{"word": "stated", "strength": 1, "meaning": "The source says so."}],
    "cases": [
        {"case_id": name, "label": label, "role": "made-up", "diagnosis": "stroke", "disease_status": "first"} | MADE_UP
        for name, label in ((ANN, "Ann"), (BEA, "Bea"))
    ],
    "events": [
        {"event_id": f"{name}-{kind}", "case_id": name, "kind": kind, "label": kind, "index_event": kind == "surgery"}
        | MADE_UP
        for name in (ANN, BEA)
        for kind in ("stroke", "surgery")
    ],
    "bounds": [
        {"bound_id": f"{ANN}-wait", "case_id": ANN, "from_event": f"{ANN}-stroke", "to_event": f"{ANN}-surgery",
         "min_days": 3, "max_days": 9, "statement": "Surgery came 3 to 9 days after the stroke."} | MADE_UP,
    ],
    "definitions": [], "record": [], "topics": [], "gaps": [], "traits": [],
}  # fmt: skip


def write_strokes(folder, **tables):
    """Write the package into a folder; `tables` give other rows, or None for a table that is not in the descriptor."""
    folder.mkdir()
    (folder / "references.bib").touch()
    package = json.loads(PACKAGE.read_text(encoding="utf-8"))
    wanted = {name: rows for name, rows in (ROWS | tables).items() if rows is not None}
    package["resources"] = [table for table in package["resources"] if table["name"] in wanted]
    for table in package["resources"]:
        blank = {field["name"]: "" for field in table["schema"]["fields"]}
        blank |= {field["name"]: "false" for field in table["schema"]["fields"] if field["type"] == "boolean"}
        with (folder / table["path"]).open("w", encoding="utf-8", newline="") as lines:
            writer = csv.DictWriter(lines, blank, lineterminator="\n")
            writer.writeheader()
            writer.writerows(blank | row for row in wanted[table["name"]])
    (folder / "datapackage.json").write_text(json.dumps(package), encoding="utf-8")
    return folder
