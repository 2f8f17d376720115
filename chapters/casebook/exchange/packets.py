"""A phenopacket as a tree that is read part by part: what is read is noted, and whatever is left can be named."""

from __future__ import annotations

import json
import math
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from casebook.data import INVISIBLE

DEEPEST = 100  # levels; packets of the standard have some twenty
LARGEST = 64 * 2**20  # bytes; packets of one patient have a few thousand
SHOWN = 300  # so many letters of what is left are shown
NO_VALUE = re.compile(r"UNKNOWN_[A-Z]+")  # what protobuf calls the first word of a list of words
NUMBER = (int, float)
OTHER_TYPE = "the standard gives another type for it, so that it cannot be read"
NO_COLUMN, NO_TABLE = "no column has a place for it", "no table has a place for it"

Place = tuple[str | int, ...]


@dataclass(frozen=True)
class Part:
    """A part of a packet.

    Attributes
    ----------
    value : object
        What stands there: an object, a list, a text, a number; an empty object where nothing does.
    path : tuple of str and int
        Where it stands, such as `("phenotypicFeatures", 0, "onset")`.
    taken : set of tuple
        The places that were read, of the whole packet.
    reasons : dict of tuple to str
        Why what stands in a place cannot be held, of the whole packet.
    """

    value: object
    path: Place = ()
    taken: set[Place] = field(default_factory=set)
    reasons: dict[Place, str] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.value)

    def __contains__(self, key: str) -> bool:
        return isinstance(self.value, dict) and key in self.value

    @property
    def where(self) -> str:
        """The place in words: `phenotypicFeatures[0].onset`."""
        return "".join(f"[{key}]" if isinstance(key, int) else f".{key}" for key in self.path).removeprefix(".")

    def get(self, key: str, kind: type | tuple[type, ...] = str):
        """What stands under a key, if it is of that type; else None, and a reason if something else stands there."""
        found = self.value.get(key) if isinstance(self.value, dict) else None
        if isinstance(found, kind) and (kind is bool or not isinstance(found, bool)):
            return found
        if found is not None:
            self.reasons.setdefault((*self.path, key), OTHER_TYPE)
        return None

    def take(self, key: str, kind: type | tuple[type, ...] = str):
        """As `get`, and note that it was read."""
        found = self.get(key, kind)
        if found is not None:
            self.note((key,))
        return found

    def note(self, *paths: Place) -> None:
        """Note that these places within the part were read, each with all that it holds."""
        self.taken.update((*self.path, *path) for path in paths)

    def leave(self, why: str, *keys: str) -> None:
        """Say why what is not read of the part, or of what stands under some keys, cannot be held."""
        self.reasons[(*self.path, *keys)] = why

    def at(self, *keys: str | int):
        """What stands at the end of some keys, whatever it is; None if nothing does."""
        found = self.value
        for key in keys:
            if isinstance(found, list) and isinstance(key, int):
                found = found[key]
            else:
                found = found.get(key) if isinstance(found, dict) else None
        return found

    def part(self, key: str) -> Part:
        """The object under a key; an empty one if there is none."""
        return Part(self.get(key, dict) or {}, (*self.path, key), self.taken, self.reasons)

    def codes(self) -> list[str]:
        """The identifiers that were read in the part."""
        length = len(self.path)
        paths = [path for path in self.taken if path[:length] == self.path and path[-1] == "id"]
        return list(dict.fromkeys(str(self.at(*path[length:])) for path in sorted(paths, key=str)))

    def first(self, *keys: str) -> Part:
        """The first of these objects that is there, or an empty one."""
        return next((self.part(key) for key in keys if key in self), Part({}, self.path, self.taken, self.reasons))

    def parts(self, key: str) -> list[Part]:
        """The objects of the list under a key."""
        items = enumerate(self.get(key, list) or [])
        found = [Part(item, (*self.path, key, number), self.taken, self.reasons) for number, item in items if item]
        for one in found:
            if not isinstance(one.value, dict):
                one.leave(OTHER_TYPE)
        return [one for one in found if isinstance(one.value, dict)]

    def left(self) -> Iterator[tuple[str, str, str]]:
        """Whatever was not read: where, what, why."""
        touched = {path[:length] for path in self.taken for length in range(len(path))}
        yield from self._left(touched)

    def _left(self, touched: set[Place]) -> Iterator[tuple[str, str, str]]:
        if self.path in self.taken or (self.path not in self.reasons and _is_default(self.value)):
            return
        items = self.value.items() if isinstance(self.value, dict) else []
        if isinstance(self.value, list) and any(isinstance(item, dict) for item in self.value):
            items = enumerate(self.value)
        if items and (not self.path or self.path in touched or isinstance(self.value, list)):
            for key, value in items:
                yield from Part(value, (*self.path, key), self.taken, self.reasons)._left(touched)
        else:
            yield self.where, shown(self.value), self._reason()

    def _reason(self) -> str:
        above = [self.path[:length] for length in range(len(self.path), -1, -1)]
        below = sorted((path for path in self.reasons if path[: len(self.path)] == self.path), key=str)
        default = NO_TABLE if sum(isinstance(key, str) for key in self.path) == 1 else NO_COLUMN
        return next((self.reasons[path] for path in (*above, *below) if path in self.reasons), default)


