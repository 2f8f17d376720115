"""The chapters on the literature: what they draw and say is what the tables hold, and nothing made up stands there."""

import re
import shutil

import pandas as pd
import pytest
from casebook import words
from casebook.evidence import bias, cohorts, selection, sensitivity, verification, waits
from casebook.patients import record
from chapters_text import cells, figures, notebooks, table_of
from conftest import PROJECT
from made_up import live
from scipy.stats import beta

from tools.build import refresh

CHAPTERS = {path.stem: path for path in notebooks() if path.stem in ("evidence", "how-read", "who-else")}
POOLED = {"severe-crs": "crs_grade_3_or_more", "any-crs": "crs_any", "any-icans": "icans_any"}


@pytest.fixture(scope="module")
def book():
    return live()


@pytest.fixture(scope="module")
def drawn():
    return figures(CHAPTERS["evidence"])


def rows_of(drawn, name):
    return pd.DataFrame(drawn[name]["usermeta"]["rows"])


def test_nothing_made_up_stands_in_the_chapters_on_the_literature():
    assert set(CHAPTERS) == {"evidence", "how-read", "who-else"}
    for path in CHAPTERS.values():
        assert words.MADE_UP not in path.read_text(encoding="utf-8").lower()


# ---------------------------------------------------------------- how often


@pytest.mark.parametrize(("name", "outcome"), POOLED.items())
def test_a_pooled_figure_holds_the_counts_of_the_table_and_their_exact_intervals(book, drawn, name, outcome):
    table = book.outcomes[(book.outcomes["outcome"] == outcome) & book.outcomes["all_infused"]]
    labels = book.studies.set_index("study_id")["label"]
    counts = {labels[row.study_id]: (row.events, row.n) for row in table.itertuples() if pd.notna(row.events)}
    rows = rows_of(drawn, name)
    series = rows[rows["Count"].str.contains(" of ") & ~rows["Row"].str.contains("added up")]
    assert len(series) >= 3 and set(series["Row"]) <= set(counts)
    for row in series.to_dict("records"):
        events, n = counts[row["Row"]]
        assert row["Count"].rstrip("†") == f"{events} of {n}"
        low = beta.ppf(0.025, events, n - events + 1) if events else 0.0
        high = beta.ppf(0.975, events + 1, n - events) if events < n else 1.0
        assert row["Value and interval"] == f"{100 * events / n:.0f}% ({100 * low:.0f} to {100 * high:.0f})"
    patients = sum(counts[row][1] for row in series["Row"])
    assert drawn[name]["title"]["subtitle"].startswith(f"{len(series)} series, {patients} patients, read in abstracts")
    assert rows.set_index("Row").loc["Pooled here", "Count"] == f"n = {patients}"


@pytest.mark.parametrize("name", POOLED)
def test_the_group_of_the_two_cases_comes_first_with_its_plain_sum(book, drawn, name):
    mine = book.cases.loc[book.cases["role"] == "index", "product_source"].unique()
    rows = rows_of(drawn, name)
    first = rows[rows["Panel"] == f"{mine.item()} product"]
    assert first.index.tolist() == list(range(len(first))) and first["Row"].iloc[-1] == f"{mine.item()}, pooled"
    first = first.iloc[:-1]
    assert first["Row"].iloc[-1] == f"{mine.item()}, added up"
    counts = [tuple(map(int, re.findall(r"\d+", count))) for count in first["Count"]]
    assert counts[-1] == tuple(map(sum, zip(*counts[:-1])))
    assert "{} of {}".format(*counts[-1]) in drawn[name]["title"]["text"]


def test_the_plain_sum_of_severe_crs_is_what_the_abstracts_add_up_to(drawn):
    """Typed a second time from the abstracts: 7 of 60 in zhang2023ajh (11.7%), none of 17 in oh2024."""
    row = rows_of(drawn, "severe-crs").set_index("Row").loc["autologous, added up"]
    assert (row["Count"], row["Value and interval"]) == ("7 of 77", "9% (4 to 18)")


def test_what_was_inferred_is_marked_in_the_figure(book, drawn):
    inferred = set(book.studies.loc[book.studies["product_basis"] == "inferred", "label"])
    for name in POOLED:
        rows = rows_of(drawn, name)
        for row in rows[rows["Count"].str.contains(" of ")].to_dict("records"):
            sums = "added up" in row["Row"]
            group = row["Row"].partition(",")[0]
            mine = set(book.studies.loc[book.studies["product_source"] == group, "label"]) & set(rows["Row"])
            assert ("inferred" in row["About it"]) is bool(inferred & (mine if sums else {row["Row"]})), row["Row"]


