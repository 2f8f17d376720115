"""Whether a pooled figure hangs on single series: pooled again with some left out, or some taken in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pandas as pd

from casebook import words
from casebook.evidence import cohorts, forest_rows, phrases
from casebook.evidence.forest_rows import Figure
from casebook.statistics import TAU_SCALE, Pooled, pool_proportions

RULE, NAN = "by the rule", float("nan")
SUBTITLE = "Filled diamond: pooled, as wide as its 95% interval. Source: the series of the page on the literature"
WIDER, WITHOUT_PRIOR = "by the rule, a prior of the spread twice as wide", "by the rule, without a prior"


def sensitivity(book, outcome: str, *, each: bool = True) -> pd.DataFrame:
    """Pool an outcome again with another prior, with none, and in other choices of series.

    Without a prior the same model is fitted by maximum likelihood (method `glmm` of `pool_proportions`). Left out
    are series that may share patients with a larger or later one, counts that were worked out, and, in turn, each
    series. Taken in are the counts that are held back until their source is checked.

    Parameters
    ----------
    book : Casebook
    outcome : str
        As in `cohorts.pool_outcome`.
    each : bool
        Whether to leave out each series in turn.

    Returns
    -------
    DataFrame
        `what` (which choice), `k`, `events`, `n` and `pooled` (a `Pooled`, or None where it cannot be
        pooled); the first row is the result itself.
    """
    found = cohorts.pool_outcome(book, outcome)
    chosen = found.rows
    parts = _without_sharing(chosen, found.possible)
    parts["without counts that were worked out"] = chosen[~chosen["derived"].astype(bool)]
    held = book.held_back[book.held_back["outcome"] == outcome]
    if len(held):
        parts[f"with {phrases.said_series(len(held))} held back"] = pd.concat([chosen, held], ignore_index=True)
    if each:
        parts |= {f"without {row.label}": chosen.drop(row.Index) for row in chosen.itertuples()}
    columns = ["what", "k", "events", "n", "pooled"]
    pools = {RULE: (chosen, found.pooled)}
    if found.pooled is not None:
        pools |= {WIDER: (chosen, cohorts.pooled(chosen, 2 * TAU_SCALE)[0])}
        pools |= {WITHOUT_PRIOR: (chosen, _likelihood(chosen))}
    pools |= {what: (mine, cohorts.pooled(mine)[0]) for what, mine in parts.items()}
    again = [(what, len(mine), *map(int, mine[["events", "n"]].sum()), pool) for what, (mine, pool) in pools.items()]
    return pd.DataFrame(again, columns=columns).astype({"pooled": object})


def _likelihood(rows: pd.DataFrame) -> Pooled | None:
    try:
        return pool_proportions(rows["events"], rows["n"])
    except ValueError:
        return None


def _without_sharing(chosen: pd.DataFrame, pairs: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """The choice without those that may share patients with another, which is larger, or later, and stays."""
    by_id, dropped = chosen.set_index("study_id"), {}
    for pair in pairs[["study_a", "study_b"]].to_numpy():
        keeps, goes = cohorts.ranked(by_id.loc[list(pair)].reset_index())["study_id"]
        dropped.setdefault(goes, by_id.loc[keeps, "label"])
    if not dropped:
        return {}
    without = words.listed(by_id.loc[list(dropped), "label"])
    others = words.listed(dict.fromkeys(dropped.values()))
    name = f"without {without}, which may share patients with {others}"
    return {name: chosen[~chosen["study_id"].isin(dropped)]}


# ---------------------------------------------------------------- as a figure draws it


def sensitivity_figure(book, outcomes: Mapping[str, str]) -> Figure:
    """Make the figure of pooled figures in other choices of series, an outcome a panel.

    Parameters
    ----------
    book : Casebook
    outcomes : mapping of str
        By heading, codes of `outcomes`.

    Returns
    -------
    Figure
        Of rows of a forest plot, in percent; the title says between which percentages each pooled figure lies.
    """
    parts = []
    for heading, outcome in outcomes.items():
        found = sensitivity(book, outcome, each=False)
        found = found[found["pooled"].notna()]
        # A prediction is said once, in the figure of the outcome; here it would hide what is compared.
        pooled = {
            name: (note, replace(row.pooled, prediction_low=NAN, prediction_high=NAN))
            for row in found.itertuples()
            for name, note in [_two_lines(row)]
        }
        parts.append(forest_rows.pooled_rows(pooled, panel=heading))
    rows = pd.concat(parts, ignore_index=True)
    panels = rows.groupby("panel", sort=False)["estimate"]
    said = "; ".join(f"{heading} {phrases.said_range(mine / 100)}" for heading, mine in panels)
    choices = words.count(int(panels.size().max()), "choice", "choices")
    return Figure(rows, f"Pooled estimates in {choices} of series or prior: {said}", SUBTITLE)


def _two_lines(row) -> tuple[str, str]:
    """The name of a choice, and the small line below it: counts, and who may share patients with whom."""
    name, _, rest = row.what.partition(", which ")
    return name, "; ".join(filter(None, (f"{row.events} of {row.n} in {phrases.said_series(row.k)}", rest)))


def said_again(book, outcome: str, what: str) -> str:
    """Say one choice in words: counts, the pooled figure and its interval.

    Parameters
    ----------
    book : Casebook
    outcome : str
        A code of `outcomes`.
    what : str
        With what the name of the choice begins, such as "with" for what is held back.

    Raises
    ------
    ValueError
        If no choice, or more than one, begins so.
    """
    found = sensitivity(book, outcome, each=False)
    mine = found[found["what"].str.startswith(f"{what} ")]
    if len(mine) != 1:
        raise ValueError(f"{len(mine)} choices begin with {what!r}; the choices are: {'; '.join(found['what'])}")
    row = mine.iloc[0]
    counted = phrases.out_of(row["events"], row["n"])
    if row["pooled"] is None:
        return f"{counted}, not pooled"
    return f"{counted}, {phrases.said_pool(row['pooled'])}"
