"""The published evidence as data: it agrees with itself, names its source, and is mixed with nothing else."""

import math
import re

import pandas as pd
import pytest
from casebook import data, timeline
from casebook.evidence import cohorts
from conftest import PROJECT


@pytest.fixture(scope="module")
def book():
    return data.load()


def counted(book):
    return book.outcomes[book.outcomes["events"].notna() & book.outcomes["n"].notna()]


# ---------------------------------------------------------------- studies and what they report


def test_events_are_no_more_than_patients(book):
    rows = counted(book)
    assert len(rows) > 100 and (rows["events"] <= rows["n"]).all()


def test_a_printed_percentage_agrees_with_its_count_or_the_caveat_names_the_count_s_own(book):
    """Printed to the digits that stand in the table; a half may have been rounded either way."""
    text = pd.read_csv(PROJECT / "data" / "outcomes.csv", dtype="str").set_index("outcome_id")["value"]
    differ = []
    for row in counted(book).dropna(subset="value").itertuples():
        digits = len(text[row.outcome_id].partition(".")[2])
        share = 100 * row.events / row.n
        if abs(share - row.value) > 0.5 * 10**-digits + 1e-9:
            differ.append(row.outcome_id)
            assert f"{share:.1f}%" in row.caveat, row.outcome_id
    assert set(differ) == {"tma-vasu2022-tma", "tma-uk2020-tma", "sohn2004-hyperacute-gvhd"}


def test_what_was_worked_out_says_so(book):
    derived = book.outcomes[book.outcomes["derived"]]
    assert len(derived) > 40 and derived["caveat"].str.contains("worked out").all()
    assert not book.outcomes.loc[~book.outcomes["derived"], "caveat"].str.contains("Count worked out").any()


def test_every_number_says_in_what_it_was_read_and_news_are_called_news(book):
    for table in (book.outcomes, book.intervals, book.survival):
        kept = table[table["read_in"] != "news"]
        assert set(kept["read_in"]) <= {"abstract", "conference abstract", "excerpt", "paper"}
    assert book.outcomes.loc[book.outcomes["locator"].str.startswith("abstract"), "read_in"].eq("abstract").all()
    news = book.outcomes[book.outcomes["read_in"] == "news"]
    assert set(book.outcomes.loc[book.outcomes["study_id"] == "hu2024", "read_in"]) == {"conference abstract", "news"}
    # One article, by the rule that says so; each row says it again, where it is drawn, and none may be pooled.
    assert set(news["study_id"]) == {"hu2024"} and not news["all_infused"].any()
    assert news["caveat"].str.startswith("Read in news").all()
    drawn = book.prognosis.set_index("result")["what"]
    assert drawn[news["outcome_id"]].str.endswith("read in news").all()
    assert "Hu 2024" in book.eligibility.set_index("rule_id").at["reading", "rule"]


def test_context_is_typed_as_context(book):
    categories = book.studies.set_index("study_id")["category"]
    for start, category in {"ball_": "B-ALL", "tma_": "TA-TMA", "cd5": "CD5"}.items():
        mine = categories[categories.index.str.startswith(start)]
        assert len(mine) and mine.str.startswith(f"context: {category}").all()
    targets = book.studies.set_index("study_id")["car_target"]
    assert (targets[categories.str.startswith("CD7")] == "CD7").all()
    assert (targets[categories.str.startswith("context")] != "CD7").all()


def test_thresholds_opinions_and_protocol_windows_are_no_observed_ranges(book):
    nature = book.intervals.set_index("study_id")["nature"]
    assert nature["ball_tcd2020"] == "threshold"
    assert nature["ball_review2020"] == "opinion"
    assert nature["ball_bridge2019"] == "protocol window"
    others = nature.drop(["ball_tcd2020", "ball_review2020", "ball_bridge2019"])
    assert (others == "observed").all()


def test_reviews_hold_ranges_or_pooled_values_and_no_counts_of_patients(book):
    reviews = book.studies.loc[book.studies["design"] == "review", "study_id"]
    rows = book.outcomes[book.outcomes["study_id"].isin(reviews)]
    assert set(rows["measure"]) <= {"pooled proportion", "range across studies", "hazard ratio"}
    assert not rows["all_infused"].any()
    ranges = rows[rows["measure"] == "range across studies"]
    assert (ranges["limits"] == "range").all() and ranges["value"].isna().all()
    ratios = rows[rows["measure"] == "hazard ratio"]
    assert len(ratios) == 3 and (ratios["value"] < 1).all()


# ---------------------------------------------------------------- what is pooled


OUTCOMES = ("crs_any", "crs_grade_3_or_more", "icans_any")


@pytest.mark.parametrize("outcome", OUTCOMES)
def test_no_pooled_set_holds_two_studies_that_share_patients(book, outcome):
    found = cohorts.pool_outcome(book, outcome)
    ids = set(found.rows["study_id"])
    assert ids and len(found.rows) + len(found.left_out) == len(cohorts.candidates(book, outcome))
    certain = book.overlaps[book.overlaps["certainty"].isin(["same", "nested"])]
    assert not [pair for pair in zip(certain["study_a"], certain["study_b"]) if set(pair) <= ids]
    assert "lu2022" not in ids and "zhang2023ajh" in ids  # one program, in two ways by way of a third study
    assert (found.rows["category"] == "CD7 cohort").all() and found.rows["all_infused"].all()
    assert set(found.rows["read_in"]) <= {"abstract", "paper"} and "gc027_2021" not in ids


