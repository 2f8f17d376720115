"""How patients did: made-up series for what the rows say, and the published ones for whether all of them are told."""

import pandas as pd
import pytest
from casebook.evidence import cohorts, prognosis
from casebook.evidence.forest_rows import ROW
from chapters_text import CHAPTERS, cells, figures, table_of
from made_up import live
from made_up_series import interval, outcome, series, survival
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components
from scipy.stats import beta

COLUMNS = ["result", "endpoint", "what", "setting"]
RESULTS = [
    ("d-break", "Broke", "broke", "transplanted or not"),
    ("h-break", "Broke", "broke twice", "before transplantation"),
    ("d-walks", "Walks", "walks", "after transplantation"),
    ("d-bend", "Walks", "median walk", "transplanted or not"),
    ("h-lost", "Walks", "walks, of how many is not said", "without transplantation"),
]
MEDIAN = {"value": 8.5, "low": 6.0, "high": 9.0, "limits": "confidence interval", "unit": "months", "n": 60}


def book(*results, counts=(), times=(), **more):
    known = series(
        [
            outcome("d", "break", 9, 60, outcome_id="d-break", time_point="24 months"),
            outcome("h", "break", 1, 20, outcome_id="h-break", caveat="Few.", derived=True),
            outcome("h", "walk", 4, outcome_id="h-lost"),
            *counts,
        ],
        intervals=[interval("d", interval_id="d-bend", **MEDIAN), *times],
        survival=[survival("d-walks", "d", "all", 67.2, low=51.9, high=82.4, n=37)],
        prognosis=pd.DataFrame(results or RESULTS, columns=COLUMNS),
        **more,
    )
    known.dictionary = live().dictionary  # how the schema calls the columns
    known.studies["follow_up"] = known.studies["study_id"].map({"d": "median 15 months"})
    return known


def told(*results, **more):
    return prognosis.outcomes(book(*results, **more))


def why_not(*counts, setting="transplanted or not", settings=None):
    """Why results of one endpoint are not drawn, with made-up counts: empty where they are."""
    names = [count["outcome_id"] for count in counts]
    rows = [(name, "Broke", "broke", (settings or {}).get(name, setting)) for name in names]
    return told(*rows, counts=counts).set_index("result")["why_not"].to_dict()


def count(study, events, n, when="24 months", **more):
    return outcome(study, "fall", events, n, outcome_id=f"{study}-fall", time_point=when, **more)


def test_results_stand_by_endpoint_then_by_group_as_their_table_has_them():
    found = told()
    assert found["result"].tolist() == ["h-break", "d-break", "h-lost", "d-walks", "d-bend"]  # steel before glass
    assert found["when"].tolist() == ["", "at 24 months", "", "at 12 months", ""]
    assert found["n"].astype("Int64").tolist() == [20, 60, pd.NA, 37, 60]
    assert found["unit"].tolist() == ["%"] * 4 + ["months"]


# ---------------------------------------------------------------- the rule of what is drawn


def test_what_has_an_interval_is_drawn_and_what_has_none_says_so():
    found = told().set_index("result")["why_not"]
    assert found[found == ""].index.tolist() == ["h-break", "d-break", "d-walks", "d-bend"]
    assert found["h-lost"] == prognosis.NO_INTERVAL


@pytest.mark.parametrize("limits", [{"low": None, "high": None}, {"limits": "range"}, {"statistic": "individual"}])
def test_a_time_is_drawn_only_as_a_median_with_its_confidence_interval(limits):
    time = interval("h", interval_id="h-bend", **MEDIAN | limits)
    found = told(("h-bend", "Walks", "median walk", "transplanted or not"), times=[time])
    assert found["why_not"].tolist() == [prognosis.NO_INTERVAL]


def test_medians_in_days_stand_in_months():
    time = interval("h", interval_id="h-bend", **MEDIAN | {"value": 304.4, "low": 152.2, "high": 608.8, "unit": "days"})
    found = told(("h-bend", "Walks", "median walk", "transplanted or not"), times=[time]).iloc[0]
    assert [round(found[name], 6) for name in ("value", "low", "high")] == [10, 5, 20]


