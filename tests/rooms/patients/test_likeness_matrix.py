"""The matrix of patients by features: a dot is told, a dash is silence. All patients are made up, but for the last."""

import html
import re

import pytest
from casebook import charts, data, timeline
from casebook.charts import _matrix
from casebook.patients import likeness, sharing
from made_up import live
from made_up_patients import GRAFTED, INFUSED
from test_likeness import BRIDGED, beside, person

SICK = {**GRAFTED, "n": ("infection", "sepsis", False)}


def cells(*people):
    one, book = beside(*people)
    return likeness.matrix_cells(likeness.features_told(one, book), book)


def drawn(*people, title="Made-up patients"):
    return charts.matrix_chart(cells(*people), title=title, subtitle="made up").to_dict()


def svg_of(spec, half):
    return re.search(rf'class="chart-{half}".*?(<svg .*?</svg>)', charts.render(spec)["text/html"], re.S)[1]


@pytest.mark.parametrize("half", ["wide", "narrow"])
def test_what_is_told_is_filled_what_is_told_otherwise_hollow_and_silence_no_mark(half):
    spec = drawn(person(SICK, BRIDGED, product_source="donor"))
    found = {
        html.unescape(words): "filled" if ' fill="currentColor"' in attributes else "hollow"
        for words, attributes in re.findall(r'<path aria-label="(made-up-p[^"]+)"([^>]*)>', svg_of(spec, half))
    }
    assert found == {
        "made-up-p, T-ALL: T-ALL": "filled",
        "made-up-p, autologous anti-CD7 CAR T cells: CD7, donor": "hollow",
        "made-up-p, allo-HSCT after CAR T cells: graft, day 30": "filled",
        "made-up-p, infection: sepsis": "filled",
    }


def test_one_row_and_one_mark_for_each_feature_that_is_told():
    spec = drawn(person(SICK, BRIDGED), person(case="made-up-q", diagnosis="AML", car_target=None))
    rows = spec["usermeta"]["rows"]
    assert {row["Drawn as"] for row in rows} == {"filled", "hollow", "barred circle"}
    for half in ("wide", "narrow"):
        marks = re.findall(r'<path aria-label="([^"]+)"', svg_of(spec, half))
        assert sorted(map(html.unescape, marks)) == sorted(
            f"{row['Row']}: {row['What the source says']}" for row in rows
        )
    assert len(rows) == 8 + 3 + 4 + 2


def test_silence_is_told_in_the_description_and_never_of_what_is_stated():
    text = drawn(person(SICK, BRIDGED))["description"]
    assert "not in the record: grade 3 CRS, infection, drug-related organ toxicity, hyperacute GVHD and TA-TMA" in text
    assert "not in what was read: grade 3 CRS, drug-related organ toxicity, hyperacute GVHD and TA-TMA" in text
    assert not re.search(r"sepsis[^;.]*not in", text)


def test_a_dash_stands_in_every_cell_that_is_silent():
    spec = drawn(person(SICK, BRIDGED))
    silent = cells(person(SICK, BRIDGED))["state"].eq("silent").sum()
    assert svg_of(spec, "wide").count('d="M-4,0H4"') == silent == 5 + 4


def test_the_cases_stand_first_in_their_own_looks_and_what_the_authors_call_them_is_quoted():
    shown = svg_of(drawn(person(SICK, BRIDGED, vital_status="dead")), "wide")
    assert shown.index("case 1") < shown.index("case 2") < shown.rindex("made-up-p")
    assert shown.count("#D55E00") >= 8 and shown.count("#0072B2") >= 3
    assert "“poor prognosis”" in shown and "“died”" not in shown and ">died<" in shown


def test_a_fate_that_was_not_read_is_a_dash_and_not_a_word_for_alive():
    assert ">–<" in svg_of(drawn(person(SICK, BRIDGED)), "wide")
    narrow = svg_of(drawn(person(SICK, BRIDGED, vital_status="alive")), "narrow")
    assert ">alive<" in narrow and ">–<" not in narrow


