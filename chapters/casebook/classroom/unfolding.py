"""A case for a class, in stages: what the record places at each, what is asked there, feedback to each answer.

Where an event belongs is computed from the bounds: to the last anchor that it is known to follow, and before
the next one if it is known to precede it. An event with no known place comes on the closing card, and in no stage.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import pandas as pd

from casebook import data, words
from casebook.classroom import vignettes
from casebook.classroom.charted import Charted, charted
from casebook.classroom.vignettes import Vignette
from casebook.evidence import statements
from casebook.patients import individuals
from casebook.timeline import course

PLACE = ["event_id", "label", "basis", "after", "before", "place_basis", "judgment", "anchor"]


@dataclass(frozen=True)
class Choice:
    """An answer that may be chosen, the verdict on it, and feedback with its ground."""

    says: str
    verdict: str
    feedback: str
    ground: str


@dataclass(frozen=True)
class Question:
    """What a stage asks: with choices, or with what is known of some gaps and what each would change."""

    question_id: str
    asks: str
    choices: tuple[Choice, ...] = ()
    gaps: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Told:
    """A fact that a stage or the closing card tells, and what it and its place rest on."""

    label: str
    basis: str
    place_basis: str = ""


@dataclass(frozen=True)
class Stage:
    """One stage of a case; `told` and `chart` are made up, `facts` are the record's.

    What is to be graded comes after the questions, or before them (`graded_first`).
    """

    stage_id: str
    title: str
    facts: tuple[Told, ...]
    told: str
    questions: tuple[Question, ...]
    to_grade: Vignette | None
    lesson: str
    objective: str
    chart: Charted | None = None
    graded_first: bool = False


@dataclass(frozen=True)
class Case:
    """A case in stages, and what comes on its closing card: facts without a place, and judgments of the whole."""

    case_id: str
    label: str
    made_up: bool
    stages: tuple[Stage, ...]
    somewhere: tuple[Told, ...]
    judged: tuple[Told, ...]


def stages_of_events(book, case_id: str) -> pd.DataFrame:
    """Say between which anchors each event of a patient is known to lie.

    Parameters
    ----------
    book : Casebook
    case_id : str

    Returns
    -------
    DataFrame
        One row an event: `event_id`, `label`, `basis`; `after`, the kind of the last anchor in time that it is
        known to follow (its own, if it is one), and `before`, of the first that it is known to precede, each
        blank if none; `place_basis`, the weakest basis of that; `judgment` and `anchor` (bool).

    Raises
    ------
    ValueError
        If the patient has no event that days are counted from.
    """
    one = data.select(book, case_id)
    anchors = one.events["index_event"] & one.events["kind"].isin(individuals.anchor_kinds(book)["kind"])
    if not anchors.any():
        known = words.listed(individuals.anchor_kinds(book)["kind"], "or")
        raise ValueError(f"events, {case_id}: no event is one that days are counted from, so none has a stage: set "
                         f"index_event to true in one of the kind {known}")  # fmt: skip
    one = replace(one, events=one.events.assign(index_event=anchors))
    kinds = one.events.set_index("event_id")["kind"]
    seen = course(one, kinds[anchors.to_numpy()].iloc[0])
    near = seen.windows.set_index("event_id")
    rows = []
    for event in seen.events.itertuples():
        mine = near.loc[event.event_id]
        since, until, bases = mine["since"], mine["until"], [mine["since_basis"], mine["until_basis"]]
        if event.index_event:
            since, until, bases = event.event_id, None, []
        elif since is not None and since == until:  # on its very day: what comes next comes after both
            until, bases = near.loc[since, "until"], [*bases, near.loc[since, "until_basis"]]
        sides = [kinds[other] if other is not None else "" for other in (since, until)]
        weakest = words.weakest(basis for basis in bases if basis) or ""
        told = [event.event_id, event.label, event.basis]
        rows.append([*told, *sides, weakest, event.judgment, event.index_event])
    return pd.DataFrame(rows, columns=PLACE)


def unfold(book, case_id: str) -> Case:
    """Put a case together for a class.

    Parameters
    ----------
    book : Casebook
    case_id : str
        A patient who has stages.

    Returns
    -------
    Case

    Raises
    ------
    ValueError
        If the patient has no stages, if a fact of the record has a place that no stage tells, or if a row
        names a gap that the patient does not have.
    """
    rows = book.stages[book.stages["case_id"] == case_id].sort_values("rank")
    if rows.empty:
        known = ", ".join(book.stages["case_id"].unique())
        raise ValueError(f"stages has no row for {case_id!r}; it has stages of {known}")
    patient = book.cases.set_index("case_id").loc[case_id]
    made_up = case_id.startswith(words.MADE_UP)
    of_record = rows["told"].isna().all()
    where = stages_of_events(book, case_id) if of_record else pd.DataFrame(columns=PLACE)
    open_ = where["after"].eq("") & where["before"].eq("")
    judged = where["judgment"].astype(bool)
    numbers = statements.named_numbers(book) if book.options["sentence"].notna().any() else {}
    stages, told = [], set(where.loc[open_ | judged, "event_id"])
    for row in rows.fillna("").itertuples():
        here = where[where["after"].eq(row.after) & where["before"].eq(row.before) & ~open_ & ~judged]
        here = here.sort_values("anchor", ascending=False, kind="stable") if len(here) else here
        told |= set(here["event_id"])
        stages.append(_stage(book, row, here, numbers))
    charts = charted(book, case_id, rows["event_id"].fillna("").tolist(), [stage.to_grade for stage in stages])
    stages = [replace(stage, chart=chart) for stage, chart in zip(stages, charts)]
    if left := sorted(set(where["event_id"]) - told):
        named = ", ".join(left)
        raise ValueError(f"stages, {case_id}: no stage has the place of {named}; add one with that after, before")
    somewhere = _told(where[open_ & ~judged])
    return Case(case_id, patient["label"], made_up, tuple(stages), somewhere, _told(where[judged]))


def _told(rows: pd.DataFrame) -> tuple[Told, ...]:
    return tuple(Told(row.label, row.basis, row.place_basis) for row in rows.itertuples())


def _stage(book, row, here: pd.DataFrame, numbers: dict[str, str]) -> Stage:
    asked = book.questions[book.questions["stage_id"] == row.stage_id].sort_values("rank")
    questions = tuple(_question(book, one, row.case_id, numbers) for one in asked.fillna("").itertuples())
    to_grade = vignettes.vignette(book, row.vignette_id) if row.vignette_id else None
    lesson = book.lessons.set_index("lesson_id").at[row.lesson_id, "lesson"]
    about = row.stage_id, row.title, _told(here), row.told, questions, to_grade, lesson, row.objective
    return Stage(*about, graded_first=bool(row.graded_first))


def _question(book, row, case_id: str, numbers: dict[str, str]) -> Question:
    options = book.options[book.options["question_id"] == row.question_id].sort_values("rank").fillna("")
    choices = tuple(
        Choice(one.says, one.verdict, one.feedback, ground(book, one, numbers)) for one in options.itertuples()
    )
    told, known = _gaps(book, row, case_id)
    if choices and not known:
        return Question(row.question_id, row.asks, choices)
    return Question(row.question_id, row.asks, gaps=told)


def _gaps(book, row, case_id: str) -> tuple[tuple[tuple[str, str], ...], bool]:
    """What is known of the gaps that a question is about, and whether any of them is filled.

    Choices rest on what is open: once one is filled, it is told in their place.
    """
    told, known = [], False
    mine = data.gaps.asked(book).loc[book.gaps["case_id"] == case_id].set_index("topic")
    for topic in filter(None, row.topics.split("|")):
        if topic not in mine.index:
            raise ValueError(
                f"questions, {row.question_id}, topics: {topic!r} is no gap of {case_id}; "
                f"it has {', '.join(mine.index)}"
            )
        gap = mine.loc[topic]
        known |= pd.notna(gap["value"])
        told.append(
            (
                f"{gap['what']}: {data.gaps.gaps_in_words(book, [gap['gap_id']])}",
                f"It would change: {gap['recomputes']}.",
            )
        )
    return tuple(told), known


def ground(book, option, numbers: dict[str, str]) -> str:
    """Say what the feedback to an option rests on, in the words of the row that it names; nothing if it names none.

    Parameters
    ----------
    book : Casebook
    option : a row of `options`, blank cells as ""
    numbers : dict of str
        What `statements.named_numbers` gives.
    """
    said = []
    if option.management_id:
        row = book.management.set_index("management_id").loc[option.management_id]
        said.append(f"{row['label']} ({row['strength']}, read in: {row['read_in']}): {row['statement']}")
        said.append(row["caveat"] if pd.notna(row["caveat"]) else "")
    if option.differential_id:
        row = book.differential.set_index("differential_id").loc[option.differential_id]
        said.append(f"{row['label']} (read in: {row['read_in']}): {row['speaks_for']} {row['tells_apart']}")
    if option.definition_id:
        row = book.definitions.set_index("definition_id").loc[option.definition_id]
        said.append(f"{row['label']} (read in: {row['read_in']}): {row['definition']}")
    if option.sentence:
        said.append(f"Published: {numbers[option.sentence]}{_by(book, option.sentence)}.")
    return " ".join(filter(None, said))


def _by(book, sentence: str) -> str:
    """The study of a published number, where it is one study's."""
    row = book.sentences.set_index("sentence").loc[sentence]
    for column, table in (("outcome_id", book.outcomes), ("interval_id", book.intervals)):
        if pd.notna(row[column]):
            study = table.set_index(column).at[row[column], "study_id"]
            labels = book.studies.set_index("study_id")["label"]
            return f" ({labels.get(study, study)})"
    return ""


def recap(case: Case) -> pd.DataFrame:
    """Tie each stage to its lesson and objective: `Stage`, `Lesson`, `After it you can`."""
    rows = [[stage.title, stage.lesson, stage.objective] for stage in case.stages]
    return pd.DataFrame(rows, columns=["Stage", "Lesson", "After it you can"])
