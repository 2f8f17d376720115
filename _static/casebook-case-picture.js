/* Your case: the timeline in the figure language of the book, drawn as SVG of so many pixels; see casebook.charts._timeline. */
"use strict";

(() => {
  const { isBlank, isTrue, NOT_IN_THE_RECORD, number, weakest } = globalThis.casebookCase;
  const OPEN = 0.16, BEFORE = 0.6; // of the plot: a zone without a scale beside days; the zone before the first index event
  const WIDE = { row: 19, lane: 5, head: 0, label: 0, top: 40 }, NARROW = { row: 15, lane: 7, head: 14, label: 14, top: 44 };
  const STEPS = [0.1, 0.25, 0.5, 1, 2, 7, 14, 28, 50, 100, 200, 365, 730, 1825]; // that people count days in
  const OTHERS = [["triangle-up", "▲"], ["square", "■"], ["triangle-down", "▼"], ["cross", "✚"], ["triangle-right", "▶"]];
  const NEUTRAL = "#6b6b6b";
  const PATHS = {
    circle: "M0,-1A1,1,0,1,1,0,1A1,1,0,1,1,0,-1Z", square: "M-.9,-.9L.9,-.9L.9,.9L-.9,.9Z", diamond: "M-1,0L0,-1L1,0L0,1Z",
    "triangle-up": "M-1,.87L0,-.87L1,.87Z", "triangle-down": "M-1,-.87L0,.87L1,-.87Z", "triangle-right": "M-.87,-1L.87,0L-.87,1Z",
    cross: "M-1,-.4L-.4,-.4L-.4,-1L.4,-1L.4,-.4L1,-.4L1,.4L.4,.4L.4,1L-.4,1L-.4,.4L-1,.4Z",
  };
  const AROUND = "M-8,-7L-11,-7L-11,7L-8,7M8,-7L11,-7L11,7L8,7";
  const ABSENT = '<circle r="5.5" fill="none"/><path d="M-4,4L4,-4" fill="none"/>';
  const SOLID = 'fill="currentColor" stroke="none"';
  const LEGEND = { // what a sign says, and how it is drawn in 28 by 14 pixels
    day: ["a filled sign: its place is known", `<path transform="translate(14,7) scale(5)" d="${PATHS.diamond}" ${SOLID}/>`],
    window: ["it began somewhere in here, however long it lasted; an open end has no bracket", '<path d="M5,1H2V13H5"/><path d="M7,1H27M7,13H27" stroke-dasharray="2 3"/>'],
    defined: ["long feet: if the word is used as defined", '<path d="M12,1H5V13H12M16,1H23V13H16"/>'],
    inferred: ["broken: our reading", '<path d="M14,1V5M14,9V13"/>'],
    end: ["how long it lasted", `<path d="M1,3H27V11H1z" ${SOLID} opacity=".75"/>`],
    lasts: ["it goes on", `<path d="M1,3H20V11H1zM20,0L27,7L20,14z" ${SOLID} opacity=".75"/>`],
    anywhere: ["somewhere in the course", `<path d="M0,2H28V12H0z" ${SOLID} opacity=".2"/>`],
    absent: ["looked for and absent", `<g transform="translate(14,7)">${ABSENT}</g>`],
    silent: [`${NOT_IN_THE_RECORD}: silence, not absence`, '<path d="M0,13L12,1M8,13L20,1M16,13L28,1"/>'],
    before: ["pale: before what you typed", '<path opacity=".35" stroke-width="3" d="M5,1H2V13H5M23,1H26V13H23"/>'],
  };

  /* ---------------------------------------------------------------- type */
  const pen = document.createElement("canvas").getContext("2d");
  const FACE = '"Liberation Sans", Arimo, Arial, Helvetica, sans-serif';
  function wide(text, size, weight = "") {
    pen.font = `${weight} ${size}px ${FACE}`;
    return pen.measureText(text).width;
  }
  function cut(text, room, size, weight) {
    if (wide(text, size, weight) <= room) return text;
    let kept = text.length;
    while (kept && wide(`${text.slice(0, kept)}…`, size, weight) > room) kept -= 1;
    return `${text.slice(0, kept).trimEnd()}…`;
  }
  const safe = (text) => String(text).replace(/[&<>"]/g, (sign) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" }[sign]));
  const round = (value) => Math.round(value * 10) / 10;
  const type = (text, x, y, size, more = "") => `<text x="${round(x)}" y="${round(y + size * 0.35)}" font-size="${size}" fill="currentColor"${more && ` ${more}`}>${safe(text)}</text>`;

  /* ---------------------------------------------------------------- layout: unit coordinates along the plot */
  function ticks(low, high) {
    const least = (high - low) / 6;
    const step = STEPS.find((one) => least <= one) || 3650 * 10 ** Math.max(0, Math.ceil(Math.log10(least / 3650)));
    const found = [];
    for (let at = Math.ceil(low / step); at <= Math.floor(high / step); at += 1) found.push(Number((at * step).toPrecision(6)));
    return found;
  }

  function daysAxis(rows) {
    const told = rows.filter((row) => !row.judgment);
    const finite = told.flatMap((row) => [row.earliest, row.latest]).filter(Number.isFinite);
    if (!finite.some((one) => one !== 0) && !told.some((row) => row.earliest === row.latest && !row.index)) return null;
    const low = Math.min(0, ...finite), high = Math.max(0, ...finite), span = high > low ? high - low : 1;
    const place = (day) => Math.min(1, Math.max(0, OPEN + (1 - 2 * OPEN) * (day - low) / span));
    const open = (one, other) => told.some((row) => !Number.isFinite(row[one]) && Number.isFinite(row[other]));
    const zones = [...(open("earliest", "latest") ? [[0, OPEN, "earlier"]] : []), ...(open("latest", "earliest") ? [[1 - OPEN, 1, "later"]] : [])];
    return { inDays: true, place, marks: ticks(low, low + span).map((day) => [place(day), number(day)]), zones };
  }

  /* Zones between the index events; nothing is to scale. Where cases have them in different orders, none of them has a place. */
  function orderAxis(rows) {
    const index = rows.filter((row) => row.index);
    const before = new Map(index.map((row) => [row.kind, new Set()]));
    const kindOf = (row, id) => rows.find((one) => one.case_id === row.case_id && one.event_id === id).kind;
    index.forEach((row) => {
      if (row.since) before.get(row.kind).add(kindOf(row, row.since));
      if (row.until) before.get(kindOf(row, row.until)).add(row.kind);
    });
    const order = [];
    for (let free = true; free;) {
      free = [...before.keys()].find((kind) => !order.includes(kind) && [...before.get(kind)].every((one) => order.includes(one)));
      if (free) order.push(free);
    }
    const edges = order.length ? [0, ...order.map((_, at) => (BEFORE + at) / (BEFORE + order.length)), 1] : [0, 1];
    const named = order.map((kind) => index.find((row) => row.kind === kind).kindName);
    const heads = order.length ? [`before ${named[0]}`, ...order.slice(1).map(() => "between"), `after ${named[named.length - 1]}`] : [""];
    const slots = new Map(index.filter((row) => order.includes(row.kind) && (row.since || row.until || row.earliest === row.latest))
      .map((row) => [`${row.case_id} ${row.event_id}`, edges[order.indexOf(row.kind) + 1]]));
    return { inDays: false, slots, marks: named.map((name, at) => [edges[at + 1], name]), zones: heads.map((head, at) => [edges[at], edges[at + 1], head]), edges };
  }

  const placed = (form, left, right, bases = []) => ({
    form, left: left ?? 0, right: right ?? 1, leftOpen: left === null, rightOpen: right === null, leftBasis: bases[0] || "stated", rightBasis: bases[1] || "stated",
  });

  function formOf(row, axis) {
    if (row.judgment) return placed("judgment", 0, 1);
    const basis = (part) => weakest(row[`${part}_because`].map((bound) => bound.basis));
    let ends, bases;
    if (axis.inDays) {
      ends = [row.earliest, row.latest].map((day) => (Number.isFinite(day) ? axis.place(day) : null));
      bases = [basis("earliest"), basis("latest")];
      if (row.earliest === row.latest) return placed("day", ends[0], ends[0], bases);
    } else {
      const slot = (id) => axis.slots.get(`${row.case_id} ${id}`) ?? null;
      const own = slot(row.event_id);
      if (own !== null) return placed("day", own, own);
      ends = [slot(row.since), slot(row.until)];
      bases = [basis("since"), basis("until")];
      if (ends[0] !== null && ends[1] === null && row.near === row.since && Number.isFinite(row.near_max)) {
        ends[1] = ends[0] + 0.5 * Math.min(...axis.edges.filter((edge) => edge > ends[0]).map((edge) => edge - ends[0]));
        bases = [basis("near"), basis("near")];
      }
    }
    return ends[0] === null && ends[1] === null ? placed("anywhere", 0, 1) : placed("window", ends[0], ends[1], bases);
  }

  /* Where start and end of an event are known days, a bar from the one to the other stands for both. */
  function withBars(rows) {
    rows.filter((row) => row.ends && row.form === "day").forEach((row) => {
      const start = rows.find((one) => one.case_id === row.case_id && one.event_id === row.ends);
      if (start && start.form === "day" && start.left <= row.left) Object.assign(row, { form: "end", left: start.left, lane: start.lane });
    });
    return rows;
  }

  /* ---------------------------------------------------------------- marks */
  function bracket(x, half, turn, basis) {
    if (basis === "inferred") return `M${x},${-half}V${round(-half / 3)}M${x},${round(half / 3)}V${half}`;
    const feet = round(x + turn * (basis === "defined" ? 7 : 3));
    return `M${feet},${-half}H${x}V${half}H${feet}`;
  }

  function windowPath(row, width, tall) {
    const half = tall / 2, reach = 0.45 * width;
    let path = "";
    for (let at = 3; at < width - 2;) {
      const near = (row.leftOpen && at < reach) || (row.rightOpen && at > width - reach);
      const toGo = Math.min(row.leftOpen ? at : width, row.rightOpen ? width - at : width);
      [-half, half].forEach((y) => { path += `M${round(at)},${y}H${round(Math.min(at + 2.4, width))}`; });
      at += 6 + (near ? 10 * (1 - toGo / Math.max(reach, 1)) : 0);
    }
    return path + (row.leftOpen ? "" : bracket(0, half, 1, row.leftBasis)) + (row.rightOpen ? "" : bracket(round(width), half, -1, row.rightBasis)) || "M0,0";
  }

  function hatch(width, tall) {
    let path = "";
    for (let start = -tall; start < width; start += 8) {
      const left = Math.max(start, 0), right = Math.min(start + tall, width);
      if (right - left > 1) path += `M${round(left)},${round(tall / 2 - (left - start))}L${round(right)},${round(tall / 2 - (right - start))}`;
    }
    return path;
  }

  /* ---------------------------------------------------------------- the picture */
  const condition = (row) => (row.if_defined_as ? `if ${row.if_defined_as} is meant` : row.position_basis === "inferred" ? "our reading" : "");
  const joined = (...parts) => parts.filter(Boolean).join(", ");

  function rowsOf(patient, kinds) {
    return patient.course.windows.map((window, at) => {
      const event = patient.events[at], kind = kinds[event.kind] || {};
      return {
        ...window, case_id: patient.case_id, label: event.label, kind: event.kind, kindName: kind.name || event.label, lane: event.lane || kind.lane || "disease",
        index: isTrue(event.index_event), judgment: isTrue(kind.judgment), ends: event.ends || event.lasts || "", lasts: !isBlank(event.lasts),
        eventBasis: event.basis, notes: [],
      };
    });
  }

  /* What each patient looks like: as in the book if they are in it; no two have one sign. */
  function looksOf(patients, looks) {
    let free = 0;
    return patients.map(({ case_id }) => looks[case_id] || { color: NEUTRAL, color_dark: "#a3a3a3", shape: OTHERS[free % OTHERS.length][0], sign: OTHERS[free++ % OTHERS.length][1] });
  }

  function notesOf(row) {
    if (row.form === "day") return row.earliest === row.latest && row.earliest !== 0 ? [row.position] : [];
    if (row.form !== "window" && row.form !== "end") return [];
    const long = /\d/.test(row.position) ? row.position : "";
    if (row.form === "end") return [joined(row.label, long), long];
    return [...new Set([long, long.split(" after ")[0].split(" before ")[0], ""].map((one) => joined(one, condition(row))).filter(Boolean))];
  }

  /* patients: [{ case_id, label, events, course, absent: {lane: [names]} }]; lanes: [[lane, title, asked]]. */
  function picture(patients, { width, kinds, lanes, looks, zero, before = {}, plain = false, title = "Timeline", named = true }) {
    const narrow = width < 560, M = narrow ? NARROW : WIDE;
    const shown = patients.map((patient, at) => ({ ...patient, look: looksOf(patients, looks)[at] }));
    let rows = shown.flatMap((patient) => rowsOf(patient, kinds));
    const axis = daysAxis(rows) || orderAxis(rows);
    rows = withBars(rows.map((row) => ({ ...row, ...formOf(row, axis) })));
    const said = (row) => (named && shown.length > 1 ? `${shown.find((one) => one.case_id === row.case_id).label}: ${row.label}` : row.label);
    const longest = Math.max(90, ...rows.map((row) => wide(said(row), 12)));
    const LABEL = narrow ? 0 : 112, left = narrow ? 0 : Math.min(LABEL + longest + 26, 0.56 * width), span = width - left, at = (unit) => left + span * unit;
    const judged = new Set(rows.filter((row) => row.judgment).map((row) => row.lane));
    const used = new Set(rows.map((row) => row.lane));
    const order = lanes.filter(([lane, , asked]) => asked || used.has(lane));
    const sorted = [...order.filter(([lane]) => !judged.has(lane)), ...order.filter(([lane]) => judged.has(lane))];
    const out = [], there = new Set();
    let y = M.top;
    const mark = (patient, body) => {
      const { color, color_dark } = patient.look;
      out.push(plain ? `<g color="${color}" stroke="currentColor">${body}</g>` : `<g class="case-of" style="--light:${color};--dark:${color_dark}" stroke="currentColor">${body}</g>`);
    };
    const sign = (patient, x, middle, size, more = "") => mark(patient, `<path transform="translate(${round(x)},${round(middle)}) scale(${size})" d="${PATHS[patient.look.shape]}" stroke-width="${round(10 / size) / 10}" ${more || 'fill="currentColor"'}/>`);
    const tops = [], noted = new Map(); // rows that the lines of the axis cross, but for where words stand
    const draw = (patient, row, middle, event) => {
      const tall = M.row - 5, x = at(row.left), x2 = at(row.right), broken = row.eventBasis === "inferred" || row.position_basis === "inferred";
      there.add(row.form === "end" && row.lasts ? "lasts" : row.form);
      [row.eventBasis, row.position_basis, row.leftBasis, row.rightBasis].forEach((basis) => there.add(basis));
      const was = before[row.event_id];
      if (was && axis.inDays && row.form !== "judgment" && (was.earliest !== row.earliest || was.latest !== row.latest)) {
        const old = { ...was, ...formOf({ ...row, ...was }, axis) };
        there.add("before");
        mark(patient, `<path class="case-before" opacity=".35" fill="none" stroke-width="3" transform="translate(${round(at(old.left))},${middle})" d="${windowPath(old, Math.max(1, span * (old.right - old.left)), tall)}"/>`);
      }
      if (row.form === "anywhere") {
        mark(patient, `<rect x="${left}" y="${middle - tall / 2}" width="${round(span)}" height="${tall}" opacity=".16" fill="currentColor" stroke="none"/>`);
        const where = row.position === NOT_IN_THE_RECORD ? `somewhere in the course; when is ${NOT_IN_THE_RECORD}` : joined(row.position, condition(row));
        out.push(type(cut(where, span - 12, 11), left + 6, middle, 11, 'font-style="italic"'));
      } else if (row.form === "end") {
        const start = rows.find((one) => one.event_id === row.ends && one.case_id === row.case_id);
        mark(patient, `<rect x="${round(x)}" y="${middle - 4}" width="${round(x2 - x)}" height="8" opacity=".75" fill="currentColor" stroke="none"/>`);
        if (row.lasts) mark(patient, `<path transform="translate(${round(x2)},${middle}) scale(5.5)" d="${PATHS["triangle-right"]}" fill="currentColor" stroke="none"/>`);
        if (start) sign(patient, at(start.left), middle, 5);
      } else if (row.form === "window") {
        mark(patient, `<path class="case-window" fill="none" stroke-width="1.6" transform="translate(${round(x)},${middle})" d="${windowPath(row, x2 - x, tall)}"/>`);
      } else if (row.form === "day") {
        sign(patient, x, middle, 5.5, broken ? 'fill="none" stroke-dasharray=".5 .35"' : "");
        if (row.position_basis === "defined") mark(patient, `<path fill="none" stroke-width="1.4" transform="translate(${round(x)},${middle})" d="${AROUND}"/>`);
      }
      if (narrow || !["day", "window"].includes(row.form) || (event && event.ended)) return;
      const gap = row.form === "day" ? 12 : 6;
      const rooms = [[x2 - x - 18, x + 11, "start"], [width - x2 - gap, x2 + gap, "start"], [x - left - gap, x - gap, "end"]];
      for (const note of notesOf(row)) {
        const room = rooms.find(([long]) => wide(note, 11) + 6 < long);
        if (!room) continue;
        out.push(type(note, room[1], middle, 11, `text-anchor="${room[2]}"`));
        noted.set(middle, room[2] === "end" ? [room[1] - wide(note, 11) - 3, room[1]] : [room[1] - 2, room[1] + wide(note, 11) + 3]);
        break;
      }
    };
    sorted.forEach(([lane, name, asked]) => {
      out.push(`<path d="M0,${y - 3}H${width}" stroke="currentColor" opacity=".18"/>`);
      out.push(type(cut(name, narrow ? width : LABEL - 8, 12, "bold"), 0, y + (narrow ? M.head : M.row) / 2, 12, 'font-weight="bold"'));
      y += M.head;
      shown.forEach((patient) => {
        const mine = rows.filter((row) => row.case_id === patient.case_id && row.lane === lane);
        const own = mine.filter((row) => row.form !== "end"), absent = (patient.absent || {})[lane] || [];
        absent.forEach((one) => {
          there.add("absent");
          const middle = y + M.row / 2, text = `${one}: looked for and absent`;
          mark(patient, `<g transform="translate(${narrow ? 8 : LABEL + 6},${middle})" stroke-width="1.4">${ABSENT}</g>`);
          out.push(type(cut(text, width - (narrow ? 20 : LABEL + 20), 12), narrow ? 20 : LABEL + 18, middle, 12));
          y += M.row;
        });
        if (!own.length && !absent.length && asked) {
          there.add("silent");
          const middle = y + M.row / 2, from = narrow ? 122 : left;
          sign(patient, narrow ? 5 : LABEL + 6, middle, 3.2);
          out.push(type(NOT_IN_THE_RECORD, narrow ? 15 : LABEL + 18, middle, 12, 'opacity=".75"'));
          out.push(`<path class="case-silent" transform="translate(${from},${middle})" d="${hatch(width - from, M.row - 5)}" stroke="currentColor" stroke-width=".8" fill="none" opacity=".45"/>`);
          y += M.row;
        }
        own.forEach((row) => {
          const ending = mine.find((one) => one.form === "end" && one.ends === row.event_id);
          const middle = y + M.label + M.row / 2, above = narrow ? y + M.label / 2 : middle;
          out.push(`<g class="case-row" data-of="${safe(row.event_id)}">`);
          const text = row.judgment ? `“${row.label}”, said of the whole course` : narrow && notesOf(row).length ? joined(said(row), notesOf(row)[0]) : said(row);
          sign(patient, narrow ? 5 : LABEL + 6, above, 3.2);
          out.push(type(cut(text, row.judgment || narrow ? width - 20 - (narrow ? 0 : LABEL) : left - LABEL - 24, 12), narrow ? 15 : LABEL + 18, above, 12, row.judgment ? 'font-style="italic"' : ""));
          draw(patient, row, middle, { ended: ending });
          if (ending) draw(patient, ending, middle);
          if (!row.judgment && row.form !== "anywhere") tops.push(middle);
          out.push("</g>");
          y += M.row + M.label;
        });
      });
      y += M.lane;
    });
    const head = [];
    axis.marks.forEach(([unit, text], place) => {
      const room = axis.inDays ? span : span * Math.min(...axis.marks.map(([other], one) => (one === place ? 2 * Math.min(unit, 1 - unit) : Math.abs(other - unit))));
      head.push(type(cut(text, room, 12), at(unit), M.top - 12, 12, 'text-anchor="middle"'));
      tops.filter((middle) => !(noted.has(middle) && noted.get(middle)[0] <= at(unit) && at(unit) <= noted.get(middle)[1])).forEach((middle) => head.push(`<path d="M${round(at(unit))},${middle - M.row / 2}V${middle + M.row / 2}" stroke="currentColor" opacity=".35"${axis.inDays ? ' stroke-dasharray="1 3"' : ""}/>`));
    });
    axis.zones.forEach(([from, to, text]) => head.push(type(cut(text, span * (to - from), 11), at((from + to) / 2), axis.inDays ? M.top - 12 : 12, 11, 'text-anchor="middle" opacity=".85"')));
    if (axis.inDays) head.push(type(cut(`days; day 0 is ${zero}, days count forward`, span, 11), at(0.5), 12, 11, 'text-anchor="middle" opacity=".85"'));
    const told = shown.map((patient) => `${patient.label}: ${rows.filter((row) => row.case_id === patient.case_id).map((row) => `${row.label}, ${joined(row.position, condition(row))}`).join("; ")}`);
    const about = `${title}. ${axis.inDays ? `The axis counts days; day 0 is ${zero}.` : "The zones show order only, not to scale."} ${told.join(". ")}.`;
    const legend = Object.keys(LEGEND).filter((name) => there.has(name)).map((name) => LEGEND[name]);
    const svg = `<svg role="img" xmlns="http://www.w3.org/2000/svg" width="${width}" height="${Math.ceil(y)}" viewBox="0 0 ${width} ${Math.ceil(y)}" font-family="Liberation Sans, Arimo, Arial, sans-serif" aria-label="${safe(about)}">${head.join("")}${out.join("")}</svg>`;
    return { svg, height: Math.ceil(y), legend, about, inDays: axis.inDays, looks: shown.map((one) => [one.look, one.label]) };
  }

  /* A picture of its own, on white: title, whose sign is which, the drawing, the key, and what it was made from. */
  function framed(drawn, { width, title, subtitle, foot }) {
    const EDGE = 16, out = [];
    let y = EDGE;
    const lines = (text, size, weight = "") => {
      let line = "";
      [...text.split(" "), null].forEach((word) => {
        const longer = word === null ? null : line ? `${line} ${word}` : word;
        if (longer !== null && wide(longer, size, weight) <= width) { line = longer; return; }
        y += Math.ceil(1.3 * size);
        out.push(type(line, EDGE, y - size * 0.35, size, weight && `font-weight="${weight}"`));
        line = word || "";
      });
    };
    const signs = (entries, size) => {
      let x = 0;
      y += Math.ceil(1.6 * size);
      entries.forEach(({ body, room, text }) => {
        const long = room + 6 + wide(text, size);
        if (x && x + long > width) { x = 0; y += Math.ceil(1.5 * size); }
        out.push(`<g transform="translate(${EDGE + x},${y - 11})">${body}</g>`, type(cut(text, width - room, size), EDGE + x + room + 6, y - size * 0.35, size));
        x += long + 18;
      });
    };
    lines(title, 15, "bold");
    if (subtitle) lines(subtitle, 12);
    signs(drawn.looks.map(([look, text]) => ({ body: `<path transform="translate(7,7) scale(5)" d="${PATHS[look.shape]}" fill="${look.color}"/>`, room: 14, text })), 12);
    out.push(`<g transform="translate(${EDGE},${y + 10})">${drawn.svg}</g>`);
    y += drawn.height + 18;
    signs(drawn.legend.map(([text, body]) => ({ body: `<g fill="none" stroke="currentColor" stroke-width="1.4">${body}</g>`, room: 28, text })), 11);
    y += 6;
    lines(foot, 10.5);
    const size = [width + 2 * EDGE, Math.ceil(y + EDGE)];
    return { size, svg: `<svg xmlns="http://www.w3.org/2000/svg" width="${size[0]}" height="${size[1]}" viewBox="0 0 ${size.join(" ")}" color="#1b1b1b" font-family="Liberation Sans, Arimo, Arial, sans-serif"><title>${safe(title)}</title><desc>${safe(drawn.about)}</desc><rect width="${size[0]}" height="${size[1]}" fill="#ffffff"/>${out.join("")}</svg>` };
  }

  Object.assign(globalThis.casebookCase, { picture, framed, safe });
})();
