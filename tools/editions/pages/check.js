/* Compares the files of a folder with the hashes that stand in the page, and says what the page asked for. */
"use strict";

(() => {
  const wanted = JSON.parse(document.getElementById("hashes").textContent);
  const result = document.getElementById("result"), wrong = document.getElementById("wrong");
  const own = new Set(["start.html", "check.html"]); // these cannot hold their own hashes
  const made = /^project\/(.*\/)?(__pycache__|\.venv|_build|\.pytest_cache|\.hypothesis|\.ruff_cache|\.ipynb_checkpoints)\//; // by running the book

  const hash = async (file) => {
    const bytes = new Uint8Array(await crypto.subtle.digest("SHA-256", await file.arrayBuffer()));
    return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  };

  document.getElementById("folder").addEventListener("change", async (event) => {
    wrong.replaceChildren();
    const tell = (text) => { const item = document.createElement("li"); item.textContent = text; wrong.append(item); };
    if (!window.crypto || !crypto.subtle) { result.textContent = "This browser does not compute hashes here: try another one."; return; }
    const paths = [...event.target.files].map((file) => [file.webkitRelativePath, file]);
    const check = paths.map(([path]) => path).filter((path) => path.endsWith("check.html"))
      .sort((one, two) => one.length - two.length)[0];
    if (check === undefined) { result.textContent = "This is another folder: choose the one that holds check.html."; return; }
    const top = check.slice(0, -"check.html".length);
    const files = new Map(paths.filter(([path]) => path.startsWith(top)).map(([path, file]) => [path.slice(top.length), file]));
    let done = 0, bad = 0;
    for (const [name, expected] of Object.entries(wanted)) {
      const file = files.get(name);
      if (!file) { bad += 1; tell(`missing: ${name}`); continue; }
      if (await hash(file) !== expected) { bad += 1; tell(`changed: ${name}`); }
      done += 1;
      if (done % 25 === 0) result.textContent = `Checked ${done} of ${Object.keys(wanted).length} files …`;
    }
    const more = [...files.keys()].filter((name) => !(name in wanted) && !own.has(name) && !made.test(name));
    more.slice(0, 20).forEach((name) => tell(`not from here: ${name}`));
    const n = Object.keys(wanted).length;
    result.textContent = bad ? `${bad} of ${n} files are missing or changed.` : `All ${n} files are as they were made.`;
    if (more.length) result.textContent += ` ${more.length} more ${more.length === 1 ? "file was" : "files were"} added since.`;
  });

  const asked = performance.getEntriesByType("resource").map((entry) => entry.name);
  const elsewhere = asked.filter((address) => !address.startsWith("file:") && new URL(address).host !== location.host);
  document.getElementById("asked").textContent = elsewhere.length
    ? `This page asked for ${elsewhere.join(", ")}.`
    : "This page has asked for nothing beyond this disk.";
})();
