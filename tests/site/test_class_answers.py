"""The answers of a real class, opened on the page: counted as Python counts them, refused as Python refuses them."""

import random

import pytest
from casebook.classroom import concordance
from conftest import PROJECT
from everybody import faint, violations
from made_up import live

PAGE = "chapters/practice.html"
CLASS = PROJECT / "chapters" / "made-up-class.csv"
HEADER = "person,item_id,answer"
COUNT = """([name, text, items]) => {
  const place = document.getElementById('class-answers');
  try {
    const counted = place.answered(place.classAnswers(name, text, items.map((one) => one.item)), items);
    return { people: counted.map((one) => one.people), said: place.message(counted) };
  } catch (error) { return { refused: error.message }; }
}"""


@pytest.fixture
def page(browser, site):
    context = browser.new_context(offline=True, viewport={"width": 390, "height": 844})
    opened = context.new_page()
    opened.goto((site / PAGE).as_uri())
    yield opened
    context.close()


def made_up(rng, items):
    """A file, mostly of answers that can be, at times with a row that cannot."""
    people, odd = [f"p{n}" for n in range(rng.randrange(1, 9))], rng.random() < 0.4
    rows = [f"{who},{item},{rng.choice(['-2', '−1', '0', '+1', '2', ''])}" for who in people for item in items]
    rows = rng.sample(rows, rng.randrange(len(rows) + 1))
    if odd:
        wrong = [
            "p0,somewhere,1",
            f"p0,{items[0]},3",
            f"p0,{items[0]}",
            f'"p, 0",{items[0]},1',
            "",
            rng.choice(rows or [""]),
        ]
        rows.insert(rng.randrange(len(rows) + 1), rng.choice(wrong))
    return "\n".join([rng.choice([HEADER, HEADER, HEADER, "person,answer"]), *rows]) + "\n"


def by_python(path, items):
    try:
        counted = concordance.answered(concordance.class_answers(path, items), items)
    except ValueError as error:
        return {"refused": str(error)}
    people = [group["people"].tolist() for _, group in counted.groupby("item_id", sort=False)]
    return {"people": people, "said": concordance.message(counted)}


def test_the_page_counts_and_refuses_what_python_does(page, tmp_path):
    items, rng, path = live().concordance.sort_values("rank"), random.Random(3), tmp_path / "class.csv"
    told = items.rename(columns={"item_id": "item"})[["item", "finding"]].to_dict("records")
    refused = 0
    for _ in range(200):
        text = made_up(rng, items["item_id"].tolist())
        path.write_text(text, encoding="utf-8")
        wanted = by_python(path, items)
        assert page.evaluate(COUNT, [path.name, text, told]) == wanted, text
        refused += "refused" in wanted
    assert 20 < refused < 180


def test_files_are_opened_together_and_one_that_cannot_be_is_named(page, tmp_path):
    one, other, wrong = (tmp_path / f"{name}.csv" for name in ("one", "other", "wrong"))
    one.write_text(f"{HEADER}\nme,made-up-timing-1,2\n")
    other.write_text(f"{HEADER}\nme,made-up-timing-1,2\nyou,made-up-timing-2,-1\n")
    wrong.write_text(f"{HEADER}\nme,made-up-timing-1,9\n")
    page.locator("#class-answers input").set_input_files([one, other, wrong])
    assert page.locator("#class-answers [role=alert]").inner_text().startswith("wrong.csv, row 2, column answer: '9'")
    assert page.locator(".class-spread tbody tr").first.locator("td").all_inner_texts() == ["0", "0", "0", "0", "2"]
    assert "3 people" in page.locator("#class-answers").inner_text(), "two of them are called alike"
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert faint(page) == violations(page, "#class-answers") == []


def test_the_made_up_class_is_told_as_the_figure_tells_it(page):
    page.locator("#class-answers input").set_input_files(CLASS)
    items = live().concordance
    said = concordance.message(concordance.answered(concordance.class_answers(CLASS, items), items))
    assert page.locator("#class-answers .chart-title").inner_text() == f"{said}."


def test_nothing_leaves_the_page(page):
    assert "connect-src 'none'" in page.locator("meta[http-equiv='Content-Security-Policy']").get_attribute("content")
