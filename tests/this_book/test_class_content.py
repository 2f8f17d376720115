"""What a class of this book is given: patients to grade, cases in stages, a class that answered, a sheet of rules."""

import re

import pytest
from casebook import charts, data
from casebook.classroom import concordance, unfolding, vignettes
from casebook.evidence import statements
from conftest import PROJECT
from made_up import doubles, live

INDEX = ("made-up-case-1", "made-up-case-2")  # the doubles, who have what the abstract tells
START_TO_END = "made-up-start-to-end"
CLASS = PROJECT / "chapters" / "made-up-class.csv"


@pytest.fixture(scope="module")
def graded():
    """Every vignette by its name."""
    return {name: vignettes.vignette(live(), name) for name in live().vignettes["vignette_id"]}


# Graded by hand with the printed rules.
BY_HAND = {
    "ward-day-3": "3", "ward-day-6": "2", "ward-graft-day-9": "3", "ward-graft-day-46": "Met; risk high",
    "drill-fever-alone": "1", "drill-six-liters": "2", "drill-mask": "3", "drill-waived": "2",
    "drill-no-signs": "0", "drill-never-febrile": "0", "drill-spontaneous": "1", "drill-one-day": "Not met",
    "drill-oxygen-open": "At least 2", "drill-kidney": "1", "drill-ice-six": "2", "drill-seizure": "3",
    "drill-ice-zero": "3", "drill-skin-alone": "2", "drill-gut-alone": "3", "drill-child": "2",
    "drill-liver-open": "At least 1", "drill-five-days": "Met; risk undetermined", "drill-three-weeks": "Not met",
    "drill-no-schistocytes": "Met; risk undetermined", "drill-not-measured": "Undetermined",
}  # fmt: skip


def test_every_vignette_is_what_one_finds_by_hand(graded):
    assert {name: one.answer for name, one in graded.items()} == {
        f"made-up-{name}": answer for name, answer in BY_HAND.items()
    }


def test_the_drill_has_twelve_or_more_of_all_four_instruments_and_is_made_up():
    drill = vignettes.drill(live())
    assert len(drill) >= 12 and all(one.vignette_id.startswith("made-up-") for one in drill)
    asked = live().vignettes.set_index("vignette_id").loc[[one.vignette_id for one in drill], "instrument"]
    assert set(asked) == set(vignettes.BY_NAME)
    assert not {one.vignette_id for one in drill} & set(live().stages["vignette_id"].dropna())
    key = vignettes.key(drill)
    assert list(key.columns) == ["Made-up patient", "Instrument", "Answer", "Because", "The trap"]
    assert len(key) == live().vignettes["drill"].sum() and key["Answer"].ne("").all()


def test_no_answer_is_typed():
    """No column holds one, and no text of a vignette tells a grade."""
    assert set(live().vignettes) == {"vignette_id", "asks", "told", "instrument", "findings", "teaches", "drill"}
    assert not live().vignettes["told"].str.contains(r"grade|stage \d|met\b", case=False).any()


def test_what_was_not_assessed_is_said_once(graded):
    said = {name: one.because.lower() for name, one in graded.items()}
    assert max(text.count("not assessed") for text in said.values()) == 1
    assert "not assessed: hypoxia" in said["made-up-drill-oxygen-open"]
    assert "not assessed: liver" in said["made-up-drill-liver-open"]
    assert said["made-up-drill-not-measured"].startswith("not assessed: sc5b9 and proteinuria")


@pytest.fixture(scope="module")
def cases():
    numbers = statements.named_numbers(live())  # pooled once, which takes seconds
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(unfolding.statements, "named_numbers", lambda book: numbers)
        return {name: unfolding.unfold(doubles() if name in INDEX else live(), name) for name in (*INDEX, START_TO_END)}


def test_every_question_is_answered_to_each_choice_or_asks_about_gaps(cases):
    for case in cases.values():
        for stage in case.stages:
            assert stage.questions, stage.stage_id
            for question in stage.questions:
                assert bool(question.choices) != bool(question.gaps), question.question_id
                if question.choices:
                    assert len(question.choices) == 4 and all(one.feedback for one in question.choices)
                    assert "fits" in {one.verdict for one in question.choices} or case.made_up, question.question_id


