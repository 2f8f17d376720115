"""The first law: nothing is said of the two patients that is neither in the record nor read in the paper.

The facts of the record are typed here a second time, by hand from the abstract page. A fact
about an index case that is not among them must say that it was read in the paper, and where.
"""

import dataclasses
import re

import made_up
import pandas as pd
import pytest
from casebook import data, words
from casebook.patients import record
from conftest import PROJECT

INDEX = ("case-1", "case-2")
# What the abstract says happened to each patient: kind and grade.
HAPPENED = {
    "case-1": {
        ("disease", ""), ("car_t_infusion", ""), ("hsct", ""), ("outcome", ""),
        ("crs", "3"), ("infection", ""), ("organ_toxicity", ""), ("hyperacute_gvhd", ""), ("ta_tma", ""),
    },
    "case-2": {
        ("disease", ""), ("car_t_infusion", ""), ("hsct", ""), ("outcome", ""),
        ("inflammation_control", ""), ("recovery", ""),
    },
}  # fmt: skip
# What it says of their order. Days come from one definition, and from nowhere else.
ORDER = {
    ("case-1", "disease", "car_t_infusion", 0, None, "inferred", ""),
    ("case-1", "car_t_infusion", "hsct", 0, None, "stated", ""),
    ("case-1", "car_t_infusion", "crs", 0, None, "defined", "crs-lee-2019"),
    ("case-1", "hsct", "hyperacute_gvhd", 0, 14, "defined", "hyperacute-gvhd-saliba-2007"),
    ("case-1", "hsct", "ta_tma", 0, None, "defined", "ta-tma-schoettler-2023"),
    ("case-2", "disease", "car_t_infusion", 0, None, "inferred", ""),
    ("case-2", "car_t_infusion", "hsct", 0, None, "stated", ""),
    ("case-2", "car_t_infusion", "recovery", 0, None, "stated", ""),
    ("case-2", "recovery", "hsct", 0, None, "inferred", ""),
}
PATIENT = {
    "case-1": ("T-ALL", "relapsed/refractory, confirmed", "autologous", "CD7", "poor prognosis"),
    "case-2": ("T-ALL", "relapsed/refractory, confirmed", "autologous", "CD7", "favorable course"),
}
# What the abstract page says of neither patient.
NOT_IN_THE_RECORD = (
    *(
        "vital_status",
        "age_years",
        "sex",
        "prior_hsct",
        "dose",
        "center",
        "follow_up",
        "follow_up_unit",
        "follow_up_is",
    ),
    *("did_not_occur", "caveat"),
)
# The texts of the patients' rows, a second time: a label may not say more than its fact.
LABELS = {
    "disease": ("confirmed relapsed/refractory T-ALL", "disease", False),
    "car_t_infusion": ("autologous anti-CD7 CAR T cells", "infusion", True),
    "crs": ("grade 3 CRS", "inflammation", False),
    "infection": ("infection", "infection", False),
    "organ_toxicity": ("drug-related organ toxicity", "organ", False),
    "hsct": ("allo-HSCT", "transplantation", True),
    "hyperacute_gvhd": ("hyperacute GVHD", "GVHD", False),
    "ta_tma": ("TA-TMA", "microangiopathy", False),
    "inflammation_control": ("effective inflammation control", "inflammation", False),
    "recovery": ("complete recovery", "recovery", False),
}
JUDGMENT = {"case-1": "poor prognosis", "case-2": "favorable course"}
STATEMENTS = {
    "disease-before-infusion": "The infusion follows the disease that it treats.",
    "infusion-before-hsct": "Transplantation follows the infusion: the infusion is the bridge to it.",
    "crs-after-infusion": "CRS begins after the CAR T-cell infusion.",
    "gvhd-after-hsct": "Hyperacute GVHD begins within the first 14 days after transplantation.",
    "ta-tma-after-hsct": "TA-TMA begins after transplantation.",
    "recovery-after-infusion": "Recovery follows the CAR T-cell infusion.",
    "recovery-before-hsct": "Transplantation follows the recovery.",
}


def said_too_much(row):
    """Whether the text of an event's row is another than its fact has."""
    case_id = plain(row.case_id)
    wanted = (JUDGMENT[case_id], "outcome", False) if row.kind == "outcome" else LABELS[row.kind]
    if (case_id, row.kind) == ("case-2", "hsct"):
        wanted = ('allo-HSCT, "timely"', *wanted[1:])
    return (row.label, row.lane, row.index_event) != wanted or row.basis != "stated" or bool(row.reason)