def test_of_series_that_share_patients_the_largest_is_drawn_and_of_equal_ones_the_latest():
    assert why_not(count("a", 3, 20), count("b", 2, 20)) == {
        "a-fall": "holds, or may hold, patients of Birch 2023, which is larger or later", "b-fall": "",
    }  # fmt: skip
    assert why_not(count("c", 3, 30), count("d", 9, 60))["d-fall"] == ""
    assert why_not(count("c", 3, 30), count("d", 9, 60))["c-fall"].startswith("holds, or may hold, patients of Dill")
    assert why_not(count("c", 3, 30), count("f", 9, 50))["c-fall"] != "", "by way of two others"
    assert set(why_not(count("h", 3, 40), count("g", 3, 9)).values()) == {""}, "what is possible only is drawn"


def test_a_larger_series_without_an_interval_keeps_no_smaller_one_out():
    assert why_not(count("c", 3, 30), count("d", None, 60))["c-fall"] == ""


@pytest.mark.parametrize(
    ("when", "drawn"),
    [
        ("12 months", True), ("day 30", True), ("up to day 30", True), ("24 months", False),
        (None, False), ("median follow-up 6.3 months", False), ("day 128 and day 180", False),
    ],
)  # fmt: skip
def test_the_same_patients_are_drawn_at_two_times_but_never_where_the_time_may_be_the_same(when, drawn):
    assert (why_not(count("c", 3, 30, when), count("d", 9, 60))["c-fall"] == "") is drawn


def test_settings_are_questions_of_their_own():
    settings = {"c-fall": "after transplantation", "d-fall": "transplanted or not"}
    assert set(why_not(count("c", 3, 30), count("d", 9, 60), settings=settings).values()) == {""}


def rows(known, found):
    return prognosis.prognosis_figure(known, found, "").rows


def test_a_figure_never_holds_the_same_patients_twice():
    settings = [
        ("c-fall", "Broke", "broke", "after transplantation"),
        ("d-fall", "Broke", "broke", "before transplantation"),
    ]
    known = book(*settings, counts=[count("c", 3, 30), count("d", 9, 60)])
    found = prognosis.outcomes(known)
    with pytest.raises(ValueError, match=r"same patients are drawn twice .*c-fall and d-fall|d-fall and c-fall"):
        rows(known, found)
    assert len(rows(known, prognosis.part(found, "after transplantation"))) == 1


def test_a_result_without_an_interval_is_not_drawn_as_if_it_had_one():
    with pytest.raises(ValueError, match=r"h-lost has no interval: leave it out"):
        rows(book(), told().query("unit == '%'"))


def test_percentages_and_months_have_no_axis_in_common():
    with pytest.raises(ValueError, match="no axis in common"):
        rows(book(), told().query("why_not == ''"))


def test_headings_are_not_repeated_and_a_count_that_was_worked_out_says_so():
    drawn = rows(book(), prognosis.part(told()))
    assert list(drawn.columns) == list(ROW) and drawn["label"].tolist() == ["Hazel 2020", "Dill 2023", "Dill 2023"]
    assert drawn["panel"].tolist() == ["Broke", "Broke", "Walks"]
    assert drawn["note"].tolist() == [
        "steel; broke twice; before transplantation",
        "glass, inferred; transplanted or not; at 24 months",
        "glass, inferred; at 12 months",  # one setting only
    ]
    assert drawn["count"].tolist() == ["1 of 20†", "9 of 60", "n = 37"]
    assert drawn["shape"].tolist() == ["square", "triangle-up", "triangle-up"]
    assert (drawn["low"] < drawn["estimate"]).all() and (drawn["estimate"] < drawn["high"]).all()


def test_medians_are_drawn_in_months():
    figure = prognosis.prognosis_figure(book(), prognosis.part(told(), unit=prognosis.MONTHS), "Medians")
    drawn = figure.rows
    assert drawn[["estimate", "low", "high"]].values.tolist() == [[8.5, 6.0, 9.0]]
    assert drawn["share"].tolist() == ["8.5 (6 to 9)"]
    assert figure.title == "Medians" and figure.subtitle.endswith("line: 95% interval")


def test_a_cumulative_incidence_says_that_it_is_one():
    row = count("h", 10, 40, measure="cumulative incidence", value=24.0, low=12.0, high=40.0)
    known = book(("h-fall", "Fell", "fell", "after transplantation"), counts=[row])
    drawn = rows(known, prognosis.part(prognosis.outcomes(known)))
    assert drawn[["note", "count", "share"]].values.tolist() == [
        ["steel; at 24 months; cumulative incidence", "n = 40", "24% (12 to 40)"]
    ]


