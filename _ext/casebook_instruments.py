"""The grading page: ``{instrument} crs_grade`` prints a form and the rules behind it.

``{instrument-rules}``
    Puts the tables of rules, as they are loaded, into the page as JSON; the page's script reads them there.
``{instrument} crs_grade``
    A form for made-up findings, and under it the rules in words, those that are not used named apart.
    Without scripts the form stays hidden and the rules stand alone.
"""

from __future__ import annotations

import html
import json
import math
from dataclasses import dataclass, field
from itertools import chain

import pandas as pd
from casebook.charts import slim
from casebook.instruments import _astct, _counts, _given, _gvhd, _rules, _tma
from docutils import nodes
from docutils.parsers.rst import Directive

NOTICE = "For teaching with made-up findings, not for patient care."
COLUMNS = ["rule_id", "parameter", "operator", "threshold", "together", "decides", "grade", "says", "verified"]
YES_NO = (("true", "yes"), ("false", "no"))
NOT_ASSESSED = ("", "not assessed")


@dataclass(frozen=True)
class Field:
    """A finding of a form: the name of the argument, its label, and what may be chosen; a number without choices."""

    name: str
    label: str
    choices: tuple[tuple[str, str], ...] = ()
    low: float = 0
    high: float | None = None
    whole: bool = False
    group: str = ""


@dataclass(frozen=True)
class Form:
    """An instrument on the page: the function, what it gives, its findings, and the table of its rules."""

    function: str
    title: str
    gives: str
    fields: tuple[Field, ...]
    table: str = ""
    decides: tuple[str, ...] = ()
    organ: str = ""
    terms: tuple[str, ...] = field(default=())


def _yes(name: str, label: str, group: str = "") -> Field:
    return Field(name, label, YES_NO, group=group)


AGE = Field("age_years", "Age (years; below 12 another score takes the place of ICE)")
SEVEN = (
    ("anemia", "anemia"),
    ("thrombocytopenia", "thrombocytopenia"),
    ("ldh", "LDH"),
    ("schistocytes", "schistocytes"),
    ("hypertension", "hypertension"),
    ("sc5b9", "sC5b-9"),
    ("proteinuria", "proteinuria"),
)
RISKS = ("sc5b9", "proteinuria", "ldh", "acute_gvhd", "infection", "organ_dysfunction")