def test_the_overlaps_of_the_evidence_are_all_there(book):
    pairs = {frozenset(pair): certainty for *pair, certainty in book.overlaps.iloc[:, :3].itertuples(index=False)}
    assert pairs[frozenset(["pan2021", "tan2023"])] == "same"
    assert pairs[frozenset(["li2022eha", "li2023ash"])] == "nested"
    assert pairs[frozenset(["donorph2_2025", "li2023ash"])] == "possible"
    assert pairs[frozenset(["gc027_2021", "gc027_2023"])] == "possible"
    assert pairs[frozenset(["chiesa2023", "becar7_2025"])] == "nested"
    assert pairs[frozenset(["pan2021", "donorph2_2025"])] == "possible"  # one hospital, phase I and phase II
    # One hospital's successive series, as its own texts tell them.
    for one, other, certainty in (
        ("pmid36427783", "pan2021", "possible"),
        ("pmid36427783", "tan2023", "possible"),
        ("pmid36427783", "donorph2_2025", "possible"),
        ("pmid36427783", "li2023ash", "nested"),
        ("li2023ash", "pan2021", "possible"),
        ("song2024", "pmid36427783", "possible"),
        ("oh2024", "becilli2024ash", "possible"),
    ):
        assert pairs[frozenset([one, other])] == certainty, (one, other)
    for study in ("lu2022", "cao2024", "immune2025", "sun2024ebmt"):
        assert pairs[frozenset([study, "zhang2023ajh"])] == "nested"


# ---------------------------------------------------------------- patients


def test_published_patients_and_context_stand_apart(book):
    context = book.cases[book.cases["role"] == "context"]
    assert (context["product_source"] == "none").all()
    kinds = book.events[book.events["case_id"].isin(context["case_id"])]["kind"]
    assert "car_t_infusion" not in set(kinds) and "hsct" in set(kinds)


@pytest.mark.parametrize(
    ("event", "anchor", "earliest", "latest"),
    [
        ("song2024-p1-hsct", "car_t_infusion", 30, 30),
        ("song2024-p2-hsct", "car_t_infusion", 26, 26),
        ("an2022-p1-hsct", "car_t_infusion", 55, 55),
        ("zhaoy2024-p1-hsct", "car_t_infusion", 20, 20),
        ("chiesa2023-p1-remission", "car_t_infusion", 0, 28),  # "within 28 days" is a bound
        ("pmid36427783-d14-death", "hsct", 14, 14),
        ("dpcj1893-p1-hyperacute-gvhd", "hsct", 0, 7),
        ("tj2023-00464-p1-conditioning", "hsct", -9, -1),
    ],
)
def test_days_of_published_patients(book, event, anchor, earliest, latest):
    windows = timeline.windows(book.events, book.bounds, anchor).set_index("event_id")
    assert (windows.loc[event, "earliest"], windows.loc[event, "latest"]) == (earliest, latest)


def test_calendar_order_is_kept_and_month_and_year_are_not(book):
    published = book.cases.loc[book.cases["role"].isin(["comparator", "context"]), "case_id"]
    months = "January|February|March|April|June|July|August|September|October|November|December"
    pattern = re.compile(rf"\b(?:{months})\b|\b(?:19|20)\d\d\b")
    texts = [
        *book.events.loc[book.events["case_id"].isin(published), "label"],
        *book.bounds.loc[book.bounds["case_id"].isin(published), "statement"],
    ]
    assert [text for text in texts if pattern.search(text)] == []
    order = {(row.from_event, row.to_event): (row.min_days, row.max_days) for row in book.bounds.itertuples()}
    for pair in [("disease", "earlier-hsct"), ("earlier-hsct", "relapse"), ("relapse", "infusion")]:
        low, high = order[tuple(f"dai2022-p1-{event}" for event in pair)]
        assert low == 0 and math.isnan(high)


def test_an_anchor_that_was_read_into_a_day_is_inferred_with_its_reason(book):
    bounds = book.bounds.set_index("to_event")
    for event in ("manghisi2025-p1-emapalumab", "manghisi2025-p1-neurological-recovery"):
        rows = [name for name in bounds.index if name.startswith(event)]
        assert rows, event
        assert (bounds.loc[rows, "basis"] == "inferred").all() and bounds.loc[rows, "reason"].notna().all()


def test_months_of_published_patients_stay_as_they_were_published():
    """Typed a second time from the abstract of wum2023: TMA two to three months after the infusion."""
    text = pd.read_csv(PROJECT / "data" / "bounds.csv", dtype="str").set_index("bound_id")
    for case in ("c1", "c2"):
        row = text.loc[f"wum2023-{case}-tma-after-infusion"]
        assert (row["min_days"], row["max_days"]) == ("2 months", "3 months")


# ---------------------------------------------------------------- contradictions and what is left out


