"""Cases in stages: a stage tells what the record places there, and no more; every answer has its feedback."""

import dataclasses
import re

import pytest
from casebook import charts, data, words
from casebook.classroom import unfolding
from made_up import doubles, live, patient, with_day
from made_up_patients import GRAFTED

INDEX = ("made-up-case-1", "made-up-case-2")  # the doubles, who have what the abstract tells
ALL = (*INDEX, "made-up-start-to-end")


@pytest.fixture(scope="module")
def cases():
    return {name: unfolding.unfold(doubles() if name in INDEX else live(), name) for name in ALL}


def labels(facts):
    return [fact.label for fact in facts]


def test_the_stages_of_case_1_tell_what_the_record_places_there(cases):
    one = cases[INDEX[0]]
    assert [labels(stage.facts) for stage in one.stages] == [
        ["confirmed relapsed/refractory T-ALL"],
        ["autologous anti-CD7 CAR T cells", "grade 3 CRS"],
        [],
        ["allo-HSCT", "hyperacute GVHD", "TA-TMA"],
    ]
    assert labels(one.somewhere) == ["infection", "drug-related organ toxicity"]
    assert labels(one.judged) == ["poor prognosis"]


def test_the_stages_of_case_2_tell_what_the_record_places_there(cases):
    two = cases[INDEX[1]]
    assert [labels(stage.facts) for stage in two.stages] == [
        ["confirmed relapsed/refractory T-ALL"],
        ["autologous anti-CD7 CAR T cells"],
        ["complete recovery"],
        ['allo-HSCT, "timely"'],
    ]
    assert labels(two.somewhere) == ["effective inflammation control"]
    assert labels(two.judged) == ["favorable course"]


def test_a_place_that_is_read_or_defined_says_so(cases):
    marks = {fact.label: fact.place_basis for case in INDEX for stage in cases[case].stages for fact in stage.facts}
    assert marks["complete recovery"] == "inferred" and marks["hyperacute GVHD"] == "defined"
    assert marks["allo-HSCT"] == ""


def test_a_fact_that_gets_a_day_leaves_the_closing_card_and_asks_for_a_stage():
    """With a day, the infection of a double of case 1 lies before the graft or after it: the stage follows it."""
    book = doubles()
    for days, kinds in ((50, ("hsct", "")), (20, ("car_t_infusion", "hsct"))):
        filled = with_day(book, "made-up-case-1-infusion", "made-up-case-1-hsct", 40, 40)
        filled = with_day(filled, "made-up-case-1-infusion", "made-up-case-1-infection", days, days)
        row = unfolding.stages_of_events(filled, "made-up-case-1").set_index("event_id").loc["made-up-case-1-infection"]
        assert (row["after"], row["before"]) == kinds and row["place_basis"] == "stated"


@pytest.mark.parametrize(
    ("known", "expected"),
    [
        ([("h", "i", 100, 100), ("i", "c", 3, 3)], ("car_t_infusion", "")),
        ([("i", "h", 30, 30), ("i", "c", 3, 3)], ("car_t_infusion", "hsct")),
        ([("i", "h", 30, 30), ("h", "c", 3, 3)], ("hsct", "")),
        ([("h", "i", 100, 100), ("c", "i", 3, 3)], ("hsct", "car_t_infusion")),
        ([("h", "i", 100, 100), ("c", "h", 3, 3)], ("", "hsct")),
        ([("i", "h", 30, 30), ("i", "c", 0, 0)], ("car_t_infusion", "hsct")),
        ([("i", "h", 30, 30)], ("", "")),
        ([("i", "c", 3, 3)], ("car_t_infusion", "")),
    ],
)
def test_a_stage_follows_the_last_anchor_in_time_and_not_in_rank(known, expected):
    """An earlier graft, months before the cells, is not what CRS came after."""
    book = patient({**GRAFTED, "c": ("crs", "CRS", False)}, known)
    rows = unfolding.stages_of_events(book, "made-up-1").set_index("event_id")
    assert tuple(rows.loc["c", ["after", "before"]]) == expected
    assert rows.loc[["i", "h"], "after"].tolist() == ["car_t_infusion", "hsct"]
    assert rows["place_basis"].to_dict() == {"i": "", "h": "", "c": "stated" if any(expected) else ""}


def test_a_patient_without_an_anchor_is_refused_in_words():
    book = patient({"c": ("crs", "CRS", False), "r": ("relapse", "relapse", True)}, [("c", "r", 3, 3)])
    with pytest.raises(ValueError, match=r"made-up-1: no event is one that days are counted from.*car_t_infusion or"):
        unfolding.stages_of_events(book, "made-up-1")


def test_a_fact_without_a_stage_is_not_lost_in_silence():
    book = doubles()
    short = dataclasses.replace(book, stages=book.stages[book.stages["stage_id"] != "case-2-before-hsct"])
    with pytest.raises(ValueError, match="no stage has the place of made-up-case-2-recovery"):
        unfolding.unfold(short, INDEX[1])


def test_every_question_is_answered_to_each_choice_or_asks_about_gaps(cases):
    for case in cases.values():
        for stage in case.stages:
            assert stage.questions, stage.stage_id
            for question in stage.questions:
                assert bool(question.choices) != bool(question.gaps), question.question_id
                if question.choices:
                    assert len(question.choices) == 4 and all(one.feedback for one in question.choices)
                    assert "fits" in {one.verdict for one in question.choices} or case.made_up, question.question_id


