"""How patients did: rows for pages and figures, nothing pooled.

Which results are told, and in which order, the table `prognosis` says; the numbers stand in the
tables that it names. Which of them are drawn one rule says, and no hand. Nothing is added up or
compared here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

import pandas as pd

from casebook import words
from casebook.evidence import cohorts, forest_rows, phrases, statements
from casebook.evidence.forest_rows import Figure
from casebook.evidence.phrases import read_in_words

PERCENT, MONTHS = "%", "months"
NO_INTERVAL = "no interval: none is printed, and no count gives one"
SHARED = "holds, or may hold, patients of"  # how the reason begins why a result of shared patients is not drawn
FIXED = r"(at|day|up to|within|before|after) [\w.]+( \w+)?$"  # a time that is one; a follow-up may be any


def outcomes(book) -> pd.DataFrame:
    """Give the results that say how patients did, with their series, and why a result is not drawn.

    A result is drawn if it has a 95% interval, printed or exact of a count. Of series that share patients (see
    `cohorts.linked`) only the largest is drawn for one endpoint, setting and time, and of equally large
    ones the latest; a time that is not told, or a length of follow-up, may be any.

    Parameters
    ----------
    book : Casebook
        Its `prognosis`, `outcomes`, `survival`, `intervals`, `studies`, `overlaps`, `contradictions`, `traits` and
        `looks` are used.

    Returns
    -------
    DataFrame
        One row a result, by endpoint (in the order of the table), then by group and size of the series:
        the columns of `prognosis`; `study_id`, `label`, `year`, `follow_up`, `read_in`, `caveat` and `derived`; the
        column of `cohorts.grouping` and `product_basis`; as from `statements.told`, `n`, `when`, `count`, `share`,
        `said`, `kind`, `value`, `low`, `high`, in the `unit` of the row (percent, or months of a median);
        `beside`, what does not fit with it, and `why_not`, why it is not drawn: empty where it is.

    Raises
    ------
    ValueError
        If no table of results has a row that is named.
    """
    found = pd.DataFrame([statements.told(book, name) for name in book.prognosis["result"]])
    found = pd.concat([book.prognosis.reset_index(drop=True), found.drop(columns=["label"])], axis="columns")
    found["when"] = found["when"].str.replace(r"^(?=\d)", "at ", regex=True)  # "24 months" as survival says it
    of_rows = pd.concat([frame.set_index(frame.columns[0]) for frame in (book.outcomes, book.survival, book.intervals)])
    found = found.join(of_rows.reindex(columns=["read_in", "caveat", "derived"]), on="result")
    found = _with_medians(book, found)
    about = ["study_id", "label", "year", "follow_up", "product_basis", cohorts.grouping(book), "n"]
    found = found.merge(book.studies[about].rename(columns={"n": "of_study"}), on="study_id", how="left")
    misfits = statements.misfits(book)
    found = found.assign(beside=found["result"].map(misfits).fillna(""), why_not=_why_not(book, found))
    place = {endpoint: number for number, endpoint in enumerate(found["endpoint"].unique())}
    # The series of a group stand together, the largest first; the rows of a series in the order of the table.
    ordered = cohorts.in_order(book, found.astype({"n": "Int64"}), "of_study")
    return ordered.sort_values("endpoint", key=lambda names: names.map(place), kind="stable", ignore_index=True)


def _with_medians(book, found: pd.DataFrame) -> pd.DataFrame:
    """The rows with their unit: medians in months, with their limits if these are a confidence interval."""
    times = phrases.in_days(book.intervals).set_index("interval_id")
    mine = found["result"].isin(times.index)
    times = times.reindex(found.loc[mine, "result"])
    for name in ("value", "low", "high"):
        # A time in months stays as it is printed.
        months = times[name].where(times["unit"] == "months", times[f"{name}_days"] / words.DAYS_IN["month"])
        sure = times["statistic"].eq("median") & (name == "value" or times["limits"].eq("confidence interval"))
        found.loc[mine, name] = months.where(sure).to_numpy()
    return found.assign(unit=mine.map({True: MONTHS, False: PERCENT}))


def _why_not(book, found: pd.DataFrame) -> pd.Series:
    why = pd.Series("", index=found.index).where(found["low"].notna() & found["high"].notna(), NO_INTERVAL)
    group = cohorts.linked(book.overlaps, cohorts.CERTAIN)
    taken: list = []
    for row in cohorts.ranked(found[why == ""]).itertuples():
        twice = [one for one in taken if one.setting == row.setting and _share_patients(one, row, group)]
        if twice:
            why[row.Index] = f"{SHARED} {twice[0].label}, which is larger or later"
        else:
            taken.append(row)
    return why


def _share_patients(one, other, group: dict[str, str]) -> bool:
    """Whether two results of different series tell of the same patients, of one endpoint at one time."""
    alike = one.endpoint == other.endpoint and one.unit == other.unit
    times = {row.when for row in (one, other) if re.match(FIXED, row.when)}
    once = one.when == other.when or len(times) < 2
    both = (group.get(row.study_id, row.study_id) for row in (one, other))
    return alike and once and one.study_id != other.study_id and len(set(both)) == 1


def _groups(book, found: pd.DataFrame) -> pd.Series:
    group = found[cohorts.grouping(book)]
    said = pd.Series(group.where(group.notna(), words.NOT_READ), index=found.index, dtype="str")
    return said.where(found["product_basis"] != "inferred", said + ", inferred")


# ---------------------------------------------------------------- as figures draw it


def part(found: pd.DataFrame, *settings: str, endpoints: Iterable[str] | None = None, unit: str = PERCENT):
    """Take the results that one figure draws.

    Parameters
    ----------
    found : DataFrame
        From `outcomes`.
    *settings : str
        As in `prognosis`; all if none is named.
    endpoints : iterable of str, optional
        As in `prognosis`; all by default.
    unit : str
        `PERCENT` or `MONTHS`.

    Returns
    -------
    DataFrame
        Rows of `found` that are to be drawn.
    """
    mine = found["why_not"].eq("") & found["unit"].eq(unit)
    mine &= found["setting"].isin(settings) if settings else True
    mine &= found["endpoint"].isin(list(endpoints)) if endpoints is not None else True
    return found[mine]


def prognosis_figure(book, found: pd.DataFrame, title: str) -> Figure:
    """Make one figure of results, each endpoint under its heading.

    Parameters
    ----------
    book : Casebook
    found : DataFrame
        From `part`, of one unit.
    title : str
        The message, of `said_alike`.

    Returns
    -------
    Figure
        Of rows of a forest plot, in the unit. The note says the group, what was counted, in which setting if
        there are several, when, what kind of estimate it is, and what contradicts it.

    Raises
    ------
    ValueError
        If a result has no interval (its point would look surer than the others), if two results of one endpoint
        and time hold the same patients, or if percentages and times stand together.
    """
    rows = _rows(book, found)
    series = phrases.said_series(found["study_id"].nunique())
    read_in = words.listed(f"{kind.removesuffix('s')}s" for kind in found["read_in"].unique())
    exact = ", printed or exact of a count" if found["unit"].eq(PERCENT).all() else ""
    marks = forest_rows.said_marks(rows, f"95% interval{exact}")
    return Figure(rows, title, f"{words.count(len(rows), 'result')} of {series}, read in {read_in}; {marks}")


def _rows(book, found: pd.DataFrame) -> pd.DataFrame:
    _check_drawn(book, found)
    # What the heading says already is not said again.
    what = found["what"].where(found["what"].str.lower() != found["endpoint"].str.lower(), "")
    several = found.groupby("endpoint")["setting"].transform("nunique") > 1
    setting = found["setting"].where(several, "")
    kind = found["kind"].where(found["kind"] != statements.ESTIMATED, "")  # survival at a time is no count for anybody
    beside = ("but: " + found["beside"]).where(found["beside"] != "", "")
    parts = zip(_groups(book, found), what, setting, found["when"], kind, beside)
    count = found["count"] + found["derived"].eq(True).map({True: forest_rows.WORKED_OUT, False: ""})
    note = ["; ".join(filter(None, texts)) for texts in parts]
    # The axis of medians says that they are, and in which unit.
    limits = [
        f"{words.number(row.value)} ({words.number(row.low)} to {words.number(row.high)})" for row in found.itertuples()
    ]
    share = found["share"].where(found["unit"] == PERCENT, pd.Series(limits, index=found.index))
    drawn = found.assign(panel=found["endpoint"], note=note, count=count, share=share)
    return forest_rows.printed_rows(drawn.assign(**forest_rows.group_looks(book, found[cohorts.grouping(book)])))


def _check_drawn(book, found: pd.DataFrame) -> None:
    bare = found[found["low"].isna() | found["high"].isna()]
    if len(bare):
        raise ValueError(f"{', '.join(bare['result'])} has no interval: leave it out of the figure, or add its limits")
    if found["unit"].nunique() > 1:
        raise ValueError("percentages and months have no axis in common: draw each in a figure of its own")
    group = cohorts.linked(book.overlaps, cohorts.CERTAIN)
    mine = list(found.itertuples())
    pairs = [(one, two) for k, one in enumerate(mine) for two in mine[:k] if _share_patients(one, two, group)]
    if pairs:
        said = "; ".join(f"{two.result} and {one.result} ({one.endpoint})" for one, two in pairs)
        raise ValueError(
            f"the same patients are drawn twice for one endpoint and time: {said}; leave one of the two out"
        )


def undrawn_table(book, found: pd.DataFrame) -> pd.DataFrame:
    """Make the table of the results that no figure draws: a result a line, with the reason.

    Parameters
    ----------
    book : Casebook
    found : DataFrame
        From `outcomes`.

    Returns
    -------
    DataFrame
        `Endpoint`; `Series` (with its group); `Result` (what was counted, in which setting and when, and of how
        many); `Why it is not drawn`; `Read in, and caveat`.
    """
    mine = found[found["why_not"] != ""]
    # "Zhang 2023: complete remission, before transplantation, day 28: 94.4%"
    told = zip(mine["what"], mine["setting"], mine["when"], mine["beside"], mine.itertuples())
    said = [
        f"{', '.join(filter(None, about))}: {_result(row)}" + f" (but: {beside})" * bool(beside)
        for *about, beside, row in told
    ]
    return pd.DataFrame(
        {
            "Endpoint": mine["endpoint"],
            "Series": mine["label"] + ", " + _groups(book, mine),
            "Result": said,
            "Why it is not drawn": mine["why_not"].map(words.sentence),
            "Read in, and caveat": read_in_words(mine),
        }
    ).reset_index(drop=True)


def _result(row) -> str:
    """A result with the patients behind it; a count holds them already."""
    if " of " in row.count:
        return row.said
    if row.kind:
        return phrases.said_estimate(row.said, row.kind, row.n)
    return f"{row.said}, {row.count}" if row.count else f"{row.said}, n {words.NOT_READ}"


# ---------------------------------------------------------------- as sentences say it


def said_alike(book, found: pd.DataFrame, endpoint: str, what: str, when: str | None = None) -> str:
    """Say results that are alike one by one: of one endpoint, of one thing counted in one setting, at one time.

    There is no range of unlike things to be had from it.

    Parameters
    ----------
    book : Casebook
    found : DataFrame
        From `part`.
    endpoint, what : str
        As in `prognosis`.
    when : str, optional
        The time, as in "at 24 months"; by default the results may have any, and each says its own.

    Returns
    -------
    str
        Such as "63.5% (autologous, n = 60) and 42.3% (donor, n = 20)"; "9 of 60 (glass, at day 9)";
        "18.3 months (donor, n = 20)"; "in no series" where there is none. The largest series of a group comes first.

    Raises
    ------
    ValueError
        If the results are of several settings.
    """
    mine = found[found["endpoint"].eq(endpoint) & found["what"].eq(what) & (when is None or found["when"].eq(when))]
    if mine["setting"].nunique() > 1:
        settings = ", ".join(mine["setting"].unique())
        raise ValueError(f"{endpoint}, {what}: results of {settings} are unlike; take the part of one setting")
    said = [
        f"{_number(row)} ({', '.join(filter(None, (group, '' if when else row.when, _size(row))))})"
        for group, row in zip(_groups(book, mine), mine.itertuples())
    ]
    return words.listed(said) if said else "in no series"


def _number(row) -> str:
    if row.unit == MONTHS:
        return f"{words.number(row.value)} months"
    return row.count if " of " in row.count else f"{words.number(row.value)}%"


def _size(row) -> str:
    """How many stand behind a number that is no count."""
    return "" if " of " in row.count else row.count or f"n {words.NOT_READ}"


def said_shared(book, found: pd.DataFrame) -> str:
    """Name the series of a table that certainly or very probably hold the same patients, pair by pair."""
    names = book.studies.set_index("study_id")["label"]
    mine, pairs = set(found["study_id"]), book.overlaps
    pairs = pairs[pairs["certainty"].isin(cohorts.CERTAIN) & pairs["study_a"].isin(mine) & pairs["study_b"].isin(mine)]
    said = [f"{names[a]} and {names[b]}" for a, b in zip(pairs["study_a"], pairs["study_b"])]
    return "; ".join(said) or "none of them is known to"
