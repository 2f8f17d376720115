"""Labels of any length and script: nothing runs over a window or out of the picture, and the whole label stays told.

All patients and series are made up; the labels are those of no table.
"""

import html
import re
import sys

import pandas as pd
import pytest
from casebook import charts, timeline
from casebook.charts import _type
from casebook.evidence.forest_rows import ROW
from casebook.patients import individuals
from conftest import PROJECT
from made_up import live, patient
from made_up_patients import together

sys.path.insert(0, str(PROJECT / "_ext"))
import casebook_theme

LABELS = {
    "Chinese": "细胞因子释放综合征三级，需要两种血管活性药物并给予托珠单抗和地塞米松治疗后好转的不良事件",
    "Latin": "cytokine release syndrome of grade 3 with hypotension that needed two vasopressors, tocilizumab and more",
    "one word": "Pneumonoultramicroscopicsilicovolcanoconiosis" * 3,
    "Arabic": "التهاب رئوي (grade 2) بعد 5 أيام " * 4,
    "Hebrew": "תסמונת — ICANS " * 9,
    "markup": '<b>AST & ALT</b> "raised" > 5×ULN ${x} {{y}} `z` | w ' * 3,
}
FONTS = casebook_theme.fonts_css(PROJECT / "_static" / "fonts")  # as the pages have them
LABELS = {name: label.strip() for name, label in LABELS.items()}
INSIDE = """svg => {
  const whole = svg.getBoundingClientRect(), all = query => [...svg.querySelectorAll(query)];
  const box = one => {
    const r = one.getBoundingClientRect();
    return {text: one.textContent || one.getAttribute('aria-label'), x: r.x - whole.x, y: r.y - whole.y,
            right: r.right - whole.x, bottom: r.bottom - whole.y};
  };
  const texts = all('text').filter(one => one.textContent.trim()).flatMap(one => {
    const spans = [...one.querySelectorAll('tspan')];
    return (spans.length ? spans : [one]).map(box);
  });
  return {wide: whole.width, texts, marks: all('[role=graphics-symbol]').map(box)};
}"""


def overlaps(texts, more=()):
    """Pairs that cover each other. A line in a font that stands in for another has a box of half its height more."""
    pairs = [(one, two) for at, one in enumerate(texts) for two in (more or texts[at + 1 :])]
    return [
        (one["text"][:30], two["text"][:30])
        for one, two in pairs
        if min(one["right"], two["right"]) - max(one["x"], two["x"]) > 1.5
        and min(one["bottom"], two["bottom"]) - max(one["y"], two["y"]) > 6.5
    ]


def dated(label):
    happened = {
        "i": ("car_t_infusion", label, True), "c": ("crs", label, False), "n": ("infection", label, False),
        "o": ("organ_toxicity", label, False), "h": ("hsct", label, True),
    }  # fmt: skip
    known = [("i", "c", 1, 3), ("i", "n", 5, 5), ("i", "h", 30, 30)]
    one = timeline.course(patient(happened, known, label), "car_t_infusion")
    return charts.timeline_chart(one, title="Made-up patient", subtitle="made up")


def order(label):
    happened = {"i": ("car_t_infusion", label, True), "c": ("crs", label, False), "h": ("hsct", label, True)}
    one = timeline.course(patient(happened, [("i", "c", 0, None), ("i", "h", 0, None)]), "car_t_infusion")
    return charts.timeline_chart(one, title="Made-up patient", subtitle="made up")


def many(label):
    """Forty events of one patient, a day or limits in days of each."""
    kinds = ("crs", "infection", "organ_toxicity", "finding")
    happened = {"i": ("car_t_infusion", label, True)}
    happened |= {f"e{n}": (kinds[n % 4], f"{n} {label}", False) for n in range(1, 40)}
    known = [("i", f"e{n}", 3 * n, 3 * n + n % 3) for n in range(1, 40)]
    return charts.timeline_chart(
        timeline.course(patient(happened, known, "made-up-1"), "car_t_infusion"), title="Made up", subtitle="made up"
    )


def ten_years(label):
    """A span of ten years beside one of a day, the later patient first."""
    happened = {"i": ("car_t_infusion", label, True), "o": ("organ_toxicity", label, False)}
    later = happened | {"c": ("crs", label, False), "f": ("last_follow_up", label, False)}
    books = [
        patient({f"l{name}": told for name, told in later.items()},
                [("li", "lc", 0.5, 0.5), ("li", "lo", 365, 730), ("li", "lf", 3650, 3650)], "made-up-b"),
        patient(happened, [("i", "o", 0, 1)], "made-up-a"),
    ]  # fmt: skip
    one = timeline.course(together(*books), "car_t_infusion")
    return charts.timeline_chart(one, title="Made-up patients", subtitle="made up")


def ended(label):
    """Words on the whole course of one patient beside the death of another, in one lane."""
    happened = {"i": ("car_t_infusion", label, True)}
    judged = patient(happened | {"o": ("outcome", label, False)}, [], "made-up-a")
    dead = patient(
        {"j": ("car_t_infusion", label, True), "d": ("death", label, False)}, [("j", "d", 9, 9)], "made-up-b"
    )
    one = timeline.course(together(judged, dead), "car_t_infusion")
    return charts.timeline_chart(one, title="Made-up patients", subtitle="made up")


