"""Risk of bias: what each source answers to the questions of appraisal tools, and what stays open."""

from __future__ import annotations

import numpy as np
import pandas as pd

from casebook import words
from casebook.evidence.forest_rows import Figure
from casebook.evidence.phrases import out_of

YES, NO, UNCLEAR, NOT_ASKED = "yes", "no", "unclear", "not applicable"


def answers(book) -> pd.DataFrame:
    """Give every answer with its question and the name of its source, in the order of both tables.

    Parameters
    ----------
    book : Casebook
        Its `bias`, `bias_items`, `studies` and `cases` are used.

    Returns
    -------
    DataFrame
        The rows of `bias` with `label`, `tool`, `number`, `short` and `question`.
    """
    places = [pd.factorize(book.bias["source_id"])[0], book.bias["item_id"].map(list(book.bias_items["item_id"]).index)]
    found = book.bias.iloc[np.lexsort(places[::-1])]
    found = found.merge(book.bias_items, on="item_id", how="left", validate="many_to_one")
    return found.assign(label=found["source_id"].map(source_labels(book)).fillna(found["source_id"]))


def source_labels(book) -> dict[str, str]:
    """Name each source that tells of patients: a study by its label, a report by that of its first patient."""
    found = {}
    for source, mine in book.cases.dropna(subset="source_id").groupby("source_id"):
        if (mine["role"] == "index").any():
            found[source] = f"the article on {words.listed(mine.loc[mine['role'] == 'index', 'label'])}"
        else:
            found[source] = mine["label"].iloc[0].partition(",")[0]
    return found | dict(zip(book.studies["study_id"], book.studies["label"]))


def said_answers(found: pd.DataFrame, answer: str) -> str:
    """Say how many of some answers are one, such as "95 of 140 answers"; what was not asked is not counted."""
    asked = found[found["answer"] != NOT_ASKED]
    return out_of((asked["answer"] == answer).sum(), len(asked), "answer")


def never_told(found: pd.DataFrame) -> list[str]:
    """Give the questions to which every source leaves the answer open."""
    asked = found[found["answer"] != NOT_ASKED]
    open_ = asked.groupby("short", sort=False)["answer"].agg(lambda given: (given == UNCLEAR).all())
    return list(open_[open_].index)


def bias_figure(found: pd.DataFrame) -> Figure:
    """Make the figure of the answers: how many stay open, who was appraised by which tools, and what was asked.

    Parameters
    ----------
    found : DataFrame
        From `answers`, or some of its rows.
    """
    asked = found.drop_duplicates("number")
    tools = [f"{tool}: {words.count(n, 'question')}" for tool, n in asked.groupby("tool", sort=False).size().items()]
    sources = words.count(found["source_id"].nunique(), "source")
    return Figure(found, _title(found), "; ".join([f"{sources}, appraised by what was read of them", *tools]))


def _title(found: pd.DataFrame) -> str:
    if found.empty:
        return "No source was appraised"
    silent = never_told(found)
    told = f"{said_answers(found, UNCLEAR)} {'is' if len(found) == 1 else 'are'} unclear"
    told += f", and {words.counted(len(silent), 'question <is|are> answered for no source')}" * bool(silent)
    return words.sentence(told)


def items_table(book) -> pd.DataFrame:
    """Make the table of the questions, with how often each answer was given."""
    found = answers(book)
    items = book.bias_items.set_index("item_id")[["number", "tool", "question"]]
    counts = found.groupby("item_id")["answer"].value_counts().unstack()
    counts = counts.reindex(index=items.index, columns=[YES, NO, UNCLEAR]).fillna(0).astype(int)
    return items.join(counts).rename(columns=words.sentence).reset_index(drop=True)


def funding_table(book) -> pd.DataFrame:
    """Make the table of what was read of the funding and the conflicts of interest of each source."""
    shown = book.funding.assign(label=book.funding["source_id"].map(source_labels(book)))
    shown = shown[["label", "ties", "declared", "read_in"]]
    return shown.set_axis(["Source", "Ties to a maker", "Declared conflicts", "Read in"], axis="columns")


def said_funding(book) -> str:
    """Say of how many of the appraised sources anything was read of funding or conflicts."""
    told = book.funding[["ties", "declared"]].notna().any(axis="columns")
    return out_of(told.sum(), len(told), "source")
