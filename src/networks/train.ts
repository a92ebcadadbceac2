/** The loop around a compiled training step. */

/**
 * Runs `steps` training steps with a linear warm-up and a cosine decay of the learning rate (Loshchilov & Hutter
 * 2016, https://arxiv.org/abs/1608.03983); returns the mean loss over the last tenth of them, NaN if there are none.
 */
export async function train(
  steps: number,
  peakLearningRate: number,
  step: (learningRate: number) => Promise<{ loss: number }>,
): Promise<number> {
  const warmUp = Math.min(50, steps / 4 + 1);
  const late = Math.max(1, Math.floor(steps / 10));
  let sum = 0;
  for (let i = 0; i < steps; i++) {
    const cosine = 0.5 * (1 + Math.cos((Math.PI * i) / steps));
    const { loss } = await step(peakLearningRate * Math.min(1, (i + 1) / warmUp) * (0.02 + 0.98 * cosine));
    if (!Number.isFinite(loss))
      throw new Error(`training diverged: loss ${loss} at step ${i + 1} of ${steps}`);
    if (i >= steps - late) sum += loss;
  }
  return steps === 0 ? Number.NaN : sum / late;
}
