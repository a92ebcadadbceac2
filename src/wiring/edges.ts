/** Gathers connections row by row, in any order, and lays them out by presynaptic cell: two counting sorts, no comparison. */
import type { Connections } from "./contract.ts";

const FIRST_ROOM = 1 << 12;

export class Edges {
  private pre = new Int32Array(FIRST_ROOM);
  private post = new Int32Array(FIRST_ROOM);
  private count = new Uint32Array(FIRST_ROOM);
  private length = 0;

  /** `count` synapses of cell `pre` onto cell `post`; the same pair may come again, and is summed. */
  add(pre: number, post: number, count: number): void {
    if (this.length === this.pre.length) this.grow();
    this.pre[this.length] = pre;
    this.post[this.length] = post;
    this.count[this.length++] = count;
  }

  get rows(): number {
    return this.length;
  }

  /** The connections of `cells` cells; the edges are empty afterwards. */
  connections(cells: number): Connections {
    const byPost = this.sorted(this.post, this.pre, cells);
    this.pre = this.post = this.count = new Uint32Array(0) as never;
    const all = sortedBy(byPost, cells);
    this.length = 0;
    return merged(all, cells);
  }

  /** Counting sort of (other, count) by `key`. */
  private sorted(key: Int32Array, other: Int32Array, cells: number): Keyed {
    const starts = startsOf(key.subarray(0, this.length), cells);
    const next = starts.slice();
    const others = new Int32Array(this.length);
    const counts = new Uint32Array(this.length);
    for (let i = 0; i < this.length; i++) {
      const at = next[key[i]]++;
      others[at] = other[i];
      counts[at] = this.count[i];
    }
    return { starts, others, counts };
  }

  private grow(): void {
    const room = this.pre.length * 2 || FIRST_ROOM;
    const larger = <T extends Int32Array | Uint32Array>(old: T, made: T): T => {
      made.set(old);
      return made;
    };
    this.pre = larger(this.pre, new Int32Array(room));
    this.post = larger(this.post, new Int32Array(room));
    this.count = larger(this.count, new Uint32Array(room));
  }
}

/** Rows grouped by a key: those of key k are `starts[k] .. starts[k + 1]`. */
interface Keyed {
  readonly starts: Uint32Array;
  readonly others: Int32Array;
  readonly counts: Uint32Array;
}

function startsOf(keys: Int32Array, cells: number): Uint32Array {
  const starts = new Uint32Array(cells + 1);
  for (const key of keys) starts[key + 1]++;
  for (let k = 0; k < cells; k++) starts[k + 1] += starts[k];
  return starts;
}

/** Groups by the other cell what is grouped by one, so that within a group the keys ascend. */
function sortedBy({ starts, others, counts }: Keyed, cells: number): Keyed {
  const turned = startsOf(others, cells);
  const next = turned.slice();
  const keys = new Int32Array(others.length);
  const moved = new Uint32Array(others.length);
  for (let key = 0; key < cells; key++)
    for (let i = starts[key]; i < starts[key + 1]; i++) {
      const at = next[others[i]]++;
      keys[at] = key;
      moved[at] = counts[i];
    }
  return { starts: turned, others: keys, counts: moved };
}

/** The same pair only once, pairs without synapses not at all; counts as narrow as they fit. */
function merged({ starts, others, counts }: Keyed, cells: number): Connections {
  const offsets = new Uint32Array(cells + 1);
  let end = 0;
  let most = 0;
  for (let cell = 0; cell < cells; cell++) {
    const from = end;
    for (let i = starts[cell]; i < starts[cell + 1]; i++) {
      if (counts[i] === 0) continue;
      if (end > from && others[end - 1] === others[i]) counts[end - 1] += counts[i];
      else {
        others[end] = others[i];
        counts[end++] = counts[i];
      }
      if (counts[end - 1] > most) most = counts[end - 1];
    }
    offsets[cell + 1] = end;
  }
  const all = counts.subarray(0, end);
  return {
    offsets,
    targets: others.slice(0, end),
    counts: most < 65_536 ? Uint16Array.from(all) : all.slice(),
  };
}
