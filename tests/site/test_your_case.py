"""The page of your case in a real browser: the second engine, the form, files in and out, and that nothing leaves.

Whatever is typed into the forms of the two cases here is made up, and says so where it asks for a place.
"""

import functools
import http.server
import json
import re
import threading

import made_up_networks
import pytest
from casebook import data, timeline
from casebook.exchange import case_files, case_fill, phenopacket, placements
from conftest import PROJECT
from everybody import faint, violations
from site_pages import answered

PAGE = "chapters/your-case"
CASE_FILES = PROJECT / "tests" / "case_files"
PLACE = """file => {
  const { kinds, labels } = JSON.parse(document.getElementById('case-vocabulary').textContent);
  return casebookCase.place(file, kinds, { labels });
}"""
ROWS = """rows => rows.map(row => [row.dataset.event, row.dataset.earliest, row.dataset.latest, row.dataset.words])"""
MADE_UP = {
    "cases": [{"case_id": "made-up-2", "label": "made-up patient", "role": "made-up"}],
    "events": [],
    "bounds": [],
}


@pytest.fixture
def page(view):
    return view(PAGE, viewport={"width": 1280, "height": 900})


def opened(page, content, name="case.json"):
    """Hand a file to the page, as a reader does."""
    text = content if isinstance(content, str) else json.dumps(content)
    return opened_files(page, [{"name": name, "mimeType": "text/plain", "buffer": text.encode()}])


def opened_files(page, files):
    page.evaluate("document.getElementById('case-note').textContent = ''")
    page.locator("#case-file").set_input_files(files)
    page.locator("#case-note:not(:empty)").wait_for()
    return page.locator("#case-note").inner_text()


def rows_of(page):
    return page.locator("#case-table tr").evaluate_all(ROWS)


def saved(page, what):
    """The text of a file that the page saves, and its name."""
    page.locator("#case-save-as").select_option(what)
    with page.expect_download() as download:
        page.get_by_role("button", name="Save", exact=True).click()
    return download.value.path().read_text(encoding="utf-8"), download.value.suggested_filename


def control(page, *parts):
    return page.locator(f'[name="{"|".join(parts)}"]')


def add(page, kind):
    """Add an event and give the name of its row."""
    page.get_by_label("Add what happened").select_option(kind)
    return page.locator(".case-event").last.get_attribute("id").removeprefix("e|")


def told(*bounds, case="made-up-2"):
    """A case file of an infusion, a graft and others, by bounds (from, to, least, most)."""
    names = dict.fromkeys(name for bound in bounds for name in bound[:2])
    kinds = {"infusion": "car_t_infusion", "graft": "hsct"}
    events = [
        {"event_id": name, "case_id": case, "kind": kinds.get(name, name), "label": name, "index_event": name in kinds}
        for name in names
    ]
    rows = [
        {
            "bound_id": f"b{at}",
            "case_id": case,
            "from_event": start,
            "to_event": end,
            "min_days": least,
            "max_days": most,
        }
        | {"statement": f"Sentence {at}.", "basis": "stated"}
        for at, (start, end, least, most) in enumerate(bounds)
    ]
    return {"format": "casebook-case", "version": 1, "cases": MADE_UP["cases"], "events": events, "bounds": rows}


# ---------------------------------------------------------------- the second engine


@pytest.fixture(scope="module")
def networks():
    file = made_up_networks.case_file(600)
    return file, made_up_networks.placed(file)


def test_the_script_places_what_chance_made_up_where_python_does(page, networks):
    file, wanted = networks
    found = answered(page, PLACE, file)
    for part in wanted:
        assert found[part] == wanted[part], part
    assert len(wanted["contradictions"]) > 100 and len(wanted["ask_first"]) > 200 and len(wanted["rows"]) > 2000
    assert any(row["words"].endswith("or later") for row in wanted["rows"]), "chance made up no open end"


