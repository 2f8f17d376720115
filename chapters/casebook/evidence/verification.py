"""For those who check: how counts are given intervals and pooled, what was left out, and others' values beside ours."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from casebook import words
from casebook.evidence import certainty, forest_rows, phrases, statements
from casebook.evidence.bias import source_labels
from casebook.evidence.cohorts import Choice, PooledOutcome, grouping
from casebook.evidence.forest_rows import Figure
from casebook.evidence.sensitivity import sensitivity
from casebook.statistics import METHODS, Pooled, pool_proportions, pool_with_prior, with_intervals

CALLED = {"glmm": "mixed model on the logit", "freeman-tukey": "Freeman-Tukey", "common": "one proportion for all"}
WITH_PRIOR = "bayes"
ESTIMATED = {"maximum likelihood": "ML", "reml": "REML", "none": "no variance between studies"}
VALUES = {"estimate": "Estimate", "low": "Low", "high": "High"}
VALUES |= {"prediction_low": "Prediction, low", "prediction_high": "Prediction, high", "tau2": "τ²"}


def intervals_table(counts: Iterable[tuple[int, int]]) -> pd.DataFrame:
    """Make the table of some counts with their exact and their score interval.

    Parameters
    ----------
    counts : iterable of tuple
        Patients with the event, and all patients.

    Returns
    -------
    DataFrame
        `With the event`, `Of`, `Exact interval`, `Score interval`.
    """
    frame = pd.DataFrame(list(counts), columns=["With the event", "Of"])
    plain = frame.set_axis(["events", "n"], axis="columns")
    for heading, method in {"Exact interval": "clopper-pearson", "Score interval": "wilson"}.items():
        found = with_intervals(plain, method)
        frame[heading] = [words.percent(*row) for row in zip(found["share"], found["share_low"], found["share_high"])]
    return frame


def by_method(
    counts: pd.DataFrame,
    methods: Iterable[str] = METHODS,
    *,
    priors: Iterable[float] = (),
    also: bool = False,
    prediction: str = "wald",
) -> dict[str, Pooled]:
    """Pool the same counts by several methods.

    Parameters
    ----------
    counts : DataFrame
        `events`, `n`.
    methods : iterable of str
        As in `pool_proportions`; a method that cannot pool these counts is left out.
    priors : iterable of float
        Scales of the prior of the spread; with each the counts are pooled by `pool_with_prior`, first.
    also : bool
        Whether to add the interval of Hartung and Knapp on the logit scale.
    prediction : str
        As in `pool_proportions`.

    Returns
    -------
    dict of Pooled
        By method.
    """
    asked = {method: (method, "wald") for method in methods}
    asked |= {"logit, Hartung-Knapp": ("logit", "hartung-knapp")} if also else {}
    found = {f"prior {scale:.1f}": pool_with_prior(counts["events"], counts["n"], scale) for scale in priors}
    for name, (method, interval) in asked.items():
        try:
            found[name] = pool_proportions(counts["events"], counts["n"], method, ci=interval, prediction=prediction)
        except ValueError:
            continue
    return found


def methods_figure(
    subject: str,
    counts: pd.DataFrame,
    found: dict[str, Pooled],
    source: str,
    *,
    unit: str = "study",
    units: str = "studies",
) -> Figure:
    """Make the figure of methods: each with its variance between studies in the note, on its own scale.

    Parameters
    ----------
    subject : str
        What was counted; it stands before a colon in the title, which says what the choice of method moves.
    counts : DataFrame
        `events`, `n`, a study a row.
    found : dict of Pooled
        From `by_method`, of these counts.
    source : str
        The end of the subtitle.
    unit, units : str
        What a row of `counts` is.

    Returns
    -------
    Figure
        Of rows of a forest plot, in percent.
    """
    rows = _method_rows(found)
    said = f"{len(found)} methods give {said_spread(found)}"
    if len(found) < 2:
        said = f"{words.count(len(found), 'method')} can pool these counts"
    without = int((counts["events"] == 0).sum())
    parts = [
        f"The same {words.counted(len(counts), unit, units)}",
        f"{counts['events'].sum()} of {words.count(int(counts['n'].sum()), 'patient')} with the event",
        f"{words.spelled(without)} of them without any" if without else "",
        forest_rows.said_marks(rows),
        "each τ² on the scale of its method: no two compare" if rows["note"].str.contains("τ²").sum() > 1 else "",
    ]
    return Figure(rows, f"{subject}: {said}", f"{'; '.join(filter(None, parts))}. {source}")


def _method_rows(found: dict[str, Pooled]) -> pd.DataFrame:
    return forest_rows.pooled_rows({CALLED.get(name, name): (_note(pool), pool) for name, pool in found.items()})


def _note(pool: Pooled) -> str:
    """How the variance between studies was had, and what it is."""
    how = ESTIMATED.get(pool.tau2_method, pool.tau2_method.upper())
    how = f"τ {pool.tau2_method}" if pool.method == WITH_PRIOR else how
    return how if pool.tau2_method == "none" else f"{how}, τ² {pool.tau2:.2g}"


def said_spread(found: dict[str, Pooled]) -> str:
    """Say between which percentages the estimates of several methods lie.

    Examples
    --------
    >>> said_spread({})
    'nothing could be pooled'
    """
    return phrases.said_range(pool.estimate for pool in found.values()) if found else "nothing could be pooled"


def beyond_its_studies(counts: pd.DataFrame) -> pd.DataFrame:
    """Make the table of the percentages of some studies, and of what each method makes of them.

    Parameters
    ----------
    counts : DataFrame
        `study`, `events`, `n`.

    Returns
    -------
    DataFrame
        `What`, `Count`, `Percent`.
    """
    studies = [
        (f"study {row.study}", f"{row.events} of {row.n}", words.fixed(100 * row.events / row.n, 2))
        for row in counts.itertuples()
    ]
    pooled = [(f"pooled, {name}", "", words.fixed(100 * pool.estimate, 2)) for name, pool in by_method(counts).items()]
    return pd.DataFrame(studies + pooled, columns=["What", "Count", "Percent"])


def chosen_table(book, choice: Choice) -> pd.DataFrame:
    """Make the table of the studies that represent their groups (see `cohorts.choose_independent`)."""
    column = grouping(book)
    called = book.traits.set_index("column").loc[column, "called"].capitalize()
    columns = {"label": "Series", "n": "Patients", column: called}
    return choice.chosen[list(columns)].rename(columns=columns)


def checked_intervals(against: pd.DataFrame) -> pd.DataFrame:
    """Make the table of published limits of one proportion beside ours (see `statistics.against_intervals`)."""
    columns = {"events": "With the event", "n": "Of", "method": "Method", "low": "Low", "our_low": "Ours"}
    columns |= {"high": "High", "our_high": "Ours ", "difference": "Largest difference"}
    return against[list(columns)].round(5).rename(columns=columns)


def checked_pooled(against: pd.DataFrame) -> pd.DataFrame:
    """Make the table of another program's figures of the mixed model beside ours (see `statistics.against_pooled`)."""
    keys = {"dataset": "Data", "method": "Method", "tau2_method": "Between studies", "ci": "Interval"}
    against = against[against["method"] == "glmm"]
    shown = against[list(keys)].rename(columns=keys)
    for name, heading in VALUES.items():
        pairs = [(getattr(pool, name), theirs) for pool, theirs in zip(against["pooled"], against[name])]
        shown[heading] = ["" if pd.isna(theirs) else f"{mine:.4f} ({theirs:.4f})" for mine, theirs in pairs]
    return shown.assign(**{"Largest difference": [f"{value:.5f}" for value in against["difference"]]})


