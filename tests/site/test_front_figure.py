"""The first figure as a reader meets it: a word in two meanings, a tile for each open fact, and the words of a row."""

import re
from xml.etree import ElementTree

import pytest
from casebook import data

PAGE = "chapters/index"
MEANINGS = {"within 14 days": "Saliba 2007", "before engraftment": "Sohn et al."}


@pytest.fixture(scope="module")
def opened(browser, site):
    context = browser.new_context(offline=True, viewport={"width": 1280, "height": 900}, reduced_motion="reduce")
    page = context.new_page()
    page.wrong = []
    page.on("pageerror", lambda error: page.wrong.append(str(error)))
    yield page
    assert page.wrong == []
    context.close()


@pytest.fixture
def page(opened, site):
    opened.emulate_media(media="screen")
    opened.goto("about:blank")
    opened.goto((site / f"{PAGE}.html").as_uri())
    return opened


def choose(page, name):
    page.locator(".chart-switches").get_by_role("button", name=name, exact=True).click()


def plain(text):
    return text.replace("\u00a0", " ").replace("\u2011", "-")


def test_title_caption_description_table_drawing_and_saved_picture_follow_every_state(page):
    seen = set()
    for zero in ("transplantation", "infusion"):
        for meaning, source in MEANINGS.items():
            choose(page, zero)
            choose(page, meaning)
            view = page.locator(".chart-view:visible")
            title = plain(view.locator(".chart-title").inner_text())
            assert f"If “hyperacute” means {meaning}, " in title
            caption = plain(page.locator("figcaption").first.inner_text())
            assert f"Day 0 is {'the ' * (zero == 'infusion')}{zero}; “hyperacute” means {meaning}." in caption
            assert title in plain(view.locator(".chart-rows caption").text_content())
            other = next(one for name, one in MEANINGS.items() if name != meaning)
            for svg in view.locator("svg[role=img]").all():
                assert svg.locator("title").text_content() == title
                said = svg.locator("desc").text_content()
                assert said.startswith(title) and f"if {source} is meant" in said and other not in said
            rows = view.locator(".chart-rows tbody tr:not([hidden])").all_text_contents()
            assert any(source in row for row in rows) and not any(other in row for row in rows)
            marks = view.locator(".chart-wide [aria-label*='hyperacute GVHD']:visible")
            assert marks.count() == 1 and source in marks.get_attribute("aria-label")
            with page.expect_download() as found:
                page.get_by_role("button", name="SVG").click()
            texts = "".join(
                "".join(one.itertext())
                for one in ElementTree.parse(found.value.path()).iter()
                if one.tag.endswith("}text")
            )
            assert re.sub(r"\s", "", title) in re.sub(r"\s", "", plain(texts))
            seen.add((title, said))
    assert len(seen) == 4


def test_the_bracket_slides_and_does_not_where_no_motion_is_wanted(browser, site):
    for motion in ("no-preference", "reduce"):
        context = browser.new_context(offline=True, viewport={"width": 1280, "height": 900}, reduced_motion=motion)
        page = context.new_page()
        page.goto((site / f"{PAGE}.html").as_uri())
        page.evaluate("""() => {
            window.asked = [];
            Element.prototype.animate = function (frames) {
              window.asked.push([this.getAttribute("aria-label"), Object.keys(frames[0])[0]]);
            };
        }""")
        for meaning in reversed(MEANINGS):
            choose(page, meaning)
        asked = page.evaluate("window.asked")
        context.close()
        if motion == "reduce":
            assert asked == []
        else:
            assert [how for _, how in asked] == ["clipPath", "translate"]
            assert all("hyperacute GVHD" in mark for mark, _ in asked)


