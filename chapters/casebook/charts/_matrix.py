"""A matrix of patients by features: what is told, what is told otherwise, and where the source is silent."""

from __future__ import annotations

from collections.abc import Sequence

import altair as alt
import pandas as pd

from casebook import words
from casebook.charts._house import INK
from casebook.charts._key import BARRED, entry, signs_beside
from casebook.charts._pixels import figure, hairlines, in_grid, layer, named, on_both, own_of
from casebook.charts._type import cut, two_lines, wrapped

DESK = {"width": 680, "row": 23.0, "first": 358.0, "step": 26.0, "drop": 0.0, "outcome": 12.0, "foot": 2}
PHONE = {"width": 290, "row": 28.0, "first": 126.0, "step": 17.0, "drop": 0.0, "outcome": 8.0, "foot": 4}
GRIDS = {"": DESK, "n": PHONE}
LINE = 13.0  # pixels a line of a heading
NAME = {"": 196.0, "n": 112.0}  # pixels of a name at a desk, and of its line on a phone
OWN = 15.0  # pixels of a case's own sign before its name
ABOUT, ABOUT_AT = 144.0, 206.0  # pixels of traits, and where they begin
SILENT = "M-4,0L4,0"
FORMS = {"shared": "filled", "otherwise": "hollow", "in part": "barred circle", "silent": "dash"}
SAID = {
    "shared": "reported",
    "otherwise": "reported otherwise",
    "in part": "something close, or its type, grade, order or rest not told",
    "silent": "the source is silent, which is not absence",
}


def matrix_chart(
    cells: pd.DataFrame, *, title: str, subtitle: str, choices: Sequence = (), choose: str = ""
) -> alt.LayerChart:
    """Draw which features are told of which patient: one line a patient, one column a feature.

    A filled sign is a feature that is told, a hollow one something told in its place, a barred one a
    feature told in part, and a dash that the source is silent. The index cases stand on top, in their
    own color and shape.

    Parameters
    ----------
    cells : DataFrame
        From `likeness.matrix_cells`, in the order of drawing.
    title, subtitle : str
        The message in a sentence; of how many patients, in which order, and the source.
    choices : sequence
        From `sharing.matrix_choices`: which lines a reader with scripts may choose to see, in place of all.
    choose : str
        What is chosen, in front of the choice.

    Returns
    -------
    altair.LayerChart
        One mark a feature that is told, or told otherwise; `usermeta.rows` holds these. Dashes are
        told patient by patient in the description.

    Raises
    ------
    ValueError
        If there are no cells.
    """
    if cells.empty:
        raise ValueError("no patient and no feature to draw: a matrix needs at least one index case with a feature")
    columns = list(cells["feature"].unique())
    heads = _heads(columns)
    grids = {n: {**grid, "top": float(heads[f"{n}end"].max()) + 8} for n, grid in GRIDS.items()}
    placed = in_grid(cells, pd.factorize(cells["case_id"])[0], cells["feature"].map(columns.index), grids)
    people = placed.drop_duplicates("case_id")
    marks = placed[placed["state"] != "silent"]
    marks = marks.assign(words=marks["case"] + ", " + marks["feature"] + ": " + marks["said"])
    title = named(title, cells["case_id"], own_of(cells))
    spoken = "; ".join(f"{FORMS[state]}: {said}" for state, said in SAID.items() if state in set(cells["state"]))
    desk, phone = ((grid["width"], grid["top"] + grid["row"] * len(people) + 4) for grid in grids.values())
    return figure(
        [*_headings(heads, grids), *_people(people, len(columns), grids), *_signs(placed, marks)],
        title=title,
        subtitle=subtitle,
        description=f"{title}. {subtitle.rstrip('.')}. {words.sentence(spoken)}. {_told(placed)}",
        desk=desk,
        phone=phone,
        marks=[{"mark": said, "row": f"cases-{one}"} for said, one in zip(marks["words"], marks["case_id"])],
        rows=_printed(marks),
        legend=_key(placed),
        **({"choices": _choices(people, grids, choices, choose)} if choices else {}),
    )


