"""Long pages are laid out section by section as they come near: nothing jumps, nothing is cut off, nothing is lost."""

import pytest

PAGE, PHONE = "chapters/outcomes", {"width": 412, "height": 823}
IS_LAID_OUT = "one => one.checkVisibility({ contentVisibilityAuto: true })"
# What reaches beyond its section by more than the sixteen pixels that are left to it, and no box scrolls.
CUT_OFF = """() => [...document.querySelectorAll('article section')].flatMap((section) => {
  if (getComputedStyle(section).contentVisibility !== 'auto') return [];
  const { left, right } = section.getBoundingClientRect();
  const hides = (one) => getComputedStyle(one).overflowX !== 'visible';
  const scrolls = (one) => one !== section && (hides(one) || scrolls(one.parentElement));
  return [...section.querySelectorAll('*')].filter((one) => {
    const box = one.getBoundingClientRect();
    return box.width > 1 && (box.left < left - 16.5 || box.right > right + 16.5) && !scrolls(one.parentElement);
  }).map((one) => `${section.id}: ${one.localName}.${one.className}`);
})"""
SCROLL = """async () => {
  const shown = new Set(), titles = [...document.querySelectorAll('article .chart-title')];
  for (let at = 0; at < document.documentElement.scrollHeight; at += 400) {
    scrollTo({ top: at, behavior: 'instant' });
    await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
    titles.filter((one) => one.checkVisibility({ contentVisibilityAuto: true })).forEach((one) => shown.add(one));
  }
  return [shown.size, titles.length];
}"""


@pytest.fixture
def near(view):
    return lambda name, **options: view(name, near_only=True, viewport=PHONE, **options)


def test_what_is_far_waits_and_what_comes_near_is_there(near):
    page = near(PAGE)
    last = page.locator("article .chart-title").last
    assert page.locator("h1").evaluate(IS_LAID_OUT) and not last.evaluate(IS_LAID_OUT)
    shown, of = page.evaluate(SCROLL)
    assert shown == of > 7


def test_a_link_leads_to_its_section_and_stays_there(near):
    page = near(PAGE)
    page.evaluate("location.hash = 'sources'")
    page.wait_for_function("new Promise(done => addEventListener('scrollend', () => setTimeout(done, 200, true)))")
    assert -2 < page.locator("#sources").bounding_box()["y"] < PHONE["height"] / 3


def test_paper_has_all_of_it(near):
    page = near(PAGE)
    page.emulate_media(media="print")
    assert page.locator("article .chart-title").last.evaluate(IS_LAID_OUT)


@pytest.mark.parametrize("name", [PAGE, "chapters/evidence", "chapters/how-read", "chapters/methods-statistics"])
def test_nothing_is_cut_off(near, name):
    page = near(name)
    for width in (320, 412, 1280):
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate(CUT_OFF) == [], width
