/* Figures that answer. The picture is a static drawing and stays one: this script says in a line beneath it
   what each mark is (on hover, tap and by keyboard), puts the table of its rows in its place, gives it away as a file,
   turns a timeline to its other day 0, and reads a word in either of its meanings. Everything that it says stands in
   the table of the figure's rows, too. */
"use strict";

(() => {
  const HINT = "Point at a mark or tap it: its row is shown here.";
  const NEAR = 14; // pixels from a mark within which it is meant
  const INK = "#1b1b1b";
  const root = document.documentElement.dataset.content_root || "./";
  const still = matchMedia("(prefers-reduced-motion: reduce)");

  const made = (tag, properties = {}, ...children) => {
    const { className, ...attributes } = properties;
    const element = document.createElement(tag);
    if (className) element.className = className;
    Object.entries(attributes).forEach(([name, value]) => element.setAttribute(name, value));
    element.append(...children);
    return element;
  };
  const button = (text, action, properties = {}) => {
    const element = made("button", { type: "button", ...properties }, text);
    element.addEventListener("click", () => action(element));
    return element;
  };
  const isShown = (element) => element.getClientRects().length > 0;
  const drawing = (view) => [...view.querySelectorAll(".chart-wide, .chart-narrow")].find(isShown);

  /* ---------------------------------------------------------------- marks and their rows */

  /* The marks of a drawing in the order of the rows, each with its row; two marks of one name take two rows. */
  function told(view, place) {
    const marks = [...place.querySelectorAll("[role=graphics-symbol][aria-label]")];
    return [...view.querySelectorAll(".chart-rows tr[data-mark]:not([hidden])")].flatMap((row) => {
      const at = marks.findIndex((mark) => mark.getAttribute("aria-label") === row.dataset.mark);
      return at < 0 ? [] : [{ row, mark: marks.splice(at, 1)[0] }];
    });
  }

  /* What a row says, each cell under its heading; what the name of the mark says already is left out. */
  function sentence(row) {
    const heads = [...row.closest("table").querySelectorAll("thead th")].map((head) => head.textContent);
    const parts = [made("strong", {}, row.dataset.mark)];
    const sentences = JSON.parse(text(row.closest(".chart-view"), ".chart-sentences") || "{}");
    const said = [...row.cells].map((one) => sentences[one.textContent]).find(Boolean);
    if (said) parts.push(" ", made("span", { className: "chart-said-of" }, "The record"), ` ${said}`);
    [...row.cells].forEach((cell, at) => {
      const text = cell.textContent.trim();
      if (!text || row.dataset.mark.includes(text) || heads[at] === "Drawn as") return;
      parts.push(" ", made("span", { className: "chart-said-of" }, heads[at]), ` ${text}`);
    });
    if (row.dataset.row) {
      const table = row.dataset.row.split("-")[0];
      const address = `${root}chapters/tables/${table}.html#${row.dataset.row}`;
      parts.push(" ", made("a", { href: address }, "Row of the data"));
    }
    return parts;
  }

  /* ---------------------------------------------------------------- details */

  /* In a timeline all but the row that is meant steps back: its mark, and what stands beside it. */
  function fade(place, one) {
    const middle = (element) => { const box = element.getBoundingClientRect(); return (box.top + box.bottom) / 2; };
    const all = [...place.querySelectorAll("svg :is(text, path, use)[transform]")].filter(isShown);
    const at = one && middle(one.mark), near = place.matches(".chart-narrow") ? 18 : 8;
    const first = one && Math.min(...all.filter((element) => element.matches("[role]")).map(middle)) - near;
    const back = one ? all.filter((element) => middle(element) > first && Math.abs(middle(element) - at) > near) : [];
    all.forEach((element) => element.classList.toggle("is-back", back.includes(element)));
  }

  /* The line has the room of one line: what is longer reaches up over the key, so that nothing below it moves. */
  function fill(line, ...parts) {
    line.replaceChildren(...parts);
    line.style.setProperty("--over", "0px");
    if (!line.classList.contains("is-hint")) {
      line.style.setProperty("--over", `${line.getBoundingClientRect().height - parseFloat(getComputedStyle(line).minHeight)}px`);
    }
  }

  function answer(view, line) {
    let pinned = null;
    const tiles = view.querySelector(".chart-tiles"), lanes = view.closest(".lanes");

    const tell = (place, one) => {
      const ring = place.querySelector(".chart-ring") || place.appendChild(made("div", { className: "chart-ring" }));
      ring.hidden = !one;
      if (lanes && place.meant !== (one && one.mark)) { fade(place, one); place.meant = one && one.mark; }
      line.classList.toggle("is-hint", !one);
      if (!one) { fill(line, HINT); return; }
      if (line.dataset.mark !== one.row.dataset.mark || line.querySelector("strong") === null) {
        fill(line, ...sentence(one.row));
        line.dataset.mark = one.row.dataset.mark;
      }
      const box = one.mark.getBoundingClientRect(), origin = place.getBoundingClientRect();
      line.style.setProperty("--at", `${box.top - view.getBoundingClientRect().top - 12}px`);
      Object.assign(ring.style, {
        left: `${box.left - origin.left - 4}px`, top: `${box.top - origin.top - 4}px`,
        width: `${box.width + 8}px`, height: `${box.height + 8}px`,
      });
    };

    const nearest = (place, event) => {
      let found = null, least = NEAR;
      told(view, place).forEach((one) => {
        const box = one.mark.getBoundingClientRect();
        const across = Math.max(box.left - event.clientX, 0, event.clientX - box.right);
        const down = Math.max(box.top - event.clientY, 0, event.clientY - box.bottom);
        const far = Math.hypot(across, down) + Math.min(box.width, 400) / 1e4; // of two, the smaller
        if (far < least) { found = one; least = far; }
      });
      return found;
    };

    const pin = (place, one) => { pinned = one && one.row; tell(place, one); };
    const again = (place) => told(view, place).find((one) => one.row === pinned) || null;

    view.querySelectorAll(".chart-wide, .chart-narrow").forEach((place) => {
      place.tabIndex = 0;
      place.setAttribute("role", "group");
      place.setAttribute("aria-label", "The marks of this figure: arrow keys go from one to the next, Escape leaves them");
      place.addEventListener("pointermove", (event) => {
        if (event.pointerType === "mouse") tell(place, nearest(place, event) || again(place));
      });
      place.addEventListener("pointerleave", () => tell(place, again(place)));
      place.addEventListener("click", (event) => pin(place, nearest(place, event)));
      place.addEventListener("keydown", (event) => {
        if (event.ctrlKey || event.altKey || event.metaKey) return;
        const all = told(view, place);
        const at = all.findIndex((one) => one.row === pinned);
        const next = {
          ArrowRight: at + 1, ArrowDown: at + 1, Home: 0, End: all.length - 1,
          ArrowLeft: at < 0 ? all.length - 1 : at - 1, ArrowUp: at < 0 ? all.length - 1 : at - 1,
        }[event.key];
        if (event.key === "Escape") pin(place, null);
        else if (next !== undefined && all.length) pin(place, all[(next + all.length) % all.length]);
        else return;
        event.preventDefault();
      });
    });
    addEventListener("resize", () => {
      const place = drawing(view);
      if (place) tell(place, again(place));
    });
    if (tiles) name(tiles, view);
    line.classList.add("is-hint");
    fill(line, HINT);
  }

  /* A tile says what it stands for in the line of the drawing above it; a finger reads first, and goes there second. */
  function name(tiles) {
    let finger = false;
    tiles.querySelectorAll("a").forEach((tile) => tile.setAttribute("aria-label", tile.title));
    const lineOf = () => tiles.closest(".chart-view").querySelector(".chart-detail");
    const say = (tile) => {
      const line = lineOf(), known = { filled: "filled from the article", sought: "not in the article either" };
      line.classList.remove("is-hint");
      line.dataset.mark = tile.getAttribute("href");
      fill(line,
        made("strong", {}, `${tile.parentNode.getAttribute("aria-label")}, ${tile.title}`), ": ",
        known[tile.className] || "not in the record", ". ", made("a", { href: tile.getAttribute("href") }, "Its line in Your case"));
    };
    const hush = () => {
      const line = lineOf();
      if (document.activeElement?.closest(".chart-tiles") === tiles || line.contains(document.activeElement) || !line.dataset.mark?.includes("#")) return;
      line.dataset.mark = "";
      line.classList.add("is-hint");
      fill(line, HINT);
    };
    const on = (kind, action) => tiles.addEventListener(kind, (event) => {
      const tile = event.target.closest("a");
      if (tile) action(tile, event);
    });
    on("pointerdown", (tile, event) => { finger = event.pointerType === "touch" && lineOf().dataset.mark !== tile.getAttribute("href"); });
    // A page that scrolls below a mouse at rest points at nothing.
    on("pointermove", (tile, event) => {
      if (event.pointerType === "mouse" && (event.movementX || event.movementY) && lineOf().dataset.mark !== tile.getAttribute("href")) say(tile);
    });
    on("focusin", say);
    on("click", (tile, event) => { if (finger) { event.preventDefault(); say(tile); } finger = false; });
    tiles.addEventListener("pointerleave", (event) => { if (event.pointerType === "mouse") hush(); });
    tiles.addEventListener("focusout", () => setTimeout(hush, 0));
  }

  /* ---------------------------------------------------------------- the two meanings of a word */

  const plain = (words) => words.replaceAll("\u00a0", " ").replaceAll("\u2011", "-");

  /* A drawing without scripts has the marks of both meanings; here a reader sees one: its mark and its row, in title and description, too. */
  function read(view, told, chosen) {
    const { of } = told, one = of[chosen], others = of.filter((other) => other !== one);
    const say = (element, words) => { if (element) element.textContent = words; };
    const isOf = (meanings, label) => meanings.some((meaning) => meaning.marks.includes(label));
    view.querySelectorAll(".chart-rows tr[data-mark]").forEach((row) => { row.hidden = isOf(others, row.dataset.mark); });
    view.querySelectorAll("svg[role=img]").forEach((svg) => {
      svg.querySelectorAll("[role=graphics-symbol]").forEach((mark) => {
        mark.style.display = isOf(others, mark.getAttribute("aria-label")) ? "none" : "";
      });
      const notes = of.map(({ name }) => [...svg.querySelectorAll("text")].filter((note) => [name, `or ${name}`].includes(note.textContent)));
      notes.forEach((some, at) => some.forEach((note, number) => {
        note.style.display = at === chosen ? "" : "none";
        note.textContent = of[at].name;
        if (notes[0][number]) note.setAttribute("transform", notes[0][number].getAttribute("transform"));
      }));
      const title = svg.querySelector("title"), said = svg.querySelector("desc");
      svg.dataset.told ||= said.textContent.replace(title.textContent, ""); // what it says of both
      say(title, plain(one.title));
      say(said, plain(one.title) + others.flatMap((other) => other.told).reduce(
        (words, part) => words.replace(`${part}; `, "").replace(`; ${part}`, ""), svg.dataset.told));
    });
    say(view.querySelector(".chart-title"), one.title);
    say(view.querySelector(".chart-rows caption"), `Rows of the figure: ${one.title}`);
  }

  /* The bracket slides from the one meaning to the other. */
  function slide(view, told, from, to) {
    const place = drawing(view), find = (at) => told.of[at].marks.map((label) =>
      [...place.querySelectorAll("[role=graphics-symbol]")].find((mark) => mark.getAttribute("aria-label") === label));
    const old = find(from).map((mark) => mark.getBoundingClientRect());
    read(view, told, to);
    if (still.matches) return;
    find(to).forEach((mark, at) => {
      const box = mark.getBoundingClientRect(), was = old[at];
      if (!was || !box.width || !mark.animate) return;
      const grows = was.width < box.width;
      const frames = grows
        ? [{ clipPath: `inset(-4px ${box.width - was.width}px -4px -4px)` }, { clipPath: "inset(-4px)" }]
        : [{ translate: `${was.right - box.right}px 0px` }, { translate: "0px 0px" }];
      mark.animate(frames, { duration: 300, easing: "ease-out" });
    });
  }

  /* ---------------------------------------------------------------- downloads */

  const text = (view, part) => (view.querySelector(part) || { textContent: "" }).textContent.trim();
  const FACE = '"Liberation Sans", Arimo, Arial, Helvetica, sans-serif';
  const pen = document.createElement("canvas").getContext("2d");
  const wide = (words, [size, weight]) => { pen.font = `${weight} ${size}px ${FACE}`; return pen.measureText(words).width; };

  /* Words in lines of so many pixels. What is written without blanks may break at any letter; no-break blanks hold. */
  const wrapped = (words, room, type) => words.split(/[ \n\t]+/).filter(Boolean).reduce((lines, word) => {
    const longer = lines.length ? `${lines[lines.length - 1]} ${word}` : word;
    if (wide(longer, type) <= room) return [...lines.slice(0, -1), longer];
    const pieces = [""];
    [...word].forEach((letter) => {
      if (pieces[pieces.length - 1] && wide(pieces[pieces.length - 1] + letter, type) > room) pieces.push("");
      pieces[pieces.length - 1] += letter;
    });
    return [...lines, ...pieces];
  }, []);

  /* The font of the book, for pictures that leave the page: read when the first one is saved. */
  let font = null;
  const withFont = () => font || (font = new Promise((done) => {
    const script = made("script", { src: `${root}_static/casebook-font.js` });
    script.onload = script.onerror = () => done(window.casebookFont || "");
    document.head.append(script);
  }));

  /* The drawing of a desk as a picture of its own, on white: under its title, which says if a patient is made up,
     with the key as it is drawn on the page, and with a line that says what it was made from. */
  async function picture(view) {
    const source = view.querySelector(".chart-wide svg");
    const [width, height] = ["width", "height"].map((name) => Number(source.getAttribute(name)));
    const space = "http://www.w3.org/2000/svg", EDGE = 16, room = Math.max(width, 400);
    const whole = document.createElementNS(space, "svg");
    let y = EDGE;
    const add = (tag, attributes, words) => {
      const element = document.createElementNS(space, tag);
      Object.entries(attributes).forEach(([name, value]) => element.setAttribute(name, value));
      if (words) element.textContent = words;
      return whole.appendChild(element);
    };
    const write = (words, x, at, [size, weight], fill = INK) => add("text", {
      x, y: at, "font-size": size, "font-weight": weight, "font-family": "Liberation Sans", fill,
    }, words);
    const lines = (words, type, indent = 0) => wrapped(words, room - indent, type).forEach((line) => {
      y += Math.ceil(1.3 * type[0]);
      write(line, EDGE + indent, y, type);
    });
    /* Signs with what they say, side by side as long as there is room. */
    const row = (entries, type) => {
      const tall = Math.ceil(1.4 * type[0]);
      let x = 0;
      y += entries.length ? tall : 0;
      entries.forEach(({ wideSign, draw, said }) => {
        const text = wrapped(said, room - wideSign - 6, type);
        const long = wideSign + 6 + Math.max(...text.map((line) => wide(line, type)));
        if (x && x + long > room) { x = 0; y += tall; }
        draw(EDGE + x, y);
        text.forEach((line, at) => { y += at ? tall : 0; write(line, EDGE + x + wideSign + 6, y, type); });
        x = text.length > 1 ? room : x + long + 18;
      });
    };
    const colored = (sign) => {
      const shown = sign.textContent.trim();
      return { wideSign: wide(shown, [13, "normal"]), draw: (x, at) => write(shown, x, at, [13, "normal"], sign.style.color || INK) };
    };
    const drawn = (sign) => ({
      wideSign: Number(sign.getAttribute("width")),
      draw: (x, at) => {
        const copy = whole.appendChild(sign.cloneNode(true));
        Object.entries({ x, y: at - 11, color: INK }).forEach(([name, value]) => copy.setAttribute(name, value));
      },
    });
    const after = (sign) => {
      let words = "";
      for (let node = sign.nextSibling; node && !(node.nodeType === 1 && node.matches(".chart-sign")); node = node.nextSibling) words += node.textContent;
      return words.trim();
    };

    /* The tiles as on the page: groups side by side, a row a case, hatched where nothing is known. */
    const blanks = (tiles) => {
      if (!tiles) return;
      const TILE = 13, GAP = 3, HEAD = 18, ROW = TILE + 5;
      y += 6;
      lines(tiles.querySelector("p").textContent, [12.5, "bold"]);
      y += 10;
      let x = 0, tall = 0;
      tiles.querySelectorAll("li").forEach((group) => {
        const rows = [...group.querySelectorAll("div")], head = group.querySelector("p").textContent;
        const long = Math.max(wide(head, [11, "normal"]), ...rows.map((one) => 14 + (one.children.length - 1) * (TILE + GAP)));
        if (x && x + long > room) { x = 0; y += tall + 8; }
        tall = HEAD + rows.length * ROW;
        write(head, EDGE + x, y + 11, [11, "normal"]);
        rows.forEach((one, number) => {
          const top = y + HEAD + number * ROW, color = one.style.color;
          write(one.firstChild.textContent, EDGE + x, top + 10, [10, "normal"], color);
          [...one.querySelectorAll("a")].forEach((tile, at) => {
            const left = EDGE + x + 14 + at * (TILE + GAP), open = !tile.className;
            add("rect", { x: left, y: top, width: TILE, height: TILE, stroke: color, fill: tile.className === "filled" ? color : "none" });
            if (open) add("path", { d: `M${left},${top + 6}l6,-6m-6,${TILE}l${TILE},-${TILE}m-${TILE - 7},${TILE}l${TILE - 7},-${TILE - 7}`, stroke: color, "stroke-width": 0.8 });
          });
        });
        x += long + 16;
      });
      y += tall + 10;
    };

    whole.setAttribute("xmlns", space);
    add("title", {}, text(view, ".chart-title"));
    add("desc", {}, text(view, ".chart-wide desc"));
    const style = add("style", {}, await withFont());
    if (!style.textContent) style.remove();
    const paper = add("rect", { fill: "#ffffff" });
    lines(text(view, ".chart-title"), [15, "bold"]);
    lines(text(view, ".chart-subtitle"), [12, "normal"]);
    row([...view.querySelectorAll(".chart-key .chart-sign")].map((sign) => ({ ...colored(sign), said: after(sign) })), [12, "normal"]);
    const copy = source.cloneNode(true);
    copy.removeAttribute("style");
    Object.entries({ x: EDGE, y: y + 12, overflow: "visible" }).forEach(([name, value]) => copy.setAttribute(name, value));
    whole.append(copy);
    y += height + 16;
    blanks(view.querySelector(".chart-tiles"));
    row([...view.querySelectorAll(".chart-legend svg")].map((sign) => ({ ...drawn(sign), said: sign.parentNode.textContent.trim() })), [11, "normal"]);
    view.querySelectorAll(".chart-said p").forEach((head) => { y += 4; lines(head.textContent, [12, "bold"]); });
    view.querySelectorAll(".chart-said dt").forEach((name) => {
      const sign = name.querySelector("span");
      row([{ ...colored(sign), said: `${after(sign)}: ${name.nextElementSibling.textContent.trim()}` }], [12, "normal"]);
    });
    const foot = document.querySelector('meta[name="casebook:foot"]');
    y += 6;
    if (text(view, ".chart-source")) lines(text(view, ".chart-source"), [10.5, "normal"]);
    lines(foot ? foot.content : document.title, [10.5, "normal"]);
    const size = [room + 2 * EDGE, Math.ceil(y + EDGE)];
    Object.entries({ width: size[0], height: size[1] }).forEach(([name, value]) => paper.setAttribute(name, value));
    Object.entries({ width: size[0], height: size[1], viewBox: `0 0 ${size.join(" ")}`, color: INK }).forEach(
      ([name, value]) => whole.setAttribute(name, value));
    whole.querySelectorAll("[font-family]").forEach((one) => one.setAttribute("font-family", FACE.replaceAll('"', "")));
    return { svg: new XMLSerializer().serializeToString(whole), size };
  }

  function save(name, type, content) {
    const address = URL.createObjectURL(content instanceof Blob ? content : new Blob([content], { type }));
    const link = made("a", { href: address, download: name });
    document.body.append(link);
    link.click();
    link.remove();
    setTimeout(() => URL.revokeObjectURL(address), 10000);
  }

  async function savePng(view, name) {
    const { svg, size } = await picture(view), image = new Image(), canvas = document.createElement("canvas");
    [canvas.width, canvas.height] = size.map((length) => 2 * length);
    image.onload = () => {
      canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
      canvas.toBlob((blob) => save(`${name}.png`, "image/png", blob));
    };
    image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`;
  }

  /* The rows as the tables of the book are kept: UTF-8, commas, names in lower case, the key of the row first. */
  function csv(view) {
    // An apostrophe before what a spreadsheet would compute, as `casebook.cells` has it.
    const safe = (words) => (/^(\s*([=@\uff1d\uff20]|[+\-\uff0b\uff0d](?![0-9.,]+\s*$))|[\t\r\n])/.test(words) ? `'${words}` : words);
    const quoted = (words) => (/[",\r\n]/.test(words) ? `"${words.replaceAll('"', '""')}"` : words);
    const cell = (words) => quoted(safe(words));
    const rows = [...view.querySelectorAll(".chart-rows tbody tr:not([hidden])")];
    const heads = [...view.querySelectorAll(".chart-rows thead th")].map((head) =>
      head.textContent.toLowerCase().replace(/[^a-z0-9]+/g, "_").replace(/^_|_$/g, ""));
    const table = rows.length && rows[0].dataset.row ? rows[0].dataset.row.split("-")[0] : "";
    const lines = rows.map((row) => [
      ...(table ? [row.dataset.row.slice(table.length + 1)] : []), ...[...row.cells].map((one) => one.textContent),
    ]);
    return `${[[...(table ? [`${table.slice(0, -1)}_id`] : []), ...heads], ...lines]
      .map((line) => line.map(cell).join(",")).join("\n")}\n`;
  }

  function citation(chart, view) {
    const book = document.querySelector('meta[name="DCTERMS.bibliographicCitation"]');
    const number = chart.closest("figure") && chart.closest("figure").querySelector(".caption-number");
    const label = number ? number.textContent.trim().replace(/\.$/, "") : "Figure";
    const at = /^https?:$/.test(location.protocol) ? ` ${location.href.split("#")[0]}` : "";
    return `${label}: “${text(view, ".chart-title")}”. In: ${book ? book.content : document.title}${at}`;
  }

  /* ---------------------------------------------------------------- the row below */

  /* Two tabs that replace each other: the drawing with its key, and the table of its rows in as much room. */
  function tabs(chart, name, shown) {
    const SHORTEST = 320;
    const list = made("div", { className: "chart-tabs", role: "tablist", "aria-label": "This figure as" });
    const panels = () => [".chart-drawn", ".chart-rows"].map((part) => shown().querySelector(part));
    const point = () => panels().forEach((panel, at) => all[at].setAttribute("aria-controls", panel.id));
    const choose = (at) => {
      const top = list.getBoundingClientRect().top;
      if (at && panels()[0].offsetHeight) chart.style.setProperty("--tall", `${Math.max(panels()[0].offsetHeight, SHORTEST)}px`);
      select(at);
      scrollBy({ top: list.getBoundingClientRect().top - top, behavior: "instant" }); // the tab stays where it was pressed
    };
    const select = (at) => {
      chart.classList.toggle("as-table", at === 1);
      all.forEach((tab, number) => {
        tab.setAttribute("aria-selected", String(number === at));
        tab.tabIndex = number === at ? 0 : -1;
      });
      point();
    };
    const all = ["Figure", "Table"].map((label, at) => button(label, () => choose(at), { role: "tab", id: `${name}-tab-${at}` }));
    list.append(...all);
    list.addEventListener("keydown", (event) => {
      const at = all.indexOf(event.target);
      const next = { ArrowRight: 1 - at, ArrowLeft: 1 - at, Home: 0, End: 1 }[event.key];
      if (next === undefined) return;
      choose(next);
      all[next].focus();
      event.preventDefault();
    });
    // Another state of the figure has panels of its own.
    ["click", "change"].forEach((kind) => chart.addEventListener(kind, point));
    return { list, select };
  }

  function toolbar(chart, shown) {
    const name = ((chart.closest("figure") || {}).id || chart.id).replace(/[^\w-]/g, "");
    const cited = made("p", { className: "chart-cited", role: "status" });
    const cell = chart.closest(".cell");
    const bar = made("div", { className: "chart-tools", role: "group", "aria-label": "What can be done with this figure" });
    const { list, select } = tabs(chart, chart.id, shown);
    bar.append(list, made("span", { className: "chart-save" }, "Download ",
      button("SVG", async () => save(`${name}.svg`, "image/svg+xml", (await picture(shown())).svg), { "aria-label": "SVG: save the picture" }),
      " ", button("PNG", () => savePng(shown(), name), { "aria-label": "PNG: save the picture" }),
      " ", button("CSV", () => save(`${name}.csv`, "text/csv", csv(shown())), { "aria-label": "CSV: save the rows" })));
    bar.append(button("Cite", (self) => {
      const open = self.getAttribute("aria-expanded") !== "true";
      self.setAttribute("aria-expanded", String(open));
      cited.textContent = open ? citation(chart, shown()) : "";
    }, { "aria-expanded": "false" }));
    chart.append(bar, cited);
    if (cell && cell.querySelector(".cell_input") && chart.closest(".code-closed")) {
      bar.append(button("Code", (self) => {
        const open = cell.classList.toggle("code-shown"), code = cell.querySelector(".cell_input");
        self.setAttribute("aria-expanded", String(open));
        // Below the row, where the reader looks; closed, it goes back to where the notebook has it.
        if (open) { chart.append(code); code.scrollIntoView({ block: "nearest" }); } else cell.prepend(code);
      }, { "aria-expanded": "false" }));
    }
    select(0);
  }

  /* Each mark comes from where it was; whoever asked for no motion sees the new place at once. */
  function move(from, to, change) {
    const key = (one) => one.row.dataset.row;
    const before = new Map(told(from, drawing(from)).map((one) => [key(one), one.mark.getBoundingClientRect()]));
    change();
    if (still.matches) return;
    told(to, drawing(to)).forEach((one) => {
      const was = before.get(key(one)), is = one.mark.getBoundingClientRect();
      if (!was || !one.mark.animate) return;
      const [across, down] = [was.left - is.left, was.top - is.top];
      one.mark.animate([{ translate: `${across}px ${down}px` }, { translate: "0px 0px" }], { duration: 400, easing: "ease-out" });
    });
  }

  /* Those lines of a drawing that were chosen, moved up to where the others were; title, rows and words follow. */
  function less(chart, plain, told, one) {
    const view = made("div", { className: "chart-view" });
    view.innerHTML = plain.innerHTML.replaceAll(chart.id, `${chart.id}-${one.choice}`).replaceAll('="table-', `="table-${one.choice}-`);
    view.querySelector(".chart-choices").remove();
    const shown = new Set(one.lines.map((line) => told.order[line]));
    const rows = [...view.querySelectorAll(".chart-rows tbody tr")];
    rows.forEach((row) => { if (!shown.has(row.dataset.row)) row.remove(); });
    const left = rows.filter((row) => row.parentNode).map((row) => row.dataset.mark);
    view.querySelector(".chart-title").textContent = one.title;
    view.querySelector(".chart-subtitle").textContent = one.subtitle;
    view.querySelector(".chart-rows caption").textContent = `Rows of the figure: ${one.title}`;
    view.querySelectorAll("svg[role=img]").forEach((svg) => {
      const phone = svg.closest(".chart-narrow") ? 1 : 0, top = told.top[phone], tall = told.row[phone];
      svg.querySelectorAll("text[transform], path[transform], line[transform]").forEach((mark) => {
        const [, x, y] = mark.getAttribute("transform").match(/^translate\(([^,]+),([^)]+)\)/);
        const line = Math.floor((y - top - 1) / tall), at = one.lines.indexOf(line);
        if (line < 0) return; // a heading
        if (at < 0) mark.remove();
        else mark.setAttribute("transform", `translate(${x},${y - tall * (line - at)})`);
      });
      const height = svg.getAttribute("height") - tall * (told.order.length - one.lines.length);
      svg.setAttribute("height", height);
      svg.setAttribute("viewBox", svg.getAttribute("viewBox").replace(/[^ ]+$/, height));
      svg.querySelector("title").textContent = one.title;
      svg.querySelector("desc").textContent = `${one.title}. ${one.subtitle} ${left.join("; ")}.`;
    });
    return view;
  }

  /* A reader chooses who is shown: how many that are, and the way back; the choice stands in the address. */
  function choices(chart, whole, plain, told) {
    const views = new Map([["", whole]]);
    const picker = made("select", { id: `${chart.id}-choice` });
    const status = made("span", { className: "chart-count", role: "status" });
    const bar = made("div", { className: "chart-switch", role: "group", "aria-label": "Who is shown in this figure" });
    const show = (chosen) => {
      const one = told.some.find((some) => some.choice === chosen), now = one ? chosen : "";
      if (!views.has(now)) {
        const view = less(chart, plain, told, one);
        whole.after(view);
        dress(view);
        views.set(now, view);
      }
      views.forEach((view, choice) => { view.hidden = choice !== now; });
      below(views.get(now), bar);
      picker.value = now;
      reset.disabled = now === "";
      status.textContent = `${one ? one.n : told.total} of ${told.total} shown`;
      return now;
    };
    const keep = (chosen) => {
      const address = new URL(location.href);
      if (chosen) address.searchParams.set("share", chosen); else address.searchParams.delete("share");
      try { history.replaceState(null, "", address); } catch { /* the choice holds for this visit, then */ }
    };
    const reset = button("Show all", () => { keep(show("")); picker.focus(); });
    picker.append(new Option("any of these, or none", ""), ...told.some.map((one) => new Option(`${one.words} (${one.n})`, one.choice)));
    picker.addEventListener("change", () => keep(show(picker.value)));
    bar.append(made("label", { for: picker.id }, told.called), picker, reset, status);
    show(new URL(location.href).searchParams.get("share") || "");
    return () => views.get(picker.value);
  }

  /* A switch stands below the subtitle of what is shown, and keeps the focus on its way there. */
  function below(view, bar) {
    const active = document.activeElement;
    view.querySelector(".chart-subtitle").after(bar);
    if (bar.contains(active)) active.focus({ preventScroll: true });
  }

  /* A view gets its two panels, the drawing with its key and the table, and the line that answers. */
  function dress(view) {
    const chart = view.closest(".chart"), number = chart.querySelectorAll(".chart-drawn").length;
    const panel = (className, at, ...children) => made("div", {
      className, role: "tabpanel", id: `${chart.id}-panel-${number}-${at}`, "aria-labelledby": `${chart.id}-tab-${at}`,
    }, ...children);
    const folded = view.querySelector("details.chart-rows");
    folded.querySelector("summary").remove();
    const heads = [...folded.querySelectorAll("thead th")];
    folded.querySelectorAll("tbody tr").forEach((row) => heads.forEach((head, at) => {
      if (head.matches(".rest")) row.cells[at].classList.add("rest");
    }));
    folded.replaceWith(panel("chart-rows", 1, ...folded.childNodes));
    const subtitle = view.querySelector(".chart-subtitle"), drawn = [...subtitle.parentNode.childNodes];
    subtitle.parentNode.append(panel("chart-drawn", 0, ...drawn.slice(drawn.indexOf(subtitle) + 1)));
    const line = made("p", { className: "chart-detail", "aria-live": "polite" });
    view.append(line);
    answer(view, line);
  }

  function setUp(chart) {
    const template = chart.querySelector(":scope > template.chart-turned");
    const view = made("div", { className: "chart-view" },
      ...[...chart.childNodes].filter((node) => node.nodeName !== "TEMPLATE"));
    chart.prepend(view);
    const told = view.querySelector(":scope > .chart-choices");
    const plain = told && view.cloneNode(true);
    dress(view);
    const views = [view], switches = [], state = [0, 0];
    if (template) {
      const other = made("div", { className: "chart-view" });
      const drawn = document.importNode(template.content, true), marks = [...view.querySelectorAll("g[class^=mark-][class$=_marks]")];
      drawn.querySelectorAll("g[data-same]").forEach((one) => one.replaceWith(marks[one.dataset.same].cloneNode(true)));
      other.append(...drawn.querySelector(".chart").childNodes);
      other.hidden = true;
      view.after(other);
      dress(other);
      views.push(other);
      switches.push({ at: 0, called: "Day 0 is", label: "Day 0 of this figure", names: [template.dataset.here, template.dataset.there] });
    }
    const meanings = views.map((one) => JSON.parse(text(one, ".chart-meanings") || "null"));
    if (meanings[0]) {
      const { word, of } = meanings[0];
      switches.push({ at: 1, called: `“${word}” means`, label: `What ${word} means in this figure`, names: of.map(({ name }) => name) });
    }
    const caption = chart.closest("figure")?.querySelector("figcaption .caption-text"), captioned = caption?.textContent;
    const tell = () => {
      if (!caption || !switches.length) return;
      const said = switches.map(({ at, called, names }) => `${called} ${names[state[at]]}`).join("; ");
      caption.textContent = `${captioned} ${said.replace(/^./, (letter) => letter.toUpperCase())}.`;
    };
    const tiles = view.querySelector(".chart-tiles");
    const turn = (to) => {
      const from = views[state[0]];
      move(from, views[to], () => {
        views.forEach((one, number) => { one.hidden = number !== to; });
        below(views[to], bar);
        if (tiles) [...views[to].querySelectorAll(".chart-wide, .chart-narrow")].pop().after(tiles);
      });
    };
    const bar = made("div", { className: "chart-switches" });
    switches.forEach(({ at, called, label, names }) => {
      const group = made("div", { className: "chart-switch", role: "group", "aria-label": label }, called);
      const buttons = names.map((name, to) => button(name.replace(/^the /, ""), (self) => {
        if (state[at] === to) return;
        if (at === 0) turn(to); else views.forEach((one, number) => {
          if (number === state[0]) slide(one, meanings[number], state[1], to); else read(one, meanings[number], to);
        });
        state[at] = to;
        buttons.forEach((one) => one.setAttribute("aria-pressed", String(one === self)));
        tell();
      }, { "aria-pressed": String(to === 0) }));
      // Days of the same order above every figure, whichever of them it is drawn with.
      group.append(...(at === 0 ? [...buttons].sort((one, two) => one.textContent.localeCompare(two.textContent)) : buttons));
      bar.append(group);
    });
    if (switches.length) below(view, bar);
    if (meanings[0]) {
      // On paper nobody can switch: there the drawing has both meanings again.
      const both = view.cloneNode(true);
      matchMedia("print").addEventListener("change", ({ matches }) => {
        if (matches) view.before(both); else both.remove();
        views.forEach((one, number) => { one.hidden = matches || number !== state[0]; });
        if (caption && matches) caption.textContent = captioned; else tell();
      });
      views.forEach((one, number) => read(one, meanings[number], 0));
    }
    tell();
    const chosen = told && choices(chart, view, plain, JSON.parse(told.textContent));
    toolbar(chart, chosen || (() => views.find((one) => !one.hidden)));
    chart.classList.add("is-ready");
  }

  document.addEventListener("DOMContentLoaded", () => {
    document.querySelectorAll(".chart").forEach((chart) => {
      try { setUp(chart); } catch (error) {
        chart.classList.add("is-still");
        console.warn(`A figure stays a picture: ${error}`);
      }
    });
  });
})();