def _key(placed: pd.DataFrame) -> list[dict]:
    """What each sign says, drawn as the published patients have it; the cases' own are filled and hollow alike."""
    found = []
    for state, said in SAID.items():
        if state not in set(placed["state"]):
            continue
        one = {"in part": (BARRED, "currentColor"), "silent": (SILENT, "currentColor")}.get(state)
        if one is None:
            mine = placed[placed["state"] == state].assign(role=lambda rows: rows["role"] == "index")
            looks = zip(mine["role"], mine["shape"].fillna("circle"), mine["color"].fillna("currentColor"))
            found.append(
                entry(signs_beside([look[1:] for look in sorted(set(looks))][:3], filled=state == "shared"), said)
            )
        else:
            found.append(entry(signs_beside([one], filled=False, size=1.2 if state == "silent" else 5), said))
    return found


def _choices(people: pd.DataFrame, grids: dict, choices: Sequence, called: str) -> dict:
    """Where the lines lie, and which of them belong to each choice, for the script of the page."""
    order = list(people["case_id"])
    total = int(people["role"].ne("index").sum())
    return {
        "called": called,
        "total": total,
        "order": [f"cases-{case_id}" for case_id in order],
        **{name: [grid[name] for grid in grids.values()] for name in ("top", "row")},
        "some": [
            {
                "choice": one.feature_id,
                "words": one.feature,
                "n": one.n,
                "title": words.unbroken(named(one.title, one.case_ids, own_of(people))),
                "subtitle": words.unbroken(f"{one.n} of {words.count(total, 'patient')}, no rate."),
                "lines": sorted(order.index(case_id) for case_id in one.case_ids),
            }
            for one in choices
        ],
    }


def _heads(columns: list[str]) -> pd.DataFrame:
    """The heading of each column in lines that have room right of it, each below the one before it.

    So no line that leads from a heading down to its column crosses another heading.
    """
    heads = pd.DataFrame({"feature": columns})
    for n, grid in GRIDS.items():
        heads[f"{n}x"] = grid["first"] + grid["step"] * heads.index
        rooms = (grid["width"] - heads[f"{n}x"]).clip(lower=60)
        lines = [wrapped(text, room, 11, 3).split("\n") for text, room in zip(columns, rooms)]
        heads[f"{n}text"] = ["\n".join(parts) for parts in lines]
        ends = pd.Series([len(parts) for parts in lines]).cumsum()
        heads[f"{n}y"] = LINE * (ends.shift(fill_value=0) + 0.5)
        heads[f"{n}end"] = LINE * ends
    return heads


def _headings(heads: pd.DataFrame, grids: dict) -> list[alt.Chart]:
    """The features above their columns, each with a line that leads down to them."""
    lines = heads.assign(x2=heads["x"], nx2=heads["nx"], y=heads["end"], ny=heads["nend"])
    lines = lines.assign(**{f"{n}y2": grid["top"] + grid["foot"] for n, grid in grids.items()})
    texts = heads.assign(x=heads["x"] - 4, nx=heads["nx"] - 4)
    return [
        *layer(lines, "rule", "x2", "y2", opacity=0.35),
        *layer(texts, "text", "text", align="left", fontSize=11, lineBreak="\n", lineHeight=LINE),
    ]


