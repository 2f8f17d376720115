"""Answers to the questions of an appraisal: a source a line, a question a column, and a sign for each answer."""

from __future__ import annotations

import altair as alt
import pandas as pd

from casebook import words
from casebook.charts._key import BAR, CIRCLE, CROSS, entry, mark
from casebook.charts._pixels import figure, hairlines, in_grid, layer
from casebook.charts._type import cut

# Pixels; `name`: how far above its answers a source stands; `turn`: the angle of a heading; `size`: the area of a sign.
DESK = {"width": 960.0, "row": 26.0, "first": 244.0, "step": 48.0, "top": 84.0, "drop": 0.0}
DESK |= {"name": 0.0, "turn": 315, "size": 160}
PHONE = {"width": 290.0, "row": 42.0, "first": 10.0, "step": 20.5, "top": 104.0, "drop": 8.0}
PHONE |= {"name": 19.0, "turn": 270, "size": 120}
HEAD = 96.0  # pixels of a heading
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
        From `bias.answers`, of tools whose questions have different numbers: `label`, `number`, `short`, `question`,
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
    name = answers["label"] + ", " + answers["number"]
    said = name + ": " + answers["question"] + " " + answers["answer"] + ". " + answers["because"]
    rows = [
        {"Row": f"{row.label}, {row.number}", "Question": row.question, "Answer": row.answer,
         "Drawn as": SIGNS[row.answer][3], "Because": row.because}
        for row in answers.itertuples()
    ]  # fmt: skip
    told = "; ".join(f"{row['Row']}: {row['Answer']}" for row in rows)
    return figure(
        lambda look: _drawn(answers.assign(words=said), look),
        (DESK, PHONE),
        title=title,
        subtitle=subtitle,
        told=f"{signs}. {told}.",
        marks=said,
        rows=rows,
        legend=[entry(mark(*SIGNS[answer][:2], filled=SIGNS[answer][2]), answer) for answer in used],
    )


def _placed(answers: pd.DataFrame, look: dict) -> pd.DataFrame:
    """The place and the look of each answer."""
    line, column = pd.factorize(answers["label"])[0], pd.factorize(answers["number"])[0]
    shape, color, filled, _ = zip(*answers["answer"].map(SIGNS))
    cells = in_grid(answers, line, column, look).assign(shape=shape, color=color)
    return cells.assign(fill=cells["color"].where(list(filled), "transparent"))


def _drawn(answers: pd.DataFrame, look: dict) -> tuple[list[alt.Chart], float, float]:
    """A hairline below each source, the questions in short, the sources (on a phone above), the answers."""
    cells = _placed(answers, look)
    sources, numbers = cells.drop_duplicates("label"), cells.drop_duplicates("number")
    short = numbers["number"] + " " + numbers["short"]
    heads = numbers.assign(text=[cut(text, HEAD, 12) for text in short], y=look["top"] - 8)
    names = sources.assign(text=sources["label"], x=0.0, y=sources["y"] - look["name"])
    sign = {"size": look["size"], "strokeWidth": 1.6, "opacity": 1}
    layers = [
        *layer(hairlines(sources, look), "rule", "x2", "y2", opacity=0.2),
        *layer(heads, "text", "text", align="left", baseline="middle", fontSize=12, angle=look["turn"]),
        *layer(names, "text", "text", align="left", fontSize=12),
        *layer(cells, "point", "color", "fill", "shape", "words", **sign),
    ]
    return layers, look["width"], look["top"] + look["row"] * len(sources) + 4
