"""Every figure as a reader sees it, at five widths: no text over text, none too small, nothing said twice."""

import json
import re

import pytest
from chapters_text import executed, notebooks, outputs

WIDTHS = (320, 390, 768, 1280, 1600)
SMALLEST = 10.9  # pixels: nothing under 11, but for rounding

TEXTS = """() => [...document.querySelectorAll('.chart svg')].filter(svg => svg.getClientRects().length).flatMap(
  (svg, number) => [...svg.querySelectorAll('text')].filter(t => t.textContent.trim()).flatMap(t => {
    const spans = t.querySelectorAll('tspan').length ? [...t.querySelectorAll('tspan')] : [t];
    return spans.map(s => {
      const r = s.getBoundingClientRect(), scale = svg.getBoundingClientRect().width / svg.width.baseVal.value;
      return {figure: number, text: s.textContent, x: r.x, y: r.y, right: r.right, bottom: r.bottom,
              slanted: [t.getCTM().a, t.getCTM().b].every(one => Math.abs(one) > 0.1), // no box says where it lies
              size: parseFloat(getComputedStyle(t).fontSize) * scale};
    });
  }))"""


def overlaps(texts):
    """Pairs of texts of one figure that cover each other, as words."""
    found = []
    for number, one in enumerate(texts):
        for two in texts[number + 1 :]:
            across = min(one["right"], two["right"]) - max(one["x"], two["x"])
            down = min(one["bottom"], two["bottom"]) - max(one["y"], two["y"])
            beside = one.get("slanted") and two.get("slanted")  # parallel lines, as far apart as their columns
            if one["figure"] == two["figure"] and across > 1.5 and down > 3.5 and not beside:
                found.append((one["text"], two["text"]))
    return found


def with_figures():
    return [path.stem for path in notebooks() if any('<div class="chart' in html for html in outputs(path))]


@pytest.mark.parametrize("stem", with_figures())
def test_no_text_lies_over_text_and_none_is_too_small(stem, site, browser):
    context = browser.new_context(offline=True)
    page = context.new_page()
    page.goto((site / "chapters" / f"{stem}.html").as_uri())
    wrong = {}
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        texts = page.evaluate(TEXTS)
        assert texts
        small = sorted({text["text"] for text in texts if text["size"] < SMALLEST})
        wrong[width] = overlaps(texts) + [("too small", text) for text in small]
    context.close()
    assert not any(wrong.values()), wrong


def test_the_search_for_overlaps_can_fail():
    one = {"figure": 0, "text": "a", "x": 0, "right": 10, "y": 0, "bottom": 10, "size": 12}
    beside, over, below = one | {"x": 10, "right": 20}, one | {"x": 5, "right": 15}, one | {"y": 8, "bottom": 18}
    assert overlaps([one, beside]) == [] == overlaps([one, below]) == overlaps([one, over | {"figure": 1}])
    assert overlaps([one, over]) == [("a", "a")]


def said(html):
    """Title and subtitle of a figure."""
    found = re.search(r'<script type="application/json" class="chart-specification">(.*?)</script>', html, re.S)
    spec = json.loads(found[1])
    return spec["title"]["text"], spec["title"]["subtitle"], spec["description"]


def repeated(text):
    sentences = [sentence.strip(" .;") for sentence in re.split(r"[.;] ", text)]
    return {sentence for sentence in sentences if sentence and sentences.count(sentence) > 1}


@pytest.mark.parametrize("path", notebooks(), ids=lambda path: path.name)
def test_no_figure_says_a_thing_twice_or_shows_a_raw_value(path):
    titles = []
    for html in outputs(path, executed(path)):
        if '<div class="chart' not in html:
            continue
        title, subtitle, description = said(html)
        titles.append(title)
        assert repeated(f"{title}. {subtitle}") == set()
        for text in (title, subtitle, description):
            assert not re.search(r"\bnan\b|\bNone\b|\binf\b|[a-z]+_[a-z]+|  ", text), text
            assert not re.search(r"\b(0|1) (patients|studies|events|days) ", text), text
    assert len(titles) == len(set(titles)), "two figures of one page have one title"


def test_the_search_for_repetition_can_fail():
    assert repeated("Silence is not absence. Source: a. Silence is not absence.") == {"Silence is not absence"}