@pytest.mark.parametrize("path", sorted(CASE_FILES.glob("*.json")), ids=lambda path: path.stem)
def test_a_case_file_is_placed_as_the_command_places_it(path, page):
    book = case_files.read_patients(path)
    wanted = placements.placement_of(timeline.places(book))
    assert page.evaluate(PLACE, json.loads(path.read_text())) == wanted
    opened(page, path.read_text())
    blank = {None: ""}
    assert rows_of(page) == [
        [row["event"], *(str(blank.get(row[end], row[end])) for end in ("earliest", "latest")), row["words"]]
        for row in wanted["rows"]
    ]


def test_the_two_cases_stand_as_the_tables_have_them(page):
    book = data.select(data.load(), "case-1", "case-2")
    wanted = {row.event_id: row.words for row in timeline.places(book).rows.itertuples()}
    found = {}
    for case in ("Case 1", "Case 2"):
        page.get_by_role("button", name=f"{case}, to fill from the article").click()
        found |= {row[0]: row[3] for row in rows_of(page)}
    assert found == wanted


def test_the_engine_is_no_other_in_the_numbers_that_round(page):
    numbers = page.evaluate("[0.125, 0.375, -0.125, 2.5, 1.005, 1234567, -0, 0.1 + 0.2].map(casebookCase.number)")
    assert numbers == ["0.12", "0.38", "−0.12", "2.5", "1", "1234567", "0", "0.3"]


LIMITS = ["", "0", "3", "-3", "2.5", "-7", "2 weeks", "-1 month", "36 hours", "1 year", "40"]


def test_limits_become_a_sentence_and_come_back_as_they_were(page):
    """However two cells are filled, their sentence has the same days, from whichever of both events it is said."""
    found = page.evaluate(
        """cells => cells.flatMap(min_days => cells.map(max_days => {
          const { cellsOf, daysOf, sentenceOf, turned } = casebookCase;
          const days = (row) => [row.min_days, row.max_days].map((cell) => (cell === "" ? null : daysOf(cell)));
          const back = cellsOf(sentenceOf({ min_days, max_days }));
          const over = turned(cellsOf(sentenceOf(turned({ min_days, max_days }))));
          return [days({ min_days, max_days }), days(back), days(over)];
        }))""",
        LIMITS,
    )
    assert len(found) == len(LIMITS) ** 2
    for wanted, *both in found:
        least, most = wanted
        if None in wanted or least <= most:  # a sentence that goes backward is none that can be said
            for got in both:
                assert got == [None if one is None else pytest.approx(one) for one in wanted]


@pytest.mark.parametrize("period", ["P5M", "P1Y", "P10Y2M", "P3W", "P12D", "PT36H", "P1Y2M3W", "P2M1D", "P89Y", "P0D"])
def test_an_age_has_as_many_days_as_in_python(period, page):
    assert page.evaluate("casebookCase.daysOfAge", period) == list(timeline.days_of(period))


# ---------------------------------------------------------------- the form


def test_it_opens_with_a_picture_that_says_it_is_made_up(page):
    assert page.locator("#case-picture svg").is_visible()
    assert page.locator("#case-title").inner_text().startswith("made-up patient")
    assert page.locator(".case-event").count() > 5


def test_an_event_is_a_sentence_and_all_follows_each_change(page):
    page.get_by_role("button", name="Start empty").click()
    crs = add(page, "crs")
    assert page.evaluate("document.activeElement.name") == f"bounds|new {crs}|relation"
    page.keyboard.press("w")  # within
    bound = page.locator(".case-sentence").last.get_attribute("data-bound")
    control(page, "bounds", bound, "n").fill("2")
    control(page, "bounds", bound, "unit").select_option("week")
    card = page.locator(f'[id="e|{crs}"]')
    assert "In days: 0 to 14 days after the infusion." in card.inner_text()
    assert "Lies: day 0 to 14." in card.inner_text()
    assert rows_of(page)[-1] == [crs, "0", "14", "day 0 to 14"]
    assert "Open: cytokine release syndrome." in page.locator("#case-said").inner_text()
    control(page, "bounds", bound, "relation").select_option("between")
    control(page, "bounds", bound, "n").fill("3")
    control(page, "bounds", bound, "m").fill("5")
    assert rows_of(page)[-1][1:3] == ["21", "35"]
    control(page, "bounds", bound, "direction").select_option("before")
    assert rows_of(page)[-1][1:3] == ["-35", "-21"]
    control(page, "events", crs, "label").fill("CRS, grade 2")
    assert "CRS, grade 2 began 21 to 35 days before the infusion. (stated)" in page.locator("#case-table").inner_text()
    control(page, "bounds", bound, "relation").select_option("unsaid")
    assert rows_of(page)[-1] == [crs, "", "", "not in the record"]
    assert page.wrong == []


