/**
 * A small deep Q network: epsilon-greedy play, replay of all samples so far, a target network.
 * Mnih et al. 2015, "Human-level control through deep reinforcement learning", https://doi.org/10.1038/nature14236
 */
import { type Tensor, tensor, trainStep, zeros } from "../../compute/index.ts";
import { type Array as JaxArray, np } from "../../compute/jax.ts";
import type { Random } from "../../math/random.ts";
import { initLinear, type Linear, linear } from "../../networks/layers.ts";
import type { Agent, Trial } from "./trial.ts";

export type Network<Leaf> = { first: Linear<Leaf>; second: Linear<Leaf> };

const HIDDEN = 32;
const BATCH = 32;
const UPDATES_PER_STEP = 2;
const TARGET_EVERY = 50;
const DISCOUNT = 0.95;

export function initNetwork(random: Random, inputs: number, outputs: number): Network<Tensor> {
  return {
    first: initLinear(random, inputs, HIDDEN),
    second: initLinear(random, HIDDEN, outputs, 0.1),
  };
}

export function networkOf(p: Network<JaxArray>, seen: JaxArray): JaxArray {
  return linear(p.second, np.tanh(linear(p.first, seen)));
}

/** The network on one observation, on the host: too small for a program. */
export function evaluate({ first, second }: Network<Tensor>, seen: ArrayLike<number>): number[] {
  const layer = ({ weight, bias }: Linear<Tensor>, x: ArrayLike<number>) =>
    Array.from(bias.data, (b, o) => {
      let sum = b;
      for (let i = 0; i < x.length; i++) sum += x[i] * weight.data[i * bias.data.length + o];
      return sum;
    });
  return layer(second, layer(first, seen).map(Math.tanh));
}

export function largest(values: readonly number[]): number {
  return values.indexOf(Math.max(...values));
}

type Batch<Leaf> = { seen: Leaf; move: Leaf; value: Leaf };

/** `random` draws moves and replay; the game of the trial may draw from it, too. */
export async function trainDqn(trial: Trial, samples: number, random: Random): Promise<Agent> {
  const { inputs, moves } = trial;
  const step = await trainStep({
    loss: (p: Network<JaxArray>, batch: Batch<JaxArray>) =>
      np.square(networkOf(p, batch.seen).mul(batch.move).sum(1).sub(batch.value)).mean(),
    params: initNetwork(random.split("init"), inputs, moves),
    batch: { seen: zeros([BATCH, inputs]), move: zeros([BATCH, moves]), value: zeros([BATCH]) },
    optimiser: { clipNorm: 1 },
  });
  const memory: { seen: Float32Array; move: number; reward: number; next: Float32Array }[] = [];
  let target = step.params();
  trial.begin();
  for (let n = 0; n < samples; n++) {
    const seen = trial.observe();
    const explore = random.uniform() < Math.max(0.05, 1 - (2 * n) / samples);
    const move = explore ? random.integer(moves) : largest(evaluate(step.live(), seen));
    memory.push({ seen, move, reward: trial.play(move), next: trial.observe() });
    if (memory.length < BATCH) continue;
    for (let u = 0; u < UPDATES_PER_STEP; u++) {
      const drawn = Array.from({ length: BATCH }, () => memory[random.integer(memory.length)]);
      // A rally's end is not the game's: the next ball follows.
      const value = drawn.map(({ reward, next }) => reward + DISCOUNT * Math.max(...evaluate(target, next)));
      await step.run(
        {
          seen: tensor(
            [BATCH, inputs],
            drawn.flatMap((sample) => [...sample.seen]),
          ),
          move: tensor(
            [BATCH, moves],
            oneHot(
              drawn.map((sample) => sample.move),
              moves,
            ),
          ),
          value: tensor([BATCH], value),
        },
        { learningRate: 3e-3 },
      );
    }
    if (n % TARGET_EVERY === 0) target = step.params();
  }
  const final = step.params();
  await step.dispose();
  return (seen) => largest(evaluate(final, seen));
}

export function oneHot(moves: readonly number[], of: number): number[] {
  return moves.flatMap((move) => Array.from({ length: of }, (_, k) => (k === move ? 1 : 0)));
}
