// The page of `fvm node` in a browser: node check.mjs URL BROWSER FOLDER [PROCESS]. Screenshots go to FOLDER; PROCESS is the node's, which the
// last step ends. Prints a line per failed step; the last line is `N passed, N failed, 0 skipped`.
import { chromium } from "playwright-core";

const [url, browserPath, folder, nodeProcess] = process.argv.slice(2);
let passed = 0, failed = 0, next = 1;

async function call(method, ...params) {
  const response = await fetch(url, { method: "POST", body: JSON.stringify({ jsonrpc: "2.0", id: next++, method, params }) });
  const { result, error } = await response.json();
  if (error) throw new Error(`${method}: ${error.message}`);
  return result;
}

function equal(actual, expected, what) {
  if (actual !== expected) throw new Error(`${what}: ${JSON.stringify(actual)} instead of ${JSON.stringify(expected)}`);
}

function ok(condition, what) {
  if (!condition) throw new Error(what);
}

async function step(name, run) {
  try {
    await run();
    passed++;
  } catch (error) {
    failed++;
    console.log(`FAIL  ${name}: ${String(error.message).split("\n")[0]}`);
  }
}

// ---- Transactions: a contract that logs a text in the form of markup, one that calls it, and one that reverts with such a text.
const markup = "<img src=x onerror=alert(1)>";
const hexOf = text => Buffer.from(text, "utf8").toString("hex");
const word = number => number.toString(16).padStart(64, "0");
const byte = number => number.toString(16).padStart(2, "0");
const initCode = runtime => `0x60${byte(runtime.length / 2)}80600b6000396000f3${runtime}`;
const [owner] = await call("eth_accounts");

async function send(transaction) {
  const hash = await call("eth_sendTransaction", { from: owner, ...transaction });
  return { hash, receipt: await call("eth_getTransactionReceipt", hash) };
}

const deploy = async runtime => (await send({ data: initCode(runtime) })).receipt.contractAddress;
const topic = (await call("web3_sha3", `0x${hexOf("Note(string)")}`)).slice(2);
const logger = await deploy(`6020600052601c6020527b${hexOf(markup)}60201b6040527f${topic}60606000a100`);
const caller = await deploy(`6000600060006000600073${logger.slice(2)}5af100`);
const revert = `08c379a0${word(32)}${word(markup.length)}${hexOf(markup).padEnd(64, "0")}`;
const size = byte(revert.length / 2);
const thrower = await deploy(`60${size}600c60003960${size}6000fd${revert}`);
const logged = await send({ to: caller });
const reverted = await send({ to: thrower, gas: "0x5f5e100" });

const browser = await chromium.launch({ executablePath: browserPath, args: ["--no-sandbox"] });
const problems = [];

async function open(options, path = "") {
  const context = await browser.newContext(options);
  const page = await context.newPage();
  page.setDefaultTimeout(10_000);
  page.on("console", message => { if (message.type() === "error") problems.push(`console: ${message.text()}`); });
  page.on("pageerror", error => problems.push(`error: ${error.message}`));
  page.on("dialog", dialog => { problems.push(`dialog: ${dialog.message()}`); dialog.dismiss(); });
  page.on("request", request => { if (!request.url().startsWith(url)) problems.push(`request: ${request.url()}`); });
  await page.goto(`${url}/${path}`);
  await page.waitForSelector("h1");
  return page;
}

const text = page => page.textContent("main");
const abi = [{ type: "event", name: "Note", inputs: [{ name: "text", type: "string", indexed: false }] }];
const files = [
  { name: "Note.json", mimeType: "application/json", buffer: Buffer.from(JSON.stringify({ abi })) },
];

