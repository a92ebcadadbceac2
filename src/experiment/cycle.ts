/**
 * Steps 4 and 5 of the cycle, presentation by presentation: the datum is coded, the emulator descends on what came
 * next, proposes the state to follow, and that state is decoded and written while the culture still answers.
 */

import type { Tensor } from "../compute/index.ts";
import { decodeWrite } from "../device/stimulation.ts";
import type { Dynamics } from "../emulator/one/dynamics.ts";
import { dynamicsContexts } from "../emulator/one/fit.ts";
import type { Item } from "../emulator/one/improve.ts";
import { EMULATOR_SHAPE, type ModelPrograms, type Models } from "../emulator/one/models.ts";
import type { NeuralStates } from "../emulator/one/states.ts";
import { pearson } from "../math/correlation.ts";
import type { Random } from "../math/random.ts";
import { PATTERN_SIZE, WRITE_FRAME, type Write } from "../protocol/protocol.ts";
import type { Beginning } from "./begin.ts";
import { type Presented, present } from "./presenting.ts";
import type { Recorder } from "./recorder.ts";
import { type Datum, placeMatrix, type Subject } from "./subject.ts";

const { latents, bins, channels } = EMULATOR_SHAPE;
/** The loop looks one step back: sensory patch and state of the step before, sensory patch of this one. */
const HISTORY = 1;
const K = 2 * HISTORY + 1;

/** What is logged of every write. One number per presentation. */
export interface WriteLog {
  /** Channels written to, `[n, PATTERN_SIZE]`. */
  readonly channels: Uint16Array;
  /** Cross entropy of the emulator on the datum, while descending (nats). */
  readonly crossEntropy: Float32Array;
  /** 1 where the emulator, before it saw the answer, had the class right. */
  readonly foretold: Uint8Array;
  /** Flow matching error of the intended state under the prior, per latent; its negative stands for log density. */
  readonly priorError: Float32Array;
  /** Share of the true class's electrodes that were written to. */
  readonly overlap: Float32Array;
  /** Correlation of the intended and the evoked state, over bins and electrodes. */
  readonly correlation: Float32Array;
}

/** A write as those who watch see it. */
export interface WriteSeen {
  readonly index: number;
  readonly nextClass: number;
  /** Class probabilities before the emulator was told. */
  readonly forecast: readonly number[];
  /** Counts `[bins, channels]`. */
  readonly intended: Float32Array;
  readonly evoked: Float32Array;
  readonly log: WriteLog;
}

/** All presentations so far, as the descent remembers them. */
export interface Past {
  readonly data: readonly Datum[];
  /** Their states; all written. */
  readonly states: NeuralStates | null;
}

/** Presents `data`, descending and writing at each. `dynamics` is where the improved emulator stands. */
export async function descendAndWrite(
  subject: Subject,
  programs: ModelPrograms,
  models: Models,
  dynamics: Dynamics<Tensor>,
  { patterns }: Pick<Beginning, "patterns">,
  past: Past,
  data: readonly Datum[],
  random: Random,
  recorder: Recorder,
  /** Sees every write once its state has come. */
  onWrite: (write: WriteSeen) => void = () => {},
): Promise<{ presented: Presented; dynamics: Dynamics<Tensor>; log: WriteLog }> {
  const { improver, coder } = programs;
  improver.begin(models.emulator, models.bridge.decoder);
  improver.restart(dynamics);
  const items = await remember(programs, models, past);
  const sensory = await programs.bridge.encode(
    models.bridge,
    placeMatrix(data, subject.zones.sensory.length),
  );
  const log = blankLog(data.length);
  let previous = await lastPatches(programs, models, past);
  let lastState: Float32Array | null = null;
  let intended: Float32Array = new Float32Array(0);
  let forecast: readonly number[] = [];

  const writeFor = async (n: number): Promise<Write> => {
    if (lastState) {
      const states = { bins, channels, counts: lastState, written: Float32Array.of(1) };
      const patches = await coder.encode(models.emulator, states);
      previous = { sensory: patches.sensory, state: patches.state };
    }
    const context = new Float32Array(K * latents);
    context.set(previous.sensory, 0);
    context.set(previous.state, latents);
    context.set(sensory.subarray(n * latents, (n + 1) * latents), (K - 1) * latents);
    const { nextClass } = data[n];
    items.push({ context, nextClass });
    const descent = await improver.descend(items, items.length - 1, random);
    forecast = descent.forecast;
    const proposal = await improver.propose(context, random);
    intended = proposal.intended;
    const chosen = decodeWrite(intended, proposal.alone, channels, subject.zones.prediction, PATTERN_SIZE);
    log.channels.set(chosen, n * PATTERN_SIZE);
    log.crossEntropy[n] = descent.crossEntropy;
    log.foretold[n] = descent.foretold === nextClass ? 1 : 0;
    log.priorError[n] = proposal.priorError;
    log.overlap[n] = chosen.filter((channel) => patterns[nextClass].includes(channel)).length / PATTERN_SIZE;
    return { channels: chosen, amplitude: 1, delayFrames: WRITE_FRAME };
  };

  const presented = await present(subject, data, writeFor, recorder, (n, state) => {
    lastState = state;
    log.correlation[n] = pearson(intended, state);
    onWrite({ index: n, nextClass: data[n].nextClass, forecast, intended, evoked: state, log });
    return { crossEntropy: log.crossEntropy[n], priorError: log.priorError[n], foretold: log.foretold[n] };
  });
  return { presented, dynamics: improver.parameters(), log };
}

/** The past as items to descend on, coded by the emulator and bridge as they are now. */
async function remember(programs: ModelPrograms, models: Models, past: Past): Promise<Item[]> {
  if (!past.states) return [];
  const patches = await programs.coder.encode(models.emulator, past.states);
  const contexts = dynamicsContexts(patches, latents, HISTORY);
  const places = programs.bridgeShape.sensory;
  const sensory = await programs.bridge.encode(models.bridge, placeMatrix(past.data, places));
  return past.data.map(({ nextClass }, n) => {
    const context = contexts.slice(n * K * latents, (n + 1) * K * latents);
    context.set(sensory.subarray(n * latents, (n + 1) * latents), (K - 1) * latents);
    return { context, nextClass };
  });
}

async function lastPatches(programs: ModelPrograms, models: Models, { states }: Past) {
  if (!states) return { sensory: new Float32Array(latents), state: new Float32Array(latents) };
  const last = { bins, channels, counts: states.counts.slice(-bins * channels), written: Float32Array.of(1) };
  return programs.coder.encode(models.emulator, last);
}

function blankLog(n: number): WriteLog {
  return {
    channels: new Uint16Array(n * PATTERN_SIZE),
    crossEntropy: new Float32Array(n),
    foretold: new Uint8Array(n),
    priorError: new Float32Array(n),
    overlap: new Float32Array(n),
    correlation: new Float32Array(n),
  };
}
