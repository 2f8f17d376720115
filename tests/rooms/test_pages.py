"""Titles and sentences: true and in good grammar whatever the tables come to hold.

Everything here is told of made-up doubles of the two patients, or of other made-up patients.
"""

import dataclasses
import re

import pandas as pd
import pytest
from casebook import data, pages, timeline
from casebook.patients import record
from made_up import doubles, live, patient, with_day

ONE, TWO = "made-up-case-1", "made-up-case-2"


def in_days(book, *rows):
    for start, end, least, most in rows:
        case = ONE if f"{ONE}-{start}" in set(book.events["event_id"]) and not start.startswith("2:") else TWO
        start, end = (name.removeprefix("2:") for name in (start, end))
        book = with_day(book, f"{case}-{start}", f"{case}-{end}", least, most)
    return book


NONE = ()
SOME = (("infusion", "crs", 2, 2),)
MORE = (("infusion", "hsct", 40, 40), ("hsct", "gvhd", 6, 6))
ALL = (
    ("disease", "infusion", 90, 90), ("infusion", "crs", 2, 2), ("infusion", "infection", 9, 9),
    ("infusion", "organ-toxicity", 12, 12), ("infusion", "hsct", 40, 40), ("hsct", "gvhd", 6, 6),
    ("hsct", "ta-tma", 30, 30), ("2:disease", "2:infusion", 60, 60), ("2:infusion", "2:hsct", 50, 50),
    ("2:infusion", "2:recovery", 20, 20), ("2:infusion", "2:inflammation-control", 10, 10),
)  # fmt: skip
FILLED = {"none": NONE, "some": SOME, "more": MORE, "all": ALL}
GVHD_ALONE = (("hsct", "gvhd", 6, 6),)


def shown(filled, anchor="car_t_infusion", *cases):
    book = in_days(doubles(), *FILLED[filled])
    return timeline.course(timeline.as_stated(data.select(book, *(cases or (ONE, TWO)))), anchor)


@pytest.mark.parametrize(
    ("filled", "title"),
    [
        ("none", "Case 1 had five named complications, none with a day; of case 2 the record names none and does not "
                 "say that there were none"),
        ("some", "Case 1 had five named complications, one of them with a day; of case 2 the record names none and "
                 "does not say that there were none"),
        ("more", "Case 1 had five named complications, one of them with a day; of case 2 the record names none and "
                 "does not say that there were none"),
        ("all", "Case 1 had five named complications, each with a day; of case 2 the record names none and does not "
                "say that there were none"),
    ],
)  # fmt: skip
def test_the_first_picture_counts_what_is_named_and_dated(filled, title):
    assert pages.contrast_title(shown(filled), "complication", "complication") == title


@pytest.mark.parametrize(
    ("filled", "anchor", "title"),
    [
        ("none", "car_t_infusion", "No day is known of case 1 or case 2; hyperacute GVHD of case 1 would lie 0 to 14 "
                                   "days after transplantation if Saliba's definition is meant"),
        ("none", "hsct", "No day is known of case 1 or case 2; hyperacute GVHD of case 1 would lie in days 0 to 14 if "
                         "Saliba's definition is meant"),
        ("some", "hsct", "Grade 3 CRS of case 1 began 2 days after the infusion; no other day is known of case 1 or "
                         "case 2; hyperacute GVHD of case 1 would lie in days 0 to 14 if Saliba's definition is meant"),
        ("more", "hsct", "4 of 11 events have a day or limits in days, 1 of them by a definition"),
        ("all", "car_t_infusion", "Every event has a day or limits in days"),
    ],
)  # fmt: skip
def test_the_second_picture_names_the_days_that_are_known(filled, anchor, title):
    assert pages.limits_title(shown(filled, anchor)) == title


def test_a_known_day_is_no_longer_conditional():
    book = data.select(in_days(doubles(), *GVHD_ALONE), ONE)
    title = pages.limits_title(timeline.course(book, "hsct"))
    assert title == "Hyperacute GVHD began on day 6; no other day is known"


