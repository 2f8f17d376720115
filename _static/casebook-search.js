/* The search page: every page once, with the sentences around what was looked for; a term's definition on top.
   The text comes from a script beside the pages (search-text.js): nothing is fetched, so that it works from disk. */
"use strict";

(() => {
  const MOST = 3; // excerpts a page
  const ROOM = 150; // characters kept on each side where a sentence is long
  const root = document.documentElement.dataset.content_root || "./";

  const made = (tag, className, ...children) => {
    const element = document.createElement(tag);
    if (className) element.className = className;
    element.append(...children);
    return element;
  };
  const linked = (address, ...children) => {
    const link = made("a", "", ...children);
    link.href = address;
    return link;
  };

  /* Small letters without accents, of the same length, so that places in it are places in the text. */
  const folded = (text) => (/^[\x00-\x7f]*$/.test(text) ? text.toLowerCase() : foldedSlowly(text));
  const foldedSlowly = (text) => [...text.toLowerCase()].map((letter) =>
    letter.length === 1 ? letter.normalize("NFD")[0] : letter).join("");
  const escaped = (text) => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");

  /* What is looked for: words by their stem (as Sphinx stems them), and what stands in quotes as it is. */
  function patterns(query) {
    const stemmer = typeof Stemmer === "function" ? new Stemmer() : { stemWord: (word) => word };
    const quoted = [...query.matchAll(/"([^"]+)"/g)].map((found) => found[1]);
    const words = query.replace(/"[^"]*"/g, " ").match(/[\p{L}\p{N}]+/gu) || [];
    const stem = (word) => {
      if (word.length < 5) return word; // an abbreviation stays what it is
      const short = stemmer.stemWord(word);
      return word.startsWith(short) ? short : word.slice(0, Math.max(short.length - 1, 3));
    };
    return [
      ...quoted.map((words_) => new RegExp(escaped(folded(words_.trim())), "gu")),
      ...words.map(folded).map((word) => new RegExp(
        `(?<![\\p{L}\\p{N}])${escaped(word.length > 2 ? stem(word) : word)}[\\p{L}\\p{N}]${word.length > 2 ? "*" : "{0}(?![\\p{L}\\p{N}])"}`, "gu")),
    ];
  }

  const places = (text, wanted) => wanted.flatMap((pattern) =>
    [...text.matchAll(pattern)].map((found) => [found.index, found.index + found[0].length]));
  const count = (text, pattern) => (text.match(pattern) || []).length;

  /* The sentence in which something stands; of a long one what is near, cut between words. */
  function around(text, at) {
    const ends = [...text.matchAll(/(?<!\b(?:al|vs|cf|Fig|No|e\.g|i\.e|\p{Lu}))[.!?](?=\s+[\p{Lu}\p{N}“"(·])/gu)].map((found) => found.index + 1);
    let start = Math.max(0, ...ends.filter((end) => end <= at)), end = ends.find((one) => one > at) || text.length;
    if (end - start > 2 * ROOM) {
      const low = Math.max(start, at - ROOM), high = Math.min(end, at + ROOM);
      start = low > start ? text.indexOf(" ", low) + 1 : start;
      end = high < end ? text.lastIndexOf(" ", high) : end;
    }
    return [start, end];
  }

  function marked(text, start, end, found) {
    const part = made("span", "search-sentence");
    let at = start;
    if (start > 0 && !/[.!?]\s*$/.test(text.slice(0, start))) part.append("… ");
    found.filter(([from, to]) => from >= start && to <= end).sort((one, two) => one[0] - two[0]).forEach(([from, to]) => {
      if (from < at) return;
      part.append(text.slice(at, from).replace(/^\s+/, at === start ? "" : " "), made("mark", "", text.slice(from, to)));
      at = to;
    });
    part.append(text.slice(at, end));
    if (end < text.length && !/[.!?]$/.test(text.slice(start, end))) part.append(" …");
    return part;
  }

  /* A page: how well it fits, and its best pieces. */
  function judged(page, wanted, enough) {
    const title = folded(page.title);
    const texts = page.pieces.map(([, heading, text]) => [folded(text), folded(heading)]);
    const hits = wanted.map((pattern) =>
      8 * (count(title, pattern) > 0) + texts.reduce((sum, [text]) => sum + count(text, pattern), 0));
    if (!enough(hits.map(Boolean))) return null;
    const pieces = page.pieces.map((piece, at) => ({
      piece,
      fits: wanted.filter((pattern) => count(texts[at][0], pattern)).length
        + 0.5 * wanted.filter((pattern) => count(texts[at][1], pattern)).length,
      said: wanted.some((pattern) => count(texts[at][0], pattern)),
    })).filter((one) => one.said).sort((one, two) => two.fits - one.fits);
    const inData = page.address.includes("/tables/");
    const score = hits.reduce((sum, hit) => sum + Math.log2(1 + hit), 0) * (inData ? 0.5 : 1) + 20 * hits.every((hit) => hit >= 8);
    return { page, pieces, score };
  }

  function results(text, query) {
    const wanted = patterns(query);
    if (!wanted.length) return { terms: [], pages: [], all: true };
    const terms = text.terms.filter(([, term]) => wanted.every((pattern) => count(folded(term), pattern)))
      .sort((one, two) => one[1].length - two[1].length).slice(0, 3);
    const found = (enough) => text.pages.map((page) => judged(page, wanted, enough)).filter(Boolean)
      .sort((one, two) => two.score - one.score || one.page.address.localeCompare(two.page.address));
    const all = found((hits) => hits.every(Boolean));
    return { terms, pages: all.length ? all : found((hits) => hits.some(Boolean)), all: all.length > 0, wanted };
  }

  function shown({ page, pieces }, wanted) {
    const entry = made("li", "search-page", made("h2", "", linked(root + page.address, page.title)));
    pieces.slice(0, MOST).forEach(({ piece: [anchor, heading, text] }) => {
      const found = places(folded(text), wanted);
      const [start, end] = around(text, Math.min(...found.map(([from]) => from)));
      const line = made("p", "search-line");
      if (heading && heading !== page.title) line.append(linked(`${root}${page.address}#${anchor}`, heading), ": ");
      line.append(marked(text, start, end, found));
      if (!heading || heading === page.title) {
        line.append(" ", linked(`${root}${page.address}#${anchor}`, "go there"));
        line.lastChild.setAttribute("aria-label", `go there: ${page.title}`);
      }
      entry.append(line);
    });
    if (pieces.length > MOST) entry.append(made("p", "search-more", `${pieces.length - MOST} more on this page`));
    return entry;
  }

  function show(text, query) {
    const { terms, pages, all, wanted } = results(text, query);
    const place = document.querySelector(".search-results"), said = document.querySelector(".search-count");
    place.replaceChildren();
    if (terms.length) {
      const list = made("dl", "search-terms");
      terms.forEach(([address, term, definition]) => {
        list.append(made("dt", "", linked(root + address, term)), made("dd", "", definition));
      });
      place.append(list);
    }
    const n = pages.length === 1 ? "1 page" : `${pages.length} pages`;
    if (!pages.length) said.textContent = `No page says “${query}”. Try fewer words, or the beginning of a word.`;
    else if (!all) said.textContent = `No page has all of these words; ${n} with some of them:`;
    else said.textContent = `${n} for “${query}”`;
    if (pages.length) place.append(made("ol", "search-pages", ...pages.map((one) => shown(one, wanted))));
  }

  document.addEventListener("DOMContentLoaded", () => {
    const form = document.querySelector(".search-again");
    if (!form) return;
    form.hidden = false;
    const field = form.querySelector("input");
    const look = (query) => {
      const said = document.querySelector(".search-count");
      if (!query) return;
      document.title = `${query} - ${document.title.replace(/^.* - Search/, "Search")}`;
      if (window.casebookText) { show(window.casebookText, query); return; }
      said.textContent = "Looking …";
      const script = document.createElement("script");
      script.src = `${root}search-text.js`;
      script.onload = () => show(window.casebookText, query);
      script.onerror = () => { said.textContent = "The text of the pages is not beside this page: build the book again."; };
      document.head.append(script);
    };
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const address = new URL(location.href);
      address.searchParams.set("q", field.value);
      try { history.replaceState(null, "", address); } catch { /* from disk, in some browsers */ }
      look(field.value.trim());
    });
    field.value = new URLSearchParams(location.search).get("q") || "";
    if (field.value) look(field.value.trim());
    else field.focus();
  });
})();
