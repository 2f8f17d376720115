"""One lane with two brackets: which limits each of them draws, told apart, and what a switch is told of them."""

import re

import pytest
from casebook import charts, data, timeline
from casebook.charts import _timeline_layout, _timeline_records
from made_up import doubles

ONE, TWO = "made-up-case-1", "made-up-case-2"
LOOKS = {"desk": _timeline_layout.DESK, "phone": _timeline_layout.PHONE}


def both(anchor):
    return timeline.two_meanings(timeline.as_stated(data.select(doubles(), ONE, TWO)), anchor)


def brackets(anchor, look="desk"):
    course = both(anchor).both
    placed = _timeline_layout.layout(course, LOOKS[look])
    records = _timeline_records.records_of(course, placed, LOOKS[look])
    return placed, records[records["meaning"] != ""].sort_values("rival")


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("anchor", ["car_t_infusion", "hsct"])
def test_both_begin_at_the_graft_and_only_the_first_is_closed(anchor, look):
    placed, (first, second) = (found := brackets(anchor, look))[0], list(found[1].itertuples())
    assert first.x == second.x < first.x2 < second.x2 and first.y == second.y
    rows = placed.rows[placed.rows["meaning"] != ""].sort_values("rival")
    assert rows["right_open"].tolist() == [False, True] and not rows["left_open"].any()
    tall = [max(map(float, re.findall(r",(-?[\d.]+)", one.path))) for one in (first, second)]
    assert tall[0] + 1.5 <= tall[1] <= LOOKS[look]["row"] / 2, "the one stands inside the other, and in its row"


def test_on_an_axis_of_days_the_first_ends_at_day_14_and_the_second_beyond_the_scale():
    placed, found = brackets("hsct")
    assert placed.axis.in_days and placed.axis.high == 14
    rows = placed.rows.loc[found.index]
    assert rows["right"].tolist() == [placed.axis.place(14), 1.0]
    assert not brackets("car_t_infusion")[0].axis.in_days


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("anchor", ["car_t_infusion", "hsct"])
def test_each_bracket_has_its_words_and_none_lies_over_the_other(anchor, look):
    _, found = brackets(anchor, look)
    first, second = found.itertuples()
    assert first.noted == "within 14 days" and second.noted.removeprefix("or ") == "before engraftment"
    assert second.note_x > first.note_x + _timeline_records.text_width(first.noted, LOOKS[look]["small"])
    end = second.note_x + _timeline_records.text_width(second.noted, LOOKS[look]["small"])
    assert end <= LOOKS[look]["width"]


def test_a_switch_is_told_marks_titles_and_what_the_description_says_of_each():
    two = both("hsct")
    spec = charts.timeline_chart(two.both, title="T", subtitle="s", read=(two.word, ["A", "case 1"])).to_dict()
    told = spec["usermeta"]["meanings"]
    assert told["word"] == "hyperacute" and [one["name"] for one in told["of"]] == list(two.meanings)
    assert [one["title"][17:] for one in told["of"]] == ["A", "case\u00a01"], "no unit breaks"
    names = [row["mark"] for row in spec["usermeta"]["marks"]]
    for one in told["of"]:
        assert len(one["marks"]) == 1 and names.count(one["marks"][0]) == 1
        assert spec["description"].count(one["told"][0]) == 1
    page = charts.render(spec)["text/html"]
    assert 'class="chart broad lanes"' in page and 'class="chart-meanings"' in page
    assert f'data-first="{told["of"][0]["title"]}"' in page, "the room of the title that a script shows first"
    assert page.count('<th scope="col">') == 5 and page.count('<th scope="col" class="rest">') == 6


def test_a_turned_figure_repeats_no_layer_that_is_drawn_alike():
    one, other = both("car_t_infusion"), both("hsct")
    turned = charts.timeline_chart(other.both, title="B", subtitle="s")
    page = charts.render(
        charts.timeline_chart(one.both, title="A", subtitle="s", turned=(other.both, turned)).to_dict()
    )["text/html"]
    here, there = page.split("<template", 1)
    marks = re.findall(r'<g class="mark-[^"]*_marks"[^>]*>.*?</g>', here, re.S)
    same = [int(number) for number in re.findall(r'<g data-same="(\d+)"></g>', there)]
    assert same and all("grade 3 CRS" in marks[number] or number < len(marks) for number in same)
    alone = charts.render(turned.to_dict())["text/html"]
    whole = re.findall(r'<g class="mark-[^"]*_marks"[^>]*>.*?</g>', alone, re.S)
    left = re.findall(r'<g class="mark-[^"]*_marks"[^>]*>.*?</g>|<g data-same="\d+"></g>', there, re.S)
    filled = [marks[int(found[1])] if (found := re.match(r'<g data-same="(\d+)"', one)) else one for one in left]
    assert filled == whole