def test_steps_are_taken_back_and_events_copied_moved_and_deleted(page):
    opened(page, told(("infusion", "crs", "2", "2"), ("infusion", "graft", "40", "40"), ("graft", "gvhd", "0", "14")))
    first = rows_of(page)
    page.get_by_role("button", name="Copy crs").click()
    assert [row[0] for row in rows_of(page)] == ["infusion", "crs", "crs-copy", "graft", "gvhd"]
    page.get_by_role("button", name="Move gvhd up").click()
    assert [row[0] for row in rows_of(page)][-2:] == ["gvhd", "graft"]
    page.get_by_role("button", name="Delete graft").click()
    assert rows_of(page)[-1] == ["gvhd", "", "", "not in the record"]
    for _ in range(3):
        page.get_by_role("button", name="Undo").click()
    assert rows_of(page) == first and page.get_by_role("button", name="Undo").is_disabled()
    for number in range(25):
        control(page, "events", "gvhd", "label").fill(f"rash {number}")
        control(page, "events", "crs", "label").fill(f"fever {number}")
    page.locator("#case-said").click()
    for _ in range(20):
        page.keyboard.press("Control+z")
    assert page.get_by_role("button", name="Undo").is_disabled(), "twenty steps are kept"
    assert page.locator("#case-table tr").last.locator("th").inner_text() == "rash 14"


def test_sentences_that_contradict_each_other_are_named_and_the_last_picture_stays_pale(page):
    opened(page, told(("infusion", "crs", "2", "2"), ("infusion", "graft", "40", "40"), ("crs", "graft", "30", "")))
    before = page.locator("#case-picture").inner_html()
    control(page, "bounds", "b1", "n").fill("20")
    marked = page.locator("[data-bound].is-wrong").evaluate_all("all => all.map(one => one.dataset.bound)")
    assert sorted(marked) == ["b0", "b1", "b2"]
    said = page.locator("#case-contradictions").inner_text()
    assert "These 3 sentences cannot all be true" in said and "Sentence 2." in said
    assert page.locator("#case-picture").inner_html() == before
    assert page.locator("#case-picture.is-pale").count() == 1 and rows_of(page) == []
    control(page, "bounds", "b1", "n").fill("40")
    assert page.locator("#case-picture.is-pale, .is-wrong").count() == 0
    assert page.locator("#case-contradictions").inner_text() == "" and rows_of(page)


def test_a_word_with_two_definitions_offers_both_with_the_window_of_each(page):
    page.get_by_role("button", name="Start empty").click()
    add(page, "hsct")
    gvhd = add(page, "hyperacute_gvhd")
    offers = page.locator(f'[id="e|{gvhd}"] .case-offers li')
    assert "0 to 14 days after transplantation" in offers.nth(0).inner_text()
    assert "after transplantation, no later limit" in offers.nth(1).inner_text()
    offers.nth(0).get_by_role("button").click()
    assert "if Saliba 2007 is meant" in page.locator("#case-table tr").last.inner_text()
    offers.nth(1).get_by_role("button").click()
    assert rows_of(page)[-1][3] == "after transplantation, no later limit"
    assert page.locator(f'[id="e|{gvhd}"] [data-bound]').count() == 1, "one definition at a time"