def read_in_paper(row):
    """Read in the paper; that the place is one, the rules of the tables ask."""
    return row.read_in == "paper"


def plain(case_id):
    return case_id.removeprefix(words.MADE_UP)


def without_ground(book, cases=INDEX):
    """The facts on the index cases that stand neither in the record nor, with their place, in the paper."""
    book = data.select(book, *cases)
    found = []
    for row in book.events.fillna("").itertuples():
        known = (row.kind, row.grade) in HAPPENED[plain(row.case_id)]
        if not read_in_paper(row) and (not known or said_too_much(row)):
            found.append(f"event {row.event_id}")
    kinds = book.events.set_index("event_id")["kind"]
    for row in book.bounds.astype(object).where(book.bounds.notna(), None).itertuples():
        order = (plain(row.case_id), kinds[row.from_event], kinds[row.to_event], row.min_days, row.max_days)
        known = (*order, row.basis, row.definition_id or "") in ORDER
        known = known and row.statement == STATEMENTS.get(plain(row.bound_id).removeprefix(f"{plain(row.case_id)}-"))
        if not known and not read_in_paper(row):
            found.append(f"bound {row.bound_id}")
    for row in book.cases.itertuples():
        said = (row.diagnosis, row.disease_status, row.product_source, row.car_target, row.outcome)
        more = any(pd.notna(getattr(row, column)) for column in NOT_IN_THE_RECORD)
        if (said != PATIENT[plain(row.case_id)] or more) and not read_in_paper(row):
            found.append(f"case {row.case_id}")
    for row in book.gaps[book.gaps["value"].notna()].itertuples():
        if not read_in_paper(row):
            found.append(f"gap {row.gap_id}")
    for table in (book.cases, book.events, book.bounds):
        found += [
            f"third-party ground of {row[1]}" for row in table.itertuples() if row.read_in == "third-party summary"
        ]
    return found


@pytest.fixture(scope="module")
def book():
    return data.load()


def test_no_fact_on_the_index_cases_is_without_ground(book):
    assert without_ground(book) == []


@pytest.fixture(scope="module")
def doubles(book):
    """Made-up doubles of the two patients: nothing is invented of the real ones, not even for a test."""
    return made_up.doubles(book)


def refused(book):
    return without_ground(book, [words.MADE_UP + case_id for case_id in INDEX])


KEYS = {"events": "event_id", "bounds": "bound_id", "cases": "case_id", "gaps": "gap_id"}


def put(book, table, row, **values):
    """A copy of the book with some cells of one row changed; the row is named by its id."""
    frame = getattr(book, table).copy()
    (at,) = frame.index[frame[KEYS[table]] == words.MADE_UP + row]
    for column, value in values.items():
        frame.loc[at, column] = value
    return dataclasses.replace(book, **{table: frame})


PAPER = {"read_in": "paper", "locator": "Figure 2"}
INVENTED = [
    ("events", "case-1-infection", {"grade": "4"}),
    ("events", "case-1-crs", {"grade": "4"}),
    ("events", "case-2-inflammation-control", {"kind": "crs"}),
    ("events", "case-1-crs", {"label": "grade 3 CRS: so much more"}),
    ("events", "case-1-infection", {"index_event": True}),
    ("events", "case-1-infection", {"lane": "organ"}),
    ("bounds", "case-1-infusion-before-hsct", {"statement": "Transplantation follows soon."}),
    ("bounds", "case-1-infusion-before-hsct", {"min_days": 30.0, "max_days": 30.0}),
    ("bounds", "case-1-infusion-before-hsct", {"max_days": 60.0}),
    ("bounds", "case-1-ta-tma-after-hsct", {"basis": "stated"}),
    ("cases", "case-1", {"outcome": "died"}),
    ("cases", "case-1", {"vital_status": "dead"}),
    ("cases", "case-1", {"age_years": 1}),
    ("cases", "case-2", {"sex": "female"}),
    ("cases", "case-2", {"did_not_occur": "ICANS"}),
    ("cases", "case-1", {"follow_up": 1.0}),
    ("gaps", "case-1-age", {"value": "34 years", "read_in": "abstract", "locator": "abstract"}),
]


@pytest.mark.parametrize(("table", "row", "values"), INVENTED)
def test_an_invented_value_is_refused_and_one_with_its_place_in_the_paper_is_not(doubles, table, row, values):
    assert refused(doubles) == []
    assert len(refused(put(doubles, table, row, **values))) == 1
    assert refused(put(doubles, table, row, **(values | PAPER))) == []


