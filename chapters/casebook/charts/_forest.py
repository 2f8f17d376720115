"""Forest plots: values with their intervals, one row a study, a method, a patient or a pooled figure."""

from __future__ import annotations

import textwrap

import altair as alt
import pandas as pd

from casebook.charts._house import INK, NARROW, NEUTRAL, labels, rounded, said_of_cases, style

WIDTH, WIDTH_ALONE, STEP = 190, 300, 44  # narrower where words stand beside it
LINE = 38  # letters a line of the small words below a label
NOT_READ = "not in what was read"
# Color and shape of a row; darker than Okabe and Ito's where theirs are too pale for thin lines.
# The vermilion diamond and the blue circle belong to the two cases and stand for nobody else.
LOOKS = {
    "autologous": ("#009E73", "square"),
    "donor": ("#A66A00", "triangle-up"),
    "universal": ("#B25E8B", "triangle-down"),
    "mixed": (NEUTRAL, "cross"),
    NOT_READ: (NEUTRAL, "triangle-right"),
    "context": (NEUTRAL, "square"),
    "transplanted": (INK, "square"),
    "not transplanted": (INK, "M-1,-1L1,-1L1,1L-1,1ZM-0.6,-0.6L-0.6,0.6L0.6,0.6L0.6,-0.6Z"),
    "pooled": (INK, "M-0.1,-1L0.1,-1L0.1,1L-0.1,1Z"),
    "published": (INK, "M-0.1,-1L0.1,-1L0.1,1L-0.1,1Z"),
    "limit": (NEUTRAL, "M-0.15,-1L0.15,-1L0.15,1L-0.15,1Z"),
}
THICK, BROKEN = ("pooled",), ("limit",)


def forest_chart(
    rows: pd.DataFrame,
    *,
    title: str,
    subtitle: str,
    axis: str,
    said: pd.DataFrame | None = None,
    silent: pd.DataFrame | None = None,
    domain: tuple[float, float] = (0, 100),
    one_axis: bool = True,
) -> alt.VConcatChart | alt.LayerChart:
    """Draw values with their intervals, each as one point on one line.

    Parameters
    ----------
    rows : DataFrame
        One row a line, in the order of drawing: `label`, `note` (the small line below it),
        `count` and `share` (the numbers at the right), `look` (a key of `LOOKS`), `estimate`,
        `low`, `high`, `prediction_low`, `prediction_high`; missing limits are not drawn. With a
        column `panel` the rows of each panel stand under its name.
    title, subtitle : str
        The message in a sentence; what is drawn, of how many, and its source.
    axis : str
        What the axis counts; percent or days.
    said : DataFrame, optional
        `case_id` and `said`: what the record says of each case, in words beside the drawing. A
        single patient has no place on an axis of proportions.
    silent : DataFrame, optional
        `case_id`, `label`, `note` and `said`: cases that have no value; they stand in a box
        outside the axis.
    domain : tuple of float
        The ends of the axis.
    one_axis : bool
        Whether all panels share one axis, drawn once; otherwise each has its own.

    Returns
    -------
    altair.VConcatChart or altair.LayerChart
        One mark a row; a prediction interval is a thin broken line behind the interval.

    Raises
    ------
    ValueError
        If a row has no estimate, or a look that the house does not have.
    """
    wrong = rows[rows["estimate"].isna() | ~rows["look"].isin(list(LOOKS))]
    if len(wrong):
        raise ValueError(f"a forest plot needs an estimate and a look of the house for {', '.join(wrong['label'])}")
    rows = rows.assign(panel=rows.get("panel", ""))
    width = WIDTH if said is not None else WIDTH_ALONE
    records = _records(rows)
    panels = []
    for number, (panel, mine) in enumerate(records.groupby("panel", sort=False)):
        drawn = _panel(mine, axis if number == 0 or not one_axis else None, domain, width)
        panels.append(drawn.properties(title=textwrap.wrap(panel, 44)) if panel else drawn)
    if silent is not None:
        panels.append(_silent_panel(silent, width))
    # Scales of their own: the colors of the cases are none of the products'.
    several = alt.vconcat(*panels, spacing=18).resolve_scale(color="independent", shape="independent")
    chart = panels[0] if len(panels) == 1 else several
    more = _more_lines(records)
    printed, meta = _printed_rows(rows), {"narrow": {**NARROW, "step": 82 + more}}
    words = "; ".join(records["words"])
    if silent is not None:
        several = {"Panel": ""} if "Panel" in printed[0] else {}
        drawn = {"Count": "", "Drawn as": "in the box"}
        printed += [
            {"Row": row.label, **several, "About it": row.note, "Value and interval": row.said, **drawn}
            for row in silent.itertuples()
        ]
        words += "; " + "; ".join(f"{row.label}: {row.said}" for row in silent.itertuples())
    described = f"{title}. {subtitle.rstrip('.')}. {words}."
    if said is not None:
        meta["said"], spoken = said_of_cases(said)
        described += f" {spoken}"
    return chart.properties(
        title=alt.TitleParams(text=title, subtitle=subtitle), description=described, usermeta={"rows": printed, **meta}
    ).add_params(alt.param(name="narrow", value=False))


