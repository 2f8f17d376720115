"""The discussion without a key: a class file is read strictly, and the spread is counted, never judged."""

import pandas as pd
import pytest
from casebook import charts
from casebook.classroom import concordance

HEADER = "person,item_id,answer"
FINDINGS = ("Heat", "Cold", "Rain", "Wind", "Snow")
ITEMS = pd.DataFrame(
    [(f"made-up-timing-{n}", n, f"Item {n}.", "Going out", f"{found}.") for n, found in enumerate(FINDINGS, 1)],
    columns=["item_id", "rank", "told", "hypothesis", "finding"],
)


def filled(path, *lines):
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def read(path):
    return concordance.class_answers(path, ITEMS)


def test_sides_and_the_least_agreement(tmp_path):
    path = filled(
        tmp_path / "a.csv",
        HEADER,
        "a,made-up-timing-1,-2",
        "b,made-up-timing-1,+1",
        "c,made-up-timing-1,0",
        "d,made-up-timing-1,2",
        "a,made-up-timing-2,−1",
    )
    counted = concordance.answered(read(path), ITEMS)
    sides = concordance.sides(counted).set_index("item_id")
    assert sides.loc["made-up-timing-1", ["less", "same", "more", "of"]].tolist() == [1, 1, 2, 4]
    assert sides.loc["made-up-timing-1", "agree"] == 0.5 and sides.loc["made-up-timing-2", "agree"] == 1
    assert sides["agree"].isna().sum() == 3
    assert concordance.message(counted) == "The class agrees least on this finding: Heat"


def test_a_class_that_agrees_alike_or_gave_no_answer_is_told_so(tmp_path):
    alike = filled(tmp_path / "a.csv", HEADER, *(f"{who},made-up-timing-{n},1" for who in "ab" for n in range(1, 6)))
    assert concordance.message(concordance.answered(read(alike), ITEMS)).endswith("alike on every finding")
    empty = filled(tmp_path / "b.csv", HEADER, "a,made-up-timing-1,")
    assert concordance.message(concordance.answered(read(empty), ITEMS)) == "Nobody has answered yet"


@pytest.mark.parametrize(
    ("lines", "wrong"),
    [
        ([HEADER, "a,made-up-timing-1,3"], r"row 2, column answer: '3'; expected −2, −1, 0, 1 or 2"),
        ([HEADER, "a,made-up-timing-1,often"], "row 2, column answer: 'often'"),
        (
            [HEADER, "a,made-up-timing-9,1"],
            "row 2, column item_id: 'made-up-timing-9'; expected one of made-up-timing-1",
        ),
        ([HEADER, *["a,made-up-timing-1,1"] * 2], "row 3: 'a' has answered 'made-up-timing-1' before"),
        ([HEADER, "a,made-up-timing-1"], "row 2: 2 cells; expected 3"),
        (["who,item,said", "a,b,1"], "row 1: 'who, item, said'; expected the columns person, item_id, answer"),
    ],
)
def test_a_file_that_is_wrong_is_told_where(lines, wrong, tmp_path):
    with pytest.raises(ValueError, match=wrong):
        read(filled(tmp_path / "class.csv", *lines))


def test_the_figure_draws_every_answer_that_was_given(tmp_path):
    given = [f"{who},made-up-timing-{n},{answer}" for who, n, answer in (("a", 1, -2), ("b", 1, -1), ("a", 2, 0))]
    counted = concordance.answered(read(filled(tmp_path / "a.csv", HEADER, *given)), ITEMS)
    drawn = charts.spread_chart(
        counted, title="Made up", subtitle="s", description=concordance.spread_in_words(counted)
    )
    spec = drawn.to_dict()
    assert sum(int(row["People"]) for row in spec["usermeta"]["rows"]) == 3
    assert "Heat. 2 less, 0 no difference, 0 more." in spec["description"]
    html = charts.render(spec)["text/html"]
    assert html.count("Heat.") > 2 and 'aria-label="answer' not in html.split("<svg")[0]