def test_what_a_word_is_said_to_mean_has_the_days_of_its_bound(book):
    bounds = book.bounds.set_index("bound_id")
    for rival in book.rival_bounds.dropna(subset="word").itertuples():
        for meaning, most in (
            (rival.meaning, bounds.at[rival.bound_id, "max_days"]),
            (rival.rival_meaning, rival.max_days),
        ):
            assert [float(one) for one in re.findall(r"\d+", meaning)] == [most] * pd.notna(most), meaning


def test_the_third_party_summary_is_no_ground(doubles):
    assert refused(put(doubles, "events", "case-1-crs", read_in="third-party summary"))


def test_the_record_is_encoded_in_full(book):
    """Every fact that the abstract page holds is in the tables; what was read in the paper may have come to it."""
    everybody, book = book, data.select(book, *INDEX)
    for case_id, facts in HAPPENED.items():
        events = book.events[book.events["case_id"] == case_id].fillna("")
        assert {kind for kind, _ in facts} <= set(events["kind"])
        of_record = events[events["read_in"] != "paper"]
        assert len(set(zip(of_record["kind"], of_record["grade"]))) == len(of_record), "each fact once"
    kinds = book.events.set_index("event_id")["kind"]
    order = zip(book.bounds["case_id"], book.bounds["from_event"].map(kinds), book.bounds["to_event"].map(kinds))
    assert {row[:3] for row in ORDER} <= set(order)
    sentences = set(everybody.record["sentence_id"])
    assert {f"abstract-{n}" for n in range(1, 8)} <= sentences
    assert {"title", "authors", "journal", "date", "doi", "pmcid", "figures", "references"} <= sentences
    assert {"summary-tldr", "summary-contribution", *(f"summary-finding-{n}" for n in (1, 2, 3))} <= sentences
    counts = book.record.set_index("sentence_id")["count"]
    assert (counts["figures"], counts["references"], counts["authors"]) == (4, 31, 7)


def test_every_identifier_of_the_text_mining_has_its_verdict(book):
    mined = {
        "NCBI Gene:924", "MONDO:0004963", "MONDO:0600008", "MONDO:0013730", "MESH:D006086", "MESH:D007249",
        "MESH:D019337", "MESH:D064420", "MESH:D054198", "MESH:D054218", "MESH:D007239", "MESH:D018886",
        "MESH:D057049", "MESH:D000080424",
    }  # fmt: skip
    entities = book.entities.set_index("identifier")
    assert mined <= set(entities.index.dropna())
    assert entities.loc["MESH:D018886", "verdict"] == "wrong" and "aphasia" in entities.loc["MESH:D018886", "reason"]
    assert entities.loc["MESH:D054198", "verdict"] == "too broad"
    assert set(book.entities["read_in"]) == {"third-party summary"}


def test_every_locator_of_an_abstract_fact_is_a_place_of_the_record(book):
    book = data.select(book, *INDEX)
    places = set(book.record["locator"]) | {"abstract, sentences 3 and 4", "abstract, sentences 3 and 5"}
    for table in (book.cases, book.events, book.bounds):
        assert set(table.loc[table["read_in"] == "abstract", "locator"]) <= places


def test_the_gaps_name_what_the_issue_of_a_reader_is(book):
    """Both cases lack what a comparison begins with, and each lacks what is its own."""
    topics = book.gaps.groupby("case_id")["topic"].agg(set)
    both = (
        "age sex dose laboratory lymphodepletion chronic-gvhd cause-of-death lines-before disease-burden donor "
        "conditioning prophylaxis interval"
    )
    for case_id in INDEX:
        assert set(both.split()) | {"vital-status", "follow-up", "crs-treatment"} <= topics[case_id]
    own = "crs-scale pathogens organs drug gvhd-stages gvhd-definition ta-tma-criteria"
    assert set(own.split()) <= topics["case-1"]
    assert {"crs-grade", "recovery-meaning"} <= topics["case-2"]
    assert (book.topics["recomputes"] != "").all()