def test_where_the_record_is_silent_the_question_is_about_the_gap(cases):
    for case in INDEX:
        for stage in cases[case].stages:
            gaps = [gap for question in stage.questions for gap in question.gaps]
            assert gaps and all(what.endswith(words.NOT_IN_THE_RECORD) for what, _ in gaps), stage.stage_id
            assert all(change.startswith("It would change: ") for _, change in gaps)


def test_a_filled_gap_is_told_with_its_value():
    gaps = doubles().gaps
    at = gaps["gap_id"] == "made-up-case-1-dose"
    filled = dataclasses.replace(doubles(), gaps=gaps.assign(value=gaps["value"].mask(at, "made up: a dose")))
    (question, *_) = unfolding.unfold(filled, INDEX[0]).stages[0].questions
    assert any(what.endswith(": made up: a dose") for what, _ in question.gaps)


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
    made_up = cases["made-up-start-to-end"]
    assert made_up.made_up and "made-up" in made_up.label
    assert all(stage.told and not stage.facts for stage in made_up.stages)
    for case in INDEX:
        assert not any(stage.told or stage.to_grade for stage in cases[case].stages)


def test_the_made_up_patient_is_graded_by_all_four_instruments(cases):
    graded = [stage.to_grade.vignette_id for stage in cases["made-up-start-to-end"].stages if stage.to_grade]
    assert set(live().vignettes.set_index("vignette_id").loc[graded, "instrument"]) == {
        "crs_grade", "icans_grade", "gvhd_grade", "tma_criteria",
    }  # fmt: skip


def test_the_days_in_titles_are_those_of_the_timeline():
    one = data.select(live(), "made-up-start-to-end")
    days = one.bounds.set_index("to_event")["max_days"]
    titles = " ".join(live().stages.loc[live().stages["case_id"].eq("made-up-start-to-end"), "title"])
    for event, said in (("crs", "Day 3:"), ("icans", "Day 6:"), ("fibrinogen", "Day 12:"), ("remission", "Day 28:"),
                        ("rash", "Day 9 after the graft"), ("vessels", "day 46 after the graft")):  # fmt: skip
        assert f"{days[f'made-up-start-to-end-{event}']:g}" in said and said in titles


def test_the_recap_ties_every_stage_to_a_lesson_and_an_objective(cases):
    for case in cases.values():
        table = unfolding.recap(case)
        assert len(table) == len(case.stages) and table.ne("").all(axis=None)
        assert set(table["Lesson"]) <= set(live().lessons["lesson"])


def test_unknown_patients_and_gaps_are_refused():
    with pytest.raises(ValueError, match="no row for 'case-3'; it has stages of case-1, case-2"):
        unfolding.unfold(live(), "case-3")
    odd = live().questions.assign(topics=live().questions["topics"].mask(live().questions["topics"].notna(), "weather"))
    with pytest.raises(ValueError, match="'weather' is no gap of case-1"):
        unfolding.unfold(dataclasses.replace(live(), questions=odd), "case-1")


def test_another_book_unfolds_without_a_change_of_the_engine(small_data):
    book = data.load(small_data)
    with pytest.raises(ValueError, match="'stones' is no gap of made-up-ada"):
        unfolding.unfold(book, "made-up-ada")
    case = unfolding.unfold(dataclasses.replace(book, questions=book.questions.iloc[[0]]), "made-up-ada")
    assert case.stages[0].questions[0].choices[0].ground.startswith("Alder 2001 (cohort, read in: abstract)")


# ---------------------------------------------------------------- as a page shows it


def folded(html):
    """What stands behind a disclosure that is inside another one's place, and what does not."""
    depth, shown = 0, []
    for piece in re.split(r"(</?details[^>]*>)", html):
        if piece.startswith("<details"):
            depth += 1
        elif piece.startswith("</details"):
            depth -= 1
        elif not depth:
            shown.append(piece)
    return "".join(shown)


def test_on_a_page_feedback_later_stages_and_the_closing_card_are_folded(cases):
    html = charts.case_in_stages(cases[INDEX[0]]).html
    shown = folded(html)
    assert "confirmed relapsed/refractory" in shown and "grade 3 CRS" not in shown
    assert "infection" not in shown and " patients in " not in shown
    assert html.count("Feedback to each answer") == 5 and "<script" not in html
    assert html.index("4. After transplantation") < html.index("Closing card") < html.index("<li>infection")


def test_a_sheet_of_paper_has_questions_and_no_feedback(cases):
    for name, case in cases.items():
        html = charts.case_in_stages(case, paper=True).html
        assert "<details" not in html and "<textarea" not in html, name
        for stage in case.stages:
            for question in stage.questions:
                assert charts._stages._text(question.asks) in html
                for choice in question.choices:
                    assert charts._stages._text(choice.says) in html
                    assert charts._stages._text(choice.feedback) not in html or choice.feedback in choice.says
    made_up = charts.case_in_stages(cases["made-up-start-to-end"], paper=True)
    assert "ICE score 6" not in made_up.html and "made-up" in made_up.caption.lower()


def test_every_choice_and_room_to_write_has_a_name(cases):
    for case in cases.values():
        html = charts.case_in_stages(case).html
        assert html.count("<fieldset") == html.count("<legend>")
        ids = re.findall(r'<textarea id="([^"]+)"', html)
        assert ids == re.findall(r'<label for="([^"]+)"', html) and len(ids) == len(set(ids))
        assert len(re.findall(r'<label><input type="radio"', html)) == html.count('type="radio"')


def test_whose_it_is_stands_on_top(cases):
    assert "Made up: nobody had this course." in charts.case_in_stages(cases["made-up-start-to-end"]).html
    assert "is the record's" in charts.case_in_stages(unfolding.unfold(live(), "case-1")).html
