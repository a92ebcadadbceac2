/**
 * The search tree under a timeline: entries in frame order, each with the loads of the windows that begin at it, and the
 * largest load of every subtree. Which of two trees comes on top is drawn by their sizes (Martinez & Roura 1998,
 * "Randomized binary search trees", https://doi.org/10.1145/274787.274812), so the depth is logarithmic whatever the order in
 * which entries come. Arrays are by track (timeline.ts).
 */
import type { Frame } from "../signals.ts";

export interface TreeNode<E> {
  readonly entry: E;
  readonly frame: Frame;
  left: TreeNode<E> | undefined;
  right: TreeNode<E> | undefined;
  size: number;
  first: Frame;
  last: Frame;
  /** Of the entry itself, and of its subtree. */
  readonly amounts: readonly number[];
  readonly sums: number[];
  /** The load of the window that begins here, and the largest of the subtree. */
  readonly loads: number[];
  readonly most: number[];
  /** What is still to be added to the loads of both children. */
  readonly pending: number[];
}

export type Tree<E> = TreeNode<E> | undefined;

export function leaf<E extends { readonly frame: Frame }>(
  entry: E,
  amounts: readonly number[],
  loads: readonly number[],
): TreeNode<E> {
  const { frame } = entry;
  return {
    entry,
    frame,
    left: undefined,
    right: undefined,
    size: 1,
    first: frame,
    last: frame,
    amounts,
    sums: [...amounts],
    loads: [...loads],
    most: [...loads],
    pending: amounts.map(() => 0),
  };
}

/** Entries at frames <= `frame`, and those after it. */
export function split<E>(node: Tree<E>, frame: Frame): [Tree<E>, Tree<E>] {
  if (!node || node.last <= frame) return [node, undefined];
  if (node.first > frame) return [undefined, node];
  push(node);
  if (node.frame <= frame) {
    const [left, right] = split(node.right, frame);
    node.right = left;
    return [pull(node), right];
  }
  const [left, right] = split(node.left, frame);
  node.left = right;
  return [left, pull(node)];
}

/** All but the last entry, and the last. */
export function splitLast<E>(node: TreeNode<E>): [Tree<E>, TreeNode<E>] {
  push(node);
  if (!node.right) {
    const { left } = node;
    node.left = undefined;
    return [left, pull(node)];
  }
  const [rest, last] = splitLast(node.right);
  node.right = rest;
  return [pull(node), last];
}

let draws = 0;

/** Two trees, all of one before all of the other, as one. */
export function merge<E>(a: Tree<E>, b: Tree<E>): Tree<E> {
  if (!a || !b) return a ?? b;
  if (drawn() % (a.size + b.size) < a.size) {
    push(a);
    a.right = merge(a.right, b);
    return pull(a);
  }
  push(b);
  b.left = merge(a, b.left);
  return pull(b);
}

/** Numbers that decide nothing but the shape of a tree (the finaliser of MurmurHash3 over a count). */
function drawn(): number {
  let x = ++draws;
  x = Math.imul(x ^ (x >>> 16), 0x85ebca6b);
  x = Math.imul(x ^ (x >>> 13), 0xc2b2ae35);
  return (x ^ (x >>> 16)) >>> 0;
}

/** A perfectly balanced tree of leaves in frame order, from index `from` to before `to`. */
export function build<E>(leaves: readonly TreeNode<E>[], from = 0, to = leaves.length): Tree<E> {
  if (from >= to) return undefined;
  const middle = (from + to) >>> 1;
  const node = leaves[middle];
  node.left = build(leaves, from, middle);
  node.right = build(leaves, middle + 1, to);
  return pull(node);
}

/** How many entries are at frames <= `frame`. */
export function countUntil<E>(node: Tree<E>, frame: Frame): number {
  let count = 0;
  for (let next = node; next; )
    if (next.frame <= frame) {
      count += 1 + (next.left?.size ?? 0);
      next = next.right;
    } else next = next.left;
  return count;
}

/** Tracks `from` to before `to`, whose windows have one length. */
export interface TrackGroup {
  readonly from: number;
  readonly to: number;
}

export interface FrameRange {
  readonly after: Frame;
  readonly to: Frame;
}

/** Adds to `into` what the group's tracks have at frames strictly between `after` and `before`. */
export function sumBetween<E>(
  node: Tree<E>,
  group: TrackGroup,
  between: readonly [Frame, Frame],
  into: number[],
): void {
  const [after, before] = between;
  if (!node || node.last <= after || node.first >= before) return;
  const whole = node.first > after && node.last < before;
  if (whole || (node.frame > after && node.frame < before)) {
    const amounts = whole ? node.sums : node.amounts;
    for (let k = group.from; k < group.to; k++) into[k] += amounts[k];
  }
  if (whole) return;
  sumBetween(node.left, group, between, into);
  sumBetween(node.right, group, between, into);
}

/** Adds amounts to the group's loads at frames in `(after, to]`; raises `most` to the largest of these loads then. */
export function addTo<E>(
  node: Tree<E>,
  range: FrameRange,
  change: { readonly group: TrackGroup; readonly amounts: readonly number[]; readonly most: number[] },
): void {
  const { after, to } = range;
  if (!node || node.last <= after || node.first > to) return;
  const { group, amounts, most } = change;
  const whole = node.first > after && node.last <= to;
  if (whole) {
    for (let k = group.from; k < group.to; k++) {
      raise(node, k, amounts[k]);
      if (node.most[k] > most[k]) most[k] = node.most[k];
    }
    return;
  }
  push(node, group.from, group.to);
  if (node.frame > after && node.frame <= to)
    for (let k = group.from; k < group.to; k++) {
      node.loads[k] += amounts[k];
      if (node.loads[k] > most[k]) most[k] = node.loads[k];
    }
  addTo(node.left, range, change);
  addTo(node.right, range, change);
  for (let k = group.from; k < group.to; k++) node.most[k] = mostOf(node, k);
}

function push<E>({ pending, left, right }: TreeNode<E>, from = 0, to = pending.length): void {
  for (let k = from; k < to; k++) {
    const amount = pending[k];
    if (amount === 0) continue;
    if (left) raise(left, k, amount);
    if (right) raise(right, k, amount);
    pending[k] = 0;
  }
}

function raise<E>(node: TreeNode<E>, k: number, amount: number): void {
  node.loads[k] += amount;
  node.most[k] += amount;
  node.pending[k] += amount;
}

function pull<E>(node: TreeNode<E>): TreeNode<E> {
  const { left, right, amounts, sums, most } = node;
  node.size = 1 + (left?.size ?? 0) + (right?.size ?? 0);
  node.first = left ? left.first : node.frame;
  node.last = right ? right.last : node.frame;
  for (let k = 0; k < amounts.length; k++) {
    sums[k] = amounts[k] + (left ? left.sums[k] : 0) + (right ? right.sums[k] : 0);
    most[k] = mostOf(node, k);
  }
  return node;
}

/** The largest load of a subtree, once its children have their own. */
function mostOf<E>({ left, right, loads }: TreeNode<E>, k: number): number {
  let largest = loads[k];
  if (left && left.most[k] > largest) largest = left.most[k];
  if (right && right.most[k] > largest) largest = right.most[k];
  return largest;
}