def test_what_follows_from_a_definition_is_no_known_day():
    alone = data.select(doubles(), ONE)
    for anchor in ("hsct", "car_t_infusion"):
        title = pages.limits_title(timeline.course(timeline.as_stated(alone), anchor))
        assert title.startswith("No day is known; hyperacute GVHD would lie ") and "other" not in title
    figure = pages.close_up(timeline.course(timeline.as_stated(alone), "hsct"), "made up")
    assert "Case 1: no day is known; hyperacute GVHD would lie in days 0 to 14 if" in figure.title.text
    limits = data.select(in_days(doubles(), ("infusion", "crs", 2, 5)), ONE)
    title = pages.limits_title(timeline.course(limits, "car_t_infusion"))
    assert title.startswith("No day is known; grade 3 CRS began between day 2 and 5; hyperacute GVHD would lie ")


def test_without_any_day_the_title_says_that_order_is_all():
    bare = patient({"i": ("car_t_infusion", "CAR T cells", True), "c": ("crs", "CRS", False)}, [("i", "c", 0, None)])
    one = timeline.course(bare, "car_t_infusion")
    assert pages.limits_title(one) == "No day is known: only the order of events is known"
    assert pages.days_sentence(one) == "The one event has no known day"


@pytest.mark.parametrize(
    ("filled", "sentence"),
    [
        ("none", "Of 11 events, none has a known day"),
        ("some", "Of 11 events, one has a known day"),
        ("more", "Of 11 events, two have a known day"),
        ("all", "Of 11 events, each has a known day"),
    ],
)
def test_known_days_are_counted_without_day_zero_and_judgments(filled, sentence):
    assert pages.days_sentence(shown(filled)) == sentence


def named(*labels):
    """The doubles, with so many complications of the second case, and with those of the first taken out."""
    book = doubles()
    complications = set(book.kinds.loc[book.kinds["sign"] == "complication", "kind"])
    events = book.events[~book.events["kind"].isin(complications)]
    extra = [
        events.head(1).assign(event_id=f"{TWO}-x{n}", case_id=TWO, kind="infection", label=label, lane="infection")
        for n, label in enumerate(labels)
    ]
    ids = set(events["event_id"])
    bounds = book.bounds[book.bounds["from_event"].isin(ids) & book.bounds["to_event"].isin(ids)]
    return dataclasses.replace(book, events=pd.concat([events, *extra], ignore_index=True), bounds=bounds)


@pytest.mark.parametrize(
    ("labels", "title"),
    [
        ((), "Of case 1 or case 2 the record names no complication and does not say that there was none"),
        (("an infection",), "Case 2 had one named complication, without a day; of case 1 the record names none and "
                            "does not say that there were none"),
        (("an infection", "another"), "Case 2 had two named complications, none with a day; of case 1 the record names "
                                      "none and does not say that there were none"),
    ],
)  # fmt: skip
def test_nought_one_and_many_are_in_good_grammar(labels, title):
    one = timeline.course(named(*labels), "car_t_infusion")
    assert pages.contrast_title(one, "complication", "complication") == title
    assert pages.some(len(labels), "complication") in ("no complication", "one complication", "two complications")


def test_an_end_is_no_further_complication():
    happened = {
        "i": ("car_t_infusion", "CAR T cells", True), "c": ("crs", "CRS", False),
        "e": ("crs", "CRS ends", False, {"ends": "c"}),
    }  # fmt: skip
    one = timeline.course(patient(happened, [("i", "c", 2, 2), ("i", "e", 9, 9)]), "car_t_infusion")
    (row,) = pages.tally(one, "complication").itertuples()
    assert (row.named, row.dated, row.dated_words, row.labels) == (1, 1, "Each", "CRS")


def test_a_later_grade_is_one_complication_counted_once_and_dated_by_either_row():
    happened = {
        "i": ("car_t_infusion", "CAR T cells", True), "d": ("crs", "grade 3 CRS", False, {"same_as": "c"}),
        "c": ("crs", "grade 1 CRS", False), "n": ("infection", "infection", False),
    }  # fmt: skip
    one = timeline.course(patient(happened, [("i", "d", 9, 9)]), "car_t_infusion")
    (row,) = pages.tally(one, "complication").itertuples()
    assert (row.named, row.dated, row.placed) == (2, 1, 1)
    assert row.labels == "grade 1 CRS (later grade 3 CRS) and infection"