def test_without_scripts_and_on_paper_both_brackets_stand_in_one_lane(browser, site, page):
    context = browser.new_context(offline=True, viewport={"width": 1280, "height": 900}, java_script_enabled=False)
    still = context.new_page()
    still.goto((site / f"{PAGE}.html").as_uri())
    html = still.content()
    assert html.count("within 14 days") and still.locator(".chart-switch").count() == 0
    marks = still.locator(".chart-wide [aria-label*='hyperacute GVHD']:visible")
    assert marks.count() == 2 and marks.first.bounding_box()["height"] < marks.nth(1).bounding_box()["height"]
    assert "can mean within 14 days or before engraftment" in plain(still.locator(".chart-title").first.inner_text())
    assert still.locator(".chart-tiles a:visible").count() == len(open_gaps())
    context.close()
    choose(page, "before engraftment")
    page.emulate_media(media="print")
    drawn = page.locator(".chart-wide [aria-label*='hyperacute GVHD']:visible")
    drawn.nth(1).wait_for(timeout=10_000)  # the page hears of it with its next frame
    assert drawn.count() == 2
    assert (
        page.locator(".chart-title:visible").count() == 1
        and "means" not in page.locator("figcaption").first.inner_text()
    )
    assert page.locator(".chart-tiles a:visible").count() == len(open_gaps())
    page.emulate_media(media="screen")
    drawn.nth(1).wait_for(state="detached", timeout=10_000)
    assert drawn.count() == 1


def open_gaps():
    gaps = data.load().gaps
    return gaps[gaps["case_id"].isin(["case-1", "case-2"])]


def test_every_open_gap_has_one_tile_that_is_named_and_leads_to_its_line(page):
    links = page.locator(".chart-tiles a")
    told = links.evaluate_all("all => all.map(one => [one.getAttribute('href'), one.title, one.className])")
    gaps = open_gaps()
    assert sorted(href for href, *_ in told) == sorted(
        f"your-case.html#{row.case_id}/{row.topic}" for row in gaps.itertuples()
    )
    assert all(name for _, name, _ in told)
    n = sum(not kind for *_, kind in told)
    assert n == int((gaps["value"].isna() & gaps["not_in"].isna()).sum())
    assert page.locator(".chart-tiles > p").inner_text().startswith(f"{n} facts ")
    counts = page.locator(".chart-tiles li p b").all_inner_texts()
    assert sum(map(int, counts)) == n
    rows = page.locator(".chart-tiles li").evaluate_all(
        "all => all.map(one => one.querySelectorAll('[role=group]').length)"
    )
    assert set(rows) == {2}, "a row a case in every group"


def test_a_tile_is_named_on_focus_and_its_link_opens_the_line(page):
    choose(page, "transplantation")
    tile = page.locator('.chart-tiles a[href$="#case-2/donor"]')
    tile.focus()
    line = page.locator(".chart-view:visible .chart-detail")
    assert line.inner_text().startswith("case 2, donor: not in the record")
    page.keyboard.press("Enter")
    page.wait_for_url("**/your-case.html#case-2/donor")
    page.wait_for_function("document.activeElement.id.includes('case-2-donor')")
    assert page.locator("[id='g|case-2-donor']").is_visible()
    page.evaluate("location.hash = '#case-1/age'")
    page.wait_for_function("document.activeElement.id.includes('case-1-age')")


def test_the_rest_steps_back_from_the_row_that_is_meant_and_comes_again(page):
    place = page.locator(".chart-view:visible .chart-wide")
    place.focus()
    page.keyboard.press("Home")
    back = place.locator(".is-back")
    assert back.count() > 40
    assert not place.get_by_text("leukemia", exact=True).evaluate("one => one.classList.contains('is-back')")
    assert place.get_by_text("GVHD", exact=True).evaluate("one => one.classList.contains('is-back')")
    page.keyboard.press("Escape")
    assert back.count() == 0


def test_the_drawing_has_the_width_of_the_page_and_time_two_thirds_of_it(page):
    svg = page.locator(".chart-view:visible .chart-wide svg")
    box = svg.bounding_box()
    assert 940 <= box["width"] <= 1000
    strip = svg.locator("[aria-label*='infection: stated']").first.bounding_box()
    assert strip["width"] / box["width"] == pytest.approx(2 / 3, abs=0.1)
    for width in (320, 390, 768, 1000, 1280, 1600):
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert page.locator(".chart-view:visible svg[role=img]:visible").count() == 1
    page.set_viewport_size({"width": 1280, "height": 900})