@pytest.mark.parametrize("names", ["d-break", "h-lost|d-break"])
def test_a_result_in_a_contradiction_is_never_told_without_it(names):
    against = pd.DataFrame([(names, "a later text has 12 of 60")], columns=["results", "beside"])
    known = book(contradictions=against)
    found = prognosis.outcomes(known)
    notes = rows(known, prognosis.part(found)).set_index("count")["note"]
    assert notes["9 of 60"].endswith("; but: a later text has 12 of 60") and "but" not in notes["1 of 20†"]
    lines = prognosis.undrawn_table(known, found)["Result"]
    assert lines.str.endswith("(but: a later text has 12 of 60)").tolist() == ["h-lost" in names]


def test_what_is_not_drawn_stands_in_a_table_with_its_reason():
    row = count("c", 10, 30, measure="cumulative incidence", value=24.0)
    fell = ("c-fall", "Fell", "fell", "after transplantation")
    known = book(*RESULTS, fell, counts=[row])
    lines = prognosis.undrawn_table(known, prognosis.outcomes(known))
    assert lines["Result"].tolist() == [
        "walks, of how many is not said, without transplantation: 4, n not in what was read",
        "fell, after transplantation, at 24 months: 24% (cumulative incidence, n = 30)",
    ]
    assert lines["Why it is not drawn"].str.startswith("No interval").all()
    assert lines["Series"].tolist() == ["Hazel 2020, steel", "Cedar 2022, glass"]


# ---------------------------------------------------------------- sentences: no range over unlike things


def test_results_that_are_alike_are_said_one_by_one():
    found = told(
        *[(f"{study}-fall", "Fell", "fell", "transplanted or not") for study in "dhg"],
        counts=[count("d", 9, 60), count("h", 4, 40), count("g", 1, 9, None)],
    )
    assert (
        prognosis.said_alike(book(), found, "Fell", "fell", "at 24 months")
        == "4 of 40 (steel) and 9 of 60 (glass, inferred)"
    )
    assert prognosis.said_alike(book(), found, "Fell", "fell") == (
        "4 of 40 (steel, at 24 months), 9 of 60 (glass, inferred, at 24 months) and 1 of 9 (not in what was read)"
    )
    assert prognosis.said_alike(book(), found, "Fell", "flew") == "in no series"
    assert prognosis.said_alike(book(), told(), "Walks", "walks") == "67.2% (glass, inferred, at 12 months, n = 37)"
    assert prognosis.said_alike(book(), told(), "Walks", "median walk") == "8.5 months (glass, inferred, n = 60)"


def test_results_of_two_settings_are_unlike():
    settings = [
        ("d-fall", "Fell", "fell", "after transplantation"),
        ("h-fall", "Fell", "fell", "before transplantation"),
    ]
    found = told(*settings, counts=[count("d", 9, 60), count("h", 4, 40)])
    with pytest.raises(ValueError, match=r"Fell, fell: results of .* are unlike"):
        prognosis.said_alike(book(), found, "Fell", "fell")


def test_series_that_share_patients_are_named_in_pairs():
    inside = book(*RESULTS, ("c-break", "Broke", "broke", "transplanted or not"))
    inside.outcomes = pd.concat([inside.outcomes, series([outcome("c", "break", 6, 30)]).outcomes], ignore_index=True)
    assert prognosis.said_shared(inside, prognosis.outcomes(inside)) == "Cedar 2022 and Dill 2023"
    assert prognosis.said_shared(book(), told()) == "none of them is known to"


# ---------------------------------------------------------------- the published series

CODES = {
    *("complete_remission", "mrd_negative_complete_remission", "complete_remission_bone_marrow", "relapse"),
    *("relapse_cd7_negative", "relapse_free", "in_remission_at_last_followup", "alive_disease_free_at_last_followup"),
    *("non_relapse_mortality", "death_infection", "death_gvhd", "death_tma", "death_hepatic_failure", "death_any"),
    *("cytopenia_grade3_4", "cytopenia_grade3", "cytopenia_grade4", "infection_grade1_2", "infection_grade3"),
    *("infection_grade4", "severe_infection", "viral_reactivation", "gvhd_any", "gvhd_grade1_2", "gvhd_grade3"),
    *("acute_gvhd_any", "chronic_gvhd"),
}
ELSEWHERE = {
    "cao2024-non-relapse-mortality-after-chemotherapy", "cao2024-relapse-after-chemotherapy",  # the other group
    "cao2024-os-24-after-chemotherapy", "cao2024-lfs-24-after-chemotherapy",
    "gc027-2021-mrd-negative-complete-remission", "gc027-2021-gvhd-any",  # two patients: case reports
    "hu2024-complete-remission", "hu2024-mrd-negative-complete-remission",  # by design all went on: no rate
    "lu2022-complete-remission-extramedullary",  # outside the marrow alone
}  # fmt: skip