def test_silence_is_a_choice(page):
    page.get_by_role("button", name="Start empty").click()
    assert page.locator("#case-picture .case-silent").count() > 8
    silent = page.locator("#case-picture .case-silent").count()
    control(page, "lane", "infection").select_option("absent infection")
    assert "infection: looked for and absent" in page.locator("#case-picture").inner_text()
    control(page, "lane", "microangiopathy").select_option("named ta_tma")
    assert "when is not in the record" in page.locator("#case-picture").inner_text()
    assert page.locator("#case-picture .case-silent").count() == silent - 2
    content = json.loads(saved(page, "json")[0])
    assert content["cases"][0]["absent_kinds"] == "infection" and content["cases"][0]["did_not_occur"] == "infection"


def test_days_count_from_whichever_event_and_two_clocks_agree(page):
    opened(page, told(("infusion", "graft", "40", "45"), ("graft", "gvhd", "10", "10")))
    page.locator("#case-zero").select_option("graft")
    assert rows_of(page)[-1] == ["gvhd", "10", "10", "day 10"] and rows_of(page)[0][1:3] == ["-45", "-40"]
    page.locator("#clock-day").fill("50")
    assert page.locator("#clock-says").inner_text() == "That is day 5 to 10 counted from transplantation."
    page.locator("#clock-one").select_option("gvhd")
    page.locator("#clock-day").fill("-3")
    assert page.locator("#clock-says").inner_text() == "That is day 7 counted from transplantation."


def test_an_end_and_a_later_grade_are_said_in_the_folded_part(page):
    opened(page, told(("infusion", "crs", "2", "2")))
    page.locator('[id="e|crs"] summary').last.click()
    page.get_by_role("button", name="Say until when it lasted: crs").click()
    end = page.locator(".case-event").last.get_attribute("id").removeprefix("e|")
    bound = page.locator(".case-sentence").last.get_attribute("data-bound")
    control(page, "bounds", bound, "n").fill("5")
    assert rows_of(page)[-1] == [end, "7", "7", "day 7"]
    assert "how long it lasted" in page.locator("#case-legend").inner_text()
    content = json.loads(saved(page, "json")[0])
    assert content["events"][-1]["ends"] == "crs"


def test_own_words_are_counted_while_they_are_typed(page):
    page.get_by_role("button", name="Start empty").click()
    own = add(page, "other")
    card = page.locator(f'[id="e|{own}"]')
    control(page, "events", own, "label").fill("cough")
    assert "5 of 40 letters" in card.inner_text()
    control(page, "events", own, "label").fill("c" * 41)
    assert "41 letters: keep own words to 40" in card.inner_text()
    control(page, "events", own, "lane").select_option("infection")
    assert "cough" in page.locator("#case-picture").inner_text()


# ---------------------------------------------------------------- filling from the article


def answer(page, gap, place="Table 1", words="made up", **parts):
    """Type an answer into the form of a case; whatever it says is made up, the table, too."""
    page.locator(f'[id="g|{gap}"]').evaluate("one => { one.closest('details').open = true; }")
    for part, value in parts.items():
        field = control(page, "gap", gap, part)
        if field.evaluate("one => one.localName") == "select":
            field.select_option(value)
        else:
            field.fill(value)
    control(page, "gap", gap, "locator").fill(place)
    control(page, "gap", gap, "wording").fill(words)


