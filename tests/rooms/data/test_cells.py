"""Cells are read as people and spreadsheets write them, or refused with what to type."""

import pytest
from casebook.data import cells, schema
from conftest import PROJECT
from hypothesis import given
from hypothesis import strategies as st

NBSP, THIN, MINUS = "\u00a0", "\u2009", "\u2212"


def field(kind, **more):
    fields = [{"name": "x", "type": kind, "constraints": {"required": kind == "boolean"}, **more}]
    return schema.tables({"resources": [{"name": "t", "path": "t.csv", "schema": {"fields": fields}}]})[0].fields[0]


def time_in(unit):
    pattern = {"pattern": r"-?[0-9]+(\.[0-9]+)?( (day|week|month|year)s?)?"}
    return field("string", constraints=pattern, **{"casebook:duration": unit, "casebook:published": "said"})


READ = [
    ("number", "14", 14.0),
    ("number", "14.5", 14.5),
    ("number", "14,5", 14.5),
    ("number", "0,125", 0.125),
    ("number", "1234,567", 1234.567),
    ("number", f"{MINUS}5", -5.0),
    ("number", "\u20135", -5.0),
    ("number", f"{MINUS}{NBSP}0,5", -0.5),
    ("number", f"1{NBSP}234{NBSP}567", 1234567.0),
    ("number", f"12{THIN}345,6", 12345.6),
    ("number", "1.234", 1.234),
    ("number", "999999999999999", 999999999999999.0),
    ("integer", "4", 4),
    ("integer", "4.0", 4),
    ("integer", "4,00", 4),
    ("integer", f"{MINUS}3", -3),
    ("integer", f"10{NBSP}000", 10000),
    *(("boolean", text, True) for text in ("true", "True", "TRUE", "1")),
    *(("boolean", text, False) for text in ("false", "False", "FALSE", "0")),
    ("string", "4.0", "4.0"),
    ("string", f"14{NBSP}days", f"14{NBSP}days"),
    ("number", "", None),
    ("string", "", None),
]


@pytest.mark.parametrize(("kind", "text", "value"), READ)
def test_what_means_one_thing_is_read_as_that(kind, text, value):
    found, published = cells.value_of(field(kind), text)
    assert (found, type(found), published) == (value, type(value), None)


REFUSED = [
    *(("number", text, "a number such as 14 or 0.5") for text in ("two", "1e3", "+14", ".5", "14.", "1 000", "5-7")),
    *(
        ("number", text, "a number such as 14 or 0.5")
        for text in ("inf", "-inf", "nan", "NaN", "1e400", "٣", "1.234,5")
    ),
    *(
        ("number", text, "a comma may part thousands or decimals")
        for text in ("1,234", "-12,500", "1,234,567", "1,234.5")
    ),
    ("number", "9" * 400, "15 digits at most"),
    ("number", "1" + "0" * 15, "15 digits at most"),
    ("number", f"1{NBSP}23{NBSP}4", "a number such as 14 or 0.5"),
    ("integer", "9" * 19, "15 digits at most"),
    ("integer", "4.5", "a whole number such as 4"),
    ("integer", "4.05", "a whole number such as 4"),
    *(("boolean", text, "true or false") for text in ("no", "yes", "2", "wahr", "tRUE")),
]


@pytest.mark.parametrize(("kind", "text", "words"), REFUSED)
def test_what_may_mean_two_things_or_none_is_refused(kind, text, words):
    with pytest.raises(ValueError, match=words):
        cells.value_of(field(kind), text)


@given(st.integers(-(10**12), 10**12), st.integers(0, 99), st.sampled_from(["", NBSP, THIN, "\u202f"]), st.booleans())
def test_a_number_is_the_same_however_a_spreadsheet_writes_it(whole, cents, blank, comma):
    plain = f"{whole}.{cents:02}"
    written = f"{whole:,}".replace(",", blank).replace("-", MINUS) + (f",{cents:02}" if comma else f".{cents:02}")
    assert cells.value_of(field("number"), written)[0] == float(plain)
    assert cells.decimals(written) == 2


MONTH, YEAR = 30.44, 365.25
TIMES = [
    ("days", "14", 14, None),
    ("days", "0.5", 0.5, None),
    ("days", f"{MINUS}9", -9, None),
    ("days", "14 days", 14, "14 days"),
    ("days", "1 day", 1, "1 day"),
    ("days", "-1 day", -1, "-1 day"),
    ("days", "3 weeks", 21, "3 weeks"),
    ("days", "2 months", 2 * MONTH, "2 months"),
    ("days", f"2{NBSP}Months", 2 * MONTH, "2 months"),
    ("days", "1,5 months", 1.5 * MONTH, "1.5 months"),
    ("days", "1 year", YEAR, "1 year"),
    ("days", "1 years", YEAR, "1 year"),
    ("years", "10", 10, "10 years"),
    ("years", "1", 1, "1 year"),
    ("years", "10 years", 10, "10 years"),
    ("years", "5 months", 5 / 12, "5 months"),
    ("years", "216 months", 18, "216 months"),
    ("years", "3 weeks", 21 / YEAR, "3 weeks"),
    ("years", "6 days", 6 / YEAR, "6 days"),
]


@pytest.mark.parametrize(("unit", "text", "length", "published"), TIMES)
def test_a_time_stays_as_published_and_is_counted_in_one_unit(unit, text, length, published):
    found, said = cells.value_of(time_in(unit), text)
    assert found == pytest.approx(length, abs=1e-12) and said == published


@pytest.mark.parametrize(
    "text", ["2 mo", "two months", "2 to 3 months", "months", "2 fortnights", "9" * 400 + " days", "inf days"]
)
def test_a_time_in_other_words_is_refused_with_the_units_that_may_be_used(text):
    with pytest.raises(ValueError) as raised:
        cells.value_of(time_in("days"), text)
    assert all(unit in str(raised.value) for unit in ("days", "weeks", "months", "years", '"2 months"'))


def test_a_time_keeps_the_pattern_of_its_column():
    never_negative = field("string", constraints={"pattern": "[0-9]+ years?"}, **{"casebook:duration": "years"})
    assert cells.value_of(never_negative, "3")[0] == 3
    with pytest.raises(ValueError, match="years"):
        cells.value_of(never_negative, "-3")


@pytest.mark.parametrize(
    "text", ["=1", "=A1", "@x", "+1 spleen", "-x", "--1", " =1", "\uff1d1", "\tx", "\rx", "+", "-1-1"]
)
def test_what_a_spreadsheet_would_compute_gets_an_apostrophe(text):
    assert cells.is_formula(text) and cells.for_spreadsheet(text) == f"'{text}"


@pytest.mark.parametrize("text", ["CRS", "-3", "+1.5", "-0,5", "", "a=b", f"{MINUS}3 days", "'=1", "anti-CD7"])
def test_numbers_and_words_are_left_as_they_are(text):
    assert not cells.is_formula(text) and cells.for_spreadsheet(text) == text


def test_the_page_takes_the_same_for_a_formula():
    script = (PROJECT / "_static" / "casebook-figures.js").read_text(encoding="utf-8")
    assert f"/^({cells.FORMULA.pattern})/" in script
