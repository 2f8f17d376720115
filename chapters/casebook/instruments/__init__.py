"""Instruments: what a grade, a stage or a set of criteria is for findings that somebody made up.

The rules are the table `criteria`, of which only rules that were read are used; what a form asks for is the table
`inputs`, and how its findings make one value the table `forms`. Every function is pure and takes `tables`: a
`Casebook`, or None for the book's own. It gives a `Graded` with `value`, `rule` (which rule decided, in words),
`missing` (what was not assessed) and `at_least` (whether what is missing could raise the value).

None is not assessed, and missing is never zero: `missing` then names it. A value that cannot be is a
ValueError that says what was given and what is allowed.

`_rules` reads the tables and puts rules together; `_given` checks what is handed in; `_made` makes findings of others;
`_graded` is an instrument that its rows say in full, and `_line` its line for a note. What more some of them do is in
`_astct` (CRS, ICE, ICANS), `_gvhd`, `_tma`, `_counts` (what is computed from blood values), `_icaht` and `_category`
(the findings that other rules use); `_around` has those of the transplantation and of blood values that the rows say
in full. `_said` has the sentences and limits that the page's script shares. `_static/casebook-instruments.js` is the
second engine, name by name.

For teaching with made-up findings, not for patient care.
"""

from casebook.instruments._around import ctcae_grade, engraftment_syndrome, sos_diagnosis, sos_severity
from casebook.instruments._astct import crs_grade, icans_child_grade, icans_grade, ice_score
from casebook.instruments._category import category
from casebook.instruments._counts import easix, recovery_day
from casebook.instruments._graded import grade
from casebook.instruments._gvhd import gvhd_grade, gvhd_onset, gvhd_stage
from casebook.instruments._icaht import icaht_grade
from casebook.instruments._line import note_line
from casebook.instruments._rules import Criteria, Form, Graded, Input, Rule, criteria
from casebook.instruments._said import COUNTS, SAYS
from casebook.instruments._tma import Diagnosis, tma_criteria

__all__ = [
    "COUNTS",
    "SAYS",
    "Criteria",
    "Diagnosis",
    "Form",
    "Graded",
    "Input",
    "Rule",
    "category",
    "criteria",
    "crs_grade",
    "ctcae_grade",
    "easix",
    "engraftment_syndrome",
    "grade",
    "gvhd_grade",
    "gvhd_onset",
    "gvhd_stage",
    "icaht_grade",
    "icans_child_grade",
    "icans_grade",
    "ice_score",
    "note_line",
    "recovery_day",
    "sos_diagnosis",
    "sos_severity",
    "tma_criteria",
]
