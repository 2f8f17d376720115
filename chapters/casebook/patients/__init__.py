"""What is said of single patients, and what they share.

`record` speaks of the index cases, `individuals` of published single patients; `likeness` compares them feature by
feature, `sharing` says who has which.
"""

from casebook.patients import individuals, likeness, record, sharing

__all__ = ["individuals", "likeness", "record", "sharing"]