@pytest.fixture(scope="module")
def published():
    return live()


@pytest.fixture(scope="module")
def found(published):
    return prognosis.outcomes(published)


def test_no_result_of_a_cd7_cohort_is_left_out_of_the_table(published):
    ours = published.studies.query("category == 'CD7 cohort'")["study_id"]
    counts = published.outcomes[published.outcomes["outcome"].isin(CODES) & published.outcomes["study_id"].isin(ours)]
    alive = published.survival[published.survival["study_id"].isin(ours)]
    ends = ["death", "progression_or_death", "event_or_death"]
    times = published.intervals[published.intervals["to_event"].isin(ends) & published.intervals["study_id"].isin(ours)]
    all_ = set(counts["outcome_id"]) | set(alive["survival_id"]) | set(times["interval_id"])
    assert all_ - ELSEWHERE <= set(published.prognosis["result"])
    assert not ELSEWHERE & set(published.prognosis["result"])


def test_nothing_but_cd7_cohorts_stands_in_it(published, found):
    studies = published.studies.set_index("study_id")
    assert set(studies.loc[found["study_id"], "category"]) == {"CD7 cohort"}
    assert set(studies.loc[found["study_id"], "design"]) == {"cohort"}


@pytest.fixture(scope="module")
def pictures():
    """The figures of the chapter that draw results, by name."""
    return {
        name: spec for name, spec in figures(CHAPTERS / "outcomes.ipynb").items() if "Panel" in str(spec["usermeta"])
    }


def test_no_patients_are_drawn_twice_in_one_endpoint_at_one_time(published, found):
    certain = published.overlaps[published.overlaps["certainty"].isin(cohorts.CERTAIN)]
    names = list(published.studies["study_id"]) + sorted(set(certain["study_a"]) | set(certain["study_b"]))
    number = {name: place for place, name in enumerate(dict.fromkeys(names))}
    pairs = [certain[column].map(number) for column in ("study_a", "study_b")]
    graph = coo_array(([1] * len(certain), pairs), shape=(len(number), len(number)))
    program = dict(zip(number, connected_components(graph, directed=False)[1]))
    drawn = found[found["why_not"].eq("")].assign(program=found["study_id"].map(program))
    for what, mine in drawn.groupby(["endpoint", "setting", "unit", "when"]):
        assert (mine.groupby("program")["study_id"].nunique() == 1).all(), what


def test_the_figures_draw_each_result_that_meets_the_rule_and_no_other(found, pictures):
    """By panel, series and value, over all figures of the chapter: exactly the rows with an empty `why_not`."""
    rows = [row for spec in pictures.values() for row in spec["usermeta"]["rows"]]
    drawn = sorted((row["Panel"], row["Row"], row["Count"].rstrip("†")) for row in rows)
    wanted = found[found["why_not"] == ""]
    assert drawn == sorted(zip(wanted["endpoint"], wanted["label"], wanted["count"]))
    assert all(row["Drawn as"] == "mark with its interval" for row in rows)


def test_the_figures_hold_the_numbers_of_the_tables(pictures):
    rows = pd.DataFrame([row for spec in pictures.values() for row in spec["usermeta"]["rows"]])
    counts = rows[rows["Count"].str.contains(" of ")]
    assert len(counts) > 20
    for row in counts.to_dict("records"):
        events, n = map(int, row["Count"].rstrip("†").split(" of "))
        low = beta.ppf(0.025, events, n - events + 1) if events else 0.0
        high = beta.ppf(0.975, events + 1, n - events) if events < n else 1.0
        assert row["Value and interval"] == f"{100 * events / n:.0f}% ({100 * low:.0f} to {100 * high:.0f})"


def test_no_figure_is_taller_than_a_page(pictures):
    for name, spec in pictures.items():
        assert spec["height"] + 120 < 690 * 1.4, name  # title and axis; a page is at least so much higher than wide


