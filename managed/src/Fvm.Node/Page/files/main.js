// Which page is shown, what is typed, and when it is drawn again.

import { batch, orElse, watchHead } from "./node.js";
import { fil, isAddress, isHash } from "./format.js";
import { h } from "./view.js";
import { blockPage, home } from "./blocks.js";
import { transactionPage } from "./transaction.js";
import { abiPage, accountPage, accountsPage } from "./account.js";

const content = document.getElementById("content");
const query = document.getElementById("query");
const lost = document.getElementById("lost");

let head = 0;
let drawn = 0;
let shown = {};

function pageOf(path) {
  const [kind, value] = path.split("/");
  switch (kind) {
    case "": return home(head);
    case "block": return blockPage(Number(value), head);
    case "tx": return transactionPage(value);
    case "account": return accountPage(decodeURIComponent(value ?? ""));
    case "accounts": return accountsPage();
    case "abi": return abiPage();
    default: throw new Error("there is no such page");
  }
}

const path = () => location.hash.replace(/^#\/?/, "");

/** Draws the page of the address. What took longer than a later drawing is dropped. */
async function draw(isNew) {
  const number = ++drawn;
  let page;
  try {
    page = await pageOf(path());
  } catch (error) {
    page = { title: "Not found", content: [h("h1", {}, "Not found"), h("p", { class: "bad" }, error.message)] };
  }
  if (number !== drawn) return;
  shown = page;
  document.title = `${page.title} · fvm node`;
  const scroll = scrollY;
  content.replaceChildren(...page.content.filter(part => part).flat());
  for (const item of document.querySelectorAll("nav a")) {
    if (item.getAttribute("href") === `#/${path()}`) item.setAttribute("aria-current", "page");
    else item.removeAttribute("aria-current");
  }
  if (isNew) {
    scrollTo(0, 0);
    content.focus({ preventScroll: true });
  } else {
    scrollTo(0, scroll);
  }
}

async function drawStatus() {
  const [chain, version, price, client] = await batch([["eth_chainId"], ["eth_protocolVersion"], ["eth_gasPrice"], ["web3_clientVersion"]]);
  const rows = [
    ["Block", String(head)],
    ["Chain ID", String(Number(orElse(chain, "0x0")))],
    ["Network version", String(Number(orElse(version, "0x0")))],
    ["Gas price", fil(orElse(price, "0x0"))],
    ["Node", orElse(client, "")],
  ];
  document.getElementById("status").replaceChildren(...rows.map(([name, value]) => h("div", {}, h("dt", {}, name), h("dd", {}, value))));
}

/** The page that a text names: a block's number, a hash of a transaction, an address of either kind. */
function find(text) {
  if (/^\d+$/.test(text)) return `block/${text}`;
  if (isHash(text)) return `tx/${text}`;
  if (isAddress(text) || /^[ft][0-4][a-z0-9]+$/.test(text)) return `account/${text}`;
  return null;
}

document.getElementById("search").addEventListener("submit", event => {
  event.preventDefault();
  const text = query.value.trim();
  const to = find(text);
  query.setCustomValidity(to ? "" : "A block's number, a transaction's hash, or an address (0x…, f4…) is needed");
  query.reportValidity();
  if (to) {
    query.value = "";
    location.hash = `#/${to}`;
  }
});
query.addEventListener("input", () => query.setCustomValidity(""));

function useTheme(theme) {
  if (theme) document.documentElement.dataset.theme = theme;
}

function otherTheme() {
  const isDark = (document.documentElement.dataset.theme ?? (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light")) === "dark";
  const theme = isDark ? "light" : "dark";
  localStorage.setItem("theme", theme);
  useTheme(theme);
}

useTheme(localStorage.getItem("theme"));
document.getElementById("theme").addEventListener("click", otherTheme);

document.addEventListener("keydown", event => {
  if (event.ctrlKey || event.altKey || event.metaKey || event.target.matches("input, textarea, select")) {
    if (event.key === "Escape") event.target.blur();
    return;
  }
  const go = to => { if (to) location.hash = `#/${to}`; };
  switch (event.key) {
    case "/": query.focus(); break;
    case "h": location.hash = "#/"; break;
    case "a": location.hash = "#/accounts"; break;
    case "t": otherTheme(); break;
    case "ArrowLeft": go(shown.previous); break;
    case "ArrowRight": go(shown.following); break;
    default: return;
  }
  event.preventDefault();
});

addEventListener("hashchange", () => draw(true));
addEventListener("changed", () => draw(false));

await watchHead(
  async number => {
    head = number;
    await drawStatus();
    // A page that somebody works on stays as it is.
    const isBusy = content.contains(document.activeElement) && document.activeElement.matches("input, [aria-pressed]");
    if (!shown.title || (shown.live && !isBusy)) await draw(false);
    document.getElementById("news").textContent = `Block ${number}`;
  },
  reason => {
    lost.hidden = !reason;
    lost.textContent = reason ?? "";
  });
