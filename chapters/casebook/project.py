"""What the book is made with."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

REQUIREMENTS = Path(__file__).resolve().parents[2] / "requirements.in"


def requirements() -> pd.DataFrame:
    """What the book needs, from the project's `requirements.in`: `package`, `version`, `why`."""
    pattern = r"^(?P<package>[\w-]+)==(?P<version>\S+)\s+# (?P<why>.*)$"
    lines = pd.Series(REQUIREMENTS.read_text(encoding="utf-8").splitlines())
    return lines.str.extract(pattern).dropna().reset_index(drop=True)
