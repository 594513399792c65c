/* The grid, live: the result of a line as it is typed. The server calculates again; this only saves waiting. */
"use strict";

for (const form of document.querySelectorAll("[data-live-lines]")) {
  const factors = new Map();
  for (const option of form.querySelectorAll("datalist option[data-value]")) {
    factors.set(option.value, [option.dataset.value, option.dataset.unit]);
  }

  /* Text to [digits, places], or null: exact, no floating point. */
  const read = (text) => {
    const plain = text.normalize("NFKC").replace(/\s/g, "");
    const digits = /^[0-9]{1,3}(,[0-9]{3})+(\.[0-9]+)?$/.test(plain) ? plain.replaceAll(",", "") : plain;
    if (!/^[0-9]{1,12}(\.[0-9]{1,9})?$/.test(digits)) return null;
    const [whole, part = ""] = digits.split(".");
    return [BigInt(whole + part), part.length];
  };

  const kilograms = (quantity, value) => {
    const places = quantity[1] + value[1];
    let product = quantity[0] * value[0];
    if (places > 4) {
      const cut = 10n ** BigInt(places - 4);
      product = (product + cut / 2n) / cut;
    } else product *= 10n ** BigInt(4 - places);
    const text = product.toString().padStart(5, "0");
    const whole = text.slice(0, -4).replace(/\B(?=(\d{3})+$)/g, ",");
    return (whole + "." + text.slice(-4)).replace(/\.?0+$/, "");
  };

  const update = (line) => {
    const cell = (name) => line.querySelector(`[data-cell="${name}"]`).value.trim();
    const output = line.querySelector("[data-result]");
    const own = cell("own_value");
    const known = factors.get(cell("factor").split(/\s/)[0]);
    const [value, unit] = own ? [own, cell("own_unit")] : known || ["", ""];
    const quantity = read(cell("quantity"));
    const factor = read(value);
    const counted = ["", "measured", "estimated"].includes(cell("treatment"));
    /* A portion (uses, people in the car) is left to the server, which divides exactly. */
    if (["uses", "reused_percent", "sharing"].some((name) => line.querySelector(`[data-cell="${name}"]`)?.value.trim())) {
      output.textContent = "—";
      return;
    }
    if (!quantity || !factor || !counted || unit !== cell("unit")) return;
    output.textContent = kilograms(quantity, factor) + " kg CO₂e";
  };

  form.addEventListener("input", (event) => {
    const line = event.target.closest(".line");
    if (line) update(line);
  });
  form.addEventListener("change", (event) => {
    if (!event.target.matches('[data-cell="treatment"]')) return;
    const line = event.target.closest(".line");
    if (["excluded", "included_elsewhere"].includes(event.target.value)) line.querySelector("details").open = true;
  });
}
