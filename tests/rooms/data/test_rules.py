"""What a schema cannot say: each rule refuses what it must, names its place, and lets the rest pass."""

import pytest
from casebook import data
from spoiling import append, change, places, problems, rewrite

ADA = '"abstract, sentence 1",all three had surgery,made up\nmade-up-ada-fever'  # the place of Ada's surgery
BEN, BEN_DOSE = "dose,,,,,,", "dose,"  # an open gap of Ben, and its begin
# The file, what is replaced by what; then the one place that the error must name.
BROKEN_RULES = {
    "stated without its place": ("events.csv", ADA, ADA.replace('"abstract, sentence 1"', ""), ("events", 2, "locator")),
    "stated without words": ("events.csv", ",made up,fever,", ",made up,,", ("events", 3, "wording")),
    "defined without a definition": ("events.csv", "defined,early-fever-birch", "defined,", ("events", 7, "definition_id")),
    "inferred without a reason": ("events.csv", "All three had it.", "", ("events", 6, "reason")),
    "inferred without a reason, a case": ("cases.csv", "Nothing else is told of her.", "", ("cases", 4, "reason")),
    "defined without a definition, a bound": ("bounds.csv", "defined,early-fever-birch", "defined,", ("bounds", 4, "definition_id")),
    "at least more than at most": ("bounds.csv", ",1,4,", ",5,4,", ("bounds", 2, "min_days")),
    "at least more than at most, in months": ("bounds.csv", "2 months,3 months", "2 months,60 days", ("bounds", 3, "min_days")),
    "an event bound to itself": ("bounds.csv", ",made-up-ada-fever,1,4,", ",made-up-ada-surgery,1,4,", ("bounds", 2, "to_event")),
    "a made-up patient who is not named so": ("cases.csv", "made-up-cleo,Cleo,made-up", "made-up-cleo,Cleo,index", ("cases", 4, "case_id")),
    "a gap filled without its place": ("gaps.csv", BEN, f"{BEN_DOSE},3 mg,,,paper,", ("gaps", 3, "locator")),
    "a gap filled without its source": ("gaps.csv", BEN, f"{BEN_DOSE},3 mg,,,,Table 1", ("gaps", 3, "read_in")),
    "an unknown source": ("record.csv", ",alder2001,abstract", ",elder2001,abstract", ("record", 3, "source_id")),
    "a count that is not made up and has no source": ("worked_counts.csv", "20,alder2001", "20,", ("worked_counts", 4, "source_id")),
    "more events than patients": ("outcomes.csv", ",3,20,15,", ",23,20,15,", ("outcomes", 2, "events")),
    "more events than patients, in a worked count": ("worked_counts.csv", "1,5,10,", "1,11,10,", ("worked_counts", 2, "events")),
    "more events than patients, held back": ("held_back.csv", ",2,10,", ",12,10,", ("held_back", 2, "events")),
    "an answer without the row that shows it": ("bias.csv", "studies/alder2001", "", ("bias", 2, "shown_by")),
    "a contradiction with itself that the appraisal does not tell": (
        "contradictions.csv", ",cedar2003,", ",alder2001,", ("bias", 2, "answer"),
    ),
    "a tool of an unknown source": ("bias_items.csv", "Is everybody told of?,", "Is everybody told of?,elm2004", ("bias_items", 2, "tool_source")),
    "a percentage that is not its count's": ("outcomes.csv", ",3,20,15,", ",3,20,16,", ("outcomes", 2, "value")),
    "a percentage rounded wrongly": ("outcomes.csv", ",1,8,12.5,", ",1,8,12.4,", ("outcomes", 4, "value")),
    "low above high": ("survival.csv", ",90,70,98,", ",90,99,98,", ("survival", 2, "low")),
    "limits of an unknown kind": ("outcomes.csv", "confidence interval", "", ("outcomes", 3, "limits")),
    "low above high, of an interval": ("intervals.csv", ",10,55,range", ",60,55,range", ("intervals", 2, "low")),
    "an overlap of an unknown study": ("overlaps.csv", "birch2002", "elm2004", ("overlaps", 2, "study_b")),
    "a contradiction of an unknown source": ("contradictions.csv", ",cedar2003,", ",elm2004,", ("contradictions", 2, "source_b")),
    "a study that overlaps with itself": ("overlaps.csv", "birch2002", "alder2001", ("overlaps", 2, "study_b")),
    "an overlap told again the other way round": (
        "overlaps.csv", "so.\n", "so.\nbirch2002,alder2001,same,One says so.\n", ("overlaps", 3, "study_b"),
    ),
    "an end of itself": ("events.csv", ",fever,2,,", ",fever,2,made-up-ada-fever,", ("events", 3, "ends")),
    "a later grade of itself": ("events.csv", ",fever,2,,,,", ",fever,2,,,made-up-ada-fever,", ("events", 3, "same_as")),
    "the end of another patient's": ("events.csv", ",fever,2,,", ",fever,2,made-up-ben-surgery,", ("events", 3, "ends")),
    "the end of an unknown event": ("events.csv", ",fever,2,,", ",fever,2,made-up-ada-cold,", ("events", 3, "ends")),
    "an end and a later grade at once": (
        "events.csv", ",fever,2,,,,", ",fever,2,made-up-ada-surgery,,made-up-ada-surgery,", ("events", 3, "same_as"),
    ),
    "a result with the id of another table's": ("outcomes.csv", "birch-fever,", "alder-os-24,", ("survival", 2, "survival_id")),
    "an absence of no known kind": ("cases.csv", '"fever, pain",,', '"fever, pain",pain,', ("cases", 4, "absent_kinds")),
    "an absence of what happened": ("cases.csv", '"fever, pain",,', '"fever, pain",relapse|fever,', ("cases", 4, "absent_kinds")),
    "a related kind that is not known": ("features.csv", "fever,,\n", "fever,,pain\n", ("features", 2, "related")),
    "one rank of two cases' looks": ("looks.csv", "second,case,2", "second,case,1", ("looks", 5, "rank")),
    "an interval with the id of a count": ("outcomes.csv", "alder-relapse,", "alder-time-to-relapse,", ("intervals", 2, "interval_id")),
    "an overlap told again": ("overlaps.csv", "so.\n", "so.\nalder2001,birch2002,same,One says so.\n", ("overlaps", 3, "study_a")),
}  # fmt: skip
# ruff: noqa: E501 (a table reads better with one row a line)


