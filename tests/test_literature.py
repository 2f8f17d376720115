"""The chapters on the literature: what they draw and say is what the tables hold, and nothing made up stands there."""

import json
import math
import re
import shutil

import pandas as pd
import pytest
import refresh
from casebook import charts, data, statistics, timeline
from chapters_text import cells, collect, notebooks, outputs
from conftest import PROJECT

CHAPTERS = {path.stem: path for path in notebooks() if path.stem in ("evidence", "who-else")}
POOLED = {"severe-crs": "crs_grade_3_or_more", "any-crs": "crs_any", "any-icans": "icans_any"}


def figures(path):
    """The specification of every figure of a notebook, by its name."""
    found = {}
    for cell in cells(path, "code"):
        name = cell["metadata"].get("mystnb", {}).get("figure", {}).get("name", "").removeprefix("figure-")
        for output in cell["outputs"]:
            html = "".join(output.get("data", {}).get("text/html", ""))
            if 'class="chart"' in html:
                text = re.search(r'class="chart-specification">(.*?)</script>', html, re.S)[1]
                found[name] = json.loads(text)
    return found


@pytest.fixture(scope="module")
def book():
    return data.load()


@pytest.fixture(scope="module")
def drawn():
    return {name: spec for path in CHAPTERS.values() for name, spec in figures(path).items()}


def test_nothing_made_up_stands_in_the_chapters_on_the_literature():
    assert set(CHAPTERS) == {"evidence", "who-else"}
    for path in CHAPTERS.values():
        assert "made-up" not in path.read_text(encoding="utf-8").lower()


# ---------------------------------------------------------------- how often


@pytest.mark.parametrize(("name", "outcome"), POOLED.items())
def test_a_pooled_figure_holds_the_counts_of_the_table_and_says_k_n_and_sources(book, drawn, name, outcome):
    spec = drawn[name]
    table = book.outcomes[(book.outcomes["outcome"] == outcome) & book.outcomes["all_infused"]]
    labels = book.studies.set_index("study_id")["label"]
    known = {labels[row.study_id]: f"{row.events} of {row.n}" for row in table.itertuples()}
    rows = {row["Row"]: row for row in spec["usermeta"]["rows"]}
    series = {label: row["Count"] for label, row in rows.items() if " of " in row["Count"]}
    assert len(series) == 7
    assert all(known[label] == count for label, count in series.items())
    patients = sum(int(count.split(" of ")[1]) for count in series.values())
    subtitle = spec["title"]["subtitle"]
    assert f"{len(series)} series, {patients} patients" in subtitle
    assert all(label in subtitle for label in series)
    assert "the reviews named" in subtitle
    assert f"k = {len(series)}, n = {patients}" in rows["Pooled here"]["About it"]
    assert "τ²" in rows["Pooled here"]["About it"] and "I²" in rows["Pooled here"]["About it"]


def test_a_published_pooled_figure_stands_beside_ours_as_it_was_printed(book, drawn):
    printed = book.outcomes.set_index("outcome_id").loc["liu2025meta-crs-grade-3-or-more"]
    rows = {row["Row"]: row for row in drawn["severe-crs"]["usermeta"]["rows"]}
    wanted = f"{printed['value']:g}% ({printed['low']:g} to {printed['high']:g})"
    assert rows["Liu 2025, pooled"]["Value and interval"] == wanted == "12% (5 to 20)"


def test_no_case_is_a_point_on_an_axis_of_proportions(drawn):
    for name in [*POOLED, "not-pooled", "with-without", "more-than-all"]:
        assert not [row for row in drawn[name]["usermeta"]["rows"] if row["Row"].startswith("case ")]
    said = {entry["case"]: entry["said"] for entry in drawn["severe-crs"]["usermeta"]["said"]}
    assert said == {"case 1": "grade 3 CRS; its scale is not in the record", "case 2": "not in the record"}


def test_below_three_studies_nothing_is_pooled_and_below_five_nothing_predicted(book):
    chosen = statistics.pool_outcome(book.outcomes, book.studies, book.overlaps, "crs_any").rows["study_id"].tolist()
    for k, pooled, predicted in [(2, False, False), (3, True, False), (4, True, False), (5, True, True)]:
        some = book.outcomes[book.outcomes["study_id"].isin(chosen[:k])]
        found = statistics.pool_outcome(some, book.studies, book.overlaps, "crs_any")
        assert (found.pooled is not None) is pooled
        assert pooled is False or (not math.isnan(found.pooled.prediction_low)) is predicted


