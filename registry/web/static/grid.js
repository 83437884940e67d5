/* Arrow keys walk the cells of a map. */
"use strict";
(() => {
  const steps = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };
  document.querySelectorAll("table[data-grid]").forEach((table) => table.addEventListener("keydown", (event) => {
    const [down, across] = steps[event.key] ?? [];
    let cell = event.target.closest("td");
    if (down === undefined || !cell) return;
    do {
      cell = table.rows[cell.parentElement.rowIndex + down]?.cells[cell.cellIndex + across];
    } while (cell && cell.tagName === "TD" && !cell.querySelector("a"));
    const link = cell?.querySelector("a");
    if (link) { event.preventDefault(); link.focus(); }
  }));
})();
