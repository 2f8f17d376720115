"""What a lesson rests on beyond the cases: what guidelines and series say, and what else to think of."""

from __future__ import annotations

import pandas as pd

from casebook import words
from casebook.evidence.phrases import read_in_words

NO_LESSON = "No lesson is drawn."


def reports(book, lesson: str) -> pd.DataFrame:
    """What sources say on a lesson, in the order of the table, which is that of a course.

    Parameters
    ----------
    book : Casebook
    lesson : str
        A `lesson_id`.

    Returns
    -------
    DataFrame
        One row a statement: `Source` (how it is called, and what kind of source it is), `What it says`,
        and `Read in, and caveat`.

    Raises
    ------
    ValueError
        If nothing is there to show.
    """
    rows = book.management[book.management["lesson_id"].eq(lesson)]
    if rows.empty:
        known = ", ".join(book.management["lesson_id"].unique())
        raise ValueError(f"management has no row for the lesson {lesson!r}; it has some for {known}")
    return pd.DataFrame(
        {
            "Source": rows["label"] + " (" + rows["strength"] + ")",
            "What it says": rows["statement"],
            "Read in, and caveat": read_in_words(rows),
        }
    ).reset_index(drop=True)


def differential(book) -> pd.DataFrame:
    """What else to think of, what speaks for it and what helps to tell it apart, each with its source.

    Returns
    -------
    DataFrame
        One row an entry of `differential`: `Condition` (with the source, and in what it was read),
        `What speaks for it`, and `What helps to tell it apart` (with the caveat, if there is one).
    """
    rows = book.differential
    source = " (" + rows["label"] + ", " + rows["read_in"] + ")"
    return pd.DataFrame(
        {
            "Condition": rows["condition"].map(words.sentence) + source,
            "What speaks for it": rows["speaks_for"],
            "What helps to tell it apart": (rows["tells_apart"] + " " + rows["caveat"].fillna("")).str.strip(),
        }
    )


def along_the_way(book) -> pd.DataFrame:
    """The way in one table: for each phase what the cases add, what others say, the instrument, what is not known.

    Returns
    -------
    DataFrame
        One row a phase, in the order of `phases`: `Phase`, `What the two cases add` (their events, each with
        what it rests on), `What others say` (the statements that lead, with source, kind and in what they were
        read), `Instrument`, `Not known`.
    """
    events = book.events.set_index("event_id")
    rows = []
    for phase in book.phases.itertuples():
        drawn = book.lessons[book.lessons["phase"].eq(phase.phase)]
        said = book.management[book.management["phase"].eq(phase.phase) & book.management["leads"]]
        others = [
            f"{row.statement} ({row.label}; {row.strength}; read in: {row.read_in}.)" for row in said.itertuples()
        ]
        adds = " ".join(_drawn(book, events, row) for row in drawn.itertuples()) or NO_LESSON
        rows.append((words.sentence(phase.label), adds, " ".join(others), phase.instrument, phase.not_known))
    return pd.DataFrame(rows, columns=["Phase", "What the two cases add", "What others say", "Instrument", "Not known"])


def _drawn(book, events: pd.DataFrame, lesson) -> str:
    """Say a lesson, and which events it is drawn from: these have no place in time by standing here."""
    from_ = [one for one in (lesson.case_1_event, lesson.case_2_event) if pd.notna(one)]
    who = events["case_id"].map(book.cases.set_index("case_id")["label"])
    named = [f"{who[one]}, {events.at[one, 'label']} ({events.at[one, 'basis']})" for one in from_]
    return f"{lesson.lesson} Drawn from: {'; '.join(named)}."


def worked(book, lesson: str, *results) -> pd.DataFrame:
    """A made-up patient beside a lesson: graded by hand, and by Python.

    Parameters
    ----------
    book : Casebook
    lesson : str
        A `lesson_id`.
    *results : instruments.Graded
        What Python gives, one for each row of `worked_patients` that belongs to the lesson, in their order.

    Returns
    -------
    DataFrame
        `Made-up patient`, `By hand`, `In Python` and `Rule that decided`.

    Raises
    ------
    ValueError
        If there are more or fewer results than rows, or if one is not what was found by hand.
    """
    rows = book.worked_patients[book.worked_patients["lesson_id"].eq(lesson)]
    if len(rows) != len(results):
        raise ValueError(f"worked_patients has {len(rows)} rows for {lesson!r}, and {len(results)} results were given")
    values = [graded_in_words(result) for result in results]
    for row, value in zip(rows.itertuples(), values):
        if row.value != value:
            raise ValueError(f"worked_patients, {row.worked_id}: by hand {row.value!r}, in Python {value!r}")
    return pd.DataFrame(
        {
            "Made-up patient": list(rows["told"]),
            "By hand": [f"{value}. {hand}" for value, hand in zip(rows["value"].map(words.sentence), rows["by_hand"])],
            "In Python": [words.sentence(value) for value in values],
            "Rule that decided": [words.sentence(result.rule) for result in results],
        }
    )


def graded_in_words(result) -> str:
    """Say the value of a graded result, such as "at least 2" or "13"."""
    value = f"{result.value:g}" if isinstance(result.value, (int, float)) else str(result.value)
    return f"at least {value}" if result.at_least else value
