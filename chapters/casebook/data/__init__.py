"""The only room that touches tables: gives one frozen `Casebook`, or says what is wrong with them.

`loading` reads files; `schema` is the descriptor, `cells` one cell of text, `checks` types and keys, `rules` what a
schema cannot say, `conditions` one condition of a rule, `gaps` what is open or filled, `bibliography` the sources,
`descriptor` what the book needs.
"""

from casebook.data import gaps
from casebook.data.casebook import used
from casebook.data.cells import for_spreadsheet, is_formula
from casebook.data.checks import INVISIBLE
from casebook.data.conditions import TELL, Condition, Value, all_hold, condition, holds, tidy
from casebook.data.descriptor import released, requirements
from casebook.data.loading import DATA, SCHEMA, Casebook, DataError, load, load_table, select
from casebook.data.schema import tables

__all__ = [
    "DATA",
    "INVISIBLE",
    "SCHEMA",
    "TELL",
    "Casebook",
    "Condition",
    "DataError",
    "Value",
    "all_hold",
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