@pytest.mark.parametrize("name", BROKEN_RULES)
def test_a_broken_rule_is_one_problem_with_its_place(name, small_data):
    file, old, new, place = BROKEN_RULES[name]
    change(small_data, file, old, new)
    assert places(small_data) == [place]


RIGHT = {
    "an end": ("events.csv", ",fever,2,,,,", ",fever,2,made-up-ada-surgery,,,"),
    "what goes on": ("events.csv", ",fever,2,,,,", ",fever,2,,made-up-ada-surgery,,"),
    "a later grade": ("events.csv", ",fever,2,,,,", ",fever,2,,,made-up-ada-surgery,"),
    "an unclear answer without a row": ("bias.csv", "unclear,Not told.,", "not applicable,Not told.,"),
    "a question of a tool": ("bias_items.csv", "Is everybody told of?,", "Is everybody told of?,alder2001"),
    "a known day": ("bounds.csv", ",1,4,", ",4,4,"),
    "a day before": ("bounds.csv", ",1,4,", ",-9,-1,"),
    "an open end": ("bounds.csv", ",1,4,", ",1,,"),
    "an open start": ("bounds.csv", ",1,4,", ",,4,"),
    "all of them": ("outcomes.csv", ",3,20,15,", ",20,20,100,"),
    "none of them": ("outcomes.csv", ",3,20,15,", ",0,20,0.0,"),
    "a share to one decimal": ("outcomes.csv", ",1,8,12.5,", ",1,3,33.3,"),
    "a share without decimals": ("outcomes.csv", ",1,8,12.5,", ",1,3,33,"),
    "a count without a share": ("outcomes.csv", ",1,8,12.5,", ",1,8,,"),
    "a gap that is filled": ("gaps.csv", BEN, f"{BEN_DOSE},3 mg,,,paper,Table 1"),
    "a threshold's limits": ("intervals.csv", "observed,median,30,10,55,range", "threshold,limit,,,55,"),
    "a source that was left out": ("overlaps.csv", "birch2002", "cedar2003"),
}  # fmt: skip


