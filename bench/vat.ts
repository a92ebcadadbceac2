/**
 * What a vat costs: for 1, 10 and 100 brains of a thousand neurons, how fast the whole lives beside its real time, memory
 * and snapshot of a brain, time of a training cycle (one step of 100 ms of every brain: descend, propose, write, live, read),
 * and how that is shared between simulation, emulator and messages.
 *
 * Messages: plans out and spikes back, without the living in between. `hosts`: the same cycle on host processes (vat-hosts.ts).
 */

import type { Vat } from "../src/experiment/vat/living.ts";
import { pulsesOf } from "../src/protocol/body.ts";
import type { BrainHolder } from "../src/tissue/contract.ts";
import { threadHolder } from "../src/tissue/threads/threads.ts";
import { type Spent, specsOf, spend, trainedVat } from "./vat-cycle.ts";
import { type HostFigures, measureHosts } from "./vat-hosts.ts";

export interface VatFigures {
  readonly n: number;
  /** Seconds that the whole vat lives in a second of wall time, training included. */
  readonly realTimeFactor: number;
  /** Resident memory that a brain adds, of the process. */
  readonly bytesPerBrain: number;
  readonly snapshotBytes: number;
  readonly cycleMs: number;
  /** Of all cores together: what a busy machine does not change much. */
  readonly cycleCpuMs: number;
  /** Of wall time, and of the cores' time. */
  readonly share: Share;
  readonly cpuShare: Share;
}

interface Share {
  readonly simulation: number;
  readonly emulator: number;
  readonly messages: number;
}

const SIZES = [1, 10, 100];
const STEPS = 10;
const STEP_SECONDS = 0.1;

export async function run(): Promise<{ brains: VatFigures[]; hosts: HostFigures[] }> {
  const brains: VatFigures[] = [];
  for (const n of SIZES) {
    console.error(`bench vat: ${n} brains ...`);
    brains.push(await measure(n));
    console.error(JSON.stringify(brains.at(-1)));
  }
  return { brains, hosts: (await measureHosts()).hosts };
}

async function measure(n: number): Promise<VatFigures> {
  const before = process.memoryUsage.rss();
  const holder = threadHolder();
  await holder.open(specsOf(n));
  const trained = await trainedVat(n, holder);
  const bytesPerBrain = (process.memoryUsage.rss() - before) / n;
  const [snapshot] = await holder.snapshot([0]);
  await trained.train(2);
  const { inSteps } = trained;
  Object.assign(inSteps, { wallMs: 0, cpuMs: 0 });
  const whole: Spent = { wallMs: 0, cpuMs: 0 };
  await spend(whole, () => trained.train(STEPS));
  const messages: Spent = { wallMs: 0, cpuMs: 0 };
  const { wallMs, cpuMs } = inSteps;
  await exchange(messages, holder, trained.vat, n);
  await holder.close();
  await trained.dispose();
  return {
    n,
    realTimeFactor: STEP_SECONDS / (whole.wallMs / STEPS / 1000),
    bytesPerBrain,
    snapshotBytes: snapshot!.length,
    cycleMs: whole.wallMs / STEPS,
    cycleCpuMs: whole.cpuMs / STEPS,
    share: shareOf(whole.wallMs, wallMs, messages.wallMs),
    cpuShare: shareOf(whole.cpuMs, cpuMs, messages.cpuMs),
  };
}

function shareOf(whole: number, inSteps: number, messages: number): Share {
  return {
    simulation: Math.max(0, inSteps - messages) / whole,
    emulator: (whole - inSteps) / whole,
    messages: messages / whole,
  };
}

/** Plans out and answers back: a step in which hardly any time passes (one frame), and the copying of a step's pulses. */
async function exchange(spent: Spent, holder: BrainHolder, vat: Vat, n: number): Promise<void> {
  const given = vat.task.world("train", 1, true).present();
  const plans = vat.bodies.map((body, brain) => ({
    brain,
    durationFrames: 2500,
    plasticity: 1,
    pulses: pulsesOf(body, given[brain], { roles: body.patterns[0], amplitude: 1, delayFrames: 100 }),
  }));
  const still = Array.from({ length: n }, (_, brain) => ({
    brain,
    durationFrames: 1,
    pulses: [],
    plasticity: 0,
  }));
  for (let i = 0; i < STEPS; i++)
    await spend(spent, () => {
      structuredClone(plans);
      return holder.step(vat.clock++, still);
    });
}
