/** The synapses of a growing culture as columns that make room as they fill. */
import { type Indices, indicesOf } from "../indices.ts";

type Column = Indices | Float32Array;

export class SynapseColumns {
  private pre: Indices;
  private post: Indices;
  private distanceMm: Float32Array;
  private bornDay: Float32Array;
  private length = 0;

  constructor(cells: number, expected: number) {
    const room = Math.ceil(1.02 * expected) + 1024;
    this.pre = indicesOf(cells, room);
    this.post = indicesOf(cells, room);
    this.distanceMm = new Float32Array(room);
    this.bornDay = new Float32Array(room);
  }

  add(pre: number, post: number, distanceMm: number, bornDay: number): void {
    if (this.length === this.pre.length) this.makeRoom();
    const at = this.length++;
    this.pre[at] = pre;
    this.post[at] = post;
    this.distanceMm[at] = distanceMm;
    this.bornDay[at] = bornDay;
  }

  private makeRoom(): void {
    this.pre = grown(this.pre);
    this.post = grown(this.post);
    this.distanceMm = grown(this.distanceMm);
    this.bornDay = grown(this.bornDay);
  }

  /** What was added, and nothing more. */
  columns(): { pre: Indices; post: Indices; distanceMm: Float32Array; bornDay: Float32Array } {
    const { length } = this;
    return {
      pre: this.pre.slice(0, length),
      post: this.post.slice(0, length),
      distanceMm: this.distanceMm.slice(0, length),
      bornDay: this.bornDay.slice(0, length),
    };
  }
}

function grown<T extends Column>(column: T): T {
  const larger = new (column.constructor as new (length: number) => T)(Math.ceil(1.5 * column.length));
  larger.set(column);
  return larger;
}
