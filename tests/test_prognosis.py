"""How patients did: made-up series for what the rows say, and the published ones for whether all of them are told."""

import pandas as pd
import pytest
from casebook import cohorts, prognosis
from casebook.rows import ROW
from chapters_text import CHAPTERS, cells
from made_up import live
from made_up_series import interval, outcome, series
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components
from scipy.stats import beta
from test_literature import figures, table_of
from test_results import survival

COLUMNS = ["result", "endpoint", "what", "setting", "drawn"]
RESULTS = [
    ("d-break", "Broke", "broke", "transplanted or not", True),
    ("h-break", "Broke", "broke twice", "before transplantation", True),
    ("d-walks", "Walks", "walks", "after transplantation", True),
    ("d-bend", "Walks", "median walk", "transplanted or not", False),
    ("h-lost", "Walks", "walks, of how many is not said", "without transplantation", False),
]


def book(*results, **more):
    known = series(
        [
            outcome("d", "break", 9, 60, outcome_id="d-break", time_point="24 months"),
            outcome("h", "break", 1, 20, outcome_id="h-break", caveat="Few."),
            outcome("h", "walk", 4, outcome_id="h-lost"),
        ],
        intervals=[interval("d", interval_id="d-bend", value=8.5, low=6.0, high=9.0, unit="months", n=60)],
        survival=[survival("d-walks", "d", "all", 67.2, low=51.9, high=82.4, n=37)],
        prognosis=pd.DataFrame(results or RESULTS, columns=COLUMNS),
        **more,
    )
    known.dictionary = live().dictionary  # how the schema calls the columns
    known.studies["follow_up"] = known.studies["study_id"].map({"d": "median 15 months"})
    return known


def told(*results):
    return prognosis.outcomes(book(*results))


def test_results_stand_by_endpoint_then_by_group_as_their_table_has_them():
    found = told()
    assert found["result"].tolist() == ["h-break", "d-break", "h-lost", "d-walks", "d-bend"]  # steel before glass
    assert found["when"].tolist() == ["", "at 24 months", "", "at 12 months", ""]
    assert found["n"].astype("Int64").tolist() == [20, 60, pd.NA, 37, 60]


def test_a_line_of_the_table_says_of_whom_when_and_how_many():
    lines = prognosis.told_table(book(), told()).set_index("Result")
    assert lines.index.tolist() == [
        "broke twice: 1 of 20, 5% (0 to 25)",
        "broke: 9 of 60, 15% (7 to 27)",
        "walks, of how many is not said: 4, n not in what was read",
        "walks: 67.2% (51.9 to 82.4), n = 37",
        "median walk: median 8.5 months (6 to 9), n = 60",
    ]
    assert lines["Series"].tolist()[:2] == [
        "Hazel 2020, steel; follow-up not in what was read", "Dill 2023, glass (inferred); follow-up: median 15 months",
    ]  # fmt: skip
    assert lines["Transplantation, and when"].tolist()[:2] == [
        "before transplantation, time not in what was read", "transplanted or not, at 24 months",
    ]  # fmt: skip
    assert lines["Read in, and caveat"].tolist()[:2] == ["Abstract. Few.", "Abstract."]


def test_only_what_is_to_be_drawn_is_drawn_and_headings_are_not_repeated():
    rows = prognosis.drawn_rows(book(), told())
    assert list(rows.columns) == list(ROW) and rows["label"].tolist() == ["Hazel 2020", "Dill 2023", "Dill 2023"]
    assert rows["panel"].tolist() == ["Broke", "Broke", "Walks"]
    assert rows["note"].tolist() == [
        "steel; broke twice; before transplantation",
        "glass (inferred); transplanted or not; at 24 months",
        "glass (inferred); after transplantation; at 12 months",
    ]
    assert rows["shape"].tolist() == ["square", "triangle-up", "triangle-up"]
    assert (rows["low"] < rows["estimate"]).all() and (rows["estimate"] < rows["high"]).all()


def test_a_result_without_an_interval_is_not_drawn_as_if_it_had_one():
    bare = [(*row[:4], True) if row[0] == "h-lost" else row for row in RESULTS]
    with pytest.raises(ValueError, match=r"h-lost has no interval; set it to false"):
        prognosis.drawn_rows(book(), told(*bare))


@pytest.mark.parametrize(
    ("endpoint", "said"),
    [("Broke", "5 to 15%"), ("Walks", "67% at 12 months"), ("Flies", "in no series")],
)
def test_a_range_names_its_ends_and_the_time_if_there_is_one(endpoint, said):
    assert prognosis.said_range(told(), endpoint) == said


def test_the_title_names_each_range_and_that_nothing_is_pooled():
    title = prognosis.prognosis_title(told(), "After splints", {"Broke": "broken", "Walks": "walking"})
    assert title == "After splints: broken 5 to 15% and walking 67% at 12 months; series side by side, nothing pooled"
    found = told()
    said = prognosis.prognosis_subtitle(found, prognosis.drawn_rows(book(), found))
    assert said.startswith("3 results of 2 series, read in abstracts; ")


def test_series_that_share_patients_are_named_in_pairs():
    inside = book(*RESULTS, ("c-break", "Broke", "broke", "transplanted or not", False))
    inside.outcomes = pd.concat([inside.outcomes, series([outcome("c", "break", 6, 30)]).outcomes], ignore_index=True)
    assert prognosis.said_shared(inside, prognosis.outcomes(inside)) == "Cedar 2022 and Dill 2023"
    assert prognosis.said_shared(book(), told()) == "none of them is known to"