def test_what_is_not_pooled_has_no_pooled_row_and_says_why(drawn):
    rows = drawn["not-pooled"]["usermeta"]["rows"]
    assert "pooled" not in {row["Drawn as"] for row in rows}
    panels = {row["Panel"] for row in rows}
    assert len(panels) == 4 and all(re.search("differ|protocol", panel) for panel in panels)


def test_side_by_side_never_shows_the_same_patients_twice(book):
    tables = book.outcomes, book.studies, book.overlaps
    certain = book.overlaps[book.overlaps["certainty"] != "possible"]
    for codes in (
        ["complete_remission", "mrd_negative_complete_remission"],
        ["proceeded_to_hsct"],
        ["death_infection"],
    ):
        ids = statistics.side_by_side(*tables, codes)["study_id"]
        assert ids.is_unique and len(ids) >= 4
        assert not [pair for pair in zip(certain["study_a"], certain["study_b"]) if set(pair) <= set(ids)]


# ---------------------------------------------------------------- how long, with and without


def test_the_waits_are_those_of_the_tables(book, drawn):
    rows = {row["Row"]: row for row in drawn["waiting"]["usermeta"]["rows"]}
    days = {"Zhao 2024": 20, "Song 2024, patient 2": 26, "Song 2024, patient 1": 30, "An et al.": 55}
    for label, day in days.items():
        assert rows[label]["Value and interval"] == f"day {day}"
    assert rows["Donor bridging, 12 patients"]["Value and interval"] == "median 33.5 (30 to 55) days"
    for label in ("T-cell-depleted grafts 2020", "Bridging trial 2019", "Review 2020"):
        assert rows[label]["Drawn as"] == "limit" and "Context" in rows[label]["Panel"]
    for case in ("case 1", "case 2"):
        assert rows[case]["Value and interval"] == "not in the record" and rows[case]["Drawn as"] == "in the box"


def test_the_cases_keep_their_color_and_shape_in_the_box(drawn):
    """Panels share no scale of color: it would give the cases the colors of products."""
    drawing = charts.render(drawn["waiting"])["text/html"]
    for case, color in (("case 1", "#D55E00"), ("case 2", "#0072B2")):
        marks = re.findall(rf'<path aria-label="{case}: not in the record"[^>]*fill="([^"]+)"', drawing)
        assert marks and set(marks) == {color}


def test_no_interval_for_an_autologous_cd7_product_is_known(book, drawn):
    """What the title says, found another way."""
    assert "no interval was found for an autologous CD7 product" in drawn["waiting"]["title"]["text"]
    source = book.studies.set_index("study_id")["product_source"]
    waits = book.intervals[(book.intervals["to_event"] == "hsct") & (book.intervals["nature"] == "observed")]
    assert "autologous" not in set(waits["study_id"].map(source).dropna())
    patients = book.cases[(book.cases["car_target"] == "CD7") & (book.cases["product_source"] == "autologous")]
    known = book.bounds[book.bounds["min_days"] == book.bounds["max_days"]]
    assert not known[known["case_id"].isin(patients["case_id"]) & known["to_event"].str.endswith("-hsct")].shape[0]


def test_with_and_without_transplantation_each_panel_has_two_groups_and_no_difference(book, drawn):
    rows = pd.DataFrame(drawn["with-without"]["usermeta"]["rows"])
    assert rows.groupby("Panel")["Row"].agg(list).map(lambda names: names == ["transplanted", "not transplanted"]).all()
    survival = book.survival.set_index("survival_id")["value"]
    zhang = rows[rows["Panel"].str.startswith("Zhang 2023")]["Value and interval"].tolist()
    assert zhang == ["67.2% (51.9 to 82.4)", "15% (0 to 40.2)"]
    assert survival["zhang2023ajh-pfs-12-hsct"] == 67.2
    assert "only patients well enough were transplanted" in drawn["with-without"]["title"]["text"]
    assert len(drawn["with-without"]["vconcat"]) == rows["Panel"].nunique()


def test_the_series_above_a_hundred_percent_is_shown_with_its_sum(drawn):
    assert "103.1%" in drawn["more-than-all"]["title"]["text"]


