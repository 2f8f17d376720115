"""What `make` calls, a room for what it makes; no room knows a later one.

project    what all share: processes, zips, the browser, the book's identity, the state that a site was made from
classroom  two zips for a class, the slides, the exercises with and without solutions
build      the site: notebooks are run, pages written, styles and policy put in
editions   EPUB, PDF and the zip to be read offline, made from the site
release    all of it with sums, exports for other programs
"""

import sys
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(PROJECT / "chapters"))  # the library lives with the chapters
