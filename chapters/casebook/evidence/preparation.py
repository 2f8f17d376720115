"""How patients were prepared for the graft: of how many it is told; nothing is compared."""

from __future__ import annotations

from casebook.evidence.phrases import out_of


def said_told(book, column: str) -> str:
    """Say of how many groups of transplanted patients one column of `pretreatment` is told.

    Examples of what it gives: "3 of 11 groups"; "none of 2 groups".
    """
    known = int(book.pretreatment[column].notna().sum())
    return out_of(known, len(book.pretreatment), "group")