def said_others(against: pd.DataFrame) -> str:
    """Say how many checked figures stand in no table, and how far the farthest of them is off."""
    rest = against.loc[against["method"] != "glmm", "difference"]
    return f"{len(rest)} more, largest difference {words.fixed(rest.max(), 5)}" if len(rest) else "no more"


# ---------------------------------------------------------------- what the page on the literature rests on


def sensitivity_table(book, outcome: str) -> pd.DataFrame:
    """Make the table of an outcome pooled again in other choices of series (see `sensitivity.sensitivity`)."""
    found = sensitivity(book, outcome)
    said = ["not pooled" if pool is None else _said_result(pool) for pool in found["pooled"]]
    counts = [f"{row.events} of {row.n}" for row in found.itertuples()]
    return pd.DataFrame({"Series": found["what"], "k": found["k"], "Count": counts, "Pooled (95% interval)": said})


def _said_result(pool: Pooled) -> str:
    said = words.percent(pool.estimate, pool.low, pool.high, digits=1)
    return f"{said}, {phrases.SAYS_NOTHING}" if pool.says_nothing else said


def consistency_table(book) -> pd.DataFrame:
    """Make the table of the rule on inconsistency, statement by statement (see `certainty.consistencies`)."""
    statements = book.certainty.set_index("statement_id")["statement"]
    found = certainty.consistencies(book)
    return pd.DataFrame(
        [(statements[name], one.k, certainty.said_consistency(one), one.concern) for name, one in found.items()],
        columns=["Statement", "Series", "Test of one proportion for all", "Inconsistency"],
    )


