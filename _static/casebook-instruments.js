/* The instruments on a page: the rules are those of the tables, inlined when the page was built.
   Each function here does what the one of its name in casebook.instruments does; a test holds the two together. */
"use strict";

(() => {
  const source = document.getElementById("instrument-rules");
  if (!source) return;
  const { tables, definitions, words } = JSON.parse(source.textContent);

  class Refused extends Error {}

  /* ---------------------------------------------------------------- conditions */
  const TELL = ["max", "note", "divide"];
  const INTERVAL = /^([[(])\s*(-?[\d.]+)\s*,\s*(-?[\d.]+)\s*([\])])$/;
  const choiceOf = (text) => (text === "true" ? true : text === "false" ? false : text === "" || Number.isNaN(Number(text)) ? text : Number(text));

  function holds(rule, value) {
    if (value === null || value === undefined) return null;
    const { operator, threshold } = rule;
    if (operator === "is") return value === choiceOf(threshold);
    if (operator === "in") return threshold.split("|").some((part) => value === choiceOf(part.trim()));
    if (operator === "within") {
      const [, from, low, high, to] = INTERVAL.exec(threshold);
      return (from === "[" ? value >= Number(low) : value > Number(low)) && (to === "]" ? value <= Number(high) : value < Number(high));
    }
    const limit = Number(threshold);
    return { ">=": value >= limit, ">": value > limit, "<=": value <= limit, "<": value < limit }[operator];
  }

  const allHold = (parts) => (parts.includes(false) ? false : parts.includes(null) ? null : true);
  const tidy = (value) => Math.floor(value * 1e9 + 0.5) / 1e9;

  /* ---------------------------------------------------------------- rules */
  const used = (table, ...decides) =>
    tables[table].filter((rule) => rule.verified === "yes" && (!decides.length || decides.includes(rule.decides)));
  const unused = (table) => tables[table].filter((rule) => rule.verified !== "yes");
  const unique = (items) => [...new Set(items)];
  const inWords = (rules) => unique(rules.map((rule) => rule.says)).join("; ") || words.no_rule;
  const missingOf = (findings) => Object.keys(findings).filter((name) => findings[name] === null);
  const listed = (items, word = "and") =>
    items.length > 1 ? `${items.slice(0, -1).join(", ")} ${word} ${items[items.length - 1]}` : items[0] || "";
  const isDigits = (text) => /^\d+$/.test(text);

  function groups(rules, findings) {
    const byName = new Map();
    rules.filter((rule) => !TELL.includes(rule.operator)).forEach((rule) => {
      const name = rule.together || rule.rule_id;
      byName.set(name, [...(byName.get(name) || []), rule]);
    });
    return [...byName.values()].map((group) => [group, allHold(group.map((rule) => holds(rule, findings[rule.parameter] ?? null)))]);
  }

  function decide(rules, findings) {
    const found = groups(rules, findings);
    const highest = (kept) => Math.max(0, ...kept.map(([group]) => Number(group[0].grade)));
    const value = highest(found.filter(([, held]) => held === true));
    const deciding = found.filter(([group, held]) => held === true && Number(group[0].grade) === value).flatMap(([group]) => group);
    return { value, rules: deciding, ceiling: highest(found.filter(([, held]) => held !== false)) };
  }

  function worstOf(rules, findings) {
    const alone = rules.filter((rule) => !rule.together);
    const grades = Object.keys(findings).filter((name) => findings[name] !== null)
      .map((name) => decide(alone.filter((rule) => rule.parameter === name), findings).value);
    return unique(grades).length > 1 ? rules.filter((rule) => rule.operator === "max") : [];
  }

  const graded = (value, rule, missing = [], at_least = false) => ({ value, rule, missing, at_least });

  /* ---------------------------------------------------------------- what is handed in */
  function measure(name, value, low = 0, high = Infinity, kind = name) {
    if (value === null) return null;
    const other = (words.other_units[kind] || []).find(([, above, below]) => value > above && (below === null || value < below));
    if (!Number.isFinite(value) || value < low || value > high || other) {
      const fits = other ? `; ${value} fits ${other[0]}, which is not the unit of the field` : "";
      throw new Refused(`${name} is ${value}: give a number ${high === Infinity ? `of at least ${low}` : `from ${low} to ${high}`}${fits}`);
    }
    return value;
  }

  function wholeNumber(name, value, low = 0, high = Infinity) {
    if (value !== null && !Number.isInteger(measure(name, value, low, high))) {
      throw new Refused(`${name} is ${value}: give a whole number ${high === Infinity ? `of at least ${low}` : `from ${low} to ${high}`}`);
    }
    return value;
  }

  /* ---------------------------------------------------------------- instruments */
  function crs_grade(given) {
    const temp = measure("temp_c", given.temp_c, words.coldest, words.hottest);
    const [[heat, hot]] = groups(used("criteria_crs", "fever"), { temp_c: temp });
    const explained = given.fever === false && hot ? `${inWords(heat)} that another cause explains` : "";
    const gate = { fever: given.fever === null ? hot : given.fever, fever_waived: given.fever_waived, fever_earlier: given.fever_earlier };
    const axes = { hypotension: given.hypotension, hypoxia: given.hypoxia };
    const held = groups(used("criteria_crs", "gate"), gate).filter(([, holding]) => holding).map(([rules]) => rules);
    const opened = held.find((rules) => rules[0].grade === "open");
    const closed = held.find((rules) => rules[0].grade === "closed");
    const rules = used("criteria_crs", "grade");
    const found = decide(rules, { fever: gate.fever, ...axes });
    const least = gate.fever ? Math.min(...rules.filter((rule) => rule.grade).map((rule) => Number(rule.grade))) : 0;
    const value = opened ? Math.max(found.value, least) : 0;
    const ceiling = closed ? 0 : found.ceiling;
    const missing = [...gateMissing(gate, Boolean(opened), Boolean(closed), found.value), ...missingOf(axes)];
    const well = gate.fever === false && Object.values(axes).every((axis) => axis === "none");
    let parts;
    if (well && (gate.fever_earlier || !closed)) parts = [explained, opened ? inWords(opened) : "", words.nothing_now];
    else if (closed) parts = [explained ? `${explained}: it does not open the grading` : inWords(closed)];
    else if (opened) parts = [explained, inWords([...opened, ...found.rules, ...worstOf(rules, axes)])];
    else parts = [explained, `open until assessed: ${missing.filter((name) => name in gate).join(", ")}`];
    return graded(value, parts.filter(Boolean).join("; "), missing, ceiling > value);
  }

  function gateMissing(gate, opened, closed, byAxes) {
    if (gate.fever || closed || (opened && byAxes)) return [];
    const asked = opened || [gate.fever_waived, gate.fever_earlier].includes(false) ? ["fever"] : Object.keys(gate);
    return asked.filter((name) => gate[name] === null);
  }

  /* A child of another score is refused, the disputed age is told. */
  function scaleOf(age) {
    const held = groups(used("criteria_ice", "scale"), { age_years: measure("age_years", age) }).filter(([, holding]) => holding).flatMap(([group]) => group);
    const other = held.find((rule) => !["ICE", "disputed"].includes(rule.grade));
    if (other) throw new Refused(`age_years is ${age}: ${other.says}, which is not computed here`);
    return held.filter((rule) => rule.grade === "disputed");
  }

  function ice_score({ age_years, ...given }) {
    const disputed = scaleOf(age_years);
    const rules = used("criteria_ice", "points", "total");
    const names = Object.keys(given);
    names.forEach((name) => {
      const rule = rules.find((one) => one.parameter === name);
      wholeNumber(name, given[name], 0, Number(INTERVAL.exec(rule.threshold)[3]));
    });
    const missing = missingOf(given);
    const total = names.reduce((sum, name) => sum + (given[name] ?? 0), 0);
    return graded(total, inWords([...disputed, ...rules.filter((rule) => !missing.includes(rule.parameter))]), missing, missing.length > 0);
  }

  function icans_grade({ age_years, ...given }) {
    const disputed = scaleOf(age_years);
    wholeNumber("ice", given.ice, 0, 10);
    const rules = used("criteria_icans", "grade");
    const found = decide(rules, given);
    const left = groups(unused("criteria_icans"), given).filter(([, held]) => held).flatMap(([group]) => group)
      .map((rule) => `${words.read_in_part}: ${rule.says}`);
    const rule = inWords([...disputed, ...found.rules, ...worstOf(rules, given)]) + (left.length ? `; ${listed(left)}` : "");
    return graded(found.value, rule, missingOf(given), found.ceiling > found.value);
  }

  function gvhd_stage(organ, asked) {
    let rules = used("criteria_gvhd_stage", organ);
    let extra = [];
    let given = { ...asked };
    if (organ === "skin") {
      measure("bsa_percent", asked.bsa_percent, 0, 100);
      measure("desquamation_percent", asked.desquamation_percent, 0, 100);
    } else if (organ === "liver") {
      const milligrams = measure("bilirubin_mg_dl", asked.bilirubin_mg_dl);
      const micromoles = measure("bilirubin_umol_l", asked.bilirubin_umol_l);
      given = { bilirubin_mg_dl: milligrams };
      if (micromoles !== null) {
        if (milligrams !== null) throw new Refused("bilirubin is given in two units: give one of them");
        extra = used("criteria_gvhd_stage", "bilirubin_mg_dl");
        given.bilirubin_mg_dl = tidy(micromoles / Number(extra[0].threshold));
      }
    } else if (organ === "lower_gi") return lowerGut(asked);
    return staged(given, rules, extra);
  }

  function staged(given, rules, extra = []) {
    const found = decide(rules.filter((rule) => isDigits(rule.grade)), given);
    const missing = missingOf(given).map((name) => name.replace("_per_kg", ""));
    return graded(found.value, inWords([...extra, ...found.rules]), missing, found.ceiling > found.value);
  }

  function lowerGut(asked) {
    const weight = measure("weight_kg", asked.weight_kg, 0, words.heaviest);
    if (!weight) throw new Refused("weight_kg: give a number above 0 (kg); the bands depend on it");
    const volume = measure("stool_ml_per_day", asked.stool_ml_per_day);
    const episodes = wholeNumber("stool_episodes_per_day", asked.stool_episodes_per_day);
    const whatever = { severe_pain: asked.severe_pain, gross_blood: asked.gross_blood };
    const [[change]] = groups(used("criteria_gvhd_stage", "lower_gi"), { weight_kg: weight }).filter(([group, held]) => held && !isDigits(group[0].grade)).map(([group]) => group);
    const by = (bands, extra) => {
      let rules = used("criteria_gvhd_stage", "lower_gi", bands);
      const given = {};
      if (volume === null && episodes !== null) {
        given.stool_episodes_per_day = episodes;
        rules = rules.filter((rule) => !rule.parameter.startsWith("stool_ml"));
      } else if (bands === words.bands.adult) given.stool_ml_per_day = volume;
      else given.stool_ml_per_kg_per_day = volume === null ? null : tidy(volume / weight);
      Object.assign(given, whatever);
      return staged(given, rules.filter((rule) => rule.parameter in given), extra);
    };
    const mine = change.grade.replace(/ bands$/, "");
    const stage = by(words.bands[mine], [change]);
    const other = mine === "adult" ? "child" : "adult";
    if (asked.adult !== (other === "adult")) return stage;
    const rival = by(words.bands[other]);
    return { ...stage, rule: `${stage.rule}; by the ${other} bands stage ${rival.at_least ? "at least " : ""}${rival.value}: ${words.other_bands}` };
  }

  function gvhd_grade(given) {
    Object.keys(given).forEach((name) => wholeNumber(name, given[name], 0, words.highest[name]));
    const rules = used("criteria_gvhd_grade");
    const found = decide(rules, given);
    const stages = Object.values(given).filter((stage) => stage !== null);
    const highest = stages.length ? Math.max(...stages) : found.value;
    const caution = rules.filter((rule) => rule.operator === "max" && highest !== found.value);
    return graded(found.value, inWords([...found.rules, ...caution]), missingOf(given), found.ceiling > found.value);
  }

  function gvhd_onset(given) {
    measure("day", given.day);
    const rules = used("criteria_gvhd_onset");
    const deciding = groups(rules, given).filter(([, held]) => held).flatMap(([group]) => group);
    if (!deciding.length) return graded(null, `open until assessed: day. ${rules[0].says}`, missingOf(given));
    return graded(deciding[0].grade, inWords(deciding));
  }

  function tma_criteria(first, second, given, highRisk) {
    const days = measure("days_apart", given.days_apart);
    const times = [first, second];
    const names = Object.keys(first);
    const rule = {};
    used("criteria_tma", "conclusion").forEach((one) => { rule[one.parameter] = one; });
    const count = (test) => Math.min(...times.map((time) => names.filter((name) => test(time[name])).length));
    const enough = holds(rule.criteria_met, count((value) => value === true)) ||
      (holds(rule.criteria_met, count((value) => value !== false)) ? null : false);
    const daysOf = days === null || days >= 1 ? 2 : days === 0 ? 1 : null;
    const clinical = { criteria_met: enough, time_points: holds(rule.time_points, daysOf), days_apart: holds(rule.days_apart, days) };
    const both = allHold(Object.values(clinical));
    const missing = [...names.filter((name) => times.some((time) => time[name] === null)), ...missingOf({ days_apart: days, biopsy: given.biopsy })];
    const oneDay = days === null || days >= 1 ? "" : `; ${days === 0 ? words.one_day : words.less_than_a_day}`;
    const counted = times.map((time, at) => `${names.filter((name) => time[name] === true).length} of ${names.length} (${["first time", "second time"][at]})`).join(" and ") + oneDay;
    const risk = riskOf(times, highRisk);
    if (given.biopsy) return { ...graded("met", inWords([rule.biopsy]), missing), ...risk };
    if (both) return { ...graded("met", `${inWords(Object.keys(clinical).map((name) => rule[name]))}: ${counted}`, missing), ...risk };
    const failing = Object.keys(clinical).filter((name) => clinical[name] === false).map((name) => rule[name]);
    if (failing.length && given.biopsy === false) return graded("not met", `not ${inWords(failing)}: ${counted}`, missing);
    return graded("undetermined", `${missing.length ? `not assessed: ${listed(missing)}; ` : ""}${counted}`, missing);
  }

  function riskOf(times, given) {
    const features = { ...given };
    ["sc5b9", "proteinuria"].forEach((name) => {
      if (features[name] !== null) return;
      const seen = times.map((time) => time[name]);
      features[name] = seen.includes(true) ? true : seen.includes(null) ? null : false;
    });
    const present = used("criteria_tma").filter((rule) => rule.decides.startsWith("risk_") && features[rule.decides.slice(5)]);
    const missing = missingOf(features);
    if (present.length) return { risk: "high", riskRule: inWords(present) };
    if (missing.length) return { risk: "undetermined", riskRule: `not assessed: ${listed(missing)}` };
    return { risk: "standard", riskRule: inWords(used("criteria_tma", "risk")) };
  }

  function recovery_day(values, given) {
    const kind = given.cell;
    const definition = definitions[`${kind} recovery`];
    const days = [...values.keys()].sort((one, other) => one - other);
    days.forEach((day) => {
      wholeNumber("a day", day, -1000);
      measure(`the count of day ${day}`, values.get(day), 0, Infinity, kind);
    });
    const last = wholeNumber("last_transfusion_day", given.last_transfusion_day, -1000);
    const missing = days.filter((day) => values.get(day) === null).map((day) => `day ${day}`);
    const measured = days.filter((day) => values.get(day) !== null);
    if (kind === "platelet" && last === null) missing.push("last_transfusion_day");
    if (!measured.length) return graded(null, `no count was given. ${definition}`, [...missing, "values_by_day"]);
    const least = words.least[kind];
    const after = measured.filter((day) => day >= 0);
    const low = after.filter((day) => values.get(day) < least);
    let nadir = null;
    if (low.length && (kind === "neutrophil" || last === null || last < 0)) {
      nadir = low.reduce((lowest, day) => (values.get(day) < values.get(lowest) ? day : lowest));
    } else if (kind === "neutrophil") return graded(null, `no count below the limit was given. ${definition}`, [...missing, "nadir"]);
    const start = Math.max(nadir ?? 0, kind === "platelet" && last !== null ? last + words.days_without_transfusion : 0);
    const rows = after.map((_, at) => after.slice(at, at + words.in_a_row))
      .filter((row) => row.length === words.in_a_row && row.every((day) => values.get(day) >= least));
    const told = [];
    const named = (row) => `days ${listed(row.map(String))}`;
    if (nadir !== null && rows.length && rows[0][0] < nadir) told.push(`${named(rows[0])} came before the lowest count and do not count`);
    const row = rows.find((one) => one[0] >= start);
    if (!row) return graded(null, `${[`not ${words.in_a_row} counts in a row yet`, ...told].join("; ")}. ${definition}`, missing);
    const gap = Math.max(...row.slice(1).map((day, at) => day - row[at]));
    told.unshift(`${named(row)}, at most ${gap} ${gap === 1 ? "day" : "days"} apart${gap > words.longest_gap ? words.far_apart : ""}`);
    const again = low.filter((day) => day > row[row.length - 1]);
    if (again.length) told.push(`counts fell again on day ${again[0]}`);
    return graded(row[0], `${told.join("; ")}. ${definition}`, missing, kind === "platelet" && last === null);
  }

  function easix(given) {
    Object.keys(given).forEach((name) => measure(name, given[name]));
    if (given.platelets_1e9_l === 0) throw new Refused("platelets_1e9_l is 0: give a number above 0 (10⁹/L); nothing can be divided by it");
    const missing = missingOf(given);
    return graded(missing.length ? null : (given.ldh_u_l * given.creatinine_mg_dl) / given.platelets_1e9_l, definitions.EASIX, missing);
  }

  /* ---------------------------------------------------------------- forms */
  function valueOf(field) {
    const text = field.value.trim();
    if (field.validity.badInput) throw new Refused(`${field.name}: give a number`);
    if (text === "") return null;
    if (text === "true" || text === "false") return text === "true";
    return field.dataset.kind === "number" ? Number(text) : text;
  }

  function fieldsOf(form, group = "") {
    const found = {};
    form.querySelectorAll(`[name][data-group="${group}"]`).forEach((field) => { found[field.name] = valueOf(field); });
    return found;
  }

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

  function countsOf(form) {
    const counts = new Map();
    form.elements.values_by_day.value.split(/\n/).map((line) => line.trim()).filter(Boolean).flatMap(pairsOf).forEach(([day, count]) => {
      if (counts.has(day)) throw new Refused(`day ${day} has two counts, ${counts.get(day) ?? "?"} and ${count ?? "?"}: give one of them`);
      counts.set(day, count);
    });
    return counts;
  }

  const literal = (value) => (value === null ? "None" : value === true ? "True" : value === false ? "False" : typeof value === "number" ? String(value) : `"${value}"`);
  const dictionary = (found) => `{${Object.keys(found).filter((name) => found[name] !== null).map((name) => `"${name}": ${literal(found[name])}`).join(", ")}}`;
  const keywords = (found, kept = []) => Object.keys(found).filter((name) => found[name] !== null || kept.includes(name)).map((name) => `${name}=${literal(found[name])}`);

  const RUN = {
    crs_grade: (form) => {
      const given = fieldsOf(form);
      return [crs_grade(given), `crs_grade(${keywords(given, ["fever_waived"]).join(", ")})`];
    },
    ice_score: (form) => {
      const given = fieldsOf(form);
      return [ice_score(given), `ice_score(${keywords(given).join(", ")})`];
    },
    icans_grade: (form) => {
      const given = fieldsOf(form);
      return [icans_grade(given), `icans_grade(${keywords(given).join(", ")})`];
    },
    gvhd_stage: (form) => {
      const given = fieldsOf(form);
      return [gvhd_stage(form.dataset.organ, given), `gvhd_stage(${[`"${form.dataset.organ}"`, ...keywords(given)].join(", ")})`];
    },
    gvhd_grade: (form) => {
      const given = fieldsOf(form);
      return [gvhd_grade(given), `gvhd_grade(${Object.values(given).map(literal).join(", ")})`];
    },
    gvhd_onset: (form) => {
      const given = fieldsOf(form);
      return [gvhd_onset(given), `gvhd_onset(${literal(given.day)})`];
    },
    tma_criteria: (form) => {
      const [first, second, given, risk] = [fieldsOf(form, "first"), fieldsOf(form, "second"), fieldsOf(form), fieldsOf(form, "high_risk")];
      const more = Object.values(risk).some((value) => value !== null) ? `, high_risk=${dictionary(risk)}` : "";
      const call = `tma_criteria(${dictionary(first)}, ${dictionary(second)}, ${keywords(given, ["days_apart", "biopsy"]).join(", ")}${more})`;
      return [tma_criteria(first, second, given, risk), call];
    },
    recovery_day: (form) => {
      const given = { cell: valueOf(form.elements.cell), last_transfusion_day: valueOf(form.elements.last_transfusion_day) };
      const counts = countsOf(form);
      const told = [...counts].map(([day, count]) => `${day}: ${literal(count)}`).join(", ");
      return [recovery_day(counts, given), `recovery_day({${told}}, ${keywords(given).join(", ")})`];
    },
    easix: (form) => {
      const given = fieldsOf(form);
      return [easix(given), `easix(${Object.values(given).map(literal).join(", ")})`];
    },
  };

  const shown = (value) => (value === null ? "undetermined" : typeof value === "number" ? String(Math.round(value * 1e4) / 1e4) : value);
  const spaced = (name) => name.replaceAll("_", " ");
  const isLeftAsItWas = (form) => [...form.elements].every((field) =>
    field.localName === "select" ? field.selectedIndex <= 0 : !("defaultValue" in field) || field.value === field.defaultValue);

  /* Names of arguments as the form calls them: a reader has never seen "temp_c". */
  function inLabels(form, text, isName = false) {
    const called = new Map([...form.elements].filter((field) => field.name && field.labels && field.labels.length).map((field) =>
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
    try {
      const [result, call] = RUN[form.dataset.instrument](form);
      say("value", `${form.dataset.gives}: ${result.at_least ? "at least " : ""}${shown(result.value)}${isLeftAsItWas(form) ? " (nothing is assessed yet)" : ""}`);
      say("rule", `Rule: ${inLabels(form, result.rule)}`);
      say("risk", result.risk ? `Risk: ${result.risk}. ${inLabels(form, result.riskRule)}` : "");
      const missing = [...new Set(result.missing.map((name) => inLabels(form, name, true)))];
      say("missing", missing.length ? `Not assessed: ${missing.join(", ")}` : "");
      say("call", call);
      form.result = result;
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      say("value", `No value: ${inLabels(form, error.message)}`);
      ["rule", "risk", "missing", "call"].forEach((part) => say(part, ""));
      form.result = null;
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
