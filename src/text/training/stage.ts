/** One stage of training inside its share of a budget: it can be stopped between any two steps, and resumed to the bit. */
import type { Tensors, TrainState, TrainStep } from "../../compute/index.ts";
import { learningRateAt } from "./settings.ts";

export type Stage = "base" | "adavae";
export type Budget = { readonly steps: number } | { readonly seconds: number };

/** How far a stage has come. */
export interface StageState {
  readonly stage: Stage;
  /** Steps and seconds of this stage, over all sittings. */
  readonly steps: number;
  readonly seconds: number;
  readonly training: TrainState<unknown>;
}

export interface StageOptions {
  readonly budget: Budget;
  readonly signal?: AbortSignal;
  readonly onProgress?: (at: {
    stage: Stage;
    share: number;
    figures: Readonly<Record<string, number>>;
  }) => void;
  /** Called every minute with all that a resumed stage needs. */
  readonly save?: (state: StageState) => void;
}

export interface StagePlan {
  readonly stage: Stage;
  /** Of the budget. */
  readonly share: number;
  readonly learningRate: number;
  readonly resume?: StageState | undefined;
}

/** Optimiser of both stages. */
export const OPTIMISER = { clipNorm: 1, beta2: 0.98, weightDecay: 0.02, emaDecay: 0.998 };
const SAVE_EVERY_SECONDS = 60;

/** Runs a stage to the end of its share of the budget, or until the signal. The returned state is of that moment. */
export async function runStage<Params, Batch, Frozen, Aux>(
  step: TrainStep<Params, Batch, Frozen, Aux>,
  { budget, signal, onProgress, save }: StageOptions,
  plan: StagePlan,
  batchAt: (steps: number, share: number) => Tensors<Batch>,
): Promise<{ finished: boolean; state: StageState }> {
  const { stage, resume } = plan;
  if (resume) step.load(resume.training as TrainState<Params>);
  let steps = resume?.steps ?? 0;
  const before = resume?.seconds ?? 0;
  const start = performance.now();
  const seconds = () => before + (performance.now() - start) / 1000;
  const share = () =>
    "steps" in budget
      ? steps / Math.max(1, Math.round(plan.share * budget.steps))
      : seconds() / (plan.share * budget.seconds);
  const state = (): StageState => ({ stage, steps, seconds: seconds(), training: step.state() });
  const smooth: Record<string, number> = {};
  let saved = seconds();
  for (let at = share(); at < 1; at = share()) {
    if (signal?.aborted) return { finished: false, state: state() };
    const learningRate = learningRateAt(plan.learningRate, steps, at);
    const { loss, aux } = await step.run(batchAt(steps, at), { learningRate });
    if (!Number.isFinite(loss))
      throw new Error(`text: training diverged, loss ${loss} at step ${steps + 1} of the ${stage}`);
    steps++;
    for (const [name, value] of Object.entries({ loss, ...scalarsOf(aux) }))
      smooth[name] = smooth[name] === undefined ? value : 0.98 * smooth[name] + 0.02 * value;
    if (steps % 20 === 0) onProgress?.({ stage, share: Math.min(1, at), figures: { steps, ...smooth } });
    if (save && seconds() - saved > SAVE_EVERY_SECONDS) {
      save(state());
      saved = seconds();
    }
  }
  return { finished: true, state: state() };
}

function scalarsOf(aux: unknown): Record<string, number> {
  const entries = Object.entries(aux as Record<string, { data: ArrayLike<number> }>);
  return Object.fromEntries(entries.map(([name, { data }]) => [name, data[0]]));
}
