"""A small book of series that do not exist: splints of steel or glass, and how often they break."""

from types import SimpleNamespace

import pandas as pd

STUDY = ["study_id", "label", "n", "year", "material", "product_basis", "category", "design", "all_infused", "read_in"]
STUDIES = [  # a and b the same patients, c inside d, and e by way of d with f
    ("a", "Amber 2021", 20, 2021, "steel", "stated", "splints", "cohort", True, "abstract"),
    ("b", "Birch 2023", 20, 2023, "steel", "stated", "splints", "cohort", True, "abstract"),
    ("c", "Cedar 2022", 30, 2022, "glass", "stated", "splints", "cohort", True, "paper"),
    ("d", "Dill 2023", 60, 2023, "glass", "inferred", "splints", "cohort", True, "abstract"),
    ("e", "Elder 2024", 34, 2024, "glass", "stated", "splints", "cohort", True, "abstract"),
    ("f", "Fern 2025", 50, 2025, "glass", "stated", "splints", "cohort", True, "abstract"),
    ("g", "Gorse 2023", 9, 2023, None, None, "splints", "cohort", True, "abstract"),
    ("h", "Hazel 2020", 40, 2020, "steel", "stated", "splints", "cohort", True, "abstract"),
    ("x", "Ivy 2019", 80, 2019, None, None, "plaster", "cohort", False, "abstract"),
]
OVERLAPS = [("a", "b", "same"), ("c", "d", "nested"), ("d", "e", "nested"), ("e", "f", "same"), ("h", "g", "possible")]
COUNTS = {"a": (3, 20), "b": (2, 20), "c": (6, 30), "d": (9, 60), "e": (1, 34), "f": (5, 50), "g": (0, 9), "h": (4, 40)}
OUTCOME = [
    *("outcome_id", "study_id", "outcome", "subgroup", "all_infused", "time_point", "measure"),
    *("events", "n", "value", "low", "high", "limits", "derived", "read_in", "locator", "caveat"),
]
POOLING = ["outcome", "called", "event_alike", "denominator_alike", "window_closed", "scale_alike", "because"]
HELD_BACK = ["held_back_id", "left_out_id", "label", "outcome", "events", "n", "read_in", "caveat"]
INTERVAL = [
    *("interval_id", "study_id", "from_event", "to_event", "nature", "statistic"),
    *("value", "low", "high", "limits", "unit", "n", "read_in", "caveat"),
]
SURVIVAL = [
    *("survival_id", "study_id", "endpoint", "months", "group"),
    *("n", "value", "low", "high", "read_in", "caveat"),
]


def outcome(study, code, events=None, n=None, **more):
    """One row of outcomes, of all who were treated unless it is said otherwise."""
    row = {"outcome_id": f"{study}-{code}", "study_id": study, "outcome": code, "events": events, "n": n}
    row |= {"subgroup": "all treated", "all_infused": True, "measure": "proportion", "derived": False}
    return row | {"read_in": "abstract", "locator": "abstract"} | more


def interval(study, start="operation", end="walking", **more):
    """One row of intervals: an observed median in days, unless it is said otherwise."""
    row = {"interval_id": f"{study}-{start}-{end}", "study_id": study, "from_event": start, "to_event": end}
    return row | {"nature": "observed", "statistic": "median", "unit": "days", "read_in": "abstract"} | more


def frame(rows, columns, **types):
    """Rows of dictionaries as one table, with the types that a loaded table has."""
    return pd.DataFrame(rows, columns=columns).astype(types)


def series(outcomes=None, intervals=(), survival=(), cases=("steel", "steel"), **more):
    """The book: by default every study counts one outcome, `break`."""
    counted = [outcome(study, "break", *count) for study, count in COUNTS.items()]
    numbers = {"value": "float64", "low": "float64", "high": "float64", "n": "Int64"}
    book = SimpleNamespace(
        studies=frame([dict(zip(STUDY, row)) for row in STUDIES], STUDY, n="Int64", year="Int64").assign(
            population="adults", caveat="", car_target="none"
        ),
        outcomes=frame(counted if outcomes is None else outcomes, OUTCOME, events="Int64", **numbers),
        intervals=frame(list(intervals), INTERVAL, **numbers),
        survival=frame(
            list(survival),
            SURVIVAL,
            months="float64",
            **numbers,
        ),
        overlaps=pd.DataFrame(OVERLAPS, columns=["study_a", "study_b", "certainty"]).assign(reason="made up"),
        categories=pd.DataFrame(
            [("splints", True, "a cohort of splints", "Splints"), ("plaster", False, "context: plaster", None)],
            columns=["category", "may_be_pooled", "called", "panel"],
        ),
        traits=pd.DataFrame(
            [("bone", "bone", "{}", 1, False), ("material", "material", "{} splint", 2, True)],
            columns=["column", "called", "phrase", "rank", "groups_series"],
        ),
        looks=pd.DataFrame(
            [
                ("steel", "product", 1, "#111111", "#eeeeee", "square", "■"),
                ("glass", "product", 2, "#222222", "#dddddd", "triangle-up", "▲"),
                ("made-up-1", "case", 1, "#333333", "#cccccc", "diamond", "◆"),
            ],
            columns=["look", "of", "rank", "color", "color_dark", "shape", "sign"],
        ),
        cases=pd.DataFrame(
            [(f"made-up-{k}", f"case {k}", "index", material, "tibia") for k, material in enumerate(cases, 1)],
            columns=["case_id", "label", "role", "material", "bone"],
        ),
        contradictions=pd.DataFrame(
            [("sum", "A sum", "a", "3 of 20.", "lost", "Four of twenty.", "A misprint.", "a-break", "four, too")],
            columns=[
                *("contradiction_id", "topic", "source_a", "says_a", "source_b", "says_b", "may_mean"),
                *("results", "beside"),
            ],
        ),
        left_out=pd.DataFrame(
            [("lost", "A poster on splints", True, "not citable", "No title.", 2)],
            columns=["source_id", "what", "on_patients", "verdict", "reason", "rows"],
        ).astype({"rows": "Int64"}),
        pooling=pd.DataFrame(
            [("break", "Breaks", "yes", "yes", "yes", "not stated", "It is heard.")]
            + [("bend", "Bends", "no", "yes", "no", "not stated", "Seen, or felt.")],
            columns=POOLING,
        ),
        held_back=pd.DataFrame(
            [("lost-break", "lost", "Lost 2020", "break", 1, 30, "abstract", None)], columns=HELD_BACK
        ),
        certainty=pd.DataFrame(columns=["statement_id", "statement", "said_at", "pooled_outcome", "group"]),
        certainty_reasons=pd.DataFrame(columns=["statement_id", "domain", "concern", "because"]),
        sentences=pd.DataFrame(
            [("how_often", None, "break", None)],
            columns=["sentence", "outcome_id", "pooled_outcome", "interval_id"],
        ),
    )
    return SimpleNamespace(**(vars(book) | more))


def survival(name, study, group, value, **more):
    row = {"survival_id": name, "study_id": study, "endpoint": "OS", "months": 12.0, "group": group, "value": value}
    return row | {"n": 20, "read_in": "abstract"} | more