def test_what_the_article_says_is_filled_in_and_the_maintainer_takes_it_by_one_command(page, data_copy):
    page.get_by_role("button", name="Case 1, to fill from the article").click()
    assert page.locator("#case-banner").is_visible()
    answer(page, "case-1-age", n="33", place="")
    assert "give the place" in page.locator("#case-problems").inner_text()
    answer(page, "case-1-age", n="33")
    answer(page, "case-1-sex", n="female")
    answer(page, "case-1-dose", n="1 × 10^6", unit="/kg")
    answer(page, "case-1-interval", n="41")
    answer(page, "case-1-crs-day", n="2", m="4")
    answer(page, "case-1-donor", n="a made-up donor")
    answer(page, "case-1-graft-source", n="bone marrow")
    control(page, "gap", "case-1-prophylaxis", "not_in").check()
    assert page.locator("#case-problems").inner_text() == ""
    found = {row[0]: row[1:] for row in rows_of(page)}
    assert found["case-1-hsct"] == ["41", "41", "day 41"] and found["case-1-crs"] == ["2", "4", "day 2 to 4"]
    assert page.locator("#case-picture .case-before").count() >= 2, "old windows stand pale beside the new ones"
    text, name = saved(page, "json")
    assert name == "case-1.json" and page.wrong == []
    path = data_copy.parent / name
    path.write_text(text, encoding="utf-8")
    written = case_fill.fill_from(case_files.read_case_file(path), data_copy, lambda copy: [])
    assert len(written.said) >= 8 and any("crs-day" in line for line in written.recomputes)
    case = data.load(data_copy).cases.set_index("case_id").loc["case-1"]
    assert (case["age_years"], case["sex"], case["dose"]) == (33, "female", "1 × 10^6/kg")


def test_the_form_of_a_case_asks_in_the_order_of_a_report(page):
    page.get_by_role("button", name="Case 2, to fill from the article").click()
    groups = page.locator(".case-fill > details > summary").all_inner_texts()
    assert groups[:3] == ["who they were", "the cells", "inflammation"] and groups[-1] == "what became of them"
    asked = page.locator(".case-asked").count()
    assert asked == data.load().gaps["case_id"].eq("case-2").sum()


# ---------------------------------------------------------------- privacy


REFUSED = [
    ("events", "label", "CRS on 3 March 2020", "no calendar date"),
    ("events", "label", "seen on 2020-03-01", "no calendar date"),
    ("events", "label", "as Dr. Miller said", "no name of a person"),
    ("events", "label", "MRN 12345", "no number of a record"),
    ("events", "label", "a 93-year-old patient", "no age above 89"),
    ("events", "label", "about 3 weeks of fever", "“about” has no limits"),
    ("events", "wording", "one two three four five six seven", "to six"),
    ("cases", "label", "Erika Mustermann", "looks like a person's name"),
    ("cases", "age_years", "93", "above 89"),
]


@pytest.mark.parametrize(("table", "field", "text", "said"), REFUSED)
def test_what_could_point_to_a_person_is_refused_in_words_that_help(table, field, text, said, page):
    opened(page, told(("infusion", "crs", "2", "2")))
    row = {"events": "crs", "cases": "made-up-2"}[table]
    if field == "wording":
        page.locator('[id="e|crs"] summary').last.click()
    control(page, table, row, field).fill(text)
    assert said in page.locator(f'[id="p|{row}"]').inner_text()
    assert control(page, table, row, field).get_attribute("aria-invalid") == "true"
    page.get_by_role("button", name="Save", exact=True).click()
    assert "Not saved" in page.locator("#case-note").inner_text()
    control(page, table, row, field).fill("33" if field == "age_years" else "plain words")
    assert page.locator(f'[id="p|{row}"]').inner_text() == ""
    assert text not in saved(page, "json")[0]


def test_a_file_with_a_date_is_refused_and_nothing_changes(page):
    before = rows_of(page)
    content = told(("infusion", "crs", "2", "2"))
    content["events"][1]["label"] = "CRS since 12.03.2021"
    assert "nothing was changed" in opened(page, content) and "no calendar date" in opened(page, content)
    assert rows_of(page) == before


@pytest.mark.parametrize("text", ["{", '{"format": "casebook-case", "version": 2}', "a,b\n1,2", '{"a": 1}', ""])
def test_a_file_that_is_none_is_refused(text, page):
    assert "The file was not read" in opened(page, text) and page.wrong == []


