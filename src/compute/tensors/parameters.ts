/**
 * A tree of parameters laid out in one vector. The leaves are views, so that an optimiser may run over the vector while
 * programs read the leaves: nothing is copied from step to step. Every leaf starts on a cache line.
 */
import type { Tensor, TensorTree } from "../contract.ts";
import { checkLike, elementType } from "./tensor.ts";
import { flattenTensors, leafPaths, type TreeShape, unflatten } from "./tree.ts";

const LANES = 16;

export class ParameterVector {
  readonly shape: TreeShape;
  readonly paths: readonly string[];
  readonly ranges: readonly { start: number; end: number; decays: boolean }[];
  readonly length: number;
  private readonly examples: readonly Tensor[];

  constructor(tree: unknown) {
    const { leaves, shape } = flattenTensors(tree);
    this.shape = shape;
    this.paths = leafPaths(shape);
    this.examples = leaves;
    let next = 0;
    this.ranges = leaves.map(({ data, shape: axes }, i) => {
      if (elementType(data) !== "float32")
        throw new TypeError(`parameters: expected float32 at ${this.paths[i]}, got ${elementType(data)}`);
      const start = next;
      next += Math.ceil(data.length / LANES) * LANES;
      return { start, end: start + data.length, decays: axes.length >= 2 };
    });
    this.length = next;
  }

  /** The leaves as views on `vector`. */
  views(vector: Float32Array): Tensor[] {
    return this.ranges.map(({ start, end }, i) => ({
      shape: this.examples[i].shape,
      data: vector.subarray(start, end),
    }));
  }

  /** A tree of views on `vector`. */
  viewTree(vector: Float32Array): TensorTree {
    return unflatten(this.shape, this.views(vector)) as TensorTree;
  }

  /** A tree of copies. */
  copyTree(vector: Float32Array): TensorTree {
    const copies = this.views(vector).map(({ shape, data }) => ({ shape, data: data.slice() }));
    return unflatten(this.shape, copies) as TensorTree;
  }

  /** Writes a tree of the same shape into `vector`. */
  write(tree: unknown, vector: Float32Array, name: string): void {
    const { leaves, shape } = flattenTensors(tree);
    const paths = leafPaths(shape);
    const expected = new Map(this.paths.map((path, i) => [path, i]));
    if (paths.length !== expected.size || paths.some((path) => !expected.has(path)))
      throw new TypeError(`${name}: expected tensors ${list(this.paths)}, got ${list(paths)}`);
    const views = this.views(vector);
    leaves.forEach((leaf, i) => {
      const view = views[expected.get(paths[i])!];
      checkLike(leaf, view, `${name}: ${paths[i]}`);
      view.data.set(leaf.data);
    });
  }
}

function list(paths: readonly string[]): string {
  return paths.length <= 8
    ? paths.join(", ")
    : `${paths.slice(0, 8).join(", ")} and ${paths.length - 8} more`;
}
