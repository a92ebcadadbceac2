/**
 * The emulator of one culture (contract.ts): the autoencoder and dynamics of this folder, with the bridge that is fitted beside
 * them. It looks one step back: its context is the sensory patch and the state of the step before, and the sensory patch of
 * this one, which the bridge makes of the datum.
 *
 * Legend as in contract.ts; N = 1. K context patches.
 */
import type { Tensor } from "../../compute/index.ts";
import { gatherRows } from "../../math/rows.ts";
import {
  type Babbled,
  concatenateStates,
  type Descent,
  type Emulator,
  lastState,
  NOTHING,
  type Past,
} from "../contract.ts";
import type { BridgeExamples } from "./bridge.ts";
import type { Patches } from "./coding.ts";
import type { Dynamics } from "./dynamics.ts";
import { dynamicsContexts } from "./fit.ts";
import type { Improver, Item } from "./improve.ts";
import type { ModelPrograms, Models } from "./models.ts";
import { createReadingLoss } from "./reading-loss.ts";

type Improved = Dynamics<Tensor>;

/** What a descent remembers of what it met, and what it needs to go on. */
interface Memory {
  readonly items: readonly Item[];
  readonly previous: Patches;
}
type Saved = Memory & { readonly train: ReturnType<Improver["state"]> };

/** `fitSteps`: of the first fit's autoencoder; what else is fitted takes shares of it. */
export function oneEmulator(programs: ModelPrograms, fitSteps: number): Emulator<Models, Improved> {
  const { coder, fitter, bridge, improver, shape } = programs;
  const { latents, history } = shape;
  const K = 2 * history + 1;
  const steps = (share: number) => Math.max(1, Math.round(share * fitSteps));
  const firstFit = { autoencoderSteps: fitSteps, dynamicsSteps: steps(0.8), learningRate: 2e-3 };
  const refit = { autoencoderSteps: steps(0.16), dynamicsSteps: steps(0.16), learningRate: 1e-3 };

  return {
    latents,
    async begin(states, random, classesOf) {
      const blank = programs.init(random.split("init"), states);
      const fit = await fitter.fit(blank.emulator, states, random.split("fit"), firstFit);
      const classes = classesOf(fit.patches.state);
      const examples = bridgeExamples({ states, classes }, fit.patches, latents);
      const fitted = await bridge.fit(blank.bridge, examples, steps(0.8), random.split("bridge"));
      return { models: { emulator: fit.parameters, bridge: fitted }, losses: fit };
    },
    disconnect() {
      return Promise.reject(new Error("internal: one culture has no connections to others"));
    },
    async refit({ emulator, bridge: before }, babbled, recorded, random) {
      const states = concatenateStates([babbled.states, ...recorded]);
      const fit = await fitter.fit(emulator, states, random.split("fit"), refit);
      const examples = bridgeExamples(babbled, fit.patches, latents);
      const fitted = await bridge.fit(before, examples, steps(0.2), random.split("bridge"));
      return { models: { emulator: fit.parameters, bridge: fitted }, losses: fit };
    },
    async read(models, states) {
      const { state: patches } = await coder.encode(models.emulator, states);
      return { probabilities: await bridge.decode(models.bridge, patches), patches };
    },
    async sensory(models, states) {
      return (await coder.encode(models.emulator, states)).sensory;
    },
    dynamicsOf: ({ emulator }) => emulator.dynamics,
    async descent(models, { improved, past, state }) {
      improver.begin(models.emulator, models.bridge.decoder);
      improver.restart(improved);
      if (!state) return descentOn(models, await freshMemory(models, past));
      const { train, ...memory } = state as unknown as Saved;
      improver.load(train);
      return descentOn(models, memory);
    },
    readingLoss: (models, patterns) =>
      createReadingLoss({ shape, device: programs.device }, models, patterns),
    async alone(models, improved, data, random) {
      improver.begin(models.emulator, models.bridge.decoder);
      improver.restart(improved);
      const sensory = await bridge.encode(models.bridge, data);
      const rows = sensory.length / latents;
      const probabilities: Float32Array[] = [];
      const context = new Float32Array(K * latents);
      for (let n = 0; n < rows; n++) {
        const present = sensory.subarray(n * latents, (n + 1) * latents);
        context.set(present, (K - 1) * latents);
        const proposal = await improver.propose(context, random);
        probabilities.push(proposal.probabilities);
        context.set(present, 0);
        context.set(proposal.patches.subarray(0, latents), latents);
      }
      return joined(probabilities);
    },
    kept: (models, improved) => ({ ...models, improved }),
    dispose: () => programs.dispose(),
  };

  async function freshMemory(models: Models, past: Past | null): Promise<Memory> {
    if (past)
      return {
        items: await remember(models, past),
        previous: await coder.encode(models.emulator, lastState(past.states)),
      };
    return { items: [], previous: { sensory: new Float32Array(latents), state: new Float32Array(latents) } };
  }

  function descentOn(models: Models, { items: known, previous: latest }: Memory): Descent<Improved> {
    const items = [...known];
    let previous = latest;
    let sensory: Float32Array = new Float32Array(0);
    let context: Float32Array = new Float32Array(0);
    let proposed: Float32Array = new Float32Array(0);
    return {
      async descend(data, targets, random) {
        context = new Float32Array(K * latents);
        context.set(previous.sensory, 0);
        context.set(previous.state, latents);
        sensory = await bridge.encode(models.bridge, data);
        context.set(sensory, (K - 1) * latents);
        items.push({ context, nextClass: targets[0] });
        const { crossEntropy, forecast } = await improver.descend(items, items.length - 1, random);
        return { crossEntropy, forecast: Float64Array.from(forecast) };
      },
      async propose(random) {
        const proposal = await improver.propose(context, random);
        proposed = proposal.patches.slice(0, latents);
        return proposal;
      },
      async observe(states) {
        if (!states) {
          previous = { sensory, state: proposed };
          return;
        }
        previous = await coder.encode(models.emulator, {
          bins: shape.bins,
          channels: shape.channels,
          counts: states,
          written: Float32Array.of(1),
        });
      },
      improved: () => improver.parameters(),
      state: () => ({ kind: "descent", train: improver.state(), items: [...items], previous }),
    };
  }

  /** The past as items to descend on, coded by the emulator and bridge as they are now. */
  async function remember(models: Models, { states, targets }: Past): Promise<Item[]> {
    const patches = await coder.encode(models.emulator, states);
    const contexts = dynamicsContexts(patches, latents, history);
    const sensory = await bridge.encode(models.bridge, states.data);
    return Array.from(targets, (nextClass, n) => {
      const context = contexts.slice(n * K * latents, (n + 1) * K * latents);
      context.set(sensory.subarray(n * latents, (n + 1) * latents), (K - 1) * latents);
      return { context, nextClass };
    });
  }
}

/** What the bridge learns from: all data, and the states that stand for a class or for nothing. */
function bridgeExamples({ states, classes }: Babbled, patches: Patches, latents: number): BridgeExamples {
  const kept = [...classes.keys()].filter((n) => classes[n] >= NOTHING);
  return {
    data: states.data,
    sensory: patches.sensory.subarray(0, classes.length * latents),
    states: gatherRows(patches.state, latents, kept),
    classes: Int32Array.from(kept, (n) => classes[n]),
  };
}

function joined(rows: readonly Float32Array[]): Float32Array {
  const width = rows[0]?.length ?? 0;
  const out = new Float32Array(rows.length * width);
  rows.forEach((row, n) => {
    out.set(row, n * width);
  });
  return out;
}
