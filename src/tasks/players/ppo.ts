/**
 * Proximal policy optimisation with a small network: clipped surrogate, value baseline, generalised advantages.
 * Schulman et al. 2017, https://arxiv.org/abs/1707.06347; advantages: Schulman et al. 2015, https://arxiv.org/abs/1506.02438
 */
import { tensor, trainStep, zeros } from "../../compute/index.ts";
import { type Array as JaxArray, nn, np } from "../../compute/jax.ts";
import type { Random } from "../../math/random.ts";
import { evaluate, initNetwork, largest, type Network, networkOf, oneHot } from "./dqn.ts";
import type { Agent, Trial } from "./trial.ts";

const HORIZON = 64;
const EPOCHS = 8;
const CLIP = 0.2;
const DISCOUNT = 0.95;
const TRACE = 0.9;
const ENTROPY = 0.01;

type Batch<Leaf> = { seen: Leaf; move: Leaf; logProbability: Leaf; advantage: Leaf; value: Leaf };

/** `random` draws moves; the game of the trial may draw from it, too. */
export async function trainPpo(trial: Trial, samples: number, random: Random): Promise<Agent> {
  const { inputs, moves } = trial;
  const horizon = Math.min(HORIZON, samples);
  const step = await trainStep({
    loss: (p: Network<JaxArray>, batch: Batch<JaxArray>) => {
      const [logits, value] = np.split(networkOf(p, batch.seen), [moves], 1);
      const logAll = nn.logSoftmax(logits!, -1);
      const ratio = np.exp(logAll.mul(batch.move).sum(1).sub(batch.logProbability));
      const plain = ratio.mul(batch.advantage);
      const clipped = np.clip(ratio, 1 - CLIP, 1 + CLIP).mul(batch.advantage);
      const surrogate = np.minimum(plain, clipped).mean();
      const entropy = np.exp(logAll).mul(logAll).sum(1).mean().neg();
      const error = np.square(value!.reshape([horizon]).sub(batch.value)).mean();
      return error.mul(0.5).sub(surrogate).sub(entropy.mul(ENTROPY));
    },
    params: initNetwork(random.split("init"), inputs, moves + 1),
    batch: {
      seen: zeros([horizon, inputs]),
      move: zeros([horizon, moves]),
      logProbability: zeros([horizon]),
      advantage: zeros([horizon]),
      value: zeros([horizon]),
    },
    optimiser: { clipNorm: 0.5 },
  });
  trial.begin();
  for (let n = 0; n + horizon <= samples; n += horizon) {
    const rows: {
      seen: Float32Array;
      move: number;
      logProbability: number;
      value: number;
      reward: number;
    }[] = [];
    for (let t = 0; t < horizon; t++) {
      const seen = trial.observe();
      const { probabilities, value } = policy(evaluate(step.live(), seen), moves);
      const move = draw(probabilities, random);
      rows.push({
        seen,
        move,
        value,
        reward: trial.play(move),
        logProbability: Math.log(probabilities[move]),
      });
    }
    const after = policy(evaluate(step.live(), trial.observe()), moves).value;
    const advantage = advantagesOf(rows, after);
    const returns = advantage.map((a, t) => a + rows[t].value);
    const mean = advantage.reduce((sum, a) => sum + a / horizon, 0);
    const deviation = Math.sqrt(advantage.reduce((sum, a) => sum + (a - mean) ** 2 / horizon, 0)) + 1e-6;
    for (let epoch = 0; epoch < EPOCHS; epoch++)
      await step.run(
        {
          seen: tensor(
            [horizon, inputs],
            rows.flatMap(({ seen }) => [...seen]),
          ),
          move: tensor(
            [horizon, moves],
            oneHot(
              rows.map(({ move }) => move),
              moves,
            ),
          ),
          logProbability: tensor(
            [horizon],
            rows.map((row) => row.logProbability),
          ),
          advantage: tensor(
            [horizon],
            advantage.map((a) => (a - mean) / deviation),
          ),
          value: tensor([horizon], returns),
        },
        { learningRate: 3e-3 },
      );
  }
  const final = step.params();
  await step.dispose();
  return (seen) => largest(evaluate(final, seen).slice(0, moves));
}

function policy(outputs: readonly number[], moves: number): { probabilities: number[]; value: number } {
  const logits = outputs.slice(0, moves);
  const top = Math.max(...logits);
  const weights = logits.map((logit) => Math.exp(logit - top));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return { probabilities: weights.map((weight) => weight / total), value: outputs[moves] };
}

function draw(probabilities: readonly number[], random: Random): number {
  let left = random.uniform();
  for (let k = 0; k < probabilities.length; k++) {
    left -= probabilities[k];
    if (left < 0) return k;
  }
  return probabilities.length - 1;
}

function advantagesOf(rows: readonly { value: number; reward: number }[], after: number): number[] {
  const out = new Array<number>(rows.length);
  let trace = 0;
  for (let t = rows.length - 1; t >= 0; t--) {
    const next = rows[t + 1]?.value ?? after;
    trace = rows[t].reward + DISCOUNT * next - rows[t].value + DISCOUNT * TRACE * trace;
    out[t] = trace;
  }
  return out;
}
