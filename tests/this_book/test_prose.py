"""What the chapters may say, and how."""

import json
import re

import pandas as pd
import pytest
from casebook import data
from chapters_text import CHAPTERS, MARKDOWN, cells, collect, notebooks, outputs, paragraphs, prose
from conftest import PROJECT

# Terms that are written with a digit. Every other number in prose is glued from a cell.
TERMS = "|".join(
    (
        *(r"CD(?:5|7|19|123)", "CLL-1", "NS7CAR", "GC027", "CAR7", "WU-CART-007", "RP2D", "T-ALL"),
        *(r"95% (?:confidence |prediction )?intervals?", r"[Cc]ases? [12](?: and 2)?", r"[Dd]ay 0", r"[Gg]rades? [1-5](?: (?:or|to) [1-5])?", r"CC BY 4\.0"),
    )
)
VOCABULARY = {
    word.lower()
    for line in (PROJECT / "tests" / "vocabulary.txt").read_text(encoding="utf-8").splitlines()
    if not line.startswith("#")
    for word in line.partition(":")[2].split()
}
BANNED = ("not reported", "did not report", "the authors did not say", "missing data", "unavailable")
EXEMPT = {"not in the record", "published", "made-up"}
CITATION = re.compile(r"^cite(:\w+)?$")


def about(paragraph):
    """The cases that a paragraph speaks of."""
    text = paragraph.text.lower()
    named = {f"case-{n}" for n in "12" if re.search(rf"\bcases? {n}\b|\bcases? 1 and {n}\b", text)}
    if re.search(r"\b(both|either|two|neither|one|other|first|second) (patients?|cases?)\b|\bneither\b|\bs?he\b", text):
        named = {"case-1", "case-2"}
    if paragraph.chapter in ("case-1", "case-2"):
        named.add(paragraph.chapter)
    return named


def words_of(book, case_ids):
    """All words that the rows of some cases hold."""
    one = data.select(book, *case_ids)
    tables = [one.cases, one.events, one.bounds]
    text = " ".join(str(value) for table in tables for row in table.itertuples() for value in row if pd.notna(value))
    return set(re.findall(r"[\w-]+", text.lower().replace("/", " ")))


def unfounded(paragraph, book):
    """The words of the vocabulary that a paragraph says of a patient without ground."""
    cases = about(paragraph)
    if not cases or paragraph.marks & EXEMPT:
        return set()
    said = set(re.findall(r"[a-z][\w-]*", paragraph.text.lower()))
    return said & VOCABULARY - words_of(book, cases)


def digits(paragraph):
    return re.findall(r"\S*\d\S*", re.sub(TERMS, "", paragraph.text))


@pytest.fixture(scope="module")
def book():
    return data.load()


def test_numbers_in_prose_are_glued():
    wrong = [(p.chapter, digits(p), p.text) for p in prose() if digits(p)]
    assert wrong == []


def test_nothing_is_said_of_a_patient_that_the_rows_do_not_hold(book):
    wrong = [(p.chapter, unfounded(p, book), p.text) for p in prose() if unfounded(p, book)]
    assert wrong == []


def test_figure_titles_say_nothing_that_the_rows_do_not_hold(book):
    for path in notebooks():
        for html in outputs(path):
            for title in collect(html)[1]:
                for found in paragraphs(path.stem, title):
                    assert "made-up" in title.lower() or not unfounded(found, book), title


# None of these sentences is true of anybody: the first five must be refused.
@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("Case 1 was an n-year-old or a year-old.", True),
        ("Case 1 died of it.", True),
        ("He recovered; so says case 2.", True),
        ("Case 2 was given tocilizumab.", True),
        ("Both patients had a matched donor.", True),
        ("One patient died.", True),
        ("She was given tocilizumab.", True),
        ("Case 1 had relapsed/refractory T-ALL.", False),
        ("Whether case 1 died is {basis}`not in the record`.", False),
        ("Other patients died {basis}`published`; case 1 is another matter.", False),
        ("Donor cells are used elsewhere.", False),
    ],
)
def test_the_vocabulary_can_fail(text, wrong, book):
    (paragraph,) = paragraphs("index", text)
    assert bool(unfounded(paragraph, book)) is wrong


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
    for chapter in {p.chapter for p in prose()} - {"glossary"}:
        mine = [p for p in prose(captions=False) if p.chapter == chapter]
        assert first_uses_not_linked(mine, terms) == [], chapter


def test_an_unlinked_term_is_found():
    assert first_uses_not_linked(paragraphs("x", "CRS, then {term}`CRS`."), ["CRS"])
    assert not first_uses_not_linked(paragraphs("x", "# CRS\n\n{term}`CRS`, then CRS."), ["CRS"])


