/* One key for each question: 1 is the first answer, 2 the second; then Enter saves. */
"use strict";
document.querySelectorAll("[data-answers]").forEach((form) => {
  const questions = [...form.querySelectorAll("fieldset.question")];
  form.addEventListener("keydown", (event) => {
    const at = questions.indexOf(event.target.closest("fieldset.question"));
    const answer = questions[at]?.querySelectorAll("input[type=radio]")[Number(event.key) - 1];
    if (!answer || event.ctrlKey || event.altKey || event.metaKey) return;
    event.preventDefault();
    answer.checked = true;
    (questions[at + 1]?.querySelector("input[type=radio]") ?? answer).focus();
  });
});
