// Pictures of every view of the dashboard, from real runs that it makes, in docs/screenshots:
//   node scripts/screenshots.mjs [organoid] [pong] [peers]     all, unless some are named
// Needs a build (npm run build) and Chromium; takes some minutes.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { palettePng } from "./palette-png.mjs";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const built = (path) => import(new URL(`../dist/src/${path}`, import.meta.url).href);
const { RunHost } = await built("dashboard/runs/host.js");
const { serveDashboard } = await built("dashboard/server/server.js");
const { launch } = await built("dashboard/testing/browser.js");
const { experimentOf } = await built("dashboard/runs/form.js");
const { packageVersion } = await built("cli/manners/version.js");

const LAPTOP = { width: 1280, height: 900 };
const PHONE = { width: 390, height: 844 };
const out = join(root, "docs", "screenshots");
mkdirSync(out, { recursive: true });
const folder = mkdtempSync(join(tmpdir(), "wetgrad-screenshots-"));
const runs = new RunHost({ folder, wetgradVersion: packageVersion(), workers: 1 });
const dashboard = await serveDashboard({ host: "127.0.0.1", port: 0, token: "0123456789abcdef", runs });
const browser = await launch();
const blank = await browser.newPage();
const page = await browser.newPage({ viewport: LAPTOP });
page.setDefaultTimeout(3_600_000);

const start = (kind, config) => runs.start(experimentOf(kind, config));
const open = (view, run, chosen = {}) =>
  page.goto(`${dashboard.url}#/${view}?${new URLSearchParams({ run, ...chosen })}`);
const shows = (title) => page.getByRole("heading", { name: title, exact: true }).waitFor();
const state = (text) => page.locator("header .pill", { hasText: text }).waitFor();
/** What moves has some seconds to be in full swing. */
const take = async (name, { scheme = "light", size = LAPTOP, wait = 3000, from } = {}) => {
  await page.emulateMedia({ colorScheme: scheme });
  await page.setViewportSize(size);
  await page.waitForTimeout(wait);
  await page.evaluate((title) => {
    const heading = [...document.querySelectorAll("h2")].find(({ textContent }) => textContent === title);
    scrollTo(0, heading ? heading.getBoundingClientRect().top + scrollY - 150 : 0);
  }, from);
  await page.waitForTimeout(500);
  writeFileSync(join(out, `${name}.png`), await palettePng(await page.screenshot(), blank));
  console.error(`${name}.png`);
};

const parts = {
  /** The small experiment of `wetgrad organoid --quick`. */
  async organoid() {
    const run = await start("organoid", {
      ...{ series: "henon", seeds: 2, arms: ["descent", "random", "sham"], codes: ["assigned"] },
      ...{ cycles: 2, retentionSeconds: 0 },
    });
    await open("culture", run);
    await shows("Weights");
    await page.locator("dl.numbers dd").first().waitFor();
    await take("culture", { wait: 6000 });
    await take("culture-dark", { scheme: "dark" });
    await take("culture-phone", { size: PHONE });
    await page.setViewportSize(LAPTOP);
    await open("emulator", run);
    await shows("Intended and evoked state");
    await take("emulator", { wait: 8000 });
    await take("emulator-latent", { from: "Latent trajectory" });
    await open("culture", run);
    await page.locator("p.shades").waitFor();
    await page.getByRole("button", { name: "Show the film" }).click();
    await page.locator(".player").waitFor();
    await page.locator(".player input").fill("7");
    await take("growth", { from: "Weights", wait: 1000 });
    await open("control", run, { start: "vat" });
    await page.reload(); // The form is unfolded by the address that a page begins with.
    await take("control-vat", { from: "An experiment of your own" });
    await open("experiment", run);
    await state("finished");
    await open("control", run);
    await page.reload();
    await take("control", { size: { width: 1280, height: 480 } });
    await page.setViewportSize(LAPTOP);
    await open("experiment", run);
    await take("experiment");
    await take("experiment-ledger", { from: "Cycle timeline" });
    await open("task", run);
    await shows("What the culture predicts");
    await take("task");
  },
  /** A vat that plays Pong. */
  async pong() {
    const run = await start("vat", {
      ...{ task: "pong", brains: 16, neurons: 300, seeds: 4, arms: ["descent", "sham"], cycles: 1 },
      ...{ presentations: 150, probeTrials: 60, babbleTrials: 250, fitSteps: 200 },
    });
    await open("task", run);
    await shows("Pong");
    await take("pong", { wait: 10_000 });
    await page.getByRole("button", { name: /^Enter brain 6/ }).click();
    await take("brain");
    await open("experiment", run);
    await state("finished");
    await take("vat-experiment");
    // As one finds it later: another server, which has the folder alone.
    const later = new RunHost({ folder, wetgradVersion: packageVersion(), workers: 1 });
    const served = await serveDashboard({
      host: "127.0.0.1",
      port: 0,
      token: "fedcba9876543210",
      runs: later,
    });
    await page.goto(`${served.url}#/task?${new URLSearchParams({ run })}`);
    await shows("Pong");
    await take("pong-again");
    await take("pong-again-phone", { size: PHONE, scheme: "dark" });
    await later.close();
    await served.close();
  },
  /** A hundred brains that predict each other; stopped once they have been seen. */
  async peers() {
    const run = await start("vat", {
      ...{ task: "peers", brains: 100, neurons: 101, seeds: 1, arms: ["descent"], cycles: 1 },
      ...{ presentations: 1000, probeTrials: 30, babbleTrials: 80, fitSteps: 40 },
    });
    await open("task", run);
    await shows("Vat");
    await page.locator(".chooser", { hasText: "train" }).waitFor();
    await page.waitForTimeout(40_000);
    await page.keyboard.press("Escape");
    await state("stopped");
    await take("stopped");
  },
};

try {
  const named = process.argv.slice(2);
  for (const [name, make] of Object.entries(parts))
    if (named.length === 0 || named.includes(name)) await make();
} finally {
  await browser.close();
  await runs.close();
  await dashboard.close();
  rmSync(folder, { recursive: true, force: true });
}
