// A deck without a library: arrows, space, Home and End; N shows the notes where there are any. All slides can be read without it.
const slides = [...document.querySelectorAll(".slide")];
let at = 0;
function show(number) {
  at = Math.max(0, Math.min(slides.length - 1, number));
  slides.forEach((slide, n) => { slide.hidden = n !== at; });
  document.querySelector("footer").hidden = at > 0;
  document.querySelector("#place").textContent = `${at + 1} of ${slides.length}`;
  if (location.hash !== `#${at + 1}`) history.replaceState(null, "", `#${at + 1}`);
  slides[at].focus({ preventScroll: true });
  scrollTo(0, 0);
}
const steps = { ArrowRight: 1, PageDown: 1, " ": 1, ArrowLeft: -1, PageUp: -1 };
addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("details, input, a")) return;
  if (event.key in steps) { event.preventDefault(); document.body.classList.remove("in-hand"); show(at + steps[event.key]); }
  else if (event.key === "Home") show(0);
  else if (event.key === "End") show(slides.length - 1);
  else if (event.key.toLowerCase() === "n") document.body.classList.toggle("with-notes");
});
document.querySelector("#back").addEventListener("click", () => show(at - 1));
document.querySelector("#on").addEventListener("click", () => show(at + 1));
// Controls are seen while they are wanted: some seconds after the mouse was moved or a key was pressed that moves nothing.
let hiding;
function inHand() {
  document.body.classList.add("in-hand");
  clearTimeout(hiding);
  hiding = setTimeout(() => document.body.classList.remove("in-hand"), 3000);
}
addEventListener("mousemove", inHand);
addEventListener("touchstart", inHand, { passive: true });
addEventListener("keydown", (event) => { if (event.key === "Tab") inHand(); });
addEventListener("hashchange", () => show(Number(location.hash.slice(1)) - 1 || 0));
addEventListener("beforeprint", () => [...slides, document.querySelector("footer")].forEach((one) => { one.hidden = false; }));
addEventListener("afterprint", () => show(at));
document.body.classList.add("live");
show(Number(location.hash.slice(1)) - 1 || 0);
