"""Every gap of a copy of the book filled with made-up values, and the sentences there that deny any of them."""

import csv
import html
import json
import re
import sys

from chapters_text import paragraphs
from conftest import PROJECT

sys.path.insert(0, str(PROJECT / "_ext"))
from casebook_tables import page_html

PAPER = {"read_in": "paper", "locator": "case 1, Results 3.1", "sentence_id": "", "wording": "made up for a test"}
DAY = {"min_days": "21", "max_days": "21", "basis": "stated", "definition_id": "", "reason": ""}
SAID = "made up for a test"
CELLS = {"age_years": "30", "sex": "female", "dose": "1 × 10^6/kg", "vital_status": "alive", "prior_hsct": "no",
         "follow_up": "3", "follow_up_unit": "months", "follow_up_is": "exactly"}  # fmt: skip
OURS = ("case-1", "case-2")
AFTER = {"hsct": 41, "crs": 12, "recovery": 12, "infection": 5, "organ-toxicity": 6, "inflammation-control": 9,
         "disease": -90}  # days after the infusion  # fmt: skip
AFTER_GRAFT = {"gvhd": 6, "ta-tma": 29}


def rewrite(project, table, change, more=()):
    """Give each row of a table to `change`, which may change it, and add some."""
    path = project / "data" / f"{table}.csv"
    with path.open(newline="", encoding="utf-8") as file:
        reader = csv.DictReader(file)
        columns, rows = reader.fieldnames, list(reader)
    for row in rows:
        change(row)
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, columns, lineterminator="\n", restval="")
        writer.writeheader()
        writer.writerows([*rows, *more])


def answer(topic):
    """What a made-up answer to a topic is."""
    if topic["type"] == "number":
        return f"20 {topic['unit'].partition('|')[0]}"
    return {"choice": topic["choices"].partition("|")[0], "yes-no": "yes"}.get(topic["type"], SAID)


def everything(project):
    """Every gap of the two cases has a made-up answer: in its cell, as a day that agrees, or in words."""
    with (project / "data" / "topics.csv").open(newline="", encoding="utf-8") as file:
        topics = {row["topic"]: row for row in csv.DictReader(file)}

    def gap(row):
        if row["case_id"] in OURS and not row["fills"]:
            row.update(value=answer(topics[row["topic"]]), read_in="paper", locator="Table 2")

    def known(case, start, end, days):
        row = {"bound_id": f"{end}-made-up-day", "case_id": case, "from_event": start, "to_event": end}
        return {**PAPER, **DAY, **row, "min_days": days, "max_days": days, "source_id": "pan2026",
                "statement": "Made up for a test."}  # fmt: skip

    with (project / "data" / "events.csv").open(newline="", encoding="utf-8") as file:
        there = {row["event_id"] for row in csv.DictReader(file)}
    days = [
        known(case, f"{case}-{start}", f"{case}-{end}", number)
        for case in OURS
        for start, after in (("infusion", AFTER), ("hsct", AFTER_GRAFT))
        for end, number in after.items()
        if f"{case}-{end}" in there
    ]
    values = [
        {**PAPER, "measurement_id": f"{case}-{day}", "case_id": case, "from_event": f"{case}-infusion",
         "min_days": day, "max_days": day, "analyte": "ferritin", "value": day + 1, "unit": "ng/mL",
         "basis": "stated", "source_id": "pan2026"}
        for case in OURS
        for day in (0, 4)
    ]  # fmt: skip
    rewrite(project, "bounds", lambda row: None, days)
    rewrite(project, "measurements", lambda row: None, values)
    rewrite(project, "gaps", gap)
    rewrite(project, "cases", lambda row: row.update(CELLS, **PAPER) if row["case_id"] in OURS else None)


# ---------------------------------------------------------------- what still denies

