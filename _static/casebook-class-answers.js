/* A discussion without a key: the answers of a real class are opened on the page, and their spread is counted. */
"use strict";

(() => {
  const ANSWERS = [-2, -1, 0, 1, 2];
  const COLUMNS = ["person", "item_id", "answer"];
  const signed = (answer) => (answer > 0 ? `+${answer}` : String(answer).replace("-", "−"));

  /* The rows of a CSV file; a quoted cell may hold commas, line ends and doubled quotes. */
  function rowsOf(text) {
    const rows = [[""]];
    let quoted = false;
    const clean = text.replace(/^\uFEFF/, "").replace(/\r\n?/g, "\n");
    for (let at = 0; at < clean.length; at += 1) {
      const sign = clean[at];
      const row = rows[rows.length - 1];
      if (quoted && sign === '"' && clean[at + 1] === '"') { row[row.length - 1] += '"'; at += 1; }
      else if (sign === '"' && (quoted || !row[row.length - 1])) quoted = !quoted;
      else if (sign === "," && !quoted) row.push("");
      else if (sign === "\n" && !quoted) rows.push([""]);
      else row[row.length - 1] += sign;
    }
    if (rows[rows.length - 1].join("") === "") rows.pop();
    return rows;
  }

  /* The answers of a file, as in Python: the first row that cannot be is named, and nothing of the file is taken. */
  function classAnswers(name, text, known) {
    const [header = [], ...rows] = rowsOf(text);
    if (header.join("\n") !== COLUMNS.join("\n")) {
      throw new Error(`${name}, row 1: '${header.join(", ")}'; expected the columns ${COLUMNS.join(", ")}`);
    }
    const seen = new Set();
    const found = [];
    rows.forEach((row, number) => {
      const at = `${name}, row ${number + 2}`;
      if (!row.some((cell) => cell.trim())) return;
      if (row.length !== COLUMNS.length) throw new Error(`${at}: ${row.length} cells; expected ${COLUMNS.length}`);
      const [person, item, answer] = row.map((cell) => cell.trim());
      if (!known.includes(item)) {
        throw new Error(`${at}, column item_id: '${item}'; expected one of ${[...known].sort().join(", ")}`);
      }
      if (seen.has(`${person}\n${item}`)) {
        throw new Error(`${at}: '${person}' has answered '${item}' before; keep one of the two rows`);
      }
      seen.add(`${person}\n${item}`);
      if (!answer) return;
      const value = answer.replaceAll("−", "-").replace(/^\+/, "");
      if (!ANSWERS.map(String).includes(value)) {
        throw new Error(`${at}, column answer: '${answer}'; expected −2, −1, 0, 1 or 2`);
      }
      found.push({ person, item, answer: Number(value) });
    });
    return found;
  }

  function answered(answers, items) {
    return items.map(({ item, finding }) => {
      const mine = answers.filter((one) => one.item === item);
      return { item, finding, people: ANSWERS.map((answer) => mine.filter((one) => one.answer === answer).length) };
    });
  }

  function message(counted) {
    const agree = counted.map(({ finding, people: [a, b, same, c, d] }) =>
      ({ finding: finding.replace(/\.+$/, ""), share: Math.max(a + b, same, c + d) / (a + b + same + c + d) }));
    const found = agree.filter((one) => !Number.isNaN(one.share));
    if (!found.length) return "Nobody has answered yet";
    const least = Math.min(...found.map((one) => one.share));
    const names = found.filter((one) => one.share === least).map((one) => one.finding);
    if (names.length === found.length && found.length > 1) return "The class agrees alike on every finding";
    return `The class agrees least on ${names.length === 1 ? "this finding" : "these findings"}: ${names.join("; ")}`;
  }

  const above = document.getElementById("class-answers");
  if (!above) return;
  const place = document.createElement("div");
  above.after(place);
  [above.id, place.id] = ["", above.id];
  const asked = [...document.querySelectorAll("table.slim")].find((one) => one.querySelector("th").textContent === "Item");
  const items = [...asked.querySelectorAll("tbody tr")]
    .map((row) => ({ item: row.cells[0].textContent, finding: row.cells[row.cells.length - 1].textContent }));
  const known = items.map((one) => one.item);

  const made = (kind, text = "", parent = place) => {
    const element = document.createElement(kind);
    element.textContent = text;
    parent.append(element);
    return element;
  };
  const label = made("label", "Answers of your class (CSV) ");
  const input = made("input", "", label);
  Object.assign(input, { type: "file", multiple: true, accept: ".csv,text/csv" });
  const shown = made("div");
  shown.setAttribute("aria-live", "polite");

  function show(counted, people) {
    made("p", `${message(counted)}.`, shown).className = "chart-title";
    made("p", `${people} ${people === 1 ? "person" : "people"}; the number is how many chose it. No key.`, shown);
    const table = made("table", "", shown);
    table.className = "class-spread";
    const head = made("tr", "", made("thead", "", table));
    ["You learn", ...ANSWERS.map(signed)].forEach((said) => { made("th", said, head).scope = "col"; });
    const body = made("tbody", "", table);
    counted.forEach((one) => {
      const row = made("tr", "", body);
      made("th", one.finding, row).scope = "row";
      one.people.forEach((n) => {
        const circle = made("span", String(n), made("td", "", row));
        circle.style.setProperty("--area", `${Math.round(16 + 8 * Math.sqrt(n))}px`);
        if (!n) circle.className = "none";
      });
    });
  }

  input.addEventListener("change", async () => {
    shown.replaceChildren();
    const files = [...input.files];
    const read = await Promise.all(files.map((file) => file.text()));
    const answers = [];
    files.forEach((file, at) => {
      try {
        answers.push(...classAnswers(file.name, read[at], known).map((one) => ({ ...one, person: `${at} ${one.person}` })));
      } catch (error) {
        made("p", error.message, shown).setAttribute("role", "alert");
      }
    });
    if (answers.length) show(answered(answers, items), new Set(answers.map((one) => one.person)).size);
  });
  Object.assign(place, { classAnswers, answered, message });
})();
