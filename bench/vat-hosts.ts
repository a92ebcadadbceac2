/**
 * What it costs to hold a vat's brains on other processes through NATS: time of a step of 100 ms of every brain, and
 * the share of it in which no brain of the busiest host is being computed (plans and results on their way, the log,
 * the claim of the step). Beside it, the same brains in this process. Each host has one thread; on a machine with
 * fewer cores than hosts they wait for each other, which counts as computing.
 */
import { fileURLToPath } from "node:url";
import { simulatedProfile } from "../src/device/simulated/array.ts";
import { pulsesFor } from "../src/device/stimulation.ts";
import type { BrainHolder, BrainSpec, StepPlan } from "../src/vat/contract.ts";
import { plainHolder } from "../src/vat/local/plain.ts";
import { natsHolder } from "../src/vat/nats/holder.ts";
import { startProgram, startServer } from "../src/vat/nats/testing.ts";

export interface HostFigures {
  /** Host processes. */
  readonly n: number;
  /** Mean time of a step of all brains. */
  readonly cycleMs: number;
  readonly messageShare: number;
}

const HOSTS = [1, 2, 4];
const BRAINS = 8;
const NEURONS = 1000;
const STEP_FRAMES = 2500;
const PULSES = 8;
const WARM_UP = 5;
const STEPS = 40;

export async function run(): Promise<{
  brains: number;
  neurons: number;
  inProcess: { cycleMs: number };
  hosts: HostFigures[];
}> {
  console.error(`bench vat-hosts: ${BRAINS} brains in this process ...`);
  const holder = plainHolder();
  await holder.open(specs());
  const cycleMs = await stepMs(holder);
  await holder.close();
  return { brains: BRAINS, neurons: NEURONS, inProcess: { cycleMs }, hosts: await measureHosts() };
}

/** One figure for each number of hosts. */
export async function measureHosts(): Promise<HostFigures[]> {
  const figures: HostFigures[] = [];
  for (const n of HOSTS) {
    console.error(`bench vat-hosts: ${n} hosts ...`);
    figures.push(await measure(n));
  }
  return figures;
}

async function measure(n: number): Promise<HostFigures> {
  const server = await startServer();
  const program = fileURLToPath(new URL("../src/cli/main.js", import.meta.url));
  const hosts = Array.from({ length: n }, (_, k) => {
    const offer = ["--brains", `${Math.ceil(BRAINS / n)}`, "--threads", "1", "--name", `bench-${k}`];
    return startProgram(program, ["vat", "host", "--nats", server.url, "--json", ...offer]);
  });
  try {
    for (const host of hosts) await host.until(({ event }) => event === "offering");
    const holder = await natsHolder({ nats: { url: server.url }, vat: "bench" });
    await holder.open(specs());
    await stepMs(holder, 0, WARM_UP);
    Object.assign(holder.times, { steps: 0, wholeMs: 0, computeMs: 0 });
    const cycleMs = await stepMs(holder, WARM_UP, WARM_UP + STEPS);
    const { wholeMs, computeMs } = holder.times;
    await holder.close();
    return { n, cycleMs, messageShare: 1 - computeMs / wholeMs };
  } finally {
    for (const host of hosts) await host.kill();
    await server.stop();
  }
}

function specs(): BrainSpec[] {
  return Array.from({ length: BRAINS }, (_, brain) => ({
    ...{ brain, seed: 1000 + brain, neurons: NEURONS, div: 21, preset: "quiet" },
  }));
}

function plansOf(step: number): StepPlan[] {
  return specs().map(({ brain }) => ({
    ...{ brain, durationFrames: STEP_FRAMES, plasticity: 1 },
    pulses: Array.from({ length: PULSES }, (_, k) =>
      pulsesFor([(11 * k + 3 * step + brain) % 64], 1, 200 + 100 * k, simulatedProfile),
    ).flat(),
  }));
}

/** Mean time of the steps `from` to `until`. */
async function stepMs(holder: BrainHolder, from = 0, until = STEPS): Promise<number> {
  const began = performance.now();
  for (let step = from; step < until; step++) await holder.step(step, plansOf(step));
  return (performance.now() - began) / (until - from);
}
