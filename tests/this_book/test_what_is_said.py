"""What the chapters say of the patients, and where they send a reader: all of it stands in the rows."""

import re

import pandas as pd
import pytest
from casebook import data
from chapters_text import CHAPTERS, cells, collect, notebooks, outputs, paragraphs, prose
from conftest import PROJECT

VOCABULARY = {
    word.lower()
    for line in (PROJECT / "tests" / "vocabulary.txt").read_text(encoding="utf-8").splitlines()
    if not line.startswith("#")
    for word in line.partition(":")[2].split()
}
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


@pytest.fixture(scope="module")
def book():
    return data.load()


def test_nothing_is_said_of_a_patient_that_the_rows_do_not_hold(book):
    assert [(p.chapter, found, p.text) for p in prose() if (found := unfounded(p, book))] == []


def test_figure_titles_say_nothing_that_the_rows_do_not_hold(book):
    meanings = book.rival_bounds[["meaning", "rival_meaning"]].stack().dropna()  # of a word, and of no patient
    for path in notebooks():
        for html in outputs(path):
            for title in collect(html)[1]:
                without = re.sub("|".join(map(re.escape, meanings)), "", title.replace("\xa0", " "))
                for found in paragraphs(path.stem, without):
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
        table = pd.read_csv(PROJECT / "data" / f"{name}.csv", dtype="str")  # as it is typed, before gaps are filled in
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


def test_every_source_that_is_cited_exists(book):
    cited = {
        key.strip()
        for paragraph in prose()
        for name, content in paragraph.roles
        if CITATION.match(name)
        for key in content.split(",")
    }
    assert cited <= set(book.sources["source_id"])
