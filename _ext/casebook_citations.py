"""How sources are named: "Ada et al. 2026" in running text, and the same in front of the reference."""

from __future__ import annotations

from dataclasses import dataclass, field

import sphinxcontrib.bibtex.plugin
from pybtex.plugin import find_plugin, register_plugin
from pybtex.richtext import Text
from pybtex.style.formatting.plain import Style as PlainStyle
from pybtex.style.labels import BaseLabelStyle
from pybtex.style.sorting import BaseSortingStyle
from pybtex.style.template import Node
from sphinxcontrib.bibtex.style.referencing import BaseReferenceStyle, BracketStyle, GroupReferenceStyle
from sphinxcontrib.bibtex.style.template import join, reference


def label(entry) -> str:
    """Name a source in a few words: author or consortium, and year.

    Parameters
    ----------
    entry : pybtex.database.Entry
        Its field `shorthand`, if there is one, is the label: for sources without author or year, for
        consortia with a long name, and where two sources would have one label.

    Returns
    -------
    str

    Raises
    ------
    ValueError
        If it has neither a shorthand nor both author and year.
    """
    if entry.fields.get("shorthand"):
        return entry.fields["shorthand"].strip("{}")
    names = [" ".join([*person.prelast_names, *person.last_names]) for person in entry.persons.get("author", [])]
    names = [str(Text.from_latex(name)) for name in names]
    year = entry.fields.get("year", "")
    if not names or not year:
        raise ValueError(f"{entry.key} has no author or no year: give it a shorthand in references.bib")
    if len(names) > 2 or "others" in names:
        return f"{names[0]} et al. {year}"
    return f"{' and '.join(names)} {year}"


def _label(children, data):
    return Text(label(data["entry"]))


@dataclass
class Parenthetical(BaseReferenceStyle):
    """`cite:p`: "(Ada et al. 2026; Ben and Cleo 2019)"."""

    bracket: BracketStyle = field(default_factory=lambda: BracketStyle(left="(", right=")", sep="; ", last_sep="; "))

    def role_names(self):
        """The roles that this style is for."""
        return ["p"]

    def outer(self, role_name, children):
        """Put brackets around all of them."""
        return self.bracket.outer(children, brackets=True, capfirst=False)

    def inner(self, role_name):
        """One source, as a link."""
        return reference[Node("label", _label)]


@dataclass
class Textual(Parenthetical):
    """`cite:t`: "Ada et al. 2026"."""

    def role_names(self):
        """The roles that this style is for."""
        return ["t"]

    def outer(self, role_name, children):
        """Join them without brackets."""
        return join(sep=", ", sep2=" and ", last_sep=" and ")[children]


@dataclass
class HouseReferences(GroupReferenceStyle):
    """How the book cites."""

    def __post_init__(self):
        """Take both ways."""
        self.styles.extend([Parenthetical(), Textual()])
        super().__post_init__()


class HouseLabels(BaseLabelStyle):
    """The label of the text stands in front of each reference, too."""

    def format_labels(self, sorted_entries):
        """Give the labels, in order."""
        return [label(entry) for entry in sorted_entries]


class HouseOrder(BaseSortingStyle):
    """By label, as a reader looks for it."""

    def sorting_key(self, entry):
        """By what the label says, capitals or not."""
        return label(entry).casefold()


class HouseStyle(PlainStyle):
    """Plain references under the labels of the book, in their order."""

    default_sorting_style = HouseOrder
    default_label_style = HouseLabels


def setup():
    """Register the styles by their names in `_config.yml`."""
    register_plugin("pybtex.style.formatting", "casebook", HouseStyle)
    for name in ("docutils", "plaintext"):  # looked for at every citation, and among all packages unless they are here
        register_plugin("pybtex.backends", name, find_plugin("pybtex.backends", name), force=True)
    sphinxcontrib.bibtex.plugin.register_plugin("sphinxcontrib.bibtex.style.referencing", "casebook", HouseReferences)
