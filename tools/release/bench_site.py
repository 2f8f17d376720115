"""How light the site is: beside a stock Jupyter Book of the same notebooks, as Lighthouse sees it; and your case.

python -m tools.release.bench_site               # both; Lighthouse for the reading pages, if npm can bring it
python -m tools.release.bench_site --lighthouse all | reading | none

The page of your case is measured by a made-up patient of 60 events and 150 sentences: how long a keystroke takes until
all that follows from it is there, beside Python on the same network; and by what it weighs.

Both sites are served from this machine, compressed as static hosts do, to a Chromium whose network is slowed
down to what Lighthouse takes for a phone. The stock book has its own theme, Altair's default renderer and no
extension; the scripts that it would fetch from a CDN are those that vl-convert brings along, served from here, too.
"""

import argparse
import contextlib
import functools
import gzip
import http.server
import json
import mimetypes
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from itertools import pairwise
from pathlib import Path

import altair as alt
import nbformat
import vl_convert

from tools import PROJECT
from tools.build import builder
from tools.project import chromium, processes, state

LIGHTHOUSE = "lighthouse@12.8.2"
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
SLOW = {"offline": False, "latency": 150, "downloadThroughput": 204_800, "uploadThroughput": 93_750}  # bytes a second
CDN = "https://cdn.jsdelivr.net/npm/"
SPECIFICATION = re.compile(r'<script type="application/json" class="chart-specification">(.*?)</script>', re.S)
MEASURED = ("index", "case-1", "evidence", "who-else")
FIGURE = ".chart-view svg[role=img], .chart svg[role=img], .vega-embed svg, .vega-embed canvas"


class Compressing(http.server.SimpleHTTPRequestHandler):
    """Serves a folder as static hosts do: text compressed, nothing said aloud."""

    def log_message(self, *_):
        """Say nothing."""

    def do_GET(self):
        """Send a file, compressed if it is text."""
        path = Path(self.translate_path(self.path.split("?")[0]))
        if not path.is_file():
            self.send_error(404)
            return
        content, kind = path.read_bytes(), mimetypes.guess_type(path.name)[0] or "text/javascript"
        self.send_response(200)
        if kind.startswith("text/") or kind.endswith(("json", "javascript", "svg+xml")):
            content = gzip.compress(content)
            self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Type", f"{kind}; charset=utf-8" if kind.startswith("text/") else kind)
        self.send_header("Content-Length", str(len(content)))
        self.send_header("Cache-Control", "max-age=600")
        self.end_headers()
        self.wfile.write(content)


