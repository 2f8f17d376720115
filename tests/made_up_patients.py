"""Made-up patients as published ones are told: what happened, on which days, several in one book."""

import dataclasses

import pandas as pd

INFUSED = {"i": ("car_t_infusion", "cells given", True)}
GRAFTED = {**INFUSED, "h": ("hsct", "graft", True)}
REINFUSED = {
    **INFUSED,
    "c": ("crs", "grade 1 CRS begins", False),
    "c-end": ("crs", "CRS ends", False, {"ends": "c"}),
    "r": ("remission", "complete remission", False),
    "i-2": ("car_t_infusion", "cells given again", False),
    "x": ("relapse", "relapse", False),
    "d": ("death", "death", False),
}
DAYS = {"c": 3, "c-end": 8, "r": 25, "i-2": 77, "x": 140, "d": 199}


def together(*books):
    """One book that holds the patients of several."""
    tables = {
        name: pd.concat([getattr(book, name) for book in books], ignore_index=True)
        for name in ("cases", "events", "bounds")
    }
    return dataclasses.replace(books[0], **tables)


def told(book, **values):
    """The same patients with other values in the table of cases."""
    return dataclasses.replace(book, cases=book.cases.assign(**values))
