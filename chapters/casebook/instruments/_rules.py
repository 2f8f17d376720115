"""The tables `criteria`, `forms` and `inputs` as records, and how several rules make one value.

The value is the highest grade among the rules that hold. Rules with one name in `together` hold only
together. What was not assessed makes a rule neither true nor false: the value is then the highest grade
that is certain, and the ceiling the highest that is possible.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache, lru_cache

import pandas as pd

from casebook import data, words
from casebook.data import MAKE, TELL, Condition, Value, all_hold, condition, holds
from casebook.instruments._said import SAYS


@dataclass(frozen=True)
class Rule:
    """A row of `criteria`: columns as in the table, its condition read, and the parts that a row `max` names."""

    instrument: str
    rule_id: str
    parameter: str
    condition: Condition
    together: str
    decides: str
    grade: str
    says: str
    parts: tuple[str, ...] = ()


@dataclass(frozen=True)
class Input:
    """A row of `inputs`: columns as in the table; choices with their labels, other units with their two limits."""

    name: str
    kind: str = "number"
    label: str = ""
    parts: tuple[str, ...] = ("",)
    choices: tuple[tuple[str, str], ...] = ()
    begins: str = ""
    required: bool = False
    unit: str = ""
    low: float = 0
    high: float | None = None
    other_units: tuple[tuple[str, float, float | None], ...] = ()


@dataclass(frozen=True)
class Form:
    """A row of `forms` with its inputs: columns as in the table; parts with their headings, one "" if it has none.

    `line` has pairs, too: what was picked, and how a line for a note then begins.
    """

    form: str
    function: str
    instrument: str
    decides: tuple[str, ...]
    combine: str
    picks: str
    values: tuple[str, ...]
    gate: str
    organ: str
    parts: tuple[tuple[str, str], ...]
    terms: tuple[str, ...]
    title: str
    gives: str
    line: tuple[tuple[str, str], ...]
    inputs: tuple[Input, ...]


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
    line : str
        The same as a line for a note, in the words of the form; blank where no form was filled in.
    """

    value: int | float | str | bool | None
    rule: str
    missing: tuple[str, ...] = ()
    at_least: bool = False
    line: str = field(default="", compare=False, kw_only=True)

    def __str__(self) -> str:
        said = "undetermined" if self.value is None else str(self.value)
        open_ = f" (not assessed: {', '.join(self.missing)})" if self.missing else ""
        return f"{'at least ' if self.at_least else ''}{said}{open_}: {self.rule}"


@dataclass(frozen=True)
class Criteria:
    """The rules that may be used and those that may not, forms and inputs by name, definitions by term."""

    used: tuple[Rule, ...]
    unused: tuple[Rule, ...]
    forms: Mapping[str, Form]
    inputs: Mapping[str, Input]
    definitions: Mapping[str, str]

    def of(self, instrument: str, *decides: str) -> tuple[Rule, ...]:
        """The used rules of an instrument that decide one of these things; all of them if none is named."""
        return _those(self.used, instrument, decides)

    def unused_of(self, instrument: str, *decides: str) -> tuple[Rule, ...]:
        """The same of the rules that may not be used."""
        return _those(self.unused, instrument, decides)

    def form(self, name: str) -> Form:
        """How an instrument is filled in; the error names what the tables have."""
        if name not in self.forms:
            raise ValueError(f"the tables have no form {name!r}: give {', '.join(self.forms)}")
        return self.forms[name]


def _those(rules: Iterable[Rule], instrument: str, decides: tuple[str, ...]) -> tuple[Rule, ...]:
    return tuple(rule for rule in rules if rule.instrument == instrument and (not decides or rule.decides in decides))


def criteria(tables: object = None) -> Criteria:
    """Take the rules out of the tables.

    Parameters
    ----------
    tables : Casebook or Criteria, optional
        Where the rules stand; the book's own if left out, which are loaded and checked once.

    Returns
    -------
    Criteria
        A rule may be used only if it was read: `verified` is yes. `of("crs")` has the rules of one instrument.

    Raises
    ------
    ValueError
        If a form names rules that are not there.
    """
    tables = _own() if tables is None else tables
    if isinstance(tables, Criteria):
        return tables
    for name in ("criteria", "inputs", "forms", "definitions"):
        getattr(tables, name)  # a build notes which tables a page reads, also when they were taken apart before
    return _of(tables)


@lru_cache(maxsize=4)
def _of(tables) -> Criteria:
    told = tables.definitions.dropna(subset=["term"]).drop_duplicates("term").set_index("term")["definition"]
    rules = [(row["verified"] == "yes", _rule(row)) for row in _records(tables.criteria)]
    inputs = [(row["form"], _input(row)) for row in _records(tables.inputs)]
    forms = {
        row["form"]: _form(row, tuple(one for form, one in inputs if form == row["form"]))
        for row in _records(tables.forms)
    }
    for one in forms.values():
        if one.instrument and not _those((rule for _, rule in rules), one.instrument, one.decides):
            wanted = f"{one.instrument!r} that decides {words.listed(one.decides, 'or')}"
            raise ValueError(f"forms, {one.form}: criteria has no rule of {wanted}. Correct the one or the other.")
    return Criteria(
        tuple(rule for was_read, rule in rules if was_read),
        tuple(rule for was_read, rule in rules if not was_read),
        forms,
        # What is measured and asked for by no form goes before an input of the same name.
        {one.name: one for _, one in sorted(inputs, key=lambda one: not one[0])},
        dict(told),
    )


