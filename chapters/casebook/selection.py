"""How the sources were selected: at which step each of them stayed, and the counts of the flow.

Every source that the tables know stands at one step. The counts of a flow figure are counts of these
rows, so they add up; a test counts them a second time.
"""

from __future__ import annotations

import pandas as pd

from casebook import cohorts, pooling, words
from casebook.cohorts import READ_IN

SEEN, ON_PATIENTS, IN_QUESTION, COUNTED = "seen", "on patients", "in question", "counted"
# The steps at which a source may stay, and the box of the flow that it leaves.
LEAVES = {
    "other use": SEEN,
    "left out": SEEN,
    "the article": ON_PATIENTS,
    "single patients": ON_PATIENTS,
    "beside": ON_PATIENTS,
    "case reports": IN_QUESTION,
    "selected": IN_QUESTION,
    "not read": IN_QUESTION,
    "no count": IN_QUESTION,
    COUNTED: COUNTED,
}


def steps(book) -> pd.DataFrame:
    """Give the step at which each source stayed.

    Parameters
    ----------
    book : Casebook
        Its `sources`, `left_out`, `cases`, `studies`, `outcomes`, `categories` and `pooling` are used.

    Returns
    -------
    DataFrame
        One row a source: `source_id`; `step` (of `LEAVES`); `detail`: its verdict if it was left out, what its
        category is called if it stands beside the question, else empty.
    """
    studies = book.studies.set_index("study_id")
    verdicts = book.left_out.set_index("source_id")["verdict"]
    role = book.cases.dropna(subset="source_id").groupby("source_id")["role"].agg(set)
    category, _ = cohorts.in_question(book.categories)
    called = book.categories.set_index("category")["called"]
    pooled = [code for code in book.pooling["outcome"] if not pooling.why_not(book.pooling, code)]
    rows = book.outcomes[book.outcomes["outcome"].isin(pooled) & book.outcomes["all_infused"].astype(bool)]
    has_count = set(rows.dropna(subset=["events", "n"])["study_id"])
    known = [*book.sources["source_id"], *verdicts.index, *studies.index]
    found = []
    for source in dict.fromkeys(known):
        if source in verdicts:
            step, detail = "left out", verdicts[source]
        elif source in studies.index:
            study = studies.loc[source]
            step, detail = _of_study(study, study["category"] == category, source in has_count), ""
            detail = called[study["category"]] if step == "beside" else ""
        elif source in role:
            step, detail = ("the article" if "index" in role[source] else "single patients"), ""
        else:
            step, detail = "other use", ""
        found.append({"source_id": source, "step": step, "detail": detail})
    return pd.DataFrame(found, columns=["source_id", "step", "detail"])


def _of_study(study, ours: bool, counted: bool) -> str:
    for stays, step in (
        (not ours, "beside"),
        (study["design"] == "case reports", "case reports"),
        (not study["all_infused"], "selected"),
        (study["read_in"] not in READ_IN, "not read"),
        (not counted, "no count"),
    ):
        if stays:
            return step
    return COUNTED


# ---------------------------------------------------------------- the boxes of the flow


def flow(book) -> pd.DataFrame:
    """Give the boxes of the flow figure, from all sources seen to what is pooled.

    Parameters
    ----------
    book : Casebook

    Returns
    -------
    DataFrame
        `box`, its name; `leaves`, the box that it comes out of (empty for the first); `kind`: "main" (goes on),
        "side" (stays) or "end" (an outcome; the same source may stand in several); `n`, sources; `text` and
        `detail`, in words.
    """
    at = steps(book)
    _, called = cohorts.in_question(book.categories)
    n = {box: int((at["step"].map(LEAVES).map(_order) >= _order(box)).sum()) for box in (SEEN, ON_PATIENTS)}
    n |= {box: int((at["step"].map(LEAVES).map(_order) >= _order(box)).sum()) for box in (IN_QUESTION, COUNTED)}
    main = {
        SEEN: (words.count(n[SEEN], "source <was|were> seen"), "in the tables of this book"),
        ON_PATIENTS: (words.count(n[ON_PATIENTS], "source <tells|tell> of patients"), "and may be cited"),
        IN_QUESTION: (words.count(n[IN_QUESTION], "source <is|are> in question"), f"each {called}"),
        COUNTED: (words.count(n[COUNTED], "source <counts|count> all who were treated"), "for one or more outcomes"),
    }
    side = {
        "other use": "for definitions, guidelines and methods",
        "left out": "left out",
        "the article": "the article on the patients of this book",
        "single patients": "on single patients",
        "beside": "beside the question",
        "case reports": "of selected patients",
        "selected": "not of all who were treated",
        "not read": f"read in neither {' nor '.join(READ_IN)}",
        "no count": "without a count that may be pooled",
    }
    boxes, before = [], ""
    for box, (text, detail) in main.items():
        boxes.append({"box": box, "leaves": before, "kind": "main", "n": n[box], "text": text, "detail": detail})
        for step in [step for step, of in LEAVES.items() if of == box and step != COUNTED]:
            mine = at[at["step"] == step]
            if len(mine):
                said = f"{len(mine)} {side[step]}"
                boxes.append({"box": step, "leaves": box, "kind": "side", "n": len(mine), "text": said,
                              "detail": _details(mine["detail"])})  # fmt: skip
        before = box
    return pd.DataFrame(boxes + _ends(book))


