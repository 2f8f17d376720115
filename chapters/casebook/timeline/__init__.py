"""Where events lie in time: bounds, their shortest paths, and one frozen `Course` for each day 0.

`network` adds bounds up and finds contradictions; `placement` gives each event its limits and neighbors; `courses`
says positions in words, for charts and pages; `places` does so case by case, and says which day to ask for first;
`answers` has what filled gaps say beside the events, `values` what was measured; `rivals` reads a term by its rival
definition; `periods` knows how long a published length of time is.
"""

from casebook.timeline.answers import answers_of
from casebook.timeline.courses import Course, as_stated, course, how_known
from casebook.timeline.network import TimelineConflict
from casebook.timeline.periods import OLDEST, STAGES, day_of, days_of
from casebook.timeline.placement import windows
from casebook.timeline.places import Places, places
from casebook.timeline.rivals import TwoMeanings, two_meanings, under_definition
from casebook.timeline.values import measured

__all__ = [
    "OLDEST", "STAGES", "Course", "Places", "TimelineConflict", "TwoMeanings", "answers_of", "as_stated", "course",
    "day_of", "days_of", "how_known", "measured", "places", "two_meanings", "under_definition", "windows",
]  # fmt: skip
