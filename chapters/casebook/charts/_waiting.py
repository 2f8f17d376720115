"""Patients as bars, counted in two ways side by side; with a script a reader moves them from one to the other.

A bar is solid where its days count as with a graft, and hollow where they do not.
"""

from __future__ import annotations

import dataclasses
import html
import json

from casebook import words
from casebook.charts._house import rounded
from casebook.charts._table import Table

TITLE = "Who lived long enough"
WAYS = {"ever": "By who ever had a graft", "from": "From the day of the graft"}


def waiting_bars(patients, ways: dict[str, tuple], at: float) -> Table:
    """Draw some patients, counted in each of two ways, with both groups below.

    Parameters
    ----------
    patients : tuple of immortal.Waiting
    ways : dict of str to tuple
        By the keys of `WAYS`: who is moved, both groups, and what is said of it.
    at : float
        The day of which survival is told.

    Returns
    -------
    Table
        Its caption says that nobody had these courses.
    """
    caption = f"{TITLE}: {len(patients)} made-up patients, counted in two ways"
    panels = "\n".join(_panel(patients, way, *ways[way], at) for way in WAYS)
    rows = json.dumps({"patients": [dataclasses.asdict(one) for one in patients], "at": at}, sort_keys=True)
    return Table(
        f'<section class="waiting" id="waiting" aria-label="{html.escape(caption)}">\n'
        f'<p class="chart-title">{html.escape(caption)}</p>\n'
        '<p class="chart-subtitle">Made up: nobody had these courses. '
        "Solid: counts as with a graft; hollow: as without. │ graft, ✕ died, › alive when last seen.</p>\n"
        f'<div class="waiting-ways">\n{panels}\n</div>\n'
        f'<script type="application/json" id="waiting-rows">{rows}</script>\n</section>',
        caption,
    )


def _panel(patients, way: str, moved, groups, said: str, at: float) -> str:
    longest = max(one.last_day for one in patients)
    bars = "\n".join(_bar(one, number, one.patient in moved, longest) for number, one in enumerate(patients, 1))
    below = "\n".join(_group(one, at) for one in groups)
    return (
        f'<div class="waiting-way" data-way="{way}"><p class="waiting-name">{WAYS[way]}</p>\n'
        f'<ol class="waiting-patients">\n{bars}\n</ol>\n<div class="waiting-groups">\n{below}\n</div>\n'
        f'<p class="waiting-said">{html.escape(said)}</p></div>'
    )


def _bar(one, number: int, moved: bool, longest: float) -> str:
    def across(day: float) -> str:
        return f"{rounded(96 * day / longest):g}%"

    graft = one.grafted_on
    end = "died" if one.died else "alive"
    told = f"{number}: {f'graft on day {words.number(graft)}, ' if graft else ''}{end} on day " \
           f"{words.number(one.last_day)}"  # fmt: skip
    drawn = f'<rect class="waiting-later" x="{across(graft)}" width="{across(one.last_day - graft)}"/>' if graft else ""
    drawn += f'<rect class="waiting-before" x="0" width="{across(graft or one.last_day)}"/>'
    drawn += f'<text x="{across(graft)}" y="16" text-anchor="middle" class="waiting-graft">│</text>' if graft else ""
    drawn += f'<text x="{across(one.last_day)}" y="15" dx="2">{"✕" if one.died else "›"}</text>'
    kind = "waiting-ever" * (graft is not None and not moved)
    return (
        f'<li data-patient="{html.escape(one.patient)}" class="{kind}"><span class="waiting-told">{told}</span>'
        f'<svg aria-hidden="true">{drawn}</svg></li>'
    )


def _group(one, at: float) -> str:
    said = f"{one.percent}% alive on day {words.number(at)}"
    about = f"{words.count(one.deaths, 'death')} in {words.number(one.days)} patient-days"
    return (
        f'<p data-group="{one.name}"><span class="waiting-name">{words.sentence(one.name)}</span> '
        f'<span class="waiting-share"><svg aria-hidden="true"><rect width="{one.percent}%"/></svg></span> '
        f'<strong>{said}</strong> <span class="waiting-about">{about}</span></p>'
    )
