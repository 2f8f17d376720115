"""The only room that touches tables: gives one frozen `Casebook`, or says what is wrong with them.

`loading` reads files; `schema` is the descriptor, `cells` one cell of text, `checks` types and keys, `rules` what a
schema cannot say, `answers` what may be answered, `conditions` one condition of a rule, `gaps` what is open or filled,
`sources` what the book is made from, `chapters` what the pages ask of the tables.
"""

from casebook.data import chapters, gaps
from casebook.data.cells import for_spreadsheet, is_formula
from casebook.data.checks import INVISIBLE, Problem
from casebook.data.conditions import MAKE, TELL, Condition, Value, all_hold, condition, holds, tidy
from casebook.data.loading import Casebook, DataError, NoTable, load, load_table, select, used
from casebook.data.schema import tables
from casebook.data.sources import DATA, SCHEMA, released, requirements

__all__ = [
    "DATA",
    "INVISIBLE",
    "MAKE",
    "SCHEMA",
    "TELL",
    "Casebook",
    "Condition",
    "DataError",
    "NoTable",
    "Problem",
    "Value",
    "all_hold",
    "chapters",
    "condition",
    "for_spreadsheet",
    "gaps",
    "holds",
    "is_formula",
    "load",
    "load_table",
    "released",
    "requirements",
    "select",
    "tables",
    "tidy",
    "used",
]