def test_contradictions_stand_where_their_numbers_are_used(book):
    printed = {row for html in outputs(CHAPTERS["evidence"]) for row in collect(html)[0]}
    topics = {row[0] for row in printed}
    for row in book.contradictions.itertuples():
        elsewhere = {"percentages-impossible-with-60", "hyperacute-gvhd-incidence"}
        assert row.topic in topics or row.contradiction_id in elsewhere
    for stem in ("case-1", "comparison"):
        text = "".join("".join(cell["source"]) for cell in cells(PROJECT / "chapters" / f"{stem}.ipynb", "markdown"))
        assert "hyperacute_a" in text and "hyperacute_b" in text


# ---------------------------------------------------------------- who else


def test_the_opening_sentences_are_true_of_the_tables(book):
    others = book.cases[book.cases["role"] == "comparator"]
    like = others[
        (others["diagnosis"] == "T-ALL") & (others["car_target"] == "CD7") & (others["product_source"] == "autologous")
    ]
    after = book.bounds[book.bounds["to_event"].str.endswith("-hsct") & book.bounds["max_days"].notna()]
    assert not set(like["case_id"]) & set(after["case_id"])
    kinds = book.events[book.events["case_id"].isin(others["case_id"])]["kind"]
    assert not set(kinds) & {"hyperacute_gvhd", "ta_tma"}
    said = "".join(CHAPTERS["who-else"].read_text(encoding="utf-8"))
    assert "No published patient of the 25 found combines" in said and "For none of the 15" in said


@pytest.mark.parametrize("anchor", ["car_t_infusion", "hsct"])
def test_a_swimmer_plot_draws_every_event_whose_limits_are_known_and_no_other(book, drawn, anchor):
    others = data.select(book, *book.cases.loc[book.cases["role"] == "comparator", "case_id"])
    windows = timeline.windows(others.events, others.bounds, anchor)
    courses = timeline.courses(others.cases, others.events, windows)
    zero = {"car_t_infusion": "infusion", "hsct": "transplantation"}[anchor]
    with_zero = set(courses.loc[(courses["shown"] == zero) & (courses["form"] == "day"), "case_id"])
    dated = courses[courses["case_id"].isin(with_zero) & (courses["form"] != "no day")]
    rows = drawn[f"swimmer-{'infusion' if anchor == 'car_t_infusion' else 'hsct'}"]["usermeta"]["rows"]
    events = [row["Event"] for row in rows if row["Drawn as"] != "arrow"]
    assert sorted(events) == sorted(f"{row.name}, {row.label}" for row in dated.itertuples(index=False))
    assert len(with_zero) == {"car_t_infusion": 25, "hsct": 15}[anchor]


def test_an_arrow_only_where_a_follow_up_goes_on(book, drawn):
    rows = drawn["swimmer-infusion"]["usermeta"]["rows"]
    arrows = {row["Patient"] for row in rows if row["Drawn as"] == "arrow"}
    dead = set(book.cases.loc[book.cases["vital_status"] == "dead", "label"])
    followed = book.events.loc[book.events["kind"] == "last_follow_up", "case_id"]
    labels = set(book.cases.loc[book.cases["case_id"].isin(followed), "label"])
    assert arrows and arrows <= labels and not arrows & dead and "Dai 2022" not in arrows  # its last day is known


def test_every_published_death_is_a_death_and_nobody_else_s(book):
    deaths = set(book.events.loc[book.events["kind"] == "death", "case_id"])
    assert deaths == set(book.cases.loc[book.cases["vital_status"] == "dead", "case_id"])


def test_features_are_shared_by_those_who_have_them_and_nobody_is_scored(book):
    index = data.select(book, "case-1", "case-2")
    others = data.select(book, *book.cases.loc[book.cases["role"] == "comparator", "case_id"])
    bridged = timeline.bridged(others.events, timeline.windows(others.events, others.bounds, "car_t_infusion"))
    shared = timeline.shared_features(index.cases, index.events, others.cases, others.events, bridged)
    shared = shared.set_index("feature")
    assert shared.loc["autologous anti-CD7 CAR T cells", "shared_by"] == "Li 2024; Cao 2022"
    assert shared.loc["hyperacute GVHD", "shared_by"] == shared.loc["TA-TMA", "shared_by"] == "nobody who was found"
    severe = "Dai 2022; Cao 2022; GC027 2021, patient A; GC027 2021, patient B"
    assert shared.loc["grade 3 CRS", "shared_by"] == severe
    assert "Cao 2022: AML, no transplantation" in shared.loc["grade 3 CRS", "differs"]
    text = CHAPTERS["who-else"].read_text(encoding="utf-8").lower()
    assert "neighbor" not in text and "nearest" not in text and "similarity" not in text


