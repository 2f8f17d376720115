"""Values that were measured in time, each on a day or between two, counted from the day 0 of a course."""

from __future__ import annotations

import pandas as pd

from casebook.timeline.courses import Course

MEASURED = ["measurement_id", "case_id", "analyte", "name", "rank", "unit", "low", "high", "value", "value_is",
            "lower", "upper", "basis"]  # fmt: skip


def measured(book, course: Course) -> pd.DataFrame:
    """Place the measured values of the patients of a course.

    Parameters
    ----------
    book : Casebook
        Its `measurements` and `analytes` are used.
    course : Course
        Whose day 0 the days are counted from.

    Returns
    -------
    DataFrame
        One row a value, by case, analyte and day: `low` and `high`, the first and the last day that it may be of
        (the same, if it is known; infinite where it is open), `value` in its `unit`, `value_is` (below or above, if
        it is a limit), `lower` and `upper` limit of normal, and what the analyte is called (`name`).
    """
    limits = course.windows.set_index(["case_id", "event_id"])[["earliest", "latest"]]
    rows = book.measurements[book.measurements["case_id"].isin(course.events["case_id"])]
    start = limits.reindex(pd.MultiIndex.from_frame(rows[["case_id", "from_event"]])).set_index(rows.index)
    found = rows.assign(
        low=start["earliest"].astype(float) + rows["min_days"].fillna(-float("inf")),
        high=start["latest"].astype(float) + rows["max_days"].fillna(float("inf")),
    ).join(book.analytes.set_index("analyte")[["name", "rank"]], on="analyte")
    order = {case_id: number for number, case_id in enumerate(course.cases["case_id"])}
    found = found.assign(order=found["case_id"].map(order)).sort_values(["order", "rank", "low", "high"], kind="stable")
    return found[MEASURED].reset_index(drop=True)
