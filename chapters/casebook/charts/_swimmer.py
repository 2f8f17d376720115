"""Swimmer plots: many courses on one axis, each told by the few events whose days are known."""

from __future__ import annotations

import json
import textwrap

import altair as alt
import pandas as pd

from casebook.charts._house import DAY_ZERO, INK, NARROW, labels, rounded

WIDTH, STEP = 235, 46
LINE = 42  # letters a line of the words at the right
SHAPES = {
    "infusion": "M-0.15,-1L0.15,-1L0.15,1L-0.15,1Z",
    "transplantation": "square",
    "response": "triangle-up",
    "complication": "triangle-down",
    "last follow-up": "M-0.6,-1L0.6,-1L0.6,1L-0.6,1Z",
    "goes on": "M-0.9,-0.8L0.9,0L-0.9,0.8Z",
    "death": "M-1,-0.6L-0.6,-1L0,-0.4L0.6,-1L1,-0.6L0.4,0L1,0.6L0.6,1L0,0.4L-0.6,1L-1,0.6L-0.4,0Z",
}
SIGNS = "■ transplantation, ▲ response as worded in its source, ▼ complication, ✕ death, ▶ follow-up goes on"
FILTERS = {"fate": "Outcome", "target": "Target", "product": "Product"}


def swimmer_chart(courses: pd.DataFrame, *, anchor: str, title: str, subtitle: str) -> alt.LayerChart:
    """Draw the courses of published patients, one line a patient.

    A known day is a symbol; a window whose limits are both known is a bracket; what has no day
    is named in words at the right, and has no place on the axis. A gray bar is the time from day
    0 to the last day that is known; an arrow says that the follow-up goes on beyond the axis.

    Parameters
    ----------
    courses : DataFrame
        From `timeline.courses`, in the order of drawing.
    anchor : str
        The kind of event that is day 0; patients without it are left out.
    title, subtitle : str
        The message in a sentence; what is drawn, of how many, and its source.

    Returns
    -------
    altair.LayerChart
        One mark an event with a day or limits, and one an arrow. Where a reader has scripts, the
        patients can be filtered by outcome, target and product; without, all are drawn.
    """
    zero = DAY_ZERO[anchor]
    cases = courses.loc[(courses["shown"] == zero) & (courses["form"] == "day"), "case_id"]
    courses = courses[courses["case_id"].isin(cases)]
    dated = courses[courses["form"] != "no day"]
    low, high = float(dated["left"].min()), float(dated["right"].max())
    edge = high + 0.18 * (high - low)
    patients = _patients(courses, zero)
    marks = _marks(dated, patients, edge)
    scale = alt.Scale(domain=[rounded(low - 0.04 * (high - low)), rounded(edge)], nice=False)
    axis = alt.Axis(
        orient="top",
        title=f"days; day 0 is the {zero}, days count forward",
        titleAnchor="start",
        titlePadding=8,
        domain=False,
        tickCount=6,
    )
    order = patients["case"].tolist()
    y = alt.Y("case:N", sort=order, axis=None)
    params = [_filter(name, label, patients[name]) for name, label in FILTERS.items()]
    chosen = " && ".join(f"(!isValid(only_{name}) || datum.{name} == only_{name})" for name in FILTERS)

    def base(frame: pd.DataFrame) -> alt.Chart:
        return alt.Chart(frame).transform_filter(chosen).encode(y=y)

    x = alt.X("left:Q", scale=scale, axis=axis)
    spans = marks[marks["form"] == "window"]
    layers = [
        *labels(base(patients), rise=10),
        *_undated(base(patients)),
        base(patients.dropna(subset="last_day"))
        .mark_bar(height=5, opacity=0.25, color=INK, aria=False)
        .encode(x=alt.X("zero:Q", scale=scale, axis=axis), x2="last_day:Q"),
    ]
    if len(spans):
        ends = pd.concat([spans.assign(at=spans["left"]), spans.assign(at=spans["right"])])
        layers += [
            base(spans).mark_rule(strokeWidth=1.8).encode(x=x, x2="right:Q", description="words:N"),
            base(patients[patients["held"] != ""])
            .mark_text(dy=-11, fontSize=10, align="left", aria=False)
            .encode(x=alt.X("held_at:Q", scale=scale, axis=axis), text="held:N"),
            base(ends)
            .mark_point(shape="M0,-1L0,1", size=200, strokeWidth=2, opacity=1, filled=False, color=INK, aria=False)
            .encode(x=alt.X("at:Q", scale=scale, axis=axis)),
        ]
    shapes = alt.Scale(domain=list(SHAPES), range=list(SHAPES.values()))
    layers.append(
        base(marks[marks["form"] != "window"])
        .mark_point(size=95, filled=True, opacity=1, color=INK)
        .encode(x=x, shape=alt.Shape("shown:N", scale=shapes, legend=None), description="words:N")
    )
    printed = [
        {"Event": f"{row.name}, {row.label}", "Patient": row.name, "Position": row.where, "Drawn as": row.drawn}
        for row in marks.itertuples(index=False)
    ]
    told = ". ".join(
        f"{name}: " + "; ".join(f"{row.name}, {row.label}, {row.where}" for row in mine.itertuples(index=False))
        for name, mine in marks.groupby("name", sort=False)
    )
    silent = "; ".join(f"{row.name}: {row.undated}" for row in patients.itertuples(index=False) if row.undated)
    return (
        alt.layer(*layers)
        .properties(
            width=WIDTH,
            height=alt.Step(STEP),
            title=alt.TitleParams(text=title, subtitle=f"{subtitle.rstrip('.')}. {SIGNS}"),
            description=f"{title}. {subtitle.rstrip('.')}. {told}. In words: {silent}.",
            usermeta={"rows": printed, "narrow": {**NARROW, "step": 104}, "filters": list(FILTERS.values())},
        )
        .add_params(alt.param(name="narrow", value=False), *params)
    )


