"""The format of case files: its JSON schema, made from the descriptor of the tables, and how a file is written."""

from __future__ import annotations

import json
from collections.abc import Mapping

from casebook import data
from casebook.exchange import _refused
from casebook.exchange.case_files import BY_DEFAULT, FORMAT, TABLES, VERSION

PUBLISHED = {"min_days": "min_published", "max_days": "max_published", "age_years": "age"}


def case_file_of(book, *case_ids: str) -> str:
    """Some cases of a book as the text of a case file: what `read_case_file` reads.

    Parameters
    ----------
    book : Casebook
    *case_ids : str
        All cases, if none is named.

    Returns
    -------
    str
        JSON, with the columns that hold something, and a line for each row.
    """
    chosen = data.select(book, *(case_ids or book.cases["case_id"]))
    parts = [f'"format": "{FORMAT}"', f'"version": {VERSION}']
    for name in (name for name in TABLES if hasattr(book, name)):
        table = getattr(chosen, name)
        table = table[table["case_id"].isin(chosen.cases["case_id"])]
        lines = [_written(row) for row in table.astype(object).where(table.notna(), None).to_dict("records")]
        parts.append(f'"{name}": [' + ",".join(f"\n    {line}" for line in lines) + ("\n  ]" if lines else "]"))
    return "{\n  " + ",\n  ".join(parts) + "\n}\n"


def _written(row: Mapping[str, object]) -> str:
    """One row; a time as it was published, and whole numbers without a point."""
    cells = {}
    for column, value in row.items():
        if value is None or column in PUBLISHED.values():
            continue
        value = row.get(PUBLISHED.get(column)) or value
        cells[column] = int(value) if isinstance(value, float) and value.is_integer() else value
    return json.dumps(cells, ensure_ascii=False)


def case_file_schema(descriptor: object) -> dict:
    """The JSON schema of case files, made from the descriptor of the tables.

    Parameters
    ----------
    descriptor : object
        What `datapackage.json` holds.

    Returns
    -------
    dict
        Of draft 2020-12. `casebook:refused` has what no cell may hold: patterns, what was expected, how to mend.
    """
    tables = [table for table in data.tables(descriptor) if table.name in TABLES]
    rows = {table.name: {"type": "array", "items": {"$ref": f"#/$defs/{table.name}"}} for table in tables}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Case file",
        "description": (
            "What somebody knows of some patients: rows of the tables of the book, blank cells left out. Keys between "
            "rows, and what a basis needs beside it, are checked by python -m casebook place FILE."
        ),
        "type": "object",
        "required": ["format", "version", "cases", "events", "bounds"],
        "additionalProperties": False,
        "properties": {"format": {"const": FORMAT}, "version": {"const": VERSION}, **rows},
        "$defs": {table.name: _object(table) for table in tables},
        "casebook:refused": [
            {"pattern": pattern, "expected": wanted, "mend": mend} for pattern, wanted, mend in _refused.REFUSED
        ],
        "casebook:about": {"pattern": _refused.ABOUT, "mend": _refused.LIMITS_INSTEAD},
    }


def _object(table) -> dict:
    needed = [field.name for field in table.fields if field.required and field.name not in BY_DEFAULT]
    return {
        "type": "object",
        "required": needed,
        "additionalProperties": False,
        "properties": {field.name: _property(field) for field in table.fields},
    }


def _property(field) -> dict:
    """What a cell may hold; a blank one may be null, or an empty text."""
    about = {"title": field.title, "description": field.description}
    text: dict = {"type": "string"}
    if field.pattern:
        text["pattern"] = rf"^(?:{field.pattern})?$"
    if field.enum:
        return about | {"enum": [*field.enum, "", None]}
    if field.type == "boolean":
        return about | {"enum": [True, False, "true", "false", "", None]}
    limits = {"minimum": field.minimum, "maximum": field.maximum}
    number = {"type": "number"} | {name: limit for name, limit in limits.items() if limit is not None}
    types = [number, text] if field.duration or field.type in ("number", "integer") else [text]
    if field.required and field.name not in BY_DEFAULT:
        return about | types[0] | ({"minLength": 1} if types[0]["type"] == "string" else {})
    return about | {"anyOf": [*types, {"type": "null"}]}
