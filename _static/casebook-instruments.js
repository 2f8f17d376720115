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
    if (Array.isArray(value)) {
      const found = unique(value.map((one) => holds({ condition: { operator, limits, closed, choices } }, one)));
      return found.length === 1 ? found[0] : null;
    }
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

  const MAKE = ["divide", "taken", "count", "longest", "lowest"];

  function groups(rules, findings) {
    const byName = new Map();
    rules.filter((rule) => !["max", "note", ...MAKE].includes(rule.condition.operator)).forEach((rule) => {
      const name = rule.together || rule.rule_id;
      byName.set(name, [...(byName.get(name) || []), rule]);
    });
    return [...byName.values()].map((group) => [group, allHold(group.map((rule) => holds(rule, findings[rule.parameter])))]);
  }

  const holding = (rules, findings) => groups(rules, findings).filter(([, held]) => held).flatMap(([group]) => group);

  function decide(rules, findings, values = []) {
    const found = groups(rules, findings);
    const rank = (group) => (values.length ? values.indexOf(group[0].grade) : Number(group[0].grade));
    const most = (kept) => Math.max(0, ...kept.map(([group]) => rank(group)));
    const value = most(found.filter(([, held]) => held));
    const deciding = found.filter(([group, held]) => held && rank(group) === value).flatMap(([group]) => group);
    const ceiling = most(found.filter(([, held]) => held !== false));
    return { value, rules: deciding, ceiling, isOpen: found.some(([, held]) => held === null) };
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

  const aside = (rules, findings) => listed(holding(rules, findings).map((rule) => `${says.read_in_part}: ${rule.says}`));
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

  /* ---------------------------------------------------------------- findings that rules make of others */
  const partsOf = (maker, rules) => (maker.condition.operator === "count"
    ? rules.filter((rule) => rule.decides === maker.parameter).map((rule) => rule.parameter)
    : [maker.parameter, ...maker.condition.choices]);

  function reached(rules, wanted) {
    const found = new Set();
    let more = wanted.map((rule) => rule.parameter);
    while (more.length) {
      more.forEach((name) => found.add(name));
      const makers = rules.filter((rule) => MAKE.includes(rule.condition.operator) && more.includes(rule.decides));
      more = makers.flatMap((rule) => partsOf(rule, rules)).filter((name) => !found.has(name));
    }
    return found;
  }

  function made(rules, findings, wanted) {
    const found = { ...findings };
    const told = [];
    rules.filter((rule) => wanted.has(rule.decides)).forEach((rule) => {
      const { operator, limits, choices: [over] } = rule.condition;
      if (operator === "divide") {
        if (found[over] === 0) throw new Refused(`${over} is 0: give a number above 0; nothing can be divided by it`);
        found[rule.decides] = [found[rule.parameter], found[over]].includes(null) ? null : tidy(found[rule.parameter] / found[over]);
      } else if (operator === "taken" && found[rule.parameter] === null && found[rule.decides] === null) {
        [found[rule.decides]] = limits;
        told.push(rule);
      } else if (operator === "count") {
        const [count, words] = counted(rule, rules, found);
        found[rule.decides] = count;
        told.push({ ...rule, says: words });
      }
    });
    return [found, told];
  }

  function counted(maker, rules, found) {
    const ways = groups(rules.filter((rule) => rule.decides === maker.parameter), found);
    const names = maker.condition.choices;
    const held = names.map((name) => ways.filter(([group]) => group[0].grade === name).map(([, one]) => one));
    const certain = names.filter((_, at) => held[at].includes(true));
    const undecided = held.filter((one) => !one.includes(true) && one.includes(null)).length;
    const which = certain.length ? ` (${certain.join(", ")})` : "";
    const left = undecided ? `, ${undecided} not assessed` : "";
    const words = `${certain.length} of ${names.length} ${maker.says.split(":")[0]}${which}${left}`;
    return [Array.from({ length: undecided + 1 }, (_, more) => certain.length + more), words];
  }

  /* ---------------------------------------------------------------- an instrument that its rows say in full */
  function picked(form, pick) {
    if (!form.picks) return form;
    const asked = reached(used(form.instrument), used(form.instrument, pick, `${pick}_tells`)).add(form.picks);
    const line = [["", Object.fromEntries(form.line)[pick]]];
    const inputs = form.inputs.filter((one) => asked.has(one.name)).map((one) => measured(one, known.inputs[pick]));
    return { ...form, decides: [pick], inputs, line };
  }

  function measured(one, kind) {
    if (!kind || one.kind !== "number" || kind.kind !== "number" || one.unit) return one;
    const { unit, low, high, other_units } = kind;
    return { ...one, unit, low, high, other_units };
  }

  function inOtherUnits(rules, given) {
    let findings = given;
    const units = rules.filter((rule) => rule.condition.operator === "divide" && rule.condition.limits.length);
    const told = units.filter((rule) => rule.parameter in given && given[rule.parameter] !== null);
    units.forEach((rule) => { findings = without(findings, [rule.parameter]); });
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
    const rule = inWords([...told, ...found.rules, ...putTogether(rules, findings, found.value)]);
    const beside = aside(left, findings);
    return graded(found.value, beside ? `${rule}; ${beside}` : rule, missingOf(findings), found.ceiling > found.value);
  }

  const COMBINE = {
    max: (form, findings, told) =>
      highest(used(form.instrument, ...form.decides), findings, told, unused(form.instrument, ...form.decides)),
    certain: (form, asked, told) => {
      const [mine, missing, every] = [form.decides[0], missingOf(asked), used(form.instrument)];
      const [rules, tells] = [used(form.instrument, mine), used(form.instrument, `${mine}_tells`)];
      const [findings, counts] = made(every, asked, reached(every, [...rules, ...tells]));
      const found = decide(rules, findings, form.values);
      const undecided = !found.rules.length && found.isOpen;
      const said = undecided ? `open until assessed: ${missing.join(", ")}` : found.rules.length ? inWords(found.rules) : says.none_holds;
      const beside = unique([...told, ...counts, ...holding(tells, findings)].map((rule) => rule.says));
      const left = aside(unused(form.instrument).filter((rule) => rule.decides.startsWith(mine)), findings);
      const value = undecided ? null : form.values.length ? form.values[found.value] : found.value;
      return graded(value, [said, ...beside, left].filter(Boolean).join("; "), missing, !undecided && found.ceiling > found.value);
    },
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

  function byDay(values, kind) {
    values.forEach((count, day) => {
      take(known.inputs.day, day, "a day");
      take(known.inputs[kind], count, `the count of day ${day}`);
    });
    return [...values.keys()].sort((one, other) => one - other);
  }

  function recovery_day(form, given) {
    const { cell: kind, last_transfusion_day: last, values_by_day: values } = taken(form, given);
    const { in_a_row: inARow, longest_gap: longestGap, days_without_transfusion: free, least: { [kind]: least } } = known.counts;
    const days = byDay(values, kind);
    const definition = definitions[`${kind} recovery`];
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

  function icaht_grade(form, given) {
    const { phase, anc_by_day: values } = taken(form, given);
    const window_ = used("icaht", "period").find((rule) => rule.grade === phase);
    const mine = byDay(values, "neutrophil").filter((day) => holds(window_, day));
    const days = mine.filter((day) => values.get(day) !== null);
    const blank = mine.filter((day) => values.get(day) === null);
    if (!days.length) return graded(null, `no count was given of ${window_.says}`, [...blank.map((day) => spanNamed([day, day])), "anc_by_day"]);
    const counts = new Map(days.map((day) => [day, values.get(day)]));
    return phase === "late" ? late(counts, blank) : early(counts, window_.condition.limits, blank);
  }

  const makers = (operator) => used("icaht").filter((rule) => rule.condition.operator === operator);

  function late(counts, blank) {
    const lowest = [...counts.values()].sort((one, other) => one - other);
    const findings = { counts: counts.size };
    makers("lowest").forEach((rule) => { findings[rule.decides] = lowest[rule.condition.limits[0] - 1]; });
    const found = decide(used("icaht", "late"), findings);
    const said = [inWords(found.rules), aside(unused("icaht", "late"), findings)].filter(Boolean).join("; ");
    return graded(found.value, said, blank.map((day) => spanNamed([day, day])));
  }

  function early(counts, [from, to], blank) {
    const days = Array.from({ length: to - from + 1 }, (_, at) => from + at);
    const [mine, longest, most, summed, told] = [used("icaht", "early"), {}, {}, {}, []];
    let [beside, toTheEnd] = [false, null];
    const lowAt = (limit) => filled(new Map([...counts].map(([day, count]) => [day, count <= limit])), days);
    const lows = makers("longest").map((maker) => lowAt(maker.condition.limits[0]));
    const opened = new Set(days.filter((day) => lows.some((low) => low.get(day) === null)));
    makers("longest").forEach((maker, at) => {
      const low = lows[at];
      const length = ([first, last]) => last - first + 1;
      const stretches = (kept) => spans(kept, known.counts.in_a_row);
      const certain = stretches(days.filter((day) => low.get(day)));
      longest[maker.decides] = Math.max(0, ...certain.map(length));
      summed[maker.decides] = certain.reduce((sum, span) => sum + length(span), 0);
      most[maker.decides] = Math.max(0, ...stretches(days.filter((day) => low.get(day) || opened.has(day))).map(length));
      const inAll = certain.length > 1 ? says.in_all.replace("{}", summed[maker.decides]) : "";
      told.push(`${maker.says}: ${longest[maker.decides]}${inAll}`);
      beside = beside || days.some((day) => !counts.has(day) && low.get(day) !== null);
      const end = certain[certain.length - 1];
      if (toTheEnd === null && end && end[1] >= Math.max(...counts.keys())) [toTheEnd] = end;
    });
    const [found, rival] = [decide(mine, longest), decide(mine, summed)];
    if (rival.value !== found.value) told.push(`by the days of all stretches grade ${rival.value}: ${inWords(rival.rules)}`);
    if (beside) told.push(says.between);
    const left = aside(unused("icaht", "early").filter((rule) => Number(rule.grade) > found.value), { low_to_the_end_from: toTheEnd });
    const missing = spans([...new Set([...opened, ...blank])].sort((one, other) => one - other), 1).map(spanNamed);
    const said = [inWords(found.rules), ...told, left].filter(Boolean).join("; ");
    return graded(found.value, said, missing, decide(mine, most).value > found.value);
  }

  function filled(low, days) {
    const found = new Map(days.map((day) => [day, low.has(day) ? low.get(day) : null]));
    spans(days.filter((day) => !low.has(day)), 1).forEach(([first, last]) => {
      const sides = unique([first - 1, last + 1].filter((day) => low.has(day)).map((day) => low.get(day)));
      if (sides.length !== 1 || last - first >= known.counts.longest_blank) return;
      for (let day = first; day <= last; day += 1) found.set(day, sides[0]);
    });
    return found;
  }

  const spans = (days, apart) => days.reduce((found, day) => {
    const end = found[found.length - 1];
    if (end && day - end[1] <= apart) end[1] = day;
    else found.push([day, day]);
    return found;
  }, []);
  const spanNamed = ([first, last]) => (first === last ? `day ${first}` : `days ${first} to ${last}`);

  const OWN = { crs_grade, gvhd_stage_lower_gi: lowerGut, tma_criteria, recovery_day, easix, icaht_grade };

  /* ---------------------------------------------------------------- a line for a note */
  const ARGUMENT = /\b[a-z][a-z0-9]*(?:_[a-z0-9]+)+\b/g;
  const inSentence = (label) => label.replace(/ \(.*$/, "").replace(/^or /, "").replace(/^[A-Z](?=[a-z])/, (letter) => letter.toLowerCase());

  function lineOf(form, answer, pick) {
    const called = new Map([...form.inputs].reverse().map((one) => [one.name, inSentence(one.label)]));
    const rule = spaced(answer.rule.replace(ARGUMENT, (name) => called.get(name) || name)).replace(/\.$/, "");
    const missing = unique(answer.missing.map((name) => spaced(called.get(name) || name))).join(", ");
    const line = `${Object.fromEntries(form.line)[pick]} ${answer.at_least ? "at least " : ""}${shown(answer.value)}: ${rule}.`;
    return missing ? `${line} Not assessed: ${missing}.` : line;
  }

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
    form.querySelectorAll("p:not([hidden]) > [name][data-group]").forEach((field) => {
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

  const shown = (value) => (value === null ? "undetermined" : typeof value === "number" ? String(Math.round(value * 1e4) / 1e4) : spaced(value));
  const spaced = (name) => name.replaceAll("_", " ");
  const isLeftAsItWas = (form) => [...form.elements].every((field) =>
    field.localName === "select" ? field.selectedIndex <= 0 : !("defaultValue" in field) || field.value === field.defaultValue);

  /* Names of arguments as the form calls them, the first of one name: a reader has never seen "temp_c". */
  function inLabels(form, text, isName = false) {
    const called = new Map([...form.elements].reverse().filter((field) => field.name && field.labels && field.labels.length).map((field) =>
      [field.name, inSentence(field.labels[0].textContent.trim())]));
    if (isName) return called.get(text) || spaced(text);
    return spaced(text.replace(ARGUMENT, (name) => called.get(name) || name));
  }

  function show(form) {
    const place = (part) => form.querySelector(`[data-part="${part}"]`);
    const say = (part, text) => {
      place(part).textContent = text;
      place(part).hidden = !text;
    };
    const whole = known.forms[form.dataset.form];
    const row = picked(whole, whole.picks && form.elements[whole.picks].value);
    const asked = new Set(row.inputs.map((one) => one.name));
    form.querySelectorAll("[name][data-group]").forEach((field) => { field.closest("p").hidden = !asked.has(field.name); });
    form.result = form.refused = null;
    try {
      const given = givenIn(form);
      const result = (OWN[row.form] || grade)(row, given);
      const empty = isLeftAsItWas(form); // nothing is said of what nobody entered
      say("value", empty ? "" : `${row.gives}: ${result.at_least ? "at least " : ""}${shown(result.value)}`);
      say("rule", empty ? "" : `Rule: ${inLabels(form, result.rule)}`);
      say("risk", result.risk && !empty ? `Risk: ${result.risk}. ${inLabels(form, result.riskRule)}` : "");
      const missing = empty ? [] : unique(result.missing.map((name) => inLabels(form, name, true)));
      say("missing", missing.length ? `Not assessed: ${missing.join(", ")}` : "");
      say("call", callOf(row, given));
      say("line", lineOf(row, result, "cell" in given ? given.cell : ""));
      form.result = result;
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      form.refused = error.message;
      say("value", `No value: ${inLabels(form, error.message.replace(" is None", ""))}`);
      ["rule", "risk", "missing", "call", "line"].forEach((part) => say(part, ""));
    }
  }

  /* From disk a browser may have no clipboard for scripts: then the line is marked, and copied as a reader would. */
  async function copy(form) {
    const line = form.querySelector('[data-part="line"]');
    const said = form.querySelector('[data-part="copied"]');
    getSelection().selectAllChildren(line);
    let copied = false;
    try {
      await navigator.clipboard.writeText(line.textContent);
      copied = true;
    } catch {
      copied = document.execCommand("copy");
    }
    said.textContent = copied ? "Copied." : "Marked: copy it with the keyboard.";
  }

  function ready(form) {
    form.hidden = false;
    form.addEventListener("input", () => show(form));
    form.addEventListener("submit", (event) => event.preventDefault());
    form.querySelector('[data-part="copy"]').addEventListener("click", () => copy(form));
    form.addEventListener("reset", () => setTimeout(() => show(form)));
    show(form);
  }

  /* One form after the other, so that the page answers in between. */
  document.querySelectorAll("form.instrument").forEach((form) => setTimeout(ready, 0, form));
})();