def numbers(text):
    return {float(number) for number in re.findall(r"\d+(?:\.\d+)?", text)}


def known_numbers(book, source):
    """Every number that the tables hold of a source, and the numbers that follow from them by adding up."""
    found = set()
    for table in (book.studies, book.outcomes, book.intervals, book.survival):
        mine = table[table["study_id"] == source]
        for column in mine.columns:
            for value in mine[column].dropna():
                if isinstance(value, str):
                    found |= numbers(value)
                elif not isinstance(value, bool):
                    found.add(float(value))
    return found


# What stands in contradictions and in no table: sums, and our own arithmetic.
WORKED_OUT = {"cao2024": {103.1}, "donorph2_2025": {10, 30, 5}, "zhao2021": {95, 28.7, 68.1}}


def test_the_numbers_of_contradictions_are_those_of_the_tables(book):
    checked = 0
    for row in book.contradictions.itertuples():
        for source, says in ((row.source_a, row.says_a), (row.source_b, row.says_b)):
            if source in set(book.studies["study_id"]):
                wrong = numbers(says) - known_numbers(book, source) - WORKED_OUT.get(source, set())
                wrong -= {7.0} if source.startswith("cao") else set()  # CD7
                assert not wrong, f"{row.contradiction_id}: {wrong} stand in no row of {source}"
                checked += 1
    assert checked > 15


def test_the_sums_in_contradictions_are_right(book):
    rows = book.outcomes[book.outcomes["study_id"] == "cao2024"]
    parts = book.survival.set_index("survival_id")["value"]
    for group, arm in (("CD7 CAR-T", "car-t"), ("chemotherapy", "chemotherapy")):
        survival = parts[f"cao2024-lfs-24-after-{arm}"]
        total = survival + rows.loc[rows["subgroup"].str.endswith(group), "value"].sum()
        assert round(total, 1) == 103.1
    deaths = book.outcomes[(book.outcomes["study_id"] == "donorph2_2025") & (book.outcomes["outcome"] != "death_any")]
    by_cause = deaths[deaths["outcome"].str.startswith("death_")]["events"].sum()
    listed = deaths.loc[(deaths["outcome"] == "non_relapse_mortality") & deaths["all_infused"], "events"].item()
    assert (by_cause, listed) == (10, 11)


def test_what_is_left_out_has_a_reason_and_stands_in_no_study(book):
    assert not set(book.left_out["source_id"]) & set(book.studies["study_id"])
    assert {"song_nct05290155", "immune2025", "icaht_ash"} <= set(book.left_out["source_id"])
    assert (book.left_out["reason"].str.len() > 20).all()
    listed = {"dpcj1893", "tj2023-00464"}  # patients that are listed and not relied on
    assert set(book.left_out["source_id"]) & set(book.sources["source_id"]) == listed
    cases = book.cases[book.cases["source_id"].isin(listed)]
    assert (cases["role"] == "context").all() and cases["caveat"].str.contains("Listed, not relied on").all()


# ---------------------------------------------------------------- the bibliography


def test_every_source_of_every_table_is_in_the_bibliography(book):
    known = set(book.sources["source_id"])
    assert len(known) > 80 and set(book.studies["study_id"]) <= known
    assert set(book.cases["source_id"].dropna()) <= known


def test_what_a_source_lacks_is_known():
    """Read a second time from the bibliography itself: the year of Xiao was not read, nor an identifier of Abboud."""
    lacks = data.load().sources.set_index("source_id")["lacks"]
    assert lacks["xiao2025"] == "year" and lacks["abboud2021"] == "identifier"
    assert lacks["dpcj1893"] == "year, identifier"
    assert (lacks[["pan2021", "pmid36427783", "li2023ash", "sfgm_tc"]] == ["", "", "", "year"]).all()


def test_no_title_is_cut_in_brackets_and_no_address_is_printed():
    text = (PROJECT / "data" / "references.bib").read_text(encoding="utf-8")
    for title in re.findall(r"title\s*=\s*\{\{(.*?)\}\},?\n", text):
        assert "[" not in title and "]" not in title
    assert "http" not in text and "www." not in text


@pytest.mark.parametrize(
    ("key", "fields"),
    [
        ("xiao2025", ("journal", "year", "volume", "number", "pages")),
        ("pmid36427783", ("author", "journal", "volume", "pages", "doi")),
        ("gc027_2023", ("author",)),
        ("mohty2016", ("doi",)),
        ("zhang2020ba", ("doi", "author", "pages")),
        ("tma_ped2021", ("doi", "author", "pages")),
        ("tan2023", ("pages",)),
        ("zhang2023bcj", ("volume", "number", "pages")),
        ("corbacioglu2018", ("doi", "year", "volume", "number")),
    ],
)
def test_nothing_from_memory_is_printed(key, fields):
    text = (PROJECT / "data" / "references.bib").read_text(encoding="utf-8")
    entry = re.search(rf"@\w+\{{{key},\n(.*?)\n\}}", text, re.S)[1]
    present = set(re.findall(r"^\s*(\w+)\s*=", entry, re.M))
    assert not present & set(fields)
