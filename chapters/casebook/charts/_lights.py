"""Answers to the questions of an appraisal: a source a line, a question a column, and a sign for each answer."""

from __future__ import annotations

import altair as alt
import pandas as pd

from casebook import words
from casebook.charts._key import entry, mark
from casebook.charts._pixels import at, path_of, spread, xy, xy2

DESK = {"width": 680.0, "row": 26.0, "first": 236.0, "step": 33.0, "top": 30.0, "name": 0.0}
PHONE = {"width": 290.0, "row": 42.0, "first": 10.0, "step": 20.5, "top": 26.0, "name": -11.0}
CIRCLE = "M0,-1A1,1,0,1,1,0,1A1,1,0,1,1,0,-1Z"
CROSS = "M-1,-0.6L-0.6,-1L0,-0.4L0.6,-1L1,-0.6L0.4,0L1,0.6L0.6,1L0,0.4L-0.6,1L-1,0.6L-0.4,0Z"
BAR = "M-0.8,-0.15L0.8,-0.15L0.8,0.15L-0.8,0.15Z"
# The signs differ in form and filling, and the colors only help: nothing is lost in gray.
SIGNS = {
    "yes": (CIRCLE, "#1b7f5a", True, "filled circle"),
    "no": (CROSS, "#c2418c", True, "cross"),
    "unclear": (CIRCLE, "#767676", False, "hollow circle"),
    "not applicable": (BAR, "#767676", True, "bar"),
}


def lights_chart(answers: pd.DataFrame, *, title: str, subtitle: str) -> alt.LayerChart:
    """Draw the answers, source by source.

    Parameters
    ----------
    answers : DataFrame
        From `bias.answers`, of tools whose questions have different numbers: `label`, `number`, `question`,
        `answer`, `because`.
    title, subtitle : str
        The message in a sentence; who is drawn, by which tools, and in what they were read.

    Returns
    -------
    altair.LayerChart
        One mark an answer; `usermeta.rows` holds them.

    Raises
    ------
    ValueError
        If there is no answer.
    """
    if answers.empty:
        raise ValueError("no answer to draw: appraise at least one source")
    used = [answer for answer in SIGNS if answer in set(answers["answer"])]
    signs = words.sentence("; ".join(f"{SIGNS[answer][3]}: {answer}" for answer in used))
    key = [entry(mark(SIGNS[answer][0], SIGNS[answer][1], filled=SIGNS[answer][2]), answer) for answer in used]
    placed = _placed(answers)
    sources = placed["label"].nunique()
    tall, phone = (look["top"] + look["row"] * sources + 4 for look in (DESK, PHONE))
    told = "; ".join(f"{row.label}, {row.number}: {row.answer}" for row in placed.itertuples())
    rows = [
        {"Row": f"{row.label}, {row.number}", "Question": row.question, "Answer": row.answer,
         "Drawn as": SIGNS[row.answer][3], "Because": row.because}
        for row in placed.itertuples()
    ]  # fmt: skip
    return (
        alt.layer(*_lines(placed), _heads(placed), _names(placed), _marks(placed))
        .properties(
            width=DESK["width"],
            height=tall,
            title=alt.TitleParams(text=title, subtitle=subtitle),
            description=f"{title}. {subtitle.rstrip('.')}. {signs}. {told}.",
            usermeta={
                "rows": rows,
                "marks": [{"mark": said} for said in placed["words"]],
                "narrow": {"width": PHONE["width"], "height": phone},
                "legend": key,
            },
        )
        .add_params(alt.param(name="narrow", value=False))
    )


def _placed(answers: pd.DataFrame) -> pd.DataFrame:
    """The place of each answer at a desk and on a phone."""
    line, column = pd.factorize(answers["label"])[0], pd.factorize(answers["number"])[0]
    found = answers.copy()
    for n, look in (("", DESK), ("n", PHONE)):
        found[f"{n}x"] = look["first"] + look["step"] * column
        found[f"{n}y"] = look["top"] + look["row"] * (line + 0.5) + (8 if n else 0)
    name = found["label"] + ", " + found["number"] + ": "
    found["words"] = name + found["question"] + " " + found["answer"] + ". " + found["because"]
    return found


def _lines(placed: pd.DataFrame) -> list[alt.Chart]:
    """A hairline below each source."""
    frame = placed.drop_duplicates("label")[["y", "ny"]].assign(x=0.0, nx=0.0, x2=DESK["width"], nx2=PHONE["width"])
    for n, look in (("", DESK), ("n", PHONE)):
        frame[f"{n}y"] = frame[f"{n}y2"] = frame[f"{n}y"] + look["row"] / 2 - (8 if n else 0)
    return [spread(frame).mark_rule(opacity=0.2, aria=False).encode(**xy2())]


def _heads(placed: pd.DataFrame) -> alt.Chart:
    """The numbers of the questions above their columns."""
    heads = placed.drop_duplicates("number")[["number", "x", "nx"]].assign(y=14.0, ny=12.0)
    look = {"align": "center", "baseline": "middle", "fontSize": 12, "fontWeight": "bold", "aria": False}
    return at(heads).mark_text(**look).encode(**xy(), text="number:N")


def _names(placed: pd.DataFrame) -> alt.Chart:
    """The sources: left of their answers at a desk, above them on a phone."""
    names = placed.drop_duplicates("label")[["label", "y", "ny"]].assign(x=0.0, nx=0.0)
    names["ny"] = names["ny"] + PHONE["name"] - 8
    look = {"align": "left", "baseline": "middle", "fontSize": 12, "aria": False}
    return at(names).mark_text(**look).encode(**xy(), text="label:N")


def _marks(placed: pd.DataFrame) -> alt.Chart:
    """One sign an answer."""
    frame = placed[["x", "nx", "y", "ny", "answer", "words"]]
    frame = frame.assign(
        shape=frame["answer"].map({answer: sign[0] for answer, sign in SIGNS.items()}),
        color=frame["answer"].map({answer: sign[1] for answer, sign in SIGNS.items()}),
        filled=frame["answer"].map({answer: sign[2] for answer, sign in SIGNS.items()}),
    )
    color = alt.Color("color:N", scale=None, legend=None)
    fill = alt.condition("datum.filled", alt.Fill("color:N", scale=None, legend=None), alt.value("transparent"))
    return (
        at(frame)
        .mark_point(size={"expr": "narrow ? 120 : 160"}, strokeWidth=1.6, opacity=1)
        .encode(**xy(), color=color, fill=fill, shape=path_of("shape"), description="words:N")
    )
