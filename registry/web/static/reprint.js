/* P, pressed outside a field on a tube's page, prints its label again; a scan that begins with P goes on. */
"use strict";
document.addEventListener("keydown", (event) => {
  const field = document.querySelector("[data-search]");
  if (!field || event.key.toUpperCase() !== "P" || event.ctrlKey || event.metaKey || event.altKey) return;
  if (document.body.dataset.shortcuts === "off" || event.target.closest("input, textarea, select")) return;
  setTimeout(() => { if (/^p$/i.test(field.value.trim())) field.form.requestSubmit(); }, 400);
});
