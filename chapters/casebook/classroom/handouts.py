"""What a class is handed: the plan of an hour, and the rules on one sheet of paper, in the words of the tables."""

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


def plan(book, minutes: int, *, in_zip: bool = False) -> pd.DataFrame:
    """The plan of a class: a row a slot.

    Parameters
    ----------
    book : Casebook
    minutes : int
        How long the class lasts, as the table `plan` knows it.
    in_zip : bool
        Whether pages are named as the zips for a class name them; a page that is not in them is left out.

    Returns
    -------
    DataFrame
        `Minutes` ("0 to 7"), `What`, `Slide` (the first; blank where none is shown), `Page`, `Sheet`, `If late`.

    Raises
    ------
    ValueError
        If there is no such plan, or its slots do not follow one another from 0 to the end.
    """
    mine = book.plan[book.plan["plan"].eq(minutes)]
    if mine.empty:
        there = words.listed([words.number(known) for known in sorted(set(book.plan["plan"]))])
        raise ValueError(f"plan: there is none of {minutes} minutes; there are plans of {there} minutes")
    if [0, *mine["end"]] != [*mine["start"], minutes]:
        raise ValueError(
            f"plan: the slots of {minutes} minutes leave a time out or use it twice; mend `start` or `end`"
        )
    spans = [f"{start} to {end}" for start, end in zip(mine["start"], mine["end"])]
    names = {"what": "What", "slide": "Slide", "in_zip" if in_zip else "page": "Page", "sheet": "Sheet"}
    shown = mine[[*names, "if_late"]].rename(columns=names | {"if_late": "If late"}).reset_index(drop=True)
    return shown.assign(Slide=shown["Slide"].astype("Int64")).assign(Minutes=spans)[["Minutes", *shown]]


def page_address(page: str) -> str:
    """Where a page of a plan is, or the part of it that is meant.

    Examples
    --------
    >>> page_address("outcomes"), page_address("practice#drill")
    ('outcomes.html', 'practice.html#drill')
    """
    name, *part = page.split("#")
    return "#".join([f"{name}.html", *part])


def said_to_print(book) -> str:
    """The sheets that each plan hands out, in its order, each once."""
    sheets = {minutes: plan(book, minutes)["Sheet"].dropna().unique() for minutes in dict.fromkeys(book.plan["plan"])}
    return "; ".join(f"for {minutes} minutes {words.listed(names)}" for minutes, names in sheets.items())
