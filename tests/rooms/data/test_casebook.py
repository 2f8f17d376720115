"""The record holds what the descriptor describes, and cannot be changed."""

import dataclasses
import json

import pytest
from casebook.data import Casebook
from conftest import PROJECT
from made_up import live


def test_every_table_of_the_descriptor_is_an_attribute_and_nothing_else_but_sources_and_dictionary():
    described = json.loads((PROJECT / "data" / "datapackage.json").read_text(encoding="utf-8"))
    tables = {resource["name"] for resource in described["resources"]}
    assert {field.name for field in dataclasses.fields(Casebook)} == tables | {"sources", "dictionary"}


def test_a_table_cannot_be_put_in_the_place_of_another():
    with pytest.raises(dataclasses.FrozenInstanceError):
        live().cases = None
