"""What a lesson rests on beyond the cases: what guidelines and series say, and what else to think of."""

from __future__ import annotations

import pandas as pd

from casebook import words


def reports(book, phase: str, *topics: str) -> pd.DataFrame:
    """What sources say of managing patients in one phase, in the order of the table.

    Parameters
    ----------
    book : Casebook
    phase : str
        A phase of `management`.
    *topics : str
        Topics to show; all of the phase if none is named.

    Returns
    -------
    DataFrame
        One row a statement: `Source` (how it is called, and what kind of source it is), `What it says`,
        and `Read in, and caveat`.

    Raises
    ------
    ValueError
        If nothing is there to show: the phase or a topic is none of the table's.
    """
    table = book.management
    rows = table[table["phase"].eq(phase)]
    rows = rows[rows["topic"].isin(topics)] if topics else rows
    unknown = sorted(set(topics) - set(rows["topic"]))
    if rows.empty or unknown:
        asked = f"{phase!r}" + (f" and {', '.join(map(repr, topics))}" if topics else "")
        raise ValueError(f"management has no row for {asked}; its phases are {', '.join(table['phase'].unique())}")
    return pd.DataFrame(
        {
            "Source": rows["label"] + " (" + rows["strength"] + ")",
            "What it says": rows["statement"],
            "Read in, and caveat": read_in_words(rows),
        }
    ).reset_index(drop=True)


def differential(book) -> pd.DataFrame:
    """What else to think of, what speaks for it and what helps to tell it apart, each with its source.

    Returns
    -------
    DataFrame
        One row an entry of `differential`: `Condition` (with the source, and in what it was read),
        `What speaks for it`, and `What helps to tell it apart` (with the caveat, if there is one).
    """
    rows = book.differential
    source = " (" + rows["label"] + ", " + rows["read_in"] + ")"
    return pd.DataFrame(
        {
            "Condition": rows["condition"].map(words.sentence) + source,
            "What speaks for it": rows["speaks_for"],
            "What helps to tell it apart": (rows["tells_apart"] + " " + rows["caveat"].fillna("")).str.strip(),
        }
    )


def read_in_words(rows: pd.DataFrame) -> pd.Series:
    """Say in what each row was read, and its caveat if it has one.

    Examples
    --------
    >>> read_in_words(pd.DataFrame({"read_in": ["abstract", "label"], "caveat": ["Small.", None]})).tolist()
    ['Abstract. Small.', 'Label.']
    """
    return (rows["read_in"].map(words.sentence) + ". " + rows["caveat"].fillna("")).str.strip()
