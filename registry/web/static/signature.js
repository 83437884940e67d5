/* A signature drawn by finger, pen or mouse: only its points are sent. */
"use strict";
document.querySelectorAll("canvas[data-signs]").forEach((canvas) => {
  const field = canvas.closest("form").elements[canvas.dataset.signs];
  const pen = canvas.getContext("2d");
  const strokes = field.value.split(";").filter(Boolean).map((one) => one.split(" "));
  let stroke;
  Object.assign(pen, { lineWidth: 3, lineCap: "round", lineJoin: "round", strokeStyle: "#16232e" });

  const draw = () => {
    pen.clearRect(0, 0, canvas.width, canvas.height);
    strokes.forEach((points) => {
      pen.beginPath();
      points.forEach((point) => pen.lineTo(...point.split(",")));
      pen.stroke();
    });
  };
  const part = (at, shown, whole) => Math.round(Math.min(Math.max(at / shown, 0), 1) * whole);
  const add = (event) => {
    const x = part(event.offsetX, canvas.clientWidth, canvas.width);
    const y = part(event.offsetY, canvas.clientHeight, canvas.height);
    if (stroke.at(-1) !== `${x},${y}`) stroke.push(`${x},${y}`);
    draw();
  };
  canvas.addEventListener("pointerdown", (event) => {
    event.preventDefault();
    canvas.setPointerCapture(event.pointerId);
    strokes.push(stroke = []);
    add(event);
  });
  canvas.addEventListener("pointermove", (event) => { if (stroke) add(event); });
  const end = () => {
    stroke = undefined;
    field.value = strokes.map((points) => points.join(" ")).join(";");
  };
  ["pointerup", "pointercancel"].forEach((name) => canvas.addEventListener(name, end));
  document.getElementById(canvas.dataset.clear).addEventListener("click", () => {
    strokes.length = 0;
    end();
    draw();
  });
  draw();
});