DENIES = re.compile(
    r"\bnot in the (?:record|abstract)\b|\b(?:is|are) silent\b|\bnames? (?:no|none|neither)\b|\bno (?:other )?day\b"
    r"|\bnothing is in the record\b|\bwithout (?:a day|site)\b|\bcannot be (?:known|said)\b|\b(?:record|abstract) "
    r"(?:does not|cannot|gives no|leaves)\b|\bnone has a (?:known )?day\b",
    re.IGNORECASE,
)
# What may be said with every gap filled: it is said of no gap. By where it stands (any page, if blank) and how it is
# said: headings, the word itself and how it is used, what others published, what a judgment cannot give.
MAY_DENY = (
    ("", r"^(What|Which facts) (is|are) not in the record"),
    ("tables/(bias|bounds|cases|contradictions|outcomes|studies)", "."),  # sources on others
    ("tables/(basis_words|codings|concepts|dictionary|gaps|questions)|glossary|record|data-and-methods", "."),
    ("tables/(definitions|phases)|lessons", "without a day limit|sets no day"),
    (
        "tables/(lessons|explanations)|comparison|lessons",
        "the record cannot (say|separate)|does not let a reader|no day is",
    ),
    (
        "tables/care|tables/record",
        "^not in the record$|argument is not|names no patient|does not hold|not let a reader",
    ),
    (
        "tables/options",
        "^(A sentence is no day.|cannot be known|The word names no day, and both definitions .*)$",
    ),  # a choice is not shown once its gap is filled
    ("case-1", "risk in the title of the article names no patient"),
    ("comparison|how-read", "cannot be known"),  # the title of the chapter; how a reader judged a series
    ("who-else", "a published patient cannot be said to share one"),
    (
        "comparison|outcomes|who-else|background|exercises",
        "is silent|does not say|judgments|no transplantation|names no",
    ),
    ("who-else|exercises", "no day"),
    ("cases|who-else", "in a press report"),
    ("differential-diagnosis", "does not (tell|say) which of these"),
    ("make-a-book|tables/objectives", "not in the record"),  # of any book, and of what a class learns
    ("tables/management", "What was read of IEC-HS names no treatment"),
)


def sentences(text):
    """The sentences of some HTML or text, and of what it says to who cannot see it."""
    plain = html.unescape(re.sub(r"<[^>]*>", "\n", re.sub(r"<(script|style).*?</\1>", " ", text, flags=re.S)))
    spoken = re.findall(r'(?:aria-label|alt|title|content)="([^"]*)"', text)
    for one in [plain, *map(html.unescape, spoken)]:
        yield from (re.sub(r"\s+", " ", part).strip() for part in re.split(r"\n|(?<=[.;?!:])\s", one))


def denials(project, book, ran):
    """The sentences of the copy that deny something which a gap might tell, each with where it stands.

    `ran` are the names of the notebooks that were run anew; of all others the prose alone is read.
    """
    found = []
    for path in sorted((project / "chapters").glob("*.ipynb")):
        for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
            if cell["cell_type"] == "markdown":
                found += [(path.stem, p.text) for p in paragraphs(path.stem, "".join(cell["source"]))]
            elif path.stem in ran:
                found += [(path.stem, _said(output.get("data", {}))) for output in cell["outputs"]]
    tables = sorted((project / "chapters" / "tables").glob("*.md"))
    found += [(f"tables/{path.stem}", page_html(book, path.stem)) for path in tables]
    denied = [(place, one) for place, text in found for one in sentences(text) if DENIES.search(one)]
    return [one for one in dict.fromkeys(denied) if not any(_may(may, one) for may in MAY_DENY)]


def _may(may, one):
    return re.search(f"^({may[0]})$" if may[0] else "", one[0]) and re.search(may[1], one[1])


def _said(data):
    """What an output shows, and what it stores for the prose."""
    shown = "".join(data.get("text/html", "")) or "".join(data.get("text/plain", ""))
    return shown + "\n" + "\n".join("".join(text) for kind, text in data.items() if kind.startswith("application/pap"))
