/** The dashboard in a real browser: a run that is started from the form, watched, paused, stopped, continued, and read. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, Locator, Page } from "playwright-core";
import { afterAll, beforeAll, beforeEach, describe, expect, onTestFailed, test } from "vitest";
import { type MessageOf, type ServerMessage, WHOLE } from "../src/dashboard/protocol.ts";
import { RunHost } from "../src/dashboard/runs/host.ts";
import { type Dashboard, serveDashboard } from "../src/dashboard/server/server.ts";
import {
  differenceOf,
  faultsOf,
  LAPTOP,
  launch,
  violationsInEveryDress,
  violationsOf,
} from "../src/dashboard/testing/browser.ts";
import { madeUpVat } from "../src/dashboard/testing/vat.ts";

const MINUTE = 60_000;
/** Nothing waits so long on a quiet machine. */
const LONG = { timeout: 4 * MINUTE, interval: 100 };
const folder = mkdtempSync(join(tmpdir(), "wetgrad-dashboard-"));
const runs = new RunHost({ folder, wetgradVersion: "test", workers: 1 });
let dashboard: Dashboard;
let browser: Browser;
let page: Page;
let faults: string[];
/** Of servers of ours. */
const hosts: string[] = [];

beforeAll(async () => {
  dashboard = await serveDashboard({ host: "127.0.0.1", port: 0, token: "0123456789abcdef", runs });
  browser = await launch();
  page = await browser.newPage({ viewport: LAPTOP });
  page.setDefaultTimeout(LONG.timeout);
  hosts.push(new URL(dashboard.url).host);
  faults = faultsOf(page, hosts);
}, LONG.timeout);

afterAll(async () => {
  await browser?.close();
  await runs.close();
  await dashboard?.close();
  rmSync(folder, { recursive: true, force: true });
}, LONG.timeout);

const state = (text: string) => page.locator("header .pill", { hasText: text }).waitFor();
const see = (view: string) => page.getByRole("link", { name: view, exact: true }).click();
const heading = (name: string) => page.getByRole("heading", { name, exact: true });
const nameOfRun = () => new URLSearchParams(new URL(page.url()).hash.split("?")[1]).get("run") ?? "";
/** All that has been said of a run so far. */
const said = async <Kind extends ServerMessage["kind"]>(kind: Kind) =>
  (await runs.feedOf(nameOfRun())).retained().filter((message) => message.kind === kind) as MessageOf<Kind>[];
const pulsesSoFar = async () =>
  (await said("ledger")).flatMap(({ electrodes }) => electrodes).reduce((sum, { pulses }) => sum + pulses, 0);

/** Each test goes on where the last one ended. */
let isBroken = false;
beforeEach((context) => {
  if (isBroken) context.skip("one before it failed");
  onTestFailed(() => {
    isBroken = true;
  });
});