def _people(people: pd.DataFrame, columns: int, grids: dict) -> list[alt.Chart]:
    """Names, traits and outcomes, with a hairline below each patient and a line below the index cases."""
    index = people["role"] == "index"
    own = OWN * index  # the cases' own sign stands before their names
    phone = [two_lines(*one) for one in zip(people["case"], NAME["n"] - own)]
    desk = [cut(*one, 12) for one in zip(people["case"], NAME[""] - own)]
    names = on_both(people.assign(text=desk, ntext=phone), x=own)
    names["ny"] = people["ny"] - 6 * names["ntext"].str.count("\n")
    signs = on_both(names[index], x=5.0)
    signs = signs.assign(color=signs["color"].fillna(INK), path=signs["shape"].fillna("square"))
    about = people.assign(x=ABOUT_AT, text=[cut(about, ABOUT, 11) for about in people["about"].fillna("")])
    at = {n: grid["first"] + grid["step"] * (columns - 1) + grid["outcome"] + 8 for n, grid in grids.items()}
    fate = people["outcome"].mask(people["outcome"] == words.NOT_READ, "–")
    told, short = fate.mask(index, "“" + fate + "”"), fate.str.partition(" ")[0].mask(index, "")
    outcomes = people.assign(
        x=at[""],
        nx=at["n"],
        text=[cut(text, max(DESK["width"] + 8 - at[""], 60), 11) for text in told],
        ntext=[cut(text, PHONE["width"] + 8 - at["n"], 11) for text in short],
    )
    last = index & people["role"].shift(-1).ne("index")
    lines = hairlines(people, grids).assign(opacity=last.map({True: 0.7, False: 0.15}))
    heads = pd.DataFrame({"text": ["Disease, target, product", "Outcome"], "x": [ABOUT_AT, at[""]]})
    heads["y"] = float(people["y"].min()) - DESK["row"] / 2 - 1.5
    look = {"align": "left", "lineBreak": "\n", "lineHeight": 12}
    return [
        *layer(heads, "text", "text", where="!narrow", fontSize=11, **look),
        *layer(lines, "rule", "x2", "y2", "opacity"),
        *layer(names, "text", "text", fontSize={"expr": "narrow ? 11 : 12"}, **look),
        *layer(about, "text", "text", where="!narrow", fontSize=11, **look),
        *layer(outcomes, "text", "text", fontSize=11, **look),
        *layer(signs, "point", "color", "path", size=55, filled=True, opacity=1),
    ]


def _signs(placed: pd.DataFrame, marks: pd.DataFrame) -> list[alt.Chart]:
    """One mark a feature that is told, in whole, in part or otherwise; a dash where the source is silent."""
    silent = placed[placed["state"] == "silent"]
    marks = marks.assign(
        color=marks["color"].fillna(INK),
        path=marks["shape"].fillna("circle").mask(marks["state"] == "in part", BARRED),
    )
    marks["fill"] = marks["color"].where(marks["state"] == "shared", "transparent")
    dash = {"size": 4, "shape": SILENT, "filled": False, "strokeWidth": 1.2, "opacity": 0.55, "color": INK}
    look = {"size": {"expr": "narrow ? 62 : 80"}, "strokeWidth": 1.5, "opacity": 1}
    return [
        *layer(silent, "point", **dash),
        *layer(marks, "point", "color", "fill", "path", "words", **look),
    ]


def _told(placed: pd.DataFrame) -> str:
    """Patient by patient, what the figure shows of each feature."""
    parts = []
    for name, mine in placed.groupby("case", sort=False):
        said = [f"{name}, {row.feature}: {row.said}" for row in mine[mine["state"] != "silent"].itertuples(index=False)]
        silent = mine.loc[mine["state"] == "silent", "feature"]
        if len(silent):
            nothing = words.NOT_IN_THE_RECORD if (mine["role"] == "index").any() else words.NOT_READ
            said.append(f"{name}, {nothing}: {words.listed(silent)}")
        parts.append("; ".join(said))
    return f"{'. '.join(parts)}."


def _printed(marks: pd.DataFrame) -> list[dict]:
    return [
        {"Row": f"{row.case}, {row.feature}", "Drawn as": FORMS[row.state], "What the source says": row.said}
        for row in marks.itertuples(index=False)
    ]
