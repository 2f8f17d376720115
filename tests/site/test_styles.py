"""One stylesheet of the rules that pages can use; the sheets here are made up."""

import pytest

from tools.build import styles

HEAD = '<link rel="stylesheet" type="text/css" href="{}_static/{}?v=1" />'


def a_site(folder, sheets, pages, scripts=""):
    (folder / "_static").mkdir(parents=True)
    (folder / "chapters").mkdir()
    for name, text in sheets.items():
        (folder / "_static" / name).write_text(text)
    (folder / "_static" / "a.js").write_text(scripts)
    for name, (loaded, body) in pages.items():
        up = "../" if "/" in name else ""
        links = "".join(HEAD.format(up, sheet) for sheet in loaded)
        (folder / name).write_text(f"<head>{links}<title>t</title></head>{body}")
    return folder


@pytest.mark.parametrize(
    ("sheet", "known", "left"),
    [
        (".a { color: red }", {"a"}, ".a{color: red}\n"),
        (".a, .b { color: red }", {"b"}, ".b{color: red}\n"),
        (".a .b { color: red }", {"b"}, ""),
        ("#a { color: red } p { margin: 0 }", set(), "p{margin: 0}\n"),
        ("p:not(.a) { margin: 0 }", set(), "p:not(.a){margin: 0}\n"),
        (":is(.a, .b) p { margin: 0 }", {"b"}, ":is(.a, .b) p{margin: 0}\n"),
        (":where(.a, .b) p { margin: 0 }", {"c"}, ""),
        ("@media print { .a { margin: 0 } .b { margin: 1px } }", {"b"}, "@media print {.b{margin: 1px}\n}\n"),
        ("@media print { .a { margin: 0 } }", set(), ""),
        ("@font-face { font-family: x } /* said */", set(), "@font-face { font-family: x }\n"),
        ('[data-theme="a"] .b { color: #aaa }', {"b"}, '[data-theme="a"] .b{color: #aaa}\n'),
    ],
)
def test_a_rule_stays_if_a_page_could_use_it(sheet, known, left):
    assert styles.kept(sheet, known) == left


def test_every_page_loads_one_sheet_with_the_rules_in_their_order(tmp_path):
    sheets = {
        "one.css": ".a { color: red } .gone { top: 0 }",
        "two.css": ".a { color: blue }",
        "three.css": ".s { top: 0 }",
    }
    pages = {
        "index.html": (["one.css", "two.css"], '<p class="a">'),
        "chapters/x.html": (["one.css", "three.css", "two.css"], "<p>"),
    }
    site = a_site(tmp_path / "site", sheets, pages, scripts='element.classList.add("s")')
    styles.one_sheet(site)
    assert (site / "_static" / "book.css").read_text() == ".a{color: red}\n.s{top: 0}\n.a{color: blue}\n"
    assert sorted(path.name for path in (site / "_static").iterdir()) == ["a.js", "book.css"]
    for name, up in (("index.html", ""), ("chapters/x.html", "../")):
        page = (site / name).read_text()
        assert page.count("stylesheet") == 1 and f'href="{up}_static/book.css?v=' in page


@pytest.mark.parametrize(
    ("sheets", "loaded", "said"),
    [
        ({"one.css": "p { background: url(a.png) }"}, [["one.css"]], "a.png"),
        ({"one.css": "@import 'a.css';"}, [["one.css"]], "a.css"),
        ({}, [["one.css"]], "index.html loads a stylesheet that is not there"),
        ({"one.css": "", "two.css": ""}, [["one.css", "two.css"], ["two.css", "one.css"]], "two orders"),
        ({"one.css": "p { top: 0 } }"}, [["one.css"]], "cannot be read: line 1"),
    ],
)
def test_what_one_sheet_cannot_hold_is_said_and_nothing_is_changed(tmp_path, sheets, loaded, said):
    pages = {("index.html", "chapters/x.html")[at]: (names, "") for at, names in enumerate(loaded)}
    site = a_site(tmp_path / "site", sheets, pages)
    before = {path: path.read_bytes() for path in site.rglob("*.*")}
    with pytest.raises(ValueError, match=said):
        styles.one_sheet(site)
    assert before == {path: path.read_bytes() for path in site.rglob("*.*")}
