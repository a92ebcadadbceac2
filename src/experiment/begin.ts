/**
 * Steps 1 to 3 of the cycle, before anything is taught: babble, fit the emulator on what was recorded, fix it, and
 * fit the bridge. What comes out is the common beginning of every arm.
 */

import type { SimulatedSnapshot } from "../device/simulated/controls.ts";
import type { BridgeExamples } from "../emulator/one/bridge.ts";
import type { Patches } from "../emulator/one/coding.ts";
import type { FitOptions } from "../emulator/one/fit.ts";
import { EMULATOR_SHAPE, type ModelPrograms, type Models } from "../emulator/one/models.ts";
import { Random } from "../math/random.ts";
import { gatherRows } from "../math/rows.ts";
import { LOW_PLASTICITY } from "../protocol/protocol.ts";
import { type Babbling, babble, NOTHING, randomPattern } from "./babble.ts";
import { chooseFreeCode, FREE_PATTERNS } from "./codes.ts";
import type { Code, OrganoidConfig } from "./config.ts";
import type { Recorder } from "./recorder.ts";
import { presentations, type Subject } from "./subject.ts";

export interface Beginning {
  /** The culture after babbling. */
  readonly culture: SimulatedSnapshot;
  readonly babbling: Babbling;
  /** For each babbled trial the class it stands for, -1 for nothing, -2 for a pattern that stands for no class. */
  readonly classOf: Int32Array;
  /** Prediction-zone electrodes of each class. */
  readonly patterns: readonly (readonly number[])[];
  readonly models: Models;
  readonly losses: { readonly autoencoder: number; readonly dynamics: number };
}

export const FIRST_FIT: FitOptions = { autoencoderSteps: 500, dynamicsSteps: 400, learningRate: 2e-3 };
export const BRIDGE_STEPS = 400;

/** Share of babbled writes in the assigned code that use no class's pattern. */
const STRANGE_SHARE = 0.2;

export async function begin(
  config: OrganoidConfig,
  code: Code,
  subject: Subject,
  programs: ModelPrograms,
  recorder: Recorder,
): Promise<Beginning> {
  const random = Random.of(subject.seed, "begin", code);
  const { zones, task, device, simulated } = subject;
  const named =
    code === "assigned"
      ? zones.assigned
      : Array.from({ length: FREE_PATTERNS }, (_, p) => randomPattern(zones.prediction, random.split(p)));
  simulated.restore(subject.grown);
  simulated.plasticity(LOW_PLASTICITY);
  const training = presentations(subject, 0, config.cycles * config.presentations);
  const repertoire = {
    sensory: zones.sensory,
    prediction: zones.prediction,
    contexts: training.map(({ places }) => places),
    patterns: named,
    strangeShare: code === "assigned" ? STRANGE_SHARE : 0,
  };
  const babbling = await babble(device, repertoire, config.babbleTrials, random.split("babble"), recorder);

  const blank = programs.init(random.split("init"), babbling.states);
  const fit = await programs.fitter.fit(blank.emulator, babbling.states, random.split("fit"), FIRST_FIT);
  const chosen =
    code === "assigned"
      ? named.map((_, p) => p)
      : chooseFreeCode(
          fit.patches.state,
          EMULATOR_SHAPE.latents,
          babbling,
          named.length,
          task.classCount,
          random.split("choose"),
        );
  const classOf = babbling.patternOf.map((p) =>
    p === NOTHING ? NOTHING : p < 0 ? p : foreignOr(chosen.indexOf(p)),
  );
  const examples = bridgeExamples(babbling, classOf, fit.patches);
  const bridge = await programs.bridge.fit(blank.bridge, examples, BRIDGE_STEPS, random.split("bridge"));
  return {
    culture: simulated.snapshot(),
    babbling,
    classOf,
    patterns: chosen.map((p) => [...named[p]]),
    models: { emulator: fit.parameters, bridge },
    losses: { autoencoder: fit.autoencoderLoss, dynamics: fit.dynamicsLoss },
  };
}

const foreignOr = (index: number) => (index < 0 ? -2 : index);

/** What the bridge learns from: all data, and the states that stand for a class or for nothing. */
export function bridgeExamples(babbling: Babbling, classOf: Int32Array, patches: Patches): BridgeExamples {
  const { latents } = EMULATOR_SHAPE;
  const kept = [...classOf.keys()].filter((n) => classOf[n] >= NOTHING);
  return {
    data: babbling.data,
    sensory: patches.sensory.subarray(0, classOf.length * latents),
    states: gatherRows(patches.state, latents, kept),
    classes: Int32Array.from(kept, (n) => classOf[n]),
  };
}
