/**
 * When a cell is to be looked at: a wheel of lists, one a step. A look that is moved earlier leaves its old entry behind, which its cell
 * then no longer asks for.
 */

/** No look is further ahead than that. */
export const WHEEL = 1024;
const FIRST_ROOM = 1 << 12;

export class Looks {
  private readonly heads = new Int32Array(WHEEL).fill(-1);
  private next = new Int32Array(FIRST_ROOM);
  private cell = new Int32Array(FIRST_ROOM);
  private free = -1;
  private used = 0;

  /** `step` is less than `WHEEL` ahead. */
  put(cell: number, step: number): void {
    let at = this.free;
    if (at >= 0) this.free = this.next[at];
    else {
      if (this.used === this.next.length) this.grow();
      at = this.used++;
    }
    const slot = step & (WHEEL - 1);
    this.cell[at] = cell;
    this.next[at] = this.heads[slot];
    this.heads[slot] = at;
  }

  /** Takes the cells of a step out, into `cells`, which grows as needed; gives how many. */
  take(step: number, into: { cells: Int32Array }): number {
    const slot = step & (WHEEL - 1);
    let count = 0;
    for (let at = this.heads[slot]; at >= 0; ) {
      if (count === into.cells.length) into.cells = doubled(into.cells);
      into.cells[count++] = this.cell[at];
      const next = this.next[at];
      this.next[at] = this.free;
      this.free = at;
      at = next;
    }
    this.heads[slot] = -1;
    return count;
  }

  clear(): void {
    this.heads.fill(-1);
    this.free = -1;
    this.used = 0;
  }

  get bytes(): number {
    return this.next.byteLength * 2 + this.heads.byteLength;
  }

  private grow(): void {
    this.next = doubled(this.next);
    this.cell = doubled(this.cell);
  }
}

export function doubled(array: Int32Array): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(array.length * 2);
  larger.set(array);
  return larger;
}
