/**
 * Sorts a stream of spikes of many channels, in whatever order they come, into per-channel streams. Spikes are kept
 * in blocks; past a limit, full blocks go to a temporary file, so that memory stays flat for any length.
 */
import { closeSync, openSync, readSync, rmSync, writeSync } from "node:fs";
import { join } from "node:path";
import type { FileChannel } from "./cultures/spike-file.ts";
import { temporaryFolder } from "./temporary.ts";

const BLOCK = 1024;

interface ChannelBlocks {
  readonly name: string;
  count: number;
  lastSeconds: number;
  ascending: boolean;
  /** Fewer than a block; an array that grows, as most of many channels have few spikes. */
  pending: number[];
  /** Full blocks: in memory, or their place in the file. */
  readonly full: (Float64Array | number)[];
}

export class SpikeBlocks {
  private readonly byName = new Map<string, ChannelBlocks>();
  private ordered: ChannelBlocks[] = [];
  private file: number | undefined;
  private folder: string | undefined;
  private blocksInMemory = 0;
  private blocksInFile = 0;
  firstSeconds = Number.POSITIVE_INFINITY;
  lastSeconds = 0;

  /** `maxBlocks` of 8 kB each stay in memory. */
  constructor(private readonly maxBlocks = 512) {}

  get size(): number {
    return this.byName.size;
  }

  /** Makes the channel known, with or without spikes. */
  channel(name: string): ChannelBlocks {
    let channel = this.byName.get(name);
    if (!channel) {
      channel = {
        name,
        count: 0,
        lastSeconds: Number.NEGATIVE_INFINITY,
        ascending: true,
        pending: [],
        full: [],
      };
      this.byName.set(name, channel);
    }
    return channel;
  }

  add(name: string, seconds: number): void {
    const channel = this.channel(name);
    channel.pending.push(seconds);
    channel.count++;
    if (seconds < channel.lastSeconds) channel.ascending = false;
    channel.lastSeconds = seconds;
    if (seconds > this.lastSeconds) this.lastSeconds = seconds;
    if (seconds < this.firstSeconds) this.firstSeconds = seconds;
    if (channel.pending.length === BLOCK) this.keep(channel);
  }

  /** The channels in natural order of their names; call once all spikes are in. */
  finish(describe: (name: string) => Partial<FileChannel> = () => ({})): FileChannel[] {
    this.ordered = [...this.byName.values()].sort((a, b) => naturally(a.name, b.name));
    return this.ordered.map(({ name, count }) => ({ name, spikeCount: count, ...describe(name) }));
  }

  /** In the order in which they were added. */
  readAsAdded(index: number): Generator<Float64Array> {
    return this.blocksOf(this.at(index));
  }

  private at(index: number): ChannelBlocks {
    const channel = this.ordered[index];
    if (!channel) throw new RangeError(`no channel ${index} of ${this.ordered.length}`);
    return channel;
  }

  *read(index: number): Generator<Float64Array> {
    const channel = this.at(index);
    if (channel.ascending) return yield* this.blocksOf(channel);
    // Out of order in the file: this one channel is sorted in memory.
    const all = new Float64Array(channel.count);
    let at = 0;
    for (const block of this.blocksOf(channel)) {
      all.set(block, at);
      at += block.length;
    }
    yield all.sort();
  }

  close(): void {
    if (this.file !== undefined) closeSync(this.file);
    if (this.folder !== undefined) rmSync(this.folder, { recursive: true, force: true });
    this.file = this.folder = undefined;
  }

  private *blocksOf(channel: ChannelBlocks): Generator<Float64Array> {
    for (const block of channel.full) {
      if (typeof block !== "number") yield block.slice();
      else {
        const values = new Float64Array(BLOCK);
        readSync(this.file!, values, 0, values.byteLength, block * BLOCK * 8);
        yield values;
      }
    }
    if (channel.pending.length > 0) yield Float64Array.from(channel.pending);
  }

  private keep(channel: ChannelBlocks): void {
    const block = Float64Array.from(channel.pending);
    channel.pending = [];
    if (this.blocksInMemory < this.maxBlocks) {
      this.blocksInMemory++;
      channel.full.push(block);
      return;
    }
    if (this.file === undefined) {
      this.folder = temporaryFolder("spikes");
      this.file = openSync(join(this.folder, "spikes"), "w+");
    }
    writeSync(this.file, block, 0, BLOCK * 8, this.blocksInFile * BLOCK * 8);
    channel.full.push(this.blocksInFile++);
  }
}

/** Compares names with their numbers by value: ch_2 before ch_10. */
export function naturally(a: string, b: string): number {
  const parts = (name: string) => name.split(/(\d+)/);
  const [left, right] = [parts(a), parts(b)];
  for (let i = 0; i < Math.min(left.length, right.length); i++) {
    if (left[i] === right[i]) continue;
    const difference = i % 2 === 1 ? Number(left[i]) - Number(right[i]) : 0;
    return difference || (left[i] < right[i] ? -1 : 1);
  }
  return left.length - right.length;
}
