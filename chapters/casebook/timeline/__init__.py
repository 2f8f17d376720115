"""Where events lie in time: bounds, their shortest paths, and one frozen `Course` for each day 0.

`network` adds bounds up and finds contradictions; `placement` gives each event its limits and neighbors; `courses`
says positions in words, for charts and pages; `periods` knows how long a published length of time is.
"""

from casebook.timeline.courses import Course, as_stated, course, how_known
from casebook.timeline.network import TimelineConflict
from casebook.timeline.periods import OLDEST, STAGES, day_of, days_of
from casebook.timeline.placement import windows

__all__ = [
    "OLDEST", "STAGES", "Course", "TimelineConflict", "as_stated", "course", "day_of", "days_of", "how_known",
    "windows",
]  # fmt: skip