@cache
def _own():
    return data.load()


def _records(frame: pd.DataFrame) -> list[dict]:
    return frame.astype("object").where(frame.notna(), "").to_dict("records")


def _rule(row: Mapping) -> Rule:
    asked = condition(row["operator"], row["threshold"])
    columns = ("together", "decides", "grade", "says")
    parts = _listed(row["threshold"]) if asked.operator == "max" else ()
    named = (row[column] for column in columns)
    return Rule(row["instrument"], row["rule_id"], row["parameter"], asked, *named, parts)


def _input(row: Mapping) -> Input:
    columns = ("name", "kind", "label", "begins", "required", "unit")
    return Input(
        **{column: row[column] for column in columns},
        parts=_listed(row["part"]) or ("",),
        choices=_pairs(row["choices"]),
        low=0 if row["low"] == "" else row["low"],
        high=None if row["high"] == "" else row["high"],
        other_units=tuple(map(_other_unit, _listed(row["other_units"]))),
    )


def _form(row: Mapping, inputs: tuple[Input, ...]) -> Form:
    lists = {column: _listed(row[column]) for column in ("decides", "values", "terms")}
    pairs = {"parts": _pairs(row["parts"]) or (("", ""),), "line": _pairs(row["line"])}
    return Form(**{**row, **lists, **pairs}, inputs=inputs)


def _listed(text: str) -> tuple[str, ...]:
    """Read what bars part."""
    return tuple(part.strip() for part in text.split("|")) if text else ()


def _pairs(text: str) -> tuple[tuple[str, str], ...]:
    """Read names with their labels: "none: none | focal: focal edema"."""
    return tuple((name.strip(), label.strip()) for name, _, label in (part.partition(":") for part in _listed(text)))


def _other_unit(text: str) -> tuple[str, float, float | None]:
    """Read another unit with the limits between which a number fits it: "°F > 45 < 115"."""
    unit, _, limits = text.partition(" > ")
    above, _, below = limits.partition(" < ")
    return unit, float(above), float(below) if below else None


@dataclass(frozen=True)
class Decision:
    """The highest grade that is certain, the rules that give it, the highest that is possible, and if any is open."""

    value: int
    rules: tuple[Rule, ...]
    ceiling: int
    is_open: bool


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
        if rule.condition.operator not in (*TELL, *MAKE):
            by_name.setdefault(rule.together or rule.rule_id, []).append(rule)
    return [
        (tuple(group), all_hold(holds(rule.condition, findings.get(rule.parameter)) for rule in group))
        for group in by_name.values()
    ]


def holding(rules: Iterable[Rule], findings: Mapping[str, Value]) -> tuple[Rule, ...]:
    """Give the rules that hold; parameters as for `groups`."""
    return tuple(rule for group, held in groups(rules, findings) if held for rule in group)


def decide(rules: Iterable[Rule], findings: Mapping[str, Value], values: tuple[str, ...] = ()) -> Decision:
    """Give the highest grade among the rules that hold; parameters as for `groups`, `values` if grades are words."""
    found = [(_rank(group[0].grade, values), group, held) for group, held in groups(rules, findings)]
    certain = [(grade, group) for grade, group, held in found if held]
    possible = [grade for grade, _, held in found if held is not False]
    value = max((grade for grade, _ in certain), default=0)
    deciding = tuple(rule for grade, group in certain if grade == value for rule in group)
    return Decision(value, deciding, max(possible, default=0), any(held is None for *_, held in found))


def _rank(grade: str, values: tuple[str, ...]) -> int:
    return values.index(grade) if values else int(grade)


def missing_of(findings: Mapping[str, Value]) -> tuple[str, ...]:
    """Name what was not assessed."""
    return tuple(name for name, value in findings.items() if value is None)


def in_words(rules: Iterable[Rule]) -> str:
    """Say the rules in words, each once."""
    return "; ".join(dict.fromkeys(rule.says for rule in rules)) or SAYS["no_rule"]


def put_together(rules: tuple[Rule, ...], findings: Mapping[str, Value], value: int) -> tuple[Rule, ...]:
    """Give the row that says how parts are put together, where it matters.

    That is where the parts that it names make different grades; where it names none, where the highest finding
    is not the value.
    """
    told = []
    for rule in rules:
        if rule.condition.operator != "max":
            continue
        if rule.parts:
            by_part = [
                [one for one in rules if one.parameter == name and not one.together]
                for name in rule.parts
                if findings.get(name) is not None
            ]
            grades = {decide(mine, findings).value for mine in by_part}
        else:
            grades = {value, max((one for one in findings.values() if one is not None), default=value)}
        told += [rule] if len(grades) > 1 else []
    return tuple(told)


def aside(unused: Iterable[Rule], findings: Mapping[str, Value]) -> str:
    """Say which rules would hold and are not used, because they were read only in part."""
    return words.listed(f"{SAYS['read_in_part']}: {rule.says}" for rule in holding(unused, findings))