def test_a_number_that_is_none_is_refused(page):
    opened(page, told(("infusion", "crs", "2", "2")))
    control(page, "bounds", "b0", "n").fill("about 3")
    assert "“about” has no limits" in page.locator('[id="p|b0"]').inner_text()
    control(page, "bounds", "b0", "n").fill("3-5")
    assert "is no number" in page.locator('[id="p|b0"]').inner_text()
    assert rows_of(page)[-1][1] == "2"


def everything(page):
    """Whatever a reader can do, from opening to saving."""
    opened(page, (CASE_FILES / "one-made-up.json").read_text())
    control(page, "events", "made-up-rosa-crs", "label").fill("fever")
    page.locator("#case-zero").select_option("made-up-rosa-hsct")
    page.locator("#case-keep").check()
    for what in ("json", "svg", "png", "text", "table", "cases", "events", "bounds", "phenopacket"):
        page.locator("#case-save-as").select_option(what)
        with page.expect_download():
            page.get_by_role("button", name="Save", exact=True).click()
    assert page.evaluate("fetch('https://example.org/').then(() => 'sent', () => 'refused')") == "refused"


def outward(addresses):
    """What was asked of anybody: a sign of the tab, which a browser asks for when it likes, tells nothing."""
    return [one for one in addresses if not one.startswith(("blob:", "data:")) and not one.endswith("favicon.svg")]


def test_nothing_leaves_the_page_from_disk(page):
    asked = len(page.asked)
    everything(page)
    assert outward(page.asked[asked:]) == []
    assert "connect-src 'none'" in page.locator("meta[http-equiv=Content-Security-Policy]").get_attribute("content")


def test_nothing_leaves_the_page_when_it_is_served(browser, site):
    log = []

    class Served(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *_):
            log.append(self.path)

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Served, directory=site))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    context = browser.new_context()
    try:
        served = context.new_page()
        sent = []
        served.goto(f"http://127.0.0.1:{server.server_port}/{PAGE}.html")
        # Later letters of the page itself come once it has been drawn, which on a slow machine is after its load.
        served.wait_for_load_state("networkidle")
        served.wait_for_function(
            "[...document.fonts].some(one => one.weight === '700' && one.family.includes('Casebook Serif'))"
        )
        before = len(log)
        served.on("request", lambda request: sent.append(request.url))
        everything(served)
        assert outward(log[before:]) == [] and outward(sent) == []
        assert "?" not in served.url and "#" not in served.url
    finally:
        context.close()
        server.shutdown()
        server.server_close()


def test_nothing_is_kept_unless_the_reader_asks_and_all_is_forgotten(page):
    own = "Object.keys(localStorage).filter(key => key.includes('case'))"
    kept = f"JSON.stringify([{own}, sessionStorage.length, document.cookie])"
    opened(page, told(("infusion", "crs", "2", "2")))
    control(page, "events", "crs", "label").fill("fever")
    assert json.loads(page.evaluate(kept)) == [[], 0, ""]
    page.locator("#case-keep").check()
    page.on("dialog", lambda dialog: dialog.accept())
    page.reload()
    assert "kept on this device" in page.locator("#case-note").inner_text()
    assert "fever" in page.locator("#case-table").inner_text()
    page.get_by_role("button", name="Forget all").click()
    assert json.loads(page.evaluate(kept)) == [[], 0, ""] and "fever" not in page.content()


def test_work_that_was_not_saved_is_not_lost_without_a_word(page):
    asked = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    opened(page, told(("infusion", "crs", "2", "2")))
    control(page, "events", "crs", "label").fill("fever")
    page.get_by_role("button", name="Start empty").click()
    assert "fever" in page.locator("#case-table").inner_text()
    page.close(run_before_unload=True)
    for _ in range(50):
        if "beforeunload" in asked:
            break
        page.wait_for_timeout(50)
    assert asked == ["confirm", "beforeunload"]


# ---------------------------------------------------------------- what comes in and goes out


