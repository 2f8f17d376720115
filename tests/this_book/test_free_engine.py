"""No word of this paper stands in the engine: what belongs to an article, a disease or a product is data."""

import ast
import functools
import re

from engine import EACH, tree
from made_up import live


def strings(path):
    """Every text of a module that is no docstring."""
    code = tree(path)
    documents = {
        node.body[0].value
        for node in ast.walk(code)
        if isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef))
        and node.body
        and isinstance(node.body[0], ast.Expr)
        and isinstance(node.body[0].value, ast.Constant)
    }
    return [
        node.value
        for node in ast.walk(code)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node not in documents
    ]


@functools.cache
def words_of_this_paper():
    """Ids of cases, events, bounds, studies, outcomes and sources; products, targets, diseases, kinds and lanes."""
    book = live()
    ids = {
        "cases": "case_id", "events": "event_id", "bounds": "bound_id", "studies": "study_id",
        "outcomes": "outcome_id", "intervals": "interval_id", "survival": "survival_id", "kinds": "kind",
        "sources": "source_id", "definitions": "definition_id", "categories": "category", "sentences": "sentence",
        "lanes": "lane", "explanations": "explanation_id", "features": "feature_id",
    }  # fmt: skip
    found = {value for table, column in ids.items() for value in getattr(book, table)[column].dropna()}
    found |= set(book.outcomes["outcome"]) | set(book.looks.loc[book.looks["of"] != "sign", "look"])
    found |= set(book.studies["car_target"]) | set(book.cases["diagnosis"].dropna()) | set(book.studies["label"])
    found |= set(book.traits["column"])
    common = "cells outcome none disease response infection diagnosis interval death recovery treatment finding other"
    return found - {"made up", *common.split()}  # words of every language of data, not of this paper


@EACH
def test_the_engine_names_no_word_of_this_paper(path):
    paper = words_of_this_paper()
    said = [text for text in strings(path) if text in paper]
    clinical = re.compile(r"\b(CAR|CRS|GVHD|TMA|T-ALL|CD\d+|HSCT|leukemia|infusion|transplant\w*|autologous|donor)\b")
    said += [text for text in strings(path) if clinical.search(text)]
    assert said == [], f"{path.name}: what belongs to an article, a disease or a product stands in data/"
