"""Committing before opening, in a real browser: the feedback to one's own choice first, the others folded."""

import pytest


@pytest.fixture
def question(browser, site):
    """The first question of the made-up patient that offers choices."""
    context = browser.new_context(offline=True, viewport={"width": 390, "height": 844})
    page = context.new_page()
    page.goto((site / "chapters" / "classroom-made-up.html").as_uri())
    page.evaluate("document.querySelectorAll('details.stage').forEach((one) => { one.open = true; })")
    yield page.locator("fieldset.stage-question").first
    context.close()


def test_nothing_opens_before_somebody_commits(question):
    assert not question.locator(".stage-feedback").is_visible()
    assert question.locator(".stage-commit").get_attribute("aria-disabled") == "true"
    question.locator(".stage-commit").dispatch_event("click")
    assert question.locator("input").first.is_enabled() and question.locator(".stage-commit").count() == 1
    question.locator("input").nth(1).check()
    assert not question.locator(".stage-feedback").is_visible()
    assert question.locator(".stage-commit").get_attribute("aria-disabled") == "false"


def test_the_feedback_to_ones_own_choice_stands_first_by_keyboard(question):
    said = question.locator(".stage-feedback li").all_text_contents()
    question.locator("input").nth(1).focus()
    question.page.keyboard.press("Space")
    question.page.keyboard.press("Tab")
    question.page.keyboard.press("Enter")
    shown = question.locator(".stage-feedback > ol > li")
    assert shown.count() == 1 and shown.first.inner_text().startswith("Your answer.")
    assert said[1] in shown.first.text_content() and shown.first.get_attribute("value") == "2"
    rest = question.locator(".stage-feedback details")
    assert not rest.locator("li").first.is_visible() and rest.locator("li").count() == len(said) - 1
    assert question.locator(".stage-commit").count() == 0 and question.locator("input").first.is_disabled()
    assert question.page.evaluate("document.activeElement.closest('.stage-feedback') !== null")


def test_paper_shows_all_feedback(question):
    question.page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert question.locator(".stage-feedback").is_visible()


def test_without_scripts_all_feedback_can_be_opened(browser, site):
    context = browser.new_context(offline=True, java_script_enabled=False)
    page = context.new_page()
    page.goto((site / "chapters" / "classroom-made-up.html").as_uri())
    assert page.locator(".stage-feedback").first.is_visible() or page.locator("details.stage").count()
    assert page.locator(".stage-commit").count() == 0
    context.close()
