// Pictures of every view of the dashboard for docs/screenshots, from a real run that it makes: node scripts/screenshots.mjs
// Needs a build (npm run build) and Chromium.
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const built = (path) => import(new URL(`../dist/src/${path}`, import.meta.url).href);
const [{ RunHost }, { serveDashboard }, { launch }, { madeUpVat }] = await Promise.all(
  ["runs/host.js", "server/server.js", "testing/browser.js", "testing/vat.js"].map((path) =>
    built(`dashboard/${path}`),
  ),
);

const out = join(root, "docs", "screenshots");
mkdirSync(out, { recursive: true });
const folder = mkdtempSync(join(tmpdir(), "wetgrad-screenshots-"));
const runs = new RunHost({ folder, wetgradVersion: "0.1.0", workers: 1 });
const dashboard = await serveDashboard({ host: "127.0.0.1", port: 0, token: "0123456789abcdef", runs });
const browser = await launch();
const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
page.setDefaultTimeout(600_000);
const take = async (
  name,
  view,
  query,
  { scheme = "light", size = { width: 1280, height: 900 }, wait = 3000 } = {},
) => {
  await page.setViewportSize(size);
  await page.emulateMedia({ colorScheme: scheme });
  await page.goto(`${dashboard.url}#/${view}?${query}`);
  await page.waitForTimeout(wait);
  await page.screenshot({ path: join(out, `${name}.png`) });
  console.error(`${name}.png`);
};
try {
  const config = {
    series: "henon",
    seeds: 1,
    arms: ["descent", "sham"],
    codes: ["assigned"],
    cycles: 2,
    retentionSeconds: 0,
    presentations: 100,
    probeTrials: 100,
    babbleTrials: 600,
  };
  const name = await runs.start(config);
  const query = `run=${encodeURIComponent(name)}`;
  await page.goto(`${dashboard.url}#/culture?${query}`);
  await page.locator("dl.numbers dd").first().waitFor();
  await take("culture", "culture", `${query}&window=2`, { wait: 6000 });
  await page.goto(`${dashboard.url}#/emulator?${query}`);
  await page.getByRole("heading", { name: "Intended and evoked state" }).waitFor();
  await page.waitForTimeout(5000);
  await take("emulator", "emulator", query, { scheme: "dark", wait: 5000 });
  await page.goto(`${dashboard.url}#/experiment?${query}&culture=0`);
  await page.locator("header .pill", { hasText: "finished" }).waitFor();
  await take("experiment", "experiment", `${query}&culture=0`);
  await take("task", "task", `${query}&culture=0`);
  await take("control", "control", "");
  await take("phone", "culture", query, { size: { width: 390, height: 844 }, wait: 4000 });
  const { feed, step } = madeUpVat("made-up-vat");
  runs.show("made-up-vat", feed);
  const timer = setInterval(step, 100);
  await take("vat", "task", "run=made-up-vat", { wait: 4000 });
  clearInterval(timer);
} finally {
  await browser.close();
  await runs.close();
  await dashboard.close();
  rmSync(folder, { recursive: true, force: true });
}
