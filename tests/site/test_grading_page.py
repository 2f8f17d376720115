"""The grading page in a real browser: it gives what Python gives, for hundreds of findings that somebody made up."""

import importlib
import json
import random
import re
import sys

import pytest
from casebook import instruments
from conftest import PROJECT
from everybody import faint, violations
from made_up import live
from site_pages import answered

sys.path.insert(0, str(PROJECT / "_ext"))
page_parts = importlib.import_module("casebook_instruments")

FORMS = instruments.criteria().forms
PAGE = "chapters/instruments"
TIMES = 120  # made-up patients for each form
SET = """([id, patients]) => {
  const form = document.getElementById(`form-${id}`);
  return patients.map((patient) => {
    Object.entries(patient).forEach(([name, value]) => {
      const [group, field] = name.includes('.') ? name.split('.') : ['', name];
      form.querySelector(`[name="${field}"][data-group="${group}"]`).value = value;
    });
    form.dispatchEvent(new Event('input', { bubbles: true }));
    const said = (part) => form.querySelector(`[data-part="${part}"]`).textContent;
    const parts = ['value', 'rule', 'missing', 'risk', 'call', 'line'];
    const { result, refused } = form;
    return { result, refused, ...Object.fromEntries(parts.map((part) => [part, said(part)])) };
  });
}"""
# Near each limit of the rules, and beyond what can be.
NUMBERS = {
    "orientation": [0, 2, 3, 4, 5], "naming": [0, 1, 2, 3, 3, 4],
    "commands": [0, 1, 1, 2], "writing": [0, 1, 1, 2], "attention": [0, 1, 1, 2],
    "temp_c": [36, 37.9, 38, 38.1, 41, 46, 100.4], "ice": [*range(11), 11, 4.5, -1],
    "bsa_percent": [0, 0.5, 24.9, 25, 50, 50.1, 100, 101], "desquamation_percent": [0, 5, 5.1, 90],
    "bilirubin_mg_dl": [0, 1.99, 2, 3, 3.05, 6, 6.1, 15, 15.1, 51],
    "bilirubin_umol_l": [0, 1.2, 34.1, 34.2, 51.3, 102.6, 256.5, 257],
    "weight_kg": [0, 3.7, 12.3, 45, 49.9, 50, 50.1, 70, 501, 3700],
    "stool_ml_per_day": [0, 123, 499, 500, 1000, 1500, 1501, -1],
    "stool_episodes_per_day": [0, 2, 3, 4, 5, 7, 8, 10, 11, 4.5], "day": [0, 7, 14, 14.5, 15, 100, -1],
    "days_apart": [0, 0.5, 1, 13.5, 14, 15, 21, -2], "ldh_u_l": [0, 3.9, 180, 312.5, 900, -3],
    "creatinine_mg_dl": [0, 0.09, 0.7, 1.3, 20, 88], "age_years": [0, 9, 11.9, 12, 12.5, 13, 40, 200],
    "platelets_1e9_l": [0, 0.5, 7, 93, 250, 12000], "last_transfusion_day": [-2, 0, 5, 9, 12, 3.5],
    "value": [0, 0.4, 0.5, 1, 1.5, 24, 25, 49, 50, 60, 75, 121, 400, 801, 1001],
    "uln": [0, 20, 39, 40, 40, 40], "lln": [0, 2, 100, 150], "baseline": [0, 20, 40, 41, 120],
    "capd": [0, 8, 9, 20, 4.5], "hours_from_engraftment": [0, 24, 96, 96, 97, -2], "rash_percent": [0, 25, 25.1, 60],
    "transaminases_x_uln": [0.5, 1.9, 2, 5, 5.1, 8, 9, 300], "creatinine_x_baseline": [0.9, 1.2, 1.5, 2, 2.1, 80],
    "weight_gain_percent": [-3, 0, 2.4, 2.5, 5, 5.1, 9.9, 10, 101], "hvpg_mmhg": [3, 9.9, 10, 30, -1],
    "weight_gain_days": [0, 2, 3, 2.5], "bilirubin_rise_days": [0, 2, 3], "days_since_first_sign": [0, 4, 5, 7, 8],
    "liver_enzymes_x_uln": [1, 2, 2.1, 5, 5.1], "refractory_days": [0, 2.5, 3, 7, 7.5],
    "gfr_ml_min": [10, 15, 29, 30, 59, 60, 89, 90, 60.5], "oxygen_l_min": [0, 1.9, 2, 3, 200],
}  # fmt: skip
SMALL = [0, 1, 1, 2, 3, 4, 5, -1, 1.5]


