"""What both engines say and count by, and no table holds: the page's script is handed it as JSON.

The limits of the counts are those of Sureda et al. 2024, table 1 (neutrophils of 500/µL, platelets of 20,000/µL).
It says "in a row" and no distance: that Friday to Monday is still in a row is the book's own limit. Three days in a
row end a stretch in the open grader of ICAHT, too, which fills up to a week without counts from those beside it.
No smallest distance between two times is printed either; that one day is one time is the reading of this book.
"""

COUNTS = {
    "least": {"neutrophil": 0.5, "platelet": 20},
    "in_a_row": 3,
    "days_without_transfusion": 7,
    "longest_gap": 3,
    "longest_blank": 7,
}
SAYS = {
    "in_all": " in the longest stretch, {} in all",
    "between": "a day without a count is taken as the counts beside it",
    "no_rule": "no rule that was assessed gives more than 0",
    "none_holds": "none of its rules holds",
    "read_in_part": "told and not used, because it was read only in part",
    # That no grade fits follows from the table; when an episode is over was read nowhere, so it is not said.
    "nothing_now": (
        "no fever, hypotension or hypoxia that counts: no grade now; the episode's highest grade stands; "
        "whether the episode is over is a clinical call"
    ),
    "other_bands": "the table that was read goes by weight alone, whatever the age",
    "far_apart": (
        f", longer than the {COUNTS['longest_gap']} that this book takes as in a row: a fall between is not excluded"
    ),
    "one_day": "both on one day, which is one time",
    "less_than_a_day": "less than a day apart: one day is one time, two days are two",
}
