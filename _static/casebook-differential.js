/* The grid of the differential diagnosis: which rows a day and findings touch. Nothing is ranked, and nothing excluded.
   Each function here does what the one of its name in casebook.evidence.differential does; a test holds them together. */
"use strict";

(() => {
  const source = document.getElementById("differential-rows");
  if (!source) return;
  const { conditions, signs } = JSON.parse(source.textContent);
  const names = Object.keys(signs);

  class Refused extends Error {}

  const listed = (items) => (items.length > 1 ? `${items.slice(0, -1).join(", ")} and ${items[items.length - 1]}` : items[0] || "");
  const sentence = (text) => text.slice(0, 1).toUpperCase() + text.slice(1);
  const number = (value) => value.toFixed(2).replace(/\.?0+$/, "").replace("-", "−");

  function place(days, day) {
    if (days === null) return "no limits read";
    return days[0] <= day && (days[1] === null || day <= days[1]) ? "within" : "outside";
  }

  function touched(day = null, findings = []) {
    if (day !== null && (!Number.isInteger(day) || day < 0)) {
      throw new Refused(`day is ${number(day)}: give a whole number of days from the graft, 0 or more`);
    }
    const unknown = findings.filter((name) => !names.includes(name));
    if (unknown.length) throw new Refused(`findings has ${unknown.join(", ")}: give some of ${names.join(", ")}`);
    return conditions.map((one) => ({
      condition: one.condition,
      day: day === null ? "" : place(one.days, day),
      signs: names.filter((sign) => findings.includes(sign) && sign in one.cells),
    }));
  }

  function saidTouched(day = null, findings = [], done = []) {
    const found = touched(day, findings);
    const given = names.filter((sign) => findings.includes(sign));
    const parts = [];
    if (day !== null) {
      const known = found.filter((one) => one.day !== "no limits read");
      const within = known.filter((one) => one.day === "within").length;
      parts.push(`Day ${day} lies within the published days of ${within} of ${known.length} conditions with limits`);
    }
    if (given.length) {
      const rows = found.filter((one) => one.signs.length);
      const left = rows.filter((one) => !done.includes(one.condition)).length;
      const called = sentence(listed(given.map((sign) => signs[sign].toLowerCase())));
      parts.push(`${called} ${given.length === 1 ? "touches" : "touch"} ${rows.length} of ${found.length} rows; the test is not done in ${left} of them`);
    }
    return [...(parts.length ? parts : ["No day and no finding is set"]), "Nothing is ranked, and nothing is excluded."].join(". ");
  }

  /* ---------------------------------------------------------------- the page */
  const form = document.getElementById("differential-form");
  const rows = [...document.querySelectorAll("table.grid [data-row]")];
  const boxes = rows.map((row) => row.querySelector('[name="done"]'));

  function show() {
    const text = form.elements.day.value.trim();
    const day = form.elements.day.validity.badInput ? NaN : text === "" ? null : Number(text);
    const findings = [...form.querySelectorAll('[name="finding"]:checked')].map((box) => box.value);
    const done = conditions.filter((_, at) => boxes[at] && boxes[at].checked).map((one) => one.condition);
    const said = form.querySelector('[data-part="said"]');
    form.result = form.refused = null;
    try {
      const found = touched(day, findings);
      found.forEach((one, at) => {
        rows[at].classList.toggle("touched", one.signs.length > 0);
        rows[at].querySelectorAll("[data-sign]").forEach((cell) => {
          const { sign } = cell.dataset;
          cell.classList.toggle("hit", one.signs.includes(sign) || (sign === "days" && one.day === "within"));
        });
      });
      said.textContent = saidTouched(day, findings, done);
      form.result = { touched: found, said: said.textContent };
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      form.refused = said.textContent = error.message;
    }
  }

  form.hidden = false;
  document.querySelectorAll("table.grid .done").forEach((label) => { label.hidden = false; });
  form.addEventListener("input", show);
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("reset", () => setTimeout(() => { boxes.forEach((box) => { if (box) box.checked = false; }); show(); }));
  boxes.forEach((box) => box && box.addEventListener("change", show));
  show();
})();