def test_like_faults_get_like_answers(small_data):
    """Who contradicts itself fails where every such source fails, and names the contradiction."""
    change(small_data, "contradictions.csv", ",cedar2003,", ",alder2001,")
    change(
        small_data,
        "bias.csv",
        "alder2001,all-told,yes,All 20.,studies/alder2001",
        "alder2001,all-told,no,No.,studies/alder2001",
    )
    (problem,) = problems(small_data)
    assert (problem.table, problem.column, problem.expected) == ("bias", "shown_by", "contradictions/fever")
    change(small_data, "bias.csv", "No.,studies/alder2001", "No.,contradictions/fever")
    data.load(small_data)
    change(small_data, "bias.csv", "no,No.,contradictions/fever", "unclear,Who knows.,")
    assert places(small_data) == [("bias", 2, "answer")]
    change(small_data, "bias_items.csv", "told of?,,true", "told of?,,false")  # not every question hangs on it
    data.load(small_data)


@pytest.mark.parametrize("name", RIGHT)
def test_what_is_right_is_not_refused(name, small_data):
    change(small_data, *RIGHT[name])
    data.load(small_data)


def test_a_printed_percentage_may_differ_if_the_caveat_names_the_counts_own(small_data):
    """4% stands beside 1 of 20 because the caveat says 5.0%; it must be that number."""
    change(small_data, "outcomes.csv", "gives 5.0%", "gives 6.0%")
    (problem,) = problems(small_data)
    assert problem.column == "value" and '"5.0%"' in problem.mend and "1 of 20" in problem.expected


def test_a_patient_who_is_real_has_a_source(small_data):
    """Only who is made up has none; the renamed patient is everywhere the same."""
    for path in small_data.glob("*.csv"):
        rewrite(small_data, path.name, lambda column, text: text.replace("made-up-ada", "ada"))
    change(small_data, "cases.csv", "ada,Ada,made-up", "ada,Ada,index")
    assert places(small_data) == [("bounds", 2, "source_id"), ("cases", 2, "source_id"), ("events", 2, "source_id")]
    for file in ("cases.csv", "events.csv", "bounds.csv"):
        rewrite(small_data, file, lambda column, text: "alder2001" if column == "source_id" else text)
    assert data.load(small_data).cases["role"].tolist() == ["index", "made-up", "made-up"]


@pytest.mark.parametrize("role", ["comparator", "context"])
def test_a_published_patient_was_read_in_our_own_words_and_an_index_patient_was_not(role, small_data):
    """The wording is asked for where the source's own words are at hand."""
    for path in small_data.glob("*.csv"):
        rewrite(small_data, path.name, lambda column, text: text.replace("made-up-ada", "ada"))
    change(small_data, "cases.csv", "ada,Ada,made-up", f"ada,Ada,{role}")
    for file in ("cases.csv", "events.csv", "bounds.csv"):
        rewrite(small_data, file, lambda column, text: "alder2001" if column == "source_id" else text)
    change(small_data, "events.csv", ",made up,fever,", ",made up,,")
    data.load(small_data)
    change(small_data, "cases.csv", f"ada,Ada,{role}", "ada,Ada,index")
    assert places(small_data) == [("events", 3, "wording")]


def tell(folder, **more):
    """Give one patient four events; each of `more` says which columns of an event name which other."""
    path = folder / "events.csv"
    header, *lines = path.read_text(encoding="utf-8").splitlines()
    columns, first = header.split(","), dict(zip(header.split(","), lines[1].split(",")))  # a fever without commas
    rows = [",".join(({**first, "event_id": name} | more.get(name, {})).get(column, "") for column in columns)
            for name in "abcd"]  # fmt: skip
    path.write_text("\n".join([header, *rows, *lines]) + "\n", encoding="utf-8")