def test_own_patients_need_center_and_consent_and_are_never_called_made_up(page, tmp_path):
    page.get_by_role("button", name="Start empty").click()
    page.get_by_label("Whose").select_option("own")
    page.get_by_role("button", name="Save", exact=True).click()
    said = page.locator("#case-note").inner_text()
    assert "name the center" in said and "how the patient consented" in said
    case = page.get_by_label("Center").get_attribute("name").split("|")[1]
    control(page, "cases", case, "center").fill("a center")
    control(page, "cases", case, "consent").fill("Consent for this report was given.")
    crs = add(page, "crs")
    control(page, "bounds", f"new {crs}", "relation").select_option("on")
    for what in ("json", "svg", "text", "table"):
        text, _ = saved(page, what)
        assert not re.search("made.up", text, re.I), what
        if what != "json":
            assert "reported by the author" in text, what
    assert "own patients, a center. Consent for this report was given." in saved(page, "svg")[0]
    path = tmp_path / "own.json"
    path.write_text(saved(page, "json")[0], encoding="utf-8")
    assert list(case_files.read_patients(path).cases["role"]) == ["own"]


def test_a_saved_file_is_read_by_python_and_by_the_page(page, tmp_path):
    page.get_by_role("button", name="Start empty").click()
    crs = add(page, "crs")
    control(page, "bounds", f"new {crs}", "relation").select_option("on")
    add(page, "hsct")
    text, name = saved(page, "json")
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    book = case_files.read_patients(path)
    wanted = [[row.event_id, row.words] for row in timeline.places(book).rows.itertuples()]
    assert [[row[0], row[3]] for row in rows_of(page)] == wanted
    before = rows_of(page)
    opened(page, text)
    assert rows_of(page) == before and saved(page, "json")[0] == text


def test_a_picture_and_a_text_that_travel_say_what_they_are(page):
    opened(page, (CASE_FILES / "one-made-up.json").read_text())
    svg, name = saved(page, "svg")
    words = " ".join(re.sub("<[^>]+>", " ", svg).split())
    for said in ("made up", "a filled sign: its place is known", "For reports and teaching, not for care", "Version"):
        assert said in words, said
    text, _ = saved(page, "text")
    assert "CARE item 7" in text and "made up" in text and "\t" in text
    page.locator("#case-save-as").select_option("png")
    with page.expect_download() as download:
        page.get_by_role("button", name="Save", exact=True).click()
    assert download.value.path().read_bytes()[:4] == b"\x89PNG"
    packet, name = saved(page, "phenopacket")
    assert phenopacket.packet_problems(json.loads(packet)) == []
    assert "A phenopacket cannot hold" in page.locator("#case-note").inner_text() and name.endswith("phenopacket.json")


@pytest.mark.parametrize("by", [",", ";", "\t"])
def test_tables_come_in_parted_by_comma_semicolon_or_tab(by, page):
    content = told(("infusion", "crs", "2 weeks", "1 month"), ("crs", "graft", "0", ""))
    opened(page, content)
    wanted, files = rows_of(page), []
    for table in ("cases", "events", "bounds"):
        columns = list(content[table][0])
        lines = [columns, *([str(row[column]) for column in columns] for row in content[table])]
        text = "\ufeff" + "\r\n".join(by.join(f'"{cell}"' if by in cell else cell for cell in line) for line in lines)
        files.append({"name": f"{table}.csv", "mimeType": "text/csv", "buffer": text.replace("True", "true").encode()})
    page.get_by_role("button", name="A made-up example").click()
    opened_files(page, files)
    assert rows_of(page) == wanted and wanted[1][1:3] == ["14", "30.44"]


