/**
 * The page that anyone can open: its size, how soon there is a dish, how many dishes learn a tune, how long a descent takes, frames a
 * second while it plays. The page is run in Chromium on this machine's processor, with no graphics card; learning in this process.
 *
 * A dish has learned where, after 80 presentations, at least 95 % of 64 notes are right, played alone from two notes. Beside it its
 * untaught twin. Of vats: what a brain and all together have right after each round of teaching, and balls returned at Pong. WETGRAD_BENCH_SEEDS: how many, from 1 on (default 12).
 */
import { readFileSync } from "node:fs";
import { loadavg } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { gzipSync } from "node:zlib";
import type { Page } from "playwright-core";
import { launch } from "../src/dashboard/testing/browser.ts";
import { mean } from "../src/math/statistics.ts";
import { builtPage, PAGE_FILES } from "../src/web/built.ts";
import type { Deed } from "../src/web/deeds.ts";
import { Dish } from "../src/web/dish.ts";
import { measureVats } from "./page/vats.ts";

const PRESENTATIONS = 80;
const PLAYED: readonly Deed[] = [0, 5].map((from) => ({ kind: "play", from, notes: 32 }));
const LEARNED_SHARE = 0.95;
const REST_SECONDS = 10;
const FRAMES_MS = 3000;
const SEED = 3;

export async function run(): Promise<object> {
  const folder = builtPage();
  const bytesGzipped = Object.fromEntries(
    PAGE_FILES.map((name) => [name, gzipSync(readFileSync(join(folder, name))).length]),
  );
  const inPage = await measurePage(pathToFileURL(join(folder, "index.html")).href);
  const seeds = Number(process.env["WETGRAD_BENCH_SEEDS"] ?? 12);
  const learned = await measureLearning(seeds);
  const vats = await measureVats(Array.from({ length: seeds }, (_, i) => i + 1));
  return { bytesGzipped, ...inPage, ...learned, ...vats, loadAverage: loadavg()[0] };
}

async function measurePage(address: string) {
  const browser = await launch();
  try {
    const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
    page.setDefaultTimeout(600_000);
    const atRest = () => page.waitForSelector(".primary:not([disabled])");
    const opened = performance.now();
    await page.goto(`${address}#seed=${SEED}`);
    await atRest();
    const firstDishMs = performance.now() - opened;
    await page.click(".primary");
    const fps = await framesPerSecond(page);
    await atRest();
    const asked = performance.now();
    await page.click(".descent button");
    await page
      .locator(".descent [role=status]")
      .getByText(/notes right\.$/)
      .waitFor();
    return { firstDishMs, fps, descentMs: performance.now() - asked };
  } finally {
    await browser.close();
  }
}

/** While it teaches. */
async function framesPerSecond(page: Page): Promise<number> {
  const frames = (await page.evaluate(`new Promise((resolve) => {
    let frames = 0;
    const end = performance.now() + ${FRAMES_MS};
    const count = (now) => (now < end ? (frames++, requestAnimationFrame(count)) : resolve(frames));
    requestAnimationFrame(count);
  })`)) as number;
  return (1000 * frames) / FRAMES_MS;
}

async function measureLearning(seeds: number) {
  const right: number[] = [];
  const untaught: number[] = [];
  const teachMs: number[] = [];
  const restMs: number[] = [];
  for (let seed = 1; seed <= seeds; seed++) {
    for (const isTaught of [true, false]) {
      const dish = await Dish.grow({ seed, isTaught });
      const begun = performance.now();
      await shareRight(dish, [{ kind: "teach", notes: PRESENTATIONS }]);
      if (isTaught) teachMs.push(performance.now() - begun);
      (isTaught ? right : untaught).push(await shareRight(dish, PLAYED));
      if (!isTaught) continue;
      const resting = performance.now();
      await shareRight(dish, [{ kind: "rest", seconds: REST_SECONDS }]);
      restMs.push(performance.now() - resting);
    }
    console.error(`page: seed ${seed}, taught ${right.at(-1)}, untaught ${untaught.at(-1)}`);
  }
  return {
    realTime: (1000 * REST_SECONDS) / mean(restMs),
    learnedAfter: {
      presentations: PRESENTATIONS,
      wallMs: mean(teachMs),
      seeds,
      learned: right.filter((share) => share >= LEARNED_SHARE).length,
      withoutMistake: right.filter((share) => share === 1).length,
      right: mean(right),
      untaught: mean(untaught),
    },
  };
}

async function shareRight(dish: Dish, deeds: readonly Deed[]): Promise<number> {
  let [right, notes] = [0, 0];
  for (const deed of deeds)
    for await (const { said, next } of dish.perform(deed)) {
      notes++;
      if (said === next) right++;
    }
  return right / notes;
}
