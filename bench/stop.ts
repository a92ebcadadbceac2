/**
 * How soon stimulation is off once somebody wants it off, whatever else goes on: from the moment a stop is sent (a page's message,
 * a second page's, Ctrl-C, SIGTERM) to the last pulses that the gate gave to the device after it, by one monotonic clock.
 *
 * The dashboard, its run and the thread behind its gate are the real ones, in a process of their own; the device is one that
 * only notes when it is given pulses. Each flood has a file of its own in bench/stop/. WETGRAD_BENCH_TRIALS: stops over all
 * floods and ways (default 10,000); WETGRAD_BENCH_FLOODS: names with commas between (default: all).
 */
import { mkdtempSync, rmSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { writeSavedRun } from "../src/dashboard/testing/saved.ts";
import { Random } from "../src/math/random.ts";
import { type Flood, type FloodedServer, LIVE } from "./stop/flood.ts";
import { FLOODS, floodOf } from "./stop/floods.ts";
import { openPage } from "./stop/page.ts";
import { Target, WAYS, type Way } from "./stop/process.ts";

const SAVED = "saved";

interface Stops {
  readonly flood: string;
  readonly way: Way;
  readonly trials: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly p100Ms: number;
}

export async function run(): Promise<object> {
  const names = process.env["WETGRAD_BENCH_FLOODS"]?.split(",") ?? FLOODS.map(({ name }) => name);
  const wanted = Number(process.env["WETGRAD_BENCH_TRIALS"] ?? 10_000);
  const each = Math.ceil(wanted / (names.length * WAYS.length));
  const folder = mkdtempSync(join(tmpdir(), "wetgrad-bench-"));
  try {
    const segments = await writeSavedRun(join(folder, SAVED));
    const floods: Stops[] = [];
    for (const name of names) floods.push(...(await stopsIn(floodOf(name), each, { folder, segments })));
    return {
      trials: floods.reduce((sum, { trials }) => sum + trials, 0),
      p100Ms: Math.max(...floods.map(({ p100Ms }) => p100Ms)),
      floods,
      cores: availableParallelism(),
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function stopsIn(
  flood: Flood,
  each: number,
  { folder, segments }: { readonly folder: string; readonly segments: number },
): Promise<Stops[]> {
  const target = new Target(flood.name, folder);
  const { url } = await target.next("serving");
  const server: FloodedServer = { url, live: LIVE, saved: { name: SAVED, segments } };
  const random = Random.of(1, "stops", flood.name);
  await target.begin(); // The first run's page is there from now on.
  const second = await openPage(url, "");
  const flooding = (await flood.pages?.(server)) ?? null;
  const page = flooding?.page ?? (await openPage(url, LIVE));
  try {
    await target.stop("second-page", { page, second });
    const found: Stops[] = [];
    for (const way of WAYS) {
      const ms: number[] = [];
      while (ms.length < each) {
        await target.begin();
        await sleep(random.integer(20));
        ms.push(await target.stop(way, { page, second }));
      }
      ms.sort((a, b) => a - b);
      const at = (share: number) => ms[Math.min(ms.length - 1, Math.floor(share * ms.length))];
      found.push({ flood: flood.name, way, trials: each, p50Ms: at(0.5), p99Ms: at(0.99), p100Ms: at(1) });
      console.error(`bench stop: ${JSON.stringify(found.at(-1))}`);
    }
    return found;
  } finally {
    flooding?.end();
    for (const socket of [page, second]) socket.terminate();
    target.end();
  }
}
