/** A stage of training inside a budget of steps or of seconds, that can be stopped and gone on with. */
import type { ForecastFitOptions, Stage } from "./fit.ts";

export interface Schedule {
  readonly steps: number;
  /** Seconds spent, over all sittings. */
  readonly seconds: number;
  readonly finished: boolean;
}

const WARM_UP_STEPS = 50;

/**
 * Runs `step` until this stage's `part` of the budget is spent or the signal is given, with a linear warm-up and a cosine
 * decay of the learning rate (Loshchilov & Hutter 2016, https://arxiv.org/abs/1608.03983).
 */
export async function scheduled(
  { budget, signal, onProgress }: Pick<ForecastFitOptions, "budget" | "signal" | "onProgress">,
  part: number,
  resume: Schedule | undefined,
  peakLearningRate: number,
  stage: Stage,
  step: (learningRate: number) => Promise<{ loss: number }>,
): Promise<Schedule> {
  let steps = resume?.steps ?? 0;
  const before = resume?.seconds ?? 0;
  const start = performance.now();
  const seconds = () => before + (performance.now() - start) / 1000;
  const share = () =>
    "steps" in budget
      ? steps / Math.max(1, Math.round(part * budget.steps))
      : seconds() / (part * budget.seconds);
  let smooth = Number.NaN;
  for (let at = share(); at < 1; at = share()) {
    if (signal?.aborted) return { steps, seconds: seconds(), finished: false };
    const cosine = 0.5 * (1 + Math.cos(Math.PI * at));
    const { loss } = await step(
      peakLearningRate * Math.min(1, (steps + 1) / WARM_UP_STEPS) * (0.01 + 0.99 * cosine),
    );
    if (!Number.isFinite(loss))
      throw new Error(`emulator: training diverged, loss ${loss} at step ${steps + 1}`);
    steps++;
    smooth = Number.isNaN(smooth) ? loss : 0.95 * smooth + 0.05 * loss;
    if (steps % 10 === 0) onProgress?.({ stage, share: Math.min(1, at), loss: smooth });
  }
  return { steps, seconds: seconds(), finished: true };
}
