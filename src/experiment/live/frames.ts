/**
 * Binary frames: what is too much for JSON. Little-endian, a header of 32 bytes and then columns of numbers.
 *
 *   0 u8 version   1 u8 type   2 u16 culture   4 u32 rows   8 u32 columns   12 u32 more
 *   16 f64 startFrame   24 f64 endFrame
 *
 *   activity     rows spikes, columns pulses: u32 offsets from startFrame and u16 channels of both, f32 charge (nC)
 *   state        rows bins, columns channels: f32 intended, f32 evoked
 *   weights      rows from, columns to: f32 mean weight between the cells at two electrodes; NaN where none joins them
 *   population   rows brains, columns links: f32 rate (Hz), f32 score; u16 from, u16 to, f32 strength
 *   court        rows values of one Pong court (see `Court`): f32
 *   screen       rows and columns of pixels, 12: brains; f32 scored, lives, health, bullets; u8 palette [256, 3], pixels, given and said [N]
 */

const FRAME_VERSION = 1;
const HEADER_BYTES = 32;

const TYPES = ["activity", "state", "weights", "population", "court", "screen"] as const;
type FrameType = (typeof TYPES)[number];

interface Stamp {
  /** Which culture of the run: its place in the list that the run began with. */
  readonly culture: number;
  /** On the culture's device clock. */
  readonly startFrame: number;
  readonly endFrame: number;
}

export interface ActivityFrame extends Stamp {
  readonly type: "activity";
  /** From `startFrame`. */
  readonly spikeOffsets: Uint32Array;
  readonly spikeChannels: Uint16Array;
  readonly pulseOffsets: Uint32Array;
  readonly pulseChannels: Uint16Array;
  /** Largest phase of each pulse. */
  readonly pulseChargeNc: Float32Array;
}

export interface StateFrame extends Stamp {
  readonly type: "state";
  readonly bins: number;
  readonly channels: number;
  /** Expected spike counts `[bins, channels]` of the state that was to be written. */
  readonly intended: Float32Array;
  /** The counts that followed, with the efference copy of the pulses. */
  readonly evoked: Float32Array;
}

export interface WeightsFrame extends Stamp {
  readonly type: "weights";
  readonly from: number;
  readonly to: number;
  readonly mean: Float32Array;
}

export interface PopulationFrame extends Stamp {
  readonly type: "population";
  readonly rateHz: Float32Array;
  /** How well each brain predicts the others, 0 to 1. */
  readonly score: Float32Array;
  readonly linkFrom: Uint16Array;
  readonly linkTo: Uint16Array;
  /** How well `linkFrom` predicts `linkTo`, 0 to 1. */
  readonly linkStrength: Float32Array;
}

/** A Pong court, 1 wide and 1 high: ball and paddle as shares of it, and the score so far. */
export interface Court {
  readonly ballX: number;
  readonly ballY: number;
  readonly paddleY: number;
  /** Height of the paddle. */
  readonly paddleSize: number;
  readonly hits: number;
  readonly misses: number;
  readonly rally: number;
}

export interface CourtFrame extends Stamp {
  readonly type: "court";
  readonly court: Court;
}

/** A game that draws itself, as its player sees it. */
export interface ScreenFrame extends Stamp {
  readonly type: "screen";
  readonly width: number;
  readonly height: number;
  /** `[256, 3]` red, green, blue. */
  readonly palette: Uint8Array;
  /** `[height, width]` places in the palette. */
  readonly pixels: Uint8Array;
  /** What is counted in this life, lives that are over, and what the player has; bullets -1 where none are needed. */
  readonly scored: number;
  readonly lives: number;
  readonly health: number;
  readonly bullets: number;
  /** `[N]` the site that each brain is given, and the move that it said last. */
  readonly given: Uint8Array;
  readonly said: Uint8Array;
}

export type LiveFrame =
  | ActivityFrame
  | StateFrame
  | WeightsFrame
  | PopulationFrame
  | CourtFrame
  | ScreenFrame;

/** Bytes that are not a frame of this version. */
export class FrameError extends Error {
  override readonly name = "FrameError";
}

type Column = Float32Array | Uint32Array | Uint16Array | Uint8Array;

export function encodeFrame(frame: LiveFrame): Uint8Array<ArrayBuffer> {
  const [rows, columns, parts, more = 0] = partsOf(frame);
  const bytes = new Uint8Array(HEADER_BYTES + parts.reduce((sum, part) => sum + part.byteLength, 0));
  const view = new DataView(bytes.buffer);
  view.setUint8(0, FRAME_VERSION);
  view.setUint8(1, TYPES.indexOf(frame.type));
  view.setUint16(2, frame.culture, true);
  view.setUint32(4, rows, true);
  view.setUint32(8, columns, true);
  view.setUint32(12, more, true);
  view.setFloat64(16, frame.startFrame, true);
  view.setFloat64(24, frame.endFrame, true);
  let at = HEADER_BYTES;
  for (const part of parts) {
    bytes.set(new Uint8Array(part.buffer, part.byteOffset, part.byteLength), at);
    at += part.byteLength;
  }
  return bytes;
}