def _is_default(value) -> bool:
    """Whether nothing but what programs write where nothing is known stands there."""
    if isinstance(value, dict):
        return all(map(_is_default, value.values()))
    return all(map(_is_default, value)) if isinstance(value, list) else not value


def text_of(value) -> str:
    """A text in one line, without characters that nobody sees."""
    return "".join(c for c in " ".join(str(value).split()) if unicodedata.category(c) not in INVISIBLE).strip()


def shown(value) -> str:
    """What stands somewhere, in words: whole if it is short, else first its names."""
    whole = _flat(value)
    if len(whole) <= SHOWN:
        return whole
    named = ", ".join(dict.fromkeys(_names(value)))
    named = f"{named[:SHOWN]}{'…' if len(named) > SHOWN else ''}: " if named else ""
    return f"{named}{whole[:SHOWN]}… ({len(whole)} letters in all)"


def _flat(value) -> str:
    if isinstance(value, list):
        return ", ".join(_flat(item) for item in value if item is not None)
    if not isinstance(value, dict):
        return str(value).lower() if isinstance(value, bool) else text_of(value)
    if {"id", "label"} == set(value):
        return f"{_flat(value['label'])} ({_flat(value['id'])})"
    return "; ".join(f"{text_of(key)}: {_flat(item)}" for key, item in value.items())


def _names(value) -> Iterator[str]:
    if isinstance(value, dict):
        yield from (text_of(value[key]) for key in ("label", "symbol", "summary") if isinstance(value.get(key), str))
    items = value.values() if isinstance(value, dict) else value if isinstance(value, list) else []
    for item in items:
        yield from _names(item)


def packet_of(value, depth: int = 0):
    """The same without what says nothing, with keys as the JSON of the standard writes them.

    Null, blank texts, empty lists and objects, and words such as UNKNOWN_SEX are what protobuf takes for no value;
    `phenotypic_features` is another name of `phenotypicFeatures`.

    Raises
    ------
    ValueError
        If it is nested deeper than `DEEPEST`, holds the same key twice, or what is no number or no text.
    """
    if depth > DEEPEST:
        raise ValueError(f"it is nested more than {DEEPEST} levels deep")
    if isinstance(value, dict):
        found = _once([(_camel(key), packet_of(one, depth + 1)) for key, one in value.items()])
        return {key: one for key, one in found.items() if isinstance(one, NUMBER) or one}
    if isinstance(value, list):
        return [packet_of(one, depth + 1) for one in value]
    if isinstance(value, float) and not math.isfinite(value):
        raise ValueError(f"{value} is no number")
    if isinstance(value, str):
        if any(unicodedata.category(c) == "Cs" for c in value):
            raise ValueError(f"{ascii(value)[:SHOWN]} is no text: half of a character stands alone")
        return None if NO_VALUE.fullmatch(value) or not text_of(value) else value
    return value


def _camel(key: str) -> str:
    return re.sub(r"(?<=[a-z0-9])_([a-z0-9])", lambda found: found[1].upper(), key)


def _once(pairs: list[tuple[str, object]]) -> dict:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [key for key, _ in pairs]
        raise ValueError(f"the key {next(key for key in names if names.count(key) > 1)!r} stands twice in one object")
    return found


def _no_number(text: str):
    raise ValueError(f"{text} is no number of JSON")


def read_json(path: str | Path) -> object:
    """What a file of JSON holds, whoever wrote it.

    Raises
    ------
    ValueError
        If it is no file, too large, no JSON in UTF-8, too deep, or says one thing twice; in one sentence.
    """
    try:
        with Path(path).open("rb") as file:
            content = file.read(LARGEST + 1)
    except OSError as error:
        raise ValueError(f"{path}: expected a file that can be read: {error.strerror}") from None
    if len(content) > LARGEST:
        raise ValueError(f"{path}: expected at most {LARGEST // 2**20} megabytes for one patient")
    try:
        return json.loads(content.decode("utf-8-sig"), object_pairs_hook=_once, parse_constant=_no_number)
    except RecursionError:
        raise ValueError(f"{path}: it is nested more than {DEEPEST} levels deep") from None
    except ValueError as error:
        raise ValueError(f"{path}: expected JSON in UTF-8: {error}") from None