def swimmer(label):
    happened = {"i": ("car_t_infusion", label, True), "c": ("crs", label, False), "h": ("hsct", label, True)}
    book = patient(happened, [("i", "c", 1, 3), ("i", "h", 30, 30)], f"made-up-{label}")
    rows = individuals.swimmer_rows(timeline.course(book, "car_t_infusion"), book)
    rows = rows.assign(name=label, about=label, fate=label, called=label)
    return charts.swimmer_chart(rows, live().looks, title="Made-up patients", subtitle="made up")


def forest(label):
    row = dict.fromkeys(ROW) | {"form": "point", "n": 20.0, "estimate": 0.4, "low": 0.2, "high": 0.6}
    rows = [row | {"label": label, "note": label, "count": "8 of 20", "share": "40% (20 to 60)", "panel": panel}
            for panel in ("", label)]  # fmt: skip
    frame = pd.DataFrame(rows, columns=ROW).assign(panel=lambda all_: all_["panel"].where(all_["panel"] != "", "first"))
    return charts.forest_chart(frame, title="Made-up series", subtitle="made up", axis="share")


def matrix(label):
    own = {"role": "index", "color": "#D55E00", "shape": "diamond"}
    frame = pd.DataFrame([{"case_id": "made-up-i", **own}, {"case_id": "made-up-p", "role": "comparator"}])
    told = pd.DataFrame({"feature": [label, "infection", "grade 3 CRS"], "state": ["shared", "otherwise", "silent"]})
    frame = frame.assign(case=label, about=label, outcome=label).merge(told.assign(said="reported"), how="cross")
    return charts.matrix_chart(frame, title="Made-up patients", subtitle="made up")


KINDS = {
    "timeline": dated,
    "many": many,
    "ten years": ten_years,
    "order": order,
    "swimmer": swimmer,
    "forest": forest,
    "matrix": matrix,
}


@pytest.fixture(scope="module")
def page(browser):
    """One page with the letters of the book, which shows one figure after the other."""
    context = browser.new_context(offline=True, viewport={"width": 1280, "height": 900})
    opened = context.new_page()
    opened.set_content(f"<meta charset='utf-8'><style>{FONTS}</style>")
    opened.evaluate("document.fonts.load('12px \"Liberation Sans\"')")
    yield opened
    context.close()


def show(page, chart):
    shown = charts.render(chart.to_dict())["text/html"].replace(" hidden", "")
    page.evaluate("shown => { document.body.innerHTML = shown; }", shown)


@pytest.mark.parametrize("kind", KINDS)
def test_no_label_runs_over_a_mark_another_label_or_the_edge(kind, page):
    wrong = {}
    for script, label in LABELS.items():
        show(page, KINDS[kind](label))
        for half in ("wide", "narrow"):
            seen = page.locator(f".chart-{half} svg").evaluate(INSIDE)
            marks = [one for one in seen["marks"] if one["right"] - one["x"] < 0.3 * seen["wide"]]
            out = [one["text"][:40] for one in seen["texts"] if one["x"] < -2 or one["right"] > seen["wide"] + 2]
            over = overlaps(seen["texts"], marks) if marks else []
            wrong[script, half] = out + over + overlaps(seen["texts"])
            assert seen["marks"] and seen["wide"] < 1000
        # Whoever is shown a part is told the whole: by the description and by the table of the rows.
        whole = " ".join(label.split())
        assert whole in " ".join(html.unescape(page.locator(".chart-wide desc").text_content()).split())
        told = page.locator(".chart-rows").text_content() + " ".join(
            page.locator(".chart-wide [role=graphics-symbol]").evaluate_all("all => all.map(one => one.ariaLabel)")
        )
        assert whole in " ".join(told.split())
    assert not any(wrong.values()), {key: found for key, found in wrong.items() if found}


def test_words_on_a_whole_course_leave_room_for_the_event_below_them(page):
    show(page, ended("ended"))
    tops = {one["text"]: one["y"] for one in page.locator(".chart-narrow svg").evaluate(INSIDE)["texts"]}
    (said,), (death,) = ([y for text, y in tops.items() if part in text] for part in ("whole course", "day 9"))
    assert death - said > 12


def test_days_stay_readable_beside_a_long_label():
    shown = charts.render(dated(LABELS["Chinese"]).to_dict())["text/html"]
    svg = re.search(r'class="chart-wide".*?(<svg .*?</svg>)', shown, re.S)[1]
    texts = [html.unescape(text) for text in re.findall(r"<text[^>]*>([^<]+)</text>", svg)]
    assert "day 1 to 3" in texts and "day 5" in texts
    assert [text for text in texts if text.endswith("…") and text[:8] == LABELS["Chinese"][:8]]


@pytest.mark.parametrize("label", LABELS.values(), ids=LABELS)
@pytest.mark.parametrize("size", [11, 13])
def test_what_is_cut_or_wrapped_fits_and_loses_no_letter(label, size):
    whole = " ".join(label.split())
    cut = _type.cut(label, 100, size)
    assert cut.endswith("…") and whole.startswith(cut[:-1]) and _type.text_width(cut, size) <= 100
    lines = _type.lines_in(label, 100, size)
    assert all(_type.text_width(line, size) <= 100 for line in lines)
    assert "".join("".join(lines).split()) == "".join(whole.split())
    assert _type.cut("short", 100, size) == "short"


@pytest.mark.parametrize("kept", ["day 28", "n = 41", "12 of 20", "6 months"])
@pytest.mark.parametrize("width", range(60, 200, 10))
def test_what_is_read_as_one_stays_in_one_line(kept, width):
    assert any(kept in line for line in _type.lines_in(f"autologous, complete remission, {kept}, read", width, 12))
