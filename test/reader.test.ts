/** Cultures that read and that are written to, shown by the dashboard in a real browser from what their runs have kept. */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { RunHost } from "../src/dashboard/runs/host.ts";
import { type Dashboard, serveDashboard } from "../src/dashboard/server/server.ts";
import { faultsOf, LAPTOP, launch, violationsInEveryDress } from "../src/dashboard/testing/browser.ts";
import { Journal } from "../src/experiment/journal/journal.ts";
import { readMaterial } from "../src/reading/brain/culture-reading.ts";
import { prepareMaterial } from "../src/reading/brain/material.ts";
import { retrievalOfCulture } from "../src/reading/brain/retrieve.ts";
import { writeReading } from "../src/reading/report/files.ts";
import { type ReadingReport, readingReport } from "../src/reading/report/report.ts";
import { openCodec, savedText } from "../src/text/shipped.ts";
import { corpusOf } from "../src/text/training/train-in-folder.ts";
import { JOURNAL, type KeptLesson, LESSON, WRITING_FORMAT } from "../src/writing/folder.ts";
import type { WritingReport } from "../src/writing/report/schema.ts";
import { HEARD, type Heard } from "../src/writing/stretches.ts";
import { runSmall, SMALL } from "../src/writing/testing.ts";

const LONG = { timeout: 240_000, interval: 100 };
const folder = mkdtempSync(join(tmpdir(), "wetgrad-reader-"));
const runs = new RunHost({ folder, wetgradVersion: "test" });
let dashboard: Dashboard;
let browser: Browser;
let page: Page;
let faults: string[];
let reading: ReadingReport;
let writing: WritingReport;

/** A culture reads a few sentences. */
async function readFew(out: string): Promise<ReadingReport> {
  const saved = savedText();
  const codec = openCodec(saved);
  const { training, heldOut } = corpusOf(saved.corpus, saved.settings.seed);
  try {
    const sizes = { fit: 40, test: 8, candidates: 600, fewestWords: 4, mostWords: 6 };
    const material = await prepareMaterial(codec, { sentences: training, heldOut, seed: 1 }, sizes);
    const read = await readMaterial(material, { seed: 5 });
    const figures = await retrievalOfCulture(codec, material, read, 5);
    const report = readingReport(figures, read, { seed: 5, wetgradVersion: "test" });
    writeReading(out, report, { seed: 5, scaffold: "mea64", sentences: 40, test: 8 });
    return report;
  } finally {
    await codec.dispose();
  }
}

beforeAll(async () => {
  reading = await readFew(join(folder, "read"));
  writing = await runSmall(join(folder, "written"));
  dashboard = await serveDashboard({ host: "127.0.0.1", port: 0, token: "0123456789abcdef", runs });
  browser = await launch();
  page = await browser.newPage({ viewport: LAPTOP });
  page.setDefaultTimeout(LONG.timeout);
  faults = faultsOf(page, [new URL(dashboard.url).host]);
}, LONG.timeout);

afterAll(async () => {
  await browser?.close();
  await runs.close();
  await dashboard?.close();
  rmSync(folder, { recursive: true, force: true });
}, LONG.timeout);

const heading = (name: string) => page.getByRole("heading", { name, exact: true });
const figure = (title: string) => page.locator("figure", { has: heading(title) });

