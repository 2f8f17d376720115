"""What a class is handed: the plan of an hour, and the rules on one sheet of paper, in the words of the tables."""

from __future__ import annotations

import pandas as pd

from casebook import words
from casebook.data import MAKE


def grading_cards(book, lines: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """Put the rules together as published grading cards do: a card an instrument, a line a domain, a column a grade.

    Parameters
    ----------
    book : Casebook
        Its `criteria` give the words; only rules that were read are used.
    lines : DataFrame
        In the order of printing: `card`, its title; `columns`, its headings, parted by "|", in its first line; `line`,
        what a line is called; `rules`, a pattern of the `rule_id` that stand in it; `wide`, "yes" if they hold for
        all columns; and `without`, a pattern of words that the line says already. Blank cells are "".

    Returns
    -------
    dict of str to DataFrame
        By title: `line` and a column a heading. Rules that hold only together are joined by "and", others by "or".

    Raises
    ------
    ValueError
        If a line has no rule, or rules of more grades than its card has columns.
    """
    read = book.criteria[book.criteria["verified"].eq("yes") & ~book.criteria["operator"].isin(MAKE)]
    cards = {}
    for title, mine in lines.groupby("card", sort=False):
        heads = mine["columns"].iloc[0].split("|")
        rows = [[one.line, *_cells(read, one, heads)] for one in mine.itertuples()]
        cards[title] = pd.DataFrame(rows, columns=["line", *heads])
    return cards


def _cells(read: pd.DataFrame, line, heads: list[str]) -> list[str]:
    """What the rules of a line say under each heading; the same under all of them if the line is wide."""
    rules = read[read["rule_id"].str.fullmatch(line.rules)]
    where = f"sheet.csv, {line.card}, {line.line}"
    if rules.empty:
        raise ValueError(f"{where}: no rule that was read has an id like {line.rules!r}; mend `rules`")
    said = rules["says"].str.replace(line.without, "", regex=True) if line.without else rules["says"]
    groups = rules.assign(said=said, group=rules["together"].fillna(rules["rule_id"]), grade=rules["grade"].fillna(""))
    joined = groups.groupby(["grade", "group"], sort=False)["said"].agg(lambda one: " and ".join(dict.fromkeys(one)))
    if line.wide:
        either = "; or " if groups["grade"].nunique() == 1 and groups["grade"].ne("").all() else "; "
        return [either.join(dict.fromkeys(joined))] * len(heads)
    by_grade = joined.groupby("grade").agg(lambda one: "; or ".join(dict.fromkeys(one)))
    first = int(not heads[0].endswith("0"))  # a scale begins with 0 or with 1
    if odd := sorted(set(by_grade.index) - {str(first + n) for n in range(len(heads))}):
        raise ValueError(f"{where}: rules of {words.listed(odd)}, for which the card has no column; mend `rules`")
    return [by_grade.get(str(first + n), "") for n in range(len(heads))]


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
        `Minutes` ("0 to 7"), `What`, `Slide` (the first; blank where none is shown), `Page` (as `page_addresses` calls
        it), `Sheet`, `If late`.

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
    mine = mine.assign(page=mine["page"].map(_called, na_action="ignore"))
    shown = mine[[*names, "if_late"]].rename(columns=names | {"if_late": "If late"}).reset_index(drop=True)
    return shown.assign(Slide=shown["Slide"].astype("Int64")).assign(Minutes=spans)[["Minutes", *shown]]


def page_addresses(book) -> dict[str, str]:
    """Where each page of the plans is, or the part of it that is meant, by its name in them."""
    return {
        _called(page): "#".join([f"{page.split('#')[0]}.html", *page.split("#")[1:]])
        for page in book.plan["page"].dropna()
    }


def _called(page: str) -> str:
    """A page, or the part of it that is meant, in words: "practice#case-1-in-stages" is "case 1 in stages"."""
    return page.split("#")[-1].replace("-", " ")


def said_to_print(book) -> str:
    """The sheets that each plan hands out, in its order, each once."""
    sheets = {minutes: plan(book, minutes)["Sheet"].dropna().unique() for minutes in dict.fromkeys(book.plan["plan"])}
    return "; ".join(f"for {minutes} minutes {words.listed(names)}" for minutes, names in sheets.items())
