// Pictures of the page that anyone can open, from the page itself, in docs/screenshots:
//   node scripts/page-pictures.mjs
// Needs a build (npm run build) and Chromium; takes a minute.
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { palettePng } from "./palette-png.mjs";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const { launch } = await import(new URL("../dist/src/dashboard/testing/browser.js", import.meta.url).href);
const address = pathToFileURL(join(root, "dist", "page", "index.html")).href;
const out = join(root, "docs", "screenshots");
mkdirSync(out, { recursive: true });

const browser = await launch();
const blank = await browser.newPage();
const take = async (page, name) =>
  writeFileSync(join(out, `${name}.png`), await palettePng(await page.screenshot(), blank));
const atRest = (page) => page.waitForSelector(".primary:not([disabled])", { timeout: 600_000 });

for (const { name, colorScheme, viewport } of [
  { name: "page", colorScheme: "dark", viewport: { width: 1280, height: 760 } },
  { name: "page-phone", colorScheme: "light", viewport: { width: 390, height: 844 } },
]) {
  const page = await browser.newPage({ colorScheme, viewport });
  await page.goto(`${address}#seed=3&do=t80`);
  await atRest(page);
  await page.waitForTimeout(2000);
  await page.keyboard.press("1");
  await page.waitForFunction("location.hash.endsWith('p0x32')", null, { timeout: 600_000 });
  await page.waitForFunction("/mean of 4/.test(document.querySelector('.scores').textContent)", null, {
    timeout: 600_000,
  });
  await take(page, name);
}
await browser.close();
