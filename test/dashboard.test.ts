/** The dashboard in a real browser: a run that is started from the form, watched, paused, and stopped. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, beforeEach, describe, expect, onTestFailed, test } from "vitest";
import type { MessageOf, ServerMessage } from "../src/dashboard/protocol.ts";
import { RunHost } from "../src/dashboard/runs/host.ts";
import { type Dashboard, serveDashboard } from "../src/dashboard/server/server.ts";
import { launch, violationsOf } from "../src/dashboard/testing/browser.ts";

const MINUTE = 60_000;
const LONG = { timeout: 3 * MINUTE };
const folder = mkdtempSync(join(tmpdir(), "wetgrad-dashboard-"));
const runs = new RunHost({ folder, wetgradVersion: "test", workers: 1 });
let dashboard: Dashboard;
let browser: Browser;
let page: Page;

beforeAll(async () => {
  dashboard = await serveDashboard({ host: "127.0.0.1", port: 0, token: "0123456789abcdef", runs });
  browser = await launch();
  page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
  page.setDefaultTimeout(MINUTE);
}, 2 * MINUTE);

afterAll(async () => {
  await browser?.close();
  await runs.close();
  await dashboard?.close();
  rmSync(folder, { recursive: true, force: true });
}, 2 * MINUTE);

const pill = () => page.locator("header .pill");
const see = (view: string) => page.getByRole("link", { name: view, exact: true }).click();
const nameOfRun = () => new URLSearchParams(new URL(page.url()).hash.split("?")[1]).get("run") ?? "";
/** All that has been said of a run so far. */
const said = async <Kind extends ServerMessage["kind"]>(kind: Kind) =>
  (await runs.feedOf(nameOfRun())).retained().filter((message) => message.kind === kind) as MessageOf<Kind>[];

describe("a run from the form", () => {
  /** Each test goes on where the last one ended. */
  let isBroken = false;
  beforeEach((context) => {
    if (isBroken) context.skip("one before it failed");
    onTestFailed(() => {
      isBroken = true;
    });
  });
  test("is refused with the field's own words where the command line would refuse it", async () => {
    await page.goto(dashboard.url);
    await page.locator("#field-cycles").fill("0");
    expect(await page.locator("label", { hasText: "Cycles" }).locator("small").textContent()).toMatch(/>=1/);
    expect(await page.getByRole("button", { name: "Start" }).isDisabled()).toBe(true);
    expect(await violationsOf(page)).toEqual([]);
  });

  test("starts, and its page shows the culture firing while it happens", LONG, async () => {
    const fields = {
      series: "henon",
      seeds: 1,
      cycles: 1,
      presentations: 32,
      probeTrials: 16,
      babbleTrials: 200,
    };
    for (const [key, value] of Object.entries(fields))
      await page.locator(`#field-${key}`).fill(String(value));
    await page.getByLabel("random").uncheck();
    await page.getByRole("button", { name: "Start" }).click();
    await page.waitForURL(/#\/culture\?run=henon-/);
    const active = page.locator("dl.numbers dd").nth(1);
    await active.waitFor(LONG);
    expect(await active.textContent()).toMatch(/\d+ of 64/);
    expect(await violationsOf(page)).toEqual([]);
  });

  test("pauses between presentations, and resumes", LONG, async () => {
    await page.getByRole("button", { name: "Pause" }).click();
    await expect.poll(() => pill().textContent(), LONG).toBe("paused");
    const done = async () => (await said("ledger")).map(({ electrodes }) => electrodes);
    await page.waitForTimeout(500); // A presentation that has begun is finished.
    const before = await done();
    await page.waitForTimeout(1500);
    expect(await done()).toEqual(before);
    await page.getByRole("button", { name: "Resume" }).click();
    await expect.poll(() => pill().textContent(), LONG).toBe("running");
  });

  test("STOP by keyboard, from another view: no pulse passes the gate 50 ms later", LONG, async () => {
    await expect.poll(async () => (await said("ledger")).length, LONG).toBeGreaterThan(0);
    await see("Task");
    await page.keyboard.press("Escape");
    await expect.poll(() => pill().textContent(), LONG).toBe("stopped");
    const stopped = await said("stopped");
    expect(stopped).toHaveLength(1);
    const { requestedAtMs, heardAtMs, lastDeliveredAtMs } = stopped[0]!;
    expect(heardAtMs).toBeGreaterThan(requestedAtMs - 50);
    expect(lastDeliveredAtMs).not.toBeNull();
    expect(lastDeliveredAtMs! - heardAtMs).toBeLessThan(50);
    expect(await page.locator(".banner").textContent()).toMatch(
      /Stimulation is off.*ms after it was asked for/s,
    );
  });
});
