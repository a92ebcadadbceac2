/**
 * A second-order Butterworth high-pass, sample by sample: the bilinear transform of the analogue filter, prewarped
 * at the cut-off. Oppenheim & Schafer, "Discrete-Time Signal Processing", section 7.2; in closed form
 * https://www.w3.org/TR/audio-eq-cookbook/ (highpass, Q = 1/sqrt 2).
 */
export class HighPass {
  private readonly b0: number;
  private readonly b1: number;
  private readonly a1: number;
  private readonly a2: number;
  private z1 = 0;
  private z2 = 0;

  constructor(cutOffHz: number, samplesPerSecond: number) {
    if (!(cutOffHz > 0 && cutOffHz < samplesPerSecond / 2))
      throw new RangeError(
        `high-pass: expected a cut-off between 0 and ${samplesPerSecond / 2} Hz, got ${cutOffHz}`,
      );
    const w = (2 * Math.PI * cutOffHz) / samplesPerSecond;
    const alpha = Math.sin(w) * Math.SQRT1_2;
    const a0 = 1 + alpha;
    this.b0 = (1 + Math.cos(w)) / 2 / a0;
    this.b1 = -2 * this.b0;
    this.a1 = (-2 * Math.cos(w)) / a0;
    this.a2 = (1 - alpha) / a0;
  }

  /** As if the input had always been `value`: nothing passes. */
  settle(value: number): void {
    this.z1 = -this.b0 * value;
    this.z2 = this.b0 * value;
  }

  next(x: number): number {
    const y = this.b0 * x + this.z1;
    this.z1 = this.b1 * x - this.a1 * y + this.z2;
    this.z2 = this.b0 * x - this.a2 * y;
    return y;
  }
}
