"""The rows of forest plots: what stands at each line of one, in the words and numbers that it prints.

Every function gives a frame with the columns `ROW`, which `charts.forest_chart` draws:

- `panel`: the heading that the row stands under, or empty;
- `label`, `note`: its name, and the small line below it;
- `count`, `share`: the numbers printed at the right;
- `form`: `point`, `diamond` (a pooled figure) or `outline` (a sum, or what somebody else pooled);
- `estimate`, `low`, `high`, `prediction_low`, `prediction_high`: on the axis, missing where there is none;
- `n`: patients, for the size of the mark;
- `color`, `color_dark`, `shape`: the look of its group, missing where it has none.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import pandas as pd
from pandas.api.types import is_list_like

from casebook import words
from casebook.evidence.cohorts import grouping
from casebook.evidence.phrases import SAYS_NOTHING, said_percent, said_series, said_time
from casebook.statistics import Pooled, holds_nearly_all

LIMITS = ("estimate", "low", "high", "prediction_low", "prediction_high")
LOOK = ("color", "color_dark", "shape")
ROW = ("panel", "label", "note", "count", "share", "form", *LIMITS, "n", *LOOK)
NO_INTERVAL, WORKED_OUT = "no interval printed", "†"
_SHARES = {"estimate": "share", "low": "share_low", "high": "share_high"}


@dataclass(frozen=True)
class Figure:
    """What a chapter draws: one kind of record for every figure.

    Attributes
    ----------
    rows : DataFrame
        What is drawn, with the columns that its chart asks for; those of a forest plot are `ROW`.
    title, subtitle : str
        The message, and what is drawn, of how many and from where; both computed of the rows.
    """

    rows: pd.DataFrame
    title: str
    subtitle: str


def _frame(columns: dict | pd.DataFrame, looks: pd.DataFrame | None = None) -> pd.DataFrame:
    """One frame with every column of a row; numbers as plain floats, so that nothing missing is but one kind."""
    given = dict(columns) | ({} if looks is None else dict(looks))
    frame = pd.DataFrame({name: list(one) if is_list_like(one) else one for name, one in given.items()})
    blank = {"panel": "", "note": "", "form": "point", "count": ""}
    frame = frame.assign(**{name: blank.get(name) for name in ROW if name not in frame})[list(ROW)]
    numbers = {name: pd.to_numeric(frame[name], errors="coerce").astype(float) for name in (*LIMITS, "n")}
    return frame.assign(**numbers).astype(dict.fromkeys((*ROW[:6], *LOOK), object))


def _joined(*parts: Iterable[str]) -> list[str]:
    """The parts of each row that are not empty, with semicolons between them."""
    return ["; ".join(filter(None, row)) for row in zip(*parts)]


def group_looks(book, groups: pd.Series) -> pd.DataFrame:
    """Give the look of each group (see `cohorts.grouping`); missing where a group has none, or is not known.

    Parameters
    ----------
    book : Casebook
        Its `looks` are used.
    groups : Series of str

    Returns
    -------
    DataFrame
        `color`, `color_dark`, `shape`, with the index of `groups`.
    """
    looks = book.looks[book.looks["of"] == "product"].set_index("look")[list(LOOK)]
    return pd.DataFrame({"group": groups}).join(looks, on="group")[list(LOOK)]


def said_trait(trait, values: pd.Series) -> list[str]:
    """Say each value of a trait (a row of `traits`) as it phrases it; what is not known is not in what was read."""
    return [trait.phrase.format(value) if pd.notna(value) else f"{trait.called} {words.NOT_READ}" for value in values]


def said_groups(book, groups: pd.Series) -> list[str]:
    """Say each group (see `cohorts.grouping`) as `said_trait` does."""
    return said_trait(book.traits.set_index("column").loc[grouping(book)], groups)


def study_rows(book, rows: pd.DataFrame) -> pd.DataFrame:
    """Make the rows for outcomes as series report them, under the headings of their groups.

    Parameters
    ----------
    book : Casebook
        Its `traits` and `looks` are used.
    rows : DataFrame
        `label`, the column of `cohorts.grouping`, `product_basis`, `read_in`, `derived`, `events`, `n`, and, as
        fractions, `share`, `share_low`, `share_high` (from `statistics.with_intervals`).

    Returns
    -------
    DataFrame
        With the columns `ROW`, in percent. A count that was worked out has the sign `WORKED_OUT`; the note says
        which group was inferred and, where it differs from row to row, in what the row was read.
    """
    groups = rows[grouping(book)]
    inferred = rows["product_basis"].eq("inferred") & groups.notna()
    read_in = rows["read_in"] if rows["read_in"].nunique() > 1 else pd.Series("", index=rows.index)
    note = _joined(("inferred to be " + groups.astype("str")).where(inferred, ""), read_in)
    signs = rows["derived"].map({True: WORKED_OUT, False: ""})
    return _counted(book, rows, groups, signs, label=rows["label"], note=note)


def _counted(book, rows: pd.DataFrame, groups: pd.Series, signs: Iterable[str], **columns) -> pd.DataFrame:
    """The rows of counts with their exact intervals, in percent, each count with its sign."""
    shares = rows[[*_SHARES.values()]].astype(float)
    columns |= {
        "panel": said_groups(book, groups),
        "count": [f"{events} of {n}{sign}" for events, n, sign in zip(rows["events"], rows["n"], signs)],
        "share": [words.percent(*row) for row in shares.itertuples(index=False)],
        "n": rows["n"],
    }
    return _frame(columns | {name: 100 * shares[share] for name, share in _SHARES.items()}, group_looks(book, groups))


def sum_rows(book, sums: pd.DataFrame) -> pd.DataFrame:
    """Make the rows for the sums of groups (see `cohorts.group_sums`), with the columns `ROW`, in percent."""
    label = sums["group"].astype("str") + ", added up"
    note = [_said_sum(row) for row in sums.itertuples()]
    return _counted(book, sums, sums["group"], [""] * len(sums), label=label, note=note, form="outline")


def _said_sum(row) -> str:
    """Of how many series a sum is, and of how many patients the group is inferred."""
    inferred = f"{row.inferred} of {row.n} inferred to be {row.group}" if row.inferred else ""
    return "; ".join(filter(None, (said_series(row.series), inferred)))


def pooled_rows(pooled: dict[str, tuple[str, Pooled]], *, panel: str = "") -> pd.DataFrame:
    """Make the rows for pooled proportions.

    Parameters
    ----------
    pooled : dict
        By label, a pair: the note, and a `statistics.Pooled`.
    panel : str
        The heading that they stand under.

    Returns
    -------
    DataFrame
        With the columns `ROW`, in percent. The note ends with what the prediction interval says; where it
        prints as the confidence interval does, it is said in words and not drawn. An interval that says nothing
        (see `statistics.holds_nearly_all`) is told so.
    """
    found = []
    for label, (note, pool) in pooled.items():
        predicted = said_prediction(pool)
        drawn = LIMITS if predicted and predicted != SAME else LIMITS[:3]
        note = "; ".join(filter(None, (note, INTERVAL_SAYS_NOTHING * pool.says_nothing, predicted)))
        share = words.percent(pool.estimate, pool.low, pool.high, 1)
        limits = {name: 100 * getattr(pool, name) for name in drawn}
        found.append({"label": label, "note": note, "share": share, "n": pool.n} | limits)
    return _frame(pd.DataFrame(found).assign(panel=panel, form="diamond"))


AT_WIDEST = "new series at widest"  # the prediction `profile`, which covers more than its level
SAME, INTERVAL_SAYS_NOTHING = "new series the same", f"an interval {SAYS_NOTHING}"


def said_prediction(pool: Pooled) -> str:
    """Say where a new series is expected, in whole percent; empty if nothing is predicted."""
    ends = pool.prediction_low, pool.prediction_high
    if any(pd.isna(end) for end in ends):
        return ""
    low, high, *limits = (words.fixed(100 * value) for value in (*ends, pool.low, pool.high))
    if [low, high] == limits:
        return SAME
    what = AT_WIDEST if pool.prediction == "profile" else "new series"
    return f"{what} {low} to {high}%" + f", {SAYS_NOTHING}" * holds_nearly_all(*ends)


def printed_rows(rows: pd.DataFrame) -> pd.DataFrame:
    """Make the rows for percentages as a source prints them, with its own limits.

    Parameters
    ----------
    rows : DataFrame
        `label`, `note`, `n`, and in percent `value`, `low`, `high`; with columns `panel`, `form`,
        `count`, `share`, `color`, `color_dark` or `shape` these stand for what is not given.

    Returns
    -------
    DataFrame
        With the columns `ROW`. Limits count only if both are given; a note says where they are not.
    """
    both = rows["low"].notna() & rows["high"].notna()
    none = pd.Series(NO_INTERVAL, index=rows.index).where(~both & rows["value"].notna(), "")
    columns = {
        "label": rows["label"],
        "note": _joined(rows["note"].fillna("").astype("str"), none),
        "count": ["" if pd.isna(n) else f"n = {n}" for n in rows["n"]],
        "share": [said_percent(*row) for row in zip(rows["value"], rows["low"], rows["high"])],
        "estimate": rows["value"],
        "low": rows["low"].where(both),
        "high": rows["high"].where(both),
        "n": rows["n"],
    }
    return _frame(columns | {name: rows[name] for name in ("panel", "form", "count", "share", *LOOK) if name in rows})


def waiting_rows(book, waits: pd.DataFrame, *, panel: str) -> pd.DataFrame:
    """Make the rows of single patients for a figure of waits.

    Parameters
    ----------
    book : Casebook
        Its `traits` and `looks` are used.
    waits : DataFrame
        One row a patient: `label`, the columns of `traits`, `days`.
    panel : str
        The heading that they stand under.

    Returns
    -------
    DataFrame
        With the columns `ROW`, in days; each is one patient and has no interval.
    """
    known = [said_trait(trait, waits[trait.column]) for trait in book.traits.sort_values("rank").itertuples()]
    said = [words.days(days, days) for days in waits["days"]]
    columns = {"panel": panel, "label": waits["label"], "note": _joined(*known), "share": said, "n": 1}
    return _frame(columns | {"estimate": waits["days"]}, group_looks(book, waits[grouping(book)]))


def interval_rows(book, series: pd.DataFrame) -> pd.DataFrame:
    """Make the rows of series for a figure of waits: what was observed, in days, under its category.

    Parameters
    ----------
    book : Casebook
        Its `categories`, `traits` and `looks` are used.
    series : DataFrame
        `label`, `category` and the column of `cohorts.grouping` of the study; `statistic`, `value`, `low`, `high`,
        `unit`, `n`, and the same in days (from `phrases.in_days`).

    Returns
    -------
    DataFrame
        With the columns `ROW`; printed in the unit of the source. Where no median is given the row
        is a line without a mark. The category in question comes first.
    """
    panels = book.categories.set_index("category")
    rows = series.assign(ours=series["category"].map(panels["may_be_pooled"]).astype(bool))
    rows = rows.sort_values("ours", ascending=False, kind="stable", ignore_index=True)
    panel = rows["category"].map(panels["panel"]).fillna(rows["category"].map(panels["called"]))
    groups = rows[grouping(book)].where(rows["ours"])
    product = [said if ours else "" for said, ours in zip(said_groups(book, groups), rows["ours"])]
    counted = ["" if pd.isna(n) else f"n = {n}" for n in rows["n"]]
    no_limits = (rows["low"].isna() & rows["high"].isna()).map({True: "no range printed", False: ""})
    note = _joined(product, counted, no_limits)
    said = [said_time(row).removeprefix("median ") for row in rows.to_dict("records")]
    columns = {"panel": panel, "label": rows["label"], "note": note, "share": said, "n": rows["n"]}
    limits = {"estimate": rows["value_days"], "low": rows["low_days"], "high": rows["high_days"]}
    return _frame(columns | limits, group_looks(book, groups))


def in_powers(drawn: pd.DataFrame) -> bool:
    """Whether an axis is read best in powers of ten: a limit lies beyond twice the last estimate (or lower limit).

    Parameters
    ----------
    drawn : DataFrame
        With the columns `ROW`. What is 0 or less has no place among powers.
    """
    last, least = drawn[["estimate", "low"]].max().max(), drawn[["estimate", "low", "high"]].min().min()
    return bool(least > 0 and (drawn["high"] > 2 * last).any())


def said_marks(drawn: pd.DataFrame, interval: str = "exact 95% interval") -> str:
    """Say what the marks mean that some rows have, and no others.

    Parameters
    ----------
    drawn : DataFrame
        With the columns `ROW`.
    interval : str
        What the line of a row is.
    """
    points = drawn[drawn["form"] == "point"]
    without = points["estimate"].notna() & points["low"].isna()
    widest = drawn["note"].str.contains(AT_WIDEST, regex=False).astype(bool)
    said = (
        (points["n"].nunique() > 1, "mark: larger with more patients"),
        (points["low"].notna().any(), f"line: {interval}"),
        (without.any() and not without.all(), "hollow mark: no interval"),
        ((drawn["form"] == "diamond").any(), "filled diamond: pooled, as wide as its 95% interval"),
        ((drawn["prediction_low"].notna() & ~widest).any(), "broken line: 95% prediction interval of a new series"),
        (widest.any(), f"{AT_WIDEST}: no 95% interval, but all that the data allow, which covers 99 to 100%"),
        ((drawn["form"] == "outline").any(), "hollow diamond: a sum, or what others pooled"),
        (drawn["count"].str.endswith(WORKED_OUT).any(), f"{WORKED_OUT} count worked out from what is printed"),
    )
    return "; ".join(text for shown, text in said if shown)