describe("a run from the form", () => {
  test("is refused with the field's own words where the command line would refuse it", LONG, async () => {
    await page.goto(dashboard.url);
    await heading("Runs").waitFor();
    expect(await page.locator("#field-cycles").isVisible()).toBe(false);
    await heading("An experiment of your own").click();
    await page.locator("#field-cycles").fill("0");
    expect(await page.locator("label", { hasText: "Cycles" }).locator("small").textContent()).toMatch(
      /expected a number of at least 1, got "0"/,
    );
    expect(await page.getByRole("button", { name: "Start" }).isDisabled()).toBe(true);
    expect(await violationsInEveryDress(page)).toEqual([]);
  });

  test("starts, and its page shows the culture firing while it happens", LONG, async () => {
    // Long enough to be paused and stopped before its end on a fast machine.
    const fields = { series: "henon", seeds: 1, cycles: 2, presentations: 400, probeTrials: 16 };
    for (const [key, value] of Object.entries({ ...fields, babbleTrials: 300 }))
      await page.locator(`#field-${key}`).fill(String(value));
    await page.getByLabel("random").uncheck();
    await page.getByRole("button", { name: "Start" }).click();
    await page.waitForURL(/#\/culture\?run=henon-/);
    const numbers = page.locator("dl.numbers");
    await numbers.waitFor();
    const first = await numbers.textContent();
    expect(first).toMatch(/active electrodes\d+ of 64/);
    await expect.poll(() => numbers.textContent(), LONG).not.toBe(first);
  });

  test("pauses before a presentation, and resumes", LONG, async () => {
    await page.getByRole("button", { name: "Pause" }).click();
    await state("paused");
    await expect.poll(async () => (await said("log")).at(-1)?.text, LONG).toMatch(/: held$/);
    const held = await pulsesSoFar();
    await page.waitForTimeout(500);
    expect(await pulsesSoFar()).toBe(held);
    await page.getByRole("button", { name: "Resume" }).click();
    await state("running");
    await expect.poll(pulsesSoFar, LONG).toBeGreaterThan(held);
    await page.getByRole("button", { name: "Pause" }).click();
    await state("paused");
  });

  test("STOP by keyboard, from another view: no pulse passes the gate 50 ms later", LONG, async () => {
    await see("Task");
    await page.getByRole("button", { name: "Resume" }).click();
    await state("running");
    await page.keyboard.press("Escape");
    await state("stopped");
    const stopped = await said("stopped");
    expect(stopped).toHaveLength(1);
    const { heardAtMs, lastDeliveredAtMs } = stopped[0];
    expect(lastDeliveredAtMs).not.toBeNull();
    expect(lastDeliveredAtMs! - heardAtMs).toBeLessThan(50);
    expect(await page.locator(".banner").textContent()).toMatch(
      /Stimulation is off.*ms after it was asked for/s,
    );
    expect(await violationsOf(page)).toEqual([]);
  });

  test("is continued from the page, and ends in a report", LONG, async () => {
    const name = nameOfRun();
    await page.getByRole("button", { name: "Continue this run" }).click();
    await state("finished");
    expect(nameOfRun()).toBe(name);
    // Also those of cycles that were done before the stop: 2 of 400 presentations.
    expect(await said("write")).toHaveLength(800);
    await see("Experiment");
    await heading("What the culture alone predicts").waitFor();
    const report = JSON.parse(readFileSync(join(folder, name, "report.json"), "utf8"));
    expect(Object.keys(report.arms)).toEqual(expect.arrayContaining(["descent", "sham"]));
    const link = page.getByRole("link", { name: "whole report" });
    const answer = await page.request.get(new URL((await link.getAttribute("href"))!, dashboard.url).href);
    expect(await answer.text()).toBe(readFileSync(join(folder, name, "report.html"), "utf8"));
  });
});

describe("a view", () => {
  test("is the same after a reload: run, view and choices are in the address", LONG, async () => {
    await see("Culture");
    await page.getByLabel("window").selectOption("5");
    const address = page.url();
    const name = nameOfRun();
    await page.reload();
    await heading("Spikes").waitFor();
    expect(page.url()).toBe(address);
    expect(await page.getByLabel("window").inputValue()).toBe("5");
    expect(await page.locator("header .run b").textContent()).toBe(name);
    expect(await page.getByRole("link", { name: "Culture", exact: true }).getAttribute("aria-current")).toBe(
      "page",
    );
  });

  test.each([
    ["Culture", "Scaffold"],
    ["Emulator", "Prediction and true class"],
    ["Task", "What the culture predicts"],
    ["Experiment", "Cycle timeline"],
    ["Control", "Runs"],
  ])("%s has no serious violation, light and dark, on laptop and phone", LONG, async (view, title) => {
    await see(view);
    await heading(title).waitFor();
    expect(await violationsInEveryDress(page)).toEqual([]);
  });

  test("has its figures as files", LONG, async () => {
    await see("Experiment");
    for (const kind of ["as SVG", "as PNG", "as CSV"]) {
      const [download] = await Promise.all([
        page.waitForEvent("download"),
        page
          .getByRole("button", { name: new RegExp(`^Save .*What the culture alone predicts ${kind}`) })
          .click(),
      ]);
      const bytes = readFileSync(await download.path());
      expect(bytes.toString("latin1").slice(0, 20)).toMatch(
        { "as SVG": /^<svg /, "as PNG": /^.PNG/, "as CSV": /^name,accuracy,/ }[kind]!,
      );
    }
  });

  test("of a made-up vat: a click enters a brain", LONG, async () => {
    const { feed, step } = madeUpVat("vat");
    runs.show("vat", feed);
    const timer = setInterval(step, 100);
    try {
      await page.goto(`${dashboard.url}#/task?run=vat`);
      const brain = page.getByRole("button", { name: /^Enter brain 42:/ });
      await brain.waitFor();
      expect(await violationsInEveryDress(page)).toEqual([]);
      await brain.click();
      await page.waitForURL(/#\/culture\?run=vat&culture=42/);
      await page.locator("dl.numbers").waitFor();
    } finally {
      clearInterval(timer);
    }
  });

  test("is drawn by WebGL as the page draws it by itself", LONG, async () => {
    const pictures: string[] = [];
    for (const renderer of ["plain", "webgl2"]) {
      const { feed, step } = madeUpVat(renderer); // The same to the bit.
      runs.show(renderer, feed);
      await page.goto(`${dashboard.url}#/task?run=${renderer}&renderer=${renderer}`);
      await state("running");
      await expect
        .poll(() => {
          const isSeen = feed.wants(WHOLE);
          if (isSeen) step();
          return isSeen;
        }, LONG)
        .toBe(true);
      const canvas = page.locator(".vat canvas");
      await canvas.waitFor();
      pictures.push(await whenStill(canvas)); // The discs grow to their rates.
    }
    const { lit, off } = await differenceOf(page, pictures);
    expect(lit).toBeGreaterThan(0.2);
    expect(off).toBeLessThan(0.002);
  });
});

/** A picture that is the same some drawn frames later, however long those take. */
async function whenStill(canvas: Locator): Promise<string> {
  for (let before = ""; ; ) {
    await page.evaluate(`new Promise((resolve) => {
      let frames = 0;
      const next = () => (++frames < 30 ? requestAnimationFrame(next) : resolve());
      requestAnimationFrame(next);
    })`);
    const now = (await canvas.screenshot()).toString("base64");
    if (now === before) return now;
    before = now;
  }
}

describe("a vat from the form", () => {
  test(
    "is refused where the command line would refuse it, its kind of experiment in the address",
    LONG,
    async () => {
      await page.goto(`${dashboard.url}#/control`);
      await heading("An experiment of your own").click();
      await page.locator("#field-experiment").selectOption("vat");
      expect(page.url()).toMatch(/[?&]start=vat/);
      await page.locator("#field-task").selectOption("signals");
      await page.locator("#field-brains").fill("1");
      expect(await page.locator("label", { hasText: "Brains" }).locator("small").textContent()).toMatch(
        /a brain for each of 2 streams/,
      );
      await page.locator("#field-brains").fill("2");
      await page.locator("#field-streams").fill("laser, ../secret.csv");
      await page.getByRole("button", { name: "Start" }).click();
      await page
        .getByText(/expected one of laser.*got \.\.\/secret\.csv/)
        .first()
        .waitFor();
      expect(await violationsInEveryDress(page)).toEqual([]);
    },
  );

  test("pauses, resumes, and is stopped by keyboard: no pulse passes a gate 50 ms later", LONG, async () => {
    await page.locator("#field-task").selectOption("pong");
    const fields = {
      brains: 2,
      neurons: 150,
      cycles: 1,
      presentations: 300,
      probeTrials: 30,
      babbleTrials: 60,
    };
    for (const [key, value] of Object.entries({ ...fields, fitSteps: 40 }))
      await page.locator(`#field-${key}`).fill(String(value));
    for (const arm of ["random", "sham"]) await page.getByLabel(arm, { exact: true }).uncheck();
    await page.getByRole("button", { name: "Start" }).click();
    await page.waitForURL(/run=vat-pong-/);
    await expect.poll(async () => (await said("place")).at(-1)?.phase, LONG).toBe("train");
    await see("Task");
    await heading("Pong").waitFor();
    await page.getByRole("button", { name: "Pause" }).click();
    await state("paused");
    await page.getByRole("button", { name: "Resume" }).click();
    await state("running");
    await page.keyboard.press("Escape");
    await state("stopped");
    const [stopped, ...more] = await said("stopped");
    expect(more).toEqual([]);
    expect(stopped!.lastDeliveredAtMs).not.toBeNull();
    expect(stopped!.lastDeliveredAtMs! - stopped!.heardAtMs).toBeLessThan(50);
  });

  test("is continued, tuned between cycles, and ends in a report", LONG, async () => {
    await page.getByRole("button", { name: "Continue this run" }).click();
    await state("running");
    await see("Control");
    await page.locator("#tune-plasticity").fill("0.5");
    await page.getByRole("button", { name: "Change" }).click();
    await page.getByText("Now 0.5×").waitFor();
    await state("finished");
    await see("Experiment");
    const report = JSON.parse(readFileSync(join(folder, nameOfRun(), "report.json"), "utf8"));
    expect(Object.keys(report.arms)).toEqual(["descent", "unconnected"]);
    expect(await violationsInEveryDress(page)).toEqual([]);
  });
});

test("a saved vat plays its Pong again, from its journal alone", LONG, async () => {
  const name = readdirSync(folder).find((each) => each.startsWith("vat-pong-") && !each.endsWith(".json"))!;
  const again = new RunHost({ folder, wetgradVersion: "test", workers: 1 });
  const served = await serveDashboard({ host: "127.0.0.1", port: 0, token: "fedcba9876543210", runs: again });
  hosts.push(new URL(served.url).host);
  try {
    const games = (await again.feedOf(name))
      .retained()
      .filter((message): message is MessageOf<"court"> => message.kind === "court");
    // Before training; of the arm that nothing is told from one brain to another to, its own; and after training.
    expect(games.map(({ arm, cycle }) => `${arm} ${cycle}`).sort()).toEqual([
      "common -1",
      "descent 0",
      "unconnected -1",
      "unconnected 0",
    ]);
    await page.goto(`${served.url}#/task?run=${name}`);
    await heading("Pong").waitFor();
    await page
      .locator("header .alone")
      .getByText(/^descent, alone/)
      .waitFor();
    const { events } = games.find(({ arm }) => arm === "descent")!;
    const count = (letter: string) => [...events].filter((event) => event === letter).length;
    const chosen = page.getByLabel("probe").locator("option:checked");
    const says = `descent, cycle 1: ${count("h")} of ${count("h") + count("m")} returned`;
    await expect.poll(() => chosen.textContent(), LONG).toBe(says);
    await page.getByLabel("Position in the probe, in seconds").fill(((events.length - 1) / 10).toFixed(1));
    const counted = (n: number, one: string, many: string) => `${n} ${n === 1 ? one : many}`;
    await page
      .getByText(`${counted(count("h"), "hit", "hits")}, ${counted(count("m"), "miss", "misses")}`, {
        exact: true,
      })
      .waitFor();
    expect(await violationsInEveryDress(page)).toEqual([]);
  } finally {
    await served.close();
    await again.close();
  }
});

test("a run is called something; its folder stays as it is", LONG, async () => {
  await page.goto(`${dashboard.url}#/control`);
  const name = readdirSync(folder).find((each) => each.startsWith("henon-"))!;
  const before = readdirSync(join(folder, name));
  await page.getByRole("button", { name: `Name ${name}` }).click();
  await page.getByLabel("Called").fill("First try");
  await page.getByLabel("Note").fill("Two cycles.\nLess data next time.");
  expect(await violationsInEveryDress(page)).toEqual([]);
  await page.getByRole("button", { name: "Keep" }).click();
  await page.getByRole("link", { name: "First try" }).waitFor();
  expect(await page.locator(".runs .note").textContent()).toBe("Two cycles.\nLess data next time.");
  expect(readdirSync(join(folder, name))).toEqual(before);
  expect(JSON.parse(readFileSync(join(folder, `${name}.note.json`), "utf8")).title).toBe("First try");
  await page.getByRole("button", { name: `Name ${name}` }).click();
  await page.getByLabel("Called").fill("");
  await page.getByLabel("Note").fill("");
  await page.getByRole("button", { name: "Keep" }).click();
  await page.getByRole("link", { name, exact: true }).waitFor();
  expect(readdirSync(folder)).not.toContain(`${name}.note.json`);
});

test("finished runs are laid over each other, with the figures of their reports", LONG, async () => {
  await page.goto(`${dashboard.url}#/control`);
  const boxes = page.getByRole("checkbox", { name: /^Compare / });
  await expect.poll(() => boxes.count(), LONG).toBeGreaterThan(1);
  const names = (await boxes.evaluateAll((found) => found.map((box) => box.ariaLabel ?? ""))).map((label) =>
    label.replace("Compare ", ""),
  );
  for (const name of names) await page.getByLabel(`Compare ${name}`, { exact: true }).check();
  await heading("At the end, by arm").waitFor();
  const table = page.locator("figure", { has: heading("At the end, by arm") });
  const columns = (await table.locator("thead th").allTextContents()).slice(1);
  for (const name of names) expect(columns.some((column) => column.startsWith(name))).toBe(true);
  const series = names.find((name) => name.startsWith("henon"))!;
  const [code] = JSON.parse(readFileSync(join(folder, series, "report.json"), "utf8")).series;
  const { mean } = code.arms.descent.probe.accuracy;
  const at = columns.findIndex((column) => column.startsWith(series));
  const cells = await table.locator("tbody tr", { hasText: "descent" }).locator("td").allTextContents();
  expect(cells[at]).toBe((100 * mean).toFixed(0));
  expect(await violationsInEveryDress(page)).toEqual([]);
});

test("the page has made no error in the console and no request to elsewhere", () => {
  expect(faults).toEqual([]);
});