for (const width of [360, 768, 1440]) {
  for (const colorScheme of ["light", "dark"]) {
    await step(`${width} pixels, ${colorScheme}`, async () => {
      const page = await open({ viewport: { width, height: 900 }, colorScheme });
      for (const [name, path] of [["blocks", ""], ["transaction", `tx/${logged.hash}`], ["account", `account/${caller}`], ["accounts", "accounts"]]) {
        await page.goto(`${url}/#/${path}`);
        await page.waitForFunction(wanted => document.title.startsWith(wanted), { blocks: "Blocks", transaction: "Transaction", account: "Contract", accounts: "Accounts" }[name]);
        const wide = await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth ? []
          : [...document.querySelectorAll("body *")].filter(element => element.getBoundingClientRect().right > innerWidth).map(element => element.outerHTML));
        equal(wide.length, 0, `elements of ${name} beyond the window (${wide.at(-1)?.slice(0, 100)})`);
        await page.screenshot({ path: `${folder}/${name}-${width}-${colorScheme}.png` });
      }
      const contrasts = await page.evaluate(() => {
        const channel = value => (value /= 255) <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
        const light = color => { const [r, g, b] = color.match(/[\d.]+/g).map(Number); return 0.2126 * channel(r) + 0.7152 * channel(g) + 0.0722 * channel(b); };
        const probe = document.body.appendChild(document.createElement("span"));
        const of = name => { probe.style.color = `var(${name})`; return light(getComputedStyle(probe).color); };
        const pairs = [];
        for (const front of ["--text", "--soft", "--link", "--good", "--bad"]) for (const back of ["--back", "--card"]) pairs.push([front, back]);
        for (const back of ["--call", "--create", "--static", "--failed"]) pairs.push(["--text", back]);
        const result = pairs.map(([front, back]) => {
          const [a, b] = [of(front), of(back)];
          return [`${front} on ${back}`, (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05)];
        });
        probe.remove();
        return result;
      });
      for (const [pair, ratio] of contrasts) ok(ratio >= 4.5, `contrast of ${pair}: ${ratio.toFixed(2)}`);
      await page.context().close();
    });
  }
}

const page = await open({ viewport: { width: 1280, height: 900 } });

await step("a new block appears by itself", async () => {
  const number = Number(await call("eth_blockNumber"));
  await page.waitForSelector(`a[href="#/block/${number}"]`);
  await call("evm_mine");
  await page.waitForSelector(`a[href="#/block/${number + 1}"]`);
});

await step("a transaction with its inner call in the flame graph", async () => {
  await page.goto(`${url}/#/tx/${logged.hash}`);
  await page.waitForSelector(".flame button");
  ok((await text(page)).includes("succeeded"), "it is not shown as succeeded");
  const widths = await page.$$eval(".flame button", buttons => buttons.map(button => button.getBoundingClientRect().width));
  equal(widths.length, 2, "calls");
  ok(widths[1] > 10 && widths[1] < widths[0], `widths ${widths}`);
  const trace = await call("debug_traceTransaction", logged.hash, { tracer: "callTracer" });
  const share = Number(trace.calls[0].gasUsed) / Number(trace.gasUsed);
  ok(Math.abs(widths[1] / widths[0] - share) < 0.01, `the inner call takes ${share} of the gas, and ${widths[1] / widths[0]} of the width`);
  await page.focus(".flame button");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  await page.waitForFunction(to => document.querySelector(".flame ~ .card").textContent.includes(to), logger);
});

await step("events by an interface, and markup of contracts as text", async () => {
  await page.goto(`${url}/#/abi`);
  await page.setInputFiles("input[type=file]", files);
  await page.waitForSelector("text=Note.json");
  await page.goto(`${url}/#/tx/${logged.hash}`);
  await page.waitForFunction(wanted => document.querySelector("main").textContent.includes(wanted), `Note(text: ${JSON.stringify(markup)})`);
  await page.goto(`${url}/#/tx/${reverted.hash}`);
  await page.waitForFunction(wanted => document.title.includes(wanted), reverted.hash.slice(0, 10));
  await page.waitForFunction(wanted => document.querySelector("main").textContent.includes(wanted), markup);
  ok((await text(page)).includes("failed"), "it is not shown as failed");
  equal(await page.$$eval("main img", images => images.length), 0, "images in the page");
});