def test_every_explanation_names_a_gap_and_every_lesson_an_event_of_its_case(book):
    assert set(book.explanations["topic"].dropna()) <= set(book.gaps["topic"])
    owner = book.events.set_index("event_id")["case_id"]
    for number, case_id in ((1, "case-1"), (2, "case-2")):
        assert set(book.lessons[f"case_{number}_event"].dropna().map(owner)) == {case_id}
    rests = book.lessons[["case_1_event", "case_2_event"]].notna().sum(axis="columns")
    assert (rests > 0).all()
    assert (rests[book.lessons["strength"] == "contrast of two patients"] == 2).all()
    assert (rests[book.lessons["strength"] == "one patient"] == 1).all()


def test_identifiers_not_read_with_their_title_are_not_printed():
    """The rule of the bibliography: no identifier and no field from memory."""
    text = (PROJECT / "data" / "references.bib").read_text(encoding="utf-8")
    entries = {entry.split(",")[0].partition("{")[2]: entry for entry in re.split(r"\n(?=@)", text) if "{" in entry}
    assert "doi" not in entries["harris2016"]
    assert "year" not in entries["xiao2025"]
    assert "volume" not in entries["pan2026"] and "pages" not in entries["pan2026"]


def test_the_care_map_holds_every_sub_item_once_and_leads_to_a_chapter(book):
    items = [str(n) for n in (1, 2, 4, 6, 7, 12, 13)]
    items += [f"{n}{part}" for n in (3, 5, 8, 9, 10, 11) for part in ("abc" if n == 9 else "abcd")]
    assert sorted(book.care["item"]) == sorted(items) and len(items) == 30
    chapters = {path.stem for path in (PROJECT / "chapters").iterdir()}
    assert set(book.care["where_in_the_book"].dropna()) <= chapters
    assert (book.care.loc[book.care["status"] == "in the record", "where_in_the_book"].notna()).all()


def test_facts_are_numbered_once_by_their_sentence(book, doubles):
    paper = PAPER | {"sentence_id": None}
    filled = put(put(doubles, "events", "case-1-gvhd", **paper), "bounds", "case-1-ta-tma-after-hsct", **paper)
    for one in (book, doubles, filled):
        facts = record.facts(one)
        assert facts["number"].is_unique and facts["row_id"].is_unique
        of_record = facts[facts["place"].isna()]
        sentences = of_record["sentence_id"].str.removeprefix("abstract-")
        assert (of_record["number"].str.partition(".")[0] == sentences).all()
        assert set(facts["case_id"]) == set(one.cases.loc[one.cases["role"] == "index", "case_id"])
    assert record.facts(doubles)["place"].isna().all()


def test_a_fact_read_in_the_paper_is_numbered_by_its_place_and_stands_in_no_sentence(doubles):
    """Also where the sentence that it stood in before was left in its cell."""
    later = put(doubles, "events", "case-1-gvhd", **PAPER | {"locator": "Table 3"})
    both = put(later, "bounds", "case-1-ta-tma-after-hsct", **PAPER)
    facts = record.facts(both).set_index("number")
    found = facts.loc[["paper.1", "paper.2"], ["row_id", "place"]].to_numpy().tolist()
    assert found == [["made-up-case-1-ta-tma-after-hsct", "Figure 2"], ["made-up-case-1-gvhd", "Table 3"]]
    assert facts.loc[["paper.1", "paper.2"], "sentence_id"].isna().all() and len(facts) == len(record.facts(doubles))
    assert (record.read_in(doubles), record.read_in(both)) == ("abstract", "abstract and paper")


def test_the_words_of_the_record_are_few_and_from_it(book):
    """The wording of every row about a patient, a second time."""
    wordings = {
        "relapsed/refractory (R/R) T-cell acute lymphoblastic leukemia", "autologous anti-CD7 CAR T cells infusion",
        "grade 3 cytokine release syndrome (CRS)", "infection", "drug-related organ toxicity", "bridging to allo-HSCT",
        "hyperacute graft-versus-host disease (GVHD)", "transplant-associated thrombotic microangiopathy (TA-TMA)",
        "poor prognosis", "effective inflammation control", "timely transplantation", "favorable course",
        "complete recovery following CAR T-cell therapy", "two cases of confirmed relapsed/refractory",
        "treated with autologous anti-CD7 CAR", "infusion bridging to allo-HSCT",
    }  # fmt: skip
    book = data.select(book, *INDEX)
    for table in (book.cases, book.events, book.bounds):
        assert set(table.loc[table["read_in"] == "abstract", "wording"]) <= wordings


def test_made_up_patients_are_named_so(book):
    assert isinstance(book.cases, pd.DataFrame)
    made_up = book.cases["case_id"].str.startswith("made-up-")
    assert (made_up == (book.cases["role"] == "made-up")).all()
