/**
 * Records raw samples to an NWB file beside a loop in real time: a thread of its own writes, and handing over never
 * waits. Blocks that find the queue full are lost: they are counted, zero in the file, and named in its
 * `/intervals/invalid_times`.
 */
import type { Worker } from "node:worker_threads";
import { startThread } from "../../../threads/start.ts";
import { RecordingError } from "../../contract.ts";
import type { RawFormat } from "../electrical.ts";
import { BlockQueue, queueMemory } from "./queue.ts";
import type { RawMessage, RawWork } from "./worker.ts";

export interface RawRecorderOptions extends RawFormat {
  /** Frames handed over at a time. */
  readonly blockFrames: number;
  /** Blocks that may wait; default: a second's. */
  readonly slots?: number;
}

export interface RawReport {
  readonly framesWritten: number;
  readonly framesLost: number;
  readonly blocksLost: number;
  /** Most blocks that waited at once, and the room there was. */
  readonly mostWaiting: number;
  readonly slots: number;
  /** Time that the thread spent writing. */
  readonly busyMs: number;
}

export class RawRecorder {
  private frame = 0;
  private blocksLost = 0;
  private mostWaiting = 0;
  private failure: Error | undefined;

  private constructor(
    private readonly worker: Worker,
    private readonly queue: BlockQueue,
    private readonly blockFrames: number,
  ) {}

  static async open(path: string, options: RawRecorderOptions): Promise<RawRecorder> {
    const { blockFrames, session, voltsPerStep } = options;
    const slots = options.slots ?? Math.max(2, Math.ceil(session.framesPerSecond / blockFrames));
    const memory = queueMemory(slots, blockFrames * session.electrodes.length);
    const work: RawWork = { path, format: { session, voltsPerStep }, queue: memory };
    const worker = startThread(import.meta.url, "./worker", work);
    const recorder = new RawRecorder(worker, new BlockQueue(memory), blockFrames);
    worker.on("error", (error) => {
      recorder.failure ??= error;
    });
    await recorder.answer("ready");
    return recorder;
  }

  /** Hands over the next block `[blockFrames, channels]`; false where it was lost. */
  push(block: Int16Array): boolean {
    if (this.failure) throw this.failure;
    if (block.length !== this.queue.blockLength)
      throw new RecordingError(`raw samples: expected ${this.queue.blockLength} values, got ${block.length}`);
    const taken = this.queue.push(this.frame, block);
    this.frame += this.blockFrames;
    if (!taken) this.blocksLost++;
    this.mostWaiting = Math.max(this.mostWaiting, this.queue.waiting);
    return taken;
  }

  /** Writes what waits, closes the file, ends the thread. Blocks lost at the very end are not in the file at all. */
  async close(): Promise<RawReport> {
    this.queue.end();
    const { frames, busyMs } = await this.answer("closed");
    return {
      framesWritten: frames,
      framesLost: this.blocksLost * this.blockFrames,
      blocksLost: this.blocksLost,
      mostWaiting: this.mostWaiting,
      slots: this.queue.slots,
      busyMs,
    };
  }

  private async answer<Kind extends RawMessage["kind"]>(
    kind: Kind,
  ): Promise<Extract<RawMessage, { kind: Kind }>> {
    try {
      const message = await new Promise<RawMessage>((resolve, reject) => {
        if (this.failure) reject(this.failure);
        this.worker.once("message", resolve).once("error", reject);
        this.worker.once("exit", (code) => reject(new Error(`the writing thread ended with code ${code}`)));
      });
      if (message.kind === kind) {
        if (kind === "closed") await this.worker.terminate();
        return message as Extract<RawMessage, { kind: Kind }>;
      }
      const { name, message: text } = message as Extract<RawMessage, { kind: "failed" }>;
      throw name === "RecordingError" ? new RecordingError(text) : new Error(text);
    } catch (error) {
      await this.worker.terminate();
      throw error;
    }
  }
}
