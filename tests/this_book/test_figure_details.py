"""Figures that answer: what a mark is told to be, by mouse, finger and keyboard; the switch of day 0; the bar below."""

import csv
import io
import re
from xml.etree import ElementTree

import pytest
import yaml
from casebook import data
from conftest import PROJECT
from site_pages import PAPER

DESK, PHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 844}

# One page of each kind of figure: a timeline, a forest plot, a matrix and a swimmer plot.
KINDS = ["chapters/case-1", "chapters/methods-statistics", "chapters/who-else"]
GVHD = "case 1, hyperacute GVHD: "


@pytest.fixture(scope="module")
def open_page(browser, site):
    """Open a page from disk, once for all tests of a module; each begins with the page as it is then."""
    opened = {}

    def opener(name, **options):
        key = (name, tuple(sorted((option, str(value)) for option, value in options.items())))
        if key not in opened:
            context = browser.new_context(offline=True, **({"viewport": DESK} | options))
            page = opened[key] = context.new_page()
            page.wrong, page.site = [], site
            page.on("pageerror", lambda error: page.wrong.append(str(error)))
            page.on("console", lambda line: page.wrong.append(line.text) if line.type in ("error", "warning") else None)
        opened[key].goto((site / f"{name}.html").as_uri())
        return opened[key]

    yield opener
    for page in opened.values():
        page.context.close()


def parts(page, number=0):
    """A figure: its drawing that is shown, the line beneath, and the rows of what is shown."""
    view = page.locator(".chart").nth(number).locator(".chart-view:visible")
    return view.locator(".chart-wide:visible, .chart-narrow:visible"), view.locator(".chart-detail"), view


@pytest.mark.parametrize("name", KINDS)
def test_arrow_keys_tell_every_row_once_from_one_tab_stop_a_figure(name, open_page):
    page = open_page(name)
    for number in range(page.locator(".chart").count()):
        drawing, line, view = parts(page, number)
        rows = view.locator(".chart-rows tr[data-mark]:not([hidden])")
        names = [row.get_attribute("data-mark") for row in rows.all()]
        assert len(names) > 2 and drawing.locator("[tabindex]").count() == 0
        hint = line.inner_text()
        drawing.focus()
        told = []
        for _ in names:
            page.keyboard.press("ArrowRight")
            told.append(line.locator("strong").inner_text())
        assert told == names
        page.keyboard.press("ArrowRight")
        assert line.locator("strong").inner_text() == names[0], "after the last comes the first"
        page.keyboard.press("ArrowLeft")
        assert line.locator("strong").inner_text() == names[-1]
        page.keyboard.press("Home")
        assert line.locator("strong").inner_text() == names[0]
        page.keyboard.press("Escape")
        assert line.inner_text() == hint and page.locator(".chart-ring:visible").count() == 0
    assert page.wrong == []


def test_what_is_told_of_a_window_is_what_the_tables_hold(open_page):
    page = open_page("chapters/case-1")
    drawing, line, view = parts(page)
    drawing.focus()
    while GVHD not in line.inner_text():
        page.keyboard.press("ArrowDown")
    book = data.load()
    event = book.events.set_index("event_id").loc["case-1-gvhd"]
    bound = book.bounds.set_index("bound_id").loc["case-1-gvhd-after-hsct"]
    said = line.inner_text()
    for text in (event["wording"], event["locator"], event["basis"], bound["statement"], bound["basis"], "Saliba 2007"):
        assert text in said
    assert "Why this place" in said
    sentences = book.record.set_index("sentence_id")["paraphrase"]
    assert sentences[event["sentence_id"]] in said
    # Nothing is told here alone: the table of the rows has it, too.
    row = view.locator(".chart-rows tr[data-row=events-case-1-gvhd]:not([hidden])").text_content()
    assert bound["statement"] in row and event["wording"] in row
    line.get_by_role("link", name="Row of the data").click()
    page.wait_for_url("**/tables/events.html#events-case-1-gvhd")
    assert page.locator("#events-case-1-gvhd").is_visible()


