/* Where it is known which tubes are to come, the last of them ends the list. */
"use strict";
document.querySelectorAll("[data-expected]").forEach((field) => field.addEventListener("keydown", (event) => {
  if (event.key !== "Enter") return;
  const there = field.value.split("\n").map((line) => line.trim());
  if (field.dataset.expected.split("\n").every((code) => there.includes(code))) field.form.requestSubmit();
}));
