"""Where the events of a case file lie: as JSON that other programs read, and in sentences."""

from __future__ import annotations

import math
from collections.abc import Iterator

from casebook.timeline import Places
from casebook.words import REPORTED, count

FORMAT, VERSION = "casebook-placement", 1
SAID_OF = {"made-up": ", made up", "own": f", {REPORTED}"}


def placement_of(places: Places) -> dict:
    """What `place --json` prints.

    Parameters
    ----------
    places : Places

    Returns
    -------
    dict
        `rows` (where each event lies), `open` (the events whose window is not one day), `ask_first` (the event of a
        case whose day would narrow the most other windows), `contradictions` (of a case the fewest bounds that cannot
        all be true; it has no rows then).
    """
    rows = [
        {
            "case": row.case_id,
            "event": row.event_id,
            "label": row.label,
            "earliest": _day(row.earliest),
            "latest": _day(row.latest),
            "words": row.words,
            "basis": row.basis if isinstance(row.basis, str) else None,
            "because": list(row.because),
            "reasons": row.reasons,
        }
        for row in places.rows.itertuples()
    ]
    asked = [{"case": case, "event": event, "narrows": n} for case, (event, n) in places.ask_first.items()]
    return {
        "format": FORMAT,
        "version": VERSION,
        "rows": rows,
        "open": [row["event"] for row in rows if row["earliest"] is None or row["earliest"] != row["latest"]],
        "ask_first": asked,
        "contradictions": [{"case": case, "bounds": list(bounds)} for case, bounds in places.contradictions],
    }


def _day(value: float) -> float | None:
    if not math.isfinite(value):
        return None
    return int(value) if float(value).is_integer() else value


def placement_in_words(book, places: Places) -> Iterator[str]:
    """What `place` prints: lines of text, case by case.

    Parameters
    ----------
    book : Casebook
        Its `cases` and `events`.
    places : Places
        Of the same patients.
    """
    labels = book.events.set_index("event_id")["label"]
    for case in book.cases.itertuples():
        who = f"{case.label} ({case.case_id}{SAID_OF.get(case.role, '')})"
        wrong = [ids for case_id, ids in places.contradictions if case_id == case.case_id]
        if wrong:
            yield f"{who}: {count(len(wrong), 'contradiction')}, so nothing is placed."
        elif case.case_id in places.zeros:
            yield f"{who}: day 0 is {labels[places.zeros[case.case_id]]}."
        else:
            yield f"{who}: no event."
        for ids in wrong:
            yield "  These cannot all be true; correct at least one:"
            yield from (f"    {places.statements[name]} ({name})" for name in ids)
        mine = places.rows[places.rows["case_id"] == case.case_id]
        width = max((len(label) for label in mine["label"]), default=0)
        for row in mine.itertuples():
            yield f"  {row.label:{width}}  {row.words}"
            if row.reasons:
                yield f"  {'':{width}}    because: {row.reasons}"
        if case.case_id in places.ask_first:
            event, narrows = places.ask_first[case.case_id]
            of_others = count(narrows, "window of another event", "windows of other events")
            yield f"  Ask for the day of {labels[event]} first: it narrows {of_others}."
