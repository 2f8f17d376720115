"""Rows of made-up patients, added to a copy of the tables as a person does it in a spreadsheet."""

import csv

MADE_UP = {"basis": "stated", "locator": "made up", "wording": "made up", "read_in": "made up"}
EVENTS = [
    ("infusion", "car_t_infusion", "infusion"),
    ("crs", "crs", "inflammation"),
    ("hsct", "hsct", "transplantation"),
]
ALL_DAYS = [("infusion", "crs", 2, 2), ("infusion", "hsct", 40, 40)]
SOME_DAYS = [("infusion", "crs", 0, 10), ("infusion", "hsct", 0, "")]
CONTRADICTION = [("infusion", "hsct", 40, 40), ("crs", "hsct", 50, ""), ("infusion", "crs", 0, "")]


def append(data, table, rows):
    """Add rows at the end of a table; gives the number of the first, as a spreadsheet counts."""
    path = data / f"{table}.csv"
    with path.open(newline="", encoding="utf-8") as file:
        columns, *before = csv.reader(file)
    with path.open("a", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, columns, lineterminator="\n")
        writer.writerows({column: row.get(column, "") for column in columns} for row in rows)
    return len(before) + 2


def add_patient(data, name, bounds):
    """Add a patient with three events; gives the case's id and the row of its first bound.

    `bounds` are (from, to, least days, most days); their ids are the case's id and their number.
    """
    case_id = f"made-up-{name}"
    case = {
        "case_id": case_id,
        "label": case_id,
        "role": "made-up",
        "diagnosis": "made up",
        "disease_status": "made up",
    }
    append(data, "cases", [{**case, "product_source": "none", **MADE_UP}])
    append(
        data,
        "events",
        [
            {"event_id": f"{case_id}-{event}", "case_id": case_id, "kind": kind, "lane": lane, "label": event}
            | {"index_event": "false" if kind == "crs" else "true"} | MADE_UP
            for event, kind, lane in EVENTS
        ],
    )  # fmt: skip
    row = append(
        data,
        "bounds",
        [
            {"bound_id": f"{case_id}-{number}", "case_id": case_id, "min_days": low, "max_days": high}
            | {"from_event": f"{case_id}-{start}", "to_event": f"{case_id}-{end}", "statement": "Made up."} | MADE_UP
            for number, (start, end, low, high) in enumerate(bounds)
        ],
    )  # fmt: skip
    return case_id, row