# What chance seldom makes up: a registry's example, with 23 on day 6 and the last transfusion on day 0.
COUNTS = "\n".join(f"{day} {count}" for day, count in enumerate([10, 30, 25, 10, 15, 19, 23, 25, 40, 50, 56]))
CHOSEN = {
    "recovery_day": [
        *({"cell": "platelet", "last_transfusion_day": last, "values_by_day": COUNTS}
          for last in ("", "-2", "0", "1", "2")),
        *({"cell": "neutrophil", "last_transfusion_day": "", "values_by_day": counts}
          for counts in (
              "-5 0.3\n0 0.8\n1 0.7\n2 0.6\n5 0.1\n14 0.5\n15 0.6\n16 0.9",
              "0 0.4\n1 0.6\n2 0.6\n3 0.7\n6 0.1\n10 0\n14 0.5\n15 0.6\n16 0.9\n40 0.2",
              "5 0.1\n12 0.5\n20 0.6\n28 0.7\n60 0.1",
              "9 0.1\n10 500\n11 600\n12 700",
          )),
    ],
    "crs_grade": [
        {"temp_c": temp, "fever": fever, "fever_waived": drugs, "fever_earlier": earlier, "hypotension": low,
         "hypoxia": "none"}
        for temp in ("36.8", "38.6") for fever in ("", "false") for drugs in ("true", "false", "")
        for earlier in ("true", "false", "") for low in ("none", "one_vasopressor", "")
    ],
}  # fmt: skip


@pytest.fixture(scope="module")
def page(browser, site):
    context = browser.new_context(offline=True, viewport={"width": 1280, "height": 900})
    opened = context.new_page()
    opened.wrong = []
    opened.on("pageerror", lambda error: opened.wrong.append(str(error)))
    opened.goto((site / f"{PAGE}.html").as_uri())
    yield opened
    context.close()


def drawn(form, rng):
    """A made-up patient for a form: by the names of its fields, each as a person would type it, or nothing."""
    found = {}
    for part, field in ((part, field) for part, _ in form.parts for field in form.inputs if part in field.parts):
        if field.kind == "counts":
            counts = ["?", 0.1, 0.4, 0.5, 0.9, 3, 10, 19, 20, 25, 60]
            days = rng.sample(range(-3, rng.choice([25, 50])), rng.randrange(28))
            text = "\n".join(f"{day} {rng.choice(counts)}" for day in days)
        elif field.kind in ("truth", "choice"):
            choices = [value for value, _ in field.choices] or ["true", "false"]
            text = rng.choice(choices if field.kind == "choice" and field.begins else ["", *choices])
        else:
            text = rng.choice(["", *map(str, NUMBERS.get(field.name, SMALL))])
        found[f"{part}.{field.name}" if part else field.name] = text
    return found


def meant(text):
    """What a person means by what was typed."""
    if text in ("", "?"):
        return None
    if text in ("true", "false"):
        return text == "true"
    if re.fullmatch(r"-?\d+", text):
        return int(text)
    return float(text) if re.fullmatch(r"-?\d*\.\d+", text) else text


def by_python(form, patient):
    """What the function of that name gives, or the words of its refusal, but for those that are of Python alone."""
    given = {"organ": form.organ} if form.organ else {}
    for name, text in patient.items():
        part, _, name = name.rpartition(".")
        if part != "high_risk" or text:  # a feature that is left out is taken from the two times
            (given.setdefault(part, {}) if part else given)[name] = meant(text)
    for name in {"values_by_day", "anc_by_day"} & set(patient):
        lines = [line.split() for line in patient[name].splitlines()]
        given[name] = {int(day): meant(count) for day, count in lines}
    try:
        return getattr(instruments, form.function)(**given)
    except ValueError as error:
        return str(error).replace(", or None if it was not assessed", "")


def typed(page, text):
    """What the form of recovery says to counts that are typed so."""
    patient = {"cell": "neutrophil", "last_transfusion_day": "", "values_by_day": text}
    return page.evaluate(SET, ["recovery_day", [patient]])[0]