def _records(rows: pd.DataFrame) -> pd.DataFrame:
    texts = {name: rows[name].fillna("").to_list() for name in ("panel", "note", "count", "share", "look")}
    texts["note"] = ["\n".join(textwrap.wrap(note, LINE)) for note in texts["note"]]
    words = [": ".join((label, "; ".join(filter(None, said)))) for label, *said in zip(rows["label"], *_said(rows))]
    names = ("estimate", "low", "high", "prediction_low", "prediction_high")
    return pd.DataFrame(
        {
            "row": [f"{number:02d}" for number in range(len(rows))],
            "name": rows["label"].to_list(),
            **texts,
            "words": words,
            **{name: _numbers(rows, name) for name in names},
        }
    )


def _more_lines(records: pd.DataFrame) -> int:
    """How much higher a row must be, in pixels, for the small lines beyond the first."""
    return 12 * int(records["note"].str.count("\n").max())


def _said(rows: pd.DataFrame) -> list[list[str]]:
    return [rows[name].fillna("").to_list() for name in ("panel", "note", "count", "share")]


def _panel(records: pd.DataFrame, axis: str | None, domain: tuple[float, float], width: int) -> alt.LayerChart:
    scale = alt.Scale(domain=list(domain), nice=False)
    look = {"orient": "top", "titleAnchor": "start", "titlePadding": 8, "domain": False, "tickCount": 5}
    shown = {"title": axis} if axis else {"title": None, "labels": False, "ticks": False}
    x = {"scale": scale, "axis": alt.Axis(**look, **shown)}
    base = alt.Chart(records).encode(y=alt.Y("row:N", sort=None, axis=None))
    colors = alt.Scale(domain=list(LOOKS), range=[color for color, _ in LOOKS.values()])
    color = alt.Color("look:N", scale=colors, legend=None)
    shapes = alt.Scale(domain=list(LOOKS), range=[shape for _, shape in LOOKS.values()])
    more = _more_lines(records)
    layers = [*labels(base, rise=more), *_numbers_beside(base, width, more)]
    if records["prediction_low"].notna().any():
        predicted = base.transform_filter("isValid(datum.prediction_low)")
        layers.append(
            predicted.mark_rule(strokeDash=[2, 3], strokeWidth=1.5, aria=False, clip=True).encode(
                x=alt.X("prediction_low:Q", **x), x2="prediction_high:Q", color=color
            )
        )
    if records["low"].notna().any():
        layers.append(
            base.transform_filter("isValid(datum.low)")
            .mark_rule(aria=False, clip=True)
            .encode(
                x=alt.X("low:Q", **x),
                x2="high:Q",
                color=color,
                strokeWidth=alt.condition(_is(THICK), alt.value(3), alt.value(1.8)),
                strokeDash=alt.condition(_is(BROKEN), alt.value([5, 4]), alt.value([1, 0])),
            )
        )
    layers.append(
        base.mark_point(size=110, filled=True, opacity=1).encode(
            x=alt.X("estimate:Q", **x),
            color=color,
            shape=alt.Shape("look:N", scale=shapes, legend=None),
            description="words:N",
        )
    )
    return alt.layer(*layers).properties(width=width, height=alt.Step(STEP + more))


def _is(looks: tuple[str, ...]) -> str:
    return " || ".join(f"datum.look == '{look}'" for look in looks)


