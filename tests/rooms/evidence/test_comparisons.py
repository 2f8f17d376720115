"""What came out: comparisons and tables of made-up series, true for none, one and several."""

import pytest
from casebook.evidence import comparisons
from casebook.evidence.forest_rows import ROW
from made_up_series import interval, outcome, series, survival


def book():
    return series(
        [
            outcome("h", "whole", 9, 9, outcome_id="h-with", time_point="median follow-up 15 months"),
            outcome("h", "whole", 2, 8, outcome_id="h-without", caveat="Few."),
            outcome("d", "break", 9, 60, outcome_id="d-break", time_point="day 28"),
            outcome("b", "break", 2, 20, all_infused=False, subgroup="old", time_point="day 9"),
            outcome("b", "bend", 1, 20),
        ],
        intervals=[interval("b", value=8.5, low=6.0, high=9.0, unit="months", limits="confidence interval")],
        survival=[
            survival("d-with", "d", "with", 67.2, low=51.9, high=82.4, n=37, caveat="Not randomized."),
            survival("d-without", "d", "without", 75.0, n=10),
            survival("d-later", "d", "with", 50.0, months=24.0, n=None),
        ],
    )


PAIRS = {
    "alive": {"with a splint": "d-with", "without": "d-without"},
    "whole": {"with a splint": "h-with", "without": "h-without"},
}


def drawn(*names):
    return comparisons.pair_rows(book(), {name: PAIRS[name] for name in names})


def test_each_comparison_stands_under_its_series_endpoint_and_time():
    found = drawn("alive", "whole")
    assert found["panel"].drop_duplicates().tolist() == [
        "Dill 2023: alive, at 12 months", "Hazel 2020: whole, median follow-up 15 months", "Hazel 2020: whole",
    ]  # fmt: skip
    assert found["label"].tolist() == ["with a splint", "without"] * 2
    assert found["count"].tolist() == ["n = 37", "n = 10", "9 of 9", "2 of 8"]
    assert found["share"].tolist() == ["67.2% (51.9 to 82.4)", "75%", "100% (66 to 100)", "25% (3 to 65)"]
    assert found["note"].tolist() == ["", "no interval printed", "", ""]
    assert list(found.columns) == list(ROW) and list(drawn().columns) == list(ROW)


def values(*panels):
    """Rows of comparisons with these values, two a panel."""
    frame = drawn("alive").iloc[[0] * sum(map(len, panels))].reset_index(drop=True)
    frame["panel"] = [f"panel {k}" for k, panel in enumerate(panels) for _ in panel]
    frame["estimate"] = [value for panel in panels for value in panel]
    return frame


@pytest.mark.parametrize(
    ("panels", "said"),
    [
        ((), "not given with a splint and without"),
        (((5,),), "not given with a splint and without"),
        (((5, 3),), "higher with a splint in the one series that gives both"),
        (((3, 3),), "not higher with a splint in the one series that gives both"),
        (((5, 3), (9, 1)), "higher with a splint in both series that give it"),
        (((5, 3), (9, 1), (4, 2)), "higher with a splint in each of the 3 series that give it"),
        (((5, 3), (1, 9)), "higher with a splint in 1 of 2 series"),
        (((1, 3), (1, 9), (7,)), "higher with a splint in none of 2 series"),
    ],
)
def test_it_is_counted_where_the_first_figure_is_higher(panels, said):
    frame = values(*panels)
    assert comparisons.said_pairs(frame, "with a splint") == said
    title = comparisons.pairs_title(frame, "Whole", "with a splint", "no measure of effect")
    assert title == f"Whole: {said}; no measure of effect"


@pytest.mark.parametrize(
    ("names", "begins"),
    [
        ((), "no comparison is drawn as reported"),
        (("alive",), "1 comparison is drawn as reported"),
    ],
)
def test_the_subtitle_counts_comparisons(names, begins):
    assert comparisons.pairs_subtitle(drawn(*names)).startswith(begins)


def test_the_subtitle_explains_a_hollow_mark_only_if_there_is_one():
    assert "hollow mark" in comparisons.pairs_subtitle(drawn("alive"))
    assert "hollow mark" not in comparisons.pairs_subtitle(drawn("whole"))


def test_two_groups_as_one_source_prints_them():
    table = comparisons.compare_table(book(), {"Alive": ["d-with", "d-without"]}, ["With", "Without"])
    assert table.to_dict("records") == [
        {
            "Endpoint": "Alive",
            "With, n = 37": "67.2% (51.9 to 82.4)",
            "Without, n = 10": "75%",
            "Note": "Not randomized",
        }
    ]
    several = comparisons.compare_table(book(), {"Alive": ["d-with"], "Whole": ["h-without"]}, ["Group"])
    assert several.columns.tolist() == ["Endpoint", "Group", "Note"] and several["Note"].tolist()[1] == "Few"


def test_counts_stand_by_series_with_of_whom_and_when():
    table = comparisons.counts_table(book(), {"Broke": ["break"], "Bent": ["bend"], "Whole": ["whole"]})
    assert table.columns.tolist() == ["Series", "Material", "Broke", "Bent", "Whole"]
    by = table.set_index("Series")
    assert by.loc["Birch 2023", "Broke"] == "2 of 20 (old, day 9)" and by.loc["Birch 2023", "Bent"] == "1 of 20"
    assert (
        by.loc["Dill 2023", "Broke"] == "9 of 60 (day 28)" and by.loc["Dill 2023", "Material"] == "inferred to be glass"
    )
    assert by["Bent"].isna().tolist() == [True, False, True]
    assert table["Series"].tolist() == ["Hazel 2020", "Birch 2023", "Dill 2023"]  # steel first, the largest first


def test_shares_and_sums_in_sentences():
    assert comparisons.said_share(book(), "d-with") == "67.2% (51.9 to 82.4; estimate, n = 37)"
    assert comparisons.said_share(book(), "d-later") == "50% (estimate, n not in what was read)"
