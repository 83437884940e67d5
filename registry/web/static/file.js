/* A chosen file is sent at once, with the box that was scanned before it; a reason on several
   lines with Ctrl + Enter. */
"use strict";
document.querySelectorAll("input[data-at-once]").forEach((file) => {
  file.addEventListener("change", () => file.form.requestSubmit());
  file.form.querySelector("input[data-scan]")?.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.target.value === "") return;
    event.preventDefault();
    (file.form.querySelector("textarea[data-scan]") ?? file).focus();
  });
});
document.querySelectorAll("textarea[name=reason]").forEach((reason) => reason.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && event.ctrlKey) reason.form.requestSubmit(reason.form.querySelector("button[type=submit]"));
}));