@pytest.mark.parametrize("filled", FILLED)
@pytest.mark.parametrize("anchor", ["car_t_infusion", "hsct"])
@pytest.mark.parametrize("cases", [(ONE,), (TWO,), (ONE, TWO)])
def test_whatever_is_filled_the_pictures_are_drawn_and_their_words_hold(filled, anchor, cases):
    one = shown(filled, anchor, *cases)
    for draw in (pages.pair, pages.hero) if len(cases) > 1 else (pages.close_up,):
        chart = draw(one, "made up")
        spec = chart.to_dict()
        title, description = spec["title"]["text"], spec["description"]
        assert title.startswith("Made-up patient: ") and "  " not in title + description
        assert not re.search(r"\bnan\b|\bNone\b|\b1 (events|days|patients)\b|made-up-case", title + description)
        for row in spec["usermeta"]["rows"]:
            assert row["Place in time"] != "not in the record", "a stated event is not itself unknown"
            if filled == "all" and row["Drawn as"] != "words at the edge":
                assert row["Place in time"].startswith("day "), row


def test_every_lane_stands_in_the_table_of_sides_and_silence_is_said():
    sides = record.by_lane(doubles()).set_index("lane")
    assert sides.index.tolist() == live().lanes.sort_values("rank")["lane"].tolist()
    assert sides.loc["inflammation", "in_record"] == 2
    assert sides.loc["GVHD", "in_record"] == 1 and pd.isna(sides.loc["GVHD", "case 2"])
    assert sides.loc["response", "in_record"] == 0, "complete recovery is no response of the leukemia"


def test_a_lane_is_told_if_it_is_asked_for_or_an_event_lies_in_it_and_silence_only_if_it_is_asked_for():
    book = doubles()
    less = book.lanes["lane"].isin(["GVHD", "response"])
    sides = record.by_lane(dataclasses.replace(book, lanes=book.lanes.assign(asked=~less))).set_index("lane")
    assert "response" not in sides.index and sides.loc["GVHD", ["in_record", "case 2"]].tolist() == [1, ""]
    assert sides.loc["GVHD", "case 1"] == "hyperacute GVHD" and pd.isna(sides.loc["infection", "case 2"])


def test_gaps_stand_fact_by_case_and_a_filled_one_shows_its_value():
    book = doubles()
    gaps = book.gaps.copy()
    first = gaps.index[(gaps["topic"] == "age") & (gaps["case_id"] == ONE)]
    gaps.loc[first, "value"] = "made-up age"
    wide = record.open_gaps(dataclasses.replace(book, gaps=gaps)).set_index("topic")
    assert wide.loc["age", ["case 1", "case 2"]].tolist() == ["made-up age", "not in the record"]
    assert pd.isna(wide.loc["crs-scale", "case 2"]), "not asked of case 2"


def test_an_explanation_is_open_for_the_cases_whose_fact_is_open():
    book = doubles()
    status = record.explanations(book).set_index("explanation_id")
    assert status.loc["dose", "status"] == "not in the record for case 1 and case 2"
    assert status.loc["chance", ["status", "open"]].tolist() == ["no single fact", False]
    gaps = book.gaps.assign(value=book.gaps["value"].where(book.gaps["topic"] != "dose", "made up"))
    filled = record.explanations(dataclasses.replace(book, gaps=gaps)).set_index("explanation_id")
    assert filled.loc["dose", ["status", "open"]].tolist() == ["filled from the paper", False]


def rival_window(definition_id, event_id):
    book = timeline.under_definition(data.select(doubles(), ONE), definition_id)
    return timeline.course(book, "hsct").windows.set_index("event_id").loc[event_id]


def test_a_rival_definition_takes_the_latest_day_away():
    gvhd = rival_window("hyperacute-gvhd-sohn", f"{ONE}-gvhd")
    assert gvhd["earliest"] == 0 and gvhd["latest"] == float("inf") and gvhd["if_defined_as"] == "Sohn et al."


