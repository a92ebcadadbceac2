/** What a vat decides: all brains together, each by itself, their majority; and what becomes of it as brains are removed. */
import { Random } from "../../math/random.ts";
import { mean } from "../../math/statistics.ts";
import type { Question } from "../contract.ts";

/** What the brains of a vat said to `steps` data, and what was right. */
export interface Spoken {
  readonly steps: number;
  readonly brains: number;
  readonly classes: number;
  /** `[R, N, K]` */
  readonly probabilities: Float32Array;
  /** `[R, Q]` */
  readonly answers: Int32Array;
}

const FLOOR = 1e-4;

/** Log evidence `[A]` for every answer of a question from some brains at a step. */
function evidence(spoken: Spoken, question: Question, brains: readonly number[], step: number): Float64Array {
  const { probabilities, classes: K, brains: N } = spoken;
  return Float64Array.from({ length: question.answers }, (_, answer) =>
    brains.reduce((sum, brain) => {
      const p = probabilities[(step * N + brain) * K + question.wordOf(brain, answer)];
      return sum + Math.log(p + FLOOR);
    }, 0),
  );
}

/** 1 if the right answer has most evidence; shared where it is tied, as it is between answers that a brain says alike. */
function rightShare(scores: Float64Array, right: number): number {
  const top = Math.max(...scores);
  const tied = scores.reduce((count, score) => count + (score > top - 1e-9 ? 1 : 0), 0);
  return scores[right] > top - 1e-9 ? 1 / tied : 0;
}

type Decider = (step: number, question: Question, q: number) => number;

/** Mean over steps `[from, to)` and questions of a decider's share of right answers. */
function meanOver(questions: readonly Question[], from: number, to: number, decider: Decider): number {
  let sum = 0;
  for (let step = from; step < to; step++)
    questions.forEach((question, q) => {
      sum += decider(step, question, q);
    });
  return sum / Math.max(1, (to - from) * questions.length);
}

/** Accuracy of the brains of `kept` deciding together, by the product of what each says. */
export function jointAccuracy(
  spoken: Spoken,
  questions: readonly Question[],
  kept: (brain: number) => boolean = () => true,
): number {
  return meanOver(questions, 0, spoken.steps, (step, question, q) => {
    const brains = question.brains.filter(kept);
    return rightShare(evidence(spoken, question, brains, step), spoken.answers[step * questions.length + q]);
  });
}

/** Accuracy when every brain has one vote, shared between answers that it says alike. */
export function majorityAccuracy(spoken: Spoken, questions: readonly Question[]): number {
  return meanOver(questions, 0, spoken.steps, (step, question, q) => {
    const votes = new Float64Array(question.answers);
    for (const brain of question.brains) {
      const scores = evidence(spoken, question, [brain], step);
      for (let answer = 0; answer < votes.length; answer++) votes[answer] += rightShare(scores, answer);
    }
    return rightShare(votes, spoken.answers[step * questions.length + q]);
  });
}

/** Accuracy `[N]` of each brain alone on the questions that it knows of. */
export function brainAccuracies(
  spoken: Spoken,
  questions: readonly Question[],
  from = 0,
  to = spoken.steps,
): number[] {
  return Array.from({ length: spoken.brains }, (_, brain) => {
    const own = questions.filter(({ brains }) => brains.includes(brain));
    return meanOver(own, from, to, (step, question) => {
      const right = spoken.answers[step * questions.length + questions.indexOf(question)];
      return rightShare(evidence(spoken, question, [brain], step), right);
    });
  });
}

/**
 * The best brain of each question, mean over questions: chosen on the first half of the steps, scored on the second, so that
 * luck does not choose it.
 */
export function bestBrainAccuracy(spoken: Spoken, questions: readonly Question[]): number {
  const half = Math.floor(spoken.steps / 2);
  const scores = questions.map(({ brains }, q) => {
    const own = onlyQuestion(spoken, questions, q);
    const first = brainAccuracies(own.spoken, own.questions, 0, half);
    const best = brains.reduce((least, brain) => (first[brain] > first[least] ? brain : least));
    return brainAccuracies(own.spoken, own.questions, half, spoken.steps)[best];
  });
  return mean(scores);
}

const DRAWS = 12;

/** Joint accuracy of k brains drawn at random, for some k up to all: `[k, accuracy]`. */
export function ablation(spoken: Spoken, questions: readonly Question[], seed: number): [number, number][] {
  const sizes = [...new Set([1, 2, 4, 8, 16, 32, 64, spoken.brains])].filter((k) => k <= spoken.brains);
  return sizes
    .sort((a, b) => a - b)
    .map((k) => {
      const draws = k === spoken.brains ? 1 : DRAWS;
      let sum = 0;
      for (let d = 0; d < draws; d++) {
        const kept = new Set(Random.of(seed, "ablation", k, d).permutation(spoken.brains).slice(0, k));
        sum += jointAccuracy(spoken, questions, (brain) => kept.has(brain));
      }
      return [k, sum / draws];
    });
}

/** Question `q` by itself. */
export function onlyQuestion(
  spoken: Spoken,
  questions: readonly Question[],
  q: number,
): { spoken: Spoken; questions: readonly Question[] } {
  const answers = spoken.answers.filter((_, i) => i % questions.length === q);
  return { spoken: { ...spoken, answers }, questions: [questions[q]] };
}

/** What the joint accuracy loses without each brain, `[N]`. */
export function lossWithout(spoken: Spoken, questions: readonly Question[]): number[] {
  const all = jointAccuracy(spoken, questions);
  return Array.from(
    { length: spoken.brains },
    (_, out) => all - jointAccuracy(spoken, questions, (brain) => brain !== out),
  );
}
