/**
 * What a vat costs: for 1, 10 and 100 brains of a thousand neurons, how fast the whole lives beside its real time, memory
 * and snapshot of a brain, time of a training cycle (one step of 100 ms of every brain: descend, propose, write, live, read),
 * and how that is shared between simulation, emulator and messages.
 *
 * Messages: plans out and spikes back, without the living in between. `hosts`: the same cycle on host processes (vat-hosts.ts).
 */

import { pulsesOf } from "../src/protocol/layout.ts";
import { threadTissue } from "../src/tissue/threads/threads.ts";
import { type Spent, specsOf, spend, type TrainedVat, trainedVat } from "./vat-cycle.ts";
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
  const tissue = threadTissue();
  await tissue.open(specsOf(n));
  const trained = await trainedVat(n, tissue);
  const bytesPerBrain = (process.memoryUsage.rss() - before) / n;
  const [snapshot] = await tissue.snapshot([0]);
  await trained.train(2);
  const { inSteps } = trained;
  Object.assign(inSteps, { wallMs: 0, cpuMs: 0 });
  const whole: Spent = { wallMs: 0, cpuMs: 0 };
  await spend(whole, () => trained.train(STEPS));
  const messages: Spent = { wallMs: 0, cpuMs: 0 };
  const { wallMs, cpuMs } = inSteps;
  await exchange(messages, trained);
  await tissue.close();
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
async function exchange(spent: Spent, { cultures, task }: TrainedVat): Promise<void> {
  const { layouts } = cultures;
  const data = task.world("train", 1, true).present();
  const plans = layouts.map((layout, brain) => ({
    brain,
    durationFrames: layout.frames.presentation,
    plasticity: 1,
    pulses: pulsesOf(layout, data[brain], {
      channels: layout.roles.assigned[0],
      amplitude: 1,
      delayFrames: layout.frames.write,
    }),
  }));
  const still = layouts.map(() => []);
  for (let i = 0; i < STEPS; i++)
    await spend(spent, () => {
      structuredClone(plans);
      return cultures.stimulate(still, 1 / layouts[0].frames.perMs, 0);
    });
}
