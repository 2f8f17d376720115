"""How often: titles, subtitles and sentences that are true for none, one and many series."""

import re

import pytest
from casebook.evidence import cohorts, frequency
from casebook.evidence.forest_rows import ROW
from casebook.statistics import pool_with_prior
from made_up_series import COUNTS, outcome, series


def found(studies="abcdefgh", events=None, **more):
    """The book that holds these studies only, and its pooled outcome."""
    counts = {study: COUNTS[study] if events is None else (events, COUNTS[study][1]) for study in studies}
    book = series([outcome(study, "break", *count) for study, count in counts.items()], **more)
    return book, cohorts.pool_outcome(book, "break")


def figure(book, pooled, *reviews):
    return frequency.frequency_figure(book, "Breaks", pooled, *reviews)


@pytest.mark.parametrize(
    ("studies", "events", "title"),
    [
        ("", None, "Breaks: no series with a count was found"),
        ("g", None, "Breaks: none of 9 patients in one series, not pooled"),
        ("h", None, "Breaks: 4 of 40 patients in one series, not pooled"),
        ("bh", None, "Breaks: 6 of 60 patients in 2 series, not pooled"),
        ("hd", None, "Breaks: 13 of 100 patients in 2 series, not pooled; steel splints: 4 of 40"),
        ("hbd", None, "Breaks: about 1 in 8 patients (15 of 120); steel splints: 6 of 60"),
        ("hbd", 0, "Breaks: none of 120 patients in 3 series; steel splints: none of 60"),
    ],
)
def test_the_title_counts_all_and_the_group_of_the_cases(studies, events, title):
    book, pooled = found(studies, events)
    assert figure(book, pooled).title == title


def test_what_most_patients_have_is_told_in_percent():
    book = series([outcome("b", "break", 18, 20), outcome("h", "break", 36, 40), outcome("d", "break", 54, 60)])
    title = figure(book, cohorts.pool_outcome(book, "break")).title
    assert title == "Breaks: about 90% of patients (108 of 120); steel splints: 54 of 60"


def test_the_title_knows_cases_of_no_or_of_two_groups():
    book, pooled = found(cases=(None,))
    assert figure(book, pooled).title.endswith("(15 of 129)")
    book, pooled = found(cases=("steel", "glass"))
    assert figure(book, pooled).title.endswith("; steel splints: 6 of 60; glass splints: 9 of 60")


def test_the_group_of_the_cases_comes_first_with_its_sum_and_what_is_pooled_last():
    book, pooled = found(cases=("glass",))
    book.overlaps = book.overlaps.head(0)
    pooled = cohorts.pool_outcome(book, "break")
    drawn = figure(book, pooled).rows
    assert drawn["panel"].drop_duplicates().tolist() == [
        "glass splint", "steel splint", "material not in what was read", "all series together",
    ]  # fmt: skip
    glass = drawn[drawn["panel"] == "glass splint"]
    assert glass["label"].tolist() == [
        "Dill 2023",
        "Fern 2025",
        "Elder 2024",
        "Cedar 2022",
        "glass, added up",
        "glass, pooled",
    ]
    assert glass["count"].tolist()[-2:] == ["21 of 174", "n = 174"]
    assert glass["form"].tolist()[-2:] == ["outline", "diamond"]
    steel = drawn[drawn["panel"] == "steel splint"]
    assert steel["label"].tolist()[:4] == ["Hazel 2020", "Amber 2021", "Birch 2023", "steel, added up"]
    assert "60 of 174 inferred to be glass" in glass["note"].tolist()[-2] and "inferred" not in steel["note"].iloc[3]
    last = drawn.iloc[-1]
    assert (last["label"], last["form"], last["count"]) == ("Pooled here", "diamond", "n = 263")
    assert list(drawn.columns) == list(ROW)


def test_a_group_of_one_series_has_no_sum_and_no_pooled_row():
    book, pooled = found("hd")
    assert figure(book, pooled).rows["label"].tolist() == ["Hazel 2020", "Dill 2023"]


