"""Values in time: placed from day 0 by the event that they count from, with the limits that this event has."""

import pandas as pd
from casebook import timeline
from made_up import live, patient

CASE = "made-up-1"
INF = float("inf")


def with_values(*rows, known=()):
    """A made-up patient with an infusion, a graft with the bounds `known`, and values: event, days, analyte, value."""
    happened = {"i": ("car_t_infusion", "cells", True), "g": ("hsct", "graft", True)}
    told = [
        {"measurement_id": f"made-up-{number}", "case_id": CASE, "from_event": event, "min_days": least,
         "max_days": most, "analyte": analyte, "value": value, "unit": "made up", "basis": "stated"} | dict(*more)
        for number, (event, least, most, analyte, value, *more) in enumerate(rows)
    ]  # fmt: skip
    columns = live().measurements
    frame = pd.DataFrame(told).reindex(columns=columns.columns).astype(columns.dtypes)
    return patient(happened, known).with_tables(measurements=frame)


def placed(book):
    values = timeline.measured(book, timeline.course(book, "car_t_infusion"))
    return list(zip(values["analyte"], values["low"], values["high"], values["value"]))


def test_a_day_counts_from_the_day_of_its_event():
    book = with_values(("g", 3, 3, "ferritin", 9), ("i", 2, 2, "ferritin", 5), known=[("i", "g", 40, 40)])
    assert placed(book) == [("ferritin", 2, 2, 5), ("ferritin", 43, 43, 9)]


def test_limits_of_the_event_and_of_the_day_add_up():
    book = with_values(("g", 3, 5, "ferritin", 9), known=[("i", "g", 30, 40)])
    assert placed(book) == [("ferritin", 33, 45, 9)]
    assert placed(with_values(("i", 3, None, "ferritin", 9))) == [("ferritin", 3, INF, 9)]
    assert placed(with_values(("g", 3, 3, "ferritin", 9))) == [("ferritin", -INF, INF, 9)], "the graft has no day"


def test_analytes_come_in_their_order_and_nobody_else_s_values_with_them():
    book = with_values(("i", 1, 1, "ldh", 1), ("i", 1, 1, "temperature", 37))
    assert [row[0] for row in placed(book)] == ["temperature", "ldh"]
    others = book.with_tables(measurements=book.measurements.assign(case_id="made-up-2"))
    assert placed(others) == []
