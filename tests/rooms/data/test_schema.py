"""The descriptor is a Frictionless data package, and nothing that it asks for goes unchecked."""

import json

import pytest
from casebook.data import schema
from conftest import PROJECT
from frictionless import Package, validate


def descriptor(field=None, **table):
    """A package of one table, `people`, with one column more."""
    fields = [{"name": "person", "type": "string"}, field or {"name": "age", "type": "integer"}]
    return {"resources": [{"name": "people", "path": "people.csv", "schema": {"fields": fields, **table}}]}


def table(name):
    return descriptor()["resources"][0] | {"name": name}


def read(field=None, **table):
    return schema.tables(descriptor(field, **table))[0]


def test_the_data_are_a_valid_tabular_data_package():
    report = validate(str(PROJECT / "data" / "datapackage.json"))
    assert report.valid, report.to_summary()


def test_columns_and_keys_are_read_as_frictionless_reads_them():
    """An independent reader of the same file finds the same tables, types and keys."""
    path = PROJECT / "data" / "datapackage.json"
    theirs = Package(str(path))
    for ours in schema.tables(json.loads(path.read_text(encoding="utf-8"))):
        their = theirs.get_resource(ours.name).schema
        assert [(field.name, field.type) for field in ours.fields] == [(f.name, f.type) for f in their.fields]
        for field in ours.fields:
            limits = their.get_field(field.name).constraints
            assert field.required == limits.get("required", False)
            assert (list(field.enum), field.pattern) == (limits.get("enum", []), limits.get("pattern", ""))
            assert (field.minimum, field.maximum) == (limits.get("minimum"), limits.get("maximum"))
        assert list(ours.primary_key) == their.primary_key
        keys = [(list(k.columns), k.target, list(k.target_columns)) for k in ours.foreign_keys]
        refer = [(key["fields"], key["reference"]) for key in their.foreign_keys]
        assert keys == [(columns, to["resource"] or ours.name, to["fields"]) for columns, to in refer]


def test_truth_values_are_those_of_the_standard():
    """Frictionless: true, True, TRUE, 1. A spreadsheet writes TRUE; no column of the book may forbid it."""
    package = json.loads((PROJECT / "data" / "datapackage.json").read_text(encoding="utf-8"))
    fields = [field for table in schema.tables(package) for field in table.fields if field.type == "boolean"]
    assert fields
    for field in fields:
        assert {"true", "True", "TRUE", "1"} <= set(field.true)
        assert {"false", "False", "FALSE", "0"} <= set(field.false)


@pytest.mark.parametrize(
    ("package", "words"),
    [
        ([], "the package has no resources"),
        ({}, "the package has no resources"),
        ({"resources": ["people"]}, "a resource has no name"),
        ({"resources": [{"name": "people", "path": "people.csv"}]}, "people has no schema"),
        (
            {"resources": [{"name": "people", "path": "../people.csv", "schema": {"fields": []}}]},
            "beside the descriptor",
        ),
        (descriptor({"type": "string"}), "a field of people has no name"),
        (descriptor({"name": "born", "type": "date"}), "people.born is of type date"),
        (descriptor({"name": "age", "type": "integer", "constraints": {"unique": True}}), "unique: not checked here"),
        (descriptor({"name": "age", "type": "string", "constraints": {"pattern": "["}}), "the pattern of people.age"),
        (descriptor({"name": "ill", "type": "boolean"}), "people.ill must be required"),
        (
            descriptor({"name": "age", "type": "number", "casebook:duration": "years"}),
            "casebook:duration of people.age",
        ),
        (
            descriptor({"name": "age", "type": "string", "casebook:duration": "moons"}),
            "casebook:duration of people.age",
        ),
        (descriptor(missingValues=["", "NA"]), "people has missingValues"),
        (descriptor(primaryKey=["name"]), "a key of people needs name in people"),
        (
            descriptor(foreignKeys=[{"fields": "person", "reference": {"resource": "pets", "fields": "owner"}}]),
            "a key of people leads to pets, which is not among the tables",
        ),
        (
            descriptor(foreignKeys=[{"fields": "person", "reference": {"resource": "", "fields": "owner"}}]),
            "a key of people needs owner in people, which has no such column",
        ),
        (descriptor(foreignKeys=[{"fields": ["person"]}]), "a foreign key of people has no reference"),
        ({"resources": [table("pe-ople")]}, "a table is called 'pe-ople'"),
        ({"resources": [table("class")]}, "a table is called 'class'"),
        ({"resources": [table("sources")]}, "other than sources and dictionary"),
        ({"resources": [table("people"), table("people")]}, "a table is called 'people'"),
    ],
)
def test_a_descriptor_that_cannot_be_applied_is_refused(package, words):
    with pytest.raises(ValueError, match=words.replace("[", r"\[")):
        schema.tables(package)


def test_a_key_may_be_one_name_and_may_lead_into_its_own_table():
    """Both are in the standard: a key as text, and a blank resource for the table itself."""
    own = {"fields": "age", "reference": {"resource": "", "fields": "person"}}
    table = read(primaryKey="person", foreignKeys=[own])
    assert table.primary_key == ("person",)
    assert table.foreign_keys == (schema.ForeignKey(("age",), "people", ("person",)),)


def test_what_is_expected_is_said_in_words():
    def said(**field):
        return schema.expected(read({"name": "x", **field}).fields[1])

    assert said(type="integer", constraints={"required": True, "minimum": 1}) == (
        "a whole number such as 4, not blank, at least 1"
    )
    assert said(type="number", constraints={"maximum": 100}) == "a number such as 14 or 0.5, at most 100"
    assert said(type="string", constraints={"enum": ["a", "b"]}) == "one of a, b"
    assert said(type="string", constraints={"pattern": "[a-z]"}) == "text, of the form [a-z]"
    for unit in ("days", "weeks", "months", "years"):
        assert unit in said(**{"type": "string", "casebook:duration": "days"})