@pytest.mark.parametrize(
    ("more", "place"),
    [
        ({"b": {"ends": "a"}, "c": {"ends": "b"}}, ("events", 4, "ends")),
        ({"b": {"lasts": "a"}, "c": {"same_as": "b"}}, ("events", 4, "same_as")),
        ({"a": {"same_as": "b"}, "b": {"same_as": "a"}}, ("events", 2, "same_as")),
        ({"b": {"same_as": "c"}, "c": {"same_as": "d"}, "d": {"same_as": "b"}}, ("events", 3, "same_as")),
        ({"a": {"same_as": "b"}, "b": {"same_as": "c"}, "c": {"same_as": "b"}}, ("events", 3, "same_as")),
    ],
    ids=["end of an end", "grade of what goes on", "circle of two", "circle of three", "way into a circle"],
)
def test_what_tells_more_of_another_leads_to_an_event_of_its_own(more, place, small_data):
    tell(small_data, **more)
    assert places(small_data) == [place]


def test_ends_and_later_grades_of_one_event_are_let_through(small_data):
    tell(small_data, b={"same_as": "a"}, c={"same_as": "b"}, d={"ends": "c"})
    assert data.load(small_data).events["same_as"].notna().sum() == 2


def test_a_column_that_is_missing_is_not_blamed_on_every_row(small_data):
    change(small_data, "events.csv", "wording", "words")
    assert [place for place in places(small_data) if place[0] == "events"] == [
        ("events", 1, "wording"),
        ("events", 1, "words"),
    ]


def test_all_problems_come_at_once(small_data):
    change(small_data, "bounds.csv", ",1,4,", ",99,4,")
    append(small_data, "gaps.csv", "made-up-dan-age,made-up-dan,age,,,,,,")
    (small_data / "concepts.csv").unlink()
    found = problems(small_data)
    assert [problem.table for problem in found] == ["bounds", "concepts", "gaps"]
    assert [problem.value for problem in found] == ["99", "", "made-up-dan"]
    assert "at most max_days (4)" in str(found[0])


TOGETHER = "made-up-crs,stones,Made-up scale of stones,stones,>=,3,stones,{},grade,1,three stones or more,birch2002,abstract,yes,Made up.\n"


@pytest.mark.parametrize(
    ("other", "column"),
    [("pair,grade,2,", "grade"), ("pair,stage,1,", "decides"), ("pair,grade,,", "grade")],
)
def test_rows_that_hold_only_together_give_one_value(other, column, small_data):
    """Two grades in one rule: the first row's would win in silence."""
    path = small_data / "criteria.csv"
    head = path.read_text().splitlines()[0]
    more = f"made-up-second,stones,Made-up scale of stones,shells,>=,3,stones,{other}three shells,birch2002,abstract,yes,\n"
    path.write_text(f"{head}\n{TOGETHER.format('pair')}{more}")
    assert places(small_data) == [("criteria", 3, column)]
    for right in ("pair,grade,1,", "another,grade,2,"):
        path.write_text(f"{head}\n{TOGETHER.format('pair')}{more.replace(other, right)}")
        data.load(small_data)


def test_rows_that_hold_only_together_are_used_together(small_data):
    """A condition that is left out makes the rest a looser rule than the one that was read."""
    path = small_data / "criteria.csv"
    head = path.read_text().splitlines()[0]
    second = TOGETHER.format("pair").replace("made-up-crs", "made-up-second").replace(",yes,", ",partial,")
    path.write_text(f"{head}\n{TOGETHER.format('pair')}{second}")
    assert places(small_data) == [("criteria", 3, "verified")]


def test_each_index_case_needs_a_look_of_its_own(small_data):
    for name in ("Ada", "Ben", "Cleo"):
        change(small_data, "cases.csv", f"{name},made-up", f"{name},index")
    (told,) = [problem for problem in problems(small_data) if problem.column == "role"]
    assert (told.table, told.row) == ("cases", 4) and "looks has no case of rank 3" in told.expected
