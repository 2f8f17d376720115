"""The small library behind the book: the chapters import nothing else of ours.

    data/*.csv ─▶ data ─▶ network ─▶ timeline ─▶ course ─▶ record, patients ─┐
                          statistics ─▶ cohorts ─▶ published, waits, … ──────┼─▶ pages ─▶ charts ─▶ chapters/ ─▶ site
                          lessons, instruments ──────────────────────────────┘
    words: the vocabulary and the grammar of counts and days, which every room uses

Reading and checking: `schema` (the descriptor), `cells` (one cell of text), `checks` (types and
keys), `conditions` (one condition of a rule), `rules` (what a schema cannot say), `bibliography` (the
sources), `book` (the record of all tables), `data` (the only room that touches tables), `project`
(what the book needs).
Time: `network` (bounds and shortest paths), `timeline` (windows and neighbors), `course` (positions
in words, and what is drawn).
What is said: `record` (the index cases), `gaps` (what is open of them, or filled), `patients`
(published single patients), `likeness` (what they share with the cases), `matrix` (that as a picture
holds it), `lessons`, `reporting` (the checklist for reports).
Instruments: `instruments` (grades and criteria by the rules of the tables, for made-up findings).
In a class: `unfolding` (a case in stages, with feedback to each answer), `vignettes` (made-up patients
that the instruments grade), `concordance` (a discussion whose result is the spread of a class),
`handouts` (the rules on one sheet of paper).
Numbers: `statistics` (one proportion, several pooled; behind it `_scales`, `_between` and the
binomial-normal model `_glmm`), `pooling` (which outcomes may be pooled), `cohorts` (which series
count), `sensitivity` (what hangs on which series), `published` (what they say, in words),
`frequency`, `waits` and `results` (one kind of figure each), `prognosis` (how patients did, and how
they were prepared), `complications` (when they began, and what went with them), `rows` (the rows of
forest plots), `proofs` (how the numbers are checked).
How the literature was read: `selection` (where each source stayed), `bias` (what each answers to
appraisal), `certainty` (how certain a statement is).
For other programs: `exchange` (who, under which identifiers), `phenopacket` and `bundle` (FHIR) write,
`incoming` reads (with `periods`: how long an age is), `formats` shows all side by side.
Pages: `pages` (titles, sentences and tables that several chapters share), `charts` (draws, and
states nothing of its own).

What belongs to an article, a disease or a product stands in `data/`: another case report needs
other tables and other chapters, not another engine.
"""

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