def test_no_line_that_leads_down_from_a_heading_runs_through_another_heading():
    for look in (_matrix.DESK, _matrix.PHONE):
        heads = _matrix._heads(list(live().features["feature"]), look)
        for one in heads.itertuples():
            for other in heads.itertuples():
                top, left = other.y - _matrix.LINE / 2, other.x - 4
                right = left + 5.5 * max(map(len, other.text.split("\n")))
                assert right <= look["width"] + 8
                assert top < one.end or not left <= one.x <= right or one == other


def test_a_patient_takes_23_pixels_text_is_at_least_11_and_a_phone_has_room():
    spec = drawn(*(person(INFUSED, case=f"made-up-{n}") for n in range(20)))
    assert spec["height"] == 8 * _matrix.LINE + 8 + 22 * 23 + 4, "eight headings of one line each"
    for half, room in (("wide", 962), ("narrow", 304)):
        svg = svg_of(spec, half)
        assert min(map(float, re.findall(r'font-size="([\d.]+)px"', svg))) >= 11
        assert float(re.search(r'<svg [^>]*width="([\d.]+)"', svg)[1]) <= room, half


def test_made_up_patients_are_named_in_the_title_and_no_patient_is_an_error_in_words():
    assert drawn(person(), title="Few are alike")["title"]["text"] == "Made-up patient: Few are alike"
    with pytest.raises(ValueError, match="no patient and no feature to draw"):
        charts.matrix_chart(cells().head(0), title="t", subtitle="s")


def test_every_published_patient_is_drawn():
    book = live()
    book = data.select(book, *book.cases.loc[book.cases["role"].isin(["index", "comparator"]), "case_id"])
    told = likeness.features_told(timeline.course(book, "car_t_infusion"), book)
    spec = charts.matrix_chart(
        likeness.matrix_cells(told, book), title=sharing.in_sentences(told).title, subtitle="s"
    ).to_dict()
    assert all(label in spec["description"] for label in book.cases["label"])


# ---------------------------------------------------------------- those who share a feature

TWO = [person(SICK, BRIDGED), person(case="made-up-q", diagnosis="AML", car_target=None)]


def choices_of(*people):
    one, book = beside(*people)
    return sharing.matrix_choices(likeness.features_told(one, book))


def test_each_choice_holds_the_cases_and_exactly_those_who_share_the_feature():
    found = {one.feature: one for one in choices_of(*TWO)}
    assert list(found) == list(cells(*TWO)["feature"].unique())
    cases = ("made-up-case-1", "made-up-case-2")
    shown = {feature: set(one.case_ids) - set(cases) for feature, one in found.items()}
    assert shown["infection"] == shown["T-ALL"] == {"made-up-p"} and shown["TA-TMA"] == set()
    assert all(one.case_ids[:2] == cases and one.n == len(shown[one.feature]) for one in found.values())
    assert found["infection"].title == "Infection: reported in 1 of 2 published patients"
    assert found["TA-TMA"].title == "TA-TMA: reported in none of 2 published patients"


def test_the_lines_of_a_choice_are_those_on_which_its_patients_are_drawn():
    spec = charts.matrix_chart(
        cells(*TWO), title="t", subtitle="s", choices=choices_of(*TWO), choose="Who shares"
    ).to_dict()
    told = spec["usermeta"]["choices"]
    names = {"cases-made-up-case-1": "case 1", "cases-made-up-p": "made-up-p", "cases-made-up-q": "made-up-q"}
    for half, top, row in zip(("wide", "narrow"), told["top"], told["row"]):
        svg = svg_of(spec, half)
        for line, key in enumerate(told["order"]):
            if key in names:
                y = float(re.search(rf"<text [^>]*translate\([^,]+,([\d.]+)\)[^>]*>{names[key]}<", svg)[1])
                assert int((y - top - 1) // row) == line
    assert told["total"] == 2 and len(told["some"]) == 8
    by = {one["choice"]: one for one in told["some"]}
    assert [told["order"][line] for line in by["infection"]["lines"]][2:] == ["cases-made-up-p"]
    assert by["ta-tma"]["lines"] == [0, 1] and by["ta-tma"]["n"] == 0
