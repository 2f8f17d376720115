"""How patients did, and how they were prepared for the graft: rows for pages, nothing pooled.

Which results are told, and in which order, the table `prognosis` says; the numbers stand in the
tables that it names. Nothing is added up or compared here.
"""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from casebook import cohorts, published, rows, words
from casebook.lessons import read_in_words

TABLES = ("outcomes", "survival", "intervals")
NOT_SHOWN = ("pretreatment_id", "source_id", "read_in", "locator", "caveat")


def outcomes(book) -> pd.DataFrame:
    """Give the results that say how patients did, with their series.

    Parameters
    ----------
    book : Casebook
        Its `prognosis`, `outcomes`, `survival`, `intervals`, `studies`, `traits` and `looks` are used.

    Returns
    -------
    DataFrame
        One row a result, by endpoint (in the order of the table), then by group and size of the series:
        the columns of `prognosis`; `study_id`, `label`, `follow_up`, `read_in` and `caveat`; the column of
        `cohorts.grouping` and `product_basis`; and as from `published.told`, in percent, `n`, `when`,
        `count`, `share`, `said`, `value`, `low`, `high`.

    Raises
    ------
    ValueError
        If no table of results has a row that is named.
    """
    found = pd.DataFrame([published.told(book, name) for name in book.prognosis["result"]])
    found = pd.concat([book.prognosis.reset_index(drop=True), found.drop(columns=["label"])], axis="columns")
    found["when"] = found["when"].str.replace(r"^(?=\d)", "at ", regex=True)  # "24 months" as survival says it
    of_rows = pd.concat([getattr(book, name).set_index(getattr(book, name).columns[0]) for name in TABLES])
    found = found.join(of_rows[["read_in", "caveat"]], on="result")
    about = ["study_id", "label", "follow_up", "product_basis", cohorts.grouping(book)]
    sizes = book.studies[["study_id", "n"]].rename(columns={"n": "of_study"})
    found = found.merge(book.studies[about].merge(sizes, on="study_id"), on="study_id", how="left")
    place = {endpoint: number for number, endpoint in enumerate(found["endpoint"].unique())}
    # The series of a group stand together, the largest first; the rows of a series in the order of the table.
    ordered = cohorts.in_order(book, found.drop(columns="n").rename(columns={"of_study": "n"}))
    ordered = ordered.rename(columns={"n": "of_study"}).join(found["n"])
    return ordered.sort_values("endpoint", key=lambda names: names.map(place), kind="stable", ignore_index=True)


def told_table(book, found: pd.DataFrame) -> pd.DataFrame:
    """Make the table of how patients did: a result a line.

    Parameters
    ----------
    book : Casebook
    found : DataFrame
        From `outcomes`.

    Returns
    -------
    DataFrame
        `Endpoint`; `Series` (with its group and follow-up); the title of `setting`, and when; `Result` (what was
        counted, and of how many); `Read in, and caveat`.
    """
    follow_up = ("follow-up: " + found["follow_up"]).fillna(f"follow-up {words.NOT_READ}")
    when = found["when"].where(found["when"] != "", f"time {words.NOT_READ}")
    return pd.DataFrame(
        {
            "Endpoint": found["endpoint"],
            "Series": found["label"] + ", " + _groups(book, found) + "; " + follow_up,
            f"{_titles(book, 'prognosis')['setting']}, and when": found["setting"] + ", " + when,
            "Result": [f"{row.what}: {_result(row)}" for row in found.itertuples()],
            "Read in, and caveat": read_in_words(found),
        }
    )


def _titles(book, table: str) -> pd.Series:
    """How the schema calls the columns of a table."""
    mine = book.dictionary[book.dictionary["table"] == table]
    return mine.set_index("column")["title"]


def _groups(book, found: pd.DataFrame) -> pd.Series:
    group = found[cohorts.grouping(book)]
    said = pd.Series(group.where(group.notna(), words.NOT_READ), index=found.index, dtype="str")
    return said.where(found["product_basis"] != "inferred", said + " (inferred)")


def _result(row) -> str:
    """A result with the patients behind it; a count holds them already."""
    if " of " in row.count:
        return row.said
    return f"{row.said}, {row.count}" if row.count else f"{row.said}, n {words.NOT_READ}"


# ---------------------------------------------------------------- as a figure draws it


def drawn_rows(book, found: pd.DataFrame) -> pd.DataFrame:
    """Make the rows of the figure: the results that are to be drawn, each endpoint under its heading.

    Parameters
    ----------
    book : Casebook
    found : DataFrame
        From `outcomes`.

    Returns
    -------
    DataFrame
        With the columns `rows.ROW`, in percent. The note says the group, what was counted, in which
        setting, and when.

    Raises
    ------
    ValueError
        If a result that is to be drawn has no interval: its point would look surer than the others.
    """
    mine = found[found["drawn"]]
    bare = mine[mine["low"].isna() | mine["high"].isna()]
    if len(bare):
        raise ValueError(
            f"prognosis, column drawn: {', '.join(bare['result'])} has no interval; set it to false, or add the limits"
        )
    # What the heading says already is not said again.
    what = mine["what"].where(mine["what"] != mine["endpoint"].str.lower(), "")
    parts = zip(_groups(book, mine), what, mine["setting"], mine["when"])
    looks = rows.group_looks(book, mine[cohorts.grouping(book)])
    drawn = mine.assign(panel=mine["endpoint"], note=["; ".join(filter(None, part)) for part in parts], **looks)
    return rows.printed_rows(drawn)


