"""The record of everything that the book knows: one table an attribute."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd


@dataclass(frozen=True)
class Casebook:
    """Everything that the book knows, one table an attribute.

    Every attribute is a DataFrame with the columns that `datapackage.json` gives it, typed
    by it: text as `str`, whole numbers as `Int64`, numbers as `float64`, truth values as
    `bool`; a blank cell is missing. A length of time is `float64`, and a text column beside it
    keeps how it was published: `min_days` and `min_published`, `max_days` and `max_published`
    (blank for plain days), `age_years` and `age`.

    Attributes
    ----------
    record : DataFrame
        The sentences of the index paper's public record, in our own words.
    cases, events, bounds : DataFrame
        Patients; what happened to them; what is known of the time between two events.
    definitions, rival_bounds : DataFrame
        Terms as a source defines them, and the rivals; what would stand in the place of a bound under a rival.
    concepts, entities : DataFrame
        Terms with identifiers; what the hosting site's text mining found (third party).
    gaps, explanations, lessons : DataFrame
        What the record does not hold; what it cannot separate; what is to be learned.
    management, differential : DataFrame
        What guidelines, labels and series say of managing such patients; what else to think of.
    criteria, forms, inputs : DataFrame
        The rules of grading instruments, one condition a row; how each is filled in; what it asks for.
    phases, worked_patients, checklist : DataFrame
        The parts of the way; made-up patients beside lessons; what a report of such a case should tell.
    stages, questions, options : DataFrame
        Unfolding cases for a class: where a decision was due, what is asked there, feedback to each answer.
    vignettes, concordance : DataFrame
        Made-up patients to grade; items to discuss in script-concordance form.
    care : DataFrame
        The sub-items of the CARE guideline, and whether the record holds them.
    studies, outcomes, intervals, survival : DataFrame
        Published series, and what they report: counts, times, survival.
    prognosis, pretreatment, associations : DataFrame
        Which results say how patients did; how they were prepared for the graft; what went with complications.
    overlaps, contradictions, left_out : DataFrame
        Studies that share patients; statements that do not fit together; sources that are known
        and not relied on.
    eligibility, searches : DataFrame
        The question and what was taken in; what was looked for, and where.
    bias_items, bias, funding : DataFrame
        Questions of appraisal, the answers source by source, and ties to makers of products.
    pooling, held_back : DataFrame
        Which outcomes may be pooled, by one rule; counts that wait for their reference to be checked.
    certainty, certainty_reasons : DataFrame
        Statements whose certainty is judged, and the reasons, domain by domain.
    worked_counts, reference_intervals, reference_pooled : DataFrame
        Data sets on which the statistics are tried, and the values that they must meet.
    lanes, kinds, looks, basis_words : DataFrame
        The vocabulary of this book: lanes of a timeline, kinds of events, how things are drawn, and the
        words that say what a statement rests on.
    codings : DataFrame
        Where kinds of events stand in a phenopacket and in FHIR.
    traits, features, categories, sentences : DataFrame
        How patients are told apart; what is looked for in them; which studies may be pooled; which published
        numbers stand in sentences.
    sources : DataFrame
        The bibliography: `source_id`, `type`, `title`, `year`, `doi`, `lacks`, what was not read of author or
        group, year and identifier, and `on_patients`, whether it tells of patients of its own.
    dictionary : DataFrame
        The schema itself: `table`, `column`, `type`, `title`, `description`, `constraints`.
    """

    record: pd.DataFrame
    cases: pd.DataFrame
    events: pd.DataFrame
    bounds: pd.DataFrame
    rival_bounds: pd.DataFrame
    definitions: pd.DataFrame
    concepts: pd.DataFrame
    entities: pd.DataFrame
    gaps: pd.DataFrame
    explanations: pd.DataFrame
    lessons: pd.DataFrame
    management: pd.DataFrame
    differential: pd.DataFrame
    criteria: pd.DataFrame
    forms: pd.DataFrame
    inputs: pd.DataFrame
    phases: pd.DataFrame
    worked_patients: pd.DataFrame
    checklist: pd.DataFrame
    stages: pd.DataFrame
    questions: pd.DataFrame
    options: pd.DataFrame
    vignettes: pd.DataFrame
    concordance: pd.DataFrame
    care: pd.DataFrame
    studies: pd.DataFrame
    outcomes: pd.DataFrame
    intervals: pd.DataFrame
    survival: pd.DataFrame
    prognosis: pd.DataFrame
    pretreatment: pd.DataFrame
    associations: pd.DataFrame
    overlaps: pd.DataFrame
    contradictions: pd.DataFrame
    left_out: pd.DataFrame
    eligibility: pd.DataFrame
    searches: pd.DataFrame
    bias_items: pd.DataFrame
    bias: pd.DataFrame
    funding: pd.DataFrame
    pooling: pd.DataFrame
    held_back: pd.DataFrame
    certainty: pd.DataFrame
    certainty_reasons: pd.DataFrame
    worked_counts: pd.DataFrame
    reference_intervals: pd.DataFrame
    reference_pooled: pd.DataFrame
    lanes: pd.DataFrame
    kinds: pd.DataFrame
    looks: pd.DataFrame
    basis_words: pd.DataFrame
    codings: pd.DataFrame
    traits: pd.DataFrame
    features: pd.DataFrame
    categories: pd.DataFrame
    sentences: pd.DataFrame
    sources: pd.DataFrame
    dictionary: pd.DataFrame
