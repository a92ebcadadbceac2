/**
 * STOP for the gates of all of a vat's brains: a flag in memory that their threads share, so that it holds from a gate's
 * next call on, also in the middle of a step. Beside it stands when a gate last let pulses pass.
 */
export class StopFlag {
  private readonly flag: Int32Array;
  private readonly passedAtMs: Float64Array;

  /** Shares the flag in `memory`, or makes a new one. */
  constructor(readonly memory: SharedArrayBuffer = new SharedArrayBuffer(16)) {
    this.flag = new Int32Array(memory, 0, 1);
    this.passedAtMs = new Float64Array(memory, 8, 1);
  }

  /** There is no way back. */
  stop(): void {
    Atomics.store(this.flag, 0, 1);
  }

  get isStopped(): boolean {
    return Atomics.load(this.flag, 0) === 1;
  }

  /** A gate has let pulses pass. */
  passed(): void {
    this.passedAtMs[0] = performance.timeOrigin + performance.now();
  }

  /** Wall clock, ms since 1970; null if none has passed. Of threads that write in the same instant, one of them. */
  get lastPassedAtMs(): number | null {
    return this.passedAtMs[0] || null;
  }
}
