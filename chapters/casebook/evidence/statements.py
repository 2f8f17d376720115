"""What published series say in a sentence: one number of theirs, a pooled one, statements that do not fit.

Functions take the whole `Casebook` where they need several of its tables.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import pandas as pd

from casebook import words
from casebook.evidence import certainty, phrases
from casebook.evidence.cohorts import PooledOutcome, grouping, in_question, linked, pool_outcome
from casebook.evidence.phrases import COUNTED, said_time
from casebook.statistics import with_intervals

ESTIMATED = "estimate"  # what survival at a time is


# ---------------------------------------------------------------- what a sentence quotes


def contradictions(book, *ids: str) -> pd.DataFrame:
    """Give statements that do not fit together, with the names of their sources.

    Parameters
    ----------
    book : Casebook
        Its `contradictions`, `studies` and `left_out` are used.
    *ids : str
        Which, in this order; all if none is named.

    Returns
    -------
    DataFrame
        The rows of the table; `source_a` and `source_b` are what figures call the sources, or what
        a source is that was left out.

    Raises
    ------
    ValueError
        If a name is none of the table.
    """
    rows = book.contradictions.set_index("contradiction_id", drop=False)
    unknown = [name for name in ids if name not in rows.index]
    if unknown:
        raise ValueError(f"contradictions has no row {', '.join(unknown)}; it has {', '.join(rows.index)}")
    names = dict(zip(book.left_out["source_id"], book.left_out["what"]))
    names |= dict(zip(book.studies["study_id"], book.studies["label"]))
    rows = rows.loc[list(ids) or list(rows.index)].reset_index(drop=True)
    return rows.assign(**{side: rows[side].map(names).fillna(rows[side]) for side in ("source_a", "source_b")})


def misfits(book) -> dict[str, str]:
    """Give what has to be said beside each result that stands in a contradiction.

    Parameters
    ----------
    book : Casebook
        Its `contradictions` are used: `results` (rows of `outcomes`, `survival` or `intervals`, parted by |) and
        `beside`.

    Returns
    -------
    dict of str
        By the name of the result; what several contradictions say stands together.
    """
    rows = book.contradictions.dropna(subset=["results"])
    rows = rows.assign(results=rows["results"].str.split("|")).explode("results")
    return rows.groupby("results", sort=False)["beside"].agg("; ".join).to_dict()


def said_linked(book, group: str) -> str:
    """Say how many series of one group are links of one chain of shared, or possibly shared, patients.

    Parameters
    ----------
    book : Casebook
        Its `studies`, `overlaps`, `categories` and `traits` are used.
    group : str
        A value of the column of `cohorts.grouping`.

    Returns
    -------
    str
        Of the longest chain of the category in question, such as "all 4 series (A, B, C and D)" or "2 of 5 series
        (A and B)"; "no two series" if none is linked.
    """
    category, _ = in_question(book.categories)
    mine = book.studies[(book.studies["category"] == category) & (book.studies[grouping(book)] == group)]
    chain = linked(book.overlaps)
    names = mine["study_id"].map(lambda study: chain.get(study, study))
    if names.value_counts().max() in (0, 1) or mine.empty:
        return "no two series"
    inside = mine.loc[names == names.value_counts().index[0], "label"]
    how_many = f"all {len(mine)}" if len(inside) == len(mine) else f"{len(inside)} of {len(mine)}"
    return f"{how_many} series ({words.listed(inside)})"


def said_of_study(book, study_id: str) -> dict:
    """Give what a sentence may say of one study: its columns, with what was not read said so.

    Parameters
    ----------
    book : Casebook
    study_id : str

    Returns
    -------
    dict
        By column of `studies`; several registrations are listed as in a sentence.

    Raises
    ------
    ValueError
        If no study has this name.
    """
    mine = book.studies[book.studies["study_id"] == study_id]
    if mine.empty:
        raise ValueError(f"studies, column study_id: no row {study_id}; name one that the table has")
    found = {column: words.NOT_READ if pd.isna(value) else value for column, value in mine.iloc[0].items()}
    n = found["n"] if pd.isna(mine["n"].item()) else int(found["n"])
    return found | {"n": n, "registration": words.listed(found["registration"].split("; "))}


def said_same_n(pools: Mapping[str, PooledOutcome], n: int) -> str:
    """Say which pooled outcomes happen to hold as many patients as another source, or that none does.

    Parameters
    ----------
    pools : mapping of PooledOutcome
        By what a sentence calls the outcome.
    n : int
        Patients of the other source.
    """
    same = [called for called, found in pools.items() if int(found.rows["n"].sum()) == n]
    if not same:
        return "no pooled outcome here holds as many"
    return f"that the series pooled here for {words.listed(same)} hold {n}, too, is chance"


def named_numbers(book) -> dict[str, str]:
    """Give the published frequencies and times that stand in sentences, as the table `sentences` names them.

    Parameters
    ----------
    book : Casebook

    Returns
    -------
    dict of str
        By `sentence`, such as "5 of 55 patients (9%)", "25 of 200 patients in 7 series (pooled
        12.6%, 95% interval 7.6 to 19.4; low certainty)" or "median 33.5 days (30 to 55), 12 patients". Where too
        few series may be pooled the words say so.

    Raises
    ------
    ValueError
        If a sentence names a row that its table has not, or names none or several.
    """
    outcomes, times = book.outcomes.set_index("outcome_id"), book.intervals.set_index("interval_id")
    columns = ["outcome_id", "pooled_outcome", "interval_id"]
    found = {}
    for sentence, *keys in book.sentences[["sentence", *columns]].itertuples(index=False, name=None):
        named = [(column, key) for column, key in zip(columns, keys) if pd.notna(key)]
        if len(named) != 1:
            raise ValueError(f"sentences, row {sentence}: one of {', '.join(columns)} must be given, not {len(named)}")
        ((column, key),) = named
        if column == "pooled_outcome":
            found[sentence] = said_pooled(book, key, pool_outcome(book, key))
            continue
        table = outcomes if column == "outcome_id" else times
        if key not in table.index:
            raise ValueError(f"sentences, row {sentence}, column {column}: no row {key} is in its table; name one")
        found[sentence] = phrases.said_count(table.loc[key]) if table is outcomes else _said_interval(table.loc[key])
    return found


def said_pooled(book, outcome: str, found: PooledOutcome) -> str:
    """Say a pooled outcome in words, with the certainty that was judged of it, or why it is not pooled.

    Parameters
    ----------
    book : Casebook
        Its `certainty` and `certainty_reasons` are used.
    outcome : str
        A code of `outcomes`.
    found : PooledOutcome
        From `cohorts.pool_outcome`.
    """
    series = phrases.said_series(len(found.rows))
    if found.rows.empty:
        return f"{series} with a count"
    events, n = int(found.rows["events"].sum()), int(found.rows["n"].sum())
    patients = f"{events} of {words.count(n, 'patient')} in {series}"
    if found.pooled is None:
        return f"{patients} ({found.why_not})"
    return f"{patients} ({phrases.said_pool(found.pooled)}{certainty.after(book, outcome)})"


def _said_interval(row) -> str:
    return said_time(row) if pd.isna(row["n"]) else f"{said_time(row)}, {words.count(row['n'], 'patient')}"


def with_labels(book, table: str, ids: Iterable[str]) -> pd.DataFrame:
    """Give some rows of a table about studies, as they are named, with what their study is called.

    Parameters
    ----------
    book : Casebook
    table : str
        `outcomes`, `survival` or `intervals`.
    ids : iterable of str
        Their keys.

    Returns
    -------
    DataFrame
        The rows in this order, with `label`, `product_basis` and the column of `cohorts.grouping`.

    Raises
    ------
    ValueError
        If the table has no such row.
    """
    frame = getattr(book, table)
    key = frame.columns[0]
    unknown = [name for name in ids if name not in set(frame[key])]
    if unknown:
        raise ValueError(f"{table}, column {key}: no row {', '.join(unknown)}; name rows that the table has")
    found = frame.set_index(key, drop=False).loc[list(ids)].reset_index(drop=True)
    about = ["study_id", "label", "product_basis", grouping(book)]
    return found.merge(book.studies[about], on="study_id", how="left")


def told(book, name: str) -> dict:
    """Give one published number, from whichever table of results has a row of this name.

    Parameters
    ----------
    book : Casebook
    name : str
        A key of `outcomes`, `survival` or `intervals`.

    Returns
    -------
    dict
        `study_id`, `label`, `n`, `when` (such as "at 12 months", or empty); `count` and `share` in words, and `said`,
        both together; `kind`, what a percentage is that counts no heads ("cumulative incidence", "estimate"), or
        empty; and in percent `value`, `low`, `high`: printed ones, or of a count its share and exact interval; None
        for a time.

    Raises
    ------
    ValueError
        If no table has the row.
    """
    for table in ("outcomes", "survival", "intervals"):
        frame = getattr(book, table)
        if name in set(frame[frame.columns[0]]):
            break
    else:
        raise ValueError(f"no row {name} is in outcomes, survival or intervals; name one that is")
    row = with_labels(book, table, [name]).iloc[0].to_dict()
    found = {key: row[key] for key in ("study_id", "label", "n")}
    found["when"] = row["time_point"] if table == "outcomes" and pd.notna(row["time_point"]) else ""
    if table == "survival" and pd.notna(row["months"]):
        found["when"] = f"at {words.number(row['months'])} months"
    limits = dict.fromkeys(("value", "low", "high"))
    count, share = "" if pd.isna(row["n"]) else f"n = {row['n']}", ""
    kind = {"outcomes": row.get("measure"), "survival": ESTIMATED}.get(table, "")
    if kind == COUNTED and pd.notna(row["events"]) and pd.notna(row["n"]):
        counted = with_intervals(pd.DataFrame([row]))[["share", "share_low", "share_high"]].iloc[0]
        limits = dict(zip(limits, (100 * counted).astype(float)))
        count, share = f"{row['events']} of {row['n']}", words.percent(*counted)
    elif table != "intervals":
        limits = {key: row[key] for key in limits}
        bare = words.NOT_READ if table == "survival" or pd.isna(row["events"]) else str(row["events"])
        share = bare if pd.isna(row["value"]) else phrases.said_percent(*limits.values())
    said = said_time(row) if table == "intervals" else f"{count}, {share}" if " of " in count else share
    kind = "" if kind == COUNTED else kind
    return found | limits | {"count": count, "share": share or said, "said": said, "kind": kind}
