/**
 * Reads a long one-dimensional HDF5 dataset through one window in memory. HDF5 inflates whole chunks (some writers
 * make the whole dataset one chunk), so neighbouring reads share the last window instead of inflating again.
 */
import type { Dataset } from "h5wasm/node";
import { numbers } from "./hdf5.ts";

const MIN_WINDOW = 1 << 17;

export class DatasetWindow {
  private start = 0;
  private values: Float64Array = new Float64Array(0);
  private readonly size: number;
  readonly length: number;

  constructor(private readonly data: Dataset) {
    this.length = data.shape?.[0] ?? 0;
    const chunk = data.metadata.chunks?.[0] ?? 1;
    this.size = Math.ceil(MIN_WINDOW / chunk) * chunk;
  }

  /** Blocks that together hold elements `start..stop`. */
  *read(start: number, stop: number): Generator<Float64Array> {
    let at = start;
    while (at < stop) {
      if (at < this.start || at >= this.start + this.values.length) {
        this.start = Math.floor(at / this.size) * this.size;
        this.values = numbers(this.data, this.start, Math.min(this.length, this.start + this.size));
      }
      const from = at - this.start;
      const block = this.values.slice(from, Math.min(this.values.length, stop - this.start));
      at += block.length;
      yield block;
    }
  }
}
