/* Who lived long enough: a reader moves patients between two ways of counting. The same functions as in Python. */
"use strict";

(() => {
  const GROUPS = ["with a graft", "without a graft"];
  const grafted = (one) => one.grafted_on !== null;
  const sum = (numbers) => numbers.reduce((all, one) => all + one, 0);

  function spells(patients, moved) {
    return patients.flatMap((one) => {
      if (!grafted(one)) return [[GROUPS[1], 0, one.last_day, one.died]];
      if (!moved.includes(one.patient)) return [[GROUPS[0], 0, one.last_day, one.died]];
      return [[GROUPS[1], 0, one.grafted_on, false], [GROUPS[0], one.grafted_on, one.last_day, one.died]];
    });
  }

  function survival(some, at) {
    const days = new Set(some.filter(([, , last, died]) => died && last <= at).map(([, , last]) => last));
    let alive = 1;
    for (const day of [...days].sort((a, b) => a - b)) {
      const there = some.filter(([, first, last]) => first < day && day <= last).length;
      alive *= 1 - some.filter(([, , last, died]) => died && last === day).length / there;
    }
    return alive;
  }

  function compared(patients, moved, at) {
    const made = spells(patients, moved);
    return GROUPS.map((name) => {
      const mine = made.filter(([group]) => group === name);
      const alive = survival(mine, at);
      return { name, patients: mine.length, days: sum(mine.map(([, first, last]) => last - first)),
        deaths: mine.filter(([, , , died]) => died).length, alive, percent: Math.floor(100 * alive + 0.5) };
    });
  }

  function lead([first, other]) {
    const gap = first.percent - other.percent;
    const points = `${Math.abs(gap)} percentage ${Math.abs(gap) === 1 ? "point" : "points"}`;
    return gap > 0 ? `ahead by ${points}` : gap ? `behind by ${points}` : "level with the others";
  }

  function said(patients, moved, at) {
    const all = patients.filter(grafted);
    const mine = all.filter((one) => moved.includes(one.patient));
    const days = sum((mine.length ? mine : all).map((one) => one.grafted_on));
    if (!mine.length) {
      return `All ${all.length} count as with a graft from day 0: ${days} days of waiting, in which none of them could ` +
        "die, stand in their group; who died waiting stands in the other. This is immortal-time bias.";
    }
    const [before, now] = [[], moved].map((some) => compared(patients, some, at));
    const some = mine.length === all.length ? `All ${all.length}` : `${mine.length} of ${all.length}`;
    return `${some} count from the day of the graft: ${days} days of waiting went to those without one, ` +
      `where the deaths of that time are. Those with a graft are ${lead(now)}; counted the other way they were ${lead(before)}.`;
  }

  const section = document.getElementById("waiting");
  if (!section) return;
  const { patients, at } = JSON.parse(document.getElementById("waiting-rows").textContent);
  const [panel, other] = section.querySelectorAll(".waiting-way");
  const bars = [...panel.querySelectorAll("[data-patient]")];
  const moved = new Set();
  section.compared = compared;
  section.said = said;

  function show() {
    const some = [...moved];
    bars.forEach((bar, at) => {
      if (!grafted(patients[at])) return;
      bar.classList.toggle("waiting-ever", !moved.has(bar.dataset.patient));
      bar.querySelector("button").setAttribute("aria-pressed", String(moved.has(bar.dataset.patient)));
    });
    compared(patients, some, at).forEach((group) => {
      const row = panel.querySelector(`[data-group="${group.name}"]`);
      row.querySelector("rect").setAttribute("width", `${group.percent}%`);
      row.querySelector("strong").textContent = `${group.percent}% alive on day ${at}`;
      row.querySelector(".waiting-about").textContent = `${group.deaths} ${group.deaths === 1 ? "death" : "deaths"} in ${group.days} patient-days`;
    });
    panel.querySelector(".waiting-said").textContent = said(patients, some, at);
  }

  bars.forEach((bar, at) => {
    if (!grafted(patients[at])) return;
    const button = document.createElement("button");
    button.type = "button";
    button.append(...bar.childNodes);
    bar.append(button);
    button.addEventListener("click", () => {
      if (!moved.delete(bar.dataset.patient)) moved.add(bar.dataset.patient);
      show();
    });
  });
  panel.querySelector(".waiting-name").textContent =
    "Press a patient with a graft: the days of waiting go to the other group";
  panel.querySelector(".waiting-said").setAttribute("aria-live", "polite");
  section.classList.add("waiting-moves");
  show();
  /* Paper has no button to press: it shows both ways. */
  addEventListener("beforeprint", () => { other.hidden = false; });
  addEventListener("afterprint", () => { other.hidden = true; });
  other.hidden = true;
})();
