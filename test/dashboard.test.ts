/** The dashboard in a real browser: a run from its form to its report, stopped on the way, and looked at from all sides. */
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, beforeEach, describe, expect, onTestFailed, test } from "vitest";
import type { MessageOf, ServerMessage } from "../src/dashboard/protocol.ts";
import { RunHost } from "../src/dashboard/runs/host.ts";
import { type Dashboard, serveDashboard } from "../src/dashboard/server/server.ts";
import { faultsOf, launch, violationsOf } from "../src/dashboard/testing/browser.ts";
import { BRAINS, madeUpVat } from "../src/dashboard/testing/vat.ts";
import { readReport } from "../src/report/files.ts";

const MINUTE = 60_000;
const LONG = { timeout: 3 * MINUTE };
/** Each test goes on where the last one ended. */
let isBroken = false;
beforeEach((context) => {
  if (isBroken) context.skip("one before it failed");
  onTestFailed(() => {
    isBroken = true;
  });
});
const folder = mkdtempSync(join(tmpdir(), "wetgrad-dashboard-"));
const runs = new RunHost({ folder, wetgradVersion: "test", workers: 1 });
let dashboard: Dashboard;
let browser: Browser;
let page: Page;
let faults: string[];

beforeAll(async () => {
  dashboard = await serveDashboard({ host: "127.0.0.1", port: 0, token: "0123456789abcdef", runs });
  browser = await launch();
  page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
  page.setDefaultTimeout(MINUTE);
  faults = faultsOf(page, dashboard.url);
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

  test("goes on where it stopped, and ends in a report", LONG, async () => {
    await page.getByRole("button", { name: "Continue this run" }).click();
    await expect.poll(() => pill().textContent(), LONG).toBe("running");
    await see("Experiment");
    await page.getByText("charge (nC)").waitFor(LONG);
    await expect.poll(() => pill().textContent(), LONG).toBe("finished");
    await page.getByText("What the culture alone predicts").waitFor();
    expect(existsSync(join(folder, nameOfRun(), "report.html"))).toBe(true);
    const { config } = readReport(join(folder, nameOfRun()));
    expect(config).toMatchObject({ series: "henon", seeds: 1, cycles: 1, arms: ["descent", "sham"] });
    const href = await page.getByRole("link", { name: "whole report" }).getAttribute("href");
    const report = await fetch(new URL(href!, dashboard.url));
    expect(report.status).toBe(200);
    expect(await report.text()).toContain("wetgrad organoid");
  });

  test(
    "every view has its figures, and none a serious fault of accessibility, in light and in dark",
    LONG,
    async () => {
      const figures = {
        Emulator: ["Forecast and what came", "Latent trajectory", "Losses of the descent", "Fits"],
        Task: ["What the culture predicts"],
        Experiment: ["Learning", "Arms and seeds", "Cycle timeline", "Safety ledger", "Events"],
      };
      for (const [view, titles] of Object.entries(figures)) {
        await see(view);
        for (const title of titles) await page.getByRole("heading", { name: title, exact: true }).waitFor();
        await page.emulateMedia({ colorScheme: view === "Task" ? "dark" : "light" });
        expect(await violationsOf(page), view).toEqual([]);
      }
    },
  );

  test("a reload restores the view and what is chosen in it", LONG, async () => {
    await see("Culture");
    await page.getByLabel("window").selectOption("5");
    const address = page.url();
    expect(address).toMatch(/window=5/);
    await page.reload();
    await expect.poll(() => pill().textContent(), LONG).toBe("finished");
    expect(page.url()).toBe(address);
    expect(await page.getByLabel("window").inputValue()).toBe("5");
  });

  test("figures are saved as SVG, PNG and CSV", LONG, async () => {
    await see("Experiment");
    for (const [kind, start] of [
      ["SVG", "<svg xmlns="],
      ["PNG", "\u0089PNG"],
      ["CSV", "arm,presentations,accuracy"],
    ] as const) {
      const [download] = await Promise.all([
        page.waitForEvent("download"),
        page.getByRole("button", { name: new RegExp(`Learning as ${kind}`) }).click(),
      ]);
      const chunks: Buffer[] = [];
      for await (const chunk of await download.createReadStream()) chunks.push(chunk as Buffer);
      expect(Buffer.concat(chunks).toString("latin1").startsWith(start), kind).toBe(true);
    }
  });
});

test("a finished run is replayed from its recording", LONG, async () => {
  const name = nameOfRun();
  const saved = new RunHost({ folder, wetgradVersion: "test" });
  const other = await serveDashboard({ host: "127.0.0.1", port: 0, token: "fedcba9876543210", runs: saved });
  try {
    await page.goto(`${other.url}#/culture?run=${name}`);
    const first = page.getByLabel("recorded").locator("option");
    await first.first().waitFor({ state: "attached" });
    // Babbling, a probe, the untrained culture; training and probe of two arms; the scrambled culture.
    expect(await first.count()).toBe(8);
    expect(await page.locator("dl.numbers dd").nth(1).textContent(LONG)).toMatch(/\d+ of 64/);
  } finally {
    await page.goto("about:blank");
    await other.close();
  }
  faults.splice(0, faults.length, ...faults.filter((fault) => !fault.includes(new URL(other.url).host)));
});

test("a vat of a hundred brains is a grid with links; a click enters one", LONG, async () => {
  const { feed, step } = madeUpVat("made-up");
  runs.show("made-up", feed);
  const timer = setInterval(step, 100);
  try {
    await page.goto(`${dashboard.url}#/task?run=made-up`);
    const brains = page.locator(".brains button");
    await brains.first().waitFor(LONG);
    expect(await brains.count()).toBe(BRAINS);
    await page.getByRole("heading", { name: "Pong" }).waitFor();
    expect(await violationsOf(page)).toEqual([]);
    await brains.nth(42).click();
    expect(new URL(page.url()).hash).toMatch(/#\/culture\?.*culture=42/);
    await page.locator("dl.numbers").waitFor(LONG);
  } finally {
    clearInterval(timer);
  }
});

test("fits a phone: nothing is wider than the screen", LONG, async () => {
  await page.setViewportSize({ width: 390, height: 800 });
  for (const view of ["Culture", "Task", "Control"]) {
    await see(view);
    await page.locator("main h2").first().waitFor();
    expect(await page.evaluate("document.documentElement.scrollWidth"), view).toBeLessThanOrEqual(390);
  }
});

test("no error on the page, and no request to elsewhere, in all of this", () => {
  expect(faults).toEqual([]);
});

test("nothing without the token, from another host, or for a page of another origin", async () => {
  const base = new URL(dashboard.url);
  expect((await fetch(new URL("/", base))).status).toBe(404);
  expect((await fetch(new URL("/0123456789abcdeX/", base))).status).toBe(404);
  const page = await fetch(base);
  expect(page.headers.get("content-security-policy")).toMatch(/default-src 'none'.*connect-src 'self'/);
  const { default: WebSocket } = await import("ws");
  const status = (path: string, origin?: string) =>
    new Promise<number | string>((resolve) => {
      const socket = new WebSocket(`ws://${base.host}${path}`, origin ? { origin } : {});
      socket.on("unexpected-response", (_, response) => resolve(response.statusCode ?? 0));
      socket.on("open", () => resolve("open"));
      socket.on("error", () => {});
    });
  const live = `${base.pathname}live`;
  expect(await status(live, base.origin)).toBe("open");
  expect(await status(live)).toBe(403);
  expect(await status(live, "http://evil.example")).toBe(403);
  expect(await status("/0123456789abcdeX/live", base.origin)).toBe(404);
});