def test_the_group_of_the_cases_is_pooled_below_its_sum_if_it_has_several_series_and_is_not_all():
    book, pooled = found()
    drawn = figure(book, pooled).rows.set_index("label")
    ours = pool_with_prior([4, 2], [40, 20])
    row = drawn.loc["steel, pooled"]
    assert (row["panel"], row["form"], row["count"]) == ("steel splint", "diamond", "n = 60")
    assert row["estimate"] == 100 * ours.estimate and row["prediction_high"] == 100 * ours.prediction_high
    assert "glass, pooled" not in drawn.index
    assert "steel, pooled" not in figure(*found("hb")).rows["label"].tolist()


def test_no_series_is_no_row_and_a_subtitle_that_says_so():
    book, pooled = found("")
    drawn = figure(book, pooled).rows
    assert drawn.empty and list(drawn.columns) == list(ROW)
    assert figure(book, pooled).subtitle == "Nothing is drawn"


def test_what_others_pooled_stands_last_as_they_printed_it():
    book, pooled = found("hb")
    review = outcome("x", "break", outcome_id="theirs", value=11.5, low=8.0, high=16.0, n=300, all_infused=False)
    book.outcomes = series([review]).outcomes
    drawn = figure(book, pooled, "theirs").rows
    last = drawn.iloc[-1]
    assert last[["label", "note", "count", "share", "form"]].tolist() == [
        "Ivy 2019", "pooled by others; n: patients in all", "n = 300", "11.5% (8 to 16)", "outline",
    ]  # fmt: skip
    with pytest.raises(ValueError, match="no row lost"):
        figure(book, pooled, "lost")


@pytest.mark.parametrize(
    ("studies", "begins"),
    [("h", "one series, 40 patients, read in abstracts; "), ("hbd", "3 series, 120 patients, read in abstracts; ")],
)
def test_the_subtitle_says_how_many_and_in_what_they_were_read(studies, begins):
    book, pooled = found(studies)
    assert figure(book, pooled).subtitle.startswith(begins)


def test_the_subtitle_promises_no_line_that_is_not_drawn():
    book, pooled = found("h")
    drawn = figure(book, pooled).rows
    assert drawn["prediction_low"].isna().all()  # one series: nothing is pooled
    assert not re.search("broken line|prior", figure(book, pooled).subtitle)
    book, pooled = found()
    said = figure(book, pooled).subtitle
    assert "broken line: 95% prediction interval" in said
    assert "priors on the log odds: mean normal (0, 2), spread half-normal (0.5)." in said


def test_sentences_on_the_group_of_the_cases():
    book, pooled = found()
    ours = pool_with_prior([4, 2], [40, 20])
    said = f"6 of 60 patients in 2 series (pooled {100 * ours.estimate:.1f}%, 95% interval {100 * ours.low:.1f} to "
    assert frequency.said_of_the_cases(book, "break", pooled) == f"{said}{100 * ours.high:.1f})"
    book, pooled = found("d")
    assert frequency.said_of_the_cases(book, "break", pooled) == "no series with a count"
    book, pooled = found("gb", cases=("steel",))
    said = "2 of 20 patients in one series (exact 95% interval 1 to 32%)"
    assert frequency.said_of_the_cases(book, "break", pooled) == said
    book, pooled = found()
    assert frequency.said_inferred(book, pooled) == "no series"
    book, pooled = found(cases=("glass",))
    book.studies["caveat"] = "Half were told. The rest was read elsewhere."
    assert (
        frequency.said_inferred(book, pooled) == "one series (Dill 2023: half were told; the rest was read elsewhere)"
    )


def test_no_event_leaves_room_for_some():
    assert frequency.said_zero(found()[1]) == "none of 9 patients in Gorse 2023 leaves up to 34% open"
    assert frequency.said_zero(found("hb")[1]) == "each series here saw at least one event"
    assert frequency.said_zero(found("hb", 0)[1]).startswith("none of 40 patients in Hazel 2020")
