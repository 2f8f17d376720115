"""What is said of single patients, and what they share.

`record` speaks of the index cases, `individuals` of published single patients; `likeness` compares them feature by
feature, `likeness_matrix` holds that as a picture does.
"""

from casebook.patients import individuals, likeness, likeness_matrix, record

__all__ = ["individuals", "likeness", "likeness_matrix", "record"]
