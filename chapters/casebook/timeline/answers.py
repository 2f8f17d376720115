"""What is known of a kind of event though no event of the patient tells of it: the gaps that were filled in words."""

from __future__ import annotations

import pandas as pd

ANSWERED = ["case_id", "kind", "lane", "sign", "value", "said"]


def answers_of(book) -> pd.DataFrame:
    """The filled gaps of a book that ask for a kind of event.

    Parameters
    ----------
    book : Casebook
        Its `gaps`, `topics` and `kinds` are used; without gaps there is no answer.

    Returns
    -------
    DataFrame
        One row an answer: `case_id`; `kind`, with its `lane` and `sign`; `value`, such as "yes" or "no"; `said`,
        as in "infection: no (Table 2)". None for a kind of which the patient has an event.
    """
    gaps, topics = getattr(book, "gaps", None), getattr(book, "topics", None)  # a book may have none
    if gaps is None or topics is None:
        return pd.DataFrame(columns=ANSWERED, dtype="str")
    asked = topics.dropna(subset="kind").set_index("topic")[["what", "called", "kind", "rank"]]
    found = gaps.dropna(subset="value").join(asked, on="topic", how="inner").sort_values("rank", kind="stable")
    found = found.join(book.kinds.set_index("kind")[["lane", "sign"]], on="kind")
    happened = set(zip(book.events["case_id"], book.events["kind"]))
    pairs = zip(found["case_id"], found["kind"])
    open_ = pd.Series([pair not in happened for pair in pairs], index=found.index, dtype=bool)
    said = found["called"].fillna(found["what"]) + ": " + found["value"] + " (" + found["locator"] + ")"
    return found.assign(said=said)[open_][ANSWERED].reset_index(drop=True)
