/**
 * All that moves is made of capsules: line segments with round ends. One of no length is a disc, one with a stroke is a
 * ring. A graphics card draws them (webgl.ts), or the page itself where there is none (plain.ts).
 * https://iquilezles.org/articles/distfunctions2d/ (segment)
 */

/** x0, y0, x1, y1 in data units, radius and stroke (0: filled) in CSS pixels, colour (row of the palette), opacity. */
export const FLOATS = 8;

export interface View {
  /** Pixels = data * scale + offset, in CSS pixels from the top left. */
  readonly scale: readonly [number, number];
  readonly offset: readonly [number, number];
}

export interface CapsuleBuffer {
  /** `[capacity, FLOATS]` */
  readonly data: Float32Array;
}

export interface Capsules<Buffer extends CapsuleBuffer = CapsuleBuffer> {
  buffer(capacity: number): Buffer;
  /** Capsules `[from, to)` of the buffer's data have been written. */
  upload(buffer: Buffer, from: number, to: number): void;
  /** Begins a picture of `width` x `height` CSS pixels. */
  begin(width: number, height: number): void;
  draw(buffer: Buffer, first: number, count: number, view: View): void;
  /** The picture is done. */
  end(): void;
  close(): void;
}
