/**
 * Trees of tensors: nested plain objects and arrays whose leaves are tensors. Keys keep the order in which they were
 * written, as in jax-js, so that a tree of tensors and its tree of arrays have the same leaves in the same order.
 */
import type { Tensor, TensorTree } from "../contract.ts";

/** The shape of a tree, without its leaves. */
export type TreeShape =
  | { kind: "leaf" }
  | { kind: "array"; children: TreeShape[] }
  | { kind: "object"; keys: string[]; children: TreeShape[] };

export function isTensor(value: unknown): value is Tensor {
  if (typeof value !== "object" || value === null) return false;
  const { shape, data } = value as Partial<Tensor>;
  return Array.isArray(shape) && ArrayBuffer.isView(data);
}

/** Leaves in order, and what `unflatten` needs to put them back. `isLeaf` tells leaves from branches. */
export function flatten<Leaf>(
  tree: unknown,
  isLeaf: (value: unknown) => value is Leaf,
): { leaves: Leaf[]; shape: TreeShape } {
  const leaves: Leaf[] = [];
  const walk = (node: unknown): TreeShape => {
    if (isLeaf(node)) {
      leaves.push(node);
      return { kind: "leaf" };
    }
    if (Array.isArray(node)) return { kind: "array", children: node.map(walk) };
    if (typeof node === "object" && node !== null && Object.getPrototypeOf(node) === Object.prototype) {
      const keys = Object.keys(node);
      return { kind: "object", keys, children: Object.values(node).map(walk) };
    }
    throw new TypeError(`tree: expected tensors in plain objects and arrays, got ${describe(node)}`);
  };
  return { shape: walk(tree), leaves };
}

export function flattenTensors(tree: unknown): { leaves: Tensor[]; shape: TreeShape } {
  return flatten(tree, isTensor);
}

export function unflatten<Leaf>(shape: TreeShape, leaves: readonly Leaf[]): unknown {
  let next = 0;
  const build = (node: TreeShape): unknown => {
    if (node.kind === "leaf") return leaves[next++];
    if (node.kind === "array") return node.children.map(build);
    return Object.fromEntries(node.children.map((child, i) => [node.keys[i], build(child)]));
  };
  return build(shape);
}

/** The path of every leaf, as `a.b.0.c`, in the order of the leaves. */
export function leafPaths(shape: TreeShape): string[] {
  const paths: string[] = [];
  const walk = (node: TreeShape, path: string[]): void => {
    if (node.kind === "leaf") paths.push(path.join("."));
    else
      node.children.forEach((child, i) => {
        walk(child, [...path, node.kind === "array" ? String(i) : node.keys[i]]);
      });
  };
  walk(shape, []);
  return paths;
}

/** Applies `fn` to every tensor of a tree. */
export function mapTensors<T extends TensorTree>(tree: T, fn: (tensor: Tensor, path: string) => Tensor): T {
  const { leaves, shape } = flattenTensors(tree);
  const paths = leafPaths(shape);
  return unflatten(
    shape,
    leaves.map((leaf, i) => fn(leaf, paths[i])),
  ) as T;
}

function describe(value: unknown): string {
  if (typeof value !== "object" || value === null) return String(value);
  return `an object of class ${value.constructor?.name ?? "null"}`;
}
