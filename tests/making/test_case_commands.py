"""The commands of `python -m casebook` for case files: what they print, and what they exit with."""

import json

import pytest
from casebook.__main__ import run
from conftest import PROJECT, snapshot

EXAMPLES = PROJECT / "tests" / "case_files"
ONE, TWO = (str(EXAMPLES / name) for name in ("one-made-up.json", "two-made-up-of-another-field.json"))


def changed(path, tmp_path, old, new):
    made = tmp_path / "changed.json"
    text = (EXAMPLES / path).read_text(encoding="utf-8")
    assert old in text
    made.write_text(text.replace(old, new), encoding="utf-8")
    return str(made)


def test_place_says_where_each_event_lies_and_because_of_what(capsys):
    assert run(["place", ONE]) == 0
    out = capsys.readouterr().out
    assert "Rosa, made up (made-up-rosa, made up): day 0 is CAR T cells." in out
    assert "allo-HSCT       day 42\n" in out and "because: Transplantation came 6 weeks after" in out


def test_place_counts_from_what_is_asked_for(capsys):
    assert run(["place", ONE, "--json", "--from", "hsct"]) == 0
    days = {row["event"]: row["earliest"] for row in json.loads(capsys.readouterr().out)["rows"]}
    assert days["made-up-rosa-hsct"] == 0 and days["made-up-rosa-infusion"] == -42
    assert run(["place", ONE, "--from", "nothing"]) == 1
    assert "no event has the kind or the id 'nothing'" in capsys.readouterr().err


def test_place_says_which_day_to_ask_for_first(capsys):
    assert run(["place", TWO]) == 0
    assert (
        "Ask for the day of carotid endarterectomy first: it narrows 2 windows of other events."
        in capsys.readouterr().out
    )


def test_a_contradiction_is_named_by_its_fewest_sentences_and_is_no_success(capsys, tmp_path):
    path = changed(
        "two-made-up-of-another-field.json",
        tmp_path,
        '"min_days": 12, "max_days": 12',
        '"min_days": -2, "max_days": -1',
    )
    assert run(["place", path]) == 1
    out = capsys.readouterr().out
    assert "Paul, made up (made-up-paul, made up): 1 contradiction, so nothing is placed." in out
    assert "Death came 12 days after surgery. (made-up-paul-2)" in out and "day 5 to 9" in out, (
        "Olga is placed all the same"
    )
    assert run(["place", path, "--json"]) == 1
    found = json.loads(capsys.readouterr().out)
    (wrong,) = found["contradictions"]
    assert wrong["case"] == "made-up-paul" and "made-up-paul-2" in wrong["bounds"] and len(wrong["bounds"]) == 2
    assert {row["case"] for row in found["rows"]} == {"made-up-olga"}


def test_a_file_that_is_wrong_is_no_success(capsys, tmp_path):
    assert run(["place", changed("one-made-up.json", tmp_path, '"crs"', '"crss"')]) == 1
    caught = capsys.readouterr()
    assert caught.out == "" and caught.err.startswith("changed.json: 1 problem, and nothing was done:\n")
    assert run(["place", str(tmp_path / "nowhere.json")]) == 1
    assert "expected a file that can be read" in capsys.readouterr().err


def test_compare_exits_by_whether_two_readers_differ(capsys, tmp_path):
    assert run(["compare", ONE, ONE]) == 0
    assert "0 differ." in capsys.readouterr().out
    assert run(["compare", ONE, changed("one-made-up.json", tmp_path, '"6 weeks", "max', '"5 weeks", "max')]) == 1
    assert "'6 weeks' in one-made-up.json, '5 weeks' in changed.json" in capsys.readouterr().out
    assert run(["compare", ONE, str(tmp_path / "nowhere.json")]) == 2


def test_fill_writes_into_the_folder_that_it_is_given(capsys, small_data, tmp_path):
    gap = {"gap_id": "made-up-ben-dose", "case_id": "made-up-ben", "topic": "dose", "value": "made up"}
    file = {"format": "casebook-case", "version": 1, "events": [], "bounds": [], "gaps": [gap]}
    file["cases"] = [{"case_id": "made-up-ben", "label": "Ben", "role": "made-up"}]
    path, before = tmp_path / "file.json", snapshot(small_data)
    path.write_text(json.dumps(file), encoding="utf-8")
    assert run(["fill", str(path), str(small_data)]) == 1
    assert "no place is given" in capsys.readouterr().err and snapshot(small_data) == before
    gap |= {"read_in": "made up", "locator": "Table 1"}
    path.write_text(json.dumps(file), encoding="utf-8")
    assert run(["fill", str(path), str(small_data)]) == 0
    out = capsys.readouterr().out
    assert "gap made-up-ben-dose, column value: made up (Table 1)" in out and "`make refresh`" in out
    assert run([str(small_data)]) == 0, "the folder alone is checked"


def test_without_a_command_the_tables_are_checked(capsys, small_data, tmp_path):
    assert run([str(small_data)]) == run(["check", str(small_data)]) == 0
    assert "3 patients hold together" in capsys.readouterr().out
    assert run([str(tmp_path / "nowhere")]) == 1


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["placee", "x"], "no command and no folder 'placee': is place meant?"),
        (["place"], "the following arguments are required: FILE"),
        (["compare", "x"], "the following arguments are required: B"),
        (["place", "x", "--jason"], "unrecognized arguments: --jason"),
    ],
)
def test_a_command_that_is_not_understood_says_so(arguments, said, capsys):
    with pytest.raises(SystemExit) as raised:
        run(arguments)
    assert raised.value.code == 2 and said in capsys.readouterr().err
