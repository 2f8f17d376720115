"""The swimmer figure: each event with a day can be seen, nothing without a day is drawn. All patients are made up."""

import html
import re
from itertools import pairwise

import pytest
from casebook import charts, timeline
from casebook.charts import _key, _swimmer
from casebook.patients import individuals
from made_up import live, patient
from made_up_patients import DAYS, GRAFTED, INFUSED, REINFUSED, together


def drawn(book, anchor="car_t_infusion"):
    rows = individuals.swimmer_rows(timeline.course(book, anchor), book)
    return charts.swimmer_chart(rows, live().looks, title="Made-up patients", subtitle="made up").to_dict()


def forms(spec):
    return {row["Event"].partition(", ")[2]: row["Drawn as"] for row in spec["usermeta"]["rows"]}


def marks_of(spec, half):
    """What is drawn at a desk ("wide") or on a phone ("narrow"): the words and the path or line of each mark."""
    shown = charts.render(spec)["text/html"]
    svg = re.search(rf'class="chart-{half}".*?(<svg .*?</svg>)', shown, re.S)[1]
    found = re.findall(r'<(?:path|line) aria-label="([^"]+)"([^>]*)>', svg)
    return {html.unescape(words): attributes for words, attributes in found}


def place(attributes):
    return tuple(map(float, re.search(r"translate\(([\d.]+),([\d.]+)\)", attributes).groups()))


ONE_DAY = {
    **GRAFTED,
    "r": ("remission", "remission", False),
    "n": ("infection", "mold infection", False),
    "d": ("death", "death", False),
}
SAME = [("i", name, 24, 24) for name in ("h", "r", "n")] + [("i", "d", 77, 77)]


@pytest.mark.parametrize("half", ["wide", "narrow"])
def test_three_events_of_one_day_are_three_marks_one_above_the_other(half):
    found = marks_of(drawn(patient(ONE_DAY, SAME)), half)
    at = [place(attributes) for words, attributes in found.items() if words.endswith(": day 24")]
    assert len(at) == 3 and len({x for x, _ in at}) == 1, "on one day"
    heights = sorted(y for _, y in at)
    assert all(b - a >= 12 for a, b in pairwise(heights)), "no sign hides another"


def test_every_event_with_a_day_or_limits_is_one_mark_and_no_other():
    happened = {**ONE_DAY, "x": ("relapse", "relapse", False), "t": ("ta_tma", "TA-TMA", False)}
    spec = drawn(patient(happened, [*SAME, ("i", "t", 30, 60)]))
    assert forms(spec) == {
        "cells given": "line at day 0", "graft": "transplantation", "remission": "response",
        "mold infection": "complication", "death": "death", "TA-TMA": "brackets",
    }  # fmt: skip
    for half in ("wide", "narrow"):
        assert len(marks_of(spec, half)) == 6, half
    assert "relapse" not in spec["description"]


def test_relapse_reinfusion_and_the_end_of_crs_are_told_apart():
    spec = drawn(patient(REINFUSED, [("i", name, day, day) for name, day in DAYS.items()]))
    found = forms(spec)
    assert found["CRS ends"] == "bar to its end" and found["grade 1 CRS begins"] == "complication"
    assert found["relapse"] == "relapse" and found["cells given again"] == "another infusion"
    assert list(found.values()).count("complication") == 1
    legend = {line["said"]: line["sign"] for line in spec["usermeta"]["legend"]}
    signs = live().looks[live().looks["of"] == "sign"].set_index("look")
    for sign in ("relapse", "another infusion", "death", "complication", "response"):
        assert _key.PATHS.get(signs.loc[sign, "shape"], signs.loc[sign, "shape"]) in legend[signs.loc[sign, "said"]]
        assert signs.loc[sign, "sign"] not in spec["title"]["subtitle"], "a sign is drawn, not told in words"
    assert signs.loc["transplantation", "said"] not in legend, "what does not occur is not explained"


def test_a_bar_is_as_long_as_it_lasted_and_stands_on_the_line_of_its_start():
    book = patient(REINFUSED, [("i", name, day, day) for name, day in DAYS.items()])
    found = marks_of(drawn(book), "wide")
    starts = {words.partition(", ")[2].partition(":")[0]: attributes for words, attributes in found.items()}
    at = {name: place(attributes) for name, attributes in starts.items() if "translate" in attributes}
    bar = re.search(r'd="M([\d.]+),([\d.]+)h([\d.]+)v([\d.]+)', starts["CRS ends"])
    left, top, wide, tall = map(float, bar.groups())
    day = (at["death"][0] - at["relapse"][0]) / (DAYS["d"] - DAYS["x"])
    assert left == pytest.approx(at["grade 1 CRS begins"][0], abs=0.1)
    assert wide == pytest.approx(day * (DAYS["c-end"] - DAYS["c"]), rel=0.02)
    assert top < at["grade 1 CRS begins"][1] < top + tall