def test_what_contradicts_a_result_stands_beside_it(published, found, pictures):
    known = set(published.outcomes["outcome_id"]) | set(published.survival["survival_id"])
    named = {name for names in published.contradictions["results"].dropna() for name in names.split("|")}
    assert named <= known | set(published.intervals["interval_id"])
    assert len(found[found["result"].isin(named) & found["why_not"].eq("")]) > 5
    rows = [row for spec in pictures.values() for row in spec["usermeta"]["rows"]]
    twelve = [
        row["About it"] for row in rows if row["Count"] == "11 of 12" and row["Row"].startswith("Donor CD7 bridging")
    ]
    assert len(twelve) == 1 and "57% disease-free at 1 year" in twelve[0]


def test_what_the_abstracts_say_of_the_main_figures(found):
    """Typed a second time from the abstracts of zhang2023ajh, tan2023, donorph2_2025 and cao2024."""
    said = found.set_index("result")["said"]
    assert (
        said["zhang2023ajh-os-24"] == "63.5% (47.7 to 79.4)" and said["zhang2023ajh-pfs-24"] == "53.7% (38.9 to 68.6)"
    )
    assert said["tan2023-os-24"] == "42.3% (18.8 to 65.8)" and said["tan2023-pfs-24"] == "36.8% (13.8 to 59.8)"
    assert said["donorph2-2025-infusion-to-death"] == "median 8.5 months (95% interval 6.1 to 15.6)"
    assert said["tan2023-relapse-cd7-negative"].startswith("4 of 6")
    assert said["cao2024-non-relapse-mortality-after-car-t"] == "32% (19 to 54)"


def test_what_the_chapter_says_of_silence_is_true(published, found):
    counts = found[found["endpoint"] == "Cytopenia"]
    assert set(counts["product_source"]) == {"donor", "donor or universal"}
    deaths = found[found["what"].eq("non-relapse mortality") & found["product_source"].eq("autologous")]
    assert deaths["study_id"].tolist() == ["cao2024"]
    gvhd = found[found["endpoint"].str.startswith("GVHD")]
    assert len(gvhd) >= 8 and "autologous" not in set(gvhd["product_source"])
    known = published.pretreatment
    assert known.loc[known["conditioning"].eq("None."), "source_id"].tolist() == ["hu2024"]
    assert known.loc[known["product_source"].eq("autologous"), ["conditioning", "prophylaxis"]].isna().all(axis=None)


def test_the_intervals_of_the_two_ways_to_transplantation_overlap(published):
    rows = pd.concat([published.survival, published.outcomes.rename(columns={"outcome": "endpoint"})])
    rows = rows[rows["study_id"].eq("cao2024") & rows["low"].notna()]
    for _, pair in rows.groupby("endpoint"):
        assert len(pair) == 2 and pair["low"].max() < pair["high"].min()
    shown = table_of(
        "outcomes", "Transplantation after CD7 CAR T cells and after chemotherapy, at two years, as printed"
    )
    assert shown.shape[0] == 4


def test_every_transplanting_series_stands_among_those_whose_preparation_was_looked_for(published):
    went_on = published.outcomes.query("outcome == 'proceeded_to_hsct' and events > 0")["study_id"]
    cd7 = published.studies.query("category == 'CD7 cohort' and design == 'cohort'")["study_id"]
    inside = {"lu2022": "zhang2023ajh", "pan2021": "tan2023"}  # the same patients
    wanted = {inside.get(study, study) for study in went_on if study in set(cd7)}
    assert wanted <= set(published.pretreatment["source_id"])


def test_no_number_of_a_text_that_may_not_be_cited_is_a_row(published):
    window = published.left_out.set_index("source_id").loc["icaht_ash"]
    assert "1 to 3 months" in window["what"] and window["verdict"] == "not citable"
    assert not published.intervals["study_id"].isin(published.left_out["source_id"]).any()
    crs = published.intervals[published.intervals["to_event"] == "crs_onset"]
    assert crs.empty, "no time to CRS after CD7 cells is citable"


def test_the_chapter_says_that_no_interval_was_observed():
    text = " ".join("".join(cell["source"]) for cell in cells(CHAPTERS / "outcomes.ipynb", "markdown"))
    assert "An interval was observed for no autologous CD7 product." in text