def test_every_statement_about_a_patient_leads_to_its_row():
    """Two clicks from a sentence to its row: the sentence holds a fact, the fact leads on."""
    for p in prose():
        if p.chapter in ("case-1", "case-2", "comparison") and p.marks & {"stated", "defined", "inferred"}:
            assert any(name == "fact" or "record.ipynb" in content for name, content in p.roles), p.text


BARE = "{basis}`not in the record`"
SILENT = re.compile(
    r"\bnot in the record\b|\bthe record (?:is silent|says nothing|does not (?:say|tell|name|mention))", re.I
)


def denying(chapter, markdown):
    """The sentences on a case that say of their own accord what is not in the record, and would go on to say it."""
    lines = [line for line in re.sub(r"(?m)^#.*$", "", markdown).splitlines() if BARE in line or SILENT.search(line)]
    lines = [line for line in lines if "{glossary}" not in line and "`{basis}" not in line]
    return [line for line in lines if any(about(found) for found in paragraphs(chapter, line))]


def test_what_is_not_in_the_record_of_a_case_is_said_by_its_gap(book):
    """A filled gap then says what was filled: no sentence of a chapter, and no text of a table, denies it."""
    for path in [*notebooks(), *sorted(CHAPTERS.glob("*.md"))]:
        notebook = path.suffix == ".ipynb"
        parts = ["".join(c["source"]) for c in cells(path, "markdown")] if notebook else [path.read_text("utf-8")]
        for part in parts:
            assert denying(path.stem, part) == [], path.name
    for name in ("checklist", "lessons", "options", "management", "rival_bounds", "definitions"):
        table = getattr(book, name).select_dtypes("str")
        assert not table.apply(lambda column: column.str.contains(SILENT, na=False)).any(axis=None), name


@pytest.mark.parametrize(
    ("sentence", "wrong"),
    [
        ("Whether either patient lived is {basis}`not in the record`.", True),
        ("The donor of case 1 is not in the record.", True),
        ("Of case 2 the record does not mention ICANS.", True),
        ("Of case 1, {gap}`case-1-donor`.", False),
        ("What is {basis}`not in the record` may stand in the paper.", False),
    ],
)
def test_a_sentence_that_denies_can_be_found(sentence, wrong):
    assert bool(denying("index", sentence)) is wrong


def test_every_gap_that_is_named_exists(book):
    known = {*book.gaps["gap_id"], *book.gaps["topic"]}
    named = [re.split(r",\s*", content) for p in prose() for name, content in p.roles if name == "gap"]
    assert len(named) > 30 and {one for some in named for one in some} <= known


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


def test_every_chapter_has_its_parts():
    for path in notebooks():
        text = "".join(p.text + "\n" for p in prose() if p.chapter == path.stem)
        assert "Question." in text, path.name
        assert "At a glance" in text, path.name
        if path.stem not in ("index", "glossary"):
            for part in ("What is not in the record", "Check yourself", "Sources"):
                assert part in text, f"{path.name} has no part {part!r}"


def test_both_case_chapters_have_the_same_skeleton():
    skeletons = []
    for stem in ("case-1", "case-2"):
        source = "\n".join("".join(c["source"]) for c in _cells(stem) if c["cell_type"] == "markdown")
        skeletons.append(re.findall(r"^(##+ .*)$", source, re.M))
    assert skeletons[0] == skeletons[1]


def _cells(stem):
    return json.loads((CHAPTERS / f"{stem}.ipynb").read_text(encoding="utf-8"))["cells"]


def test_every_source_that_is_cited_exists(book):
    cited = {
        key.strip()
        for paragraph in prose()
        for name, content in paragraph.roles
        if CITATION.match(name)
        for key in content.split(",")
    }
    assert cited <= set(book.sources["source_id"])


def test_the_project_names_no_machine_and_no_registry():
    for path in [*PROJECT.glob("[!.]*.*"), *PROJECT.glob("tools/**/*.py"), *PROJECT.glob("chapters/*.ipynb")]:
        if path.is_file():
            text = path.read_text(encoding="utf-8")
            assert not re.search(r"/work/|/root/|/home/\w|index-url", text), path.name


# How long a chapter may be, in words of its prose: what is for checkers stands behind it.
LENGTHS = {
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
    "reporting": 400,
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
    for chapter in {p.chapter for p in prose()}:
        lines = [line.strip() for p in prose(captions=False) if p.chapter == chapter and not p.heading
                 for line in p.marked.splitlines()]  # fmt: skip
        long = [line for line in lines if len(line.split()) > 6]
        assert {line for line in long if long.count(line) > 1} == set(), chapter
