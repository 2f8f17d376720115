"""How the sources were selected: at which step each of them stayed, and the counts of the flow.

Every source that the tables know stands at one step. The flow begins with the sources that tell of patients and
were kept in the tables; criteria, guidelines and methods stand in no box, and what a search displayed and was passed
over was not counted. The counts of a flow figure are counts of these rows, so they add up; a test counts them a
second time.
"""

from __future__ import annotations

import pandas as pd

from casebook import words
from casebook.evidence import cohorts, pooling
from casebook.evidence.cohorts import READ_IN
from casebook.evidence.forest_rows import Figure

KEPT, REMAINING, IN_QUESTION, COUNTED = "kept", "remaining", "in question", "counted"
NOT_ON_PATIENTS = "not on patients"  # the step of criteria, guidelines, methods and news, which the flow leaves out
# The steps at which a source on patients may stay, in the order in which they are asked: the box of the flow that it
# leaves, and what is said of those that stay.
STAYS = {
    "left out": (KEPT, "left out"),
    "the article": (REMAINING, "the article on the patients of this book"),
    "single patients": (REMAINING, "on single patients"),
    "care": (REMAINING, "on care or diagnosis in other patients"),
    "beside": (REMAINING, "beside the question"),
    "case reports": (IN_QUESTION, "of selected patients"),
    "no result": (IN_QUESTION, "of which no result could be read"),
    "selected": (IN_QUESTION, "not of all who were treated"),
    "not read": (IN_QUESTION, f"read in neither {' nor '.join(READ_IN)}"),
    "no count": (IN_QUESTION, "without a count that may be pooled"),
}
LEAVES = {step: box for step, (box, _) in STAYS.items()} | {COUNTED: COUNTED}


def steps(book) -> pd.DataFrame:
    """Give the step at which each source stayed.

    Parameters
    ----------
    book : Casebook
        Its `sources`, `left_out`, `cases`, `studies`, `outcomes`, `intervals`, `survival`, `categories` and
        `pooling` are used.

    Returns
    -------
    DataFrame
        One row a source: `source_id`; `step` (of `LEAVES`, or `NOT_ON_PATIENTS`); `detail`: its verdict if it was
        left out, what its category is called if it stands beside the question, its label and number of patients
        if no result of it was read, else empty.
    """
    studies = book.studies.set_index("study_id")
    left_out = book.left_out.set_index("source_id")
    on_patients = book.sources.set_index("source_id")["on_patients"]
    told = {study for table in (book.outcomes, book.intervals, book.survival) for study in table["study_id"]}
    role = book.cases.dropna(subset="source_id").groupby("source_id")["role"].agg(set)
    category, _ = cohorts.in_question(book.categories)
    called = book.categories.set_index("category")["called"]
    pooled = [code for code in book.pooling["outcome"] if not pooling.why_not(book.pooling, code)]
    rows = book.outcomes[book.outcomes["outcome"].isin(pooled) & book.outcomes["all_infused"].astype(bool)]
    has_count = set(rows.dropna(subset=["events", "n"])["study_id"])
    known = [*book.sources["source_id"], *left_out.index, *studies.index]
    found = []
    for source in dict.fromkeys(known):
        detail = ""
        if source in left_out.index:
            step = "left out" if left_out.loc[source, "on_patients"] else NOT_ON_PATIENTS
            detail = left_out.loc[source, "verdict"]
        elif source in studies.index:
            study = studies.loc[source]
            step = _of_study(study, study["category"] == category, source in told, source in has_count)
            size = "" if pd.isna(study["n"]) else f", n = {study['n']}"
            detail = {"beside": called[study["category"]], "no result": f"{study['label']}{size}"}.get(step, "")
        elif source in role:
            step = "the article" if "index" in role[source] else "single patients"
        else:
            step = "care" if on_patients[source] else NOT_ON_PATIENTS
        found.append((source, step, detail))
    return pd.DataFrame(found, columns=["source_id", "step", "detail"])


def _of_study(study, ours: bool, told: bool, counted: bool) -> str:
    stays = {
        "beside": not ours,
        "case reports": study["design"] == "case reports",
        "no result": not told,
        "selected": not study["all_infused"],
        "not read": study["read_in"] not in READ_IN,
        "no count": not counted,
    }
    return next((step for step, here in stays.items() if here), COUNTED)


