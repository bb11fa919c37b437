// Drives the system's Chromium for the tests: one command a line in JSON, one answer a line.
// A command names a method of the page, context or keyboard with its arguments, or one below.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { createInterface } from "node:readline";
import { chromium } from "playwright-core";

const require = createRequire(import.meta.url);
const axe = readFileSync(require.resolve("axe-core/axe.min.js"), "utf-8");
const browser = await chromium.launch({
  executablePath: process.argv[2],
  args: [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
  ],
});
let context;
let page;
let heard = [];

const commands = {
  // Opens a file in a fresh context; `heard` is every request but the file's, and every message.
  async open({ url, width = 1400, height = 900, theme = "light", script = true, scale = 1 }) {
    await context?.close();
    heard = [];
    context = await browser.newContext({
      viewport: { width, height },
      colorScheme: theme,
      javaScriptEnabled: script,
      bypassCSP: false,
      deviceScaleFactor: scale,
    });
    page = await context.newPage();
    page.on("console", (message) => heard.push(`${message.type()}: ${message.text()}`));
    page.on("pageerror", (error) => heard.push(`error: ${error}`));
    page.on("request", (request) => request.url() === url || heard.push(request.url()));
    page.on("dialog", (dialog) => { heard.push(`dialog: ${dialog.message()}`); dialog.dismiss(); });
    await page.goto(url);
    if (script) await page.waitForSelector("html.ready", { state: "attached" });
  },
  heard: () => heard,
  evaluate: ({ code }) => page.evaluate(code),
  click: ({ selector }) => page.click(selector),
  fill: ({ selector, text }) => page.fill(selector, text),
  choose: ({ selector, label }) => page.selectOption(selector, { label }),
  press: async ({ keys }) => {
    for (const key of keys) await page.keyboard.press(key);
  },
  texts: ({ selector }) => page.$$eval(selector, (found) => found.map((each) => each.innerText)),
  media: ({ media }) => page.emulateMedia({ media }),
  pdf: ({ path }) => page.pdf({ path, preferCSSPageSize: true, printBackground: true }),
  picture: ({ path, whole = false, clip }) => page.screenshot({ path, fullPage: whole, clip }),
  // The page's policy lets no other script in; the devtools' own world is not bound by it.
  async axe() {
    await page.evaluate(axe);
    const found = await page.evaluate(() => globalThis.axe.run());
    return found.violations.map(({ id, nodes }) =>
      `${id}: ${nodes.slice(0, 3).map((node) => node.html.slice(0, 160)).join(" | ")}`);
  },
};

for await (const line of createInterface({ input: process.stdin })) {
  const { command, ...rest } = JSON.parse(line);
  let answer;
  try {
    answer = { value: (await commands[command](rest)) ?? null };
  } catch (error) {
    answer = { error: String(error) };
  }
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}
await browser.close();
