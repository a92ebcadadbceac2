/**
 * What a run is told while it goes: stop, pause, what to change between cycles, and whether anybody watches. A few flags
 * in memory that all its threads share, behind those of the stop.
 */
import { STOP_FLAG_BYTES, StopFlag } from "../../tissue/stop-flag.ts";
import { AS_PLANNED, type Tuning } from "./tuning.ts";

/** Int32 words of the buffer. */
const PAUSE = 1;
const WATCHED = STOP_FLAG_BYTES / 4;
/** Float64 words of the buffer. */
const PLASTICITY = STOP_FLAG_BYTES / 8 + 1;
const CONTROL_BYTES = STOP_FLAG_BYTES + 16;
/** Longest that a paused thread sleeps before it looks again. */
const NAP_MS = 100;

export class RunControl extends StopFlag {
  private readonly flags: Int32Array;
  private readonly settings: Float64Array;
  private keep: (tuning: Tuning) => void = () => {};

  /** Shares the flags of `buffer`, or makes new ones. */
  constructor(buffer: SharedArrayBuffer = blank()) {
    super(buffer);
    this.flags = new Int32Array(buffer);
    this.settings = new Float64Array(buffer);
  }

  /** What holds for cycles that begin from now on. */
  get tuning(): Tuning {
    return { plasticity: this.settings[PLASTICITY] };
  }

  /** Changes what holds for cycles that begin from now on, once it has been written down. */
  tune(tuning: Tuning): void {
    this.keep(tuning);
    this.settings[PLASTICITY] = tuning.plasticity;
  }

  /** Changes are written down by `keep` before they hold; `kept` is the last that was written down before a stop. */
  keepTuning(kept: Tuning | undefined, keep: (tuning: Tuning) => void): void {
    this.keep = keep;
    this.tune(kept ?? this.tuning);
  }

  /** Stimulation off at once, at every gate of the run; then the run saves and ends. There is no way back. */
  override stop(): void {
    super.stop();
    Atomics.notify(this.flags, PAUSE);
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
  const buffer = new SharedArrayBuffer(CONTROL_BYTES);
  new Float64Array(buffer)[PLASTICITY] = AS_PLANNED.plasticity;
  return buffer;
}
