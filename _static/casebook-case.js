/* Your case: the second engine. Each function here does what the one of its name in casebook.timeline or casebook.words
   does, over the rows of one case; a test puts random networks through both. It knows no page: see casebook-case-page.js. */
"use strict";

(() => {
  const MICRO = 1e6; // days are added up as whole millionths, as in timeline.network
  const MOST_DAYS = 1e9;
  const BASES = ["stated", "defined", "inferred"];
  const NOT_IN_THE_RECORD = "not in the record";
  const DAYS_IN = { hour: 1 / 24, day: 1, week: 7, month: 30.44, year: 365.25 };

  /* ---------------------------------------------------------------- words */
  const isBlank = (cell) => cell === undefined || cell === null || cell === "";
  const isTrue = (cell) => cell === true || cell === "true";
  const unique = (items) => [...new Set(items)];
  const listed = (items, word = "and") =>
    items.length > 1 ? `${items.slice(0, -1).join(", ")} ${word} ${items[items.length - 1]}` : items[0] || "";

  /* Half to even, as numpy and Python round. */
  function rint(value) {
    const up = Math.round(value);
    return up - value === 0.5 && up % 2 !== 0 ? up - 1 : up;
  }

  function number(value) {
    const tie = Number.isInteger(value * 8) && !Number.isInteger(value * 4); // ends in …5 exactly: toFixed rounds it away from 0
    const text = (tie ? rint(value * 100) / 100 : value).toFixed(2).replace(/\.?0+$/, "");
    return text === "-0" ? "0" : text.replace("-", "−");
  }

  const day = (value) => (number(value) === "1" ? "day" : "days");

  function days(least, most) {
    if (most === Infinity) return Number.isFinite(least) && least > 0 ? `${number(least)} ${day(least)} or more` : "some time";
    if (least === -Infinity) return `at most ${number(most)} ${day(most)}`;
    return least === most ? `${number(most)} ${day(most)}` : `${number(least)} to ${number(most)} ${day(most)}`;
  }

  function weakest(bases) {
    if (!bases.length) return null;
    if (bases.some((basis) => !BASES.includes(basis))) return "basis unknown";
    return BASES[Math.max(...bases.map((basis) => BASES.indexOf(basis)))];
  }

  /* A cell of days as a number: "2 months" are 60.88; NaN where it is open. It throws what is no length of time. */
  function daysOf(cell) {
    if (isBlank(cell)) return NaN;
    const said = /^([-\u2010-\u2013\u2212]?)\s*(\d+(?:[.,]\d+)?)\s*(?:(hour|day|week|month|year)s?)?$/i.exec(String(cell).trim());
    const value = typeof cell === "number" ? cell : said ? Number((said[1] && "-") + said[2].replace(",", ".")) * DAYS_IN[(said[3] || "day").toLowerCase()] : NaN;
    if (!(Math.abs(value) <= MOST_DAYS)) throw new RangeError(`found ${cell}; expected a number of days, or blank where it is open`);
    return value + 0;
  }

  /* ---------------------------------------------------------------- network */
  const square = (size, value) => Array.from({ length: size }, () => new Array(size).fill(value));
  const whole = (exact) => rint(exact * 1000) / 1000; // without what binary numbers add in the last digits

  /* The edges of the bounds: of each pair of events the tightest, and the row behind it. */
  function edgesOf(nodes, bounds) {
    const place = new Map(nodes.map((id, at) => [id, at]));
    const most = square(nodes.length, Infinity), rows = square(nodes.length, null);
    nodes.forEach((_, at) => { most[at][at] = 0; });
    let rounded = 0;
    for (const bound of bounds) {
      const [start, end] = [place.get(bound.from_event), place.get(bound.to_event)];
      const [least, latest] = [whole(-daysOf(bound.min_days) * MICRO), whole(daysOf(bound.max_days) * MICRO)];
      for (const [source, target, exact] of [[start, end, latest], [end, start, least]]) {
        const weight = Math.ceil(exact);
        rounded += weight > exact;
        if (weight < most[source][target]) { // false where blank
          if (source === target) return { alone: bound };
          most[source][target] = weight;
          rows[source][target] = bound;
        }
      }
    }
    return { most, rows, rounded };
  }

  /* The shortest path from start to end, as edges in their order. */
  function steps(before, start, end) {
    const found = [];
    for (let at = end; at !== start && before[start][at] >= 0; at = before[start][at]) found.unshift([before[start][at], at]);
    return found;
  }

  /* The rows of the negative cycle of the fewest edges: walks of one edge more until one comes back below 0. */
  function smallestContradiction(weights, rows) {
    const size = weights.length;
    const edges = weights.map((row, from) => row.map((weight, to) => (rows[from][to] ? weight : Infinity)));
    const layers = [];
    for (let walk = edges; ;) {
      const start = walk.findIndex((row, at) => row[at] < 0);
      if (start >= 0) {
        const around = [];
        let end = start;
        for (const before of layers.reverse()) {
          around.unshift(rows[before[start][end]][end]);
          end = before[start][end];
        }
        return unique([rows[start][end], ...around]);
      }
      const longer = square(size, Infinity), before = square(size, -1);
      for (let from = 0; from < size; from += 1) {
        for (let by = 0; by < size; by += 1) {
          if (walk[from][by] === Infinity) continue;
          for (let to = 0; to < size; to += 1) {
            const through = walk[from][by] + edges[by][to];
            if (through < longer[from][to]) { longer[from][to] = through; before[from][to] = by; }
          }
        }
      }
      layers.push(before);
      walk = longer;
    }
  }

  function solveOnce(events, bounds) {
    const nodes = events.map((event) => event.event_id), size = nodes.length;
    const { most, rows, rounded, alone } = edgesOf(nodes, bounds);
    if (alone) return { conflict: [alone] };
    const direct = most.map((row) => [...row]);
    const before = rows.map((row, from) => row.map((bound) => (bound ? from : -1)));
    for (let by = 0; by < size; by += 1) {
      const onward = most[by], last = before[by];
      for (let from = 0; from < size; from += 1) {
        const first = most[from][by], row = most[from];
        if (first === Infinity) continue;
        for (let to = 0; to < size; to += 1) {
          const through = first + onward[to];
          if (through < row[to]) {
            if (from === to) return { conflict: smallestContradiction(direct, rows) };
            row[to] = through;
            before[from][to] = last[to];
          }
        }
      }
    }
    knownDays(most, 2 * rounded);
    const indexEvents = events.flatMap((event, at) => (isTrue(event.index_event) ? [at] : []));
    const known = most.map((row) => row.map((value) => value / MICRO + 0));
    const least = (start, end) => 0 - known[end][start];
    const path = (start, end) => steps(before, start, end).map(([from, to]) => rows[from][to]);
    return { network: { nodes, indexEvents, most: known, least, path } };
  }

  /* One day again of what rounding outward drew apart: the one of fewest digits that lies between. */
  function knownDays(most, slack) {
    if (!slack) return;
    for (let from = 0; from < most.length; from += 1) {
      for (let to = 0; to < from; to += 1) {
        const apart = most[from][to] + most[to][from];
        if (!(apart > 0 && apart <= slack)) continue;
        const middle = (most[from][to] - most[to][from]) / 2;
        for (let digits = 0; digits < 7; digits += 1) {
          const scale = 10 ** digits;
          const found = ((digits ? rint((middle / MICRO) * scale) / scale : rint(middle / MICRO))) * MICRO;
          if (Math.abs(found - middle) <= apart / 2) {
            most[from][to] = rint(found);
            most[to][from] = rint(-found);
            break;
          }
        }
      }
    }
  }

  /* The network of one case, and its contradictions; the rows of each are put aside, and the next is looked for. */
  function solve(events, bounds) {
    const conflicts = [];
    let left = bounds, found = solveOnce(events, left);
    while (found.conflict) {
      const { conflict } = found;
      conflicts.push(conflict);
      left = left.filter((bound) => !conflict.includes(bound));
      found = solveOnce(events, left);
    }
    return { network: found.network, conflicts };
  }

  /* ---------------------------------------------------------------- placement */
  function onEitherSide({ most }, at, others) {
    const earlier = others.filter((one) => most[at][one] <= 0);
    const later = others.filter((one) => most[one][at] <= 0);
    // Nearest: the one beyond which no other of its side is known to lie.
    const since = earlier.find((one) => earlier.every((other) => most[one][other] <= 0));
    const until = later.find((one) => later.every((other) => most[other][one] <= 0));
    return [since ?? null, until ?? null];
  }

  /* The event from which the distance is known best: the narrowest span, then an index event, then the nearest. */
  function bestKnown(network, at, others, sides) {
    const { most, least, indexEvents } = network;
    const rank = (one) => [most[one][at] - least(one, at), Number(!indexEvents.includes(one)), Math.min(Math.abs(least(one, at)), Math.abs(most[one][at]))];
    let best = null;
    for (const one of others.filter((other) => Number.isFinite(least(other, at)) && Number.isFinite(most[other][at]))) {
      const ranked = rank(one);
      const differs = best ? ranked.findIndex((value, place) => value !== best.ranked[place]) : 0;
      if (!best || (differs >= 0 && ranked[differs] < best.ranked[differs])) best = { one, ranked };
    }
    if (best) return best.one;
    return sides.filter((one) => one !== null).find((one) => least(one, at) > 0 || most[one][at] < 0) ?? null;
  }

  function because(network, name, other, at) {
    const early = network.path(at, other).reverse(), late = network.path(other, at);
    if (name === "since" || name === "after") return early;
    return name === "until" || name === "before" ? late.reverse() : unique([...early, ...late]);
  }

  /* Of each event its limits from day 0, and its neighbors; rows of bounds stand under …_because. */
  function windows(network, zero) {
    const from = network.nodes.indexOf(zero);
    return network.nodes.map((event_id, at) => {
      const row = { event_id, earliest: -Infinity, latest: Infinity, earliest_because: [], latest_because: [] };
      if (from >= 0) {
        row.earliest = network.least(from, at);
        row.latest = network.most[from][at];
        row.earliest_because = network.path(at, from).reverse();
        row.latest_because = network.path(from, at);
      }
      const others = network.nodes.map((_, other) => other).filter((other) => other !== at);
      const index = others.filter((other) => network.indexEvents.includes(other));
      const [since, until] = onEitherSide(network, at, index);
      const [after, before] = onEitherSide(network, at, others);
      const sides = since !== null || until !== null ? [since, until] : [after, before];
      const near = bestKnown(network, at, network.indexEvents.includes(at) ? index : others, sides);
      row.near_min = near === null ? NaN : network.least(near, at);
      row.near_max = near === null ? NaN : network.most[near][at];
      Object.entries({ since, until, near, after, before }).forEach(([name, other]) => {
        row[name] = other === null ? null : network.nodes[other];
        row[`${name}_because`] = other === null ? [] : because(network, name, other, at);
      });
      return row;
    });
  }

  /* ---------------------------------------------------------------- courses */
  /* What follows from a death: nothing of a patient lies later but follow-up. */
  function withDeaths(events, bounds, kinds) {
    const of = (event) => kinds[event.kind] || {};
    const deaths = events.filter((event) => of(event).life === "death");
    return [...bounds, ...deaths.flatMap((death) => events.filter((event) => !of(event).life && !of(event).judgment).map((event) => ({
      bound_id: `${event.event_id}-before-${death.event_id}`, case_id: death.case_id, from_event: event.event_id, to_event: death.event_id,
      min_days: 0, basis: "defined", statement: `Nothing but follow-up comes after ${of(death).name}.`, follows: true,
    })))];
  }

  /* How days are counted from an event, as in "21 days after …". */
  function reference(event, kinds) {
    const { said } = kinds[event.kind] || {};
    return said ? (isTrue(event.index_event) ? said : `the ${event.label}`) : event.label;
  }

  function apart(least, most, name) {
    if (least === 0 && most === 0) return `on the day of ${name.replace(/^the day of /, "")}`;
    if (least >= 0) return `${days(least, most)} after ${name}`;
    if (most <= 0) return `${days(0 - most, 0 - least)} before ${name}`;
    return `${days(0 - least, 0 - least)} before to ${days(most, most)} after ${name}`;
  }

  function order(row, names) {
    for (const sides of [["since", "until"], ["after", "before"]]) {
      const [since, until] = sides.map((side) => row[side]);
      if (since !== null && until !== null) return [`after ${names[since]}, before ${names[until]}`, sides];
      if (since !== null) return [`after ${names[since]}, no later limit`, sides.slice(0, 1)];
      if (until !== null) return [`before ${names[until]}, no earlier limit`, sides.slice(1)];
    }
    return [NOT_IN_THE_RECORD, []];
  }

  /* Where one event lies, by the tightest that is known; and which parts of the row the words use. */
  function position(row, names) {
    const { earliest: early, latest: late, near_min: least, near_max: most } = row;
    if (early === late) return [`day ${number(early)}`, ["earliest", "latest"]];
    const near = row.near === null ? null : apart(least, most, names[row.near]);
    if (Number.isFinite(early) && Number.isFinite(late)) {
      const span = `day ${number(early)} to ${number(late)}`;
      return near && most - least < late - early ? [`${near} (${span})`, ["near", "earliest", "latest"]] : [span, ["earliest", "latest"]];
    }
    if (near && Number.isFinite(least) && Number.isFinite(most)) return [near, ["near"]];
    if (Number.isFinite(early) && (early !== 0 || row.since === null)) return [`day ${number(early)} or later`, ["earliest"]];
    if (Number.isFinite(late) && (late !== 0 || row.until === null)) return [`day ${number(late)} or earlier`, ["latest"]];
    return near ? [near, ["near"]] : order(row, names);
  }

  /* Day 0: the event or the kind that is asked for; else the index event of the first kind that has an anchor, any, the first. */
  function zeroOf(events, kinds, from) {
    const index = events.filter((event) => isTrue(event.index_event));
    const asked = from && (index.find((event) => event.kind === from) || events.find((event) => event.event_id === from));
    if (asked) return asked.event_id;
    const anchor = (event) => (kinds[event.kind] || {}).anchor || Infinity;
    const first = index.reduce((best, event) => (anchor(event) < anchor(best) ? event : best), index[0]) || events[0];
    return first ? first.event_id : null;
  }

  /* The course of one case: its windows with their words, or the smallest sets of rows that cannot all be true. */
  function course(events, bounds, kinds, { from, labels = {} } = {}) {
    const { network, conflicts } = solve(events, withDeaths(events, bounds, kinds));
    const zero = zeroOf(events, kinds, from);
    if (conflicts.length) return { zero, network, conflicts, windows: [] };
    const names = Object.fromEntries(events.map((event) => [event.event_id, reference(event, kinds)]));
    const found = windows(network, zero).map((row) => {
      const [text, used] = position(row, names);
      const behind = unique(used.flatMap((part) => row[`${part}_because`]));
      return {
        ...row, position: text, behind,
        position_basis: weakest(behind.map((bound) => bound.basis)),
        if_defined_as: unique(behind.filter((bound) => bound.definition_id).map((bound) => labels[bound.definition_id])).join(", "),
        because: behind.map((bound) => `${bound.statement} (${bound.basis})`).join(" "),
      };
    });
    return { zero, network, conflicts, windows: found };
  }

  /* The unknown day that, once known, narrows most others; null if none does. */
  function askFirst({ zero, network, windows: rows }) {
    const micro = (days) => rint(days * MICRO), early = rows.map((row) => micro(row.earliest)), late = rows.map((row) => micro(row.latest));
    const open = network.nodes.map((_, at) => at).filter((at) => network.nodes[at] !== zero && early[at] < late[at]);
    const narrows = (one, other) => one !== other &&
      (early[one] + micro(network.most[one][other]) < late[other] || late[one] - micro(network.most[other][one]) > early[other]);
    const counts = open.map((one) => open.filter((other) => narrows(one, other)).length);
    const most = Math.max(0, ...counts);
    return most ? { event: network.nodes[open[counts.indexOf(most)]], narrows: most } : null;
  }

  /* What `python -m casebook place FILE --json` prints. */
  function place(file, kinds, { from, labels } = {}) {
    const found = { format: "casebook-placement", version: 1, rows: [], open: [], ask_first: [], contradictions: [] };
    const finite = (value) => (Number.isFinite(value) ? value : null);
    file.cases.forEach(({ case_id }) => {
      const mine = (rows) => (rows || []).filter((row) => row.case_id === case_id).map((row) => ({ ...row, basis: row.basis || "stated" }));
      const events = mine(file.events);
      const told = course(events, mine(file.bounds), kinds, { from, labels });
      told.conflicts.forEach((rows) => found.contradictions.push({ case: case_id, bounds: rows.map((row) => row.bound_id) }));
      told.windows.forEach((row, at) => {
        found.rows.push({
          case: case_id, event: row.event_id, label: events[at].label, earliest: finite(row.earliest), latest: finite(row.latest),
          words: row.position, basis: row.position_basis, because: row.behind.map((bound) => bound.bound_id), reasons: row.because,
        });
        if (row.earliest !== row.latest) found.open.push(row.event_id);
      });
      const first = told.conflicts.length ? null : askFirst(told);
      if (first) found.ask_first.push({ case: case_id, ...first });
    });
    return found;
  }

  globalThis.casebookCase = {
    DAYS_IN, NOT_IN_THE_RECORD, apart, askFirst, course, days, daysOf, isBlank, isTrue, listed, number, place, reference, rint, solve, unique, weakest, zeroOf,
  };
})();
