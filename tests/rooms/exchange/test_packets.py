"""A packet as a tree: what is not read is named, and what is no packet is refused in a sentence."""

import json

import pytest
from casebook.exchange import packets
from casebook.exchange.packets import Part


def left(content, *read):
    root = Part(packets.packet_of(content))
    root.note(*read)
    return {where: what for where, what, _ in root.left()}


def test_whatever_is_not_read_is_left_whole_or_in_parts():
    content = {"a": {"b": 1, "c": {"d": "x", "e": 2}}, "f": [{"g": "y"}, {"h": "z"}], "i": ["p", "q"]}
    assert left(content, ("a", "c", "d"), ("f", 0, "g")) == {"a.b": "1", "a.c.e": "2", "f[1]": "h: z", "i": "p, q"}
    assert left(content, ("a",), ("f",), ("i",)) == {}


def test_defaults_are_no_values_but_a_number_that_was_asked_for_is():
    content = {"sex": "UNKNOWN_SEX", "n": 0, "no": False, "text": " ", "list": [{}, None], "deep": {"x": {"y": ""}}}
    assert left(content) == {}
    root = Part(packets.packet_of({"quantity": {"value": 0}}))
    assert root.part("quantity").take("value", packets.NUMBER) == 0


def test_a_value_of_another_type_is_no_value_and_says_so():
    root = Part({"onset": "P5M", "items": [{"a": 1}, "x"], "flag": True})
    assert not root.part("onset") and [one.where for one in root.parts("items")] == ["items[0]"]
    assert root.get("flag", packets.NUMBER) is None
    reasons = {where: why for where, _, why in root.left()}
    assert {where for where, why in reasons.items() if why == packets.OTHER_TYPE} == {"onset", "items[1]", "flag"}


def test_what_is_long_is_told_by_its_names_first():
    gene = {
        "id": "x" * 400,
        "geneContext": {"symbol": "MADEUP1"},
        "disease": {"id": "X:1", "label": "made-up syndrome"},
    }
    said = packets.shown(gene)
    assert said.startswith("MADEUP1, made-up syndrome: ") and said.endswith("letters in all)")
    assert packets.shown({"id": "X:1", "label": "a\u200b\nb"}) == "a b (X:1)"


def test_keys_of_protobuf_are_those_of_its_json():
    assert packets.packet_of({"phenotypic_features": [{"time_of_death": {"iso8601duration": "P1Y"}}]}) == {
        "phenotypicFeatures": [{"timeOfDeath": {"iso8601duration": "P1Y"}}]
    }


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "Expecting value"),
        (b"no JSON", "Expecting value"),
        (b"\xff\xfe{\x00}\x00", "UTF-8"),
        (b'{"a": NaN}', "NaN is no number"),
        (b'{"a": 1, "a": 2}', "'a' stands twice"),
        (b"[" * 60_000 + b"]" * 60_000, "levels deep"),
        (b'{"a":' * 60_000 + b"1" + b"}" * 60_000, "levels deep"),
        (b'{"a": ' + b"9" * 5_000 + b"}", "digits"),
    ],
    ids=["empty", "no JSON", "UTF-16", "NaN", "a key twice", "lists", "objects", "digits"],
)
def test_a_hostile_file_is_refused_in_one_sentence(content, said, tmp_path):
    (tmp_path / "in.json").write_bytes(content)
    with pytest.raises(ValueError, match=said) as raised:
        packets.read_json(tmp_path / "in.json")
    assert "\n" not in str(raised.value) and "in.json" in str(raised.value)


def test_a_file_that_is_too_large_or_none_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(packets, "LARGEST", 10)
    (tmp_path / "in.json").write_text(json.dumps({"id": "a" * 20}))
    for path, said in (("in.json", "megabytes"), ("nowhere.json", "No such file"), (".", "directory")):
        with pytest.raises(ValueError, match=said):
            packets.read_json(tmp_path / path)
    (tmp_path / "in.json").write_text('\ufeff{"a":1}')
    assert packets.read_json(tmp_path / "in.json") == {"a": 1}


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ({"a": float("inf")}, "is no number"),
        ({"a": "\ud800"}, "half of a character"),
        ({"a_b": 1, "aB": 2}, "'aB' stands twice"),
        ({"a": [[]]}, None),
    ],
)
def test_what_no_table_can_hold_is_refused(content, said):
    if said:
        with pytest.raises(ValueError, match=said):
            packets.packet_of(content)
    else:
        assert packets.packet_of(content) == content
