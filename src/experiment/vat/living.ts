/** A vat lives through steps of a world: every brain is given its datum and its write, and what it did is read. */

import { simulatedProfile } from "../../device/simulated/array.ts";
import { pulsesFor } from "../../device/stimulation.ts";
import type { JointCoder } from "../../emulator/many/coder.ts";
import type { JointModels, VatStates } from "../../emulator/many/models.ts";
import { Random } from "../../math/random.ts";
import {
  type Body,
  pulsesOf,
  type RoleWrite,
  readState,
  saidByHand,
  withEfference,
} from "../../protocol/body.ts";
import { TRIAL_FRAMES } from "../../protocol/protocol.ts";
import {
  type Given,
  PLACES,
  type VatTask,
  type VatWorld,
  type WorldEvent,
} from "../../tasks/worlds/contract.ts";
import { FEEDBACK_PLACES } from "../../tasks/worlds/pong/pong.ts";
import type { BrainHolder, StepPlan } from "../../tissue/contract.ts";
import type { SeenStep } from "./observer.ts";

/** Thrown between steps when the run is to stop; nothing is stimulated any more. */
export class Stopped extends Error {
  override readonly name = "Stopped";
}

/** A vat in the course of an experiment: its brains, and the count of their steps. */
export interface Vat {
  readonly holder: BrainHolder;
  readonly bodies: readonly Body[];
  readonly task: VatTask;
  /** The next step of the holder. */
  clock: number;
  /** Called after every step; true when the run is to stop. */
  readonly tick: () => boolean;
  /** Sees every step of a world. */
  readonly onStep?: ((step: SeenStep) => void) | undefined;
}

export interface LivedSteps {
  readonly states: VatStates;
  /** `[R, N, K]` what the bridge read. */
  readonly probabilities: Float32Array;
  /** `[R, N, Z]` patches of the states. */
  readonly patches: Float32Array;
  /** `[R, N]` */
  readonly targets: Int32Array;
  readonly byHand: Int32Array;
  /** `[R, Q]` right answers. */
  readonly answers: Int32Array;
  readonly events: (WorldEvent | null)[];
  readonly pulses: number;
  readonly refused: number;
}

export interface LiveOptions {
  readonly steps: number;
  readonly plasticity: number;
  /** The writes of a step, one per brain, or none; `previous [N, Z]` are the patches of the step before. */
  readonly writes?: (
    step: number,
    given: readonly Given[],
    world: VatWorld,
    previous: Float32Array,
  ) => Promise<readonly RoleWrite[] | null> | readonly RoleWrite[] | null;
  /** The published feedback after hits and misses: its seed; none if not given. */
  readonly feedback?: number;
  /** Cross entropy of the last write, to be looked at. */
  readonly loss?: () => number | undefined;
}

/** One step of all brains: what they were given and written, their states with efference copies. */
export async function stepVat(
  vat: Vat,
  given: readonly Given[],
  writes: readonly (RoleWrite | null)[],
  plasticity: number,
  writeShares?: readonly number[],
) {
  const plans = vat.bodies.map(
    (body, brain): StepPlan => ({
      brain,
      durationFrames: TRIAL_FRAMES,
      plasticity,
      pulses: pulsesOf(body, given[brain], writes[brain] ?? null),
    }),
  );
  const results = await vat.holder.step(vat.clock++, plans);
  if (vat.tick()) throw new Stopped("stopped");
  const states = results.map(({ spikes }, brain) =>
    withEfference(
      readState(vat.bodies[brain], spikes, given[brain]),
      given[brain],
      writes[brain] ?? null,
      writeShares?.[brain],
    ),
  );
  return {
    states,
    pulses: plans.reduce((sum, plan) => sum + plan.pulses.length, 0),
    refused: results.reduce((sum, { refused }) => sum + refused, 0),
  };
}

/** Collects the rows of steps. */
export class StepLog {
  private readonly counts: Float32Array[] = [];
  private readonly data: Float32Array[] = [];
  private readonly written: Float32Array[] = [];

  add(states: readonly Float32Array[], given: readonly Given[], writes: readonly (RoleWrite | null)[]): void {
    this.counts.push(join(states));
    this.data.push(placesOf(given));
    this.written.push(Float32Array.from(given, (_, brain) => (writes[brain] ? 1 : 0)));
  }

  finish(): VatStates {
    return {
      steps: this.counts.length,
      counts: join(this.counts),
      data: join(this.data),
      written: join(this.written),
    };
  }
}

