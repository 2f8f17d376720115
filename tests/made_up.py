"""Made-up patients for the tests of time: events, bounds, and a small book that holds them."""

import dataclasses
import functools
from pathlib import Path

import pandas as pd
from casebook import data, words

CASE = "made-up-1"
DOUBLES = Path(__file__).parent / "doubles"


def events(*ids, index=(), case=CASE):
    """Events whose kind is their name; those in `index` are index events."""
    rows = [{"event_id": name, "case_id": case, "kind": name, "index_event": name in index} for name in ids]
    return pd.DataFrame(rows)


def bounds(*rows, case=CASE):
    columns = ["from_event", "to_event", "min_days", "max_days", "basis"]
    frame = pd.DataFrame([(*row, *["stated"] * (5 - len(row))) for row in rows], columns=columns)
    return frame.assign(case_id=case)


@functools.cache
def live():
    """The live tables, read once."""
    return data.load()


def patient(happened, known, case=CASE):
    """A book of one made-up patient: `happened` is id: (kind, label, is an index event), `known` are bounds.

    A fourth part says what the event tells more of another, such as {"ends": "c"}.
    """
    book = live()
    lane = book.kinds.set_index("kind")["lane"]
    rows = [
        {"event_id": name, "case_id": case, "kind": kind, "label": label, "index_event": index, "lane": lane[kind]}
        | dict.fromkeys(("ends", "lasts", "same_as"))
        | dict(*more)
        for name, (kind, label, index, *more) in happened.items()
    ]
    frame = pd.DataFrame(rows).assign(basis="stated", wording="made up", locator="made up")
    limits = bounds(*known, case=case).assign(statement="Made up.", definition_id=None)
    row = {"case_id": case, "label": case, "role": "made-up", "diagnosis": "made up"}
    cases = pd.DataFrame([row]).reindex(columns=book.cases.columns)
    return dataclasses.replace(book, cases=cases, events=frame, bounds=limits)


def whole_patient(happened, known, case=CASE):
    """As `patient`, with every column that events have."""
    book = patient(happened, known, case)
    columns = [*live().events.columns, *(name for name in book.events if name not in live().events)]
    return dataclasses.replace(book, events=book.events.reindex(columns=columns))


@functools.cache
def _frozen():
    """The rows of the doubles, typed as the live tables are: a column that came later is blank."""
    found = {}
    for path in sorted(DOUBLES.glob("*.csv")):
        wanted = getattr(live(), path.stem)
        told = pd.read_csv(path, dtype=str).reindex(columns=wanted.columns)
        bools = {name: told[name].eq("true") for name in wanted if wanted[name].dtype == bool}
        found[path.stem] = told.assign(**bools).astype(wanted.dtypes)
    return found


def doubles(book=None):
    """Made-up doubles of the two index cases, frozen as the abstract alone has them.

    Nothing is invented of the real ones, not even for a test; and what the real ones come to have changes no test.
    """
    book = book or live()
    tables = {name: table.copy() for name, table in _frozen().items()}
    looks = pd.concat([book.looks, book.looks.assign(look=words.MADE_UP + book.looks["look"])], ignore_index=True)
    ids = book.cases.loc[book.cases["role"] == "index", "case_id"]
    stages = book.stages.assign(case_id=book.stages["case_id"].replace({one: words.MADE_UP + one for one in ids}))
    return dataclasses.replace(book, **tables, looks=looks, stages=stages)


def with_day(book, start, end, least, most):
    """The same book with one more bound between two events of a patient."""
    case = book.events.set_index("event_id").loc[start, "case_id"]
    row = book.bounds.head(1).assign(
        bound_id=f"{words.MADE_UP}bound-{len(book.bounds)}", case_id=case, from_event=start, to_event=end,
        min_days=float(least), max_days=float(most), basis="stated", definition_id=None, statement="Made up.",
    )  # fmt: skip
    return dataclasses.replace(book, bounds=pd.concat([book.bounds, row], ignore_index=True))
