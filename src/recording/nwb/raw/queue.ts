/**
 * A bounded queue of sample blocks in shared memory, one thread in and one out: handing over costs one copy and no
 * allocation, and never waits. What finds no room is refused, and counted by who hands over.
 */

export interface QueueMemory {
  readonly counters: SharedArrayBuffer;
  readonly frames: SharedArrayBuffer;
  readonly samples: SharedArrayBuffer;
}

const IN = 0;
const OUT = 1;
const END = 2;

export function queueMemory(slots: number, blockLength: number): QueueMemory {
  return {
    counters: new SharedArrayBuffer(12),
    frames: new SharedArrayBuffer(8 * slots),
    samples: new SharedArrayBuffer(2 * slots * blockLength),
  };
}

export class BlockQueue {
  private readonly counters: Int32Array;
  private readonly frames: Float64Array;
  private readonly samples: Int16Array;
  readonly slots: number;
  readonly blockLength: number;

  constructor(memory: QueueMemory) {
    this.counters = new Int32Array(memory.counters);
    this.frames = new Float64Array(memory.frames);
    this.samples = new Int16Array(memory.samples);
    this.slots = this.frames.length;
    this.blockLength = this.samples.length / this.slots;
  }

  /** Blocks handed over and not yet taken. */
  get waiting(): number {
    return Atomics.load(this.counters, IN) - Atomics.load(this.counters, OUT);
  }

  /** False where there is no room. */
  push(frame: number, block: Int16Array): boolean {
    const at = Atomics.load(this.counters, IN);
    if (at - Atomics.load(this.counters, OUT) >= this.slots) return false;
    const slot = at % this.slots;
    this.frames[slot] = frame;
    this.samples.set(block, slot * this.blockLength);
    Atomics.add(this.counters, IN, 1);
    Atomics.notify(this.counters, IN);
    return true;
  }

  /** Nothing will come any more. */
  end(): void {
    Atomics.store(this.counters, END, 1);
    Atomics.notify(this.counters, IN);
  }

  /** Waits for blocks in this thread, which must not be the main one, and gives each to `use`, until the end. */
  drain(use: (frame: number, block: Int16Array) => void): void {
    for (;;) {
      const out = Atomics.load(this.counters, OUT);
      const seen = Atomics.load(this.counters, IN);
      if (seen === out) {
        if (Atomics.load(this.counters, END) === 1 && Atomics.load(this.counters, IN) === out) return;
        Atomics.wait(this.counters, IN, seen, 50);
        continue;
      }
      const slot = out % this.slots;
      use(this.frames[slot], this.samples.subarray(slot * this.blockLength, (slot + 1) * this.blockLength));
      Atomics.add(this.counters, OUT, 1);
    }
  }
}
