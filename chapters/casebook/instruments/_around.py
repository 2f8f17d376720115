"""Instruments that their rows say in full: the liver and engraftment after transplantation, and laboratory values."""

from __future__ import annotations

from casebook.data import Value
from casebook.instruments._graded import grade
from casebook.instruments._rules import Graded


def ctcae_grade(analyte, value, *, uln=None, lln=None, baseline=None, tables: object = None) -> Graded:
    """Grade a laboratory value after CTCAE 5.0.

    Parameters
    ----------
    analyte : {"alt", "ast", "bilirubin", "creatinine", "neutrophil", "platelet"}
        Plural and capital letters do as well.
    value : float or None
        Neutrophils and platelets in 10⁹/L; the others in the unit of their limit and baseline.
    uln, lln : float, optional
        Upper limit of normal (not asked for of blood counts), lower limit in 10⁹/L (of blood counts alone).
    baseline : float, optional
        Where it was above the upper limit, ALT, AST and bilirubin are graded by it; if it is left out, it is taken as
        normal, and the answer says so. Of blood counts it is not asked for: no exception is printed.
    tables : Casebook, optional

    Returns
    -------
    Graded
        `value` 0 to 4, None where a limit that is missing would decide, such as between 0 and 1.

    Raises
    ------
    ValueError
        If the analyte is none of these, a value cannot be or fits another unit, or a limit or baseline is 0.

    References
    ----------
    CTCAE 5.0, read in the grading file of the open package admiral, which carries its wording.

    Examples
    --------
    >>> ctcae_grade("alt", 121, uln=39, baseline=40).value, ctcae_grade("alt", 59, uln=39, baseline=40).value
    (2, 0)
    """
    name = analyte.lower().removesuffix("s") if isinstance(analyte, str) else analyte
    return grade("ctcae_grade", dict(analyte=name, value=value, uln=uln, lln=lln, baseline=baseline), tables)


def sos_diagnosis(*, tables: object = None, **findings: Value) -> Graded:
    """Say which criteria of sinusoidal obstruction syndrome (veno-occlusive disease) are met.

    Parameters
    ----------
    **findings
        By name; what is left out was not assessed.
    age_group : {"adult", "child"}
        Adults by EBMT 2023, children by EBMT 2018. What belongs to the other is not looked at.
    day : float or None
        Day after the transplant: in adults, after day 21 it is late. No criterion has a limit of time.
    other_cause : bool, optional
        Whether another cause explains the signs: without an answer nothing is met.
    bilirubin_mg_dl, weight_gain_percent : float, optional
        In a child, a bilirubin that was reached within 72 hours.
    painful_hepatomegaly, ascites, imaging_suggestive, tissue : bool, optional
        Of adults. Imaging is ultrasound or elastography; `tissue` is proof, none unless it is said.
    hvpg_mmhg : float, optional
        Of adults: hepatic venous pressure gradient; one that was not measured proves nothing.
    refractory_thrombocytopenia, hepatomegaly_above_baseline, ascites_above_baseline : bool, optional
        Of children.
    weight_gain_days, bilirubin_rise_days : int, optional
        Of children: days in a row.
    tables : Casebook, optional

    Returns
    -------
    Graded
        `value` "not met", in adults "probable", "clinical" or "proven", in children "met"; None while it is open.

    Raises
    ------
    ValueError
        If a value cannot be.

    References
    ----------
    Mohty et al. 2023, doi 10.1038/s41409-023-01992-8, read on the page of a maker of a drug; Corbacioglu et al. 2018,
    read in reproductions of its table.
    """
    return grade("sos_diagnosis", findings, tables)


def sos_severity(*, tables: object = None, **findings: Value) -> Graded:
    """Grade how severe sinusoidal obstruction syndrome is, by what was read of the tables.

    Parameters
    ----------
    **findings
        By name; what is left out was not assessed.
    age_group : {"adult", "child"}
        Adults by EBMT 2016 (the table of 2023 was not read): the highest grade with two criteria. Children by
        EBMT 2018: the most severe category. What belongs to the other is not looked at.
    multiorgan_dysfunction : bool, optional
    bilirubin_mg_dl : float, optional
    bilirubin_doubled_48h : bool, optional
        Of adults, as are the next four.
    days_since_first_sign : int, optional
    transaminases_x_uln, weight_gain_percent, creatinine_x_baseline : float, optional
        Of the weight only the band from 10% was read without a misprint.
    liver_enzymes_x_uln, refractory_days, oxygen_l_min : float, optional
        Of children, as are the others.
    ascites_size : {"none", "minimal", "moderate", "drained"}, optional
    clotting : {"normal", "impaired", "factors_needed"}, optional
    gfr_ml_min : int, optional
    new_cognitive_impairment : bool, optional
    tables : Casebook, optional

    Returns
    -------
    Graded
        `value` "no grade", "mild", "moderate", "severe" or "very_severe"; None while it is open.

    Raises
    ------
    ValueError
        If a value cannot be.

    References
    ----------
    Mohty et al. 2016 and Corbacioglu et al. 2018, read in reproductions of their tables.
    """
    return grade("sos_severity", findings, tables)


def engraftment_syndrome(*, tables: object = None, **findings: Value) -> Graded:
    """Say whether criteria of engraftment syndrome are met. They were made for autologous transplantation.

    Parameters
    ----------
    **findings
        By name; what is left out was not assessed.
    by : {"spitzer", "maiolino"}
        What belongs to the other is not looked at.
    hours_from_engraftment : float, optional
        Of Spitzer, as are the next ones: hours between onset and engraftment, on either side.
    temp_c : float, optional
        Temperature in °C, 25 to 45; fever from 38.3.
    infection_found, rash_from_drug : bool, optional
        What else would explain fever or rash.
    rash_percent : float, optional
        % of body surface.
    noncardiogenic_edema, hypoxia, unexplained_encephalopathy : bool, optional
    bilirubin_mg_dl, transaminases_x_uln, creatinine_x_baseline, weight_gain_percent : float, optional
    noninfectious_fever, rash, infiltrates, diarrhea : bool, optional
        Of Maiolino. Its window was read in part, so none is asked for.
    tables : Casebook, optional

    Returns
    -------
    Graded
        `value` "met" or "not met", None while it is open.

    Raises
    ------
    ValueError
        If a value cannot be.

    References
    ----------
    Spitzer 2001, read in copies of its criteria; Maiolino et al. 2003, doi 10.1038/sj.bmt.1703855, read in its
    abstract.
    """
    return grade("engraftment_syndrome", findings, tables)