def left_out_table(found: Choice | PooledOutcome) -> pd.DataFrame:
    """Make the table of the series that were left out, and why."""
    return found.left_out[["label", "because"]].set_axis(["Series", "Left out because"], axis="columns")


def contradictions_table(book, *ids: str) -> pd.DataFrame:
    """Make the table of statements that do not fit together (see `statements.contradictions`)."""
    columns = {"topic": "On", "source_a": "Source", "says_a": "Says"}
    columns |= {"source_b": "Other source", "says_b": "Says ", "may_mean": "What it may mean"}
    return statements.contradictions(book, *ids)[list(columns)].rename(columns=columns)


def sharing_table(book, found: Iterable[PooledOutcome]) -> pd.DataFrame:
    """Make the table of what speaks for and against shared patients, one line a pooled series.

    Parameters
    ----------
    book : Casebook
        Its `studies`, `overlaps` and `left_out` are used.
    found : iterable of PooledOutcome

    Returns
    -------
    DataFrame
        `Series`, `Patients`, the group, `Trial`, `When` as the source gives it, and `Shares, or may share, patients
        with`: the other sources, each with what is known of it; missing where no source was found to.
    """
    ids = dict.fromkeys(study for outcome in found for study in outcome.rows["study_id"])
    names = dict(zip(book.left_out["source_id"], book.left_out["what"])) | source_labels(book)
    pairs = book.overlaps[["study_a", "study_b", "certainty"]].to_numpy().tolist()
    others: dict[str, list[str]] = {study: [] for study in ids}
    for one, other, sure in pairs + [[two, one, sure] for one, two, sure in pairs]:
        if one in others:
            others[one].append(f"{names.get(other, other)} ({sure})")
    mine = book.studies.set_index("study_id").loc[list(ids)]
    columns = {"label": "Series", "n": "Patients", grouping(book): "Product"}
    columns |= {"registration": "Trial", "follow_up": "When"}
    shown = mine[list(columns)].rename(columns=columns)
    shown["Shares, or may share, patients with"] = ["; ".join(others[study]) or None for study in ids]
    return shown.reset_index(drop=True)


def possible_sharing(found: Iterable[PooledOutcome]) -> str:
    """Say which pairs of pooled series are known or suspected to share patients."""
    pairs: dict[tuple[str, str], None] = {}
    for outcome in found:
        labels = outcome.rows.set_index("study_id")["label"]
        pairs |= {(labels[one], labels[two]): None for one, two in outcome.possible[["study_a", "study_b"]].to_numpy()}
    said = "of these series <is|are> suspected to share patients"
    named = "; ".join(f"{one} and {two}" for one, two in pairs)
    return words.counted(len(pairs), f"pair {said}", f"pairs {said}") + f" ({named})" * bool(named)


def held_back(book) -> str:
    """Name the sources whose counts are held back until their references are checked."""
    held = book.left_out[book.left_out["source_id"].isin(book.held_back["left_out_id"])]
    return "; ".join(held["what"]) or "none"
