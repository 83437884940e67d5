/* Fields that follow each other, such as a badge and its PIN: Enter goes on, and sends at the
   end; the other keys are nobody else's. */
"use strict";
document.querySelectorAll("[data-go-on]").forEach((group) => group.addEventListener("keydown", (event) => {
  if (event.key !== "Enter") return;
  event.stopPropagation();
  const fields = [...group.querySelectorAll("input")];
  const next = fields[fields.indexOf(event.target) + 1];
  if (!next) return;
  event.preventDefault();
  next.focus();
}));
