"""The grid of the differential in a real browser: it marks what Python marks, and moves and hides no row."""

import random

import pytest
from casebook.evidence import differential
from casebook.evidence.differential import SIGNS
from everybody import faint, violations
from made_up import live

PAGE, TIMES = "chapters/differential-diagnosis", 200
SET = """(patients) => {
  const form = document.getElementById('differential-form');
  const rows = [...document.querySelectorAll('table.grid [data-row]')];
  return patients.map(({ day, findings, done }) => {
    form.elements.day.value = day;
    form.querySelectorAll('[name="finding"]').forEach((box) => { box.checked = findings.includes(box.value); });
    rows.forEach((row, at) => { row.querySelector('[name="done"]').checked = done.includes(at); });
    form.dispatchEvent(new Event('input', { bubbles: true }));
    const hits = rows.map((row) => [...row.querySelectorAll('.hit')].map((cell) => cell.dataset.sign));
    const order = rows.filter((row) => row.getClientRects().length).map((row) => Number(row.dataset.row));
    return { result: form.result, refused: form.refused, hits, order };
  });
}"""


@pytest.fixture(scope="module")
def rows():
    return differential.grid(live())


@pytest.fixture(scope="module")
def page(browser, site):
    context = browser.new_context(offline=True, viewport={"width": 1280, "height": 900})
    opened = context.new_page()
    opened.wrong = []
    opened.on("pageerror", lambda error: opened.wrong.append(str(error)))
    opened.goto((site / f"{PAGE}.html").as_uri())
    yield opened
    context.close()


def made_up(rng, rows):
    return {
        "day": rng.choice(["", "0", "5", "14", "21", "100", "-1", "2.5", str(rng.randrange(900))]),
        "findings": rng.sample(list(SIGNS), rng.randrange(len(SIGNS) + 1)),
        "done": rng.sample(range(len(rows)), rng.randrange(len(rows))),
    }


def by_python(rows, patient):
    day = None if patient["day"] == "" else float(patient["day"])
    day = int(day) if day is not None and day == int(day) else day
    done = [rows[at]["condition"] for at in patient["done"]]
    try:
        found = differential.touched(rows, day, patient["findings"])
        return {"touched": found, "said": differential.said_touched(rows, day, patient["findings"], done)}, None
    except ValueError as error:
        return None, str(error)


def test_the_page_gives_what_python_gives(page, rows):
    rng = random.Random(41)
    patients = [made_up(rng, rows) for _ in range(TIMES)]
    refused = 0
    for patient, shown in zip(patients, page.evaluate(SET, patients)):
        wanted, why = by_python(rows, patient)
        assert (shown["result"], shown["refused"]) == (wanted, why), patient
        refused += why is not None
        assert shown["order"] == list(range(len(rows)))
        if wanted:
            for one, hits in zip(wanted["touched"], shown["hits"]):
                assert hits == ["days"] * (one["day"] == differential.WITHIN) + one["signs"]
    assert 10 < refused < TIMES / 2 and page.wrong == []


def test_every_cell_leads_to_the_row_of_its_source(page):
    links = page.locator("table.grid td a")
    assert links.count() > 50
    missing = links.evaluate_all(
        "links => links.map((a) => a.hash.slice(1)).filter((id) => !document.getElementById(id))"
    )
    assert missing == []


def test_the_grid_is_whole_without_scripts_and_then_has_no_switches(browser, site, rows):
    context = browser.new_context(java_script_enabled=False, offline=True)
    plain = context.new_page()
    plain.goto((site / f"{PAGE}.html").as_uri())
    assert plain.locator("table.grid tbody tr").count() == len(rows)
    assert not plain.locator("#differential-form").is_visible()
    assert not any(box.is_visible() for box in plain.locator("table.grid input").all())
    context.close()


def test_the_grid_stays_within_a_desk_and_a_phone(browser, site, page, rows):
    assert page.locator("table.grid").bounding_box()["height"] < 1150
    context = browser.new_context(offline=True, viewport={"width": 320, "height": 640})
    phone = context.new_page()
    phone.goto((site / f"{PAGE}.html").as_uri())
    assert phone.evaluate("document.documentElement.scrollWidth") <= 320
    context.close()


def test_axe_finds_nothing_with_rows_marked(page):
    page.evaluate(SET, [{"day": "9", "findings": ["fever", "rash"], "done": [1]}])
    assert faint(page) == violations(page) == []


def test_only_its_page_carries_the_script(site):
    with_script = [
        path.stem for path in (site / "chapters").glob("*.html") if "casebook-differential.js" in path.read_text()
    ]
    assert with_script == ["differential-diagnosis"]
