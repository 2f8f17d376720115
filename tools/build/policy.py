"""What a page may load and run: nothing but what stands beside it.

Every page carries the policy itself (in a `meta` element), so that it holds from disk, too, where no
server sends it. The one inline script of the theme is named by its hash.
"""

import base64
import hashlib
import html
import re
from pathlib import Path

from tools.project.template import filled

SCRIPT = re.compile(r"<script(?P<attributes>[^>]*)>(?P<body>.*?)</script>", re.S)
IS_DATA = re.compile(r'type="(?!text/javascript|module)')
AFTER = '<meta charset="utf-8">'
# A page into which readers put what they know of a patient, or what their class answered: nothing leaves it.
ALONE = ('id="case-vocabulary"', 'id="class-answers"')
ALLOWED = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self' 'unsafe-inline'",  # the theme and the drawings have styles in their text
    "img-src": "'self' data: blob:",  # a figure that is saved as PNG is drawn from its own text
    "font-src": "'self' data:",
    "connect-src": "'self'",
    "form-action": "'self'",
    "base-uri": "'none'",
}


def policy(page: str) -> str:
    """The policy of a page.

    Parameters
    ----------
    page : str
        HTML.

    Returns
    -------
    str
        As the content of a Content-Security-Policy.
    """
    bodies = [
        script["body"]
        for script in SCRIPT.finditer(re.sub(r"<template.*?</template>|<!--.*?-->", "", page, flags=re.S))
        if "src=" not in script["attributes"] and not IS_DATA.search(script["attributes"])
    ]
    hashes = [base64.b64encode(hashlib.sha256(body.encode()).digest()).decode() for body in dict.fromkeys(bodies)]
    rules = ALLOWED | {"script-src": " ".join([ALLOWED["script-src"], *(f"'sha256-{one}'" for one in hashes)])}
    if any(mark in page for mark in ALONE):
        rules |= {"connect-src": "'none'", "form-action": "'none'"}
    return "; ".join(f"{name} {value}" for name, value in rules.items())


def protected(page: str) -> str:
    """The page with its policy, before anything that the policy is about.

    Raises
    ------
    ValueError
        If the page does not say its charset, after which the policy stands.
    """
    if AFTER not in page:
        raise ValueError(f"a page has no {AFTER}: the policy has no place")
    tag = f'<meta http-equiv="Content-Security-Policy" content="{html.escape(policy(page), quote=False)}">'
    return page.replace(AFTER, f"{AFTER}\n{tag}", 1)


def front_door(page: str, target: str) -> str:
    """The page that leads to the first one, for readers, search engines and browsers that do not follow it.

    Parameters
    ----------
    page : str
        HTML of the first page.
    target : str
        Where it stands.
    """
    title = re.search(r"<title>(.*?)</title>", page, re.S)[1].strip()
    about = re.search(r'<meta name="description" content="[^"]*">', page)
    canonical = re.search(r'<link rel="canonical" href="[^"]*"', page)
    told = "\n".join(filter(None, (about and about[0], canonical and f"{canonical[0]}>")))
    return filled(Path(__file__).parent / "pages" / "index.html", {"title": title, "about": told, "target": target})


def finish(site: Path) -> None:
    """Write the front door anew and give every page of a site its policy."""
    door = site / "index.html"
    target = re.search(r"url=([^\"'>\s]+)", door.read_text(encoding="utf-8"))[1]
    door.write_text(front_door((site / target).read_text(encoding="utf-8"), target), encoding="utf-8")
    for path in sorted(site.rglob("*.html")):
        path.write_text(protected(path.read_text(encoding="utf-8")), encoding="utf-8")