/** Columns of four bytes before those of two and of one, so that each begins where its type may. */
function partsOf(frame: LiveFrame): [rows: number, columns: number, parts: Column[], more?: number] {
  switch (frame.type) {
    case "activity": {
      const { spikeOffsets, pulseOffsets, pulseChargeNc, spikeChannels, pulseChannels } = frame;
      const parts = [spikeOffsets, pulseOffsets, pulseChargeNc, spikeChannels, pulseChannels];
      return [spikeOffsets.length, pulseOffsets.length, parts];
    }
    case "state":
      return [frame.bins, frame.channels, [frame.intended, frame.evoked]];
    case "weights":
      return [frame.from, frame.to, [frame.mean]];
    case "population": {
      const { rateHz, score, linkStrength, linkFrom, linkTo } = frame;
      return [rateHz.length, linkFrom.length, [rateHz, score, linkStrength, linkFrom, linkTo]];
    }
    case "court": {
      const { ballX, ballY, paddleY, paddleSize, hits, misses, rally } = frame.court;
      return [7, 1, [Float32Array.of(ballX, ballY, paddleY, paddleSize, hits, misses, rally)]];
    }
    case "screen": {
      const { scored, lives, health, bullets, palette, pixels, given, said } = frame;
      const counts = Float32Array.of(scored, lives, health, bullets);
      return [frame.height, frame.width, [counts, palette, pixels, given, said], given.length];
    }
  }
}

/** Which culture a frame is of, without reading the rest. */
export function cultureOfFrame(bytes: Uint8Array): number {
  return bytes[2] | (bytes[3] << 8);
}

/** What a newer frame replaces: an older one with the same key is not worth sending any more. */
export function frameKey(bytes: Uint8Array): string {
  return `${TYPES[bytes[1]]}:${cultureOfFrame(bytes)}`;
}

/** Reads a frame; throws `FrameError` where it is not whole. */
export function decodeFrame(buffer: ArrayBuffer): LiveFrame {
  if (buffer.byteLength < HEADER_BYTES)
    throw new FrameError(`frame: expected at least ${HEADER_BYTES} bytes, got ${buffer.byteLength}`);
  const view = new DataView(buffer);
  if (view.getUint8(0) !== FRAME_VERSION)
    throw new FrameError(
      `frame: expected version ${FRAME_VERSION}, got ${view.getUint8(0)}; reload the page`,
    );
  const type: FrameType | undefined = TYPES[view.getUint8(1)];
  if (!type) throw new FrameError(`frame: unknown type ${view.getUint8(1)}; reload the page`);
  const stamp: Stamp = {
    culture: view.getUint16(2, true),
    startFrame: view.getFloat64(16, true),
    endFrame: view.getFloat64(24, true),
  };
  const [rows, columns, more] = [4, 8, 12].map((at) => view.getUint32(at, true));
  return read(type, stamp, [rows, columns, more], buffer);
}

function read(
  type: FrameType,
  stamp: Stamp,
  [rows, columns, more]: readonly [rows: number, columns: number, more: number],
  buffer: ArrayBuffer,
): LiveFrame {
  let at = HEADER_BYTES;
  const take = <T>(make: new (buffer: ArrayBuffer, at: number, n: number) => T, n: number, size: number) => {
    if (at + n * size > buffer.byteLength)
      throw new FrameError(
        `frame: ${type} of ${rows} x ${columns} is cut short at ${buffer.byteLength} bytes`,
      );
    const part = new make(buffer, at, n);
    at += n * size;
    return part;
  };
  const f32 = (n: number) => take(Float32Array, n, 4);
  const u32 = (n: number) => take(Uint32Array, n, 4);
  const u16 = (n: number) => take(Uint16Array, n, 2);
  const u8 = (n: number) => take(Uint8Array, n, 1);
  switch (type) {
    case "activity": {
      const [spikeOffsets, pulseOffsets, pulseChargeNc] = [u32(rows), u32(columns), f32(columns)];
      const [spikeChannels, pulseChannels] = [u16(rows), u16(columns)];
      return { type, ...stamp, spikeOffsets, spikeChannels, pulseOffsets, pulseChannels, pulseChargeNc };
    }
    case "state": {
      const [intended, evoked] = [f32(rows * columns), f32(rows * columns)];
      return { type, ...stamp, bins: rows, channels: columns, intended, evoked };
    }
    case "weights":
      return { type, ...stamp, from: rows, to: columns, mean: f32(rows * columns) };
    case "population": {
      const [rateHz, score, linkStrength] = [f32(rows), f32(rows), f32(columns)];
      const [linkFrom, linkTo] = [u16(columns), u16(columns)];
      return { type, ...stamp, rateHz, score, linkFrom, linkTo, linkStrength };
    }
    case "screen": {
      const [scored, lives, health, bullets] = f32(4);
      const [palette, pixels, given, said] = [u8(768), u8(rows * columns), u8(more), u8(more)];
      const counts = { scored: scored!, lives: lives!, health: health!, bullets: bullets! };
      return { type, ...stamp, height: rows, width: columns, palette, pixels, ...counts, given, said };
    }
    case "court": {
      const [ballX, ballY, paddleY, paddleSize, hits, misses, rally] = f32(7);
      return {
        type,
        ...stamp,
        court: {
          ballX: ballX!,
          ballY: ballY!,
          paddleY: paddleY!,
          paddleSize: paddleSize!,
          hits: hits!,
          misses: misses!,
          rally: rally!,
        },
      };
    }
  }
}