def test_a_phenopacket_comes_in_and_what_has_no_place_is_named(page):
    packet = {
        "id": "packet",
        "subject": {"id": "A 1", "sex": "FEMALE"},
        "metaData": {"created": "2020-01-01T00:00:00Z"},
        "diseases": [{"term": {"label": "a disease"}, "onset": {"age": {"iso8601duration": "P3W"}}}],
        "phenotypicFeatures": [
            {"type": {"id": "NCIT:C78251", "label": "CRS"}, "onset": {"age": {"iso8601duration": "P40D"}}}
        ],
        "files": [{"uri": "x"}],
    }
    note = opened(page, packet, "packet.json")
    assert "files: this page does not read it" in note
    assert [row[0] for row in rows_of(page)] == ["made-up-a-1-birth", "made-up-a-1-e1", "made-up-a-1-e2"]
    page.locator("#case-zero").select_option("made-up-a-1-birth")
    assert [row[1:3] for row in rows_of(page)][1:] == [["21", "27"], ["40", "40"]]


def test_a_class_sees_its_spread_beside_what_the_record_allows(page):
    page.get_by_role("button", name="Case 1, to fill from the article").click()
    page.locator("#class-event").select_option("case-1-crs")
    base = page.evaluate("JSON.parse(document.getElementById('case-vocabulary').textContent).examples['case-1']")
    files = []
    for reader, day in enumerate((1, 3, 8)):
        bound = {"bound_id": "own", "case_id": "case-1", "from_event": "case-1-infusion", "to_event": "case-1-crs"}
        bound |= {"min_days": str(day), "max_days": str(day + 1), "statement": "A reader's own.", "basis": "inferred"}
        text = json.dumps(base | {"bounds": [*base["bounds"], bound]})
        files.append({"name": f"{reader}.json", "mimeType": "application/json", "buffer": text.encode()})
    files.append({"name": "no.json", "mimeType": "application/json", "buffer": b"{}"})
    page.locator("#class-files").set_input_files(files)
    said = page.locator("#class-spread")
    said.locator("svg").wait_for()
    text = said.inner_text()
    assert "3 placements of grade 3 CRS: the earliest day ranges over day 1 to 8, the latest over day 2 to 9." in text
    assert "The record allows: after the infusion, no later limit. 3 placements lie within it." in text
    assert "no.json" in text


# ---------------------------------------------------------------- for every reader


def test_every_control_has_a_name_and_axe_finds_nothing(page):
    for door in ("A made-up example", "Case 1, to fill from the article"):
        page.get_by_role("button", name=door).click()
        page.locator("details").evaluate_all("all => all.forEach((one) => { one.open = true; })")
        assert faint(page) == violations(page, "article") == []


@pytest.mark.parametrize("width", [320, 390])
def test_a_phone_has_the_picture_on_top_and_a_third_of_it_at_most(width, view):
    phone = view(PAGE, viewport={"width": width, "height": 800})
    assert phone.evaluate("document.documentElement.scrollWidth <= innerWidth + 1")
    phone.locator(".case-event").nth(4).scroll_into_view_if_needed()
    phone.evaluate("scrollBy(0, 300)")
    box = phone.locator(".case-see").bounding_box()
    assert 0 <= box["y"] < 80 and box["height"] <= 800 / 3, box
    heights = phone.locator("#case-form :is(input:not([type=checkbox]), select, button)").evaluate_all(
        "all => all.map((one) => one.getBoundingClientRect().height).filter(Boolean)"
    )
    assert min(heights) >= 39, "a finger needs room"


def test_it_prints_on_one_page(page):
    page.get_by_role("button", name="Case 1, to fill from the article").click()
    sheet = page.pdf(format="A4", margin=dict.fromkeys(("top", "right", "bottom", "left"), "15mm"))
    assert len(re.findall(rb"/Type\s*/Page\b", sheet)) == 1


def test_without_scripts_there_is_a_blank_to_print(view):
    plain = view(PAGE, java_script_enabled=False)
    assert not plain.locator("#case-tool").is_visible() and plain.locator(".case-blank table").is_visible()
    titles = data.load().lanes.query("asked")["title"]
    assert all(title in plain.locator(".case-blank").inner_text() for title in titles)


def test_only_this_page_brings_the_scripts(site):
    with_script = [path.stem for path in (site / "chapters").glob("*.html") if "casebook-case.js" in path.read_text()]
    assert with_script == ["your-case"]
