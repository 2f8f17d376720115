"""What the chapters may say, and how."""

import json
import re

import pytest
from chapters_text import CHAPTERS, MARKDOWN, notebooks, of_chapters, paragraphs, prose
from conftest import PROJECT

# Terms that are written with a digit. Every other number in prose is glued from a cell.
TERMS = "|".join(
    (
        *(r"CD(?:5|7|19|123)", "CLL-1", "NS7CAR", "GC027", "CAR7", "WU-CART-007", "RP2D", "T-ALL", "HHV-6"),
        *(
            r"95% (?:confidence |prediction )?intervals?",
            r"[Cc]ases? [12](?: and 2)?",
            r"[Dd]ay 0",
            r"[Gg]rades? [1-5](?: (?:or|to) [1-5])?",
            r"CC BY 4\.0",
        ),
    )
)
BANNED = ("not reported", "did not report", "the authors did not say", "missing data", "unavailable")


def digits(paragraph):
    return re.findall(r"\S*\d\S*", re.sub(TERMS, "", paragraph.text))


def test_numbers_in_prose_are_glued():
    wrong = [(p.chapter, digits(p), p.text) for p in prose() if digits(p)]
    assert wrong == []


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("There are 22 gaps.", True),
        ("On day 7 it began.", True),
        ("It covers 95% and not 99%.", True),
        ("Its 95% interval ends there.", False),
        ("There are {glue:text}`n` gaps, and CD7 in case 1 on day 0.", False),
        ("See [the 2026 paper](https://example.org/1) and `x = 1`.", False),
        (":::{note}\nInside 3 of them.\n:::", True),
    ],
)
def test_the_digits_can_fail(text, wrong):
    assert any(digits(p) for p in paragraphs("index", text)) is wrong


# Words that the first page explains for the whole book.
EXPLAINED_ONCE = {"record", "not in the record", "basis", "ledger"}


def glossary_terms():
    source = "\n".join("".join(c["source"]) for c in _cells("glossary") if c["cell_type"] == "markdown")
    found = []
    for body in re.findall(r"```\{glossary\}\n(.*?)```", source, re.S):
        found += [line for line in body.splitlines() if line and not line.startswith(" ")]
    return found


def first_uses_not_linked(found, terms):
    """The terms that some paragraphs use before they link them."""
    wrong = []
    text = "\n\n".join(p.marked for p in found if not p.heading)
    for term in terms:
        flags = re.I if term[0].islower() else 0
        plain = re.search(rf"(?<![\w\[-])(?:anti-)?{re.escape(term)}(?:s(?![\w-]))?(?![\w\]-])", text, flags)
        linked = text.find(f"[[{term}]]")
        if plain and (linked < 0 or plain.start() < linked):
            wrong.append((term, text[max(plain.start() - 40, 0) : plain.end() + 20]))
    return wrong


def test_every_term_is_linked_at_its_first_use_in_a_chapter():
    terms = [term for term in glossary_terms() if term not in EXPLAINED_ONCE]
    assert len(terms) > 20
    wrong = {chapter: first_uses_not_linked(mine, terms) for chapter, mine in of_chapters().items()}
    assert {chapter: found for chapter, found in wrong.items() if found and chapter != "glossary"} == {}


def test_an_unlinked_term_is_found():
    assert first_uses_not_linked(paragraphs("x", "CRS, then {term}`CRS`."), ["CRS"])
    assert not first_uses_not_linked(paragraphs("x", "# CRS\n\n{term}`CRS`, then CRS."), ["CRS"])


def test_no_chapter_holds_raw_html_or_code_that_no_test_reads():
    for path in notebooks():
        for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
            if cell["cell_type"] == "markdown":
                kinds = {token.type for token in MARKDOWN.parse("".join(cell["source"]))}
                assert not kinds & {"html_block", "code_block"}, path.name
                assert "<" not in re.sub(r"`[^`]*`", "", "".join(cell["source"])), path.name


def test_silence_has_one_name():
    wrong = [(p.chapter, word) for p in prose() for word in BANNED if word in p.text.lower()]
    assert wrong == []


def test_one_sentence_a_line():
    pattern = re.compile(r"(?<!et al)[.!?] +[A-Z]")
    lines = [(p.chapter, line) for p in prose(captions=False) for line in p.text.splitlines()]
    assert [line for line in lines if pattern.search(line[1]) and "Question." not in line[1]] == []


PATIENTS = {"index", "case-1", "case-2", "comparison", "classroom-made-up"}
TOOLS = {"instruments", "classroom", "practice", "make-a-book"}  # they begin with the tool


