/* The picture of a label follows what is typed; the last one that can be drawn stays. */
"use strict";
document.querySelectorAll("img[data-preview]").forEach((picture) => {
  const form = picture.closest("form");
  let waiting;
  form.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(() => {
      const typed = new URLSearchParams(new FormData(form));
      ["csrf_token", "request_key", "after"].forEach((name) => typed.delete(name));
      const next = new Image();
      next.addEventListener("load", () => { picture.src = next.src; });
      next.src = `${picture.dataset.preview}?${typed}`;
    }, 250);
  });
});
