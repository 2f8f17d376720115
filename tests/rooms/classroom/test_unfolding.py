"""Cases in stages: a stage tells what the record places there, and no more; every answer has its feedback."""

import dataclasses
import re

import pytest
from casebook import charts, data, words
from casebook.classroom import unfolding
from made_up import doubles, patient, with_day
from made_up_patients import GRAFTED

INDEX = ("made-up-case-1", "made-up-case-2")  # the doubles, who have what the abstract tells


def unpooled():
    """The book of the doubles, whose options rest on no pooled number: to pool takes seconds."""
    book = doubles()
    return dataclasses.replace(book, options=book.options.assign(sentence=None))


@pytest.fixture(scope="module")
def cases():
    return {name: unfolding.unfold(unpooled(), name) for name in INDEX}


@pytest.fixture
def ada(small_data):
    """A made-up patient of another book, in stages."""
    book = data.load(small_data)
    return unfolding.unfold(dataclasses.replace(book, questions=book.questions.iloc[[0]]), "made-up-ada")


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
    book = unpooled()
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
    book = unpooled()
    short = dataclasses.replace(book, stages=book.stages[book.stages["stage_id"] != "case-2-before-hsct"])
    with pytest.raises(ValueError, match="no stage has the place of made-up-case-2-recovery"):
        unfolding.unfold(short, INDEX[1])


def test_where_the_record_is_silent_the_question_is_about_the_gap(cases):
    for case in INDEX:
        for stage in cases[case].stages:
            gaps = [gap for question in stage.questions for gap in question.gaps]
            assert gaps and all(what.endswith(words.NOT_IN_THE_RECORD) for what, _ in gaps), stage.stage_id
            assert all(change.startswith("It would change: ") for _, change in gaps)


def test_a_filled_gap_is_told_with_its_value():
    gaps = unpooled().gaps
    at = gaps["gap_id"] == "made-up-case-1-dose"
    told = {"value": "made up: a dose", "locator": "Table 2"}
    table = gaps.assign(**{column: gaps[column].mask(at, text) for column, text in told.items()})
    filled = dataclasses.replace(unpooled(), gaps=table)
    (question, *_) = unfolding.unfold(filled, INDEX[0]).stages[0].questions
    assert any(what.endswith(": made up: a dose (Table 2)") for what, _ in question.gaps)


def test_choices_that_rest_on_an_open_gap_give_way_to_its_value():
    def asked(gap_id):
        gaps = unpooled().gaps
        told = {"value": "made up", "locator": "Table 2"}
        at = gaps["gap_id"] == gap_id
        table = gaps.assign(**{column: gaps[column].mask(at, text) for column, text in told.items()})
        stages = unfolding.unfold(dataclasses.replace(unpooled(), gaps=table), INDEX[0]).stages
        return next(q for stage in stages for q in stage.questions if q.question_id == "case-1-after-infusion-1")

    assert len(asked("made-up-case-1-dose").choices) == 4 and asked("made-up-case-1-dose").gaps == ()
    scale = asked("made-up-case-1-crs-scale")
    assert scale.choices == () and [what for what, _ in scale.gaps] == [
        "The scale by which the CRS is grade 3: made up (Table 2)"
    ]


def test_unknown_patients_and_gaps_are_refused(small_data):
    book = data.load(small_data)
    with pytest.raises(ValueError, match="no row for 'made-up-zoe'; it has stages of made-up-ada"):
        unfolding.unfold(book, "made-up-zoe")
    with pytest.raises(ValueError, match="'stones' is no gap of made-up-ada"):
        unfolding.unfold(book, "made-up-ada")


def test_another_book_unfolds_without_a_change_of_the_engine(ada):
    assert ada.made_up and ada.stages[0].questions[0].choices[0].ground.startswith("Alder 2001 (cohort, read in: abst")


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


def test_a_sheet_of_paper_has_questions_and_no_feedback(cases, ada):
    for name, case in {**cases, "ada": ada}.items():
        html = charts.case_in_stages(case, paper=True).html
        assert "<details" not in html and "<textarea" not in html, name
        for stage in case.stages:
            for question in stage.questions:
                assert charts._stages._text(question.asks) in html
                for choice in question.choices:
                    assert charts._stages._text(choice.says) in html
                    assert charts._stages._text(choice.feedback) not in html or choice.feedback in choice.says
    assert "(made up)" in charts.case_in_stages(ada, paper=True).caption


def test_every_choice_and_room_to_write_has_a_name(cases, ada):
    for case in (*cases.values(), ada):
        html = charts.case_in_stages(case).html
        assert html.count("<fieldset") == html.count("<legend>")
        ids = re.findall(r'<textarea id="([^"]+)"', html)
        assert ids == re.findall(r'<label for="([^"]+)"', html) and len(ids) == len(set(ids))
        assert len(re.findall(r'<label><input type="radio"', html)) == html.count('type="radio"')


def test_whose_it_is_stands_on_top(ada):
    assert "Made up: nobody had this course." in charts.case_in_stages(ada).html
    assert "is the record's" in charts.case_in_stages(dataclasses.replace(ada, made_up=False)).html
