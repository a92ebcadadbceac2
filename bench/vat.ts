/**
 * What a vat costs: for 1, 10 and 100 brains of a thousand neurons, how fast the whole lives beside its real time, memory
 * and snapshot of a brain, time of a training cycle (one step of 100 ms of every brain: descend, propose, write, live, read),
 * and how that is shared between simulation, emulator and messages.
 *
 * Messages: plans out and spikes back, without the living in between. `hosts` is for holders that reach other machines.
 */
import { Random } from "../src/math/random.ts";
import { babbleVat } from "../src/vat/babbling.ts";
import { bodyOf, pulsesOf } from "../src/vat/body.ts";
import type { BrainHolder, BrainSpec } from "../src/vat/contract.ts";
import type { VatItem } from "../src/vat/emulator/descent.ts";
import { initModels } from "../src/vat/emulator/models.ts";
import { live, type Vat } from "../src/vat/living.ts";
import { threadHolder } from "../src/vat/local/threads.ts";
import { compileVat } from "../src/vat/programs.ts";
import { peersTask } from "../src/vat/tasks/peers.ts";
import { descentWrites } from "../src/vat/writers.ts";

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

export async function run(): Promise<{ brains: VatFigures[]; hosts: object[] }> {
  const brains: VatFigures[] = [];
  for (const n of SIZES) {
    console.error(`bench vat: ${n} brains ...`);
    brains.push(await measure(n));
    console.error(JSON.stringify(brains.at(-1)));
  }
  return { brains, hosts: [] };
}

function specsOf(n: number): BrainSpec[] {
  return Array.from({ length: n }, (_, brain) => ({
    ...{ brain, seed: 1000 + brain, neurons: 1000, div: 21, preset: "quiet" },
  }));
}

async function measure(n: number): Promise<VatFigures> {
  const specs = specsOf(n);
  const task = peersTask({ seed: 1, brains: n, train: 1000, probe: 100 });
  const programs = await compileVat(n, task.classes, n > 1 ? task.sight : "self");
  const before = residentBytes();
  const holder = threadHolder();
  await holder.open(specs);
  const clock = { holderMs: 0 };
  const vat: Vat = {
    holder: timed(holder, clock),
    bodies: specs.map(({ seed }) => bodyOf(seed, task.classes)),
    ...{ task, clock: 0, tick: () => false },
  };
  const random = Random.of(1, "bench vat");
  const { states } = await babbleVat(vat, 3, random);
  const bytesPerBrain = (residentBytes() - before) / n;
  const [snapshot] = await holder.snapshot([0]);
  const models = initModels(random, programs.shape, states);
  programs.descent.begin(models);
  programs.descent.restart(models.dynamics);
  const items: VatItem[] = [];
  const log = { roles: [], crossEntropy: [], overlap: [] };
  const writes = descentWrites(programs, vat.bodies, items, random, log);
  const world = task.world("train", 0, true);
  const going = { plasticity: 1, writes };
  await live(vat, world, models, programs.coder, { steps: 2, ...going });
  clock.holderMs = 0;
  const start = performance.now();
  await live(vat, world, models, programs.coder, { steps: STEPS, ...going });
  const cycleMs = (performance.now() - start) / STEPS;
  const holderMs = clock.holderMs / STEPS;
  const messagesMs = await messageMs(holder, vat, n);
  await holder.close();
  await programs.dispose();
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

/** The holder, with the time spent in its steps counted. */
function timed(holder: BrainHolder, clock: { holderMs: number }): BrainHolder {
  return {
    ...holder,
    async step(step, plans) {
      const start = performance.now();
      const results = await holder.step(step, plans);
      clock.holderMs += performance.now() - start;
      return results;
    },
  };
}

function residentBytes(): number {
  return process.memoryUsage.rss();
}
