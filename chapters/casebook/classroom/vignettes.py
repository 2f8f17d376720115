"""Made-up patients to grade: the findings of a row are read, and the instruments say the rest.

A row of `vignettes` holds what is told and the findings behind it; no answer stands there.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import pandas as pd

from casebook import instruments, words
from casebook.evidence.lessons import graded_in_words
from casebook.instruments import Graded

ORGANS = ("skin", "liver", "upper_gi", "lower_gi")
TIMES = ("first", "second", "high_risk")
RISK = "risk_"


@dataclass(frozen=True)
class Vignette:
    """A made-up patient with what the rules make of it.

    Attributes
    ----------
    vignette_id, told, teaches : str
        As in the table.
    asks : str
        Which instrument is asked for, in words.
    graded : Graded
        What it gives.
    steps : tuple of str
        What was graded on the way, such as the stage of each organ.
    """

    vignette_id: str
    told: str
    teaches: str
    asks: str
    graded: Graded
    steps: tuple[str, ...] = ()

    @property
    def answer(self) -> str:
        """The answer in words, with what was not assessed and the risk, if the instrument tells one."""
        said = words.sentence(graded_in_words(self.graded))
        risk = getattr(self.graded, "risk", "")
        return f"{said}; risk {risk}" if risk else said

    @property
    def because(self) -> str:
        """The rule that decided, after the steps that led to it."""
        parts = [*self.steps, self.graded.rule]
        if risk := getattr(self.graded, "risk_rule", ""):
            parts.append(risk)
        if self.graded.missing and "not assessed" not in self.graded.rule:
            parts.append(f"not assessed: {words.listed(self.graded.missing)}")
        return words.sentence("; ".join(parts))


def findings(text: str) -> dict:
    """Read the findings of a row.

    Parameters
    ----------
    text : str
        `name=value` parted by semicolons; a dot in a name leads into a part.

    Returns
    -------
    dict
        Truth values and numbers as such; parts as dictionaries.

    Raises
    ------
    ValueError
        If a piece has no name and value, or a name stands twice.

    Examples
    --------
    >>> findings("temp_c=38.5; hypoxia.device=room_air; motor=false")
    {'temp_c': 38.5, 'hypoxia': {'device': 'room_air'}, 'motor': False}
    """
    found: dict = {}
    for piece in filter(None, map(str.strip, text.split(";"))):
        name, equals, value = (part.strip() for part in piece.partition("="))
        if not (name and equals and value):
            raise ValueError(f"findings, {piece!r}: expected name=value, such as temp_c=38.5")
        *parts, last = name.split(".")
        at = found
        for part in parts:
            at = at.setdefault(part, {})
        if not isinstance(at, dict) or last in at:
            raise ValueError(f"findings, {name!r}: stands twice; keep one of the two")
        at[last] = _value(value)
    return found


def _value(text: str) -> bool | int | float | str:
    if text in ("true", "false"):
        return text == "true"
    for kind in (int, float):
        try:
            return kind(text)
        except ValueError:
            continue
    return text


def _measured(given: Mapping, tables: object, prefix: str = "") -> dict:
    """Put a finding in the place of what it was measured by, by the rules of the tables."""
    return {
        name: instruments.category(f"{prefix}{name}", tables=tables, **value).value
        if isinstance(value, Mapping)
        else value
        for name, value in given.items()
    }


def _crs(given: dict, tables: object) -> tuple[Graded, tuple]:
    return instruments.crs_grade(**_measured(given, tables), tables=tables), ()


def _icans(given: dict, tables: object) -> tuple[Graded, tuple]:
    steps: tuple = ()
    if isinstance(given.get("ice"), Mapping):
        score = instruments.ice_score(**given["ice"], tables=tables)
        given = given | {"ice": None if score.missing else score.value}
        steps = (f"ICE score {graded_in_words(score)}",)
    return instruments.icans_grade(**_measured(given, tables), tables=tables), steps


def _gvhd(given: dict, tables: object) -> tuple[Graded, tuple]:
    if odd := sorted(set(given) - set(ORGANS)):
        raise ValueError(f"findings have {', '.join(odd)}: begin each with one of {', '.join(ORGANS)}")
    stages = {organ: instruments.gvhd_stage(organ, tables=tables, **given[organ]) for organ in ORGANS if organ in given}
    # A stage that may be higher is not known; a grade made from it would look certain.
    known = {organ: None if stage.at_least else stage.value for organ, stage in stages.items()}
    grade = instruments.gvhd_grade(**{organ: known.get(organ) for organ in ORGANS}, tables=tables)
    named = ((organ.replace("_gi", " gut"), stage) for organ, stage in stages.items())
    return grade, tuple(f"{name} {graded_in_words(stage)} ({stage.rule})" for name, stage in named)


def _tma(given: dict, tables: object) -> tuple[Graded, tuple]:
    parts = {name: _measured(given[name], tables, RISK * (name == "high_risk")) for name in TIMES if name in given}
    return instruments.tma_criteria(**{**given, **parts}, tables=tables), ()


BY_NAME: dict[str, Callable[[dict, object], tuple[Graded, tuple]]] = {
    "crs_grade": _crs,
    "icans_grade": _icans,
    "gvhd_grade": _gvhd,
    "tma_criteria": _tma,
}


def vignette(book, vignette_id: str) -> Vignette:
    """Grade one vignette.

    Parameters
    ----------
    book : Casebook
        Its `vignettes` and its tables of criteria are used.
    vignette_id : str

    Returns
    -------
    Vignette

    Raises
    ------
    ValueError
        If there is no such row, or its findings cannot be; the message names the row.
    """
    rows = book.vignettes[book.vignettes["vignette_id"] == vignette_id]
    if rows.empty:
        raise ValueError(f"vignettes has no row {vignette_id!r}; name one of its vignette_id")
    row = rows.iloc[0]
    try:
        graded, steps = BY_NAME[row["instrument"]](findings(row["findings"]), instruments.criteria(book))
    except (TypeError, ValueError) as error:
        raise ValueError(f"vignettes, {vignette_id}, findings: {error}") from error
    return Vignette(vignette_id, row["told"], row["teaches"], row["asks"], graded, steps)


def drill(book) -> tuple[Vignette, ...]:
    """Grade every vignette of the drill, in the order of the table."""
    rows = book.vignettes[book.vignettes["drill"]]
    return tuple(vignette(book, name) for name in rows["vignette_id"])


def key(vignettes: tuple[Vignette, ...]) -> pd.DataFrame:
    """The answers of some vignettes as a table: `Made-up patient`, `Instrument`, `Answer`, `Because`, `The trap`."""
    rows = [[one.told, one.asks, one.answer, one.because, one.teaches] for one in vignettes]
    return pd.DataFrame(rows, columns=["Made-up patient", "Instrument", "Answer", "Because", "The trap"])
