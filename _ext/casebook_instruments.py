"""The grading page: ``{instrument} crs_grade`` prints a form and the rules behind it.

``{instrument-rules}``
    Puts the tables of rules, as they are loaded, into the page as JSON; the page's script reads them there. Above it
    stand the names of the instruments, each a link to its form.
``{instrument} crs_grade``
    A form for made-up findings, and under it the rules in words, those that are not used named apart.
    Without scripts the form stays hidden and the rules stand alone.
"""

from __future__ import annotations

import html
import json
import re
from dataclasses import asdict
from itertools import chain

import pandas as pd
from casebook.charts import slim
from casebook.instruments import COUNTS, SAYS, Form, Input, criteria
from docutils import nodes
from docutils.parsers.rst import Directive

NOTICE = "For teaching with made-up findings, not for patient care."
NOT_ASSESSED = ("", "not assessed")


def rules_json(book) -> str:
    """What the page's script needs, as JSON for a script element: rules, forms, inputs, the definitions of forms."""
    found = asdict(criteria(book)) | {"says": SAYS, "counts": COUNTS}
    terms = set(chain.from_iterable(form["terms"] for form in found["forms"].values()))
    found["definitions"] = {term: told for term, told in found["definitions"].items() if term in terms}
    return json.dumps(found, ensure_ascii=False, allow_nan=False).replace("<", "\\u003c")


def list_html(book) -> str:
    """The instruments by name, each a link to its form, for who comes back for one of them."""
    titles = {name: html.escape(form.title) for name, form in criteria(book).forms.items()}
    items = "".join(f'<li><a href="#instrument-{name}">{title}</a></li>' for name, title in titles.items())
    return f'<nav class="instrument-list" aria-label="Instruments on this page"><ul>{items}</ul></nav>'


def form_html(book, name: str) -> str:
    """The form of an instrument, hidden until a script shows it."""
    form, parts = criteria(book).form(name), []
    title = html.escape(form.title)
    for part, heading in form.parts:
        asked = [one for one in form.inputs if part in one.parts]
        fields = "\n".join(_field(name, part, one, _label(book, form, part, one)) for one in asked)
        legend = (
            f"<legend>{html.escape(heading)}</legend>"
            if heading
            else f'<legend class="visually-hidden">{title}</legend>'
        )
        parts.append(f"<fieldset>{legend}\n{fields}\n</fieldset>")
    fields = "\n".join(parts)
    return (
        f'<form class="instrument" id="form-{name}" data-form="{name}" aria-label="{title}" autocomplete="off" '
        f"hidden>\n{fields}\n"
        f'<div class="instrument-result" role="status"><p class="instrument-value" data-part="value"></p>'
        f'<p data-part="rule"></p><p data-part="risk"></p><p data-part="missing"></p></div>\n'
        f'<p class="instrument-line"><span>As a line for a note:</span> <span data-part="line"></span> '
        f'<button type="button" data-part="copy">Copy</button> '
        f'<span aria-live="polite" data-part="copied"></span></p>\n'
        f'<p class="instrument-call"><span>The same in Python:</span> <code data-part="call"></code></p>\n'
        f'<p class="instrument-foot"><button type="reset">Clear</button> <span>{NOTICE}</span></p>\n</form>'
    )


def _label(book, form: Form, part: str, one: Input) -> str:
    """What a field asks: for a criterion, what the tables say of it, so that no threshold is typed a second time."""
    if not part:
        return one.label
    decides = f"risk_{one.name}" if part == "high_risk" else one.name
    ways = list(dict.fromkeys(rule.says for rule in criteria(book).of(form.instrument, decides)))
    if len(ways) > 1:
        return f"{one.label}, in one of {len(ways)} ways (see the rules)"
    return ways[0].removeprefix("high risk: ")


def _field(form: str, part: str, one: Input, text: str) -> str:
    place = "-".join(filter(None, ("form", form, part, one.name)))
    common = f'id="{place}" name="{one.name}" data-group="{part}"'
    label = f'<label for="{place}">{html.escape(text)}</label>'
    if one.kind == "counts":
        return f'<p class="instrument-wide">{label}<textarea {common} rows="4" data-kind="counts"></textarea></p>'
    if one.kind in ("truth", "choice"):
        options = "".join(
            f'<option value="{html.escape(value)}">{html.escape(text)}</option>' for value, text in _offered(one)
        )
        return f'<p>{label}<select {common} data-kind="choice">{options}</select></p>'
    high = "" if one.high is None else f' max="{one.high:g}"'
    step = "1" if one.kind == "whole" else "any"
    return f'<p>{label}<input type="number" {common} data-kind="number" min="{one.low:g}"{high} step="{step}"></p>'


