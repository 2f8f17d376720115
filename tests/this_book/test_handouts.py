"""The sheet of rules: every rule that is used and gives a value, and none that is not used."""

from casebook.classroom import handouts
from made_up import live


def test_the_sheet_has_every_used_rule_and_no_unused_one():
    for instrument in ("crs", "icans", "gvhd_stage", "gvhd_grade", "tma"):
        text = " ".join(handouts.sheet_of_rules(live(), instrument)["If"])
        rows = live().criteria[live().criteria["instrument"].eq(instrument)]
        used = rows[rows["verified"].eq("yes") & rows["grade"].notna() & rows["operator"].isin(["is", "in", "within"])]
        assert all(says in text for says in used["says"]), instrument
        unused = set(rows.loc[rows["verified"].ne("yes"), "says"]) - set(rows.loc[rows["verified"].eq("yes"), "says"])
        assert not [says for says in unused if says in text], instrument


def test_what_holds_only_together_is_joined_by_and():
    skin = handouts.sheet_of_rules(live(), "gvhd_stage").set_index(["Decides", "Gives"])["If"]
    assert " and with desquamation" in skin["Skin", "4"] or "and desquamation" in skin["Skin", "4"]
    crs = handouts.sheet_of_rules(live(), "crs")
    grade = crs[crs["Decides"] == "Grade"].set_index("Gives")["If"]
    assert "; or " in grade["3"] and grade["how"] == "the worse of hypotension and hypoxia decides"
    assert "low flow" in set(crs["Gives"])