@contextlib.contextmanager
def served(folder: Path):
    """Serve a folder on this machine; gives its address."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Compressing, directory=folder))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()


def stock_book(project: Path, notebooks: Path, folder: Path) -> Path:
    """Build the same notebooks with their results as a stock Jupyter Book; gives its pages."""
    chapters = folder / "chapters"
    chapters.mkdir(parents=True)
    alt.renderers.enable("default")
    for path in sorted(notebooks.glob("*.ipynb")):
        notebook = nbformat.read(path, as_version=4)
        for cell in notebook.cells:
            for output in cell.get("outputs", []):
                found = SPECIFICATION.search("".join(output.get("data", {}).get("text/html", "")))
                if found:
                    chart = alt.Chart.from_dict(json.loads(found[1]))
                    output["data"] = {"text/html": chart._repr_mimebundle_()["text/html"]}
        nbformat.write(notebook, chapters / path.name)
    names = sorted(path.stem for path in notebooks.glob("*.ipynb") if path.stem != "index")
    toc = "".join(f"- file: chapters/{name}\n" for name in names)
    (folder / "_toc.yml").write_text(f"format: jb-book\nroot: chapters/index\nchapters:\n{toc}", encoding="utf-8")
    config = "title: stock\nonly_build_toc_files: true\nexecute:\n  execute_notebooks: 'off'\n"
    (folder / "_config.yml").write_text(config, encoding="utf-8")
    command = [sys.executable, "-c", "from jupyter_book.cli.main import main; main()", "build", str(folder), "-q"]
    with (folder / "log").open("w") as log:
        subprocess.run(command, cwd=folder, stdout=log, stderr=log, check=False, env=processes.environment(project))
    site = folder / "_build" / "html"
    (site / "cdn").mkdir()
    # In a function of its own, or its short names would meet those of other scripts on the page.
    bundle = f"(() => {{{vl_convert.javascript_bundle()}\n}})();\n"
    for path in site.rglob("*.html"):
        text = path.read_text(encoding="utf-8")
        path.write_text(text.replace(CDN, "/cdn/"), encoding="utf-8")
    for name in sorted(set(re.findall(r"/cdn/(vega[\w@.-]*)", (site / "chapters" / "index.html").read_text()))):
        (site / "cdn" / name).write_text(bundle if name.startswith("vega@") else "")
    return site


# When the first figure has been painted, by the clock that the network's reports have, too.
SEEN = f"""(() => {{
  const look = () => {{
    const found = [...document.querySelectorAll({json.dumps(FIGURE)})].some(one => one.checkVisibility());
    if (found) requestAnimationFrame(() => {{ window.figureSeen = performance.timeOrigin + performance.now(); }});
    else requestAnimationFrame(look);
  }};
  look();
}})()"""


def measured(browser, address: str) -> tuple[float, float, float]:
    """KB that have come when the first figure can be read, seconds to it, and KB of scripts in all, of one page."""
    from playwright.sync_api import TimeoutError

    context = browser.new_context(viewport={"width": 412, "height": 823})
    context.route(lambda url: "127.0.0.1" not in url, lambda route: route.abort())  # fonts and the like of the stock
    page = context.new_page()
    page.add_init_script(SEEN)
    session = context.new_cdp_session(page)
    started, kinds, ended = {}, {}, {}
    session.on("Network.requestWillBeSent", lambda event: started.setdefault(event["requestId"], event))
    session.on("Network.responseReceived", lambda event: kinds.update({event["requestId"]: event["type"]}))
    session.on("Network.loadingFinished", lambda event: ended.update({event["requestId"]: event}))
    session.send("Network.enable")
    session.send("Network.emulateNetworkConditions", SLOW)
    page.goto(address, wait_until="commit")
    seconds = float("nan")  # where nothing is drawn
    with contextlib.suppress(TimeoutError):
        page.locator(FIGURE).locator("visible=true").first.wait_for(timeout=30_000)
        seconds = page.evaluate("window.figureSeen") / 1000 - next(iter(started.values()))["wallTime"]
    page.wait_for_timeout(3000)
    context.close()
    # What lies within a file, as a font in styles, comes with it and is not counted twice.
    sizes = {
        request: event["encodedDataLength"]
        for request, event in ended.items()
        if not started[request]["request"]["url"].startswith("data:")
    }
    document, *others = sizes
    until = started[document]["timestamp"] + seconds
    before = sizes[document] + sum(sizes[request] for request in others if ended[request]["timestamp"] <= until)
    scripts = sum(size for request, size in sizes.items() if kinds.get(request) == "Script")
    return before / 1000, seconds, scripts / 1000


def compare(site: Path, notebooks: Path) -> None:
    """Print both books side by side."""
    from playwright.sync_api import sync_playwright

    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        stock = stock_book(PROJECT, notebooks, Path(folder) / "stock")
        browser = playwright.chromium.launch(executable_path=chromium.find(), args=FLAGS)
        print("page           KB to the first figure     seconds to it        KB of scripts")
        print("                  here  stock  share     here   stock        here   stock")
        for name in MEASURED:
            with served(site) as here, served(stock) as there:
                ours = measured(browser, f"{here}/chapters/{name}.html")
                theirs = measured(browser, f"{there}/chapters/{name}.html")
            share = ours[0] / theirs[0]
            print(
                f"{name:12} {ours[0]:9.0f} {theirs[0]:6.0f} {share:6.0%} {ours[1]:8.1f} {theirs[1]:7.1f}"
                f" {ours[2]:11.0f} {theirs[2]:7.0f}",
                flush=True,
            )
        browser.close()


def large_case(events: int = 60, sentences: int = 150) -> dict:
    """A case file of one made-up patient: everything counted from the infusion, and in one order."""
    ids = [f"e{at}" for at in range(events)]
    kinds = ["car_t_infusion", *["finding"] * (events - 1)]
    pairs = [*((ids[0], one) for one in ids[1:]), *pairwise(ids[1:]), *zip(ids[1:], ids[4:])][:sentences]
    limits = [(str(at), str(at + 4)) for at in range(1, events)] + [("0", "")] * (sentences - events + 1)
    mine = {"case_id": "made-up-large", "basis": "stated"}
    return {
        "format": "casebook-case",
        "version": 1,
        "cases": [{"case_id": "made-up-large", "label": "made-up patient", "role": "made-up"}],
        "events": [
            mine | {"event_id": one, "kind": kind, "label": f"thing {one}", "index_event": one == ids[0]}
            for one, kind in zip(ids, kinds)
        ],
        "bounds": [
            mine | {"bound_id": f"b{at}", "from_event": start, "to_event": end, "statement": f"Sentence {at}."}
            | {"min_days": least, "max_days": most}
            for at, ((start, end), (least, most)) in enumerate(zip(pairs, limits))
        ],
    }  # fmt: skip


# How long it takes from a letter typed into a label until the page is drawn, in milliseconds.
KEYSTROKES = """async times => {
  const field = document.querySelector('[name="events|e30|label"]'), taken = [];
  for (let at = 0; at < times; at += 1) {
    field.value = `thing ${at}`;
    const start = performance.now();
    field.dispatchEvent(new Event('input', { bubbles: true }));
    document.body.offsetHeight;
    taken.push(performance.now() - start);
    await new Promise((done) => setTimeout(done));
  }
  return taken;
}"""


def your_case(site: Path, times: int = 60) -> None:
    """Print what a keystroke takes in the page of your case, beside Python, and what the page weighs."""
    from casebook import timeline
    from casebook.exchange import case_files
    from playwright.sync_api import sync_playwright

    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright, served(site) as address:
        path = Path(folder) / "large.json"
        path.write_text(json.dumps(large_case()), encoding="utf-8")
        browser = playwright.chromium.launch(executable_path=chromium.find(), args=FLAGS)
        page = browser.new_page(viewport={"width": 1280, "height": 900})
        session, sizes = page.context.new_cdp_session(page), []
        session.on("Network.loadingFinished", lambda event: sizes.append(event["encodedDataLength"]))
        session.send("Network.enable")
        page.goto(f"{address}/chapters/your-case.html")
        page.wait_for_load_state("networkidle")
        weight = sum(sizes) / 1000
        page.locator("#case-file").set_input_files(path)
        page.locator('[name="events|e30|label"]').wait_for()
        taken = page.evaluate(KEYSTROKES, times)
        browser.close()
        book = case_files.read_patients(path)
        start = time.perf_counter()
        timeline.places(book)
        python = 1000 * (time.perf_counter() - start)
    print(f"your case: {weight:.0f} KB to open it; of 60 events and 150 sentences a keystroke takes")
    print(f"  {statistics.median(taken):.0f} ms (median of {times}, at most {max(taken):.0f}); Python {python:.0f} ms")


def lighthouse(site: Path, pages: list[str], times: int = 3) -> None:
    """Print what Lighthouse says of each page: the median of several runs, as a phone."""
    npm = shutil.which("npm")
    folder = PROJECT / "_build" / "lighthouse"
    program = folder / "node_modules" / ".bin" / "lighthouse"
    if npm and not program.exists():
        folder.mkdir(parents=True, exist_ok=True)
        command = [npm, "install", "--prefix", str(folder), "--no-audit", "--no-fund", "--silent", LIGHTHOUSE]
        subprocess.run(command, check=False)
    if not program.exists():
        print("Lighthouse is LEFT OUT: npm is not there, or could not bring it.")
        return
    print(f"Lighthouse, mobile, median of {times}:  performance  accessibility  best practices  seo")
    with served(site) as address, tempfile.TemporaryDirectory() as kept:
        for page in pages:
            scores = []
            for _ in range(times):
                result = Path(kept) / "result.json"
                command = [
                    str(program),
                    f"{address}/{page}.html",
                    "--quiet",
                    "--output=json",
                    f"--output-path={result}",
                ]
                command.append(f"--chrome-flags=--headless {' '.join(FLAGS)}")
                subprocess.run(
                    command, check=False, env=os.environ | {"CHROME_PATH": chromium.find()}, capture_output=True
                )
                if result.exists():
                    found = json.loads(result.read_text())["categories"]
                    scores.append([found[name]["score"] or 0 for name in found])
                    result.unlink()
            told = [statistics.median(column) for column in zip(*scores)]
            print(f"{page:32}" + "".join(f"{score:13.2f}" for score in told), flush=True)


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--lighthouse", choices=("all", "reading", "none"), default="reading")
    chosen = parser.parse_args().lighthouse
    output = PROJECT / "_build"
    if not chromium.find():
        print("LEFT OUT: no Chromium was found.")
        return 0
    if not state.is_current(PROJECT, output) and (code := builder.build(PROJECT, output)):
        return code
    your_case(output / "html")
    compare(output / "html", output / "notebooks")
    if chosen != "none":
        site = output / "html"
        pages = sorted(str(path.relative_to(site).with_suffix("")) for path in (site / "chapters").rglob("*.html"))
        lighthouse(site, [page for page in pages if chosen == "all" or "/tables/" not in page])
    return 0


if __name__ == "__main__":
    sys.exit(main())
