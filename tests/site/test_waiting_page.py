"""Who lived long enough, in a real browser: the page counts what Python counts, by mouse, keyboard and touch."""

import random

import pytest
from casebook.classroom import immortal
from casebook.classroom.immortal import Waiting
from conftest import PROJECT
from everybody import faint, violations

PAGE, TIMES = "chapters/classroom.html", 300
TWELVE = immortal.read_waiting(PROJECT / "chapters" / "made-up-waiting.csv")
COUNT = """(all) => {
  const section = document.getElementById('waiting');
  return all.map(({ patients, moved, at }) =>
    ({ groups: section.compared(patients, moved, at), said: section.said(patients, moved, at) }));
}"""


@pytest.fixture
def page(browser, site):
    context = browser.new_context(offline=True, viewport={"width": 390, "height": 844}, has_touch=True)
    opened = context.new_page()
    opened.goto((site / PAGE).as_uri())
    yield opened
    context.close()


def made_up(rng):
    patients = []
    for number in range(rng.randrange(2, 15)):
        last = rng.randrange(2, 400)
        graft = rng.choice([None, rng.randrange(1, last)])
        patients.append(Waiting(f"made-up-{number}", graft, last, rng.random() < 0.6))
    if not any(one.grafted_on for one in patients):
        patients.append(Waiting("made-up-last", 30, 100, True))
    names = [one.patient for one in patients if one.grafted_on]
    return patients, rng.sample(names, rng.randrange(len(names) + 1)), rng.choice([30, 100, 180, 365])


def test_the_page_counts_what_python_counts(page):
    rng = random.Random(7)
    some = [made_up(rng) for _ in range(TIMES)]
    given = [{"patients": [vars(one) for one in patients], "moved": moved, "at": at} for patients, moved, at in some]
    for (patients, moved, at), shown in zip(some, page.evaluate(COUNT, given)):
        wanted = [vars(group) | {"percent": group.percent} for group in immortal.compared(patients, moved, at)]
        assert shown == {"groups": wanted, "said": immortal.said_moved(patients, moved, at)}, (patients, moved, at)


def test_three_patients_are_moved_and_moved_back_by_touch_and_keyboard(page):
    names = [one.patient for one in TWELVE if one.grafted_on]
    panel = page.locator(".waiting-way").first
    assert panel.locator(".waiting-said").inner_text() == immortal.said_moved(TWELVE, ())
    for name in names[:2]:
        panel.locator(f'[data-patient="{name}"] button').tap()
    panel.locator(f'[data-patient="{names[2]}"] button').focus()
    page.keyboard.press("Space")
    assert panel.locator(".waiting-said").inner_text() == immortal.said_moved(TWELVE, names[:3])
    shown = panel.locator("[data-group] strong").all_inner_texts()
    assert shown == [f"{group.percent}% alive on day 180" for group in immortal.compared(TWELVE, names[:3])]
    assert (
        panel.locator('[aria-pressed="true"]').count() == 3 and panel.locator(".waiting-ever").count() == len(names) - 3
    )
    page.keyboard.press("Enter")
    assert panel.locator('[aria-pressed="true"]').count() == 2
    assert panel.locator("button").count() == len(names), "who never had a graft cannot be moved"


def test_it_fits_a_phone_has_room_for_a_finger_and_no_fault_in_reading_it(page):
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert all(one.bounding_box()["height"] >= 40 for one in page.locator(".waiting button").all())
    assert faint(page) == violations(page, "#waiting") == []


def test_paper_and_a_page_without_scripts_show_both_ways(browser, site, page):
    other = page.locator(".waiting-way").nth(1)
    assert not other.is_visible()
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert other.is_visible()
    context = browser.new_context(offline=True, java_script_enabled=False)
    plain = context.new_page()
    plain.goto((site / PAGE).as_uri())
    everybody = [one.patient for one in TWELVE]
    shown = plain.locator(".waiting-said").all_inner_texts()
    assert shown == [immortal.said_moved(TWELVE, ()), immortal.said_moved(TWELVE, everybody)]
    assert plain.locator(".waiting button").count() == 0
    context.close()


def test_the_graft_of_the_twelve_does_nothing():
    """Counted as they were on each day, the groups are alike; by ever having a graft they are not."""
    (first, other), (ever, never) = (
        immortal.compared(TWELVE, moved) for moved in ([one.patient for one in TWELVE], ())
    )
    assert abs(first.percent - other.percent) < 5 < 30 < ever.percent - never.percent
