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


def sheet(book) -> pd.DataFrame:
    """The checklist as a page to print: `What to tell`, `Why`, and `Told on page` to be written in by hand.

    Beside the reason of an item, `Why` names what of it is open for the cases of the book.
    """
    checklist = book.checklist
    return pd.DataFrame(
        {
            "What to tell": checklist["part"].map(words.sentence) + ": " + checklist["item"],
            "Why": [_why(book, row) for row in checklist.itertuples()],
            "Told on page": checklist["place"].fillna(""),
        }
    )


def _why(book, item) -> str:
    pieces = data.gaps.said_gaps(book, item.topics.split("|")) if isinstance(item.topics, str) else ()
    open_ = [f"{words.sentence(piece.open)}: {piece.names}." for piece in pieces if piece.open]
    return " ".join([item.because] * isinstance(item.because, str) + open_)