def _silent_panel(silent: pd.DataFrame, width: int) -> alt.LayerChart:
    """Cases without a value: a box outside the axis, in each case's color and shape."""
    styles = dict(zip(silent["case_id"], map(style, silent["case_id"])))
    records = pd.DataFrame(
        {
            "row": [f"{number:02d}" for number in range(len(silent))],
            "name": silent["label"].to_list(),
            "note": silent["note"].to_list(),
            "said": silent["said"].to_list(),
            "case": silent["case_id"].to_list(),
            "words": [f"{row.label}: {row.said}" for row in silent.itertuples()],
        }
    )
    base = alt.Chart(records).encode(y=alt.Y("row:N", sort=None, axis=None))
    colors = alt.Scale(domain=list(styles), range=[color for color, _ in styles.values()])
    shapes = alt.Scale(domain=list(styles), range=[shape for _, shape in styles.values()])
    layers = [
        *labels(base, indent=8),
        base.mark_point(size=150, filled=True, opacity=1).encode(
            x=alt.value(16),
            color=alt.Color("case:N", scale=colors, legend=None),
            shape=alt.Shape("case:N", scale=shapes, legend=None),
            description="words:N",
        ),
        base.mark_text(fontSize=11, align="left", dx=14, aria=False).encode(x=alt.value(16), text="said:N"),
    ]
    box = alt.ViewBackground(stroke=INK, strokeOpacity=0.5, strokeDash=[2, 3], cornerRadius=6)
    return alt.layer(*layers).properties(width=width, height=alt.Step(STEP), view=box)


def _printed_rows(rows: pd.DataFrame) -> list[dict]:
    several = (rows["panel"] != "").any()
    return [
        {
            "Row": row.label,
            **({"Panel": row.panel} if several else {}),
            "About it": row.note,
            "Count": row.count,
            "Value and interval": row.share,
            "Drawn as": row.look,
        }
        for row in rows[["label", "panel", "note", "count", "share", "look"]].fillna("").itertuples(index=False)
    ]


def _numbers(rows: pd.DataFrame, column: str) -> list[float | None]:
    if column not in rows:
        return [None] * len(rows)
    return [None if pd.isna(value) else rounded(float(value)) for value in rows[column]]


def _numbers_beside(base: alt.Chart, width: int, rise: int) -> list[alt.Chart]:
    """Count and share of each row: right of it at a desk, at the right end of the label's lines on a phone."""
    place = {"x": alt.value({"expr": f"narrow ? {NARROW['width']} : {width + 12}"})}
    look = {"align": {"expr": "narrow ? 'right' : 'left'"}, "aria": False, "baseline": "middle"}
    return [
        base.mark_text(fontSize=13, dy={"expr": f"narrow ? {-28 - rise} : -8"}, **look).encode(**place, text="count:N"),
        base.mark_text(fontSize=11, opacity=0.8, dy={"expr": f"narrow ? {-14 - rise} : 8"}, **look).encode(
            **place, text="share:N"
        ),
    ]


def study_rows(rows: pd.DataFrame) -> pd.DataFrame:
    """The rows of a forest plot for outcomes as studies report them.

    Parameters
    ----------
    rows : DataFrame
        `label`, `product_source`, `product_basis`, `read_in`, `derived`, `events`, `n`, and, as fractions,
        `share`, `share_low`, `share_high` (from `statistics.with_intervals`); with a column
        `about` its words stand for in what the row was read.

    Returns
    -------
    DataFrame
        What `forest_chart` asks for, in percent.
    """
    source = rows["product_source"].fillna(NOT_READ)
    inferred = rows["product_basis"].eq("inferred").map({True: " (inferred)", False: ""})
    note = source + inferred + "; " + rows["read_in"] + rows["derived"].map({True: "; worked out", False: ""})
    if "about" in rows:
        note = source + inferred + "; " + rows["about"]
    return pd.DataFrame(
        {
            "label": rows["label"],
            "note": note,
            "count": [f"{events} of {n}" for events, n in zip(rows["events"], rows["n"])],
            "share": [percent(*row) for row in zip(rows["share"], rows["share_low"], rows["share_high"])],
            "look": source,
            "estimate": 100 * rows["share"],
            "low": 100 * rows["share_low"],
            "high": 100 * rows["share_high"],
        }
    ).reset_index(drop=True)


def pooled_rows(pooled: dict, *, digits: int = 0) -> pd.DataFrame:
    """The rows of a forest plot for pooled proportions.

    Parameters
    ----------
    pooled : dict
        By label, a pair: the small line below the label, and a `statistics.Pooled`.
    digits : int
        Decimals of the printed percentages.

    Returns
    -------
    DataFrame
        What `forest_chart` asks for, in percent.
    """
    names = ("estimate", "low", "high", "prediction_low", "prediction_high")
    return pd.DataFrame(
        [
            {
                "label": label,
                "note": note,
                "count": percent(found.estimate, digits=digits),
                "share": f"{_span(found.low, found.high, digits)}",
                "look": "pooled",
                **{name: 100 * getattr(found, name) for name in names},
            }
            for label, (note, found) in pooled.items()
        ]
    )


