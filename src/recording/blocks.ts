/**
 * Sorts a stream of spikes of many channels, in whatever order they come, into per-channel streams. Spikes are kept
 * in blocks; past a limit, full blocks go to a temporary file, so that memory stays flat for any length. What is kept of a
 * channel lies in columns: a file may name hundreds of thousands.
 */
import { closeSync, openSync, readSync, rmSync, writeSync } from "node:fs";
import { join } from "node:path";
import type { FileChannel } from "./cultures/spike-file.ts";
import { temporaryFolder } from "./temporary.ts";

const BLOCK = 1024;

export class SpikeBlocks {
  private readonly byName = new Map<string, number>();
  /** By channel, in the order in which they came. */
  private readonly counts: number[] = [];
  private readonly last: number[] = [];
  /** The first spike since the last full block, of many channels the only one; and, with it, those since then. */
  private readonly first: number[] = [];
  private readonly pending: (number[] | undefined)[] = [];
  /** Full blocks: in memory, or their place in the file. */
  private readonly full = new Map<number, (Float64Array | number)[]>();
  private readonly falling = new Set<number>();
  /** Channels in the order of their names. */
  private ordered: number[] = [];
  private file: number | undefined;
  private folder: string | undefined;
  private blocksInMemory = 0;
  private blocksInFile = 0;
  firstSeconds = Number.POSITIVE_INFINITY;
  lastSeconds = 0;

  /** `maxBlocks` of 8 kB each stay in memory. */
  constructor(private readonly maxBlocks = 512) {}

  get size(): number {
    return this.counts.length;
  }

  /** Whether there are channels, and the names of all pass. */
  everyName(passes: (name: string) => boolean): boolean {
    for (const name of this.byName.keys()) if (!passes(name)) return false;
    return this.size > 0;
  }

  /** Makes the channel known, with or without spikes; gives its number. */
  channel(name: string): number {
    let channel = this.byName.get(name);
    if (channel === undefined) {
      channel = this.counts.length;
      this.byName.set(name, channel);
      this.counts.push(0);
      this.last.push(Number.NEGATIVE_INFINITY);
      this.first.push(0);
      this.pending.push(undefined);
    }
    return channel;
  }

  /** Gives the time of the channel's spike before; -Infinity where there is none. */
  add(name: string, seconds: number): number {
    const channel = this.channel(name);
    const before = this.last[channel];
    const place = this.counts[channel]++ % BLOCK;
    if (place === 0) this.first[channel] = seconds;
    else this.put(channel, place, seconds);
    if (seconds < before) this.falling.add(channel);
    this.last[channel] = seconds;
    if (seconds > this.lastSeconds) this.lastSeconds = seconds;
    if (seconds < this.firstSeconds) this.firstSeconds = seconds;
    if (place === BLOCK - 1) this.keep(channel);
    return before;
  }

  private put(channel: number, place: number, seconds: number): void {
    let block = this.pending[channel] ?? [this.first[channel]];
    // An array that grows by itself takes more room than most channels have spikes.
    if (place >= block.length) {
      block = lengthened(block);
      this.pending[channel] = block;
    }
    block[place] = seconds;
  }

  /** The channels in natural order of their names; call once all spikes are in. */
  finish(describe: (name: string) => Partial<FileChannel> = () => ({})): FileChannel[] {
    const names = [...this.byName.keys()];
    this.byName.clear();
    this.ordered = [...names.keys()].sort((a, b) => naturally(names[a], names[b]));
    return this.ordered.map((channel) => ({
      name: names[channel],
      spikeCount: this.counts[channel],
      ...describe(names[channel]),
    }));
  }

  /** In the order in which they were added. */
  readAsAdded(index: number): Generator<Float64Array> {
    return this.blocksOf(this.at(index));
  }

  private at(index: number): number {
    const channel = this.ordered[index];
    if (channel === undefined) throw new RangeError(`no channel ${index} of ${this.ordered.length}`);
    return channel;
  }

  *read(index: number): Generator<Float64Array> {
    const channel = this.at(index);
    if (!this.falling.has(channel)) return yield* this.blocksOf(channel);
    // Out of order in the file: this one channel is sorted in memory.
    const all = new Float64Array(this.counts[channel]);
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

  private *blocksOf(channel: number): Generator<Float64Array> {
    for (const block of this.full.get(channel) ?? []) {
      if (typeof block !== "number") yield block.slice();
      else {
        const values = new Float64Array(BLOCK);
        readSync(this.file!, values, 0, values.byteLength, block * BLOCK * 8);
        yield values;
      }
    }
    const count = this.counts[channel] % BLOCK;
    if (count === 1) yield Float64Array.of(this.first[channel]);
    else if (count > 1) yield Float64Array.from(this.pending[channel]!.slice(0, count));
  }

  private keep(channel: number): void {
    const block = Float64Array.from(this.pending[channel]!);
    this.pending[channel] = undefined;
    const full = this.full.get(channel) ?? [];
    this.full.set(channel, full);
    if (this.blocksInMemory < this.maxBlocks) {
      this.blocksInMemory++;
      full.push(block);
      return;
    }
    if (this.file === undefined) {
      this.folder = temporaryFolder("spikes");
      this.file = openSync(join(this.folder, "spikes"), "w+");
    }
    writeSync(this.file, block, 0, BLOCK * 8, this.blocksInFile * BLOCK * 8);
    full.push(this.blocksInFile++);
  }
}

/** Twice as long. */
function lengthened(block: readonly number[]): number[] {
  const longer = new Array<number>(2 * block.length).fill(0);
  for (let i = 0; i < block.length; i++) longer[i] = block[i];
  return longer;
}

/** Passes blocks of spike times on, and refuses times that are not ascending numbers. */
export function* ascending(
  blocks: Iterable<Float64Array>,
  complain: (detail: string) => Error,
): Generator<Float64Array> {
  let last = Number.NEGATIVE_INFINITY;
  for (const block of blocks) {
    for (const time of block) {
      if (!(time >= last && time < Number.POSITIVE_INFINITY))
        throw complain(`spike times are not ascending (${time} s after ${last} s)`);
      last = time;
    }
    yield block;
  }
}

/** Compares names with their numbers by value: ch_2 before ch_10. */
export function naturally(a: string, b: string): number {
  let at = 0;
  while (at < a.length && at < b.length && a.charCodeAt(at) === b.charCodeAt(at)) at++;
  const [digitInA, digitInB] = [isDigit(a, at), isDigit(b, at)];
  let from = at;
  while (isDigit(a, from - 1)) from--;
  // Names are compared part by part, numbers and what stands between them.
  if (from < at ? digitInA || digitInB : digitInA && digitInB) {
    const [left, right] = [digitsFrom(a, from), digitsFrom(b, from)];
    return Number(left) - Number(right) || (left < right ? -1 : left > right ? 1 : 0);
  }
  if (at === a.length || at === b.length) return a.length - b.length;
  if (digitInA !== digitInB) return digitInA ? -1 : 1;
  return a.charCodeAt(at) - b.charCodeAt(at);
}

function isDigit(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  return code >= 48 && code <= 57;
}

function digitsFrom(text: string, from: number): string {
  let to = from;
  while (isDigit(text, to)) to++;
  return text.slice(from, to);
}
