"""A matrix of patients by features: what is told, what is told otherwise, and where the source is silent."""

from __future__ import annotations

from collections.abc import Sequence

import altair as alt
import pandas as pd

from casebook import words
from casebook.charts._house import INK
from casebook.charts._key import entry, signs_beside
from casebook.charts._pixels import at, lines_of, named, path_of, spread, xy, xy2
from casebook.charts._type import cut, wrapped

DESK = {"row": 23.0, "first": 312.0, "step": 32.0, "about": 158.0, "outcome": 12.0, "width": 680}
PHONE = {"row": 28.0, "first": 126.0, "step": 17.0, "outcome": 8.0, "width": 290}
LINE = 13.0  # pixels a line of a heading
NAME = {"": 148.0, "n": 112.0}  # pixels of a name at a desk, and of its line on a phone
ABOUT = 144.0  # pixels
SILENT = "M-4,0L4,0"
BARRED = "M0,-1A1,1,0,1,1,0,1A1,1,0,1,1,0,-1M0,-1L0,1"
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
    placed = _placed(cells, columns, heads)
    people = placed.drop_duplicates("case_id")
    height, tall = (_below(heads, n) + look["row"] * len(people) + 4 for n, look in (("", DESK), ("n", PHONE)))
    marks = placed[placed["state"] != "silent"]
    marks = marks.assign(words=marks["case"] + ", " + marks["feature"] + ": " + marks["said"])
    title = named(title, cells["case_id"])
    spoken = "; ".join(f"{FORMS[state]}: {said}" for state, said in SAID.items() if state in set(cells["state"]))
    return (
        alt.layer(*_headings(heads), *_people(people, len(columns)), *_dashes(placed), *_signs(marks))
        .properties(
            width=DESK["width"],
            height=height,
            title=alt.TitleParams(text=title, subtitle=subtitle),
            description=f"{title}. {subtitle.rstrip('.')}. {words.sentence(spoken)}. {_told(placed)}",
            usermeta={
                "rows": _printed(marks),
                "marks": [{"mark": said, "row": f"cases-{one}"} for said, one in zip(marks["words"], marks["case_id"])],
                "narrow": {"width": PHONE["width"], "height": tall},
                "legend": _key(placed),
                **({"choices": _choices(people, heads, choices, choose)} if choices else {}),
            },
        )
        .add_params(alt.param(name="narrow", value=False))
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


def _choices(people: pd.DataFrame, heads: pd.DataFrame, choices: Sequence, called: str) -> dict:
    """Where the lines lie, and which of them belong to each choice, for the script of the page."""
    order = list(people["case_id"])
    total = int(people["role"].ne("index").sum())
    return {
        "called": called,
        "total": total,
        "order": [f"cases-{case_id}" for case_id in order],
        "top": [_below(heads, ""), _below(heads, "n")],
        "row": [DESK["row"], PHONE["row"]],
        "some": [
            {
                "choice": one.feature_id,
                "words": one.feature,
                "n": one.n,
                "title": words.unbroken(named(one.title, one.case_ids)),
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
    for n, look in (("", DESK), ("n", PHONE)):
        heads[f"{n}x"] = look["first"] + look["step"] * heads.index
        rooms = (look["width"] - heads[f"{n}x"]).clip(lower=60)
        lines = [wrapped(text, room, 11, 3).split("\n") for text, room in zip(columns, rooms)]
        heads[f"{n}text"] = ["\n".join(parts) for parts in lines]
        ends = pd.Series([len(parts) for parts in lines]).cumsum()
        heads[f"{n}y"] = LINE * (ends.shift(fill_value=0) + 0.5)
        heads[f"{n}end"] = LINE * ends
    return heads


def _below(heads: pd.DataFrame, n: str) -> float:
    """Where the first patient begins, at a desk or on a phone ("n")."""
    return float(heads[f"{n}end"].max()) + 8


def _placed(cells: pd.DataFrame, columns: list[str], heads: pd.DataFrame) -> pd.DataFrame:
    """The place of each cell at a desk and on a phone."""
    line = pd.factorize(cells["case_id"])[0]
    column = cells["feature"].map(columns.index)
    found = cells.copy()
    for n, look in (("", DESK), ("n", PHONE)):
        found[f"{n}x"] = look["first"] + look["step"] * column
        found[f"{n}y"] = _below(heads, n) + look["row"] * (line + 0.5)
    return found


def _headings(heads: pd.DataFrame) -> list[alt.Chart]:
    """The features above their columns, each with a line that leads down to them."""
    look = {"align": "left", "baseline": "middle", "fontSize": 11, "lineBreak": "\n", "lineHeight": LINE, "aria": False}
    lines = heads.assign(x2=heads["x"], nx2=heads["nx"], y=heads["end"], ny=heads["nend"])
    lines["y2"], lines["ny2"] = _below(heads, "") + 2, _below(heads, "n") + 4
    texts = heads.assign(x=heads["x"] - 4, nx=heads["nx"] - 4)[["x", "nx", "y", "ny", "text", "ntext"]]
    return [
        spread(lines[["x", "nx", "y", "ny", "x2", "nx2", "y2", "ny2"]])
        .mark_rule(opacity=0.35, aria=False)
        .encode(**xy2()),
        at(texts)
        .transform_calculate(TEXT="narrow ? datum.ntext : datum.text")
        .mark_text(**look)
        .encode(**xy(), text="TEXT:N"),
    ]


def _people(people: pd.DataFrame, columns: int) -> list[alt.Chart]:
    """Names, traits and outcomes, with a hairline below each patient and a line below the index cases."""
    names = people[["case", "about", "outcome", "role", "color", "shape", "y", "ny"]].assign(x=0.0, nx=0.0)
    index = names["role"] == "index"
    names["phone"] = [lines_of(name, NAME["n"] - 15 * own) for name, own in zip(names["case"], index)]
    names["case"] = [cut(name, NAME[""] - 15 * own, 12) for name, own in zip(names["case"], index)]
    names["about"] = [cut(about, ABOUT, 11) for about in names["about"].fillna("")]
    names["ny"] = names["ny"] - 6 * names["phone"].str.count("\n")
    # The cases' own sign stands before their names.
    names["x"], names["nx"] = names["x"].mask(index, 15.0), names["nx"].mask(index, 15.0)
    fate = names["outcome"].mask(names["outcome"] == words.NOT_READ, "–")
    outcome = {
        n: look["first"] + look["step"] * (columns - 1) + look["outcome"] + 8 for n, look in (("", DESK), ("n", PHONE))
    }
    told = fate.mask(index, "“" + fate + "”")
    names["told"] = [cut(text, max(DESK["width"] + 8 - outcome[""], 60), 11) for text in told]
    names["short"] = [
        cut(text, PHONE["width"] + 8 - outcome["n"], 11) for text in fate.str.partition(" ")[0].mask(index, "")
    ]
    signs = names[index].assign(x=5.0, nx=5.0, color=names["color"].fillna(INK), shape=names["shape"].fillna("square"))
    last = people["role"].eq("index") & people["role"].shift(-1).ne("index")
    lines = pd.DataFrame({"x": 0.0, "nx": 0.0, "x2": DESK["width"], "nx2": PHONE["width"], "strong": last})
    for n, look in (("", DESK), ("n", PHONE)):
        lines[f"{n}y"] = lines[f"{n}y2"] = people[f"{n}y"] + look["row"] / 2
    look = {"align": "left", "baseline": "middle", "aria": False, "lineBreak": "\n", "lineHeight": 12}
    first = float(people["y"].min()) - DESK["row"] / 2 - 1.5
    heads = pd.DataFrame(
        [{"head": "Disease, target, product", "x": DESK["about"]}, {"head": "Outcome", "x": outcome[""]}]
    )
    return [
        at(heads.assign(nx=0, y=first, ny=first))
        .transform_filter("!narrow")
        .mark_text(fontSize=11, **look)
        .encode(**xy(), text="head:N"),
        spread(lines)
        .mark_rule(aria=False)
        .encode(**xy2(), opacity=alt.condition("datum.strong", alt.value(0.7), alt.value(0.15))),
        at(names[["case", "phone", "x", "nx", "y", "ny"]])
        .transform_calculate(TEXT="narrow ? datum.phone : datum.case")
        .mark_text(fontSize={"expr": "narrow ? 11 : 12"}, **look)
        .encode(**xy(), text="TEXT:N"),
        at(names[["about", "y", "ny"]].assign(x=DESK["about"], nx=0))
        .transform_filter("!narrow")
        .mark_text(fontSize=11, **look)
        .encode(**xy(), text="about:N"),
        at(names[["told", "short", "y"]].assign(ny=people["ny"], x=outcome[""], nx=outcome["n"]))
        .transform_calculate(TEXT="narrow ? datum.short : datum.told")
        .mark_text(fontSize=11, **look)
        .encode(**xy(), text="TEXT:N"),
        at(signs[["x", "nx", "y", "ny", "color", "shape"]])
        .mark_point(size=55, filled=True, opacity=1, aria=False)
        .encode(**xy(), color=alt.Color("color:N", scale=None, legend=None), shape=path_of("shape")),
    ]


def _dashes(placed: pd.DataFrame) -> list[alt.Chart]:
    silent = placed.loc[placed["state"] == "silent", ["x", "nx", "y", "ny"]]
    look = {"size": 4, "shape": SILENT, "filled": False, "strokeWidth": 1.2, "opacity": 0.55, "color": INK}
    return [at(silent).mark_point(aria=False, **look).encode(**xy())] if len(silent) else []


def _signs(marks: pd.DataFrame) -> list[alt.Chart]:
    """One mark a feature that is told, in whole, in part or otherwise."""
    if marks.empty:
        return []
    frame = marks[["x", "nx", "y", "ny", "state", "words"]]
    shape = marks["shape"].fillna("circle").mask(marks["state"] == "in part", BARRED)
    frame = frame.assign(color=marks["color"].fillna(INK), shape=shape)
    color = alt.Color("color:N", scale=None, legend=None)
    fill = alt.condition(
        "datum.state == 'shared'", alt.Fill("color:N", scale=None, legend=None), alt.value("transparent")
    )
    return [
        at(frame)
        .mark_point(size={"expr": "narrow ? 62 : 80"}, strokeWidth=1.5, opacity=1)
        .encode(**xy(), color=color, fill=fill, shape=path_of("shape"), description="words:N")
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
