// Pictures of the page that anyone can open, and a short animation, from the page itself, in docs/screenshots:
//   node scripts/page-pictures.mjs [page] [page-phone] [page-vat] [page-vat-phone] [film]     all, unless some are named
// Needs a build (npm run build) and Chromium; takes some minutes.
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { animatedPng } from "./animated-png.mjs";
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

/** Of the animation, at least. */
const FRAME_MS = 120;
const named = process.argv.slice(2);
const isAsked = (name) => named.length === 0 || named.includes(name);

for (const { name, colorScheme, viewport } of [
  { name: "page", colorScheme: "dark", viewport: { width: 1280, height: 760 } },
  { name: "page-phone", colorScheme: "light", viewport: { width: 390, height: 844 } },
]) {
  if (!isAsked(name)) continue;
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
  await page.close();
}

for (const { name, colorScheme, width } of [
  { name: "page-vat", colorScheme: "light", width: 1280 },
  { name: "page-vat-phone", colorScheme: "dark", width: 390 },
]) {
  if (!isAsked(name)) continue;
  const page = await browser.newPage({ colorScheme, viewport: { width, height: 900 } });
  await page.goto(`${address}#seed=3&vat=16x2&mind=many`);
  await page.getByText(/^As one mind/).waitFor({ timeout: 600_000 });
  await page.getByText("Grow sixteen").click();
  await page.locator(".duel button:not([disabled])", { hasText: "Teach them" }).click({ timeout: 600_000 });
  await page.getByText(/their untaught twins \d+ of/).waitFor({ timeout: 600_000 });
  const part = width > 1000 ? page.locator(".vats") : page.locator(".choir");
  writeFileSync(join(out, `${name}.png`), await palettePng(await part.screenshot(), blank));
  await page.close();
}

// A dish that was taught plays the tune alone, is scrambled, and plays no more: as the page draws it.
if (isAsked("film")) {
  const page = await browser.newPage({ colorScheme: "dark", viewport: { width: 1280, height: 760 } });
  await page.goto(`${address}#seed=3&do=t80`);
  await atRest(page);
  await page.waitForTimeout(4000);
  const frames = [];
  const session = await page.context().newCDPSession(page);
  session.on("Page.screencastFrame", ({ data, metadata, sessionId }) => {
    const atMs = 1000 * metadata.timestamp;
    if (atMs - (frames.at(-1)?.atMs ?? 0) > FRAME_MS) frames.push({ png: Buffer.from(data, "base64"), atMs });
    session.send("Page.screencastFrameAck", { sessionId }).catch(() => {});
  });
  await session.send("Page.startScreencast", { format: "png", maxWidth: 1280, maxHeight: 760 });
  await page.keyboard.press("1");
  await page.waitForTimeout(3800);
  await page.getByText("Scramble").click();
  await page.waitForTimeout(4200);
  await session.send("Page.stopScreencast");
  writeFileSync(join(out, "page-film.png"), await animatedPng(frames, blank, { width: 610, colours: 48 }));
}
await browser.close();