def test_what_is_told_of_the_graft_comes_first_and_is_counted():
    head = ["label", "material", "patients", "donor", "conditioning", "prophylaxis", "read_in", "caveat"]
    ready = pd.DataFrame(
        [
            ("Silent", "steel", 3, None, None, None, "abstract", None),
            ("Told", "glass", 2, None, "None.", None, "abstract", "Two."),
        ],
        columns=head,
    )  # fmt: skip
    known = book(pretreatment=ready)
    table = prognosis.pretreatment_table(known, "conditioning", "prophylaxis")
    assert table["Transplanted after CAR T cells"].tolist() == ["Told", "Silent"]
    assert table["Read in, and caveat"].tolist() == ["Abstract. Two.", "Abstract."]
    assert prognosis.said_told(known, "conditioning") == "1 of 2 groups"
    assert prognosis.said_told(known, "prophylaxis") == "none of 2 groups"


def test_a_published_course_beside_a_case_is_shared_otherwise_or_silent():
    rows = [("case", name, "shared", name) for name in ("a", "b", "c")] + [("case", "d", "silent", "?")]
    rows += [("other", "a", "shared", "a"), ("other", "b", "otherwise", "no b"), ("other", "c", "silent", "?")]
    rows += [("other", "d", "shared", "d")]
    features = pd.DataFrame(rows, columns=["case_id", "feature", "state", "said"])
    assert prognosis.beside(features, "case", "other") == {"shared": "a", "otherwise": "b (no b)", "silent": "c"}
    assert prognosis.beside(features, "other", "case") == {"shared": "a", "otherwise": "none", "silent": "d"}


# ---------------------------------------------------------------- the published series

CODES = {
    *("complete_remission", "mrd_negative_complete_remission", "complete_remission_bone_marrow", "relapse"),
    *("relapse_cd7_negative", "relapse_free", "in_remission_at_last_followup", "alive_disease_free_at_last_followup"),
    *("non_relapse_mortality", "death_infection", "death_gvhd", "death_tma", "death_hepatic_failure", "death_any"),
    *("cytopenia_grade3_4", "cytopenia_grade3", "cytopenia_grade4", "infection_grade1_2", "infection_grade3"),
    *("infection_grade4", "severe_infection", "viral_reactivation"),
}
ELSEWHERE = {
    "cao2024-non-relapse-mortality-after-chemotherapy", "cao2024-relapse-after-chemotherapy",  # the other group
    "cao2024-os-24-after-chemotherapy", "cao2024-lfs-24-after-chemotherapy",
    "gc027-2021-mrd-negative-complete-remission",  # two patients: case reports
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


def test_no_patients_are_drawn_twice_in_one_endpoint_at_one_time(published, found):
    certain = published.overlaps[published.overlaps["certainty"].isin(cohorts.CERTAIN)]
    names = list(published.studies["study_id"]) + sorted(set(certain["study_a"]) | set(certain["study_b"]))
    number = {name: place for place, name in enumerate(dict.fromkeys(names))}
    pairs = [certain[column].map(number) for column in ("study_a", "study_b")]
    graph = coo_array(([1] * len(certain), pairs), shape=(len(number), len(number)))
    program = dict(zip(number, connected_components(graph, directed=False)[1]))
    drawn = found[found["drawn"]].assign(program=found["study_id"].map(program))
    for what, mine in drawn.groupby(["endpoint", "setting", "when"]):
        series_of = mine.groupby("program")["study_id"].nunique()
        assert (series_of == 1).all(), what
    relapsed = drawn[drawn["endpoint"].eq("Relapse") & drawn["setting"].eq("after transplantation")]
    assert relapsed["program"].is_unique


def test_the_figure_holds_the_numbers_of_the_tables(published):
    rows = pd.DataFrame(figures(CHAPTERS / "outcomes.ipynb")["prognosis"]["usermeta"]["rows"])
    assert len(rows) == published.prognosis["drawn"].sum()
    assert set(rows["Panel"]) == set(published.prognosis.loc[published.prognosis["drawn"], "endpoint"])
    for row in rows[rows["Count"].str.contains(" of ")].to_dict("records"):
        events, n = map(int, row["Count"].split(" of "))
        low = beta.ppf(0.025, events, n - events + 1) if events else 0.0
        high = beta.ppf(0.975, events + 1, n - events) if events < n else 1.0
        assert row["Value and interval"] == f"{100 * events / n:.0f}% ({100 * low:.0f} to {100 * high:.0f})"
    assert (rows["Drawn as"] == "mark with its interval").all(), "nothing pooled, nothing without an interval"


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
    counts = found[found["endpoint"] == "Low blood counts"]
    assert set(counts["product_source"]) == {"donor"}
    deaths = found[found["endpoint"].eq("Death without relapse") & found["product_source"].eq("autologous")]
    assert deaths["study_id"].tolist() == ["cao2024"]
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
    assert shown.shape[0] == 4 and "103.1%" in str(
        table_of("outcomes", "What does not fit together in that series").values
    )


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
    assert "No observed interval was found for an autologous CD7 product." in text
    assert "of very low certainty" in text
