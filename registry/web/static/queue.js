/* Lists of scans are kept here until the server says that they are recorded. */
"use strict";
(() => {
  const panel = document.getElementById("queue");
  if (!panel || !window.indexedDB || !crypto.randomUUID) return;
  const words = panel.dataset;
  const told = document.getElementById("queue-told");
  const list = document.getElementById("queue-refused");
  const ahead = Number(words.now) - Date.now();
  const GIVE_UP = 15000, AGAIN = 10000;

  /* The store: one record for each list, in the order of the scans. */
  const opening = new Promise((resolve, reject) => {
    const asked = indexedDB.open("registry-queue", 1);
    asked.onupgradeneeded = () => asked.result.createObjectStore("lists", { keyPath: "number", autoIncrement: true });
    asked.onsuccess = () => resolve(asked.result);
    asked.onerror = () => reject(asked.error);
  });
  const stored = async (mode, run) => {
    const change = (await opening).transaction("lists", mode, { durability: "strict" });
    const asked = run(change.objectStore("lists"));
    return new Promise((resolve, reject) => {
      change.oncomplete = () => resolve(asked.result);
      change.onerror = change.onabort = () => reject(change.error);
    });
  };
  const kept = () => stored("readonly", (lists) => lists.getAll());
  const put = (one) => stored("readwrite", (lists) => lists.put(one));
  const drop = (one) => stored("readwrite", (lists) => lists.delete(one.number));
  const alone = (run) => navigator.locks ? navigator.locks.request("registry-queue", run) : run();

  let audio;
  const beep = (good) => {
    try {
      audio ??= new AudioContext();
      [0, 0.25].slice(good ? 1 : 0).forEach((after) => {
        const tone = audio.createOscillator();
        tone.frequency.value = good ? 1200 : 330;
        tone.connect(audio.destination);
        tone.start(audio.currentTime + after);
        tone.stop(audio.currentTime + after + 0.15);
      });
    } catch { audio = null; }
  };

  /* What the panel says: colour, words, and a sound when it changes. */
  let left = 0, ended = false, before = "";
  const button = (label, run) => {
    const made = document.createElement("button");
    made.type = "button";
    made.className = "btn btn-outline btn-sm";
    made.textContent = label;
    made.addEventListener("click", run);
    return made;
  };
  const line = (one) => {
    const item = document.createElement("li");
    const codes = document.createElement("span");
    codes.className = "code";
    codes.textContent = one.codes.join(" ");
    const why = document.createElement("p");
    why.textContent = one.refused.join(" ");
    const retry = async (confirmed) => { await put({ ...one, refused: null, confirmed }); flush(); };
    const discard = button(words.discard, async () => {
      if (discard.textContent === words.discard) { discard.textContent = words.really; return; }
      await drop(one);
      show();
    });
    item.append(codes, why, one.confirm ? button(words.confirm, () => retry(true)) : button(words.again, () => retry(false)), " ", discard);
    return item;
  };
  const show = async (said) => {
    const all = await kept();
    const own = all.filter((one) => one.person === words.person);
    const refused = own.filter((one) => one.refused);
    const waiting = own.length - refused.length, others = all.length - own.length;
    const text = said ?? [
      waiting && (ended ? words.ended : words.waiting).replace("{count}", waiting),
      refused.length && words.refused.replace("{count}", refused.length),
      others && words.others.replace("{count}", others),
    ].filter(Boolean).join(" ");
    const good = !text && left > 0;
    left = all.length;
    if (text || good) told.textContent = text || words.sent;
    panel.hidden = panel.hidden && !text && !good;
    panel.className = "queue " + (good || (!text && !left) ? "queue-good" : refused.length ? "queue-bad" : "queue-waits");
    list.replaceChildren(...refused.map(line));
    if (told.textContent !== before && !panel.hidden) beep(good);
    before = told.textContent;
  };

  /* Send one: true is recorded, null is not known, an answer is a refusal. */
  const send = async (one) => {
    const body = new URLSearchParams(one.fields);
    body.append("csrf_token", words.token);
    const headers = {
      "Queue-Scanned": one.scanned, "Queue-Ahead": one.ahead, "Queue-Clock": Date.now(), "Queue-Person": one.person,
    };
    if (one.confirmed) headers["Queue-Confirmed"] = "1";
    try {
      const answer = await fetch(one.path, {
        method: "POST", body, headers, redirect: "manual", signal: AbortSignal.timeout(GIVE_UP),
      });
      if ([429, 502, 503, 504].includes(answer.status)) return null;
      const said = await answer.json();
      ended = Boolean(said.sign_in);
      return said.go || said.refused ? said : null;
    } catch { return null; }
  };

  /* Everything that waits, in its order; where `mine` leads, or its refusal. */
  const flush = (mine) => alone(async () => {
    let found = null;
    for (const one of await kept()) {
      if (one.person !== words.person || one.refused) continue;
      const said = await send(one);
      if (!said) break;
      if (one.number === mine) found = said;
      if (said.go) await drop(one);
      else await put({ ...one, refused: said.refused, confirm: said.confirm });
    }
    if (!found) await show();
    return found;
  });

  /* Sent as usual when the scans are refused at once: the page says why, beside its fields. */
  const submitted = async (form) => {
    const scans = [...form.querySelectorAll("[data-scan]")];
    const fields = [...new FormData(form)].filter(([name]) => name !== "csrf_token");
    const values = scans.map((field) => field.value);
    const codes = scans.flatMap((field) => field.value.split("\n").map((code) => code.trim())
      .filter((code) => code && !field.dataset.close?.split(" ").includes(code)));
    const one = {
      path: form.getAttribute("action") || location.pathname + location.search,
      fields, codes, scanned: Date.now(), ahead, person: words.person, refused: null,
    };
    const typed = [...form.querySelectorAll("textarea:not([data-scan])")].some((field) => field.value.trim());
    if (typed) {
      const said = await send(one);
      if (said?.go) location.assign(said.go);
      else if (said) form.submit();
      else { panel.hidden = false; await show(words.typed); }
      return;
    }
    /* At once: the next scan may come before the answer, and belongs to the next list. */
    const { request_key: key } = form.elements, begun = key.value;
    scans.forEach((field) => {
      field.value = "";
      document.getElementById(field.dataset.echo)?.replaceChildren();
    });
    begin(form);
    scans[0].focus();
    const asUsual = () => {
      scans.forEach((field, place) => { field.value = values[place]; });
      key.value = begun;
      form.submit();
    };
    let number;
    try { number = await put(one); } catch { return asUsual(); }
    const said = await flush(number);
    if (!said) return;
    if (scans.some((field) => field.value)) return show();
    if (said.go) return location.assign(said.go);
    await drop({ number });
    asUsual();
  };
  const begin = (form) => { form.elements.request_key.value = crypto.randomUUID(); };

  const forms = [...document.querySelectorAll("form[data-queued]")];
  forms.forEach(begin);
  let leaving = false, sending = 0;
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.dataset.leaves !== undefined && left && !leaving) {
      event.preventDefault();
      event.stopPropagation();
      leaving = true;
      panel.hidden = false;
      show(words.leaving);
    }
    const scanned = [...form.querySelectorAll("[data-scan]")].some((field) => field.value.trim());
    /* Nothing scanned: the page says so, unless it is the second press of a double click. */
    if (!forms.includes(form) || !(scanned || sending)) return;
    event.preventDefault();
    event.stopPropagation();
    if (!scanned) return;
    sending += 1;
    submitted(form).finally(() => { sending -= 1; });
  }, true);

  const again = async () => { if ((await kept()).some((one) => one.person === words.person && !one.refused)) flush(); };
  addEventListener("online", again);
  setInterval(again, AGAIN);
  show().then(again).catch(() => {});
})();