def test_published_numbers_in_feedback_come_from_rows():
    """No option types a number; each that rests on something names its row."""
    typed = live().options[["says", "feedback"]].agg(" ".join, axis=1)
    typed = typed.str.replace(r"Saliba 2007|CD7|sC5b-9|case 1", "", regex=True)
    assert not typed.str.contains(r"\d").any()
    for column in ("management_id", "differential_id", "definition_id", "sentence"):
        assert live().options[column].notna().any(), column


def test_the_ground_of_an_option_says_who_and_in_what_it_was_read(cases):
    grounds = [c.ground for case in cases.values() for s in case.stages for q in s.questions for c in q.choices]
    assert any(re.search(r"\d+ of \d+ patients in \d+ series", ground) for ground in grounds)
    named = [ground for ground in grounds if ground and not ground.startswith("Published: ")]
    assert named and all("read in: " in ground for ground in named)
    assert any(re.search(r"Published: .*12 patients \(Donor", ground) for ground in grounds), "a single study is named"


def test_made_up_patients_hold_no_fact_and_index_patients_nothing_made_up(cases):
    made_up = cases[START_TO_END]
    assert made_up.made_up and "made-up" in made_up.label
    assert all(stage.told and not stage.facts for stage in made_up.stages)
    for case in INDEX:
        assert not any(stage.told or stage.to_grade for stage in cases[case].stages)


def test_the_made_up_patient_is_graded_by_all_four_instruments(cases):
    graded = [stage.to_grade.vignette_id for stage in cases[START_TO_END].stages if stage.to_grade]
    assert set(live().vignettes.set_index("vignette_id").loc[graded, "instrument"]) == {
        "crs_grade", "icans_grade", "gvhd_grade", "tma_criteria",
    }  # fmt: skip


def test_the_sheet_of_the_made_up_patient_holds_no_solution(cases):
    assert "ICE score 6" not in charts.case_in_stages(cases[START_TO_END], paper=True).html


def measured_of_d(analyte, anchor, day):
    """What the made-up patient had on a day: value and upper limit."""
    rows = live().measurements.query("case_id == @START_TO_END and analyte == @analyte")
    row = rows[rows["from_event"].eq(f"{START_TO_END}-{anchor}") & rows["min_days"].eq(day)].squeeze()
    return row["value"], row["upper"]


def found_in(vignette_id):
    return vignettes.findings(live().vignettes.set_index("vignette_id").at[vignette_id, "findings"])


def test_what_is_graded_of_the_made_up_patient_is_what_was_measured():
    """The findings that a grade is computed from are the values of the table, on the day of the stage."""
    assert found_in("made-up-ward-day-3")["temp_c"] == measured_of_d("temperature", "infusion", 3)[0]
    assert found_in("made-up-ward-graft-day-9")["liver"]["bilirubin_mg_dl"] == measured_of_d("bilirubin", "graft", 9)[0]
    found = found_in("made-up-ward-graft-day-46")
    assert found["days_apart"] == 46 - 40
    for when, day in (("first", 40), ("second", 46)):
        ldh, upper = measured_of_d("ldh", "graft", day)
        (before, _), (platelets, _) = (measured_of_d("platelets", "graft", on) for on in (33, day))
        (was, _), (hemoglobin, _) = (measured_of_d("hemoglobin", "graft", on) for on in (33, day))
        assert found[when]["ldh"]["ldh_x_uln"] == found["high_risk"]["ldh"]["ldh_x_uln"] == ldh / upper
        assert found[when]["thrombocytopenia"]["platelet_fall_percent"] == round(100 * (before - platelets) / before)
        assert found[when]["anemia"]["hemoglobin_fall_g_dl"] == round(was - hemoglobin, 1)


def test_what_the_stages_tell_of_the_values_is_true():
    """CRS is over on day 6; on day 12 fibrinogen falls, ferritin climbs, liver values rise and three rows are low."""
    assert measured_of_d("temperature", "infusion", 6)[0] < 38 and measured_of_d("temperature", "infusion", 12)[0] < 38
    alt, upper = measured_of_d("alt", "infusion", -30)
    assert alt == 3 * upper
    signs = {"fibrinogen": -1, "ferritin": 1, "alt": 1, "bilirubin": 1}
    for analyte, sign in signs.items():
        days = (9, 10, 11, 12) if analyte == "fibrinogen" else (6, 9, 12)
        values = [measured_of_d(analyte, "infusion", day)[0] for day in days]
        assert values == sorted(values, key=lambda one: sign * one) and len(set(values)) == len(values), analyte
    rows = live().measurements.query("case_id == @START_TO_END and min_days == 12").set_index("analyte")
    assert (rows["value"] < rows["lower"])[["neutrophils", "hemoglobin", "platelets", "fibrinogen"]].all()
    assert measured_of_d("neutrophils", "infusion", 28)[0] < 1.8 and measured_of_d("neutrophils", "graft", 9)[0] <= 0.5


