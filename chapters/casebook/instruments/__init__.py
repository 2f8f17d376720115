"""Instruments: what a grade, a stage or a set of criteria is for findings that somebody made up.

The rules are the tables `criteria_*`, of which only rules that were read are used; no rule is written
here. Every function is pure and takes `tables`: a `Casebook`, or None for the book's own. It gives a
`Graded` with `value`, `rule` (which rule decided, in words), `missing` (what was not assessed),
`at_least` (whether what is missing could raise the value) and `rule_ids`.

None is not assessed, and missing is never zero: `missing` then names it. A value that cannot be is a
ValueError that says what was given and what is allowed.

`_rules` reads the tables and puts rules together; `_given` checks what is handed in; `_astct` has CRS,
ICE and ICANS, `_gvhd` acute graft-versus-host disease, `_tma` microangiopathy, `_counts` what is
computed from blood values, `_category` the findings that other rules use.

For teaching with made-up findings, not for patient care.
"""

from casebook.instruments._astct import crs_grade, icans_grade, ice_score
from casebook.instruments._category import category
from casebook.instruments._counts import easix, recovery_day
from casebook.instruments._gvhd import gvhd_grade, gvhd_onset, gvhd_stage
from casebook.instruments._rules import Criteria, Graded, Rule, criteria
from casebook.instruments._tma import Diagnosis, tma_criteria

__all__ = [
    "Criteria",
    "Diagnosis",
    "Graded",
    "Rule",
    "category",
    "criteria",
    "crs_grade",
    "easix",
    "gvhd_grade",
    "gvhd_onset",
    "gvhd_stage",
    "icans_grade",
    "ice_score",
    "recovery_day",
    "tma_criteria",
]