def test_a_pointer_is_answered_by_the_mark_below_it_and_a_tap_stays(open_page):
    page = open_page("chapters/case-1")
    drawing, line, _ = parts(page)
    hint = line.inner_text()
    mark = drawing.locator(f'[aria-label^="{GVHD}"]:visible')
    mark.evaluate("one => one.scrollIntoView({block: 'center', behavior: 'instant'})")  # clear of the line below
    mark.hover(force=True)
    assert line.locator("strong").inner_text().startswith(GVHD)
    ring, box = page.locator(".chart-ring:visible").bounding_box(), mark.bounding_box()
    middle = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    assert ring["x"] < middle[0] < ring["x"] + ring["width"] and ring["y"] < middle[1] < ring["y"] + ring["height"]
    assert ring["height"] < 40 and abs(ring["width"] - box["width"]) < 20
    page.mouse.move(5, 5)
    assert line.inner_text() == hint
    mark.click(force=True)
    page.mouse.move(5, 5)
    assert line.locator("strong").inner_text().startswith(GVHD)


def test_on_a_phone_a_tap_is_answered_in_sight(open_page):
    page = open_page("chapters/case-1", viewport=PHONE, has_touch=True)
    drawing, line, _ = parts(page)
    mark = drawing.locator(f'[aria-label^="{GVHD}"]:visible')
    mark.scroll_into_view_if_needed()
    box = mark.bounding_box()
    page.touchscreen.tap(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    assert line.locator("strong").inner_text().startswith(GVHD)
    assert line.bounding_box()["y"] < PHONE["height"]
    # At this width a drawing begins where the text begins.
    text = page.locator("article p").first.bounding_box()
    assert drawing.bounding_box()["x"] == pytest.approx(text["x"], abs=0.5)


def test_the_switch_shows_the_same_patient_from_the_other_day_0_and_back(open_page):
    page = open_page("chapters/case-1", reduced_motion="reduce")
    chart = page.locator(".chart").first
    before, title = parts(page)[2].inner_text(), chart.locator(".chart-title:visible").inner_text()
    switch = chart.get_by_role("group", name="Day 0 of this figure")
    assert [one.inner_text() for one in switch.get_by_role("button").all()] == ["infusion", "transplantation"]
    switch.get_by_role("button", name="infusion").click()
    assert switch.locator("[aria-pressed=true]").inner_text() == "infusion"
    drawing, line, view = parts(page)
    assert chart.locator("svg[role=img]:visible").count() == 1
    assert chart.locator(".chart-title:visible").inner_text() != title
    assert view.locator('tr[data-row="events-case-1-infusion"]').text_content().count("day 0") == 1
    drawing.focus()
    page.keyboard.press("ArrowDown")
    assert line.locator("strong").count() == 1
    assert page.evaluate("document.getAnimations().length") == 0, "no motion where none was asked for"
    switch.get_by_role("button", name="transplantation").click()
    assert parts(page)[2].inner_text() == before
    ids = page.eval_on_selector_all("[id]", "all => all.map(one => one.id)")
    assert len(ids) == len(set(ids))


def test_marks_move_to_their_new_day_0(open_page):
    """What is asked of the browser is written down, so that no machine is too slow to see it move."""
    for motion in ("no-preference", "reduce"):
        page = open_page("chapters/case-1", reduced_motion=motion)
        page.evaluate("""() => {
            window.asked = [];
            Element.prototype.animate = function (frames) { window.asked.push(frames.map(one => one.translate)); };
        }""")
        page.get_by_role("button", name="infusion", exact=True).click()
        page.wait_for_function(
            "document.querySelector('.chart-switch [aria-pressed=true]').innerText.includes('infusion')"
        )
        asked = page.evaluate("window.asked")
        if motion == "reduce":
            assert asked == []
        else:
            assert sum(start != "0px 0px" for start, _ in asked) > 3 and {end for _, end in asked} == {"0px 0px"}


def saved(page, button, number=0):
    with page.expect_download() as found:
        page.locator(".chart").nth(number).get_by_role("button", name=re.compile(f"^{button}")).click()
    with open(found.value.path(), "rb") as file:
        return found.value.suggested_filename, file.read()


def plain(text):
    """A text as it is typed: where its lines may break is no matter."""
    return text.replace("\u00a0", " ").replace("\u2011", "-")


SWITCHED = ["chapters/index", "chapters/case-1", "chapters/case-2"]
ZERO = re.compile(r"day 0 is (?:the )?(\w+)|counted from (?:the )?(\w+)")


@pytest.mark.parametrize("name", SWITCHED)
def test_in_every_state_of_the_switch_caption_title_axis_and_description_agree(name, open_page):
    page = open_page(name, reduced_motion="reduce")
    chart = page.locator(".chart:has(.chart-switch)").first
    days = chart.get_by_role("group", name="Day 0 of this figure").get_by_role("button").all()
    for button in [*days, days[0]]:
        button.click()
        zero = button.inner_text()
        view = chart.locator(".chart-view:visible")
        svg = view.locator(".chart-wide svg")
        said = {
            "caption": chart.locator("xpath=ancestor::figure").locator("figcaption").inner_text(),
            "title": view.locator(".chart-title").inner_text(),
            "axis": " ".join(svg.locator("text").all_text_contents()),
            "description": svg.locator("desc").text_content(),
        }
        wrong = {part: text for part, text in said.items() for one in ZERO.findall(text) if zero not in one}
        assert wrong == {}
        title = plain(said["title"])
        assert said["description"].startswith(title) and svg.locator("title").first.text_content() == title
        in_days = any(text.isdigit() for text in svg.locator("text").all_text_contents())
        assert in_days == (f"day 0 is {zero}" in said["axis"].replace("the ", ""))
        assert in_days == (f"day 0 is {zero}" in said["description"].replace("the ", ""))
        assert not re.search(r"\bin days \d", said["title"]) or in_days, "days of no axis say from what they count"


def test_the_caption_says_which_state_is_shown(open_page):
    page = open_page("chapters/case-2", reduced_motion="reduce")
    caption = page.locator("figcaption .caption-text").first
    for zero in ("transplantation", "infusion"):
        page.locator(".chart-switch").get_by_role("button", name=zero).click()
        the = "the " * (zero == "infusion")
        assert plain(caption.inner_text()) == f"The course of case 2. Day 0 is {the}{zero}."


SVG = "{http://www.w3.org/2000/svg}"


def texts_of(drawn):
    return [text for text in map("".join, (one.itertext() for one in drawn.iter(f"{SVG}text"))) if text.strip()]


def squeezed(text):
    return "".join(text.split())


@pytest.mark.parametrize(
    ("name", "number"),
    [(name, 0) for name in ("chapters/index", "chapters/who-else", "chapters/evidence", "chapters/how-read")]
    + [("chapters/who-else", 1), ("chapters/how-read", 2), ("chapters/practice", 0)],
)
def test_a_saved_picture_holds_title_key_and_what_it_was_made_from_and_nothing_runs_out(name, number, open_page):
    page = open_page(name, reduced_motion="reduce")
    states = page.locator(".chart").nth(number).locator(".chart-switch button").count() or 1
    for state in range(states):
        if states > 1:
            page.locator(".chart").nth(number).locator(".chart-switch button").nth(state).click()
        _, content = saved(page, "SVG", number)
        view = parts(page, number)[2]
        drawn = ElementTree.fromstring(content)
        told = squeezed(" ".join(texts_of(drawn)))
        for part in (".chart-title", ".chart-subtitle", ".chart-key", ".chart-legend li", ".chart-said dd"):
            for one in view.locator(part).all():
                words = squeezed(one.inner_text())
                assert all(squeezed(word) in told for word in one.inner_text().split(" ")) and words, part
        # The key is drawn with the signs of the page, each in its color.
        signs = [one for one in drawn.iter(f"{SVG}svg") if one.get("viewBox") == "0 0 28 14"]
        assert len(signs) == view.locator(".chart-legend svg").count()
        for sign in view.locator(".chart-key .chart-sign, .chart-said dt span").all():
            color = sign.evaluate("one => one.style.color")
            assert any(one.get("fill") == color and one.text == sign.inner_text() for one in drawn.iter(f"{SVG}text"))
        # What it was made from stands in the files that describe the book, and in no script.
        book = yaml.safe_load((PROJECT / "CITATION.cff").read_text(encoding="utf-8"))
        for fact in (book["title"], str(book["version"]), book["references"][0]["doi"], "CC-BY-4.0"):
            assert squeezed(fact) in told
            assert fact not in (PROJECT / "_static" / "casebook-figures.js").read_text(encoding="utf-8")
        assert "data:font/woff2" in content.decode(), "the picture brings its font along"
        page.set_content(content.decode())
        out = page.locator("body > svg").evaluate(
            "svg => [...svg.querySelectorAll('text')].filter(one => one.textContent.trim()"
            " && one.getBoundingClientRect().right > svg.getBoundingClientRect().right).map(one => one.textContent)"
        )
        assert out == []
        page.goto((page.site / f"{name}.html").as_uri())


@pytest.mark.parametrize(("name", "number"), [("chapters/case-1", 0), ("chapters/methods-statistics", 0)])
def test_rows_are_saved_as_the_tables_are_kept(name, number, open_page):
    page = open_page(name)
    file, content = saved(page, "CSV", number)
    assert file.startswith("figure-") and file.endswith(".csv") and b"\r" not in content
    rows = list(csv.DictReader(io.StringIO(content.decode("utf-8"))))
    table = parts(page, number)[2].locator(".chart-rows tbody tr:not([hidden])")
    assert len(rows) == table.count()
    for row, printed in zip(rows, table.all()):
        cells = printed.locator("th, td").all_text_contents()
        assert list(row.values())[-len(cells) :] == cells
    assert all(re.fullmatch(r"[a-z][a-z0-9_]*", name) for name in rows[0])
    if name == "chapters/case-1":
        events = data.load().events.set_index("event_id")
        assert [events.loc[row["event_id"], "label"] for row in rows] == [row["event"] for row in rows]


def test_a_saved_picture_carries_its_title_and_looks_the_same_in_the_dark(open_page):
    kept = {}
    for scheme in ("light", "dark"):
        page = open_page("chapters/glossary", color_scheme=scheme)
        file, content = saved(page, "SVG")
        kept[scheme] = content
        assert file == "figure-every-day.svg"
    assert kept["light"] == kept["dark"]
    drawn = ElementTree.fromstring(content)
    texts = " ".join(filter(None, (text.text for text in drawn.iter("{http://www.w3.org/2000/svg}text"))))
    title = page.locator(".chart-title").first.inner_text()
    assert title in texts and title.startswith("Made-up patient"), "what is made up says so wherever it goes"
    file, content = saved(page, "PNG")
    assert file == "figure-every-day.png" and content.startswith(b"\x89PNG") and len(content) > 10_000
    assert page.wrong == []


def shown_of(chart):
    """Whether the drawing with its key, and whether the table of the rows is to be seen."""
    view = chart.locator(".chart-view:visible")
    return view.locator(".chart-drawn").is_visible(), view.locator(".chart-rows").is_visible()


@pytest.mark.parametrize("name", ["chapters/index", "chapters/who-else"])
def test_table_and_figure_replace_each_other_by_mouse_and_arrow_keys_in_the_same_room(name, open_page):
    page = open_page(name, reduced_motion="reduce")
    chart = page.locator(".chart").first
    tabs = chart.get_by_role("tab")
    assert tabs.all_inner_texts() == ["Figure", "Table"] and shown_of(chart) == (True, False)
    tabs.nth(1).evaluate("one => one.scrollIntoView({block: 'center', behavior: 'instant'})")
    before, at = chart.bounding_box()["height"], tabs.nth(1).bounding_box()["y"]
    tabs.nth(1).click()
    assert (
        shown_of(chart) == (False, True) and chart.locator(".chart-tiles:visible, .chart-legend:visible").count() == 0
    )
    assert tabs.nth(1).bounding_box()["y"] == pytest.approx(at, abs=1), "the row stays below the pointer"
    assert chart.bounding_box()["height"] == pytest.approx(before, abs=60)
    tabs.nth(1).press("ArrowRight")
    assert shown_of(chart) == (True, False) and tabs.nth(0).evaluate("one => document.activeElement === one")
    for key, state in {"End": (False, True), "Home": (True, False), "ArrowLeft": (False, True)}.items():
        chart.locator("[role=tab][aria-selected=true]").press(key)
        assert shown_of(chart) == state, key
    assert [tab.get_attribute("tabindex") for tab in tabs.all()] == ["-1", "0"], "one stop of the keyboard"
    chart.locator(".chart-switch button, .chart-switch select").first.focus()
    for button in chart.locator(".chart-switch button").all()[:1]:  # another state has panels of its own
        if button.is_enabled():
            button.click()
    view = chart.locator(".chart-view:visible")
    for tab, panel in zip(tabs.all(), (view.locator(".chart-drawn"), view.locator(".chart-rows"))):
        assert tab.get_attribute("aria-controls") == panel.get_attribute("id")
        assert panel.get_attribute("aria-labelledby") == tab.get_attribute("id")
    tabs.nth(0).click()
    assert page.wrong == []


def test_a_table_shows_at_most_five_columns_and_the_file_has_all(open_page):
    page = open_page("chapters/case-1")
    chart = page.locator(".chart").first
    chart.get_by_role("tab", name="Table").click()
    view = chart.locator(".chart-view:visible")
    heads = view.locator(".chart-rows thead th:visible").all_inner_texts()
    assert heads == ["Case", "Event", "Place in time", "Why this place", "Place rests on"]
    assert view.locator(".chart-rows tbody tr").first.locator(":is(th, td):visible").count() == 5
    assert view.locator(".chart-rows .table-scroll").evaluate("one => one.scrollWidth <= one.clientWidth")
    _, content = saved(page, "CSV")
    assert len(next(csv.reader(io.StringIO(content.decode("utf-8"))))) == 12  # with the key of the row
    chart.get_by_role("tab", name="Figure").click()


HEIGHTS = """addEventListener("DOMContentLoaded", () => {
  window.before = [...document.querySelectorAll(".chart")].map(one => one.getBoundingClientRect().height);
}, {capture: true, once: true})"""


@pytest.mark.parametrize("width", [1280, 390])
def test_nothing_jumps_when_a_script_takes_up_a_figure(width, browser, site):
    context = browser.new_context(offline=True, viewport={"width": width, "height": 900})
    page = context.new_page()
    page.add_init_script(HEIGHTS)
    for name in ("index", "case-1", "who-else", "evidence"):
        page.goto((site / "chapters" / f"{name}.html").as_uri())
        page.wait_for_function("document.querySelectorAll('.chart:not(.is-ready)').length === 0")
        moved = page.evaluate(
            "[...document.querySelectorAll('.chart')].map((one, at) => one.getBoundingClientRect().height - before[at])"
        )
        assert max(map(abs, moved)) <= 2, (name, moved)
    context.close()


LENGTH = """async face => {
  const reckon = () => [...document.querySelectorAll(".page-text p")]
    .filter(one => !one.closest(".chart") && one.checkVisibility())
    .reduce((sum, one) => sum + one.getBoundingClientRect().height, 0);
  document.body.style.setProperty("--font-read", face);
  reckon();  // asks for the face
  await document.fonts.ready;
  return reckon();
}"""


def test_a_face_of_the_machine_stands_in_as_wide_and_high_as_that_of_the_text(open_page):
    page = open_page("chapters/outcomes", viewport={"width": 390, "height": 900})
    page.wait_for_load_state("networkidle")
    every = page.evaluate("getComputedStyle(document.body).getPropertyValue('--font-read')")
    _, _, standing_in = every.partition(",")
    assert page.evaluate(LENGTH, standing_in) == pytest.approx(page.evaluate(LENGTH, every), rel=0.03)


def test_what_is_shown_of_a_mark_moves_nothing_below_it(open_page):
    page = open_page("chapters/case-1")
    drawing, line, _ = parts(page)
    bar = page.locator(".chart-tools").first
    place = "one => one.getBoundingClientRect().top - one.closest('.chart').getBoundingClientRect().top"
    before = bar.evaluate(place), page.locator(".chart").first.bounding_box()["height"]
    drawing.focus()
    page.keyboard.press("End")
    assert line.bounding_box()["height"] > 30
    after = bar.evaluate(place), page.locator(".chart").first.bounding_box()["height"]
    assert after == pytest.approx(before, abs=1)
    page.keyboard.press("Escape")


def test_the_row_opens_the_code_and_how_to_cite(open_page):
    page = open_page("chapters/case-1")
    chart = page.locator(".chart").first
    code = chart.locator("xpath=ancestor::div[contains(@class, 'cell ')][1]").locator(".cell_input")
    assert not code.is_visible()
    bar = chart.get_by_role("button", name="Code")
    bar.click()
    assert code.is_visible() and "close_up" in code.inner_text()
    assert bar.bounding_box()["y"] < code.bounding_box()["y"] < DESK["height"], "below the buttons, and in sight"
    assert page.locator(".cell_input:visible").count() == 1
    chart.get_by_role("button", name="Cite").click()
    cited = chart.locator(".chart-cited").inner_text()
    assert re.match(r"Fig\. \d+", cited) and chart.locator(".chart-title").first.inner_text() in cited
    assert "The contributors of this book" in cited and "10.3389/fonc.2026.1766948" in cited
    chart.get_by_role("button", name="Cite").click()
    assert not chart.locator(".chart-cited").is_visible()


def test_signs_of_the_cases_are_lifted_in_the_dark(open_page):
    light, dark = (
        page.locator(".chart-sign").nth(1).evaluate("sign => getComputedStyle(sign).color")
        for page in (open_page("chapters/index", color_scheme=scheme) for scheme in ("light", "dark"))
    )
    look = data.load().looks.set_index("look").loc["case-2"]
    colors = [
        f"rgb({', '.join(str(int(c[at : at + 2], 16)) for at in (1, 3, 5))})" for c in look[["color", "color_dark"]]
    ]
    assert [light, dark] == colors and light != dark


def test_what_a_script_adds_is_not_printed(open_page):
    page = open_page("chapters/case-1")
    page.emulate_media(media="print")
    for part in (".chart-tools", ".chart-switch", ".chart-detail"):
        assert page.locator(part).count() > 0 and page.locator(f"{part}:visible").count() == 0
    page.emulate_media(media="screen")


@pytest.mark.parametrize("name", [*SWITCHED, *KINDS, "chapters/evidence", "chapters/how-read", "chapters/outcomes"])
def test_on_paper_a_figure_stays_in_one_piece_with_its_title_and_is_no_taller_than_a_page(name, open_page):
    page = open_page(name, viewport=PAPER)
    page.emulate_media(media="print")
    for picture in page.locator(".chart-picture:visible").all():
        assert picture.locator(".chart-title").count() == 1 == picture.locator(".chart-wide svg").count()
        assert picture.evaluate("one => getComputedStyle(one).breakInside") == "avoid"
        assert picture.bounding_box()["height"] < PAPER["height"]
    page.emulate_media(media="screen")


def test_on_paper_no_card_leaves_its_heading(open_page):
    """Chromium keeps no heading with a row of cards, but with the first card of a column."""
    page = open_page("chapters/index", viewport=PAPER)
    page.emulate_media(media="print")
    cards = page.locator(".sd-col")
    assert page.locator(".sd-row").first.evaluate("one => getComputedStyle(one).display") == "block"
    assert {card.evaluate("one => getComputedStyle(one).breakInside") for card in cards.all()} == {"avoid"}
    page.emulate_media(media="screen")


def test_no_heading_and_no_computed_word_breaks_within_a_unit(open_page):
    page = open_page("chapters/index")
    assert "anti\u2011CD7" in page.locator("h1").inner_text()
    for name in SWITCHED:
        title = open_page(name).locator(".chart-title").first.inner_text()
        assert not re.search(r"[A-Z]-[A-Z]|\b(case|day|days) \d|\d to \d", title), title


def test_in_prose_a_unit_does_not_break_and_keeps_the_hyphen_that_a_reader_looks_for(open_page):
    page = open_page("chapters/case-1")
    units = page.locator("article p .unit")
    said = units.all_inner_texts()
    assert "anti-CD7" in said and "T-ALL" in said and not any("\u2011" in text or " " in text for text in said)
    assert set(units.evaluate_all("all => all.map(one => getComputedStyle(one).whiteSpace)")) == {"nowrap"}
    assert page.locator(":is(code, pre) .unit").count() == 0, "code stays as it is"
    breaks = re.findall(r"\b(?:case|day|grade) \d", " ".join(page.locator("section > p").all_text_contents()))
    assert breaks == []


# ---------------------------------------------------------------- choosing who is shown


LINES = """svg => {
  const y = one => Number(one.getAttribute("transform").match(/,([^)]+)/)[1]);
  const all = query => [...svg.querySelectorAll(query)];
  return {
    texts: all("text[transform]").map(one => [one.textContent, y(one)]),
    marks: all("[role=graphics-symbol][transform]").map(one => [one.getAttribute("aria-label"), y(one)]),
    height: Number(svg.getAttribute("height")),
  };
}"""


def test_a_reader_chooses_who_is_shown_and_title_rows_and_address_follow(open_page):
    page = open_page("chapters/who-else")
    chart = page.locator(".chart").first
    whole = chart.locator(".chart-title").first.inner_text()
    picker, count = chart.get_by_label("Published patients who share"), chart.locator(".chart-count")
    everybody = int(re.match(r"(\d+) of \1 shown", count.inner_text())[1])
    reset = chart.get_by_role("button", name="Show all")
    assert reset.is_disabled() and everybody == data.load().cases["role"].eq("comparator").sum()
    for option in picker.locator("option").all()[1:]:
        words, n = re.fullmatch(r"(.*) \((\d+)\)", option.inner_text()).groups()
        picker.select_option(option.get_attribute("value"))
        assert count.inner_text() == f"{n} of {everybody} shown"
        title = chart.locator(".chart-title:visible").inner_text()
        told = f"{words}: reported in {'none' if n == '0' else n} of {everybody} "
        assert plain(title).lower().startswith(told.lower())
        shown = chart.locator(".chart-view:visible")
        assert title in shown.locator(".chart-rows caption").text_content()
        with_it = shown.locator(f'.chart-rows tr[data-mark*=", {words}: "]').count()
        assert with_it >= int(n) and option.get_attribute("value") in page.url
        drawn = shown.locator(".chart-wide svg").evaluate(LINES)
        names = {text: y for text, y in drawn["texts"]}  # a long one is cut
        for mark, y in drawn["marks"]:
            assert any(mark.startswith(text.rstrip("…")) and abs(at - y) < 8 for text, at in names.items()), mark
        assert len(drawn["marks"]) == shown.locator(".chart-rows tr[data-mark]").count()
        assert max(y for _, y in drawn["texts"]) < drawn["height"] < max(y for _, y in drawn["texts"]) + 30
    assert int(n) == 0, "an empty choice says so"
    picker.select_option("infection")
    page.reload()
    assert picker.input_value() == "infection" and count.inner_text().startswith("5 of ")
    chart.locator(".chart-view:visible .chart-wide").focus()
    page.keyboard.press("ArrowDown")
    assert "case 1" in chart.locator(".chart-view:visible .chart-detail").inner_text()
    _, content = saved(page, "CSV")
    assert 0 < content.decode().count("infection") < 20
    reset.click()
    assert chart.locator(".chart-title:visible").inner_text() == whole and "share=" not in page.url
    assert picker.evaluate("one => document.activeElement === one") and page.wrong == []


def test_a_choice_in_the_address_that_is_none_shows_all(open_page):
    page = open_page("chapters/who-else")
    page.goto(f"{page.url}?share=nothing-of-the-kind")
    chart = page.locator(".chart").first
    assert re.fullmatch(r"(\d+) of \1 shown", chart.locator(".chart-count").inner_text())