def test_the_made_up_patient_is_one_patient(cases):
    """Age and weight are told at first and the same wherever they come again; no stage is without values."""
    stages = cases[START_TO_END].stages
    assert "30 years" in stages[0].told and live().cases.set_index("case_id").at[START_TO_END, "age_years"] == 30
    assert found_in("made-up-ward-graft-day-46")["first"]["hypertension"]["age_years"] == 30
    weights = {said for stage in stages for text in (stage.told, stage.to_grade.told if stage.to_grade else "")
               for said in re.findall(r"[\d.]+ kg", text)}  # fmt: skip
    assert weights == {"62 kg"} and found_in("made-up-ward-graft-day-9")["lower_gi"]["weight_kg"] == 62
    assert all((stage.chart.values["low"] == stage.chart.day).sum() >= 8 for stage in stages), (
        "each has values of its day"
    )


def test_no_feedback_knows_a_grade_that_is_asked_for_later(cases):
    for stage in cases[START_TO_END].stages:
        knows = any("of this grade" in one.feedback or "risk is high" in one.feedback
                    for question in stage.questions for one in question.choices)  # fmt: skip
        assert stage.graded_first == knows, stage.stage_id


def test_a_chart_shows_the_grades_of_the_stages_before_it(cases):
    grades = [[answer for _, _, answer in stage.chart.grades] for stage in cases[START_TO_END].stages]
    assert grades == [[], [""], ["3", ""], ["3", "2"], ["3", "2"], ["3", "2", ""], ["3", "2", "3", ""]]


def test_the_days_in_titles_are_those_of_the_timeline():
    one = data.select(live(), START_TO_END)
    days = one.bounds.set_index("to_event")["max_days"]
    titles = " ".join(live().stages.loc[live().stages["case_id"].eq(START_TO_END), "title"])
    for event, said in (("crs", "Day 3:"), ("icans", "Day 6:"), ("fibrinogen", "Day 12:"), ("remission", "Day 28:"),
                        ("rash", "Day 9 after the graft"), ("vessels", "day 46 after the graft")):  # fmt: skip
        assert f"{days[f'made-up-start-to-end-{event}']:g}" in said and said in titles


def test_the_recap_ties_every_stage_to_a_lesson_and_an_objective(cases):
    for case in cases.values():
        table = unfolding.recap(case)
        assert len(table) == len(case.stages) and table.ne("").all(axis=None)
        assert set(table["Lesson"]) <= set(live().lessons["lesson"])


def test_the_made_up_class_is_counted_as_it_stands():
    items = live().concordance
    counted = concordance.answered(concordance.class_answers(CLASS, items), items)
    assert len(counted) == 5 * len(items)
    mold = counted[counted["item_id"] == "made-up-timing-2"].set_index("answer")["people"]
    assert mold.to_dict() == {-2: 6, -1: 5, 0: 1, 1: 0, 2: 0}
    assert counted.groupby("item_id")["of"].first()["made-up-timing-5"] == 11, "one person gave no answer to it"


def test_the_discussion_is_made_up_has_what_sources_say_to_each_item_and_no_key():
    assert not {"key", "expert", "right", "score"} & set(live().concordance)
    items, said = concordance.items_to_answer(live()), concordance.feedback(live())
    assert len(items) == len(said) == len(live().concordance)
    assert live().concordance["told"].str.contains("made-up").all() and said["What it says"].ne("").all()


def test_neither_length_nor_place_gives_the_answer_away():
    """At most a third of the right answers are the longest of their question, and no letter holds half of them."""
    options = live().options
    right = options[options["verdict"] == "fits"]
    longest = options.loc[options["says"].str.len().groupby(options["question_id"]).idxmax(), "option_id"]
    first = right.drop_duplicates("question_id")
    assert right["option_id"].isin(longest).sum() <= len(first) / 3
    assert first["rank"].value_counts().max() < len(first) / 2
