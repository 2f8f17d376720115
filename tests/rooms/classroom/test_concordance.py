"""The discussion without a key: a class file is read strictly, and the spread is counted, never judged."""

import doctest

import pytest
from casebook import charts
from casebook.classroom import concordance
from conftest import PROJECT
from made_up import live

CLASS = PROJECT / "chapters" / "made-up-class.csv"


def filled(path, *rows, header="person,item_id,answer"):
    path.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
    return path


def read(path):
    return concordance.class_answers(path, live().concordance)


def test_the_made_up_class_is_counted_as_it_stands():
    counted = concordance.answered(read(CLASS), live().concordance)
    assert len(counted) == 5 * len(live().concordance)
    mold = counted[counted["item_id"] == "made-up-timing-2"].set_index("answer")["people"]
    assert mold.to_dict() == {-2: 6, -1: 5, 0: 1, 1: 0, 2: 0}
    assert counted.groupby("item_id")["of"].first()["made-up-timing-5"] == 11, "one person gave no answer to it"


def test_sides_and_the_least_agreement(tmp_path):
    path = filled(
        tmp_path / "a.csv",
        "a,made-up-timing-1,-2",
        "b,made-up-timing-1,+1",
        "c,made-up-timing-1,0",
        "d,made-up-timing-1,2",
        "a,made-up-timing-2,−1",
    )
    counted = concordance.answered(read(path), live().concordance)
    sides = concordance.sides(counted).set_index("item_id")
    assert sides.loc["made-up-timing-1", ["less", "same", "more", "of"]].tolist() == [1, 1, 2, 4]
    assert sides.loc["made-up-timing-1", "agree"] == 0.5 and sides.loc["made-up-timing-2", "agree"] == 1
    assert sides["agree"].isna().sum() == 3
    assert (
        concordance.message(counted)
        == "The class agrees least on this finding: Residual disease is found in the marrow"
    )


def test_a_class_that_agrees_alike_or_gave_no_answer_is_told_so(tmp_path):
    alike = filled(tmp_path / "a.csv", *(f"{who},made-up-timing-{n},1" for who in "ab" for n in range(1, 6)))
    assert concordance.message(concordance.answered(read(alike), live().concordance)).endswith("alike on every finding")
    empty = filled(tmp_path / "b.csv", "a,made-up-timing-1,")
    assert concordance.message(concordance.answered(read(empty), live().concordance)) == "Nobody has answered yet"


@pytest.mark.parametrize(
    ("rows", "header", "wrong"),
    [
        (("a,made-up-timing-1,3",), "person,item_id,answer", r"row 2, column answer: '3'; expected −2, −1, 0, 1 or 2"),
        (("a,made-up-timing-1,often",), "person,item_id,answer", "row 2, column answer: 'often'"),
        (
            ("a,made-up-timing-9,1",),
            "person,item_id,answer",
            "row 2, column item_id: 'made-up-timing-9'; expected one of made-up-timing-1",
        ),
        (
            ("a,made-up-timing-1,1", "a,made-up-timing-1,2"),
            "person,item_id,answer",
            "row 3: 'a' has answered 'made-up-timing-1' before",
        ),
        (("a,made-up-timing-1",), "person,item_id,answer", "row 2: 2 cells; expected 3"),
        (
            ("a,made-up-timing-1,1",),
            "who,item,said",
            "row 1: 'who, item, said'; expected the columns person, item_id, answer",
        ),
    ],
)
def test_a_file_that_is_wrong_is_told_where(rows, header, wrong, tmp_path):
    with pytest.raises(ValueError, match=wrong):
        read(filled(tmp_path / "class.csv", *rows, header=header))


def test_there_is_no_key_of_experts():
    assert not {"key", "expert", "right", "score"} & set(live().concordance)


def test_the_items_and_what_sources_say_have_a_row_each():
    items, said = concordance.items_to_answer(live()), concordance.feedback(live())
    assert len(items) == len(said) == len(live().concordance)
    assert live().concordance["told"].str.contains("made-up").all() and said["What it says"].ne("").all()


def test_the_figure_draws_every_answer_that_was_given():
    counted = concordance.answered(read(CLASS), live().concordance)
    drawn = charts.spread_chart(
        counted, title="Made up", subtitle="s", description=concordance.spread_in_words(counted)
    )
    spec = drawn.to_dict()
    assert sum(int(row["People"]) for row in spec["usermeta"]["rows"]) == len(read(CLASS))
    assert "A mold in the lung is being treated. 11 less, 1 no difference, 0 more." in spec["description"]
    html = charts.render(spec)["text/html"]
    assert html.count("A mold in the lung is being treated.") > 2 and 'aria-label="answer' not in html.split("<svg")[0]


def test_the_examples_of_the_module_are_right():
    assert doctest.testmod(concordance).failed == 0
