/**
 * What looking costs and what is seen: how much a run's loop slows while a page watches its culture, how soon after a
 * press of STOP the last pulse passes the gate, the same of a vat of a hundred brains, and how many pictures a second a
 * page draws.
 *
 * The loops are those of real runs, watched by a real Chromium on the same machine; they are timed over blocks that are
 * watched and not watched by turns, so that what else the machine does meets both. Where Chromium draws on the same few
 * cores the wall time holds what it takes of them; the CPU time is that of the run's own process alone.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { RunHost } from "../src/dashboard/runs/host.ts";
import { serveDashboard } from "../src/dashboard/server/server.ts";
import { launch } from "../src/dashboard/testing/browser.ts";
import { BRAINS, madeUpVat } from "../src/dashboard/testing/vat.ts";
import { organoidConfig } from "../src/experiment/organoid/config.ts";
import { runOrganoid } from "../src/experiment/organoid/run.ts";
import { vatConfig } from "../src/experiment/vat/config.ts";
import { runVat } from "../src/experiment/vat/run.ts";
import { median } from "../src/math/statistics.ts";

const SIZE = { width: 1280, height: 900 };
const WARM_BLOCKS = 4;
const FPS_SECONDS = 5;
const VAT_STEP_MS = 100;
const VAT_TURNS = 5;
const VAT_TURN_MS = 4000;

export async function run(): Promise<object> {
  const folder = mkdtempSync(join(tmpdir(), "wetgrad-bench-"));
  const runs = new RunHost({ folder, wetgradVersion: "bench", workers: 1 });
  const dashboard = await serveDashboard({ host: "127.0.0.1", port: 0, token: "0123456789abcdef", runs });
  const browser = await launch();
  try {
    const page = await browser.newPage({ viewport: SIZE });
    const loop = await timeLoop(runs, folder, page, dashboard.url);
    const vat = await timeVat(runs, folder, page, dashboard.url);
    console.error(JSON.stringify({ loop, vat }));
    const framesPerSecond = await timePictures(runs, page, dashboard.url);
    return {
      loop,
      vat,
      page: { ...SIZE, brains: BRAINS, links: 400, renderer: "the page itself", framesPerSecond },
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
    series: "henon",
    seeds: 1,
    arms: ["sham"],
    codes: ["assigned"],
    cycles: 1,
    retentionSeconds: 0,
    babbleTrials: 1500,
    presentations: 4000,
  });
  const run = await runs.attach("loop", { kind: "organoid", config });
  const blocks: Record<"watched" | "unwatched", number[]> = { watched: [], unwatched: [] };
  let last = 0;
  let seen = 0;
  let isWatched = true;
  let ready: () => void = () => {};
  const measured = new Promise<void>((resolve) => {
    ready = resolve;
  });
  console.error("bench dashboard: a run, watched and not by turns ...");
  const hooks = run.hooks({
    wetgradVersion: "bench",
    workers: 1,
    onMessage: (message) => {
      if (message.kind === "stage") ready();
      if (message.kind !== "presented") return;
      const now = performance.now();
      if (++seen > WARM_BLOCKS)
        blocks[isWatched ? "watched" : "unwatched"].push((now - last) / message.count);
      isWatched = !isWatched;
      run.control.watch(isWatched);
      last = now;
    },
  });
  const going = runOrganoid(config, join(folder, "loop"), hooks).then(
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

/** A real vat while it babbles: a step of all its brains, looked at and not. */
async function timeVat(runs: RunHost, folder: string, page: Page, url: string) {
  console.error(`bench dashboard: a vat of ${BRAINS} brains grows ...`);
  const config = vatConfig.parse({
    task: "peers",
    brains: BRAINS,
    seeds: 1,
    arms: ["sham"],
    neurons: 101,
    babbleTrials: 100_000,
  });
  const run = await runs.attach("live-vat", { kind: "vat", config });
  const blocks: Record<"watched" | "unwatched", { wallMs: number; cpuMs: number }[]> = {
    watched: [],
    unwatched: [],
  };
  let steps = 0;
  const hooks = run.hooks({
    wetgradVersion: "bench",
    place: { kind: "threads", threads: 1 },
    onProgress: () => void steps++,
  });
  const going = runVat(config, join(folder, "live-vat"), hooks).then(
    () => run.ended(),
    (error: Error) => run.ended(error),
  );
  while (steps < 5) await page.waitForTimeout(200);
  console.error("bench dashboard: watched and not by turns ...");
  const sees = { watched: `${url}#/task?run=live-vat`, unwatched: `${url}#/control?run=live-vat` };
  for (let turn = 0; turn < 2 * VAT_TURNS; turn++) {
    const kind = turn % 2 === 0 ? "watched" : "unwatched";
    await page.goto(sees[kind]);
    await page.waitForTimeout(1500);
    const from = { at: performance.now(), cpu: process.cpuUsage(), steps };
    while (performance.now() - from.at < VAT_TURN_MS) await page.waitForTimeout(50);
    const { user, system } = process.cpuUsage(from.cpu);
    const count = Math.max(1, steps - from.steps);
    const block = { wallMs: (performance.now() - from.at) / count, cpuMs: (user + system) / 1000 / count };
    blocks[kind].push(block);
  }
  await page.keyboard.press("Escape");
  await going;
  const [stopped] = run.feed.retained().filter((message) => message.kind === "stopped");
  const of = (kind: keyof typeof blocks, pick: (block: { wallMs: number; cpuMs: number }) => number) =>
    median(blocks[kind].map(pick));
  const [wall, cpu] = [
    (block: { wallMs: number }) => block.wallMs,
    (block: { cpuMs: number }) => block.cpuMs,
  ];
  return {
    brains: BRAINS,
    neurons: config.neurons,
    steps,
    stepMs: { watched: of("watched", wall), unwatched: of("unwatched", wall) },
    slowDown: of("watched", wall) / of("unwatched", wall) - 1,
    cpuMs: { watched: of("watched", cpu), unwatched: of("unwatched", cpu) },
    cpuSlowDown: of("watched", cpu) / of("unwatched", cpu) - 1,
    lastPlanAfterKeyMs:
      stopped?.lastDeliveredAtMs == null
        ? null
        : Math.max(0, stopped.lastDeliveredAtMs - stopped.requestedAtMs),
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
