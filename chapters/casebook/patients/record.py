"""What is said of the cases that the book is about: facts, what they rest on, and what is open."""

from __future__ import annotations

import pandas as pd

from casebook import words
from casebook.data import gaps
from casebook.timeline import answers_of


def facts(book) -> pd.DataFrame:
    """Every fact about the index cases, numbered by the place that it stands in.

    Parameters
    ----------
    book : Casebook

    Returns
    -------
    DataFrame
        One row a fact: `number` ("4.1": sentence 4, first fact; "paper.1": the first of what was read in
        the paper itself, in the order of places there), `table`, `row_id`, `case_id`, `sentence_id` (missing
        for what was read in the paper), `place` (where in the paper, else missing), `label`, `basis`.
    """
    index = book.cases.loc[words.told_of(book.cases["role"])]
    first = [*book.traits.sort_values("rank")["column"], "diagnosis"][0]
    said = index.assign(label=index[first] + ", " + index["disease_status"])
    names = (("cases", "case_id", "label"), ("events", "event_id", "label"), ("bounds", "bound_id", "statement"))
    parts = []
    for table, key, label in names:
        rows = said if table == "cases" else getattr(book, table)
        rows = rows[rows["case_id"].isin(index["case_id"])]
        paper = rows["read_in"].eq("paper")
        columns = {"row_id": rows[key], "case_id": rows["case_id"], "sentence_id": rows["sentence_id"].mask(paper)}
        columns["place"] = rows["locator"].where(paper)
        parts.append(pd.DataFrame({"table": table, **columns, "label": rows[label], "basis": rows["basis"]}))
    found = pd.concat(parts, ignore_index=True).sort_values("place", kind="stable", na_position="first")
    sentence = found["sentence_id"].str.extract(r"(\d+)$", expand=False).fillna("paper")
    number = sentence + "." + (found.groupby(sentence).cumcount() + 1).astype("str")
    found.insert(0, "number", number)
    return found.reset_index(drop=True)


def read_in(book) -> str:
    """Say in what the facts of the cases of a book were read, such as "abstract" or "abstract and paper"."""
    tables = (book.cases, book.events, book.bounds)
    return words.listed(sorted(set().union(*(table["read_in"].dropna() for table in tables))))


def said_of(book, kinds: tuple[str, ...], scale: str = "") -> pd.DataFrame:
    """What the record says of each index case about some kinds of events, for a place beside an axis.

    Parameters
    ----------
    book : Casebook
    kinds : tuple of str
        Kinds of events.
    scale : str
        The topic of the gap that is open while the scale of their grade is not in the record.

    Returns
    -------
    DataFrame
        One row an index case: `case_id`, `case` (its label), `color`, `color_dark`, `sign`, and `said`: the
        labels of the events, and what filled gaps say of such kinds, or "not in the record".
    """
    looks = book.looks[book.looks["of"] == "case"].set_index("look")[["color", "color_dark", "sign"]]
    open_scale = set(book.gaps.loc[(book.gaps["topic"] == scale) & book.gaps["value"].isna(), "case_id"])
    rows, answers = [], answers_of(book)
    for case in book.cases.loc[words.told_of(book.cases["role"])].itertuples():
        mine = book.events[(book.events["case_id"] == case.case_id) & book.events["kind"].isin(kinds)]
        told = answers.loc[answers["case_id"].eq(case.case_id) & answers["kind"].isin(kinds), "said"]
        said = "; ".join([*mine["label"], *told]) or words.NOT_IN_THE_RECORD
        if mine["grade"].notna().any() and case.case_id in open_scale:
            said = f"{said}; its scale is {words.NOT_IN_THE_RECORD}"
        rows.append({"case_id": case.case_id, "case": case.label, "said": said})
    return pd.DataFrame(rows, columns=["case_id", "case", "said"]).join(looks, on="case_id")


def by_lane(book) -> pd.DataFrame:
    """What the record says of each case of a book, lane by lane.

    Parameters
    ----------
    book : Casebook
        The order of its `cases` is the order of the columns.

    Returns
    -------
    DataFrame
        One row a lane, those that the book asks for or in which an event lies, in their order: `lane`, `title`,
        one column a case (named by its label; its events, and what filled gaps say; missing where the record says
        nothing, blank where nothing was asked), and `in_record`, the number of cases of which it says something.
    """
    names = book.cases.set_index("case_id")["label"]
    lanes = book.lanes[book.lanes["asked"] | book.lanes["lane"].isin(book.events["lane"])].sort_values("rank")
    wide = (
        book.events.assign(case=book.events["case_id"].map(names))
        .groupby(["lane", "case"], sort=False)["label"]
        .agg("; ".join)
        .unstack("case")
        .reindex(index=lanes["lane"], columns=names.tolist())
    )
    answers = answers_of(book)
    for (case_id, lane), said in answers.groupby(["case_id", "lane"])["said"].agg("; ".join).items():
        if lane in wide.index and case_id in names.index:
            wide.loc[lane, names[case_id]] = "; ".join(wide.loc[[lane], names[case_id]].dropna().tolist() + [said])
    wide["in_record"] = wide.notna().sum(axis="columns")
    wide.loc[~lanes["asked"].to_numpy()] = wide.loc[~lanes["asked"].to_numpy()].fillna("")
    wide.insert(0, "title", lanes["title"].to_list())
    return wide.rename_axis(index="lane", columns=None).reset_index()