def _offered(one: Input) -> list[tuple[str, str]]:
    """What may be chosen: where the function begins with a value, so does the form; else nothing is assessed."""
    choices = one.choices or (("true", "yes"), ("false", "no"))
    if not one.begins:
        return [NOT_ASSESSED, *choices]
    first = sorted(choices, key=lambda choice: choice[0] != one.begins)
    return [*first, NOT_ASSESSED] if one.kind == "truth" else first


def rules_html(book, name: str) -> str:
    """The rules of an instrument in words: what each gives, in what it was read, and those that are not used."""
    form = criteria(book).form(name)
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
    rows = book.criteria[book.criteria["instrument"].eq(form.instrument)].fillna("")
    if form.organ:
        asked = {one.name for one in form.inputs}
        rows = rows[[one in asked or one.startswith(form.organ) for one in rows["decides"]]]
    used = rows[rows["verified"].eq("yes")]
    used = used.assign(group=used["together"].where(used["together"].ne(""), used["rule_id"]))
    first = used.groupby("group", sort=False).agg(
        {"says": _parts, "decides": "first", "grade": "first", "read_in": "first", "note": _notes}
    )
    frame = pd.DataFrame(
        {
            "Rule": first["says"],
            "Gives": [_gives(form, decides, grade) for decides, grade in zip(first["decides"], first["grade"])],
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
    parts.append(
        f'<p><a href="tables/criteria.html#criteria-{rows.iloc[0].rule_id}">All rows of the table criteria</a></p>'
    )
    return "\n".join(parts)


def _notes(notes: pd.Series) -> str:
    return " ".join(dict.fromkeys(filter(None, notes)))


def _parts(says: pd.Series) -> str:
    return "; ".join(dict.fromkeys(says))


def _gives(form: Form, decides: str, grade: str) -> str:
    name = decides.replace("_", " ").replace("risk ", "risk: ")
    if form.picks:
        return _gives_picked(form, decides, grade)
    if not grade:
        return {"grade": "how the parts are put together", "lower_gi": "which volume counts"}.get(decides, name)
    if decides == "scale":
        return "sources differ" if grade == "disputed" else f"score: {grade}"
    if grade.isdigit():
        return f"grade {grade}" if decides == "grade" else f"stage {grade}"
    if decides == "gate":
        return "grading goes on" if grade == "open" else "grade 0"
    return name if grade == "true" else f"{name}: {grade.replace('_', ' ')}"


def _gives_picked(form: Form, decides: str, grade: str) -> str:
    """What a rule gives where a choice picks the rules: of which choice it is, and what it makes."""
    picks = next(dict(one.choices) for one in form.inputs if one.name == form.picks)
    pick = next((pick for pick in picks if decides == pick or decides.startswith(f"{pick}_")), "")
    named = re.split(r"[,(]", picks.get(pick, ""))[0].strip()
    rest, value = decides.removeprefix(pick).strip("_").replace("_", " "), grade.replace("_", " ")
    if not value:
        return f"{named}: told" if named and not rest else "for the other rules"
    if rest == "tells":
        return f"{named}: said beside the value"
    made = f"{rest}: {value}" if rest else f"{form.gives.lower()} {value}"
    return f"{named}: {made}" if named else made


def setup(app, book):
    """Register the directives; `book` is what gives the tables."""

    class Rules(Directive):
        """``{instrument-rules}``: the tables of rules for the script."""

        def run(self):
            """Put them into the page."""
            text = f'<script type="application/json" id="instrument-rules">{rules_json(book())}</script>'
            return [nodes.raw("", list_html(book()) + text, format="html")]

    class Instrument(Directive):
        """``{instrument} crs_grade``: a form, and the rules behind it."""

        required_arguments = 1

        def run(self):
            """Print both."""
            name = self.arguments[0]
            try:
                form, rules = form_html(book(), name), rules_html(book(), name)
            except ValueError as error:
                raise self.error(str(error)) from None
            # Folded under the form; where no script runs there is no form, and the stylesheet opens them.
            rules = f"<details><summary>The rules</summary>\n{rules}\n</details>"
            body = f'<span id="instrument-{name}"></span>{form}\n<div class="instrument-rules">\n{rules}\n</div>'
            return [nodes.raw("", body, format="html")]

    app.add_directive("instrument-rules", Rules)
    app.add_directive("instrument", Instrument)
