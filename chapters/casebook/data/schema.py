"""What the tables may hold: `datapackage.json`, a Frictionless Tabular Data Package, as frozen records.

Two properties are ours. `casebook:duration` ("days" or "years") makes a text column a length of
time, which may be given with a unit of its own; `casebook:published` names the column that keeps
it as it was published.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from keyword import iskeyword
from pathlib import PurePath

from casebook.words import DAYS_IN, listed

DTYPES = {"string": "str", "integer": "Int64", "number": "float64", "boolean": "bool"}
TYPE_WORDS = {
    "string": "text",
    "integer": "a whole number such as 4",
    "number": "a number such as 14 or 0.5",
    "boolean": "true or false",
}
CORE = ("cases", "events", "bounds", "kinds", "lanes", "basis_words")  # what every book has
BESIDE = ("sources", "dictionary")  # what a record has beside its tables
CONSTRAINTS = {"required", "enum", "pattern", "minimum", "maximum"}


@dataclass(frozen=True)
class Field:
    """A column: `type` is one of `DTYPES`; `duration` is the unit of a length of time, or ""."""

    name: str
    type: str
    title: str
    description: str
    required: bool
    enum: tuple[str, ...]
    pattern: str
    minimum: float | None
    maximum: float | None
    true: tuple[str, ...]
    false: tuple[str, ...]
    duration: str
    published: str

    @property
    def dtype(self) -> str:
        """The type of the loaded column; a length of time is a number."""
        return DTYPES["number" if self.duration else self.type]

    @property
    def kind(self) -> str:
        """The type as a reader of the dictionary should know it."""
        return f"time in {self.duration}s" if self.duration else self.type

    @property
    def constrained(self) -> bool:
        """Whether more is asked of a cell than its type."""
        asked = self.required, self.enum, self.pattern, self.duration, self.minimum is not None
        return any(asked) or self.maximum is not None


@dataclass(frozen=True)
class ForeignKey:
    """The cells of `columns` stand together in the `target_columns` of the table `target`."""

    columns: tuple[str, ...]
    target: str
    target_columns: tuple[str, ...]


@dataclass(frozen=True)
class Table:
    """A table: its file, its columns and its keys."""

    name: str
    path: str
    fields: tuple[Field, ...]
    primary_key: tuple[str, ...]
    foreign_keys: tuple[ForeignKey, ...]


def expected(field: Field) -> str:
    """Say in words what a cell of the column should hold."""
    if field.enum:
        return f"one of {', '.join(field.enum)}"
    if field.name == "wording":
        return "six words at most"
    parts = [TYPE_WORDS[field.type]]
    if field.duration:
        units = listed((f"{unit}s" for unit in DAYS_IN), "or")
        parts = [f'{TYPE_WORDS["number"]} ({field.duration}s) or one with its unit ({units}) such as "2 months"']
    if field.required:
        parts.append("not blank")
    if field.minimum is not None:
        parts.append(f"at least {field.minimum}")
    if field.maximum is not None:
        parts.append(f"at most {field.maximum}")
    if field.pattern and not field.duration:
        parts.append(f"of the form {field.pattern}")
    return ", ".join(parts)


def tables(descriptor: object) -> tuple[Table, ...]:
    """Read a descriptor.

    Parameters
    ----------
    descriptor : object
        What `datapackage.json` holds.

    Returns
    -------
    tuple of Table
        In the order of the descriptor.

    Raises
    ------
    ValueError
        If it is no data package, or asks for something that is not checked here.
    """
    found = tuple(_table(resource) for resource in _take(descriptor, "resources", list, "the package"))
    columns: dict[str, set[str]] = {}
    for table in found:
        if not table.name.isidentifier() or iskeyword(table.name) or table.name in (*BESIDE, *columns):
            wanted = f"is no name of its own in letters, digits and underscores, other than {listed(BESIDE)}"
            raise ValueError(f"a table is called {table.name!r}, which {wanted}")
        columns[table.name] = {field.name for field in table.fields}
    for table in found:
        used = [(table.name, table.primary_key)]
        for key in table.foreign_keys:
            used += [(table.name, key.columns), (key.target, key.target_columns)]
        for name, wanted in used:
            if name not in columns:
                mend = "describe it, as every book does" if name in CORE else "describe it, or take the key out"
                raise ValueError(f"a key of {table.name} leads to {name}, which is not among the tables: {mend}")
            if not set(wanted) <= columns[name]:
                raise ValueError(
                    f"a key of {table.name} needs {' and '.join(wanted)} in {name}, which has no such column"
                )
    return found


def _take(thing: object, key: str, kind: type, where: str):
    value = thing.get(key) if isinstance(thing, dict) else None
    if not isinstance(value, kind) or not value:
        raise ValueError(f"{where} has no {key}")
    return value


def _table(resource: object) -> Table:
    name = _take(resource, "name", str, "a resource")
    path, schema = _take(resource, "path", str, name), _take(resource, "schema", dict, name)
    if PurePath(path).name != path:
        raise ValueError(f"the path of {name} is no file beside the descriptor: {path}")
    if schema.get("missingValues", [""]) != [""]:
        raise ValueError(f"only a blank cell may be missing, but {name} has missingValues")
    fields = tuple(_field(field, name) for field in _take(schema, "fields", list, name))
    keys = tuple(_foreign_key(key, name) for key in schema.get("foreignKeys", ()))
    return Table(name, path, fields, _names(schema.get("primaryKey", ())), keys)


def _names(value: str | list[str]) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else tuple(value)


def _foreign_key(key: object, table: str) -> ForeignKey:
    reference = _take(key, "reference", dict, f"a foreign key of {table}")
    target = reference.get("resource") or table  # a blank name is the table itself
    columns = _take(key, "fields", (str, list), f"a foreign key of {table}")
    return ForeignKey(_names(columns), target, _names(_take(reference, "fields", (str, list), f"a key of {table}")))


def _field(field: object, table: str) -> Field:
    name = _take(field, "name", str, f"a field of {table}")
    where = f"{table}.{name}"
    kind, limits = _take(field, "type", str, where), field.get("constraints", {})
    if kind not in DTYPES:
        raise ValueError(f"{where} is of type {kind}, which is none of {', '.join(DTYPES)}")
    if set(limits) - CONSTRAINTS:
        raise ValueError(f"{where} is constrained by {', '.join(sorted(set(limits) - CONSTRAINTS))}: not checked here")
    if kind == "boolean" and not limits.get("required"):
        raise ValueError(f"{where} must be required: a truth value cannot be missing")
    try:
        re.compile(limits.get("pattern", ""))
    except re.error as error:
        raise ValueError(f"the pattern of {where} cannot be used: {error}") from None
    unit = field.get("casebook:duration", "").removesuffix("s")
    if unit not in ("", "day", "year") or (unit and kind != "string"):
        raise ValueError(f"casebook:duration of {where} must be days or years, and its type string")
    return Field(
        name=name,
        type=kind,
        title=field.get("title", ""),
        description=field.get("description", ""),
        required=bool(limits.get("required")),
        enum=tuple(limits.get("enum", ())),
        pattern=limits.get("pattern", ""),
        minimum=limits.get("minimum"),
        maximum=limits.get("maximum"),
        true=tuple(field.get("trueValues", ("true", "True", "TRUE", "1"))),  # as the standard has it
        false=tuple(field.get("falseValues", ("false", "False", "FALSE", "0"))),
        duration=unit,
        published=field.get("casebook:published", ""),
    )