FORMS = {
    "crs_grade": Form(
        "crs_grade",
        "CRS",
        "Grade",
        (
            Field("temp_c", "Temperature (°C)", low=25, high=45),
            _yes("fever", "Fever now, without another cause (blank: by the temperature)"),
            Field(
                "fever_waived", "Antipyretics, anticytokine drugs or steroids given", (("false", "no"), ("true", "yes"))
            ),
            _yes("fever_earlier", "Fever earlier in this episode"),
            Field(
                "hypotension",
                "Hypotension (vasopressin not counted)",
                (
                    ("none", "none"),
                    ("fluids_only", "fluids, no vasopressor"),
                    ("one_vasopressor", "one vasopressor"),
                    ("multiple_vasopressors", "several vasopressors"),
                ),
            ),
            Field(
                "hypoxia",
                "Hypoxia",
                (
                    ("none", "none"),
                    ("low_flow", "nasal cannula up to and with 6 L/min, or blow-by"),
                    ("high_flow", "nasal cannula above 6 L/min, or a mask"),
                    ("positive_pressure", "CPAP, BiPAP or ventilator"),
                ),
            ),
        ),
        "criteria_crs",
    ),
    "ice_score": Form(
        "ice_score",
        "ICE",
        "Score",
        (
            Field("orientation", "Orientation (0 to 4)", high=4, whole=True),
            Field("naming", "Naming (0 to 3)", high=3, whole=True),
            Field("commands", "Following a command (0 or 1)", high=1, whole=True),
            Field("writing", "Writing (0 or 1)", high=1, whole=True),
            Field("attention", "Attention (0 or 1)", high=1, whole=True),
            AGE,
        ),
        "criteria_ice",
    ),
    "icans_grade": Form(
        "icans_grade",
        "ICANS",
        "Grade",
        (
            Field("ice", "ICE score (0 to 10)", high=10, whole=True),
            Field(
                "consciousness",
                "Consciousness",
                (
                    ("awake", "awake"),
                    ("spontaneous", "awakens spontaneously"),
                    ("voice", "awakens to voice"),
                    ("tactile", "awakens only to touch"),
                    ("unarousable", "cannot be roused"),
                ),
            ),
            Field(
                "seizure",
                "Seizure",
                (("none", "none"), ("rapid", "resolves rapidly"), ("prolonged", "over 5 minutes, or repeated")),
            ),
            _yes("motor", "Deep focal weakness"),
            Field("edema", "Cerebral edema", (("none", "none"), ("focal", "focal"), ("diffuse", "diffuse"))),
            AGE,
        ),
        "criteria_icans",
    ),
    "gvhd_stage_skin": Form(
        "gvhd_stage",
        "GVHD, skin",
        "Stage",
        (
            Field("bsa_percent", "Rash (% of body surface)", high=100),
            _yes("bullae", "Bullae"),
            Field("desquamation_percent", "Desquamation (% of body surface)", high=100),
        ),
        "criteria_gvhd_stage",
        ("skin",),
        "skin",
    ),
    "gvhd_stage_liver": Form(
        "gvhd_stage",
        "GVHD, liver",
        "Stage",
        (Field("bilirubin_mg_dl", "Bilirubin (mg/dL)"), Field("bilirubin_umol_l", "or bilirubin (µmol/L)")),
        "criteria_gvhd_stage",
        ("liver", "bilirubin_mg_dl"),
        "liver",
    ),
    "gvhd_stage_upper_gi": Form(
        "gvhd_stage",
        "GVHD, upper gut",
        "Stage",
        (_yes("persistent_symptoms", "Persistent nausea, vomiting or anorexia"),),
        "criteria_gvhd_stage",
        ("upper_gi",),
        "upper_gi",
    ),
    "gvhd_stage_lower_gi": Form(
        "gvhd_stage",
        "GVHD, lower gut",
        "Stage",
        (
            Field("weight_kg", "Body weight (kg)", high=_gvhd.HEAVIEST),
            Field("adult", "Adult or child (the weight decides)", (("true", "adult"), ("false", "child"))),
            Field("stool_ml_per_day", "Stool (mL a day)"),
            Field("stool_episodes_per_day", "or stools a day, if the volume was not measured", whole=True),
            _yes("severe_pain", "Severe abdominal pain"),
            _yes("gross_blood", "Grossly bloody stool"),
        ),
        "criteria_gvhd_stage",
        ("lower_gi", "lower_gi_adult", "lower_gi_child"),
        "lower_gi",
    ),
    "gvhd_grade": Form(
        "gvhd_grade",
        "GVHD, overall grade",
        "Grade",
        (
            Field("skin", "Skin (stage 0 to 4)", high=4, whole=True),
            Field("liver", "Liver (stage 0 to 4)", high=4, whole=True),
            Field("upper_gi", "Upper gut (stage 0 or 1)", high=1, whole=True),
            Field("lower_gi", "Lower gut (stage 0 to 4)", high=4, whole=True),
        ),
        "criteria_gvhd_grade",
    ),
    "gvhd_onset": Form(
        "gvhd_onset",
        "GVHD, onset",
        "Onset",
        (Field("day", "Day of onset, counted from transplantation"),),
        "criteria_gvhd_onset",
    ),
    "tma_criteria": Form(
        "tma_criteria",
        "TA-TMA",
        "Criteria",
        (
            *(_yes(name, label, "first") for name, label in SEVEN),
            *(_yes(name, label, "second") for name, label in SEVEN),
            Field("days_apart", "Days between the two times"),
            Field("biopsy", "Proven in tissue of kidney or gut", (("false", "no"), ("true", "yes"))),
            *(_yes(name, name, "high_risk") for name in RISKS),
        ),
        "criteria_tma",
    ),
    "recovery_day": Form(
        "recovery_day",
        "Recovery of counts",
        "Day",
        (
            Field("cell", "Cell", (("neutrophil", "neutrophils"), ("platelet", "platelets"))),
            Field("last_transfusion_day", "Day of the last platelet transfusion", low=-1000, whole=True),
            Field("values_by_day", "Counts (10⁹/L): a day and a count on each line, such as 11 0.5 or 11, 0.5"),
        ),
        terms=("neutrophil recovery", "platelet recovery"),
    ),
    "easix": Form(
        "easix",
        "EASIX",
        "EASIX",
        (
            Field("ldh_u_l", "LDH (U/L)"),
            Field("creatinine_mg_dl", "Creatinine (mg/dL)"),
            Field("platelets_1e9_l", "Platelets (10⁹/L)"),
        ),
        terms=("EASIX",),
    ),
}
GROUPS = {
    "first": "First time",
    "second": "Second time",
    "": "Between and besides",
    "high_risk": "Features of high risk",
}


