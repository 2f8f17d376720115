"""What is known of each kind of product: every cell with its number and its source, and no patient twice."""

import pandas as pd
import pytest
from casebook import data
from casebook.evidence import products, prognosis


@pytest.fixture(scope="module")
def book():
    return data.load()


@pytest.fixture(scope="module")
def table(book):
    aspects = {"Response": ["Response"], "Without": ["GVHD of the cells"], "Lost": ["Relapse without CD7"]}
    return products.known_by_product(book, aspects, {"Severe CRS": "crs_grade_3_or_more"}).set_index("Aspect")


def test_rows_stand_as_asked_and_what_is_counted_second(table):
    assert list(table.index) == ["Response", "Severe CRS", "Without", "Lost"]
    assert list(table.columns)[:3] == ["Autologous", "Donor", "Universal"]


def test_a_cell_says_number_and_series(table):
    assert table.at["Severe CRS", "Autologous"] == "7 of 60 (Zhang X 2023); 0 of 17 (Oh 2024)"
    assert table.at["Lost", "Donor"] == "4 of 6 (Tan 2023: leukemia without CD7, of those who relapsed)"
    assert table.at["Lost", "Autologous"] == products.NO_COUNT


def test_news_are_called_news(table):
    assert "read in news" in table.at["Without", "Donor or universal"]


def test_no_series_stands_beside_another_that_holds_its_patients(table):
    """Pan 2021 and Tan 2023 are the same twenty, NS7CAR 2022 is inside Zhang X 2023."""
    assert "Tan 2023" in table.at["Response", "Donor"] and "Pan 2021" not in table.at["Response", "Donor"]
    assert "NS7CAR" not in table.at["Severe CRS", "Autologous"]


def test_patients_who_were_looked_at_are_counted_once_a_series():
    rows = pd.DataFrame(
        [
            ("a", "scar", "early, mild", 12, ""),
            ("a", "scar", "early, severe", 12, ""),
            ("a", "scar", "late", 40, ""),
            ("b", "scar", "early", 10, "no interval"),
            ("c", "scar", "early", 99, f"{prognosis.SHARED} A, which is larger"),
            ("d", "burn", "early", 99, ""),
        ],
        columns=["study_id", "endpoint", "what", "n", "why_not"],
    )
    assert products.said_looked_at(rows, "scar", "early") == "22 patients of 2 series"