def printed_rows(rows: pd.DataFrame, *, look: str = "published") -> pd.DataFrame:
    """The rows of a forest plot for percentages as a source prints them, with its own limits.

    Parameters
    ----------
    rows : DataFrame
        `label`, `note`, `n`, and in percent `value`, `low`, `high` (missing limits are not drawn).
    look : str
        A key of `LOOKS`, for rows that have no column `look`.

    Returns
    -------
    DataFrame
        What `forest_chart` asks for.
    """
    limits = [
        f"{value:g}%" if pd.isna(low) or pd.isna(high) else f"{value:g}% ({low:g} to {high:g})"
        for value, low, high in zip(rows["value"], rows["low"], rows["high"])
    ]
    return pd.DataFrame(
        {
            "label": rows["label"],
            "note": rows["note"],
            "count": ["" if pd.isna(n) else f"n = {n}" for n in rows["n"]],
            "share": limits,
            "look": rows.get("look", look),
            "estimate": rows["value"],
            "low": rows["low"].where(rows["high"].notna()),
            "high": rows["high"].where(rows["low"].notna()),
        }
    ).reset_index(drop=True)


def percent(share: float, low: float | None = None, high: float | None = None, digits: int = 0) -> str:
    """A fraction as a percentage, with its limits where there are any: "12% (5 to 23)"."""
    text = f"{100 * share:.{digits}f}%"
    return text if low is None or high is None else f"{text} ({_span(low, high, digits)})"


def _span(low: float, high: float, digits: int) -> str:
    return f"{100 * low:.{digits}f} to {100 * high:.{digits}f}"


LIMITS = {
    "threshold": "longer waits: lower survival",
    "opinion": "an opinion",
    "protocol window": "a window; no median given",
}


def waiting_rows(waits: pd.DataFrame) -> pd.DataFrame:
    """The rows of a figure of waits for single patients.

    Parameters
    ----------
    waits : DataFrame
        From `timeline.waiting`: `label`, `diagnosis`, `car_target`, `product_source`, `days`.

    Returns
    -------
    DataFrame
        What `forest_chart` asks for, in days.
    """
    source = waits["product_source"].fillna(NOT_READ)
    about = waits["diagnosis"].fillna("disease not in what was read") + "; " + waits["car_target"].fillna(NOT_READ)
    return pd.DataFrame(
        {
            "panel": "Single patients whose day is known",
            "label": waits["label"],
            "note": about + "; " + source,
            "count": "one patient",
            "share": [f"day {days:g}" for days in waits["days"]],
            "look": source,
            "estimate": waits["days"],
            "low": float("nan"),
            "high": float("nan"),
        }
    ).reset_index(drop=True)


def interval_rows(intervals: pd.DataFrame, studies: pd.DataFrame) -> pd.DataFrame:
    """The rows of a figure of waits for series, and for limits that were set or advised.

    Parameters
    ----------
    intervals : DataFrame
        From `timeline.in_days`: `study_id`, `nature`, `value`, `low`, `high`, `unit`, `n`, and the
        same in days.
    studies : DataFrame
        `study_id`, `label`, `category`, `product_source`.

    Returns
    -------
    DataFrame
        What `forest_chart` asks for, in days; printed in the unit of the source.
    """
    rows = intervals.merge(studies[["study_id", "label", "category", "product_source"]], on="study_id")
    found = []
    for row in rows.itertuples():
        observed, cd7 = row.nature == "observed", row.category == "CD7 cohort"
        if observed:
            limits = "" if pd.isna(row.low) else f" ({row.low:g} to {row.high:g})"
            said, at, low, high = (
                f"median {row.value:g}{limits} {row.unit}",
                row.value_days,
                row.low_days,
                row.high_days,
            )
        elif pd.isna(row.high):
            said, at, low, high = f"more than {row.low:g} {row.unit}", row.low_days, float("nan"), float("nan")
        else:
            said, at, low, high = f"within {row.high:g} {row.unit}", row.high_days, 0.0, row.high_days
        product = row.product_source if isinstance(row.product_source, str) else NOT_READ
        found.append(
            {
                "panel": "Series after CD7 CAR-T" if cd7 else "Context, and not CD7: B-ALL after CD19 CAR-T",
                "label": row.label,
                "note": product if cd7 and observed else "observed" if observed else LIMITS[row.nature],
                "count": "" if pd.isna(row.n) else f"n = {row.n}",
                "share": said,
                "look": product if cd7 and observed else "context" if observed else "limit",
                "estimate": at,
                "low": low,
                "high": high,
            }
        )
    return pd.DataFrame(found).sort_values("panel", ascending=False, kind="stable")
