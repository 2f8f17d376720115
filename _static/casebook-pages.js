/* What a page can do with scripts: show its code, filter its table, print what is folded. */
"use strict";

(() => {
  /* One switch shows the code of all reading pages, and remembers. */
  function codeSwitch() {
    const button = document.querySelector(".code-switch");
    const text = document.querySelector(".page-text");
    if (!button) return;
    const remembered = () => {
      try { return localStorage.getItem("casebook-code") === "shown"; } catch { return false; }
    };
    const set = (shown) => {
      text.classList.toggle("code-closed", !shown);
      button.setAttribute("aria-pressed", String(shown));
    };
    set(remembered());
    button.hidden = false;
    button.addEventListener("click", () => {
      const shown = button.getAttribute("aria-pressed") !== "true";
      set(shown);
      try { localStorage.setItem("casebook-code", shown ? "shown" : "closed"); } catch { /* it is for this page, then */ }
    });
  }

  /* A row stays if it holds every word that was typed. */
  function tableFilter(page) {
    const field = page.querySelector(".data-filter");
    const count = page.querySelector(".data-count");
    const rows = [...page.querySelectorAll(".card, .slim tbody tr")];
    const texts = rows.map((row) => row.textContent.toLowerCase());
    field.hidden = false;
    field.querySelector("input").addEventListener("input", (event) => {
      const words = event.target.value.toLowerCase().split(/\s+/).filter(Boolean);
      let shown = 0;
      rows.forEach((row, at) => {
        row.hidden = !words.every((word) => texts[at].includes(word));
        shown += !row.hidden;
      });
      page.querySelectorAll(".data-group").forEach((group) => { group.hidden = !group.querySelector("tbody tr:not([hidden])"); });
      count.textContent = words.length ? `${shown} of ${rows.length} rows` : `${rows.length} rows`;
    });
  }

  /* Paper has no triangle to press: all that is folded is opened for it, and closed again. */
  let opened = [];
  addEventListener("beforeprint", () => {
    opened = [...document.querySelectorAll("details:not([open])")];
    opened.forEach((details) => { details.open = true; });
  });
  addEventListener("afterprint", () => {
    opened.forEach((details) => { details.open = false; });
    opened = [];
  });

  document.addEventListener("DOMContentLoaded", () => {
    codeSwitch();
    document.querySelectorAll(".data-page").forEach(tableFilter);
  });
})();