def _patients(courses: pd.DataFrame, zero: str) -> pd.DataFrame:
    rows = []
    for case_id, mine in courses.groupby("case_id", sort=False):
        first = mine.iloc[0]
        without = mine[(mine["form"] == "no day") & (mine["shown"] != "last follow-up")]
        spans = mine[mine["form"] == "window"]
        # One bracket has its word above it; several are named in words at the right, each with its days.
        several = [f"{row.label} day {row.left:g} to {row.right:g}" for row in spans.itertuples()]
        several = several if len(several) > 1 else []
        ends = bool((mine["shown"] == "death").any())
        goes_on = ((mine["shown"] == "last follow-up") & (mine["form"] == "no day")).any() and not ends
        rows.append(
            {
                "case": case_id,
                "name": first["name"],
                "note": first["about"],
                "undated": _words(without, several),
                "held": "" if several or spans.empty else spans["shown"].iloc[0],
                "held_at": 0.0 if spans.empty else rounded(spans["left"].iloc[0]),
                **{name: first[name] for name in FILTERS},
                "zero": 0.0,
                "last_day": None if pd.isna(first["last_day"]) else rounded(first["last_day"]),
                "goes_on": bool(goes_on),
            }
        )
    return pd.DataFrame(rows)


def _words(without: pd.DataFrame, brackets: list[str]) -> str:
    """What has no day (complications and responses in full, the rest by its word) and several brackets, in lines."""
    whole = without["shown"].isin(["complication", "response"]).to_numpy()
    said = dict.fromkeys(without["label"].where(whole, without["shown"]))
    parts = [f"no day: {', '.join(said)}"] * bool(said) + [f"brackets: {', '.join(brackets)}"] * bool(brackets)
    return "\n".join(textwrap.wrap("; ".join(parts), LINE))


def _marks(dated: pd.DataFrame, patients: pd.DataFrame, edge: float) -> pd.DataFrame:
    """One record an event with a day or with both limits, and an arrow where the follow-up goes on."""
    rows = [
        {
            "case": row.case_id,
            "name": row.name,
            "label": row.label,
            "shown": row.shown,
            "form": row.form,
            "left": rounded(row.left),
            "right": rounded(row.right),
            "where": f"day {row.left:g}" if row.form == "day" else f"day {row.left:g} to {row.right:g}",
            "drawn": "bracket" if row.form == "window" else row.shown,
            **{name: getattr(row, name) for name in FILTERS},
        }
        for row in dated.itertuples(index=False)
    ]
    for row in patients[patients["goes_on"]].itertuples(index=False):
        beyond = {"label": "follow-up", "shown": "goes on", "form": "arrow", "where": "goes on beyond the known days"}
        place = {"left": rounded(0.985 * edge), "right": rounded(edge), "drawn": "arrow"}
        rows.append(
            {"case": row.case, "name": row.name, **beyond, **place, **{name: getattr(row, name) for name in FILTERS}}
        )
    marks = pd.DataFrame(rows)
    marks["words"] = marks["name"] + ", " + marks["label"] + ": " + marks["where"]
    order = {case: number for number, case in enumerate(patients["case"])}
    return marks.sort_values("case", key=lambda cases: cases.map(order), kind="stable").reset_index(drop=True)


def _filter(name: str, label: str, values: pd.Series) -> alt.Parameter:
    options = sorted(values.unique())
    bind = alt.binding_select(options=[None, *options], labels=["all", *options], name=f"{label} ")
    return alt.param(name=f"only_{name}", value=None, bind=bind)


def _undated(base: alt.Chart) -> list[alt.Chart]:
    """What has no day: in words, right of the line at a desk, above it on a phone."""
    place = {"x": alt.value({"expr": f"narrow ? 0 : {WIDTH + 10}"})}
    look = {"align": "left", "aria": False, "baseline": "middle", "fontSize": 10, "opacity": 0.85}
    look |= {"lineBreak": "\n", "lineHeight": 12}
    # Lines grow downward from the first; half of them are taken back, so that the block stands at the middle.
    dy = {"expr": f"narrow ? 14 : -6 * (length(split(datum.undated, {json.dumps(chr(10))})) - 1)"}
    return [base.mark_text(dy=dy, **look).encode(**place, text="undated:N")]
