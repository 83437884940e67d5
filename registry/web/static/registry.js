/* Every page works without it. */
"use strict";
(() => {
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];

  /* What is wrong is read first. */
  document.querySelector("[data-focus]")?.focus();

  /* One press, one effect. */
  const lock = (form, sent) => {
    form.dataset.sent = sent;
    all("button[type=submit]", form).forEach((button) => { button.disabled = sent; });
  };
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.dataset.sent === "true") return event.preventDefault();
    form.dataset.sent = true;
    setTimeout(lock, 0, form, true);
    /* A download leaves the page. */
    setTimeout(lock, 4000, form, false);
  });
  addEventListener("pageshow", () => all("form[data-sent]").forEach((form) => lock(form, false)));

  /* "/" goes to the search; a scan is heard wherever the focus is. */
  document.addEventListener("keydown", (event) => {
    const { key } = event;
    if (key.length !== 1 || key === " " || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target.closest("input, textarea, select")) return;
    if (document.body.dataset.shortcuts === "off") return;
    const search = document.querySelector("[data-search]");
    const field = key === "/" ? search : document.querySelector("[data-scan][data-first]") ?? search;
    if (!field) return;
    if (key === "/") event.preventDefault();
    field.focus();
    if (field.dataset.scan !== "list") field.select();
  });

  const clean = (text) => text.replace(/[\u0000-\u001f\u007f]/g, "").trim().toUpperCase();
  let audio;
  const beep = (good) => {
    try {
      audio ??= new AudioContext();
      const tone = audio.createOscillator();
      tone.frequency.value = good ? 1200 : 220;
      tone.connect(audio.destination);
      tone.start();
      tone.stop(audio.currentTime + (good ? 0.06 : 0.35));
    } catch { audio = null; }
  };
  const say = (field, code, good, note) => {
    const echo = document.getElementById(field.dataset.echo);
    if (echo) {
      echo.className = "scan-echo " + (good ? "scan-good" : "scan-bad");
      const shown = document.createElement("span");
      shown.className = "code";
      shown.textContent = code;
      echo.replaceChildren(shown, " ", note ?? "");
    }
    beep(good);
  };
  const told = (field, name, count) => (field.dataset[name] ?? "").replace("{count}", count);

  /* To undo takes the last line back or, without one, what was done last. */
  const isUndo = (field, code) => field.dataset.undo?.split(" ").includes(code);
  const undo = (field, code, event) => {
    const search = document.querySelector("[data-search]");
    if (!search) return;
    event?.preventDefault();
    field.value = "";
    search.value = code;
    search.form.requestSubmit();
  };

  /* One code on each line; a repeated one goes. */
  const checkLast = (field) => {
    const lines = field.value.split("\n").map(clean).filter(Boolean);
    const last = lines.at(-1);
    if (!last) return;
    const back = isUndo(field, last);
    if (back && !lines[1]) return undo(field, last);
    const again = lines.indexOf(last) < lines.length - 1;
    if (back) lines.splice(-2);
    else if (again) lines.pop();
    field.value = lines.join("\n") + "\n";
    field.scrollTop = field.scrollHeight;
    say(field, last, !again, told(field, again ? "again" : "count", lines.length));
    if (field.dataset.close?.split(" ").includes(last)) field.form.requestSubmit();
  };

  /* One code in each field: Enter goes on, or sends. */
  const goOn = (field, event) => {
    const fields = all("input[data-scan]", field.form);
    field.value = clean(field.value);
    if (isUndo(field, field.value)) return undo(field, field.value, event);
    const again = field.value && fields.some((other) => other !== field && clean(other.value) === field.value);
    if (again) {
      event.preventDefault();
      say(field, field.value, false, told(field, "again"));
      return field.select();
    }
    if (field.value && fields.length > 1) say(field, field.value, true);
    const missing = [...field.form.elements].find((other) => other.required && !other.value)
      ?? fields.find((other) => !other.value && !("optional" in other.dataset));
    if (missing) { event.preventDefault(); missing.focus(); }
  };

  all("[data-scan]").forEach((field) => field.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.ctrlKey) return;
    if (field.dataset.scan === "list") { event.preventDefault(); field.value += "\n"; checkLast(field); }
    else goOn(field, event);
  }));
  /* Beside a list, Enter in a small field goes to the codes. */
  all("textarea[data-scan]").forEach((list) => list.form.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !event.target.matches("input:not([data-scan])")) return;
    event.preventDefault();
    list.focus();
  }));
  const first = document.querySelector("[data-scan][data-first]");
  if (first && !document.querySelector("[data-focus]")) first.focus();
})();
