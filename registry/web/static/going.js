/* A tube that was scanned lights up the cell that is reserved for it. */
"use strict";
(() => {
  const list = document.querySelector("textarea[data-scan]");
  const light = () => {
    const codes = list.value.toUpperCase().split(/\s+/);
    document.querySelectorAll("[data-going]").forEach((one) => {
      one.classList.toggle("going-now", codes.includes(one.dataset.going));
    });
  };
  if (list) for (const name of ["keyup", "input", "change"]) list.addEventListener(name, light);
  if (list) light();
})();
