"""A discussion in script-concordance form: a class answers, and its own spread is the result.

A situation, a hypothesis, a new finding; each person says how the finding moves the hypothesis, from −2 to +2.
There is no key of experts: none was asked, and none is made up.
"""

from __future__ import annotations

import csv
from pathlib import Path

import pandas as pd

ANSWERS = {-2: "much less likely", -1: "less likely", 0: "no difference", 1: "more likely", 2: "much more likely"}
COLUMNS = ["person", "item_id", "answer"]


def class_answers(path: str | Path, items: pd.DataFrame) -> pd.DataFrame:
    """Read the answers of a class.

    Parameters
    ----------
    path : str or Path
        A CSV file in UTF-8 with the columns `person` (any word: no names), `item_id` (of `concordance`) and
        `answer` (−2, −1, 0, 1 or 2; blank if the person gave none).
    items : DataFrame
        The table `concordance`.

    Returns
    -------
    DataFrame
        `person`, `item_id`, `answer` (Int64), blank answers left out.

    Raises
    ------
    ValueError
        If the file is another; the message names row, column, value and what is expected.
    """
    with Path(path).open(newline="", encoding="utf-8-sig") as file:
        header, *rows = list(csv.reader(file)) or [[]]
    if header != COLUMNS:
        raise ValueError(f"{Path(path).name}, row 1: {', '.join(header)!r}; expected the columns {', '.join(COLUMNS)}")
    known, seen, found = set(items["item_id"]), set(), []
    for number, row in enumerate(rows, 2):
        if not any(cell.strip() for cell in row):
            continue
        if len(row) != len(COLUMNS):
            raise ValueError(f"{Path(path).name}, row {number}: {len(row)} cells; expected {len(COLUMNS)}")
        person, item, answer = (cell.strip() for cell in row)
        at = f"{Path(path).name}, row {number}"
        if item not in known:
            raise ValueError(f"{at}, column item_id: {item!r}; expected one of {', '.join(sorted(known))}")
        if (person, item) in seen:
            raise ValueError(f"{at}: {person!r} has answered {item!r} before; keep one of the two rows")
        seen.add((person, item))
        if not answer:
            continue
        value = answer.replace("−", "-")
        if value.removeprefix("+") not in {str(one) for one in ANSWERS}:
            raise ValueError(f"{at}, column answer: {answer!r}; expected −2, −1, 0, 1 or 2")
        found.append([person, item, int(value)])
    return pd.DataFrame(found, columns=COLUMNS).astype({"answer": "Int64"})


def answered(answers: pd.DataFrame, items: pd.DataFrame) -> pd.DataFrame:
    """Count how many chose what.

    Returns
    -------
    DataFrame
        One row an item and answer: `item_id`, `finding`, `answer` (−2 to 2), `said` (in words), `people`; and
        `of`, how many answered the item. Items that nobody answered have 0.
    """
    rows = []
    for item in items.sort_values("rank").itertuples():
        mine = answers.loc[answers["item_id"] == item.item_id, "answer"]
        counts = [(answer, said, int((mine == answer).sum())) for answer, said in ANSWERS.items()]
        rows += [(item.item_id, item.finding, *counted, len(mine)) for counted in counts]
    return pd.DataFrame(rows, columns=["item_id", "finding", "answer", "said", "people", "of"])


def sides(counted: pd.DataFrame) -> pd.DataFrame:
    """Say of each item how far a class agrees.

    Returns
    -------
    DataFrame
        One row an item: `finding`, `less` (people with −2 or −1), `same`, `more` (1 or 2), `of`, and `agree`: the
        share of the largest of the three, blank if nobody answered.
    """
    side = counted["answer"].map(lambda answer: "less" if answer < 0 else "more" if answer > 0 else "same")
    wide = counted.assign(side=side).pivot_table(index="item_id", columns="side", values="people", aggfunc="sum")
    about = counted.drop_duplicates("item_id").set_index("item_id")[["finding", "of"]]
    wide = about[["finding"]].join(wide[["less", "same", "more"]]).join(about["of"])
    most = wide[["less", "same", "more"]].max(axis="columns")
    return wide.assign(agree=most / wide["of"].where(wide["of"] > 0)).reset_index()


def message(counted: pd.DataFrame) -> str:
    """Say in a sentence where a class agrees least.

    Examples
    --------
    >>> one = pd.DataFrame([["a", "Rain.", n, "", k, 4] for n, k in zip(ANSWERS, (1, 1, 0, 1, 1))])
    >>> one.columns = ["item_id", "finding", "answer", "said", "people", "of"]
    >>> message(one)
    'The class agrees least on this finding: Rain'
    """
    found = sides(counted).dropna(subset=["agree"])
    if found.empty:
        return "Nobody has answered yet"
    least = found["agree"].min()
    names = [finding.rstrip(".") for finding in found.loc[found["agree"] == least, "finding"]]
    if len(names) == len(found) > 1:
        return "The class agrees alike on every finding"
    return f"The class agrees least on {'this finding' if len(names) == 1 else 'these findings'}: {'; '.join(names)}"


def spread_in_words(counted: pd.DataFrame) -> str:
    """Say the spread of every item, for readers who cannot see the drawing."""
    parts = [
        f"{row.finding} {row.less} less, {row.same} no difference, {row.more} more."
        for row in sides(counted).itertuples()
    ]
    return f"{message(counted)}. {' '.join(parts)}"


def items_to_answer(book) -> pd.DataFrame:
    """The items as a class reads them: `Item`, `If you are thinking of`, `and you learn`."""
    items = book.concordance.sort_values("rank")
    thinking = items["told"] + " " + items["hypothesis"] + "?"
    return pd.DataFrame({"Item": items["item_id"], "You think of": thinking, "You learn": items["finding"]})


def feedback(book) -> pd.DataFrame:
    """What a source says that bears on each item: `You learn`, `A source`, `What it says`."""
    said = book.management.set_index("management_id")
    rows = []
    for item in book.concordance.sort_values("rank").itertuples():
        row = said.loc[item.management_id]
        caveat = f" {row['caveat']}" if pd.notna(row["caveat"]) else ""
        rows.append([item.finding, f"{row['label']} ({row['strength']})", f"{row['statement']}{caveat}"])
    return pd.DataFrame(rows, columns=["You learn", "A source", "What it says"])
