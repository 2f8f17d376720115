"""A matrix of patients by features: what is told, what is told otherwise, and where the source is silent."""

from __future__ import annotations

from collections.abc import Sequence

import altair as alt
import pandas as pd

from casebook import words
from casebook.charts._house import INK
from casebook.charts._key import BARRED, entry, signs_beside
from casebook.charts._pixels import figure, hairlines, in_grid, layer, named, own_of
from casebook.charts._type import cut, two_lines, wrapped

# Pixels; `name`: of a line of a name; `type`: the size of its type; `sign`: the area of a sign.
DESK = {"width": 960, "row": 23.0, "first": 412.0, "step": 48.0, "drop": 0.0, "outcome": 12.0, "foot": 2}
DESK |= {"name": 204.0, "type": 12, "sign": 80, "wide": True}
PHONE = {"width": 290, "row": 28.0, "first": 126.0, "step": 17.0, "drop": 0.0, "outcome": 8.0, "foot": 4}
PHONE |= {"name": 112.0, "type": 11, "sign": 62, "wide": False}
LINE = 13.0  # pixels a line of a heading
OWN = 15.0  # pixels of a case's own sign before its name
ABOUT, ABOUT_AT = 186.0, 212.0  # pixels of traits, and where they begin
SILENT = "M-4,0L4,0"
FORMS = {"shared": "filled", "otherwise": "hollow", "in part": "barred circle", "silent": "dash"}
SAID = {
    "shared": "reported",
    "otherwise": "reported otherwise",
    "in part": "something close, or its type, grade, order or rest not given",
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
    told = cells[cells["state"] != "silent"]
    said = told["case"] + ", " + told["feature"] + ": " + told["said"]
    title = named(title, cells["case_id"], own_of(cells))
    spoken = "; ".join(f"{FORMS[state]}: {said}" for state, said in SAID.items() if state in set(cells["state"]))
    grids = [_grid(cells, look) for look in (DESK, PHONE)]
    return figure(
        lambda grid: _drawn(cells.assign(words=said), grid),
        grids,
        title=title,
        subtitle=subtitle,
        told=f"{words.sentence(spoken)}. {_told(cells)}",
        marks=said,
        of=[f"cases-{case_id}" for case_id in told["case_id"]],
        rows=_printed(told),
        legend=_key(cells),
        **({"choices": _choices(cells.drop_duplicates("case_id"), grids, choices, choose)} if choices else {}),
    )


def _grid(cells: pd.DataFrame, look: dict) -> dict:
    """The same with the headings of the columns, and where the lines begin below them."""
    heads = _heads(list(cells["feature"].unique()), look)
    return look | {"heads": heads, "top": float(heads["end"].max()) + 8}


def _drawn(cells: pd.DataFrame, grid: dict) -> tuple[list[alt.Chart], float, float]:
    placed = in_grid(cells, pd.factorize(cells["case_id"])[0], pd.factorize(cells["feature"])[0], grid)
    people = placed.drop_duplicates("case_id")
    layers = [*_headings(grid), *_people(people, grid), *_signs(placed, grid)]
    return layers, grid["width"], grid["top"] + grid["row"] * len(people) + 4


def _key(placed: pd.DataFrame) -> list[dict]:
    """What each sign says, drawn as the published patients have it; the cases' own are filled and hollow alike."""
    found = []
    for state, said in SAID.items():
        mine = placed[placed["state"] == state]
        if state in ("in part", "silent") and len(mine):
            shape, size = {"in part": (BARRED, 5), "silent": (SILENT, 1.2)}[state]
            found.append(entry(signs_beside([(shape, "currentColor")], filled=False, size=size), said))
        elif len(mine):
            looks = zip(mine["role"] == "index", mine["shape"].fillna("circle"), mine["color"].fillna("currentColor"))
            looks = [look for _, *look in sorted(set(looks))]
            found.append(entry(signs_beside(looks, filled=state == "shared"), said))
    return found


def _choices(people: pd.DataFrame, grids: list[dict], choices: Sequence, called: str) -> dict:
    """Where the lines lie, and which of them belong to each choice, for the script of the page."""
    order = list(people["case_id"])
    total = int(people["role"].ne("index").sum())
    return {
        "called": called,
        "total": total,
        "order": [f"cases-{case_id}" for case_id in order],
        **{name: [grid[name] for grid in grids] for name in ("top", "row")},
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


def _heads(columns: list[str], look: dict) -> pd.DataFrame:
    """The heading of each column in lines that have room right of it, each below the one before it.

    So no line that leads from a heading down to its column crosses another heading.
    """
    x = look["first"] + look["step"] * pd.Series(range(len(columns)))
    text = [wrapped(text, room, 11, 3) for text, room in zip(columns, (look["width"] - x).clip(lower=60))]
    ends = pd.Series([one.count("\n") + 1 for one in text]).cumsum()
    y = LINE * (ends.shift(fill_value=0) + 0.5)
    return pd.DataFrame({"feature": columns, "x": x, "text": text, "y": y, "end": LINE * ends})


def _headings(grid: dict) -> list[alt.Chart]:
    """The features above their columns, each with a line that leads down to them."""
    heads = grid["heads"]
    lines = heads.assign(x2=heads["x"], y=heads["end"], y2=grid["top"] + grid["foot"])
    look = {"align": "left", "fontSize": 11, "lineBreak": "\n", "lineHeight": LINE}
    return [
        *layer(lines, "rule", "x2", "y2", opacity=0.35),
        *layer(heads.assign(x=heads["x"] - 4), "text", "text", **look),
    ]


def _people(people: pd.DataFrame, grid: dict) -> list[alt.Chart]:
    """Names and outcomes, at a desk traits, with a hairline below each patient and a line below the index cases."""
    index, wide = people["role"] == "index", grid["wide"]
    own = OWN * index  # the cases' own sign stands before their names
    text = [cut(*one, 12) if wide else two_lines(*one) for one in zip(people["case"], grid["name"] - own)]
    names = people.assign(x=own, text=text)
    names["y"] -= 0 if wide else 6 * names["text"].str.count("\n")
    signs = names[index].assign(x=5.0)
    signs = signs.assign(color=signs["color"].fillna(INK), shape=signs["shape"].fillna("square"))
    at = grid["first"] + grid["step"] * (len(grid["heads"]) - 1) + grid["outcome"] + 8
    fate = people["outcome"].mask(people["outcome"] == words.NOT_READ, "–")
    fate = ("“" + fate + "”").where(index, fate) if wide else fate.str.partition(" ")[0].mask(index, "")
    room = max(grid["width"] + 8 - at, 60) if wide else grid["width"] + 8 - at
    outcomes = people.assign(x=at, text=[cut(text, room, 11) for text in fate])
    last = index & people["role"].shift(-1).ne("index")
    lines = hairlines(people, grid).assign(opacity=last.map({True: 0.7, False: 0.15}))
    look = {"align": "left", "lineBreak": "\n", "lineHeight": 12}
    heads, about = [], []
    if wide:
        top = float(people["y"].min()) - grid["row"] / 2 - 1.5
        heads = pd.DataFrame({"text": ["Disease, target, product", "Outcome"], "x": [ABOUT_AT, at], "y": top})
        heads = layer(heads, "text", "text", fontSize=11, **look)
        about = people.assign(x=ABOUT_AT, text=[cut(about, ABOUT, 11) for about in people["about"].fillna("")])
        about = layer(about, "text", "text", fontSize=11, **look)
    return [
        *heads,
        *layer(lines, "rule", "x2", "y2", "opacity"),
        *layer(names, "text", "text", fontSize=grid["type"], **look),
        *about,
        *layer(outcomes, "text", "text", fontSize=11, **look),
        *layer(signs, "point", "color", "shape", size=55, filled=True, opacity=1),
    ]


def _signs(placed: pd.DataFrame, grid: dict) -> list[alt.Chart]:
    """One mark a feature that is told, in whole, in part or otherwise; a dash where the source is silent."""
    silent = placed["state"] == "silent"
    marks = placed[~silent]
    shape = marks["shape"].fillna("circle").mask(marks["state"] == "in part", BARRED)
    marks = marks.assign(color=marks["color"].fillna(INK), shape=shape)
    marks["fill"] = marks["color"].where(marks["state"] == "shared", "transparent")
    dash = {"size": 4, "shape": SILENT, "filled": False, "strokeWidth": 1.2, "opacity": 0.55, "color": INK}
    look = {"size": grid["sign"], "strokeWidth": 1.5, "opacity": 1}
    return [
        *layer(placed[silent], "point", **dash),
        *layer(marks, "point", "color", "fill", "shape", "words", **look),
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
    name, drawn = marks["case"] + ", " + marks["feature"], marks["state"].map(FORMS)
    return pd.DataFrame({"Row": name, "Drawn as": drawn, "What the source says": marks["said"]}).to_dict("records")
