"""Which outcomes may be pooled: one rule for all, applied to what the table `pooling` says of each.

Counts are pooled if the sources count the same event, with everybody at risk in the denominator, and
followed everybody beyond the time within which the event comes. A scale that is not told does not forbid
pooling and is a caveat; one that is known to differ forbids it.
"""

from __future__ import annotations

import pandas as pd

from casebook import words

# What the rule asks, and what is said where it is not so.
CONDITIONS = {
    "event_alike": "not the same event",
    "denominator_alike": "not the same denominator",
    "window_closed": "not the same window of time",
    "scale_alike": "not the same scale",
}
NOT_ASKED = "the rule of pooling was not applied to it"


def why_not(rules: pd.DataFrame, outcome: str) -> str:
    """Say why the counts of an outcome may not be pooled; empty if they may.

    Parameters
    ----------
    rules : DataFrame
        The table `pooling`: `outcome`, and one column a condition, with yes, no or not told.
    outcome : str
        A code of the table `outcomes`.

    Examples
    --------
    >>> rules = pd.DataFrame([["pain", "no", "yes", "no", "not stated"]], columns=["outcome", *CONDITIONS])
    >>> why_not(rules, "pain"), why_not(rules, "fever")
    ('not the same event and not the same window of time', 'the rule of pooling was not applied to it')
    """
    found = rules[rules["outcome"] == outcome]
    if found.empty:
        return NOT_ASKED
    row = found.iloc[0]
    return words.listed(said for column, said in CONDITIONS.items() if row[column] == "no")


def rule_table(rules: pd.DataFrame) -> pd.DataFrame:
    """Make the table of the rule, outcome by outcome.

    Parameters
    ----------
    rules : DataFrame
        The table `pooling`.

    Returns
    -------
    DataFrame
        `Outcome`, one column a condition, `Pooled` and `Because`.
    """
    heads = ["Same event", "Same denominator", "Window closed", "Same scale"]
    shown = rules[list(CONDITIONS)].set_axis(heads, axis="columns")
    may = ["no" if why_not(rules, outcome) else "yes" for outcome in rules["outcome"]]
    shown = shown.assign(**{"May be pooled": may, "Because": rules["because"]})
    return pd.concat([rules["called"].rename("Outcome"), shown], axis="columns")