def _order(box: str) -> int:
    return (SEEN, ON_PATIENTS, IN_QUESTION, COUNTED).index(box)


def _details(details: pd.Series) -> str:
    """Of how many what is told, the most first."""
    counts = details[details != ""].value_counts()
    return "; ".join(f"{detail} ({n})" for detail, n in counts.items())


def _ends(book) -> list[dict]:
    """One box an outcome that may be pooled: how many series have a count, and how many of them are pooled."""
    found = []
    for row in outcomes_table(book).itertuples():
        if row.why_not:
            continue
        text = f"{row.called}: {row.pooled} of {words.count(row.counted, 'source')} pooled"
        shares = f"{row.shares} left out: the patients of another" if row.shares else ""
        detail = "; ".join(filter(None, (words.count(row.patients, "patient"), shares)))
        found.append({"box": row.outcome, "leaves": COUNTED, "kind": "end", "n": row.pooled, "text": text,
                      "detail": detail})  # fmt: skip
    return found


def outcomes_table(book) -> pd.DataFrame:
    """Count, outcome by outcome, the sources with a count and what becomes of them.

    Parameters
    ----------
    book : Casebook

    Returns
    -------
    DataFrame
        One row an outcome of `pooling`: `outcome`, `called`; `counted`, sources in question that count all who
        were treated and were read; `shares`, of these those that share patients with another; `pooled`, the rest;
        `patients` in it; `why_not`, why it is not pooled, or empty.
    """
    at = steps(book).set_index("source_id")["step"]
    found = []
    for row in book.pooling.itertuples():
        rows = cohorts.candidates(book, row.outcome)
        rows = rows[rows["study_id"].map(at).isin([COUNTED, "no count"]) & rows["all_infused"].astype(bool)]
        chosen, left_out = cohorts.choose_independent(rows, book.overlaps, book.categories)
        why = pooling.why_not(book.pooling, row.outcome)
        if not why and len(chosen) < cohorts.LEAST_TO_POOL:
            why = "too few to pool"
        found.append((row.outcome, row.called, len(rows), len(left_out), len(chosen), int(chosen["n"].sum()), why))
    columns = ["outcome", "called", "counted", "shares", "pooled", "patients", "why_not"]
    return pd.DataFrame(found, columns=columns)


# ---------------------------------------------------------------- in words


def flow_title(boxes: pd.DataFrame) -> str:
    """Say of how many sources how many are counted, and how many of these an outcome pools at most."""
    n = boxes.set_index("box")["n"]
    ends = boxes.loc[boxes["kind"] == "end", "n"]
    said = f"Of {words.count(int(n[SEEN]), 'source')} that were seen, {n[COUNTED] or 'none'} count all who were treated"
    return f"{said}; at most {ends.max()} are pooled" if len(ends) and ends.max() else f"{said}; none is pooled"


def flow_subtitle(book) -> str:
    """Say what is drawn, and what is not known."""
    unknown = int(book.searches["lookups"].isna().sum())
    kept = (
        f"the number of look-ups was not kept for {unknown} of {words.count(len(book.searches), 'search', 'searches')}"
    )
    return f"Each source stands in one box, and in one or more at the end; {kept}. Source: the tables of this book"


def outcomes_in_words(book) -> pd.DataFrame:
    """Make the table of `outcomes_table` for a page."""
    found = outcomes_table(book)
    pooled = [f"{row.pooled} ({words.count(row.patients, 'patient')})" for row in found.itertuples()]
    return pd.DataFrame(
        {
            "Outcome": found["called"],
            "Sources with a count": found["counted"],
            "Left out: share patients": found["shares"],
            "Remain": pooled,
            "Pooled": ["yes" if not why else f"no: {why}" for why in found["why_not"]],
        }
    )
