/* Makes figures that can be filtered live: Vega draws them anew from the specification that stands
   beside the picture. The picture is what a reader without scripts has, and what stays if anything fails. */
"use strict";

(() => {
  const INK = '"#1b1b1b"'; // the ink of the specifications; the page's own is put in its place
  const PHONE = matchMedia("(max-width: 700px)");
  const bundle = new URL("vega-bundle.js", document.currentScript.src).href;

  const specification = (chart) => JSON.parse(chart.querySelector(".chart-specification").textContent);
  const charts = () =>
    [...document.querySelectorAll(".chart")].filter((chart) => (specification(chart).usermeta || {}).filters);

  /* The same chart for a phone, as the renderer draws it: narrower, with room for labels above the marks. */
  function narrowed(node, { width, step }) {
    if (Array.isArray(node)) return node.map((item) => narrowed(item, { width, step }));
    if (node === null || typeof node !== "object") return node;
    const found = Object.fromEntries(Object.entries(node).map(([key, value]) => [key, narrowed(value, { width, step })]));
    if (typeof found.width === "number" && ("mark" in found || "layer" in found)) found.width = width;
    if (found.height && found.height.step) found.height = { step };
    if (found.name === "narrow" && "value" in found) found.value = true;
    return found;
  }

  function drawable(chart) {
    const { usermeta, title, ...rest } = specification(chart);
    const spec = PHONE.matches ? narrowed(rest, usermeta.narrow) : rest;
    const ink = JSON.stringify(getComputedStyle(chart).color);
    return JSON.parse(JSON.stringify(spec).replaceAll(INK, ink));
  }

  async function draw(chart) {
    const place = chart.querySelector(".chart-live") || document.createElement("div");
    place.className = "chart-live";
    place.replaceChildren();
    chart.querySelector(".chart-wide").before(place);
    try {
      await window.vegaEmbed(place, drawable(chart), { actions: false, renderer: "svg" });
      chart.classList.add("is-live");
    } catch (error) {
      place.remove();
      chart.classList.remove("is-live");
    }
  }

  const drawAll = () => charts().forEach(draw);

  document.addEventListener("DOMContentLoaded", () => {
    if (!charts().length) return;
    const script = document.createElement("script");
    script.src = bundle;
    script.onload = () => {
      drawAll();
      PHONE.addEventListener("change", drawAll);
      matchMedia("(prefers-color-scheme: dark)").addEventListener("change", drawAll);
      new MutationObserver(drawAll).observe(document.body, { attributeFilter: ["data-theme"] });
    };
    document.head.append(script);
  });
})();
