/**
 * What a run is told while it goes: stop, pause, what to change between cycles, and whether anybody watches. A few flags
 * in memory that all its threads share, so that a stop reaches the safety gate at once, whatever a thread's event loop is
 * doing.
 */
import { AS_PLANNED, type Tuning } from "./tuning.ts";

const STOP = 0;
const PAUSE = 1;
const WATCHED = 2;
const FLAGS = 4;
const PLASTICITY = 0;
const PASSED_AT_MS = 1;
const NUMBERS = 2;
/** Longest that a paused thread sleeps before it looks again. */
const NAP_MS = 100;

export class RunControl {
  private readonly flags: Int32Array;
  private readonly numbers: Float64Array;
  private keep: (tuning: Tuning) => void = () => {};

  /** Shares the flags of `buffer`, or makes new ones. */
  constructor(readonly buffer: SharedArrayBuffer = blank()) {
    this.flags = new Int32Array(buffer, 0, FLAGS);
    this.numbers = new Float64Array(buffer, FLAGS * 4, NUMBERS);
  }

  /** What holds for cycles that begin from now on. */
  get tuning(): Tuning {
    return { plasticity: this.numbers[PLASTICITY] };
  }

  /** Changes what holds for cycles that begin from now on, once it has been written down. */
  tune(tuning: Tuning): void {
    this.keep(tuning);
    this.numbers[PLASTICITY] = tuning.plasticity;
  }

  /** Changes are written down by `keep` before they hold; `kept` is the last that was written down before a stop. */
  keepTuning(kept: Tuning | undefined, keep: (tuning: Tuning) => void): void {
    this.keep = keep;
    this.tune(kept ?? this.tuning);
  }

  /** Stimulation off at once, at every gate of the run; then the run saves and ends. There is no way back. */
  stop(): void {
    this.set(STOP, 1);
    Atomics.notify(this.flags, PAUSE);
  }

  get isStopped(): boolean {
    return Atomics.load(this.flags, STOP) === 1;
  }

  /** A gate has let pulses pass. */
  passed(): void {
    this.numbers[PASSED_AT_MS] = performance.timeOrigin + performance.now();
  }

  /** Wall clock, ms since 1970; null if none has passed. Of threads that write in the same instant, one of them. */
  get lastPassedAtMs(): number | null {
    return this.numbers[PASSED_AT_MS] || null;
  }

  /** Holds every thread of the run before its next presentation. */
  pause(): void {
    this.set(PAUSE, 1);
  }

  resume(): void {
    this.set(PAUSE, 0);
    Atomics.notify(this.flags, PAUSE);
  }

  get isPaused(): boolean {
    return Atomics.load(this.flags, PAUSE) === 1;
  }

  /** Whether anybody looks at spikes and states; when nobody does they are not sent. */
  watch(isWatched: boolean): void {
    this.set(WATCHED, isWatched ? 1 : 0);
  }

  get isWatched(): boolean {
    return Atomics.load(this.flags, WATCHED) === 1;
  }

  /** Blocks this thread (a worker's, never the main one) for as long as the run is paused and not stopped. */
  sleepWhilePaused(): void {
    while (this.isPaused && !this.isStopped) Atomics.wait(this.flags, PAUSE, 1, NAP_MS);
  }

  private set(flag: number, value: 0 | 1): void {
    Atomics.store(this.flags, flag, value);
  }
}

function blank(): SharedArrayBuffer {
  const buffer = new SharedArrayBuffer(FLAGS * 4 + NUMBERS * 8);
  new Float64Array(buffer, FLAGS * 4)[PLASTICITY] = AS_PLANNED.plasticity;
  return buffer;
}
