/* The instruments on a page: rules, forms and inputs are those of the tables, inlined when the page was built.
   Each function here does what the one of its name in casebook.instruments does; a test holds the two together. */
"use strict";

(() => {
  const source = document.getElementById("instrument-rules");
  if (!source) return;
  const known = JSON.parse(source.textContent);
  const { definitions, says } = known;

  class Refused extends Error {}

  /* ---------------------------------------------------------------- conditions */
  function holds({ condition: { operator, limits, closed, choices } }, value) {
    if (value === null || value === undefined) return null;
    if (choices.length) return choices.includes(value);
    const [limit, high] = limits;
    if (operator === "within") return (closed[0] ? value >= limit : value > limit) && (closed[1] ? value <= high : value < high);
    return { ">=": value >= limit, ">": value > limit, "<=": value <= limit, "<": value < limit }[operator];
  }

  const allHold = (parts) => (parts.includes(false) ? false : parts.includes(null) ? null : true);
  const tidy = (value) => Math.floor(value * 1e9 + 0.5) / 1e9;

  /* ---------------------------------------------------------------- rules */
  const those = (rules, instrument, decides) =>
    rules.filter((rule) => rule.instrument === instrument && (!decides.length || decides.includes(rule.decides)));
  const used = (instrument, ...decides) => those(known.used, instrument, decides);
  const unused = (instrument, ...decides) => those(known.unused, instrument, decides);
  const unique = (items) => [...new Set(items)];
  const inWords = (rules) => unique(rules.map((rule) => rule.says)).join("; ") || says.no_rule;
  const missingOf = (findings) => Object.keys(findings).filter((name) => findings[name] === null);
  const without = (findings, names) => Object.fromEntries(Object.entries(findings).filter(([name]) => !names.includes(name)));
  const listed = (items, word = "and") =>
    items.length > 1 ? `${items.slice(0, -1).join(", ")} ${word} ${items[items.length - 1]}` : items[0] || "";

  function groups(rules, findings) {
    const byName = new Map();
    rules.filter((rule) => !["max", "note", "divide"].includes(rule.condition.operator)).forEach((rule) => {
      const name = rule.together || rule.rule_id;
      byName.set(name, [...(byName.get(name) || []), rule]);
    });
    return [...byName.values()].map((group) => [group, allHold(group.map((rule) => holds(rule, findings[rule.parameter])))]);
  }

  const holding = (rules, findings) => groups(rules, findings).filter(([, held]) => held).flatMap(([group]) => group);

  function decide(rules, findings) {
    const found = groups(rules, findings);
    const most = (kept) => Math.max(0, ...kept.map(([group]) => Number(group[0].grade)));
    const value = most(found.filter(([, held]) => held));
    const deciding = found.filter(([group, held]) => held && Number(group[0].grade) === value).flatMap(([group]) => group);
    return { value, rules: deciding, ceiling: most(found.filter(([, held]) => held !== false)) };
  }

  function putTogether(rules, findings, value) {
    const known_ = (names) => names.filter((name) => findings[name] !== null && findings[name] !== undefined);
    return rules.filter((rule) => {
      if (rule.condition.operator !== "max") return false;
      const byPart = (name) => decide(rules.filter((one) => one.parameter === name && !one.together), findings).value;
      const all = known_(Object.keys(findings)).map((name) => findings[name]);
      const grades = rule.parts.length ? known_(rule.parts).map(byPart) : [value, all.length ? Math.max(...all) : value];
      return unique(grades).length > 1;
    });
  }

  const graded = (value, rule, missing = [], at_least = false) => ({ value, rule, missing, at_least });

  /* ---------------------------------------------------------------- what is handed in */
  const literal = (value) => {
    if (value instanceof Map) return `{${[...value].map(([key, one]) => `${key}: ${literal(one)}`).join(", ")}}`;
    return value === null ? "None" : value === true ? "True" : value === false ? "False" : typeof value === "number" ? String(value) : `"${value}"`;
  };
  const number = (value) => value.toFixed(2).replace(/\.?0+$/, "").replace("-", "−");

  function take(asked, value, name = asked.name) {
    if (value === null || !["number", "whole"].includes(asked.kind)) return value;
    const { low, high, unit } = asked;
    const fits = asked.other_units.find(([, above, below]) => value > above && (below === null || value < below));
    if (fits || value < low || (high !== null && value > high) || (asked.kind === "whole" && !Number.isInteger(value))) {
      const limits = high === null ? `of at least ${number(low)}` : `from ${number(low)} to ${number(high)}`;
      const told = `${unit ? ` (${unit})` : ""}${fits ? `; ${number(value)} fits ${fits[0]}` : ""}`;
      throw new Refused(`${name} is ${literal(value)}: give a ${asked.kind === "whole" ? "whole number" : "number"} ${limits}${told}`);
    }
    return value;
  }

  function taken(form, given) {
    const found = {};
    form.parts.forEach(([part]) => {
      const into = part ? (found[part] = {}) : found;
      const values = part ? given[part] : given;
      form.inputs.filter((one) => one.parts.includes(part)).forEach((one) => { into[one.name] = take(one, values[one.name]); });
    });
    return found;
  }

  /* ---------------------------------------------------------------- an instrument that its rows say in full */
  function inOtherUnits(rules, given) {
    let findings = given;
    const told = rules.filter((rule) => rule.condition.operator === "divide" && rule.parameter in given && given[rule.parameter] !== null);
    rules.filter((rule) => rule.condition.operator === "divide").forEach((rule) => { findings = without(findings, [rule.parameter]); });
    told.forEach((rule) => {
      if (findings[rule.decides] !== null) throw new Refused(`${rule.decides} and ${rule.parameter} are both given: give one of them`);
      findings[rule.decides] = tidy(given[rule.parameter] / rule.condition.limits[0]);
    });
    return [findings, told];
  }

  function allowed(form, scale, findings) {
    const held = holding(scale, findings);
    const other = held.find((rule) => ![form.gate, "disputed"].includes(rule.grade));
    if (other) throw new Refused(`${other.parameter} is ${findings[other.parameter]}: ${other.says}, which is not computed here`);
    return held.filter((rule) => rule.grade === "disputed");
  }

  function highest(rules, findings, told = [], left = []) {
    const found = decide(rules, findings);
    const aside = listed(holding(left, findings).map((rule) => `${says.read_in_part}: ${rule.says}`));
    const rule = inWords([...told, ...found.rules, ...putTogether(rules, findings, found.value)]);
    return graded(found.value, aside ? `${rule}; ${aside}` : rule, missingOf(findings), found.ceiling > found.value);
  }

  const COMBINE = {
    max: (form, findings, told) =>
      highest(used(form.instrument, ...form.decides), findings, told, unused(form.instrument, ...form.decides)),
    sum: (form, findings, told) => {
      const missing = missingOf(findings);
      const counted = used(form.instrument, ...form.decides).filter((rule) => !missing.includes(rule.parameter));
      const total = Object.values(findings).reduce((sum, value) => sum + (value ?? 0), 0);
      return graded(total, inWords([...told, ...counted]), missing, missing.length > 0);
    },
    first: (form, findings, told) => {
      const [rules, missing] = [used(form.instrument, ...form.decides), missingOf(findings)];
      const deciding = holding(rules, findings);
      if (deciding.length) return graded(deciding[0].grade, inWords([...told, ...deciding]), missing);
      return graded(null, `open until assessed: ${missing.join(", ")}. ${rules[0].says}`, missing);
    },
  };

  function grade(form, given) {
    let [findings, told] = inOtherUnits(used(form.instrument), taken(form, given));
    if (form.gate) {
      const scale = known.used.filter((rule) => rule.decides === "scale");
      told = [...told, ...allowed(form, scale, findings)];
      findings = without(findings, scale.map((rule) => rule.parameter));
    }
    return COMBINE[form.combine](form, findings, told);
  }

  /* ---------------------------------------------------------------- instruments with a function of their own */
  function crs_grade(form, given) {
    const signs = taken(form, given);
    const [[heat, hot]] = groups(used("crs", "fever"), signs);
    const cause = signs.fever === false && hot ? `${inWords(heat)} that another cause explains` : "";
    signs.fever = signs.fever === null ? hot : signs.fever;
    const gates = groups(used("crs", "gate"), signs).filter(([, held]) => held).map(([group]) => group);
    const opened = gates.find((group) => group[0].grade === "open");
    const closed = gates.find((group) => group[0].grade === "closed");
    const rules = used("crs", "grade");
    const found = decide(rules, signs);
    const least = signs.fever ? Math.min(...rules.filter((rule) => rule.grade).map((rule) => Number(rule.grade))) : 0;
    const value = opened ? Math.max(found.value, least) : 0;
    const ceiling = closed ? 0 : found.ceiling;
    const axes = { hypotension: signs.hypotension, hypoxia: signs.hypoxia };
    const missing = gateMissing(signs, opened, closed, found.value);
    const well = signs.fever === false && Object.values(axes).every((axis) => axis === "none");
    let parts;
    if (well && (signs.fever_earlier || !closed)) parts = [cause, opened ? inWords(opened) : "", says.nothing_now];
    else if (closed) parts = [cause ? `${cause}: it does not open the grading` : inWords(closed)];
    else if (opened) parts = [cause, inWords([...opened, ...found.rules, ...putTogether(rules, axes, value)])];
    else parts = [cause, `open until assessed: ${missing.join(", ")}`];
    return graded(value, parts.filter(Boolean).join("; "), [...missing, ...missingOf(axes)], ceiling > value);
  }

  function gateMissing(signs, opened, closed, byAxes) {
    if (signs.fever || closed || (opened && byAxes)) return [];
    const waiver = ["fever_waived", "fever_earlier"];
    const asked = opened || waiver.some((name) => signs[name] === false) ? ["fever"] : ["fever", ...waiver];
    return asked.filter((name) => signs[name] === null);
  }

  function lowerGut(form, given) {
    const asked = taken(form, given);
    if (!asked.weight_kg) throw new Refused(`weight_kg is ${literal(asked.weight_kg)}: give a number above 0 (kg); the bands depend on it`);
    const [change] = holding(used("gvhd_stage", "lower_gi"), { weight_kg: asked.weight_kg });
    const mine = change.grade.replace(/ bands$/, "");
    const stage = byBands(mine, asked, [change]);
    const other = mine === "adult" ? "child" : "adult";
    if (asked.adult !== (other === "adult")) return stage;
    const rival = byBands(other, asked);
    return { ...stage, rule: `${stage.rule}; by the ${other} bands stage ${rival.at_least ? "at least " : ""}${rival.value}: ${says.other_bands}` };
  }

  function byBands(bands, asked, told = []) {
    const { stool_ml_per_day: volume, stool_episodes_per_day: episodes, severe_pain, gross_blood } = asked;
    let given = { stool_ml_per_kg_per_day: volume === null ? null : tidy(volume / asked.weight_kg) };
    if (volume === null && episodes !== null) given = { stool_episodes_per_day: episodes };
    else if (bands === "adult") given = { stool_ml_per_day: volume };
    Object.assign(given, { severe_pain, gross_blood });
    const rules = used("gvhd_stage", "lower_gi", `lower_gi_${bands}`).filter((rule) => rule.parameter in given);
    const stage = highest(rules, given, told);
    return { ...stage, missing: stage.missing.map((name) => name.replace("_per_kg", "")) };
  }

  function tma_criteria(form, given) {
    const asked = taken(form, given);
    const { first, second, days_apart: days, biopsy } = asked;
    const times = [first, second];
    const names = Object.keys(first);
    const rule = Object.fromEntries(used("tma", "conclusion").map((one) => [one.parameter, one]));
    const count = (test) => Math.min(...times.map((time) => names.filter((name) => test(time[name])).length));
    const enough = holds(rule.criteria_met, count((value) => value === true)) ||
      (holds(rule.criteria_met, count((value) => value !== false)) ? null : false);
    const daysOf = days === null || days >= 1 ? 2 : days === 0 ? 1 : null;
    const clinical = { criteria_met: enough, time_points: holds(rule.time_points, daysOf), days_apart: holds(rule.days_apart, days) };
    const missing = [...names.filter((name) => times.some((time) => time[name] === null)), ...missingOf({ days_apart: days, biopsy })];
    const oneDay = days === null || days >= 1 ? "" : `; ${days === 0 ? says.one_day : says.less_than_a_day}`;
    const met = (time) => names.filter((name) => time[name]).length;
    const counted = `${met(first)} of ${names.length} (first time) and ${met(second)} of ${names.length} (second time)${oneDay}`;
    const risk = riskOf(times, asked.high_risk);
    if (biopsy) return { ...graded("met", inWords([rule.biopsy]), missing), ...risk };
    if (allHold(Object.values(clinical))) {
      return { ...graded("met", `${inWords(Object.keys(clinical).map((name) => rule[name]))}: ${counted}`, missing), ...risk };
    }
    const failing = Object.keys(clinical).filter((name) => clinical[name] === false).map((name) => rule[name]);
    if (failing.length && biopsy === false) return graded("not met", `not ${inWords(failing)}: ${counted}`, missing);
    return graded("undetermined", `${missing.length ? `not assessed: ${listed(missing)}; ` : ""}${counted}`, missing);
  }

  function riskOf(times, given) {
    const features = { ...given };
    ["sc5b9", "proteinuria"].filter((name) => features[name] === null).forEach((name) => {
      const seen = times.map((time) => time[name]);
      features[name] = seen.includes(true) ? true : seen.includes(null) ? null : false;
    });
    const present = used("tma").filter((rule) => rule.decides.startsWith("risk_") && features[rule.decides.slice(5)]);
    const missing = missingOf(features);
    if (present.length) return { risk: "high", riskRule: inWords(present) };
    if (missing.length) return { risk: "undetermined", riskRule: `not assessed: ${listed(missing)}` };
    return { risk: "standard", riskRule: inWords(used("tma", "risk")) };
  }

  function recovery_day(form, given) {
    const { cell: kind, last_transfusion_day: last, values_by_day: values } = taken(form, given);
    const { in_a_row: inARow, longest_gap: longestGap, days_without_transfusion: free, least: { [kind]: least } } = known.counts;
    values.forEach((count, day) => {
      take(known.inputs.day, day, "a day");
      take(known.inputs[kind], count, `the count of day ${day}`);
    });
    const definition = definitions[`${kind} recovery`];
    const days = [...values.keys()].sort((one, other) => one - other);
    const missing = days.filter((day) => values.get(day) === null).map((day) => `day ${day}`);
    const measured = days.filter((day) => values.get(day) !== null);
    if (kind === "platelet" && last === null) missing.push("last_transfusion_day");
    if (!measured.length) return graded(null, `no count was given. ${definition}`, [...missing, "values_by_day"]);
    const after = measured.filter((day) => day >= 0);
    const low = after.filter((day) => values.get(day) < least);
    let nadir = null;
    if (low.length && (kind === "neutrophil" || last === null || last < 0)) {
      nadir = low.reduce((lowest, day) => (values.get(day) < values.get(lowest) ? day : lowest));
    } else if (kind === "neutrophil") return graded(null, `no count below the limit was given. ${definition}`, [...missing, "nadir"]);
    const start = Math.max(nadir ?? 0, kind === "platelet" && last !== null ? last + free : 0);
    const rows = after.map((_, at) => after.slice(at, at + inARow))
      .filter((row) => row.length === inARow && row.every((day) => values.get(day) >= least));
    const told = [];
    const named = (row) => `days ${listed(row.map(String))}`;
    if (nadir !== null && rows.length && rows[0][0] < nadir) told.push(`${named(rows[0])} came before the lowest count and do not count`);
    const row = rows.find((one) => one[0] >= start);
    if (!row) return graded(null, `${[`not ${inARow} counts in a row yet`, ...told].join("; ")}. ${definition}`, missing);
    const gap = Math.max(...row.slice(1).map((day, at) => day - row[at]));
    told.unshift(`${named(row)}, at most ${gap} ${gap === 1 ? "day" : "days"} apart${gap > longestGap ? says.far_apart : ""}`);
    const again = low.filter((day) => day > row[row.length - 1]);
    if (again.length) told.push(`counts fell again on day ${again[0]}`);
    return graded(row[0], `${told.join("; ")}. ${definition}`, missing, kind === "platelet" && last === null);
  }

  function easix(form, given) {
    const asked = taken(form, given);
    if (asked.platelets_1e9_l === 0) throw new Refused("platelets_1e9_l is 0: give a number above 0 (10⁹/L); nothing can be divided by it");
    const missing = missingOf(asked);
    return graded(missing.length ? null : (asked.ldh_u_l * asked.creatinine_mg_dl) / asked.platelets_1e9_l, definitions.EASIX, missing);
  }

  const OWN = { crs_grade, gvhd_stage_lower_gi: lowerGut, tma_criteria, recovery_day, easix };

  /* ---------------------------------------------------------------- forms */
  /* A line is a day and a count, or several of them; a comma parts them, or stands for a decimal point ("11 0,5"). */
  function pairsOf(line) {
    const plain = line.split(/[\s,;:]+/).filter(Boolean);
    const parts = plain.length === 2 ? plain : line.split(/[\s;:]+|,\s+/).filter(Boolean);
    const good = parts.length % 2 === 0 && parts.every((part, at) => /^-?(\d+[.,]?\d*|[.,]\d+)$/.test(part) || (at % 2 && part === "?"));
    if (!good) throw new Refused(`${line}: give a day and a count on each line, such as 11 0.5`);
    if (parts.some((part) => /,\d{3}$/.test(part))) {
      throw new Refused(`${line}: a comma before three digits may part thousands or decimals: write the count without it`);
    }
    const numbers = parts.map((part) => (part === "?" ? null : Number(part.replace(",", "."))));
    return numbers.flatMap((day, at) => (at % 2 ? [] : [[day, numbers[at + 1]]]));
  }

  function countsOf(text) {
    const counts = new Map();
    text.split(/\n/).map((line) => line.trim()).filter(Boolean).flatMap(pairsOf).forEach(([day, count]) => {
      if (counts.has(day)) throw new Refused(`day ${day} has two counts, ${counts.get(day) ?? "?"} and ${count ?? "?"}: give one of them`);
      counts.set(day, count);
    });
    return counts;
  }

  const meant = (text) => (text === "" ? null : text === "true" || text === "false" ? text === "true" : text);

  function valueOf(field) {
    if (field.dataset.kind === "counts") return countsOf(field.value);
    if (field.validity.badInput) throw new Refused(`${field.name}: give a number`);
    const value = meant(field.value.trim());
    return field.dataset.kind === "number" && value !== null ? Number(value) : value;
  }

  function givenIn(form) {
    const given = {};
    form.querySelectorAll("[name][data-group]").forEach((field) => {
      const { group } = field.dataset;
      (group ? (given[group] ||= {}) : given)[field.name] = valueOf(field);
    });
    return given;
  }

  /* The same in Python: what is not as the function begins, and what it asks for in any case. */
  function callOf(form, given) {
    const parts = form.parts.flatMap(([part]) => {
      const asked = form.inputs.filter((one) => one.parts.includes(part));
      if (!part) {
        return asked.filter((one) => one.required || given[one.name] !== meant(one.begins)).map((one) => `${one.name}=${literal(given[one.name])}`);
      }
      const told = asked.filter((one) => given[part][one.name] !== null).map((one) => `"${one.name}": ${literal(given[part][one.name])}`);
      return told.length || asked.some((one) => one.required) ? [`${part}={${told.join(", ")}}`] : [];
    });
    return `${form.function}(${[...(form.organ ? [literal(form.organ)] : []), ...parts].join(", ")})`;
  }

  const shown = (value) => (value === null ? "undetermined" : typeof value === "number" ? String(Math.round(value * 1e4) / 1e4) : value);
  const spaced = (name) => name.replaceAll("_", " ");
  const isLeftAsItWas = (form) => [...form.elements].every((field) =>
    field.localName === "select" ? field.selectedIndex <= 0 : !("defaultValue" in field) || field.value === field.defaultValue);

  /* Names of arguments as the form calls them, the first of one name: a reader has never seen "temp_c". */
  function inLabels(form, text, isName = false) {
    const called = new Map([...form.elements].reverse().filter((field) => field.name && field.labels && field.labels.length).map((field) =>
      [field.name, field.labels[0].textContent.trim().replace(/ \(.*$/, "").replace(/^or /, "").replace(/^[A-Z](?=[a-z])/, (letter) => letter.toLowerCase())]));
    if (isName) return called.get(text) || spaced(text);
    return spaced(text.replace(/\b[a-z][a-z0-9]*(?:_[a-z0-9]+)+\b/g, (name) => called.get(name) || name));
  }

  function show(form) {
    const place = (part) => form.querySelector(`[data-part="${part}"]`);
    const say = (part, text) => {
      place(part).textContent = text;
      place(part).hidden = !text;
    };
    const row = known.forms[form.dataset.form];
    form.result = form.refused = null;
    try {
      const given = givenIn(form);
      const result = (OWN[row.form] || grade)(row, given);
      say("value", `${row.gives}: ${result.at_least ? "at least " : ""}${shown(result.value)}${isLeftAsItWas(form) ? " (nothing is assessed yet)" : ""}`);
      say("rule", `Rule: ${inLabels(form, result.rule)}`);
      say("risk", result.risk ? `Risk: ${result.risk}. ${inLabels(form, result.riskRule)}` : "");
      const missing = unique(result.missing.map((name) => inLabels(form, name, true)));
      say("missing", missing.length ? `Not assessed: ${missing.join(", ")}` : "");
      say("call", callOf(row, given));
      form.result = result;
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      form.refused = error.message;
      say("value", `No value: ${inLabels(form, error.message.replace(" is None", ""))}`);
      ["rule", "risk", "missing", "call"].forEach((part) => say(part, ""));
    }
  }

  document.querySelectorAll("form.instrument").forEach((form) => {
    form.hidden = false;
    form.addEventListener("input", () => show(form));
    form.addEventListener("submit", (event) => event.preventDefault());
    form.addEventListener("reset", () => setTimeout(() => show(form)));
    show(form);
  });
  document.querySelectorAll(".instrument-rules details").forEach((rules) => { rules.open = false; });
})();
