"""What the book is made with, and the day of its release."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd

PROJECT = Path(__file__).resolve().parents[3]
REQUIREMENTS = PROJECT / "requirements.in"
PACKAGE = PROJECT / "data" / "datapackage.json"


def requirements() -> pd.DataFrame:
    """What the book needs, from the project's `requirements.in`: `package`, `version`, `why`."""
    pattern = r"^(?P<package>[\w-]+)==(?P<version>\S+)\s+# (?P<why>.*)$"
    lines = pd.Series(REQUIREMENTS.read_text(encoding="utf-8").splitlines())
    return lines.str.extract(pattern).dropna().reset_index(drop=True)


def released() -> str:
    """The day of the release that the data belong to, such as "2026-01-31", from `datapackage.json`."""
    return json.loads(PACKAGE.read_text(encoding="utf-8"))["created"][:10]
