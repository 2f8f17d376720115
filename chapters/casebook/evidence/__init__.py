"""What the published series say, and how certain it is.

Which count: `pooling`, `cohorts`, `selection`.  How certain: `bias`, `certainty`, `sensitivity`, `verification`.
What they say: `statements` in words, `forest_rows` as rows of a forest plot, and one module a question: `frequency`,
`waits`, `comparisons`, `prognosis`, `complications`.  What is to be learned, and told: `lessons`, `reporting`.
"""

from casebook.evidence import (
    bias,
    certainty,
    cohorts,
    comparisons,
    complications,
    forest_rows,
    frequency,
    lessons,
    pooling,
    preparation,
    prognosis,
    reporting,
    selection,
    sensitivity,
    statements,
    verification,
    waits,
)

__all__ = [
    "bias",
    "certainty",
    "cohorts",
    "comparisons",
    "complications",
    "forest_rows",
    "frequency",
    "lessons",
    "pooling",
    "preparation",
    "prognosis",
    "reporting",
    "selection",
    "sensitivity",
    "statements",
    "verification",
    "waits",
]
