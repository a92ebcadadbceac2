/** A stage of training inside a budget of steps or of seconds, which can be stopped and resumed. */

export type Stage = "autoencoder" | "dynamics";

/** How long to train, with hooks for progress and for stopping. */
export interface BudgetOptions {
  /** The budget: steps of both stages together (same bits every time) or seconds of wall-clock time. */
  readonly budget: { readonly steps: number } | { readonly seconds: number };
  readonly onProgress?: (progress: { stage: Stage; share: number; loss: number }) => void;
  readonly signal?: AbortSignal;
}

/** How far a stage has come. */
export interface Schedule {
  readonly steps: number;
  /** Seconds spent, over all sittings. */
  readonly seconds: number;
  readonly finished: boolean;
}

/** A stage before it runs. */
export interface StagePlan {
  readonly stage: Stage;
  /** Of the budget. */
  readonly share: number;
  readonly peakLearningRate: number;
  readonly resume: Schedule | undefined;
}

const WARM_UP_STEPS = 50;

/**
 * Runs `step` until this stage's share of the budget is spent or the signal is given, with a linear warm-up and a cosine
 * decay of the learning rate (Loshchilov & Hutter 2016, https://arxiv.org/abs/1608.03983).
 */
export async function scheduled(
  { budget, signal, onProgress }: BudgetOptions,
  { stage, share: part, peakLearningRate, resume }: StagePlan,
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
