/** Draws the spikes of a file in batches: long channels in pieces, short ones many at a time. */
import type { SpikeFile } from "../cultures/spike-file.ts";
import type { SpikeBatch } from "./calls.ts";

/** A batch ends with the block that brings it to so many spikes, or at so many channels. */
const SPIKES = 1 << 15;
const CHANNELS = 4096;

/** Where a channel is being read. */
interface Place {
  readonly channel: number;
  readonly blocks: Iterator<Float64Array>;
  had: number;
  /** Of a block, what is to come. */
  rest: Float64Array | undefined;
}

export class SpikeCursor {
  private place: Place | undefined;

  constructor(private readonly file: Pick<SpikeFile, "channels" | "readSpikes">) {}

  /**
   * The spikes of `channel` after those that one `had`, and of the channels after it as long as the batch is short.
   * Throws what reading the first of them throws; what others throw is thrown when they are asked for.
   */
  take(channel: number, had: number): SpikeBatch {
    const blocks: Float64Array[] = [];
    const counts: number[] = [];
    let total = 0;
    for (let c = channel; ; c++) {
      const before = blocks.length;
      const from = total;
      let isWhole = false;
      try {
        const place = this.at(c, c === channel ? had : 0);
        while (!isWhole && total < SPIKES) {
          const block = draw(place);
          isWhole = block === undefined;
          if (block) blocks.push(block);
          total += block?.length ?? 0;
        }
      } catch (error) {
        this.place = undefined;
        if (c === channel && total === 0) throw error;
        if (c > channel) return joined(blocks.slice(0, before), counts, true);
      }
      counts.push(total - from);
      const isEnd = c + 1 >= this.file.channels.length || total >= SPIKES || counts.length >= CHANNELS;
      if (isEnd || !isWhole) return joined(blocks, counts, isWhole);
    }
  }

  private at(channel: number, had: number): Place {
    const { place } = this;
    if (place && place.channel === channel && place.had === had) return place;
    const blocks = this.file.readSpikes(channel)[Symbol.iterator]();
    const fresh: Place = { channel, blocks, had: 0, rest: undefined };
    this.place = fresh;
    while (fresh.had < had) {
      const block = draw(fresh);
      if (!block) break;
      if (fresh.had > had) fresh.rest = block.slice(block.length - (fresh.had - had));
    }
    fresh.had = had;
    return fresh;
  }
}

/** The next block that is not empty. */
function draw(place: Place): Float64Array | undefined {
  for (;;) {
    const block = place.rest ?? place.blocks.next().value;
    place.rest = undefined;
    if (block === undefined || block.length > 0) {
      place.had += block?.length ?? 0;
      return block;
    }
  }
}

function joined(blocks: readonly Float64Array[], counts: readonly number[], isWhole: boolean): SpikeBatch {
  const seconds = new Float64Array(blocks.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const block of blocks) {
    seconds.set(block, at);
    at += block.length;
  }
  return { seconds, counts, isWhole };
}
