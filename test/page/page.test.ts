/** The page that anyone can open, in Chromium, from the file: its first minute by keyboard alone, its gestures, its link. */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { gzipSync } from "node:zlib";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { faultsOf, launch, violationsOf } from "../../src/dashboard/testing/browser.ts";
import { Choir, keptBy, type Mind, scoreOf } from "../../src/web/choir.ts";
import { readDeeds } from "../../src/web/deeds.ts";
import { Dish, NOTES } from "../../src/web/dish.ts";
import { bitsOf } from "../../src/web/page/strengths.ts";
import { VAT_SIZES, vatSeed } from "../../src/web/page/vat/sizes.ts";

const MOST_GZIPPED = 150_000;
const root = fileURLToPath(new URL("../..", import.meta.url));
const builder = new URL("../../scripts/page.mjs", import.meta.url).href;
const folder = mkdtempSync(join(tmpdir(), "wetgrad-page-"));
const address = pathToFileURL(join(folder, "index.html")).href;
let browser: Browser;

beforeAll(async () => {
  const { writePage } = (await import(builder)) as {
    writePage: (root: string, out: string) => Promise<void>;
  };
  await writePage(root, folder);
  browser = await launch();
});

afterAll(async () => {
  await browser?.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Nothing is asked of the dishes and they have done what they were asked. */
const atRest = (page: Page) => page.waitForSelector(".primary:not([disabled])", { timeout: 240_000 });

/** What of the last play was right, of the taught dish (%). */
const taught = async (page: Page) => Number.parseInt((await page.textContent(".score.right b")) ?? "", 10);
const bits = (page: Page) => page.textContent("footer code");

/** Focus by Tab until `name` has it. */
async function tabTo(page: Page, name: RegExp): Promise<void> {
  for (let presses = 0; presses < 40; presses++) {
    await page.keyboard.press("Tab");
    const focused = await page.evaluate(
      "document.activeElement.textContent || document.activeElement.ariaLabel",
    );
    if (name.test(String(focused))) return;
  }
  throw new Error(`expected ${name} to be reached by Tab`);
}

test("the page is one small file", () => {
  const page = readFileSync(join(folder, "index.html"));
  expect(gzipSync(page).length).toBeLessThan(MOST_GZIPPED);
  expect(gzipSync(readFileSync(join(folder, "wetgrad.js"))).length).toBeLessThan(MOST_GZIPPED);
});

test("by keyboard alone it is taught, plays the tune alone, and loses it when scrambled; its link gives the same bits", async () => {
  const page = await browser.newPage();
  const faults = faultsOf(page, [""]);
  await page.goto(`${address}#seed=3`);
  await atRest(page);
  await tabTo(page, /Teach it/);
  await page.keyboard.press("Enter");
  await page.waitForSelector(".primary[disabled]");
  await atRest(page);
  expect(await page.textContent("h1")).toBe("Now you stop");
  await page.keyboard.press("4");
  await page.waitForFunction("location.hash.endsWith('p3x32')", null, { timeout: 240_000 });
  expect(await taught(page)).toBe(100);
  expect(await page.textContent("h1")).toBe("It plays the tune, alone");
  await page.waitForFunction("/mean of 4/.test(document.querySelector('.scores').textContent)", null, {
    timeout: 240_000,
  });
  const untaught = Number.parseInt((await page.textContent(".score.soft b")) ?? "", 10);
  expect(untaught).toBeLessThan(40);

  await tabTo(page, /Scramble/);
  await page.keyboard.press("Enter");
  await page.waitForFunction("location.hash.endsWith('p0x32')", null, { timeout: 240_000 });
  expect(await taught(page)).toBeLessThan(50);
  expect(page.url()).toMatch(/#seed=3&do=t80\.p3x32\.s\.p0x32$/);

  const [url, here] = [page.url(), await bits(page)];
  await page.close();
  const again = await browser.newPage();
  const faultsAgain = faultsOf(again, [""]);
  await again.goto(url);
  await atRest(again);
  expect(await bits(again)).toBe(here);
  expect([...faults, ...faultsAgain]).toEqual([]);
  await again.close();

  const dish = await Dish.grow({ seed: 3 });
  for (const deed of readDeeds("t80.p3x32.s.p0x32", NOTES)) for await (const _ of dish.perform(deed));
  expect(bitsOf(await dish.strengths())).toBe(here);
}, 600_000);

test("six seconds are recorded as a video", async (context) => {
  const page = await browser.newPage({ acceptDownloads: true });
  const faults = faultsOf(page, [""]);
  await page.goto(`${address}#seed=3`);
  await atRest(page);
  const record = page.getByRole("button", { name: "Record six seconds" });
  if ((await record.count()) === 0) context.skip("this browser encodes no video");
  const [film] = await Promise.all([page.waitForEvent("download", { timeout: 60_000 }), record.click()]);
  expect(film.suggestedFilename()).toMatch(/^wetgrad-dish-3\.(webm|mp4)$/);
  const bytes = readFileSync(await film.path());
  expect(bytes.length).toBeGreaterThan(10_000);
  const type = film.suggestedFilename().endsWith("mp4") ? "video/mp4" : "video/webm";
  // Played by a page of nothing else: a film made as it goes says how long it is only at its end.
  const player = await browser.newPage();
  const seconds = await player.evaluate(
    `new Promise((resolve, reject) => {
      const video = document.createElement("video");
      video.muted = true;
      video.onerror = () => reject(new Error(video.error.message));
      video.onloadedmetadata = () => { video.currentTime = 1e6; };
      video.ontimeupdate = () => resolve(video.currentTime);
      video.src = "data:${type};base64,${bytes.toString("base64")}";
    })`,
  );
  expect(seconds).toBeGreaterThan(5);
  expect(seconds).toBeLessThan(20);
  expect(faults).toEqual([]);
  await player.close();
  await page.close();
}, 300_000);

test("gestures are done, a person is refused, and nothing is inaccessible, wide or narrow, light or dark", async () => {
  for (const [colorScheme, width] of [
    ["light", 390],
    ["dark", 1280],
  ] as const) {
    const page = await browser.newPage({ colorScheme, viewport: { width, height: 800 } });
    const faults = faultsOf(page, [""]);
    await page.goto(`${address}#seed=5&do=f1.t8`);
    await atRest(page);
    await page.click("footer .link");
    await page.waitForSelector(".refusal");
    expect(await page.textContent(".refusal")).toContain("a device on a person is read-only");
    if (width > 1000) {
      await page.click(".gesture >> text=Cut");
      await page.click(".ring canvas", { position: { x: 250, y: 250 } });
      await page.waitForFunction("/c\\d+-\\d+-300\\.p0x32$/.test(location.hash)", null, { timeout: 240_000 });
      await page.click(".gesture >> text=New tune");
      await page.waitForFunction("/\\.u0\\d{7}$/.test(location.hash)", null, { timeout: 240_000 });
    }
    expect(await violationsOf(page)).toEqual([]);
    expect(await page.evaluate("document.documentElement.scrollWidth")).toBeLessThanOrEqual(width);
    expect(faults).toEqual([]);
    await page.close();
  }
}, 600_000);

test("asked who chose the pulses, gradient descent finds them: loaded only then, it plays as well", async () => {
  const page = await browser.newPage();
  const faults = faultsOf(page, [""]);
  const loaded: string[] = [];
  page.on("request", (request) => loaded.push(new URL(request.url()).pathname));
  await page.goto(`${address}#seed=3`);
  await atRest(page);
  const isDescent = (path: string) => path.endsWith("/descent.js");
  expect(loaded.some(isDescent)).toBe(false);
  await page.click(".descent button");
  const said = page.locator(".descent [role=status]");
  await said.getByText(/notes right\.$/).waitFor({ timeout: 540_000 });
  expect(loaded.filter(isDescent)).toHaveLength(1);
  const right = Number(/(\d+) of 32/.exec((await said.textContent()) ?? "")?.[1]);
  expect(right).toBeGreaterThanOrEqual(24);
  const overlap = Number.parseInt((await page.textContent(".curve.right b")) ?? "", 10);
  expect(overlap).toBeGreaterThan(50);
  expect(faults).toEqual([]);
  await page.close();
}, 600_000);

const TUNE = [...Array(NOTES).keys()];
const percent = (share: number) => `${Math.round(100 * share)} %`;
const shareOf = (right: readonly boolean[]) => right.filter(Boolean).length / right.length;

test("a vat of sixteen hears the tune, together right sooner than alone, one mind and many play on, as in Node; its link grows it again", async () => {
  const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
  const faults = faultsOf(page, [""]);
  await page.goto(`${address}#seed=3&vat=16x2`);
  const heard = "/heard 2 times/.test(document.body.textContent)";
  await page.waitForFunction(`location.hash === '#seed=3&vat=16x2' && ${heard}`, null, { timeout: 480_000 });
  const shown = (await page.textContent(".choir > [role=status]")) ?? "";

  const grow = (isTaught: boolean) => Choir.grow({ ...VAT_SIZES[0], seed: vatSeed(3), isTaught }, TUNE);
  const [choir, twin] = [await grow(true), await grow(false)];
  for (const each of [choir, twin])
    for (let round = 0; round < 2; round++) {
      await each.ask();
      await each.teach();
    }
  const { alone, together } = scoreOf(await choir.ask(), 16);
  await twin.ask();
  const mean = alone.reduce((sum, right) => sum + right, 0) / alone.length;
  const all = shareOf(together);
  expect(shown).toContain(`a brain alone is right for ${percent(mean)}, all together for ${percent(all)};`);
  expect(all).toBeGreaterThan(mean + 0.2);
  await page.locator(".choir input[type=range]").focus();
  await page.keyboard.press("Home");
  await page.getByText("Listen to the first 1 of 16").waitFor();

  const kept = async (vat: Choir, mind: Mind) => shareOf(keptBy(await vat.playOn(mind), TUNE).flat());
  // In the other order than the page: playing on leaves a vat as it was.
  const [many, one] = [await kept(choir, "many"), await kept(choir, "one")];
  const [twinMany, twinOne] = [await kept(twin, "many"), await kept(twin, "one")];
  const said = `As one mind ${percent(one)} of the notes follow the tune, as many ${percent(many)}; of their untaught twins ${percent(twinOne)} and ${percent(twinMany)}.`;
  await tabTo(page, /One mind/);
  await page.keyboard.press("Enter");
  await page.getByText(said).waitFor({ timeout: 120_000 });
  expect(one).toBeGreaterThan(many + 0.2);
  await page.click(".minds button >> text=Many minds");
  await page.waitForFunction("location.hash === '#seed=3&vat=16x2&mind=many'");
  expect(await page.locator(".kept.many path").getAttribute("d")).toMatch(/^M/);
  expect(await violationsOf(page)).toEqual([]);
  await page.close();

  const again = await browser.newPage({ colorScheme: "dark", viewport: { width: 390, height: 800 } });
  const faultsAgain = faultsOf(again, [""]);
  await again.goto(`${address}#seed=3&vat=16x2&mind=many`);
  await again.getByText(said).waitFor({ timeout: 480_000 });
  expect(await again.getAttribute(".minds button >> text=Many minds", "aria-pressed")).toBe("true");
  expect(await violationsOf(again)).toEqual([]);
  expect(await again.evaluate("document.documentElement.scrollWidth")).toBeLessThanOrEqual(390);
  expect([...faults, ...faultsAgain]).toEqual([]);
  await again.close();
}, 600_000);

test("sixteen brains learn Pong, return the balls that their untaught twins miss, and play a person by keyboard", async () => {
  const page = await browser.newPage({ viewport: { width: 390, height: 800 } });
  const faults = faultsOf(page, [""]);
  await page.goto(`${address}#seed=3`);
  await atRest(page);
  await tabTo(page, /Grow sixteen/);
  await page.keyboard.press("Enter");
  const teach = page.locator(".duel button:not([disabled])", { hasText: "Teach them" });
  await teach.waitFor({ timeout: 480_000 });
  await teach.press("Enter");
  const said = page.locator(".duel [role=status]");
  await said.getByText(/returned (\d+) of \1 balls, their untaught twins/).waitFor({ timeout: 480_000 });
  const [, hits, balls] = (/twins (\d+) of (\d+)/.exec((await said.textContent()) ?? "") ?? []).map(Number);
  expect(hits).toBeLessThan(balls!);

  await page.locator(".duel button", { hasText: "Play to" }).press("Enter");
  expect(await page.evaluate("document.activeElement.className")).toBe("court");
  // A person who holds the paddle at the top misses most balls, and the brains few.
  for (let presses = 0; presses < 12; presses++) await page.keyboard.press("ArrowUp");
  await said.getByText("They have won.").waitFor({ timeout: 240_000 });
  expect(await violationsOf(page)).toEqual([]);
  expect(await page.evaluate("document.documentElement.scrollWidth")).toBeLessThanOrEqual(390);
  expect(faults).toEqual([]);
  await page.close();
}, 600_000);

test("a link that is none is said to be none", async () => {
  const page = await browser.newPage();
  await page.goto(`${address}#seed=3&do=q9`);
  await page.waitForSelector("text=/expected deeds such as t80/", { timeout: 120_000 });
  await page.goto(`${address}#seed=3&vat=17x2`);
  await page.waitForSelector("text=/expected vat=16x2 or vat=100x2/", { timeout: 120_000 });
  await page.goto(`${address}#seed=3&mind=two`);
  await page.waitForSelector("text=/expected mind=one or mind=many, with a vat/", { timeout: 120_000 });
  await page.close();
});
