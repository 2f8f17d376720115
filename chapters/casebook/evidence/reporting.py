"""The checklist for those who report a case: a template as CSV, and what a filled one leaves open."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from casebook import data, words

TABLE = "checklist"


def read(path: str | Path) -> pd.DataFrame:
    """Load a checklist that somebody filled in, checked as the tables of the book are.

    Parameters
    ----------
    path : str or Path
        A CSV file made from the template `data/checklist.csv`. Rows may be added; `answer` and `place`
        may be blank.

    Returns
    -------
    DataFrame
        `item_id`, `part`, `item`, `because`, `topics`, `answer`, `place`.

    Raises
    ------
    DataError
        If the file is no such table; it names row, column, value, and how to mend it.
    """
    return data.load_table(TABLE, path)


def still_open(filled: pd.DataFrame, template: pd.DataFrame) -> pd.DataFrame:
    """Give the items that a filled checklist leaves open.

    Parameters
    ----------
    filled : DataFrame
        What `read` gives.
    template : DataFrame
        The checklist of the book.

    Returns
    -------
    DataFrame
        The rows of the template that have no answer in `filled`, or do not stand there at all.
    """
    answered = filled.loc[filled["answer"].notna(), "item_id"]
    return template[~template["item_id"].isin(answered)].reset_index(drop=True)


def sheet(checklist: pd.DataFrame) -> pd.DataFrame:
    """The checklist as a page to print: `What to report`, `Why`, and `On page` to be written in by hand."""
    return pd.DataFrame(
        {
            "What to report": checklist["part"].map(words.sentence) + ": " + checklist["item"],
            "Why": checklist["because"].fillna(""),
            "On page": checklist["place"].fillna(""),
        }
    )