await step("a file without an interface is refused", async () => {
  await page.goto(`${url}/#/abi`);
  await page.setInputFiles("input[type=file]", { name: "bad.json", mimeType: "application/json", buffer: Buffer.from("{") });
  await page.waitForSelector("text=bad.json is no JSON");
  await page.click("text=Remove");
  await page.waitForSelector("text=No interfaces yet");
});

await step("keys: search, blocks to either side, theme, home", async () => {
  await page.goto(`${url}/#/`);
  await page.waitForFunction(() => document.title.startsWith("Blocks"));
  await page.evaluate(() => document.activeElement.blur());
  await page.keyboard.press("/");
  await page.keyboard.type("2\n");
  await page.waitForFunction(() => document.title.startsWith("Block 2 "));
  await page.keyboard.press("ArrowLeft");
  await page.waitForFunction(() => document.title.startsWith("Block 1 "));
  await page.keyboard.press("ArrowRight");
  await page.waitForFunction(() => document.title.startsWith("Block 2 "));
  const back = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  const before = await back();
  await page.keyboard.press("t");
  const after = await back();
  ok(before !== after, "the theme stays");
  await page.reload();
  await page.waitForFunction(() => document.title.startsWith("Block 2 "));
  equal(await back(), after, "background after a reload");
  await page.keyboard.press("h");
  await page.waitForFunction(() => document.title.startsWith("Blocks"));
});

await step("the search refuses what is nothing", async () => {
  await page.fill("#query", "nonsense");
  await page.press("#query", "Enter");
  ok(await page.$eval("#query", input => !input.validity.valid), "it was taken");
  await page.fill("#query", "");
  await page.evaluate(() => document.activeElement.blur());
});

await step("the faucet gives what is asked for", async () => {
  const address = "0x00000000000000000000000000000000000abcde";
  await page.goto(`${url}/#/account/${address}`);
  await page.waitForSelector("text=there is no such actor yet");
  await page.fill("[aria-label='FIL to give']", "2.5");
  await page.click("text=Give FIL");
  await page.waitForFunction(() => document.querySelector(".facts").textContent.includes("2.5 FIL"));
  equal(BigInt(await call("eth_getBalance", address, "latest")), 25n * 10n ** 17n, "balance");
  await page.fill("[aria-label='FIL to give']", "much");
  await page.click("text=Give FIL");
  await page.waitForSelector("text=an amount such as 10 or 0.5 is needed");
});

await step("a native actor has its state by name", async () => {
  await page.goto(`${url}/#/account/f02`);
  await page.waitForSelector("pre");
  const state = await page.textContent("pre");
  ok(/this_?epoch_?reward/i.test(state), `no field of the reward actor: ${state.slice(0, 200)}`);
});

await step("what is not there is said", async () => {
  await page.goto(`${url}/#/tx/0x${"11".repeat(32)}`);
  await page.waitForSelector("text=there is no such transaction");
  await page.goto(`${url}/#/block/999999`);
  await page.waitForSelector("text=there is no block 999999");
  await page.goto(`${url}/#/nowhere`);
  await page.waitForSelector("text=there is no such page");
});

await step("nothing was loaded from elsewhere, and nothing failed unseen", async () => equal(problems.join("; "), "", "problems"));

if (nodeProcess) {
  await step("a node that ended is said to be gone", async () => {
    process.kill(Number(nodeProcess));
    await page.waitForSelector("#lost:not([hidden])");
    ok((await page.textContent("#lost")).includes("does not answer"), "no reason");
  });
}

await browser.close();
console.log(`${passed} passed, ${failed} failed, 0 skipped`);
process.exit(failed ? 1 : 0);
