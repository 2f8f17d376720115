"""The rules of the tables `criteria_*` as records, and how several of them make one value.

The value is the highest grade among the rules that hold. Rules with one name in `together` hold only
together. What was not assessed makes a rule neither true nor false: the value is then the highest grade
that is certain, and the ceiling the highest that is possible.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache

import pandas as pd

from casebook import data, words
from casebook.data import TELL, Condition, Value, all_hold, condition, holds

PREFIX = "criteria_"
NO_RULE = "no rule that was assessed gives more than 0"
READ_IN_PART = "told and not used, because it was read only in part"


@dataclass(frozen=True)
class Rule:
    """A row of a table of criteria: columns as in the table, its condition read."""

    rule_id: str
    parameter: str
    condition: Condition
    together: str
    decides: str
    grade: str
    says: str


@dataclass(frozen=True)
class Graded:
    """What an instrument gives.

    Attributes
    ----------
    value : int, float, str, bool or None
        The grade, stage, score or word; None where nothing could be said.
    rule : str
        Which rule decided, in words.
    missing : tuple of str
        What was not assessed, by the names of the arguments.
    at_least : bool
        Whether what is missing could raise the value, which is then the least that it can be.
    rule_ids : tuple of str
        The rows that decided.
    """

    value: int | float | str | bool | None
    rule: str
    missing: tuple[str, ...] = ()
    at_least: bool = False
    rule_ids: tuple[str, ...] = field(default=())

    def __str__(self) -> str:
        said = "undetermined" if self.value is None else str(self.value)
        open_ = f" (not assessed: {', '.join(self.missing)})" if self.missing else ""
        return f"{'at least ' if self.at_least else ''}{said}{open_}: {self.rule}"


@dataclass(frozen=True)
class Criteria:
    """The rules by table, those that may not be used, and definitions by term."""

    used: Mapping[str, tuple[Rule, ...]]
    unused: Mapping[str, tuple[Rule, ...]]
    definitions: Mapping[str, str]

    def of(self, table: str, *decides: str) -> tuple[Rule, ...]:
        """The used rules of a table that decide one of these things; all of them if none is named."""
        return tuple(rule for rule in self.used[table] if not decides or rule.decides in decides)


def criteria(tables: object = None) -> Criteria:
    """Take the rules out of the tables.

    Parameters
    ----------
    tables : Casebook or Criteria, optional
        Where the rules stand; the book's own if left out, which are loaded and checked once.

    Returns
    -------
    Criteria
        A rule may be used only if it was read: `verified` is yes.
    """
    if tables is None:
        return _own()
    if isinstance(tables, Criteria):
        return tables
    names = [name for name in vars(tables) if name.startswith(PREFIX)]
    frames = {name: getattr(tables, name) for name in names}
    told = tables.definitions.dropna(subset=["term"]).drop_duplicates("term").set_index("term")["definition"]
    return Criteria(
        {name: tuple(_rules(frame[frame["verified"].eq("yes")])) for name, frame in frames.items()},
        {name: tuple(_rules(frame[frame["verified"].ne("yes")])) for name, frame in frames.items()},
        dict(told),
    )


@cache
def _own() -> Criteria:
    return criteria(data.load())


def _rules(frame: pd.DataFrame) -> Iterable[Rule]:
    frame = frame.astype("object").where(frame.notna(), "")
    for row in frame.itertuples(index=False):
        asked = condition(row.operator, row.threshold)
        yield Rule(row.rule_id, row.parameter, asked, row.together, row.decides, row.grade, row.says)


@dataclass(frozen=True)
class Decision:
    """The highest grade that is certain, the rules that give it, and the highest that is possible."""

    value: int
    rules: tuple[Rule, ...]
    ceiling: int


def groups(rules: Iterable[Rule], findings: Mapping[str, Value]) -> list[tuple[tuple[Rule, ...], bool | None]]:
    """Each rule, or each set of rules that hold only together, with whether it holds.

    Parameters
    ----------
    rules : iterable of Rule
    findings : mapping of str to value
        By parameter; one that is not there is not assessed.
    """
    by_name: dict[str, list[Rule]] = {}
    for rule in rules:
        if rule.condition.operator not in (*TELL, "divide"):
            by_name.setdefault(rule.together or rule.rule_id, []).append(rule)
    return [
        (tuple(group), all_hold(holds(rule.condition, findings.get(rule.parameter)) for rule in group))
        for group in by_name.values()
    ]


def decide(rules: Iterable[Rule], findings: Mapping[str, Value]) -> Decision:
    """Give the highest grade among the rules that hold; parameters as for `groups`."""
    found = groups(rules, findings)
    certain = [(int(group[0].grade), group) for group, held in found if held]
    possible = [int(group[0].grade) for group, held in found if held is not False]
    value = max((grade for grade, _ in certain), default=0)
    deciding = tuple(rule for grade, group in certain if grade == value for rule in group)
    return Decision(value, deciding, max(possible, default=0))


def missing_of(findings: Mapping[str, Value]) -> tuple[str, ...]:
    """Name what was not assessed."""
    return tuple(name for name, value in findings.items() if value is None)


def in_words(rules: Iterable[Rule]) -> str:
    """Say the rules in words, each once."""
    return "; ".join(dict.fromkeys(rule.says for rule in rules)) or NO_RULE


def ids(rules: Iterable[Rule]) -> tuple[str, ...]:
    """Name the rows."""
    return tuple(dict.fromkeys(rule.rule_id for rule in rules))


def worst_of(rules: Iterable[Rule], findings: Mapping[str, Value]) -> tuple[Rule, ...]:
    """Give the row that says how parts are put together, if the parts that were assessed differ."""
    rules = tuple(rules)
    alone = [rule for rule in rules if not rule.together]
    grades = {
        decide([rule for rule in alone if rule.parameter == name], findings).value
        for name, value in findings.items()
        if value is not None
    }
    return tuple(rule for rule in rules if rule.condition.operator == "max" and len(grades) > 1)


def aside(unused: Iterable[Rule], findings: Mapping[str, Value]) -> str:
    """Say which rules would hold and are not used, because they were read only in part."""
    would = [group for group, held in groups(unused, findings) if held]
    return words.listed(f"{READ_IN_PART}: {rule.says}" for group in would for rule in group)
