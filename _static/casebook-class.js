/* Commit before you open: who has chosen commits, and reads the feedback to that choice first. No score is kept. */
"use strict";

(() => {
  /* The feedback to what was chosen stands first and is marked; the others stay folded below it. */
  function reveal(question, feedback, chosen) {
    const list = feedback.querySelector("ol");
    const own = list.children[chosen];
    const others = document.createElement("details");
    const summary = document.createElement("summary");
    const rest = list.cloneNode(false);
    summary.textContent = "The other answers";
    rest.append(...[...list.children].filter((one) => one !== own));
    others.append(summary, rest);
    feedback.append(others);
    const mark = document.createElement("strong");
    mark.className = "stage-own";
    mark.textContent = "Your answer. ";
    own.querySelector("p").prepend(mark);
    feedback.hidden = false;
    feedback.open = true;
    feedback.querySelector("summary").focus();
    question.dispatchEvent(new CustomEvent("committed", { bubbles: true, detail: chosen }));
  }

  document.querySelectorAll("fieldset.stage-question").forEach((question) => {
    const choices = [...question.querySelectorAll('input[type="radio"]')];
    const feedback = question.querySelector(".stage-feedback");
    const commit = document.createElement("button");
    commit.type = "button";
    commit.className = "stage-commit";
    commit.textContent = "Commit";
    const ready = () => commit.setAttribute("aria-disabled", String(!choices.some((one) => one.checked)));
    ready();
    feedback.hidden = true;
    feedback.before(commit);
    question.addEventListener("change", ready);
    commit.addEventListener("click", () => {
      const chosen = choices.findIndex((one) => one.checked);
      if (chosen < 0) { choices[0].focus(); return; }
      choices.forEach((one) => { one.disabled = true; });
      commit.remove();
      reveal(question, feedback, chosen);
    });
  });
  /* On paper everything stands open, whether somebody committed or not. */
  addEventListener("beforeprint", () => document.querySelectorAll(".stage-feedback").forEach((one) => { one.hidden = false; }));
})();
