"""Say in one sentence if this Python is too old or too new. Runs on any Python 3."""

import sys

if not (3, 11) <= sys.version_info[:2] <= (3, 14):
    found = ".".join(map(str, sys.version_info[:2]))
    sys.exit(
        f"This book needs Python 3.11 to 3.14, and this is Python {found}. "
        "Install one of them and type: make book PYTHON=python3.12"
    )
