/**
 * Stimulation off, for all threads of a run at once: a flag in memory that they share and that every safety gate reads,
 * whatever a thread's event loop is doing.
 *
 * Somebody has to hear the stop, too: one thread, that of signals and pages. It says every few milliseconds that it has heard all
 * that had come (a dead man's switch): while it is too busy to, gates of other threads let nothing pass and wait for it. So the last
 * pulse goes out at most `HEARD_MS` after the stop was sent, whatever keeps the listening thread from its messages.
 *
 * Layout: Int32 0 is the stop, Int32 1 is free for who builds on this, Float64 1 is when a gate last let pulses pass, Int32 4 the
 * thread that listens, Int32 5 how often it has heard, Float64 3 when it last did.
 */
import { threadId } from "node:worker_threads";
import { monotonicMs } from "../device/time.ts";

const STOP = 0;
const PASSED_AT_MS = 1;
/** 1 + the thread's number; 0 where nobody listens. */
const LISTENER = 4;
const TIMES_HEARD = 5;
const HEARD_AT_MS = 3;

export const STOP_FLAG_BYTES = 32;

/** How long gates trust that no stop has come since the listening thread last said so. */
export const HEARD_MS = 25;
const SAY_MS = 5;
/** Longest that a waiting gate sleeps before it looks again. */
const NAP_MS = 10;

export class StopFlag {
  private readonly words: Int32Array;
  private readonly numbers: Float64Array;

  /** Shares the flag of `buffer`, or makes a new one. */
  constructor(readonly buffer: SharedArrayBuffer = new SharedArrayBuffer(STOP_FLAG_BYTES)) {
    this.words = new Int32Array(buffer, 0, 6);
    this.numbers = new Float64Array(buffer, 0, 4);
  }

  /** Stimulation off at once, at every gate that reads the flag. There is no way back. */
  stop(): void {
    Atomics.store(this.words, STOP, 1);
    Atomics.notify(this.words, TIMES_HEARD);
  }

  get isStopped(): boolean {
    return Atomics.load(this.words, STOP) === 1;
  }

  /**
   * Asked by a gate before anything passes: whether it is stopped. Waits while another thread listens for a stop and is too busy
   * to hear one.
   */
  mustRefuse(): boolean {
    const { words, numbers } = this;
    for (;;) {
      const listener = Atomics.load(words, LISTENER);
      const times = Atomics.load(words, TIMES_HEARD);
      if (this.isStopped || listener === 0 || listener === threadId + 1) return this.isStopped;
      if (monotonicMs() - numbers[HEARD_AT_MS] < HEARD_MS) return this.isStopped;
      Atomics.wait(words, TIMES_HEARD, times, NAP_MS);
    }
  }

  /** This thread hears stops from now on, until what is returned is called. */
  listen(): () => void {
    const hear = () => {
      this.numbers[HEARD_AT_MS] = monotonicMs();
      Atomics.add(this.words, TIMES_HEARD, 1);
      Atomics.notify(this.words, TIMES_HEARD);
    };
    hear();
    Atomics.store(this.words, LISTENER, threadId + 1);
    // Between a timer and an immediate the event loop takes in all that has come, signals among them.
    const timer = setInterval(() => setImmediate(hear), SAY_MS).unref();
    return () => {
      clearInterval(timer);
      Atomics.store(this.words, LISTENER, 0);
      Atomics.notify(this.words, TIMES_HEARD);
    };
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
