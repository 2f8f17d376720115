"""A case in stages and made-up patients to grade, as HTML that works by keyboard, on paper and with scripts off.

What is to be thought about before it is read stands behind a disclosure (`details`). Nothing needs a script:
a choice is a radio button, and the feedback to every choice opens at once. With scripts whoever has chosen commits, and
reads the feedback to that choice first.
"""

from __future__ import annotations

import html
from collections.abc import Iterable

from casebook import words
from casebook.charts._strips import measured_today, strips
from casebook.charts._table import Table

SOMEWHERE = f"{words.sentence(words.ANYWHERE)}; the record does not say when"
NOTHING = "The record places nothing here."
SIGNS = {"fits": "✓", "fits in part": "◐", "does not fit": "✗", "cannot be known": "?"}
ROOM = '<p class="stage-room"></p>'
MADE_UP_LINE = "Made up: nobody had this course."
RECORD_LINE = (
    "What is said here is the record's; where a place rests on a definition or on our reading, a mark says so."
)


def case_in_stages(case, *, paper: bool = False) -> Table:
    """Print a case: the first stage open, each later one and the closing card behind a disclosure.

    Parameters
    ----------
    case : unfolding.Case
    paper : bool
        For a handout: everything open, room to write, and no feedback.

    Returns
    -------
    Table
        A made-up patient says so in its caption.
    """
    caption = f"{words.sentence(case.label)}, in {len(case.stages)} stages"
    caption += " (made up)" * (case.made_up and "made-up" not in case.label)
    parts = [
        _card(f"{number}. {_text(stage.title)}", _body(stage, case.label, paper), shown=paper or number == 1)
        for number, stage in enumerate(case.stages, 1)
    ]
    if case.somewhere or case.judged:
        parts.append(_closing(case, paper))
    return _section(MADE_UP_LINE if case.made_up else RECORD_LINE, "\n".join(parts), caption, case.made_up)


def to_grade(vignettes: Iterable, caption: str, *, paper: bool = False) -> Table:
    """Print made-up patients to grade (`vignettes.Vignette`), each with its answer behind a disclosure, or none."""
    entries = "\n".join(f"<li>{_to_grade(one, paper)}</li>" for one in vignettes)
    return _section("Made up: nobody had these findings.", f'<ol class="drill">\n{entries}\n</ol>', caption, True)


def _section(line: str, body: str, caption: str, made_up: bool) -> Table:
    kind = "made-up" if made_up else "record"
    return Table(
        f'<section class="unfolding unfolding-{kind}" aria-label="{_text(caption)}">\n'
        f'<p class="unfolding-whose">{line}</p>\n{body}\n</section>',
        caption,
    )


def _text(text: str) -> str:
    return html.escape(text)


def _body(stage, label: str, paper: bool) -> str:
    told = f'<p class="stage-told">{_text(stage.told)}</p>' if stage.told else _facts(stage.facts)
    chart = "" if stage.chart is None else measured_today(stage.chart) if paper else strips(stage.chart, label)
    asked = "\n".join(_question(question, paper) for question in stage.questions)
    graded = _to_grade(stage.to_grade, paper) if stage.to_grade else ""
    return "\n".join(filter(None, [told, chart, *((graded, asked) if stage.graded_first else (asked, graded))]))


def _facts(facts: tuple) -> str:
    if not facts:
        return f'<p class="stage-told">{NOTHING}</p>'
    return f'<ul class="stage-facts">{"".join(map(_fact, facts))}</ul>'


def _fact(fact) -> str:
    """Stated is the normal case and carries no mark; what deviates does, in the fact and in its place."""
    marks = [_basis(fact.basis)] if fact.basis != words.BASES[0] else []
    marks += [f"place in time: {_basis(fact.place_basis)}"] if fact.place_basis not in ("", words.BASES[0]) else []
    return f"<li>{_text(fact.label)} <span class='stage-basis'>{'; '.join(marks)}</span></li>"


def _basis(word: str) -> str:
    return f'<span class="basis basis-{word.replace(" ", "-")}">{word}</span>'


def _question(question, paper: bool) -> str:
    name = _text(question.question_id)
    lettered = [(letter, _text(choice.says)) for letter, choice in zip("abcdefgh", question.choices)]
    if paper:
        offered = "".join(f'<p class="stage-choice">{letter}. {says}</p>' for letter, says in lettered) or f"{ROOM}\n"
        return f'<div class="stage-question"><p class="stage-asks">{_text(question.asks)}</p>{offered}</div>'
    if not lettered:
        open_ = "".join(f"<li><p>{_text(what)}. {_text(change)}</p></li>" for what, change in question.gaps)
        asked = f'<label for="{name}">{_text(question.asks)}</label>\n<textarea id="{name}" rows="3" '
        answer = _fold("Compare with the gaps of the record", f"<ul>{open_}</ul>")
        return f'<div class="stage-question">{asked}autocomplete="off"></textarea>\n{answer}</div>'
    offered = "".join(
        f'<label><input type="radio" name="{name}" autocomplete="off"> {letter}. {says}</label>'
        for letter, says in lettered
    )
    said = "".join(
        f'<li value="{number}"><p><strong><span aria-hidden="true">{SIGNS[choice.verdict]}</span> '
        f"{_text(words.sentence(choice.verdict))}.</strong> "
        f"{_text(choice.feedback)}{_ground(choice.ground)}</p></li>"
        for number, choice in enumerate(question.choices, 1)
    )
    fold = _fold("Feedback to each answer", f'<ol type="a">{said}</ol>')
    return f'<fieldset class="stage-question"><legend>{_text(question.asks)}</legend>\n{offered}\n{fold}</fieldset>'


def _fold(summary: str, body: str) -> str:
    return f'<details class="stage-feedback"><summary>{summary}</summary>\n{body}</details>'


def _ground(said: str) -> str:
    return f' <span class="stage-ground">{_text(said)}</span>' if said else ""


def _to_grade(vignette, paper: bool) -> str:
    answer = _fold(
        "Answer, and the rule that decides",
        f"<p><strong>{_text(vignette.answer)}.</strong> {_text(vignette.because)}.</p>\n"
        f"<p>{_text(vignette.teaches)}</p>",
    )
    return (
        f'<div class="stage-question to-grade"><p class="stage-told">{_text(vignette.told)}</p>\n'
        f'<p class="stage-asks">{_text(vignette.asks)}</p>\n{ROOM if paper else answer}</div>'
    )


def _closing(case, paper: bool) -> str:
    somewhere = f"<p>{SOMEWHERE}:</p>{_facts(case.somewhere)}" if case.somewhere else ""
    judged = f"<p>The record's judgment of the whole course:</p>{_facts(case.judged)}" if case.judged else ""
    title = "Closing card: what has no place in time"
    return _card(title, f"{somewhere}{judged}", shown=paper, kind="stage stage-closing")


def _card(title: str, body: str, *, shown: bool, kind: str = "stage") -> str:
    """A stage that is shown, or that stands behind its title."""
    if shown:
        return f'<div class="{kind}"><p class="stage-title">{title}</p>\n{body}</div>'
    return f'<details class="{kind}"><summary class="stage-title">{title}</summary>\n{body}</details>'