# ---------------------------------------------------------------- the boxes of the flow


def flow(book) -> pd.DataFrame:
    """Give the boxes of the flow figure, from all sources on patients to what is pooled.

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
    at = at[at["step"] != NOT_ON_PATIENTS]
    _, called = cohorts.in_question(book.categories)
    main = {
        KEPT: ("source on patients", "in the tables of this book"),
        REMAINING: ("source <remains|remain>", "what was not read of each is named"),
        IN_QUESTION: ("source <is|are> in question", f"each {called}"),
        COUNTED: ("source <counts|count> all who were treated", "for one or more outcomes"),
    }
    order = list(main)
    reached = at["step"].map(LEAVES).map(order.index)
    boxes, before = [], ""
    for place, (box, (one, detail)) in enumerate(main.items()):
        n = int((reached >= place).sum())
        boxes.append((box, before, "main", n, words.count(n, one), detail))
        for step, (leaves, stays) in STAYS.items():
            mine = at.loc[at["step"] == step, "detail"]
            if leaves == box and len(mine):
                named = "; ".join(mine) if step == "no result" else _details(mine)
                boxes.append((step, box, "side", len(mine), f"{len(mine)} {stays}", named))
        before = box
    return pd.DataFrame(boxes + _ends(book), columns=["box", "leaves", "kind", "n", "text", "detail"])


def _details(details: pd.Series) -> str:
    """Of how many what is told, the most first."""
    counts = details[details != ""].value_counts()
    return "; ".join(f"{detail} ({n})" for detail, n in counts.items())


def _ends(book) -> list[tuple]:
    """One box an outcome that may be pooled: how many series have a count, and how many of them are pooled."""
    found = []
    for row in outcomes_table(book).itertuples():
        if row.why_not:
            continue
        text = f"{row.called}: {row.pooled} of {words.count(row.counted, 'source')} pooled"
        shares = f"{row.shares} left out: the patients of another" if row.shares else ""
        detail = "; ".join(filter(None, (words.count(row.patients, "patient"), shares)))
        found.append((row.outcome, COUNTED, "end", row.pooled, text, detail))
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
        chosen, left_out = cohorts.choose(book, rows)
        why = pooling.why_not(book.pooling, row.outcome)
        if not why and len(chosen) < cohorts.LEAST_TO_POOL:
            why = "too few to pool"
        found.append((row.outcome, row.called, len(rows), len(left_out), len(chosen), int(chosen["n"].sum()), why))
    columns = ["outcome", "called", "counted", "shares", "pooled", "patients", "why_not"]
    return pd.DataFrame(found, columns=columns)


# ---------------------------------------------------------------- in words


def flow_figure(book) -> Figure:
    """Make the figure of the flow: of how many sources how many are counted, and how many an outcome pools at most."""
    boxes = flow(book)
    n, ends = boxes.set_index("box")["n"], boxes.loc[boxes["kind"] == "end", "n"]
    kept = words.count(int(n[KEPT]), "source on patients")
    pooled = f"at most {ends.max()} are pooled" if len(ends) and ends.max() else "none is pooled"
    unknown = int(book.searches["lookups"].isna().sum())
    searches = words.count(len(book.searches), "search", "searches")
    return Figure(
        boxes,
        f"Of {kept} in the tables, {n[COUNTED] or 'none'} count all who were treated; {pooled}",
        "Each source is in one box, and in one or more at the end; what was displayed and passed over was not "
        f"counted; the number of look-ups was not kept for {unknown} of {searches}. Source: the tables of this book",
    )


def said_largest_at(book, step: str) -> str:
    """Name the largest study that stayed at a step, with its group and number of patients.

    Parameters
    ----------
    book : Casebook
    step : str
        Of `LEAVES`.
    """
    at = steps(book)
    mine = book.studies[book.studies["study_id"].isin(at.loc[at["step"] == step, "source_id"])].dropna(subset="n")
    if mine.empty:
        return "none whose size is known"
    row = cohorts.ranked(mine).iloc[0]
    group = row[cohorts.grouping(book)]
    return f"{row['label']} ({words.count(row['n'], 'patient')}" + (f", {group})" if pd.notna(group) else ")")


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
