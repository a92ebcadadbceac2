/**
 * Cells in a tree of boxes: those of a leaf lie together, a branch holds what its two halves hold, and whole branches are
 * judged by how far away they are. Barnes & Hut 1986, https://doi.org/10.1038/324446a0; here over Hilbert's curve.
 */
import { alongCurve } from "./curve.ts";

/** Cells of a leaf, at most. */
const LEAF = 8;

/** Branch k has the halves 2 k + 1 and 2 k + 2. */
export interface Tree {
  readonly positionsMm: Float32Array;
  /** The cells, those of a branch in a row: from `from[k]` to before `from[k] + count[k]`. */
  readonly order: Uint32Array;
  readonly from: Int32Array;
  readonly count: Int32Array;
  /** Left, right, bottom and top of each branch. */
  readonly box: Float64Array;
  /** Mean place of its cells. */
  readonly centre: Float64Array;
  /** From here on branches are leaves. */
  readonly firstLeaf: number;
}

export function treeOf(positionsMm: Float32Array): Tree {
  const order = alongCurve(positionsMm);
  const N = order.length;
  const depth = Math.max(0, Math.ceil(Math.log2(N / LEAF)));
  const branches = 2 ** (depth + 1) - 1;
  const tree: Tree = {
    positionsMm,
    order,
    from: new Int32Array(branches),
    count: new Int32Array(branches),
    box: new Float64Array(4 * branches),
    centre: new Float64Array(2 * branches),
    firstLeaf: 2 ** depth - 1,
  };
  const { from, count, firstLeaf } = tree;
  count[0] = N;
  for (let k = 0; k < firstLeaf; k++) {
    const half = count[k] >> 1;
    [from[2 * k + 1], count[2 * k + 1]] = [from[k], half];
    [from[2 * k + 2], count[2 * k + 2]] = [from[k] + half, count[k] - half];
  }
  for (let k = branches - 1; k >= 0; k--) bound(tree, k);
  return tree;
}

/** Box and centre of branch k, from its cells or its halves. */
function bound({ positionsMm, order, from, count, box, centre, firstLeaf }: Tree, k: number): void {
  let [left, right, bottom, top] = [Infinity, -Infinity, Infinity, -Infinity];
  let [sumX, sumY] = [0, 0];
  const hold = (x: number, y: number) => {
    left = Math.min(left, x);
    right = Math.max(right, x);
    bottom = Math.min(bottom, y);
    top = Math.max(top, y);
  };
  if (k < firstLeaf)
    for (const half of [2 * k + 1, 2 * k + 2]) {
      hold(box[4 * half], box[4 * half + 2]);
      hold(box[4 * half + 1], box[4 * half + 3]);
      sumX += count[half] * centre[2 * half];
      sumY += count[half] * centre[2 * half + 1];
    }
  else
    for (let at = from[k]; at < from[k] + count[k]; at++) {
      const [x, y] = [positionsMm[2 * order[at]], positionsMm[2 * order[at] + 1]];
      hold(x, y);
      sumX += x;
      sumY += y;
    }
  box.set([left, right, bottom, top], 4 * k);
  centre[2 * k] = sumX / count[k];
  centre[2 * k + 1] = sumY / count[k];
}

/** From (x, y) to the nearest point of branch k. */
export function nearestMm({ box }: Tree, k: number, x: number, y: number): number {
  const dx = Math.max(box[4 * k] - x, x - box[4 * k + 1], 0);
  const dy = Math.max(box[4 * k + 2] - y, y - box[4 * k + 3], 0);
  return Math.sqrt(dx * dx + dy * dy);
}

/** From (x, y) to the farthest point of branch k. */
export function farthestMm({ box }: Tree, k: number, x: number, y: number): number {
  const dx = Math.max(x - box[4 * k], box[4 * k + 1] - x);
  const dy = Math.max(y - box[4 * k + 2], box[4 * k + 3] - y);
  return Math.sqrt(dx * dx + dy * dy);
}