def rules_json(book) -> str:
    """The tables of rules, the definitions and the words that the page's script needs, as JSON for a script element."""
    names = [name for name in vars(book) if name.startswith(_rules.PREFIX)]
    tables = {name: getattr(book, name)[COLUMNS].fillna("").to_dict("records") for name in names}
    terms = list(chain.from_iterable(form.terms for form in FORMS.values()))
    told = dict(zip(book.definitions["term"], book.definitions["definition"]))
    words = {
        "no_rule": _rules.NO_RULE,
        "read_in_part": _rules.READ_IN_PART,
        "coldest": _astct.COLDEST,
        "hottest": _astct.HOTTEST,
        "heaviest": _gvhd.HEAVIEST,
        "highest": _gvhd.HIGHEST,
        "least": _counts.LEAST,
        "in_a_row": _counts.IN_A_ROW,
        "days_without_transfusion": _counts.DAYS_WITHOUT_TRANSFUSION,
        "longest_gap": _counts.LONGEST_GAP,
        "far_apart": _counts.FAR_APART,
        "nothing_now": _astct.NOTHING_NOW,
        "bands": _gvhd.BANDS,
        "other_bands": _gvhd.OTHER_BANDS,
        "one_day": _tma.ONE_DAY,
        "less_than_a_day": _tma.LESS_THAN_A_DAY,
        "other_units": {
            name: [[one.unit, one.above, one.below if math.isfinite(one.below) else None] for one in units]
            for name, units in _given.OTHER_UNITS.items()
        },
    }
    found = {"tables": tables, "definitions": {term: told.get(term, "") for term in terms}, "words": words}
    return json.dumps(found, ensure_ascii=False, allow_nan=False).replace("<", "\\u003c")


def form_html(book, name: str) -> str:
    """The form of an instrument, hidden until a script shows it."""
    form = FORMS[name]
    groups = list(dict.fromkeys(one.group for one in form.fields))
    parts = []
    for group in groups:
        fields = "\n".join(_field(name, one, _label(book, form, one)) for one in form.fields if one.group == group)
        many = (
            f"<legend>{GROUPS[group]}</legend>"
            if len(groups) > 1
            else f'<legend class="visually-hidden">{form.title}</legend>'
        )
        parts.append(f"<fieldset>{many}\n{fields}\n</fieldset>")
    organ = f' data-organ="{form.organ}"' if form.organ else ""
    fields = "\n".join(parts)
    return (
        f'<form class="instrument" id="form-{name}" data-instrument="{form.function}" data-gives="{form.gives}"{organ} '
        f'aria-label="{form.title}" autocomplete="off" hidden>\n{fields}\n'
        f'<div class="instrument-result" role="status"><p class="instrument-value" data-part="value"></p>'
        f'<p data-part="rule"></p><p data-part="risk"></p><p data-part="missing"></p></div>\n'
        f'<p class="instrument-call"><span>The same in Python:</span> <code data-part="call"></code></p>\n'
        f'<p class="instrument-foot"><button type="reset">Clear</button> <span>{NOTICE}</span></p>\n</form>'
    )


def _label(book, form: Form, one: Field) -> str:
    """What a field asks: for a criterion, what the tables say of it, so that no threshold is typed a second time."""
    if form.function != "tma_criteria" or not one.group:
        return one.label
    rows = getattr(book, form.table)
    decides = f"risk_{one.name}" if one.group == "high_risk" else one.name
    ways = list(dict.fromkeys(rows.loc[rows["decides"].eq(decides), "says"]))
    return (
        ways[0].removeprefix("high risk: ")
        if len(ways) == 1
        else f"{one.label}, in one of {len(ways)} ways (see the rules)"
    )


