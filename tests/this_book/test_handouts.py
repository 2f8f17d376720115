"""The sheet of rules: every rule that is used stands on it as a grading card prints it, and none that is not used."""

import re

import pandas as pd
import pytest
from casebook import charts, data
from casebook.classroom import handouts
from conftest import PROJECT
from made_up import live

LINES = pd.read_csv(PROJECT / "classroom" / "sheet.csv", dtype=str, keep_default_na=False)


@pytest.fixture(scope="module")
def cards():
    return handouts.grading_cards(live(), LINES)


def test_every_used_rule_of_a_grade_stands_on_the_sheet_and_no_other(cards):
    text = " ".join(str(cell) for card in cards.values() for cell in card.to_numpy().ravel())
    rows = live().criteria
    rows = rows[rows["instrument"].isin(["crs", "icans", "gvhd_stage", "gvhd_grade", "tma"])]
    used = rows[rows["verified"].eq("yes") & rows["grade"].notna() & ~rows["operator"].isin([*data.TELL, *data.MAKE])]
    printed = used["rule_id"].str.fullmatch("|".join(LINES["rules"]))
    # What makes a finding that another line names; what needs no oxygen has no line of its own.
    made = {"room air", "a temperature of 38.0 °C or more", "a seizure of more than 5 minutes",
            "repeated seizures without return to baseline between them"}  # fmt: skip
    assert set(used["says"]) - set(used.loc[printed, "says"]) == made
    unread = rows.loc[rows["verified"].ne("yes"), "says"]
    assert not [says for says in set(unread) - set(used["says"]) if says in text]


def test_a_card_reads_as_the_published_one(cards):
    crs = cards["CRS (ASTCT 2019)"].set_index("line")
    assert list(crs.columns) == ["Grade 1", "Grade 2", "Grade 3", "Grade 4"]
    assert crs.at["Hypoxia", "Grade 3"] == "needs oxygen at high flow or by a mask"
    assert set(crs.loc["Low flow"]) == {"nasal cannula at 6 L/min or less; or blow-by oxygen"}
    assert set(crs.loc["Together"]) == {
        "the worse of hypotension and hypoxia decides; organ toxicity may be graded by another scale (CTCAE) and does "
        "not change the grade"
    }
    stages = cards["Acute GVHD (MAGIC 2016): stages of organs"].set_index("line")
    assert "and with desquamation" in stages.at["Skin", "Stage 4"] and stages.at["Liver", "Stage 1"] == "2 to 3 mg/dL"
    assert stages.at["Lower gut, adult", "Stage 2"] == "1000 to 1500 mL a day; or 5 to 7 stools a day"
    grades = cards["Acute GVHD: overall grade"].set_index("line")
    assert grades.loc["Lower gut"].tolist() == ["every organ at stage 0", "", "stage 1", "stage 2 or 3", "stage 4"]


def test_no_card_has_a_word_of_the_machine(cards):
    text = " ".join(str(cell) for card in cards.values() for cell in card.to_numpy().ravel())
    assert not re.search(r"\btrue\b|\bfalse\b|_|\bnan\b", text)


def test_neighbors_that_say_the_same_are_one_cell():
    frame = pd.DataFrame([["a", "x", "y"], ["b", "x", ""], ["c", "<z>", "<z>"]], columns=["line", "1", "2"])
    printed = charts.grading_card(frame, "Made up").html
    assert printed.count(">x</td>") == 1 and '<td rowspan="2">x</td><td>y</td>' in printed
    assert '<tr><th scope="row">b</th><td></td></tr>' in printed and '<td colspan="2">&lt;z&gt;</td>' in printed
    assert "<thead>" in printed
    assert "<thead>" not in charts.grading_card(frame[["line", "1"]].rename(columns={"1": ""}), "Made up").html


@pytest.mark.parametrize(
    "change, says",
    [({"rules": "no-such-rule"}, "no rule that was read"), ({"rules": "icans-motor", "wide": ""}, "has no column")],
)
def test_a_line_that_cannot_be_is_named(change, says):
    lines = LINES.head(1).assign(columns="Grade 1|Grade 2", **change)
    with pytest.raises(ValueError, match=f"sheet.csv, CRS .*, Fever: .*{says}"):
        handouts.grading_cards(live(), lines)