def test_a_published_pooled_figure_stands_beside_ours_as_it_was_printed(drawn):
    """Typed a second time from the abstract of liu2025meta: 12% (5 to 20)."""
    row = rows_of(drawn, "severe-crs").set_index("Row").loc["Liu 2025, pooled"]
    assert row["Value and interval"] == "12% (5 to 20)" and row["Drawn as"] == "hollow diamond"
    assert "no interval printed" in rows_of(drawn, "any-crs").set_index("Row").loc["Dashti 2025, pooled", "About it"]


def test_no_case_is_a_mark_on_an_axis_of_proportions_or_of_days(book, drawn):
    names = set(book.cases.loc[book.cases["role"] == "index", "label"])
    for name in drawn:
        assert not names & set(rows_of(drawn, name)["Row"])
    for name, found in (
        ("severe-crs", record.said_of(book, ("crs",), "crs-scale")),
        ("waiting", waits.said_of_waits(book)),
    ):
        assert [entry["said"] for entry in drawn[name]["usermeta"]["said"]] == found["said"].tolist()


def test_what_is_not_pooled_shows_the_counts_of_the_table_and_no_patient_twice(book):
    shown = table_of("evidence", "Counts as the series give them, not pooled")
    ids = book.studies.set_index("label")["study_id"]
    certain = book.overlaps[book.overlaps["certainty"] != "possible"]
    counted = {(row.study_id, f"{row.events} of {row.n}") for row in book.outcomes.dropna(subset="events").itertuples()}
    for column in shown.columns[2:]:
        cells_ = shown[shown[column] != "—"]
        studies = set(cells_["Series"].map(ids))
        assert not [pair for pair in zip(certain["study_a"], certain["study_b"]) if set(pair) <= studies]
        for label, text in zip(cells_["Series"], cells_[column]):
            assert (ids[label], text.partition(" (")[0]) in counted


# ---------------------------------------------------------------- how long, with and without


def test_the_waits_are_those_of_the_tables(drawn):
    """Typed a second time: song2024, an2022, PMID 36427783; zhaoy2024 (day 20) had another target and is left out."""
    rows = rows_of(drawn, "waiting").set_index("Row")
    days = {"Song 2024, patient 2": 26, "Song 2024, patient 1": 30, "An 2022": 55}
    single = rows[rows["Panel"] == "Single patients after CD7 CAR T cells"]
    assert dict(zip(single.index, single["Value and interval"])) == {k: f"{day} days" for k, day in days.items()}
    assert (single["Drawn as"] == "hollow mark").all()
    assert rows.loc["Donor CD7 bridging 2022", "Value and interval"] == "33.5 days (30 to 55)"
    assert rows["Panel"].drop_duplicates().tolist()[0].startswith("Series")


def test_only_what_was_observed_is_drawn(book, drawn):
    labels = book.studies.set_index("study_id")["label"]
    limits = book.intervals[(book.intervals["to_event"] == "hsct") & (book.intervals["nature"] != "observed")]
    assert len(limits) and not set(limits["study_id"].map(labels)) & set(rows_of(drawn, "waiting")["Row"])


def test_no_interval_for_an_autologous_cd7_product_is_known(book, drawn):
    """What the title says, found another way."""
    assert "no observed interval was found for autologous products" in drawn["waiting"]["title"]["text"]
    source = book.studies.set_index("study_id")["product_source"]
    waits = book.intervals[(book.intervals["to_event"] == "hsct") & (book.intervals["nature"] == "observed")]
    assert "autologous" not in set(waits["study_id"].map(source).dropna())
    others = book.cases[book.cases["role"] != "index"]
    patients = others[(others["car_target"] == "CD7") & (others["product_source"] == "autologous")]
    known = book.bounds[book.bounds["min_days"] == book.bounds["max_days"]]
    assert not known[known["case_id"].isin(patients["case_id"]) & known["to_event"].str.endswith("-hsct")].shape[0]


def test_with_and_without_transplantation_each_series_has_two_groups_and_no_difference(book, drawn):
    rows = rows_of(drawn, "with-without")
    assert rows.groupby("Panel")["Row"].agg(list).map(lambda names: names == ["transplanted", "not transplanted"]).all()
    survival = book.survival.set_index("survival_id")
    zhang = rows[rows["Panel"].str.startswith("Zhang X 2023")]["Value and interval"].tolist()
    named = [f"zhang2023ajh-pfs-12-{group}" for group in ("hsct", "no-hsct")]
    assert [float(text.partition("%")[0]) for text in zhang] == survival.loc[named, "value"].tolist()
    printed = rows["Value and interval"].str.contains("(", regex=False)
    assert (rows["Drawn as"].eq("mark with its interval") == printed).all()
    assert "had lived until then and were chosen" in drawn["with-without"]["title"]["text"]


