"""What is given: counts and options, checked; every refusal says what was found and what is needed."""

from __future__ import annotations

from collections.abc import Sequence
from numbers import Real

import numpy as np

MOST = 10**12  # patients of one study
LEVELS = (0.001, 1 - 1e-9)  # nearer to 0 or to 1 a limit is lost in the last digits of a number


def in_fixed_order(x: np.ndarray, n: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """In one fixed order, so that not even the last bit depends on the order given."""
    order = np.lexsort((x, n))
    return x[order], n[order]


def one_of(name: str, value: str, known: tuple[str, ...]) -> None:
    """Refuse a value that is none of those known."""
    if value not in known:
        raise ValueError(f"{name}={value!r} is unknown: use one of {', '.join(known)}")


def check_level(level: float) -> None:
    """Refuse a level that is none, or too near to 0 or 1."""
    if not is_number(level) or not 0 < level < 1:
        raise ValueError(f"level={level!r} must be a number between 0 and 1, such as 0.95")
    if not LEVELS[0] <= level <= LEVELS[1]:
        raise ValueError(
            f"level={level!r} is too near to 0 or 1 to be computed exactly: use {LEVELS[0]} to {LEVELS[1]}"
        )


def is_number(value: object) -> bool:
    """Whether it is a number, and no truth value."""
    return isinstance(value, Real) and not isinstance(value, bool)


def checked_counts(events: Sequence[int], totals: Sequence[int]) -> tuple[np.ndarray, np.ndarray]:
    """Both as float arrays; every problem is named at once, with its place."""
    if any(not np.iterable(counts) or isinstance(counts, str) for counts in (events, totals)):
        raise ValueError(f"events and totals are lists with one entry a study: got {events!r} and {totals!r}")
    events, totals = list(events), list(totals)
    if len(events) != len(totals) or not events:
        got = f"got {len(events)} and {len(totals)}"
        raise ValueError(f"events and totals need one entry a study, and at least one: {got}")
    wrong = [
        f"study {number}: {' of '.join(str(count) if is_number(count) else repr(count) for count in pair)}"
        for number, pair in enumerate(zip(events, totals), start=1)
        if not (all(map(is_number, pair)) and 0 <= pair[0] <= pair[1] and 1 <= pair[1] <= MOST)
        or any(count % 1 for count in pair)
    ]
    if wrong:
        needed = f"whole numbers are needed, 0 <= events <= total and 1 <= total <= {MOST:,}"
        raise ValueError(f"{needed}; not so: {'; '.join(wrong)}")
    return np.array(events, dtype=float), np.array(totals, dtype=float)
