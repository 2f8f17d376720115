/* Your case: the limits of a row of bounds as the words and numbers of a sentence, and back. */
"use strict";

(() => {
  const { DAYS_IN, daysOf, isBlank } = globalThis.casebookCase;

  /* A cell as its number and its unit. */
  function partsOf(cell) {
    if (isBlank(cell)) return null;
    const said = /^([-−]?)([\d.,]+)\s*(\w+?)s?$/.exec(String(cell).trim());
    return said && said[3] in DAYS_IN ? { amount: Number(`${said[1] && "-"}${said[2].replace(",", ".")}`), unit: said[3] } : { amount: daysOf(cell), unit: "day" };
  }

  /* The same limits, seen from the other event. */
  const minus = (cell) => (isBlank(cell) || daysOf(cell) === 0 ? cell : String(cell).replace(/^[-−]|^/, (sign) => (sign ? "" : "-")));
  const turned = (cells) => ({ min_days: minus(cells.max_days), max_days: minus(cells.min_days) });

  /* The limits of a sentence in words: which relation, which numbers, in which unit, after or before. */
  function sentenceOf({ min_days, max_days }) {
    let [least, most] = [partsOf(min_days), partsOf(max_days)];
    const unit = (least && least.amount && least.unit) || (most && most.amount && most.unit) || "day";
    [least, most] = [least, most].map((part, at) => (part && part.amount && part.unit !== unit ? { amount: daysOf([min_days, max_days][at]) / DAYS_IN[unit] } : part)).map((part) => (part ? part.amount : null));
    const told = (relation, direction, n = "", m = "") => ({ relation, direction, n: String(n), m: String(m), unit });
    if (least === null && most === null) return told("unsaid", "after");
    if (least === most) return least === 0 ? told("same", "after") : told("on", least > 0 ? "after" : "before", Math.abs(least));
    if (most === null && least >= 0) return least ? told("least", "after", least) : told("some", "after");
    if (least === null && most <= 0) return most ? told("least", "before", -most) : told("some", "before");
    if (least === 0) return told("within", "after", most);
    if (most === 0) return told("within", "before", -least);
    if (least !== null && most !== null && most < 0) return told("between", "before", -most, -least);
    return told("between", "after", least ?? "", most ?? "");
  }

  /* The cells of a sentence: what is no number is blank. */
  function cellsOf({ relation, direction, n, m, unit }) {
    const sign = direction === "before" ? -1 : 1;
    const cell = (text) => {
      const plain = String(text).trim().replace(",", ".").replace("−", "-");
      if (plain === "" || !/^-?\d+(\.\d+)?$/.test(plain)) return "";
      const amount = sign * Number(plain) + 0;
      return unit === "day" || amount === 0 ? String(amount) : `${amount} ${unit}${Math.abs(amount) === 1 ? "" : "s"}`;
    };
    const [one, two] = [cell(n), cell(m)], ordered = (low, high) => (sign > 0 ? { min_days: low, max_days: high } : { min_days: high, max_days: low });
    return { on: ordered(one, one), least: ordered(one, ""), within: one === "" ? ordered("0", "") : ordered("0", one), between: ordered(one, two), same: ordered("0", "0"), some: ordered("0", ""), unsaid: ordered("", "") }[relation];
  }

  Object.assign(globalThis.casebookCase, { cellsOf, sentenceOf, turned });
})();