def test_every_series_that_gives_both_sides_is_drawn_or_named_on_the_page(book, drawn):
    """Looked for in the tables: which cohorts have a row with transplantation and one without."""
    sides = pd.concat(
        [
            book.survival.loc[book.survival["endpoint"].isin(["PFS", "LFS", "EFS"]), ["study_id", "group"]],
            book.outcomes.loc[book.outcomes["outcome"].str.match("relapse|in_remission"), ["study_id", "subgroup"]]
            .rename(columns={"subgroup": "group"}),
        ]
    )  # fmt: skip
    without = sides["group"].str.contains(r"\bno HSCT|\bnot transplanted")
    with_ = sides["group"].str.contains(r"HSCT|transplanted") & ~without
    both = set(sides.loc[without, "study_id"]) & set(sides.loc[with_, "study_id"])
    both &= set(book.studies.loc[book.studies["category"] == "CD7 cohort", "study_id"])
    labels = book.studies.set_index("study_id")["label"]
    panels = " ".join(rows_of(drawn, "with-without")["Panel"])
    text = "".join("".join(cell["source"]) for cell in cells(CHAPTERS["evidence"], "markdown"))
    section = re.search(r"## With and without(.*?)(\n## |$)", text, re.S)[1]
    assert len(both) >= 3
    for study in both:
        assert f"{labels[study]}:" in panels or study in section, study


def test_two_groups_of_one_source_stand_as_printed(book):
    shown = table_of(
        "outcomes", "Transplantation after CD7 CAR T cells and after chemotherapy, at two years, as printed"
    ).set_index("Endpoint")
    printed = {row.value for row in book.survival[book.survival["study_id"] == "cao2024"].itertuples()}
    printed |= set(book.outcomes.loc[book.outcomes["study_id"] == "cao2024", "value"])
    values = [float(text.partition("%")[0]) for column in shown.columns[:2] for text in shown[column]]
    assert len(values) == 8 and set(values) <= printed


def test_reports_that_do_not_compare_stand_in_no_figure(drawn):
    assert set(drawn) == {*POOLED, "waiting", "with-without"}


def test_every_contradiction_is_printed_for_those_who_check(book):
    shown = table_of("methods-statistics", "Statements of the sources that do not fit together")
    assert shown["On"].tolist() == book.contradictions["topic"].tolist()
    for column in ("Source", "Other source"):
        assert not set(shown[column]) & (set(book.studies["study_id"]) | set(book.left_out["source_id"]))


# ---------------------------------------------------------------- the page


def test_the_page_is_short_enough_to_be_read():
    text = " ".join("".join(cell["source"]) for cell in cells(CHAPTERS["evidence"], "markdown"))
    prose = re.sub(r"\{[\w:]+\}`[^`]*`", "word", text)
    assert len(re.findall(r"\w+", prose)) <= 1500


