// Pictures for the rows of docs/guide/mission.md that no other script makes, in docs/screenshots: small runs of the commands themselves, and the
// first figure of the page that each writes. What they show is a picture of the page, not the measured figures, which the text has with its commands.
//   node scripts/mission-pictures.mjs [methods] [reading] [features] [recording] [refusal]     all, unless some are named
// Needs a build (npm run build) and Chromium; takes some ten minutes.
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { palettePng } from "./palette-png.mjs";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const { launch } = await import(new URL("../dist/src/dashboard/testing/browser.js", import.meta.url).href);
const out = join(root, "docs", "screenshots");
mkdirSync(out, { recursive: true });
const folder = mkdtempSync(join(tmpdir(), "wetgrad-mission-"));
const browser = await launch();
const blank = await browser.newPage();

function wetgrad(...args) {
  const { status } = spawnSync(process.execPath, [join(root, "dist", "src", "cli", "main.js"), ...args], {
    stdio: ["ignore", 2, 2],
  });
  if (status !== 0) throw new Error(`wetgrad ${args.join(" ")}: exit code ${status}`);
}

/** The page's first screen, or what lies below the heading `from`. */
async function take(name, path, { from, height = 760, hash = "", act } = {}) {
  const page = await browser.newPage({ viewport: { width: 1000, height } });
  await page.goto(pathToFileURL(path).href + hash);
  await page.waitForTimeout(1500);
  await act?.(page);
  if (from)
    await page.evaluate((text) => {
      const heading = [...document.querySelectorAll("h1, h2, h3")].find((each) =>
        each.textContent.includes(text),
      );
      if (!heading) throw new Error(`expected a heading ${text}`);
      scrollTo(0, heading.getBoundingClientRect().top + scrollY - 20);
    }, from);
  await page.waitForTimeout(500);
  writeFileSync(join(out, `${name}.png`), await palettePng(await page.screenshot(), blank));
  console.error(`${name}.png`);
  await page.close();
}

/** A small run whose recording is looked at. */
function smallRun() {
  const run = join(folder, "run");
  wetgrad(
    ...[
      "organoid",
      "--series",
      "noisy-cycle",
      "--method",
      "error-correcting",
      "--seeds",
      "1",
      "--cycles",
      "2",
    ],
    ...["--code", "assigned", "--arms", "descent,sham", "--out", run],
  );
  return run;
}

const parts = {
  async methods() {
    const run = join(folder, "methods");
    const size = "--budgets none --seeds 2 --cycles 1 --neurons 300 --presentations 100 --probe-trials 100";
    const line = `compare-methods --series henon ${size} --babble-trials 500 --fit-steps 150`;
    const methods = "stimulate,direct,incremental,forward-forward";
    wetgrad(...line.split(" "), "--methods", methods, "--out", run);
    await take("methods", join(run, "report.html"));
  },
  async reading() {
    const run = join(folder, "reading");
    wetgrad("read", "culture", "--seed", "2", "--sentences", "400", "--test", "120", "--out", run);
    await take("reading", join(run, "report.html"));
  },
  async features() {
    const run = join(folder, "features");
    wetgrad("features", "fit", smallRun(), "--culture", "seed1 assigned descent", "--out", run);
    wetgrad("features", "show", run, "--culture", "seed1 assigned descent");
    await take("features", join(run, "report.html"));
  },
  async recording() {
    const view = join(folder, "view.html");
    wetgrad(
      "recording",
      "view",
      join(smallRun(), "recording.nwb"),
      "--culture",
      "seed1 assigned descent",
      "--out",
      view,
    );
    await take("recording", view);
  },
  async refusal() {
    await take("refusal", join(root, "dist", "page", "index.html"), {
      hash: "#seed=3",
      height: 420,
      act: async (page) => {
        await page.click("footer .link");
        await page.locator(".refusal").waitFor({ timeout: 600_000 });
        await page.locator("footer").scrollIntoViewIfNeeded();
        await page.evaluate("scrollTo(0, document.body.scrollHeight)");
      },
    });
  },
};

try {
  const named = process.argv.slice(2);
  for (const [name, make] of Object.entries(parts))
    if (named.length === 0 || named.includes(name)) await make();
} finally {
  await browser.close();
  rmSync(folder, { recursive: true, force: true });
}
