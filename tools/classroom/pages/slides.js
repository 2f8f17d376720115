// A deck without a library: arrows, space, Home and End; N shows the notes where there are any. All slides can be read without it.
const slides = [...document.querySelectorAll(".slide")];
let at = 0;
function show(number) {
  at = Math.max(0, Math.min(slides.length - 1, number));
  slides.forEach((slide, n) => { slide.hidden = n !== at; });
  document.querySelector("#place").textContent = `${at + 1} of ${slides.length}`;
  if (location.hash !== `#${at + 1}`) history.replaceState(null, "", `#${at + 1}`);
  slides[at].focus({ preventScroll: true });
  scrollTo(0, 0);
}
const steps = { ArrowRight: 1, PageDown: 1, " ": 1, ArrowLeft: -1, PageUp: -1 };
addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("details, input, a")) return;
  if (event.key in steps) { event.preventDefault(); show(at + steps[event.key]); }
  else if (event.key === "Home") show(0);
  else if (event.key === "End") show(slides.length - 1);
  else if (event.key.toLowerCase() === "n") document.body.classList.toggle("with-notes");
});
document.querySelector("#back").addEventListener("click", () => show(at - 1));
document.querySelector("#on").addEventListener("click", () => show(at + 1));
addEventListener("hashchange", () => show(Number(location.hash.slice(1)) - 1 || 0));
addEventListener("beforeprint", () => slides.forEach((slide) => { slide.hidden = false; }));
addEventListener("afterprint", () => show(at));
document.body.classList.add("live");
show(Number(location.hash.slice(1)) - 1 || 0);
