/**
 * What looking costs and what is seen: how much a run's loop slows while a page watches its culture, how soon after a
 * press of STOP the last pulse passes the gate, and how many pictures a second a page draws of a hundred brains.
 *
 * The loop is that of a real run on a worker thread, watched by a real Chromium on the same machine; it is timed over
 * blocks of presentations that are watched and not watched by turns, so that what else the machine does meets both.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { RunHost } from "../src/dashboard/runs/host.ts";
import { serveDashboard } from "../src/dashboard/server/server.ts";
import { launch } from "../src/dashboard/testing/browser.ts";
import { BRAINS, madeUpVat } from "../src/dashboard/testing/vat.ts";
import { organoidConfig } from "../src/descent/config.ts";
import { runOrganoid } from "../src/descent/run.ts";
import { median } from "../src/math/statistics.ts";

const SIZE = { width: 1280, height: 900 };
const WARM_BLOCKS = 4;
const FPS_SECONDS = 5;
const VAT_STEP_MS = 100;

export async function run(): Promise<object> {
  const folder = mkdtempSync(join(tmpdir(), "wetgrad-bench-"));
  const runs = new RunHost({ folder, wetgradVersion: "bench", workers: 1 });
  const dashboard = await serveDashboard({ host: "127.0.0.1", port: 0, token: "0123456789abcdef", runs });
  const browser = await launch();
  try {
    const page = await browser.newPage({ viewport: SIZE });
    const loop = await timeLoop(runs, folder, page, dashboard.url);
    const framesPerSecond = await timePictures(runs, page, dashboard.url);
    return {
      loop,
      page: { ...SIZE, brains: BRAINS, links: 400, renderer: "SwiftShader", framesPerSecond },
      cores: availableParallelism(),
    };
  } finally {
    await browser.close();
    await runs.close();
    await dashboard.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function timeLoop(runs: RunHost, folder: string, page: Page, url: string) {
  const config = organoidConfig.parse({
    ...{ series: "henon", seeds: 1, arms: ["sham"], codes: ["assigned"], cycles: 1, retentionSeconds: 0 },
    babbleTrials: 3000,
  });
  const run = await runs.attach("loop", config);
  const hooks = run.hooks();
  const blocks: Record<"watched" | "unwatched", number[]> = { watched: [], unwatched: [] };
  let last = 0;
  let seen = 0;
  let isWatched = true;
  let ready: () => void = () => {};
  const measured = new Promise<void>((resolve) => {
    ready = resolve;
  });
  console.error("bench dashboard: a run, watched and not by turns ...");
  const going = runOrganoid(config, join(folder, "loop"), {
    ...{ wetgradVersion: "bench", workers: 1 },
    ...hooks,
    onMessage: (message, job) => {
      hooks.onMessage?.(message, job);
      if (message.kind === "stage") ready();
      if (message.kind !== "presented") return;
      const now = performance.now();
      if (++seen > WARM_BLOCKS)
        blocks[isWatched ? "watched" : "unwatched"].push((now - last) / message.count);
      isWatched = !isWatched;
      run.control.watch(isWatched);
      last = now;
    },
  }).then(
    () => run.ended(),
    (error: Error) => run.ended(error),
  );
  await page.goto(`${url}#/culture?run=loop`);
  await measured;
  run.control.watch(true);
  await page.waitForTimeout(1000);
  await page.keyboard.press("Escape");
  await going;
  const stopped = run.feed.retained().flatMap((message) => (message.kind === "stopped" ? [message] : []))[0];
  const [watchedMs, unwatchedMs] = [median(blocks.watched), median(blocks.unwatched)];
  const after = (sinceMs: number) =>
    stopped?.lastDeliveredAtMs == null ? null : Math.max(0, stopped.lastDeliveredAtMs - sinceMs);
  return {
    presentationMs: { watched: watchedMs, unwatched: unwatchedMs },
    slowDown: watchedMs / unwatchedMs - 1,
    blocks: blocks.watched.length + blocks.unwatched.length,
    stop: {
      lastPulseAfterKeyMs: stopped ? after(stopped.requestedAtMs) : null,
      lastPulseAfterHeardMs: stopped ? after(stopped.heardAtMs) : null,
    },
  };
}

/** Pictures per second of the vat's grid, and of the raster of one of its brains. */
async function timePictures(runs: RunHost, page: Page, url: string) {
  const { feed, step } = madeUpVat("vat");
  runs.show("vat", feed);
  const timer = setInterval(step, VAT_STEP_MS);
  try {
    console.error("bench dashboard: a vat of a hundred brains ...");
    await page.goto(`${url}#/task?run=vat`);
    await page.locator(".brains button").first().waitFor();
    const vat = await picturesPerSecond(page);
    await page.goto(`${url}#/culture?run=vat&culture=7`);
    await page.locator("dl.numbers").waitFor();
    return { vat, raster: await picturesPerSecond(page) };
  } finally {
    clearInterval(timer);
  }
}

async function picturesPerSecond(page: Page): Promise<number> {
  await page.waitForTimeout(1000);
  const pictures = await page.evaluate(`new Promise((resolve) => {
    let n = 0;
    const from = performance.now();
    const next = (now) => (now - from > ${1000 * FPS_SECONDS} ? resolve(n) : (n++, requestAnimationFrame(next)));
    requestAnimationFrame(next);
  })`);
  return Number(pictures) / FPS_SECONDS;
}
