"""A term used as in a rival definition: other bounds, and so another timeline."""

from __future__ import annotations


def under_definition(book, definition_id: str):
    """The same book if a term is used as in a rival definition: its bounds stand in the place of the others.

    Parameters
    ----------
    book : Casebook
        Its `bounds` and `rival_bounds` are used.
    definition_id : str
        A definition that `rival_bounds` names.

    Returns
    -------
    Casebook
        Each bound that the rival replaces has its events, days and words, and names it; no other changes.

    Raises
    ------
    ValueError
        If the rival would change no bound of this book.
    """
    rivals = book.rival_bounds[book.rival_bounds["definition_id"] == definition_id].set_index("bound_id")
    bounds = book.bounds.set_index("bound_id", drop=False)
    rivals = rivals[rivals.index.isin(bounds.index)]
    if rivals.empty:
        known = ", ".join(book.rival_bounds["definition_id"].unique())
        raise ValueError(f"rival_bounds has no bound of these cases for {definition_id}; it has {known}")
    for column in ("from_event", "to_event", "min_days", "max_days", "statement", "definition_id"):
        bounds.loc[rivals.index, column] = rivals[column]
    bounds.loc[rivals.index, ["min_published", "max_published"]] = None
    return book.with_tables(bounds=bounds.set_axis(book.bounds.index))