@pytest.mark.parametrize(
    "text",
    [
        "10 0.1\n11 0.5\n12 0.6\n13 0.7",
        "10,0.1\n11, 0.5\n12;0.6\n13: 0.7",
        "10 0,1\n11 0,5\n12; 0,6\n13\t0,7",
        "10 0.1, 11 0.5, 12 0.6, 13 0.7",
        "10 0,1; 11 0,5; 12 0,6; 13 0,7",
    ],
)
def test_counts_may_be_typed_with_commas(text, page):
    assert "values_by_day={10: 0.1, 11: 0.5, 12: 0.6, 13: 0.7})" in typed(page, text)["call"], text
    assert typed(page, text)["result"]["value"] == 11


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("9 0.1\n10 0.5\n10 0.2\n11 0.6\n12 0.7", "day 10 has two counts, 0.5 and 0.2"),
        ("9 0.1\n10 0.2\n11 0.6\n10 0.5", "day 10 has two counts, 0.2 and 0.5"),
        ("9 0.1\n10 ?\n10 0.5", "day 10 has two counts, ? and 0.5"),
        ("9 0.1, 9 0.1", "day 9 has two counts"),
        ("9 0.1\n10 500", "500 fits counts per µL"),
        ("10 12,000", "may part thousands"),
        ("10", "give a day and a count on each line"),
        ("10 0.1 0.2", "give a day and a count on each line"),
    ],
)
def test_counts_that_cannot_be_read_are_refused(text, words, page):
    shown = typed(page, text)
    assert shown["result"] is None and words in shown["value"], shown["value"]


LABELS = """name => Object.fromEntries([...document.querySelector(`#form-${name}`).elements]
    .filter(field => field.name && field.labels && field.labels.length)
    .map(field => [field.name, field.labels[0].textContent]))"""


def in_labels(called, text):
    """A sentence of Python as the page says it: names of arguments in the words of their labels."""
    for name, label in called.items():
        if "_" in name:
            label = re.sub(r" \(.*", "", label.strip()).removeprefix("or ")
            text = re.sub(rf"\b{name}\b", label[0].lower() + label[1:] if label[1].islower() else label, text)
    return text.replace("_", " ")


def untouched(form, patient):
    """Whether a form is as the page opens it."""
    return all(value in ("", one.begins) for one in form.inputs for value in [patient.get(one.name, "")])


@pytest.mark.parametrize("name", FORMS)
def test_page_and_python_agree_on_patients_that_chance_made_up(name, page):
    """Values, words, reasons, what is missing, refusals; and the call that the page shows gives the same."""
    form, rng = FORMS[name], random.Random(name)
    patients = CHOSEN.get(name, []) + [drawn(form, rng) for _ in range(TIMES)]
    values, called = set(), page.evaluate(LABELS, name)
    for patient, shown in zip(patients, answered(page, SET, [name, patients])):
        wanted, result = by_python(form, patient), shown["result"]
        if isinstance(wanted, str):
            assert (result, shown["refused"]) == (None, wanted), patient
            assert shown["value"] == in_labels(called, f"No value: {wanted.replace(' is None', '')}")
            continue
        assert result is not None, (patient, shown["value"], wanted)
        assert (result["value"], result["rule"], tuple(result["missing"]), result["at_least"]) == (
            wanted.value, wanted.rule, wanted.missing, wanted.at_least,
        ), patient  # fmt: skip
        assert ("at least" in shown["value"]) == (wanted.at_least and shown["value"] != "")
        if shown["value"]:
            assert shown["rule"] == in_labels(called, f"Rule: {wanted.rule}")
            risk = f"Risk: {wanted.risk}. {wanted.risk_rule}" if getattr(wanted, "risk", "") else ""
            assert shown["risk"] == in_labels(called, risk)
        else:
            assert untouched(form, patient), "nothing is said of what nobody entered, and of that alone"
        assert shown["line"] == instruments.note_line(wanted)
        assert eval(shown["call"], vars(instruments)) == wanted, shown["call"]
        values.add(wanted.value)
    assert len(values) > 1, "chance made up patients of one grade only"
    assert page.wrong == []


def test_the_page_holds_every_rule_as_it_is_loaded(page):
    inlined = json.loads(page.locator("#instrument-rules").text_content())
    rows = live().criteria.set_index("rule_id")
    for kept, verified in (("used", rows["verified"].eq("yes")), ("unused", rows["verified"].ne("yes"))):
        assert {rule["rule_id"]: rule["says"] for rule in inlined[kept]} == dict(rows.loc[verified, "says"])
    assert list(inlined["forms"]) == list(live().forms["form"])


