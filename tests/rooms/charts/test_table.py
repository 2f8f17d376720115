"""Tables: ids that differ, cells of several values, and links that lead nowhere dangerous."""

import re

import numpy as np
import pandas as pd
import pytest
from casebook.charts import table
from chapters_text import collect


def ids(html):
    return re.findall(r'\bid="([^"]*)"', html)


def test_two_tables_of_one_caption_have_ids_that_differ():
    one, other = (table(pd.DataFrame({"a": [value]}), "The same caption").html for value in (1, 2))
    assert ids(one) != ids(other) and ids(one) == ids(table(pd.DataFrame({"a": [1]}), "The same caption").html)
    assert f'aria-labelledby="{ids(one)[0]}"' in one


@pytest.mark.parametrize(
    ("cell", "shown"),
    [
        (np.array([1.5, np.nan]), "1.5, –"),
        ([], ""),
        (("a", None), "a, –"),
        (pd.Series([True, False]), "yes, no"),
        ({"b", "a"}, "a, b"),
        (np.array([[1, 2], [3, 4]]), "1, 2, 3, 4"),
        (None, "–"),
    ],
)
def test_a_cell_may_hold_several_values(cell, shown):
    frame = pd.DataFrame({"a": ["x"], "b": pd.Series([cell], dtype=object)})
    assert collect(table(frame, "c", missing="–").html)[0][1] == ("x", shown)


@pytest.mark.parametrize(
    "cell", ["javascript:alert(1)", " JavaScript:alert(1)", "java\nscript:alert(1)", "data:text/html,x", "vbscript:x"]
)
def test_a_cell_that_would_run_a_script_is_refused(cell):
    with pytest.raises(ValueError, match="must not lead to"):
        table(pd.DataFrame({"u": [cell]}), "c", links={"u": "{}".format})


@pytest.mark.parametrize(
    ("cell", "address", "leads"),
    [
        ("case-1", "{}.html", "case-1.html"),
        ("10.1/a b", "https://doi.org/{}", "https://doi.org/10.1/a%20b"),
        ("a&b", "{}.html", "a&amp;b.html"),
        ('"><script>', "{}.html", "%22%3E%3Cscript%3E.html"),
        ("{0}", "{}.html", "%7B0%7D.html"),
    ],
)
def test_a_cell_leads_where_it_says(cell, address, leads):
    html = table(pd.DataFrame({"u": [cell]}), "c", links={"u": address.format}).html
    assert f'<a href="{leads}">' in html and "<script>" not in html


def test_a_missing_cell_leads_nowhere():
    assert "<a " not in table(pd.DataFrame({"u": [None]}), "c", links={"u": "{}.html".format}).html


def test_each_cell_of_a_table_that_a_phone_turns_into_a_list_names_its_column():
    wide = table(pd.DataFrame([["a", "b", "c", "d"]], columns=["One", "Two", "3 & 4", "Four"]), "Wide").html
    assert 'class="casebook-table stacked"' in wide
    assert re.findall(r'<t[hd][^>]* data-label="([^"]+)">(\w)', wide) == [
        ("One", "a"), ("Two", "b"), ("3 &amp; 4", "c"), ("Four", "d"),
    ]  # fmt: skip
    narrow = table(pd.DataFrame([["a", "b", "c"]], columns=["One", "Two", "Three"]), "Narrow").html
    assert "stacked" not in narrow and "data-label" not in narrow
