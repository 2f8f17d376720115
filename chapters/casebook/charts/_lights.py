"""Answers to the questions of an appraisal: a source a line, a question a column, and a sign for each answer."""

from __future__ import annotations

import altair as alt
import pandas as pd

from casebook import words
from casebook.charts._key import BAR, CIRCLE, CROSS, entry, mark
from casebook.charts._pixels import figure, hairlines, in_grid, layer

# Pixels; `name`: how far above its answers a source stands; `head`: where the numbers do; `size`: the area of a sign.
DESK = {"width": 680.0, "row": 26.0, "first": 236.0, "step": 33.0, "top": 30.0, "drop": 0.0}
DESK |= {"name": 0.0, "head": 14.0, "size": 160}
PHONE = {"width": 290.0, "row": 42.0, "first": 10.0, "step": 20.5, "top": 26.0, "drop": 8.0}
PHONE |= {"name": 19.0, "head": 12.0, "size": 120}
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
    """A hairline below each source, the numbers of the questions, the sources (on a phone above), the answers."""
    cells = _placed(answers, look)
    sources, numbers = cells.drop_duplicates("label"), cells.drop_duplicates("number")
    heads = numbers.assign(text=numbers["number"], y=look["head"])
    names = sources.assign(text=sources["label"], x=0.0, y=sources["y"] - look["name"])
    sign = {"size": look["size"], "strokeWidth": 1.6, "opacity": 1}
    layers = [
        *layer(hairlines(sources, look), "rule", "x2", "y2", opacity=0.2),
        *layer(heads, "text", "text", align="center", fontSize=12, fontWeight="bold"),
        *layer(names, "text", "text", align="left", fontSize=12),
        *layer(cells, "point", "color", "fill", "shape", "words", **sign),
    ]
    return layers, look["width"], look["top"] + look["row"] * len(sources) + 4
