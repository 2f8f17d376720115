"""The library behind the book: ten rooms, each with one door; a room knows none that stands below it here.

    data/*.csv ─▶ data ─▶ timeline ─▶ patients ─┐
                   │      statistics ─▶ evidence ┼─▶ pages ─▶ charts ─▶ chapters/ ─▶ site, PDF, EPUB, exports
                   └────▶ instruments ─▶ classroom ┘

words        the vocabulary, and the grammar of counts and days
data         the only room that touches tables: gives one frozen `Casebook`, or says what is wrong
timeline     bounds and their shortest paths; where each event lies, in words
statistics   one proportion, and several pooled
charts       the figure language; states nothing of its own
patients     what is said of single patients, and what they share
evidence     which series count, what they say, and how certain it is
instruments  grades and criteria by the rules of the tables
exchange     case files, phenopackets and FHIR: patients for other programs, out and in
classroom    cases in stages, made-up patients, a discussion, handouts

`pages` has the sentences and tables that several chapters share. What a room hands out stands in its `__init__`;
what is behind that door is nobody else's (`tests/rooms/test_house.py` holds who may use whom).

What belongs to an article, a disease or a product stands in `data/`: another case report needs other tables and
other chapters, not another engine.
"""

from importlib import import_module
from pathlib import Path


def _refuse_another_book(here: Path, chapters: Path) -> None:
    """Chapters read the library beside them, or none: another one would bring another book's data.

    Raises
    ------
    ImportError
        If `chapters` has a `casebook` of its own and this is not it.
    """
    own = chapters / "casebook"
    if (own / "__init__.py").is_file() and not own.samefile(here):
        raise ImportError(
            f"the library of another book stands in the way: {here} was found before {own.absolute()}, which belongs "
            "to these chapters. Take the other folder out of PYTHONPATH (`unset PYTHONPATH`) and start again."
        )


_refuse_another_book(Path(__file__).resolve().parent, Path())

# Where modules stand that had no room before: scripts that somebody wrote go on working.
MOVED = {
    "bundle": "exchange.fhir",
    "cohorts": "evidence.cohorts",
    "course": "timeline",
    "incoming": "exchange.incoming",
    "phenopacket": "exchange.phenopacket",
    "record": "patients.record",
    "unfolding": "classroom.unfolding",
    "vignettes": "classroom.vignettes",
}


def __getattr__(name: str):
    if name in MOVED:
        return import_module(f"casebook.{MOVED[name]}")
    raise AttributeError(f"module casebook has no {name!r}")
