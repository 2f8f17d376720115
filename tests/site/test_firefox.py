"""A smoke set in Firefox, if there is one: pages open from disk without an error, and figures answer.

Firefox is driven by its own protocol (Marionette), which needs no other program.
"""

import contextlib
import json
import os
import shutil
import socket
import subprocess
import time

import made_up_networks
import pytest
from site_pages import LOOKED_AT_LONG


class Marionette:
    """The few words of the protocol that are needed: `length:[0, number, command, parameters]` over a socket."""

    def __init__(self, port, process):
        self.number = 0
        for _ in range(600):
            assert process.poll() is None, "Firefox has ended"
            with contextlib.suppress(OSError):
                self.socket = socket.create_connection(("127.0.0.1", port), timeout=60)
                break
            time.sleep(0.1)
        self.file = self.socket.makefile("rb")
        self._read()

    def _read(self):
        length = b""
        while not length.endswith(b":"):
            length += self.file.read(1)
        return json.loads(self.file.read(int(length[:-1])))

    def __call__(self, command, **parameters):
        """Send a command and give what comes back."""
        self.number += 1
        message = json.dumps([0, self.number, f"WebDriver:{command}", parameters])
        self.socket.sendall(f"{len(message.encode())}:{message}".encode())
        _, _, error, result = self._read()
        assert error is None, error
        return result

    def run(self, script, *given):
        """What a script in the page gives."""
        return self("ExecuteScript", script=script, args=list(given))["value"]


@pytest.fixture(scope="module")
def firefox(tmp_path_factory):
    """A Firefox without a window; refused policies are noted by each page."""
    profile = tmp_path_factory.mktemp("firefox")
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port = found.getsockname()[1]
    quiet = {"marionette.port": port, "app.update.enabled": False, "datareporting.policy.dataSubmissionEnabled": False}
    lines = [f"user_pref({json.dumps(name)}, {json.dumps(value)});" for name, value in quiet.items()]
    (profile / "user.js").write_text("\n".join(lines))
    program = next(filter(None, map(shutil.which, ("firefox-esr", "firefox"))))
    command = [program, "--headless", "--no-remote", "--marionette", "--profile", str(profile)]
    environment = os.environ | {"HOME": str(profile)}
    process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        driver = Marionette(port, process)
        driver("NewSession")
        yield driver
    finally:
        process.terminate()
        process.wait(30)


def test_every_kind_of_page_opens_from_disk_with_its_figures_and_its_scripts(firefox, site):
    for page in LOOKED_AT_LONG:
        firefox("Navigate", url=(site / f"{page}.html").as_uri())
        firefox.run("location.hash = 'furo-main-content'")  # who asks for a place has the page laid out to its end
        seen = firefox.run(
            """const all = [...document.querySelectorAll('.chart svg[role=img]')];
            const shown = all.filter(one => one.getBoundingClientRect().height > 100);
            return [document.querySelector('h1').textContent, shown.length, document.querySelectorAll('.chart').length,
                document.querySelectorAll('.chart.is-ready').length, getComputedStyle(document.body).fontFamily];"""
        )
        heading, shown, charts, ready, font = seen
        assert heading and shown == charts == ready and "Liberation Sans" in font, page


def test_details_come_by_keyboard(firefox, site):
    firefox("Navigate", url=(site / "chapters" / "case-1.html").as_uri())
    firefox.run("[...document.querySelectorAll('.chart-wide, .chart-narrow')].find((one) => one.offsetParent).focus()")
    element = firefox("GetActiveElement")["value"]
    firefox("ElementSendKeys", id=next(iter(element.values())), text="\ue015")  # arrow down
    said = firefox.run("return document.querySelector('.chart-detail').textContent")
    assert said.startswith("case 1, ") and "Event rests on" in said


def test_the_search_finds_sentences_from_disk(firefox, site):
    firefox("Navigate", url=(site / "search.html").as_uri() + "?q=hyperacute")
    for _ in range(100):
        found = firefox.run("return document.querySelectorAll('.search-page mark').length")
        if found:
            break
        time.sleep(0.1)
    assert found > 5


def test_the_page_of_your_case_places_what_chance_made_up_where_python_does(firefox, site):
    file = made_up_networks.case_file(600)
    firefox("Navigate", url=(site / "chapters" / "your-case.html").as_uri())
    found = firefox.run(
        """const { kinds, labels } = JSON.parse(document.getElementById('case-vocabulary').textContent);
        return JSON.stringify(globalThis.casebookCase.place(JSON.parse(arguments[0]), kinds, { labels }));""",
        json.dumps(file),
    )
    assert json.loads(found) == made_up_networks.placed(file)
