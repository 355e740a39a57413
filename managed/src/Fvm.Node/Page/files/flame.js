// The calls of a transaction: a flame graph whose widths are gas, and the same as a tree of text.

import { grouped, short, maskedId, data } from "./format.js";
import { decodeCall, decodeError } from "./abi.js";
import { facts, h, link, mono } from "./view.js";

const rowHeight = 27;
const most = 2000;

const kindOf = call => call.error ? "failed" : call.type.startsWith("CREATE") ? "create" : call.type === "STATICCALL" ? "static" : "";

/** A short name of a call: contract function, method of a native actor, or the selector. */
async function nameOf(call) {
  const decoded = await decodeCall(call.input);
  if (call.type.startsWith("CREATE")) return `create ${short(call.to)}`;
  const target = maskedId(call.to) === null ? short(call.to) : `f0${maskedId(call.to)}`;
  if (decoded) return `${target} ${decoded.length > 80 ? `${decoded.slice(0, 80)}…` : decoded}`;
  return call.input && call.input.length >= 10 ? `${target} ${call.input.slice(0, 10)}` : `${target} transfer`;
}

/** All calls with depth and place, at most `most`. */
function layOut(root, total) {
  const placed = [];
  const visit = (call, depth, start) => {
    if (placed.length >= most || depth > 1024) return;
    const gas = Number(call.gasUsed ?? 0);
    placed.push({ call, depth, start, gas });
    let at = start;
    for (const child of call.calls ?? []) {
      visit(child, depth + 1, at);
      at += Number(child.gasUsed ?? 0);
    }
  };
  visit(root, 0, 0);
  return placed.map(place => ({ ...place, left: 100 * place.start / total, width: 100 * place.gas / total }));
}

/** The details of one call. */
async function detailsOf(call) {
  const decoded = await decodeCall(call.input);
  const failure = call.error ? await decodeError(call.output) ?? call.revertReason ?? call.error : null;
  return facts([
    ["Call", decoded ? mono(decoded) : null],
    ["Kind", call.type.toLowerCase()],
    ["From", link(`account/${call.from}`, mono(call.from))],
    ["To", call.to ? link(`account/${call.to}`, mono(call.to)) : null],
    ["Gas", grouped(call.gasUsed)],
    ["Value", call.value && BigInt(call.value) > 0n ? `${grouped(call.value)} attoFIL` : null],
    ["Failed", failure ? h("span", { class: "bad" }, failure) : null],
    ["Input", mono(data(call.input, 1024))],
    ["Output", mono(data(call.output, 1024))],
  ]);
}

/** The flame graph; a click or Enter shows a call's details below. */
export async function flame(root) {
  const total = Math.max(1, Number(root.gasUsed ?? 0));
  const placed = layOut(root, total);
  const names = await Promise.all(placed.map(place => nameOf(place.call)));
  const details = h("div", { class: "card", "aria-live": "polite" });
  const height = rowHeight * (1 + placed.reduce((deepest, place) => Math.max(deepest, place.depth), 0));
  const rows = h("div", { class: "rows", role: "group", "aria-label": "Calls by gas" });
  // Sizes by the object model: the page's policy allows no style attributes.
  rows.style.height = `${height}px`;
  const select = async (button, call) => {
    for (const other of rows.children) other.setAttribute("aria-pressed", String(other === button));
    details.replaceChildren(await detailsOf(call));
  };
  placed.forEach((place, i) => {
    const text = `${names[i]}: ${grouped(place.gas)} gas, ${place.width.toFixed(1)} %`;
    const button = h("button", {
      type: "button", class: kindOf(place.call), title: text, "aria-label": text, "aria-pressed": "false",
      click: () => select(button, place.call),
    }, names[i]);
    button.style.left = `${place.left}%`;
    button.style.width = `max(3px, ${place.width}%)`;
    button.style.top = `${rowHeight * place.depth}px`;
    rows.append(button);
  });
  rows.addEventListener("keydown", event => {
    const buttons = [...rows.children];
    const at = buttons.indexOf(document.activeElement);
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    if (at >= 0 && step) {
      event.preventDefault();
      event.stopPropagation();
      buttons[Math.min(buttons.length - 1, Math.max(0, at + step))].focus();
    }
  });
  await select(rows.firstChild, root);
  const cut = placed.length >= most ? h("p", { class: "soft" }, `Only the first ${grouped(most)} calls are shown.`) : null;
  return [h("div", { class: "flame" }, rows), cut, details];
}