def test_what_goes_on_has_an_arrow_and_no_end():
    happened = {**INFUSED, "c": ("crs", "CRS", False), "e": ("crs", "CRS goes on", False, {"lasts": "c"})}
    spec = drawn(patient(happened, [("i", "c", 3, 3), ("i", "e", 20, 20)]))
    assert forms(spec)["CRS goes on"] == "bar and arrow"
    assert {"how long it lasted", "it goes on"} <= {line["said"] for line in spec["usermeta"]["legend"]}


def test_what_goes_on_without_a_last_day_is_never_said_to_be_out_of_the_record():
    happened = {**INFUSED, "c": ("crs", "CRS", False), "e": ("crs", "CRS goes on", False, {"lasts": "c"})}
    spec = drawn(patient(happened, [("i", "c", 5, 5)]))
    assert "CRS goes on, from day 5 on" in spec["description"] and "not in the record" not in spec["description"]


def test_between_brackets_nothing_is_drawn():
    """A window is no duration: no piece of its path runs along the line further than the foot of a bracket or a dot."""
    for basis in ("stated", "inferred"):
        path = _swimmer._brackets(basis, 120.0)
        for piece in path.split("M")[1:]:
            points = [tuple(map(float, point.split(","))) for point in piece.split("L")]
            assert max(x for x, _ in points) - min(x for x, _ in points) <= 4
    assert _swimmer._brackets("stated", 120.0) != _swimmer._brackets("inferred", 120.0)


def test_a_pair_of_brackets_is_held_together_by_dots_and_keeps_clear_of_the_line_below():
    for basis in ("stated", "inferred"):
        pieces = [
            [tuple(map(float, point.split(","))) for point in piece.split("L")]
            for piece in _swimmer._brackets(basis, 120.0).split("M")[1:]
        ]
        dots = [piece for piece in pieces if piece[-1][0] - piece[0][0] == 1]
        assert {y for (_, y), _ in dots} == {-5, 5} and len(dots) > 30
        assert max(abs(y) for piece in pieces for _, y in piece) < _swimmer.SLOT / 2


def test_a_patient_without_the_anchor_is_not_drawn_on_its_axis():
    other = patient(
        {"d": ("disease", "diagnosis", False), "x": ("death", "death", False)}, [("d", "x", 900, 900)], "made-up-2"
    )
    book = together(patient(ONE_DAY, SAME), other)
    spec = drawn(book)
    assert {row["Patient"] for row in spec["usermeta"]["rows"]} == {"made-up-1"} and "900" not in str(spec)
    assert "day 0 is diagnosis" in str(drawn(other, "d"))


def test_no_day_at_all_is_an_error_in_words():
    book = together(patient(INFUSED, [], "made-up-1"), patient(GRAFTED, [("i", "h", 0, None)], "made-up-2"))
    with pytest.raises(ValueError, match="of 2 patients no day is known besides day 0, so nothing can be drawn: add"):
        drawn(book)
    with pytest.raises(ValueError, match="of no patient"):
        charts.swimmer_chart(
            individuals.swimmer_rows(timeline.course(book, "hsct"), book).head(0), live().looks, title="t", subtitle="s"
        )


def test_days_are_told_in_plain_numbers():
    happened = {**INFUSED, "x": ("relapse", "relapse", False), "d": ("death", "death", False)}
    spec = drawn(patient(happened, [("i", "x", 1234567, 1234567), ("i", "d", 1234567.25, 1234567.25)]))
    assert "day 1234567.25" in str(spec["usermeta"]["rows"]) and "e+06" not in charts.render(spec)["text/html"]


def test_a_made_up_patient_is_named_in_the_title_whatever_it_says():
    book = patient(ONE_DAY, SAME)
    rows = individuals.swimmer_rows(timeline.course(book, "car_t_infusion"), book)
    spec = charts.swimmer_chart(rows, live().looks, title="Death came late", subtitle="one").to_dict()
    assert spec["title"]["text"] == "Made-up patient: Death came late"


def test_a_line_of_one_sign_is_26_pixels_and_text_is_at_least_11():
    book = together(*(patient(GRAFTED, [("i", "h", 20, 20)], f"made-up-{n}") for n in range(1, 5)))
    spec = drawn(book)
    assert spec["height"] == _swimmer.TOP + 4 * 26
    for half in ("wide", "narrow"):
        svg = re.search(rf'class="chart-{half}".*?(<svg .*?</svg>)', charts.render(spec)["text/html"], re.S)[1]
        assert min(map(float, re.findall(r'font-size="([\d.]+)px"', svg))) >= 11
        assert float(re.search(r'<svg [^>]*width="([\d.]+)"', svg)[1]) <= {"wide": 962, "narrow": 288}[half]