def open_gaps(book) -> pd.DataFrame:
    """What a reader would want and the record does not hold: one row a fact, one column a case.

    Returns
    -------
    DataFrame
        `topic`, `what`, and one column an index case (named by its label): the value where it was filled,
        "not in the record" where it is open, "not in the article either" where somebody looked, and missing
        where the fact is not asked of that case; and `recomputes`.
    """
    names = book.cases.loc[words.told_of(book.cases["role"])].set_index("case_id")["label"]
    rows = gaps.asked(book)
    rows = rows[rows["case_id"].isin(names.index)].sort_values("rank", kind="stable")
    nothing = rows["not_in"].isna().map({True: words.NOT_IN_THE_RECORD, False: words.NOT_IN_THE_ARTICLE})
    rows = rows.assign(case=rows["case_id"].map(names), value=rows["value"].fillna(nothing))
    order = rows["topic"].drop_duplicates()
    wide = rows.pivot(index="topic", columns="case", values="value").reindex(index=order, columns=names.tolist())
    about = rows.drop_duplicates("topic").set_index("topic")[["what", "recomputes"]]
    return about[["what"]].join(wide).join(about[["recomputes"]]).reset_index()


def explanations(book) -> pd.DataFrame:
    """What may have made the difference, and whether the fact that it needs is in the record.

    Returns
    -------
    DataFrame
        The rows of `explanations` with `open` (the fact is not in the record for some case) and
        `status` in words.
    """
    names = book.cases.set_index("case_id")["label"]
    still = book.gaps[book.gaps["value"].isna() & book.gaps["case_id"].isin(names.index)]
    open_for = still.groupby("topic")["case_id"].agg(lambda ids: words.listed(names[case_id] for case_id in ids))
    status = words.NOT_IN_THE_RECORD + " for " + book.explanations["topic"].map(open_for).astype("str")
    status = status.fillna("filled from the paper").where(book.explanations["topic"].notna(), "no single fact")
    return book.explanations.assign(open=book.explanations["topic"].isin(open_for.index), status=status)


def asked_of(book) -> pd.DataFrame:
    """What a reader would want to know of each index case, in the order in which a report is read.

    Returns
    -------
    DataFrame
        One row a gap: `case_id`, `group`, `topic`, `name` (what is asked, as a noun where there is one), and `state`:
        "open", "filled", or "sought" where somebody looked and the article does not have it either.
    """
    index = book.cases.loc[words.told_of(book.cases["role"]), "case_id"]
    rows = gaps.asked(book)
    rows = rows[rows["case_id"].isin(index)].sort_values("rank", kind="stable", ignore_index=True)
    state = rows["not_in"].notna().map({True: "sought", False: "open"}).mask(rows["value"].notna(), "filled")
    name = rows["called"].fillna(rows["what"].map(words.clause))
    return rows[["case_id", "group", "topic"]].assign(name=name, state=state)


def blanks(book, leads_to: str) -> dict | None:
    """What is not in the record of the cases of a book, one tile a fact, as a chart takes it.

    Parameters
    ----------
    book : Casebook
    leads_to : str
        The address of a fact, with braces for its case and its topic.

    Returns
    -------
    dict or None
        `title`, and `groups`: of each `name`, `n` (how many are open), and `cases`: of each `case`, `color`, `sign`
        and `tiles` (`name`, `state`, `href`). Every case has every group. None if nothing is asked.
    """
    rows = asked_of(book)
    if rows.empty:
        return None
    looks = book.looks[book.looks["of"] == "case"].set_index("look")[["color", "sign"]]
    looks = looks.join(book.cases.set_index("case_id")["label"], how="inner")
    rows["href"] = [leads_to.format(*pair) for pair in zip(rows["case_id"], rows["topic"])]
    groups = []
    for group, mine in rows.groupby("group", sort=False):
        tiles = {
            case_id: some[["name", "state", "href"]].to_dict("records") for case_id, some in mine.groupby("case_id")
        }
        cases = [
            {"case": look.label, "color": look.color, "sign": look.sign, "tiles": tiles.get(look.Index, [])}
            for look in looks.itertuples()
        ]
        groups.append({"name": group, "n": int(mine["state"].eq("open").sum()), "cases": cases})
    n = sum(group["n"] for group in groups)
    title = "Each fact that a reader would want has an answer: a tile each"
    if n:
        open_ = (
            f"{words.count(n, 'fact')} that a reader would want {'is' if n == 1 else 'are'} {words.NOT_IN_THE_RECORD}"
        )
        title = words.sentence(f"{open_}: a hatched tile each")
    return {"title": title, "groups": groups}


def count_open(book) -> int:
    """How many facts about the cases of a book are open; what is not in the article either is not."""
    return int((book.gaps["value"].isna() & book.gaps["not_in"].isna()).sum())
