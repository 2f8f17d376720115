/* What a page can do with scripts: show its code, filter its table, open its drawers, print what is folded. */
"use strict";

(() => {
  /* Letters that a page can be read without come when it has been drawn. */
  const src = new URL("casebook-later.js", document.currentScript.src).href;
  addEventListener("load", () => document.head.append(Object.assign(document.createElement("script"), { src })));

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

  /* The theme opens its drawers by labels of hidden boxes, which a keyboard does not reach. */
  function drawers() {
    const named = { __navigation: "Chapters", __toc: "On this page" };
    Object.entries(named).forEach(([id, name]) => {
      const box = document.getElementById(id);
      // A label may have no role of a button: the sign in it has one.
      const labels = [...document.querySelectorAll(`label[for="${id}"]:not(.overlay) .icon`)];
      const say = () => labels.forEach((label) => label.setAttribute("aria-expanded", String(box.checked)));
      const toggle = (open) => {
        box.checked = open;
        say();
        const drawer = document.querySelector(id === "__toc" ? ".toc-drawer" : ".sidebar-drawer");
        const stop = open ? [...drawer.querySelectorAll("a, input")].find((one) => one.getClientRects().length) : labels.find((label) => label.getClientRects().length);
        if (stop) setTimeout(() => stop.focus(), open ? 50 : 0); // until then it is hidden
      };
      labels.forEach((label) => {
        label.tabIndex = 0;
        label.setAttribute("role", "button");
        label.setAttribute("aria-label", name);
        label.addEventListener("keydown", (event) => {
          if (event.key !== "Enter" && event.key !== " ") return;
          event.preventDefault();
          toggle(!box.checked);
        });
      });
      box.addEventListener("change", say);
      addEventListener("keydown", (event) => { if (event.key === "Escape" && box.checked) toggle(false); });
      say();
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

  /* A sheet can be printed alone, on one side. */
  function sheets() {
    document.querySelectorAll(".sheet .sd-card-body").forEach((sheet) => {
      const button = Object.assign(document.createElement("button"), { type: "button", className: "print-sheet", textContent: "Print this card" });
      button.addEventListener("click", () => {
        document.body.classList.add("only-sheet");
        print();
        document.body.classList.remove("only-sheet");
      });
      sheet.append(button);
    });
  }

  document.addEventListener("DOMContentLoaded", () => {
    sheets();
    codeSwitch();
    drawers();
    document.querySelectorAll(".data-page").forEach(tableFilter);
  });
})();
