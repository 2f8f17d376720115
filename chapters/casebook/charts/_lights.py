"""Answers to the questions of an appraisal: a source a line, a question a column, and a sign for each answer."""

from __future__ import annotations

import altair as alt
import pandas as pd

from casebook import words
from casebook.charts._key import BAR, CIRCLE, CROSS, entry, mark
from casebook.charts._pixels import figure, hairlines, in_grid, layer, on_both

DESK = {"width": 680.0, "row": 26.0, "first": 236.0, "step": 33.0, "top": 30.0, "drop": 0.0}
PHONE = {"width": 290.0, "row": 42.0, "first": 10.0, "step": 20.5, "top": 26.0, "drop": 8.0}
GRIDS = {"": DESK, "n": PHONE}
NAME = 19.0  # pixels: how far above its answers a source stands on a phone
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
    cells = _placed(answers)
    rows = [
        {"Row": f"{row.label}, {row.number}", "Question": row.question, "Answer": row.answer,
         "Drawn as": SIGNS[row.answer][3], "Because": row.because}
        for row in cells.itertuples()
    ]  # fmt: skip
    told = "; ".join(f"{row['Row']}: {row['Answer']}" for row in rows)
    desk, phone = ((grid["width"], grid["top"] + grid["row"] * cells["label"].nunique() + 4) for grid in GRIDS.values())
    return figure(
        _layers(cells),
        title=title,
        subtitle=subtitle,
        description=f"{title}. {subtitle.rstrip('.')}. {signs}. {told}.",
        desk=desk,
        phone=phone,
        marks=[{"mark": said} for said in cells["words"]],
        rows=rows,
        legend=[entry(mark(*SIGNS[answer][:2], filled=SIGNS[answer][2]), answer) for answer in used],
    )


def _placed(answers: pd.DataFrame) -> pd.DataFrame:
    """The place, the look and the words of each answer."""
    name = answers["label"] + ", " + answers["number"]
    line, column = pd.factorize(answers["label"])[0], pd.factorize(answers["number"])[0]
    cells = in_grid(answers, line, column, GRIDS).assign(
        words=name + ": " + answers["question"] + " " + answers["answer"] + ". " + answers["because"],
        **{look: [SIGNS[answer][at] for answer in answers["answer"]] for at, look in enumerate(("path", "color"))},
    )
    cells["fill"] = cells["color"].where([SIGNS[answer][2] for answer in cells["answer"]], "transparent")
    return cells


def _layers(cells: pd.DataFrame) -> list[alt.Chart]:
    """A hairline below each source, the numbers of the questions, the sources (on a phone above), the answers."""
    sources = cells.drop_duplicates("label")
    heads = cells.drop_duplicates("number").assign(text=lambda heads: heads["number"], y=14.0, ny=12.0)
    names = on_both(sources.assign(text=sources["label"], ny=sources["ny"] - NAME), x=0.0)
    return [
        *layer(hairlines(sources, GRIDS), "rule", "x2", "y2", opacity=0.2),
        *layer(heads, "text", "text", align="center", fontSize=12, fontWeight="bold"),
        *layer(names, "text", "text", align="left", fontSize=12),
        *layer(
            cells, "point", "color", "fill", "path", "words",
            size={"expr": "narrow ? 120 : 160"}, strokeWidth=1.6, opacity=1,
        ),
    ]  # fmt: skip