describe("a culture that read", () => {
  const slider = () => page.getByLabel("Time of the eyes on the page, in seconds");

  test("is in the list, and opens with its page", LONG, async () => {
    await page.goto(dashboard.url);
    await page.getByRole("link", { name: "read", exact: true }).click();
    await page.waitForURL(/#\/task\?run=read/);
    await heading("The page").waitFor();
    for (const { text } of reading.read)
      expect(await figure("The page").locator("svg text", { hasText: text }).count()).toBe(1);
  });

  test("goes on by itself, and holds where it is told to", LONG, async () => {
    const before = await slider().inputValue();
    await expect.poll(() => slider().inputValue(), LONG).not.toBe(before);
    await page.getByRole("button", { name: "Hold" }).click();
    const held = await slider().inputValue();
    await page.waitForTimeout(300);
    expect(await slider().inputValue()).toBe(held);
  });

  test.each([0, 2])(
    "lights the word that is fixated, and no later fixation is there: sentence %i",
    LONG,
    async (n) => {
      const sentence = reading.read[n];
      const before = reading.read.slice(0, n);
      const { onsetMs, durationMs, word, place } = sentence.fixations[2];
      const ms = onsetMs + durationMs / 2;
      const start = before.reduce((sum, each) => sum + each.durationMs, 0);
      await slider().fill(String(Math.round((start + ms) / 50) / 20));
      const seconds = Number(await slider().inputValue());
      const now = 1000 * seconds - start;
      expect(now).toBeGreaterThan(onsetMs);
      expect(now).toBeLessThan(onsetMs + durationMs);
      const drawn = figure("The page");
      const past = before.reduce((sum, { fixations }) => sum + fixations.length, 0);
      await expect.poll(() => drawn.locator("circle.band").count(), LONG).toBe(past + 3);
      // The lit word is where its letters are, and the gaze is on it.
      const box = async (css: string) => (await drawn.locator(css).boundingBox())!;
      const text = (await drawn.locator("svg text", { hasText: sentence.text }).boundingBox())!;
      const letter = text.width / sentence.text.length;
      const words = [...sentence.text.matchAll(/\S+/g)];
      const lit = await box("rect.target");
      expect(Math.round((lit.x + 3 - text.x) / letter)).toBeCloseTo(words[word].index, 0);
      expect(Math.round(lit.width / letter)).toBeGreaterThanOrEqual(words[word][0].length);
      const gaze = await box("circle.dot.teacher");
      expect((gaze.x + gaze.width / 2 - text.x) / letter).toBeCloseTo(Math.max(0, place), 0);
      // What has come to be read, and what is decoded from that.
      const read = sentence.shown.words.filter(({ atMs }) => atMs[0] <= now).length;
      const said = figure("What the culture says so far").locator(".quote");
      expect(await said.first().textContent()).toBe(sentence.text.split(/\s+/).slice(0, read).join(" "));
      const heard = reading.soFar[n][read - 1];
      expect(await said.nth(1).textContent()).toBe(heard.said);
      expect(await figure("What the culture says so far").textContent()).toContain(
        `cosine ${heard.cosine.toFixed(2)}, rank ${heard.rank} of 50`,
      );
      const ticks = await figure("Spikes under the words").locator("path.spike").getAttribute("d");
      expect(ticks?.split("M").length).toBe(1 + sentence.spikes.filter(([at]) => at <= now).length);
    },
  );

  test("comes as near as its report says, and has no serious violation", LONG, async () => {
    const label = await figure("How near it comes, word by word")
      .locator("[role=img]")
      .getAttribute("aria-label");
    const last = reading.approach.neverStimulated.at(-1)!;
    expect(label).toContain(`electrodes never stimulated ${last.toPrecision(3)}`);
    expect(await violationsInEveryDress(page)).toEqual([]);
  });

  test.each(["Culture", "Emulator", "Experiment"])("%s has something to say of it", LONG, async (view) => {
    await page.getByRole("link", { name: view, exact: true }).click();
    await page.locator("main .empty, main figure").first().waitFor();
    expect(await violationsInEveryDress(page)).toEqual([]);
  });
});

describe("a culture that was written to", () => {
  const stretch = async (name: RegExp) => {
    const options = await page.getByLabel("recorded").locator("option").allTextContents();
    await page.getByLabel("recorded").selectOption(options.find((option) => name.test(option))!);
  };
  const rows = () => figure("What the tissue says so far").locator("tbody tr");

  test("shows what is shown now, and what it says so far, as its journal has it", LONG, async () => {
    await page.goto(`${dashboard.url}#/task?run=written`);
    await heading("What the tissue says so far").waitFor();
    await stretch(/^hand, cycle 1, train/);
    await page.getByText(`presentation 1 of ${SMALL.presentations}`).waitFor();
    const journal = Journal.open(join(folder, "written", JOURNAL), WRITING_FORMAT);
    const [{ value: lesson }] = journal.list(LESSON) as unknown as { value: KeptLesson }[];
    const heard = journal.get(HEARD, "1-hand-train") as unknown as Heard;
    journal.close();
    await expect
      .poll(() => page.getByLabel("Position in the recording, in seconds").getAttribute("max"), LONG)
      .toBe(String(SMALL.presentations / 10));
    await page.getByRole("button", { name: "Hold" }).click();
    const at = 7;
    await page.getByLabel("Position in the recording, in seconds").fill(String(at / 10 + 0.05));
    await page.getByText(`presentation ${at + 1} of ${SMALL.presentations}`).waitFor();
    const lit = figure("What the tissue says so far").locator("tr.lit th");
    expect(await lit.textContent()).toBe(lesson.pairs[heard.pairs[at]].context);
    const bytes = Buffer.from(heard.said, "base64");
    const K = SMALL.numbers;
    const program = (p: number) => Array.from({ length: K }, (_, k) => bytes.readFloatLE(4 * (p * K + k)));
    const unit = (v: readonly number[]) => v.map((value) => value / Math.hypot(...v));
    const dot = (a: readonly number[], b: readonly number[]) =>
      a.reduce((sum, value, i) => sum + value * b[i], 0);
    for (const [pair, { context, target }] of lesson.pairs.entries()) {
      const mine = heard.pairs.slice(0, at + 1).flatMap((one, p) => (one === pair ? [unit(program(p))] : []));
      const mean = unit(Array.from({ length: K }, (_, k) => mine.reduce((sum, row) => sum + row[k], 0)));
      const cosine = dot(mean, unit(target.program));
      const nearest = Math.max(cosine, ...lesson.others.map((other) => dot(mean, unit(other.program))));
      const cells = await rows().nth(pair).locator("th, td").allTextContents();
      expect(cells.slice(0, 2)).toEqual([context, target.text]);
      expect(Number(cells[3])).toBeCloseTo(nearest, 1);
      expect(Number(cells[4])).toBeCloseTo(cosine, 1);
      const { said } = writing.sentences[pair];
      expect(cells.slice(6)).toEqual([said["before"].text, said["hand"].text]);
    }
  });

  test("fires as it was recorded, and comes near its targets arm by arm", LONG, async () => {
    await page.locator("canvas").first().waitFor();
    const label = () =>
      figure("How it comes near the targets").locator("[role=img]").getAttribute("aria-label");
    for (const arm of ["descent", "hand", "yoked", "sham", "write-only"])
      expect(await label()).toContain(arm);
    const copies = await label();
    await figure("How it comes near the targets").locator("select").selectOption("spikes");
    await expect.poll(label, LONG).not.toBe(copies);
    expect(await violationsInEveryDress(page)).toEqual([]);
  });

  test("has its report's figures, and the report itself", LONG, async () => {
    await page.getByRole("link", { name: "Experiment", exact: true }).click();
    await heading("How near the tissue comes").waitFor();
    expect(await violationsInEveryDress(page)).toEqual([]);
    const answer = await page.request.get(new URL("report/written", dashboard.url).href);
    expect(await answer.text()).toBe(readFileSync(join(folder, "written", "report.html"), "utf8"));
    await page.getByRole("link", { name: "Emulator", exact: true }).click();
    await heading("The descent").waitFor();
  });

  test("is not continued from the page", async () => {
    await expect(runs.continue("written")).rejects.toThrow(/command line: wetgrad read experiment/);
  });
});

test("the page has made no error in the console and no request to elsewhere", () => {
  expect(faults).toEqual([]);
});
