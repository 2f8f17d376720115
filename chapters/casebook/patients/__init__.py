"""What is said of single patients, and what they share.

`record` speaks of the index cases, `individuals` of published single patients; `likeness` compares them feature by
feature, `sharing` says who has which; `telling` has the sentences of any book.
"""

from casebook.patients import individuals, likeness, record, sharing, telling

__all__ = ["individuals", "likeness", "record", "sharing", "telling"]
