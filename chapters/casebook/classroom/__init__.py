"""What a class works with.

`unfolding` tells a case in stages with feedback to each answer, `vignettes` are made-up patients that the instruments
grade, `concordance` is a discussion without a key, `immortal` counts waiting patients in two ways, `hints` are
what the exercises say of an answer, `handouts` has the rules on one sheet.
"""

from casebook.classroom import concordance, handouts, hints, immortal, unfolding, vignettes

__all__ = ["concordance", "handouts", "hints", "immortal", "unfolding", "vignettes"]
