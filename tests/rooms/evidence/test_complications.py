"""When complications began in others, and what went with them."""

import pandas as pd
import pytest
from casebook.evidence import complications
from made_up import live
from made_up_series import interval, series

ASSOCIATION = [
    "outcome",
    "factor",
    "study_id",
    "direction",
    "measure",
    "value",
    "low",
    "high",
    "model",
    "read_in",
    "caveat",
]
FOUND = [
    ("limp", "snow", "d", "more often", "odds ratio", 2.5, 1.2, 5.0, "multivariable", "abstract", "No more."),
    ("limp", "ice, thin", "d", "more often", "hazard ratio", 3.0, None, None, None, "abstract", "No more."),
    ("limp", "sun", "d", "no association", None, None, None, None, None, "abstract", None),
    ("limp", "ice", "h", "more often", None, None, None, None, None, "abstract", None),
    ("fall", "ice", "h", "no association", None, None, None, None, None, "abstract", None),
    ("fall", "pain", "h", "more often in its course", None, None, None, None, None, "abstract", None),
]


def book(*times):
    return series(intervals=times, associations=pd.DataFrame(FOUND, columns=ASSOCIATION))


def test_medians_are_said_from_the_shortest_to_the_longest_in_days():
    known = book(
        interval("d", value=2.0, unit="months", n=25, caveat="Old."),
        interval("h", value=30.0, low=1.0, high=90.0, n=12),
        interval("b", value=5.0, nature="opinion"),
    )
    assert complications.said_onset(known, "walking") == "medians of 30 to 60.88 days in 2 series"


def test_one_median_is_one_and_none_is_none():
    one = book(interval("h", value=30.0), interval("d", statistic="range", low=1.0, high=5.0, value=None))
    assert complications.said_onset(one, "walking") == "a median of 30 days in one series"
    assert complications.said_onset(one, "running") == "no published median"


def test_factors_stand_by_series_with_their_sizes():
    table = complications.associations_table(book())
    assert table["Complication"].tolist() == ["limp", "limp", "fall"]
    assert table["More often with"].tolist()[:2] == [
        "snow (odds ratio 2.5, 1.2 to 5) (in one model); ice, thin (hazard ratio 3)", "ice",
    ]  # fmt: skip
    assert table["No association with"].tolist()[0] == "sun" and pd.isna(table["More often with"].tolist()[2])
    assert table["Read in, and caveat"].tolist()[0] == "Abstract. No more."
    # What a complication brought with it is no risk factor of it.
    assert (
        table["More often in its course"].tolist()[2] == "pain" and table["More often in its course"].isna().sum() == 2
    )


@pytest.mark.parametrize(
    ("outcome", "factor", "said"),
    [
        ("limp", "ice", "2 of 2 series"),
        ("limp", "sun", "none of 2 series"),
        ("fall", "ice", "none of one series"),
        ("fall", "pain", "none of one series"),
    ],
)
def test_it_is_counted_where_a_complication_came_more_often(outcome, factor, said):
    assert complications.said_went_with(book(), outcome, factor) == said


# ---------------------------------------------------------------- the published ones


def test_no_time_to_microangiopathy_stands_alone():
    """Typed a second time: Matsui 2020 day 35 (121), Wang 2025 94 days, Elfeky 2020 153 days (25)."""
    rows = live().intervals
    rows = rows[rows["from_event"].eq("hsct") & rows["to_event"].eq("ta_tma")].set_index("study_id")
    assert rows["n"].dropna().to_dict() == {"matsui2020": 121, "tma_uk2020": 25}
    assert rows["value"].to_dict() == {"matsui2020": 35, "wang2025tma": 94, "tma_uk2020": 153}
    assert set(rows["statistic"]) == {"median"} and set(rows["unit"]) == {"days"}


def test_the_factors_are_those_of_the_abstracts():
    """Typed a second time from the abstracts of Saliba 2007, Elfeky 2020 and Matsui 2020."""
    rows = live().associations
    value = rows.dropna(subset="value").set_index(["study_id", "factor"])["value"]
    assert value["tma_uk2020"].to_dict() == {
        "active comorbidity": 5.1, "more than one transplantation": 5.2, "acute GVHD of grade III or IV": 26.9,
        "prophylaxis with cyclosporine or tacrolimus": 0.3,
    }  # fmt: skip
    assert sorted(value["matsui2020"]) == [1.69, 2.17, 2.29, 4.02, 4.47]
    saliba = rows[rows["study_id"].eq("saliba2007") & rows["model"].eq("multivariable")]
    assert len(saliba) == 4 and (saliba["outcome"] == "hyperacute GVHD").all()
    assert rows["low"].isna().all(), "no abstract that was read gives an interval"


def test_no_association_is_of_cd7_cells():
    book = live()
    target = book.studies.set_index("study_id")["car_target"]
    assert set(book.associations["study_id"].map(target)) == {"none", "CD19"}