def test_a_form_answers_at_once_by_keyboard_and_says_it_aloud(page):
    form = page.locator("#form-crs_grade")
    form.get_by_role("button", name="Clear").click()
    form.get_by_label("Temperature (°C)").focus()
    page.keyboard.type("38.0")
    for _ in ("fever", "drugs", "fever earlier", "hypotension"):
        page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.name") == "hypotension"
    page.keyboard.type("fluids")
    said = form.get_by_role("status")
    assert "Grade: at least 2" in said.inner_text() and "Not assessed: hypoxia" in said.inner_text()
    form.get_by_role("button", name="Clear").press("Enter")
    page.wait_for_function("document.querySelector('#form-crs_grade [role=status]').innerText.trim() === ''")
    page.reload()
    skin = page.locator("#form-gvhd_stage_skin")
    assert skin.get_by_role("status").inner_text().strip() == "", "nothing is said of what nobody entered"
    skin.locator("select").first.select_option(index=1)
    said = skin.get_by_role("status").inner_text()
    assert "Not assessed: rash" in said and "bsa" not in said


def test_a_form_asks_for_what_was_picked_and_its_line_can_be_copied(page):
    form = page.locator("#form-sos_diagnosis")
    form.get_by_role("button", name="Clear").click()
    assert form.get_by_label("Painful hepatomegaly").is_visible()
    form.get_by_label("Adult or child").select_option("child")
    assert form.get_by_label("Hepatomegaly above the baseline").is_visible()
    assert not form.get_by_label("Painful hepatomegaly").is_visible()
    form.get_by_role("button", name="Copy").click()
    form.get_by_text("Copied.").or_(form.get_by_text("Marked: ")).wait_for()
    marked = page.evaluate("getSelection().toString().trim()")
    assert marked == form.locator("[data-part=line]").inner_text().strip()
    assert marked.startswith("EBMT 2018 SOS/VOD (children) criteria undetermined: open until assessed")


def test_the_page_begins_with_a_link_to_each_form(page):
    links = page.locator(".instrument-list a").evaluate_all("links => links.map((link) => link.getAttribute('href'))")
    assert links == [f"#instrument-{name}" for name in FORMS]
    assert all(page.locator(link).count() == 1 for link in links)


def test_every_control_has_a_name_and_axe_finds_nothing(page):
    assert faint(page) == violations(page, "article") == []
    nameless = page.locator("form.instrument :is(input, select, textarea)").evaluate_all(
        "fields => fields.filter((field) => !field.labels.length).length"
    )
    assert nameless == 0


@pytest.mark.parametrize("width", [320, 390])
def test_the_forms_fit_a_phone(width, browser, site):
    context = browser.new_context(offline=True, viewport={"width": width, "height": 800})
    phone = context.new_page()
    phone.goto((site / f"{PAGE}.html").as_uri())
    assert phone.evaluate("document.documentElement.scrollWidth <= innerWidth + 1")
    heights = phone.locator("form.instrument :is(input, select, button):visible").evaluate_all(
        "fields => fields.map((field) => field.getBoundingClientRect().height)"
    )
    assert heights and min(heights) >= 40, "a finger needs room"
    context.close()


def test_with_scripts_off_the_rules_stand_alone(browser, site):
    context = browser.new_context(offline=True, java_script_enabled=False)
    plain = context.new_page()
    plain.goto((site / f"{PAGE}.html").as_uri())
    assert not any(form.is_visible() for form in plain.locator("form.instrument").all())
    text = plain.inner_text("article")
    for row in live().criteria.itertuples():
        assert row.says in text, row.rule_id
    assert page_parts.NOTICE in text
    context.close()


def test_it_says_in_print_too_that_it_is_for_teaching(page):
    page.emulate_media(media="print")
    notices = page.get_by_text(page_parts.NOTICE)
    assert notices.count() == len(FORMS) + 1
    assert all(notice.is_visible() for notice in notices.all())
    page.emulate_media(media="screen")


def test_the_rules_are_folded_and_print_as_tables(page):
    assert page.locator(".instrument-rules details[open]").count() == 0
    page.emulate_media(media="print")
    page.set_viewport_size({"width": 718, "height": 1000})
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    heads = page.locator(".instrument-rules thead").evaluate_all(
        "heads => heads.map((head) => getComputedStyle(head.querySelector('th')).display)"
    )
    assert heads and set(heads) == {"table-cell"}
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    page.emulate_media(media="screen")
    page.set_viewport_size({"width": 1280, "height": 900})


def test_only_this_page_brings_the_script(site):
    with_script = [
        path.stem for path in (site / "chapters").glob("*.html") if "casebook-instruments.js" in path.read_text()
    ]
    assert with_script == ["instruments"]


def test_an_instrument_that_is_none_is_refused():
    with pytest.raises(ValueError, match="no form 'apgar': give crs_grade"):
        page_parts.form_html(live(), "apgar")
