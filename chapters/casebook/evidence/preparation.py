"""How patients were prepared for the graft: rows for pages; nothing is compared."""

from __future__ import annotations

import pandas as pd

from casebook.evidence import cohorts
from casebook.evidence.phrases import out_of, read_in_words

NOT_SHOWN = ("pretreatment_id", "source_id", "read_in", "locator", "caveat")


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
    mine = book.dictionary[book.dictionary["table"] == "pretreatment"]
    called = book.traits.set_index("column").loc[group, "called"].capitalize()
    titles = mine.set_index("column")["title"].to_dict() | {group: called}
    shown = [column for column in book.pretreatment if column not in NOT_SHOWN]
    return found[shown].rename(columns=titles).assign(**{"Read in, and caveat": read_in_words(found)})


def said_told(book, column: str) -> str:
    """Say of how many groups of transplanted patients one column of `pretreatment` is told.

    Examples of what it gives: "3 of 11 groups"; "none of 2 groups".
    """
    known = int(book.pretreatment[column].notna().sum())
    return out_of(known, len(book.pretreatment), "group")
