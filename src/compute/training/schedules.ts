/** Learning rates over a run: functions of the step, on the host. */

export interface WarmupCosine {
  peak: number;
  /** Steps of linear rise from 0. */
  warmupSteps: number;
  totalSteps: number;
  /** Where the cosine ends; default 0. */
  floor?: number;
}

/** Linear warm-up, then half a cosine (Loshchilov and Hutter 2017, https://arxiv.org/abs/1608.03983). Steps count from 0. */
export function warmupCosine({
  peak,
  warmupSteps,
  totalSteps,
  floor = 0,
}: WarmupCosine): (step: number) => number {
  if (!(warmupSteps >= 0 && totalSteps > warmupSteps))
    throw new RangeError(
      `warmupCosine: expected 0 <= warmupSteps < totalSteps, got ${warmupSteps} and ${totalSteps}`,
    );
  return (step) => {
    if (step < warmupSteps) return (peak * (step + 1)) / warmupSteps;
    const progress = Math.min(1, (step - warmupSteps) / (totalSteps - warmupSteps));
    return floor + (peak - floor) * 0.5 * (1 + Math.cos(Math.PI * progress));
  };
}