def test_one_count_changed_changes_figure_sentence_and_check(tmp_path):
    for name in ("data", "chapters"):
        shutil.copytree(PROJECT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(PROJECT / "requirements.in", tmp_path)
    path = tmp_path / "data" / "outcomes.csv"
    text = path.read_text(encoding="utf-8")
    row = re.search(r"^oh2024-crs-grade-3-or-more,.*$", text, re.M)[0]
    path.write_text(text.replace(row, row.replace(",0,17,", ",1,17,")), encoding="utf-8")
    before = CHAPTERS["evidence"].read_text(encoding="utf-8")
    after = refresh.run(tmp_path / "chapters" / "evidence.ipynb")
    title = r"Severe CRS: about 1 in \d+ patients \((\d+) of (\d+)\)"
    ((events, n),) = {tuple(map(int, found)) for found in re.findall(title, before)}
    changed = f"({events + 1} of {n})"
    assert changed in after and changed not in before  # the figure's title
    assert after.count("1 of 17") > before.count("1 of 17")  # the rows of the forest plot
    glued = r'"application/papermill.record/text/plain": "\'(\d+ of \d+ patients in \d+ series)'
    assert f"{events + 1} of {n}" in re.findall(glued, after)[0] and f"{events} of {n}" in re.findall(glued, before)[0]


# ---------------------------------------------------------------- how the literature was read


@pytest.fixture(scope="module")
def read():
    return figures(CHAPTERS["how-read"])


def drawn_sources(book, *all_figures):
    """The sources whose names stand in the rows of figures."""
    names = {label: source for source, label in bias.source_labels(book).items()}
    rows = [row for figure in all_figures for spec in figure.values() for row in spec["usermeta"]["rows"]]
    called = {str(row.get("Row") or row.get("Case")) for row in rows}
    return {names[label] for label in names for row in called if row == label or row.startswith(f"{label}, ")}


def test_every_study_in_a_figure_stands_in_the_flow_and_can_be_cited(book, drawn):
    sources = drawn_sources(book, drawn, figures(CHAPTERS["who-else"]))
    at = selection.steps(book).set_index("source_id")["step"]
    assert len(sources) > 10 and {"song2024", "an2022", "pan2021", "ball_haplo2021"} <= sources
    assert set(at[list(sources)]) <= {"counted", "selected", "beside", "single patients", "no count", "case reports"}
    lacks = book.sources.set_index("source_id")["lacks"]
    without = {source: lacks[source] for source in sources if lacks[source]}
    assert {lack for lack in without.values()} <= {"year"}, without
    labels = bias.source_labels(book)
    for source in without:  # a source is found by its identifier; where no year was read, none stands in its name
        study = book.studies[book.studies["study_id"] == source]
        assert study.empty or (not re.search(r"\d", labels[source]) and study["year"].isna().all()), source


def test_every_series_that_is_drawn_was_appraised(book, drawn):
    ours = set(book.studies.loc[book.studies["category"] == "CD7 cohort", "study_id"])
    series = drawn_sources(book, drawn) & ours
    reports = drawn_sources(book, drawn) & set(book.cases["source_id"].dropna())
    assert len(series) >= 8 and (series | reports) <= set(book.bias["source_id"])


def test_the_flow_is_drawn_as_it_was_counted(book, read):
    figure = selection.flow_figure(book)
    rows = pd.DataFrame(read["flow"]["usermeta"]["rows"])
    assert (
        rows["Row"].tolist() == figure.rows["text"].tolist()
        and rows["Sources"].tolist() == figure.rows["n"].map(str).tolist()
    )
    assert read["flow"]["title"]["text"] == figure.title


def test_the_lines_of_sensitivity_are_computed(book, read):
    rows = pd.DataFrame(read["sensitivity"]["usermeta"]["rows"])
    for heading, code in (("Severe CRS", "crs_grade_3_or_more"), ("CRS of any grade", "crs_any")):
        mine = rows[rows["Panel"] == heading]
        found = sensitivity.sensitivity(book, code, each=False)
        found = found[found["pooled"].notna()]
        pooled = [words.percent(pool.estimate, pool.low, pool.high, digits=1) for pool in found["pooled"]]
        assert mine["Value and interval"].tolist() == pooled
        assert any("held back" in row for row in mine["Row"]) and any(row.startswith("without") for row in mine["Row"])


def test_both_pictures_of_bias_show_every_answer(book, read):
    shown = [row["Row"] for name in ("bias-series", "bias-patients") for row in read[name]["usermeta"]["rows"]]
    assert len(shown) == len(set(shown)) == len(book.bias)


def test_what_the_page_says_of_scales_is_so(book):
    """`None of these abstracts names the scale by which it graded`: unclear for every series."""
    text = CHAPTERS["evidence"].read_text(encoding="utf-8")
    assert "None of these abstracts names the scale" in text
    assert "Scale" in bias.never_told(bias.answers(book))


def test_that_two_series_may_share_patients_is_said_where_they_are_drawn(book):
    pools = [cohorts.pool_outcome(book, code) for code in POOLED.values()]
    said = verification.possible_sharing(pools)
    assert "Pan 2021 and Donor CD7 phase II 2025" in said
    text = CHAPTERS["evidence"].read_text(encoding="utf-8")
    assert said in text and "Song 2024 and Donor CD7 bridging 2022" in text


def test_it_is_called_a_mapped_selection_where_its_numbers_are_used():
    for stem in ("evidence", "how-read", "who-else"):
        text = "".join("".join(cell["source"]) for cell in cells(CHAPTERS[stem], "markdown"))
        assert "mapped selection" in text and "systematic review" in text, stem


def test_every_published_death_is_a_death_and_nobody_else_s(book):
    deaths = set(book.events.loc[book.events["kind"] == "death", "case_id"])
    others = book.cases[book.cases["role"] != "index"]
    assert deaths == set(others.loc[others["vital_status"] == "dead", "case_id"])