def said_range(found: pd.DataFrame, endpoint: str) -> str:
    """Say the lowest and the highest of the drawn results of one endpoint, and when, if it is one time for all.

    Examples of what it gives: "67 to 100%"; "42 to 64% at 24 months"; "67%" where there is one; "in no series" where
    there is none.

    Parameters
    ----------
    found : DataFrame
        From `outcomes`.
    endpoint : str
        As in `prognosis`.
    """
    mine = found[found["drawn"] & found["endpoint"].eq(endpoint)]
    if mine.empty:
        return "in no series"
    ends = list(dict.fromkeys(words.fixed(value) for value in (mine["value"].min(), mine["value"].max())))
    times = set(mine["when"])
    return " ".join(filter(None, [f"{' to '.join(ends)}%", times.pop() if len(times) == 1 else ""]))


def prognosis_title(found: pd.DataFrame, subject: str, endpoints: Mapping[str, str]) -> str:
    """Say from where to where the series lie, endpoint by endpoint, and that nothing is pooled.

    Parameters
    ----------
    found : DataFrame
        From `outcomes`.
    subject : str
        What the patients were given; it stands before a colon.
    endpoints : mapping of str
        By endpoint, what stands before its range, such as "alive".
    """
    said = words.listed(f"{called} {said_range(found, endpoint)}" for endpoint, called in endpoints.items())
    return f"{subject}: {said}; series side by side, nothing pooled"


def prognosis_subtitle(found: pd.DataFrame, drawn: pd.DataFrame) -> str:
    """Say what is drawn, of how many series, what the marks mean, and in what it was read."""
    mine = found[found["drawn"]]
    series = published.said_series(mine["study_id"].nunique())
    read_in = words.listed(f"{kind}s" for kind in mine["read_in"].unique())
    marks = rows.said_marks(drawn, "95% interval, printed or exact of a count")
    return f"{words.count(len(drawn), 'result')} of {series}, read in {read_in}; {marks}"


def said_shared(book, found: pd.DataFrame) -> str:
    """Name the series of a table that certainly or very probably hold the same patients, pair by pair."""
    names = book.studies.set_index("study_id")["label"]
    mine, pairs = set(found["study_id"]), book.overlaps
    pairs = pairs[pairs["certainty"].isin(cohorts.CERTAIN) & pairs["study_a"].isin(mine) & pairs["study_b"].isin(mine)]
    said = [f"{names[a]} and {names[b]}" for a, b in zip(pairs["study_a"], pairs["study_b"])]
    return "; ".join(said) or "none of them is known to"


# ---------------------------------------------------------------- how they were prepared


def pretreatment_table(book, *told: str) -> pd.DataFrame:
    """Make the table of how patients were prepared, the groups of whom something is told first.

    Parameters
    ----------
    book : Casebook
    *told : str
        The columns of `pretreatment` that count as something told.

    Returns
    -------
    DataFrame
        The columns of `pretreatment` under the titles of the schema, and `Read in, and caveat`; missing where what
        was read is silent.
    """
    found = book.pretreatment
    silent = found[list(told)].isna().all(axis="columns")
    found = found.assign(silent=silent).sort_values("silent", kind="stable", ignore_index=True)
    group = cohorts.grouping(book)
    titles = _titles(book, "pretreatment").to_dict() | {
        group: book.traits.set_index("column").loc[group, "called"].capitalize()
    }
    shown = [column for column in book.pretreatment if column not in NOT_SHOWN]
    return found[shown].rename(columns=titles).assign(**{"Read in, and caveat": read_in_words(found)})


def said_told(book, column: str) -> str:
    """Say of how many groups of transplanted patients one column of `pretreatment` is told.

    Examples of what it gives: "3 of 11 groups"; "none of 2 groups".
    """
    known = int(book.pretreatment[column].notna().sum())
    return f"{known or 'none'} of {words.count(len(book.pretreatment), 'group')}"


# ---------------------------------------------------------------- one published course beside a case


def beside(told_features: pd.DataFrame, case_id: str, other: str) -> dict[str, str]:
    """Say what one published patient shares with a case, what is otherwise, and what is silent in one of the two.

    Parameters
    ----------
    told_features : DataFrame
        From `likeness.features_told`.
    case_id, other : str
        The case, and the published patient; only features of the case are asked for.

    Returns
    -------
    dict of str
        `shared`, `otherwise` (with what is told instead) and `silent`: features in words, "none" where there is none.
    """
    wide = told_features.pivot(index="feature", columns="case_id", values=["state", "said"])
    order = told_features["feature"].unique()
    wide = wide.reindex([name for name in order if wide.loc[name, ("state", case_id)] == "shared"])
    found: dict[str, list[str]] = {"shared": [], "otherwise": [], "silent": []}
    for feature in wide.index:
        state, said = wide.loc[feature, ("state", other)], wide.loc[feature, ("said", other)]
        told = f"{feature} ({said})" if state in ("otherwise", "in part") else feature
        found["silent" if state == "in part" else state].append(told)
    return {state: words.listed(names) or "none" for state, names in found.items()}