/** `[N, P]` 1 where a place is pulsed. */
export function placesOf(given: readonly Given[]): Float32Array {
  const out = new Float32Array(given.length * PLACES);
  given.forEach(({ places }, brain) => {
    for (const place of places) out[brain * PLACES + place] = 1;
  });
  return out;
}

function join(rows: readonly Float32Array[]): Float32Array {
  const out = new Float32Array(rows.reduce((sum, row) => sum + row.length, 0));
  let at = 0;
  for (const row of rows) {
    out.set(row, at);
    at += row.length;
  }
  return out;
}

/** Goes on through `world` for some steps, reading with `models`. */
export async function live(
  vat: Vat,
  world: VatWorld,
  models: JointModels,
  coder: JointCoder,
  { steps, plasticity, writes, feedback, loss }: LiveOptions,
): Promise<LivedSteps> {
  const N = vat.bodies.length;
  const log = new StepLog();
  const [probabilities, patches]: [Float32Array[], Float32Array[]] = [[], []];
  const [targets, byHand, answers]: [number[], number[], number[]] = [[], [], []];
  const events: (WorldEvent | null)[] = [];
  let [pulses, refused] = [0, 0];
  let previous: Float32Array | null = null;
  for (let step = 0; step < steps; step++) {
    const given = world.present();
    const latest: Float32Array = previous ?? (await silentPatches(models, N));
    const written = (await writes?.(step, given, world, latest)) ?? null;
    const rows = given.map((_, brain) => written?.[brain] ?? null);
    const lived = await stepVat(vat, given, rows, plasticity);
    log.add(lived.states, given, rows);
    previous = await coder.encode(models, join(lived.states));
    const read = await coder.read(models, previous);
    const said = Int32Array.from(lived.states, (state, brain) => saidByHand(vat.bodies[brain], state, step));
    targets.push(...world.targets());
    answers.push(...world.answers());
    byHand.push(...said);
    probabilities.push(read);
    patches.push(previous);
    pulses += lived.pulses;
    refused += lived.refused;
    const event = world.advance({ byHand: said, probabilities: read });
    events.push(event);
    vat.onStep?.({ event, game: world.game?.() ?? null, crossEntropy: loss?.() ?? null });
    if (event && feedback !== undefined)
      pulses += await giveFeedback(vat, event, Random.of(feedback, "feedback", step), plasticity);
  }
  return {
    states: log.finish(),
    probabilities: join(probabilities),
    patches: join(patches),
    targets: Int32Array.from(targets),
    byHand: Int32Array.from(byHand),
    answers: Int32Array.from(answers),
    events,
    pulses,
    refused,
  };
}

/** Patches before anything is known: the mean. */
async function silentPatches(models: JointModels, brains: number): Promise<Float32Array> {
  return new Float32Array(brains * models.normaliser.mean.data.length);
}

const FRAMES_PER_SECOND = simulatedProfile.framesPerSecond;

/**
 * The published feedback: after a hit 100 Hz for 100 ms on all sensory sites, after a miss 5 Hz for 4 s on random sites
 * and 4 s of rest. Returns the pulses sent.
 */
async function giveFeedback(
  vat: Vat,
  event: WorldEvent,
  random: Random,
  plasticity: number,
): Promise<number> {
  const pulsesFrom = (body: Body) => {
    const channels = (roles: readonly number[]) => roles.map((role) => body.channelOf[role]);
    if (event === "hit")
      return Array.from({ length: 10 }, (_, i) =>
        pulsesFor(channels(FEEDBACK_PLACES), 1, i * (FRAMES_PER_SECOND / 100), simulatedProfile),
      ).flat();
    return Array.from({ length: 20 }, (_, i) => {
      const sites = random.permutation(PLACES).slice(0, FEEDBACK_PLACES.length);
      return pulsesFor(channels(sites), 1, i * (FRAMES_PER_SECOND / 5), simulatedProfile);
    }).flat();
  };
  const durationFrames = event === "hit" ? FRAMES_PER_SECOND / 10 : 8 * FRAMES_PER_SECOND;
  const plans = vat.bodies.map(
    (body, brain): StepPlan => ({ brain, durationFrames, plasticity, pulses: pulsesFrom(body) }),
  );
  await vat.holder.step(vat.clock++, plans);
  if (vat.tick()) throw new Stopped("stopped");
  return plans.reduce((sum, plan) => sum + plan.pulses.length, 0);
}
