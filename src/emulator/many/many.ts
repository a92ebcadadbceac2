/**
 * The emulator of many cultures (contract.ts): one model of all of them, with low-rank experts for each and attention between
 * them. Its channels stand in the order of their roles, not of their numbers, so that a channel means the same in every brain
 * whatever its scaffold's layout; states come in and go out in the device's order.
 *
 * Legend as in contract.ts; E electrodes that have a role.
 */
import type { Tensor } from "../../compute/index.ts";
import { concatenateStates, type Emulator, lastState, type Past, type States } from "../contract.ts";
import type { JointDescent, JointItem } from "./descent.ts";
import type { JointDynamics } from "./dynamics.ts";
import { contextsOf, initModels, type JointModels } from "./models.ts";
import type { JointPrograms } from "./programs.ts";

type Improved = JointDynamics<Tensor>;

/** What a descent needs to go on. */
interface Saved {
  readonly items: readonly JointItem[];
  readonly previous: Float32Array;
  readonly train: ReturnType<JointDescent["state"]>;
}

export interface RoleOrder {
  /** `[N][E]` the channel of every role: the sensory places first, then the prediction zone. */
  readonly channelOf: readonly (readonly number[])[];
  /** Channels of the device. */
  readonly channels: number;
}

/** `fitSteps`: of the first fit's autoencoder; what else is fitted takes shares of it. */
export function manyEmulator(
  programs: JointPrograms,
  order: RoleOrder,
  fitSteps: number,
): Emulator<JointModels, Improved> {
  const { coder, fitter, descent, shape } = programs;
  const { brains: N, bins: B, channels: E, latents: Z, places: P } = shape;
  const share = (of: number) => Math.max(1, Math.round(of * fitSteps));
  const dynamicsOnly = { autoencoder: 0, dynamics: share(0.8), learningRate: 2e-3 };

  return {
    latents: Z,
    async begin(given, random, classesOf) {
      const states = inRoles(given);
      const blank = initModels(random.split("init"), shape, states);
      const first = { autoencoder: fitSteps, dynamics: share(0.8), learningRate: 2e-3 };
      const { models, losses } = await fitter.fit(blank, states, random.split("fit"), first);
      const classes = classesOf(await coder.encode(models, states.counts));
      const read = await fitter.fitReading(models, { states, classes }, random.split("bridge"), share(0.8));
      return { models: read, losses };
    },
    async disconnect(models, { states }, random) {
      return (await fitter.fit(models, inRoles(states), random, dynamicsOnly)).models;
    },
    refit(models, babbled, recorded, random) {
      const states = inRoles(concatenateStates([babbled.states, ...recorded]));
      const again = { autoencoder: 0, dynamics: share(0.2), learningRate: 1e-3 };
      return fitter.fit(models, states, random.split("fit"), again);
    },
    async read(models, states) {
      const patches = await coder.encode(models, inRoles(states).counts);
      return { probabilities: await coder.read(models, patches), patches };
    },
    dynamicsOf: ({ dynamics }) => dynamics,
    async descent(models, { improved, past, state }) {
      descent.begin(models);
      descent.restart(improved);
      const saved = state as unknown as Saved | undefined;
      if (saved) descent.load(saved.train);
      const items = [...(saved?.items ?? (past ? await remember(models, past) : []))];
      const latest = past
        ? await coder.encode(models, inRoles(lastState(past.states)).counts)
        : new Float32Array(N * Z);
      let previous = saved?.previous ?? latest;
      let context: Float32Array = new Float32Array(0);
      let proposed: Float32Array = new Float32Array(0);
      return {
        async descend(data, targets, random) {
          context = contextOf(previous, data);
          items.push({ context, targets });
          return descent.descend(items, random);
        },
        async propose(random) {
          const { intended, alone, probabilities, priorError, patches } = await descent.propose(
            context,
            random,
          );
          proposed = Float32Array.from(patches);
          return { intended: outOfRoles(intended), alone: outOfRoles(alone), probabilities, priorError };
        },
        async observe(states) {
          previous = states ? await coder.encode(models, gatherRoles(states)) : proposed;
        },
        improved: () => descent.parameters(),
        state: () => ({ kind: "descent", train: descent.state(), items: [...items], previous }),
      };
    },
    async alone(models, improved, data, random) {
      descent.begin(models);
      descent.restart(improved);
      const steps = data.length / (N * P);
      const out = new Float32Array(steps * N * shape.classes);
      let previous = new Float32Array(N * Z);
      for (let step = 0; step < steps; step++) {
        const context = contextOf(previous, data.subarray(step * N * P, (step + 1) * N * P));
        const { probabilities, patches } = await descent.propose(context, random);
        out.set(probabilities, step * N * shape.classes);
        previous = Float32Array.from(patches);
      }
      return out;
    },
    kept: (models, improved) => ({ emulator: models, improved }),
    dispose: () => programs.dispose(),
  };

  function contextOf(previous: Float32Array, data: Float32Array): Float32Array {
    const context = new Float32Array(N * (Z + P));
    for (let n = 0; n < N; n++) {
      context.set(previous.subarray(n * Z, (n + 1) * Z), n * (Z + P));
      context.set(data.subarray(n * P, (n + 1) * P), n * (Z + P) + Z);
    }
    return context;
  }

  /** The past as items to descend on, coded by the emulator as it is now. */
  async function remember(models: JointModels, { states, targets }: Past): Promise<JointItem[]> {
    const patches = await coder.encode(models, inRoles(states).counts);
    const contexts = contextsOf(patches, states.data, shape);
    const width = N * (Z + P);
    return Array.from({ length: states.steps }, (_, step) => ({
      context: contexts.slice(step * width, (step + 1) * width),
      targets: targets.slice(step * N, (step + 1) * N),
    }));
  }

  function inRoles(states: States): States {
    return { ...states, channels: E, counts: gatherRoles(states.counts) };
  }

  /** Counts `[R, N, B, C]` -> `[R, N, B, E]`. */
  function gatherRoles(counts: Float32Array): Float32Array {
    const { channels: C } = order;
    const rows = counts.length / (B * C);
    const out = new Float32Array(rows * B * E);
    for (let row = 0; row < rows; row++) {
      const channelOf = order.channelOf[row % N];
      for (let bin = 0; bin < B; bin++)
        for (let role = 0; role < E; role++)
          out[(row * B + bin) * E + role] = counts[(row * B + bin) * C + channelOf[role]];
    }
    return out;
  }

  /** Counts `[N, B, E]` -> `[N, B, C]`; 0 where a channel has no role. */
  function outOfRoles(counts: Float32Array): Float32Array {
    const { channels: C } = order;
    const out = new Float32Array(N * B * C);
    for (let n = 0; n < N; n++)
      for (let bin = 0; bin < B; bin++)
        for (let role = 0; role < E; role++)
          out[(n * B + bin) * C + order.channelOf[n][role]] = counts[(n * B + bin) * E + role];
    return out;
  }
}
