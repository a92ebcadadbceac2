/**
 * Stimulation off, for all threads of a run at once: a flag in memory that they share and that every safety gate reads,
 * whatever a thread's event loop is doing.
 *
 * Layout: Int32 0 is the stop, Int32 1 is free for who builds on this, Float64 1 is when a gate last let pulses pass.
 */
const STOP = 0;
const PASSED_AT_MS = 1;

export const STOP_FLAG_BYTES = 16;

export class StopFlag {
  private readonly words: Int32Array;
  private readonly numbers: Float64Array;

  /** Shares the flag of `buffer`, or makes a new one. */
  constructor(readonly buffer: SharedArrayBuffer = new SharedArrayBuffer(STOP_FLAG_BYTES)) {
    this.words = new Int32Array(buffer, 0, 1);
    this.numbers = new Float64Array(buffer, 0, 2);
  }

  /** Stimulation off at once, at every gate that reads the flag. There is no way back. */
  stop(): void {
    Atomics.store(this.words, STOP, 1);
  }

  get isStopped(): boolean {
    return Atomics.load(this.words, STOP) === 1;
  }

  /** A gate has let pulses pass. */
  passed(): void {
    this.numbers[PASSED_AT_MS] = performance.timeOrigin + performance.now();
  }

  /** Wall clock, ms since 1970; null if none has passed. Of threads that write in the same instant, one of them. */
  get lastPassedAtMs(): number | null {
    return this.numbers[PASSED_AT_MS] || null;
  }
}
