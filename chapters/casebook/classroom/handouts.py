"""The rules of the instruments on one sheet of paper: what gives which grade, in the words of the tables."""

from __future__ import annotations

import pandas as pd

from casebook import words
from casebook.data import MAKE, TELL


def sheet_of_rules(book, instrument: str) -> pd.DataFrame:
    """Put the rules of one instrument together by what they give.

    Parameters
    ----------
    book : Casebook
    instrument : str
        As the table `criteria` names it, such as "ice".

    Returns
    -------
    DataFrame
        `Decides`, `Gives` and `If`: one row a value, and one for how several parts are put together. Rules that
        hold only together are joined by "and", others by "or". Only rules that were read and that give a value
        stand on it, which are those that are used.
    """
    mine = book.criteria[book.criteria["instrument"].eq(instrument)]
    rows = mine[mine["verified"].eq("yes") & mine["grade"].notna() & ~mine["operator"].isin([*TELL, *MAKE])]
    group = rows["together"].fillna(rows["rule_id"])
    joined = rows.assign(group=group).groupby(["decides", "grade", "group"], sort=False)["says"]
    either = joined.agg(lambda says: " and ".join(dict.fromkeys(says))).reset_index()
    gives = either.groupby(["decides", "grade"], sort=False)["says"].agg(lambda says: "; or ".join(dict.fromkeys(says)))
    frame = gives.reset_index().set_axis(["Decides", "Gives", "If"], axis="columns")
    worst = mine.query("verified == 'yes' and operator == 'max'")
    told = pd.DataFrame({"Decides": worst["decides"], "Gives": "how", "If": worst["says"]})
    frame = pd.concat([frame, told], ignore_index=True)
    plain = {column: frame[column].str.replace("_", " ") for column in ("Decides", "Gives")}
    return frame.assign(**plain | {"Decides": plain["Decides"].map(words.sentence)})
