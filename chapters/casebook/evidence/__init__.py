"""What the published series say, and how certain it is.

Which count: `pooling`, `cohorts`, `selection`.  How certain: `bias`, `certainty`, `sensitivity`, `verification`.
What they say: `phrases` for one number, `statements` for a sentence, `forest_rows` as rows of a forest plot, and one
module a question: `frequency`, `waits`, `comparisons`, `prognosis`, `complications`, `preparation`, `products`; what
such a module gives to draw is a `forest_rows.Figure`.  What is to be learned, and told: `lessons`, `differential`,
`reporting`.
"""

__all__ = [
    "bias", "certainty", "cohorts", "comparisons", "complications", "differential", "forest_rows", "frequency",
    "lessons", "phrases", "pooling", "preparation", "products", "prognosis", "reporting", "selection", "sensitivity",
    "statements", "verification", "waits",
]  # fmt: skip
