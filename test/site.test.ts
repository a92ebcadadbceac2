/** A run as a folder of files: its views, replay and report in a browser, from the disk, with no server. */
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { faultsOf, launch, violationsOf } from "../src/dashboard/testing/browser.ts";

const MINUTES = 60_000;
const root = mkdtempSync(join(tmpdir(), "wetgrad-site-"));
const [run, site] = [join(root, "run"), join(root, "site")];
afterAll(() => rmSync(root, { recursive: true, force: true }));

const wetgrad = (...args: string[]) =>
  spawnSync(process.execPath, ["dist/src/cli/main.js", ...args], { encoding: "utf8" });

beforeAll(() => {
  spawnSync(process.execPath, ["scripts/build.mjs", "--if-stale"], { stdio: "inherit" });
  const size = "--neurons 200 --seeds 1 --cycles 1 --presentations 30 --probe-trials 30 --babble-trials 200";
  const rest = "--fit-steps 20 --retention 2 --code assigned --arms descent,sham";
  const made = wetgrad(
    "organoid",
    "--series",
    "noisy-cycle",
    ...size.split(" "),
    ...rest.split(" "),
    "--out",
    run,
  );
  expect(made.status, made.stderr).toBe(0);
}, 10 * MINUTES);

test("what is no finished run is refused in one line, and nothing is written", () => {
  const refused = wetgrad("report", root, "--site", join(root, "none"));
  expect([refused.status, refused.stderr.trim().split("\n").length]).toEqual([2, 1]);
  expect(existsSync(join(root, "none"))).toBe(false);
});

test(
  "the site shows every view of the run, replays it, and asks nothing of anyone",
  async () => {
    const written = wetgrad("report", run, "--site", site, "--json");
    expect(written.status, written.stderr).toBe(0);
    const { site: told, report } = JSON.parse(written.stdout);
    expect(told).toMatchObject({ page: join(site, "index.html") });
    expect(told.stretches).toBeGreaterThan(3);

    const browser = await launch();
    try {
      const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
      const faults = faultsOf(page, [""]);
      const asked: string[] = [];
      page.on("request", (request) => asked.push(request.url()));
      await page.goto(pathToFileURL(told.page).href);
      const alone = report.series[0].arms.descent.probe.accuracy.mean;
      await page.locator("header .alone b", { hasText: `${(100 * alone).toFixed(0)} %` }).waitFor();
      await page.getByText("electrode, by role").waitFor();
      // The replay has come: what fires is counted.
      await page.getByText(/^\d+ of 64$/).waitFor({ timeout: MINUTES });
      for (const view of ["Emulator", "Task", "Experiment", "Culture"]) {
        await page.getByRole("link", { name: view, exact: true }).click();
        expect(await violationsOf(page)).toEqual([]);
      }
      expect(await page.getByRole("link", { name: "Control" }).count()).toBe(0);
      await page.getByRole("button", { name: "Show the film" }).click();
      await page
        .getByRole("button", { name: /Hold|Play/ })
        .nth(1)
        .waitFor({ timeout: 2 * MINUTES });
      await page.getByRole("link", { name: "Report", exact: true }).click();
      await page.waitForURL(/report\.html$/);
      const folder = pathToFileURL(site).href;
      expect(asked.filter((url) => !url.startsWith(folder) && !url.startsWith("blob:"))).toEqual([]);
      expect(faults).toEqual([]);
    } finally {
      await browser.close();
    }
  },
  5 * MINUTES,
);
