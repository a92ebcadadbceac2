/**
 * What a vat costs: for 1, 10 and 100 brains of a thousand neurons, how fast the whole lives beside its real time, memory
 * and snapshot of a brain, time of a training cycle (one step of 100 ms of every brain: descend, propose, write, live, read),
 * and how that is shared between simulation, emulator and messages.
 *
 * Messages: plans out and spikes back, without the living in between. `hosts`: the same cycle on host processes (vat-hosts.ts).
 */
import { pulsesOf } from "../src/vat/body.ts";
import type { BrainHolder } from "../src/vat/contract.ts";
import type { Vat } from "../src/vat/living.ts";
import { threadHolder } from "../src/vat/local/threads.ts";
import { specsOf, trainedVat } from "./vat-cycle.ts";
import { type HostFigures, measureHosts } from "./vat-hosts.ts";

export interface VatFigures {
  readonly n: number;
  /** Seconds that the whole vat lives in a second of wall time, training included. */
  readonly realTimeFactor: number;
  /** Resident memory that a brain adds, of the process. */
  readonly bytesPerBrain: number;
  readonly snapshotBytes: number;
  readonly cycleMs: number;
  readonly share: { readonly simulation: number; readonly emulator: number; readonly messages: number };
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
  const before = residentBytes();
  const holder = threadHolder();
  await holder.open(specsOf(n));
  const trained = await trainedVat(n, holder);
  const bytesPerBrain = (residentBytes() - before) / n;
  const [snapshot] = await holder.snapshot([0]);
  await trained.train(2);
  trained.inSteps.wallMs = 0;
  const start = performance.now();
  await trained.train(STEPS);
  const cycleMs = (performance.now() - start) / STEPS;
  const holderMs = trained.inSteps.wallMs / STEPS;
  const messagesMs = await messageMs(holder, trained.vat, n);
  await holder.close();
  await trained.dispose();
  return {
    n,
    realTimeFactor: STEP_SECONDS / (cycleMs / 1000),
    bytesPerBrain,
    snapshotBytes: snapshot!.length,
    cycleMs,
    share: {
      simulation: Math.max(0, holderMs - messagesMs) / cycleMs,
      emulator: (cycleMs - holderMs) / cycleMs,
      messages: messagesMs / cycleMs,
    },
  };
}

/** Plans out and answers back: a step in which hardly any time passes (one frame), and the copying of a step's pulses. */
async function messageMs(holder: BrainHolder, vat: Vat, n: number): Promise<number> {
  const repeats = 10;
  const given = vat.task.world("train", 1, true).present();
  const plans = vat.bodies.map((body, brain) => ({
    ...{ brain, durationFrames: 2500, plasticity: 1 },
    pulses: pulsesOf(body, given[brain]!, { roles: body.patterns[0]!, amplitude: 1, delayFrames: 100 }),
  }));
  const start = performance.now();
  for (let i = 0; i < repeats; i++) {
    structuredClone(plans);
    await holder.step(
      vat.clock++,
      Array.from({ length: n }, (_, brain) => ({ brain, durationFrames: 1, pulses: [], plasticity: 0 })),
    );
  }
  return (performance.now() - start) / repeats;
}

function residentBytes(): number {
  return process.memoryUsage.rss();
}
