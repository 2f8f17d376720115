"""The spread of a class: for each finding, how many people chose each of five answers."""

from __future__ import annotations

import altair as alt
import pandas as pd

from casebook import words
from casebook.charts._house import INK, NEUTRAL
from casebook.charts._pixels import figure

STEP, WIDTH, NARROW = 62, 700, 290  # pixels
ABOVE = 24  # how far above its row a finding is written


def spread_chart(counted: pd.DataFrame, *, title: str, subtitle: str, description: str) -> alt.LayerChart:
    """Draw how a class answered: a circle an answer, its area by the people who chose it, with their number.

    Parameters
    ----------
    counted : DataFrame
        What `concordance.answered` gives: `finding`, `answer`, `said`, `people`.
    title, subtitle, description : str

    Returns
    -------
    LayerChart
        One row a finding, which is written above it, so that phone and desk differ in width alone.
    """
    order = list(dict.fromkeys(counted["finding"]))
    answers = sorted(counted["answer"].unique())
    frame = counted[["finding", "answer", "said", "people"]].astype({"answer": int})
    frame["row"] = frame["finding"] + ", " + frame["said"]
    frame["words"] = [
        f"{row}: {words.count(people, 'person', 'people')}" for row, people in zip(frame["row"], frame["people"])
    ]
    given = frame[frame["people"] > 0]
    lane = alt.Y("finding:N", sort=order, title=None, axis=alt.Axis(labels=False, ticks=False, domain=False, grid=True))
    signed = "(datum.value > 0 ? '+' : '') + format(datum.value, 'd')"
    axis = alt.Axis(values=[int(one) for one in answers], labelExpr=signed)
    scale = alt.Scale(domain=[min(answers) - 0.4, max(answers) + 0.4])
    x = alt.X("answer:Q", title="−2 much less likely, +2 much more likely", scale=scale, axis=axis)
    chosen = alt.Chart(frame).encode(x=x, y=lane).transform_filter("datum.people > 0")
    area = alt.Size("people:Q", scale=alt.Scale(domain=[0, 12], range=[220, 1000]), legend=None)
    said = {"align": "left", "dy": -ABOVE, "fontSize": 12, "fontWeight": "bold", "aria": False}
    layers = [
        alt.Chart(frame[frame["answer"] == answers[0]])
        .mark_text(**said)
        .encode(x=alt.value(0), y=lane, text="finding:N"),
        chosen.mark_circle(color=NEUTRAL, opacity=0.3).encode(size=area, description="words:N"),
        chosen.mark_text(fontSize=12, color=INK, aria=False).encode(text="people:Q"),
    ]
    return figure(
        lambda width: (layers, width, {"step": STEP}),
        (WIDTH, NARROW),
        title=title,
        subtitle=subtitle,
        told=f"{'; '.join(given['words'])}.",
        marks=given["words"],
        rows=[{"Row": one.row, "People": str(one.people)} for one in given.itertuples()],
        described=description,
    )
