"""Pages, pictures and lists that stand in files of their own, with names such as @title@ where something is said."""

import re
from pathlib import Path


def filled(template: Path, said: dict[str, str]) -> str:
    """A template with what is said in the places of the names; a name that nothing is said of stays.

    Parameters
    ----------
    template : Path
    said : dict of str
        By name, as it stands in the file: text of HTML or XML is escaped before.
    """
    return re.sub(r"@(\w+)@", lambda found: said.get(found[1], found[0]), template.read_text(encoding="utf-8"))