def test_the_crs_of_the_graft_begins_within_five_days_of_it():
    """Typed a second time from the abstract of Shapiro 2023: fever within the first 5 days."""
    crs = rival_window("crs-of-graft-shapiro-2023", f"{ONE}-crs")
    assert crs["position"] == "day 0 to 5" and crs["if_defined_as"] == "Shapiro 2023"
    assert "graft" in crs["because"] and crs["position_basis"] == "defined"
    relied_on = timeline.course(data.select(doubles(), ONE), "hsct").windows.set_index("event_id").loc[f"{ONE}-crs"]
    assert relied_on["latest"] == float("inf") and relied_on["if_defined_as"] == "Lee 2019"


def test_a_rival_definition_changes_its_own_bound_alone_and_no_other_book():
    book = data.select(doubles(), ONE)
    before = book.bounds.copy()
    after = timeline.under_definition(book, "crs-of-graft-shapiro-2023").bounds
    pd.testing.assert_frame_equal(book.bounds, before)
    changed = before["bound_id"].eq(f"{ONE}-crs-after-infusion")
    pd.testing.assert_frame_equal(after[~changed], before[~changed])
    assert after.loc[changed, ["from_event", "max_days"]].values.tolist() == [[f"{ONE}-hsct", 5]]
    assert after.loc[changed, ["min_published", "max_published"]].isna().all(axis=None)


def front(*filled, anchor="car_t_infusion"):
    """The first figure of the doubles: its usermeta and its title."""
    book = timeline.as_stated(data.select(in_days(doubles(), *filled), ONE, TWO))
    drawn = pages.hero(timeline.course(book, anchor), "made up", book=book).to_dict()
    return drawn["usermeta"], drawn["title"]["text"]


def test_the_first_title_says_that_a_word_has_two_meanings_and_what_follows_from_each():
    meta, title = front(anchor="hsct")
    assert title.endswith("“Hyperacute” can mean within 14 days or before engraftment")
    within, before = (one["title"].replace("\u00a0", " ").replace("\u2011", "-") for one in meta["meanings"]["of"])
    assert within.endswith("If “hyperacute” means within 14 days, hyperacute GVHD of case 1 lies in days 0 to 14")
    assert before.endswith(
        "means before engraftment, hyperacute GVHD of case 1 lies after transplantation, no later limit"
    )
    assert {one.split(". ")[0] for one in (title, within, before)} == {
        "Made-up patient: " + pages.contrast_title(shown("none"), "complication", "complication")
    }


def test_a_day_that_is_filled_in_decides_between_the_meanings_and_the_switch_goes():
    meta, title = front(*GVHD_ALONE)
    assert "meanings" not in meta and "Hyperacute" not in title


def test_a_definition_that_would_change_nothing_is_refused():
    with pytest.raises(ValueError, match="no bound of these cases for lee; it has crs-of-graft-shapiro-2023"):
        timeline.under_definition(data.select(doubles(), ONE), "lee")
    with pytest.raises(ValueError, match="no bound of these cases"):
        timeline.under_definition(data.select(doubles(), TWO), "crs-of-graft-shapiro-2023")


def test_what_is_said_of_the_cases_names_the_open_scale():
    said = record.said_of(doubles(), ("crs",), "crs-scale").set_index("case_id")["said"]
    assert said.tolist() == ["grade 3 CRS; its scale is not in the record", "not in the record"]


def test_what_stands_under_a_lesson_is_folded_and_counted():
    reports = pd.DataFrame(
        {"Source": ["A", "B"], "What it says": ["One.", "<b>Two.</b>"], "Read in, and caveat": ["", ""]}
    )
    found = pages.under_a_lesson(reports, pd.DataFrame({"Made-up patient": ["Eve"], "By hand": ["1"]}), "Worked")
    assert found.html.count('<details class="folded"><summary>') == 2 == found.html.count("</details>")
    assert "<summary>Two statements of others</summary>" in found.html and "<summary>Worked</summary>" in found.html
    assert "&lt;b&gt;Two.&lt;/b&gt;" in found.html and found.caption == "Two statements of others; Worked"