# ---------------------------------------------------------------- bands behind the lanes


def test_bands_are_published_labeled_and_never_a_patient_s_value(book):
    index = data.select(book, "case-1", "case-2")
    bands = timeline.published_bands(index.events, book.intervals, book.studies, "car_t_infusion").set_index("event_id")
    assert set(bands.index) == {"case-1-crs", "case-1-hsct", "case-2-hsct"}
    assert bands.loc["case-1-crs", ["from_day", "to_day"]].tolist() == [1, 5]
    assert all(
        word in bands.loc["case-1-crs", "label"]
        for word in ("others, any grade", "11 infused", "universal", "CAR7 2025")
    )
    after = timeline.published_bands(index.events, book.intervals, book.studies, "hsct").set_index("event_id")
    assert after.loc["case-1-ta-tma", "from_day"] == 153 and "no CAR-T" in after.loc["case-1-ta-tma", "label"]
    windows = timeline.windows(index.events, index.bounds, "car_t_infusion")
    look = {"anchor": "car_t_infusion", "title": "t", "subtitle": "s"}
    plain = charts.timeline_chart(index.events, windows, **look).to_dict()["usermeta"]["rows"]
    behind = charts.timeline_chart(index.events, windows, **look, bands=bands.reset_index()).to_dict()["usermeta"][
        "rows"
    ]
    assert [{**row, "Published of others": None} for row in plain] == [
        {**row, "Published of others": None} for row in behind
    ]


def test_opinions_thresholds_and_protocols_are_never_a_band(book):
    index = data.select(book, "case-1")
    only = book.intervals[book.intervals["nature"] != "observed"]
    assert len(only) == 3 and timeline.published_bands(index.events, only, book.studies, "car_t_infusion").empty


# ---------------------------------------------------------------- one count changed


def test_one_count_changed_changes_figure_sentence_and_table(tmp_path):
    for name in ("data", "chapters"):
        shutil.copytree(PROJECT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(PROJECT / "requirements.in", tmp_path)
    path = tmp_path / "data" / "outcomes.csv"
    text = path.read_text(encoding="utf-8")
    row = re.search(r"^oh2024-crs-grade-3-or-more,.*$", text, re.M)[0]
    path.write_text(text.replace(row, row.replace(",0,17,", ",1,17,")), encoding="utf-8")
    before = CHAPTERS["evidence"].read_text(encoding="utf-8")
    after = refresh.run(tmp_path / "chapters" / "evidence.ipynb")
    assert "25 of 200 patients" in before and "25 of 200 patients" not in after  # the figure's title
    assert "26 of 200 patients" in after
    assert after.count("1 of 17") > before.count("1 of 17")  # the rows of the forest plot
    glued = re.findall(r'"application/papermill.record/text/plain": "(\d+)"', after)
    assert "26" in glued and "26" not in re.findall(r'"application/papermill.record/text/plain": "(\d+)"', before)
    pattern = r"does the result depend on one series.*?</table>"
    assert re.search(pattern, after, re.S)[0] != re.search(pattern, before, re.S)[0]


# ---------------------------------------------------------------- the figures themselves


def test_a_forest_plot_refuses_a_row_without_a_value():
    rows = charts.printed_rows(
        pd.DataFrame({"label": ["a", "b"], "note": "", "n": [1, 2], "value": [5.0, None], "low": None, "high": None})
    )
    with pytest.raises(ValueError, match="for b"):
        charts.forest_chart(rows, title="t", subtitle="s", axis="%")


def test_a_figure_that_can_be_filtered_says_so_in_its_specification(drawn):
    for name in ("swimmer-infusion", "swimmer-hsct"):
        bound = [param["name"] for param in drawn[name]["params"] if "bind" in param]
        assert bound == ["only_fate", "only_target", "only_product"]
        assert drawn[name]["usermeta"]["filters"] == ["Outcome", "Target", "Product"]
