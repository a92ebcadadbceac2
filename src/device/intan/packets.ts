/**
 * The two data streams of Intan's RHX software, little-endian. Waveforms: blocks of u32 0x2ef07a08 and 128 frames,
 * each an i32 time stamp and a u16 per enabled band, 0.195 uV times (x - 32768). Spikes: 14 bytes, u32 0x3ae2710f,
 * the channel's native name in 5 characters, u32 time stamp, u8 identity.
 * https://intantech.com/files/Intan_RHX_user_guide.pdf (TCP control)
 */
import { PacketFault } from "../lost.ts";

export const FRAMES_PER_BLOCK = 128;
export const MICROVOLTS_PER_UNIT = 0.195;
export const WAVEFORM_MAGIC = 0x2ef07a08;
export const SPIKE_MAGIC = 0x3ae2710f;
export const SPIKE_BYTES = 14;

/** Stretches of consecutive time stamps within a block. */
export interface WaveformBlock {
  readonly timestamp: number;
  /** Microvolts, `[bands][frames]`. */
  readonly microvolts: readonly Float32Array[];
}

export interface RhxSpike {
  readonly name: string;
  readonly timestamp: number;
  readonly identity: number;
}

/** Cuts a stream of bytes into records of one size. */
class Records {
  private pending: Buffer = Buffer.alloc(0);

  constructor(private readonly size: number) {}

  *feed(bytes: Uint8Array): Generator<Buffer> {
    this.pending = this.pending.length === 0 ? Buffer.from(bytes) : Buffer.concat([this.pending, bytes]);
    while (this.pending.length >= this.size) {
      const record = this.pending.subarray(0, this.size);
      this.pending = this.pending.subarray(this.size);
      yield record;
    }
  }
}

export class WaveformReader {
  private readonly records: Records;

  constructor(private readonly bands: number) {
    this.records = new Records(4 + FRAMES_PER_BLOCK * (4 + 2 * bands));
  }

  /** The blocks that `bytes` complete; throws `PacketFault` where the stream is not what it should be. */
  *feed(bytes: Uint8Array): Generator<WaveformBlock> {
    for (const block of this.records.feed(bytes)) yield* this.decode(block);
  }

  private *decode(block: Buffer): Generator<WaveformBlock> {
    const magic = block.readUInt32LE(0);
    if (magic !== WAVEFORM_MAGIC)
      throw new PacketFault(
        `expected a block of waveforms of ${this.bands} bands, got 0x${magic.toString(16)}`,
      );
    const stampAt = (frame: number) => 4 + frame * (4 + 2 * this.bands);
    for (let from = 0, to = 1; from < FRAMES_PER_BLOCK; from = to++) {
      const timestamp = block.readInt32LE(stampAt(from));
      if (timestamp < 0) throw new PacketFault(`expected a time stamp >= 0, got ${timestamp}`);
      while (to < FRAMES_PER_BLOCK && block.readInt32LE(stampAt(to)) === timestamp + to - from) to++;
      const microvolts = Array.from({ length: this.bands }, (_, band) =>
        Float32Array.from({ length: to - from }, (_, i) => {
          const units = block.readUInt16LE(stampAt(from + i) + 4 + 2 * band);
          return MICROVOLTS_PER_UNIT * (units - 32_768);
        }),
      );
      yield { timestamp, microvolts };
    }
  }
}

export class SpikeReader {
  private readonly records = new Records(SPIKE_BYTES);

  *feed(bytes: Uint8Array): Generator<RhxSpike> {
    for (const record of this.records.feed(bytes)) {
      const magic = record.readUInt32LE(0);
      if (magic !== SPIKE_MAGIC) throw new PacketFault(`expected a spike, got 0x${magic.toString(16)}`);
      const name = record.toString("latin1", 4, 9);
      if (!/^[A-H]-\d{3}$/i.test(name))
        throw new PacketFault(`expected a channel such as A-010, got ${JSON.stringify(name)}`);
      yield { name: name.toUpperCase(), timestamp: record.readUInt32LE(9), identity: record[13] };
    }
  }
}