def _field(form: str, one: Field, text: str) -> str:
    place = "-".join(filter(None, ("form", form, one.group, one.name)))
    common = f'id="{place}" name="{one.name}" data-group="{one.group}"'
    label = f'<label for="{place}">{html.escape(text)}</label>'
    if one.name == "values_by_day":
        return f'<p class="instrument-wide">{label}<textarea {common} rows="4" data-kind="counts"></textarea></p>'
    if one.choices:
        # Where the function has a default, the form begins with it; else nothing is assessed.
        plain = one.choices[0][0] in ("false", "neutrophil")
        offered = (*one.choices, NOT_ASSESSED) if one.choices[0][0] == "false" else one.choices
        offered = offered if plain else (NOT_ASSESSED, *one.choices)
        options = "".join(f'<option value="{value}">{html.escape(text)}</option>' for value, text in offered)
        return f'<p>{label}<select {common} data-kind="choice">{options}</select></p>'
    high = f' max="{one.high:g}"' if one.high is not None else ""
    step = "1" if one.whole else "any"
    return f'<p>{label}<input type="number" {common} data-kind="number" min="{one.low:g}"{high} step="{step}"></p>'


def rules_html(book, name: str) -> str:
    """The rules of an instrument in words: what each gives, in what it was read, and those that are not used."""
    form = FORMS[name]
    if form.terms:
        rows = book.definitions[book.definitions["term"].isin(form.terms)]
        frame = pd.DataFrame(
            {
                "Term": rows["term"],
                "Definition": rows["definition"],
                "Read in": rows["read_in"],
                "Rivals": rows["rivals"],
            }
        )
        return slim(frame, f"Definition: {form.title}").html
    rows = getattr(book, form.table).fillna("")
    if form.decides:
        rows = rows[rows["decides"].isin(form.decides)]
    used = rows[rows["verified"].eq("yes")]
    used = used.assign(group=used["together"].where(used["together"].ne(""), used["rule_id"]))
    first = used.groupby("group", sort=False).agg(
        {"says": _parts, "decides": "first", "grade": "first", "read_in": "first", "note": _notes}
    )
    frame = pd.DataFrame(
        {
            "Rule": first["says"],
            "Gives": [_gives(decides, grade) for decides, grade in zip(first["decides"], first["grade"])],
            "Read in": first["read_in"],
            "Note": first["note"],
        }
    )
    parts = [slim(frame, f"Rules: {form.title}").html]
    left = rows[rows["verified"].ne("yes")]
    if len(left):
        items = "".join(
            f"<li>{html.escape(row.says)} ({'read in part' if row.verified == 'partial' else 'not read'}: "
            f"{html.escape(row.read_in)}). {html.escape(row.note)}</li>"
            for row in left.itertuples()
        )
        parts.append(f'<p>Not used, because not read in full:</p>\n<ul class="instrument-unused">{items}</ul>')
    parts.append(f'<p><a href="tables/{form.table}.html">All rows of the table {form.table}</a></p>')
    return "\n".join(parts)


def _notes(notes: pd.Series) -> str:
    return " ".join(dict.fromkeys(filter(None, notes)))


def _parts(says: pd.Series) -> str:
    return "; ".join(dict.fromkeys(says))


def _gives(decides: str, grade: str) -> str:
    name = decides.replace("_", " ").replace("risk ", "risk: ")
    if not grade:
        return {"grade": "how the parts are put together", "lower_gi": "which volume counts"}.get(decides, name)
    if decides == "scale":
        return "sources differ" if grade == "disputed" else f"score: {grade}"
    if grade.isdigit():
        return f"grade {grade}" if decides == "grade" else f"stage {grade}"
    if decides == "gate":
        return "grading goes on" if grade == "open" else "grade 0"
    return name if grade == "true" else f"{name}: {grade.replace('_', ' ')}"


def setup(app, book):
    """Register the directives; `book` is what gives the tables."""

    class Rules(Directive):
        """``{instrument-rules}``: the tables of rules for the script."""

        def run(self):
            """Put them into the page."""
            text = f'<script type="application/json" id="instrument-rules">{rules_json(book())}</script>'
            return [nodes.raw("", text, format="html")]

    class Instrument(Directive):
        """``{instrument} crs_grade``: a form, and the rules behind it."""

        required_arguments = 1

        def run(self):
            """Print both."""
            name = self.arguments[0]
            if name not in FORMS:
                raise self.error(f"no instrument {name}: name one of {', '.join(FORMS)}")
            # Open without scripts; the page's script folds the rules away under the form.
            rules = f"<details open><summary>The rules</summary>\n{rules_html(book(), name)}\n</details>"
            body = f'{form_html(book(), name)}\n<div class="instrument-rules">\n{rules}\n</div>'
            return [nodes.raw("", body, format="html")]

    app.add_directive("instrument-rules", Rules)
    app.add_directive("instrument", Instrument)
