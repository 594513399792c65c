/* Drawing the border of a plot on an empty sheet. The field of corners holds the truth: it is read when it changes and
   written when the drawing does. The portal measures and refuses; what is worked out here only saves waiting. */
"use strict";

for (const plot of document.querySelectorAll("[data-plot]")) {
  const form = plot.closest("form");
  const field = form.elements.corners;
  const sheet = plot.querySelector("[data-plot-sheet]");
  const part = (name) => plot.querySelector(`[data-plot-${name}]`);
  const say = plot.dataset;
  const METRES = 111320; /* of a degree of latitude, near enough to draw */
  const PLACES = 6;
  const view = { lon: Number(say.lon), lat: Number(say.lat), metres: 2 }; /* metres of a pixel */
  let corners = [];
  let closed = false;
  let foreign = false; /* the field holds what is not drawn here */
  let past = [];
  let others = [];
  let chosen = -1;

  /* --- coordinates */

  const across = () => METRES * Math.cos((view.lat * Math.PI) / 180);
  const size = () => [sheet.clientWidth || 320, sheet.clientHeight || 320];
  const toSheet = ([lon, lat]) => {
    const [wide, high] = size();
    return [wide / 2 + ((lon - view.lon) * across()) / view.metres, high / 2 - ((lat - view.lat) * METRES) / view.metres];
  };
  const toLand = ([x, y]) => {
    const [wide, high] = size();
    return [view.lon + ((x - wide / 2) * view.metres) / across(), view.lat - ((y - high / 2) * view.metres) / METRES];
  };
  const rounded = ([lon, lat]) => [Number(lon.toFixed(PLACES)), Number(lat.toFixed(PLACES))];
  const written = ([lon, lat]) => `${lon.toFixed(PLACES)}, ${lat.toFixed(PLACES)}`;

  /* Square metres on the ellipsoid's two radii at the middle of the plot: right to a few parts in ten thousand. */
  const measured = () => {
    const middle = corners.reduce((sum, corner) => sum + corner[1], 0) / corners.length;
    const angle = (middle * Math.PI) / 180;
    const bulge = 1 - 0.00669438 * Math.sin(angle) ** 2;
    const east = ((6378137 * Math.cos(angle)) / Math.sqrt(bulge)) * (Math.PI / 180);
    const north = ((6378137 * (1 - 0.00669438)) / bulge ** 1.5) * (Math.PI / 180);
    const [lon, lat] = corners[0];
    let twice = 0;
    corners.forEach((corner, place) => {
      const next = corners[(place + 1) % corners.length];
      twice += (corner[0] - lon) * (next[1] - lat) - (next[0] - lon) * (corner[1] - lat);
    });
    return (Math.abs(twice) / 2) * east * north;
  };

  /* --- the field */

  const readField = () => {
    const lines = field.value.split(/\r?\n/).filter((line) => line.trim());
    const found = lines.map((line) => /^\s*(-?\d{1,3}(?:\.\d+)?)\s*[,，\s]\s*(-?\d{1,3}(?:\.\d+)?)\s*$/.exec(line));
    foreign = found.some((one) => !one);
    corners = foreign ? [] : found.map((one) => [Number(one[1]), Number(one[2])]);
    const last = corners.length - 1;
    if (last > 2 && corners[0][0] === corners[last][0] && corners[0][1] === corners[last][1]) corners.pop();
    closed = corners.length > 2;
    part("say").textContent = foreign ? say.other : "";
  };

  const writeField = () => {
    field.value = corners.map(written).join("\n");
    const source = form.elements.source_name;
    if (source) source.value = "";
  };

  const change = (after) => {
    if (foreign) {
      part("say").textContent = say.other;
      return;
    }
    past.push({ corners: corners.map((corner) => [...corner]), closed });
    if (past.length > 200) past.shift();
    after();
    if (corners.length < 3) closed = false;
    writeField();
    show();
    ask();
  };

  /* --- drawing */

  const make = (name, attributes, parent = sheet) => {
    const node = document.createElementNS("http://www.w3.org/2000/svg", name);
    for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
    parent.append(node);
    return node;
  };

  const stepOf = (pixels, metres) => {
    const wanted = (pixels * view.metres) / metres;
    const power = 10 ** Math.floor(Math.log10(wanted));
    return [1, 2, 5, 10].map((one) => one * power).find((one) => one >= wanted) ?? 10 * power;
  };

  /* Lines of round degrees, each told at the edge. */
  const graticule = (wide, high) => {
    const [west, north] = toLand([0, 0]);
    const [east, south] = toLand([wide, high]);
    const lonStep = stepOf(110, across());
    const latStep = stepOf(80, METRES);
    const places = (step) => Math.max(0, Math.ceil(-Math.log10(step) - 1e-9));
    for (let lon = Math.ceil(west / lonStep) * lonStep; lon < east; lon += lonStep) {
      const [x] = toSheet([lon, view.lat]);
      make("path", { class: "plot-grid", d: `M${x} 0V${high}` });
      make("text", { class: "plot-degree", x: x + 3, y: high - 5 }).textContent = `${lon.toFixed(places(lonStep))}°`;
    }
    for (let lat = Math.ceil(south / latStep) * latStep; lat < north; lat += latStep) {
      const [, y] = toSheet([view.lon, lat]);
      make("path", { class: "plot-grid", d: `M0 ${y}H${wide}` });
      make("text", { class: "plot-degree", x: 4, y: y - 3 }).textContent = `${lat.toFixed(places(latStep))}°`;
    }
  };

  const lineOf = (points) => points.map((point, place) => `${place ? "L" : "M"}${toSheet(point).map((one) => one.toFixed(1)).join(" ")}`).join("");

  const drawOthers = () => {
    for (const other of others) {
      const d = other.geometry.coordinates.flat().map((ring) => `${lineOf(ring)}Z`).join("");
      const path = make("path", { class: "plot-other", d, "fill-rule": "evenodd" });
      make("title", {}, path).textContent = `${say.plotWord} ${other.properties.plot}`;
      const [x, y] = toSheet(other.geometry.coordinates[0][0][0]);
      make("text", { class: "plot-number", x: x + 4, y: y - 4 }).textContent = other.properties.plot;
    }
  };

  const drawCorners = () => {
    corners.forEach((corner, place) => {
      const [cx, cy] = toSheet(corner);
      const dot = make("g", {
        class: place === chosen ? "plot-corner plot-chosen" : "plot-corner",
        tabindex: "0",
        role: "button",
        "data-place": place,
        "aria-label": `${say.corner} ${place + 1}: ${written(corner)}`,
      });
      make("circle", { class: "plot-reach", cx, cy, r: 14 }, dot);
      make("circle", { class: "plot-dot", cx, cy, r: 6 }, dot);
      make("text", { class: "plot-number", x: cx + 9, y: cy - 8 }, dot).textContent = place + 1;
    });
  };

  const draw = () => {
    const [wide, high] = size();
    const held = sheet.contains(document.activeElement) ? document.activeElement.dataset.place : undefined;
    sheet.setAttribute("viewBox", `0 0 ${wide} ${high}`);
    sheet.replaceChildren();
    graticule(wide, high);
    if (corners.length) make("path", { class: closed ? "plot-own" : "plot-way", d: lineOf(corners) + (closed ? "Z" : "") });
    drawOthers();
    make("path", { class: "plot-cross", d: `M${wide / 2 - 9} ${high / 2}h18M${wide / 2} ${high / 2 - 9}v18` });
    drawCorners();
    if (held !== undefined) sheet.querySelector(`[data-place="${held}"]`)?.focus({ preventScroll: true });
  };

  /* --- figures and table */

  const plain = (number, places) => number.toFixed(places).replace(/\B(?=(\d{3})+(?!\d))/, ",");
  const area = (word, ha, mu) => `${word}: ${ha} ha · ${mu} ${say.mu}`;

  const figures = () => {
    const told = part("area");
    if (!corners.length) told.textContent = foreign ? "" : say.nothing;
    else if (corners.length < 3) told.textContent = say.few;
    else told.textContent = area(say.about, plain(measured() / 10000, 2), plain((measured() / 10000) * 15, 1));
    const close = plot.querySelector('[data-plot-do="close"]');
    close.textContent = closed ? say.open : say.close;
    close.disabled = corners.length < 3;
    plot.querySelector('[data-plot-do="undo"]').disabled = !past.length;
  };

  const cell = (row, place, axis, word) => {
    const box = document.createElement("input");
    box.inputMode = "decimal";
    box.autocomplete = "off";
    box.value = corners[place][axis].toFixed(PLACES);
    box.setAttribute("aria-label", `${say.corner} ${place + 1}, ${word}`);
    box.addEventListener("change", () => {
      const number = Number(box.value.normalize("NFKC").replace(",", "."));
      if (box.value.trim() && Number.isFinite(number) && Math.abs(number) <= 180) {
        if (number !== corners[place][axis]) change(() => { corners[place][axis] = number; });
      } else box.value = corners[place][axis].toFixed(PLACES);
    });
    row.insertCell().append(box);
  };

  const table = () => {
    const body = part("rows");
    if (body.rows.length === corners.length) { /* the same rows stay, and with them focus and a click on its way */
      corners.forEach((corner, place) => body.rows[place].querySelectorAll("input").forEach((box, axis) => {
        if (box !== document.activeElement) box.value = corner[axis].toFixed(PLACES);
      }));
      return;
    }
    body.replaceChildren();
    corners.forEach((_corner, place) => {
      const row = body.insertRow();
      const head = document.createElement("th");
      head.scope = "row";
      head.textContent = place + 1;
      row.append(head);
      cell(row, place, 0, say.lonWord);
      cell(row, place, 1, say.latWord);
      const remove = document.createElement("button");
      remove.type = "button";
      remove.className = "text-button";
      remove.textContent = say.remove;
      remove.setAttribute("aria-label", `${say.remove}: ${say.corner} ${place + 1}`);
      remove.addEventListener("click", () => take(place));
      row.insertCell().append(remove);
    });
  };

  const show = () => { draw(); figures(); table(); };

  /* --- asking the portal */

  const later = (work, wait) => {
    let clock;
    return () => { clearTimeout(clock); clock = setTimeout(work, wait); };
  };
  const systemOf = () => form.querySelector('input[name="system"]:checked')?.value ?? "";
  let asked = 0;

  const ask = later(async () => {
    const mine = ++asked;
    const problems = part("problems");
    problems.replaceChildren();
    if (foreign || !corners.length || (!closed && corners.length < 3)) return;
    const body = new FormData();
    body.set("corners", field.value);
    body.set("system", systemOf());
    body.set("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
    try {
      const answer = await fetch(say.measure, { method: "POST", body, headers: { Accept: "application/json" } });
      if (!answer.ok || answer.redirected) throw new Error(answer.status);
      const found = await answer.json();
      if (mine !== asked) return;
      if (found.ha) part("area").textContent = area(say.counts, found.ha, found.mu);
      for (const problem of found.problems) problems.append(Object.assign(document.createElement("li"), { textContent: problem }));
    } catch {
      if (mine === asked) part("say").textContent = say.away;
    }
  }, 500);

  const around = later(async () => {
    const [wide, high] = size();
    const [west, north] = toLand([-wide / 2, -high / 2]);
    const [east, south] = toLand([wide * 1.5, high * 1.5]);
    const wanted = new URLSearchParams({ west: west.toFixed(6), south: south.toFixed(6), east: east.toFixed(6), north: north.toFixed(6), system: systemOf() });
    try {
      const answer = await fetch(`${say.nearby}?${wanted}`);
      if (!answer.ok) return;
      others = (await answer.json()).features;
      draw();
    } catch { /* the sheet is as good without its neighbours */ }
  }, 300);

  /* --- moving about */

  const moved = () => { draw(); around(); };
  const pan = (x, y) => {
    [view.lon, view.lat] = toLand([size()[0] / 2 + x, size()[1] / 2 + y]);
    view.lat = Math.max(-80, Math.min(80, view.lat));
    moved();
  };
  const zoom = (factor, at = size().map((one) => one / 2)) => {
    const before = toLand(at);
    view.metres = Math.max(0.02, Math.min(20000, view.metres * factor));
    const after = toLand(at);
    view.lon += before[0] - after[0];
    view.lat += before[1] - after[1];
    moved();
  };
  const fit = () => {
    if (corners.length) {
      const lons = corners.map((corner) => corner[0]);
      const lats = corners.map((corner) => corner[1]);
      const [west, east, south, north] = [Math.min(...lons), Math.max(...lons), Math.min(...lats), Math.max(...lats)];
      view.lon = (west + east) / 2;
      view.lat = Math.max(-80, Math.min(80, (south + north) / 2));
      const [wide, high] = size();
      const metres = Math.max(((east - west) * across()) / (wide - 80), ((north - south) * METRES) / (high - 80));
      view.metres = Math.max(0.05, Math.min(20000, metres || 1));
    }
    moved();
  };

  /* --- corners */

  const add = (land) => change(() => {
    chosen = corners.push(rounded(land)) - 1;
  });
  const take = (place) => change(() => {
    corners.splice(place, 1);
    chosen = -1;
  });
  const nudge = (place, x, y) => {
    const [cx, cy] = toSheet(corners[place]);
    change(() => { corners[place] = rounded(toLand([cx + x, cy + y])); });
  };
  const undo = () => {
    const before = past.pop();
    if (!before) return;
    ({ corners, closed } = before);
    writeField();
    show();
    ask();
  };

  const here = () => {
    const told = part("say");
    if (systemOf() === "gcj02") {
      told.textContent = say.shifted;
      return;
    }
    if (!navigator.geolocation) {
      told.textContent = say.unknown;
      return;
    }
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        told.textContent = `${say.where} ${Math.ceil(coords.accuracy)} m: ${written([coords.longitude, coords.latitude])}`;
        [view.lon, view.lat] = [coords.longitude, coords.latitude];
        view.metres = Math.min(view.metres, 2);
        if (!closed) add([coords.longitude, coords.latitude]);
        moved();
      },
      () => { told.textContent = say.unknown; },
      { enableHighAccuracy: true, timeout: 20000 },
    );
  };

  const actions = {
    in: () => zoom(0.5),
    out: () => zoom(2),
    fit,
    here,
    undo,
    add: () => { if (!closed) add([view.lon, view.lat]); },
    row: () => change(() => { corners.push(rounded(corners.at(-1) ?? [view.lon, view.lat])); }),
    clear: () => change(() => { corners = []; closed = false; chosen = -1; }),
    close: () => change(() => { closed = !closed; }),
  };
  for (const button of plot.querySelectorAll("[data-plot-do]")) {
    button.addEventListener("click", () => actions[button.dataset.plotDo]());
  }

  /* --- hands */

  const fingers = new Map();
  let grip = null; /* what the first finger holds: a corner or the sheet */
  const at = (event) => {
    const box = sheet.getBoundingClientRect();
    return [event.clientX - box.left, event.clientY - box.top];
  };
  const spread = () => {
    const [one, two] = [...fingers.values()];
    return Math.hypot(one[0] - two[0], one[1] - two[1]);
  };

  sheet.addEventListener("pointerdown", (event) => {
    fingers.set(event.pointerId, at(event));
    try { sheet.setPointerCapture(event.pointerId); } catch { /* a pointer that is gone already */ }
    const dot = event.target.closest("[data-place]");
    if (fingers.size === 1) {
      grip = { place: dot ? Number(dot.dataset.place) : -1, from: at(event), last: at(event), far: false };
      if (dot) dot.focus({ preventScroll: true });
      else sheet.focus({ preventScroll: true });
    } else grip = { pinch: spread() };
    event.preventDefault();
  });
  sheet.addEventListener("pointermove", (event) => {
    if (!fingers.has(event.pointerId) || !grip) return;
    const now = at(event);
    fingers.set(event.pointerId, now);
    if (grip.pinch) {
      if (fingers.size > 1) {
        const wide = spread();
        if (wide > 0) zoom(grip.pinch / wide);
        grip.pinch = wide;
      }
      return;
    }
    if (Math.hypot(now[0] - grip.from[0], now[1] - grip.from[1]) > 5) {
      if (!grip.far && grip.place >= 0 && !foreign) past.push({ corners: corners.map((corner) => [...corner]), closed });
      grip.far = true;
    }
    if (!grip.far) return;
    if (grip.place >= 0) {
      corners[grip.place] = rounded(toLand(now));
      draw();
      figures();
    } else pan(grip.last[0] - now[0], grip.last[1] - now[1]);
    grip.last = now;
  });
  const lift = (event) => {
    const held = grip;
    fingers.delete(event.pointerId);
    if (fingers.size) return;
    grip = null;
    if (!held || held.pinch || event.type === "pointercancel") return;
    if (held.place >= 0 && held.far) {
      writeField();
      show();
      ask();
    } else if (held.place >= 0) {
      chosen = held.place;
      if (held.place === 0 && !closed && corners.length > 2) actions.close();
      else draw();
    } else if (!held.far && !closed) add(toLand(held.from));
  };
  sheet.addEventListener("pointerup", lift);
  sheet.addEventListener("pointercancel", lift);
  sheet.addEventListener("wheel", (event) => {
    event.preventDefault();
    zoom(event.deltaY < 0 ? 0.8 : 1.25, at(event));
  }, { passive: false });

  const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
  sheet.addEventListener("keydown", (event) => {
    const place = event.target.dataset?.place;
    const arrow = ARROWS[event.key];
    const step = event.shiftKey ? 40 : 8;
    if (arrow && place !== undefined) nudge(Number(place), (arrow[0] * step) / 4, (arrow[1] * step) / 4);
    else if (arrow) pan(arrow[0] * step, arrow[1] * step);
    else if (event.key === "+" || event.key === "=") zoom(0.8);
    else if (event.key === "-") zoom(1.25);
    else if (["Delete", "Backspace"].includes(event.key) && place !== undefined) {
      take(Number(place));
      sheet.focus();
    } else if (event.key === "Enter" && place === undefined) actions.add();
    else if (event.key === "Enter" && place === "0" && !closed && corners.length > 2) actions.close();
    else if (event.key.toLowerCase() === "z" && (event.ctrlKey || event.metaKey)) undo();
    else return;
    event.preventDefault();
  });
  plot.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && event.target.matches("input:not([type=radio])")) {
      event.preventDefault(); /* a row of the table does not send the form */
      event.target.dispatchEvent(new Event("change"));
    }
  });

  /* --- beginning */

  const systems = [...form.querySelectorAll('input[name="system"]')];
  part("systems").append(systems[0].closest(".field")); /* one choice for sheet and field, where it is needed first */
  for (const radio of systems) {
    radio.addEventListener("change", () => { around(); ask(); });
  }
  field.addEventListener("input", () => { readField(); past = []; show(); });
  field.addEventListener("change", () => { fit(); ask(); });
  new ResizeObserver(draw).observe(sheet);

  plot.hidden = false;
  readField();
  figures();
  table();
  fit();
  if (closed) ask();
}
