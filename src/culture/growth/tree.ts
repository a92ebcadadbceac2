/**
 * Cells in a tree of boxes: those of a leaf lie together, a branch holds what its two halves hold, and whole branches are
 * judged by how far away they are. Barnes & Hut 1986, https://doi.org/10.1038/324446a0; here over Hilbert's curve.
 */
import type { Places } from "../anatomy.ts";
import { alongCurve } from "./curve.ts";

/** Cells of a leaf, at most. */
const LEAF = 8;

/** Branch k has the halves 2 k + 1 and 2 k + 2. */
export interface Tree {
  readonly places: Required<Places>;
  /** The cells, those of a branch in a row: from `from[k]` to before `from[k] + count[k]`. */
  readonly order: Uint32Array;
  readonly from: Int32Array;
  readonly count: Int32Array;
  /** The least and the most of x, then of y and z, of each branch. */
  readonly box: Float64Array;
  /** Mean place of its cells. */
  readonly centre: Float64Array;
  /** From here on branches are leaves. */
  readonly firstLeaf: number;
}

export function treeOf(places: Places): Tree {
  const order = alongCurve(places);
  const N = order.length;
  const depth = Math.max(0, Math.ceil(Math.log2(N / LEAF)));
  const branches = 2 ** (depth + 1) - 1;
  const tree: Tree = {
    places: { heightsMm: new Float32Array(N), ...places },
    order,
    from: new Int32Array(branches),
    count: new Int32Array(branches),
    box: new Float64Array(6 * branches),
    centre: new Float64Array(3 * branches),
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
function bound({ places, order, from, count, box, centre, firstLeaf }: Tree, k: number): void {
  const { positionsMm, heightsMm } = places;
  for (let axis = 0; axis < 3; axis++) {
    let [least, most, sum] = [Infinity, -Infinity, 0];
    if (k < firstLeaf)
      for (const half of [2 * k + 1, 2 * k + 2]) {
        least = Math.min(least, box[6 * half + 2 * axis]);
        most = Math.max(most, box[6 * half + 2 * axis + 1]);
        sum += count[half] * centre[3 * half + axis];
      }
    else
      for (let at = from[k]; at < from[k] + count[k]; at++) {
        const place = axis < 2 ? positionsMm[2 * order[at] + axis] : heightsMm[order[at]];
        least = Math.min(least, place);
        most = Math.max(most, place);
        sum += place;
      }
    box[6 * k + 2 * axis] = least;
    box[6 * k + 2 * axis + 1] = most;
    centre[3 * k + axis] = sum / count[k];
  }
}

/** From a cell to the nearest point of branch k. */
export function nearestMm({ box, places }: Tree, k: number, cell: number): number {
  const x = places.positionsMm[2 * cell];
  const y = places.positionsMm[2 * cell + 1];
  const z = places.heightsMm[cell];
  const dx = Math.max(box[6 * k] - x, x - box[6 * k + 1], 0);
  const dy = Math.max(box[6 * k + 2] - y, y - box[6 * k + 3], 0);
  const dz = Math.max(box[6 * k + 4] - z, z - box[6 * k + 5], 0);
  return Math.sqrt(dx * dx + dy * dy + dz * dz);
}

/** From a cell to the farthest point of branch k. */
export function farthestMm({ box, places }: Tree, k: number, cell: number): number {
  const x = places.positionsMm[2 * cell];
  const y = places.positionsMm[2 * cell + 1];
  const z = places.heightsMm[cell];
  const dx = Math.max(x - box[6 * k], box[6 * k + 1] - x);
  const dy = Math.max(y - box[6 * k + 2], box[6 * k + 3] - y);
  const dz = Math.max(z - box[6 * k + 4], box[6 * k + 5] - z);
  return Math.sqrt(dx * dx + dy * dy + dz * dz);
}

/** From a cell to the centre of branch k, of a sheet. */
export function centralMm({ centre, places }: Tree, k: number, cell: number): number {
  const { positionsMm } = places;
  const dx = positionsMm[2 * cell] - centre[3 * k];
  const dy = positionsMm[2 * cell + 1] - centre[3 * k + 1];
  return Math.hypot(dx, dy);
}