def test_every_reading_chapter_has_its_parts():
    for path in notebooks():
        text = "".join(p.text + "\n" for p in prose() if p.chapter == path.stem)
        if path.stem in TOOLS:
            assert "Question." not in text and "At a glance" not in text, path.name
            continue
        assert "Question." in text, path.name
        assert "At a glance" in text, path.name
        if path.stem not in ("index", "glossary"):
            for part in ("Check yourself", "Sources"):
                assert part in text, f"{path.name} has no part {part!r}"


AT_MOST = 3


def sentences_at_a_glance(found):
    """The lines that stand between the heading "At a glance" and the next; one sentence a line."""
    headings = [at for at, p in enumerate(found) if p.heading]
    begin = next((at for at in headings if found[at].text == "At a glance"), None)
    if begin is None:
        return []
    end = next((at for at in headings if at > begin), len(found))
    return [line for p in found[begin + 1 : end] for line in p.text.splitlines() if line.strip()]


@pytest.mark.parametrize("chapter", [path.stem for path in notebooks() if path.stem not in TOOLS])
def test_a_glance_is_three_sentences_at_most(chapter):
    assert 1 <= len(sentences_at_a_glance(of_chapters()[chapter])) <= AT_MOST


def test_a_fourth_sentence_is_found():
    lines = "\n".join(f"Sentence {name}." for name in "abcd")
    assert len(sentences_at_a_glance(paragraphs("x", f"# X\n\n## At a glance\n\n{lines}\n\n## Then\n\nMore."))) == 4


# What no medical editor would leave: the word, and a line that holds it.
LAME = {
    r"\btold\b": "It is told of two groups.",
    r"\btells?\b": "The record tells little.",
    r"\bthe way\b": "Along the way it began.",
    r"\bcalls? for\b": "This calls for a scale.",
    r"\basks? for\b": "The grade asks for fever.",
    r"\bstands? (?:in|for)\b": "They stand in a box.",
    r"\bblood counts are low\b|\blow blood counts\b": "Low blood counts follow.",
    r"\bnought\b": "The gut at nought.",
    r"\bwhoever\b": "Whoever relapsed had lived.",
    r"\bstorm of\b": "A storm of cytokines.",
    r"\bdeath without relapse\b": "Death without relapse came first.",
}


def lame(found):
    return [(p.chapter, word, p.text[:80]) for p in found for word in LAME if re.search(word, p.text, re.I)]


def test_the_language_is_that_of_the_field():
    assert lame(prose()) == []


@pytest.mark.parametrize("word", LAME)
def test_a_lame_word_is_found(word):
    assert word in [found for _, found, _ in lame(paragraphs("x", LAME[word]))]


def test_the_silence_of_the_record_is_one_part_of_one_page():
    headings = [(p.chapter, p.text) for p in prose() if p.heading and p.text.startswith("What is not in the record")]
    assert {chapter for chapter, _ in headings} - PATIENTS == {"gaps"}


def test_both_case_chapters_have_the_same_skeleton():
    skeletons = []
    for stem in ("case-1", "case-2"):
        source = "\n".join("".join(c["source"]) for c in _cells(stem) if c["cell_type"] == "markdown")
        skeletons.append(re.findall(r"^(##+ .*)$", source, re.M))
    assert skeletons[0] == skeletons[1]


def _cells(stem):
    return json.loads((CHAPTERS / f"{stem}.ipynb").read_text(encoding="utf-8"))["cells"]


def test_the_project_names_no_machine_and_no_registry():
    for path in [*PROJECT.glob("[!.]*.*"), *PROJECT.glob("tools/**/*.py"), *PROJECT.glob("chapters/*.ipynb")]:
        if path.is_file():
            text = path.read_text(encoding="utf-8")
            assert not re.search(r"/work/|/root/|/home/\w|index-url", text), path.name


# How long a chapter may be, in words of its prose: what is for checkers stands behind it.
LENGTHS = {
    "background": 1100,
    "who-else": 700,
    "case-1": 900,
    "case-2": 500,
    "comparison": 900,
    "evidence": 1200,
    "how-read": 1200,
    "index": 700,
    "lessons": 1300,
    "outcomes": 1200,
    "instruments": 900,
    "differential-diagnosis": 400,
}


def length(chapter):
    texts = [
        f"{p.text} {' '.join(content for name, content in p.roles if name != 'link')}"
        for p in prose()
        if p.chapter == chapter
    ]
    return sum(len(re.findall(r"[A-Za-z][\w'-]*", text)) for text in texts)


@pytest.mark.parametrize("chapter", LENGTHS)
def test_a_chapter_is_no_longer_than_its_reader_has_time_for(chapter):
    assert 100 < length(chapter) <= LENGTHS[chapter]


def test_no_chapter_says_a_sentence_twice():
    for chapter, mine in of_chapters().items():
        lines = [line.strip() for p in mine if not p.heading for line in p.marked.splitlines()]
        long = [line for line in lines if len(line.split()) > 6]
        assert {line for line in long if long.count(line) > 1} == set(), chapter
