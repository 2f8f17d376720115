/* Your case: the form, the results beside it, and what a reader can do with them. All state is in this page and nowhere else. */
"use strict";

document.addEventListener("DOMContentLoaded", () => {
  const tool = document.getElementById("case-tool");
  if (!tool) return;
  const own = globalThis.casebookCase;
  const { DAYS_IN, apart, askFirst, cellsOf, course, daysOf, isBlank, isTrue, listed, number, reference, safe, sentenceOf, turned, unique } = own;
  const known = JSON.parse(document.getElementById("case-vocabulary").textContent);
  const refusal = (...given) => own.refusal(known, ...given);
  const KEPT = "casebook-your-case", STEPS_BACK = 20, LETTERS = 40;
  const NOT_FOR_CARE = "For reports and teaching, not for care.";
  const RELATIONS = { on: "exactly", least: "at least", within: "within", between: "between", same: "on the same day as", some: "some time", unsaid: "not said when" };
  const BASES = { stated: "stated", defined: "by definition", inferred: "our reading" };
  const TELLS = { "": "an event of its own", ends: "the end of", lasts: "that it goes on:", same_as: "a later grade of" };
  const ROLES = { "made-up": "made up", own: "my own patient" };
  const READ_IN = { own: "own patients", "made-up": "made up" };
  const cite = ((document.querySelector('meta[name="DCTERMS.bibliographicCitation"]') || {}).content || document.title).replace(/(Version [^,]+, \d{4}\.).*$/, "$1");
  const foot = (document.querySelector('meta[name="casebook:foot"]') || {}).content || cite;

  const state = { file: null, case_id: "", from: "", history: [], last: "", dirty: false, good: new Map(), refused: new Map(), open: new Set(), sentences: new Map(), labels: {}, renamed: new Set() };
  const find = (id) => document.getElementById(id);
  const copy = (value) => JSON.parse(JSON.stringify(value));
  const mine = (table, case_id = state.case_id) => state.file[table].filter((row) => row.case_id === case_id);
  const patient = (case_id = state.case_id) => state.file.cases.find((row) => row.case_id === case_id);
  const isFilled = (case_id = state.case_id) => case_id in known.forms;
  const labelOf = (id) => (mine("events").find((event) => event.event_id === id) || { label: id }).label;
  const count = (n, one, many = `${one}s`) => `${n || "no"} ${n === 1 ? one : many}`;

  /* ---------------------------------------------------------------- rows and sentences */
  /* A row stands with the event that it places: the one that it leads to, or, where that is one that days are counted from, the other. */
  const eventOf = (id) => state.file.events.find((event) => event.event_id === id && event.case_id === state.case_id) || {};
  const isTurned = (bound) => (bound._at ? bound._at === bound.from_event : isTrue(eventOf(bound.to_event).index_event) && !isTrue(eventOf(bound.from_event).index_event));
  const placedBy = (bound) => (isTurned(bound) ? bound.from_event : bound.to_event);
  const otherOf = (bound) => (isTurned(bound) ? bound.to_event : bound.from_event);
  const limits = (bound) => (isTurned(bound) ? turned(bound) : bound);

  /* What was typed stands as it was typed; a row that came in is put into words. */
  const saidBy = (bound) => bound._said || sentenceOf(limits(bound));

  /* The limits in days that a row of bounds means. */
  function limitsOf(bound) {
    const { min_days, max_days } = limits(bound), [least, most] = [daysOf(min_days), daysOf(max_days)], name = reference(eventOf(otherOf(bound)), known.kinds);
    if (Number.isNaN(least) && Number.isNaN(most)) return "no limit yet: give a number";
    return apart(Number.isNaN(least) ? -Infinity : least, Number.isNaN(most) ? Infinity : most, name).replace(/ before to some time after/, " before, or any time after");
  }

  function statementOf(bound) {
    const event = eventOf(placedBy(bound)), verb = (known.kinds[event.kind] || {}).verb || "came";
    return `${event.label} ${verb} ${limitsOf(bound)}.`.replace(/^./, (letter) => letter.toUpperCase());
  }

  function freeId(table, key, base) {
    const used = new Set(state.file[table].map((row) => row[key]));
    for (let at = 1; ; at += 1) { const id = at === 1 ? base : `${base}-${at}`; if (!used.has(id)) return id; }
  }
  const source = () => (isFilled() ? { basis: "stated", source_id: (patient().source_id || ""), read_in: "paper" } : { basis: "stated", read_in: READ_IN[patient().role], ...(patient().role === "made-up" ? { locator: "made up", wording: "made up" } : {}) });

  function addEvent(kind, more = {}) {
    const row = known.kinds[kind], event_id = freeId("events", "event_id", `${state.case_id}-${kind.replaceAll("_", "-")}`);
    const first = Boolean(row.anchor) && !mine("events").some((event) => event.kind === kind);
    state.file.events.push({ event_id, case_id: state.case_id, kind, index_event: first, label: row.name, ...(row.lane ? {} : { lane: known.lanes[0][0] }), ...source(), ...more });
    return event_id;
  }

  function addBound(to_event, cells = { min_days: "0" }, from_event = "") {
    const events = mine("events"), zero = own.zeroOf(events, known.kinds, state.from);
    const other = from_event || (zero !== to_event ? zero : (events.find((event) => event.event_id !== to_event) || {}).event_id);
    if (!other) return null;
    const bound = { bound_id: freeId("bounds", "bound_id", `${to_event}-b1`), case_id: state.case_id, from_event: other, to_event, _at: to_event, ...source(), ...cells };
    state.file.bounds.push(bound);
    if (!bound.statement) Object.assign(bound, { statement: statementOf(bound), _own: true });
    return bound.bound_id;
  }

  /* ---------------------------------------------------------------- changes, and the way back */
  function change(step, { key = "", form = true, focus = "" } = {}) {
    const before = JSON.stringify([state.file, state.case_id]);
    step();
    if (!key || key !== state.last) state.history = [...state.history, before].slice(-STEPS_BACK);
    state.last = key;
    state.dirty = true;
    if (form) drawForm(focus);
    refresh();
    keep();
  }

  function undo() {
    const before = state.history.pop();
    if (!before) return;
    [state.file, state.case_id] = JSON.parse(before);
    state.last = "";
    drawForm();
    refresh();
    keep();
  }

  function begin(file, { case_id = file.cases[0].case_id, note = "", dirty = false } = {}) {
    Object.assign(state, { file: copy({ gaps: [], measurements: [], bounds: [], events: [], ...file }), case_id, from: "", history: [], last: "", dirty, good: new Map(), refused: new Map(), open: new Set() });
    drawForm();
    refresh();
    find("case-note").textContent = note;
  }

  function blankCase(role = "made-up") {
    const case_id = `${role === "own" ? "own" : "made-up"}-1`;
    const file = { format: "casebook-case", version: 1, cases: [{ case_id, label: role === "own" ? "patient 1" : "made-up patient 1", role, basis: "stated", read_in: READ_IN[role] }], events: [], bounds: [], gaps: [], measurements: [] };
    begin(file);
    addEvent(known.anchors[0] ?? Object.keys(known.kinds)[0]);
    drawForm();
    refresh();
  }

  /* The example that the page opens with; a book need not have one. */
  function beginFirst(note = "") {
    const [first] = Object.values(known.examples);
    if (first) begin(first, { note });
    else blankCase();
    find("case-note").textContent = note;
  }

  const canKeep = () => { try { return localStorage; } catch { return null; } };
  function keep() {
    if (find("case-keep").checked && canKeep()) canKeep().setItem(KEPT, own.written(state.file));
  }

  /* ---------------------------------------------------------------- the form */
  const option = (value, text, chosen) => `<option value="${safe(value)}"${value === chosen ? " selected" : ""}>${safe(text)}</option>`;
  const select = (name, label, entries, chosen, more = "") => `<select name="${name}" id="c|${name}" aria-label="${safe(label)}"${more}>${entries.map(([value, text]) => option(value, text, chosen)).join("")}</select>`;
  const input = (name, label, value, more = "") => `<input name="${name}" id="c|${name}" aria-label="${safe(label)}" value="${safe(value ?? "")}" autocomplete="off"${more}>`;
  const field = (name, label, value, more = "") => `<label class="case-field"><span>${safe(label)}</span><input name="${name}" id="c|${name}" value="${safe(value ?? "")}" autocomplete="off"${more}></label>`;
  const picked = (name, label, entries, chosen) => `<label class="case-field"><span>${safe(label)}</span><select name="${name}" id="c|${name}">${entries.map(([value, text]) => option(value, text, chosen)).join("")}</select></label>`;
  const button = (action, row, text, label = "") => `<button type="button" data-do="${action}" data-row="${safe(row)}"${label ? ` aria-label="${safe(label)}"` : ""}>${safe(text)}</button>`;
  const folded = (id, summary, body) => `<details data-fold="${safe(id)}"${state.open.has(id) ? " open" : ""}><summary>${safe(summary)}</summary>${body}</details>`;

  function placeFields(table, row, key) {
    const name = (one) => `${table}|${row[key]}|${one}`;
    return `${field(name("locator"), "Place in the source", row.locator)}${field(name("wording"), "Its own words, six at most", row.wording)}${patient().role === "made-up" || isFilled() ? "" : field(name("source_id"), "Source", row.source_id, ' placeholder="own patients"')}
      ${row.basis === "defined" ? picked(name("definition_id"), "Which definition", [["", "…"], ...Object.entries(known.labels)], row.definition_id || "") : ""}${row.basis === "inferred" ? field(name("reason"), "Why you read it so", row.reason) : ""}`;
  }

  function sentenceHtml(event, bound) {
    const row = bound ? bound.bound_id : `new ${event.event_id}`, told = bound ? saidBy(bound) : { relation: "unsaid" };
    const name = (one) => `bounds|${row}|${one}`, { relation } = told, ask = { on: 1, least: 1, within: 1, between: 2 }[relation] || 0;
    const others = mine("events").filter((one) => one.event_id !== event.event_id).map((one) => [one.event_id, one.label]);
    const parts = [`<span class="case-came"><span data-label="${safe(event.event_id)}">${safe(event.label)}</span> came</span>`, select(name("relation"), `When ${event.label} came`, Object.entries(RELATIONS), relation)];
    if (ask) parts.push(input(name("n"), relation === "between" ? "The fewest" : "How many", told.n, ' inputmode="decimal" size="4"'));
    if (ask === 2) parts.push("<span>and</span>", input(name("m"), "The most", told.m, ' inputmode="decimal" size="4"'));
    if (ask) parts.push(select(name("unit"), "Unit", Object.keys(DAYS_IN).map((unit) => [unit, `${unit}s`]), told.unit));
    if (ask || relation === "some") parts.push(select(name("direction"), "After or before", [["after", "after"], ["before", "before"]], told.direction));
    if (relation !== "unsaid") parts.push(select(name("other"), "Which event", others, otherOf(bound)));
    if (!bound) return `<div class="case-sentence" data-bound="${safe(row)}">${parts.join(" ")}</div>`;
    parts.push(`<span class="case-basis">${select(name("basis"), "Basis", Object.entries(BASES), bound.basis)}${bound.definition_id ? ` <span>${safe(known.labels[bound.definition_id])}</span>` : ""}</span>`, button("drop", row, "✕", `Remove this sentence about ${event.label}`));
    return `<div class="case-sentence" data-bound="${safe(row)}">${parts.join(" ")}<p class="case-limits"></p><p class="case-problem" id="p|${safe(row)}"></p>${folded(row, "place, words, source", placeFields("bounds", bound, "bound_id"))}</div>`;
  }

  function offersOf(event) {
    const all = known.defined.filter((one) => one.kind === event.kind);
    return unique(all.map((one) => one.definition_id)).length > 1 ? all.filter((one) => mine("events").some((other) => other.kind === one.from && other !== event)) : [];
  }
  const fromOf = (offer) => mine("events").find((one) => one.kind === offer.from && isTrue(one.index_event)) || mine("events").find((one) => one.kind === offer.from);

  function eventHtml(event, at, all) {
    const { event_id: id, label } = event, name = (one) => `events|${id}|${one}`, bounds = mine("bounds").filter((bound) => placedBy(bound) === id), zero = own.zeroOf(all, known.kinds, state.from);
    const others = all.filter((one) => one !== event).map((one) => [one.event_id, one.label]);
    const tells = ["ends", "lasts", "same_as"].find((one) => event[one]) || "";
    const offers = offersOf(event).map((offer, number) => `<li>${button("offer", `${id}|${known.defined.indexOf(offer)}`, `if ${known.labels[offer.definition_id]} is meant`)} <span id="o|${safe(id)}|${number}"></span></li>`).join("");
    return `<li class="case-event" id="e|${safe(id)}">
      <div class="case-event-head">${select(name("kind"), `Kind of event ${at + 1}`, Object.entries(known.kinds).map(([kind, row]) => [kind, row.name]), event.kind)} ${input(name("label"), `What event ${at + 1} is called`, label)}
      <span class="case-tools">${button("up", id, "↑", `Move ${label} up`)}${button("down", id, "↓", `Move ${label} down`)}${button("copy", id, "copy", `Copy ${label}`)}${button("remove", id, "✕", `Delete ${label}`)}</span></div>
      ${event.kind === "other" ? `${picked(name("lane"), "Lane", known.lanes.map(([lane, title]) => [lane, title]), event.lane)}<p class="case-limits case-letters"></p>` : ""}
      <p class="case-problem" id="p|${safe(id)}"></p>
      ${(bounds.length ? bounds : id !== zero ? [null] : []).map((bound) => sentenceHtml(event, bound)).join("")}
      ${offers && `<div class="case-offers"><p>The word has more than one definition; each places the event elsewhere:</p><ul>${offers}</ul></div>`}
      <p class="case-where"></p>
      <div class="case-more">${bounds.length ? button("also", id, "and also …", `And also …, of ${label}`) : ""}
      ${folded(id, "more", `${picked(name("basis"), "Basis of the event", Object.entries(BASES), event.basis)}${placeFields("events", event, "event_id")}${field(name("grade"), "Grade, as the source gives it", event.grade)}
        ${picked(name("tells"), "This row tells", Object.entries(TELLS), tells)}${tells ? picked(name(tells), "Of which event", others, event[tells]) : ""}
        <label class="case-check"><input type="checkbox" name="${name("index_event")}" id="c|${name("index_event")}"${isTrue(event.index_event) ? " checked" : ""}> days may be counted from it</label>
        ${tells ? "" : button("end", id, "Say until when it lasted", `Say until when it lasted: ${label}`)}`)}</div></li>`;
  }

  function patientHtml() {
    const row = patient(), name = (one) => `cases|${row.case_id}|${one}`;
    const cases = state.file.cases.length > 1 ? picked("shown", "Patient in the form", state.file.cases.map((one) => [one.case_id, one.label]), state.case_id) : "";
    if (isFilled()) return cases;
    const consent = row.role === "own" ? `${field(name("center"), "Center", row.center)}${field(name("consent"), "Consent, as your report says it", row.consent)}` : "";
    return `<fieldset class="case-patient"><legend>The patient</legend>${cases}${field(name("label"), "Called", row.label)}${picked("role", "Whose", Object.entries(ROLES), row.role)}
      ${consent}${field(name("diagnosis"), "Diagnosis", row.diagnosis)}${field(name("age_years"), "Age in years", row.age_years, ' inputmode="decimal" size="5"')}
      <p class="case-tools">${button("patient", "", "Add a patient")}${state.file.cases.length > 1 ? button("unpatient", "", "Remove this patient") : ""}</p><p class="case-problem" id="p|${safe(row.case_id)}"></p></fieldset>`;
  }

  /* Silence is a choice: each lane without an event says which. */
  function lanesHtml() {
    const events = mine("events"), absent = (patient().absent_kinds || "").split("|").filter(Boolean);
    const kindsOf = (lane) => Object.entries(known.kinds).filter(([kind, row]) => row.lane === lane && kind !== "other" && !row.life);
    const rows = known.lanes.filter(([lane, , asked]) => asked && !events.some((event) => (event.lane || known.kinds[event.kind].lane) === lane)).map(([lane, title]) => {
      const denied = absent.filter((kind) => known.kinds[kind] && known.kinds[kind].lane === lane);
      const choices = [["", "not in the source"], ...kindsOf(lane).flatMap(([kind, row]) => [[`named ${kind}`, `${row.name}: named without a day`], [`absent ${kind}`, `${row.name}: looked for and absent`]])];
      return picked(`lane|${lane}`, title, choices, denied.length ? `absent ${denied[0]}` : "");
    });
    return rows.length ? `<fieldset class="case-lanes"><legend>Lanes without an event</legend><p>They stand hatched: silence is not absence. Say so if the source says more.</p>${rows.join("")}</fieldset>` : "";
  }

  function gapOf(asked) { return state.file.gaps.find((row) => row.gap_id === asked.gap_id) || {}; }
  const boundOfGap = (asked) => state.file.bounds.find((row) => row.bound_id === `${asked.gap_id}-article`);

  function askedHtml(asked) {
    const topic = known.topics[asked.topic], gap = gapOf(asked), name = (one) => `gap|${asked.gap_id}|${one}`, units = topic.unit || [];
    const bound = topic.type === "day" && boundOfGap(asked), [n, ...unit] = String(gap._answer ?? "").split("|");
    let answer;
    if (topic.type === "day") {
      const told = bound ? sentenceOf(limits(bound)) : { n: "", m: "", direction: "after" }, index = mine("events").filter((one) => isTrue(one.index_event) && !(asked.fills || "").includes(`/${one.event_id}/`));
      answer = `${input(name("n"), `${topic.what}: the day, or the first that it may be`, told.n, ' inputmode="decimal" size="4"')} <span>to</span> ${input(name("m"), "the last that it may be; blank if it is one day", told.m, ' inputmode="decimal" size="4"')} <span>days</span> ${select(name("direction"), "After or before", [["after", "after"], ["before", "before"]], told.direction)} ${select(name("from"), "Which event", index.map((one) => [one.event_id, one.label]), bound ? bound.from_event : "")}`;
    } else if (asked.topic === "laboratory") {
      answer = `${select(name("analyte"), "What was measured", known.analytes.map((one) => [one.analyte, one.name]), gap._analyte)} <textarea name="${name("pairs")}" id="c|${name("pairs")}" rows="3" aria-label="A day and a value on each line, days counted from day 0" placeholder="day value">${safe(gap._pairs || "")}</textarea> ${button("values", asked.gap_id, "Take these values")}`;
    } else if (topic.choices || topic.type === "yes-no") answer = select(name("n"), topic.what, [["", "…"], ...(topic.choices || ["yes", "no"]).map((one) => [one, one])], n);
    else answer = `${input(name("n"), topic.what, n, topic.type === "number" ? ' inputmode="decimal" size="7"' : "")} ${units.length > 1 ? select(name("unit"), "Unit", units.map((one) => [one, one]), unit[0] || units[0]) : `<span>${safe(units[0] || "")}</span>`}`;
    const from = bound || gap;
    return `<div class="case-asked" id="g|${safe(asked.gap_id)}"><p class="case-question">${safe(topic.what)}</p><div class="case-answer">${answer}</div>
      <div class="case-source">${field(name("locator"), "Section, figure or table", from.locator, ' placeholder="Table 2"')}${field(name("wording"), "Its own words, six at most", from.wording)}
      <label class="case-check"><input type="checkbox" name="${name("not_in")}" id="c|${name("not_in")}"${gap.not_in ? " checked" : ""}> looked for in the article, not there either</label></div><p class="case-limits">Changes: ${safe(topic.recomputes)}.</p><p class="case-problem" id="p|${safe(asked.gap_id)}"></p></div>`;
  }

  function fillHtml() {
    if (!isFilled()) return "";
    const forms = known.forms[state.case_id], groups = unique(forms.map((asked) => known.topics[asked.topic].group));
    return `<section class="case-fill"><h2>What the article says</h2><p>With the article in hand: each answer needs its place and a few of its words. ${count(forms.length, "question")}, in the order of a report.</p>
      ${groups.map((group) => folded(`group ${group}`, group, forms.filter((asked) => known.topics[asked.topic].group === group).map(askedHtml).join(""))).join("")}</section>`;
  }

  function drawForm(focus = "") {
    const active = focus || (document.activeElement && tool.contains(document.activeElement) ? document.activeElement.id : "");
    const events = mine("events");
    state.refused.clear(); // what was refused is in no row, and in no field any more
    find("case-form").innerHTML = `${patientHtml()}${fillHtml()}<ol class="case-events">${events.map(eventHtml).join("")}</ol>
      <p class="case-add">${picked("add", "Add what happened", [["", "choose …"], ...Object.entries(known.kinds).map(([kind, row]) => [kind, row.name])], "")}</p>${lanesHtml()}`;
    const options = events.map((event) => option(event.event_id, event.label, "")).join("");
    const zero = own.zeroOf(events, known.kinds, state.from);
    find("case-zero").innerHTML = events.map((event) => option(event.event_id, event.label, zero)).join("");
    ["clock-one", "clock-two", "class-event"].forEach((id, at) => {
      const chosen = find(id).value;
      find(id).innerHTML = options;
      const index = events.filter((event) => isTrue(event.index_event));
      find(id).value = events.some((event) => event.event_id === chosen) ? chosen : ((at === 1 && index[1]) || index[0] || events[0] || { event_id: "" }).event_id;
    });
    state.labels = Object.fromEntries(events.map((event) => [event.event_id, event.label]));
    state.sentences = new Map([...tool.querySelectorAll("[data-bound]")].map((place) => [place.dataset.bound, place]));
    if (active && find(active)) find(active).focus({ preventScroll: !focus });
  }

  /* ---------------------------------------------------------------- what follows, at once */
  function coursesNow() {
    return state.file.cases.map((row) => {
      const events = mine("events", row.case_id), asked = events.some((event) => event.event_id === state.from || event.kind === state.from) ? state.from : (events.find((event) => event.kind === kindOfZero()) || {}).event_id;
      const bounds = mine("bounds", row.case_id).filter((bound) => !isBlank(bound.min_days) || !isBlank(bound.max_days));
      return { patient: row, events, course: course(events, bounds, known.kinds, { from: asked, labels: known.labels }) };
    });
  }
  const kindOfZero = () => { const event = state.file.events.find((one) => one.event_id === state.from); return event && isTrue(event.index_event) ? event.kind : ""; };

  const write = (id, text) => { const place = typeof id === "string" ? find(id) : id; if (place && place.textContent !== text) place.textContent = text; };
  const put = (id, html) => { const place = find(id); if (place.drawn !== html) { place.innerHTML = html; place.drawn = html; } };
  const calledOf = (row) => ({ own: `${row.label} (reported by the author)`, "made-up": /made.up/i.test(row.label) ? row.label : `${row.label} (made up)` }[row.role] || `${row.label} (${isAsRecorded(row) ? "as the record has it" : "what was typed, not what the record says"})`);
  const rowsOf = (file, case_id) => JSON.stringify(["cases", "events", "bounds", "gaps", "measurements"].map((table) => (file[table] || []).filter((row) => row.case_id === case_id)));
  const isAsRecorded = (row) => row.case_id in known.examples && rowsOf(state.file, row.case_id) === rowsOf(known.examples[row.case_id], row.case_id);
  const laneName = (kind) => (known.kinds[kind] || {}).lane;

  function titleOf(all) {
    const rows = all.flatMap((one) => one.course.windows.filter((row, at) => row.event_id !== one.course.zero && !(known.kinds[one.events[at].kind] || {}).judgment));
    const day = rows.filter((row) => row.earliest === row.latest).length;
    return `${listed(all.map((one) => calledOf(one.patient)))}: ${day || "none"} of ${count(rows.length, "event")} beside day 0 ${day === 1 ? "has" : "have"} a known day`;
  }

  function drawing(all, width, plain = false) {
    const shown = all.filter((one) => one.events.length);
    const zero = unique(shown.map((one) => reference(one.events.find((event) => event.event_id === one.course.zero), known.kinds))).join(" or ");
    const patients = shown.map((one) => {
      const absent = {};
      (one.patient.absent_kinds || "").split("|").filter((kind) => kind in known.kinds).forEach((kind) => { (absent[laneName(kind)] ||= []).push(known.kinds[kind].name); });
      return { case_id: one.patient.case_id, label: one.patient.label, events: one.events, course: one.course, absent };
    });
    const before = Object.fromEntries(shown.filter((one) => isFilled(one.patient.case_id)).flatMap((one) => {
      const file = known.examples[one.patient.case_id];
      return course(file.events, file.bounds, known.kinds, { from: one.course.zero, labels: known.labels }).windows.map((row) => [row.event_id, { earliest: row.earliest, latest: row.latest }]);
    }));
    return own.picture(patients, { width, kinds: known.kinds, lanes: known.lanes, looks: known.looks, zero, before, plain, title: titleOf(shown) });
  }

  function refresh() {
    const all = coursesNow();
    const wrong = all.filter((one) => one.course.conflicts.length);
    all.filter((one) => !one.course.conflicts.length).forEach((one) => state.good.set(one.patient.case_id, copy({ patient: one.patient, events: one.events })) && state.good.set(`course ${one.patient.case_id}`, one.course));
    const drawn = all.map((one) => (one.course.conflicts.length && state.good.has(one.patient.case_id) ? { ...state.good.get(one.patient.case_id), course: state.good.get(`course ${one.patient.case_id}`) } : one)).filter((one) => !one.course.conflicts.length);
    state.now = { all, drawn };
    const box = find("case-picture");
    if (drawn.some((one) => one.events.length)) {
      const picture = drawing(drawn, Math.max(280, Math.floor(wide || box.clientWidth || 480)));
      put("case-picture", picture.svg);
      put("case-legend", picture.legend.map(([text, sign]) => `<li><svg width="28" height="14" viewBox="0 0 28 14" aria-hidden="true" fill="none" stroke="currentColor" stroke-width="1.4">${sign}</svg> ${safe(text)}</li>`).join(""));
      put("case-key", picture.looks.map(([look, label]) => `<span class="case-of" style="--light:${look.color};--dark:${look.color_dark}" aria-hidden="true">${look.sign}</span> ${safe(label)}`).join(" &ensp; "));
      write("case-title", titleOf(drawn));
    }
    box.classList.toggle("is-pale", wrong.length > 0);
    find("case-banner").hidden = !state.file.cases.some((row) => isFilled(row.case_id));
    drawTable(all);
    drawSentences(all.find((one) => one.patient.case_id === state.case_id));
    drawContradictions(wrong);
    drawSummary(all);
    drawClocks(all);
    drawProblems();
    find("case-undo").disabled = !state.history.length;
  }

  /* The rows stay the same elements as long as their events do, so that nothing flickers. */
  function drawTable(all) {
    const rows = all.flatMap(({ patient: row, events, course: told }) => told.windows.map((window, at) => ({ row, event: events[at], window })));
    const place = find("case-table"), ids = JSON.stringify(rows.map(({ row, window }) => [row.case_id, window.event_id]));
    if (place.ids !== ids) place.innerHTML = rows.map(() => '<tr><th scope="row"></th><td data-label="Where it lies"></td><td data-label="Because"></td></tr>').join("");
    place.ids = ids;
    rows.forEach(({ row, event, window }, at) => {
      const line = place.rows[at], [earliest, latest] = [window.earliest, window.latest].map((day) => (Number.isFinite(day) ? String(day) : ""));
      Object.entries({ event: window.event_id, case: row.case_id, earliest, latest, words: window.position }).forEach(([name, value]) => { if (line.dataset[name] !== value) line.dataset[name] = value; });
      write(line.cells[0], `${all.length > 1 ? `${row.label}: ` : ""}${event.label}`);
      write(line.cells[1], `${window.position}${window.if_defined_as ? `, if ${window.if_defined_as} is meant` : ""}`);
      write(line.cells[2], window.because);
    });
  }

  /* Under each sentence its limits, under each event where it lies; the texts of other rows follow a new label. */
  function drawSentences(now) {
    const labels = Object.fromEntries(now.events.map((event) => [event.event_id, event.label]));
    now.events.forEach((event, at) => {
      const card = find(`e|${event.event_id}`), window = now.course.windows[at];
      if (!card) return;
      if (event.kind === "other") write(card.querySelector(".case-letters"), `Own words: ${event.label.length} of ${LETTERS} letters.`);
      write(card.querySelector(".case-where"), window ? `Lies: ${window.position}${window.if_defined_as ? `, if ${window.if_defined_as} is meant` : ""}.` : "");
      offersOf(event).forEach((offer, number) => {
        const others = mine("bounds").filter((bound) => !(bound.to_event === event.event_id && bound.basis === "defined" && known.defined.some((one) => one.definition_id === bound.definition_id)));
        const { kind, from, ...cells } = offer;
        const told = course(now.events, [...others, { bound_id: "offer", case_id: state.case_id, from_event: fromOf(offer).event_id, to_event: event.event_id, basis: "defined", ...cells }], known.kinds, { from: now.course.zero, labels: known.labels });
        const used = mine("bounds").some((bound) => bound.to_event === event.event_id && bound.definition_id === offer.definition_id);
        write(`o|${event.event_id}|${number}`, `${told.conflicts.length ? "cannot be, by what else is said" : told.windows[at].position}${used ? " (chosen)" : ""}`);
      });
    });
    Object.entries(labels).filter(([id, label]) => state.labels[id] !== label).forEach(([id, label]) => {
      state.sentences.forEach((place) => { const called = place.querySelector("[data-label]"); if (called.dataset.label === id) write(called, label); });
      state.renamed.add(id);
    });
    state.labels = labels;
    mine("bounds").forEach((bound) => { const place = state.sentences.get(bound.bound_id); if (place) write(place.querySelector(".case-limits"), `In days: ${limitsOf(bound)}.`); });
  }

  /* The lists of events take a new name once it is typed, not with each letter of it. */
  function rename() {
    state.renamed.forEach((id) => tool.querySelectorAll(`option[value="${CSS.escape(id)}"]`).forEach((one) => write(one, state.labels[id] || id)));
    state.renamed.clear();
  }

  function drawContradictions(wrong) {
    const rows = wrong.flatMap((one) => one.course.conflicts);
    const ids = new Set(rows.flat().map((bound) => bound.bound_id));
    state.sentences.forEach((place, id) => { if (place.classList.contains("is-wrong") !== ids.has(id)) place.classList.toggle("is-wrong"); });
    put("case-contradictions", rows.map((set, at) => `<p><strong>${set.length === 1 ? "This sentence cannot be true" : `These ${count(set.length, "sentence")} cannot all be true`}</strong>; correct at least one:</p><ol>${set.map((bound) => `<li>${bound.follows ? safe(bound.statement) : `<a href="#e|${safe(bound.to_event)}" data-do="go" data-row="${safe(bound.bound_id)}">${safe(bound.statement)}</a>`}</li>`).join("")}</ol>${at === rows.length - 1 ? "<p>The picture shows the last state that held together.</p>" : ""}`).join(""));
  }

  function drawSummary(all) {
    const lines = all.filter((one) => !one.course.conflicts.length && one.events.length).map((one) => {
      const open = one.course.windows.filter((row, at) => row.earliest !== row.latest && !(known.kinds[one.events[at].kind] || {}).judgment), first = askFirst(one.course);
      const name = all.length > 1 ? `${one.patient.label}: ` : "", label = (id) => one.events.find((event) => event.event_id === id).label;
      const said = open.length ? `Open: ${listed(open.map((row) => label(row.event_id)))}.` : "Every event has a day.";
      return `${name}${said}${first ? ` Ask for this day first: ${label(first.event)}; it would narrow ${count(first.narrows, "other event")}.` : ""}`;
    });
    write("case-said", all.some((one) => one.course.conflicts.length) ? "Some sentences contradict each other: see above." : lines.join(" "));
  }

  function drawClocks(all) {
    const now = all.find((one) => one.patient.case_id === state.case_id), [one, two] = ["clock-one", "clock-two"].map((id) => find(id).value), text = find("clock-day").value.trim().replace(",", ".").replace("−", "-");
    const places = [one, two].map((id) => now.events.findIndex((event) => event.event_id === id));
    if (now.course.conflicts.length || places.includes(-1) || !/^-?\d+(\.\d+)?$/.test(text)) { write("clock-says", text && !/^-?\d/.test(text) ? "Give a number of days." : ""); return; }
    const day = Number(text), least = day - now.course.network.most[places[0]][places[1]], most = day - now.course.network.least(...places), name = reference(now.events[places[1]], known.kinds);
    const says = least === most ? `day ${number(least)}` : Number.isFinite(least) && Number.isFinite(most) ? `day ${number(least)} to ${number(most)}` : Number.isFinite(least) ? `day ${number(least)} or later` : Number.isFinite(most) ? `day ${number(most)} or earlier` : "a day that is not known";
    write("clock-says", `That is ${says} counted from ${name}.`);
  }

  function problems() {
    const found = [...state.refused.values()];
    state.file.cases.filter((row) => row.role === "own").forEach((row) => {
      if (isBlank(row.center)) found.push(`${row.label}: name the center; the source will read “own patients, center”.`);
      if (isBlank(row.consent)) found.push(`${row.label}: say how the patient consented, as your report says it.`);
    });
    [["events", "label"], ["bounds", "statement"]].forEach(([table, what]) => state.file[table].forEach((row) => {
      if (row.basis === "inferred" && isBlank(row.reason)) found.push(`${row[what]} Say why you read it so.`);
      if (row.basis === "defined" && isBlank(row.definition_id)) found.push(`${row[what]} Name the definition.`);
    }));
    Object.entries(known.forms).filter(([case_id]) => patient(case_id)).forEach(([, forms]) => forms.forEach((asked) => {
      const gap = gapOf(asked), bound = boundOfGap(asked), from = bound || gap, filled = bound || !isBlank(gap._answer);
      if (filled && !gap.not_in && (isBlank(from.locator) || isBlank(from.wording))) found.push(`${known.topics[asked.topic].what}: give the place and a few of its words.`);
    }));
    return found;
  }

  function drawProblems() {
    const found = problems();
    put("case-problems", found.length ? `<p>Before it can be saved:</p><ul>${found.map((one) => `<li>${safe(one)}</li>`).join("")}</ul>` : "");
  }

  /* ---------------------------------------------------------------- what a reader types */
  function refuse(name, text) {
    const [, row] = name.split("|"), place = find(`p|${row}`), control = find(`c|${name}`);
    if (text) state.refused.set(name, text); else state.refused.delete(name);
    if (control) { if (text) control.setAttribute("aria-invalid", "true"); else control.removeAttribute("aria-invalid"); }
    if (place) write(place, [...state.refused].filter(([one]) => one.split("|")[1] === row).map(([, said]) => said).join(" "));
    drawProblems();
    return Boolean(text);
  }
  const KEYS = { cases: "case_id", events: "event_id", bounds: "bound_id", gaps: "gap_id" };
  const notANumber = (text) => (refusal("n", text) || (text.trim() && !/^[-−]?\d+([.,]\d+)?$/.test(text.trim()) ? `“${text}” is no number. Choose “between” for a span, and give digits only.` : ""));

  function typed(target) {
    const { name } = target, value = target.type === "checkbox" ? target.checked : target.value, [table, id, what] = name.split("|");
    if (name === "shown") { change(() => { state.case_id = value; }); return; }
    if (name === "add") { if (value) { let id_; change(() => { id_ = addEvent(value); }, {}); const next = find(`c|bounds|new ${id_}|relation`) || find(`c|events|${id_}|label`); if (next) next.focus(); } return; }
    if (name === "role") { change(() => turnInto(value)); return; }
    if (table === "lane") { change(() => silence(id, value)); return; }
    if (table === "gap") { answered(id, what, value, name); return; }
    if (!(table in KEYS)) return;
    const row = state.file[table].find((one) => one[KEYS[table]] === id);
    if (table === "bounds" && ["relation", "n", "m", "unit", "direction"].includes(what)) {
      if (["n", "m"].includes(what) && refuse(name, notANumber(value))) return;
      if (!row) { if (value !== "unsaid") change(() => addBound(id.replace("new ", ""), cellsOf({ relation: value === "same" ? "same" : value, direction: "after", n: value === "some" || value === "same" ? "" : "1", m: "2", unit: "day" })), { focus: "" }); return; }
      change(() => {
        const said = { ...saidBy(row), [what]: value };
        if (what === "relation" && ["on", "least", "within", "between"].includes(value) && said.n === "") said.n = "1";
        if (what === "relation" && value === "between" && said.m === "") said.m = String(Number(said.n) + 1);
        if (said.relation === "unsaid") state.file.bounds.splice(state.file.bounds.indexOf(row), 1); else reword(row, { ...(isTurned(row) ? turned(cellsOf(said)) : cellsOf(said)), _said: said });
      }, { key: name, form: what === "relation" });
      return;
    }
    const long = table === "events" && what === "label" && row.kind === "other" && value.length > LETTERS ? `${value.length} letters: keep own words to ${LETTERS}.` : "";
    if (typeof value === "string" && refuse(name, long || refusal(what, value, table))) return;
    change(() => {
      if (what === "tells") { ["ends", "lasts", "same_as"].forEach((one) => { delete row[one]; }); if (value) row[value] = (mine("events").find((one) => one !== row) || {}).event_id; return; }
      const plain = row.label;
      if (what === "other") { const at = placedBy(row); row[isTurned(row) ? "to_event" : "from_event"] = value; row._at = at; reword(row, {}); return; }
      row[what] = value;
      if (table === "events" && what === "kind" && Object.values(known.kinds).some((kind) => kind.name === plain)) row.label = known.kinds[value].name;
      if (table === "events" && what === "kind") { if (known.kinds[value].lane) delete row.lane; else row.lane ||= known.lanes[0][0]; }
      if (table === "events" && what === "kind" && known.kinds[value].anchor && !mine("events").some((one) => one !== row && one.kind === value)) row.index_event = true;
      if (table === "events") mine("bounds").filter((bound) => bound._own && (bound.to_event === id || bound.from_event === id)).forEach((bound) => { bound.statement = statementOf(bound); });
    }, { key: name, form: ["kind", "tells", "basis", "index_event"].includes(what) });
  }

  /* A sentence that was changed is the reader's own, in other words and with no other definition behind it. */
  function reword(row, cells) {
    Object.assign(row, cells, { _at: placedBy(row) });
    Object.assign(row, { statement: statementOf(row), _own: true });
    if (isFilled() && row.read_in !== "paper") Object.assign(row, { read_in: "paper", locator: "", wording: "" });
  }

  function turnInto(role) {
    const row = patient(), old = row.case_id, base = role === "own" ? "own" : "made-up";
    const id = freeId("cases", "case_id", `${base}-${state.file.cases.indexOf(row) + 1}`), named = (text) => (String(text).startsWith(`${old}-`) ? id + text.slice(old.length) : text);
    Object.assign(row, { role, case_id: id, read_in: READ_IN[role] });
    ["events", "bounds", "gaps", "measurements"].forEach((table) => state.file[table].filter((one) => one.case_id === old).forEach((one) => {
      ["event_id", "bound_id", "measurement_id", "from_event", "to_event", "ends", "lasts", "same_as", "_at"].forEach((key) => { if (one[key]) one[key] = named(one[key]); });
      Object.assign(one, { case_id: id, read_in: READ_IN[role] });
      ["locator", "wording"].forEach((key) => { if (role === "own" && one[key] === "made up") one[key] = ""; });
    }));
    if (role === "own" && /made.up/i.test(row.label)) row.label = `patient ${state.file.cases.indexOf(row) + 1}`;
    state.case_id = row.case_id;
  }

  function silence(lane, value) {
    const row = patient(), [how, kind] = value.split(" ");
    const others = (row.absent_kinds || "").split("|").filter((one) => one && laneName(one) !== lane);
    if (how === "named") addEvent(kind);
    const absent = how === "absent" ? [...others, kind] : others;
    row.absent_kinds = absent.join("|");
    row.did_not_occur = absent.map((one) => known.kinds[one].name).join(", ");
  }

  function answered(gap_id, what, value, name) {
    const asked = known.forms[state.case_id].find((one) => one.gap_id === gap_id), topic = known.topics[asked.topic];
    const text = typeof value === "string" ? value.trim() : value;
    if (["locator", "wording"].includes(what) && refuse(name, refusal(what, text))) return;
    if (["n", "m"].includes(what)) {
      const numeric = topic.type === "day" || (topic.type === "number" && (topic.least !== undefined || topic.most !== undefined));
      const amount = parseFloat(String(text).replace(",", ".")), plain = String(text).replace(/\s*[×x]\s*10\^?\d+/, "").replace(/^</, "");
      let said = topic.type === "day" || topic.type === "number" ? notANumber(plain) : refusal(asked.topic === "age" ? "age_years" : what, text);
      if (!said && asked.topic === "age") said = refusal("age_years", text);
      if (!said && numeric && text !== "" && (amount < (topic.least ?? -Infinity) || amount > (topic.most ?? Infinity))) said = `${text}: give a number from ${topic.least} to ${topic.most ?? "any"}.`;
      if (refuse(name, said)) return;
    }
    change(() => {
      const place = (row) => { ["locator", "wording"].forEach((one) => { const control = find(`c|gap|${gap_id}|${one}`); row[one] = control ? control.value.trim() : row[one] || ""; }); row.read_in = "paper"; };
      const taken = (one) => (find(`c|gap|${gap_id}|${one}`) || { value: "" }).value.trim();
      let gap = state.file.gaps.find((row) => row.gap_id === gap_id);
      if (!gap) { gap = { gap_id, case_id: state.case_id, topic: asked.topic, ...(asked.fills ? { fills: asked.fills } : {}) }; state.file.gaps.push(gap); }
      if (what === "not_in") { gap.not_in = value ? "paper" : ""; gap.read_in = "paper"; }
      place(gap);
      if (topic.type === "day") {
        const at = state.file.bounds.findIndex((row) => row.bound_id === `${gap_id}-article`);
        if (at >= 0) state.file.bounds.splice(at, 1);
        const [n, m] = [taken("n"), taken("m")];
        if (n !== "" && !gap.not_in) {
          const event = asked.fills.split("/")[1], bound = { bound_id: `${gap_id}-article`, case_id: state.case_id, from_event: taken("from"), to_event: event, ...cellsOf({ relation: m === "" ? "on" : "between", direction: taken("direction"), n, m, unit: "day" }), basis: "stated", source_id: patient().source_id };
          place(bound);
          bound.statement = statementOf(bound);
          state.file.bounds.push(bound);
        }
      } else if (["n", "unit"].includes(what)) {
        const [n, unit] = [taken("n"), taken("unit") || (topic.unit || [])[0] || ""], said = [n, unit].filter(Boolean).join(" ").replace(" /", "/");
        gap._answer = n === "" ? "" : `${n}|${unit}`;
        gap.value = n === "" ? "" : said;
      }
    }, { key: name, form: false });
  }

  function takeValues(gap_id) {
    const asked = known.forms[state.case_id].find((one) => one.gap_id === gap_id), taken = (one) => find(`c|gap|${gap_id}|${one}`).value.trim();
    const zero = own.zeroOf(mine("events"), known.kinds), analyte = known.analytes.find((one) => one.analyte === taken("analyte"));
    try {
      const pairs = own.pairsOf(taken("pairs"));
      change(() => pairs.forEach(({ day, value, value_is }) => state.file.measurements.push({
        measurement_id: freeId("measurements", "measurement_id", `${state.case_id}-${analyte.analyte.replaceAll("_", "-")}-1`), case_id: state.case_id, from_event: zero, min_days: String(day), max_days: String(day), analyte: analyte.analyte,
        value, value_is, unit: analyte.units[0], basis: "stated", source_id: patient().source_id, locator: taken("locator"), wording: taken("wording"), read_in: "paper",
      })), { form: false });
      write(`p|${gap_id}`, `${count(pairs.length, "value")} of ${analyte.name} taken, in ${analyte.units[0]}, days counted from ${labelOf(zero)}.`);
    } catch (error) { write(`p|${asked.gap_id}`, error.message); }
  }

  /* ---------------------------------------------------------------- what a reader presses */
  const ACTIONS = {
    undo,
    empty: () => leave(() => blankCase()),
    open: (row) => leave(() => begin(known.examples[row])),
    also: (id) => change(() => addBound(id)),
    drop: (id) => change(() => { state.file.bounds = state.file.bounds.filter((bound) => bound.bound_id !== id); }),
    copy: (id) => change(() => {
      const event = mine("events").find((one) => one.event_id === id), event_id = freeId("events", "event_id", `${id}-copy`);
      state.file.events.splice(state.file.events.indexOf(event) + 1, 0, { ...event, event_id, index_event: false });
      mine("bounds").filter((bound) => bound.to_event === id).forEach((bound) => state.file.bounds.push({ ...bound, to_event: event_id, bound_id: freeId("bounds", "bound_id", `${event_id}-b1`) }));
    }),
    up: (id) => move(id, -1),
    down: (id) => move(id, 1),
    remove: (id) => change(() => {
      state.file.bounds = state.file.bounds.filter((bound) => bound.to_event !== id && bound.from_event !== id);
      state.file.events = state.file.events.filter((event) => event.event_id !== id);
      mine("events").forEach((event) => ["ends", "lasts", "same_as"].forEach((one) => { if (event[one] === id) delete event[one]; }));
    }),
    end: (id) => {
      const event = mine("events").find((one) => one.event_id === id);
      let made;
      change(() => { made = addEvent(event.kind, { ends: id, index_event: false, label: `${event.label} ends`.slice(0, 40) }); addBound(made, { min_days: "1", max_days: "1" }, id); });
      const next = find(`e|${made}`);
      if (next) { next.scrollIntoView({ block: "nearest" }); next.querySelector(".case-sentence select").focus(); }
    },
    offer: (row) => {
      const [id, at] = row.split("|"), { kind, from, ...cells } = known.defined[at];
      change(() => {
        const old = mine("bounds").filter((bound) => bound.to_event === id && bound.basis === "defined" && known.defined.some((one) => one.definition_id === bound.definition_id));
        state.file.bounds = state.file.bounds.filter((bound) => !old.includes(bound));
        addBound(id, { ...(old[0] || {}), min_days: "", max_days: "", ...cells, basis: "defined", _said: undefined, bound_id: (old[0] || {}).bound_id || freeId("bounds", "bound_id", `${id}-b1`) }, fromOf(known.defined[at]).event_id);
      });
    },
    patient: () => change(() => {
      const { role } = patient(), n = state.file.cases.length + 1, case_id = freeId("cases", "case_id", `${role}-${n}`);
      state.file.cases.push({ case_id, label: role === "own" ? `patient ${n}` : `made-up patient ${n}`, role, basis: "stated", read_in: READ_IN[role], ...(role === "own" ? { center: patient().center, consent: patient().consent } : {}) });
      state.case_id = case_id;
      addEvent(known.anchors[0]);
    }),
    unpatient: () => change(() => {
      ["cases", "events", "bounds", "gaps", "measurements"].forEach((table) => { state.file[table] = state.file[table].filter((row) => row.case_id !== state.case_id); });
      state.case_id = state.file.cases[0].case_id;
    }),
    values: takeValues,
    go: (id) => { const place = state.sentences.get(id); if (place) { place.scrollIntoView({ block: "center" }); place.querySelector("select").focus(); } },
    save,
    print: () => print(),
    forget: () => {
      if (canKeep()) canKeep().removeItem(KEPT);
      find("case-keep").checked = false;
      find("case-file").value = "";
      beginFirst("All is forgotten: what was typed is neither in this page nor on this device.");
    },
  };

  function move(id, by) {
    const rows = mine("events"), at = rows.findIndex((event) => event.event_id === id), other = rows[at + by];
    if (!other) return;
    const [one, two] = [rows[at], other].map((event) => state.file.events.indexOf(event));
    change(() => { [state.file.events[one], state.file.events[two]] = [state.file.events[two], state.file.events[one]]; });
  }

  function leave(next) { if (!state.dirty || confirm("What you typed was not saved. Leave it?")) next(); }

  /* ---------------------------------------------------------------- files */
  async function textsOf(input_) { return Promise.all([...input_.files].map(async (file) => [file.name, await file.text()])); }

  async function open(input_) {
    try {
      const { file, left } = own.read(await textsOf(input_), known);
      file.gaps = file.gaps.map(withAnswer);
      begin(file, { note: left.length ? `Read. What this page cannot hold: ${left.join("; ")}.` : `Read: ${count(file.events.length, "event")}, ${count(file.bounds.length, "sentence")}.` });
    } catch (error) { find("case-note").textContent = `The file was not read, and nothing was changed. ${error.message}`; }
    input_.value = "";
  }

  function withAnswer(gap) {
    const unit = ((known.topics[gap.topic] || {}).unit || []).find((one) => String(gap.value || "").endsWith(one)) || "";
    return isBlank(gap.value) ? gap : { ...gap, _answer: `${String(gap.value).slice(0, unit ? -unit.length : undefined).trim()}|${unit}` };
  }

  function download(name, kind, content) {
    const address = URL.createObjectURL(content instanceof Blob ? content : new Blob([content], { type: kind }));
    const link = Object.assign(document.createElement("a"), { href: address, download: name });
    document.body.append(link);
    link.click();
    link.remove();
    setTimeout(() => URL.revokeObjectURL(address), 10000);
  }

  function framedNow() {
    const { drawn } = state.now, roles = unique(drawn.map((one) => one.patient.role));
    const said = roles.map((role) => ({ own: `Source: own patients, ${listed(unique(drawn.map((one) => one.patient.center).filter(Boolean)))}. ${listed(unique(drawn.map((one) => one.patient.consent).filter(Boolean)))}`, "made-up": "Made up." }[role] || "What was typed by a reader, not what the record says.")).join(" ");
    return own.framed(drawing(drawn, 760, true), { width: 760, title: titleOf(drawn), subtitle: said, foot: `${roles.every((role) => role in ROLES) ? `Made with: ${cite}` : foot} ${NOT_FOR_CARE}` });
  }

  function save() {
    const what = find("case-save-as").value, found = problems(), { all } = state.now, name = state.file.cases.map((row) => row.case_id).join("-and-").slice(0, 60);
    const note = (text) => { find("case-note").textContent = text; };
    if (found.length) { note(`Not saved. ${found.join(" ")}`); find("case-problems").scrollIntoView({ block: "nearest" }); return; }
    if (all.some((one) => one.course.conflicts.length) && what !== "json") { note("Not saved: some sentences contradict each other. The case file can be saved as it is."); return; }
    const file = { ...state.file, gaps: state.file.gaps.filter((gap) => !isBlank(gap.value) || gap.not_in) };
    if (what === "json") { download(`${name}.json`, "application/json", own.written(file)); state.dirty = false; } else if (known.columns[what]) {
      download(`${name}-${what}.csv`, "text/csv", own.csvOf(state.file[what], known.columns[what]));
    } else if (what === "table") {
      const rows = all.flatMap((one) => one.course.windows.map((row, at) => ({ case: one.patient.label, about: own.ABOUT_ROLE[one.patient.role] || "typed beside the record", event: one.events[at].label, earliest: Number.isFinite(row.earliest) ? row.earliest : "", latest: Number.isFinite(row.latest) ? row.latest : "", where_it_lies: row.position, basis: row.position_basis || one.events[at].basis, because: row.because })));
      download(`${name}-table.csv`, "text/csv", own.csvOf(rows, Object.keys(rows[0])));
    } else if (what === "svg") download(`${name}.svg`, "image/svg+xml", framedNow().svg);
    else if (what === "png") savePng(name);
    else if (what === "text") download(`${name}.txt`, "text/plain", own.textOf(all, listed(unique(all.map((one) => reference(one.events.find((event) => event.event_id === one.course.zero), known.kinds))), "or")));
    else if (what === "phenopacket") {
      const now = all.find((one) => one.patient.case_id === state.case_id), { text, left } = own.toPacket(now.patient, now.events, now.course, known, new Date().toISOString().slice(0, 10));
      download(`${state.case_id}-phenopacket.json`, "application/json", text);
      note(left.length ? `Saved. A phenopacket cannot hold: ${left.join("; ")}.` : "Saved; the phenopacket holds all of it.");
      return;
    }
    note("Saved.");
  }

  function savePng(name) {
    const { svg, size } = framedNow(), image = new Image(), canvas = document.createElement("canvas");
    [canvas.width, canvas.height] = size.map((length) => 2 * length);
    image.onload = () => { canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height); canvas.toBlob((blob) => download(`${name}.png`, "image/png", blob)); };
    image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`;
  }

  /* ---------------------------------------------------------------- a class places one event */
  async function readClass(input_) {
    const label = labelOf(find("class-event").value), found = [], wrong = [];
    const record = known.examples[state.case_id] || state.file, event_id = find("class-event").value;
    const placeIn = (file) => {
      const row = file.cases.find((one) => one.case_id === state.case_id) || file.cases[0], events = file.events.filter((one) => one.case_id === row.case_id);
      const told = course(events, file.bounds.filter((one) => one.case_id === row.case_id), known.kinds, { labels: known.labels });
      const mark = events.findIndex((one) => one.event_id === event_id), other = mark < 0 ? events.findIndex((one) => one.label === label) : mark;
      return told.windows[other];
    };
    for (const [name, text] of await textsOf(input_)) {
      try {
        const row = placeIn(own.read([[name, text]], known).file);
        if (row) found.push({ name, ...row }); else wrong.push(`${name}: no ${label}, or sentences that contradict each other`);
      } catch (error) { wrong.push(`${name}: ${error.message.split("\n")[0]}`); }
    }
    drawClass(label, placeIn(record), found, wrong);
    input_.value = "";
  }

  function drawClass(label, allowed, found, wrong) {
    const all = [allowed, ...found].filter(Boolean), finite = all.flatMap((row) => [row.earliest, row.latest]).filter(Number.isFinite), low = Math.min(0, ...finite), high = Math.max(1, ...finite);
    const width = Math.max(280, Math.floor(find("class-spread").clientWidth || 480)), at = (day, open) => (Number.isFinite(day) ? 40 + (width - 80) * (day - low) / (high - low) : open);
    const line = (row, y, look) => `<path d="M${at(row.earliest, 4)},${y}H${at(row.latest, width - 4)}" ${look}/>${Number.isFinite(row.earliest) ? `<path d="M${at(row.earliest)},${y - 4}v8" ${look}/>` : ""}${Number.isFinite(row.latest) ? `<path d="M${at(row.latest)},${y - 4}v8" ${look}/>` : ""}`;
    const ordered = [...found].sort((one, two) => one.earliest - two.earliest || one.latest - two.latest), height = 34 + 9 * ordered.length + 18;
    const inside = ordered.filter((row) => !allowed || (row.earliest >= allowed.earliest && row.latest <= allowed.latest)).length;
    const spread = (values) => { const days = unique(values.filter(Number.isFinite)).sort((one, two) => one - two); return days.length ? `day ${number(days[0])}${days.length > 1 ? ` to ${number(days[days.length - 1])}` : ""}` : "open"; };
    const said = `${count(found.length, "placement")} of ${label}: the earliest day ranges over ${spread(found.map((row) => row.earliest))}, the latest over ${spread(found.map((row) => row.latest))}. The record allows: ${allowed ? allowed.position : "nothing is known"}. ${count(inside, "placement lies", "placements lie")} within it.`;
    find("class-spread").innerHTML = `<p>${safe(said)}</p><svg role="img" aria-label="${safe(said)}" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" stroke="currentColor" fill="none" font-size="11">
      ${allowed ? `<rect x="${at(allowed.earliest, 4)}" y="18" width="${Math.max(2, at(allowed.latest, width - 4) - at(allowed.earliest, 4))}" height="${height - 36}" fill="currentColor" stroke="none" opacity=".12"/>` : ""}
      <text x="4" y="11" stroke="none" fill="currentColor">shaded: what the record allows</text>${ordered.map((row, number_) => line(row, 28 + 9 * number_, 'stroke-width="2"')).join("")}
      ${[low, high].map((day, number_) => `<text x="${at(day)}" y="${height - 3}" stroke="none" fill="currentColor" text-anchor="${number_ ? "end" : "start"}">day ${number(day)}</text>`).join("")}</svg>
      ${wrong.length ? `<p>Not read:</p><ul>${wrong.map((one) => `<li>${safe(one)}</li>`).join("")}</ul>` : ""}`;
  }

  /* ---------------------------------------------------------------- the page */
  const doors = Object.entries(known.examples).map(([id, file]) => button("open", id, id in known.forms ? `${file.cases[0].label.replace(/^./, (letter) => letter.toUpperCase())}, to fill from the article` : "A made-up example")).join("");
  const SAVE_AS = { json: "case file (JSON)", svg: "picture (SVG)", png: "picture (PNG)", text: "table as text for a manuscript", table: "table (CSV)", cases: "cases (CSV)", events: "events (CSV)", bounds: "bounds (CSV)", phenopacket: "phenopacket" };
  tool.innerHTML = `<div class="case-doors" role="group" aria-label="Begin with">${button("empty", "", "Start empty")}${doors}
      <label class="case-open"><span>Open a case file, tables (CSV) or a phenopacket</span><input type="file" id="case-file" multiple accept=".json,.csv,.tsv,.txt"></label></div>
    <p id="case-note" role="status" class="case-note"></p><p id="case-banner" class="case-banner" hidden>What you typed, not what the record says. Nothing in the book changes by it: save the case file and send it to the maintainers.</p>
    <div class="case-sides"><div class="case-see"><p class="chart-title" id="case-title"></p><p class="case-key chart-key" id="case-key"></p>
      <div id="case-picture" class="case-picture" tabindex="0" role="region" aria-label="The timeline"></div><ul class="chart-legend case-legend" id="case-legend"></ul>
      <div id="case-contradictions" class="case-contradictions" role="alert"></div><p id="case-said" role="status"></p></div>
    <div class="case-form-side"><p class="case-bar"><label class="case-inline">Day 0 is <select id="case-zero"></select></label> <button type="button" data-do="undo" id="case-undo">Undo</button></p><form id="case-form" class="case-form" autocomplete="off" aria-label="What is known"></form></div></div>
    <table class="casebook-table slim case-results"><caption>Where each event lies, and because of which sentences</caption><thead><tr><th scope="col">Event</th><th scope="col">Where it lies</th><th scope="col">Because</th></tr></thead><tbody id="case-table"></tbody></table>
    <p class="case-label">${NOT_FOR_CARE}</p>
    <div class="case-save" role="group" aria-label="Save"><div id="case-problems" class="case-problem"></div>${picked("save-as", "Save as", Object.entries(SAVE_AS), "json").replace('id="c|save-as"', 'id="case-save-as"')}${button("save", "", "Save")}${button("print", "", "Print one page")}${button("forget", "", "Forget all")}
      <label class="case-check"><input type="checkbox" id="case-keep"> keep it on this device until I forget it</label></div>
    <fieldset class="case-clocks"><legend>Two clocks</legend><label class="case-field"><span>Day</span><input id="clock-day" inputmode="decimal" size="5" value="0"></label><label class="case-field"><span>counted from</span><select id="clock-one"></select></label><label class="case-field"><span>is, counted from</span><select id="clock-two"></select></label><p id="clock-says" role="status"></p></fieldset>
    <fieldset class="case-class"><legend>A class places one event</legend><p>Every reader places the event in a case file of their own. Open all of them together: their spread stands beside what the record allows.</p>
      <label class="case-field"><span>Which event</span><select id="class-event"></select></label><label class="case-open"><span>Case files of the class</span><input type="file" id="class-files" multiple accept=".json"></label><div id="class-spread" aria-live="polite"></div></fieldset>`;
  tool.addEventListener("input", (event) => { if (event.target.matches("#case-form input:not([type=checkbox]), #case-form textarea")) typed(event.target); else if (event.target.id === "clock-day") drawClocks(state.now.all); });
  tool.addEventListener("change", (event) => {
    const { target } = event;
    rename();
    if (target.matches("#case-form select, #case-form [type=checkbox]")) typed(target);
    else if (target.id === "case-zero") { state.from = target.value; refresh(); } else if (target.id.startsWith("clock-")) drawClocks(state.now.all);
    else if (target.id === "case-file" && target.files.length) leave(() => open(target));
    else if (target.id === "class-files" && target.files.length) readClass(target);
    else if (target.id === "case-keep") { if (target.checked) keep(); else if (canKeep()) canKeep().removeItem(KEPT); }
  });
  tool.addEventListener("click", (event) => {
    const pressed = event.target.closest("[data-do]");
    if (!pressed) return;
    event.preventDefault();
    ACTIONS[pressed.dataset.do](pressed.dataset.row);
  });
  tool.addEventListener("toggle", (event) => { const { fold } = event.target.dataset; if (fold) { if (event.target.open) state.open.add(fold); else state.open.delete(fold); } }, true);
  tool.addEventListener("submit", (event) => event.preventDefault());
  addEventListener("keydown", (event) => { if ((event.ctrlKey || event.metaKey) && event.key === "z" && !event.target.matches("input, textarea")) { event.preventDefault(); undo(); } });
  addEventListener("beforeunload", (event) => { if (state.dirty) event.preventDefault(); });
  /* On paper the picture is as wide as the sheet, and less high. */
  addEventListener("beforeprint", () => { if (state.now.drawn.length) put("case-picture", drawing(state.now.drawn, 680).svg); });
  addEventListener("afterprint", refresh);
  let wide = 0;
  new ResizeObserver(([box]) => { if (Math.abs(box.contentRect.width - wide) > 2) { wide = box.contentRect.width; if (state.file) refresh(); } }).observe(find("case-picture"));

  const kept = canKeep() && canKeep().getItem(KEPT);
  function beginAll() {
    tool.hidden = false;
    document.querySelectorAll(".case-blank").forEach((blank) => { blank.hidden = true; });
    wide = find("case-picture").clientWidth; // asked before there is a form, whose layout it would force
    beginFirst();
    if (kept) {
      find("case-keep").checked = true;
      try { begin(own.read([["kept", kept]], known).file, { note: "This is what you kept on this device." }); } catch { canKeep().removeItem(KEPT); }
    }
    goTo();
    addEventListener("hashchange", goTo);
  }

  /* An address such as #case-1/donor opens the form of that case at that line. */
  function goTo() {
    const [case_id, topic] = decodeURIComponent(location.hash.slice(1)).split("/");
    const asked = (known.forms[case_id] || []).find((one) => one.topic === topic);
    if (!asked) return;
    const there = () => {
      if (state.case_id !== case_id) begin(known.examples[case_id]);
      state.open.add(`group ${known.topics[topic].group}`);
      drawForm();
      const line = find(`g|${asked.gap_id}`);
      line.scrollIntoView({ block: "center" });
      (line.querySelector("input, select, textarea") || line).focus({ preventScroll: true });
    };
    if (state.case_id !== case_id && kept) find("case-note").textContent = "This device keeps another patient: forget it, or begin with the case above, to see that line.";
    else if (state.case_id === case_id) there();
    else leave(there);
  }
  setTimeout(beginAll); // the page answers in between
});
