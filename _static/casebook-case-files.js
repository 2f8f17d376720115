/* Your case: what may not be typed, and the files that come in and go out. No function here knows the page or a network. */
"use strict";

(() => {
  const { daysOf, isBlank, isTrue, listed, unique } = globalThis.casebookCase;
  const TABLES = ["cases", "events", "bounds", "gaps", "measurements"];
  const OLDEST = 89;

  /* ---------------------------------------------------------------- refusals */
  const TWO_NAMES = /^[A-ZÀ-Þ][a-zà-ÿ'’-]+,? (?:[A-Z]\.? )?[A-ZÀ-Þ][a-zà-ÿ'’-]+$/;
  const CODES = /_id$|^(from_event|to_event|ends|lasts|same_as|kind|analyte|fills|topic|read_in|basis|role)$/;

  /* What is wrong with a text for a page that holds patients without names, by the patterns of the format; blank if nothing is. */
  function refusal(known, field, text, table = "") {
    const said = String(text ?? "").trim(), count = said.split(/\s+/).length;
    if (!said || CODES.test(field)) return "";
    const found = known.refused.find((one) => new RegExp(one.pattern).test(said));
    if (found) return `“${said}”: expected ${found.expected}. ${found.mend}`;
    if (table === "cases" && field === "label" && TWO_NAMES.test(said)) return `“${said}” looks like a person's name. Call the patient by a word and a number, such as patient 1.`;
    if (field === "age_years" && parseFloat(said) > OLDEST) return `“${said}”: an age above ${OLDEST} can point to one person. Leave it out.`;
    if (new RegExp(known.about.pattern).test(said) && !["wording", "locator", "statement"].includes(field)) return `“${said}”: “about” has no limits. ${known.about.mend}`;
    if (field === "wording" && count > 6) return `${count} words: keep the source's own words to six.`;
    return "";
  }

  /* Each refusal of a whole file, with its place. */
  function refusals(known, file) {
    return TABLES.flatMap((table) => (file[table] || []).flatMap((row, at) => Object.entries(row).flatMap(([field, cell]) => {
      const said = refusal(known, field, cell, table);
      return said ? [`${table}, row ${at + 1}, ${field}: ${said}`] : [];
    })));
  }

  /* ---------------------------------------------------------------- CSV */
  const formula = /^\s*([=@\uff1d\uff20]|[+\-\uff0b\uff0d](?![0-9.,]+\s*$))|[\t\r\n]/;
  function cellOf(value) {
    const text = isBlank(value) ? "" : String(value), safe = formula.test(text) ? `'${text}` : text;
    return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
  }
  const csvOf = (rows, columns) => `${[columns, ...rows.map((row) => columns.map((column) => row[column]))].map((line) => line.map(cellOf).join(",")).join("\n")}\n`;

  /* Lines of a table parted by comma, semicolon or tab: by the one that the first line has most of. */
  function linesOf(text) {
    const plain = text.replace(/^\uFEFF/, ""), head = plain.split(/\r?\n/, 1)[0];
    const by = [",", ";", "\t"].reduce((best, one) => (head.split(one).length > head.split(best).length ? one : best));
    const lines = [[]];
    let cell = "", quoted = false;
    for (let at = 0; at < plain.length; at += 1) {
      const sign = plain[at];
      if (quoted) {
        if (sign === '"' && plain[at + 1] === '"') { cell += '"'; at += 1; } else if (sign === '"') quoted = false; else cell += sign;
      } else if (sign === '"' && cell === "") quoted = true;
      else if (sign === by) { lines[lines.length - 1].push(cell); cell = ""; } else if (sign === "\n") { lines[lines.length - 1].push(cell.replace(/\r$/, "")); cell = ""; lines.push([]); } else cell += sign;
    }
    if (quoted) throw new Error("a quotation mark is opened and never closed");
    lines[lines.length - 1].push(cell.replace(/\r$/, ""));
    return lines.filter((line) => line.some((one) => one.trim()));
  }

  function tableOf(text, name, columns) {
    const [head, ...lines] = linesOf(text);
    const heads = (head || []).map((one) => one.trim());
    const table = ["bounds", "events", "cases"].find((one) => heads.includes({ bounds: "bound_id", events: "event_id", cases: "label" }[one]) && heads.includes("case_id"));
    if (!table) throw new Error(`${name}: expected the head of cases, events or bounds, such as ${columns.events.slice(0, 3).join(", ")}; found ${heads.slice(0, 4).join(", ")}`);
    return [table, lines.map((line) => Object.fromEntries(heads.map((one, at) => [one, (line[at] || "").trim().replace(/^'(?=[=@+-])/, "")]).filter(([one, cell]) => cell && columns[table].includes(one))))];
  }

  /* ---------------------------------------------------------------- case files */
  const tidy = (row) => Object.fromEntries(Object.entries(row).filter(([, cell]) => !isBlank(cell)));

  function checked(file, known) {
    const wrong = [], twice = (rows, key) => rows.map((row) => `${row.case_id} ${row[key]}`).filter((one, at, all) => all.indexOf(one) !== at);
    if (file.format !== "casebook-case") throw new Error("it is no case file: expected “format”: “casebook-case”");
    if (file.version !== 1) throw new Error(`version ${file.version}: this page reads version 1`);
    const found = Object.fromEntries(TABLES.map((table) => [table, (file[table] || []).map(tidy)]));
    const cases = found.cases.map((row) => row.case_id);
    if (!cases.length) wrong.push("cases: no row; a file has at least one patient");
    found.cases.forEach((row, at) => {
      if (!/^[a-z0-9-]+$/.test(row.case_id || "")) wrong.push(`cases, row ${at + 1}, case_id: found ${row.case_id}; expected small letters, digits and hyphens`);
      const role = known.roles.includes(row.role) || row.case_id in known.examples;
      if (!role) wrong.push(`cases, row ${at + 1}, role: found ${row.role}; expected ${listed(known.roles, "or")}`);
      if (row.role === "made-up" && !String(row.case_id).startsWith("made-up-")) wrong.push(`cases, row ${at + 1}, case_id: a made-up patient's begins with made-up-`);
    });
    const events = new Set(found.events.map((row) => `${row.case_id} ${row.event_id}`));
    found.events.forEach((row, at) => {
      if (!cases.includes(row.case_id)) wrong.push(`events, row ${at + 1}, case_id: ${row.case_id} is no patient of the file`);
      if (!row.event_id || !row.label) wrong.push(`events, row ${at + 1}: event_id and label are needed`);
      if (!(row.kind in known.kinds)) wrong.push(`events, row ${at + 1}, kind: found ${row.kind}; expected a kind of the book`);
      row.index_event = isTrue(row.index_event);
      row.basis ||= "stated";
    });
    found.bounds.forEach((row, at) => {
      ["from_event", "to_event"].forEach((end) => { if (!events.has(`${row.case_id} ${row[end]}`)) wrong.push(`bounds, row ${at + 1}, ${end}: ${row[end]} is no event of ${row.case_id}`); });
      ["min_days", "max_days"].forEach((end) => { try { daysOf(row[end]); } catch (error) { wrong.push(`bounds, row ${at + 1}, ${end}: ${error.message}`); } });
      row.bound_id ||= `${row.case_id}-b${at + 1}`;
      row.statement ||= "As typed.";
      row.basis ||= "stated";
    });
    wrong.push(...twice(found.events, "event_id").map((one) => `events: ${one} stands twice`), ...twice(found.bounds, "bound_id").map((one) => `bounds: ${one} stands twice`));
    wrong.push(...refusals(known, found));
    if (wrong.length) throw new Error(wrong.join("\n"));
    return { format: "casebook-case", version: 1, ...found };
  }

  /* Files as text, by their names: a case file, a phenopacket, or tables of the book. Gives the case file and what it cannot hold. */
  function read(files, known) {
    const json = files.find(([, text]) => text.trimStart().startsWith("{"));
    if (json) {
      const found = JSON.parse(json[1]);
      if (found.format === "casebook-case") return { file: checked(found, known), left: [] };
      const { file, left } = fromPacket(found, known);
      return { file: checked(file, known), left };
    }
    const tables = Object.fromEntries(files.map(([name, text]) => tableOf(text, name, known.columns)));
    const ids = unique([...(tables.cases || []), ...(tables.events || []), ...(tables.bounds || [])].map((row) => row.case_id));
    tables.cases ||= ids.map((case_id) => ({ case_id, label: case_id.replaceAll("-", " "), role: case_id.startsWith("made-up-") ? "made-up" : "own", basis: "stated" }));
    return { file: checked({ format: "casebook-case", version: 1, ...tables }, known), left: [] };
  }

  const shown = (row) => tidy(Object.fromEntries(Object.entries(row).filter(([name]) => !name.startsWith("_"))));
  const written = (file) => `${JSON.stringify({ format: file.format, version: file.version, ...Object.fromEntries(TABLES.filter((table) => table !== "measurements" || (file[table] || []).length).map((table) => [table, (file[table] || []).map(shown)])) }, null, 1)}\n`;

  /* ---------------------------------------------------------------- phenopackets: what can be read of one, and what of a case fits */
  /* The fewest and the most days that n months in a row can have: four years from any month hold a leap year, or not. */
  const lengths = new Map();
  function months(n) {
    if (!lengths.has(n)) {
      const found = [];
      for (let start = 0; start < 48; start += 1) {
        for (const first of [1999, 2001]) found.push((Date.UTC(first, start + n, 1) - Date.UTC(first, start, 1)) / 86400000);
      }
      lengths.set(n, [Math.min(...found), Math.max(...found)]);
    }
    return lengths.get(n);
  }

  /* How many days somebody of such an age has lived, as `timeline.days_of`: of the last unit the next whole one is not reached. */
  function daysOfAge(period) {
    const parts = /^P(?=.)(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?(T(?:(\d+)H)?(?:\d+M)?(?:[\d.]+S)?)?$/.exec(period);
    if (!parts) return null;
    const [years, months_, weeks, days, hours] = [1, 2, 3, 4, 6].map((at) => Number(parts[at] || 0));
    const n = 12 * years + months_, rest = 7 * weeks + days + Math.floor(hours / 24), [least, most] = months(n).map((one) => one + rest);
    if (parts[4] || parts[5]) return [least, most];
    return [least, parts[3] ? most + 6 : months(n + (parts[2] ? 1 : 12))[1] - 1];
  }

  function ageOf(said) {
    const range = said && (said.ageRange || said);
    if (range && range.start && range.end) { const [from, to] = [ageOf(range.start), ageOf(range.end)]; return from && to && [from[0], to[1]]; }
    const text = said && (said.age ? said.age.iso8601duration || said.age : said.iso8601duration);
    return typeof text === "string" ? daysOfAge(text) : null;
  }

  function fromPacket(packet, known) {
    const body = packet.phenopacket || packet.proband || packet, subject = body.subject || {};
    if (!packet.metaData && !body.metaData) throw new Error("it is neither a case file nor a phenopacket");
    const case_id = `made-up-${String(subject.id || body.id || "patient").toLowerCase().replace(/[^a-z0-9]+/g, "-").replace(/^(made-up-)+|^-|-$/g, "").slice(0, 40) || "patient"}`;
    const file = { format: "casebook-case", version: 1, cases: [], events: [], bounds: [] }, left = [], absent = [];
    const made = { basis: "stated", wording: "made up", locator: "made up", read_in: "made up" };
    const add = (kind, label, time, where) => {
      const event_id = `${case_id}-e${file.events.length + 1}`, days = ageOf(time);
      file.events.push({ event_id, case_id, kind, index_event: false, label, ...made });
      if (days) file.bounds.push({ bound_id: `${event_id}-b1`, case_id, from_event: `${case_id}-birth`, to_event: event_id, min_days: String(days[0]), max_days: String(days[1]), statement: `${label}: at the age that the packet gives.`, ...made });
      else if (time && !(time.ontologyClass)) left.push(`${where}: a time that is no age`);
    };
    const kindOf = (term, other) => known.codes[(term || {}).id] || other;
    (body.diseases || []).forEach((one, at) => add("disease", (one.term || {}).label || "disease", one.onset || one.ageOfOnset, `diseases[${at}]`));
    (body.phenotypicFeatures || []).forEach((one, at) => {
      const term = one.type || {}, kind = kindOf(term, "finding");
      if (!one.excluded && !one.negated) add(kind, term.label || term.id || "finding", one.onset, `phenotypicFeatures[${at}]`);
      else if (kind === "finding") left.push(`phenotypicFeatures[${at}]: ${term.label} is denied, and is no kind of the book`);
      else absent.push([kind, term.label]);
    });
    (body.medicalActions || []).forEach((one, at) => {
      const part = one.procedure || one.treatment || one.therapeuticRegimen, term = part && (part.code || part.agent || part.ontologyClass);
      if (!term) { left.push(`medicalActions[${at}]: no procedure and no treatment`); return; }
      add(kindOf(term, "treatment"), term.label || term.id, part.performed || part.startTime, `medicalActions[${at}]`);
    });
    const status = (subject.vitalStatus || {}).status;
    if (status === "DECEASED") add("death", "death", subject.vitalStatus.timeOfDeath, "subject.vitalStatus");
    if (subject.timeAtLastEncounter) add("last_follow_up", "last encounter", subject.timeAtLastEncounter, "subject.timeAtLastEncounter");
    if (file.bounds.length) file.events.unshift({ event_id: `${case_id}-birth`, case_id, kind: "finding", index_event: false, label: "birth", ...made });
    known.anchors.forEach((kind) => { const first = file.events.filter((event) => event.kind === kind); if (first.length === 1) first[0].index_event = true; });
    file.cases.push({ case_id, label: case_id.replace("made-up-", "").replaceAll("-", " "), role: "made-up", diagnosis: ((body.diseases || [])[0] || { term: {} }).term.label, sex: { MALE: "male", FEMALE: "female" }[subject.sex],
      vital_status: { ALIVE: "alive", DECEASED: "dead" }[status], absent_kinds: unique(absent.map(([kind]) => kind)).join("|"), did_not_occur: unique(absent.map(([, label]) => label)).join(", "), ...made });
    const readKeys = ["id", "subject", "phenotypicFeatures", "diseases", "medicalActions", "metaData"];
    left.push(...Object.keys(body).filter((key) => !readKeys.includes(key)).map((key) => `${key}: this page does not read it`));
    return { file, left };
  }

  /* One patient as a phenopacket, and by name what of it the format cannot hold: it knows ages and dates, and no days after an event. */
  function toPacket(patient, events, course, known, created) {
    const left = [], content = { id: `${patient.case_id}.phenopacket`, subject: tidy({ id: patient.case_id, sex: { male: "MALE", female: "FEMALE" }[patient.sex] }) };
    if (patient.vital_status) content.subject.vitalStatus = { status: { alive: "ALIVE", dead: "DECEASED" }[patient.vital_status] };
    const unknown = known.unreported && { ontologyClass: known.unreported };
    events.forEach((event, at) => {
      const term = known.terms[event.kind], row = course.windows[at], where = row && /\d|after|before/.test(row.position) ? row.position : "";
      if (event.ends || event.lasts || event.same_as || !term || !["phenotypicFeature", "procedure", "therapeuticRegimen"].includes(term.element)) { left.push(`${event.label}: no identifier, or more of another event`); return; }
      if (where) left.push(`${event.label}: ${where}`);
      if (event.label !== term.label) left.push(`${event.label}: its name; the packet says “${term.label}”`);
      const code = { id: term.id, label: term.label };
      if (term.element === "phenotypicFeature") (content.phenotypicFeatures ||= []).push({ type: code, onset: unknown });
      else (content.medicalActions ||= []).push(term.element === "procedure" ? { procedure: { code, performed: unknown } } : { therapeuticRegimen: { ontologyClass: code, startTime: unknown, regimenStatus: "STARTED" } });
    });
    ["diagnosis", "disease_status", "product_source", "dose", "center", "outcome", "age_years", "did_not_occur", "consent"].filter((name) => !isBlank(patient[name])).forEach((name) => left.push(`${name.replaceAll("_", " ")}: ${patient[name]}`));
    const prefixes = unique([...JSON.stringify(content).matchAll(/"id":"([A-Za-z]+):/g)].map(([, prefix]) => prefix)).sort();
    const resources = prefixes.map((prefix) => {
      const [id, name, url] = known.namespaces[prefix];
      return { id, name, url, version: "not recorded", namespacePrefix: prefix, iriPrefix: prefix === "MESH" ? url : `http://purl.obolibrary.org/obo/${prefix}_` };
    });
    content.metaData = { created: `${created}T00:00:00Z`, createdBy: "your case", resources, phenopacketSchemaVersion: "2.0" };
    return { text: `${JSON.stringify(content, null, 1)}\n`, left };
  }

  /* ---------------------------------------------------------------- a manuscript */
  const ABOUT_ROLE = { own: "reported by the author", "made-up": "made up" };
  function textOf(patients, zero) {
    return patients.map(({ patient, events, course }) => {
      const role = ABOUT_ROLE[patient.role] || "what was typed beside the record";
      const lines = events.map((event, at) => `${event.label}\t${course.windows[at].position}\t${course.windows[at].position_basis || event.basis}`);
      const absent = patient.did_not_occur ? [`Looked for and absent: ${patient.did_not_occur}.`] : [];
      return [`Timeline of ${patient.label} (${role}; CARE item 7). Days count from ${zero}.`, "Event\tWhen\tBasis", ...lines, ...absent,
        patient.role === "own" ? `Source: own patients, ${patient.center}. ${patient.consent}` : ""].filter(Boolean).join("\n");
    }).join("\n\n") + "\n";
  }

  /* A day and a value on each line, as they are pasted from two columns. */
  function pairsOf(text) {
    return text.split(/\r?\n/).map((line) => line.trim()).filter(Boolean).map((line) => {
      const parts = /^(-?\d+(?:[.,]\d+)?)[\s;,:]+([<>]?)\s*(-?\d+(?:[.,]\d+)?)$/.exec(line);
      if (!parts) throw new Error(`${line}: give a day and a value on each line, such as 3 39.5`);
      return { day: Number(parts[1].replace(",", ".")), value: Number(parts[3].replace(",", ".")), value_is: { "<": "below", ">": "above" }[parts[2]] || "" };
    });
  }

  Object.assign(globalThis.casebookCase, { refusal, read, written, csvOf, toPacket, textOf, pairsOf, ABOUT_ROLE, daysOfAge });
})();
