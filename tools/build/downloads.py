"""The files of a release as downloads on the site: copied beside the pages, and listed where a page has room for it.

A page makes room with a container, in which stands what is said where there is no release of this state:

    :::{container} downloads
    The files stand on the published site.
    :::

A container `class-downloads` has room for the papers of a class alone: slides and sheets.

The release (`tools.release`) says in its manifest what each file is and from which state it was made.
"""

import html
import json
import re
import shutil
from pathlib import Path

ROOM = '<div class="downloads docutils container">'
ROOM_OF_CLASS = ROOM.replace("downloads", "class-downloads")
LISTED = re.compile(r'<ul class="files">.*?</ul>\n', re.S)
OF_CLASS = re.compile(r"classroom-.*\.pdf")
FOLDER, MANIFEST = "downloads", "manifest.json"
# The site itself needs no download, solutions stand on no site, and the manifest is no edition.
LEFT_OUT = ("-site.zip", "classroom-instructor.zip", "classroom-student.zip", "classroom-teacher.zip", ".cff", ".json")


def add(site: Path, release: Path, state: str) -> list[str]:
    """Copy the files of a release of this state beside the pages, and list them where pages have room.

    Parameters
    ----------
    site : Path
        The folder of the pages.
    release : Path
        The folder of the release; it need not be there.
    state : str
        The fingerprint of what the site was made from.

    Returns
    -------
    list of str
        The names of the files; none where the release is of another state, and the pages stay as they are.
    """
    manifest = release / MANIFEST
    told = json.loads(manifest.read_text(encoding="utf-8")) if manifest.exists() else {}
    if told.get("inputs") != state:
        return []
    files = [one for one in told["files"] if not one["name"].endswith(LEFT_OUT)]
    (site / FOLDER).mkdir(exist_ok=True)
    for one in files:
        shutil.copy(release / one["name"], site / FOLDER)
    for path in sorted(site.rglob("*.html")):
        page = path.read_text(encoding="utf-8")
        rooms = [room for room in (ROOM, ROOM_OF_CLASS) if room in page]
        if rooms:
            page = LISTED.sub("", page)
            up = "../" * (len(path.relative_to(site).parts) - 1)
            for room in rooms:
                mine = [one for one in files if bool(OF_CLASS.fullmatch(one["name"])) == (room == ROOM_OF_CLASS)]
                listed = "\n".join(_line(one, f"{up}{FOLDER}", told["released"]) for one in mine)
                page = page.replace(room, f'{room}<ul class="files">\n{listed}\n</ul>\n')
            path.write_text(page, encoding="utf-8")
    return [one["name"] for one in files]


def without(files: dict[str, bytes]) -> dict[str, bytes]:
    """The files of a site as they are without downloads: no edition holds another.

    Parameters
    ----------
    files : dict
        Bytes by their names below the site.
    """
    kept = {name: content for name, content in files.items() if not name.startswith(f"{FOLDER}/")}
    rooms = (ROOM.encode(), ROOM_OF_CLASS.encode())
    pages = {
        name: LISTED.sub("", page.decode()).encode()
        for name, page in kept.items()
        if any(room in page for room in rooms)
    }
    return kept | pages


def _line(one: dict, folder: str, day: str) -> str:
    """A file as an item of a list: what it is, its size and its day."""
    name, size = html.escape(one["name"]), f"{one['bytes'] / 1e6:.1f}\u00a0MB"
    return f'<li><a href="{folder}/{name}" download>{name}</a> ({size}, {day}): {html.escape(one["what"])}</li>'
